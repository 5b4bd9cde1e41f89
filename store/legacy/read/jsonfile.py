"""JSON that may be cut, holed or hand-edited: everything before, after and between the damage is read.

Large files are walked record by record and never held whole. NaN and Infinity are read as such, for the
reader of the value to note; the last of two equal keys wins. Behind a broken spot the walk goes on at the next
record: see `salvage` for how it is found.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from store.legacy.findings import FileNote
from store.legacy.read import salvage
from store.legacy.read.salvage import UNREADABLE, decode, reason
from store.legacy.read.text import Chunks, Readable, read_text

LONGEST_NAME = 1000
ZEROS = "zero bytes, where a disk or an editor lost what stood there"
_SPACE = re.compile(r"[\s\x00]*")
# The key of a record and what is left of its beginning, where a quote, a colon or a bracket is lost.
_TORN = re.compile(rf'[\s\x00,:{{}}\[\]"]*(?P<key>{salvage.RECORD})"?\s*:?\s*(?P<open>\{{?)')
_RECORD = re.compile(salvage.RECORD)
_COLON = re.compile(r"[\s\x00]*:[\s\x00]*")
_READ_ON = "left out; read on at the next record"


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a walked file. `group` is the array it stands in, "" for a member of the top object.

    `damaged` is set when the record was broken and `value` is only what of it is whole (or None); `where` is
    then its place in the file.
    """

    group: str
    name: str
    value: Any
    damaged: str = ""
    where: str = ""


def load(path: Readable, note: FileNote) -> Any:
    """The file's value, repaired where it is broken; None when nothing can be read. Findings go to `note`."""
    try:
        text, stray = read_text(path)
    except OSError as exc:
        note.find("", f"cannot be read: {exc.strerror}", "skipped")
        return None
    if stray:
        note.find("", "not written as UTF-8", "read as Windows-1252")
    start = _start(text)
    if start >= len(text):
        note.find("", "the file is empty", "skipped")
        return None
    if "\x00" in text:
        note.find(_place(text, text.index("\x00")), ZEROS, "read as if they were not there")
    return _with_rows(_loaded(text, start, note), text, note)


def _loaded(text: str, start: int, note: FileNote) -> Any:
    try:
        value, end = decode(text, start)
    except ValueError as exc:
        return _mended(text, start, reason(exc), note)
    left = text[end:].strip(" \t\r\n\x00")
    if left and isinstance(value, dict) and re.search(salvage.MEMBER, text[end:]):
        # A bracket too many closed the object early.
        return _mended(f"{text[:end].rstrip()[:-1]},{text[end:]}", start, "a bracket too many", note) or value
    if left:
        note.find(f"character {end}", "text after the end of the JSON", "ignored")
    return value


def _mended(text: str, start: int, problem: str, note: FileNote) -> Any:
    if text[start] not in "{[":
        note.find("", f"{UNREADABLE}: {problem}", "skipped")
        return None
    value, gaps = salvage.mended(text[start:])
    if value is None:
        note.find("", f"{UNREADABLE}: {problem}", "skipped")
        return None
    if not gaps:
        note.find("", f"{UNREADABLE}: {problem}", "brackets and commas were put right")
    for gap in gaps:
        note.find(_place(text, start + gap.at), gap.problem, "left out; what stands around it was read")
    return value


def _with_rows(value: Any, text: str, note: FileNote) -> Any:
    """The weekly rows of a file whose list of them lost its name."""
    if not isinstance(value, dict) or "statistics" in value or not (rows := salvage.rows(text)):
        return value
    note.find("statistics", "the name of the list is lost", f"its {len(rows)} rows were found by their dates")
    return value | {"statistics": rows}


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line}" if line > 1 else f"character {at}"


def _start(text: str) -> int:
    match = _SPACE.match(text, 1 if text.startswith("\ufeff") else 0)
    return match.end() if match else 0


class _Source:
    """The text from where we are, read further when asked for."""

    def __init__(self, path: Readable) -> None:
        self._chunks = Chunks(path)
        self._next = iter(self._chunks)
        self._lines = self._dropped = 0
        # Where the first zero byte stands, for people.
        self.zeros = ""
        self.text = ""
        self.at = 0

    @property
    def stray(self) -> bool:
        return self._chunks.stray

    def more(self) -> bool:
        """Append the next piece, dropping what has been used. False at the end of the file."""
        piece = next(self._next, None)
        if piece is None:
            return False
        # The begin of the line stays: its indentation tells where the next record starts.
        keep = max(self.text.rfind("\n", 0, self.at), self.at - LONGEST_NAME, 0)
        self._lines += self.text.count("\n", 0, keep)
        self._dropped += keep
        self.text = self.text[keep:] + piece
        self.at -= keep
        if "\x00" in piece and not self.zeros:
            self.zeros = self._place(self.text.index("\x00"))
        return True

    def place(self) -> str:
        """Where in the file we are, for people."""
        return self._place(self.at)

    def _place(self, at: int) -> str:
        line = self._lines + self.text.count("\n", 0, at) + 1
        return f"line {line}" if line > 1 else f"character {self._dropped + at}"

    def indent(self) -> str | None:
        """What stands before us in our line; None where that is more than blanks, or there are no lines."""
        line = self.text.rfind("\n", 0, self.at) + 1
        before = self.text[line : self.at]
        return before if line and not before.strip(" \t") else None

    def skip_space(self) -> str:
        """Move to the next character that is not blank and return it; "" at the end."""
        while True:
            match = _SPACE.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text) or not self.more():
                return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        """Decode the value here and move behind it. Raises ValueError when it is broken or cut."""
        pieces = 1
        while True:
            try:
                value, end = decode(self.text, self.at)
            except ValueError as exc:
                if not (_is_cut(exc, self.text) and self._grow(pieces)):
                    raise
                pieces *= 2
                continue
            # A number at the end of the piece may go on in the next one.
            if end < len(self.text) or not self.more():
                self.at = end
                return value

    def _grow(self, pieces: int) -> bool:
        # Doubling keeps a broken record that swallows the rest of the file from costing quadratic time.
        return sum(self.more() for _ in range(pieces)) > 0

    def up_to(self, start: re.Pattern[str], skip: int) -> str:
        """Move to the next place where `start` matches, not before `skip` characters; the text on the way.

        To the end of the file when it matches nowhere.
        """
        pieces, begin = 1, self.at
        while (match := start.search(self.text, self.at + skip)) is None and self._grow(pieces):
            pieces *= 2
        begin, self.at = self.at, match.start() if match else len(self.text)
        return self.text[begin : self.at]


def _is_cut(exc: ValueError, text: str) -> bool:
    """Whether the text may only end too early, and not be broken."""
    if not isinstance(exc, json.JSONDecodeError):
        return True
    return exc.pos >= len(text) - 16 or exc.msg.startswith("Unterminated string")


def walk(path: Readable, arrays: frozenset[str], note: FileNote) -> Iterator[Item]:
    """The members of the file's top object, or elements of its top array, in order, one at a time.

    Elements of the members named in `arrays` come singly. Broken records come as `damaged` items.
    """
    try:
        source = _Source(path)
        yield from _Walk(source, arrays, note).items()
        if source.stray:
            note.find("", "not written as UTF-8", "read as Windows-1252")
        if source.zeros:
            note.find(source.zeros, ZEROS, "read as if they were not there")
    except OSError as exc:
        note.find("", f"cannot be read: {exc.strerror}", "skipped from there on")


class _Walk:
    """Where a walk is: among the members of the top object, or among the elements of one of its arrays."""

    def __init__(self, source: _Source, arrays: frozenset[str], note: FileNote) -> None:
        self._source, self._arrays, self._note = source, arrays, note
        self._count: Counter[str] = Counter()
        self._group: str | None = None
        self._inside = False
        self._first = salvage.FIRST_NAMES
        self._is_list = False
        # Indentations: of the members of the whole, and of an array's elements.
        self._unit: str | None = None
        self._indent: str | None = None
        self._over = False
        # Whether a comma must come before the next record.
        self._wants_comma = False

    def items(self) -> Iterator[Item]:
        opening = self._source.skip_space()
        if opening == "\ufeff":
            self._source.at += 1
            opening = self._source.skip_space()
        if not opening:
            self._note.find("", "the file is empty", "skipped")
            return
        self._unit = _unit(self._source.text)
        self._indent = None if self._unit is None else self._unit if opening == "[" else self._unit * 2
        if opening == "[":
            self._group, self._inside, self._is_list = "", True, True
        if opening in "[{":
            self._source.at += 1
        elif not self._found_start():
            self._note.find("", "holds no JSON object", "skipped")
            return
        while not self._over:
            yield from self._element() if self._inside else self._member()

    def _found_start(self) -> bool:
        """Whether records follow on a broken beginning of the file."""
        text = self._source.up_to(self._start(), 0)
        self._note.find("character 0", f"{UNREADABLE}: {text[:40]!r}", _READ_ON)
        return bool(self._source.skip_space())

    # -- members ----------------------------------------------------------------------------------------

    def _member(self) -> Iterator[Item]:
        mark = self._source.skip_space()
        if mark == ",":
            self._source.at += 1
            self._wants_comma = False
        elif mark == '"':
            self._note_comma()
            yield from self._named()
        elif mark == "}":
            self._source.at += 1
            yield from self._end()
        elif not mark:
            self._note.find("the end", "the file ends too early", "kept what stands before")
            self._over = True
        else:
            yield from self._gap("no member of an object", 0)

    def _end(self) -> Iterator[Item]:
        """Behind the last bracket there is nothing, as a rule. One too many may have closed the whole too early."""
        source = self._source
        if not source.skip_space():
            self._over = True
            return
        where = source.place()
        text = source.up_to(self._start(), 0)
        if not source.skip_space():
            self._note.find(where, "text after the end of the JSON", "ignored")
            self._over = True
        else:
            self._note.find(where, "a bracket closes the whole too early", "read on at the next record")
            yield from self._torn(text, "not in its place", where)
        self._settle()

    def _named(self) -> Iterator[Item]:
        source = self._source
        name, length = self._name()
        if not length:
            yield from self._gap(f"{UNREADABLE}: a name without a value", 1)
            return
        opening = source.text[source.at + length : source.at + length + 1]
        if opening == '"' and _RECORD.fullmatch(name):
            yield from self._gap("its opening bracket is lost", 1)
            return
        source.at += length
        if opening == "[" and name in self._arrays:
            source.at += 1
            self._group, self._inside, self._wants_comma = name, True, False
            return
        yield from _unswallowed(self._value("", name), self._note)

    def _name(self) -> tuple[str, int]:
        """The name of a member here, and how far its value is from here; 0 where there is no such name."""
        source = self._source
        if len(source.text) - source.at < LONGEST_NAME:
            source.more()
        try:
            name, end = decode(source.text, source.at)
        except ValueError:
            return "", 0
        value = _COLON.match(source.text, end)
        if value is None or "\n" in name:
            return "", 0
        return str(name), value.end() - source.at

    # -- elements ---------------------------------------------------------------------------------------

    def _element(self) -> Iterator[Item]:
        source, group = self._source, self._group or ""
        mark = source.skip_space()
        if mark == ",":
            source.at += 1
            self._wants_comma = False
        elif mark == "]":
            source.at += 1
            self._inside, self._wants_comma = False, True
            if self._is_list:
                yield from self._end()
        elif not mark:
            self._note.find(group, f"the file ends after {self._count[group]} records", "kept what stands before")
            self._over = True
        elif mark in ":}":
            yield from self._gap("no element of a list", 0)
        else:
            self._note_comma()
            yield from self._record(group)

    def _note_comma(self) -> None:
        if self._wants_comma:
            self._note.find(self._source.place(), "a comma is missing", "read as if it were there")

    def _record(self, group: str) -> Iterator[Item]:
        is_text = self._source.text[self._source.at] == '"'
        if is_text and self._name()[1]:
            # A record whose opening bracket is lost.
            yield from self._gap("no element of a list", 0)
            return
        if not self._count[group]:
            self._indent = self._source.indent()
        item = self._value(group, str(self._count[group]))
        if not item.damaged and isinstance(item.value, dict):
            self._first = salvage.first_name(item.value)
        self._count[group] += 1
        yield item

    # -- values and gaps --------------------------------------------------------------------------------

    def _value(self, group: str, name: str) -> Item:
        source = self._source
        self._wants_comma = True
        try:
            return Item(group, name, source.value())
        except ValueError as exc:
            where = source.place()
            text = source.up_to(self._start(), 1)
            self._settle()
            return Item(group, name, salvage.mended(text, is_record=True)[0], reason(exc), where)

    def _gap(self, problem: str, skip: int) -> Iterator[Item]:
        """Go on at the next record; what lies between comes as a damaged item, unless it is only brackets."""
        where = self._source.place()
        text = self._source.up_to(self._start(), skip)
        if salvage.is_harmless(text):
            self._note.find(where, "brackets or commas that do not belong there", "read on at the next record")
        else:
            yield from self._torn(text, problem, where)
        self._settle()

    def _torn(self, text: str, problem: str, where: str) -> Iterator[Item]:
        if salvage.is_harmless(text):
            return
        torn = _TORN.match(text) if self._group is None else None
        if torn is not None:
            value = salvage.mended("{" + text[torn.end() :], is_record=True)[0]
            yield Item("", torn["key"], value, problem, where)
            return
        group = self._group if self._inside and self._group is not None else ""
        name = str(self._count[group]) if self._inside else ""
        self._count[group] += self._inside
        value = salvage.mended(text if text.lstrip().startswith("{") else "{" + text, is_record=True)[0]
        yield Item(group, name, value, problem, where)

    def _settle(self) -> None:
        """Find out at what kind of record we are now."""
        self._wants_comma = False
        self._inside = self._group is not None and self._source.skip_space() == "{"

    def _start(self) -> re.Pattern[str]:
        """What the next record starts with, among the members or in the array that was read last."""
        kinds = (
            [salvage.MEMBER]
            if self._unit is None
            else [_member_line(self._unit), rf"(?<=\n{self._unit}){salvage.MEMBER}"]
        )
        if self._group is not None:
            kinds.append(salvage.element(self._indent, self._first))
        return re.compile("|".join(f"(?:{kind})" for kind in kinds))


def _unit(text: str) -> str | None:
    """The indentation of the file's outermost members; None for text without lines."""
    direct = re.match(r"[\s\ufeff]*[{\[][ \t\r]*\n([ \t]+)", text)
    if direct:
        return direct[1]
    indents = re.findall(r'\n([ \t]+)(?=")', text) if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "[") else []
    return min(indents, key=len) if indents else None


def _member_line(unit: str) -> str:
    return rf'(?<=\n{unit})"[^"\n]{{1,{LONGEST_NAME}}}"\s*:'


def _unswallowed(item: Item, note: FileNote) -> Iterator[Item]:
    """The record, and those that came to stand in it because its closing bracket is lost."""
    if item.damaged or not isinstance(item.value, dict) or not _RECORD.fullmatch(item.name):
        yield item
        return
    inner = [name for name, member in item.value.items() if isinstance(member, dict) and _RECORD.fullmatch(name)]
    yield Item(item.group, item.name, {name: member for name, member in item.value.items() if name not in inner})
    if inner:
        note.find(item.name, f"its closing bracket is lost: {len(inner)} records stood in it", "each read by itself")
    for name in inner:
        yield Item("", name, item.value[name])
