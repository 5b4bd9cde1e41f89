"""The app in use: 100,000 issues, memory when every page was opened, a long day, and doing nothing."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from app.host.instance import read_instance
from app.pages import PAGES
from scripts.measure.browser import first_visit, visit_again
from scripts.measure.data import recent_export
from scripts.measure.program import import_export
from scripts.measure.rows import Row
from scripts.measure.starts import running
from store.opening import open_store
from tests.clicking import Clicks
from tests.running import Browser

# Issues; what the program may take with them when every page was opened, in MB.
_SIZES = ((22_000, 200), (100_000, 500))
_LOADS = 2_000
_EDITS = 16
_IDLE_SECONDS = 30
_VISITS = 3


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a process holds: memory and the write-ahead log in MB, open files, and seconds of processor so far."""

    memory: float
    log: float
    handles: int
    cpu: float


def use() -> Iterator[Row]:
    for count, most in _SIZES:
        with tempfile.TemporaryDirectory() as folder:
            profiles = Path(folder) / "profiles"
            import_export(recent_export(Path(folder), count), profiles)
            yield from _answers(count, profiles, Path(folder))
            yield from _everything_opened(count, profiles, most)


def _answers(count: int, profiles: Path, scratch: Path) -> Iterator[Row]:
    with running(profiles) as app, sync_playwright() as driver:
        elapsed, browser = first_visit(driver.chromium, app.url, scratch / "browser")
        again = median(visit_again(browser) for _ in range(_VISITS))
        browser.close()
    yield Row("use", f"{count:,} issues: the answer, first visit after the start", elapsed, "s", limit=3)
    yield Row("use", f"{count:,} issues: the answer again", again, "s", limit=0.5)


def _everything_opened(count: int, profiles: Path, most: float) -> Iterator[Row]:
    _stay_without_a_page(profiles)
    with running(profiles) as app:
        browser = Browser(app.url)
        browser.wait_for("ready")
        clicks = Clicks(browser)
        _open_all(clicks)
        yield Row(
            "use", f"{count:,} issues: memory when every page was opened", _footprint(profiles).memory, "MB", limit=most
        )
        if count == _SIZES[0][0]:
            yield from _a_day(clicks, profiles)
            yield from _nothing_to_do(profiles)


def _a_day(clicks: Clicks, profiles: Path) -> Iterator[Row]:
    """Thousands of pages and some changes, after which everything is derived anew.

    What is kept for the last few questions is full after a quarter of it: the second quarter and the last are compared.
    """
    rounds = max(4, _LOADS // len(PAGES))
    footprints = []
    for number in range(rounds):
        _open_all(clicks)
        if number % max(1, rounds // _EDITS) == 0:
            clicks.save_settings(deadline=(date(2030, 1, 1) + timedelta(days=number)).isoformat())
        footprints.append(_footprint(profiles))
    before, after = footprints[rounds // 4 : rounds // 2], footprints[-(rounds // 4) :]
    grown = median(each.memory for each in after) - median(each.memory for each in before)
    handles = max(each.handles for each in after) - max(each.handles for each in before)
    loads = f"{_LOADS:,} pages and {_EDITS} changes"
    yield Row("use", f"{loads}: memory grown", grown, "MB", limit=10)
    yield Row("use", f"{loads}: most memory", max(each.memory for each in footprints), "MB")
    yield Row("use", f"{loads}: open files more", float(handles), "", limit=8)
    yield Row("use", f"{loads}: log beside the database", max(each.log for each in footprints), "MB", limit=4.6)


def _nothing_to_do(profiles: Path) -> Iterator[Row]:
    time.sleep(5)  # what a page still had going
    before = _footprint(profiles).cpu
    time.sleep(_IDLE_SECONDS)
    share = (_footprint(profiles).cpu - before) / _IDLE_SECONDS * 100
    yield Row("use", "processor while nobody does anything", share, "%", limit=0.2)


def _open_all(clicks: Clicks) -> None:
    for page in PAGES:
        shown = clicks.open(page.path)
        if "That did not work" in shown:
            sys.exit(f"{page.path} did not open.")


def _stay_without_a_page(profiles: Path) -> None:
    opened = open_store(profiles, mode="write")
    opened.backend.set_state("exit_when_idle", "off")
    opened.backend.close()


def _footprint(profiles: Path) -> Footprint:
    there = read_instance(profiles)
    assert there is not None
    process = Path("/proc") / str(there.pid)
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
    ticks = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
    log = profiles / "burndown.db-wal"
    return Footprint(
        memory=int(status["VmRSS"].split()[0]) / 1000,
        log=log.stat().st_size / 1e6 if log.exists() else 0.0,
        handles=len(list((process / "fd").iterdir())),
        cpu=sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"),
    )
