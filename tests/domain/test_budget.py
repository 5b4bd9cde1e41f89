from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.budget import Budget, Plan, Rate, spent
from app.domain.forecast import Forecast
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from store.records import Week
from tests.domain.build import analysis, day, facts, finished_each_week, issue

MONEY = {"total": 100_000, "rate_per_week": 7_000, "start": "2026-01-05", "end": "2026-03-29", "currency": "EUR"}
# Four finished a week over eight weeks from 5 January, and sixteen left.
WORK = [*finished_each_week([4] * 8, date(2026, 1, 5)), *(issue(f"O-{number}", "01-05") for number in range(16))]


def budget_of(money: Any = None, **params: Any) -> Budget:
    known = facts(WORK, settings={"budget": MONEY if money is None else money})
    budget = analysis(known, **(dict[str, Any]({"as_of": day("03-02"), "method": Method.PLAIN}) | params)).budget
    assert isinstance(budget, Budget)
    return budget


def test_earned_value_goes_by_scope_and_time() -> None:
    budget = budget_of()
    # Eight weeks of twelve are over, 32 of 48 items are done, and eight weeks cost 56,000.
    assert (budget.actual, budget.planned, budget.earned) == pytest.approx(
        (56_000, 100_000 * 8 / 12, 100_000 * 32 / 48)
    )
    assert (budget.cpi, budget.spi) == pytest.approx((100_000 * 32 / 48 / 56_000, 1.0))
    assert budget.runway_weeks == pytest.approx(44_000 / 7_000)
    assert (budget.cost_per_item, len(budget.done_keys), budget.currency) == (1_750, 32, "EUR")


def test_at_completion_it_costs_what_the_weeks_till_then_cost() -> None:
    budget = budget_of()
    # Sixteen items at four a week: four more weeks whatever comes.
    assert dict(budget.estimate_at_completion) == pytest.approx({50: 84_000, 85: 84_000})
    assert dict(budget.over_budget) == pytest.approx({50: -16_000, 85: -16_000})


def test_a_week_without_a_finish_costs_as_much_as_any() -> None:
    early, later = budget_of(as_of=day("03-02")), budget_of(as_of=day("03-09"))
    assert later.actual - early.actual == pytest.approx(7_000)


def test_a_rate_alone_tells_what_was_spent_and_nothing_of_a_budget() -> None:
    budget = budget_of({"rate_per_week": 7_000, "start": "2026-01-05"})
    assert (budget.actual, budget.total, budget.earned, budget.planned, budget.cpi, budget.runway_weeks) == (
        56_000, None, None, None, None, None,
    )  # fmt: skip


def test_a_new_rate_counts_from_its_day_on() -> None:
    plan = Plan(day("01-05"), None, None, (Rate(day("01-05"), 700.0), Rate(day("01-19"), 1_400.0)), "")
    assert [spent(plan, day(text)) for text in ("01-11", "01-18", "01-25")] == pytest.approx([700, 1_400, 2_800])
    assert spent(plan, day("01-04")) == 0


def test_money_that_is_gone_has_no_runway_rather_than_a_negative_one() -> None:
    assert budget_of({**MONEY, "total": 10_000}).runway_weeks == 0


def test_without_money_the_answer_says_what_to_give() -> None:
    none = analysis(facts(WORK)).budget
    assert isinstance(none, NotEnoughData)
    assert "what the team costs" in none.reason
    total_only = analysis(facts(WORK, settings={"budget": {"total": 5}})).budget
    assert isinstance(total_only, NotEnoughData)
    future = analysis(facts(WORK, settings={"budget": {**MONEY, "start": "2027-01-01"}})).budget
    assert isinstance(future, NotEnoughData)


def test_the_budget_of_the_earlier_app_counts() -> None:
    row = {"time_allocated_weeks": 12, "budget_total_eur": 84_000.0, "created_at": "2026-01-05T08:00:00"}
    budget = analysis(facts(WORK, extras={"budget_settings": [row]}), as_of=day("03-02")).budget
    assert isinstance(budget, Budget)
    assert (budget.rate_per_week, budget.total, budget.actual, budget.end) == (7_000, 84_000, 56_000, day("03-29"))


def test_weekly_numbers_have_a_cost_per_item_too() -> None:
    weeks = [Week(day(text), completed_items=4) for text in ("01-05", "01-12", "01-19")]
    known = facts(weeks=weeks, settings={"budget": MONEY}, scope={"remaining_items": 8})
    budget = analysis(known, as_of=day("01-26")).budget
    assert isinstance(budget, Budget)
    assert (budget.actual, budget.cost_per_item) == (21_000, 1_750)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, "much", True, None])
def test_an_amount_that_is_none_counts_as_absent(value: Any) -> None:
    budget = analysis(facts(WORK, settings={"budget": {**MONEY, "rate_per_week": value, "total": None}})).budget
    assert isinstance(budget, NotEnoughData)


@given(st.integers(1, 50_000), st.integers(0, 50_000))
def test_a_dearer_team_never_looks_better(rate: int, more: int) -> None:
    cheap, dear = budget_of({**MONEY, "rate_per_week": rate}), budget_of({**MONEY, "rate_per_week": rate + more})
    assert cheap.cpi is not None
    assert dear.cpi is not None
    assert dear.cpi <= cheap.cpi
    for level in (50, 85):
        below, above = cheap.over_budget[level], dear.over_budget[level]
        assert below is not None
        assert above is not None
        assert above >= below
    forecast = analysis(facts(WORK), as_of=day("03-02"), method=Method.PLAIN).forecast
    assert isinstance(forecast, Forecast)
