"""The weeks one by one: what each counts, what was corrected by hand, and what a changed number does to the records.

Where somebody types all the weeks, a number goes into the week's row. Where weeks are counted from issues or read
from a file, it becomes a correction: a record of its own, so that no import and no sync takes it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from app.domain.calendar import ONE_WEEK, Calendar
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput, WeekCount
from store.records import Correction, QueryFacts, Week

# In the order of a table's columns.
NUMBERS = ("completed_items", "created_items", "completed_points", "created_points")
BY_HAND = "manual"
# Old folders do not always say where their rows came from; what was computed says so.
_TYPED_SOURCES = ("", BY_HAND)


class Number(NamedTuple):
    """One number of a week, None where nobody says. `counted` is what the data say where `is_corrected`."""

    value: float | None = None
    counted: float | None = None
    is_corrected: bool = False

    @property
    def without_correction(self) -> float | None:
        return self.counted if self.is_corrected else self.value


_UNSAID = Number()
# So many rows of a file tell that it has one a week.
_WEEKLY = 2


class WeekRow(NamedTuple):
    """The week from `start`; `numbers` in the order of NUMBERS."""

    start: date
    numbers: tuple[Number, ...]

    def number(self, name: str) -> Number:
        return self.numbers[NUMBERS.index(name)]


class Edit(NamedTuple):
    """A number given to the week from `start`. None takes it back: empties the cell, or ends the correction."""

    start: date
    name: str
    value: float | None


def are_typed(facts: QueryFacts) -> bool:
    """Whether the weeks are the data: there are no issues, and nothing was read from a file."""
    return not facts.issues and all(row.source in _TYPED_SOURCES for row in facts.weeks)


def rows_of_items(items: Throughput | NotEnoughData, points: Throughput | NotEnoughData) -> tuple[WeekRow, ...]:
    """Weeks counted from issues, in items and in points, oldest first; the running week is left out."""
    counts = [_by_start(items), _by_start(points)]
    starts = sorted({start for count in counts for start in count})
    rows = []
    for start in starts:
        weeks = [weekly.get(start) or WeekCount(start, 0.0, 0.0) for weekly in counts]
        rows.append(WeekRow(start, tuple(number for week in weeks for number in _numbers(week))))
    return tuple(rows)


def _by_start(throughput: Throughput | NotEnoughData) -> dict[date, WeekCount]:
    return {} if isinstance(throughput, NotEnoughData) else {week.start: week for week in throughput.weeks}


def _numbers(week: WeekCount) -> tuple[Number, Number]:
    return (
        Number(week.done, week.counted_done, week.counted_done is not None),
        Number(week.created, week.counted_created, week.counted_created is not None),
    )


def rows_of_weeks(
    weeks: Iterable[Week], corrections: Iterable[Correction], calendar: Calendar, first: date, last: date
) -> tuple[WeekRow, ...]:
    """Every week from `first` (or the earliest row, if that is earlier) to the one of `last`, oldest first.

    Rows of one calendar week are added up; a number that no row of the week has stays None.
    """
    sums = _sums(weeks, calendar)
    by_week = {calendar.week_of(correction.day): correction for correction in corrections}
    start = min([calendar.week_of(first), *sums, *by_week])
    rows = []
    while start <= calendar.week_of(last):
        rows.append(_row(start, sums.get(start, {}), by_week.get(start)))
        start += ONE_WEEK
    return tuple(rows)


def _sums(weeks: Iterable[Week], calendar: Calendar) -> dict[date, dict[str, float]]:
    sums: dict[date, dict[str, float]] = {}
    for row in weeks:
        if row.day is None:
            continue
        mine = sums.setdefault(calendar.week_of(row.day), {})
        for name in NUMBERS:
            value = getattr(row, name)
            if value is not None:
                mine[name] = mine.get(name, 0) + value
    return sums


def _row(start: date, counted: Mapping[str, float], correction: Correction | None) -> WeekRow:
    numbers = []
    for name in NUMBERS:
        corrected = getattr(correction, name) if correction else None
        value = counted.get(name)
        numbers.append(Number(value) if corrected is None else Number(corrected, value, is_corrected=True))
    return WeekRow(start, tuple(numbers))


def typed(
    weeks: Sequence[Week], corrections: Sequence[Correction], edits: Iterable[Edit], calendar: Calendar
) -> tuple[tuple[Week, ...], tuple[Correction, ...]]:
    """The rows with the numbers written in, by day, and the corrections that are left: what is typed replaces them.

    A row that says nothing any more goes. Of several rows of one week the first takes the number.
    """
    rows = list(weeks)
    left = _as_numbers(corrections, calendar)
    for edit in edits:
        left.get(edit.start, {}).pop(edit.name, None)
        mine = [at for at, row in enumerate(rows) if row.day is not None and calendar.week_of(row.day) == edit.start]
        if not mine:
            mine = [len(rows)]
            rows.append(Week(edit.start, source=BY_HAND))
        for place, at in enumerate(mine):
            rows[at] = _with(rows[at], edit.name, edit.value if place == 0 else None)
    kept = [row for row in rows if row in weeks or any(getattr(row, name) is not None for name in NUMBERS)]
    dated = sorted((row for row in kept if row.day is not None), key=lambda row: row.day or date.max)
    return (*dated, *(row for row in kept if row.day is None)), _as_corrections(left)


def corrected(
    corrections: Sequence[Correction], edits: Iterable[Edit], rows: Iterable[WeekRow], calendar: Calendar
) -> tuple[Correction, ...]:
    """The corrections after these edits. Saying what was counted anyway ends a correction."""
    counted = {row.start: row for row in rows}
    typed = _as_numbers(corrections, calendar)
    for edit in edits:
        row = counted.get(edit.start)
        number = row.number(edit.name) if row else _UNSAID
        mine = typed.setdefault(edit.start, {})
        mine.pop(edit.name, None)
        if edit.value is not None and edit.value != number.without_correction:
            mine[edit.name] = edit.value
    return _as_corrections(typed)


def beside_a_file(
    present: Sequence[Week], new: Iterable[Week], corrections: Sequence[Correction], calendar: Calendar
) -> tuple[list[Week], tuple[Correction, ...]]:
    """The present rows less those typed for weeks that a file brings, and these as corrections of what it says.

    Added up with the file's rows they would count twice; overwritten by them they would be lost.
    """
    counted = {row.start: row for row in _rows(new, calendar)}
    typed_over = [
        row for row in present if row.source == BY_HAND and row.day is not None and calendar.week_of(row.day) in counted
    ]
    if not typed_over:
        return list(present), tuple(corrections)
    typed = _as_numbers(corrections, calendar)
    edits = [
        Edit(start, name, value)
        for start, numbers in _sums(typed_over, calendar).items()
        for name, value in numbers.items()
        if name not in typed.get(start, {})
    ]
    left = [row for row in present if row not in typed_over]
    return left, corrected(corrections, edits, counted.values(), calendar)


def without_same_weeks(present: Sequence[Week], new: Sequence[Week], calendar: Calendar) -> list[Week]:
    """The present rows less those of weeks for which a file with one row a week has another day, such as the last one
    instead of the first: both would count."""
    days = [week.day for week in new if week.day is not None]
    starts = {calendar.week_of(day) for day in days}
    if len(starts) < _WEEKLY or len(starts) != len(days) or len({day.weekday() for day in days}) > 1:
        return list(present)
    lacking = _lacking(new)
    kept = [row if _is_elsewhere(row, days, starts, calendar) else _of_these(row, lacking) for row in present]
    return [row for row in kept if row is not None]


def _is_elsewhere(row: Week, days: Sequence[date], starts: set[date], calendar: Calendar) -> bool:
    return row.day is None or row.day in days or calendar.week_of(row.day) not in starts


def _of_these(row: Week, names: Sequence[str]) -> Week | None:
    """The row with these of its numbers; None where it has none of them."""
    others: dict[str, Any] = dict.fromkeys(name for name in NUMBERS if name not in names)
    return replace(row, **others) if any(getattr(row, name) is not None for name in names) else None


def _lacking(new: Iterable[Week]) -> list[str]:
    """The numbers that no row has."""
    rows = list(new)
    return [name for name in NUMBERS if all(getattr(row, name) is None for row in rows)]


def with_numbers_it_lacks(new: Sequence[Week], present: Iterable[Week]) -> list[Week]:
    """The rows of a file with what is known of their days in units that none of them has: a file of items says nothing
    of points."""
    names = _lacking(new)
    known: dict[date, list[Week]] = {}
    for row in present if names else ():
        if row.day is not None:
            known.setdefault(row.day, []).append(row)
    rows = []
    for week in new:
        # A day's second row would bring them once more.
        before = known.pop(week.day, []) if week.day is not None else []
        for name in names:
            values = [value for row in before if (value := getattr(row, name)) is not None]
            week = _with(week, name, sum(values)) if values else week
        rows.append(week)
    return rows


def _rows(weeks: Iterable[Week], calendar: Calendar) -> list[WeekRow]:
    return [_row(start, numbers, None) for start, numbers in _sums(weeks, calendar).items()]


def _as_numbers(corrections: Iterable[Correction], calendar: Calendar) -> dict[date, dict[str, float]]:
    return {
        calendar.week_of(correction.day): {
            name: value for name in NUMBERS if (value := getattr(correction, name)) is not None
        }
        for correction in corrections
    }


def _as_corrections(typed: Mapping[date, Mapping[str, float]]) -> tuple[Correction, ...]:
    return tuple(
        Correction(start, **{name: _typed_as(name, value) for name, value in numbers.items()})
        for start, numbers in sorted(typed.items())
        if numbers
    )


def _with(row: Week, name: str, value: float | None) -> Week:
    new: dict[str, Any] = {name: None if value is None else _typed_as(name, value)}
    return replace(row, **new)


def _typed_as(name: str, value: float) -> Any:
    return int(value) if name.endswith("items") else float(value)
