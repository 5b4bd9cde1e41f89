"""Records as hypothesis makes them: any Unicode, None wherever allowed, extreme numbers, odd dates."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from store.records import (
    CachedChangelog,
    CachedPage,
    Category,
    Change,
    ForecastMade,
    Issue,
    MigrationEntry,
    Milestone,
    Profile,
    ProjectData,
    Query,
    Snapshot,
    Sprint,
    Task,
    Week,
)

texts = st.text(max_size=12)
keys = st.text(min_size=1, max_size=6)
instants = st.datetimes(timezones=st.just(UTC)).map(lambda instant: instant.replace(microsecond=0))
maybe_instants = st.none() | instants
days = st.dates()
numbers = st.floats(allow_nan=False)
whole = st.integers(-(2**63), 2**63 - 1)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
objects = st.dictionaries(texts, values, max_size=3)
name_lists = st.lists(texts, max_size=3).map(tuple)

profiles = st.builds(
    Profile,
    id=keys,
    name=keys,
    created_at=instants,
    last_used=instants,
    description=texts,
    jira_config=objects,
    field_mappings=objects,
    forecast_settings=objects,
    project_classification=objects,
    flow_type_mappings=objects,
    show_milestone=st.booleans(),
    show_points=st.booleans(),
    extras=objects,
)
queries = st.builds(
    Query,
    profile_id=st.just("p"),
    id=keys,
    name=keys,
    created_at=instants,
    last_used=instants,
    jql=texts,
    description=texts,
    updated_at=maybe_instants,
    extras=objects,
)
issues = st.builds(
    Issue,
    key=keys,
    summary=texts,
    type=texts,
    status=texts,
    category=st.sampled_from(Category),
    created=maybe_instants,
    updated=maybe_instants,
    started=maybe_instants,
    resolved=maybe_instants,
    points=st.none() | numbers,
    source_id=texts,
    project=texts,
    priority=texts,
    resolution=texts,
    parent=texts,
    assignee=texts,
    labels=name_lists,
    components=name_lists,
    fix_versions=name_lists,
    sprints=name_lists,
    url=texts,
    in_query=st.booleans(),
    left_query=maybe_instants,
    extras=objects,
)
sprints = st.builds(
    Sprint,
    name=keys,
    source_id=texts,
    state=texts,
    start=maybe_instants,
    end=maybe_instants,
    completed=maybe_instants,
    goal=texts,
)
weeks = st.builds(
    Week,
    day=st.none() | days,
    completed_items=st.none() | whole,
    completed_points=st.none() | numbers,
    created_items=st.none() | whole,
    created_points=st.none() | numbers,
    source=texts,
    extras=objects,
)
project_data = st.builds(ProjectData, data=objects, updated_at=instants)
milestones = st.builds(Milestone, name=texts, day=days)
snapshots = st.builds(
    Snapshot, week=keys, metric=keys, values=objects, created_at=instants, forecast=st.none() | objects
)
forecasts = st.builds(
    ForecastMade,
    made_at=instants,
    as_of=days,
    unit=keys,
    method=keys,
    remaining=numbers,
    weeks=st.dictionaries(st.integers(0, 100), st.none() | st.integers(0, 1000), max_size=4),
    window=whole,
    trials=whole,
    seed=whole,
    deadline=st.none() | days,
    chance=st.none() | numbers,
)
pages = st.builds(
    CachedPage, cache_key=texts, response=st.binary(max_size=300), created_at=instants, expires_at=instants
)
changelogs = st.builds(
    CachedChangelog, issue_key=texts, changelog=st.binary(max_size=300), created_at=instants, expires_at=instants
)
tasks = st.builds(Task, name=keys, status=texts, percent=numbers, updated_at=instants, message=texts)
migrations = st.builds(
    MigrationEntry,
    source=texts,
    fingerprint=texts,
    started_at=instants,
    finished_at=instants,
    outcome=texts,
    report=objects,
)


def changes_of(issue_keys: list[str]) -> st.SearchStrategy[list[Change]]:
    """Changes of these issues in any order, some at the same instant."""
    few_instants = st.sampled_from([datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]) | instants
    if not issue_keys:
        return st.just([])
    change = st.builds(
        Change,
        issue_key=st.sampled_from(issue_keys),
        at=few_instants,
        field=texts,
        from_value=st.none() | texts,
        to_value=st.none() | texts,
    )
    return st.lists(change, max_size=8)
