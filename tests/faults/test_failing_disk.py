"""The disk fails at the n-th operation, for every n: an error once, a pulled stick, a full disk, an end in the middle.

Whatever the moment: the user is told in words, the next start works, and every acknowledged step is there.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.scenarios import TINY

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[2]
needs_tiny = pytest.mark.skipif(not TINY.is_dir(), reason="the shared examples are not here")
EVERY_OPERATION = 1
KILLED = 0


@dataclass(frozen=True)
class Round:
    at: int
    ended: str
    problem: str


def failing(shim: Path, folder: Path, scenario: str, *options: str) -> list[Round]:
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.faults.failing", scenario, str(folder), *options],
        cwd=REPOSITORY,
        env={**os.environ, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return [Round(**json.loads(line)) for line in result.stdout.splitlines()]


def assert_nothing_was_lost(rounds: list[Round], at_least: int) -> None:
    bad = [each for each in rounds if each.problem or each.ended in ("unexpected", "vanished")]
    assert not bad, f"{len(bad)} of {len(rounds)}, the first at operation {bad[0].at}: {bad[0].ended}\n{bad[0].problem}"
    assert len(rounds) >= at_least, "the work ended before anything failed"


@pytest.mark.parametrize("scenario", ["edits", "first", "upgrade"])
def test_an_end_at_any_write_loses_nothing(shim: Path, quick_folder: Path, scenario: str) -> None:
    rounds = failing(shim, quick_folder, scenario, "--error", str(KILLED))
    assert_nothing_was_lost(rounds, at_least=50)
    assert {each.ended for each in rounds} == {"killed"}


@pytest.mark.parametrize("scenario", ["edits", "first", "upgrade"])
@pytest.mark.parametrize(
    ("error", "words", "stride"),
    [
        (errno.EIO, "is the stick still there", 2),
        (errno.ENOSPC, "The disk is full. Nothing was changed; make room", 3),
        (errno.EROFS, "Nothing was changed", 3),
    ],
    ids=["stick pulled", "disk full", "read-only"],
)
def test_a_disk_that_fails_from_any_write_on_is_told_and_loses_nothing(
    shim: Path, quick_folder: Path, soak: bool, scenario: str, error: int, words: str, stride: int
) -> None:
    stride = EVERY_OPERATION if soak else stride
    rounds = failing(shim, quick_folder, scenario, "--error", str(error), "--on", "--stride", str(stride))
    assert_nothing_was_lost(rounds, at_least=25)
    assert any(words in each.ended for each in rounds), {each.ended for each in rounds}


@pytest.mark.parametrize("scenario", ["edits", "first", "upgrade"])
def test_one_failed_write_is_told_and_loses_nothing(shim: Path, quick_folder: Path, soak: bool, scenario: str) -> None:
    stride = EVERY_OPERATION if soak else 2
    rounds = failing(shim, quick_folder, scenario, "--error", str(errno.EIO), "--stride", str(stride))
    assert_nothing_was_lost(rounds, at_least=30)


def test_one_failed_read_is_told_and_loses_nothing(shim: Path, quick_folder: Path, soak: bool) -> None:
    stride = EVERY_OPERATION if soak else 3
    rounds = failing(shim, quick_folder, "edits", "--error", str(errno.EIO), "--reads", "--stride", str(stride))
    assert_nothing_was_lost(rounds, at_least=50)


@needs_tiny
@pytest.mark.parametrize(
    ("error", "more"),
    [(KILLED, ()), (errno.EIO, ()), (errno.ENOSPC, ("--on",)), (errno.EROFS, ("--on",))],
    ids=["killed", "one error", "disk full", "read-only"],
)
def test_a_takeover_that_fails_at_any_write_happens_at_the_next_start(
    shim: Path, quick_folder: Path, soak: bool, error: int, more: tuple[str, ...]
) -> None:
    stride = EVERY_OPERATION if soak else 4
    rounds = failing(shim, quick_folder, "takeover", "--error", str(error), "--stride", str(stride), *more)
    assert_nothing_was_lost(rounds, at_least=40)
