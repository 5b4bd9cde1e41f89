"""Connections to one PostgreSQL: a few kept for all threads, one writer at a time in the team, found again when lost.

A transaction that writes takes an advisory lock of the store at its beginning, so that what a method looks up stays
true until it has written, as with SQLite. Readers wait for nobody: each sees the moment at which it began. A journey
to the server and back may take 20 ms, so statements that belong together travel together.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import psycopg

from store.errors import NotWritable, Refused, StoreError, Unreachable, Unsettled
from store.postgres import naming
from store.postgres.address import SCHEMA, Address
from store.postgres.certificates import trusted_certificates
from store.postgres.dialect import POSTGRES, marked
from store.postgres.patience import LOCK, READING, WRITING, PatientConnection, Silent
from store.postgres.problems import is_lost, translated, wants_password
from store.postgres.upgrade import known
from store.sql.dialect import Dialect
from store.sql.schema import APPLICATION_ID
from store.sql.session import Question
from store.sql.text import decoding
from store.storable import unstorable
from store.texts import N_

_log = logging.getLogger(__name__)

# One for the page, one for what it fetches besides, one for the worker, one for what is looked at meanwhile. A server
# has a hundred as a rule, for the whole team.
MOST = 4
# Those not needed for so long are given back to the server.
IDLE_SECONDS = 60.0
CONNECT_SECONDS = 10
# A server that is gone without a word is given up after so long.
_SILENT_MS = 15_000
# One that was left in the middle of a change, such as by a computer that fell asleep, is ended by the server.
_ABANDONED_SECONDS = 60
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_UNSETTLED = N_(
    "The connection to the team's server was lost while it was told to keep this change. Look "
    "whether it is there before you do it again."
)
_WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")
Password = Callable[[], str | None]
Permit = Callable[[], None]
"""Raises Unreachable where nothing may go out."""


def allowed() -> None:
    """As long as nobody said otherwise."""


class PostgresSession:
    """One transaction on one connection, or one view for reading that begins with the first statement."""

    dialect: Dialect = POSTGRES

    def __init__(self, connection: PatientConnection, *, begun: bool) -> None:
        self.connection = connection
        self.begun = begun
        self.changed = False

    def execute(self, statement: str, values: Sequence[object] = (), /) -> psycopg.Cursor:
        if not self.begun:
            (cursor,) = self._ask([(statement, values)])
            return cursor
        cursor = self.connection.cursor()
        cursor.execute(_text(statement), values)
        self._note(cursor)
        return cursor

    def executemany(self, statement: str, rows: Iterable[Sequence[object]], /) -> psycopg.Cursor:
        cursor = self.connection.cursor()
        cursor.executemany(_text(statement), rows)
        self._note(cursor)
        return cursor

    def insert(self, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
        cursor = self.connection.cursor()
        with cursor.copy(_copy_in(table, columns)) as copy:
            for row in rows:
                copy.write_row(row)
        self._note(cursor)

    def together(self, *questions: Question) -> list[Iterable[tuple[Any, ...]]]:
        return [cursor.fetchall() for cursor in self._ask(questions)]

    def _ask(self, questions: Sequence[Question]) -> list[psycopg.Cursor]:
        """All of them in one journey, with the beginning of the view where it has none yet."""
        cursors = [self.connection.cursor() for _ in questions]
        with self.connection.pipeline():
            if not self.begun:
                self.connection.execute(_READ)
                self.begun = True
            for cursor, (statement, values) in zip(cursors, questions, strict=True):
                cursor.execute(_text(statement), values)
        return cursors

    def _note(self, cursor: psycopg.Cursor) -> None:
        if cursor.rowcount > 0 and (cursor.statusmessage or "").startswith(_WRITES):
            self.changed = True


def _text(statement: str) -> bytes:
    return marked(statement).encode()


def _copy_in(table: str, columns: str) -> bytes:
    return f"COPY {table} ({columns}) FROM STDIN".encode()


class _Mine(threading.local):
    """What one thread is in the middle of, and how deep."""

    session: PostgresSession | None = None
    depth = 0


class PostgresSessions:
    """See `store.sql.session.Sessions` and the module. `password` is asked when libpq finds none by itself."""

    def __init__(
        self,
        address: Address,
        schema: str = SCHEMA,
        *,
        password: Password = lambda: None,
        permit: Permit = allowed,
        read_only: bool = False,
        most: int = MOST,
    ) -> None:
        self.address = address
        self.schema = schema
        self.read_only = read_only
        self.commits = 0
        # Called within every transaction that changed something, before it ends.
        self.on_change: Callable[[PostgresSession], None] | None = None
        # Asked before the server is.
        self.permit = permit
        # Called with each new connection's outcome, "connected" or why not.
        self.on_connect: Callable[[str], None] = lambda outcome: None
        self._password = password
        # Only ever in memory.
        self._known: str | None = None
        self._mine = _Mine()
        self._pool = _Pool(self.connect, most)

    # -- connections --------------------------------------------------------------------------------

    def connect(self, patience: float | None = None) -> PatientConnection:
        """A new connection, set up as all of ours. Raises psycopg.Error, Unreachable where nothing may go out."""
        self.permit()
        try:
            connection = self._let_in()
        except psycopg.Error as exc:
            self.on_connect(type(exc).__name__)
            raise
        self.on_connect("connected")
        connection.patience = READING if patience is None else patience
        return connection

    def _let_in(self) -> PatientConnection:
        try:
            return self._connected(self._known)
        except psycopg.OperationalError as exc:
            # The means of PostgreSQL itself come first: a password file, a service, a certificate, Kerberos.
            if not wants_password(exc) or not (password := self._password()) or password == self._known:
                raise
            connection = self._connected(password)
            self._known = password
            return connection

    def _connected(self, password: str | None) -> PatientConnection:
        parameters = self.address.parameters()
        if parameters.get("sslrootcert") == "system":
            parameters["sslrootcert"] = trusted_certificates()
        if password:
            parameters["password"] = password
        return PatientConnection.connect(
            **parameters,  # type: ignore[arg-type]
            autocommit=True,
            prepare_threshold=None,
            connect_timeout=CONNECT_SECONDS,
            application_name="burndown",
            client_encoding="UTF8",
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=_SILENT_MS,
            options=(
                f'-c search_path="{self.schema}" -c lock_timeout={LOCK}s '
                f"-c idle_in_transaction_session_timeout={_ABANDONED_SECONDS}s -c default_transaction_isolation="
                r"read\ committed -c standard_conforming_strings=on "
                # What a rule of the server hides from this user is refused in words, and not missing without one.
                "-c row_security=off"
            ),
        )

    @contextmanager
    def _borrowed(self, *, to_write: bool = False) -> Iterator[PatientConnection]:
        self.permit()
        with self._pool.borrowed() as connection:
            connection.patience = WRITING if to_write else READING
            yield connection

    def give_up(self) -> None:
        """Whoever waits for the server, in whatever thread, waits no longer: it is known to be silent."""
        self._pool.give_up()

    @contextmanager
    def alone(self, name: str, who: str) -> Iterator[None]:
        """See `Sessions`, and `store.postgres.naming`. Raises Unreachable."""
        with translated(self.address):
            connection = self.connect()
        with closing(connection):
            with translated(self.address):
                naming.take(connection, f"{self.schema}/{name}", who, datetime.now(UTC))
            yield

    @property
    def is_in_the_middle(self) -> bool:
        """Whether this thread has a view or a change open."""
        return self._mine.session is not None

    def close(self) -> None:
        """Calling it again does nothing; later calls of other methods are refused."""
        self._pool.close()

    # -- reading ------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[PostgresSession]:
        """See `Sessions`. A connection that died in its sleep is replaced before anything is asked of it."""
        if self._mine.session is not None:
            with decoding():
                yield self._mine.session
            return
        with translated(self.address), self._borrowed() as connection:
            session = self._mine.session = PostgresSession(connection, begun=False)
            try:
                with decoding():
                    yield session
            finally:
                self._mine.session = None
                if session.begun:
                    _end(connection)

    def first_row(self, statement: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        return next(iter(self.rows(statement, values)), None)

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        if self._mine.session is not None:
            return self._mine.session.execute(statement, values).fetchall()
        with translated(self.address):
            try:
                return self._ask(statement, values)
            except psycopg.Error as exc:
                if not is_lost(exc) or isinstance(exc, Silent):
                    raise
                # The server was restarted, or the network away for a while: asking once more does no harm.
                return self._ask(statement, values)

    def _ask(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._borrowed() as connection:
            return connection.execute(_text(statement), values).fetchall()

    # -- writing ------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[PostgresSession]:
        try:
            with self.transaction() as session:
                yield session
        except (OverflowError, UnicodeEncodeError) as exc:
            raise unstorable(exc) from exc

    @contextmanager
    def transaction(self, *, lasting: bool = True) -> Iterator[PostgresSession]:
        with translated(self.address):
            if self._mine.depth:
                with self._savepoint() as session:
                    yield session
            else:
                with self._transaction(lasting) as session:
                    yield session

    @contextmanager
    def _savepoint(self) -> Iterator[PostgresSession]:
        session = self._mine.session
        if session is None:
            raise Refused(N_("This cannot be done in the middle of a look at the data."))
        session.connection.execute("SAVEPOINT inner_one")
        self._mine.depth += 1
        try:
            yield session
        except BaseException:
            if not session.connection.broken:
                session.connection.execute("ROLLBACK TO SAVEPOINT inner_one; RELEASE SAVEPOINT inner_one")
            raise
        finally:
            self._mine.depth -= 1
        session.connection.execute("RELEASE SAVEPOINT inner_one")

    @contextmanager
    def _transaction(self, lasting: bool) -> Iterator[PostgresSession]:
        if self.read_only:
            raise NotWritable(N_("The team's data are open for reading only; nothing was changed."))
        with self._borrowed(to_write=True) as connection:
            self._begin(connection, lasting)
            session = self._mine.session = PostgresSession(connection, begun=True)
            self._mine.depth = 1
            try:
                yield session
                if session.changed and self.on_change is not None:
                    self.on_change(session)
            except BaseException:
                _end(connection, "ROLLBACK")
                raise
            finally:
                self._mine.session, self._mine.depth = None, 0
            self._commit(connection)
            if session.changed:
                self.commits += 1

    def _begin(self, connection: PatientConnection, lasting: bool) -> None:
        with connection.pipeline():
            connection.execute("BEGIN")
            connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (APPLICATION_ID, self.schema))
            cursor = connection.execute("SELECT version FROM about")
            if not lasting:
                connection.execute("SET LOCAL synchronous_commit TO OFF")
        row = cursor.fetchone()
        try:
            # A newer Burndown may have brought the store up to date while this one was open.
            known(row[0] if row else None)
        except StoreError:
            _end(connection, "ROLLBACK")
            raise

    def _commit(self, connection: PatientConnection) -> None:
        try:
            connection.execute("COMMIT")
        except psycopg.Error as exc:
            if is_lost(exc):
                raise Unsettled(_UNSETTLED) from exc
            raise


def _end(connection: PatientConnection, how: str = "COMMIT") -> None:
    """Of a view or of a change that failed: a connection that is gone has nothing to end."""
    with suppress(psycopg.Error):
        if not connection.closed:
            connection.execute(how)


class _Pool:
    """At most so many open at once; a thread that comes when all are lent waits for one."""

    def __init__(self, connect: Callable[[], PatientConnection], most: int) -> None:
        self._connect = connect
        self._most = most
        self._changed = threading.Condition()
        self._idle: list[tuple[PatientConnection, float]] = []
        self._lent = 0
        self._in_use: set[PatientConnection] = set()
        self._closed = False

    @contextmanager
    def borrowed(self) -> Iterator[PatientConnection]:
        """Raises Unreachable when none gets free, psycopg.Error when none can be opened."""
        connection = self._idle_connection() or self._opened()
        with self._changed:
            self._in_use.add(connection)
        try:
            yield connection
        finally:
            self._give_back(connection)

    def give_up(self) -> None:
        with self._changed:
            for connection in self._in_use:
                connection.give_up()
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()

    def _idle_connection(self) -> PatientConnection | None:
        """An idle one that is alive; None where a new one may be opened, which is counted as lent already."""
        with self._changed:
            if self._closed:
                raise Refused(N_("The store is closed."))
            if not self._changed.wait_for(lambda: self._idle or self._lent < self._most, LOCK):
                raise Unreachable(N_("The team's server is busy with what was asked before. Try again in a moment."))
            self._lent += 1
            while self._idle:
                connection, since = self._idle.pop()
                if _is_alive(connection, time.monotonic() - since):
                    return connection
                connection.close()
            return None

    def _opened(self) -> PatientConnection:
        try:
            return self._connect()
        except BaseException:
            with self._changed:
                self._lent -= 1
                self._changed.notify()
            raise

    def _give_back(self, connection: PatientConnection) -> None:
        is_lost = connection.closed
        in_order = not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        now = time.monotonic()
        with self._changed:
            self._lent -= 1
            self._in_use.discard(connection)
            # Where one is gone the others, which were opened before it was, are not waited for one by one.
            old = [idle for idle, since in self._idle if is_lost or now - since > IDLE_SECONDS]
            self._idle = [(idle, since) for idle, since in self._idle if idle not in old]
            if in_order and not self._closed:
                self._idle.append((connection, now))
            else:
                old.append(connection)
            self._changed.notify()
        for gone in old:
            gone.close()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()


def _is_alive(connection: PatientConnection, idle: float) -> bool:
    """Whether the server has not hung up meanwhile, seen without a journey. One that slept long is tried."""
    if connection.closed:
        return False
    try:
        # A server that was stopped has said so on the way out, and hung up: one is read after the other.
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
        if connection.pgconn.status != psycopg.pq.ConnStatus.OK:
            return False
        if idle > IDLE_SECONDS / 4:
            connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True
