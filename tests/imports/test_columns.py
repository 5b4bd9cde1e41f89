"""What a column is taken for: dates that happened and dates that are planned, stages, estimates, and what is asked."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.errors import UnreadableFile
from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported
from store.records import Category, Issue
from tests.running import ROOT

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TODO, DOING, DONE = Category.TODO, Category.IN_PROGRESS, Category.DONE


def read(text: str, **mapping: Any) -> Imported:
    return read_file(text.encode(), mapping_of(mapping or None), ZoneInfo("UTC"), NOW)


def days(issue: Issue) -> tuple[str, str, str]:
    """Created, started, finished as days; "" for none."""
    return tuple(f"{at:%Y-%m-%d}" if at else "" for at in (issue.created, issue.started, issue.resolved))  # type: ignore[return-value]


# -- plans ----------------------------------------------------------------------------------------------


def test_a_start_date_of_jira_is_planned_and_the_report_says_that_it_was_left_out() -> None:
    imported = read(
        "Issue key,Status,Created,Resolved,Custom field (Start date),Status Category\n"
        "K-1,Done,03/Nov/26 9:00 AM,10/Nov/26 9:00 AM,01/Oct/26 12:00 AM,Done\n"
        "K-2,To Do,03/Nov/26 9:00 AM,,05/Oct/26 12:00 AM,To Do\n"
    )
    assert [issue.started for issue in imported.issues] == [None, None]
    assert imported.warnings == (
        "Left out, since Jira keeps plans there and not what happened: Custom field (Start date).",
    )


def test_an_actual_start_of_jira_is_a_start() -> None:
    imported = read(
        "Issue key,Status,Created,Custom field (Actual start)\nK-1,Doing,03/Nov/26 9:00 AM,04/Nov/26 9:00 AM\n"
    )
    assert days(imported.issues[0]) == ("2026-11-03", "2026-11-04", "")


PLAN = """\
Nr,Task,Start,Finish,% Complete
1,Foundation,2026-10-05,2026-10-09,100
2,Walls,2026-10-12,2026-11-06,60
3,Roof,2026-11-09,2026-11-20,0
4,Windows,2027-01-11,2027-01-15,0
"""


def test_a_planned_finish_is_one_only_of_what_is_complete() -> None:
    imported = read(PLAN)
    assert [issue.category for issue in imported.issues] == [DONE, DOING, TODO, TODO]
    assert [days(each) for each in imported.issues] == [("", "", "2026-10-09"), *[("", "", "")] * 3]
    assert "Finish tells what was planned" in " ".join(imported.warnings)
    assert "Start tells what was planned" in " ".join(imported.warnings)


@pytest.mark.parametrize("complete", ["1,0.6,0,0", "100%,60%,0%,0%", "100 %,60 %,0 %,0 %"])
def test_per_cent_are_read_as_spreadsheets_write_them(complete: str) -> None:
    text = PLAN
    for before, after in zip((",100\n", ",60\n", ",0\n", ",0\n"), complete.split(","), strict=True):
        text = text.replace(before, f",{after}!\n", 1)
    assert [issue.category for issue in read(text.replace("!", "")).issues] == [DONE, DOING, TODO, TODO]


def test_a_status_that_is_not_done_makes_a_finish_beside_it_a_plan() -> None:
    imported = read(
        "Key,Status,Created,End date\nA,New,2026-09-01,2026-09-20\nB,Closed,2026-09-01,2026-09-12\n"
        "C,In progress,2026-09-01,2026-10-05\n"
    )
    assert [issue.category for issue in imported.issues] == [TODO, DONE, DOING]
    assert [days(each)[2] for each in imported.issues] == ["", "2026-09-12", ""]


def test_finishes_ahead_of_us_without_a_word_about_what_is_done_are_asked_about() -> None:
    text = "Key,Created,Finish\nA,2026-09-01,2026-09-20\nB,2026-09-01,2027-03-01\n"
    with pytest.raises(UnreadableFile, match="Finish names days that lie ahead"):
        read(text)
    imported = read(text, resolved="Finish")
    assert [days(issue)[2] for issue in imported.issues] == ["2026-09-20", ""]


def test_what_is_called_a_fact_is_one_and_a_single_day_ahead_is_left_out_with_a_word() -> None:
    imported = read(
        "Key,Created,Resolved\nA,2026-09-01,2026-09-20\nB,2026-09-02,2026-09-21\nC,2026-09-03,2027-09-22\n"
        "D,2026-09-03,2026-09-25\n"
    )
    assert [issue.category for issue in imported.issues] == [DONE, DONE, TODO, DONE]
    assert [days(each)[2] for each in imported.issues] == ["2026-09-20", "2026-09-21", "", "2026-09-25"]
    assert imported.warnings == (
        "1 day in Resolved lies ahead, so it can only be planned: it was left out, and its item is open unless its "
        "status says that it is done.",
    )


@pytest.mark.parametrize("name", ["Closed", "Completed", "Done", "Resolved", "Finished on"])
@pytest.mark.parametrize("ahead", ["2026-12-09", "2038-01-19", "2099-12-31"])
def test_a_finish_ahead_ends_an_item_only_where_its_status_does(name: str, ahead: str) -> None:
    ended = "".join(f"D{day},Done,2026-09-01,2026-09-{day}\n" for day in range(10, 20))
    planned = "".join(
        f"{key},{status},2026-09-01,{ahead}\n" for key, status in (("A", ""), ("B", "Odd"), ("C", "Done"))
    )
    text = f"Key,Status,Created,{name}\n{ended}{planned}"
    imported = read(text)
    assert [issue.category for issue in imported.issues[-3:]] == [TODO, TODO, DONE]
    assert [days(issue)[2] for issue in imported.issues[-3:]] == ["", "", ""]
    without = "\n".join(",".join((key, *rest)) for key, _, *rest in (line.split(",") for line in text.splitlines()))
    assert [issue.category for issue in read(without).issues] == [*[DONE] * 10, *[TODO] * 3]


def test_a_start_ahead_begins_no_item() -> None:
    begun = "".join(f"D{day},2026-09-01,2026-09-{day},\n" for day in range(10, 14))
    imported = read(f"Key,Created,Started,Resolved\n{begun}B,2026-09-02,2027-03-01,\n")
    assert [issue.category for issue in imported.issues] == [*[DOING] * 4, TODO]
    assert [days(issue)[1] for issue in imported.issues[3:]] == ["2026-09-13", ""]
    assert imported.warnings[0].startswith("1 day in Started can only be planned")


def test_nothing_starts_before_it_came_or_while_it_is_to_do() -> None:
    rows = "".join(f"K{n},Doing,2026-09-01,2026-09-0{n}\n" for n in range(2, 9))
    imported = read(f"Key,Status,Created,Started\nA,Doing,2026-09-05,2026-09-01\nB,To do,2026-09-01,2026-09-03\n{rows}")
    assert [days(issue)[1] for issue in imported.issues[:3]] == ["", "", "2026-09-02"]
    assert imported.warnings[0].startswith("2 days in Started can only be planned")


@pytest.mark.parametrize(
    ("flag", "closed", "yes", "no"),
    [
        ("Done", "Closed", "yes", "no"),
        ("Erledigt?", "Erledigt am", "ja", "nein"),
        ("is_completed", "completed_at", "TRUE", "FALSE"),
        ("Done", "Closed", "1", "0"),
    ],
)
def test_no_under_done_goes_before_a_closing_day_that_was_kept(flag: str, closed: str, yes: str, no: str) -> None:
    rows = (
        f"A,{yes},2026-09-01,2026-09-09\nB,{no},2026-09-01,2026-09-10\nC,{no},2026-09-01,\nD,,2026-09-01,2026-09-11\n"
    )
    imported = read(f"Key,{flag},Created,{closed}\n{rows}")
    assert [issue.category for issue in imported.issues] == [DONE, DOING, TODO, DONE]
    assert [days(issue)[2] for issue in imported.issues] == ["2026-09-09", "", "", "2026-09-11"]
    assert imported.warnings[-1] == f"1 item has a day in {closed}, and is not done by {flag}: it counts as open."


def test_checked_ends_nothing_beside_a_status_or_a_finish() -> None:
    rows = "A,To Do,yes,2026-09-01,\nB,Done,no,2026-09-01,2026-09-09\nC,Done,yes,2026-09-01,2026-09-09\n"
    imported = read(f"Key,Status,Checked,Created,Closed\n{rows}")
    assert [issue.category for issue in imported.issues] == [TODO, DONE, DONE]
    dated = read("Key,Checked,Created,Closed\nA,yes,2026-09-01,\nB,no,2026-09-01,2026-09-09\n")
    assert [issue.category for issue in dated.issues] == [TODO, DONE]
    alone = read("Key,Checked,Created\nA,yes,2026-09-01\nB,no,2026-09-01\n")
    assert [issue.category for issue in alone.issues] == [DONE, TODO]
    chosen = read(f"Key,Status,Checked,Created,Closed\n{rows}", is_done="Checked")
    assert chosen.issues[0].category is DONE


def test_a_status_goes_before_no() -> None:
    imported = read(
        "Key,Status,Done,Created,Closed\nA,Closed,no,2026-09-01,2026-09-09\nB,Open,no,2026-09-01,2026-09-09\n"
    )
    assert [issue.category for issue in imported.issues] == [DONE, TODO]


def test_no_goes_before_a_second_column_of_finishes_too() -> None:
    imported = read("Key,Done,Created,Resolved,Closed\nA,no,2026-09-01,,2026-09-09\nB,yes,2026-09-01,2026-09-09,\n")
    assert [issue.category for issue in imported.issues] == [DOING, DONE]
    assert days(imported.issues[0])[2] == ""


# -- columns without a date -----------------------------------------------------------------------------


def test_an_empty_column_of_dates_is_none() -> None:
    with pytest.raises(UnreadableFile, match="cannot be understood"):
        read("Key,Title,Status,Created\nA-1,Log in,Done,\nA-2,Search,To Do,\n")


def test_the_column_with_dates_in_it_is_taken_before_an_empty_one() -> None:
    imported = read("Key,Created,Created on,Closed\nA-1,,2026-09-01,2026-09-03\n")
    assert days(imported.issues[0]) == ("2026-09-01", "", "2026-09-03")


def test_milliseconds_since_1970_are_dates() -> None:
    imported = read("Key,Created,Closed\nA-1,1788253200000,1789030800000\nA-2,1788339600000,\n")
    assert [days(issue) for issue in imported.issues] == [("2026-09-01", "", "2026-09-10"), ("2026-09-02", "", "")]


# -- estimates ------------------------------------------------------------------------------------------


def test_two_columns_of_points_complete_each_other_and_the_first_wins() -> None:
    imported = read(
        "Issue key,Status,Created,Custom field (Story Points),Custom field (Story point estimate)\n"
        "A-1,Open,2026-09-01,5.0,\nB-1,Open,2026-09-01,,8.0\nB-2,Open,2026-09-01,2,3\nB-3,Open,2026-09-01,3,3\n"
    )
    assert [issue.points for issue in imported.issues] == [5, 8, 2, 3]
    assert imported.warnings == (
        "1 item has different numbers in Custom field (Story Points) and Custom field (Story point estimate): Custom "
        "field (Story Points) was taken.",
    )


def test_hours_do_not_complete_points() -> None:
    imported = read("Key,Created,Story points,Estimate\nA,2026-09-01,5,40\nB,2026-09-01,,16\n")
    assert [issue.points for issue in imported.issues] == [5, None]


# -- stages ---------------------------------------------------------------------------------------------

STAGES = """\
ID,Title,Ideas,Ready,Coding,Review,Live,Team
F-1,Log in,2026-08-03,2026-08-10,2026-08-12,2026-08-17,2026-08-20,A
F-2,Basket,2026-08-04,2026-08-06,2026-08-14,,2026-08-27,A
F-3,Menu,2026-08-05,2026-08-19,2026-08-24,,,B
F-4,Search,2026-08-06,,,,,B
"""


def test_one_column_of_dates_a_stage_is_the_history_of_each_item() -> None:
    imported = read(STAGES)
    assert [days(issue) for issue in imported.issues] == [
        ("2026-08-03", "2026-08-12", "2026-08-20"),
        ("2026-08-04", "2026-08-14", "2026-08-27"),
        ("2026-08-05", "2026-08-24", ""),
        ("2026-08-06", "", ""),
    ]
    assert [(each.status, each.category) for each in imported.issues] == [
        ("Live", DONE), ("Live", DONE), ("Coding", DOING), ("Ideas", TODO),
    ]  # fmt: skip
    changes = [change for change in imported.changes if change.issue_key == "F-2"]
    assert [(change.from_value, change.to_value, f"{change.at:%m-%d}") for change in changes] == [
        ("Ideas", "Ready", "08-06"), ("Ready", "Coding", "08-14"), ("Coding", "Live", "08-27"),
    ]  # fmt: skip
    assert imported.history == "whole"


def test_an_item_that_went_back_was_in_later_stages_from_then_on() -> None:
    back = STAGES.replace("2026-08-12,2026-08-17,2026-08-20", "2026-08-18,2026-08-17,2026-08-20")
    imported = read(back)
    assert [f"{change.at:%m-%d}" for change in imported.changes if change.issue_key == "F-1"] == [
        "08-10",
        "08-17",
        "08-17",
        "08-20",
    ]


def test_a_day_of_creation_of_its_own_stays_and_a_status_that_gave_up_too() -> None:
    text = (
        "Key,Created,Status,Next,Build,Test,Done\n"
        "A,2026-07-01,Done,2026-08-01,2026-08-03,2026-08-04,2026-08-05\n"
        "B,2026-07-02,Canceled,2026-08-02,2026-08-05,,\n"
        "C,2026-07-03,Build,2026-08-02,2026-08-05,,\n"
    )
    imported = read(text)
    assert [days(issue)[0] for issue in imported.issues] == ["2026-07-01", "2026-07-02", "2026-07-03"]
    assert [each.status for each in imported.issues] == ["Done", "Canceled", "Build"]


def test_days_of_creation_start_and_finish_alone_are_no_stages() -> None:
    imported = read("Key,Created,Started,Finished\nA,2026-07-01,2026-07-03,2026-07-05\nB,2026-07-02,2026-07-04,\n")
    assert (imported.history, imported.changes) == ("", ())


def test_months_and_day_orders_are_decided_by_all_stages_together() -> None:
    text = "ID,Ideas,Coding,Live\nA,01/02/2026,03/02/2026,25/02/2026\nB,02/02/2026,05/02/2026,\n"
    assert days(read(text).issues[1]) == ("2026-02-02", "2026-02-05", "")


ENGLISH, GERMAN, FRENCH = "To Do|In Progress|Done", "Offen|In Arbeit|Erledigt", "À faire|En cours|Terminé"
SPANISH, PORTUGUESE = "Por hacer|En curso|Hecho", "A fazer|Em andamento|Feito"
ITALIAN, DUTCH = "Da fare|In corso|Fatto", "Te doen|Mee bezig|Gereed"


def item_list(columns: str, statuses: str, due: str, last_due: int) -> str:
    """Thirty items, ten of each status, all due between June and the month `last_due`. `columns` are those of status,
    creation, start, and of due and finish in any order; `due` is what that one is called."""
    rows = [f"Key;{columns}"]
    for number in range(30):
        status = statuses.split("|")[number % 3]
        start = f"{1 + number % 20}.02.2026" if number % 3 else ""
        finish = f"{1 + number % 28}.05.2026" if number % 3 == 2 else ""
        planned = f"{1 + number % 28}.{last_due if number % 2 else 6}.2026"
        pair = (planned, finish) if columns.split(";")[-2] == due else (finish, planned)
        rows.append(";".join((f"K-{number}", status, f"{1 + number % 20}.01.2026", start, *pair)))
    return "\n".join(rows)


@pytest.mark.parametrize("last_due", [12, 7])
@pytest.mark.parametrize(
    ("columns", "statuses", "due"),
    [
        ("Status;Opened;Started;Closed;Promised for", ENGLISH, "Promised for"),
        ("Status;Opened;Started;Closed;SLA", ENGLISH, "SLA"),
        ("Status;Opened;Started;Closed;Handshake", ENGLISH, "Handshake"),
        ("Status;Angelegt am;Begonnen am;Erledigt am;Zieltermin", GERMAN, "Zieltermin"),
        (
            "Estado;Fecha de creación;Fecha de inicio;Fecha de cierre;Fecha de vencimiento",
            SPANISH,
            "Fecha de vencimiento",
        ),
        ("Statut;Créé le;Commencé le;Terminé le;À rendre le", FRENCH, "À rendre le"),
        ("Status;Opened;Started;Wanted by;Closed", ENGLISH, "Wanted by"),
        ("Status;Entered;Started;Commitment;Done", ENGLISH, "Commitment"),
        ("Status;Eröffnet am;Beginn;Soll-Ende;Erledigt am", GERMAN, "Soll-Ende"),
        ("Status;Erstellungsdatum;Startdatum;Fälligkeitsdatum;Abschlussdatum", GERMAN, "Fälligkeitsdatum"),
        ("Stato;Data di creazione;Avviato;Scadenza;Completato il", ITALIAN, "Scadenza"),
        ("Estado;Criado em;Iniciado em;Vencimento;Concluído em", PORTUGUESE, "Vencimento"),
        ("Status;Aangemaakt op;Gestart;Vervaldatum;Afgerond", DUTCH, "Vervaldatum"),
    ],
)
def test_a_column_of_due_dates_does_not_make_stages_of_a_list(
    columns: str, statuses: str, due: str, last_due: int
) -> None:
    imported = read(item_list(columns, statuses, due, last_due))
    assert (imported.history, imported.changes) == ("", ())
    assert Counter((issue.status, issue.category) for issue in imported.issues) == dict.fromkeys(
        zip(statuses.split("|"), (TODO, DOING, DONE), strict=True), 10
    )
    assert [days(each) for each in imported.issues[:3]] == [
        ("2026-01-01", "", ""),
        ("2026-01-02", "2026-02-02", ""),
        ("2026-01-03", "2026-02-03", "2026-05-03"),
    ]


@pytest.mark.parametrize(
    "due",
    [
        "Promised for", "Wanted by", "SLA", "Commitment", "Target day", "DueDate", "Zieltermin", "Soll-Ende",
        "Endtermin", "Fälligkeitsdatum", "Lieferfrist", "Fecha de vencimiento", "Échéance", "À rendre le", "Scadenza",
        "Vencimento", "Vervaldatum", "Prazo", "Срок", "期限",
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", ["{due};Closed", "Closed;{due}"])
def test_columns_called_like_plans_are_no_stages_even_where_nothing_else_tells(due: str, order: str) -> None:
    rows = "A;2026-01-02;2026-02-02;2026-03-01;2026-03-01\nB;2026-01-03;2026-02-03;2026-03-02;2026-03-02\n"
    imported = read(f"Key;Opened;Started;{order.format(due=due)}\n{rows}")
    assert imported.changes == ()
    assert days(imported.issues[0]) == ("2026-01-02", "2026-02-02", "2026-03-01")


@pytest.mark.parametrize("stage", ["À prendre", "Terminé", "Vervallen", "Individuelle Prüfung", "Planned", "Committed"])
def test_stages_that_only_look_like_plans_are_stages(stage: str) -> None:
    imported = read(STAGES.replace("Ready", stage))
    assert stage in {change.to_value for change in imported.changes}


def test_a_planned_start_under_any_name_does_not_put_work_to_do_under_way() -> None:
    rows = "".join(f"K-{day},To Do,2026-08-{day:02},2026-09-{day:02},\n" for day in range(1, 9))
    imported = read(f"Key,Status,Opened,Kick-off,Closed\n{rows}K-9,Done,2026-08-09,2026-09-09,2026-09-20\n")
    assert [issue.category for issue in imported.issues] == [TODO] * 8 + [DONE]


def test_a_plan_of_planner_in_german_says_what_has_not_begun() -> None:
    imported = read(
        "Aufgaben-ID;Aufgabenname;Status;Erstellungsdatum;Startdatum;Fälligkeitsdatum;Abschlussdatum\n"
        "x1;n;In Bearbeitung;02.10.2026;05.10.2026;31.12.2026;\n"
        "x2;n;Abgeschlossen;03.10.2026;06.10.2026;31.12.2026;03.11.2026\n"
        "x3;n;Nicht begonnen;04.10.2026;20.12.2026;31.12.2026;\n"
    )
    assert [(issue.key, issue.category) for issue in imported.issues] == [("x1", DOING), ("x2", DONE), ("x3", TODO)]
    assert imported.issues[1].resolved == datetime(2026, 11, 3, tzinfo=UTC)


def test_few_open_items_suffice_to_tell_due_dates_from_stages() -> None:
    rows = "".join(f"K-{n},Done,2026-08-{n:02},2026-08-{n:02},2026-09-{n:02},2026-10-{n:02}\n" for n in range(1, 29))
    imported = read(f"Key,Status,Opened,Started,Closed,Handshake\n{rows}K-29,To Do,2026-08-29,,,2026-10-29\n")
    assert [issue.category for issue in imported.issues] == [DONE] * 28 + [TODO]
    assert imported.changes == ()


def test_a_column_of_due_dates_beside_stages_is_left_out_of_them() -> None:
    text = (
        STAGES.replace("Live,", "Live,Handshake,").replace(",A\n", ",2027-01-09,A\n").replace(",B\n", ",2027-02-09,B\n")
    )
    assert [issue.status for issue in read(text).issues] == ["Live", "Live", "Coding", "Ideas"]
    assert read(text).changes == read(STAGES).changes


def test_one_slip_of_the_pen_does_not_take_a_stage_away() -> None:
    rows = "".join(f"K-{n},2026-08-{n:02},2026-09-{n:02},2026-10-{n:02}\n" for n in range(1, 21))
    imported = read(f"Key,Ideas,Coding,Done\n{rows}K-21,2026-08-21,2026-09-21,2062-10-21\n")
    assert [issue.status for issue in imported.issues[:20]] == ["Done"] * 20


def test_stages_that_the_status_agrees_with_are_stages() -> None:
    statuses = {"F-1": "Closed", "F-2": "Live", "F-3": "In Progress", "F-4": "Ideas"}
    text = "".join(f"{line},{statuses.get(line[:3], 'Status')}\n" for line in STAGES.splitlines())
    assert [issue.status for issue in read(text).issues] == ["Live", "Live", "Coding", "Ideas"]


# -- names ----------------------------------------------------------------------------------------------


def test_bugzillas_list_of_bugs_is_understood() -> None:
    imported = read(
        '"Bug ID","Product","Assignee","Status","Resolution","Summary","Opened","Changed"\n'
        '1,"P","a","RESOLVED","FIXED","s","2026-02-10 10:00:00","2026-08-02 10:00:00"\n'
        '2,"P","a","ASSIGNED","---","s","2026-03-10 10:00:00","2026-08-03 10:00:00"\n'
        '3,"P","a","NEW","---","s","2026-04-10 10:00:00","2026-08-04 10:00:00"\n'
    )
    assert [(issue.key, issue.category) for issue in imported.issues] == [("1", DONE), ("2", DOING), ("3", TODO)]
    assert [f"{each.updated:%m-%d}" if each.updated else "" for each in imported.issues] == ["08-02", "08-03", "08-04"]


@pytest.mark.parametrize("name", ["Changed", "Last changed", "changetime", "Date modified"])
def test_the_day_of_the_last_change_is_no_stage(name: str) -> None:
    imported = read(
        f"Key,Opened,Started,{name}\nA,2026-09-01,2026-09-02,2026-09-05\nB,2026-09-02,2026-09-03,2026-09-06\n"
    )
    assert imported.changes == ()
    assert imported.issues[0].updated == datetime(2026, 9, 5, tzinfo=UTC)


# -- what is asked --------------------------------------------------------------------------------------


def test_a_table_whose_finish_column_is_not_known_is_asked_about() -> None:
    text = (
        "Vorgang;Begonnen;Abgenommen am;Umfang\nDach;01.09.2026;04.09.2026;3\nTor;07.09.2026;;5\nZaun;08.09.2026;;2\n"
    )
    with pytest.raises(UnreadableFile, match="not when they were created or finished"):
        read(text)
    imported = read(text, started="Begonnen", resolved="Abgenommen am")
    assert [issue.category for issue in imported.issues] == [DONE, DOING, DOING]


def test_the_usual_german_words_for_it_are_known() -> None:
    imported = read("Vorgang;Begonnen;Fertig am;Grösse\nDach;01.09.2026;04.09.2026;3\nTor;07.09.2026;;5\n")
    assert [(issue.summary, issue.category, issue.points) for issue in imported.issues] == [
        ("Dach", DONE, 3),
        ("Tor", DOING, 5),
    ]


def test_dates_that_nothing_is_taken_from_are_asked_about_where_no_finish_is_known() -> None:
    with pytest.raises(UnreadableFile, match="when an item was finished, and Signed off may"):
        read("Key,Created,Signed off\nA,2026-09-01,2026-09-05\nB,2026-09-02,\n")


@pytest.mark.parametrize("name", ["Due date", "Target", "Last viewed", "Updated", "Planned for", "Sprint end"])
def test_wishes_and_visits_are_not_asked_about(name: str) -> None:
    assert len(read(f"Key,Created,{name}\nA,2026-09-01,2026-09-05\nB,2026-09-02,\n").issues) == 2


@pytest.mark.parametrize("cell", ['"a,b"', "a|b", "a;b", '"[a, b]"', '"[""a"",""b""]"'])
def test_several_labels_in_one_cell_are_several(cell: str) -> None:
    assert read(f"Key,Created,Tags\nA,2026-09-01,{cell}\n").issues[0].labels == ("a", "b")


# -- yes and no -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "yes", "no"),
    [("done", "yes", "no"), ("Closed", "TRUE", "FALSE"), ("Erledigt", "ja", "nein"), ("Completed", "x", ""),
     ("Is done", "1", "0"), ("Terminé", "oui", "non"), ("完了", "✓", "")],
)  # fmt: skip
def test_a_column_of_yes_and_no_says_what_is_done(column: str, yes: str, no: str) -> None:
    imported = read(f"Key,Title,Created,{column}\nK-1,a,2026-09-01,{yes}\nK-2,b,2026-09-02,{no}\n")
    assert [issue.category for issue in imported.issues] == [DONE, TODO]
    assert imported.used is not None
    assert imported.used["is_done"] == column


def test_no_in_such_a_column_leaves_the_item_to_its_status() -> None:
    imported = read(
        "Name,Status,Done,Created time\n"
        'a,In progress,Yes,"September 1, 2026 10:00 AM"\n'
        'b,In progress,No,"September 2, 2026 10:00 AM"\n'
    )
    assert [issue.category for issue in imported.issues] == [DONE, DOING]


def test_a_file_that_does_not_say_what_is_done_is_told_so() -> None:
    imported = read("Key,Title,Created\nK-1,a,2026-09-01\nK-2,b,2026-09-02\n")
    assert imported.warnings == (
        "Nothing in the file says what is done, so all 2 items count as open. Add the status or the finish date.",
    )


# -- trackers' own words --------------------------------------------------------------------------------


def test_what_was_closed_in_clickup_without_being_done_has_the_day_of_its_closing() -> None:
    imported = read(
        "Task ID,Task Name,Status,Date Created,Date Closed,Date Done\n"
        "1,a,cancelled,1788220800000,1788998400000,null\n"
        "2,b,Closed,1788220800000,1789000000000,1788912000000\n"
    )
    assert [days(issue)[2] for issue in imported.issues] == ["2026-09-10", "2026-09-09"]


def test_a_second_column_of_numbers_that_may_be_times_is_named_in_the_report() -> None:
    imported = read("Key,Created,Status,Story Points,Estimate\n1,2026-09-01,Open,,3\n2,2026-09-01,Open,5,8\n")
    assert [issue.points for issue in imported.issues] == [None, 5]
    assert imported.warnings == (
        "Points were taken from Story Points alone; what Estimate counts may be something else.",
    )


@pytest.mark.parametrize(
    "header",
    ["Nr.;Vorgangsname;Dauer;Anfang;Fertig stellen;% Abgeschlossen", "N°;Nom de la tâche;Durée;Début;Fin;% achevé",
     "Id;Nombre de tarea;Duración;Comienzo;Fin;% completado", "ID;Nome attività;Durata;Inizio;Fine;% completato"],
)  # fmt: skip
def test_a_schedule_in_another_language_is_read_like_the_english_one(header: str) -> None:
    imported = read(
        f"{header}\n1;a;5 d;07/09/26;11/09/26;100%\n2;b;5 d;14/09/26;18/09/26;40%\n3;c;5 d;04/01/27;28/01/27;0%\n"
    )
    assert [(issue.category, days(issue)[1:]) for issue in imported.issues] == [
        (DONE, ("2026-09-07", "2026-09-11")), (DOING, ("2026-09-14", "")), (TODO, ("", "")),
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["Datum;Offen;In Arbeit;Fertig", "Fecha;Abierto;En curso;Hecho"])
def test_a_cumulative_flow_in_another_language_is_differenced(header: str) -> None:
    lines = "".join(f"{day:02d}.09.2026;{30 - day};3;{day // 2}\n" for day in range(1, 29))
    imported = read(f"{header}\n{lines}")
    assert sum(week.completed_items or 0 for week in imported.weeks) == 14


@pytest.mark.parametrize("start", ["Start date", "Startdatum", "Data di inizio"])
@pytest.mark.parametrize("end", ["Due date", "Duration;Target date", "Fälligkeitsdatum"])
def test_a_start_beside_a_due_date_is_a_plan(start: str, end: str) -> None:
    blank = ";" * end.count(";")
    text = (
        f"Key;Title;Status;Created;{start};{end};Done on\nA;a;Done;2026-02-02;2026-02-03;{blank}2026-02-09;2026-02-06"
    )
    imported = read(text)
    assert days(imported.issues[0]) == ("2026-02-02", "", "2026-02-06")
    assert f"{start} tells what was planned" in " ".join(imported.warnings)


def test_a_start_beside_a_due_date_happened_where_no_item_to_do_has_one() -> None:
    rows = ["Key,Status,Created,Start date,Due date", "A,Doing,2026-02-02,2026-02-03,2026-02-09"]
    imported = read("\n".join([*rows, *(f"B{place},To Do,2026-02-02,,2026-02-09" for place in range(5))]))
    assert days(imported.issues[0]) == ("2026-02-02", "2026-02-03", "")
    planned = read("\n".join([*rows, *(f"B{place},To Do,2026-02-02,2026-03-01,2026-03-09" for place in range(5))]))
    assert days(planned.issues[0]) == ("2026-02-02", "", "")


def test_a_line_that_adds_up_the_others_is_no_item_and_a_unit_behind_points_is_none() -> None:
    imported = read("Key,Status,Created,Points\nA,Open,2026-02-02,3 pts\nB,Open,2026-02-03,-\nTotal,,,3\n")
    assert [(issue.key, issue.points) for issue in imported.issues] == [("A", 3), ("B", None)]
    assert [(row.value, row.reason) for row in imported.rejected] == [("Total", "adds up other rows")]
    assert imported.warnings == ()
    assert [each.key for each in read("Key,Status,Created\nTotal,Open,2026-02-02\nSum,,2026-02-03\n").issues] == [
        "Total",
        "Sum",
    ]


def test_lines_below_a_table_are_no_items() -> None:
    rows = "A-1,one,Open,2026-02-02\nA-2,,,\nA-3,three,Done,2026-02-03\n"
    imported = read(f'Key,Title,Status,Created\n{rows}Total,3,,\n"Generated by Track on 2026-11-30",,,\n')
    assert [issue.key for issue in imported.issues] == ["A-1", "A-2", "A-3"]
    assert [(row.row, row.reason) for row in imported.rejected] == [
        (5, "adds up other rows"),
        (6, "is a remark: nothing else is in its row"),
    ]


@pytest.mark.parametrize(
    "below",
    [
        'Total: 2,,,\n"Generated by Track",,,\nPage 1 of 3,,,\nFilters: team = A,,,\n',
        "Total,2 issues,,\nExported on,2026-11-30,,\nExported by:,Ada,,\nCount=2,,,\nhttps://x.example.org/,,,\n",
        "---,---,---,---\n3,,,\n4,,,\n",
    ],
)
def test_what_stands_below_a_short_table_is_no_item(below: str) -> None:
    imported = read(f"Key,Title,Status,Created\nA-1,one,Open,2026-02-02\nA-2,two,Done,2026-02-03\n{below}")
    assert [issue.key for issue in imported.issues] == ["A-1", "A-2"]


def test_a_title_alone_below_a_list_of_keys_is_no_item() -> None:
    rows = "one,A-1,Open\ntwo,A-2,Done\nthree,A-3,Open\n"
    imported = read(f"Summary,Issue key,Status\n{rows}Generated by Track,,\n")
    assert [issue.key for issue in imported.issues] == ["A-1", "A-2", "A-3"]


@pytest.mark.parametrize(
    ("names", "cells", "status"),
    [
        ("Previous status,Current status", ("Open,Done", "Done,Open", "Open,In progress"), "Current status"),
        ("Status (old),Status", ("Open,Done", "Done,Open", "Open,In progress"), "Status"),
        ("Access,State of delivery", ("open,Done", "closed,Open", "open,Open"), "State of delivery"),
        ("Environment,Stand", ("test,Fertig", "live,Offen", "test,Offen"), "Stand"),
        ("Previous status,Access", ("Open,open", "Done,closed", "Open,open"), None),
    ],
)
def test_what_was_before_and_who_may_see_it_tells_nothing_of_what_is_done(
    names: str, cells: tuple[str, ...], status: str | None
) -> None:
    rows = "".join(f"A-{n},Item {n},2026-05-0{n},{each}\n" for n, each in enumerate(cells, 1))
    imported = read(f"Key,Title,Created,{names}\n{rows}")
    assert (imported.used or {}).get("status") == status


@pytest.mark.parametrize("names", ["Released,Erledigt am", "Delivered,Terminé le", "Closed,Deployed"])
def test_what_follows_upon_a_finish_goes_behind_it_in_whatever_language(names: str) -> None:
    done = "2026-03-30,2026-02-05" if not names.startswith("Closed") else "2026-02-05,2026-03-30"
    imported = read(f"Key,Title,Status,Created,{names}\nA-1,one,Done,2026-02-02,{done}\n")
    assert days(imported.issues[0]) == ("2026-02-02", "", "2026-02-05")


def test_the_names_of_columns_above_a_list_of_sub_items_are_no_item() -> None:
    rows = "a,Ada,Done,2026-02-02\nSubitems,Owner,Status,\nb,Ada,Open,2026-02-03\n"
    imported = read(f"Name,Owner,Status,Created\n{rows}")
    assert [issue.summary for issue in imported.issues] == ["a", "b"]
    assert [row.reason for row in imported.rejected] == ["names the columns once more"]


def test_a_parent_that_is_named_by_its_number_has_its_key() -> None:
    rows = "SHOP-1,101,Story,\nSHOP-2,102,Sub-task,101\nSHOP-3,103,Sub-task,99\n"
    imported = read("Issue key,Issue id,Issue Type,Parent,Status,Created\n" + rows.replace("\n", ",Open,2026-02-02\n"))
    assert [issue.parent for issue in imported.issues] == ["", "SHOP-1", "99"]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Sprint 1, Sprint 2", ("Sprint 1", "Sprint 2")),
        ("Web Sprint 12,Web Sprint 13", ("Web Sprint 12", "Web Sprint 13")),
        ("Sprint 3, hardening", ("Sprint 3, hardening",)),
        ("Web 1, Shop 2", ("Web 1, Shop 2",)),
    ],
)
def test_sprints_that_differ_in_their_number_alone_are_several(cell: str, names: tuple[str, ...]) -> None:
    imported = read(f'Key,Status,Created,Sprint\nA,Open,2026-02-02,"{cell}"\n')
    assert imported.issues[0].sprints == names


def test_keys_of_several_words_are_keys() -> None:
    imported = read("Key,Title,Status,Created\nShop 1,,,\nShop 2,two,Open,2026-02-02\n")
    assert [issue.key for issue in imported.issues] == ["Shop 1", "Shop 2"]


@pytest.mark.parametrize("name", ["Closed At (UTC)", "Closed At UTC", "closed_at_utc", "Closed At (GMT)"])
def test_a_column_that_names_its_zone_is_meant_so(name: str) -> None:
    text = f"Key,Status,Created,{name}\nA,Done,2026-02-02 10:00,2026-03-02 23:30\n"
    imported = read(text, time_zone="Europe/Berlin")
    assert [issue.resolved for issue in imported.issues] == [datetime(2026, 3, 2, 23, 30, tzinfo=UTC)]


def test_words_for_no_date_are_no_dates_and_cost_no_row() -> None:
    imported = read(
        "Key,Status,Created,Resolved\nA,Open,2026-02-02,<no date>\nB,Open,2026-02-03,0000-00-00\nC,Open,?,-\n"
    )
    assert [days(issue) for issue in imported.issues] == [("2026-02-02", "", ""), ("2026-02-03", "", ""), ("", "", "")]
    assert (imported.rejected, imported.warnings) == ((), ())


@pytest.mark.parametrize(
    "head", ["Created,Resolved,Closed", "created_at,Finished,Finished", "Opened,Closed at,done_on"]
)
@pytest.mark.parametrize("done", ["Closed", ""])
def test_two_columns_of_finishes_complete_each_other(head: str, done: str) -> None:
    imported = read(
        f"Key,Status,{head}\nA,{done},2026-02-02,2026-03-02,\nB,{done},2026-02-03,,2026-03-03\n"
        f"C,{done},2026-02-04,2026-03-04,2026-03-09\nD,{done and 'Open'},2026-02-05,,\n"
    )
    assert [days(issue)[2] for issue in imported.issues] == ["2026-03-02", "2026-03-03", "2026-03-04", ""]
    _, first, second = head.split(",")
    assert imported.warnings == (f"Where {first} is empty, the day was taken from {second}.",)


def test_two_columns_of_creations_in_different_orders_complete_each_other() -> None:
    imported = read("Key,Status,Created,Opened\nA,Open,13/02/2026,\nB,Open,,02/14/2026\nC,Open,01/02/2026,\n")
    assert [days(issue)[0] for issue in imported.issues] == ["2026-02-13", "2026-02-14", "2026-02-01"]


@pytest.mark.parametrize("other", ["Accepted", "End date", "Delivered", "Due", "Released"])
def test_what_may_be_another_event_or_a_plan_completes_no_finish(other: str) -> None:
    imported = read(f"Key,Created,Closed,{other}\nA,2026-02-02,2026-03-02,2026-03-01\nB,2026-02-03,,2026-03-03\n")
    assert [days(issue)[2] for issue in imported.issues] == ["2026-03-02", ""]


def test_a_second_column_ends_nothing_that_is_open_by_its_status() -> None:
    imported = read(
        "Key,Status,Created,Resolved,Closed\nA,Done,2026-02-02,2026-03-02,\nB,In Progress,2026-02-03,,2026-03-03\n"
    )
    assert [days(issue)[2] for issue in imported.issues] == ["2026-03-02", ""]
    assert imported.warnings == ()


NO_DAYS = [
    "9999-12-31", "31.12.9999", "12/31/9999 23:59:59", "0001-01-01T00:00:00Z", "01.01.0001", "1900-01-01 00:00:00",
    "1/0/1900", "30/12/1899", "1899-12-30T00:00:00", "1970-01-01T00:00:00Z", "1970-01-01 01:00", "9999/12/31",
    "1900/01/01", "99991231", "00000000", "19000101", "31-Dec-9999", "01-Jan-1900", "31-DEC-4712", "9999年12月31日",
    "1601-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2262-04-11T23:47:16Z", "2099-12-31", "2079-06-06", "9999-99-99",
    "+10000-01-01T00:00:00Z", "-0001-11-30 00:00:00", "0000-00-00", "00:00:00", "00.00.0000", "2958465", "1", "-1", "0",
    "-62135596800", "253402300799000", "-2208988800000", "99991231235959", "9223372036854775807", "infinity",
]  # fmt: skip
NO_DAY_WORDS = [
    "TBD", "tbd.", "TBD Q1", "not yet", "open", "#N/A", "#NV", "NULL", "[NULL]", "<null>", "\\N", "(blank)", "(leer)",
    "Invalid date", "—", "..", "  .  .    ", "\u200b", "''", "{}", "[]", "never", "nie", "jamais", "no", "nein", "❌",
    "false", "in progress", "In Arbeit", "not done", "not started", "nicht erledigt", "WIP", "todo", "ouvert",
    "未完了", "未定", "进行中", "в работе", "noch nicht fertig",
]  # fmt: skip


@pytest.mark.parametrize("nothing", [*NO_DAYS, *NO_DAY_WORDS])
@pytest.mark.parametrize("status", ["Open", ""])
def test_what_stands_for_no_day_neither_ends_an_item_nor_costs_its_row(nothing: str, status: str) -> None:
    done = "".join(f"D{day},{status and 'Done'},{day:02}/02/2026,{day:02}/03/2026\n" for day in range(13, 20))
    imported = read(f"Key,Status,Created,Resolved\n{done}O,{status},14/02/2026,{nothing}\n")
    assert days(imported.issues[-1]) == ("2026-02-14", "", "")
    assert (imported.issues[-1].category, imported.issues[0].category) == (TODO, DONE)
    assert (len(imported.issues), imported.rejected, imported.warnings) == (8, (), ())


@pytest.mark.parametrize("nothing", NO_DAYS)
def test_most_items_may_have_no_day(nothing: str) -> None:
    """A column of such days is no column of plans, and most of its cells do not tell how its days are written."""
    waiting = "".join(f"O{day},{day:02}/02/2026,{nothing}\n" for day in range(10, 20))
    imported = read(f"Key,Created,Closed\nD,13/02/2026,14/02/2026\n{waiting}")
    assert [issue.category for issue in imported.issues] == [DONE, *[TODO] * 10]
    assert (imported.rejected, imported.warnings) == ((), ())


def test_signs_without_end_are_read_in_a_blink() -> None:
    for text in ("0" * 60_000 + "x", "-" * 60_000 + "x", "TBD" * 20_000, "#" * 60_000, "not " * 20_000):
        imported = read(f"Key,Created,Resolved\nA,2026-02-01,2026-02-03\nB,2026-02-01,{text}\n")
        assert len(imported.rejected) == 1


@pytest.mark.parametrize("hidden", ["#REF!", "#VALUE!", "#DIV/0!", "#WERT!", "Err:502", "0206-03-04", "2926-03-04"])
def test_a_finish_that_an_error_hides_costs_no_row_and_is_told(hidden: str) -> None:
    imported = read(f"Key,Created,Resolved\nA,2026-02-01,2026-02-03\nB,2026-02-01,{hidden}\n")
    assert [issue.category for issue in imported.issues] == [DONE, TODO]
    assert imported.warnings == ("1 cell in Resolved could not be read and was left empty; its row was kept.",)
    assert len(read(f"Key,Created,Resolved\nA,2026-02-01,\nB,{hidden},2026-02-03\n").rejected) == 1


@pytest.mark.parametrize("text", ["########", "31.02.2026", "2026-13-01", "20260131090500", "1764000000000000", "12"])
def test_a_finish_that_says_something_else_still_costs_its_row(text: str) -> None:
    imported = read(f"Key,Created,Resolved\nA,01.02.2026,03.02.2026\nB,01.02.2026,{text}\n")
    assert [row.value for row in imported.rejected] == [text]


@pytest.mark.parametrize("turn", ["31.12.99", "01.01.00", "01.01.1980"])
def test_a_turn_of_the_year_long_before_the_item_came_is_no_finish(turn: str) -> None:
    imported = read(f"Key,Created,Resolved\nA,01.02.26,03.02.26\nB,14.02.26,{turn}\nC,14.02.79,{turn}\n")
    assert [issue.category for issue in imported.issues[:2]] == [DONE, TODO]
    assert imported.warnings[0] == (
        "1 day in Resolved is a turn of the year long before its item came: it was taken for none."
    )
    assert days(imported.issues[2])[2] != ""


@pytest.mark.parametrize(
    "name",
    ["Story-Punkte", "Story Punkte", "Storypunkte", "Punkte", "SP", "Pts", "Komplexität", "Estimated Story Points",
     "Points estimate", "points_estimate", "Puntos", "Pontos", "Estimación", "Storypunten", "Puan", "Очки",
     "ストーリー ポイント", "故事点数", "포인트", "Story points estimés", "Σ Story Points"],
)  # fmt: skip
def test_points_are_read_by_their_names_in_other_languages(name: str) -> None:
    imported = read(f"Key;Status;Created;{name}\nA;Open;2026-02-01;3\nB;Open;2026-02-01;0,5\nC;Open;2026-02-01;\n")
    assert [issue.points for issue in imported.issues] == [3, 0.5, None]
    assert imported.warnings == ()


@pytest.mark.parametrize("name", ["Team points", "Punkte Backend", "Effort estimate", "Est.", "Level of effort"])
def test_a_column_that_may_hold_points_is_named(name: str) -> None:
    imported = read(f"Key,Status,Created,{name}\nA,Open,2026-02-01,3\nB,Open,2026-02-01,5\n")
    assert imported.warnings == (
        f"No points were taken: {name} may hold them. If so, say it where the columns are chosen.",
    )


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("Estimate in hours", "8"),
        ("Schätzung in Tagen", "3"),
        ("Point of contact", "Ann"),
        ("Amount", "3"),
        ("Estimated cost", "300"),
        ("Size in KB", "20000"),
    ],
)
def test_what_holds_times_or_words_is_not_named_as_points(name: str, cell: str) -> None:
    assert read(f"Key,Status,Created,{name}\nA,Open,2026-02-01,{cell}\n").warnings == ()


def test_the_first_days_that_are_days_stay() -> None:
    imported = read("Key,Status,Created,Resolved\nA,Done,1970-01-02,1970-02-01\nB,Done,2000-01-01,2001-01-01\n")
    assert [days(issue)[2] for issue in imported.issues] == ["1970-02-01", "2001-01-01"]


def test_a_table_of_sprints_is_neither_items_nor_weeks() -> None:
    text = "Sprint,Start,End,Committed,Completed\nS5,2026-01-12,2026-01-23,20,18\nS6,2026-01-26,2026-02-06,21,20\n"
    with pytest.raises(UnreadableFile, match="lists sprints, not the items"):
        read(text)


def test_how_long_each_status_took_is_no_day_of_finishing() -> None:
    with pytest.raises(UnreadableFile, match="cannot be understood"):
        read("Key,Summary,Status,To Do,In Progress,Done\nA,a,Done,2d 3h,4d 1h,10d\nB,b,Doing,1d,3d,-\n")


def test_numbers_of_the_size_of_a_spreadsheets_days_are_dates_only_where_dates_are_expected() -> None:
    imported = read("Key,Title,Status,Created,Order\nA,a,Done,46066.5,46001\nB,b,Open,46067,46002\n")
    assert [days(issue)[0] for issue in imported.issues] == ["2026-02-13", "2026-02-14"]
    assert [each.extras.get("Order") for each in imported.issues] == ["46001", "46002"]


def test_keys_like_those_of_jira_are_the_keys_whatever_their_column_is_called() -> None:
    text = "Yhteenveto,Avain sille,Luotu\na,SHO-1,2026-02-02\nb,SHO-2,2026-02-03\nc,SHO-3,2026-02-03\n"
    assert [issue.key for issue in read(text).issues] == ["SHO-1", "SHO-2", "SHO-3"]


def test_a_stage_stays_one_though_some_items_passed_over_the_one_before_it() -> None:
    skipped = "".join(f"S{n},2026-01-0{n},,2026-02-0{n},2026-03-0{n}\n" for n in range(1, 7))
    straight = "".join(f"T{n},2026-01-0{n},2026-01-1{n},2026-02-0{n},2026-03-0{n}\n" for n in range(1, 7))
    result = read(f"Key,Created,Started,Review,Done\n{straight}{skipped}")
    assert result.recognised_as == "CSV with a date for each stage"
    assert [(change.from_value, change.to_value) for change in result.changes if change.issue_key == "S1"] == [
        ("Review", "Done")
    ]


def _touched(name: str) -> str:
    rows = "".join(f"A-{i},t{i},2026-0{1 + i % 3}-0{i},2026-04-0{i},2026-05-0{i}\n" for i in range(1, 9))
    return f"Key,Title,Entered on,Begun,{name}\n{rows}"


@pytest.mark.parametrize(
    "name",
    ["Reviewed on", "Printed", "Exported", "Follow-up", "Reminder", "Warranty", "Next contact", "Wiedervorlage",
     "Zuletzt gesehen", "Geprüft am", "Gedruckt am", "Relance", "Recordatorio", "Expiry", "Valid until", "Checked"],
)  # fmt: skip
def test_a_day_on_which_nothing_ends_is_no_finish_and_neither_is_the_start_before_it(name: str) -> None:
    with pytest.raises(UnreadableFile, match="No column is known to say when an item was finished"):
        read(_touched(name))


def test_a_last_day_of_unknown_name_is_still_taken_for_the_finish_and_told() -> None:
    assert days(read(_touched("Handed over")).issues[0]) == ("2026-02-01", "2026-04-01", "2026-05-01")


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("N°;Tâche;Statut;Date de création;Date de clôture", "Terminé En_cours À_faire"),
        ("Código;Tarea;Situación;Fecha de alta;Fecha de finalización", "Hecho En_curso Pendiente"),
        ("ID;Attività;Stato;Aperto il;Chiuso il", "Completata In_lavorazione Da_fare"),
        ("Código;Tarefa;Situação;Aberto em;Fechado em", "Concluída Em_andamento A_fazer"),
        ("Nr;Zadanie;Stan;Data zgłoszenia;Data zakończenia", "Zrobione W_toku Do_zrobienia"),
        ("Č.;Úkol;Stav;Založeno;Dokončeno", "Hotovo Probíhá Nové"),
        ("Nr;Opgave;Status;Oprettet;Afsluttet", "Færdig I_gang Ikke_startet"),
        ("番号;タスク;状態;登録日;完了日", "完了 作業中 未着手"),
        ("번호;작업;상태;생성일;완료일", "완료 진행_중 할_일"),
        ("№;Задача;Статус;Создана;Завершена", "Готово В_работе Новая"),
        ("No;Görev;Durum;Oluşturulma;Tamamlanma", "Tamamlandı Devam_ediyor Yapılacak"),
        ("Mã;Công việc;Trạng thái;Ngày tạo;Ngày hoàn thành", "Hoàn_thành Đang_làm Chưa_bắt_đầu"),
        ("Azonosító;Feladat;Állapot;Létrehozva;Befejezve", "Kész Folyamatban Teendő"),
        ("№;Завдання;Статус;Створено;Завершено", "Готово В_роботі Нове"),
    ],
)
def test_a_list_by_hand_is_read_in_its_language(header: str, rows: str) -> None:
    done, doing, open_ = (word.replace("_", " ") for word in rows.split())
    imported = read(
        f"{header}\nT1;a;{done};03.11.2025;17.11.2025\nT2;b;{doing};14.11.2025;\nT3;c;{open_};05.11.2025;\n"
    )
    assert [(issue.key, issue.summary, issue.category) for issue in imported.issues] == [
        ("T1", "a", DONE), ("T2", "b", DOING), ("T3", "c", TODO)
    ]  # fmt: skip
    assert days(imported.issues[0]) == ("2025-11-03", "", "2025-11-17")


def test_a_column_of_words_that_the_finishes_agree_with_says_what_is_under_way() -> None:
    rows = "1,Closed,2026-11-03,2026-11-17\n2,Doing,2026-11-04,\n3,Todo,2026-11-05,\n"
    imported = read("Key,Where it stands,Created,Finished\n" + rows)
    assert [issue.category for issue in imported.issues] == [DONE, DOING, TODO]
    other = read("Key,Where it stands,Created,Finished\n" + rows.replace("1,Closed", "1,Doing"))
    assert [issue.category for issue in other.issues] == [DONE, TODO, TODO]


def test_a_status_in_per_cent_says_how_much_is_done() -> None:
    imported = read("Task,Added,Status\na,2026-11-01,100%\nb,2026-11-02,50 %\nc,2026-11-03,0%\n")
    assert [issue.category for issue in imported.issues] == [DONE, DOING, TODO]


def test_items_without_a_status_in_a_list_of_such_are_told() -> None:
    imported = read("Status,Task,Created\nDone,A,2026-11-01\n,B,2026-11-02\nOpen,C,2026-11-03\n,D,2026-11-04\n")
    assert any("2 items have nothing in Status" in sentence for sentence in imported.warnings)
    whole = read("Status,Task,Created\nDone,A,2026-11-01\nOpen,C,2026-11-03\n")
    assert not any("nothing in Status" in sentence for sentence in whole.warnings)


def test_a_last_stage_of_open_work_is_no_finish() -> None:
    table = "ID,Backlog,Selected,In Progress\nA-1,2026-09-01,2026-09-03,2026-09-08\nA-2,2026-09-02,2026-09-05,\n"
    with pytest.raises(UnreadableFile, match="not when they were created or finished"):
        read(table)
    guess = read(table.replace("In Progress", "Tests by the customer"))
    assert guess.guesses.finishes == {"Tests by the customer": 1}


@pytest.mark.parametrize(
    ("text", "points"),
    [("½", 0.5), ("1½", 1.5), ("1/2", 0.5), ("1 234,5", 1234.5), ("1'234", 1234), ("12 34", None), ("13/11", None)],
)
def test_amounts_are_read_as_people_write_them(text: str, points: float | None) -> None:
    assert read(f"Key;Status;Created;Points\n1;Open;2026-11-01;{text}\n").issues[0].points == points


def test_days_on_which_work_was_given_up_are_told_where_nothing_is_taken_from_them() -> None:
    table = "Key,Created,Done,Cancelled on\nA-1,2026-11-03,2026-11-09,\nA-2,2026-11-05,,2026-11-10\nA-3,2026-11-05,,\n"
    assert any("1 item has a day in Cancelled on and counts as open" in each for each in read(table).warnings)
    assert not any("Cancelled on" in each for each in read(table.replace(",,2026-11-10", ",2026-11-10,")).warnings)


# -- what starting costs --------------------------------------------------------------------------------


def test_the_long_expression_for_plans_is_compiled_by_the_first_who_asks() -> None:
    code = (
        "import re, re._compiler as compiler; build, built = compiler.compile, [];"
        "compiler.compile = lambda expression, flags=0: (built.append(str(expression)), build(expression, flags))[1];"
        "import app.imports.reading; from app.imports.column_names import names_a_plan;"
        "count = lambda: sum('streefd' in expression for expression in built);"
        "print(count(), names_a_plan('streefdatum'), names_a_plan('datum'), count())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "True", "False", "1"]
