"""The repository in SQL, in parts by what is stored; an engine adds how it is opened and kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from store.backend import PersistenceBackend
from store.records import Counts, QueryRef
from store.sql.books import SQLState, counts_of_all, counts_of_query
from store.sql.facts import SQLFacts
from store.sql.profiles import SQLProjects
from store.sql.recorded import SQLAnswers, SQLRecorded
from store.sql.session import Sessions
from store.sql.undo import SQLUndo


class SQLBackend(SQLUndo, SQLProjects, SQLFacts, SQLRecorded, SQLAnswers, SQLState, PersistenceBackend):
    """See PersistenceBackend. `sessions` reach the data, `local` one person's state."""

    def __init__(self, sessions: Sessions, local: Sessions | None = None) -> None:
        self._sessions = sessions
        self._local = sessions if local is None else local

    @contextmanager
    def transaction(self, *, lasting: bool = True) -> Iterator[None]:
        if self._local is self._sessions:
            with self._sessions.transaction(lasting=lasting):
                yield
            return
        # The data first: a state that tells of them must not be kept without them.
        with self._local.transaction(lasting=lasting), self._sessions.transaction(lasting=lasting):
            yield

    @contextmanager
    def alone(self, what: str, who: str) -> Iterator[None]:
        with self._sessions.alone(what, who):
            yield

    def counts(self, ref: QueryRef | None = None) -> Counts:
        return counts_of_all(self._sessions) if ref is None else counts_of_query(self._sessions, ref)
