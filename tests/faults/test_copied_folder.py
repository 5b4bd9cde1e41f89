"""The data folder is copied by the file manager, at the speed of a stick, while the app has it open."""

from __future__ import annotations

import shutil
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from store.errors import Damaged
from store.opening import open_store
from store.records import Issue
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend
from tests.faults.scenarios import NOW, REF, STEPS, reached, some_steps, step

pytestmark = pytest.mark.slow
_BYTES_PER_SECOND = 30_000_000
_PIECE = 65_536


def copy_slowly(folder: Path, target: Path) -> None:
    """As a file manager does: file by file, the database first, so that it and its log are of different moments."""
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        place = target / file.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with file.open("rb") as source, place.open("wb") as copy:
                while piece := source.read(_PIECE):
                    copy.write(piece)
                    time.sleep(len(piece) / _BYTES_PER_SECOND)
        except FileNotFoundError:
            continue  # gone meanwhile, as a log is at times


def fatten(backend: SQLiteBackend) -> None:
    """A database large enough that copying it takes a while."""
    backend.upsert_issues(REF, [Issue(f"F-{number}", summary="fat " * 500) for number in range(600)])
    backend.delete_issues(REF, [f"F-{number}" for number in range(300)])


def test_a_copy_while_the_app_is_idle_is_whole(quick_folder: Path, soak: bool) -> None:
    """Between edits the log is folded away, so the copied database alone holds everything."""
    folder = quick_folder / "profiles"
    some_steps(folder)
    backend = SQLiteBackend(folder / "burndown.db", idle_seconds=0.02)
    for number in range(STEPS + 1, STEPS + 1 + (200 if soak else 100)):
        if number % 10 == 0:
            step(backend, reached(backend) + 1)
        backend.set_state("copy", str(number))
        expected = reached(backend)
        wait_until_folded(folder / "burndown.db-wal")
        copied = quick_folder / "copied" / "profiles"
        copy_slowly(folder, copied)
        opened = open_store(copied, mode="write", clock=lambda: NOW)
        assert (reached(opened.backend), opened.backend.get_state("copy")) == (expected, str(number))
        opened.backend.close()
        shutil.rmtree(copied.parent)
    backend.close()


def wait_until_folded(log: Path) -> None:
    until = time.monotonic() + 30
    while log.stat().st_size:
        assert time.monotonic() < until, "the log is never folded"
        time.sleep(0.005)


class Busy:
    """Writes without a pause, and folds the log away now and then, until told to stop."""

    def __init__(self, backend: SQLiteBackend) -> None:
        self._backend = backend
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._write)
        self.failure: BaseException | None = None

    def __enter__(self) -> Busy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _write(self) -> None:
        number = 0
        try:
            while not self._stopped.is_set():
                number += 1
                keys = [f"W-{(number * 7 + at) % 300}" for at in range(5)]
                self._backend.upsert_issues(REF, [Issue(key, summary=f"{number} " * 400) for key in keys])
                if number % 5 == 0:
                    self._backend.delete_issues(REF, keys[:3])
                    self._backend.connections.fold_log()
        except BaseException as exc:  # noqa: BLE001 told by the test's thread
            self.failure = exc


def test_a_torn_copy_is_recognised_and_the_snapshot_in_it_named(quick_folder: Path, soak: bool) -> None:
    """While it is written without a pause a plain copy may be torn: then the next start says so, and what to do."""
    folder = quick_folder / "profiles"
    some_steps(folder)
    backend = SQLiteBackend(folder / "burndown.db")
    fatten(backend)
    snapshot = backup.snapshot(backend, folder, clock=lambda: NOW + timedelta(days=1)).file.name
    torn = 0
    with Busy(backend) as busy:
        for _ in range(200 if soak else 60):
            copied = quick_folder / "copied" / "profiles"
            copy_slowly(folder, copied)
            torn += is_torn(copied, snapshot)
            shutil.rmtree(copied.parent)
    backend.close()
    assert busy.failure is None
    assert torn, "no copy was torn: this test shows nothing"


def is_torn(copied: Path, snapshot: str) -> bool:
    """Opens and proves whole, or is refused with the way out named."""
    try:
        opened = open_store(copied, mode="write", clock=lambda: NOW)
    except Damaged as exc:
        if snapshot not in str(exc):
            raise
        return True
    opened.backend.close()
    assert backup.content_damage(copied / "burndown.db") == [], "a torn copy was opened as if it were whole"
    return False
