"""A column of ticks for each stage: the furthest one tells how far an item is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported
from store.records import Category


def imported(text: str) -> Imported:
    return read_file(text.encode(), mapping_of(None), ZoneInfo("UTC"), datetime(2026, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "rows",
    [
        # In the stage where it is, or in each that it came through.
        ("1;A;06.04.2026;;;x", "2;B;06.04.2026;;x;", "3;C;06.04.2026;x;;"),
        ("1;A;06.04.2026;x;x;x", "2;B;06.04.2026;x;x;", "3;C;06.04.2026;x;;"),
        ("1;A;06.04.2026;ja;ja;ja", "2;B;06.04.2026;ja;ja;nein", "3;C;06.04.2026;nein;nein;nein"),
    ],
)
@pytest.mark.parametrize("stages", ["Offen;In Arbeit;Fertig", "To do;Doing;Done"])
def test_the_furthest_tick_is_the_status(stages: str, rows: tuple[str, ...]) -> None:
    result = imported("\n".join((f"Nr;Aufgabe;Angelegt;{stages}", *rows)))
    assert [issue.category for issue in result.issues] == [Category.DONE, Category.IN_PROGRESS, Category.TODO]
    assert result.issues[1].status == stages.split(";")[1]


@pytest.mark.parametrize(
    "stages",
    [
        "To do,Doing,Review,Done",
        "Offen,In Arbeit,Im Test,Fertig",
        "A faire,En cours,En test,Fini",
        "Backlog,Development,Waiting,Done",
        "Ready,In progress,Ready for test,Done",
    ],
)
def test_a_review_or_a_test_between_stages_is_a_stage(stages: str) -> None:
    result = imported(
        f"Key,Title,Created,{stages}\nA-1,A,2026-04-06,x,x,x,x\nA-2,B,2026-04-06,x,x,x,\nA-3,C,2026-04-06,x,,,\n"
    )
    assert [issue.category for issue in result.issues] == [Category.DONE, Category.IN_PROGRESS, Category.TODO]
    assert result.issues[1].status == stages.split(",")[2]


@pytest.mark.parametrize(
    ("heads", "cells", "category"),
    [
        # A flag of an item in whatever stage is none itself, and a status says more than ticks.
        ("Blocked,Done", "x,x", Category.DONE),
        ("Blocked,Done", "x,", Category.TODO),
        ("To do,On hold,Done", "x,x,", Category.TODO),
        ("To do,Doing,Done,Test", "x,,,x", Category.TODO),
        ("Test,To do,Doing,Done", "x,x,,", Category.TODO),
        ("Status,Doing,Done", "Done,x,", Category.DONE),
        ("Done", "x", Category.DONE),
    ],
)
def test_what_is_no_stage_ticks_nothing(heads: str, cells: str, category: Category) -> None:
    result = imported(f"Key,Title,Created,{heads}\nA-1,One,2026-04-06,{cells}\n")
    assert result.issues[0].category is category


@pytest.mark.parametrize("stages", ["Test;Done", "Review;Done", "Im Test;Fertig"])
def test_a_step_through_which_all_that_is_done_came_is_work_in_progress(stages: str) -> None:
    rows = ("1;A;06.04.2026;x;x", "2;B;06.04.2026;x;", "3;C;06.04.2026;;")
    result = imported("\n".join((f"Nr;Aufgabe;Angelegt;{stages}", *rows)))
    assert [issue.category for issue in result.issues] == [Category.DONE, Category.IN_PROGRESS, Category.TODO]
    beside = imported("\n".join((f"Nr;Aufgabe;Angelegt;{stages}", "1;A;06.04.2026;;x", *rows[1:])))
    assert [issue.category for issue in beside.issues] == [Category.DONE, Category.TODO, Category.TODO]
