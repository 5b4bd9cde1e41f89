"""Points and commas in numbers: by the file's own convention; where that is likelihood alone, the report says so."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
GUESS = "nothing in the file says what its sign means"


def imported(text: str) -> Imported:
    return read_file(text.encode(), mapping_of(None), ZoneInfo("UTC"), NOW)


def estimates(delimiter: str, *cells: str, more: str = "") -> Imported:
    """Items with these estimates; `more`: a second column of numbers."""
    head = ["Key", "Title", "Status", "Created", "Points", *(["Cost"] if more else [])]
    rows = [
        [f"A-{n}", "T", "Open", "2026-04-06", f'"{cell}"', *([f'"{more}"'] if more else [])]
        for n, cell in enumerate(cells, 1)
    ]
    return imported("\n".join(delimiter.join(row) for row in [head, *rows]))


def is_guess(result: Imported) -> bool:
    return any(GUESS in warning for warning in result.warnings)


@pytest.mark.parametrize(
    ("delimiter", "cells", "points", "guess"),
    [
        (";", ("1.000", "980", "1.310,5"), [1000, 980, 1310.5], False),
        (";", ("1.000", "0,5"), [1000, 0.5], False),
        (";", ("1.000", "1.000.000"), [1000, 1000000], False),
        (";", ("1.000", "2.500", "0.500"), [1, 2.5, 0.5], False),
        (";", ("1,000", "2.5"), [1000, 2.5], False),
        (";", ("1,500", "3"), [1.5, 3], False),
        (";", ("1.200", "980"), [1200, 980], True),
        (";", ("1.500", "3"), [1.5, 3], True),
        (";", ("1.000", "2.500"), [1, 2.5], True),
        (",", ("1.000", "2.500"), [1, 2.5], False),
        (",", ("1,200", "980"), [1200, 980], False),
        (",", ("1,000", "0,5"), [1, 0.5], False),
        (",", ("1,000", "2,500"), [1, 2.5], True),
        ("\t", ("1.200", "980"), [1200, 980], True),
        ("\t", ("1,200", "980"), [1200, 980], True),
        (";", ("1,200", "980"), [1200, 980], True),
        ("\t", ("1,000", "5", "8"), [1, 5, 8], True),
        (";", ("1,000", "2,500"), [1, 2.5], False),
        (";", ("1,000", "3,000"), [1, 3], False),
    ],
)
def test_the_numbers_of_a_file_say_what_its_signs_mean(
    delimiter: str, cells: tuple[str, ...], points: list[float], guess: bool
) -> None:
    result = estimates(delimiter, *cells)
    assert [issue.points for issue in result.issues] == points
    assert is_guess(result) is guess


def test_another_column_of_numbers_may_say_it() -> None:
    result = estimates(";", "1.000", "2", more="3,5")
    assert [issue.points for issue in result.issues] == [1000, 2]
    assert not is_guess(result)


@pytest.mark.parametrize(
    ("cells", "points", "guess"),
    [
        (("1.200", "1.050", "1.310,5"), [1200, 1050, 1310.5], False),
        (("1.200", "1.050", "1.310"), [1200, 1050, 1310], True),
        (("1.200", "980", "1.310"), [1200, 980, 1310], True),
        (("1.500", "2.000", "1.250"), [1.5, 2, 1.25], True),
        (("1,250", "980", "1,100"), [1250, 980, 1100], True),
        (("1,250", "1,980", "1,020"), [1250, 1980, 1020], True),
    ],
)
def test_weekly_numbers_may_be_thousands(cells: tuple[str, ...], points: list[float], guess: bool) -> None:
    rows = "".join(f"{day}.04.2026;{cell}\n" for day, cell in zip(("06", "13", "20"), cells, strict=True))
    result = imported(f"Woche;Erledigte Punkte\n{rows}")
    assert [week.completed_points for week in result.weeks] == points
    assert is_guess(result) is guess


def test_three_digits_behind_a_comma_beside_whole_numbers_are_told_between_semicolons_too() -> None:
    mixed, fractions = estimates(";", "1,000", "5", "8"), estimates(";", "1,000", "2,500", "0,500")
    assert [issue.points for issue in mixed.issues] == [1, 5, 8]
    assert [is_guess(mixed), is_guess(fractions)] == [True, False]
