"""Profiles and queries in SQLite, which query is active, and the revisions."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from store.errors import DuplicateName, UnknownQuery
from store.records import Profile, Query, QueryRef, thawed
from store.sql.text import decoding, extras, extras_text, instant, instant_text, object_text, optional_instant_text
from store.sqlite.connections import Connections

PROFILE_COLUMNS = (
    "id, name, description, created_at, last_used, jira_config, field_mappings, forecast_settings, "
    "project_classification, flow_type_mappings, show_milestone, show_points, extras"
)
QUERY_COLUMNS = "profile_id, id, name, jql, description, created_at, last_used, updated_at, revision, extras"
# Of a profile under which something waits to be taken back: what it belongs to. Such a one is in no list and no count.
HIDDEN = "hidden_by"
_PROFILE_OF_ID = f"SELECT {PROFILE_COLUMNS} FROM profiles WHERE id = ? AND {HIDDEN} IS NULL"
_QUERY_OF_REF = f"SELECT {QUERY_COLUMNS} FROM queries WHERE profile_id = ? AND id = ?"
# One counter for all queries: a query deleted and made again must not repeat a revision seen before.
COUNTER = "last_revision"
_WRITTEN = "last_written"
# Of a key of the app's state, what follows the first slash: the query that it belongs to, where it names one.
_OWNER = "substr(key, nullif(instr(key, '/'), 0) + 1)"
_ACTIVE_PROFILE, _ACTIVE_QUERY = "active_profile_id", "active_query_id"


def query_no(connection: sqlite3.Connection, ref: QueryRef) -> int:
    """The short reference of a query. Raises UnknownQuery."""
    row = connection.execute("SELECT no FROM queries WHERE profile_id = ? AND id = ?", ref).fetchone()
    if row is None:
        raise UnknownQuery("This query no longer exists. Choose another one.")
    number: int = row[0]
    return number


def raise_revision(connection: sqlite3.Connection, ref: QueryRef) -> None:
    revision = _next_revision(connection)
    connection.execute("UPDATE queries SET revision = ? WHERE profile_id = ? AND id = ?", (revision, *ref))


def raise_profile_revisions(connection: sqlite3.Connection, profile_id: str) -> None:
    revision = _next_revision(connection)
    connection.execute("UPDATE queries SET revision = ? WHERE profile_id = ?", (revision, profile_id))


def _next_revision(connection: sqlite3.Connection) -> int:
    (text,) = connection.execute(
        "INSERT INTO app_state (key, value) VALUES (?, '1') "
        "ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value",
        (COUNTER,),
    ).fetchone()
    return int(text)


def last_revision(connection: sqlite3.Connection) -> int:
    """The highest that was given out."""
    row = connection.execute("SELECT value FROM app_state WHERE key = ?", (COUNTER,)).fetchone()
    with decoding():
        return int(row[0]) if row else 0


def mark_written(connection: sqlite3.Connection) -> None:
    """Part of every change: two databases with the same mark are of the same moment, and must hold the same."""
    write_state(connection, _WRITTEN, os.urandom(12).hex())


def written_mark(connection: sqlite3.Connection) -> str:
    """Empty before the first change."""
    row = connection.execute("SELECT value FROM app_state WHERE key = ?", (_WRITTEN,)).fetchone()
    return str(row[0]) if row else ""


def continue_revisions(connection: sqlite3.Connection, last: int) -> None:
    """Give all queries one above what this database and another one (`last`) ever gave out."""
    revision = max(last, last_revision(connection)) + 1
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO app_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (COUNTER, str(revision)),
    )
    connection.execute("UPDATE queries SET revision = ?", (revision,))
    mark_written(connection)
    connection.execute("COMMIT")


def require_profile(connection: sqlite3.Connection, profile_id: str) -> None:
    if connection.execute("SELECT 1 FROM profiles WHERE id = ?", (profile_id,)).fetchone() is None:
        raise UnknownQuery("This profile no longer exists. Choose another one.")


def read_profile(connection: sqlite3.Connection, profile_id: str) -> Profile | None:
    row = connection.execute(_PROFILE_OF_ID, (profile_id,)).fetchone()
    return None if row is None else profile_of(row)


def read_query(connection: sqlite3.Connection, ref: QueryRef) -> Query | None:
    row = connection.execute(_QUERY_OF_REF, ref).fetchone()
    return None if row is None else query_of(row)


def profile_of(row: tuple[Any, ...]) -> Profile:
    return Profile(
        id=row[0],
        name=row[1],
        description=row[2],
        created_at=instant(row[3]),
        last_used=instant(row[4]),
        jira_config=extras(row[5]),
        field_mappings=extras(row[6]),
        forecast_settings=extras(row[7]),
        project_classification=extras(row[8]),
        flow_type_mappings=extras(row[9]),
        show_milestone=bool(row[10]),
        show_points=bool(row[11]),
        extras=extras(row[12]),
    )


def _profile_row(profile: Profile) -> tuple[Any, ...]:
    return (
        profile.id,
        profile.name,
        profile.description,
        instant_text(profile.created_at),
        instant_text(profile.last_used),
        object_text(profile.jira_config),
        object_text(profile.field_mappings),
        object_text(profile.forecast_settings),
        object_text(profile.project_classification),
        object_text(profile.flow_type_mappings),
        profile.show_milestone,
        profile.show_points,
        extras_text(profile.extras),
    )


_ThawedQuery = thawed(Query)


def query_of(row: tuple[Any, ...]) -> Query:
    new = _ThawedQuery()
    (
        new.profile_id,
        new.id,
        new.name,
        new.jql,
        new.description,
        created_at,
        last_used,
        updated_at,
        new.revision,
        more,
    ) = row
    new.created_at, new.last_used = instant(created_at), instant(last_used)
    new.updated_at = instant(updated_at) if updated_at else None
    new.extras = extras(more)
    new.__class__ = Query
    query: Query = new
    return query


def _query_row(query: Query) -> tuple[Any, ...]:
    return (
        query.profile_id,
        query.id,
        query.name,
        query.jql,
        query.description,
        instant_text(query.created_at),
        instant_text(query.last_used),
        optional_instant_text(query.updated_at),
        extras_text(query.extras),
    )


class Profiles:
    """Profiles and queries. An upsert names its columns: replacing the row would cascade into all its data."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get_profile(self, profile_id: str) -> Profile | None:
        row = self._connections.first_row(_PROFILE_OF_ID, (profile_id,))
        with decoding():
            return None if row is None else profile_of(row)

    def list_profiles(self) -> list[Profile]:
        with self._connections.reading() as connection:
            rows = connection.execute(
                f"SELECT {PROFILE_COLUMNS} FROM profiles WHERE {HIDDEN} IS NULL ORDER BY last_used DESC, id"
            )
            return [profile_of(row) for row in rows]

    def save_profile(self, profile: Profile) -> None:
        with self._connections.writing() as connection:
            _refuse_duplicate(
                "profile",
                profile.name,
                connection.execute,
                "SELECT 1 FROM profiles WHERE name = ? AND id <> ?",
                (profile.name, profile.id),
            )
            connection.execute(
                f"INSERT INTO profiles ({PROFILE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, "
                "created_at = excluded.created_at, last_used = excluded.last_used, "
                "jira_config = excluded.jira_config, field_mappings = excluded.field_mappings, "
                "forecast_settings = excluded.forecast_settings, "
                "project_classification = excluded.project_classification, "
                "flow_type_mappings = excluded.flow_type_mappings, show_milestone = excluded.show_milestone, "
                "show_points = excluded.show_points, extras = excluded.extras",
                _profile_row(profile),
            )
            raise_profile_revisions(connection, profile.id)

    def delete_profile(self, profile_id: str) -> None:
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM profiles WHERE id = ?", (profile_id,))
            forget_state(connection, profile_id)

    def get_query(self, ref: QueryRef) -> Query | None:
        row = self._connections.first_row(_QUERY_OF_REF, ref)
        with decoding():
            return None if row is None else query_of(row)

    def list_queries(self, profile_id: str) -> list[Query]:
        with self._connections.reading() as connection:
            rows = connection.execute(
                f"SELECT {QUERY_COLUMNS} FROM queries WHERE profile_id = ? ORDER BY last_used DESC, id", (profile_id,)
            )
            return [query_of(row) for row in rows]

    def save_query(self, query: Query) -> None:
        with self._connections.writing() as connection:
            require_profile(connection, query.profile_id)
            _refuse_duplicate(
                "query",
                query.name,
                connection.execute,
                "SELECT 1 FROM queries WHERE profile_id = ? AND name = ? AND id <> ?",
                (query.profile_id, query.name, query.id),
            )
            connection.execute(
                "INSERT INTO queries (profile_id, id, name, jql, description, created_at, last_used, updated_at, "
                "extras, no, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
                "(SELECT coalesce(max(no), 0) + 1 FROM queries), 0) "
                "ON CONFLICT (profile_id, id) DO UPDATE SET name = excluded.name, jql = excluded.jql, "
                "description = excluded.description, created_at = excluded.created_at, "
                "last_used = excluded.last_used, updated_at = excluded.updated_at, extras = excluded.extras",
                _query_row(query),
            )
            raise_revision(connection, query.ref)

    def delete_query(self, ref: QueryRef) -> None:
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM queries WHERE profile_id = ? AND id = ?", ref)
            forget_state(connection, *ref)

    def active_query(self) -> QueryRef | None:
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT queries.profile_id, queries.id FROM queries "
                "JOIN app_state AS profile ON profile.key = ? AND profile.value = queries.profile_id "
                "JOIN app_state AS query ON query.key = ? AND query.value = queries.id",
                (_ACTIVE_PROFILE, _ACTIVE_QUERY),
            ).fetchone()
            return None if row is None else QueryRef(*row)

    def switch_query(self, ref: QueryRef, at: datetime) -> None:
        with self._connections.writing() as connection:
            query_no(connection, ref)
            used = instant_text(at)
            connection.execute("UPDATE queries SET last_used = ? WHERE profile_id = ? AND id = ?", (used, *ref))
            connection.execute("UPDATE profiles SET last_used = ? WHERE id = ?", (used, ref.profile_id))
            write_state(connection, _ACTIVE_PROFILE, ref.profile_id)
            write_state(connection, _ACTIVE_QUERY, ref.query_id)

    def revision(self, ref: QueryRef) -> int:
        row = self._connections.first_row("SELECT revision FROM queries WHERE profile_id = ? AND id = ?", ref)
        return 0 if row is None else row[0]


def forget_state(connection: sqlite3.Connection, profile_id: str, query_id: str | None = None) -> None:
    """The keys that belong to a query, or to all of a profile."""
    if query_id is not None:
        connection.execute(f"DELETE FROM app_state WHERE {_OWNER} = ?", (f"{profile_id}/{query_id}",))
        return
    # Not LIKE: ids may hold its wildcards.
    owner = f"{profile_id}/"
    connection.execute(f"DELETE FROM app_state WHERE substr({_OWNER}, 1, ?) = ?", (len(owner), owner))


def write_state(connection: sqlite3.Connection, key: str, value: str) -> None:
    connection.execute(
        "INSERT INTO app_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def _refuse_duplicate(
    kind: str, name: str, execute: Callable[..., sqlite3.Cursor], statement: str, values: tuple[str, ...]
) -> None:
    if execute(statement, values).fetchone() is not None:
        raise DuplicateName(f"There is a {kind} called {name!r} already. Choose another name.")
