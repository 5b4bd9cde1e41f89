"""Records as JSON and back, by their type hints: for bundles and trees of JSON files.

Instants are `YYYY-MM-DDTHH:MM:SSZ`, days `YYYY-MM-DD`, bytes text, tuples lists. Fields at their
default are left out, so that files stay readable; unknown keys in a file are ignored.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


class UnreadableRecord(ValueError):
    """The JSON does not hold such a record; the message names the field."""


def parsed_json(text: str | bytes) -> Any:
    """What a text says that somebody may have changed. Raises ValueError, for what is nested too deep as well."""
    try:
        return json.loads(text)
    except RecursionError as exc:
        raise ValueError("nested too deep") from exc


def instant_text(instant: datetime) -> str:
    """The one format of instants: UTC, whole seconds."""
    # strftime would not pad years before 1000, and nothing reads those back.
    return f"{instant.astimezone(UTC).isoformat()[:19]}Z"


def encode(record: Any) -> dict[str, Any]:
    """The record as a JSON object."""
    defaults = _defaults(type(record))  # type: ignore[arg-type]  # every type is hashable
    return {name: _plain(value) for name, default in defaults if (value := getattr(record, name)) != default}


def decode(kind: type[Record], document: Any, *, is_lenient: bool = False) -> Record:
    """The record that `encode` wrote. Raises UnreadableRecord naming the field that cannot be read.

    `is_lenient`: what cannot be read is as if it was not there.
    """
    if not isinstance(document, Mapping):
        raise UnreadableRecord(f"{kind.__name__}: an object is needed, not {document!r:.60}")
    values = {}
    for name, reader in _readers(kind):  # type: ignore[arg-type]
        if name in document:
            try:
                values[name] = reader(document[name])
            except (TypeError, ValueError, KeyError, OverflowError, AttributeError) as exc:
                if is_lenient:
                    continue
                raise UnreadableRecord(f"{kind.__name__}.{name}: {document[name]!r:.60} cannot be read") from exc
    try:
        return kind(**values)
    except TypeError as exc:
        raise UnreadableRecord(f"{kind.__name__}: {exc}") from exc


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return _bytes_text(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    return encode(value) if is_dataclass(value) else value


def _bytes_text(content: bytes) -> str | dict[str, str]:
    """Raw answers are UTF-8 as a rule; one that is not goes as Base64."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Each field with its default; an object that equals nothing where there is none."""
    return tuple(
        (field.name, field.default_factory() if field.default_factory is not MISSING else field.default)
        for field in fields(kind)
    )


@cache
def _readers(kind: Any) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, _reader(hints[field.name])) for field in fields(kind))


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isinstance(hint, UnionType):
        (inner,) = (part for part in get_args(hint) if part is not NoneType)
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    origin = get_origin(hint)
    if origin is tuple:
        read = _reader(get_args(hint)[0])
        return lambda value: tuple(read(part) for part in _checked(list, value))
    if origin is not None and issubclass(origin, Mapping):
        key, inner = get_args(hint)
        if key is int:
            read = _reader(inner)
            return lambda value: {int(name): read(part) for name, part in _checked(dict, value).items()}
        return lambda value: _checked(dict, value)
    if is_dataclass(hint):
        return lambda value: decode(hint, value)  # type: ignore[arg-type]  # a class, not one of its objects
    return _SCALARS.get(hint) or (lambda value: hint(value) if issubclass(hint, StrEnum) else _checked(hint, value))


def _checked(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError
    return value


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(_checked(str, value))
    if instant.tzinfo is None:
        raise ValueError
    return instant.astimezone(UTC).replace(microsecond=0)


def _bytes(value: Any) -> bytes:
    if isinstance(value, dict):
        return base64.b64decode(_checked(str, value["base64"]), validate=True)
    encoded: bytes = _checked(str, value).encode()
    return encoded


def _number(value: Any) -> float:
    number = float(_checked(int | float, value))
    if not math.isfinite(number):
        raise ValueError
    return number


def _whole(value: Any) -> int:
    """Raises ValueError for one that no column holds."""
    number: int = _checked(int, value)
    if not -(2**63) <= number < 2**63:
        raise ValueError
    return number


_SCALARS: Mapping[Any, Callable[[Any], Any]] = {
    datetime: _instant,
    date: lambda value: date.fromisoformat(_checked(str, value)),
    bytes: _bytes,
    float: _number,
    int: _whole,
}
