"""Damage within a value: no page of the file is broken, and yet it cannot be what was saved."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from store import bundle
from store.bundle import Conflict
from store.errors import Damaged, DamagedBackup, StoreError
from store.records import (
    CachedChangelog,
    CachedPage,
    Change,
    Correction,
    ForecastMade,
    Issue,
    MigrationEntry,
    Milestone,
    Profile,
    ProjectData,
    Query,
    QueryRef,
    Snapshot,
    Sprint,
    Week,
)
from store.sqlite import backup, restore
from store.sqlite.backend import SQLiteBackend

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")


def at(instant: datetime) -> Callable[[], datetime]:
    return lambda: instant


BROKEN = {
    "a day that is none": "UPDATE issues SET created = '2026-13-41T99:99:99Z'",
    "a history's time": "UPDATE issue_changes SET at = '2026-00-00T00:00:00Z'",
    "points without end": "UPDATE issues SET points = 9e999",
    "labels that are no list": "UPDATE issues SET labels = '{\"a\": 1}'",
    "extras that broke off": "UPDATE issues SET extras = '{\"a\"'",
    "settings that are a list": "UPDATE profiles SET forecast_settings = '[]'",
    "settings that broke off": "UPDATE profiles SET jira_config = '{'",
    "a query's time": "UPDATE queries SET created_at = '9999-99-99T00:00:00Z'",
    "a week's day": "UPDATE weeks SET day = '2026-99-99'",
    "a correction's day": "UPDATE week_corrections SET day = '2026-99-99'",
    "a milestone's day": "UPDATE milestones SET day = '0000-00-00'",
    "a sprint's start": "UPDATE sprints SET start = '2026-02-30T00:00:00Z'",
    "project data": "UPDATE project_data SET data = 'null'",
    "a record of a week": "UPDATE metrics_snapshots SET metrics = '\"x\"'",
    "a forecast": "UPDATE forecasts SET weeks = '{\"fifty\": 1}'",
    "an answer of the tracker": "UPDATE jira_cache SET response = x'0011'",
    "a changelog of the tracker": "UPDATE jira_changelog_cache SET changelog = x'0011'",
    "the journal": "UPDATE migrations SET report = '5'",
    "the counter of revisions": "UPDATE app_state SET value = 'x' WHERE key = 'last_revision'",
}


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    """A folder whose database has something in every table, and a backup of it."""
    filled = SQLiteBackend(tmp_path / "burndown.db")
    fill_everything(filled)
    backup.snapshot(filled, tmp_path, clock=at(NOW))
    filled.close()
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("kind", BROKEN)
def test_damage_within_a_value_is_damage_and_the_way_back_is_told(everything: Path, kind: str) -> None:
    assert backup.check(everything) == []
    assert with_statement(everything / "burndown.db", BROKEN[kind]) > 0
    (problem,) = backup.check(everything)
    assert "is damaged" in problem
    assert "burndown restore backups/" in problem
    opened = SQLiteBackend(everything / "burndown.db")
    try:
        assert backup.quick_check(opened)
    finally:
        opened.close()
    assert "is damaged" in str(backup.damage_behind(everything))


@pytest.mark.slow
@pytest.mark.parametrize("kind", BROKEN)
def test_a_backup_with_damage_within_a_value_is_not_offered(everything: Path, kind: str) -> None:
    good = backup.newest_good(everything)
    worse = backup.snapshot_file(everything, clock=at(NOW + timedelta(hours=1)))
    with_statement(worse.file, BROKEN[kind])
    assert backup.newest_good(everything) == good
    with pytest.raises(DamagedBackup):
        restore.restore(everything, worse.file)


READS: dict[str, Callable[[SQLiteBackend], object]] = {
    "a day that is none": lambda opened: opened.list_issues(REF),
    "points without end": lambda opened: opened.load_facts(REF),
    "settings that are a list": lambda opened: opened.list_profiles(),
    "settings that broke off": lambda opened: opened.get_profile("p"),
    "a query's time": lambda opened: opened.get_query(REF),
    "a week's day": lambda opened: opened.list_weeks(REF),
    "a forecast": lambda opened: opened.list_forecasts(REF),
    "the journal": lambda opened: opened.list_migrations(),
    "an answer of the tracker": lambda opened: opened.list_pages(REF),
}


@pytest.mark.parametrize("kind", READS)
def test_a_row_that_cannot_be_read_is_said_to_be_damage(everything: Path, kind: str) -> None:
    with_statement(everything / "burndown.db", BROKEN[kind])
    opened = SQLiteBackend(everything / "burndown.db")
    try:
        with pytest.raises(Damaged):
            READS[kind](opened)
    finally:
        opened.close()


def test_a_letter_that_is_another_one_now_is_found_by_the_backup_of_the_same_moment(everything: Path) -> None:
    path = everything / "burndown.db"
    content = path.read_bytes()
    place = content.index(b"A summary of work")
    path.write_bytes(content[:place] + b"B" + content[place + 1 :])
    (problem,) = backup.check(everything)
    assert "one of them was changed on the drive" in problem


@pytest.mark.parametrize("value", ["resolved = 'soon'", "category = 'finished'", "left_query = -1"])
def test_a_value_that_cannot_be_copied_before_an_import_is_damage(everything: Path, value: str) -> None:
    assert with_statement(everything / "burndown.db", f"UPDATE issues SET {value}") == 1
    with closing(SQLiteBackend(everything / "burndown.db")) as opened:
        with pytest.raises(Damaged, match="backups"):
            opened.remember_import(REF, "import of a.csv", NOW, NOW + timedelta(days=30))
        assert opened.list_undoable() == []


def test_a_project_that_cannot_be_copied_before_something_of_it_is_deleted_is_damage(everything: Path) -> None:
    with_statement(everything / "burndown.db", "UPDATE profiles SET created_at = 'soon'")
    until = NOW + timedelta(days=30)
    with closing(SQLiteBackend(everything / "burndown.db")) as opened:
        with pytest.raises(Damaged, match="backups"):
            opened.discard_query(REF, NOW, until)
        with pytest.raises(Damaged, match="backups"):
            opened.discard_profile("p", NOW, until)
        assert opened.list_undoable() == []


_UNTIL = NOW + timedelta(days=30)
# What moves rows from one work list to another, and may meet some that belong to none.
MOVING: dict[str, Callable[[SQLiteBackend, str], object]] = {
    "a project is deleted": lambda opened, _: opened.discard_profile("p", NOW, _UNTIL),
    "a project is put back": lambda opened, undo_id: opened.undo(undo_id, NOW, _UNTIL),
    "a work list is put back": lambda opened, undo_id: opened.undo(undo_id, NOW, _UNTIL),
    "an import is taken back": lambda opened, undo_id: opened.undo(undo_id, NOW, _UNTIL),
    "a bundle is merged": lambda opened, _: bundle.read(opened, packed(), Conflict.MERGE, NOW, _UNTIL),
    "a bundle replaces": lambda opened, _: bundle.read(opened, packed(), Conflict.REPLACE, NOW, _UNTIL),
}


def packed() -> bytes:
    """A bundle of the project with all that a work list can have."""
    with TemporaryDirectory() as folder, closing(SQLiteBackend(Path(folder) / "burndown.db")) as backend:
        fill_everything(backend)
        bundle.write(backend, Path(folder) / "bundle.zip")
        return (Path(folder) / "bundle.zip").read_bytes()


@pytest.mark.parametrize("edit", ["queries SET id = id || 1", "profiles SET id = id || 1", "queries SET no = no + 900"])
@pytest.mark.parametrize("kind", MOVING)
def test_rows_that_belong_to_nothing_are_damage_in_words_of_ours(everything: Path, kind: str, edit: str) -> None:
    path = everything / "burndown.db"
    with closing(SQLiteBackend(path)) as opened:
        undo_id = ""
        if kind == "an import is taken back":
            undo_id = opened.remember_import(REF, "import", NOW, _UNTIL)
        elif kind == "a work list is put back":
            undo_id = opened.discard_query(REF, NOW, _UNTIL)
        elif kind == "a project is put back":
            undo_id = opened.discard_profile("p", NOW, _UNTIL)
    with_statement(path, f"UPDATE {edit}")
    with closing(SQLiteBackend(path)) as opened:
        message = refusal(lambda: MOVING[kind](opened, undo_id))
    assert "constraint" not in message
    assert not message or re.search("backups|longer|deleted", message), message


def refusal(action: Callable[[], object]) -> str:
    try:
        action()
    except StoreError as exc:
        return str(exc)
    return ""


def test_a_work_list_whose_id_was_edited_keeps_no_project_from_a_word_of_what_to_do(everything: Path) -> None:
    path = everything / "burndown.db"
    with closing(SQLiteBackend(path)) as opened:
        undo_id = opened.discard_profile("p", NOW, _UNTIL)
    with_statement(path, "UPDATE queries SET id = 'edited'")
    with closing(SQLiteBackend(path)) as opened:
        with pytest.raises(Damaged, match=r"belong to nothing any more.*backups"):
            opened.undo(undo_id, NOW, _UNTIL)
        assert [undoable.id for undoable in opened.list_undoable()] == [undo_id]
    assert "belong to nothing" in backup.check(everything)[0]


def with_statement(path: Path, statement: str) -> int:
    """As damage would leave it: without asking whether it may. The number of rows it changed."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        changed = connection.execute(statement).rowcount
        connection.commit()
        return changed


def fill_everything(backend: SQLiteBackend) -> None:
    later = NOW + timedelta(days=1)
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    backend.save_query(Query("p", "q", "All", NOW, NOW))
    issue = Issue("A-1", summary="A summary of work", created=NOW, points=3.0, labels=("x",), extras={"a": 1})
    backend.upsert_issues(REF, [issue], [Change("A-1", NOW, "status", "a", "b")])
    backend.save_sprints(REF, [Sprint("One", start=NOW)])
    backend.replace_weeks(REF, [Week(NOW.date(), 3)])
    backend.replace_corrections(REF, [Correction(NOW.date(), 4)])
    backend.replace_milestones("p", [Milestone("Beta", NOW.date())])
    backend.save_project_data(REF, ProjectData({"metadata": {}}, NOW))
    backend.save_snapshots(REF, [Snapshot("2026-W09", "scope", {"remaining": 5}, NOW)])
    backend.save_forecast(REF, ForecastMade(NOW, NOW.date(), "items", "plain", 5, {50: 3}, 12, 1000, 7))
    backend.save_pages(REF, [CachedPage("page", b"{}", NOW, later)])
    backend.save_changelogs(REF, [CachedChangelog("A-1", b"{}", NOW, later)])
    backend.add_migration(MigrationEntry("old", "f", NOW, NOW, "migrated", {}))
