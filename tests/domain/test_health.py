from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.health import Health
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from store.records import Change, Issue, QueryFacts
from tests.domain.build import analysis, at, day, done, facts, finished_each_week, issue, moves
from tests.domain.strategies import histories
from tests.examples import examples

MONDAY = date(2026, 1, 5)
STEADY = finished_each_week([4] * 12, MONDAY)
LEFT = [issue(f"O-{number}", "01-05") for number in range(8)]


def health_of(known: QueryFacts, **params: Any) -> Health:
    health = analysis(known, **(dict[str, Any]({"as_of": day("03-30"), "method": Method.PLAIN}) | params)).health
    assert isinstance(health, Health)
    return health


def scores(health: Health) -> dict[str, float]:
    return {part.name: part.score for part in health.parts}


def steady_team() -> tuple[list[Issue], list[Change]]:
    """One item is finished every working day, a day after it was started."""
    issues, changes = [], []
    for number in range(85):
        when = MONDAY + timedelta(days=number)
        if when.weekday() < 5 and when < date(2026, 3, 29):
            key, text = f"A-{number}", when.isoformat()[5:]
            issues.append(done(key, created=at(f"{text} 08:00"), type="Bug" if number % 10 == 0 else "Story"))
            changes += moves(key, ("", "To Do"), (f"{text} 09:00", "In Progress"), (f"{text} 16:00", "Done"))
    return issues, changes


def test_without_a_fault_the_number_is_a_hundred() -> None:
    health = health_of(facts(*steady_team()), deadline=day("06-01"))
    assert health.score == pytest.approx(100.0)
    assert health.parts
    assert {part.score for part in health.parts} == {1.0}


def test_the_number_is_the_weighted_mean_of_its_parts() -> None:
    health = health_of(facts(STEADY + LEFT), deadline=day("03-20"))
    numbers = scores(health)
    assert (numbers["deadline"], numbers["pace"], numbers["dates"]) == (0.0, 1.0, 1.0)
    # 56 came in, 48 of them in the same weeks and 8 at the beginning, and 48 went out.
    assert numbers["net_flow"] == pytest.approx(48 / 56)
    weight = sum(part.weight for part in health.parts)
    assert health.score == pytest.approx(100 * sum(part.score * part.weight for part in health.parts) / weight)


def test_what_is_not_known_is_absent_and_too_little_gives_no_number() -> None:
    health = health_of(facts(STEADY + LEFT))
    assert "deadline" in health.absent
    assert "deadline" not in scores(health)
    # Net flow 2, pace and service level 1, predictability and dates a half, of 11 in all.
    assert health.known_weight == pytest.approx(5 / 11)
    assert health.score is None
    assert isinstance(analysis(facts()).health, NotEnoughData)


def test_every_part_says_why_and_names_what_cost_it() -> None:
    health = health_of(facts(STEADY + LEFT), deadline=day("04-20"))
    assert all(part.why for part in health.parts)
    (part,) = [part for part in health.parts if part.name == "net_flow"]
    assert set(part.keys) >= {each.key for each in LEFT}


DAYS = st.integers(0, 200).map(lambda number: day("02-01") + timedelta(days=number))


@settings(max_examples=examples(40))
@given(DAYS, DAYS)
def test_an_earlier_deadline_never_improves_anything(some: date, other: date) -> None:
    early, late = sorted((some, other))
    known = facts(finished_each_week([1, 6, 0, 3] * 3, MONDAY) + LEFT)
    before, after = health_of(known, deadline=early), health_of(known, deadline=late)
    assert before.score is not None
    assert after.score is not None
    assert before.score <= after.score
    assert all(score <= scores(after)[name] for name, score in scores(before).items())


@settings(max_examples=examples(40))
@given(st.integers(0, 30), st.integers(0, 30))
def test_more_remaining_work_never_improves_anything(count: int, more: int) -> None:
    def with_left(number: int) -> Health:
        left = [issue(f"L-{place}", "01-05") for place in range(number)]
        return health_of(facts(STEADY + left), deadline=day("04-20"))

    few, many = with_left(count), with_left(count + more)
    assert all(scores(many)[name] <= score for name, score in scores(few).items())


@settings(max_examples=examples(60))
@given(histories(), st.booleans())
def test_a_missed_deadline_counts_nothing_and_parts_stay_between_nothing_and_all(
    history: tuple[list[Issue], list[Change]], is_missed: bool
) -> None:
    deadline = day("04-01") if is_missed else day("05-20")
    health = analysis(facts(*history), as_of=day("05-04"), deadline=deadline, trials=50).health
    if isinstance(health, NotEnoughData):
        return
    assert all(0 <= part.score <= 1 for part in health.parts)
    assert health.score is None or 0 <= health.score <= 100
    remaining = analysis(facts(*history), as_of=day("05-04")).remaining
    if is_missed and isinstance(remaining, float) and remaining > 0:
        assert scores(health)["deadline"] == 0.0
