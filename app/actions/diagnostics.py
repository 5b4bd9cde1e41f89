"""One file of all that is known of program and folder, for whoever helps.

Without secrets, and without a word of anybody's work: what is damaged is just what nobody wants to hand on by mistake.
"""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app import logs
from app.actions import system, track_record
from app.actions.system import Checked
from app.context import Context
from store import files
from store.codec import instant_text
from store.sqlite import backup

_log = logging.getLogger(__name__)
_LOG_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """A zip. `missing`: how the parts are called in it that could not be read and so are not there."""

    data: bytes
    missing: tuple[str, ...] = ()


def diagnostics(ctx: Context, checked: Checked) -> Diagnostics:
    """What is known of program and folder, the check, the requests and the log.

    Neither secrets nor names of projects, lists and people are in it, nor a value of the database; servers and paths
    are, the latter without the name of the user's home.
    """
    facts, missing = _facts(ctx)
    texts = {
        "about.json": _json(facts),
        "check.txt": "\n".join(checked.problems or ("Everything is in order.",)) + "\n",
        "network.json": _json([asdict(each) for each in ctx.network.sums]),
        "burndown.log": "\n".join(logs.without_values(system.end_of_log(ctx, _LOG_BYTES))) + "\n",
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            files.add_to_zip(archive, name, logs.redact(_without_home(text)))
    return Diagnostics(stream.getvalue(), missing)


def _facts(ctx: Context) -> tuple[dict[str, Any], tuple[str, ...]]:
    """By name, and the names of those that cannot be read: of a damaged folder the others are needed all the more."""
    facts: dict[str, Any] = {**asdict(system.program(ctx)), "made": instant_text(ctx.clock())}
    missing = []
    for name, read in _parts(ctx).items():
        try:
            facts[name] = read()
        except Exception as exc:  # noqa: BLE001 whatever it is, it is why somebody wants help
            _log.warning("the diagnostics are without %s", name, exc_info=True)
            facts[name] = f"cannot be read: {type(exc).__name__}"
            missing.append(name)
    return facts, tuple(missing)


def _parts(ctx: Context) -> dict[str, Callable[[], Any]]:
    backend = ctx.backend
    return {
        "database": lambda: asdict(ctx.upkeep.describe()),
        "offline": lambda: ctx.network.is_offline,
        "counts": lambda: asdict(backend.counts()),
        "work lists": lambda: [asdict(backend.counts(query.ref)) for profile in backend.list_profiles()
                               for query in backend.list_queries(profile.id)],
        "jobs": lambda: [{"job": _job(task.name), "status": task.status} for task in backend.list_tasks()],
        "takeovers": lambda: len(backend.list_migrations()),
        "files": lambda: _listed(ctx.profiles_dir),
    }  # fmt: skip


def _job(name: str) -> str:
    """One of them is named after the work list that it is about."""
    return f"{track_record.JOB_PREFIX} …" if name.startswith(track_record.JOB_PREFIX) else name


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
