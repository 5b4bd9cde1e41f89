"""A day of use in small: thousands of pages and edits, after which the running app is no larger than at the start."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.host.instance import read_instance
from app.pages import PAGES
from store.opening import open_store
from tests.clicking import Clicks
from tests.running import LAUNCHER, ROOT, started

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]
_PAGES = [page.path for page in PAGES]
_WINDOWS = ("", "?window=4", "?window=8", "?unit=points", "?chart=burnup&span=all")
# Without a pause of two seconds SQLite itself folds the log in, at a thousand pages; the last change comes on top.
_LARGEST_LOG = 1_100 * 4_120


@dataclass(frozen=True)
class Size:
    """What the process holds: memory in bytes, open files, threads; and the write-ahead log's bytes."""

    memory: int
    handles: int
    threads: int
    log: int


def size_of(pid: int, folder: Path) -> Size:
    process = Path("/proc") / str(pid)
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
    log = folder / "burndown.db-wal"
    return Size(
        memory=int(status["VmRSS"].split()[0]) * 1024,
        handles=len(list((process / "fd").iterdir())),
        threads=int(status["Threads"]),
        log=log.stat().st_size if log.exists() else 0,
    )


def use(clicks: Clicks, rounds: int) -> None:
    """Each round opens a third of the pages and changes a setting, after which everything is derived anew."""
    for number in range(rounds):
        for path in _PAGES[number % 3 :: 3]:
            assert "That did not work" not in clicks.open(path, _WINDOWS[number % len(_WINDOWS)])
        day = date(2027, 1, 1) + timedelta(days=number % 300)
        clicks.save_settings(deadline=day.isoformat(), window=4 + number % 12)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With 400 issues, of which most are done; the app stays although no real page is open."""
    day = date.today() - timedelta(days=300)  # noqa: DTZ011 weeks are the machine's here
    created = [day + timedelta(days=number % 200) for number in range(400)]
    rows = [f"T-{number},{at},{at + timedelta(days=number % 90)}" for number, at in enumerate(created)]
    file = tmp_path / "issues.csv"
    file.write_text("\n".join(["key,created,finished", *rows]), encoding="utf-8")
    subprocess.run([*LAUNCHER, "import", str(file), "--profiles", str(tmp_path / "profiles")], cwd=ROOT, check=True)
    opened = open_store(tmp_path / "profiles", mode="write")
    opened.backend.set_state("exit_when_idle", "off")
    opened.backend.close()
    return tmp_path / "profiles"


def test_a_day_of_use_leaves_memory_handles_and_log_as_they_were(folder: Path, soak: bool) -> None:
    command = [*LAUNCHER, "serve", "--no-browser", "--print-url", "--port", "0", "--profiles", str(folder)]
    with started(command) as running:
        browser = running.browser()
        browser.wait_for("ready")
        there = read_instance(folder)
        assert there is not None
        clicks = Clicks(browser)
        use(clicks, 24)
        sizes = [size_of(there.pid, folder)]
        for _ in range(10 if soak else 3):
            use(clicks, 100 if soak else 16)
            sizes.append(size_of(there.pid, folder))
        browser.post("/_quit")
        assert running.end() == 0
    sys.stdout.write("\n".join(map(str, sizes)) + "\n")  # shown with -s
    first, last = sizes[0], sizes[-1]
    assert last.memory < 1.15 * first.memory, sizes
    assert max(each.handles for each in sizes) <= first.handles + 8, sizes
    assert max(each.threads for each in sizes) <= first.threads + 4, sizes
    assert max(each.log for each in sizes) < _LARGEST_LOG, sizes
    assert [path.name for path in folder.glob("burndown.db*")] == ["burndown.db"]
