from dataclasses import replace
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from app.domain.calendar import Calendar
from app.domain.forecast import Forecast
from app.domain.items import Unit
from app.domain.known import Sweeps
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput, WeekCount, throughput_of_items, throughput_of_weeks
from store.records import Change, Correction, Issue, Week
from tests.domain.build import CALENDAR, analysis, at, day, done, facts, finished_each_week, issue, items_of, moves
from tests.domain.strategies import histories


def of_issues(
    issues: list[Issue],
    changes: list[Change] | None = None,
    as_of: date | None = None,
    window: int = 12,
    unit: Unit = Unit.ITEMS,
    calendar: Calendar = CALENDAR,
) -> Throughput:
    throughput = throughput_of_items(
        items_of(issues, changes, calendar=calendar),
        calendar,
        unit,
        window,
        as_of or day("03-30"),
        today_included=False,
    )
    assert isinstance(throughput, Throughput)
    return throughput


def of_weeks(rows: list[Week], as_of: date, today_included: bool = False, unit: Unit = Unit.ITEMS) -> Throughput:
    throughput = throughput_of_weeks(rows, CALENDAR, unit, 12, as_of, today_included)
    assert isinstance(throughput, Throughput)
    return throughput


def test_weeks_without_anything_finished_stay_in_up_to_the_day_asked_for() -> None:
    throughput = of_issues([issue("A", "03-02", "03-03"), issue("B", "03-02", "03-18")])
    assert [(week.start, week.done, week.created) for week in throughput.weeks] == [
        (day("03-02"), 1, 2), (day("03-09"), 0, 0), (day("03-16"), 1, 0), (day("03-23"), 0, 0),
    ]  # fmt: skip
    assert throughput.weeks[0].done_keys == ("A",)
    assert throughput.weeks[0].created_keys == ("A", "B")
    assert (throughput.pace, throughput.created_pace) == (0.5, 0.5)


def test_the_running_week_is_shown_and_never_a_sample() -> None:
    known = facts([issue("A", "03-02", "03-03"), issue("B", "03-02", "03-10")])
    throughput = analysis(known, now=at("03-11")).throughput
    assert isinstance(throughput, Throughput)
    assert throughput.samples == (1,)
    assert throughput.running is not None
    assert (throughput.running.start, throughput.running.done) == (day("03-09"), 1)


def test_an_as_of_day_that_begins_a_week_has_no_running_week() -> None:
    known = facts([issue("A", "03-02", "03-03")])
    monday, tuesday = (analysis(known, as_of=day(text)).throughput for text in ("03-09", "03-10"))
    assert isinstance(monday, Throughput)
    assert isinstance(tuesday, Throughput)
    assert monday.running is None
    assert tuesday.running is not None
    assert monday.samples == tuesday.samples == (1,)


def test_the_window_is_the_last_full_weeks() -> None:
    issues = [issue(f"{number}", "03-02", f"03-{3 + 7 * week:02d}") for week in range(3) for number in range(week)]
    assert of_issues(issues, window=2, as_of=day("03-23")).samples == (1, 2)
    assert len(of_issues(issues, window=2, as_of=day("03-23")).weeks) == 3


def test_a_reopened_item_counts_in_no_week_until_it_is_finished_again() -> None:
    steps = [("", "To Do"), ("03-03 10:00", "Done"), ("03-10 10:00", "To Do"), ("03-17 10:00", "Done")]
    again = of_issues([done("A", created=at("03-02"))], moves("A", *steps))
    assert again.samples == (0, 0, 1, 0)
    open_now = of_issues([Issue("A", status="To Do", created=at("03-02"))], moves("A", *steps[:3]))
    assert open_now.samples == (0, 0, 0, 0)


def test_what_leaves_the_query_after_it_was_finished_was_still_finished() -> None:
    gone = issue("A", "03-02", "03-05", in_query=False, left_query=at("03-05 20:00"))
    earlier = issue("B", "03-02", "03-05", in_query=False, left_query=at("03-04"))
    assert of_issues([gone, earlier]).weeks[0].done_keys == ("A",)


def test_points_are_those_of_the_day_of_the_finish() -> None:
    changes = [Change("A", at("03-17 10:00"), "points", "3", "8")]
    throughput = of_issues([issue("A", "03-02", "03-10", points=8.0)], changes, unit=Unit.POINTS)
    assert throughput.samples == (0, 3, 0, 0)
    assert throughput.weeks[0].created == 8


def test_a_week_is_cut_at_local_midnight() -> None:
    late_on_sunday = issue("A", "03-02", "03-08 23:30")
    berlin = Calendar(ZoneInfo("Europe/Berlin"))
    assert of_issues([late_on_sunday]).samples == (1, 0, 0, 0)
    assert of_issues([late_on_sunday], calendar=berlin).samples == (0, 1, 0, 0)


def test_a_bulk_close_is_found() -> None:
    usual = [issue(f"A-{number}", "03-02", f"03-{number + 2:02d}") for number in range(10)]
    swept = [issue(f"B-{number}", "03-02", "03-18") for number in range(60)]
    (sweep,) = of_issues(usual + swept).sweeps
    assert (sweep.day, sweep.finished, sweep.keys[0]) == (day("03-18"), 60, "B-0")
    assert of_issues(usual).sweeps == ()


def _tidied() -> list[Issue]:
    """Two a week for eight weeks; and 60 more that were brought in and closed on one Thursday."""
    usual = finished_each_week([2] * 8, day("02-02"))
    swept = [Issue(f"B-{number}", created=at("03-19 09:00"), resolved=at("03-19 17:00")) for number in range(60)]
    return usual + swept


def test_a_day_of_tidying_up_is_named_with_what_the_pace_would_be_without_it() -> None:
    throughput = analysis(facts(_tidied()), now=at("03-30")).throughput
    assert isinstance(throughput, Throughput)
    (warning,) = throughput.warnings
    assert warning.startswith("60 of the 76 items finished in these 8 weeks were finished on one day (2026-03-19)")
    assert "Without it the pace is 2 a week instead of 9.5" in warning


def test_weeks_without_days_of_tidying_up_are_those_of_the_other_days() -> None:
    throughput = analysis(facts(_tidied()), now=at("03-30"), sweeps=Sweeps.LEAVE_OUT).throughput
    assert isinstance(throughput, Throughput)
    assert (throughput.samples, [week.created for week in throughput.window]) == ((2.0,) * 8, [2.0] * 8)
    assert throughput.warnings == (
        "60 items that were finished on one day (2026-03-19) are left out, as an import or a clean-up.",
    )


def test_a_forecast_that_rests_on_a_day_of_tidying_up_says_so_and_offers_the_other_one() -> None:
    with_day = analysis(facts([*_tidied(), issue("C-1", "02-02"), issue("C-2", "02-02")]), now=at("03-30"))
    assert isinstance(with_day.forecast, Forecast)
    assert any("on one day (2026-03-19)" in warning for warning in with_day.forecast.warnings)
    other = with_day.without_sweeps
    assert other is not None
    assert isinstance(other.forecast, Forecast)
    assert other.forecast.samples == (2.0,) * 8
    assert analysis(facts(finished_each_week([2] * 8, day("02-02"))), now=at("03-30")).without_sweeps is None


def test_an_old_clean_up_was_no_new_work_but_what_it_closed_had_come_before() -> None:
    old = [Issue(f"B-{number}", created=at("02-04 09:00"), resolved=at("03-19 17:00")) for number in range(60)]
    throughput = analysis(
        facts(finished_each_week([2] * 8, day("02-02")) + old), now=at("03-30"), sweeps=Sweeps.LEAVE_OUT
    ).throughput
    assert isinstance(throughput, Throughput)
    assert [week.created for week in throughput.window] == [62.0] + [2.0] * 7


def test_there_is_no_throughput_before_the_first_week_is_over() -> None:
    throughput = analysis(facts([issue("A", "03-10", "03-11")])).throughput
    assert isinstance(throughput, NotEnoughData)
    assert "first week is not over" in throughput.reason


def test_typed_rows_on_any_day_add_up_to_calendar_weeks_with_gaps_as_zero() -> None:
    rows = [
        Week(day("03-03"), completed_items=2, created_items=1),
        Week(day("03-20"), completed_items=4),
        Week(day("03-08"), completed_items=3),
        Week(None, completed_items=99),
    ]
    throughput = of_weeks(rows, day("03-23"))
    assert throughput.pairs == ((5, 1), (0, 0), (4, 0))
    assert throughput.warnings == ()


def test_a_typed_week_is_known_when_it_ends() -> None:
    rows = [Week(day("03-02"), completed_items=2), Week(day("03-09"), completed_items=3)]
    assert of_weeks(rows, day("03-15")).samples == (2,)
    assert of_weeks(rows, day("03-16")).samples == (2, 3)
    live = of_weeks(rows, day("03-11"), today_included=True)
    assert live.samples == (2,)
    assert live.running is not None
    assert live.running.done == 3


def test_weeks_that_nobody_filled_in_are_not_zero_and_are_warned_of() -> None:
    throughput = of_weeks([Week(day("03-02"), completed_items=2)], day("03-30"))
    assert throughput.samples == (2,)
    assert "last 3 full weeks are missing" in throughput.warnings[0]


@pytest.mark.parametrize(
    ("rows", "unit", "says"),
    [
        ([], Unit.ITEMS, "no data yet"),
        ([Week(day("03-02"), completed_items=2)], Unit.POINTS, "no points"),
        ([Week(None, completed_items=2)], Unit.ITEMS, "date"),
        ([Week(day("03-23"), completed_items=2)], Unit.ITEMS, "not over"),
    ],
)
def test_too_little_to_count_is_said_in_plain_words(rows: list[Week], unit: Unit, says: str) -> None:
    throughput = throughput_of_weeks(rows, CALENDAR, unit, 12, day("03-25"), today_included=False)
    assert isinstance(throughput, NotEnoughData)
    assert says in throughput.reason


def test_legacy_queries_with_both_count_their_issues() -> None:
    throughput = analysis(
        facts([issue("A", "03-02", "03-03")], weeks=[Week(day("03-02"), completed_items=50)])
    ).throughput
    assert isinstance(throughput, Throughput)
    assert throughput.samples == (1,)


@given(histories())
def test_what_was_done_in_all_weeks_is_finishes_less_reopenings(history: tuple[list[Issue], list[Change]]) -> None:
    kept = [issue for issue in history[0] if issue.left_query is None]
    items = items_of(kept, history[1])
    if not items:
        return
    throughput = throughput_of_items(items, CALENDAR, Unit.ITEMS, 12, day("05-04"), today_included=False)
    assert isinstance(throughput, Throughput)
    finishes = sum(len(item.finished) for item in items)
    reopenings = sum(len(item.reopened) for item in items)
    assert sum(week.done for week in throughput.weeks) == finishes - reopenings


@given(histories())
def test_the_order_of_the_items_does_not_matter(history: tuple[list[Issue], list[Change]]) -> None:
    issues, changes = history
    for calendar in (CALENDAR, Calendar(UTC, week_start=6)):
        each = analysis(facts(issues, changes), now=at("04-30"), calendar=calendar)
        other = analysis(facts(issues[::-1], changes[::-1]), now=at("04-30"), calendar=calendar)
        if isinstance(each.throughput, NotEnoughData):
            assert each.throughput == other.throughput
            continue
        assert isinstance(other.throughput, Throughput)
        assert each.throughput.pairs == other.throughput.pairs


def test_weeks_after_the_last_sign_of_life_are_not_active() -> None:
    monday = date(2026, 3, 2)
    counts = [(3, 1), (0, 0), (0, 2), (0, 0), (0, 0)]
    weeks = tuple(WeekCount(monday + timedelta(weeks=n), done, created) for n, (done, created) in enumerate(counts))
    quiet = Throughput(weeks=weeks, window=weeks, running=None, pace=0.6, created_pace=0.6)
    assert quiet.active_weeks == weeks[:3]
    nothing = Throughput(weeks=weeks[3:], window=weeks[3:], running=None, pace=0, created_pace=0)
    assert nothing.active_weeks == ()


# -- corrections ----------------------------------------------------------------------------------------

TWO_DONE = [issue("A", "03-02", "03-03"), issue("B", "03-02", "03-04"), issue("C", "03-02", "03-18")]


def corrected(*corrections: Correction, unit: Unit = Unit.ITEMS, as_of: date | None = None) -> Throughput:
    known = facts(TWO_DONE, corrections=list(corrections))
    throughput = analysis(known, now=at("03-27"), unit=unit, as_of=as_of).throughput
    assert isinstance(throughput, Throughput)
    return throughput


def test_a_corrected_week_counts_as_said_and_tells_what_was_counted() -> None:
    throughput = corrected(Correction(day("03-02"), completed_items=5))
    first = throughput.weeks[0]
    assert (first.done, first.counted_done, first.created, first.counted_created) == (5, 2, 3, None)
    assert (first.is_corrected, throughput.weeks[1].is_corrected) == (True, False)
    assert throughput.samples == (5, 0, 1)
    assert throughput.pace == 2
    assert first.done_keys == ("A", "B")


def test_a_correction_of_one_unit_says_nothing_of_the_other() -> None:
    throughput = corrected(Correction(day("03-04"), completed_items=5), unit=Unit.POINTS)
    assert not any(week.is_corrected for week in throughput.weeks)


def test_a_correction_may_lie_on_any_day_of_its_week() -> None:
    assert corrected(Correction(day("03-08"), completed_items=5)).samples == (5, 0, 1)


def test_a_correction_of_a_week_that_is_not_over_waits() -> None:
    throughput = corrected(Correction(day("03-23"), completed_items=9))
    assert throughput.running is not None
    assert (throughput.running.done, throughput.running.is_corrected) == (0, False)
    assert corrected(Correction(day("03-16"), completed_items=9), as_of=day("03-18")).samples == (2, 0)


def test_a_corrected_week_before_the_first_item_lengthens_the_history() -> None:
    throughput = corrected(Correction(day("02-16"), completed_items=4, created_items=1))
    assert throughput.history == ((4, 1), (0, 0), (2, 3), (0, 0), (1, 0))
    assert throughput.weeks[0].counted_done == 0


def test_a_clean_up_that_was_corrected_is_no_longer_warned_of() -> None:
    usual = [issue(f"A-{number}", "03-02", f"03-{number + 2:02d}") for number in range(10)]
    swept = [issue(f"B-{number}", "03-02", "03-18") for number in range(60)]
    items = items_of(usual + swept)
    corrections = [Correction(day("03-16"), completed_items=1)]
    throughput = throughput_of_items(items, CALENDAR, Unit.ITEMS, 12, day("03-30"), False, corrections)
    assert isinstance(throughput, Throughput)
    assert throughput.sweeps == ()


def test_corrected_rows_count_the_same_in_the_weeks_and_in_what_remains() -> None:
    rows = [
        Week(day("03-02"), completed_items=2, created_items=9),
        Week(day("03-03"), completed_items=3, created_items=1),
        Week(day("03-09"), completed_items=1),
    ]
    corrections = [Correction(day("03-02"), completed_items=4), Correction(day("03-16"), created_items=6)]
    result = analysis(facts(weeks=rows, corrections=corrections), now=at("03-25"))
    assert isinstance(result.throughput, Throughput)
    assert result.throughput.pairs == ((4, 10), (1, 0), (0, 6))
    # 16 came and 5 were finished.
    assert result.remaining == 11


def test_the_trend_is_the_slope_of_the_line_that_fits_the_weeks_best() -> None:
    # 1, 2, 4, 5: the best line rises by 1.4 a week.
    throughput = analysis(facts(finished_each_week([1, 2, 4, 5], date(2026, 2, 9)))).throughput
    assert isinstance(throughput, Throughput)
    assert throughput.trend == pytest.approx(1.4)
    short = analysis(facts(finished_each_week([1, 2], date(2026, 2, 23)))).throughput
    assert isinstance(short, Throughput)
    assert short.trend is None


def test_limits_are_the_mean_and_266_times_the_mean_moving_range_of_the_window() -> None:
    throughput = analysis(facts(finished_each_week([4, 6, 4, 6, 40], date(2026, 2, 2)))).throughput
    assert isinstance(throughput, Throughput)
    assert throughput.limits is not None
    # Mean 12, moving ranges 2, 2, 2 and 34.
    assert (throughput.limits.mean, throughput.limits.lower, throughput.limits.upper) == pytest.approx(
        (12, 0, 12 + 2.66 * 10)
    )
    assert [(signal.start, signal.rule) for signal in throughput.limits.signals] == [(date(2026, 3, 2), "beyond limit")]


def test_weeks_that_a_weekly_table_lacks_are_told() -> None:
    rows = [Week(day(monday), completed_items=count) for monday, count in (("03-02", 5), ("03-16", 6), ("03-23", 4))]
    throughput = of_weeks(rows, day("03-30"))
    assert throughput.samples == (5, 0, 6, 4)
    assert [str(each) for each in throughput.warnings] == [
        "The week from 2026-03-09 has no number and counts as zero. If work was finished in it, enter it under Data, "
        "“Weeks by hand”."
    ]


def test_weeks_without_rows_in_a_log_are_not_told_nor_are_weeks_off() -> None:
    log = [Week(day(each), completed_items=1) for each in ("03-02", "03-03", "03-17")]
    assert of_weeks(log, day("03-23")).warnings == ()
    off = replace(CALENDAR, holidays=frozenset(day("03-09") + timedelta(days=number) for number in range(5)))
    rows = [Week(day("03-02"), completed_items=5), Week(day("03-16"), completed_items=6)]
    throughput = throughput_of_weeks(rows, off, Unit.ITEMS, 12, day("03-23"), today_included=False)
    assert isinstance(throughput, Throughput)
    assert throughput.warnings == ()
