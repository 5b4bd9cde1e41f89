"""What if: the date with another pace, people away, more or less work, a later start. Nothing of it is saved."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from app.charts.burndown import Mark
from app.charts.what_if import what_if_figure
from app.domain.calendar import ONE_WEEK
from app.domain.forecast import Forecast
from app.domain.missing import NotEnoughData
from app.domain.scenarios import kept
from app.domain.throughput import Throughput
from app.domain.ways import LEVEL
from app.domain.what_if import TriedOut, WhatIf
from app.views import numbers
from app.views.view import Behind, Control, Fact, Number, Place, Rows, Scene, Sentence, View, needs, unit_name
from app.words import N_, _, n_
from app.words.headings import header

_SLOWEST, _FASTEST, _MOST_AWAY, _MOST_NEW, _MOST_SPLIT = 25, 300, 26, 300, 300
_MOST_LEFT = 1e7
_USUAL_TEAM, _MOST_PEOPLE = 5, 50
_LATEST = 104 * ONE_WEEK


def _number(scene: Scene, name: str, low: float, high: float) -> float | None:
    """An option as a number within these bounds; None where it is not given or none."""
    try:
        value = float(scene.options.get(name, ""))
    except ValueError:
        return None
    return min(high, max(low, value)) if math.isfinite(value) else None


def _day(scene: Scene, name: str) -> date | None:
    """An option as a day from now on, as far as the futures reach."""
    try:
        day = date.fromisoformat(scene.options.get(name, ""))
    except ValueError:
        return None
    return day if scene.analysis.as_of <= day <= scene.analysis.as_of + _LATEST else None


def team_size(scene: Scene) -> int:
    """How many people there are: as the data say, else as was typed, else five."""
    typed = _number(scene, "team", 1, _MOST_PEOPLE)
    return _named(scene) or int(typed or _USUAL_TEAM)


def _named(scene: Scene) -> int:
    """Of how many people something was finished in the weeks learned from; 0 where names are not kept."""
    learned = scene.analysis.learned
    if not isinstance(learned, Throughput) or not learned.window:
        return 0
    keys = {key for week in learned.window for key in week.done_keys}
    return len({item.issue.assignee for item in scene.analysis.items if item.issue.key in keys} - {""})


def _people(scene: Scene) -> int:
    """How many of the team stay."""
    team = team_size(scene)
    stay = _number(scene, "people", 1, team)
    return team if stay is None else int(stay)


def _speed(scene: Scene) -> float:
    speed = _number(scene, "speed", _SLOWEST, _FASTEST)
    return 1.0 if speed is None else speed / 100


def what_if(scene: Scene) -> WhatIf:
    """What the address says is tried out; what cannot be used counts as not said.

    Who leaves takes an equal share of the pace along: nobody knows better beforehand.
    """
    away, new = (
        _number(scene, name, low, high) for name, low, high in (("away", 0, _MOST_AWAY), ("new", 0, _MOST_NEW))
    )
    team, stay = team_size(scene), _people(scene)
    return WhatIf(
        pace=_speed(scene) * stay / team,
        away=0 if away is None else int(away),
        new_work=None if new is None else new / 100,
        left=_number(scene, "left", 0, _MOST_LEFT),
        start=_day(scene, "start"),
        deadline=_day(scene, "due"),
        split=(_number(scene, "split", 100, _MOST_SPLIT) or 100) / 100,
    )


def _tried(scene: Scene) -> TriedOut | NotEnoughData:
    return scene.analysis.tried(what_if(scene))


def _is_changed(scene: Scene) -> bool:
    return what_if(scene) != WhatIf()


def _sentence(scene: Scene) -> Sentence | str:
    outcome = _tried(scene)
    if isinstance(outcome, NotEnoughData):
        return outcome.reason
    sure, even = outcome.dates[LEVEL], outcome.dates[50]
    values: dict[str, str | Number] = {
        "level": scene.formats.rate(LEVEL / 100),
        "sure": Number(scene.formats.short(sure), "tried"),
        "even": Number(scene.formats.short(even), "tried"),
    }
    if sure is None and even is None:
        if _is_changed(scene):
            return Sentence("What if (not saved): no date within two years can be given.")
        return Sentence("As it is: no date within two years can be given.")
    if sure is None:
        if _is_changed(scene):
            return Sentence("What if (not saved): even odds by {even}, but how much later is open.", values)
        return Sentence("As it is: even odds by {even}, but how much later is open.", values)
    if not _is_changed(scene):
        return Sentence("As it is: {level} sure by {sure}, even odds {even}.", values)
    values["moved"] = _moved(outcome, LEVEL)
    return Sentence("What if (not saved): {level} sure by {sure}{moved}, even odds {even}.", values)


def _moved(outcome: TriedOut, level: int) -> str:
    weeks = outcome.moved[level]
    if weeks is None:
        return ""
    if not weeks:
        return _(" (as it is)")
    earlier = n_(" ({count} week earlier)", " ({count} weeks earlier)", -weeks)
    return earlier if weeks < 0 else n_(" ({count} week later)", " ({count} weeks later)", weeks)


def _figure(scene: Scene) -> dict[str, Any] | None:
    forecast, outcome = scene.analysis.forecast, _tried(scene)
    if isinstance(forecast, NotEnoughData) or isinstance(outcome, NotEnoughData):
        return None
    marks = []
    if outcome.deadline is not None:
        with_year = outcome.deadline.year != forecast.as_of.year
        marks = [
            Mark(
                outcome.deadline,
                _("Deadline, {deadline}", deadline=scene.formats.day(outcome.deadline, with_year)),
                strong=True,
            )
        ]
    return what_if_figure(forecast.fan, () if outcome.what.changes_nothing else outcome.fan, marks, scene.text)


def _facts(scene: Scene) -> list[Fact]:
    outcome, formats = _tried(scene), scene.formats
    if isinstance(outcome, NotEnoughData):
        return []
    facts = []
    if outcome.chance is not None and outcome.deadline is not None:
        now = scene.analysis.chance_by(outcome.deadline)
        day = formats.short(outcome.deadline)
        note = _("by {day}", day=day)
        if now is not None and not outcome.what.changes_nothing:
            note = _("by {day}, as it is {now}", day=day, now=formats.share(now))
        facts.append(Fact(_("Deadline"), formats.share(outcome.chance), "tried", note))
    as_it_is = outcome.what.left is None and outcome.what.split == 1
    facts.append(Fact(_("Left"), formats.number(outcome.left), "remaining" if as_it_is else ""))
    return facts


def _controls(scene: Scene) -> list[Control]:
    """The sliders, each where the address has it, else where things are."""
    forecast, learned, what = scene.analysis.forecast, scene.analysis.learned, what_if(scene)
    if not isinstance(forecast, Forecast) or not isinstance(learned, Throughput):
        return []
    as_of = scene.analysis.as_of
    today, latest = as_of.isoformat(), (as_of + _LATEST).isoformat()
    new_now = 100 if scene.analysis.growth_counts else 0
    most = max(10, math.ceil(forecast.remaining * 2))
    pace, new = (scene.formats.number(round(amount, 1)) for amount in (learned.pace, learned.created_pace))
    deadline = what.deadline or scene.analysis.params.deadline
    return [
        *_staying(scene),
        _pace_control(scene, pace),
        Control("away", _("Everybody away, full weeks"), str(what.away), 0, _MOST_AWAY, 1, "0", _("weeks")),
        Control(
            "new",
            _("New work, % of {new} a week", new=new),
            _text(new_now if what.new_work is None else what.new_work * 100),
            0,
            _MOST_NEW,
            5,
            str(new_now),
            "%",
        ),
        Control(
            "left",
            _("Left"),
            _text(forecast.remaining if what.left is None else what.left),
            0,
            most,
            1,
            _text(forecast.remaining),
            unit_name(scene.unit),
        ),
        Control("split", _("What is left splits into, %"), _text(what.split * 100), 100, _MOST_SPLIT, 5, "100", "%"),
        Control("start", _("Start"), "" if what.start is None else what.start.isoformat(), today, latest),
        Control("due", _("Deadline"), "" if deadline is None else deadline.isoformat(), today, latest),
    ]


def _pace_control(scene: Scene, pace: str) -> Control:
    label = _("Pace, % of {pace} a week", pace=pace)
    return Control("speed", label, _text(_speed(scene) * 100), _SLOWEST, _FASTEST, 5, "100", "%")


def _staying(scene: Scene) -> list[Control]:
    """How many people stay, of how many: that is asked where the data do not say who finished what."""
    team, usual = team_size(scene), str(_USUAL_TEAM)
    control = Control("team", _("People in the team"), str(team), 1, _MOST_PEOPLE, 1, usual, _("people"))
    stay = Control("people", _("People who stay (now {team})", team=team), str(_people(scene)), 1, team, 1, str(team),
                   _("people"))  # fmt: skip
    return [stay] if _named(scene) else [control, stay]


def _text(value: float) -> str:
    return f"{value:.10g}"


def options_of(what: WhatIf) -> dict[str, str | None]:
    """As the address says it; None for what is as it is."""
    return {
        "speed": None if what.pace == 1.0 else _text(what.pace * 100),
        "people": None,
        "team": None,
        "away": str(what.away) if what.away else None,
        "new": None if what.new_work is None else _text(what.new_work * 100),
        "left": None if what.left is None else _text(what.left),
        "split": None if what.split == 1 else _text(what.split * 100),
        "start": None if what.start is None else what.start.isoformat(),
        "due": None if what.deadline is None else what.deadline.isoformat(),
    }


def _scenarios(scene: Scene) -> list[tuple[str, TriedOut]]:
    """What was kept, each with what comes out of it today."""
    outcomes = [(each.name, scene.analysis.tried(each.what)) for each in kept(scene.analysis.facts.query.extras)]
    return [(name, tried) for name, tried in outcomes if isinstance(tried, TriedOut)]


def _rows(scene: Scene) -> Rows:
    """As it is, as tried out, and each scenario that was kept beside them."""
    forecast, outcome, others = scene.analysis.forecast, _tried(scene), _scenarios(scene)
    columns = (*header("level", "as_it_is", "what_if", "weeks_moved"), *(name for name, _tried_out in others))
    if isinstance(forecast, NotEnoughData) or isinstance(outcome, NotEnoughData):
        return Rows(columns, ())
    cells: list[tuple[Any, ...]] = [
        (
            level,
            forecast.dates[level],
            outcome.dates[level],
            outcome.moved[level],
            *(tried.dates[level] for _name, tried in others),
        )
        for level in forecast.dates
    ]
    if outcome.deadline is not None and outcome.chance is not None:
        cells.append(_chances(scene, outcome, [tried for _name, tried in others]))
    return Rows(columns, tuple(cells), ("tried",) * len(cells))


def _chances(scene: Scene, outcome: TriedOut, others: list[TriedOut]) -> tuple[Any, ...]:
    """Of the deadline; a scenario with one of its own tells the chance of that."""
    deadline = scene.analysis.params.deadline
    now = None if deadline is None else scene.analysis.chance_by(deadline)
    chances = [None if chance is None else scene.formats.share(chance)
            for chance in (now, outcome.chance, *(tried.chance for tried in others))]  # fmt: skip
    day = scene.formats.short(outcome.deadline)
    return (_("by {day}", day=day), chances[0], chances[1], None, *chances[2:])


def _behind(scene: Scene, part: str) -> Behind:
    forecast, outcome, formats = scene.analysis.forecast, _tried(scene), scene.formats
    if isinstance(forecast, NotEnoughData) or isinstance(outcome, NotEnoughData):
        return Behind(
            _("What if"), tuple(result.reason for result in (forecast, outcome) if isinstance(result, NotEnoughData))
        )
    how = (
        _(
            "The futures of the forecast are lived once more, week by week the same, with what "
            "was changed. So the difference comes from the change alone. Nothing of it is saved."
        ),
        _(
            "Weeks in which nobody works, and those before the start, finish nothing; new work "
            "keeps coming in meanwhile, if it counts."
        ),
    )
    dates = tuple(
        (
            scene.sureness(level),
            f"{formats.short(forecast.dates[level])} → {formats.short(day)}",
        )
        for level, day in outcome.dates.items()
    )
    return Behind(_("What if"), how, (*dates, *_changes(scene, outcome)))


def _changes(scene: Scene, outcome: TriedOut) -> list[tuple[str, str]]:
    """What is tried out, in words."""
    what, formats = outcome.what, scene.formats
    changes = (
        (_("Pace"), formats.rate(what.pace), what.pace != 1.0),
        (_("Everybody away"), n_("{away} full week", "{away} full weeks", what.away, away=what.away), what.away > 0),
        (_("New work"), formats.rate(what.new_work or 0), what.new_work is not None),
        (_("Left"), scene.amount(outcome.left), what.left is not None),
        (_("Splits into"), formats.rate(what.split), what.split != 1),
        (_("Start"), formats.short(what.start), what.start is not None),
        (_("Deadline"), formats.short(what.deadline), what.deadline is not None),
    )
    return [(name, text) for name, text, is_given in changes if is_given]


WHAT_IF = View(
    at=Place("/plan/what-if", N_("What if")),
    help=N_(
        "Try another pace, people who leave or are away, more or less work, items that turn out to be several, or a "
        "later start: who leaves takes an equal share of the pace along. The blue fan is what comes of it, the grey "
        "one is how it is. The address holds what was tried, so it can be sent; nothing is saved."
    ),
    needs=needs("forecast", "learned"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    controls=_controls,
    numbers={"tried": _behind, "remaining": numbers.remaining},
    lists=((N_("Left"), "remaining"),),
    rows=_rows,
)
