"""The forecast against independently computed numbers, and the laws it must keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.drift import MEMORIES
from app.domain.forecast import (
    LEVELS,
    Amounts,
    Distribution,
    Forecast,
    ForecastSettings,
    HowMany,
    amounts,
    crowds_of,
    forecast,
    how_many,
    learned_drift,
    stable_seed,
    urns_of,
)
from app.domain.futures import Week
from app.domain.known import Growth, Method
from app.domain.missing import NotEnoughData
from tests.examples import examples

MONDAY = date(2026, 1, 5)
PLAIN = ForecastSettings(Method.PLAIN)
PLAIN_GROWING = ForecastSettings(Method.PLAIN, Growth.PAST)
SIX_WEEKS = (3, 5, 0, 4, 2, 6)
SHRINKING = ((3, 1), (5, 2), (0, 0), (4, 3), (2, 1), (6, 1))
BARELY_SHRINKING = ((3, 4), (5, 3), (0, 2), (4, 3), (2, 4), (6, 3))
FEW_TRIALS = 400

weekly = st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any)
methods = st.sampled_from(Method)


def without_growth(done: Iterable[float]) -> list[Week]:
    return [(amount, 0) for amount in done]


def forecast_of(
    remaining: float, window: Sequence[Week], settings: ForecastSettings = PLAIN, history: Sequence[Week] | None = None
) -> Forecast:
    result = forecast(remaining, window, window if history is None else history, MONDAY, settings)
    assert isinstance(result, Forecast)
    return result


def counted(weeks: int, window: Sequence[Week], settings: ForecastSettings = PLAIN) -> HowMany:
    result = how_many(weeks, window, window, settings)
    assert isinstance(result, HowMany)
    return result


def weeks_of(forecast: Forecast, level: int) -> int:
    weeks = forecast.weeks[level]
    assert weeks is not None
    return weeks


def working_day(after: date, count: int, holidays: set[date]) -> date:
    days = (after + timedelta(days=ahead) for ahead in range(1, 100))
    return [day for day in days if day.weekday() < 5 and day not in holidays][count - 1]


def test_twenty_items_from_six_weeks_take_6_7_8_9_weeks() -> None:
    result = forecast_of(20, without_growth(SIX_WEEKS))
    assert result.weeks == {50: 6, 70: 7, 85: 8, 95: 9}
    cdf = [round(share, 6) for share in result.distribution.cdf[3:11]]
    assert cdf == [0.0, 0.054012, 0.270448, 0.549661, 0.76854, 0.896874, 0.958916, 0.985028]
    assert result.dates[85] == date(2026, 3, 2)


def test_dropping_the_zero_week_would_promise_too_early() -> None:
    assert forecast_of(20, without_growth((3, 5, 4, 2, 6))).weeks == {50: 5, 70: 6, 85: 6, 95: 7}


def test_six_weeks_bring_at_least_20_18_15_12_items() -> None:
    assert counted(6, without_growth(SIX_WEEKS)).amounts == {50: 20, 70: 18, 85: 15, 95: 12}


def test_samples_of_working_days_land_on_the_right_dates_around_holidays() -> None:
    forecast = forecast_of(10, without_growth((0, 1, 0, 2, 1, 0, 0, 1, 3, 0)))
    assert forecast.weeks == {50: 13, 70: 15, 85: 18, 95: 21}
    holidays = {date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)}
    dates = [working_day(date(2025, 12, 19), weeks_of(forecast, level), holidays) for level in LEVELS]
    assert dates == [date(2026, 1, 12), date(2026, 1, 14), date(2026, 1, 19), date(2026, 1, 22)]


def test_growth_is_drawn_together_with_the_work_done_in_the_same_week() -> None:
    result = forecast_of(20, SHRINKING, PLAIN_GROWING)
    assert result.weeks == {50: 10, 70: 12, 85: 13, 95: 15}
    assert [round(result.distribution.cdf[week], 6) for week in (8, 10, 12, 15)] == [
        0.2221,
        0.52327,
        0.780848,
        0.957598,
    ]
    assert result.net_per_week == 2.0
    assert forecast_of(20, SHRINKING).weeks == {50: 6, 70: 7, 85: 8, 95: 9}


def test_where_work_hardly_shrinks_there_is_no_date_and_the_share_that_never_ends_is_told() -> None:
    result = forecast_of(20, BARELY_SHRINKING, PLAIN_GROWING)
    assert result.weeks == {50: 81, 70: None, 85: None, 95: None}
    assert result.dates[85] is None
    assert result.distribution.cdf[52] == pytest.approx(0.3181, abs=5e-5)
    assert result.distribution.cdf[104] == pytest.approx(0.6093, abs=5e-5)
    assert result.net_per_week == pytest.approx(1 / 6)
    assert "The chance that the work is not done within 104 weeks is 39 %." in result.warnings


def test_forty_items_of_aloy_on_6_january_2014_take_12_14_15_17_weeks() -> None:
    assert forecast_of(40, without_growth((3, 4, 8, 9, 3, 3, 0, 5, 1, 3, 1, 1))).weeks == {
        50: 12,
        70: 14,
        85: 15,
        95: 17,
    }


def test_drawn_futures_agree_with_counted_ones() -> None:
    # Thirds lie on no grid, so these weeks are drawn; scaled by three they are counted.
    drawn = forecast_of(20 / 3, without_growth([amount / 3 for amount in SIX_WEEKS]))
    for week, share in enumerate(forecast_of(20, without_growth(SIX_WEEKS)).distribution.cdf):
        assert drawn.distribution.cdf[week] == pytest.approx(share, abs=0.02)


def test_half_points_are_counted_exactly() -> None:
    halves = forecast_of(10, without_growth([amount / 2 for amount in SIX_WEEKS]))
    assert halves.distribution == forecast_of(20, without_growth(SIX_WEEKS)).distribution
    assert counted(6, without_growth([amount / 2 for amount in SIX_WEEKS])).amounts[70] == 9.0


def test_the_fan_starts_at_the_remaining_work_and_reaches_zero_with_the_85_percent_week() -> None:
    fan = forecast_of(20, without_growth(SIX_WEEKS)).fan
    assert (fan[0].day, fan[0].low, fan[0].high) == (MONDAY, 20, 20)
    assert (fan[1].low, fan[1].middle, fan[1].high) == (14, 16, 20)
    assert fan[-1].day == MONDAY + timedelta(weeks=8)
    assert fan[-1].high == 0
    assert fan[-2].high > 0


def test_the_fan_of_drawn_futures_ends_with_the_first_week_by_which_85_percent_are_done() -> None:
    result = forecast_of(20, without_growth(SIX_WEEKS), ForecastSettings(trials=FEW_TRIALS))
    reached = result.distribution.reached(85)
    assert reached is not None
    assert result.fan[-1].day == MONDAY + timedelta(weeks=reached)
    date_85 = result.dates[85]
    assert date_85 is not None
    assert 0 <= (result.fan[-1].day - date_85).days <= 7


def test_a_calibrated_date_is_the_nearest_week_and_a_promise_is_rounded_up() -> None:
    cdf = (0.0, 0.2, 0.6, 0.87, 1.0)
    nearest = Distribution(cdf, to_nearest=True)
    # Even odds are reached three quarters into week 2, 70 % a third into week 3, 85 % near its end, 95 % in week 4.
    assert [nearest.weeks(level) for level in (50, 70, 85, 95)] == [2, 2, 3, 4]
    assert [Distribution(cdf).weeks(level) for level in (50, 70, 85, 95)] == [2, 3, 3, 4]
    assert [nearest.reached(level) for level in (50, 70, 85, 95)] == [2, 3, 3, 4]
    # 88 % are reached a thirteenth into week 4: nearer to the end of week 3, which is not sure enough for a promise.
    assert nearest.weeks(88) == 4
    assert all(nearest.chance(week) >= level / 100 for level in (85, 95) if (week := nearest.weeks(level)))
    # Nothing is done before the first week is over, and nothing is told beyond the horizon.
    assert Distribution((0.0, 0.99), to_nearest=True).weeks(50) == 1
    assert Distribution((0.0, 0.0, 0.8), to_nearest=True).weeks(85) is None


def test_a_calibrated_amount_is_the_nearest_whole_one_and_a_promise_is_rounded_down() -> None:
    shares = ((3.2, 0.1), (5.0, 0.5), (6.5, 0.2), (8.0, 0.2))
    # At least 3 come in all cases, 4 and 5 with 90 %, 6 with 40 %, 7 and 8 with 20 %; halfway it stays the smaller one.
    nearest = Amounts(4, shares, is_whole=True, to_nearest=True)
    assert [nearest.at_least(level) for level in (50, 70, 85, 95)] == [6, 5, 5, 3]
    assert [Amounts(4, shares, is_whole=True).at_least(level) for level in (50, 70, 85, 95)] == [5, 5, 5, 3]
    # Parts of an item are amounts of their own.
    assert Amounts(4, shares, is_whole=False, to_nearest=True).at_least(95) == 3.2


@given(st.integers(1, 60), st.integers(1, 9), st.integers(12, 40))
@settings(deadline=None, max_examples=examples(25))
def test_constant_throughput_leaves_calibrated_no_doubt_from_twelve_weeks_on(
    remaining: int, pace: int, weeks: int
) -> None:
    history, few = without_growth([pace] * weeks), ForecastSettings(trials=FEW_TRIALS)
    assert set(forecast_of(remaining, history[-12:], few, history).weeks.values()) == {-(-remaining // pace)}
    amounts = how_many(4, history[-12:], history, few)
    assert isinstance(amounts, HowMany)
    assert set(amounts.amounts.values()) == {4 * pace}


histories = st.lists(st.integers(0, 9), min_size=12, max_size=40).filter(lambda done: sum(done[-12:]) > 0)


@settings(deadline=None, max_examples=examples(25))
@given(histories, st.integers(1, 60), st.integers(0, 30))
def test_calibrated_chances_of_when_and_how_many_agree(done: list[int], left: int, weeks: int) -> None:
    """Whatever the work and the weeks: the same futures are asked."""
    history, settings = without_growth(done), ForecastSettings(trials=400, seed=11)
    enough = amounts(weeks, history[-12:], history, settings)
    assert isinstance(enough, Amounts)
    chance = forecast_of(left, history[-12:], settings, history).distribution.chance(weeks)
    assert enough.chance(left) == pytest.approx(chance, abs=1e-9)


def assert_never_earlier(forecasts: Sequence[Forecast]) -> None:
    """Of rising work: neither a chance nor a date at any level gets better, and one item more is not left out."""
    for less, more in pairwise(forecasts):
        pairs = zip(less.distribution.cdf, more.distribution.cdf, strict=True)
        assert all(shorter >= longer - 1e-12 for shorter, longer in pairs)
        for level in (*range(5, 100, 5), *LEVELS):
            earlier, later = less.distribution.weeks(level), more.distribution.weeks(level)
            assert later is None or (earlier is not None and earlier <= later)


@settings(deadline=None, max_examples=examples(25))
@given(histories, st.integers(1, 60), st.integers(1, 20), st.sampled_from(Growth))
def test_more_work_is_never_done_earlier_by_calibrated_either(
    done: list[int], left: int, extra: int, growth: Growth
) -> None:
    history = [(float(amount), float(at % 2)) for at, amount in enumerate(done)]
    chosen = ForecastSettings(growth=growth, trials=400, seed=12)
    rising = (left, left + 1, left + 2, left + 2 + extra)
    assert_never_earlier([forecast_of(amount, history[-12:], chosen, history) for amount in rising])


@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 30))
def test_constant_throughput_leaves_plain_no_doubt(remaining: int, pace: int, weeks: int) -> None:
    window = without_growth([pace] * weeks)
    assert set(forecast_of(remaining, window).weeks.values()) == {-(-remaining // pace)}
    assert set(counted(4, window).amounts.values()) == {4 * pace}


@settings(deadline=None, max_examples=examples(40))
@given(st.integers(1, 40), weekly, st.integers(1, 8))
def test_when_and_how_many_are_the_same_question(remaining: int, done: list[int], weeks: int) -> None:
    chance = forecast_of(remaining, without_growth(done)).distribution.chance(weeks)
    amounts = counted(weeks, without_growth(done)).amounts
    for level in LEVELS:
        assert (amounts[level] >= remaining) == (chance >= level / 100 - 1e-12)


@settings(deadline=None, max_examples=examples(30))
@given(st.integers(1, 40), st.integers(0, 20), weekly, st.sampled_from(Growth))
def test_more_work_is_never_done_earlier(remaining: int, extra: int, done: list[int], growth: Growth) -> None:
    window, chosen = [(amount, 1) for amount in done], ForecastSettings(Method.PLAIN, growth, horizon=52)
    rising = (remaining, remaining + 1, remaining + 2, remaining + 2 + extra)
    assert_never_earlier([forecast_of(amount, window, chosen) for amount in rising])


@settings(deadline=None, max_examples=examples(30))
@given(st.integers(1, 40), weekly, methods)
def test_more_confidence_is_never_earlier(remaining: int, done: list[int], method: Method) -> None:
    counts = forecast_of(remaining, without_growth(done), ForecastSettings(method, trials=FEW_TRIALS)).weeks
    ordered = [1000 if (weeks := counts[level]) is None else weeks for level in LEVELS]
    assert ordered == sorted(ordered)


@given(st.integers(1, 40), weekly, st.integers(2, 5))
def test_a_different_unit_gives_the_same_weeks(remaining: int, done: list[int], scale: int) -> None:
    scaled = forecast_of(remaining * scale, without_growth([amount * scale for amount in done]))
    assert scaled.weeks == forecast_of(remaining, without_growth(done)).weeks


@given(st.integers(1, 40), weekly, st.randoms(use_true_random=False))
def test_the_order_of_the_window_means_nothing_to_plain(remaining: int, done: list[int], random: Random) -> None:
    shuffled = list(done)
    random.shuffle(shuffled)
    assert (
        forecast_of(remaining, without_growth(shuffled)).distribution
        == forecast_of(remaining, without_growth(done)).distribution
    )


def test_the_same_seed_gives_the_same_forecast_and_another_a_different_one() -> None:
    window = without_growth(SIX_WEEKS * 2)
    first, again, other = (
        forecast_of(40, window, ForecastSettings(trials=FEW_TRIALS, seed=seed)).distribution for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_calibrated_is_wider_than_plain_when_the_pace_has_drifted_before() -> None:
    history = without_growth(([2, 3, 1, 2] * 3 + [8, 9, 7, 8] * 3) * 3)
    plain, calibrated = (
        forecast_of(60, history[-12:], PLAIN, history),
        forecast_of(60, history[-12:], ForecastSettings(), history),
    )
    assert plain.drift is None
    assert calibrated.drift is not None
    assert calibrated.drift > 0.4
    calibrated_spread, plain_spread = (weeks_of(each, 95) - weeks_of(each, 50) for each in (calibrated, plain))
    assert calibrated_spread > plain_spread


def test_without_a_past_the_drift_is_that_of_teams_in_general() -> None:
    # A sixth of the weeks is empty, 0.2778 of the way from none to 0.6: the halves of the two sides' sizes, times the
    # teams that have them (9.345 and 2.238 slow down, 26.430 vary, 14.315 swing, of 86.23 in all).
    drift = forecast_of(20, without_growth(SIX_WEEKS), ForecastSettings(trials=FEW_TRIALS)).drift
    assert drift == pytest.approx((11.583 * 0.315 + 26.430 * 0.30 + 14.315 * 0.50) / 86.23, abs=2e-4)


@given(st.lists(st.integers(0, 9), min_size=12, max_size=60), st.integers(1, 500))
def test_every_future_belongs_to_one_memory_and_draws_from_its_latest_weeks(done: list[int], trials: int) -> None:
    history = without_growth(done)
    drift = learned_drift(history[-12:], history)
    urns = urns_of(history[-12:], history, Growth.NONE, drift)
    for urn, reach in zip(urns.values(), (52, 52, 20), strict=True):
        assert [weight > 0 for weight in urn.weights] == [age < reach for age in reversed(range(min(len(done), 52)))]
    quarter, month = urns[MEMORIES[1]], urns[MEMORIES[2]]
    assert (month.lasts, month.later, quarter.later) == (20, quarter.weights, ())
    assert all(urn.weeks[-12:] == tuple(history[-12:]) for urn in urns.values())
    crowds = crowds_of(urns, drift, trials)
    assert sum(len(crowd.factors) for crowd in crowds) == trials
    assert all(list(crowd.factors) == sorted(crowd.factors) for crowd in crowds)


def test_the_weeks_before_the_window_are_told_with_their_share_of_the_draws() -> None:
    # One error is known, and hardly believed: a quarter of the weeks is empty. Of 16 weeks the older four have 4 / 16
    # of the weight in a year's memory, (0.353553 - 0.25) / 0.75 in a quarter's and (0.0625 - 0.0248031) / 0.9751969
    # in a month's, and each memory its share of the futures.
    history = without_growth([3, 0, 5, 2] * 4)
    calibrated = forecast_of(20, history[-12:], ForecastSettings(trials=FEW_TRIALS), history)
    assert calibrated.earlier_weeks == 4
    drift = learned_drift(history[-12:], history)
    shares = [sum(drift.sizes(memory).values()) for memory in MEMORIES]
    right = shares[0] * 0.25 + shares[1] * 0.138071 + shares[2] * 0.038656
    # To one future in 400.
    assert calibrated.earlier_share == pytest.approx(right, abs=0.25 / FEW_TRIALS)
    plain = forecast_of(20, history[-12:], PLAIN, history)
    assert (plain.earlier_weeks, plain.earlier_share) == (0, 0)


def test_a_steady_team_is_promised_dates_hardly_later_than_plain_ones() -> None:
    random = Random(3)
    history = without_growth([sum(random.random() < 0.1 for _ in range(300)) for _ in range(150)])
    plain, calibrated = (
        forecast_of(300, history[-12:], PLAIN, history),
        forecast_of(300, history[-12:], ForecastSettings(), history),
    )
    assert 0 <= weeks_of(calibrated, 85) - weeks_of(plain, 85) <= 1


def test_a_window_in_which_nothing_was_finished_is_told_not_guessed() -> None:
    answer = forecast(5, [(0, 3)] * 12, [(4, 1)] * 30 + [(0, 3)] * 12, MONDAY, ForecastSettings())
    assert answer == NotEnoughData("Nothing was finished in the last 12 weeks, so there is no pace to forecast from.")
    assert how_many(4, [(0, 3)] * 12, [], PLAIN) == answer


def test_no_week_at_all_is_told_too() -> None:
    answer = forecast(5, [], [], MONDAY, ForecastSettings())
    assert isinstance(answer, NotEnoughData)
    assert "no full week" in answer.reason


@pytest.mark.parametrize("window", [(), ((0, 0), (0, 1)), ((3, 1),)])
def test_nothing_remaining_is_done_already(window: tuple[Week, ...]) -> None:
    result = forecast_of(0, window, ForecastSettings())
    assert result.weeks == dict.fromkeys(LEVELS, 0)
    assert set(result.dates.values()) == {MONDAY}
    assert result.chance_by(MONDAY) == 1.0


def test_the_chance_of_a_day_counts_whole_weeks_only() -> None:
    result = forecast_of(20, without_growth(SIX_WEEKS))
    assert result.chance_by(MONDAY + timedelta(days=42)) == pytest.approx(0.549661, abs=1e-6)
    assert result.chance_by(MONDAY + timedelta(days=48)) == result.chance_by(MONDAY + timedelta(days=42))
    assert result.chance_by(MONDAY - timedelta(days=1)) == 0.0
    assert result.chance_by(MONDAY + timedelta(weeks=500)) == result.distribution.cdf[-1]


def test_a_level_beyond_the_horizon_has_no_week() -> None:
    distribution = Distribution((0.0, 0.4, 0.7))
    assert (distribution.weeks(50), distribution.weeks(70), distribution.weeks(85)) == (2, 2, None)
    assert distribution.not_finished == pytest.approx(0.3)


def test_warnings_name_what_makes_the_dates_weak() -> None:
    text = " ".join(forecast_of(20, [(2, 3), (0, 3), (0, 1), (4, 3)], PLAIN).warnings)
    assert "Only 4 full weeks" in text
    assert "Only 6 finished" in text
    assert "2 of 4 weeks" in text
    assert "1.0 more is added each week than finished" in text
    assert forecast_of(20, [(5, 1), (6, 2)] * 6).warnings == ()


@pytest.mark.parametrize("wrong", [ForecastSettings(trials=0), ForecastSettings(horizon=0)])
def test_settings_that_simulate_nothing_are_refused(wrong: ForecastSettings) -> None:
    with pytest.raises(ValueError, match="at least one"):
        forecast(5, [(1, 0)], [(1, 0)], MONDAY, wrong)


def test_negative_weeks_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        forecast(5, [(-1, 0)], [(-1, 0)], MONDAY, PLAIN)
    with pytest.raises(ValueError, match="negative"):
        how_many(-1, [(1, 0)], [(1, 0)], PLAIN)


@given(st.lists(st.one_of(st.integers(), st.text()), max_size=4))
def test_a_seed_depends_on_the_parts_alone(parts: list[int | str]) -> None:
    assert stable_seed(*parts) == stable_seed(*parts)
    assert stable_seed(*parts, "more") != stable_seed(*parts)


def test_a_seed_is_the_same_on_every_machine() -> None:
    # First four bytes of the SHA-256 of "abc".
    assert stable_seed("abc") == 0xBA7816BF


def test_an_amount_that_is_whole_but_for_rounding_is_whole() -> None:
    almost = Amounts(4, ((3 - 1e-12, 1.0),), is_whole=True)
    assert [almost.at_least(level) for level in LEVELS] == [3, 3, 3, 3]
