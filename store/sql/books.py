"""App state, background tasks, the migration journal and the row counts in SQLite."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from store.records import Counts, MigrationEntry, QueryRef, Task
from store.sql.profiles import HIDDEN, write_state
from store.sql.text import extras, instant, instant_text, object_text
from store.sqlite.connections import Connections

_NOT_RECORDS = "metric_type <> 'trends'"


class Bookkeeping:
    """What concerns the whole store rather than one query."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get_state(self, key: str) -> str | None:
        row = self._connections.first_row("SELECT value FROM app_state WHERE key = ?", (key,))
        return None if row is None else row[0]

    def set_state(self, key: str, value: str | None) -> None:
        with self._connections.writing() as connection:
            if value is None:
                connection.execute("DELETE FROM app_state WHERE key = ?", (key,))
            else:
                write_state(connection, key, value)

    def save_task(self, task: Task) -> None:
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO task_progress (task_name, progress_percent, status, message, updated_at) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (task_name) DO UPDATE SET "
                "progress_percent = excluded.progress_percent, status = excluded.status, "
                "message = excluded.message, updated_at = excluded.updated_at",
                (task.name, task.percent, task.status, task.message, instant_text(task.updated_at)),
            )

    def list_tasks(self) -> list[Task]:
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT task_name, status, progress_percent, updated_at, message FROM task_progress ORDER BY task_name"
            )
            return [Task(name, status, percent, instant(at), message) for name, status, percent, at, message in rows]

    def interrupt_tasks(self, at: datetime) -> int:
        """Mark tasks that a crash left waiting or running, so that they do not block the next; their number."""
        with self._connections.writing() as connection:
            return connection.execute(
                "UPDATE task_progress SET status = 'interrupted', updated_at = ? "
                "WHERE status IN ('running', 'waiting')",
                (instant_text(at),),
            ).rowcount

    def add_migration(self, entry: MigrationEntry) -> None:
        with self._connections.writing() as connection:
            connection.execute(
                "INSERT INTO migrations (source, fingerprint, started_at, finished_at, outcome, report) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (
                    entry.source,
                    entry.fingerprint,
                    instant_text(entry.started_at),
                    instant_text(entry.finished_at),
                    entry.outcome,
                    object_text(entry.report),
                ),
            )

    def list_migrations(self) -> list[MigrationEntry]:
        with self._connections.reading() as connection:
            rows = connection.execute(
                "SELECT source, fingerprint, started_at, finished_at, outcome, report FROM migrations ORDER BY no"
            )
            return [
                MigrationEntry(source, fingerprint, instant(started), instant(finished), outcome, extras(report))
                for source, fingerprint, started, finished, outcome, report in rows
            ]

    def counts(self, ref: QueryRef | None = None) -> Counts:
        with self._connections.reading() as connection:
            return _counts_of_all(connection) if ref is None else _counts_of_query(connection, ref)


def _count(connection: sqlite3.Connection, statement: str, values: tuple[object, ...] = ()) -> int:
    (number,) = connection.execute(statement, values).fetchone()
    return int(number)


def _counts_of_all(connection: sqlite3.Connection) -> Counts:
    """Without what waits to be taken back; where nothing does, whole tables are counted, which takes a third."""
    hidden = f"SELECT id FROM profiles WHERE {HIDDEN} IS NOT NULL"
    if connection.execute(hidden).fetchone() is None:
        of_profile = of_query = of_issue = "1"
    else:
        of_profile = f"profile_id NOT IN ({hidden})"
        of_query = f"query_no IN (SELECT no FROM queries WHERE {of_profile})"
        of_issue = f"issue_no IN (SELECT no FROM issues WHERE {of_query})"
    snapshots = f"metrics_snapshots WHERE {_NOT_RECORDS} AND {of_profile}"
    return Counts(
        profiles=_count(connection, f"SELECT count(*) FROM profiles WHERE {HIDDEN} IS NULL"),
        queries=_count(connection, f"SELECT count(*) FROM queries WHERE {of_profile}"),
        issues=_count(connection, f"SELECT count(*) FROM issues WHERE {of_query}"),
        issue_changes=_count(connection, f"SELECT count(*) FROM issue_changes WHERE {of_issue}"),
        statistics=_count(connection, f"SELECT count(*) FROM weeks WHERE {of_query}"),
        snapshot_weeks=_count(
            connection, f"SELECT count(*) FROM (SELECT DISTINCT profile_id, query_id, snapshot_date FROM {snapshots})"
        ),
        snapshot_records=_count(connection, f"SELECT count(*) FROM {snapshots}"),
        forecasts=_count(connection, f"SELECT count(*) FROM forecasts WHERE {of_query}"),
    )


def _counts_of_query(connection: sqlite3.Connection, ref: QueryRef) -> Counts:
    row = connection.execute("SELECT no FROM queries WHERE profile_id = ? AND id = ?", ref).fetchone()
    if row is None:
        return Counts()
    changes = "SELECT count(*) FROM issues JOIN issue_changes ON issue_no = issues.no WHERE query_no = ?"
    snapshots = f"FROM metrics_snapshots WHERE profile_id = ? AND query_id = ? AND {_NOT_RECORDS}"
    return Counts(
        profiles=1,
        queries=1,
        issues=_count(connection, "SELECT count(*) FROM issues WHERE query_no = ?", row),
        issue_changes=_count(connection, changes, row),
        statistics=_count(connection, "SELECT count(*) FROM weeks WHERE query_no = ?", row),
        snapshot_weeks=_count(connection, f"SELECT count(DISTINCT snapshot_date) {snapshots}", ref),
        snapshot_records=_count(connection, f"SELECT count(*) {snapshots}", ref),
        forecasts=_count(connection, "SELECT count(*) FROM forecasts WHERE query_no = ?", row),
    )
