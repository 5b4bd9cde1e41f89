"""The facts of a query: issues, their changes, sprints, weeks, project data, and the profile's milestones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import chain, islice, repeat
from math import isfinite
from operator import attrgetter
from typing import Any, TypeVar

from store.backend import Facts
from store.records import (
    Category,
    Change,
    Correction,
    Issue,
    IssueKey,
    Milestone,
    ProjectData,
    QueryFacts,
    QueryRef,
    Sprint,
    Week,
    thawed,
)
from store.sql.profiles import (
    Row,
    profile_question,
    query_no,
    query_question,
    raise_profile_revisions,
    raise_revision,
    require_both,
    require_profile,
)
from store.sql.recorded import FORECASTS, forecast_of
from store.sql.session import Question, Session, Stored
from store.sql.text import (
    decoding,
    extras,
    extras_text,
    extras_texts,
    instant,
    instant_text,
    instant_texts,
    names,
    names_text,
    object_text,
    optional_day,
    optional_day_text,
    optional_instant,
    optional_instant_text,
)
from store.storable import refuse_nul, refuse_nul_in_columns

Record = TypeVar("Record")
_Share = Callable[[Any, Any], Any]
_SAME_IN_BOTH = (
    "key", "summary", "type", "status", "source_id", "project", "priority", "resolution", "parent", "assignee", "url",
)  # fmt: skip
_ISSUE_COLUMNS = (
    *_SAME_IN_BOTH, "points", "category", "created", "updated", "started", "resolved", "labels", "components",
    "fix_versions", "sprints", "in_query", "left_query", "extras",
)  # fmt: skip
ISSUE_COLUMNS = ", ".join(_ISSUE_COLUMNS)
# Where in a row, which begins with the number of the query, texts are that somebody wrote.
_TEXTS = range(1, len(_SAME_IN_BOTH) + 1)
_CATEGORIES = {category.value: category for category in Category}
# The keys go in groups; every engine takes so many values in one statement.
_GROUP = 500


@cache
def _upsert(rows: int) -> str:
    """The statement for so many issues, whose values follow one another.

    What a CHECK and a foreign key need SQLite prepares anew for each statement: rows in groups take two thirds of the
    time.
    """
    row = f"(?{', ?' * len(_ISSUE_COLUMNS)})"
    return (
        f"INSERT INTO issues (query_no, {ISSUE_COLUMNS}) VALUES {', '.join([row] * rows)} "
        "ON CONFLICT (query_no, key) DO UPDATE SET "
        + ", ".join(f"{column} = excluded.{column}" for column in _ISSUE_COLUMNS[1:])
    )


_same_in_both = attrgetter(*_SAME_IN_BOTH)
# As `value` gives it, which is a call into Python for each.
_category = attrgetter("category._value_")


def _issue_values(number: int, absent: float | None, issues: Sequence[Issue]) -> Row:
    """Of the rows of some issues, which follow one another. `absent`: see `Dialect`. What all rows need is made of all
    of them at once: by themselves they take a quarter longer."""
    dates = [at for issue in issues for at in (issue.created, issue.updated, issue.started, issue.resolved)]
    texts = iter([text or absent for text in instant_texts(dates)])
    own = extras_texts([issue.extras for issue in issues])
    rows = [
        (
            number,
            *_same_in_both(issue),
            absent if issue.points is None else issue.points,
            category,
            *instants,
            names_text(issue.labels) if issue.labels else absent,
            names_text(issue.components) if issue.components else absent,
            names_text(issue.fix_versions) if issue.fix_versions else absent,
            names_text(issue.sprints) if issue.sprints else absent,
            1 if issue.in_query else 0,
            instant_text(issue.left_query) if issue.left_query else absent,
            extra or absent,
        )
        for issue, category, extra, instants in zip(
            issues, map(_category, issues), own, zip(texts, texts, texts, texts, strict=True), strict=True
        )
    ]
    return tuple(chain.from_iterable(rows))


def shared_texts() -> _Share:
    """Gives each text once, however many rows say it: of 150,000 changes and what files say of 20,000 issues that is
    most of the memory. Asked with the text twice: so it is one call into C, be the text new or not."""
    return dict[Any, Any]().setdefault


def _shared(values: Mapping[str, Any], share: _Share) -> dict[str, Any]:
    return {share(name, name): share(value, value) if type(value) is str else value for name, value in values.items()}


_Extras = Callable[[str], dict[str, Any]]


def _read_once(share: _Share) -> _Extras:
    """Reads extras, of rows that say the same once: tens of thousands of issues say one of a few things. Each gets an
    object of its own; what lies within it is theirs together, and nobody changes it."""
    known: dict[str, dict[str, Any]] = {}

    def read(text: str) -> dict[str, Any]:
        before = known.get(text)
        if before is not None:
            return before.copy()
        known[text] = new = _shared(extras(text), share)
        return new

    return read


_ThawedIssue = thawed(Issue)


def issue_of(row: Row, share: _Share, extras_of: _Extras) -> Issue:
    """`share`: gives the texts of the rows before once more; `extras_of` what they say beside the columns."""
    new = _ThawedIssue()
    (
        key, new.summary, kind, status, new.source_id, project, priority, resolution,
        parent, assignee, new.url, points, category, created, updated, started, resolved, labels,
        components, fix_versions, sprints, in_query, left_query, more,
    ) = row  # fmt: skip
    if points is not None and not isfinite(points):
        raise ValueError("points without end")
    new.key, new.type, new.status, new.project = (
        share(key, key),
        share(kind, kind),
        share(status, status),
        project and share(project, project),
    )
    new.priority, new.resolution = priority and share(priority, priority), resolution and share(resolution, resolution)
    new.parent, new.assignee = parent and share(parent, parent), assignee and share(assignee, assignee)
    new.points = points
    new.category = _CATEGORIES[category]
    new.created = instant(created) if created else None
    new.updated = instant(updated) if updated else None
    new.started = instant(started) if started else None
    new.resolved = instant(resolved) if resolved else None
    new.labels = names(labels) if labels else ()
    new.components = names(components) if components else ()
    new.fix_versions = names(fix_versions) if fix_versions else ()
    new.sprints = names(sprints) if sprints else ()
    new.in_query = in_query == 1
    new.left_query = instant(left_query) if left_query else None
    new.extras = extras_of(more) if more else {}
    new.__class__ = Issue
    issue: Issue = new
    return issue


def issue_of_row(row: Row) -> Issue:
    """Of a row that is read by itself."""
    share = shared_texts()
    return issue_of(row, share, _read_once(share))


class SQLFacts(Stored, Facts):
    """See Facts. Every write raises the revision in its own transaction."""

    @contextmanager
    def _changing(self, ref: QueryRef) -> Iterator[tuple[Session, int]]:
        with self._sessions.writing() as session:
            yield session, query_no(session, ref)
            raise_revision(session, ref)

    def revision(self, ref: QueryRef) -> int:
        row = self._sessions.first_row("SELECT revision FROM queries WHERE profile_id = ? AND id = ?", ref)
        return 0 if row is None else row[0]

    def load_facts(self, ref: QueryRef) -> QueryFacts:
        with self._sessions.reading() as session:
            profiles, queries, issues, changes, sprints, weeks, milestones, data, corrections, forecasts = (
                session.together(
                    profile_question(ref.profile_id),
                    query_question(ref),
                    _issues(ref),
                    _changes(ref),
                    (_SPRINTS, ref),
                    (_WEEKS, ref),
                    (_MILESTONES, (ref.profile_id,)),
                    (_PROJECT_DATA, ref),
                    (_CORRECTIONS, ref),
                    (FORECASTS, ref),
                )
            )
            profile, query = require_both(profiles, queries)
            share = shared_texts()
            return QueryFacts(
                profile=profile,
                query=query,
                issues=tuple(map(issue_of, issues, repeat(share), repeat(_read_once(share)))),
                changes=tuple(map(_change_of, changes, repeat(share))),
                sprints=tuple(map(_sprint_of, sprints)),
                weeks=tuple(map(_week_of, weeks)),
                milestones=tuple(map(milestone_of, milestones)),
                project_data=_first([_project_data_of(row) for row in data]),
                corrections=tuple(map(_correction_of, corrections)),
                forecasts=tuple(map(forecast_of, forecasts)),
            )

    # -- issues -------------------------------------------------------------------------------------

    def list_issues(self, ref: QueryRef, keys: Collection[str] | None = None) -> list[Issue]:
        with self._sessions.reading() as session:
            groups = [None] if keys is None else _groups(keys)
            share = shared_texts()
            extras_of = _read_once(share)
            rows = chain.from_iterable(session.execute(*_issues(ref, group)) for group in groups)
            return [issue_of(row, share, extras_of) for row in rows]

    def list_keys(self, ref: QueryRef) -> list[IssueKey]:
        with self._sessions.reading() as session:
            rows = session.execute(_KEYS, ref)
            return [IssueKey(key, source_id, in_query == 1) for key, source_id, in_query in rows]

    def upsert_issues(self, ref: QueryRef, issues: Iterable[Issue], changes: Iterable[Change] | None = None) -> None:
        saved = {issue.key: issue for issue in issues}
        with self._changing(ref) as (session, number):
            left, width = iter(saved.values()), len(_ISSUE_COLUMNS) + 1
            while group := list(islice(left, session.dialect.most_values // width)):
                values = _issue_values(number, session.dialect.absent, group)
                refuse_nul_in_columns(values[at::width] for at in _TEXTS)
                session.execute(_upsert(len(group)), values)
            if changes is not None:
                _replace_histories(session, number, saved.keys(), changes)

    def delete_issues(self, ref: QueryRef, keys: Iterable[str]) -> None:
        with self._changing(ref) as (session, number):
            session.executemany(
                "DELETE FROM issues WHERE query_no = ? AND key = ?", ((number, key) for key in set(keys))
            )

    def list_changes(self, ref: QueryRef, keys: Collection[str] | None = None) -> list[Change]:
        with self._sessions.reading() as session:
            groups = [None] if keys is None else _groups(sorted(set(keys)))
            share = shared_texts()
            return [_change_of(row, share) for group in groups for row in session.execute(*_changes(ref, group))]

    # -- sprints and weeks --------------------------------------------------------------------------

    def save_sprints(self, ref: QueryRef, sprints: Iterable[Sprint]) -> None:
        saved = list(sprints)
        refuse_nul(saved)
        with self._changing(ref) as (session, number):
            session.executemany(
                'INSERT INTO sprints (query_no, name, source_id, state, start, "end", completed, goal) '
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (query_no, name) DO UPDATE SET "
                "source_id = excluded.source_id, state = excluded.state, start = excluded.start, "
                '"end" = excluded."end", completed = excluded.completed, goal = excluded.goal',
                (_sprint_row(number, sprint) for sprint in saved),
            )

    def delete_sprints(self, ref: QueryRef, names: Iterable[str]) -> None:
        with self._changing(ref) as (session, number):
            session.executemany(
                "DELETE FROM sprints WHERE query_no = ? AND name = ?", ((number, name) for name in names)
            )

    def list_sprints(self, ref: QueryRef) -> list[Sprint]:
        return self._records(_sprint_of, _SPRINTS, ref)

    def replace_weeks(self, ref: QueryRef, weeks: Sequence[Week]) -> None:
        refuse_nul(weeks)
        with self._changing(ref) as (session, number):
            session.execute("DELETE FROM weeks WHERE query_no = ?", (number,))
            rows = (_week_row(number, position, week) for position, week in enumerate(weeks))
            session.insert("weeks", f"query_no, position, {_WEEK_COLUMNS}", rows)

    def list_weeks(self, ref: QueryRef) -> list[Week]:
        return self._records(_week_of, _WEEKS, ref)

    def replace_corrections(self, ref: QueryRef, corrections: Iterable[Correction]) -> None:
        by_day = {correction.day: correction for correction in corrections}
        with self._changing(ref) as (session, number):
            session.execute("DELETE FROM week_corrections WHERE query_no = ?", (number,))
            rows = (_correction_row(number, correction) for correction in by_day.values())
            session.insert("week_corrections", f"query_no, {_CORRECTION_COLUMNS}", rows)

    def list_corrections(self, ref: QueryRef) -> list[Correction]:
        return self._records(_correction_of, _CORRECTIONS, ref)

    # -- project data and milestones ----------------------------------------------------------------

    def get_project_data(self, ref: QueryRef) -> ProjectData | None:
        return _first(self._records(_project_data_of, _PROJECT_DATA, ref))

    def save_project_data(self, ref: QueryRef, data: ProjectData) -> None:
        with self._changing(ref) as (session, _):
            session.execute(
                "INSERT INTO project_data (profile_id, query_id, data, updated_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (profile_id, query_id) DO UPDATE SET data = excluded.data, "
                "updated_at = excluded.updated_at",
                (*ref, object_text(data.data), instant_text(data.updated_at)),
            )

    def list_milestones(self, profile_id: str) -> list[Milestone]:
        return self._records(milestone_of, _MILESTONES, (profile_id,))

    def replace_milestones(self, profile_id: str, milestones: Iterable[Milestone]) -> None:
        new = list(milestones)
        refuse_nul(new)
        with self._sessions.writing() as session:
            require_profile(session, profile_id)
            session.execute("DELETE FROM milestones WHERE profile_id = ?", (profile_id,))
            rows = ((profile_id, position, *_milestone_row(each)) for position, each in enumerate(new))
            session.insert("milestones", f"profile_id, position, {MILESTONE_COLUMNS}", rows)
            raise_profile_revisions(session, profile_id)

    def _records(self, made_of: Callable[[Row], Record], statement: str, values: Sequence[object]) -> list[Record]:
        rows = self._sessions.rows(statement, values)
        with decoding():
            return [made_of(row) for row in rows]


# -- questions ------------------------------------------------------------------------------------------

_NO = "(SELECT no FROM queries WHERE profile_id = ? AND id = ?)"
_ISSUES = f"SELECT {ISSUE_COLUMNS} FROM issues WHERE query_no = {_NO}"
_KEYS = f"SELECT key, source_id, in_query FROM issues WHERE query_no = {_NO} ORDER BY no"
_CHANGES = (
    "SELECT issues.key, at, field, from_value, to_value, author "
    f"FROM issues JOIN issue_changes ON issue_changes.issue_no = issues.no WHERE query_no = {_NO}"
)
_SPRINT_COLUMNS = 'name, source_id, state, start, "end", completed, goal'
_SPRINTS = f"SELECT {_SPRINT_COLUMNS} FROM sprints WHERE query_no = {_NO} ORDER BY start IS NULL, start, name"
_WEEK_COLUMNS = "day, completed_items, completed_points, created_items, created_points, source, extras"
_WEEKS = f"SELECT {_WEEK_COLUMNS} FROM weeks WHERE query_no = {_NO} ORDER BY position"
_CORRECTION_COLUMNS = "day, completed_items, completed_points, created_items, created_points"
_CORRECTIONS = f"SELECT {_CORRECTION_COLUMNS} FROM week_corrections WHERE query_no = {_NO} ORDER BY day"
_PROJECT_DATA = "SELECT data, updated_at FROM project_data WHERE profile_id = ? AND query_id = ?"
MILESTONE_COLUMNS = "name, day, work, rank, teams, closed, notes"
_MILESTONES = f"SELECT {MILESTONE_COLUMNS} FROM milestones WHERE profile_id = ? ORDER BY day, name, position"


def _issues(ref: QueryRef, keys: Sequence[str] | None = None) -> Question:
    if keys is None:
        return f"{_ISSUES} ORDER BY no", ref
    return f"{_ISSUES} AND {_key_among(keys)}", (*ref, *keys)


def _changes(ref: QueryRef, keys: Sequence[str] | None = None) -> Question:
    among = "" if keys is None else f" AND {_key_among(keys)}"
    return f"{_CHANGES}{among} ORDER BY issues.key, position", (*ref, *(keys or ()))


# -- histories ------------------------------------------------------------------------------------------


def _replace_histories(session: Session, number: int, keys: Collection[str], changes: Iterable[Change]) -> None:
    """Positions follow time, and the order given where instants are equal, so that reading needs no sorting by time."""
    ordered = sorted(changes, key=attrgetter("at"))
    refuse_nul(ordered)
    with_history = {change.issue_key for change in ordered}
    if stray := with_history.difference(keys):
        raise ValueError(f"changes of {sorted(stray)[:3]}, which are not among the issues saved")
    for group in _groups(keys):
        session.execute(f"DELETE FROM issue_changes WHERE issue_no IN ({_nos_of(group)})", (number, *group))
    issue_nos: dict[str, int] = {}
    for group in _groups(with_history):
        issue_nos.update(session.execute(_nos_of(group, "key, no"), (number, *group)))
    columns = "issue_no, position, at, field, from_value, to_value, author"
    session.insert("issue_changes", columns, _change_rows(issue_nos, session.dialect.absent, ordered))


def _groups(keys: Collection[str]) -> Iterator[list[str]]:
    remaining = iter(keys)
    while group := list(islice(remaining, _GROUP)):
        yield group


def _key_among(group: Sequence[str]) -> str:
    return f"key IN ({', '.join('?' * len(group))})"


def _nos_of(group: Sequence[str], columns: str = "no") -> str:
    return f"SELECT {columns} FROM issues WHERE query_no = ? AND {_key_among(group)}"


def _change_rows(issue_nos: Mapping[str, int], absent: float | None, ordered: Iterable[Change]) -> Iterator[Row]:
    positions = dict.fromkeys(issue_nos, 0)
    for change in ordered:
        position = positions[change.issue_key]
        positions[change.issue_key] = position + 1
        yield (
            issue_nos[change.issue_key],
            position,
            instant_text(change.at),
            change.field,
            absent if change.from_value is None else change.from_value,
            absent if change.to_value is None else change.to_value,
            change.author or absent,
        )


# -- rows -----------------------------------------------------------------------------------------------


_ThawedChange = thawed(Change)


def _change_of(row: Row, share: _Share) -> Change:
    new = _ThawedChange()
    key, at, name, before, after, author = row
    new.issue_key, new.at, new.field = share(key, key), instant(at), share(name, name)
    new.from_value, new.to_value = share(before, before), share(after, after)
    new.author = share(author, author) if author else ""
    new.__class__ = Change
    change: Change = new
    return change


def _sprint_of(row: Row) -> Sprint:
    name, source_id, state, start, end, completed, goal = row
    days = optional_instant(start), optional_instant(end), optional_instant(completed)
    return Sprint(name, source_id, state, *days, goal)


def _week_of(row: Row) -> Week:
    day, done, done_points, new, new_points, source, more = row
    return Week(optional_day(day), done, done_points, new, new_points, source, extras(more))


def _correction_of(row: Row) -> Correction:
    day, *numbers = row
    return Correction(date.fromisoformat(day), *numbers)


def _correction_row(number: int, correction: Correction) -> Row:
    return (
        number,
        correction.day.isoformat(),
        correction.completed_items,
        correction.completed_points,
        correction.created_items,
        correction.created_points,
    )


def _first(records: Sequence[ProjectData]) -> ProjectData | None:
    return records[0] if records else None


def _project_data_of(row: Row) -> ProjectData:
    return ProjectData(extras(row[0]), instant(row[1]))


def _milestone_row(milestone: Milestone) -> Row:
    return (
        milestone.name,
        milestone.day.isoformat(),
        names_text(milestone.work),
        milestone.rank,
        milestone.teams,
        optional_day_text(milestone.closed),
        names_text(milestone.notes),
    )


def milestone_of(row: Row) -> Milestone:
    name, day, work, rank, teams, closed, notes = row
    return Milestone(
        name,
        date.fromisoformat(day),
        names(work) if work else (),
        rank,
        teams,
        optional_day(closed),
        names(notes) if notes else (),
    )


def _sprint_row(number: int, sprint: Sprint) -> Row:
    return (
        number,
        sprint.name,
        sprint.source_id,
        sprint.state,
        optional_instant_text(sprint.start),
        optional_instant_text(sprint.end),
        optional_instant_text(sprint.completed),
        sprint.goal,
    )


def _week_row(number: int, position: int, week: Week) -> Row:
    return (
        number,
        position,
        optional_day_text(week.day),
        week.completed_items,
        week.completed_points,
        week.created_items,
        week.created_points,
        week.source,
        extras_text(week.extras),
    )
