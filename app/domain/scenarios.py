"""What-ifs that were kept by name, in the extras of their work list; up to ten, to be seen side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.calendar import written_day
from app.domain.what_if import WhatIf

KEPT_IN = "scenarios"
MOST = 10


@dataclass(frozen=True, slots=True)
class Kept:
    name: str
    what: WhatIf


def kept(extras: Mapping[str, Any]) -> tuple[Kept, ...]:
    """In the order in which they were kept; what cannot be read is left out."""
    entries = extras.get(KEPT_IN)
    scenarios = [_kept(each) for each in entries] if isinstance(entries, list | tuple) else []
    return tuple(each for each in scenarios if each is not None)[:MOST]


def as_json(scenarios: Iterable[Kept]) -> list[dict[str, Any]]:
    """What differs from how it is, beside the name."""
    return [{"name": each.name, **_plain(each.what)} for each in scenarios]


def _plain(what: WhatIf) -> dict[str, Any]:
    days = {"start": what.start, "deadline": what.deadline}
    numbers = {"new_work": what.new_work, "left": what.left}
    return {
        "pace": what.pace,
        "away": what.away,
        **({"split": what.split} if what.split != 1 else {}),
        **{name: number for name, number in numbers.items() if number is not None},
        **{name: day.isoformat() for name, day in days.items() if day is not None},
    }


def _kept(stored: Any) -> Kept | None:
    try:
        what = WhatIf(
            pace=_number(stored.get("pace", 1.0)),
            away=int(_number(stored.get("away", 0))),
            new_work=_maybe(stored.get("new_work")),
            left=_maybe(stored.get("left")),
            start=_day(stored.get("start")),
            deadline=_day(stored.get("deadline")),
            split=_number(stored.get("split", 1.0)),
        )
        return Kept(str(stored["name"]), what)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        return None


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number) or number < 0:
        raise ValueError
    return number


def _maybe(value: Any) -> float | None:
    return None if value is None else _number(value)


def _day(value: Any) -> date | None:
    return None if value is None else written_day(value)
