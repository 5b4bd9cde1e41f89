"""A tick for each stage that an item is in or has come through: the furthest one is its status."""

from __future__ import annotations

import re
from dataclasses import replace

from app.domain.statuses import given_up, guessed
from app.imports.columns import ColumnMapping, Layout
from app.imports.flags import FLAGS, YES
from app.imports.plain_names import plain_name
from app.imports.tables import Table
from app.imports.trackers.tool import with_column
from store.records import Category

MADE_STATUS = "Status (by the furthest tick)"
_ORDER = (Category.TODO, Category.IN_PROGRESS, Category.DONE)
# Where one of these is known, a tick adds nothing.
_SAY_HOW_FAR = frozenset({"status", "category", "category_changed", "resolved", "percent", "board"})
_LEAST = 2
# Flags of an item in whatever stage; and what may be one, or a stage between others.
_FLAG = re.compile(r"block|flag|\bhold|ok\b")
_BESIDE = re.compile(rf"{_FLAG.pattern}|hold|wait|wart|attente|espera|review|test")


def tick_columns(table: Table, layout: Layout, mapping: ColumnMapping) -> tuple[int, ...]:
    """The columns of yes and no that are called like stages, one for done work among them and one before it; none where
    something else says how far items are."""
    if layout.tool is not None or _SAY_HOW_FAR & layout.single.keys() or {"status", "is_done"} & mapping.columns.keys():
        return ()
    places = tuple(place for place, name in enumerate(table.columns) if _is_stage(name) and _are_ticks(table, place))
    if places and all(guessed(table.columns[place]) is Category.DONE for place in places):
        places = (*_steps_before(table, places[0]), *places)
    categories = {guessed(table.columns[place]) for place in places}
    if Category.DONE not in categories or len(categories) < _LEAST:
        return ()
    end = max(place for place in places if guessed(table.columns[place]) is Category.DONE)
    return tuple(
        place
        for place in range(places[0], max(end, places[-1]) + 1)
        if place in places or (place < end and _is_step(table.columns[place]) and _are_ticks(table, place))
    )


def _steps_before(table: Table, end: int) -> tuple[int, ...]:
    """The steps right before the end, such as a test, through which all that is done has come and something else."""
    steps: tuple[int, ...] = ()
    for place in range(end - 1, -1, -1):
        if not (_is_step(table.columns[place]) and _are_ticks(table, place)):
            break
        done = [row[place].strip().casefold() in YES for row in table.rows if row[end].strip().casefold() in YES]
        if not all(done) or sum(text.casefold() in YES for text in table.texts(place)) <= len(done):
            break
        steps = (place, *steps)
    return steps


def _is_stage(name: str) -> bool:
    return guessed(name) is not None and not given_up(name) and _BESIDE.search(plain_name(name)) is None


def _is_step(name: str) -> bool:
    """Whether it is one by its name where it stands between others, such as a review."""
    return guessed(name) is Category.IN_PROGRESS and not given_up(name) and _FLAG.search(plain_name(name)) is None


def _are_ticks(table: Table, place: int) -> bool:
    words = {text.casefold() for text in table.texts(place)} - {""}
    return bool(words) and words <= FLAGS


def with_status_by_ticks(table: Table, layout: Layout) -> tuple[Table, Layout]:
    """Where stages are ticked, the furthest one is the status; any other table as it is."""
    if not layout.ticks:
        return table, layout
    furthest = sorted(layout.ticks, key=lambda place: (_rank(table.columns[place]), place), reverse=True)
    cells = [
        next((table.columns[place] for place in furthest if row[place].strip().casefold() in YES), "")
        for row in table.rows
    ]
    single = {name: place for name, place in layout.single.items() if name != "is_done"}
    return with_column(table, MADE_STATUS, cells), replace(layout, single={**single, "status": len(table.columns)})


def _rank(name: str) -> int:
    return _ORDER.index(guessed(name) or Category.TODO)
