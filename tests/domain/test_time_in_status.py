import pytest

from app.domain.items import Item
from app.domain.time_in_status import Waiting, active_days, efficiency, efficiency_of, status_times, time_in_status
from tests.domain.build import NOW, at, items_of
from tests.domain.five_items import CHANGES, ISSUES


@pytest.fixture
def items() -> dict[str, Item]:
    return {item.issue.key: item for item in items_of(ISSUES, CHANGES)}


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("X1", {"Backlog": 1.0417, "In Progress": 2.25, "Review": 0.7917}),
        ("X2", {"Backlog": 2.0417, "In Progress": 4.3333, "Done": 2.875}),
        ("X3", {"Backlog": 2.0417}),
        ("X4", {"Backlog": 6.0417, "In Progress": 2.3333, "Review": 3.0417}),
        ("X5", {"Backlog": 0.0417, "In Progress": 5.0, "Blocked": 2.0}),
    ],
)
def test_time_in_status_adds_up_every_stay(items: dict[str, Item], key: str, days: dict[str, float]) -> None:
    assert time_in_status(items[key], NOW) == pytest.approx(days, abs=5e-5)


@pytest.mark.parametrize(("key", "share"), [("X1", 1.0), ("X2", 1.0), ("X3", None), ("X4", None), ("X5", 0.7143)])
def test_efficiency_is_the_active_share_of_the_time_in_progress(
    items: dict[str, Item], key: str, share: float | None
) -> None:
    assert efficiency(items[key]) == (None if share is None else pytest.approx(share, abs=5e-5))


def test_which_statuses_are_waiting_can_be_said(items: dict[str, Item]) -> None:
    assert efficiency(items["X1"], frozenset({"review"})) == pytest.approx(2.25 / 3.041667)
    assert efficiency(items["X5"], frozenset()) == 1.0
    assert (Waiting(None)["Waiting for customer"], Waiting(None)["In Progress"]) == (True, False)


def test_efficiency_of_several_is_the_median_and_that_of_all_their_time(items: dict[str, Item]) -> None:
    efficiency = efficiency_of(list(active_days(items.values()).values()))
    # X1 3.0417 of 3.0417 days, X2 4.3333 of 4.3333, X5 5 of 7.
    assert (efficiency.n, efficiency.median) == (3, 1.0)
    assert efficiency.overall == pytest.approx((3.041667 + 4.333333 + 5) / (3.041667 + 4.333333 + 7), abs=1e-6)
    assert efficiency.waiting_days == pytest.approx(2.0)
    nothing = efficiency_of([])
    assert (nothing.n, nothing.median, nothing.overall) == (0, None, None)


def test_visits_of_finished_items_add_up_to_their_lead_times(items: dict[str, Item]) -> None:
    under_way = items.pop("X4")
    times = {each.status: each for each in status_times(items.values(), [under_way], NOW)}
    assert sum(each.total_days for each in times.values()) == pytest.approx(4.0833 + 9.25 + 2.0417 + 7.0417, abs=5e-4)
    progress = times["In Progress"]
    # X1 2.25, X2 2.125 and 2.2083, X5 3 and 2.
    assert progress.visits == 5
    assert progress.median_days == pytest.approx(2.2083, abs=5e-5)
    assert progress.mean_days == pytest.approx(2.3167, abs=5e-5)
    assert (progress.is_waiting, times["Blocked"].is_waiting, times["Backlog"].is_waiting) == (False, True, False)


def test_a_visit_that_is_going_on_counts_apart(items: dict[str, Item]) -> None:
    times = {each.status: each for each in status_times([items["X1"]], [items["X4"]], NOW)}
    review = times["Review"]
    assert (review.visits, review.open_visits, review.keys) == (1, 1, ("X1", "X4"))
    assert (review.total_days, review.open_days) == pytest.approx((0.7917, 3.0417), abs=5e-5)


def test_a_visit_that_began_later_is_none_yet(items: dict[str, Item]) -> None:
    times = {each.status: each for each in status_times([], [items["X4"]], at("03-10 09:00"))}
    assert "Review" not in times
    assert times["In Progress"].open_days == pytest.approx(1)
