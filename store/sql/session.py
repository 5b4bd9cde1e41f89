"""The seam between the SQL texts and the engines: what a text may ask of whoever runs it.

Every operation has one text, in the words that all engines share. Values are `?`; an engine that marks them otherwise
rewrites the text once. An engine opens a `Session` for a read or a write; what differs between engines is a word of
its `Dialect` or happens behind these two protocols.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from store.sql.dialect import Dialect

Question = tuple[str, Sequence[object]]
"""A statement that reads, with its values."""


class Rows(Protocol):
    """What a statement gave: rows as tuples, or how many it changed."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Session(Protocol):
    """One view of the data, or one transaction. Only for the thread that opened it, and only inside its block."""

    @property
    def dialect(self) -> Dialect: ...

    def execute(self, statement: str, values: Sequence[object] = (), /) -> Rows: ...

    def executemany(self, statement: str, rows: Iterable[Sequence[object]], /) -> Rows: ...

    def insert(self, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
        """New rows, as fast as the engine can take them; `columns` as in a statement."""

    def together(self, *questions: Question) -> list[Iterable[tuple[Any, ...]]]:
        """The rows of each, in the order asked. Where the engine is far away, one journey for all of them."""


class Sessions(Protocol):
    """An open engine. Raises `store.errors`; inside a transaction of this thread everything is part of that one."""

    def reading(self) -> AbstractContextManager[Session]:
        """One consistent view for several statements."""

    def writing(self) -> AbstractContextManager[Session]:
        """For one method's statements: a transaction that also tells which values cannot be stored."""

    def transaction(self, *, lasting: bool = True) -> AbstractContextManager[Session]:
        """All or nothing; nests. `lasting`: see `store.backend`."""

    def alone(self, name: str, who: str) -> AbstractContextManager[None]:
        """See `store.backend`."""

    def first_row(self, statement: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """What one statement finds first: one view by itself, so it is spared the transaction around it."""

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All that one statement finds, the same way."""


class Stored:
    """What the parts of a repository work on: where the data are, and where one person's state is."""

    _sessions: Sessions
    _local: Sessions

    @contextmanager
    def _writing_both(self) -> Iterator[tuple[Session, Session]]:
        """The session for the data and that for the state, which are one where both lie together."""
        with self._sessions.writing() as session:
            if self._local is self._sessions:
                yield session, session
                return
            with self._local.writing() as own:
                yield session, own
