"""What can be taken back: deleted profiles and queries, and the last import of each query.

What waits lies in the same tables, under a hidden profile that belongs to its row of `undoable` and goes with it. So
deleting and putting back move a few references, whatever the size, and nothing that lists or counts profiles sees it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from store.backend import Projects
from store.errors import Damaged, Refused, UnknownQuery
from store.names import free_name
from store.records import QueryRef, Undoable
from store.sql.facts import ISSUE_COLUMNS
from store.sql.profiles import (
    HIDDEN,
    PROFILE_COLUMNS,
    forget_state,
    next_number,
    query_no,
    raise_profile_revisions,
    raise_revision,
)
from store.sql.session import Session, Stored
from store.sql.text import DAMAGED_VALUE, decoding, instant, instant_text
from store.storable import refuse_nul
from store.texts import N_

_UNDOABLE = "id, kind, what, profile_id, profile, query_id, query, at, until, made"
# Keyed by profile and query; all other tables of a query by its number.
_BY_REF = ("jira_cache", "jira_changelog_cache", "project_data", "metrics_snapshots")
# What an import may change of a query, beside its issues, their histories and its project data.
_LISTS = {
    "sprints": 'name, source_id, state, start, "end", completed, goal',
    "weeks": "position, day, completed_items, completed_points, created_items, created_points, source, extras",
}
_FORECAST = "as_of, unit, method"
_FORECASTS = f'{_FORECAST}, made_at, remaining, weeks, "window", trials, seed, deadline, chance'


class SQLUndo(Stored, Projects):
    """See the module. Everything here is part of the caller's transaction, where there is one."""

    def list_undoable(self) -> list[Undoable]:
        rows = self._sessions.rows(f"SELECT {_UNDOABLE} FROM undoable ORDER BY at DESC, no DESC")
        with decoding():
            return [_undoable(row) for row in rows]

    def purge_undoable(self, now: datetime) -> int:
        with self._sessions.writing() as session:
            return session.execute("DELETE FROM undoable WHERE until <= ?", (instant_text(now),)).rowcount

    def discard_profile(self, profile_id: str, at: datetime, until: datetime) -> str:
        with self._writing_both() as both:
            session = both[0]
            name = _profile_name(session, profile_id)
            waiting = Undoable(_new_id(), "profile", "deleted project", profile_id, name, "", "", at, until)
            hidden = _hide(session, waiting)
            _move(session, profile_id, hidden)
            session.execute("DELETE FROM profiles WHERE id = ?", (profile_id,))
            forget_state(both, profile_id)
            return waiting.id

    def discard_query(self, ref: QueryRef, at: datetime, until: datetime) -> str:
        with self._writing_both() as both:
            session = both[0]
            name, query = _profile_name(session, ref.profile_id), _query_name(session, ref)
            waiting = Undoable(_new_id(), "query", "deleted work list", *_named(ref, name, query), at, until)
            _move_query(session, ref, QueryRef(_hide(session, waiting), ref.query_id))
            forget_state(both, *ref)
            return waiting.id

    def remember_import(self, ref: QueryRef, what: str, at: datetime, until: datetime, created: str = "") -> str:
        with self._sessions.writing() as session:
            name, query = _profile_name(session, ref.profile_id), _query_name(session, ref)
            session.execute(
                "DELETE FROM undoable WHERE kind = 'import' AND profile_id = ? AND query_id = ?", tuple(ref)
            )
            waiting = Undoable(_new_id(), "import", what, *_named(ref, name, query), at, until, created)
            if created:
                _insert(session, waiting)
            else:
                kept = QueryRef(_hide(session, waiting), ref.query_id)
                with _copying(session):
                    _copy_facts(session, ref, kept)
            return waiting.id

    def undo(self, undo_id: str, at: datetime, until: datetime) -> QueryRef | None:
        with self._sessions.writing() as session:
            row = session.execute(f"SELECT {_UNDOABLE} FROM undoable WHERE id = ?", (undo_id,)).fetchone()
            if row is None:
                raise Refused(
                    N_("There is nothing called {undo_id} to take back. It may be too long ago.", undo_id=undo_id)
                )
            waiting = _undoable(row)
            if waiting.kind == "profile":
                ref = _put_profile_back(session, waiting)
            elif waiting.kind == "query":
                ref = _put_query_back(session, waiting)
            else:
                ref = self._take_import_back(session, waiting, at, until)
            session.execute("DELETE FROM undoable WHERE id = ?", (undo_id,))
            return ref

    def _take_import_back(self, session: Session, waiting: Undoable, at: datetime, until: datetime) -> QueryRef | None:
        ref = waiting.ref
        _require_query(session, waiting)
        if waiting.made:
            # There was nothing before: what the import made goes, and can be put back like anything deleted.
            others = session.execute("SELECT count(*) FROM queries WHERE profile_id = ?", (ref.profile_id,))
            if waiting.made == "profile" and others.fetchone() == (1,):
                self.discard_profile(ref.profile_id, at, until)
            else:
                self.discard_query(ref, at, until)
            return None
        kept = QueryRef(_hidden_of(session, waiting.id), ref.query_id)
        _swap_facts(session, ref, kept)
        _take_forecasts_back(session, query_no(session, ref), query_no(session, kept), waiting.at)
        raise_revision(session, ref)
        return ref


# -- moving ---------------------------------------------------------------------------------------------


def _hide(session: Session, waiting: Undoable) -> str:
    """A hidden copy of the profile's row, for what waits to lie under; its id."""
    _insert(session, waiting)
    hidden = f"hidden_{waiting.id}"
    others = ", ".join(PROFILE_COLUMNS.split(", ")[2:])
    with _copying(session):
        session.execute(
            f"INSERT INTO profiles (id, name, {others}, hidden_by) SELECT ?, ?, {others}, ? FROM profiles WHERE id = ?",
            (hidden, hidden, waiting.id, waiting.profile_id),
        )
    return hidden


def _insert(session: Session, waiting: Undoable) -> None:
    refuse_nul([waiting])
    row = (
        waiting.id, waiting.kind, waiting.what, waiting.profile_id, waiting.profile, waiting.query_id, waiting.query,
        instant_text(waiting.at), instant_text(waiting.until), waiting.made, next_number(session),
    )  # fmt: skip
    session.insert("undoable", f"{_UNDOABLE}, no", [row])


def _move(session: Session, source: str, target: str) -> None:
    """All queries of a profile with their data, and its milestones, to another one."""
    session.execute(session.dialect.defer_references)
    for table in ("queries", "milestones", *_BY_REF):
        session.execute(f"UPDATE {table} SET profile_id = ? WHERE profile_id = ?", (target, source))


def _move_query(session: Session, source: QueryRef, target: QueryRef) -> None:
    session.execute(session.dialect.defer_references)
    session.execute("UPDATE queries SET profile_id = ?, id = ? WHERE profile_id = ? AND id = ?", (*target, *source))
    for table in _BY_REF:
        session.execute(
            f"UPDATE {table} SET profile_id = ?, query_id = ? WHERE profile_id = ? AND query_id = ?",
            (*target, *source),
        )


@contextmanager
def _copying(session: Session) -> Iterator[None]:
    """Around copies of rows that are there: one that its table does not take any more is damage. Raises Damaged."""
    try:
        yield
    except session.dialect.violation as exc:
        raise Damaged(DAMAGED_VALUE) from exc


def _copy_facts(session: Session, source: QueryRef, target: QueryRef) -> None:
    """What an import may change, as it is now, into a new query. The tables with many rows stay in the database."""
    others = "name, jql, description, created_at, last_used, updated_at, extras"
    old, new = query_no(session, source), next_number(session)
    session.execute(
        f"INSERT INTO queries (profile_id, id, {others}, no, revision) SELECT ?, ?, {others}, ?, 0 "
        "FROM queries WHERE profile_id = ? AND id = ?",
        (*target, new, *source),
    )
    session.execute(
        f"INSERT INTO issues (query_no, {ISSUE_COLUMNS}) SELECT ?, {ISSUE_COLUMNS} FROM issues WHERE query_no = ? "
        "ORDER BY no",
        (new, old),
    )
    session.execute(
        "INSERT INTO issue_changes (issue_no, position, at, field, from_value, to_value, author) "
        "SELECT copy.no, position, at, field, from_value, to_value, author FROM issues AS original "
        "JOIN issues AS copy ON copy.query_no = ? AND copy.key = original.key "
        "JOIN issue_changes ON issue_no = original.no WHERE original.query_no = ?",
        (new, old),
    )
    for table, listed in {**_LISTS, "forecasts": _FORECASTS}.items():
        session.execute(
            f"INSERT INTO {table} (query_no, {listed}) SELECT ?, {listed} FROM {table} WHERE query_no = ?", (new, old)
        )
    session.execute(
        "INSERT INTO project_data (profile_id, query_id, data, updated_at) SELECT ?, ?, data, updated_at "
        "FROM project_data WHERE profile_id = ? AND query_id = ?",
        (*target, *source),
    )


def _swap_facts(session: Session, ref: QueryRef, kept: QueryRef) -> None:
    """The query is as it was. What was said of single weeks by hand stays: it is no part of a file."""
    live, before = query_no(session, ref), query_no(session, kept)
    for table in ("issues", *_LISTS):
        session.execute(f"DELETE FROM {table} WHERE query_no = ?", (live,))
        session.execute(f"UPDATE {table} SET query_no = ? WHERE query_no = ?", (live, before))
    session.execute("DELETE FROM project_data WHERE profile_id = ? AND query_id = ?", tuple(ref))
    session.execute(
        "UPDATE project_data SET profile_id = ?, query_id = ? WHERE profile_id = ? AND query_id = ?", (*ref, *kept)
    )


def _take_forecasts_back(session: Session, live: int, before: int, imported: datetime) -> None:
    """What was forecast of an import that is taken back is none to judge later forecasts by, and makes room for what
    was recorded before it on the same day. What an earlier version remembered has none of those."""
    session.execute("DELETE FROM forecasts WHERE query_no = ? AND made_at >= ?", (live, instant_text(imported)))
    session.execute(
        f"DELETE FROM forecasts WHERE query_no = ? AND ({_FORECAST}) IN "
        f"(SELECT {_FORECAST} FROM forecasts WHERE query_no = ?)",
        (live, before),
    )
    session.execute("UPDATE forecasts SET query_no = ? WHERE query_no = ?", (live, before))


def _put_profile_back(session: Session, waiting: Undoable) -> QueryRef | None:
    hidden = _hidden_of(session, waiting.id)
    is_taken = session.execute("SELECT 1 FROM profiles WHERE id = ?", (waiting.profile_id,)).fetchone()
    profile_id = f"p_{os.urandom(6).hex()}" if is_taken else waiting.profile_id
    names = [name for (name,) in session.execute("SELECT name FROM profiles")]
    others = ", ".join(PROFILE_COLUMNS.split(", ")[2:])
    session.execute(
        f"INSERT INTO profiles (id, name, {others}) SELECT ?, ?, {others} FROM profiles WHERE id = ?",
        (profile_id, free_name(waiting.profile, names), hidden),
    )
    _move(session, hidden, profile_id)
    raise_profile_revisions(session, profile_id)
    row = session.execute(
        "SELECT id FROM queries WHERE profile_id = ? ORDER BY last_used DESC, id LIMIT 1", (profile_id,)
    ).fetchone()
    return None if row is None else QueryRef(profile_id, row[0])


def _put_query_back(session: Session, waiting: Undoable) -> QueryRef:
    owner = waiting.profile_id
    if not session.execute(f"SELECT 1 FROM profiles WHERE id = ? AND {HIDDEN} IS NULL", (owner,)).fetchone():
        raise Refused(
            N_(
                "The project {profile} that it belongs to is deleted too. Take that back first.",
                profile=waiting.profile,
            )
        )
    there = dict(session.execute("SELECT id, name FROM queries WHERE profile_id = ?", (owner,)).fetchall())
    query_id = f"q_{os.urandom(6).hex()}" if waiting.query_id in there else waiting.query_id
    ref = QueryRef(owner, query_id)
    kept = QueryRef(_hidden_of(session, waiting.id), waiting.query_id)
    # The name first: where it lies now it is alone, and where it goes it must be.
    name = free_name(waiting.query, list(there.values()))
    session.execute("UPDATE queries SET name = ? WHERE profile_id = ? AND id = ?", (name, *kept))
    _move_query(session, kept, ref)
    raise_revision(session, ref)
    return ref


# -- looking --------------------------------------------------------------------------------------------


def _new_id() -> str:
    return os.urandom(5).hex()


def _named(ref: QueryRef, profile: str, query: str) -> tuple[str, str, str, str]:
    return ref.profile_id, profile, ref.query_id, query


def _undoable(row: tuple[str, ...]) -> Undoable:
    id_, kind, what, profile_id, profile, query_id, query, at, until, made = row
    return Undoable(id_, kind, what, profile_id, profile, query_id, query, instant(at), instant(until), made)


def _hidden_of(session: Session, undo_id: str) -> str:
    row = session.execute(f"SELECT id FROM profiles WHERE {HIDDEN} = ?", (undo_id,)).fetchone()
    if row is None:
        raise Refused(N_("What could be taken back is no longer there."))
    return str(row[0])


def _profile_name(session: Session, profile_id: str) -> str:
    row = session.execute(f"SELECT name FROM profiles WHERE id = ? AND {HIDDEN} IS NULL", (profile_id,)).fetchone()
    if row is None:
        raise UnknownQuery(N_("This project no longer exists. Choose another one."))
    return str(row[0])


def _query_name(session: Session, ref: QueryRef) -> str:
    row = session.execute("SELECT name FROM queries WHERE profile_id = ? AND id = ?", tuple(ref)).fetchone()
    if row is None:
        raise UnknownQuery(N_("This work list no longer exists. Choose another one."))
    return str(row[0])


def _require_query(session: Session, waiting: Undoable) -> None:
    if not session.execute("SELECT 1 FROM queries WHERE profile_id = ? AND id = ?", tuple(waiting.ref)).fetchone():
        raise Refused(
            N_("The work list {query} is deleted. Take that back first, then its import.", query=waiting.query)
        )
