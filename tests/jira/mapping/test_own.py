"""Fields that only one server has: which are kept, and what is read from them."""

from dataclasses import replace
from typing import Any

import pytest

from app.jira.client import FieldInfo
from app.jira.mapping.fields import detect, history_wanted, looked_at, wanted
from app.jira.mapping.mapping import map_history, map_issue
from app.jira.mapping.own import MOST, own_of, text_of
from store.documents import field_mapping_of, with_field_mapping
from store.settings import FieldMapping
from tests.domain.build import facts

TEAM = FieldInfo("customfield_1", "Team", "option", "select")
AREA = FieldInfo("customfield_2", "Area", "array", "cascadingselect")
TESTER = FieldInfo("customfield_3", "Tester", "user", "userpicker")
RANK = FieldInfo("customfield_4", "Rank", "any", "gh-lexo-rank")
STATUS = FieldInfo("customfield_5", "Status", "option", "select")
NOTES = FieldInfo("customfield_6", "Long notes", "string", "textarea")
POINTS = FieldInfo("customfield_7", "Story Points", "number", "float")
ALL = (TEAM, AREA, TESTER, RANK, STATUS, NOTES, POINTS)


def sample(count: int = 3, **values: Any) -> list[dict[str, Any]]:
    return [{"fields": values} for _ in range(count)]


FILLED = sample(
    customfield_1={"value": "Blue"},
    customfield_2={"value": "Shop", "child": {"value": "Cart"}},
    customfield_3={"displayName": "Ann"},
    customfield_4="0|i0001:",
    customfield_5={"value": "Odd"},
    customfield_6="Words",
    customfield_7=3.0,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Blue", "Blue"),
        ({"value": "Blue", "id": "1"}, "Blue"),
        ({"name": "1.4", "released": True}, "1.4"),
        ({"id": "7", "title": "Team Blue"}, "Team Blue"),
        ({"value": "Shop", "child": {"value": "Cart"}}, "Shop / Cart"),
        ([{"value": "a"}, {"value": "b"}, {"value": "a"}], ["a", "b"]),
        ([{"value": "a"}], "a"),
        (3.0, "3"),
        (2.5, "2.5"),
        (12, "12"),
        pytest.param(10**5000, "", id="endless"),
        (float("inf"), ""),
        (float("nan"), ""),
        ("two\nlines", "two lines"),
        ("x" * 101, ""),
        (True, ""),
        ({"displayName": "Ann", "name": "ann"}, ""),
        ([{"accountId": "1", "name": "ann"}], ""),
        (None, ""),
        ([], ""),
        ({"self": "https://…"}, ""),
    ],
)
def test_choices_texts_and_numbers_are_told_and_people_are_not(value: Any, text: str | list[str]) -> None:
    assert text_of(value) == text


def test_kept_is_what_is_filled_in_and_is_neither_a_person_nor_a_text_nor_called_as_what_every_issue_has() -> None:
    mapping = detect(ALL, FILLED).mapping
    assert mapping.points == POINTS.id
    assert mapping.own == {TEAM.id: "Team", AREA.id: "Area", RANK.id: "Rank"}
    assert detect(ALL, sample()).mapping.own == {}
    assert {TEAM.id, AREA.id, RANK.id} <= set(looked_at(ALL))
    assert not {TESTER.id, STATUS.id, NOTES.id} & set(looked_at(ALL))


def test_they_are_asked_for_and_their_histories_where_that_costs_no_request_more() -> None:
    mapping = detect(ALL, FILLED).mapping
    assert {TEAM.id, AREA.id, RANK.id} <= set(wanted(ALL, mapping))
    # One that the server has no more is not asked for.
    assert TEAM.id not in wanted(ALL[1:], mapping)
    histories = history_wanted(mapping, ALL)
    assert {TEAM.id, AREA.id} <= set(histories)
    # The rank moves with every other one that is moved.
    assert RANK.id not in histories
    many = [FieldInfo(f"customfield_{number}", f"F {number}", "option", "select") for number in range(100, 120)]
    full = replace(mapping, own={each.id: each.name for each in many})
    assert len(history_wanted(full, (*ALL, *many))) == 10


def test_their_changes_are_kept_by_their_names_and_taken_for_nothing_else() -> None:
    mapping = replace(detect(ALL, FILLED).mapping, own={TEAM.id: "Team", "customfield_77": "Story Points"})
    entries = [
        {"id": "1", "created": "2026-03-02T10:00:00.000+0000",
         "items": [{"field": "Team", "fieldId": TEAM.id, "fromString": "Red", "toString": "Blue"},
                   {"field": "Story Points", "fieldId": "customfield_77", "fromString": "1", "toString": "8"}]},
    ]  # fmt: skip
    changes = map_history("A-1", entries, mapping).changes
    assert [(each.field, each.from_value, each.to_value) for each in changes] == [("team", "Red", "Blue")]


def test_an_issue_says_them_by_their_names() -> None:
    raw = {"id": "1", "key": "A-1", **FILLED[0]}
    result = map_issue(raw, None, detect(ALL, FILLED).mapping, "")
    assert result is not None
    assert result.issue.extras == {"Team": "Blue", "Area": "Shop / Cart", "Rank": "0|i0001:"}


def test_what_is_another_long_text_in_each_issue_is_no_property_and_of_many_fields_the_fullest_are_kept() -> None:
    address = FieldInfo("customfield_8", "Address", "string", "textfield")
    different = [{"fields": {"customfield_8": f"https://example.com/{number}"}} for number in range(40)]
    assert own_of([address], different, ()) == {}
    many = [FieldInfo(f"customfield_{number}", f"F {number}", "option", "select") for number in range(100, 130)]
    filled = [{"fields": {each.id: "x" for each in many[at:]}} for at in range(30)]
    assert list(own_of(many, filled, ())) == [each.id for each in many[-1 : -MOST - 1 : -1]]


def test_what_is_filled_in_later_is_added_and_nothing_is_forgotten() -> None:
    mapping = FieldMapping(points=POINTS.id, filled=(), own={TEAM.id: "Team"})
    more = mapping.with_filled(FieldMapping(own={AREA.id: "Area", POINTS.id: "Story Points"}))
    assert more.own == {AREA.id: "Area", TEAM.id: "Team"}
    assert more.with_filled(FieldMapping(own={TEAM.id: "Team"})) == more
    assert FieldMapping().own is None


@pytest.mark.parametrize("own", [None, {}, {TEAM.id: "Team"}])
def test_the_mapping_is_kept_with_the_project(own: dict[str, str] | None) -> None:
    mapping = field_mapping_of(with_field_mapping(facts().profile, FieldMapping(own=own)))
    assert mapping is not None
    assert mapping.own == own
