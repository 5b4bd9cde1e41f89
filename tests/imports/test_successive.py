"""One export after another: changes become history, nothing newer is turned back, and every import is noted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.actions.files import ImportResult, import_bytes, import_file
from app.actions.import_log import remember_mapping
from app.context import Context
from app.domain.flow import Flow
from app.imports.columns import ColumnMapping
from app.imports.results import Imported
from app.imports.successive import Successor
from app.jobs import Jobs
from store.documents import imports_of
from store.records import Category, Change, Issue, ProjectData
from tests.examples import examples
from tests.imports import exports
from tests.memory_backend import MemoryBackend

HEADER = "Issue key,Status,Story Points,Sprint,Created,Updated,Resolved\n"
FIRST = HEADER + (
    "AB-1,To Do,3,Sprint 1,2026-01-05 09:00,2026-01-06 09:00,\n"
    "AB-2,In Progress,,Sprint 1,2026-01-05 09:00,2026-01-07 09:00,\n"
    "AB-3,Done,5,Sprint 1,2026-01-05 09:00,2026-01-08 09:00,2026-01-08 09:00\n"
)
SECOND = HEADER + (
    "AB-1,In Progress,5,Sprint 2,2026-01-05 09:00,2026-01-13 10:00,\n"
    "AB-2,Done,,Sprint 1,2026-01-05 09:00,2026-01-15 10:00,2026-01-14 12:00\n"
    "AB-3,To Do,5,Sprint 1,2026-01-05 09:00,2026-01-12 10:00,\n"
    "AB-4,To Do,,,2026-01-12 09:00,2026-01-12 09:00,\n"
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


FIRST_DAY, SECOND_DAY = at("2026-01-09 12:00"), at("2026-01-16 12:00")


def imported(backend: MemoryBackend, text: str, now: datetime, name: str = "team.csv", **options: Any) -> ImportResult:
    return import_bytes(backend, text.encode(), name, now=now, zone_name=lambda: "UTC", query_name="Team", **options)


def changes(backend: MemoryBackend, result: ImportResult) -> list[tuple[str, datetime, str, str | None, str | None]]:
    outcome = backend.list_changes(result.ref)
    return [(change.issue_key, change.at, change.field, change.from_value, change.to_value) for change in outcome]


def test_what_changed_between_two_exports_becomes_history() -> None:
    backend = MemoryBackend()
    imported(backend, FIRST, FIRST_DAY)
    result = imported(backend, SECOND, SECOND_DAY)
    assert changes(backend, result) == [
        ("AB-1", at("2026-01-13 10:00"), "status", "To Do", "In Progress"),
        ("AB-1", at("2026-01-13 10:00"), "points", "3", "5"),
        ("AB-1", at("2026-01-13 10:00"), "sprint", "Sprint 1", "Sprint 2"),
        # First seen in progress, and since when at the latest.
        ("AB-2", at("2026-01-07 09:00"), "status", None, "In Progress"),
        ("AB-2", at("2026-01-14 12:00"), "status", "In Progress", "Done"),
        ("AB-3", at("2026-01-08 09:00"), "status", None, "Done"),
        ("AB-3", at("2026-01-12 10:00"), "status", "Done", "To Do"),
    ]
    assert (result.new, result.changed, result.changes) == (1, 3, 7)


def test_the_history_that_grew_is_what_the_charts_count(tmp_path: Path) -> None:
    backend = MemoryBackend()
    now = FIRST_DAY
    ctx = Context(backend, Jobs(backend), tmp_path, lambda: now)
    import_file(ctx, FIRST.encode(), "team.csv", query_name="Team")
    now = SECOND_DAY
    ref = import_file(ctx, SECOND.encode(), "team.csv", query_name="Team").ref
    items = {item.issue.key: item for item in ctx.analysis(ref).items}
    assert [str(day) for day in items["AB-3"].finished] == ["2026-01-08"]
    assert [str(day) for day in items["AB-3"].reopened] == ["2026-01-12"]
    assert [str(day) for day in items["AB-2"].finished] == ["2026-01-14"]
    # Since when AB-2 was in progress at the latest is no start: how long it took would come out short.
    assert items["AB-2"].started is None


BOARD = "Issue key,Status,Created,Updated\n"
BOARD_BEFORE = BOARD + (
    "AB-1,To Do,2026-01-05 09:00,2026-01-05 09:00\n"
    "AB-2,In Progress,2026-01-05 09:00,2026-01-07 09:00\n"
    "AB-3,In Progress,2026-01-05 09:00,2026-01-08 09:00\n"
)


@pytest.mark.parametrize(
    ("after", "counts_from"),
    [
        # Done between two looks, or under way at the first: nobody saw a start.
        ("AB-1,Done,2026-01-05 09:00,2026-01-14 12:00\nAB-2,Done,2026-01-05 09:00,2026-01-14 12:00\n", "creation"),
        ("AB-2,Review,2026-01-05 09:00,2026-01-14 12:00\nAB-3,To Do,2026-01-05 09:00,2026-01-12 10:00\n", "creation"),
        ("AB-1,In Progress,2026-01-05 09:00,2026-01-14 12:00\n", "start"),
    ],
    ids=["done unseen", "from one status in progress to another", "a start seen"],
)
def test_a_second_export_in_which_nobody_started_leaves_times_as_they_were(
    tmp_path: Path, after: str, counts_from: str
) -> None:
    backend = MemoryBackend()
    now = FIRST_DAY
    ctx = Context(backend, Jobs(backend), tmp_path, lambda: now)
    ref = import_file(ctx, BOARD_BEFORE.encode(), "team.csv", query_name="Team").ref
    before = ctx.analysis(ref).flow
    assert isinstance(before, Flow)
    assert before.counts_from == "creation"
    now = SECOND_DAY
    import_file(ctx, (BOARD + after).encode(), "team.csv", query_name="Team")
    flow = ctx.analysis(ref).flow
    assert isinstance(flow, Flow)
    assert flow.counts_from == counts_from


def test_a_file_that_tells_whole_histories_ends_one_that_began_late() -> None:
    backend = MemoryBackend()
    imported(backend, BOARD_BEFORE, FIRST_DAY)
    late = BOARD + "AB-2,Done,2026-01-05 09:00,2026-01-14 12:00\n"
    result = imported(backend, late, SECOND_DAY)
    assert "history_cut" in _stored(backend, result)["AB-2"].extras
    stages = "ID,To Do,In Progress,Done\nAB-2,2026-01-05,2026-01-06,2026-01-14\nAB-9,2026-01-05,2026-01-06,2026-01-13\n"
    result = imported(backend, stages, at("2026-01-17 12:00"))
    assert "history_cut" not in _stored(backend, result)["AB-2"].extras


def _stored(backend: MemoryBackend, result: ImportResult) -> dict[str, Issue]:
    return {issue.key: issue for issue in backend.list_issues(result.ref)}


def test_importing_the_same_file_again_adds_nothing() -> None:
    backend = MemoryBackend()
    imported(backend, FIRST, FIRST_DAY)
    once = imported(backend, SECOND, SECOND_DAY)
    stored = (backend.list_issues(once.ref), backend.list_changes(once.ref), backend.list_sprints(once.ref))
    again = imported(backend, SECOND, at("2026-01-20 12:00"))
    assert (backend.list_issues(again.ref), backend.list_changes(again.ref), backend.list_sprints(again.ref)) == stored
    assert (again.new, again.changed, again.changes, again.warnings) == (0, 0, 0, ())


def test_an_older_export_imported_later_turns_nothing_back() -> None:
    backend = MemoryBackend()
    newer = imported(backend, SECOND, SECOND_DAY)
    stored = (backend.list_issues(newer.ref), backend.list_changes(newer.ref))
    older = imported(backend, FIRST, at("2026-01-17 12:00"))
    assert (backend.list_issues(older.ref), backend.list_changes(older.ref)) == stored
    assert older.warnings == ("3 items are known in a newer state than this file has; that was kept.",)


def test_an_older_export_brings_the_issues_that_were_not_known() -> None:
    backend = MemoryBackend()
    imported(backend, SECOND, SECOND_DAY)
    older = imported(backend, HEADER + "AB-9,To Do,,,2026-01-02,2026-01-02,\n", at("2026-01-17 12:00"))
    assert [issue.key for issue in backend.list_issues(older.ref)] == ["AB-1", "AB-2", "AB-3", "AB-4", "AB-9"]


def test_without_a_column_of_updates_the_import_says_when() -> None:
    backend = MemoryBackend()
    imported(backend, "key,status,created\nA,Open,2026-01-05\nB,Open,2026-01-05\n", FIRST_DAY)
    result = imported(backend, "key,status,created\nA,Doing,2026-01-05\nB,Open,2026-01-05\n", SECOND_DAY)
    assert changes(backend, result) == [("A", SECOND_DAY, "status", "Open", "Doing")]


def test_without_a_column_of_updates_an_older_file_is_known_by_its_latest_day() -> None:
    backend = MemoryBackend()
    newer = "key,status,created,finished\nA,Done,2026-01-05,2026-01-12\nB,Open,2026-01-11,\n"
    older = "key,status,created,finished\nA,Open,2026-01-05,\n"
    imported(backend, newer, SECOND_DAY)
    result = imported(backend, older, SECOND_DAY)
    assert [(issue.key, issue.status) for issue in backend.list_issues(result.ref)] == [("A", "Done"), ("B", "Open")]
    assert changes(backend, result) == []


@pytest.mark.parametrize(("updated", "status"), [("2026-01-16", "Doing"), ("2026-01-09", "Open")])
def test_where_only_the_next_file_has_updates_they_tell_how_far_it_reaches(updated: str, status: str) -> None:
    backend = MemoryBackend()
    imported(backend, "key,status,created,finished\nA,Open,2026-01-05,\nB,Done,2026-01-11,2026-01-12\n", FIRST_DAY)
    result = imported(backend, f"key,status,created,updated\nA,Doing,2026-01-05,{updated}\n", SECOND_DAY)
    assert {issue.key: issue.status for issue in backend.list_issues(result.ref)} == {"A": status, "B": "Done"}


def test_a_file_that_another_one_followed_is_older_even_if_no_date_says_so() -> None:
    backend = MemoryBackend()
    first, second = ("key,status,created\nA,Open,2026-01-05\n", "key,status,created\nA,Doing,2026-01-05\n")
    for text in (first, second, first, first, second):
        result = imported(backend, text, SECOND_DAY)
    assert [issue.status for issue in backend.list_issues(result.ref)] == ["Doing"]
    assert [change[3:] for change in changes(backend, result)] == [("Open", "Doing")]


def test_an_older_file_of_weeks_imported_again_turns_nothing_back() -> None:
    backend = MemoryBackend()
    first = "date,completed_items\n2026-01-05,3\n"
    for text in (first, "date,completed_items\n2026-01-05,4\n2026-01-12,2\n", first):
        result = imported(backend, text, SECOND_DAY)
    assert [week.completed_items for week in backend.list_weeks(result.ref)] == [4, 2]
    # Another file about an earlier week is a correction.
    imported(backend, "date,completed_items\n2026-01-05,5\n", SECOND_DAY)
    assert [week.completed_items for week in backend.list_weeks(result.ref)] == [5, 2]


def test_open_items_that_the_next_export_lacks_are_told_and_stay() -> None:
    backend = MemoryBackend()
    imported(backend, FIRST, FIRST_DAY)
    # Two open items of the first export are missing; AB-3 is there.
    second = imported(backend, HEADER + SECOND.splitlines()[3] + "\n", SECOND_DAY)
    (message,) = second.warnings
    assert message.startswith("2 open items that are known here are not in this file; they still count.")
    assert len(backend.list_issues(second.ref)) == 3
    # The whole of it, and an older file, leave nothing to say.
    assert imported(backend, SECOND, SECOND_DAY).warnings == ()
    assert not any("not in this file" in text for text in imported(backend, FIRST, SECOND_DAY).warnings)


def test_a_column_that_the_next_file_lacks_keeps_what_is_known() -> None:
    backend = MemoryBackend()
    imported(backend, FIRST, FIRST_DAY)
    result = imported(backend, "Issue key,Status,Created\nAB-1,To Do,2026-01-05 09:00\n", SECOND_DAY)
    issue = backend.list_issues(result.ref)[0]
    assert (issue.points, issue.sprints, issue.updated) == (3.0, ("Sprint 1",), at("2026-01-06 09:00"))
    assert changes(backend, result) == []


def test_a_flag_that_the_next_file_no_longer_has_is_gone() -> None:
    backend = MemoryBackend()
    text = "Issue key,Status,Created,Updated,Flagged\nAB-1,To Do,2026-01-05 09:00,{},{}\n"
    result = imported(backend, text.format("2026-01-06 09:00", "Impediment"), FIRST_DAY)
    assert backend.list_issues(result.ref)[0].extras == {"flagged": True}
    imported(backend, "Issue key,Status,Created\nAB-1,To Do,2026-01-05 09:00\n", SECOND_DAY)
    assert backend.list_issues(result.ref)[0].extras == {"flagged": True}
    imported(backend, text.format("2026-01-07 09:00", ""), SECOND_DAY)
    assert backend.list_issues(result.ref)[0].extras == {}


def test_a_start_that_the_file_names_goes_before_the_comparison(tmp_path: Path) -> None:
    backend = MemoryBackend()
    now = FIRST_DAY
    ctx = Context(backend, Jobs(backend), tmp_path, lambda: now)
    import_file(ctx, b"key,status,created,started,finished\nA,Open,2026-01-05,,\n", "a.csv", query_name="Team")
    now = SECOND_DAY
    text = b"key,status,created,started,finished\nA,Done,2026-01-05,2026-01-12,2026-01-14\n"
    ref = import_file(ctx, text, "a.csv", query_name="Team").ref
    (item,) = ctx.analysis(ref).items
    assert item.started == at("2026-01-12")
    assert [str(day) for day in item.finished] == ["2026-01-14"]


# -- files without dates, files with history ------------------------------------------------------------


UNDATED = "Title\tURL\tStatus\tLinked pull requests\n"


def row(number: int, status: str) -> str:
    return f"Item {number}\thttps://github.com/acme/shop/issues/{number}\t{status}\t\n"


def test_items_without_any_date_count_from_the_import_that_first_saw_them() -> None:
    backend = MemoryBackend()
    first = imported(backend, UNDATED + row(1, "Todo") + row(2, "Done"), FIRST_DAY)
    assert [(issue.key, issue.created) for issue in backend.list_issues(first.ref)] == [("acme/shop#1", FIRST_DAY)]
    assert [(rejected_row.row, rejected_row.value) for rejected_row in first.rejected] == [(3, "acme/shop#2")]
    assert (first.rows, first.kept) == (2, 1)

    second = imported(backend, UNDATED + row(1, "Done") + row(2, "Done") + row(3, "Todo"), SECOND_DAY)
    assert changes(backend, second) == [("acme/shop#1", SECOND_DAY, "status", "Todo", "Done")]
    created = {issue.key: issue.created for issue in backend.list_issues(second.ref)}
    assert created == {"acme/shop#1": FIRST_DAY, "acme/shop#3": SECOND_DAY}


def test_a_boards_actions_are_joined_with_those_of_earlier_exports() -> None:
    backend = MemoryBackend()
    imported(backend, json.dumps(exports.TRELLO_JSON), FIRST_DAY)
    board = json.loads(json.dumps(exports.TRELLO_JSON))
    # Trello exports the latest thousand actions only: the first move has dropped out of the next export.
    board["actions"] = [exports.TRELLO_JSON["actions"][0]]
    result = imported(backend, json.dumps(board), SECOND_DAY)
    assert [change[1:3] for change in changes(backend, result)] == [
        (at("2026-02-16 08:00:00"), "status"),
        (at("2026-02-20 16:30:12"), "status"),
    ]
    assert result.changes == 0


def test_a_card_that_was_finished_between_two_exports_has_its_day() -> None:
    backend = MemoryBackend()
    board = json.loads(json.dumps(exports.TRELLO_JSON))
    imported(backend, json.dumps(board), FIRST_DAY)
    paint = board["cards"][1]
    paint |= {"dueComplete": True, "dateLastActivity": "2026-02-23T09:00:00.000Z"}
    ticked = {"card": {"id": paint["id"], "dueComplete": True}, "old": {"dueComplete": False}}
    board["actions"].insert(0, {"type": "updateCard", "date": "2026-02-23T09:00:00.000Z", "data": ticked})
    result = imported(backend, json.dumps(board), SECOND_DAY)
    resolved = {issue.summary: issue.resolved for issue in backend.list_issues(result.ref)}
    assert resolved["Paint"] == at("2026-02-23 09:00:00")
    assert resolved["Order tiles"] == at("2026-02-20 16:30:12")


def test_a_whole_history_replaces_what_was_concluded() -> None:
    backend = MemoryBackend()
    text = "Issue key,Status,Created,Updated\nAB-12,{},2026-02-13 09:05,{}\n"
    imported(backend, text.format("Open", "2026-02-13 10:00"), FIRST_DAY)
    imported(backend, text.format("Doing", "2026-02-17 10:00"), SECOND_DAY)
    result = imported(backend, json.dumps(exports.JIRA_JSON), SECOND_DAY)
    assert changes(backend, result) == [
        ("AB-12", at("2026-02-16 08:00:00"), "status", "Open", "Doing"),
        ("AB-12", at("2026-02-20 16:30:12"), "status", "Doing", "Shipped"),
    ]


# -- which query ----------------------------------------------------------------------------------------


def listed(*keys: int, day: str = "2026-01-05") -> bytes:
    return ("key,title,status,created\n" + "".join(f"{n},Item {n} of {day},Open,{day}\n" for n in keys)).encode()


def unnamed(backend: MemoryBackend, data: bytes, name: str) -> ImportResult:
    return import_bytes(backend, data, name, now=SECOND_DAY, zone_name=lambda: "UTC")


def test_the_next_export_under_another_name_goes_to_the_same_query() -> None:
    backend = MemoryBackend()
    first = unnamed(backend, listed(1, 2, 3), "export.csv")
    second = unnamed(backend, listed(2, 3, 4), "export (1).csv")
    assert second.ref == first.ref
    assert second.warnings == (
        "Taken as the next export of “export”, most of whose items are in it. Name a work list to keep it apart.",
        "1 open item that is known here is not in this file; it still counts. If this file is all of the work, import "
        "it into a new work list.",
    )


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (listed(1, 2, 3, day="2025-06-01"), {}),  # the same numbers in another project
        (listed(3, 4, 5, 6), {}),  # little in common
        (listed(1, 2, 3), {"query_name": "Apart"}),  # said to be kept apart
    ],
)
def test_another_source_makes_a_query_of_its_own(data: bytes, options: dict[str, Any]) -> None:
    backend = MemoryBackend()
    first = unnamed(backend, listed(1, 2, 3), "export.csv")
    second = import_bytes(backend, data, "other.csv", now=SECOND_DAY, **options)
    assert second.ref != first.ref


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Team 7.csv", "Team 7"),
        ("export.csv.gz", "export"),
        ("C:\\exports\\a.b.jsonl", "a.b"),
        (".gz", ".gz"),
        ("", "Import"),
    ],
)
def test_a_query_is_called_like_the_file_without_its_endings(name: str, query: str) -> None:
    backend = MemoryBackend()
    ref = unnamed(backend, listed(1), name).ref
    assert [each.name for each in backend.list_queries(ref.profile_id)] == [query]


def test_a_query_called_like_the_file_goes_before_one_with_the_same_items() -> None:
    backend = MemoryBackend()
    unnamed(backend, listed(1, 2, 3), "export.csv")
    other = import_bytes(backend, listed(3, 7), "x.csv", now=SECOND_DAY, query_name="Other")
    assert unnamed(backend, listed(1, 2, 3), "other.csv").ref == other.ref


# -- the list of imports --------------------------------------------------------------------------------


def test_every_import_is_noted_with_its_numbers() -> None:
    backend = MemoryBackend()
    imported(backend, FIRST, FIRST_DAY, name="C:\\exports\\January.csv")
    result = imported(backend, SECOND + "AB-5,To Do,,,soon,,\n", SECOND_DAY, name="/home/ada/February.csv")
    first, second = imports_of(backend.get_project_data(result.ref))
    assert (first.file, first.at, first.rows, first.kept, first.new) == ("January.csv", FIRST_DAY, 3, 3, 3)
    assert (second.file, second.rows, second.kept, second.rejected) == ("February.csv", 5, 4, 1)
    assert (second.new, second.changed, second.changes) == (1, 3, 7)
    assert (second.updated, second.dated) == (at("2026-01-15 10:00"), at("2026-01-14 12:00"))


def test_a_list_of_imports_that_somebody_edited_is_read_as_far_as_it_goes() -> None:
    data = {"imports": [7, {"at": "yesterday"}, {"at": "2026-01-09T12:00:00Z", "rows": -4, "file": "a.csv"}]}
    (entry,) = imports_of(ProjectData(data, FIRST_DAY))
    assert (entry.file, entry.rows) == ("a.csv", 0)


def test_what_was_said_about_columns_holds_for_the_next_file_with_them() -> None:
    backend = MemoryBackend()
    columns = ("nr", "begun", "over")
    remember_mapping(backend, columns, ColumnMapping({"created": "begun", "resolved": "over"}))
    result = imported(backend, "over,nr,begun\n2026-01-08,A-1,2026-01-05\n", FIRST_DAY)
    (issue,) = backend.list_issues(result.ref)
    assert (issue.created, issue.resolved) == (at("2026-01-05"), at("2026-01-08"))


# -- laws -----------------------------------------------------------------------------------------------

_STATUSES = {"To Do": Category.TODO, "Doing": Category.IN_PROGRESS, "Done": Category.DONE}


@st.composite
def export_series(draw: st.DrawFn) -> list[list[tuple[str, int]]]:
    """For each export the status and the day of the last update of each of three issues."""
    series = []
    days = [1, 1, 1]
    statuses = ["To Do", "To Do", "To Do"]
    for _ in range(draw(st.integers(1, 5))):
        for place in range(3):
            if draw(st.booleans()):
                days[place] = days[place] + draw(st.integers(1, 4))
                statuses[place] = draw(st.sampled_from(list(_STATUSES)))
        series.append([*zip(statuses, days, strict=True)])
    return series


def text_of(export: list[tuple[str, int]]) -> str:
    rows = (
        f"A-{place},{status},2026-01-01 08:00,{datetime(2026, 1, day, 12, tzinfo=UTC):%Y-%m-%d %H:%M}\n"
        for place, (status, day) in enumerate(export)
    )
    return "key,status,created,updated\n" + "".join(rows)


@settings(max_examples=examples(60), deadline=None)
@given(export_series(), st.lists(st.integers(0, 4), max_size=4))
def test_history_ends_at_the_newest_state_whatever_is_imported_again(
    series: list[list[tuple[str, int]]], again: list[int]
) -> None:
    backend = MemoryBackend()
    for export in series:
        result = imported(backend, text_of(export), SECOND_DAY)
    stored = (backend.list_issues(result.ref), backend.list_changes(result.ref))
    for place in again:
        imported(backend, text_of(series[place % len(series)]), SECOND_DAY)
    assert (backend.list_issues(result.ref), backend.list_changes(result.ref)) == stored
    for issue, (status, _) in zip(stored[0], series[-1], strict=True):
        moves = [change for change in stored[1] if change.issue_key == issue.key and change.field == "status"]
        assert issue.status == status
        assert not moves or moves[-1].to_value == status
        assert all(each.at <= later.at for each, later in pairwise(moves))
        assert all(outcome.to_value == later.from_value for outcome, later in pairwise(moves))


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_first_file_is_saved_as_it_was_read(count: int) -> None:
    issues = tuple(Issue(f"A-{place}", status="Open") for place in range(count))
    imported = _recognised(issues)
    merged = Successor((), (), is_older=False, as_of=None, now=FIRST_DAY).merge(imported)
    assert (merged.plain, merged.with_history, merged.new) == (issues, (), count)


def _recognised(issues: tuple[Issue, ...]) -> Imported:
    return Imported("issues", "CSV", len(issues), issues=issues)


def test_a_change_is_never_before_what_is_known_already() -> None:
    present = Issue("A", status="Doing", category=Category.IN_PROGRESS, updated=at("2026-01-10"))
    known = [Change("A", at("2026-01-12"), "status", "Open", "Doing")]
    issue = Issue("A", status="Done", category=Category.DONE, updated=at("2026-01-11"), resolved=at("2026-01-11"))
    merged = Successor([present], known, is_older=False, as_of=at("2026-01-14"), now=SECOND_DAY).merge(
        replace(_recognised((issue,)), used={"status": "s", "updated": "u", "resolved": "r"})
    )
    assert [(change.at, change.to_value) for change in merged.changes] == [
        (at("2026-01-12"), "Doing"),
        (at("2026-01-14"), "Done"),
    ]
