"""The data folder is gone while the app runs, and comes back, or does not: the real program, driven over HTTP."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.opening import open_store
from store.records import Profile, Query
from store.sqlite import backup, restore
from tests.clicking import Clicks
from tests.running import LAUNCHER, started

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file cannot be moved or deleted"),
]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one profile in it."""
    opened = open_store(tmp_path / "profiles", mode="write")
    opened.backend.save_profile(Profile("p", "Team", NOW, NOW))
    opened.backend.save_query(Query("p", "q", "All", NOW, NOW))
    opened.backend.close()
    return tmp_path / "profiles"


def serving(folder: Path) -> list[str]:
    return [*LAUNCHER, "--profiles", str(folder), "--no-browser", "--print-url", "--port", "0"]


def milestones(folder: Path) -> list[str]:
    opened = open_store(folder, mode="read")
    try:
        return [milestone.name for milestone in opened.backend.list_milestones("p")]
    finally:
        opened.backend.close()


def add(clicks: Clicks, name: str) -> str:
    return clicks.press("add-milestone", {"milestone-name.value": name, "milestone-day.value": "2026-12-01"})


def test_what_is_asked_while_the_stick_is_out_is_refused_and_works_again_when_it_is_back(folder: Path) -> None:
    with started(serving(folder)) as running:
        browser = running.browser()
        browser.wait_for("ready")
        clicks = Clicks(browser)
        assert "Milestone added." in add(clicks, "before")
        folder.rename(folder.with_name("pulled"))
        assert "is the stick still there?" in add(clicks, "meanwhile")
        for _ in range(8):
            page = browser.get("/settings")
            # A thread that has the file open can still read it; another one says why it cannot.
            assert page.status == (503 if "is the stick still there?" in page.text else 200)
        folder.with_name("pulled").rename(folder)
        assert "Milestone added." in add(clicks, "after")
        assert browser.get("/settings").status == 200
        browser.post("/_quit")
        assert running.end() == 0
    assert set(milestones(folder)) == {"before", "after"}
    assert backup.check(folder) == []


def test_a_file_deleted_under_the_app_is_told_and_not_made_anew(folder: Path) -> None:
    with started(serving(folder)) as running:
        browser = running.browser()
        browser.wait_for("ready")
        clicks = Clicks(browser)
        assert "Milestone added." in add(clicks, "before")
        for file in folder.glob("burndown.db*"):
            file.unlink()
        for _ in range(8):  # by any of the threads, whether it had the file open or not
            assert "is the stick still there?" in add(clicks, "meanwhile")
        assert not list(folder.glob("burndown.db*"))
        browser.post("/_quit")
        assert running.end() == 0
    # What was there before went into the backup that is made at the end, from the file that was still open.
    newest, _ = restore.newest_with_data(folder) or pytest.fail("there is no backup")
    restore.restore(folder, newest.file)
    assert milestones(folder) == ["before"]


def test_quitting_without_the_stick_leaves_nothing_on_the_host_and_loses_nothing(folder: Path) -> None:
    with started(serving(folder)) as running:
        browser = running.browser()
        browser.wait_for("ready")
        assert "Milestone added." in add(Clicks(browser), "before")
        folder.rename(folder.with_name("pulled"))
        browser.post("/_quit")
        assert running.end() == 0
    assert not folder.exists()
    assert milestones(folder.with_name("pulled")) == ["before"]
    with started(serving(folder.with_name("pulled"))) as running:
        running.browser().wait_for("ready")
    assert backup.check(folder.with_name("pulled")) == []
