"""Days of two-digit years that can be meant with the year first or last are told."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import mapping_of
from app.imports.reading import read_file


@pytest.mark.parametrize(
    ("days", "count"),
    [
        (("25-11-24", "25-10-23"), 2),
        # The year can only be last, or first, or has four digits.
        (("25-11-24", "31-10-23"), 0),
        (("25-11-24", "25-10-31"), 0),
        (("2025-11-24", "2025-10-23"), 0),
        (("25.11.24", "25.10.23"), 0),
        # One other sign among them decides it, and so do months that are named.
        (("25-11-24", "25/10/23"), 0),
        (("24/Nov/25", "23/Oct/25"), 0),
        (("25-11-24", "23/Oct/25"), 2),
    ],
)
def test_days_that_can_be_meant_in_two_ways_are_told_with_their_number(days: tuple[str, ...], count: int) -> None:
    rows = "".join(f"A-{n},T,Open,{day}\n" for n, day in enumerate(days, 1))
    text = f"Key,Title,Status,Created\n{rows}".encode()
    result = read_file(text, mapping_of(None), ZoneInfo("UTC"), datetime(2026, 6, 1, tzinfo=UTC))
    sentences = [warning for warning in result.warnings if "year first or last" in warning]
    assert len(sentences) == bool(count)
    assert all(warning.startswith(f"{count} days such as 25-11-24") for warning in sentences)
