"""The schema on the server: a schema of its own, with our mark and the number of its steps in a table.

Whatever else lies in the database is left alone. Steps run under an advisory lock, one member at a time, each in a
transaction with its number.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from store.errors import Damaged, NewerDatabase, Refused
from store.postgres.dialect import POSTGRES
from store.postgres.problems import NEWER
from store.sql import schema
from store.sqlite.shape import tables as schema_tables
from store.texts import N_

_MARK = "about"
_STRANGE = N_(
    "The schema {name} of this database holds what Burndown did not make ({tables}). Nothing was "
    "changed; ask the administrator for a database of your own, or to rename that schema."
)


_NO_VERSION = N_(
    "The team's data do not say of which version they are: another program changed the table about in their schema. "
    "Nothing was changed; ask the administrator to put a backup of the database back."
)
_OF_ANOTHER = N_(
    "The schema {name} of this database belongs to {owner}, and {user} may not look into it. Ask the "
    "administrator to let {user} work as {owner} (GRANT {owner} TO {user}), or write {owner} before the @ of the "
    "address. Nothing was changed."
)


def version_of(connection: psycopg.Connection, name: str) -> int | None:
    """How many steps the store went through; None where there is no store of ours yet.

    Raises Refused where the schema is somebody else's, and what `known` does.
    """
    rows = connection.execute(
        "SELECT relname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY relname",
        (name,),
    )
    tables = [table for (table,) in rows]
    if not tables:
        return None
    if _MARK in tables and (mark := _mark(connection, name)):
        application, version = mark
        if application == schema.APPLICATION_ID:
            return known(version)
    raise Refused(N_(_STRANGE, name=name, tables=", ".join(tables[:5])))


def known(version: object) -> int:
    """The number of a store's steps. Raises Damaged for what is none of ours, NewerDatabase.

    Ours have theirs from the moment that they hold anything; by another the wrong steps would be gone through.
    """
    if not isinstance(version, int) or version < 1:
        raise Damaged(_NO_VERSION)
    if version > schema.SCHEMA_VERSION:
        raise NewerDatabase(NEWER)
    return version


def _mark(connection: psycopg.Connection, name: str) -> tuple[object, object] | None:
    """The only row of it. Raises Damaged where there are several, which say several things."""
    try:
        rows = connection.execute(
            sql.SQL("SELECT application_id, version FROM {}.{} LIMIT 2").format(
                sql.Identifier(name), sql.Identifier(_MARK)
            )
        ).fetchall()
    except psycopg.errors.UndefinedColumn:
        return None
    except psycopg.errors.InsufficientPrivilege as exc:
        raise Refused(N_(_OF_ANOTHER, name=name, owner=_owner(connection, name), user=connection.info.user)) from exc
    if len(rows) > 1:
        raise Damaged(_NO_VERSION)
    return rows[0] if rows else None


def _owner(connection: psycopg.Connection, name: str) -> str:
    row = connection.execute(
        "SELECT r.rolname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
        "JOIN pg_catalog.pg_roles AS r ON r.oid = c.relowner WHERE n.nspname = %s AND c.relname = %s",
        (name, _MARK),
    ).fetchone()
    return str(row[0]) if row else "?"


def migrate(connection: psycopg.Connection, name: str) -> None:
    """Make the store, or bring it up to our schema. Raises Refused, NewerDatabase: nothing was changed."""
    while not _one_step(connection, name):
        pass


def _one_step(connection: psycopg.Connection, name: str) -> bool:
    """Whether nothing is left to do. A store that is made goes through all steps at once."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (schema.APPLICATION_ID, name))
        present = version_of(connection, name)
        if present is None:
            _make(connection, name)
            return True
        if present == schema.SCHEMA_VERSION:
            return True
        for statement in schema.MIGRATIONS[present]:
            connection.execute(POSTGRES.defined(statement).encode())
        _note_version(connection, present + 1)
        return False


def _make(connection: psycopg.Connection, name: str) -> None:
    there = connection.execute("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s", (name,)).fetchone()
    if there is None:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    connection.execute(
        'CREATE TABLE about (application_id bigint NOT NULL, version bigint NOT NULL, made_by text COLLATE "C")'
    )
    connection.execute(
        "INSERT INTO about (application_id, version, made_by) VALUES (%s, 0, current_user)", (schema.APPLICATION_ID,)
    )
    for step in schema.MIGRATIONS:
        for statement in step:
            # What changes rows is for stores that had some before that step.
            if not statement.lstrip().startswith("UPDATE"):
                connection.execute(POSTGRES.defined(statement).encode())
    _note_version(connection, schema.SCHEMA_VERSION)


def unmake(connection: psycopg.Connection, name: str) -> None:
    """Take an empty store away that was made for nothing; where somebody has put something in since, it stays."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (schema.APPLICATION_ID, name))
        if version_of(connection, name) is None or connection.execute("SELECT 1 FROM profiles LIMIT 1").fetchone():
            return
        tables = [sql.Identifier(name, table) for table in (*schema_tables(schema.SCHEMA_VERSION), _MARK)]
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.SQL(", ").join(tables)))


def _note_version(connection: psycopg.Connection, version: int) -> None:
    connection.execute("UPDATE about SET version = %s", (version,))
