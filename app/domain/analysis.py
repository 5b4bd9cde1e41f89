"""One `Analysis` per query derives every number once; pages, report, command line and snapshots read it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar, overload

from app.domain import flow, review
from app.domain.burndown import Burndown, burndown_of_items, burndown_of_weeks
from app.domain.calendar import ONE_DAY, ONE_WEEK, Calendar
from app.domain.flow import FlowSummary
from app.domain.forecast import (
    LEVELS,
    Forecast,
    ForecastSettings,
    Growth,
    HowMany,
    Method,
    forecast,
    how_many,
    stable_seed,
)
from app.domain.history import POINTS_FIELDS, HistoryRules, build_items, earlier_items, project_of, status_categories
from app.domain.items import Item, Unit
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope, WeekReview, scope_of_items
from app.domain.throughput import Throughput, throughput_of_items, throughput_of_weeks
from app.domain.typed import corrected_rows, scope_of_weeks
from app.domain.ways import Ways, ways
from store.records import Category, QueryFacts, Snapshot, Sprint

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Params:
    """Everything an analysis depends on beside the facts. Hashable: it is part of the cache key.

    `as_of` D: only what was known when that day began (00:00 in the calendar's zone). None: all that is
    known at `now`. `remaining` overrides the derived remaining work. `sprint` narrows to one sprint's items.
    Status names are compared case-insensitively; empty sets mean "go by the status category".
    """

    now: datetime
    calendar: Calendar
    as_of: date | None = None
    unit: Unit = Unit.ITEMS
    window: int = 12
    method: Method = Method.CALIBRATED
    growth: Growth = Growth.NONE
    trials: int = 10_000
    seed: int | None = None
    remaining: float | None = None
    deadline: date | None = None
    sprint: str | None = None
    done_statuses: frozenset[str] = frozenset()
    in_progress_statuses: frozenset[str] = frozenset()
    todo_statuses: frozenset[str] = frozenset()
    excluded_projects: frozenset[str] = frozenset()


class derived(Generic[_T]):  # noqa: N801 - used as a decorator, like property
    """`functools.cached_property` under the analysis' own lock: since Python 3.12 that one has none."""

    def __init__(self, derive: Callable[[Any], _T]) -> None:
        self.derive = derive
        self.name = derive.__name__
        self.__doc__ = derive.__doc__

    @overload
    def __get__(self, analysis: None, owner: type | None = None) -> derived[_T]: ...

    @overload
    def __get__(self, analysis: Analysis, owner: type | None = None) -> _T: ...

    def __get__(self, analysis: Analysis | None, owner: type | None = None) -> derived[_T] | _T:
        if analysis is None:
            return self
        # Once stored, the instance's own dictionary answers and this is not called again.
        with analysis.lock:
            found = analysis.__dict__
            if self.name not in found:
                found[self.name] = self.derive(analysis)
            value: _T = found[self.name]
            return value


class Analysis:
    """Lazy: each number is derived when first read, once.

    `lock` makes reading from two threads derive once as well; without one it is still right, at worst twice the
    work. The domain knows no threads, so whoever has them hands in a reentrant lock. `built` are the items of these
    facts at this moment, by sprint, as far as another analysis has them already; this one adds its own.
    """

    def __init__(
        self,
        facts: QueryFacts,
        params: Params,
        lock: AbstractContextManager[object] | None = None,
        built: dict[str | None, tuple[Item, ...]] | None = None,
    ) -> None:
        self.facts = facts
        self.params = params
        self.lock = lock if lock is not None else nullcontext()
        self.built = built if built is not None else {}

    # -- what is known ------------------------------------------------------------------------------

    @derived
    def as_of(self) -> date:
        """The day whose beginning bounds what is known; for "now", today in the calendar's zone."""
        return self.params.as_of or self.params.calendar.day_of(self.params.now)

    @property
    def is_live(self) -> bool:
        """Whether it is about now, today included."""
        return self.params.as_of is None

    @derived
    def last_day(self) -> date:
        """The last day of which anything is known: today, or the day before `as_of`."""
        return self.as_of if self.is_live else self.as_of - ONE_DAY

    @property
    def has_items(self) -> bool:
        """Whether the numbers come from issues; where there are both, issues win over weekly numbers."""
        return bool(self.facts.issues)

    @derived
    def items(self) -> tuple[Item, ...]:
        """Items of the query (excluded projects left out), as known; empty for a query of weekly numbers."""
        return self._built(self.params.sprint)

    @derived
    def left_out(self) -> int:
        """How many issues of the query count nowhere, because their project is an excluded one."""
        excluded = self._rules(None).excluded_projects
        return sum(project_of(issue) in excluded for issue in self.facts.issues if issue.in_query) if excluded else 0

    @derived
    def _team_items(self) -> tuple[Item, ...]:
        """All items of the query, whatever the sprint: a sprint's forecast draws on the team's usual weeks."""
        return self.items if self.params.sprint is None else self._built(None)

    def _built(self, sprint: str | None) -> tuple[Item, ...]:
        if sprint not in self.built:
            self.built[sprint] = build_items(
                self.facts.issues,
                self.facts.changes,
                self._rules(sprint),
                self.params.calendar,
                self._known_until,
                self._is_now,
            )
        return self.built[sprint]

    def _built_before(self, before: Analysis) -> dict[str | None, tuple[Item, ...]]:
        """The items of an earlier moment, as far as they follow from those of this one."""
        if before._is_now != self._is_now:
            return {}
        return {
            sprint: earlier_items(
                self._built(sprint),
                self._known_until,
                self.facts.issues,
                self.facts.changes,
                self._rules(sprint),
                self.params.calendar,
                before._known_until,
                self._is_now,
            )
            for sprint in {self.params.sprint, None}
        }

    @derived
    def status_categories(self) -> dict[str, Category]:
        """What each status counts as that the query's issues have or had, by its name."""
        return status_categories(self.facts.issues, self.facts.changes, self._rules(None), self.params.calendar)

    def _rules(self, sprint: str | None) -> HistoryRules:
        params = self.params
        mapped = str(self.facts.profile.jira_config.get("points_field") or "").casefold()
        return HistoryRules(
            done_statuses=frozenset(name.casefold() for name in params.done_statuses),
            in_progress_statuses=frozenset(name.casefold() for name in params.in_progress_statuses),
            todo_statuses=frozenset(name.casefold() for name in params.todo_statuses),
            excluded_projects=frozenset(name.casefold() for name in params.excluded_projects),
            points_fields=POINTS_FIELDS | {mapped} if mapped else POINTS_FIELDS,
            sprint=sprint,
        )

    @property
    def _known_until(self) -> datetime:
        """All of the last day counts, so that within a day an analysis does not depend on the hour."""
        return self.params.calendar.start_of(self.last_day + ONE_DAY)

    @property
    def _is_now(self) -> bool:
        """Whether what an issue says at present holds at that moment."""
        return self._known_until > self.params.now

    # -- amounts ------------------------------------------------------------------------------------

    @derived
    def scope(self) -> Scope | NotEnoughData:
        """What there is to do, without the override of `Params.remaining` where issues tell it."""
        params = self.params
        if not self.has_items:
            if not self.facts.weeks and params.remaining is None and isinstance(self.throughput, NotEnoughData):
                return self.throughput
            return scope_of_weeks(
                corrected_rows(self.facts.weeks, self.facts.corrections, params.calendar),
                self.facts.project_data,
                params.calendar,
                params.unit,
                self.as_of,
                self.is_live,
                params.remaining,
            )
        if not self.items:
            return NotEnoughData(self._no_items())
        return scope_of_items(self.items, params.unit)

    def _no_items(self) -> str:
        if self.params.sprint is not None:
            return f"No item was in {self.params.sprint} by then. Choose another sprint, or all items."
        if self.params.as_of is not None:
            return f"Nothing was known on {self.as_of}: all items came later, or none counts. Choose a later day."
        return "None of the items counts: all have left the query or belong to excluded projects."

    @derived
    def remaining(self) -> float | NotEnoughData:
        """The remaining work that is forecast: given by the user, else derived."""
        if self.params.remaining is not None:
            return self.params.remaining
        return self.scope if isinstance(self.scope, NotEnoughData) else self.scope.remaining

    @derived
    def throughput(self) -> Throughput | NotEnoughData:
        params, corrections = self.params, self.facts.corrections
        known = (params.calendar, params.unit, params.window, self.as_of, self.is_live, corrections)
        if not self.has_items:
            return throughput_of_weeks(self.facts.weeks, *known)
        if not self._team_items:
            return NotEnoughData(self._no_items())
        return throughput_of_items(self._team_items, *known)

    @derived
    def burndown(self) -> Burndown | NotEnoughData:
        """Day by day; for a chosen sprint with dates from the evening before it to its end."""
        if isinstance(self.scope, NotEnoughData):
            return self.scope
        if not self.has_items:
            return self._burndown_of_weeks(self.scope)
        sprint = self._sprint
        first, ideal_from, last, deadline = None, self._window_start, self.last_day, self.params.deadline
        if sprint is not None and sprint.start is not None:
            ideal_from = self.params.calendar.day_of(sprint.start)
            first = ideal_from - ONE_DAY
            end = sprint.completed or sprint.end
            last = min(last, self.params.calendar.day_of(end)) if end is not None else last
            deadline = self.params.calendar.day_of(sprint.end) if sprint.end is not None else deadline
        known = bool(self.facts.changes) or any(item.left for item in self.items)
        found = burndown_of_items(
            self.items, self.params.calendar, self.params.unit, last, first, deadline, ideal_from, known
        )
        return found or NotEnoughData(f"{self.params.sprint or 'The work'} had not begun by then.")

    def _burndown_of_weeks(self, scope: Scope) -> Burndown | NotEnoughData:
        if isinstance(self.throughput, NotEnoughData):
            return self.throughput
        running_end = self.last_day if self.is_live else None
        return burndown_of_weeks(
            self.throughput, scope.remaining, self.params.calendar, self.params.deadline, running_end
        )

    @property
    def _sprint(self) -> Sprint | None:
        return next((sprint for sprint in self.facts.sprints if sprint.name == self.params.sprint), None)

    @property
    def _window_start(self) -> date | None:
        """From where a project's ideal line is drawn: its very start, with hardly any scope yet, says nothing."""
        return None if isinstance(self.throughput, NotEnoughData) else self.throughput.window[0].start

    @derived
    def flow(self) -> FlowSummary | NotEnoughData:
        """Work in progress, its age, and the cycle times of the window and the days since."""
        if not self.has_items:
            return NotEnoughData("Weekly numbers do not tell when single items were started. Import the issues.")
        if not self.items:
            return NotEnoughData(self._no_items())
        first = self._window_start or self.params.calendar.week_of(self.last_day)
        return flow.summary(self.items, self.params.calendar, self.last_day, first, self.last_day)

    # -- forecast -----------------------------------------------------------------------------------

    @derived
    def settings(self) -> ForecastSettings:
        """The forecast's settings; a seed that was not given comes from what the forecast depends on."""
        params = self.params
        seed = params.seed
        if seed is None:
            ref = self.facts.query.ref
            seed = stable_seed(
                *(ref.profile_id, ref.query_id, self.as_of, params.unit, params.window, params.method, params.growth),
                *(params.trials, self.remaining if isinstance(self.remaining, float | int) else None),
            )
        return ForecastSettings(params.method, params.growth, params.trials, seed)

    @derived
    def forecast(self) -> Forecast | NotEnoughData:
        return self._forecast(self.settings)

    @derived
    def baseline(self) -> Forecast | NotEnoughData:
        """The plain bootstrap on the same input, for comparison."""
        if self.params.method is Method.PLAIN:
            return self.forecast
        return self._forecast(replace(self.settings, method=Method.PLAIN))

    def _forecast(self, settings: ForecastSettings) -> Forecast | NotEnoughData:
        if isinstance(self.remaining, NotEnoughData):
            return self.remaining
        throughput = self.throughput
        if isinstance(throughput, NotEnoughData):
            return throughput
        unestimated = self._unestimated
        if unestimated and self.remaining <= 0:
            return NotEnoughData(
                f"No open item has points, and {unestimated} {'is' if unestimated == 1 else 'are'} open. "
                "Estimate them, or count in items."
            )
        result = forecast(self.remaining, throughput.pairs, throughput.history, self.as_of, settings)
        if isinstance(result, NotEnoughData):
            return result
        return replace(result, warnings=(*result.warnings, *throughput.warnings, *_unestimated_warning(unestimated)))

    @property
    def _unestimated(self) -> int:
        """Open items that the derived remaining points leave out."""
        given = self.params.remaining is not None
        return 0 if given or isinstance(self.scope, NotEnoughData) else self.scope.unestimated

    @derived
    def chance(self) -> float | None:
        """Chance of the deadline; None without a deadline or forecast."""
        return None if self.params.deadline is None else self.chance_by(self.params.deadline)

    def chance_by(self, day: date) -> float | None:
        """Chance that all work is done on or before `day`; None without a forecast."""
        result = self.forecast
        if isinstance(result, NotEnoughData):
            return None
        return 1.0 if result.remaining <= 0 else result.chance_by(day)

    @derived
    def required_pace(self) -> float | None:
        """Per week from now to finish what remains by the deadline; None without one or when it is past."""
        deadline = self.params.deadline
        if deadline is None or deadline <= self.as_of or isinstance(self.remaining, NotEnoughData):
            return None
        return max(0.0, self.remaining) / ((deadline - self.as_of) / ONE_WEEK)

    @derived
    def ways(self) -> Ways | None:
        """What would make the deadline as sure as 85 in 100; None without one, or when it is already."""
        made, throughput = self.forecast, self.throughput
        if self.params.deadline is None or isinstance(made, NotEnoughData) or isinstance(throughput, NotEnoughData):
            return None
        return ways(made, throughput.pairs, throughput.history, self.params.deadline)

    @derived
    def milestone_chances(self) -> tuple[tuple[str, date, float | None], ...]:
        """(name, day, chance that all work is done by then) of each milestone."""
        return tuple((one.name, one.day, self.chance_by(one.day)) for one in self.facts.milestones)

    def how_many(self, weeks: int) -> HowMany | NotEnoughData:
        """How much will be done in that many weeks, whatever remains."""
        if isinstance(self.throughput, NotEnoughData):
            return self.throughput
        return how_many(weeks, self.throughput.pairs, self.throughput.history, self.settings)

    # -- over time ----------------------------------------------------------------------------------

    def at(self, as_of: date) -> Analysis:
        """The same query and parameters as known when that day began."""
        return Analysis(self.facts, replace(self.params, as_of=as_of), self.lock)

    @derived
    def week_before(self) -> Analysis:
        """The same analysis as it was seven days earlier, live if this one is."""
        if self.is_live:
            before = Analysis(self.facts, replace(self.params, now=self.params.now - ONE_WEEK), self.lock)
        else:
            before = self.at(self.as_of - ONE_WEEK)
        before.built.update(self._built_before(before))
        return before

    @derived
    def last_week(self) -> WeekReview | NotEnoughData:
        """The last seven days against the state a week earlier, forecast included.

        A remaining amount given by the user is taken as today's; a week ago it was more or less by what happened.
        """
        if self._awaits_this_week:
            return self.at(self.as_of).last_week
        scope, before = self.scope, self.week_before
        scope_before = before.scope
        if isinstance(scope, NotEnoughData):
            return scope
        if isinstance(scope_before, NotEnoughData):
            return NotEnoughData("There is nothing to compare with: a week ago nothing was known yet.")
        moved = self._movement(before, scope_before, scope)
        remaining = self.params.remaining
        if remaining is None:
            return self._review(before, moved, scope.remaining)
        return self._review(before.with_remaining(max(0.0, remaining - moved.net)), moved, remaining)

    @property
    def _awaits_this_week(self) -> bool:
        """Nobody typed the week under way yet, so the last thing that happened is the full week before it."""
        throughput = self.throughput
        return self.is_live and not self.has_items and isinstance(throughput, Throughput) and throughput.running is None

    def _movement(self, before: Analysis, scope_before: Scope, scope: Scope) -> review.Movement:
        if self.has_items:
            return review.movement_of_items(before.items, self.items, self.params.unit)
        if self.params.remaining is not None:
            return review.Movement(finished=max(0.0, scope.done - scope_before.done))
        return review.movement_of_weeks(scope_before, scope)

    def with_remaining(self, remaining: float) -> Analysis:
        """The same, with this much remaining work."""
        return Analysis(self.facts, replace(self.params, remaining=remaining), self.lock, self.built)

    def in_unit(self, unit: Unit) -> Analysis:
        """The same, counted in this unit."""
        return Analysis(self.facts, replace(self.params, unit=unit), self.lock, self.built)

    def _review(self, before: Analysis, moved: review.Movement, remaining: float) -> WeekReview:
        until = self.last_day + ONE_DAY
        then, now = before.standing, self.standing
        return WeekReview(
            since=until - ONE_WEEK,
            until=until,
            finished=moved.finished,
            added=moved.added,
            removed=moved.removed,
            re_estimated=moved.re_estimated,
            reopened=moved.reopened,
            remaining_before=then.remaining,
            remaining_now=remaining,
            finished_keys=moved.finished_keys,
            added_keys=moved.added_keys,
            removed_keys=moved.removed_keys,
            date_85_before=then.date_85,
            date_85_now=now.date_85,
            chance_before=before.chance,
            chance_now=self.chance,
            why=review.why(then, now, moved, self.settings, self.params.unit),
        )

    @derived
    def standing(self) -> review.Standing:
        """What the forecast was made from; without weeks or amount, empty and 0."""
        throughput = self.throughput
        weeks = None if isinstance(throughput, NotEnoughData) else throughput
        return review.Standing(
            as_of=self.as_of,
            remaining=0.0 if isinstance(self.remaining, NotEnoughData) else self.remaining,
            window=weeks.pairs if weeks is not None else (),
            history=weeks.history if weeks is not None else (),
            result=self.forecast,
        )

    def snapshot(self) -> tuple[Snapshot, ...]:
        """This week's record: metrics scope, throughput, forecast, flow_load, flow_time; created at `params.now`.

        A metric that cannot be told yet is left out, never recorded as zero.
        """
        year, week, _ = self.last_day.isocalendar()
        values = {
            "scope": _scope_values(self.scope, self.params.unit),
            "throughput": _throughput_values(self.throughput, self.params),
            "forecast": self._forecast_values(),
            **_flow_values(self.flow, self.items, self.params.calendar, self.last_day),
        }
        return tuple(
            Snapshot(f"{year}-W{week:02d}", metric, found, self.params.now)
            for metric, found in values.items()
            if found is not None
        )

    def _forecast_values(self) -> dict[str, Any] | None:
        result = self.forecast
        if isinstance(result, NotEnoughData):
            return None
        deadline = self.params.deadline
        values: dict[str, Any] = {
            "as_of": self.as_of.isoformat(),
            "unit": self.params.unit.value,
            "method": result.settings.method.value,
            "growth": result.settings.growth.value,
            "remaining": result.remaining,
            "trials": result.settings.trials,
            "seed": result.settings.seed,
            "deadline": deadline.isoformat() if deadline is not None else None,
            "chance_of_deadline": self.chance,
        }
        for level in LEVELS:
            day = result.dates[level]
            values[f"weeks_{level}"] = result.weeks[level]
            values[f"date_{level}"] = day.isoformat() if day is not None else None
        return values


def _unestimated_warning(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"{count} open item{' has' if count == 1 else 's have'} no points and count{'s' * (count == 1)} as 0.",)


def _scope_values(scope: Scope | NotEnoughData, unit: Unit) -> dict[str, Any] | None:
    if isinstance(scope, NotEnoughData):
        return None
    return {
        "unit": unit.value,
        "total": scope.total,
        "done": scope.done,
        "remaining": scope.remaining,
        "in_progress": scope.in_progress,
        "todo": scope.todo,
        "unestimated_items": scope.unestimated,
        "source": scope.source,
    }


def _throughput_values(throughput: Throughput | NotEnoughData, params: Params) -> dict[str, Any] | None:
    if isinstance(throughput, NotEnoughData):
        return None
    running = throughput.running
    return {
        "unit": params.unit.value,
        "done_this_week": running.done if running is not None else None,
        "created_this_week": running.created if running is not None else None,
        "pace_per_week": throughput.pace,
        "created_per_week": throughput.created_pace,
        "window_weeks": len(throughput.window),
        "samples": list(throughput.samples),
    }


def _flow_values(
    summary: FlowSummary | NotEnoughData, items: tuple[Item, ...], calendar: Calendar, last_day: date
) -> dict[str, dict[str, Any]]:
    """Work in progress now, and cycle times of what was finished this week (no times when none is known)."""
    if isinstance(summary, NotEnoughData):
        return {}
    load = {
        "wip_count": summary.wip_count,
        "by_status": dict(summary.by_status),
        "by_issue_type": dict(summary.by_type),
    }
    monday = last_day - timedelta(days=last_day.weekday())
    finished = [item for item in items if (done := item.done) is not None and monday <= done <= last_day]
    days = [found.elapsed_days for item in finished if (found := flow.cycle_time(item, calendar)) is not None]
    time = {
        "completed_count": len(finished),
        "median_days": flow.percentile(days, 50) if days else None,
        "avg_days": sum(days) / len(days) if days else None,
        "p85_days": flow.percentile(days, 85) if days else None,
    }
    return {"flow_load": load, "flow_time": time}
