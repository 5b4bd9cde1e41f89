"""Tables of OpenProject in German: what is worth something, who works on it, and what lies in what."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.results import Imported

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ROWS = """1,Phase,Umbau,In Bearbeitung,,,2026-05-01,2026-06-30,,
2,Aufgabe,Wand,Geschlossen,Ina Kern,Uwe Amt,2026-05-02,2026-05-20,1,3
3,Aufgabe,Boden,Neu,,Uwe Amt,2026-05-02,2026-05-28,1,5
"""


def read(header: str) -> Imported:
    return read_file(f"{header}\n{ROWS}".encode(), ColumnMapping.from_json({}), ZoneInfo("UTC"), NOW)


@pytest.mark.parametrize("above", ["Übergeordnetes Arbeitspaket", "Übergeordnete Aufgabe", "Parent"])
@pytest.mark.parametrize("points", ["Story-Punkte", "Story Points"])
def test_points_parents_and_who_works_on_it_are_read_from_a_german_table(above: str, points: str) -> None:
    header = "ID,Typ,Thema,Status,Zugewiesen an,Verantwortlich,Anfangstermin,Endtermin"
    imported = read(f"{header},{above},{points}")
    assert imported.recognised_as.startswith("OpenProject")
    assert [issue.points for issue in imported.issues] == [None, 3, 5]
    assert [issue.parent for issue in imported.issues] == ["", "1", "1"]
    assert [issue.assignee for issue in imported.issues] == ["", "Ina Kern", ""]


@pytest.mark.parametrize("above", ["Subtask of", "Parent item", "Übergeordnete Aufgabe", "Unteraufgabe von"])
def test_the_item_above_goes_by_many_names_in_any_list(above: str) -> None:
    imported = read(f"Nr,Art,Titel,Status,Zugewiesen an,Verantwortlich,Erstellt,Erledigt am,{above},Punkte")
    assert [issue.parent for issue in imported.issues] == ["", "1", "1"]
    assert [issue.assignee for issue in imported.issues] == ["", "Ina Kern", ""]
