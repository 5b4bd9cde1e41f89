from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.decisions import Checkpoint, Decisions
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from tests.domain.build import analysis, day, facts, finished_each_week, issue
from tests.examples import examples

MONDAY = date(2026, 1, 5)


def decided(weeks: list[int], left: int, deadline: date | None, **params: Any) -> Decisions | NotEnoughData:
    known = facts(finished_each_week(weeks, MONDAY) + [issue(f"L-{number}", "01-05") for number in range(left)])
    return analysis(known, **({"as_of": day("03-09"), "deadline": deadline, "method": Method.PLAIN} | params)).decisions


def test_a_checkpoint_is_what_must_be_done_for_the_rest_to_fit_into_the_weeks_that_are_left() -> None:
    """Two a week, eight weeks, 12 left: 8 × 2 = 16 fit. After 3 weeks 5 × 2 = 10 still do, so 2 must be done."""
    decisions = decided([2] * 9, 12, day("05-04"))
    assert isinstance(decisions, Decisions)
    assert [each for each in decisions.checkpoints if each.day <= day("04-13")] == [
        Checkpoint(day("03-30"), 2), Checkpoint(day("04-06"), 4), Checkpoint(day("04-13"), 6)
    ]  # fmt: skip
    assert decisions.checkpoints[-1] == Checkpoint(day("05-04"), 12)


def test_of_a_steady_team_waiting_costs_nothing_and_what_does_not_fit_has_to_go() -> None:
    decisions = decided([2] * 9, 20, day("05-04"))
    assert isinstance(decisions, Decisions)
    assert [(each.weeks, each.day, each.drop) for each in decisions.waiting] == [
        (0, day("03-09"), 4),
        (4, day("04-06"), 4),
    ]


def test_of_an_uneven_team_what_is_put_off_costs_more() -> None:
    decisions = decided([0, 6, 1, 9, 0, 3, 0, 8, 0], 40, day("07-06"))
    assert isinstance(decisions, Decisions)
    drops = [each.drop for each in decisions.waiting]
    assert len(drops) == 4
    assert drops[0] < drops[1]


def test_without_a_deadline_or_with_one_that_is_past_there_is_nothing_to_decide() -> None:
    for deadline in (None, day("03-10"), day("01-10")):
        assert isinstance(decided([2] * 9, 5, deadline), NotEnoughData)


@settings(max_examples=examples(25))
@given(st.lists(st.integers(0, 6), min_size=9, max_size=9).filter(any), st.integers(1, 60), st.integers(1, 40))
def test_checkpoints_never_fall_and_end_with_all_that_is_left(weeks: list[int], left: int, ahead: int) -> None:
    decisions = decided(weeks, left, date.fromordinal(day("03-09").toordinal() + 7 * ahead), trials=60)
    assert isinstance(decisions, Decisions)
    amounts = [each.finished for each in decisions.checkpoints]
    assert amounts == sorted(amounts)
    assert amounts[-1] == decisions.left
    assert all(0 <= each.drop <= decisions.left for each in decisions.waiting)
