"""Where a file or a pasted table goes: the profile and the query that are named, or whose next export it is.

A forecast counts a query's issues, and its weekly numbers only where it has none. So the two never share a query
unless somebody wants it, and neither do two lists that have hardly anything in common.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from secrets import token_hex
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzlocal

from app.actions.projects import WORK_NAME
from app.domain.calendar import zone_name
from app.errors import BadInput
from app.imports.columns import ISSUES, WEEKS
from app.imports.results import Imported
from app.turns import note_chosen
from app.words import N_
from store.backend import PersistenceBackend
from store.documents import imports_of, joined_into, part_of, settings_of, with_settings
from store.placeholder import taken_placeholder
from store.records import Issue, Profile, Query, QueryRef

FIRST_PROFILE = N_("My project")
# The made-up project, whose deadline and days off are nobody's: nothing of one's own goes there unless it is named.
SAMPLE_PROFILE = "p_73616d706c65"
# Of all items in two exports, the share in both from which on they are of one source.
_SAME_SOURCE = 0.5
# Of the items in the smaller of two lists under one name, the share in both below which they are different lists.
_ANYTHING = 0.1
_SAMPLE_SIZE = 2_000
_LONGEST = 200


def profile_for(backend: PersistenceBackend, name: str | None) -> Profile | None:
    """The profile of that name; without a name the active one, else the last used, but never the made-up one."""
    profiles = backend.list_profiles()
    if name is not None:
        return next((each for each in profiles if each.name.casefold() == name.strip().casefold()), None)
    active = backend.active_query()
    profiles = [each for each in profiles if each.id != SAMPLE_PROFILE]
    return next((each for each in profiles if active and each.id == active.profile_id), next(iter(profiles), None))


def profile_by(backend: PersistenceBackend, profile_id: str | None) -> Profile | None:
    """The profile of that id; None where none is given. Raises BadInput where it is gone."""
    if not profile_id:
        return None
    profile = backend.get_profile(profile_id)
    if profile is None:
        raise BadInput(N_("The project that this was meant for was deleted meanwhile. Nothing was imported."))
    return profile


def new_profile(name: str | None, now: datetime, zone_name: Callable[[], str]) -> Profile:
    profile = Profile(f"p_{token_hex(6)}", checked_name(name or FIRST_PROFILE, "profile"), now, now)
    return with_settings(profile, {"time_zone": zone_name()})


def zone_name_of(profile: Profile) -> str:
    """As among all settings of the profile, which bring the numbers along that they are for."""
    try:
        return zone_name(settings_of(profile)["time_zone"])
    except (ValueError, KeyError):
        return "UTC"


def target(backend: PersistenceBackend, profile: Profile, query_name: str, now: datetime) -> QueryRef:
    """The query of that name in the profile; both are saved where they are new. What a project begins with, an empty
    one, is it from then on."""
    query_name = checked_name(query_name, "query")
    if backend.get_profile(profile.id) is None:
        backend.save_profile(profile)
    there = _called(backend.list_queries(profile.id), query_name)
    if there is not None and part_of(there) is not None:
        raise BadInput(
            N_("{name} is a part of another work list and takes nothing in. Name another one.", name=there.name)
        )
    if there is not None and joined_into(there):
        raise BadInput(
            N_("{name} goes on in another work list and takes nothing in. Name that one, or another.", name=there.name)
        )
    if there is not None:
        return there.ref
    new = Query(profile.id, f"q_{token_hex(6)}", query_name, created_at=now, last_used=now)
    query = taken_placeholder(backend, profile.id, query_name) or new
    backend.save_query(query)
    return query.ref


@dataclass(frozen=True, slots=True)
class Place:
    """The query that something goes into, and plain sentences about why it is not the one that would be expected."""

    ref: QueryRef
    notes: tuple[str, ...] = ()


def named_place(backend: PersistenceBackend, profile: Profile, imported: Imported, name: str, now: datetime) -> Place:
    """The query that was asked for by name. Raises BadInput for weeks that would count for nothing there."""
    query = _called(_taking(backend, profile.id), name)
    counts = backend.counts(query.ref) if query is not None else None
    if query is not None and counts is not None and counts.issues and imported.kind == WEEKS:
        raise BadInput(
            N_(
                "“{name}” has issues, and its forecast counts those and no weekly numbers: these "
                "weeks would count for nothing. Name another work list, or none.",
                name=query.name,
            ),
            "Give another name to --query, or leave it out.",
        )
    notes: tuple[str, ...] = ()
    if query is not None and counts is not None and counts.statistics and not counts.issues and imported.kind == ISSUES:
        notes = (
            N_(
                "“{name}” had weekly numbers. They are kept, but the forecast counts the issues from now on.",
                name=query.name,
            ),
        )
    return Place(target(backend, profile, name, now), notes)


def found_place(
    backend: PersistenceBackend, profile: Profile, imported: Imported, name: str, is_whole: bool, now: datetime
) -> Place:
    """The query for what nobody named one for: that called like the file, another one whose next export it is, or a
    new one. `is_whole`: `found` is all of the file, so that it can be told whether it has anything in common."""
    queries = _taking(backend, profile.id)
    own = _called(queries, name)
    if imported.kind == WEEKS:
        return _place_of_weeks(backend, profile, name, now)
    if own is None:
        return _next_export(backend, profile, imported, queries) or Place(target(backend, profile, name, now))
    counts = backend.counts(own.ref)
    if not is_whole or not (counts.issues or counts.statistics):
        return Place(own.ref)
    family = [query for query in queries if _is_numbered(query.name, name)]
    shares = [(_share(backend, query.ref, imported), query) for query in family]
    share, best = max(shares, key=lambda pair: pair[0])
    if share >= _ANYTHING:
        return Place(best.ref)
    return _next_export(backend, profile, imported, queries) or _apart(backend, profile, own, counts.issues > 0, now)


def _called(queries: Sequence[Query], name: str) -> Query | None:
    plain = " ".join(name.split()).casefold()
    return next((query for query in queries if query.name.casefold() == plain), None)


def knows_any(backend: PersistenceBackend, profile_id: str, name: str, keys: Collection[str]) -> bool:
    """Whether the work list of that name has an item with any of these keys."""
    query = _called(_taking(backend, profile_id), name)
    return query is not None and bool(keys) and bool(backend.list_issues(query.ref, keys))


def _is_numbered(query_name: str, name: str) -> bool:
    """Whether a query is called so, or so with the number that one of its own was given."""
    plain, own = query_name.casefold(), " ".join(name.split()).casefold()
    rest = plain.removeprefix(own)
    return plain.startswith(own) and (not rest or (rest[0] == " " and rest[1:].isdecimal()))


def _place_of_weeks(backend: PersistenceBackend, profile: Profile, name: str, now: datetime) -> Place:
    """Weeks go where no issues are."""
    queries = _taking(backend, profile.id)
    beside = f"{name[: _LONGEST - 10]} (weeks)"
    names = [name, beside, *(f"{beside} {number}" for number in range(2, len(queries) + 2))]
    full = {query.name.casefold(): query.name for query in queries if backend.counts(query.ref).issues}
    free = next(candidate for candidate in names if candidate.casefold() not in full)
    ref = target(backend, profile, free, now)
    if free == name:
        return Place(ref)
    expected = full[name.casefold()]
    words = N_(
        "“{expected}” has issues, and its forecast counts those and no weekly numbers. So these weeks are in a "
        "work list of their own, “{free}”.",
        expected=expected,
        free=free,
    )
    return Place(ref, (words,))


def _apart(backend: PersistenceBackend, profile: Profile, own: Query, has_issues: bool, now: datetime) -> Place:
    """A query of its own, called like the expected one with a number."""
    queries = _taking(backend, profile.id)
    names = (f"{own.name[: _LONGEST - 10]} {number}" for number in range(2, len(queries) + 3))
    free = next(name for name in names if _called(queries, name) is None)
    if has_issues:
        text = N_(
            "Hardly anything in it is in “{name}”, so it went into a work list of its own, “{free}”. To put both "
            "together, import it again and name the work list.",
            name=own.name,
            free=free,
        )
    else:
        text = N_(
            "“{name}” has weekly numbers, which would no longer count beside issues, so it went into a work list of "
            "its own, “{free}”. To put both together, import it again and name the work list.",
            name=own.name,
            free=free,
        )
    return Place(target(backend, profile, free, now), (text,))


def _next_export(
    backend: PersistenceBackend, profile: Profile, imported: Imported, queries: Sequence[Query]
) -> Place | None:
    query = same_source(backend, imported, queries)
    if query is None:
        return None
    words = N_(
        "Taken as the next export of “{name}”, most of whose items are in it. Name a work list to keep it apart.",
        name=query.name,
    )
    return Place(query.ref, (words,))


def same_source(backend: PersistenceBackend, imported: Imported, queries: Sequence[Query]) -> Query | None:
    """The query that an export under a new name belongs to: at least half of all items are in both."""
    if not imported.issues or not queries:
        return None
    there = {issue.key: issue for issue in imported.issues}
    best: tuple[float, Query] | None = None
    for query in queries:
        entries = imports_of(backend.get_project_data(query.ref))
        if not entries or entries[-1].recognised_as != imported.recognised_as:
            continue
        known = backend.list_issues(query.ref)
        same = sum(_is_one(there.get(issue.key), issue) for issue in known)
        share = same / (len(known) + len(imported.issues) - same) if same else 0.0
        if share >= _SAME_SOURCE and (best is None or share > best[0]):
            best = (share, query)
    return best[1] if best is not None else None


def _share(backend: PersistenceBackend, ref: QueryRef, imported: Imported) -> float:
    """Of the items in the smaller of both, the share that the other one has too; of many estimated by some."""
    count, here = backend.counts(ref).issues, len(imported.issues)
    if not count or not here:
        return 0.0
    if count <= _SAMPLE_SIZE:
        there = {issue.key: issue for issue in imported.issues}
        return sum(_has_key(there.get(issue.key), issue) for issue in backend.list_issues(ref)) / min(count, here)
    issues = {issue.key: issue for issue in imported.issues[:: -(-here // _SAMPLE_SIZE)]}
    same = sum(_has_key(issues.get(issue.key), issue) for issue in backend.list_issues(ref, issues.keys()))
    return same / len(issues) * here / min(count, here)


def _has_key(here: Issue | None, known: Issue) -> bool:
    """Whether they are the same item of one list: a key that is no mere number says so alone, though title and days
    may have been corrected."""
    return here is not None and (not known.key.isdecimal() or _is_one(here, known))


def _is_one(here: Issue | None, known: Issue) -> bool:
    """Whether they are the same item: keys are often mere numbers, so creation or title must agree with the key."""
    if here is None:
        return False
    pairs = [(here.created, known.created), (here.summary, known.summary)]
    compared = [left == right for left, right in pairs if left and right]
    return any(compared) or not compared


def checked_name(text: str, what: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > _LONGEST:
        raise BadInput(N_("The name of the {what} must have 1 to {most} characters.", what=what, most=_LONGEST))
    return name


def stem(file_name: str) -> str:
    """The file's name without its endings, of which a packed file has two."""
    path = PurePath(file_name.replace("\\", "/"))
    path = path.with_suffix("") if path.suffix.casefold() == ".gz" and path.stem else path
    return path.stem[:_LONGEST].strip() or N_("Import")


def begin_query(
    backend: PersistenceBackend, profile_name: str, query_name: str, now: datetime, profile_id: str = ""
) -> QueryRef:
    """The query of that name, made and switched to, for weeks that are typed; in the project of that id, where one is
    given. Raises BadInput for a name in use."""
    with backend.transaction():
        named = profile_by(backend, profile_id) or profile_for(backend, profile_name)
        profile = named or new_profile(profile_name, now, local_zone_name)
        names = {query.name.casefold() for query in backend.list_queries(profile.id)}
        if checked_name(query_name, "query").casefold() in names:
            raise BadInput(
                N_(
                    "{name} has a work list called {query_name!r} already. Choose another name.",
                    name=profile.name,
                    query_name=query_name.strip(),
                )
            )
        ref = target(backend, profile, query_name, now)
        # Somebody gave it its name: what comes in later goes beside it.
        note_chosen(backend, ref, [WORK_NAME], now)
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


def _taking(backend: PersistenceBackend, profile_id: str) -> list[Query]:
    """The work lists that have facts of their own; what is a part of another one takes nothing in, nor does what goes
    on in another one."""
    return [query for query in backend.list_queries(profile_id) if part_of(query) is None and not joined_into(query)]
