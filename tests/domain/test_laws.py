"""Laws that hold for every subject there is, whatever it is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.analysis import SUBJECTS
from app.domain.calendar import Calendar
from app.domain.items import Unit
from app.domain.known import Method
from app.output.document import document
from store.records import Category, Change, Issue, QueryFacts, Sprint
from tests.domain.build import CALENDAR, analysis, at, day, facts, moves
from tests.domain.strategies import histories
from tests.examples import examples

SPRINT = Sprint("S", "7", "closed", at("03-16 00:00"), at("03-27 00:00"), at("03-27 00:00"))
TYPES = ("Bug", "Story", "Deployment", "Incident")
MONEY = {"budget": {"total": 1000, "rate_per_week": 100, "start": "2026-03-02", "end": "2026-06-01"}}


def known_of(issues: Iterable[Issue], changes: Iterable[Change], sprint: Sprint = SPRINT) -> QueryFacts:
    return facts(list(issues), list(changes), sprints=[sprint], settings=MONEY)


def typed(issues: Iterable[Issue]) -> list[Issue]:
    """Of several types, every other one in the sprint."""
    return [
        replace(each, type=TYPES[number % 4], sprints=("S",) if number % 2 else ())
        for number, each in enumerate(issues)
    ]


def subjects_of(known: QueryFacts, **params: Any) -> dict[str, Any]:
    result = analysis(known, **(dict[str, Any]({"trials": 60, "window": 4, "deadline": day("06-01")}) | params))
    return {name: document(getattr(result, name)) for name in SUBJECTS}


MUCH_LATER = at("12-01")
DAYS = st.integers(0, 60).map(lambda number: day("03-05") + timedelta(days=number))


@settings(max_examples=examples(40))
@given(histories() | histories(hours=48), st.randoms(), DAYS, st.sampled_from(list(Unit)))
def test_the_order_in_which_data_come_makes_no_difference(
    history: tuple[list[Issue], list[Change]], rng: Any, as_of: Any, unit: Unit
) -> None:
    issues, changes = typed(history[0]), list(history[1])
    before = subjects_of(known_of(issues, changes), as_of=as_of, unit=unit)
    rng.shuffle(issues)
    rng.shuffle(changes)
    after = subjects_of(known_of(issues, changes), as_of=as_of, unit=unit)
    # Issues are listed as they stand in the backlog, so that their order is data too.
    assert _unordered(after) == _unordered(before)


def test_the_order_makes_no_difference_where_much_happens_on_the_same_days() -> None:
    issues, changes = list[Issue](), list[Change]()
    for number in range(24):
        ends = "Done" if number % 2 else "In Progress"
        category = Category.DONE if number % 2 else Category.IN_PROGRESS
        key = f"A-{number}"
        issues.append(
            Issue(key, type=TYPES[number % 4], status=ends, category=category, created=at("03-02"), points=2.0)
        )
        changes += moves(key, ("", "To Do"), ("03-04", "In Progress"), *[("03-09", "Done")] * (number % 2))
    before = subjects_of(known_of(issues, changes), as_of=day("03-16"))
    for seed in range(5):
        Random(seed).shuffle(issues)
        Random(seed).shuffle(changes)
        assert _unordered(subjects_of(known_of(issues, changes), as_of=day("03-16"))) == _unordered(before)


def recorded_later(issue: Issue, bound: datetime) -> Issue:
    """What is said of it months after that moment: given up where there is a status, else finished."""
    end = bound + timedelta(days=80)
    if not issue.status:
        return replace(issue, resolved=end, updated=end)
    return replace(
        issue, status="Done", category=Category.DONE, resolution="Won't Do", resolved=end, updated=end, points=8.0
    )


@settings(max_examples=examples(40))
@given(histories(), DAYS)
def test_a_past_day_is_told_as_before_when_later_data_come(
    history: tuple[list[Issue], list[Change]], as_of: Any
) -> None:
    """New work, further moves of what had moved, new estimates, and what an issue without a history says by now."""
    bound = CALENDAR.start_of(as_of)
    plain = [Issue(f"P-{number}", type="Story", created=at("03-02"), updated=at("03-02")) for number in range(2)]
    # Its status was not known then, since it may have come with the later update.
    unsettled = Issue("U-1", status="To Do", created=at("03-02"), updated=bound + timedelta(hours=1))
    issues, changes = [*typed(history[0]), *plain], history[1]
    before = subjects_of(known_of([*issues, unsettled], changes), as_of=as_of, now=MUCH_LATER)
    new = Issue("Z-1", type="Bug", status="Done", category=Category.DONE, created=bound + timedelta(hours=1))
    # The first change of an issue also tells in which status and size it was before, which was not known then.
    moving, sized = (
        {change.issue_key for change in changes if change.field == field and change.at < bound}
        for field in ("status", "points")
    )
    moved = [
        Change(each.key, bound + timedelta(days=70), "status", each.status, "To Do")
        for each in issues
        if each.key in moving
    ]
    moved += [Change(key, bound + timedelta(hours=2), "points", "3", "8") for key in sized]
    now = [recorded_later(each, bound) if each.key in moving & sized or each in plain else each for each in issues]
    begun = replace(unsettled, status="In Progress", category=Category.IN_PROGRESS)
    assert subjects_of(known_of([*now, begun, new], [*changes, *moved]), as_of=as_of, now=MUCH_LATER) == before


@settings(max_examples=examples(40))
@given(histories(), DAYS, st.sampled_from(["Pacific/Auckland", "America/St_Johns", "Europe/Berlin"]))
def test_the_same_clocks_on_the_wall_give_the_same_days_in_every_zone(
    history: tuple[list[Issue], list[Change]], as_of: date, name: str
) -> None:
    zone = ZoneInfo(name)

    def moved(record: Any, names: tuple[str, ...]) -> Any:
        instants = {each: getattr(record, each) for each in names}
        return replace(
            record, **{each: _in(zone, instant) for each, instant in instants.items() if instant is not None}
        )

    issues = [moved(each, ("created", "updated", "resolved", "left_query")) for each in typed(history[0])]
    changes = [moved(each, ("at",)) for each in history[1]]
    sprint = moved(SPRINT, ("start", "end", "completed"))
    here = subjects_of(known_of(typed(history[0]), history[1]), as_of=as_of)
    there = subjects_of(known_of(issues, changes, sprint), as_of=as_of, calendar=Calendar(zone))
    for subject in ("scope", "throughput", "burndown", "sprints", "bugs", "budget", "data_quality", "health"):
        assert _days(here[subject]) == _days(there[subject]), subject
    # Of flow what is counted in days of the calendar: neither a zone nor a clock put forward moves it.
    ours, theirs = here["flow"], there["flow"]
    if "not_enough_data" not in ours:
        for part in ("counts", "finished_keys", "sent_back", "mix", "net_flow", "wip"):
            assert ours[part] == theirs[part], part
        for part in ("cycle_time", "lead_time"):
            assert _days(ours[part]["items"]) == _days(theirs[part]["items"]), part
        assert [(each["key"], each["days"]) for each in ours["age"]] == [
            (each["key"], each["days"]) for each in theirs["age"]
        ]


@settings(max_examples=examples(25))
@given(histories(), st.integers(1, 9), st.sampled_from(list(Unit)), st.sampled_from(list(Method)))
def test_as_of_today_is_now_where_nothing_happened_today(
    history: tuple[list[Issue], list[Change]], later: int, unit: Unit, method: Method
) -> None:
    """As of a day soon after the last event, and at noon of that day: the same is known."""
    known = known_of(typed(history[0]), history[1])
    instants = [getattr(each, name) for each in history[0] for name in ("created", "updated", "left_query")]
    today = max(instant for instant in instants if instant is not None).date() + timedelta(days=later)
    noon = datetime.combine(today, time(12), tzinfo=UTC)
    result: dict[str, Any] = {"unit": unit, "method": method, "trials": 60, "window": 4}
    now = analysis(known, now=noon, **result)
    then = analysis(known, now=noon, as_of=today, **result)
    assert _amounts(now) == _amounts(then)
    for subject in ("sprints", "epics", "bugs"):
        assert _keys_of(document(getattr(now, subject))) == _keys_of(document(getattr(then, subject))), subject


def _amounts(result: Any) -> Any:
    """Scope, weeks and dates, without what is told of days: those end today or yesterday."""
    scope, forecast, throughput = result.scope, result.forecast, result.throughput
    return (
        getattr(scope, "reason", None) or (scope.total, scope.done, scope.remaining, scope.remaining_keys),
        getattr(throughput, "reason", None) or throughput.pairs,
        getattr(forecast, "reason", None) or (dict(forecast.dates), forecast.distribution.cdf),
    )


def _keys_of(value: Any, name: str = "") -> Any:
    """All lists of keys in a document."""
    if isinstance(value, dict):
        return {key: _keys_of(part, key) for key, part in value.items() if isinstance(part, dict | list)}
    return sorted(map(str, value)) if isinstance(value, list) and name.endswith("keys") else None


def _unordered(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _unordered(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return sorted(value) if name.endswith("keys") else [_unordered(part) for part in value]
    return value


def _in(zone: ZoneInfo, instant: datetime) -> datetime:
    return instant.replace(tzinfo=zone).astimezone(UTC)


def _days(value: Any) -> Any:
    """Without spans in hours: they differ where a clock was put forward."""
    if isinstance(value, dict):
        return {key: _days(part) for key, part in value.items() if key != "elapsed_days"}
    return [_days(part) for part in value] if isinstance(value, list) else value
