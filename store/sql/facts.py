"""The facts of a query in SQLite: issues, their changes, sprints, weeks, project data, and the profile's milestones."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import chain, islice, repeat
from math import isfinite
from operator import attrgetter
from typing import Any

from store.errors import UnknownQuery
from store.records import (
    Category,
    Change,
    Correction,
    Issue,
    Milestone,
    ProjectData,
    QueryFacts,
    QueryRef,
    Sprint,
    Week,
    thawed,
)
from store.sql.profiles import (
    query_no,
    raise_profile_revisions,
    raise_revision,
    read_profile,
    read_query,
    require_profile,
)
from store.sql.recorded import forecasts_of
from store.sql.text import (
    extras,
    extras_text,
    instant,
    instant_text,
    names,
    names_text,
    object_text,
    optional_day,
    optional_day_text,
    optional_instant,
    optional_instant_text,
)
from store.sqlite.connections import Connections

_SAME_IN_BOTH = (
    "key", "summary", "type", "status", "source_id", "project", "priority", "resolution", "parent", "assignee", "url",
)  # fmt: skip
_ISSUE_COLUMNS = (
    *_SAME_IN_BOTH, "points", "category", "created", "updated", "started", "resolved", "labels", "components",
    "fix_versions", "sprints", "in_query", "left_query", "extras",
)  # fmt: skip
ISSUE_COLUMNS = ", ".join(_ISSUE_COLUMNS)
# Handing over None takes the module ten times as long as a text, and most of these are NULL in most rows.
_OFTEN_NULL = frozenset({
    "points", "started", "labels", "components", "fix_versions", "sprints", "left_query", "extras",
})  # fmt: skip
_ISSUE_VALUES = tuple("nullif(?, '')" if column in _OFTEN_NULL else "?" for column in _ISSUE_COLUMNS)
_CATEGORIES = {category.value: category for category in Category}
# SQLite takes at least 999 values in one statement; the keys go in groups.
_GROUP = 500


# What a CHECK and a foreign key need SQLite prepares anew for each statement: rows in groups take two thirds of the
# time. It takes at least 999 values in one statement.
_ROWS_AT_ONCE = 999 // (len(_ISSUE_COLUMNS) + 1)


@cache
def _upsert(rows: int) -> str:
    """The statement for so many issues, whose values follow one another."""
    row = f"(?, {', '.join(_ISSUE_VALUES)})"
    return (
        f"INSERT INTO issues (query_no, {ISSUE_COLUMNS}) VALUES {', '.join([row] * rows)} "
        "ON CONFLICT (query_no, key) DO UPDATE SET "
        + ", ".join(f"{column} = excluded.{column}" for column in _ISSUE_COLUMNS[1:])
    )


_same_in_both = attrgetter(*_SAME_IN_BOTH)


def _issue_row(number: int, issue: Issue) -> tuple[Any, ...]:
    created, updated, started, resolved = issue.created, issue.updated, issue.started, issue.resolved
    left = issue.left_query
    return (
        number,
        *_same_in_both(issue),
        "" if issue.points is None else issue.points,
        issue.category.value,
        instant_text(created) if created else None,
        instant_text(updated) if updated else None,
        instant_text(started) if started else "",
        instant_text(resolved) if resolved else None,
        names_text(issue.labels) if issue.labels else "",
        names_text(issue.components) if issue.components else "",
        names_text(issue.fix_versions) if issue.fix_versions else "",
        names_text(issue.sprints) if issue.sprints else "",
        1 if issue.in_query else 0,
        instant_text(left) if left else "",
        extras_text(issue.extras) if issue.extras else "",
    )


_ThawedIssue = thawed(Issue)


def issue_of(row: tuple[Any, ...]) -> Issue:
    new = _ThawedIssue()
    (
        new.key, new.summary, new.type, new.status, new.source_id, new.project, new.priority, new.resolution,
        new.parent, new.assignee, new.url, new.points, category, created, updated, started, resolved, labels,
        components, fix_versions, sprints, in_query, left_query, more,
    ) = row  # fmt: skip
    if new.points is not None and not isfinite(new.points):
        raise ValueError("points without end")
    new.category = _CATEGORIES[category]
    new.created = instant(created) if created else None
    new.updated = instant(updated) if updated else None
    new.started = instant(started) if started else None
    new.resolved = instant(resolved) if resolved else None
    new.labels = names(labels) if labels else ()
    new.components = names(components) if components else ()
    new.fix_versions = names(fix_versions) if fix_versions else ()
    new.sprints = names(sprints) if sprints else ()
    new.in_query = in_query == 1
    new.left_query = instant(left_query) if left_query else None
    new.extras = extras(more) if more else {}
    new.__class__ = Issue
    issue: Issue = new
    return issue


class Facts:
    """What an analysis reads. Every write raises the revision in its own transaction."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @contextmanager
    def _changing(self, ref: QueryRef) -> Iterator[tuple[sqlite3.Connection, int]]:
        with self._connections.writing() as connection:
            yield connection, query_no(connection, ref)
            raise_revision(connection, ref)

    def load_facts(self, ref: QueryRef) -> QueryFacts:
        with self._connections.reading() as connection:
            profile, query = read_profile(connection, ref.profile_id), read_query(connection, ref)
            if profile is None or query is None:
                raise UnknownQuery("This query no longer exists. Choose another one.")
            return QueryFacts(
                profile=profile,
                query=query,
                issues=tuple(self.list_issues(ref)),
                changes=tuple(self.list_changes(ref)),
                sprints=tuple(self.list_sprints(ref)),
                weeks=tuple(self.list_weeks(ref)),
                milestones=tuple(self.list_milestones(ref.profile_id)),
                project_data=self.get_project_data(ref),
                corrections=tuple(self.list_corrections(ref)),
                forecasts=tuple(forecasts_of(connection, ref)),
            )

    # -- issues -------------------------------------------------------------------------------------

    def list_issues(self, ref: QueryRef, keys: Collection[str] | None = None) -> list[Issue]:
        statement = f"SELECT {ISSUE_COLUMNS} FROM issues WHERE query_no = {_NO}"
        with self._connections.reading() as connection:
            if keys is None:
                return [issue_of(row) for row in connection.execute(f"{statement} ORDER BY no", ref)]
            groups = ((f"{statement} AND {_key_among(group)}", (*ref, *group)) for group in _groups(keys))
            return [issue_of(row) for group in groups for row in connection.execute(*group)]

    def upsert_issues(self, ref: QueryRef, issues: Iterable[Issue], changes: Iterable[Change] | None = None) -> None:
        saved = {issue.key: issue for issue in issues}
        with self._changing(ref) as (connection, number):
            rows = map(_issue_row, repeat(number), saved.values())
            while group := list(islice(rows, _ROWS_AT_ONCE)):
                connection.execute(_upsert(len(group)), tuple(chain.from_iterable(group)))
            if changes is not None:
                _replace_histories(connection, number, saved.keys(), changes)

    def delete_issues(self, ref: QueryRef, keys: Iterable[str]) -> None:
        with self._changing(ref) as (connection, number):
            connection.executemany(
                "DELETE FROM issues WHERE query_no = ? AND key = ?", ((number, key) for key in set(keys))
            )

    def list_changes(self, ref: QueryRef, keys: Collection[str] | None = None) -> list[Change]:
        statement = (
            "SELECT issues.key, at, field, from_value, to_value, author "
            f"FROM issues JOIN issue_changes ON issue_changes.issue_no = issues.no WHERE query_no = {_NO}"
        )
        groups: list[list[str]] = [[]] if keys is None else list(_groups(sorted(set(keys))))
        with self._connections.reading() as connection:
            return [
                Change(key, instant(at), name, before, after, author or "")
                for group in groups
                for key, at, name, before, after, author in connection.execute(
                    f"{statement}{f' AND {_key_among(group)}' if group else ''} ORDER BY issues.key, position",
                    (*ref, *group),
                )
            ]

    # -- sprints and weeks --------------------------------------------------------------------------

    def save_sprints(self, ref: QueryRef, sprints: Iterable[Sprint]) -> None:
        with self._changing(ref) as (connection, number):
            connection.executemany(
                'INSERT INTO sprints (query_no, name, source_id, state, start, "end", completed, goal) '
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (query_no, name) DO UPDATE SET "
                "source_id = excluded.source_id, state = excluded.state, start = excluded.start, "
                '"end" = excluded."end", completed = excluded.completed, goal = excluded.goal',
                (_sprint_row(number, sprint) for sprint in sprints),
            )

    def delete_sprints(self, ref: QueryRef, names: Iterable[str]) -> None:
        with self._changing(ref) as (connection, number):
            connection.executemany(
                "DELETE FROM sprints WHERE query_no = ? AND name = ?", ((number, name) for name in names)
            )

    def list_sprints(self, ref: QueryRef) -> list[Sprint]:
        with self._connections.reading() as connection:
            rows = connection.execute(
                f'SELECT name, source_id, state, start, "end", completed, goal FROM sprints WHERE query_no = {_NO} '
                "ORDER BY start IS NULL, start, name",
                ref,
            )
            return [
                Sprint(
                    name, source_id, state, optional_instant(start), optional_instant(end), optional_instant(done), goal
                )
                for name, source_id, state, start, end, done, goal in rows
            ]

    def replace_weeks(self, ref: QueryRef, weeks: Sequence[Week]) -> None:
        with self._changing(ref) as (connection, number):
            connection.execute("DELETE FROM weeks WHERE query_no = ?", (number,))
            connection.executemany(
                "INSERT INTO weeks (query_no, position, day, completed_items, completed_points, created_items, "
                "created_points, source, extras) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (_week_row(number, position, week) for position, week in enumerate(weeks)),
            )

    def list_weeks(self, ref: QueryRef) -> list[Week]:
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT day, completed_items, completed_points, created_items, created_points, source, extras "
                f"FROM weeks WHERE query_no = {_NO} ORDER BY position",
                ref,
            )
            return [
                Week(optional_day(day), done, done_points, new, new_points, source, extras(more))
                for day, done, done_points, new, new_points, source, more in rows
            ]

    def replace_corrections(self, ref: QueryRef, corrections: Iterable[Correction]) -> None:
        by_day = {one.day: one for one in corrections}
        with self._changing(ref) as (connection, number):
            connection.execute("DELETE FROM week_corrections WHERE query_no = ?", (number,))
            connection.executemany(
                "INSERT INTO week_corrections (query_no, day, completed_items, completed_points, created_items, "
                "created_points) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (number, day.isoformat(), one.completed_items, one.completed_points, one.created_items,
                     one.created_points)
                    for day, one in by_day.items()
                ),
            )  # fmt: skip

    def list_corrections(self, ref: QueryRef) -> list[Correction]:
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT day, completed_items, completed_points, created_items, created_points "
                f"FROM week_corrections WHERE query_no = {_NO} ORDER BY day",
                ref,
            )
            return [Correction(date.fromisoformat(day), *numbers) for day, *numbers in rows]

    # -- project data and milestones ----------------------------------------------------------------

    def get_project_data(self, ref: QueryRef) -> ProjectData | None:
        with self._connections.reading() as connection:
            row = connection.execute(
                "SELECT data, updated_at FROM project_data WHERE profile_id = ? AND query_id = ?", ref
            ).fetchone()
            return None if row is None else ProjectData(extras(row[0]), instant(row[1]))

    def save_project_data(self, ref: QueryRef, data: ProjectData) -> None:
        with self._changing(ref) as (connection, _):
            connection.execute(
                "INSERT INTO project_data (profile_id, query_id, data, updated_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (profile_id, query_id) DO UPDATE SET data = excluded.data, "
                "updated_at = excluded.updated_at",
                (*ref, object_text(data.data), instant_text(data.updated_at)),
            )

    def list_milestones(self, profile_id: str) -> list[Milestone]:
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT name, day FROM milestones WHERE profile_id = ? ORDER BY day, name, position", (profile_id,)
            )
            return [Milestone(name, date.fromisoformat(day)) for name, day in rows]

    def replace_milestones(self, profile_id: str, milestones: Iterable[Milestone]) -> None:
        with self._connections.writing() as connection:
            require_profile(connection, profile_id)
            connection.execute("DELETE FROM milestones WHERE profile_id = ?", (profile_id,))
            connection.executemany(
                "INSERT INTO milestones (profile_id, day, name, position) VALUES (?, ?, ?, ?)",
                (
                    (profile_id, milestone.day.isoformat(), milestone.name, position)
                    for position, milestone in enumerate(milestones)
                ),
            )
            raise_profile_revisions(connection, profile_id)


_NO = "(SELECT no FROM queries WHERE profile_id = ? AND id = ?)"


def _replace_histories(
    connection: sqlite3.Connection, number: int, keys: Collection[str], changes: Iterable[Change]
) -> None:
    """Positions follow time, and the order given where instants are equal, so that reading needs no sorting by time."""
    ordered = sorted(changes, key=attrgetter("at"))
    with_history = {change.issue_key for change in ordered}
    if stray := with_history.difference(keys):
        raise ValueError(f"changes of {sorted(stray)[:3]}, which are not among the issues saved")
    for group in _groups(keys):
        connection.execute(f"DELETE FROM issue_changes WHERE issue_no IN ({_nos_of(group)})", (number, *group))
    issue_nos: dict[str, int] = {}
    for group in _groups(with_history):
        issue_nos.update(connection.execute(_nos_of(group, "key, no"), (number, *group)))
    connection.executemany(
        "INSERT INTO issue_changes (issue_no, position, at, field, from_value, to_value, author) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        _change_rows(issue_nos, ordered),
    )


def _groups(keys: Collection[str]) -> Iterator[list[str]]:
    remaining = iter(keys)
    while group := list(islice(remaining, _GROUP)):
        yield group


def _key_among(group: Sequence[str]) -> str:
    return f"key IN ({', '.join('?' * len(group))})"


def _nos_of(group: Sequence[str], columns: str = "no") -> str:
    return f"SELECT {columns} FROM issues WHERE query_no = ? AND {_key_among(group)}"


def _change_rows(issue_nos: Mapping[str, int], ordered: Iterable[Change]) -> Iterator[tuple[Any, ...]]:
    taken = dict.fromkeys(issue_nos, 0)
    for change in ordered:
        position = taken[change.issue_key]
        taken[change.issue_key] = position + 1
        yield (
            issue_nos[change.issue_key],
            position,
            instant_text(change.at),
            change.field,
            change.from_value,
            change.to_value,
            change.author or None,
        )


def _sprint_row(number: int, sprint: Sprint) -> tuple[Any, ...]:
    return (
        number,
        sprint.name,
        sprint.source_id,
        sprint.state,
        optional_instant_text(sprint.start),
        optional_instant_text(sprint.end),
        optional_instant_text(sprint.completed),
        sprint.goal,
    )


def _week_row(number: int, position: int, week: Week) -> tuple[Any, ...]:
    return (
        number,
        position,
        optional_day_text(week.day),
        week.completed_items,
        week.completed_points,
        week.created_items,
        week.created_points,
        week.source,
        extras_text(week.extras),
    )
