"""Another program puts another file in the place of the open database: refused at once, nothing saved is lost."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.errors import Damaged, NotWritable, Replaced
from store.opening import open_store
from store.records import Issue, Profile, Query, QueryRef
from store.sqlite import backup, connections, locks, restore
from store.sqlite.backend import SQLiteBackend
from store.sqlite.checks import reload
from store.sqlite.connections import Connections, Journal, Source, SQLiteSession, _Gate
from store.sqlite.reading import sidecar, sidecars

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there"),
]


def filled(folder: Path, issues: int) -> SQLiteBackend:
    opened = open_store(folder, mode="write", clock=lambda: NOW).backend
    opened.save_profile(Profile("p", "Team", NOW, NOW))
    opened.save_query(Query("p", "q", "All", NOW, NOW))
    opened.upsert_issues(REF, [Issue(f"T-{number}") for number in range(issues)])
    return opened


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The same database as another computer has it: with three issues."""
    filled(tmp_path / "other", 3).close()
    return tmp_path / "other/burndown.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profiles"


@pytest.fixture
def backend(folder: Path) -> Iterator[SQLiteBackend]:
    opened = filled(folder, 50)
    yield opened
    opened.close()


def by_rename(other: Path, folder: Path) -> None:
    shutil.copy(other, folder / "arriving.tmp")
    (folder / "arriving.tmp").replace(folder / "burndown.db")


def by_moving_away(other: Path, folder: Path) -> None:
    (folder / "burndown.db").rename(folder / "burndown (conflict).db")
    shutil.copy(other, folder / "burndown.db")


def by_deleting(other: Path, folder: Path) -> None:
    (folder / "burndown.db").unlink()
    shutil.copy(other, folder / "burndown.db")


def with_sidecars_gone(other: Path, folder: Path) -> None:
    for path in sidecars(folder / "burndown.db"):
        path.unlink()
    by_rename(other, folder)


WAYS = (by_rename, by_moving_away, by_deleting, with_sidecars_gone)


@pytest.mark.parametrize("way", WAYS)
def test_a_change_after_it_is_refused_and_what_was_saved_is_in_a_backup(
    backend: SQLiteBackend, folder: Path, other: Path, way: object
) -> None:
    backend.upsert_issues(REF, [Issue("T-LAST")])
    way(other, folder)  # type: ignore[operator]
    with pytest.raises(Replaced, match="What was saved until then is in backups/") as failure:
        backend.upsert_issues(REF, [Issue("T-TOO-LATE")])
    with pytest.raises(Replaced):
        backend.list_issues(REF)
    (kept,) = [snapshot for snapshot in backup.snapshots(folder) if snapshot.kind == "replaced"]
    assert kept.file.name in str(failure.value)
    with closing(SQLiteBackend(kept.file)) as saved:
        keys = {issue.key for issue in saved.list_issues(REF)}
    assert len(keys) == 51
    assert "T-LAST" in keys
    with closing(SQLiteBackend(other)) as untouched:
        assert len(untouched.list_issues(REF)) == 3


@pytest.mark.parametrize("way", WAYS)
def test_no_thread_that_comes_later_writes_into_the_other_file(
    backend: SQLiteBackend, folder: Path, other: Path, way: object
) -> None:
    way(other, folder)  # type: ignore[operator]
    refused: list[Exception] = []

    def write() -> None:
        try:
            backend.upsert_issues(REF, [Issue("T-TOO-LATE")])
        except Replaced as exc:
            refused.append(exc)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 4
    assert len([snapshot for snapshot in backup.snapshots(folder) if snapshot.kind == "replaced"]) == 1
    backend.close()
    assert (folder / "burndown.db").read_bytes() == other.read_bytes()


@pytest.mark.parametrize("way", WAYS)
def test_what_lies_there_can_be_loaded_and_is_gone_on_with(
    backend: SQLiteBackend, folder: Path, other: Path, way: object
) -> None:
    way(other, folder)  # type: ignore[operator]
    with pytest.raises(Replaced):
        backend.set_state("theme", "dark")
    reload(backend.connections, folder, lambda: NOW)
    assert len(backend.list_issues(REF)) == 3
    backend.upsert_issues(REF, [Issue("T-4")])
    backend.close()
    assert backup.check(folder) == []
    with closing(SQLiteBackend(folder / "burndown.db")) as again:
        assert len(again.list_issues(REF)) == 4


def test_who_met_the_other_file_and_waited_while_it_was_loaded_does_not_call_it_another_one(
    backend: SQLiteBackend, folder: Path, other: Path
) -> None:
    other.replace(folder / "burndown.db")
    with pytest.raises(Replaced):
        backend.list_issues(REF)
    reload(backend.connections, folder)
    # As of a thread that looked before, and has the lock only now.
    backend.connections._refuse_what_lies_there()
    assert len(backend.list_issues(REF)) == 3
    backend.set_state("theme", "dark")


def test_the_backup_of_it_can_be_put_back_while_the_app_runs(backend: SQLiteBackend, folder: Path, other: Path) -> None:
    by_rename(other, folder)
    with pytest.raises(Replaced):
        backend.set_state("theme", "dark")
    (kept,) = [snapshot for snapshot in backup.snapshots(folder) if snapshot.kind == "replaced"]
    restore.restore_open(backend, folder, kept.file)
    assert len(backend.list_issues(REF)) == 50


def test_a_damaged_file_in_its_place_is_not_loaded(backend: SQLiteBackend, folder: Path, other: Path) -> None:
    (folder / "arriving.tmp").write_bytes(other.read_bytes()[:9000])
    (folder / "arriving.tmp").replace(folder / "burndown.db")
    with pytest.raises(Replaced):
        backend.set_state("theme", "dark")
    with pytest.raises(Damaged, match="is damaged"):
        reload(backend.connections, folder, lambda: NOW)
    with pytest.raises(Replaced):
        backend.set_state("theme", "dark")
    assert (folder / "burndown.db").read_bytes() == other.read_bytes()[:9000]


def test_of_many_changes_under_way_none_that_was_acknowledged_is_lost(
    backend: SQLiteBackend, folder: Path, other: Path
) -> None:
    saved: list[str] = []
    stop = threading.Event()

    def write(number: int) -> None:
        for count in range(1000):
            key = f"W{number}-{count}"
            try:
                backend.upsert_issues(REF, [Issue(key)])
            except Replaced:
                return
            saved.append(key)
            if count > 5:
                stop.set()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    stop.wait(30)
    by_rename(other, folder)
    for thread in threads:
        thread.join()
    (kept,) = [snapshot for snapshot in backup.snapshots(folder) if snapshot.kind == "replaced"]
    with closing(SQLiteBackend(kept.file)) as there:
        assert set(saved) <= {issue.key for issue in there.list_issues(REF)}


def test_a_file_that_only_got_another_time_or_mode_is_the_same(backend: SQLiteBackend, folder: Path) -> None:
    os.utime(folder / "burndown.db", (1, 1))
    (folder / "burndown.db").chmod(0o600)
    backend.set_state("theme", "dark")
    assert backend.get_state("theme") == "dark"


def of_another_computer(folder: Path, earlier: bytes, other: Path) -> bytes:
    return other.read_bytes()


def of_earlier(folder: Path, earlier: bytes, other: Path) -> bytes:
    return earlier


def nothing(folder: Path, earlier: bytes, other: Path) -> bytes:
    return b""


def anything(folder: Path, earlier: bytes, other: Path) -> bytes:
    return b"anything" * 10_000


def its_beginning(folder: Path, earlier: bytes, other: Path) -> bytes:
    return (folder / "burndown.db").read_bytes()[:-8192]


def with_a_page_of_noughts(folder: Path, earlier: bytes, other: Path) -> bytes:
    content = (folder / "burndown.db").read_bytes()
    return content[:8192] + bytes(4096) + content[12288:]


OVERWRITTEN_BY = (of_another_computer, of_earlier, nothing, anything, its_beginning, with_a_page_of_noughts)
Content = Callable[[Path, bytes, Path], bytes]


@pytest.mark.parametrize("content", OVERWRITTEN_BY)
class TestTheFileIsWrittenOverInItsPlace:
    """As `cp` and `rsync --inplace` do: nothing leads to what was there any more."""

    @pytest.fixture
    def earlier(self, backend: SQLiteBackend, folder: Path) -> bytes:
        backend.connections.fold_log()
        return (folder / "burndown.db").read_bytes()

    @pytest.mark.parametrize("folded", [True, False])
    def test_a_change_after_it_is_refused_and_what_was_saved_is_in_a_backup(
        self, backend: SQLiteBackend, folder: Path, other: Path, earlier: bytes, content: Content, folded: bool
    ) -> None:
        backend.upsert_issues(REF, [Issue("T-SECOND")])
        backend.connections.fold_log()
        backend.upsert_issues(REF, [Issue("T-LAST")])
        if folded:
            backend.connections.fold_log()
        written = content(folder, earlier, other)
        in_place(folder / "burndown.db", written)
        with pytest.raises(Replaced, match="What was saved until then is in backups/") as failure:
            backend.upsert_issues(REF, [Issue("T-TOO-LATE")])
        with pytest.raises(Replaced):
            backend.list_issues(REF)
        (kept,) = [snapshot for snapshot in backup.snapshots(folder) if snapshot.kind == "replaced"]
        assert kept.file.name in str(failure.value)
        with closing(SQLiteBackend(kept.file)) as saved:
            keys = {issue.key for issue in saved.list_issues(REF)}
        assert len(keys) == 52
        assert {"T-SECOND", "T-LAST"} <= keys
        backend.close()
        assert (folder / "burndown.db").read_bytes() == written

    def test_who_only_reads_is_told_and_the_backup_can_be_put_back(
        self, backend: SQLiteBackend, folder: Path, other: Path, earlier: bytes, content: Content
    ) -> None:
        backend.upsert_issues(REF, [Issue("T-LAST")])
        backend.connections.fold_log()
        in_place(folder / "burndown.db", content(folder, earlier, other))
        with pytest.raises(Replaced, match="Another program wrote over"):
            backend.list_issues(REF)
        (kept,) = [snapshot for snapshot in backup.snapshots(folder) if snapshot.kind == "replaced"]
        restore.restore_open(backend, folder, kept.file)
        assert len(backend.list_issues(REF)) == 51
        backend.upsert_issues(REF, [Issue("T-NEXT")])
        backend.close()
        assert backup.check(folder) == []

    def test_at_the_end_nothing_of_ours_comes_into_the_other_file(
        self, backend: SQLiteBackend, folder: Path, other: Path, earlier: bytes, content: Content
    ) -> None:
        backend.upsert_issues(REF, [Issue("T-SECOND")])
        backend.connections.fold_log()
        backend.upsert_issues(REF, [Issue("T-LAST")])
        written = content(folder, earlier, other)
        in_place(folder / "burndown.db", written)
        backend.close()
        assert (folder / "burndown.db").read_bytes() == written
        assert next(iter(backup.snapshots(folder))).kind == "replaced"


def test_what_lies_there_after_it_was_written_over_can_be_loaded(
    backend: SQLiteBackend, folder: Path, other: Path
) -> None:
    in_place(folder / "burndown.db", other.read_bytes())
    with pytest.raises(Replaced):
        backend.set_state("theme", "dark")
    reload(backend.connections, folder, lambda: NOW)
    assert len(backend.list_issues(REF)) == 3
    backend.upsert_issues(REF, [Issue("T-4")])
    backend.close()
    assert backup.check(folder) == []


def long_one(folder: Path) -> None:
    backend = filled(folder, 1)
    backend.upsert_issues(REF, [Issue(f"T-{number}", summary=f"{number} " * 60) for number in range(12_000)])
    backend.close()


def test_of_a_long_database_what_was_changed_since_the_start_is_kept(folder: Path, other: Path) -> None:
    """Too long to be kept whole: the backup of the start, and the pages that were changed since."""
    long_one(folder)
    backend = open_store(folder, mode="write", clock=lambda: NOW).backend
    for number in range(3):
        backend.upsert_issues(REF, [Issue(f"T-NEW-{number}")])
        backend.connections.fold_log()
    os.utime(folder / "burndown.db", (1, 1))
    backend.upsert_issues(REF, [Issue("T-LAST")])
    assert (folder / "burndown.db").stat().st_size > 2_000_000
    in_place(folder / "burndown.db", other.read_bytes())
    with pytest.raises(Replaced, match="What was saved until then is in backups/"):
        backend.upsert_issues(REF, [Issue("T-TOO-LATE")])
    (kept,) = [snapshot for snapshot in backup.snapshots(folder) if snapshot.kind == "replaced"]
    with closing(SQLiteBackend(kept.file)) as saved:
        assert len(saved.list_issues(REF)) == 12_004
    backend.close()


@pytest.mark.parametrize("changed", [0, 1, 2_000])
def test_another_time_alone_is_no_other_file_however_little_of_it_is_kept(folder: Path, changed: int) -> None:
    """Windows and network drives tell the time of a write late."""
    long_one(folder)
    backend = open_store(folder, mode="write", clock=lambda: NOW).backend
    backend.upsert_issues(REF, [Issue(f"N-{number}") for number in range(changed)])
    backend.connections.fold_log()
    assert (folder / "burndown.db").stat().st_size > 2_000_000
    for time in (1, 2):
        os.utime(folder / "burndown.db", (time, time))
        backend.upsert_issues(REF, [Issue("T-NEXT")])
    assert len(backend.list_issues(REF)) == 12_001 + changed
    backend.close()
    assert not [snapshot for snapshot in backup.snapshots(folder) if snapshot.kind == "replaced"]


def test_a_long_database_of_other_pages_with_the_same_header_and_size_is_seen(folder: Path) -> None:
    long_one(folder)
    backend = open_store(folder, mode="write", clock=lambda: NOW).backend
    backend.upsert_issues(REF, [Issue(f"N-{number}") for number in range(2_000)])
    content = bytearray((folder / "burndown.db").read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    in_place(folder / "burndown.db", bytes(content))
    with pytest.raises(Replaced, match="after the newest backup could not be kept"):
        backend.upsert_issues(REF, [Issue("T-TOO-LATE")])
    backend.close()


@pytest.mark.parametrize("changed", [0, 2_000])
def test_one_other_page_anywhere_in_a_long_database_is_seen(folder: Path, changed: int) -> None:
    long_one(folder)
    backend = open_store(folder, mode="write", clock=lambda: NOW).backend
    backend.upsert_issues(REF, [Issue(f"N-{number}") for number in range(changed)])
    backend.connections.fold_log()
    content = bytearray((folder / "burndown.db").read_bytes())
    content[302 * 4096 : 303 * 4096] = bytes(4096)
    in_place(folder / "burndown.db", bytes(content))
    with pytest.raises(Replaced, match="Another program wrote over"):
        backend.upsert_issues(REF, [Issue("T-TOO-LATE")])
    backend.close()


@pytest.mark.parametrize("is_long", [False, True])
def test_what_comes_in_just_when_the_log_was_moved_into_the_database_is_seen(
    folder: Path, is_long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_long:
        long_one(folder)
    else:
        filled(folder, 1).close()
    with closing(open_store(folder, mode="write", clock=lambda: NOW).backend) as backend:
        backend.connections.fold_log()
        earlier = (folder / "burndown.db").read_bytes()
        backend.upsert_issues(REF, [Issue("T-SAVED")])
        fold = connections._is_folded

        def folded_and_written_over(connection: SQLiteSession) -> bool:
            is_folded = fold(connection)
            in_place(folder / "burndown.db", earlier)
            return is_folded

        monkeypatch.setattr(connections, "_is_folded", folded_and_written_over)
        backend.connections.fold_log()
        monkeypatch.undo()
        with pytest.raises(Replaced, match="What was saved until then is in backups/"):
            backend.upsert_issues(REF, [Issue("T-TOO-LATE")])
    (kept,) = [snapshot for snapshot in backup.snapshots(folder) if snapshot.kind == "replaced"]
    with closing(SQLiteBackend(kept.file)) as saved:
        assert "T-SAVED" in {issue.key for issue in saved.list_issues(REF)}


def test_where_too_much_was_changed_to_be_kept_the_newest_backup_is_named(folder: Path, other: Path) -> None:
    long_one(folder)
    backend = open_store(folder, mode="write", clock=lambda: NOW).backend
    backend.upsert_issues(REF, [Issue(f"N-{number}") for number in range(2_000)])
    in_place(folder / "burndown.db", other.read_bytes())
    with pytest.raises(Replaced, match="after the newest backup could not be kept") as failure:
        backend.upsert_issues(REF, [Issue("T-TOO-LATE")])
    assert f"That backup is backups/{backup.snapshots(folder)[0].file.name}." in str(failure.value)
    backend.close()


def test_a_page_that_is_read_while_the_log_is_written_over_is_told_so(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filled(folder, 50).close()
    path = folder / "burndown.db"
    connections = Connections(Source(str(path), journal=Journal.WAL, file=path))
    add(connections, "before")

    def read() -> None:
        with connections.reading():
            in_place(log_of(folder), b"")
            # What SQLite says where the log ends before a page that its index tells of.
            raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(NotWritable, match="load the page again"):
        read()
    assert "Traceback" not in caplog.text
    assert connections.rows("SELECT value FROM app_state WHERE key = 'before'") == [("mine",)]
    connections.close()


def log_of(folder: Path) -> Path:
    return folder / "burndown.db-wal"


def log_deleted(folder: Path, earlier: bytes) -> None:
    log_of(folder).unlink()


def both_deleted(folder: Path, earlier: bytes) -> None:
    for path in sidecars(folder / "burndown.db"):
        path.unlink()


def log_moved_away(folder: Path, earlier: bytes) -> None:
    log_of(folder).rename(folder / "burndown (conflict).db-wal")


def log_put_back_from_earlier(folder: Path, earlier: bytes) -> None:
    (folder / "arriving.tmp").write_bytes(earlier)
    (folder / "arriving.tmp").replace(log_of(folder))


def log_copied_over_itself(folder: Path, earlier: bytes) -> None:
    shutil.copy(log_of(folder), folder / "arriving.tmp")
    (folder / "arriving.tmp").replace(log_of(folder))


def a_folder_in_its_place(folder: Path, earlier: bytes) -> None:
    log_of(folder).unlink()
    log_of(folder).mkdir()


def a_link_in_its_place(folder: Path, earlier: bytes) -> None:
    log_of(folder).unlink()
    log_of(folder).symlink_to(folder.parent / "elsewhere")


def in_place(path: Path, content: bytes) -> None:
    """As `cp` and `rsync --inplace` do: name and identity stay."""
    with path.open("r+b") as stream:
        stream.truncate(0)
        stream.write(content)


def log_of_earlier_in_place(folder: Path, earlier: bytes) -> None:
    in_place(log_of(folder), earlier)


def log_emptied(folder: Path, earlier: bytes) -> None:
    in_place(log_of(folder), b"")


def log_cut(folder: Path, earlier: bytes) -> None:
    in_place(log_of(folder), log_of(folder).read_bytes()[:-3000])


def log_of_another_computer_in_place(folder: Path, earlier: bytes) -> None:
    (folder.parent / "other").mkdir()
    other = filled(folder.parent / "other", 80)
    in_place(log_of(folder), log_of(folder.parent / "other").read_bytes())
    other.close()


def anything_in_place(folder: Path, earlier: bytes) -> None:
    in_place(log_of(folder), b"anything" * 10_000)


def index_of_nothing_in_place(folder: Path, earlier: bytes) -> None:
    with sidecar(folder / "burndown.db", "-shm").open("r+b") as stream:
        stream.write(bytes(200))


LOG_WAYS = (
    log_deleted,
    both_deleted,
    log_moved_away,
    log_put_back_from_earlier,
    log_copied_over_itself,
    a_folder_in_its_place,
    a_link_in_its_place,
    log_of_earlier_in_place,
    log_emptied,
    log_cut,
    log_of_another_computer_in_place,
    anything_in_place,
    index_of_nothing_in_place,
)


def saved(backend: SQLiteBackend, name: str) -> None:
    backend.save_profile(Profile(name, name, NOW, NOW))


def names_after_a_kill(folder: Path, to: Path) -> list[str]:
    """What the next start finds: of the files as they lie there, without a word from who had them open."""
    shutil.copytree(folder, to, symlinks=True)
    with closing(open_store(to, mode="write", clock=lambda: NOW).backend) as anew:
        return sorted(each.id for each in anew.list_profiles())


class TestTheLogBesideIt:
    @pytest.mark.slow
    @pytest.mark.parametrize("way", LOG_WAYS)
    @pytest.mark.parametrize("in_a_new_thread", [False, True])
    def test_what_is_saved_after_it_was_lost_is_there_after_a_kill_and_so_is_what_was_saved_before(
        self, folder: Path, tmp_path: Path, way: Callable[[Path, bytes], None], in_a_new_thread: bool
    ) -> None:
        backend = filled(folder, 50)
        earlier = log_of(folder).read_bytes()
        saved(backend, "before")
        way(folder, earlier)
        if in_a_new_thread:
            thread = threading.Thread(target=saved, args=(backend, "after"))
            thread.start()
            thread.join()
        else:
            saved(backend, "after")
        assert names_after_a_kill(folder, tmp_path / "after") == ["after", "before", "p"]
        assert not (folder.parent / "elsewhere").exists()
        backend.close()
        assert names_after_a_kill(folder, tmp_path / "later") == ["after", "before", "p"]

    @pytest.mark.parametrize("way", LOG_WAYS)
    def test_a_thread_that_only_reads_sees_what_was_saved(
        self, folder: Path, way: Callable[[Path, bytes], None]
    ) -> None:
        backend = filled(folder, 50)
        earlier = log_of(folder).read_bytes()
        saved(backend, "before")
        way(folder, earlier)
        seen: list[str] = []
        thread = threading.Thread(target=lambda: seen.extend(each.id for each in backend.list_profiles()))
        thread.start()
        thread.join()
        assert sorted(seen) == ["before", "p"]
        backend.close()

    def test_what_another_program_saves_through_sqlite_is_no_damage(self, folder: Path, tmp_path: Path) -> None:
        backend = filled(folder, 50)
        for number, mode in enumerate(("TRUNCATE", "RESTART", "PASSIVE", "FULL", "TRUNCATE")):
            saved(backend, f"before-{number}")
            by_another_program(folder, f"INSERT INTO app_state VALUES ('other-{number}', 'x')")
            saved(backend, f"between-{number}")
            by_another_program(folder, f"PRAGMA wal_checkpoint({mode})")
            by_another_program(folder, f"INSERT INTO app_state VALUES ('more-{number}', 'x')")
        saved(backend, "after")
        assert not (folder / "set-aside").exists()
        names = [f"{when}-{number}" for number in range(5) for when in ("before", "between")]
        assert names_after_a_kill(folder, tmp_path / "after") == sorted(["after", "p", *names])
        assert all(backend.get_state(f"{who}-{number}") == "x" for number in range(5) for who in ("other", "more"))
        backend.close()

    def test_what_comes_into_the_place_of_an_empty_log_is_not_read_as_its_own_after_a_kill(
        self, folder: Path, tmp_path: Path
    ) -> None:
        backend = filled(folder, 50)
        earlier = log_of(folder).read_bytes()
        saved(backend, "later")
        assert backend.connections.fold_log()
        in_place(log_of(folder), earlier)
        assert len(backend.list_profiles()) == 2
        assert log_of(folder).stat().st_size == 0
        assert names_after_a_kill(folder, tmp_path / "after") == ["later", "p"]
        (kept,) = (folder / "set-aside").iterdir()
        assert kept.read_bytes() == earlier
        backend.close()

    def test_a_change_that_is_lost_on_its_way_is_not_called_saved(self, folder: Path, tmp_path: Path) -> None:
        filled(folder, 50).close()
        path = folder / "burndown.db"

        class Watched(Connections):
            """Another program writes between the end of a change and the look after it."""

            is_disturbed = False

            def _require_kept(self, changed: int) -> None:
                if self.is_disturbed:
                    in_place(log_of(folder), b"anything" * 10_000)
                super()._require_kept(changed)

        watched = Watched(Source(str(path), journal=Journal.WAL, file=path))
        add(watched, "before")
        watched.is_disturbed = True
        with pytest.raises(NotWritable, match="this last change is not: make it once more"):
            add(watched, "lost")
        watched.is_disturbed = False
        add(watched, "after")
        with watched.reading() as session:
            kept = [key for (key,) in session.execute("SELECT key FROM app_state WHERE value = 'mine' ORDER BY key")]
        assert kept == ["after", "before"]
        watched.close()


def add(connections: Connections, key: str) -> None:
    with connections.transaction() as session:
        session.execute("INSERT INTO app_state VALUES (?, 'mine')", (key,))


def by_another_program(folder: Path, statement: str) -> None:
    script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], isolation_level=None).execute(sys.argv[2]).fetchall()"
    subprocess.run([sys.executable, "-c", script, folder / "burndown.db", statement], check=True)


@pytest.mark.parametrize("error", [errno.EMFILE, errno.EIO, errno.EACCES])
def test_a_log_that_cannot_be_looked_at_for_a_moment_is_not_taken_for_another_one(
    backend: SQLiteBackend, folder: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    """Putting back what was kept would take away what was saved since."""
    backend.set_state("theme", "dark")
    before = log_of(folder).read_bytes()

    def fails(*_: object) -> list[bytes]:
        raise OSError(error, os.strerror(error))

    looked = Path.stat

    def cannot_be_told(path: Path, **_: object) -> os.stat_result:
        if path == log_of(folder):
            raise OSError(error, os.strerror(error))
        return looked(path)

    with monkeypatch.context() as patched:
        patched.setattr(locks, "read_beside", fails)
        patched.setattr(Path, "stat", cannot_be_told)
        backend.set_state("theme", "light")
    assert log_of(folder).read_bytes()[: len(before)] == before
    assert not (folder / "set-aside").exists()
    backend.set_state("zone", "UTC")
    assert (backend.get_state("theme"), backend.get_state("zone")) == ("light", "UTC")
    backend.close()
    with closing(SQLiteBackend(folder / "burndown.db")) as again:
        assert (again.get_state("theme"), again.get_state("zone")) == ("light", "UTC")


def test_a_question_looks_once_at_the_log_with_its_index(
    backend: SQLiteBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every question looks; nothing is looked at more closely where all is as it was left."""
    backend.set_state("theme", "dark")
    look, looks = locks.read_beside, list[locks.Pieces]()

    def looking(database: locks.Identity | None, pieces: locks.Pieces) -> list[bytes]:
        looks.append(pieces)
        return look(database, pieces)

    monkeypatch.setattr(locks, "read_beside", looking)
    assert backend.get_state("theme") == "dark"
    ((paths, lengths, _),) = looks
    # Both copies of the index's header, the log's header, and all of its last frame.
    assert [Path(path).name for path in paths] == ["burndown.db-shm", "burndown.db-wal", "burndown.db-wal"]
    assert lengths[:2] == (96, 32)
    assert lengths[2] > 512


def test_who_shuts_the_gate_waits_for_who_is_inside_and_lets_nobody_in() -> None:
    gate, order, inside, leave = _Gate(), list[str](), threading.Event(), threading.Event()

    def early() -> None:
        with gate:
            inside.set()
            leave.wait(60)
            order.append("early")

    def late() -> None:
        with gate:
            order.append("late")

    first, second = threading.Thread(target=early), threading.Thread(target=late)
    first.start()
    assert inside.wait(60)
    closing_soon = threading.Timer(0.05, leave.set)
    closing_soon.start()
    with gate.shut():
        second.start()
        second.join(0.05)
        order.append("shut")
    for thread in (first, second, closing_soon):
        thread.join(60)
    assert order == ["early", "shut", "late"]
