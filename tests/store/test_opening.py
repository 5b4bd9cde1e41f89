"""Opening a data folder in every state it can be found in: nothing is lost, nothing is left behind by a look."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from store import files
from store.errors import Damaged, NewerDatabase, NotWritable, Refused
from store.legacy.migrate import migrate_folder
from store.opening import Mode, OpenedFolder, open_store
from store.readme import TEXT
from store.records import Profile, Query, QueryRef, Task
from store.sql import schema
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend
from store.sqlite.checks import describe
from store.sqlite.connections import Journal
from store.sqlite.reading import has_hot_journal
from tests.store.legacy.old_database import write_database

REPOSITORY = Path(__file__).parents[2]
TINY = REPOSITORY / ".." / "shared" / "legacy" / "tiny"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MODES: tuple[Mode, ...] = ("serve", "write", "read")
REF = QueryRef("p", "q")
needs_tiny = pytest.mark.skipif(not TINY.is_dir(), reason="the shared examples are not here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Über #1" / "profiles"


@contextmanager
def opened(folder: Path, mode: str, progress: object = None) -> Iterator[OpenedFolder]:
    result = open_store(folder, mode=mode, progress=progress, clock=lambda: NOW)  # type: ignore[arg-type]
    try:
        yield result
    finally:
        result.backend.close()


def make(folder: Path) -> Path:
    """A folder with a profile and a query in it; the path of its database."""
    with opened(folder, "write") as there:
        there.backend.save_profile(Profile("p", "Team", NOW, NOW))
        there.backend.save_query(Query("p", "q", "All", NOW, NOW))
    return folder / "burndown.db"


def contents(folder: Path) -> dict[str, str]:
    """Every file below with the digest of what is in it."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


# -- writing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["serve", "write"])
def test_a_missing_folder_is_made_with_its_readme(folder: Path, mode: Mode) -> None:
    with opened(folder, mode) as there:
        assert not there.read_only
        assert there.notices == ()
    assert sorted(file.name for file in folder.iterdir()) == ["README.txt", "burndown.db"]


def test_the_readme_in_the_project_is_the_one_in_every_data_folder(folder: Path) -> None:
    make(folder)
    assert (folder / "README.txt").read_text(encoding="utf-8") == TEXT
    assert (REPOSITORY / "profiles" / "README.txt").read_text(encoding="utf-8") == TEXT


def test_a_readme_that_the_user_changed_stays(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "README.txt").write_text("mine", encoding="utf-8")
    make(folder)
    assert (folder / "README.txt").read_text(encoding="utf-8") == "mine"


def test_what_was_saved_is_there_at_the_next_start(folder: Path) -> None:
    make(folder)
    with opened(folder, "serve") as there:
        assert there.backend.get_query(REF) is not None


def test_tasks_that_a_crash_left_running_are_interrupted(folder: Path) -> None:
    make(folder)
    with opened(folder, "write") as there:
        there.backend.save_task(Task("sync", "running", 40.0, NOW))
        there.backend.save_task(Task("import", "completed", 100.0, NOW))
    with opened(folder, "serve") as there:
        assert [(task.name, task.status) for task in there.backend.list_tasks()] == [
            ("import", "completed"),
            ("sync", "interrupted"),
        ]


def test_the_first_write_of_a_run_is_preceded_by_a_snapshot_and_no_other_is(folder: Path) -> None:
    make(folder)
    with opened(folder, "serve") as there:
        assert backup.snapshots(folder) == []
        there.backend.set_state("a", "1")
        there.backend.set_state("a", "2")
    (snapshot,) = backup.snapshots(folder)
    with closing(sqlite3.connect(snapshot.file)) as saved:
        assert saved.execute("SELECT name FROM profiles").fetchall() == [("Team",)]
        assert saved.execute("SELECT * FROM app_state WHERE key = 'a'").fetchall() == []


def test_no_snapshot_is_made_where_the_newest_holds_the_same(folder: Path) -> None:
    make(folder)
    for hour in range(2):
        with opened(folder, "serve") as there:
            there.backend.set_state("a", str(hour))
            backup.at_exit(there.backend, folder, clock=partial(NOW.__add__, timedelta(hours=1 + hour)))
    assert [snapshot.reason for snapshot in backup.snapshots(folder)] == ["exit", "exit", "start"]


# -- what is not ours, newer, damaged -------------------------------------------------------------------


def test_a_newer_database_is_refused_and_stays_as_it_is(folder: Path) -> None:
    path = make(folder)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    before = contents(folder)
    for mode in MODES:
        with pytest.raises(NewerDatabase, match="newer version"):
            open_store(folder, mode=mode, clock=lambda: NOW)
    assert contents(folder) == before


def test_a_newer_database_whose_mark_is_still_in_the_log_stays_as_it_is(folder: Path, tmp_path: Path) -> None:
    path = make(folder)
    copy = tmp_path / "copied while open"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
        shutil.copytree(folder, copy)
    before = contents(copy)
    assert "burndown.db-wal" in before
    with pytest.raises(NewerDatabase):
        open_store(copy, mode="serve", clock=lambda: NOW)
    after = contents(copy)
    assert {name: after[name] for name in ("burndown.db", "burndown.db-wal")} == {
        name: before[name] for name in ("burndown.db", "burndown.db-wal")
    }


@pytest.mark.parametrize("mode", ["serve", "write"])
def test_the_old_apps_database_of_the_same_name_is_set_aside_whole(folder: Path, mode: Mode) -> None:
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "burndown.db")) as old:
        old.execute("CREATE TABLE profiles (id TEXT)")
        old.commit()
    (folder / "burndown.db-wal").write_bytes(b"its log")
    before = contents(folder)
    with opened(folder, mode) as there:
        assert there.backend.list_profiles() == []
    if mode == "write":
        assert len(there.notices) == 1
        assert "set aside" in there.notices[0]
    (aside,) = (folder / "legacy").iterdir()
    kept = contents(aside)
    assert before.items() <= {Path(name).name: digest for name, digest in kept.items()}.items()


def test_a_look_leaves_the_old_apps_database_where_it_is(folder: Path) -> None:
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "burndown.db")) as old:
        old.execute("CREATE TABLE profiles (id TEXT)")
    before = contents(folder)
    with opened(folder, "read") as there:
        assert there.backend.list_profiles() == []
    assert contents(folder) == before


@pytest.mark.parametrize("mode", ["serve", "write"])
def test_a_log_without_its_database_is_set_aside_and_never_mixed_in(folder: Path, mode: Mode) -> None:
    folder.mkdir(parents=True)
    (folder / "burndown.db-wal").write_bytes(b"of another database")
    with opened(folder, mode) as there:
        assert "set aside" in there.notices[0]
    assert (folder / "legacy" / "20260302T090000Z" / "burndown.db-wal").read_bytes() == b"of another database"


@pytest.mark.parametrize("mode", ["serve", "write", "read"])
def test_an_empty_file_counts_as_no_database(folder: Path, mode: Mode) -> None:
    folder.mkdir(parents=True)
    (folder / "burndown.db").touch()
    with opened(folder, mode) as there:
        assert there.backend.counts().profiles == 0
        assert there.notices == ()


@pytest.mark.parametrize("mode", ["serve", "write", "read"])
def test_an_empty_file_beside_a_backup_of_data_is_damage(folder: Path, mode: Mode) -> None:
    """A copy that was cut off at once, or a stick that lost the file's content."""
    path = make(folder)
    good = backup.snapshot_file(folder, clock=lambda: NOW)
    path.write_bytes(b"")
    before = contents(folder)
    with pytest.raises(Damaged, match=rf"burndown restore backups/{good.file.name}"):
        open_store(folder, mode=mode, clock=lambda: NOW)
    assert contents(folder) == before
    assert "is empty" in backup.check(folder)[0]


@pytest.mark.parametrize("mode", ["serve", "write", "read"])
def test_where_only_backups_lie_the_newest_with_data_is_named(folder: Path, mode: Mode) -> None:
    path = make(folder)
    good = backup.snapshot_file(folder, clock=lambda: NOW)
    path.unlink()
    for _ in range(2):
        with opened(folder, mode) as there:
            (notice,) = there.notices
            assert f"burndown restore backups/{good.file.name}" in notice
            assert "1 project and 0 issues" in notice
            if mode != "read":
                there.backend.set_state("a", "1")
                backup.snapshot(there.backend, folder, clock=lambda: NOW + timedelta(hours=1))
    make(folder)
    with opened(folder, mode) as there:
        assert there.notices == ()


@pytest.mark.parametrize("mode", ["serve", "write", "read"])
def test_a_folder_in_place_of_the_database_is_refused_in_words(folder: Path, mode: Mode) -> None:
    (folder / "burndown.db" / "inner").mkdir(parents=True)
    with pytest.raises(Refused, match="is a folder, where the database should be"):
        open_store(folder, mode=mode, clock=lambda: NOW)
    assert "is a folder" in backup.check(folder)[0]
    assert (folder / "burndown.db" / "inner").is_dir()


def test_a_file_in_place_of_the_data_folder_is_refused_in_words(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("mine", encoding="utf-8")
    looks: tuple[Mode, ...] = ("read", "serve")
    for mode in looks:
        with pytest.raises(Refused, match="is a file, not a folder"):
            open_store(folder, mode=mode)
    with pytest.raises(Refused, match="no database"):
        backup.snapshot_file(folder)
    assert folder.read_text(encoding="utf-8") == "mine"


def opens_for_writing(path: Path) -> bool:
    """By trying: Wine says that root may not write, and lets him."""
    try:
        path.open("r+b").close()
    except PermissionError:
        return False
    return True


@contextmanager
def write_protected(path: Path) -> Iterator[None]:
    """Root may write anything but what the file system itself keeps from changing."""
    if os.name == "posix" and os.geteuid() == 0:
        if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", path], check=False).returncode:
            pytest.skip("this file system protects nothing from root")
        try:
            yield
        finally:
            subprocess.run(["chattr", "-i", path], check=True)
        return
    path.chmod(0o400)
    try:
        if opens_for_writing(path):
            pytest.skip("this file system protects nothing from this user")
        yield
    finally:
        path.chmod(0o600)


def test_a_write_protected_file_is_opened_for_reading_and_the_way_out_told(folder: Path) -> None:
    """As files are that were copied from a disc."""
    path = make(folder)
    before = contents(folder)
    with write_protected(path):
        with pytest.raises(NotWritable, match=r"write-protected\. Take the write protection off"):
            open_store(folder, mode="write", clock=lambda: NOW)
        with opened(folder, "serve") as there:
            assert there.read_only
            assert "write-protected, so everything is for reading only" in there.notices[0]
            assert there.backend.get_query(REF) is not None
            with pytest.raises(NotWritable):
                there.backend.set_state("a", "1")
        assert contents(folder) == before
    with opened(folder, "serve") as there:
        assert not there.read_only


def damage_start(path: Path) -> None:
    path.write_bytes(b"\x00" * 100 + path.read_bytes()[100:])


def damage_end(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


def damage_schema(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100:108] = b"\xff" * 8
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [damage_start, damage_end, damage_schema])
@pytest.mark.parametrize("mode", ["serve", "write", "read"])
def test_a_damaged_database_is_kept_and_the_newest_good_snapshot_named(
    folder: Path, mode: Mode, damage: Callable[[Path], None]
) -> None:
    path = make(folder)
    good = backup.snapshot_file(folder, clock=lambda: NOW)
    bad = good.file.with_name("burndown-20260303T090000Z.db")
    shutil.copyfile(good.file, bad)
    for file in (path, bad):
        damage(file)
    before = contents(folder)
    with pytest.raises(Damaged, match=rf"with the button .* burndown restore backups/{good.file.name}"):
        open_store(folder, mode=mode, clock=lambda: NOW)
    assert contents(folder) == before


def test_damage_in_the_middle_is_found_after_an_unclean_end(folder: Path, tmp_path: Path) -> None:
    path = make(folder)
    copy = tmp_path / "after a crash"
    backend = SQLiteBackend(path)
    backend.set_state("a", "1")
    shutil.copytree(folder, copy)
    backend.close()
    content = bytearray((copy / "burndown.db").read_bytes())
    # The last page belongs to some table's tree; a page type of 0 does not exist.
    content[-4096:-4080] = b"\x00" * 16
    (copy / "burndown.db").write_bytes(content)
    with pytest.raises(Damaged):
        open_store(copy, mode="serve", clock=lambda: NOW)


# -- older schema ---------------------------------------------------------------------------------------

_STEP = ("CREATE TABLE later (x INTEGER) STRICT",)


@pytest.fixture
def newer_program(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The database is made first, then the program learns one more step."""
    make(folder)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _STEP))
    monkeypatch.setattr(schema, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)


@pytest.mark.usefixtures("newer_program")
def test_an_older_schema_is_brought_up_to_date_after_a_snapshot(folder: Path) -> None:
    with opened(folder, "write") as there:
        assert there.backend.get_query(REF) is not None
    (snapshot,) = backup.snapshots(folder)
    assert snapshot.reason == "before-upgrade"
    with closing(sqlite3.connect(snapshot.file)) as saved:
        assert saved.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION - 1,)
    assert describe(folder).schema_version == schema.SCHEMA_VERSION


@pytest.mark.usefixtures("newer_program")
def test_an_older_schema_is_read_without_bringing_the_file_up_to_date(folder: Path) -> None:
    before = contents(folder)
    with opened(folder, "read") as there:
        assert there.backend.get_query(REF) is not None
        with pytest.raises(NotWritable):
            there.backend.set_state("a", "b")
    assert contents(folder) == before


# -- reading --------------------------------------------------------------------------------------------


def test_a_look_at_a_folder_that_is_not_there_creates_nothing(folder: Path) -> None:
    with opened(folder, "read") as there:
        assert there.backend.counts().profiles == 0
        with pytest.raises(NotWritable):
            there.backend.set_state("a", "b")
    assert not folder.exists()
    assert describe(folder).database_bytes == 0


def test_a_look_changes_nothing(folder: Path) -> None:
    make(folder)
    before = contents(folder)
    with opened(folder, "read") as there:
        assert there.read_only
        assert there.backend.get_query(REF) is not None
        assert contents(folder) == before
    describe(folder)
    assert contents(folder) == before


def test_a_look_while_somebody_writes_sees_the_last_state_and_changes_nothing(folder: Path) -> None:
    path = make(folder)
    writer = SQLiteBackend(path)
    writer.set_state("seen", "yes")
    before = contents(folder)
    assert "burndown.db-wal" in before
    with opened(folder, "read") as there:
        assert there.backend.get_state("seen") == "yes"
        writer.set_state("seen", "still")
        assert there.backend.get_state("seen") == "still"
    writer.close()
    assert sorted(file.name for file in folder.iterdir() if file.is_file()) == ["README.txt", "burndown.db"]


_CRASHING = """
import os, sys
from pathlib import Path
from store.sqlite.backend import SQLiteBackend
from tests.store.legacy.old_database import write_database
backend = SQLiteBackend(Path(sys.argv[1]))
backend.set_state("seen", "yes")
os._exit(1)
"""


@pytest.mark.parametrize("missing", ["", "burndown.db-shm"])
def test_a_look_after_a_crash_sees_what_was_written_and_leaves_it_there(folder: Path, missing: str) -> None:
    path = make(folder)
    subprocess.run([sys.executable, "-c", _CRASHING, str(path)], cwd=REPOSITORY, check=False)
    if missing:
        (folder / missing).unlink()
    before = contents(folder)
    with opened(folder, "read") as there:
        assert there.backend.get_state("seen") == "yes"
    after = contents(folder)
    assert after.keys() == before.keys()
    assert {name for name in before if after[name] != before[name]} <= {"burndown.db-shm"}


def test_the_next_start_after_a_crash_takes_in_what_was_written(folder: Path) -> None:
    path = make(folder)
    subprocess.run([sys.executable, "-c", _CRASHING, str(path)], cwd=REPOSITORY, check=False)
    assert (folder / "burndown.db-wal").stat().st_size > 0
    with opened(folder, "serve") as there:
        assert there.backend.get_state("seen") == "yes"
    assert not (folder / "burndown.db-wal").exists()


_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
_UNPRIVILEGED = """
import os, sys
from pathlib import Path
from store.errors import NotWritable
from store.opening import Mode, open_store
from store.records import QueryRef
os.setgid(65534)
os.setuid(65534)
folder = Path(sys.argv[1])
with_notices = open_store(folder, mode="serve")
print(with_notices.read_only, with_notices.backend.get_query(QueryRef("p", "q")) is not None, len(with_notices.notices))
with_notices.backend.close()
try:
    open_store(folder, mode="write")
except NotWritable:
    print("refused")
"""


@pytest.mark.skipif(os.name == "nt" or not _ROOT, reason="needs to become another user")
@pytest.mark.parametrize("crashed", [False, True])
def test_a_folder_that_cannot_be_written_is_served_for_reading_and_says_so(crashed: bool) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "profiles"
        path = make(folder)
        if crashed:
            subprocess.run([sys.executable, "-c", _CRASHING, str(path)], cwd=REPOSITORY, check=False)
        for each in (Path(place), folder, *folder.iterdir()):
            each.chmod(0o755 if each.is_dir() else 0o644)
        before = contents(folder)
        result = subprocess.run(
            [sys.executable, "-c", _UNPRIVILEGED, str(folder)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.stdout.split() == ["True", "True", "1", "refused"], result.stderr
        assert contents(folder) == before


# -- the old installation -------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path / "old")
    return tmp_path / "old" / "profiles"


@needs_tiny
def test_serving_takes_an_old_folder_over_and_sets_it_aside(old: Path) -> None:
    with opened(old, "serve") as there:
        counts = there.backend.counts()
        assert there.notices == ()
    assert (counts.issues, counts.issue_changes, counts.statistics, counts.snapshot_records) == (48, 135, 14, 112)
    assert sorted(file.name for file in old.iterdir()) == ["README.txt", "burndown.db", "legacy"]


@needs_tiny
@pytest.mark.parametrize("mode", ["read", "write"])
def test_other_commands_only_say_that_an_old_folder_is_there(old: Path, mode: Mode) -> None:
    before = contents(old)
    with opened(old, mode) as there:
        assert there.backend.counts().profiles == 0
        assert "older installation" in there.notices[0]
    assert before.items() <= contents(old).items()


@needs_tiny
def test_an_old_folder_is_taken_over_though_a_command_made_an_empty_database(old: Path) -> None:
    with opened(old, "write"):
        pass
    with opened(old, "serve") as there:
        assert there.backend.counts().issues == 48


@needs_tiny
def test_data_of_ours_are_never_replaced_by_an_old_folder(old: Path) -> None:
    make(old)
    with opened(old, "serve") as there:
        assert [profile.name for profile in there.backend.list_profiles()] == ["Team"]
    assert (old / "profiles.json").exists()


def _with_old_database(folder: Path) -> Path:
    folder.mkdir(parents=True)
    write_database(folder / "burndown.db")
    return folder


def test_the_old_apps_database_that_a_command_set_aside_is_taken_over_by_the_next_start(folder: Path) -> None:
    with opened(_with_old_database(folder), "write") as there:
        text = " ".join(there.notices)
    assert "made by the earlier burndown app" in text
    assert "to take them over" in text
    with opened(folder, "serve") as there:
        assert there.backend.counts().issues == 2
        assert there.notices == ()
    assert [path.name for path in (folder / "legacy").rglob("*.db")] == ["old-app.db"]


def test_it_is_taken_over_beside_what_that_command_brought_in_and_only_once(folder: Path) -> None:
    with opened(_with_old_database(folder), "write") as there:
        there.backend.save_profile(Profile("p", "Team", NOW, NOW))
    for _ in range(2):
        with opened(folder, "serve") as there:
            assert (there.backend.counts().profiles, there.backend.counts().issues) == (2, 2)
            assert len(there.backend.list_migrations()) == 1
            assert there.backend.list_migrations()[0].report["set_aside"].startswith("legacy/")
    with opened(folder, "serve") as there:
        there.backend.delete_profile("p_0123456789ab")
    with opened(folder, "serve") as there:
        assert there.backend.counts().profiles == 1


def test_it_can_be_taken_over_by_hand_from_where_it_lies(folder: Path) -> None:
    with opened(_with_old_database(folder), "write") as there:
        there.backend.save_profile(Profile("p", "Team", NOW, NOW))
    with opened(folder, "write") as there:
        assert migrate_folder(there.backend, folder, as_new_profile=True).outcome == "migrated"
        assert there.backend.counts().issues == 2
    with opened(folder, "serve") as there:
        assert there.backend.counts().issues == 2


class Refusing:
    """A listener whose user asked to stop."""

    def step(self, done: int, total: int, text: str = "") -> None:
        raise KeyboardInterrupt


@needs_tiny
def test_stopping_during_the_takeover_stops_and_leaves_the_old_folder(old: Path) -> None:
    before = contents(old)
    with pytest.raises(KeyboardInterrupt):
        open_store(old, mode="serve", progress=Refusing(), clock=lambda: NOW)
    assert before.items() <= contents(old).items()
    with opened(old, "serve") as there:
        assert there.backend.counts().issues == 48


@needs_tiny
def test_a_takeover_that_fails_is_told_and_tried_again_at_the_next_start(old: Path) -> None:
    # A folder where the new database would be written makes it fail.
    obstacle = old / "burndown.takeover.db" / "in the way"
    obstacle.mkdir(parents=True)
    before = contents(old)
    with opened(old, "serve") as there:
        assert there.backend.counts().profiles == 0
        assert "could not be taken over" in there.notices[0]
    assert before.items() <= contents(old).items()
    shutil.rmtree(obstacle.parent)
    with opened(old, "serve") as there:
        assert there.backend.counts().issues == 48


@pytest.mark.parametrize("name", ["burndown.db-wal", "burndown.db-shm", "burndown.db-journal"])
@pytest.mark.parametrize("mode", ["read", "write", "serve"])
def test_a_folder_in_the_place_of_what_the_database_needs_beside_it_is_refused_in_words(
    tmp_path: Path, mode: Mode, name: str
) -> None:
    open_store(tmp_path, mode="write").backend.close()
    (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / name / "mine").mkdir(parents=True)
    with pytest.raises(Refused, match=f"{name} is a folder.*another name"):
        open_store(tmp_path, mode=mode)
    assert (tmp_path / name / "mine").is_dir()


def put_no_file(kind: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        try:
            os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
        except PermissionError:
            pytest.skip("only root makes devices")
    else:
        # The system takes no path of more than a hundred letters for a socket.
        monkeypatch.chdir(path.parent)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)


@pytest.mark.skipif(os.name != "posix", reason="pipes, sockets and devices in folders exist on POSIX only")
@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
@pytest.mark.parametrize("name", ["burndown.db", "burndown.db-wal", "burndown.db-shm", "burndown.db-journal"])
@pytest.mark.parametrize("mode", ["read", "write", "serve"])
def test_what_is_no_file_in_the_place_of_the_database_is_refused_and_not_waited_for(
    tmp_path: Path, mode: Mode, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(tmp_path, mode="write").backend.close()
    (tmp_path / name).unlink(missing_ok=True)
    put_no_file(kind, tmp_path / name, monkeypatch)
    with pytest.raises(Refused, match=f"{name} is a {kind}"):
        open_store(tmp_path, mode=mode)
    (problem,) = backup.check(tmp_path)
    assert f"{name} is a {kind}" in problem


@pytest.mark.skipif(os.name != "posix", reason="links need no rights on POSIX only")
@pytest.mark.parametrize("name", ["burndown.db-journal", "backups/burndown-20260302T090000Z.db"])
def test_a_link_that_leads_to_itself_is_no_file_to_the_check(tmp_path: Path, name: str) -> None:
    open_store(tmp_path, mode="write").backend.close()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).symlink_to((tmp_path / name).name)
    assert backup.check(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["burndown.db.new", "burndown.db.new-journal", "burndown.db.new-wal", "burndown.db.new-shm"]
)
@pytest.mark.parametrize("at_once", [False, True])
def test_a_folder_in_the_place_of_what_a_database_is_begun_as_is_refused_in_words(
    tmp_path: Path, name: str, at_once: bool
) -> None:
    (tmp_path / name / "mine").mkdir(parents=True)
    with pytest.raises(Refused, match=f"{re.escape(name)} is a folder.*another name.*Nothing was changed"):
        open_store(tmp_path, mode="write", at_once=at_once)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "mine").is_dir()


def test_a_folder_that_is_in_nobodys_way_keeps_nobody_from_the_data(tmp_path: Path) -> None:
    open_store(tmp_path, mode="write").backend.close()
    (tmp_path / "burndown.db.new").mkdir()
    with opened(tmp_path, "write") as there:
        there.backend.save_profile(Profile("p", "Team", NOW, NOW))


# -- a journal beside a database that keeps a log -------------------------------------------------------


def journal_of(database: Path, change: str) -> bytes:
    """What lies beside a database without a log while that change is under way."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = delete")
        connection.execute("PRAGMA synchronous = off")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute(change)
        content = database.with_name(f"{database.name}-journal").read_bytes()
        connection.execute("ROLLBACK")
    assert content
    return content


@pytest.mark.parametrize("mode", ["serve", "write"])
@pytest.mark.parametrize("origin", ["another database", "its own past"])
def test_a_journal_that_would_undo_what_it_never_did_is_brought_into_no_database(
    folder: Path, tmp_path: Path, origin: str, mode: str
) -> None:
    path = make(folder)
    other = make(tmp_path / "other" if origin == "another database" else tmp_path / "past")
    if origin == "another database":
        with opened(other.parent, "write") as there:
            there.backend.save_profile(Profile("x", "Theirs" * 2_000, NOW, NOW))
    else:
        shutil.copy(path, other)
    journal = journal_of(other, "UPDATE profiles SET name = hex(randomblob(9000))")
    with opened(folder, "write") as there:
        there.backend.save_profile(Profile("n", "Newer" * 2_000, NOW, NOW))
    (folder / "burndown.db-journal").write_bytes(journal)
    before = path.read_bytes()
    with pytest.raises(Damaged, match=r"burndown\.db-journal does not belong to this database\. Move it out"):
        open_store(folder, mode=mode, clock=lambda: NOW)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert (folder / "burndown.db-journal").read_bytes() == journal
    assert backup.check(folder) == [
        "burndown.db-journal does not belong to this database. Move it out of the folder, and all is as before."
    ]
    (folder / "burndown.db-journal").unlink()
    with opened(folder, "write") as there:
        assert "n" in {profile.id for profile in there.backend.list_profiles()}


def test_a_change_of_the_kind_of_journal_that_was_cut_off_is_finished(folder: Path, tmp_path: Path) -> None:
    path = make(folder)
    copy = Path(shutil.copy(path, tmp_path / "burndown.db"))
    (folder / "burndown.db-journal").write_bytes(journal_of(copy, "PRAGMA user_version = 7"))
    with opened(folder, "write") as there:
        assert [profile.name for profile in there.backend.list_profiles()] == ["Team"]
    assert not list(path.parent.glob("burndown.db?*"))


def test_a_journal_that_comes_while_the_data_are_open_is_not_brought_in(folder: Path, tmp_path: Path) -> None:
    path = make(folder)
    copy = Path(shutil.copy(path, tmp_path / "burndown.db"))
    journal = journal_of(copy, "UPDATE profiles SET name = hex(randomblob(9000))")
    with opened(folder, "write") as there, ThreadPoolExecutor(1) as another_thread:
        (folder / "burndown.db-journal").write_bytes(journal)
        with pytest.raises(NotWritable, match="does not belong to this database"):
            another_thread.submit(there.backend.list_profiles).result()
        (folder / "burndown.db-journal").unlink()
        assert [profile.name for profile in there.backend.list_profiles()] == ["Team"]


def test_a_journal_that_would_damage_a_database_without_a_log_is_to_be_moved_out(folder: Path, tmp_path: Path) -> None:
    path = make(folder)
    with opened(folder, "write") as there:
        there.backend.save_query(Query("p", "r", "Rest" * 2_000, NOW, NOW))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = delete")
    other = make(tmp_path / "other")
    with opened(other.parent, "write") as there:
        there.backend.save_profile(Profile("x", "Theirs" * 9_000, NOW, NOW))
    journal = journal_of(other, "UPDATE profiles SET name = hex(randomblob(9000))")
    shutil.rmtree(folder / "backups")
    (folder / "burndown.db-journal").write_bytes(journal)
    before = path.read_bytes()
    words = r"burndown\.db-journal does not fit this database: .* Move it out of the folder"
    modes: tuple[Mode, ...] = ("read", "write", "serve")
    for mode in modes:
        with pytest.raises(Damaged, match=words):
            open_store(folder, mode=mode, clock=lambda: NOW)
    with pytest.raises(Damaged, match=words):
        backup.snapshot_file(folder)
    (problem,) = backup.check(folder)
    assert re.match(words, problem)
    assert "put back" not in problem.casefold()
    assert path.read_bytes() == before
    assert (folder / "burndown.db-journal").read_bytes() == journal
    (folder / "burndown.db-journal").unlink()
    assert backup.check(folder) == []
    with opened(folder, "write") as there:
        assert [profile.name for profile in there.backend.list_profiles()] == ["Team"]


def test_a_journal_that_is_being_written_is_nobodys_to_move(folder: Path) -> None:
    path = make(folder)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = delete")
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN")
        writer.execute("UPDATE profiles SET name = hex(randomblob(9000))")
        assert files.size(folder / "burndown.db-journal")
        assert not has_hot_journal(path)
        writer.execute("ROLLBACK")


def test_a_change_without_a_log_that_was_cut_off_is_still_taken_back(folder: Path, tmp_path: Path) -> None:
    path = make(folder)
    (folder / "burndown.db-journal").write_bytes(journal_of(path, "UPDATE profiles SET name = hex(randomblob(9000))"))
    with opened(folder, "write") as there:
        assert [profile.name for profile in there.backend.list_profiles()] == ["Team"]
    assert not (folder / "burndown.db-journal").exists()


# -- filled at once -------------------------------------------------------------------------------------


def filled(folder: Path) -> Iterator[SQLiteBackend]:
    backend = open_store(folder, mode="write", clock=lambda: NOW, at_once=True).backend
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    yield backend
    backend.close()
    yield backend


def test_a_new_database_that_is_filled_at_once_is_seen_when_it_is_closed(folder: Path) -> None:
    steps = filled(folder)
    next(steps)
    assert not (folder / "burndown.db").exists()
    next(steps)
    assert not list(folder.glob("burndown.db?*"))
    with opened(folder, "write") as there:
        assert [profile.name for profile in there.backend.list_profiles()] == ["Team"]
        assert there.backend.connections.source.journal is Journal.WAL


def test_the_snapshot_of_what_was_filled_at_once_is_the_same_and_none_is_made_before_the_next_change(
    folder: Path,
) -> None:
    list(filled(folder))
    assert [each.reason for each in backup.snapshots(folder)] == ["exit"]
    with opened(folder, "write") as there:
        there.backend.set_state("any", "thing")
    assert [each.reason for each in backup.snapshots(folder)] == ["exit"]


def test_of_what_was_to_be_filled_and_was_not_nothing_is_left(folder: Path) -> None:
    backend = open_store(folder, mode="write", at_once=True).backend
    with suppress(ZeroDivisionError), backend.transaction():
        backend.save_profile(Profile("p", "Team", NOW, NOW))
        raise ZeroDivisionError
    backend.close()
    backend.close()
    assert not list(folder.glob("burndown.db*"))
    assert not backup.snapshots(folder)


def test_what_is_there_is_not_made_anew_for_who_writes_at_once(folder: Path) -> None:
    list(filled(folder))
    backend = open_store(folder, mode="write", clock=lambda: NOW, at_once=True).backend
    backend.save_profile(Profile("q", "Other", NOW, NOW))
    assert len(backend.list_profiles()) == 2
    backend.close()


def test_a_log_of_another_database_comes_into_none_that_is_filled_at_once(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "burndown.db-wal").write_bytes(b"what belonged to another")
    list(filled(folder))
    assert backup.content_damage(folder / "burndown.db") == []


@pytest.mark.parametrize("name", ["burndown.db", "burndown.db-wal", "burndown.db-shm", "burndown.db-journal"])
@pytest.mark.parametrize(
    "kind",
    [
        "file",
        "folder",
        pytest.param("link", marks=pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")),
    ],
)
def test_what_comes_from_elsewhere_meanwhile_is_left_and_nothing_is_saved(
    folder: Path, tmp_path: Path, name: str, kind: str
) -> None:
    steps = filled(folder)
    next(steps)
    came = folder / name
    if kind == "folder":
        came.mkdir()
    elif kind == "link":
        (tmp_path / "somebody's").write_bytes(b"somebody's")
        came.symlink_to(tmp_path / "somebody's")
    else:
        came.write_bytes(b"somebody's")
    with pytest.raises(Refused, match=f"^{name} came into the data folder from elsewhere"):
        next(steps)
    assert [path.name for path in folder.glob("burndown.db*")] == [name]
    assert came.is_dir() if kind == "folder" else came.read_bytes() == b"somebody's"
    assert not list((folder / "backups").glob("*"))


def test_a_drive_that_does_not_take_what_was_filled_is_told_and_nothing_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(path: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    steps = filled(folder)
    next(steps)
    monkeypatch.setattr(files, "sync", sync)
    with pytest.raises(NotWritable):
        next(steps)
    assert not list(folder.glob("burndown.db*"))


def test_what_sqlite_could_not_take_back_is_no_database(folder: Path) -> None:
    steps = filled(folder)
    backend = next(steps)
    backend.connections.close()
    (folder / "burndown.db.new-journal").write_bytes(b"pages of before")
    with pytest.raises(NotWritable, match="is the stick still there"):
        next(steps)
    assert not list(folder.glob("burndown.db*"))
