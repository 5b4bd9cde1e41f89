"""Snapshots: whole, checked, thinned by age and never at the cost of the last good one."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import Damaged, NewerDatabase, NotWritable, Refused
from store.opening import open_store
from store.records import Issue, Profile, Query, QueryRef
from store.sql.schema import SCHEMA_VERSION
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend
from store.sqlite.backup import kept_snapshots
from store.upkeep import SnapshotFile
from tests.memory_backend import MemoryBackend

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")


def at(instant: datetime) -> Callable[[], datetime]:
    return lambda: instant


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def backend(folder: Path) -> Iterator[SQLiteBackend]:
    backend = SQLiteBackend(folder / "burndown.db")
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    backend.save_query(Query("p", "q", "All", NOW, NOW))
    backend.upsert_issues(REF, [Issue(f"T-{number}", summary="x" * 100) for number in range(500)])
    yield backend
    backend.close()


def damage_middle(path: Path) -> None:
    """Zero the b-tree page headers of the second half."""
    content = bytearray(path.read_bytes())
    for page in range(len(content) // 4096 // 2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\x00" * 64
    path.write_bytes(content)


# -- making ---------------------------------------------------------------------------------------------


def test_a_snapshot_is_one_whole_file_named_by_its_time(backend: SQLiteBackend, folder: Path) -> None:
    snapshot = backup.snapshot(backend, folder, reason="exit", clock=at(NOW))
    assert snapshot == SnapshotFile(
        folder / "backups" / "burndown-20260302T090000Z-exit.db", snapshot.file.stat().st_size, NOW, "exit"
    )
    assert [file.name for file in (folder / "backups").iterdir()] == [snapshot.file.name]
    with closing(sqlite3.connect(snapshot.file)) as saved:
        assert saved.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert saved.execute("SELECT count(*) FROM issues").fetchone() == (500,)
    assert [file.name for file in (folder / "backups").iterdir()] == [snapshot.file.name]


def test_a_snapshot_opens_as_a_store(backend: SQLiteBackend, folder: Path, tmp_path: Path) -> None:
    snapshot = backup.snapshot(backend, folder, clock=at(NOW))
    restored = tmp_path / "restored.db"
    shutil.copyfile(snapshot.file, restored)
    again = SQLiteBackend(restored)
    assert again.load_facts(REF) == backend.load_facts(REF)
    again.close()


def test_a_folder_in_use_by_somebody_else_is_backed_up_with_its_latest_changes(
    backend: SQLiteBackend, folder: Path
) -> None:
    backend.set_state("latest", "yes")
    snapshot = backup.snapshot_file(folder, clock=at(NOW))
    with closing(sqlite3.connect(snapshot.file)) as saved:
        assert saved.execute("SELECT value FROM app_state WHERE key = 'latest'").fetchone() == ("yes",)


def test_a_snapshot_in_the_middle_of_writes_is_of_one_moment(backend: SQLiteBackend, folder: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with backend.transaction():
                backend.set_state("one", str(number))
                backend.set_state("other", str(number))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        files = [backup.snapshot(backend, folder, clock=at(NOW + timedelta(days=day))).file for day in range(3)]
        files += [backup.snapshot_file(folder, clock=at(NOW + timedelta(days=9))).file]
    finally:
        stop.set()
        writer.join()
    for file in files:
        with closing(sqlite3.connect(file)) as saved:
            numbers = {value for (value,) in saved.execute("SELECT value FROM app_state WHERE key IN ('one', 'other')")}
        assert len(numbers) <= 1


def test_two_snapshots_of_one_second_are_both_kept(backend: SQLiteBackend, folder: Path) -> None:
    names = {backup.snapshot(backend, folder, clock=at(NOW)).file.name for _ in range(2)}
    assert names == {"burndown-20260302T090000Z.db", "burndown-20260302T090000Z-2.db"}


def test_a_snapshot_goes_where_it_is_wanted(backend: SQLiteBackend, folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere" / "mine.db"
    assert backup.snapshot(backend, folder, to=place).file == place
    again = backup.snapshot(backend, folder, to=place)
    assert again.bytes == place.stat().st_size
    within = backup.snapshot(backend, folder, to=place.parent, clock=at(NOW))
    assert within.file == place.parent / "burndown-20260302T090000Z.db"
    assert not (folder / "backups").exists()


@pytest.mark.parametrize("name", ["burndown.db", "letter.txt"])
def test_a_file_that_is_no_snapshot_is_never_overwritten(backend: SQLiteBackend, folder: Path, name: str) -> None:
    (folder / "letter.txt").write_text("dear", encoding="utf-8")
    before = (folder / name).read_bytes()
    with pytest.raises(Refused, match="Choose another name"):
        backup.snapshot(backend, folder, to=folder / name)
    assert (folder / name).read_bytes() == before


def test_a_backup_of_other_projects_is_never_overwritten(backend: SQLiteBackend, folder: Path, tmp_path: Path) -> None:
    place, theirs = tmp_path / "kept.db", tmp_path / "theirs"
    theirs.mkdir()
    with closing(SQLiteBackend(theirs / "burndown.db")) as other:
        backup.snapshot(other, theirs, to=place)
        # Nothing is lost with one that is empty.
        backup.snapshot(backend, folder, to=place)
        other.save_profile(Profile("p2", "Others", NOW, NOW))
        before = place.read_bytes()
        with pytest.raises(Refused, match=r"of other projects.*Choose another name"):
            backup.snapshot(other, theirs, to=place)
        with pytest.raises(Refused, match=r"of other projects.*Choose another name"):
            backup.snapshot_file(theirs, to=place)
        assert place.read_bytes() == before
        assert [file.name for file in tmp_path.iterdir() if "kept" in file.name] == ["kept.db"]
        other.save_profile(Profile("p", "Team", NOW, NOW))
        backup.snapshot(other, theirs, to=place)


@pytest.mark.parametrize(
    "name",
    [
        "backups/burndown-20260101T000000Z-exit.db",
        "backups/burndown-20260101T000000Z-import-2.db",
        "backups/burndown-20260101T000000Z-exit.db.abcdefabcdef.part",
        "burndown.db.abcdefabcdef.part",
    ],
)
def test_a_backup_gets_no_name_by_which_it_is_cleared_away(backend: SQLiteBackend, folder: Path, name: str) -> None:
    with pytest.raises(Refused, match="choose another name"):
        backup.snapshot(backend, folder, to=folder / name)
    assert not (folder / name).exists()
    for kept in ("backups/mine.db", "backups/burndown-20260101T000000Z.db", "other/burndown-20260101T000000Z-exit.db"):
        assert backup.snapshot(backend, folder, to=folder / kept).file.exists()


def test_a_damaged_backup_is_replaced(backend: SQLiteBackend, folder: Path, tmp_path: Path) -> None:
    place = backup.snapshot(backend, folder, to=tmp_path / "kept.db").file
    place.write_bytes(place.read_bytes()[:4096] + b"\0" * 4096)
    assert backup.snapshot(backend, folder, to=place).bytes == place.stat().st_size > 8192


def test_without_a_database_there_is_nothing_to_back_up(folder: Path) -> None:
    with pytest.raises(Refused, match="nothing to back up"):
        backup.snapshot_file(folder)


def test_a_snapshot_needs_twice_the_size_and_fifty_megabytes() -> None:
    assert backup.room_wanted(10_000_000) == 70_000_000


def test_a_place_that_cannot_be_written_is_told(backend: SQLiteBackend, folder: Path) -> None:
    (folder / "backups").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(NotWritable):
        backup.snapshot(backend, folder)


def test_a_damaged_database_gives_no_snapshot_and_takes_none_away(backend: SQLiteBackend, folder: Path) -> None:
    good = [backup.snapshot(backend, folder, clock=at(NOW + timedelta(hours=hour))).file.name for hour in range(5)]
    backend.close()
    damage_middle(folder / "burndown.db")
    with pytest.raises(Damaged, match="damaged"):
        backup.snapshot_file(folder, clock=at(NOW + timedelta(days=1)))
    assert sorted(file.name for file in (folder / "backups").iterdir()) == good


def test_a_backup_that_was_asked_for_is_refused_where_a_value_cannot_be_read(
    backend: SQLiteBackend, folder: Path
) -> None:
    good = backup.snapshot(backend, folder, clock=at(NOW))
    backend.close()
    with closing(sqlite3.connect(folder / "burndown.db")) as connection:
        connection.execute("UPDATE issues SET labels = '[\"a' WHERE no = 3")
        connection.commit()
    with pytest.raises(Damaged, match=f"1 value of issues cannot be read.*backups/{good.file.name}"):
        backup.snapshot_file(folder, clock=at(NOW + timedelta(days=1)))
    with pytest.raises(Damaged):
        backup.snapshot_file(folder, folder / "elsewhere.db")
    assert backup.snapshots(folder) == [good]
    assert not (folder / "elsewhere.db").exists()


# -- moments --------------------------------------------------------------------------------------------


def test_leaving_without_a_change_makes_no_snapshot(backend: SQLiteBackend, folder: Path) -> None:
    assert backup.at_exit(backend, folder) is not None
    assert not backend.changed_since_snapshot
    assert backup.at_exit(backend, folder) is None


def test_leaving_after_a_change_makes_a_snapshot(backend: SQLiteBackend, folder: Path) -> None:
    backup.snapshot(backend, folder, clock=at(NOW))
    backend.set_state("a", "1")
    snapshot = backup.at_exit(backend, folder, clock=at(NOW + timedelta(hours=1)))
    assert snapshot is not None
    assert snapshot.reason == "exit"


def test_leaving_a_store_without_a_profile_makes_no_snapshot(backend: SQLiteBackend, folder: Path) -> None:
    """Enough of them would push out those with data."""
    for profile in backend.list_profiles():
        backend.delete_profile(profile.id)
    assert backend.changed_since_snapshot
    assert backup.at_exit(backend, folder) is None
    assert backup.snapshots(folder) == []


def test_a_damaged_database_is_not_backed_up_and_the_way_back_is_told(backend: SQLiteBackend, folder: Path) -> None:
    good = backup.snapshot(backend, folder, clock=at(NOW))
    backend.close()
    (folder / "burndown.db").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(Damaged, match=f"burndown restore backups/{good.file.name}"):
        backup.snapshot_file(folder, clock=at(NOW))
    assert backup.snapshots(folder) == [good]


def test_a_snapshot_that_cannot_be_made_does_not_keep_the_app_from_leaving(
    backend: SQLiteBackend, folder: Path
) -> None:
    (folder / "backups").write_text("in the way", encoding="utf-8")
    assert backup.at_exit(backend, folder) is None


def test_a_snapshot_that_cannot_be_made_does_not_keep_the_user_from_writing(
    backend: SQLiteBackend, folder: Path
) -> None:
    (folder / "backups").write_text("in the way", encoding="utf-8")
    backup.before_first_write(backend, folder)
    backend.set_state("a", "1")
    assert backend.get_state("a") == "1"


def test_a_store_without_files_needs_no_snapshot(folder: Path) -> None:
    assert backup.at_exit(MemoryBackend(), folder) is None


def test_a_run_hears_when_no_backup_could_be_made_before_or_after_its_changes(
    backend: SQLiteBackend, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_SPARE_BYTES", 10**18)
    texts: list[str] = []
    backup.before_first_write(backend, folder, tell=texts.append)
    assert backup.at_exit(backend, folder, tell=texts.append) is None
    assert texts == [
        "No backup could be made before the changes: the disk is too full for it; make room.",
        "The changes are saved, but no backup could be made of them: the disk is too full for it; make room.",
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full. Make room and try again"),
        (errno.EROFS, "it is write-protected. Choose another folder"),
        (errno.EACCES, "it is write-protected. Choose another folder"),
        (errno.EIO, "Is the drive still there?"),
    ],
)
def test_a_backup_that_cannot_be_written_says_what_to_do(
    backend: SQLiteBackend, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(source: sqlite3.Connection, path: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(backup, "copy_database", refuse)
    with pytest.raises(NotWritable, match=re.escape(words)):
        backup.snapshot(backend, folder)
    assert list((folder / "backups").iterdir()) == []


# -- keeping --------------------------------------------------------------------------------------------


def snapshot_of(instant: datetime, reason: str = "half-hour") -> SnapshotFile:
    return SnapshotFile(Path(f"burndown-{instant:%Y%m%dT%H%M%SZ}-{reason}.db"), 1, instant, reason)


def test_what_somebody_asked_for_is_never_thinned() -> None:
    snapshots = [
        snapshot_of(NOW - timedelta(days=days), reason)
        for days in range(0, 900, 50)
        for reason in ("", "delete", "before-restore", "delete-2", "undo", "replaced", "2")
    ]
    automatic = [snapshot_of(NOW - timedelta(minutes=minutes), "import") for minutes in range(200)]
    both = sorted([*snapshots, *automatic], key=lambda each: each.made_at, reverse=True)
    kept = kept_snapshots(both)
    assert set(snapshots) <= kept
    assert len(kept - set(snapshots)) == 5


def test_many_of_one_reason_do_not_push_out_those_of_another() -> None:
    imports = [snapshot_of(NOW - timedelta(minutes=minutes), "import") for minutes in range(100)]
    others = [snapshot_of(NOW - timedelta(minutes=200 + minutes), reason) for minutes, reason in
              enumerate(("start", "exit", "before-upgrade", "half-hour"))]  # fmt: skip
    assert set(others) <= kept_snapshots([*imports, *others])


def test_hourly_snapshots_of_a_year_come_down_to_a_few() -> None:
    hourly = [snapshot_of(NOW - timedelta(hours=hours)) for hours in range(24 * 365)]
    kept = sorted(kept_snapshots(hourly), key=lambda each: each.made_at, reverse=True)
    # NOW is Monday, 2 March, 9:00. The last five; the newest of each of seven days (the first is among the five);
    # of four weeks (two are new: those ending on 22 and 15 February); of twelve months (ten are new).
    expected = [NOW - timedelta(hours=hours) for hours in range(5)]
    expected += [datetime(2026, 3, 1, 23, tzinfo=UTC)]
    expected += [datetime(2026, 2, day, 23, tzinfo=UTC) for day in (28, 27, 26, 25, 24, 22, 15)]
    months = [(2026, 1, 31), (2025, 12, 31), (2025, 11, 30), (2025, 10, 31), (2025, 9, 30), (2025, 8, 31)]
    months += [(2025, 7, 31), (2025, 6, 30), (2025, 5, 31), (2025, 4, 30)]
    expected += [datetime(*day, 23, tzinfo=UTC) for day in months]
    assert [each.made_at for each in kept] == expected


@given(st.sets(st.integers(0, 24 * 365 * 3), max_size=60))
def test_thinning_twice_changes_nothing_and_keeps_the_newest(hours_ago: set[int]) -> None:
    present = [snapshot_of(NOW - timedelta(hours=hours)) for hours in sorted(hours_ago)]
    kept = kept_snapshots(present)
    assert set(present[:5]) <= kept
    assert kept_snapshots([each for each in present if each in kept]) == kept


def test_a_snapshot_thins_out_the_old_ones_and_nothing_else(backend: SQLiteBackend, folder: Path) -> None:
    (folder / "backups").mkdir()
    mine = folder / "backups" / "before my holiday.db"
    mine.write_text("the user's", encoding="utf-8")
    for minute in range(8):
        backup.snapshot(backend, folder, reason="import", clock=at(NOW + timedelta(minutes=minute)))
    assert [each.made_at.minute for each in backup.snapshots(folder)] == [7, 6, 5, 4, 3]
    assert mine.exists()


def test_the_newest_good_snapshot_is_found_past_damaged_ones(backend: SQLiteBackend, folder: Path) -> None:
    files = [backup.snapshot(backend, folder, clock=at(NOW + timedelta(hours=hour))).file for hour in range(3)]
    damage_middle(files[2])
    files[1].write_bytes(b"")
    snapshot = backup.newest_good(folder)
    assert snapshot is not None
    assert snapshot.file == files[0]


def test_the_newest_is_the_one_with_the_newest_content_whatever_the_clock_said(
    backend: SQLiteBackend, folder: Path
) -> None:
    backup.snapshot(backend, folder, clock=at(NOW + timedelta(days=3650)))
    backend.upsert_issues(REF, [Issue("NEW-1")])
    newest = backup.snapshot(backend, folder, clock=at(NOW))
    assert backup.newest_good(folder) == newest
    assert newest.file.name in backup.advice(folder)


def test_two_of_the_same_content_go_by_the_clock(backend: SQLiteBackend, folder: Path) -> None:
    backup.snapshot(backend, folder, clock=at(NOW))
    later = backup.snapshot(backend, folder, clock=at(NOW + timedelta(hours=1)))
    assert backup.newest_good(folder) == later


def test_a_database_begun_anew_goes_on_behind_the_backups_of_the_one_before(
    backend: SQLiteBackend, folder: Path
) -> None:
    for number in range(30):
        backend.upsert_issues(REF, [Issue(f"OLD-{number}")])
    backup.snapshot(backend, folder, clock=at(NOW))
    backend.close()
    (folder / "burndown.db").unlink()
    anew = open_store(folder, mode="write").backend
    anew.save_profile(Profile("p", "Team", NOW, NOW))
    newest = backup.snapshot(anew, folder, clock=at(NOW - timedelta(days=5)))
    anew.close()
    assert backup.newest_good(folder) == newest


def with_pragma(path: Path, pragma: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA {pragma}")


@pytest.mark.parametrize("pragma", ["application_id = 7", f"user_version = {SCHEMA_VERSION + 1}"])
def test_a_backup_that_cannot_be_put_back_is_not_offered_before_an_older_good_one(
    backend: SQLiteBackend, folder: Path, pragma: str
) -> None:
    good = backup.snapshot(backend, folder, clock=at(NOW))
    useless = backup.snapshot(backend, folder, clock=at(NOW + timedelta(hours=1)))
    with_pragma(useless.file, pragma)
    assert backup.newest_good(folder) == good
    assert good.file.name in backup.advice(folder)


@pytest.mark.parametrize(
    ("pragma", "error", "words"),
    [
        ("application_id = 7", Refused, "was not made by Burndown, so no backup of it was made"),
        (f"user_version = {SCHEMA_VERSION + 1}", NewerDatabase, "made by a newer version"),
    ],
)
def test_no_backup_is_made_of_what_could_not_be_put_back(
    backend: SQLiteBackend, folder: Path, pragma: str, error: type[Refused], words: str
) -> None:
    backend.close()
    with_pragma(folder / "burndown.db", pragma)
    with pytest.raises(error, match=words):
        backup.snapshot_file(folder)
    assert backup.snapshots(folder) == []


# -- checking -------------------------------------------------------------------------------------------


def test_a_folder_in_order_has_no_problems(backend: SQLiteBackend, folder: Path) -> None:
    assert backup.check(folder) == []
    backend.close()
    assert backup.check(folder) == []


def test_an_empty_or_missing_folder_has_no_problems(folder: Path) -> None:
    assert backup.check(folder) == []
    assert backup.check(folder / "missing") == []


def test_a_database_that_is_gone_while_its_backups_are_there_is_a_problem(backend: SQLiteBackend, folder: Path) -> None:
    good = backup.snapshot(backend, folder, clock=at(NOW))
    backend.close()
    (folder / "burndown.db").unlink()
    (problem,) = backup.check(folder)
    assert problem.startswith("burndown.db is missing.")
    assert f"burndown restore backups/{good.file.name}" in problem


def test_damage_is_found_and_the_good_snapshot_named(backend: SQLiteBackend, folder: Path) -> None:
    good = backup.snapshot(backend, folder, clock=at(NOW))
    backend.close()
    damage_middle(folder / "burndown.db")
    (problem,) = backup.check(folder)
    assert "damaged" in problem
    assert f"burndown restore backups/{good.file.name}" in problem


def test_rows_that_belong_to_nothing_are_found(backend: SQLiteBackend, folder: Path) -> None:
    backend.close()
    with closing(sqlite3.connect(folder / "burndown.db", isolation_level=None)) as connection:
        connection.execute("DELETE FROM queries")
    (problem,) = backup.check(folder)
    assert "rows of issues belong to nothing" in problem


def test_a_newer_database_is_told(backend: SQLiteBackend, folder: Path) -> None:
    backend.close()
    with closing(sqlite3.connect(folder / "burndown.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 99")
    (problem,) = backup.check(folder)
    assert "newer version" in problem


def test_a_database_of_another_program_is_told(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "burndown.db")) as connection:
        connection.execute("CREATE TABLE other (x)")
    (problem,) = backup.check(folder)
    assert "not made by Burndown" in problem


def test_what_is_no_database_is_told(folder: Path) -> None:
    (folder / "burndown.db").write_text("hello", encoding="utf-8")
    (problem,) = backup.check(folder)
    assert "is not a database" in problem


def test_sidecars_without_their_database_are_told(folder: Path) -> None:
    (folder / "burndown.db-wal").write_bytes(b"x")
    (problem,) = backup.check(folder)
    assert "burndown.db-wal lies here without its database" in problem


def test_what_an_interrupted_run_left_is_no_problem_and_gone_after_the_next_start(
    backend: SQLiteBackend, folder: Path
) -> None:
    backend.close()
    (folder / "backups").mkdir(exist_ok=True)
    left = [
        folder / "burndown.db.new",
        folder / "burndown.db.new-journal",
        folder / "secrets.json.0123456789ab.part",
        folder / "backups" / "burndown-20260302T090000Z.db.part",
        folder / "backups" / "burndown-20260302T090000Z-exit.db.0123456789ab.part",
        folder / "backups" / "burndown-20260302T090000Z-exit.db.0123456789ab.part-journal",
    ]
    kept = folder / "backups" / "notes.part"
    for file in (*left, kept):
        file.touch()
    assert backup.check(folder) == []
    open_store(folder, mode="write").backend.close()
    assert [file.name for file in left if file.exists()] == []
    assert kept.exists()


def test_of_several_of_one_second_the_last_one_is_the_newest(folder: Path, backend: SQLiteBackend) -> None:
    files = [backup.snapshot(backend, folder, reason="manual", clock=at(NOW)).file for _ in range(3)]
    assert [snapshot.file for snapshot in backup.snapshots(folder)] == files[::-1]


def test_a_check_compares_the_newest_of_many_backups_of_the_same_moment(tmp_path: Path) -> None:
    with closing(open_store(tmp_path, mode="write").backend) as backend:
        backend.save_profile(Profile("p", "Team", NOW, NOW))
        saved = backup.snapshot(backend, tmp_path, clock=lambda: NOW).file
    for day in range(1, 13):
        shutil.copy(saved, saved.with_name(f"burndown-202501{day:02}T120000Z.db"))
    assert backup.check(tmp_path) == []
    looks: list[Path] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(backup, "_differ", lambda ours, file: looks.append(file))
        backup.check(tmp_path)
    assert [path.name for path in looks] == [saved.name, "burndown-20250112T120000Z.db", "burndown-20250111T120000Z.db"]
    content = saved.read_bytes()
    saved.write_bytes(content.replace(b"Team", b"Beam"))
    (problem,) = backup.check(tmp_path)
    assert "one of them was changed on the drive" in problem


def test_what_a_backup_says_of_its_revision_is_read_without_running_anything_in_it(tmp_path: Path) -> None:
    with closing(open_store(tmp_path, mode="write").backend) as backend:
        backend.save_profile(Profile("p", "Team", NOW, NOW))
        backend.save_query(Query("p", "q", "All", NOW, NOW))
        good = backup.snapshot(backend, tmp_path, clock=lambda: NOW).file
    revision = backup.highest_revision(tmp_path)
    assert revision > 0
    endless = shutil.copy(good, good.with_name("burndown-20270101T120000Z.db"))
    with closing(sqlite3.connect(endless)) as connection:
        connection.executescript(
            "ALTER TABLE app_state RENAME TO other;"
            "CREATE VIEW app_state AS WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n) "
            "SELECT 'x' AS key, value FROM n"
        )
    good.with_name("burndown-20270102T120000Z.db").write_bytes(b"no database")
    good.with_name("burndown-20270103T120000Z.db").mkdir()
    assert backup.highest_revision(tmp_path) == revision
    assert backup.by_content(tmp_path)[0].file == good
