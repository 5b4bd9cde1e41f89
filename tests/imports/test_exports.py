"""The exports of known trackers: told by their columns, done judged as the tracker means it, history kept."""

from __future__ import annotations

import contextlib
import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import AppError, UnreadableFile
from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported
from app.imports.trackers.tool import issue_reference, kind_by_labels
from store.records import Category, Issue
from tests.examples import examples
from tests.imports import exports
from tests.imports.exports import as_json

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
REAL = Path(__file__).parents[2] / ".." / "shared" / "real-data"
TODO, DOING, DONE = Category.TODO, Category.IN_PROGRESS, Category.DONE


def parsed(text: str | bytes, zone: str = "UTC", **mapping: Any) -> Imported:
    data = text.encode() if isinstance(text, str) else text
    return read_file(data, mapping_of(mapping or None), ZoneInfo(zone), NOW)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def categories(imported: Imported) -> dict[str, Category]:
    return {issue.key: issue.category for issue in imported.issues}


def first(imported: Imported) -> Issue:
    return imported.issues[0]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (exports.AZURE_CSV, "Azure DevOps CSV export"),
        (exports.AZURE_TREE_CSV, "Azure DevOps CSV export"),
        (as_json(exports.AZURE_JSON), "Azure DevOps JSON export"),
        (as_json({"count": 2, "value": exports.AZURE_JSON}), "Azure DevOps JSON export"),
        (as_json(exports.GH_JSON), "GitHub JSON export"),
        (as_json(exports.GITHUB_REST), "GitHub JSON export"),
        (as_json(exports.GITHUB_REST[:1]) + as_json(exports.GITHUB_REST[1:]), "GitHub JSON export"),
        (exports.GITHUB_PROJECT_TSV, "GitHub project TSV export"),
        (exports.GITLAB_CSV, "GitLab CSV export"),
        (as_json(exports.GITLAB_JSON), "GitLab JSON export"),
        (exports.TRELLO_CSV, "Trello CSV export"),
        (as_json(exports.TRELLO_JSON), "Trello JSON export"),
        (exports.LINEAR_CSV, "Linear CSV export"),
        (exports.ASANA_CSV, "Asana CSV export"),
        (as_json(exports.ASANA_JSON), "Asana JSON export"),
        (as_json(exports.JIRA_JSON), "Jira JSON export"),
        ("\n".join(as_json(issue) for issue in exports.JIRA_JSON["issues"]), "Jira JSON export"),
    ],
)
def test_each_trackers_export_is_named_and_no_row_of_work_is_lost(text: str, named: str) -> None:
    imported = parsed(text)
    assert (imported.kind, imported.recognised_as, imported.rejected) == ("issues", named, ())
    assert len(imported.issues) == imported.rows > 0


# -- Azure DevOps ---------------------------------------------------------------------------------------


def test_azure_resolved_is_not_done_yet_and_removed_was_given_up() -> None:
    imported = parsed(exports.AZURE_CSV)
    assert categories(imported) == {"201": DONE, "202": DOING, "203": DONE, "204": TODO}
    # As in every other tracker it leaves the scope by the rule for given-up work, which a setting can change.
    assert imported.guesses.given_up == {"Removed": 1}


def test_azure_dates_points_iterations_and_parents_are_found() -> None:
    issue = first(parsed(exports.AZURE_CSV))
    assert (issue.type, issue.summary, issue.points) == ("User Story", "Order by phone", 5.0)
    assert (issue.created, issue.started) == (at("2026-02-13 09:05:00"), at("2026-02-16 08:00:00"))
    assert issue.resolved == at("2026-02-20 16:30:12")
    assert (issue.sprints, issue.labels, issue.parent) == (("Sprint 7",), ("phone", "orders"), "198")
    # Work that is planned for no iteration has the project's own name there.
    assert parsed(exports.AZURE_CSV).issues[1].sprints == ()


def test_azure_json_gives_the_same_items_as_its_csv() -> None:
    imported, table = parsed(as_json(exports.AZURE_JSON)), parsed(exports.AZURE_CSV)
    for issue, other in zip(imported.issues, table.issues, strict=False):
        assert (issue.key, issue.type, issue.summary, issue.status, issue.category) == (
            other.key, other.type, other.summary, other.status, other.category,
        )  # fmt: skip
    assert (first(imported).points, first(imported).sprints, first(imported).parent) == (5.0, ("Sprint 7",), "198")
    assert first(imported).resolved == first(table).resolved


def test_a_tree_of_work_items_has_titles_and_parents_by_its_columns() -> None:
    imported = parsed(exports.AZURE_TREE_CSV)
    assert [(issue.key, issue.summary, issue.parent) for issue in imported.issues] == [
        ("11", "Shop", ""),
        ("12", "Basket", "11"),
        ("13", "Add an item", "12"),
        ("14", "Remove an item", "12"),
        ("15", "Office", ""),
    ]


def test_an_export_without_any_dates_says_which_columns_to_add() -> None:
    imported = parsed(exports.AZURE_TREE_CSV)
    assert "add Created Date, Closed Date" in " ".join(imported.warnings)
    assert imported.undated == {"11": 2, "12": 3, "13": 4, "14": 5, "15": 6}


# -- GitHub ---------------------------------------------------------------------------------------------


def test_github_issues_are_the_same_from_the_command_line_and_from_the_interface() -> None:
    command, interface = first(parsed(as_json(exports.GH_JSON))), first(parsed(as_json(exports.GITHUB_REST)))
    assert command.key == interface.key == "acme/shop#12"
    for issue in (command, interface):
        assert (issue.type, issue.status, issue.category) == ("Bug", "Closed", DONE)
        assert (issue.created, issue.resolved) == (at("2026-02-13 09:05:00"), at("2026-02-20 16:30:12"))
        assert (issue.labels, issue.fix_versions, issue.assignee) == (("bug", "ui"), ("v1.2",), "ada")
        assert issue.url == "https://github.com/acme/shop/issues/12"
        assert issue.source_id == "I_kw1"


def test_a_github_issue_is_closed_also_where_only_true_or_false_was_asked_for() -> None:
    issues = [{"number": n, "title": "a", "closed": n == 1, "createdAt": "2026-01-05T09:00:00Z"} for n in (1, 2)]
    assert categories(parsed(as_json(issues))) == {"#1": DONE, "#2": TODO}


def test_an_open_github_issue_is_where_its_project_says() -> None:
    issue = parsed(as_json(exports.GH_JSON)).issues[1]
    assert (issue.type, issue.status, issue.category, issue.resolved) == ("Feature", "In progress", DOING, None)


def test_pull_requests_are_no_items_of_work() -> None:
    imported = parsed(as_json(exports.GITHUB_REST))
    assert [issue.key for issue in imported.issues] == ["acme/shop#12"]
    assert imported.warnings == ("1 pull request was left out.",)


def test_a_github_project_is_read_from_its_tab_separated_view() -> None:
    imported = parsed(exports.GITHUB_PROJECT_TSV)
    assert [(issue.key, issue.status, issue.points, issue.sprints) for issue in imported.issues[:2]] == [
        ("acme/shop#12", "Done", 3.0, ("Iteration 4",)),
        ("acme/shop#13", "In progress", 5.0, ("Iteration 5",)),
    ]
    assert [issue.category for issue in imported.issues] == [DONE, DOING, TODO]
    assert imported.issues[2].key.startswith("row-")


def test_a_github_projects_items_are_read_from_json() -> None:
    imported = parsed(as_json(exports.GITHUB_PROJECT_JSON))
    assert imported.recognised_as == "GitHub project JSON export"
    issue, draft = imported.issues
    assert (issue.key, issue.type, issue.status, issue.category) == ("acme/shop#12", "Bug", "In progress", DOING)
    assert (issue.points, issue.sprints, issue.labels) == (3.0, ("Iteration 4",), ("bug", "ui"))
    assert (draft.summary, draft.category) == ("A draft", TODO)
    assert "1 pull request was left out." in imported.warnings


def test_a_github_project_with_its_date_fields_is_dated() -> None:
    text = (
        "Title\tURL\tStatus\tCreated\tClosed\n"
        "Login fails\thttps://github.com/acme/shop/issues/12\tShipped\t2026-02-13\t2026-02-20\n"
    )
    issue = first(parsed(text))
    assert (issue.created, issue.resolved, issue.category) == (at("2026-02-13"), at("2026-02-20"), DONE)


# -- GitLab ---------------------------------------------------------------------------------------------


def test_gitlab_times_are_utc_whatever_the_profiles_zone() -> None:
    issue = first(parsed(exports.GITLAB_CSV, zone="Pacific/Auckland"))
    assert (issue.created, issue.resolved) == (at("2026-02-13 09:05:00"), at("2026-02-20 23:30:12"))


def test_gitlab_csv_and_json_give_the_same_issue() -> None:
    table, document = first(parsed(exports.GITLAB_CSV)), first(parsed(as_json(exports.GITLAB_JSON)))
    for issue in (table, document):
        assert (issue.key, issue.status, issue.category) == ("acme/web/shop#12", "Closed", DONE)
        assert (issue.points, issue.fix_versions, issue.parent) == (3.0, ("v1.2",), "Accounts")
        assert (issue.labels, issue.resolved) == (("bug", "workflow::complete"), at("2026-02-20 23:30:12"))
    assert (table.type, document.type) == ("Bug", "Bug")
    assert document.sprints == ("Iteration 4",)


def test_an_open_gitlab_issue_is_in_the_column_of_its_board() -> None:
    issue = parsed(exports.GITLAB_CSV).issues[1]
    assert (issue.status, issue.category, issue.type) == ("in review", DOING, "Feature")


def test_a_label_says_more_about_an_issue_of_gitlab_than_that_it_is_one() -> None:
    bug, plain, incident = (dict(exports.GITLAB_JSON[0], iid=number) for number in (1, 2, 3))
    plain["labels"], incident["issue_type"] = ["frontend"], "incident"
    for entry in (bug, plain, incident):
        entry["web_url"] = f"https://gitlab.example.org/acme/shop/-/issues/{entry['iid']}"
    kinds = [issue.type for issue in parsed(as_json([bug, plain, incident])).issues]
    assert kinds == ["Bug", "Issue", "Incident"]


# -- Trello ---------------------------------------------------------------------------------------------


def test_a_trello_card_was_made_when_its_id_says() -> None:
    assert first(parsed(exports.TRELLO_CSV)).created == at("2026-02-13 09:08:28")


def test_trello_lists_are_statuses_and_a_card_marked_complete_is_done() -> None:
    imported = parsed(exports.TRELLO_CSV)
    assert categories(imported) == {"aB3xYz9Q": DONE, "cD4xYz9Q": DONE, "eF5xYz9Q": TODO}
    assert (imported.issues[2].in_query, imported.issues[2].left_query) == (False, at("2026-02-19 10:00:00"))
    assert first(imported).labels == ("Design", "Urgent")
    # A planned start is no start.
    assert first(imported).started is None


def test_a_trello_board_keeps_the_way_of_its_cards_through_the_lists() -> None:
    imported = parsed(as_json(exports.TRELLO_JSON))
    assert [(change.issue_key, change.at, change.from_value, change.to_value) for change in imported.changes] == [
        ("aB3xYz9Q", at("2026-02-16 08:00:00"), "Ideas", "Doing"),
        ("aB3xYz9Q", at("2026-02-20 16:30:12"), "Doing", "Done"),
    ]
    issue = first(imported)
    assert (issue.created, issue.resolved) == (at("2026-02-13 09:08:28"), at("2026-02-20 16:30:12"))
    assert (issue.points, issue.labels, issue.project) == (3.0, ("Design",), "House")


def test_trello_points_may_stand_in_the_title_and_archived_cards_left() -> None:
    _, noted, put_away = parsed(as_json(exports.TRELLO_JSON)).issues
    assert (noted.points, noted.summary, noted.created) == (5.0, "Paint", at("2026-02-13 09:08:29"))
    assert (put_away.in_query, put_away.left_query) == (False, at("2026-02-19 10:00:00"))


def test_a_board_on_which_no_list_means_done_says_so_and_can_be_told() -> None:
    board = json.loads(as_json(exports.TRELLO_JSON).replace('"Done"', '"Moved in"'))
    assert "No list of this board means done" in parsed(as_json(board)).warnings[0]
    imported = parsed(as_json(board), statuses={"Moved in": "done"})
    assert (first(imported).category, imported.warnings) == (DONE, ())


# -- Linear, Asana --------------------------------------------------------------------------------------


def test_linear_dates_as_browsers_write_them_are_read_with_their_offset() -> None:
    issue = first(parsed(exports.LINEAR_CSV, zone="America/New_York"))
    assert (issue.created, issue.started) == (at("2026-02-13 09:05:00"), at("2026-02-16 08:00:00"))
    assert (issue.resolved, issue.updated) == (at("2026-02-20 16:30:12"), at("2026-02-21 08:00:00"))


def test_linear_estimates_cycles_parents_and_disarmed_titles_are_found() -> None:
    done, canceled, review = parsed(exports.LINEAR_CSV).issues
    assert (done.key, done.summary, done.points, done.parent) == ("ENG-12", "=total is wrong", 3.0, "ENG-7")
    assert (done.sprints, done.type, done.labels) == (("Cycle 4",), "Bug", ("Bug", "ui"))
    assert (canceled.category, canceled.resolution, canceled.resolved) == (DONE, "Canceled", at("2026-02-19 10:00:00"))
    assert (review.category, review.sprints) == (DOING, ("Winter",))


def test_asana_tasks_are_done_when_they_are_completed_whatever_their_section_is_called() -> None:
    imported = parsed(exports.ASANA_CSV)
    assert categories(imported) == {"120001": DONE, "120002": TODO, "120003": DOING}
    assert (first(imported).points, first(imported).labels, first(imported).started) == (
        3.0,
        ("Client", "Urgent"),
        None,
    )
    assert imported.issues[1].parent == "120001"


def test_asana_json_gives_the_same_tasks() -> None:
    done, open_task = parsed(as_json(exports.ASANA_JSON)).issues
    assert (done.key, done.status, done.category, done.points) == ("120001", "Doing", DONE, 3.0)
    assert (done.resolved, done.labels) == (at("2026-02-20 16:30:12"), ("Client", "Urgent"))
    assert (open_task.category, open_task.parent) == (TODO, "120001")


# -- Jira -----------------------------------------------------------------------------------------------


def test_jira_json_brings_its_history_points_and_sprints() -> None:
    imported = parsed(as_json(exports.JIRA_JSON))
    assert imported.history == "whole"
    assert [(change.field, change.from_value, change.to_value) for change in imported.changes] == [
        ("status", "Open", "Doing"),
        ("status", "Doing", "Shipped"),
    ]
    issue = first(imported)
    assert (issue.category, issue.points, issue.sprints, issue.parent) == (DONE, 3.0, ("Sprint 4",), "AB-7")
    assert issue.url == "https://acme.example.org/browse/AB-12"
    assert imported.sprints[0].start == at("2026-02-16")


def test_json_lines_without_histories_are_read_as_they_are() -> None:
    lines = [json.loads(as_json(issue)) for issue in exports.JIRA_JSON["issues"]]
    for issue in lines:
        del issue["changelog"]
    imported = parsed("\n".join(json.dumps(issue) for issue in lines))
    assert (len(imported.issues), imported.history, imported.changes) == (2, "", ())


def test_a_file_packed_with_gzip_is_unpacked() -> None:
    assert parsed(gzip.compress(exports.LINEAR_CSV.encode())).issues == parsed(exports.LINEAR_CSV).issues


def test_a_packed_file_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="too large when unpacked"):
        parsed(gzip.compress(b"a" * 3_000_000))


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not here")
def test_every_line_of_the_titanium_issues_is_read_from_the_packed_json() -> None:
    imported = parsed((REAL / "titanium-issues.jsonl.gz").read_bytes())
    assert (imported.recognised_as, imported.rows, len(imported.issues)) == ("Jira JSON export", 23_870, 23_870)
    created = Counter(issue.created.year for issue in imported.issues if issue.created and issue.project == "TIMOB")
    assert (created[2011], created[2014], created[2020]) == (6165, 1898, 453)
    assert sum(1 for issue in imported.issues if issue.sprints) > 1_000


# -- others ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://github.com/acme/shop/issues/12", "acme/shop#12"),
        ("https://gitlab.example.org/a/b/c/-/issues/3", "a/b/c#3"),
        ("https://gitlab.example.org/a/b/-/work_items/4", "a/b#4"),
        ("https://example.org/issues", ""),
        ("", ""),
    ],
)
def test_the_address_of_an_issue_gives_its_reference(address: str, expected: str) -> None:
    assert issue_reference(address) == expected


def test_a_title_above_the_header_line_is_passed_over() -> None:
    text = "Project: Shop; Server: tfs.example.org\nid,created,finished\n1,2026-01-02,2026-01-05\n"
    assert [issue.key for issue in parsed(text).issues] == ["1"]


def test_statuses_can_be_given_their_meaning() -> None:
    text = "key,status,created\nA-1,Parked,2026-01-02\nA-2,Sealed,2026-01-02\n"
    assert categories(parsed(text)) == {"A-1": TODO, "A-2": TODO}
    imported = parsed(text, statuses={"seaLED": "done", "Parked": "in_progress"})
    assert categories(imported) == {"A-1": DOING, "A-2": DONE}


def test_a_mapping_reads_back_as_it_was_written() -> None:
    result = {"created": "Opened on", "points": None, "date_order": "dmy", "time_zone": "Europe/Berlin",
            "statuses": {"live": "done"}, "kind": "issues"}  # fmt: skip
    assert mapping_of(result).to_json() == result


# -- damage ---------------------------------------------------------------------------------------------

_SCALARS = st.none() | st.booleans() | st.integers(-5, 10**20) | st.floats(allow_nan=False) | st.text(max_size=5)
_ANYTHING = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
)
_DOCUMENTS: list[Any] = [
    exports.AZURE_JSON, exports.GH_JSON, exports.GITHUB_REST, exports.GITHUB_PROJECT_JSON, exports.GITLAB_JSON,
    exports.TRELLO_JSON, exports.ASANA_JSON, exports.JIRA_JSON,
]  # fmt: skip


def places_in(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way for key, each in inside for way in ((*at, key), *places_in(each, (*at, key)))]


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_a_trackers_json_with_anything_in_any_place_is_read_or_refused_in_plain_words(chance: st.DataObject) -> None:
    document = json.loads(as_json(chance.draw(st.sampled_from(_DOCUMENTS))))
    for _ in range(chance.draw(st.integers(1, 3))):
        way = chance.draw(st.sampled_from(places_in(document)))
        inside = document
        for key in way[:-1]:
            inside = inside[key]
        inside[way[-1]] = chance.draw(_ANYTHING)
    # Refused in plain words or read: anything else fails here.
    with contextlib.suppress(AppError):
        imported = parsed(as_json(document))
        assert imported.rows >= len(imported.issues) + len(imported.weeks)


# -- JSON as interfaces answer it -----------------------------------------------------------------------

LINEAR_NODES: list[dict[str, Any]] = [
    {"id": "9cfb", "identifier": "ENG-12", "number": 12, "title": "Wrong total",
     "createdAt": "2026-02-13T09:05:00.123Z",
     "updatedAt": "2026-02-21T08:00:00.000Z", "startedAt": "2026-02-16T08:00:00.000Z",
     "completedAt": "2026-02-20T16:30:12.000Z", "canceledAt": None, "estimate": 3, "priorityLabel": "High",
     "state": {"name": "Shipped", "type": "completed"}, "team": {"key": "ENG"}, "cycle": {"number": 4, "name": None},
     "labels": {"nodes": [{"name": "Bug"}, {"name": "ui"}]}, "parent": {"identifier": "ENG-7"},
     "url": "https://linear.app/acme/issue/ENG-12"},
    {"id": "9cfc", "identifier": "ENG-13", "title": "Dropped", "createdAt": "2026-02-13T09:05:00.000Z",
     "canceledAt": "2026-02-17T08:00:00.000Z", "state": {"name": "Canceled", "type": "canceled"}},
    {"id": "9cfd", "identifier": "ENG-14", "title": "Done-ish", "createdAt": "2026-02-14T09:05:00.000Z",
     "state": {"name": "Done soon", "type": "unstarted"}},
]  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        LINEAR_NODES,
        {"data": {"issues": {"nodes": LINEAR_NODES}}},
        {
            "data": {
                "team": {"issues": {"edges": [{"node": linear_node, "cursor": "c"} for linear_node in LINEAR_NODES]}}
            }
        },
        {"issues": LINEAR_NODES},
        {"issues": {"nodes": LINEAR_NODES}},
    ],
)
def test_linear_as_its_interface_answers_has_its_keys_cycles_and_states(document: Any) -> None:
    imported = parsed(as_json(document))
    assert imported.recognised_as == "Linear JSON export"
    issue = first(imported)
    assert (issue.key, issue.source_id, issue.status, issue.category) == ("ENG-12", "9cfb", "Shipped", DONE)
    assert (issue.points, issue.sprints, issue.parent, issue.type) == (3.0, ("Cycle 4",), "ENG-7", "Bug")
    assert (issue.labels, issue.url) == (("Bug", "ui"), "https://linear.app/acme/issue/ENG-12")
    assert (issue.created, issue.started) == (at("2026-02-13T09:05:00"), at("2026-02-16T08:00:00"))
    assert categories(imported) == {"ENG-12": DONE, "ENG-13": DONE, "ENG-14": TODO}
    assert (imported.issues[1].resolved, imported.issues[1].resolution) == (at("2026-02-17T08:00:00"), "Canceled")


GITHUB_NODE = {
    "number": 12, "title": "Login fails", "state": "OPEN", "createdAt": "2026-02-13T09:05:00Z", "closedAt": None,
    "updatedAt": "2026-02-21T08:00:00Z", "url": "https://github.com/acme/shop/issues/12",
    "labels": {"nodes": [{"name": "bug"}]}, "assignees": {"nodes": [{"login": "ada"}]},
    "projectItems": {"nodes": [{"fieldValueByName": {"name": "In review"}}]},
}  # fmt: skip
GITLAB_NODE = {
    "iid": "12", "title": "Login fails", "state": "closed", "createdAt": "2026-02-13T09:05:00Z", "weight": 3,
    "closedAt": "2026-02-20T16:30:12Z", "webUrl": "https://gitlab.com/acme/shop/-/issues/12",
    "labels": {"nodes": [{"title": "bug"}]}, "iteration": {"title": None, "startDate": "2026-02-16"},
    "assignees": {"nodes": [{"username": "ada"}]}, "milestone": {"title": "v1"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("document", "named", "key", "more"),
    [
        ({"data": {"repository": {"issues": {"nodes": [GITHUB_NODE]}}}}, "GitHub", "acme/shop#12", ("In review", ())),
        ({"data": {"organization": {"projectV2": {"items": {"nodes": [
            {"content": {**GITHUB_NODE, "projectItems": None}, "fieldValueByName": {"name": "In review"}},
            {"content": {"title": "A draft"}},
        ]}}}}}, "GitHub", "acme/shop#12", ("In review", ())),
        ({"data": {"project": {"issues": {"nodes": [GITLAB_NODE]}}}}, "GitLab", "acme/shop#12",
         ("Closed", ("2026-02-16",))),
    ],
)  # fmt: skip
def test_answers_of_graphql_are_read_like_those_of_rest(
    document: Any, named: str, key: str, more: tuple[str, tuple[str, ...]]
) -> None:
    imported = parsed(as_json(document))
    assert imported.recognised_as == f"{named} JSON export"
    issue = first(imported)
    assert (issue.key, issue.labels, issue.assignee, issue.type) == (key, ("bug",), "ada", "Bug")
    assert (issue.status, issue.sprints) == more


@pytest.mark.parametrize("wrap", ["data", "issues", "value", "items"])
def test_asana_is_read_under_whatever_name_its_tasks_stand(wrap: str) -> None:
    entries = json.loads(as_json(exports.ASANA_JSON))
    tasks = entries["data"] if isinstance(entries, dict) else entries
    assert parsed(json.dumps({wrap: tasks})).issues == parsed(json.dumps(tasks)).issues


def test_answers_of_graphql_that_follow_one_another_are_one_file() -> None:
    pages = [{"data": {"issues": {"nodes": [linear_node], "pageInfo": {}}}} for linear_node in LINEAR_NODES]
    assert len(parsed("\n".join(as_json(page) for page in pages)).issues) == 3


def test_items_of_an_unknown_tool_are_found_however_deep_an_answer_wraps_them() -> None:
    imported = parsed(as_json({"data": {"board": {"items": {"nodes": [{"key": "A", "created": "2026-02-13"}]}}}}))
    assert [issue.key for issue in imported.issues] == ["A"]


# -- Jira in other languages ----------------------------------------------------------------------------

JIRA_ABROAD = {
    "French": (
        "Clé de ticket;Identifiant de ticket;Résumé;Type de ticket;État;Création;Mise à jour;Résolu;Résolution;"
        "Responsable;Priorité;Étiquettes;Composants;Versions corrigées;Clé de projet;Clé parente;"
        "Champs personnalisés (Story Points);Sprint\n"
        "AB-1;10;Un;Bogue;Terminé;01/févr./26 4:10 PM;02/févr./26 4:10 PM;02/févr./26 4:10 PM;Fini;"
    ),
    "Spanish": (
        "Clave de incidencia;ID de la incidencia;Resumen;Tipo de Incidencia;Estado;Creada;Actualizada;Resuelta;"
        "Resolución;Persona asignada;Prioridad;Etiquetas;Componentes;Versiones corregidas;Clave del proyecto;"
        "Clave principal;Campo personalizado (Story Points);Sprint\n"
        "AB-1;10;Un;Bogue;Hecho;01/feb/26 4:10 PM;02/feb/26 4:10 PM;02/feb/26 4:10 PM;Fini;"
    ),
    "German": (
        "Vorgangsschlüssel;Vorgangs-ID;Zusammenfassung;Vorgangstyp;Status;Erstellt;Aktualisiert;Erledigt;Lösung;"
        "Zugewiesene Person;Priorität;Stichwörter;Komponente(n);Lösungsversion(en);Projektschlüssel;Übergeordnet;"
        "Benutzerdefiniertes Feld (Story Points);Sprint\n"
        "AB-1;10;Un;Bogue;Fertig;01/Feb/26 4:10 PM;02/Feb/26 4:10 PM;02/Feb/26 4:10 PM;Fini;"
    ),
}


@pytest.mark.parametrize("language", JIRA_ABROAD)
def test_every_column_of_a_jira_export_is_known_in_other_languages(language: str) -> None:
    imported = parsed(JIRA_ABROAD[language] + "Ada;Haut;ui;Shop;v1;AB;AB-7;2,5;S1\n")
    assert imported.recognised_as == "Jira CSV export"
    assert set((imported.used or {}).values()) == set(imported.columns)
    issue = first(imported)
    assert (issue.key, issue.source_id, issue.category, issue.points, issue.parent) == ("AB-1", "10", DONE, 2.5, "AB-7")
    assert issue.updated == issue.resolved == at("2026-02-02T16:10:00")
    assert (issue.assignee, issue.fix_versions, issue.project, issue.sprints) == ("Ada", ("v1",), "AB", ("S1",))


def test_an_item_of_a_github_project_has_the_projects_own_fields() -> None:
    values = [{"name": "In review", "field": {"name": "Status"}}, {"number": 3, "field": {"name": "Estimate"}},
              {"title": "Sprint 4", "field": {"name": "Iteration"}}, {}]  # fmt: skip
    item = {"content": {**GITHUB_NODE, "projectItems": None}, "fieldValues": {"nodes": values}}
    issue = first(parsed(as_json({"data": {"node": {"items": {"nodes": [item]}}}})))
    assert (issue.status, issue.points, issue.sprints) == ("In review", 3.0, ("Sprint 4",))


def test_a_work_item_of_gitlab_has_its_labels_and_weight() -> None:
    parts = [{"type": "LABELS", "labels": {"nodes": [{"title": "bug"}]}}, {"type": "WEIGHT", "weight": 5}, {}]
    item = {"iid": "3", "title": "Slow", "state": "OPEN", "createdAt": "2026-02-13T09:05:00Z", "closedAt": None,
            "workItemType": {"name": "Task"}, "webUrl": "https://gitlab.com/a/b/-/work_items/3",
            "widgets": parts}  # fmt: skip
    issue = first(parsed(as_json({"data": {"namespace": {"workItems": {"nodes": [item]}}}})))
    assert (issue.key, issue.type, issue.labels, issue.points) == ("a/b#3", "Task", ("bug",), 5.0)


@pytest.mark.parametrize(
    ("cell", "sprints"),
    [
        ('"[""Sprint 1"", ""Sprint 2""]"', ("Sprint 1", "Sprint 2")),
        ("Sprint 1; Sprint 2", ("Sprint 1", "Sprint 2")),
        ('"Team | Sprint 3, the last"', ("Team | Sprint 3, the last",)),
        ("[Spring] [2]", ("[Spring] [2]",)),
    ],
)
def test_several_sprints_in_one_cell_are_several_and_a_name_stays_whole(cell: str, sprints: tuple[str, ...]) -> None:
    imported = parsed(f"Key,Status,Created,Sprint\nA-1,Done,2026-02-03,{cell}\nA-2,Open,2026-02-03,\n")
    assert [issue.sprints for issue in imported.issues] == [sprints, ()]


@pytest.mark.parametrize(
    ("label", "expected"),
    [("type::bug", "Bug"), ("Kind/Bug", "Bug"), ("type: bug", "Bug"), ("bug", "Bug"), ("area/bug", ""), ("type", "")],
)
def test_a_scoped_label_names_the_type_as_a_plain_one_does(label: str, expected: str) -> None:
    assert kind_by_labels(["urgent", label]) == expected
