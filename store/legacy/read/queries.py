"""One query's files to records. Issues and histories are streamed: raw JSON goes on in pages, records stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from store.legacy import find
from store.legacy.findings import FileNote, Notes
from store.legacy.read import changelog, issues, jsonfile, snapshots, values, weeks
from store.legacy.read.profiles import Machine
from store.legacy.read.text import Readable
from store.records import (
    CachedChangelog,
    CachedPage,
    Category,
    Change,
    Correction,
    ForecastMade,
    Issue,
    ProjectData,
    Query,
    Snapshot,
    Sprint,
    Week,
)

PAGE = 100
FRESH = timedelta(hours=24)
_KEYED = frozenset({"issues"})
# Issues stand under "data" in a temporary copy, and under "issues" in a backup of the file itself.
_COPIED = frozenset({"data", "issues"})


class Raw(Protocol):
    """Takes the tracker's answers as they come by, so that they need not be held."""

    def pages(self, pages: Sequence[CachedPage]) -> None: ...

    def changelogs(self, changelogs: Sequence[CachedChangelog]) -> None: ...


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of one query; None for those it does not have. `copies` may replace a cut issue file."""

    project_data: Readable | None = None
    cache: Readable | None = None
    changelog: Readable | None = None
    snapshots: Readable | None = None
    csv: Readable | None = None
    totals: Readable | None = None
    copies: tuple[Readable, ...] = ()

    def filled(self) -> bool:
        """Whether there is any file with data."""
        return any((self.project_data, self.cache, self.changelog, self.snapshots, self.csv, self.totals))


@dataclass(slots=True)
class ReadQuery:
    """Everything of one query but the raw answers, which went to `Raw`. `fetched`: when the issues were, if known."""

    query: Query
    issues: list[Issue] = field(default_factory=list)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    sprints: dict[str, Sprint] = field(default_factory=dict)
    weeks: list[Week] = field(default_factory=list)
    project_data: ProjectData | None = None
    snapshots: list[Snapshot] = field(default_factory=list)
    forecasts: list[ForecastMade] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    fetched: datetime | None = None


def sources_in(folder: Path, copies: tuple[Path, ...] = ()) -> Sources:
    """The files of a query folder."""
    project_data, cache, changes, recorded = (find.readable(folder, name) for name in find.DATA_FILES)
    return Sources(project_data, cache, changes, recorded, copies=copies)


def read_query_file(profile_id: str, folder: find.QueryFolder, used: datetime, machine: Machine, notes: Notes) -> Query:
    """`query.json`, or what the folder's name says where that is missing."""
    path = find.readable(folder.path, find.QUERY)
    raw: dict[str, Any] = {}
    if path is not None:
        note = notes.file(machine.name_of(path), "query")
        document = jsonfile.load(path, note)
        raw = values.mapping(document)
        note.kept, note.skipped = (1, 0) if raw else (0, 1)
        if document is not None and not raw:
            note.find("", "not an object", "the folder's name is used")
    return query_of(raw, profile_id, folder.id, used, machine)


def query_of(raw: Mapping[str, Any], profile_id: str, id_: str, used: datetime, machine: Machine) -> Query:
    """The query that a `query.json` of this content makes."""
    created = values.instant(raw.get("created_at"), machine.zone)
    updated = values.instant(raw.get("updated_at"), machine.zone)
    return Query(
        profile_id=profile_id,
        id=id_,
        name=values.text(raw.get("name")).strip() or id_,
        created_at=created or used,
        last_used=values.instant(raw.get("last_used"), machine.zone) or updated or created or used,
        jql=values.text(raw.get("jql")),
        description=values.text(raw.get("description")),
        updated_at=updated,
        extras=values.clean({name: value for name, value in raw.items() if name not in _QUERY_KEYS}),
    )


_QUERY_KEYS = frozenset({"id", "name", "jql", "description", "created_at", "updated_at", "last_used"})


def read(
    query: Query, sources: Sources, rules: issues.IssueRules, raw: Raw, machine: Machine, notes: Notes
) -> ReadQuery:
    """Read all files of a query; damage costs the damaged record and is noted."""
    read_query = ReadQuery(query)
    reader = _IssueReader(query.id, rules, raw, machine)
    if sources.cache:
        reader.read_cache(sources.cache, notes.file(machine.name_of(sources.cache), "issues"))
    if sources.changelog:
        reader.read_changelog(sources.changelog, notes.file(machine.name_of(sources.changelog), "changes"))
    _numbers(read_query, sources, machine, notes)
    jql = query.jql or values.text(reader.header.get("jql_query")) or _jql(read_query.project_data)
    _from_copies(reader, sources, _Wanted(jql, _total(read_query.project_data)), machine, notes)
    read_query.issues, read_query.changes, read_query.sprints = reader.finished(), reader.changes, reader.sprints
    if sources.snapshots:
        note = notes.file(machine.name_of(sources.snapshots), "snapshots")
        read_query.snapshots = snapshots.read(sources.snapshots, machine.zone, note)
    read_query.query = replace(query, jql=jql)
    read_query.fetched = values.instant(reader.header.get("timestamp"), machine.zone)
    return read_query


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a query's issues must be like: its JQL, and how many the old app counted (0 where that is not known)."""

    jql: str
    total: int

    def fits(self, keys: Iterable[str], is_cut: bool) -> bool:
        """Whether these can be the query's issues: their number is right, or their project is the one asked for.

        For a file that is gone altogether, and not only cut, the number must be right.
        """
        present = set(keys)
        if self.total:
            return len(present) == self.total or (is_cut and self._shares_project(present))
        return is_cut and (self._shares_project(present) or not _PROJECTS.search(self.jql))

    def _shares_project(self, keys: set[str]) -> bool:
        projects = {name.upper() for part in _PROJECTS.findall(self.jql) for name in _WORD.findall(part)}
        return bool(projects & {key.rpartition("-")[0].upper() for key in keys})


_PROJECTS = re.compile(r"\bproject\s*(?:=|in)\s*(\([^)]*\)|\"[^\"]*\"|[\w-]+)", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+")


def _total(data: ProjectData | None) -> int:
    scope = values.mapping(data.data.get("project_scope")) if data else {}
    counted = values.mapping(scope.get("calculation_metadata")).get("total_issues_processed")
    return values.whole(counted) or values.whole(scope.get("total_items")) or 0


def _from_copies(reader: _IssueReader, sources: Sources, wanted: _Wanted, machine: Machine, notes: Notes) -> None:
    """What temporary copies give back of a cut or missing issue file, and of issues that an update made thin."""
    by_note = {copy: notes.file(machine.name_of(copy), "issue copy") for copy in sources.copies}
    if sources.cache is None and sources.changelog is not None:
        reader.say_missing(notes.file(machine.name_of(sources.changelog), "changes"))
    if sources.cache is None or reader.cut:
        if reader.is_empty() and not reader.found_nothing:
            reader.replace_by_copy(by_note, wanted, is_cut=sources.cache is not None)
        elif not reader.found_nothing:
            for copy, note in by_note.items():
                reader.read_copy(copy, note)
    if reader.thin:
        reader.fill_thin(by_note)


def _jql(data: ProjectData | None) -> str:
    return values.text(values.mapping(data.data.get("metadata")).get("jira_query")) if data else ""


def _numbers(query: ReadQuery, sources: Sources, machine: Machine, notes: Notes) -> None:
    if sources.project_data:
        note = notes.file(machine.name_of(sources.project_data), "weekly numbers")
        document = jsonfile.load(sources.project_data, note)
        if isinstance(document, dict):
            if document and not document.keys() & weeks.PARTS:
                note.skip("", f"holds none of the parts that are known: {', '.join(sorted(weeks.PARTS))}")
            query.weeks = weeks.weeks_of(document, note)
            query.project_data = weeks.project_data_of(document, machine.now, machine.zone, note)
        elif document is not None:
            note.skip("", "not an object")
    if sources.csv and not query.weeks:
        query.weeks = weeks.weeks_of_csv(sources.csv, notes.file(machine.name_of(sources.csv), "weekly numbers"))
    elif sources.csv:
        notes.file(machine.name_of(sources.csv), "weekly numbers").find(
            "", "older than project_data.json, which holds the same weeks", "not taken over"
        )
    if sources.totals and query.project_data is None:
        note = notes.file(machine.name_of(sources.totals), "settings")
        document = values.mapping(jsonfile.load(sources.totals, note))
        totals = {name: document[name] for name in weeks.TOTALS if name in document}
        if totals:
            metadata = {"source": "csv_import"} if sources.csv else {}
            query.project_data = weeks.project_data_of(totals | {"metadata": metadata}, machine.now, machine.zone, note)


class _IssueReader:
    """Issues from the cache first, then what the changelog adds; keys in the order they were met."""

    def __init__(self, query_id: str, rules: issues.IssueRules, raw: Raw, machine: Machine) -> None:
        self._query_id, self._rules, self._raw, self._machine = query_id, rules, raw, machine
        self._issues: dict[str, Issue] = {}
        self._unnamed: list[tuple[int, dict[str, Any]]] = []
        self._unsure: dict[str, str] = {}
        self._categories: dict[str, Category] = {}
        self._positions: list[str] = []
        self._members: set[str] = set()
        self._poor: set[str] = set()
        self._rebuilt: set[str] = set()
        self._partial: set[str] = set()
        self._note: FileNote | None = None
        self.header: dict[str, Any] = {}
        self.changes: dict[str, list[Change]] = {}
        self.sprints: dict[str, Sprint] = {}
        self.cut = False
        # A whole file of a query that finds no issue.
        self.found_nothing = False
        # Issues that an update fetched with other fields than the first time: without points and custom fields.
        self.thin: set[str] = set()

    # -- jira_cache.json --------------------------------------------------------------------------------

    def read_cache(self, path: Readable, note: FileNote) -> None:
        """Issues, and the raw ones as pages of a hundred. The header follows as a page without issues."""
        self._note = note
        batch: list[Any] = []
        number = 0
        complete = False
        for item in _listed(jsonfile.walk(path, _KEYED, note), note):
            if item.group != "issues" and not item.name.isdigit():
                if item.damaged:
                    note.find(", ".join(part for part in (item.name, item.where) if part), item.damaged, "left out")
                complete = complete or (item.name == "total_issues" and not item.damaged)
                self.header[item.name] = item.value
                continue
            if self._take(len(self._positions), item, note):
                batch.append(item.value)
            if len(batch) == PAGE:
                number += 1
                self._save_page(number, {"issues": batch})
                batch = []
        if batch:
            self._save_page(number + 1, {"issues": batch})
        if not self._positions and not (complete and self.header.get("total_issues") == 0):
            note.find("", "holds no issue", "nothing of it could be used")
        header = values.clean(self.header)
        self._save_page(0, {"header": header, "issues": []})
        self._note_header(complete, note)

    def _note_header(self, complete: bool, note: FileNote) -> None:
        changed = self.header.get("changed_keys")
        self._members = {key for key in changed if isinstance(key, str)} if isinstance(changed, list) else set()
        # Era B wrote no closing total; every later file ends with it, so its absence means a cut.
        self.cut = not complete or not self._positions
        self.found_nothing = complete and not self._positions and not self.header.get("total_issues")
        if isinstance(changed, list) and len(changed) == len(self._positions):
            agree = all(not key or key == changed[index] for index, key in enumerate(self._positions))
            for index, raw in self._unnamed if agree else []:
                self._name(index, str(changed[index]), raw, note)
            self._unnamed = [] if agree else self._unnamed

    def _save_page(self, number: int, document: Mapping[str, Any]) -> None:
        moment = values.instant(self.header.get("timestamp"), self._machine.zone) or self._machine.now
        page = CachedPage(f"legacy:{self._query_id}:{number}", values.as_bytes(document), moment, moment + FRESH)
        self._raw.pages([page])

    def _take(self, index: int, item: jsonfile.Item, note: FileNote) -> bool:
        """One element of the issue list. True when there is an object to keep as it came."""
        raw = item.value
        where = f"issues[{index}]"
        key = issues.key_of(raw)
        if item.damaged and key in self._issues:
            note.skip(f"{where}, {item.where}", f"{item.damaged}; {key} stands in the file whole")
            self._positions.append("")
            return False
        if item.damaged:
            note.find(f"{where}, {item.where}", item.damaged, "kept what of it is whole" if key else "left out")
            self._partial.add(key)
        self._positions.append(key)
        if key:
            self._add(key, raw, where, note)
            return not item.damaged
        if isinstance(raw, str) and issues.KEY.fullmatch(raw):
            self._members.add(raw)
            note.find(where, "only the key is left", "rebuilt from the changelog, if it is there")
            self._unsure[raw] = where
        elif isinstance(raw, dict):
            self._unnamed.append((index, raw))
            return not item.damaged
        else:
            self._unnamed.append((index, {}))
        return False

    def _add(self, key: str, raw: Mapping[str, Any], where: str, note: FileNote) -> None:
        issue = issues.issue(key, raw, self._rules)
        if self._rules.points_field and self._rules.points_field not in values.mapping(raw.get("fields")):
            self.thin.add(key)
        for name in issues.problems(raw, issue, self._rules):
            self._poor.add(key)
            note.find(
                f"{where} {key} {name}", "not usable", "taken from the changelog where that has it, else left out"
            )
        # Jira names the category in nearly every issue; one proof per status is enough.
        if issue.status and self._categories.get(issue.status) is not issue.category:
            self._learn(key, raw, issue.status, where)
        if issue.sprints:
            sprints = issues.sprints_of(values.mapping(raw.get("fields")))
            self.sprints |= {sprint.name: sprint for sprint in sprints}
        if key in self._issues:
            note.skip(f"{where} {key}", "stands in the file twice; the later is kept")
        else:
            note.kept += 1
        self._issues[key] = issue

    def _learn(self, key: str, raw: Mapping[str, Any], status: str, where: str) -> None:
        """Remember the category that Jira gives a status; an issue without one is settled at the end."""
        category = issues.category_of(raw)
        if category:
            self._categories[status] = category
        else:
            self._unsure[key] = where

    def _name(self, index: int, key: str, raw: dict[str, Any], note: FileNote) -> None:
        where = f"issues[{index}]"
        if not issues.KEY.fullmatch(key):
            note.skip(where, "has no usable key")
        elif raw:
            note.find(where, "has no usable key", f"taken as {key}, by its place in changed_keys")
            self._add(key, raw, where, note)
        else:
            self._unsure[key] = where
            self._members.add(key)

    # -- jira_changelog_cache.json ----------------------------------------------------------------------

    def read_changelog(self, path: Readable, note: FileNote) -> None:
        """Histories of the map or the list shape, and the fields that the cache lacks."""
        batch: list[CachedChangelog] = []
        for key, raw in self._entries(path, note):
            self.changes[key] = changelog.changes_of(key, raw, self._rules.points_field, self._machine.zone, note)
            self._merge(key, raw)
            moment = values.instant(raw.get("last_updated"), self._machine.zone) or self._machine.now
            batch.append(CachedChangelog(key, values.as_bytes(raw), moment, moment + FRESH))
            if len(batch) == PAGE:
                self._raw.changelogs(batch)
                batch = []
        if batch:
            self._raw.changelogs(batch)

    def _entries(self, path: Readable, note: FileNote) -> Iterator[tuple[str, dict[str, Any]]]:
        """Key and entry, from either shape."""
        for item in jsonfile.walk(path, _KEYED, note):
            listed = item.group == "issues" or (not item.group and item.name.isdigit())
            key = issues.key_of(item.value) if listed else values.text(item.name).strip()
            if item.damaged:
                where = ", ".join(part for part in (item.name, item.where) if part)
                note.find(where, item.damaged, "kept what of it is whole" if item.value else "left out")
            if not listed and not issues.KEY.fullmatch(key) and not _looks_like_entry(item.value):
                if item.name and item.name not in _HEADER:
                    note.skip(", ".join(part for part in (item.name, item.where) if part), "no entry of an issue")
                continue
            if not isinstance(item.value, dict) or not key:
                note.skip(item.name, "not an object")
                continue
            yield key, item.value

    def _merge(self, key: str, raw: Mapping[str, Any]) -> None:
        known = self._issues.get(key)
        if known is None:
            self._rebuilt.add(key)
            self._issues[key] = issues.issue(key, raw, self._rules)
        elif key in self._poor or not (known.status and known.type and known.created):
            self._issues[key] = issues.filled(known, issues.issue(key, raw, self._rules))
        status = values.mapping(values.mapping(raw.get("fields")).get("status")).get("name")
        if isinstance(status, str) and status not in self._categories and (category := issues.category_of(raw)):
            self._categories[status] = category

    # -- cache/<hash>.json ------------------------------------------------------------------------------

    def read_copy(self, path: Readable, note: FileNote) -> None:
        """Issues that a cut cache lost. All of a copy count only if it holds every issue that survived."""
        survived = {key for key in self._issues if key not in self._rebuilt and key not in self._partial}
        lost = self._rebuilt | self._partial
        copies: dict[str, dict[str, Any]] = {}
        for item in jsonfile.walk(path, _COPIED, note):
            key = issues.key_of(item.value)
            if item.group in _COPIED and key and not item.damaged:
                copies[key] = item.value
        # Other queries have copies too: what survived must be in it, or at least half of what is known of the rest.
        same_query = survived <= copies.keys() if survived else len(lost & copies.keys()) * 2 >= len(lost) > 0
        for key, raw in copies.items():
            if key in lost or (same_query and key not in survived):
                self._restore(key, raw)
                note.kept += 1
        if note.kept:
            note.find("", f"holds {note.kept} issues that jira_cache.json lost", "taken over from here")

    def is_empty(self) -> bool:
        return not self._issues

    def say_missing(self, note: FileNote) -> None:
        """That there is no issue file, so that all issues are those of the changelog."""
        if self._rebuilt:
            note.find("", f"{find.CACHE} is missing", f"{len(self._rebuilt)} issues rebuilt from this file")

    def replace_by_copy(self, copies: Mapping[Readable, FileNote], wanted: _Wanted, is_cut: bool) -> None:
        """All issues from the one copy that fits best: by their number, then the latest."""
        best: tuple[tuple[bool, datetime], Readable] | None = None
        for path in copies:
            keys, moment = self._keys_of(path)
            rank = (len(keys) == wanted.total, moment)
            if keys and wanted.fits(keys, is_cut) and (best is None or rank > best[0]):
                best = (rank, path)
        if best is None:
            return
        note = copies[best[1]]
        # So far it was noted as one of those that nobody needs.
        note.skipped, note.findings = 0, []
        pages: list[Any] = []
        for item in jsonfile.walk(best[1], _COPIED, note):
            key = issues.key_of(item.value)
            if item.group in _COPIED and key and not item.damaged:
                self._add(key, item.value, f"{item.group}[{item.name}]", note)
                pages.append(item.value)
        for number, begin in enumerate(range(0, len(pages), PAGE), 1):
            self._save_page(number, {"issues": pages[begin : begin + PAGE]})
        state = "cannot be read" if is_cut else "is missing"
        note.find("", f"{find.CACHE} {state}; this copy holds {len(self._issues)} issues", "read in its place")

    def _keys_of(self, path: Readable) -> tuple[set[str], datetime]:
        """The keys in a copy, and when it was made."""
        keys, moment = set(), datetime.min.replace(tzinfo=UTC)
        for item in jsonfile.walk(path, _COPIED, FileNote("", "")):
            if item.group in _COPIED:
                keys |= {key} if (key := issues.key_of(item.value)) else set()
            elif item.name == "metadata":
                moment = values.instant(values.mapping(item.value).get("timestamp"), self._machine.zone) or moment
        return keys, moment

    def _restore(self, key: str, raw: Mapping[str, Any]) -> None:
        issue = issues.issue(key, raw, self._rules)
        known = self._issues.get(key)
        self._issues[key] = issues.filled(issue, known) if known else issue
        self._rebuilt.discard(key)
        self._partial.discard(key)

    def fill_thin(self, copies: Mapping[Readable, FileNote]) -> None:
        """Points and custom fields that an update lost, from the latest copy of the same issue that has them."""
        notes: dict[str, tuple[datetime, Mapping[str, Any], FileNote]] = {}
        for path, note in copies.items():
            moment = datetime.min.replace(tzinfo=UTC)
            for item in jsonfile.walk(path, _COPIED, note):
                if item.group not in _COPIED:
                    stamp = values.mapping(item.value).get("timestamp") if item.name == "metadata" else None
                    moment = values.instant(stamp, self._machine.zone) or moment
                    continue
                key = issues.key_of(item.value)
                earlier = notes.get(key)
                if key in self.thin and self._has_points(item) and (earlier is None or moment >= earlier[0]):
                    notes[key] = (moment, item.value, note)
        for key, (_, raw, note) in notes.items():
            self._fill(key, raw, note)

    def _has_points(self, item: jsonfile.Item) -> bool:
        return not item.damaged and self._rules.points_field in values.mapping(item.value.get("fields"))

    def _fill(self, key: str, raw: Mapping[str, Any], note: FileNote) -> None:
        known, whole = self._issues[key], issues.issue(key, raw, self._rules)
        # Another server may have an issue of the same key.
        if (known.source_id, known.created) != (whole.source_id, whole.created):
            return
        more = {name: value for name, value in whole.extras.items() if name not in known.extras}
        issue = replace(
            known,
            points=whole.points if known.points is None else known.points,
            sprints=known.sprints or whole.sprints,
            extras={**known.extras, **more},
        )
        if issue != known:
            self._issues[key] = issue
            note.kept += 1
            note.find(key, "an update of jira_cache.json lost its points or custom fields", "taken over from here")

    # -- the whole --------------------------------------------------------------------------------------

    def finished(self) -> list[Issue]:
        """All issues, with categories and membership settled now that every file was read."""
        self._name_by_history()
        self._settle_lost()
        note = self._note
        for key in self._rebuilt:
            inside = self._note is None or self.cut or key in self._members
            issue = self._issues[key]
            self._issues[key] = replace(issue, in_query=issue.in_query and inside)
            if note and not self._unsure.get(key):
                note.find(
                    key,
                    "not in jira_cache.json",
                    f"rebuilt from the changelog, {'in' if inside else 'outside'} the query",
                )
        for key in self._unsure:
            one_more = self._issues.get(key)
            if one_more and (category := self._categories.get(one_more.status)):
                self._issues[key] = replace(one_more, category=category)
        result = list(self._issues.values())
        if issues.outside_query(result, self._rules):
            result = [replace(issue, in_query=True) for issue in result]
        return result

    def _name_by_history(self) -> None:
        """Give issues without a key the key of the one history with the same creation and type."""
        for index, raw in self._unnamed:
            note = self._note
            if note is None:
                return
            probe = issues.issue("", raw, self._rules)
            same = [key for key in self._rebuilt if _alike(self._issues[key], probe)]
            if probe.created and len(same) == 1:
                key = same[0]
                self._rebuilt.discard(key)
                note.find(f"issues[{index}]", "has no usable key", f"taken as {key}, by its creation date")
                other = self._issues.pop(key)
                self._add(key, raw, f"issues[{index}]", note)
                self._issues[key] = issues.filled(self._issues[key], other)
            else:
                note.skip(f"issues[{index}]", "has no usable key" if raw else "not an issue")

    def _settle_lost(self) -> None:
        """Count the records of which only a key was left."""
        note = self._note
        for key, where in self._unsure.items():
            if note is not None and key in self._rebuilt:
                note.kept += 1
                note.find(where, "the record is unusable", f"{key} rebuilt from the changelog")
            elif note is not None and key not in self._issues:
                note.skip(where, f"the record of {key} is unusable")


def _listed(items: Iterator[jsonfile.Item], note: FileNote) -> Iterator[jsonfile.Item]:
    """The items; issues that stand in an object by key, and not in a list, as elements of a list."""
    for item in items:
        if item.group or item.name != "issues" or not isinstance(item.value, dict):
            yield item
            continue
        note.find("issues", "an object instead of a list", "its issues were read by their keys")
        for index, (key, raw) in enumerate(item.value.items()):
            named = {"key": key, **raw} if isinstance(raw, dict) else raw
            yield jsonfile.Item("issues", str(index), named)


def _alike(issue: Issue, probe: Issue) -> bool:
    return issue.created == probe.created and issue.type == probe.type and issue.resolved == probe.resolved


# What the list shape of the changelog has before its list.
_HEADER = frozenset({"cache_version", "timestamp", "jql_query", "fields_requested", "issues", "total_issues",
                     "last_updated", "jql_hash", "changed_keys"})  # fmt: skip


def _looks_like_entry(value: Any) -> bool:
    return isinstance(value, dict) and ("changelog" in value or "fields" in value)
