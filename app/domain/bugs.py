"""Bugs: how many are open and how old, what comes and what is fixed each week, and where that leads.

A bug is an item of a type that is mapped as a defect, or is called so. It arrives when it comes into scope and is
fixed when it is finished.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from operator import attrgetter
from random import Random

from app.domain import cycle_time, ranks
from app.domain.calendar import ONE_DAY, ONE_WEEK
from app.domain.cycle_time import Clock, Durations
from app.domain.items import Item
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.work_mix import DEFECT, WorkClasses
from app.words import N_, Nn_

_QUARTER = 13 * ONE_WEEK
_WEEKS_AHEAD = 12
_TRIALS = 4_000
# Fewer weeks than these say nothing about the coming ones.
_ENOUGH_WEEKS = 6


@dataclass(frozen=True, slots=True)
class BugWeek:
    """How many in the week from `start`."""

    start: date
    count: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenBug:
    """`days` since it came, first and last included."""

    key: str
    priority: str
    status: str
    days: int


@dataclass(frozen=True, slots=True)
class BugAges:
    """Of the open bugs, oldest first; `median` None without any."""

    n: int
    median: float | None
    percentiles: Mapping[int, int]
    items: tuple[OpenBug, ...]


@dataclass(frozen=True, slots=True)
class NetFlowForecast:
    """Open bugs in so many weeks, if they go on coming and being fixed as in the window's weeks.

    `per_week`: arrived less fixed, on average. `open` by level: in that share of the futures not more are open.
    `chance_of_fewer`: than today.
    """

    weeks: int
    per_week: float
    open: Mapping[int, int]
    chance_of_fewer: float


@dataclass(frozen=True, slots=True)
class Bugs:
    """Bugs as known on the analysis' day; weeks are the whole ones of the window.

    `open_a_quarter_ago` is None where nothing was known then. `share_of_work`: of what was finished in the window,
    None where nothing was.
    """

    open: int
    open_keys: tuple[str, ...]
    open_a_quarter_ago: int | None
    by_priority: Mapping[str, int]
    arrived: tuple[BugWeek, ...]
    fixed: tuple[BugWeek, ...]
    age: BugAges
    fix_time: Durations
    net_flow_forecast: NetFlowForecast | NotEnoughData
    share_of_work: float | None
    types: tuple[str, ...]


def bugs(known: Known) -> Bugs | NotEnoughData:
    if known.missing_issues is not None:
        return known.missing_issues
    classes = WorkClasses(known.facts.profile)
    # Thousands of items are of a few types.
    types = {kind for kind in {item.issue.type for item in known.items} if classes.of(kind) == DEFECT}
    items = [item for item in known.items if item.issue.type in types]
    if not items:
        return NotEnoughData(_no_bugs(known.items))
    first, last = known.window
    open_now = [item for item in items if item.done_at is None and item.in_scope]
    finished = known.finished_in(first, last)
    fixed = [item for item in finished if item.issue.type in types]
    weeks = _weeks(known, first, last)
    arrived, closed = _arrived(known, items, weeks), _fixed(known, items, weeks)
    return Bugs(
        open=len(open_now),
        open_keys=tuple(sorted(item.issue.key for item in open_now)),
        open_a_quarter_ago=_open_on(items, known.last_day - _QUARTER),
        by_priority=_by_priority(open_now),
        arrived=arrived,
        fixed=closed,
        age=_ages(open_now, known.last_day),
        fix_time=cycle_time.lead_times(
            fixed, Clock(known.calendar, min((item.entered[0] for item in fixed), default=first), last)
        ),
        net_flow_forecast=net_flow_forecast(
            len(open_now), [(come.count, gone.count) for come, gone in zip(arrived, closed, strict=True)]
        ),
        share_of_work=len(fixed) / len(finished) if finished else None,
        types=tuple(sorted(types)),
    )


def _no_bugs(items: Iterable[Item]) -> str:
    types = sorted({item.issue.type for item in items if item.issue.type})
    if not types:
        return N_("The items have no types, so bugs cannot be told from other work. Import a column with the type.")
    return N_(
        "No item is of a type that counts as a defect ({types}). Map the types under Data, Meaning.",
        types=", ".join(types[:6]),
    )


def _weeks(known: Known, first: date, last: date) -> list[date]:
    """First days of the calendar weeks that lie whole in the window."""
    start = known.calendar.week_of(first + timedelta(days=6))
    return [start + number * ONE_WEEK for number in range(max(0, (last - start + ONE_DAY).days) // 7)]


def _arrived(known: Known, items: Iterable[Item], weeks: Sequence[date]) -> tuple[BugWeek, ...]:
    return _by_week(known, ((day, item.issue.key) for item in items for day in item.entered), weeks)


def _fixed(known: Known, items: Iterable[Item], weeks: Sequence[date]) -> tuple[BugWeek, ...]:
    done = ((item.done, item.issue.key) for item in items if item.done is not None and item.counted_on(item.done))
    return _by_week(known, done, weeks)


def _by_week(known: Known, events: Iterable[tuple[date, str]], weeks: Sequence[date]) -> tuple[BugWeek, ...]:
    keys: dict[date, list[str]] = {week: [] for week in weeks}
    if weeks:
        # Most of a long history lies before these weeks, and its days need no week.
        first, end = weeks[0], weeks[-1] + ONE_WEEK
        for day, key in events:
            if first <= day < end:
                keys[known.calendar.week_of(day)].append(key)
    return tuple(BugWeek(week, len(week_keys), tuple(sorted(week_keys))) for week, week_keys in keys.items())


def _open_on(items: Iterable[Item], day: date) -> int | None:
    """How many were open at the end of a past day; None before the first of them came."""
    came = [item for item in items if item.entered[0] <= day]
    return sum(_is_open_on(item, day) for item in came) if came else None


def _is_open_on(item: Item, day: date) -> bool:
    if not item.left and not item.reopened:
        return not item.finished or item.finished[0] > day
    inside = sum(on <= day for on in item.entered) > sum(on <= day for on in item.left)
    return inside and sum(on <= day for on in item.finished) <= sum(on <= day for on in item.reopened)


def _by_priority(items: Iterable[Item]) -> Mapping[str, int]:
    counts = Counter(item.issue.priority for item in items)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _ages(items: Iterable[Item], last_day: date) -> BugAges:
    bugs = [
        OpenBug(item.issue.key, item.issue.priority, item.status, (last_day - item.entered[0]).days + 1)
        for item in items
    ]
    bugs.sort(key=attrgetter("key"))
    bugs.sort(key=attrgetter("days"), reverse=True)
    days = [bug.days for bug in bugs]
    return BugAges(len(bugs), ranks.median(days), ranks.percentiles(days), tuple(bugs))


def net_flow_forecast(open_now: int, weeks: Sequence[tuple[int, int]]) -> NetFlowForecast | NotEnoughData:
    """From (arrived, fixed) of past weeks, drawn as pairs: what keeps a team busy in one week often does in both."""
    if len(weeks) < _ENOUGH_WEEKS:
        return NotEnoughData(
            Nn_(
                "{count} whole week of bugs say too little about the coming ones; it takes {enough}. "
                "Choose a longer window.",
                "{count} whole weeks of bugs say too little about the coming ones; it takes {enough}. "
                "Choose a longer window.",
                len(weeks),
                enough=_ENOUGH_WEEKS,
            )
        )
    if not any(arrived or fixed for arrived, fixed in weeks):
        return NotEnoughData(N_("No bug came and none was fixed in the last {count} weeks.", count=len(weeks)))
    rng, nets = Random(_TRIALS), [arrived - fixed for arrived, fixed in weeks]
    drawn = rng.choices(nets, k=_WEEKS_AHEAD * _TRIALS)
    futures = (drawn[at : at + _WEEKS_AHEAD] for at in range(0, len(drawn), _WEEKS_AHEAD))
    # Where there are enough for the poorest future, none runs out of them.
    future = _sum if open_now + _WEEKS_AHEAD * min(nets) >= 0 else _future
    ends = sorted(future(open_now, each) for each in futures)
    return NetFlowForecast(
        _WEEKS_AHEAD,
        fsum(nets) / len(nets),
        {level: ends[math.ceil(_TRIALS * level / 100) - 1] for level in (15, 50, 85)},
        sum(end < open_now for end in ends) / _TRIALS,
    )


def _sum(open_now: int, nets: Iterable[int]) -> int:
    return open_now + sum(nets)


def _future(open_now: int, nets: Iterable[int]) -> int:
    """No more can be fixed than there are."""
    for net in nets:
        open_now = max(0, open_now + net)
    return open_now
