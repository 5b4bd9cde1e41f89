"""Many writers at once, with somebody reading all the time and the log being folded away under them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from store.records import Issue
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend
from tests.faults.scenarios import REF, some_steps

THREADS, WRITES, PAGES = 8, 1_000, 20


class Work:
    """What the threads do; a failure of any of them is kept for the test's own thread."""

    def __init__(self, backend: SQLiteBackend, folder: Path) -> None:
        self._backend = backend
        self._folder = folder
        self.all_written = threading.Event()
        self.failures: list[BaseException] = []

    def thread(self, work: Callable[..., None], *arguments: int) -> threading.Thread:
        def guarded() -> None:
            try:
                work(*arguments)
            except BaseException as exc:  # noqa: BLE001 told by the test's thread
                self.failures.append(exc)

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def write(self, worker: int) -> None:
        for number in range(WRITES):
            self._backend.upsert_issues(REF, [Issue(f"W{worker}-{number}")])

    def sync(self) -> None:
        """Pages of a hundred, as a sync saves them, and a snapshot now and then."""
        for page in range(PAGES):
            issues = [Issue(f"S-{page * 100 + at}", summary="x" * 200) for at in range(100)]
            self._backend.upsert_issues(REF, issues)
            if page % 5 == 0:
                backup.snapshot(self._backend, self._folder)

    def read_long(self) -> None:
        with self._backend.connections.reading() as connection:
            seen = connection.execute("SELECT count(*) FROM issues").fetchone()
            self.all_written.wait()
            assert connection.execute("SELECT count(*) FROM issues").fetchone() == seen


@pytest.mark.slow
def test_eight_threads_of_a_thousand_writes_beside_a_long_read_and_a_sync_lose_nothing(quick_folder: Path) -> None:
    folder = quick_folder / "profiles"
    some_steps(folder)
    backend = SQLiteBackend(folder / "burndown.db", idle_seconds=0.01)
    before = len(backend.list_issues(REF))
    work = Work(backend, folder)
    reader = work.thread(work.read_long)
    writers = [work.thread(work.sync), *(work.thread(work.write, worker) for worker in range(THREADS))]
    for thread in writers:
        thread.join()
    work.all_written.set()
    reader.join()
    backend.close()
    assert work.failures == []
    assert sorted(file.name for file in folder.iterdir() if file.is_file()) == ["README.txt", "burndown.db"]
    again = SQLiteBackend(folder / "burndown.db")
    assert len(again.list_issues(REF)) == before + THREADS * WRITES + PAGES * 100
    again.close()
    assert backup.content_damage(folder / "burndown.db") == []
