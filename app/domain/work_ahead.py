"""Weeks of work and the days off between them: the only place where a pace turns into weeks of the calendar.

The futures of a forecast know ordinary weeks of work. Days off make weeks of the calendar hold less of them:
`WorkAhead` says how many weeks of work lie in the weeks to come, and `throughput.weeks_of_work` which those of the past
were. Both count whole weeks, to the nearest, since a forecast does: three weeks off are three weeks, wherever in the
weeks they begin, and a single day off is none. Days on which nobody would have worked anyway are no days off.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from app.domain.calendar import ONE_WEEK, Calendar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class DaysOff:
    """`days`: working days on which nobody works, rising; `per_week`: the working days of an ordinary week."""

    days: tuple[date, ...] = ()
    per_week: int = 5

    def between(self, first: date, end: date) -> int:
        """How many of them lie in [first, end)."""
        return max(0, bisect_left(self.days, end) - bisect_left(self.days, first))

    def weeks(self, days: int) -> int:
        """How many weeks so many days off are, to the nearest; a half is none yet."""
        return max(0, -((self.per_week - 2 * days) // (2 * self.per_week)))


NO_DAYS_OFF = DaysOff()


def days_off_of(calendar: Calendar) -> DaysOff:
    days = sorted(day for day in calendar.holidays if day.weekday() in calendar.working_days)
    return DaysOff(tuple(days), len(calendar.working_days)) if days else NO_DAYS_OFF


@dataclass(frozen=True, slots=True)
class WorkAhead:
    """The weeks from `since` on, each of seven days. The default knows of no day off."""

    since: date = date.min
    off: DaysOff = NO_DAYS_OFF

    @property
    def is_ordinary(self) -> bool:
        """Whether no day off lies ahead."""
        return not self.off.days or self.off.days[-1] < self.since

    def days_off_before(self, end: date) -> int:
        """How many working days are off before that day begins."""
        return 0 if self.is_ordinary else self.off.between(self.since, end)

    def worked(self, weeks: int) -> int:
        """How many weeks of work lie in so many weeks of the calendar."""
        if self.is_ordinary or weeks <= 0:
            return weeks
        return weeks - self.off.weeks(self.days_off_before(self.since + weeks * ONE_WEEK))

    def week_of(self, worked: int) -> int:
        """In which week of the calendar so many weeks of work are over."""
        week = worked
        while self.worked(week) < worked:
            week += 1
        return week

    def by_week(self, by_work: Sequence[_T]) -> tuple[_T, ...]:
        """Of what is known after 0, 1, 2 … weeks of work, what it is after as many weeks of the calendar."""
        if self.is_ordinary:
            return tuple(by_work)
        return tuple(map(by_work.__getitem__, _worked(self, len(by_work))))

    def until_worked(self, by_work: Sequence[_T]) -> tuple[_T, ...]:
        """As `by_week`, as far as the last of them instead of as many weeks."""
        if self.is_ordinary:
            return tuple(by_work)
        return tuple(map(by_work.__getitem__, _worked(self, self.week_of(len(by_work) - 1) + 1)))

    def weeks_until(self, end: date) -> float:
        """Weeks of work before that day begins, and parts of them."""
        return (end - self.since) / ONE_WEEK - self.days_off_before(end) / self.off.per_week


# A thousand epics ask for the same weeks, each for its own dates.
@lru_cache(maxsize=16)
def _worked(ahead: WorkAhead, weeks: int) -> tuple[int, ...]:
    return tuple(map(ahead.worked, range(weeks)))


EVERY_WEEK = WorkAhead()


def work_ahead(calendar: Calendar, as_of: date) -> WorkAhead:
    off = days_off_of(calendar)
    return WorkAhead(as_of, off) if off.days else EVERY_WEEK
