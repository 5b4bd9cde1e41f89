"""The answer if work keeps coming in as it did: beside the one of the work that is known now."""

from __future__ import annotations

from app.domain.forecast import Forecast
from app.domain.throughput import Throughput
from app.views.view import Number, Scene, Sentence
from app.words import N_

_SURE = N_("If work keeps coming in ({new} a week, {done} are finished): {level} sure by {day}.")
_EVEN = N_("If work keeps coming in ({new} a week, {done} are finished): even odds by {day}.")
_NEVER = N_("If work keeps coming in ({new} a week, {done} are finished): no end in sight.")


def growing_sentence(scene: Scene) -> Sentence | None:
    """When it is done then; None where no work comes in, or where nothing can be said."""
    throughput, growing, write = scene.analysis.throughput, scene.analysis.growing, scene.formats.number
    if not isinstance(growing, Forecast) or not isinstance(throughput, Throughput) or throughput.created_pace <= 0:
        return None
    half, sure = growing.dates.get(50), growing.dates.get(85)
    places: dict[str, str | Number] = {
        "new": Number(write(round(throughput.created_pace, 1)), "new"),
        "done": Number(write(round(throughput.pace, 1)), "pace"),
        "level": scene.level,
        "day": Number(scene.formats.short(sure or half), "growing"),
    }
    return Sentence(_SURE if sure is not None else _EVEN if half is not None else _NEVER, places)


def growing_chance(scene: Scene) -> str:
    """The chance of the deadline then; empty where that says nothing."""
    deadline, growing, throughput = scene.analysis.params.deadline, scene.analysis.growing, scene.analysis.throughput
    if deadline is None or not isinstance(growing, Forecast) or not isinstance(throughput, Throughput):
        return ""
    has_end = throughput.created_pace and growing.remaining > 0
    return scene.formats.share(growing.chance_by(deadline)) if has_end else ""
