"""A column that evidently tells what is done is read whatever it is called, and that is said as a guess."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.errors import UnreadableFile
from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.report import sentences
from app.imports.results import Imported
from store.records import Category

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODO, DOING, DONE = Category.TODO, Category.IN_PROGRESS, Category.DONE


def read(text: str, **mapping: Any) -> Imported:
    return read_file(text.encode(), ColumnMapping.from_json(mapping), ZoneInfo("UTC"), NOW)


def file(*columns: tuple[str, tuple[str, ...]]) -> str:
    """A list with a title, days of creation and these columns."""
    head = ";".join(("Nr", "Titel", "Created", *(name for name, _ in columns)))
    rows = zip(*(cells for _, cells in columns), strict=True)
    lines = (f"{n};Item {n};2026-05-{n:02};{';'.join(cells)}" for n, cells in enumerate(rows, 1))
    return "\n".join((head, *lines, ""))


def categories(text: str, **mapping: Any) -> list[Category]:
    return [issue.category for issue in read(text, **mapping).issues]


def report(text: str, **mapping: Any) -> str:
    imported = read(text, **mapping)
    return " ".join((*imported.warnings, *sentences(imported.guesses, imported.recognised_as)))


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Stand", ("Erledigt", "In Arbeit", "Offen")),
        ("Phase", ("Done", "Doing", "Backlog")),
        ("Where it is", ("closed", "in progress", "open")),
        ("Avancement", ("Terminé", "En cours", "À faire")),
        ("Skede", ("Klar", "Pågår", "Att göra")),
        ("現状", ("完了", "進行中", "未着手")),
        ("Progress", ("100%", "20%", "0%")),
        ("Progress", ("100", "20", "0")),
        ("Avancement", ("1", "0,5", "0")),
        ("Fortschritt (%)", ("100", "5", "0")),
        ("Erledigungsgrad", ("100 %", "40 %", "")),
    ],
)
def test_words_and_per_cent_tell_it_under_any_name(name: str, cells: tuple[str, ...]) -> None:
    text = file((name, cells))
    assert categories(text)[:2] == [DONE, DOING]
    assert categories(text)[2] is TODO
    assert f"What is done was guessed from {name}: by it 1 of 3 items. If it tells something else" in report(text)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Finished?", ("TRUE", "FALSE")),
        ("Is it closed?", ("✅", "⬜")),
        ("Fertiggestellt", ("x", "")),
        ("Abgehakt", ("✔", "")),
        ("Completed by team", ("WAHR", "FALSCH")),
    ],
)
def test_yes_or_a_tick_tells_it_under_a_name_that_says_finished(name: str, cells: tuple[str, ...]) -> None:
    assert categories(file((name, cells))) == [DONE, TODO]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Sprint state", ("closed", "active", "future")),
        ("Approval", ("done", "open", "open")),
        ("Importance", ("high", "low", "low")),
        ("Colour", ("new", "open", "blue")),
        ("Paid", ("yes", "no", "no")),
        ("Subtasks done", ("5", "3", "0")),
        ("Progress", ("120", "20", "0")),
    ],
)
def test_what_tells_of_something_else_or_of_nothing_done_is_left(name: str, cells: tuple[str, ...]) -> None:
    text = file((name, cells))
    assert categories(text) == [TODO] * 3
    assert "Nothing in the file says what is done, so all 3 items count as open." in report(text)
    assert "guessed" not in report(text)


def test_words_go_before_yes_and_no_and_these_before_per_cent() -> None:
    progress, ticks = ("Progress", ("100", "0", "0")), ("Abgehakt", ("", "x", ""))
    stand = ("Stand", ("Offen", "Offen", "Erledigt"))
    assert categories(file(progress, ticks, stand)) == [TODO, TODO, DONE]
    assert categories(file(progress, ticks)) == [TODO, DONE, TODO]


def test_what_is_known_or_was_said_goes_before_it() -> None:
    stand = ("Stand", ("Erledigt", "Offen"))
    assert categories(file(stand, ("Status", ("Open", "Done")))) == [TODO, DONE]
    assert categories(file(stand), status=None) == [TODO, TODO]
    assert "guessed" not in report(file(stand), status="Stand")


def test_columns_of_texts_are_not_looked_through_for_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each text was read as the name of a status, in all languages: minutes of a list of descriptions."""
    looked_for: list[str] = []
    monkeypatch.setattr("app.imports.told_done.guessed", looked_for.append)
    monkeypatch.setattr("app.imports.told_done.given_up", looked_for.append)
    texts = "".join(f"K{n},{'Long text ' * 400},Short text {n},2026-03-01\n" for n in range(100))
    _ = read_file(f"Key,Description,Remark,Created\n{texts}".encode(), ColumnMapping(), ZoneInfo("UTC"), NOW)
    assert not [name for name in looked_for if "text" in name]


def test_a_column_of_words_is_found_beside_texts() -> None:
    rows = "".join(f"K{n},{'Long text ' * 50},{'Done' if n % 2 else 'To do'},2026-03-01\n" for n in range(50))
    imported = read_file(f"Key,Description,Stand,Created\n{rows}".encode(), ColumnMapping(), ZoneInfo("UTC"), NOW)
    assert sum(issue.category is Category.DONE for issue in imported.issues) == 25


@pytest.mark.parametrize(
    "head",
    [
        "issue_key,at,field,from_value,to_value",
        "issue_key,at,field,from,to",
        "Issue key,When,Field,Old value,New value",
        "Issue key,When,What,fromString,toString",
        "Issue key,When,Old status,New status,Who",
        "Issue key,Wann,Feld,Alter Wert,Neuer Wert",
        "Issue key,Wann,Feld,Wert vorher,Wert nachher",
        "Issue key,Wann,Feld,Vorher,Nachher",
    ],
)
def test_a_table_of_changes_is_no_list_of_items(head: str) -> None:
    steps = (("To Do", "In Progress"), ("In Progress", "Done"))
    is_last = head.endswith("Who")
    rows = (
        ",".join([f"A-{n}", f"2026-05-0{n}", *([*step, "Ada"] if is_last else ["status", *step])])
        for n in range(1, 6)
        for step in steps
    )
    with pytest.raises(UnreadableFile, match="Needed: a created or a finished date for each item"):
        read("\n".join([head, *rows, ""]))


@pytest.mark.parametrize("pair", [("From", "To"), ("Old deadline", "New deadline"), ("Von", "Nach")])
def test_items_may_have_something_before_and_after_beside_how_far_they_are(pair: tuple[str, str]) -> None:
    before, after = (pair[0], ("Room 1", "Room 2", "Room 3")), (pair[1], ("Done", "To Do", "Done"))
    assert categories(file(before, after, ("Stand", ("Erledigt", "In Arbeit", "Offen")))) == [DONE, DOING, TODO]


@pytest.mark.parametrize("words", [("done", "open"), ("Erledigt", "Offen"), ("done", "to do"), ("closed", "new")])
def test_words_for_how_far_work_is_are_no_days_of_finish_that_cannot_be_read(words: tuple[str, str]) -> None:
    imported = read(file(("Done", words * 8)))
    assert [issue.category for issue in imported.issues] == [DONE, TODO] * 8
    assert imported.rejected == ()


def test_active_work_is_in_progress_where_none_of_it_is_done() -> None:
    text = "Key,Title,Status,Done?,Created\nA,a,Active,no,2026-02-02\nB,b,Active,no,2026-02-02\n"
    imported = read_file(text.encode(), ColumnMapping(), ZoneInfo("UTC"), NOW)
    assert {issue.status for issue in imported.issues} == {"Active"}
