"""Money as earned value: what should be earned by now, what is, what was spent, and what it will have cost.

The team costs the same every week, whatever it finishes: a week without a finish costs as much as any. Days off cost
as well, because people are paid for them. Earned is the budget times the share of the scope that is done; planned is
the budget times the share of the planned time that has passed. Below 1 an index is bad, above it is good.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.burndown import Burndown, BurndownDay
from app.domain.calendar import ONE_DAY, ONE_WEEK
from app.domain.forecast import Forecast
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.words import N_
from store.documents import budget_of
from store.records import Profile
from store.settings import BudgetTerms


@dataclass(frozen=True, slots=True)
class Rate:
    """The team's cost per week from the day `since` on."""

    since: date
    per_week: float


@dataclass(frozen=True, slots=True)
class Plan:
    """`total`: the budget; None where only a rate is known. `end`: the last day it was planned for."""

    start: date
    end: date | None
    total: float | None
    rates: tuple[Rate, ...]
    currency: str


@dataclass(frozen=True, slots=True)
class Budget:
    """Money as known on the analysis' day, in `currency`. What needs something that is not known is None.

    `cpi` = earned ÷ actual, `spi` = earned ÷ planned. `estimate_at_completion`: spent when the work is finished at
    that level of the forecast; None beyond its horizon. `over_budget`: that less the budget, above 0 is bad.
    `runway_weeks`: how long what is left of the budget lasts. `cost_per_item`: spent ÷ items done since the start.
    """

    start: date
    end: date | None
    currency: str
    total: float | None
    rate_per_week: float
    planned: float | None
    earned: float | None
    actual: float
    cpi: float | None
    spi: float | None
    estimate_at_completion: Mapping[int, float | None]
    over_budget: Mapping[int, float | None]
    runway_weeks: float | None
    cost_per_item: float | None
    done_keys: tuple[str, ...]


def budget(known: Known, scope: Scope | NotEnoughData, forecast: Forecast | NotEnoughData) -> Budget | NotEnoughData:
    plan = plan_of(known.facts.profile, known)
    if isinstance(plan, NotEnoughData):
        return plan
    if plan.start > known.last_day:
        return NotEnoughData(N_("The budget begins on {start}; nothing was spent before.", start=plan.start))
    actual = spent(plan, known.last_day)
    rate = _rate_on(plan.rates, known.last_day)
    planned, earned = _planned(plan, known.last_day), _earned(plan, scope)
    completion = {level: _completion(plan, forecast, level, actual) for level in (50, 85)}
    keys = _done_keys(known, plan.start)
    done = len(keys) if known.has_items else _done_in_weeks(known, plan.start)
    return Budget(
        start=plan.start,
        end=plan.end,
        currency=plan.currency,
        total=plan.total,
        rate_per_week=rate,
        planned=planned,
        earned=earned,
        actual=actual,
        cpi=_ratio(earned, actual),
        spi=_ratio(earned, planned),
        estimate_at_completion=completion,
        over_budget={level: _less(cost, plan.total) for level, cost in completion.items()},
        runway_weeks=max(0.0, plan.total - actual) / rate if plan.total is not None and rate > 0 else None,
        cost_per_item=_ratio(actual, done),
        done_keys=keys,
    )


@dataclass(frozen=True, slots=True)
class MoneyDay:
    """Money at the end of `day`; None where there is no budget, or nothing known of the scope."""

    day: date
    spent: float
    planned: float | None
    earned: float | None


def is_said(known: Known) -> bool:
    """Whether there is a rate or a budget at all."""
    terms = budget_of(known.facts.profile)
    return terms.total is not None or terms.rate_per_week is not None or bool(terms.rates)


def course(known: Known, burndown: Burndown | NotEnoughData) -> tuple[MoneyDay, ...]:
    """Week by week from the start to the last day known; empty where nothing can be said."""
    plan = plan_of(known.facts.profile, known)
    if isinstance(plan, NotEnoughData) or plan.start > known.last_day:
        return ()
    days = burndown.days if isinstance(burndown, Burndown) else ()
    known_days = [day.day for day in days]
    return tuple(_money_day(plan, day, days[at - 1] if (at := bisect_right(known_days, day)) else None)
                 for day in _weekly(plan.start, known.last_day))  # fmt: skip


def _weekly(first: date, last: date) -> list[date]:
    weeks = range((last - first).days // 7 + 1)
    days = [first + at * ONE_WEEK for at in weeks]
    return days if days[-1] == last else [*days, last]


def _money_day(plan: Plan, day: date, state: BurndownDay | None) -> MoneyDay:
    share = state.done / state.scope if state is not None and state.scope > 0 else None
    earned = plan.total * share if plan.total is not None and share is not None else None
    return MoneyDay(day, spent(plan, day), _planned(plan, day), earned)


def _done_keys(known: Known, since: date) -> tuple[str, ...]:
    days = ((item, item.done) for item in known.items)
    return tuple(
        sorted(item.issue.key for item, day in days if day is not None and since <= day and item.counted_on(day))
    )


def _done_in_weeks(known: Known, since: date) -> int:
    """Where only weekly numbers are known."""
    weeks = ((week.day, week.completed_items or 0) for week in known.facts.weeks)
    return sum(count for day, count in weeks if day is not None and since <= day <= known.last_day)


def spent(plan: Plan, until: date) -> float:
    """By the end of that day."""
    total = 0.0
    ends = [rate.since for rate in plan.rates[1:]] + [date.max]
    for rate, end in zip(plan.rates, ends, strict=True):
        first, last = max(rate.since, plan.start), min(end - ONE_DAY, until)
        total += max(0, (last - first).days + 1) / 7 * rate.per_week
    return total


def _rate_on(rates: Sequence[Rate], day: date) -> float:
    """The last one that was in force; before the first, that one."""
    return next((rate.per_week for rate in reversed(rates) if rate.since <= day), rates[0].per_week)


def _planned(plan: Plan, day: date) -> float | None:
    if plan.total is None or plan.end is None or plan.end < plan.start:
        return None
    passed, length = (day - plan.start).days + 1, (plan.end - plan.start).days + 1
    return plan.total * min(1.0, passed / length)


def _earned(plan: Plan, scope: Scope | NotEnoughData) -> float | None:
    if plan.total is None or isinstance(scope, NotEnoughData) or scope.total <= 0:
        return None
    return plan.total * scope.done / scope.total


def _completion(plan: Plan, forecast: Forecast | NotEnoughData, level: int, actual: float) -> float | None:
    day = None if isinstance(forecast, NotEnoughData) else forecast.dates.get(level)
    # The forecast's day begins a week: the work is finished on the evening before.
    return max(actual, spent(plan, day - ONE_DAY)) if day is not None else None


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _less(cost: float | None, total: float | None) -> float | None:
    return cost - total if cost is not None and total is not None else None


# -- what was planned -------------------------------------------------------------------------------------


def plan_of(profile: Profile, known: Known) -> Plan | NotEnoughData:
    """What was planned. Without a start the work's first day counts, without an end the deadline."""
    terms = budget_of(profile)
    total, start = terms.total, terms.start or known.first_day
    rates = _rates(terms, start)
    if not rates and total is None:
        return NotEnoughData(N_("There is neither a rate nor a budget. Say what the team costs in a week."))
    end = terms.end or known.params.deadline
    if not rates and total is not None and end is not None and end >= start:
        # Only a total and how long it is to last: spread evenly.
        rates = (Rate(start, total / (((end - start).days + 1) / 7)),)
    if not rates:
        return NotEnoughData(N_("A budget alone does not tell what was spent. Say what the team costs in a week."))
    return Plan(start, end, total, rates, terms.currency)


def _rates(terms: BudgetTerms, start: date) -> tuple[Rate, ...]:
    first = [] if terms.rate_per_week is None else [(start, terms.rate_per_week)]
    # Of two from one day on, the one that was said last.
    return tuple(Rate(since, per_week) for since, per_week in sorted(dict([*first, *terms.rates]).items()))
