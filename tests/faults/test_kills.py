"""The real program, killed at any moment of an import, a takeover, a backup, or while its pages are used."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from store import backup
from store.opening import open_store
from tests.faults.scenarios import TINY, TINY_ISSUES
from tests.running import LAUNCHER, ROOT, started

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="SIGKILL")]
needs_tiny = pytest.mark.skipif(not TINY.is_dir(), reason="the shared examples are not here")
_FROZEN = ROOT / "dist" / "burndown"
ROWS = 300


@pytest.fixture(params=["source", pytest.param("frozen", marks=pytest.mark.e2e)])
def program(request: pytest.FixtureRequest) -> Sequence[str]:
    if request.param == "source":
        return LAUNCHER
    if not os.access(_FROZEN, os.X_OK):
        pytest.skip("the executable is not built")
    return (str(_FROZEN),)


@pytest.fixture
def rounds(soak: bool) -> int:
    """Of each of the four kinds; together 28, or 200."""
    return 50 if soak else 7


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
        made = backup.snapshots(folder)
        assert made
        assert all(backup.content_damage(each.file) == [] for each in made)
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


def test_after_a_kill_of_the_running_app_the_next_one_starts_and_has_everything(
    program: Sequence[str], tmp_path: Path, rounds: int
) -> None:
    folder, rng = tmp_path / "profiles", random.Random(8)
    run(program, "import", str(table(tmp_path, 0)), "--profiles", str(folder))
    for _ in range(rounds):
        command = [*program, "serve", "--no-browser", "--print-url", "--port", "0", "--profiles", str(folder)]
        with started(command) as running:
            browser = running.browser()
            browser.wait_for("ready")
            assert browser.get("/").status == 200
            time.sleep(rng.uniform(0, 0.3))
            running.signal(signal.SIGKILL)
            running.end()
        assert imported(folder) == {"round 0": ROWS}
