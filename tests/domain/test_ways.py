from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.forecast import Forecast, ForecastSettings, forecast
from app.domain.known import Growth, Method
from app.domain.ways import Ways, ways
from tests.domain.build import analysis, day, facts, finished_each_week, issue

MONDAY = date(2026, 3, 9)
PLAIN = ForecastSettings(Method.PLAIN, Growth.NONE, 400, 1)
Rows = tuple[tuple[float, float], ...]


def ways_of(remaining: float, rows: Rows, weeks: int, settings: ForecastSettings = PLAIN) -> Ways | None:
    result = forecast(remaining, rows, rows, MONDAY, settings)
    assert isinstance(result, Forecast)
    return ways(result, rows, rows, MONDAY + timedelta(weeks=weeks))


def test_a_constant_team_needs_exactly_what_is_missing() -> None:
    # Four a week for three weeks are 12 of the 20: drop 8, or do 20 / 3 = 6.67 a week, or take five weeks.
    assert ways_of(20, ((4.0, 0.0),) * 8, 3) == Ways(
        deadline=date(2026, 3, 30), remaining=20, keep=12, drop=8, pace_now=4, pace=6.7, later=date(2026, 4, 13)
    )


def test_two_equally_likely_weeks_keep_what_85_in_100_futures_reach() -> None:
    # Of 16 sequences of four weeks with 2 or 4 done, 15 reach 10 (94 %) and 11 reach 12 (69 %): 10 of 14 can stay.
    # 14 / 10 of the pace of 3 are 4.2; 14 is reached within five weeks by 26 of 32 (81 %), within six by 63 of 64.
    kept = ways_of(14, ((2.0, 0.0), (4.0, 0.0)), 4)
    assert kept is not None
    assert (kept.keep, kept.drop, kept.pace, kept.later) == (10, 4, 4.2, date(2026, 4, 20))


def test_a_deadline_that_is_sure_enough_needs_nothing() -> None:
    assert ways_of(12, ((4.0, 0.0),) * 8, 3) is None
    assert ways_of(0, ((4.0, 0.0),) * 8, 3) is None


@pytest.mark.parametrize("weeks", [-5, 0])
def test_with_no_week_left_only_the_deadline_can_move(weeks: int) -> None:
    only = ways_of(12, ((4.0, 0.0),) * 8, weeks)
    assert only is not None
    assert (only.drop, only.pace, only.later) == (None, None, date(2026, 3, 30))


@pytest.mark.parametrize("growth", Growth)
def test_a_pace_beyond_ten_times_the_present_one_is_no_way(growth: Growth) -> None:
    hopeless = ways_of(500, ((4.0, 0.0),) * 8, 4, replace(PLAIN, growth=growth))
    assert hopeless is not None
    assert (hopeless.keep, hopeless.pace) == (16, None)


def test_work_that_grows_as_fast_as_it_is_done_needs_a_pace_that_overtakes_it() -> None:
    # Three new a week: 12 in four weeks take 3 + 3 = 6 a week, and 4 in four weeks are all that fits at a pace of 4.
    growing = replace(PLAIN, growth=Growth.PAST)
    kept = ways_of(12, ((4.0, 3.0),) * 8, 4, growing)
    assert kept is not None
    assert (kept.keep, kept.pace) == (4, 6.0)


ROWS = st.lists(st.integers(0, 9), min_size=6, max_size=14).filter(any)


@given(rows=ROWS, remaining=st.integers(1, 60), weeks=st.integers(1, 8), method=st.sampled_from(Method))
def test_what_is_kept_holds_and_one_more_would_not(rows: list[int], remaining: int, weeks: int, method: Method) -> None:
    settings = replace(PLAIN, method=method)
    pairs = tuple((float(done), 0.0) for done in rows)
    deadline = MONDAY + timedelta(weeks=weeks)
    kept = ways_of(remaining, pairs, weeks, settings)
    if kept is None:
        return

    def chance(amount: float) -> float:
        result = forecast(amount, pairs, pairs, MONDAY, settings)
        assert isinstance(result, Forecast)
        return 1.0 if amount <= 0 else result.chance_by(deadline)

    assert chance(kept.keep) >= 0.85
    assert chance(kept.keep + 1) < 0.85


def test_the_analysis_asks_of_its_own_deadline() -> None:
    team = finished_each_week([4] * 9, date(2026, 1, 5)) + [issue(f"O-{number}", "01-05") for number in range(12)]
    late = analysis(facts(team), as_of=day("03-09"), method=Method.PLAIN, deadline=day("03-23"))
    assert late.ways is not None
    assert (late.ways.keep, late.ways.pace, late.ways.later) == (8, 6.0, day("03-30"))
    assert analysis(facts(team), as_of=day("03-09"), method=Method.PLAIN, deadline=day("03-30")).ways is None
    assert analysis(facts(team), as_of=day("03-09")).ways is None
    assert analysis(facts(), deadline=day("03-30")).ways is None
