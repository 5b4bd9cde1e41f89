"""What is kept of a result each week: what it says itself, else its single numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from app.domain.known import Known


def recorded(name: str, result: Any, known: Known) -> dict[str, dict[str, Any]]:
    """Values by metric; empty for what cannot be told, which is never recorded as zero, and for mere lists.

    A result may name its metrics in a method `recorded`; for any other its name is the metric.
    """
    own = getattr(result, "recorded", None)
    if own is not None:
        values: dict[str, dict[str, Any]] = own(known)
        return values
    singles = _singles(result)
    return {name: {"unit": known.unit.value, **singles}} if _has_number(singles) else {}


def _singles(result: Any) -> dict[str, Any]:
    """Without lists: a record of a week is for lines over time, and lists can be told anew."""
    if is_dataclass(result):
        parts = {field.name: getattr(result, field.name) for field in fields(result)}
    else:
        parts = {str(name): part for name, part in result.items()} if isinstance(result, Mapping) else {}
    kept: dict[str, Any] = {}
    for name, part in parts.items():
        if isinstance(part, date | datetime):
            kept[name] = part.isoformat()
        elif isinstance(part, Enum):
            kept[name] = part.value
        elif part is None or isinstance(part, bool | int | float | str):
            kept[name] = part
        elif inner := _singles(part):
            kept[name] = inner
    return kept if _has_number(kept) else {}


def _has_number(values: Mapping[str, Any]) -> bool:
    return any(_has_number(value) if isinstance(value, dict) else _is_number(value) for value in values.values())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
