"""Single values as the old app and Jira wrote them, read with patience; None for what cannot be meant.

Times without an offset are the local time of the machine that wrote them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import orjson
import tzlocal

from store import redaction

LARGEST = 2**53
DEEPEST = 60
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})$")
# Jira began in 2002; a date far outside is a default value or a typing error.
FIRST, LAST = 1980, 2200


def local_zone() -> tuple[tzinfo, str]:
    """The machine's zone and its name; UTC where it is unknown."""
    try:
        name = tzlocal.get_localzone_name()
        return tzlocal.get_localzone(), name or "UTC"
    except (LookupError, OSError, ValueError):
        return UTC, "UTC"


def text(value: Any) -> str:
    """A string fit for storing (no NUL, no lone surrogates); "" for what is none."""
    if not isinstance(value, str):
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
    if value.isascii() and value.isprintable():
        return value
    return _CONTROL.sub("", _SURROGATES.sub("\ufffd", value))


def number(value: Any) -> float | int | None:
    """A finite number below 2^53, also from numeric text and from Jira's {"value"} and {"votes"} objects."""
    if isinstance(value, Mapping):
        value = value.get("value", value.get("votes"))
    if isinstance(value, str):
        try:
            value = float(value.strip().replace(",", "."))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        return None
    return value


def whole(value: Any) -> int | None:
    """Like `number`, rounded half up to a whole one."""
    amount = number(value)
    return None if amount is None else math.floor(amount + 0.5)


def instant(value: Any, zone: tzinfo = UTC) -> datetime | None:
    """UTC to the second (cut, not rounded). Numbers are seconds, or milliseconds, since 1970."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
            if moment.tzinfo is not UTC:
                moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        try:
            moment = datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    else:
        return None
    return moment.replace(microsecond=0) if FIRST <= moment.year <= LAST else None


def day(value: Any) -> date | None:
    """The day a text names: ISO with or without a time, or 31.12.2025. Slashes are ambiguous: None."""
    if not isinstance(value, str):
        return None
    content = value.strip()
    dotted = _DOTTED.match(content)
    try:
        result = date(int(dotted[3]), int(dotted[2]), int(dotted[1])) if dotted else date.fromisoformat(content[:10])
    except ValueError:
        return None
    return result if FIRST <= result.year <= LAST else None


def week_label(value: str) -> str | None:
    """ "2025-W44" from "2025-W44", "2025-44", "2025W44"; None when that year has no such ISO week."""
    match = re.fullmatch(r"\s*(\d{4})-?[Ww]?(\d{1,2})\s*", value)
    if not match:
        return None
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        return None
    iso = monday.isocalendar()
    return f"{iso.year:04d}-W{iso.week:02d}" if FIRST <= monday.year <= LAST else None


def end_of_week(label: str) -> datetime:
    """Sunday midnight UTC of an ISO week label."""
    monday = datetime.fromisocalendar(int(label[:4]), int(label[6:]), 1).replace(tzinfo=UTC)
    return monday + timedelta(days=7, seconds=-1)


def mapping(value: Any) -> dict[str, Any]:
    """The object itself, or an empty one."""
    return value if isinstance(value, dict) else {}


def names(value: Any) -> tuple[str, ...]:
    """Names of a list of strings or of Jira's objects."""
    if not isinstance(value, list):
        return ()
    texts = (text(entry.get("name", entry.get("value")) if isinstance(entry, dict) else entry) for entry in value)
    return tuple(name for name in texts if name)


def flag(value: Any) -> bool:
    """True for True and for a checklist with something ticked."""
    return value is True or (isinstance(value, list) and bool(value))


def clean(value: Any) -> Any:
    """JSON fit for storing: finite numbers, proper text, no secrets, nothing deeper than `DEEPEST`."""
    return _fit(redaction.without_secrets(value))


def _fit(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else None
    if depth >= DEEPEST:
        return None
    if isinstance(value, dict):
        return {text(name): _fit(member, depth + 1) for name, member in value.items()}
    return [_fit(member, depth + 1) for member in value]


def as_bytes(value: Any) -> bytes:
    """Compact JSON in UTF-8. orjson is ten times faster here; what it refuses is cleaned first."""
    try:
        return orjson.dumps(value)
    except (TypeError, ValueError):
        return json.dumps(clean(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
