"""Where a file's bytes come from and what text they are: memory or disk, packed or not, in whatever encoding."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from app.errors import UnreadableFile
from app.imports.plain_names import known_among
from app.imports.spelling import spelled_right
from app.words import N_

Source = bytes | Path
# Above these sizes a file is read in parts. What JSON says takes twenty times its size while it is in memory.
_LARGE, _LARGE_JSON = 24_000_000, 8_000_000
# Short lines and empty cells take as much as long ones.
_MANY_LINES, _MANY_CELLS = 200_000, 8_000_000
# A cell with something in it takes seventy bytes, and a day of a stage, which becomes a part of a history, more.
_MANY_FILLED = 700_000
# An object takes sixty-four bytes of memory at least, and two in the file.
_MANY_OBJECTS = 400_000
_BETWEEN_CELLS, _EMPTY_CELLS = (b",", b";", b"\t"), (b",,", b";;", b"\t\t")
LARGEST = 1_000_000_000
HEAD_BYTES = 1_000_000
# Letters by which an encoding is told, and lines among which the header is.
_SAMPLE, _HEADER_LINES = 200_000, 10
# In which trackers and spreadsheets still write tables where they do not write UTF-8, that of Western Europe first.
_ENCODINGS = ("cp1252", "cp932", "gb18030", "big5", "cp949", "euc_jp", "cp1251", "koi8_r", "cp1250", "iso8859_2",
              "cp1254", "cp1253", "cp1257", "cp1255", "cp1256", "cp874")  # fmt: skip
_PACKED = b"\x1f\x8b"
# Against files made to fill the memory: a packed one gives at most this many bytes, and times its own size.
_MOST_UNPACKED, _MOST_TIMES, _LEAST_CAP = 200_000_000, 200, 1_000_000
_DAMAGED = N_("The file is packed with gzip, but damaged. Fetch it again, or unpack it first.")
_CUT_OFF = N_("The file is packed with gzip, but its end is missing. Fetch it again.")
_SWELLS = N_("The packed file is too large when unpacked. Unpack it first, and import that.")
# First bytes of what people pick by mistake, and what to do instead.
_OTHER_KINDS = (
    (
        b"PK\x03\x04",
        N_(
            "It is a ZIP archive or an Excel workbook. Unpack the archive and import the file in it; in Excel choose "
            "Save as, type CSV, and import that."
        ),
    ),
    (b"\xd0\xcf\x11\xe0", N_("It is an old Excel workbook. In Excel choose Save as, type CSV, and import that.")),
    (b"%PDF", N_("It is a PDF document. Export the table as CSV from the tool that made it.")),
    (b"SQLite format 3\x00", N_("It is a database. Take over its folder instead of importing the file.")),
)


def size_of(source: Source) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def is_large(source: Source) -> bool:
    """Whether reading it whole would take more memory than one may ask for; of a packed one what is in it counts.

    Raises UnreadableFile for a packed one that is damaged.
    """
    if size_of(source) > _LARGE:
        return True
    # Each cell takes a byte at least: to count them in 7 MB takes as long as to read a tenth of them.
    may_have_many_cells = _is_packed(source) or size_of(source) > _MANY_CELLS
    with _opened(source) as (stream, _):
        size, lines, cells, empty, objects, most = 0, 0, 0, 0, 0, 0
        while block := stream.read(HEAD_BYTES):
            most = most or (_LARGE_JSON if _opens_json(block) else _LARGE)
            size, lines = size + len(block), lines + block.count(b"\n")
            if may_have_many_cells:
                cells += sum(map(block.count, _BETWEEN_CELLS))
                empty += sum(map(block.count, _EMPTY_CELLS))
            objects += block.count(b"{") + block.count(b"[") if most == _LARGE_JSON else 0
            if size > most or lines > _MANY_LINES or cells > _MANY_CELLS or objects > _MANY_OBJECTS:
                return True
            if most == _LARGE and cells - 2 * empty > _MANY_FILLED:
                return True
    return False


def _opens_json(start: bytes) -> bool:
    return start[:100].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"[", b"{")


def whole(source: Source) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


def fingerprint(source: Source) -> str:
    """The same for the same content. Nobody is to be fooled by it: it only has to tell exports apart."""
    check = 0
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as raw:
        while block := raw.read(HEAD_BYTES):
            check = zlib.crc32(block, check)
    return f"{size_of(source):x}-{check:08x}"


def unpacked(data: bytes) -> bytes:
    """The content of a file that is packed with gzip; any other as it is. Raises UnreadableFile beyond the limits."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    most = min(_MOST_UNPACKED, max(_MOST_TIMES * len(data), _LEAST_CAP))
    inflate = zlib.decompressobj(wbits=31)
    try:
        content = inflate.decompress(data, most)
        whole = inflate.eof
    except zlib.error as exc:
        raise UnreadableFile(_DAMAGED) from exc
    if inflate.unconsumed_tail:
        raise UnreadableFile(_SWELLS)
    if not whole:
        raise UnreadableFile(_CUT_OFF)
    return content


def head_of(source: Source, size: int) -> bytes:
    """The first bytes of the content."""
    with _opened(source) as (stream, _):
        return stream.read(size)


def _is_packed(source: Source) -> bool:
    if isinstance(source, bytes):
        return source.startswith(_PACKED)
    with source.open("rb") as raw:
        return raw.read(len(_PACKED)) == _PACKED


@contextmanager
def _opened(source: Source) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The content, unpacked where it is packed; and the file itself, whose position says how far one is."""
    raw: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with raw:
        if not _is_packed(source):
            yield raw, raw
            return
        with _Packed(raw) as stream:
            yield cast(BinaryIO, stream), raw


class _Packed(gzip.GzipFile):
    """The content of a packed file, read bit by bit. Raises UnreadableFile where it is damaged or beyond the limits."""

    def __init__(self, raw: BinaryIO) -> None:
        super().__init__(fileobj=raw)
        self._raw = raw
        self._size = 0

    def read(self, size: int | None = -1) -> bytes:
        return self._checked(super().read, size)

    def read1(self, size: int = -1) -> bytes:
        return self._checked(super().read1, size)

    def _checked(self, read: Callable[..., bytes], size: int | None) -> bytes:
        try:
            block = read(size)
        except EOFError as exc:
            raise UnreadableFile(_CUT_OFF) from exc
        except (gzip.BadGzipFile, zlib.error) as exc:
            raise UnreadableFile(_DAMAGED) from exc
        self._size += len(block)
        if self._size > min(LARGEST, max(_MOST_TIMES * self._raw.tell(), _LEAST_CAP)):
            raise UnreadableFile(_SWELLS)
        return block


@contextmanager
def read_as(source: Source, encoding: str, errors: str) -> Iterator[tuple[io.TextIOWrapper, BinaryIO, BinaryIO]]:
    """The content as text with its line ends as they are; beside it what `_opened` gives."""
    with _opened(source) as (stream, raw):
        text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
        try:
            yield text, stream, raw
        finally:
            text.detach()


# -- bytes to text --------------------------------------------------------------------------------------


def decode(data: bytes) -> str:
    """Text of UTF-8, UTF-16 or UTF-32 with or without byte order mark, or of a code page.

    Raises UnreadableFile for what is no text.
    """
    for opening, advice in _OTHER_KINDS:
        if data.startswith(opening):
            raise UnreadableFile(N_("This is not a CSV or JSON file. {advice}", advice=advice))
    text = _decoded(data).removeprefix("\ufeff")
    if _is_binary(text):
        raise UnreadableFile(N_("This is not a text file. Choose a CSV file with a header line, or a JSON array."))
    # SQLite and most tools stop reading a text at NUL.
    return text.replace("\0", "") if "\0" in text else text


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return data.decode("utf-32", errors="replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    unmarked = _utf16_without_mark(data)
    if unmarked:
        return data.decode(unmarked, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        return _damaged_utf8(data, exc) or data.decode(_legacy(data), errors="replace")


# What no word of Western Europe holds: three letters beyond ASCII in a row, or such a sign within a word.
_FOREIGN = re.compile(r"[^\x00-\x7f]{3,}")
_SIGN_IN_WORD = re.compile(r"(?<=[A-Za-z])[¹³¿](?=[a-z])")


def _legacy(data: bytes) -> str:
    """The encoding in which the header line names the most columns that are known in letters beyond ASCII, two at
    least; of equals, and where it names none, that of Western Europe.

    Raises UnreadableFile where nothing tells which it is.
    """
    head = b"\n".join(data[:_SAMPLE].splitlines()[:_HEADER_LINES])
    names = {encoding: _foreign_names(head, encoding) for encoding in _ENCODINGS}
    best = max(names, key=lambda encoding: names[encoding])
    if names[best] > max(1, names[_ENCODINGS[0]]):
        return best
    of_old = spelled_right(data[:_SAMPLE])
    if of_old:
        return of_old
    _require_western(data[:_SAMPLE].decode("cp1252", errors="replace"))
    return "cp1252"


def _foreign_names(head: bytes, encoding: str) -> int:
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError:
        return 0
    lines = (known_among(re.split(r"[,;\t|]", line.replace('"', ""))) for line in text.splitlines())
    return max((sum(not name.isascii() for name in names) for names in lines), default=0)


def _require_western(sample: str) -> None:
    """Raises UnreadableFile where the text was garbled by being read so: Cyrillic, Chinese, Polish and others as a
    spreadsheet saves them without UTF-8, when nothing in the file says which it is."""
    beyond = sum(character > "\x7f" for character in sample)
    strange, signs = sum(map(len, _FOREIGN.findall(sample))), len(_SIGN_IN_WORD.findall(sample))
    if strange > max(5, 0.3 * beyond) or signs > max(2, 0.1 * beyond):
        raise UnreadableFile(
            N_(
                "The letters of this file cannot be told: it is neither UTF-8 nor of Western Europe. Save it as CSV "
                "UTF-8, and choose it again."
            )
        )


def _utf16_without_mark(data: bytes) -> str:
    """Text in Latin letters has a zero in every second byte; where, says the byte order."""
    sample = data[:4096]
    zeros_first, zeros_second = sample[0::2].count(0), sample[1::2].count(0)
    if max(zeros_first, zeros_second) < len(sample) * 0.2 or min(zeros_first, zeros_second) > len(sample) * 0.05:
        return ""
    return "utf-16-be" if zeros_first > zeros_second else "utf-16-le"


def _damaged_utf8(data: bytes, error: UnicodeDecodeError) -> str:
    """UTF-8 that was cut in the middle of a character or holds a few broken ones; "" when it is no UTF-8.

    Read as Windows-1252, one broken byte would garble every name in the file.
    """
    if error.reason == "unexpected end of data" and len(data) - error.start < 4:
        return data[: error.start].decode("utf-8")
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\x7f") - broken
    return text if whole > 10 * broken else ""


def _is_binary(text: str) -> bool:
    sample = text[:8192]
    control = sum(1 for character in sample if character < " " and character not in "\t\n\r\f\v")
    unreadable = sample.count("\ufffd")
    return control > max(2, len(sample) // 200) or unreadable > max(4, len(sample) // 20)


def encoding_of(source: Source) -> tuple[str, str]:
    """Encoding and what to do about characters that are none: as `tables.decode` decides for whole files."""
    head = head_of(source, HEAD_BYTES)
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32", "replace"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", "replace"
    zeros = head[:4096].count(0)
    if zeros > len(head[:4096]) * 0.2:
        return ("utf-16-be" if head[0] == 0 else "utf-16-le"), "replace"
    try:
        with read_as(source, "utf-8", "strict") as (text, _, _):
            while text.read(HEAD_BYTES):
                pass
    except UnicodeDecodeError as exc:
        cut = exc.reason == "unexpected end of data"
        if cut or _holds_utf8(head):
            return "utf-8-sig", "replace"
        return _legacy(head), "replace"
    return "utf-8-sig", "strict"


def _holds_utf8(head: bytes) -> bool:
    """Whether the beginning holds characters beyond ASCII that are whole: then a broken one is an accident."""
    text = head.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(1 for character in text if character > "\x7f") - broken > 10 * broken
