"""What is read of an issue when Jira's answer lacks a part of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.extras import HISTORY_CUT
from app.jira.client import FieldInfo
from app.jira.mapping.fields import detect, history_wanted, wanted
from app.jira.mapping.mapping import Doubt, Mapped, map_issue, with_history
from store.documents import field_mapping_of, with_field_mapping
from store.records import Category, Profile
from store.settings import FieldMapping

DAY = "2026-05-{:02}T10:00:00.000+0000"

PROFILE = Profile("p", "Team", datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))


def instant(day: int) -> datetime:
    return datetime(2026, 5, day, 10, tzinfo=UTC)


def mapped(status: dict[str, Any], history: list[Any] | None = None, whole: bool = True, **fields: Any) -> Mapped:
    raw = {"id": "7", "key": "ABC-7", "fields": {"status": status, "created": DAY.format(4), **fields}}
    result = map_issue(raw, history, fields.get("mapping", FieldMapping()), "", whole)
    assert result is not None
    return result


def moved(day: int, before: str, after: str) -> dict[str, Any]:
    return {
        "id": str(day), "created": DAY.format(day),
        "items": [{"field": "status", "fromString": before, "toString": after}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ({"key": "done"}, Category.DONE),
        ({"name": "In Progress"}, Category.IN_PROGRESS),
        ({"name": "Erledigt"}, Category.DONE),
        ({"name": "完了"}, Category.DONE),
        ({"id": 2}, Category.TODO),
        ({"id": "4"}, Category.IN_PROGRESS),
        ({"id": 3, "key": "anything"}, Category.DONE),
        ("Done", Category.DONE),
        ("indeterminate", Category.IN_PROGRESS),
    ],
)
def test_a_category_is_known_by_its_key_else_its_name_else_its_id(category: Any, expected: Category) -> None:
    result = mapped({"name": "Blorp", "statusCategory": category})
    assert (result.issue.category, result.doubts) == (expected, ())


@pytest.mark.parametrize("category", [None, {}, {"id": 1, "key": "undefined", "name": "No Category"}, [], {"key": []}])
def test_without_any_category_the_status_is_read_by_its_name(category: Any) -> None:
    """All of it was to do."""
    names = ("Closed", "In Review", "To be released", "Backlog", "Blorp")
    result = [mapped({"name": name, "statusCategory": category}) for name in names]
    assert [each.issue.category for each in result] == [
        Category.DONE, Category.IN_PROGRESS, Category.IN_PROGRESS, Category.TODO, Category.TODO,
    ]  # fmt: skip
    assert {each.doubts for each in result} == {(Doubt.CATEGORY,)}


def test_a_resolution_date_says_that_a_status_whose_name_says_nothing_is_done() -> None:
    assert mapped({"name": "Blorp"}, resolutiondate=DAY.format(9)).issue.category is Category.DONE
    assert mapped({"name": "In Review"}, resolutiondate=DAY.format(9)).issue.category is Category.IN_PROGRESS


DONE = {"name": "Done", "statusCategory": {"key": "done"}}


def test_the_finish_without_a_resolution_is_when_the_category_changed_and_not_the_last_update() -> None:
    result = mapped(DONE, statuscategorychangedate=DAY.format(9), updated=DAY.format(28))
    assert result.issue.resolved == instant(9)
    both = mapped(DONE, statuscategorychangedate=DAY.format(9), resolutiondate=DAY.format(8))
    assert both.issue.resolved == instant(8)
    doing = {"name": "Doing", "statusCategory": {"key": "indeterminate"}}
    assert mapped(doing, statuscategorychangedate=DAY.format(9)).issue.resolved is None


def test_what_was_made_as_done_is_done_since_then_if_its_whole_history_is_known() -> None:
    labelled = {"created": DAY.format(28), "items": [{"field": "labels", "fromString": "", "toString": "x"}]}
    assert mapped(DONE, [labelled], updated=DAY.format(28)).issue.resolved == instant(4)
    assert mapped(DONE, [], updated=DAY.format(28)).issue.resolved == instant(4)
    assert mapped(DONE, None, updated=DAY.format(28)).issue.resolved is None
    assert mapped(DONE, [labelled], whole=False, updated=DAY.format(28)).issue.resolved is None
    assert mapped(DONE, [moved(9, "To Do", "Done")]).issue.resolved is None


def test_a_history_of_which_part_is_missing_is_marked() -> None:
    cut = mapped(DONE, [moved(9, "In Progress", "Done")], whole=False)
    assert (cut.issue.extras, len(cut.changes)) == ({HISTORY_CUT: True}, 1)
    assert mapped(DONE, [moved(9, "In Progress", "Done")]).issue.extras == {}


# -- two fields of points -------------------------------------------------------------------------------

TWO = (
    FieldInfo("customfield_1", "Story Points", "number", "float"),
    FieldInfo("customfield_2", "Story point estimate", "number", "float"),
    FieldInfo("customfield_3", "Cost", "number", "float"),
)


def _sample(*rows: tuple[float | None, float | None]) -> list[dict[str, Any]]:
    return [
        {"fields": {"issuetype": {"name": "Story"}, "customfield_1": a, "customfield_2": b, "customfield_3": 900.0}}
        for a, b in rows
    ]


def test_fields_that_jira_itself_calls_points_complete_each_other() -> None:
    mapping = detect(TWO, _sample((5, None), (3, None), (None, 8))).mapping
    assert (mapping.points, mapping.more_points) == ("customfield_1", ("customfield_2",))
    assert {"customfield_1", "customfield_2"} <= set(wanted(TWO, mapping)) & set(history_wanted(mapping, TWO))
    result = [
        mapped(DONE, customfield_1=a, customfield_2=b, mapping=mapping)
        for a, b in ((5, None), (None, 8), (3, 2), (1, 1))
    ]
    assert [each.issue.points for each in result] == [5, 8, 3, 1]
    assert [each.doubts for each in result] == [(), (), (Doubt.POINTS,), ()]
    assert field_mapping_of(with_field_mapping(PROFILE, mapping)) == mapping


def test_a_field_that_is_empty_everywhere_completes_nothing() -> None:
    assert detect(TWO, _sample((5, None), (3, None))).mapping.more_points == ()


def test_the_history_of_points_is_that_of_the_field_they_are_in() -> None:
    mapping = FieldMapping("customfield_1", more_points=("customfield_2",))
    history = [
        {"id": "1", "created": DAY.format(5), "items": [
            {"field": "Story Points", "fieldId": "customfield_1", "fromString": "5", "toString": ""},
            {"field": "Story point estimate", "fieldId": "customfield_2", "fromString": "", "toString": "8"},
        ]},
    ]  # fmt: skip
    second = mapped(DONE, history, customfield_1=None, customfield_2=8, mapping=mapping)
    assert [(change.from_value, change.to_value) for change in second.changes] == [(None, "8")]
    later = with_history(mapped(DONE, customfield_2=8, mapping=mapping), history, mapping)
    assert later.changes == second.changes


def test_another_choice_of_points_is_completed_only_by_its_like() -> None:
    mapping = FieldMapping("a", more_points=("b",))
    assert mapping.with_points("b").more_points == ("a",)
    assert mapping.with_points("cost").more_points == ()
    assert mapping.with_points("").more_points == ()


def test_a_mapping_from_before_is_completed_when_everything_is_asked_for_again() -> None:
    mapping = FieldMapping("a", names={"a": "Story Points", "b": "SP"}, filled=("a", "b"), more_points=("b",))
    assert FieldMapping("a", filled=("a", "b")).with_filled(mapping).more_points == ("b",)
    assert FieldMapping("cost", filled=("a", "b")).with_filled(mapping).more_points == ()
