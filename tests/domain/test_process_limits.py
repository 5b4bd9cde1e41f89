from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.process_limits import (
    BEYOND_LIMIT,
    EIGHT,
    FOUR_OF_FIVE,
    TWO_OF_THREE,
    baseline_of,
    limits,
    limits_of,
    signals,
)
from app.domain.throughput import Throughput, WeekCount

STEADY = [40, 60] * 4
MONDAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("baseline", "mean", "lower", "upper"),
    [
        ([10, 20, 30, 40], 25, 0, 51.6),
        ([100, 110, 100, 110], 105, 78.4, 131.6),
        (STEADY, 50, 0, 103.2),
        ([5, 5, 5], 5, 5, 5),
        ([5], 5, 5, 5),
    ],
)
def test_limits_are_the_mean_and_266_mean_moving_ranges(
    baseline: list[float], mean: float, lower: float, upper: float
) -> None:
    limits = limits_of(baseline)
    assert (limits.mean, limits.lower, limits.upper) == pytest.approx((mean, lower, upper))


@pytest.mark.parametrize(
    ("baseline", "values", "expected"),
    [
        (STEADY, [55] * 8, [(EIGHT,)] * 8),
        (STEADY, [45] * 8, [(EIGHT,)] * 8),
        (STEADY, [55] * 7 + [50] + [55] * 7, [()] * 15),
        (STEADY, [90, 50, 90], [(TWO_OF_THREE,), (), (TWO_OF_THREE,)]),
        (STEADY, [70, 70, 70, 50, 70], [(FOUR_OF_FIVE,)] * 3 + [(), (FOUR_OF_FIVE,)]),
        (STEADY, [70, 50, 70, 50, 70], [()] * 5),
        (STEADY, [90, 50, 110], [(TWO_OF_THREE,), (), (TWO_OF_THREE, BEYOND_LIMIT)]),
        ([100, 120, 100, 120], [110, 115, 170], [(), (), (BEYOND_LIMIT,)]),
        ([100, 110, 100, 110], [50], [(BEYOND_LIMIT,)]),
        ([100, 110, 100, 110], [125, 105, 80], [()] * 3),
    ],
)
def test_each_rule_speaks_of_the_points_that_make_it(
    baseline: list[float], values: list[float], expected: list[tuple[str, ...]]
) -> None:
    assert signals(values, limits_of(baseline)) == expected


def test_a_lower_limit_below_zero_is_zero_and_silent() -> None:
    assert signals([0], limits_of([5, 15, 5, 15])) == [()]


def test_a_fixed_baseline_judges_what_came_later() -> None:
    weeks = [(MONDAY + timedelta(weeks=number), value) for number, value in enumerate([10.0, 12.0, 10.0, 12.0, 40.0])]
    result = limits(weeks, (MONDAY, MONDAY + timedelta(weeks=3)))
    assert result is not None
    assert result.mean == 11
    assert [(signal.start, signal.rule) for signal in result.signals] == [(MONDAY + timedelta(weeks=4), BEYOND_LIMIT)]
    assert limits(weeks, (MONDAY - timedelta(weeks=9), MONDAY - timedelta(weeks=8))) is None


def test_a_baseline_is_written_as_two_days() -> None:
    assert baseline_of("2026-01-05..2026-03-29") == (date(2026, 1, 5), date(2026, 3, 29))
    assert baseline_of("") is None


@pytest.mark.parametrize("wrong", ["2026-03-29..2026-01-05", "spring", "2026-01-05", ".."])
def test_what_is_no_baseline_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|\.\."):
        baseline_of(wrong)


def test_fixed_limits_are_those_of_their_weeks_wherever_the_window_is() -> None:
    """Twelve weeks with 2 each, then eight with 4 each: by the first ones every later week is a signal."""
    weeks = tuple(WeekCount(MONDAY + at * timedelta(weeks=1), 2.0 if at < 12 else 4.0, 0.0) for at in range(20))
    learned = Throughput(weeks, weeks[-8:], None, 4.0, 0.0)
    assert learned.limits is not None
    assert (learned.limits.mean, learned.limits.signals) == (4.0, ())
    fixed = replace(learned, baseline=(MONDAY, date(2026, 3, 29))).limits
    assert fixed is not None
    assert (fixed.mean, fixed.upper) == (2.0, 2.0)
    assert {signal.start for signal in fixed.signals} >= {week.start for week in weeks[-8:]}
    # A baseline before all that is known leaves the window's own.
    assert replace(learned, baseline=(date(2020, 1, 6), date(2020, 2, 3))).limits == learned.limits
