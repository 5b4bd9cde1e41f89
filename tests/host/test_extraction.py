"""What a killed single executable leaves in the temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.host.extraction import own_folder, remove_orphans
from store.files import mark, mark_own


def unpacked(root: Path, name: str) -> Path:
    folder = root / name
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "x.so").write_text("")
    return folder


def orphan(root: Path, name: str) -> Path:
    folder = unpacked(root, name)
    (folder / "burndown.in-use").write_text("")
    return folder


def test_a_marked_folder_that_nobody_uses_is_removed(tmp_path: Path) -> None:
    own = unpacked(tmp_path, "_MEIown")
    gone = orphan(tmp_path, "_MEIold")
    assert remove_orphans(own, own.parent) == 1
    assert not gone.exists()
    assert own.exists()


def test_a_folder_in_use_stays(tmp_path: Path) -> None:
    own = unpacked(tmp_path, "_MEIown")
    other = unpacked(tmp_path, "_MEIother")
    result = mark(other)
    assert remove_orphans(own, own.parent) == 0
    assert (other / "lib" / "x.so").exists()
    result.release()


def test_an_unmarked_folder_is_somebody_elses(tmp_path: Path) -> None:
    own = unpacked(tmp_path, "_MEIown")
    foreign = unpacked(tmp_path, "_MEIforeign")
    assert remove_orphans(own, own.parent) == 0
    assert foreign.exists()


def killed_early(root: Path, pid: int, hours_old: float = 2) -> Path:
    """As a run leaves it that was killed while it was being unpacked."""
    folder = root / f"_MEI{pid:08x}aB3dE6"
    for name in ("dash", "nacl", "orjson"):
        (folder / name).mkdir(parents=True)
        (folder / name / "x.so").write_text("")
    then = time.time() - hours_old * 3600
    os.utime(folder, (then, then))
    return folder


@pytest.fixture
def gone_pid() -> int:
    """Of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


def test_what_was_killed_before_it_could_leave_its_mark_is_removed_once_it_is_old(
    tmp_path: Path, gone_pid: int
) -> None:
    own = unpacked(tmp_path, "_MEIown")
    left = killed_early(tmp_path, gone_pid)
    assert remove_orphans(own, own.parent) == 1
    assert not left.exists()


def test_what_a_run_left_that_was_killed_after_its_first_files_is_removed(tmp_path: Path, gone_pid: int) -> None:
    own = killed_early(tmp_path, os.getpid())
    (own / "libcrypto.so.3").write_text("")
    left = killed_early(tmp_path, gone_pid)
    for later in ("nacl", "orjson"):
        shutil.rmtree(left / later)
    (left / "libcrypto.so.3").write_text("")
    two_hours_ago = time.time() - 7200
    os.utime(left, (two_hours_ago, two_hours_ago))
    assert remove_orphans(own, own.parent) == 1
    assert not left.exists()


@pytest.mark.parametrize("texts", [("libcrypto.so.3",), ("dash", "theirs.so"), ()])
def test_another_programs_folder_with_some_of_the_same_files_stays(
    tmp_path: Path, gone_pid: int, texts: tuple[str, ...]
) -> None:
    own = killed_early(tmp_path, os.getpid())
    (own / "libcrypto.so.3").write_text("")
    left = tmp_path / f"_MEI{gone_pid:08x}aB3dE6"
    left.mkdir()
    for name in texts:
        (left / name).write_text("")
    two_hours_ago = time.time() - 7200
    os.utime(left, (two_hours_ago, two_hours_ago))
    assert remove_orphans(own, own.parent) == 0
    assert left.exists()


def test_what_may_still_be_on_its_way_or_is_another_programs_stays(tmp_path: Path, gone_pid: int) -> None:
    own = unpacked(tmp_path, "_MEIown")
    young = killed_early(tmp_path, gone_pid, hours_old=0.5)
    assert remove_orphans(own, own.parent) == 0
    assert young.exists()
    shutil.rmtree(young)
    foreign = killed_early(tmp_path, gone_pid)
    shutil.rmtree(foreign / "orjson")
    then = time.time() - 7200
    os.utime(foreign, (then, then))
    assert remove_orphans(own, own.parent) == 0
    assert foreign.exists()


@pytest.mark.skipif(os.name != "posix", reason="there what runs keeps its folder")
def test_what_a_living_process_unpacked_stays_however_old_it_is(tmp_path: Path) -> None:
    own = unpacked(tmp_path, "_MEIown")
    assert killed_early(tmp_path, os.getpid()).exists()
    assert remove_orphans(own, own.parent) == 0


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    own = unpacked(tmp_path, "_MEIown")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    target = orphan(elsewhere, "data")
    (tmp_path / "_MEIlink").symlink_to(target, target_is_directory=True)
    assert remove_orphans(own, own.parent) == 0
    assert target.exists()


def test_the_own_folder_stays_even_when_marked(tmp_path: Path) -> None:
    own = unpacked(tmp_path, "_MEIown")
    mark(own).release()
    assert remove_orphans(own, own.parent) == 0
    assert own.exists()


def test_a_start_from_source_has_no_folder_of_its_own() -> None:
    assert own_folder() is None


def test_two_runs_that_find_the_same_folder_both_go_on(tmp_path: Path) -> None:
    own = unpacked(tmp_path, "_MEIown")
    for number in range(20):
        orphan(tmp_path, f"_MEI{number}")
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(remove_orphans(own, tmp_path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # On Windows nobody can take away a folder in which another looks at the mark: the next start has what is left.
    rest = remove_orphans(own, tmp_path)
    assert os.name == "nt" or (sum(counts), rest) == (20, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["_MEIown"]


def test_what_a_run_that_was_killed_while_removing_left_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphan(tmp_path, "_MEIold")
    for name in ("a", "b", "c"):
        unpacked(tmp_path / "_MEIold", name)
    removed: list[object] = []

    def killed_after_two(folder: object) -> None:
        if len(removed) == 2:
            raise KeyboardInterrupt
        removed.append(folder)
        shutil.rmtree(str(folder))

    monkeypatch.setattr("store.files.shutil", SimpleNamespace(rmtree=killed_after_two))
    with pytest.raises(KeyboardInterrupt):
        remove_orphans(temporary=tmp_path)
    monkeypatch.undo()
    (rest,) = tmp_path.iterdir()
    assert len(list(rest.iterdir())) == 3
    assert remove_orphans(temporary=tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_marks_its_folder_while_others_look_has_it_and_keeps_it(tmp_path: Path) -> None:
    """Whoever looks holds the mark for a moment; a run that gave up then lost its folder while it started."""
    own = unpacked(tmp_path, "_MEIown")
    looker = threading.Timer(0.1, mark(own).release)
    looker.start()
    result = mark_own(own)
    looker.join()
    assert remove_orphans(temporary=tmp_path) == 0
    assert (own / "lib" / "x.so").exists()
    result.release()


def test_who_ends_just_now_takes_its_own_folder_away(tmp_path: Path) -> None:
    ending = orphan(tmp_path, "_MEIending")
    leaving = threading.Timer(0.05, shutil.rmtree, (ending,))
    leaving.start()
    assert remove_orphans(temporary=tmp_path, grace_seconds=0.5) == 0
    leaving.join()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="on Windows a folder in use cannot be moved")
def test_a_folder_whose_process_is_still_there_is_left_to_it(tmp_path: Path) -> None:
    """On a busy machine it ends long after its mark is gone, and said on its error output that the folder was."""
    own = unpacked(tmp_path, "_MEIown")
    ending = orphan(tmp_path, f"_MEI{os.getpid():08x}aB3dE6")
    assert remove_orphans(own, tmp_path) == 0
    assert ending.is_dir()


def test_a_copy_of_a_database_that_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    gone, used, foreign = (tmp_path / f"burndown-{name}" for name in ("gone", "used", "foreign"))
    for folder in (gone, used, foreign):
        folder.mkdir()
        (folder / "burndown.db").write_bytes(b"x")
    mark(gone).release()
    result = mark(used)
    assert remove_orphans(temporary=tmp_path) == 1
    assert (gone.exists(), used.exists(), foreign.exists()) == (False, True, True)
    result.release()
