from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.forecast import LEVELS, Forecast, ForecastSettings, crowds_of, forecast, learned_drift, urns_of
from app.domain.futures import Reached
from app.domain.known import Growth, Method
from app.domain.reached import Dates
from app.domain.throughput import Throughput, WeekCount
from tests.domain.build import day
from tests.domain.strategies import any_settings, weekly_counts
from tests.examples import examples

MONDAY = day("03-09")


def weeks_of(history: list[tuple[int, int]]) -> Throughput:
    first = MONDAY - timedelta(weeks=len(history))
    weeks = tuple(WeekCount(first + timedelta(weeks=at), *pair) for at, pair in enumerate(history))
    return Throughput(weeks, weeks[-12:], None, 1.0, 1.0)


def forecast_of(left: float, history: list[tuple[int, int]], settings: ForecastSettings) -> Forecast:
    result = forecast(left, history[-12:], history, MONDAY, settings)
    assert isinstance(result, Forecast)
    return result


@settings(deadline=None, max_examples=examples(40))
@given(weekly_counts, st.integers(1, 40), any_settings)
def test_of_all_that_remains_it_is_the_forecast_itself(
    history: list[tuple[int, int]], left: int, any_of_them: ForecastSettings
) -> None:
    forecast = forecast_of(left, history, any_of_them)
    dates = Dates(forecast, weeks_of(history), any_of_them, 0.0)
    assert dates.dates(left) == forecast.dates
    for weeks in (1, 5, 20, 104):
        by = MONDAY + timedelta(weeks=weeks)
        assert dates.chance(left, by) == pytest.approx(forecast.chance_by(by), abs=1e-12)


@settings(deadline=None, max_examples=examples(40))
@given(weekly_counts, st.integers(1, 40), st.integers(0, 40), any_settings)
def test_of_a_part_it_is_the_forecast_of_that_part_and_never_later_than_of_more(
    history: list[tuple[int, int]], left: int, part: int, any_of_them: ForecastSettings
) -> None:
    part = min(part, left)
    dates = Dates(forecast_of(left, history, any_of_them), weeks_of(history), any_of_them, 0.0)
    assert dates.dates(part) == forecast_of(part, history, any_of_them).dates
    for level in LEVELS:
        earlier, later = dates.dates(part)[level], dates.dates(left)[level]
        assert later is None or (earlier is not None and earlier <= later)


@pytest.mark.slow
@pytest.mark.parametrize("growth", Growth)
def test_where_no_future_shares_its_weeks_fewer_of_them_say_nearly_the_same(growth: Growth) -> None:
    """A steady team drifts by nothing, so that each future has weeks of its own: a quarter of 10,000 is followed."""
    settings = ForecastSettings(growth=growth, seed=5)
    history = [(9 + at % 3, at % 2) for at in range(60)]
    whole = forecast_of(400, history, settings)
    dates = Dates(whole, weeks_of(history), settings, 0.0)
    assert dates.dates(400) == whole.dates
    for part in (90, 250, 399):
        alone = forecast_of(part, history, settings)
        for weeks in range(105):
            by = MONDAY + timedelta(weeks=weeks)
            assert dates.chance(part, by) == pytest.approx(alone.chance_by(by), abs=0.04)
            assert dates.chance(part, by) >= whole.chance_by(by)


def test_days_between_two_weeks_and_past_ones() -> None:
    settings = ForecastSettings(Method.PLAIN)
    history = [(2, 0)] * 12
    dates = Dates(forecast_of(6, history, settings), weeks_of(history), settings, 0.0)
    assert dates.chance(4, MONDAY + timedelta(days=13)) == 0.0
    assert dates.chance(4, MONDAY + timedelta(days=14)) == 1.0
    assert dates.chance(4, MONDAY - timedelta(days=1)) == 0.0
    assert (dates.chance(0, MONDAY), dates.dates(0)[85]) == (1.0, MONDAY)


@settings(deadline=None, max_examples=examples(40))
@given(weekly_counts, st.integers(1, 300), st.sampled_from([12, 104]), st.sampled_from(Growth), st.integers(0, 99))
def test_of_many_amounts_each_is_told_as_when_it_is_asked_alone(
    history: list[tuple[int, int]], left: int, horizon: int, growth: Growth, seed: int
) -> None:
    drift = learned_drift(history, history)
    crowds = crowds_of(urns_of(history[-12:], history, growth, drift), drift, 200)
    many = Reached(left, crowds, horizon, Random(seed))
    for part in (left * share / 60 for share in range(1, 61)):
        assert many.cdf(part) == Reached(left, crowds, horizon, Random(seed)).cdf(part)
