from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.before_after import BeforeAfter, before_after, permutation_p
from app.domain.missing import NotEnoughData
from app.domain.throughput import WeekCount
from tests.examples import examples

MONDAY = date(2026, 1, 5)


def weeks(*done: float) -> list[WeekCount]:
    return [WeekCount(MONDAY + timedelta(weeks=at), amount, 0.0, (f"K-{at}",)) for at, amount in enumerate(done)]


def test_weeks_of_one_kind_against_weeks_of_another_are_no_luck() -> None:
    """Of the 70 ways to choose 4 of 8 weeks two differ as much: 2 / 70."""
    result = before_after(weeks(1, 1, 1, 1, 5, 5, 5, 5), MONDAY + timedelta(weeks=4))
    assert isinstance(result, BeforeAfter)
    assert (result.before, result.after, result.weeks_before, result.weeks_after) == (1, 5, 4, 4)
    assert result.p == pytest.approx(2 / 70)
    assert not result.is_noise
    assert result.keys_after == ("K-4", "K-5", "K-6", "K-7")


def test_the_same_weeks_before_and_after_are_noise() -> None:
    result = before_after(weeks(3, 5, 2, 4, 4, 2, 5, 3), MONDAY + timedelta(weeks=4))
    assert isinstance(result, BeforeAfter)
    assert (result.before, result.after, result.p) == (3.5, 3.5, 1.0)
    assert result.is_noise


def test_the_week_of_the_change_belongs_to_neither_side() -> None:
    result = before_after(weeks(1, 1, 1, 1, 99, 5, 5, 5, 5), MONDAY + timedelta(weeks=4, days=2))
    assert isinstance(result, BeforeAfter)
    assert (result.before, result.after) == (1, 5)


def test_too_few_weeks_on_one_side_tell_nothing() -> None:
    result = before_after(weeks(1, 1, 1, 5, 5, 5, 5), MONDAY + timedelta(weeks=3))
    assert isinstance(result, NotEnoughData)
    assert "3 full weeks before" in result.reason


def test_many_weeks_are_dealt_by_chance_and_the_same_each_time() -> None:
    first, second = [2.0, 4.0, 3.0, 5.0] * 5, [3.0, 5.0, 4.0, 6.0] * 5
    assert permutation_p(first, second, 7) == permutation_p(first, second, 7)
    assert 0 < permutation_p(first, second, 7) < 0.05


@settings(max_examples=examples(40))
@given(st.lists(st.integers(0, 9), min_size=4, max_size=6), st.lists(st.integers(0, 9), min_size=4, max_size=6))
def test_it_is_symmetric_and_never_zero(first: list[int], second: list[int]) -> None:
    p = permutation_p(first, second)
    assert p == pytest.approx(permutation_p(second, first))
    ways = len(list(combinations(range(len(first) + len(second)), len(first))))
    assert 1 / ways <= p + 1e-12 <= 1 + 1e-9
