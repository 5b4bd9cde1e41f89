"""Columns of days on which items were opened again, or given up, beside those of their stages."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.statuses import given_up
from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.results import Imported
from store.records import Category, Issue

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODO, DOING, DONE = Category.TODO, Category.IN_PROGRESS, Category.DONE


def read(text: str) -> Imported:
    return read_file(text.encode(), ColumnMapping(), ZoneInfo("UTC"), NOW)


def ends(imported: Imported) -> dict[str, str]:
    def end(issue: Issue) -> str:
        return f"{issue.resolved:%m-%d}" if issue.resolved else ""

    return {issue.key: end(issue) for issue in imported.issues}


def table(name: str, started: str, status: str = "") -> str:
    """Six finished items; then one that was opened again and ended later, one that is open again, one never ended."""
    heads = ["Key", *(["Status"] if status else []), "Created", *(["Started"] if started else []), "Completed", name]

    def row(key: str, status_now: str, ended: str, reopened: str) -> str:
        begun = [started] if started else []
        return ",".join([key, *([status_now] if status else []), "2026-03-01", *begun, ended, reopened])

    rows = [row(f"D{day}", "Done", f"2026-03-1{day}", "") for day in range(6)]
    rows += [row("again", "Done", "2026-03-20", "2026-03-15"), row("open", status, "2026-03-12", "2026-03-16")]
    rows += [row("never", status, "", "2026-03-16")]
    return "\n".join([",".join(heads), *rows, ""])


@pytest.mark.parametrize("name", ["Reopened", "Re-opened on", "Wiedereröffnet", "Wieder geöffnet am", "Rouvert le"])
@pytest.mark.parametrize("started", ["", "2026-03-05"])
def test_an_item_that_was_opened_again_is_open(name: str, started: str) -> None:
    imported = read(table(name, started))
    assert ends(imported) == {
        **{f"D{day}": f"03-1{day}" for day in range(6)},
        "again": "03-20",
        "open": "",
        "never": "",
    }
    assert [issue.category for issue in imported.issues[-3:]] == [DONE, *[DOING if started else TODO] * 2]
    assert imported.warnings[0] == (
        f"1 item was opened again ({name}) after it had ended (Completed): it counts as open."
    )


def test_a_day_of_reopening_ends_nothing_beside_a_status_either() -> None:
    imported = read(table("Reopened", "2026-03-05", "To Do"))
    assert [issue.category for issue in imported.issues[:-2]] == [DONE] * 7
    assert DONE not in [issue.category for issue in imported.issues[-2:]]


def test_what_is_done_by_its_status_stays_so() -> None:
    imported = read("Key,Status,Created,Closed,Reopened\nA,Closed,2026-03-01,2026-03-05,2026-03-07\n")
    assert ends(imported) == {"A": "03-05"}


def test_stages_go_on_around_a_day_of_reopening() -> None:
    rows = "".join(f"K{n},2026-03-01,2026-03-03,,2026-03-0{n},2026-03-1{n}\n" for n in range(4, 9))
    imported = read(
        f"Key,Analysis,Development,Reopened,Testing,Live\n{rows}K9,2026-03-01,2026-03-03,2026-03-20,2026-03-05,2026-03-10\n"
    )
    assert imported.recognised_as == "CSV with a date for each stage"
    assert [issue.category for issue in imported.issues] == [*[DONE] * 5, DOING]


@pytest.mark.parametrize("name", ["Abgebrochen am", "Deleted at", "Cancelled on", "Storniert am", "Rejected"])
def test_work_that_was_given_up_on_a_day_is_given_up(name: str) -> None:
    rows = "".join(f"K{n},2026-03-01,2026-03-03,2026-03-1{n},\n" for n in range(6))
    imported = read(f"Key,Created,Started,Completed,{name}\n{rows}X,2026-03-01,2026-03-03,,2026-03-09\n")
    assert [bool(given_up(issue.status)) for issue in imported.issues] == [*[False] * 6, True]


def test_a_column_of_small_numbers_is_no_empty_stage() -> None:
    rows = "".join(f"K{n},2026-03-03,2026-03-1{n},2026-03-01,{n % 3}.0\n" for n in range(6))
    imported = read(f"Key,Started,Resolved,Created,Version\n{rows}")
    assert imported.recognised_as == "CSV of items with created and finished dates"
    assert ends(imported) == {f"K{n}": f"03-1{n}" for n in range(6)}


def test_a_day_of_reopening_between_two_finishes_is_a_stage() -> None:
    rows = "".join(f"K{n},2026-01-01,2026-01-05,2026-02-0{n},,2026-03-0{n}\n" for n in range(1, 7))
    imported = read(
        f"ID,Ready,In Progress,Done,Reopened,Closed\n{rows}"
        "again,2026-01-01,2026-01-05,2026-02-05,2026-02-20,2026-03-04\n"
        "open,2026-01-01,2026-01-05,2026-02-05,2026-02-20,\n"
        "later,2026-01-01,2026-01-05,2026-02-05,2026-03-20,2026-03-04\n"
    )
    ways: dict[str, list[str | None]] = {}
    for change in imported.changes:
        ways.setdefault(change.issue_key, [change.from_value]).append(change.to_value)
    assert ways["K1"] == ["Ready", "In Progress", "Done", "Closed"]
    assert ways["again"] == ["Ready", "In Progress", "Done", "Reopened", "Closed"]
    assert ways["open"] == ways["later"] == ["Ready", "In Progress", "Done", "Reopened"]
    assert [issue.category for issue in imported.issues] == [*[DONE] * 7, DOING, DOING]
    assert {key: ends(imported)[key] for key in ("K1", "again", "open", "later")} == {
        "K1": "02-01", "again": "03-04", "open": "", "later": "",
    }  # fmt: skip
    assert (
        imported.warnings[0] == "2 items were opened again (Reopened) after they had ended (Done): they count as open."
    )
