"""Cycle time: how long finished items took, and how well the service level was met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.charts import flow as charts
from app.domain.cycle_time import Durations, ServiceLevel
from app.domain.flow import Flow
from app.domain.missing import NotEnoughData
from app.views.flow import (
    FLOW,
    FLOW_VIEW,
    counted,
    cycle,
    days_text,
    durations,
    notes,
)
from app.views.from_result import Row
from app.views.view import Behind, Fact, Number, Place, Scene, Sentence, Switch
from app.words import N_, _


@FLOW.sentence
def _cycle_sentence(scene: Scene, result: Flow) -> Sentence | str:
    if not result.cycle_time.n:
        return _("Nothing whose start is known was finished in these days.")
    if isinstance(result.sle, NotEnoughData):
        return result.sle.reason
    sle = result.sle
    values: dict[str, str | Number] = {
        "level": scene.formats.rate(sle.level / 100),
        "days": days_text(scene, sle.days),
        "share": Number(scene.formats.rate(sle.share), "missed"),
        "count": Number(counted(scene, sle.n), "cycle"),
        "verdict": _("met") if sle.share >= sle.level / 100 else _("not met"),
    }
    if sle.source == "set":
        return Sentence("Service level, {level} within {days}: {verdict}, {share} of {count} took no longer.", values)
    if sle.source == "earlier":
        return Sentence(
            "No service level is set. In the period before {level} took {days} or less: {verdict}, {share} of {count} "
            "took no longer now.",
            values,
        )
    return Sentence("{level} of {count} took {days} or less.", values)


_DRAWN_AS = Switch("as", N_("Drawn as"), (("scatter", N_("Over time")), ("histogram", N_("How often"))))


@FLOW.figure
def _cycle_figure(scene: Scene, result: Flow) -> dict[str, Any] | None:
    if not result.cycle_time.n:
        return None
    sle = result.sle.days if isinstance(result.sle, ServiceLevel) else None
    parts = scene.parted(item.key for item in result.cycle_time.items)
    if scene.chosen(_DRAWN_AS) == "histogram":
        return charts.histogram_figure(result.cycle_time, scene.text, parts)
    return charts.cycle_figure(result.cycle_time, sle, scene.text, parts)


@FLOW.facts
def _cycle_facts(scene: Scene, result: Flow) -> list[Fact]:
    if not result.cycle_time.n:
        return []
    half, most = result.cycle_time.percentiles[50], result.cycle_time.percentiles[85]
    before = result.before.cycle_time if result.before is not None else {}
    return [
        Fact(_("Half within"), days_text(scene, half), "cycle", _before(scene, before.get(50))),
        Fact(_("85 % within"), days_text(scene, most), "cycle", _before(scene, before.get(85))),
        Fact(_("Created to finished, 85 %"), _lead(scene, result.lead_time), "lead"),
    ]


def _before(scene: Scene, days: int | None) -> str:
    return "" if days is None else _("{scene} in the period before", scene=days_text(scene, days))


def _lead(scene: Scene, times: Durations) -> str:
    return days_text(scene, times.percentiles[85]) if times.n else "–"


@FLOW.notes
def _cycle_notes(scene: Scene, result: Flow) -> list[str]:
    sentences = notes(scene)
    rho = result.estimates.rho
    if rho is not None and result.estimates.n >= 20:
        values = {"rho": scene.formats.number(rho, 2), "count": counted(scene, result.estimates.n)}
        if abs(rho) < 0.3:
            text = _("Estimates hardly tell how long work takes: rank correlation {rho} over {count}.", **values)
        elif rho < 0.6:
            text = _("Estimates tell something of how long work takes: rank correlation {rho} over {count}.", **values)
        else:
            text = _("Estimates tell much of how long work takes: rank correlation {rho} over {count}.", **values)
        sentences.append(text)
    return sentences


@FLOW.rows("key", "start", "done", "days", "working_days")
def _cycle_rows(scene: Scene, result: Flow) -> Iterator[Row]:
    for item in result.cycle_time.items:
        yield f"item:{item.key}", (item.key, item.start, item.done, item.days, item.working_days)


def _lead_times(scene: Scene, part: str) -> Behind:
    return durations(scene, part, _("Lead time"), _("From creation to the last finish, both days counted."), True)


_MISSED = FLOW.issues(
    N_("Longer than the service level"),
    N_("Finished in these days, after more days than the service level says."),
    N_("took longer"),
    lambda result: () if isinstance(result.sle, NotEnoughData) else result.sle.missed,
)


CYCLE_TIME = FLOW_VIEW(
    at=Place("/flow/cycle-time", N_("Cycle time")),
    help=N_(
        "A dot is a finished item: when it was finished, and how many days that took from its first start. The lines "
        "say within how many days 50, 85 and 95 % were finished. A service level is such a line as a promise."
    ),
    sentence=_cycle_sentence,
    figure=_cycle_figure,
    facts=_cycle_facts,
    notes=_cycle_notes,
    splits="-",
    switches=(_DRAWN_AS,),
    numbers={"cycle": cycle, "lead": _lead_times, "missed": _MISSED},
    lists=((N_("Finished, longest first"), "cycle"), (N_("Longer than the service level"), "missed")),
    columns=("took", "finished"),
    rows=_cycle_rows,
)
