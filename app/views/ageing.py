"""Age of work: how old what is in progress is, against the pace of what was finished."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.charts import flow as charts
from app.domain.ageing import Age
from app.domain.cycle_time import ServiceLevel
from app.domain.flow import Flow
from app.views.flow import (
    BLOCKED_NOW,
    FLOW,
    FLOW_VIEW,
    SENT_BACK,
    STALLED,
    UNKNOWN_THEN,
    days_text,
    is_wip_known,
    item,
    notes,
    wip,
)
from app.views.from_result import Row
from app.views.stand_up import columns_of_work, the_round
from app.views.view import Fact, Number, Place, Scene, Sentence
from app.words import N_, _, n_

_OLD_BAND = 85
# Of a hundred thousand dots the browser would be sent megabytes; the oldest are those that matter.
_MOST_DRAWN = 10_000


def _old(result: Flow) -> list[Age]:
    return [age for age in result.age if (age.band or 0) >= _OLD_BAND]


def _started(scene: Scene, count: int) -> str:
    return n_("{count} started item", "{count} started items", count, count=scene.formats.number(count))


@FLOW.sentence
def _age_sentence(scene: Scene, result: Flow) -> Sentence | str:
    if not is_wip_known(scene):
        return _(UNKNOWN_THEN)
    if not result.age:
        return _("No item whose start is known is in progress.")
    oldest, old = result.age[0], _old(result)
    values: dict[str, str | Number] = {
        "old": Number(scene.formats.number(len(old)), "old"),
        "count": Number(_started(scene, len(result.age)), "wip"),
        "key": Number(oldest.key, f"item:{oldest.key}"),
        "days": days_text(scene, oldest.days),
    }
    if not result.pace:
        return Sentence("{count} in progress. The oldest: {key}, {days}.", values)
    return Sentence(
        "{old} of {count} are older than 85 % of the finished ones were when they left the same status. "
        "The oldest: {key}, {days}.",
        values,
    )


@FLOW.figure
def _age_figure(scene: Scene, result: Flow) -> dict[str, Any] | None:
    if not result.age:
        return None
    statuses = columns_of_work(scene, result)
    # Columns in which nothing is now say little once there are many.
    ages = result.age[:_MOST_DRAWN]
    there = {age.status for age in ages}
    shown = statuses if len(statuses) <= 8 else [status for status in statuses if status in there]
    parts = scene.parted(age.key for age in ages)
    return charts.ageing_figure(ages, result.pace, shown, scene.text, parts)


@FLOW.notes
def _age_notes(scene: Scene, result: Flow) -> list[str]:
    sentences = [*notes(scene)]
    if len(result.age) > _MOST_DRAWN:
        sentences.append(_("The {count} oldest are drawn.", count=scene.formats.number(_MOST_DRAWN)))
    return sentences


@FLOW.facts
def _age_facts(scene: Scene, result: Flow) -> list[Fact]:
    if not is_wip_known(scene):
        return []
    facts = [Fact(_("Age of all together"), days_text(scene, result.wip.total_age), "wip")]
    if isinstance(result.sle, ServiceLevel):
        late = [age for age in result.age if age.days > result.sle.days]
        facts.append(Fact(_("Beyond the service level"), scene.formats.number(len(late)), "late"))
    stuck = len(result.blocked.now_keys)
    return [*facts, *([Fact(_("Blocked now"), scene.formats.number(stuck), "blocked-now")] if stuck else [])]


@FLOW.rows("key", "status", "days", "days_in_status", "band", "chance_of_sle")
def _age_rows(scene: Scene, result: Flow) -> Iterator[Row]:
    for age in result.age[::-1]:
        yield f"item:{age.key}", (age.key, age.status, age.days, age.days_in_status, age.band, age.chance_of_sle)


def _late(result: Flow) -> list[str]:
    return [age.key for age in result.age if isinstance(result.sle, ServiceLevel) and age.days > result.sle.days]


_OLD = FLOW.issues(
    N_("Older than usual"),
    N_("In progress for longer than 85 % of the finished items were when they left the same status."),
    N_("old for its status"),
    lambda result: [age.key for age in _old(result)],
)
_LATE = FLOW.issues(
    N_("Beyond the service level"),
    N_("In progress for more days than the service level promises."),
    N_("too late"),
    _late,
)
AGE = FLOW_VIEW(
    at=Place("/flow/age", N_("Age of work")),
    help=N_(
        "A dot is an item in progress, as high as it is old. The shades are what finished items took: by the top of "
        "each, 50, 70, 85 and 95 % of them had left that status. What stands above all of them is the exception."
    ),
    sentence=_age_sentence,
    figure=_age_figure,
    facts=_age_facts,
    notes=_age_notes,
    splits="-",
    numbers={
        "item": item,
        "wip": wip,
        "old": _OLD,
        "late": _LATE,
        "blocked-now": BLOCKED_NOW,
        "stalled": STALLED,
        "sent-back": SENT_BACK,
        "stand-up": the_round,
    },
    lists=(
        (N_("In progress, oldest first"), "wip"),
        (N_("Stand-up"), "stand-up"),
        (N_("Without a change"), "stalled"),
        (N_("Sent back"), "sent-back"),
    ),
    columns=("in-status",),
    rows=_age_rows,
)
