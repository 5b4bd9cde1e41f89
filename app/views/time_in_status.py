"""Where time goes: how long items were in each status, worked on, waiting or blocked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.charts import flow as charts
from app.domain.flow import Flow
from app.views.flow import (
    BLOCKED_NOW,
    FLOW,
    FLOW_VIEW,
    STALLED,
    counted,
    days_text,
)
from app.views.from_result import Row
from app.views.view import Behind, Fact, Number, Place, Scene, Sentence
from app.words import N_, _
from store.records import Category


@FLOW.sentence
def _time_sentence(scene: Scene, result: Flow) -> Sentence | str:
    working = [each for each in result.time_in_status if each.category is Category.IN_PROGRESS and each.total_days > 0]
    if not working or result.efficiency.overall is None:
        return _("No history tells how long the finished items were in which status.")
    first, total = max(working, key=lambda each: each.total_days), sum(each.total_days for each in working)
    values: dict[str, str | Number] = {
        "status": Number(first.status, f"stage:{first.status}"),
        "share": scene.formats.rate(first.total_days / total),
        "worked": scene.formats.rate(result.efficiency.overall),
        "count": Number(counted(scene, result.efficiency.n), "timed"),
    }
    return Sentence(
        "{share} of the time from start to finish goes into {status}; in {worked} of it somebody works. Over {count}.",
        values,
    )


@FLOW.figure
def _time_figure(scene: Scene, result: Flow) -> dict[str, Any] | None:
    if not any(each.total_days > 0 for each in result.time_in_status):
        return None
    return charts.status_figure(result.time_in_status, scene.text)


@FLOW.facts
def _time_facts(scene: Scene, result: Flow) -> list[Fact]:
    facts = []
    if result.efficiency.median is not None:
        share = scene.formats.rate(result.efficiency.median)
        facts.append(Fact(_("Efficiency, median item"), share, note=_efficiency_before(scene, result)))
    waited = scene.formats.number(round(result.efficiency.waiting_days))
    facts.append(Fact(_("Days of waiting"), waited))
    if result.blocked.items:
        days = days_text(scene, round(result.blocked.days))
        facts.append(Fact(_("Blocked"), counted(scene, result.blocked.items), "blocked", _("{days} in all", days=days)))
    return facts


def _efficiency_before(scene: Scene, result: Flow) -> str:
    before = result.before.efficiency if result.before is not None else None
    return "" if before is None else _("{before} in the period before", before=scene.formats.rate(before))


@FLOW.behind(N_("Status"))
def _stage(scene: Scene, part: str, result: Flow) -> Behind:
    """Which issues were in a status, and for how long all together."""
    stage = next((each for each in result.time_in_status if each.status == part), None)
    if stage is None:
        return Behind(part or _("Status"), (_("No finished or started item was in it in these days."),))
    inputs = (
        (_("Visits"), scene.formats.number(stage.visits)),
        (_("Days in all"), scene.formats.number(round(stage.total_days, 1))),
        (_("Median visit"), "–" if stage.median_days is None else days_text(scene, round(stage.median_days, 1))),
        (_("There now"), scene.formats.number(stage.open_visits)),
    )
    how = (_("How long items finished in these days, and those under way, were in this status."),)
    return Behind(part, how, inputs, stage.keys, None, (1.0,) * len(stage.keys), _("was in {part}", part=part))


_TIMED = FLOW.issues(
    N_("Finished with a history"),
    N_("Finished in these days, and it is known when they were in a status that means in progress."),
    N_("finished"),
    lambda result: result.efficiency.keys,
)
_BLOCKED = FLOW.issues(
    N_("Blocked in these days"),
    N_("Flagged, or in a status that says so, for a part of these days."),
    N_("was blocked"),
    lambda result: result.blocked.keys,
)


_CATEGORIES = {
    Category.TODO: N_("to do"),
    Category.IN_PROGRESS: N_("in progress"),
    Category.DONE: N_("done"),
}


@FLOW.rows("status", "category", "visits", "median_days", "mean_days", "total_days")
def _time_rows(scene: Scene, result: Flow) -> Iterator[Row]:
    for time in result.time_in_status[::-1]:
        name, category = time.status, _(_CATEGORIES[time.category])
        yield f"stage:{name}", (name, category, time.visits, time.median_days, time.mean_days, time.total_days)


TIME = FLOW_VIEW(
    at=Place("/flow/where-time-goes", N_("Where time goes")),
    help=N_(
        "How long finished items were in each status. Blue is work, orange waiting: statuses in which nobody works, "
        "by their names. Efficiency is the share of work in the time from start to finish."
    ),
    sentence=_time_sentence,
    figure=_time_figure,
    facts=_time_facts,
    numbers={"stage": _stage, "timed": _TIMED, "blocked": _BLOCKED, "stalled": STALLED, "blocked-now": BLOCKED_NOW},
    lists=(
        (N_("Blocked in these days"), "blocked"),
        (N_("Blocked now"), "blocked-now"),
        (N_("Without a change"), "stalled"),
    ),
    rows=_time_rows,
)
