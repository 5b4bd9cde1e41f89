from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.grouping import MOST_PARTS, Groups, portions, split_weeks
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.domain.selection import selection
from app.domain.throughput import Throughput
from store.records import Category, Change, Issue
from tests.domain.build import analysis, at, day, facts, issue

WORK = [
    issue("A-1", "01-05", "01-14", type="Bug", labels=("red", "blue")),
    issue("A-2", "01-05", "01-21", type="Story", labels=("blue",)),
    issue("A-3", "01-05", type="Bug"),
    replace(issue("A-4", "01-05", type="Bug"), status="In Progress", category=Category.IN_PROGRESS),
    issue("A-5", "01-06", type="Story"),
]


def groups_of(work: list[Issue] = WORK, **params: Any) -> Groups:
    groups = analysis(facts(work), **params).groups
    assert isinstance(groups, Groups)
    return groups


def test_groups_by_type_unless_another_field_is_asked_for() -> None:
    bugs, stories = groups_of().groups
    assert (bugs.value, bugs.items, bugs.done, bugs.in_progress, bugs.remaining) == ("Bug", 3, 1, 1, 2)
    assert (stories.value, stories.total, stories.finished) == ("Story", 2, 1)
    assert bugs.remaining_keys == ("A-3", "A-4")


def test_an_item_with_several_values_counts_once_and_one_without_any_too() -> None:
    counts = {group.value: group.items for group in groups_of(by="label").groups}
    assert counts == {"red": 1, "blue": 1, "": 3}


def test_of_a_past_day_a_field_of_the_source_alone_says_what_it_said_then() -> None:
    work = [
        issue("A-1", "01-05", extras={"Team": "Blue"}),
        issue("A-2", "01-05", extras={"Team": ["Red", "Green"]}),
        issue("A-3", "01-05", extras={"Team": "Blue"}),
    ]
    changes = [
        Change("A-1", at("01-20 09:00"), "team", "Red", "Blue"),
        Change("A-2", at("01-14 09:00"), "team", None, "Green, Blue"),
        Change("A-2", at("01-22 09:00"), "team", "Green, Blue", "Red, Green"),
    ]

    def teams(**params: Any) -> dict[str, int]:
        groups = analysis(facts(work, changes), by="team", **params).groups
        assert isinstance(groups, Groups)
        return {group.value: group.items for group in groups.groups}

    assert teams() == {"Blue": 2, "Red": 1}
    assert teams(as_of=day("01-21")) == {"Blue": 2, "Green": 1}
    assert teams(as_of=day("01-15")) == {"Blue": 1, "Red": 1, "Green": 1}
    assert teams(as_of=day("01-10")) == {"Blue": 1, "Red": 1, "": 1}
    # What changes in the very moment in which the day begins is not known before it.
    changes.append(Change("A-3", at("01-10 00:00"), "team", "Grey", "Blue"))
    assert teams(as_of=day("01-10")) == {"Grey": 1, "Red": 1, "": 1}

    def chosen(text: str, as_of: str) -> set[str]:
        picked = analysis(facts(work, changes), selection=selection([text]), as_of=day(as_of))
        return {item.issue.key for item in picked.items}

    # What is filtered by is what it is grouped by.
    assert chosen("team=Red", "01-15") == {"A-1"}
    assert chosen("team=Blue", "01-15") == {"A-2", "A-3"}
    assert chosen("team=Blue", "01-25") == {"A-1", "A-3"}
    assert chosen("team=", "01-10") == {"A-2"}


def test_a_field_that_no_issue_has_is_told() -> None:
    assert isinstance(analysis(facts(WORK), by="colour").groups, NotEnoughData)


values = st.sampled_from(["red", "blue", "green", ""])


@given(st.lists(st.tuples(values, st.booleans()), min_size=1, max_size=20))
def test_groups_add_up_to_all_work(chosen: list[tuple[str, bool]]) -> None:
    work = [
        issue(f"A-{at}", "01-05", "01-14" if is_done else None, extras={"Colour": colour} if colour else {})
        for at, (colour, is_done) in enumerate([*chosen, ("red", False)])
    ]
    whole, parts = analysis(facts(work)).scope, groups_of(work, by="COLOUR").groups
    assert isinstance(whole, Scope)
    assert sum(part.total for part in parts) == whole.total
    assert sum(part.remaining for part in parts) == whole.remaining
    assert sorted(key for part in parts for key in part.remaining_keys) == sorted(whole.remaining_keys)


def test_weeks_are_split_into_parts_that_add_up_and_the_smallest_stand_together() -> None:
    work = [
        issue(f"A-{at}-{n}", "01-05", "01-14", extras={"Lane": f"L{at}"}) for at in range(MOST_PARTS + 2)
        for n in range(at + 1)
    ]  # fmt: skip
    result = analysis(facts(work), as_of=day("02-09"))
    assert isinstance(result.throughput, Throughput)
    weeks = result.throughput.weeks
    parts = split_weeks(result.known, weeks, "lane")
    assert [part.value for part in parts] == ["L7", "L6", "L5", "L4", "L3", "L2", None]
    assert [sum(row) for row in zip(*(part.done for part in parts), strict=True)] == [week.done for week in weeks]
    assert sum(parts[-1].done) == 1 + 2


def test_issues_are_portioned_by_the_value_that_most_of_them_have_first() -> None:
    known = analysis(facts(WORK)).known
    portion = portions(known, ["A-1", "A-3", "A-5", "gone"], "type")
    assert [(part.value, set(part.keys)) for part in portion] == [("Bug", {"A-1", "A-3"}), ("Story", {"A-5"})]


def test_values_beyond_the_colours_are_one_portion() -> None:
    work = [issue(f"A-{at}", "01-05", labels=(f"l{at}",)) for at in range(MOST_PARTS + 3)]
    portion = portions(analysis(facts(work)).known, [each.key for each in work], "label")
    assert len(portion) == MOST_PARTS + 1
    assert (portion[-1].value, len(portion[-1].keys)) == (None, 3)
