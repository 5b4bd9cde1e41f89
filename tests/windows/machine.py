"""Starting programs of Windows, on Windows or under Wine, and looking at what they leave."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from store.opening import open_store

WINDOWS = os.name == "nt"
ROOT = Path(__file__).parents[2]
# Under Wine, on a machine that is busy with other things, a start takes up to a minute.
SECONDS = 60.0 if WINDOWS else 300.0
_DRIVE = "R:" if WINDOWS else "E:"


@dataclass(frozen=True, slots=True)
class Machine:
    """`built` holds burndown.exe and burndown-folder; `python` is a Python for Windows."""

    built: Path
    python: Path

    @property
    def starter(self) -> tuple[str, ...]:
        return () if WINDOWS else ("wine",)

    def path(self, path: Path) -> str:
        """As Windows calls it."""
        return str(path) if WINDOWS else "Z:" + str(path).replace("/", "\\")

    def temporary(self) -> Path:
        """Where the single executable unpacks itself."""
        folder = self.ask_python("import tempfile; print(tempfile.gettempdir())")
        if WINDOWS:
            return Path(folder)
        return Path(os.environ["WINEPREFIX"], "drive_c", *folder.split("\\")[1:])

    @contextlib.contextmanager
    def drive(self) -> Iterator[Path]:
        """A folder that is a drive of its own as well."""
        stick = Path(os.environ.get("BURNDOWN_WINDOWS_STICK") or self.built.parent / "stick")
        stick.mkdir(exist_ok=True)
        if WINDOWS:
            subprocess.run(["subst", _DRIVE, str(stick)], check=True)
        yield stick
        if WINDOWS:
            subprocess.run(["subst", _DRIVE, "/D"], check=True)

    def run_python(self, code: str, *arguments: str) -> subprocess.Popen[str]:
        """A program of its own, with the same system to talk to."""
        command = [*self.starter, str(self.python), "-X", "utf8", "-c", code, *arguments]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def ask_python(self, code: str, *arguments: str) -> str:
        """What that program printed."""
        with self.run_python(code, *arguments) as running:
            out, problem = running.communicate(timeout=SECONDS)
        assert running.returncode == 0, problem
        return out.strip()


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class App:
    """One that serves. `url` logs a browser in once."""

    process: subprocess.Popen[str]
    url: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def wait(self) -> int:
        return self.process.wait(timeout=SECONDS)

    def kill_visible(self) -> None:
        """End the process that was started, without a chance to do anything about it."""
        self.process.kill()
        self.process.wait(timeout=SECONDS)


@dataclass(slots=True)
class Spot:
    """A folder with the executable in it."""

    machine: Machine
    folder: Path
    on_drive: bool = False
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def profiles(self) -> Path:
        return self.folder / "profiles"

    @property
    def program(self) -> str:
        if self.on_drive:
            return f"{_DRIVE}\\{self.folder.name}\\burndown.exe"
        return str(self.folder / "burndown.exe")

    def call(self, *arguments: str, **environment: str) -> Done:
        done = subprocess.run(
            [*self.machine.starter, self.program, *arguments], env=os.environ | environment, stdin=subprocess.DEVNULL,
            capture_output=True, check=False, timeout=SECONDS,
        )  # fmt: skip
        return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    def ask(self, *arguments: str, **environment: str) -> Any:
        """A command's JSON."""
        done = self.call(*arguments, "--json", **environment)
        assert done.code == 0, done
        return json.loads(done.out)

    def start(self, *arguments: str, **environment: str) -> App:
        """The app without a browser of its own; returns as soon as it listens."""
        command = [
            *self.machine.starter,
            self.program,
            "serve",
            "--no-browser",
            "--print-url",
            "--port",
            "0",
            *arguments,
        ]
        process = subprocess.Popen(
            command, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, encoding="utf-8", start_new_session=not WINDOWS,
        )  # fmt: skip
        self.started.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "it says no address"
        return App(process, json.loads(line)["url"])

    def stop_all(self) -> None:
        for process in self.started:
            if process.poll() is None:
                _kill_all(process)
            assert process.stdout is not None
            process.stdout.close()

    def stays_without_a_page(self) -> None:
        """It would leave by itself a minute after its last page, and a slow test would take that for something else."""
        opened = open_store(self.profiles, mode="write")
        opened.backend.set_state("exit_when_idle", "off")
        opened.backend.close()

    def is_clean(self) -> bool:
        """Whether nothing of a run is left in the data folder, and its last backup is made."""
        names = {path.name for path in self.profiles.iterdir()}
        return not names & {"burndown.db-wal", "burndown.db-shm", "burndown.lock", "burndown.instance.json"}

    def backups(self) -> set[str]:
        return {path.name for path in self.profiles.glob("backups/*.db")}


def _kill_all(process: subprocess.Popen[str]) -> None:
    """The single executable is two processes."""
    if WINDOWS:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=SECONDS)


def from_sources(folder: Path, *arguments: str) -> Any:
    """The JSON of the same command on this machine, without the executable."""
    command = [sys.executable, str(ROOT / "launcher.py"), *arguments, "--profiles", str(folder), "--json"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def wait_until(holds: Any, seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def copied(source: Path, target: Path) -> Path:
    """A copy that may be changed, of a folder that may not."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target
