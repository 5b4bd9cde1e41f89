"""What is whole in broken JSON: around each broken spot the reader finds the next record and goes on there.

The old app wrote one member or element per line, so that in its files the indentation tells where the next one
starts, whatever brackets and quotes say. In text without lines it is told by the names that records go by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_DIGITS = 400
DEEPEST = 60
UNREADABLE = "not readable as JSON"
# Ids of issues, weeks, profiles and queries: what the members of a map of records are called.
RECORD = r"[A-Z][A-Z0-9_]*-\d+|\d{4}-W?\d{1,2}|[pq]_[0-9a-f]{12}"
# Names that stand nowhere but at the top of a file.
_LISTS = "issues|data|statistics"
_OBJECTS = (
    "project_scope|metadata|metrics_history|profiles|jira_config|field_mappings|forecast_settings"
    "|project_classification|flow_type_mappings"
)
_PLAIN = "total_issues|changed_keys|jql_query|active_profile_id|active_query_id"
MEMBER = rf'(?<!\\)"(?:(?:{RECORD})"\s*:\s*\{{|(?:{_LISTS})"\s*:\s*\[|(?:{_OBJECTS})"\s*:\s*\{{|(?:{_PLAIN})"\s*:)'
# Within a record of the old app's files, and nowhere deeper in it.
_INNER = (
    r'(?<!\\)"(?:(?:date|changelog|histories|last_updated|trends|(?:completed|created)_(?:items|points))"\s*:'
    r'|(?:flow|dora)_\w+"\s*:\s*\{)'
)
# What the elements of the old app's lists begin with; nested lists begin with other names.
FIRST_NAMES = "expand|id|key|date|created"
_SPACE = re.compile(r"[\s\x00]*")
_BETWEEN = re.compile(r"[\s\x00,]*")
_NAME = re.compile(r'"((?:[^"\\\n]|\\.)*+)"\s*:\s*')
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|"|[\[\]{},]', re.DOTALL)
_TOP = re.compile(MEMBER)
_DEEPER = re.compile(f"{MEMBER}|{_INNER}")
_HARMLESS = " \t\r\n\x00,:[]{}"
_MISSING = object()


def _whole(digits: str) -> int | float | None:
    # Python refuses to parse integers of more than 4,300 digits, and nothing counts that far.
    return int(digits) if len(digits) <= MOST_DIGITS else None


_DECODER = json.JSONDecoder(strict=False)
_PATIENT = json.JSONDecoder(strict=False, parse_int=_whole)


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


def reason(exc: ValueError) -> str:
    return exc.msg if isinstance(exc, json.JSONDecodeError) else str(exc)


def element(indent: str | None, first: str) -> str:
    """A pattern for the start of an object in a list: by its indentation, else by the name it begins with."""
    if indent is not None:
        return rf"(?<=\n{re.escape(indent)})\{{"
    return rf'(?<!:)(?<!: )\{{\s*"(?:{first})"'


def first_name(value: Any) -> str:
    """The name that an object of a list begins with, as a pattern; those of the old app's lists where it has none."""
    name = next(iter(value), "") if isinstance(value, dict) else ""
    return re.escape(name) if name else FIRST_NAMES


def is_harmless(text: str) -> bool:
    """Whether nothing but brackets, commas and blanks is there."""
    return not text.strip(_HARMLESS)


@dataclass(frozen=True, slots=True)
class Gap:
    """A spot that could not be read; `at` is the place in the text."""

    at: int
    problem: str


def mended(text: str, is_record: bool = False) -> tuple[Any, list[Gap]]:
    """The value of broken JSON without its broken spots; None when nothing is whole.

    The text is that of a file, or of one record of it.
    """
    try:
        return decode(text)[0], []
    except json.JSONDecodeError:
        gaps = []
    except ValueError as exc:
        gaps = [Gap(0, reason(exc))]
        text = _shallow(text)
    mender = _Mender(text, gaps, _DEEPER if is_record else _TOP)
    start = _SPACE.match(text)
    value = mender.value(start.end() if start else 0, len(text))
    return None if value is _MISSING or value in ({}, []) else value, gaps


def rows(text: str) -> list[Any]:
    """The weekly rows that stand anywhere in a text, for a file whose list of them lost its name."""
    values, at = [], 0
    for match in re.finditer(r'\{\s*"date"\s*:', text):
        if match.start() < at:
            continue
        try:
            value, at = decode(text, match.start())
        except ValueError:
            continue
        values.append(value)
    return values


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


@dataclass(slots=True)
class _Mender:
    """Values out of parts of a text that is held whole; what is broken goes into `gaps`."""

    text: str
    gaps: list[Gap]
    outermost: re.Pattern[str]
    depth: int = field(default=0)

    def value(self, at: int, stop: int) -> Any:
        """The value between two places, as far as it can be read; `_MISSING` when nothing can."""
        try:
            result, end = decode(self.text, at)
        except ValueError as exc:
            problem = reason(exc)
        else:
            if end <= stop and is_harmless(self.text[end:stop]):
                return result
            if end <= stop and self.text[at] not in "{[":
                self._gap(end, UNREADABLE)
                return result
            problem = "does not end where it should"
        opening = self.text[at : at + 1]
        if at < stop and opening in ("{", "[") and self.depth < DEEPEST:
            self.depth += 1
            container: Any = self._members(at + 1, stop) if opening == "{" else self._elements(at + 1, stop)
            self.depth -= 1
            if container:
                return container
        self._gap(at, f"{UNREADABLE}: {problem}")
        return _MISSING

    def _gap(self, at: int, problem: str) -> None:
        self.gaps.append(Gap(at, problem))

    # -- objects ----------------------------------------------------------------------------------------

    def _members(self, at: int, stop: int) -> dict[str, Any]:
        indent = self._indent(at, stop, '"')
        starts = self._compact_members(at, stop) if indent is None else self._lines(at, stop, indent)
        members: dict[str, Any] = {}
        for name, begin, end in starts:
            value = self.value(begin, end)
            if value is not _MISSING and (indent is not None or name not in members):
                members[name] = value
        return members

    def _lines(self, at: int, stop: int, indent: str) -> Iterator[tuple[str, int, int]]:
        """Name, begin and end of each member that stands on a line of its own with this indentation."""
        matches = list(re.compile(rf"(?<=\n{re.escape(indent)}){_NAME.pattern}").finditer(self.text, at, stop))
        if not matches or not is_harmless(self.text[at : matches[0].start()]):
            self._gap(at, UNREADABLE)
        for number, match in enumerate(matches):
            end = matches[number + 1].start() if number + 1 < len(matches) else stop
            yield _text(match[1]), match.end(), end

    def _compact_members(self, at: int, stop: int) -> Iterator[tuple[str, int, int]]:
        """One after the other; behind a broken spot from the next name that is known."""
        known = self.outermost if self.depth == 1 else _DEEPER
        while (at := self._skip(at, stop)) < stop:
            name = _NAME.match(self.text, at, stop)
            if name is None:
                after = self._next(known, at + 1, stop)
                if self.text[at] == "}" and (self.depth > 1 or after == stop):
                    return
                self._gap(at, UNREADABLE)
                at = after
                continue
            end = self._end(name.end(), stop)
            if end is None:
                end = self._next(known, name.end(), stop)
            yield _text(name[1]), name.end(), end
            at = end

    # -- lists ------------------------------------------------------------------------------------------

    def _elements(self, at: int, stop: int) -> list[Any]:
        indent = self._indent(at, stop, '[{\\["\\w-]')
        starts = self._compact_elements(at, stop) if indent is None else self._element_lines(at, stop, indent)
        values = (self.value(begin, end) for begin, end in starts)
        return [value for value in values if value is not _MISSING]

    def _element_lines(self, at: int, stop: int, indent: str) -> Iterator[tuple[int, int]]:
        start = re.compile(rf"(?<=\n{re.escape(indent)})(?=[{{\[\"\w-])")
        places = [match.start() for match in start.finditer(self.text, at, stop)]
        yield from zip(places, [*places[1:], stop], strict=False)

    def _compact_elements(self, at: int, stop: int) -> Iterator[tuple[int, int]]:
        first = FIRST_NAMES
        while at < stop:
            at = self._skip(at, stop)
            if at >= stop or self.text[at] == "]":
                return
            end = self._end(at, stop)
            if end is None:
                end = self._next(re.compile(element(None, first)), at + 1, stop)
            elif self.text[at] == "{":
                name = _NAME.match(self.text, self._skip(at + 1, stop))
                first = re.escape(name[1]) if name else first
            yield at, end
            at = end

    # -- places -----------------------------------------------------------------------------------------

    def _indent(self, at: int, stop: int, marks: str) -> str | None:
        """The indentation of the first line in an object or list; None for text without lines."""
        line = re.compile(rf"[ \t\r]*\n([ \t]+)(?={marks})")
        direct = line.match(self.text, at, stop)
        if direct:
            return direct[1]
        indents = [match[1] for match in line.finditer(self.text, at, stop)]
        return min(indents, key=len) if indents else None

    def _skip(self, at: int, stop: int) -> int:
        match = _BETWEEN.match(self.text, at, stop)
        return match.end() if match else at

    def _next(self, pattern: re.Pattern[str], at: int, stop: int) -> int:
        match = pattern.search(self.text, at, stop)
        return match.start() if match else stop

    def _end(self, at: int, stop: int) -> int | None:
        """Where a whole value ends; None where it is broken."""
        try:
            end = decode(self.text, at)[1]
        except ValueError:
            return None
        return end if end <= stop else None


def _text(raw: str) -> str:
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw
