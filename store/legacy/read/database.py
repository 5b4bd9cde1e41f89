"""The old app's own SQLite `burndown.db` (its versions from 2.5 on), read row by row with the JSON readers.

The file is opened for reading only and never trusted: tables are looked for by name among real tables, every
value goes through the tolerant readers, and a damaged page costs the rows on it. Its migration had dropped the
status categories and much of the histories, so that what JSON files beside it say goes first.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from store.errors import StoreError
from store.legacy.findings import FileNote, Notes
from store.legacy.read import changelog, issues, profiles, queries, snapshots, values, weeks
from store.legacy.read.issues import IssueRules
from store.legacy.read.profiles import Machine, ReadProfile
from store.legacy.read.queries import Raw, ReadQuery
from store.records import CachedPage, Change, Issue, ProjectData, Query, Snapshot
from store.sqlite.reading import reading

KIND = "old database"
_OBJECTS = ("jira_config", "field_mappings", "forecast_settings", "project_classification", "flow_type_mappings")
_NAMED = {"status": "status", "issue_type": "issuetype", "priority": "priority", "resolution": "resolution"}
_PLAIN = {"summary": "summary", "created": "created", "updated": "updated", "resolved": "resolutiondate"}
_LISTS = {"fix_versions": "fixVersions", "labels": "labels", "components": "components"}
_WEEK = ("completed_items", "completed_points", "created_items", "created_points", "remaining_items",
         "remaining_total_points")  # fmt: skip
# What a broken file, a broken page or an odd table raises.
_UNREADABLE = (sqlite3.Error, OSError, StoreError)
# The statements: a table's name is always one of these, never text from the file.
_OF_QUERY = {
    "jira_issues": "SELECT * FROM jira_issues WHERE profile_id = ? AND query_id = ? ORDER BY id",
    "jira_changelog_entries": "SELECT * FROM jira_changelog_entries WHERE profile_id = ? AND query_id = ?"
    " ORDER BY change_date, id",
    "project_statistics": "SELECT * FROM project_statistics WHERE profile_id = ? AND query_id = ?"
    " ORDER BY stat_date, id",
    "project_scope": "SELECT * FROM project_scope WHERE profile_id = ? AND query_id = ? ORDER BY id",
    "metrics_data_points": "SELECT * FROM metrics_data_points WHERE profile_id = ? AND query_id = ?"
    " ORDER BY snapshot_date, id",
}
_OF_STORE = {
    "profiles": "SELECT * FROM profiles ORDER BY last_used DESC, id",
    "queries": "SELECT * FROM queries ORDER BY last_used DESC, id",
    "app_state": "SELECT * FROM app_state",
    "budget_settings": "SELECT * FROM budget_settings ORDER BY id",
    "budget_revisions": "SELECT * FROM budget_revisions ORDER BY id",
}
_OWNERS = {
    table: f"SELECT profile_id, query_id, count(*) FROM {table} GROUP BY profile_id, query_id" for table in _OF_QUERY
}
_BUDGET = ("budget_settings", "budget_revisions")


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """Where a query's rows lie: they are read when they are wanted. The ids are those in the database."""

    path: Path
    profile_id: str
    query_id: str


@dataclass(frozen=True, slots=True)
class OldDatabase:
    """Profiles with their queries, and what was active ("" where nothing was)."""

    profiles: tuple[tuple[ReadProfile, tuple[tuple[Query, StoredQuery], ...]], ...]
    active_profile: str
    active_query: str


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    with reading(path) as connection:
        connection.row_factory = sqlite3.Row
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        yield connection


def _tables(connection: sqlite3.Connection) -> set[str]:
    """Names of real tables: a view of that name could run anything."""
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def _rows(
    connection: sqlite3.Connection, table: str, note: FileNote, of: tuple[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """The table's rows as far as they can be read; none where there is no such table."""
    if table not in _tables(connection):
        return
    statement = _OF_QUERY[table] if of else _OF_STORE[table]
    try:
        for row in connection.execute(statement, of or ()):
            yield dict(row)
    except sqlite3.Error as exc:
        note.find(table, f"cannot be read further: {exc}", "kept what stands before")


def _json(text: Any, where: str, note: FileNote) -> Any:
    """A column of JSON; None where it is empty or broken."""
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        note.find(where, "not readable as JSON", "left out")
        return None


# -- profiles and queries -----------------------------------------------------------------------------------


def read(path: Path, machine: Machine, notes: Notes) -> OldDatabase:
    """What is small: profiles, queries, what was active. The rows of a query are read by `complete`."""
    note = notes.file(machine.name_of(path), KIND)
    try:
        with _open(path) as connection:
            budgets = {table: list(_rows(connection, table, note)) for table in _BUDGET}
            named = list(_rows(connection, "queries", note))
            owners = list(_rows(connection, "profiles", note))
            named += _lost_queries(connection, named, note)
            owners += _lost_profiles(owners, named, note)
            profiles_read = []
            for row in owners:
                profile = _profile(row, budgets, machine, note)
                if profile is not None:
                    profiles_read.append((profile, _queries(profile, named, path, machine, note)))
            state = {str(row.get("key")): values.text(row.get("value")) for row in _rows(connection, "app_state", note)}
    except _UNREADABLE as exc:
        note.find("", f"cannot be read: {exc}", "skipped")
        return OldDatabase((), "", "")
    active = [state.get(name, "") for name in ("active_profile_id", "active_query_id")]
    # The old app's migration wrote Python's None as a word.
    return OldDatabase(tuple(profiles_read), *("" if name == "None" else name for name in active))


def _lost_queries(connection: sqlite3.Connection, named: list[dict[str, Any]], note: FileNote) -> list[dict[str, Any]]:
    """A row for each query of which only the data are there: it goes by its id."""
    known = {(row.get("profile_id"), row.get("id")) for row in named}
    lost: dict[tuple[Any, Any], int] = {}
    for table in _tables(connection) & _OWNERS.keys():
        for profile_id, query_id, rows in connection.execute(_OWNERS[table]).fetchall():
            if profile_id and query_id and (profile_id, query_id) not in known:
                lost[profile_id, query_id] = lost.get((profile_id, query_id), 0) + rows
    for (profile_id, query_id), rows in lost.items():
        where = f"queries {profile_id}/{query_id}"
        note.find(where, f"the query's row is gone, but {rows} rows of its data are there", "kept under its id")
    return [{"id": query_id, "profile_id": profile_id} for profile_id, query_id in sorted(lost, key=str)]


def _lost_profiles(owners: list[dict[str, Any]], named: list[dict[str, Any]], note: FileNote) -> list[dict[str, Any]]:
    """A row for each profile of which only the queries are there."""
    known = {row.get("id") for row in owners}
    lost = {str(row["profile_id"]) for row in named if row.get("profile_id") and row["profile_id"] not in known}
    for id_ in sorted(lost):
        note.find(f"profiles {id_}", "the profile's row is gone, but its queries are there", "kept under its id")
    return [{"id": id_} for id_ in sorted(lost)]


def _profile(
    row: Mapping[str, Any], budgets: Mapping[str, list[dict[str, Any]]], machine: Machine, note: FileNote
) -> ReadProfile | None:
    id_ = values.text(row.get("id")).strip()
    if not id_:
        note.skip("profiles", "a row without an id")
        return None
    document = {**row, **{name: _json(row.get(name), f"profiles {id_}.{name}", note) or {} for name in _OBJECTS}}
    document |= {name: bool(row.get(name)) for name in ("show_milestone", "show_points")}
    for table, kept in budgets.items():
        mine = [_without_ids(entry) for entry in kept if entry.get("profile_id") == id_]
        if mine:
            document[table] = mine
    note.kept += 1
    return profiles.profile_of_document(id_, document, machine, note)


def _without_ids(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("id", "profile_id") and value is not None}


def _queries(
    owner: ReadProfile, rows: list[dict[str, Any]], path: Path, machine: Machine, note: FileNote
) -> tuple[tuple[Query, StoredQuery], ...]:
    profile = owner.profile
    pairs = []
    for row in rows:
        id_ = values.text(row.get("id")).strip()
        if row.get("profile_id") != profile.id:
            continue
        if not id_:
            note.skip("queries", "a row without an id")
            continue
        note.kept += 1
        about = {name: value for name, value in row.items() if name not in ("id", "profile_id") and value is not None}
        query = queries.query_of(about, profile.id, id_, profile.created_at, machine)
        pairs.append((query, StoredQuery(path, profile.id, id_)))
    return tuple(pairs)


# -- the rows of a query ------------------------------------------------------------------------------------


def complete(
    query: ReadQuery, stored: StoredQuery, rules: IssueRules, raw: Raw, machine: Machine, notes: Notes
) -> ReadQuery:
    """Add what the database has and `made`, from JSON files, lacks. Nothing that is there is overwritten."""
    note = notes.file(machine.name_of(stored.path), KIND)
    of = (stored.profile_id, stored.query_id)
    try:
        with _open(stored.path) as connection:
            pairs = list(_issues(connection, of, rules, machine, note))
            new = _new_issues(query, pairs, rules)
            _save_raw([document for item, document in pairs if item.key in new], query.query.id, raw, machine)
            changes = _changes(connection, of, rules, machine, note)
            numbers = list(_rows(connection, "project_statistics", note, of))
            scope = list(_rows(connection, "project_scope", note, of))
            metrics = list(_rows(connection, "metrics_data_points", note, of))
    except _UNREADABLE as exc:
        note.find(f"{stored.profile_id}/{stored.query_id}", f"cannot be read: {exc}", "skipped")
        return query
    known = {issue.key: issue for issue in query.issues} | new
    histories = _joined(query.changes, changes, known, note)
    sprints = {
        sprint.name: sprint
        for item, document in pairs
        if item.key in new
        for sprint in issues.sprints_of(values.mapping(document["fields"]))
    }
    return replace(
        query,
        issues=list(known.values()),
        changes=histories,
        sprints=sprints | query.sprints,
        weeks=_weeks(query, numbers, note),
        project_data=query.project_data or _project_data(scope, machine, note),
        snapshots=_snapshots(query.snapshots, metrics, machine, note),
    )


def _issues(
    connection: sqlite3.Connection, of: tuple[str, str], rules: IssueRules, machine: Machine, note: FileNote
) -> Iterator[tuple[Issue, dict[str, Any]]]:
    """Each row as a record, and as the raw issue that it once was."""
    for row in _rows(connection, "jira_issues", note, of):
        key = values.text(row.get("issue_key")).strip()
        if not key:
            note.skip(f"jira_issues {row.get('id')}", "has no usable key")
            continue
        fields = _fields(row, key, note)
        document = {"id": "", "key": key, "fields": fields, "fetched_at": row.get("fetched_at")}
        issue = issues.issue(key, document, rules)
        points = values.number(row.get("points"))
        if points is not None:
            issue = replace(issue, points=float(points))
        elif row.get("points") is not None:
            note.find(f"jira_issues {key}.points", f"not a number: {row['points']!r:.60}", "taken as not known")
        for name, place in (("created", issue.created), ("updated", issue.updated), ("resolved", issue.resolved)):
            if row.get(name) and place is None:
                note.find(f"jira_issues {key}.{name}", f"not a date: {row[name]!r:.60}", "left out")
        yield issue, document


def _fields(row: Mapping[str, Any], key: str, note: FileNote) -> dict[str, Any]:
    """Jira's shape of a row's columns."""
    fields = values.mapping(_json(row.get("custom_fields"), f"jira_issues {key}.custom_fields", note))
    fields = dict(fields)
    fields |= {place: {"name": row[name]} for name, place in _NAMED.items() if row.get(name)}
    fields |= {place: row[name] for name, place in _PLAIN.items() if row.get(name)}
    if row.get("assignee"):
        fields["assignee"] = {"displayName": row["assignee"]}
    if row.get("project_key"):
        fields["project"] = {"key": row["project_key"], "name": row.get("project_name")}
    for name, place in _LISTS.items():
        listed = _json(row.get(name), f"jira_issues {key}.{name}", note)
        if listed is not None:
            fields[place] = listed
    return fields


def _new_issues(query: ReadQuery, pairs: list[tuple[Issue, dict[str, Any]]], rules: IssueRules) -> dict[str, Issue]:
    known = {issue.key for issue in query.issues}
    # JSON files name the category of a status; the database has lost it.
    categories = {issue.status: issue.category for issue in query.issues if issue.status}
    new = [item for item, _ in pairs if item.key not in known]
    if issues.outside_query([*query.issues, *new], rules):
        new = [replace(issue, in_query=True) for issue in new]
    return {issue.key: replace(issue, category=categories.get(issue.status, issue.category)) for issue in new}


def _save_raw(documents: list[dict[str, Any]], query_id: str, raw: Raw, machine: Machine) -> None:
    for number, begin in enumerate(range(0, len(documents), queries.PAGE), 1):
        page = documents[begin : begin + queries.PAGE]
        moment = values.instant(page[0]["fetched_at"], machine.zone) or machine.now
        content = values.as_bytes({"issues": page})
        raw.pages([CachedPage(f"legacy-database:{query_id}:{number}", content, moment, moment + queries.FRESH)])


def _changes(
    connection: sqlite3.Connection, of: tuple[str, str], rules: IssueRules, machine: Machine, note: FileNote
) -> dict[str, list[Change]]:
    """Changes by issue, each once: the old app's updates could leave a row twice."""
    by_key: dict[str, dict[Change, None]] = {}
    for row in _rows(connection, "jira_changelog_entries", note, of):
        key, name = values.text(row.get("issue_key")).strip(), values.text(row.get("field_name"))
        at = values.instant(row.get("change_date"), machine.zone)
        if not key or not name or at is None:
            note.skip(f"jira_changelog_entries {row.get('id')}", f"no usable key, field or time: {key} {name}")
            continue
        field = changelog.field_of({"field": name}, rules.points_field)
        old, new = (
            None if row.get(column) is None else values.text(row[column]) for column in ("old_value", "new_value")
        )
        by_key.setdefault(key, {})[Change(key, at, field, old, new)] = None
    return {key: list(changes) for key, changes in by_key.items()}


def _joined(
    mine: Mapping[str, list[Change]], more: Mapping[str, list[Change]], known: dict[str, Issue], note: FileNote
) -> dict[str, list[Change]]:
    """Both histories of each issue. An issue that only a history names is made, outside the query."""
    histories = {key: list(history) for key, history in mine.items()}
    for key, history in more.items():
        if key not in known:
            known[key] = Issue(key, project=key.rpartition("-")[0], in_query=False)
            note.find(key, "only its history is there", "kept as an issue outside the query")
        there = set(histories.get(key, ()))
        new = [entry for entry in history if entry not in there]
        note.kept += len(new)
        histories[key] = sorted([*histories.get(key, ()), *new], key=lambda change: change.at)
    return histories


def _weeks(query: ReadQuery, rows: list[dict[str, Any]], note: FileNote) -> list[Any]:
    listed = [{"date": row.get("stat_date"), **{n: row[n] for n in _WEEK if row.get(n) is not None}} for row in rows]
    known = {week.day for week in query.weeks}
    source = query.weeks[0].source if query.weeks else ""
    read = weeks.weeks_of({"statistics": listed, "metadata": {"source": source}}, note)
    return [*query.weeks, *(week for week in read if week.day not in known)]


def _project_data(rows: list[dict[str, Any]], machine: Machine, note: FileNote) -> ProjectData | None:
    for row in reversed(rows):
        scope = _json(row.get("scope_data"), "project_scope", note)
        if isinstance(scope, dict):
            note.kept += 1
            document = {"project_scope": scope, "metadata": {"last_updated": row.get("updated_at")}}
            return weeks.project_data_of(document, machine.now, machine.zone, note)
    return None


def _snapshots(mine: list[Snapshot], rows: list[dict[str, Any]], machine: Machine, note: FileNote) -> list[Snapshot]:
    document: dict[str, dict[str, Any]] = {}
    for row in rows:
        label = _week_of(values.text(row.get("snapshot_date")))
        document.setdefault(label, {})[values.text(row.get("metric_name"))] = _metric(row, note)
    known = {(snapshot.week, snapshot.metric) for snapshot in mine}
    read = snapshots.of_document(document, machine.zone, note)
    return [*mine, *(snapshot for snapshot in read if (snapshot.week, snapshot.metric) not in known)]


def _week_of(text: str) -> str:
    """A week's label; later versions of the old app also stored days."""
    day = None if values.week_label(text) else values.day(text)
    return _label(day) if day else text


def _label(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _metric(row: Mapping[str, Any], note: FileNote) -> dict[str, Any]:
    """The entry as it was in JSON. Where it is not kept whole, its one value with the unit."""
    where = f"metrics_data_points {row.get('snapshot_date')}.{row.get('metric_name')}"
    value = row.get("metric_value")
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = _json(value, where, note)
    # A migrated entry's value column is whatever number came first; the whole entry stands beside it.
    whole = _json(row.get("calculation_metadata"), where, note)
    entry = dict(value) if isinstance(value, dict) else {"value": value, "unit": row.get("metric_unit") or ""}
    if isinstance(whole, dict) and whole:
        entry = dict(whole)
    if row.get("forecast_value") is not None and "forecast" not in entry:
        low, high = row.get("forecast_confidence_low"), row.get("forecast_confidence_high")
        span = None if low is None or high is None else {"lower": low, "upper": high}
        entry["forecast"] = {"forecast_value": row["forecast_value"], "forecast_range": span}
    return {"timestamp": row.get("calculated_at"), **entry}
