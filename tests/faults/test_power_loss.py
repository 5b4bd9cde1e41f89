"""The power goes: what was synced is on the disk, of the rest any sector may or may not be.

Everything written in some runs of the store is recorded, then a thousand moments are chosen, the disk as it may
have been found after each is built, and the next start has to make sense of it.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.recorded import RUNS
from tests.faults.scenarios import STEPS, check_first, check_steps

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[2]
_HEAD = struct.Struct("<cHqI")


@dataclass(frozen=True)
class Operation:
    """`kind`: Write, Truncate, Sync, Rename (`data` is the new name), Unlink, Acknowledged (`offset` is the step)."""

    kind: str
    path: str
    offset: int
    data: bytes


def operations(log: bytes) -> Iterator[Operation]:
    at = 0
    while at < len(log):
        kind, path_length, offset, length = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        path = log[at : at + path_length].decode()
        yield Operation(kind.decode(), path, offset, log[at + path_length : at + path_length + length])
        at += path_length + length


@dataclass
class File:
    """What is surely on the disk, and what may be."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[Operation] = field(default_factory=list)

    def sync(self) -> None:
        for operation in self.pending:
            _apply(self.durable, operation)
        self.pending.clear()

    def after_crash(self, rng: random.Random) -> bytes:
        """Sectors of unsynced writes are kept or lost by chance; also when none of them, or all of them, are."""
        content = bytearray(self.durable)
        kept, sector = rng.choice([0.0, 0.5, 0.9, 1.0]), rng.choice([512, 4096])
        for operation in self.pending:
            for piece in _pieces(operation, sector):
                if rng.random() < kept:
                    _apply(content, piece)
        return bytes(content)


def _pieces(operation: Operation, sector: int) -> Iterator[Operation]:
    if operation.kind == "T":
        yield operation
        return
    end = operation.offset + len(operation.data)
    for start in range(operation.offset - operation.offset % sector, end, sector):
        first, last = max(start, operation.offset), min(start + sector, end)
        data = operation.data[first - operation.offset : last - operation.offset]
        yield Operation("W", operation.path, first, data)


def _apply(content: bytearray, operation: Operation) -> None:
    if operation.kind == "T":
        del content[operation.offset :]
        content.extend(bytes(operation.offset - len(content)))
        return
    content.extend(bytes(max(0, operation.offset - len(content))))
    content[operation.offset : operation.offset + len(operation.data)] = operation.data


class Disk:
    """Names are as durable as files: a folder's changes are, in their order, once the folder is synced."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self.names: dict[str, File] = {}
        self._durable: dict[str, File] = {}
        self._renamed: list[dict[str, File | None]] = []
        self.acknowledged = 0

    def do(self, operation: Operation) -> None:
        match operation.kind:
            case "A":
                self.acknowledged = operation.offset
            case "S":
                self._sync(operation.path)
            case "R":
                target = operation.data.decode()
                file = self.names.pop(operation.path, File())
                self.names[target] = file
                self._renamed.append({target: file, operation.path: None})
            case "U":
                self.names.pop(operation.path, None)
                self._renamed.append({operation.path: None})
            case _:
                self._file(operation.path).pending.append(operation)

    def _file(self, path: str) -> File:
        if path not in self.names:
            self.names[path] = File()
            self._renamed.append({path: self.names[path]})
        return self.names[path]

    def _sync(self, path: str) -> None:
        if path in self.names:
            self.names[path].sync()
            # A synced file has its name, also when the folder was not synced: journalling file systems see to it.
            self._durable[path] = self.names[path]
            return
        here = [change for change in self._renamed if any(str(Path(name).parent) == path for name in change)]
        for change in here:
            _rename(self._durable, change)
            self._renamed.remove(change)

    def crash(self, rng: random.Random, into: Path) -> None:
        names = dict(self._durable)
        for change in self._renamed[: rng.randint(0, len(self._renamed))]:
            _rename(names, change)
        for path, file in names.items():
            place = into / Path(path).relative_to(self._folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.after_crash(rng))


def _rename(names: dict[str, File], change: dict[str, File | None]) -> None:
    for name, file in change.items():
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


def recording(shim: Path, folder: Path, scenario: str = "edits") -> tuple[Path, list[Operation]]:
    place, log = folder / "profiles", folder / "log"
    subprocess.run(
        [sys.executable, "-m", "tests.faults.recorded", str(place), str(log), scenario],
        cwd=REPOSITORY,
        env={**os.environ, "LD_PRELOAD": str(shim)},
        check=True,
    )
    return place, list(operations(log.read_bytes()))


def test_the_disk_of_the_replay_is_the_real_one_when_all_is_kept(shim: Path, quick_folder: Path) -> None:
    """The recorder misses nothing: replayed to the end, each file is byte for byte what the real disk holds."""
    place, done = recording(shim, quick_folder)
    disk = Disk(place)
    for operation in done:
        disk.do(operation)
    assert disk.acknowledged == RUNS * STEPS
    real = {str(file): file.read_bytes() for file in place.rglob("*") if file.is_file()}
    for file in disk.names.values():
        file.sync()
    assert {path: bytes(file.durable) for path, file in disk.names.items() if Path(path).exists()} == real


def test_a_power_loss_at_any_of_a_thousand_moments_loses_no_acknowledged_step(
    shim: Path, quick_folder: Path, soak: bool
) -> None:
    place, done = recording(shim, quick_folder)
    rng = random.Random(2026)
    moments = sorted(rng.choices(range(1, len(done) + 1), k=10_000 if soak else 1_000))
    for disk, after_it in _crashes(place, done, moments, rng, quick_folder / "found" / "profiles"):
        check_steps(after_it, disk.acknowledged)


def test_a_power_loss_while_a_folder_is_filled_for_the_first_time_leaves_all_or_nothing(
    shim: Path, quick_folder: Path, soak: bool
) -> None:
    place, done = recording(shim, quick_folder, "first")
    moments = sorted([*range(1, len(done) + 1), *[len(done)] * 5] * (10 if soak else 2))
    for disk, after_it in _crashes(place, done, moments, random.Random(2026), quick_folder / "found" / "profiles"):
        check_first(after_it, disk.acknowledged)


def _crashes(
    place: Path, done: Sequence[Operation], moments: Sequence[int], rng: random.Random, place_after: Path
) -> Iterator[tuple[Disk, Path]]:
    """The disk at each of these moments, and what the next start would find on it; gone afterwards."""
    disk, at = Disk(place), 0
    for moment in moments:
        for operation in done[at:moment]:
            disk.do(operation)
        at = moment
        place_after.mkdir(parents=True)
        disk.crash(rng, place_after)
        yield disk, place_after
        shutil.rmtree(place_after.parent)
