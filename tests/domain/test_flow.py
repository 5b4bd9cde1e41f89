from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given

from app.domain.burndown import burndown_of_items
from app.domain.flow import (
    FlowSummary,
    age,
    arrivals,
    cumulative_flow,
    cycle_time,
    efficiency,
    little,
    percentile,
    time_in_status,
)
from app.domain.items import Item, Unit
from app.domain.missing import NotEnoughData
from store.records import Category, Change, Issue, Week
from tests.domain.build import CALENDAR, NOW, analysis, at, day, done, facts, issue, items_of, moves
from tests.domain.strategies import histories

IN_PROGRESS = Category.IN_PROGRESS
# The five items of the documentation, by 13 March 2026, 18:00. X2 is reopened, X3 goes straight to done, X4 goes
# back to the backlog and on again, X5 is blocked for two days.
ISSUES = [
    done("X1", created=at("03-02 09:00"), type="Story"),
    done("X2", created=at("03-02 09:00"), type="Story"),
    done("X3", created=at("03-03 09:00"), type="Bug"),
    Issue("X4", status="Review", category=IN_PROGRESS, created=at("03-02 08:00"), type="Bug"),
    done("X5", created=at("03-06 14:00"), type="Bug"),
]
CHANGES = [
    *moves("X1", ("", "Backlog"), ("03-03 10:00", "In Progress"), ("03-05 16:00", "Review"), ("03-06 11:00", "Done")),
    *moves(
        "X2", ("", "Backlog"), ("03-04 10:00", "In Progress"), ("03-06 13:00", "Done"),
        ("03-09 10:00", "In Progress"), ("03-11 15:00", "Done"),
    ),
    *moves("X3", ("", "Backlog"), ("03-05 10:00", "Done")),
    *moves(
        "X4", ("", "Backlog"), ("03-02 12:00", "In Progress"), ("03-03 12:00", "Backlog"),
        ("03-09 09:00", "In Progress"), ("03-10 17:00", "Review"),
    ),
    *moves(
        "X5", ("", "Backlog"), ("03-06 15:00", "In Progress"), ("03-09 15:00", "Blocked"),
        ("03-11 15:00", "In Progress"), ("03-13 15:00", "Done"),
    ),
]  # fmt: skip


@pytest.fixture
def items() -> dict[str, Item]:
    return {item.issue.key: item for item in items_of(ISSUES, CHANGES)}


@pytest.mark.parametrize(
    ("key", "elapsed", "calendar_days", "working_days", "lead", "active"),
    [
        ("X1", 3.0417, 4, 4, 4.0833, 1.0),
        ("X2", 7.2083, 8, 6, 9.25, 1.0),
        ("X3", 0.0, 1, 1, 2.0417, None),
        ("X5", 7.0, 8, 6, 7.0417, 0.7143),
    ],
)
def test_cycle_time_runs_from_the_first_start_to_the_last_finish(
    items: dict[str, Item], key: str, elapsed: float, calendar_days: int, working_days: int, lead: float, active: float
) -> None:
    found = cycle_time(items[key], CALENDAR)
    assert found is not None
    assert found.elapsed_days == pytest.approx(elapsed, abs=5e-5)
    assert (found.calendar_days, found.working_days) == (calendar_days, working_days)
    assert found.lead_days == pytest.approx(lead, abs=5e-5)
    assert found.efficiency == pytest.approx(active, abs=5e-5)


def test_an_item_sent_back_to_the_backlog_keeps_its_age(items: dict[str, Item]) -> None:
    found = age(items["X4"], CALENDAR, day("03-13"))
    assert found is not None
    assert (found.calendar_days, found.working_days, found.status) == (12, 10, "Review")
    assert age(items["X1"], CALENDAR, day("03-13")) is None


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


def test_which_statuses_are_waiting_can_be_said(items: dict[str, Item]) -> None:
    assert efficiency(items["X1"], frozenset({"review"})) == pytest.approx(2.25 / 3.041667)
    assert efficiency(items["X5"], frozenset()) == 1.0


def test_cumulative_flow_counts_states_at_the_end_of_each_day(items: dict[str, Item]) -> None:
    days = cumulative_flow(items.values(), CALENDAR, day("03-02"), day("03-13"))
    assert [(one.todo, one.in_progress, one.done) for one in days] == [
        (2, 1, 0), (3, 1, 0), (2, 2, 0), (1, 2, 1), (1, 1, 3), (1, 1, 3),
        (1, 1, 3), (0, 3, 2), (0, 3, 2), (0, 2, 3), (0, 2, 3), (0, 1, 4),
    ]  # fmt: skip


def test_littles_law_gives_five_days_for_them(items: dict[str, Item]) -> None:
    found = little(cumulative_flow(items.values(), CALENDAR, day("03-02"), day("03-13")))
    assert found is not None
    assert found.mean_wip == pytest.approx(1.6667, abs=5e-5)
    assert found.done_per_day == pytest.approx(0.3333, abs=5e-5)
    assert found.implied_days == pytest.approx(5.0)
    assert little([]) is None


def test_arrivals_count_each_item_once_in_each_stage(items: dict[str, Item]) -> None:
    days = arrivals(items.values(), CALENDAR, day("03-02"), day("03-13"))
    # Came: X1 X2 X4, X3, X5. Started: X4, X1, X2, X3 (straight to done), X5. First finished: X3, X1 and X2, X5.
    assert [(one.todo, one.in_progress, one.done) for one in days] == [
        (3, 1, 0), (4, 2, 0), (4, 3, 0), (4, 4, 1), (5, 5, 3), (5, 5, 3),
        (5, 5, 3), (5, 5, 3), (5, 5, 3), (5, 5, 3), (5, 5, 3), (5, 5, 4),
    ]  # fmt: skip


def test_percentiles_are_nearest_ranks_and_never_interpolated() -> None:
    times = [1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 5, 6, 7, 8, 12]
    assert [percentile(times, level) for level in (50, 70, 85, 95, 100)] == [4, 5, 6, 8, 12]
    assert percentile(list(range(1, 101)), 7) == 7
    with pytest.raises(ValueError, match="at least one"):
        percentile([], 50)


def test_a_file_with_start_dates_gives_cycle_times_without_a_history() -> None:
    (item,) = items_of([issue("A", "03-02", "03-06", started=at("03-04"))])
    found = cycle_time(item, CALENDAR)
    assert found is not None
    assert (found.calendar_days, found.lead_days, found.efficiency) == (3, 4.0, None)


def test_an_item_whose_start_is_not_known_has_no_cycle_time_instead_of_none_at_all() -> None:
    (item,) = items_of([issue("A", "03-02", "03-06")])
    assert cycle_time(item, CALENDAR) is None


def test_a_start_after_the_finish_takes_no_time_rather_than_a_negative_one() -> None:
    (item,) = items_of([issue("A", "03-02", "03-06", started=at("03-09"))])
    found = cycle_time(item, CALENDAR)
    assert found is not None
    assert (found.elapsed_days, found.calendar_days) == (0.0, 1)


def test_the_summary_names_what_is_under_way_and_how_long_things_took() -> None:
    found = analysis(facts(ISSUES, CHANGES), window=1).flow
    assert isinstance(found, FlowSummary)
    assert (found.wip_count, found.wip_keys) == (1, ("X4",))
    assert (found.by_status, found.by_type) == ({"Review": 1}, {"Bug": 1})
    # The one full week is that from 2 March; X1 to X3 and, since, X2 and X5 were finished.
    assert [one.key for one in found.cycle_times] == ["X3", "X1", "X2", "X5"]
    assert found.percentiles == {50: 4, 70: 8, 85: 8, 95: 8}
    assert (found.finished, found.window_days) == (4, 12)


def test_weekly_numbers_have_no_flow_and_say_why() -> None:
    found = analysis(facts(weeks=[Week(day("03-02"), completed_items=3)])).flow
    assert isinstance(found, NotEnoughData)
    assert "single items" in found.reason


@given(histories())
def test_the_states_of_the_flow_add_up_to_the_scope_of_the_burndown(
    history: tuple[list[Issue], list[Change]],
) -> None:
    first, last = day("03-01"), day("04-30")
    built = items_of(*history)
    burndown = burndown_of_items(built, CALENDAR, Unit.ITEMS, last, first)
    assert burndown is not None
    for one, other in zip(cumulative_flow(built, CALENDAR, first, last), burndown.days, strict=True):
        assert one.todo + one.in_progress + one.done == other.scope
        assert one.done == other.done


@given(histories())
def test_arrivals_never_fall_and_each_stage_comes_after_the_one_before(
    history: tuple[list[Issue], list[Change]],
) -> None:
    days = arrivals(items_of(*history), CALENDAR, day("03-01"), day("04-30"))
    for before, after in pairwise(days):
        assert after.day - before.day == timedelta(days=1)
        assert before.todo <= after.todo
        assert before.in_progress <= after.in_progress
        assert before.done <= after.done
        assert after.todo >= after.in_progress >= after.done
