"""From the files that were found to profiles and queries: which file belongs to which, whatever its age."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from store.legacy import find, overlooked
from store.legacy.findings import FileNote, Notes
from store.legacy.read import database, jsonfile, profiles, queries, values
from store.legacy.read.database import StoredQuery
from store.legacy.read.profiles import About, Machine, ReadProfile, Registry
from store.legacy.read.queries import Sources
from store.legacy.read.settings import Settings
from store.legacy.tree import extras, with_extras
from store.legacy.tree.with_extras import KeptQuery
from store.records import Query, QueryRef

ROOT_ID = "root"
# Where the old app's first migration moved the files at the root, leaving a .backup of each.
_MOVED_TO = ("default", "main")


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """`folder` is "" for what lies at the root; `kept` is what our own export left beside the files.

    `stored` says where the old app's database has rows of it.
    """

    query: Query
    sources: Sources
    folder: str = ""
    kept: KeptQuery | None = None
    stored: StoredQuery | None = None


@dataclass(frozen=True, slots=True)
class ProfilePlan:
    read: ReadProfile
    queries: tuple[QueryPlan, ...]
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Profiles in the order of their folders, and the query that was open last, if it exists."""

    profiles: tuple[ProfilePlan, ...]
    active: QueryRef | None


def plan(installation: find.Installation, machine: Machine, notes: Notes) -> Plan:
    """Read all that is small (registry, settings, query files) and say where each query's data lie."""
    registry = profiles.read_registry(installation, machine, notes)
    # The profile in use comes first, and so keeps its name where another has the same.
    folders = sorted(installation.profiles, key=lambda folder: folder.id != registry.active_profile)
    plans = [_profile(folder, installation, registry, machine, notes) for folder in folders]
    plans = _with_root(plans, installation, registry, machine, notes)
    plans, registry = _with_database(plans, installation, registry, machine, notes)
    plans = _with_saved_jql(plans, installation, registry, machine, notes)
    _note_regenerable(installation, machine, notes)
    overlooked.note(installation, machine, notes)
    return Plan(tuple(plans), _active(plans, registry))


def _profile(
    folder: find.ProfileFolder, installation: find.Installation, registry: Registry, machine: Machine, notes: Notes
) -> ProfilePlan:
    read, written_rules = with_extras.profile(
        profiles.read_profile(folder, registry, machine, notes), folder.path, machine, notes
    )
    profile = read.profile
    query_plans = []
    for each in folder.queries:
        query = queries.read_query_file(profile.id, each, profile.created_at, machine, notes)
        if not query.jql and (each.path / find.SETTINGS).is_file():
            query = replace(query, jql=read.jql)
        query, kept = with_extras.query(query, each.path, written_rules, machine, notes)
        sources = queries.sources_in(each.path, installation.copies)
        if (folder.id, each.id) == _MOVED_TO:
            sources = _with_backups(sources, installation, machine, notes)
        query_plans.append(QueryPlan(query, sources, each.id, kept))
    # Of two queries with one name the one with data keeps it: an import leaves an empty twin behind.
    query_plans.sort(key=lambda candidate: not candidate.sources.filled())
    return ProfilePlan(read, tuple(query_plans), folder.id)


def _active(plans: list[ProfilePlan], registry: Registry) -> QueryRef | None:
    """The registry's active query where it exists; else the only or latest one of the active profile."""
    by_folder = {
        (profile_plan.folder, each.folder): each.query.ref
        for profile_plan in plans
        for each in profile_plan.queries
        if each.folder
    }
    wanted = by_folder.get((registry.active_profile, registry.active_query))
    if wanted:
        return wanted
    refs = [each.query.ref for profile_plan in plans for each in profile_plan.queries]
    same_profile = [
        each.query.ref
        for profile_plan in plans
        if profile_plan.folder == registry.active_profile
        for each in profile_plan.queries
    ]
    return next(iter(same_profile or refs), None)


# -- data beside profiles/ ----------------------------------------------------------------------------------


def _root_sources(installation: find.Installation) -> Sources:
    return Sources(
        project_data=installation.root_file(find.PROJECT_DATA),
        cache=installation.root_file(find.CACHE),
        changelog=installation.root_file(find.CHANGELOG),
        snapshots=installation.root_file(find.SNAPSHOTS),
        csv=installation.root_file(find.FORECAST_CSV),
        totals=installation.root_file(find.FORECAST_SETTINGS),
        copies=installation.copies,
    )


def _with_root(
    plans: list[ProfilePlan], installation: find.Installation, registry: Registry, machine: Machine, notes: Notes
) -> list[ProfilePlan]:
    """Root-level data go to the query with the same JQL, else to a query or profile of their own."""
    if not any(installation.root_file(name) for name in find.ROOT_DATA):
        return plans
    sources = _with_backups(_root_sources(installation), installation, machine, notes)
    document, merged = _root_settings(installation, machine, notes)
    jql = _jql_of(sources) or values.text(document.get("jql_query"))
    for number, candidate in enumerate(plans):
        for place, each in enumerate(candidate.queries):
            if jql and _same_jql(each.query.jql, jql) and not (each.sources.cache or each.sources.changelog):
                joined = list(candidate.queries)
                joined[place] = replace(each, sources=_joined(each.sources, sources))
                return [*plans[:number], replace(candidate, queries=tuple(joined)), *plans[number + 1 :]]
    name, created = _saved_name(installation, jql, machine)
    settings_found = bool(document)
    target = next(
        (profile_plan for profile_plan in plans if profile_plan.read.profile.id == registry.active_profile),
        plans[0] if plans else None,
    )
    if target is None or settings_found:
        target = _root_profile(plans, merged, machine)
        plans = [*plans, target]
    profile = target.read.profile
    ids = {each.query.id for each in target.queries}
    query = Query(
        profile_id=profile.id,
        id=free_id(ROOT_ID if ids else "main", ids),
        name=name or ("Earlier data" if ids else "All issues"),
        created_at=created or profile.created_at,
        last_used=created or profile.created_at,
        jql=jql,
    )
    more = replace(target, queries=(*target.queries, QueryPlan(query, sources)))
    return [more if profile_plan is target else profile_plan for profile_plan in plans]


def _root_settings(installation: find.Installation, machine: Machine, notes: Notes) -> tuple[dict[str, Any], Settings]:
    """The settings at the root; those of the newer file first."""
    merged = Settings()
    document: dict[str, Any] = {}
    for name in (find.SETTINGS, find.FORECAST_SETTINGS):
        path = installation.root_file(name)
        if path:
            raw, more = profiles.settings_file(path, "settings", machine, notes)
            document = document or raw
            merged.fill(more)
    return document, merged


def _root_profile(plans: list[ProfilePlan], merged: Settings, machine: Machine) -> ProfilePlan:
    ids = {planned.read.profile.id for planned in plans}
    about = About("Earlier installation" if plans else "Default", machine.now, machine.now)
    return ProfilePlan(profiles.profile_of(free_id("default", ids), about, merged, machine), ())


def free_id(wanted: str, used: set[str]) -> str:
    """`wanted`, or with -2, -3 … where it is taken."""
    name, number = wanted, 2
    while name in used:
        name, number = f"{wanted}-{number}", number + 1
    return name


def _joined(own: Sources, root: Sources) -> Sources:
    # The placeholder that "create query" wrote holds no rows; the root's file has them.
    return replace(
        root,
        project_data=root.project_data or own.project_data,
        cache=own.cache or root.cache,
        changelog=own.changelog or root.changelog,
        snapshots=own.snapshots or root.snapshots,
    )


def _with_backups(sources: Sources, installation: find.Installation, machine: Machine, notes: Notes) -> Sources:
    """The `.backup` files at the root in place of originals that were cut; of issues, record by record."""
    backups = {
        path.name.removesuffix(".backup"): path for path in installation.left_over if path.name.endswith(".backup")
    }
    chosen: dict[str, Path] = {}
    for name, original in (
        (find.PROJECT_DATA, sources.project_data),
        (find.CHANGELOG, sources.changelog),
        (find.SNAPSHOTS, sources.snapshots),
    ):
        backup = backups.get(name)
        if isinstance(original, Path) and backup and backup != original and _more_complete(backup, original):
            chosen[name] = backup
            notes.file(machine.name_of(original), "cut file").find(
                "", "cut off or broken", f"{backup.name}, which is whole, was read in its place"
            )
    issue_backup = backups.get(find.CACHE)
    copies = (issue_backup, *sources.copies) if issue_backup and issue_backup != sources.cache else sources.copies
    return replace(
        sources,
        project_data=chosen.get(find.PROJECT_DATA, sources.project_data),
        changelog=chosen.get(find.CHANGELOG, sources.changelog),
        snapshots=chosen.get(find.SNAPSHOTS, sources.snapshots),
        copies=copies,
    )


def _more_complete(backup: Path, original: Path) -> bool:
    """A whole file against a broken one, and not a smaller one, which would be from much earlier."""
    larger = backup.stat().st_size >= original.stat().st_size
    return larger and not extras.is_whole(original) and extras.is_whole(backup)


def _same_jql(jql: str, other: str) -> bool:
    return " ".join(jql.split()).casefold() == " ".join(other.split()).casefold()


def _jql_of(sources: Sources) -> str:
    """The JQL that root-level data were fetched with, from the head of a file."""
    silent = FileNote("", "")
    for path in (sources.cache, sources.project_data):
        if path is None:
            continue
        for item in jsonfile.walk(path, frozenset({"issues", "statistics"}), silent):
            if item.name == "jql_query" and isinstance(item.value, str):
                return values.text(item.value)
            if item.name == "metadata" and isinstance(item.value, dict) and item.value.get("jira_query"):
                return values.text(item.value["jira_query"])
            if item.group == "issues":
                break
    return ""


# -- the old app's database ---------------------------------------------------------------------------------


def _with_database(
    plans: list[ProfilePlan], installation: find.Installation, registry: Registry, machine: Machine, notes: Notes
) -> tuple[list[ProfilePlan], Registry]:
    """Its profiles and queries join those of the same id, or stand beside them. Settings in JSON files win."""
    if installation.old_database is None or "database" not in installation.layouts:
        return plans, registry
    old = database.read(installation.old_database, machine, notes)
    by_id = {profile_plan.read.profile.id: profile_plan for profile_plan in plans}
    for read, rows in old.profiles:
        there = by_id.get(read.profile.id)
        joined = list(there.queries) if there else []
        for query, stored in rows:
            place = next((number for number, other in enumerate(joined) if other.query.id == query.id), None)
            if place is None:
                joined.append(QueryPlan(query, Sources(), query.id, stored=stored))
            else:
                joined[place] = _with_rows(joined[place], query, stored)
        by_id[read.profile.id] = (
            replace(there, queries=tuple(joined)) if there else ProfilePlan(read, tuple(joined), read.profile.id)
        )
    if not registry.active_profile:
        registry = replace(registry, active_profile=old.active_profile, active_query=old.active_query)
    return list(by_id.values()), registry


def _with_rows(query_plan: QueryPlan, query: Query, stored: StoredQuery) -> QueryPlan:
    # A folder without query.json has only its own name to go by.
    lost = query_plan.query.name == query_plan.query.id and not query_plan.query.jql
    return replace(query_plan, query=query if lost else query_plan.query, stored=stored)


# -- saved JQL and what can be made again -------------------------------------------------------------------


def _saved_jql(installation: find.Installation, machine: Machine, note: FileNote | None) -> list[dict[str, Any]]:
    path = installation.root_file(find.SAVED_JQL)
    if path is None and any(file.name == find.BACKUP_FOLDER for file in installation.left_over):
        path = installation.root / find.BACKUP_FOLDER / find.SAVED_JQL
    if path is None or not path.is_file():
        return []
    note = note or FileNote("", "")
    raw = jsonfile.load(path, note)
    if raw is not None and not isinstance(raw, list):
        note.skip("", "not a list")
    return [values.clean(entry) for entry in raw if isinstance(entry, dict)] if isinstance(raw, list) else []


def _saved_name(installation: find.Installation, jql: str, machine: Machine) -> tuple[str, Any]:
    for entry in _saved_jql(installation, machine, None):
        if jql and _same_jql(values.text(entry.get("jql")), jql):
            return values.text(entry.get("name")), values.instant(entry.get("created_at"), machine.zone)
    return "", None


def _with_saved_jql(
    plans: list[ProfilePlan], installation: find.Installation, registry: Registry, machine: Machine, notes: Notes
) -> list[ProfilePlan]:
    """Saved JQL without data is kept with the profile that was active, not as empty queries."""
    path = installation.root_file(find.SAVED_JQL)
    shown = machine.name_of(path) if path else f"{find.BACKUP_FOLDER}/{find.SAVED_JQL}"
    note = FileNote(shown, "saved JQL")
    saved = _saved_jql(installation, machine, note)
    if not plans or not (saved or note.findings):
        return plans
    kept = notes.file(shown, "saved JQL")
    kept.findings += note.findings
    kept.kept = len(saved)
    kept.find("", "saved JQL texts without data", "kept with the profile, not as queries")
    index = next((n for n, candidate in enumerate(plans) if candidate.read.profile.id == registry.active_profile), 0)
    read = plans[index].read
    profile = replace(read.profile, extras={**read.profile.extras, "saved_queries": saved})
    return [*plans[:index], replace(plans[index], read=replace(read, profile=profile)), *plans[index + 1 :]]


def _note_regenerable(installation: find.Installation, machine: Machine, notes: Notes) -> None:
    paths: list[Path] = [path for path in installation.root_files if path.name in find.REGENERABLE]
    for path in [*paths, *installation.copies]:
        note = notes.file(machine.name_of(path), "issue copy" if path in installation.copies else "task state")
        note.skipped += 1
        if not note.kept:
            note.find("", "a temporary copy that can be made again", "not taken over")
    if installation.old_database:
        note = notes.file(machine.name_of(installation.old_database), "old database")
        if "database" not in installation.layouts:
            note.skip("", "a database without the old app's tables or without a profile in it")
    for path in installation.left_over:
        notes.file(machine.name_of(path), "left over").find("", "left over by the old app", "not taken over")
