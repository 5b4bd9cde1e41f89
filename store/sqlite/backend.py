"""SQLiteBackend: the repository in one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from store import files
from store.errors import StoreError, not_writable
from store.sql.backend import SQLBackend
from store.sql.profiles import mark_written
from store.sqlite.connections import (
    IDLE_SECONDS,
    Connections,
    Journal,
    Source,
    choose_journal,
    connect,
    file_uri,
    translated,
)
from store.sqlite.upgrade import migrate
from store.sqlite.upkeep import SQLiteUpkeep
from store.texts import N_
from store.upkeep import Clock, Upkeep, utc_now


def create_database(path: Path) -> None:
    """An empty database of our schema at `path`, whole from the first moment it has that name.

    Made under another name first: were the schema still only in a write-ahead log when the power goes, the
    file would lie there without our application id and be taken for somebody else's.
    """
    unfinished = path.with_name(path.name + ".new")
    journal = path.with_name(unfinished.name + "-journal")
    unfinished.unlink(missing_ok=True)
    try:
        # SQLite gives its other files the mode of this one.
        files.new_file(unfinished).close()
    except OSError as exc:
        raise not_writable(N_("No database can be made in {folder}", folder=path.parent), exc) from exc
    try:
        with translated(), closing(connect(Source(str(unfinished), journal=Journal.TRUNCATE))) as connection:
            # It is waited for below, as a whole and once.
            connection.execute("PRAGMA synchronous = OFF")
            migrate(connection)
            # Of a file that lies there already SQLite waits for the disk four times to say so. What the file system
            # does not carry stays as it is, and `choose_journal` finds out.
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA journal_mode = wal")
        journal.unlink(missing_ok=True)
        files.sync(unfinished)
        files.replace(unfinished, path)
    except (StoreError, OSError):
        # On a full disk it would take the room that there still is.
        for left_over in (unfinished, journal):
            with suppress(OSError):
                left_over.unlink(missing_ok=True)
        raise


class SQLiteBackend(SQLBackend):
    """See PersistenceBackend. Closing leaves the database file alone, without sidecar files.

    Opening makes the file where it is absent or empty and brings an older schema up to date; what must be
    checked and saved before that is `store.opening`'s matter. `source` is given where the file is only read.
    """

    def __init__(
        self,
        path: Path,
        *,
        source: Source | None = None,
        journal: Journal | None = None,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.path = path
        self.connections = Connections(source or _writable(path, journal), idle_seconds)
        super().__init__(self.connections)
        self.connections.on_change = mark_written
        self._snapshot_commits = 0
        self._on_close: list[Callable[[], None]] = []

    @property
    def read_only(self) -> bool:
        return self.connections.source.read_only

    @property
    def changed_since_snapshot(self) -> bool:
        """Whether anything was written since this backend was opened or last snapshot."""
        return self.connections.commits != self._snapshot_commits

    def snapshot_made(self) -> None:
        """Told by `store.backup` while it holds the writers off."""
        self._snapshot_commits = self.connections.commits

    def make_read_only(self) -> None:
        """For a copy that was brought to where it is to stay."""
        self.connections.source = replace(self.connections.source, read_only=True)

    def on_close(self, action: Callable[[], None]) -> None:
        """Run `action` after closing, such as removing a temporary copy."""
        self._on_close.append(action)

    def analyze(self) -> None:
        """Renew the planner's statistics; worth it after bulk loads."""
        with self.connections.exclusive() as connection:
            connection.execute("ANALYZE")

    def optimize(self) -> None:
        """Let SQLite renew the statistics that it finds stale."""
        with self.connections.exclusive() as connection:
            self.connections.renew_statistics(connection)

    def upkeep(self, profiles_dir: Path, clock: Clock = utc_now) -> Upkeep:
        return SQLiteUpkeep(self, profiles_dir, clock)

    def close(self) -> None:
        self.connections.close()
        while self._on_close:
            self._on_close.pop()()


def _writable(path: Path, journal: Journal | None) -> Source:
    if files.size(path) == 0:
        create_database(path)
    with translated():
        chosen = journal or choose_journal(path)
        # `rw`: a file that is gone must not be made anew, empty, by whoever asks next.
        source = Source(
            file_uri(path, mode="rw"), uri=True, journal=chosen, shared=chosen is Journal.WAL_EXCLUSIVE, file=path
        )
        connection = connect(source)
        try:
            migrate(connection)
        finally:
            connection.close()
    return source


def in_memory(content: sqlite3.Connection | None = None) -> SQLiteBackend:
    """A store for reading that no file belongs to: empty, or with what `content` holds brought up to our schema."""
    backend = SQLiteBackend(Path(":memory:"), source=Source(":memory:", shared=True, read_only=True))
    with backend.connections.exclusive() as connection:
        connection.execute("PRAGMA query_only = OFF")
        if content is not None:
            content.backup(connection)
        migrate(connection)
        connection.execute("PRAGMA query_only = ON")
    return backend


def copied_into_memory(backend: SQLiteBackend) -> SQLiteBackend:
    """A store of its own with the same content: what is changed in it changes no file."""
    copy = SQLiteBackend(Path(":memory:"), source=Source(":memory:", shared=True))
    with backend.connections.exclusive() as content, copy.connections.exclusive() as connection:
        content.backup(connection)
    return copy
