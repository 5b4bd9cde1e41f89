"""Change histories: a map by issue key (the usual form) or a list of issues with their whole changelog."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from store.legacy.findings import FileNote
from store.legacy.read import values
from store.records import Change

_POINTS = frozenset({"story points", "story point estimate"})


def changes_of(key: str, raw: Any, points_field: str, zone: tzinfo, note: FileNote) -> list[Change]:
    """The changes of one issue, oldest first; what cannot be used is noted and left out."""
    histories = _histories(key, raw, note)
    changes: list[Change] = []
    for index, history in enumerate(histories):
        changes += _changes(key, f"{key} histories[{index}]", history, points_field, zone, note)
    if len(changes) > 1 and changes[0].at > changes[-1].at:
        # Newest first, as Jira Cloud gives them: turned round, so that equal instants keep their order.
        changes.reverse()
    changes.sort(key=lambda change: change.at)
    note.kept += len(changes)
    return changes


def _histories(key: str, raw: Any, note: FileNote) -> list[Any]:
    changelog = raw.get("changelog") if isinstance(raw, Mapping) else None
    if changelog is None:
        if isinstance(raw, Mapping) and "changelog" not in raw:
            note.find(key, "its entry holds no changelog", "taken as an issue without changes")
        return []
    if isinstance(changelog, list):
        histories: Any = changelog
    else:
        histories = changelog.get("histories") if isinstance(changelog, dict) else changelog
    if histories is None:
        if changelog:
            note.skip(f"{key} changelog", "holds no histories")
        return []
    if not isinstance(histories, list):
        if histories:
            note.skip(f"{key} changelog", "histories are no list")
        else:
            note.find(f"{key} changelog", "histories are no list", "taken as empty")
        return []
    return histories


def _changes(key: str, where: str, history: Any, points_field: str, zone: tzinfo, note: FileNote) -> list[Change]:
    if not isinstance(history, dict):
        note.skip(where, "not an object")
        return []
    items = history.get("items")
    if not isinstance(items, list):
        note.skip(where, "holds no items")
        return []
    at = values.instant(history.get("created"), zone)
    changes = []
    for item in items:
        if at is None:
            note.skip(where, f"no usable time: {history.get('created')!r:.60}")
        elif not isinstance(item, dict) or not isinstance(item.get("field", "status"), str):
            note.skip(where, "an item that is no change")
        else:
            field = field_of(item, points_field)
            changes.append(Change(key, at, field, _value(item.get("fromString")), _value(item.get("toString"))))
    return changes


def field_of(item: Mapping[str, Any], points_field: str) -> str:
    """The name of the changed field as records have it."""
    name = values.text(item.get("field", "status")).lower()
    if name in _POINTS or (points_field and points_field in (item.get("fieldId"), name)):
        return "points"
    return name


def _value(raw: Any) -> str | None:
    return None if raw is None else values.text(raw)
