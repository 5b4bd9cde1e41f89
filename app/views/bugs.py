"""Quality: bugs that came and went, how deliveries fare, and what kind of work was finished."""

from __future__ import annotations

from typing import Any

from app.charts.bugs import bugs_figure, mix_figure
from app.domain.bugs import Bugs, BugWeek, NetFlowForecast
from app.domain.dora import Dora, Figure
from app.domain.missing import NotEnoughData
from app.formats import plural
from app.views.flow import counted, counted_issues, days_text, flow_of
from app.views.view import Behind, Fact, Number, Rows, Scene, Sentence, View, needs


def _bugs(scene: Scene) -> Bugs | NotEnoughData:
    return scene.told.bugs


def _sentence(scene: Scene) -> Sentence | str:
    result = _bugs(scene)
    if isinstance(result, NotEnoughData):
        return result.reason
    then = result.open_a_quarter_ago
    values: dict[str, str | Number] = {
        "open": Number(counted(scene, result.open, "bug"), "bugs-open"),
        "age": "–" if result.age.median is None else days_text(scene, result.age.median),
        "change": "" if then is None else counted(scene, abs(result.open - then), "bug"),
    }
    if not result.open:
        return "No bug is open."
    if then is None:
        return Sentence("{open} open; the middle one is {age} old.", values)
    if then == result.open:
        return Sentence("{open} open, as many as a quarter ago; the middle one is {age} old.", values)
    more = "more" if result.open > then else "fewer"
    return Sentence("{open} open, {change} " + more + " than a quarter ago; the middle one is {age} old.", values)


def _figure(scene: Scene) -> dict[str, Any] | None:
    result = _bugs(scene)
    return None if isinstance(result, NotEnoughData) or not result.arrived else bugs_figure(result, scene.text)


def _facts(scene: Scene) -> list[Fact]:
    result = _bugs(scene)
    if isinstance(result, NotEnoughData):
        return []
    facts = []
    if result.fix_time.n:
        facts.append(Fact("85 % fixed within", days_text(scene, result.fix_time.percentiles[85]), "bugs-fixed"))
    if result.share_of_work is not None:
        facts.append(Fact("Share of what was finished", scene.formats.rate(result.share_of_work), "bugs-fixed"))
    ahead = result.net_flow_forecast
    if isinstance(ahead, NetFlowForecast):
        span = f"{scene.formats.number(ahead.open[15])} to {scene.formats.number(ahead.open[85])}"
        facts.append(Fact(f"Open in {ahead.weeks} weeks", span, note="15 to 85 %, if it goes on like this"))
    return facts


def _notes(scene: Scene) -> list[str]:
    result = _bugs(scene)
    if isinstance(result, NotEnoughData):
        return []
    ahead = result.net_flow_forecast
    types = f"Counted as bugs: {', '.join(result.types)}."
    return [types, ahead.reason] if isinstance(ahead, NotEnoughData) else [types]


def _open(scene: Scene, part: str) -> Behind:
    result = _bugs(scene)
    if isinstance(result, NotEnoughData):
        return Behind("Open bugs", (result.reason,))
    inputs = [(name or "Without a priority", scene.formats.number(n)) for name, n in result.by_priority.items()]
    keys = [bug.key for bug in result.age.items]
    return counted_issues("Open bugs", "Bugs that are not done, oldest first.", keys, "open bug", *inputs)


def _weekly(title: str, how: str, name: str) -> Any:
    def opened(scene: Scene, part: str) -> Behind:
        result = _bugs(scene)
        weeks: tuple[BugWeek, ...] = () if isinstance(result, NotEnoughData) else getattr(result, name)
        found = [week for week in weeks if part in ("", week.start.isoformat())]
        keys = [key for week in found[::-1] for key in week.keys]
        number = sum(week.count for week in found)
        # What came twice in these days counts twice.
        each = {key: float(keys.count(key)) for key in dict.fromkeys(keys)}
        return Behind(title, (how,), (), tuple(each), float(number), tuple(each.values()), title.lower())

    return opened


_ARRIVED = _weekly("Bugs that came", "Bugs that came into scope in the week.", "arrived")
_FIXED = _weekly("Bugs fixed", "Bugs that were finished in the week and not reopened since.", "fixed")


def _rows(scene: Scene) -> Rows:
    header = ("start", "arrived", "fixed")
    result = _bugs(scene)
    if isinstance(result, NotEnoughData):
        return Rows(header, ())
    pairs = list(zip(result.arrived, result.fixed, strict=True))
    cells = tuple((come.start, come.count, gone.count) for come, gone in pairs)
    return Rows(header, cells, tuple(f"bugs-arrived:{come.start.isoformat()}" for come, _ in pairs))


BUGS = View(
    id="bugs",
    page="quality",
    tab="Bugs",
    help=(
        "Bugs that came and bugs that were fixed in each week. As long as more come than are fixed, the open ones "
        "grow, however fast single ones are fixed."
    ),
    needs=needs("bugs"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    notes=_notes,
    numbers={"bugs-open": _open, "bugs-arrived": _ARRIVED, "bugs-fixed": _FIXED},
    lists=(("Open, oldest first", "bugs-open"), ("Came", "bugs-arrived"), ("Fixed", "bugs-fixed")),
    rows=_rows,
)


# -- delivery ---------------------------------------------------------------------------------------------

_NAMES = {
    "deployment_frequency": "Deployments",
    "change_lead_time": "Lead time for changes",
    "change_fail_rate": "Change fail rate",
    "recovery_time": "Recovery after a failed deployment",
    "rework_rate": "Rework rate",
}
_HARDLY = "{n} seen: too few to judge"


def _dora(scene: Scene) -> Dora | NotEnoughData:
    return scene.told.dora


def _figures(result: Dora) -> list[tuple[str, Figure | NotEnoughData]]:
    return [(name, getattr(result, name)) for name in _NAMES]


def _delivery_sentence(scene: Scene) -> Sentence | str:
    result = _dora(scene)
    if isinstance(result, NotEnoughData):
        return result.reason
    known = [(name, figure) for name, figure in _figures(result) if isinstance(figure, Figure)]
    if not known:
        return next(figure.reason for _, figure in _figures(result) if isinstance(figure, NotEnoughData))
    name, figure = known[0]
    values: dict[str, str | Number] = {
        "name": _NAMES[name],
        "value": Number(_value(scene, figure), f"delivery:{name}"),
        "n": scene.formats.number(figure.n),
        "first": scene.formats.day(result.start),
        "last": scene.formats.day(result.end),
    }
    return Sentence("{name}: {value}, from {n} between {first} and {last}.", values)


def _value(scene: Scene, figure: Figure) -> str:
    if figure.unit == "share":
        return scene.formats.rate(figure.value)
    return f"{scene.formats.number(round(figure.value, 1))} {figure.unit}"


def _delivery_facts(scene: Scene) -> list[Fact]:
    result = _dora(scene)
    if isinstance(result, NotEnoughData):
        return []
    known = [(name, figure) for name, figure in _figures(result) if isinstance(figure, Figure)]
    return [
        Fact(_NAMES[name], _value(scene, figure), f"delivery:{name}", _note(scene, figure))
        for name, figure in known[:3]
    ]


def _note(scene: Scene, figure: Figure) -> str:
    """How sure it is and where it stands; of few a grade would be chance."""
    if figure.is_too_few:
        return _HARDLY.format(n=figure.n)
    parts = [f"n {figure.n}"]
    if figure.interval90 is not None:
        low, high = (_value_of(scene, bound, figure) for bound in figure.interval90)
        parts.append(f"90 % sure: {low} to {high}")
    if figure.position is not None:
        parts.append(f"where the {figure.position.cluster} cluster of {figure.position.year} lies")
    return ", ".join(parts)


def _value_of(scene: Scene, value: float, figure: Figure) -> str:
    return scene.formats.rate(value) if figure.unit == "share" else scene.formats.number(round(value, 1))


def _delivery_notes(scene: Scene) -> list[str]:
    """What the figures were measured from, and why others are missing."""
    result = _dora(scene)
    if isinstance(result, NotEnoughData):
        return []
    notes: dict[str, None] = {}
    for name, figure in _figures(result):
        if isinstance(figure, NotEnoughData):
            notes[f"{_NAMES[name]}: {figure.reason}"] = None
        else:
            notes[f"{_NAMES[name]}: {_value(scene, figure)} ({_note(scene, figure)}). {figure.source}"] = None
    return list(notes)


def _delivery(scene: Scene, part: str) -> Behind:
    """The issues behind one of the figures."""
    result = _dora(scene)
    figure = None if isinstance(result, NotEnoughData) or part not in _NAMES else getattr(result, part)
    title = _NAMES.get(part, "Delivery")
    if not isinstance(figure, Figure):
        return Behind(title, (figure.reason if isinstance(figure, NotEnoughData) else "There is no such figure.",))
    inputs = (("Value", _value(scene, figure)), ("Seen", scene.formats.number(figure.n)))
    return Behind(title, (figure.source,), inputs, figure.keys, None, (1.0,) * len(figure.keys), title.lower())


def _delivery_rows(scene: Scene) -> Rows:
    header = ("figure", "value", "unit", "n", "low", "high", "source")
    result = _dora(scene)
    if isinstance(result, NotEnoughData):
        return Rows(header, ())
    cells = tuple(
        (name, None, "", 0, None, None, figure.reason)
        if isinstance(figure, NotEnoughData)
        else (name, figure.value, figure.unit, figure.n, *(figure.interval90 or (None, None)), figure.source)
        for name, figure in _figures(result)
    )
    return Rows(header, cells, tuple(f"delivery:{name}" for name in _NAMES))


DELIVERY = View(
    id="delivery",
    page="quality",
    tab="Delivery (DORA)",
    help=(
        "The five figures of software delivery, each with how many cases it rests on and how sure it is. Below eight "
        "cases there is no comparison. A cluster is where a group of teams lay in the survey of that year; it is no "
        "grade, and since 2025 the survey has none."
    ),
    needs=needs("dora"),
    sentence=_delivery_sentence,
    facts=_delivery_facts,
    notes=_delivery_notes,
    numbers={"delivery": _delivery},
    rows=_delivery_rows,
)


# -- work mix ---------------------------------------------------------------------------------------------


def _mix_sentence(scene: Scene) -> Sentence | str:
    result = flow_of(scene)
    if isinstance(result, NotEnoughData):
        return result.reason
    if not result.mix:
        return "Nothing was finished in these days."
    largest = max(result.mix, key=lambda part: part.share)
    values: dict[str, str | Number] = {
        "share": Number(scene.formats.rate(largest.share), f"class:{largest.class_}"),
        "class": _CLASS_WORDS.get(largest.class_, largest.class_.lower()),
        "count": Number(counted(scene, result.finished), f"finished:{result.start}..{result.end}"),
    }
    return Sentence("{share} of the {count} finished in these days were {class}.", values)


_CLASS_WORDS = {
    "Feature": "features",
    "Defect": "defects",
    "Technical Debt": "technical debt",
    "Risk": "risk work",
    "Other": "of other kinds",
}


def _mix_figure(scene: Scene) -> dict[str, Any] | None:
    result = flow_of(scene)
    return None if isinstance(result, NotEnoughData) or not result.mix else mix_figure(result.mix, scene.text)


def _class(scene: Scene, part: str) -> Behind:
    result = flow_of(scene)
    mix = () if isinstance(result, NotEnoughData) else result.mix
    found = next((one for one in mix if one.class_ == part), None)
    if found is None:
        return Behind(part or "Class", ("Nothing of this class was finished in these days.",))
    how = (
        f"Finished in these days. {counted(scene, found.done)} {plural(found.done, 'is', 'are')} of this class, "
        "which goes by the issue's type; Data › Meaning says which type means what."
    )
    # A bar is as long as the share; the list is counted.
    return Behind(part, (how,), (), found.keys, None, (1.0,) * len(found.keys), _CLASS_WORDS.get(part, part.lower()))


def _mix_rows(scene: Scene) -> Rows:
    header = ("class", "done", "share")
    result = flow_of(scene)
    mix = () if isinstance(result, NotEnoughData) else result.mix
    return Rows(
        header,
        tuple((part.class_, part.done, part.share) for part in mix),
        tuple(f"class:{part.class_}" for part in mix),
    )


WORK_MIX = View(
    id="work-mix",
    page="quality",
    tab="Work mix",
    help=(
        "What kind of work was finished, by the type of the issues. There is no right mix: compare it with your own "
        "past, and with what you meant to do."
    ),
    needs=needs("flow"),
    sentence=_mix_sentence,
    figure=_mix_figure,
    numbers={"class": _class},
    rows=_mix_rows,
)
