"""What the report says was guessed, with how many items and what to export to avoid it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.guesses import Guesses
from app.errors import UnreadableFile
from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.report import sentences
from app.imports.results import Imported
from store.records import Category

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def read(content: Any, **mapping: Any) -> Imported:
    data = content if isinstance(content, str) else json.dumps(content)
    return read_file(data.encode(), ColumnMapping.from_json(mapping), ZoneInfo("UTC"), NOW)


def sentences_of(content: Any, **mapping: Any) -> tuple[str, ...]:
    imported = read(content, **mapping)
    return (*imported.warnings, *sentences(imported.guesses, imported.recognised_as))


JIRA = "Issue key,Summary,Status,Resolution,Created,Updated"


def test_done_items_without_a_day_are_counted_with_the_columns_that_tell_it() -> None:
    rows = (
        "K-1,One,Done,Done,2026-05-04,2026-05-20\nK-2,Two,Done,Done,2026-05-04,2026-05-20\nK-3,Three,To Do,,2026-05-04,"
    )
    assert sentences_of(f"{JIRA}\n{rows}\n") == (
        "2 done items have no finish date: the day of their last change was taken. Add the columns Resolved and Status "
        "Category Changed, and export again.",
    )


def test_a_single_one_without_an_update_is_dated_by_its_creation_and_that_is_said() -> None:
    (sentence,) = sentences_of("key,title,status,created\n1,One,Done,2026-05-04\n2,Two,Open,2026-05-04\n")
    assert sentence.startswith("1 done item has no finish date: the day it was added was taken. Add a column")


def test_nothing_is_said_of_files_that_say_everything() -> None:
    assert (
        sentences_of("key,title,status,created,finished\n1,One,Done,2026-05-04,2026-05-06\n2,Two,Open,2026-05-04,\n")
        == ()
    )


def test_given_up_work_is_counted_by_the_trackers_words() -> None:
    rows = (
        "K-1,One,Closed,Won't Do,2026-05-04,2026-05-20,2026-05-20\n"
        "K-2,Two,Closed,Duplicate,2026-05-04,2026-05-20,2026-05-20\n"
        "K-3,Three,Closed,Won't Do,2026-05-04,2026-05-20,2026-05-20\n"
        "K-4,Four,Closed,Fixed,2026-05-04,2026-05-20,2026-05-20\n"
    )
    (sentence,) = sentences_of(f"{JIRA},Resolved\n{rows}")
    assert sentence.startswith(
        "3 items were given up (Won't Do 2, Duplicate 1). They leave the work and count as nothing"
    )


@pytest.mark.parametrize("name", ["Closed as", "Disposition", "Closure Code", "Grund", "Motivo"])
def test_why_an_item_was_closed_is_read_whatever_the_column_is_called(name: str) -> None:
    rows = "1,One,Closed,Duplicate,2026-05-04,2026-05-20\n2,Two,Closed,Fixed,2026-05-04,2026-05-20\n"
    (sentence,) = sentences_of(f"key,title,status,{name},created,resolved\n{rows}")
    assert sentence.startswith("1 item was given up (Duplicate 1).")


def test_days_of_stages_that_nothing_is_taken_from_are_told_in_a_trackers_export() -> None:
    rows = "K-1,Story,One,Done,2026-05-04,2026-05-05,2026-05-06,2026-05-12\n"
    warnings = sentences_of(f"Issue key,Issue Type,Summary,Status,To Do,In Progress,Review,Done\n{rows}")
    assert any(
        each.startswith("Nothing was taken from To Do, In Progress, Review, which hold dates") for each in warnings
    )
    ends = sentences_of("Issue key,Issue Type,Summary,Status,Created,Done,Closed At,Merged At\n" + rows)
    assert not any(each.startswith("Nothing was taken from Closed At") for each in ends)


def test_what_was_deleted_is_no_work_in_other_languages_too() -> None:
    imported = read("key,title,status,created,Gelöscht\n1,One,Offen,2026-05-04,ja\n2,Two,Offen,2026-05-04,nein\n")
    assert [item.in_query for item in imported.issues] == [False, True]


def test_statuses_whose_names_say_nothing_are_named_until_somebody_says_what_they_mean() -> None:
    rows = "1,One,Parking lot,2026-05-04\n2,Two,Parking lot,2026-05-04\n3,Three,Open,2026-05-04\n"
    file = f"key,title,status,created\n{rows}"
    (sentence,) = sentences_of(file)
    assert sentence.startswith(
        "2 items are in statuses whose names say nothing (Parking lot 2): they count as not done."
    )
    assert sentences_of(file, statuses={"Parking lot": "todo"}) == ()


def test_of_a_text_where_a_status_should_be_the_sentence_has_the_beginning() -> None:
    (sentence,) = sentences_of(f"key,title,status,created\n1,One,{'Parking lot ' * 20},2026-05-04\n")
    assert f"(Parking lot {'Parking lot ' * 5}Parking… 1)" in sentence


def test_a_status_that_may_name_a_step_is_told_where_nothing_else_says_that_it_is_done() -> None:
    rows = "1,One,Contract done,2026-05-04,\n2,Two,Contract done,2026-05-04,\n3,Three,Open,2026-05-04,\n"
    file = f"key,title,status,created,resolved\n{rows}4,Four,Done,2026-05-04,2026-05-20\n"
    expected = (
        "2 items count as done by their statuses alone, which may name one step of several or ask "
        "a question (Contract done 2)."
    )
    assert [sentence for sentence in sentences_of(file) if sentence.startswith(expected)]
    assert not [each for each in sentences_of(file, statuses={"Contract done": "done"}) if "one step" in each]
    dated = file.replace("Contract done,2026-05-04,", "Contract done,2026-05-04,2026-05-19")
    assert not [each for each in sentences_of(dated) if "one step" in each]


def test_a_table_with_as_many_rows_as_jira_exports_at_once_may_be_cut() -> None:
    rows = "".join(f"K-{n},One,Open,,2026-05-04,2026-05-20\n" for n in range(1, 1001))
    expected = "The file holds exactly 1,000 items, as many as Jira exports at once"
    assert any(each.startswith(expected) for each in sentences_of(f"{JIRA}\n{rows}"))
    assert not any(
        each.startswith(expected) for each in sentences_of(f"{JIRA}\n{rows}K-2000,One,Open,,2026-05-04,2026-05-20\n")
    )


def test_parts_of_a_large_file_are_counted_together() -> None:
    first = Guesses(undated=1, done_on_update=2, statuses={"A": 1}, given_up={"Canceled": 1})
    second = Guesses(undated=1, done_on_update=1, statuses={"A": 2, "B": 1}, given_up={"Canceled": 1})
    both = first.plus(second)
    assert (both.undated, both.done_on_update, both.statuses, both.given_up) == (
        2,
        3,
        {"A": 3, "B": 1},
        {"Canceled": 2},
    )


# -- Jira's JSON ----------------------------------------------------------------------------------------


def issue(key: str, status: Any = None, changelog: Any = None, **fields: Any) -> dict[str, Any]:
    entry = {"key": key, "fields": {"status": status or {"name": "Done"}, **fields}}
    return entry if changelog is None else {**entry, "changelog": changelog}


def test_issues_without_any_date_count_from_the_import_on_as_in_a_table() -> None:
    """They were put at 1970, done ones with them."""
    imported = read([issue("K-1"), issue("K-2", {"name": "Open"})])
    assert imported.undated == {"K-1": 1, "K-2": 2}
    assert imported.warnings[0].startswith(
        "The file has no dates: its items count from this import on. Ask for the fields"
    )
    assert read([issue("K-1", created="2026-05-04T10:00:00.000+0000"), issue("K-2")]).undated == {}


def test_categories_that_are_missing_are_counted_unless_somebody_said_what_the_statuses_mean() -> None:
    entries = [issue("K-1", created="2026-05-04T10:00:00.000+0000", resolutiondate="2026-05-06T10:00:00.000+0000")]
    assert sentences_of(entries)[-1] == (
        "1 item has a status without a category: what counts as done was told by the names of statuses."
    )
    assert sentences_of(entries, statuses={"Done": "done"}) == ()


def test_a_history_with_fewer_changes_than_it_says_is_cut() -> None:
    text = "2026-05-04T10:00:00.000+0000"
    moved = {"field": "status", "fromString": "Doing", "toString": "Done"}
    change = {"created": "2026-05-20T10:00:00.000+0000", "items": [moved]}
    whole = issue("K-1", changelog={"total": 1, "histories": [change]}, created=text)
    cut = issue("K-2", changelog={"total": 140, "histories": [change]}, created=text)
    more = issue("K-3", changelog={"isLast": False, "histories": [change]}, created=text)
    imported = read([whole, cut, more])
    assert (imported.guesses.cut_histories, imported.guesses.done_on_update) == (2, 0)
    assert any(
        sentence.startswith("2 items have a history whose beginning is missing")
        for sentence in sentences_of([whole, cut, more])
    )


# -- answers that are cut -------------------------------------------------------------------------------

PAGE = [
    issue("K-1", {"name": "Done", "statusCategory": {"key": "done"}}, created="2026-05-04T10:00:00.000+0000",
          resolutiondate="2026-05-06T10:00:00.000+0000"),
    issue("K-2", {"name": "Open", "statusCategory": {"key": "new"}}, created="2026-05-04T10:00:00.000+0000"),
]  # fmt: skip
GH = [{"number": 1, "title": "One", "state": "OPEN", "createdAt": "2026-05-04T10:00:00Z"}]
GID = [{"gid": "1", "name": "One", "completed": False, "completed_at": None, "created_at": "2026-05-04T10:00:00Z"}]


@pytest.mark.parametrize(
    "answer",
    [
        {"startAt": 0, "maxResults": 2, "total": 7, "issues": PAGE},
        {"isLast": False, "nextPageToken": "abc", "issues": PAGE},
        {"nextPageToken": "abc", "issues": PAGE},
        {"total_count": 40, "incomplete_results": False, "items": GH},
        {"data": {"repository": {"issues": {"totalCount": 40, "nodes": GH}}}},
        {"data": {"repository": {"issues": {"pageInfo": {"hasNextPage": True, "endCursor": "x"}, "nodes": GH}}}},
        {"data": GID, "next_page": {"offset": "abc", "path": "/tasks?offset=abc"}},
    ],
)
def test_an_answer_that_says_that_more_would_follow_is_told_to_be_cut(answer: Any) -> None:
    assert [sentence for sentence in sentences_of(answer) if "further pages are missing" in sentence]


@pytest.mark.parametrize(
    "answer",
    [
        {"startAt": 0, "maxResults": 50, "total": 2, "issues": PAGE},
        {"isLast": True, "issues": PAGE},
        [{"nextPageToken": "abc", "issues": PAGE[:1]}, {"isLast": True, "issues": PAGE[1:]}],
        [{"startAt": 0, "total": 2, "issues": PAGE[:1]}, {"startAt": 1, "total": 2, "issues": PAGE[1:]}],
        {"data": {"repository": {"issues": {"pageInfo": {"hasNextPage": False}, "totalCount": 1, "nodes": GH}}}},
        {"data": GID, "next_page": None},
        {"next_cursor": "100:1:0", "next_page_results": False, "results": GH},
        PAGE,
    ],
)
def test_a_whole_answer_is_not(answer: Any) -> None:
    assert not [sentence for sentence in sentences_of(answer) if "further pages are missing" in sentence]


GITHUB_PAGE = [{**GH[0], "number": n} for n in range(1, 31)]


@pytest.mark.parametrize("answer", [GITHUB_PAGE, {"items": GITHUB_PAGE}, GITHUB_PAGE[:20]])
def test_as_many_entries_as_fit_into_one_answer_may_be_a_page_of_several(answer: Any) -> None:
    assert any("further pages may be missing" in sentence for sentence in sentences_of(answer))


@pytest.mark.parametrize(
    "answer", [GITHUB_PAGE[:29], {"totalCount": 30, "items": GITHUB_PAGE}, {"isLast": True, "items": GITHUB_PAGE}]
)
def test_another_number_of_entries_or_an_answer_that_says_that_it_is_whole_is_none(answer: Any) -> None:
    assert not any("further pages" in sentence for sentence in sentences_of(answer))


@pytest.mark.parametrize(
    "more",
    [
        {"open_issues": 3, "closed_issues": 1, "node_id": "MI_1", "html_url": "https://github.com/a/b/milestone/1"},
        {"iid": 1, "web_url": "https://gitlab.example.org/a/b/-/milestones/1"},
    ],
)
def test_a_list_of_milestones_is_no_list_of_items(more: dict[str, Any]) -> None:
    milestone = {"title": "v1", "state": "closed", "created_at": "2026-02-01T10:00:00Z", "closed_at": None, **more}
    with pytest.raises(UnreadableFile, match="lists milestones"):
        read([milestone])


def test_the_number_of_a_cut_answer_is_named() -> None:
    (sentence,) = sentences_of({"startAt": 0, "maxResults": 2, "total": 120, "issues": PAGE})
    assert sentence.startswith("The file holds 2 of 120 items")


def test_points_in_two_fields_are_taken_from_the_first_and_that_is_counted() -> None:
    def pointed(key: str, first: float | None, second: float | None) -> dict[str, Any]:
        return issue(key, {"name": "Open", "statusCategory": {"key": "new"}}, created="2026-05-04T10:00:00.000+0000",
                     customfield_10026=first, customfield_10016=second)  # fmt: skip

    answer = {
        "names": {"customfield_10026": "Story Points", "customfield_10016": "Story point estimate"},
        "issues": [pointed("A-1", 5, None), pointed("B-1", None, 8), pointed("A-2", 3, 2), pointed("A-3", 1, 1)],
    }
    imported = read(answer)
    assert [each.points for each in imported.issues] == [5, 8, 3, 1]
    assert sentences_of(answer) == ("1 item has different points in two fields: those of the first were taken.",)
    assert all(each.category is Category.TODO for each in imported.issues)


# -- the tracker's own word -----------------------------------------------------------------------------


def gitlab(number: int, state: str, closed: str | None) -> dict[str, Any]:
    address = f"https://gl.example/a/b/-/issues/{number}"
    return {"iid": number, "title": f"T{number}", "state": state, "web_url": address, "labels": [], "closed_at": closed,
            "created_at": "2026-05-04T09:00:00Z", "updated_at": "2026-05-20T09:00:00Z"}  # fmt: skip


def gh(number: int, state: str, closed: str | None, column: str = "") -> dict[str, Any]:
    items = [{"status": {"name": column}}] if column else []
    return {"number": number, "title": f"T{number}", "state": state, "createdAt": "2026-05-04T09:00:00Z",
            "updatedAt": "2026-05-20T09:00:00Z", "closedAt": closed, "projectItems": items}  # fmt: skip


def asana(number: int, completed: bool, at: str | None, section: str) -> dict[str, Any]:
    return {"gid": str(number), "name": f"T{number}", "completed": completed, "completed_at": at,
            "created_at": "2026-05-04T09:00:00Z", "modified_at": "2026-05-20T09:00:00Z",
            "memberships": [{"section": {"name": section}, "project": {"name": "P"}}]}  # fmt: skip


def linear(number: int, kind: str, at: str | None, name: str) -> dict[str, Any]:
    return {"identifier": f"T-{number}", "title": f"T{number}", "state": {"name": name, "type": kind},
            "createdAt": "2026-05-04T09:00:00Z", "updatedAt": "2026-05-20T09:00:00Z", "completedAt": at}  # fmt: skip


DAY = "2026-05-06T09:00:00Z"


@pytest.mark.parametrize(
    "entries",
    [
        [gitlab(1, "closed", DAY), gitlab(2, "closed", None), gitlab(3, "opened", None)],
        [gh(1, "CLOSED", DAY), gh(2, "CLOSED", None), gh(3, "OPEN", None, "Done")],
        [asana(1, True, DAY, "Build"), asana(2, True, None, "Build"), asana(3, False, None, "Done")],
        [asana(2, True, None, "Build"), asana(3, False, None, "Done")],
        [
            linear(1, "completed", DAY, "Shipped"),
            linear(2, "completed", None, "Shipped"),
            linear(3, "started", None, "Done?"),
        ],
    ],
)
def test_what_the_tracker_itself_says_is_closed_is_done_though_its_day_is_missing(
    entries: list[dict[str, Any]],
) -> None:
    """Beside others that have their day as well; and a column called Done alone closes nothing."""
    imported = read(entries)
    assert [each.category is Category.DONE for each in imported.issues] == [True] * (len(entries) - 1) + [False]
    assert imported.guesses.done_on_update == 1


@pytest.mark.parametrize(("kind", "word"), [("canceled", "Canceled"), ("duplicate", "Duplicate")])
def test_linear_says_by_the_kind_of_a_state_that_work_was_given_up_whatever_the_state_is_called(
    kind: str, word: str
) -> None:
    imported = read([linear(1, kind, None, "Parked for good")])
    assert imported.guesses.given_up == {word: 1}


@pytest.mark.parametrize(
    ("column", "yes", "no"),
    [("Completed?", "yes", "no"), ("% done", "100", "30"), ("Status Category", "Done", "To Do")],
)
def test_what_is_done_by_another_sign_than_a_status_is_counted_where_its_day_is_missing(
    column: str, yes: str, no: str
) -> None:
    rows = f"K-1,2026-05-04,2026-05-20,{yes}\nK-2,2026-05-04,2026-05-21,{no}"
    assert sentences_of(f"key,created,updated,{column}\n{rows}\n") == (
        "1 done item has no finish date: the day of its last change was taken. Add a column with the day on which each "
        "was finished, and import again.",
    )


def test_a_day_of_completion_that_somebody_named_in_notion_is_the_finish() -> None:
    rows = 'A,Done,"May 4, 2026 9:00 AM","May 30, 2026 9:00 AM","May 20, 2026"'
    imported = read(f"Name,Status,Created time,Last edited time,Done date\n{rows}\n")
    assert [str(issue.resolved)[:10] for issue in imported.issues] == ["2026-05-20"]


def test_dates_that_a_trackers_reader_does_not_know_are_named_where_no_finish_is_known() -> None:
    rows = 'A,Done,"May 4, 2026 9:00 AM","May 30, 2026 9:00 AM","May 20, 2026"'
    warnings = sentences_of(f"Name,Status,Created time,Last edited time,Handed over\n{rows}\n")
    assert any(text.startswith("Nothing was taken from Handed over, which holds dates.") for text in warnings)


def test_work_that_was_given_up_is_no_done_item_without_a_day() -> None:
    rows = [("A-1", "Done", "2026-05-04"), ("A-2", "Cancelled", ""), ("A-3", "Won't do", ""), ("A-4", "Open", "")]
    entries = [
        {"key": key, "title": key, "status": status, "created": "2026-04-06", "resolved": day}
        for key, status, day in rows
    ]
    assert not any("no finish date" in sentence for sentence in sentences_of(entries))
