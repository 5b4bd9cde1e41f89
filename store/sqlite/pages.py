"""The file of an open database, and what to do where another program writes over its bytes.

A file that is copied over another one in its place (`cp`, `rsync --inplace`) leaves name and identity as they were, and
what was there is gone. SQLite changes the file of a database with a log only when it moves the log into it, and tells
so in the log's index: a file that got another time or size without that was written by somebody else. What was moved
into it since the run began to change it is kept in memory, so that all that was saved can be put together again, and
of its pages a sum each, so that another time alone, as Windows and network drives give one late, makes no other file.
"""

from __future__ import annotations

import errno
import os
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from store import files
from store.sqlite import locks
from store.sqlite.log import Log

_PAGE_SIZE = slice(16, 18)
# A database is kept whole up to this length, and of a longer one as much of what was changed in it.
_MOST_BYTES = 2_000_000
_LOOKS, _BETWEEN_SECONDS = 4, 0.05
# So many pages have a sum from the start, all over the file (all of 16 MB), and each that is moved into it.
_MOST_SUMS = 4096
_AT_ONCE = 64


class Pages:
    """What is known to be in the file of one database, beside what still lies in its log. Not for one without a log.

    Who calls anything but `is_touched` holds the writers' lock.
    """

    def __init__(self, log: Log) -> None:
        self._database, self._log = log.database, log
        log.on_moved = self.moved
        # As it was left: time and size, what was moved into it by the index of the log, and sums of pages by number.
        self._shape: tuple[int, int] | None = None
        self._folded = b""
        self._sums: dict[int, int] = {}
        self._page = 0
        # What was moved into it since, by number.
        self._fresh: dict[int, bytes] = {}
        # The whole file, or a backup that held the same, when `_moved` began; None where that cannot be told.
        self._base: bytes | Path | None = None
        self._moved: dict[int, bytes] = {}
        self._size = 0

    def forget(self) -> None:
        """Another file may come in its place, or more was moved into it than is known."""
        self._shape = None
        self._sums.clear()
        self._fresh.clear()
        self._keep_none()

    def _keep_none(self) -> None:
        self._base = None
        self._moved.clear()

    def begin(self, saved: Path | None) -> None:
        """From now on it is changed. `saved`: a backup that holds the same."""
        if not isinstance(self._base, bytes):
            self._base = saved
            self._moved.clear()

    def moved(self, pages: Mapping[int, bytes], size: int) -> None:
        """Out of the log, by number; `size` of the database after it, in bytes."""
        self._moved |= pages
        self._fresh |= pages
        self._size = size
        if self._sums:
            self._sums |= {number: zlib.crc32(page) for number, page in pages.items()}
            # What lay behind the end when it became shorter is no part of it.
            self._sums = {number: total for number, total in self._sums.items() if number * self._page <= size}
        if sum(map(len, self._moved.values())) > _MOST_BYTES:
            # More than is worth keeping.
            self._keep_none()

    def is_touched(self, there: os.stat_result | None = None) -> bool:
        """Whether the file is not as it was left; not where it cannot be told. `there`: what the system told of it."""
        there = there or locks.status(self._database)
        shape = self._shape
        return shape is not None and there is not None and (there.st_mtime_ns, there.st_size) != shape

    def left(self) -> None:
        """It is as it should be now; where something else lies there already, it stays touched."""
        with suppress(OSError):
            self._folded = self._log.folded()
            now = _shape(locks.status(self._database))
            if now == self._shape and (self._base is not None or now is None or now[1] > _MOST_BYTES):
                self._fresh.clear()
                return
            with locks.looking(self._database) as stream:
                if self._has_what_was_moved(stream):
                    self._shape = now
                    self._take(stream, now[1] if now else 0)

    def _has_what_was_moved(self, stream: BinaryIO) -> bool:
        """Whether the file holds what was moved into it last, unless another program folds the log meanwhile."""
        fresh, self._fresh = self._fresh, {}
        if self._holds(stream, {number: zlib.crc32(page) for number, page in fresh.items()}):
            return True
        if self._log.folded() == self._folded:
            return False
        self.forget()
        return True

    def _take(self, stream: BinaryIO, size: int) -> None:
        if not self._sums:
            self._sum_up(stream, size)
        if self._base is None and size <= _MOST_BYTES:
            self._moved.clear()
            stream.seek(0)
            self._base = stream.read()

    def _sum_up(self, stream: BinaryIO, size: int) -> None:
        stream.seek(0)
        page_bytes = int.from_bytes(stream.read(_PAGE_SIZE.stop)[_PAGE_SIZE], "big")
        # The largest page does not fit the field, and is a one there.
        self._page = 1 << 16 if page_bytes == 1 else page_bytes
        if self._page:
            pages = size // self._page
            if pages <= _MOST_SUMS:
                self._sum_up_all(stream, pages)
                return
            for number in range(1, pages + 1, pages // _MOST_SUMS + 1):
                self._sums[number] = self._sum(stream, number)

    def _sum_up_all(self, stream: BinaryIO, pages: int) -> None:
        """Many at a time: one by one takes four times as long, three times of each import."""
        stream.seek(0)
        for first in range(0, pages, _AT_ONCE):
            block = memoryview(stream.read(min(_AT_ONCE, pages - first) * self._page))
            for number in range(min(_AT_ONCE, pages - first)):
                self._sums[first + number + 1] = zlib.crc32(block[number * self._page : (number + 1) * self._page])

    def _sum(self, stream: BinaryIO, number: int) -> int:
        stream.seek((number - 1) * self._page)
        return zlib.crc32(stream.read(self._page))

    def _holds(self, stream: BinaryIO, known: Mapping[int, int]) -> bool:
        """Whether it has these pages, or what followed on them: what is in the log may be in the database already."""
        others = {n: present for n, recorded in known.items() if (present := self._sum(stream, n)) != recorded}
        if not others:
            return True
        logged = {(number, zlib.crc32(page)) for number, page in self._log.versions()}
        return logged.issuperset(others.items())

    def is_overwritten(self) -> bool:
        """Whether another program wrote into it past SQLite."""
        if not self.is_touched():
            return False
        try:
            if self._is_folded():
                # By another program through SQLite, or by ourselves because the log had become long.
                self.forget()
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
        now = _shape(locks.status(self._database))
        if now is None or self._shape is None or now[1] != self._shape[1]:
            return False
        with locks.looking(self._database) as stream:
            return self._holds(stream, self._sums)

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


def _shape(there: os.stat_result | None) -> tuple[int, int] | None:
    return None if there is None else (there.st_mtime_ns, there.st_size)
