"""Small things with files that must hold on every system: sizes, durable writes, stubborn renames."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from store.errors import is_held

T = TypeVar("T")

# Virus scanners and sync clients hold a fresh file for a moment on Windows.
_PATIENCE_SECONDS = 5.0


def size(path: Path) -> int:
    """In bytes; 0 when the file does not exist."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0


def sync(path: Path) -> None:
    """Wait until the file's content is on the medium."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def patiently(act: Callable[[], T]) -> T:
    """What `act` returns, tried again for a while when another program holds the file it opens."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return act()
        except PermissionError as exc:
            if time.monotonic() > deadline or not is_held(exc):
                raise
        time.sleep(0.05)


@contextmanager
def syncing(path: Path) -> Iterator[None]:
    """`sync` of a file that the block only reads; the disk writes meanwhile. Raises what `sync` does, at the end."""
    failures: list[OSError] = []

    def work() -> None:
        try:
            sync(path)
        except OSError as exc:
            failures.append(exc)

    thread = threading.Thread(target=work, name="sync")
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if failures:
        raise failures[0]


@contextmanager
def all_or_nothing(folder: Path) -> Iterator[None]:
    """Around writing into a folder that is empty or not there: what fails leaves it as it was."""
    was_there = folder.exists()
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for each in folder.iterdir():
                shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink(missing_ok=True)
            if not was_there:
                folder.rmdir()
        raise


def replace(source: Path, target: Path) -> None:
    """Rename over whatever is at `target`, and make the name durable where the system can."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            source.replace(target)
        except PermissionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            break
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        # FAT on some systems: the rename itself is all there is.
        pass
    finally:
        os.close(handle)
