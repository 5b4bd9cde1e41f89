"""Two columns that tell what is done: which was taken is said, with how many items end otherwise by the other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.report import sentences

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DATED = ("2026-05-04,2026-05-08", "2026-05-05,", ",")
WORDS = ("Done,Released", "Done,Open", "Open,Open")
FLAGS = ("TRUE,TRUE", "TRUE,FALSE", "FALSE,FALSE")


def report(names: str, cells: tuple[str, ...], first: str = "ID,Title,Created", **mapping: Any) -> str:
    rows = "".join(f"A-{n},Item {n},2026-05-0{n},{each}\n" for n, each in enumerate(cells, 1))
    data = f"{first},{names}\n{rows}".encode()
    imported = read_file(data, ColumnMapping.from_json(mapping), ZoneInfo("UTC"), NOW)
    return " ".join((*imported.warnings, *sentences(imported.guesses, imported.recognised_as)))


@pytest.mark.parametrize(
    ("names", "cells", "taken_from", "other", "count"),
    [
        ("Dev done,Released", DATED, "Released", "Dev done", "2 items"),
        ("Done,Released", DATED, "Done", "Released", "2 items"),
        ("Fertig am,Abgenommen am", DATED, "Fertig am", "Abgenommen am", "2 items"),
        # Days that complete each other, and are different ones where both are there.
        ("Finished,Closed", DATED, "Finished", "Closed", "1 item"),
        ("Status,Stand", WORDS, "Status", "Stand", "1 item"),
        ("Status,State", WORDS, "Status", "State", "1 item"),
        ("Release status,Dev status", WORDS, "Release status", "Dev status", "1 item"),
        ("Done?,Released?", FLAGS, "Done?", "Released?", "1 item"),
        ("Status,Released?", ("Done,TRUE", "Done,FALSE", "Open,FALSE"), "Status", "Released?", "1 item"),
        ("Status,% Complete", ("Done,100", "Done,50", "Open,100"), "Status", "% Complete", "1 item"),
    ],
)
def test_which_of_two_was_taken_is_said(
    names: str, cells: tuple[str, ...], taken_from: str, other: str, count: str
) -> None:
    assert (
        f"What is done and when was taken from {taken_from}; by {other} it is otherwise for {count}. If that is what "
        "counts, say so" in report(names, cells)
    )


def test_in_an_export_of_jira_a_day_of_its_users_is_told_as_well() -> None:
    text = report("Resolved,Deployed", DATED, "Issue key,Summary,Created")
    assert "from Resolved; by Deployed it is otherwise for 2 items." in text


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        ("Done,Released", ("2026-05-04,2026-05-04", "2026-05-05,2026-05-05", ",")),
        ("Status,Stand", ("Done,Erledigt", "Done,Fertig", "Open,Offen")),
        ("Status,% Complete", ("Done,100", "Done,0", "Open,50")),
        ("Status,Priority,Approval", ("Done,High,open", "Done,Low,done", "Open,Low,open")),
    ],
)
def test_nothing_is_said_of_two_that_agree(names: str, cells: tuple[str, ...]) -> None:
    assert "otherwise" not in report(names, cells)


def test_nothing_is_said_once_somebody_said_which_it_is() -> None:
    assert "otherwise" not in report("Dev done,Released", DATED, resolved="Dev done")
