"""Rows that are weeks or other periods with what was done in them, and no items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, timedelta
from itertools import pairwise

from app.errors import UnreadableFile
from app.imports.columns import ColumnMapping, Layout
from app.imports.dates import DateReader, DayOrder
from app.imports.numbers import number
from app.imports.plain_names import plain_name
from app.imports.tables import Table
from app.words import N_

# What tells an item from a period.
_OF_ITEMS = frozenset({"key", "summary", "status", "is_done", "category", "assignee", "type"})
_PERIOD = re.compile(
    r"\b(?:week|woche|kw|cw|semaine|semana|settimana|month|monat|sprint|iteration|period|cycle|release)\b"
)
_FEWEST, _PROBED = 3, 50
_SHORTEST = timedelta(days=4)
# From Friday to Monday.
_LONGEST_GAP = timedelta(days=3)
_UNEVEN = timedelta(days=3)


def require_items(layout: Layout, table: Table, mapping: ColumnMapping) -> None:
    """Raises UnreadableFile where each row is the period after the one before it, with numbers and nothing else."""
    if layout.tool is not None or mapping.columns or mapping.kind or _OF_ITEMS & layout.single.keys():
        return
    begin, end = layout.single.get("started", layout.single.get("created")), layout.single.get("resolved")
    if begin is None or end is None or not (names := _numbers(table, {begin, end})):
        return
    if _follow_one_another(table.filled(begin, _PROBED), table.filled(end, _PROBED)):
        raise UnreadableFile(
            N_(
                "Each row is the period after the one before it, and {column} may be what was done in it: then the "
                "file has weekly numbers, and no items. If so, choose {end} as the day and {column} as what was done; "
                "if each row is an item, say that these are items.",
                column=names[0],
                end=table.columns[end],
            ),
            "Say it with a mapping (--mapping FILE), or on the Data page.",
        )


def _numbers(table: Table, without: set[int]) -> list[str]:
    """The columns of numbers; none where any other one says something of an item."""
    names = []
    for place, name in enumerate(table.columns):
        cells = [] if place in without else table.filled(place, _PROBED)
        if cells and all(number(cell) is not None for cell in cells):
            names.append(name)
        elif cells and not _PERIOD.search(plain_name(name)):
            return []
    return names


def _follow_one_another(begins: Sequence[str], ends: Sequence[str]) -> bool:
    return len(begins) == len(ends) >= _FEWEST and any(
        _are_periods([reader.day(text) for text in begins], [reader.day(text) for text in ends])
        for reader in (DateReader(UTC), DateReader(UTC, DayOrder.MDY))
    )


def _are_periods(begins: Sequence[date | None], ends: Sequence[date | None]) -> bool:
    spans = sorted((begin, end) for begin, end in zip(begins, ends, strict=True) if begin and end)
    lengths = [end - begin for begin, end in spans]
    gaps = [begin - end for (_, end), (begin, _) in pairwise(spans)]
    is_even = len(spans) == len(begins) and min(lengths) >= _SHORTEST and max(lengths) - min(lengths) <= _UNEVEN
    return is_even and all(timedelta() <= gap <= _LONGEST_GAP for gap in gaps)
