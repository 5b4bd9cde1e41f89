"""The answer: when the work will be done, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.by_day import FEWEST_DAYS
from app.domain.calendar import ONE_WEEK
from app.domain.forecast import Forecast, growth_warning, late_warning
from app.domain.known import Growth, Method
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.views import deadline, numbers
from app.views.growing import growing_chance, growing_sentence
from app.views.trust import about_the_answer, doubts, sentence_of
from app.views.view import Behind, Fact, Number, Place, Rows, Scene, Sentence, View, needs
from app.words import N_, _, n_
from app.words.headings import header


def headline(scene: Scene) -> Sentence | str:
    """The date that is 85 % sure; without one what can be said instead."""
    result, formats = scene.analysis.forecast, scene.formats
    if not isinstance(result, Forecast):
        return result.reason
    if result.remaining <= 0:
        return Sentence("Everything is done.")
    half, sure = result.dates.get(50), result.dates.get(85)
    too_few = too_few_days(scene)
    if too_few is not None:
        return too_few
    if sure is not None:
        day = Number(formats.short(sure), "answer")
        return Sentence("{level} sure by {day}.", {"level": scene.level, "day": day})
    if half is not None:
        day = Number(formats.short(half), "answer")
        return Sentence("Even odds by {day}, but how much later is open.", {"day": day})
    late = Number(formats.share(result.distribution.not_finished), "answer")
    text = _("No date can be given: the chance that the work is not done within two years is {late}.")
    return Sentence(text, {"late": late})


def short_answer(scene: Scene) -> str:
    """What the headline comes to, as short as a tab of the browser is."""
    result, formats = scene.analysis.forecast, scene.formats
    if not isinstance(result, Forecast):
        return _("No forecast yet")
    if result.remaining <= 0:
        return _("Everything is done")
    if too_few_days(scene) is not None:
        return _("Too early for a date")
    half, sure = result.dates.get(50), result.dates.get(85)
    if sure is not None:
        return _("{level} sure by {day}", level=scene.level, day=formats.short(sure))
    return _("Even odds by {day}", day=formats.short(half)) if half is not None else _("No date within two years")


def too_few_days(scene: Scene) -> Sentence | None:
    """What stands in place of a date where next to nothing was finished so far."""
    days = scene.analysis.days_with_a_finish
    if days is None or days >= FEWEST_DAYS:
        return None
    few = scene.formats.number(FEWEST_DAYS)
    return Sentence(
        "Too early for a date: something was finished on {count} day only, and {few} are needed.",
        {"count": Number(scene.formats.number(days), "answer"), "few": few},
        "Too early for a date: something was finished on {count} days only, and {few} are needed.",
        days,
    )


def odds(scene: Scene) -> Iterator[Sentence]:
    """What stands below the headline: the even odds, and what happens if work keeps coming in."""
    result = scene.analysis.forecast
    if not isinstance(result, Forecast) or result.remaining <= 0:
        return
    half, growing = result.dates.get(50), growing_sentence(scene)
    if half is not None and too_few_days(scene) is None and result.dates.get(85) is not None:
        yield Sentence("Even odds: {day}.", {"day": Number(scene.formats.short(half), "answer")})
        yield from _by_day(scene)
    if growing is not None:
        yield growing


def days_off(scene: Scene) -> Iterator[Sentence]:
    """By how much days off ahead move the date, where they do."""
    result = scene.analysis.forecast
    if not isinstance(result, Forecast) or result.remaining <= 0 or too_few_days(scene) is not None:
        return
    if result.weeks_off:
        count = {"count": Number(scene.formats.number(result.weeks_off), "days-off")}
        yield Sentence(
            "{count} week off ahead is in this date.", count, "{count} weeks off ahead are in this date.",
            result.weeks_off,
        )  # fmt: skip
    elif result.days_off and scene.analysis.by_day:
        count = {"count": Number(scene.formats.number(result.days_off), "days-off")}
        yield Sentence(
            "{count} day off ahead is in the working day.", count, "{count} days off ahead are in the working day.",
            result.days_off,
        )  # fmt: skip


def _by_day(scene: Scene) -> Iterator[Sentence]:
    """Where less than about eight weeks are left the grain is working days."""
    days, formats = scene.analysis.by_day, scene.formats
    if 50 in days and 85 in days:
        sure, even = (Number(formats.short(days[level]), "answer") for level in (85, 50))
        text = _("To the working day: {level} sure by {sure}, even odds {even}.")
        yield Sentence(text, {"level": scene.level, "sure": sure, "even": even})


def warnings(scene: Scene) -> list[str]:
    """What to beware of in the date, without what the lines above say already."""
    result = scene.analysis.forecast
    if not isinstance(result, Forecast) or too_few_days(scene) is not None:
        return []
    elsewhere = set()
    if growing_sentence(scene) is not None and result.net_per_week <= 0:
        elsewhere.add(growth_warning(result.net_per_week, result.settings.growth))
    if result.dates.get(50) is None:
        elsewhere.add(late_warning(result.distribution.not_finished, result.settings.horizon))
    return [warning for warning in result.warnings if warning not in elsewhere]


def standing(scene: Scene) -> Iterator[Sentence]:
    """How the work stands: what is left, its pace, what happened since the week began."""
    scope, throughput, write = scene.analysis.scope, scene.analysis.throughput, scene.formats.number
    if isinstance(scope, Scope):
        left, total = Number(write(scope.remaining), "remaining"), Number(write(scope.total), "scope")
        yield Sentence("{left} left of {all}", {"left": left, "all": total})
    if isinstance(throughput, Throughput):
        yield Sentence("{pace} a week", {"pace": Number(write(round(throughput.pace, 1)), "pace")})
    running = throughput.running if isinstance(throughput, Throughput) else None
    if running is not None:
        done = Number(write(running.done), f"week:{running.start.isoformat()}")
        new = Number(write(running.created), f"new-in-week:{running.start.isoformat()}")
        yield Sentence("{done} finished, {new} added since the week began", {"done": done, "new": new})


# -- what lies behind -----------------------------------------------------------------------------------


def _answer(scene: Scene, part: str) -> Behind:
    result, title = scene.analysis.forecast, _("When will it be done?")
    if not isinstance(result, Forecast):
        return Behind(title, (result.reason,))
    return Behind(title, tuple(_how(result, scene)), numbers.forecast_inputs(result, scene))


def _how(result: Forecast, scene: Scene) -> Iterator[str]:
    yield _(
        "{trials} possible futures are played. In each, every coming week repeats one of your "
        "own past weeks, drawn at random, weeks without a finish included, until nothing is "
        "left.",
        trials=scene.formats.number(result.settings.trials),
    )
    if result.earlier_weeks:
        yield _earlier(result, scene)
    yield from _method(result, scene)
    yield _growth(result, scene)
    yield _(
        "“Even odds” is the day by which half of these futures are done, “85 % sure” the day by which 85 in 100 are."
    )
    if result.distribution.to_nearest:
        yield _(
            "Each is given as whole weeks from today. Even odds are the nearest number of them; 85 % sure is rounded "
            "up, so that the chance by that very day is not below what is promised."
        )
    yield from _to_the_day(scene)
    yield from numbers.without_days_off(scene)
    throughput = scene.analysis.throughput
    corrected = sum(week.is_corrected for week in throughput.window) if isinstance(throughput, Throughput) else 0
    if corrected:
        yield n_(
            "{count} of these weeks was corrected by hand; Data › Weeks shows which.",
            "{count} of these weeks were corrected by hand; Data › Weeks shows which.",
            corrected,
        )


def _to_the_day(scene: Scene) -> Iterator[str]:
    days = scene.analysis.by_day
    if 50 in days and 85 in days:
        yield _(
            "Little is left. To the working day, what a week finishes being spread evenly over its working days: even "
            "odds {even}, 85 % sure {sure}.",
            even=scene.formats.short(days[50]),
            sure=scene.formats.short(days[85]),
        )


def _method(result: Forecast, scene: Scene) -> Iterator[str]:
    if result.settings.method is Method.PLAIN:
        yield _("The plain method is chosen: it takes the past weeks as they are and is usually too sure of itself.")
    elif result.drift is not None:
        yield _(
            "Teams get faster and slower over months, some more than others. The app weighs from "
            "your past how much yours does, and widens the range by that. Here it expects a drift "
            "of {drift}.",
            drift=scene.formats.rate(result.drift),
        )


def _earlier(result: Forecast, scene: Scene) -> str:
    return n_(
        "The {weeks} week before those listed below have a say too, more for a team whose pace has "
        "held than for one whose pace changes: here {earlier_share} of the draws are theirs.",
        "The {weeks} weeks before those listed below have a say too, more for a team whose pace has "
        "held than for one whose pace changes: here {earlier_share} of the draws are theirs.",
        result.earlier_weeks,
        weeks=result.earlier_weeks,
        earlier_share=scene.formats.rate(result.earlier_share),
    )


def _growth(result: Forecast, scene: Scene) -> str:
    if result.settings.growth is not Growth.PAST:
        return _("New work is not part of it: the scope is taken as it is today.")
    net = scene.amount(abs(result.net_per_week))
    if result.net_per_week < 0:
        return _("New work keeps arriving as in those weeks; each week {net} more come in than are finished.", net=net)
    return _("New work keeps arriving as in those weeks; each week {net} more are finished than come in.", net=net)


def _growing(scene: Scene, part: str) -> Behind:
    """The dates and the chance if work keeps coming in."""
    result, title = scene.analysis.growing, _("If work keeps coming in")
    if not isinstance(result, Forecast):
        return Behind(title, (result.reason,))
    how = (_("Played with the weeks and the work of the answer, and new work besides."), _growth(result, scene))
    chance = growing_chance(scene)
    inputs = ((_("Chance of the deadline"), chance),) if chance else ()
    return Behind(title, how, (*inputs, *numbers.forecast_inputs(result, scene)))


def _days_off(scene: Scene, part: str) -> Behind:
    """Which days are off until the date, and what they do to it."""
    result, title = scene.analysis.forecast, _("Days off")
    if not isinstance(result, Forecast):
        return Behind(title, (result.reason,))
    how = (
        _(
            "Nobody works on days off, so every date that comes after them is later. Dates count whole weeks: so do "
            "the days off before them, to the nearest."
        ),
    )
    write, counts = scene.formats.number, result.settings.ahead.days_off_before
    weeks = (result.as_of + at * ONE_WEEK for at in range((result.until - result.as_of) // ONE_WEEK + 1))
    off = ((week, counts(min(week + ONE_WEEK, result.until)) - counts(week)) for week in weeks if week < result.until)
    inputs = (
        (_("Working days that are off"), write(result.days_off)),
        (_("Weeks later"), write(result.weeks_off)),
        *((_("Week from {start}", start=scene.formats.day(week)), write(days)) for week, days in off if days),
    )
    return Behind(title, how, inputs, there=("/settings/project", N_("Days off in the settings of the project")))


def _doubts(scene: Scene, part: str) -> Behind:
    """What makes the answer doubtful, in sentences."""
    sentences = (
        *(str(sentence_of(doubt, scene)) for doubt in doubts(scene.analysis)),
        *about_the_answer(scene.analysis),
    )
    return Behind(_("Doubts"), sentences or (_("Nothing makes these numbers doubtful."),))


def _rows(scene: Scene) -> Rows:
    """With the working days where little is left."""
    result, by_day = scene.analysis.forecast, scene.analysis.by_day
    columns = header("level", "weeks", "date", "by_day")[: None if by_day else -1]
    if not isinstance(result, Forecast):
        return Rows(columns, ())
    more = {level: (by_day.get(level),) if by_day else () for level in result.dates}
    return Rows(columns, tuple((level, result.weeks[level], day, *more[level]) for level, day in result.dates.items()))


def _facts(scene: Scene) -> list[Fact]:
    scope, throughput, write = scene.analysis.scope, scene.analysis.throughput, scene.formats.number
    facts = [deadline.deadline_fact(scene)]
    if isinstance(scope, Scope):
        facts.append(Fact(_("Left"), write(scope.remaining), "remaining", _("of {total}", total=write(scope.total))))
    if isinstance(throughput, Throughput):
        facts.append(Fact(_("Pace"), _("{pace} a week", pace=write(round(throughput.pace, 1))), "pace"))
    return facts


ANSWER = View(
    at=Place("/", N_("Answer")),
    help=N_("When the work will be done, and how sure that is: from your own past weeks, played forward many times."),
    needs=needs("forecast"),
    sentence=headline,
    facts=_facts,
    numbers={
        "answer": _answer,
        "doubts": _doubts,
        "days-off": _days_off,
        "growing": _growing,
        **deadline.NUMBERS,
        "remaining": numbers.remaining,
        "unestimated": numbers.unestimated,
        "pace": numbers.pace,
    },
    lists=((N_("Left"), "remaining"),),
    rows=_rows,
)
