"""Which issue of before is which one of now: every rule, what is left in doubt, and that nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.moving import Matches, Rule, matched, title_of
from store.records import Change, Issue
from tests.domain.build import CALENDAR, at, day, issue, moves
from tests.steps import steps_of


def match(old: Sequence[Issue], new: Sequence[Issue], changes: Sequence[Change] = ()) -> Matches:
    return matched(old, new, (), changes, CALENDAR)


def pairs(matches: Matches) -> dict[str, tuple[str, Rule]]:
    return {pair.old: (pair.new, pair.rule) for pair in matches.pairs}


def test_a_kept_key_is_the_same_issue_though_its_title_was_edited() -> None:
    old = [issue("A-1", "01-05", summary="One"), issue("A-2", "01-06", summary="Two")]
    new = [issue("A-1", "01-05", summary="One"), issue("A-2", "03-02", summary="Second")]
    assert pairs(match(old, new)) == {"A-1": ("A-1", Rule.KEY), "A-2": ("A-2", Rule.KEY)}


def test_keys_that_mostly_mean_other_issues_pair_only_what_agrees() -> None:
    old = [issue(f"A-{n}", f"01-0{n}", summary=f"Old {n}") for n in range(1, 5)]
    new = [issue("A-1", "02-01", summary="Old 1"), *(issue(f"A-{n}", "02-02", summary=f"New {n}") for n in (2, 3, 4))]
    matches = match(old, new)
    assert pairs(matches) == {"A-1": ("A-1", Rule.KEY)}
    assert (matches.only_old, matches.only_new) == (("A-2", "A-3", "A-4"), ("A-2", "A-3", "A-4"))


def test_a_mere_number_as_key_says_nothing_alone() -> None:
    old = [issue("1", "01-05", summary="One"), issue("2", "01-06", summary="Two")]
    new = [issue("1", "03-01", summary="Other"), issue("2", "03-01", summary="Two")]
    assert pairs(match(old, new)) == {"2": ("2", Rule.KEY)}


def test_a_renamed_project_keeps_its_numbers() -> None:
    old = [issue(f"OLD-{n}", f"01-0{n}", summary=f"Title {n}") for n in range(1, 6)]
    new = [issue(f"NEW-{n}", f"01-0{n}", summary=f"Title {n}") for n in range(1, 5)]
    # Its title was edited; the day says it.
    new.append(issue("NEW-5", "01-05", summary="Edited"))
    assert pairs(match(old, new)) == {f"OLD-{n}": (f"NEW-{n}", Rule.NUMBER) for n in range(1, 6)}


def test_equal_numbers_of_other_work_are_no_renaming() -> None:
    old = [issue(f"OLD-{n}", f"01-0{n}", summary=f"Title {n}") for n in range(1, 6)]
    new = [issue(f"NEW-{n}", f"02-0{n}", summary=f"Else {n}") for n in range(1, 6)]
    assert match(old, new).pairs == ()


def test_an_old_key_in_a_field_or_the_title_wins_over_all_else() -> None:
    old = [issue("ABC-1", "01-05", summary="One"), issue("ABC-2", "01-06", summary="Two"),
           issue("ABC-3", "01-07", summary="Three"), issue("ABC-4", "01-08", source_id="9001")]  # fmt: skip
    new = [
        issue("LIN-7", "03-01", summary="Anything", extras={"Original  Key": "abc-1"}),
        issue("LIN-8", "03-01", summary="[ABC-2] Two"),
        issue("LIN-9", "03-01", summary="ABC-3: now"),
        issue("LIN-10", "03-01", extras={"External issue ID": "9001"}),
    ]
    matches = match(old, new)
    assert pairs(matches) == {
        f"ABC-{n}": (key, Rule.NOTED) for n, key in enumerate(("LIN-7", "LIN-8", "LIN-9", "LIN-10"), 1)
    }
    assert matches.by_rule == {Rule.NOTED: 4}
    assert matches.share() == 1.0


def test_a_title_that_names_an_issue_that_came_along_speaks_of_that_one() -> None:
    old = [issue("A-1", "01-05", summary="Base"), issue("A-2", "01-06", summary="[A-1] follow-up")]
    assert pairs(match(old, old)) == {key: (key, Rule.KEY) for key in ("A-1", "A-2")}


def test_two_that_name_one_old_key_stay_apart_and_are_listed() -> None:
    old = [issue("A-1", "01-05", summary="One")]
    new = [issue(f"B-{n}", "03-01", summary="One", extras={"Legacy ID": "A-1"}) for n in (5, 6)]
    matches = match(old, new)
    assert matches.pairs == ()
    assert [(each.old, each.new) for each in matches.ambiguous] == [(("A-1",), ("B-5", "B-6"))]


def test_titles_pair_by_day_then_where_they_are_unique() -> None:
    old = [issue("1", "01-05", summary="Fix it"), issue("2", "01-06", summary="Fix it"),
           issue("3", "01-07", summary="Only once"), issue("4", "01-08", summary="Twice")]  # fmt: skip
    new = [issue("x", "01-05", summary="fix  IT"), issue("y", "01-06", summary="Fix it"),
           issue("z", "03-01", summary="Only once"), issue("v", "03-01", summary="Twice"),
           issue("w", "03-01", summary="Twice")]  # fmt: skip
    matches = match(old, new)
    assert pairs(matches) == {"1": ("x", Rule.TITLE_AND_DAY), "2": ("y", Rule.TITLE_AND_DAY), "3": ("z", Rule.TITLE)}
    assert [(each.old, each.new) for each in matches.ambiguous] == [(("4",), ("v", "w"))]


def test_what_is_older_than_the_old_one_is_another_issue() -> None:
    assert match([issue("1", "03-01", summary="Same")], [issue("x", "01-05", summary="Same")]).pairs == ()


def test_the_move_is_when_most_was_made_anew_and_its_sweep_is_told_from_work() -> None:
    old = [issue(f"A-{n}", f"01-0{n}", summary=f"T {n}", updated=at("02-20")) for n in range(1, 6)]
    new = [issue(f"B-{n}", "03-02", summary=f"T {n}") for n in range(1, 6)]
    changes = [change for n in range(1, 5) for change in moves(f"B-{n}", ("", "To Do"), ("03-03 09:00", "Done"))]
    changes += moves("B-5", ("", "To Do"), ("03-05 09:00", "Done"))
    matches = match(old, new, changes)
    assert (matches.moved, matches.sweeps) == (at("03-02"), (day("03-03"),))


def test_where_nothing_was_made_anew_the_move_is_the_last_that_the_old_source_tells() -> None:
    old = [issue(f"A-{n}", f"01-0{n}", summary=f"T {n}", updated=at("02-20")) for n in range(1, 6)]
    matches = match(old, [replace(each, updated=at("03-09")) for each in old])
    assert (matches.moved, matches.sweeps) == (at("02-20"), ())


def test_one_address_is_one_record_of_one_tracker() -> None:
    old = [issue("A-1", "01-05", url="https://jira.example.com/browse/A-1")]
    assert match(old, old).same == 1
    assert match(old, [replace(old[0], url="https://example.atlassian.net/browse/A-1")]).same == 0


ISSUES = st.lists(
    st.builds(
        issue,
        st.sampled_from([f"{prefix}{number}" for prefix in ("A-", "B-", "") for number in range(1, 7)]),
        st.sampled_from([None, "01-05", "01-06", "03-02"]),
        summary=st.sampled_from(["", "One", "one", "Two", "[A-1] Three", "B-2: Four", "[A-9] [A-2]"]),
        source_id=st.sampled_from(["", "7", "8"]),
        extras=st.sampled_from([{}, {"Original key": "A-1"}, {"Old ID": ["B-2", "A-3"]}, {"Legacy ID": "7"}]),
    ),
    max_size=9,
    unique_by=lambda each: each.key,
)


@given(ISSUES, ISSUES)
def test_every_issue_stands_in_exactly_one_place(old: list[Issue], new: list[Issue]) -> None:
    matches = match(old, new)
    olds = [pair.old for pair in matches.pairs] + [key for each in matches.ambiguous for key in each.old]
    news = [pair.new for pair in matches.pairs] + [key for each in matches.ambiguous for key in each.new]
    assert sorted([*olds, *matches.only_old]) == sorted(each.key for each in old)
    assert sorted([*news, *matches.only_new]) == sorted(each.key for each in new)
    assert all(each.old and each.new for each in matches.ambiguous)
    assert 0 <= matches.share() <= 1


@given(ISSUES, ISSUES)
def test_the_order_of_the_issues_says_nothing(old: list[Issue], new: list[Issue]) -> None:
    matches = match(old, new)
    again = match(old[::-1], new[::-1])
    assert set(matches.pairs) == set(again.pairs)
    assert {frozenset(each.old + each.new) for each in matches.ambiguous} == {
        frozenset(each.old + each.new) for each in again.ambiguous
    }


@given(ISSUES)
def test_titles_pair_nothing_that_has_a_double_on_its_side(new: list[Issue]) -> None:
    old = [issue("Z-1", summary="One"), issue("Z-2", summary="one")]
    for pair in match(old, new).pairs:
        assert pair.rule is not Rule.TITLE
        assert title_of(old[0]) == "one"


def test_numbers_that_are_of_too_many_projects_say_nothing_and_take_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.moving._MOST_PAIRS", 100)

    def lists(count: int) -> tuple[list[Issue], list[Issue]]:
        old = [issue(f"O{n}-1", "01-05", summary=f"Title {n}") for n in range(count)]
        return old, [issue(f"N{n}-1", "01-05", summary=f"Title {n}") for n in range(count)]

    assert {rule for _, rule in pairs(match(*lists(10))).values()} == {Rule.NUMBER}
    few, many = lists(60), lists(120)
    assert {rule for _, rule in pairs(match(*few)).values()} == {Rule.TITLE_AND_DAY}
    assert steps_of(lambda: match(*many)) < 3 * steps_of(lambda: match(*few))
