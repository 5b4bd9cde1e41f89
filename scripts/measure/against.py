"""The rows of an earlier commit beside the present ones, run in turn by one Python: what became dearer or cheaper."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[2]
_ROUNDS = 3
# These measure the executable; the others run from the sources.
_OF_THE_EXECUTABLE = frozenset({"size", "start", "import", "page", "use"})
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of both. `old` and `new`: a value of each round, in `unit`."""

    part: str
    name: str
    unit: str
    old: tuple[float, ...]
    new: tuple[float, ...]

    @property
    def ratio(self) -> float | None:
        """Of the medians of the pairs that were measured one after the other; below 1 it is cheaper now. None where the
        earlier one was nothing."""
        ratios = [new / old for old, new in zip(self.old, self.new, strict=True) if old]
        return median(ratios) if ratios else None

    def line(self) -> str:
        least = f"{min(self.old):9.3f} {min(self.new):9.3f}"
        ratio = "" if self.ratio is None else f" {self.ratio:6.2f} x"
        return f"{self.part:7} {self.name:62} {least} {self.unit:3}{ratio}"


def against(commit: str, parts: Sequence[str], rounds: int = _ROUNDS) -> Iterator[Compared]:
    """Raises CalledProcessError where the commit is not known or one of the two cannot be measured."""
    there = _sources_of(commit)
    if _OF_THE_EXECUTABLE.intersection(parts) and not (there / "dist" / _executable()).exists():
        subprocess.run([sys.executable, "scripts/build.py"], cwd=there, check=True, stdout=sys.stderr)
    for part in parts:
        measured = [(_rows(there, part), _rows(ROOT, part)) for _ in range(rounds)]
        yield from compared([old for old, _ in measured], [new for _, new in measured])


def compared(old: Sequence[Iterable[Row]], new: Sequence[Iterable[Row]]) -> list[Compared]:
    """The rows that all rounds of both have, in the order of the present one."""
    before, now = ([{(row["part"], row["name"]): row for row in rows} for rows in rounds] for rounds in (old, new))
    known = [place for place in now[0] if all(place in rows for rows in (*before, *now))]
    return [
        Compared(
            *place,
            str(now[0][place]["unit"]),
            tuple(float(rows[place]["value"]) for rows in before),
            tuple(float(rows[place]["value"]) for rows in now),
        )
        for place in known
    ]


def _sources_of(commit: str) -> Path:
    """Its files, kept for the next time."""
    named = ["git", "rev-parse", "--verify", f"{commit}^{{commit}}"]
    full = subprocess.run(named, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    folder = ROOT / "build" / "against" / full
    if not folder.exists():
        packed = subprocess.run(["git", "archive", full], cwd=ROOT, check=True, capture_output=True).stdout
        folder.mkdir(parents=True)
        subprocess.run(["tar", "-x", "-C", str(folder)], input=packed, check=True)
    _with_the_same_data(folder.parent)
    return folder


def _with_the_same_data(beside: Path) -> None:
    """Sources look for real data in a folder beside them, and make up their own where there is none."""
    real, link = ROOT.parent / "shared", beside / "shared"
    if real.exists() and not link.exists():
        link.symlink_to(real, target_is_directory=True)


def _rows(folder: Path, part: str) -> list[Row]:
    command = [sys.executable, "-m", "scripts.measure", "--json", part]
    # A limit that is not kept ends with 1, and is told by the rows themselves.
    ended = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if not ended.stdout.startswith("{"):
        raise subprocess.CalledProcessError(ended.returncode, command, ended.stdout, ended.stderr)
    rows: list[Row] = json.loads(ended.stdout)["rows"]
    return rows


def _executable() -> str:
    return "burndown.exe" if os.name == "nt" else "burndown"
