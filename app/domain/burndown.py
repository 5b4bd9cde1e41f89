"""Burndown and burnup series at the end of each day, with the true scope line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import ClassVar

from app.domain.calendar import ONE_DAY, ONE_WEEK, Calendar
from app.domain.items import POINTS, Item, Unit
from app.domain.known import Known
from app.domain.ledger import ADDED, ScopeChange, State, Steps, came_to_nothing, scope_changes, steps_by_key
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.words import N_

# About 50 years. A single issue dated to the year 1 must not cost a chart of 700,000 days.
_LONGEST_DAYS = 18_263


@dataclass(frozen=True, slots=True)
class BurndownDay:
    """State at the end of `day`; `remaining` = `scope` - `done`. `ideal`: on the ideal line, None beside it."""

    day: date
    scope: float
    done: float
    remaining: float
    unestimated: int
    ideal: float | None = None


@dataclass(frozen=True, slots=True)
class Burndown:
    """`days` holds every calendar day from the first event to the last day known (for weeks: one per week end).

    The last day known is today, or the day before an as-of day, whose beginning bounds what is known.
    `ideal`: straight over working days from what remains at the start to 0 on the deadline; its first point is the
    evening before the start. Empty without a deadline after the start. `changes` leaves out the first day, from
    which the scope line starts.
    """

    days: tuple[BurndownDay, ...]
    ideal: tuple[tuple[date, float], ...]
    changes: tuple[ScopeChange, ...]
    scope_membership_known: bool

    DOCUMENT: ClassVar[Mapping[str, str]] = {
        "days": "days_with_ideal",
        "scope_membership_known": "scope_membership_known",
    }

    @property
    def days_with_ideal(self) -> tuple[BurndownDay, ...]:
        """The days, each with its place on the ideal line."""
        on = dict(self.ideal)
        return tuple(replace(day, ideal=on[day.day]) if day.day in on else day for day in self.days)


def burndown(
    known: Known,
    scope: Scope | NotEnoughData,
    throughput: Throughput | NotEnoughData,
    ledger: Sequence[ScopeChange],
    happened: Steps | None = None,
    since: date | None = None,
) -> Burndown | NotEnoughData:
    """Day by day; for a chosen sprint with dates from the evening before it to its end.

    `since`: the first day, where that is not the one on which the first item came.
    """
    if isinstance(scope, NotEnoughData):
        return scope
    if not known.has_items:
        return _burndown_of_weeks(known, scope, throughput)
    # A project's ideal line starts where the window does: its very start, with hardly any scope yet, says nothing.
    ideal_from = None if isinstance(throughput, NotEnoughData) else throughput.window[0].start
    first, last, deadline, calendar = since, known.last_day, known.params.deadline, known.calendar
    sprint = known.sprint
    if sprint is not None and sprint.start is not None:
        ideal_from = calendar.day_of(sprint.start)
        first = ideal_from - ONE_DAY
        end = sprint.completed or sprint.end
        last = min(last, calendar.day_of(end)) if end is not None else last
        deadline = calendar.day_of(sprint.end) if sprint.end is not None else deadline
    days = burndown_of_items(
        known.items, calendar, known.unit, last, first, deadline, ideal_from, known.has_membership, ledger, happened
    )
    return days or NotEnoughData(_not_begun(known.params.sprint))


def _not_begun(sprint: str | None) -> str:
    if not sprint:
        return N_("The work had not begun by then.")
    return N_("{sprint} had not begun by then.", sprint=sprint)


def _burndown_of_weeks(known: Known, scope: Scope, throughput: Throughput | NotEnoughData) -> Burndown | NotEnoughData:
    if isinstance(throughput, NotEnoughData):
        return throughput
    running_end = known.last_day if known.is_live else None
    return burndown_of_weeks(throughput, scope.remaining, known.calendar, known.params.deadline, running_end)


def burndown_of_items(
    items: Sequence[Item],
    calendar: Calendar,
    unit: Unit,
    last: date,
    first: date | None = None,
    deadline: date | None = None,
    ideal_from: date | None = None,
    scope_membership_known: bool = True,
    ledger: Sequence[ScopeChange] | None = None,
    happened: Steps | None = None,
) -> Burndown | None:
    """Days in [first, last]; `first` None: from the first event on. None where nothing happened up to `last`.

    `ledger` and `happened`: all changes of the scope, and the steps of these items, where somebody has them already.

    The ideal line starts with what remained on the evening before `ideal_from` (default: on the first day).
    """
    start = first or min((item.entered[0] for item in items), default=None)
    if start is None or start > last:
        return None
    start = max(start, last - timedelta(days=_LONGEST_DAYS))
    happened = steps_by_key(items, unit) if happened is None else happened
    days = _days(items, unit, start, last, happened)
    evening = max(start, ideal_from - ONE_DAY) if ideal_from is not None else start
    ideal: tuple[tuple[date, float], ...] = ()
    if deadline is not None and evening <= last:
        ideal = ideal_line(calendar, evening, days[(evening - start).days].remaining, deadline)
    steps = scope_changes(items, unit, start + ONE_DAY, last, happened) if ledger is None else ledger
    changes = tuple(step for step in steps if start < step.day <= last)
    return Burndown(days, ideal, changes, scope_membership_known)


def _days(items: Sequence[Item], unit: Unit, first: date, last: date, happened: Steps) -> tuple[BurndownDay, ...]:
    """Sums over all items by differences: each item is looked at once for each of its events, not for each day."""
    length = (last - first).days + 1
    # One more place than days, where lines end that do not end within them.
    scope, done, unestimated = [0.0] * (length + 1), [0.0] * (length + 1), [0.0] * (length + 1)
    origin, in_points = first.toordinal(), unit is POINTS
    for item in items:
        steps = happened.get(item.issue.key)
        if steps is None:
            # The common case written out: 20,000 issues without a history take a tenth of the time.
            if item.left and came_to_nothing(item):
                continue
            came, size = max(0, item.entered[0].toordinal() - origin), item.size(unit) if in_points else 1.0
            gone = min(length, max(0, item.left[0].toordinal() - origin)) if item.left else length
            finished = max(came, item.finished[0].toordinal() - origin) if item.finished else length
            if came < gone:
                scope[came] += size
                scope[gone] -= size
            if finished < gone:
                done[finished] += size
                done[gone] -= size
            if in_points and item.points is None and came < min(finished, gone):
                unestimated[came] += 1
                unestimated[min(finished, gone)] -= 1
            continue
        for step in steps:
            at = max(0, step.day.toordinal() - origin)
            if at >= length:
                break
            scope[at] += _scope(step.after) - _scope(step.before)
            done[at] += _done(step.after) - _done(step.before)
            unestimated[at] += _unestimated(step.after) - _unestimated(step.before)
    sums = zip(accumulate(scope), accumulate(done), accumulate(unestimated), strict=True)
    return tuple(
        BurndownDay(date.fromordinal(origin + at), total, completed, total - completed, int(open_without))
        for at, (total, completed, open_without) in zip(range(length), sums, strict=False)
    )


def _scope(state: State) -> float:
    return state.size if state.in_scope else 0.0


def _done(state: State) -> float:
    return state.size if state.in_scope and state.done else 0.0


def _unestimated(state: State) -> int:
    return int(state.in_scope and not state.done and not state.estimated)


def ideal_line(calendar: Calendar, evening: date, amount: float, deadline: date) -> tuple[tuple[date, float], ...]:
    """From `amount` on `evening` down to 0 on the evening of `deadline`, flat on days off; empty without a workday."""
    total = calendar.working_days_between(evening + ONE_DAY, deadline)
    if total == 0:
        return ()
    points = [(evening, amount)]
    worked = 0
    for step in range(1, (deadline - evening).days + 1):
        day = evening + step * ONE_DAY
        worked += calendar.is_working(day)
        points.append((day, amount * (total - worked) / total))
    return tuple(points)


def burndown_of_weeks(
    throughput: Throughput,
    remaining: float,
    calendar: Calendar,
    deadline: date | None = None,
    running_end: date | None = None,
) -> Burndown:
    """One point at the end of each week, told backwards from what remains now.

    Before a week, what remains was more by what that week finished and less by what came in. Without numbers of
    created work the scope line is flat, and `scope_membership_known` is False. The running week, if any, ends on
    `running_end`.
    """
    weeks = [(week.start + ONE_WEEK - ONE_DAY, week) for week in throughput.weeks]
    if throughput.running is not None and running_end is not None:
        weeks.append((running_end, throughput.running))
    done_by_week = list(accumulate(week.done for _, week in weeks))
    created_by_week = list(accumulate(week.created for _, week in weeks))
    # What was there before the first week: all there is now but what came in since.
    start = done_by_week[-1] + remaining - created_by_week[-1]
    days = tuple(
        BurndownDay(end, start + created, done, start + created - done, 0)
        for (end, _), done, created in zip(weeks, done_by_week, created_by_week, strict=True)
    )
    ideal: tuple[tuple[date, float], ...] = ()
    if deadline is not None:
        at = max(0, len(throughput.weeks) - len(throughput.window) - 1)
        ideal = ideal_line(calendar, days[at].day, days[at].remaining, deadline)
    changes = tuple(ScopeChange(end, ADDED, week.created, ()) for end, week in weeks[1:] if week.created)
    return Burndown(days, ideal, changes, created_by_week[-1] > 0)
