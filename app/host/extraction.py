"""The single executable unpacks itself into the temporary folder; one that was killed leaves that behind.

Each run marks its own folder with a locked file, before it opens the data. A folder with our mark and no lock on it is
ours and unused: the next run removes it. One that was killed before it could leave its mark is known by what it holds,
once it is old and its process is gone. Anything else without the mark is somebody else's, or too young to tell.
The same holds for the copies of a database that a run for reading makes there.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import stat
import sys
import tempfile
import time
from pathlib import Path

from store import files

# What is unpacked first, in any build of ours.
_FIRST = ("dash", "nacl", "orjson")
# From the slowest stick a run is unpacked, and has left its mark, long before.
_OLD_SECONDS = 3600.0
# The process' number stands in the name.
_UNPACKED = re.compile(r"_MEI(?P<pid>[0-9a-f]{8})\w{6}")

_NAMES = ("_MEI*", f"{files.SCRATCH}*")

_log = logging.getLogger(__name__)


def own_folder() -> Path | None:
    """Where this process was unpacked to; None when it was not (source, folder form)."""
    unpacked = getattr(sys, "_MEIPASS", None)
    if unpacked is None or not Path(unpacked).name.startswith("_MEI"):
        return None
    return Path(unpacked)


def mark_own() -> files.Mark | None:
    """Mark this process' own folder, if it has one; to be kept until the process ends."""
    own = own_folder()
    if own is not None:
        with contextlib.suppress(OSError):
            return files.mark_own(own)
    return None


def remove_orphans(own: Path | None = None, temporary: Path | None = None, grace_seconds: float = 0.0) -> int:
    """Remove what is ours and unused beside `own`, by itself this process' folder, and in the temporary folder.

    The number of folders removed. Who ends just now takes its own folder away within `grace_seconds`.
    """
    own = own or own_folder()
    places = {temporary or Path(tempfile.gettempdir()), *([own.parent] if own else [])}
    candidates = {folder for place in places for name in _NAMES for folder in place.glob(name) if folder != own}
    parts = _names_in(own) if own else frozenset()
    for folder in candidates:
        _mark_if_abandoned(folder, parts)
    unused = [folder for folder in candidates if files.is_marked(folder) and _is_unused(folder)]
    if unused:
        time.sleep(grace_seconds)
    return sum(_remove_if_unused(folder) for folder in unused)


def _mark_if_abandoned(folder: Path, parts: frozenset[str]) -> None:
    """What a run left that was killed while it was being unpacked, or just after, is treated as a marked one."""
    with contextlib.suppress(OSError):
        if not files.is_marked(folder) and _is_abandoned(folder, parts):
            files.mark(folder).release()


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(path.name for path in folder.iterdir())
    except OSError:
        return frozenset()


def _is_abandoned(folder: Path, parts: frozenset[str]) -> bool:
    """`parts`: what this run was unpacked into; one that was killed meanwhile has some of them and nothing else."""
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or (os.name == "posix" and facts.st_uid != os.getuid()):
        return False
    is_old = time.time() - facts.st_mtime > _OLD_SECONDS
    return is_old and _is_ours(folder, parts) and not _may_run(folder)


def _is_ours(folder: Path, parts: frozenset[str]) -> bool:
    return all((folder / name).is_dir() for name in _FIRST) or {_FIRST[0]} <= _names_in(folder) <= parts


def _may_run(folder: Path) -> bool:
    """Whether the process that unpacked it may still be there. On Windows its folder cannot be moved while it is."""
    if os.name != "posix":
        return False
    return _UNPACKED.fullmatch(folder.name) is None or _takes_it_away(folder)


def _takes_it_away(folder: Path) -> bool:
    """Whether the process that unpacked it is still there: it removes it itself, on a busy machine seconds after its
    mark is gone, and complains when somebody else did."""
    named = _UNPACKED.fullmatch(folder.name)
    if os.name != "posix" or named is None:
        return False
    try:
        os.kill(int(named["pid"], 16), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _is_unused(folder: Path) -> bool:
    try:
        files.mark(folder).release()
    except OSError:
        return False
    return True


def _remove_if_unused(folder: Path) -> bool:
    with contextlib.suppress(OSError), contextlib.ExitStack() as in_use:
        if not files.is_marked(folder):
            return False
        # Held until it is away: who has just made it and waits for this mark finds it gone and makes another one.
        in_use.callback(files.mark(folder).release)
        if _takes_it_away(folder):
            return False
        if os.name != "posix":  # a folder with an open file in it cannot be moved there
            in_use.close()
        # Of two processes that found it, the one whose renaming succeeds removes it.
        prefix = files.SCRATCH if folder.name.startswith(files.SCRATCH) else "_MEI-"
        going = folder.with_name(f"{prefix}going-{os.urandom(6).hex()}")
        folder.rename(going)
        files.remove_marked(going)
        _log.info("removed what an earlier run left in %s", folder.parent)
        return True
    return False
