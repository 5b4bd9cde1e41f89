"""JSON that may be cut, holed or hand-edited: everything before, after and between the damage is read.

Large files are walked record by record and never held whole. NaN and Infinity are read as such, for the
reader of the value to note; the last of two equal keys wins. The old app wrote `indent=2`, so the start of
the next record can be found by its indentation even where brackets or quotes are broken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from store.legacy.findings import FileNote
from store.legacy.text import Chunks, Readable, read_text

MOST_DIGITS = 400
DEEPEST = 60
LONGEST_NAME = 1000
_SPACE = re.compile(r"[\s\x00]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|"|[\[\]{},]', re.DOTALL)
_LINE = re.compile(r'([ \t]*)(?:"(?:[^"\\]|\\.)*+"\s*:\s*)?')
UNREADABLE = "not readable as JSON"


def _whole(digits: str) -> int | float | None:
    # Python refuses to parse integers of more than 4,300 digits, and nothing counts that far.
    return int(digits) if len(digits) <= MOST_DIGITS else None


_DECODER = json.JSONDecoder(strict=False)
_PATIENT = json.JSONDecoder(strict=False, parse_int=_whole)


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a walked file. `group` is the array it stands in, "" for a member of the top object.

    `damaged` is set when the record was broken and `value` is only what stood before the damage (or None);
    `text` is then the source text.
    """

    group: str
    name: str
    value: Any
    damaged: str = ""
    text: str = ""


def decode(text: str, at: int = 0) -> tuple[Any, int]:
    """The value at `at` and its end. Raises ValueError for broken or too deeply nested JSON."""
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return _PATIENT.raw_decode(text, at)
    except RecursionError as exc:
        raise ValueError("nested too deeply") from exc


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
    return _loaded(text, start, note)


def _loaded(text: str, start: int, note: FileNote) -> Any:
    try:
        value, end = decode(text, start)
    except ValueError as exc:
        value = repaired(text[start:])
        action = "skipped" if value is None else "kept what stands before the damage"
        note.find(_place(exc), f"{UNREADABLE}: {_reason(exc)}", action)
        return value
    if text[end:].strip(" \t\r\n\x00"):
        note.find(f"character {end}", "text after the end of the JSON", "ignored")
    return value


def _start(text: str) -> int:
    match = _SPACE.match(text, 1 if text.startswith("\ufeff") else 0)
    return match.end() if match else 0


def _reason(exc: ValueError) -> str:
    return exc.msg if isinstance(exc, json.JSONDecodeError) else str(exc)


def _place(exc: ValueError) -> str:
    return f"line {exc.lineno}" if isinstance(exc, json.JSONDecodeError) else ""


def repaired(text: str) -> Any:
    """The value of JSON that was cut or broken: all that was complete before that; None when nothing was."""
    try:
        return decode(text)[0]
    except json.JSONDecodeError as exc:
        text = text[: exc.pos]
    except ValueError:
        text = _shallow(text)
    for cut, closers in [(len(text), ""), *_safe_cuts(text)]:
        try:
            return decode(text[:cut] + closers)[0]
        except ValueError:
            continue
    return None


def _shallow(text: str) -> str:
    """The text with null in place of what is nested deeper than anything meant."""
    depth, kept_to, pieces = 0, 0, []
    for match in _TOKEN.finditer(text):
        if match.group() in ("[", "{"):
            depth += 1
            if depth == DEEPEST:
                pieces += [text[kept_to : match.start()], "null"]
                kept_to = len(text)
        elif match.group() in ("]", "}"):
            if depth == DEEPEST:
                kept_to = match.end()
            depth -= 1
    return "".join(pieces) + text[kept_to:]


def _safe_cuts(text: str) -> list[tuple[int, str]]:
    """Places where the text may be ended, best first, each with the brackets that are then still open."""
    stack: list[str] = []
    cuts: list[tuple[int, str]] = []
    for match in _TOKEN.finditer(text):
        mark = match.group()
        if mark in "[{":
            stack.append("]" if mark == "[" else "}")
            cuts.append((match.end(), "".join(reversed(stack))))
        elif mark in "]}" and stack:
            stack.pop()
            cuts.append((match.end(), "".join(reversed(stack))))
        elif mark == ",":
            cuts.append((match.start(), "".join(reversed(stack))))
        if len(cuts) > 8:
            del cuts[0]
        if len(stack) > 200:
            break
    return cuts[::-1]


class _Source:
    """The text from where we are, read further when asked for."""

    def __init__(self, path: Readable) -> None:
        self._chunks = Chunks(path)
        self._next = iter(self._chunks)
        self.text = ""
        self.at = 0
        self.ended = False

    @property
    def stray(self) -> bool:
        return self._chunks.stray

    def more(self) -> bool:
        """Append the next piece, dropping what has been used. False at the end of the file."""
        piece = next(self._next, None)
        if piece is None:
            self.ended = True
            return False
        # The begin of the line stays: its indentation tells where the next record starts.
        keep = max(self.text.rfind("\n", 0, self.at), self.at - LONGEST_NAME, 0)
        self.text = self.text[keep:] + piece
        self.at -= keep
        return True

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
            except ValueError:
                if self._next_sibling() is not None or not self._grow(pieces):
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

    def _next_sibling(self) -> int | None:
        """Where the record after this one starts, or its container ends, judged by indentation or brackets."""
        begin = self.text.rfind("\n", 0, self.at)
        line = _LINE.fullmatch(self.text, begin + 1, self.at) if begin >= 0 else None
        if line is None or not line[1]:
            return self._end_by_brackets()
        # A sibling never stands deeper than the record's own line.
        indent = len(line[1])
        match = re.compile(rf"\n[ \t]{{0,{indent}}}(?=[\[{{\"\]}}\w-])").search(self.text, self.at)
        if match and self.text[match.end()] in "]}" and match.end() - match.start() - 1 == indent:
            closing = match.end() + 1
            return closing if closing < len(self.text) else None
        return match.end() if match else None

    def _end_by_brackets(self) -> int | None:
        depth = 0
        for match in _TOKEN.finditer(self.text, self.at):
            mark = match.group()
            if mark == '"':
                return None
            if mark in "[{":
                depth += 1
            elif mark in "]}":
                depth -= 1
                if depth <= 0:
                    return match.end() if depth == 0 else match.start()
            elif mark == "," and depth == 0:
                return match.start()
        return None

    def skip_broken(self) -> str:
        """Move behind a broken record; its text. To the end of the file when nothing follows."""
        end = self._next_sibling()
        begin, self.at = self.at, len(self.text) if end is None else end
        return self.text[begin : self.at]


def walk(path: Readable, arrays: frozenset[str], note: FileNote) -> Iterator[Item]:
    """The members of the file's top object, or elements of its top array, in order, one at a time.

    Elements of the members named in `arrays` come singly. Broken records come as `damaged` items.
    """
    try:
        source = _Source(path)
        opening = source.skip_space()
        if opening == "\ufeff":
            source.at += 1
            opening = source.skip_space()
        if opening == "{":
            yield from _members(source, arrays, note)
        elif opening == "[":
            yield from _elements(source, "", note)
        else:
            _nothing(opening, note)
        if source.stray:
            note.find("", "not written as UTF-8", "read as Windows-1252")
    except OSError as exc:
        note.find("", f"cannot be read: {exc.strerror}", "skipped from there on")


def _nothing(opening: str, note: FileNote) -> None:
    note.find("", "holds no JSON object" if opening else "the file is empty", "skipped")


def _members(source: _Source, arrays: frozenset[str], note: FileNote) -> Iterator[Item]:
    source.at += 1
    while True:
        mark = source.skip_space()
        if mark == ",":
            source.at += 1
        elif mark == '"':
            yield from _member(source, arrays, note)
        elif mark == "}":
            return
        elif not mark:
            note.find("", "the file ends too early", "kept what stands before")
            return
        else:
            text = source.skip_broken()
            yield Item("", "", None, "no member of an object", text)
            source.at += 1 if not text else 0


def _member(source: _Source, arrays: frozenset[str], note: FileNote) -> Iterator[Item]:
    begin = source.at
    try:
        name = source.value()
        if source.skip_space() != ":":
            raise ValueError("no value")
    except ValueError:
        yield Item("", "", None, UNREADABLE, source.skip_broken() or _one(source))
        return
    source.at += 1
    opening = source.skip_space()
    if opening == "[" and name in arrays:
        yield from _elements(source, name, note)
        return
    yield _value(source, "", name, begin)


def _one(source: _Source) -> str:
    """Step over one character, so that a walk always gets on."""
    source.at += 1
    return source.text[source.at - 1 : source.at]


def _value(source: _Source, group: str, name: str, begin: int = 0) -> Item:
    try:
        return Item(group, name, source.value())
    except ValueError as exc:
        text = source.skip_broken() or _one(source)
        return Item(group, name, repaired(text), _reason(exc), text)


def _elements(source: _Source, group: str, note: FileNote) -> Iterator[Item]:
    source.at += 1
    index = 0
    while True:
        mark = source.skip_space()
        if mark == ",":
            source.at += 1
        elif mark == "]":
            source.at += 1
            return
        elif not mark:
            note.find(group, f"the file ends after {index} records", "kept what stands before")
            return
        else:
            yield _value(source, group, str(index))
            index += 1
