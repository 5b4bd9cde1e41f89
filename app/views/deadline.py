"""The deadline: its chance, and each way that would make it sure enough."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.forecast import Forecast
from app.domain.missing import NotEnoughData
from app.domain.ways import LEVEL, Ways
from app.views import numbers
from app.views.view import Behind, Fact, Number, Scene, Sentence
from app.words import N_, _


def deadline_fact(scene: Scene) -> Fact:
    """Its chance, and how that moved within a week."""
    deadline, chance, formats = scene.analysis.params.deadline, scene.analysis.chance, scene.formats
    if deadline is None:
        return Fact(_("Deadline"), "–", "", _("No deadline is set."))
    is_past = deadline < scene.analysis.as_of
    note = _("{deadline} is past.", deadline=formats.short(deadline)) if is_past else _since_last_week(scene)
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


def ways_sentence(scene: Scene) -> Sentence | None:
    """What would make it sure enough; None without one that is open."""
    ways, formats = scene.analysis.ways, scene.formats
    if scene.analysis.params.deadline is None or ways is None:
        return None
    texts = {
        _("leave out {drop}"): ways.drop is not None,
        _("{pace} a week instead of {now}"): ways.pace is not None,
        "{later}": ways.later is not None,
    }
    possible = _(" · or ").join(text for text, is_possible in texts.items() if is_possible)
    if not possible:
        return Sentence("Out of reach at this pace.")
    places: dict[str, str | Number] = {
        "level": scene.level,
        "drop": Number(scene.amount(round(ways.drop or 0, 1)), "drop"),
        "pace": Number(formats.number(ways.pace or 0), "ways"),
        "now": formats.number(round(ways.pace_now, 1)),
        "later": Number(formats.short(ways.later), "ways"),
    }
    return Sentence(_("To be {level} sure: ") + possible, places)


# -- what lies behind -----------------------------------------------------------------------------------


def _chance(scene: Scene, part: str) -> Behind:
    result, deadline, title = scene.analysis.forecast, scene.analysis.params.deadline, _("Chance of the deadline")
    if deadline is None:
        return Behind(title, (_("No deadline is set. Set one beside the answer."),))
    if not isinstance(result, Forecast):
        return Behind(title, (result.reason,))
    how = (
        _("The share of simulated futures in which everything is done on or before the deadline."),
        _("It speaks of the work and the pace of today: if either changes, so does the chance."),
    )
    return Behind(title, how, ((_("Deadline"), scene.formats.day(deadline)), *numbers.forecast_inputs(result, scene)))


def _ways(scene: Scene, part: str) -> Behind:
    ways, chance = scene.analysis.ways, scene.analysis.chance
    if ways is None:
        return Behind(_("What it would take"), (_("The deadline is 85 % sure already, or none is set."),))
    inputs = (
        (_("Left"), scene.amount(ways.remaining)),
        (_("Chance as things are"), "–" if chance is None else scene.formats.share(chance)),
        (_("Pace"), _("{pace_now} a week", pace_now=scene.amount(round(ways.pace_now, 1)))),
    )
    keys = numbers.remaining(scene, "").keys
    return Behind(_("What it would take"), tuple(_each_way(ways, scene)), inputs, keys, why=_("not done"))


def _waiting(ways: Ways, scene: Scene) -> str:
    return _(
        "Until then 85 in 100 futures finish {kept} or more, so {dropped} of what is left would have to wait.",
        kept=scene.amount(ways.keep),
        dropped=scene.formats.number(round(ways.drop or 0, 1)),
    )


def _each_way(ways: Ways, scene: Scene) -> Iterator[str]:
    day, write = scene.formats.day, scene.formats.number
    yield _(
        "Each way alone makes the deadline of {deadline} hold in 85 of 100 futures, with the "
        "same past weeks that the forecast draws from.",
        deadline=day(ways.deadline),
    )
    if ways.drop is None:
        yield _("Too little time is left to make the deadline by leaving work out.")
    else:
        yield _waiting(ways, scene)
    if ways.pace is None:
        yield _("No pace that a team could reach would make it.")
    else:
        times = write(round(ways.pace / ways.pace_now, 1))
        yield _("All of it is finished in time at {times} times the pace, {pace} a week.", times=times,
                pace=write(ways.pace))  # fmt: skip
    if ways.later is not None:
        yield _("By {later} 85 in 100 futures are done as things are.", later=day(ways.later))


# Where the order of the work is seen; the view itself is made of this one's parts.
_ORDER = "/plan/how-much", N_("The order in Plan › How much")


def _drop(scene: Scene, part: str) -> Behind:
    """The open issues that would have to wait: the last in the order in which they are worked on."""
    ways, order, title = scene.analysis.ways, scene.analysis.order, _("What to leave out")
    if ways is None or ways.drop is None or isinstance(order, NotEnoughData):
        return Behind(title, (_("Nothing has to be left out, or no deadline is set."),))
    left = order.items[order.fits(ways.keep, scene.unit) :]
    how = (_waiting(ways, scene), _("They are the last in the order in which the work is taken."))
    number, keys = sum(item.size(scene.unit) for item in left), tuple(item.issue.key for item in left)
    return Behind(title, how, (), keys, number, why=_("would wait"), there=_ORDER)


NUMBERS = {"chance": _chance, "ways": _ways, "drop": _drop}
