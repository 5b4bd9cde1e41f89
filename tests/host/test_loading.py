"""A start that is stopped half-way: whatever it began is ended, and one database is left."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.actions.files import import_file
from app.actions.sample import load_sample
from app.context import Context, utc_now
from app.errors import Cancelled
from app.factory import create_app
from app.host.loading import load_app
from app.host.starting import Starting
from app.jobs import Jobs
from store.opening import open_store
from store.paths import DataFolder
from store.records import Profile
from store.sqlite import backup


class StoppedAt(Starting):
    """Asked to stop at its `last` step."""

    def __init__(self, last: int) -> None:
        super().__init__(lambda: self._left == 0)
        self._left = last

    def step(self, done: int, total: int, text: str = "") -> None:
        self._left -= 1
        super().step(done, total, text)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """With a query, so that the app has numbers to get ready while it starts."""
    backend = open_store(tmp_path, mode="write").backend
    jobs = Jobs(backend)
    load_sample(Context(backend, jobs, tmp_path))
    jobs.close()
    backend.close()
    return DataFolder(tmp_path, "argument", writable=True)


@pytest.mark.slow
@pytest.mark.parametrize("last", [1, 2, 3])
def test_a_start_stopped_at_any_step_leaves_one_database_and_no_thread(folder: DataFolder, last: int) -> None:
    before = set(threading.enumerate())
    with pytest.raises(Cancelled):
        load_app(folder, StoppedAt(last), lambda: None, lambda: create_app)
    assert [path.name for path in folder.path.glob("burndown.db*")] == ["burndown.db"]
    # On a busy machine a job may hear the stop only after the time that a clean exit waits for it.
    for late in set(threading.enumerate()) - before:
        late.join(timeout=30)
    assert set(threading.enumerate()) <= before


def test_a_start_without_room_for_a_backup_is_told_once_at_the_top_of_the_pages(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for snapshot in backup.snapshots(folder.path):
        snapshot.file.unlink()
    monkeypatch.setattr(backup, "_SPARE_BYTES", 10**18)
    contexts: list[Context] = []

    def make(ctx: Context) -> Any:
        contexts.append(ctx)
        return create_app(ctx)

    loaded = load_app(folder, Starting(), lambda: None, lambda: make)
    try:
        (ctx,) = contexts
        ctx.backend.set_state("theme", "dark")
        texts = [notice.text for notice in ctx.notices]
        assert texts == ["No backup could be made before the changes: the disk is too full for it; make room."]
    finally:
        loaded.close()


def test_what_an_import_put_off_is_recorded_once_the_app_is_up(tmp_path: Path) -> None:
    backend = open_store(tmp_path, mode="write").backend
    jobs = Jobs(backend)
    ctx, now = Context(backend, jobs, tmp_path), utc_now()
    backend.save_profile(Profile("p", "Team", now, now))
    days = [(now - timedelta(days=day)).date().isoformat() for day in range(60)]
    rows = "".join(f"A-{number},Done,2026-01-10,{day}\n" for number, day in enumerate(days))
    ref = import_file(ctx, f"Key,Status,Created,Resolved\n{rows}".encode(), "export.csv", record_later=True).ref
    backend.switch_query(ref, now)
    assert backend.get_state("record_due")
    assert not backend.list_snapshots(ref)
    jobs.close()
    backend.close()
    contexts: list[Context] = []

    def make(ctx: Context) -> Any:
        contexts.append(ctx)
        return create_app(ctx)

    loaded = load_app(DataFolder(tmp_path, "argument", writable=True), Starting(), lambda: None, lambda: make)
    try:
        until = time.monotonic() + 30
        while contexts[0].backend.get_state("record_due") and time.monotonic() < until:
            time.sleep(0.02)
        assert contexts[0].backend.list_snapshots(ref)
    finally:
        loaded.close()
