"""The executable: its size, its start and end, and what an import costs."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median

from scripts.measure.data import ROOT, big_export
from scripts.measure.rows import Row, seconds

EXECUTABLE = ROOT / "dist" / ("burndown.exe" if os.name == "nt" else "burndown")
_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Started:
    """A running app; times in seconds since exec."""

    url: str
    listening: float
    began: float
    process: subprocess.Popen[str]


@contextlib.contextmanager
def running(profiles: Path) -> Iterator[Started]:
    """The executable serving this folder; ended with SIGTERM if it still runs."""
    command = [str(EXECUTABLE), "--no-browser", "--print-url", "--port", "0", "--profiles", str(profiles)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    url = json.loads(process.stdout.readline())["url"]
    try:
        yield Started(url, time.perf_counter() - began, began, process)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)


def size() -> Iterator[Row]:
    yield Row("size", "executable", EXECUTABLE.stat().st_size / 1e6, "MB", limit=30)
    for archive in sorted(EXECUTABLE.parent.glob("burndown-*.zip")):
        yield Row("size", archive.name, archive.stat().st_size / 1e6, "MB")


def start() -> Iterator[Row]:
    floor = seconds(lambda: subprocess.run([sys.executable, "-c", "import dash"], check=True), _REPEATS)
    measured = [_one_start() for _ in range(_REPEATS)]
    listening, answer, ready, end = (median(values) for values in zip(*measured, strict=True))
    yield Row("start", "exec to socket listening, against import dash", listening, "s", floor)
    yield Row("start", "exec to first answer, against import dash", answer, "s", floor, limit=2.5)
    yield Row("start", "exec to the app's own page, against import dash", ready, "s", floor)
    yield Row("start", "asked to stop to ended", end, "s", limit=2)


def _one_start() -> tuple[float, float, float, float]:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as app:
        page = opener.open(app.url).read()
        answer = time.perf_counter() - app.began
        while b"dash-renderer" not in page:
            time.sleep(0.02)
            page = opener.open(app.url.partition("?")[0]).read()
        ready = time.perf_counter() - app.began
        asked = time.perf_counter()
        app.process.terminate()
        app.process.wait(timeout=60)
        return app.listening, answer, ready, time.perf_counter() - asked


def imports() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        export = big_export(Path(folder))
        floor = seconds(lambda: _read(export))
        empty = seconds(lambda: subprocess.run([EXECUTABLE, "--version"], check=True, stdout=subprocess.DEVNULL))
        folders = (Path(folder) / f"profiles-{number}" for number in range(_REPEATS))
        taken = seconds(lambda: import_export(export, next(folders)), _REPEATS) - empty
        yield Row("import", "Jira export of 22,000 issues, against csv.reader", taken, "s", floor, limit=15)
        again = seconds(lambda: import_export(export, Path(folder) / "profiles-0"), 1) - empty
        yield Row("import", "the same again, nothing new, against csv.reader", again, "s", floor)
        peak = _most_memory(_import_command(export, Path(folder) / "profiles-peak"))
        if peak:
            yield Row("import", "most memory of the first", peak, "MB")


def import_export(export: Path, profiles: Path) -> None:
    subprocess.run(_import_command(export, profiles), check=True, stdout=subprocess.DEVNULL)


def _import_command(export: Path, profiles: Path) -> list[str | Path]:
    options = ["--profile", "Bench", "--query", "All", "--profiles", profiles, "--json"]
    return [EXECUTABLE, "import", export, *options]


def _most_memory(command: list[str | Path]) -> float:
    """MB that the program had at most, by looking at it and its children again and again; 0 where that cannot be."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most = 0.0
    while process.poll() is None:
        for status in Path("/proc").glob("[0-9]*/status"):
            with contextlib.suppress(OSError):
                said = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
                if str(process.pid) in (said["Pid"].strip(), said["PPid"].strip()) and "VmHWM" in said:
                    most = max(most, int(said["VmHWM"].split()[0]) / 1000)
        time.sleep(0.02)
    return most


def _read(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass
