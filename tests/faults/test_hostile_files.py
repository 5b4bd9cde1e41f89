"""Hostile files through the executable, each as a user would hand it over: read, or refused in words, and quickly.

`--soak` tries 2,000 of them; `BURNDOWN_FUZZED=FIRST-LAST` these seeds.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.hostile import Attempt, attempt
from tests.running import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="asks what a child took")]
_PROGRAM = ROOT / "dist" / "burndown"
_SECONDS, _MEGABYTES = 20.0, 300.0
# A folder is used for so many attempts, so that they meet what the ones before left.
_BATCH = 25


# Runs a command from a small process: a child begins with the most memory that its parent ever had. What the
# executable of one file takes in its child counts, since that is waited for; far too late it is killed.
_MEASURED = """
import json, os, signal, subprocess, sys, threading
with open(sys.argv[2], "wb") as out, open(sys.argv[3], "wb") as err:
    child = subprocess.Popen(
        sys.argv[4:], stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
    )
    guard = threading.Timer(float(sys.argv[1]), os.killpg, (child.pid, signal.SIGKILL))
    guard.start()
    _, status, used = os.wait4(child.pid, 0)
    guard.cancel()
child.returncode = os.waitstatus_to_exitcode(status)
print(json.dumps([child.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3]))
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, what it said, how long it took the processor (others may be busy on the same
    machine) and the most memory it had."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Machine:
    """An otherwise empty place: a data folder, a temporary folder, and one for what is handed over."""

    program: Sequence[str]
    place: Path

    @property
    def profiles(self) -> Path:
        return self.place / "data" / "profiles"

    def run(self, tried: Attempt) -> Ended:
        files = self.place / "given"
        for name, content in tried.files.items():
            (files / name).parent.mkdir(parents=True, exist_ok=True)
            (files / name).write_bytes(content)
        ended = self.command(*(part.replace("{}", str(files)) for part in tried.command))
        shutil.rmtree(files)
        return ended

    def command(self, *words: str) -> Ended:
        temp = self.place / "temp"
        temp.mkdir(exist_ok=True)
        ended = self._ended([*self.program, *words, "--json", "--profiles", str(self.profiles)], temp)
        left = list(temp.iterdir())
        assert left == [], f"left in the temporary folder: {left}"
        return ended

    def _ended(self, command: Sequence[str], temp: Path) -> Ended:
        out, err = self.place / "out", self.place / "err"
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _MEASURED, str(6 * _SECONDS), str(out), str(err), *command],
            cwd=self.place,
            env={**os.environ, "TMPDIR": str(temp), "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        )
        code, seconds, megabytes = json.loads(done.stdout)
        return Ended(code, _text(out), _text(err), seconds, megabytes)

    def content(self) -> tuple[object, ...]:
        """What is in the database, as far as a command that was refused must not change it."""
        database = self.profiles / "burndown.db"
        if not database.exists():
            return ()
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            tables = ("profiles", "queries", "issues", "issue_changes", "weeks", "sprints", "milestones", "undoable")
            counts = (connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
            return (*counts, connection.execute("SELECT total(revision) FROM queries").fetchone())


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "replace")


def problems(ended: Ended) -> Iterator[str]:
    if ended.code not in (0, 3):
        yield f"ended with {ended.code}"
    if "Traceback" in ended.out + ended.err:
        yield "a traceback"
    if "Something unexpected" in ended.out + ended.err:
        yield "unexpected"
    if ended.seconds > _SECONDS:
        yield f"took {ended.seconds:.1f} s"
    if ended.megabytes > _MEGABYTES:
        yield f"took {ended.megabytes:.0f} MB"
    try:
        document = json.loads(ended.out)
    except ValueError:
        yield "no JSON"
        return
    if ended.code == 3 and len(str(document.get("error", "")).split()) < 4:
        yield "refused without a word"


@pytest.fixture(scope="module")
def executable() -> Sequence[str]:
    if not os.access(_PROGRAM, os.X_OK):
        pytest.skip("the executable is not built")
    return (str(_PROGRAM),)


def seeds(soak: bool) -> range:
    first, _, last = os.environ.get("BURNDOWN_FUZZED", "").partition("-")
    return range(int(first), int(last)) if last else range(2_000 if soak else 12)


@pytest.mark.e2e
def test_a_hostile_file_is_taken_in_or_refused_in_words_quickly_and_in_little_memory(
    executable: Sequence[str], quick_folder: Path, soak: bool
) -> None:
    wrong = []
    for number, seed in enumerate(seeds(soak)):
        if number % _BATCH == 0:
            place = quick_folder / str(number)
            place.mkdir()
            machine = Machine(executable, place)
        wrong += [f"{seed}: {each}" for each in tried(machine, attempt(seed))]
    assert wrong == []


def tried(machine: Machine, each: Attempt) -> list[str]:
    before = machine.content()
    ended = machine.run(each)
    wrong = [f"{each.name}: {problem}" for problem in problems(ended)]
    if ended.code == 3 and machine.content() != before:
        wrong.append(f"{each.name}: refused, but something was changed")
    for words in each.then if ended.code == 0 else ():
        wrong += [f"{each.name}, then {' '.join(words)}: {problem}" for problem in problems(machine.command(*words))]
    names = {path.name for path in machine.place.iterdir()} - {"data", "temp", "out", "err"}
    if names or [path.name for path in (machine.place / "data").glob("*")] not in ([], ["profiles"]):
        wrong.append(f"{each.name}: written outside the data folder")
    return wrong
