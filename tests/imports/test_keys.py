"""Which column holds the keys, in whatever language it is called, and what is said where there is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.hierarchy import Hierarchy, Level
from app.imports.columns import ColumnMapping
from app.imports.reading import read_file
from app.imports.report import sentences
from app.imports.results import Imported
from store.records import Category

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
JIRA = {
    "Danish": "Opsummering,Sagsnøgle,Sags-id,Sagstype,Status,Prioritet,Løsning,Oprettet,Opdateret,Løst",
    "Norwegian": "Sammendrag,Saksnøkkel,Saks-ID,Sakstype,Status,Prioritet,Løsning,Opprettet,Oppdatert,Løst",
    "Finnish": "Yhteenveto,Tapahtuman avain,Tapahtuman tunnus,Tapahtuman tyyppi,Tila,Prioriteetti,Ratkaisu,Luotu,"
    "Päivitetty,Ratkaistu",
    "Swedish": "Sammanfattning,Ärendenyckel,Ärende-id,Ärendetyp,Status,Prioritet,Lösning,Skapad,Uppdaterad,Löst",
    "Russian": "Тема,Код,ID,Тип,Статус,Приоритет,Решение,Создано,Обновлено,Дата решения",
    "Ukrainian": "Резюме,Ключ запиту,ID запиту,Тип запиту,Стан,Пріоритет,Вирішення,Створено,Оновлено,Вирішено",
    "Hungarian": "Összefoglaló,Ügykulcs,Ügyazonosító,Ügytípus,Állapot,Prioritás,Megoldás,Létrehozva,Frissítve,Megoldva",
    "Vietnamese": "Tóm tắt,Khóa vấn đề,ID vấn đề,Loại vấn đề,Trạng thái,Độ ưu tiên,Giải pháp,Đã tạo,Đã cập nhật,"
    "Đã giải quyết",
    "Czech": "Souhrn,Klíč úlohy,ID úlohy,Typ úlohy,Stav,Priorita,Řešení,Vytvořeno,Aktualizováno,Vyřešeno",
    "Slovak": "Súhrn,Kľúč problému,ID problému,Typ problému,Stav,Priorita,Riešenie,Vytvorené,Aktualizované,Vyriešené",
    "Turkish": "Özet,Sorun Kodu,Sorun kimliği,Sorun Tipi,Durum,Öncelik,Çözüm,Oluşturulma,Güncellenme,Çözülme",
    "Romanian": "Rezumat,Cheie problemă,ID problemă,Tip problemă,Stare,Prioritate,Rezolvare,Creat,Actualizat,Rezolvat",
    "Greek": "Σύνοψη,Κλειδί ζητήματος,ID,Τύπος,Κατάσταση,Προτεραιότητα,Επίλυση,Δημιουργήθηκε,Ενημερώθηκε,Επιλύθηκε",
    "Bulgarian": "Резюме,Ключ,ID,Тип,Състояние,Приоритет,Резолюция,Създаден,Обновен,Решен",
    "Estonian": "Kokkuvõte,Pileti võti,ID,Tüüp,Olek,Prioriteet,Lahendus,Loodud,Uuendatud,Lahendatud",
    "Chinese (Taiwan)": "摘要,議題索引鍵,議題 ID,議題類型,狀態,優先權,解決方案,建立日期,更新日期,已解決",
    "Hebrew": "סיכום,מפתח,מזהה,סוג,סטטוס,עדיפות,פתרון,נוצר,עודכן,נפתר",
}


def read(text: str) -> Imported:
    return read_file(text.encode(), ColumnMapping(), ZoneInfo("UTC"), NOW)


def report(text: str) -> str:
    imported = read(text)
    return " ".join((*imported.warnings, *sentences(imported.guesses, imported.recognised_as)))


@pytest.mark.parametrize("language", JIRA)
def test_an_export_of_jira_is_read_in_its_smaller_languages(language: str) -> None:
    rows = (
        "First,SHOP-11,10011,Bug,Done,High,,2026-01-02 10:00,2026-05-05 10:00,2026-01-05 11:00\n"
        "Second,SHOP-12,10012,Bug,In progress,High,,2026-02-02 10:00,2026-05-06 10:00,\n"
        "Third,SHOP-13,10013,Task,To Do,Low,,2026-03-02 10:00,2026-05-07 10:00,\n"
    )
    first, second, third = read(f"{JIRA[language]}\n{rows}").issues
    assert [first.key, second.key, third.key] == ["SHOP-11", "SHOP-12", "SHOP-13"]
    assert (first.summary, first.category, first.priority) == ("First", Category.DONE, "High")
    assert [f"{at:%m-%d}" for at in (first.created, first.updated, first.resolved) if at] == ["01-02", "05-05", "01-05"]
    assert [second.category, third.category] == [Category.IN_PROGRESS, Category.TODO]
    assert report(f"{JIRA[language]}\n{rows}") == ""


@pytest.mark.parametrize("rows", [1, 2, 5])
@pytest.mark.parametrize(("name", "number"), [("Eolas", "Rud"), ("Jira", "#"), ("Issue", "Nr"), ("Vorgang Jira", "ID")])
def test_what_looks_like_keys_in_every_row_is_the_key_whatever_it_is_called(rows: int, name: str, number: str) -> None:
    lines = "".join(f"OPS-{row},{row},Title {row},2026-05-0{row},\n" for row in range(1, rows + 1))
    imported = read(f"{name},{number},Title,Created,Finished\n{lines}")
    assert [issue.key for issue in imported.issues] == [f"OPS-{row}" for row in range(1, rows + 1)]
    assert imported.issues[0].source_id == ("" if number == "Rud" else "1")


@pytest.mark.parametrize("number", ["ID", "#", "No", "Nr", "Number", "Nummer"])
@pytest.mark.parametrize("other", ["Asset", "Customer ref", "Order", "Build", "Parent issue", "Gerät", "Kundenticket"])
@pytest.mark.parametrize("again", [False, True])
def test_a_number_stays_the_key_beside_names_of_other_things(number: str, other: str, again: bool) -> None:
    """The same at the next import, when one of these things comes a second time."""
    lines = "".join(f"{row},Title {row},PC-{100 + row},Open,2026-05-0{row},\n" for row in range(1, 6))
    last = "6,Title 6,PC-101,Open,2026-05-06,\n" if again else ""
    imported = read(f"{number},Title,{other},Status,Created,Closed\n{lines}{last}")
    assert [issue.key for issue in imported.issues] == [str(row) for row in range(1, 7 if again else 6)]


@pytest.mark.parametrize("other", ["Zendesk ticket", "Case", "Mirrored issue", "Task"])
def test_an_id_stays_the_key_beside_names_that_may_be_of_another_program(other: str) -> None:
    lines = "".join(f"{row},Title {row},ZD-{row},Open,2026-05-01,\n" for row in range(100, 140))
    imported = read(f"ID,Title,{other},Status,Created,Closed\n{lines}")
    assert [issue.key for issue in imported.issues] == [str(row) for row in range(100, 140)]


@pytest.mark.parametrize("late", ["OPS-1", ""])
def test_keys_are_looked_at_to_the_last_row(late: str) -> None:
    lines = "".join(f"OPS-{row},{row},Title {row},2026-05-01,\n" for row in range(1, 300))
    imported = read(f"Jira,Nr,Title,Created,Finished\n{lines}{late},300,Title 300,2026-05-01,\n")
    assert (len(imported.issues), imported.issues[0].key, imported.rejected) == (300, "1", ())


@pytest.mark.parametrize(
    "lines",
    ["OPS-1,Title 1,2026-05-01,\nOPS-1,Title 2,2026-05-02,\nOPS-2,Title 3,2026-05-03,\n",
     "OPS-1,Title 1,2026-05-01,\n,Title 2,2026-05-02,\nOPS-2,Title 3,2026-05-03,\n"],
)  # fmt: skip
def test_a_column_in_which_they_repeat_or_are_missing_is_not(lines: str) -> None:
    imported = read(f"Eolas,Title,Created,Finished\n{lines}")
    assert len(imported.issues) == 3
    assert all(issue.key.startswith("row-") for issue in imported.issues)


def test_numbers_of_rows_stay_the_keys_where_nothing_better_stands_beside_them() -> None:
    imported = read("ID,Ref,Title,Created,Finished\n1,OPS-1,One,2026-05-01,\n2,OPS-1,Two,2026-05-02,\n")
    assert [issue.key for issue in imported.issues] == ["1", "2"]


def test_items_without_a_key_are_counted_with_what_it_means_and_what_to_do() -> None:
    text = report("Title,Created,Finished,Status\nOne,2026-05-01,2026-05-02,Done\nTwo,2026-05-02,,Open\n")
    assert text.startswith("2 items have no key and are known by their titles and creation dates: with a changed title")
    assert "say which column it is where the columns are chosen" in text
    assert report("Key,Title,Created,Finished,Status\n1,One,2026-05-01,2026-05-02,Done\n").count("key") == 0
    partly = report("Key,Title,Created,Finished\n1,One,2026-05-01,\n,Two,2026-05-02,\n")
    assert "1 item has no key and is known by its title and its creation date" in partly


def test_an_issue_of_an_epic_alone_has_it_as_parent_where_the_rows_have_no_ids_of_their_own() -> None:
    rows = [
        "Issue key,Summary,Issue Type,Status,Created,Resolved,Parent id,Epic Link",
        "A-1,Shop,Epic,To Do,2026-09-01,,,",
    ]
    rows += ["A-2,Pay,Story,To Do,2026-09-01,,,A-1", "A-3,Card,Sub-task,To Do,2026-09-01,,10002,"]
    imported = read("\n".join([*rows, "A-4,Other,Story,To Do,2026-09-01,,,"]))
    assert [issue.parent for issue in imported.issues] == ["", "A-1", "10002", ""]


def test_a_number_that_a_spreadsheet_cut_by_its_nought_is_no_repeated_one() -> None:
    numbers = ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.1", "1.11"]
    rows = "".join(f"{number},Step {place},Open,2026-04-01\n" for place, number in enumerate(numbers))
    imported = read(f"No,Title,Status,Created\n{rows}")
    assert [issue.key for issue in imported.issues][-3:] == ["1.9", "1.10", "1.11"]
    assert not imported.rejected
    assert len(read("No,Title,Status,Created\n1.1,A,Open,2026-04-01\n1.1,B,Open,2026-04-01\n").issues) == 1


@pytest.mark.parametrize("name", ["Backlog item", "Deliverable", "Arbeitspaket", "Anforderung", "Maßnahme", "タスク名"])
def test_titles_under_the_names_of_what_is_to_be_done_are_read(name: str) -> None:
    imported = read(f"{name},Status,Created\nLogin,Open,2026-04-01\nLogout,Done,2026-04-02\n")
    assert [issue.summary for issue in imported.issues] == ["Login", "Logout"]


def test_a_list_of_bugs_under_the_names_of_its_fields_is_read() -> None:
    rows = (
        "1001,normal,ann@example.org,RESOLVED,FIXED,Crash,2026-04-01 11:22:33,2026-04-20 11:22:33",
        "1002,normal,bob@example.org,RESOLVED,INVALID,Old skin,2026-04-02 11:22:33,2026-04-21 11:22:33",
        "1003,normal,bob@example.org,CONFIRMED,,New skin,2026-04-03 11:22:33,2026-04-22 11:22:33",
    )
    header = "bug_id,bug_severity,assigned_to,bug_status,resolution,short_desc,opendate,changeddate"
    imported = read("\n".join((header, *rows)))
    assert [(issue.key, issue.summary, issue.category, issue.resolution) for issue in imported.issues] == [
        ("1001", "Crash", Category.DONE, "FIXED"),
        ("1002", "Old skin", Category.DONE, "INVALID"),
        ("1003", "New skin", Category.TODO, ""),
    ]
    assert all(issue.created and issue.updated for issue in imported.issues)


def test_pull_requests_among_the_issues_of_a_forge_are_no_work() -> None:
    entries = [
        {"id": 100 + number, "number": number, "title": "Login", "state": "closed", "pull_request": pull,
         "created_at": "2026-04-01T09:00:00Z", "closed_at": "2026-04-09T09:00:00Z"}
        for number, pull in ((1, None), (2, {"merged": True}))
    ]  # fmt: skip
    assert [issue.key for issue in read(json.dumps(entries)).issues] == ["#1"]


def test_a_log_of_creation_has_its_day_behind_who_it_was() -> None:
    rows = (
        'Login,Done,"Ann Lee Apr 1, 2026 9:00 AM"\nLogout,Stuck,"Apr 2, 2026 9:00 AM"\nMail,,"Bo May 3, 2026 9:00 AM"\n'
    )
    imported = read(f"Name,Status,Creation log\n{rows}")
    assert [f"{issue.created:%m-%d %H}" for issue in imported.issues if issue.created] == [
        "04-01 09",
        "04-02 09",
        "05-03 09",
    ]


ENDS = {
    "points": "Title;Points;Done\nLogin;3;2026-03-02\nSearch;8;\nReset;2;2026-03-20\nExport;5;\n",
    "titles alone": "Aufgabe;Erledigt am\nAnmeldung;02.03.2026\nSuche;\nPasswort;20.03.2026\nExport;\n",
    "ticks": "Title;Done?;Finished on\nLogin;yes;2026-03-02\nSearch;no;\nReset;yes;2026-03-20\nExport;;\n",
    "a plan beside": "Task,Start,Completed\nLogin,2026-03-02,2026-03-09\nSearch,,\n"
    "Reset,2026-03-02,2026-03-12\nExport,,\n",
}


@pytest.mark.parametrize("text", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("below", ["", "Total", "\nPrinted by Ann"], ids=["nothing", "a sum", "a remark"])
def test_a_title_without_a_day_is_open_where_only_the_day_of_its_end_tells_what_is_done(text: str, below: str) -> None:
    separator = "," if "," in text else ";"
    empty = separator * text.partition("\n")[0].count(separator)
    result = read(f"{text}{below}{empty}\n" if below else text)
    expected = [Category.DONE, Category.TODO, Category.DONE, Category.TODO]
    assert [issue.category for issue in result.issues] == expected
    assert len(result.rejected) == bool(below)


def test_an_open_title_that_is_finished_in_the_next_file_is_the_same_item() -> None:
    first = read("Title;Points;Done\nLogin;3;2026-03-02\nSearch;8;\n").issues
    then = read("Title;Points;Done\nLogin;3;2026-03-02\nSearch;8;2026-04-01\n").issues
    assert [issue.key for issue in first] == [issue.key for issue in then]


def test_where_statuses_or_keys_stand_a_title_alone_stays_no_item() -> None:
    assert len(read("Title;Status;Done\nLogin;Done;2026-03-02\nSearch;To do;\nSum of all;;\n").issues) == 2
    assert len(read("ID;Title;Done\nA-1;Login;2026-03-02\nA-2;Search;\nA-3;Export;\n;Sum of all;\n").issues) == 3


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0)])
def test_a_column_called_like_a_type_tells_the_whole_by_its_title(order: tuple[int, ...]) -> None:
    rows = ["Feature,10,Shop,Open,,8,2026-03-01,", "UserStory,11,Login,Done,Shop,3,2026-03-02,2026-03-09",
            "UserStory,12,Search,Open,Shop,5,2026-03-02,"]  # fmt: skip
    heading = "Entity Type,ID,Name,State,Feature,Effort,Create Date,End Date"
    result = read("\n".join([heading, *(rows[place] for place in order)]))
    assert {issue.key: issue.parent for issue in result.issues} == {"10": "", "11": "10", "12": "10"}


def test_a_column_called_like_a_type_that_names_anything_else_is_no_whole() -> None:
    result = read(
        "Type,ID,Name,State,Bug,Created\nBug,1,Crash,Open,Sentry,2026-03-01\nTask,2,Help,Open,Crash,2026-03-02\n"
    )
    assert [issue.parent for issue in result.issues] == ["", ""]


def test_points_of_each_discipline_are_named_where_there_are_no_others() -> None:
    result = read(
        "Key,Title,Status,Created,FE SP,BE SP\nA-1,Login,Done,2026-03-02,3,2\nA-2,Search,Open,2026-03-03,5,\n"
    )
    assert any("FE SP and BE SP" in warning for warning in result.warnings)


@pytest.mark.parametrize("name", ["Primary Column", "Primary", "Was?", "Gewerk", "Column1"])
def test_titles_under_any_name_are_told_by_what_they_hold_where_no_key_and_no_title_is_known(name: str) -> None:
    lines = ["High,Login,Complete,2026-03-09", "Low,Search by name,In Progress,", "Low,Help,Not Started,"]
    rows = "\n".join([*lines, "High,Export,Complete,2026-03-10"])
    issues = read(f"Rank of it,{name},Status,Completed\n{rows}").issues
    assert [issue.summary for issue in issues] == ["Login", "Search by name", "Help", "Export"]
    assert len({issue.key.rpartition("-")[0] or issue.key for issue in issues}) == 1
    assert not any(issue.key.endswith("-2") for issue in issues)


def test_days_numbers_and_words_that_repeat_are_no_titles() -> None:
    rows = "2026-03-01,17,red,Complete,2026-03-09\n2026-03-02,18,red,Complete,2026-03-10\n"
    issues = read(f"Created,Amount,Colour,Status,Completed\n{rows}2026-03-02,19,blue,Complete,2026-03-10\n").issues
    assert [issue.summary for issue in issues] == ["", "", ""]


@pytest.mark.parametrize(
    "name", ["Finalizada", "Terminada el", "Achevée le", "Clôturée", "Completata il", "Concluída em"]
)
def test_a_finish_is_read_in_every_number_and_gender(name: str) -> None:
    (issue,) = read(f"Key,Title,Created,{name}\nA-1,Login,2026-03-01,2026-03-09\n").issues
    assert (str(issue.resolved)[:10], issue.category) == ("2026-03-09", Category.DONE)


def test_milestones_by_their_type_are_no_work_and_a_folder_counts_by_its_tasks() -> None:
    result = read(
        "Key,Title,Type,Status,Created,Parent task\nW1,Shop,Folder,Active,2026-03-01,\n"
        "W2,Login,Task,Done,2026-03-01,Shop\nW3,Go live,Milestone,Open,2026-03-01,Shop\n"
    )
    assert [(issue.key, issue.parent) for issue in result.issues] == [("W1", ""), ("W2", "W1")]
    assert any("1 milestone was left out" in text for text in sentences(result.guesses, result.recognised_as))
    assert Hierarchy(result.issues).level(result.issues[0]) is Level.EPIC


def test_a_list_of_milestones_alone_and_a_tracker_without_plans_keep_them() -> None:
    rows = "M1,Beta,Milestone,2026-03-01\nM2,GA,Milestone,2026-03-01\n"
    assert len(read(f"Key,Title,Type,Created\n{rows}").issues) == 2
    heading = "Issue key,Issue id,Issue Type,Summary,Status,Created"
    rows = "A-1,1,Milestone,Beta,Open,2026-03-01\nA-2,2,Task,B,Open,2026-03-01\n"
    assert len(read(f"{heading}\n{rows}").issues) == 2


def test_the_state_of_a_tracker_that_answers_with_its_details_is_the_status() -> None:
    entry = {"created_at": "2026-03-01T09:00:00Z", "completed_at": None}
    entries = [
        {**entry, "sequence_id": 1, "name": "Login", "state_detail": {"name": "In Review", "group": "started"}},
        {**entry, "sequence_id": 2, "name": "Search", "state_detail": {"name": "Cancelled", "group": "cancelled"}},
    ]
    result = read(json.dumps(entries))
    assert [(issue.status, issue.category) for issue in result.issues] == [
        ("In Review", Category.IN_PROGRESS),
        ("Cancelled", Category.DONE),
    ]
    assert any("given up" in text for text in sentences(result.guesses, result.recognised_as))
