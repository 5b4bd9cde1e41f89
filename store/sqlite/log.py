"""The log beside an open database, and what to do where another program writes over its bytes.

A program that copies a file over another one in its place (`cp`, `rsync --inplace`) leaves name and identity as they
were. SQLite goes on by its index of the log (`-shm`), reads other pages than it wrote and moves them into the database.
So what was saved since the log was last empty is kept in memory, compared with what lies there before and after every
use, and put back where it is not that.

How both files look: https://www.sqlite.org/fileformat2.html#walformat, https://www.sqlite.org/walformat.html.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from store import files
from store.errors import not_writable
from store.sqlite import locks
from store.texts import N_

# The log: its header, with the salts of all that counts in it, then frames of a header each and a page.
_HEADER, _SALTS = 32, slice(16, 24)
_FRAME, _FRAME_SALTS, _FRAME_SUM = 24, slice(8, 16), slice(16, 24)
# The index begins with two copies of its own header.
_INDEX = 48
_BOTH = (0, 2 * _INDEX)
# Behind them, how many frames were moved into the database.
_INDEX_SALTS, _BACKFILLED = (32, 8), (96, 4)
_WORD = 1 << 32


@dataclass(frozen=True, slots=True)
class _End:
    """How far the log reaches by its index: `frames` that count, of pages of `page` bytes, and the sum of the last."""

    frames: int
    page: int
    salts: bytes
    checksum: bytes

    @property
    def stride(self) -> int:
        return _FRAME + self.page

    @property
    def length(self) -> int:
        """In bytes, of what counts."""
        return _HEADER + self.frames * self.stride

    @property
    def last(self) -> int:
        """Where the last frame begins."""
        return self.length - self.stride


_EMPTY = _End(0, 0, b"", b"")


class Log:
    """What counts in the log of one database. Not for a log without an index, of which nobody else may read."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self._log = database.with_name(f"{database.name}-wal")
        self._index = database.with_name(f"{database.name}-shm")
        self._database: locks.Identity | None = None
        self._kept = bytearray()
        self._end = _EMPTY
        # The index and both ends of the log as they were then: what is the same needs no second thought.
        self._seen: tuple[locks.Pieces | None, list[bytes]] = None, []
        # Called with pages by number and the size of the database, when they are in the database and here no more.
        self.on_moved: Callable[[Mapping[int, bytes], int], None] = lambda pages, size: None

    @property
    def frames(self) -> int:
        """How many are kept."""
        return self._end.frames

    def open(self, database: locks.Identity | None) -> None:
        """A first connection is open."""
        self._database = database
        self.note()

    def closed(self) -> None:
        """No connection is open any more."""
        self._database = None
        self._forget()

    def _forget(self) -> None:
        self._kept, self._end, self._seen = bytearray(), _EMPTY, (None, [])

    def _moved(self) -> None:
        if self._kept:
            self.on_moved(*self.pages())
        self._forget()

    def pages(self) -> tuple[dict[int, bytes], int]:
        """The newest of each that is kept, by number, and the size of the database with them, in bytes."""
        pages, size = {}, 0
        for frame in self._frames():
            pages[_number(frame)] = frame[_FRAME:]
            # Only the last of a change tells.
            size = int.from_bytes(frame[4:8], "big") * self._end.page or size
        return pages, size

    def versions(self) -> Iterator[tuple[int, bytes]]:
        """Each page that is kept with its number, oldest first: one comes as often as it was changed."""
        return ((_number(frame), frame[_FRAME:]) for frame in self._frames())

    def _frames(self) -> Iterator[bytes]:
        for begin in range(_HEADER, len(self._kept), self._end.stride):
            yield bytes(self._kept[begin : begin + self._end.stride])

    def folded(self) -> bytes:
        """What tells that something was moved into the database since. Raises OSError."""
        return b"".join(self._read(self._index, _INDEX_SALTS, _BACKFILLED))

    def leave(self) -> None:
        """Nothing of it may come into the database, which is another one now: what was kept is set aside. Of a log that
        came with that one only the index is taken away. Raises OSError."""
        if self.is_intact():
            if self._kept:
                self._set_aside()
            locks.empty_beside(self._database, self._log)
        locks.write_beside(self._database, self._index, bytes(2 * _INDEX))

    def note(self) -> None:
        """Keep what was added; only where it is known to be whole, and nobody writes meanwhile."""
        with suppress(OSError):
            self._note()

    def _note(self) -> None:
        index = self._read(self._index, _BOTH)[0]
        end = _end(index)
        if end is None:
            return
        if not end.frames:
            self._moved()
        elif end != self._end and not self._has_kept(end):
            return
        ends = self._ends()
        begins, lengths = zip(_BOTH, *ends, strict=True)
        pieces = (str(self._index), *[str(self._log)] * len(ends)), lengths, begins
        self._seen = pieces, [index, *self._read(self._log, *ends)]

    def _has_kept(self, end: _End) -> bool:
        goes_on = end.salts == self._end.salts and end.frames > self._end.frames
        if not goes_on:
            self._moved()
        begin = len(self._kept)
        (added,) = self._read(self._log, (begin, end.length - begin))
        if len(added) < end.length - begin:
            return False
        del self._kept[begin:]
        self._kept += added
        self._end = end
        return True

    def _ends(self) -> tuple[tuple[int, int], ...]:
        """Its header, and the last frame."""
        beginning = (0, _HEADER)
        return (beginning, (self._end.last, self._end.stride)) if self._end.frames else (beginning,)

    def is_intact(self) -> bool:
        """Whether what was kept, or what SQLite made of it since, lies there; also where that cannot be told.

        A drive that does not answer, or too many files open, must not be taken for what another program wrote.
        """
        try:
            return self._is_as_seen() or self._is_intact()
        except OSError:
            return True

    def _is_intact(self) -> bool:
        (index,), ends = self._read(self._index, _BOTH), self._read(self._log, *self._ends())
        end = _end(index)
        if end is None:
            return True
        if not self._end.frames:
            return bool(end.frames) or not ends[0]
        if not end.frames:
            return not ends[0] or self._is_next(end)
        if end.salts != self._end.salts:
            # Begun anew, by us or by another program that used SQLite.
            return self._holds(end)
        return end.frames >= self._end.frames and self._holds(self._end) and self._holds(end)

    def _is_as_seen(self) -> bool:
        """What nearly every look tells. In one go, of both files: every question and every change asks."""
        pieces, seen = self._seen
        try:
            return pieces is not None and locks.read_beside(self._database, pieces) == seen
        except FileNotFoundError:
            return False

    def _is_next(self, end: _End) -> bool:
        """SQLite counts the first salt up when it has moved all of the log into the database."""
        now, before = (int.from_bytes(each.salts[:4], "big") for each in (end, self._end))
        return 0 < (now - before) % _WORD < _WORD // 2

    def _holds(self, end: _End) -> bool:
        """Whether the file begins so, and reaches so far with such a frame at the end."""
        header, last = self._read(self._log, (0, _HEADER), (end.last, end.stride))
        ends = last[_FRAME_SALTS] == end.salts and last[_FRAME_SUM] == end.checksum
        return header[_SALTS] == end.salts and ends and len(last) == end.stride

    def put_back(self) -> None:
        """What was kept, in the file's place as before; what lay there is set aside. SQLite reads it anew, and takes
        what follows on it where it belongs to it. Nobody reads or writes meanwhile. Raises NotWritable."""
        try:
            self._set_aside()
            if not self._kept:
                locks.empty_beside(self._database, self._log)
                return
            locks.write_beside(self._database, self._log, bytes(self._kept))
            # An index without a beginning is made anew from the log by whoever comes next.
            locks.write_beside(self._database, self._index, bytes(2 * _INDEX))
        except OSError as exc:
            raise not_writable(
                N_("{name} was written over by another program and could not be put back", name=self._log.name), exc
            ) from exc

    def _set_aside(self) -> None:
        aside = self._log.with_name("set-aside")
        files.own_folder(aside)
        with files.new_file(aside / f"{self._log.name}-{time.time_ns()}") as stream:
            stream.write(self._log.read_bytes())

    def has_more(self) -> bool:
        """Whether more counts in it than what was kept; not where that cannot be told."""
        try:
            end = _end(self._read(self._index, _BOTH)[0])
        except OSError:
            return False
        return end is not None and end.frames > self._end.frames

    def _read(self, path: Path, *pieces: tuple[int, int]) -> list[bytes]:
        """By beginning and length: less where there is less; nothing where there is no file. Raises OSError."""
        begins, lengths = zip(*pieces, strict=True)
        try:
            return locks.read_beside(self._database, ([str(path)] * len(pieces), lengths, begins))
        except FileNotFoundError:
            return [b""] * len(pieces)


def _number(frame: bytes) -> int:
    return int.from_bytes(frame[:4], "big")


def _end(index: bytes) -> _End | None:
    """None where there is no index, or somebody is writing it."""
    head = index[:_INDEX]
    # The thirteenth byte says that it is one.
    if len(index) < 2 * _INDEX or index[_INDEX:] != head or head[12] != 1:
        return None
    size, frames = (int.from_bytes(head[at : at + n], sys.byteorder) for at, n in ((14, 2), (16, 4)))
    sums = (int.from_bytes(head[at : at + 4], sys.byteorder).to_bytes(4, "big") for at in (24, 28))
    # The largest page does not fit the field, and is a one there.
    return _End(frames, (size & 0xFE00) + ((size & 1) << 16), head[32:40], b"".join(sums))
