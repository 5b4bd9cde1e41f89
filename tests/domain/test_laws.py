"""Laws that hold for every subject there is, whatever it is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
from tests.domain.build import CALENDAR, analysis, at, day, facts
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


def told(known: QueryFacts, **params: Any) -> dict[str, Any]:
    made = analysis(known, **(dict[str, Any]({"trials": 60, "window": 4, "deadline": day("06-01")}) | params))
    return {name: document(getattr(made, name)) for name in SUBJECTS}


DAYS = st.integers(0, 60).map(lambda number: day("03-05") + timedelta(days=number))


@settings(max_examples=examples(40))
@given(histories(), st.randoms(), DAYS, st.sampled_from(list(Unit)))
def test_the_order_in_which_data_come_makes_no_difference(
    history: tuple[list[Issue], list[Change]], rng: Any, as_of: Any, unit: Unit
) -> None:
    issues, changes = typed(history[0]), list(history[1])
    before = told(known_of(issues, changes), as_of=as_of, unit=unit)
    rng.shuffle(issues)
    rng.shuffle(changes)
    after = told(known_of(issues, changes), as_of=as_of, unit=unit)
    # Issues are listed as they stand in the backlog, so that their order is data too.
    assert _unordered(after) == _unordered(before)


@settings(max_examples=examples(40))
@given(histories(), DAYS)
def test_a_past_day_is_told_as_before_when_later_data_come(
    history: tuple[list[Issue], list[Change]], as_of: Any
) -> None:
    issues, changes = typed(history[0]), history[1]
    bound = CALENDAR.start_of(as_of)
    before = told(known_of(issues, changes), as_of=as_of)
    later = Issue("Z-1", type="Bug", status="Done", category=Category.DONE, created=bound + timedelta(hours=1))
    # The first change of an issue also tells in which status it was before, which was not known then.
    moving = {change.issue_key for change in changes if change.field == "status" and change.at < bound}
    moved = [
        Change(each.key, bound + timedelta(days=70), "status", each.status, "To Do")
        for each in issues
        if each.key in moving
    ]
    assert told(known_of([*issues, later], [*changes, *moved]), as_of=as_of) == before


@settings(max_examples=examples(25))
@given(histories(), st.sampled_from(["Pacific/Auckland", "America/St_Johns", "Europe/Berlin"]))
def test_the_same_clocks_on_the_wall_give_the_same_days_in_every_zone(
    history: tuple[list[Issue], list[Change]], name: str
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
    here = told(known_of(typed(history[0]), history[1]), as_of=day("05-04"))
    there = told(known_of(issues, changes, sprint), as_of=day("05-04"), calendar=Calendar(zone))
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
@given(histories(), st.sampled_from(list(Unit)), st.sampled_from(list(Method)))
def test_as_of_today_is_now_where_nothing_happened_today(
    history: tuple[list[Issue], list[Change]], unit: Unit, method: Method
) -> None:
    """The histories end in April; as of Monday 1 June and now, at noon of that day, the same is known."""
    known = known_of(typed(history[0]), history[1])
    made: dict[str, Any] = {"unit": unit, "method": method, "trials": 60, "window": 4}
    now = analysis(known, now=at("06-01 12:00"), **made)
    then = analysis(known, now=at("06-01 12:00"), as_of=day("06-01"), **made)
    assert [_amounts(each) for each in (now,)] == [_amounts(each) for each in (then,)]
    for subject in ("sprints", "epics", "bugs"):
        assert _keys_of(document(getattr(now, subject))) == _keys_of(document(getattr(then, subject))), subject


def _amounts(made: Any) -> Any:
    """Scope, weeks and dates, without what is told of days: those end today or yesterday."""
    scope, forecast, throughput = made.scope, made.forecast, made.throughput
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
