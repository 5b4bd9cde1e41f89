"""What belongs to a person, and notes of a query: which one is active, settings of the pages."""

from __future__ import annotations

import pytest

from store.backend import PersistenceBackend
from store.errors import UnknownQuery
from store.records import QueryRef, Task
from tests.store.contract.filling import LATER, NOW, NOWHERE, REF, profile, query


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
    for result in (profile("p%", "A"), profile("p_1", "B"), profile("p_10", "C")):
        empty.save_profile(result)
        for each in ("a", "a_"):
            empty.save_query(query(each, each, result.id))
            empty.set_state(f"sync/{result.id}/{each}", "far")
        empty.set_state(f"token/{result.id}", "computer")
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


def test_a_task_is_overwritten_by_name(empty: PersistenceBackend) -> None:
    empty.save_task(Task("sync", "running", 10.0, NOW))
    empty.save_task(Task("sync", "completed", 100.0, LATER, "48 issues"))
    assert empty.list_tasks() == [Task("sync", "completed", 100.0, LATER, "48 issues")]
