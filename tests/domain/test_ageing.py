from datetime import timedelta

import pytest

from app.domain.ageing import Survival, ages, pace_bands, survival, survival_of, was_sent_back
from app.domain.items import Item
from store.records import Category, Change, Issue
from tests.domain.build import CALENDAR, at, day, done, items_of, moves
from tests.domain.five_items import CHANGES, ISSUES

ACTIVE = Category.IN_PROGRESS
LEAVING = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]


@pytest.fixture
def items() -> dict[str, Item]:
    return {item.issue.key: item for item in items_of(ISSUES, CHANGES)}


def test_an_item_that_went_back_and_on_again_is_as_old_as_its_first_start(items: dict[str, Item]) -> None:
    (age,) = ages([items["X4"]], CALENDAR, day("03-13"), (), None, None, day_is_over=True)
    assert (age.key, age.status, age.days, age.working_days) == ("X4", "Review", 12, 10)
    assert (age.days_in_status, age.band, age.chance_of_sle) == (4, None, None)


def test_an_item_sent_back_to_to_do_is_listed_as_such() -> None:
    history = moves("A", ("", "New"), ("03-02", "In Progress"), ("03-04", "New"))
    back, never = items_of([Issue("A", status="New", created=at("03-01")), Issue("B", status="New")], history)
    assert was_sent_back(back)
    assert not was_sent_back(never)


def walked(key: str, *days: int) -> tuple[Issue, list[Change]]:
    """Started on 1 March, leaves three columns after so many days, the last one to done."""
    columns = ("In Progress", "Review", "Test", "Done")
    steps = [("03-01 09:00", columns[0])]
    history = moves(key, ("", "New"), *steps)
    start = at("03-01 09:00")
    for number, age in enumerate(days):
        move = start + timedelta(days=age - 1)
        history.append(Change(key, move, "status", columns[number], columns[number + 1]))
    return done(key, created=at("03-01 08:00")), history


def test_pace_bands_are_the_ages_at_which_finished_items_left_a_status() -> None:
    walks = [walked(f"A-{age}", age, age + 20, age + 40) for age in LEAVING]
    built = items_of([issue for issue, _ in walks], [change for _, changes in walks for change in changes])
    bands = pace_bands(built, CALENDAR)
    assert [(band.status, band.n, dict(band.percentiles)) for band in bands] == [
        ("In Progress", 20, {50: 10, 70: 14, 85: 17, 95: 19}),
        ("Review", 20, {50: 30, 70: 34, 85: 37, 95: 39}),
        ("Test", 20, {50: 50, 70: 54, 85: 57, 95: 59}),
    ]


def test_of_a_status_left_several_times_the_last_time_counts(items: dict[str, Item]) -> None:
    bands = {band.status: dict(band.percentiles) for band in pace_bands([items["X2"]], CALENDAR)}
    assert bands == {"In Progress": {50: 8, 70: 8, 85: 8, 95: 8}}


def test_a_status_that_no_finished_item_left_has_no_band(items: dict[str, Item]) -> None:
    bands = pace_bands([items["X1"]], CALENDAR)
    assert [band.status for band in bands] == ["In Progress", "Review"]
    (age,) = ages([items["X4"]], CALENDAR, day("03-13"), bands, None, None, day_is_over=True)
    assert age.band == 95
    (young,) = ages([items["X4"]], CALENDAR, day("03-03"), bands, None, None, day_is_over=True)
    assert young.band == 0


def test_survival_counts_open_items_as_long_as_they_were_watched() -> None:
    # By hand: at 2 days 5 are watched and 1 ends; at 3 days 4 and 1; at 5 days 2 and 1 (one was open at 4 days).
    result = survival([2, 3, 5], [4, 6])
    assert result is not None
    assert result.days == (2, 3, 5)
    assert result.still_open == pytest.approx((4 / 5, 4 / 5 * 3 / 4, 4 / 5 * 3 / 4 * 1 / 2))
    assert (result.after(1), result.after(4), result.after(9)) == pytest.approx((1.0, 0.6, 0.3))
    assert survival([], [4]) is None


def test_the_chance_of_the_service_level_falls_to_nothing_once_it_is_over() -> None:
    result = survival([1, 2, 3, 4], [])
    assert result is not None
    assert [result.chance_within(3, lasted) for lasted in (0, 1, 2, 3)] == pytest.approx([3 / 4, 2 / 3, 1 / 2, 0.0])


def test_beyond_what_was_ever_watched_nobody_knows_the_chance() -> None:
    survival = Survival((2,), (0.5,), 2, 4)
    assert survival.chance_within(9, 3) is None
    assert survival.chance_within(4, 3) == 0.0
    assert Survival((2,), (0.0,), 2, 2).chance_within(9, 3) is None


def test_an_item_finished_on_the_last_day_ends_and_one_begun_on_it_has_lasted_no_whole_day(
    items: dict[str, Item],
) -> None:
    over = survival_of(items.values(), CALENDAR, day("03-13"), day_is_over=True)
    assert over is not None
    assert (over.days, over.n, over.followed) == ((1, 4, 8), 5, 12)
    assert over.still_open == pytest.approx((4 / 5, 3 / 5, 1 / 5))
    running = survival_of(items.values(), CALENDAR, day("03-13"), day_is_over=False)
    assert running is not None
    assert running.followed == 11


def test_what_is_under_way_on_a_day_that_is_not_over_may_still_be_finished_on_it(items: dict[str, Item]) -> None:
    """X4 is 12 days old. Of items that take 1 to 20 days, 9 of 20 take more than 11, and 8 more than 12."""
    chances = survival(LEAVING, [])
    (over,) = ages([items["X4"]], CALENDAR, day("03-13"), (), chances, 12, day_is_over=True)
    (running,) = ages([items["X4"]], CALENDAR, day("03-13"), (), chances, 12, day_is_over=False)
    assert over.chance_of_sle == 0
    assert running.chance_of_sle == pytest.approx(1 / 9)
