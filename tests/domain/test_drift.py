"""What a record of misjudged paces says about a team's drift, by hand and as laws."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.drift import (
    HABITS,
    HOLDS,
    MEMORIES,
    MONTH,
    QUARTER,
    SLOWS,
    SWINGS,
    YEAR,
    Drift,
    PastErrors,
    Size,
)
from tests.examples import examples

WINDOW = 12
weekly = st.lists(st.integers(0, 30).map(float), min_size=1, max_size=80)


def typical(done: list[float], weeks_ahead: int) -> float:
    return PastErrors(done, WINDOW).drift(len(done), weeks_ahead).typical


def memories(done: list[float], weeks_ahead: int) -> dict[str, float]:
    drift = PastErrors(done, WINDOW).drift(len(done), weeks_ahead)
    names = zip(("year", "quarter", "month"), MEMORIES, strict=True)
    return {name: sum(drift.sizes(memory).values()) for name, memory in names}


def test_the_weight_of_a_week_halves_every_eight_weeks_and_all_are_worth_the_window() -> None:
    weights = QUARTER.weights(QUARTER.weeks(WINDOW), WINDOW)
    assert len(weights) == 52
    assert sum(weights) == pytest.approx(12)
    assert weights[-1] == pytest.approx(2 * weights[-9])


def test_a_month_halves_every_three_weeks_and_a_year_does_not_fade() -> None:
    weights = MONTH.weights(MONTH.weeks(WINDOW), WINDOW)
    assert len(weights) == 20
    assert sum(weights) == pytest.approx(8)
    assert weights[-1] == pytest.approx(2 * weights[-4])
    assert YEAR.weights(YEAR.weeks(WINDOW), WINDOW) == (1,) * 52
    assert YEAR.weights(7, WINDOW) == (1,) * 7


def test_a_window_longer_than_a_memory_is_used_whole() -> None:
    assert [memory.weeks(104) for memory in MEMORIES] == [451, 451, 173]
    assert [memory.weeks(1) for memory in MEMORIES] == [4, 4, 2]


def test_the_shares_of_teams_come_to_all_teams() -> None:
    assert sum(habit.busy for habit in HABITS) == sum(habit.sparse for habit in HABITS) == 100


def test_a_team_without_a_record_is_taken_for_teams_with_as_many_empty_weeks() -> None:
    known = PastErrors([3.0, 0.0, 5.0, 2.0] * 3, WINDOW).drift(12, 4)
    # A quarter of the weeks is empty: 5/12 of the way from none to 0.6. Of the twelve teams in a hundred whose pace
    # holds for a year there are 12 · (28 / 12)^(5/12) = 17.081, and so on.
    teams = (17.081, 10.101, 15.309, 2.367, 5.114, 21.493, 12.111)
    assert known.odds == pytest.approx([each / sum(teams) for each in teams], abs=1e-4)
    # One in five remembers three weeks and swings when no week is empty, and few do when most are.
    busy, sparse = (PastErrors(done, WINDOW).drift(12, 4) for done in ([2.0, 3.0] * 6, [0.0, 0.0, 9.0] * 4))
    assert busy.sizes(MONTH)[SWINGS] == pytest.approx(0.20)
    assert sparse.sizes(MONTH)[SWINGS] < 0.06


def test_one_halved_pace_by_hand() -> None:
    # Twelve weeks of 4, then four of 2, no noise: all memories had the same pace. The error is ln(2.25 / 4.25) =
    # -0.635989, its square 0.404482. To each size s is added 0.0001: v. exp(-0.404482 / 2v) / √(2πv) is 0.32664 for
    # 0.45, 0.14083 for 0.30 and 0.35536 for 0.50, and next to nothing for none. A pace that slows by 0.45 and gains
    # by 0.18 is on its slower side, 0.32664 · 0.90 / 0.63 = 0.46663. Four weeks old, each counts 0.5^(4/52) = 0.94808.
    known = PastErrors([4.0] * 12 + [2.0] * 4, WINDOW).drift(16, 4)
    right = (0.00004, 0.20888, 0.00003, 0.05222, 0.00004, 0.33544, 0.40335)
    assert known.odds == pytest.approx(right, abs=5e-5)
    # (0.20888 + 0.05222) · 0.315 + 0.33544 · 0.30 + 0.40335 · 0.50
    assert known.typical == pytest.approx(0.38455, abs=5e-5)


def test_a_size_with_two_sides_is_a_density_whatever_the_noise() -> None:
    step = 0.001
    for noise in (1e-4, 0.01, 0.2):
        errors = [step * at for at in range(-6000, 6000)]
        likely = [SLOWS.density(error, noise) for error in errors]
        assert sum(likely) * step == pytest.approx(1, abs=1e-4)
        # Its lower side is as likely as it is wide: 0.45 of 0.63.
        mean = sum(error * each for error, each in zip(errors, likely, strict=True)) * step
        assert mean == pytest.approx((0.18 - 0.45) * (2 / 3.14159265) ** 0.5, abs=1e-3)
    assert Size(0.3, 0.3).density(0.4, 0.01) == pytest.approx(Size(0.3, 0.3).density(-0.4, 0.01))


def test_the_emptier_the_weeks_the_less_a_misjudged_pace_tells() -> None:
    halved = [8.0] * 26 + [4.0] * 8
    sparse = [amount for weekly in halved for amount in (0.0, 3 * weekly, 0.0)]
    busy = [weekly for weekly in halved for _ in range(3)]
    general = [PastErrors(done[:12], WINDOW).drift(12, 4) for done in ([*sparse], [7.0, 9.0] * 6)]
    known = [PastErrors(done, WINDOW).drift(len(done), 8) for done in (sparse, busy)]
    moved = [
        max(abs(number - other) for number, other in zip(now.odds, before.odds, strict=True))
        for now, before in zip(known, general, strict=True)
    ]
    assert moved[0] < moved[1] / 2


def test_twelve_weeks_that_are_all_alike_are_a_pace_that_holds() -> None:
    assert sum(PastErrors([5.0] * 11, WINDOW).drift(11, 8).sizes(YEAR).values()) == pytest.approx(0.20)
    known = PastErrors([5.0] * 12 + [4.0], WINDOW)
    assert known.drift(12, 8).typical == 0
    assert known.drift(13, 8).typical > 0.1


def test_what_each_memory_takes_for_the_pace_by_hand() -> None:
    # A window of one week; weeks of 6, 0 and 4. A year reaches 4 weeks back: mean 10 / 3. A quarter halves every 2/3
    # week, f = 0.353553, and reaches as far: (4 + 6 f²) / (1 + f + f²) = 4.75 / 1.478553 = 3.21260. A month halves
    # every 1/4 week, f = 1/16, and reaches 2 weeks back: 4 / (1 + 1/16) = 3.76471.
    errors = PastErrors([6.0, 0.0, 4.0], 1)
    paces = [errors.paces(memory)[3] for memory in MEMORIES]
    assert [pace.mean for pace in paces] == pytest.approx([10 / 3, 3.21260, 3.76471], abs=1e-5)
    # Squares 52 / 3 and (16 + 36 f²) / (1 + f + f²) less those of the means; a month takes the quarter's scatter.
    assert [pace.variance for pace in paces] == pytest.approx([6.22222, 3.54411, 3.54411], abs=1e-4)
    assert [pace.evidence for pace in paces] == pytest.approx([3, 1.91660, 1.12451], abs=1e-5)


def test_a_pace_that_holds_is_known_from_a_year_and_one_that_wanders_from_a_month() -> None:
    assert memories(steady(200, 8), 8)["year"] > 0.7
    random, pace, wandering = Random(8), 40.0, []
    for _ in range(200):
        pace *= random.lognormvariate(0, 0.2)
        wandering.append(float(round(pace)))
    numbers = memories(wandering, 8)
    assert numbers["month"] > 0.9
    assert numbers["year"] < 0.001


def test_the_noise_of_the_weeks_and_of_the_pace_they_are_compared_with_is_no_drift() -> None:
    # Weeks of 1 and 7: the pace is 4 give or take, its noise far larger than the errors of sums that hardly differ.
    assert typical([1.0, 7.0] * 60, 8) < 0.02


def steady(weeks: int, seed: int) -> list[float]:
    """About 40 a week, each of 400 items being finished with the same chance."""
    random = Random(seed)
    return [float(sum(random.random() < 0.1 for _ in range(400))) for _ in range(weeks)]


def test_a_steady_team_is_found_to_be_steady() -> None:
    done = steady(150, 5)
    drift = PastErrors(done, WINDOW).drift(150, 8)
    assert typical(done, 8) < 0.05
    assert sum(share for share, habit in zip(drift.odds, HABITS, strict=True) if habit.size == HOLDS) > 0.8


def test_a_team_that_swings_is_found_to_swing() -> None:
    assert typical(([2.0, 3.0, 1.0, 2.0] * 4 + [8.0, 9.0, 7.0, 8.0] * 4) * 4, 8) > 0.4


def test_a_storm_of_years_ago_weighs_less_than_one_of_last_winter() -> None:
    storm, calm = ([25.0] * 12 + [55.0] * 12) * 3, steady(260, 6)
    assert typical(storm, 8) > 0.4
    assert typical(storm, 8) > typical(storm + calm[:26], 8) > typical(storm + calm, 8)
    # An error so unlikely speaks for no habit, so five calm years do.
    assert typical(storm + calm, 8) < 0.01


@settings(deadline=None, max_examples=examples(60))
@given(weekly, weekly, st.integers(4, 26))
def test_what_comes_later_changes_nothing(known: list[int], later: list[int], weeks_ahead: int) -> None:
    alone, followed = PastErrors(known, WINDOW), PastErrors(known + later, WINDOW)
    assert followed.drift(len(known), weeks_ahead) == alone.drift(len(known), weeks_ahead)


@settings(deadline=None, max_examples=examples(60))
@given(weekly, st.integers(4, 26))
def test_odds_are_shares_of_one_and_the_expected_drift_lies_among_the_sizes(done: list[int], weeks_ahead: int) -> None:
    known = PastErrors(done, WINDOW).drift(len(done), weeks_ahead)
    assert all(share >= 0 for share in known.odds)
    assert sum(known.odds) == pytest.approx(1)
    assert 0 <= known.typical <= max(habit.size.typical for habit in HABITS)


def test_far_above_single_items_the_unit_does_not_matter() -> None:
    random = Random(7)
    done = [float(random.randint(20, 60)) for _ in range(100)]
    assert typical([amount * 100 for amount in done], 8) == pytest.approx(typical(done, 8), abs=0.01)


def test_the_expected_drift_is_the_mean_of_the_sizes() -> None:
    # Half hold their pace for a year; half remember a month and swing by 0.50.
    half = Drift((0.5, *[0.0] * (len(HABITS) - 2), 0.5))
    assert half.typical == pytest.approx(0.25)
    assert (half.sizes(YEAR)[HOLDS], half.sizes(MONTH)[SWINGS]) == (0.5, 0.5)
