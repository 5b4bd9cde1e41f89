"""A team's store as a member has it: the server, or while that does not answer the newest copy, for reading only."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from store.errors import Refused, StoreError, Unreachable
from store.postgres import copying, shape
from store.postgres.address import Address
from store.postgres.connections import PostgresSession, PostgresSessions
from store.postgres.patience import LISTENING, Silent
from store.postgres.problems import translated
from store.postgres.upgrade import known
from store.sql.backend import SQLBackend
from store.sql.profiles import mark_written, written_mark
from store.sql.rows import unreadable_rows
from store.sql.session import Session
from store.sqlite import backup
from store.sqlite.connections import Connections
from store.sqlite.reading import reading as reading_file
from store.sqlite.reading import source_for_reading
from store.state import ORIGIN
from store.team import LEAVE_FIRST, SNAPSHOT
from store.texts import N_
from store.upkeep import Clock, Description, Restored, SnapshotFile, Upkeep, utc_now

_log = logging.getLogger(__name__)

CHANNEL = "burndown"
# A copy that takes longer is made every half hour and at the end only, not whenever a work list is new.
_QUICK_SECONDS = 10.0
_LISTED = ("SELECT id, '' FROM profiles", "SELECT profile_id, id FROM queries")
# How soon a server that came back is found, and how soon a change by somebody else.
_LOOK_SECONDS = 2.0
_NO_COPY = N_("There is no copy of the team's data in this folder yet, so nothing can be shown.")
_NOT_NOW = N_("Nothing can be changed until it answers; what is here is a copy, for reading only.")


@dataclass(frozen=True, slots=True)
class Copy:
    """The newest snapshot of a team's data in a folder: of which moment, in which file."""

    file: Path
    made_at: datetime


def newest_copy(profiles_dir: Path, address: Address) -> Copy | None:
    """Of the data at that address; those of another team do not count."""
    for snapshot in backup.snapshots(profiles_dir):
        if snapshot.kind == SNAPSHOT and origin_of(snapshot.file) == str(address):
            return Copy(snapshot.file, snapshot.made_at)
    return None


def origin_of(snapshot: Path) -> str:
    """The address of the team whose data these are; empty where that cannot be told."""
    try:
        with reading_file(snapshot) as connection:
            row = connection.execute("SELECT value FROM app_state WHERE key = ?", (ORIGIN,)).fetchone()
    except (StoreError, sqlite3.Error, OSError):
        return ""
    return str(row[0]) if row else ""


class TeamSessions:
    """The server's sessions, and the copy's while it does not answer. See `store.sql.session.Sessions`.

    A thread looks for a server that went away and hears what others change; nobody else waits for either.
    """

    def __init__(self, server: PostgresSessions, profiles_dir: Path, *, watch: bool) -> None:
        self.server = server
        self.problem = ""
        self.changes = 0
        # Called when others changed something, or the server went away or came back.
        self.on_news: Callable[[], None] = lambda: None
        self._folder = profiles_dir
        self._copy: tuple[Copy, Connections, Callable[[], None]] | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        # Of a server that could not be reached at the start: whether the store on it is one that we can work with.
        self.prepare: Callable[[psycopg.Connection], None] | None = None
        self._watch = threading.Thread(target=self._run, name="team", daemon=True) if watch else None
        server.on_change = _tell_others

    def start(self) -> None:
        """Begin to listen. A command that is over in a moment has no use for it."""
        if self._watch is not None:
            self._watch.start()

    @property
    def notice(self) -> str:
        """What every page says while the server does not answer; empty while it does."""
        if not self.problem:
            return ""
        copy = self._copy[0] if self._copy else newest_copy(self._folder, self.server.address)
        if not copy:
            return N_("{problem} {not_now}", problem=self.problem, not_now=_NOT_NOW)
        return N_(
            "{problem} These are the data of {made_at:%Y-%m-%d %H:%M} UTC. {not_now}",
            problem=self.problem,
            made_at=copy.made_at,
            not_now=_NOT_NOW,
        )

    # -- sessions -----------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with ExitStack() as stack:
            session = self._entered(stack)
            try:
                yield session
            except Unreachable as exc:
                self.lose(exc)
                raise

    def _entered(self, stack: ExitStack) -> Session:
        if not self.problem or self.server.is_in_the_middle:
            try:
                return stack.enter_context(self.server.reading())
            except Unreachable as exc:
                self.lose(exc)
        return stack.enter_context(self._copied().reading())

    def first_row(self, statement: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        return next(iter(self.rows(statement, values)), None)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        if not self.problem or self.server.is_in_the_middle:
            try:
                return self.server.rows(statement, values)
            except Unreachable as exc:
                self.lose(exc)
                if self.server.is_in_the_middle:
                    raise
        return self._copied().rows(statement, values)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._changing(), self.server.writing() as session:
            yield session

    @contextmanager
    def transaction(self, *, lasting: bool = True) -> Iterator[Session]:
        with self._changing(), self.server.transaction(lasting=lasting) as session:
            yield session

    @contextmanager
    def alone(self, name: str, who: str) -> Iterator[None]:
        with ExitStack() as stack:
            with self._changing():
                stack.enter_context(self.server.alone(name, who))
            yield

    @contextmanager
    def _changing(self) -> Iterator[None]:
        if self.problem:
            raise Unreachable(N_("{problem} {not_now}", problem=self.problem, not_now=_NOT_NOW))
        try:
            yield
        except Unreachable as exc:
            self.lose(exc)
            raise

    # -- away and back ------------------------------------------------------------------------------

    def lose(self, problem: Unreachable, *, is_looked_at: bool = False) -> None:
        """From now on the copy is read, until the server answers again. `is_looked_at`: what is wrong is known anew,
        and not by somebody whose question was only ended because of it."""
        with self._lock:
            was_there = not self.problem
            if was_there or is_looked_at:
                self.problem = str(problem)
        if was_there:
            _log.warning("the team's server went away: %s", problem)
            self.on_news()

    def _find_again(self) -> None:
        with self._lock:
            self.problem = ""
            self._drop_copy()
        _log.info("the team's server is back")
        self.changes += 1
        self.on_news()

    def _copied(self) -> Connections:
        """The newest copy, kept open while it is needed. Raises Unreachable where there is none."""
        with self._lock:
            if self._copy is None:
                copy = newest_copy(self._folder, self.server.address)
                if copy is None:
                    raise Unreachable(N_("{problem} {no_copy}", problem=self.problem, no_copy=_NO_COPY))
                source, clean_up = source_for_reading(copy.file)
                self._copy = copy, Connections(source), clean_up
            return self._copy[1]

    def _drop_copy(self) -> None:
        if self._copy is not None:
            _, connections, clean_up = self._copy
            self._copy = None
            connections.close()
            clean_up()

    def _run(self) -> None:
        """Hears what others change; tries again where the server does not answer."""
        while not self._stopping.is_set():
            try:
                with translated(self.server.address), self.server.connect(LISTENING) as connection:
                    if self.prepare is not None:
                        self.prepare(connection)
                        self.prepare = None
                    if self.problem:
                        self._find_again()
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._listen(connection)
            except StoreError as exc:
                if not self._stopping.is_set():
                    self.lose(exc if isinstance(exc, Unreachable) else Unreachable(str(exc)), is_looked_at=True)
                # Known to be silent, or not to be asked at all.
                if exc.__cause__ is None or isinstance(exc.__cause__, Silent | psycopg.errors.ConnectionTimeout):
                    self.server.give_up()
            self._stopping.wait(_LOOK_SECONDS)

    def _listen(self, connection: psycopg.Connection) -> None:
        while not self._stopping.is_set():
            heard = list(connection.notifies(timeout=_LOOK_SECONDS, stop_after=1))
            if heard:
                self.changes += 1
                self.on_news()
            else:
                # A connection that died without a word is found by asking.
                self.server.permit()
                connection.execute("SELECT 1")

    def close(self) -> None:
        self._stopping.set()
        self.server.close()
        if self._watch is not None and self._watch.is_alive():
            self._watch.join(_LOOK_SECONDS + 1)
        with self._lock:
            self._drop_copy()


def _tell_others(session: PostgresSession) -> None:
    """Whoever listens hears of the change when it is kept."""
    mark_written(session)
    session.connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))


class TeamBackend(SQLBackend):
    """See PersistenceBackend: a team's data, and the state of one member in `local`."""

    is_shared = True

    def __init__(self, sessions: TeamSessions, local: SQLBackend, own: Connections) -> None:
        super().__init__(sessions, own)
        self.sessions = sessions
        self._own_store = local

    @property
    def own(self) -> SQLBackend:
        """The database of the folder itself, where the member's state is."""
        return self._own_store

    def own_state(self) -> list[tuple[str, str]]:
        """What a copy takes along of the member's own."""
        kept = self._local.rows("SELECT key, value FROM app_state")
        return [(key, value) for key, value in kept if not copying.is_shared(key) and key != ORIGIN]

    def mark(self) -> str:
        """Of the present moment of the data on the server."""
        with self.sessions.server.reading() as session:
            return written_mark(session)

    def upkeep(self, profiles_dir: Path, clock: Clock = utc_now) -> Upkeep:
        return TeamUpkeep(self, profiles_dir, clock)

    def close(self) -> None:
        self.sessions.close()
        self._own_store.close()


class TeamUpkeep:
    """See `store.upkeep.Upkeep`. Snapshots are copies of the team's data in the member's folder."""

    def __init__(self, backend: TeamBackend, profiles_dir: Path, clock: Clock) -> None:
        self._backend, self._folder, self._clock = backend, profiles_dir, clock
        # What had been committed and heard of when it was last looked whether the copy lacks something.
        self._looked: tuple[int, int] | None = None
        self._took = 0.0

    @property
    def read_only(self) -> bool:
        return self._backend.sessions.server.read_only or bool(self._backend.sessions.problem)

    @property
    def notice(self) -> str:
        return self._backend.sessions.notice

    @property
    def changed(self) -> bool:
        """By whomever, since the newest copy here."""
        try:
            return self._backend.mark() != self._copied_mark()
        except Unreachable:
            return False

    @property
    def is_behind(self) -> bool:
        """The server is asked after a change alone, by whomever; never where a copy takes long."""
        sessions = self._backend.sessions
        now = (sessions.changes, sessions.server.commits)
        if sessions.problem or now == self._looked or self._took > _QUICK_SECONDS:
            return False
        self._looked = now
        try:
            return self._listed_there() != self._listed_here()
        except (StoreError, sqlite3.Error, OSError):
            return False

    def _listed_there(self) -> set[tuple[str, str]]:
        with self._backend.sessions.server.reading() as session:
            results = session.together(*((statement, ()) for statement in _LISTED))
            return {(profile, query) for rows in results for profile, query in rows}

    def _listed_here(self) -> set[tuple[str, str]]:
        copy = newest_copy(self._folder, self._backend.sessions.server.address)
        if copy is None:
            return set()
        with reading_file(copy.file) as connection:
            return {(profile, query) for statement in _LISTED for profile, query in connection.execute(statement)}

    def _copied_mark(self) -> str:
        copy = newest_copy(self._folder, self._backend.sessions.server.address)
        if copy is None:
            return ""
        with reading_file(copy.file) as connection:
            return written_mark(connection)

    def snapshot(self, reason: str = "", to: Path | None = None) -> SnapshotFile | None:
        """One that nobody asked for is a copy to go on with; the others are backups like those of a folder."""
        why = SNAPSHOT if reason in ("exit", "half-hour") else reason
        sessions = self._backend.sessions
        own = [*self._backend.own_state(), (ORIGIN, str(sessions.server.address))]
        began = time.monotonic()
        snapshot = backup.made_by(
            lambda path: copying.into_file(sessions.server, path, own),
            self.describe().database_bytes,
            self._folder,
            to,
            why,
            self._clock,
        )
        self._took = time.monotonic() - began
        return snapshot

    def check(self) -> list[str]:
        sessions = self._backend.sessions
        # Without what is said here rows that are none would be told as damaged.
        foreign = [] if sessions.problem else shape.foreign_in(sessions.server)
        with sessions.reading() as session:
            unreadable = unreadable_rows(session, copying.shared_tables())
        damage = N_("The team's data are damaged ({names}). Tell the administrator.", names="; ".join(unreadable))
        return [*foreign, *([damage] if unreadable else [])]

    def describe(self) -> Description:
        return description(self._backend.sessions.server)

    def restore(self, snapshot: Path) -> Restored:
        raise Refused(LEAVE_FIRST)

    def renew(self) -> str:
        raise Refused(N_("The team's data lie on a server, where no file could be exchanged."))


def description(server: PostgresSessions) -> Description:
    """Raises Unreachable."""
    with translated(server.address), server.connect() as connection:
        (size,) = connection.execute(
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_catalog.pg_class AS c "
            "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind = 'r'",
            (server.schema,),
        ).fetchone() or (0,)
        (version,) = connection.execute("SELECT version FROM about").fetchone() or (None,)
        server_version = connection.info.parameter_status("server_version") or ""
    return Description(known(version), sqlite3.sqlite_version, "server", int(size), str(server.address), server_version)
