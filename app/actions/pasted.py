"""A block copied from a spreadsheet, put into the table of weeks: with or without a header, with or without dates."""

from __future__ import annotations

import csv
from datetime import UTC, date
from typing import NamedTuple

from app.domain.calendar import ONE_WEEK, Calendar
from app.domain.weeks import NUMBERS
from app.errors import BadInput
from app.imports.columns import week_field
from app.imports.dates import DateReader, DayOrder
from app.imports.numbers import number
from app.words import N_
from app.words.formats import Formats

_LONGEST = 1000


class Cell(NamedTuple):
    """A text for one number of the week from `start`, as it was typed or pasted."""

    start: date
    name: str
    text: str


class Place(NamedTuple):
    """Where a block goes: at this number of this week, in a table of the weeks from `first` to `last`."""

    start: date
    name: str
    first: date
    last: date
    is_empty: bool = False


def cells_of(text: str, place: Place, calendar: Calendar, formats: Formats) -> tuple[Cell, ...]:
    """The block's cells; empty ones are left out, so that they change nothing.

    With dates, each row goes to the week of its date. Without, the rows go downwards from the place, one week each;
    into a table without any number they go so that the last row is the last full week. Raises BadInput for a block
    that does not fit.
    """
    rows = _rows(text)
    header = rows.pop(0) if _is_header(rows[0]) and len(rows) > 1 else []
    days = _days(rows, header, formats)
    names = _names(header, len(rows[0]), place.name, dated=days is not None)
    starts = _starts(len(rows), place) if days is None else [calendar.week_of(day) for day in days]
    if days is not None:
        _require_once(starts, formats)
    late = next((start for start in starts if start > place.last), None)
    if late is not None:
        raise BadInput(_too_late(late, len(rows), days is not None, formats))
    return tuple(
        Cell(start, name, text.strip())
        for start, row in zip(starts, rows, strict=True)
        for name, text in zip(names, row, strict=False)
        if name and text.strip()
    )


def _rows(text: str) -> list[list[str]]:
    """Cells by rows; tabs between them, as spreadsheets copy, else semicolons."""
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    if not lines:
        raise BadInput(N_("There is nothing to paste."))
    if len(lines) > _LONGEST:
        raise BadInput(
            N_(
                "These are {count} rows. Paste at most {most} at once, or import them as a file.",
                count=len(lines),
                most=_LONGEST,
            )
        )
    delimiter = "\t" if any("\t" in line for line in lines) else ";"
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(cell.strip() for cell in row)]
    width = max(len(row) for row in rows)
    return [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in rows]


def _is_header(row: list[str]) -> bool:
    """Words, and no number or date among them."""
    filled = [cell for cell in row if cell]
    reader = DateReader(UTC)
    return bool(filled) and not any(number(cell) is not None or reader.day(cell) for cell in filled)


def _days(rows: list[list[str]], header: list[str], formats: Formats) -> list[date] | None:
    """The day of each row, when the first column (or the one the header says) holds dates."""
    at = next((place for place, name in enumerate(header) if week_field(name) == "date"), 0)
    reader = DateReader(UTC, _order([row[at] for row in rows], formats))
    days = [reader.day(row[at]) for row in rows]
    # A column of 20260302 would be dates as well as numbers; amounts of work are smaller.
    if not any(days):
        return None
    wrong = next((row[at] for row, day in zip(rows, days, strict=True) if day is None), None)
    if wrong is not None:
        raise BadInput(
            N_("“{wrong}” is not a date that can be read, and other rows have one. Nothing was pasted.", wrong=wrong)
        )
    for row in rows:
        row[at] = ""
    return [day for day in days if day is not None]


def _order(texts: list[str], formats: Formats) -> DayOrder:
    """The user's own order, unless only the other one reads every date."""
    mine, other = (DayOrder.MDY, DayOrder.DMY) if formats.month_first else (DayOrder.DMY, DayOrder.MDY)
    if all(DateReader(UTC, mine).day(text) for text in texts):
        return mine
    return other if all(DateReader(UTC, other).day(text) for text in texts) else mine


def _names(header: list[str], width: int, first: str, *, dated: bool) -> list[str]:
    """Which number each column holds, "" for none: as the header says, else in the order of the table."""
    named = [week_field(name) for name in header]
    if any(name in NUMBERS for name in named):
        return [name if name in NUMBERS else "" for name in named]
    mine = ["", *NUMBERS[NUMBERS.index(first) :]] if dated else list(NUMBERS[NUMBERS.index(first) :])
    if width > len(mine):
        raise BadInput(
            N_(
                "The block is {width} columns wide, and from here on there are {count}. Paste it "
                "further left, or copy its header along.",
                width=width,
                count=len(mine),
            )
        )
    return mine


def _starts(count: int, place: Place) -> list[date]:
    first = place.start
    if place.is_empty:
        # A first paste ends with the last full week: the last one of the table is under way.
        first = place.last - count * ONE_WEEK
    return [first + step * ONE_WEEK for step in range(count)]


def _require_once(starts: list[date], formats: Formats) -> None:
    seen: set[date] = set()
    for start in starts:
        if start in seen:
            raise BadInput(
                N_(
                    "Two rows are of the week from {start}. Add them up first, or import them as a file.",
                    start=formats.day(start),
                )
            )
        seen.add(start)


def _too_late(start: date, rows: int, dated: bool, formats: Formats) -> str:
    if dated:
        return N_("The week from {start} has not begun yet. Nothing was pasted.", start=formats.day(start))
    return N_(
        "{rows} rows from here would go beyond this week. Paste them further up, or copy their dates along.", rows=rows
    )
