"""The single executable unpacks itself into the temporary folder; one that was killed leaves that behind.

Each run that writes marks its own folder with a locked file, before it opens the data. A folder with our mark and no
lock on it is ours and unused: the next start removes it. Anything without the mark is somebody else's, or too young to
tell, and stays.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import sys
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

_MARK = "burndown.in-use"

_log = logging.getLogger(__name__)


def own_folder() -> Path | None:
    """Where this process was unpacked to; None when it was not (source, folder form)."""
    unpacked = getattr(sys, "_MEIPASS", None)
    if unpacked is None or not Path(unpacked).name.startswith("_MEI"):
        return None
    return Path(unpacked)


def mark(folder: Path) -> BaseFileLock:
    """Say that the folder is ours and in use, until the process ends or the lock is released."""
    lock = FileLock(folder / _MARK, timeout=0, thread_local=False)
    lock.acquire()
    return lock


def mark_own() -> BaseFileLock | None:
    """Mark this process' own folder, if it has one; to be kept until the process ends."""
    own = own_folder()
    if own is not None:
        with contextlib.suppress(OSError, Timeout):
            return mark(own)
    return None


def remove_orphans(own: Path) -> int:
    """Remove the folders beside `own` that are ours and unused; the number removed."""
    removed = 0
    for folder in own.parent.glob("_MEI*"):
        if folder != own and not folder.is_symlink() and (folder / _MARK).is_file():
            removed += _remove_if_unused(folder)
    return removed


def _remove_if_unused(folder: Path) -> bool:
    try:
        mark(folder).release()
    except (Timeout, OSError):
        return False
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)
        _log.info("removed what an earlier run left in %s", folder.parent)
        return True
    return False
