from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bugs import Bugs, NetFlowForecast, net_flow_forecast
from app.domain.missing import NotEnoughData
from store.records import Change, Issue, QueryFacts
from tests.domain.build import analysis, day, facts, issue
from tests.domain.strategies import histories

FILED = [
    issue("B-1", "01-05", "02-03", type="Bug", priority="High"),
    issue("B-2", "01-12", type="Bug", priority="High"),
    issue("B-3", "02-16", type="Bug", priority="Low"),
    issue("S-1", "01-05", "02-04", type="Story"),
    issue("S-2", "01-05", "02-05", type="Story"),
]


def bugs_of(known: QueryFacts, **params: Any) -> Bugs:
    bugs = analysis(known, **params).bugs
    assert isinstance(bugs, Bugs)
    return bugs


def test_open_bugs_are_counted_with_age_and_priority() -> None:
    bugs = bugs_of(facts(FILED), as_of=day("03-02"), window=8)
    assert (bugs.open, bugs.open_keys, dict(bugs.by_priority)) == (2, ("B-2", "B-3"), {"High": 1, "Low": 1})
    # From 12 January and from 16 February to 1 March, both counted.
    assert [(bug.key, bug.days) for bug in bugs.age.items] == [("B-2", 49), ("B-3", 14)]
    assert (bugs.age.n, bugs.age.median) == (2, 31.5)


def test_bugs_come_and_are_fixed_week_by_week() -> None:
    bugs = bugs_of(facts(FILED), as_of=day("03-02"), window=8)
    assert [(week.start, week.keys) for week in bugs.arrived if week.count] == [
        (day("01-05"), ("B-1",)),
        (day("01-12"), ("B-2",)),
        (day("02-16"), ("B-3",)),
    ]
    assert [(week.start, week.keys) for week in bugs.fixed if week.count] == [(day("02-02"), ("B-1",))]
    assert len(bugs.arrived) == len(bugs.fixed) == 8
    assert [(each.key, each.days) for each in bugs.fix_time.items] == [("B-1", 30)]
    assert bugs.share_of_work == pytest.approx(1 / 3)


def test_the_stock_of_a_quarter_ago_is_that_of_then() -> None:
    assert bugs_of(facts(FILED), as_of=day("05-04")).open_a_quarter_ago == 2
    assert bugs_of(facts(FILED), as_of=day("03-02")).open_a_quarter_ago is None


def test_without_a_type_that_means_bug_the_answer_names_the_types() -> None:
    bugs = analysis(facts([issue("A", "01-05", type="Wish")])).bugs
    assert isinstance(bugs, NotEnoughData)
    assert "Wish" in bugs.reason
    untyped = analysis(facts([issue("A", "01-05")])).bugs
    assert isinstance(untyped, NotEnoughData)
    assert "no types" in untyped.reason


def test_a_type_mapped_as_defect_is_a_bug() -> None:
    bugs = bugs_of(facts([issue("A", "01-05", type="Wish")], types={"Defect": {"issue_types": ["Wish"]}}))
    assert (bugs.open, bugs.types) == (1, ("Wish",))


def test_steady_weeks_leave_no_doubt_about_the_stock() -> None:
    result = net_flow_forecast(5, [(3, 2)] * 8)
    assert isinstance(result, NetFlowForecast)
    assert (result.per_week, dict(result.open), result.chance_of_fewer) == (1.0, {15: 17, 50: 17, 85: 17}, 0.0)
    falling = net_flow_forecast(5, [(1, 2)] * 8)
    assert isinstance(falling, NetFlowForecast)
    assert (dict(falling.open), falling.chance_of_fewer) == ({15: 0, 50: 0, 85: 0}, 1.0)


def test_too_few_weeks_give_no_forecast_but_its_reason() -> None:
    short = net_flow_forecast(5, [(1, 1)] * 5)
    assert isinstance(short, NotEnoughData)
    assert "5 whole weeks" in short.reason
    assert isinstance(net_flow_forecast(5, [(0, 0)] * 9), NotEnoughData)


@given(st.integers(0, 50), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=6, max_size=12))
def test_more_open_bugs_never_end_in_fewer(open_now: int, weeks: list[tuple[int, int]]) -> None:
    fewer, more = net_flow_forecast(open_now, weeks), net_flow_forecast(open_now + 1, weeks)
    if isinstance(fewer, NotEnoughData) or isinstance(more, NotEnoughData):
        assert not any(arrived or fixed for arrived, fixed in weeks)
        return
    assert all(fewer.open[level] <= more.open[level] for level in fewer.open)


@given(histories(), st.integers(0, 50))
def test_the_stock_changes_by_what_came_and_what_was_fixed(
    history: tuple[list[Issue], list[Change]], skip: int
) -> None:
    issues, changes = [each for each in history[0] if each.in_query], history[1]
    if not issues:
        return
    typed = [
        Issue(each.key, type="Bug", status=each.status, category=each.category, created=each.created) for each in issues
    ]
    as_of = day("03-16") + timedelta(days=skip)
    bugs = analysis(facts(typed, changes), as_of=as_of, window=60).bugs
    if isinstance(bugs, Bugs) and as_of.weekday() == 0:
        came, fixed = sum(week.count for week in bugs.arrived), sum(week.count for week in bugs.fixed)
        assert bugs.open == came - fixed
