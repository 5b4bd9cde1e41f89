"""Cumulative flow, work in progress and its age at the end of each day, arrivals and departures.

Two views. `state`: how many items are in each category and status; falls when one is reopened, sent back or leaves.
`arrivals`: how many have ever come there; never falls, because nothing undoes an arrival.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate
from operator import itemgetter

from app.domain import ranks
from app.domain.calendar import ONE_WEEK, Calendar
from app.domain.items import DONE, IN_PROGRESS, TODO, Item
from app.domain.status_order import NO_ORDER, StatusOrder
from store.records import Category

# No board has as many: a list with more took something else for its statuses.
MOST_STATUSES = 200
OTHER_STATUSES = "{count} other statuses"


@dataclass(frozen=True, slots=True)
class FlowDay:
    """Items at the end of `day`, by category and by name of the status; beyond MOST_STATUSES, of the others together.

    In the state view the categories add up to the scope; an item whose history is not known has no status before
    its last event.
    """

    day: date
    todo: int
    in_progress: int
    done: int
    statuses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CumulativeFlow:
    """Both views, for the same days; `total_age`: the sum of the ages of what is in progress, its start known."""

    state: tuple[FlowDay, ...]
    arrivals: tuple[FlowDay, ...]
    total_age: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Little:
    """Little's law over a period: mean work in progress ÷ items done per day = mean days per item.

    `implied_days` is None where nothing was done, `measured_days` (mean elapsed cycle time) where no start is known.
    """

    mean_wip: float
    done_per_day: float
    implied_days: float | None
    measured_days: float | None = None


@dataclass(frozen=True, slots=True)
class NetFlowWeek:
    """Items first started and items finished in the week from `start`."""

    start: date
    arrived: int
    left: int
    arrived_keys: tuple[str, ...]
    left_keys: tuple[str, ...]


# Where an item is from a day of a period (by its number) on; category None: out of scope, status "": not known. A bare
# tuple, as there is one for each of 150,000 stays.
Place = tuple[int, Category | None, str]
_STATUS = itemgetter(1)


def _single_stay(item: Item) -> tuple[datetime | None, str, Category]:
    """As a stay, of an item without a history."""
    return None, item.status, DONE if item.done_at is not None else item.category


class _Lines:
    """One line of counts per category and status over `length` days; steps are noted, sums taken at the end."""

    def __init__(self, length: int) -> None:
        self.length = length
        # One more, for what happens after the last day.
        self.todo, self.in_progress, self.done = ([0] * (length + 1) for _ in range(3))
        # How many were there before the first day ends; then by day: of many statuses most have few steps, or none.
        self.begun: defaultdict[str, int] = defaultdict(int)
        self.statuses: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))

    def of(self, category: Category) -> list[int]:
        # A dictionary would hash the category in Python for each of 150,000 stays.
        if category is DONE:
            return self.done
        return self.in_progress if category is IN_PROGRESS else self.todo

    def days(self, origin: int, order: StatusOrder) -> tuple[FlowDay, ...]:
        todo, in_progress, done = (list(accumulate(line)) for line in (self.todo, self.in_progress, self.done))
        parts = self._parts(order)
        return tuple(
            FlowDay(
                date.fromordinal(origin + at),
                todo[at],
                in_progress[at],
                done[at],
                {name: line[at] for name, line in parts.items() if line[at]},
            )
            for at in range(self.length)
        )

    def _parts(self, order: StatusOrder) -> dict[str, list[int]]:
        """The line of each status; of very many those that ever held the most, and the others together."""
        names = [name for name in {**self.begun, **self.statuses} if name]
        alone = heapq.nsmallest(MOST_STATUSES, names, key=lambda name: (-self._peak(name), name))
        parts = {name: self._line(name) for name in order.of(sorted(alone), str)}
        if others := set(names) - parts.keys():
            parts[OTHER_STATUSES.format(count=len(others))] = self._line(*others)
        return parts

    def _peak(self, name: str) -> int:
        steps: dict[int, int] = self.statuses.get(name, {})
        return max(accumulate((steps[at] for at in sorted(steps)), initial=self.begun.get(name, 0)))

    def _line(self, *names: str) -> list[int]:
        line = [0] * (self.length + 1)
        for name in names:
            line[0] += self.begun.get(name, 0)
            for at, step in self.statuses.get(name, {}).items():
                line[at] += step
        return list(accumulate(line))


class _Period:
    """The days in [first, last] by number, and where an item was during them."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self.calendar = calendar
        self.first = first
        self.origin = first.toordinal()
        self.length = max(0, last.toordinal() - self.origin + 1)
        self.begin = calendar.start_of(first)
        # When each day begins, the one after the last included: to look a day up is cheaper than to ask the zone.
        self.begins = [calendar.start_of(date.fromordinal(self.origin + at)) for at in range(self.length + 1)]

    def number(self, day: date) -> int:
        """0 for days before the first; `length`, where nothing is read, for days after the last."""
        return min(max(0, day.toordinal() - self.origin), self.length)

    def number_of(self, instant: datetime) -> int:
        return max(0, bisect_right(self.begins, instant) - 1)

    def is_settled(self, item: Item) -> bool:
        """Whether all that happened to it was before the first day, as with most items of a long history."""
        if item.entered[-1] >= self.first:
            return False
        if item.left and (len(item.entered) > 1 or len(item.left) > 1 or item.left[-1] >= self.first):
            return False
        if item.stays:
            return item.stays[-1].since < self.begin
        days = (*item.finished[-1:], *item.reopened[-1:])
        return max(days, default=item.entered[-1]) < self.first and (item.started is None or item.started < self.begin)

    def moves(self, item: Item) -> list[Place]:
        """Where it was from when on, in or out of scope."""
        if not item.stays:
            return self._told_moves(item)
        begin, begins = self.begin, self.begins
        return [
            (0 if since < begin else bisect_right(begins, since) - 1, category, status)
            for since, status, category in item.stays
        ]

    def _told_moves(self, item: Item) -> list[Place]:
        """Of an item without a history: its status now holds since its last event."""
        by_day: dict[int, Category] = {self.number(item.entered[0]): TODO}
        if item.started is not None:
            by_day[self.number_of(item.started)] = IN_PROGRESS
        by_day |= {self.number(day): TODO for day in item.reopened}
        by_day |= {self.number(day): DONE for day in item.finished}
        days = sorted(by_day)
        _, status, category = _single_stay(item)
        before: list[Place] = [(day, by_day[day], "") for day in days[:-1]]
        return [*before, (days[-1], category, status)]

    def places(self, item: Item, moves: list[Place]) -> list[Place]:
        """Where it was while in scope."""
        if len(item.entered) == 1 and not item.left:
            entry = self.number(item.entered[0])
            # Nearly always it moves from its entry on.
            if moves[0][0] >= entry:
                return moves
            return [(max(at, entry), category, status) for at, category, status in moves]
        return self._while_in_scope(item, moves)

    def _while_in_scope(self, item: Item, moves: Sequence[Place]) -> list[Place]:
        entered, left = [self.number(day) for day in item.entered], [self.number(day) for day in item.left]
        by_day = {at: (category, status) for at, category, status in moves}
        places: list[Place] = []
        where: tuple[Category | None, str] = TODO, ""
        for day in sorted({*by_day, *entered, *left}):
            where = by_day.get(day, where)
            inside = sum(on <= day for on in entered) > sum(on <= day for on in left)
            places.append((day, where[0] if inside else None, where[1]))
        return places


class _Count:
    """Both views of all items, counted in one pass."""

    def __init__(self, period: _Period) -> None:
        self.period = period
        self.state, self.arrived = _Lines(period.length), _Lines(period.length)
        # Of the items in progress whose start is known: how many, and the sum of the days on which they started.
        self.aged, self.starts = [0] * (period.length + 1), [0] * (period.length + 1)
        # Of the items to which nothing happens in the period, how many went by which statuses.
        self.ways: Counter[tuple[str, ...]] = Counter()

    def add(self, item: Item) -> None:
        moves = self.period.moves(item)
        self._add_places(item, self.period.places(item, moves))
        self._add_statuses(moves)
        self._add_arrival(item)

    def add_settled(self, settled: Sequence[Item]) -> None:
        """Of most items of a long history nothing but sums is asked: of all of them at once."""
        self.ways.update(tuple(map(_STATUS, item.stays)) if item.stays else (item.status,) for item in settled)
        finished = sum(1 for item in settled if item.finished)
        self.arrived.todo[0] += len(settled)
        self.arrived.done[0] += finished
        self.arrived.in_progress[0] += finished + sum(1 for item in settled if item.started and not item.finished)
        statuses: defaultdict[str, int] = defaultdict(int)
        for item in settled:
            if item.left:
                continue
            # What its last stay says, without a look at that.
            category = item.category if item.stays or item.done_at is None else DONE
            statuses[item.status] += 1
            if category is DONE:
                self.state.done[0] += 1
                continue
            start = None
            if category is IN_PROGRESS and item.started is not None:
                start = self.period.calendar.day_of(item.started).toordinal()
            self._note_category(0, category, start, 1)
        for status, count in statuses.items():
            self.state.begun[status] += count

    def close(self) -> None:
        """Put the settled items into the lines of their statuses."""
        for statuses, count in self.ways.items():
            for status in set(statuses):
                self.arrived.begun[status] += count

    def _add_places(self, item: Item, places: Sequence[Place]) -> None:
        statuses = self.state.statuses
        before: Category | None = None
        last = ""
        # Worked out once an item, and not at all for most.
        start: int | None = None
        for at, category, status in places:
            if category is not before:
                if category is IN_PROGRESS and start is None and item.started is not None:
                    start = self.period.calendar.day_of(item.started).toordinal()
                self._note_category(at, before, start, -1)
                self._note_category(at, category, start, 1)
            if before is not None:
                statuses[last][at] -= 1
            if category is not None:
                statuses[status][at] += 1
            before, last = category, status

    def _note_category(self, at: int, category: Category | None, start: int | None, step: int) -> None:
        """`start`: the ordinal of the day on which it was started, None where that is not known."""
        if category is None:
            return
        self.state.of(category)[at] += step
        if category is IN_PROGRESS and start is not None:
            self.aged[at] += step
            self.starts[at] += step * start

    def _add_statuses(self, moves: Iterable[Place]) -> None:
        seen = set()
        for at, _, status in moves:
            if status not in seen:
                seen.add(status)
                self.arrived.statuses[status][at] += 1

    def _add_arrival(self, item: Item) -> None:
        period, lines = self.period, self.arrived
        lines.todo[period.number(item.entered[0])] += 1
        lines.in_progress[_first_start(period, item)] += 1
        lines.done[_first_finish(period, item)] += 1

    def total_age(self) -> tuple[int, ...]:
        """An item's age is the day less its start plus one, so their sum needs only the sum of the starts."""
        sums = zip(accumulate(self.aged), accumulate(self.starts), strict=True)
        ages = [count * (self.period.origin + at + 1) - begun for at, (count, begun) in enumerate(sums)]
        return tuple(ages[: self.period.length])


def _first_in(category: Category, period: _Period, item: Item) -> int:
    if category is DONE:
        return _first_finish(period, item)
    return _first_start(period, item) if category is IN_PROGRESS else period.number(item.entered[0])


def _first_finish(period: _Period, item: Item) -> int:
    return period.number(item.finished[0]) if item.finished else period.length


def _first_start(period: _Period, item: Item) -> int:
    """What went straight to done was started with that."""
    finished = _first_finish(period, item)
    return finished if item.started is None else min(period.number_of(item.started), finished)


def cumulative_flow(
    items: Iterable[Item], calendar: Calendar, first: date, last: date, order: StatusOrder = NO_ORDER
) -> CumulativeFlow:
    """For each day in [first, last]. What went straight to done counts as started then too. `order`: of the statuses;
    those that it does not have go by their names."""
    period = _Period(calendar, first, last)
    count = _Count(period)
    settled: list[Item] = []
    for item in items:
        # The common case without a call: it only ever moved, and for the last time before.
        is_settled = (
            item.stays[-1][0] < period.begin and item.entered[-1] < period.first
            if item.stays and not item.left
            else period.is_settled(item)
        )
        if is_settled:
            settled.append(item)
        else:
            count.add(item)
    count.add_settled(settled)
    count.close()
    state, arrived = (lines.days(period.origin, order) for lines in (count.state, count.arrived))
    return CumulativeFlow(state, arrived, count.total_age())


def keys_on(items: Iterable[Item], calendar: Calendar, day: date, category: Category) -> tuple[str, ...]:
    """The items that the state view counts in this category at the end of `day`."""
    period = _Period(calendar, day, day)
    keys = []
    for item in items:
        places = [there for at, there, _ in period.places(item, period.moves(item)) if at == 0]
        if places and places[-1] is category:
            keys.append(item.issue.key)
    return tuple(keys)


def arrived_keys(
    items: Iterable[Item], calendar: Calendar, category: Category, last: date, since: date | None = None
) -> tuple[str, ...]:
    """The items that had ever come to the category by the end of the last day; of those only the ones that came after
    the end of the day `since`."""
    period = _Period(calendar, last if since is None else since, last)
    counted = range(0 if since is None else 1, period.length)
    return tuple(item.issue.key for item in items if _first_in(category, period, item) in counted)


def little(days: Sequence[FlowDay], finished: int, elapsed_days: Sequence[float] = ()) -> Little | None:
    """Little's law over days of the state view in which so many were finished; None without days."""
    if not days:
        return None
    mean_wip, per_day = sum(day.in_progress for day in days) / len(days), finished / len(days)
    return Little(mean_wip, per_day, mean_wip / per_day if per_day > 0 else None, ranks.mean(elapsed_days))


def net_flow(items: Iterable[Item], calendar: Calendar, weeks: Sequence[date]) -> tuple[NetFlowWeek, ...]:
    """For each of the weeks (first days, in a row) the items first started and those finished in it."""
    if not weeks:
        return ()
    begin, end = calendar.start_of(weeks[0]), calendar.start_of(weeks[-1] + ONE_WEEK)
    first, last = weeks[0], weeks[-1] + ONE_WEEK
    arrived: dict[date, list[str]] = {week: [] for week in weeks}
    left: dict[date, list[str]] = {week: [] for week in weeks}
    for item in items:
        start = item.started or item.done_at
        if start is not None and begin <= start < end:
            arrived[calendar.week_of(calendar.day_of(start))].append(item.issue.key)
        done = item.finished[-1] if item.done_at is not None else None
        if done is not None and first <= done < last and (not item.left or item.counted_on(done)):
            left[calendar.week_of(done)].append(item.issue.key)
    return tuple(
        NetFlowWeek(week, len(arrived[week]), len(left[week]), tuple(sorted(arrived[week])), tuple(sorted(left[week])))
        for week in weeks
    )
