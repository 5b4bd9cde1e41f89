"""The answer: when the work will be done, how sure that is, and what would make the deadline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.domain.forecast import Forecast
from app.domain.known import Growth, Method
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.domain.ways import LEVEL, Ways
from app.views import numbers
from app.views.trust import about_the_answer, doubts, told
from app.views.view import Behind, Fact, Number, Rows, Scene, Sentence, View, needs
from app.words import N_, _, n_

_BEYOND = N_("later than two years from now")


def headline(scene: Scene) -> Sentence | str:
    """The date that is 85 % sure; without one what can be said instead."""
    result = scene.analysis.forecast
    if isinstance(result, NotEnoughData):
        return result.reason
    half, sure = result.dates.get(50), result.dates.get(85)
    if result.remaining <= 0:
        return Sentence("Everything is done.")
    if sure is not None:
        day = Number(scene.formats.short(sure), "answer")
        return Sentence("{level} sure by {day}.", {"level": scene.formats.rate(LEVEL / 100), "day": day})
    if half is not None:
        day = Number(scene.formats.short(half), "answer")
        return Sentence("Even odds by {day}, but how much later is open.", {"day": day})
    late = Number(scene.formats.share(result.distribution.not_finished), "answer")
    text = _("No date can be given: in {late} of the simulated futures the work is not done within two years.")
    return Sentence(text, {"late": late})


def odds(scene: Scene) -> Iterator[Sentence]:
    """What stands below the headline: the even odds, and what happens if work keeps coming in."""
    result = scene.analysis.forecast
    if isinstance(result, NotEnoughData) or result.remaining <= 0:
        return
    half = result.dates.get(50)
    if half is not None and result.dates.get(85) is not None:
        yield Sentence("Even odds: {day}.", {"day": Number(scene.formats.short(half), "answer")})
    throughput, growing = scene.analysis.throughput, scene.analysis.growing
    if isinstance(growing, Forecast) and isinstance(throughput, Throughput) and throughput.created_pace > 0:
        yield _growing(scene, throughput, growing)


def _growing(scene: Scene, throughput: Throughput, growing: Forecast) -> Sentence:
    sure, write = growing.dates.get(85), scene.formats.number
    values: dict[str, str | Number] = {
        "new": write(round(throughput.created_pace, 1)),
        "done": Number(write(round(throughput.pace, 1)), "pace"),
        "level": scene.formats.rate(LEVEL / 100),
        "day": scene.formats.short(sure),
    }
    if sure is None and growing.dates.get(50) is not None:
        values["day"] = scene.formats.short(growing.dates[50])
        return Sentence("If work keeps coming in ({new} a week, {done} are finished): even odds by {day}.", values)
    if sure is None:
        return Sentence("If work keeps coming in ({new} a week, {done} are finished): no end in sight.", values)
    return Sentence("If work keeps coming in ({new} a week, {done} are finished): {level} sure by {day}.", values)


def deadline_fact(scene: Scene) -> Fact:
    """The chance of the deadline, and how it moved within a week."""
    analysis, formats = scene.analysis, scene.formats
    deadline, chance = analysis.params.deadline, analysis.chance
    if deadline is None:
        return Fact(_("Deadline"), "–", "", _("No deadline is set."))
    note = (
        _("{deadline} is past.", deadline=formats.short(deadline))
        if deadline < analysis.as_of
        else _since_last_week(scene)
    )
    if chance is None:
        return Fact(_("Deadline"), "–", "chance", note)
    tone = "good" if chance >= LEVEL / 100 else "poor" if chance < 0.5 else ""
    return Fact(_("Deadline"), formats.share(chance), "chance", note, tone)


def _since_last_week(scene: Scene) -> str:
    review = scene.analysis.last_week
    if isinstance(review, NotEnoughData) or review.chance_before is None or review.chance_now is None:
        return ""
    points = round(review.chance_now * 100) - round(review.chance_before * 100)
    if not points:
        return _("as a week ago")
    up, down = _("▲ {points} since last week", points=points), _("▼ {points} since last week", points=-points)
    return up if points > 0 else down


def growing_chance(scene: Scene) -> str:
    """The chance of the deadline if new work comes in as in the past; empty where that says nothing."""
    deadline, growing, throughput = scene.analysis.params.deadline, scene.analysis.growing, scene.analysis.throughput
    if deadline is None or not isinstance(growing, Forecast) or isinstance(throughput, NotEnoughData):
        return ""
    if not throughput.created_pace or growing.remaining <= 0:
        return ""
    return scene.formats.share(growing.chance_by(deadline))


def ways_sentence(scene: Scene) -> Sentence | None:
    """What would make the deadline sure enough; None without one that is open."""
    analysis, formats = scene.analysis, scene.formats
    deadline, found = analysis.params.deadline, analysis.ways
    if deadline is None or found is None:
        return None
    ways = {
        _("leave out {drop}"): found.drop is not None,
        _("{pace} a week instead of {now}"): found.pace is not None,
        "{later}": found.later is not None,
    }
    values: dict[str, str | Number] = {
        "level": formats.rate(LEVEL / 100),
        "drop": Number(scene.amount(round(found.drop or 0, 1)), "drop"),
        "pace": Number(formats.number(found.pace or 0), "ways"),
        "now": formats.number(round(found.pace_now, 1)),
        "later": Number(formats.short(found.later), "ways"),
    }
    possible = _(" · or ").join(text for text, is_possible in ways.items() if is_possible)
    return (
        Sentence(_("To be {level} sure: ") + possible, values) if possible else Sentence("Out of reach at this pace.")
    )


# -- what lies behind -----------------------------------------------------------------------------------


def _answer(scene: Scene, part: str) -> Behind:
    result = scene.analysis.forecast
    if isinstance(result, NotEnoughData):
        return Behind(_("When will it be done?"), (result.reason,))
    how = (
        _(
            "{trials} possible futures are played. In each, every coming week repeats one of your "
            "own past weeks, drawn at random, weeks without a finish included, until nothing is "
            "left.",
            trials=scene.formats.number(result.settings.trials),
        ),
        _earlier(result, scene),
        _method(result, scene),
        _growth(result, scene),
        _(
            "“Even odds” is the day by which half of these futures are done, “85 % sure” the day "
            "by which 85 in 100 are."
        ),
        _nearest(result),
        _corrections(scene),
    )
    return Behind(_("When will it be done?"), tuple(filter(None, how)), _inputs(result, scene))


def _nearest(result: Forecast) -> str:
    if not result.distribution.to_nearest:
        return ""
    return _(
        "Each is given as whole weeks from today. Even odds are the nearest number of them; 85 % sure is rounded up, "
        "so that the chance by that very day is not below what is promised."
    )


def _method(result: Forecast, scene: Scene) -> str:
    if result.settings.method is Method.PLAIN:
        return _("The plain method is chosen: it takes the past weeks as they are and is usually too sure of itself.")
    if result.drift is None:
        return ""
    return _(
        "Teams get faster and slower over months, some more than others. The app weighs from "
        "your past how much yours does, and widens the range by that. Here it expects a drift "
        "of {drift}.",
        drift=scene.formats.rate(result.drift),
    )


def _earlier(result: Forecast, scene: Scene) -> str:
    if not result.earlier_weeks:
        return ""
    return n_(
        "The {weeks} week before those listed below have a say too, more for a team whose pace has "
        "held than for one whose pace changes: here {earlier_share} of the draws are theirs.",
        "The {weeks} weeks before those listed below have a say too, more for a team whose pace has "
        "held than for one whose pace changes: here {earlier_share} of the draws are theirs.",
        result.earlier_weeks,
        weeks=result.earlier_weeks,
        earlier_share=scene.formats.rate(result.earlier_share),
    )


def _corrections(scene: Scene) -> str:
    throughput = scene.analysis.throughput
    count = 0 if isinstance(throughput, NotEnoughData) else sum(week.is_corrected for week in throughput.window)
    if not count:
        return ""
    return n_(
        "{count} of these weeks was corrected by hand; Data › Weeks shows which.",
        "{count} of these weeks were corrected by hand; Data › Weeks shows which.",
        count,
    )


def _growth(result: Forecast, scene: Scene) -> str:
    if result.settings.growth is not Growth.PAST:
        return _("New work is not part of it: the scope is taken as it is today.")
    net = scene.amount(abs(result.net_per_week))
    if result.net_per_week < 0:
        return _("New work keeps arriving as in those weeks; on balance {net} less each week.", net=net)
    return _("New work keeps arriving as in those weeks; on balance {net} more each week.", net=net)


def _inputs(result: Forecast, scene: Scene) -> tuple[tuple[str, str], ...]:
    formats = scene.formats
    levels = tuple(
        (_("{level} sure", level=formats.rate(level / 100)), _when(result.dates.get(level), scene))
        for level in result.dates
    )
    return (
        *levels,
        (_("Left"), scene.amount(result.remaining)),
        (_("Weeks learned from"), str(len(result.samples))),
        (_("Finished in these weeks"), ", ".join(formats.number(sample) for sample in result.samples)),
        (_("As of"), formats.day(result.as_of)),
        (_("Random seed"), str(result.settings.seed)),
    )


def _when(day: date | None, scene: Scene) -> str:
    return _(_BEYOND) if day is None else scene.formats.day(day)


def _doubts(scene: Scene, part: str) -> Behind:
    """What makes the answer doubtful, in sentences."""
    said = (*(str(told(doubt, scene)) for doubt in doubts(scene.analysis)), *about_the_answer(scene.analysis))
    return Behind(_("Doubts"), said or (_("Nothing makes these numbers doubtful."),))


def _chance(scene: Scene, part: str) -> Behind:
    result, deadline, title = scene.analysis.forecast, scene.analysis.params.deadline, _("Chance of the deadline")
    if deadline is None:
        return Behind(title, (_("No deadline is set. Set one beside the answer."),))
    if isinstance(result, NotEnoughData):
        return Behind(title, (result.reason,))
    how = (
        _("The share of simulated futures in which everything is done on or before the deadline."),
        _("It speaks of the work and the pace of today: if either changes, so does the chance."),
    )
    return Behind(title, how, ((_("Deadline"), scene.formats.day(deadline)), *_inputs(result, scene)))


def _ways(scene: Scene, part: str) -> Behind:
    found = scene.analysis.ways
    if found is None:
        return Behind(_("What it would take"), (_("The deadline is 85 % sure already, or none is set."),))
    how = (
        _(
            "Each way alone makes the deadline of {deadline} hold in 85 of 100 futures, with the "
            "same past weeks that the forecast draws from.",
            deadline=scene.formats.day(found.deadline),
        ),
        _keep(found, scene),
        _faster(found, scene),
        ""
        if found.later is None
        else _("By {later} 85 in 100 futures are done as things are.", later=scene.formats.day(found.later)),
    )
    chance = scene.analysis.chance
    inputs = (
        (_("Left"), scene.amount(found.remaining)),
        (_("Chance as things are"), "–" if chance is None else scene.formats.share(chance)),
        (_("Pace"), _("{pace_now} a week", pace_now=scene.amount(round(found.pace_now, 1)))),
    )
    keys = numbers.remaining(scene, "").keys
    return Behind(_("What it would take"), tuple(filter(None, how)), inputs, keys, why=_("not done"))


def _drop(scene: Scene, part: str) -> Behind:
    """The open issues that would have to wait: the last in the order in which they are worked on."""
    found, order, title = scene.analysis.ways, scene.analysis.order, _("What to leave out")
    if found is None or found.drop is None or isinstance(order, NotEnoughData):
        return Behind(title, (_("Nothing has to be left out, or no deadline is set."),))
    left = order.items[order.fits(found.keep, scene.unit) :]
    how = (_keep(found, scene), _("They are the last in the order of Plan › How much."))
    number = sum(item.size(scene.unit) for item in left)
    return Behind(title, how, (), tuple(item.issue.key for item in left), number, why=_("would wait"))


def _keep(found: Ways, scene: Scene) -> str:
    if found.drop is None:
        return _("Too little time is left to make the deadline by leaving work out.")
    kept, dropped = scene.amount(found.keep), scene.formats.number(round(found.drop, 1))
    return _(
        "Until then 85 in 100 futures finish {kept} or more, so {dropped} of what is left would have to wait.",
        kept=kept,
        dropped=dropped,
    )


def _faster(found: Ways, scene: Scene) -> str:
    if found.pace is None:
        return _("No pace that a team could reach would make it.")
    times = scene.formats.number(round(found.pace / found.pace_now, 1))
    return _(
        "All of it is finished in time at {times} times the pace, {pace} a week.",
        times=times,
        pace=scene.formats.number(found.pace),
    )


def _rows(scene: Scene) -> Rows:
    result = scene.analysis.forecast
    if isinstance(result, NotEnoughData):
        return Rows(("level", "weeks", "date"), ())
    return Rows(
        ("level", "weeks", "date"), tuple((level, result.weeks[level], result.dates[level]) for level in result.dates)
    )


def _facts(scene: Scene) -> list[Fact]:
    scope, throughput = scene.analysis.scope, scene.analysis.throughput
    facts = [deadline_fact(scene)]
    if isinstance(scope, Scope):
        note = _("of {total}", total=scene.formats.number(scope.total))
        facts.append(Fact(_("Left"), scene.formats.number(scope.remaining), "remaining", note))
    if isinstance(throughput, Throughput):
        facts.append(Fact(_("Pace"), _("{pace} a week", pace=scene.formats.number(round(throughput.pace, 1))), "pace"))
    return facts


ANSWER = View(
    id="answer",
    page="",
    tab=N_("Answer"),
    help=N_("When the work will be done, and how sure that is: from your own past weeks, played forward many times."),
    needs=needs("forecast"),
    sentence=headline,
    facts=_facts,
    numbers={
        "answer": _answer,
        "chance": _chance,
        "doubts": _doubts,
        "ways": _ways,
        "drop": _drop,
        "remaining": numbers.remaining,
        "unestimated": numbers.unestimated,
        "pace": numbers.pace,
    },
    lists=((N_("Left"), "remaining"),),
    rows=_rows,
)
