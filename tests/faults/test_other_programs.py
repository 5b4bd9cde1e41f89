"""Other programs at the database of the running app, while it is edited on its pages: nothing acknowledged is lost."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.pages import system
from store.opening import open_store
from tests.clicking import Clicks
from tests.faults.test_kills import run, serving, table
from tests.running import started

fcntl = pytest.importorskip("fcntl", reason="an open file cannot be replaced there")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="an open file cannot be replaced there")]
# A deadline of the past would be asked about.
_TODAY = datetime.now(UTC).date()


@dataclass
class Edits:
    """Milestones that were asked for on the pages: those the app acknowledged, and what it said of the others."""

    clicks: Clicks
    acknowledged: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    def some(self, many: int = 12) -> None:
        for _ in range(many):
            number = len(self.acknowledged) + len(self.refused) + 1
            day = (_TODAY + timedelta(days=number)).isoformat()
            answer = self.clicks.press(
                "add-milestone", {"milestone-name.value": f"M{number}", "milestone-day.value": day}
            )
            if "Milestone added." in answer:
                self.acknowledged.add(f"M{number}")
            else:
                self.refused.append(answer)


@contextlib.contextmanager
def edits(program: Sequence[str], folder: Path) -> Iterator[Edits]:
    run(program, "import", str(table(folder.parent, 0)), "--profiles", str(folder))
    with started(serving(program, folder)) as running:
        browser = running.browser()
        browser.wait_for("ready")
        yield Edits(Clicks(browser))
        browser.post("/_quit")
        assert running.end() == 0
        assert "Traceback" not in running.errors()


def copied(folder: Path, to: Path) -> None:
    """As another computer has it."""
    with closing(sqlite3.connect(folder / "burndown.db")) as live, closing(sqlite3.connect(to)) as copy:
        live.backup(copy)


def milestones(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {name for (name,) in connection.execute("SELECT name FROM milestones")}


def by_rename(folder: Path, other: Path) -> None:
    shutil.copy(other, folder / ".burndown.db.Xk3")
    (folder / ".burndown.db.Xk3").replace(folder / "burndown.db")


def with_the_old_one_moved(folder: Path, other: Path) -> None:
    (folder / "burndown.db").rename(folder / "burndown (conflicted copy).db")
    shutil.copy(other, folder / "burndown.db")


def with_the_log_deleted(folder: Path, other: Path) -> None:
    for name in ("burndown.db-wal", "burndown.db-shm"):
        (folder / name).unlink(missing_ok=True)
    by_rename(folder, other)


@pytest.mark.parametrize("way", [by_rename, with_the_old_one_moved, with_the_log_deleted])
def test_what_was_acknowledged_before_another_file_took_the_place_is_kept_and_nothing_is_after(
    program: Sequence[str], quick_folder: Path, way: Callable[[Path, Path], None]
) -> None:
    folder = quick_folder / "profiles"
    with edits(program, folder) as editing:
        editing.some(2)
        copied(folder, quick_folder / "other.db")
        editing.some()
        before = set(editing.acknowledged)
        for _ in range(3):
            way(folder, quick_folder / "other.db")
            editing.some()
    assert len(before) == 14
    assert editing.acknowledged == before
    assert all("Another program put another file in the place" in refusal for refusal in editing.refused)
    (kept,) = (folder / "backups").glob("*-replaced.db")
    assert milestones(kept) == before
    assert milestones(folder / "burndown.db") == {"M1", "M2"}


@contextlib.contextmanager
def synced(folder: Path) -> Iterator[list[int]]:
    """A client that carries the folder elsewhere: holds what it reads, and moves files away and back; its rounds."""
    rounds, done = [0], threading.Event()

    def move_away(file: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            with file.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_SH)
                stream.read()
            aside = file.with_name(f".{file.name}.moving")
            file.rename(aside)
            done.wait(0.002)
            aside.rename(file)

    def work() -> None:
        while not done.wait(0.02):
            for file in (folder / "burndown.db", *folder.glob("backups/*.db"), folder / "README.txt"):
                move_away(file)
            rounds[0] += 1

    client = threading.Thread(target=work)
    client.start()
    yield rounds
    done.set()
    client.join()


def test_a_client_that_locks_and_moves_the_files_for_a_moment_takes_nothing_that_was_acknowledged(
    program: Sequence[str], quick_folder: Path
) -> None:
    folder = quick_folder / "profiles"
    with edits(program, folder) as editing:
        with synced(folder) as rounds:
            editing.some(40)
        editing.some(2)
    assert rounds[0] > 3
    assert len(editing.acknowledged) > 2
    # A file that is away in the moment after it was written is told as not saved, though what was said may be in it.
    assert milestones(folder / "burndown.db") >= editing.acknowledged
    assert not [refusal for refusal in editing.refused if "unexpected" in refusal]
    subprocess.run([*program, "check", "--profiles", str(folder)], check=True, capture_output=True)


def test_a_program_that_opens_and_closes_the_database_takes_nothing_of_what_is_edited_meanwhile(
    program: Sequence[str], quick_folder: Path
) -> None:
    folder = quick_folder / "profiles"
    with edits(program, folder) as editing:
        for number in range(6):
            editing.some(5)
            editing.clicks.open(system.PAGE.path or "")
            if number % 2:
                copied(folder, quick_folder / f"{number}.db")
            else:
                subprocess.run([*program, "check", "--profiles", str(folder)], check=True, capture_output=True)
    assert editing.refused == []
    assert len(editing.acknowledged) == 30
    assert milestones(folder / "burndown.db") == editing.acknowledged
    with closing(open_store(folder, mode="read").backend) as backend:
        assert len(backend.list_profiles()) == 1
