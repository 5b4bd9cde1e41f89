"""A block from a spreadsheet in its many shapes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.actions.pasted import Cell, Place, cells_of
from app.domain.calendar import ONE_WEEK
from app.errors import BadInput
from app.words.formats import formats_for
from tests.domain.build import CALENDAR

MONDAY = date(2026, 3, 2)
LAST = date(2026, 3, 30)
ENGLISH, AMERICAN = formats_for(["en-GB"]), formats_for(["en-US"])


def place(name: str = "completed_items", is_empty: bool = False) -> Place:
    return Place(MONDAY, name, MONDAY, LAST, is_empty)


def pasted(text: str, at: Place | None = None) -> list[tuple[int, str, str]]:
    """(weeks after the first, number, text) of each cell."""
    return [(_week(cell), cell.name, cell.text) for cell in cells_of(text, at or place(), CALENDAR, ENGLISH)]


def _week(cell: Cell) -> int:
    return (cell.start - MONDAY) // ONE_WEEK


def test_rows_go_down_and_columns_to_the_right_of_the_place() -> None:
    assert pasted("3\t1\n4\t2\n", place("created_items")) == [
        (0, "created_items", "3"), (0, "completed_points", "1"),
        (1, "created_items", "4"), (1, "completed_points", "2"),
    ]  # fmt: skip


def test_dates_say_the_week_wherever_the_block_is_pasted() -> None:
    assert pasted("2026-03-18\t5\n2026-03-10\t7") == [(2, "completed_items", "5"), (1, "completed_items", "7")]


def test_a_header_says_which_number_a_column_holds() -> None:
    block = "Week starting\tVelocity\tComment\tNew items\n02/03/2026\t8.5\tgood\t2\n09/03/2026\t\t\t3\n"
    assert pasted(block) == [
        (0, "completed_points", "8.5"), (0, "created_items", "2"), (1, "created_items", "3"),
    ]  # fmt: skip


def test_a_header_of_words_that_mean_nothing_here_is_left_out() -> None:
    assert pasted("Team A\n3\n4") == [(0, "completed_items", "3"), (1, "completed_items", "4")]


def test_dates_are_read_in_the_order_of_the_user_unless_only_the_other_fits() -> None:
    def weeks(text: str) -> list[date]:
        return [cell.start for cell in cells_of(text, place(), CALENDAR, AMERICAN)]

    assert weeks("03/09/2026\t1") == [date(2026, 3, 9)]
    assert weeks("16/03/2026\t1\n09/03/2026\t1") == [date(2026, 3, 16), date(2026, 3, 9)]


def test_empty_cells_change_nothing_and_text_stays_for_the_table_to_judge() -> None:
    assert pasted("\t2\nmany\t") == [(0, "created_items", "2"), (1, "completed_items", "many")]


def test_a_first_block_without_dates_ends_with_the_last_full_week() -> None:
    assert pasted("1\n2\n3", place(is_empty=True)) == [
        (1, "completed_items", "1"), (2, "completed_items", "2"), (3, "completed_items", "3"),
    ]  # fmt: skip


def test_semicolons_part_cells_where_there_are_no_tabs() -> None:
    assert pasted("2026-03-02;3;1") == [(0, "completed_items", "3"), (0, "created_items", "1")]


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("1\n" * 6, "6 rows from here would go beyond this week"),
        ("2026-04-06\t3", "has not begun yet"),
        ("2026-03-02\t3\nsoon\t4", "“soon” is not a date"),
        ("2026-03-02\t3\n2026-03-04\t4", "Two rows are of the week from 2 March 2026"),
        ("1\t2\t3\t4\t5", "5 columns wide"),
        ("\n\n", "nothing to paste"),
        ("1\n" * 1001, "at most 1000"),
    ],
)
def test_a_block_that_does_not_fit_is_refused_with_what_to_do(block: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        pasted(block)


def test_a_header_alone_is_taken_as_what_was_typed() -> None:
    assert pasted("Done;New") == [(0, "completed_items", "Done"), (0, "created_items", "New")]


def test_a_place_in_the_future_of_the_table_is_never_reached_by_a_first_block() -> None:
    starts = [cell.start for cell in cells_of("1\n" * 60, place(is_empty=True), CALENDAR, ENGLISH)]
    assert (len(starts), max(starts)) == (60, LAST - timedelta(weeks=1))
