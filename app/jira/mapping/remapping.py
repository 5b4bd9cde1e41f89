"""Another mapping of fields, applied to what Jira answered before: offline, without asking it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.errors import BadInput
from app.jira.mapping.fields import Detected, detect
from app.jira.mapping.mapping import Mapped, map_issue
from app.jira.mapping.sprints import mentioned, named, named_sprint, names_of
from app.jira.sync.staging import has_pages, load_synced, newest_answers, read_runs
from app.words import N_
from store.backend import PersistenceBackend
from store.documents import field_mapping_of, with_field_mapping
from store.errors import UnknownQuery
from store.records import Change, Issue, Profile, QueryRef, Sprint
from store.settings import FieldMapping

# Enough to say how often a field is filled in; reading them takes a few hundredths of a second.
_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Remapped:
    """A query's records under another mapping. `untouched`: stored issues whose raw answer is not kept."""

    ref: QueryRef
    issues: tuple[Issue, ...]
    changes: tuple[Change, ...]
    sprints: tuple[Sprint, ...]
    untouched: int


def can_remap(backend: PersistenceBackend, ref: QueryRef) -> bool:
    """Whether Jira's answers about the query are still stored."""
    synced = load_synced(backend, ref)
    return synced is not None and bool(synced.runs) and has_pages(backend, ref, synced.runs)


def remapped(backend: PersistenceBackend, ref: QueryRef, mapping: FieldMapping) -> Remapped:
    """What the query would be under `mapping`; nothing is saved. Raises BadInput when there is nothing to map."""
    synced = load_synced(backend, ref)
    if synced is None or not can_remap(backend, ref):
        raise BadInput(N_("Jira's answers are no longer stored. Fetch everything again, then choose the fields again."))
    stored = {issue.source_id: issue for issue in backend.list_issues(ref) if issue.source_id}
    mapped_issues: dict[str, Mapped] = {}
    for raw in read_runs(backend, ref, synced.runs):
        mapped = map_issue(raw.issue, raw.history, mapping, synced.site or synced.base_url, raw.whole)
        if mapped is not None and str(raw.issue["id"]) in stored:
            mapped_issues[str(raw.issue["id"])] = mapped
    # Of sprints that are stored the last sync knew more.
    names = names_of([*mentioned(mapped_issues.values()), *_sprints_of(mapped_issues), *backend.list_sprints(ref)])
    return _result(ref, stored, {issue_id: named(each, names) for issue_id, each in mapped_issues.items()}, names)


def _result(
    ref: QueryRef, stored: Mapping[str, Issue], mapped: Mapping[str, Mapped], names: Mapping[str, str]
) -> Remapped:
    # Whether an issue is in the query is not the mapping's to say.
    issues = tuple(
        replace(each.issue, in_query=stored[issue_id].in_query, left_query=stored[issue_id].left_query)
        for issue_id, each in mapped.items()
        if each.issue.key == stored[issue_id].key
    )
    keys = {issue.key for issue in issues}
    return Remapped(
        ref=ref,
        issues=issues,
        changes=tuple(change for each in mapped.values() for change in each.changes if change.issue_key in keys),
        sprints=tuple(
            {
                names.get(sprint.source_id, sprint.name): named_sprint(sprint, names) for sprint in _sprints_of(mapped)
            }.values()
        ),
        untouched=len(stored) - len(issues),
    )


def _sprints_of(mapped: Mapping[str, Mapped]) -> list[Sprint]:
    return [sprint for each in mapped.values() for sprint in each.sprints]


def choices(backend: PersistenceBackend, ref: QueryRef) -> Detected | None:
    """Which fields may hold what, with evidence from the issues answered last; None where nothing is kept."""
    synced = load_synced(backend, ref)
    if synced is None or not synced.fields:
        return None
    return detect(synced.fields, newest_answers(backend, ref, synced.runs, _LOOKED_AT))


def change_mapping(
    backend: PersistenceBackend,
    profile_id: str,
    mapping: FieldMapping,
    changed: Callable[[Profile], Profile] = lambda profile: profile,
) -> tuple[Remapped, ...]:
    """Save the mapping and apply it to all of the profile's synced queries, together or not at all.

    `changed`: what else is to become of the profile, at the same moment.
    """
    if backend.get_profile(profile_id) is None:
        raise UnknownQuery(N_("This project no longer exists. Choose another one."))
    refs = [query.ref for query in backend.list_queries(profile_id) if can_remap(backend, query.ref)]
    results = tuple(remapped(backend, ref, mapping) for ref in refs)
    with backend.transaction():
        profile = backend.get_profile(profile_id)
        if profile is None:
            raise UnknownQuery(N_("This project no longer exists. Choose another one."))
        backend.save_profile(changed(with_field_mapping(profile, mapping)))
        for result in results:
            _save(backend, result)
    return results


def _save(backend: PersistenceBackend, result: Remapped) -> None:
    backend.upsert_issues(result.ref, result.issues, result.changes)
    known = {sprint.name: sprint for sprint in backend.list_sprints(result.ref)}
    fresh = _newer(result.sprints, known)
    if fresh:
        backend.save_sprints(result.ref, fresh)


def _newer(sprints: Sequence[Sprint], known: Mapping[str, Sprint]) -> list[Sprint]:
    """Sprints that only the new mapping finds: of the others the last sync knew more."""
    return [sprint for sprint in sprints if sprint.name not in known]


def mapping_of(backend: PersistenceBackend, profile_id: str) -> FieldMapping | None:
    """The profile's mapping; None before the first sync."""
    profile = backend.get_profile(profile_id)
    return field_mapping_of(profile) if profile else None


def synced_at(backend: PersistenceBackend, ref: QueryRef) -> datetime | None:
    """When the query's last complete sync ended; None when it never was synced."""
    synced = load_synced(backend, ref)
    return datetime.fromisoformat(synced.synced_at).astimezone(UTC) if synced else None
