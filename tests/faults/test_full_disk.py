"""A real small disk that is full: at every amount of room left, and with room made afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.errors import NotWritable
from store.sqlite import SQLiteBackend
from tests.faults.scenarios import STEPS, check_steps, edits, some_steps

_PAGE = 4096
_SIZE = 2 * 1024 * 1024


@pytest.fixture
def small_disk() -> Iterator[Path]:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs Linux and root")
    with tempfile.TemporaryDirectory() as place:
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", place], check=False)
        if made.returncode != 0:
            pytest.skip("this machine does not let us mount")
        try:
            yield Path(place)
        finally:
            subprocess.run(["umount", place], check=True)


def fill(disk: Path, left: int) -> Path:
    """A file that leaves so many bytes free."""
    filler = disk / "filler"
    room = os.statvfs(disk)
    filler.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - left)))
    return filler


@pytest.mark.slow
def test_with_any_amount_of_room_left_the_work_is_done_or_refused_in_words(small_disk: Path) -> None:
    """From no room at all, page by page, until the work fits."""
    folder = small_disk / "profiles"
    some_steps(folder)
    told: set[str] = set()
    acknowledged = [STEPS]
    left, refused, done_in_a_row = 0, 0, 0
    while done_in_a_row < 3:
        filler = fill(small_disk, left)
        done = 0
        try:
            edits(folder, acknowledged.append)
            done = done_in_a_row + 1
        except NotWritable as exc:
            told.add(str(exc))
            refused += 1
        filler.unlink()
        acknowledged.append(check_steps(folder, max(acknowledged)))
        done_in_a_row = done
        left += 4 * _PAGE
        assert left < _SIZE, told
    assert refused > 3
    assert any("The disk is full. Nothing was changed; make room and try again." in text for text in told), told


def test_a_start_on_a_full_disk_says_that_it_is_full(small_disk: Path) -> None:
    folder = small_disk / "profiles"
    some_steps(folder)
    filler = fill(small_disk, 0)
    with pytest.raises(NotWritable, match="The disk is full"):
        SQLiteBackend(folder / "burndown.db")
    filler.unlink()
    assert check_steps(folder, STEPS) == STEPS + 1
