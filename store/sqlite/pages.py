"""The file of an open database, and what to do where another program writes over its bytes.

A file that is copied over another one in its place (`cp`, `rsync --inplace`) leaves name and identity as they were, and
what was there is gone. SQLite changes the file of a database with a log only when it moves the log into it, and tells
so in the log's index: a file that got another time or size without that was written by somebody else. What was moved
into it since the run began to change it is kept in memory, so that all that was saved can be put together again.
"""

from __future__ import annotations

import errno
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from store import files
from store.sqlite import locks
from store.sqlite.log import Log

_HEADER = 100
# A database is kept whole up to this length, and of a longer one as much of what was changed in it.
_MOST_BYTES = 2_000_000
_LOOKS, _BETWEEN_SECONDS = 4, 0.05
# Where nothing is kept, this many pieces of it are compared, from its beginning to its end.
_SAMPLES, _PIECE = 64, 4096


class Pages:
    """What is known to be in the file of one database, beside what still lies in its log. Not for one without a log.

    Who calls anything but `is_touched` holds the writers' lock.
    """

    def __init__(self, log: Log) -> None:
        self._database, self._log = log.database, log
        log.on_moved = self.moved
        # As it was left: time and size, what was moved into it by the index of the log, and its first bytes.
        self._shape: tuple[int, int] | None = None
        self._folded = self._header = b""
        self._sample = 0
        # The whole file, or a backup that held the same, when `_moved` began; None where that cannot be told.
        self._base: bytes | Path | None = None
        self._moved: dict[int, bytes] = {}
        self._size = 0

    def forget(self) -> None:
        """Another file may come in its place."""
        self._shape, self._base = None, None
        self._moved.clear()

    def begin(self, saved: Path | None) -> None:
        """From now on it is changed. `saved`: a backup that holds the same."""
        if not isinstance(self._base, bytes):
            self._base = saved
            self._moved.clear()

    def drop(self) -> None:
        """More is moved into it than is worth keeping."""
        self._base = None
        self._moved.clear()

    def moved(self, pages: Mapping[int, bytes], size: int) -> None:
        """Out of the log, by number; `size` of the database after it, in bytes."""
        self._moved |= pages
        self._size = size
        if sum(map(len, self._moved.values())) > _MOST_BYTES:
            self.drop()

    def is_touched(self) -> bool:
        """Whether the file is not as it was left; not where it cannot be told."""
        now = _shape(self._database)
        return self._shape is not None and now is not None and now != self._shape

    def left(self) -> None:
        """It is as it should be now."""
        with suppress(OSError):
            self._folded = self._log.folded()
            now = _shape(self._database)
            if now == self._shape and (self._base is not None or now is None or now[1] > _MOST_BYTES):
                return
            self._shape = now
            with locks.looking(self._database) as stream:
                self._header = stream.read(_HEADER)
                if self._base is None and now is not None and now[1] <= _MOST_BYTES:
                    self._moved.clear()
                    self._base = self._header + stream.read()
                else:
                    self._sample = _sample(stream, now)

    def is_overwritten(self) -> bool:
        """Whether another program wrote into it past SQLite."""
        if not self.is_touched():
            return False
        try:
            if self._is_folded():
                # By another program through SQLite, or by ourselves because the log had become long.
                self.drop()
            elif not self._is_as_left():
                return True
        except OSError:
            return False
        self.left()
        return False

    def _is_folded(self) -> bool:
        """Whether SQLite has moved something into it; who does so just now tells it at the end. Raises OSError."""
        for _ in range(_LOOKS):
            if self._log.folded() != self._folded:
                return True
            if self._is_as_left():
                return False
            time.sleep(_BETWEEN_SECONDS)
        return False

    def _is_as_left(self) -> bool:
        now = _shape(self._database)
        if now is None or self._shape is None or now[1] != self._shape[1]:
            return False
        with locks.looking(self._database) as stream:
            if isinstance(self._base, bytes):
                return stream.read() == self._put_together(self._base, self._moved, self._size)
            if stream.read(_HEADER) != self._header or _sample(stream, now) != self._sample:
                return False
            for number, page in self._moved.items():
                stream.seek((number - 1) * len(page))
                if stream.read(len(page)) != page:
                    return False
        return True

    def write_all(self, path: Path) -> None:
        """All that was saved, to a new file that needs no log. Raises OSError where not all of it is known."""
        base = self._base.read_bytes() if isinstance(self._base, Path) else self._base
        if base is None:
            raise OSError(errno.ENODATA, "more was changed than is kept in memory", str(self._database))
        pages, size = self._log.pages()
        with files.new_file(path) as stream:
            stream.write(self._put_together(base, {**self._moved, **pages}, size or self._size))

    @staticmethod
    def _put_together(base: bytes, pages: Mapping[int, bytes], size: int) -> bytes:
        if not pages:
            return base
        content = bytearray(base[:size].ljust(size, b"\0"))
        for number, page in pages.items():
            begin = (number - 1) * len(page)
            # What lay behind the end when it became shorter is no part of it.
            if begin < size:
                content[begin : begin + len(page)] = page
        return bytes(content)


def _sample(stream: BinaryIO, shape: tuple[int, int] | None) -> int:
    """Of pieces all over the file: another time alone, as Windows gives one late, makes no other file of it."""
    size = shape[1] if shape else 0
    told = 0
    for begin in range(0, size, max(_PIECE, size // _SAMPLES)):
        stream.seek(begin)
        told = zlib.crc32(stream.read(_PIECE), told)
    return told


def _shape(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
