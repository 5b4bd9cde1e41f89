"""JSONBackend: the old app's folder layout, version 2.4, read and written, for the way back and for hand editing.

The tree is read at the start, lives in memory, and what a transaction changed is written at its end: every file
under a temporary name, then a list of the renames, then the renames. A kill leaves the old tree or the new one.
Files changed by hand or by the old app are believed at the next opening; see `store.legacy.with_extras`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from store import files
from store.backend import PersistenceBackend
from store.codec import parsed_json
from store.errors import Refused, not_writable
from store.legacy import find
from store.legacy.findings import Notes
from store.legacy.plan import Plan, ProfilePlan, QueryPlan, plan
from store.legacy.read import profiles, queries, values
from store.legacy.read.issues import IssueRules
from store.legacy.read.profiles import Machine
from store.legacy.read.queries import ReadQuery
from store.legacy.report import FileReport, file_reports
from store.legacy.tree import extras, render, with_extras
from store.memory import MemoryBackend, QueryData, State
from store.names import free_name
from store.records import CachedChangelog, CachedPage, Profile, QueryRef
from store.state import CHOICES
from store.texts import N_
from store.written import ExportResult

_log = logging.getLogger(__name__)
FOLDER = "profiles"
COMMIT = "burndown_commit.json"
_NEW = ".burndown-new"
_PLAIN = re.compile(r"\w(?:[\w .-]{0,62}[\w-])?")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_QUERY_FILES = (find.QUERY, *find.DATA_FILES, extras.NAME)


class JSONBackend(MemoryBackend):
    """The store as a tree of JSON files in `folder`/profiles. `findings` tells what was odd when it was read."""

    def __init__(self, folder: Path) -> None:
        self._tree = _Tree(folder)
        state, self.findings = self._tree.read()
        super().__init__(state)
        self._depth = 0

    @contextmanager
    def transaction(self, *, lasting: bool = True) -> Iterator[None]:
        with self._lock:
            before = self._state.copied()
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._tree.write(before, self._state)
            except BaseException:
                self._state = before
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            # Within a transaction nothing is written yet, and copying the state for every call would be slow.
            if self._depth:
                yield
            else:
                with self.transaction():
                    yield

    def make_active(self, ref: QueryRef) -> None:
        """Like `switch_query`, but without a stamp: a copy tells when the original was used."""
        with self._writing():
            self._state.active = ref


def export_tree(backend: PersistenceBackend, folder: Path) -> ExportResult:
    """The whole store as such a tree, in a new or empty folder. Raises Refused for another one, NotWritable."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(N_("{folder} is not empty. Name a folder that is empty or does not exist yet.", folder=folder))
    with files.all_or_nothing(folder):
        target = JSONBackend(folder)
        with target.transaction():
            _copy(backend, target)
    written = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return ExportResult(tuple(written), target.counts())


def _copy(source: PersistenceBackend, target: JSONBackend) -> None:
    for profile in source.list_profiles():
        target.save_profile(profile)
        target.replace_milestones(profile.id, source.list_milestones(profile.id))
        for query in source.list_queries(profile.id):
            target.save_query(query)
            _copy_facts(source, target, query.ref)
    active = source.active_query()
    if active:
        target.make_active(active)
    for key in CHOICES:
        target.set_state(key, source.get_state(key))
    for task in source.list_tasks():
        target.save_task(task)
    for entry in source.list_migrations():
        target.add_migration(entry)


def _copy_facts(source: PersistenceBackend, target: PersistenceBackend, ref: QueryRef) -> None:
    target.upsert_issues(ref, source.list_issues(ref), source.list_changes(ref))
    target.save_sprints(ref, source.list_sprints(ref))
    target.replace_weeks(ref, source.list_weeks(ref))
    target.replace_corrections(ref, source.list_corrections(ref))
    data = source.get_project_data(ref)
    if data:
        target.save_project_data(ref, data)
    target.save_snapshots(ref, source.list_snapshots(ref))
    for forecast in source.list_forecasts(ref):
        target.save_forecast(ref, forecast)
    target.save_pages(ref, source.list_pages(ref))
    target.save_changelogs(ref, source.list_changelogs(ref))


# -- the files ----------------------------------------------------------------------------------------------


class _Tree:
    """The files of a tree, and in which folder each profile and query lies."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / FOLDER
        zone, zone_name = values.local_zone()
        self._machine = Machine(root, datetime.now(UTC).replace(microsecond=0), zone, zone_name)
        self._seen: set[Path] = set()
        self._profiles: dict[str, str] = {}
        self._queries: dict[QueryRef, str] = {}

    # -- reading ----------------------------------------------------------------------------------------

    def read(self) -> tuple[State, tuple[FileReport, ...]]:
        """Everything in the folder, and what was odd about it. Damage costs the damaged record."""
        self._finish_commit()
        machine = self._machine
        notes = Notes()
        note = notes.file(f"{FOLDER}/{extras.NAME}", "extras")
        document = extras.load(self._folder, note)
        kept = extras.store_extras(document, note) if document else extras.StoreExtras()
        installation = find.find(self._root, self._folder)
        installation = replace(
            installation,
            profiles=_with_files(installation.profiles),
            root_files=(),
            copies=(),
            left_over=(),
            old_database=None,
        )
        plan_read = plan(installation, machine, notes)
        state = kept.state
        for profile in plan_read.profiles:
            self._read_profile(state, profile, machine, notes)
        state.active = _active(plan_read, installation, machine)
        return state, file_reports(notes.all())

    def _read_profile(self, state: State, plan: ProfilePlan, machine: Machine, notes: Notes) -> None:
        profile = plan.read.profile
        if profile.id in state.profiles:
            profile = replace(profile, id=plan.folder)
        profile = replace(profile, name=_unique(profile.name, [profile.name for profile in state.profiles.values()]))
        state.profiles[profile.id] = profile
        self._profiles[profile.id] = plan.folder
        if plan.read.milestones:
            state.milestones[profile.id] = plan.read.milestones
        for each in plan.queries:
            self._read_query(state, profile, each, plan, machine, notes)

    def _read_query(
        self, state: State, profile: Profile, each: QueryPlan, owner: ProfilePlan, machine: Machine, notes: Notes
    ) -> None:
        queries_there = [other.query for ref, other in state.queries.items() if ref.profile_id == profile.id]
        id_ = each.folder if any(other.id == each.query.id for other in queries_there) else each.query.id
        name = _unique(each.query.name, [other.name for other in queries_there])
        query = replace(each.query, profile_id=profile.id, id=id_, name=name)
        sink = _Raw()
        rules = owner.read.rules
        if each.kept:
            read_query = with_extras.read(query, each.kept, each.sources, rules, sink, machine, notes)
        else:
            read_query = queries.read(query, each.sources, rules, sink, machine, notes)
        data = _data_of(read_query, sink)
        if each.kept is None or data != each.kept.extras.data:
            state.revision += 1
            data.query = replace(data.query, revision=state.revision)
        state.queries[data.query.ref] = data
        self._queries[data.query.ref] = each.folder

    # -- writing ----------------------------------------------------------------------------------------

    def write(self, before: State, after: State) -> None:
        """Put what differs into the files: all of it, or nothing and NotWritable."""
        places = dict(self._profiles), dict(self._queries)
        try:
            self._finish_commit()
            self._commit(self._contents(before, after))
        except OSError as exc:
            self._profiles, self._queries = places
            raise not_writable(N_("Nothing was changed in {root}", root=self._root), exc) from exc

    def _contents(self, before: State, after: State) -> dict[Path, bytes | None]:
        """New content by file; None for a file that goes."""
        contents: dict[Path, bytes | None] = {}
        for ref in before.queries.keys() - after.queries.keys():
            contents |= dict.fromkeys(self._query_folder(ref) / name for name in _QUERY_FILES)
            del self._queries[ref]
        for profile_id in before.profiles.keys() - after.profiles.keys():
            folder = self._folder / self._profiles.pop(profile_id)
            contents |= dict.fromkeys(folder / name for name in (find.PROFILE, extras.NAME))
        for profile_id in after.profiles:
            contents |= self._profile_contents(profile_id, before, after)
        if contents or _store_level(before) != _store_level(after):
            contents |= self._store_contents(after)
        return contents

    def _profile_contents(self, profile_id: str, before: State, after: State) -> dict[Path, bytes | None]:
        contents: dict[Path, bytes | None] = {}
        profile, milestones = after.profiles[profile_id], after.milestones.get(profile_id, ())
        if profile_id not in self._profiles:
            self._profiles[profile_id] = _folder_name(profile_id, self._profiles.values())
        name = self._profiles[profile_id]
        document = render.profile_document(profile, milestones, name)
        changed = before.profiles.get(profile_id) != profile or before.milestones.get(profile_id, ()) != milestones
        if changed:
            contents |= _folder_contents(
                self._folder / name,
                {find.PROFILE: document},
                lambda digests: extras.profile_document(profile, milestones, name, digests),
            )
        rules = profiles.profile_of_document(name, parsed_json(render.dumped(document)), self._machine).rules
        for ref, data in after.queries.items():
            # How issues are written depends on the profile: its field of points, its projects.
            if ref.profile_id == profile_id and (changed or before.queries.get(ref) != data):
                contents |= self._query_contents(ref, data, rules)
        return contents

    def _query_contents(self, ref: QueryRef, data: QueryData, rules: IssueRules) -> dict[Path, bytes | None]:
        if ref not in self._queries:
            names = [name for other, name in self._queries.items() if other.profile_id == ref.profile_id]
            self._queries[ref] = _folder_name(ref.query_id, names)
        folder = self._query_folder(ref)
        contents: dict[Path, bytes | None] = dict.fromkeys(folder / name for name in _QUERY_FILES)
        return contents | _folder_contents(
            folder,
            render.query_documents(data, rules),
            lambda digests: extras.query_document(data, folder.name, digests),
        )

    def _query_folder(self, ref: QueryRef) -> Path:
        return self._folder / self._profiles[ref.profile_id] / "queries" / self._queries[ref]

    def _store_contents(self, state: State) -> dict[Path, bytes | None]:
        owned: dict[str, list[str]] = {name: [] for name in self._profiles.values()}
        for ref, name in self._queries.items():
            owned[self._profiles[ref.profile_id]].append(name)
        used = state.active if state.active in state.queries else None
        active = (self._profiles[used.profile_id], self._queries[used]) if used else None
        by_folder = {self._profiles[profile.id]: profile for profile in state.profiles.values()}
        return {
            self._folder / find.REGISTRY: render.dumped(render.registry_document(by_folder, owned, active)),
            self._folder / extras.NAME: render.dumped(extras.store_document(state, active)),
        }

    def _commit(self, contents: Mapping[Path, bytes | None]) -> None:
        """Write what is new under temporary names, and then the list that makes it count."""
        new = {path: content for path, content in contents.items() if content is not None and not _same(path, content)}
        gone = [path for path, content in contents.items() if content is None and path.is_file()]
        if not new and not gone:
            return
        steps = {"replace": [self._name(path) for path in new], "remove": [self._name(path) for path in gone]}
        files.make_folder(self._folder)
        try:
            for path, content in new.items():
                files.make_folder(path.parent)
                _write(_temporary(path), content)
            _write(_temporary(self._folder / COMMIT), render.dumped(steps))
            files.replace(_temporary(self._folder / COMMIT), self._folder / COMMIT)
        except OSError:
            for path in (*new, self._folder / COMMIT):
                _temporary(path).unlink(missing_ok=True)
            raise
        try:
            self._finish_commit()
        except OSError:
            # The list is there, so the change counts; the next write or opening goes on with it.
            _log.warning("a tree of files is not finished yet", exc_info=True)

    def _finish_commit(self) -> None:
        """Carry out the list of an interrupted or just made commit. Raises OSError; it can be called again."""
        listed = self._folder / COMMIT
        if not listed.is_file():
            return
        steps = values.mapping(parsed_json(listed.read_bytes()))
        for path in self._paths(steps.get("replace")):
            if _temporary(path).is_file():
                self._keep_broken(path)
                files.replace(_temporary(path), path)
        for path in self._paths(steps.get("remove")):
            self._keep_broken(path)
            path.unlink(missing_ok=True)
            _remove_empty(path.parent, self._folder)
        listed.unlink()

    def _keep_broken(self, path: Path) -> None:
        """A file that a hand broke is copied before anything of ours goes over it."""
        if path in self._seen or not path.is_file():
            return
        self._seen.add(path)
        copy = path.with_name(f"{path.name}.damaged")
        if not os.path.lexists(copy) and not extras.is_whole(path):
            files.copy(path, copy)

    def _name(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _paths(self, names: object) -> list[Path]:
        """Files of the tree by their names; a name that leads out of it is none of ours."""
        pure = [PurePosixPath(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
        return [self._root / path for path in pure if path.parts[:1] == (FOLDER,) and ".." not in path.parts]


def _with_files(folders: Iterable[find.ProfileFolder]) -> tuple[find.ProfileFolder, ...]:
    """The folders that hold a file of the layout: what was deleted may leave a user's own things behind."""
    named = (find.PROFILE, find.SETTINGS, extras.NAME)
    result = []
    for folder in folders:
        queries_there = tuple(
            each for each in folder.queries if any((each.path / name).is_file() for name in _QUERY_FILES)
        )
        if queries_there or any((folder.path / name).is_file() for name in named):
            result.append(replace(folder, queries=queries_there))
    return tuple(result)


def _active(plan_read: Plan, installation: find.Installation, machine: Machine) -> QueryRef | None:
    """The query that the registry calls active; an empty registry says that there is none."""
    registry = profiles.read_registry(installation, machine, Notes())
    return plan_read.active if registry.active_profile else None


def _unique(name: str, names: Sequence[str]) -> str:
    return free_name(name, names) if name in names else name


def _data_of(query: ReadQuery, raw: _Raw) -> QueryData:
    return QueryData(
        query.query,
        issues={issue.key: issue for issue in query.issues},
        changes={key: tuple(history) for key, history in query.changes.items()},
        sprints=query.sprints,
        weeks=tuple(query.weeks),
        corrections=tuple(query.corrections),
        project_data=query.project_data,
        snapshots={(snapshot.week, snapshot.metric): snapshot for snapshot in query.snapshots},
        forecasts={(forecast.as_of, forecast.unit, forecast.method): forecast for forecast in query.forecasts},
        pages=raw.by_key,
        changelogs=raw.by_issue,
    )


class _Raw:
    """Keeps the tracker's answers."""

    def __init__(self) -> None:
        self.by_key: dict[str, CachedPage] = {}
        self.by_issue: dict[str, CachedChangelog] = {}

    def pages(self, pages: Sequence[CachedPage]) -> None:
        self.by_key |= {page.cache_key: page for page in pages}

    def changelogs(self, changelogs: Sequence[CachedChangelog]) -> None:
        self.by_issue |= {changelog.issue_key: changelog for changelog in changelogs}


def _store_level(state: State) -> tuple[object, ...]:
    """What the files beside the registry tell, but for the profiles and queries themselves."""
    return (state.active, state.app_state, state.tasks, state.migrations, state.revision)


def _folder_contents(
    folder: Path, documents: Mapping[str, object], beside: Callable[[Mapping[str, str]], object]
) -> dict[Path, bytes | None]:
    """The documents as files, and the extras file that knows their digests."""
    files: dict[str, bytes] = {name: render.dumped(document) for name, document in documents.items()}
    digests = {name: extras.digest(content) for name, content in files.items()}
    files[extras.NAME] = render.dumped(beside(digests))
    return {folder / name: content for name, content in files.items()}


def _folder_name(wanted: str, names: Iterable[str]) -> str:
    """The id itself where every file system takes it and it stays what it is; else a name made from it."""
    used = {name.casefold() for name in names}
    plain = (
        _PLAIN.fullmatch(wanted)
        and unicodedata.is_normalized("NFC", wanted)
        and not _RESERVED.fullmatch(wanted)
        and not find.is_ours(wanted)
        and not wanted.casefold().endswith(".json")
    )
    if plain and wanted.casefold() not in used:
        return wanted
    return free_name(f"x_{hashlib.sha256(wanted.encode()).hexdigest()[:16]}", used)


def _temporary(path: Path) -> Path:
    return path.with_name(path.name + _NEW)


def _write(path: Path, content: bytes) -> None:
    # Its name can be foreseen, since the list of an interrupted change leads to it: a link there is taken away.
    path.unlink(missing_ok=True)
    with files.new_file(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _same(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def _remove_empty(folder: Path, top: Path) -> None:
    """Remove folders that hold nothing any more, up to `top`."""
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
