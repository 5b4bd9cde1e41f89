"""Jira's own JSON (search answers, exports of its REST interface, one issue a line) with the change history in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from app.domain.guesses import Guesses
from app.errors import BadInput
from app.imports.columns import ISSUES, ColumnMapping
from app.imports.dates import DateReader
from app.imports.results import Imported, RejectedRow, unread_cells
from app.imports.trackers.answers import entries_of, pages_of, text
from app.imports.trackers.jira_fields import FoundFields, JiraField, find_fields, values_of
from app.jira.mapping.mapping import Doubt, Mapped, map_issue, points_of
from app.jira.mapping.sprints import mentioned, named, named_sprint, names_of
from app.words import N_
from store.records import Issue
from store.settings import FieldMapping

Json = Mapping[str, Any]

RECOGNISED_AS = "Jira JSON export"
_USED = {"key": "key", "summary": "summary", "type": "issuetype", "status": "status", "category": "statusCategory",
         "created": "created", "updated": "updated", "resolved": "resolutiondate", "project": "project",
         "priority": "priority", "resolution": "resolution", "parent": "parent", "assignee": "assignee",
         "labels": "labels", "components": "components", "fix_versions": "fixVersions", "source_id": "id",
         "url": "self"}  # fmt: skip
_DATES = ("created", "started", "resolved")
# What differs from server to server; all else has its place.
CHOSEN = ("points", "sprints", "epic", "flagged")


@dataclass(frozen=True, slots=True)
class _FieldPlan:
    """Where everything is taken from: `dates` by our name where they are not Jira's own."""

    fields: FieldMapping
    dates: Mapping[str, str | None]
    used: Mapping[str, str]
    notes: tuple[str, ...]


def extract(value: Any, mapping: ColumnMapping, zone: tzinfo, is_part: bool = False) -> Imported:
    """One issue for each entry with a key and fields; histories are taken from `changelog.histories`.

    The mapping says which fields hold points, sprints, epic, flag and days where that is not found out. `is_part`: of
    a larger file, so that a field that is named may be in another part. Raises BadInput for a field that is not there.
    """
    raw = [_with_closed_sprints(entry) for entry in entries_of(value)]
    plan = _field_plan(raw, value, mapping, is_part)
    mapped, rejected, has_history = _mapped(raw, plan, DateReader(zone))
    doubts = Counter(
        doubt
        for entry_mapped in mapped.values()
        for doubt in entry_mapped.doubts
        if doubt is not Doubt.CATEGORY or entry_mapped.issue.status.casefold() not in mapping.statuses
    )
    undated = _undated(raw, mapped)
    own_sprints = [sprint for entry_mapped in mapped.values() for sprint in entry_mapped.sprints]
    names = names_of([*mentioned(mapped.values()), *own_sprints])
    kept = {key: named(entry_mapped, names) for key, entry_mapped in mapped.items()}
    sprints = {sprint.name: sprint for sprint in (named_sprint(each, names) for each in own_sprints)}
    return Imported(
        kind=ISSUES,
        recognised_as=RECOGNISED_AS,
        rows=len(raw),
        issues=tuple(_with_status(entry_mapped.issue, mapping) for entry_mapped in kept.values()),
        sprints=tuple(sprints.values()),
        rejected=tuple(rejected),
        warnings=(*plan.notes, *([_NO_DATES] if undated else []), *_unread_points(raw, plan)),
        used=plan.used,
        columns=tuple(dict.fromkeys(plan.used.values())),
        changes=tuple(change for entry_mapped in kept.values() for change in entry_mapped.changes),
        history="whole" if has_history else "",
        undated=undated,
        guesses=Guesses(categories=doubts[Doubt.CATEGORY], points=doubts[Doubt.POINTS]),
    )


def _with_closed_sprints(entry: Json) -> Json:
    """An issue of a board's answer names the sprint it is in, and apart from it those it was in before."""
    fields = entry.get("fields")
    closed = fields.get("closedSprints") if isinstance(fields, dict) else None
    if not isinstance(fields, dict) or not isinstance(closed, list) or isinstance(fields.get("sprint"), list | str):
        return entry
    sprints = [*closed, fields.get("sprint")]
    return {**entry, "fields": {**fields, "sprint": [sprint for sprint in sprints if isinstance(sprint, dict)]}}


def _unread_points(raw: Sequence[Json], plan: _FieldPlan) -> list[str]:
    """As of a table: what stands where points should, and is no amount of work."""
    field = plan.fields.points
    values = [value for entry in raw if field and (value := values_of(entry).get(field)) not in (None, "", [])]
    unread = sum(points_of(value) is None for value in values)
    return [unread_cells(unread, plan.fields.names.get(field) or field)] if unread else []


_NO_DATES = N_(
    "The file has no dates: its items count from this import on. Ask for the fields "
    "created, updated and resolutiondate as well, and import the answer again."
)


def _undated(raw: Sequence[Json], mapped: Mapping[str, Mapped]) -> dict[str, int]:
    """The numbers of the entries by key where nothing in the file is dated, as `Imported.undated` is meant."""
    if any(each.changes or _has_a_date(each.issue) for each in mapped.values()):
        return {}
    return {key: number for number, entry in enumerate(raw, 1) if (key := text(entry.get("key"))) in mapped}


def _has_a_date(issue: Issue) -> bool:
    return any(at is not None for at in (issue.created, issue.started, issue.resolved, issue.updated))


def _mapped(
    raw: Sequence[Json], plan: _FieldPlan, reader: DateReader
) -> tuple[dict[str, Mapped], list[RejectedRow], bool]:
    """The entries by key, those that could not be used, and whether any came with a history."""
    kept: dict[str, Mapped] = {}
    rejected: list[RejectedRow] = []
    has_history = False
    for place, entry in enumerate(raw, 1):
        changelog = entry.get("changelog")
        histories = changelog.get("histories") if isinstance(changelog, dict) else None
        histories = histories if isinstance(histories, list) else None
        has_history = has_history or histories is not None
        is_whole = not isinstance(changelog, dict) or histories is None or _is_whole(changelog, histories)
        issue_mapped = map_issue(entry, histories, plan.fields, _address(entry), is_whole)
        if issue_mapped is None or issue_mapped.issue.key in kept:
            reason = "has no key" if issue_mapped is None else "stands in the file twice; the first was kept"
            rejected.append(RejectedRow(place, "key", issue_mapped.issue.key if issue_mapped else "", reason))
            continue
        if plan.dates:
            issue_mapped = issue_mapped._replace(issue=_dated(issue_mapped.issue, values_of(entry), plan.dates, reader))
        kept[issue_mapped.issue.key] = issue_mapped
    return kept, rejected, has_history


def _is_whole(changelog: Json, histories: Sequence[Any]) -> bool:
    """Whether the answer says of no more changes than it brings."""
    total = changelog.get("total")
    return changelog.get("isLast") is not False and (not isinstance(total, int) or total <= len(histories))


def fields_to_choose(value: Any) -> tuple[tuple[JiraField, ...], dict[str, str]]:
    """The fields that may hold points, sprint, epic, flag or days; and our name -> the field it is taken from unless
    something else is said."""
    raw = entries_of(value)
    own = _own_fields(raw, value)
    fixed = set(_USED.values()) - {"created", "resolutiondate"}
    used = _used(own.mapping, {})
    offered = tuple(field for field in own.fields if field.id not in fixed)
    there = {choosable.id for choosable in offered}
    return offered, {noun: name for noun, name in used.items() if name in there}


def names(value: Any) -> tuple[str, ...]:
    """What makes two such files alike: they have the same fields of their server's own."""
    raw = entries_of(value)
    return ("Jira JSON", *sorted({str(name) for entry in raw for name in values_of(entry) if "customfield" in name}))


def _own_fields(raw: Sequence[Json], value: Any) -> FoundFields:
    names: dict[str, Any] = {}
    for page in pages_of(value):
        page_names = page.get("names")
        names |= page_names if isinstance(page_names, dict) else {}
    return find_fields(raw, names)


def _field_plan(raw: Sequence[Json], value: Any, mapping: ColumnMapping, is_part: bool) -> _FieldPlan:
    own = _own_fields(raw, value)
    columns = {
        ("epic" if noun == "parent" and name != "parent" else noun): name for noun, name in mapping.columns.items()
    }
    columns = {noun: name for noun, name in columns.items() if name is None or name != _USED.get(noun)}
    unknown = [noun for noun in columns if noun not in (*CHOSEN, *_DATES)]
    if unknown:
        raise BadInput(
            N_(
                "The mapping says where {unknown} is, but in Jira's JSON that has its own place. Only "
                "these can be said: {value}.",
                unknown=unknown[0],
                value=", ".join((*CHOSEN, *_DATES)),
            )
        )
    there = {name for entry in raw for name in values_of(entry)} if columns and not is_part else set()
    for name in columns.values():
        if name is not None and not is_part and name not in there:
            raise BadInput(
                N_(
                    "The mapping names a field {name!r}, which no issue of the file has. Its fields are: {names}.",
                    name=name,
                    names=", ".join(field.id for field in own.fields),
                )
            )
    fields = _as_said(own, columns)
    dates = {noun: columns[noun] for noun in _DATES if noun in columns}
    return _FieldPlan(fields, dates, _used(fields, dates), () if "points" in columns else own.notes)


def _as_said(fields_found: FoundFields, columns: Mapping[str, str | None]) -> FieldMapping:
    mapping = fields_found.mapping
    points, sprint, epic, flagged = (
        (columns[noun] or "") if noun in columns else chosen
        for noun, chosen in zip(
            CHOSEN, (mapping.points, mapping.sprint, mapping.epic, mapping.flagged), strict=True
        )
    )  # fmt: skip
    # Histories of older servers call fields by their names.
    names = {
        field.id: field.name
        for field in fields_found.fields
        if field.name and field.id in (points, sprint, epic, flagged)
    }
    more = mapping.with_points(points).more_points
    own = {
        field_id: name
        for field_id, name in (mapping.own or {}).items()
        if field_id not in (points, sprint, epic, flagged, *more)
    }
    return FieldMapping(points, sprint, epic, flagged, {**names, **mapping.names}, more_points=more, own=own)


def _used(fields: FieldMapping, dates: Mapping[str, str | None]) -> dict[str, str]:
    chosen = zip(CHOSEN, (fields.points, fields.sprint, fields.epic, fields.flagged), strict=True)
    used = {**_USED, **dates, **dict(chosen)}
    return {noun: name for noun, name in used.items() if name}


def _dated(issue: Issue, fields: Json, dates: Mapping[str, str | None], reader: DateReader) -> Issue:
    dates_there: dict[str, Any] = {
        noun: reader.instant(text(fields.get(name))) if name is not None else None for noun, name in dates.items()
    }
    return replace(issue, **dates_there)


def _with_status(issue: Issue, mapping: ColumnMapping) -> Issue:
    category = mapping.statuses.get(issue.status.casefold())
    return replace(issue, category=category) if category is not None else issue


def _address(entry: Json) -> str:
    """Where the issue's server is, from the address that each entry gives of itself."""
    return text(entry.get("self")).partition("/rest/")[0]
