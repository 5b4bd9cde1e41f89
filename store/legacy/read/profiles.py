"""A profile from its folder: `profile.json`, the settings in odd places, and what the registry still knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from store.legacy import find
from store.legacy.findings import FileNote, Notes
from store.legacy.read import jsonfile, settings, values
from store.legacy.read.issues import IssueRules
from store.legacy.read.text import Readable, unmangled
from store.records import Milestone, Profile

_ABOUT = frozenset({"id", "name", "description", "created_at", "last_used"})


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and when the reading happens: `zone` is that of times without an offset."""

    root: Path
    now: datetime
    zone: tzinfo
    zone_name: str

    def name_of(self, path: Readable) -> str:
        """The path as reports show it: relative to the root, forward slashes."""
        if isinstance(path, Path) and path.is_relative_to(self.root):
            return path.relative_to(self.root).as_posix()
        return path.name


@dataclass(frozen=True, slots=True)
class Registry:
    """`profiles.json`: names, dates and what was active. Ids that cannot be folder names are dropped."""

    entries: Mapping[str, Mapping[str, Any]]
    active_profile: str = ""
    active_query: str = ""


@dataclass(frozen=True, slots=True)
class ReadProfile:
    profile: Profile
    milestones: tuple[Milestone, ...]
    rules: IssueRules
    jql: str = ""


def read_registry(installation: find.Installation, machine: Machine, notes: Notes) -> Registry:
    if installation.registry is None:
        return Registry({})
    note = notes.file(machine.name_of(installation.registry), "registry")
    document = jsonfile.load(installation.registry, note)
    raw = values.mapping(document)
    if document is not None and not isinstance(document, dict):
        note.skip("", "not an object")
    entries: dict[str, Mapping[str, Any]] = {}
    folders = {profile.id for profile in installation.profiles}
    for name, entry in _listed(raw.get("profiles"), note).items():
        if not find.plain_name(name):
            note.skip(f"profiles.{name!r:.60}", "the id is no folder name")
        elif name not in folders:
            note.skip(f"profiles.{name}", "there is no such profile folder")
        elif not isinstance(entry, dict):
            note.skip(f"profiles.{name}", "not an object")
        else:
            note.kept += 1
            entries[name] = entry
    return Registry(entries, values.text(raw.get("active_profile_id")), values.text(raw.get("active_query_id")))


def _listed(raw: Any, note: FileNote) -> dict[str, Any]:
    """The registry's entries by their ids, also where they stand in a list."""
    if isinstance(raw, list) and raw:
        note.find("profiles", "a list instead of an object", "its entries were read by their ids")
        return {values.text(entry.get("id")): entry for entry in raw if isinstance(entry, dict)}
    if raw is not None and not isinstance(raw, dict | list):
        note.skip("profiles", "not an object")
    return values.mapping(raw)


def read_profile(folder: find.ProfileFolder, registry: Registry, machine: Machine, notes: Notes) -> ReadProfile:
    """The profile of a folder, whatever of it is left."""
    path = find.readable(folder.path, find.PROFILE) or folder.path / find.PROFILE
    raw, merged = settings_file(path, "profile", machine, notes)
    jql = ""
    for path in (folder.path, *(query.path for query in folder.queries)):
        extra = path / find.SETTINGS
        if extra.is_file():
            document, more = settings_file(extra, "settings", machine, notes)
            merged.fill(more)
            jql = jql or values.text(document.get("jql_query"))
    entry = registry.entries.get(folder.id, {})
    if entry and not raw:
        note = notes.file(machine.name_of(folder.path.parent / find.REGISTRY), "registry")
        merged.fill(settings.settings_of(dict(entry), note))
    about = _about(folder.id, raw, entry, machine)
    return profile_of(folder.id, about, merged, machine, jql)


def settings_file(path: Path, kind: str, machine: Machine, notes: Notes) -> tuple[dict[str, Any], settings.Settings]:
    if not path.is_file():
        return {}, settings.Settings()
    note = notes.file(machine.name_of(path), kind)
    document = jsonfile.load(path, note)
    if not isinstance(document, dict):
        if document is not None:
            note.find("", "not an object", "skipped")
        note.skipped += 1
        return {}, settings.Settings()
    note.kept += 1
    return document, settings.settings_of(document, note)


def profile_of_document(
    id_: str, document: Mapping[str, Any], machine: Machine, note: FileNote | None = None
) -> ReadProfile:
    """The profile that a `profile.json` of this content makes by itself."""
    merged = settings.settings_of(document, note or FileNote("", ""))
    return profile_of(id_, _about(id_, document, {}, machine), merged, machine)


@dataclass(frozen=True, slots=True)
class About:
    """Who a profile is, beside its settings."""

    name: str
    created_at: datetime
    last_used: datetime
    description: str = ""


def _about(folder: str, raw: Mapping[str, Any], entry: Mapping[str, Any], machine: Machine) -> About:
    """From the file, and from the registry where the file lost it (it is then named "Default" or not at all)."""
    own, known = unmangled(values.text(raw.get("name"))).strip(), values.text(entry.get("name")).strip()
    lost = not own or (own == "Default" and bool(known) and known != own)
    times = [
        values.instant(source.get("created_at"), machine.zone) for source in ((entry, raw) if lost else (raw, entry))
    ]
    created = next((time for time in times if time), None)
    used = [values.instant(source.get("last_used"), machine.zone) for source in (raw, entry)]
    return About(
        name=known if lost and known else own or folder,
        created_at=created or machine.now,
        last_used=max((time for time in used if time), default=created or machine.now),
        description=values.text(raw.get("description") or entry.get("description")),
    )


def profile_of(id_: str, about: About, merged: settings.Settings, machine: Machine, jql: str = "") -> ReadProfile:
    """The record, with the milestone taken out of the settings and the machine's time zone put in."""
    forecast = dict(merged.forecast)
    milestone = forecast.pop("milestone", "")
    forecast.setdefault("time_zone", machine.zone_name)
    profile = Profile(
        id=id_,
        name=about.name,
        created_at=about.created_at,
        last_used=about.last_used,
        description=about.description,
        jira_config=merged.jira_config,
        field_mappings=merged.field_mappings,
        forecast_settings=forecast,
        project_classification=merged.classification,
        flow_type_mappings=merged.flow_types,
        show_milestone=bool(merged.show_milestone),
        show_points=bool(merged.show_points),
        extras={name: value for name, value in merged.extras.items() if name not in _ABOUT},
    )
    milestones = (Milestone("Milestone", date.fromisoformat(milestone)),) if milestone else ()
    return ReadProfile(profile, milestones, _rules(merged, machine), jql)


def _rules(merged: settings.Settings, machine: Machine) -> IssueRules:
    lists = {name: frozenset(values.names(value)) for name, value in merged.classification.items()}
    devops = lists.get("devops_projects", frozenset()) - lists.get("development_projects", frozenset())
    active = lists.get("active_statuses", frozenset()) | lists.get("wip_statuses", frozenset())
    return IssueRules(
        points_field=values.text(merged.jira_config.get("points_field")),
        base_url=values.text(merged.jira_config.get("base_url")),
        devops_projects=devops,
        done_statuses=lists.get("flow_end_statuses", frozenset()),
        active_statuses=active | lists.get("flow_start_statuses", frozenset()),
        zone=machine.zone,
    )
