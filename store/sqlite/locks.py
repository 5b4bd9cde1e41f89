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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

# Device and number of a file.
Identity = tuple[int, int]
# Of files beside it: in which each is, how long, and where it begins.
Pieces = tuple[Sequence[str], Sequence[int], Sequence[int]]

_LOCKS_GO_WITH_A_DESCRIPTOR = sys.platform != "win32"
_BYTES: int = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
_guard = threading.RLock()
# How many connections of this process have a file open.
_connections: Counter[Identity] = Counter()
# Ours of such files: closed when the last connection is.
_descriptors: dict[Identity, list[int]] = {}
# And of the log and its index beside them.
_beside: dict[Identity, dict[str, int]] = {}


def status(path: Path | str) -> os.stat_result | None:
    """What the system tells of a file; None where there is none under this name, or it cannot be told. Each question to
    the database asks, so its name is given as text."""
    try:
        return os.stat(path)  # noqa: PTH116 - a path would be made text each time
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
            yield _kept_beside(database, str(path))
            return
        descriptor = os.open(path, os.O_RDWR | _BYTES)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def _kept_beside(database: Identity, path: str) -> int:
    kept = _beside.setdefault(database, {})
    descriptor = kept.get(path)
    if descriptor is None:
        descriptor = kept[path] = os.open(path, os.O_RDWR)
    return descriptor


if sys.platform != "win32":

    def read_beside(database: Identity | None, pieces: Pieces) -> list[bytes]:
        """Of the log, and of its index: less where there is less. Raises OSError."""
        paths, lengths, begins = pieces
        with _guard:
            if database is not None and database in _connections:
                kept = _beside.get(database) or {}
                descriptors = map(kept.__getitem__, paths)
                try:
                    return list(map(os.pread, descriptors, lengths, begins))
                except KeyError:
                    opened_now = [_kept_beside(database, path) for path in paths]
                    return list(map(os.pread, opened_now, lengths, begins))
        return _read_by_themselves(pieces)

else:

    def read_beside(database: Identity | None, pieces: Pieces) -> list[bytes]:
        """Of the log, and of its index: less where there is less. Raises OSError."""
        return _read_by_themselves(pieces)


def _read_by_themselves(pieces: Pieces) -> list[bytes]:
    blocks = []
    for path, of_one in groupby(zip(*pieces, strict=True), itemgetter(0)):
        with Path(path).open("rb", buffering=0) as stream:
            for _, length, begin in of_one:
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
