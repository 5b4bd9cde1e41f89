"""Profiles and queries, and the numbers that are given out: revisions, and what rows are referred to by."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from store.backend import Projects
from store.errors import DuplicateName, UnknownQuery
from store.records import Profile, Query, QueryRef, thawed
from store.sql.session import Question, Session, Stored
from store.sql.text import (
    decoded,
    decoding,
    extras,
    extras_text,
    instant,
    instant_text,
    object_text,
    optional_instant_text,
)
from store.storable import refuse_nul
from store.texts import N_

Row = tuple[Any, ...]
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
WRITTEN = "last_written"


def query_no(session: Session, ref: QueryRef) -> int:
    """The short reference of a query. Raises UnknownQuery."""
    row = session.execute("SELECT no FROM queries WHERE profile_id = ? AND id = ?", ref).fetchone()
    if row is None:
        raise UnknownQuery(N_("This work list no longer exists. Choose another one."))
    number: int = row[0]
    return number


def raise_revision(session: Session, ref: QueryRef) -> None:
    revision = next_number(session)
    session.execute("UPDATE queries SET revision = ? WHERE profile_id = ? AND id = ?", (revision, *ref))


def raise_profile_revisions(session: Session, profile_id: str) -> None:
    revision = next_number(session)
    session.execute("UPDATE queries SET revision = ? WHERE profile_id = ?", (revision, profile_id))


def next_number(session: Session) -> int:
    """One that was never given out before: a revision, or what a new query is referred to by."""
    (text,) = session.execute(
        "INSERT INTO app_state (key, value) VALUES (?, '1') "
        "ON CONFLICT (key) DO UPDATE SET value = CAST(app_state.value AS BIGINT) + 1 RETURNING value",
        (COUNTER,),
    ).fetchone()
    return int(text)


def last_revision(session: Session) -> int:
    """The highest that was given out."""
    row = session.execute("SELECT value FROM app_state WHERE key = ?", (COUNTER,)).fetchone()
    with decoding():
        return int(row[0]) if row else 0


def mark_written(session: Session) -> None:
    """Part of every change: two databases with the same mark are of the same moment, and must hold the same."""
    write_state(session, WRITTEN, os.urandom(12).hex())


def written_mark(session: Session) -> str:
    """Empty before the first change."""
    row = session.execute("SELECT value FROM app_state WHERE key = ?", (WRITTEN,)).fetchone()
    return str(row[0]) if row else ""


def continue_revisions(session: Session, last: int) -> None:
    """Within a transaction: give all queries one above what this store and another one (`last`) ever gave out."""
    revision = max(last, last_revision(session)) + 1
    write_state(session, COUNTER, str(revision))
    session.execute("UPDATE queries SET revision = ?", (revision,))
    mark_written(session)


def require_profile(session: Session, profile_id: str) -> None:
    if session.execute("SELECT 1 FROM profiles WHERE id = ?", (profile_id,)).fetchone() is None:
        raise UnknownQuery(N_("This project no longer exists. Choose another one."))


_ThawedProfile = thawed(Profile)


def profile_of(row: Row) -> Profile:
    new = _ThawedProfile()
    (
        new.id, new.name, new.description, created_at, last_used, jira, fields, forecast, projects, kinds, milestone,
        points, more,
    ) = row  # fmt: skip
    new.created_at, new.last_used = instant(created_at), instant(last_used)
    # Most are empty, and every page asks.
    new.jira_config = {} if jira == "{}" else extras(jira)
    new.field_mappings = {} if fields == "{}" else extras(fields)
    new.forecast_settings = {} if forecast == "{}" else extras(forecast)
    new.project_classification = {} if projects == "{}" else extras(projects)
    new.flow_type_mappings = {} if kinds == "{}" else extras(kinds)
    new.show_milestone, new.show_points = bool(milestone), bool(points)
    new.extras = extras(more) if more else {}
    new.__class__ = Profile
    profile: Profile = new
    return profile


def _profile_row(profile: Profile) -> Row:
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
        int(profile.show_milestone),
        int(profile.show_points),
        extras_text(profile.extras),
    )


_ThawedQuery = thawed(Query)


def query_of(row: Row) -> Query:
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


def _query_row(query: Query) -> Row:
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


class SQLProjects(Stored, Projects):
    """See Projects. An upsert names its columns: replacing the row would cascade into all its data."""

    def get_profile(self, profile_id: str) -> Profile | None:
        row = self._sessions.first_row(_PROFILE_OF_ID, (profile_id,))
        return None if row is None else decoded(profile_of, row)

    def list_profiles(self) -> list[Profile]:
        rows = self._sessions.rows(
            f"SELECT {PROFILE_COLUMNS} FROM profiles WHERE {HIDDEN} IS NULL ORDER BY last_used DESC, id"
        )
        with decoding():
            return [profile_of(row) for row in rows]

    def save_profile(self, profile: Profile) -> None:
        refuse_nul([profile])
        with self._sessions.writing() as session:
            _refuse_duplicate(
                session,
                "profile",
                profile.name,
                "SELECT 1 FROM profiles WHERE name = ? AND id <> ?",
                (profile.name, profile.id),
            )
            session.execute(
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
            raise_profile_revisions(session, profile.id)

    def delete_profile(self, profile_id: str) -> None:
        with self._writing_both() as both:
            both[0].execute("DELETE FROM profiles WHERE id = ?", (profile_id,))
            forget_state(both, profile_id)

    def get_query(self, ref: QueryRef) -> Query | None:
        row = self._sessions.first_row(_QUERY_OF_REF, ref)
        return None if row is None else decoded(query_of, row)

    def list_queries(self, profile_id: str) -> list[Query]:
        rows = self._sessions.rows(
            f"SELECT {QUERY_COLUMNS} FROM queries WHERE profile_id = ? ORDER BY last_used DESC, id", (profile_id,)
        )
        with decoding():
            return [query_of(row) for row in rows]

    def save_query(self, query: Query) -> None:
        refuse_nul([query])
        with self._sessions.writing() as session:
            require_profile(session, query.profile_id)
            _refuse_duplicate(
                session,
                "query",
                query.name,
                "SELECT 1 FROM queries WHERE profile_id = ? AND name = ? AND id <> ?",
                (query.profile_id, query.name, query.id),
            )
            number = next_number(session)
            session.execute(
                "INSERT INTO queries (profile_id, id, name, jql, description, created_at, last_used, updated_at, "
                "extras, no, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (profile_id, id) DO UPDATE SET name = excluded.name, jql = excluded.jql, "
                "description = excluded.description, created_at = excluded.created_at, "
                "last_used = excluded.last_used, updated_at = excluded.updated_at, extras = excluded.extras, "
                "revision = excluded.revision",
                (*_query_row(query), number, number),
            )

    def delete_query(self, ref: QueryRef) -> None:
        with self._writing_both() as both:
            both[0].execute("DELETE FROM queries WHERE profile_id = ? AND id = ?", ref)
            forget_state(both, *ref)

    def work(self, ref: QueryRef) -> tuple[Profile, Query]:
        with self._sessions.reading() as session:
            return require_both(*session.together(profile_question(ref.profile_id), query_question(ref)))


def profile_question(profile_id: str) -> Question:
    return _PROFILE_OF_ID, (profile_id,)


def query_question(ref: QueryRef) -> Question:
    return _QUERY_OF_REF, ref


def require_both(profiles: Iterable[Row], queries: Iterable[Row]) -> tuple[Profile, Query]:
    """The one row of either. Raises UnknownQuery."""
    pair = [profile_of(row) for row in profiles], [query_of(row) for row in queries]
    if not all(pair):
        raise UnknownQuery(N_("This work list no longer exists. Choose another one."))
    return pair[0][0], pair[1][0]


def forget_state(both: tuple[Session, Session], profile_id: str, query_id: str | None = None) -> None:
    """The keys and notes that belong to a query, or to all of a profile, wherever they are."""
    shared, own = both
    for session in {id(each): each for each in (shared, own)}.values():
        # Told apart here: LIKE would take what ids may hold for its wildcards.
        named = session.execute("SELECT key FROM app_state WHERE key LIKE '%/%'").fetchall()
        gone = [(key,) for (key,) in named if _belongs(key.partition("/")[2], profile_id, query_id)]
        session.executemany("DELETE FROM app_state WHERE key = ?", gone)


def _belongs(owner: str, profile_id: str, query_id: str | None) -> bool:
    return owner.startswith(f"{profile_id}/") if query_id is None else owner == f"{profile_id}/{query_id}"


def write_state(session: Session, key: str, value: str | None) -> None:
    """None removes it."""
    if value is None:
        session.execute("DELETE FROM app_state WHERE key = ?", (key,))
        return
    session.execute(
        "INSERT INTO app_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def _refuse_duplicate(session: Session, kind: str, name: str, statement: str, values: tuple[str, ...]) -> None:
    if session.execute(statement, values).fetchone() is not None:
        raise DuplicateName(N_(_IN_USE[kind], name=name))


_IN_USE = {
    "profile": N_("There is a project called {name!r} already. Choose another name."),
    "query": N_("There is a work list called {name!r} already. Choose another name."),
}
