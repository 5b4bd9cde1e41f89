"""The clock jumps: a day back, ten years ahead and back again, an hour at the change to summer time."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from store.opening import open_store
from store.sqlite import backup
from tests.faults.scenarios import NOW, STEPS, check_steps, reached, some_steps, step

_BERLIN = ZoneInfo("Europe/Berlin")


def run(folder: Path, now: datetime) -> Path:
    """A whole run of the app at that time: open, one step, the snapshot at exit."""
    opened = open_store(folder, mode="serve", clock=lambda: now)
    try:
        step(opened.backend, reached(opened.backend) + 1)
        snapshot = backup.at_exit(opened.backend, folder, clock=lambda: now)
    finally:
        opened.backend.close()
    assert snapshot is not None
    return snapshot.file


@pytest.mark.parametrize(
    "jumps",
    [
        [timedelta(0), timedelta(days=-1), timedelta(hours=-23)],
        [timedelta(0), timedelta(days=3652), timedelta(days=3653), timedelta(hours=1), timedelta(hours=2)],
        [timedelta(0), timedelta(days=-20_000), timedelta(hours=1)],
    ],
    ids=["a day back", "ten years ahead and back", "to a dead battery and back"],
)
def test_after_any_jump_each_run_keeps_its_own_snapshot(tmp_path: Path, jumps: list[timedelta]) -> None:
    folder = tmp_path / "profiles"
    some_steps(folder)
    for number, jump in enumerate(jumps, start=1):
        file = run(folder, NOW + jump)
        assert file.exists(), "thinned away at once"
        check_steps_in(file, STEPS + number, tmp_path / f"restored {number}")
    check_steps(folder, STEPS + len(jumps))


def check_steps_in(snapshot: Path, number: int, place: Path) -> None:
    place.mkdir()
    (place / "burndown.db").write_bytes(snapshot.read_bytes())
    with closing(open_store(place, mode="read").backend) as backend:
        assert reached(backend) == number


def test_an_hour_that_comes_twice_gives_snapshots_in_order(tmp_path: Path) -> None:
    """At the end of summer time 02:30 comes twice; snapshots are named in UTC, where it does not."""
    folder = tmp_path / "profiles"
    some_steps(folder)
    first = run(folder, datetime(2026, 10, 25, 2, 30, tzinfo=_BERLIN))
    second = run(folder, datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=_BERLIN))
    assert [snapshot.file for snapshot in backup.snapshots(folder)][:2] == [second, first]
    assert first.name == "burndown-20261025T003000Z-exit.db"
    assert second.name == "burndown-20261025T013000Z-exit.db"


def test_a_jump_ahead_and_back_in_one_run_loses_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    some_steps(folder)
    times = iter([NOW, datetime(2036, 1, 1, tzinfo=UTC), datetime(1980, 1, 1, tzinfo=UTC)])
    opened = open_store(folder, mode="serve", clock=lambda: next(times, NOW))
    step(opened.backend, reached(opened.backend) + 1)
    opened.backend.close()
    check_steps(folder, STEPS + 1)
