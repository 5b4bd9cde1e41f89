"""Planned days that stand beside the actual ones: only these tell what happened."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.results import Imported
from store.records import Category

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ROWS = """
1;Alpha;2026-03-02;2026-03-04;2026-03-20;2026-03-27
2;Beta;2026-03-09;2026-03-10;2026-04-17;
3;Gamma;2026-04-06;;2026-05-15;
4;Delta;2026-02-09;2026-02-10;2026-02-20;2026-03-03
"""


def read(content: str) -> Imported:
    return read_file(content.encode(), ColumnMapping.from_json({}), ZoneInfo("UTC"), NOW)


def what_happened(imported: Imported) -> list[tuple[Category, str, str]]:
    return [(item.category, str(item.started)[5:10], str(item.resolved)[5:10]) for item in imported.issues]


_NAMES = (
    "Start (plan);Start (actual);End (plan);End (actual) | Baseline start;Actual start;Baseline finish;Actual finish"
    " | Est. start;Started;ETA;Finished | Estimated start;Start date;Estimated completion;Completion date"
    " | Beginn (Soll);Beginn (Ist);Ende (Soll);Ende (Ist) | Geplanter Start;Tatsächlicher Start;Geplantes Ende;"
    "Tatsächliches Ende | Début prévu;Début réel;Fin prévue;Fin réelle"
    " | Inicio previsto;Inicio real;Fin previsto;Fin real"
    " | Geplande start;Werkelijke start;Gepland einde;Werkelijk einde"
    " | Planowany start;Rzeczywisty start;Planowany koniec;"
    "Rzeczywisty koniec | Начало план;Начало факт;Окончание план;Окончание факт"
    " | 计划开始;实际开始;计划完成;实际完成 | 계획 시작일;실제 시작일;계획 종료일;실제 종료일"
)


@pytest.mark.parametrize("names", _NAMES.split(" | "))
def test_a_planned_day_is_no_stage_beside_the_actual_one(names: str) -> None:
    imported = read(f"ID;Title;{names}{ROWS}")
    assert what_happened(imported) == [
        (Category.DONE, "03-04", "03-27"),
        (Category.IN_PROGRESS, "03-10", ""),
        (Category.TODO, "", ""),
        (Category.DONE, "02-10", "03-03"),
    ]


@pytest.mark.parametrize(
    "names",
    ["Skapad;Beräknat klar;Klar", "Создано;Планируемое завершение;Завершено", "生成日;完了予定;完了日",
     "Created;Done (planned);Done (actual)"],
)  # fmt: skip
def test_a_day_that_was_planned_for_the_finish_is_none(names: str) -> None:
    rows = "\n1;Alpha;2026-03-02;2026-03-20;2026-03-27\n2;Beta;2026-03-09;2026-04-17;\n3;Gamma;2026-04-06;2026-05-15;\n"
    imported = read(f"ID;Title;{names}{rows}")
    assert [item.category for item in imported.issues] == [Category.DONE, Category.TODO, Category.TODO]
    assert str(imported.issues[0].resolved)[5:10] == "03-27"


def test_a_stage_that_is_called_planned_stays_one() -> None:
    rows = "\n1;2026-03-02;2026-03-04;2026-03-20\n2;2026-03-09;2026-03-10;\n3;2026-04-06;;\n"
    imported = read(f"ID;Planned;Development;Done{rows}")
    assert imported.recognised_as == "CSV with a date for each stage"


def test_a_stage_of_what_was_given_up_is_no_promise() -> None:
    rows = "\n1;2026-03-02;2026-03-04;2026-03-20;\n2;2026-03-02;2026-03-04;;2026-03-21\n3;2026-03-02;;;2026-03-22\n"
    imported = read(f"ID;To Do;In Progress;Done;Cancelled{rows}4;2026-03-02;2026-03-09;;2026-03-25\n5;2026-03-02;;;\n")
    assert [item.category is Category.DONE for item in imported.issues] == [True, True, True, True, False]
    assert imported.guesses.given_up == {"Cancelled": 3}


def test_points_that_were_planned_are_points() -> None:
    imported = read("ID;Title;Status;Created;Story Points (planned)\n1;Alpha;Open;2026-03-02;5\n")
    assert imported.issues[0].points == 5


@pytest.mark.parametrize(
    "names",
    ["Nombre de tarea;Duración;Comienzo;Fin;% completado;Comienzo real;Fin real",
     "Vorgangsname;Dauer;Anfang;Ende;% Abgeschlossen;Tatsächlicher Anfang;Tatsächliches Ende",
     "Taaknaam;Duur;Begindatum;Einddatum;% voltooid;Werkelijke begindatum;Werkelijke einddatum"],
)  # fmt: skip
def test_a_schedules_actual_days_go_before_the_planned_ones_in_its_languages(names: str) -> None:
    rows = (
        "\n2;Alpha;5;2026-03-02;2026-03-06;100%;2026-03-03;2026-03-12\n3;Beta;5;2026-04-06;2026-04-10;40%;2026-04-07;\n"
    )
    imported = read(f"Id;{names}{rows}")
    assert what_happened(imported) == [(Category.DONE, "03-03", "03-12"), (Category.IN_PROGRESS, "04-07", "")]


def test_what_was_resolved_as_incomplete_is_over() -> None:
    lines = "P-1,a,2026-03-02,2026-05-01,2026-04-02,Incomplete,x\nP-2,b,2026-03-02,2026-05-01,,Incomplete,x\n"
    imported = read(f"Issue Id,Summary,Created,Updated,Resolved,State,Reporter\n{lines}")
    assert [item.category for item in imported.issues] == [Category.DONE, Category.TODO]
    assert imported.guesses.given_up == {"Incomplete": 1}


def test_sections_in_an_answer_about_tasks_are_no_work() -> None:
    task = {"gid": "1", "name": "Alpha", "completed": False, "created_at": "2026-03-02T10:00:00Z"}
    section = {**task, "gid": "2", "name": "Later:", "resource_subtype": "section"}
    imported = read(json.dumps({"data": [task, section]}))
    assert [item.key for item in imported.issues] == ["1"]
    assert "1 section among the tasks was left out: it is no work." in imported.warnings
