"""Cycle and lead time: from when to when, in which days, and how often the service level was met.

The cycle starts with the first entry into an in-progress status and ends with the last entry into done; time after a
reopening stays inside. Days are counted calendar-inclusive: done on the day it was started is one day. The lead time
is the same from creation on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from operator import attrgetter

from app.domain import ranks
from app.domain.calendar import Calendar
from app.domain.items import Item
from app.domain.missing import NotEnoughData
from app.words import N_, Nn_
from store.records import Category, thawed
from store.settings import CycleTimeRule

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duration:
    """One finished item. `days` calendar-inclusive, `working_days` inclusive too, `elapsed_days` counts hours."""

    key: str
    start: date
    done: date
    days: int
    working_days: int
    elapsed_days: float


_ThawedDuration = thawed(Duration)


@dataclass(frozen=True, slots=True)
class Durations:
    """`items` in order of finish; `percentiles` (level to days, nearest rank) is empty and `mean` None without any."""

    n: int
    percentiles: Mapping[int, int]
    mean: float | None
    items: tuple[Duration, ...]

    @property
    def days(self) -> list[int]:
        return [each.days for each in self.items]


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """`level` % of the items should take at most `days`; `met` of the `n` finished in the window did.

    `source`: "set" by the team, "earlier" from what was finished before the window, "window" where nothing was: then
    it says what is usual, and that it was met proves nothing.
    """

    days: int
    level: int
    met: int
    n: int
    share: float
    source: str
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedCycleTime:
    """One rule with the items that ended in the window by it."""

    name: str
    start: tuple[str, ...]
    done: tuple[str, ...]
    n: int
    percentiles: Mapping[int, int]
    mean: float | None
    items: tuple[Duration, ...]


class Clock:
    """Days between instants in one calendar; counts working days by a table, which 20,000 items pay for."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self.calendar = calendar
        self._bounds, self._origin = (first, last), first.toordinal()

    @cached_property
    def _worked(self) -> list[int]:
        """Working days before each day of the table, by its distance from the first."""
        (first, last), total, counts = self._bounds, 0, [0]
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            total += self.calendar.is_working(date.fromordinal(ordinal))
            counts.append(total)
        return counts

    def duration(self, key: str, start: datetime, done: datetime, last: date | None = None) -> Duration:
        """`last`: the day of `done`, where it is known already."""
        first, last = self.calendar.day_of(start), last or self.calendar.day_of(done)
        worked = self._worked
        begin, end = first.toordinal() - self._origin, last.toordinal() - self._origin
        new = _ThawedDuration()
        new.key, new.start, new.done, new.days = key, first, last, end - begin + 1
        new.working_days = (
            worked[end + 1] - worked[begin]
            if 0 <= begin <= end + 1 < len(worked)
            else self.calendar.working_days_between(first, last)
        )
        new.elapsed_days = (done - start) / _ONE_DAY
        new.__class__ = Duration
        duration: Duration = new
        return duration


def durations(spans: Iterable[Duration]) -> Durations:
    # Twice by one value each is quicker than once by two.
    ordered = tuple(sorted(sorted(spans, key=attrgetter("key")), key=attrgetter("done")))
    days = [each.days for each in ordered]
    return Durations(len(ordered), ranks.percentiles(days), ranks.mean(days), ordered)


def cycle_times(finished: Sequence[Item], clock: Clock) -> Durations:
    """Of the finished items whose start is known."""
    # A file may name a start after the finish; such an item took no time rather than a negative one.
    return durations(
        clock.duration(item.issue.key, min(item.started, item.done_at), item.done_at, item.finished[-1])
        for item in finished
        if item.started is not None and item.done_at is not None
    )


def lead_times(finished: Sequence[Item], clock: Clock) -> Durations:
    """Of the finished items that were created before their finish: another order is an error of the data."""
    return durations(
        clock.duration(item.issue.key, created, item.done_at, item.finished[-1])
        for item in finished
        if (created := item.issue.created) is not None and item.done_at is not None and created <= item.done_at
    )


def service_level(
    days: int | None, level: int, measured: Durations, earlier: Sequence[int]
) -> ServiceLevel | NotEnoughData:
    """Against the `days` that were set, else against what `level` % of the `earlier` cycle times kept."""
    source = "set"
    if days is None:
        base, source = (earlier, "earlier") if earlier else (measured.days, "window")
        if not base:
            return NotEnoughData(N_("No item with a known start was finished, so there is no service level yet."))
        days = ranks.percentile(base, level)
    missed = tuple(each.key for each in measured.items if each.days > days)
    if not measured.n:
        return NotEnoughData(
            Nn_(
                "The service level is {days} day, but no item with a known start was finished since.",
                "The service level is {days} days, but no item with a known start was finished since.",
                days,
                days=days,
            )
        )
    met = measured.n - len(missed)
    return ServiceLevel(days, level, met, measured.n, met / measured.n, source, missed)


# -- rules of the team's own ---------------------------------------------------------------------------


def named_cycle_time(
    rule: CycleTimeRule, items: Iterable[Item], clock: Clock, first: date, last: date
) -> NamedCycleTime:
    """Items that ended by the rule in [first, last] and had begun by it before."""
    times = durations(
        duration
        for item in items
        if (ends := _ends(item, rule)) is not None
        and first <= (duration := clock.duration(item.issue.key, *ends)).done <= last
    )
    start, done = tuple(sorted(rule.start)), tuple(sorted(rule.done))
    return NamedCycleTime(rule.name, start, done, times.n, times.percentiles, times.mean, times.items)


def _ends(item: Item, rule: CycleTimeRule) -> tuple[datetime, datetime] | None:
    done = item.done_at if not rule.done else _last_entry(item, rule.done)
    if done is None:
        return None
    starts = [stay.since for stay in item.stays if stay.status.casefold() in rule.start and stay.since <= done]
    if not rule.start and item.issue.created is not None and item.issue.created <= done:
        starts = [item.issue.created]
    return (starts[-1] if rule.from_last else starts[0], done) if starts else None


def _last_entry(item: Item, statuses: frozenset[str]) -> datetime | None:
    """When it last came into one of the statuses from another; None unless it was there or is done since."""
    entry: datetime | None = None
    inside = False
    for stay in item.stays:
        was_inside, inside = inside, stay.status.casefold() in statuses
        if inside and not was_inside:
            entry = stay.since
    return entry if inside or item.category is Category.DONE else None
