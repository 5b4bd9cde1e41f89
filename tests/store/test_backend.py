"""The contract of PersistenceBackend, the same for every backend."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.backend import PersistenceBackend
from store.errors import DuplicateName, Refused, UnknownQuery
from store.legacy.tree.jsontree import JSONBackend
from store.records import (
    CachedChangelog,
    CachedPage,
    Change,
    Correction,
    Counts,
    ForecastMade,
    Issue,
    MigrationEntry,
    Milestone,
    Profile,
    ProjectData,
    Query,
    QueryRef,
    Snapshot,
    Sprint,
    Task,
    Week,
)
from store.sqlite.backend import SQLiteBackend
from store.sqlite.connections import Journal
from tests import postgres
from tests import record_strategies as any_of
from tests.examples import examples
from tests.filled_stores import contents
from tests.memory_backend import MemoryBackend
from tests.quick_folders import quick_folder

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
REF = QueryRef("p", "q")
NOWHERE = QueryRef("p", "no such query")
Making = Callable[[], AbstractContextManager[PersistenceBackend]]


def profile(profile_id: str = "p", name: str = "Team") -> Profile:
    return Profile(id=profile_id, name=name, created_at=NOW, last_used=NOW)


def query(query_id: str = "q", name: str = "All", profile_id: str = "p") -> Query:
    return Query(profile_id=profile_id, id=query_id, name=name, created_at=NOW, last_used=NOW)


def change(key: str, at: datetime, to: str) -> Change:
    return Change(key, at, "status", None, to)


@contextmanager
def memory() -> Iterator[PersistenceBackend]:
    yield MemoryBackend()


@contextmanager
def sqlite(journal: Journal) -> Iterator[PersistenceBackend]:
    with quick_folder() as folder:
        backend = SQLiteBackend(Path(folder) / "burndown.db", journal=journal)
        try:
            yield backend
        finally:
            backend.close()


@contextmanager
def json_tree() -> Iterator[PersistenceBackend]:
    with quick_folder() as folder:
        yield JSONBackend(Path(folder))


MAKINGS: dict[str, Making] = {
    "memory": memory,
    "json-tree": json_tree,
    **{f"sqlite-{journal.replace(' ', '-')}": partial(sqlite, journal) for journal in Journal},
    **{f"postgresql-{version}": partial(postgres.emptied, version) for version in postgres.VERSIONS},
}


# The others repeat the contract for an engine or a journal more.
_QUICK = ("memory", f"sqlite-{Journal.WAL}")


@pytest.fixture(params=[pytest.param(name, marks=() if name in _QUICK else pytest.mark.slow) for name in MAKINGS])
def making(request: pytest.FixtureRequest) -> Making:
    return MAKINGS[request.param]


@pytest.fixture
def empty(making: Making) -> Iterator[PersistenceBackend]:
    with making() as backend:
        yield backend


@pytest.fixture
def backend(empty: PersistenceBackend) -> PersistenceBackend:
    empty.save_profile(profile())
    empty.save_query(query())
    return empty


# Every example gets a backend of its own from the function-scoped `making`, so nothing leaks between them.
any_records = settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def one_query(making: Making) -> Iterator[PersistenceBackend]:
    with making() as backend:
        backend.save_profile(profile())
        backend.save_query(query())
        yield backend


# -- profiles and queries -------------------------------------------------------------------------------


@any_records
@given(record=any_of.profiles)
def test_any_profile_comes_back_as_it_was_saved(making: Making, record: Profile) -> None:
    with making() as backend:
        backend.save_profile(record)
        assert backend.get_profile(record.id) == record
        assert backend.list_profiles() == [record]


@any_records
@given(record=any_of.queries)
def test_any_query_comes_back_as_it_was_saved(making: Making, record: Query) -> None:
    with making() as backend:
        backend.save_profile(profile())
        backend.save_query(record)
        found = backend.get_query(record.ref)
        assert found is not None
        assert replace(found, revision=0) == record
        assert backend.list_queries("p") == [found]


def test_what_is_not_there_is_none_or_empty(empty: PersistenceBackend) -> None:
    assert empty.get_profile("p") is None
    assert empty.get_query(REF) is None
    assert empty.active_query() is None
    assert empty.get_state("theme") is None
    assert empty.get_project_data(REF) is None
    assert empty.revision(REF) == 0
    assert (empty.list_profiles(), empty.list_queries("p")) == ([], [])
    assert (empty.list_issues(REF), empty.list_changes(REF)) == ([], [])
    assert empty.counts() == empty.counts(REF) == Counts()


def test_profiles_come_last_used_first(empty: PersistenceBackend) -> None:
    empty.save_profile(profile("a", "A"))
    empty.save_profile(replace(profile("b", "B"), last_used=LATER))
    assert [each.id for each in empty.list_profiles()] == ["b", "a"]


def test_saving_a_profile_again_keeps_its_queries_and_their_data(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue(f"T-{number}") for number in range(100)])
    backend.save_profile(replace(profile(), name="Renamed"))
    assert [each.name for each in backend.list_profiles()] == ["Renamed"]
    assert len(backend.list_issues(REF)) == 100


def test_saving_a_query_again_keeps_its_data(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1")])
    backend.save_query(replace(query(), name="Renamed"))
    assert [issue.key for issue in backend.list_issues(REF)] == ["T-1"]


def test_two_profiles_cannot_share_a_name(backend: PersistenceBackend) -> None:
    with pytest.raises(DuplicateName):
        backend.save_profile(profile("other"))
    assert [each.id for each in backend.list_profiles()] == ["p"]


def test_two_queries_of_a_profile_cannot_share_a_name(backend: PersistenceBackend) -> None:
    with pytest.raises(DuplicateName):
        backend.save_query(query("other"))
    assert [each.id for each in backend.list_queries("p")] == ["q"]


def test_the_same_query_id_and_name_live_under_two_profiles(backend: PersistenceBackend) -> None:
    backend.save_profile(profile("copy", "Copy"))
    backend.save_query(query(profile_id="copy"))
    backend.upsert_issues(REF, [Issue("T-1")])
    assert backend.list_issues(QueryRef("copy", "q")) == []


def test_a_query_needs_its_profile(empty: PersistenceBackend) -> None:
    with pytest.raises(UnknownQuery):
        empty.save_query(query())


def fill(backend: PersistenceBackend, ref: QueryRef) -> None:
    backend.upsert_issues(ref, [Issue("T-1")], [change("T-1", NOW, "Done")])
    backend.save_sprints(ref, [Sprint("One")])
    backend.replace_weeks(ref, [Week(date(2026, 3, 2))])
    backend.replace_corrections(ref, [Correction(date(2026, 3, 2), completed_items=12)])
    backend.save_project_data(ref, ProjectData({"a": 1}, NOW))
    backend.save_snapshots(ref, [Snapshot("2026-W10", "velocity", {"v": 1}, NOW)])
    backend.save_forecast(ref, forecast_of(date(2026, 3, 2)))
    backend.save_pages(ref, [CachedPage("k", b"{}", NOW, LATER)])
    backend.save_changelogs(ref, [CachedChangelog("T-1", b"{}", NOW, LATER)])


def forecast_of(day: date, unit: str = "items", seed: int = 0) -> ForecastMade:
    return ForecastMade(NOW, day, unit, "plain", 40.0, {50: 12, 95: None}, 12, 10_000, seed)


def everything_of(backend: PersistenceBackend, ref: QueryRef) -> list[object]:
    return [
        *backend.list_issues(ref),
        *backend.list_changes(ref),
        *backend.list_sprints(ref),
        *backend.list_weeks(ref),
        *backend.list_corrections(ref),
        *([data] if (data := backend.get_project_data(ref)) else []),
        *backend.list_snapshots(ref),
        *backend.list_forecasts(ref),
        *backend.list_pages(ref),
        *backend.list_changelogs(ref),
    ]


def test_deleting_a_query_takes_all_its_data_and_nothing_else(backend: PersistenceBackend) -> None:
    other = QueryRef("p", "other")
    backend.save_query(query("other", "Other"))
    for ref in (REF, other):
        fill(backend, ref)
    backend.delete_query(REF)
    backend.save_query(query())
    assert everything_of(backend, REF) == []
    assert len(everything_of(backend, other)) == 10


def test_deleting_a_profile_takes_its_queries_data_and_milestones(backend: PersistenceBackend) -> None:
    fill(backend, REF)
    backend.replace_milestones("p", [Milestone("Beta", date(2026, 5, 1))])
    backend.delete_profile("p")
    assert backend.counts() == Counts()
    backend.save_profile(profile())
    backend.save_query(query())
    assert everything_of(backend, REF) == []
    assert backend.list_milestones("p") == []


def test_deleting_what_is_not_there_does_nothing(backend: PersistenceBackend) -> None:
    backend.delete_profile("nobody")
    backend.delete_query(NOWHERE)
    backend.delete_issues(REF, ["T-404"])
    assert backend.counts().queries == 1


def test_switching_makes_active_and_stamps_query_and_profile(backend: PersistenceBackend) -> None:
    backend.switch_query(REF, LATER)
    assert backend.active_query() == REF
    assert backend.list_queries("p")[0].last_used == LATER
    assert backend.list_profiles()[0].last_used == LATER


def test_a_deleted_query_is_no_longer_active(backend: PersistenceBackend) -> None:
    backend.switch_query(REF, LATER)
    backend.delete_query(REF)
    assert backend.active_query() is None


def test_switching_to_an_unknown_query_is_refused(backend: PersistenceBackend) -> None:
    with pytest.raises(UnknownQuery):
        backend.switch_query(NOWHERE, LATER)
    assert backend.active_query() is None


def test_state_is_set_changed_and_removed(empty: PersistenceBackend) -> None:
    empty.set_state("theme", "dark")
    empty.set_state("theme", "light")
    assert empty.get_state("theme") == "light"
    empty.set_state("theme", None)
    assert empty.get_state("theme") is None


def test_state_that_belongs_to_a_query_is_deleted_with_it_or_with_its_profile(empty: PersistenceBackend) -> None:
    for made in (profile("p%", "A"), profile("p_1", "B"), profile("p_10", "C")):
        empty.save_profile(made)
        for each in ("a", "a_"):
            empty.save_query(query(each, each, made.id))
            empty.set_state(f"sync/{made.id}/{each}", "far")
        empty.set_state(f"token/{made.id}", "computer")
    empty.set_state("theme", "dark")
    empty.delete_query(QueryRef("p_1", "a"))
    empty.delete_profile("p%")
    keys = [f"sync/{each}/{name}" for each in ("p%", "p_1", "p_10") for name in ("a", "a_")]
    assert [key for key in keys if empty.get_state(key)] == ["sync/p_1/a_", "sync/p_10/a", "sync/p_10/a_"]
    assert (empty.get_state("token/p_1"), empty.get_state("theme")) == ("computer", "dark")


def test_a_note_of_a_query_is_read_by_whoever_goes_on_and_deleted_with_it(backend: PersistenceBackend) -> None:
    backend.set_note(REF, "sync", "page 1")
    backend.set_note(REF, "sync", "page 2")
    assert (backend.get_note(REF, "sync"), backend.get_note(REF, "other")) == ("page 2", None)
    assert backend.get_note(QueryRef("p", "other"), "sync") is None
    backend.delete_query(REF)
    assert backend.get_note(REF, "sync") is None
    backend.save_query(query())
    backend.set_note(REF, "sync", "page 1")
    backend.set_note(REF, "sync", None)
    assert backend.get_note(REF, "sync") is None


def test_a_note_of_a_project_is_under_a_query_without_an_id_and_deleted_with_the_project(
    backend: PersistenceBackend,
) -> None:
    whole = QueryRef("p", "")
    backend.set_note(whole, "chosen", "who and when")
    backend.delete_query(REF)
    assert backend.get_note(whole, "chosen") == "who and when"
    backend.delete_profile("p")
    assert backend.get_note(whole, "chosen") is None


def test_a_query_comes_with_its_profile_and_the_revision_of_that_moment(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1")])
    assert backend.work(REF) == (backend.get_profile("p"), backend.get_query(REF))
    facts = backend.load_facts(REF)
    assert backend.work(REF)[1].revision == facts.query.revision == backend.revision(REF)
    with pytest.raises(UnknownQuery):
        backend.work(NOWHERE)


def test_what_is_deleted_comes_with_no_profile(backend: PersistenceBackend) -> None:
    backend.discard_profile("p", NOW, MONTH)
    with pytest.raises(UnknownQuery):
        backend.work(REF)


NUL = "a\0b"
# Everything with a text of its own. What lies in a nested object is spelled out in JSON, where it does no harm.
WITH_NUL: dict[str, Callable[[PersistenceBackend], None]] = {
    "profile": lambda backend: backend.save_profile(replace(profile(), description=NUL)),
    "profile's name": lambda backend: backend.save_profile(profile("other", NUL)),
    "query": lambda backend: backend.save_query(replace(query(), jql=NUL)),
    "state": lambda backend: backend.set_state("theme", NUL),
    "key of a state": lambda backend: backend.set_state(NUL, "dark"),
    "note": lambda backend: backend.set_note(REF, "sync", NUL),
    "issue": lambda backend: backend.upsert_issues(REF, [Issue("T-1"), Issue("T-2", assignee=NUL)]),
    "issue's key": lambda backend: backend.upsert_issues(REF, [Issue(NUL)]),
    "change": lambda backend: backend.upsert_issues(REF, [Issue("T-1")], [change("T-1", NOW, NUL)]),
    "sprint": lambda backend: backend.save_sprints(REF, [Sprint("One", goal=NUL)]),
    "week": lambda backend: backend.replace_weeks(REF, [Week(date(2026, 3, 2), source=NUL)]),
    "milestone": lambda backend: backend.replace_milestones("p", [Milestone(NUL, date(2026, 5, 1))]),
    "snapshot": lambda backend: backend.save_snapshots(REF, [Snapshot("2026-W10", NUL, {}, NOW)]),
    "forecast": lambda backend: backend.save_forecast(REF, forecast_of(date(2026, 3, 2), unit=NUL)),
    "page": lambda backend: backend.save_pages(REF, [CachedPage(NUL, b"{}", NOW, LATER)]),
    "changelog": lambda backend: backend.save_changelogs(REF, [CachedChangelog(NUL, b"{}", NOW, LATER)]),
    "task": lambda backend: backend.save_task(Task("Sync", "running", 0.0, NOW, NUL)),
    "migration": lambda backend: backend.add_migration(MigrationEntry(NUL, "", NOW, NOW, "migrated", {})),
}


@pytest.mark.parametrize("what", WITH_NUL)
def test_a_nul_character_is_refused_with_the_text_that_holds_it(backend: PersistenceBackend, what: str) -> None:
    fill(backend, REF)
    before = everything_of(backend, REF), backend.list_milestones("p"), backend.list_profiles()
    with pytest.raises(Refused, match=r"NUL character.*'a\\x00b'"):
        WITH_NUL[what](backend)
    assert (everything_of(backend, REF), backend.list_milestones("p"), backend.list_profiles()) == before


# -- facts ----------------------------------------------------------------------------------------------


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


def test_issues_and_histories_can_be_asked_for_by_key(backend: PersistenceBackend) -> None:
    made = [Issue(f"T-{number}") for number in range(1200)]
    backend.upsert_issues(REF, made, [change(issue.key, NOW, "Done") for issue in made])
    keys = {f"T-{number}" for number in range(0, 1300, 2)}
    assert {issue.key for issue in backend.list_issues(REF, keys)} == {f"T-{number}" for number in range(0, 1200, 2)}
    found = [each.issue_key for each in backend.list_changes(REF, keys)]
    assert found == sorted(keys & {issue.key for issue in made})
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
@given(corrections=st.lists(any_of.corrections, max_size=4, unique_by=lambda one: one.day))
def test_any_corrections_come_back_as_they_were_saved(making: Making, corrections: list[Correction]) -> None:
    with one_query(making) as backend:
        backend.replace_corrections(REF, corrections)
        assert backend.list_corrections(REF) == sorted(corrections, key=lambda one: one.day)


def test_a_deleted_sprint_is_forgotten_and_unknown_names_are_ignored(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1", sprints=("One",))])
    backend.save_sprints(REF, [Sprint("One"), Sprint("Two")])
    backend.delete_sprints(REF, ["One", "Three"])
    assert backend.list_sprints(REF) == [Sprint("Two")]
    assert backend.list_issues(REF)[0].sprints == ("One",)


# -- revision -------------------------------------------------------------------------------------------

RAISING: dict[str, Callable[[PersistenceBackend], None]] = {
    "issues": lambda backend: backend.upsert_issues(REF, [Issue("T-1")]),
    "deleted issues": lambda backend: backend.delete_issues(REF, ["T-1"]),
    "sprints": lambda backend: backend.save_sprints(REF, [Sprint("One")]),
    "deleted sprints": lambda backend: backend.delete_sprints(REF, ["One"]),
    "weeks": lambda backend: backend.replace_weeks(REF, []),
    "corrections": lambda backend: backend.replace_corrections(REF, []),
    "project data": lambda backend: backend.save_project_data(REF, ProjectData({}, NOW)),
    "profile": lambda backend: backend.save_profile(replace(profile(), show_points=True)),
    "query": lambda backend: backend.save_query(replace(query(), jql="project = X")),
    "milestones": lambda backend: backend.replace_milestones("p", []),
}


@pytest.mark.parametrize("changed", RAISING)
def test_every_change_of_facts_raises_the_revision(backend: PersistenceBackend, changed: str) -> None:
    before = backend.revision(REF)
    RAISING[changed](backend)
    assert backend.revision(REF) > before
    assert backend.load_facts(REF).query.revision == backend.revision(REF)


RECORDING: dict[str, Callable[[PersistenceBackend], None]] = {
    "snapshots": lambda backend: backend.save_snapshots(REF, [Snapshot("2026-W10", "velocity", {}, NOW)]),
    "forecast": lambda backend: backend.save_forecast(REF, forecast_of(date(2026, 3, 2))),
    "pages": lambda backend: backend.save_pages(REF, [CachedPage("k", b"", NOW, LATER)]),
    "changelogs": lambda backend: backend.save_changelogs(REF, [CachedChangelog("T-1", b"", NOW, LATER)]),
    "task": lambda backend: backend.save_task(Task("sync", "running", 0.0, NOW)),
    "state": lambda backend: backend.set_state("theme", "dark"),
    "switch": lambda backend: backend.switch_query(REF, LATER),
}


@pytest.mark.parametrize("recorded", RECORDING)
def test_what_is_only_recorded_leaves_the_revision(backend: PersistenceBackend, recorded: str) -> None:
    before = backend.revision(REF)
    RECORDING[recorded](backend)
    assert backend.revision(REF) == before


def test_a_change_leaves_the_revisions_of_other_queries(backend: PersistenceBackend) -> None:
    backend.save_query(query("other", "Other"))
    before = backend.revision(REF)
    backend.upsert_issues(QueryRef("p", "other"), [Issue("T-1")])
    assert backend.revision(REF) == before


def test_a_query_made_again_never_repeats_a_revision(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1")])
    seen = backend.revision(REF)
    backend.delete_query(REF)
    backend.save_query(query())
    assert backend.revision(REF) > seen


def test_the_revision_of_a_saved_record_is_not_taken_over(backend: PersistenceBackend) -> None:
    backend.save_query(replace(query(), revision=1_000_000))
    assert backend.revision(REF) < 1_000_000


UNKNOWN: dict[str, Callable[[PersistenceBackend], None]] = {
    "issues": lambda backend: backend.upsert_issues(NOWHERE, [Issue("T-1")]),
    "deleted issues": lambda backend: backend.delete_issues(NOWHERE, ["T-1"]),
    "sprints": lambda backend: backend.save_sprints(NOWHERE, [Sprint("One")]),
    "deleted sprints": lambda backend: backend.delete_sprints(NOWHERE, ["One"]),
    "weeks": lambda backend: backend.replace_weeks(NOWHERE, []),
    "corrections": lambda backend: backend.replace_corrections(NOWHERE, []),
    "project data": lambda backend: backend.save_project_data(NOWHERE, ProjectData({}, NOW)),
    "milestones": lambda backend: backend.replace_milestones("nobody", []),
    "snapshots": lambda backend: backend.save_snapshots(NOWHERE, []),
    "forecast": lambda backend: backend.save_forecast(NOWHERE, forecast_of(date(2026, 3, 2))),
    "pages": lambda backend: backend.save_pages(NOWHERE, []),
    "changelogs": lambda backend: backend.save_changelogs(NOWHERE, []),
}


@pytest.mark.parametrize("written", UNKNOWN)
def test_data_of_an_unknown_query_are_refused(backend: PersistenceBackend, written: str) -> None:
    with pytest.raises(UnknownQuery):
        UNKNOWN[written](backend)


# -- recorded, cached, journalled -----------------------------------------------------------------------


@any_records
@given(
    snapshots=st.lists(any_of.snapshots, max_size=4, unique_by=lambda each: (each.week, each.metric)),
    forecasts=st.lists(any_of.forecasts, max_size=3, unique_by=lambda each: (each.as_of, each.unit, each.method)),
    pages=st.lists(any_of.pages, max_size=3, unique_by=lambda each: each.cache_key),
    changelogs=st.lists(any_of.changelogs, max_size=3, unique_by=lambda each: each.issue_key),
    tasks=st.lists(any_of.tasks, max_size=3, unique_by=lambda each: each.name),
    migrations=st.lists(any_of.migrations, max_size=3),
)
def test_any_records_of_the_past_come_back_as_they_were_saved(
    making: Making,
    snapshots: list[Snapshot],
    forecasts: list[ForecastMade],
    pages: list[CachedPage],
    changelogs: list[CachedChangelog],
    tasks: list[Task],
    migrations: list[MigrationEntry],
) -> None:
    with one_query(making) as backend:
        backend.save_snapshots(REF, snapshots)
        for forecast in forecasts:
            backend.save_forecast(REF, forecast)
        backend.save_pages(REF, pages)
        backend.save_changelogs(REF, changelogs)
        for task in tasks:
            backend.save_task(task)
        for migration in migrations:
            backend.add_migration(migration)
        assert backend.list_snapshots(REF) == sorted(snapshots, key=lambda each: (each.week, each.metric))
        assert backend.list_forecasts(REF) == sorted(forecasts, key=lambda each: (each.as_of, each.unit, each.method))
        assert backend.list_pages(REF) == pages
        assert backend.list_changelogs(REF) == sorted(changelogs, key=lambda each: each.issue_key)
        assert backend.list_tasks() == sorted(tasks, key=lambda each: each.name)
        assert backend.list_migrations() == migrations


def test_a_snapshot_is_overwritten_by_week_and_metric(backend: PersistenceBackend) -> None:
    backend.save_snapshots(REF, [Snapshot("2026-W10", "velocity", {"v": 1}, NOW, {"f": 1})])
    backend.save_snapshots(REF, [Snapshot("2026-W10", "velocity", {"v": 2}, LATER)])
    assert backend.list_snapshots(REF) == [Snapshot("2026-W10", "velocity", {"v": 2}, LATER)]


def test_the_last_forecast_of_a_day_unit_and_method_stays(backend: PersistenceBackend) -> None:
    for each in (
        forecast_of(date(2026, 3, 3)),
        forecast_of(date(2026, 3, 2), "points"),
        forecast_of(date(2026, 3, 2), seed=1),
        forecast_of(date(2026, 3, 2), seed=2),
    ):
        backend.save_forecast(REF, each)
    assert [(each.as_of.day, each.unit, each.seed) for each in backend.list_forecasts(REF)] == [
        (2, "items", 2),
        (2, "points", 0),
        (3, "items", 0),
    ]


def test_a_cached_page_is_valid_until_the_second_it_expires(backend: PersistenceBackend) -> None:
    page = CachedPage("k", b'{"issues": []}', NOW, LATER)
    backend.save_pages(REF, [page])
    assert backend.get_page(REF, "k", LATER - timedelta(seconds=1)) == page
    assert backend.get_page(REF, "k", LATER) is None
    assert backend.list_pages(REF) == [page]


def test_a_page_that_expired_this_morning_is_not_valid_until_midnight(backend: PersistenceBackend) -> None:
    backend.save_pages(REF, [CachedPage("k", b"{}", NOW - timedelta(days=1), NOW)])
    assert backend.get_page(REF, "k", NOW.replace(hour=17)) is None


def test_expiry_compares_instants_whatever_their_zone(backend: PersistenceBackend) -> None:
    summer = datetime.fromisoformat("2026-03-02T11:30:00+02:00")
    backend.save_pages(REF, [CachedPage("k", b"{}", NOW, summer)])
    assert backend.get_page(REF, "k", datetime(2026, 3, 2, 9, 29, 59, tzinfo=UTC)) is not None
    assert backend.get_page(REF, "k", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)) is None


def test_a_page_is_overwritten_by_key_and_keeps_its_place(backend: PersistenceBackend) -> None:
    backend.save_pages(REF, [CachedPage("b", b"1", NOW, LATER), CachedPage("a", b"2", NOW, LATER)])
    backend.save_pages(REF, [CachedPage("b", b"3", NOW, LATER)])
    assert [(page.cache_key, page.response) for page in backend.list_pages(REF)] == [("b", b"3"), ("a", b"2")]


def test_cleaning_up_deletes_what_expired_and_no_history(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1")], [change("T-1", NOW, "Done")])
    backend.save_pages(REF, [CachedPage("old", b"", NOW, NOW), CachedPage("new", b"", NOW, LATER)])
    backend.save_changelogs(REF, [CachedChangelog("T-1", b"", NOW, NOW), CachedChangelog("T-2", b"", NOW, LATER)])
    assert backend.cleanup_expired(NOW) == 2
    assert [page.cache_key for page in backend.list_pages(REF)] == ["new"]
    assert [each.issue_key for each in backend.list_changelogs(REF)] == ["T-2"]
    assert len(backend.list_changes(REF)) == 1


def test_a_task_is_overwritten_by_name(empty: PersistenceBackend) -> None:
    empty.save_task(Task("sync", "running", 10.0, NOW))
    empty.save_task(Task("sync", "completed", 100.0, LATER, "48 issues"))
    assert empty.list_tasks() == [Task("sync", "completed", 100.0, LATER, "48 issues")]


def test_counts_are_per_query_and_in_all_and_leave_trends_out(backend: PersistenceBackend) -> None:
    other = QueryRef("p", "other")
    backend.save_query(query("other", "Other"))
    for ref in (REF, other):
        fill(backend, ref)
    backend.save_snapshots(
        REF,
        [
            Snapshot("2026-W10", "trends", {}, NOW),
            Snapshot("2026-W10", "wip", {}, NOW),
            Snapshot("2026-W11", "trends", {}, NOW),
        ],
    )
    one = Counts(
        profiles=1,
        queries=1,
        issues=1,
        issue_changes=1,
        statistics=1,
        snapshot_weeks=1,
        snapshot_records=2,
        forecasts=1,
    )
    assert backend.counts(REF) == one
    assert backend.counts(other) == replace(one, snapshot_records=1)
    assert backend.counts() == Counts(
        profiles=1,
        queries=2,
        issues=2,
        issue_changes=2,
        statistics=2,
        snapshot_weeks=2,
        snapshot_records=3,
        forecasts=2,
    )


# -- transactions ---------------------------------------------------------------------------------------


class Stop(Exception):
    """Raised in the middle of things."""


def test_a_transaction_is_kept_together(backend: PersistenceBackend) -> None:
    with backend.transaction():
        backend.upsert_issues(REF, [Issue("T-1")])
        backend.set_state("a", "1")
    assert (backend.counts().issues, backend.get_state("a")) == (1, "1")


def test_what_need_not_last_is_there_all_the_same(backend: PersistenceBackend) -> None:
    with backend.transaction(lasting=False):
        backend.upsert_issues(REF, [Issue("T-1")])
        backend.set_state("a", "1")
    with suppress(Stop), backend.transaction(lasting=False):
        backend.upsert_issues(REF, [Issue("T-2")])
        raise Stop
    assert (backend.counts().issues, backend.get_state("a")) == (1, "1")


def broken_off(backend: PersistenceBackend, write: Callable[[], None]) -> None:
    with backend.transaction():
        write()
        raise Stop


def test_an_exception_undoes_the_whole_transaction(backend: PersistenceBackend) -> None:
    def write() -> None:
        fill(backend, REF)
        backend.save_profile(profile("new", "New"))

    backend.upsert_issues(REF, [Issue("T-0")])
    before = backend.load_facts(REF)
    with pytest.raises(Stop):
        broken_off(backend, write)
    assert backend.load_facts(REF) == before
    assert [each.id for each in backend.list_profiles()] == ["p"]


def test_an_inner_transaction_joins_the_outer_one(backend: PersistenceBackend) -> None:
    def write() -> None:
        with backend.transaction():
            backend.upsert_issues(REF, [Issue("T-1")])

    with pytest.raises(Stop):
        broken_off(backend, write)
    assert backend.list_issues(REF) == []


def test_an_inner_failure_that_is_handled_undoes_only_the_inner_part(backend: PersistenceBackend) -> None:
    with backend.transaction():
        backend.upsert_issues(REF, [Issue("T-1")])
        with pytest.raises(Stop):
            broken_off(backend, lambda: backend.upsert_issues(REF, [Issue("T-2")]))
        with pytest.raises(DuplicateName):
            backend.save_profile(profile("other"))
    assert [issue.key for issue in backend.list_issues(REF)] == ["T-1"]


def test_a_transaction_sees_its_own_writes(backend: PersistenceBackend) -> None:
    with backend.transaction():
        backend.upsert_issues(REF, [Issue("T-1")])
        assert [issue.key for issue in backend.load_facts(REF).issues] == ["T-1"]


def test_a_source_of_issues_that_fails_leaves_nothing_behind(backend: PersistenceBackend) -> None:
    def failing() -> Iterator[Issue]:
        yield Issue("T-1")
        raise Stop

    with pytest.raises(Stop):
        backend.upsert_issues(REF, failing())
    assert backend.list_issues(REF) == []


def test_eight_threads_write_without_losing_a_write(backend: PersistenceBackend) -> None:
    def write(worker: int) -> None:
        for number in range(25):
            backend.upsert_issues(REF, [Issue(f"W{worker}-{number}")])

    before = backend.revision(REF)
    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(backend.list_issues(REF)) == 200
    assert backend.revision(REF) == before + 200


def test_closing_twice_does_nothing(empty: PersistenceBackend) -> None:
    empty.close()
    empty.close()


# -- what can be taken back ---------------------------------------------------------------------------------

MONTH = NOW + timedelta(days=30)


def all_of(backend: PersistenceBackend, ref: QueryRef) -> tuple[object, ...]:
    query = backend.load_facts(ref).query
    return (replace(query, revision=0, profile_id="", id=""), *contents(backend, ref))


def fill_whole(backend: PersistenceBackend, ref: QueryRef = REF) -> None:
    backend.save_profile(profile(ref.profile_id, f"Team {ref.profile_id}"))
    backend.save_query(query(ref.query_id, "All", ref.profile_id))
    issues = [Issue("A-1", summary="one", points=3.0), Issue("A-2", labels=("x",))]
    backend.upsert_issues(ref, issues, [change("A-1", NOW, "Doing"), change("A-1", LATER, "Done")])
    backend.save_sprints(ref, [Sprint("One", start=NOW)])
    backend.replace_weeks(ref, [Week(date(2026, 2, 23), 3), Week(None, 1)])
    backend.replace_corrections(ref, [Correction(date(2026, 2, 23), 4)])
    backend.replace_milestones(ref.profile_id, [Milestone("Beta", date(2026, 5, 1))])
    backend.save_project_data(ref, ProjectData({"metadata": {"source": "x"}}, NOW))
    backend.save_snapshots(ref, [Snapshot("2026-W09", "scope", {"remaining": 5}, NOW)])
    backend.save_forecast(ref, ForecastMade(NOW, date(2026, 3, 2), "items", "plain", 5, {50: 3}, 12, 1000, 7))
    backend.save_pages(ref, [CachedPage("page", b"{}", NOW, LATER)])
    backend.save_changelogs(ref, [CachedChangelog("A-1", b"{}", NOW, LATER)])


def test_a_deleted_profile_is_in_no_list_and_no_count_until_it_is_put_back_whole(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    backend.switch_query(REF, NOW)
    before, counts = all_of(backend, REF), backend.counts()
    undo_id = backend.discard_profile("p", NOW, MONTH)
    assert (backend.list_profiles(), backend.get_profile("p"), backend.list_queries("p")) == ([], None, [])
    assert (backend.counts(), backend.get_query(REF), backend.active_query()) == (Counts(), None, None)
    assert (backend.list_issues(REF), backend.list_milestones("p"), backend.revision(REF)) == ([], [], 0)
    (waiting,) = backend.list_undoable()
    assert (waiting.id, waiting.kind, waiting.profile, waiting.query) == (undo_id, "profile", "Team p", "")
    assert (waiting.at, waiting.until) == (NOW, MONTH)
    assert backend.undo(undo_id, NOW, MONTH) == REF
    assert (all_of(backend, REF), backend.counts(), backend.list_undoable()) == (before, counts, [])


def test_a_deleted_query_leaves_the_others_and_is_put_back_whole(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    backend.save_query(query("other", "Other"))
    backend.upsert_issues(QueryRef("p", "other"), [Issue("B-1")])
    before = all_of(backend, REF)
    undo_id = backend.discard_query(REF, NOW, MONTH)
    assert [one.name for one in backend.list_queries("p")] == ["Other"]
    assert (backend.counts().queries, backend.counts().issues, backend.counts().issue_changes) == (1, 1, 0)
    assert [one.name for one in backend.list_milestones("p")] == ["Beta"]
    assert backend.undo(undo_id, NOW, MONTH) == REF
    assert all_of(backend, REF) == before


def test_what_is_put_back_has_a_revision_of_its_own(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    seen = backend.revision(REF)
    backend.undo(backend.discard_profile("p", NOW, MONTH), NOW, MONTH)
    assert backend.revision(REF) > seen


def test_what_took_its_id_or_its_name_meanwhile_stays(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    undo_id = backend.discard_profile("p", NOW, MONTH)
    backend.save_profile(profile("p", "Team p"))
    backend.save_query(query("q", "Fresh"))
    back = backend.undo(undo_id, NOW, MONTH)
    assert back is not None
    assert back.profile_id != "p"
    assert sorted(one.name for one in backend.list_profiles()) == ["Team p", "Team p (2)"]
    assert len(backend.list_issues(back)) == 2
    undo_id = backend.discard_query(back, NOW, MONTH)
    backend.save_query(query(back.query_id, "all", back.profile_id))
    again = backend.undo(undo_id, NOW, MONTH)
    assert again is not None
    assert again != back
    assert sorted(one.name for one in backend.list_queries(back.profile_id)) == ["All (2)", "all"]


def test_a_query_of_a_deleted_profile_waits_for_that(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    of_query = backend.discard_query(REF, NOW, MONTH)
    of_profile = backend.discard_profile("p", NOW, MONTH)
    with pytest.raises(Refused, match="Take that back first"):
        backend.undo(of_query, NOW, MONTH)
    assert backend.undo(of_profile, NOW, MONTH) is None
    assert backend.undo(of_query, NOW, MONTH) == REF
    assert len(backend.list_issues(REF)) == 2


def test_an_import_is_taken_back_with_histories_and_weeks_and_what_was_typed_since_stays(
    backend: PersistenceBackend,
) -> None:
    fill_whole(backend)
    before = all_of(backend, REF)
    undo_id = backend.remember_import(REF, "import of b.csv", NOW, MONTH)
    assert all_of(backend, REF) == before
    assert backend.counts().issues == 2
    backend.upsert_issues(REF, [Issue("A-1", summary="changed"), Issue("A-3")], [change("A-1", NOW, "Gone")])
    backend.save_sprints(REF, [Sprint("Two")])
    backend.replace_weeks(REF, [])
    backend.save_project_data(REF, ProjectData({}, LATER))
    backend.replace_corrections(REF, [Correction(date(2026, 3, 2), 9)])
    assert backend.undo(undo_id, NOW, MONTH) == REF
    after = all_of(backend, REF)
    assert after[1:5] == before[1:5]
    assert after[5] == (Correction(date(2026, 3, 2), 9),)
    assert after[6:] == before[6:]


def test_only_the_last_import_of_a_query_can_be_taken_back(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    fill_whole(backend, QueryRef("o", "q"))
    first = backend.remember_import(REF, "import of a.csv", NOW, MONTH)
    other = backend.remember_import(QueryRef("o", "q"), "import of o.csv", NOW, MONTH)
    second = backend.remember_import(REF, "import of b.csv", LATER, MONTH)
    assert [one.id for one in backend.list_undoable()] == [second, other]
    with pytest.raises(Refused, match="nothing called"):
        backend.undo(first, NOW, MONTH)


@pytest.mark.parametrize("made", ["query", "profile"])
def test_an_import_that_made_its_query_takes_it_along_and_that_can_be_put_back(
    backend: PersistenceBackend, made: str
) -> None:
    fill_whole(backend)
    before = all_of(backend, REF)
    undo_id = backend.remember_import(REF, "import of a.csv", NOW, MONTH, made)
    assert backend.undo(undo_id, LATER, MONTH) is None
    assert backend.get_query(REF) is None
    assert (backend.get_profile("p") is None) == (made == "profile")
    (waiting,) = backend.list_undoable()
    assert waiting.kind == made
    backend.undo(waiting.id, LATER, MONTH)
    assert all_of(backend, REF) == before


def test_after_its_time_it_is_gone_for_good(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    backend.discard_query(REF, NOW, NOW + timedelta(days=1))
    later = backend.discard_profile("p", NOW, MONTH)
    assert backend.purge_undoable(NOW) == 0
    assert backend.purge_undoable(NOW + timedelta(days=1)) == 1
    assert [one.id for one in backend.list_undoable()] == [later]
    assert backend.purge_undoable(MONTH) == 1
    assert backend.list_undoable() == []


def test_a_deletion_that_fails_half_way_changes_nothing(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    before = all_of(backend, REF)
    with suppress(RuntimeError), backend.transaction():
        undo_id = backend.discard_profile("p", NOW, MONTH)
        backend.undo(undo_id, NOW, MONTH)
        backend.discard_query(REF, NOW, MONTH)
        raise RuntimeError
    assert all_of(backend, REF) == before
    assert backend.list_undoable() == []


def test_nobody_can_delete_what_is_not_there(backend: PersistenceBackend) -> None:
    with pytest.raises(UnknownQuery):
        backend.discard_profile("nobody", NOW, MONTH)
    with pytest.raises(UnknownQuery):
        backend.discard_query(NOWHERE, NOW, MONTH)
    with pytest.raises(UnknownQuery):
        backend.remember_import(NOWHERE, "import of a.csv", NOW, MONTH)


def test_raw_answers_of_what_waits_are_not_tidied_up(backend: PersistenceBackend) -> None:
    fill_whole(backend)
    undo_id = backend.discard_profile("p", NOW, MONTH)
    assert backend.cleanup_expired(MONTH) == 0
    backend.undo(undo_id, NOW, MONTH)
    assert len(backend.list_pages(REF)) == len(backend.list_changelogs(REF)) == 1
