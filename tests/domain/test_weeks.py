"""Weeks typed and corrected, row by row."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain import weeks
from app.domain.items import Unit
from app.domain.throughput import Throughput
from app.domain.weeks import BY_HAND, NUMBERS, Edit, Number, WeekRow
from store.records import Correction, Week
from tests.domain.build import CALENDAR, analysis, at, day, facts, issue

MONDAY = day("03-02")
ROWS = [
    Week(day("03-04"), completed_items=2, source=BY_HAND),
    Week(day("03-06"), completed_items=3, completed_points=1.5, source=BY_HAND),
]


def shown(rows: tuple[WeekRow, ...]) -> list[list[float | None]]:
    return [[number.value for number in row.numbers] for row in rows]


def test_rows_of_one_week_are_added_up_and_weeks_without_a_row_are_there_and_say_nothing() -> None:
    rows = weeks.rows_of_weeks([*ROWS, Week(None, 99)], [], CALENDAR, day("02-25"), day("03-10"))
    assert [row.start for row in rows] == [day("02-23"), MONDAY, day("03-09")]
    assert shown(rows) == [[None] * 4, [5, None, 1.5, None], [None] * 4]


def test_a_corrected_number_is_shown_beside_what_was_counted() -> None:
    corrections = [Correction(day("03-03"), completed_items=7, created_items=0)]
    (row,) = weeks.rows_of_weeks(ROWS, corrections, CALENDAR, MONDAY, day("03-08"))
    assert row.numbers == (Number(7, 5, True), Number(0, None, True), Number(1.5), Number())


def test_weeks_of_issues_show_items_and_points_side_by_side() -> None:
    known = facts(
        [issue("A", "03-02", "03-03", points=3.0), issue("B", "03-02")],
        corrections=[Correction(MONDAY, completed_points=5)],
    )
    items, points = (analysis(known, now=at("03-11"), unit=unit).throughput for unit in Unit)
    (row,) = weeks.rows_of_items(items, points)
    assert (row.start, row.numbers) == (MONDAY, (Number(1), Number(2), Number(5, 3, True), Number(3)))


def test_typing_into_a_new_week_makes_its_row_in_the_order_of_days() -> None:
    rows, _ = weeks.typed(ROWS, [], [Edit(day("02-23"), "completed_points", 4.0)], CALENDAR)
    assert rows == (Week(day("02-23"), completed_points=4.0, source=BY_HAND), *ROWS)


def test_of_several_rows_of_a_week_the_first_takes_the_number() -> None:
    rows, _ = weeks.typed(ROWS, [], [Edit(MONDAY, "completed_items", 9)], CALENDAR)
    assert [(row.completed_items, row.completed_points) for row in rows] == [(9, None), (None, 1.5)]


def test_a_row_that_says_nothing_any_more_goes() -> None:
    rows, _ = weeks.typed(ROWS[:1], [], [Edit(MONDAY, "completed_items", None)], CALENDAR)
    assert rows == ()


def test_rows_without_a_readable_day_stay() -> None:
    odd = Week(None, 4, extras={"date": "soon"})
    rows, _ = weeks.typed([odd, *ROWS], [], [Edit(MONDAY, "created_items", 1)], CALENDAR)
    assert rows[-1] == odd


def test_what_is_typed_replaces_a_correction_of_the_same_number_only() -> None:
    corrections = [Correction(MONDAY, completed_items=7, created_items=2)]
    rows, left = weeks.typed(ROWS, corrections, [Edit(MONDAY, "completed_items", 9)], CALENDAR)
    assert (rows[0].completed_items, left) == (9, (Correction(MONDAY, created_items=2),))


def test_counted_weeks_keep_what_is_said_as_corrections() -> None:
    rows = (WeekRow(MONDAY, (Number(5), Number(2), Number(), Number())),)
    corrections = weeks.corrected(
        [], [Edit(MONDAY, "completed_items", 12), Edit(MONDAY, "created_items", 2)], rows, CALENDAR
    )
    # Two were counted as created anyway.
    assert corrections == (Correction(MONDAY, completed_items=12),)


def test_a_correction_is_taken_back_by_emptying_it_or_by_saying_what_was_counted() -> None:
    rows = (WeekRow(MONDAY, (Number(12, 5, True), Number(2), Number(), Number())),)
    corrections = [Correction(MONDAY, completed_items=12)]
    for value in (None, 5):
        assert weeks.corrected(corrections, [Edit(MONDAY, "completed_items", value)], rows, CALENDAR) == ()


def test_typed_rows_become_corrections_where_a_file_says_otherwise() -> None:
    before, read = Week(day("02-24"), 3, source=BY_HAND), Week(day("03-08"), 5, 1.0, 4, source="csv_import")
    left, corrections = weeks.beside_a_file([before, *ROWS], [read], [], CALENDAR)
    # Five items are what the file says as well; the week before is none of its own.
    assert (left, corrections) == ([before], (Correction(MONDAY, completed_points=1.5),))


def test_a_correction_is_not_overwritten_by_a_typed_row() -> None:
    corrections = [Correction(MONDAY, completed_items=9)]
    _, result = weeks.beside_a_file(ROWS, [Week(MONDAY, 1)], corrections, CALENDAR)
    assert result == (Correction(MONDAY, completed_items=9, completed_points=1.5),)


def test_rows_of_an_earlier_file_are_left_to_the_next_one() -> None:
    earlier = [Week(MONDAY, 1, source="csv_import")]
    assert weeks.beside_a_file(earlier, [Week(MONDAY, 2)], [], CALENDAR) == (earlier, ())


def test_weeks_are_typed_only_where_nothing_else_is() -> None:
    assert weeks.are_typed(facts())
    assert weeks.are_typed(facts(weeks=ROWS))
    assert not weeks.are_typed(facts(weeks=[*ROWS, Week(MONDAY, source="csv_import")]))
    assert not weeks.are_typed(facts([issue("A", "03-02")], weeks=ROWS))


edits = st.lists(
    st.builds(
        Edit,
        st.integers(0, 3).map(lambda week: MONDAY + timedelta(weeks=week)),
        st.sampled_from(NUMBERS),
        st.none() | st.integers(0, 9).map(float),
    ),
    max_size=12,
)


@given(edits)
def test_typed_and_corrected_weeks_count_the_same(given_edits: list[Edit]) -> None:
    """Whether a number stands in a row or corrects a row of zeros, the forecast learns the same."""
    zeros = [Week(MONDAY + timedelta(weeks=at), 0, 0.0, 0, 0.0) for at in range(4)]
    filled = [replace_none(edit) for edit in given_edits]
    rows, left = weeks.typed(zeros, [], filled, CALENDAR)
    assert left == ()
    table = weeks.rows_of_weeks(zeros, [], CALENDAR, MONDAY, MONDAY + timedelta(weeks=3))
    corrections = weeks.corrected([], filled, table, CALENDAR)
    for unit in Unit:
        throughput = analysis(facts(weeks=list(rows)), now=at("04-10"), unit=unit).throughput
        other = analysis(facts(weeks=zeros, corrections=list(corrections)), now=at("04-10"), unit=unit).throughput
        assert isinstance(throughput, Throughput)
        assert isinstance(other, Throughput)
        assert throughput.pairs == other.pairs


def replace_none(edit: Edit) -> Edit:
    return Edit(edit.start, edit.name, edit.value or 0.0)


@given(edits)
def test_an_edit_and_its_inverse_leave_the_corrections_as_they_were(given_edits: list[Edit]) -> None:
    rows = tuple(WeekRow(MONDAY + timedelta(weeks=at), (Number(1.0),) * 4) for at in range(4))
    before = weeks.corrected([], given_edits, rows, CALENDAR)
    last = {(given_edit.start, given_edit.name): given_edit for given_edit in given_edits}
    after = weeks.corrected(before, [Edit(start, name, None) for start, name in last], rows, CALENDAR)
    assert after == ()


def test_a_week_begins_where_the_profile_says() -> None:
    sunday = date(2026, 3, 1)
    calendar = type(CALENDAR)(CALENDAR.zone, week_start=6)
    (row, *_) = weeks.rows_of_weeks(ROWS, [Correction(MONDAY, created_items=4)], calendar, sunday, day("03-07"))
    assert (row.start, [number.value for number in row.numbers]) == (sunday, [5, 4, 1.5, None])
