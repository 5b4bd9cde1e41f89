"""How work flows, as one result: what is under way and how old, how long things took, where the time went.

Each part is defined in the file of its noun. The window is the days of `Known.window`; what is under way is what is
under way on the last day known.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import fsum
from operator import attrgetter
from typing import Any

from app.domain import ageing, blocked, cumulative_flow, cycle_time, ranks, time_in_status
from app.domain.ageing import Age, PaceBand, StartOf
from app.domain.blocked import Blocked, BlockedSpell, Stalled
from app.domain.calendar import ONE_DAY, ONE_WEEK
from app.domain.cumulative_flow import CumulativeFlow, Little, NetFlowWeek
from app.domain.cycle_time import Clock, Durations, NamedCycleTime, ServiceLevel
from app.domain.forecast import ForecastSettings, HowMany, how_many
from app.domain.items import IN_PROGRESS, Item
from app.domain.known import Known, Method
from app.domain.missing import NotEnoughData
from app.domain.process_limits import Limits, limits
from app.domain.selection import ALL_WORK, Values
from app.domain.time_in_status import Efficiency, StatusTime
from app.domain.work_mix import MixPart, WorkClasses, work_mix
from store.documents import cycle_time_rules_of, meaning_of

# What "how predictable" looks ahead.
_DAYS_AHEAD = 30
# And the working days that it draws from at most: those of a year.
_SAMPLES = 260
# About ten years. A single issue dated to the year 1 must not cost a chart of 700,000 days.
_LONGEST = timedelta(days=3_660)


@dataclass(frozen=True, slots=True)
class Counts:
    """Items in scope by the category of their status."""

    todo: int
    in_progress: int
    done: int


@dataclass(frozen=True, slots=True)
class WorkInProgress:
    """Items in an in-progress status. `total_age`: the sum of the ages of those whose start is known, in days.

    `limit`: how many there may be, None where the team set none.
    """

    count: int
    by_status: Mapping[str, int]
    by_type: Mapping[str, int]
    total_age: int
    keys: tuple[str, ...]
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """The week from `start`; `value` None where there is nothing to measure."""

    start: date
    value: float | None


@dataclass(frozen=True, slots=True)
class Series:
    """By week, at its end; cycle times and efficiency of what was finished in it. `blocked`: items blocked at the end.
    `limits`: natural process limits of each.
    """

    wip: tuple[Point, ...]
    total_age: tuple[Point, ...]
    cycle_time_85: tuple[Point, ...]
    efficiency: tuple[Point, ...]
    blocked: tuple[Point, ...]
    limits: Mapping[str, Limits]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`points` on the day on which work started, and the cycle time in days."""

    key: str
    points: float
    days: int


@dataclass(frozen=True, slots=True)
class Estimates:
    """Rank correlation `rho` of the points when work started with the cycle time, over `n` finished items.

    None below three of them or where all are alike.
    """

    n: int
    rho: float | None
    items: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The same in the days of equal number before the window."""

    start: date
    end: date
    finished: int
    cycle_time: Mapping[int, int]
    lead_time: Mapping[int, int]
    efficiency: float | None


@dataclass(frozen=True, slots=True)
class Flow:
    """Flow as known on the analysis' day; `start` and `end` are the first and last day of the window.

    `counts_from`: "start", or "creation" where nothing tells when any item was started: cycle times and ages then
    count from creation.
    """

    start: date
    end: date
    counts_from: str
    counts: Counts
    finished: int
    finished_keys: tuple[str, ...]
    cycle_time: Durations
    lead_time: Durations
    definitions: tuple[NamedCycleTime, ...]
    sle: ServiceLevel | NotEnoughData
    age: tuple[Age, ...]
    pace: tuple[PaceBand, ...]
    wip: WorkInProgress
    cfd: CumulativeFlow
    time_in_status: tuple[StatusTime, ...]
    efficiency: Efficiency
    blocked: Blocked
    blocked_spells: tuple[BlockedSpell, ...]
    stalled: tuple[Stalled, ...]
    mix: tuple[MixPart, ...]
    net_flow: tuple[NetFlowWeek, ...]
    little: Little | None
    predictability: float | None
    sent_back: tuple[str, ...]
    series: Series
    estimates: Estimates
    before: Before | None


def flow(work: Work | NotEnoughData) -> Flow | NotEnoughData:
    return work if isinstance(work, NotEnoughData) else work.flow()


def work(known: Known) -> Work | NotEnoughData:
    """What flow is told of."""
    return known.missing_issues or Work(known)


class Work:
    """The items of one `Known` sorted out once: those in progress, and those finished in the window and before it.

    The parts of flow by themselves, each derived when it is asked for: what the health looks at and what is kept each
    week are few of them.
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        first, last = known.window
        self.first, self.last = min(max(first, last - _LONGEST), last), last
        # A history that only begins later tells nothing yet, and leaves one stay.
        self.from_creation = not any(item.started is not None or len(item.stays) > 1 for item in known.items)
        self.start_of: StartOf = attrgetter("issue.created" if self.from_creation else "started")
        self.in_progress = self._in_progress()

    @cached_property
    def finished(self) -> list[Item]:
        """In the window."""
        # Of a long history most lies before, and is only looked at in part.
        return [self._started(item) for item in self.known.finished_in(self.first, self.last)]

    @cached_property
    def finished_keys(self) -> tuple[str, ...]:
        return _keys(self.finished)

    @cached_property
    def finished_before(self) -> list[Item]:
        return self.known.finished_in(date.min, self.first - ONE_DAY)

    @cached_property
    def clock(self) -> Clock:
        return Clock(self.known.calendar, self.first - timedelta(days=366), self.known.last_day)

    @cached_property
    def waiting(self) -> frozenset[str] | None:
        return _waiting(self.known)

    @cached_property
    def blocked_values(self) -> Values:
        rule = self.known.params.blocked_by
        changes = self.known.facts.changes if rule is not None else ()
        return Values(self.known.hierarchy, changes, rule.selection if rule is not None else ALL_WORK)

    @cached_property
    def active(self) -> dict[str, tuple[float, float]]:
        return time_in_status.active_days(self.finished, self.waiting)

    def recorded(self, known: Known) -> dict[str, dict[str, Any]]:
        """Work in progress now, and cycle times of what was finished this week (no times when none is known)."""
        load = {
            "wip_count": self.wip.count,
            "by_status": dict(self.wip.by_status),
            "by_issue_type": dict(self.wip.by_type),
        }
        monday = known.last_day - timedelta(days=known.last_day.weekday())
        finished = [item for item in known.items if (done := item.done) is not None and monday <= done]
        days = [days for item in finished if (days := _elapsed_days(item)) is not None]
        time = {
            "completed_count": len(finished),
            "median_days": ranks.percentile(days, 50) if days else None,
            "avg_days": fsum(days) / len(days) if days else None,
            "p85_days": ranks.percentile(days, 85) if days else None,
        }
        return {"flow_load": load, "flow_time": time}

    def _in_progress(self) -> list[Item]:
        # As they are: an item of its own for each that counts from creation would be a sixth of what all of them take.
        items = [item for item in self.known.open_items if item.category is IN_PROGRESS]
        # In order of their keys once: whoever sorts by them again finds it done.
        return sorted(items, key=attrgetter("issue.key"))

    def _started(self, item: Item) -> Item:
        return replace(item, started=item.issue.created) if self.from_creation else item

    def flow(self) -> Flow:
        known, times, daily = self.known, self.cycle_time, self.cfd
        return Flow(
            start=self.first,
            end=self.last,
            counts_from="creation" if self.from_creation else "start",
            counts=_counts(known),
            finished=len(self.finished),
            finished_keys=self.finished_keys,
            cycle_time=times,
            lead_time=cycle_time.lead_times(self.finished, self.clock),
            definitions=self._definitions(),
            sle=self.sle,
            age=self.age,
            pace=self.pace,
            wip=self.wip,
            cfd=daily,
            time_in_status=self._time_in_status(),
            efficiency=self._efficiency(),
            blocked=self.blocked,
            blocked_spells=self.blocked_spells,
            stalled=self.stalled,
            mix=work_mix(self.finished, WorkClasses(known.facts.profile)),
            net_flow=cumulative_flow.net_flow(known.items, known.calendar, self._weeks()),
            little=None if self.from_creation else self._little(daily, times),
            predictability=self.predictability,
            sent_back=_keys([item for item in known.open_items if ageing.was_sent_back(item)]),
            series=self.series,
            estimates=estimates(self.finished, times),
            before=self._before(),
        )

    def _efficiency(self) -> Efficiency:
        return replace(time_in_status.efficiency_of(list(self.active.values())), keys=tuple(sorted(self.active)))

    def _little(self, daily: CumulativeFlow, times: Durations) -> Little | None:
        return cumulative_flow.little(daily.state, len(self.finished), [each.elapsed_days for each in times.items])

    # -- ages and times ---------------------------------------------------------------------------------

    @cached_property
    def cycle_time(self) -> Durations:
        return cycle_time.cycle_times(self.finished, self.clock)

    @cached_property
    def sle(self) -> ServiceLevel | NotEnoughData:
        params, earlier = self.known.params, self._earlier_days()
        return cycle_time.service_level(params.sle_days, params.sle_level, self.cycle_time, earlier)

    def _earlier_days(self) -> list[int]:
        """Cycle times of what was finished in the period before the window, else of all before it."""
        since = self.first - (self.last - self.first) - ONE_DAY
        recent = [item for item in self.finished_before if item.finished[-1] >= since]
        day_of, days = self.known.calendar.day_of, []
        for item in recent or self.finished_before:
            start = self.start_of(item)
            if start is not None and item.done_at is not None:
                days.append((item.finished[-1] - day_of(min(start, item.done_at))).days + 1)
        return days

    def _definitions(self) -> tuple[NamedCycleTime, ...]:
        saved = cycle_time_rules_of(self.known.facts.profile)
        return tuple(
            cycle_time.named_cycle_time(each, self.known.items, self.clock, self.first, self.last) for each in saved
        )

    @cached_property
    def pace(self) -> tuple[PaceBand, ...]:
        # Without a history an item left no status.
        before = (self._started(item) for item in self.finished_before if item.stays)
        bands = ageing.pace_bands(self.finished or before, self.known.calendar)
        return tuple(self.known.status_order.of(bands, lambda band: band.status))

    @cached_property
    def age(self) -> tuple[Age, ...]:
        calendar, last_day, day_is_over = self.known.calendar, self.known.last_day, not self.known.is_live
        chances = ageing.survival_of(self.known.items, calendar, last_day, day_is_over=day_is_over)
        days = None if isinstance(self.sle, NotEnoughData) else self.sle.days
        terms = calendar, last_day, self.pace, chances, days
        return ageing.ages(self.in_progress, *terms, day_is_over=day_is_over, start_of=self.start_of)

    @cached_property
    def wip(self) -> WorkInProgress:
        # Of equal starts by key, and those without one last.
        oldest_first = sorted(self.in_progress, key=lambda item: self.start_of(item) or _LATEST)
        return WorkInProgress(
            len(self.in_progress),
            dict(self.known.status_order.of(_by_count(item.status for item in self.in_progress).items(), _name)),
            _by_count(item.issue.type for item in self.in_progress),
            sum(age.days for age in self.age),
            tuple(item.issue.key for item in oldest_first),
            self.known.params.wip_limit,
        )

    def _time_in_status(self) -> tuple[StatusTime, ...]:
        until = self.known.known_until
        times = time_in_status.status_times(self.finished, self.in_progress, until, self.waiting)
        return tuple(self.known.status_order.of(times, lambda time: time.status))

    # -- what stands still ------------------------------------------------------------------------------

    @cached_property
    def blocked_spells(self) -> tuple[BlockedSpell, ...]:
        known = self.known
        flags = blocked.flag_changes(known.facts.changes)
        since = known.calendar.start_of(self.first)
        return blocked.blocked_spells(
            known.items, flags, since, known.known_until, known.params.blocked_by, self.blocked_values
        )

    @cached_property
    def blocked(self) -> Blocked:
        """With the items that are flagged now, where no history tells since when."""
        since, known = self.known.calendar.start_of(self.first), self.known
        result = blocked.blocked(self.blocked_spells, since, known.known_until)
        under_way = self.in_progress if known.is_now else ()
        flagged = [item.issue.key for item in under_way if self._is_halted_now(item)]
        return replace(result, now_keys=tuple(sorted({*result.now_keys, *flagged})))

    @cached_property
    def stalled(self) -> tuple[Stalled, ...]:
        known, halted = self.known, self.blocked.now_keys
        return blocked.stalled(self.in_progress, halted, known.known_until, known.params.stale_days)

    def _is_halted_now(self, item: Item) -> bool:
        """What only the present tells of."""
        rule = self.known.params.blocked_by
        if (rule is None or rule.by_flag) and item.issue.extras.get("flagged"):
            return True
        return rule is not None and blocked.held_now(item, rule, self.blocked_values)

    # -- over time --------------------------------------------------------------------------------------

    def _weeks(self) -> list[date]:
        """First days of the calendar weeks that lie whole in the window."""
        start = self.known.calendar.week_of(self.first + timedelta(days=6))
        count = max(0, (self.last - start).days + 1) // 7
        return [start + number * ONE_WEEK for number in range(count)]

    @cached_property
    def cfd(self) -> CumulativeFlow:
        known = self.known
        return cumulative_flow.cumulative_flow(known.items, known.calendar, self.first, self.last, known.status_order)

    @cached_property
    def series(self) -> Series:
        daily = self.cfd
        ends = [(week, (week - self.first).days + 6) for week in self._weeks()]
        by_week: dict[date, list[int]] = {week: [] for week, _ in ends}
        for each in self.cycle_time.items:
            by_week.get(self.known.calendar.week_of(each.done), []).append(each.days)
        lines = {
            "wip": tuple(Point(week, daily.state[at].in_progress) for week, at in ends),
            "total_age": tuple(Point(week, daily.total_age[at]) for week, at in ends),
            "cycle_time_85": tuple(
                Point(week, ranks.percentile(days, 85) if days else None) for week, days in by_week.items()
            ),
            "efficiency": self._efficiency_by_week([week for week, _ in ends]),
            "blocked": self._blocked_by_week([week for week, _ in ends]),
        }
        baseline = self.known.params.baseline
        return Series(**lines, limits={name: of for name, line in lines.items() if (of := _limits(line, baseline))})

    def _blocked_by_week(self, weeks: Sequence[date]) -> tuple[Point, ...]:
        """Spells going on when each week was over; those of one item never overlap."""
        spells = self.blocked_spells
        starts = sorted(spell.from_ for spell in spells)
        ends = sorted(spell.to for spell in spells if spell.to is not None)
        moments = [(week, self.known.calendar.start_of(week + ONE_WEEK)) for week in weeks]
        return tuple(Point(week, bisect_left(starts, moment) - bisect_left(ends, moment)) for week, moment in moments)

    def _efficiency_by_week(self, weeks: Sequence[date]) -> tuple[Point, ...]:
        by_week: dict[date, list[tuple[float, float]]] = {week: [] for week in weeks}
        for item in self.finished:
            if item.issue.key in self.active:
                by_week.get(self.known.calendar.week_of(item.finished[-1]), []).append(self.active[item.issue.key])
        return tuple(Point(week, time_in_status.efficiency_of(spent).median) for week, spent in by_week.items())

    @cached_property
    def predictability(self) -> float | None:
        calendar = self.known.calendar
        ahead = calendar.working_days_between(self.known.as_of, self.known.as_of + timedelta(days=_DAYS_AHEAD - 1))
        done = Counter(item.finished[-1] for item in self.finished)
        samples = daily_samples(done, calendar.is_working, self.first, self.last)
        return predictability(samples[-_SAMPLES:], ahead)

    def _before(self) -> Before | None:
        end = self.first - ONE_DAY
        start = end - (self.last - self.first)
        items = [self._started(item) for item in self.finished_before if item.finished[-1] >= start]
        if not items:
            return None
        times, leads = cycle_time.cycle_times(items, self.clock), cycle_time.lead_times(items, self.clock)
        share = time_in_status.efficiency_of(list(time_in_status.active_days(items, self.waiting).values())).median
        return Before(start, end, len(items), times.percentiles, leads.percentiles, share)


# Where items without a start stand: after all others.
_LATEST = datetime.max.replace(tzinfo=UTC)


def _counts(known: Known) -> Counts:
    """A finished item is done whatever its status is called; an open one is not."""
    done = sum(item.in_scope for item in known.done_items)
    in_progress = sum(item.category is IN_PROGRESS for item in known.open_items)
    return Counts(len(known.open_items) - in_progress, in_progress, done)


def _elapsed_days(item: Item) -> float | None:
    if item.started is None or item.done_at is None:
        return None
    return (item.done_at - min(item.started, item.done_at)) / ONE_DAY


def _keys(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(sorted(item.issue.key for item in items))


def _by_count(names: Iterable[str]) -> Mapping[str, int]:
    """The commonest first, of equally common ones in order of their names."""
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))


def _name(counted: tuple[str, int]) -> str:
    return counted[0]


def _limits(line: Sequence[Point], baseline: tuple[date, date] | None) -> Limits | None:
    """Of all weeks where those that were fixed are not among these."""
    known = [(point.start, point.value) for point in line if point.value is not None]
    return limits(known, baseline) or limits(known)


def _waiting(known: Known) -> frozenset[str] | None:
    """Statuses in which nobody works, where the profile names them; else they go by their names."""
    named = meaning_of(known.facts.profile).waiting
    return frozenset(map(str.casefold, named)) if named is not None else None


def estimates(finished: Sequence[Item], times: Durations) -> Estimates:
    """The estimate that counts is the one of the day on which work started; items without one do not."""
    by_key = {item.issue.key: item for item in finished}
    estimated = tuple(
        Estimate(each.key, points, each.days)
        for each in times.items
        if (points := by_key[each.key].points_on(each.start)) is not None
    )
    pairs = [(each.points, float(each.days)) for each in estimated]
    return Estimates(len(estimated), ranks.spearman(pairs) if len(estimated) > 2 else None, estimated)


def daily_samples(done: Mapping[date, int], is_working: Callable[[date], bool], first: date, last: date) -> list[int]:
    """What was finished on each working day of [first, last]; what was on a day off counts on the next one."""
    samples, waiting = [], 0
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        waiting += done.get(day, 0)
        if is_working(day):
            samples.append(waiting)
            waiting = 0
    if samples:
        samples[-1] += waiting
    return samples


def predictability(samples: Sequence[float], periods: int) -> float | None:
    """How much is finished within so many periods at 95 % confidence ÷ the same at 50 %: 1 is as regular as can be.

    None where nothing was finished.
    """
    amounts_ahead = (
        how_many(periods, [(each, 0.0) for each in samples], (), ForecastSettings(Method.PLAIN)) if samples else None
    )
    if not isinstance(amounts_ahead, HowMany):
        return None
    return amounts_ahead.amounts[95] / amounts_ahead.amounts[50] if amounts_ahead.amounts[50] > 0 else 0.0
