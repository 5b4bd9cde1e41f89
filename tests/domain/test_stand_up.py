"""The round of a stand-up: its order, and what happened to each item since the last working day."""

from __future__ import annotations

from datetime import date

from app.domain.calendar import Calendar
from app.domain.items import Item
from app.domain.stand_up import Turn, stand_up
from store.records import Category, Change, Issue
from tests.domain.build import CALENDAR, at, day, items_of, moves

COLUMNS = ("Build", "Review")
CATEGORIES = {"New": Category.TODO, "Done": Category.DONE}


def moved(key: str, *steps: tuple[str, str]) -> tuple[Issue, list[Change]]:
    status = steps[-1][1]
    category = CATEGORIES.get(status, Category.IN_PROGRESS)
    issue = Issue(key, status=status, category=category, created=at("02-02"))
    return issue, moves(key, ("", "New"), *steps)


def round_of(*result: tuple[Issue, list[Change]], last: date, calendar: Calendar = CALENDAR) -> list[Turn]:
    issues = [issue for issue, _ in result]
    # Every status is known by an issue that is in it.
    known = [
        Issue(f"Z-{name}", status=name, category=CATEGORIES.get(name, Category.IN_PROGRESS))
        for name in (*COLUMNS, *CATEGORIES)
    ]
    items: tuple[Item, ...] = items_of([*issues, *known], [change for _, changes in result for change in changes])
    mine = [item for item in items if not item.issue.key.startswith("Z-")]
    return list(stand_up(mine, COLUMNS, calendar, last).turns)


def test_goes_from_what_was_finished_back_to_the_first_column_the_oldest_first() -> None:
    turns = round_of(
        moved("A-1", ("03-10", "Build")),
        moved("A-2", ("03-02", "Build")),
        moved("A-3", ("03-03", "Build"), ("03-05", "Review")),
        moved("A-4", ("03-03", "Build"), ("03-12", "Done")),
        moved("A-5", ("03-03", "Build"), ("03-04", "Done")),
        last=day("03-12"),
    )
    assert [turn.key for turn in turns] == ["A-4", "A-3", "A-2", "A-1"]


def test_says_what_happened_since_yesterday() -> None:
    turns = round_of(
        moved("A-1", ("03-11", "Build")),
        moved("A-2", ("03-02", "Build"), ("03-11", "Review")),
        moved("A-3", ("03-02", "Build")),
        moved("A-4", ("03-02", "Build"), ("03-12", "New")),
        moved("A-5", ("03-02", "Build"), ("03-05", "New")),
        moved("A-6", ("03-02", "Build"), ("03-11", "Done")),
        last=day("03-12"),
    )
    assert {turn.key: (turn.what, turn.came_from, turn.days) for turn in turns} == {
        "A-1": ("started", "New", 2),
        "A-2": ("moved", "Build", 2),
        "A-3": ("stayed", "New", 11),
        "A-4": ("sent back", "Build", 1),
        "A-6": ("finished", "Build", 2),
    }


def test_on_a_monday_yesterday_is_friday() -> None:
    friday = moved("A-1", ("03-02", "Build"), ("03-06 15:00", "Done"))
    thursday = moved("A-2", ("03-02", "Build"), ("03-05 15:00", "Done"))
    assert [turn.key for turn in round_of(friday, thursday, last=day("03-09"))] == ["A-1"]


def test_a_team_without_any_working_day_has_plain_days() -> None:
    never = Calendar(CALENDAR.zone, working_days=frozenset())
    friday = moved("A-1", ("03-02", "Build"), ("03-06 15:00", "Done"))
    assert round_of(friday, last=day("03-09"), calendar=never) == []
