"""Bringing a database up to our schema. `PRAGMA user_version` counts its steps, `application_id` says it is ours."""

from __future__ import annotations

import sqlite3

from store.sql import schema


def migrate(connection: sqlite3.Connection, version: int | None = None) -> None:
    """Bring the database to `version`, by default SCHEMA_VERSION, in one transaction; or leave it, where it is there.

    Statement by statement: `executescript` would commit in between and leave a half-made schema after a kill.
    """
    wanted = schema.SCHEMA_VERSION if version is None else version
    connection.execute("BEGIN IMMEDIATE")
    try:
        (present,) = connection.execute("PRAGMA user_version").fetchone()
        for step in schema.MIGRATIONS[present:wanted]:
            for statement in step:
                connection.execute(statement)
        if present < wanted:
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {wanted}")
    except BaseException:
        connection.rollback()
        raise
    connection.execute("COMMIT")
