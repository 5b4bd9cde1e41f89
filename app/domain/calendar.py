"""Days, weeks and working days of one profile, in its own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week_start` and `working_days` count as `date.weekday()` does: Monday is 0."""

    zone: tzinfo
    week_start: int = 0
    working_days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: frozenset[date] = frozenset()

    def day_of(self, instant: datetime) -> date:
        """The local day that holds an aware instant."""
        raise NotImplementedError

    def start_of(self, day: date) -> datetime:
        """00:00 of the day in the zone, as an aware instant."""
        raise NotImplementedError

    def week_of(self, day: date) -> date:
        """First day of the week that holds `day`."""
        raise NotImplementedError

    def is_working(self, day: date) -> bool:
        raise NotImplementedError

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (`count` >= 1)."""
        raise NotImplementedError

    def working_days_between(self, first: date, last: date) -> int:
        """Working days in [first, last], both included; 0 when last < first."""
        raise NotImplementedError
