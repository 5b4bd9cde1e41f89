"""How much work there is: total, done, remaining, and what changed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.epics import Epics
from app.domain.hierarchy import Level
from app.domain.items import IN_PROGRESS, POINTS, Item, Unit
from app.domain.known import Known
from app.domain.ledger import ADDED, RE_ESTIMATED, REMOVED, REOPENED, ScopeChange
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from app.domain.typed import corrected_rows, left_of_weeks


@dataclass(frozen=True, slots=True)
class Scope:
    """In the analysis' unit. `remaining` = `total` - `done`. Keys name the issues behind each number.

    `unestimated` counts open items without points (0 in items). `source` is "issues", "weeks" or "typed".
    `added`, `removed`, `reestimated` and `reopened` are sums of the window's `ledger`, each step without its sign.
    `expected` is work beside the total: what open epics that are not broken down are taken to bring. `left_out`: how
    many items of each level do not count, because their parts or their wholes do.
    """

    total: float
    done: float
    remaining: float
    in_progress: float
    todo: float
    unestimated: int
    remaining_keys: tuple[str, ...] = ()
    unestimated_keys: tuple[str, ...] = ()
    source: str = "issues"
    added: float = 0.0
    removed: float = 0.0
    reestimated: float = 0.0
    reopened: float = 0.0
    ledger: tuple[ScopeChange, ...] = ()
    expected: float = 0.0
    expected_keys: tuple[str, ...] = ()
    left_out: Mapping[Level, int] = field(default_factory=dict)

    def recorded(self, known: Known) -> dict[str, dict[str, Any]]:
        return {
            "scope": {
                "unit": known.unit.value,
                "total": self.total,
                "done": self.done,
                "remaining": self.remaining,
                "in_progress": self.in_progress,
                "todo": self.todo,
                "unestimated_items": self.unestimated,
                "source": self.source,
            }
        }


def scope(
    known: Known, throughput: Throughput | NotEnoughData, epics: Epics | NotEnoughData | None = None
) -> Scope | NotEnoughData:
    """What there is to do, without the override of `Params.remaining` where issues tell it, and without its changes."""
    if known.missing is not None:
        return known.missing
    result = scope_of_items(known.items, known.unit) if known.has_items else _scope_of_weeks(known, throughput)
    if isinstance(result, NotEnoughData):
        return result
    if isinstance(epics, Epics):
        result = replace(result, expected=epics.expected, expected_keys=epics.expected_keys)
    return replace(result, left_out=known.left_out_levels)


def with_ledger(scope: Scope | NotEnoughData, known: Known, ledger: Sequence[ScopeChange]) -> Scope | NotEnoughData:
    """With what changed it in the window."""
    if isinstance(scope, NotEnoughData):
        return scope
    first, last = known.window
    steps = tuple(step for step in ledger if first <= step.day <= last)
    sums = dict.fromkeys((ADDED, REMOVED, RE_ESTIMATED, REOPENED), 0.0)
    for step in steps:
        sums[step.kind] += abs(step.amount)
    return replace(
        scope,
        added=sums[ADDED],
        removed=sums[REMOVED],
        reestimated=sums[RE_ESTIMATED],
        reopened=sums[REOPENED],
        ledger=steps,
    )


def _scope_of_weeks(known: Known, throughput: Throughput | NotEnoughData) -> Scope | NotEnoughData:
    facts, params = known.facts, known.params
    if not facts.weeks and params.remaining is None and isinstance(throughput, NotEnoughData):
        return throughput
    left = left_of_weeks(
        corrected_rows(facts.weeks, facts.corrections, known.calendar),
        facts.project_data,
        known.calendar,
        known.unit,
        known.as_of,
        known.is_live,
        params.remaining,
    )
    if isinstance(left, NotEnoughData):
        return left
    return Scope(left.total, left.done, left.remaining, 0.0, left.remaining, 0, source=left.source)


def remaining(known: Known, scope: Scope | NotEnoughData) -> float | NotEnoughData:
    """The remaining work that is forecast: given by the user, else derived."""
    if known.params.remaining is not None:
        return known.params.remaining
    return scope if isinstance(scope, NotEnoughData) else scope.remaining + scope.expected


def scope_of_items(items: Sequence[Item], unit: Unit) -> Scope:
    """The state of all items that are in scope at the end of what is known."""
    total = done = in_progress = 0.0
    remaining_keys: list[str] = []
    unestimated_keys: list[str] = []
    for item in items:
        if item.left and not item.in_scope:
            continue
        size = item.size(unit)
        total += size
        if item.done_at is not None:
            done += size
            continue
        remaining_keys.append(item.issue.key)
        if item.category is IN_PROGRESS:
            in_progress += size
        if unit is POINTS and item.points is None:
            unestimated_keys.append(item.issue.key)
    remaining = total - done
    return Scope(
        total,
        done,
        remaining,
        in_progress,
        remaining - in_progress,
        len(unestimated_keys),
        tuple(remaining_keys),
        tuple(unestimated_keys),
    )
