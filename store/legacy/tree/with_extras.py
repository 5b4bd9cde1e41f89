"""Reading a folder that has an extras file of ours: the old app's files are believed for what they hold.

Where a file is as it was written, the records beside it are taken whole. Where it was changed since, the same
readers read it and what was written then, and the difference goes into the records. A broken or missing file
takes nothing away: its records stay, and only what it has beside them is added.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from store.legacy import find
from store.legacy.findings import FileNote, Notes
from store.legacy.read import profiles, queries
from store.legacy.read.issues import IssueRules
from store.legacy.read.profiles import Machine, ReadProfile
from store.legacy.read.queries import Raw, ReadQuery, Sources
from store.legacy.read.text import InMemoryFile
from store.legacy.tree import extras, merge, render
from store.legacy.tree.extras import QueryExtras
from store.records import CachedChangelog, CachedPage, ProjectData, Query


@dataclass(frozen=True, slots=True)
class KeptQuery:
    """What lay beside a query's files. `rules` are those that the files were written by."""

    extras: QueryExtras
    path: Path
    rules: IssueRules


class _Nowhere:
    """Raw answers that are known already."""

    def pages(self, pages: Sequence[CachedPage]) -> None:
        return None

    def changelogs(self, changelogs: Sequence[CachedChangelog]) -> None:
        return None


def profile(now: ReadProfile, folder: Path, machine: Machine, notes: Notes) -> tuple[ReadProfile, IssueRules]:
    """The profile completed, and the rules by which the files of its queries were written."""
    if not (folder / extras.NAME).exists():  # nor is it a file of the report
        return now, now.rules
    note = notes.file(machine.name_of(folder / extras.NAME), "extras")
    document = extras.load(folder, note)
    kept = extras.profile_extras(document, note) if document else None
    if kept is None:
        return now, now.rules
    written = render.profile_document(kept.profile, kept.milestones, kept.folder)
    base = profiles.profile_of_document(kept.folder, json.loads(render.dumped(written)), machine)
    id_ = kept.profile.id if kept.folder == folder.name else folder.name
    mine = replace(kept.profile, id=id_)
    note.kept += 1
    if not extras.changed_files(folder, kept.digests):
        return replace(now, profile=mine, milestones=kept.milestones), base.rules
    if not extras.is_whole(folder / find.PROFILE):
        note.find("", f"{find.PROFILE} is missing or broken", "the settings were taken from here")
        return ReadProfile(mine, kept.milestones, base.rules), base.rules
    same_ids = (replace(version.profile, id=id_) for version in (base, now))
    milestones = merge.milestones(
        kept.milestones, base.milestones, now.milestones, render.shown_milestone(kept.milestones)
    )
    return replace(now, profile=merge.record(mine, *same_ids), milestones=milestones), base.rules


def query(
    now: Query, folder: Path, rules: IssueRules, machine: Machine, notes: Notes
) -> tuple[Query, KeptQuery | None]:
    """The query completed, and what else is kept beside it. `rules`: by which its files were written."""
    if not (folder / extras.NAME).exists():
        return now, None
    note = notes.file(machine.name_of(folder / extras.NAME), "extras")
    document = extras.load(folder, note)
    kept = extras.query_extras(document, note) if document else None
    if kept is None:
        return now, None
    note.kept += 1
    id_ = kept.data.query.id if kept.folder == folder.name else folder.name
    mine = replace(kept.data.query, profile_id=now.profile_id, id=id_)
    beside = KeptQuery(kept, folder, rules)
    if find.QUERY not in extras.changed_files(folder, kept.digests):
        return mine, beside
    if not extras.is_whole(folder / find.QUERY):
        note.find("", f"{find.QUERY} is missing or broken", "name and JQL were taken from here")
        return mine, beside
    written = json.loads(render.dumped(render.query_document(mine)))
    base = queries.query_of(written, now.profile_id, now.id, mine.created_at, machine)
    return merge.record(mine, replace(base, id=id_), replace(now, id=id_)), beside


def read(
    wanted: Query, kept: KeptQuery, sources: Sources, rules: IssueRules, raw: Raw, machine: Machine, notes: Notes
) -> ReadQuery:
    """A query's data: those kept, with what was changed in the files since. Raises nothing for damage."""
    data = kept.extras.data
    raw.pages(list(data.pages.values()))
    raw.changelogs(list(data.changelogs.values()))
    mine = ReadQuery(
        wanted,
        list(data.issues.values()),
        {key: list(history) for key, history in data.changes.items()},
        dict(data.sprints),
        list(data.weeks),
        data.project_data,
        list(data.snapshots.values()),
        list(data.forecasts.values()),
        corrections=list(data.corrections),
    )
    changed = _changed_data(kept)
    if not changed and rules == kept.rules:
        return mine
    note = notes.file(machine.name_of(kept.path / extras.NAME), "extras")
    for name in sorted(changed):
        note.find(name, "changed since it was written", "its changes were taken over")
    now = queries.read(wanted, sources, rules, _Nowhere(), machine, notes)
    return _merged(mine, _as_written(wanted, kept, machine), now, kept.path, note)


def _changed_data(kept: KeptQuery) -> set[str]:
    """Data files that were changed, taken away or added."""
    known = kept.extras.digests
    added = {name for name in find.DATA_FILES if name not in known and (kept.path / name).is_file()}
    return added | (extras.changed_files(kept.path, known) - {find.QUERY})


def _as_written(wanted: Query, kept: KeptQuery, machine: Machine) -> ReadQuery:
    """What the readers make of the files as they were written."""
    documents = render.query_documents(kept.extras.data, kept.rules)
    written = {name: InMemoryFile(name, render.dumped(document)) for name, document in documents.items()}
    sources = Sources(
        written.get(find.PROJECT_DATA),
        written.get(find.CACHE),
        written.get(find.CHANGELOG),
        written.get(find.SNAPSHOTS),
    )
    return queries.read(wanted, sources, kept.rules, _Nowhere(), machine, Notes())


def _merged(mine: ReadQuery, base: ReadQuery, now: ReadQuery, folder: Path, note: FileNote) -> ReadQuery:
    whole = {name: _whole(folder / name, note) for name in find.DATA_FILES}
    issues = merge.keyed(
        {issue.key: issue for issue in mine.issues},
        {issue.key: issue for issue in base.issues},
        {issue.key: issue for issue in now.issues},
        whole[find.CACHE],
        gone=whole[find.CHANGELOG],
    )
    changes = merge.histories(mine.changes, base.changes, now.changes, whole[find.CHANGELOG])
    snapshots = merge.keyed(
        {(snapshot.week, snapshot.metric): snapshot for snapshot in mine.snapshots},
        {(snapshot.week, snapshot.metric): snapshot for snapshot in base.snapshots},
        {(snapshot.week, snapshot.metric): snapshot for snapshot in now.snapshots},
        whole[find.SNAPSHOTS],
    )
    return replace(
        mine,
        issues=list(issues.values()),
        changes={key: history for key, history in changes.items() if key in issues},
        sprints=merge.keyed(mine.sprints, base.sprints, now.sprints, whole=True, gone=False),
        weeks=merge.weeks(mine.weeks, base.weeks, now.weeks, whole[find.PROJECT_DATA]),
        project_data=_project_data(mine, base, now, whole[find.PROJECT_DATA]),
        snapshots=list(snapshots.values()),
    )


def _project_data(mine: ReadQuery, base: ReadQuery, now: ReadQuery, whole: bool) -> ProjectData | None:
    if not whole or now.project_data is None or now.project_data == base.project_data:
        return mine.project_data
    if mine.project_data is None or base.project_data is None:
        return now.project_data
    return merge.record(mine.project_data, base.project_data, now.project_data)


def _whole(path: Path, note: FileNote) -> bool:
    whole = extras.is_whole(path)
    if not whole and path.exists():
        note.find(path.name, "broken since it was written", "its records were taken from here")
    return whole
