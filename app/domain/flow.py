"""How work flows: cycle time, age, time in status, work in progress, cumulative flow.

The start is the first entry into an in-progress status, the end the last entry into done; time after a reopening
stays inside. Days are counted calendar-inclusive: done on the day it was started is one day.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any, TypeVar

from app.domain.calendar import Calendar
from app.domain.items import Item, Stay
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from store.records import Category

_Number = TypeVar("_Number", int, float)
_ONE_DAY = timedelta(days=1)

# In-progress statuses in which nobody works, by parts of their names.
WAITING_NAMES = ("block", "wait", "hold", "impeded", "impediment", "paused", "ready for", "queue")


@dataclass(frozen=True, slots=True)
class CycleTime:
    """One finished item. `elapsed_days` counts hours too; the others whole days, first and last included."""

    key: str
    start: datetime
    done: datetime
    elapsed_days: float
    calendar_days: int
    working_days: int
    lead_days: float | None
    efficiency: float | None


@dataclass(frozen=True, slots=True)
class WorkItemAge:
    """One item that was started and is not done, in whole days, first and last included."""

    key: str
    status: str
    start: datetime
    calendar_days: int
    working_days: int


@dataclass(frozen=True, slots=True)
class FlowDay:
    """Items at the end of `day`. In the state view they add up to the scope; as arrivals they never fall."""

    day: date
    todo: int
    in_progress: int
    done: int


@dataclass(frozen=True, slots=True)
class Little:
    """Little's law over a period: mean work in progress ÷ items done per day = mean days per item.

    `implied_days` is None where nothing was done.
    """

    mean_wip: float
    done_per_day: float
    implied_days: float | None


@dataclass(frozen=True, slots=True)
class FlowSummary:
    """Flow as known at the analysis' day.

    `wip_keys`: items under way, oldest start first, those without a known start last. `cycle_times`: items done
    in the window whose start is known, in order of finish; `percentiles` (level to calendar days) is empty
    without any. `finished` counts all items done in the window's `window_days`.
    """

    wip_count: int
    wip_keys: tuple[str, ...]
    by_status: Mapping[str, int]
    by_type: Mapping[str, int]
    ages: tuple[WorkItemAge, ...]
    cycle_times: tuple[CycleTime, ...]
    percentiles: Mapping[int, int]
    finished: int
    window_days: int

    def recorded(self, known: Known) -> dict[str, dict[str, Any]]:
        """Work in progress now, and cycle times of what was finished this week (no times when none is known)."""
        load = {
            "wip_count": self.wip_count,
            "by_status": dict(self.by_status),
            "by_issue_type": dict(self.by_type),
        }
        last = known.last_day
        monday = last - timedelta(days=last.weekday())
        finished = [item for item in known.items if (done := item.done) is not None and monday <= done <= last]
        days = [taken.elapsed_days for item in finished if (taken := cycle_time(item, known.calendar)) is not None]
        time = {
            "completed_count": len(finished),
            "median_days": percentile(days, 50) if days else None,
            "avg_days": sum(days) / len(days) if days else None,
            "p85_days": percentile(days, 85) if days else None,
        }
        return {"flow_load": load, "flow_time": time}


def flow(known: Known, throughput: Throughput | NotEnoughData) -> FlowSummary | NotEnoughData:
    """Work in progress, its age, and the cycle times of the window and the days since."""
    if known.missing_issues is not None:
        return known.missing_issues
    window = None if isinstance(throughput, NotEnoughData) else throughput.window[0].start
    first = window or known.calendar.week_of(known.last_day)
    return summary(known.items, known.calendar, known.last_day, first, known.last_day)


def percentile(values: Sequence[_Number], level: float) -> _Number:
    """The smallest value that at least `level` % of the values do not exceed (nearest rank).

    Raises ValueError without values.
    """
    if not values:
        raise ValueError("a percentile needs at least one value")
    # The division is last: 0.07 * 100 is a little over 7 and would give the wrong rank.
    rank = max(1, math.ceil(len(values) * level / 100))
    return sorted(values)[rank - 1]


def cycle_time(item: Item, calendar: Calendar, waiting: frozenset[str] | None = None) -> CycleTime | None:
    """None for an item that is not done or whose start is not known. `waiting`: see `efficiency`."""
    start, done = item.started, item.done_at
    if start is None or done is None:
        return None
    # A file may name a start after the finish; such an item took no time rather than a negative one.
    start = min(start, done)
    first, last = calendar.day_of(start), calendar.day_of(done)
    created = item.issue.created
    return CycleTime(
        key=item.issue.key,
        start=start,
        done=done,
        elapsed_days=(done - start) / _ONE_DAY,
        calendar_days=(last - first).days + 1,
        working_days=calendar.working_days_between(first, last),
        lead_days=(done - created) / _ONE_DAY if created is not None and created <= done else None,
        efficiency=efficiency(item, waiting),
    )


def age(item: Item, calendar: Calendar, today: date) -> WorkItemAge | None:
    """Age on `today` of an item that was started and is not done, sent back to to-do or not; else None."""
    if item.started is None or item.done is not None:
        return None
    first = calendar.day_of(item.started)
    return WorkItemAge(
        key=item.issue.key,
        status=item.status,
        start=item.started,
        calendar_days=(today - first).days + 1,
        working_days=calendar.working_days_between(first, today),
    )


def time_in_status(item: Item, now: datetime) -> dict[str, float]:
    """Days in each status up to `now`, without the done status it rests in; empty without a history."""
    days: dict[str, float] = {}
    for stay, end in _spans(item, now):
        days[stay.status] = days.get(stay.status, 0.0) + (end - stay.since) / _ONE_DAY
    return days


def efficiency(item: Item, waiting: frozenset[str] | None = None) -> float | None:
    """Active time ÷ all time in in-progress statuses of a finished item; None where it spent none there.

    `waiting`: in-progress statuses in which nobody works, in lower case; None: by their names.
    """
    if item.done_at is None:
        return None
    active = total = 0.0
    for stay, end in _spans(item, item.done_at):
        if stay.category is Category.IN_PROGRESS:
            seconds = (end - stay.since).total_seconds()
            total += seconds
            active += 0.0 if _is_waiting(stay.status.casefold(), waiting) else seconds
    return active / total if total else None


def _spans(item: Item, now: datetime) -> list[tuple[Stay, datetime]]:
    """Each stay with its end; a done item ends when it was last finished."""
    end = item.done_at if item.done_at is not None else now
    stays = [stay for stay in item.stays if stay.since < end]
    ends = [stay.since for stay in stays[1:]] + [end]
    return list(zip(stays, ends, strict=False))


def _is_waiting(status: str, waiting: frozenset[str] | None) -> bool:
    if waiting is not None:
        return status in waiting
    return any(name in status for name in WAITING_NAMES)


def cumulative_flow(items: Iterable[Item], calendar: Calendar, first: date, last: date) -> tuple[FlowDay, ...]:
    """How many items are to do, in progress and done at the end of each day; falls when one is reopened or leaves."""
    length = max(0, (last - first).days + 1)
    counts = {category: [0] * (length + 1) for category in Category}
    for item in items:
        before: Category | None = None
        for day, after in _categories(item, calendar):
            at = max(0, (day - first).days)
            if at >= length:
                break
            if before is not None:
                counts[before][at] -= 1
            if after is not None:
                counts[after][at] += 1
            before = after
    return _flow_days(first, length, [counts[Category.TODO], counts[Category.IN_PROGRESS], counts[Category.DONE]])


def arrivals(items: Iterable[Item], calendar: Calendar, first: date, last: date) -> tuple[FlowDay, ...]:
    """How many items had come, had been started and had been finished by the end of each day, each counted once.

    Such lines never fall: a reopening does not undo an arrival. What went straight to done was started then too.
    """
    length = max(0, (last - first).days + 1)
    came, started, finished = ([0] * (length + 1) for _ in range(3))

    def note(line: list[int], day: date) -> None:
        at = max(0, (day - first).days)
        if at < length:
            line[at] += 1

    for item in items:
        note(came, item.entered[0])
        starts = [calendar.day_of(item.started)] if item.started is not None else []
        if starts or item.finished:
            note(started, min([*starts, *item.finished[:1]]))
        if item.finished:
            note(finished, item.finished[0])
    return _flow_days(first, length, [came, started, finished])


def _flow_days(first: date, length: int, lines: Sequence[Sequence[int]]) -> tuple[FlowDay, ...]:
    sums = [list(accumulate(line)) for line in lines]
    return tuple(FlowDay(first + at * _ONE_DAY, *(line[at] for line in sums)) for at in range(length))


def _categories(item: Item, calendar: Calendar) -> list[tuple[date, Category | None]]:
    """The category from each day on, oldest first; None while out of scope."""
    by_day: dict[date, Category] = {item.entered[0]: Category.TODO}
    if item.stays:
        by_day |= {calendar.day_of(stay.since): stay.category for stay in item.stays}
    else:
        if item.started is not None:
            by_day[calendar.day_of(item.started)] = Category.IN_PROGRESS
        by_day |= dict.fromkeys(item.reopened, Category.TODO)
        by_day |= dict.fromkeys(item.finished, Category.DONE)
    found: list[tuple[date, Category | None]] = []
    category = Category.TODO
    for day in sorted({*by_day, *item.entered, *item.left}):
        category = by_day.get(day, category)
        inside = sum(on <= day for on in item.entered) > sum(on <= day for on in item.left)
        found.append((day, category if inside else None))
    return found


def little(days: Sequence[FlowDay], done_before: int = 0) -> Little | None:
    """Little's law over days of the state view; None without days. `done_before`: done before the first day."""
    if not days:
        return None
    mean_wip = sum(day.in_progress for day in days) / len(days)
    done_per_day = (days[-1].done - done_before) / len(days)
    return Little(mean_wip, done_per_day, mean_wip / done_per_day if done_per_day > 0 else None)


def summary(items: Sequence[Item], calendar: Calendar, today: date, first: date, last: date) -> FlowSummary:
    """Work in progress on `today`, and the cycle times of items done in [first, last]."""
    wip = [item for item in items if item.in_scope and item.done is None and item.category is Category.IN_PROGRESS]
    ages = [found for item in items if item.in_scope and (found := age(item, calendar, today)) is not None]
    ages.sort(key=lambda one: (one.start, one.key))
    oldest_first = sorted(wip, key=lambda item: (item.started is None, item.started or _ANY, item.issue.key))
    finished = [item for item in items if (done := item.done) is not None and first <= done <= last]
    times = [time for item in finished if (time := cycle_time(item, calendar)) is not None]
    times.sort(key=lambda one: (one.done, one.key))
    days = [one.calendar_days for one in times]
    return FlowSummary(
        wip_count=len(wip),
        wip_keys=tuple(item.issue.key for item in oldest_first),
        by_status=dict(Counter(item.status for item in wip).most_common()),
        by_type=dict(Counter(item.issue.type for item in wip).most_common()),
        ages=tuple(ages),
        cycle_times=tuple(times),
        percentiles={level: percentile(days, level) for level in (50, 70, 85, 95)} if days else {},
        finished=len(finished),
        window_days=max(0, (last - first).days + 1),
    )


# Only stands beside items without a start, which sort after all others anyway.
_ANY = datetime.fromisoformat("1970-01-02T00:00:00+00:00")
