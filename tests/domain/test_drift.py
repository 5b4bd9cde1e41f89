"""What a record of misjudged paces says about a team's drift, by hand and as laws."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.drift import SIZES, TEAMS, Drift, PastErrors, memory, recency_weights, span

WINDOW = 12
weekly = st.lists(st.integers(0, 30).map(float), min_size=1, max_size=80)


def typical(done: list[float], weeks_ahead: int) -> float:
    return PastErrors(done, WINDOW).drift(len(done), weeks_ahead).typical


def test_the_weight_of_a_week_halves_every_eight_weeks_and_all_are_worth_the_window():
    weights = recency_weights(memory(WINDOW), WINDOW)
    assert len(weights) == 52
    assert sum(weights) == pytest.approx(12)
    assert weights[-1] == pytest.approx(2 * weights[-9])


def test_a_team_without_a_record_is_taken_for_teams_in_general():
    known = PastErrors([3.0, 0.0, 5.0, 2.0] * 3, WINDOW).drift(12, 4)
    assert known.odds == pytest.approx(TEAMS)
    assert known.typical == pytest.approx(0.30)


def test_one_halved_pace_by_hand():
    # Twelve weeks of 4, then four of 2, no noise. The error is ln(2.25 / 4.25), its square 0.404482. The log
    # likelihood of a size s is -(ln v + 0.404482 / v) / 2 with v = s² + 0.0001: for 0.20 … 0.90 -3.43519,
    # -1.04121, -0.19997, -0.04790, -0.14435, and for none -2018. Four weeks old, it counts 0.5^(4/52) = 0.94808.
    known = PastErrors([4.0] * 12 + [2.0] * 4, WINDOW).drift(16, 4)
    assert known.odds == pytest.approx((0, 0.01256, 0.12153, 0.26982, 0.31166, 0.28443), abs=2e-5)
    assert known.typical == pytest.approx(0.61896, abs=2e-5)


def test_the_noise_of_the_weeks_and_of_the_pace_they_are_compared_with_is_no_drift():
    # Weeks of 0 and 8: the pace is 4 give or take, its noise far larger than the errors of sums that hardly differ.
    assert typical([0.0, 8.0] * 60, 8) < 0.05


def steady(weeks: int, seed: int) -> list[float]:
    """About 40 a week, each of 400 items being finished with the same chance."""
    random = Random(seed)
    return [float(sum(random.random() < 0.1 for _ in range(400))) for _ in range(weeks)]


def test_a_steady_team_is_found_to_be_steady():
    done = steady(150, 5)
    assert typical(done, 8) < 0.05
    assert PastErrors(done, WINDOW).drift(150, 8).odds[0] > 0.8


def test_a_team_that_swings_is_found_to_swing():
    assert typical(([2.0, 3.0, 1.0, 2.0] * 4 + [8.0, 9.0, 7.0, 8.0] * 4) * 4, 8) > 0.4


def test_a_storm_of_years_ago_weighs_less_than_one_of_last_winter():
    storm, calm = ([25.0] * 12 + [55.0] * 12) * 3, steady(260, 6)
    assert typical(storm, 8) > 0.4
    assert typical(storm, 8) > typical(storm + calm[:26], 8) > typical(storm + calm, 8)
    # One size above none: errors that a steady pace cannot have made are never quite forgotten.
    assert typical(storm + calm, 8) == pytest.approx(0.2, abs=0.01)


@settings(deadline=None, max_examples=60)
@given(weekly, weekly, st.integers(4, 26))
def test_what_comes_later_changes_nothing(known, later, weeks_ahead):
    alone, followed = PastErrors(known, WINDOW), PastErrors(known + later, WINDOW)
    assert followed.drift(len(known), weeks_ahead) == alone.drift(len(known), weeks_ahead)


@settings(deadline=None, max_examples=60)
@given(weekly, st.integers(4, 26))
def test_odds_are_shares_of_one_and_the_expected_drift_lies_among_the_sizes(done, weeks_ahead):
    known = PastErrors(done, WINDOW).drift(len(done), weeks_ahead)
    assert all(share >= 0 for share in known.odds)
    assert sum(known.odds) == pytest.approx(1)
    assert SIZES[0] <= known.typical <= SIZES[-1]


def test_far_above_single_items_the_unit_does_not_matter():
    random = Random(7)
    done = [float(random.randint(20, 60)) for _ in range(100)]
    assert typical([amount * 100 for amount in done], 8) == pytest.approx(typical(done, 8), abs=0.01)


def test_the_span_is_the_length_of_the_work_within_limits():
    assert [span(40, 4), span(4, 4), span(4000, 4)] == [10, 4, 26]


def test_the_expected_drift_is_the_mean_of_the_sizes():
    assert Drift((0.5, 0.0, 0.0, 0.0, 0.0, 0.5)).typical == pytest.approx(0.45)
