"""Hypothesis strategies for every kind of record: Unicode, extreme numbers, None, long texts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from store import records
from store.redaction import is_secret_name

# Every character but NUL, which no store takes: PostgreSQL cannot.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["", "Größe – 小 👩‍👩‍👧", "O'Brien; DROP TABLE issues;--", "x" * 5000, "a\nb\tc\x01d", "=cmd()", " ", "100 % ?"]
)
# What names a record is never empty; blanks and control characters it may hold.
names = texts.filter(bool)
instants = st.datetimes(timezones=st.just(UTC)).map(lambda instant: instant.replace(microsecond=0))
days = st.dates()
whole = st.integers(-(2**63), 2**63 - 1)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, 0.5, 1e308, -1.0])
text_tuples = st.lists(texts, max_size=3).map(tuple)
# Such members leave with no export; tests of their own say so.
member_names = texts.filter(lambda name: not is_secret_name(name))
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(member_names, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(member_names, json_values, max_size=3)


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


profiles = st.builds(
    records.Profile,
    id=names,
    name=names,
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
    records.Query,
    profile_id=st.just("p"),
    id=names,
    name=names,
    created_at=instants,
    last_used=instants,
    jql=texts,
    description=texts,
    updated_at=optional(instants),
    revision=st.just(0),
    extras=objects,
)
issues = st.builds(
    records.Issue,
    key=names,
    summary=texts,
    type=texts,
    status=texts,
    category=st.sampled_from(records.Category),
    created=optional(instants),
    updated=optional(instants),
    started=optional(instants),
    resolved=optional(instants),
    points=optional(numbers),
    source_id=texts,
    project=texts,
    priority=texts,
    resolution=texts,
    parent=texts,
    assignee=texts,
    labels=text_tuples,
    components=text_tuples,
    fix_versions=text_tuples,
    sprints=text_tuples,
    url=texts,
    in_query=st.booleans(),
    left_query=optional(instants),
    extras=objects,
)
changes = st.builds(
    records.Change,
    issue_key=names,
    at=instants,
    field=texts,
    from_value=optional(texts),
    to_value=optional(texts),
    author=texts,
)
sprints = st.builds(
    records.Sprint,
    name=names,
    source_id=texts,
    state=texts,
    start=optional(instants),
    end=optional(instants),
    completed=optional(instants),
    goal=texts,
)
weeks = st.builds(
    records.Week,
    day=optional(days),
    completed_items=optional(whole),
    completed_points=optional(numbers),
    created_items=optional(whole),
    created_points=optional(numbers),
    source=texts,
    extras=objects,
)
corrections = st.builds(
    records.Correction,
    day=days,
    completed_items=optional(whole),
    completed_points=optional(numbers),
    created_items=optional(whole),
    created_points=optional(numbers),
)
project_data = st.builds(records.ProjectData, data=objects, updated_at=instants)
milestones = st.builds(
    records.Milestone,
    name=texts,
    day=days,
    work=st.lists(names, max_size=2).map(tuple),
    rank=st.integers(0, 99),
    teams=texts,
    closed=st.none() | days,
    notes=st.lists(names, max_size=2).map(tuple),
)
snapshots = st.builds(
    records.Snapshot,
    week=st.integers(1, 53).map("2025-W{:02d}".format) | names,
    metric=names,
    values=objects,
    created_at=instants,
    forecast=optional(objects),
)
forecasts = st.builds(
    records.ForecastMade,
    made_at=instants,
    as_of=days,
    unit=st.sampled_from(["items", "points"]) | names,
    method=st.sampled_from(["calibrated", "plain"]) | names,
    remaining=numbers,
    weeks=st.dictionaries(st.integers(0, 100), optional(st.integers(0, 1000)), max_size=4),
    window=whole,
    trials=whole,
    seed=whole,
    deadline=optional(days),
    chance=optional(numbers),
)
answers = texts.map(str.encode) | st.binary(max_size=300)
pages = st.builds(records.CachedPage, cache_key=texts, response=answers, created_at=instants, expires_at=instants)
changelogs = st.builds(
    records.CachedChangelog, issue_key=texts, changelog=answers, created_at=instants, expires_at=instants
)
tasks = st.builds(records.Task, name=names, status=texts, percent=numbers, updated_at=instants, message=texts)
migrations = st.builds(
    records.MigrationEntry,
    source=texts,
    fingerprint=texts,
    started_at=instants,
    finished_at=instants,
    outcome=texts,
    report=objects,
)
EVERY_KIND = {
    records.Profile: profiles,
    records.Query: queries,
    records.Issue: issues,
    records.Change: changes,
    records.Sprint: sprints,
    records.Week: weeks,
    records.Correction: corrections,
    records.ProjectData: project_data,
    records.Milestone: milestones,
    records.Snapshot: snapshots,
    records.ForecastMade: forecasts,
    records.CachedPage: pages,
    records.CachedChangelog: changelogs,
    records.Task: tasks,
    records.MigrationEntry: migrations,
}


def changes_of(issue_keys: list[str]) -> st.SearchStrategy[list[records.Change]]:
    """Changes of these issues in any order, some at the same instant."""
    few_instants = st.sampled_from([datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]) | instants
    if not issue_keys:
        return st.just([])
    change = st.builds(
        records.Change,
        issue_key=st.sampled_from(issue_keys),
        at=few_instants,
        field=texts,
        from_value=optional(texts),
        to_value=optional(texts),
        author=texts,
    )
    return st.lists(change, max_size=8)
