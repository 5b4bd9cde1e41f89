"""Where a file goes: the profile and the query that are named, that it is called like, or whose next export it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import PurePath
from secrets import token_hex
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzlocal

from app.errors import BadInput
from app.import_log import imports_of
from app.imports.results import Recognised
from store.backend import PersistenceBackend
from store.records import Issue, Profile, Query, QueryRef

FIRST_PROFILE = "My project"
# Of all items in two exports, the share in both from which on they are of one source.
_SAME_SOURCE = 0.5


def profile_for(backend: PersistenceBackend, name: str | None) -> Profile | None:
    """The profile of that name; without a name the active one, else the last used."""
    profiles = backend.list_profiles()
    if name is not None:
        return next((each for each in profiles if each.name.casefold() == name.strip().casefold()), None)
    active = backend.active_query()
    return next((each for each in profiles if active and each.id == active.profile_id), next(iter(profiles), None))


def new_profile(name: str | None, now: datetime, zone_name: Callable[[], str]) -> Profile:
    return Profile(
        id=f"p_{token_hex(6)}",
        name=checked_name(name or FIRST_PROFILE, "profile"),
        created_at=now,
        last_used=now,
        forecast_settings={"time_zone": zone_name()},
    )


def target(backend: PersistenceBackend, profile: Profile, query_name: str, now: datetime) -> QueryRef:
    """The query of that name in the profile; both are saved where they are new."""
    query_name = checked_name(query_name, "query")
    if backend.get_profile(profile.id) is None:
        backend.save_profile(profile)
    for query in backend.list_queries(profile.id):
        if query.name.casefold() == query_name.casefold():
            return query.ref
    query = Query(profile.id, f"q_{token_hex(6)}", query_name, created_at=now, last_used=now)
    backend.save_query(query)
    return query.ref


def same_source(backend: PersistenceBackend, profile: Profile, found: Recognised, name: str) -> Query | None:
    """The query that an export under a new name belongs to: at least half of all items are in both.

    An item is the same by its key together with its creation or its title, for keys are often mere numbers.
    """
    queries = backend.list_queries(profile.id)
    if not found.issues or any(query.name.casefold() == name.casefold() for query in queries):
        return None
    there = {(issue.key, said) for issue in found.issues for said in _identities(issue)}
    best: tuple[float, Query] | None = None
    for query in queries:
        entries = imports_of(backend.get_project_data(query.ref))
        if not entries or entries[-1].recognised_as != found.recognised_as:
            continue
        known = backend.list_issues(query.ref)
        same = sum(any((issue.key, said) in there for said in _identities(issue)) for issue in known)
        share = same / (len(known) + len(found.issues) - same) if same else 0.0
        if share >= _SAME_SOURCE and (best is None or share > best[0]):
            best = (share, query)
    return best[1] if best is not None else None


def _identities(issue: Issue) -> list[object]:
    return [said for said in (issue.created, issue.summary) if said]


def checked_name(text: str, what: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 200:
        raise BadInput(f"The name of the {what} must have 1 to 200 characters.")
    return name


def stem(file_name: str) -> str:
    """The file's name without its endings, of which a packed file has two."""
    path = PurePath(file_name.replace("\\", "/"))
    path = path.with_suffix("") if path.suffix.casefold() == ".gz" and path.stem else path
    return path.stem[:200].strip() or "Import"


def begin_query(backend: PersistenceBackend, profile_name: str, query_name: str, now: datetime) -> QueryRef:
    """The query of that name, made and switched to, for weeks that are typed. Raises BadInput for a name in use."""
    with backend.transaction():
        profile = profile_for(backend, profile_name) or new_profile(profile_name, now, local_zone_name)
        names = {query.name.casefold() for query in backend.list_queries(profile.id)}
        if checked_name(query_name, "query").casefold() in names:
            raise BadInput(f"{profile.name} has a query called {query_name.strip()!r} already. Choose another name.")
        ref = target(backend, profile, query_name, now)
        backend.switch_query(ref, now)
    return ref


def local_zone_name() -> str:
    """The computer's time zone by name, UTC where it has none that is known."""
    try:
        name = tzlocal.get_localzone_name()
        return ZoneInfo(name).key if name else "UTC"
    # tzlocal warns about contradicting system settings; either way there is no name to rely on.
    except (ZoneInfoNotFoundError, LookupError, OSError, ValueError, UserWarning):
        return "UTC"
