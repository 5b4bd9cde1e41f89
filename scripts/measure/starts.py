"""The start of both forms, warm and from a slow medium, against programs that do nothing."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median

from scripts.measure.data import ROOT
from scripts.measure.rows import Row, seconds

EXECUTABLE = ROOT / "dist" / ("burndown.exe" if os.name == "nt" else "burndown")
FOLDER_FORM = ROOT / "build" / "out" / "burndown-folder" / EXECUTABLE.name
_REPEATS = 5
_SLOW_BYTES = 30_000_000  # a second: a stick of the better kind
_THROTTLE = Path("/sys/fs/cgroup/blkio")


@dataclass(frozen=True, slots=True)
class Started:
    """A running app; times in seconds since exec."""

    url: str
    listening: float
    began: float
    process: subprocess.Popen[str]


def running(profiles: Path, program: Path = EXECUTABLE) -> contextlib.AbstractContextManager[Started]:
    """The program serving this folder; ended with SIGTERM if it still runs."""
    return running_as([str(program), "--no-browser", "--print-url", "--port", "0", "--profiles", str(profiles)])


@contextlib.contextmanager
def running_as(command: Sequence[str]) -> Iterator[Started]:
    """A program that says its address in a line of JSON."""
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


def start() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as scratch:
        empty = _empty_program(Path(scratch))
        dash = seconds(lambda: subprocess.run([sys.executable, "-c", "import dash"], check=True), _REPEATS)
        nothing = _timed(empty)
        listening, answer, ready, end = _starts(EXECUTABLE)
        yield Row("start", "exec to socket listening, against an empty one-file program", listening, "s", nothing)
        yield Row("start", "exec to starting page, against an empty one-file program", answer, "s", nothing, limit=1.3)
        yield Row("start", "exec to the app's own page, against import dash", ready, "s", dash, limit=2.5)
        yield Row("start", "asked to stop to ended", end, "s", limit=2)
        if FOLDER_FORM.exists():
            _, answer, ready, _ = _starts(FOLDER_FORM)
            yield Row("start", "folder form: the same to the starting page", answer, "s", nothing, limit=1.3)
            yield Row("start", "folder form: the same to the app's own page", ready, "s", dash, limit=1.8)
        yield from _cold(empty)


def _cold(empty: Path) -> Iterator[Row]:
    """From a medium of 30 MB/s; nothing where the system cannot slow one down."""
    with _slowed(empty) as slow:
        if not slow:
            return
        nothing = median(_timed(empty, cold=True) for _ in range(3))
        measured = [_one_start(EXECUTABLE, cold=True) for _ in range(3)]
        answer, ready = (median(values) for values in list(zip(*measured, strict=True))[1:3])
    yield Row("start", "cold, 30 MB/s: exec to starting page, against the empty one", answer, "s", nothing, limit=1.3)
    yield Row("start", "cold, 30 MB/s: exec to the app's own page, against the empty one", ready, "s", nothing)


def _empty_program(scratch: Path) -> Path:
    """One file, as PyInstaller makes it of a program that does nothing."""
    script = scratch / "empty.py"
    script.write_text("pass\n", encoding="utf-8")
    python = ROOT / "build" / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    options = ["--onefile", "--log-level", "ERROR", "--distpath", scratch, "--workpath", scratch / "work"]
    command = [python, "-m", "PyInstaller", *options, "--specpath", scratch, script]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    return scratch / EXECUTABLE.with_stem("empty").name


def _timed(program: Path, *, cold: bool = False) -> float:
    if cold:
        _forget(program)
        return seconds(lambda: subprocess.run([program], check=True), 1)
    return seconds(lambda: subprocess.run([program], check=True), _REPEATS)


def _starts(program: Path) -> tuple[float, ...]:
    measured = [_one_start(program) for _ in range(_REPEATS)]
    return tuple(min(values) for values in zip(*measured, strict=True))


def _one_start(program: Path, *, cold: bool = False) -> tuple[float, float, float, float]:
    """Seconds to listening, to the starting page, to the app's own page, and from the wish to stop to the end."""
    if cold:
        _forget(program)
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), program) as app:
        page = opener.open(app.url).read()
        answer = time.perf_counter() - app.began
        while b"dash-renderer" not in page:
            time.sleep(0.02)
            page = opener.open(app.url.partition("?")[0]).read()
        ready = time.perf_counter() - app.began
        quit_at = time.perf_counter()
        app.process.terminate()
        app.process.wait(timeout=60)
        return app.listening, answer, ready, time.perf_counter() - quit_at


def _forget(program: Path) -> None:
    """Take the file out of the system's memory, so that it is read from the medium."""
    with program.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextlib.contextmanager
def _slowed(on: Path) -> Iterator[bool]:
    """Within, this process and its children read from that medium at 30 MB/s; whether that can be done here."""
    group = _THROTTLE / "burndown-bench"
    try:
        group.mkdir(exist_ok=True)
        device = on.stat().st_dev
        limit = f"{os.major(device)}:{os.minor(device)} {_SLOW_BYTES}"
        (group / "blkio.throttle.read_bps_device").write_text(limit)
        (group / "tasks").write_text(str(os.getpid()))
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        (_THROTTLE / "tasks").write_text(str(os.getpid()))
        with contextlib.suppress(OSError):
            group.rmdir()
