"""All rows of a store into another engine's, table by table, and read back: sharing a folder, and snapshots of a team.

The rows are what they are in either engine, numbers and revisions among them, so nothing is derived anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from store import files
from store.errors import Damaged, Refused
from store.postgres.connections import PostgresSessions
from store.postgres.patience import WHOLE
from store.postgres.problems import translated
from store.sql.profiles import COUNTER, WRITTEN, mark_written
from store.sql.schema import SCHEMA_VERSION
from store.sqlite.connections import Source, SQLiteSession, connect
from store.sqlite.shape import tables
from store.sqlite.upgrade import migrate
from store.state import NOTES
from store.texts import N_

# Those that rows of others point to come first; the last two are of one member and one computer.
_FIRST = ("undoable", "profiles", "queries", "issues")
_OWN = frozenset({"task_progress", "app_state"})
_IDENTITIES = ("jira_cache", "jira_changelog_cache", "project_data", "metrics_snapshots", "issues", "migrations")
_ROWS = 2_000
# What comes of a value that our form of the table does not allow, such as none, a list or a day; and of one row twice.
_NOT_OURS = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError, sqlite3.ProgrammingError, TypeError,
             ValueError, OverflowError)  # fmt: skip
_STRANGE_ROWS = N_(
    "The rows of {table} on the team's server are not as Burndown keeps them, so no copy of the team's data was made. "
    "Nothing was changed; call check, and tell the administrator."
)
OnProgress = Callable[[int, int, str], None]
Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows by table, each counted and compared on both sides."""

    rows: dict[str, int]


def shared_tables() -> list[str]:
    """What a team shares, in an order in which no row points to one that is not there yet."""
    there = [name for name in tables(SCHEMA_VERSION) if name not in _OWN]
    return [*_FIRST, *(name for name in there if name not in _FIRST)]


def is_shared(key: str) -> bool:
    """Whether a key of the state is of the data: a counter, or a note of a query."""
    return key in (COUNTER, WRITTEN) or key.partition("/")[0] in NOTES


# -- into a team's store --------------------------------------------------------------------------------


def into_server(
    source: SQLiteSession, sessions: PostgresSessions, progress: OnProgress = lambda done, total, text: None
) -> Copied:
    """Everything of a database into an empty store, in one transaction: verified, or nothing of it stays.

    Raises Refused where there are data already, Damaged where a row does not come back as it was sent.
    """
    names = shared_tables()
    with sessions.transaction() as session:
        session.connection.patience = WHOLE
        if session.execute("SELECT 1 FROM profiles LIMIT 1").fetchone():
            raise Refused(
                N_(
                    "There are data of a team in that store already, and two sets of them cannot become one by "
                    "themselves. Join the team with: burndown team join URL. Your own stay in a backup. Nothing "
                    "was changed."
                )
            )
        session.execute("DELETE FROM app_state")
        copied = {}
        for number, table in enumerate([*names, "app_state"]):
            progress(number, len(names) + 1, f"Copying {table.replace('_', ' ')}")
            copied[table] = _send(source, session.connection, table)
        for table in _IDENTITIES:
            _continue_numbers(session.connection, table)
        # From here on the team's data go their own way: no copy of them is one of the folder's database.
        mark_written(session)
        session.changed = True
    return Copied(copied)


def _send(source: SQLiteSession, target: psycopg.Connection, table: str) -> int:
    columns = _columns(source, table)
    sent = _Sum()
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _listed(columns))
    with target.cursor().copy(statement) as copy:
        for row in sent.passed(_rows_of(source, table, columns)):
            copy.write_row(row)
    came = _Sum()
    for _ in came.passed(_rows_on(target, table, columns)):
        pass
    if came != sent:
        raise Damaged(
            N_(
                "What was copied into {table} did not come back as it was sent ({rows:,} of {sent:,} rows). "
                "Nothing was kept of it; try again, and tell the administrator when it happens again.",
                table=table,
                rows=came.rows,
                sent=sent.rows,
            )
        )
    return sent.rows


def _continue_numbers(target: psycopg.Connection, table: str) -> None:
    """The rows brought their numbers along: the next one is behind them."""
    column = "no" if table in ("issues", "migrations") else "id"
    target.execute(
        sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({}), 0) + 1, false) FROM {}").format(
            table, column, sql.Identifier(column), sql.Identifier(table)
        )
    )


# -- out of it ------------------------------------------------------------------------------------------


def into_file(sessions: PostgresSessions, path: Path, own: Iterable[tuple[str, str]] = ()) -> Copied:
    """A new database at `path` with all that the team has at this moment, checked. `own`: keys of the member's state.

    Raises Unreachable, Damaged, OSError; what is half made is for the caller to remove.
    """
    files.new_file(path).close()
    with closing(connect(Source(str(path)))) as target:
        migrate(target)
        target.execute("PRAGMA synchronous = OFF")
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("BEGIN")
        with translated(sessions.address), sessions.connect() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            copied = {table: _fetch(connection, target, table) for table in (*shared_tables(), "app_state")}
        keys = {key for (key,) in target.execute("SELECT key FROM app_state")}
        target.insert("app_state", "key, value", (row for row in own if row[0] not in keys))
        target.execute("COMMIT")
        target.execute("PRAGMA journal_mode = DELETE")
        broken = [text for (text,) in target.execute("PRAGMA integrity_check(10)") if text != "ok"]
        orphans = target.execute("PRAGMA foreign_key_check").fetchone()
    if broken or orphans:
        raise Damaged(N_("The copy of the team's data did not come out whole. Nothing was put anywhere; try again."))
    return Copied(copied)


def _fetch(source: psycopg.Connection, target: SQLiteSession, table: str) -> int:
    columns = _columns(target, table)
    came = _Sum()
    try:
        target.insert(table, ", ".join(f'"{name}"' for name in columns), came.passed(_rows_on(source, table, columns)))
    except _NOT_OURS as exc:
        raise Damaged(N_(_STRANGE_ROWS, table=table)) from exc
    kept = _Sum()
    for _ in kept.passed(_rows_of(target, table, columns, all_keys=True)):
        pass
    if kept != came:
        raise Damaged(
            N_(
                "The copy of {table} is not what the team's server sent. Nothing was kept of it; try again.",
                table=table,
            )
        )
    return came.rows


# -- rows -----------------------------------------------------------------------------------------------


def _columns(session: SQLiteSession, table: str) -> list[str]:
    return [row[1] for row in session.execute(f'PRAGMA table_info("{table}")')]


def _listed(columns: Collection[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _rows_of(source: sqlite3.Connection, table: str, columns: Sequence[str], all_keys: bool = False) -> Iterator[Row]:
    rows = source.execute(f'SELECT {", ".join(f"{chr(34)}{name}{chr(34)}" for name in columns)} FROM "{table}"')
    if table != "app_state" or all_keys:
        return iter(rows)
    return (row for row in rows if is_shared(row[0]))


def _rows_on(source: psycopg.Connection, table: str, columns: Sequence[str]) -> Iterator[Row]:
    with source.cursor(name="rows") as cursor:
        cursor.itersize = _ROWS
        cursor.execute(sql.SQL("SELECT {} FROM {}").format(_listed(columns), sql.Identifier(table)))
        yield from cursor


class _Sum:
    """How many rows went by, and a sum of their contents in which the order does not count."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def passed(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.rows += 1
            # Of one process: a whole number has the sum of the same number as a float, as the engines have them.
            self._sum += hash(tuple(row))
            yield row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Sum) and (self.rows, self._sum) == (other.rows, other._sum)

    __hash__ = None  # type: ignore[assignment]
