"""What changed the scope: every step of it by day, and the states of an item that the steps lie between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from app.domain.calendar import ONE_DAY, ONE_WEEK, Calendar
from app.domain.items import ITEMS, POINTS, Item, Unit
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from store.records import thawed

ADDED, REMOVED, RE_ESTIMATED, REOPENED = "added", "removed", "re-estimated", "reopened"


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """One step of the scope line. `kind`: added, removed, re-estimated, reopened. `amount` carries its sign.

    What was re-estimated upwards and downwards on one day are two steps.
    A reopened item changes what remains and not the scope: leave it out of a sum of the scope line's steps.
    """

    day: date
    kind: str
    amount: float
    keys: tuple[str, ...]


def ledger(known: Known, throughput: Throughput | NotEnoughData, steps: Steps | None = None) -> tuple[ScopeChange, ...]:
    """Every step there was, oldest first; of weekly numbers what came in each week, on its last day."""
    if known.has_items:
        return scope_changes(known.items, known.unit, date.min, date.max, steps)
    if isinstance(throughput, NotEnoughData):
        return ()
    ends = [(week.start + ONE_WEEK - ONE_DAY, week) for week in throughput.weeks]
    if throughput.running is not None and known.is_live:
        ends.append((known.last_day, throughput.running))
    return tuple(ScopeChange(end, ADDED, week.created, ()) for end, week in ends if week.created)


@dataclass(frozen=True, slots=True)
class ScopeWeek:
    """What the week that begins on `start` did to the scope; `removed` is negative, `re_estimated` signed.

    `reopened` changes what remains and not the scope, so it is not in `net`.
    """

    start: date
    added: float = 0.0
    removed: float = 0.0
    re_estimated: float = 0.0
    reopened: float = 0.0

    @property
    def net(self) -> float:
        return self.added + self.removed + self.re_estimated

    @property
    def span(self) -> str:
        """Its first and last day, as addresses name them."""
        return f"{self.start.isoformat()}..{(self.start + ONE_WEEK - ONE_DAY).isoformat()}"


def by_week(changes: Iterable[ScopeChange], calendar: Calendar, last: date) -> tuple[ScopeWeek, ...]:
    """Every week from the first change to that of `last`, oldest first, those without a change too."""
    sums_of: dict[date, dict[str, float]] = {}
    for change in changes:
        sums = sums_of.setdefault(calendar.week_of(change.day), {})
        sums[change.kind] = sums.get(change.kind, 0.0) + change.amount
    if not sums_of:
        return ()
    first = min(sums_of)
    starts = [first + at * ONE_WEEK for at in range((calendar.week_of(last) - first) // ONE_WEEK + 1)]
    return tuple(
        ScopeWeek(start, *(sums_of.get(start, {}).get(kind, 0.0) for kind in (ADDED, REMOVED, RE_ESTIMATED, REOPENED)))
        for start in starts
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
    inside, done = _turns(item.entered, item.left), _turns(item.finished, item.reopened)
    sizes = dict(item.sizes) if unit is POINTS else {}
    came = finished = 0
    size, is_estimated = 1.0, unit is ITEMS
    if not is_estimated:
        size = 0.0
    steps: list[Step] = []
    before = _NOWHERE
    for day in sorted({*inside, *done, *sizes}):
        came += inside.get(day, 0)
        finished += done.get(day, 0)
        if day in sizes:
            points = sizes[day]
            size, is_estimated = max(0.0, points or 0.0), points is not None
        after = State(came > 0, finished > 0, size, is_estimated)
        steps.append(Step(day, before, after))
        before = after
    return steps


def _turns(there: Sequence[date], back: Sequence[date]) -> dict[date, int]:
    """By day how often something went there, less how often it came back."""
    turns: dict[date, int] = {}
    for day in there:
        turns[day] = turns.get(day, 0) + 1
    for day in back:
        turns[day] = turns.get(day, 0) - 1
    return turns


Steps = Mapping[str, Sequence[Step]]


def steps_by_key(items: Iterable[Item], unit: Unit) -> Steps:
    """What happened to each item that is not simple: for who walks through all of them more than once."""
    return {item.issue.key: steps_of(item, unit) for item in items if not is_simple(item, unit)}


def is_simple(item: Item, unit: Unit) -> bool:
    """Came once, went and was finished at most once and never changed its size: most items, worth a shorter way."""
    never_resized = unit is ITEMS or len(item.sizes) < 2
    return never_resized and len(item.entered) == 1 and len(item.left) < 2 and not item.reopened


def came_to_nothing(item: Item) -> bool:
    """Whether a simple item left on the day on which it came: at the end of no day it was in scope."""
    return bool(item.left) and item.left[0] <= item.entered[0]


def scope_changes(
    items: Sequence[Item], unit: Unit, first: date, last: date, happened: Steps | None = None
) -> tuple[ScopeChange, ...]:
    """Every step of the scope in [first, last], oldest first; items of one kind, day and sign together.

    `happened`: as `steps_by_key` gives it, where somebody has it already.
    """
    # Amounts and keys apart, and what was added, as nearly all was, by its day alone: two thirds of the time.
    added: defaultdict[date, _Sums] = defaultdict(_no_sums)
    other: defaultdict[tuple[date, str, bool], _Sums] = defaultdict(_no_sums)
    is_counted = unit is ITEMS
    happened = steps_by_key(items, unit) if happened is None else happened
    for item in items:
        key = item.issue.key
        own = happened.get(key)
        if own is not None:
            for day, kind, amount in _changes(item, unit, own):
                _note(added[day] if kind == ADDED else other[day, kind, amount < 0], amount, key)
        elif not item.left:
            amounts, keys = added[item.entered[0]]
            amounts.append(1.0 if is_counted else item.size(unit))
            keys.append(key)
        elif not came_to_nothing(item):
            size = item.size(unit)
            _note(added[item.entered[0]], size, key)
            for day in item.left:
                _note(other[day, REMOVED, size > 0], -size, key)
    other.update({(day, ADDED, False): sums for day, sums in added.items()})
    inside = [(place, sums) for place, sums in other.items() if first <= place[0] <= last]
    inside.sort(key=itemgetter(0))
    return tuple([_change(day, kind, *sums) for (day, kind, _), sums in inside])


# Amounts, and the keys of the items that each is of.
_Sums = tuple[list[float], list[str]]


def _no_sums() -> _Sums:
    return [], []


def _note(sums: _Sums, amount: float, key: str) -> None:
    sums[0].append(amount)
    sums[1].append(key)


_ThawedChange = thawed(ScopeChange)


def _change(day: date, kind: str, amounts: Sequence[float], keys: Sequence[str]) -> ScopeChange:
    new = _ThawedChange()
    new.day, new.kind, new.amount, new.keys = day, kind, sum(amounts), tuple(keys)
    new.__class__ = ScopeChange
    change: ScopeChange = new
    return change


def _changes(item: Item, unit: Unit, steps: Iterable[Step]) -> Iterator[tuple[date, str, float]]:
    for step in steps:
        for kind, amount in changes_in(step):
            yield step.day, kind, amount
    # Each time, even when it is finished again on the same day.
    for day in item.reopened:
        if item.counted_on(day):
            yield day, REOPENED, item.size_on(day, unit)


def changes_in(step: Step) -> list[tuple[str, float]]:
    """(kind, signed amount) of what one step did to the scope."""
    before, after = step.before, step.after
    if after.in_scope and not before.in_scope:
        return [(ADDED, after.size)]
    if before.in_scope and not after.in_scope:
        return [(REMOVED, -before.size)]
    if not after.in_scope:
        return []
    changes = []
    if after.size != before.size or after.estimated != before.estimated:
        changes.append((RE_ESTIMATED, after.size - before.size))
    return changes
