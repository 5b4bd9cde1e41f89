"""How much work there is: total, done, remaining, and what changed it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from app.domain.items import Item, Unit
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from app.domain.typed import corrected_rows, left_of_weeks
from store.records import Category


@dataclass(frozen=True, slots=True)
class Scope:
    """In the analysis' unit. `remaining` = `total` - `done`. Keys name the issues behind each number.

    `unestimated` counts open items without points (0 in items). `source` is "issues", "weeks" or "typed".
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


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """One step of the scope line. `kind`: added, removed, re-estimated, reopened. `amount` carries its sign.

    A reopened item changes what remains and not the scope: leave it out of a sum of the scope line's steps.
    """

    day: date
    kind: str
    amount: float
    keys: tuple[str, ...]


def scope(known: Known, throughput: Throughput | NotEnoughData) -> Scope | NotEnoughData:
    """What there is to do, without the override of `Params.remaining` where issues tell it."""
    if known.missing is not None:
        return known.missing
    return scope_of_items(known.items, known.unit) if known.has_items else _scope_of_weeks(known, throughput)


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
    return scope if isinstance(scope, NotEnoughData) else scope.remaining


def scope_of_items(items: Sequence[Item], unit: Unit) -> Scope:
    """The state of all items that are in scope at the end of what is known."""
    total = done = in_progress = 0.0
    remaining_keys: list[str] = []
    unestimated_keys: list[str] = []
    for item in items:
        if not item.in_scope:
            continue
        size = item.size(unit)
        total += size
        if item.done is not None:
            done += size
            continue
        remaining_keys.append(item.issue.key)
        if item.category is Category.IN_PROGRESS:
            in_progress += size
        if unit is Unit.POINTS and item.points is None:
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


class State(NamedTuple):
    """One item at the end of a day. `size` in the unit; `estimated` is true in items."""

    in_scope: bool
    done: bool
    size: float
    estimated: bool


_NOWHERE = State(in_scope=False, done=False, size=0.0, estimated=True)


class Step(NamedTuple):
    """An item's state before and after a day on which something happened to it."""

    day: date
    before: State
    after: State


def steps_of(item: Item, unit: Unit) -> list[Step]:
    """What happened to an item, one step for each day on which anything did, oldest first."""
    days = {*item.entered, *item.left, *item.finished, *item.reopened}
    if unit is Unit.POINTS:
        days.update(day for day, _ in item.sizes)
    steps = []
    before = _NOWHERE
    for day in sorted(days):
        after = _state(item, day, unit)
        steps.append(Step(day, before, after))
        before = after
    return steps


def _state(item: Item, day: date, unit: Unit) -> State:
    points = item.points_on(day)
    return State(
        in_scope=sum(on <= day for on in item.entered) > sum(on <= day for on in item.left),
        done=sum(on <= day for on in item.finished) > sum(on <= day for on in item.reopened),
        size=1.0 if unit is Unit.ITEMS else max(0.0, points or 0.0),
        estimated=unit is Unit.ITEMS or points is not None,
    )


def is_simple(item: Item) -> bool:
    """Came once, was finished at most once and never changed its size: most items, worth a shorter way."""
    return len(item.entered) == 1 and not item.left and len(item.sizes) < 2 and not item.reopened


def scope_changes(items: Iterable[Item], unit: Unit, first: date, last: date) -> tuple[ScopeChange, ...]:
    """Every step of the scope in [first, last], oldest first; items of one kind and day together."""
    found: dict[tuple[date, str], tuple[list[float], list[str]]] = {}

    def note(day: date, kind: str, amount: float, key: str) -> None:
        if first <= day <= last:
            amounts, keys = found.setdefault((day, kind), ([], []))
            amounts.append(amount)
            keys.append(key)

    for item in items:
        key = item.issue.key
        if is_simple(item):
            note(item.entered[0], "added", item.size(unit), key)
            continue
        for step in steps_of(item, unit):
            for kind, amount in changes_in(step):
                note(step.day, kind, amount, key)
    return tuple(
        ScopeChange(day, kind, sum(amounts), tuple(keys)) for (day, kind), (amounts, keys) in sorted(found.items())
    )


def changes_in(step: Step) -> list[tuple[str, float]]:
    """(kind, signed amount) of what one step did to the scope or to what remains of it."""
    before, after = step.before, step.after
    if after.in_scope and not before.in_scope:
        return [("added", after.size)]
    if before.in_scope and not after.in_scope:
        return [("removed", -before.size)]
    if not after.in_scope:
        return []
    changes = []
    if after.size != before.size or after.estimated != before.estimated:
        changes.append(("re-estimated", after.size - before.size))
    if before.done and not after.done:
        changes.append(("reopened", after.size))
    return changes
