"""The single executable unpacks itself into the temporary folder; one that was killed leaves that behind.

Each run marks its own folder with a locked file, before it opens the data. A folder with our mark and no lock on it is
ours and unused: the next run removes it. Anything without the mark is somebody else's, or too young to tell, and stays.
The same holds for the copies of a database that a run for reading makes there.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
import time
from pathlib import Path

from store import files

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
    unused = [folder for folder in candidates if files.is_marked(folder) and _is_unused(folder)]
    if unused:
        time.sleep(grace_seconds)
    return sum(_remove_if_unused(folder) for folder in unused)


def _is_unused(folder: Path) -> bool:
    try:
        files.mark(folder).release()
    except OSError:
        return False
    return True


def _remove_if_unused(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        if not files.is_marked(folder) or not _is_unused(folder):
            return False
        # Of two processes that found it, the one whose renaming succeeds removes it.
        prefix = files.SCRATCH if folder.name.startswith(files.SCRATCH) else "_MEI-"
        going = folder.with_name(f"{prefix}going-{os.urandom(6).hex()}")
        folder.rename(going)
        files.remove_marked(going)
        _log.info("removed what an earlier run left in %s", folder.parent)
        return True
    return False
