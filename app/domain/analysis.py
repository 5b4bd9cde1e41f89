"""One `Analysis` per query derives every number once; pages, report, command line and snapshots read it.

Wiring only: what a number means stands in the file of its noun.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, TypeVar, overload

from app.domain import (
    agreement,
    before_after,
    budget,
    bugs,
    burndown,
    by_day,
    data_quality,
    decisions,
    dora,
    epic_dates,
    epics,
    findings,
    flow,
    forecast,
    grouping,
    health,
    insights,
    known,
    ledger,
    milestones,
    order,
    pace,
    pert,
    reached,
    review,
    scope,
    scope_guess,
    sprint_check,
    sprints,
    throughput,
    track_record,
    waiting,
    ways,
    what_if,
)
from app.domain.agreement import Agreement
from app.domain.before_after import BeforeAfter
from app.domain.budget import Budget
from app.domain.burndown import Burndown
from app.domain.calendar import ONE_WEEK, Calendar
from app.domain.data_quality import Doubt
from app.domain.decisions import Decisions
from app.domain.epics import Epics
from app.domain.findings import Findings
from app.domain.flow import Flow
from app.domain.forecast import Amounts, Forecast, ForecastSettings, HowMany
from app.domain.grouping import Groups
from app.domain.health import Health
from app.domain.hierarchy import EpicSize
from app.domain.insights import Insight
from app.domain.items import Item, Unit
from app.domain.known import Built, Growth, Known, Method, Pace, Params, Sweeps
from app.domain.ledger import ScopeChange, Steps
from app.domain.milestones import Milestones, Tools
from app.domain.missing import NotEnoughData
from app.domain.order import Order
from app.domain.pace import PaceSource
from app.domain.pert import SecondOpinion
from app.domain.reached import Dates
from app.domain.recorded import recorded
from app.domain.review import Movement, Standing, WeekReview
from app.domain.scope import Scope
from app.domain.scope_guess import Guessed, ScopeGuess
from app.domain.selection import Condition, Operator, Selection, Values
from app.domain.sprint_check import SprintCheck
from app.domain.throughput import Throughput
from app.domain.track_record import Outlook, WholeRecord
from app.domain.waiting import Waiting
from app.domain.ways import Ways
from app.domain.what_if import Drawn, TriedOut, WhatIf
from store.records import Category, ForecastMade, QueryFacts, Snapshot

# Every subject that there is, by its name in `Analysis`, in the order in which they are told.
SUBJECTS = (
    "scope",
    "throughput",
    "burndown",
    "forecast",
    "milestones",
    "flow",
    "sprints",
    "epics",
    "bugs",
    "dora",
    "budget",
    "data_quality",
    "insights",
    "health",
)
# What is told only when it is asked for by name: both take longer than all the others together.
ASKED_FOR = ("last_week", "track_record", "decisions", "agreement", "releases", "waiting", "groups")
# Of these a record is made each week, by what tells it; the others are lists, and no single number of a week. Of scope
# and flow a part tells it: all else would be derived for nobody.
RECORDED = {
    name: {"scope": "amount", "flow": "work_to_flow", "sprints": "velocity"}.get(name, name)
    for name in SUBJECTS
    if name not in ("burndown", "data_quality", "insights")
}

# Of more items than this only the week before is kept, not those before it: the lists of twelve weeks are a third of
# what all items take, and who asks for one of them waits some hundredths of a second.
_MANY_ITEMS = 50_000

_T = TypeVar("_T")
# The fields that lists of issues show and that may change.
_LISTED = tuple(
    Condition(field, Operator.IS, "")
    for field in ("type", "version", "sprint", "parent", "label", "component", "priority", "assignee")
)


class derived(Generic[_T]):  # noqa: N801 - used as a decorator, like property
    """`functools.cached_property` under the analysis' own lock: since Python 3.12 that one has none."""

    def __init__(self, derive: Callable[[Any], _T]) -> None:
        self.derive = derive
        self.name = ""
        self.__doc__ = derive.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, analysis: None, owner: type | None = None) -> derived[_T]: ...

    @overload
    def __get__(self, analysis: Analysis, owner: type | None = None) -> _T: ...

    def __get__(self, analysis: Analysis | None, owner: type | None = None) -> derived[_T] | _T:
        if analysis is None:
            return self
        # Once stored, the instance's own dictionary answers and this is not called again.
        with analysis.lock:
            stored = analysis.__dict__
            value: _T = stored[self.name] if self.name in stored else self.derive(analysis)
            stored[self.name] = value
            return value


def from_known(derive: Callable[[Known], _T]) -> derived[_T]:
    """A subject that needs nothing but what is known."""
    return derived(lambda analysis: derive(analysis.known))


@dataclass(frozen=True, slots=True)
class Scenario:
    """In what another analysis of the same facts differs from the present one; None: in nothing."""

    now: datetime | None = None
    as_of: date | None = None
    unit: Unit | None = None
    window: int | None = None
    method: Method | None = None
    growth: Growth | None = None
    remaining: float | None = None
    deadline: date | None = None
    selection: Selection | None = None
    pace: Pace | None = None
    sweeps: Sweeps | None = None
    epic_size: EpicSize | None = None
    by: str | None = None
    together: int | None = None
    calendar: Calendar | None = None

    def put_upon(self, params: Params) -> Params:
        overrides = {each.name: getattr(self, each.name) for each in fields(self)}
        return replace(params, **{name: value for name, value in overrides.items() if value is not None})

    @property
    def moves_in_time(self) -> bool:
        """Whether other things are known in it, so that its items have to be built anew."""
        return self.now is not None or self.as_of is not None


class Only(NamedTuple):
    """The keys of the items that an analysis is of; `since`: the day on which the work began that they are part of."""

    keys: frozenset[str]
    since: date | None


class Analysis:
    """Lazy: each number is derived when first read, once.

    `lock` makes reading from two threads derive once as well; without one it is still right, at worst twice the
    work. The domain knows no threads, so whoever has them hands in a reentrant lock. `built` is what another analysis
    of these facts at this moment has worked out already; this one adds to it. `only`: of which items it is, None: all.
    """

    def __init__(
        self,
        facts: QueryFacts,
        params: Params,
        lock: AbstractContextManager[object] | None = None,
        built: Built | None = None,
        only: Only | None = None,
    ) -> None:
        self.facts = facts
        self.params = params
        self.lock = lock if lock is not None else nullcontext()
        self.built = built if built is not None else Built()
        self.only = only
        self._portions: dict[frozenset[str], Analysis] = {}
        self._periods: dict[tuple[date | None, date | None], Analysis] = {}
        self._amounts: dict[int, Amounts | NotEnoughData] = {}

    def has(self, *names: str) -> bool:
        """Whether all of these are derived already."""
        return all(name in self.__dict__ for name in names)

    def over(self, first: date | None, last: date | None) -> Analysis:
        """The same, telling of the past between these days; None: no bound. Kept, since all of a page asks for it."""
        with self.lock:
            if (first, last) not in self._periods:
                params = replace(self.params, period=(first, last))
                self._periods[first, last] = Analysis(self.facts, params, self.lock, self.built, self.only)
            return self._periods[first, last]

    def of(self, keys: frozenset[str]) -> Analysis:
        """The same of these items alone, over the same days: one portion of a chart that is parted. Kept, as above."""
        with self.lock:
            if keys not in self._portions:
                since = min((item.entered[0] for item in self.known.items if item.entered), default=None)
                only = Only(keys, since)
                self._portions[keys] = Analysis(self.facts, self.params, self.lock, self.built, only)
            return self._portions[keys]

    def with_(self, scenario: Scenario) -> Analysis:
        """Another analysis of the same facts, which shares what does not change."""
        built = Built(hierarchy=self.built.hierarchy, keep=self.built.keep) if scenario.moves_in_time else self.built
        return Analysis(self.facts, scenario.put_upon(self.params), self.lock, built, self.only)

    def let_go(self) -> None:
        """Forget what was derived; who still asks has it derived anew.

        Results that can ask the analysis for more refer to it, so that without this they would stay in memory until
        the collector of circles comes by, which is seldom.
        """
        with self.lock:
            for name in [name for name in self.__dict__ if isinstance(getattr(type(self), name, None), derived)]:
                del self.__dict__[name]
            others = [*self._periods.values(), *self._portions.values()]
            self._periods.clear()
            self._portions.clear()
            self._amounts.clear()
            for other in others:
                other.let_go()

    def take_down(self, forecast: ForecastMade) -> None:
        """A forecast that was recorded belongs to the facts from now on; one of the same day and kind gives way."""
        with self.lock:
            kinds = {(each.as_of, each.unit, each.method): each for each in (*self.facts.forecasts, forecast)}
            self.facts = replace(self.facts, forecasts=tuple(kinds[kind] for kind in sorted(kinds)))
            if "known" in self.__dict__:
                self.__dict__["known"] = replace(self.known, facts=self.facts)

    # -- what is known ------------------------------------------------------------------------------

    @derived
    def known(self) -> Known:
        everything = known.known(self.facts, self.params, self.built)
        if self.only is None:
            return everything
        return replace(everything, items=tuple(item for item in everything.items if item.issue.key in self.only.keys))

    @property
    def as_of(self) -> date:
        return known.as_of_day(self.params)

    @property
    def is_live(self) -> bool:
        return self.params.as_of is None

    @property
    def last_day(self) -> date:
        return known.last_day(self.params)

    @property
    def has_items(self) -> bool:
        return self.known.has_items

    @derived
    def is_estimated(self) -> bool:
        """Whether any issue has points; every page asks, and most of a team that has none would be looked through."""
        return any(issue.points is not None for issue in self.facts.issues)

    @property
    def items(self) -> tuple[Item, ...]:
        return self.known.items

    @derived
    def listed_values(self) -> Values:
        """The fields that lists of issues show, with what histories tell of them."""
        return Values(self.known.hierarchy, self.facts.changes, Selection(_LISTED))

    @derived
    def tells_moves(self) -> bool:
        """Whether the source tells when anything changed its status."""
        return any(item.stays for item in self.items)

    @derived
    def left_out(self) -> int:
        return self.known.left_out

    @derived
    def status_categories(self) -> dict[str, Category]:
        return self.known.status_categories

    # -- amounts ------------------------------------------------------------------------------------

    @derived
    def scope(self) -> Scope | NotEnoughData:
        return scope.with_ledger(self.amount, self.known, self.ledger)

    @derived
    def amount(self) -> Scope | NotEnoughData:
        """The scope without what changed it: all that a forecast asks for, at a fraction of the cost."""
        return scope.scope(self.known, self.throughput, self._sized_epics)

    @derived
    def epics(self) -> Epics | NotEnoughData:
        """With their dates, where there is a forecast."""
        wholes, order, result = self._wholes, self.order, self.forecast
        if isinstance(wholes, NotEnoughData) or isinstance(order, NotEnoughData):
            return wholes
        if isinstance(result, NotEnoughData) or result.remaining <= 0 or isinstance(self._dates, NotEnoughData):
            return wholes
        return epic_dates.dated(self.known, wholes, order, result.remaining, self._dates)

    @derived
    def _wholes(self) -> Epics | NotEnoughData:
        return epics.epics(self.known)

    @property
    def _sized_epics(self) -> Epics | NotEnoughData | None:
        """Only where epics have a size: without one they add nothing to the scope."""
        return None if self.params.epic_size is None else self._wholes

    @derived
    def groups(self) -> Groups | NotEnoughData:
        """The work by the values of the field that is asked for."""
        return grouping.grouped(self.known, self.params.by)

    @derived
    def ledger(self) -> tuple[ScopeChange, ...]:
        return ledger.ledger(self.known, self.throughput, self._steps)

    @derived
    def _steps(self) -> Steps:
        return ledger.steps_by_key(self.known.items, self.params.unit)

    @derived
    def remaining(self) -> float | NotEnoughData:
        return scope.remaining(self.known, self.amount)

    @derived
    def throughput(self) -> Throughput | NotEnoughData:
        result = throughput.throughput(self.known)
        fixed = self.params.baseline
        return result if fixed is None or isinstance(result, NotEnoughData) else replace(result, baseline=fixed)

    @derived
    def team_throughput(self) -> Throughput | NotEnoughData:
        """The weeks of all work, whatever part of it is asked about."""
        if self.known.items is self.known.team_items:
            return self.throughput
        return throughput.throughput_of(self.known, self.known.team_items)

    @derived
    def pace(self) -> PaceSource | NotEnoughData:
        return pace.pace_source(self.known, self.team_throughput, self.throughput)

    @derived
    def learned(self) -> Throughput | NotEnoughData:
        """The weeks that the forecast draws on."""
        return pace.learned(self.team_throughput, self.throughput, self.pace)

    @derived
    def burndown(self) -> Burndown | NotEnoughData:
        since = None if self.only is None else self.only.since
        return burndown.burndown(self.known, self.scope, self.throughput, self.ledger, self._steps, since)

    work_to_flow = from_known(flow.work)

    @derived
    def flow(self) -> Flow | NotEnoughData:
        return flow.flow(self.work_to_flow)

    velocity = from_known(sprints.last_velocity)
    sprints = from_known(sprints.sprints)
    bugs = from_known(bugs.bugs)
    dora = from_known(dora.dora)

    @derived
    def budget(self) -> Budget | NotEnoughData:
        return budget.budget(self.known, self.amount, self.forecast)

    @derived
    def data_quality(self) -> tuple[Doubt, ...] | NotEnoughData:
        return data_quality.data_quality(self.known, self.throughput, self.order)

    @derived
    def findings(self) -> Findings:
        """What the checks look at."""
        amounts = (self.remaining, self.throughput, self.forecast, self.chance)
        return findings.findings(self.known, *amounts, self.work_to_flow, self.bugs, self.data_quality)

    @derived
    def insights(self) -> tuple[Insight, ...] | NotEnoughData:
        return insights.insights(self.findings)

    @derived
    def health(self) -> Health | NotEnoughData:
        return health.health(self.findings)

    # -- forecast -----------------------------------------------------------------------------------

    @derived
    def settings(self) -> ForecastSettings:
        return forecast.settings(self.known)

    @derived
    def forecast(self) -> Forecast | NotEnoughData:
        keep = self.built.keep
        return forecast.forecast_of(self.known, self.remaining, self.amount, self.learned, self.settings, keep)

    @derived
    def by_day(self) -> Mapping[int, date]:
        """The forecast's dates to the working day, where less than about eight weeks are left; by level."""
        return by_day.by_day(self.forecast, self.learned, self.settings, self.params.calendar, self.built.keep)

    @derived
    def days_with_a_finish(self) -> int | None:
        """In the weeks that the pace is learned from; None where only weeks are known."""
        return by_day.days_with_a_finish(self.known, self.team_throughput)

    @derived
    def baseline(self) -> Forecast | NotEnoughData:
        """The plain bootstrap on the same input and seed, for comparison."""
        if self.params.method is Method.PLAIN:
            return self.forecast
        plain = replace(self.settings, method=Method.PLAIN)
        return forecast.forecast_of(self.known, self.remaining, self.amount, self.learned, plain)

    @derived
    def second_opinion(self) -> SecondOpinion | NotEnoughData:
        """An estimate by three points, to compare with; no forecast is made of it."""
        return pert.second_opinion(self.forecast)

    @derived
    def without_sweeps(self) -> Analysis | None:
        """The same without days on which implausibly many items were finished at once; None where there are none."""
        if isinstance(self.throughput, NotEnoughData) or not self.throughput.sweeps:
            return None
        return self.with_(Scenario(sweeps=Sweeps.LEAVE_OUT))

    @derived
    def chance(self) -> float | None:
        """Chance of the deadline; None without a deadline or forecast."""
        return forecast.chance(self.forecast, self.params.deadline)

    def chance_by(self, day: date) -> float | None:
        return forecast.chance(self.forecast, day)

    @derived
    def required_pace(self) -> float | None:
        return forecast.required_pace(self.known, self.remaining)

    @derived
    def growing(self) -> Forecast | NotEnoughData:
        """The forecast if new work keeps coming in as in the past weeks, of the same weeks and the same work."""
        then, keep = self.with_(Scenario(growth=Growth.PAST)), self.built.keep
        return forecast.forecast_of(then.known, self.remaining, self.amount, self.learned, then.settings, keep)

    @derived
    def ways(self) -> Ways | None:
        return ways.ways_of(self.known, self.forecast, self.learned)

    @derived
    def milestones(self) -> Milestones | NotEnoughData:
        """The days that matter, each with the work that has to be done by then."""
        return milestones.milestones(self.known, self.amount, self._tools)

    @derived
    def releases(self) -> Milestones | NotEnoughData:
        """The versions with a day of release, as milestones of their own."""
        return milestones.releases(self.known, self.amount, self._tools)

    @property
    def _tools(self) -> Tools:
        """Made anew each time: stored they would hold the analysis that holds them, and all issues with it, until the
        collector comes."""
        return Tools(
            self.forecast,
            lambda: self._dates,
            lambda part, left: self.with_(Scenario(selection=part, pace=Pace.OWN, remaining=left)).forecast,
            self._expected,
        )

    @derived
    def _expected(self) -> Mapping[str, float]:
        """By its key, what is missing to the usual size of each epic."""
        sized = self._sized_epics
        whole = sized.epics if isinstance(sized, Epics) else ()
        return {epic.key: epic.expected for epic in whole if epic.expected}

    @derived
    def _dates(self) -> Dates | NotEnoughData:
        opened, unit = self.known.all_open_items, self.params.unit
        most = float(len(opened)) if unit is Unit.ITEMS else sum(item.size(unit) for item in opened)
        most += sum(self._expected.values()) if self.params.remaining is not None else 0.0
        return reached.dates_of(self.forecast, self.learned, self.settings, most)

    def guessed(self, guess: ScopeGuess) -> Guessed | NotEnoughData:
        """When work that nobody has counted is done, in place of what remains."""
        result = self.forecast
        most = max(guess.most / guess.focus, 0.0 if isinstance(result, NotEnoughData) else result.remaining)
        dates = reached.dates_of(result, self.learned, self.settings, most)
        if isinstance(result, NotEnoughData):
            return result
        if isinstance(dates, NotEnoughData):
            return dates
        return scope_guess.guessed(guess, result, dates)

    @derived
    def waiting(self) -> Waiting | NotEnoughData:
        """What waits for what, and what that does to the date."""
        return waiting.waiting(self.known, self.order, self.forecast, self.flow)

    def to_drop(self, left: float, day: date) -> float | None:
        """What of so much work to leave out for a day to be 85 % sure: 0 where it is, None where nothing helps.

        Of all work by the deadline it is what `ways` says.
        """
        if isinstance(self.forecast, NotEnoughData) or isinstance(self.drawn, NotEnoughData):
            return None
        if day == self.params.deadline and left == self.forecast.remaining:
            return 0.0 if self.ways is None else self.ways.drop
        keep = math.floor(what_if.sure_amount(self.drawn, day, track_record.LEVEL) + 1e-9)
        return max(0.0, left - keep) if keep else None

    @derived
    def agreement(self) -> Agreement | NotEnoughData:
        """Where the tracker's own numbers of a sprint or version differ, and why."""
        return agreement.agreement(self.known, self.sprints)

    @derived
    def decisions(self) -> Decisions | NotEnoughData:
        """On which days to look at the deadline, and how long a decision can wait."""
        return decisions.decisions(self.drawn, self.params.deadline)

    def before_after(self, day: date) -> BeforeAfter | NotEnoughData:
        """Whether the weeks from that day on differ from those before it by more than luck."""
        if isinstance(self.throughput, NotEnoughData):
            return self.throughput
        return before_after.before_after(self.throughput.weeks, day, self.settings.seed)

    def sprint_check(self, keys: Sequence[str], weeks: int) -> SprintCheck | NotEnoughData:
        """Whether these issues fit into so many weeks."""
        if isinstance(self.order, NotEnoughData):
            return self.order
        return sprint_check.sprint_check(keys, self.order.items, self.items, self.amounts(weeks), self.params.unit)

    @property
    def growth_counts(self) -> bool:
        """Whether the forecast lets new work come in as in the past."""
        return self.params.growth is Growth.PAST

    @derived
    def drawn(self) -> Drawn | NotEnoughData:
        """The futures that things are tried out on."""
        return what_if.what_of(self.forecast, self.learned, self.settings)

    def tried(self, what: WhatIf) -> TriedOut | NotEnoughData:
        """What comes out if things were otherwise."""
        if isinstance(self.forecast, NotEnoughData):
            return self.forecast
        if isinstance(self.drawn, NotEnoughData):
            return self.drawn
        return what_if.tried(self.drawn, self.forecast, what, self.params.deadline)

    @derived
    def order(self) -> Order | NotEnoughData:
        """Open work in the order in which it is taken."""
        if isinstance(self.amount, NotEnoughData):
            return self.amount
        return order.in_order(self.known.open_items)

    def amounts(self, weeks: int) -> Amounts | NotEnoughData:
        """As `how_many`, with the chance of every amount. Kept, since all of a page asks for it."""
        if isinstance(self.learned, NotEnoughData):
            return self.learned
        with self.lock:
            if weeks not in self._amounts:
                learned = self.learned
                self._amounts[weeks] = forecast.amounts(weeks, learned.pairs, learned.history, self.settings)
            return self._amounts[weeks]

    def how_many(self, weeks: int) -> HowMany | NotEnoughData:
        """How much will be done in that many weeks, whatever remains."""
        if isinstance(self.learned, NotEnoughData):
            return self.learned
        amount = forecast.how_many(weeks, self.learned.pairs, self.learned.history, self.settings)
        # A share of the pace is a fraction; of an item that is not finished nothing is.
        return forecast.whole(amount) if self.params.unit is Unit.ITEMS else amount

    @derived
    def track_record(self) -> WholeRecord | NotEnoughData:
        """How good the forecasts were, in the unit at hand; replays the whole past, which takes seconds."""
        return track_record.whole_record(self.known, self.throughput)

    # -- over time ----------------------------------------------------------------------------------

    @derived
    def outlooks(self) -> tuple[Outlook, ...]:
        """What is said of the end today, and would have been in each of the weeks before, oldest first."""
        outlooks, at = [self.outlook_of(self.forecast)], self
        is_large = len(self.items) > _MANY_ITEMS
        for week in range(track_record.WEEKS):
            at = at.a_week_earlier() if week and is_large else at.week_before
            few = replace(at.settings, trials=min(at.settings.trials, track_record.TRIALS))
            outlooks.append(at.outlook_of(forecast.forecast_of(at.known, at.remaining, at.amount, at.learned, few)))
        return tuple(each for each in reversed(outlooks) if each is not None)

    def outlook_of(self, forecast: Forecast | NotEnoughData) -> Outlook | None:
        """What this forecast says of the end; None where not even what is left is known."""
        return track_record.outlook(self.as_of, self.remaining, self.learned, forecast)

    @derived
    def week_before(self) -> Analysis:
        """Kept, since several subjects compare with it."""
        return self.a_week_earlier()

    def a_week_earlier(self) -> Analysis:
        """The same analysis as it was seven days earlier, live if this one is, with the days off known then."""
        calendar = known.calendar_before(self.facts, self.params, self.as_of - ONE_WEEK)
        live = Scenario(now=self.params.now - ONE_WEEK, calendar=calendar)
        before = self.with_(live if self.is_live else Scenario(as_of=self.as_of - ONE_WEEK, calendar=calendar))
        before.built = known.built_before(self.facts, self.params, before.params, self.built)
        return before

    @derived
    def moved(self) -> Movement | NotEnoughData:
        return review.movement(self.week_before.known, self.known, self.week_before.amount, self.amount)

    @derived
    def last_week(self) -> WeekReview | NotEnoughData:
        """The last seven days against the state a week earlier, forecast included.

        A remaining amount given by the user is taken as today's; a week ago it was more or less by what happened.
        """
        if review.awaits_this_week(self.known, self.throughput):
            return self.with_(Scenario(as_of=self.as_of)).last_week
        if isinstance(self.moved, NotEnoughData):
            return self.moved
        before, typed = self.week_before, self.params.remaining
        if typed is not None:
            before = before.with_(Scenario(remaining=max(0.0, typed - self.moved.net)))
        # With the same seed the same weeks give the same futures, so that luck is no part of what moved the date.
        alike = replace(before.settings, seed=self.settings.seed)
        drawn_before = what_if.what_of(before.forecast, before.learned, alike)
        return review.week_review(self.known, self.moved, before.standing, self.standing, drawn_before, self.drawn)

    @derived
    def standing(self) -> Standing:
        return review.standing(self.known, self.remaining, self.learned, self.forecast, self.chance)

    def snapshot(self) -> tuple[Snapshot, ...]:
        """This week's record of every subject that keeps one, created at `params.now`.

        What cannot be told yet is left out, never recorded as zero.
        """
        year, week, _ = self.last_day.isocalendar()
        return tuple(
            Snapshot(f"{year}-W{week:02d}", metric, values, self.params.now)
            for name, source in RECORDED.items()
            for metric, values in recorded(name, getattr(self, source), self.known).items()
        )
