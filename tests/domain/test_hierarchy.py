from typing import Any

import pytest

from app.domain.analysis import Analysis
from app.domain.hierarchy import Counting, Hierarchy, Level
from app.domain.scope import Scope
from app.domain.selection import selection
from store.records import Issue
from tests.domain.build import analysis, at, day, facts
from tests.steps import steps_of

TREE = [
    Issue("E", "Checkout", "Epic", "To Do", created=at("03-02")),
    Issue("S1", "", "Story", "To Do", created=at("03-04"), parent="E"),
    Issue("S2", "", "Story", "To Do", created=at("03-05"), parent="E"),
    Issue("T1", "", "Sub-task", "To Do", created=at("03-05"), parent="S1"),
    Issue("T2", "", "Sub-task", "To Do", created=at("03-05"), parent="S1"),
    Issue("N", "Not broken down", "Epic", "To Do", created=at("03-02")),
    Issue("L", "", "Bug", "To Do", created=at("03-02")),
    Issue("O", "", "Sub-task", "To Do", created=at("03-02"), parent="X-1"),
]


def counted(counting: Counting = Counting.USUAL, **params: Any) -> Analysis:
    return analysis(facts(TREE), counting=counting, **params)


def keys(analysis: Analysis) -> str:
    return " ".join(item.issue.key for item in analysis.items if item.in_scope)


@pytest.mark.parametrize(
    ("counting", "expected"),
    [
        (Counting.USUAL, "S1 S2 T1 T2 N L O"),
        (Counting.ALL, "E S1 S2 T1 T2 N L O"),
        (Counting.LEAVES, "S2 T1 T2 N L O"),
        (Counting.WHOLES, "S1 S2 N L O"),
    ],
)
def test_the_same_work_counts_once_and_nothing_is_lost(counting: Counting, expected: str) -> None:
    assert keys(counted(counting)) == expected


def test_an_epic_counts_until_its_first_part_comes() -> None:
    assert keys(counted(as_of=day("03-04"))) == "E N L O"
    analysis = counted()
    (epic,) = [item for item in analysis.items if item.issue.key == "E"]
    assert epic.left == (day("03-04"),)
    assert isinstance(analysis.scope, Scope)
    assert [(step.day, step.amount, step.keys) for step in analysis.scope.ledger if step.kind == "removed"] == [
        (day("03-04"), -1, ("E",))
    ]


def test_an_epic_that_is_broken_down_on_its_first_day_never_counts() -> None:
    issues = [Issue("E", type="Epic", created=at("03-02 09:00")), Issue("S", created=at("03-02 10:00"), parent="E")]
    assert [item.issue.key for item in analysis(facts(issues)).items] == ["S"]


def test_what_does_not_count_is_told_by_level() -> None:
    assert counted().known.left_out_levels == {Level.EPIC: 1}
    assert counted(Counting.LEAVES).known.left_out_levels == {Level.EPIC: 1, Level.STORY: 1}
    assert counted(Counting.ALL).known.left_out_levels == {}


def test_levels_are_told_by_names_and_else_by_what_lies_above_and_below() -> None:
    issues = [
        Issue("F", type="Feature"),
        Issue("P", type="User Story", parent="F"),
        Issue("K", type="Task", parent="P"),
        Issue("G", type="Feature"),
        Issue("H", type="Task", parent="G"),
        Issue("I", type="Initiative"),
    ]
    tree = Hierarchy(issues)
    assert {issue.key: tree.level(issue) for issue in issues} == {
        "F": Level.EPIC,
        "P": Level.STORY,
        "K": Level.SUB_TASK,
        "G": Level.STORY,
        "H": Level.SUB_TASK,
        "I": Level.EPIC,
    }


def test_epics_are_the_items_whose_level_that_is() -> None:
    kinds = ("Epic", "Story", "Sub-task", "Task", "", "Feature request")
    tree = [Issue(f"{kind}-{number}", type=kind) for kind in kinds for number in range(3)]
    tree += [Issue(f"{kind} of {above.key}", type=kind, parent=above.key) for above in tree[::2] for kind in kinds]
    tree += [Issue(f"below {above.key}", type="Task", parent=above.key) for above in tree[20::3]]
    tree += [Issue("lost", type="Task", parent="nobody"), Issue("round", type="Task", parent="round")]
    whole = analysis(facts(tree))
    hierarchy = Hierarchy(tree)
    items = whole.known.all_items
    expected = [item.issue.key for item in items if hierarchy.level(item.issue) is Level.EPIC]
    assert len(items) == len(tree)
    assert [item.issue.key for item in hierarchy.are_epics(items)] == expected
    assert {"Epic-0", "-0"} <= set(expected)
    assert not {"lost", "round", "Sub-task-0"} & set(expected)


def test_a_circle_of_parents_is_walked_once() -> None:
    issues = [Issue("A", parent="B"), Issue("B", parent="A"), Issue("C", parent="C")]
    tree = Hierarchy(issues)
    assert [[above.key for above in tree.ancestors(issue)] for issue in issues] == [["B"], ["A"], []]
    for counting in Counting:
        assert analysis(facts(issues), counting=counting).items is not None


def test_an_epic_is_chosen_with_all_that_lies_below_it_by_its_key_or_its_name() -> None:
    for each in ("epic=E", "epic=checkout"):
        result = analysis(facts(TREE), selection=selection([each]))
        assert keys(result) == "S1 S2 T1 T2"


def test_an_epic_of_thousands_is_gone_through_once_not_once_for_each_of_its_parts() -> None:
    assert _steps(800) < 3 * _steps(400)


def _steps(parts: int) -> int:
    issues = [Issue("E", type="Part 0"), *(Issue(f"E-{n}", type=f"Part {n}", parent="E") for n in range(parts))]
    hierarchy = Hierarchy(issues)
    return steps_of(lambda: [hierarchy.level(each) for each in issues])
