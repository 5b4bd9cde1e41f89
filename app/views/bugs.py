"""Quality: bugs that came and went, how deliveries fare, and what kind of work was finished."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.charts.bugs import bugs_figure, class_name, delivery_figure, deployments_figure, mix_figure
from app.charts.parted import bugs_parts_figure
from app.domain.analysis import Analysis
from app.domain.bugs import Bugs, BugWeek, NetFlowForecast
from app.domain.dora import Dora, Figure, counted_issues_of, deployment_weeks, over_time
from app.domain.flow import Flow
from app.domain.missing import NotEnoughData
from app.views import numbers
from app.views.flow import FLOW, counted, days_text
from app.views.from_result import FromResult, Row
from app.views.parted import parted_rows, pieces
from app.views.view import (
    Behind,
    Fact,
    Number,
    Place,
    Rows,
    Scene,
    Sentence,
    Switch,
    View,
    counted_issues,
    mid_sentence,
    needs,
)
from app.words import N_, _, n_
from app.words.headings import header


def _counted(scene: Scene, count: int) -> str:
    return n_("{count} bug", "{count} bugs", count, count=scene.formats.number(count))


def _bugs(scene: Scene) -> Bugs | NotEnoughData:
    return scene.past.bugs


_BUGS = FromResult(_bugs)


@_BUGS.sentence
def _sentence(scene: Scene, result: Bugs) -> Sentence | str:
    then = result.open_a_quarter_ago
    values: dict[str, str | Number] = {
        "open": Number(_counted(scene, result.open), "bugs-open"),
        "age": "–" if result.age.median is None else Number(days_text(scene, result.age.median), "bugs-open"),
        "change": "" if then is None else _counted(scene, abs(result.open - then)),
    }
    if not result.open:
        return _("No bug is open.")
    if then is None:
        return Sentence("{open} open; the median one came {age} ago.", values)
    if then == result.open:
        return Sentence("{open} open, as many as a quarter ago; the median one came {age} ago.", values)
    if result.open > then:
        return Sentence("{open} open, {change} more than a quarter ago; the median one came {age} ago.", values)
    return Sentence("{open} open, {change} fewer than a quarter ago; the median one came {age} ago.", values)


@_BUGS.figure
def _figure(scene: Scene, result: Bugs) -> dict[str, Any] | None:
    if not result.arrived or not scene.by:
        return None if not result.arrived else bugs_figure(result, scene.text)
    results = ((piece, mine.past.bugs) for piece, mine in pieces(scene))
    lines = [(piece, each.arrived, each.fixed) for piece, each in results if isinstance(each, Bugs)]
    return bugs_parts_figure(lines, scene.text)


@_BUGS.facts
def _facts(scene: Scene, result: Bugs) -> list[Fact]:
    facts = []
    if result.fix_time.n:
        facts.append(Fact(_("85 % fixed within"), days_text(scene, result.fix_time.percentiles[85]), "bugs-fixed"))
    if result.share_of_work is not None:
        facts.append(Fact(_("Share of what was finished"), scene.formats.rate(result.share_of_work), "bugs-fixed"))
    ahead = result.net_flow_forecast
    if isinstance(ahead, NetFlowForecast):
        low, high = scene.formats.number(ahead.open[15]), scene.formats.number(ahead.open[85])
        span = _("{low} to {high}", low=low, high=high)
        facts.append(
            Fact(_("Open in {weeks} weeks", weeks=ahead.weeks), span, note=_("15 to 85 %, if it goes on like this"))
        )
    return facts


@_BUGS.notes
def _notes(scene: Scene, result: Bugs) -> list[str]:
    ahead = result.net_flow_forecast
    types = _("Counted as bugs: {types}.", types=", ".join(result.types))
    return [types, ahead.reason] if isinstance(ahead, NotEnoughData) else [types]


@_BUGS.behind(N_("Open bugs"))
def _open(scene: Scene, part: str, result: Bugs) -> Behind:
    inputs = [(name or _("Without a priority"), scene.formats.number(n)) for name, n in result.by_priority.items()]
    keys = [bug.key for bug in result.age.items]
    return counted_issues(
        _("Open bugs"), _("Bugs that are not done, in the order in which they came."), keys, _("open bug"), *inputs
    )


def _weekly(title: str, how: str, name: str) -> Any:
    @_BUGS.behind(title)
    def opened(scene: Scene, part: str, result: Bugs) -> Behind:
        weeks: tuple[BugWeek, ...] = getattr(result, name)
        bug_weeks = [week for week in weeks if part in ("", week.start.isoformat())]
        keys = [key for week in bug_weeks[::-1] for key in week.keys]
        number = sum(week.count for week in bug_weeks)
        # What came twice in these days counts twice.
        each = {key: float(keys.count(key)) for key in dict.fromkeys(keys)}
        return Behind(title, (how,), (), tuple(each), float(number), tuple(each.values()), mid_sentence(title))

    return opened


_ARRIVED = _weekly(N_("Bugs that came"), N_("Bugs that came into scope in the week."), "arrived")
_FIXED = _weekly(N_("Bugs fixed"), N_("Bugs that were finished in the week and not reopened since."), "fixed")


@_BUGS.rows("start", "arrived", "fixed")
def _rows(scene: Scene, result: Bugs) -> Iterator[Row]:
    for come, gone in zip(result.arrived, result.fixed, strict=True):
        yield f"bugs-arrived:{come.start.isoformat()}", (come.start, come.count, gone.count)


BUGS = View(
    at=Place("/quality/bugs", N_("Bugs")),
    help=N_(
        "Bugs that came and bugs that were fixed in each week. As long as more come than are fixed, the open ones "
        "grow, however fast single ones are fixed."
    ),
    needs=needs("bugs"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    notes=_notes,
    numbers={"bugs-open": _open, "bugs-arrived": _ARRIVED, "bugs-fixed": _FIXED},
    # Their order: the age of one in progress counts from its start.
    columns=("created",),
    lists=(
        (N_("Open, in the order in which they came"), "bugs-open"),
        (N_("Came"), "bugs-arrived"),
        (N_("Fixed"), "bugs-fixed"),
    ),
    rows=parted_rows(_rows),
    splits="-",
)


# -- delivery ---------------------------------------------------------------------------------------------

_NAMES = {
    "deployment_frequency": N_("Deployments"),
    "change_lead_time": N_("Lead time for changes"),
    "change_fail_rate": N_("Change fail rate"),
    "recovery_time": N_("Recovery after a failed deployment"),
    "rework_rate": N_("Rework rate"),
}


_FIRST = "deployment_frequency"
_DRAWN = Switch("figure", N_("What is drawn"), tuple(_NAMES.items()))


def _drawn(scene: Scene) -> str:
    """The figure that is drawn over time; the deployments themselves where none is chosen."""
    return scene.chosen(_DRAWN)


def _dora(scene: Scene) -> Dora | NotEnoughData:
    return scene.past.dora


_DORA = FromResult(_dora)


def _figures(result: Dora) -> list[tuple[str, Figure | NotEnoughData]]:
    return [(name, getattr(result, name)) for name in _NAMES]


@_DORA.sentence
def _delivery_sentence(scene: Scene, result: Dora) -> Sentence | str:
    known = [(name, figure) for name, figure in _figures(result) if isinstance(figure, Figure)]
    chosen = getattr(result, _drawn(scene))
    if isinstance(chosen, NotEnoughData) and _drawn(scene) != _FIRST:
        return _("{name}: {reason}", name=_NAMES[_drawn(scene)], reason=chosen.reason)
    known.sort(key=lambda each: each[0] != _drawn(scene))
    if not known:
        return next(figure.reason for name, figure in _figures(result) if isinstance(figure, NotEnoughData))
    name, figure = known[0]
    values: dict[str, str | Number] = {
        "name": _NAMES[name],
        "value": Number(_value(scene, figure), f"delivery:{name}"),
        "n": Number(scene.formats.number(figure.n), f"delivery:{name}"),
        "first": scene.formats.day(result.start),
        "last": scene.formats.day(result.end),
    }
    return Sentence("{name}: {value}, from {n} between {first} and {last}.", values)


def _value(scene: Scene, figure: Figure) -> str:
    if _is_share(figure):
        return scene.formats.rate(figure.value)
    if figure.unit == "hours":
        value = figure.value / _scale(figure)
        return days_text(scene, round(value, 1)) if _scale(figure) > 1 else _hours(scene, round(value, 1))
    return _("{count} a week", count=scene.formats.number(round(figure.value, 1)))


def _is_share(figure: Figure) -> bool:
    return figure.unit.startswith("share")


def _scale(figure: Figure) -> int:
    """From two days on hours are told as days."""
    return 24 if figure.unit == "hours" and figure.value >= 48 else 1


def _hours(scene: Scene, hours: float) -> str:
    return n_("{count} hour", "{count} hours", hours, count=scene.formats.number(hours))


@_DORA.facts
def _delivery_facts(scene: Scene, result: Dora) -> list[Fact]:
    known = [(name, figure) for name, figure in _figures(result) if isinstance(figure, Figure)]
    return [
        Fact(_NAMES[name], _value(scene, figure), f"delivery:{name}", _note(scene, figure))
        for name, figure in known[:3]
    ]


def _note(scene: Scene, figure: Figure) -> str:
    """How sure it is and where it stands; of few a grade would be chance."""
    if figure.is_too_few:
        return _("{n} seen: too few to judge", n=figure.n)
    parts = [f"n {figure.n}"]
    if figure.interval90 is not None:
        low, high = (_value_of(scene, bound, figure) for bound in figure.interval90)
        parts.append(_("90 % sure: {low} to {high}", low=low, high=high))
    if figure.position is not None:
        parts.append(
            _(
                "where the {cluster} cluster of {year} lies",
                cluster=figure.position.cluster,
                year=str(figure.position.year),
            )
        )
    if figure.before is not None:
        parts.append(_("{before} in the period before", before=_value_of(scene, figure.before, figure)))
    return ", ".join(parts)


def _value_of(scene: Scene, value: float, figure: Figure) -> str:
    if _is_share(figure):
        return scene.formats.rate(value)
    return scene.formats.number(round(value / _scale(figure), 1))


def delivery_figures(scene: Scene) -> list[tuple[str, str]]:
    """Each figure with what it rests on, in words, whether or not it is known."""
    result = scene.analysis.dora
    known = [] if isinstance(result, NotEnoughData) else _figures(result)
    return [(_(_NAMES[name]), _with_n(scene, figure)) for name, figure in known]


def _with_n(scene: Scene, figure: Figure | NotEnoughData) -> str:
    if isinstance(figure, NotEnoughData):
        return "–"
    return _("{value} (n {n})", value=_value(scene, figure), n=scene.formats.number(figure.n))


def counted_as(scene: Scene) -> list[tuple[str, str]]:
    """How many issues count as a deployment or an incident, and the newest of each."""
    return [
        (_("Count as deployments"), _newest(scene, counted_issues_of(scene.analysis.known, "deployments"))),
        (_("Count as incidents"), _newest(scene, counted_issues_of(scene.analysis.known, "incidents"))),
    ]


def _newest(scene: Scene, keys: tuple[str, ...]) -> str:
    count = scene.formats.number(len(keys))
    return _("{count}, such as {keys}", count=count, keys=", ".join(keys[-2:])) if keys else count


def _no_delivery(analysis: Analysis) -> str | None:
    """The one reason where all five figures are missing for the same."""
    result = analysis.dora
    if isinstance(result, NotEnoughData):
        return result.reason
    figures = [figure for _name, figure in _figures(result)]
    reasons = {figure.reason for figure in figures if isinstance(figure, NotEnoughData)}
    return reasons.pop() if len(reasons) == 1 and not any(isinstance(each, Figure) for each in figures) else None


@_DORA.notes
def _delivery_notes(scene: Scene, result: Dora) -> list[str]:
    """What the figures were measured from, and why others are missing."""
    shown = {fact.label for fact in _delivery_facts(scene)}
    return list(
        dict.fromkeys(_measured_from(scene, name, figure, _NAMES[name] in shown) for name, figure in _figures(result))
    )


def _measured_from(scene: Scene, name: str, figure: Figure | NotEnoughData, is_shown: bool) -> str:
    """From what it was measured; with its number where that stands nowhere else."""
    if isinstance(figure, NotEnoughData):
        return _("{name}: {reason}", name=_NAMES[name], reason=figure.reason)
    if is_shown:
        return _("{name}: {source}.", name=_NAMES[name], source=figure.source)
    value, note = _value(scene, figure), _note(scene, figure)
    return _("{name}: {value} ({note}); {source}.", name=_NAMES[name], value=value, note=note, source=figure.source)


@_DORA.figure
def _delivery_figure(scene: Scene, result: Dora) -> dict[str, Any] | None:
    name = _drawn(scene)
    if name == _FIRST:
        return deployments_figure(deployment_weeks(scene.past.known), scene.text)
    points = _points(scene, name)
    if not points:
        return None
    scale, unit = _axis(points[-1][1])
    shows = [f"delivery:{name}:{day.isoformat()}" for day, _figure in points]
    return delivery_figure(points, shows, _(_NAMES[name]), scale, unit, scene.text)


def _points(scene: Scene, name: str) -> list[tuple[date, Figure]]:
    """The weeks of which there is enough data."""
    points = ((each.end, getattr(each, name)) for each in over_time(scene.past.known))
    return [(end, figure) for end, figure in points if isinstance(figure, Figure)]


def _axis(figure: Figure) -> tuple[float, str]:
    """By what values are multiplied, and what they are in then, as the figure of the last week is written."""
    if _is_share(figure):
        return 100, _("% of deployments")
    return (1 / 24, _("days")) if _scale(figure) > 1 else (1, _("hours"))


def _deployed(title: str, how: str, part_of_week: str) -> Any:
    @_DORA.behind(title)
    def opened(scene: Scene, part: str, result: Dora) -> Behind:
        weeks = [week for week in deployment_weeks(scene.past.known) if part in ("", week.start.isoformat())]
        keys = [key for week in weeks for key in getattr(week, part_of_week)]
        return counted_issues(title, how, keys, mid_sentence(title))

    return opened


@_DORA.behind(N_("Delivery"))
def _delivery(scene: Scene, part: str, result: Dora) -> Behind:
    """The issues behind one of the figures, as it is or as it was at the end of a week (rework_rate:2026-11-22)."""
    part, _colon, end = part.partition(":")
    then = next((each for each in over_time(scene.past.known) if each.end.isoformat() == end), None) if end else result
    figure = getattr(then, part) if part in _NAMES and then is not None else None
    title = _NAMES.get(part, N_("Delivery"))
    if not isinstance(figure, Figure):
        return Behind(title, (figure.reason if isinstance(figure, NotEnoughData) else _("There is no such figure."),))
    inputs = ((_("Value"), _value(scene, figure)), (_("Seen"), scene.formats.number(figure.n)))
    return Behind(title, (figure.source,), inputs, figure.keys, None, (1.0,) * len(figure.keys), mid_sentence(title))


def _delivery_rows(scene: Scene) -> Rows:
    """All figures as they are; of one that is drawn over time its weeks."""
    name = _drawn(scene)
    if name == _FIRST:
        return _rows_of_figures(scene)
    return Rows.of(
        header("end", "value", "unit", "n", "low", "high"),
        _points(scene, name),
        lambda point: (
            point[0], point[1].value, point[1].unit, point[1].n, *(point[1].interval90 or (None, None))
        ),
        lambda point: f"delivery:{name}:{point[0].isoformat()}",
    )  # fmt: skip


@_DORA.rows("figure", "value", "unit", "n", "low", "high", "source")
def _rows_of_figures(scene: Scene, result: Dora) -> Iterator[Row]:
    for name, figure in _figures(result):
        if isinstance(figure, NotEnoughData):
            cells: tuple[Any, ...] = (None, "", 0, None, None, figure.reason)
        else:
            cells = (figure.value, figure.unit, figure.n, *(figure.interval90 or (None, None)), figure.source)
        yield f"delivery:{name}", (name, *cells)


DELIVERY = View(
    at=Place("/quality/delivery", N_("Delivery (DORA)")),
    help=N_(
        "The five figures of software delivery, each with how many cases it rests on and how sure it is. Below eight "
        "cases there is no comparison. A cluster is where a group of teams lay in the survey of that year; it is no "
        "grade, and since 2025 the survey has none."
    ),
    needs=_no_delivery,
    switches=(_DRAWN,),
    sentence=_delivery_sentence,
    facts=_delivery_facts,
    notes=_delivery_notes,
    figure=_delivery_figure,
    numbers={
        "delivery": _delivery,
        "deployed": _deployed(N_("Deployments"), N_("Deployments of the week that needed no fix."), "successful"),
        "deployed-failed": _deployed(N_("Needed a fix"), N_("Deployments of the week that needed a fix."), "failed"),
    },
    rows=_delivery_rows,
)


# -- work mix ---------------------------------------------------------------------------------------------


@FLOW.sentence
def _mix_sentence(scene: Scene, result: Flow) -> Sentence | str:
    if not result.mix:
        return _("Nothing was finished in these days.")
    largest = max(result.mix, key=lambda part: part.share)
    values: dict[str, str | Number] = {
        "share": Number(scene.formats.rate(largest.share), f"class:{largest.class_}"),
        "class": _(_CLASS_WORDS.get(largest.class_, largest.class_.lower())),
        "count": Number(counted(scene, result.finished), f"finished:{result.start}..{result.end}"),
    }
    return Sentence("{share} of the {count} finished in these days were {class}.", values)


_CLASS_WORDS = {
    "Feature": N_("features"),
    "Defect": N_("defects"),
    "Technical Debt": N_("technical debt"),
    "Risk": N_("risk work"),
    "Other": N_("of other kinds"),
}


@FLOW.figure
def _mix_figure(scene: Scene, result: Flow) -> dict[str, Any] | None:
    return None if not result.mix else mix_figure(result.mix, scene.text)


@FLOW.notes
def _mix_notes(scene: Scene, result: Flow) -> tuple[str, ...]:
    """Whole percents of three thirds are one short of a hundred: who adds them up is told so."""
    together = sum(int(f"{part.share * 100:.0f}") for part in result.mix)
    if together in (0, 100):
        return ()
    return (_("Each share is rounded: together they come to {share}.", share=scene.formats.rate(together / 100)),)


@FLOW.behind(N_("Class"))
def _class(scene: Scene, part: str, result: Flow) -> Behind:
    mix_part = next((each for each in result.mix if each.class_ == part), None)
    if mix_part is None:
        return Behind(class_name(part) or _("Class"), (_("Nothing of this class was finished in these days."),))
    how = n_(
        "Finished in these days. {scene} is of this class, which goes by the issue's type.",
        "Finished in these days. {scene} are of this class, which goes by the issue's type.",
        mix_part.done,
        scene=counted(scene, mix_part.done),
    )
    # A bar is as long as the share; the list is counted.
    return Behind(
        class_name(part),
        (how,),
        (),
        mix_part.keys,
        None,
        (1.0,) * len(mix_part.keys),
        _(_CLASS_WORDS.get(part, part.lower())),
        there=("/data/meaning", N_("Which type means what")),
    )


@FLOW.rows("class", "done", "share")
def _mix_rows(scene: Scene, result: Flow) -> Iterator[Row]:
    for part in result.mix:
        yield f"class:{part.class_}", (class_name(part.class_), part.done, part.share)


WORK_MIX = View(
    at=Place("/quality/work-mix", N_("Work mix")),
    help=N_(
        "What kind of work was finished, by the type of the issues. There is no right mix: compare it with your own "
        "past, and with what you meant to do."
    ),
    needs=needs("flow"),
    sentence=_mix_sentence,
    figure=_mix_figure,
    notes=_mix_notes,
    numbers={"class": _class, "finished": numbers.finished},
    lists=((N_("Finished"), "finished"),),
    rows=_mix_rows,
)
