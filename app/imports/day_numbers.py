"""Bare day numbers of a spreadsheet that may count from 1904: nothing says so, but all days are then four years old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, timedelta

from app.imports.dates import DateReader, is_serial
from app.imports.tables import Table
from app.words import N_

# Between the days that two workbooks mean by one number.
_BETWEEN = timedelta(days=1462)
# A list is looked at not much later than something in it happened.
_FRESH = timedelta(days=366)
_PROBED = 200


def may_count_from_1904(table: Table, places: Iterable[int], today: date) -> tuple[str, ...]:
    """Said where the latest of the numbers in these columns lies four years back, and by the other count lately; and no
    day that is written out speaks for the usual count."""
    places = list(places)
    if not any(is_serial(cell) for place in places for cell in table.filled(place, _PROBED)):
        return ()
    cells = {cell for place in places for cell in table.texts(place) if cell}
    reader = DateReader(UTC)
    numbers = [day for cell in cells if is_serial(cell) and (day := reader.day(cell)) is not None]
    written = [day for cell in cells if not is_serial(cell) and (day := reader.day(cell)) is not None]
    if not numbers:
        return ()
    latest = max(numbers)
    reference = max((day for day in written if day <= today), default=today)
    is_late = abs(reference - latest) <= _FRESH
    if is_late or latest + _BETWEEN > today or reference - (latest + _BETWEEN) > _FRESH:
        return ()
    return (
        N_(
            "The days are bare numbers of a spreadsheet, the latest of which is {latest}. A workbook that counts from "
            "1904, as some of a Mac do, means days four years later by them: {meant}. If yours does, format the "
            "columns as dates, save them as CSV once more, and import again.",
            latest=f"{latest:%Y-%m-%d}",
            meant=f"{latest + _BETWEEN:%Y-%m-%d}",
        ),
    )
