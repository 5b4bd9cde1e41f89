"""Bringing an older database up to date, ended at every statement and begun from every schema there has been."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store.opening import open_store
from store.records import QueryRef
from store.sql import schema
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend
from store.sqlite.connections import Source, connect

REPOSITORY = Path(__file__).parents[2]
_KILLED = """
import os, signal, sys
from store.sqlite.connections import Journal, Source, connect
from store.sqlite.upgrade import migrate

class DiesAtStatement:
    def __init__(self, connection, number):
        self.connection, self.left = connection, number
    def execute(self, statement):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.connection.execute(statement)
    def rollback(self):
        self.connection.rollback()

path, number = sys.argv[1], int(sys.argv[2])
migrate(DiesAtStatement(connect(Source(path, journal=Journal.WAL)), number))
"""


def made_by(version: int, path: Path) -> None:
    """A database as the program of that schema version left it."""
    path.parent.mkdir(parents=True)
    with closing(connect(Source(str(path)))) as connection:
        for migration in schema.MIGRATIONS[:version]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")


def layout(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetchall()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.parametrize("version", range(schema.SCHEMA_VERSION))
def test_an_upgrade_killed_at_any_statement_is_done_by_the_next_start(tmp_path: Path, version: int) -> None:
    fresh = tmp_path / "fresh" / "burndown.db"
    made_by(0, fresh)
    open_store(fresh.parent, mode="write").backend.close()
    statement = 0
    killed = True
    while killed:
        statement += 1
        path = tmp_path / str(statement) / "burndown.db"
        made_by(version, path)
        before = layout(path)
        child = subprocess.run([sys.executable, "-c", _KILLED, str(path), str(statement)], cwd=REPOSITORY, check=False)
        killed = child.returncode == -signal.SIGKILL
        assert killed or child.returncode == 0
        if killed:
            assert layout(path) == before
        open_store(path.parent, mode="write").backend.close()
        assert layout(path) == layout(fresh)
        assert backup.content_damage(path) == []
    assert statement > 3


def rows_of(path: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


@pytest.mark.parametrize("version", range(1, schema.SCHEMA_VERSION))
def test_the_data_of_every_schema_are_read_and_kept(tmp_path: Path, version: int) -> None:
    path = tmp_path / "profiles" / "burndown.db"
    made_by(version, path)
    at = "2026-03-02T09:00:00Z"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO profiles (id, name, description, created_at, last_used, jira_config, field_mappings, "
            "forecast_settings, project_classification, flow_type_mappings, show_milestone, show_points) "
            "VALUES ('p', 'Team', '', ?, ?, '{}', '{}', '{\"unit\": \"points\"}', '{}', '{}', 0, 1)",
            (at, at),
        )
        connection.execute(
            f"INSERT INTO queries VALUES (1, 'p', 'q', 'All', 'project = A', '', '{at}', '{at}', NULL, 7, NULL)"
        )
        connection.execute(
            "INSERT INTO issues (query_no, key, summary, type, status, category, source_id, project, priority, "
            "resolution, parent, assignee, url, in_query) "
            "VALUES (1, 'A-1', 'x', '', '', 'todo', '', '', '', '', '', '', '', 1)"
        )
        connection.execute(
            "INSERT INTO issue_changes (issue_no, position, at, field, from_value, to_value) "
            f"VALUES (1, 0, '{at}', 'status', NULL, 'Done')"
        )
        connection.execute("INSERT INTO weeks VALUES (1, 0, '2026-02-23', 3, NULL, NULL, NULL, 'manual', NULL)")
        connection.commit()
    before = path.read_bytes()
    with closing(open_store(path.parent, mode="read").backend) as reader:
        looked_at = facts_in(reader)
    assert path.read_bytes() == before
    with closing(open_store(path.parent, mode="write").backend) as backend:
        assert facts_in(backend) == looked_at
        assert backend.list_undoable() == []
        profile = backend.get_profile("p")
        assert profile is not None
        # A project of before these could be chosen goes on counting as it did.
        as_before = {"given_up": "done", "counting": "everything"} if version < 5 else {}
        assert profile.forecast_settings == {"unit": "points", **as_before}
    assert [issue for issue, *_ in rows_of(path, "issues")] == [1]
    assert backup.check(path.parent) == []
    with closing(open_store(path.parent, mode="read").backend) as reader:
        assert facts_in(reader) == looked_at


def facts_in(backend: SQLiteBackend) -> object:
    counts = backend.counts()
    assert (counts.profiles, counts.queries, counts.issues, counts.issue_changes, counts.statistics) == (1, 1, 1, 1, 1)
    return backend.load_facts(QueryRef("p", "q"))
