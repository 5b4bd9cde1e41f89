"""Short ways to say what an issue is and what happened to it, for the tests of the domain."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from app.domain.analysis import Analysis
from app.domain.calendar import Calendar
from app.domain.history import HistoryRules, build_items
from app.domain.items import Item
from app.domain.known import Params
from store.records import (
    Category,
    Change,
    Correction,
    Issue,
    Milestone,
    Profile,
    ProjectData,
    Query,
    QueryFacts,
    Sprint,
    Week,
)

CALENDAR = Calendar(UTC)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 13, 18, tzinfo=UTC)


def at(text: str, year: int = 2026) -> datetime:
    """`at("03-06 11:00")`; the time may be left out."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"{year}-{day}T{clock or '12:00'}:00+00:00")


def day(text: str, year: int = 2026) -> date:
    return date.fromisoformat(f"{year}-{text}")


def issue(key: str, created: str | None = None, resolved: str | None = None, **other: Any) -> Issue:
    """An issue as a plain file gives it: without a status the dates alone count."""
    return Issue(
        key=key,
        created=at(created) if created else None,
        resolved=at(resolved) if resolved else None,
        **other,
    )


def done(key: str, **other: Any) -> Issue:
    return Issue(key=key, status="Done", category=Category.DONE, **other)


def moves(key: str, *steps: tuple[str, str], field: str = "status") -> list[Change]:
    """`moves("A", ("", "To Do"), ("03-02 10:00", "Done"))`: the first step only names what was before."""
    return [Change(key, at(when), field, before, after) for (_, before), (when, after) in pairwise(steps)]


def items_of(
    issues: list[Issue],
    changes: list[Change] | None = None,
    known_until: datetime = FAR,
    calendar: Calendar = CALENDAR,
    is_now: bool = True,
    **rules: Any,
) -> tuple[Item, ...]:
    return build_items(issues, changes or [], HistoryRules(**rules), calendar, known_until, is_now)


def facts(
    issues: list[Issue] | None = None,
    changes: list[Change] | None = None,
    weeks: list[Week] | None = None,
    corrections: list[Correction] | None = None,
    sprints: list[Sprint] | None = None,
    milestones: list[Milestone] | None = None,
    scope: dict[str, Any] | None = None,
    jira_config: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    types: dict[str, Any] | None = None,
    classification: dict[str, Any] | None = None,
    extras: dict[str, Any] | None = None,
    mappings: dict[str, Any] | None = None,
) -> QueryFacts:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return QueryFacts(
        profile=Profile(
            "p_1",
            "Team",
            moment,
            moment,
            jira_config=jira_config or {},
            field_mappings=mappings or {},
            forecast_settings=settings or {},
            project_classification=classification or {},
            flow_type_mappings=types or {},
            extras=extras or {},
        ),
        query=Query("p_1", "q_1", "All", moment, moment),
        issues=tuple(issues or ()),
        changes=tuple(changes or ()),
        sprints=tuple(sprints or ()),
        weeks=tuple(weeks or ()),
        milestones=tuple(milestones or ()),
        project_data=ProjectData({"project_scope": scope}, moment) if scope is not None else None,
        corrections=tuple(corrections or ()),
    )


def analysis(known: QueryFacts, now: datetime = NOW, calendar: Calendar = CALENDAR, **params: Any) -> Analysis:
    return Analysis(known, Params(now=now, calendar=calendar, trials=params.pop("trials", 400), **params))


def finished_each_week(amounts: list[int], monday: date, key: str = "A") -> list[Issue]:
    """Items created on the Monday of a week and resolved two days later, so many for each week."""
    issues = []
    for week, amount in enumerate(amounts):
        start = datetime.combine(monday, datetime.min.time(), UTC) + timedelta(days=7 * week, hours=9)
        issues += [
            Issue(f"{key}-{week}-{number}", created=start, resolved=start + timedelta(days=2))
            for number in range(amount)
        ]
    return issues
