"""The ledger: what changed the scope, by day and by week."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.items import Unit
from app.domain.ledger import ScopeChange, ScopeWeek, by_week
from app.views import behind
from app.views.scope import SCOPE
from app.views.view import Scene
from app.words.formats import formats_for
from store.records import Change, Issue
from tests.domain.build import CALENDAR, analysis, at, day, facts, issue

FORMATS = formats_for(["en-GB"])


def scene(first: date | None = None, last: date | None = None, unit: Unit = Unit.ITEMS) -> Scene:
    issues: list[Issue] = [
        issue("A-1", "01-05", points=3),
        issue("A-2", "01-14", points=2),
        issue("A-3", "01-15", points=5, in_query=False, left_query=at("01-29")),
        issue("A-4", "01-28", "02-10", points=1),
    ]
    changes = [
        Change("A-1", at("01-20"), "points", "8", "3"),
        Change("A-2", at("01-21"), "points", "1", "2"),
    ]
    return Scene(analysis(facts(issues, changes), unit=unit), FORMATS, first, last)


def test_the_weeks_hold_what_came_and_what_went_and_none_is_left_out() -> None:
    changes = [
        ScopeChange(day("01-06"), "added", 3.0, ("A", "B", "C")),
        ScopeChange(day("01-07"), "removed", -1.0, ("A",)),
        ScopeChange(day("01-20"), "re-estimated", -2.0, ("B",)),
        ScopeChange(day("01-21"), "reopened", 1.0, ("C",)),
    ]
    scope_weeks = by_week(changes, CALENDAR, day("01-28"))
    assert scope_weeks == (
        ScopeWeek(day("01-05"), 3.0, -1.0),
        ScopeWeek(day("01-12")),
        ScopeWeek(day("01-19"), 0.0, 0.0, -2.0, 1.0),
        ScopeWeek(day("01-26")),
    )
    assert [week.net for week in scope_weeks] == [2.0, 0.0, -2.0, 0.0]
    assert scope_weeks[0].span == "2026-01-05..2026-01-11"


def test_without_a_change_there_are_no_weeks() -> None:
    assert by_week([], CALENDAR, day("01-28")) == ()


def test_the_sentence_tells_the_net_and_both_sides() -> None:
    assert str(SCOPE.sentence(scene())) == "The scope grew by 2 items: 3 added, 1 removed."


def test_the_first_day_of_all_is_what_the_work_begins_with() -> None:
    result = behind(scene(), "added")
    assert result is not None
    assert "A-1" not in (result.keys or ())


def test_only_what_lies_in_the_days_drawn_is_told() -> None:
    shown = scene(day("01-26"), day("02-01"))
    text = "The scope is as large as it was between 26 January and 1 February 2026: 1 added, 1 removed."
    assert str(SCOPE.sentence(shown)) == text
    quiet = scene(day("02-16"), day("02-20"))
    assert str(SCOPE.sentence(quiet)) == "The scope did not change between 16 February and 20 February 2026."
    assert SCOPE.figure is not None
    assert SCOPE.figure(quiet) is None


def test_estimates_that_fell_make_the_scope_smaller() -> None:
    shown = scene(unit=Unit.POINTS)
    result = behind(shown, "re-estimated")
    assert result is not None
    assert dict(zip(result.keys or (), result.each, strict=True)) == {"A-2": 1.0, "A-1": -5.0}
    assert result.number == -4


def test_the_ledger_has_a_row_for_each_day_and_kind() -> None:
    assert SCOPE.rows is not None
    rows = SCOPE.rows(scene())
    assert rows.cells == (
        (day("01-14"), "added", 1.0, 1),
        (day("01-15"), "added", 1.0, 1),
        (day("01-28"), "added", 1.0, 1),
        (day("01-29"), "removed", -1.0, 1),
    )
    assert rows.shows[-1] == "went:2026-01-29"


@pytest.mark.parametrize("unit", Unit)
def test_the_net_of_all_weeks_is_what_the_scope_line_moved_by(unit: Unit) -> None:
    shown = scene(unit=unit)
    burndown, result = shown.analysis.burndown, behind(shown, "net")
    assert result is not None
    assert result.number == burndown.days[-1].scope - burndown.days[0].scope  # type: ignore[union-attr]
