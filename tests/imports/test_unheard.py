"""Columns and fields that nothing is taken from and that may decide something are said, whatever they are called."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.statuses import given_up
from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.report import sentences
from app.imports.results import Imported
from store.records import Category

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODO, DOING, DONE = Category.TODO, Category.IN_PROGRESS, Category.DONE
OPEN, CLOSED, BEGUN = ("Open", ""), ("Done", "2026-04-20"), ("In progress", "")


def read(content: str | list[dict[str, Any]], **mapping: Any) -> Imported:
    text = content if isinstance(content, str) else json.dumps(content)
    return read_file(text.encode(), ColumnMapping.from_json(mapping), ZoneInfo("UTC"), NOW)


def report(content: str | list[dict[str, Any]], **mapping: Any) -> str:
    imported = read(content, **mapping)
    return " ".join((*imported.warnings, *sentences(imported.guesses, imported.recognised_as)))


def listed(column: str, *cells: str, states: tuple[tuple[str, str], ...] = (OPEN, CLOSED, BEGUN, CLOSED)) -> str:
    """Items with a status, a creation and a finish, and this column beside them."""
    rows = enumerate(zip(states, cells, strict=False), 1)
    lines = (f"{n};Item {n};{status};2026-04-0{n};{done};{cell}" for n, ((status, done), cell) in rows)
    return "\n".join((f"ID;Title;Status;Created;Done;{column}", *lines, ""))


def ended(imported: Imported) -> list[str]:
    return [
        issue.key for issue in imported.issues if issue.category is DONE and given_up(issue.status, issue.resolution)
    ]


@pytest.mark.parametrize("name", ["Rückmeldung", "Flurb", "Замечание", "備考区分"])
def test_words_that_say_otherwise_are_said_with_their_number(name: str) -> None:
    text = listed(name, "", "Duplicate", "Won't fix", "")
    assert f"Nothing was taken from {name} 2 (column and items), whose words" in report(text)
    assert f"Nothing was taken from {name}" not in report(text, resolution=name)


def test_words_that_agree_or_tell_of_something_else_are_not() -> None:
    for text in (
        listed("Flurb", "red", "blue", "green", "red"),
        listed("Flurb", "", "merged late", "", ""),
        listed("Stage of it", "Open", "Open", "Open", "Open"),
        listed("Epic status", "Done", "To do", "Done", "To do"),
        listed("Previous status", "Done", "To do", "Done", "To do"),
        listed("Test result", "failed", "passed", "failed", "passed"),
    ):
        assert "Nothing was taken" not in report(text)


@pytest.mark.parametrize("name", ["Entwicklung ab", "Flurb", "Взято", "取りかかり", "Work began", "Began", "着手"])
def test_days_on_which_work_may_have_begun_are_said(name: str) -> None:
    text = listed(name, "", "2026-04-12", "2026-04-13", "2026-04-14")
    assert f"Nothing was taken from {name} 3 (column and items), which hold days." in report(text)
    assert "which hold days" not in report(text, started=name)


def test_days_that_are_a_wish_a_change_or_known_are_not() -> None:
    for text in (
        listed("Due date", "2026-04-30", "2026-04-12", "2026-04-13", "2026-04-14"),
        listed("Flurb", "2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04"),
        listed("Last viewed", "", "2026-04-12", "2026-04-13", "2026-04-14"),
        listed("Opened again for reading", "2026-04-01", "2026-04-02", "2026-04-03", "2026-04-04"),
    ):
        assert "which hold days" not in report(text)


def test_yes_under_an_unknown_name_is_said() -> None:
    text = listed("Flurb", "ja", "nein", "nein", "nein")
    assert "Nothing was taken from Flurb 1 (column and items with yes)." in report(text)
    for name in ("Billable", "Urgent", "Blocked", "Private", "Has attachments"):
        assert "Nothing was taken" not in report(listed(name, "ja", "nein", "nein", "nein"))


@pytest.mark.parametrize(
    "name",
    ["In scope", "Still needed", "Active", "Not cancelled", "Noch nötig?", "Encore utile", "Vigente"],
)
def test_no_where_it_may_say_that_an_item_is_out_is_said(name: str) -> None:
    sentence = f"Nothing was taken from {name} 1 (column and open items with no)"
    assert sentence in report(listed(name, "no", "yes", "yes", "no"))
    assert name not in report(listed(name, "yes", "no", "yes", "yes"))
    assert name not in report(listed(name, "no", "no", "no", "yes", states=(OPEN, OPEN, BEGUN, OPEN)))


def test_a_tick_for_work_in_progress_is_said_of_what_is_to_do() -> None:
    text = listed("Doing", "x", "x", "x", "x")
    assert "Nothing was taken from Doing 1 (column and items with yes)." in report(text)


def test_yes_for_what_is_done_alone_repeats_it() -> None:
    assert "Nothing was taken" not in report(listed("Flurb", "no", "yes", "no", "yes"))


def test_numbers_of_a_usual_scale_may_be_points() -> None:
    states = (OPEN, CLOSED, BEGUN, CLOSED, OPEN, OPEN)
    text = listed("Flurb", "1", "3", "8", "5", "13", "2", states=states)
    assert "No points were taken: Flurb 6 (column and items) may hold them." in report(text)
    for name, cells in {"Votes": "1 3 8 5 13 2", "Flurb": "1 4 7 5 9 2", "Story Points": "1 3 8 5 13 2"}.items():
        assert "No points were taken" not in report(listed(name, *cells.split(), states=states))


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Points", ("3/5", "1/8", "", "5/8")),
        ("Story Points", ("M", "L", "XS", "?")),
        ("Estimate", ("8h", "2h", "1d", "1w 2d")),
        ("Größe", ("klein", "mittel", "groß", "klein")),
    ],
)
def test_a_column_that_is_called_like_points_and_holds_none_is_said(name: str, cells: tuple[str, ...]) -> None:
    sentence = f"No points were taken from {name}: no cell there is a number."
    assert sentence in report(listed(name, *cells))
    assert "No points were taken" not in report(listed(name, *cells[:3], "5"))
    assert "No points were taken" not in report(listed(name, "", "", "-", ""))


def test_a_trackers_export_is_held_to_the_same_rule() -> None:
    head = "Issue key,Issue id,Summary,Issue Type,Status,Created,Resolved,Updated,Custom field (Flurb)\n"
    rows = (
        "S-1,1,A,Story,Done,2026-04-01,2026-04-20,2026-05-20,Duplicate\nS-2,2,B,Story,To Do,2026-04-02,,2026-05-21,\n"
    )
    assert "Nothing was taken from Custom field (Flurb) 1 (column and items), whose words" in report(head + rows)


def test_so_are_the_fields_of_its_answers() -> None:
    issues = [
        {"node_id": "I_1", "number": 1, "title": "A", "state": "closed", "created_at": "2026-04-01T10:00:00Z",
         "closed_at": "2026-04-20T10:00:00Z", "outcome": "Duplicate", "locked": True},
        {"node_id": "I_2", "number": 2, "title": "B", "state": "open", "created_at": "2026-04-02T10:00:00Z",
         "closed_at": None, "outcome": None, "locked": False, "is_cancelled": True},
    ]  # fmt: skip
    text = report(issues)
    assert "Nothing was taken from outcome 1 (column and items), whose words" in text
    assert "Nothing was taken from is_cancelled 1 (column and items with yes)." in text
    assert "locked" not in text


def test_and_the_own_fields_of_jiras_answers() -> None:
    status = {"name": "Done", "statusCategory": {"key": "done"}}
    fields = {
        "summary": "A", "status": status, "created": "2026-04-01T10:00:00.000+0000",
        "resolutiondate": "2026-04-20T10:00:00.000+0000", "customfield_10300": {"value": "Won't fix"},
        "customfield_10301": "2026-04-11",
    }  # fmt: skip
    answer = {"issues": [{"key": "S-1", "id": "1", "fields": fields}], "names": {"customfield_10300": "Outcome"}}
    text = report([answer])
    assert "Nothing was taken from Outcome 1 (column and items), whose words" in text
    assert "Nothing was taken from customfield_10301 1 (column and items), which hold days." in text


def test_and_the_fields_of_a_boards_users() -> None:
    option = {"id": "o1", "value": {"text": "Won't do"}}
    board = {
        "name": "Board",
        "lists": [{"id": "l1", "name": "To do"}],
        "customFields": [{"id": "f1", "name": "Flurb", "options": [option]}, {"id": "f2", "name": "Obsolete"}],
        "cards": [
            {"id": "66d5a0000000000000000002", "name": "A", "idList": "l1", "customFieldItems": [
                {"idCustomField": "f1", "idValue": "o1"}, {"idCustomField": "f2", "value": {"checked": "true"}}]},
            {"id": "66d5a0000000000000000003", "name": "B", "idList": "l1", "customFieldItems": []},
        ],
        "actions": [],
    }  # fmt: skip
    text = report(json.dumps(board))
    assert "Nothing was taken from Flurb 1 (column and items), whose words" in text
    assert "Nothing was taken from Obsolete 1 (column and items with yes)." in text


@pytest.mark.parametrize(
    ("name", "yes", "no"),
    [
        ("Cancelled", "yes", "no"), ("Won't do", "x", ""), ("Obsolete", "TRUE", "FALSE"), ("Duplicate?", "ja", "nein"),
        ("Abgelehnt", "ja", "nein"), ("Annulé", "oui", "non"), ("Rechazado", "sí", "no"), ("Is rejected", "1", "0"),
        ("Geannuleerd", "ja", "nee"), ("Anulowane", "tak", "nie"), ("Отменено", "да", "нет"),
        ("キャンセル", "はい", ""),
    ],
)  # fmt: skip
def test_yes_under_the_name_of_work_that_was_given_up_gives_it_up(name: str, yes: str, no: str) -> None:
    imported = read(listed(name, yes, no, no, yes))
    assert ended(imported) == ["1", "4"]
    assert "2 items were given up" in report(listed(name, yes, no, no, yes))


@pytest.mark.parametrize(
    "name",
    ["Outcome", "Result", "Ergebnis", "Substatus", "Résultat", "Resultado", "Esito", "Wynik", "Результат", "結果"],
)
def test_a_column_of_outcomes_says_why_an_item_ended(name: str) -> None:
    assert ended(read(listed(name, "", "Duplicate", "", "Fixed"))) == ["2"]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Cancellable", ("yes", "no", "yes", "no")),
        ("Duplicate", ("", "", "1", "")),
        ("Cancelled by", ("x", "", "", "")),
    ],
)
def test_what_only_sounds_like_given_up_work_is_not(name: str, cells: tuple[str, ...]) -> None:
    assert not ended(read(listed(name, *cells)))


def test_outcomes_of_tests_and_of_open_work_end_nothing() -> None:
    assert not ended(read(listed("Result", "", "failed", "", "passed")))
    assert not ended(read(listed("Result", "", "rejected", "", "passed")))
    assert not ended(read(listed("Outcome", "Rejected", "Fixed", "Rejected", "Fixed")))


@pytest.mark.parametrize(
    "name", ["Solved?", "Erledigt?", "Gelöst ?", "Résolu ?", "¿Hecho?", "Klar?", "Решено?", "完了？", "Bitti mi?"]
)
def test_a_question_of_yes_and_no_tells_what_is_done(name: str) -> None:
    rows = "1;A;2026-04-01;yes\n2;B;2026-04-02;no\n"
    assert [issue.category for issue in read(f"ID;Title;Created;{name}\n{rows}").issues] == [DONE, TODO]


def test_two_columns_of_starts_complete_each_other() -> None:
    rows = "1;A;2026-04-01;2026-04-03;;2026-04-20\n2;B;2026-04-02;;2026-04-06;2026-04-21\n"
    text = f"ID;Title;Created;Started;Start Date;Done\n{rows}"
    assert [f"{issue.started:%m-%d}" for issue in read(text).issues if issue.started] == ["04-03", "04-06"]
    assert "Where Started is empty, the day was taken from Start Date." in report(text)
    beside_a_plan = text.replace("Done", "Due date;Done").replace(";2026-04-2", ";2026-05-01;2026-04-2")
    assert [issue.started is None for issue in read(beside_a_plan).issues] == [False, True]


@pytest.mark.parametrize("name", ["Comprometido", "Zugesagt", "Go-live", "Toegezegd", "Обещано", "約束日", "Flurb"])
def test_one_day_of_a_promise_between_creation_and_finish_is_no_stage(name: str) -> None:
    rows = (
        "1;A;2026-03-01;2026-03-20;2026-03-15\n2;B;2026-03-02;2026-03-21;\n3;C;2026-03-03;2026-03-22;\n"
        "4;D;2026-03-04;2026-03-23;2026-03-30\n5;E;2026-03-05;2026-03-24;2026-03-12\n"
    )
    ends = [("Created", "Done"), ("Skapad", "Klar"), ("Alta", "Hecho"), ("起票", "完了")]
    for created, finished in ends[:2] if name == "Flurb" else ends:
        imported = read(f"ID;Title;{created};{name};{finished}\n{rows}")
        assert [issue.category for issue in imported.issues] == [DONE, TODO, TODO, DONE, DONE]
        assert all(issue.started is None for issue in imported.issues)


def test_a_promise_is_no_creation_that_has_to_be_chosen() -> None:
    rows = "1;A;2026-03-02;2026-03-20;2026-03-25\n2;B;2026-03-05;2026-04-20;\n3;C;;2026-04-21;\n"
    imported = read(f"ID;Title;Started;Go-live;Finished\n{rows}")
    assert [issue.category for issue in imported.issues] == [DONE, DOING, TODO]


def test_a_stage_between_creation_and_finish_stays_one() -> None:
    rows = "1;A;2026-03-01;2026-03-10;2026-03-15\n2;B;2026-03-02;2026-03-21;\n3;C;2026-03-03;2026-03-12;2026-03-20\n"
    imported = read(f"ID;Title;Skapad;Bygg;Klar\n{rows}")
    assert [issue.category for issue in imported.issues] == [DONE, DOING, DONE]


def test_a_last_step_with_a_day_of_finish_is_done() -> None:
    rows = "1;A;Translation done;2026-04-01;2026-04-09\n2;B;New;2026-04-02;\n"
    assert [issue.category for issue in read(f"ID;Title;Status;Created;Closed\n{rows}").issues] == [DONE, TODO]
    assert [issue.category for issue in read(f"ID;Title;Status;Created;End\n{rows}").issues] == [DOING, TODO]


def test_a_last_step_is_said_where_nothing_is_simply_done() -> None:
    rows = "1;A;Translation done;2026-04-01\n2;B;New;2026-04-02\n3;C;Translation done;2026-04-03\n"
    text = f"ID;Title;Status;Created\n{rows}"
    assert "2 items count as in progress: their statuses say done of one step (Translation done 2)" in report(text)
    assert "of one step" not in report(f"{text}4;D;Done;2026-04-04\n")
    assert "of one step" not in report(text, statuses={"Translation done": "done"})


@pytest.mark.parametrize("name", ["Release date", "Release-Datum", "Shipped"])
def test_a_day_of_release_is_told_where_nothing_else_says_when_work_ended(name: str) -> None:
    rows = "1;Roof;Done;2026-04-01;2026-04-20\n2;Wall;Open;2026-04-02;\n3;Door;Done;2026-04-03;2026-04-22\n"
    sentence = f"{name} 2 (column and items), which hold days"
    known = "resolved" in (read(f"ID;Title;Status;Created;{name}\n{rows}").used or {})
    assert known or sentence in report(f"ID;Title;Status;Created;{name}\n{rows}")
