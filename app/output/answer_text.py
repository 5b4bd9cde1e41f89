"""The answer in a line, to be pasted anywhere: the Share menu copies it, a report begins with it."""

from __future__ import annotations

from app.domain.forecast import Forecast
from app.domain.missing import NotEnoughData
from app.domain.ways import LEVEL
from app.views.answer import too_few_days
from app.views.view import Scene
from app.words import _


def answer_text(name: str, scene: Scene) -> str:
    """Alloy 1.4: 85 % sure by 21 May 2028; deadline 31 Dec 2027: 68 % (76 % last week). As of 29 Nov 2026."""
    as_of = _("As of {as_of}.", as_of=scene.formats.short(scene.analysis.as_of))
    result = scene.analysis.forecast
    if isinstance(result, NotEnoughData):
        return f"{name}: {result.reason} {as_of}"
    return f"{name}: {_dates_line(result, scene)}{_deadline(scene)}. {as_of}"


def _dates_line(result: Forecast, scene: Scene) -> str:
    half, sure, formats = result.dates.get(50), result.dates.get(LEVEL), scene.formats
    if result.remaining <= 0:
        return _("everything is done")
    if too_few_days(scene) is not None:
        return _("too early for a date")
    if sure is not None:
        return _("{level} sure by {day}", level=formats.rate(LEVEL / 100), day=formats.short(sure))
    return (
        _("even odds by {day}, how much later is open", day=formats.short(half))
        if half is not None
        else _("no date can be given")
    )


def _deadline(scene: Scene) -> str:
    deadline, chance = scene.analysis.params.deadline, scene.analysis.chance
    if deadline is None or chance is None:
        return ""
    return _(
        "; deadline {deadline}: {chance}{before}",
        deadline=scene.formats.short(deadline),
        chance=scene.formats.share(chance),
        before=_before(scene),
    )


def _before(scene: Scene) -> str:
    review = scene.analysis.last_week
    if isinstance(review, NotEnoughData) or review.chance_before is None:
        return ""
    return _(" ({chance} last week)", chance=scene.formats.share(review.chance_before))
