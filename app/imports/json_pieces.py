"""A large JSON document entry by entry: the array that it is, or the one in an answer, is never in memory whole."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.errors import UnreadableFile
from app.imports.tables import refused_constant, why_no_json
from app.imports.trackers.answers import WRAPPED, is_page
from app.words import N_

_BLANK = re.compile(r"[ \t\r\n]*")
_BLOCK = 1_000_000
# Of a single entry with its history; what is larger is no entry but the whole document in another shape.
_LARGEST_ENTRY = 24_000_000
# Stands for an entry of which only is asked that it is one.
_ENTRY: dict[str, Any] = {}
_DECODER = json.JSONDecoder(parse_constant=refused_constant)


@dataclass(slots=True)
class Piece:
    """Some entries that follow one another, in what the document wraps them in: `value` is read as a document is.

    `last` is the number of the last one in the file, the first is 1.
    """

    value: Any
    count: int
    last: int


_ROWS = re.compile(r"\s*\[\s*\[\s*\"")


@dataclass(slots=True)
class Pieces:
    """`outline`, once all was read: the documents with nothing in their entries, for what they say of themselves."""

    outline: list[Any] = field(default_factory=list)

    def of(self, text: io.TextIOBase, count: int, size: int) -> Iterator[Piece]:
        """Pieces of at most so many entries and about so many characters. Raises UnreadableFile for what is damaged."""
        read, last = _Text(text), 0
        while read.sign():
            wrapper: dict[str, Any] = {}
            name = read.opened(wrapper)
            begun, entries, outline = read.passed, [], list[Any]()
            for entry in read.elements():
                entries.append(entry)
                outline.append(_outline(entry))
                if len(entries) == count or read.passed - begun > size:
                    last += len(entries)
                    yield Piece(_wrapped(wrapper, name, entries), len(entries), last)
                    begun, entries = read.passed, []
            if name:
                read.members(wrapper)
            self.outline += [_wrapped(wrapper, name, outline)] if name else outline
            if entries:
                last += len(entries)
                yield Piece(_wrapped(wrapper, name, entries), len(entries), last)


def has_pieces(head: str) -> bool:
    """Whether a document that begins so is an array of entries, or an answer with them under one of the known names.

    A table in arrays is none: what its cells are is told by the first row. Nor is the dump of a project, which has
    several arrays beside each other.
    """
    if _ROWS.match(head):
        return False
    read, wrapper = _Text(io.StringIO(head)), dict[str, Any]()
    try:
        first = read.sign()
        return first == "[" or (first == "{" and bool(read.opened(wrapper)) and "slug" not in wrapper)
    except UnreadableFile:
        return False


def _wrapped(wrapper: dict[str, Any], name: str, entries: list[Any]) -> Any:
    return {**wrapper, name: entries} if name else entries


def _outline(entry: Any) -> Any:
    """Of an answer what it says of itself; of any other entry that it is one."""
    if not isinstance(entry, dict):
        return None
    if not is_page(entry):
        return _ENTRY
    return {name: [_ENTRY] * len(value) if isinstance(value, list) else value for name, value in entry.items()}


class _Text:
    """The text as far as it was read and not yet used."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self._buffer, self._at = "", 0
        self._used = 0

    @property
    def passed(self) -> int:
        """Characters that were used."""
        return self._used + self._at

    def sign(self) -> str:
        """The next character that is no blank; "" at the end."""
        while True:
            self._at = _BLANK.match(self._buffer, self._at).end()  # type: ignore[union-attr]  # it matches nothing too
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def opened(self, wrapper: dict[str, Any]) -> str:
        """Into the array of entries: "" for one that stands alone, else its name, with what stands before it put into
        `wrapper`."""
        if self.sign() == "{":
            self._at += 1
            name = self.members(wrapper, stop=True)
            if not name:
                raise UnreadableFile(N_("The JSON holds no array of objects. Needed is one object per item or week."))
        else:
            name = ""
        self._expect("[")
        return name

    def elements(self) -> Iterator[Any]:
        """The array's values one after the other, and over its end."""
        while self.sign() != "]":
            yield self._value()
            if self.sign() == ",":
                self._at += 1
                if self.sign() == "]":
                    raise _damaged(N_("an entry is missing"))
            elif self.sign() != "]":
                raise _damaged(N_("its end is missing") if not self.sign() else N_("two entries stand without a comma"))
        self._at += 1

    def members(self, wrapper: dict[str, Any], stop: bool = False) -> str:
        """What stands in an object, put into `wrapper`, over its end; or, to `stop`, up to its entries: their name."""
        while True:
            if self.sign() == ",":
                self._at += 1
            if self.sign() == "}":
                self._at += 1
                return ""
            name = self._value()
            if not isinstance(name, str):
                raise _damaged(N_("a name is missing"))
            self._expect(":")
            if stop and name in WRAPPED and self.sign() == "[":
                return name
            wrapper[name] = self._value()

    def _expect(self, sign: str) -> None:
        if self.sign() != sign:
            raise _damaged(N_("{sign} is missing", sign=sign))
        self._at += 1

    def _value(self) -> Any:
        self.sign()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except RecursionError as exc:
                raise _damaged(why_no_json(exc)) from exc
            except ValueError as exc:
                if len(self._buffer) - self._at > _LARGEST_ENTRY or not self._more():
                    raise _damaged(why_no_json(exc)) from exc
            else:
                # A number at the end of what was read may go on.
                if end < len(self._buffer) or not self._more():
                    self._at = end
                    return value

    def _more(self) -> bool:
        """Read on, at least as much again as is waiting; what was used is let go. False at the end."""
        block = self._text.read(max(_BLOCK, len(self._buffer) - self._at))
        if not block:
            return False
        self._used += self._at
        self._buffer, self._at = self._buffer[self._at :] + block.replace("\0", ""), 0
        return True


def _damaged(why: str) -> UnreadableFile:
    return UnreadableFile(N_("The file looks like JSON but is damaged: {why}. Export it again.", why=why))
