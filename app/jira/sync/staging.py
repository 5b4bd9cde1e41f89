"""What Jira answered, kept page by page: a cut sync goes on from it, and a new mapping is applied to it offline.

A full sync writes a new generation of pages beside the one in use; a later delta adds pages to it. Reading them
in order, the last answer about an issue counts.

An answer may stand in for asking again as long as the profile says (`cache_hours`): a cut sync goes on only from
pages that have not expired; past that time they are removed and everything is asked anew. Pages of a completed sync
never stand in for asking, expired or not. They are the raw history that mappings are applied to: what the last
completed sync names outlives its expiry, and goes when a later full sync has superseded it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.jira.client import FieldInfo, parse_instant
from app.jira.http.text import dump, parse
from app.jira.mapping.mapping import trimmed_history
from app.jira.shape import Json, text
from store import documents
from store.backend import PersistenceBackend
from store.codec import decode, encode, parsed_json
from store.errors import NotWritable
from store.records import CachedChangelog, CachedPage, JsonObject, QueryRef

FULL, DELTA = "full", "delta"
_ANY_AGE = datetime(1970, 1, 1, tzinfo=UTC)
_STATE = "jira_sync"

_log = logging.getLogger(__name__)

Histories = Mapping[str, Sequence[Json]]


@dataclass(frozen=True, slots=True)
class Run:
    """The pages of one sync: `prefix/00000` and on."""

    prefix: str
    pages: int

    def cache_key(self, number: int) -> str:
        return f"{self.prefix}/{number:05d}"

    def cache_keys(self) -> list[str]:
        return [self.cache_key(number) for number in range(self.pages)]


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a sync has come. `clock` is the server's when it began, `reached` the last page's last update."""

    mode: str
    run: Run
    fingerprint: str
    began_at: str
    clock: str
    reached: str = ""

    def is_fresh(self, now: datetime, lifetime: timedelta) -> bool:
        return now < datetime.fromisoformat(self.began_at) + lifetime


@dataclass(frozen=True, slots=True)
class Synced:
    """The last sync that was completed: what it asked (`fingerprint`), of whom, when, and where its pages are.

    `fields`: what the server calls the fields that were asked for, so that another choice can be made offline.
    `skipped`: ids of issues that came without what was asked for. `statuses`: their names in the order of the boards
    that are fetched, as `store.documents.board_order_of` reads them. `new`, `changed`, `removed`: issues that this sync
    brought, brought otherwise than they were, or no longer had; None where nobody counted.
    """

    fingerprint: str
    base_url: str
    jql: str
    clock: str
    synced_at: str
    generation: int
    runs: tuple[Run, ...]
    fields: tuple[FieldInfo, ...] = ()
    skipped: tuple[str, ...] = ()
    # Where people look at the issues, if that is not where requests go.
    site: str = ""
    statuses: tuple[str, ...] = ()
    new: int | None = None
    changed: int | None = None
    removed: int | None = None


def load_cursor(backend: PersistenceBackend, ref: QueryRef) -> Cursor | None:
    text = backend.get_note(ref, _STATE)
    try:
        return decode(Cursor, parsed_json(text)) if text else None
    except ValueError:
        return None


def save_cursor(backend: PersistenceBackend, ref: QueryRef, cursor: Cursor | None) -> None:
    backend.set_note(ref, _STATE, None if cursor is None else json.dumps(encode(cursor)))


def load_synced(backend: PersistenceBackend, ref: QueryRef) -> Synced | None:
    """None when the query was never synced, or by something whose notes we cannot read."""
    return documents.synced_of(backend.get_project_data(ref), Synced)


def save_synced(backend: PersistenceBackend, ref: QueryRef, synced: Synced, issues: int, now: datetime) -> None:
    present = backend.get_project_data(ref)
    backend.save_project_data(ref, documents.with_synced(present, synced, issues, now))


@dataclass(frozen=True, slots=True)
class Slim:
    """The issues of a page as they will be stored. `keys` by id; `reached`: the last issue's update, ISO 8601."""

    text: bytes
    keys: Mapping[str, str]
    reached: str


def slim(issues: Sequence[Json]) -> Slim:
    """What is kept of a page that holds issues: no people but assignees."""
    reached = parse_instant(issues[-1]["fields"].get("updated"))
    kept = [_slim(raw) for raw in issues]
    return Slim(
        text=dump(kept),
        keys={each["id"]: each["key"] or each["id"] for each in kept},
        reached=reached.isoformat() if reached else "",
    )


@dataclass(frozen=True, slots=True)
class Staged:
    """A page as it will be stored. `histories`: text by issue key; `reached` as in `Slim`."""

    response: bytes
    histories: tuple[tuple[str, bytes], ...]
    reached: str


def staged(page: Slim, histories: Histories, incomplete: frozenset[str], keep: frozenset[str], authors: bool) -> Staged:
    """The page with its histories, of which only the fields in `keep` are kept, and who changed them if `authors`."""
    logs = {
        issue_id: trimmed
        for issue_id in (page.keys if histories else ())
        if (history := histories.get(issue_id)) and (trimmed := trimmed_history(history, keep, authors))
    }
    texts = (
        (page.keys[each], dump({"id": each, "whole": each not in incomplete, "histories": log}))
        for each, log in logs.items()
    )
    return Staged(b'{"issues":%b,"with_history":%b}' % (page.text, dump(list(logs))), tuple(texts), page.reached)


def save_pages(
    backend: PersistenceBackend,
    ref: QueryRef,
    cursor: Cursor,
    pages: Sequence[Staged],
    now: datetime,
    lifetime: timedelta,
    in_order: bool = True,
) -> Cursor:
    """Pages, histories and cursor in one transaction; the cursor moved on.

    `lifetime`: how long they may stand in for asking again. `in_order`: the pages came in the order of updates, so that
    a cut sync can go on from the last issue.
    """
    first, end = cursor.run.pages, now + lifetime
    reached = next((page.reached for page in reversed(pages) if page.reached), "") if in_order else ""
    moved = replace(cursor, run=replace(cursor.run, pages=first + len(pages)), reached=reached or cursor.reached)
    keys = map(cursor.run.cache_key, range(first, first + len(pages)))
    histories = [CachedChangelog(key, text, now, end) for page in pages for key, text in page.histories]
    # A power cut may take the last pages with it: they are fetched again then, and the disk is not waited for now.
    with backend.transaction(lasting=False):
        backend.save_pages(
            ref, [CachedPage(key, page.response, now, end) for key, page in zip(keys, pages, strict=True)]
        )
        if histories:
            backend.save_changelogs(ref, histories)
        save_cursor(backend, ref, moved)
    return moved


def _slim(raw: Json) -> dict[str, Any]:
    """Without what no mapping can need: addresses and pictures of people. They are taken out of the issue itself."""
    fields = raw.get("fields")
    fields = fields if isinstance(fields, dict) else {}
    person = fields.get("assignee")
    if isinstance(person, dict):
        fields["assignee"] = {"displayName": person.get("displayName") or person.get("name")}
    return {"id": raw["id"], "key": text(raw.get("key")), "fields": fields}


@dataclass(frozen=True, slots=True)
class Raw:
    """One issue as it was answered, with its trimmed history; `whole` is false where Jira kept part of it."""

    issue: Json
    history: Sequence[Json]
    whole: bool


def has_pages(backend: PersistenceBackend, ref: QueryRef, runs: Sequence[Run]) -> bool:
    """Whether the first and last page of every run are still there."""
    ends = [key for run in runs for key in run.cache_keys()[:1] + run.cache_keys()[-1:]]
    return all(backend.get_page(ref, key, _ANY_AGE) is not None for key in ends)


def is_fresh(backend: PersistenceBackend, ref: QueryRef, run: Run, now: datetime) -> bool:
    """Whether every page of the run is there and has not expired."""
    return all(backend.get_page(ref, key, now) is not None for key in run.cache_keys())


def read_runs(backend: PersistenceBackend, ref: QueryRef, runs: Sequence[Run]) -> Iterator[Raw]:
    """Everything the runs were told, in order; one issue may come several times."""
    histories = {entry.issue_key: entry.changelog for entry in backend.list_changelogs(ref)} if runs else {}
    for key in (key for run in runs for key in run.cache_keys()):
        page = _document(backend.get_page(ref, key, _ANY_AGE))
        # An empty history has no row of its own; one of an earlier answer may be there. Older pages say it of each.
        having = frozenset(page.get("with_history") or ())
        for issue in page.get("issues") or ():
            has_history = issue["id"] in having or issue.get("has_history")
            kept = histories.get(str(issue.get("key") or issue["id"])) if has_history else None
            log: JsonObject = parse(kept) if kept else {}
            yield Raw(issue, log.get("histories") or (), bool(log.get("whole", True)))


def newest_answers(backend: PersistenceBackend, ref: QueryRef, runs: Sequence[Run], most: int) -> list[Json]:
    """About as many issues as were answered last, raw, without histories; fewer where fewer are kept."""
    issues: dict[str, Json] = {}
    for key in reversed([key for run in runs for key in run.cache_keys()]):
        for issue in _document(backend.get_page(ref, key, _ANY_AGE)).get("issues") or ():
            issues.setdefault(str(issue["id"]), issue)
        if len(issues) >= most:
            break
    return list(issues.values())


def forget_authors(backend: PersistenceBackend, ref: QueryRef) -> None:
    """Take the names of who changed something out of all stored histories."""
    named = [log for log in backend.list_changelogs(ref) if b'"author"' in log.changelog]
    backend.save_changelogs(ref, [replace(log, changelog=_nameless(log.changelog)) for log in named])


def _nameless(changelog: bytes) -> bytes:
    document = parse(changelog)
    entries = [{name: value for name, value in each.items() if name != "author"} for each in document["histories"]]
    return dump({**document, "histories": entries})


def _document(page: CachedPage | None) -> JsonObject:
    document: JsonObject = parse(page.response) if page is not None else {}
    return document


def forget_pages(backend: PersistenceBackend, ref: QueryRef, runs: Sequence[Run], now: datetime) -> None:
    """Remove pages that nothing names any more: emptied and expired, they go with the next cleaning, at once."""
    keys = [key for run in runs for key in run.cache_keys()]
    if keys:
        with backend.transaction():
            backend.save_pages(ref, [CachedPage(key, b"{}", now, now) for key in keys])
            clean_up(backend, now)


def forget_superseded(backend: PersistenceBackend, ref: QueryRef, runs: Sequence[Run], now: datetime) -> None:
    """As `forget_pages`, after what they were superseded by is saved: on a full disk they stay for now."""
    try:
        forget_pages(backend, ref, runs, now)
    except NotWritable:
        _log.warning("superseded pages were not removed", exc_info=True)


def clean_up(backend: PersistenceBackend, now: datetime) -> int:
    """Delete expired answers, but those that a query's last completed sync names; how many."""
    refs = [query.ref for profile in backend.list_profiles() for query in backend.list_queries(profile.id)]
    synced = {ref: state for ref in refs if (state := load_synced(backend, ref)) is not None}
    named = {ref: frozenset(key for run in each.runs for key in run.cache_keys()) for ref, each in synced.items()}
    return backend.cleanup_expired(now, named)
