"""Columns of days that are no stages of work, and those of work that was given up, wherever they stand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.statuses import given_up
from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.results import Imported
from store.records import Category, Issue

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def read(*lines: str) -> dict[str, Issue]:
    return {issue.key: issue for issue in imported(*lines).issues}


def imported(*lines: str) -> Imported:
    return read_file("\n".join(lines).encode(), ColumnMapping(), UTC, NOW)


def day(at: datetime | None) -> str:
    return f"{at:%m-%d}" if at else ""


@pytest.mark.parametrize("name", ["Rejected", "Cancelled", "Withdrawn on", "Abgelehnt", "Annulé", "Descartado"])
def test_a_day_of_giving_up_ends_an_item_although_stages_of_work_stand_behind_it(name: str) -> None:
    issues = read(
        f"ID,Asked for,Agreed,{name},Started,Done",
        "1,2026-03-01,2026-03-02,,2026-03-05,2026-03-10",
        "2,2026-03-01,,2026-03-03,,",
        "3,2026-03-02,2026-03-04,,,",
        "4,2026-03-03,2026-03-05,2026-03-05,,",
        "5,2026-03-02,2026-03-04,2026-03-06,2026-03-08,",
        "6,2026-03-02,2026-03-04,2026-03-06,2026-03-08,2026-03-12",
    )
    ended = {key for key, issue in issues.items() if issue.category is Category.DONE and given_up(issue.status)}
    assert ended == {"2", "4"}
    assert {key: day(issue.resolved) for key, issue in issues.items()} == {
        "1": "03-10", "2": "03-03", "3": "", "4": "03-05", "5": "", "6": "03-12"
    }  # fmt: skip
    assert [day(issues[key].started) for key in "124"] == ["03-02", "", "03-05"]
    assert (issues["5"].status, issues["5"].category) == ("Started", Category.IN_PROGRESS)
    assert issues["3"].category is Category.IN_PROGRESS


def test_a_day_of_giving_up_may_stand_before_all_stages() -> None:
    issues = read(
        "ID,Cancelled,To Do,In Progress,Done",
        "1,,2026-03-02,2026-03-05,2026-03-10",
        "2,2026-03-03,2026-03-01,,",
        "3,,2026-03-04,,",
        "4,2026-03-09,2026-03-04,2026-03-06,",
    )
    assert [issues[key].status for key in "1234"] == ["Done", "Cancelled", "To Do", "Cancelled"]
    assert [day(issues[key].created) for key in "24"] == ["03-01", "03-04"]
    assert [day(issues[key].started) for key in "24"] == ["", "03-06"]


def test_work_goes_on_behind_a_stage_of_work_that_was_given_up() -> None:
    issues = read(
        "ID,To Do,Doing,Rejected,Testing,Done",
        "1,2026-03-02,2026-03-05,,2026-03-08,2026-03-10",
        "2,2026-03-02,2026-03-05,,2026-03-08,",
        "3,2026-03-02,2026-03-05,2026-03-07,,",
    )
    assert [issues[key].category for key in "123"] == [Category.DONE, Category.IN_PROGRESS, Category.DONE]


@pytest.mark.parametrize(
    "names",
    [
        ("First start at", "Last start at", "First end at", "Last end at"),
        ("First Start", "Last Start", "First End", "Last End Date"),
    ],
)
def test_the_first_and_the_last_of_several_starts_and_ends_are_no_stages(names: tuple[str, ...]) -> None:
    result = imported(
        f"Card ID,Title,Column,Created at,{','.join(names)}",
        "1,Roof,Done,2026-03-01,2026-03-03,2026-03-04,2026-03-10,2026-03-12",
        "2,Wall,In Progress,2026-03-01,2026-03-04,2026-03-20,2026-03-15,",
        "3,Door,Requested,2026-03-01,,,,",
    )
    assert result.recognised_as != "CSV with a date for each stage"
    assert [(issue.status, day(issue.started), day(issue.resolved)) for issue in result.issues] == [
        ("Done", "03-03", "03-12"), ("In Progress", "03-04", ""), ("Requested", "", "")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Blocked since", "Unblocked"),
        ("Last contact", "Next step"),
        ("Blockiert seit", "Fortgesetzt"),
        ("Letzter Kontakt", "Nächster Schritt"),
        ("Bloqué depuis", "Débloqué le"),
        ("Waiting until", "Resumed"),
        ("Sprint start", "Sprint end"),
        ("Iteration start", "Iteration end"),
        ("Milestone start", "End of milestone"),
        ("Sprintbeginn", "Sprintende"),
        ("Last reply", "Last customer reply"),
    ],
)
def test_days_of_what_happens_beside_the_stages_are_none(first: str, second: str) -> None:
    rows = [
        "1,Roof,Done,2026-03-01,2026-03-02,2026-03-05,2026-03-10",
        "2,Wall,Doing,2026-03-01,2026-03-03,,",
        "3,Door,To do,2026-03-02,,,",
    ]
    result = imported(f"ID,Title,State,Created,{first},{second},Done", *rows)
    assert [(issue.status, day(issue.started)) for issue in result.issues] == [
        ("Done", ""),
        ("Doing", ""),
        ("To do", ""),
    ]


def test_stages_around_such_days_stay_stages() -> None:
    result = imported(
        "ID,Title,Asked for,Agreed,Blocked since,Last contact,Building,Done",
        "1,Roof,2026-03-01,2026-03-02,2026-03-04,2026-03-20,2026-03-05,2026-03-10",
        "2,Wall,2026-03-01,2026-03-03,2026-03-06,2026-03-20,,",
        "3,Door,2026-03-02,2026-03-03,,,2026-03-07,",
    )
    assert result.recognised_as == "CSV with a date for each stage"
    assert [issue.status for issue in result.issues] == ["Done", "Agreed", "Building"]


@pytest.mark.parametrize(
    "name", ["Blocked", "Waiting on customer", "Next up", "First end user test", "Last review", "Release start"]
)
def test_a_stage_that_is_called_alike_stays_one(name: str) -> None:
    result = imported(
        f"ID,Title,Asked for,Building,{name},Done",
        "1,Roof,2026-03-01,2026-03-02,2026-03-04,2026-03-10",
        "2,Wall,2026-03-01,2026-03-03,2026-03-06,",
        "3,Door,2026-03-02,2026-03-03,,",
    )
    assert [issue.status for issue in result.issues] == ["Done", name, "Building"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("Release start", "Release end"), ("PI begin", "PI end"), ("Code freeze", "Warranty until"),
     ("Feature freeze", "Garantie bis")],
)  # fmt: skip
def test_days_of_what_items_lie_in_and_of_what_lasts_are_no_stages(first: str, second: str) -> None:
    result = imported(
        f"ID,Title,Created,{first},{second},Completed",
        "1,Roof,2026-03-01,2026-03-01,2026-03-14,2026-03-10",
        "2,Wall,2026-03-01,2026-03-15,2026-03-28,",
        "3,Door,2026-03-02,2026-03-20,2026-04-12,",
    )
    assert [(issue.category, day(issue.started)) for issue in result.issues] == [
        (Category.DONE, ""),
        (Category.TODO, ""),
        (Category.TODO, ""),
    ]


def test_stages_of_which_none_is_called_like_a_status_are_told() -> None:
    rows = (
        "1,Roof,2026-03-01,2026-03-02,2026-03-09,2026-03-10",
        "2,Wall,2026-03-01,2026-03-04,2026-03-08,",
        "3,Door,2026-03-02,2026-03-06,2026-03-12,",
    )
    result = imported("ID,Title,Created,Contract signed,Demo,Done", *rows)
    assert [issue.status for issue in result.issues] == ["Done", "Demo", "Demo"]
    expected = "Days in Demo were taken for stages of work"
    assert [sentence for sentence in result.warnings if sentence.startswith(expected)]
    known = imported("ID,Title,Created,Contract signed,Review,Done", *rows).warnings
    assert not [sentence for sentence in known if "stages of work" in sentence]
