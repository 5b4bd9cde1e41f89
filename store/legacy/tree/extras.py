"""`burndown_extras.json`: beside the old app's files, all that they have no place for.

One lies beside the registry (ids, state, journal), one beside each profile, one beside each query. The records
stand in it whole, so that times, order and odd values come back exactly, together with the SHA-256 of the
files that were written from them: those tell which file was changed since, by hand or by the old app.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from store import redaction
from store.codec import UnreadableRecord, decode, encode
from store.legacy.findings import FileNote
from store.legacy.read import values
from store.legacy.read.text import read_text
from store.memory import QueryData, State
from store.records import (
    CachedChangelog,
    CachedPage,
    Change,
    Correction,
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

NAME = "burndown_extras.json"
VERSION = 1
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class StoreExtras:
    """State without profiles and queries. `active` names the folders of what was active."""

    state: State = field(default_factory=State)
    active: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ProfileExtras:
    """`folder` is where it was written: in a copy of that folder the id is not its own. `digests`: by file name."""

    profile: Profile
    milestones: tuple[Milestone, ...]
    folder: str
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QueryExtras:
    data: QueryData
    folder: str
    digests: Mapping[str, str]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def changed_files(folder: Path, digests: Mapping[str, str]) -> set[str]:
    """Names of the files that are not as they were written; gone or unreadable ones too."""
    return {name for name, known in digests.items() if _digest_of(folder / name) != known}


def _digest_of(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def is_whole(path: Path) -> bool:
    """Whether the file is there and is JSON from beginning to end, so that what it lacks was taken out."""
    if not path.is_file():
        return False
    try:
        json.loads(read_text(path)[0].lstrip("\ufeff"))
    except (OSError, ValueError, RecursionError):
        return False
    return True


# -- out ----------------------------------------------------------------------------------------------------


def store_document(state: State, active: tuple[str, str] | None) -> dict[str, Any]:
    return {
        **_head(),
        "revision": state.revision,
        "active": list(active) if active else None,
        "app_state": dict(state.app_state),
        "tasks": [encode(task) for task in state.tasks.values()],
        "migrations": [encode(migration) for migration in state.migrations],
    }


def profile_document(
    profile: Profile, milestones: Iterable[Milestone], folder: str, digests: Mapping[str, str]
) -> dict[str, Any]:
    return {
        **_head(),
        "folder": folder,
        "files": dict(digests),
        "profile": redaction.without_secrets(encode(profile)),
        "milestones": [encode(milestone) for milestone in milestones],
    }


def query_document(data: QueryData, folder: str, digests: Mapping[str, str]) -> dict[str, Any]:
    return {
        **_head(),
        "folder": folder,
        "files": dict(digests),
        "query": encode(data.query),
        "issues": [encode(issue) for issue in data.issues.values()],
        "changes": [encode(change) for history in data.changes.values() for change in history],
        "sprints": [encode(sprint) for sprint in data.sprints.values()],
        "weeks": [encode(week) for week in data.weeks],
        "corrections": [encode(correction) for correction in data.corrections],
        "project_data": encode(data.project_data) if data.project_data else None,
        "snapshots": [encode(snapshot) for snapshot in data.snapshots.values()],
        "forecasts": [encode(forecast) for forecast in data.forecasts.values()],
        "pages": [_with_bytes(page, "response") for page in data.pages.values()],
        "changelogs": [_with_bytes(changelog, "changelog") for changelog in data.changelogs.values()],
    }


def _head() -> dict[str, Any]:
    return {"format": "burndown-extras", "version": VERSION}


def _with_bytes(record: Any, name: str) -> dict[str, Any]:
    """Raw answers are text as a rule; those that are not are kept as Base64."""
    content: bytes = getattr(record, name)
    document = encode(replace(record, **{name: b""}))
    try:
        return document | {name: content.decode()}
    except UnicodeDecodeError:
        del document[name]
        return document | {f"{name}_base64": base64.b64encode(content).decode()}


# -- in -----------------------------------------------------------------------------------------------------


def load(folder: Path, note: FileNote) -> dict[str, Any] | None:
    """The document in this folder; None when there is none or it cannot be read, which is noted."""
    path = folder / NAME
    if path.exists() and not path.is_file():
        note.skip("", "no ordinary file, so it was not opened")
        return None
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as exc:
        note.find("", f"not readable as JSON: {exc}", "only the old app's own files were read")
        return None
    if not isinstance(document, dict) or document.get("version") != VERSION:
        note.find("", "not in a form that this version knows", "only the old app's own files were read")
        return None
    return document


def store_extras(document: Mapping[str, Any], note: FileNote) -> StoreExtras:
    active = document.get("active")
    state = State(
        app_state={name: text for name, text in _object(document, "app_state").items() if isinstance(text, str)},
        tasks={record.name: record for record in _records(Task, document, "tasks", note)},
        migrations=tuple(_records(MigrationEntry, document, "migrations", note)),
        revision=values.whole(document.get("revision")) or 0,
    )
    folders = tuple(active) if isinstance(active, list) and len(active) == 2 else None
    return StoreExtras(state, folders)


def profile_extras(document: Mapping[str, Any], note: FileNote) -> ProfileExtras | None:
    profiles = _records(Profile, {"profile": [document.get("profile")]}, "profile", note)
    if not profiles:
        return None
    milestones = tuple(_records(Milestone, document, "milestones", note))
    return ProfileExtras(profiles[0], milestones, values.text(document.get("folder")), _texts(document, "files"))


def query_extras(document: Mapping[str, Any], note: FileNote) -> QueryExtras | None:
    queries = _records(Query, {"query": [document.get("query")]}, "query", note)
    if not queries:
        return None
    data = QueryData(
        queries[0],
        issues={record.key: record for record in _records(Issue, document, "issues", note)},
        sprints={record.name: record for record in _records(Sprint, document, "sprints", note)},
        weeks=tuple(_records(Week, document, "weeks", note)),
        corrections=tuple(_records(Correction, document, "corrections", note)),
        snapshots={(record.week, record.metric): record for record in _records(Snapshot, document, "snapshots", note)},
        forecasts={
            (record.as_of, record.unit, record.method): record
            for record in _records(ForecastMade, document, "forecasts", note)
        },
        pages={page.cache_key: page for page in _raw(CachedPage, "response", document, "pages", note)},
        changelogs={
            changelog.issue_key: changelog
            for changelog in _raw(CachedChangelog, "changelog", document, "changelogs", note)
        },
    )
    if document.get("project_data") is not None:
        data.project_data = next(
            iter(_records(ProjectData, {"project_data": [document["project_data"]]}, "project_data", note)), None
        )
    histories: dict[str, list[Change]] = {}
    for change in _records(Change, document, "changes", note):
        if change.issue_key in data.issues:
            histories.setdefault(change.issue_key, []).append(change)
    data.changes = {key: tuple(history) for key, history in histories.items()}
    return QueryExtras(data, values.text(document.get("folder")), _texts(document, "files"))


def _records(kind: type[Record], document: Mapping[str, Any], name: str, note: FileNote) -> list[Record]:
    """Each readable record of a list; the others are noted."""
    records = []
    listed = document.get(name)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        try:
            records.append(decode(kind, entry))
        except UnreadableRecord as exc:
            note.skip(f"{name}[{index}]", str(exc))
    return records


def _raw(kind: type[Record], member: str, document: Mapping[str, Any], name: str, note: FileNote) -> list[Record]:
    """Records with bytes, from text or Base64."""
    records = []
    listed = document.get(name)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        coded = entry.get(f"{member}_base64") if isinstance(entry, dict) else None
        try:
            if isinstance(coded, str):
                record: Any = decode(kind, {**entry, member: ""})
                records.append(replace(record, **{member: base64.b64decode(coded, validate=True)}))
            else:
                records.append(decode(kind, entry))
        except (UnreadableRecord, binascii.Error) as exc:
            note.skip(f"{name}[{index}]", str(exc))
    return records


def _object(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    return values.mapping(document.get(name))


def _texts(document: Mapping[str, Any], name: str) -> dict[str, str]:
    return {key: text for key, text in _object(document, name).items() if isinstance(text, str)}
