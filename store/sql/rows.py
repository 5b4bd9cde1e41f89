"""Every row of a store read once, as the app would: what no record can be made of is named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from store.errors import Damaged
from store.sql import facts, profiles, recorded
from store.sql.session import Session
from store.sql.text import decoding, extras, instant, optional_day, optional_instant

# By table: its columns, and what makes a record of them.
_Make = Callable[[tuple[Any, ...]], object]


def unreadable_rows(session: Session, tables: Collection[str]) -> list[str]:
    """A sentence for each of these tables with rows that cannot be read; empty when all can."""
    problems = []
    for table, columns, make in _readers():
        if table not in tables:
            continue
        bad = sum(1 for row in session.execute(f"SELECT {columns} FROM {table}") if not _can_be_read(make, row))
        if bad:
            problems.append(f"{bad} {'value' if bad == 1 else 'values'} of {table} cannot be read")
    return problems


def _can_be_read(make: _Make, row: tuple[Any, ...]) -> bool:
    try:
        with decoding():
            make(row)
    except Damaged:
        return False
    return True


def _readers() -> Iterator[tuple[str, str, _Make]]:
    yield "profiles", profiles.PROFILE_COLUMNS, profiles.profile_of
    yield "queries", profiles.QUERY_COLUMNS, profiles.query_of
    yield "app_state", "key, value", _state
    # Of the texts none is kept.
    yield "issues", facts.ISSUE_COLUMNS, facts.issue_of_row
    yield "issue_changes", "at, field, from_value, to_value", _change
    yield "sprints", 'name, source_id, state, start, "end", completed', _sprint
    yield "weeks", "day, extras", lambda row: (optional_day(row[0]), extras(row[1]))
    yield "milestones", facts.MILESTONE_COLUMNS, facts.milestone_of
    yield "project_data", "data, updated_at", lambda row: (extras(row[0]), instant(row[1]))
    yield "metrics_snapshots", "metrics, forecast, created_at", _snapshot
    yield "forecasts", recorded.FORECAST_COLUMNS, recorded.forecast_of
    yield "jira_cache", "cache_key, response, created_at, expires_at", recorded.page_of
    yield "jira_changelog_cache", "issue_key, changelog, created_at, expires_at", recorded.page_of
    yield "task_progress", "updated_at", lambda row: instant(row[0])
    yield "migrations", "started_at, finished_at, report", _migration
    yield "undoable", "at, until", lambda row: (instant(row[0]), instant(row[1]))
    yield "week_corrections", "day", lambda row: optional_day(row[0])


def _texts(values: tuple[Any, ...]) -> None:
    if any(value is not None and not isinstance(value, str) for value in values):
        raise ValueError("no text")


def _state(row: tuple[Any, ...]) -> None:
    _texts(row)
    if row[0] == profiles.COUNTER:
        int(row[1])


def _change(row: tuple[Any, ...]) -> None:
    instant(row[0])
    _texts(row[1:])


def _sprint(row: tuple[Any, ...]) -> None:
    _texts(row)
    for at in row[3:]:
        optional_instant(at)


def _snapshot(row: tuple[Any, ...]) -> None:
    extras(row[0])
    extras(row[1])
    instant(row[2])


def _migration(row: tuple[Any, ...]) -> None:
    instant(row[0])
    instant(row[1])
    extras(row[2])
