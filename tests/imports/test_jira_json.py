"""Jira's own JSON, whose fields have mere numbers: what they hold is found by their values, or asked, never lost."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import pytest

from app.domain.own_fields import own_fields, own_values
from app.errors import BadInput
from app.imports.columns import ColumnMapping
from app.imports.inspection import inspect
from app.imports.request import Request
from app.imports.streaming import parts_of
from app.imports.trackers.jira_fields import find_fields
from app.jobs import NoProgress
from store.records import Issue
from tests.imports.test_exports import NOW, at, parsed

OLD_SPRINT = (
    "com.atlassian.greenhopper.service.sprint.Sprint@1a[id=2,rapidViewId=3,state=ACTIVE,name=Sprint 2, the best,"
    "startDate=2026-02-03T10:00:00.000+01:00,endDate=<null>,completeDate=<null>,sequence=2,goal=]"
)
NEW_SPRINT = {"id": 2, "name": "Sprint 2, the best", "state": "active", "boardId": 3}
IMPEDIMENT = [{"self": "https://x.example/1", "value": "Impediment", "id": "1"}]


def issue(number: int, **fields: Any) -> dict[str, Any]:
    own = {
        "summary": f"Work {number}",
        "issuetype": {"name": "Story"},
        "status": {"name": "Open", "statusCategory": {"key": "new"}},
        "created": "2026-02-13T09:05:00.000+0000",
        "customfield_10333": None,
    }
    items = [{"field": "Vaiva", "fieldId": "customfield_12345", "fromString": "1", "toString": "3"}]
    history = {"id": str(number), "created": "2026-02-14T09:05:00.000+0000", "items": items}
    return {
        "id": str(number),
        "key": f"AB-{number}",
        "fields": {**own, **fields},
        "changelog": {"histories": [history]},
    }


def answer(*issues: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"expand": "schema", "startAt": 0, "total": len(issues), "issues": list(issues), **more}


def two(sprint: Any = OLD_SPRINT, **more: Any) -> dict[str, Any]:
    first = issue(1, customfield_12345=3.0, customfield_11117=[sprint], customfield_10444="AB-7", **more)
    return answer(first, issue(2, customfield_12345=0.5, customfield_10333=IMPEDIMENT))


def read(value: Any, **mapping: Any) -> tuple[Issue, ...]:
    return parsed(json.dumps(value), **mapping).issues


@pytest.mark.parametrize("sprint", [OLD_SPRINT, NEW_SPRINT])
def test_an_answer_that_names_no_fields_keeps_points_sprints_flags_and_epics(sprint: Any) -> None:
    first, second = read(two(sprint))
    assert (first.points, second.points) == (3.0, 0.5)
    assert (first.sprints, second.sprints) == (("Sprint 2, the best",), ())
    assert [each.extras.get("flagged") for each in (first, second)] == [None, True]
    assert first.parent == "AB-7"


def test_points_taken_from_the_only_field_of_such_numbers_are_said() -> None:
    (note,) = parsed(json.dumps(two())).warnings
    assert "customfield_12345 (“Vaiva”) was taken for them" in note
    assert "--mapping" not in note


def test_their_changes_are_kept_too() -> None:
    changes = [(change.field, change.from_value, change.to_value) for change in parsed(json.dumps(two())).changes]
    assert changes == [("points", "1", "3")] * 2


def test_of_several_fields_of_numbers_none_is_taken_and_all_are_named() -> None:
    imported = parsed(json.dumps(two(customfield_555=8)))
    assert [issue.points for issue in imported.issues] == [None, None]
    (note,) = imported.warnings
    assert "customfield_555" in note
    assert "customfield_12345 (“Vaiva”)" in note


@pytest.mark.parametrize("value", [900, 3.14, -1, True, "8"])
def test_what_cannot_be_points_is_not_taken_for_them(value: Any) -> None:
    assert find_fields([issue(1, customfield_7=value)], {}).mapping.points == ""


def test_a_number_that_the_answer_calls_something_else_is_not_taken_but_said() -> None:
    imported = parsed(json.dumps({**two(), "names": {"customfield_12345": "Business value"}}))
    assert imported.issues[0].points is None
    assert "customfield_12345 (“Business value”)" in imported.warnings[0]


def test_a_cost_is_not_even_offered_as_points() -> None:
    imported = parsed(json.dumps({**two(), "names": {"customfield_12345": "Cost"}}))
    assert (imported.issues[0].points, imported.warnings) == (None, ())


def test_a_mapping_of_fields_keeps_the_history_and_reads_sprints_as_names() -> None:
    document: dict[str, Any] = {
        "points": "customfield_555",
        "sprints": "customfield_11117",
        "started": "customfield_9",
        "flagged": None,
    }
    imported = parsed(json.dumps(two(customfield_555=8, customfield_9="2026-02-15")), **document)
    first, second = imported.issues
    assert (first.points, first.sprints, first.started) == (8.0, ("Sprint 2, the best",), at("2026-02-15"))
    assert (second.points, "flagged" in second.extras) == (None, False)
    assert (imported.history, imported.warnings) == ("whole", ())


def test_a_mapping_may_name_jiras_own_fields_as_they_are() -> None:
    assert len(read(two(), key="key", created="created", resolved="resolutiondate", parent="parent")) == 2


def test_a_mapping_to_a_field_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(BadInput, match=r"'customfield_1', which no issue .* customfield_12345"):
        read(two(), points="customfield_1")


def test_a_mapping_of_what_has_its_place_says_what_can_be_mapped() -> None:
    with pytest.raises(BadInput, match="Only these can be said: points, sprints"):
        read(two(), summary="customfield_12345")


def test_several_answers_one_after_the_other_are_one_file() -> None:
    pages = json.dumps(answer(issue(1, customfield_1=5), names={"customfield_1": "Story Points"})) + json.dumps(
        answer(issue(2, customfield_1=8))
    )
    assert [each.points for each in parsed(pages).issues] == [5.0, 8.0]


def test_without_an_address_of_the_server_an_issue_has_no_link() -> None:
    assert read(two())[0].url == ""


def test_an_answer_of_a_board_has_its_sprint_and_flag_by_name() -> None:
    (result,) = read(answer(issue(1, sprint=NEW_SPRINT, flagged=True)))
    assert (result.sprints, result.extras["flagged"]) == (("Sprint 2, the best",), True)


@pytest.mark.parametrize("now", [{"id": 5, "name": "Fifth", "state": "active"}, None])
def test_an_answer_of_a_board_names_the_sprints_before_apart(now: dict[str, Any] | None) -> None:
    closed = [{"id": 3, "name": "Third", "state": "closed"}, {"id": 4, "name": "Fourth", "state": "closed"}]
    (result,) = read(answer(issue(1, sprint=now, closedSprints=closed)))
    assert result.sprints == ("Third", "Fourth", *(["Fifth"] if now else []))


def test_what_one_part_of_a_large_file_tells_holds_for_the_next() -> None:
    lines = "\n".join(json.dumps(document) for document in (issue(1, customfield_1=3), issue(2, customfield_1=900)))
    request = Request(ColumnMapping(), UTC, NOW)
    parts = parts_of(lines.encode(), request, NoProgress(), chunk=1)
    assert parts is not None
    assert [part.issues[0].points for part in parts] == [3.0, 900.0]


def test_the_fields_of_jiras_json_can_be_chosen_with_what_is_in_them() -> None:
    inspection = inspect(json.dumps(two(customfield_555=8)).encode())
    shown = {column.name: column for column in inspection.columns}
    assert shown["customfield_11117"].samples == ("Sprint 2, the best",)
    assert "sprint field" in shown["customfield_11117"].evidence
    assert shown["customfield_12345"].label == "customfield_12345 (“Vaiva”)"
    assert "may be points" in shown["customfield_555"].evidence
    _, chosen = inspection.proposed(ColumnMapping())
    assert chosen == {"created": "created", "sprints": "customfield_11117", "epic": "customfield_10444",
                      "flagged": "customfield_10333"}  # fmt: skip


def test_a_flag_in_a_csv_export_is_kept() -> None:
    imported = parsed("Issue key,Created,Custom field (Flagged)\nA-1,2026-01-05,Impediment\nA-2,2026-01-05,\n")
    assert [issue.extras for issue in imported.issues] == [{"flagged": True}, {}]


def test_sprints_of_two_boards_with_one_name_stay_two() -> None:
    other = NEW_SPRINT | {"id": 9, "boardId": 4}
    file = answer(issue(1, customfield_11117=[NEW_SPRINT]), issue(2, customfield_11117=[other]))
    imported = parsed(json.dumps(file))
    assert [each.sprints for each in imported.issues] == [("Sprint 2, the best",), ("Sprint 2, the best (2)",)]
    assert {sprint.source_id: sprint.name for sprint in imported.sprints} == {
        "2": "Sprint 2, the best",
        "9": "Sprint 2, the best (2)",
    }


@pytest.mark.parametrize("odd", ["1e999", '"five"', "-3"])
@pytest.mark.parametrize("names", [{}, {"customfield_10016": "Story Points"}])
def test_one_odd_value_does_not_cost_the_points_of_the_others(odd: str, names: dict[str, str]) -> None:
    issues = [issue(number, customfield_10016=number) for number in (1, 2, 3, 5)]
    text = json.dumps(answer(*issues, names=names)).replace('"customfield_10016": 2', f'"customfield_10016": {odd}')
    assert [each.points for each in parsed(text).issues] == [1, None, 3, 5]


def test_odd_points_cost_the_points_and_are_told_as_those_of_a_table_are() -> None:
    values = (3, "5 pts", "XL", -2, "8", 1e12)
    imported = parsed(
        json.dumps(
            answer(
                *(issue(number, customfield_10016=value) for number, value in enumerate(values, 1)),
                names={"customfield_10016": "Story Points"},
            )
        )
    )
    assert [each.points for each in imported.issues] == [3, None, None, None, 8, None]
    assert "4 cells in Story Points could not be read and were left empty; their rows were kept." in imported.warnings


def test_named_fields_of_the_server_s_own_come_along() -> None:
    value = answer(
        issue(1, customfield_7={"value": "Blue"}, customfield_8={"value": "x"}, customfield_9={"displayName": "Ann"}),
        issue(2, customfield_7={"value": "Red"}, customfield_8=None, customfield_12345=3.0),
        names={"customfield_7": "Team", "customfield_9": "Tester", "customfield_12345": "Story Points"},
    )
    # What the file does not name has no name to filter by; points and people are no such fields.
    assert [own_fields([each]) for each in read(value)] == [{"team": "Team"}] * 2
    assert [own_values(each, "team") for each in read(value)] == [("Blue",), ("Red",)]
