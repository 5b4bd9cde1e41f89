"""One person's state, and how many rows there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from store.backend import State
from store.records import Counts, QueryRef, Task
from store.sql.profiles import HIDDEN, Row, query_no, write_state
from store.sql.session import Sessions, Stored
from store.sql.text import decoding, instant, instant_text
from store.storable import refuse_nul, refuse_nul_in_texts

_ACTIVE_PROFILE, _ACTIVE_QUERY = "active_profile_id", "active_query_id"
_NOT_RECORDS = "metric_type <> 'trends'"


class SQLState(Stored, State):
    """See State."""

    def active_query(self) -> QueryRef | None:
        kept = dict(
            self._local.rows("SELECT key, value FROM app_state WHERE key IN (?, ?)", (_ACTIVE_PROFILE, _ACTIVE_QUERY))
        )
        ref = QueryRef(kept.get(_ACTIVE_PROFILE, ""), kept.get(_ACTIVE_QUERY, ""))
        there = self._sessions.first_row("SELECT 1 FROM queries WHERE profile_id = ? AND id = ?", ref)
        return None if there is None else ref

    def switch_query(self, ref: QueryRef, at: datetime) -> None:
        with self._writing_both() as (session, own):
            query_no(session, ref)
            used = instant_text(at)
            session.execute("UPDATE queries SET last_used = ? WHERE profile_id = ? AND id = ?", (used, *ref))
            session.execute("UPDATE profiles SET last_used = ? WHERE id = ?", (used, ref.profile_id))
            write_state(own, _ACTIVE_PROFILE, ref.profile_id)
            write_state(own, _ACTIVE_QUERY, ref.query_id)

    def get_state(self, key: str) -> str | None:
        row = self._local.first_row("SELECT value FROM app_state WHERE key = ?", (key,))
        return None if row is None else row[0]

    def set_state(self, key: str, value: str | None) -> None:
        refuse_nul_in_texts(key, value)
        with self._local.writing() as session:
            write_state(session, key, value)

    def save_task(self, task: Task) -> None:
        refuse_nul([task])
        with self._local.writing() as session:
            session.execute(
                "INSERT INTO task_progress (task_name, progress_percent, status, message, updated_at) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (task_name) DO UPDATE SET "
                "progress_percent = excluded.progress_percent, status = excluded.status, "
                "message = excluded.message, updated_at = excluded.updated_at",
                (task.name, task.percent, task.status, task.message, instant_text(task.updated_at)),
            )

    def list_tasks(self) -> list[Task]:
        rows = self._local.rows(
            "SELECT task_name, status, progress_percent, updated_at, message FROM task_progress ORDER BY task_name"
        )
        with decoding():
            return [Task(name, status, percent, instant(at), message) for name, status, percent, at, message in rows]

    def interrupt_tasks(self, at: datetime) -> int:
        """Mark tasks that a crash left waiting or running, so that they do not block the next; their number."""
        with self._local.writing() as session:
            return session.execute(
                "UPDATE task_progress SET status = 'interrupted', updated_at = ? "
                "WHERE status IN ('running', 'waiting')",
                (instant_text(at),),
            ).rowcount


def counts_of_all(sessions: Sessions) -> Counts:
    """Without what waits to be taken back; where nothing does, whole tables are counted, which takes a third."""
    hidden = f"SELECT id FROM profiles WHERE {HIDDEN} IS NOT NULL"
    with sessions.reading() as session:
        if session.execute(hidden).fetchone() is None:
            of_profile = of_query = of_issue = "1 = 1"
        else:
            of_profile = f"profile_id NOT IN ({hidden})"
            of_query = f"query_no IN (SELECT no FROM queries WHERE {of_profile})"
            of_issue = f"issue_no IN (SELECT no FROM issues WHERE {of_query})"
        snapshots = f"FROM metrics_snapshots WHERE {_NOT_RECORDS} AND {of_profile}"
        weeks = f"SELECT DISTINCT profile_id, query_id, snapshot_date {snapshots}"
        questions = (
            f"SELECT count(*) FROM profiles WHERE {HIDDEN} IS NULL",
            f"SELECT count(*) FROM queries WHERE {of_profile}",
            f"SELECT count(*) FROM issues WHERE {of_query}",
            f"SELECT count(*) FROM issue_changes WHERE {of_issue}",
            f"SELECT count(*) FROM weeks WHERE {of_query}",
            f"SELECT count(*) FROM ({weeks}) AS recorded",
            f"SELECT count(*) {snapshots}",
            f"SELECT count(*) FROM forecasts WHERE {of_query}",
        )
        return _counted(session.together(*((question, ()) for question in questions)))


def counts_of_query(sessions: Sessions, ref: QueryRef) -> Counts:
    """Nothing where there is no such query."""
    of_query = "query_no = (SELECT no FROM queries WHERE profile_id = ? AND id = ?)"
    of_ref = "profile_id = ? AND query_id = ?"
    snapshots = f"FROM metrics_snapshots WHERE {of_ref} AND {_NOT_RECORDS}"
    statement = "SELECT count(*) FROM queries WHERE profile_id = ? AND id = ?"
    questions = (
        statement,
        statement,
        f"SELECT count(*) FROM issues WHERE {of_query}",
        f"SELECT count(*) FROM issues JOIN issue_changes ON issue_no = issues.no WHERE {of_query}",
        f"SELECT count(*) FROM weeks WHERE {of_query}",
        f"SELECT count(DISTINCT snapshot_date) {snapshots}",
        f"SELECT count(*) {snapshots}",
        f"SELECT count(*) FROM forecasts WHERE {of_query}",
    )
    with sessions.reading() as session:
        return _counted(session.together(*((question, ref) for question in questions)))


def _counted(answers: Iterable[Iterable[Row]]) -> Counts:
    return Counts(*(int(number) for answer in answers for (number,) in answer))
