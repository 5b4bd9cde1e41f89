"""A plan's profiles and queries into a backend, inside the caller's transaction, checked while it is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Protocol

from store.backend import PersistenceBackend
from store.errors import StoreError
from store.legacy import join
from store.legacy.findings import FileNote, Notes
from store.legacy.plan import Plan, ProfilePlan, QueryPlan, free_id
from store.legacy.read import database, queries, snapshots
from store.legacy.read.profiles import Machine
from store.legacy.read.queries import ReadQuery
from store.legacy.tree import with_extras
from store.names import free_name
from store.records import CachedChangelog, CachedPage, Counts, Issue, Profile, Query, QueryRef
from store.texts import N_

BATCH = 2_000
_SETTINGS = ("jira_config", "field_mappings", "forecast_settings", "project_classification", "flow_type_mappings")


class Progress(Protocol):
    """Told how far it is; may raise to stop."""

    def step(self, done: int, total: int, text: str = "") -> None: ...


class Silent:
    def step(self, done: int, total: int, text: str = "") -> None:
        return None


@dataclass(slots=True)
class Written:
    """What a takeover put in: the counts each query must have afterwards, and the bytes of raw answers.

    `left`: records that were not taken because of what was there already. `profiles`: the ids they went to.
    """

    expected: dict[QueryRef, Counts] = field(default_factory=dict)
    raw_bytes: dict[QueryRef, int] = field(default_factory=dict)
    refs: dict[QueryRef, QueryRef] = field(default_factory=dict)
    profiles: list[str] = field(default_factory=list)
    left: int = 0


class _RawSink:
    """Saves raw answers as they come; what is there already stays unless this is newer."""

    def __init__(self, backend: PersistenceBackend, ref: QueryRef, merging: bool) -> None:
        self._backend, self._ref = backend, ref
        pages = backend.list_pages(ref) if merging else []
        self._pages = {page.cache_key for page in pages}
        self.known_until = max((page.created_at for page in pages), default=None)
        known = backend.list_changelogs(ref) if merging else []
        self._changelogs = {changelog.issue_key: changelog.created_at for changelog in known}
        self.bytes = 0

    def pages(self, pages: Sequence[CachedPage]) -> None:
        for page in pages:
            key = free_name(page.cache_key, self._pages)
            self._backend.save_pages(self._ref, [replace(page, cache_key=key)])
            self.bytes += len(page.response)

    def changelogs(self, changelogs: Sequence[CachedChangelog]) -> None:
        known = self._changelogs
        new = [
            changelog
            for changelog in changelogs
            if changelog.issue_key not in known or changelog.created_at > known[changelog.issue_key]
        ]
        self._backend.save_changelogs(self._ref, new)
        self.bytes += sum(len(changelog.changelog) for changelog in new)


def write(
    backend: PersistenceBackend, plan: Plan, machine: Machine, notes: Notes, progress: Progress, as_new: bool = False
) -> Written:
    """Save everything. Ids and names that are taken get a number with `as_new`; else data join what is there."""
    written = Written()
    total = sum(1 + len(profile_plan.queries) for profile_plan in plan.profiles)
    done = 0
    for planned in plan.profiles:
        done += 1
        profile = _save_profile(backend, planned, as_new, notes, written)
        written.profiles.append(profile.id)
        for each in planned.queries:
            progress.step(done, total, f"{profile.name}: {each.query.name}")
            _save_query(backend, profile, each, planned, machine, notes, written)
            done += 1
    active = written.refs.get(plan.active) if plan.active else None
    if active and (as_new or backend.active_query() is None):
        used = backend.get_profile(active.profile_id)
        backend.switch_query(active, used.last_used if used else machine.now)
    return written


def _save_profile(
    backend: PersistenceBackend, plan: ProfilePlan, as_new: bool, notes: Notes, written: Written
) -> Profile:
    """The profile that the queries go into: made now, or the one that is there under the same id or name."""
    profile = plan.read.profile
    there = backend.list_profiles()
    known = next((other for other in there if other.id == profile.id), None)
    if known is not None and not as_new:
        written.left += _join_profile(backend, known, plan, notes)
        return known
    ids = {other.id for other in there}
    saved = replace(profile, id=free_id(profile.id, ids), name=free_name(profile.name, [other.name for other in there]))
    if saved.name != profile.name:
        notes.file(f"profiles/{profile.id}/profile.json", "profile").find(
            "name", f"another profile is called {profile.name!r}", f"named {saved.name!r}"
        )
    backend.save_profile(saved)
    if plan.read.milestones:
        backend.replace_milestones(saved.id, plan.read.milestones)
    return saved


def _join_profile(backend: PersistenceBackend, known: Profile, plan: ProfilePlan, notes: Notes) -> int:
    """Merging leaves the settings that are there as they are, and says so; milestones that are missing come in.

    How many settings were not taken because they differ.
    """
    note = notes.file(f"profiles/{plan.read.profile.id}/profile.json", "profile")
    differ = [name for name in _SETTINGS if getattr(known, name) != getattr(plan.read.profile, name)]
    note.find("", f"the profile {known.name!r} is there already", "its settings were left as they are")
    for name in differ:
        note.find(name, "other settings than those that are here", "left as they are")
    there = backend.list_milestones(known.id)
    missing = [milestone for milestone in plan.read.milestones if milestone.name not in {each.name for each in there}]
    if missing:
        backend.replace_milestones(known.id, [*there, *missing])
    return len(differ)


def _save_query(
    backend: PersistenceBackend,
    profile: Profile,
    plan: QueryPlan,
    owner: ProfilePlan,
    machine: Machine,
    notes: Notes,
    written: Written,
) -> None:
    wanted = replace(plan.query, profile_id=profile.id)
    there = backend.list_queries(profile.id)
    merging = any(query.id == wanted.id for query in there)
    if not merging:
        wanted = replace(wanted, name=_unique(wanted, [query.name for query in there], notes))
        backend.save_query(wanted)
    ref = wanted.ref
    sink = _RawSink(backend, ref, merging)
    if plan.kept:
        read = with_extras.read(wanted, plan.kept, plan.sources, owner.read.rules, sink, machine, notes)
    else:
        read = queries.read(wanted, plan.sources, owner.read.rules, sink, machine, notes)
    if plan.stored:
        read = database.complete(read, plan.stored, owner.read.rules, sink, machine, notes)
    expected = _counts(read)
    if merging:
        joined = join.join(backend, ref, read, sink.known_until, partial(_note_of, plan, machine, notes))
        read, expected = joined.to_save, joined.expected
        written.left += joined.left
    elif read.query != wanted:
        backend.save_query(read.query)
    _save_facts(backend, ref, read)
    written.refs[plan.query.ref] = ref
    written.raw_bytes[ref] = sink.bytes
    written.expected[ref] = expected
    check(backend, ref, expected)


def _note_of(plan: QueryPlan, machine: Machine, notes: Notes, kind: str) -> FileNote:
    """The note of the file that has the query's records of this kind."""
    sources = plan.sources
    by_kind = {"issues": sources.cache, "changes": sources.changelog, "snapshots": sources.snapshots}
    path = by_kind.get(kind, sources.project_data or sources.csv)
    if path is not None:
        return notes.file(machine.name_of(path), kind)
    if plan.stored is not None:
        return notes.file(machine.name_of(plan.stored.path), database.KIND)
    return notes.file(f"profiles/{plan.query.profile_id}/queries/{plan.query.id}", "query")


def _unique(query: Query, names: list[str], notes: Notes) -> str:
    name = free_name(query.name, names)
    if name != query.name:
        notes.file(f"profiles/{query.profile_id}/queries/{query.id}/query.json", "query").find(
            "name", f"another query of the profile is called {query.name!r}", f"named {name!r}"
        )
    return name


def _save_facts(backend: PersistenceBackend, ref: QueryRef, query: ReadQuery) -> None:
    for batch in _batches(query.issues):
        changes = [change for issue in batch for change in query.changes.get(issue.key, ())]
        backend.upsert_issues(ref, batch, changes)
    if query.sprints:
        backend.save_sprints(ref, query.sprints.values())
    if query.weeks:
        backend.replace_weeks(ref, query.weeks)
    if query.corrections:
        backend.replace_corrections(ref, query.corrections)
    if query.project_data:
        backend.save_project_data(ref, query.project_data)
    if query.snapshots:
        backend.save_snapshots(ref, query.snapshots)
    for forecast in query.forecasts:
        backend.save_forecast(ref, forecast)


def _batches(issues: Sequence[Issue]) -> Iterator[list[Issue]]:
    left = iter(issues)
    while batch := list(islice(left, BATCH)):
        yield batch


def _counts(query: ReadQuery) -> Counts:
    weeks, records = snapshots.counted(query.snapshots)
    return Counts(
        profiles=1,
        queries=1,
        issues=len(query.issues),
        issue_changes=sum(len(changes) for changes in query.changes.values()),
        statistics=len(query.weeks),
        snapshot_weeks=weeks,
        snapshot_records=records,
        forecasts=len(query.forecasts),
    )


def check(backend: PersistenceBackend, ref: QueryRef, expected: Counts) -> None:
    """Compare what the store holds with what was read. Raises StoreError naming the first difference."""
    counts = backend.counts(ref)
    for name in ("issues", "issue_changes", "statistics", "snapshot_records", "forecasts"):
        if getattr(counts, name) != getattr(expected, name):
            raise StoreError(
                N_(
                    "The takeover was undone: {query_id} should hold {wanted} {name}, but the new database holds "
                    "{there}. The old files are as they were.",
                    query_id=ref.query_id,
                    wanted=getattr(expected, name),
                    name=name,
                    there=getattr(counts, name),
                )
            )


def check_raw(backend: PersistenceBackend, ref: QueryRef, expected: int) -> None:
    """Read every raw answer back. Raises StoreError when one is missing or cut."""
    size = sum(len(page.response) for page in backend.list_pages(ref))
    size += sum(len(changelog.changelog) for changelog in backend.list_changelogs(ref))
    if size != expected:
        raise StoreError(
            N_(
                "The takeover was undone: {query_id} should hold {expected} bytes of raw data, but the new "
                "database holds {found}. The old files are as they were.",
                query_id=ref.query_id,
                expected=expected,
                found=size,
            )
        )
