"""A typed year of 2006 among days of 2026 stretches chart and forecast: the report names its item."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.report import sentences
from app.imports.results import Imported


def imported(*days: tuple[str, str]) -> Imported:
    rows = "".join(f"A-{n},T{n},Done,{created},{finished}\n" for n, (created, finished) in enumerate(days, 1))
    text = f"Key,Title,Status,Created,Finished\n{rows}"
    return read_file(text.encode(), mapping_of(None), ZoneInfo("UTC"), datetime(2026, 6, 1, tzinfo=UTC))


USUAL = tuple((f"2026-04-{n:02}", f"2026-04-{n + 5:02}") for n in range(1, 9))


@pytest.mark.parametrize(
    ("odd", "day"),
    [
        (("2026-04-02", "2006-04-20"), date(2006, 4, 20)),
        (("1970-04-02", "2026-04-20"), date(1970, 4, 2)),
        (("2006-04-02", ""), date(2006, 4, 2)),
    ],
)
def test_the_day_that_lies_years_away_from_all_others_is_told(odd: tuple[str, str], day: date) -> None:
    result = imported(*USUAL, odd)
    assert dict(result.guesses.strays) == {"A-9": day}
    assert any(f"(A-9 {day})" in sentence for sentence in sentences(result.guesses, result.recognised_as))


@pytest.mark.parametrize(
    "days",
    [
        USUAL,
        # Few days say nothing, and a list that goes back for years has no stray ones.
        (*USUAL[:2], ("2006-04-02", "2006-04-20")),
        tuple((f"{year}-04-01", f"{year}-05-01") for year in range(2000, 2026, 3)),
        (*USUAL, *((f"2006-04-{n:02}", f"2006-05-{n:02}") for n in range(1, 6))),
    ],
)
def test_days_that_are_not_alone_are_not_told(days: tuple[tuple[str, str], ...]) -> None:
    assert not imported(*days).guesses.strays
