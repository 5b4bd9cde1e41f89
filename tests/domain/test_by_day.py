from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.by_day import WEEKS, by_day, open_in, working_day
from app.domain.calendar import Calendar
from app.domain.forecast import LEVELS, Forecast, ForecastSettings, forecast
from app.domain.known import Method
from app.domain.throughput import Throughput, WeekCount
from app.domain.work_ahead import work_ahead
from store.records import Issue
from tests.domain.build import CALENDAR, analysis, at, day, facts, finished_each_week, issue
from tests.domain.strategies import any_settings, weekly_counts
from tests.examples import examples

MONDAY = day("03-09")
PLAIN = ForecastSettings(Method.PLAIN)
Weeks = list[tuple[int, int]]


def forecast_of(left: float, history: Weeks, settings: ForecastSettings) -> Forecast:
    result = forecast(left, history[-12:], history, MONDAY, settings)
    assert isinstance(result, Forecast)
    return result


def days_of(
    left: float, history: Weeks, settings: ForecastSettings = PLAIN, calendar: Calendar = CALENDAR
) -> Mapping[int, date]:
    first, settings = MONDAY - timedelta(weeks=len(history)), replace(settings, ahead=work_ahead(calendar, MONDAY))
    weeks = tuple(WeekCount(first + timedelta(weeks=at), *pair) for at, pair in enumerate(history))
    return by_day(
        forecast_of(left, history, settings), Throughput(weeks, weeks[-12:], None, 1.0, 1.0), settings, calendar
    )


STEADY = [(5, 0)] * 12


@pytest.mark.parametrize("method", Method)
def test_a_pace_without_doubt_names_one_day(method: Method) -> None:
    # Five a week are one a working day: 5 by Friday, 6 by the next Monday, 8 by that Wednesday.
    settings = ForecastSettings(method, trials=300)
    assert set(days_of(5, STEADY, settings).values()) == {day("03-13")}
    assert set(days_of(6, STEADY, settings).values()) == {day("03-16")}
    assert set(days_of(8, STEADY, settings).values()) == {day("03-18")}


def test_days_off_are_no_working_days() -> None:
    calendar = Calendar(CALENDAR.zone, holidays=frozenset({day("03-09"), day("03-10")}))
    # One a working day: the third is Friday, the fifth the Tuesday after it.
    assert set(days_of(3, STEADY, calendar=calendar).values()) == {day("03-13")}
    assert set(days_of(5, STEADY, calendar=calendar).values()) == {day("03-17")}
    all_off = Calendar(CALENDAR.zone, holidays=frozenset(MONDAY + timedelta(days=at) for at in range(7)))
    assert set(days_of(5, STEADY, calendar=all_off).values()) == {day("03-20")}


def test_the_working_days_of_a_forecast_go_on_after_days_off_over_christmas() -> None:
    # 13, 15, 18 and 21 working days from the Monday before Christmas on, 25 and 26 December and 1 January off.
    off = frozenset({date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)})
    calendar = Calendar(CALENDAR.zone, holidays=off)
    finished = finished_each_week([5] * 12, date(2025, 9, 29))
    for items, last in ((13, "01-12"), (15, "01-14"), (18, "01-19"), (21, "01-22")):
        opened = [Issue(f"O-{number}", created=at("12-01", 2025)) for number in range(items)]
        whole = analysis(facts([*finished, *opened]), calendar=calendar, as_of=date(2025, 12, 22), method=Method.PLAIN)
        assert set(whole.by_day.values()) == {day(last)}


def test_a_forecast_by_working_days_reaches_its_days_over_christmas_as_it_was_worked_out() -> None:
    # Ten of what a day finishes, each of these days equally likely: 13, 15, 18 and 21 days, counted exactly.
    samples = [(0, 0), (1, 0), (0, 0), (2, 0), (1, 0), (0, 0), (0, 0), (1, 0), (3, 0), (0, 0)]
    off = frozenset({date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)})
    calendar = Calendar(CALENDAR.zone, holidays=off)
    result = forecast(10, samples, samples, date(2025, 12, 20), PLAIN)
    assert isinstance(result, Forecast)
    days = {level: working_day(result.as_of, number or 0, calendar) for level, number in result.weeks.items()}
    assert days == {50: day("01-12"), 70: day("01-14"), 85: day("01-19"), 95: day("01-22")}


def test_where_much_is_left_there_is_no_day() -> None:
    assert set(days_of(5 * WEEKS, STEADY).values()) == {MONDAY + timedelta(days=7 * WEEKS - 3)}
    assert days_of(5 * WEEKS + 1, STEADY) == {}
    assert days_of(0, STEADY) == {}


@settings(deadline=None, max_examples=examples(50))
@given(weekly_counts, st.integers(1, 30), any_settings)
def test_a_day_lies_within_the_week_of_the_forecast_and_days_rise_with_the_level(
    history: Weeks, left: int, any_of_them: ForecastSettings
) -> None:
    days, distribution = days_of(left, history, any_of_them), forecast_of(left, history, any_of_them).distribution
    for level, on in days.items():
        week = distribution.reached(level)
        assert week is not None
        assert (on - MONDAY).days // 7 == week - 1
        assert on.weekday() < 5
    assert list(days.values()) == sorted(days.values())
    assert list(days) == [level for level in LEVELS if level in days]


@settings(deadline=None, max_examples=examples(50))
@given(weekly_counts, st.integers(1, 30), st.integers(1, 10), any_settings)
def test_more_work_is_never_done_a_day_earlier(
    history: Weeks, left: int, more: int, any_of_them: ForecastSettings
) -> None:
    less, larger = days_of(left, history, any_of_them), days_of(left + more, history, any_of_them)
    assert all(on >= less[level] for level, on in larger.items())


def test_days_with_a_finish_are_counted_in_the_weeks_learned_from() -> None:
    result = analysis(facts([*finished_each_week([2] * 9, date(2026, 1, 5)), issue("A", "01-06")]), as_of=MONDAY)
    assert result.days_with_a_finish == 9


def test_what_was_done_once_is_not_open_again_when_more_comes_in() -> None:
    done_once, still_open, ended = [0.0, 5.0, 3.0, 6.0], [0.0, 1.0, 2.0, 6.0], [0.0, 4.0]
    assert open_in([done_once, still_open, ended], 4.0, 3) == [(2.0, 6.0)]
    assert open_in([done_once, still_open, ended], 4.0, 1) == [(0.0, 5.0), (0.0, 1.0), (0.0, 4.0)]
