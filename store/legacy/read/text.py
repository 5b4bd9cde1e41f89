"""Text of files that several editors and two operating systems have been at: any encoding, in pieces.

Bytes that are no UTF-8 are read as cp1252, one by one, so that a stray one costs nothing else.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

CHUNK = 1 << 20
_STRAY = re.compile("[\udc80-\udcff]")
# Python's cp1252 leaves five bytes undefined; Windows maps them like Latin-1.
_AS_CP1252 = {0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)}
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class InMemoryFile:
    """A file that exists only in memory, to be read like one: nothing of a user's data is put elsewhere on the host."""

    name: str
    content: bytes

    def open(self, mode: Literal["rb"]) -> BytesIO:
        return BytesIO(self.content)


Readable = Path | InMemoryFile


def encoding_of(head: bytes) -> str:
    """The encoding that the first bytes of a file speak for; UTF-8 when nothing speaks against it."""
    for mark, name in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    if len(head) >= 4 and head[0] and not head[1] and head[2] and not head[3]:
        return "utf-16-le"
    if len(head) >= 4 and not head[0] and head[1] and not head[2] and head[3]:
        return "utf-16-be"
    return "utf-8"


class Chunks:
    """Iterates over a file's text, about `CHUNK` characters at a time. `stray` says whether cp1252 was found.

    Raises OSError when the file cannot be read.
    """

    def __init__(self, path: Readable) -> None:
        self._path = path
        self.stray = False

    def __iter__(self) -> Iterator[str]:
        with self._path.open("rb") as file:
            head = file.read(CHUNK)
            name = encoding_of(head)
            errors = "surrogateescape" if name.startswith("utf-8") else "replace"
            decoder = codecs.getincrementaldecoder(name)(errors)
            while head:
                yield self._mended(decoder.decode(head))
                head = file.read(CHUNK)
            yield self._mended(decoder.decode(b"", final=True))

    def _mended(self, text: str) -> str:
        if text.isascii() or not _STRAY.search(text):
            return text
        self.stray = True
        return text.translate(_AS_CP1252)


def read_text(path: Readable) -> tuple[str, bool]:
    """The whole text, and whether parts of it had to be taken as cp1252. Raises OSError."""
    chunks = Chunks(path)
    return "".join(chunks), chunks.stray


_MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")


def unmangled(text: str) -> str:
    """Text that was UTF-8, read as cp1252 on Windows and written back ("GrÃ¶ÃŸe"), as it was meant."""
    if not _MOJIBAKE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
