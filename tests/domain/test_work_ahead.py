"""Days off ahead move every date by the weeks they take, and days off of the past are no weeks without a finish."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.analysis import Analysis
from app.domain.calendar import ONE_DAY, ONE_WEEK, Calendar
from app.domain.forecast import LEVELS, Forecast, ForecastSettings, amounts, forecast
from app.domain.known import Growth, Method
from app.domain.milestones import Milestones
from app.domain.missing import NotEnoughData
from app.domain.review import WeekReview
from app.domain.throughput import Throughput
from app.domain.what_if import TriedOut, WhatIf
from app.domain.work_ahead import EVERY_WEEK, NO_DAYS_OFF, DaysOff, WorkAhead, days_off_of, work_ahead
from store.documents import days_off_before, with_days_off_before
from store.records import Week
from tests.domain.build import CALENDAR, analysis, facts, finished_each_week, issue
from tests.examples import examples

MONDAY = date(2026, 3, 9)
AMOUNTS = [4, 2, 6, 3, 0, 5, 4, 3, 7, 2, 4, 5]


def calendar_with(days: Iterable[date]) -> Calendar:
    return replace(CALENDAR, holidays=frozenset(days))


def span(first: date, days: int) -> list[date]:
    return [first + at * ONE_DAY for at in range(days)]


def team(off: Iterable[date] = (), left: int = 30, **params: Any) -> Analysis:
    """Twelve weeks of finishes up to MONDAY, and so much left."""
    done = finished_each_week(AMOUNTS, MONDAY - 12 * ONE_WEEK)
    opened = [issue(f"O-{number}", "01-05") for number in range(left)]
    return analysis(facts([*done, *opened]), calendar=calendar_with(off), as_of=MONDAY, **params)


def forecast_of(whole: Analysis) -> Forecast:
    assert isinstance(whole.forecast, Forecast)
    return whole.forecast


def dates_of(whole: Analysis) -> dict[int, date | None]:
    return dict(forecast_of(whole).dates)


def chances_of(whole: Analysis) -> list[float | None]:
    assert isinstance(whole.milestones, Milestones)
    return [each.chance for each in whole.milestones.milestones]


def moved_by(before: date | None, after: date | None) -> timedelta:
    assert before is not None
    assert after is not None
    return after - before


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("growth", Growth)
def test_three_weeks_off_move_every_date_by_three_weeks(method: Method, growth: Growth) -> None:
    now = team(method=method, growth=growth)
    later = team(span(MONDAY + ONE_WEEK, 21), method=method, growth=growth)
    for level in LEVELS:
        if dates_of(now)[level] is not None:
            assert moved_by(dates_of(now)[level], dates_of(later)[level]) == 3 * ONE_WEEK


@settings(deadline=None, max_examples=examples(60))
@given(st.integers(0, 40), st.integers(1, 6), st.sampled_from(list(Method)))
def test_whole_weeks_off_move_a_date_by_exactly_as_many_or_come_after_it(
    start: int, weeks: int, method: Method
) -> None:
    first = MONDAY + start * ONE_DAY
    before, after = dates_of(team(method=method)), dates_of(team(span(first, 7 * weeks), method=method))
    for level in LEVELS:
        moved = moved_by(before[level], after[level])
        assert moved in (timedelta(), weeks * ONE_WEEK)
        assert before[level] is not None
        if before[level] >= first + ONE_WEEK:  # type: ignore[operator]
            assert moved == weeks * ONE_WEEK


@settings(deadline=None, max_examples=examples(40))
@given(st.integers(0, 69))
def test_a_single_day_off_moves_no_week_and_the_working_day_by_a_day_at_most(at: int) -> None:
    off = MONDAY + at * ONE_DAY
    assert dates_of(team([off])) == dates_of(team())
    before, after = team(left=12).by_day, team([off], left=12).by_day
    assert set(before) == set(after)
    for level, day in before.items():
        working = [each for each in span(day, 5) if each.weekday() < 5 and each != off]
        assert after[level] in working[:2]


@settings(deadline=None, max_examples=examples(20))
@given(st.sets(st.integers(-10, 30)))
def test_weekend_days_off_move_nothing(weeks: set[int]) -> None:
    weekend = [MONDAY + at * ONE_WEEK + timedelta(days=day) for at in weeks for day in (5, 6)]
    assert forecast_of(team(weekend)) == forecast_of(team())
    assert days_off_of(calendar_with(weekend)) == NO_DAYS_OFF


@settings(deadline=None, max_examples=examples(60))
@given(st.sets(st.integers(0, 120), max_size=60), st.integers(1, 25), st.integers(1, 60), st.sampled_from([2, 4, 5, 7]))
def test_chance_by_a_day_and_amount_by_it_agree(off: set[int], weeks: int, left: int, per_week: int) -> None:
    days = tuple(MONDAY + at * ONE_DAY for at in sorted(off) if at % 7 < per_week)
    plain = ForecastSettings(Method.PLAIN, ahead=WorkAhead(MONDAY, DaysOff(days, per_week)))
    window = [(float(amount), 0.0) for amount in AMOUNTS]
    result, done = forecast(left, window, window, MONDAY, plain), amounts(weeks, window, window, plain)
    assert isinstance(result, Forecast)
    assert not isinstance(done, NotEnoughData)
    assert result.chance_by(MONDAY + weeks * ONE_WEEK) == pytest.approx(done.chance(left), abs=1e-12)
    for level in LEVELS:
        day = result.dates[level]
        if day is not None:
            assert result.chance_by(day) >= level / 100 - 1e-12


@settings(deadline=None, max_examples=examples(60))
@given(st.sets(st.integers(0, 200), max_size=120), st.sampled_from([1, 2, 3, 4, 5, 6, 7]))
def test_weeks_of_work_rise_by_one_or_none_and_end_as_days_off_do(off: set[int], per_week: int) -> None:
    days = tuple(MONDAY + at * ONE_DAY for at in sorted(off) if at % 7 < per_week)
    ahead = WorkAhead(MONDAY, DaysOff(days, per_week))
    worked = [ahead.worked(week) for week in range(60)]
    assert worked[0] == 0
    assert all(after - before in (0, 1) for before, after in pairwise(worked))
    assert abs(59 - len(days) / per_week - worked[-1]) <= 0.5
    for number in range(worked[-1] + 1):
        assert ahead.worked(ahead.week_of(number)) == number


def test_all_that_the_forecast_says_counts_the_same_days_off() -> None:
    off = span(MONDAY + ONE_WEEK, 14)
    deadline = MONDAY + 10 * ONE_WEEK
    whole, ordinary = team(off, deadline=deadline), team(deadline=deadline - 2 * ONE_WEEK)
    result, outcome = forecast_of(whole), whole.tried(WhatIf())
    assert isinstance(outcome, TriedOut)
    assert outcome.dates == result.dates
    assert outcome.chance == whole.chance == ordinary.chance
    assert chances_of(whole) == chances_of(ordinary)
    assert whole.how_many(10).amounts == ordinary.how_many(8).amounts  # type: ignore[union-attr]
    assert whole.required_pace == ordinary.required_pace
    assert whole.ways == ordinary.ways or (whole.ways is not None and ordinary.ways is not None)
    later = whole.tried(WhatIf(away=2))
    assert isinstance(later, TriedOut)
    assert set(later.moved.values()) == {2}
    fan = {each.day: each.middle for each in result.fan}
    # Nothing gets less while all are off.
    assert fan[MONDAY + ONE_WEEK] == fan[MONDAY + 3 * ONE_WEEK] > fan[MONDAY + 4 * ONE_WEEK]
    assert result.fan[-1].day == result.dates[85]


def test_whoever_starts_after_the_days_off_loses_nothing_by_them() -> None:
    off, start = span(MONDAY, 14), MONDAY + 2 * ONE_WEEK
    with_off, without = team(off).tried(WhatIf(start=start)), team().tried(WhatIf(start=start))
    assert isinstance(with_off, TriedOut)
    assert isinstance(without, TriedOut)
    assert with_off.dates == without.dates == forecast_of(team(off)).dates


def test_a_week_off_in_the_past_is_no_week_without_a_finish() -> None:
    whole = facts(finished_each_week([4, 2, 0, 6], MONDAY - 4 * ONE_WEEK))
    off = span(MONDAY - 2 * ONE_WEEK, 7)
    learned = analysis(whole, calendar=calendar_with(off), as_of=MONDAY).throughput
    assert isinstance(learned, Throughput)
    assert [done for done, _ in learned.pairs] == [4, 2, 6]
    assert learned.history[-3:] == learned.pairs
    assert learned.samples == (4, 2, 0, 6)
    assert learned.pace == 4


def test_what_was_finished_in_a_week_off_is_not_lost() -> None:
    whole = facts(finished_each_week([4, 2, 1, 6], MONDAY - 4 * ONE_WEEK))
    learned = analysis(whole, calendar=calendar_with(span(MONDAY - 2 * ONE_WEEK, 7)), as_of=MONDAY).throughput
    assert isinstance(learned, Throughput)
    assert [done for done, _ in learned.pairs] == [4, 3, 6]


def test_weeks_partly_off_are_put_together() -> None:
    # Two and three days off are one week less, wherever the whole week ends.
    off = [*span(MONDAY - 2 * ONE_WEEK, 3), *span(MONDAY - 3 * ONE_WEEK, 2)]
    whole = facts(finished_each_week([5, 3, 2, 5], MONDAY - 4 * ONE_WEEK))
    learned = analysis(whole, calendar=calendar_with(off), as_of=MONDAY).throughput
    assert isinstance(learned, Throughput)
    assert [done for done, _ in learned.pairs] == [5, 5, 5]


def test_a_single_day_off_in_the_past_changes_no_week() -> None:
    assert forecast_of(team([MONDAY - 3 * ONE_WEEK])).weeks == forecast_of(team()).weeks


def test_after_a_window_of_days_off_the_weeks_before_it_are_learned_from() -> None:
    whole = facts(finished_each_week([4, 2, 0, 0], MONDAY - 4 * ONE_WEEK))
    off = calendar_with(span(MONDAY - 2 * ONE_WEEK, 14))
    learned = analysis(whole, calendar=off, as_of=MONDAY, window=2).throughput
    assert isinstance(learned, Throughput)
    assert learned.pairs == ((4.0, 4.0), (2.0, 2.0))


def test_off_to_the_end_of_the_horizon_there_is_no_date() -> None:
    result = forecast_of(team(span(MONDAY, 7 * 110)))
    assert set(result.dates.values()) == {None}
    assert result.distribution.not_finished == 1
    assert result.fan[-1].day <= MONDAY + result.settings.horizon * ONE_WEEK


def test_without_days_off_nothing_is_asked_of_the_calendar() -> None:
    assert work_ahead(CALENDAR, MONDAY) is EVERY_WEEK
    assert forecast_of(team()).settings == forecast_of(team()).settings.of_work


def with_changes_of_days_off(whole: Analysis, on: date, before: Iterable[date]) -> Analysis:
    profile = with_days_off_before(whole.facts.profile, on, list(before))
    return Analysis(replace(whole.facts, profile=profile), whole.params)


def parts_of(whole: Analysis) -> dict[str, int]:
    assert isinstance(whole.last_week, WeekReview)
    return {part.kind: part.days for part in whole.last_week.moved_by}


def test_days_off_that_were_entered_are_why_the_date_moved() -> None:
    off = span(MONDAY + ONE_WEEK, 21)
    review = with_changes_of_days_off(team(off), MONDAY - 2 * ONE_DAY, ()).last_week
    assert isinstance(review, WeekReview)
    # Dates are whole weeks and parts are days, so that what was rounded falls to them.
    assert {part.kind: part.days for part in review.moved_by}["days off"] == pytest.approx(21, abs=3)
    assert sum(part.days for part in review.moved_by) == moved_by(review.date_85_before, review.date_85_now).days
    assert review.why == "The date moved out by 3 weeks, mostly because 15 days off were entered."


def test_days_off_that_were_taken_out_are_why_the_date_moved_in() -> None:
    off = span(MONDAY + ONE_WEEK, 21)
    review = with_changes_of_days_off(team(), MONDAY, off).last_week
    assert isinstance(review, WeekReview)
    assert parts_of(with_changes_of_days_off(team(), MONDAY, off))["days off"] == pytest.approx(-21, abs=3)
    assert "15 days off were taken out" in review.why


def test_days_off_that_did_not_change_or_did_so_before_are_no_cause() -> None:
    off = span(MONDAY + ONE_WEEK, 21)
    for whole in (
        team(off),
        with_changes_of_days_off(team(off), MONDAY - 8 * ONE_DAY, ()),
        with_changes_of_days_off(team(off), MONDAY - ONE_DAY, off),
    ):
        assert "days off" not in parts_of(whole)
        assert sum(parts_of(whole).values()) == sum(parts_of(team()).values())


def test_of_several_changes_on_a_day_the_first_tells_what_was_before() -> None:
    profile = team().facts.profile
    profile = with_days_off_before(with_days_off_before(profile, MONDAY, ()), MONDAY, [MONDAY])
    assert days_off_before(profile) == {MONDAY: frozenset()}


def test_a_week_off_is_no_trend_and_makes_no_half_of_the_weeks_another() -> None:
    whole = facts(finished_each_week([4, 4, 4, 4, 4, 0], MONDAY - 6 * ONE_WEEK))
    off = calendar_with(span(MONDAY - ONE_WEEK, 7))
    learned = analysis(whole, calendar=off, as_of=MONDAY).throughput
    assert isinstance(learned, Throughput)
    assert learned.trend == 0


@pytest.mark.parametrize("working_days", [{0, 1, 2, 3}, {0, 1}, {5}, set(range(7))])
def test_weeks_off_are_weeks_however_many_days_a_week_has(working_days: set[int]) -> None:
    def dates(off: Iterable[date]) -> dict[int, date | None]:
        whole = team()
        calendar = replace(calendar_with(off), working_days=frozenset(working_days))
        return dates_of(Analysis(whole.facts, replace(whole.params, calendar=calendar)))

    for level, before in dates(()).items():
        assert moved_by(before, dates(span(MONDAY + 3 * ONE_DAY, 14))[level]) == 2 * ONE_WEEK


def test_typed_weeks_know_days_off_as_well() -> None:
    rows = [Week(MONDAY - at * ONE_WEEK, amount) for at, amount in enumerate(AMOUNTS, 1)]
    off = calendar_with(span(MONDAY, 14))
    before, after = (
        analysis(facts(weeks=rows), calendar=calendar, as_of=MONDAY, remaining=20.0) for calendar in (CALENDAR, off)
    )
    for level in LEVELS:
        assert moved_by(dates_of(before)[level], dates_of(after)[level]) == 2 * ONE_WEEK


def test_all_parts_of_the_work_know_the_same_days_off() -> None:
    off = span(MONDAY, 14)
    before, after = team(), team(off)
    for amount in (1.0, 10.0, 29.0, 30.0):
        now, later = (whole._dates for whole in (before, after))
        assert not isinstance(now, NotEnoughData)
        assert not isinstance(later, NotEnoughData)
        for level, day in now.dates(amount).items():
            assert moved_by(day, later.dates(amount)[level]) == 2 * ONE_WEEK
        assert later.chance(amount, MONDAY + 9 * ONE_WEEK) == now.chance(amount, MONDAY + 7 * ONE_WEEK)
