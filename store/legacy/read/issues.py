"""Jira's issues, as the old app kept them, to records. Two kinds of field sets occur in the same file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from store.legacy.read import values
from store.records import Category, Issue, Sprint

CATEGORIES = {"new": Category.TODO, "indeterminate": Category.IN_PROGRESS, "done": Category.DONE}
KEY = re.compile(r"[A-Z][A-Z0-9_]*-\d+")
_ELSEWHERE = frozenset(
    {"summary", "issuetype", "status", "created", "updated", "resolutiondate", "project", "priority", "resolution",
     "parent", "assignee", "labels", "components", "fixVersions"}
)  # fmt: skip
_SPRINT_TEXT = re.compile(r"com\.atlassian\.greenhopper\.service\.sprint\.Sprint@\w+\[(.*)\]$", re.DOTALL)
_SPRINT_PART = re.compile(
    r"(?:^|,)(id|state|name|goal|startDate|endDate|completeDate)=(.*?)(?=,[A-Za-z]+=|$)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class IssueRules:
    """What of the profile decides how an issue is read."""

    points_field: str = ""
    base_url: str = ""
    devops_projects: frozenset[str] = frozenset()
    done_statuses: frozenset[str] = frozenset()
    active_statuses: frozenset[str] = frozenset()
    zone: tzinfo = UTC


def key_of(raw: Any) -> str:
    """The issue's key where it is a proper text; "" otherwise."""
    key = raw.get("key") if isinstance(raw, dict) else None
    return values.text(key).strip() if isinstance(key, str) else ""


def issue(key: str, raw: Mapping[str, Any], rules: IssueRules) -> Issue:
    """The record of a raw issue; fields that cannot be used are left at "not known"."""
    fields = values.mapping(raw.get("fields"))
    status, category = _status(fields.get("status"))
    resolved = values.instant(fields.get("resolutiondate"), rules.zone)
    project = _part(fields.get("project"), "key") or key.rpartition("-")[0]
    return Issue(
        key=key,
        summary=values.text(fields.get("summary")),
        type=_name(fields.get("issuetype")),
        status=status,
        category=category or _guess(status, resolved, rules),
        created=values.instant(fields.get("created"), rules.zone),
        updated=values.instant(fields.get("updated"), rules.zone),
        resolved=resolved,
        points=_points(fields, rules),
        source_id=values.text(raw.get("id")),
        project=project,
        priority=_name(fields.get("priority")),
        resolution=_name(fields.get("resolution")),
        parent=_part(fields.get("parent"), "key"),
        assignee=_person(fields.get("assignee")),
        labels=values.names(fields.get("labels")),
        components=values.names(fields.get("components")),
        fix_versions=values.names(fields.get("fixVersions")),
        sprints=tuple(sprint.name for sprint in sprints_of(fields)),
        url=f"{rules.base_url}/browse/{key}" if rules.base_url else "",
        in_query=project not in rules.devops_projects,
        extras=_extras(fields, rules.points_field),
    )


def category_of(raw: Mapping[str, Any]) -> Category | None:
    """The status category that Jira itself gave; None when the file lacks it."""
    return _status(values.mapping(raw.get("fields")).get("status"))[1]


def filled(issue: Issue, other: Issue) -> Issue:
    """`issue` with what it does not know taken from `other`."""
    missing: dict[str, Any] = {
        name: getattr(other, name)
        for name in ("summary", "type", "status", "created", "updated", "resolved", "project", "fix_versions")
        if not getattr(issue, name) and getattr(other, name)
    }
    if "resolved" in missing and issue.status and issue.category is not Category.DONE:
        # Reopened since the other file was written: its resolution date is out of date.
        del missing["resolved"]
    if "status" in missing:
        missing["category"] = other.category
    return replace(issue, **missing) if missing else issue


def problems(raw: Mapping[str, Any], read: Issue, rules: IssueRules) -> list[str]:
    """The names of the fields that hold something which could not be used."""
    fields = raw.get("fields")
    if not isinstance(fields, dict):
        return ["fields"]
    named = {"created": read.created, "resolutiondate": read.resolved, "updated": read.updated,
             "issuetype": read.type, "status": read.status}  # fmt: skip
    bad = [name for name, value in named.items() if not value and fields.get(name) is not None]
    raw_points = fields.get(rules.points_field) if rules.points_field else None
    if read.points is None and not _no_points(raw_points):
        bad.append(rules.points_field)
    return bad


def _no_points(raw: Any) -> bool:
    return raw in (None, "") or (isinstance(raw, dict) and raw.get("value", raw.get("votes")) is None)


def _points(fields: Mapping[str, Any], rules: IssueRules) -> float | None:
    points = values.number(fields.get(rules.points_field)) if rules.points_field else None
    return None if points is None else float(points)


def _guess(status: str, resolved: datetime | None, rules: IssueRules) -> Category:
    if resolved or status in rules.done_statuses:
        return Category.DONE
    return Category.IN_PROGRESS if status in rules.active_statuses else Category.TODO


def _status(raw: Any) -> tuple[str, Category | None]:
    if not isinstance(raw, dict):
        return (values.text(raw) if isinstance(raw, str) else ""), None
    category = raw.get("statusCategory")
    key = category.get("key") if isinstance(category, dict) else None
    return _name(raw), CATEGORIES.get(key) if isinstance(key, str) else None


def _name(raw: Any) -> str:
    return _part(raw, "name") if isinstance(raw, dict) else (values.text(raw) if isinstance(raw, str) else "")


def _part(raw: Any, name: str) -> str:
    return values.text(raw.get(name)) if isinstance(raw, dict) else ""


def _person(raw: Any) -> str:
    return _part(raw, "displayName") or _name(raw)


def _extras(fields: Mapping[str, Any], points_field: str) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in _ELSEWHERE and name != points_field and value is not None:
            extras[values.text(name)] = _plain(value)
    versions = fields.get("fixVersions")
    if isinstance(versions, list) and versions:
        extras["fixVersions"] = [
            {part: values.clean(version[part]) for part in ("name", "released", "releaseDate") if part in version}
            for version in versions
            if isinstance(version, dict)
        ]
    return extras


def _plain(value: Any) -> Any:
    """A select's value, a list of them, or the thing itself."""
    if isinstance(value, dict):
        for name in ("value", "name"):
            if isinstance(value.get(name), str):
                return values.text(value[name])
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return values.clean(value)


def sprints_of(fields: Mapping[str, Any]) -> list[Sprint]:
    """The sprints of whatever field looks like Jira's: a list of objects, or of Sprint@…[…] texts."""
    sprints: list[Sprint] = []
    for value in fields.values():
        if value.__class__ is list and value and not sprints and value[0].__class__ in (dict, str):
            sprints = [sprint for entry in value if (sprint := _sprint(entry))]
    return sprints


def _sprint(raw: Any) -> Sprint | None:
    if isinstance(raw, str):
        match = _SPRINT_TEXT.search(raw)
        parts = (
            {name: "" if text == "<null>" else text for name, text in _SPRINT_PART.findall(match[1])} if match else {}
        )
    elif isinstance(raw, dict) and "state" in raw and ("boardId" in raw or "startDate" in raw or "goal" in raw):
        parts = raw
    else:
        return None
    name = values.text(parts.get("name"))
    if not name:
        return None
    return Sprint(
        name=name,
        source_id=values.text(parts.get("id")),
        state=values.text(parts.get("state")).lower(),
        start=values.instant(parts.get("startDate")),
        end=values.instant(parts.get("endDate")),
        completed=values.instant(parts.get("completeDate")),
        goal=values.text(parts.get("goal")),
    )


def outside_query(issues: Sequence[Issue], rules: IssueRules) -> bool:
    """Whether every issue belongs to a DevOps project: then the query asks for just these, and they are in it."""
    return bool(issues) and all(issue.project in rules.devops_projects for issue in issues)
