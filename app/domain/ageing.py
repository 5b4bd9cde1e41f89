"""Age of the work in progress: how old, against the pace of finished work, and the chance of the service level yet.

Ages count the days from the first start up to the last day known, both included. What was sent back to to-do is no
work in progress and has no age here; it is listed as sent back.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from operator import attrgetter

from app.domain import ranks
from app.domain.calendar import Calendar
from app.domain.items import IN_PROGRESS, TODO, Item
from store.records import thawed

StartOf = Callable[[Item], datetime | None]

# Fewer finished items than this, and the last year alone says too little: then all that is known counts.
_ENOUGH_FINISHED = 20
_FOLLOWED = timedelta(weeks=52)


@dataclass(frozen=True, slots=True)
class Age:
    """One item in progress. `band`: the highest of 50, 70, 85 and 95 % of finished items that had left this status
    younger than it is now; 0 below all, None where none ever left it. `days_in_status`: None without a history.

    `chance_of_sle`: that it is finished within the service level, given its age; None where too little is known.
    """

    key: str
    status: str
    days: int
    band: int | None
    chance_of_sle: float | None
    start: date
    working_days: int
    days_in_status: int | None


_ThawedAge = thawed(Age)


@dataclass(frozen=True, slots=True)
class PaceBand:
    """At what age (days, inclusive) `percentiles` of the finished items had left the status for the last time."""

    status: str
    n: int
    percentiles: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Survival:
    """Kaplan-Meier: `still_open[i]` = share of items not finished after `days[i]` days, from `n` items.

    `followed`: the longest time any item was watched; beyond it nothing is known.
    """

    days: tuple[int, ...]
    still_open: tuple[float, ...]
    n: int
    followed: int

    def after(self, days: int) -> float:
        """Share of items not finished within so many days."""
        place = bisect_left(self.days, days + 1)
        return self.still_open[place - 1] if place else 1.0

    def chance_within(self, days: int, lasted: int) -> float | None:
        """Chance to be finished within `days`, for an item that is not after `lasted`; None where nobody knows."""
        if lasted >= days:
            return 0.0
        open_now = self.after(lasted)
        if open_now <= 0 or (days > self.followed and self.after(days) > 0):
            return None
        return 1 - self.after(days) / open_now


def survival(finished_days: Iterable[int], open_days: Iterable[int]) -> Survival | None:
    """From cycle times of finished items, and what those under way have lasted so far (censored there).

    None without a finished item. An item censored on the day on which another finished was still at risk then.
    """
    events, censored = sorted(finished_days), sorted(open_days)
    if not events:
        return None
    at_risk, share = len(events) + len(censored), 1.0
    days: list[int] = []
    still_open: list[float] = []
    for day in sorted(set(events)):
        ended = bisect_left(events, day + 1) - bisect_left(events, day)
        watched = at_risk - bisect_left(events, day) - bisect_left(censored, day)
        share *= 1 - ended / watched
        days.append(day)
        still_open.append(share)
    return Survival(tuple(days), tuple(still_open), at_risk, max(events[-1], censored[-1] if censored else 0))


def survival_of(items: Iterable[Item], calendar: Calendar, last_day: date, *, day_is_over: bool) -> Survival | None:
    """Of the items started in the last year; of all where fewer than 20 of those are finished."""
    since, day_of = calendar.start_of(last_day - _FOLLOWED), calendar.day_of
    watched = [(start, item) for item in items if (start := item.started) is not None and item.in_scope]
    recent = [each for each in watched if each[0] >= since]
    if sum(item.done_at is not None for _, item in recent) < _ENOUGH_FINISHED:
        recent = watched
    finished, unfinished = [], []
    for start, item in recent:
        if (end := item.done_at) is not None:
            finished.append((item.finished[-1] - day_of(min(start, end))).days + 1)
        else:
            unfinished.append((last_day - day_of(start)).days + day_is_over)
    return survival(finished, unfinished)


def pace_bands(finished: Iterable[Item], calendar: Calendar) -> tuple[PaceBand, ...]:
    """For each in-progress status that finished items left; in the order in which they leave them."""
    left: dict[str, list[int]] = {}
    for item in finished:
        if item.started is not None and item.stays:
            start = calendar.day_of(item.started)
            for status, at in _last_exits(item, item.started).items():
                left.setdefault(status, []).append((calendar.day_of(at) - start).days + 1)
    bands = [PaceBand(status, len(ages), ranks.percentiles(ages)) for status, ages in left.items()]
    return tuple(sorted(bands, key=lambda band: (*band.percentiles.values(), band.status)))


def _last_exits(item: Item, started: datetime) -> dict[str, datetime]:
    exits: dict[str, datetime] = {}
    for stay, following in zip(item.stays, item.stays[1:], strict=False):
        if stay.category is IN_PROGRESS and following.status != stay.status and stay.since >= started:
            exits[stay.status] = following.since
    return exits


def ages(
    in_progress: Iterable[Item],
    calendar: Calendar,
    last_day: date,
    bands: Sequence[PaceBand],
    chances: Survival | None,
    sle_days: int | None,
    *,
    day_is_over: bool,
    start_of: StartOf = attrgetter("started"),
) -> tuple[Age, ...]:
    """Of the items in progress whose start is known, oldest first. `day_is_over`: whether `last_day` is."""
    by_status = {band.status: band.percentiles for band in bands}
    band = cache(lambda days, status: _band(days, by_status.get(status)))

    @cache
    def of_start(start: date) -> tuple[int, float | None, int]:
        """Days, chance and working days. Many are started on one day."""
        days = (last_day - start).days + 1
        # What is under way on a day that is not over may still be finished that day.
        lasted = days if day_is_over else days - 1
        chance = chances.chance_within(sle_days, lasted) if chances is not None and sle_days is not None else None
        return days, chance, calendar.working_days_between(start, last_day)

    result: list[Age] = []
    day_of, after_last = calendar.day_of, last_day.toordinal() + 1
    for item in in_progress:
        if (started := start_of(item)) is None:
            continue
        age = _ThawedAge()
        age.key, age.status, age.start = item.issue.key, item.status, day_of(started)
        age.days, age.chance_of_sle, age.working_days = of_start(age.start)
        age.band = band(age.days, age.status)
        age.days_in_status = after_last - day_of(item.stays[-1][0]).toordinal() if item.stays else None
        age.__class__ = Age
        result.append(age)
    # Twice by one value each is quicker than once by two.
    result.sort(key=attrgetter("key"))
    result.sort(key=attrgetter("days"), reverse=True)
    return tuple(result)


def _band(days: int, pace: Mapping[int, int] | None) -> int | None:
    if pace is None:
        return None
    return max([level for level, usual in pace.items() if days > usual], default=0)


def was_sent_back(item: Item) -> bool:
    """Started, not done, and in a to-do status again."""
    return item.in_scope and item.done_at is None and item.started is not None and item.category is TODO
