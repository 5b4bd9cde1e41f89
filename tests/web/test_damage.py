"""A database that turns out to be damaged while the app runs: the real program, driven over HTTP."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import sqlite3
import sys
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.opening import open_store
from store.records import Issue, Profile, Query, QueryRef
from store.sqlite import backup
from tests.clicking import Clicks
from tests.running import LAUNCHER, Started, started

# Every page is built over every damage.
pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")
_ISSUES = 1200


def filled(folder: Path) -> Path:
    backend = open_store(folder, mode="write").backend
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    backend.save_query(Query("p", "q", "All", NOW, NOW))
    backend.upsert_issues(REF, [Issue(f"T-{number}", summary="x" * 200, created=NOW) for number in range(_ISSUES)])
    backend.switch_query(REF, NOW)
    backup.snapshot(backend, folder, clock=lambda: NOW)
    backend.close()
    return folder


def zero_pages_of(database: Path, table: str) -> None:
    """As a stick does that has lost some of its blocks."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno", (table,)).fetchall()
    content = bytearray(database.read_bytes())
    for (page,) in rows:
        content[(page - 1) * 4096 : page * 4096] = bytes(4096)
    database.write_bytes(content)


def serving(folder: Path) -> list[str]:
    return [*LAUNCHER, "--profiles", str(folder), "--no-browser", "--print-url", "--port", "0"]


def opened(run: Started) -> Clicks:
    browser = run.browser()
    browser.wait_for("ready")
    assert browser.get("/").status == 200
    return Clicks(browser)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("SELECT count(*) FROM dbstat").fetchone()
    except sqlite3.OperationalError:
        pytest.skip("this SQLite cannot tell which page belongs to what")
    return filled(tmp_path / "profiles")


@pytest.mark.parametrize("table", ["issues", "profiles"])
def test_a_damaged_page_of_the_database_is_no_dead_end_but_offers_the_newest_backup(folder: Path, table: str) -> None:
    zero_pages_of(folder / "burndown.db", table)
    with started(serving(folder)) as run:
        clicks = opened(run)
        page = clicks.open("/")
        assert "The database is damaged" in page
        assert re.search(r"Put back the backup of \d Mar 2026", page)
        assert f"(1 project, {_ISSUES:,} issues)" in page
        # The links to the other pages are there.
        assert "/settings/project" in json.dumps(json.loads(page)["response"]["gear"])
        assert "The backup is back." in clicks.press("put-back-newest")
        page = clicks.open("/")
        assert "The database is damaged" not in page
        assert json.loads(page)["response"]["pickers"]["children"]
        clicks.browser.post("/_quit")
        assert run.end() == 0
    (aside,) = (folder / "set-aside").iterdir()
    assert backup.content_damage(aside / "burndown.db")
    assert backup.check(folder) == []


def test_a_click_that_meets_damage_offers_the_backup_in_place_of_the_page(folder: Path) -> None:
    zero_pages_of(folder / "burndown.db", "milestones")
    with started(serving(folder)) as run:
        clicks = opened(run)
        clicks.search = "?profile=p&query=q"
        text = clicks.press("add-milestone", {"milestone-name.value": "Beta", "milestone-day.value": "2026-12-01"})
        assert re.search(r"Put back the backup of \d Mar 2026", text)
        clicks.browser.post("/_quit")
        assert run.end() == 0


def test_damage_without_a_good_backup_says_so(folder: Path) -> None:
    for snapshot in backup.snapshots(folder):
        snapshot.file.write_bytes(b"no database")
    zero_pages_of(folder / "burndown.db", "issues")
    with started(serving(folder)) as run:
        clicks = opened(run)
        page = clicks.open("/")
        assert "There is no good backup" in page
        assert "put-back-newest" not in page
        clicks.browser.post("/_quit")
        assert run.end() == 0


def test_a_damaged_project_keeps_nobody_from_the_file_for_whoever_helps(tmp_path: Path) -> None:
    folder = filled(tmp_path / "profiles")
    changed_on_the_drive(folder / "burndown.db", "UPDATE profiles SET created_at = 'Whisper'")
    with started(serving(folder)) as run:
        clicks = opened(run)
        assert "save-diagnostics" in clicks.open("/settings/system")
        answer = clicks.press("save-diagnostics")
        clicks.browser.post("/_quit")
        assert run.end() == 0
    assert "The file is without what cannot be read: work lists." in answer
    packed = re.search(r'"content":\s*("[^"]+")', answer)
    assert packed is not None
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(json.loads(packed[1])))) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert json.loads(texts["about.json"])["work lists"] == "cannot be read: Damaged"
    assert "1 value of profiles cannot be read" in texts["check.txt"]
    assert "Whisper" not in "".join(texts.values())


def changed_on_the_drive(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE issues SET created = '2026-13-41T99:99:99Z' WHERE key = 'T-7'",
        "UPDATE profiles SET forecast_settings = '[]'",
        "UPDATE profiles SET jira_config = '{'",
        "UPDATE issues SET labels = '5' WHERE key = 'T-7'",
    ],
)
@pytest.mark.parametrize("path", ["/", "/settings"])
def test_damage_within_a_value_offers_the_backup_on_every_page(tmp_path: Path, statement: str, path: str) -> None:
    folder = filled(tmp_path / "profiles")
    changed_on_the_drive(folder / "burndown.db", statement)
    with started(serving(folder)) as run:
        clicks = opened(run)
        page = clicks.open(path)
        if path == "/" or "profiles" in statement:
            assert re.search(r"Put back the backup of \d Mar 2026", page)
        assert "unexpected" not in page
        assert "The backup is back." in clicks.press("put-back-newest")
        assert "The database is damaged" not in clicks.open(path)
        clicks.browser.post("/_quit")
        assert run.end() == 0
    assert backup.check(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_another_file_in_the_databases_place_is_told_at_once_and_can_be_loaded(tmp_path: Path) -> None:
    folder, other = filled(tmp_path / "profiles"), filled(tmp_path / "other") / "burndown.db"
    with started(serving(folder)) as run:
        clicks = opened(run)
        assert "Another file" not in clicks.open("/")
        shutil.copy(other, folder / "arriving.tmp")
        (folder / "arriving.tmp").replace(folder / "burndown.db")
        page = clicks.open("/")
        assert "Another program put another file in the place of burndown.db" in page
        assert "What was saved until then is in backups" in page
        assert "unexpected" not in page
        assert "is loaded" in clicks.press("load-replaced")
        assert "Another file" not in clicks.open("/")
        clicks.browser.post("/_quit")
        assert run.end() == 0
    assert backup.check(folder) == []
    assert [snapshot.kind for snapshot in backup.snapshots(folder)].count("replaced") == 1
