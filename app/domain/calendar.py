"""Days, weeks and working days of one profile, in its own time zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)
# From before any tracker to farther than anybody plans: before and after each, years of weeks can be counted.
YEARS = range(1900, 3000)


def written_day(text: str) -> date:
    """A day as a user, an address or a document names it, as 2026-03-31. Raises ValueError, also outside of YEARS."""
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return day


def zone_name(value: object) -> str:
    """Raises ValueError for what is no time zone."""
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, OSError) as exc:
        raise ValueError from exc
    return str(value)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week_start` and `working_days` count as `date.weekday()` does: Monday is 0."""

    zone: tzinfo
    week_start: int = 0
    working_days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: frozenset[date] = frozenset()
    _days: _Days = field(init=False, repr=False, compare=False)
    # The first day of the week of each day, for loops over all items; elsewhere `week_of`.
    week_starts: _Weeks = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_days", _days_of(self.zone))
        object.__setattr__(self, "week_starts", _weeks_of(self.week_start))

    def day_of(self, instant: datetime) -> date:
        """The local day that holds an aware instant."""
        utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
        split = self._days[utc.date()]
        if split is None:
            return utc.astimezone(self.zone).date()
        before, midnight, after = split
        return before if utc < midnight else after

    def start_of(self, day: date) -> datetime:
        """00:00 of the day in the zone, as an aware instant in UTC.

        Where a clock change skips midnight, the first instant of the day.
        """
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)

    def week_of(self, day: date) -> date:
        """First day of the week that holds `day`."""
        return self.week_starts[day]

    def is_working(self, day: date) -> bool:
        return day.weekday() in self.working_days and day not in self.holidays

    def working_days_between(self, first: date, last: date) -> int:
        """Working days in [first, last], both included; 0 when last < first."""
        days = (last - first).days + 1
        if days <= 0:
            return 0
        weeks, rest = divmod(days, 7)
        weekdays = weeks * len(self.working_days) + _working(self.working_days, first.weekday(), rest)
        if not self.holidays:
            return weekdays
        return weekdays - sum(first <= day <= last and day.weekday() in self.working_days for day in self.holidays)


@cache
def _working(working_days: frozenset[int], weekday: int, days: int) -> int:
    """Of less than a week of days from that one on."""
    return sum((weekday + step) % 7 in working_days for step in range(days))


_Split = tuple[date, datetime, date]


class _Days(dict[date, _Split | None]):
    """Of a whole UTC day the zone's midnight in it, and the local days on both sides; None when the offset changes.

    Asking the zone for every instant costs as much as all the rest of reading 20,000 issues.
    """

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, utc_day: date) -> _Split | None:
        split = self[utc_day] = self._split(utc_day)
        return split

    def _split(self, utc_day: date) -> _Split | None:
        first = datetime.combine(utc_day, time(), tzinfo=UTC)
        offset = first.astimezone(self._zone).utcoffset()
        # The last day there is has no next one to compare with.
        end = (first + ONE_DAY).astimezone(self._zone).utcoffset() if utc_day < date.max - ONE_DAY else None
        if offset is None or offset != end:
            return None
        midnight = first + (ONE_DAY - offset if offset > timedelta() else -offset)
        return (first + offset).date(), midnight, (midnight + offset).date()


class _Weeks(dict[date, date]):
    """The first day of the week of a day, worked out once a day: 20,000 items ask for that of their finish."""

    def __init__(self, week_start: int) -> None:
        super().__init__()
        self._week_start = week_start

    def __missing__(self, day: date) -> date:
        start = self[day] = day - timedelta(days=(day.weekday() - self._week_start) % 7)
        return start


@lru_cache(maxsize=7)
def _weeks_of(week_start: int) -> _Weeks:
    return _Weeks(week_start)


@lru_cache(maxsize=64)
def _days_of(zone: tzinfo) -> _Days:
    """One table for all calendars of a zone: there are as many days in it as the data have."""
    return _Days(zone)
