"""Bare day numbers that may count from 1904 are told where nothing speaks for the usual count."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from app.imports.columns import ColumnMapping
from app.imports.reading import read_file

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
_FIRST = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}


def number(day: date, system: int) -> int:
    return (day - _FIRST[system]).days


def warnings(*days: tuple[object, object]) -> str:
    rows = "".join(f"A-{n},Item {n},Done,{created},{finished}\n" for n, (created, finished) in enumerate(days, 1))
    data = f"key,title,status,created,finished\n{rows}".encode()
    return " ".join(read_file(data, ColumnMapping(), ZoneInfo("UTC"), NOW).warnings)


def test_numbers_of_a_workbook_that_counts_from_1904_are_doubted() -> None:
    days = [(date(2026, 3, 2), date(2026, 3, 9)), (date(2026, 4, 1), date(2026, 5, 20))]
    text = warnings(*((number(created, 1904), number(finished, 1904)) for created, finished in days))
    assert "bare numbers of a spreadsheet, the latest of which is 2022-05-19." in text
    assert "four years later by them: 2026-05-20." in text


def test_the_usual_count_of_a_list_of_today_or_of_long_ago_is_not() -> None:
    for year in (2016, 2020, 2024, 2026):
        days = (number(date(year, 3, 2), 1900), number(date(year, 5, 20), 1900))
        assert "1904" not in warnings(days)


def test_days_that_are_written_out_decide_it() -> None:
    in_2022 = number(date(2022, 5, 20), 1900)
    assert "1904" not in warnings(("2022-05-02", in_2022))
    assert "1904" in warnings(("2026-05-02", in_2022))
    assert "1904" not in warnings(("2026-05-02", "2026-05-03"))
