"""What another program puts into our database never runs: our rows are taken out of it, and the file is set aside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.errors import Damaged, Refused
from store.opening import open_store
from store.records import Issue, Profile, Query, QueryRef
from store.sqlite import backup, restore
from store.sqlite.backend import SQLiteBackend

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
ADDED = {
    "a trigger on a change": "CREATE TRIGGER t AFTER UPDATE ON app_state BEGIN DELETE FROM issues; END",
    "a trigger on a new row": "CREATE TRIGGER t AFTER INSERT ON task_progress BEGIN DELETE FROM issues; END",
    "a trigger on a view": "CREATE VIEW v AS SELECT 1 AS a; "
    "CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN DELETE FROM issues; END",
    "a view without end": f"CREATE VIEW v AS {ENDLESS}",
    "a table": "CREATE TABLE notes (text TEXT)",
    "a computed table": "CREATE TABLE notes (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2))",
    "an index": "CREATE INDEX odd ON issues (upper(summary))",
    "a unique index": "CREATE UNIQUE INDEX odd ON issues (key)",
    "a table with a virtual one's rows": "CREATE VIRTUAL TABLE notes USING fts5(text)",
    "a trigger whose name begins as SQLite's own": "PRAGMA writable_schema = ON; "
    "CREATE TRIGGER SQLite_t AFTER UPDATE ON app_state BEGIN DELETE FROM issues; END",
    "a view whose name begins as SQLite's own": f"PRAGMA writable_schema = ON; CREATE VIEW sqlite_v AS {ENDLESS}",
    "a view in the place of SQLite's statistics": "PRAGMA writable_schema = ON; DROP TABLE IF EXISTS sqlite_stat1; "
    f"CREATE VIEW sqlite_stat1 AS SELECT i AS tbl, i AS idx, i AS stat FROM ({ENDLESS})",
}
CHANGED = {
    "a view in a table's place": "ALTER TABLE weeks RENAME TO elsewhere; "
    f"CREATE VIEW weeks AS SELECT * FROM ({ENDLESS})",
    "a column more": "ALTER TABLE issues ADD COLUMN more TEXT",
    "a table without its checks": "DROP TABLE milestones; CREATE TABLE milestones (profile_id, day, name, position)",
    "a table that is gone": "DROP TABLE sprints",
    "an index that is gone": "DROP INDEX idx_jira_cache_expiry",
    "no number of its form": "PRAGMA user_version = 0",
    "a number below all of them": "PRAGMA user_version = -1",
    "another column's name": "ALTER TABLE weeks RENAME COLUMN source TO origin",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    backend = SQLiteBackend(tmp_path / "burndown.db")
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    backend.save_query(Query("p", "q", "All", NOW, NOW))
    backend.upsert_issues(REF, [Issue(f"T-{number}") for number in range(20)])
    backend.close()
    return tmp_path


def put_in(path: Path, statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.executescript(statements)


@pytest.mark.parametrize("kind", ADDED)
def test_what_was_put_in_never_runs_and_the_data_stay(folder: Path, kind: str) -> None:
    put_in(folder / "burndown.db", ADDED[kind])
    strange = (folder / "burndown.db").read_bytes()
    (problem,) = backup.check(folder)
    assert "holds what Burndown did not make" in problem
    with closing(open_store(folder, mode="read").backend) as reader:
        assert len(reader.list_issues(REF)) == 20
    opened = open_store(folder, mode="serve", clock=lambda: NOW)
    with closing(opened.backend) as backend:
        assert any("Nothing of that was run" in notice for notice in opened.notices)
        backend.set_state("theme", "dark")
        backend.upsert_issues(REF, [Issue("T-1", summary="changed")])
        assert len(backend.list_issues(REF)) == 20
    assert (folder / "set-aside/20260302T090000Z/burndown.db").read_bytes() == strange
    assert backup.check(folder) == []
    reopened = open_store(folder, mode="read")
    with closing(reopened.backend):
        assert reopened.notices == ()


@pytest.mark.parametrize("kind", CHANGED)
@pytest.mark.parametrize("mode", ["read", "write", "serve"])
def test_what_is_in_the_place_of_ours_is_damage_with_the_way_back(folder: Path, kind: str, mode: str) -> None:
    saved = backup.snapshot_file(folder)
    put_in(folder / "burndown.db", CHANGED[kind])
    before = (folder / "burndown.db").read_bytes()
    with pytest.raises(Damaged, match="burndown restore backups/"):
        open_store(folder, mode=mode)  # type: ignore[arg-type]
    assert (folder / "burndown.db").read_bytes() == before
    assert "not as Burndown makes it" in backup.check(folder)[0]
    restore.restore(folder, saved.file)
    assert backup.check(folder) == []


@pytest.mark.parametrize("mode", ["read", "write", "serve"])
@pytest.mark.parametrize("value", ["created = 'soon'", "category = 'finished'"])
def test_beside_what_was_put_in_a_value_that_is_none_of_ours_is_damage_with_the_way_back(
    folder: Path, value: str, mode: str
) -> None:
    saved = backup.snapshot_file(folder)
    put_in(
        folder / "burndown.db",
        f"{ADDED['a table']}; PRAGMA ignore_check_constraints = ON; UPDATE issues SET {value} WHERE key = 'T-2'",
    )
    before = (folder / "burndown.db").read_bytes()
    with pytest.raises(Damaged, match="burndown restore backups/"):
        open_store(folder, mode=mode)  # type: ignore[arg-type]
    assert (folder / "burndown.db").read_bytes() == before
    restore.restore(folder, saved.file)
    assert backup.check(folder) == []


@pytest.mark.parametrize("kind", [*ADDED, *CHANGED])
def test_a_backup_with_something_put_in_is_not_put_back(folder: Path, kind: str) -> None:
    saved = backup.snapshot_file(folder)
    put_in(saved.file, {**ADDED, **CHANGED}[kind])
    with pytest.raises((Refused, Damaged)):
        restore.restore(folder, saved.file)
    assert backup.check(folder) == []


def test_a_trigger_whose_name_is_one_of_ours_is_no_table_of_ours(folder: Path) -> None:
    put_in(folder / "burndown.db", "CREATE TRIGGER issues AFTER UPDATE ON app_state BEGIN DELETE FROM weeks; END")
    with pytest.raises(Damaged):
        open_store(folder, mode="serve")


def test_what_sqlite_counts_by_itself_is_nobody_elses(folder: Path) -> None:
    put_in(folder / "burndown.db", "ANALYZE")
    assert backup.check(folder) == []
    with closing(open_store(folder, mode="serve").backend) as backend:
        assert len(backend.list_issues(REF)) == 20
