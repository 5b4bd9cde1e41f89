"""Profiles and queries: kept, deleted, and never mixed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from store.backend import PersistenceBackend
from store.errors import DuplicateName, UnknownQuery
from store.records import Counts, Issue, Milestone, Profile, Query, QueryRef
from tests import record_strategies as any_of
from tests.store.contract.engines import Making, any_records
from tests.store.contract.filling import LATER, MONTH, NOW, NOWHERE, REF, everything_of, fill, profile, query


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
        query = backend.get_query(record.ref)
        assert query is not None
        assert replace(query, revision=0) == record
        assert backend.list_queries("p") == [query]


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
