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
from app.domain.throughput import Throughput
from app.domain.ways import LEVEL
from app.domain.what_if import TriedOut, WhatIf
from app.formats import plural
from app.views import numbers
from app.views.view import Behind, Control, Fact, Number, Rows, Scene, Sentence, View, needs

_SLOWEST, _FASTEST, _MOST_AWAY, _MOST_NEW = 25, 300, 26, 300
_MOST_LEFT = 1e7
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


def what_if(scene: Scene) -> WhatIf:
    """What the address says is tried out; what cannot be used counts as not said."""
    speed, away, new = (
        _number(scene, name, low, high)
        for name, low, high in (("speed", _SLOWEST, _FASTEST), ("away", 0, _MOST_AWAY), ("new", 0, _MOST_NEW))
    )
    return WhatIf(
        pace=1.0 if speed is None else speed / 100,
        away=0 if away is None else int(away),
        new_work=None if new is None else new / 100,
        left=_number(scene, "left", 0, _MOST_LEFT),
        start=_day(scene, "start"),
        deadline=_day(scene, "due"),
    )


def _tried(scene: Scene) -> TriedOut | NotEnoughData:
    return scene.analysis.tried(what_if(scene))


def _is_changed(scene: Scene) -> bool:
    return what_if(scene) != WhatIf()


def _sentence(scene: Scene) -> Sentence | str:
    found = _tried(scene)
    if isinstance(found, NotEnoughData):
        return found.reason
    sure, even = found.dates[LEVEL], found.dates[50]
    values: dict[str, str | Number] = {
        "level": scene.formats.rate(LEVEL / 100),
        "sure": Number(scene.formats.short(sure), "tried"),
        "even": Number(scene.formats.short(even), "tried"),
    }
    begin = "What if (not saved): " if _is_changed(scene) else "As it is: "
    if sure is None and even is None:
        return Sentence(begin + "no date within two years can be given.", values)
    if sure is None:
        return Sentence(begin + "even odds by {even}, but how much later is open.", values)
    moved = _moved(found, LEVEL) if _is_changed(scene) else ""
    return Sentence(f"{begin}{{level}} sure by {{sure}}{moved}, even odds {{even}}.", values)


def _moved(found: TriedOut, level: int) -> str:
    weeks = found.moved[level]
    if weeks is None:
        return ""
    count = abs(weeks)
    return f" ({count} {plural(count, 'week')} {'later' if weeks > 0 else 'earlier'})" if weeks else " (as it is)"


def _figure(scene: Scene) -> dict[str, Any] | None:
    made, found = scene.analysis.forecast, _tried(scene)
    if isinstance(made, NotEnoughData) or isinstance(found, NotEnoughData):
        return None
    marks = []
    if found.deadline is not None:
        with_year = found.deadline.year != made.as_of.year
        marks = [Mark(found.deadline, f"Deadline, {scene.formats.day(found.deadline, with_year)}", strong=True)]
    return what_if_figure(made.fan, () if found.what.changes_nothing else found.fan, marks, scene.text)


def _facts(scene: Scene) -> list[Fact]:
    found, formats = _tried(scene), scene.formats
    if isinstance(found, NotEnoughData):
        return []
    facts = []
    if found.chance is not None and found.deadline is not None:
        now = scene.analysis.chance_by(found.deadline)
        note = f"by {formats.short(found.deadline)}"
        if now is not None and not found.what.changes_nothing:
            note += f", as it is {formats.share(now)}"
        facts.append(Fact("Deadline", formats.share(found.chance), "tried", note))
    facts.append(Fact("Left", formats.number(found.left), "" if found.what.left is not None else "remaining"))
    return facts


def _controls(scene: Scene) -> list[Control]:
    """The sliders, each where the address has it, else where things are."""
    made, learned, what = scene.analysis.forecast, scene.analysis.learned, what_if(scene)
    if not isinstance(made, Forecast) or not isinstance(learned, Throughput):
        return []
    as_of = scene.analysis.as_of
    today, latest = as_of.isoformat(), (as_of + _LATEST).isoformat()
    new_now = 100 if scene.analysis.growth_counts else 0
    most = max(10, math.ceil(made.remaining * 2))
    pace, new = (scene.formats.number(round(amount, 1)) for amount in (learned.pace, learned.created_pace))
    deadline = what.deadline or scene.analysis.params.deadline
    return [
        Control("speed", f"Pace, % of {pace} a week", _text(what.pace * 100), _SLOWEST, _FASTEST, 5, "100", "%"),
        Control("away", "People away, full weeks", str(what.away), 0, _MOST_AWAY, 1, "0", "weeks"),
        Control("new", f"New work, % of {new} a week", _text(new_now if what.new_work is None else what.new_work * 100),
                0, _MOST_NEW, 5, str(new_now), "%"),
        Control("left", "Left", _text(made.remaining if what.left is None else what.left), 0, most, 1,
                _text(made.remaining), str(scene.unit)),
        Control("start", "Start", "" if what.start is None else what.start.isoformat(), today, latest),
        Control("due", "Deadline", "" if deadline is None else deadline.isoformat(), today, latest),
    ]  # fmt: skip


def _text(value: float) -> str:
    return f"{value:.10g}"


def _rows(scene: Scene) -> Rows:
    made, found = scene.analysis.forecast, _tried(scene)
    header = ("level", "as_it_is", "what_if", "weeks_moved")
    if isinstance(made, NotEnoughData) or isinstance(found, NotEnoughData):
        return Rows(header, ())
    cells = tuple((level, made.dates[level], found.dates[level], found.moved[level]) for level in made.dates)
    return Rows(header, cells, ("tried",) * len(cells))


def _behind(scene: Scene, part: str) -> Behind:
    made, found, formats = scene.analysis.forecast, _tried(scene), scene.formats
    if isinstance(made, NotEnoughData) or isinstance(found, NotEnoughData):
        return Behind("What if", tuple(one.reason for one in (made, found) if isinstance(one, NotEnoughData)))
    how = (
        "The futures of the forecast are lived once more, week by week the same, with what was changed. So the "
        "difference comes from the change alone. Nothing of it is saved.",
        "Weeks in which nobody works, and those before the start, finish nothing; new work keeps coming in meanwhile, "
        "if it counts.",
    )
    dates = tuple(
        (f"{formats.rate(level / 100)} sure", f"{formats.short(made.dates[level])} → {formats.short(day)}")
        for level, day in found.dates.items()
    )
    return Behind("What if", how, (*dates, *_changes(scene, found)))


def _changes(scene: Scene, found: TriedOut) -> list[tuple[str, str]]:
    """What is tried out, in words."""
    what, formats = found.what, scene.formats
    given = (
        ("Pace", formats.rate(what.pace), what.pace != 1.0),
        ("People away", f"{what.away} full {plural(what.away, 'week')}", what.away > 0),
        ("New work", formats.rate(what.new_work or 0), what.new_work is not None),
        ("Left", scene.amount(found.left), what.left is not None),
        ("Start", formats.short(what.start), what.start is not None),
        ("Deadline", formats.short(what.deadline), what.deadline is not None),
    )
    return [(name, text) for name, text, is_given in given if is_given]


WHAT_IF = View(
    id="what-if",
    page="plan",
    tab="What if",
    help=(
        "Try another pace, people away, more or less work, or a later start: the blue fan is what comes of it, the "
        "grey one is how it is. The address holds what was tried, so it can be sent; nothing is saved."
    ),
    needs=needs("forecast", "learned"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    controls=_controls,
    numbers={"tried": _behind, "remaining": numbers.remaining},
    lists=(("Left", "remaining"),),
    rows=_rows,
)
