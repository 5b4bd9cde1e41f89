"""The executable: its size, and what an import costs."""

from __future__ import annotations

import contextlib
import csv
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.measure.data import big_export
from scripts.measure.rows import Row, seconds
from scripts.measure.starts import EXECUTABLE

_REPEATS = 5


def size() -> Iterator[Row]:
    yield Row("size", "executable", EXECUTABLE.stat().st_size / 1e6, "MB", limit=17 if os.name == "nt" else 20)
    for archive in sorted(EXECUTABLE.parent.glob("burndown-*.zip")):
        yield Row("size", archive.name, archive.stat().st_size / 1e6, "MB")


def imports() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        export = big_export(Path(folder))
        floor = seconds(lambda: _read(export))
        empty = seconds(lambda: subprocess.run([EXECUTABLE, "--version"], check=True, stdout=subprocess.DEVNULL))
        folders = (Path(folder) / f"profiles-{number}" for number in range(_REPEATS))
        elapsed = seconds(lambda: import_export(export, next(folders)), _REPEATS) - empty
        yield Row("import", "Jira export of 22,000 issues, against csv.reader", elapsed, "s", floor, limit=15)
        again = seconds(lambda: import_export(export, Path(folder) / "profiles-0"), 1) - empty
        yield Row("import", "the same again, nothing new, against csv.reader", again, "s", floor)
        peak = _most_memory(_import_command(export, Path(folder) / "profiles-peak"))
        if peak:
            yield Row("import", "most memory of the first", peak, "MB")


def import_export(export: Path, profiles: Path) -> None:
    subprocess.run(_import_command(export, profiles), check=True, stdout=subprocess.DEVNULL)


def _import_command(export: Path, profiles: Path) -> list[str | Path]:
    options: list[str | Path] = ["--profile", "Bench", "--query", "All", "--profiles", profiles, "--json"]
    return [EXECUTABLE, "import", export, *options]


def _most_memory(command: list[str | Path]) -> float:
    """MB that the program had at most, by looking at it and its children again and again; 0 where that cannot be."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most = 0.0
    while process.poll() is None:
        for status in Path("/proc").glob("[0-9]*/status"):
            with contextlib.suppress(OSError):
                status_of = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
                if str(process.pid) in (status_of["Pid"].strip(), status_of["PPid"].strip()) and "VmHWM" in status_of:
                    most = max(most, int(status_of["VmHWM"].split()[0]) / 1000)
        time.sleep(0.02)
    return most


def _read(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass
