"""Records to the old app's documents, version 2.4: the inverse of the readers beside it.

What a document has no place for is left out; the extras file beside it keeps it. Raw issues of the tracker
are used as they came wherever the readers understand them as the record says. No secret is ever written.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from store.codec import instant_text
from store.documents import connection_of, field_mapping_of
from store.legacy.read import issues, values
from store.legacy.read.issues import IssueRules
from store.memory import QueryData
from store.records import Change, Issue, Milestone, Profile, Query, Snapshot, Sprint, Week

POINTS_FIELD = "customfield_10016"
SPRINT_FIELD = "customfield_10020"
MILESTONE = "Milestone"
_CATEGORIES = {category: key for key, category in issues.CATEGORIES.items()}
_SCOPE = ("total_items", "total_points", "estimated_items", "estimated_points", "remaining_items", "remaining_points")
_NUMBERS = ("completed_items", "completed_points", "created_items", "created_points")


def dumped(document: Any) -> bytes:
    """As the old app wrote its files: two blanks of indentation, UTF-8, no line break at the end."""
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


# -- profile level ------------------------------------------------------------------------------------------


def profile_document(profile: Profile, milestones: Sequence[Milestone], folder: str) -> dict[str, Any]:
    """`profile.json`. Points always have a field: without one the old app would show none."""
    milestone = shown_milestone(milestones)
    forecast = {"pert_factor": 1.2, "deadline": "", "data_points_count": 20, **profile.forecast_settings}
    known = {
        "id": folder,
        "name": profile.name,
        "description": profile.description,
        "created_at": _aware(profile.created_at),
        "last_used": _aware(profile.last_used),
        "jira_config": {**profile.jira_config, "points_field": points_field(profile)},
        "field_mappings": profile.field_mappings,
        "forecast_settings": {**forecast, "milestone": milestone.day.isoformat() if milestone else None},
        "project_classification": profile.project_classification,
        "flow_type_mappings": profile.flow_type_mappings,
        "queries": [],
        "show_milestone": profile.show_milestone,
        "show_points": profile.show_points,
    }
    document: dict[str, Any] = values.clean({**profile.extras, **known})
    return document


def points_field(profile: Profile) -> str:
    mapping = field_mapping_of(profile)
    return connection_of(profile).points_field or (mapping.points if mapping is not None else "") or POINTS_FIELD


def shown_milestone(milestones: Sequence[Milestone]) -> Milestone | None:
    """The one that the layout has a place for: the one of that name, else the earliest."""
    named = [milestone for milestone in milestones if milestone.name == MILESTONE]
    return min(named or milestones, key=lambda each: each.day, default=None)


def registry_document(
    profiles: Mapping[str, Profile], queries: Mapping[str, Sequence[str]], active: tuple[str, str] | None
) -> dict[str, Any]:
    """`profiles.json`: profiles and ids of their queries by folder names."""
    entries = {
        folder: profile_document(profile, (), folder) | {"jira_config": {}, "queries": list(queries[folder])}
        for folder, profile in profiles.items()
    }
    return {
        "version": "3.0",
        "active_profile_id": active[0] if active else None,
        "active_query_id": active[1] if active else None,
        "profiles": entries,
    }


# -- query level --------------------------------------------------------------------------------------------


def query_documents(data: QueryData, rules: IssueRules) -> dict[str, dict[str, Any]]:
    """The files of a query folder by name; those that would hold nothing are left out."""
    documents = {"query.json": query_document(data.query)}
    if data.issues:
        raw = raw_issues(data)
        listed = {key: issue_document(issue, raw.get(key), rules, data.sprints) for key, issue in data.issues.items()}
        documents["jira_cache.json"] = _cache(data, listed, rules)
        documents["jira_changelog_cache.json"] = _changelog(data, listed)
    if data.weeks or data.project_data:
        documents["project_data.json"] = _project_data(data)
    if data.snapshots:
        documents["metrics_snapshots.json"] = _snapshots(data.snapshots.values())
    return documents


def query_document(query: Query) -> dict[str, Any]:
    known = {
        "name": query.name,
        "jql": query.jql,
        "description": query.description,
        "created_at": _aware(query.created_at),
        "last_used": _aware(query.last_used),
    }
    changed = {"updated_at": _aware(query.updated_at)} if query.updated_at else {}
    document: dict[str, Any] = values.clean({**query.extras, **known, **changed})
    return document


def raw_issues(data: QueryData) -> dict[str, dict[str, Any]]:
    """The tracker's own words on each issue, the latest page last."""
    by_key: dict[str, dict[str, Any]] = {}
    for page in data.pages.values():
        try:
            document = json.loads(page.response)
        except (ValueError, RecursionError):
            # Whatever a page holds, the record is what is written.
            continue
        listed = document.get("issues") if isinstance(document, dict) else None
        for raw in listed if isinstance(listed, list) else ():
            if (key := issues.key_of(raw)) in data.issues:
                by_key[key] = raw
    return by_key


def issue_document(
    issue: Issue, raw: Mapping[str, Any] | None, rules: IssueRules, sprints: Mapping[str, Sprint]
) -> dict[str, Any]:
    """One element of `issues`: the raw issue, less its history, with what the record says otherwise put right."""
    plain = {"expand": "", "id": issue.source_id, "self": "", "key": issue.key}
    document: dict[str, Any] = {
        **plain,
        **{name: member for name, member in (raw or {}).items() if name != "changelog"},
    }
    fields = dict(values.mapping(document.get("fields")))
    read = issues.issue(issue.key, {**document, "fields": fields}, rules)
    fields |= {
        place: shaped
        for name, place, shaped in _shapes(issue, rules, sprints)
        if getattr(read, name) != getattr(issue, name)
    }
    for name, value in issue.extras.items():
        if name.startswith("customfield_") and name not in fields:
            fields[name] = values.clean(value)
    for name in ("project", "created", "resolutiondate", "status", "issuetype", rules.points_field):
        fields.setdefault(name, None)
    return {**document, "fields": fields}


def _shapes(issue: Issue, rules: IssueRules, sprints: Mapping[str, Sprint]) -> Iterable[tuple[str, str, Any]]:
    """Record field, Jira's field, and its value in Jira's shape."""
    status = {"name": issue.status, "statusCategory": {"key": _CATEGORIES[issue.category]}}
    return (
        ("summary", "summary", issue.summary),
        ("type", "issuetype", _named(issue.type)),
        ("status", "status", status),
        ("category", "status", status),
        ("created", "created", _jira_time(issue.created)),
        ("updated", "updated", _jira_time(issue.updated)),
        ("resolved", "resolutiondate", _jira_time(issue.resolved)),
        ("points", rules.points_field, _number(issue.points)),
        ("project", "project", {"key": issue.project} if issue.project else None),
        ("priority", "priority", _named(issue.priority)),
        ("resolution", "resolution", _named(issue.resolution)),
        ("parent", "parent", {"key": issue.parent} if issue.parent else None),
        ("assignee", "assignee", {"displayName": issue.assignee} if issue.assignee else None),
        ("labels", "labels", list(issue.labels)),
        ("components", "components", [{"name": name} for name in issue.components]),
        ("fix_versions", "fixVersions", [{"name": name} for name in issue.fix_versions]),
        ("sprints", SPRINT_FIELD, [_sprint(sprints.get(name) or Sprint(name)) for name in issue.sprints]),
    )


def _named(name: str) -> dict[str, str] | None:
    return {"name": name} if name else None


def _sprint(sprint: Sprint) -> dict[str, Any]:
    return {
        "id": sprint.source_id,
        "name": sprint.name,
        "state": sprint.state,
        "goal": sprint.goal,
        "startDate": _jira_time(sprint.start),
        "endDate": _jira_time(sprint.end),
        "completeDate": _jira_time(sprint.completed),
    }


def _cache(data: QueryData, listed: Mapping[str, dict[str, Any]], rules: IssueRules) -> dict[str, Any]:
    # The list is what the query finds; what left it remains in the changelog, as it always did.
    inside = [
        listed[key] for key, issue in data.issues.items() if issue.in_query or issue.project in rules.devops_projects
    ]
    stamp = _aware(_fetched(data))
    return {
        "cache_version": "2.0",
        "timestamp": stamp,
        "jql_query": data.query.jql,
        "fields_requested": f"key,created,resolutiondate,status,issuetype,{rules.points_field}",
        "issues": inside,
        "total_issues": len(inside),
        "last_updated": stamp,
        "jql_hash": hashlib.sha256(data.query.jql.encode()).hexdigest()[:16],
        "changed_keys": [entry["key"] for entry in inside],
    }


def _fetched(data: QueryData) -> datetime:
    return max((page.created_at for page in data.pages.values()), default=data.query.created_at)


def _changelog(data: QueryData, listed: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    stamp = _aware(_fetched(data))
    names = ("project", "fixVersions", "status", "issuetype", "created", "resolutiondate")
    return {
        key: {
            "key": key,
            "fields": {name: entry["fields"].get(name) for name in names},
            "changelog": _histories(data.changes.get(key, ())),
            "last_updated": stamp,
        }
        for key, entry in listed.items()
    }


def _histories(changes: Sequence[Change]) -> dict[str, Any]:
    """Changes of status, oldest first: the old app knows no others."""
    entries = [
        {
            "created": _jira_time(moved.at),
            "items": [{"field": "status", "fromString": moved.from_value, "toString": moved.to_value}],
        }
        for moved in sorted(changes, key=lambda change: change.at)
        if moved.field == "status"
    ]
    return {"histories": entries, "total": len(entries)}


def _project_data(data: QueryData) -> dict[str, Any]:
    """`project_data.json` in its 2.0 shape, which the version in its metadata tells."""
    stored = data.project_data
    document: dict[str, Any] = values.clean(dict(stored.data)) if stored else {}
    updated = stored.updated_at if stored else data.query.created_at
    source = next((week.source for week in data.weeks if week.source), "manual")
    metadata = {"source": source, "last_updated": _aware(updated), "jira_query": data.query.jql}
    metadata |= values.mapping(document.get("metadata"))
    scope = dict.fromkeys(_SCOPE, 0) | values.mapping(document.get("project_scope"))
    return {
        **document,
        "project_scope": scope,
        "statistics": [_row(week) for week in data.weeks],
        "metadata": metadata | {"version": metadata.get("version") or "2.0"},
    }


def _row(week: Week) -> dict[str, Any]:
    """Texts that were no date or number stand in the extras under the column's name, and go back there."""
    numbers = {name: _number(getattr(week, name)) for name in _NUMBERS}
    row: dict[str, Any] = values.clean({"date": week.day.isoformat() if week.day else "", **numbers, **week.extras})
    return row


def _snapshots(snapshots: Iterable[Snapshot]) -> dict[str, Any]:
    weeks: dict[str, dict[str, Any]] = {}
    for snapshot in snapshots:
        document = {"timestamp": _aware(snapshot.created_at), **snapshot.values, **(snapshot.forecast or {})}
        weeks.setdefault(snapshot.week, {})[snapshot.metric] = values.clean(document)
    return weeks


# -- values -------------------------------------------------------------------------------------------------


def _aware(instant: datetime) -> str:
    return f"{instant_text(instant)[:19]}+00:00"


def _jira_time(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant_text(instant)[:19]}.000+0000"


def _number(value: float | None) -> float | int | None:
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < values.LARGEST else value
