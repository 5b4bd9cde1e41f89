from datetime import date
from typing import Any

import pytest

from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.domain.typed import Left, left_of_weeks, remaining_of
from store.documents import typed_totals_of
from store.records import ProjectData, Week
from tests.domain.build import CALENDAR, NOW, analysis, day, facts

ROWS = [
    Week(day("03-02"), completed_items=5, completed_points=8.5, created_items=2),
    Week(day("03-09"), completed_items=3, completed_points=2.0, created_items=9),
]


def typed(**scope: Any) -> ProjectData:
    return ProjectData({"project_scope": scope}, NOW)


def typed_total(data: ProjectData) -> float | None:
    return remaining_of(typed_totals_of(data), Unit.ITEMS)


def scope_on(
    as_of: date, data: ProjectData | None = None, rows: list[Week] | None = None, unit: Unit = Unit.ITEMS
) -> Left | NotEnoughData:
    return left_of_weeks(ROWS if rows is None else rows, data, CALENDAR, unit, as_of, today_included=False)


def test_typed_totals_are_what_remains() -> None:
    left = scope_on(day("03-16"), typed(remaining_items=20, total_items=20))
    assert isinstance(left, Left)
    assert (left.total, left.done, left.remaining, left.source) == (28, 8, 20, "typed")


def test_weeks_after_a_total_was_typed_count_against_it() -> None:
    # Typed in the first week: 20 remained then. The second finished 3 and brought 9.
    left = scope_on(day("03-16"), typed(remaining_items=20, remaining_as_of="2026-03-05"))
    assert isinstance(left, Left)
    assert (left.done, left.remaining) == (8, 26)


def test_a_total_that_knows_its_day_is_told_back_before_it() -> None:
    # On 2 March nothing of the first week was done yet: 5 more remained, less the 2 that it brought.
    left = scope_on(day("03-02"), typed(remaining_items=20, remaining_as_of="2026-03-05"))
    assert isinstance(left, Left)
    assert (left.done, left.remaining) == (0, 23)


def test_a_total_of_nothing_counts_where_the_day_of_typing_is_known() -> None:
    assert typed_total(typed(remaining_items=0, remaining_as_of="2026-03-16")) == 0
    assert typed_total(typed(remaining_items=0)) is None


@pytest.mark.parametrize("written", ["soon", 5, None])
def test_a_day_of_typing_that_cannot_be_read_counts_as_after_the_last_row(written: object) -> None:
    left = scope_on(day("03-16"), typed(remaining_items=20, remaining_as_of=written))
    assert isinstance(left, Left)
    assert left.remaining == 20


def test_typed_totals_are_told_back_for_an_earlier_day() -> None:
    left = scope_on(day("03-09"), typed(remaining_items=20))
    # The week from 9 March finished 3 and brought 9.
    assert isinstance(left, Left)
    assert (left.done, left.remaining) == (5, 14)


def test_points_have_a_total_of_their_own() -> None:
    left = scope_on(day("03-16"), typed(remaining_items=20, remaining_points=31.5), unit=Unit.POINTS)
    assert isinstance(left, Left)
    assert (left.done, left.remaining) == (10.5, 31.5)


def test_created_less_done_is_what_remains_where_nothing_was_typed() -> None:
    left = scope_on(day("03-16"))
    assert isinstance(left, Left)
    assert (left.total, left.done, left.remaining, left.source) == (11, 8, 3, "weeks")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([Week(day("03-02"), completed_items=5)], "do not say how much is left"),
        ([Week(day("03-02"), completed_items=5, created_items=1)], "5 items finished but only 1 created"),
    ],
)
def test_what_cannot_be_told_is_asked_for(rows: list[Week], says: str) -> None:
    left = scope_on(day("03-16"), rows=rows)
    assert isinstance(left, NotEnoughData)
    assert says in left.reason
    assert "Enter the remaining items" in left.reason


@pytest.mark.parametrize(
    "scope",
    [{"total_items": 0, "remaining_items": 0}, {"remaining_items": "20"}, {"remaining_items": float("nan")}, {}],
)
def test_an_empty_form_and_damaged_totals_are_not_a_total(scope: dict[str, Any]) -> None:
    assert typed_total(typed(**scope)) is None


def test_all_done_is_a_total() -> None:
    assert typed_total(typed(total_items=8, remaining_items=0)) == 0


def test_what_the_user_gives_wins_over_what_was_typed() -> None:
    known = facts(weeks=ROWS, scope={"remaining_items": 20})
    result = analysis(known, remaining=4.0)
    assert isinstance(result.scope, Scope)
    assert (result.scope.remaining, result.remaining) == (4, 4)
