"""A real small disk that is full: at every amount of room left, and with room made afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import NotWritable
from store.sqlite.backend import SQLiteBackend
from tests.faults.scenarios import STEPS, check_steps, edits, some_steps
from tests.faults.small_disk import SIZE, fill

_PAGE = 4096


@pytest.mark.slow
def test_with_any_amount_of_room_left_the_work_is_done_or_refused_in_words(small_disk: Path) -> None:
    """From no room at all, page by page, until the work fits."""
    folder = small_disk / "profiles"
    some_steps(folder)
    refusals: set[str] = set()
    acknowledged = [STEPS]
    left, refused, done_in_a_row = 0, 0, 0
    while done_in_a_row < 3:
        filler = fill(small_disk, left)
        done = 0
        try:
            edits(folder, acknowledged.append)
            done = done_in_a_row + 1
        except NotWritable as exc:
            refusals.add(str(exc))
            refused += 1
        filler.unlink()
        acknowledged.append(check_steps(folder, max(acknowledged)))
        done_in_a_row = done
        left += 4 * _PAGE
        assert left < SIZE, refusals
    assert refused > 3
    assert any("The disk is full. Nothing was changed; make room and try again." in text for text in refusals), refusals


def test_a_start_on_a_full_disk_says_that_it_is_full(small_disk: Path) -> None:
    folder = small_disk / "profiles"
    some_steps(folder)
    filler = fill(small_disk, 0)
    with pytest.raises(NotWritable, match="The disk is full"):
        SQLiteBackend(folder / "burndown.db")
    filler.unlink()
    assert check_steps(folder, STEPS) == STEPS + 1
