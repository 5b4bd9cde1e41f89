"""Three columns of days of unknown names, the last of which is filled for every item: when was it finished?"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.report import sentences
from app.imports.request import Request
from app.imports.results import Imported
from app.imports.streaming import parts_of
from app.jobs import NoProgress
from store.records import Category

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
TODAY = NOW.date()
ITEMS, ENDED = 40, 29


def read(text: str, **mapping: Any) -> Imported:
    return read_file(text.encode(), mapping_of(mapping or None), ZoneInfo("UTC"), NOW)


def came(number: int) -> date:
    return TODAY - timedelta(days=300 - 6 * number)


def ended(number: int) -> date | None:
    return came(number) + timedelta(days=4 + number % 5) if number < ENDED else None


def swept(number: int) -> date:
    """The last look at each item: on the same few days for all of them."""
    return TODAY - timedelta(days=2 * (number % 2))


def touched(number: int) -> date:
    """The last change: soon after the finish, else some day of the last weeks."""
    end = ended(number)
    return end + timedelta(days=number % 4) if end else TODAY - timedelta(days=5 * number % 23)


def table(columns: str, done: str, to_do: str, stamp: Any, backwards: bool = False) -> str:
    """Forty items, 29 of them ended. No status where `done` is ""."""
    rows = [columns]
    for number in range(ITEMS):
        end = ended(number)
        days = [f"{came(number):%d.%m.%Y}", f"{end:%d.%m.%Y}" if end else "", f"{stamp(number):%d.%m.%Y}"]
        status = [done if end else to_do] if done else []
        rows.append(";".join((f"{number + 1}", "x", *status, *(days[::-1] if backwards else days))))
    return "\n".join(rows)


def say_what_ended(imported: Imported) -> None:
    """Fails unless categories and days are those of `came` and `ended`."""
    assert imported.changes == ()
    assert Counter(each.category is Category.DONE for each in imported.issues) == {True: ENDED, False: ITEMS - ENDED}
    assert [each.created.date() if each.created else None for each in imported.issues] == [
        came(number) for number in range(ITEMS)
    ]
    assert [each.resolved.date() if each.resolved else None for each in imported.issues] == [
        ended(number) for number in range(ITEMS)
    ]


TABLES = [
    ("Št;Naslov;Stanje;Prispelo;Podpisano;Osveženo", "Podpisano", "urejeno", "čaka"),
    ("Nr;Teideal;Staid;Cruthaithe;Réitithe;Nuashonraithe", "Réitithe", "críochnaithe", "fanacht"),
    ("Núm;Títol;Estat;Rebut;Lliurat;Darrera visita", "Lliurat", "fet", "per fer"),
    ("Nr;Titel;Läge;Inkom;Godkänd;Senast kontaktad", "Godkänd", "klar", "öppen"),
    ("Nr;Titel;Lage;Auftrag vom;Montage;Zuletzt besucht", "Montage", "erledigt", "offen"),
    ("No;Title;Status;Ordered;Handed over;Visited", "Handed over", "Done", "Open"),
    ("No;Title;Outcome;Ordered;Handed over;Visited", "Handed over", "done", "open"),
    ("No;Title;Status;Ordered;Handed over;Visited", "Handed over", "settled", "with them"),
    ("Nr;Titlu;Situație;Primit;Semnat;Verificat", "Semnat", "rezolvat", "în lucru"),
    ("ნომერი;სახელი;მდგომარეობა;მიღებული;ჩაბარებული;ნანახი", "ჩაბარებული", "დასრულდა", "ელოდება"),
    ("Nro;Nimi;Vaihe;Saapui;Luovutettu;Katsottu", "Luovutettu", "valmis", "jonossa"),
    ("Nr;Titulli;Gjendja;Ardhur;Dorëzuar;Parë", "Dorëzuar", "mbyllur", "hapur"),
]


@pytest.mark.parametrize("stamp", [swept, touched])
@pytest.mark.parametrize(("columns", "finish", "done", "to_do"), TABLES)
def test_a_day_that_every_item_has_is_no_finish(columns: str, finish: str, done: str, to_do: str, stamp: Any) -> None:
    imported = read(table(columns, done, to_do, stamp))
    say_what_ended(imported)
    report = sentences(imported.guesses, imported.recognised_as)
    assert f"29 items count as finished on their days in {finish}, the name of which does not say so." in " ".join(
        report
    )
    assert f"Nothing was taken from {columns.split(';')[-1]}: " in " ".join(imported.warnings)


@pytest.mark.parametrize(
    ("columns", "stamp"),
    [
        ("No;Title;Ordered;Handed over;Visited", swept),
        ("Nr;Titel;Auftrag vom;Montage;Rundgang", swept),
        ("No;Title;Ordered;Handed over;Last walk", touched),
        ("Nr;Titel;Auftrag vom;Montage;Zuletzt besucht", touched),
        ("Nr;Titre;Reçu;Signé;Dernier appel", touched),
    ],
)
def test_a_sweep_of_all_items_is_no_finish_where_no_status_tells_either(columns: str, stamp: Any) -> None:
    say_what_ended(read(table(columns, "", "", stamp)))


def test_a_large_file_in_parts_is_read_as_at_once() -> None:
    text = table("Nr;Titel;Lage;Auftrag vom;Montage;Zuletzt besucht", "erledigt", "offen", swept)
    parts = parts_of(text.encode(), Request(mapping_of(None), ZoneInfo("UTC"), NOW), NoProgress(), 1)
    assert parts is not None
    pieces = list(parts)
    assert len(pieces) > 1
    assert tuple(issue for piece in pieces for issue in piece.issues) == read(text).issues
    assert sum(sum(piece.guesses.finishes.values()) for piece in pieces) == ENDED


def test_a_list_that_begins_with_the_last_change_is_read_from_right_to_left() -> None:
    say_what_ended(read(table("Nr;Titel;Lage;Zuletzt besucht;Montage;Auftrag vom", "erledigt", "offen", swept, True)))


def test_days_of_known_names_are_what_they_are_called_and_no_guess() -> None:
    imported = read(table("No;Title;Opened;Closed;Exported", "", "", swept))
    say_what_ended(imported)
    assert not imported.guesses.finishes


def test_what_a_mapping_says_goes_before_the_guess() -> None:
    text = table("No;Title;Status;Ordered;Handed over;Visited", "Done", "Open", swept)
    imported = read(text, created="Ordered", started="Handed over", resolved=None)
    assert imported.used is not None
    assert imported.used["started"] == "Handed over"
    assert "resolved" not in imported.used
    assert not imported.guesses.finishes


def test_a_second_day_that_open_items_have_as_well_is_no_finish() -> None:
    rows = "".join(
        f"{n};x;{'done' if n % 2 else 'open'};{came(n)};{came(n) + timedelta(days=2)};{swept(n)}\n" for n in range(30)
    )
    imported = read(f"No;Title;Status;Ordered;Phoned;Visited\n{rows}")
    assert Counter(each.category is Category.DONE for each in imported.issues) == {True: 15, False: 15}
    assert "resolved" not in (imported.used or {})
    assert [each.created.date() for each in imported.issues if each.created] == [came(n) for n in range(30)]


def flow(last: str, days: Any, count: int = 30) -> str:
    """Items that went through three stages and came into the `last` of a name of no meaning on `days`."""
    rows = "".join(f"F-{n},x,{came(n)},{came(n) + timedelta(days=1 + n % 3)},{days(n) or ''}\n" for n in range(count))
    return f"ID,Name,Ideas,Build,{last}\n{rows}"


@pytest.mark.parametrize("done", ["Done", "Erledigt", "Finished?"])
def test_a_column_that_says_no_to_open_items_is_heard_before_a_day_that_every_item_has(done: str) -> None:
    rows = "".join(
        f"F-{n},x,{'yes' if ended(n) else 'no'},{came(n)},{ended(n) or ''},{touched(n)}\n" for n in range(ITEMS)
    )
    say_what_ended(read(f"ID,Name,{done},Ordered,Handed over,Visited\n{rows}"))


def test_a_last_change_in_front_is_not_the_day_on_which_an_item_came() -> None:
    rows = "".join(
        f"F-{n},x,{'Done' if ended(n) else 'Open'},{ended(n) or touched(n)},{ended(n) or ''},{came(n)}\n"
        for n in range(ITEMS)
    )
    say_what_ended(read(f"ID,Name,Status,Visited,Handed over,Ordered\n{rows}"))


def test_a_stamp_beside_stages_is_left_out_of_them() -> None:
    rows = "".join(
        f"F-{n},x,{came(n)},{came(n) + timedelta(days=1)},{ended(n) or ''},{swept(n)}\n" for n in range(ITEMS)
    )
    imported = read(f"ID,Name,Ideas,Build,Live,Visited\n{rows}")
    assert imported.recognised_as == "CSV with a date for each stage"
    assert [each.resolved.date() if each.resolved else None for each in imported.issues] == list(
        map(ended, range(ITEMS))
    )


def test_finished_items_alone_stay_stages_and_the_report_says_that_it_is_a_guess() -> None:
    imported = read(flow("Yonder", lambda n: came(n) + timedelta(days=5 + n % 4)))
    assert imported.recognised_as == "CSV with a date for each stage"
    assert imported.guesses.finishes == {"Yonder": 30}
    assert {each.category for each in imported.issues} == {Category.DONE}


def test_releases_of_many_items_at_once_are_finishes() -> None:
    """Every second month, as other items come."""
    imported = read(flow("Yonder", lambda n: came(n - n % 10 + 9) + timedelta(days=3)))
    assert {each.resolved for each in imported.issues} == {
        datetime.combine(came(n) + timedelta(days=3), datetime.min.time(), UTC) for n in (9, 19, 29)
    }


def test_a_last_stage_that_not_all_items_reached_is_no_guess() -> None:
    imported = read(flow("Yonder", ended, ITEMS))
    assert imported.recognised_as == "CSV with a date for each stage"
    assert not imported.guesses.finishes
    assert sum(each.category is Category.DONE for each in imported.issues) == ENDED


@pytest.mark.parametrize("name", ["Finished?", "Erledigt?", "✓"])
@pytest.mark.parametrize(("yes", "no"), [("TRUE", "FALSE"), ("✓", "")])
def test_a_column_of_yes_and_no_is_the_word_for_done(name: str, yes: str, no: str) -> None:
    rows = "".join(f"{n};x;{yes if n < 3 else no};2026-10-0{n}\n" for n in range(1, 6))
    imported = read(f"No;Task;{name};Created\n{rows}")
    assert [each.category is Category.DONE for each in imported.issues] == [True, True, False, False, False]
