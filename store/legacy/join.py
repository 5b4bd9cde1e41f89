"""A folder's records into a query that has some already: what is missing comes in, the newer state of a thing stays.

Nothing that is here is lost: histories become the union of both, rows go by their day, records by their name.
What was not taken, because something else or something newer is here, is counted and listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from store.backend import PersistenceBackend
from store.legacy.findings import FileNote
from store.legacy.read import snapshots
from store.legacy.read.queries import ReadQuery
from store.legacy.tree.merge import numbered
from store.records import Category, Change, Correction, Counts, Issue, ProjectData, QueryRef, Snapshot, Sprint, Week

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_HERE = "left as it is"
NoteOf = Callable[[str], FileNote]
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Joined:
    """`to_save` is the query to be saved, `expected` what it then holds, `left` the records that are not in it."""

    to_save: ReadQuery
    expected: Counts
    left: int


def join(
    backend: PersistenceBackend, ref: QueryRef, read_query: ReadQuery, known_until: datetime | None, note_of: NoteOf
) -> Joined:
    """`known_until` says when the issues that are here were fetched, where that is known.

    `note_of` gives the note of the file that the records of a kind come from.
    """
    later = read_query.fetched is not None and known_until is not None and read_query.fetched > known_until
    joining = _Joining(backend, ref, read_query, note_of, later)
    histories, changed = joining.histories_and_issues()
    weeks = joining.weeks()
    new_snapshots = joining.snapshots()
    forecasts = _missing(
        read_query.forecasts,
        backend.list_forecasts(ref),
        lambda forecast: (forecast.as_of, forecast.unit, forecast.method),
    )
    query = replace(
        read_query,
        issues=changed,
        changes={issue.key: histories[issue.key] for issue in changed},
        sprints=_sprints(read_query.sprints, backend.list_sprints(ref)),
        weeks=weeks,
        corrections=_corrections(read_query.corrections, backend.list_corrections(ref)),
        project_data=joining.project_data(),
        snapshots=new_snapshots,
        forecasts=forecasts,
    )
    before = backend.counts(ref)
    fresh = [snapshot for snapshot in new_snapshots if (snapshot.week, snapshot.metric) not in joining.known_snapshots]
    expected = replace(
        before,
        issues=before.issues + sum(issue.key not in joining.known_issues for issue in changed),
        issue_changes=sum(len(history) for history in histories.values()),
        statistics=len(weeks) or before.statistics,
        snapshot_records=before.snapshot_records + snapshots.counted(fresh)[1],
        forecasts=before.forecasts + len(forecasts),
    )
    return Joined(query, expected, joining.left)


class _Joining:
    """The two sides, and what was left out so far."""

    def __init__(
        self, backend: PersistenceBackend, ref: QueryRef, query: ReadQuery, note_of: NoteOf, fetched_later: bool
    ) -> None:
        self._read, self._note_of, self._fetched_later = query, note_of, fetched_later
        self.known_issues = {issue.key: issue for issue in backend.list_issues(ref)}
        self.known_snapshots = {(snapshot.week, snapshot.metric): snapshot for snapshot in backend.list_snapshots(ref)}
        self._histories: dict[str, list[Change]] = defaultdict(list)
        for change in backend.list_changes(ref):
            self._histories[change.issue_key].append(change)
        self._weeks = backend.list_weeks(ref)
        self._project_data = backend.get_project_data(ref)
        self.left = 0

    def histories_and_issues(self) -> tuple[dict[str, list[Change]], list[Issue]]:
        """All histories as they will be, and the issues that are new, newer, or have a longer history."""
        histories = dict(self._histories)
        changed, added = [], 0
        for theirs in self._read.issues:
            key = theirs.key
            mine, history = self.known_issues.get(key), self._histories.get(key, [])
            incoming = self._read.changes.get(key, [])
            joined = _union(history, incoming)
            added += len(joined) - len(history)
            histories[key] = joined
            issue = theirs if mine is None else self._issue(mine, history, theirs, incoming)
            if issue != mine or len(joined) > len(history):
                changed.append(issue)
        self._say("issues", len(self._read.issues), len(self._read.issues) - len(changed), "issues")
        total = sum(len(history) for history in self._read.changes.values())
        self._say("changes", total, total - added, "changes")
        return histories, changed

    def _issue(self, mine: Issue, history: list[Change], theirs: Issue, incoming: list[Change]) -> Issue:
        """The newer of the two; what it does not know comes from the other."""
        here, there = _as_of(mine, history), _as_of(theirs, incoming)
        # The old app did not always fetch a history again: the same last moment, and still another status.
        if there > here or (there == here and self._fetched_later):
            return _filled(theirs, mine)
        if there == here:
            issue = _filled(mine, theirs)
            return replace(issue, in_query=True) if theirs.in_query and mine.left_query is None else issue
        if theirs != mine:
            self._leave("issues", theirs.key, "a newer state of this issue is here")
        return mine

    def weeks(self) -> list[Week]:
        """All rows as they will be; none where nothing changes."""
        mine, theirs = numbered(self._weeks), numbered(self._read.weeks)
        if not mine or not theirs:
            return self._read.weeks
        rows = dict(mine)
        covered = {row.day.isocalendar()[:2]: row.source for row in self._weeks if row.day}
        same = 0
        for place, row in theirs.items():
            known = mine.get(place)
            if known == row:
                same += 1
            elif known is None and row.day and covered.get(row.day.isocalendar()[:2], row.source) != row.source:
                self._leave("weekly numbers", place[0], "another source has numbers of this week here")
            elif known is None or (known.source == row.source and self._is_newer()):
                rows[place] = row
            else:
                self._leave("weekly numbers", place[0], "other numbers of this day are here")
        self._say("weekly numbers", len(theirs), same, "weekly rows")
        return [] if rows == mine else [rows[place] for place in sorted(rows, key=lambda at: (not at[0], at))]

    def _is_newer(self) -> bool:
        theirs = self._read.project_data
        return theirs is not None and (self._project_data is None or theirs.updated_at > self._project_data.updated_at)

    def project_data(self) -> ProjectData | None:
        theirs = self._read.project_data
        if theirs is None or self._project_data is None or self._is_newer():
            return theirs
        if theirs.data != self._project_data.data:
            self._leave("weekly numbers", "project_scope", "a newer scope is here", records=0)
        return None

    def snapshots(self) -> list[Snapshot]:
        """Those that are missing, or were calculated later than the ones here."""
        kept = []
        for theirs in self._read.snapshots:
            mine = self.known_snapshots.get((theirs.week, theirs.metric))
            if mine is None or theirs.created_at > mine.created_at:
                kept.append(theirs)
            elif mine != theirs:
                self._leave("snapshots", f"{theirs.week}.{theirs.metric}", "one that was calculated later is here")
        total = len(self._read.snapshots)
        same = sum(
            self.known_snapshots.get((snapshot.week, snapshot.metric)) == snapshot for snapshot in self._read.snapshots
        )
        self._say("snapshots", total, same, "metric records")
        return kept

    def _leave(self, kind: str, where: str, why: str, records: int = 1) -> None:
        note = self._note_of(kind)
        self.left += 1
        moved = min(records, note.kept)
        note.kept, note.skipped = note.kept - moved, note.skipped + moved
        note.find(where, why, _HERE)

    def _say(self, kind: str, total: int, same: int, what: str) -> None:
        if total and same:
            self._note_of(kind).find("", f"{same} of {total} {what} were here already", "not added a second time")


def _missing(theirs: Iterable[Record], mine: Iterable[Record], name: Callable[[Record], object]) -> list[Record]:
    known = {name(record) for record in mine}
    return [record for record in theirs if name(record) not in known]


def _corrections(theirs: Sequence[Correction], mine: Sequence[Correction]) -> list[Correction]:
    missing = _missing(theirs, mine, lambda correction: correction.day)
    return [*mine, *missing] if missing else []


def _sprints(theirs: Mapping[str, Sprint], mine: Iterable[Sprint]) -> dict[str, Sprint]:
    """Those that are missing, and those that were closed since."""
    known = {sprint.name: sprint for sprint in mine}
    return {
        name: their_sprint
        for name, their_sprint in theirs.items()
        if name not in known or (their_sprint.completed is not None and known[name].completed is None)
    }


def _union(mine: list[Change], theirs: Sequence[Change]) -> list[Change]:
    """Both histories in order of time, each change once, whether its author is known or not."""
    there = {_what(other) for other in mine}
    missing = [other for other in theirs if _what(other) not in there]
    return sorted([*mine, *missing], key=lambda change: change.at) if missing else mine


def _what(change: Change) -> tuple[object, ...]:
    return change.at, change.field, change.from_value, change.to_value


def _as_of(issue: Issue, history: Sequence[Change]) -> datetime:
    """The last moment that is known to have left a trace in it."""
    moments = (issue.created, issue.updated, issue.resolved, history[-1].at if history else None)
    return max((at for at in moments if at is not None), default=_LONG_AGO)


def _filled(issue: Issue, other: Issue) -> Issue:
    """`one` with what it does not know from `other`."""
    kept: dict[str, Any] = {
        name: value
        for name in (each.name for each in fields(Issue))
        if getattr(issue, name) in (None, "", ()) and (value := getattr(other, name)) not in (None, "", ())
    }
    if "status" in kept:
        kept["category"] = other.category
    # Open again: the other's end is out of date.
    if kept.get("category", issue.category) is not Category.DONE:
        kept.pop("resolved", None)
    if issue.in_query:
        kept.pop("left_query", None)
    extras = {**other.extras, **issue.extras}
    return replace(issue, **kept, extras=extras) if kept or extras != issue.extras else issue
