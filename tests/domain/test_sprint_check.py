from dataclasses import replace
from datetime import date

from app.domain.items import Unit
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from app.domain.sprint_check import SprintCheck
from tests.domain.build import analysis, day, facts, finished_each_week, issue

MONDAY = date(2026, 1, 5)
# Two or four a week, so in two weeks 4, 6 or 8 with 1, 2 and 1 in four.
UNEVEN = finished_each_week([2, 4] * 4, MONDAY)
OPEN = [issue(f"L-{number}", f"01-{10 + number}") for number in range(9)]


def checked(keys: list[str], unit: Unit = Unit.ITEMS) -> SprintCheck | NotEnoughData:
    known = facts([*(replace(each, points=1.0) for each in UNEVEN), *OPEN])
    return analysis(known, as_of=day("03-02"), unit=unit, method=Method.PLAIN).sprint_check(keys, 2)


def test_the_chance_of_a_plan_and_what_two_less_would_do() -> None:
    sprint_check = checked([f"l-{number}" for number in range(8)])
    assert isinstance(sprint_check, SprintCheck)
    assert (sprint_check.size, sprint_check.chance) == (8, 0.25)
    # Both of those that are taken last, the newest.
    assert (sprint_check.leave_out, sprint_check.chance_without) == (("L-7", "L-6"), 0.75)


def test_what_is_done_unknown_or_named_twice_is_told_and_not_counted() -> None:
    sprint_check = checked(["L-1", "L-1 ", "A-0-0", "X-9", ""])
    assert isinstance(sprint_check, SprintCheck)
    assert (sprint_check.size, sprint_check.keys, sprint_check.done, sprint_check.unknown) == (
        1,
        ("L-1",),
        ("A-0-0",),
        ("X-9",),
    )
    assert sprint_check.chance == 1.0


def test_no_keys_is_an_answer_too_and_open_work_without_points_is_named() -> None:
    assert isinstance(checked([" "]), NotEnoughData)
    sprint_check = checked(["L-1"], Unit.POINTS)
    assert isinstance(sprint_check, SprintCheck)
    assert (sprint_check.size, sprint_check.unestimated) == (0, ("L-1",))
