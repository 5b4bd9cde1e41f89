"""The program seen from outside: what it is, where it lies, whether all is in order, what it logged and sent.

And one file of all that for whoever helps, without secrets and without a word of anybody's work.
"""

from __future__ import annotations

import io
import json
import platform
import re
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app import __version__, logs
from app.actions import jira
from app.context import Context
from app.words import N_
from store import files
from store.codec import instant_text
from store.sqlite import backup
from store.state import OFFLINE
from store.upkeep import Description, SnapshotFile

CHECK_JOB = N_("Checking the data")
# More than fits on some screens, and read in no time from the slowest stick.
_TAIL_BYTES, _TAIL_LINES = 128_000, 200
_DIAGNOSTIC_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class About:
    """`program` is what was started; `log` need not exist, it is made with its first entry."""

    version: str
    python: str
    system: str
    program: Path
    data_folder: Path
    log: Path
    database: Description
    is_read_only: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """`problems` are sentences; none: all is in order."""

    at: datetime
    problems: tuple[str, ...]


def about(ctx: Context) -> About:
    """Raises Damaged, NewerDatabase."""
    return About(
        version=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}, {platform.machine()}",
        program=Path(sys.executable if getattr(sys, "frozen", False) else sys.argv[0]).absolute(),
        data_folder=ctx.profiles_dir.absolute(),
        log=logs.log_file(ctx.profiles_dir).absolute(),
        database=ctx.upkeep.describe(),
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
    return _end_of_log(ctx, _TAIL_BYTES)[-_TAIL_LINES:]


def _end_of_log(ctx: Context, size: int) -> list[str]:
    path = logs.log_file(ctx.profiles_dir)
    if files.is_link(path.parent) or files.is_link(path):
        return []
    try:
        with path.open("rb") as stream:
            whole = stream.seek(0, io.SEEK_END)
            stream.seek(max(0, whole - size))
            lines = stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    # The first one may have lost its beginning.
    return [logs.redact(line) for line in (lines[1:] if whole > size else lines)]


# -- a file for whoever helps ---------------------------------------------------------------------------


def diagnostics(ctx: Context, checked: Checked) -> bytes:
    """A zip: what is known of program and folder, the check, the requests and the log.

    Neither secrets nor names of projects, lists and people are in it; servers and paths are, the latter without the
    name of the user's home.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _diagnosed(ctx, checked).items():
            files.add_to_zip(archive, name, logs.redact(_without_home(text)))
    return stream.getvalue()


def _diagnosed(ctx: Context, checked: Checked) -> dict[str, str]:
    details = about(ctx)
    facts = {
        **asdict(details),
        "made": instant_text(ctx.clock()),
        "offline": ctx.network.is_offline,
        "counts": asdict(ctx.backend.counts()),
        "work lists": [asdict(ctx.backend.counts(query.ref)) for profile in ctx.backend.list_profiles()
                       for query in ctx.backend.list_queries(profile.id)],
        "jobs": [{"job": task.name, "status": task.status} for task in ctx.backend.list_tasks()],
        "takeovers": len(ctx.backend.list_migrations()),
        "files": _listed(ctx.profiles_dir),
    }  # fmt: skip
    return {
        "about.json": _json(facts),
        "check.txt": "\n".join(checked.problems or ("Everything is in order.",)) + "\n",
        "network.json": _json([asdict(each) for each in ctx.network.sums]),
        "burndown.log": "\n".join(_end_of_log(ctx, _DIAGNOSTIC_BYTES)) + "\n",
    }


# What this program names: a stamp and a reason at most. How anything else is called may be a word of somebody's work.
_OWN_NAME = re.compile(
    r"burndown(?:\.[a-z.]+|-\d{8}T\d{6}Z(?:-[a-z0-9-]+)?\.db)(?:-wal|-shm|-journal)?"
    r"|backups|legacy|logs|set-aside|README\.txt|secrets\.json|team\.json|jira-ca-[0-9a-f]+\.pem"
)


def _listed(folder: Path) -> list[dict[str, Any]]:
    """Sizes of what lies in the data folder and its backups, and the names of what this program put there."""
    paths = [*sorted(folder.glob("*")), *sorted((folder / backup.FOLDER).glob("*"))]
    return [{"file": _name_of(path, folder), "bytes": path.lstat().st_size} for path in paths]


def _name_of(path: Path, folder: Path) -> str:
    name = path.name if _OWN_NAME.fullmatch(path.name) else "another file"
    return path.with_name(name).relative_to(folder).as_posix()


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"


def _without_home(text: str) -> str:
    homes: Sequence[str] = (str(Path.home()), json.dumps(str(Path.home()))[1:-1])
    for home in homes:
        text = text.replace(home, "~") if len(home) > 3 else text
    return text
