"""Weekly throughput: every full week from the first to the last, zeros in, the running week out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import fsum
from typing import Any, ClassVar

from app.domain.calendar import ONE_DAY, ONE_WEEK, Calendar
from app.domain.items import ITEMS, Item, Unit
from app.domain.known import Known, Sweeps
from app.domain.missing import NotEnoughData
from app.domain.process_limits import Limits, limits
from app.domain.stability import Stability, stability
from app.domain.work_ahead import NO_DAYS_OFF, DaysOff, days_off_of
from app.words import N_, Nn_, Several
from store.records import Correction, Week

_FEWEST_FOR_TREND = 3


@dataclass(frozen=True, slots=True)
class WeekCount:
    """One week from `start` (its first local day). `done` and `created` in the analysis' unit.

    `counted_done` and `counted_created`: what the data say where it was corrected by hand, else None. `running` is
    only set where weeks that are over and the one under way stand in one list.
    """

    start: date
    done: float
    created: float
    done_keys: tuple[str, ...] = ()
    created_keys: tuple[str, ...] = ()
    counted_done: float | None = None
    counted_created: float | None = None
    running: bool = False

    @property
    def is_corrected(self) -> bool:
        return self.counted_done is not None or self.counted_created is not None


@dataclass(frozen=True, slots=True)
class Sweep:
    """A day on which implausibly many items were finished at once (an import or a clean-up)."""

    day: date
    finished: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Throughput:
    """`weeks`: all full weeks, oldest first. `window`: the last ones that the forecast samples.

    `running` is the week under way, never a sample. `pace` is the window's mean per week. `warnings` are plain
    sentences on what the weeks cannot tell. `baseline`: first and last day of the weeks that the
    limits are of, None: the window. With days `off` among them a forecast learns from the weeks of work
    (`weeks_of_work`), and the paces are of these.
    """

    weeks: tuple[WeekCount, ...]
    window: tuple[WeekCount, ...]
    running: WeekCount | None
    pace: float
    created_pace: float
    sweeps: tuple[Sweep, ...] = ()
    warnings: tuple[str, ...] = ()
    baseline: tuple[date, date] | None = None
    off: DaysOff = NO_DAYS_OFF

    DOCUMENT: ClassVar[Mapping[str, str]] = {
        "weeks": "window_and_running",
        "pace": "pace",
        "created_pace": "created_pace",
        "trend": "trend",
        "stability": "stability",
        "limits": "limits",
        "sweeps": "sweeps",
        "warnings": "warnings",
    }

    @property
    def window_and_running(self) -> tuple[WeekCount, ...]:
        """The weeks of the window, and the one under way where anything is known of it."""
        return (*self.window, *([] if self.running is None else [replace(self.running, running=True)]))

    @property
    def trend(self) -> float | None:
        """By how much more is done from one week of the window to the next: the slope of the straight line that fits
        best. None below three weeks, which any line fits."""
        done = self._of_work
        if len(done) < _FEWEST_FOR_TREND:
            return None
        middle = (len(done) - 1) / 2
        spread = fsum((at - middle) ** 2 for at in range(len(done)))
        return fsum((at - middle) * (amount - self.pace) for at, amount in enumerate(done)) / spread

    @property
    def stability(self) -> Stability | None:
        """Whether two halves of the window's weeks say the same."""
        return stability(self._of_work)

    @property
    def _of_work(self) -> tuple[float, ...]:
        """What was done in each week of work of the window."""
        return tuple(done for done, _ in self.pairs)

    @property
    def limits(self) -> Limits | None:
        """Natural process limits of the window's weeks, or of those that were fixed, and the signals in them."""
        if self.baseline is not None:
            fixed = limits([(week.start, week.done) for week in self.weeks], self.baseline)
            if fixed is not None:
                return fixed
        return limits([(week.start, week.done) for week in self.window])

    @property
    def active_weeks(self) -> tuple[WeekCount, ...]:
        """The weeks of work up to the last one in which anything was created or done.

        Weeks after it say "nothing is known" as likely as "nothing was done" (a file read long after it was
        written, a project that ended): a track record must not count them against a forecast.
        """
        last = max((number for number, week in enumerate(self.weeks) if week.done or week.created), default=-1)
        return weeks_of_work(self.weeks[: last + 1], self.off)

    @property
    def samples(self) -> tuple[float, ...]:
        """What was done in each week of the window, oldest first."""
        return tuple(week.done for week in self.window)

    @property
    def pairs(self) -> tuple[tuple[float, float], ...]:
        """(done, created) of each week of work of the window, oldest first; of as many before it where all were off."""
        return _pairs(weeks_of_work(self.window, self.off)) or self.history[-len(self.window) :]

    def recorded(self, known: Known) -> dict[str, dict[str, Any]]:
        running = self.running
        return {
            "throughput": {
                "unit": known.unit.value,
                "done_this_week": running.done if running is not None else None,
                "created_this_week": running.created if running is not None else None,
                "pace_per_week": self.pace,
                "created_per_week": self.created_pace,
                "window_weeks": len(self.window),
                "samples": list(self.samples),
            }
        }

    @property
    def leaves_weeks_out(self) -> bool:
        """Whether the weeks of the window are fewer weeks of work, for days off among them."""
        return len(self.pairs) < len(self.window)

    @property
    def history(self) -> tuple[tuple[float, float], ...]:
        """(done, created) of every full week of work, oldest first; ends with `pairs`."""
        return _pairs(weeks_of_work(self.weeks, self.off))


def _pairs(weeks: Iterable[WeekCount]) -> tuple[tuple[float, float], ...]:
    return tuple((week.done, week.created) for week in weeks)


def weeks_of_work(weeks: tuple[WeekCount, ...], off: DaysOff) -> tuple[WeekCount, ...]:
    """Weeks with days off put together into weeks of work, to the nearest, the last one first: of a week that was off
    nothing is learned, and what was finished in it all the same counts to the one before."""
    if not weeks or not off.between(weeks[0].start, weeks[-1].start + ONE_WEEK):
        return weeks
    chosen: list[WeekCount] = []
    done = created = 0.0
    end = weeks[-1].start + ONE_WEEK
    for week in reversed(weeks):
        done, created = done + week.done, created + week.created
        if (end - week.start).days // 7 - off.weeks(off.between(week.start, end)) > len(chosen):
            chosen.append(replace(week, done=done, created=created))
            done = created = 0.0
    return tuple(reversed(chosen))


@dataclass(slots=True)
class _Tally:
    """What adds up in one week while items are counted."""

    done: float = 0.0
    created: float = 0.0
    done_keys: list[str] = field(default_factory=list)
    created_keys: list[str] = field(default_factory=list)
    counted_done: float | None = None
    counted_created: float | None = None

    def correct(self, done: float | None, created: float | None) -> None:
        if done is not None:
            self.counted_done, self.done = self.done, max(0.0, done)
        if created is not None:
            self.counted_created, self.created = self.created, max(0.0, created)

    def week(self, start: date) -> WeekCount:
        keys = tuple(self.done_keys), tuple(self.created_keys)
        return WeekCount(start, self.done, self.created, *keys, self.counted_done, self.counted_created)


def throughput(known: Known) -> Throughput | NotEnoughData:
    """The weeks of what is asked about."""
    return throughput_of(known, known.items)


def throughput_of(known: Known, items: Sequence[Item]) -> Throughput | NotEnoughData:
    """The weeks of these items. What was corrected by hand is said of all work, so it says nothing of a part."""
    is_all = items is known.team_items or not known.has_items
    corrections = known.facts.corrections if is_all else ()
    terms = (known.calendar, known.unit, known.params.window, known.as_of, known.is_live, corrections)
    if not items and known.missing is not None:
        return known.missing
    if not known.has_items:
        return throughput_of_weeks(known.facts.weeks, *terms)
    leave_out = known.params.sweeps is Sweeps.LEAVE_OUT
    return throughput_of_items(items, *terms, without_sweeps=leave_out)


def throughput_of_items(
    items: Sequence[Item],
    calendar: Calendar,
    unit: Unit,
    window: int | None,
    as_of: date,
    today_included: bool,
    corrections: Iterable[Correction] = (),
    without_sweeps: bool = False,
) -> Throughput | NotEnoughData:
    """Weeks of items. An item is done in the week of its last entry into done, unless it was reopened since or
    finished after it had left the scope.

    So what is done in all weeks together is what was finished less what was reopened. Done points are those
    of the day it was done, created points the last known estimate: few items are estimated when they come.
    Weeks without anything stay in, those at the end up to `as_of` too. `corrections` replace what was counted in
    weeks that are over; the items behind a corrected week stay those that were counted. `without_sweeps`: what was
    finished on a day of a sweep is no week's work, nor is it new work where it was added on that very day.
    """
    swept = _swept(items, calendar, window, as_of, corrections) if without_sweeps else frozenset()
    tallies = _tally(items, calendar, unit, swept)
    if not tallies:
        return NotEnoughData(N_("There are no items yet. Import a file or fetch from Jira first."))
    running_start = calendar.week_of(as_of)
    _correct(tallies, corrections, calendar, unit, running_start)
    first = min(min(tallies), running_start)
    weeks = _every_week(tallies, first, running_start)
    shows_running = today_included or running_start < as_of
    running = tallies.get(running_start, _Tally()).week(running_start) if shows_running else None
    if not weeks:
        return NotEnoughData(
            N_("The first week is not over yet. A forecast needs at least one full week; come back after it.")
        )
    chosen = _last(weeks, window)
    settled = {week.start for week in chosen if week.counted_done is not None}
    sweeps = _sweeps(items, calendar, chosen[0].start, running_start, settled)
    warnings = _sweep_warnings(items, sweeps, chosen, unit, without_sweeps)
    off = days_off_of(calendar)
    return Throughput(weeks, chosen, running, *_paces(chosen, off), sweeps=sweeps, warnings=warnings, off=off)


def _last(weeks: tuple[WeekCount, ...], window: int | None) -> tuple[WeekCount, ...]:
    return weeks if window is None else weeks[-window:]


def _correct(
    tallies: defaultdict[date, _Tally],
    corrections: Iterable[Correction],
    calendar: Calendar,
    unit: Unit,
    running_start: date,
) -> None:
    """A correction speaks of a whole week, so it counts once that week is over."""
    for correction in corrections:
        start = calendar.week_of(correction.day)
        done, created = amounts(correction, unit)
        if start < running_start and (done is not None or created is not None):
            tallies[start].correct(done, created)


def _tally(
    items: Sequence[Item], calendar: Calendar, unit: Unit, swept: frozenset[date] = frozenset()
) -> defaultdict[date, _Tally]:
    """`swept`: days of which what was finished then counts in no week."""
    tallies: defaultdict[date, _Tally] = defaultdict(_Tally)
    starts, in_items = calendar.week_starts, unit is ITEMS
    for item in items:
        key = item.issue.key
        size = 1.0 if in_items else item.size(unit)
        done = item.finished[-1] if item.done_at is not None else None
        is_swept = done in swept
        for day in item.entered:
            tally = tallies[starts[day]]
            if not (is_swept and day == done):
                tally.created += size
                tally.created_keys.append(key)
        if done is not None and not is_swept and (not item.left or item.counted_on(done)):
            tally = tallies[starts[done]]
            tally.done += size if len(item.sizes) == 1 else item.size_on(done, unit)
            tally.done_keys.append(key)
    return tallies


def _every_week(tallies: Mapping[date, _Tally], first: date, end: date) -> tuple[WeekCount, ...]:
    """Weeks from `first` up to the one before `end`, those in which nothing happened included."""
    starts = (first + number * ONE_WEEK for number in range((end - first).days // 7))
    return tuple(tallies[start].week(start) if start in tallies else WeekCount(start, 0.0, 0.0) for start in starts)


def _paces(window: tuple[WeekCount, ...], off: DaysOff) -> tuple[float, float]:
    weeks = weeks_of_work(window, off) or window
    return (
        sum(week.done for week in weeks) / len(weeks),
        sum(week.created for week in weeks) / len(weeks),
    )


def _sweeps(
    items: Iterable[Item], calendar: Calendar, first: date, end: date, settled: Collection[date]
) -> tuple[Sweep, ...]:
    """Days from `first` to before `end` with more finished than ten items and than eight times a usual working day's;
    none in a week of which somebody said how much was done (`settled`)."""
    done = [
        (done, item.issue.key)
        for item in items
        if item.done_at is not None
        and first <= (done := item.finished[-1]) < end
        and (not item.left or item.counted_on(done))
    ]
    working_days = max(1, calendar.working_days_between(first, end - ONE_DAY))
    limit = max(10.0, 8 * len(done) / working_days)
    counts = Counter(day for day, _ in done)
    return tuple(
        Sweep(day, count, tuple(key for on, key in done if on == day))
        for day, count in sorted((day, count) for day, count in counts.items() if day is not None)
        if count > limit and calendar.week_of(day) not in settled
    )


def _swept(
    items: Sequence[Item], calendar: Calendar, window: int | None, as_of: date, corrections: Iterable[Correction]
) -> frozenset[date]:
    """Days of sweeps in all that is known, each measured by as many weeks around it as the forecast learns from."""
    end = calendar.week_of(as_of)
    first = min((calendar.week_of(day) for item in items for day in (*item.entered, *item.finished)), default=end)
    span = window * ONE_WEEK if window is not None else max(end - first, ONE_WEEK)
    settled = {calendar.week_of(correction.day) for correction in corrections if correction.completed_items is not None}
    days: set[date] = set()
    while end > first:
        days.update(sweep.day for sweep in _sweeps(items, calendar, max(first, end - span), end, settled))
        end -= span
    return frozenset(days)


def _sweep_warnings(
    items: Iterable[Item], sweeps: Sequence[Sweep], window: Sequence[WeekCount], unit: Unit, without: bool
) -> tuple[str, ...]:
    """What the pace owes to days of sweeps, and what it would be without them."""
    if not sweeps:
        return ()
    days = {sweep.day for sweep in sweeps}
    count = sum(sweep.finished for sweep in sweeps)
    on_days = _on_days([sweep.day for sweep in sweeps])
    if without:
        return (
            N_(
                "{count} items that were finished {on_days} are left out, as an import or a clean-up.",
                count=count,
                on_days=on_days,
            ),
        )
    total = sum(len(week.done_keys) for week in window)
    done = sum(week.done for week in window)
    swept = sum(item.size_on(day, unit) for item in items if (day := item.done) is not None and day in days)
    pace, rest = done / len(window), max(0.0, done - swept) / len(window)
    return (
        N_(
            "{count} of the {total} items finished in these {weeks} weeks were finished "
            "{on_days}: probably an import or a clean-up, and no work of that day. Without it the "
            "pace is {rest:.3g} a week instead of {pace:.3g}; the forecast can be made so as well.",
            count=count,
            total=total,
            weeks=len(window),
            on_days=on_days,
            rest=rest,
            pace=pace,
        ),
    )


def _on_days(days: Sequence[date]) -> str:
    if len(days) == 1:
        return N_("on one day ({day})", day=days[0])
    if len(days) > 3:
        return N_("on {count} days ({days} …)", count=len(days), days=Several(days[:3]))
    return N_("on {count} days ({days})", count=len(days), days=Several(days))


def throughput_of_weeks(
    weeks: Sequence[Week],
    calendar: Calendar,
    unit: Unit,
    window: int | None,
    as_of: date,
    today_included: bool,
    corrections: Iterable[Correction] = (),
) -> Throughput | NotEnoughData:
    """Weeks typed in or imported, on whatever day: rows of one calendar week are added up.

    A week counts as known when it ends. The history ends with the last row's week: a table that nobody filled
    in is not a team that finished nothing.
    """
    running_start = calendar.week_of(as_of)
    tallies = _tally_rows(weeks, calendar, unit)
    _correct(tallies, corrections, calendar, unit, running_start)
    if not tallies:
        return NotEnoughData(_no_rows(weeks, unit))
    last = max((start for start in tallies if start < running_start), default=None)
    if last is None:
        return NotEnoughData(
            N_(
                "The first weekly number is of the week from {first}, which is not over on {as_of}. "
                "A forecast needs at least one full week.",
                first=min(tallies),
                as_of=as_of,
            )
        )
    full = _every_week(tallies, min(tallies), last + ONE_WEEK)
    running = tallies[running_start].week(running_start) if today_included and running_start in tallies else None
    chosen = _last(full, window)
    off = days_off_of(calendar)
    warnings = (*_gaps(weeks, chosen, tallies, calendar), *_outdated(last, running_start))
    return Throughput(full, chosen, running, *_paces(chosen, off), warnings=warnings, off=off)


def _gaps(
    rows: Sequence[Week], chosen: Sequence[WeekCount], tallies: Mapping[date, _Tally], calendar: Calendar
) -> tuple[str, ...]:
    """Said where a table with a row a week lacks some weeks: in a log of what was finished, nothing was then."""
    days = [row.day for row in rows if row.day is not None]
    is_a_row_a_week = len({calendar.week_of(day) for day in days}) == len(days)
    lacking = [week.start for week in chosen if week.start not in tallies and not _is_off(week.start, calendar)]
    if not is_a_row_a_week or not lacking:
        return ()
    return (
        Nn_(
            "The week from {first} has no number and counts as zero. If work was finished in it, enter it under Data, "
            "“Weeks by hand”.",
            "{count} weeks have no number and count as zero (the first from {first}). If work was finished in them, "
            "enter it under Data, “Weeks by hand”.",
            len(lacking),
            first=lacking[0],
        ),
    )


def _is_off(start: date, calendar: Calendar) -> bool:
    days = (start + timedelta(days=number) for number in range(ONE_WEEK.days))
    return all(day in calendar.holidays for day in days if day.weekday() in calendar.working_days)


def _tally_rows(weeks: Sequence[Week], calendar: Calendar, unit: Unit) -> defaultdict[date, _Tally]:
    """Sums of each calendar week; a number that was left empty counts nothing."""
    tallies: defaultdict[date, _Tally] = defaultdict(_Tally)
    for row in weeks:
        done, created = amounts(row, unit)
        if row.day is not None and (done is not None or created is not None):
            tally = tallies[calendar.week_of(row.day)]
            tally.done += max(0.0, done or 0.0)
            tally.created += max(0.0, created or 0.0)
    return tallies


def amounts(row: Week | Correction, unit: Unit) -> tuple[float | None, float | None]:
    """(done, created) of a row in the unit; None where the row says nothing."""
    if unit is Unit.ITEMS:
        return row.completed_items, row.created_items
    return row.completed_points, row.created_points


def _no_rows(weeks: Sequence[Week], unit: Unit) -> str:
    if not weeks:
        return N_("There is no data yet. Import a file, fetch from Jira, or enter finished work by week.")
    if unit is Unit.POINTS:
        return N_("The weekly numbers have no points. Enter completed points, or count in items.")
    return N_(
        "None of the weekly numbers has a date and a number of completed items. Check them under Data, “Weeks by hand”."
    )


def _outdated(last: date, running_start: date) -> tuple[str, ...]:
    missing = (running_start - last) // timedelta(days=7) - 1
    if missing < 1:
        return ()
    return (
        Nn_(
            "The weekly numbers end with the week from {last}; the last full week is missing and not counted as zero.",
            "The weekly numbers end with the week from {last}; the last {count} full weeks are missing and not counted "
            "as zero.",
            missing,
            last=last,
        ),
    )
