"""Whether a database is built as ours are: the SQL of its tables and indexes is compared, nothing else may be there.

A file may carry our mark and something else inside. A trigger runs in our name at the next write, a view or another
table in the place of one of ours answers whatever it likes. So nothing of that is ever opened for writing: what our
own tables hold is copied into a database that we made, and the file as it was is set aside.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache

from store.sql import schema
from store.sqlite.upgrade import migrate

# An index that SQLite makes for a key by itself has no text. Everything that has one is looked at, whatever its name: a
# trigger whose name begins as SQLite's own do runs like any other.
_OBJECTS = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
# What SQLite makes when it is asked to count its rows.
_STATISTICS = {
    ("table", "sqlite_stat1"): "CREATE TABLE sqlite_stat1(tbl,idx,stat)",
    ("table", "sqlite_stat4"): "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """Names of what Burndown did not make: `added` beside our tables, `changed` in the place of one of them."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)


_NO_NUMBER = Foreign(changed=("the number of its form",))


def foreign_in(connection: sqlite3.Connection) -> Foreign:
    """What is not as its own schema number says; a number of a newer version says nothing."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > schema.SCHEMA_VERSION:
        return Foreign()
    there = _objects(connection)
    if version < 1:
        # Ours have their number from the moment that they hold anything.
        return _NO_NUMBER if there or version else Foreign()
    wanted = _expected(version)
    changed = [name for (kind, name), sql in wanted.items() if there.get((kind, name)) != sql]
    added = [name for kind, name in there if (kind, name) not in wanted]
    # Whatever bears the name of one of ours is in its place, not beside it.
    ours = {name.casefold() for _, name in wanted}
    instead = [name for name in added if name.casefold() in ours]
    return Foreign(tuple(sorted(set(added) - set(instead))), tuple(sorted({*changed, *instead})))


@cache
def _expected(version: int) -> dict[tuple[str, str], str]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, version)
        return _objects(connection)


def _objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Their SQL by type and name, without SQLite's own."""
    there = {(kind, name): _plain(sql) for kind, name, sql in connection.execute(_OBJECTS)}
    return {each: sql for each, sql in there.items() if _STATISTICS.get(each) != sql}


def _plain(sql: str | None) -> str:
    return " ".join((sql or "").split())


def tables(version: int) -> list[str]:
    """Our tables at that schema number."""
    return [name for kind, name in _expected(version) if kind == "table"]


def lacks_columns(connection: sqlite3.Connection) -> set[str]:
    """Our tables there that are of an older form, without some column that they have today."""
    there = {table: _columns_of(connection, table) for table in _columns()}
    return {table for table, names in there.items() if names and _columns()[table] - names}


def _columns() -> dict[str, set[str]]:
    return {table: set(forms) for table, forms in column_forms().items()}


@cache
def column_forms() -> dict[str, dict[str, tuple[str, bool]]]:
    """The columns of our tables of today, each with its type and whether it has a value in every row."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, schema.SCHEMA_VERSION)
        return {table: _forms_of(connection, table) for table in tables(schema.SCHEMA_VERSION)}


def _columns_of(connection: sqlite3.Connection, table: str) -> set[str]:
    return set(_forms_of(connection, table))


def _forms_of(connection: sqlite3.Connection, table: str) -> dict[str, tuple[str, bool]]:
    rows = connection.execute('SELECT name, type, "notnull" OR pk > 0 FROM pragma_table_info(?)', (table,))
    return {name: (kind, bool(is_required)) for name, kind, is_required in rows}


def all_rows(table: str) -> str:
    """A statement for all rows of one of our tables, read from the table itself."""
    return f'SELECT * FROM main."{table}" NOT INDEXED'


def copy_rows(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """All rows of our tables into a fresh database of the same schema number, and the marks.

    Only read from: no trigger runs by it, and no index is asked for what a table holds.
    """
    (version,) = source.execute("PRAGMA user_version").fetchone()
    migrate(target, version)
    target.execute("PRAGMA foreign_keys = OFF")
    target.execute("BEGIN IMMEDIATE")
    for table in tables(version):
        rows = source.execute(all_rows(table))
        places = ", ".join("?" * len(rows.description))
        target.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)
    target.execute("COMMIT")
