"""What can be taken back: deleted profiles and queries, and the last import of each query.

What waits lies in the same tables, under a hidden profile that belongs to its row of `undoable` and goes with it. So
deleting and putting back move a few references, whatever the size, and nothing that lists or counts profiles sees it.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime

from store.errors import Refused, UnknownQuery
from store.names import free_name
from store.records import QueryRef, Undoable
from store.sql.profiles import HIDDEN, PROFILE_COLUMNS, forget_state, query_no, raise_profile_revisions, raise_revision
from store.sql.text import instant, instant_text
from store.sqlite.connections import Connections

_UNDOABLE = "id, kind, what, profile_id, profile, query_id, query, at, until, made"
# Keyed by profile and query; all other tables of a query by its number.
_BY_REF = ("jira_cache", "jira_changelog_cache", "project_data", "metrics_snapshots")
# What an import may change of a query, beside its issues, their histories and its project data.
_LISTS = {
    "sprints": 'name, source_id, state, start, "end", completed, goal',
    "weeks": "position, day, completed_items, completed_points, created_items, created_points, source, extras",
}


class Undoing:
    """See the module. Everything here is part of the caller's transaction, where there is one."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def list_undoable(self) -> list[Undoable]:
        with self._connections.reading() as connection:
            rows = connection.execute(f"SELECT {_UNDOABLE} FROM undoable ORDER BY at DESC, rowid DESC")
            return [_undoable(row) for row in rows]

    def purge_undoable(self, now: datetime) -> int:
        with self._connections.writing() as connection:
            return connection.execute("DELETE FROM undoable WHERE until <= ?", (instant_text(now),)).rowcount

    def discard_profile(self, profile_id: str, at: datetime, until: datetime) -> str:
        with self._connections.writing() as connection:
            name = _profile_name(connection, profile_id)
            waiting = Undoable(_new_id(), "profile", "deleted project", profile_id, name, "", "", at, until)
            hidden = _hide(connection, waiting)
            _move(connection, profile_id, hidden)
            connection.execute("DELETE FROM profiles WHERE id = ?", (profile_id,))
            forget_state(connection, profile_id)
            return waiting.id

    def discard_query(self, ref: QueryRef, at: datetime, until: datetime) -> str:
        with self._connections.writing() as connection:
            name, query = _profile_name(connection, ref.profile_id), _query_name(connection, ref)
            waiting = Undoable(_new_id(), "query", "deleted work list", *_named(ref, name, query), at, until)
            _move_query(connection, ref, QueryRef(_hide(connection, waiting), ref.query_id))
            forget_state(connection, *ref)
            return waiting.id

    def remember_import(self, ref: QueryRef, what: str, at: datetime, until: datetime, made: str = "") -> str:
        with self._connections.writing() as connection:
            name, query = _profile_name(connection, ref.profile_id), _query_name(connection, ref)
            connection.execute(
                "DELETE FROM undoable WHERE kind = 'import' AND profile_id = ? AND query_id = ?", tuple(ref)
            )
            waiting = Undoable(_new_id(), "import", what, *_named(ref, name, query), at, until, made)
            if made:
                _insert(connection, waiting)
            else:
                _copy_facts(connection, ref, QueryRef(_hide(connection, waiting), ref.query_id))
            return waiting.id

    def undo(self, undo_id: str, at: datetime, until: datetime) -> QueryRef | None:
        with self._connections.writing() as connection:
            row = connection.execute(f"SELECT {_UNDOABLE} FROM undoable WHERE id = ?", (undo_id,)).fetchone()
            if row is None:
                raise Refused(f"There is nothing called {undo_id} to take back. It may be too long ago.")
            waiting = _undoable(row)
            if waiting.kind == "profile":
                found = _put_profile_back(connection, waiting)
            elif waiting.kind == "query":
                found = _put_query_back(connection, waiting)
            else:
                found = self._take_import_back(connection, waiting, at, until)
            connection.execute("DELETE FROM undoable WHERE id = ?", (undo_id,))
            return found

    def _take_import_back(
        self, connection: sqlite3.Connection, waiting: Undoable, at: datetime, until: datetime
    ) -> QueryRef | None:
        ref = waiting.ref
        _require_query(connection, waiting)
        if waiting.made:
            # There was nothing before: what the import made goes, and can be put back like anything deleted.
            others = connection.execute("SELECT count(*) FROM queries WHERE profile_id = ?", (ref.profile_id,))
            if waiting.made == "profile" and others.fetchone() == (1,):
                self.discard_profile(ref.profile_id, at, until)
            else:
                self.discard_query(ref, at, until)
            return None
        _swap_facts(connection, ref, QueryRef(_hidden_of(connection, waiting.id), ref.query_id))
        raise_revision(connection, ref)
        return ref


# -- moving ---------------------------------------------------------------------------------------------


def _hide(connection: sqlite3.Connection, waiting: Undoable) -> str:
    """A hidden copy of the profile's row, for what waits to lie under; its id."""
    _insert(connection, waiting)
    hidden = f"hidden_{waiting.id}"
    others = ", ".join(PROFILE_COLUMNS.split(", ")[2:])
    connection.execute(
        f"INSERT INTO profiles (id, name, {others}, hidden_by) SELECT ?, ?, {others}, ? FROM profiles WHERE id = ?",
        (hidden, hidden, waiting.id, waiting.profile_id),
    )
    return hidden


def _insert(connection: sqlite3.Connection, waiting: Undoable) -> None:
    connection.execute(
        f"INSERT INTO undoable ({_UNDOABLE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (waiting.id, waiting.kind, waiting.what, waiting.profile_id, waiting.profile, waiting.query_id, waiting.query,
         instant_text(waiting.at), instant_text(waiting.until), waiting.made),
    )  # fmt: skip


def _move(connection: sqlite3.Connection, source: str, target: str) -> None:
    """All queries of a profile with their data, and its milestones, to another one."""
    connection.execute("PRAGMA defer_foreign_keys = ON")
    for table in ("queries", "milestones", *_BY_REF):
        connection.execute(f"UPDATE {table} SET profile_id = ? WHERE profile_id = ?", (target, source))


def _move_query(connection: sqlite3.Connection, source: QueryRef, target: QueryRef) -> None:
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("UPDATE queries SET profile_id = ?, id = ? WHERE profile_id = ? AND id = ?", (*target, *source))
    for table in _BY_REF:
        connection.execute(
            f"UPDATE {table} SET profile_id = ?, query_id = ? WHERE profile_id = ? AND query_id = ?",
            (*target, *source),
        )


def _copy_facts(connection: sqlite3.Connection, source: QueryRef, target: QueryRef) -> None:
    """What an import may change, as it is now, into a new query. The tables with many rows stay in the database."""
    others = "name, jql, description, created_at, last_used, updated_at, extras"
    connection.execute(
        f"INSERT INTO queries (profile_id, id, {others}, no, revision) SELECT ?, ?, {others}, "
        "(SELECT max(no) + 1 FROM queries), 0 FROM queries WHERE profile_id = ? AND id = ?",
        (*target, *source),
    )
    old, new = query_no(connection, source), query_no(connection, target)
    names = [row[1] for row in connection.execute("PRAGMA table_info(issues)")]
    columns = ", ".join(f'"{name}"' for name in names if name not in ("no", "query_no"))
    connection.execute(
        f"INSERT INTO issues (query_no, {columns}) SELECT ?, {columns} FROM issues WHERE query_no = ? ORDER BY no",
        (new, old),
    )
    connection.execute(
        "INSERT INTO issue_changes (issue_no, position, at, field, from_value, to_value, author) "
        "SELECT copy.no, position, at, field, from_value, to_value, author FROM issues AS original "
        "JOIN issues AS copy ON copy.query_no = ? AND copy.key = original.key "
        "JOIN issue_changes ON issue_no = original.no WHERE original.query_no = ?",
        (new, old),
    )
    for table, listed in _LISTS.items():
        connection.execute(
            f"INSERT INTO {table} (query_no, {listed}) SELECT ?, {listed} FROM {table} WHERE query_no = ?", (new, old)
        )
    connection.execute(
        "INSERT INTO project_data (profile_id, query_id, data, updated_at) SELECT ?, ?, data, updated_at "
        "FROM project_data WHERE profile_id = ? AND query_id = ?",
        (*target, *source),
    )


def _swap_facts(connection: sqlite3.Connection, ref: QueryRef, kept: QueryRef) -> None:
    """The query is as it was. What was said of single weeks by hand stays: it is no part of a file."""
    live, before = query_no(connection, ref), query_no(connection, kept)
    for table in ("issues", *_LISTS):
        connection.execute(f"DELETE FROM {table} WHERE query_no = ?", (live,))
        connection.execute(f"UPDATE {table} SET query_no = ? WHERE query_no = ?", (live, before))
    connection.execute("DELETE FROM project_data WHERE profile_id = ? AND query_id = ?", tuple(ref))
    connection.execute(
        "UPDATE project_data SET profile_id = ?, query_id = ? WHERE profile_id = ? AND query_id = ?", (*ref, *kept)
    )


def _put_profile_back(connection: sqlite3.Connection, waiting: Undoable) -> QueryRef | None:
    hidden = _hidden_of(connection, waiting.id)
    is_taken = connection.execute("SELECT 1 FROM profiles WHERE id = ?", (waiting.profile_id,)).fetchone()
    profile_id = f"p_{os.urandom(6).hex()}" if is_taken else waiting.profile_id
    names = [name for (name,) in connection.execute("SELECT name FROM profiles")]
    others = ", ".join(PROFILE_COLUMNS.split(", ")[2:])
    connection.execute(
        f"INSERT INTO profiles (id, name, {others}) SELECT ?, ?, {others} FROM profiles WHERE id = ?",
        (profile_id, free_name(waiting.profile, names), hidden),
    )
    _move(connection, hidden, profile_id)
    raise_profile_revisions(connection, profile_id)
    row = connection.execute(
        "SELECT id FROM queries WHERE profile_id = ? ORDER BY last_used DESC, id LIMIT 1", (profile_id,)
    ).fetchone()
    return None if row is None else QueryRef(profile_id, row[0])


def _put_query_back(connection: sqlite3.Connection, waiting: Undoable) -> QueryRef:
    owner = waiting.profile_id
    if not connection.execute(f"SELECT 1 FROM profiles WHERE id = ? AND {HIDDEN} IS NULL", (owner,)).fetchone():
        raise Refused(f"The project {waiting.profile} that it belongs to is deleted too. Take that back first.")
    there = dict(connection.execute("SELECT id, name FROM queries WHERE profile_id = ?", (owner,)).fetchall())
    query_id = f"q_{os.urandom(6).hex()}" if waiting.query_id in there else waiting.query_id
    ref = QueryRef(owner, query_id)
    kept = QueryRef(_hidden_of(connection, waiting.id), waiting.query_id)
    # The name first: where it lies now it is alone, and where it goes it must be.
    name = free_name(waiting.query, list(there.values()))
    connection.execute("UPDATE queries SET name = ? WHERE profile_id = ? AND id = ?", (name, *kept))
    _move_query(connection, kept, ref)
    raise_revision(connection, ref)
    return ref


# -- looking --------------------------------------------------------------------------------------------


def _new_id() -> str:
    return os.urandom(5).hex()


def _named(ref: QueryRef, profile: str, query: str) -> tuple[str, str, str, str]:
    return ref.profile_id, profile, ref.query_id, query


def _undoable(row: tuple[str, ...]) -> Undoable:
    id_, kind, what, profile_id, profile, query_id, query, at, until, made = row
    return Undoable(id_, kind, what, profile_id, profile, query_id, query, instant(at), instant(until), made)


def _hidden_of(connection: sqlite3.Connection, undo_id: str) -> str:
    row = connection.execute(f"SELECT id FROM profiles WHERE {HIDDEN} = ?", (undo_id,)).fetchone()
    if row is None:
        raise Refused("What could be taken back is no longer there.")
    return str(row[0])


def _profile_name(connection: sqlite3.Connection, profile_id: str) -> str:
    row = connection.execute(f"SELECT name FROM profiles WHERE id = ? AND {HIDDEN} IS NULL", (profile_id,)).fetchone()
    if row is None:
        raise UnknownQuery("This profile no longer exists. Choose another one.")
    return str(row[0])


def _query_name(connection: sqlite3.Connection, ref: QueryRef) -> str:
    row = connection.execute("SELECT name FROM queries WHERE profile_id = ? AND id = ?", tuple(ref)).fetchone()
    if row is None:
        raise UnknownQuery("This query no longer exists. Choose another one.")
    return str(row[0])


def _require_query(connection: sqlite3.Connection, waiting: Undoable) -> None:
    if not connection.execute("SELECT 1 FROM queries WHERE profile_id = ? AND id = ?", tuple(waiting.ref)).fetchone():
        raise Refused(f"The work list {waiting.query} is deleted. Take that back first, then its import.")
