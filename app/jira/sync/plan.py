"""What a sync will ask: everything, what changed since the last one, or the rest of one that was cut."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.jira import jql as jqls
from app.jira.client import FieldInfo, JiraClient, Server, User
from app.jira.mapping.fields import detect, history_wanted, looked_at, wanted
from app.jira.mapping.mapping import with_legacy_points
from app.jira.sync.staging import (
    DELTA,
    FULL,
    Cursor,
    Run,
    Synced,
    forget_pages,
    has_pages,
    is_fresh,
    load_cursor,
    load_synced,
    save_cursor,
)
from app.words import N_
from store.backend import PersistenceBackend
from store.documents import field_mapping_of, with_field_mapping
from store.errors import UnknownQuery
from store.records import Profile, Query, QueryRef
from store.settings import FieldMapping

# Every so many deltas everything is fetched anew, so that the pages kept do not pile up.
MOST_RUNS = 500
_GONE = N_("This work list no longer exists. Choose another one.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be asked, and what is there from a sync that was cut.

    `changed`: the search for what was updated since what is there; None when nothing is. `total`: how many issues the
    query has (full), or how many of them changed (delta). `lifetime`: how long the pages of a cut sync are good.
    """

    query: Query
    cursor: Cursor
    changed: str | None
    fields: tuple[str, ...]
    history_fields: tuple[str, ...]
    keep: frozenset[str]
    mapping: FieldMapping
    previous: Synced | None
    total: int
    known: tuple[FieldInfo, ...]
    lifetime: timedelta


class Planner:
    """Raises UnknownQuery for a query that is not, or no longer, there."""

    def __init__(
        self, client: JiraClient, backend: PersistenceBackend, ref: QueryRef, now: Callable[[], datetime]
    ) -> None:
        profile, query = backend.get_profile(ref.profile_id), backend.get_query(ref)
        if profile is None or query is None:
            raise UnknownQuery(_GONE)
        self._client, self._backend, self._ref, self._now = client, backend, ref, now
        self._profile: Profile = profile
        self._query: Query = query

    def plan(self, full: bool, lifetime: timedelta, authors: bool) -> Plan:
        """`full`: whatever is there, ask for everything. `lifetime`: how long the pages of a cut sync are good.
        `authors`: whether changes keep who made them."""
        server, user = self._client.server(), self._client.user()
        known = self._client.fields()
        mapping = replace(self._mapping(known, full), authors=authors)
        fields = wanted(known, mapping)
        history_fields = history_wanted(mapping, known)
        wants = (*history_fields, "authors") if mapping.authors else history_fields
        fingerprint = _fingerprint(self._client.base_url, self._query.jql, fields, wants)
        previous = load_synced(self._backend, self._ref)
        clock = server.clock or self._now()
        cut = self._cut(fingerprint, full, lifetime)
        cursor = cut or self._begin(fingerprint, None if full else previous, previous, server, clock)
        since = _since(cursor, cut is not None, previous, clock)
        changed = None
        if since is not None:
            changed = jqls.by_update(self._query.jql, jqls.wall_clock(since, _zones(user, clock, previous, cursor)))
        counted = changed if changed is not None and cursor.mode == DELTA else jqls.whole(self._query.jql)
        return Plan(
            query=self._query,
            cursor=cursor,
            changed=changed,
            fields=fields,
            history_fields=history_fields,
            keep=_kept_names(known, history_fields),
            mapping=mapping,
            previous=previous,
            total=self._client.count(counted),
            known=tuple(each for each in known if each.id in fields),
            lifetime=lifetime,
        )

    def _mapping(self, known: Sequence[FieldInfo], full: bool) -> FieldMapping:
        """The profile's; the first time found out and saved. When everything is asked for again, so are the fields in
        which there are values now."""
        chosen = field_mapping_of(self._profile)
        if chosen is not None and not full:
            return chosen
        field_mapping = detect(known, self._client.sample(jqls.newest(self._query.jql), looked_at(known))).mapping
        mapping = (
            chosen.with_filled(field_mapping) if chosen else with_legacy_points(field_mapping, self._profile, known)
        )
        return chosen if mapping == chosen else self._saved(mapping)

    def _saved(self, mapping: FieldMapping) -> FieldMapping:
        with self._backend.transaction():
            # Somebody may have saved other settings while Jira was answering.
            present = self._backend.get_profile(self._ref.profile_id)
            if present is None:
                raise UnknownQuery(_GONE)
            self._profile = with_field_mapping(present, mapping)
            self._backend.save_profile(self._profile)
        return mapping

    def _cut(self, fingerprint: str, full: bool, lifetime: timedelta) -> Cursor | None:
        """The cursor of a sync that was cut, if it can be gone on with; if not, its pages are removed."""
        cursor = load_cursor(self._backend, self._ref)
        if cursor is None:
            return None
        has_some = cursor.run.pages > 0 if cursor.mode == FULL else bool(cursor.reached)
        usable = cursor.fingerprint == fingerprint and has_some and cursor.is_fresh(self._now(), lifetime)
        usable = usable and (cursor.mode == FULL or not full)
        if usable and is_fresh(self._backend, self._ref, cursor.run, self._now()):
            return cursor
        with self._backend.transaction():
            forget_pages(self._backend, self._ref, [cursor.run], self._now())
            save_cursor(self._backend, self._ref, None)
        return None

    def _begin(
        self, fingerprint: str, basis: Synced | None, previous: Synced | None, server: Server, clock: datetime
    ) -> Cursor:
        """A delta where what was asked before is the same and still there, else a full one."""
        delta = basis is not None and basis.fingerprint == fingerprint and server.clock is not None
        delta = delta and basis is not None and len(basis.runs) < MOST_RUNS
        if basis is not None and delta and has_pages(self._backend, self._ref, basis.runs):
            number = max((int(run.prefix.rpartition("-")[2]) for run in basis.runs[1:]), default=0) + 1
            mode, prefix = DELTA, f"{basis.generation}/delta-{number}"
        else:
            mode, prefix = FULL, str(1 - previous.generation if previous else 0) + "/full"
        return Cursor(mode, Run(prefix, 0), fingerprint, self._now().isoformat(), clock.isoformat())


def _since(cursor: Cursor, is_cut: bool, previous: Synced | None, clock: datetime) -> datetime | None:
    """From when on changes are asked for. None: nothing is there yet, so everything is listed and fetched."""
    if cursor.mode == FULL:
        # Pages of a cut sync may be hours old: what changed since it began comes again.
        return datetime.fromisoformat(cursor.clock) - jqls.OVERLAP if is_cut else None
    if is_cut:
        return datetime.fromisoformat(cursor.reached)
    return min(datetime.fromisoformat(previous.clock), clock) - jqls.OVERLAP if previous is not None else None


def _fingerprint(base_url: str, jql: str, fields: Sequence[str], history_fields: Sequence[str]) -> str:
    """Of what is asked: a delta only goes on from a sync that asked the same."""
    terms = "\n".join((base_url, jqls.condition(jql), *sorted(fields), "", *sorted(history_fields)))
    return hashlib.sha256(terms.encode()).hexdigest()[:16]


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
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return zones
