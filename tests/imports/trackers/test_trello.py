"""Trello boards: what was put away with its list leaves, and a history that is cut bounds what it does not tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.report import sentences
from app.imports.results import Imported
from store.records import Category, Issue

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
# Ids of cards begin with the second they were made in: 2 March 2026, 09:00:00.
CREATED = f"{int(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()):08x}"
Json = dict[str, Any]


def card(number: int, in_list: str, **more: Any) -> Json:
    last = more.pop("last", "2026-03-03T09:00:00.000Z")
    return {"id": f"{CREATED}{number:016x}", "shortLink": f"c{number}", "name": f"Card {number}", "idList": in_list,
            "closed": False, "dateLastActivity": last, **more}  # fmt: skip


def action(kind: str, day: str, number: int = 0, **data: Any) -> Json:
    about = {"card": {"id": f"{CREATED}{number:016x}", **data.pop("card", {})}} if number else {}
    return {"type": kind, "date": f"{day}T09:00:00.000Z", "data": {**about, **data}}


def moved(number: int, day: str, before: str, after: str) -> Json:
    return action("updateCard", day, number, listBefore={"id": before, "name": before}, listAfter={"name": after})


def put_away(day: str, name: str) -> Json:
    return action("updateList", day, list={"id": name, "name": name, "closed": True}, old={"closed": False})


def read(cards: list[Json], actions: list[Json], lists: tuple[str, ...] = ("To Do", "Doing", "Done"),
         archived: tuple[str, ...] = ()) -> Imported:  # fmt: skip
    board = {
        "id": "b",
        "name": "Garden",
        "lists": [{"id": name, "name": name, "closed": name in archived} for name in (*lists, *archived)],
        "cards": cards,
        "actions": actions,
    }
    return read_file(json.dumps(board).encode(), mapping_of(None), ZoneInfo("UTC"), NOW)


def by_key(imported: Imported) -> dict[str, Issue]:
    return {issue.key: issue for issue in imported.issues}


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T09:00:00+00:00")


def test_cards_leave_with_their_list_when_it_is_archived_and_done_ones_stay_done() -> None:
    cards = [card(1, "To Do"), card(2, "Ideas"), card(3, "Done 2025", last="2026-03-04T09:00:00.000Z")]
    issues = by_key(read(cards, [put_away("2026-03-20", "Ideas")], archived=("Ideas", "Done 2025")))
    assert [(issue.in_query, issue.left_query) for issue in issues.values()] == [
        (True, None), (False, day("2026-03-20")), (True, None),
    ]  # fmt: skip
    assert (issues["c3"].category, issues["c3"].resolved) == (Category.DONE, day("2026-03-04"))


def test_a_card_put_away_before_its_list_left_with_itself() -> None:
    away = action("updateCard", "2026-03-10", 1, card={"closed": True}, old={"closed": False})
    cards = [card(1, "Ideas", closed=True, last="2026-03-25T09:00:00.000Z"), card(2, "Ideas")]
    issues = by_key(read(cards, [put_away("2026-03-20", "Ideas"), away], archived=("Ideas",)))
    assert [issues[key].left_query for key in ("c1", "c2")] == [day("2026-03-10"), day("2026-03-20")]


def test_a_list_put_away_of_which_the_actions_say_nothing_took_its_cards_along_when_they_were_last_touched() -> None:
    (issue,) = read([card(1, "Ideas")], [], archived=("Ideas",)).issues
    assert (issue.in_query, issue.left_query) == (False, day("2026-03-03"))


def test_a_list_that_was_put_away_need_not_say_what_it_means() -> None:
    cards = [card(1, "To Do"), card(2, "Frobs"), card(3, "Knobs")]
    imported = read(cards, [put_away("2026-03-20", "Frobs")], lists=("To Do", "Done", "Knobs"), archived=("Frobs",))
    assert imported.guesses.statuses == {"Knobs": 1}


def test_a_day_of_tidying_up_is_no_day_of_finishing() -> None:
    tidying = "2026-05-20"
    cards = [card(number, "Done", closed=True, last=f"{tidying}T09:00:00.000Z") for number in (1, 2)]
    actions = [
        *(action("updateCard", tidying, n, card={"closed": True}, old={"closed": False}) for n in (1, 2)),
        moved(3, "2026-04-06", "Doing", "Done"),
        action("commentCard", "2026-04-01", 3),
    ]
    imported = read([*cards, card(3, "Done")], actions)
    issues = by_key(imported)
    assert [issues[key].resolved for key in ("c1", "c2", "c3")] == [day("2026-04-01"), day("2026-04-01"),
                                                                   day("2026-04-06")]  # fmt: skip
    assert imported.warnings[0].startswith("2 done cards came into their list before 2026-04-01")


def test_a_card_made_in_a_list_that_means_done_was_done_then() -> None:
    born = action("createCard", "2026-03-02", 1, list={"id": "Done", "name": "Done"})
    imported = read([card(1, "Done", last="2026-05-20T09:00:00.000Z")], [action("commentCard", "2026-05-20", 1), born])
    assert (imported.issues[0].resolved, imported.warnings) == (day("2026-03-02"), ())


def test_moving_done_cards_into_the_list_of_a_quarter_finishes_nothing_again() -> None:
    actions = [
        moved(1, "2026-05-01", "Done", "Done in spring"),
        moved(1, "2026-04-10", "Doing", "Done"),
        moved(2, "2026-05-01", "Done", "Done in spring"),
        action("commentCard", "2026-04-02", 3),
    ]
    cards = [card(number, "Done in spring", last="2026-05-01T09:00:00.000Z") for number in (1, 2)]
    imported = read([*cards, card(3, "Doing")], actions, lists=("To Do", "Doing", "Done", "Done in spring"))
    issues = by_key(imported)
    assert issues["c1"].resolved == day("2026-04-10")
    # The second one was done before the actions begin; a history that starts there would say it was born done.
    assert (issues["c2"].resolved, [change for change in imported.changes if change.issue_key == "c2"]) == (
        day("2026-04-02"),
        [],
    )


def test_a_board_whose_done_list_is_empty_is_not_said_to_have_none() -> None:
    assert read([card(1, "To Do")], []).warnings == ()
    assert "No list of this board means done" in read([card(1, "Shed")], [], lists=("Shed", "Roof")).warnings[0]


@pytest.mark.parametrize("count", [999, 1_000])
def test_a_board_with_as_many_actions_as_trello_exports_says_that_its_history_is_cut(count: int) -> None:
    days = (f"2026-01-{1 + n % 28:02}T09:00:00.000Z" for n in range(count))
    imported = read([card(2, "Doing")], [{"type": "commentCard", "date": day, "data": {}} for day in days])
    warnings = [warning for warning in imported.warnings if "as many as Trello exports" in warning]
    assert len(warnings) == (count == 1_000)
    assert all("before 2026-01-01 is missing" in text for text in warnings)


def test_the_moves_of_a_wekan_board_are_the_changes_of_its_cards() -> None:
    sample = Path(__file__).parent.parent / "samples" / "wekan.json"
    imported = read_file(sample.read_bytes(), mapping_of(None), ZoneInfo("UTC"), NOW)
    assert [(change.at.date().isoformat(), change.from_value, change.to_value) for change in imported.changes] == [
        ("2026-02-16", "To Do", "Doing"),
        ("2026-02-20", "Doing", "Done"),
    ]


def test_templates_separators_and_mirrors_are_no_work() -> None:
    cards = [
        card(1, "To Do"),
        card(2, "To Do", isTemplate=True),
        card(3, "To Do", cardRole="separator"),
        card(4, "Doing", cardRole="mirror"),
        card(5, "Doing", cardRole=None, isTemplate=False),
        card(6, "Doing", cardRole="mirror"),
    ]
    imported = read(cards, [])
    assert list(by_key(imported)) == ["c1", "c5"]
    assert imported.rows == 2
    words = sentences(imported.guesses, imported.recognised_as)
    assert "1 template card was left out: it is no work." in words
    assert "1 separator among the cards was left out: it is no work." in words
    assert "2 mirror cards were left out: the work is in the cards that they show." in words
