"""The thread that checks the database once and snapshots it every half hour."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.host.upkeep import Upkeep
from store.opening import open_store
from store.records import Issue, Profile, Query, QueryRef
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profiles"


def filled(folder: Path, issues: int = 1) -> SQLiteBackend:
    backend = open_store(folder, mode="write").backend
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    backend.save_query(Query("p", "q", "All", NOW, NOW))
    backend.upsert_issues(QueryRef("p", "q"), [Issue(key=f"T-{n}", summary="x" * 300) for n in range(issues)])
    return backend


def soon(happened: Callable[[], object]) -> bool:
    until = time.monotonic() + 20
    while not happened() and time.monotonic() < until:
        time.sleep(0.01)
    return bool(happened())


def half_hourly(folder: Path) -> int:
    """How many were made; two of one second differ by a number after the reason."""
    return sum(1 for snapshot in backup.snapshots(folder) if snapshot.reason.startswith("half-hour"))


def test_a_changed_store_is_snapshotted_when_the_time_is_up_and_an_unchanged_one_is_not(folder: Path) -> None:
    backend = filled(folder)
    upkeep = Upkeep(backend, folder, lambda text: None, every=0.02)
    upkeep.start()
    try:
        assert soon(lambda: half_hourly(folder) == 1)
        time.sleep(0.2)
        assert half_hourly(folder) == 1
        backend.set_state("theme", "dark")
        assert soon(lambda: half_hourly(folder) == 2)
    finally:
        upkeep.stop()
        backend.close()


def test_a_sound_database_is_no_reason_to_warn(folder: Path) -> None:
    backend = filled(folder)
    assert backup.quick_check(backend) == []
    backend.close()


def test_damage_in_the_middle_is_told_with_the_way_back(folder: Path) -> None:
    backend = filled(folder, issues=500)
    backup.snapshot(backend, folder)
    backend.close()
    database = folder / "burndown.db"
    content = bytearray(database.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    database.write_bytes(content)
    warned: list[str] = []
    event = threading.Event()

    def warn(text: str) -> None:
        warned.append(text)
        event.set()

    damaged = SQLiteBackend(database)
    upkeep = Upkeep(damaged, folder, warn)
    upkeep.start()
    assert event.wait(20)
    upkeep.stop()
    damaged.close()
    assert warned[0].startswith("The database is damaged. The newest good backup is backups/")


def test_a_half_hourly_backup_that_cannot_be_made_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = filled(folder)
    monkeypatch.setattr(backup, "_SPARE_BYTES", 10**18)
    texts: list[str] = []
    upkeep = Upkeep(backend, folder, lambda text: None, every=0.02, tell=texts.append)
    upkeep.start()
    try:
        assert soon(lambda: texts)
        assert texts[0].endswith("no backup could be made of them: the disk is too full for it; make room.")
    finally:
        upkeep.stop()
        backend.close()


def test_stopping_ends_the_thread_at_once(folder: Path) -> None:
    backend = filled(folder)
    upkeep = Upkeep(backend, folder, lambda text: None)
    upkeep.start()
    upkeep.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "upkeep"]
    backend.close()
