"""Rows that are weeks with what was done in them are asked about, and are no finished items."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.errors import UnreadableFile
from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIRST = date(2026, 4, 6)
QUESTION = "Each row is the period after the one before it"


def read(text: str, **mapping: Any) -> Imported:
    return read_file(text.encode(), mapping_of(mapping or None), ZoneInfo("UTC"), NOW)


def periods(heads: str, days: int, form: str = "%Y-%m-%d") -> str:
    begins = [FIRST + timedelta(days=days * place) for place in range(6)]
    rows = (
        f"{begin.strftime(form)},{(begin + timedelta(days=days - 1)).strftime(form)},{count}"
        for begin, count in zip(begins, (3, 5, 2, 4, 6, 3), strict=True)
    )
    return "\n".join((heads, *rows, ""))


@pytest.mark.parametrize("days", [7, 14, 21])
@pytest.mark.parametrize(
    "heads", ["Start,End,Items", "Début,Fin,Terminé", "Begin,End,Tickets closed", "start_date,end_date,count",
              "Beginn,Ende,Anzahl", "Start,Finish,Completed points", "Start,End,Points"],
)  # fmt: skip
def test_periods_with_numbers_are_asked_about(heads: str, days: int) -> None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y"):
        with pytest.raises(UnreadableFile, match=QUESTION):
            read(periods(heads, days, form))


def test_what_the_question_proposes_is_read_as_weekly_numbers() -> None:
    weeks = read(periods("Start,End,Items", 7), date="End", completed_items="Items").weeks
    assert [week.completed_items for week in weeks] == [3, 5, 2, 4, 6, 3]


def test_items_that_follow_one_another_are_items_where_anything_says_so() -> None:
    text = periods("Start,End,Hours", 7)
    titled = "\n".join(f"{line},{'Task' if not n else f'Step {n}'}" for n, line in enumerate(text.splitlines()))
    assert len(read(titled).issues) == 6
    assert len(read(text, kind="issues").issues) == 6
    assert len(read(text.replace("2026-04-13,", "2026-04-10,")).issues) == 6
