"""Facts: issues with their histories, sprints, weeks, corrections."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.backend import PersistenceBackend
from store.errors import UnknownQuery
from store.records import Correction, Issue, Milestone, ProjectData, Sprint, Week
from tests import record_strategies as any_of
from tests.store.contract.engines import Making, any_records, one_query
from tests.store.contract.filling import LATER, NOW, NOWHERE, REF, change, fill


@pytest.mark.slow
@any_records
@given(data=st.data(), records=st.lists(any_of.issues, max_size=5, unique_by=lambda issue: issue.key))
def test_any_issues_and_changes_come_back_as_they_were_saved(
    making: Making, data: st.DataObject, records: list[Issue]
) -> None:
    changes = data.draw(any_of.changes_of([issue.key for issue in records]))
    with one_query(making) as backend:
        backend.upsert_issues(REF, records, changes)
        assert backend.list_issues(REF) == records
        assert backend.list_changes(REF) == sorted(changes, key=lambda each: (each.issue_key, each.at))


@any_records
@given(
    sprints=st.lists(any_of.sprints, max_size=3, unique_by=lambda sprint: sprint.name),
    weeks=st.lists(any_of.weeks, max_size=4),
    project_data=any_of.project_data,
    milestones=st.lists(any_of.milestones, max_size=3),
)
def test_any_facts_come_back_as_they_were_saved(
    making: Making,
    sprints: list[Sprint],
    weeks: list[Week],
    project_data: ProjectData,
    milestones: list[Milestone],
) -> None:
    with one_query(making) as backend:
        backend.save_sprints(REF, sprints)
        backend.replace_weeks(REF, weeks)
        backend.save_project_data(REF, project_data)
        backend.replace_milestones("p", milestones)
        facts = backend.load_facts(REF)
    assert sorted(facts.sprints, key=lambda sprint: sprint.name) == sorted(sprints, key=lambda sprint: sprint.name)
    assert list(facts.weeks) == weeks
    assert facts.project_data == project_data
    assert list(facts.milestones) == sorted(milestones, key=lambda milestone: (milestone.day, milestone.name))


def test_facts_are_what_the_single_lists_say(backend: PersistenceBackend) -> None:
    fill(backend, REF)
    facts = backend.load_facts(REF)
    assert (facts.profile, facts.query) == (backend.get_profile("p"), backend.get_query(REF))
    assert list(facts.issues) == backend.list_issues(REF) == [Issue("T-1")]
    assert list(facts.changes) == backend.list_changes(REF)
    assert list(facts.sprints) == backend.list_sprints(REF)
    assert list(facts.weeks) == backend.list_weeks(REF)
    assert list(facts.corrections) == backend.list_corrections(REF)
    assert facts.project_data == backend.get_project_data(REF)


def test_facts_of_an_unknown_query_are_refused(backend: PersistenceBackend) -> None:
    with pytest.raises(UnknownQuery):
        backend.load_facts(NOWHERE)


def test_issues_keep_the_order_of_insertion_when_overwritten(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-2"), Issue("T-1"), Issue("T-3")])
    backend.upsert_issues(REF, [Issue("T-1", summary="new"), Issue("T-0")])
    assert [(issue.key, issue.summary) for issue in backend.list_issues(REF)] == [
        ("T-2", ""),
        ("T-1", "new"),
        ("T-3", ""),
        ("T-0", ""),
    ]


def test_issues_that_say_the_same_beside_the_columns_have_an_object_each(backend: PersistenceBackend) -> None:
    beside = {"team": "north", "blocked_by": ["T-9"], "releases": {"1.0": "2026-05-01"}}
    saved = [Issue("T-1", extras=beside), Issue("T-2", extras=dict(beside)), Issue("T-3", extras={"a": 1})]
    backend.upsert_issues(REF, saved)
    for issues in (backend.list_issues(REF), list(backend.load_facts(REF).issues)):
        assert issues == saved
        first, second, other = (issue.extras for issue in issues)
        assert isinstance(first, dict)
        first["team"] = "south"
        assert (second["team"], other) == ("north", {"a": 1})
    assert backend.list_issues(REF, ["T-2"])[0].extras["team"] == "north"


def test_the_keys_of_issues_are_those_of_the_issues_in_their_order(backend: PersistenceBackend) -> None:
    gone = Issue("T-1", source_id="7", in_query=False, left_query=NOW)
    backend.upsert_issues(REF, [Issue("T-2", source_id="9"), gone, Issue("T-3")])
    backend.upsert_issues(REF, [Issue("T-2", source_id="10")])
    assert backend.list_keys(REF) == [("T-2", "10", True), ("T-1", "7", False), ("T-3", "", True)]
    assert backend.list_keys(NOWHERE) == []
    with backend.transaction():
        backend.delete_issues(REF, ["T-2"])
        assert [each.key for each in backend.list_keys(REF)] == ["T-1", "T-3"]


def test_issues_and_histories_can_be_asked_for_by_key(backend: PersistenceBackend) -> None:
    issues = [Issue(f"T-{number}") for number in range(1200)]
    backend.upsert_issues(REF, issues, [change(issue.key, NOW, "Done") for issue in issues])
    keys = {f"T-{number}" for number in range(0, 1300, 2)}
    assert {issue.key for issue in backend.list_issues(REF, keys)} == {f"T-{number}" for number in range(0, 1200, 2)}
    issue_keys = [each.issue_key for each in backend.list_changes(REF, keys)]
    assert issue_keys == sorted(keys & {issue.key for issue in issues})
    assert (backend.list_issues(REF, []), backend.list_changes(REF, [])) == ([], [])
    assert (backend.list_issues(NOWHERE, keys), backend.list_changes(NOWHERE, keys)) == ([], [])


def test_an_issue_given_twice_is_saved_as_the_last_one(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1", summary="old"), Issue("T-1", summary="new")])
    assert [issue.summary for issue in backend.list_issues(REF)] == ["new"]


def test_histories_of_exactly_the_issues_given_are_replaced(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1"), Issue("T-2")], [change("T-1", NOW, "Doing"), change("T-2", NOW, "Doing")])
    backend.upsert_issues(REF, [Issue("T-1")], [change("T-1", LATER, "Done")])
    assert backend.list_changes(REF) == [change("T-1", LATER, "Done"), change("T-2", NOW, "Doing")]


def test_histories_stay_when_none_are_given_and_go_when_empty_ones_are(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1")], [change("T-1", NOW, "Done")])
    backend.upsert_issues(REF, [Issue("T-1")])
    assert len(backend.list_changes(REF)) == 1
    backend.upsert_issues(REF, [Issue("T-1")], [])
    assert backend.list_changes(REF) == []


def test_changes_of_one_instant_keep_their_order(backend: PersistenceBackend) -> None:
    steps = [change("T-1", NOW, "C"), change("T-1", NOW, "A"), change("T-1", NOW, "B")]
    backend.upsert_issues(REF, [Issue("T-1")], [change("T-1", LATER, "last"), *steps])
    assert [each.to_value for each in backend.list_changes(REF)] == ["C", "A", "B", "last"]


def test_a_history_without_its_issue_is_refused_and_nothing_is_saved(backend: PersistenceBackend) -> None:
    with pytest.raises(ValueError, match="T-9"):
        backend.upsert_issues(REF, [Issue("T-1")], [change("T-9", NOW, "Done")])
    assert backend.list_issues(REF) == []


def test_a_deleted_issue_takes_its_history_along(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1"), Issue("T-2")], [change("T-1", NOW, "Done"), change("T-2", NOW, "Done")])
    backend.delete_issues(REF, ["T-1"])
    assert [issue.key for issue in backend.list_issues(REF)] == ["T-2"]
    assert [each.issue_key for each in backend.list_changes(REF)] == ["T-2"]


def test_sprints_come_by_start_those_without_one_last(backend: PersistenceBackend) -> None:
    backend.save_sprints(REF, [Sprint("B"), Sprint("late", start=LATER), Sprint("A"), Sprint("early", start=NOW)])
    assert [sprint.name for sprint in backend.list_sprints(REF)] == ["early", "late", "A", "B"]


def test_a_sprint_is_overwritten_by_name(backend: PersistenceBackend) -> None:
    backend.save_sprints(REF, [Sprint("One", state="active"), Sprint("Two")])
    backend.save_sprints(REF, [Sprint("One", state="closed", end=LATER)])
    assert backend.list_sprints(REF) == [Sprint("One", state="closed", end=LATER), Sprint("Two")]


def test_weeks_keep_order_and_duplicates_and_are_replaced_as_a_whole(backend: PersistenceBackend) -> None:
    rows = [Week(date(2026, 3, 9)), Week(date(2026, 3, 2)), Week(None), Week(date(2026, 3, 9))]
    backend.replace_weeks(REF, rows)
    assert backend.list_weeks(REF) == rows
    backend.replace_weeks(REF, rows[:1])
    assert backend.list_weeks(REF) == rows[:1]


def test_corrections_are_kept_by_day_and_replaced_as_a_whole(backend: PersistenceBackend) -> None:
    later, earlier = Correction(date(2026, 3, 9), 12, 3.5, 0, None), Correction(date(2026, 3, 2), created_points=0.0)
    backend.replace_corrections(REF, [later, Correction(date(2026, 3, 2), 99), earlier])
    assert backend.list_corrections(REF) == [earlier, later]
    backend.replace_corrections(REF, [later])
    assert backend.list_corrections(REF) == [later]


def test_corrections_stay_when_issues_and_weeks_are_written(backend: PersistenceBackend) -> None:
    correction = Correction(date(2026, 3, 2), completed_items=12)
    backend.replace_corrections(REF, [correction])
    backend.upsert_issues(REF, [Issue("T-1")], [change("T-1", NOW, "Done")])
    backend.delete_issues(REF, ["T-1"])
    backend.replace_weeks(REF, [Week(date(2026, 3, 2), 9)])
    backend.save_project_data(REF, ProjectData({}, NOW))
    assert backend.load_facts(REF).corrections == (correction,)


@any_records
@given(corrections=st.lists(any_of.corrections, max_size=4, unique_by=lambda each: each.day))
def test_any_corrections_come_back_as_they_were_saved(making: Making, corrections: list[Correction]) -> None:
    with one_query(making) as backend:
        backend.replace_corrections(REF, corrections)
        assert backend.list_corrections(REF) == sorted(corrections, key=lambda correction: correction.day)


def test_a_deleted_sprint_is_forgotten_and_unknown_names_are_ignored(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1", sprints=("One",))])
    backend.save_sprints(REF, [Sprint("One"), Sprint("Two")])
    backend.delete_sprints(REF, ["One", "Three"])
    assert backend.list_sprints(REF) == [Sprint("Two")]
    assert backend.list_issues(REF)[0].sprints == ("One",)
