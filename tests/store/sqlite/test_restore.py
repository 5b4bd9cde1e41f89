"""Putting a snapshot back: the old database or the new one, whatever happens, and nothing is ever deleted."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.backend import PersistenceBackend
from store.errors import Damaged, NewerDatabase, NotWritable, Refused, StoreError
from store.legacy import find
from store.opening import open_store
from store.records import Issue, Profile, Query, QueryRef, Task
from store.sql import schema
from store.sqlite import backup, locks, restore
from store.sqlite.backend import SQLiteBackend
from store.sqlite.checks import describe
from store.sqlite.restore import Contents
from store.upkeep import Restored
from tests.memory_backend import MemoryBackend

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STAMP = "20260302T090000Z"
REF = QueryRef("p", "q")


def clock() -> datetime:
    return NOW


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Über #1 50%" / "profiles"


def fill(backend: PersistenceBackend, keys: range) -> None:
    if backend.get_profile("p") is None:
        backend.save_profile(Profile("p", "Team", NOW, NOW))
        backend.save_query(Query("p", "q", "All", NOW, NOW))
    backend.upsert_issues(REF, [Issue(f"T-{number}", summary="x" * 200) for number in keys])


def keys(backend: PersistenceBackend) -> int:
    return len(backend.list_issues(REF))


def kept_in(folder: Path) -> int:
    """How many issues whoever opens the folder next will find."""
    backend = open_store(folder, mode="write", clock=clock).backend
    try:
        assert backend.connections.get().execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return keys(backend)
    finally:
        backend.close()


@pytest.fixture
def saved(folder: Path) -> Path:
    """A snapshot with 10 issues, of a folder that has 30 by now."""
    backend = open_store(folder, mode="write", clock=clock).backend
    fill(backend, range(10))
    snapshot = backup.snapshot(backend, folder, to=folder.parent / "saved.db", clock=clock)
    fill(backend, range(30))
    backend.close()
    return snapshot.file


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(3, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\x00" * 64
    path.write_bytes(content)


# -- the plain case -------------------------------------------------------------------------------------


def test_the_snapshot_is_back_and_the_database_from_before_lies_aside(folder: Path, saved: Path) -> None:
    before = digest(folder / "burndown.db")
    result = restore.restore(folder, saved, clock)
    assert result == Restored(folder / "burndown.db", folder / "set-aside" / STAMP)
    assert digest(folder / "set-aside" / STAMP / "burndown.db") == before
    assert kept_in(folder) == 10


def test_a_snapshot_of_what_was_there_is_made_first(folder: Path, saved: Path) -> None:
    restore.restore(folder, saved, clock)
    (snapshot,) = backup.snapshots(folder)
    assert snapshot.reason == "before-restore"
    assert restore.contents(snapshot.file) == Contents(1, 1, 30)


def test_the_restore_can_itself_be_taken_back(folder: Path, saved: Path) -> None:
    restore.restore(folder, saved, clock)
    restore.restore(folder, folder / "set-aside" / STAMP / "burndown.db", clock)
    assert kept_in(folder) == 30
    assert sorted(path.name for path in (folder / "set-aside").iterdir()) == [STAMP, f"{STAMP}-2"]


def test_the_snapshot_itself_stays_as_it_is(folder: Path, saved: Path) -> None:
    before = digest(saved)
    restore.restore(folder, saved, clock)
    assert digest(saved) == before


def test_nothing_unfinished_stays_behind(folder: Path, saved: Path) -> None:
    restore.restore(folder, saved, clock)
    assert sorted(path.name for path in folder.iterdir()) == ["README.txt", "backups", "burndown.db", "set-aside"]


def test_a_snapshot_of_an_empty_store_can_be_put_back(folder: Path, tmp_path: Path) -> None:
    backend = SQLiteBackend(tmp_path / "burndown.db")
    snapshot = backup.snapshot(backend, tmp_path, to=tmp_path / "empty.db")
    backend.close()
    restore.restore(folder, snapshot.file, clock)
    with closing(open_store(folder, mode="read").backend) as restored:
        assert restored.list_profiles() == []


def test_an_older_snapshot_is_brought_up_to_date_and_left_as_it_is(folder: Path, saved: Path) -> None:
    old = folder.parent / "old.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        for statement in schema.MIGRATIONS[0]:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
    before = digest(old)
    restore.restore(folder, old, clock)
    assert describe(folder).schema_version == schema.SCHEMA_VERSION
    assert digest(old) == before


def test_the_old_app_s_takeover_leaves_what_was_set_aside_alone() -> None:
    assert find.is_ours(restore.FOLDER)
    assert find.is_ours(f"burndown.restored-{STAMP}.db")


# -- damage around it -----------------------------------------------------------------------------------


def test_a_stale_log_goes_aside_with_its_database(folder: Path, saved: Path) -> None:
    """Left beside the restored database it would pass every check and show other data."""
    backend = SQLiteBackend(folder / "burndown.db")
    fill(backend, range(40))
    aside = folder.parent / "copied"
    aside.mkdir()
    for suffix in ("", "-wal", "-shm"):
        shutil.copy(folder / f"burndown.db{suffix}", aside)
    backend.close()
    for suffix in ("", "-wal", "-shm"):
        shutil.copy(aside / f"burndown.db{suffix}", folder)
    stale = digest(folder / "burndown.db-wal")
    restore.restore(folder, saved, clock)
    assert digest(folder / "set-aside" / STAMP / "burndown.db-wal") == stale
    assert not (folder / "burndown.db-wal").exists()
    assert kept_in(folder) == 10


def test_a_foreign_log_and_journal_go_aside_too(folder: Path, saved: Path) -> None:
    (folder / "burndown.db-wal").write_bytes(b"of another database" * 500)
    (folder / "burndown.db-journal").write_bytes(b"of yet another one" * 500)
    restore.restore(folder, saved, clock)
    names = sorted(path.name for path in (folder / "set-aside" / STAMP).iterdir())
    assert names == ["burndown.db", "burndown.db-journal", "burndown.db-wal"]
    assert kept_in(folder) == 10


@pytest.mark.parametrize("kind", ["torn", "zeros", "text", "empty"])
def test_whatever_state_the_database_is_in_the_snapshot_goes_in(folder: Path, saved: Path, kind: str) -> None:
    live = folder / "burndown.db"
    content = live.read_bytes()
    live.write_bytes({"torn": content[:9000], "zeros": bytes(len(content)), "text": b"no database", "empty": b""}[kind])
    broken = digest(live)
    restore.restore(folder, saved, clock)
    assert digest(folder / "set-aside" / STAMP / "burndown.db") == broken
    assert kept_in(folder) == 10


def test_into_a_folder_without_a_database_nothing_is_set_aside(folder: Path, saved: Path) -> None:
    other = folder.parent / "elsewhere" / "data"
    assert restore.restore(other, saved, clock) == Restored(other / "burndown.db", None)
    assert kept_in(other) == 10


# -- refusals -------------------------------------------------------------------------------------------


def everything(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): digest(path) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", ["damaged", "short", "text", "foreign", "newer", "absent", "trigger", "hollow"])
def test_a_file_that_cannot_be_trusted_changes_nothing(folder: Path, saved: Path, kind: str) -> None:
    if kind == "damaged":
        damage(saved)
    if kind == "short":
        saved.write_bytes(saved.read_bytes()[:20_000])
    if kind == "text":
        saved.write_text("date,completed_items")
    if kind == "absent":
        saved.unlink()
    statements = {
        "foreign": "PRAGMA application_id = 7",
        "newer": "PRAGMA user_version = 9999",
        "trigger": "CREATE TRIGGER evil AFTER INSERT ON issues BEGIN DELETE FROM profiles; END",
        "hollow": "DROP TABLE forecasts",
    }
    if kind in statements:
        with closing(sqlite3.connect(saved)) as connection:
            connection.execute(statements[kind])
    before = everything(folder)
    with pytest.raises({"newer": NewerDatabase, "damaged": Damaged}.get(kind, StoreError)):
        restore.restore(folder, saved, clock)
    assert everything(folder) == before
    assert not (folder / "set-aside").exists()


def test_the_database_cannot_be_restored_from_itself(folder: Path, saved: Path) -> None:
    with pytest.raises(Refused, match="the database itself"):
        restore.restore(folder, folder / "burndown.db", clock)


def test_a_new_folder_must_be_new(folder: Path, saved: Path) -> None:
    with pytest.raises(Refused, match="not empty"):
        restore.restore_into_new(folder, saved, clock)
    with pytest.raises(Refused, match="not empty"):
        restore.restore_into_new(saved, saved, clock)
    restore.restore_into_new(folder.parent / "new", saved, clock)
    assert kept_in(folder.parent / "new") == 10


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said_so(folder: Path, saved: Path) -> None:
    folder.chmod(0o500)
    try:
        with pytest.raises(NotWritable):
            restore.restore(folder, saved, clock)
    finally:
        folder.chmod(0o700)


def test_when_the_present_files_cannot_move_all_stay(folder: Path, saved: Path) -> None:
    """A file in the way of the folder set-aside: the database must not be left without a name."""
    (folder / "set-aside").write_text("in the way")
    before = digest(folder / "burndown.db")
    with pytest.raises(NotWritable):
        restore.restore(folder, saved, clock)
    assert digest(folder / "burndown.db") == before
    assert not list(folder.glob("burndown.rest*"))
    assert kept_in(folder) == 30


def test_what_moved_already_comes_back_when_the_rest_cannot_move(folder: Path, saved: Path) -> None:
    (folder / "burndown.db-wal").write_bytes(b"stale")
    in_the_way = folder / "set-aside" / STAMP / "burndown.db"
    decided = folder / f"burndown.restored-{STAMP}.db"
    shutil.copy(saved, decided)
    (in_the_way / "folder").mkdir(parents=True)
    with pytest.raises(OSError, match=r"burndown\.db"):
        restore.resume(folder)
    assert (folder / "burndown.db-wal").read_bytes() == b"stale"
    assert (folder / "burndown.db").exists()
    assert not decided.exists()


# -- kills ----------------------------------------------------------------------------------------------


def killed_at(number: int, folder: Path, snapshot: Path) -> bool:
    """Whether the restore was ended at its `number`-th touch of the disk."""
    command = [sys.executable, "-m", "tests.store.restore_killed", str(folder), str(snapshot), str(number)]
    code = subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode
    assert code in (0, 9)
    return code == 9


@pytest.mark.slow
def test_killed_at_any_touch_of_the_disk_it_is_the_old_one_or_the_new_one(folder: Path, saved: Path) -> None:
    spare = folder.parent / "spare"
    shutil.copytree(folder, spare)
    (spare / "burndown.db-journal").write_bytes(b"stale")
    counts: list[int] = []
    number = 0
    while True:
        shutil.rmtree(folder)
        shutil.copytree(spare, folder)
        killed = killed_at(number, folder, saved)
        seen = open_store(folder, mode="read")
        looked_at = keys(seen.backend)
        seen.backend.close()
        counts.append(kept_in(folder))
        assert looked_at == counts[-1]
        assert restore.current_database(folder) == folder / "burndown.db"
        if not killed:
            break
        number += 1
    # All old ones first, then all new ones: it is decided once.
    assert set(counts) == {10, 30}
    assert counts == sorted(counts, reverse=True)
    assert counts.count(10) > 3


def test_check_tells_of_an_interrupted_restore(folder: Path, saved: Path) -> None:
    shutil.copy(saved, folder / f"burndown.restored-{STAMP}.db")
    assert any("interrupted" in problem for problem in backup.check(folder))
    assert kept_in(folder) == 10
    assert backup.check(folder) == []


@pytest.mark.parametrize("kind", ["garbage", "folder", "link", "pipe"])
def test_what_only_goes_by_the_name_of_an_interrupted_restore_never_takes_the_place_of_the_database(
    folder: Path, saved: Path, tmp_path: Path, kind: str
) -> None:
    planted = folder / f"burndown.restored-{STAMP}.db"
    if kind == "garbage":
        planted.write_bytes(b"x" * 5_000)
    elif kind == "folder":
        planted.mkdir()
    elif sys.platform == "win32":
        pytest.skip("links and pipes want rights there")
    elif kind == "link":
        (tmp_path / "victim").write_bytes(b"mine")
        planted.symlink_to(tmp_path / "victim")
    else:
        os.mkfifo(planted)
    assert restore.resume(folder) is None
    assert restore.current_database(folder) == folder / "burndown.db"
    assert backup.check(folder) == [f"{planted.name} is nothing that Burndown made. Move it out of the folder."]
    planted.rmdir() if kind == "folder" else planted.unlink()
    assert kept_in(folder) == 30


# -- in the running app ---------------------------------------------------------------------------------


@pytest.fixture
def running(folder: Path, saved: Path) -> Iterator[SQLiteBackend]:
    backend = open_store(folder, mode="serve", clock=clock).backend
    yield backend
    backend.close()


def test_the_running_store_goes_on_with_what_is_put_back(running: SQLiteBackend, folder: Path, saved: Path) -> None:
    assert keys(running) == 30
    restored = restore.restore_open(running, folder, saved, clock)
    assert keys(running) == 10
    fill(running, range(12))
    running.close()
    assert restored.set_aside == folder / "set-aside" / STAMP
    assert kept_in(folder) == 12
    assert restore.contents(folder / "set-aside" / STAMP / "burndown.db") == Contents(1, 1, 30)


def test_what_was_written_the_moment_before_is_in_the_files_set_aside(
    running: SQLiteBackend, folder: Path, saved: Path
) -> None:
    fill(running, range(33))
    restore.restore_open(running, folder, saved, clock)
    assert restore.contents(folder / "set-aside" / STAMP / "burndown.db") == Contents(1, 1, 33)
    (snapshot,) = [each for each in backup.snapshots(folder) if each.reason == "before-restore"]
    assert restore.contents(snapshot.file) == Contents(1, 1, 33)


def test_no_revision_seen_before_comes_again(running: SQLiteBackend, folder: Path, saved: Path) -> None:
    """An analysis remembered for a revision of the store from before would else be shown for the new one."""
    seen = running.revision(REF)
    restore.restore_open(running, folder, saved, clock)
    assert running.revision(REF) > seen
    now = running.revision(REF)
    fill(running, range(1))
    assert running.revision(REF) > now


def test_a_task_that_ran_when_the_snapshot_was_made_counts_as_interrupted(running: SQLiteBackend, folder: Path) -> None:
    running.save_task(Task("Import", "running", 40.0, NOW))
    snapshot = backup.snapshot(running, folder, clock=clock)
    restore.restore_open(running, folder, snapshot.file, clock)
    assert [task.status for task in running.list_tasks()] == ["interrupted"]


def test_the_exit_s_snapshot_is_made_after_a_restore(running: SQLiteBackend, folder: Path, saved: Path) -> None:
    fill(running, range(31))
    restore.restore_open(running, folder, saved, clock)
    assert running.changed_since_snapshot


def test_a_refused_restore_leaves_the_running_store_at_work(running: SQLiteBackend, folder: Path, saved: Path) -> None:
    damage(saved)
    with pytest.raises(Damaged):
        restore.restore_open(running, folder, saved, clock)
    fill(running, range(31))
    assert keys(running) == 31


def test_a_store_of_another_kind_and_one_for_reading_say_that_they_cannot(folder: Path, saved: Path) -> None:
    with pytest.raises(NotWritable, match="no file"):
        MemoryBackend().upkeep(folder).restore(saved)
    opened = open_store(folder, mode="read")
    with pytest.raises(NotWritable, match="reading only"):
        restore.restore_open(opened.backend, folder, saved, clock)
    opened.backend.close()


@pytest.mark.slow
def test_readers_and_writers_of_other_threads_meet_one_state_or_the_other(
    running: SQLiteBackend, folder: Path, saved: Path
) -> None:
    stop = threading.Event()
    seen: set[int] = set()
    problems: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                facts = running.load_facts(REF)
                seen.add(len(facts.issues))
            except Exception as exc:  # noqa: BLE001 a thread's failure is the test's
                problems.append(exc)

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                running.set_state("beat", str(number))
            except Exception as exc:  # noqa: BLE001 a thread's failure is the test's
                problems.append(exc)

    threads = [threading.Thread(target=target) for target in (read, read, read, write)]
    for thread in threads:
        thread.start()
    other = backup.snapshot(running, folder, to=folder.parent / "thirty.db", clock=clock).file
    for _ in range(5):
        restore.restore_open(running, folder, saved, clock)
        restore.restore_open(running, folder, other, clock)
    stop.set()
    for thread in threads:
        thread.join()
    assert problems == []
    assert seen <= {10, 30}
    assert running.connections.get().execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_who_asks_while_the_files_are_exchanged_waits_and_is_answered(
    running: SQLiteBackend, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()
    look = locks.status

    def looking(path: Path) -> os.stat_result | None:
        there = look(path)
        if threading.current_thread() is reader:
            looked.set()
        return there

    answers: list[object] = []
    reader = threading.Thread(target=lambda: answers.append(running.get_state("beat")))
    running.set_state("beat", "1")
    monkeypatch.setattr(locks, "status", looking)
    with running.connections.suspended():
        shutil.copy(folder / "burndown.db", folder / "other.db")
        (folder / "other.db").replace(folder / "burndown.db")
        reader.start()
        assert looked.wait(60)
    reader.join()
    assert answers == ["1"]


# -- what can be put back -------------------------------------------------------------------------------


def test_the_newest_good_snapshot_is_offered_with_what_it_holds(running: SQLiteBackend, folder: Path) -> None:
    older = backup.snapshot(running, folder, clock=lambda: datetime(2026, 3, 1, tzinfo=UTC))
    fill(running, range(31))
    newer = backup.snapshot(running, folder, clock=clock)
    assert restore.newest_good(folder) == (newer, Contents(1, 1, 31))
    damage(newer.file)
    assert restore.newest_good(folder) == (older, Contents(1, 1, 30))
    older.file.unlink()
    assert restore.newest_good(folder) is None


def test_contents_of_what_is_no_database_are_unknown(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("text")
    assert restore.contents(tmp_path / "text.db") is None
    assert restore.contents(tmp_path / "absent.db") is None
