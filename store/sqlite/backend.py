"""SQLiteBackend: the repository in one SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from store import files
from store.errors import NotWritable, Refused, StoreError, not_writable
from store.sql.backend import SQLBackend
from store.sql.profiles import mark_written
from store.sqlite.connections import (
    GONE,
    IDLE_SECONDS,
    Connections,
    Journal,
    Source,
    choose_journal,
    connect,
    file_uri,
    keep_a_log,
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
    unfinished = _unfinished(path)
    try:
        _begin(unfinished)
        with translated(), closing(connect(_without_waiting(unfinished))) as connection:
            migrate(connection)
            keep_a_log(connection)
        _require_nothing_came(path, files.size(path) > 0)
        _put_in_place(unfinished, path)
    except (StoreError, OSError):
        # On a full disk it would take the room that there still is.
        _forget(unfinished)
        raise


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _beside(unfinished: Path) -> list[Path]:
    """What SQLite may leave there."""
    return [unfinished.with_name(unfinished.name + suffix) for suffix in ("-journal", "-wal", "-shm")]


def _begin(unfinished: Path) -> None:
    """An empty file that only its owner can read: SQLite gives its other files the mode of this one."""
    _forget(unfinished)
    try:
        files.new_file(unfinished).close()
    except OSError as exc:
        raise not_writable(N_("No database can be made in {folder}", folder=unfinished.parent), exc) from exc


def _without_waiting(unfinished: Path) -> Source:
    """For the disk, for which who puts it in its place waits, of the whole and once."""
    return Source(file_uri(unfinished, mode="rw"), uri=True, journal=Journal.TRUNCATE, file=unfinished, waits=False)


def _require_nothing_came(path: Path, is_there: bool) -> None:
    """What another program put there meanwhile, as one that keeps folders the same does, is somebody's data, and no
    part of a database of ours. Raises Refused."""
    if is_there:
        raise Refused(
            N_(
                "{name} came into the data folder from elsewhere while this ran. It was left as it is, and nothing was "
                "saved. See what it is, and do this once more.",
                name=path.name,
            )
        )


def _put_in_place(unfinished: Path, path: Path) -> None:
    """Raises OSError."""
    files.sync(unfinished)
    files.replace(unfinished, path)


def _forget(unfinished: Path) -> None:
    for left_over in (unfinished, *_beside(unfinished)):
        with suppress(OSError):
            left_over.unlink(missing_ok=True)


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


class NotInPlace(Exception):
    """A new database could not be put in its place; why not is its cause. No trouble of who reads it meanwhile."""


class NewDatabase(SQLiteBackend):
    """One that is not there yet, for who fills it once and closes it: it takes its name when it is closed, whole and on
    the disk. Nothing is left of one that nothing was saved in, or that a kill interrupts. `keep` reads it while it is
    on the way there, and calls what puts it in its place before anything of its own is seen.

    Written in its place, an import of 22,000 issues went to the disk twice, first to the log: 86 ms of 690 more.
    """

    def __init__(self, path: Path, keep: Callable[[Path, Callable[[], None]], None]) -> None:
        self._file, self._keep = _unfinished(path), keep
        _begin(self._file)
        source = _without_waiting(self._file)
        with translated(), closing(connect(source)) as connection:
            migrate(connection)
        super().__init__(path, source=source)
        self._is_open = True

    @property
    def changed_since_snapshot(self) -> bool:
        """What was written is kept when it is closed."""
        return False

    def close(self) -> None:
        """Raises NotWritable where it cannot be put in its place; nothing is left of it then."""
        if not self._is_open:
            return
        self._is_open = False
        try:
            self.connections.close()
            if self.connections.commits:
                self._require_finished()
                self._keep(self._file, self._place(files.begin_sync(self._file)))
                super().close()
        except NotInPlace as exc:
            problem = exc.__cause__
            if isinstance(problem, Refused):
                raise problem from exc
            assert isinstance(problem, OSError)
            raise not_writable(N_("No database can be made in {folder}", folder=self.path.parent), problem) from exc
        finally:
            _forget(self._file)

    def _place(self, wait: Callable[[], None]) -> Callable[[], None]:
        @cache
        def place() -> None:
            try:
                wait()
                for name in (self.path, *_beside(self.path)):
                    _require_nothing_came(name, os.path.lexists(name))
                files.replace(self._file, self.path)
            except (OSError, Refused) as exc:
                raise NotInPlace from exc

        return place

    def _require_finished(self) -> None:
        """What SQLite could neither keep nor take back lies beside the file as a part of it. Raises NotWritable."""
        if any(map(files.size, _beside(self._file))):
            raise NotWritable(GONE)


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
