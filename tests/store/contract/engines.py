"""Every backend there is, emptied; and what tests do to each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, settings

from store.backend import PersistenceBackend
from store.legacy.tree.jsontree import JSONBackend
from store.sqlite.backend import SQLiteBackend
from store.sqlite.connections import Journal
from tests import postgres
from tests.examples import examples
from tests.memory_backend import MemoryBackend
from tests.quick_folders import quick_folder
from tests.store.contract.filling import profile, query

Making = Callable[[], AbstractContextManager[PersistenceBackend]]


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
QUICK = ("memory", f"sqlite-{Journal.WAL}")


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
