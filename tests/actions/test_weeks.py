"""What is typed into the table of weeks is saved whole or not at all, and undone by what the answer gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.actions import files
from app.actions import weeks as week_table
from app.actions.pasted import Cell
from app.context import Context
from app.domain.forecast import Forecast
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from app.errors import BadInput
from app.words import read_by, reader_of
from app.words.formats import formats_for
from store.records import Correction, QueryRef, Week
from tests.pages.sample import NOW, REF, empty_context, sample_context

ENGLISH, GERMAN = formats_for(["en-GB"]), formats_for(["de"])
RUNNING = date(2026, 3, 30)
LAST_WEEK, WEEK_BEFORE = date(2026, 3, 23), date(2026, 3, 16)
DONE, NEW, POINTS = "completed_items", "created_items", "completed_points"


def typed_context() -> tuple[Context, QueryRef]:
    ctx = empty_context()
    ref = files.begin_query(ctx.backend, "Team", "Weeks", NOW)
    profile = ctx.backend.get_profile(ref.profile_id)
    assert profile is not None
    ctx.backend.save_profile(replace(profile, forecast_settings={"time_zone": "UTC"}))
    return ctx, ref


def throughput(ctx: Context, ref: QueryRef) -> Throughput:
    result = ctx.analysis(ref).throughput
    assert isinstance(result, Throughput)
    return result


# -- weeks that are the data ----------------------------------------------------------------------------


def test_an_empty_table_offers_a_quarter_up_to_the_running_week() -> None:
    ctx, ref = typed_context()
    table = week_table.table_of(ctx, ref)
    assert (len(table.rows), table.rows[-1].start, table.are_typed, table.is_empty) == (13, RUNNING, True, True)
    assert week_table.table_of(ctx, ref, earlier=2).rows[0].start == table.rows[0].start - timedelta(weeks=2)


def test_typed_weeks_and_what_is_left_make_a_forecast() -> None:
    ctx, ref = typed_context()
    cells = [Cell(LAST_WEEK - timedelta(weeks=at), DONE, str(2 + at % 2)) for at in range(8)]
    assert week_table.save(ctx, ref, cells, ENGLISH).problems == ()
    assert isinstance(ctx.analysis(ref).forecast, NotEnoughData)
    week_table.save_totals(ctx, ref, ("20", ""), ENGLISH)
    forecast = ctx.analysis(ref).forecast
    assert isinstance(forecast, Forecast)
    assert forecast.remaining == 20
    assert forecast.samples[-1] == 2
    # It was recorded as it was made.
    assert ctx.backend.list_forecasts(ref)[-1].remaining == 20


def test_one_text_that_is_no_number_keeps_all_of_them_from_being_saved() -> None:
    ctx, ref = typed_context()
    cells = [Cell(LAST_WEEK, DONE, "4"), Cell(WEEK_BEFORE, DONE, "four"), Cell(WEEK_BEFORE, NEW, "1.5")]
    answer = week_table.save(ctx, ref, cells, ENGLISH)
    assert [(problem.start, problem.name, problem.reason) for problem in answer.problems] == [
        (WEEK_BEFORE, DONE, "Not saved: four is not a number."),
        (WEEK_BEFORE, NEW, "Not saved: 1.5 is not a whole number; items are counted one by one."),
    ]
    assert answer.waiting == tuple(cells)
    assert ctx.backend.list_weeks(ref) == []


@pytest.mark.parametrize(("text", "problem"), [("-2", "below zero"), ("1e12", "too large"), ("nan", "not a number")])
def test_amounts_that_cannot_be_are_named(text: str, problem: str) -> None:
    ctx, ref = typed_context()
    (result,) = week_table.save(ctx, ref, [Cell(LAST_WEEK, POINTS, text)], ENGLISH).problems
    assert problem in result.reason


def test_more_than_anybody_finishes_in_a_week_is_no_number_of_a_week() -> None:
    ctx, ref = typed_context()
    entered = [Cell(LAST_WEEK, DONE, "1000000"), Cell(LAST_WEEK, POINTS, "1e9"), Cell(WEEK_BEFORE, DONE, "100000")]
    problems = week_table.save(ctx, ref, entered, ENGLISH).problems
    assert [(problem.name, problem.reason) for problem in problems] == [
        (DONE, "Not saved: 1000000 is too large to be an amount of work."),
        (POINTS, "Not saved: 1e9 is too large to be an amount of work."),
    ]


def test_why_a_number_is_not_saved_is_told_in_the_readers_language() -> None:
    ctx, ref = typed_context()
    answer = week_table.save(ctx, ref, [Cell(LAST_WEEK, DONE, "viele")], GERMAN)
    with read_by(reader_of(["de"])):
        state = week_table.browser_answer(week_table.table_of(ctx, ref, 0), answer, GERMAN, 0)
    assert state["problems"][0][2] == "Nicht gespeichert: viele ist keine Zahl."


def test_a_week_that_has_not_begun_cannot_be_typed() -> None:
    ctx, ref = typed_context()
    (problem,) = week_table.save(ctx, ref, [Cell(date(2026, 4, 6), DONE, "3")], ENGLISH).problems
    assert problem.reason == "This week is not over yet."


def test_numbers_are_read_and_written_as_the_user_does() -> None:
    ctx, ref = typed_context()
    week_table.save(ctx, ref, [Cell(LAST_WEEK, POINTS, "3,5"), Cell(LAST_WEEK, DONE, " 12 ")], GERMAN)
    assert ctx.backend.list_weeks(ref) == [Week(LAST_WEEK, 12, 3.5, source="manual")]
    rows = week_table.browser_rows(week_table.table_of(ctx, ref), GERMAN)
    assert rows[-2][3][2] == ["3,5", None]


def test_an_answer_undoes_what_was_saved() -> None:
    ctx, ref = typed_context()
    week_table.save(ctx, ref, [Cell(LAST_WEEK, DONE, "4")], ENGLISH)
    before = ctx.backend.list_weeks(ref)
    answer = week_table.save(ctx, ref, [Cell(LAST_WEEK, DONE, "9"), Cell(WEEK_BEFORE, NEW, "1")], ENGLISH)
    assert answer.before == (Cell(LAST_WEEK, DONE, "4"), Cell(WEEK_BEFORE, NEW, ""))
    week_table.save(ctx, ref, answer.before, ENGLISH)
    assert ctx.backend.list_weeks(ref) == before


def test_a_first_block_is_pasted_up_to_the_last_full_week() -> None:
    ctx, ref = typed_context()
    profile = ctx.backend.get_profile(ref.profile_id)
    assert profile is not None
    table = week_table.table_of(ctx, ref)
    cells = week_table.pasted("\n".join("1234"), table.rows[0].start, DONE, table, profile, ENGLISH)
    assert [(cell.start, cell.text) for cell in cells][-1] == (LAST_WEEK, "4")


def test_two_tables_cannot_have_one_name() -> None:
    ctx, ref = typed_context()
    with pytest.raises(BadInput, match="already"):
        files.begin_query(ctx.backend, "team", " weeks ", NOW)
    assert len(ctx.backend.list_queries(ref.profile_id)) == 1


def test_what_is_left_must_be_an_amount_and_names_its_field() -> None:
    ctx, ref = typed_context()
    with pytest.raises(BadInput, match="Remaining items: 'some' is not a number"):
        week_table.save_totals(ctx, ref, ("some", "3"), ENGLISH)
    assert ctx.backend.get_project_data(ref) is None


def test_emptying_what_is_left_leaves_the_other_facts_of_the_query() -> None:
    ctx, ref = typed_context()
    week_table.save_totals(ctx, ref, ("20", "7.5"), ENGLISH)
    week_table.save_totals(ctx, ref, ("", "7.5"), ENGLISH)
    assert week_table.typed_totals(ctx.analysis(ref)) == (None, 7.5)


def test_what_is_left_goes_down_with_the_weeks_typed_afterwards() -> None:
    ctx, ref = typed_context()
    week_table.save(ctx, ref, [Cell(WEEK_BEFORE, DONE, "3")], ENGLISH)
    week_table.save_totals(ctx, ref, ("20", ""), ENGLISH)
    # A week that was over when the total was typed is part of it; the running week is not.
    week_table.save(ctx, ref, [Cell(LAST_WEEK, DONE, "5"), Cell(RUNNING, DONE, "4"), Cell(RUNNING, NEW, "1")], ENGLISH)
    assert week_table.typed_totals(ctx.analysis(ref)) == (17, None)
    assert ctx.analysis(ref).remaining == 17
    # Saving what is shown changes nothing.
    week_table.save_totals(ctx, ref, ("17", ""), ENGLISH)
    assert ctx.analysis(ref).remaining == 17


# -- weeks that were counted ----------------------------------------------------------------------------


def test_a_number_typed_over_a_counted_one_is_a_correction_that_the_forecast_learns_from() -> None:
    ctx = sample_context()
    answer = week_table.save(ctx, REF, [Cell(LAST_WEEK, DONE, "12")], ENGLISH)
    assert answer.before == (Cell(LAST_WEEK, DONE, ""),)
    assert ctx.backend.list_corrections(REF) == [Correction(LAST_WEEK, completed_items=12)]
    assert throughput(ctx, REF).samples[-1] == 12
    assert ctx.backend.list_weeks(REF) == []
    week = throughput(ctx, REF).weeks[-1]
    assert (week.done, week.counted_done) == (12, 2)


def test_the_answer_of_a_correction_is_the_same_as_after_reading_everything_anew() -> None:
    ctx = sample_context()
    week_table.save(ctx, REF, [Cell(LAST_WEEK, DONE, "12"), Cell(LAST_WEEK, POINTS, "30.5")], ENGLISH)
    fresh = Context(ctx.backend, ctx.jobs, ctx.profiles_dir, ctx.clock)
    assert ctx.analysis(REF).facts == fresh.analysis(REF).facts
    assert week_table.table_of(ctx, REF) == week_table.table_of(fresh, REF)


def test_a_correction_outlives_the_next_fetch_and_is_taken_back_alone() -> None:
    ctx = sample_context()
    week_table.save(ctx, REF, [Cell(LAST_WEEK, DONE, "12"), Cell(WEEK_BEFORE, NEW, "3")], ENGLISH)
    ctx.backend.upsert_issues(REF, ctx.backend.list_issues(REF), ctx.backend.list_changes(REF))
    assert throughput(ctx, REF).samples[-1] == 12
    week_table.save(ctx, REF, [Cell(LAST_WEEK, DONE, "")], ENGLISH)
    assert throughput(ctx, REF).samples[-1] == 2
    assert ctx.backend.list_corrections(REF) == [Correction(WEEK_BEFORE, created_items=3)]


def test_the_running_week_is_not_corrected_while_it_runs() -> None:
    ctx = sample_context()
    assert week_table.table_of(ctx, REF).rows[-1].start == LAST_WEEK
    (problem,) = week_table.save(ctx, REF, [Cell(RUNNING, DONE, "3")], ENGLISH).problems
    assert "not over" in problem.reason


def test_the_browser_is_told_what_was_counted_beside_a_correction() -> None:
    ctx = sample_context()
    week_table.save(ctx, REF, [Cell(LAST_WEEK, DONE, "12")], ENGLISH)
    last = week_table.browser_rows(week_table.table_of(ctx, REF), ENGLISH)[-1]
    assert last == ["2026-03-23", "23 Mar 2026", False, [["12", "2"], ["0", None], ["6", None], ["0", None]]]


def test_an_import_leaves_corrections_and_what_was_typed_for_its_weeks() -> None:
    ctx, ref = typed_context()
    week_table.save(ctx, ref, [Cell(LAST_WEEK, DONE, "12"), Cell(WEEK_BEFORE, DONE, "5")], ENGLISH)
    rows = "date,completed_items,created_items\n2026-03-09,4,1\n2026-03-16,5,2\n2026-03-23,9,3\n"
    files.import_file(ctx, rows.encode(), "weeks.csv", profile_name="Team", query_name="Weeks")
    assert ctx.backend.list_corrections(ref) == [Correction(LAST_WEEK, completed_items=12)]
    assert throughput(ctx, ref).pairs == ((4, 1), (5, 2), (12, 3))
    again = rows.replace("23,9,3", "23,10,3")
    files.import_file(ctx, again.encode(), "weeks.csv", profile_name="Team", query_name="Weeks")
    assert throughput(ctx, ref).samples[-1] == 12
    assert throughput(ctx, ref).weeks[-1].counted_done == 10


def test_what_no_table_of_ours_sends_is_refused() -> None:
    with pytest.raises(BadInput, match="not a column"):
        week_table.cells_from([["2026-03-23", "password", "1"]])
    with pytest.raises(BadInput, match="not a week"):
        week_table.cells_from([["soon", DONE, "1"]])
