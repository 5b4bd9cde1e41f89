import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given

from app.domain.insights import Insight, State
from app.domain.items import Unit
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from store.records import Category, Change, Issue, QueryFacts, Week
from tests.domain.build import analysis, at, day, done, facts, finished_each_week, issue, moves
from tests.domain.strategies import loose_issues

MONDAY = date(2026, 1, 5)
STEADY = finished_each_week([4] * 12, MONDAY)
LEFT = [issue(f"O-{number}", "01-05") for number in range(8)]
NOW = day("03-30")


def checks(known: QueryFacts, **params: Any) -> dict[str, Insight]:
    insights = analysis(known, **(dict[str, Any]({"as_of": NOW, "method": Method.PLAIN}) | params)).insights
    assert isinstance(insights, tuple)
    return {check.rule: check for check in insights}


def test_a_deadline_that_is_met_too_seldom_is_open_with_the_weeks_it_is_late() -> None:
    # Eight left at four a week: done on 13 April, whatever comes.
    late = checks(facts(STEADY + LEFT), deadline=day("04-06"))["deadline"]
    assert (late.state, late.threshold, late.evidence, late.effect_weeks) == (State.OPEN, 0.85, 0.0, 1.0)
    assert len(late.keys) == 8
    met = checks(facts(STEADY + LEFT), deadline=day("04-20"))["deadline"]
    assert (met.state, met.evidence, met.effect_weeks) == (State.FINE, 1.0, None)


def test_a_deadline_that_is_past_is_missed_while_work_remains() -> None:
    past = checks(facts(STEADY + LEFT), deadline=day("03-20"))["deadline"]
    assert (past.state, past.evidence) == (State.OPEN, 0.0)
    assert "is past and work remains" in past.text
    assert checks(facts(STEADY), deadline=day("03-20"))["deadline"].state is State.FINE
    stopped = checks(facts(LEFT), deadline=day("03-20"))["deadline"]
    assert (stopped.state, stopped.evidence) == (State.OPEN, 0.0)


def test_a_check_without_anything_to_look_at_is_neither_fine_nor_open() -> None:
    insights = checks(facts(STEADY + LEFT))
    assert (insights["deadline"].state, insights["deadline"].evidence) == (State.NO_DATA, None)
    assert insights["old_items"].state is State.NO_DATA
    assert insights["bugs"].state is State.NO_DATA


def test_more_coming_in_than_going_out_says_how_much_longer_it_takes() -> None:
    extra = [
        issue(f"N-{week}-{number}", (MONDAY + timedelta(weeks=week)).isoformat()[5:])
        for week in range(12)
        for number in range(2)
    ]
    insight = checks(facts(STEADY + LEFT + extra))["net_flow"]
    # Six come and four go each week; no end in sight, so no weeks are named.
    assert (insight.state, insight.evidence, insight.threshold, insight.effect_weeks) == (State.OPEN, 12, 6, None)
    assert checks(facts(STEADY + LEFT))["net_flow"].state is State.FINE


def test_a_pace_that_fell_names_the_weeks_it_costs() -> None:
    slower = finished_each_week([4] * 8 + [1] * 4, MONDAY)
    insight = checks(facts(slower + LEFT))["pace"]
    # Three a week in the window, one lately: eight weeks instead of two and two thirds.
    assert insight.state is State.OPEN
    assert insight.evidence == pytest.approx(1 / 3)
    assert insight.effect_weeks == pytest.approx(8 - 8 / 3)
    assert checks(facts(STEADY + LEFT))["pace"].state is State.FINE


def test_old_blocked_and_stalled_items_are_named() -> None:
    changes: list[Change] = []
    issues = []
    for number in range(10):
        key = f"D-{number}"
        issues.append(done(key, created=at("02-01")))
        changes += moves(key, ("", "To Do"), ("03-02", "In Progress"), ("03-04", "Done"))
    issues += [
        Issue(key, status="In Progress", category=Category.IN_PROGRESS, created=at("02-01")) for key in ("A", "B")
    ]
    changes += moves("A", ("", "To Do"), ("03-01", "In Progress")) + moves("B", ("", "To Do"), ("03-28", "In Progress"))
    changes += moves("B", ("", ""), ("03-29", "Impediment"), field="flagged")
    insights = checks(facts(issues, changes))
    assert (insights["old_items"].state, insights["old_items"].keys, insights["old_items"].evidence) == (
        State.OPEN,
        ("A",),
        0.5,
    )
    assert (insights["stalled"].state, insights["stalled"].keys) == (State.OPEN, ("A",))
    assert (insights["blocked"].state, insights["blocked"].keys) == (State.OPEN, ("B",))
    assert insights["service_level"].state is State.FINE


def test_items_closed_in_bulk_flatter_the_date() -> None:
    swept = [issue(f"S-{number}", "01-05", "02-14") for number in range(48)]
    insight = checks(facts(STEADY + LEFT + swept))["closed_in_bulk"]
    # Eight a week with the sweep, four without it: two weeks instead of one.
    assert (insight.state, insight.evidence) == (State.OPEN, 48)
    assert insight.effect_weeks == pytest.approx(1.0)
    assert insight.text == "48 items were closed in bulk, on 1 day."


def test_one_is_never_called_by_the_word_for_many() -> None:
    """A row of each check that counts: `1 items` and `1 days` are in none."""
    alone = [issue("A", "01-05", "01-20", type="Bug"), issue("B", "01-05", type="Bug")]
    for known in (alone, [*alone, issue("C", "03-01")], STEADY + LEFT):
        for each in checks(facts(known)).values():
            assert not re.search(r"(?<![\d.])(?<!of )1 (?:items are|items were|bugs are|days|weeks)", each.text), (
                each.text
            )


def test_dates_that_contradict_each_other_are_a_check_of_their_own() -> None:
    wrong = [issue(f"W-{number}", "03-20", "03-10") for number in range(6)]
    insight = checks(facts(STEADY + LEFT + wrong))["dates"]
    assert (insight.state, insight.keys) == (State.OPEN, tuple(f"W-{number}" for number in range(6)))
    assert insight.evidence == pytest.approx(6 / 54)


def test_data_that_ended_long_ago_say_when() -> None:
    insight = checks(facts(STEADY + LEFT), as_of=day("06-01"))["stale"]
    # The last finish was on Wednesday, 25 March.
    assert (insight.state, insight.evidence) == (State.OPEN, 67)
    assert "2026-03-25" in insight.text


def test_points_that_are_missing_cost_as_many_weeks_as_their_share() -> None:
    issues = [Issue(each.key, created=each.created, resolved=each.resolved, points=1) for each in STEADY]
    left = [issue(f"O-{number}", "01-05", points=1 if number < 4 else None) for number in range(8)]
    insight = checks(facts(issues + left), unit=Unit.POINTS)["unestimated"]
    assert (insight.state, insight.keys) == (State.OPEN, ("O-4", "O-5", "O-6", "O-7"))
    assert insight.effect_weeks == pytest.approx(1.0)


def test_open_checks_come_first_and_the_costliest_in_front() -> None:
    slower = finished_each_week([4] * 8 + [1] * 4, MONDAY)
    insights = analysis(facts(slower + LEFT), as_of=NOW, deadline=day("04-06"), method=Method.PLAIN).insights
    assert isinstance(insights, tuple)
    states = [list(State).index(check.state) for check in insights]
    assert states == sorted(states)
    opened = [check.effect_weeks or 0.0 for check in insights if check.state is State.OPEN]
    assert opened == sorted(opened, reverse=True)


def test_weekly_numbers_are_checked_as_far_as_they_go() -> None:
    weeks = [Week(MONDAY + timedelta(weeks=number), completed_items=4, created_items=6) for number in range(12)]
    insights = checks(facts(weeks=weeks, scope={"remaining_items": 8}))
    assert insights["net_flow"].state is State.OPEN
    assert insights["old_items"].state is State.NO_DATA
    assert isinstance(analysis(facts()).insights, NotEnoughData)


@given(loose_issues())
def test_every_check_names_threshold_and_evidence_and_only_open_ones_cost_weeks(
    history: tuple[list[Issue], list[Change]],
) -> None:
    insights = analysis(facts(*history), as_of=day("05-30"), deadline=day("06-15"), trials=50).insights
    for check in insights if isinstance(insights, tuple) else ():
        assert (check.evidence is None) == (check.state is State.NO_DATA)
        assert check.effect_weeks is None or check.state is State.OPEN
        assert check.text
