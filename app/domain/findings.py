"""What insights and health look at: the results of one analysis, and the few figures that both take from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.domain import ranks
from app.domain.ageing import Age
from app.domain.bugs import Bugs
from app.domain.calendar import ONE_DAY, ONE_WEEK
from app.domain.data_quality import Doubt
from app.domain.flow import Work
from app.domain.forecast import Forecast
from app.domain.items import IN_PROGRESS, Item
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput, WeekCount

# A pace is compared with its last weeks once there are twice as many.
RECENT_WEEKS = 4
# Of doubts that are about dates: they move what was finished when.
_ABOUT_DATES = frozenset({"finished_before_created", "started_after_finished", "done_without_a_day", "closed_in_bulk"})


@dataclass(frozen=True)
class Findings:
    """Results, or None where there is too little data for one. `remaining` in the unit."""

    known: Known
    remaining: float | None
    throughput: Throughput | None
    forecast: Forecast | None
    chance: float | None
    work: Work | None
    bugs: Bugs | None
    doubts: tuple[Doubt, ...] | None

    @cached_property
    def deadline_chance(self) -> float | None:
        """Of the deadline; 0 once it is past and work remains, forecast or not; None without one."""
        deadline = self.known.params.deadline
        if deadline is None or self.remaining is None:
            return None
        if self.remaining > 0 and deadline < self.known.as_of:
            return 0.0
        return 1.0 if self.remaining <= 0 else self.chance

    @cached_property
    def weeks_late(self) -> float | None:
        """From the deadline to the day that is 85 % sure; None without either."""
        deadline = self.known.params.deadline
        day = self.forecast.dates.get(85) if self.forecast is not None else None
        return (day - deadline) / ONE_WEEK if deadline is not None and day is not None else None

    @property
    def weeks(self) -> Sequence[WeekCount]:
        return self.throughput.window if self.throughput is not None else ()

    @cached_property
    def recent_pace(self) -> float | None:
        """Of the last four weeks; None where fewer than eight are known or nothing was finished in them."""
        if len(self.weeks) < 2 * RECENT_WEEKS or self.throughput is None or self.throughput.pace <= 0:
            return None
        return ranks.mean([week.done for week in self.weeks[-RECENT_WEEKS:]])

    def weeks_at(self, pace: float) -> float | None:
        """How long what remains takes at that pace; None for ever."""
        return self.remaining / pace if self.remaining is not None and pace > 0 else None

    def longer_at(self, pace: float) -> float | None:
        """How many weeks more than at the pace of the window; None where that cannot be told, or for ever."""
        usual = self.weeks_at(self.throughput.pace) if self.throughput is not None else None
        other = self.weeks_at(pace)
        return other - usual if usual is not None and other is not None else None

    @cached_property
    def old_items(self) -> tuple[Age, ...]:
        """In progress and older than 85 % of finished items were when they left the status."""
        return tuple(age for age in self.work.age if (age.band or 0) >= 85) if self.work is not None else ()

    def stalled_keys(self, days: int) -> tuple[str, ...]:
        return tuple(each.key for each in self.work.stalled if each.days >= days) if self.work is not None else ()

    @cached_property
    def reopened_keys(self) -> tuple[str, ...]:
        """Items that were done and were reopened in the window."""
        first, last = self.known.window
        items = (item for item in self.known.items if item.reopened)
        return tuple(sorted(item.issue.key for item in items if _reopened(item, first, last)))

    @cached_property
    def date_doubts(self) -> tuple[Doubt, ...]:
        return tuple(doubt for doubt in self.doubts or () if doubt.rule in _ABOUT_DATES and doubt.of)

    @cached_property
    def last_event(self) -> date | None:
        """The last day on which anything came, moved, was finished or left."""
        items, working = self.known.items, [item for item in self.known.items if item.category is IN_PROGRESS]
        days = [item.entered[-1] for item in items]
        days += [item.left[-1] for item in items if item.left]
        days += [item.finished[-1] for item in items if item.finished]
        moved = [item.stays[-1].since for item in working if item.stays]
        # Where clocks go back at midnight a day ends twice: of the last 24 hours all are looked at, and no others.
        lately = max(moved, default=self.known.known_until) - ONE_DAY
        days += [self.known.calendar.day_of(at) for at in moved if at > lately]
        return max(days, default=None)


def _reopened(item: Item, first: date, last: date) -> bool:
    return any(first <= day <= last for day in item.reopened)


def findings(
    known: Known,
    remaining: float | NotEnoughData,
    throughput: Throughput | NotEnoughData,
    forecast: Forecast | NotEnoughData,
    chance: float | None,
    work: Work | NotEnoughData,
    bugs: Bugs | NotEnoughData,
    doubts: tuple[Doubt, ...] | NotEnoughData,
) -> Findings:
    return Findings(
        known,
        None if isinstance(remaining, NotEnoughData) else remaining,
        None if isinstance(throughput, NotEnoughData) else throughput,
        None if isinstance(forecast, NotEnoughData) else forecast,
        chance,
        None if isinstance(work, NotEnoughData) else work,
        None if isinstance(bugs, NotEnoughData) else bugs,
        None if isinstance(doubts, NotEnoughData) else doubts,
    )
