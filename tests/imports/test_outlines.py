"""Plans as outlines: rows that sum up others are wholes of them, milestones are no work; and lists without parents."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.hierarchy import Counting, Hierarchy, Level, counted_once
from app.domain.items import Item
from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.report import sentences
from app.imports.results import Imported

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = NOW.date()
PLAN = (
    "ID,Name,Duration,Start,Finish,% Complete{names}\n"
    "1,Build,40 days,2026-04-06,2026-05-29,50%{0}\n"
    "2,Frame,5 days,2026-04-06,2026-04-10,100%{1}\n"
    "3,Roof,20 days,2026-04-13,2026-05-08,40%{2}\n"
    "4,Handover,0 days,2026-06-29,2026-06-29,0%{3}\n"
)


def imported(text: str) -> Imported:
    return read_file(text.encode(), mapping_of(None), ZoneInfo("UTC"), NOW)


def plan(names: str, *cells: str) -> Imported:
    return imported(PLAN.format(*cells, names=names))


def parents(result: Imported) -> dict[str, str]:
    return {issue.key: issue.parent for issue in result.issues}


def words(result: Imported) -> str:
    return " ".join((*result.warnings, *sentences(result.guesses, result.recognised_as)))


def counted(result: Imported) -> list[str]:
    """The keys of what counts as work."""
    hierarchy = Hierarchy(result.issues)
    items = [Item(issue, (DAY,), (), (), (), (), None, None) for issue in result.issues]
    return [item.issue.key for item in counted_once(items, hierarchy, Counting.USUAL.levels)]


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        (",Outline Level,Summary,Milestone", (",1,Yes,No", ",2,No,No", ",2,No,No", ",1,No,Yes")),
        (",Outline Level", (",1", ",2", ",2", ",1")),
        (",WBS", (",1", ",1.1", ",1.2", ",2")),
        (",WBS", (",1.0", ",1.1", ",1.2", ",2.0")),
        (",Outline Number", (",1.", ",1.1.", ",1.2.", ",2.")),
        (",WBS Code", (",P1", ",P1.1", ",P1.2", ",P2")),
        (",Ancestors", (",0", ",1", ",1", ",0")),
        (",Parent", (",", ",Build", ",Build", ",")),
    ],
)
def test_a_row_of_a_plan_that_sums_up_others_counts_by_its_parts(names: str, cells: tuple[str, ...]) -> None:
    result = plan(names, *cells)
    assert parents(result) == {"1": "", "2": "1", "3": "1"}
    assert counted(result) == ["2", "3"]
    assert [issue.summary for issue in result.issues] == ["Build", "Frame", "Roof"]
    assert "1 row sums up others" in words(result)
    assert "1 milestone was left out" in words(result)


def test_blanks_before_a_title_tell_how_deep_it_lies() -> None:
    result = imported(
        "Task Name,Duration,Start,Finish,% Complete\n"
        "Build,9d,2026-04-06,2026-05-29,50%\n"
        "   Frame,5d,2026-04-06,2026-04-10,100%\n"
        "   Roof,4d,2026-04-13,2026-05-08,40%\n"
        "Paint,2d,2026-05-11,2026-05-12,0%\n"
    )
    frame, roof = result.issues[1:3]
    assert frame.parent == roof.parent == result.issues[0].key
    assert not result.issues[3].parent


def test_wholes_within_wholes_count_by_the_lowest_rows() -> None:
    result = imported(
        "Nr;Vorgangsname;Dauer;Anfang;Ende;% Abgeschlossen;Gliederungsebene\n"
        "1;Haus;40 Tage;06.04.2026;29.05.2026;10%;1\n"
        "2;Rohbau;20 Tage;06.04.2026;24.04.2026;20%;2\n"
        "3;Mauern;9 Tage;06.04.2026;16.04.2026;100%;3\n"
        "4;Dach;9 Tage;20.04.2026;30.04.2026;0%;3\n"
        "5;Garten;5 Tage;20.05.2026;26.05.2026;0%;1\n"
    )
    assert parents(result) == {"1": "", "2": "1", "3": "2", "4": "2", "5": ""}
    assert counted(result) == ["3", "4", "5"]


def test_a_row_that_says_that_it_sums_up_is_left_out_where_nothing_tells_what() -> None:
    result = plan(",Summary", ",Yes", ",No", ",No", ",No")
    assert parents(result) == {"2": "", "3": ""}
    assert "1 row that sums up others was left out" in words(result)


def test_no_duration_that_is_estimated_or_in_hours_makes_a_milestone() -> None:
    result = imported(
        "ID,Name,Duration,Start,Finish,% Complete\n"
        "1,A,5 days?,2026-04-06,2026-04-10,0%\n2,B,0.5 days,2026-04-13,2026-04-13,0%\n3,C,10 hrs,2026-04-14,,0%\n"
    )
    assert len(result.issues) == 3


@pytest.mark.parametrize(
    "text",
    [
        # Levels of something else.
        "Key,Title,Status,Created,Level\nA-1,One,Open,2026-04-06,1\nA-2,Two,Done,2026-04-07,2\nA-3,Three,Open,2026-04-08,2\n",
        # Versions are no outline.
        "Key,Title,Status,Created,WBS\nA-1,One,Open,2026-04-06,1.2\nA-2,Two,Done,2026-04-07,1.2\n",
        # A time that was spent is no duration of a plan.
        "Key,Title,Status,Created,Duration\nA-1,One,Open,2026-04-06,0 h\nA-2,Two,Done,2026-04-07,3 h\n",
        # Words that are none among flags, far behind the first cells.
        "Key,Title,Status,Created,Milestone\n"
        + "".join(f"A-{n},T{n},Open,2026-04-06,{'yes' if n % 2 else 'no'}\n" for n in range(1, 401))
        + "A-401,Last,Open,2026-04-06,Spring\n",
        # Numbers of milestones are no flags.
        "Key,Title,Status,Created,Milestone\nA-1,One,Open,2026-04-06,1\nA-2,Two,Done,2026-04-07,0\n",
        # The parent names a key.
        "Key,Title,Status,Created,Parent\nA-1,One,Open,2026-04-06,\nA-2,Two,Done,2026-04-07,A-1\n",
    ],
)
def test_what_is_no_plan_stays_as_it_is(text: str) -> None:
    result = imported(text)
    assert len(result.issues) == text.count("\n") - 1
    assert not result.guesses.wholes
    assert not result.guesses.no_work


EPICS = (
    "Issue key,Summary,Issue Type,Status,Created{0}\n"
    "A-1,Shop,Epic,To Do,2026-04-06{1}\nA-2,Login,Story,Done,2026-04-06{2}\nA-3,Field,Sub-task,To Do,2026-04-06{3}\n"
)


def test_epics_and_sub_tasks_beside_stories_are_told_where_nothing_names_a_parent() -> None:
    without = words(imported(EPICS.format("", "", "", "")))
    assert "epics (1) and sub-tasks (1) count beside the others (1)" in without
    assert "count beside the others" not in words(imported(EPICS.format(",Parent", ",", ",A-1", ",A-2")))


def test_features_and_tasks_of_azure_devops_lie_above_and_below_stories() -> None:
    result = imported(
        "ID,Work Item Type,Title,State,Created Date\n"
        "11,Feature,Basket,New,2026-04-06\n12,User Story,Add,Closed,2026-04-06\n13,Task,x,New,2026-04-06\n"
    )
    assert "epics (1) and sub-tasks (1) count beside the others (1)" in words(result)


@pytest.mark.parametrize(
    ("kind", "level"),
    [("Эпик", Level.EPIC), ("エピック", Level.EPIC), ("Подзадача", Level.SUB_TASK), ("Podzadanie", Level.SUB_TASK)],
)
def test_types_name_their_level_in_the_languages_of_trackers(kind: str, level: Level) -> None:
    text = f"Issue key,Summary,Issue Type,Status,Created\nA-1,Shop,{kind},To Do,2026-04-06\n"
    issue = imported(text).issues[0]
    assert Hierarchy([issue]).level(issue) is level


def test_the_columns_of_an_outline_are_not_told_as_unused() -> None:
    cells = (",1,Ja,Nein", ",2,Nein,Nein", ",2,Nein,Nein", ",1,Nein,Ja")
    assert "Nothing was taken from" not in words(plan(",Outline Level,Sammelvorgang,Meilenstein", *cells))


def test_a_parent_task_is_named_by_its_title_and_work_as_well() -> None:
    result = imported(
        "ID,Task,Parent task,Status,Created,Completed\n"
        "1,Shop,,Completed,2026-04-06,2026-04-10\n2,Login,Shop,New,2026-04-06,\n"
    )
    assert parents(result) == {"1": "", "2": "1"}
    assert counted(result) == ["1", "2"]


def chapters(name: str, *numbers: str) -> Imported:
    rows = (f"{number};Task {place};Open;2026-04-06" for place, number in enumerate(numbers, 1))
    return imported("\n".join((f"{name};Title;Status;Created", *rows)))


@pytest.mark.parametrize(
    ("name", "numbers", "wholes"),
    [
        ("WBS", ("2.1", "1.1", "1", "2", "1.2"), 2),
        ("WBS", ("1", "1.1.1", "1.1.2"), 1),
        ("WBS", ("1,0", "1,1", "1,2"), 1),
        ("Outline number", ("1", "1.1", "1.2", "1.3", "1.3"), 1),
        # Work that was split off later, something put in between, or the number of the chapter that rows are for.
        ("ID", ("1", "2", "3", "3.1"), 0),
        ("No", ("1", "2", "2.5", "3"), 0),
        ("ID", ("1", "1.2", "1.3"), 0),
        ("WBS", ("1.1", "1.1", "1.1", "1.1.2", "1.1.2"), 0),
        ("WBS", ("1.1", "1.1", "1.1.2"), 0),
    ],
)
def test_numbers_of_chapters_tell_what_lies_in_what_however_they_are_sorted(
    name: str, numbers: tuple[str, ...], wholes: int
) -> None:
    result = chapters(name, *numbers)
    assert len({issue.parent for issue in result.issues} - {""}) == wholes
    assert len(counted(result)) == len(numbers) - wholes


def test_what_was_done_in_no_time_is_work_where_numbers_or_levels_tell_a_plan() -> None:
    rows = "1,Login,3 days,Done,2026-05-01\n{0},Hotfix,0 days,Done,2026-05-02\n{0},Typo,0 days,Done,2026-05-03\n"
    for name, below in (("No", "1.1"), ("Outline level", "2")):
        result = imported(f"{name},Task,Duration,Status,Created\n{rows.format(below)}")
        assert not result.guesses.no_work


@pytest.mark.parametrize(
    ("name", "yes", "no"), [("Active", "Yes", "No"), ("Aktiv", "Ja", "Nein"), ("Actif", "Oui", "Non")]
)
def test_inactive_tasks_of_a_plan_are_no_work_unless_they_were_done_before(name: str, yes: str, no: str) -> None:
    result = plan(f",{name}", f",{yes}", f",{no}", f",{no}", f",{yes}")
    assert [issue.summary for issue in result.issues] == ["Build", "Frame"]
    assert "1 inactive task was left out" in words(result)


def test_a_plan_whose_tasks_are_all_active_is_whole() -> None:
    assert len(plan(",Active", ",Yes", ",Yes", ",Yes", ",Yes").issues) == len(plan("", "", "", "", "").issues)
