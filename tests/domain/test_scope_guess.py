"""Work that nobody has counted, against a guess worked out by hand and the model drawn as its sheet draws it."""

from __future__ import annotations

import math
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.forecast import LEVELS, Forecast, ForecastSettings, forecast
from app.domain.known import Method
from app.domain.reached import Dates, dates_of
from app.domain.scope_guess import COMPLEXITIES, Risk, ScopeGuess, chances, guessed
from app.domain.throughput import Throughput, WeekCount

MONDAY = date(2026, 1, 5)
# Oracle A: 20 items of these weeks are done in 6, 7, 8 and 9 weeks.
SAMPLES = (3, 5, 0, 4, 2, 6)
SETTINGS = ForecastSettings(Method.PLAIN, seed=1)


def of_weeks(most: float) -> tuple[Forecast, Dates]:
    result = forecast(20, [(float(each), 0.0) for each in SAMPLES], (), MONDAY, SETTINGS)
    weeks = tuple(WeekCount(MONDAY, float(each), 0.0) for each in SAMPLES)
    dates = dates_of(result, Throughput(weeks, weeks, None, 20 / 6, 0.0), SETTINGS, most)
    assert isinstance(result, Forecast)
    assert isinstance(dates, Dates)
    return result, dates


def drawn(guess: ScopeGuess, times: int) -> list[int]:
    """As the sheet does: one number of the guess, one split, each risk thrown."""
    dice, (less, more) = Random(5), COMPLEXITIES[guess.complexity - 1]
    counts = []
    for _ in range(times):
        items = dice.randint(math.ceil(guess.low * less), math.floor(guess.high * more))
        amount = math.ceil(items * dice.uniform(*guess.split) - 1e-9)
        amount += sum(dice.randint(each.low, each.high) for each in guess.risks if dice.random() <= each.likelihood)
        counts.append(amount)
    return sorted(counts)


def test_a_guess_by_hand() -> None:
    # 4 or 5 items; 4 x 1 to 1.5 is 5 or 6 alike, 5 x 1 to 1.5 is 6 and 7 (up to 7 of 5 to 7.5) and 8 for the rest.
    numbers = dict(chances(ScopeGuess(4, 5, (1.0, 1.5))))
    assert numbers == pytest.approx({5: 1 / 4, 6: 1 / 4 + 1 / 5, 7: 1 / 5, 8: 1 / 10})
    # 4 x 1.1 to 1.5 lies between 4.4 and 6: up to 5 on six tenths of the way of 1.6.
    assert dict(chances(ScopeGuess(4, 4, (1.1, 1.5)))) == pytest.approx({5: 0.6 / 1.6, 6: 1 / 1.6})
    # A risk of one in four that brings 1 or 2.
    numbers = dict(chances(ScopeGuess(10, 10, risks=(Risk(0.25, 1, 2),))))
    assert numbers == pytest.approx({10: 0.75, 11: 0.125, 12: 0.125})
    # What is hardly understood: 1.75 to 3 times as many.
    assert [amount for amount, _ in chances(ScopeGuess(4, 4, complexity=4))] == [7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize(
    "guess",
    [
        ScopeGuess(20, 30, (1.0, 1.5), (Risk(0.3, 5, 10), Risk(0.5, 1, 4))),
        ScopeGuess(10, 40, (0.8, 2.0), complexity=3),
        ScopeGuess(300, 900, (1.0, 3.0), (Risk(0.1, 100, 200),)),
    ],
)
def test_it_is_what_comes_of_drawing(guess: ScopeGuess) -> None:
    forecast, dates = of_weeks(guess.most)
    result, many = guessed(guess, forecast, dates), drawn(guess, 20_000)
    assert result.mean == pytest.approx(sum(many) / len(many), rel=0.01)
    for level in LEVELS:
        near = (many[int(len(many) * (level + step) / 100) - 1] for step in (-1.5, 1.5))
        low, high = near
        assert low - 1 <= result.scope[level] <= high + 1


def test_what_is_certain_has_the_dates_of_the_forecast_and_half_the_time_takes_twice_as_much() -> None:
    forecast, dates = of_weeks(60)
    assert guessed(ScopeGuess(20, 20), forecast, dates).weeks == {50: 6, 70: 7, 85: 8, 95: 9}
    half = guessed(ScopeGuess(20, 20, focus=0.5), forecast, dates)
    assert half.weeks == guessed(ScopeGuess(40, 40), forecast, dates).weeks
    assert half.scope == {50: 20, 70: 20, 85: 20, 95: 20}


@given(st.integers(0, 30), st.integers(0, 10), st.floats(1, 2), st.floats(0, 1), st.floats(0, 1), st.integers(0, 3))
def test_the_chances_are_all_there_are_and_more_risk_or_split_is_never_done_earlier(
    low: int, wide: int, split: float, wider: float, likelihood: float, brings: int
) -> None:
    forecast, dates = of_weeks(300)
    guess = ScopeGuess(low, low + wide, (1.0, split))
    larger = ScopeGuess(low, low + wide, (1.0, split + wider), (Risk(likelihood, 0, brings),))
    assert math.fsum(share for _, share in chances(larger)) == pytest.approx(1)
    few, many = guessed(guess, forecast, dates), guessed(larger, forecast, dates)
    assert few.mean <= many.mean + 1e-9
    for level in LEVELS:
        sooner, later = few.weeks[level], many.weeks[level]
        assert later is None or (sooner is not None and sooner <= later)


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": 5, "high": 4},
        {"low": 1, "high": 2, "split": (0.0, 1.0)},
        {"low": 1, "high": 2, "focus": 0.0},
        {"low": 1, "high": 2, "complexity": 5},
        {"low": 1, "high": 2, "risks": (Risk(1.2, 1, 2),)},
        {"low": 1, "high": 1e9},
    ],
)
def test_what_is_no_guess_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"guess|split|complexity|risk"):
        ScopeGuess(**wrong)  # type: ignore[arg-type]
