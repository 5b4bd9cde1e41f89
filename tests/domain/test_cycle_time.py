from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.calendar import Calendar
from app.domain.cycle_time import (
    Clock,
    Durations,
    cycle_times,
    durations,
    lead_times,
    named_cycle_time,
    service_level,
)
from app.domain.items import Item
from app.domain.missing import NotEnoughData
from store.documents import cycle_time_rules_of
from store.settings import CycleTimeRule
from tests.domain.build import CALENDAR, at, day, facts, issue, items_of, moves
from tests.domain.five_items import CHANGES, ISSUES

CLOCK = Clock(CALENDAR, day("03-01"), day("03-31"))


@pytest.fixture
def items() -> dict[str, Item]:
    return {item.issue.key: item for item in items_of(ISSUES, CHANGES)}


@pytest.mark.parametrize(
    ("key", "elapsed", "calendar_days", "working_days", "lead"),
    [
        ("X1", 3.0417, 4, 4, 4.0833),
        ("X2", 7.2083, 8, 6, 9.25),
        ("X3", 0.0, 1, 1, 2.0417),
        ("X5", 7.0, 8, 6, 7.0417),
    ],
)
def test_cycle_time_runs_from_the_first_start_to_the_last_finish(
    items: dict[str, Item], key: str, elapsed: float, calendar_days: int, working_days: int, lead: float
) -> None:
    (cycle,), (whole,) = (times([items[key]], CLOCK).items for times in (cycle_times, lead_times))
    assert cycle.elapsed_days == pytest.approx(elapsed, abs=5e-5)
    assert (cycle.days, cycle.working_days) == (calendar_days, working_days)
    assert whole.elapsed_days == pytest.approx(lead, abs=5e-5)


def test_durations_come_in_order_of_finish_with_percentiles_and_mean(items: dict[str, Item]) -> None:
    durations = cycle_times(list(items.values()), CLOCK)
    assert [each.key for each in durations.items] == ["X3", "X1", "X2", "X5"]
    assert (durations.n, durations.percentiles, durations.mean) == (4, {50: 4, 70: 8, 85: 8, 95: 8}, 5.25)


@pytest.mark.parametrize(
    ("start", "done", "zone", "days"),
    [
        ("2026-07-24T08:00", "2026-07-27T16:00", "UTC", 4),
        ("2024-04-07T23:59", "2024-04-08T00:00", "UTC", 2),
        ("2026-07-27T09:00", "2026-07-28T22:30", "UTC", 2),
        ("2026-07-27T09:00", "2026-07-28T22:30", "Europe/Zurich", 3),
        # The night on which summer time begins has no hour less for a day count.
        ("2026-03-28T09:00", "2026-03-29T09:00", "Europe/Zurich", 2),
    ],
)
def test_days_are_those_of_the_calendar_and_its_zone(start: str, done: str, zone: str, days: int) -> None:
    clock = Clock(Calendar(ZoneInfo(zone)), date(2026, 7, 1), date(2026, 7, 31))
    begin, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, done))
    assert clock.duration("A", begin, end).days == days


def test_a_file_with_start_dates_gives_cycle_times_without_a_history() -> None:
    items = items_of([issue("A", "03-02", "03-06", started=at("03-04"))])
    assert [(each.start, each.days) for each in cycle_times(items, CLOCK).items] == [(day("03-04"), 3)]
    assert lead_times(items, CLOCK).days == [5]


def test_an_item_whose_start_is_not_known_has_no_cycle_time_instead_of_none_at_all() -> None:
    assert cycle_times(items_of([issue("A", "03-02", "03-06")]), CLOCK) == Durations(0, {}, None, ())


def test_a_start_after_the_finish_takes_no_time_rather_than_a_negative_one() -> None:
    (duration,) = cycle_times(items_of([issue("A", "03-02", "03-06", started=at("03-09"))]), CLOCK).items
    assert (duration.elapsed_days, duration.days) == (0.0, 1)


def test_an_item_finished_before_it_was_created_has_no_lead_time() -> None:
    assert lead_times(items_of([issue("A", "03-09", "03-06")]), CLOCK).n == 0
    at_once = lead_times(items_of([issue("A", "03-06 09:00", "03-06 09:00")]), CLOCK)
    assert (at_once.n, at_once.days) == (1, [1])


def measured(*days: int) -> Durations:
    finish = at("03-20")
    return durations(
        CLOCK.duration(f"A-{number}", at(f"03-{20 - length + 1:02d}"), finish) for number, length in enumerate(days)
    )


def test_a_service_level_that_was_set_is_measured() -> None:
    result = service_level(5, 85, measured(3, 5, 6, 9), [])
    assert not isinstance(result, NotEnoughData)
    assert (result.met, result.n, result.share, result.missed, result.source) == (2, 4, 0.5, ("A-2", "A-3"), "set")


def test_a_service_level_that_nobody_set_is_what_was_kept_before() -> None:
    result = service_level(None, 85, measured(3, 5), list(range(1, 5)))
    assert not isinstance(result, NotEnoughData)
    assert (result.days, result.met, result.source) == (4, 1, "earlier")
    own = service_level(None, 50, measured(3, 5), [])
    assert not isinstance(own, NotEnoughData)
    assert (own.days, own.source) == (3, "window")


def test_without_a_finished_item_a_service_level_says_what_is_missing() -> None:
    assert isinstance(service_level(None, 85, measured(), []), NotEnoughData)
    assert isinstance(service_level(7, 85, measured(), []), NotEnoughData)


def test_several_definitions_are_kept_by_name(items: dict[str, Item]) -> None:
    saved = [
        {"name": "Review", "start": ["Review"], "done": ["Done"]},
        {"name": "Last stretch", "start": ["In Progress"], "from_last": True},
        {"name": "All of it"},
        {"name": ""},
        "nonsense",
    ]
    rules = cycle_time_rules_of(facts(settings={"cycle_times": saved}).profile)
    assert [each.name for each in rules] == ["Review", "Last stretch", "All of it"]
    review, last, whole = (named_cycle_time(each, items.values(), CLOCK, day("03-01"), day("03-31")) for each in rules)
    assert [(each.key, each.days) for each in review.items] == [("X1", 2)]
    assert [(each.key, each.days) for each in last.items] == [("X1", 4), ("X2", 3), ("X5", 3)]
    assert [(each.key, each.days) for each in whole.items] == [("X3", 3), ("X1", 5), ("X2", 10), ("X5", 8)]


def test_a_definition_may_end_before_done() -> None:
    items = items_of(
        [issue("A", "03-02", status="Test")], moves("A", ("", "New"), ("03-04", "Build"), ("03-06", "Test"))
    )
    result = named_cycle_time(
        CycleTimeRule("To test", frozenset({"build"}), frozenset({"test"})), items, CLOCK, day("03-01"), day("03-31")
    )
    assert [(each.start, each.done, each.days) for each in result.items] == [(day("03-04"), day("03-06"), 3)]
