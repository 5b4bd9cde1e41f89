"""The real program, killed at any moment of an import, a takeover, a backup, a restore, or of edits on its pages."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPException
from pathlib import Path

import pytest

from app.host.instance import read_instance
from store.opening import open_store
from store.sqlite import backup
from tests.clicking import Clicks
from tests.faults.scenarios import TINY, TINY_ISSUES, check_takeover
from tests.running import ROOT, Browser, Started, started

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="SIGKILL")]
needs_tiny = pytest.mark.skipif(not TINY.is_dir(), reason="the shared examples are not here")
ROWS = 300


@pytest.fixture
def rounds(soak: bool) -> int:
    """Of each of the five kinds that are killed at a random moment; together 25, or 200."""
    return 40 if soak else 5


def run(program: Sequence[str], *arguments: str) -> float:
    """Let it work to its end; the seconds that takes here."""
    began = time.monotonic()
    subprocess.run([*program, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def killed(program: Sequence[str], after: float, *arguments: str) -> bool:
    """Run and kill it after so many seconds; whether it was done by then, and said so."""
    process = subprocess.Popen(
        [*program, *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # The executable of one file works in a child: the power switch ends both.
        start_new_session=True,
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
    assert process.returncode == 0
    return True


def table(folder: Path, number: int) -> Path:
    """A file of issues of its own for each round."""
    day = date(2026, 1, 5)
    lines = [f"K{number}-{row},{day},{day + timedelta(days=row % 40)}" for row in range(ROWS)]
    file = folder / f"round {number}.csv"
    file.write_text("\n".join(["key,created,finished", *lines]), encoding="utf-8")
    return file


def imported(folder: Path) -> dict[str, int]:
    """Queries by name with the number of their issues, from the next start, which must find all in order."""
    opened = open_store(folder, mode="write")
    try:
        backend = opened.backend
        assert opened.notices == ()
        return {
            query.name: backend.counts(query.ref).issues
            for profile in backend.list_profiles()
            for query in backend.list_queries(profile.id)
        }
    finally:
        opened.backend.close()
        assert backup.content_damage(folder / "burndown.db") == []


def test_a_kill_during_an_import_leaves_it_whole_or_not_begun(
    program: Sequence[str], tmp_path: Path, rounds: int
) -> None:
    folder, rng = tmp_path / "profiles", random.Random(5)
    seconds = run(program, "import", str(table(tmp_path, 0)), "--profiles", str(folder))
    acknowledged = {"round 0"}
    for number in range(1, rounds + 1):
        file = table(tmp_path, number)
        if killed(program, rng.uniform(0.3, 1.1) * seconds, "import", str(file), "--profiles", str(folder)):
            acknowledged.add(file.stem)
        there = imported(folder)
        assert set(there.values()) == {ROWS}
        assert acknowledged <= there.keys()
        acknowledged |= there.keys()


def test_a_kill_during_a_backup_leaves_only_good_snapshots(program: Sequence[str], tmp_path: Path, rounds: int) -> None:
    folder, rng = tmp_path / "profiles", random.Random(6)
    run(program, "import", str(table(tmp_path, 0)), "--profiles", str(folder))
    seconds = run(program, "backup", "--profiles", str(folder))
    for _ in range(rounds):
        killed(program, rng.uniform(0.3, 1.1) * seconds, "backup", "--profiles", str(folder))
        snapshots = backup.snapshots(folder)
        assert snapshots
        assert all(backup.content_damage(each.file) == [] for each in snapshots)
        assert imported(folder) == {"round 0": ROWS}


@needs_tiny
def test_a_kill_while_an_old_folder_is_taken_over_is_made_up_for_by_the_next_start(
    program: Sequence[str], tmp_path: Path, rounds: int
) -> None:
    rng = random.Random(7)
    for number in range(rounds):
        old = tmp_path / str(number)
        shutil.copytree(TINY, old)
        folder = old / "profiles"
        after = rng.uniform(0.1, 2.0)
        killed(program, after, "serve", "--no-browser", "--port", "0", "--profiles", str(folder))
        opened = open_store(folder, mode="serve")
        assert (opened.backend.counts().issues, opened.notices) == (TINY_ISSUES, ())
        opened.backend.close()
        assert backup.content_damage(folder / "burndown.db") == []


def serving(program: Sequence[str], folder: Path) -> list[str]:
    return [*program, "serve", "--no-browser", "--print-url", "--port", "0", "--profiles", str(folder)]


def kill_app(running: Started, folder: Path) -> None:
    """The process that has the database open: of the single executable it is the child of the one we started."""
    there = read_instance(folder)
    assert there is not None
    os.kill(there.pid, signal.SIGKILL)
    running.end()


def test_after_a_kill_of_the_running_app_the_next_one_starts_and_has_everything(
    program: Sequence[str], tmp_path: Path, rounds: int
) -> None:
    folder, rng = tmp_path / "profiles", random.Random(8)
    run(program, "import", str(table(tmp_path, 0)), "--profiles", str(folder))
    for _ in range(rounds):
        with started(serving(program, folder)) as running:
            browser = running.browser()
            browser.wait_for("ready")
            assert browser.get("/").status == 200
            time.sleep(rng.uniform(0, 0.3))
            kill_app(running, folder)
        assert imported(folder) == {"round 0": ROWS}


# A deadline of the past would be asked about.
_TODAY = datetime.now(UTC).date()


@dataclass
class Edits:
    """What was asked for on the pages, and how much of it was answered with "done"."""

    clicks: Clicks
    number: int
    milestones: list[str] = field(default_factory=list)
    deadlines: list[str] = field(default_factory=list)

    def until_nobody_answers(self) -> None:
        with contextlib.suppress(OSError, HTTPException):
            while True:
                self.number += 1
                day = (_TODAY + timedelta(days=self.number)).isoformat()
                self.clicks.add_milestone(f"M{self.number}", day)
                self.milestones.append(f"M{self.number}")
                self.clicks.save_settings(deadline=day)
                self.deadlines.append(day)


def edited(folder: Path) -> tuple[list[str], str]:
    """Milestones in order, and the deadline, from the next start."""
    opened = open_store(folder, mode="write")
    try:
        (profile,) = opened.backend.list_profiles()
        names = [milestone.name for milestone in opened.backend.list_milestones(profile.id)]
        return names, str(profile.forecast_settings.get("deadline"))
    finally:
        opened.backend.close()


def test_a_kill_during_edits_on_the_pages_loses_none_that_was_answered(
    program: Sequence[str], tmp_path: Path, rounds: int
) -> None:
    folder, rng = tmp_path / "profiles", random.Random(9)
    # On a busy machine nothing is answered as soon as that.
    patience = max(1.0, run(program, "import", str(table(tmp_path, 0)), "--profiles", str(folder)))
    milestones: list[str] = []
    number = kills = 0
    # On a busy machine a round may end before anything was answered.
    while kills < rounds or (len(milestones) <= rounds and kills < 10 * rounds):
        kills += 1
        with started(serving(program, folder)) as running:
            browser = running.browser()
            browser.wait_for("ready")
            edits = Edits(Clicks(browser), number)
            killer = threading.Timer(rng.uniform(0.1, 1.5) * patience, kill_app, (running, folder))
            killer.start()
            edits.until_nobody_answers()
            killer.join()
        there, deadline = edited(folder)
        # What was under way at the kill may be there as a whole or not at all.
        under_way = (_TODAY + timedelta(days=edits.number)).isoformat()
        milestones += edits.milestones
        assert there in (milestones, [*milestones, f"M{edits.number}"])
        assert not edits.deadlines or deadline in (edits.deadlines[-1], under_way)
        milestones, number = there, edits.number
        assert imported(folder) == {"round 0": ROWS}
    assert len(milestones) > rounds


# -- killed at a rename ----------------------------------------------------------------------------------


def killed_at_rename(shim: Path, watched: Path, at: int, command: Sequence[str]) -> bool:
    """Run it with a kill at its `at`-th rename below `watched`; false when it came to its end, or was ready, before."""
    more = {"LD_PRELOAD": str(shim), "SHIM_WATCH": str(watched), "SHIM_KILL_AT_RENAME": str(at)}
    with started(command, **more) as running:
        assert running.process.stdout is not None
        line = running.process.stdout.readline()
        if "url" not in line:
            return running.end() != 0
        browser = Browser(json.loads(line)["url"])
        with contextlib.suppress(OSError, HTTPException):
            browser.wait_for("ready")
            browser.post("/_quit")
        # The instance file is renamed into place before the takeover: a start that was killed there said nothing.
        return running.end() != 0


@needs_tiny
def test_a_takeover_killed_at_any_rename_is_made_up_for_by_the_next_start(
    program: Sequence[str], shim: Path, tmp_path: Path
) -> None:
    for at in range(1, 100):
        old = tmp_path / str(at)
        shutil.copytree(TINY, old)
        was_killed = killed_at_rename(shim, old, at, serving(program, old / "profiles"))
        check_takeover(old, 0)
        if not was_killed:
            break
    assert 5 < at < 99


def test_a_restore_killed_at_any_rename_leaves_the_old_data_or_the_backup(
    program: Sequence[str], shim: Path, tmp_path: Path
) -> None:
    start = tmp_path / "start"
    run(program, "import", str(table(tmp_path, 0)), "--profiles", str(start))
    run(program, "backup", "--profiles", str(start))
    (snapshot, *_) = backup.snapshots(start)
    run(program, "import", str(table(tmp_path, 1)), "--profiles", str(start))
    before, after = {"round 0": ROWS, "round 1": ROWS}, {"round 0": ROWS}
    seen = []
    for at in range(1, 100):
        folder = tmp_path / str(at) / "profiles"
        shutil.copytree(start, folder)
        command = [*program, "restore", f"backups/{snapshot.file.name}", "--profiles", str(folder)]
        was_killed = killed_at_rename(shim, folder, at, command)
        seen.append(imported(folder))
        if not was_killed:
            break
    assert seen[0] == before
    assert seen[-1] == after
    assert all(state in (before, after) for state in seen)
    assert 3 < at < 99
