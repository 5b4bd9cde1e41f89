"""Milestones: the days that matter, each with its own work, in the order in which they are worked on."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from app.charts.milestones import chances_figure, remembered_figure
from app.domain.decisions import Decisions
from app.domain.forecast import Forecast
from app.domain.milestones import DEADLINE, Dated, Milestones, Remembered, remembered
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from app.domain.ways import LEVEL
from app.views import epics, numbers
from app.views.conditions import work_said
from app.views.view import Behind, Fact, Number, Place, Rows, Scene, Sentence, Switch, View, needs
from app.words import N_, _, n_
from app.words.formats import Formats
from app.words.headings import header

_HEADER = header("name", "date", "which_work", "left", "even_odds", "sure_85", "chance", "what_it_would_take")
_CHARTS = Switch(
    "chart",
    N_("Chart"),
    (("chances", N_("The chances")), ("weeks", N_("Week by week"))),
    applies=lambda scene: not epics.is_chosen(scene),
)
_DAYS = Switch(epics.SWITCH, N_("Days"), (
    ("milestones", N_("Milestones")), ("releases", N_("Releases")), (epics.EPICS, N_("Epics")),
    (epics.VERSIONS, N_("Versions")),
))  # fmt: skip


def rows_of(scene: Scene) -> tuple[Dated, ...]:
    """The milestones, or the versions with the day of release that the tracker gives them."""
    if epics.is_chosen(scene):
        return ()
    is_released = scene.chosen(_DAYS) == "releases"
    result = scene.analysis.releases if is_released else scene.analysis.milestones
    return result.milestones if isinstance(result, Milestones) else ()


def _of_part(scene: Scene, part: str) -> Dated | None:
    """Wherever its panel was opened."""
    both = (scene.analysis.milestones, scene.analysis.releases)
    rows = (each for result in both if isinstance(result, Milestones) for each in result.milestones)
    return next((each for each in rows if show_of(each) == f"milestone:{part}"), None)


def show_of(milestone: Dated) -> str:
    return "milestone:deadline" if milestone.is_deadline else f"milestone:{milestone.place}"


def name_of(milestone: Dated) -> str:
    return f"★ {_(DEADLINE)}" if milestone.is_deadline else milestone.name


def which_work(milestone: Dated) -> str:
    return work_said(milestone.work)


def state_of(milestone: Dated, formats: Formats) -> str:
    """Its chance, else why there is none."""
    if milestone.closed is not None:
        return _("reached {day}", day=formats.short(milestone.closed))
    if milestone.chance is not None:
        return formats.share(milestone.chance)
    return _(milestone.missing) if milestone.missing else _("past")


def note_said(note: str, formats: Formats) -> str:
    """With its day as the reader writes it; as it is where it begins with none."""
    day, _between, text = note.partition(" ")
    try:
        return f"{formats.short(date.fromisoformat(day))} · {text}"
    except ValueError:
        return note


def _ahead(scene: Scene) -> list[Dated]:
    """Those whose day is still to come, the next first."""
    return sorted((each for each in rows_of(scene) if each.chance is not None), key=lambda each: each.day)


def _sentence(scene: Scene) -> Sentence | str:
    if epics.is_chosen(scene):
        return epics.sentence(scene)
    if isinstance(scene.analysis.forecast, NotEnoughData):
        return scene.analysis.forecast.reason
    if not rows_of(scene) and scene.chosen(_DAYS) == "releases":
        result = scene.analysis.releases
        return _(result.reason) if isinstance(result, NotEnoughData) else ""
    if not rows_of(scene):
        return _("No milestone and no deadline is set. Set a deadline beside the answer, or a milestone below.")
    ahead = _ahead(scene)
    if not ahead:
        return _("All milestones are past.")
    safe = sum((each.chance or 0) >= LEVEL / 100 for each in ahead)
    first = ahead[0]
    values: dict[str, str | Number] = {
        "safe": scene.formats.number(safe),
        "all": scene.formats.number(len(ahead)),
        "level": scene.formats.rate(LEVEL / 100),
        "name": Number(name_of(first).removeprefix("★ "), show_of(first)),
        "day": scene.formats.short(first.day),
        "chance": Number(scene.formats.share(first.chance or 0), show_of(first)),
    }
    return Sentence("{safe} of {all} ahead are {level} sure. Next: {name}, {day}, {chance}.", values)


def _figure(scene: Scene) -> dict[str, Any] | None:
    if epics.is_chosen(scene):
        return epics.figure(scene)
    forecast = scene.analysis.forecast
    if not isinstance(forecast, Forecast):
        return None
    if scene.chosen(_CHARTS) == "weeks":
        lines = [(name_of(each), show_of(each), past(scene, each)) for each in rows_of(scene)]
        return None if _is_first_week(scene) else remembered_figure([line for line in lines if line[2]], scene.text)
    dated = [(show_of(each), name_of(each), each.day, each.chance) for each in _ahead(scene) if each.chance is not None]
    return chances_figure(forecast, dated, scene.text)


def _is_first_week(scene: Scene) -> bool:
    """Whether nothing was written down before the latest week: dots without a line would look broken."""
    weeks = {week.as_of for each in rows_of(scene) for week in past(scene, each) if week.chance is not None}
    return len(weeks) < _FEWEST_WEEKS


def past(scene: Scene, milestone: Dated) -> tuple[Remembered, ...]:
    """What was written down of it, week by week, up to the day that is looked at."""
    kept = remembered(scene.snapshots(), milestone.name_in_record, scene.unit.value)
    return tuple(week for week in kept if week.as_of <= scene.analysis.as_of)


def _facts(scene: Scene) -> list[Fact]:
    forecast = scene.analysis.forecast
    if not isinstance(forecast, Forecast):
        return []
    return [
        Fact(_("Left"), scene.formats.number(forecast.remaining), "remaining", _expected(scene)),
        *_checkpoint(scene),
        Fact(_("{level} sure", level=scene.formats.rate(LEVEL / 100)), scene.formats.short(forecast.dates[LEVEL])),
    ]


def _expected(scene: Scene) -> str:
    """What of it has no issues behind it: the usual size of epics that are not broken down."""
    scope = scene.analysis.scope
    if isinstance(scope, NotEnoughData) or not scope.expected:
        return ""
    return _("{amount} of it expected", amount=scene.formats.number(scope.expected))


def _checkpoint(scene: Scene) -> list[Fact]:
    """The next day on which to look at the deadline."""
    decisions = scene.analysis.decisions
    if not isinstance(decisions, Decisions) or not decisions.checkpoints:
        return []
    first = decisions.checkpoints[0]
    value = _("{amount} by {day}", amount=scene.amount(first.finished), day=scene.formats.short(first.day))
    return [Fact(_("Checkpoint"), value, "checkpoints", _("or the deadline falls below even odds"))]


_CALENDAR = ("/_ics/checkpoints", N_("For your calendar (.ics)"))


def _checkpoints(scene: Scene, part: str) -> Behind:
    """All days to look at, and what it costs to wait."""
    decisions, formats = scene.analysis.decisions, scene.formats
    if isinstance(decisions, NotEnoughData):
        return Behind(_("Checkpoints"), (_(decisions.reason),))
    level = formats.rate(LEVEL / 100)
    how = (
        _(
            "At least so much has to be finished by each day for the rest to fit, at even odds, into what is left of "
            "the time."
        ),
        _(
            "To leave out: so much for the deadline to be {level} sure, if it is decided today or only later and the "
            "weeks until then go no better than promised.",
            level=level,
        ),
    )
    looks = [(formats.short(each.day), _("{amount} finished", amount=scene.amount(each.finished)))
             for each in decisions.checkpoints]  # fmt: skip
    waits = [
        (_("To leave out, decided today") if not each.weeks else _("decided on {day}", day=formats.short(each.day)),
         scene.amount(each.drop))
        for each in decisions.waiting
    ]  # fmt: skip
    there = _CALENDAR if decisions.checkpoints else ("", "")
    keys = numbers.remaining(scene, "").keys
    return Behind(_("Checkpoints"), how, (*looks, *waits), keys, why=_("not done"), there=there)


def _notes(scene: Scene) -> list[str]:
    if epics.is_chosen(scene):
        return epics.notes(scene)
    rows = rows_of(scene)
    notes = []
    if scene.chosen(_CHARTS) == "weeks" and _is_first_week(scene):
        notes.append(
            _(
                "The chances are written down once a week, and drawn from the second week on. How the date of all work "
                "moved before that stands under Track record."
            )
        )
    if any(each.work for each in rows):
        together = scene.analysis.params.together
        notes.append(
            n_(
                "Work of a milestone above goes first; all of it has the pace of all work.",
                "{count} milestones at once share the pace of all work; the others wait until one is done.",
                together,
            )
        )
    if any(each.teams for each in rows):
        notes.append(_("Where several teams are needed, the chance is the product of theirs."))
    held_up = [each for each in rows if each.waits_for]
    if held_up:
        notes.append(
            _(
                "{name} waits for open work that is not part of it: {level} sure with it {day}.",
                name=name_of(held_up[0]),
                level=scene.formats.rate(LEVEL / 100),
                day=scene.formats.short(held_up[0].dates_waiting.get(LEVEL)),
            )
        )
    return notes


def _rows(scene: Scene) -> Rows:
    if epics.is_chosen(scene):
        return epics.rows(scene)
    forecast, rows = scene.analysis.forecast, rows_of(scene)
    if not isinstance(forecast, Forecast):
        return Rows(_HEADER, ())
    return Rows.of(
        _HEADER,
        rows,
        lambda row: (
            name_of(row),
            row.day,
            which_work(row),
            *_numbers(scene, row),
            state_of(row, scene.formats),
            _take(scene, row),
        ),
        show_of,
    )


def _numbers(scene: Scene, each: Dated) -> tuple[float | None, date | None, date | None]:
    """What is left and the two dates; of a closed one as it was last written down."""
    if each.closed is None:
        return each.left, each.dates[50], each.dates[LEVEL]
    last = _at_close(scene, each)
    return (None, None, None) if last is None else (last.left, None, last.sure)


def _at_close(scene: Scene, each: Dated) -> Remembered | None:
    return next((week for week in reversed(past(scene, each)) if each.closed and week.as_of <= each.closed), None)


def _closed(scene: Scene, each: Dated) -> Behind:
    """Its numbers are those that were kept; what is open of its work by now is no part of it any more."""
    formats, last = scene.formats, _at_close(scene, each)
    inputs = [(_("Date"), formats.day(each.day)), (_("Reached"), formats.short(each.closed))]
    if last is not None:
        chance = "–" if last.chance is None else formats.share(last.chance)
        level = _("{level} sure", level=formats.rate(LEVEL / 100))
        inputs += [(_("Left of it"), scene.amount(round(last.left, 1))), (_("Chance"), chance)]
        inputs += [(level, formats.short(last.sure))]
    how = (
        _("It was closed before its numbers were written down, which happens once a week.")
        if last is None
        else _("As it was written down last, on {day}.", day=formats.day(last.as_of))
    )
    inputs += [*_weeks(scene, each), *((_("Note"), note) for note in each.notes)]
    return Behind(name_of(each), (how,), tuple(inputs))


def _take(scene: Scene, each: Dated) -> str:
    """What it would take to be 85 % sure; empty where it is, or where the day is past."""
    if each.teams and each.chance is not None:
        return _slowest(scene, each)
    drop = _drop(scene, each)
    if each.chance is None or drop == 0:
        return ""
    if drop is None:
        return _("out of reach")
    return _("leave out {drop}", drop=scene.amount(round(drop, 1)))


def _slowest(scene: Scene, each: Dated) -> str:
    """Of several teams the one that holds it up: the amount of one of them makes the day of no other."""
    chance, name = min((team.chance or 0.0, team.name) for team in each.teams)
    if (each.chance or 0.0) >= LEVEL / 100:
        return ""
    return _("less for {team} first: {chance}", team=name or _("Without a team"), chance=scene.formats.share(chance))


def _drop(scene: Scene, each: Dated) -> float | None:
    """Of several teams it cannot be said whose work that would be."""
    return 0.0 if each.chance is None or each.teams else scene.analysis.to_drop(each.ahead, each.day)


def _milestone(scene: Scene, part: str) -> Behind:
    """One of the days: its chance, what it would take, its weeks, and the work that has to be done by then."""
    each = _of_part(scene, part)
    if each is None or not isinstance(scene.analysis.forecast, Forecast):
        return Behind(_("Milestone"), (_("There is no such milestone, or no forecast of it."),))
    if each.closed is not None:
        return _closed(scene, each)
    how = (
        _(
            "The share of the simulated futures in which all that is {work}, and the work before it, is done on or "
            "before that day.",
            work=which_work(each),
        )
        if each.work
        else _("The share of the simulated futures in which all work of the list is done on or before that day."),
    )
    inputs = [(_("Date"), scene.formats.day(each.day)), (_("Chance"), state_of(each, scene.formats))]
    inputs += _late(scene, each) + _amounts(scene, each) + _waits(scene, each)
    inputs += _ways(scene, each) + _weeks(scene, each)
    inputs += [(_("Note"), note_said(note, scene.formats)) for note in each.notes]
    keys = each.keys if each.work else numbers.remaining(scene, "").keys
    return Behind(name_of(each).removeprefix("★ "), how, tuple(inputs), keys, why=_("not done"))


def _amounts(scene: Scene, each: Dated) -> list[tuple[str, str]]:
    if not each.work:
        return []
    amounts = [(_("Left of it"), scene.amount(round(each.left, 1)))]
    if each.expected:
        amounts.append((_("Expected of epics that are not broken down"), scene.amount(round(each.expected, 1))))
    if each.ahead != each.left:
        amounts.append((_("With the work before it"), scene.amount(round(each.ahead, 1))))
    return amounts + [
        (team.name or _("Without a team"), scene.amount(round(team.left, 1)) + " · " + (
            team.missing if team.chance is None else scene.formats.share(team.chance)))
        for team in each.teams
    ]  # fmt: skip


def _late(scene: Scene, each: Dated) -> list[tuple[str, str]]:
    """By how much the date that is sure lies after its own day."""
    if each.late_days is None or each.late_days <= 0:
        return []
    weeks = round(each.late_days / 7, 1)
    late = n_("{weeks} week", "{weeks} weeks", weeks, weeks=scene.formats.number(weeks))
    return [(_("{level} sure is late by", level=scene.formats.rate(LEVEL / 100)), late)]


def _waits(scene: Scene, each: Dated) -> list[tuple[str, str]]:
    """What it waits for elsewhere, and the date with that."""
    if not each.waits_for:
        return []
    formats = scene.formats
    keys = ", ".join(each.waits_for[:_FEW_KEYS]) + (" …" if len(each.waits_for) > _FEW_KEYS else "")
    level = formats.rate(LEVEL / 100)
    with_it, chance = each.dates_waiting.get(LEVEL), each.chance_waiting
    inputs = [(_("Waits for other open work"), keys), (_("{level} sure with it", level=level), formats.short(with_it))]
    return inputs if chance is None else [*inputs, (_("Chance with it"), formats.share(chance))]


def _ways(scene: Scene, each: Dated) -> list[tuple[str, str]]:
    """Each way alone: less work, a faster pace, a later day."""
    learned, formats = scene.analysis.learned, scene.formats
    drop = _drop(scene, each)
    if each.chance is None or drop == 0 or not isinstance(learned, Throughput):
        return []
    needed = _pace(scene, each, learned.pace, 0.0 if drop is None else each.ahead - drop)
    pace = _("out of reach") if needed is None else _("{pace} a week", pace=formats.number(needed))
    return [
        (_("For {level}: less work", level=formats.rate(LEVEL / 100)), _take(scene, each)),
        (_("or a faster pace"), pace),
        (_("or a later day"), formats.short(each.dates[LEVEL])),
    ]


def _pace(scene: Scene, each: Dated, now: float, keep: float) -> float | None:
    """To the safe side, in tenths; of the deadline the one that the answer says."""
    if each.is_deadline and scene.analysis.ways is not None:
        return scene.analysis.ways.pace
    return math.ceil(10 * now * each.ahead / keep - _ROUNDING) / 10 if keep else None


def _weeks(scene: Scene, each: Dated) -> list[tuple[str, str]]:
    """As it was written down, the newest first, with the steps of its own day."""
    formats = scene.formats
    return [
        (
            formats.short(week.as_of),
            ("–" if week.chance is None else formats.share(week.chance))
            + " · "
            + _("{level} sure {day}", level=formats.rate(LEVEL / 100), day=formats.short(week.sure))
            + (" · " + _("moved to {day}", day=formats.short(week.day)) if week.moved else ""),
        )
        for week in reversed(past(scene, each)[-_WEEKS:])
    ]


# As many weeks as a panel can hold without scrolling far, and as many keys as a line.
_WEEKS = 12
_FEW_KEYS = 5
_FEWEST_WEEKS = 2
_ROUNDING = 1e-9

MILESTONES = View(
    at=Place("/plan/milestones", N_("Milestones")),
    help=N_(
        "The chance that the work of each milestone is done by its day: all of the work, or a part of it such as a "
        "version, an epic or a label. Work of a milestone above goes first. The dots are the milestones of the "
        "project and, with a star, the deadline; a click tells what it would take to be 85 % sure, and how it stood "
        "each week."
    ),
    needs=needs("forecast"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    notes=_notes,
    switches=(_CHARTS, _DAYS),
    numbers={
        "milestone": _milestone,
        "checkpoints": _checkpoints,
        "remaining": numbers.remaining,
        "epic": epics.epic,
        "version": epics.version,
    },
    lists=((N_("Left"), "remaining"),),
    rows=_rows,
    is_table=True,
)
