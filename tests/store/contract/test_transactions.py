"""Transactions: together or not at all, nested, and from several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from store.backend import PersistenceBackend
from store.errors import DuplicateName
from store.records import Issue
from tests.store.contract.filling import REF, fill, profile


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
