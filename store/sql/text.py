"""How instants, days and nested values lie in a column: the one border where text becomes either."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

import orjson

from store.errors import Damaged
from store.texts import N_

_Row = TypeVar("_Row")
_Record = TypeVar("_Record")
# What comes of reading a value that nobody wrote so.
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
DAMAGED_VALUE = N_(
    "A value in the database is damaged and cannot be read. It was kept as it is; put back one from the folder backups."
)


class _Decoding:
    """No generator: every look passes it, and one would take half a microsecond more."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        if isinstance(problem, _UNREADABLE):
            raise Damaged(DAMAGED_VALUE) from problem


_DECODING = _Decoding()


def decoding() -> _Decoding:
    """Around making records from rows: a value that cannot be one is damage. Raises Damaged."""
    return _DECODING


def decoded(made_of: Callable[[_Row], _Record], row: _Row) -> _Record:
    """The record of one row, as within `decoding`, at no cost where it is in order. Raises Damaged."""
    try:
        return made_of(row)
    except _UNREADABLE as exc:
        raise Damaged(DAMAGED_VALUE) from exc


# Reads what `instant_text` wrote; in C, aware and in UTC because of the final Z.
instant = datetime.fromisoformat
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_read_first = json.JSONDecoder().raw_decode
# Of which JSON has one way to write them.
_PLAIN = {str, bool}
_TEXT_ALONE = {str}
_UTC_ALONE: set[tzinfo | None] = {UTC}
_UTC_SECONDS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
_TWO_DIGITS = tuple(f"{number:02}" for number in range(60))


def instant_text(value: datetime) -> str:
    """The one format: UTC, whole seconds. Raises ValueError for a naive datetime, which could mean anything."""
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
    # From parts seen before: `isoformat` takes three times as long, and an issue has three instants.
    day, two = _day_text(value.toordinal()), _TWO_DIGITS
    return f"{day}T{two[value.hour]}:{two[value.minute]}:{two[value.second]}Z"


def instant_texts(values: Sequence[datetime | None]) -> list[str | None]:
    """`instant_text` of each that is there. What is in UTC orjson writes alike, many at once.

    It takes a zone less than a second from UTC for UTC: so the zones are looked at, not what it wrote."""
    if {value.tzinfo for value in values if value is not None} <= _UTC_ALONE:
        with suppress(TypeError):  # what is no plain datetime
            texts: list[str | None] = orjson.loads(orjson.dumps(values, option=_UTC_SECONDS))
            return texts
    return list(map(optional_instant_text, values))


@lru_cache(maxsize=8192)
def _day_text(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def optional_instant_text(value: datetime | None) -> str | None:
    return None if value is None else instant_text(value)


def optional_instant(text: str | None) -> datetime | None:
    return None if text is None else instant(text)


def optional_day_text(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def optional_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def object_text(value: Mapping[str, Any]) -> str:
    return _encode(value if isinstance(value, dict) else dict(value))


def extras_text(value: Mapping[str, Any]) -> str | None:
    """NULL when empty. What is text alone, as all that a table says is, and what is or is not, orjson writes alike in a
    tenth of the time."""
    if not value:
        return None
    if _is_plain(value.values()):
        try:
            return orjson.dumps(value).decode()
        except TypeError:  # half a character: refused where the other columns' are
            return object_text(value)
    return object_text(value)


def extras_texts(values: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """`extras_text` of each: where all are so, written one after the other and made text once."""
    with suppress(TypeError):  # half a character, or what is no plain dictionary
        if _is_plain([value for each in values for value in each.values()]):
            # Within JSON a line's end is written as two characters.
            lines = b"\n".join(map(orjson.dumps, values)).decode().split("\n")
            return [None if line == "{}" else line for line in lines][: len(values)]
    return list(map(extras_text, values))


def _is_plain(values: Collection[Any]) -> bool:
    """Whether all are of `_PLAIN`, or lists and objects of text alone."""
    kinds = {*map(type, values)}
    if kinds <= _PLAIN:
        return True
    if not kinds <= {*_PLAIN, dict, list}:
        return False
    within = {id(each): each for each in values if type(each) in (dict, list)}.values()
    objects = (each.values() if type(each) is dict else each for each in within)
    return {*map(type, chain.from_iterable(objects))} <= _TEXT_ALONE


def extras(text: str | None) -> dict[str, Any]:
    """Raises ValueError for what is no object."""
    # Nearly all are empty, and a profile has six.
    if not text or text == "{}":
        return {}
    value = _read(text)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def _read(text: str) -> Any:
    """As `json.loads`, which looks for blanks around it as well, and takes twice as long for a short text."""
    try:
        value, end = _read_first(text)
    except ValueError:
        end = -1
    return value if end == len(text) else json.loads(text)


def names_text(names: tuple[str, ...]) -> str | None:
    if not names:
        return None
    try:
        return orjson.dumps(names).decode()
    except TypeError:  # half a character: refused where the other columns' are
        return _encode(names)


# Issues share their labels and versions: doing each list once saves a third of loading a large query.
@lru_cache(maxsize=16384)
def names(text: str | None) -> tuple[str, ...]:
    """Raises ValueError for what is no list of names."""
    try:
        values = orjson.loads(text) if text else []
    except ValueError:  # what it refuses, such as half a character, Python's own may read
        values = json.loads(text or "")
    if not isinstance(values, list) or not all(isinstance(name, str) for name in values):
        raise ValueError("no list of names")
    return tuple(values)
