"""Jira's own JSON (search answers, exports of its REST interface, one issue a line) with the change history in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.imports.columns import ISSUES, ColumnMapping
from app.imports.documents import entries_of, text
from app.imports.results import Recognised, RejectedRow
from app.jira.client import FieldInfo
from app.jira.fields import detect
from app.jira.mapping import FieldMapping, Mapped, map_issue, points_of, sprints_of
from store.records import Issue

Json = Mapping[str, Any]

# Jira Cloud's own fields where the file does not name them: the same numbers on every site.
_USUAL_NAMES = {"customfield_10016": "Story point estimate", "customfield_10020": "Sprint"}
_USED = {"key": "key", "summary": "summary", "type": "issuetype", "status": "status", "category": "statusCategory",
         "created": "created", "updated": "updated", "resolved": "resolutiondate", "project": "project",
         "priority": "priority", "resolution": "resolution", "parent": "parent", "assignee": "assignee",
         "labels": "labels", "components": "components", "fix_versions": "fixVersions", "source_id": "id",
         "url": "self"}  # fmt: skip


def read_jira(value: Any, mapping: ColumnMapping) -> Recognised:
    """One issue for each entry with a key and fields; histories are taken from `changelog.histories`."""
    raw = entries_of(value)
    fields = _fields(raw, value if isinstance(value, dict) else {})
    kept: dict[str, Mapped] = {}
    rejected: list[RejectedRow] = []
    with_history = 0
    for place, entry in enumerate(raw, 1):
        changelog = entry.get("changelog")
        histories = changelog.get("histories") if isinstance(changelog, dict) else None
        with_history += histories is not None
        found = map_issue(entry, histories or (), fields, _address(entry))
        if found is None or found.issue.key in kept:
            reason = "has no key" if found is None else "stands in the file twice; the first was kept"
            rejected.append(RejectedRow(place, "key", found.issue.key if found else "", reason))
            continue
        kept[found.issue.key] = found
    sprints = {sprint.name: sprint for found in kept.values() for sprint in found.sprints}
    used = _USED | {noun: name for noun, name in (("points", fields.points), ("sprints", fields.sprint)) if name}
    return Recognised(
        kind=ISSUES,
        recognised_as="Jira JSON export",
        rows=len(raw),
        issues=tuple(_said(found.issue, mapping) for found in kept.values()),
        sprints=tuple(sprints.values()),
        rejected=tuple(rejected),
        used=used,
        columns=tuple(dict.fromkeys(used.values())),
        changes=tuple(change for found in kept.values() for change in found.changes),
        history="whole" if with_history else "",
    )


def _said(issue: Issue, mapping: ColumnMapping) -> Issue:
    said = mapping.statuses.get(issue.status.casefold())
    return replace(issue, category=said) if said is not None else issue


def _address(entry: Json) -> str:
    """Where the issue's server is, from the address that each entry gives of itself."""
    return text(entry.get("self")).partition("/rest/")[0]


def _fields(raw: Sequence[Json], document: Json) -> FieldMapping:
    """Which fields hold points and sprint, by the names that the answer gives them, else the usual ones."""
    sample = [_sane(entry) for entry in raw[:500]]
    said = document.get("names")
    names = {**_USUAL_NAMES, **said} if isinstance(said, dict) else _USUAL_NAMES
    # In the order of the file, so that the same file always gives the same choice.
    values = dict.fromkeys(name for entry in sample for name in _values(entry))
    named = {one: text(names.get(one)) for one in values}
    infos = [FieldInfo(one, name, *_kind(one, name, sample)) for one, name in named.items() if name and one in values]
    found = detect(infos, sample).mapping
    plain_sprints = "sprints" if "sprints" in values and not found.sprint else found.sprint
    return FieldMapping(found.points, plain_sprints, found.epic, found.flagged, found.names)


def _sane(entry: Json) -> Json:
    """An entry as its server would have sent it, as far as the choice of fields looks at it."""
    fields = _values(entry)
    kind = fields.get("issuetype")
    return {"fields": {**fields, "issuetype": kind if isinstance(kind, dict) else None}}


def _values(entry: Json) -> Json:
    fields = entry.get("fields")
    return fields if isinstance(fields, dict) else {}


def _kind(field_id: str, name: str, sample: Sequence[Json]) -> tuple[str, str]:
    """Type and custom type of a field as the server would give them, from its name and what it holds."""
    filled = [value for entry in sample if (value := _values(entry).get(field_id)) is not None]
    if name.casefold() == "sprint" and any(sprints_of(value) for value in filled):
        return "array", "gh-sprint"
    if name.casefold() == "epic link":
        return "any", "gh-epic-link"
    return ("number" if filled and all(points_of(value) is not None for value in filled) else "any"), "custom"
