"""The facts of two trackers as one: what stays, what the move may not say, and that each issue is there once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.extras import EARLIER_KEY, HISTORY_CUT
from app.domain.history import HistoryRules, build_items
from app.domain.items import Item
from app.domain.moving import matched
from app.domain.one_history import joined
from store.records import Category, Change, Issue, QueryFacts, Sprint, Week
from store.settings import Move
from tests.domain.build import CALENDAR, FAR, at, day, facts, issue, moves

MOVED = at("03-02")
OPEN, GOING, DONE = Category.TODO, Category.IN_PROGRESS, Category.DONE


def before(key: str, status: str, category: Category, created: str = "01-05", **other: Any) -> Issue:
    return issue(key, created, status=status, category=category, summary=key, **other)


def joined_facts(
    old: Sequence[Issue],
    new: Sequence[Issue],
    pairs: Sequence[tuple[str, ...]],
    old_changes: Sequence[Change] = (),
    new_changes: Sequence[Change] = (),
) -> QueryFacts:
    move = Move("new", tuple(pairs), MOVED)
    return joined(facts(list(new), list(new_changes)), facts(list(old), list(old_changes)), move, CALENDAR)


def items(both: QueryFacts) -> dict[str, Item]:
    rules = HistoryRules(before=both.statuses)
    return {item.issue.key: item for item in build_items(both.issues, both.changes, rules, CALENDAR, FAR)}


def test_finished_work_keeps_its_days_though_the_new_tracker_only_knows_the_move() -> None:
    old = [before("A-1", "Abgenommen", DONE, resolved="01-20")]
    new = [before("B-1", "Done", DONE, "03-02", resolved="03-02")]
    history = moves("A-1", ("", "Offen"), ("01-12 10:00", "Dran"), ("01-20 10:00", "Abgenommen"))
    sweep = moves("B-1", ("", "To Do"), ("03-02 13:00", "Done"))
    item = items(joined_facts(old, new, [("A-1", "B-1")], history, sweep))["B-1"]
    assert item.entered == (day("01-05"),)
    assert item.finished == (day("01-20"),)
    assert item.issue.resolved == at("01-20")
    assert [stay.status for stay in item.stays] == ["Offen", "Dran", "Done"]
    assert item.issue.extras[EARLIER_KEY] == "A-1"


def test_the_same_without_any_history() -> None:
    old, new = (
        [before("A-1", "Closed", DONE, resolved="01-20")],
        [before("B-1", "Done", DONE, "03-02", resolved="03-02")],
    )
    item = items(joined_facts(old, new, [("A-1", "B-1")]))["B-1"]
    assert (item.entered, item.finished) == ((day("01-05"),), (day("01-20"),))


def test_a_start_before_the_move_stays_and_the_sweep_is_no_start() -> None:
    old, new = [before("A-1", "Dran", GOING)], [before("B-1", "Done", DONE, "03-02")]
    history = moves("A-1", ("", "Offen"), ("02-10 10:00", "Dran"))
    later = moves("B-1", ("", "To Do"), ("03-02 13:00", "In Progress"), ("03-06 10:00", "Done"))
    item = items(joined_facts(old, new, [("A-1", "B-1")], history, later))["B-1"]
    assert item.started == at("02-10 10:00")
    assert item.finished == (day("03-06"),)
    assert [stay.status for stay in item.stays] == ["Offen", "In Progress", "Done"]


def test_what_the_move_makes_otherwise_is_kept_as_of_then() -> None:
    old, new = [before("A-1", "Offen", OPEN)], [before("B-1", "Done", DONE, "03-02", resolved="03-02")]
    sweep = moves("B-1", ("", "To Do"), ("03-02 13:00", "In Progress"), ("03-02 13:01", "Done"))
    item = items(joined_facts(old, new, [("A-1", "B-1")], (), sweep))["B-1"]
    assert item.finished == (day("03-02"),)


def test_how_it_stood_at_the_move_is_no_start() -> None:
    old, new = [before("A-1", "Dran", GOING)], [before("B-1", "Done", DONE, "03-02")]
    later = moves("B-1", ("", "To Do"), ("03-02 13:00", "In Progress"), ("03-06 10:00", "Done"))
    both = joined_facts(old, new, [("A-1", "B-1")], (), later)
    assert both.issues[0].extras[HISTORY_CUT] is True
    assert items(both)["B-1"].started is None


def test_finished_without_a_history_and_opened_again_later() -> None:
    old, new = [before("A-1", "Closed", DONE, resolved="01-20")], [before("B-1", "To Do", OPEN, "03-02")]
    later = moves("B-1", ("", "To Do"), ("03-02 13:00", "Done"), ("03-09 10:00", "To Do"))
    item = items(joined_facts(old, new, [("A-1", "B-1")], (), later))["B-1"]
    assert (item.finished, item.reopened) == ((day("01-20"),), (day("03-09"),))


def test_what_the_old_tracker_did_after_the_move_counts_for_nothing() -> None:
    old, new = [before("A-1", "Migrated", DONE, resolved="03-03")], [before("B-1", "To Do", OPEN, "03-02")]
    history = moves("A-1", ("", "Offen"), ("02-10 10:00", "In Progress"), ("03-03 10:00", "Migrated"))
    item = items(joined_facts(old, new, [("A-1", "B-1")], history))["B-1"]
    assert item.finished == ()
    assert [stay.status for stay in item.stays] == ["Offen", "In Progress", "To Do"]


def test_a_history_that_came_along_is_there_once() -> None:
    history = moves("A-1", ("", "Open"), ("01-12 10:00", "Doing"), ("01-20 10:00", "Closed"))
    new_history = [*moves("A-1", ("", "To Do"), ("01-12 10:00", "In Progress"), ("01-20 10:00", "Done"))]
    old, new = [before("A-1", "Closed", DONE)], [before("A-1", "Done", DONE)]
    both = joined_facts(old, new, [("A-1", "A-1")], history, new_history)
    assert list(both.changes) == new_history
    assert EARLIER_KEY not in both.issues[0].extras


def test_only_old_work_that_is_open_leaves_with_the_move_and_done_work_stays() -> None:
    old = [before("A-1", "Offen", OPEN), before("A-2", "Closed", DONE, resolved="01-20", parent="A-3"),
           before("A-3", "Offen", OPEN)]  # fmt: skip
    result = items(joined_facts(old, [before("B-3", "To Do", OPEN, "03-02")], [("A-3", "B-3")]))
    assert result["A-1"].left == (day("03-02"),)
    assert result["A-2"].finished == (day("01-20"),)
    assert result["A-2"].issue.parent == "B-3"
    assert sorted(result) == ["A-1", "A-2", "B-3"]


def test_another_issue_of_before_under_the_key_of_one_of_now_keeps_a_key_of_its_own() -> None:
    both = joined_facts([before("A-1", "Closed", DONE)], [before("A-1", "To Do", OPEN, "03-02")], [],
               moves("A-1", ("", "Open"), ("01-20 10:00", "Closed")))  # fmt: skip
    assert [each.key for each in both.issues] == ["A-1 (before)", "A-1"]
    assert [each.issue_key for each in both.changes] == ["A-1 (before)"]


def test_points_and_sprints_of_now_win_and_those_of_before_fill() -> None:
    old = [before("A-1", "Offen", OPEN, points=5, sprints=("S1",)), before("A-2", "Offen", OPEN, points=5)]
    new = [before("B-1", "To Do", OPEN, "03-02"), before("B-2", "To Do", OPEN, "03-02", points=3, sprints=("S9",))]
    first, second = joined_facts(old, new, [("A-1", "B-1"), ("A-2", "B-2")]).issues
    assert (first.points, first.sprints) == (5, ("S1",))
    assert (second.points, second.sprints) == (3, ("S9",))


def test_points_that_the_move_set_again_are_no_estimate() -> None:
    old, new = [before("A-1", "Offen", OPEN, points=5)], [before("B-1", "To Do", OPEN, "03-02", points=8)]
    estimates = moves("B-1", ("", ""), ("03-02 13:00", "5"), ("03-09 10:00", "8"), field="points")
    assert items(joined_facts(old, new, [("A-1", "B-1")], (), estimates))["B-1"].sizes == (
        (day("01-05"), 5),
        (day("03-09"), 8),
    )


def test_a_renamed_key_is_still_found_by_the_number_of_the_tracker() -> None:
    new = [before("C-4", "To Do", OPEN, "03-02", source_id="77")]
    both = joined_facts([before("A-1", "Offen", OPEN)], new, [("A-1", "B-1", "77")])
    assert [(each.key, each.extras[EARLIER_KEY]) for each in both.issues] == [("C-4", "A-1")]


def test_an_earlier_move_is_remembered_as_well() -> None:
    first = joined_facts([before("A-1", "Offen", OPEN)], [before("B-1", "To Do", OPEN, "02-02")], [("A-1", "B-1")])
    move = Move("newest", (("B-1", "C-1"),), MOVED)
    both = joined(facts([before("C-1", "Open", OPEN, "03-02")]), first, move, CALENDAR)
    assert both.issues[0].extras[EARLIER_KEY] == ["A-1", "B-1"]
    assert both.issues[0].created == at("01-05")


def test_sprints_and_weeks_of_both_are_there_and_those_of_now_win() -> None:
    old = replace(facts([]), sprints=(Sprint("S1"), Sprint("S2", goal="old")), weeks=(Week(day("01-05"), 1),))
    new = replace(facts([]), sprints=(Sprint("S2", goal="new"),), weeks=(Week(day("03-02"), 2),))
    both = joined(new, old, Move("new"), CALENDAR)
    assert [(each.name, each.goal) for each in both.sprints] == [("S1", ""), ("S2", "new")]
    assert [each.day for each in both.weeks] == [day("01-05"), day("03-02")]


STATUSES = st.sampled_from([("To Do", OPEN), ("Doing", GOING), ("Done", DONE)])
DAYS = st.sampled_from(["01-05", "01-12", "02-20", "03-02", "03-09"])


@st.composite
def sides(draw: st.DrawFn, prefix: str) -> tuple[list[Issue], list[Change]]:
    issues, changes = [], []
    for number in draw(st.lists(st.integers(1, 5), unique=True)):
        status, category = draw(STATUSES)
        issues.append(issue(f"{prefix}-{number}", draw(DAYS), draw(st.none() | DAYS), status=status, category=category,
                            summary=f"Title {number}"))  # fmt: skip
        steps = sorted(draw(st.lists(st.tuples(DAYS, STATUSES), max_size=3)), key=lambda step: step[0])
        changes += moves(f"{prefix}-{number}", ("", "To Do"), *((when, name) for when, (name, _) in steps))
    return issues, changes


@given(sides("A"), st.sampled_from(["A", "B"]).flatmap(sides))
def test_each_issue_is_there_once_and_nothing_happens_before_it_is_born(
    old: tuple[list[Issue], list[Change]], new: tuple[list[Issue], list[Change]]
) -> None:
    matches = matched(old[0], new[0], old[1], new[1], CALENDAR)
    pairs = tuple((pair.old, pair.new) for pair in matches.pairs)
    both = joined(facts(*new), facts(*old), Move("new", pairs, matches.moved, matches.sweeps), CALENDAR)
    keys = [each.key for each in both.issues]
    assert len(keys) == len(set(keys)) == len(old[0]) + len(new[0]) - len(pairs)
    assert {each.key for each in new[0]} <= set(keys)
    assert {each.issue_key for each in both.changes} <= set(keys)
    histories: dict[str, list[Change]] = {}
    for change in both.changes:
        histories.setdefault(change.issue_key, []).append(change)
    assert all(each == sorted(each, key=lambda change: change.at) for each in histories.values())
    befores = {each.key: each for each in old[0]}
    for pair in pairs:
        (kept,) = (each for each in both.issues if each.key == pair[1])
        assert kept.created is not None
        born = befores[pair[0]].created
        assert born is not None
        assert kept.created <= born


@given(sides("A"), sides("B"))
def test_without_pairs_what_is_of_now_stays_as_it_is(
    old: tuple[list[Issue], list[Change]], new: tuple[list[Issue], list[Change]]
) -> None:
    both = joined(facts(*new), facts(*old), Move("new"), CALENDAR)
    assert [each for each in both.issues if each.key.startswith("B")] == new[0]
    assert len(both.changes) == len(old[1]) + len(new[1])
