"""Files in: a CSV or JSON file becomes issues or weeks of one query, in one transaction, or nothing changes.

Importing the next export of the same source updates: issues are recognised by their key, weeks by their day.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzlocal

from app.context import Context
from app.domain.calendar import Calendar
from app.domain.weeks import beside_a_file
from app.errors import BadInput
from app.imports.columns import mapping_of
from app.imports.reading import read_file, require_records
from app.imports.results import Recognised, RejectedRow
from app.jobs import NoProgress, Progress
from app.settings import calendar_of, read
from store.backend import PersistenceBackend
from store.records import JsonObject, Profile, ProjectData, Query, QueryFacts, QueryRef, Week

__all__ = ["ImportResult", "RejectedRow", "import_bytes", "import_file", "local_zone_name"]

SOURCE = "csv_import"
# The name of the background job.
JOB = "Import"
FIRST_PROFILE = "My project"
# The command line takes a file of any size in one piece; more than this is not an export but a mistake.
LARGEST_FILE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file. Kept and rejected rows add up to `rows`; `used` maps our fields to its columns."""

    kind: str
    recognised_as: str
    rows: int
    kept: int
    rejected: tuple[RejectedRow, ...]
    warnings: tuple[str, ...]
    ref: QueryRef
    used: Mapping[str, str]
    columns: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The document of the `import` command."""
        return {
            "kind": self.kind,
            "recognised_as": self.recognised_as,
            "rows": self.rows,
            "kept": self.kept,
            "rejected": [asdict(row) for row in self.rejected],
            "warnings": list(self.warnings),
            "profile_id": self.ref.profile_id,
            "query_id": self.ref.query_id,
            "used": dict(self.used),
            "columns": list(self.columns),
        }


def import_file(
    ctx: Context,
    data: bytes,
    name: str,
    *,
    profile_name: str | None = None,
    query_name: str | None = None,
    kind: str | None = None,
    mapping: JsonObject | None = None,
    before: Callable[[], object] = lambda: None,
    progress: Progress | None = None,
    understood: Recognised | None = None,
) -> ImportResult:
    """Import a file and record what it means for the forecast. As `import_bytes`; `understood` spares reading again."""
    with _uncollected():
        found, ref = _take_in(
            ctx.backend,
            data,
            name,
            profile_name=profile_name,
            query_name=query_name,
            kind=kind,
            mapping=mapping,
            now=ctx.clock(),
            before=before,
            progress=progress,
            understood=understood,
        )
        ctx.record(ref, _facts_if_new(ctx.backend, ref, found))
    return _result(found, ref)


def _facts_if_new(backend: PersistenceBackend, ref: QueryRef, found: Recognised) -> QueryFacts | None:
    """The facts of a query that holds what the file held and nothing else; reading them back takes as long as
    reading the file."""
    counts = backend.counts(ref)
    profile, query = backend.get_profile(ref.profile_id), backend.get_query(ref)
    if profile is None or query is None or counts.issue_changes or counts.issues != len(found.issues):
        return None
    return QueryFacts(
        profile=profile,
        query=query,
        issues=found.issues,
        changes=(),
        sprints=tuple(backend.list_sprints(ref)),
        weeks=tuple(backend.list_weeks(ref)),
        milestones=tuple(backend.list_milestones(ref.profile_id)),
        project_data=backend.get_project_data(ref),
        corrections=tuple(backend.list_corrections(ref)),
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cyclic collector: an import makes a million objects and drops none before it ends, so the collector
    would walk through all of them again and again, a fourth of the time, and find nothing."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def import_bytes(
    backend: PersistenceBackend,
    data: bytes,
    name: str,
    *,
    now: datetime,
    profile_name: str | None = None,
    query_name: str | None = None,
    kind: str | None = None,
    mapping: JsonObject | None = None,
    before: Callable[[], object] = lambda: None,
    progress: Progress | None = None,
    zone_name: Callable[[], str] | None = None,
) -> ImportResult:
    """Read the file called `name` into a query, make profile and query where missing, and switch to it.

    Without names it goes to the active profile, into the query called like the file. `before` is called once the
    file is understood, before anything is written: the place for a snapshot. `zone_name` gives a new profile's time
    zone (the computer's own by default). Raises AppError when the file cannot be used; nothing is changed then.
    """
    found, ref = _take_in(
        backend,
        data,
        name,
        now=now,
        profile_name=profile_name,
        query_name=query_name,
        kind=kind,
        mapping=mapping,
        before=before,
        progress=progress,
        zone_name=zone_name,
    )
    return _result(found, ref)


def _take_in(
    backend: PersistenceBackend,
    data: bytes,
    name: str,
    *,
    now: datetime,
    profile_name: str | None,
    query_name: str | None,
    kind: str | None,
    mapping: JsonObject | None,
    before: Callable[[], object],
    progress: Progress | None,
    zone_name: Callable[[], str] | None = None,
    understood: Recognised | None = None,
) -> tuple[Recognised, QueryRef]:
    progress = progress or NoProgress()
    progress.step(0, 3, "Reading the file")
    profile = _profile(backend, profile_name) or _new_profile(profile_name, now, zone_name or local_zone_name)
    found = understood or _read(data, mapping, read(profile, "time_zone"), now, kind)
    progress.step(1, 3, "Saving")
    before()
    with backend.transaction():
        ref = _target(backend, profile, query_name or _stem(name), now)
        _save(backend, ref, found, name, now)
        backend.switch_query(ref, now)
    progress.step(2, 3, "Computing the forecast")
    return found, ref


def understand(
    data: bytes,
    name: str,
    *,
    now: datetime,
    profile_name: str | None = None,
    query_name: str | None = None,
    kind: str | None = None,
    mapping: JsonObject | None = None,
) -> Recognised:
    """What `import_file` would take into a store that does not exist yet. Raises AppError as that does."""
    with _uncollected():
        _name(profile_name or FIRST_PROFILE, "profile")
        _name(query_name or _stem(name), "query")
        return _read(data, mapping, local_zone_name(), now, kind)


def _read(data: bytes, mapping: JsonObject | None, zone: str, now: datetime, kind: str | None) -> Recognised:
    said = mapping_of(mapping)
    if len(data) > LARGEST_FILE:
        raise BadInput("The file is larger than 1 GB. Export fewer columns, or split it.")
    found = read_file(data, said, ZoneInfo(zone), now, kind)
    require_records(found)
    return found


def local_zone_name() -> str:
    """The computer's time zone by name, UTC where it has none that is known."""
    try:
        name = tzlocal.get_localzone_name()
        return ZoneInfo(name).key if name else "UTC"
    # tzlocal warns about contradicting system settings; either way there is no name to rely on.
    except (ZoneInfoNotFoundError, LookupError, OSError, ValueError, UserWarning):
        return "UTC"


def _result(found: Recognised, ref: QueryRef) -> ImportResult:
    return ImportResult(
        kind=found.kind,
        recognised_as=found.recognised_as,
        rows=found.rows,
        kept=len(found.issues) + len(found.weeks),
        rejected=found.rejected,
        warnings=found.warnings,
        ref=ref,
        used=found.used or {},
        columns=found.columns,
    )


# -- where it goes --------------------------------------------------------------------------------------


def _profile(backend: PersistenceBackend, name: str | None) -> Profile | None:
    """The profile of that name; without a name the active one, else the last used."""
    profiles = backend.list_profiles()
    if name is not None:
        return next((each for each in profiles if each.name.casefold() == name.strip().casefold()), None)
    active = backend.active_query()
    return next((each for each in profiles if active and each.id == active.profile_id), next(iter(profiles), None))


def _new_profile(name: str | None, now: datetime, zone_name: Callable[[], str]) -> Profile:
    return Profile(
        id=f"p_{token_hex(6)}",
        name=_name(name or FIRST_PROFILE, "profile"),
        created_at=now,
        last_used=now,
        forecast_settings={"time_zone": zone_name()},
    )


def _target(backend: PersistenceBackend, profile: Profile, query_name: str, now: datetime) -> QueryRef:
    """The query of that name in the profile; both are saved where they are new."""
    query_name = _name(query_name, "query")
    if backend.get_profile(profile.id) is None:
        backend.save_profile(profile)
    for query in backend.list_queries(profile.id):
        if query.name.casefold() == query_name.casefold():
            return query.ref
    query = Query(profile.id, f"q_{token_hex(6)}", query_name, created_at=now, last_used=now)
    backend.save_query(query)
    return query.ref


def _name(text: str, what: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > 200:
        raise BadInput(f"The name of the {what} must have 1 to 200 characters.")
    return name


def _stem(file_name: str) -> str:
    return PurePath(file_name.replace("\\", "/")).stem[:200].strip() or "Import"


def begin_query(backend: PersistenceBackend, profile_name: str, query_name: str, now: datetime) -> QueryRef:
    """The query of that name, made and switched to, for weeks that are typed. Raises BadInput for a name in use."""
    with backend.transaction():
        profile = _profile(backend, profile_name) or _new_profile(profile_name, now, local_zone_name)
        names = {query.name.casefold() for query in backend.list_queries(profile.id)}
        if _name(query_name, "query").casefold() in names:
            raise BadInput(f"{profile.name} has a query called {query_name.strip()!r} already. Choose another name.")
        ref = _target(backend, profile, query_name, now)
        backend.switch_query(ref, now)
    return ref


# -- what is saved --------------------------------------------------------------------------------------


def _save(backend: PersistenceBackend, ref: QueryRef, found: Recognised, name: str, now: datetime) -> None:
    if found.issues:
        # A file knows no history: what a sync has learned before stays.
        backend.upsert_issues(ref, found.issues)
        known = {sprint.name for sprint in backend.list_sprints(ref)}
        # Known sprints may carry dates, which the file does not have.
        backend.save_sprints(ref, [sprint for sprint in found.sprints if sprint.name not in known])
    if found.weeks:
        _save_weeks(backend, ref, found.weeks)
    backend.save_project_data(ref, _project_data(backend.get_project_data(ref), found, name, now))


def _save_weeks(backend: PersistenceBackend, ref: QueryRef, new: Sequence[Week]) -> None:
    """What was typed for one of these weeks stays, as a correction of what the file says."""
    profile = backend.get_profile(ref.profile_id)
    calendar = calendar_of(profile) if profile else Calendar(UTC)
    known = backend.list_corrections(ref)
    kept, corrections = beside_a_file(backend.list_weeks(ref), new, known, calendar)
    if corrections != tuple(known):
        backend.replace_corrections(ref, corrections)
    backend.replace_weeks(ref, merged_weeks(kept, new))


def merged_weeks(present: Sequence[Week], new: Sequence[Week]) -> list[Week]:
    """The present rows with those of the new rows' days replaced, by day; rows without a day stay at the end."""
    days = {week.day for week in new}
    kept = [week for week in present if week.day is None or week.day not in days]
    dated = sorted((week for week in (*kept, *new) if week.day is not None), key=lambda week: str(week.day))
    return [*dated, *(week for week in kept if week.day is None)]


def _project_data(present: ProjectData | None, found: Recognised, name: str, now: datetime) -> ProjectData:
    """The query's facts with the import noted; only the file's own name, never where it lay."""
    data = dict(present.data) if present else {}
    metadata = data.get("metadata")
    data["metadata"] = {
        **(metadata if isinstance(metadata, dict) else {}),
        "source": SOURCE,
        "last_updated": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "file": PurePath(name.replace("\\", "/")).name,
        "recognised_as": found.recognised_as,
        "rows": found.rows,
        "kept": len(found.issues) + len(found.weeks),
    }
    return ProjectData(data, now)
