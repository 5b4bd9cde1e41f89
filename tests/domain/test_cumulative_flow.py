from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app.domain.cumulative_flow as cumulative_flow_module
from app.domain.burndown import burndown_of_items
from app.domain.cumulative_flow import CumulativeFlow, FlowDay, arrived_keys, cumulative_flow, little, net_flow
from app.domain.items import Unit
from store.records import Category, Change, Issue
from tests.domain.build import CALENDAR, at, day, issue, items_of, moves
from tests.domain.five_items import CHANGES, ISSUES
from tests.domain.strategies import histories, loose_issues

FIRST, LAST = day("03-02"), day("03-13")


def categories(days: tuple[FlowDay, ...]) -> list[tuple[int, int, int]]:
    return [(each.todo, each.in_progress, each.done) for each in days]


@pytest.fixture
def counted() -> CumulativeFlow:
    return cumulative_flow(items_of(ISSUES, CHANGES), CALENDAR, FIRST, LAST)


def test_the_state_counts_categories_at_the_end_of_each_day(counted: CumulativeFlow) -> None:
    assert categories(counted.state) == [
        (2, 1, 0), (3, 1, 0), (2, 2, 0), (1, 2, 1), (1, 1, 3), (1, 1, 3),
        (1, 1, 3), (0, 3, 2), (0, 3, 2), (0, 2, 3), (0, 2, 3), (0, 1, 4),
    ]  # fmt: skip


def test_the_state_counts_statuses_too(counted: CumulativeFlow) -> None:
    assert dict(counted.state[0].statuses) == {"Backlog": 2, "In Progress": 1}
    assert dict(counted.state[8].statuses) == {"Blocked": 1, "Done": 2, "In Progress": 1, "Review": 1}


def test_arrivals_count_each_item_once_in_each_stage(counted: CumulativeFlow) -> None:
    # Came: X1 X2 X4, X3, X5. Started: X4, X1, X2, X3 (straight to done), X5. First finished: X3, X1 and X2, X5.
    assert categories(counted.arrivals) == [
        (3, 1, 0), (4, 2, 0), (4, 3, 0), (4, 4, 1), (5, 5, 3), (5, 5, 3),
        (5, 5, 3), (5, 5, 3), (5, 5, 3), (5, 5, 3), (5, 5, 3), (5, 5, 4),
    ]  # fmt: skip
    assert dict(counted.arrivals[-1].statuses) == {"Backlog": 5, "Blocked": 1, "Done": 4, "In Progress": 4, "Review": 2}


def test_going_back_and_forth_counts_as_one_arrival() -> None:
    history = moves("A", ("", "New"), ("03-02", "Build"), ("03-04", "Check"), ("03-06", "Build"), ("03-08", "Check"))
    counted = cumulative_flow(
        items_of([Issue("A", created=at("03-01"))], history), CALENDAR, day("03-03"), day("03-09")
    )
    assert [each.statuses.get("Build", 0) for each in counted.arrivals] == [1] * 7
    assert [each.statuses.get("Check", 0) for each in counted.arrivals] == [0, 1, 1, 1, 1, 1, 1]


def test_a_later_window_begins_with_what_was_there_before(counted: CumulativeFlow) -> None:
    later = cumulative_flow(items_of(ISSUES, CHANGES), CALENDAR, day("03-09"), LAST)
    assert later.state == counted.state[7:]
    assert later.arrivals == counted.arrivals[7:]
    assert later.total_age == counted.total_age[7:]


def test_the_total_age_adds_up_what_is_in_progress(counted: CumulativeFlow) -> None:
    # 2 March: X4, one day. 3 March: X1. 4 March: X1 two days, X2 one. 10 March: X4 nine, X2 seven, X5 five.
    assert counted.total_age[:3] == (1, 1, 3)
    assert counted.total_age[8] == 9 + 7 + 5


def test_an_item_without_a_history_is_where_its_dates_say() -> None:
    built = items_of([issue("A", "03-02", "03-05", started=at("03-03")), issue("B", "03-04")])
    counted = cumulative_flow(built, CALENDAR, FIRST, day("03-06"))
    assert categories(counted.state) == [(1, 0, 0), (0, 1, 0), (1, 1, 0), (1, 0, 1), (1, 0, 1)]


def test_an_item_that_left_is_in_no_state_but_had_arrived() -> None:
    gone = Issue("A", created=at("03-02"), in_query=False, left_query=at("03-04"))
    counted = cumulative_flow(items_of([gone]), CALENDAR, FIRST, day("03-05"))
    assert [each.todo for each in counted.state] == [1, 1, 0, 0]
    assert [each.todo for each in counted.arrivals] == [1, 1, 1, 1]


def test_littles_law_gives_five_days_for_the_five_items(counted: CumulativeFlow) -> None:
    result = little(counted.state, 4, [3.0, 5.0])
    assert result is not None
    assert result.mean_wip == pytest.approx(1.6667, abs=5e-5)
    assert result.done_per_day == pytest.approx(0.3333, abs=5e-5)
    assert (result.implied_days, result.measured_days) == pytest.approx((5.0, 4.0))
    assert little((), 0) is None
    nothing = little(counted.state, 0)
    assert nothing is not None
    assert (nothing.implied_days, nothing.measured_days) == (None, None)


def test_net_flow_names_what_was_started_and_what_was_finished_each_week() -> None:
    weeks = net_flow(items_of(ISSUES, CHANGES), CALENDAR, [day("03-02"), day("03-09")])
    assert [(week.arrived_keys, week.left_keys) for week in weeks] == [
        (("X1", "X2", "X3", "X4", "X5"), ("X1", "X3")),
        ((), ("X2", "X5")),
    ]
    assert [(week.arrived, week.left) for week in weeks] == [(5, 2), (0, 2)]


@given(histories())
def test_the_states_add_up_to_the_scope_of_the_burndown(history: tuple[list[Issue], list[Change]]) -> None:
    first, last = day("03-01"), day("04-30")
    built = items_of(*history)
    burndown = burndown_of_items(built, CALENDAR, Unit.ITEMS, last, first)
    assert burndown is not None
    for each, other in zip(cumulative_flow(built, CALENDAR, first, last).state, burndown.days, strict=True):
        assert each.todo + each.in_progress + each.done == other.scope
        assert each.done == other.done
        assert sum(each.statuses.values()) <= other.scope


@given(loose_issues())
def test_the_last_state_is_what_the_items_are_in(history: tuple[list[Issue], list[Change]]) -> None:
    built = items_of(*history)
    last = day("05-30")
    (end,) = cumulative_flow(built, CALENDAR, last, last).state
    inside = [item for item in built if item.in_scope]
    assert end.done == sum(item.done is not None for item in inside)
    assert end.in_progress == sum(item.done is None and item.category is Category.IN_PROGRESS for item in inside)


@given(histories(), st.integers(0, 59))
def test_a_window_shows_the_same_days_as_all_of_the_time(history: tuple[list[Issue], list[Change]], skip: int) -> None:
    first, last = day("03-01"), day("04-30")
    built = items_of(*history)
    whole = cumulative_flow(built, CALENDAR, first, last)
    part = cumulative_flow(built, CALENDAR, first + timedelta(days=skip), last)
    assert (part.state, part.arrivals, part.total_age) == (
        whole.state[skip:],
        whole.arrivals[skip:],
        whole.total_age[skip:],
    )


@given(histories())
def test_arrivals_never_fall_and_each_stage_comes_after_the_one_before(
    history: tuple[list[Issue], list[Change]],
) -> None:
    days = cumulative_flow(items_of(*history), CALENDAR, day("03-01"), day("04-30")).arrivals
    for before, after in pairwise(days):
        assert after.day - before.day == timedelta(days=1)
        assert before.todo <= after.todo
        assert before.in_progress <= after.in_progress
        assert before.done <= after.done
        assert after.todo >= after.in_progress >= after.done
        assert all(after.statuses.get(status, 0) >= count for status, count in before.statuses.items())


def test_of_very_many_statuses_the_largest_have_lines_and_the_others_one_together(
    counted: CumulativeFlow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cumulative_flow_module, "MOST_STATUSES", 2)
    few = cumulative_flow(items_of(ISSUES, CHANGES), CALENDAR, FIRST, LAST)
    assert set(few.arrivals[-1].statuses) == {"Backlog", "Done", "3 other statuses"}
    assert few.arrivals[-1].statuses["3 other statuses"] == 1 + 4 + 2
    for shown, whole in zip((*few.state, *few.arrivals), (*counted.state, *counted.arrivals), strict=True):
        assert sum(shown.statuses.values()) == sum(whole.statuses.values())
        assert (shown.todo, shown.in_progress, shown.done) == (whole.todo, whole.in_progress, whole.done)


@given(histories(), st.integers(0, 59))
def test_the_items_that_came_somewhere_are_as_many_as_the_arrivals_say(
    history: tuple[list[Issue], list[Change]], skip: int
) -> None:
    first, last = day("03-01") + timedelta(days=skip), day("04-30")
    built = items_of(*history)
    days = cumulative_flow(built, CALENDAR, first, last).arrivals
    for category in Category:
        counts = [getattr(each, category.value) for each in days]
        assert len(arrived_keys(built, CALENDAR, category, last)) == counts[-1]
        assert len(arrived_keys(built, CALENDAR, category, last, first)) == counts[-1] - counts[0]
