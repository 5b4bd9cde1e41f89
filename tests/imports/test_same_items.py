"""The next file of the same list: other keys, other columns, a missing end. No item comes twice or is turned back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.actions.files import ImportResult, import_bytes
from store.records import Category
from tests.memory_backend import MemoryBackend

FIRST_DAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
HEADER = "Key,Title,Status,Created,Done\n"
ROOF, WALL = "Roof,Done,2026-09-01,2026-09-20\n", "Wall,In progress,2026-09-02,\n"
WALL_DONE = "Wall,Done,2026-09-02,2026-11-05\n"


def imported(*files: str) -> tuple[MemoryBackend, ImportResult]:
    backend, result = MemoryBackend(), None
    for weeks, text in enumerate(files):
        now = FIRST_DAY + timedelta(weeks=weeks)
        result = import_bytes(
            backend, text.encode(), f"{weeks}.csv", now=now, zone_name=lambda: "UTC", query_name="Team"
        )
    assert result is not None
    return backend, result


def ends(backend: MemoryBackend, result: ImportResult) -> dict[str, tuple[Category, str]]:
    issues = backend.list_issues(result.ref)
    return {issue.key: (issue.category, f"{issue.resolved:%m-%d}" if issue.resolved else "") for issue in issues}


DONE = {"roof": (Category.DONE, "09-20"), "wall": (Category.DONE, "11-05")}


@pytest.mark.parametrize(
    ("before", "after"),
    [("A-1 A-2", "a-1 a-2"), ("1 2", "#1 #2"), ("1 2", "1.0 2.0"), ("001 002", "1 2"), ("A-01 A-02", "A-1 A-2")],
)
def test_a_key_that_is_only_written_otherwise_is_the_same(before: str, after: str) -> None:
    roof, wall = before.split()
    new_roof, new_wall = after.split()
    first = f"{HEADER}{roof},{ROOF}{wall},{WALL}"
    backend, result = imported(first, f"{HEADER}{new_roof},{ROOF}{new_wall},{WALL_DONE}")
    assert ends(backend, result) == {roof: DONE["roof"], wall: DONE["wall"]}
    assert result.warnings[0].startswith("2 items are known here under keys that are written otherwise")


def test_two_keys_that_could_both_be_the_known_one_stay_two() -> None:
    backend, result = imported(f"{HEADER}1,{ROOF}2,{WALL}", f"{HEADER}#1,{ROOF}01,{WALL}")
    assert len(backend.list_issues(result.ref)) == 4


@pytest.mark.parametrize(
    "after",
    [
        "Title,Status,Created,Done\n" + ROOF + WALL_DONE,
        "Titel;Status;Erstellt;Erledigt\nRoof;Done;01.09.2026;20.09.2026\nWall;Done;02.09.2026;05.11.2026\n",
        "Title,Status,Created,Done\nRoof,Done,2026-09-01 00:00,2026-09-20\nWall,Done,2026-09-02 08:00,2026-11-05\n",
    ],
)
@pytest.mark.parametrize("before", [f"{HEADER}A-1,{ROOF}A-2,{WALL}", "Title,Status,Created,Done\n" + ROOF + WALL])
def test_an_item_without_a_key_is_known_by_its_title_and_day_however_that_is_written(before: str, after: str) -> None:
    backend, result = imported(before, after)
    assert list(ends(backend, result).values()) == [DONE["roof"], DONE["wall"]]


def test_titles_that_repeat_or_came_on_other_days_tell_nothing() -> None:
    first = "Title,Status,Created,Done\n" + ROOF + WALL + WALL
    other = "Title,Status,Created,Done\nWall,Done,03.09.2026,05.11.2026\nRoof,Done,07.09.2026,20.09.2026\n"
    backend, result = imported(first, other)
    assert len(backend.list_issues(result.ref)) == 5


def test_items_of_a_project_that_was_renamed_are_told_to_count_twice() -> None:
    _, result = imported(f"{HEADER}A-1,{ROOF}A-2,{WALL}", f"{HEADER}B-1,{ROOF}B-2,{WALL_DONE}")
    assert result.warnings[0].startswith(
        "2 items have the title and the day of others that are known here under other keys (A-1, in this file B-1)"
    )


def test_parents_and_histories_go_with_the_key() -> None:
    first = "Key,Title,Parent,Backlog,Doing,Done\n1,Roof,,2026-09-01,2026-09-05,2026-09-20\n2,Nail,1,2026-09-02,,\n"
    second = first.replace("1,Roof", "#1,Roof").replace("2,Nail,1,2026-09-02,", "#2,Nail,#1,2026-09-02,2026-11-04")
    backend, result = imported(first, second)
    assert {issue.key: issue.parent for issue in backend.list_issues(result.ref)} == {"1": "", "2": "1"}
    assert {change.issue_key for change in backend.list_changes(result.ref)} == {"1", "2"}


def test_an_export_without_the_finishes_is_not_older_for_lacking_them() -> None:
    backend, result = imported(
        f"{HEADER}A-1,{ROOF}A-2,{WALL}",
        "Key,Status,Created,Story points\nA-1,Done,2026-09-01,3\nA-2,Done,2026-09-02,5\n",
    )
    assert [(issue.category, issue.points) for issue in backend.list_issues(result.ref)] == [
        (Category.DONE, 3),
        (Category.DONE, 5),
    ]
    assert ends(backend, result)["A-1"] == DONE["roof"]


def test_an_export_in_which_no_finish_stands_any_more_is_taken_for_an_older_one_and_the_report_says_what_to_do() -> (
    None
):
    _, result = imported(f"{HEADER}A-1,{ROOF}A-2,{WALL}", f"{HEADER}A-1,{WALL}A-2,{WALL}")
    assert "If this file is the newer one, export it with the day of the last change" in result.warnings[-1]


def test_a_day_of_finish_ends_what_was_open_in_a_file_that_has_no_status() -> None:
    second = "Key,Created,Done\nA-1,2026-09-01,\nA-2,2026-09-02,2026-11-05\nA-3,2026-11-04,\n"
    first = f"{HEADER}A-1,{ROOF}A-2,{WALL}A-3,Door,To do,2026-11-04,\n"
    backend, result = imported(first, second)
    assert ends(backend, result) == {"A-1": (Category.TODO, ""), "A-2": DONE["wall"], "A-3": (Category.TODO, "")}
    statuses = [issue.status for issue in backend.list_issues(result.ref)]
    assert statuses == ["To do", "Done", "To do"]


def test_a_day_of_creation_that_a_later_file_leaves_empty_stays() -> None:
    backend, result = imported(f"{HEADER}A-1,{ROOF}A-2,{WALL}", f"{HEADER}A-1,{ROOF}A-2,Wall,Done,,2026-11-05\n")
    assert all(issue.created for issue in backend.list_issues(result.ref))


def test_of_an_item_that_stands_twice_the_row_that_changed_last_is_kept() -> None:
    header = "Key,Status,Created,Updated\n"
    rows = ["A-1,Done,2026-09-01,2026-09-20\n", "A-1,In progress,2026-09-01,2026-09-10\n", "A-2,To do,2026-09-02,\n"]
    for order in (rows, rows[::-1]):
        backend, result = imported(header + "".join(order))
        assert ends(backend, result)["A-1"][0] is Category.DONE


def test_a_row_in_which_the_file_breaks_off_changes_nothing() -> None:
    whole = HEADER + "".join(f"A-{number},Brick,To do,2026-09-0{number},\n" for number in range(1, 6))
    backend, result = imported(whole, whole[:-16])
    assert [(row.row, row.reason) for row in result.rejected] == [
        (6, "breaks off: the file was cut there; fetch it whole")
    ]
    assert {issue.status for issue in backend.list_issues(result.ref)} == {"To do"}
    assert (result.rows, result.kept) == (5, 4)
    _, ragged = imported(HEADER + "A-1,Brick,To do,2026-09-01\n" * 4 + "A-2,Brick,To do")
    assert ragged.rejected[-1].reason != "breaks off: the file was cut there; fetch it whole"


def test_items_that_were_known_by_the_days_of_their_rows_alone_are_found_again() -> None:
    """As where no key and no title stood in the file."""
    rows = "A-1,Roof,2026-09-01,2026-09-03,2026-09-20\nA-2,Wall,2026-09-02,2026-09-05,\n"
    days = rows.replace("A-1,Roof", ",").replace("A-2,Wall", ",")
    backend, result = imported("X1,X2,Backlog,Doing,Done\n" + days, "Key,Title,Backlog,Doing,Done\n" + rows)
    assert len(backend.list_issues(result.ref)) == 2


def _weeks(backend: MemoryBackend, result: ImportResult) -> dict[str, int | None]:
    return {f"{week.day:%m-%d}": week.completed_items for week in backend.list_weeks(result.ref)}


MONDAYS = "Week,Completed\n2026-09-07,3\n2026-09-14,4\n2026-09-21,2\n"


def test_weeks_named_by_another_of_their_days_count_once() -> None:
    backend, result = imported(MONDAYS, "Week ending,Completed\n2026-09-20,5\n2026-09-27,2\n2026-10-04,7\n")
    assert _weeks(backend, result) == {"09-07": 3, "09-20": 5, "09-27": 2, "10-04": 7}
    assert (
        "2 rows were known under other days of the same weeks; what this file says took their place." in result.warnings
    )


def test_rows_kept_under_the_sundays_of_a_file_do_not_count_beside_the_weeks_that_they_begin() -> None:
    text = "Week of,Completed\n2026-09-06,6\n2026-09-13,3\n2026-09-20,4\n"
    backend, result = imported(text)
    # As an earlier version kept them.
    days = [replace(week, day=week.day - timedelta(days=1)) for week in backend.list_weeks(result.ref) if week.day]
    backend.replace_weeks(result.ref, days)
    import_bytes(backend, text.encode(), "1.csv", now=FIRST_DAY, zone_name=lambda: "UTC", query_name="Team")
    assert _weeks(backend, result) == {"09-07": 6, "09-14": 3, "09-21": 4}


def test_days_and_other_numbers_take_no_weeks_place() -> None:
    daily = "Date,Completed\n2026-09-08,1\n2026-09-09,1\n2026-09-15,1\n"
    backend, result = imported(MONDAYS, daily)
    assert len(_weeks(backend, result)) == 6
    backend, result = imported(MONDAYS, "Week ending,Points done\n2026-09-20,5\n2026-09-27,2\n2026-10-04,7\n")
    assert len(_weeks(backend, result)) == 6


def test_one_key_that_is_written_otherwise_among_many_is_the_same() -> None:
    rows = f"A-1,{ROOF}A-2,{WALL}A-3,Door,To do,2026-11-04,\n"
    backend, result = imported(HEADER + rows, HEADER + rows.replace("A-2", "a-2"))
    assert set(ends(backend, result)) == {"A-1", "A-2", "A-3"}


def test_the_keys_of_another_list_are_told() -> None:
    house = HEADER + f"1,{ROOF}2,{WALL}3,Door,To do,2026-09-03,\n"
    shop = HEADER + "1,Login,Done,2026-10-01,2026-10-09\n2,Cart,To do,2026-10-02,\n3,Sale,To do,2026-10-03,\n"
    _, result = imported(house, shop)
    assert any(sentence.startswith("3 items have another title and another day") for sentence in result.warnings)
    _, result = imported(house, house.replace("Roof", "New roof").replace("Wall", "Walls").replace("Door", "Doors"))
    assert not any("another title" in sentence for sentence in result.warnings)
