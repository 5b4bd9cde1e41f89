"""The program seen from outside: what it is, where it lies, whether all is in order, what it logged and sent."""

from __future__ import annotations

import io
import platform
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app import __version__, logs
from app.actions import jira
from app.context import Context
from app.words import N_
from store import files
from store.sqlite import backup
from store.state import OFFLINE
from store.upkeep import SnapshotFile

CHECK_JOB = N_("Checking the data")
# More than fits on some screens, and read in no time from the slowest stick.
_TAIL_BYTES, _TAIL_LINES = 128_000, 200


@dataclass(frozen=True, slots=True)
class Program:
    """`program` is what was started; `log` need not exist, it is made with its first entry."""

    version: str
    python: str
    system: str
    program: Path
    data_folder: Path
    log: Path
    is_read_only: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """`problems` are sentences; none: all is in order."""

    at: datetime
    problems: tuple[str, ...]


def program(ctx: Context) -> Program:
    """Known also where the database cannot be read."""
    return Program(
        version=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}, {platform.machine()}",
        program=Path(sys.executable if getattr(sys, "frozen", False) else sys.argv[0]).absolute(),
        data_folder=ctx.profiles_dir.absolute(),
        log=logs.log_file(ctx.profiles_dir).absolute(),
        is_read_only=ctx.upkeep.read_only,
    )


def check(ctx: Context) -> Checked:
    """Every page and every row is read: long in a large folder, so in the worker."""
    return Checked(ctx.clock(), tuple(backup.check(ctx.profiles_dir)))


def last_backup(ctx: Context) -> SnapshotFile | None:
    """The newest by its clock; each was checked when it was made."""
    return next(iter(backup.snapshots(ctx.profiles_dir)), None)


def work_offline(ctx: Context, is_offline: bool) -> None:
    """From now on nothing goes out, in no thread; what runs and talks to a server is asked to stop.

    It holds until it is switched off, and for every start in this folder. Raises NotWritable.
    """
    ctx.backend.set_state(OFFLINE, "on" if is_offline else None)
    if is_offline:
        for name in jira.JOBS:
            ctx.jobs.cancel(name)


# -- the log --------------------------------------------------------------------------------------------


def log_tail(ctx: Context) -> list[str]:
    """The last lines, the newest last. What is secret was left out when they were written, and is once more."""
    return end_of_log(ctx, _TAIL_BYTES)[-_TAIL_LINES:]


def end_of_log(ctx: Context, size: int) -> list[str]:
    """The whole lines of its last `size` bytes, the newest last; none where it lies behind a link."""
    path = logs.log_file(ctx.profiles_dir)
    if files.is_link(path.parent) or files.is_link(path):
        return []
    try:
        with files.reading_own(path) as stream:
            whole = stream.seek(0, io.SEEK_END)
            stream.seek(max(0, whole - size))
            lines = stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    # The first one may have lost its beginning.
    return [logs.redact(line) for line in (lines[1:] if whole > size else lines)]
