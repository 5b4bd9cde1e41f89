"""A look of ours at the open database leaves SQLite its locks: another program does not take itself for the last."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.errors import StoreError
from store.opening import open_store
from store.records import Profile, Query, QueryRef
from store.sqlite import backup, locks
from store.sqlite.backend import SQLiteBackend
from store.sqlite.checks import describe
from store.sqlite.reading import header, reading, user_version

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locks are not lost there")
# As a database browser does, or a script of the user's.
_OPENS_AND_CLOSES = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM profiles').fetchall(); c.close()"
)


def another_program(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", _OPENS_AND_CLOSES, str(folder / "burndown.db")], check=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profiles"


@pytest.fixture
def backend(folder: Path) -> Iterator[SQLiteBackend]:
    opened = open_store(folder, mode="write", clock=lambda: NOW).backend
    opened.save_profile(Profile("p", "Team", NOW, NOW))
    opened.save_query(Query("p", "q", "All", NOW, NOW))
    yield opened
    opened.close()


def opened_a_second_time(backend: SQLiteBackend, folder: Path) -> None:
    with suppress(StoreError):
        open_store(folder, mode="write", clock=lambda: NOW).backend.close()


LOOKS: tuple[Callable[[SQLiteBackend, Path], object], ...] = (
    lambda backend, folder: header(folder / "burndown.db"),
    lambda backend, folder: user_version(folder / "burndown.db"),
    lambda backend, folder: reading(folder / "burndown.db").__enter__(),
    lambda backend, folder: describe(folder),
    lambda backend, folder: backup.check(folder),
    lambda backend, folder: backup.snapshot(backend, folder, clock=lambda: NOW),
    lambda backend, folder: backup.snapshot_file(folder, clock=lambda: NOW),
    lambda backend, folder: backup.before_first_write(backend, folder, lambda: NOW),
    lambda backend, folder: backup.is_ours(folder / "burndown.db"),
    opened_a_second_time,
)


@pytest.mark.parametrize("look", LOOKS)
def test_after_a_look_another_program_leaves_the_log_in_its_place(
    backend: SQLiteBackend, folder: Path, look: Callable[[SQLiteBackend, Path], object]
) -> None:
    backup.snapshot(backend, folder, clock=lambda: NOW)
    backend.connections.fold_log()
    look(backend, folder)
    backend.set_state("theme", "dark")
    log = (folder / "burndown.db-wal").stat().st_ino
    another_program(folder)
    assert (folder / "burndown.db-wal").stat().st_ino == log
    backend.set_state("theme", "light")
    with closing(sqlite3.connect(folder / "burndown.db")) as seen:
        assert seen.execute("SELECT value FROM app_state WHERE key = 'theme'").fetchone() == ("light",)


def test_what_was_opened_for_looks_is_closed_with_the_last_connection(folder: Path) -> None:
    handles = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        backend = open_store(folder, mode="write", clock=lambda: NOW).backend
        backend.set_state("theme", "dark")
        assert header(folder / "burndown.db")
        assert locks.is_open(folder / "burndown.db")
        backend.close()
        assert not locks.is_open(folder / "burndown.db")
    assert len(list(Path("/dev/fd").iterdir())) == handles


def test_a_look_is_at_what_lies_under_the_name_now(backend: SQLiteBackend, folder: Path, tmp_path: Path) -> None:
    assert header(folder / "burndown.db")
    (tmp_path / "arriving").write_bytes(b"")
    (tmp_path / "arriving").replace(folder / "burndown.db")
    assert header(folder / "burndown.db") is None
