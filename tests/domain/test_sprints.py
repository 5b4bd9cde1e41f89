from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.recorded import recorded
from app.domain.sprints import SprintResult, Sprints, State, Velocity
from store.records import Category, Change, Issue, Sprint
from tests.domain.build import analysis, at, day, done, facts, moves
from tests.domain.strategies import STATUSES

SPRINT = Sprint("S", "7", "active", at("03-26 00:00"), at("04-10 00:00"))


def of_sprint(
    issues: list[Issue], changes: list[Change], sprint: Sprint = SPRINT, now: str = "04-20", **params: Any
) -> SprintResult:
    sprints = analysis(
        facts(issues, changes, sprints=[sprint]), now=at(now), **({"unit": Unit.POINTS} | params)
    ).sprints
    assert isinstance(sprints, Sprints)
    return sprints.sprints[0]


def in_sprint(key: str, *steps: tuple[str, str]) -> list[Change]:
    return moves(key, ("", ""), *steps, field="sprint")


def amounts(sprint: SprintResult) -> tuple[float, float, float, float, float]:
    return sprint.committed, sprint.added, sprint.removed, sprint.completed, sprint.remaining


def test_what_leaves_after_the_start_was_committed_and_removed() -> None:
    issues = [Issue("A", points=5, created=at("03-01")), Issue("B", points=7, created=at("03-01"))]
    changes = in_sprint("A", ("03-24", "S"), ("03-27", "")) + in_sprint("B", ("03-25", "S"))
    sprint = of_sprint(issues, changes)
    assert amounts(sprint) == (12, 0, 5, 0, 7)
    assert (sprint.committed_keys, sprint.removed_keys, sprint.remaining_keys) == (("A", "B"), ("A",), ("B",))


@pytest.mark.parametrize(("points", "expected"), [(5, (12, 0, 0, 5, 7)), (0, (7, 0, 0, 0, 7))])
def test_what_is_finished_in_it_is_completed(points: float, expected: tuple[float, ...]) -> None:
    issues = [done("A", points=points, created=at("03-01")), Issue("B", points=7, created=at("03-01"))]
    changes = in_sprint("A", ("03-24", "S")) + in_sprint("B", ("03-25", "S"))
    changes += moves("A", ("", "To Do"), ("03-27", "Done"))
    sprint = of_sprint(issues, changes)
    assert amounts(sprint) == expected
    assert sprint.completed_keys == ("A",)


def test_what_comes_at_the_instant_of_the_start_is_added() -> None:
    sprint = of_sprint([Issue("A", points=5, created=at("03-01"))], in_sprint("A", ("03-26 00:00", "S")))
    assert amounts(sprint) == (0, 5, 0, 0, 5)


def test_what_is_finished_at_the_instant_of_the_close_is_carried_over() -> None:
    closed = replace(SPRINT, state="closed", completed=SPRINT.end)
    for finish, completed in (("04-09 23:59", 5), ("04-10 00:00", 0)):
        changes = in_sprint("A", ("03-24", "S")) + moves("A", ("", "To Do"), (finish, "Done"))
        sprint = of_sprint([done("A", points=5, created=at("03-01"))], changes, closed)
        assert amounts(sprint) == (5, 0, 0, completed, 5 - completed)


def test_an_estimate_changed_after_the_finish_changes_nothing() -> None:
    changes = in_sprint("A", ("03-24", "S")) + moves("A", ("", "To Do"), ("03-27", "Done"))
    changes.append(Change("A", at("03-28"), "points", "5", "8"))
    assert amounts(of_sprint([done("A", points=8, created=at("03-01"))], changes)) == (5, 0, 0, 5, 0)


def test_nothing_after_the_close_counts() -> None:
    sprint = replace(SPRINT, state="closed", completed=at("04-10 00:00"))
    changes = [*in_sprint("A", ("03-25", "S"), ("04-11", "T")), Change("A", at("04-11"), "points", "5", "3")]
    changes += moves("A", ("", "To Do"), ("04-12", "Done"))
    result = of_sprint([done("A", points=3, created=at("03-01"))], changes, sprint)
    assert amounts(result) == (5, 0, 0, 0, 5)
    assert (result.state, result.carried_over, result.carried_over_keys) == (State.CLOSED, 5, ("A",))
    assert result.closed == day("04-10")


def test_an_item_that_never_was_in_it_and_one_that_was_done_before_count_nothing() -> None:
    issues = [Issue("A", points=3, created=at("03-01")), done("B", points=2, created=at("03-01"), sprints=("S",))]
    sprint = of_sprint(issues, moves("B", ("", "To Do"), ("03-20", "Done")))
    assert amounts(sprint) == (0, 0, 0, 0, 0)
    assert sprint.done_before_keys == ("B",)


def test_two_changes_that_both_name_it_are_one_entry_and_one_that_names_another_an_exit() -> None:
    twice = in_sprint("A", ("03-27", "S"), ("03-28", "S, T"), ("03-29", ""), ("03-30", "T"))
    assert amounts(of_sprint([Issue("A", points=5, created=at("03-01"))], twice)) == (0, 5, 5, 0, 0)


def test_an_item_created_in_it_without_a_change_was_in_it_from_creation() -> None:
    sprint = of_sprint([Issue("A", points=5, created=at("03-28"), sprints=("S",))], [])
    assert (sprint.added, sprint.added_keys) == (5, ("A",))


def test_a_name_with_a_comma_is_one_sprint() -> None:
    sprint = replace(SPRINT, name="Spring, early")
    changes = in_sprint("A", ("03-24", "Other, Spring, early"))
    assert of_sprint([Issue("A", points=5, created=at("03-01"))], changes, sprint).committed == 5


def test_what_is_reopened_remains_at_its_size_of_then() -> None:
    changes = in_sprint("A", ("03-24", "S"))
    changes += moves("A", ("", "To Do"), ("03-27", "Done"), ("03-29", "In Progress"))
    changes.append(Change("A", at("03-28"), "points", "5", "8"))
    sprint = of_sprint([Issue("A", points=8, created=at("03-01"), status="To Do")], changes)
    assert amounts(sprint) == (5, 0, 0, 0, 8)
    assert (sprint.reestimated, sprint.reestimated_keys) == (3, ("A",))


def test_what_is_given_up_in_it_is_removed_and_not_completed() -> None:
    changes = in_sprint("A", ("03-24", "S")) + moves("A", ("", "To Do"), ("03-30", "Cancelled"))
    sprint = of_sprint([done("A", points=5, created=at("03-01"), sprints=("S",), resolution="Won't do")], changes)
    assert amounts(sprint) == (5, 0, 5, 0, 0)


def test_on_a_past_day_a_sprint_is_what_was_known_then() -> None:
    sprint = replace(SPRINT, state="closed", completed=at("04-10 00:00"))
    changes = in_sprint("A", ("03-24", "S")) + moves("A", ("", "To Do"), ("03-30", "Done"))
    result = of_sprint([done("A", points=5, created=at("03-01"))], changes, sprint, as_of=day("03-29"))
    assert (result.state, result.carried_over, result.completed, result.remaining) == (State.ACTIVE, None, 0, 5)
    nothing = analysis(facts([done("A", created=at("03-01"))], changes, sprints=[sprint]), as_of=day("03-20")).sprints
    assert isinstance(nothing, NotEnoughData)


def test_without_dates_or_sprints_the_answer_says_what_is_missing() -> None:
    undated = analysis(facts([Issue("A", created=at("03-01"), sprints=("S",))], sprints=[Sprint("S")])).sprints
    assert isinstance(undated, NotEnoughData)
    assert "when they began" in undated.reason or "1 sprint is named" in undated.reason
    none = analysis(facts([Issue("A", created=at("03-01"))])).sprints
    assert isinstance(none, NotEnoughData)
    assert "names a sprint" in none.reason


# The sprint of the documentation: A, B, C and the unestimated D; E comes and goes, B is reopened, C shrinks.
def documented() -> tuple[list[Issue], list[Change]]:
    issues = [
        done("A", points=5, created=at("02-01")),
        done("B", points=3, created=at("02-01")),
        done("C", points=5, created=at("02-01")),
        Issue("D", points=3, created=at("02-01")),
        Issue("E", points=2, created=at("02-01")),
    ]
    changes = [change for key in "ABCD" for change in in_sprint(key, ("02-20", "S"))]
    changes += in_sprint("E", ("03-04 10:00", "S"), ("03-10 10:00", ""))
    changes += moves("A", ("", "To Do"), ("03-03 10:00", "Done"))
    changes += moves("B", ("", "To Do"), ("03-06 10:00", "Done"), ("03-09 10:00", "To Do"), ("03-11 10:00", "Done"))
    changes += moves("C", ("", "To Do"), ("03-12 10:00", "Done"))
    changes.append(Change("D", at("03-05 10:00"), "points", None, "3"))
    changes.append(Change("C", at("03-06 10:00"), "points", "8", "5"))
    return issues, changes


DOCUMENTED = Sprint("S", "9", "active", at("03-02 08:00"), at("03-13 18:00"))


def test_the_burndown_of_the_documented_sprint_in_points() -> None:
    sprint = of_sprint(*documented(), DOCUMENTED, "03-13 20:00")
    working = [each for each in sprint.days if each.day.weekday() < 5 or each.day == day("03-01")]
    assert [(each.scope, each.done, each.remaining) for each in working] == [
        (16, 0, 16), (16, 0, 16), (16, 5, 11), (18, 5, 13), (21, 5, 16), (18, 8, 10),
        (18, 5, 13), (16, 5, 11), (16, 8, 8), (16, 13, 3), (16, 13, 3),
    ]  # fmt: skip
    assert [each.ideal for each in working] == pytest.approx([16 - 1.6 * number for number in range(11)])
    assert [each.unestimated for each in working] == [1, 1, 1, 1] + [0] * 7
    assert (sprint.committed, sprint.added, sprint.removed) == (16, 2, 2)
    assert (sprint.reestimated, sprint.reestimated_up, sprint.reestimated_down) == (0, 3, -3)
    assert (sprint.completed, sprint.remaining, sprint.id) == (13, 3, "9")


def test_the_burndown_of_the_documented_sprint_in_items() -> None:
    sprint = of_sprint(*documented(), DOCUMENTED, "03-13 20:00", unit=Unit.ITEMS)
    working = [each for each in sprint.days if each.day.weekday() < 5 or each.day == day("03-01")]
    assert [(each.scope, each.done, each.remaining) for each in working] == [
        (4, 0, 4), (4, 0, 4), (4, 1, 3), (5, 1, 4), (5, 1, 4), (5, 2, 3),
        (5, 1, 4), (4, 1, 3), (4, 2, 2), (4, 3, 1), (4, 3, 1),
    ]  # fmt: skip


def test_velocity_is_the_middle_and_the_range_of_the_closed_sprints() -> None:
    sprints, issues, changes = [], [], []
    for number, amount in enumerate((2, 5, 3, 9)):
        start = at("01-05 09:00") + timedelta(weeks=number)
        end = start + timedelta(days=4)
        sprints.append(Sprint(f"S{number}", str(number), "closed", start, end, end))
        for place in range(amount):
            key = f"A-{number}-{place}"
            issues.append(done(key, created=start - timedelta(days=3), sprints=(f"S{number}",)))
            changes.append(Change(key, start + timedelta(days=1), "status", "To Do", "Done"))
    sprints.append(Sprint("now", "99", "active", at("03-12"), at("03-20")))
    result = analysis(facts(issues, changes, sprints=sprints)).sprints
    assert isinstance(result, Sprints)
    assert (result.velocity.n, result.velocity.median, result.velocity.low, result.velocity.high) == (4, 4.0, 2, 9)
    assert [sprint.id for sprint in result.sprints] == ["99", "3", "2", "1", "0"]
    assert result.current is not None
    assert result.current.name == "now"


def test_what_a_week_keeps_of_the_sprints_is_their_velocity_and_works_out_no_more_of_them() -> None:
    a_day = timedelta(days=1)
    # Begun in another order than they are listed in; two of them on a day, and two that are not closed.
    starts = [at("01-05 09:00") + ((number * 7) % 15) * 2 * a_day for number in range(15)]
    dated = [
        Sprint(f"S{n}", str(n % 9), "closed", start, start + a_day, start + a_day) for n, start in enumerate(starts)
    ]
    dated += [Sprint("twin", "3", "closed", starts[3], starts[3] + 2 * a_day, starts[3] + a_day)]
    dated += [Sprint("now", "99", "active", at("03-12"), at("03-20")), Sprint("later", "7", "future")]
    issues = [
        done(f"A-{n}-{place}", created=start - 3 * a_day, sprints=(f"S{n}",) if place else (f"S{n}", "twin"))
        for n, start in enumerate(starts)
        for place in range(n + 1)
    ]
    changes = [Change(i.key, starts[int(i.key.split("-")[1])] + a_day / 2, "status", "To Do", "Done") for i in issues]
    whole, alone = (analysis(facts(issues, changes, sprints=dated)) for _ in range(2))
    assert isinstance(whole.sprints, Sprints)
    assert alone.velocity == whole.sprints.velocity
    assert isinstance(alone.velocity, Velocity)
    assert alone.velocity.n == 10
    assert len(whole.sprints.sprints) == 17
    kept = {each.metric: each.values for each in alone.snapshot()}["sprints"]
    assert kept == recorded("sprints", whole.sprints, whole.known)["sprints"]
    assert "sprints" not in vars(alone)


def test_without_sprints_a_week_keeps_nothing_of_them() -> None:
    for sprints in ([], [Sprint("nobody knows when")], [Sprint("later", "1", "future", at("03-30"))]):
        of_them = analysis(facts([done("A-1")], sprints=sprints))
        assert of_them.velocity == of_them.sprints
        assert "sprints" not in {each.metric for each in of_them.snapshot()}


INSTANTS = st.integers(0, 40 * 24).map(lambda hours: at("03-15 00:00") + timedelta(hours=hours))


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Issue], list[Change]]:
    """Up to five items that wander through sprints, statuses and estimates around the sprint."""
    issues, changes = [], []
    for number in range(draw(st.integers(1, 5))):
        key = f"A-{number}"
        now = {"status": "To Do", "points": "3", "sprint": draw(st.sampled_from(["", "S", "T"]))}
        for moment in sorted(draw(st.lists(INSTANTS, max_size=8, unique=True))):
            field = draw(st.sampled_from(["status", "points", "sprint"]))
            choices = {"status": list(STATUSES), "points": ["", "1", "8"], "sprint": ["", "S", "T", "S, T"]}[field]
            value = draw(st.sampled_from(choices))
            changes.append(Change(key, moment, field, now[field], value))
            now[field] = value
        sprints = tuple(name for name in now["sprint"].split(", ") if name)
        status = now["status"]
        points = float(now["points"]) if now["points"] else None
        issues.append(
            Issue(key, status=status, category=STATUSES[status], created=at("03-10"), points=points, sprints=sprints)
        )
    return issues, changes


@given(stories(), st.sampled_from(list(Unit)), st.booleans())
def test_what_remains_is_what_was_promised_and_what_happened_since(
    story: tuple[list[Issue], list[Change]], unit: Unit, is_closed: bool
) -> None:
    sprint = replace(SPRINT, state="closed", completed=SPRINT.end) if is_closed else SPRINT
    result = of_sprint(*story, sprint, "04-30", unit=unit)
    left = result.committed + result.added + result.reestimated - result.removed - result.completed
    assert left == result.remaining == result.days[-1].remaining
    assert result.days[0].remaining == result.committed
    assert result.completed == result.days[-1].done


@given(stories(), INSTANTS)
def test_what_happens_after_the_close_changes_no_number(
    story: tuple[list[Issue], list[Change]], close: datetime
) -> None:
    sprint = Sprint("S", "7", "closed", at("03-10 00:00"), close, close)
    issues, changes = story
    before = of_sprint(issues, changes, sprint, "05-30")
    later = [Change(issue.key, at("05-10"), "sprint", ", ".join(issue.sprints), "U") for issue in issues]
    later += [Change(issue.key, at("05-11"), "status", issue.status, "Done") for issue in issues]
    now = [replace(issue, sprints=("U",), status="Done", category=Category.DONE) for issue in issues]
    assert of_sprint(now, [*changes, *later], sprint, "05-30") == before
