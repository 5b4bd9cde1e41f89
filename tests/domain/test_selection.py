from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.analysis import Analysis
from app.domain.burndown import Burndown
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.domain.selection import Condition, NotACondition, Operator, condition, selection, texts
from store.records import Category, Change, Issue, Sprint, Week
from tests.domain.build import analysis, at, day, done, facts, issue, moves
from tests.domain.strategies import histories

WORK = [
    Issue("A-1", "Login fails", "Bug", "Doing", Category.IN_PROGRESS, created=at("03-02"), labels=("web", "urgent"),
          components=("Shop",), priority="High", assignee="Ann", fix_versions=("1.4",), project="A"),
    Issue("A-2", "Search", "Story", "To Do", created=at("03-02"), fix_versions=("1.4", "1.5"), project="A"),
    Issue("A-3", "Crash on login", "Bug", "To Do", created=at("03-03"), priority="Low", project="A",
          extras={"Team colour": "Blue", "flagged": True}),
    Issue("B-1", "Report", "Task", "To Do", created=at("03-04"), components=("Shop",), project="B"),
]  # fmt: skip


def chosen(*conditions: str, **params: Any) -> Analysis:
    return analysis(facts(WORK), selection=selection(conditions), **params)


def keys(*conditions: str) -> str:
    return " ".join(item.issue.key for item in chosen(*conditions).items)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (["type=Bug"], "A-1 A-3"),
        (["type=bug", "type=TASK"], "A-1 A-3 B-1"),
        (["type!=Bug", "type!=Task"], "A-2"),
        (["type=Bug", "priority=High"], "A-1"),
        (["version=1.4"], "A-1 A-2"),
        (["version!=1.5"], "A-1 A-3 B-1"),
        (["fixVersion="], "A-3 B-1"),
        (["version!="], "A-1 A-2"),
        (["label=urgent", "label=none"], "A-1"),
        (["component=shop"], "A-1 B-1"),
        (["assignee="], "A-2 A-3 B-1"),
        (["status=To Do"], "A-2 A-3 B-1"),
        (["category=in_progress"], "A-1"),
        (["summary~login"], "A-1 A-3"),
        (["summary!~login"], "A-2 B-1"),
        (["text=LOGIN"], "A-1 A-3"),
        (["text=b-1"], "B-1"),
        (["project=A", "type!=Bug"], "A-2"),
        (["team colour=blue"], "A-3"),
        (["flagged=true"], "A-3"),
        (["points="], "A-1 A-2 A-3 B-1"),
    ],
)
def test_within_a_field_any_value_will_do_and_between_fields_all_must(conditions: list[str], expected: str) -> None:
    assert keys(*conditions) == expected


def test_a_condition_is_read_and_written_the_same() -> None:
    written = ("type=Bug", "status!=In Progress", "text~log=in", "version=", "summary!~x")
    assert texts(selection(written)) == written
    assert condition(" fixVersion = 1.4 ") == Condition("version", Operator.IS, "1.4")


@given(
    st.sampled_from(["type", "version", "my field"]), st.sampled_from(Operator), st.text(st.characters(codec="utf-8"))
)
def test_any_value_survives_being_written(field: str, operator: Operator, value: str) -> None:
    each = Condition(field, operator, value.strip())
    assert condition(str(each)) == each


@pytest.mark.parametrize(
    "text", ["", "type", "=Bug", "~x", "type:Bug", " =Bug", "type" + " " * 40_000 + "!", "\t" * 40_000]
)
def test_what_is_no_condition_says_how_one_is_written(text: str) -> None:
    with pytest.raises(NotACondition, match="FIELD=VALUE"):
        condition(text)


def test_every_subject_is_of_the_part_that_is_asked_about() -> None:
    part = chosen("type=Bug")
    assert isinstance(part.scope, Scope)
    assert (part.scope.total, part.scope.remaining_keys) == (2, ("A-1", "A-3"))
    assert isinstance(part.burndown, Burndown)
    assert part.burndown.days[-1].scope == 2
    assert len(part.known.team_items) == 4


def test_nothing_of_that_kind_says_what_there_is() -> None:
    scope = chosen("type=Epic").scope
    assert isinstance(scope, NotEnoughData)
    assert scope.reason == "No item known by then is type=Epic. There are, for type: Bug, Story, Task."


def test_a_field_that_no_issue_has_is_known_as_such() -> None:
    assert chosen("colour=red", "team colour=blue").known.unknown_fields == ("colour",)


def test_weekly_numbers_cannot_be_asked_for_a_part() -> None:
    by_week = analysis(facts(weeks=[Week(day("03-02"), completed_items=5)]), selection=selection(["type=Bug"]))
    for each in (by_week.scope, by_week.throughput, by_week.forecast, by_week.burndown, by_week.flow):
        assert isinstance(each, NotEnoughData)
        assert "type=Bug" in each.reason


# -- what belongs to a part comes and goes with it --------------------------------------------------------


def part_of(issues: list[Issue], changes: list[Change], *conditions: str, **params: Any) -> Analysis:
    return analysis(facts(issues, changes), selection=selection(conditions), **params)


def test_what_was_put_into_a_version_is_in_its_scope_from_then_on() -> None:
    changes = [
        Change("A", at("03-04 10:00"), "fix version", None, "1.4"),
        Change("B", at("03-04 11:00"), "fix version", None, "1.4"),
        Change("B", at("03-09 10:00"), "fix version", "1.4", None),
        Change("B", at("03-09 10:00"), "fix version", None, "1.5"),
    ]
    issues = [
        Issue("A", status="To Do", created=at("03-02"), fix_versions=("1.4",)),
        Issue("B", status="To Do", created=at("03-02"), fix_versions=("1.5",)),
        Issue("C", status="To Do", created=at("03-02"), fix_versions=("1.4",)),
    ]
    analysis = part_of(issues, changes, "version=1.4")
    assert [(item.issue.key, item.entered, item.left) for item in analysis.items] == [
        ("A", (day("03-04"),), ()),
        ("B", (day("03-04"),), (day("03-09"),)),
        ("C", (day("03-02"),), ()),
    ]
    assert isinstance(analysis.scope, Scope)
    assert [(step.day, step.kind, step.amount) for step in analysis.scope.ledger] == [
        (day("03-02"), "added", 1),
        (day("03-04"), "added", 2),
        (day("03-09"), "removed", -1),
    ]


def test_a_version_named_after_the_finish_counts_from_the_finish_on() -> None:
    changes = [
        *moves("A", ("", "To Do"), ("03-05 10:00", "Done")),
        Change("A", at("03-09"), "fix version", None, "1.4"),
    ]
    analysis = part_of([done("A", created=at("03-02"), fix_versions=("1.4",))], changes, "version=1.4")
    assert [(item.entered, item.done) for item in analysis.items] == [((day("03-05"),), day("03-05"))]


def test_of_a_past_day_the_values_of_that_day_decide() -> None:
    changes = [Change("A", at("03-09 10:00"), "type", "Story", "Bug")]
    issues = [Issue("A", type="Bug", status="To Do", created=at("03-02"))]
    then = part_of(issues, changes, "type=Story", as_of=day("03-09"))
    assert [item.left for item in then.items] == [()]
    assert part_of(issues, changes, "type=Bug", as_of=day("03-09")).items == ()
    now = part_of(issues, changes, "type=Bug")
    assert [(item.entered, item.left) for item in now.items] == [((day("03-09"),), ())]
    assert [item.left for item in part_of(issues, changes, "type=Story").items] == [((day("03-09")),)]


def test_a_status_is_that_of_the_day_and_says_nothing_of_when_an_item_came() -> None:
    changes = moves("A", ("", "To Do"), ("03-04 10:00", "Doing"), ("03-09 10:00", "Done"))
    issues = [done("A", created=at("03-02"))]
    then = part_of(issues, changes, "status=Doing", as_of=day("03-06"))
    assert [item.entered for item in then.items] == [(day("03-02"),)]
    assert part_of(issues, changes, "status=Doing").items == ()


def test_the_last_name_of_a_value_is_the_one_that_counts() -> None:
    # The type was renamed in the tracker after the history was written.
    changes = [Change("A", at("03-04 10:00"), "type", "Task", "Story")]
    analysis = part_of([Issue("A", type="User Story", status="To Do", created=at("03-02"))], changes, "type=User Story")
    assert [item.entered for item in analysis.items] == [(day("03-04"),)]


def test_two_fields_hold_together_only_while_both_do() -> None:
    changes = [
        Change("A", at("03-04 10:00"), "fix version", None, "1.4"),
        Change("A", at("03-06 10:00"), "type", "Story", "Bug"),
        Change("A", at("03-10 10:00"), "fix version", "1.4", None),
    ]
    analysis = part_of(
        [Issue("A", type="Bug", status="To Do", created=at("03-02"))], changes, "version=1.4", "type=Bug"
    )
    assert [(item.entered, item.left) for item in analysis.items] == [((day("03-06"),), (day("03-10"),))]


def test_a_sprint_counts_an_issue_while_it_is_in_it() -> None:
    changes = [
        Change("A", at("03-03 10:00"), "sprint", "Sprint 1", "Sprint 1, Sprint 2"),
        Change("A", at("03-05 10:00"), "sprint", "Sprint 1, Sprint 2", "Sprint 1"),
        Change("A", at("03-09 10:00"), "sprint", "Sprint 1", "Sprint 1,Sprint 2"),
    ]
    (item,) = part_of([issue("A", "03-02"), issue("B", "03-02")], changes, "sprint=Sprint 2").items
    assert (item.entered, item.left) == ((day("03-03"), day("03-09")), (day("03-05"),))


def test_without_sprint_changes_the_sprints_named_now_count() -> None:
    known = facts(
        [issue("A", "03-02", sprints=("Sprint 1", "Sprint 2")), issue("B", "03-02", sprints=("Sprint 10",))],
        sprints=[Sprint("Sprint 1")],
    )
    assert [item.issue.key for item in analysis(known, sprint="Sprint 1").items] == ["A"]


def test_a_sprint_is_not_taken_for_one_whose_name_contains_its_own() -> None:
    changes = [Change("A", at("03-03 10:00"), "sprint", None, "Sprint 11, Planning, Q1")]
    assert part_of([issue("A", "03-02")], changes, "sprint=Sprint 1").items == ()
    assert part_of([issue("A", "03-02")], changes, "sprint=Planning, Q1").items != ()
    assert part_of([issue("A", "03-02")], changes, "sprint=Sprint 11").items != ()


def test_a_sprint_that_is_asked_for_as_a_condition_has_its_dates() -> None:
    known = facts([issue("A", "03-02", sprints=("S",))], sprints=[Sprint("S", start=at("03-03"), end=at("03-06"))])
    result, named = analysis(known, selection=selection(["sprint=S"])), analysis(known, sprint="S")
    assert result.burndown == named.burndown
    assert isinstance(result.burndown, Burndown)
    assert result.burndown.days[-1].day == day("03-06")


@given(histories(), st.sampled_from(["sprint=Sprint 1", "sprint!=Sprint 1", "points=8", "status=Done"]))
def test_a_part_and_the_rest_are_the_whole(history: tuple[list[Issue], list[Change]], where: str) -> None:
    known = facts(*history)
    part = condition(where)
    rest = Condition(part.field, {"=": Operator.IS_NOT, "!=": Operator.IS}[part.operator], part.value)
    now = at("04-30")
    whole = analysis(known, now=now).scope
    halves = [analysis(known, now=now, selection=selection([str(each)])).scope for each in (part, rest)]
    sums = [half for half in halves if isinstance(half, Scope)]
    if isinstance(whole, Scope):
        assert (sum(half.total for half in sums), sum(half.done for half in sums)) == (whole.total, whole.done)


def _told_of_their_sprint(
    issues: list[Issue], changes: list[Change], cut: datetime
) -> tuple[list[Issue], list[Change]]:
    """Without those that were moved between sprints only later: the one that an issue names now is all there is to go
    by for them. Leaving the whole example out instead leaves out nine of ten."""
    moved = {each.issue_key for each in changes if each.field == "sprint" and each.at < cut}
    changed = {each.issue_key for each in changes}
    kept = [issue for issue in issues if issue.key in moved or issue.key not in changed]
    return kept, [change for change in changes if change.issue_key in moved]


@given(histories(), st.integers(1, 58))
def test_the_past_of_a_part_is_not_changed_by_what_comes_later(
    history: tuple[list[Issue], list[Change]], length: int
) -> None:
    cut = at("03-01 00:00") + timedelta(days=length)
    issues, changes = _told_of_their_sprint(*history, cut)
    before = [change for change in changes if change.at < cut]
    document: dict[str, Any] = {
        "as_of": day("03-01") + timedelta(days=length),
        "selection": selection(["sprint=Sprint 1"]),
    }
    whole, then = (analysis(facts(issues, each), **document).items for each in (changes, before))
    assert [(item.issue.key, item.entered, item.left) for item in whole] == [
        (item.issue.key, item.entered, item.left) for item in then
    ]
