"""Any result as JSON: what its fields say, days and instants as text, too little data as its reason.

A class may name the parts of its document itself, in `DOCUMENT`: the key, and the attribute (or the way to it, such
as "when.levels") it comes from. So a field that is only of use inside stays inside, and a key may be a word that no
attribute can be called.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from typing import Any

from app.domain.missing import NotEnoughData


def whole(value: float) -> float | int | None:
    """Numbers that are whole are whole in the document too; what is no number is null."""
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def as_they_are(value: float) -> float:
    """For the answers that were given before `whole` was the rule: a reader may go by their spelling, 5.0."""
    return value


def document(result: Any, number: Callable[[float], Any] = whole) -> Any:
    """What `json.dumps` takes. `number`: how a float is written."""
    if result is None or isinstance(result, bool | int) or type(result) is str:
        return result
    if isinstance(result, float):
        return number(result)
    if isinstance(result, Enum):
        return document(result.value)
    if isinstance(result, str):
        # A text that can be said in other languages is English here, and plain.
        return str.__str__(result)
    if isinstance(result, date | datetime):
        return result.isoformat()
    if isinstance(result, NotEnoughData):
        return {"not_enough_data": document(result.reason)}
    if isinstance(result, Mapping):
        return {str(document(key)): document(value, number) for key, value in result.items()}
    return _compound(result, number)


def _compound(result: Any, number: Callable[[float], Any]) -> Any:
    names = parts(type(result))
    if names:
        return {key: document(attrgetter(name)(result), number) for key, name in names.items()}
    if isinstance(result, Set):
        return sorted((document(value, number) for value in result), key=str)
    if isinstance(result, list | tuple):
        return [document(value, number) for value in result]
    return str.__str__(result) if isinstance(result, str) else str(result)


# Rows of a list that are made and written at once; of shorter lists all are.
_ROWS_AT_ONCE = 1_000


def outline(result: Any) -> Any:
    """The document but for the rows of long lists, which stay records until `in_pieces` writes them: as documents
    those of 110,000 items take 60 MB."""
    if isinstance(result, str | Enum | date | NotEnoughData):
        return document(result)
    if isinstance(result, Mapping):
        return {str(document(key)): outline(value) for key, value in result.items()}
    if names := parts(type(result)):
        return {key: outline(attrgetter(name)(result)) for key, name in names.items()}
    return list(result) if _is_long_list(result) else document(result)


def _is_long_list(result: Any) -> bool:
    """Of records that `json` does not know, so that it asks for their documents one by one."""
    if not isinstance(result, list | tuple) or len(result) <= _ROWS_AT_ONCE:
        return False
    return all(is_dataclass(row) and not isinstance(row, type | tuple | str | int | float) for row in result)


def in_pieces(outlined: Any) -> Iterator[str]:
    """The text of a document or an outline, as `json.dumps` has it, one piece after the other."""
    if isinstance(outlined, dict) and outlined and all(type(key) is str for key in outlined):
        for number, (key, value) in enumerate(outlined.items()):
            yield f"{', ' if number else '{'}{_text(key)}: "
            yield from in_pieces(value)
        yield "}"
    elif isinstance(outlined, list) and len(outlined) > _ROWS_AT_ONCE:
        for at in range(0, len(outlined), _ROWS_AT_ONCE):
            yield f"{', ' if at else '['}{_text(outlined[at : at + _ROWS_AT_ONCE])[1:-1]}"
        yield "]"
    else:
        yield _text(outlined)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=document)


def parts(kind: type) -> Mapping[str, str]:
    """Key to attribute of a record's document; empty for what is no record."""
    chosen: Mapping[str, str] | None = getattr(kind, "DOCUMENT", None)
    if chosen is not None:
        return chosen
    if is_dataclass(kind):
        return {field.name: field.name for field in fields(kind)}
    return {name: name for name in getattr(kind, "_fields", ())}


def rows(result: Any) -> dict[str, list[dict[str, Any]]]:
    """The tables in a document: lists of records, by the way to them, such as "cycle_time.items"."""
    tables: dict[str, list[dict[str, Any]]] = {}
    _collect(document(result), (), tables)
    return tables


def _collect(value: Any, way: tuple[str, ...], tables: dict[str, list[dict[str, Any]]]) -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            _collect(part, (*way, key), tables)
    elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        tables[".".join(way)] = value
