"""Cumulative flow, work in progress and its age at the end of each day, arrivals and departures.

Two views. `state`: how many items are in each category and status; falls when one is reopened, sent back or leaves.
`arrivals`: how many have ever come there; never falls, because nothing undoes an arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate
from typing import NamedTuple

from app.domain.calendar import ONE_WEEK, Calendar
from app.domain.items import Item
from store.records import Category

_CATEGORIES = (Category.TODO, Category.IN_PROGRESS, Category.DONE)


@dataclass(frozen=True, slots=True)
class FlowDay:
    """Items at the end of `day`, by category and by name of the status.

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
    """Both views, for the same days."""

    state: tuple[FlowDay, ...]
    arrivals: tuple[FlowDay, ...]


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


@dataclass(frozen=True, slots=True)
class States:
    """The state view, and beside each day the sum of the ages of the items in progress whose start is known."""

    days: tuple[FlowDay, ...]
    total_age: tuple[int, ...]


class Place(NamedTuple):
    """Where an item is from the day `at` of a period on; `category` None: out of scope. Status "": not known."""

    at: int
    category: Category | None
    status: str


# A status' line stands behind a mark: statuses may be called like categories.
_MARK = "\x00"
_NAMES = [category.value for category in _CATEGORIES]


class _Lines:
    """One line of counts per category and status over the days of a period; steps are noted, sums taken at the end."""

    def __init__(self, period: _Period) -> None:
        self.period = period
        self.steps: dict[str, list[int]] = {name: [0] * (period.length + 1) for name in _NAMES}

    def line(self, name: str) -> list[int]:
        found = self.steps.get(name)
        if found is None:
            found = self.steps[name] = [0] * (self.period.length + 1)
        return found

    def step(self, at: int, category: Category, status: str, amount: int) -> None:
        self.steps[category][at] += amount
        if status:
            self.line(_MARK + status)[at] += amount

    def days(self) -> tuple[FlowDay, ...]:
        whole = [list(accumulate(self.steps[name])) for name in _NAMES]
        parts = {name[1:]: list(accumulate(self.steps[name])) for name in sorted(self.steps) if name[0] == _MARK}
        return tuple(
            FlowDay(
                date.fromordinal(self.period.origin + at),
                *(line[at] for line in whole),
                {name: line[at] for name, line in parts.items() if line[at]},
            )
            for at in range(self.period.length)
        )


def states(items: Iterable[Item], calendar: Calendar, first: date, last: date) -> States:
    """How many items are where at the end of each day in [first, last]."""
    period = _Period(calendar, first, last)
    lines = _Lines(period)
    starts, with_start = [0] * (period.length + 1), [0] * (period.length + 1)
    for item in items:
        before: Place | None = None
        for place in period.places(item):
            for where, step in ((before, -1), (place, 1)):
                if where is None or where.category is None:
                    continue
                lines.step(place.at, where.category, where.status, step)
                if where.category is Category.IN_PROGRESS and item.started is not None:
                    starts[place.at] += step * calendar.day_of(item.started).toordinal()
                    with_start[place.at] += step
            before = place
    sums = zip(accumulate(starts), accumulate(with_start), strict=True)
    # An item's age is the day less its start plus one, so their sum needs only the sum of the starts.
    total_age = [count * (period.origin + at + 1) - begun for at, (begun, count) in enumerate(sums)]
    return States(lines.days(), tuple(total_age[: period.length]))


class _Period:
    """The days in [first, last] by number, and where an item was during them."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self.calendar = calendar
        self.origin = first.toordinal()
        self.length = max(0, last.toordinal() - self.origin + 1)
        self.begin = calendar.start_of(first)

    def number(self, day: date) -> int:
        """0 for days before the first; `length`, where nothing is read, for days after the last."""
        return min(max(0, day.toordinal() - self.origin), self.length)

    def number_of(self, instant: datetime) -> int:
        return 0 if instant < self.begin else self.number(self.calendar.day_of(instant))

    def places(self, item: Item) -> list[Place]:
        """Oldest first; of what was before the first day, the last alone need be told."""
        moves = self._moves(item) if item.stays else self._told_moves(item)
        if len(item.entered) == 1 and not item.left:
            entry = self.number(item.entered[0])
            return [Place(max(at, entry), category, status) for at, category, status in moves] if entry else moves
        return self._while_in_scope(item, moves)

    def _moves(self, item: Item) -> list[Place]:
        stays, begin = item.stays, self.begin
        early = len(stays) - 1
        while early and stays[early].since >= begin:
            early -= 1
        return [Place(self.number_of(since), category, status) for since, status, category in stays[early:]]

    def _told_moves(self, item: Item) -> list[Place]:
        """Of an item without a history: its status now holds since its last event."""
        by_day: dict[int, Category] = {self.number(item.entered[0]): Category.TODO}
        if item.started is not None:
            by_day[self.number_of(item.started)] = Category.IN_PROGRESS
        by_day |= {self.number(day): Category.TODO for day in item.reopened}
        by_day |= {self.number(day): Category.DONE for day in item.finished}
        days = sorted(by_day)
        now = Category.DONE if item.done is not None else item.category
        return [*(Place(day, by_day[day], "") for day in days[:-1]), Place(days[-1], now, item.status)]

    def _while_in_scope(self, item: Item, moves: Sequence[Place]) -> list[Place]:
        entered, left = [self.number(day) for day in item.entered], [self.number(day) for day in item.left]
        by_day = {place.at: place for place in moves}
        found = []
        where = Place(0, Category.TODO, "")
        for day in sorted({*by_day, *entered, *left}):
            where = by_day.get(day, where)
            inside = sum(on <= day for on in entered) > sum(on <= day for on in left)
            found.append(Place(day, where.category if inside else None, where.status))
        return found


def arrivals(items: Iterable[Item], calendar: Calendar, first: date, last: date) -> tuple[FlowDay, ...]:
    """How many items had come, had been started, had been finished and had been in each status by the end of a day.

    Each is counted once. What went straight to done was started then too.
    """
    period = _Period(calendar, first, last)
    lines = _Lines(period)
    for item in items:
        lines.step(period.number(item.entered[0]), Category.TODO, "", 1)
        finished = period.number(item.finished[0]) if item.finished else None
        started = period.number_of(item.started) if item.started is not None else finished
        if started is not None:
            begun = started if finished is None else min(started, finished)
            lines.step(begun, Category.IN_PROGRESS, "", 1)
        if finished is not None:
            lines.step(finished, Category.DONE, "", 1)
        for status, at in _first_entries(item, period).items():
            lines.line(_MARK + status)[at] += 1
    return lines.days()


def _first_entries(item: Item, period: _Period) -> dict[str, int]:
    if not item.stays:
        return {item.status: period.places(item)[-1].at} if item.status else {}
    entries: dict[str, int] = {}
    for since, status, _ in item.stays:
        if status not in entries:
            entries[status] = period.number_of(since)
    return entries


def little(days: Sequence[FlowDay], done_before: int = 0) -> Little | None:
    """Little's law over days of the state view; None without days. `done_before`: done before the first day."""
    if not days:
        return None
    mean_wip = sum(day.in_progress for day in days) / len(days)
    done_per_day = (days[-1].done - done_before) / len(days)
    return Little(mean_wip, done_per_day, mean_wip / done_per_day if done_per_day > 0 else None)


def net_flow(items: Iterable[Item], calendar: Calendar, weeks: Sequence[date]) -> tuple[NetFlowWeek, ...]:
    """For each of the weeks (first days, in a row) the items first started and those finished in it."""
    if not weeks:
        return ()
    begin, end = calendar.start_of(weeks[0]), calendar.start_of(weeks[-1] + ONE_WEEK)
    first, last = weeks[0], weeks[-1] + ONE_WEEK
    arrived: dict[date, list[str]] = {week: [] for week in weeks}
    left: dict[date, list[str]] = {week: [] for week in weeks}
    for item in items:
        done = item.done
        start = item.started if item.started is not None else item.done_at
        if start is not None and begin <= start < end:
            arrived[calendar.week_of(calendar.day_of(start))].append(item.issue.key)
        if done is not None and first <= done < last and item.counted_on(done):
            left[calendar.week_of(done)].append(item.issue.key)
    return tuple(
        NetFlowWeek(week, len(arrived[week]), len(left[week]), tuple(sorted(arrived[week])), tuple(sorted(left[week])))
        for week in weeks
    )
