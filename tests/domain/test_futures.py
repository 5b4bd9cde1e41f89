"""Drawn futures against counted ones: sharing weeks between futures and following only some must not show."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.futures import Crowd, Futures, Urn, drawn, drawn_cdf, drawn_sums, drift_factors, exact, mixed_factors
from app.domain.futures import counted as together

SIX_WEEKS = tuple((float(amount), 0.0) for amount in (3, 5, 0, 4, 2, 6))
GROWING = tuple((float(done), float(created)) for done, created in ((3, 1), (5, 2), (0, 0), (4, 3), (2, 1), (6, 1)))
EVENLY = (1.0,) * 6
URN = Urn(SIX_WEEKS, EVENLY, learning=False)
HORIZON = 40
TRIALS = 8_000


def counted(remaining: float, weeks: tuple[tuple[float, float], ...] = SIX_WEEKS) -> Futures:
    futures = exact(remaining, weeks, HORIZON)
    assert futures is not None
    return futures


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), min_size=1, max_size=6), st.sampled_from((1, 2, 5)))
def test_all_amounts_counted_at_once_are_what_each_is_counted_to_be(weeks: list[tuple[int, int]], parts: int) -> None:
    of_parts = [(done / parts, created / parts) for done, created in weeks]
    table = together(30, of_parts, HORIZON)
    assert table is not None
    for amount in (1 / parts, 1.0, 2.5, 7.0, 29.3, 30.0):
        alone = exact(amount, of_parts, HORIZON)
        assert alone is not None
        assert table.cdf(amount) == alone.cdf
    assert table.cdf(31.0) is None


def test_no_more_is_counted_at_once_than_one_amount_would_be() -> None:
    table = together(1e6, SIX_WEEKS, HORIZON)
    assert table is not None
    assert table.cdf(7_500) is not None
    assert exact(7_500, SIX_WEEKS, HORIZON) is not None
    assert table.cdf(7_501) is None
    assert exact(7_501, SIX_WEEKS, HORIZON) is None
    wild = [(0.0, 500.0), (500.0, 0.0)]
    assert together(5, wild, HORIZON) is None
    assert exact(1.0, wild, HORIZON) is None


def test_futures_that_share_weeks_have_the_chances_of_a_mixture_of_counted_ones() -> None:
    shares = drawn_cdf(20, [Crowd(URN, drift_factors(0.4, 0.4, TRIALS))], HORIZON, Random(1))
    # A pace twice as high is the same as half the work: each factor has a backlog that can be counted.
    parts = [counted(20 / factor).cdf for factor in drift_factors(0.4, 0.4, 400)]
    for week, share in enumerate(shares):
        assert share == pytest.approx(sum(part[week] for part in parts) / len(parts), abs=0.015)


def test_futures_of_which_most_have_the_same_pace_have_the_chances_of_their_mixture_too() -> None:
    factors = mixed_factors({(0.0, 0.0): 0.8, (0.6, 0.6): 0.2}, TRIALS)
    shares = drawn_cdf(20, [Crowd(URN, factors)], HORIZON, Random(11))
    steady, drifting = counted(20).cdf, [counted(20 / factor).cdf for factor in drift_factors(0.6, 0.6, 400)]
    for week, share in enumerate(shares):
        mixture = 0.8 * steady[week] + 0.2 * sum(part[week] for part in drifting) / len(drifting)
        assert share == pytest.approx(mixture, abs=0.015)


def test_futures_with_the_same_pace_have_weeks_of_their_own() -> None:
    random = Random(12)
    urn = Urn(tuple((random.random(), 0.0) for _ in range(50)), (1.0,) * 50, learning=False)
    sums = drawn_sums([Crowd(urn, [0.5] * 10 + [1.0] * 30)], 5, Random(13))
    assert len(set(sums)) == 40


def test_mixed_factors_by_hand() -> None:
    # Half do not drift; the quartiles of a normal with a standard deviation of 0.4 are 0.269796 from its middle.
    assert mixed_factors({(0.0, 0.0): 0.5, (0.4, 0.4): 0.5}, 4) == pytest.approx([0.763535, 1, 1, 1.309697], abs=1e-5)


def test_a_pace_that_slows_farther_than_it_gains_is_below_as_often_as_that_side_is_wide() -> None:
    # Three quarters of the factors lie below 1: quantiles 1/8, 3/8 and 5/8 of the lower side's two halves are 1/12,
    # 1/4 and 5/12 of a normal: -1.382994, -0.674490, -0.210428; the last is 3/4 of one: 0.674490.
    factors = drift_factors(0.6, 0.2, 4)
    assert [math.log(each) for each in factors] == pytest.approx([-0.829796, -0.404694, -0.126257, 0.134898], abs=1e-5)


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda odds: sum(odds) > 0), st.integers(1, 500))
def test_there_is_one_mixed_factor_for_each_trial_and_they_rise(raw: list[float], trials: int) -> None:
    sizes = ((0.0, 0.0), (0.2, 0.2), (0.9, 0.3))
    odds = dict(zip(sizes, (number / sum(raw) for number in raw), strict=True))
    factors = mixed_factors(odds, trials)
    assert len(factors) == trials
    assert factors == sorted(factors)


def test_growth_is_drawn_with_its_week_in_shared_futures_too() -> None:
    # A drift this small leaves the chances of the counted futures as they are; half an item less lets none
    # that lands on zero miss it by a hair.
    factors = drift_factors(1e-6, 1e-6, TRIALS)
    shares = drawn_cdf(19.5, [Crowd(Urn(GROWING, EVENLY, learning=False), factors)], HORIZON, Random(2))
    for share, right in zip(shares, counted(20, GROWING).cdf, strict=True):
        assert share == pytest.approx(right, abs=0.03)


def test_the_fan_of_some_futures_is_that_of_all() -> None:
    futures = drawn(20, [Crowd(URN, [1.0] * TRIALS)], HORIZON, Random(3))
    known = counted(20)
    assert len(futures.bands) == len(known.bands)
    for band, right in zip(futures.bands, known.bands, strict=True):
        assert band == pytest.approx(right, abs=1)


@pytest.mark.parametrize("drift", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("remaining", [5, 60])
def test_the_fan_reaches_zero_in_the_week_of_each_chance(drift: float, remaining: int) -> None:
    urn = Urn(SIX_WEEKS, EVENLY, learning=True)
    futures = drawn(remaining, [Crowd(urn, drift_factors(drift, drift, TRIALS))], 200, Random(4))
    for at, level in enumerate((0.15, 0.50, 0.85)):
        week = next(week for week, share in enumerate(futures.cdf) if share >= level - 1e-12)
        assert [band[at] == 0 for band in futures.bands].index(True) == week


@pytest.mark.parametrize("drift", [0.0, 0.3])
def test_work_out_of_reach_is_finished_by_nobody_and_still_has_a_fan(drift: float) -> None:
    factors = drift_factors(drift, drift, TRIALS)
    futures = drawn(2000, [Crowd(URN, factors)], HORIZON, Random(8))
    assert set(futures.cdf) == {0.0}
    assert len(futures.bands) == HORIZON + 1
    # 20 in six weeks are 133 in forty; the middle of the drift leaves the pace as it is.
    assert futures.bands[-1][1] == pytest.approx(2000 - 133, abs=4)


def test_work_just_within_reach_is_finished_by_those_who_draw_nothing_but_the_best_week() -> None:
    urn = Urn(((1.0, 0.0), (2.0, 1.0)), (1.0, 1.0), learning=False)
    # Both weeks take one off: four weeks finish four, and five are out of reach.
    within = drawn(4, [Crowd(urn, [1.0] * 2_000)], 4, Random(9))
    assert (within.cdf, within.bands[-1]) == ((0, 0, 0, 0, 1), (0, 0, 0))
    beyond = drawn(5, [Crowd(urn, [1.0] * 2_000)], 4, Random(9))
    assert (beyond.cdf, beyond.bands[-1]) == ((0, 0, 0, 0, 0), (1, 1, 1))


def test_with_one_pace_a_week_all_sums_are_that_pace_times_the_drift() -> None:
    factors = drift_factors(0.3, 0.3, 10)
    sums = drawn_sums([Crowd(Urn(((4.0, 0.0),), (1.0,), learning=True), factors)], 3, Random(5))
    assert sums == pytest.approx([12 * factor for factor in factors])


@pytest.mark.parametrize("learning", [False, True])
def test_what_weighs_later_is_drawn_only_after_the_first_weeks_are_over(learning: bool) -> None:
    urn = Urn(((1.0, 0.0), (3.0, 0.0)), (1.0, 0.0), learning, lasts=2, later=(0.0, 1.0))
    crowds = [Crowd(urn, [1.0] * 50)]
    # Two weeks of one each, then three a week.
    assert drawn_cdf(11, crowds, 10, Random(17)) == (0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1)
    assert drawn_sums(crowds, 5, Random(18)) == [11] * 50
    assert drawn_sums(crowds, 2, Random(18)) == [2] * 50
    assert [band[1] for band in drawn(11, crowds, 10, Random(19)).bands] == [11, 10, 9, 6, 3, 0]


def test_what_was_learned_in_the_first_weeks_is_forgotten_with_them() -> None:
    # Of two weeks alike, the first stage draws nearly always the one that came first; the later one draws anew.
    urn = Urn(((0.0, 0.0), (1.0, 0.0)), (0.01, 0.01), learning=True, lasts=4, later=(100.0, 100.0))
    sums = drawn_sums([Crowd(urn, [1.0] * TRIALS)], 8, Random(20))
    first = [drawn_sums([Crowd(urn, [1.0] * TRIALS)], 4, Random(20)).count(amount) / TRIALS for amount in (0, 4)]
    assert sum(first) > 0.95
    # So the four weeks after them come to anything, whatever the first came to: four is 4 + 0 or 0 + 4.
    assert sum(sums) / TRIALS == pytest.approx(4, abs=0.1)
    assert sums.count(4) / TRIALS == pytest.approx(1 / 16, abs=0.02)


@pytest.mark.parametrize("trials", [1, 2, 3, 5, 4001])
def test_every_future_is_counted_once_whatever_their_number(trials: int) -> None:
    crowds = [Crowd(Urn(SIX_WEEKS, EVENLY, learning=True), drift_factors(0.3, 0.3, trials))]
    shares = drawn_cdf(12, crowds, 500, Random(6))
    assert shares[0] == 0
    assert shares[-1] == 1
    assert len(drawn_sums(crowds, 2, Random(7))) == trials


@pytest.mark.slow
def test_two_crowds_have_the_chances_of_their_mixture_each_by_its_number() -> None:
    slow = Urn(((1.0, 0.0), (2.0, 0.0)), (1.0, 1.0), learning=False)
    crowds = [Crowd(URN, [1.0] * (TRIALS // 4)), Crowd(slow, [1.0] * (3 * TRIALS // 4))]
    fast, late = counted(20).cdf, counted(20, slow.weeks).cdf
    futures = drawn(20, crowds, HORIZON, Random(14))
    assert futures.cdf == drawn_cdf(20, crowds, HORIZON, Random(14))
    for week, share in enumerate(futures.cdf):
        assert share == pytest.approx(0.25 * fast[week] + 0.75 * late[week], abs=0.015)
    # A quarter has done nearly all after six weeks, the others about nine: the middle is among the slow.
    assert futures.bands[6][1] == pytest.approx(11, abs=1)
    sums = drawn_sums(crowds, 6, Random(15))
    assert len(sums) == TRIALS
    assert sum(sums) / TRIALS == pytest.approx(0.25 * 20 + 0.75 * 9, abs=0.2)


def test_work_that_only_one_crowd_can_finish_is_finished_by_that_one() -> None:
    still = Urn(((0.0, 0.0),), (1.0,), learning=False)
    futures = drawn(20, [Crowd(still, [1.0] * 3_000), Crowd(URN, [1.0] * 1_000)], HORIZON, Random(16))
    assert futures.cdf[-1] == 0.25
    assert futures.bands[-1] == (0, 20, 20)


@pytest.mark.parametrize("remaining", [20.0, 60.0, 90.0, 120.0, 200.0])
def test_futures_that_can_no_longer_finish_are_left_and_change_nothing_for_those_after_them(remaining: float) -> None:
    weeks = ((1.0, 0.0), (2.0, 1.0), (0.0, 0.5))
    urn = Urn(weeks, (1.0, 1.0, 1.0), learning=True, lasts=20, later=(2.0, 1.0, 1.0))
    crowds = [Crowd(urn, drift_factors(0.5, 0.4, trials)) for trials in (400, 300)]
    # Of so few futures each one is followed to its end by the first, and none by the second.
    whole = drawn(remaining, crowds, 60, Random(5))
    assert drawn_cdf(remaining, crowds, 60, Random(5)) == whole.cdf
