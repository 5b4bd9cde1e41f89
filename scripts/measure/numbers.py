"""Every number of a query against one pass over the same events in plain Python, and how the cost grows with them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.domain.analysis import SUBJECTS, Analysis, Scenario
from app.domain.calendar import Calendar
from app.domain.known import Growth, Params
from app.host.process import calm_collector
from scripts.measure.rows import Row, cpu_ms
from store.records import Category, Change, Issue, Profile, Query, QueryFacts

_END = datetime(2026, 6, 1, tzinfo=UTC)
_YEARS = 6
_ZONE = ZoneInfo("Europe/Berlin")
_WAY = (
    ("To Do", Category.TODO),
    ("In Progress", Category.IN_PROGRESS),
    ("Review", Category.IN_PROGRESS),
    ("Done", Category.DONE),
)
_OTHER = ("points", "sprint", "fix version", "labels", "assignee")
# Of the whole size: an issue more costs little more, however many there are.
_SIZES = (1_000, 10_000, 22_000, 100_000)
_LINEAR = 1.5


def numbers() -> Iterator[Row]:
    calm_collector()
    each = {}
    for count in _SIZES:
        facts = made_facts(count)
        floor = min(cpu_ms(lambda facts=facts: one_pass(facts, _ZONE))[1] for _ in range(3))  # type: ignore[misc]
        cost = min(_all_subjects(facts, 12) for _ in range(2))
        each[count] = cost / count * 1000
        if count == 22_000:
            yield from _of_the_usual_size(facts, floor, cost)
    for smaller, larger in pairwise(_SIZES):
        name = f"all subjects, per issue: {larger:,} against {smaller:,}"
        yield Row("numbers", name, each[larger], "us", each[smaller], limit=_LINEAR)


def _of_the_usual_size(facts: QueryFacts, floor: float, cost: float) -> Iterator[Row]:
    events = f"22,000 issues, {len(facts.changes):,} changes"
    yield Row("numbers", f"all subjects, {events}", cost, "ms", floor, limit=6)
    yield Row("numbers", "the same over all weeks", _all_subjects(facts, None), "ms", floor, limit=6)
    analysis = _analysis(facts, 12)
    for name in SUBJECTS:
        getattr(analysis, name)
    _, growth = cpu_ms(lambda: analysis.with_(Scenario(growth=Growth.PAST)).forecast)
    yield Row("numbers", "the forecast with growth, once the rest is there", growth, "ms", limit=500)
    fresh = _analysis(facts, 12)
    _ = fresh.scope, fresh.throughput, fresh.forecast, fresh.flow
    slowest = max(cpu_ms(lambda name=name: getattr(fresh, name))[1] for name in SUBJECTS)  # type: ignore[misc]
    yield Row("numbers", "one more subject, the slowest, once the answer and flow are there", slowest, "ms", limit=100)


def _analysis(facts: QueryFacts, window: int | None) -> Analysis:
    return Analysis(facts, Params(now=_END, calendar=Calendar(_ZONE), window=window, deadline=date(2026, 12, 24)))


def _all_subjects(facts: QueryFacts, window: int | None) -> float:
    """Milliseconds from nothing but the facts."""

    def derive() -> None:
        analysis = _analysis(facts, window)
        for name in SUBJECTS:
            getattr(analysis, name)

    return cpu_ms(derive)[1]


def one_pass(facts: QueryFacts, zone: tzinfo) -> dict[date, int]:
    """What the least that could be counted takes: each history in order, its start and finish, and sums by day."""
    histories: dict[str, list[Change]] = {}
    for change in facts.changes:
        histories.setdefault(change.issue_key, []).append(change)
    days: dict[date, int] = {}
    for issue in facts.issues:
        done = None
        for change in sorted(histories.get(issue.key, ()), key=lambda change: change.at):
            day = change.at.astimezone(zone).date()
            days[day] = days.get(day, 0) + 1
            if change.field == "status":
                done = change.at if change.to_value == "Done" else None
        for at in (issue.created, done):
            if at is not None:
                day = at.astimezone(zone).date()
                days[day] = days.get(day, 0) + 1
    return days


def made_facts(count: int) -> QueryFacts:
    """So many issues over six years, with 6.5 changes each: moves to and fro, and other fields."""
    dice, first = random.Random(3), _END - timedelta(days=365 * _YEARS)
    issues: list[Issue] = []
    changes: list[Change] = []
    for number in range(count):
        created = first + timedelta(seconds=dice.randrange(365 * _YEARS * 86_400))
        issue = Issue(f"B-{number}", type=dice.choice(("Bug", "Story", "Task")), created=created, points=3.0,
                      fix_versions=(f"1.{number % 9}",), sprints=(f"S{number % 90}",), priority="High")  # fmt: skip
        moves = _moves(issue.key, created, dice)
        changes += moves + _others(issue.key, created, dice)
        place = next(place for place in _WAY if place[0] == (moves[-1].to_value if moves else "To Do"))
        resolved = moves[-1].at if place[1] is Category.DONE else None
        issues.append(replace(issue, status=place[0], category=place[1], resolved=resolved))
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    profile, query = Profile("p", "Bench", moment, moment), Query("p", "q", "Bench", moment, moment)
    return QueryFacts(profile, query, tuple(issues), tuple(changes), (), (), (), None)


def _moves(key: str, created: datetime, dice: random.Random) -> list[Change]:
    at, place, changes = created, 0, []
    for _ in range(dice.choice((3, 4, 4, 5, 7))):
        there = min(len(_WAY) - 1, max(0, place + dice.choice((1, 1, 1, 1, -1))))
        at += timedelta(hours=round(dice.expovariate(1 / 90)) + 1)
        if there != place and at < _END:
            changes.append(Change(key, at, "status", _WAY[place][0], _WAY[there][0]))
            place = there
    return changes


def _others(key: str, created: datetime, dice: random.Random) -> list[Change]:
    times = sorted(created + timedelta(hours=round(dice.expovariate(1 / 200))) for _ in range(dice.choice((2, 3, 4))))
    return [Change(key, at, dice.choice(_OTHER), None, "3") for at in times if at < _END]
