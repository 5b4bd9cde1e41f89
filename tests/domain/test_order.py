"""In which order open work is taken."""

from __future__ import annotations

import pytest

from app.domain.items import Item, Unit
from app.domain.order import By, Order, in_order, priority_level
from store.records import Issue
from tests.domain.build import analysis, facts, issue, items_of


def keys(items: tuple[Item, ...]) -> list[str]:
    return [item.issue.key for item in items]


def list_of(*issues: Issue) -> list[Item]:
    return list(items_of(list(issues)))


def test_jiras_rank_sorts_as_text_and_what_has_none_comes_last() -> None:
    order = in_order(
        list_of(
            issue("A-1", "01-01"),
            issue("A-2", "01-02", extras={"Rank": "0|i000f3:"}),
            issue("A-3", "01-03", extras={"Rank": "0|i0007r:"}),
        )
    )
    assert (keys(order.items), order.by) == (["A-3", "A-2", "A-1"], By.RANK)


def test_a_rank_in_numbers_is_compared_as_numbers() -> None:
    order = in_order(list_of(issue("A-1", "01-01", extras={"rank": "10"}), issue("A-2", "01-02", extras={"rank": 9})))
    assert keys(order.items) == ["A-2", "A-1"]


def test_without_a_rank_the_priority_decides_and_then_the_age() -> None:
    order = in_order(
        list_of(
            issue("A-1", "01-01", priority="Low"),
            issue("A-2", "01-02", priority="High"),
            issue("A-3", "01-01", priority="High"),
            issue("A-4", "01-01"),
        )
    )
    assert (keys(order.items), order.by) == (["A-3", "A-2", "A-1", "A-4"], By.PRIORITY)


def test_priorities_that_are_all_alike_say_nothing_so_the_oldest_goes_first() -> None:
    order = in_order(list_of(issue("A-10", "01-02", priority="Major"), issue("A-9", "01-02", priority="Major")))
    assert (keys(order.items), order.by) == (["A-9", "A-10"], By.AGE)


@pytest.mark.parametrize(
    ("name", "level"),
    [("Highest", 0), ("Blocker", 0), ("P1", 1), ("2 - High", 2), ("Niedrig", 4), ("later", None), ("", None)],
)
def test_a_priority_is_read_by_its_name_or_its_number(name: str, level: int | None) -> None:
    assert priority_level(list_of(issue("A-1", "01-01", priority=name))[0]) == level


def test_what_fits_stops_at_the_first_that_does_not() -> None:
    order = in_order(
        list_of(*(issue(f"A-{at}", f"01-0{at}", points=points) for at, points in ((1, 3), (2, 5), (3, 1))))
    )
    assert order.fits(2, Unit.ITEMS) == 2
    assert order.fits(4, Unit.POINTS) == 1
    assert order.fits(8, Unit.POINTS) == 2
    assert order.fits(0, Unit.ITEMS) == 0


def test_only_what_remains_is_in_the_order() -> None:
    order = analysis(facts([issue("A-1", "01-01", "02-01"), issue("A-2", "01-02")])).order
    assert isinstance(order, Order)
    assert keys(order.items) == ["A-2"]


def test_keys_with_any_number_of_digits_and_any_signs_have_an_order() -> None:
    long = "A-" + "9" * 5_000
    listed = [issue(key, "01-02") for key in (long, "A-²", "²", "A-07", "A-10", "A-8", "A")]
    assert keys(in_order(list_of(*listed)).items) == ["A", "A-07", "A-8", "A-10", long, "A-²", "²"]
