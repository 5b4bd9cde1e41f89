"""Connections to one SQLite database: one kept per thread, one writer at a time, put to rest when idle.

A kept connection costs 5 microseconds where a fresh one costs 206 to 471. All writes and checkpoints of the
process go through one lock, because SQLite 3.7.0 to 3.51.2 can corrupt a WAL when two connections write or
checkpoint at the same moment.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from store import files
from store.errors import Damaged, DiskFull, NotWritable, Refused, Replaced, StoreError
from store.sql.dialect import SQLITE, Dialect
from store.sql.session import Question
from store.sql.text import decoding
from store.sqlite import locks
from store.sqlite.log import Log
from store.sqlite.pages import Pages
from store.storable import unstorable
from store.texts import N_

_log = logging.getLogger(__name__)

# After this long without a write the log is folded into the database, so that a plain copy of the folder is whole.
IDLE_SECONDS = 2.0
_BUSY_MS = 10_000
# A transaction of more rows than this is bulk work: its log is folded at once.
_MANY_ROWS = 1_000
_DAMAGE = N_("The database is damaged and cannot be read. It was kept as it is; put back one from the folder backups.")

_ORPHANS = N_(
    "Rows of the database belong to nothing any more; another program changed it. Nothing was changed now; put back "
    "one from the folder backups."
)
GONE = "The data folder cannot be read or written. Nothing was changed; is the stick still there?"
_REPLACED = N_(
    "Another program put another file in the place of burndown.db while Burndown had it open, as "
    "programs that keep folders the same on several computers do. Nothing more was changed."
)
_WRITTEN_OVER = N_(
    "Another program wrote over burndown.db while Burndown had it open, as copying another file over it does. Nothing "
    "more was changed."
)
_LOG_ELSEWHERE = N_(
    "burndown.db-wal was moved, deleted or replaced while Burndown was running; it is a part of the database. What was "
    "saved is kept. Quit Burndown and start it again."
)
_OVERWRITTEN = N_(
    "Another program wrote over burndown.db-wal while Burndown was running. What was saved before is kept, this last "
    "change is not: make it once more."
)
_READ_MEANWHILE = N_(
    "Another program wrote over burndown.db-wal just while it was read. What was saved is kept; load the page again."
)
_LOCKED = N_(
    "Another program has the database open and keeps it locked, as a viewer of databases, a backup or Burndown on "
    "another computer may do. Nothing was changed. Close that program and try again."
)
_LOCK_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_FULL = N_("The disk is full. Nothing was changed; make room and try again.")
_ROLLED_BACK = N_("The change could not be saved as a whole. Nothing was changed; try again.")
# With less than this no journal can be begun, whatever SQLite calls the error then.
_LEAST_ROOM = 1_000_000


class Journal(StrEnum):
    """How the database is written, from the best to what the file system still allows."""

    WAL = "wal"
    WAL_EXCLUSIVE = "wal exclusive"
    TRUNCATE = "truncate"


@dataclass(frozen=True, slots=True)
class Source:
    """How to reach a database. `shared`: one connection for all threads, where a second one cannot be had.

    `file` is given where it must be there for every change: an open file that was deleted would take them all.
    `waits`: for the disk at the end of a change; not where nobody relies on the file, or not yet.
    """

    name: str
    uri: bool = False
    read_only: bool = False
    shared: bool = False
    journal: Journal | None = None
    file: Path | None = None
    waits: bool = True


class SQLiteSession(sqlite3.Connection):
    """A connection is the session itself: nothing stands between a statement and SQLite."""

    dialect: Dialect = SQLITE
    file: locks.Identity | None = None
    # For questions whose answer is taken whole at once; to make another one for each took a twentieth of it.
    whole: sqlite3.Cursor | None = None

    def close(self) -> None:
        # Each knows the other: nobody would take them away before the collector comes.
        self.whole = None
        super().close()
        file, self.file = self.file, None
        if file is not None:
            locks.closed(file)

    def insert(self, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
        places = ", ".join("?" * len(columns.split(",")))
        self.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)

    def together(self, *questions: Question) -> list[Iterable[tuple[Any, ...]]]:
        """Read as they are used: what is asked here is only a call away."""
        return [self.execute(statement, values) for statement, values in questions]


def file_uri(path: Path, **parameters: str) -> str:
    """The path as SQLite wants it in a URI; `#`, `?`, `%`, blanks and umlauts are ordinary characters in it, and so are
    bytes that are no UTF-8, as old sticks have them in names."""
    posix = path.absolute().as_posix()
    rooted = posix if posix.startswith("/") else "/" + posix
    options = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"file://{quote(os.fsencode(rooted))}?{options}"


class translated:  # noqa: N801 - used as a function, as if it were made of a generator
    """SQLite's errors in the words of `store.errors`. `path`: the database, where it is written with a log.

    No generator: every look passes it, and one would take half a microsecond more.
    """

    __slots__ = ("_path",)

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise _logged_problem(error, self._path) from error


def _logged_problem(error: sqlite3.Error, path: Path | None) -> StoreError:
    problem = _in_plain_words(error, path)
    # What comes from the drive or from other programs is told; where it was met says nothing more.
    _log.error("database error: %s", error, exc_info=error if isinstance(problem, Refused) else None)
    return problem


@contextmanager
def _storable() -> Iterator[None]:
    """Around single writes only: in a transaction of the caller's such an error would be the caller's own."""
    try:
        yield
    except (OverflowError, UnicodeEncodeError) as exc:
        raise unstorable(exc) from exc


def detail(error: sqlite3.Error | StoreError) -> str:
    """What SQLite says, without the value that Python adds to it: that may be a word of somebody's work."""
    return str(error).partition(" with text '")[0]


def _in_plain_words(error: sqlite3.Error, path: Path | None = None) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    # We only ever store text that is UTF-8; the module gives this complaint no code.
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or str(error).startswith("Could not decode"):
        return Damaged(_DAMAGE)
    # No change of ours leaves a row without what it belongs to: another program's did before.
    # By its words: the SQLite of the executable gives no more of a code than that of any constraint.
    if str(error).startswith("FOREIGN KEY"):
        return Damaged(_ORPHANS)
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(_FULL)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return NotWritable(_log_is_gone(path) or GONE)
    if code in _LOCK_CODES:
        return NotWritable(_LOCKED)
    return Refused(N_("The database refused this: {error}. Nothing was changed.", error=error))


def _log_is_gone(path: Path | None) -> str:
    """What to say where the database lies in its place, but the log beside it does not: tidied away, or synced."""
    # A connection that finds none begins another one, which holds nothing of what its index tells of.
    if path is None or not path.exists() or files.size(path.with_name(f"{path.name}-wal")):
        return ""
    return N_(
        "{path}-wal was moved or deleted while Burndown was running; it is a part of the database. "
        "Nothing was changed. Put it back if it was moved, then quit Burndown and start it again.",
        path=path.name,
    )


def _opened(source: Source, busy_ms: int) -> SQLiteSession:
    connection = sqlite3.connect(
        source.name,
        uri=source.uri,
        timeout=busy_ms / 1000,
        isolation_level=None,
        check_same_thread=False,
        factory=SQLiteSession,
    )
    # A path need not be text.
    connection.text_factory = bytes
    try:
        _, _, path = connection.execute("PRAGMA database_list").fetchone()
    except BaseException:
        connection.close()
        raise
    connection.text_factory = str
    connection.whole = connection.cursor()
    connection.file = locks.opened(Path(os.fsdecode(path))) if path else None
    return connection


def connect(source: Source, busy_ms: int = _BUSY_MS) -> SQLiteSession:
    """A connection with everything set that SQLite forgets from one connection to the next."""
    with locks.no_looks():
        connection = _opened(source, busy_ms)
    try:
        _harden(connection)
        if not source.waits:
            connection.execute("PRAGMA synchronous = OFF")
        if source.read_only:
            connection.execute("PRAGMA query_only = ON")
        elif source.journal is not None:
            _set_journal(connection, source.journal)
    except UnicodeDecodeError as exc:
        connection.close()
        # The module's own complaint about a table it cannot name: its message quotes the broken text.
        raise _corrupt("its table of contents is not readable text") from exc
    except BaseException:
        connection.close()
        raise
    return connection


def _corrupt(detail: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(detail)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _harden(connection: sqlite3.Connection) -> None:
    for pragma in (
        "foreign_keys = ON",
        "synchronous = FULL",
        "temp_store = MEMORY",
        "cache_size = -16000",
        # A mapped file on a pulled stick is a crash, an unmapped one an error.
        "mmap_size = 0",
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")
    if connection.execute("PRAGMA foreign_keys").fetchone() != (1,):
        raise Refused(N_("This SQLite does not check foreign keys; Burndown cannot run with it."))
    # From Python 3.12 on; pysqlite3, which the executable carries for its newer SQLite, lacks it.
    if sys.version_info >= (3, 12) and hasattr(connection, "setconfig"):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DQS_DML, False)
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DQS_DDL, False)


def _set_journal(connection: sqlite3.Connection, journal: Journal) -> None:
    if journal is Journal.WAL_EXCLUSIVE:
        # Before the first access: only then does WAL do without shared memory.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    mode = "truncate" if journal is Journal.TRUNCATE else "wal"
    (got,) = connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
    if got != mode:
        raise sqlite3.OperationalError(f"journal mode {mode} refused, got {got}")


def keep_a_log(connection: sqlite3.Connection) -> None:
    """Written into a new database: of a file that lies there already SQLite waits for the disk four times to say so.
    What the file system does not carry stays as it is, and `choose_journal` finds out."""
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA journal_mode = wal")


def journal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def not_its_journal(path: Path) -> str:
    """Of one beside a database that keeps a log: SQLite would undo what it tells of, whatever lies there by now."""
    return N_(
        "{name} does not belong to this database. Move it out of the folder, and all is as before.",
        name=journal_of(path).name,
    )


def choose_journal(path: Path, attempt: Callable[[Path, Journal, int], None] | None = None) -> Journal:
    """The best journal that this file system really carries, found out by writing. Raises NotWritable.

    Who waited once for another program does not wait again: a lock that was not let go then is not just passing.
    """
    failure: sqlite3.Error | None = None
    is_locked = False
    for journal in Journal:
        try:
            (attempt or _try_journal)(path, journal, 0 if is_locked else _BUSY_MS)
        except sqlite3.Error as exc:
            code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise
            _log.warning("journal %s does not work here: %s", journal, exc)
            failure, is_locked = exc, is_locked or code in _LOCK_CODES
        else:
            return journal
    if is_locked:
        raise NotWritable(_LOCKED) from failure
    if _is_full(path.parent):
        raise DiskFull(_FULL) from failure
    raise NotWritable(
        N_("The file system of this folder cannot hold a database. Move Burndown's folder to another drive.")
    ) from failure


def _is_full(folder: Path) -> bool:
    try:
        free = files.free_bytes(folder)
        return free is not None and free < _LEAST_ROOM
    except OSError:
        return False


def _try_journal(path: Path, journal: Journal, busy_ms: int) -> None:
    connection = connect(Source(str(path), journal=journal), busy_ms)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        connection.execute("COMMIT")
    finally:
        connection.close()


@cache
def _log_beside(database: Path) -> Path:
    # Each change asks where it is, several times.
    return database.with_name(f"{database.name}-wal")


class _Mine(threading.local):
    """What one thread holds: its connection and how deep it is in transactions."""

    connection: SQLiteSession | None = None
    generation = 0
    depth = 0


class _Gate:
    """Lets readers through, many at once, until somebody shuts it: who shuts it waits for those inside.

    A reader is within it as in a lock: every question passes it, and a generator would take a microsecond more. No
    lock is taken where nobody shuts it: a reader is inside before it looks whether it is shut, who shuts it has done so
    before looking who is inside, and a list grows and shrinks at once.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: list[None] = []
        self._shut = 0

    def __enter__(self) -> None:
        self._inside.append(None)
        if self._shut:
            self._wait_outside()

    def _wait_outside(self) -> None:
        with self._changed:
            self._inside.pop()
            self._changed.notify_all()
            while self._shut:
                self._changed.wait()
            self._inside.append(None)

    def __exit__(self, *problem: object) -> None:
        self._inside.pop()
        if self._shut:
            with self._changed:
                self._changed.notify_all()

    @contextmanager
    def shut(self) -> Iterator[None]:
        """One at a time, within one that it holds already too: the caller holds the writers' lock."""
        with self._changed:
            self._shut += 1
            while self._inside:
                self._changed.wait()
        try:
            yield
        finally:
            with self._changed:
                self._shut -= 1
                self._changed.notify_all()


class Connections:
    """See the module. `before_first_write` runs once, before the first transaction of this object begins."""

    def __init__(self, source: Source, idle_seconds: float = IDLE_SECONDS) -> None:
        self.source = source
        self.commits = 0
        # How many there were when the planner's statistics were renewed.
        self._commits_counted = -1
        self.before_first_write: Callable[[], None] | None = None
        # Called with the connection within every transaction that changed something, before it ends.
        self.on_change: Callable[[SQLiteSession], None] | None = None
        # Called once with a connection to what was there, when another file lies in its place; what it says is told.
        self.on_replaced: Callable[[SQLiteSession], str] | None = None
        # The same where its bytes were written over: what is known of it instead, since nothing leads to it any more.
        self.on_overwritten: Callable[[Pages], str] | None = None
        self._file_name = str(source.file)
        self._identity: locks.Identity | None = None
        # Of the log that all connections write to; None while none is open.
        self._log_identity: locks.Identity | None = None
        # What it holds, where another program could write over it; see `store.sqlite.log`.
        self._log = Log(source.file) if source.file is not None and source.journal is Journal.WAL else None
        self.pages = Pages(self._log) if self._log is not None else None
        self._replaced = ""
        # Of the last time that the log was put back: whether more than what was known of it was still there.
        self._more_was_saved = True
        self._mine = _Mine()
        self._writer = threading.RLock()
        self._register = threading.Lock()
        self._gate = _Gate()
        # Rises when all connections were closed for a while: what threads still hold from before is dead.
        self._generation = 0
        self._open: dict[SQLiteSession, threading.Thread] = {}
        self._closed = False
        self._shared: SQLiteSession | None = None
        self._idle = _IdleCheckpoint(self, idle_seconds) if self._logs_ahead else None

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    @property
    def _logs_ahead(self) -> bool:
        return not self.source.read_only and self.source.journal in (Journal.WAL, Journal.WAL_EXCLUSIVE)

    # -- connections --------------------------------------------------------------------------------

    def get(self) -> SQLiteSession:
        """This thread's connection, opened when it has none."""
        if self._closed:
            raise Refused(N_("The store is closed."))
        if self.source.shared:
            return self._the_shared_one()
        connection = self._present()
        if connection is None:
            connection = self._mine.connection = self._opened()
            self._mine.generation = self._generation
        return connection

    def _present(self) -> SQLiteSession | None:
        """This thread's connection, if it has one that is still open."""
        return self._mine.connection if self._mine.generation == self._generation else None

    def _the_shared_one(self) -> SQLiteSession:
        with self._writer:
            if self._shared is None:
                self._shared = self._opened()
            return self._shared

    def _opened(self) -> SQLiteSession:
        if self._identity is None and self.source.file is not None:
            self._identity = locks.identity(self.source.file)
        # To open the other one changes it where it is empty.
        self._refuse_replaced()
        if self._logged is not None and files.size(journal_of(self._logged)):
            raise NotWritable(not_its_journal(self._logged))
        connection = connect(self.source)
        try:
            self._refuse_replaced()
        except Replaced:
            # Nothing may be done with it that is meant for the other.
            connection.close()
            raise
        if self._is_log_elsewhere():
            # It would read and write another log than the others do.
            connection.close()
            raise NotWritable(_LOG_ELSEWHERE)
        if self._log_identity is None and self._log_file is not None:
            self._log_identity = locks.identity(self._log_file)
            if self._log is not None:
                self._log.open(connection.file)
            self._leave_pages()
        with self._register:
            for other, thread in list(self._open.items()):
                if not thread.is_alive() and not self.source.shared:
                    del self._open[other]
                    other.close()
            self._open[connection] = threading.current_thread()
        return connection

    def _refuse_replaced(self) -> None:
        if self._replaced or self._is_replaced():
            raise Replaced(self._replaced or _REPLACED)

    @property
    def _logged(self) -> Path | None:
        return self.source.file if self._logs_ahead else None

    @property
    def _log_file(self) -> Path | None:
        return _log_beside(self._logged) if self._logged is not None else None

    @contextmanager
    def reading(self) -> Iterator[SQLiteSession]:
        """One consistent view for several statements; inside a transaction of this thread, that one's."""
        with translated(self._logged):
            if self.source.shared:
                with self._writer, decoding():
                    yield self.get()
                return
            present = self._present()
            if present is not None and present.in_transaction:
                with decoding():
                    yield present
                return
            self._require_same_file(for_writing=False)
            self._require_log_to_read()
            with self._meanwhile(), self._gate, decoding():
                connection = self.get()
                connection.execute("BEGIN")
                try:
                    yield connection
                finally:
                    # After some errors SQLite has done so by itself.
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")

    def alone(self, name: str, who: str) -> AbstractContextManager[None]:
        """The folder is held by one program, whose worker does one thing after the other."""
        return nullcontext()

    def first_row(self, statement: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """See `Sessions`."""
        rows = self.rows(statement, values)
        return rows[0] if rows else None

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """See `Sessions`. All are taken: a statement not at its end keeps a checkpoint from emptying the log."""
        try:
            is_shared = self.source.shared
            present = None if is_shared else self._present()
            if present is not None and present.in_transaction:
                return present.execute(statement, values).fetchall()
            self._require_same_file(for_writing=False)
            if present is None or self._is_log_overwritten():
                self._require_log_to_read()
            try:
                with self._writer if is_shared else self._gate:
                    connection = self.get()
                    return (connection.whole or connection).execute(statement, values).fetchall()
            except sqlite3.DatabaseError as exc:
                self._refuse_read_meanwhile(exc)
                raise
        except sqlite3.Error as exc:
            raise _logged_problem(exc, self._logged) from exc

    @contextmanager
    def _meanwhile(self) -> Iterator[None]:
        """An error that comes of what another program wrote over just now is told as that, and not as damage."""
        try:
            yield
        except sqlite3.DatabaseError as exc:
            self._refuse_read_meanwhile(exc)
            raise

    def _refuse_read_meanwhile(self, error: sqlite3.DatabaseError) -> None:
        """Raises Replaced, NotWritable where that is why."""
        self._require_not_overwritten()
        if self._is_log_lost():
            raise NotWritable(_READ_MEANWHILE) from error

    def _is_log_lost(self) -> bool:
        """As `_is_log_overwritten`, of who met an error; while somebody writes it is as he leaves it."""
        if not self._writer.acquire(blocking=False):
            return False
        try:
            return self._is_log_overwritten()
        finally:
            self._writer.release()

    # -- writing ------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[SQLiteSession]:
        """For one method's statements: a transaction that also tells which values cannot be stored."""
        with _storable(), self.transaction() as connection:
            yield connection

    @contextmanager
    def transaction(self, *, lasting: bool = True) -> Iterator[SQLiteSession]:
        """A transaction, or within one a savepoint: kept as a whole or not at all. `lasting`: see `backend`."""
        with translated(self._logged):
            if self._mine.depth:
                with self._savepoint() as connection:
                    yield connection
            else:
                with self._transaction(lasting) as connection:
                    yield connection

    @contextmanager
    def _savepoint(self) -> Iterator[SQLiteSession]:
        connection = self.get()
        if not connection.in_transaction:
            # After an error that somebody got over SQLite has rolled everything back: what follows would be kept alone.
            raise NotWritable(_ROLLED_BACK)
        connection.execute("SAVEPOINT inner")
        try:
            yield connection
        except BaseException:
            # After some errors (disk full) SQLite has rolled everything back by itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK TO inner")
                connection.execute("RELEASE inner")
            raise
        connection.execute("RELEASE inner")

    @contextmanager
    def _transaction(self, lasting: bool) -> Iterator[SQLiteSession]:
        if self.source.read_only:
            raise NotWritable(N_("This folder is open for reading only; nothing was changed."))
        with self._writer:
            self._require_same_file(for_writing=True)
            self._require_log()
            self._prepare_first_write()
            connection = self.get()
            self._set_waiting(connection, lasting)
            connection.execute("BEGIN IMMEDIATE")
            self._mine.depth = 1
            before = connection.total_changes
            try:
                yield connection
                changed = connection.total_changes - before
                if changed and self.on_change is not None:
                    self.on_change(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.rollback()
                raise
            finally:
                self._mine.depth = 0
            self._require_same_file(for_writing=True)
            self._require_kept(changed)
            if changed:
                self.commits += 1
                if self._idle is not None:
                    self._idle.written()
            if changed > _MANY_ROWS:
                # By now it is as long as all that was written; it would stay so until nothing is written for a while.
                self._fold_or_log()
                self._forget_pages()
            self._note_log()

    def _set_waiting(self, connection: SQLiteSession, lasting: bool) -> None:
        """For the disk, at the end of a change. Not to wait keeps only a log that is written ahead whole."""
        if not self.source.waits:
            return
        wait = "FULL" if lasting or not self._logs_ahead else "NORMAL"
        connection.execute(f"PRAGMA synchronous = {wait}")

    def _require_kept(self, changed: int) -> None:
        """What was just saved is in the log that lies there. Raises NotWritable where it was lost on the way."""
        self._more_was_saved = True
        self._require_log()
        if changed and not self._more_was_saved:
            raise NotWritable(_OVERWRITTEN)

    def _note_log(self) -> None:
        if self._log is not None:
            self._log.note()
        self._leave_pages()

    def _forget_pages(self) -> None:
        if self.pages is not None:
            self.pages.forget()

    def _leave_pages(self) -> None:
        if self.pages is not None:
            self.pages.left()

    def _is_replaced(self) -> bool:
        """Whether another file lies under the name now; one that is gone may come back, as a stick does."""
        return self.source.file is not None and self._is_other(locks.status(self.source.file))

    def _is_other(self, there: os.stat_result | None) -> bool:
        return there is not None and self._identity is not None and (there.st_dev, there.st_ino) != self._identity

    def _require_same_file(self, *, for_writing: bool) -> None:
        """Raises Replaced, and for writing NotWritable where the file is gone."""
        if self.source.file is None:
            return
        # One look tells all of it: every question and every change asks.
        there = locks.status(self._file_name)
        pages = self.pages
        # What nearly every look tells: the same file, and nobody wrote into it. Where not, it is looked at closely.
        if (
            there is not None
            and pages is not None
            and not self._replaced
            and (there.st_dev, there.st_ino) == self._identity
            and not pages.is_touched(there)
        ):
            return
        if self._replaced or self._is_other(there) or self._is_overwritten(there):
            self._refuse_what_lies_there()
        if for_writing and there is None:
            raise NotWritable(GONE)

    def _refuse_what_lies_there(self) -> None:
        """Raises Replaced, unless the files were exchanged by ourselves just now, as for a backup that is put back."""
        reason = self._keep_what_was_there()
        if reason:
            raise Replaced(reason)

    def _keep_what_was_there(self) -> str:
        """What was saved is in the file that no name leads to any more: a snapshot of it, once. What to tell; nothing
        where all is as it should be."""
        with self._writer:
            # Looked at again: while this waited, the file that lies there may have been loaded.
            if not self._replaced and self._is_replaced():
                old = self._present() or next(iter(self._open), None)
                kept = self.on_replaced(old) if self.on_replaced is not None and old is not None else ""
                self._replaced = " ".join(filter(None, [_REPLACED, kept]))
            elif not self._replaced and self.pages is not None and self._is_overwritten():
                self._replaced = self._keep_what_was_overwritten(self.pages)
            return self._replaced

    def _is_overwritten(self, there: os.stat_result | None = None) -> bool:
        """Whether its bytes are others than SQLite wrote, under the same name and identity. `there`: what the system
        told of it just now."""
        if self.pages is None or not self._open or not self.pages.is_touched(there):
            return False
        # Who writes just now looks himself, and is not waited for.
        if not self._writer.acquire(blocking=False):
            return False
        try:
            return bool(self._open) and not self._is_replaced() and self.pages.is_overwritten()
        finally:
            self._writer.release()

    def _keep_what_was_overwritten(self, pages: Pages) -> str:
        """All that was saved, put together from what is known of it. No connection of ours goes on with the file, and
        nothing of our log comes into it. What to tell."""
        _log.warning("another program wrote over the database")
        with self._gate.shut():
            kept = self.on_overwritten(pages) if self.on_overwritten is not None else ""
            try:
                if self._log is not None:
                    self._log.leave()
            except OSError:
                _log.exception("the log could not be taken from beside the other database")
            self._close_all()
        return " ".join(filter(None, [_WRITTEN_OVER, kept]))

    def _require_not_overwritten(self) -> None:
        """Raises Replaced."""
        if self._is_overwritten():
            self._refuse_what_lies_there()

    def _is_log_elsewhere(self) -> bool:
        """Whether the log that is written to does not lie beside the database any more: nobody would find it after a
        kill, and another one that lies there would be taken for it. Not where the database itself is gone or another
        one: then what is open is the only way to what was saved, and must stay."""
        if self._log_file is None or self._log_identity is None or self.source.file is None:
            return False
        there = locks.identity(self.source.file)
        if there is None or (self._identity is not None and there != self._identity):
            return False
        return locks.is_elsewhere(self._log_file, self._log_identity)

    def _require_log_to_read(self) -> None:
        """Before this thread opens a connection, which would begin another log, or reads what is not ours."""
        if self.source.shared:
            return
        if self._present() is None and self._is_log_elsewhere():
            with self._writer:
                self._require_log()
        # Who writes just now looks himself, and is not waited for.
        elif self._is_log_overwritten() and self._writer.acquire(blocking=False):
            try:
                self._require_log()
            finally:
                self._writer.release()

    def _is_log_overwritten(self) -> bool:
        """Whether its bytes are others than SQLite wrote, under the same name and identity."""
        return self._log is not None and bool(self._open) and not self._log.is_intact()

    def _require_log(self) -> None:
        """What is in the log is moved into the database where no name leads to it any more, and another one is begun.
        Nothing is lost by it: what is open still reaches the log. The caller holds the writers' lock.

        Raises NotWritable where it cannot be.
        """
        if self._mine.depth:
            return
        if not self._is_log_elsewhere():
            if self._log is not None and self._is_log_overwritten():
                self._put_log_back(self._log)
            return
        _log.warning("the log beside the database was moved, deleted or replaced; another one is begun")
        with self._gate.shut():
            opened = self._shared or next(iter(self._open), None)
            if opened is not None and not _is_folded(opened):
                raise NotWritable(_LOG_ELSEWHERE)
            self._close_all()
            self._put_foreign_log_aside()
            self._open_first()

    def _put_log_back(self, log: Log) -> None:
        """What was saved is in the log again, and nobody goes on with pages that were read from another one. What lay
        there is kept. The caller holds the writers' lock. Raises NotWritable where it cannot be put back."""
        with self._gate.shut():
            opened = self._shared or next(iter(self._open))
            if not log.frames:
                _empty(log, opened)
                return
            _log.warning("another program wrote over the log beside the database; it is put back")
            log.put_back()
            # Asked for anything, SQLite reads the log anew.
            opened.execute("PRAGMA schema_version").fetchone()
            self._more_was_saved = log.has_more()
            _is_folded(opened)
            self._close_all()
            self._open_first()

    def _put_foreign_log_aside(self) -> None:
        """SQLite takes away what lies there when the last connection closes, but no folder, and nothing while another
        program reads. Read as the database's own it would be damage. Raises NotWritable."""
        foreign = self._log_file
        if foreign is None or not os.path.lexists(foreign):
            return
        try:
            aside = foreign.with_name("set-aside")
            files.own_folder(aside)
            files.replace(foreign, aside / f"{foreign.name}-{time.time_ns()}")
        except OSError as exc:
            raise NotWritable(_LOG_ELSEWHERE) from exc

    def forget_file(self) -> None:
        """From now on the file that lies there is the one, as for who exchanges it or has looked at it."""
        self._identity, self._replaced = None, ""
        self._forget_pages()

    def _fold_or_log(self) -> None:
        try:
            self.fold_log()
        except (sqlite3.Error, StoreError):
            _log.exception("the log could not be folded")

    def also_before_first_write(self, prepare: Callable[[], None]) -> None:
        """After what is to be done before it already."""
        first = self.before_first_write

        def both() -> None:
            if first is not None:
                first()
            prepare()

        self.before_first_write = both

    def _prepare_first_write(self) -> None:
        prepare, self.before_first_write = self.before_first_write, None
        if prepare is not None:
            prepare()

    @contextmanager
    def exclusive(self) -> Iterator[SQLiteSession]:
        """No write and no checkpoint of this process meanwhile, and no transaction: for pragmas and backups."""
        with translated(self._logged), self._writer:
            if self._mine.depth:
                raise Refused(N_("This cannot be done in the middle of a change."))
            self._require_not_overwritten()
            self._require_log()
            yield self.get()
            self._note_log()

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Nothing of ours is open in the folder meanwhile, so that the files can be exchanged.

        Waits for what is under way; whoever comes meanwhile waits, and gets a fresh connection afterwards.
        """
        with self._writer:
            if self._mine.depth:
                raise Refused(N_("This cannot be done in the middle of a change."))
            if self._closed:
                raise Refused(N_("The store is closed."))
            with self._gate.shut():
                self._tidy_or_log()
                self._close_all()
                # Whatever lies there afterwards is not what the last snapshot was made of.
                self.commits += 1
                yield
                self.forget_file()
                self._open_first()

    def _open_first(self) -> None:
        """Sets the journal of the file that lies there now: threads that do so together get in each other's way."""
        try:
            self.get()
        except (sqlite3.Error, StoreError):
            # Whoever comes next tries again, and is told.
            _log.exception("the database could not be opened again at once")

    def _close_all(self) -> None:
        with self._register:
            for connection in self._open:
                connection.close()
            self._open.clear()
            self._shared = None
            self._log_identity = None
            if self._log is not None:
                self._log.closed()
            self._generation += 1

    # -- rest ---------------------------------------------------------------------------------------

    def renew_statistics(self, connection: SQLiteSession) -> None:
        """Those that SQLite finds stale, where anything was written since the last time: written twice, they lie in the
        file in another order, and the next start would take it for another one than its snapshot. They are no loss, and
        SQLite saves them a table at a time: to wait for the disk each time took an import of 22,000 issues 20 ms."""
        if self._commits_counted == self.commits:
            return
        self._set_waiting(connection, lasting=False)
        connection.execute("PRAGMA optimize")
        self._commits_counted = self.commits

    def fold_log(self) -> bool:
        """Move the log into the database and empty it; false while a reader still needs it."""
        if not self._logs_ahead:
            return True
        with self._writer:
            if self._closed:
                return True
            self._require_not_overwritten()
            self._require_log()
            try:
                return _is_folded(self.get())
            finally:
                self._note_log()

    def close(self) -> None:
        """Leaves the database file alone in its folder. Waits for a write under way."""
        if self._idle is not None:
            self._idle.stop()
        with self._writer:
            if self._closed:
                return
            self._tidy_or_log()
            self._closed = True
            self._close_all()

    def _tidy_or_log(self) -> None:
        try:
            self._tidy()
        except (sqlite3.Error, StoreError):
            # Nothing is lost by it: the log stays beside the database and is read at the next start.
            _log.exception("the log could not be folded at closing")

    def _tidy(self) -> None:
        if self.source.read_only or not self._open:
            return
        if self._is_overwritten():
            self._keep_what_was_there()
            return
        self._require_log()
        connection = self.get()
        try:
            self.renew_statistics(connection)
        except sqlite3.Error:
            # On a full disk no statistics can be saved, and the log can often be folded all the same.
            _log.warning("the statistics were not renewed at closing", exc_info=True)
        self._note_log()
        if self.source.journal is Journal.TRUNCATE:
            # Takes the empty journal file away.
            connection.execute("PRAGMA journal_mode = DELETE")
        if not self.source.waits:
            keep_a_log(connection)
        self.fold_log()


def _is_folded(connection: SQLiteSession) -> bool:
    """Moves the log into the database and empties it; false while a reader still needs it."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        (busy, *_), *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    return not busy


def _empty(log: Log, connection: SQLiteSession) -> None:
    """Take out of an empty log what another program put there; not what it saves just now through SQLite."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not log.is_intact():
            _log.warning("another program wrote into the empty log beside the database; it is emptied")
            log.put_back()
    finally:
        connection.execute("ROLLBACK")


class _IdleCheckpoint:
    """A daemon thread that folds the log once nothing has been written for a while. Starts at the first write."""

    def __init__(self, connections: Connections, seconds: float) -> None:
        self._connections = connections
        self._seconds = seconds
        self._changed = threading.Condition()
        self._due: float | None = None
        self._stopped = False
        self._thread: threading.Thread | None = None

    def written(self) -> None:
        with self._changed:
            is_waited_for, self._due = self._due is not None, time.monotonic() + self._seconds
            if self._thread is None and not self._stopped:
                self._thread = threading.Thread(target=self._run, name="idle-checkpoint", daemon=True)
                self._thread.start()
            # Who waits for an earlier moment finds the later one then, and need not be woken by every write.
            if not is_waited_for:
                self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._wait():
            try:
                folded = self._connections.fold_log()
            except Replaced:
                _log.warning("another file lies in the database's place")
                folded = True
            except sqlite3.Error:
                _log.exception("the log could not be folded")
                folded = False
            if not folded:
                self._again()

    def _wait(self) -> bool:
        """Until the log is due; false when stopped."""
        with self._changed:
            while not self._stopped:
                if self._due is None:
                    self._changed.wait()
                elif (left := self._due - time.monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    self._due = None
                    return True
            return False

    def _again(self) -> None:
        with self._changed:
            if self._due is None:
                self._due = time.monotonic() + self._seconds
