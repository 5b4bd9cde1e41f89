"""Further tables in the file of a list are no items, and what goes on behind an empty line is one."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEYED = (
    "Key;Title;Status;Created;Done\nA-1;Login;Done;2026-03-02;2026-03-09\n"
    "A-2;Search;In progress;2026-03-03;\nA-3;Reset;To do;2026-03-04;\n"
)
TITLED = "Title;Status;Points;Done\nLogin;Done;3;2026-03-09\nSearch;In progress;5;\nReset;To do;2;\n"
STATUS_FIRST = "Status;Title;Created\nDone;Login;2026-03-02\nTo do;Search;2026-03-03\nTo do;Reset;2026-03-03\n"
OTHERS = {
    "a legend": "Status;Meaning\nTo do;not begun\nIn progress;somebody is on it\nDone;accepted",
    "a legend below its title": "Legend\nStatus;Meaning\nTo do;not begun\nDone;accepted",
    "counts": "Status;Count\nTo do;1\nIn progress;1\nDone;1",
    "weeks": "Week;Finished\n2026-03-02;1\n2026-03-09;2",
    "risks": "Risk;Owner;Probability\nThe server is late;Ann;high\nNobody tests;Ben;low",
}


def read(text: str) -> Imported:
    return read_file(text.encode(), mapping_of(None), ZoneInfo("UTC"), NOW)


def titles(result: Imported) -> list[str]:
    return [issue.summary for issue in result.issues]


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("listed", [KEYED, TITLED], ids=["keys", "titles"])
def test_a_table_below_a_list_is_left_out_and_counted(listed: str, other: str) -> None:
    result = read(f"{listed}\n{other}\n")
    assert titles(result) == ["Login", "Search", "Reset"]
    assert {row.reason for row in result.rejected} == {"belongs to another table below the list"}
    assert (len(result.rejected), result.rows) == (other.count("\n") + 1, 3 + other.count("\n") + 1)
    assert not result.warnings or "Points" not in result.warnings[0]


def test_a_legend_below_a_list_that_begins_with_the_status_is_left_out() -> None:
    assert titles(read(f"{STATUS_FIRST}\nStatus;Meaning\nTo do;not begun\nDone;accepted\n")) == [
        "Login", "Search", "Reset",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        "Profile;Done;3;2026-03-19\nExport;To do;1",
        "Profile;Waiting\nExport;Waiting",
        "Profile;To do\nRelease 2.1;Done;3;2026-03-19",
        "Sprint 2\nTitle;Status;Points;Done\nProfile;Done;3;2026-03-19\nExport;To do;1",
        "Next sprint;Open;;\nProfile;Done;3;2026-03-19\nExport;To do;1",
    ],
    ids=["rows", "a new status", "a number in a title", "the heading again", "a group"],
)
def test_a_list_goes_on_behind_an_empty_line(more: str) -> None:
    result = read(f"{TITLED}\n{more}\n")
    assert len([title for title in titles(result) if title in ("Profile", "Export", "Release 2.1")]) == 2
    assert all(row.reason != "belongs to another table below the list" for row in result.rejected)


def test_rows_with_too_many_cells_are_no_empty_lines() -> None:
    assert len(read(f"{TITLED}a;b;c;d;e\nProfile;Waiting\nExport;Waiting\n").issues) == 5


def test_a_table_to_the_right_of_a_list_is_left_out_and_told() -> None:
    text = (
        "Title;Status;Done;;Status;Meaning\nLogin;Done;2026-03-09;;To do;not begun\nSearch;To do;;;In progress;begun\n"
        ";;;;Done;accepted\n;;;;Blocked;waits\n"
    )
    result = read(text)
    assert titles(result) == ["Login", "Search"]
    assert not result.rejected
    assert any("another table (Status, Meaning)" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    "text",
    [
        "Title;Status;;Done\nLogin;Done;;2026-03-09\nSearch;To do;;\nReset;To do;;\n",
        "Title;Done;;Team\nLogin;2026-03-09;;A\nSearch;;;B\nReset;;;A\n",
    ],
    ids=["the day of its end", "every row has it"],
)
def test_columns_behind_an_empty_one_stay_where_they_say_something_of_the_items(text: str) -> None:
    result = read(text)
    assert len(result.issues) == 3
    assert not any("another table" in warning for warning in result.warnings)
    assert result.issues[0].resolved is not None or "Team" in result.issues[0].extras
