"""Looks at the bytes of a database that leave SQLite its locks.

POSIX takes all locks of a process on a file away as soon as the process closes any descriptor of it. A look past SQLite
at the open database would leave it without: another program that opens and closes it would believe itself the last one,
and delete the log under the running app (https://www.sqlite.org/howtocorrupt.html, section 2.2).
"""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

# Device and number of a file.
Identity = tuple[int, int]

_LOCKS_GO_WITH_A_DESCRIPTOR = sys.platform != "win32"
_BYTES: int = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
_guard = threading.RLock()
# How many connections of this process have a file open.
_connections: Counter[Identity] = Counter()
# Ours of such files: closed when the last connection is.
_descriptors: dict[Identity, list[int]] = {}
# And of the log and its index beside them.
_beside: dict[Identity, dict[Path, int]] = {}


def status(path: Path) -> os.stat_result | None:
    """What the system tells of a file; None where there is none under this name, or it cannot be told."""
    try:
        return path.stat()
    except OSError:
        return None


def identity(path: Path) -> Identity | None:
    """None where there is no file under this name, or it cannot be told."""
    there = status(path)
    return None if there is None else (there.st_dev, there.st_ino)


def is_elsewhere(path: Path, known: Identity) -> bool:
    """Whether this file lies under the name no more; not where that cannot be told."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return (there.st_dev, there.st_ino) != known


@contextmanager
def no_looks() -> Iterator[None]:
    """Nobody looks past SQLite meanwhile: around the opening of a connection, until `opened` knows of it."""
    with _guard:
        yield


def opened(path: Path) -> Identity | None:
    """A connection to this file is open from now on; what to tell `closed` afterwards."""
    with _guard:
        database = identity(path)
        if database is not None:
            _connections[database] += 1
        return database


def closed(file: Identity) -> None:
    with _guard:
        _connections[file] -= 1
        if _connections[file] <= 0:
            del _connections[file]
            for descriptor in (*_descriptors.pop(file, []), *_beside.pop(file, {}).values()):
                os.close(descriptor)


def is_open(path: Path) -> bool:
    """Whether a connection of this process has it open."""
    with _guard:
        return identity(path) in _connections


@contextmanager
def looking(path: Path) -> Iterator[BinaryIO]:
    """The file from its beginning, for reading. One look at a time. Raises OSError."""
    with _guard:
        if not (_LOCKS_GO_WITH_A_DESCRIPTOR and is_open(path)):
            with path.open("rb") as stream:
                yield stream
            return
        with os.fdopen(_kept(path), "rb", closefd=False) as stream:
            stream.seek(0)
            yield stream


@contextmanager
def _looking_beside(database: Identity | None, path: Path) -> Iterator[int]:
    """A descriptor of a file that belongs to an open database, and has locks too. Raises OSError."""
    with _guard:
        if _LOCKS_GO_WITH_A_DESCRIPTOR and database is not None and database in _connections:
            yield _kept_beside(database, path)
            return
        descriptor = os.open(path, os.O_RDWR | _BYTES)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def _kept_beside(database: Identity, path: Path) -> int:
    kept = _beside.setdefault(database, {})
    descriptor = kept.get(path)
    if descriptor is None:
        descriptor = kept[path] = os.open(path, os.O_RDWR)
    return descriptor


if sys.platform != "win32":

    def read_beside(database: Identity | None, path: Path, *pieces: tuple[int, int]) -> list[bytes]:
        """Of the log, or of its index, pieces by beginning and length; less where there is less. Raises OSError."""
        with _guard:
            if database is not None and database in _connections:
                descriptor = _kept_beside(database, path)
                return [os.pread(descriptor, length, begin) for begin, length in pieces]
        with path.open("rb") as stream:
            return [os.pread(stream.fileno(), length, begin) for begin, length in pieces]

else:

    def read_beside(database: Identity | None, path: Path, *pieces: tuple[int, int]) -> list[bytes]:
        """Of the log, or of its index, pieces by beginning and length; less where there is less. Raises OSError."""
        with path.open("rb", buffering=0) as stream:
            blocks = []
            for begin, length in pieces:
                stream.seek(begin)
                blocks.append(stream.read(length) or b"")
            return blocks


def write_beside(database: Identity | None, path: Path, content: bytes) -> None:
    """Over the beginning of the log, or of its index. Raises OSError."""
    with _looking_beside(database, path) as descriptor:
        os.lseek(descriptor, 0, os.SEEK_SET)
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)


def empty_beside(database: Identity | None, path: Path) -> None:
    """Nothing is left in it. Raises OSError."""
    with _looking_beside(database, path) as descriptor:
        os.ftruncate(descriptor, 0)


def _kept(path: Path) -> int:
    """A descriptor of the open file, the same each time."""
    database = identity(path)
    if database in _descriptors:
        return _descriptors[database][0]
    descriptor = os.open(path, os.O_RDONLY)
    facts = os.fstat(descriptor)
    # Of another file, should one have come under the name just now, it is one too many at worst.
    _descriptors.setdefault((facts.st_dev, facts.st_ino), []).append(descriptor)
    return descriptor
