"""From stored issues and their change histories to items: events in local days, as known at an instant.

With a status history the history decides. Without one, what the issue says now is spread back over its dates:

* created brings it into scope, resolved finishes it; without a status (plain files) the dates alone count, unless the
  file says by another sign (yes, 100 %, a category) that it is done;
* what is done without a resolution date counts as done when the issue was last updated, else when created;
* a status that is not done beside a resolution date was reopened when the issue was last updated; without such
  a date the resolution is stale and counts for nothing;
* finished before created: it enters the scope on the day it was finished, so that done never exceeds scope;
* where nothing dates an issue, it was there from the oldest date on that any issue has, else from the import on.

Work that was given up (see `statuses.given_up`) is not finished: it leaves the scope at the moment in which it would
otherwise be done. A history whose beginning is missing (`HISTORY_CUT`) tells no start; one that is whole and names no
status (`HISTORY_WHOLE`) tells that it was in the present one all the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from app.domain.calendar import Calendar
from app.domain.extras import HISTORY_CUT, HISTORY_WHOLE
from app.domain.items import DONE, IN_PROGRESS, TODO, Item, Stay
from app.domain.placing import Placement, placements
from app.domain.statuses import given_up, guessed
from store.records import Category, Change, Issue, thawed

_ThawedItem = thawed(Item)
_new_tuple = tuple.__new__
_Sizes = tuple[tuple[date, float | None], ...]

POINTS_FIELDS = frozenset({"points", "story points", "story point estimate"})


@dataclass(frozen=True, slots=True)
class HistoryRules:
    """How to read histories. Names are compared in lower case; `points_fields` are names of changed fields.

    Named statuses win; every other status has the category that the tracker gave it. `imported`: when the issues
    came, for issues of which nothing tells when they began. `given_up_is_done`: work that was given up counts as
    finished. `before`: what a tracker of before counted statuses as, in lower case.
    """

    done_statuses: frozenset[str] = frozenset()
    in_progress_statuses: frozenset[str] = frozenset()
    todo_statuses: frozenset[str] = frozenset()
    excluded_projects: frozenset[str] = frozenset()
    points_fields: frozenset[str] = POINTS_FIELDS
    imported: datetime | None = None
    given_up_is_done: bool = False
    before: Mapping[str, Category] = field(default_factory=dict)


def build_items(
    issues: Sequence[Issue],
    changes: Sequence[Change],
    rules: HistoryRules,
    calendar: Calendar,
    known_until: datetime,
    is_now: bool = True,
) -> tuple[Item, ...]:
    """The items that are or were in scope, in the order of `issues`, as known just before `known_until`.

    `is_now`: what an issue says at present (its status) holds at `known_until`. For a past day it holds only if
    the issue was not updated since; what cannot be known then counts as not started.
    """
    histories = _by_issue(changes)
    beginning = _beginning(issues, histories, rules)
    builder = _Builder(issues, changes, rules, calendar, known_until, is_now, beginning)
    built = [builder.item(issue, histories.get(issue.key, ())) for issue in issues]
    return tuple([item for item in built if item is not None])


def earlier_items(
    items: Sequence[Item],
    later: datetime,
    issues: Sequence[Issue],
    changes: Sequence[Change],
    rules: HistoryRules,
    calendar: Calendar,
    known_until: datetime,
    is_now: bool = True,
) -> tuple[Item, ...]:
    """`build_items` at an earlier instant, from the `items` known at the `later` one; `is_now` is that of both.

    What is known when only decides whether an instant of the issue or of its history lies before it. So an issue
    without an instant in between is the same item at both, and only the others are built anew.
    """
    moved = _dated_between(issues, changes, known_until, later)
    histories = _by_issue(change for change in changes if change.issue_key in moved)
    beginning = _beginning(issues, histories if _all_created(issues) else _by_issue(changes), rules)
    if known_until <= beginning < later:
        return build_items(issues, changes, rules, calendar, known_until, is_now)
    builder = _Builder(issues, changes, rules, calendar, known_until, is_now, beginning)
    same = {item.issue.key: item for item in items}
    built = (
        builder.item(issue, histories.get(issue.key, ())) if issue.key in moved else same.get(issue.key)
        for issue in issues
    )
    return tuple(item for item in built if item is not None)


def _dated_between(issues: Iterable[Issue], changes: Iterable[Change], first: datetime, end: datetime) -> set[str]:
    """Keys of the issues that have any instant in [first, end), their own or one of their history."""
    dated = {
        issue.key
        for issue in issues
        for at in (issue.created, issue.started, issue.resolved, issue.updated, issue.left_query)
        if at is not None and first <= at < end
    }
    return dated | {change.issue_key for change in changes if first <= change.at < end}


def placed_statuses(issues: Sequence[Issue], changes: Sequence[Change], rules: HistoryRules) -> Mapping[str, Placement]:
    """Statuses that neither rules, tracker nor name tell, by their names in lower case; see `placing`."""
    return _Meanings(issues, changes, rules).placed


def status_categories(issues: Sequence[Issue], changes: Sequence[Change], rules: HistoryRules) -> dict[str, Category]:
    """What every status counts as that the issues have or had, by name, as items are built by these rules."""
    meanings = _Meanings(issues, changes, rules)
    now = (issue.status for issue in issues)
    past = (name for change in changes if change.field == "status" for name in (change.from_value, change.to_value))
    spelled = {name.casefold(): name for name in (*past, *now) if name}
    return {name: meanings.look_up(name.casefold()) for name in spelled.values()}


def _all_created(issues: Iterable[Issue]) -> bool:
    return all(issue.created is not None for issue in issues)


def _beginning(issues: Sequence[Issue], histories: Mapping[str, Sequence[Change]], rules: HistoryRules) -> datetime:
    """The oldest instant that anything has; where nothing is dated at all, that of the import.

    Asked for where some issue says nothing about when it came: it was there from the beginning.
    """
    if _all_created(issues):
        return _EARLY
    dated = (
        at
        for issue in issues
        for at in (issue.created, issue.started, issue.resolved, issue.updated, issue.left_query)
        if at is not None
    )
    changed = (history[0].at for history in histories.values())
    return min((*dated, *changed), default=rules.imported or _EARLY)


def _by_issue(changes: Iterable[Change]) -> dict[str, list[Change]]:
    histories: dict[str, list[Change]] = {}
    # Those of one issue nearly always stand together.
    for key, together in groupby(changes, attrgetter("issue_key")):
        histories.setdefault(key, []).extend(together)
    by_instant = attrgetter("at")
    for history in histories.values():
        history.sort(key=by_instant)
    return histories


class _Course(NamedTuple):
    """What became of one issue: instants at which it was done and not done any more, and its last known status."""

    finished: tuple[datetime, ...] = ()
    reopened: tuple[datetime, ...] = ()
    started: datetime | None = None
    status: str = ""
    category: Category = TODO
    stays: tuple[Stay, ...] = ()


def project_of(issue: Issue) -> str:
    """The issue's project in lower case, from its key where nothing else says."""
    return (issue.project or issue.key.rpartition("-")[0]).casefold()


class _Categories(dict[str, Category]):
    """What each status counts as, looked up once: a lookup for each of 150,000 changes, and no call."""

    def __init__(self, look_up: Callable[[str], Category]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, status: str) -> Category:
        category = self[status] = self._look_up(status.casefold())
        return category


class _Meanings:
    """What the names of statuses mean. It knows nothing of who asks: a circle would keep all issues in memory."""

    def __init__(self, issues: Sequence[Issue], changes: Sequence[Change], rules: HistoryRules) -> None:
        self.rules = rules
        self.recorded = issues, changes
        spelled = {issue.status: issue.category for issue in issues}
        now = {status.casefold(): category for status, category in spelled.items() if status}
        self.seen = {**rules.before, **now}

    def look_up(self, name: str) -> Category:
        return self.named_or_guessed(name) or self._placed(name)

    def named_or_guessed(self, name: str) -> Category | None:
        # A name that occurs only in a history: no issue is in that status now, so no tracker named its category.
        return self.named(name) or self.seen.get(name) or guessed(name)

    def _placed(self, name: str) -> Category:
        placement = self.placed.get(name)
        return placement.category if placement is not None else TODO

    @cached_property
    def placed(self) -> Mapping[str, Placement]:
        """From all that is recorded, whatever the day: what a status means is said once for all days."""
        return placements(*self.recorded, self.named_or_guessed)

    def named(self, name: str) -> Category | None:
        rules = self.rules
        if name in rules.done_statuses:
            return DONE
        if name in rules.in_progress_statuses:
            return IN_PROGRESS
        return TODO if name in rules.todo_statuses else None


class _Builder:
    """Turns one issue after the other into an item; holds what is the same for all of them."""

    def __init__(
        self,
        issues: Sequence[Issue],
        changes: Sequence[Change],
        rules: HistoryRules,
        calendar: Calendar,
        known_until: datetime,
        is_now: bool,
        beginning: datetime,
    ) -> None:
        self.rules = rules
        self.day_of = calendar.day_of
        self.known_until = known_until
        self.is_now = is_now
        meanings = _Meanings(issues, changes, rules)
        self.categories, self.named = _Categories(meanings.look_up), meanings.named
        self.excluded_projects = rules.excluded_projects
        self.beginning = beginning
        # Thousands of items came on the same days in the same sizes: each its own would be a seventh of their memory.
        self._days_alone: Callable[[date], tuple[date]] = lru_cache(maxsize=4_096)(_alone)
        self._first_sizes: Callable[[date, float | None], _Sizes] = lru_cache(maxsize=4_096, typed=True)(_sized_once)

    def item(self, issue: Issue, history: Sequence[Change]) -> Item | None:
        """None for an issue that never counts or is not known yet."""
        if (self.excluded_projects or not issue.in_query) and not self._counts(issue):
            return None
        entry = self._entry(issue, history)
        status_changes = [change for change in history if change.field == "status"] if history else []
        if status_changes or (issue.extras and self._never_moved(issue)):
            course = self._course(issue, status_changes, entry)
        else:
            course = self._course_without_history(issue, entry)
        finished, reopened, started, status, category, stays = course
        if finished and finished[0] < entry:
            entry = finished[0]
        if entry >= self.known_until:
            return None
        is_done = len(finished) > len(reopened)
        gone = self._given_up_at(issue, course) if is_done else None
        if gone is not None:
            # It ended, but was not done: what would be the finish is its way out of the scope.
            finished = finished[:-1]
        ends: Sequence[datetime] = ()
        if gone is not None or issue.left_query is not None:
            ends = [at for at in (issue.left_query, gone) if at is not None and at < self.known_until]
        day_of = self.day_of
        first = day_of(entry)
        new = _ThawedItem()
        new.issue = issue
        new.entered = self._days_alone(first)
        new.left = (day_of(max(min(ends), entry)),) if ends else ()
        new.finished = tuple(map(day_of, finished)) if finished else ()
        new.reopened = tuple(map(day_of, reopened)) if reopened else ()
        # Where all of its changes are of the status, none is of the size.
        new.sizes = (
            self._sizes(issue, history, first)
            if len(history) > len(status_changes)
            else self._first_sizes(first, issue.points)
        )
        new.started, new.done_at = started, finished[-1] if is_done and gone is None else None
        new.status, new.category, new.stays = status, category, stays
        new.changed = self._changed(history) if history else None
        new.__class__ = Item
        item: Item = new
        return item

    def _given_up_at(self, issue: Issue, course: _Course) -> datetime | None:
        """When finished work was given up; None for work that was done, or counts as done by the rules."""
        if self.rules.given_up_is_done:
            return None
        # What it says of a later end was not known then.
        is_past = issue.resolved is not None and issue.resolved >= self.known_until
        reason = "" if is_past else issue.resolution
        return course.finished[-1] if given_up(course.status or issue.status, reason) else None

    def _counts(self, issue: Issue) -> bool:
        if not issue.in_query and issue.left_query is None:
            return False
        return not self.excluded_projects or project_of(issue) not in self.excluded_projects

    def _entry(self, issue: Issue, history: Sequence[Change]) -> datetime:
        """When the issue came into being, as far as anything tells."""
        if not history:
            return issue.created or issue.started or issue.resolved or self.beginning
        first, created = history[0].at, issue.created
        return first if created is None or first < created else created

    def _changed(self, history: Sequence[Change]) -> datetime | None:
        last = history[-1].at
        if last < self.known_until:
            return last
        return max((change.at for change in history if change.at < self.known_until), default=None)

    # -- status -------------------------------------------------------------------------------------

    def category(self, status: str) -> Category:
        return self.categories[status]

    def _present(self, issue: Issue) -> Category:
        """Category of the status that the issue has now."""
        return self.named(issue.status.casefold()) or issue.category

    def _never_moved(self, issue: Issue) -> bool:
        """Of done work only where it was so when it came: a later finish that no history tells has lost its way."""
        if HISTORY_WHOLE not in issue.extras:
            return False
        return self._present(issue) is not DONE or issue.resolved in (None, issue.created)

    def _course_without_history(self, issue: Issue, entry: datetime) -> _Course:
        """The course of an issue without a status history."""
        finish, reopen = self._told_finish(issue, entry)
        known = self.known_until
        started = issue.started if issue.started is not None and issue.started < known else None
        if finish is not None and finish < known:
            if reopen is None or reopen >= known:
                return _Course((finish,), (), started, issue.status, DONE)
            return _Course((finish,), (reopen,), started, issue.status, self._present(issue))
        category = self._told_category(issue)
        if category is None:
            return _Course(started=started, category=IN_PROGRESS if started else TODO)
        if started is not None and category is TODO and not issue.status:
            category = IN_PROGRESS
        return _Course(started=started, status=issue.status, category=category)

    def _told_finish(self, issue: Issue, entry: datetime) -> tuple[datetime | None, datetime | None]:
        """When it was finished and reopened, by the rules in the module's docstring."""
        is_done = self._present(issue) is DONE
        if not issue.status and not is_done:
            return issue.resolved, None
        if is_done:
            return issue.resolved or issue.updated or entry, None
        if issue.resolved is not None and issue.updated is not None and issue.updated > issue.resolved:
            return issue.resolved, issue.updated
        return None, None

    def _told_category(self, issue: Issue) -> Category | None:
        """Category of an issue that is not done; None when its status at that time is not known."""
        if self.is_now or (issue.updated is not None and issue.updated < self.known_until):
            category = self._present(issue)
            return TODO if category is DONE else category
        return None

    def _course(self, issue: Issue, changes: Sequence[Change], entry: datetime) -> _Course:
        """The course of an issue with a status history, an empty one included, cut where knowledge ends."""
        stays = self._stays(issue, changes, entry)
        if stays[-1].since >= self.known_until:
            stays = [stay for stay in stays if stay.since < self.known_until]
            if not stays:
                return _Course()
        known = tuple(stays)
        is_cut = HISTORY_CUT in issue.extras
        finished: list[datetime] = []
        reopened: list[datetime] = []
        started: datetime | None = None
        is_done = False
        for since, _, category in known:
            if category is DONE:
                # Resolved to Closed is no second finish.
                if not is_done:
                    finished.append(since)
                    is_done = True
                continue
            if is_done:
                reopened.append(since)
                is_done = False
            if started is None and category is IN_PROGRESS and not is_cut:
                started = since
        # A file that names the start knows more than the comparison of two exports.
        if issue.started is not None and issue.started < self.known_until:
            started = issue.started if started is None else min(started, issue.started)
        if started is None and len(finished) > len(reopened) and not is_cut:
            started = finished[-1]
        # Of a history that is cut nobody knows since when it was in the first status, or whether that was the first.
        shown = known[1:] if is_cut else known
        _, status, category = known[-1]
        return _new_tuple(_Course, (tuple(finished), tuple(reopened), started, status, category, shown))

    def _stays(self, issue: Issue, changes: Sequence[Change], entry: datetime) -> list[Stay]:
        if not changes:
            return [Stay(entry, issue.status, self._present(issue))]
        first, category_of = changes[0].from_value or "", self.categories
        # A call less for each of 150,000 changes than by the class.
        stays = [_new_tuple(Stay, (entry, first, category_of[first]))]
        stays += [
            _new_tuple(Stay, (change.at, status := change.to_value or "", category_of[status])) for change in changes
        ]
        last = stays[-1].status
        if issue.status != last and issue.status and issue.status.casefold() != last.casefold():
            # The history was fetched before the issue last moved: the issue is right about where it is now.
            stays.append(Stay(self._moved(issue, changes[-1].at), issue.status, self._present(issue)))
        return stays

    def _moved(self, issue: Issue, last: datetime) -> datetime:
        """When an issue went to a status that its history does not hold."""
        if self._present(issue) is DONE and issue.resolved is not None and issue.resolved >= last:
            return issue.resolved
        return max(last, issue.updated) if issue.updated is not None else last

    # -- scope and size -----------------------------------------------------------------------------

    def _sizes(self, issue: Issue, history: Sequence[Change], first: date) -> tuple[tuple[date, float | None], ...]:
        """Points from each day on; the last of several on one day."""
        fields = self.rules.points_fields
        changes = [change for change in history if change.field in fields]
        if not changes:
            return ((first, issue.points),)
        sizes, day_of = {first: points_of(changes[0].from_value)}, self.day_of
        for at, points in _estimates(issue, changes):
            if at < self.known_until:
                day = day_of(at)
                sizes[day if day > first else first] = points
        return tuple(sizes.items())


def _alone(day: date) -> tuple[date]:
    return (day,)


def _sized_once(day: date, points: float | None) -> _Sizes:
    return ((day, points),)


# Sorts before every real instant; only for an issue of which nothing is dated in a query where nothing is.
_EARLY = datetime.fromisoformat("1970-01-02T00:00:00+00:00")


def _estimates(issue: Issue, changes: Sequence[Change]) -> list[tuple[datetime, float | None]]:
    """The estimates a history gives, and the present one where the history stops short of it."""
    estimates = [(change.at, points_of(change.to_value)) for change in changes]
    at, last = estimates[-1]
    if issue.points is not None and issue.points != last:
        estimates.append((max(at, issue.updated) if issue.updated is not None else at, issue.points))
    return estimates


@lru_cache(maxsize=4_096)
def points_of(text: str | None) -> float | None:
    try:
        points = float(text) if text else None
    except ValueError:
        return None
    return points if points is not None and math.isfinite(points) else None
