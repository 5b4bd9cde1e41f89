"""Bring a query's issues from Jira into the store: plan, fetch, map, save.

Pages are stored as they come, each in a transaction of its own, so that a cut sync goes on where it stopped.
Issues and histories change only at the end, all at once: until then the old data is served. A sweep of ids finds
what was deleted or left the query, and what slipped through while pages moved.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.jira import jql as jqls
from app.jira.ahead import ahead, taking_quick_turns
from app.jira.client import FieldInfo, JiraClient, SearchPage, Server, User
from app.jira.errors import BadAnswer, BadJql, ExpiredToken, NothingFound, WrongToken
from app.jira.fields import detect, history_wanted, wanted
from app.jira.mapping import FieldMapping, Mapped, keeps_authors, map_issue, sprint_of
from app.jira.staging import (
    DELTA,
    FULL,
    Cursor,
    Run,
    Staged,
    Synced,
    forget_authors,
    forget_pages,
    has_pages,
    load_cursor,
    load_synced,
    read_runs,
    save_cursor,
    save_page,
    save_synced,
    staged,
)
from app.jobs import NoProgress, Progress
from store.backend import PersistenceBackend
from store.errors import UnknownQuery
from store.records import Change, Issue, Profile, Query, QueryRef, Sprint

# Within it a cut sync goes on from what it has; after it the server is asked for everything again.
LIFETIME = timedelta(hours=24)
_SWEEPS = 3
# Every so many deltas everything is fetched anew, so that the pages kept do not pile up.
MOST_RUNS = 500
# Sprints that may have been started or closed since; a project with more of them open at once is none.
_OPEN_SPRINTS = 30
_IDS_AT_ONCE = 100
_GONE = "This query no longer exists. Choose another one."


def _utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one sync did. `fetched`: issues that came; `changed`: those new or different; `removed`: deleted or
    out of the query; `issue_changes`: field changes learned. `warnings`: sentences for the user."""

    ref: QueryRef
    query: str
    mode: str
    fetched: int
    changed: int
    removed: int
    issue_changes: int
    requests: int
    seconds: float
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """One entry of the document of the `sync` command."""
        numbers = {name: value for name, value in asdict(self).items() if name not in ("ref", "warnings")}
        return numbers | {"query_id": self.ref.query_id, "warnings": list(self.warnings)}


def sync(
    client: JiraClient,
    backend: PersistenceBackend,
    ref: QueryRef,
    *,
    full: bool = False,
    progress: Progress | None = None,
    lifetime: timedelta = LIFETIME,
    now: Callable[[], datetime] = _utc_now,
    ticks: Callable[[], float] = time.monotonic,
) -> SyncResult:
    """Bring the query up to date; `full` asks for everything again. Raises JiraError, Cancelled or StoreError.

    Whatever it raises, the stored issues are as they were, and the pages fetched so far are kept.
    """
    start, requests = ticks(), client.requests
    work = _Sync(client, backend, ref, progress or NoProgress(), now, ticks)
    try:
        plan = work.plan(full, lifetime)
    except WrongToken as exc:
        if load_synced(backend, ref) is None:
            raise
        raise ExpiredToken(f"The token worked before. {exc}") from exc
    try:
        saved = work.carry_out(plan)
    except WrongToken as exc:
        raise ExpiredToken(f"The token worked a moment ago. What was fetched is kept. {exc}") from exc
    return SyncResult(
        ref=ref,
        query=work.query.name,
        mode=plan.cursor.mode,
        fetched=saved.fetched,
        changed=saved.changed,
        removed=saved.removed,
        issue_changes=saved.issue_changes,
        requests=client.requests - requests,
        seconds=round(ticks() - start, 3),
        warnings=saved.warnings,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What will be asked, and what is there from a sync that was cut."""

    cursor: Cursor
    jql: str
    fields: tuple[str, ...]
    history_fields: tuple[str, ...]
    keep: frozenset[str]
    mapping: FieldMapping
    previous: Synced | None
    total: int
    known: tuple[FieldInfo, ...]


@dataclass(frozen=True, slots=True)
class _Saved:
    fetched: int
    changed: int
    removed: int
    issue_changes: int
    warnings: tuple[str, ...]


class _Sync:
    """One sync of one query."""

    def __init__(
        self,
        client: JiraClient,
        backend: PersistenceBackend,
        ref: QueryRef,
        progress: Progress,
        now: Callable[[], datetime],
        ticks: Callable[[], float],
    ) -> None:
        profile, query = backend.get_profile(ref.profile_id), backend.get_query(ref)
        if profile is None or query is None:
            raise UnknownQuery(_GONE)
        self.client, self.backend, self.ref, self.progress = client, backend, ref, progress
        self.now, self.ticks = now, ticks
        self.profile: Profile = profile
        self.query: Query = query
        self._seen: tuple[int, list[Issue]] | None = None

    # -- plan ---------------------------------------------------------------------------------------

    def plan(self, full: bool, lifetime: timedelta) -> _Plan:
        self.progress.step(0, 1, "Asking Jira what is there")
        server, user = self.client.server(), self.client.user()
        known = self.client.fields()
        mapping = replace(self._mapping(known), authors=keeps_authors(self.profile))
        fields = wanted(known, mapping)
        history_fields = history_wanted(mapping, known)
        wants = (*history_fields, "authors") if mapping.authors else history_fields
        fingerprint = _fingerprint(self.client.base_url, self.query.jql, fields, wants)
        previous = load_synced(self.backend, self.ref)
        clock = server.clock or self.now()
        cursor, since = self._cut(fingerprint, full, lifetime), None
        if cursor is not None:
            since = datetime.fromisoformat(cursor.reached)
        else:
            cursor = self._begin(fingerprint, None if full else previous, previous, server, clock)
        if cursor.mode == DELTA and since is None and previous is not None:
            since = min(datetime.fromisoformat(previous.clock), clock) - jqls.OVERLAP
        text = jqls.wall_clock(since, _zones(user, clock, previous, cursor)) if since else None
        jql = jqls.by_update(self.query.jql, text)
        keep = _kept_names(known, history_fields)
        asked = tuple(each for each in known if each.id in fields)
        return _Plan(cursor, jql, fields, history_fields, keep, mapping, previous, self.client.count(jql), asked)

    def _mapping(self, known: Sequence[FieldInfo]) -> FieldMapping:
        """The profile's; the first time found out and saved."""
        chosen = FieldMapping.from_json(self.profile.field_mappings.get("jira"))
        if chosen is not None:
            return chosen
        found = detect(known, self.client.sample(jqls.newest(self.query.jql), wanted(known))).mapping
        mapping = with_legacy_points(found, self.profile, known)
        with self.backend.transaction():
            # Somebody may have saved other settings while Jira was answering.
            present = self.backend.get_profile(self.ref.profile_id)
            if present is None:
                raise UnknownQuery(_GONE)
            self.profile = with_mapping(present, mapping)
            self.backend.save_profile(self.profile)
        return mapping

    def _cut(self, fingerprint: str, full: bool, lifetime: timedelta) -> Cursor | None:
        """The cursor of a sync that was cut, if it can be gone on with; if not, its pages are removed."""
        cursor = load_cursor(self.backend, self.ref)
        if cursor is None:
            return None
        usable = cursor.fingerprint == fingerprint and cursor.reached and cursor.is_fresh(self.now(), lifetime)
        usable = usable and (cursor.mode == FULL or not full)
        if usable and has_pages(self.backend, self.ref, [cursor.run]):
            return cursor
        with self.backend.transaction():
            forget_pages(self.backend, self.ref, [cursor.run], self.now())
            save_cursor(self.backend, self.ref, None)
        return None

    def _begin(
        self, fingerprint: str, basis: Synced | None, previous: Synced | None, server: Server, clock: datetime
    ) -> Cursor:
        """A delta where what was asked before is the same and still there, else a full one."""
        delta = basis is not None and basis.fingerprint == fingerprint and server.clock is not None
        delta = delta and basis is not None and len(basis.runs) < MOST_RUNS
        if basis is not None and delta and has_pages(self.backend, self.ref, basis.runs):
            number = max((int(run.prefix.rpartition("-")[2]) for run in basis.runs[1:]), default=0) + 1
            mode, prefix = DELTA, f"{basis.generation}/delta-{number}"
        else:
            mode, prefix = FULL, str(1 - previous.generation if previous else 0) + "/full"
        return Cursor(mode, Run(prefix, 0), fingerprint, self.now().isoformat(), clock.isoformat())

    # -- fetch --------------------------------------------------------------------------------------

    def carry_out(self, plan: _Plan) -> _Saved:
        found = self._kept(plan)
        cursor = self._fetch(plan, found)
        refs = self._sweep()
        if not refs:
            raise NothingFound(
                "The query matches nothing, or nothing that this account may see. Check the query and the project; "
                "what was stored before is unchanged."
            )
        cursor = self._fetch_missing(plan, cursor, refs, found)
        sprints = self._sprints_now(found)
        self._say("Saving")
        return self._save(plan, cursor, refs, found, sprints)

    def _fetch(self, plan: _Plan, found: dict[str, _Found]) -> Cursor:
        cursor, start, begun = plan.cursor, self.ticks(), len(found)
        total = begun + plan.total
        self.progress.step(begun, total, f"{begun:,} of {total:,} issues")
        with taking_quick_turns():
            for page in self._pages_ahead(plan, lambda: self.progress.step(len(found), total)):
                cursor = self._keep(cursor, page, found)
                left = _time_left(len(found) - begun, plan.total, self.ticks() - start)
                self.progress.step(
                    min(len(found), total), total, f"{len(found):,} of {max(total, len(found)):,} issues{left}"
                )
        return cursor

    def _pages_ahead(self, plan: _Plan, still_wanted: Callable[[], None]) -> Iterator[_Page]:
        """Fetched in one thread, read in a second one, so that neither waits for the disk to have kept a page."""
        fetched = ahead(self.client.search(plan.jql, plan.fields, plan.history_fields), lambda: None)
        return ahead((self._read(plan, page) for page in fetched if page.issues), still_wanted)

    def _read(self, plan: _Plan, page: SearchPage) -> _Page:
        """The page as it is kept and as records. Touches nothing but its arguments."""
        base_url, histories, incomplete = self.client.base_url, page.histories, page.incomplete
        found: dict[str, _Found] = {}
        for issue in page.issues:
            issue_id = issue["id"]
            mapped = map_issue(issue, histories.get(issue_id, ()), plan.mapping, base_url)
            if mapped is not None:
                found[issue_id] = _Found(mapped, issue_id not in incomplete)
        return _Page(staged(page, plan.keep, plan.mapping.authors), found)

    def _keep(self, cursor: Cursor, page: _Page, found: dict[str, _Found], in_order: bool = True) -> Cursor:
        cursor = save_page(self.backend, self.ref, cursor, page.staged, self.now(), in_order)
        found.update(page.found)
        return cursor

    def _kept(self, plan: _Plan) -> dict[str, _Found]:
        """What a sync that was cut has fetched."""
        found: dict[str, _Found] = {}
        for raw in read_runs(self.backend, self.ref, [plan.cursor.run]):
            mapped = map_issue(raw.issue, raw.history, plan.mapping, self.client.base_url)
            if mapped is not None:
                found[str(raw.issue["id"])] = _Found(mapped, raw.whole)
        return found

    def _sweep(self) -> dict[str, str]:
        """Key by id of everything the query matches now."""
        query = jqls.by_key(self.query.jql)
        for attempt in range(1, _SWEEPS + 1):
            refs: dict[str, str] = {}
            try:
                for page in self.client.refs(query):
                    refs.update(page)
                    self._say(f"Looking for deleted issues: {len(refs):,} are there")
            except BadAnswer:
                if attempt == _SWEEPS:
                    raise
                continue
            return refs
        return {}

    def _fetch_missing(self, plan: _Plan, cursor: Cursor, refs: Mapping[str, str], found: dict[str, _Found]) -> Cursor:
        """What the sweep saw and neither the store nor this sync has: it slipped through, or came back."""
        stored = _by_id(self._stored()) if plan.cursor.mode == DELTA else {}
        have = {issue_id: issue.key for issue_id, issue in stored.items() if issue.in_query}
        have.update((issue_id, each.mapped.issue.key) for issue_id, each in found.items())
        missing = [issue_id for issue_id, key in refs.items() if have.get(issue_id) != key]
        for start in range(0, len(missing), _IDS_AT_ONCE):
            for page in self._pages_of(missing[start : start + _IDS_AT_ONCE], plan):
                cursor = self._keep(cursor, self._read(plan, page), found, in_order=False)
            self._say(f"Fetching {len(missing):,} issues that came back or moved")
        return cursor

    def _stored(self) -> list[Issue]:
        """The query's stored issues, read again only when something changed them since."""
        revision = self.backend.revision(self.ref)
        if self._seen is None or self._seen[0] != revision:
            self._seen = revision, self.backend.list_issues(self.ref)
        return self._seen[1]

    def _pages_of(self, ids: Sequence[str], plan: _Plan) -> list[SearchPage]:
        """By id. Jira refuses the whole list when one of them was deleted a moment ago: then in halves."""
        try:
            pages = list(self.client.search(jqls.by_ids(ids), plan.fields, plan.history_fields))
            return [page for page in pages if page.issues]
        except BadJql:
            if len(ids) == 1:
                return []
            half = len(ids) // 2
            return [*self._pages_of(ids[:half], plan), *self._pages_of(ids[half:], plan)]

    def _sprints_now(self, found: Mapping[str, _Found]) -> list[Sprint]:
        """Every sprint as far as it is known. Closing one updates no issue, so the open ones are asked for."""
        sprints = {sprint.name: sprint for sprint in self.backend.list_sprints(self.ref)}
        # Of several answers about a sprint the one from the issue last updated is the newest.
        named = [each for each in found.values() if each.mapped.sprints]
        for each in sorted(named, key=lambda each: each.mapped.issue.updated or _EARLIEST):
            sprints.update((sprint.name, sprint) for sprint in each.mapped.sprints)
        still_open = [each for each in sprints.values() if each.source_id and each.state != "closed"]
        for sprint in still_open[-_OPEN_SPRINTS:]:
            self._say("Looking at the open sprints")
            answer = self.client.sprint(sprint.source_id)
            now = sprint_of(answer) if answer is not None else None
            if now is not None and now.name == sprint.name:
                sprints[sprint.name] = now
        return list(sprints.values())

    def _say(self, text: str) -> None:
        """What is done after the fetching, which takes nearly all of the time."""
        self.progress.step(99, 100, text)

    # -- save ---------------------------------------------------------------------------------------

    def _save(
        self,
        plan: _Plan,
        cursor: Cursor,
        refs: Mapping[str, str],
        found: Mapping[str, _Found],
        sprints: Sequence[Sprint],
    ) -> _Saved:
        """Everything at once: what came, what went, where the pages are, and that this sync is complete."""
        now, previous = self.now(), plan.previous
        is_delta = cursor.mode == DELTA and previous is not None
        runs = (*previous.runs, cursor.run) if is_delta and previous else (cursor.run,)
        synced = Synced(
            fingerprint=cursor.fingerprint,
            base_url=self.client.base_url,
            jql=self.query.jql,
            clock=cursor.clock,
            synced_at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            generation=int(cursor.run.prefix.partition("/")[0]),
            runs=tuple(run for run in runs if run.pages),
            fields=plan.known,
        )
        same_server = previous is None or previous.base_url == synced.base_url
        same_query = same_server and (previous is None or previous.jql == synced.jql)
        with self.backend.transaction():
            update = _Update(self.backend, self.ref, self._stored(), same_server, now if same_query else None)
            saved = update.apply(found, refs)
            if not plan.mapping.authors and update.forget_authors():
                forget_authors(self.backend, self.ref)
            update.save_sprints(sprints)
            save_synced(self.backend, self.ref, synced, len(refs), now)
            save_cursor(self.backend, self.ref, None)
        if previous is not None and not is_delta:
            forget_pages(self.backend, self.ref, _unused(previous.runs, synced.runs), now)
        return saved


class _Found(NamedTuple):
    """`whole`: whether Jira gave all of its history."""

    mapped: Mapped
    whole: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """`found` by issue id."""

    staged: Staged
    found: Mapping[str, _Found]


class _Update:
    """Turns what is stored into what Jira says. To be used inside one transaction.

    `left_at`: since when issues that are gone count as gone; None where the query itself became another one, so
    that they never belonged to it.
    """

    def __init__(
        self,
        backend: PersistenceBackend,
        ref: QueryRef,
        stored: Iterable[Issue],
        same_server: bool,
        left_at: datetime | None,
    ) -> None:
        self._backend, self._ref, self._left_at = backend, ref, left_at
        self._stored = {issue.key: issue for issue in stored}
        # Ids of another server mean other issues.
        self._ids = _by_id(self._stored.values()) if same_server else {}
        self._changes = _by_key(backend.list_changes(ref))

    def apply(self, found: Mapping[str, _Found], refs: Mapping[str, str]) -> _Saved:
        backend, ref = self._backend, self._ref
        present = {issue_id: each for issue_id, each in found.items() if issue_id in refs}
        moved = [
            known.key
            for issue_id, each in (present.items() if self._ids else ())
            if (known := self._ids.get(issue_id)) is not None and known.key != each.mapped.issue.key
        ]
        histories = {
            each.mapped.issue.key: each.mapped.changes if each.whole else self._history(issue_id, each)
            for issue_id, each in present.items()
        }
        new = not self._stored
        fresh = [each.mapped.issue for each in present.values() if new or self._differs(each, histories)]
        gone = self._gone(found, refs, frozenset(moved))
        if moved:
            backend.delete_issues(ref, moved)
        if fresh:
            changes = [change for issue in fresh for change in histories[issue.key]]
            # Where no history was and none came there is none to be replaced.
            backend.upsert_issues(ref, fresh, changes if changes or self._changes else None)
        if gone:
            backend.upsert_issues(ref, gone)
        learned = sum(map(len, histories.values())) - (self._known_changes(present) if self._changes else 0)
        return _Saved(len(found), len(fresh), len(gone), max(0, learned), _warnings(present))

    def forget_authors(self) -> bool:
        """Take their names out of the histories of issues that are gone; whether any were stored before.

        What is in the query has just been saved without them, because a full sync comes first.
        """
        if not any(change.author for history in self._changes.values() for change in history):
            return False
        changes = self._backend.list_changes(self._ref)
        keys = {change.issue_key for change in changes if change.author}
        issues = [issue for issue in self._backend.list_issues(self._ref) if issue.key in keys]
        nameless = [replace(change, author="") for change in changes if change.issue_key in keys]
        self._backend.upsert_issues(self._ref, issues, nameless)
        return True

    def _history(self, issue_id: str, each: _Found) -> tuple[Change, ...]:
        """Of an issue of which Jira gave only part of the history: that, with what was stored before."""
        stored = self._changes.get(self._stored_key(issue_id, each), ())
        key = each.mapped.issue.key
        both = {_what(change): replace(change, issue_key=key) for change in stored}
        both |= {_what(change): change for change in each.mapped.changes}
        return tuple(sorted(both.values(), key=lambda change: change.at))

    def _stored_key(self, issue_id: str, each: _Found) -> str:
        known = self._ids.get(issue_id)
        return known.key if known else each.mapped.issue.key

    def _differs(self, each: _Found, histories: Mapping[str, Sequence[Change]]) -> bool:
        issue = each.mapped.issue
        return self._stored.get(issue.key) != issue or self._changes.get(issue.key, ()) != histories[issue.key]

    def _gone(self, found: Mapping[str, _Found], refs: Mapping[str, str], moved: frozenset[str]) -> list[Issue]:
        """What was in the query and is not any more, as last seen; histories stay."""
        keys = frozenset(refs.values())
        last = {each.mapped.issue.key: each.mapped.issue for issue_id, each in found.items() if issue_id not in refs}
        return [
            replace(last.get(key, issue), in_query=False, left_query=self._left_at)
            for key, issue in self._stored.items()
            if issue.in_query and key not in keys and key not in moved
        ]

    def _known_changes(self, present: Mapping[str, _Found]) -> int:
        return sum(len(self._changes.get(self._stored_key(each, item), ())) for each, item in present.items())

    def save_sprints(self, sprints: Sequence[Sprint]) -> None:
        known = {sprint.name: sprint for sprint in self._backend.list_sprints(self._ref)}
        fresh = [sprint for sprint in sprints if known.get(sprint.name) != sprint]
        if fresh:
            self._backend.save_sprints(self._ref, fresh)


_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def _warnings(present: Mapping[str, _Found]) -> tuple[str, ...]:
    cut = sum(not each.whole for each in present.values())
    if not cut:
        return ()
    return (f"Jira gave only part of the history of {cut:,} issues. Their early days may be missing in the charts.",)


def _what(change: Change) -> tuple[datetime, str, str | None, str | None]:
    """The change itself: an issue that moved has it under another key, and who made it may not have been wanted."""
    return change.at, change.field, change.from_value, change.to_value


def _by_id(issues: Iterable[Issue]) -> dict[str, Issue]:
    return {issue.source_id: issue for issue in issues if issue.source_id}


def _by_key(changes: Iterable[Change]) -> dict[str, tuple[Change, ...]]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.issue_key, []).append(change)
    return {key: tuple(history) for key, history in found.items()}


def _fingerprint(base_url: str, jql: str, fields: Sequence[str], history_fields: Sequence[str]) -> str:
    """Of what is asked: a delta only goes on from a sync that asked the same."""
    asked = "\n".join((base_url, jqls.condition(jql), *sorted(fields), "", *sorted(history_fields)))
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def _kept_names(known: Sequence[FieldInfo], history_fields: Sequence[str]) -> frozenset[str]:
    """Ids and names, in lower case, of the fields whose changes are kept."""
    names = {each.id: each.name for each in known}
    both = (*history_fields, *(names.get(each, "") for each in history_fields), "Fix Version", "issuetype")
    return frozenset(each.casefold() for each in both if each)


def _zones(user: User, clock: datetime, previous: Synced | None, cursor: Cursor) -> list[tzinfo]:
    """Every zone in which Jira may read a time: the server's, now and then, and the user's."""
    clocks = [clock, datetime.fromisoformat(cursor.clock)]
    if previous is not None:
        clocks.append(datetime.fromisoformat(previous.clock))
    zones: list[tzinfo] = [each.tzinfo for each in clocks if each.tzinfo is not None]
    try:
        return [*zones, ZoneInfo(user.zone)] if user.zone else zones
    except (ZoneInfoNotFoundError, ValueError):
        return zones


def _time_left(done: int, total: int, seconds: float) -> str:
    if done <= 0 or seconds < 2 or done >= total:
        return ""
    left = seconds * (total - done) / done
    return f", about {left / 60:.0f} min left" if left >= 90 else f", about {left:.0f} s left"


def _unused(old: Sequence[Run], new: Sequence[Run]) -> list[Run]:
    used = {run.prefix for run in new}
    return [run for run in old if run.prefix not in used]


# -- mapping of a profile -------------------------------------------------------------------------------


def with_mapping(profile: Profile, mapping: FieldMapping) -> Profile:
    """The profile with this mapping; `points_field` stays what the old app calls it."""
    return replace(
        profile,
        field_mappings={**profile.field_mappings, "jira": mapping.to_json()},
        jira_config={**profile.jira_config, "points_field": mapping.points},
    )


def with_legacy_points(mapping: FieldMapping, profile: Profile, known: Sequence[FieldInfo]) -> FieldMapping:
    """The field that was chosen in the old app, where the server still has it, wins over what was found."""
    chosen = str(profile.jira_config.get("points_field") or "")
    name = next((each.name for each in known if each.id == chosen), None)
    return replace(mapping, points=chosen, names={**mapping.names, chosen: name}) if name is not None else mapping
