"""The facts of a work list joined with those of the one that it was before its move to another tracker.

Of a pair it is the issue of now that stays, with what only the one of before knows: when it came into being, its
history until the move, when it was finished. What the move itself did to it is no history: a status that it was set to
on that day, though it had come so far before. What was open and did not come along leaves with the move. Nothing of
that is written: both lists keep what they say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar

from app.domain.calendar import Calendar
from app.domain.extras import BLOCKED_BY, EARLIER_KEY, HISTORY_CUT, HISTORY_WHOLE, INTERNAL
from app.domain.history import POINTS_FIELDS, points_of
from app.domain.items import DONE, TODO
from app.domain.moving import is_made_anew
from app.domain.statuses import guessed
from store.records import Category, Change, Issue, QueryFacts
from store.settings import Move

Record = TypeVar("Record")

_NO_CHANGES: tuple[Change, ...] = ()


def joined(now: QueryFacts, before: QueryFacts, move: Move, calendar: Calendar) -> QueryFacts:
    """The facts of `now` with the history of `before`. An issue that came along is there once; a pair of which one is
    not there any more is none."""
    join = _Join(now, before, move, calendar)
    issues, changes = join.result()
    return replace(
        now,
        issues=issues,
        changes=changes,
        sprints=_united(now.sprints, before.sprints, lambda sprint: sprint.name),
        weeks=_united(now.weeks, before.weeks, lambda week: week.day),
        corrections=_united(now.corrections, before.corrections, lambda correction: correction.day),
        forecasts=_united(now.forecasts, before.forecasts, lambda each: (each.as_of, each.unit, each.method)),
        statuses={**before.statuses, **_categories(before.issues), **now.statuses},
    )


def partners(now: Iterable[Issue], before: Iterable[Issue], move: Move) -> dict[str, str]:
    """The key of before by the key of now, of all pairs of which both are there."""
    nows, befores = list(now), {issue.key for issue in before}
    by_number = {issue.source_id: issue.key for issue in nows if issue.source_id}
    keys = {issue.key for issue in nows}
    olds: dict[str, str] = {}
    for old, key, *number in move.pairs:
        new = by_number.get(number[0], key) if number and number[0] else key
        if new in keys and old in befores and new not in olds:
            olds[new] = old
    return olds


class _Join:
    def __init__(self, now: QueryFacts, before: QueryFacts, move: Move, calendar: Calendar) -> None:
        self.now, self.before, self.move, self.day_of = now, before, move, calendar.day_of
        self.calendar = calendar
        self.olds = partners(now.issues, before.issues, move)
        self.old_issues = {issue.key: issue for issue in before.issues}
        self.old_changes, self.new_changes = _by_key(before.changes), _by_key(now.changes)
        self.categories = {**before.statuses, **_categories(before.issues), **_categories(now.issues)}
        self.renamed = self._renamed()

    def _renamed(self) -> dict[str, str]:
        """What each issue of before is called now; one that stays apart may have the key of another one of now."""
        in_use = {issue.key for issue in (*self.now.issues, *self.before.issues)}
        news = {issue.key for issue in self.now.issues}
        renamed = {old: new for new, old in self.olds.items()}
        for key in self.old_issues:
            if key not in renamed:
                renamed[key] = _free(key, in_use) if key in news else key
                in_use.add(renamed[key])
        return renamed

    def result(self) -> tuple[tuple[Issue, ...], tuple[Change, ...]]:
        issues: list[Issue] = []
        changes: list[list[Change]] = []
        for issue in self.before.issues:
            name = self.renamed[issue.key]
            if name in self.olds and self.olds[name] == issue.key:
                continue
            issues.append(self._left_behind(issue, name))
            changes.append([replace(each, issue_key=name) for each in self.old_changes.get(issue.key, _NO_CHANGES)])
        for issue in self.now.issues:
            old = self.olds.get(issue.key)
            if old is None:
                issues.append(issue)
                changes.append(list(self.new_changes.get(issue.key, _NO_CHANGES)))
            else:
                whole, history = self._paired(self.old_issues[old], issue)
                issues.append(whole)
                changes.append(history)
        # As the store gives them: by key, then by time.
        changes.sort(key=lambda history: history[0].issue_key if history else "")
        return tuple(issues), tuple(chain.from_iterable(changes))

    def _left_behind(self, issue: Issue, name: str) -> Issue:
        """What only the old source has; where it is open, it did not come along, and leaves with the move."""
        parent = self.renamed.get(issue.parent, issue.parent)
        extras = dict(issue.extras)
        if isinstance(waits := extras.get(BLOCKED_BY), list | tuple):
            extras[BLOCKED_BY] = [self.renamed.get(str(key), str(key)) for key in waits]
        if name != issue.key:
            extras[EARLIER_KEY] = issue.key
        left = self.move.moved
        is_leaving = issue.in_query and issue.category is not DONE and left is not None
        kept = replace(issue, key=name, parent=parent, extras=extras)
        return replace(kept, in_query=False, left_query=left) if is_leaving else kept

    def _paired(self, before: Issue, now: Issue) -> tuple[Issue, list[Change]]:
        anew = now.created if is_made_anew(before, now, self.calendar) else None
        both = _OneIssue(
            before,
            now,
            self.old_changes.get(before.key, _NO_CHANGES),
            self.new_changes.get(now.key, _NO_CHANGES),
            frozenset((*self.move.sweeps, *((self.day_of(anew),) if anew is not None else ()))),
            anew,
            self.day_of,
            self._category_of,
        )
        history = both.history()
        return both.issue(history), history

    def _category_of(self, status: str) -> Category | None:
        name = status.casefold()
        return self.categories.get(name) or guessed(name)


class _OneIssue:
    """Both sides of one issue. `swept`: the days of the move; `anew`: when it was made anew, else None."""

    def __init__(
        self,
        before: Issue,
        now: Issue,
        old: Sequence[Change],
        new: Sequence[Change],
        swept: frozenset[date],
        anew: datetime | None,
        day_of: Callable[[datetime], date],
        category_of: Callable[[str], Category | None],
    ) -> None:
        self.before, self.now, self.swept, self.anew = before, now, swept, anew
        self.day_of, self.category_of = day_of, category_of
        in_both = {(each.field, each.at) for each in new} & {(each.field, each.at) for each in old}
        self.old = [
            replace(each, issue_key=now.key)
            for each in old
            if (each.field, each.at) not in in_both and (anew is None or each.at < anew)
        ]
        is_swept = {each: (each.field, each.at) not in in_both and day_of(each.at) in swept for each in new}
        self.kept = [each for each in new if not is_swept[each]]
        self.by_the_move = [each for each in new if is_swept[each]]
        # Before the move is what both tell, too.
        self.shared = [each for each in self.kept if (each.field, each.at) in in_both]

    def history(self) -> list[Change]:
        """Of both, in order; of what the move did only what makes a difference."""
        known = sorted((*self.old, *self.shared), key=_AT)
        known, difference = self._status_at_the_move(known)
        others = self._other_differences(known)
        later = [each for each in self.kept if each not in self.shared]
        return sorted((*known, *difference, *others, *later), key=_AT)

    def _status_at_the_move(self, known: list[Change]) -> tuple[list[Change], list[Change]]:
        """What was known of the status, under its present name where the move only renamed it, and the change that the
        move, or the time before it, made otherwise."""
        moves = [each for each in self.by_the_move if each.field == "status"]
        if not moves and self.anew is None:
            return known, []
        later = [each for each in self.kept if each.field == "status" and each not in self.shared]
        landing = moves[-1].to_value if moves else later[0].from_value if later else self.now.status
        last = _last_status(known)
        category = self._category_before(last)
        if category is None or not landing:
            return known, moves
        if self.category_of(landing) is not category:
            at = moves[-1].at if moves else self.anew
            before = (last.to_value if last else self.before.status) or None
            change = [Change(self.now.key, at, "status", before, landing)] if at is not None else []
            return (known if last is not None else [*self._arrival(category, before), *known]), change
        if last is not None:
            return [replace(each, to_value=landing) if each is last else each for each in known], []
        return ([*self._arrival(category, landing), *known] if later else known), []

    def _arrival(self, category: Category, status: str | None) -> list[Change]:
        """When it came into the status that it had before the move, where only the dates of before tell."""
        at = self.before.resolved if category is DONE else self.before.started if category is not TODO else None
        return [Change(self.now.key, at, "status", None, status)] if at is not None else []

    def _category_before(self, last: Change | None) -> Category | None:
        """As what the issue counted before the move; None where that is not known."""
        if last is not None:
            return self.category_of(last.to_value or "")
        resolved = self.before.resolved
        if self.anew is not None and resolved is not None and resolved >= self.anew:
            return None
        if self.before.status:
            return self.before.category
        return DONE if resolved is not None else None

    def _other_differences(self, known: Sequence[Change]) -> list[Change]:
        """The last thing that the move made of each other field, where it was not so before."""
        last = {each.field: each for each in self.by_the_move if each.field != "status"}
        differences = []
        for name, change in last.items():
            value = next((each.to_value for each in reversed(known) if each.field == name), self._plain_value(name))
            if not _is_same_value(value, change.to_value):
                differences.append(replace(change, from_value=value))
        return differences

    def _plain_value(self, name: str) -> str | None:
        if name == "sprint":
            return ", ".join(self.before.sprints) or None
        return f"{self.before.points:g}" if name in POINTS_FIELDS and self.before.points is not None else None

    def issue(self, history: Sequence[Change]) -> Issue:
        """The issue of now, with what only the one of before knows."""
        before, now = self.before, self.now
        is_told = any(each.field == "status" for each in history)
        return replace(
            now,
            created=min(filter(None, (before.created, now.created)), default=None),
            started=before.started or (None if self._is_of_the_move(now.started) else now.started),
            resolved=self._resolved(),
            updated=now.updated or before.updated,
            points=before.points if now.points is None else now.points,
            sprints=now.sprints or before.sprints,
            resolution=now.resolution or (before.resolution if now.category is DONE else ""),
            fix_versions=now.fix_versions or before.fix_versions,
            extras=self._extras(is_told),
        )

    def _resolved(self) -> datetime | None:
        """As the tracker of now says, unless that is only the day of the move."""
        at = self.now.resolved
        if self.now.category is not DONE or (at is not None and not self._is_of_the_move(at)):
            return at
        was = self.before.resolved
        is_over = was is not None and (self.anew is None or was < self.anew)
        return was if is_over and self.before.category is DONE else at

    def _is_of_the_move(self, at: datetime | None) -> bool:
        return at is not None and self.day_of(at) in self.swept

    def _extras(self, is_told: bool) -> dict[str, Any]:
        """What the fields of both say; whether the beginning of the history is known follows from both."""
        before, now = self.before.extras, self.now.extras
        both = {name: value for name, value in before.items() if name not in INTERNAL} | dict(now)
        both.pop(HISTORY_CUT, None)
        if not (HISTORY_WHOLE in before and HISTORY_WHOLE in now) or is_told:
            both.pop(HISTORY_WHOLE, None)
        has_old = any(each.field == "status" for each in (*self.old, *self.shared))
        if is_told and self._is_cut(has_old):
            both[HISTORY_CUT] = True
        if self.before.key != self.now.key:
            earlier = before.get(EARLIER_KEY)
            older = list(earlier) if isinstance(earlier, list | tuple) else [earlier] if earlier else []
            both[EARLIER_KEY] = [*older, self.before.key] if older else self.before.key
        return both

    def _is_cut(self, has_old: bool) -> bool:
        if has_old:
            return HISTORY_CUT in self.before.extras
        if self.anew is None:
            return HISTORY_CUT in self.now.extras
        # Only how it stood at the move is known: where that was no beginning, nobody knows when it began.
        return bool(self.before.status) and self.before.category is not TODO and self.before.started is None


_AT = attrgetter("at")


def _last_status(changes: Sequence[Change]) -> Change | None:
    return next((each for each in reversed(changes) if each.field == "status"), None)


def _is_same_value(value: str | None, other: str | None) -> bool:
    numbers = points_of(value), points_of(other)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return (value or "").casefold() == (other or "").casefold()


def _categories(issues: Iterable[Issue]) -> dict[str, Category]:
    return {issue.status.casefold(): issue.category for issue in issues if issue.status}


def _by_key(changes: Iterable[Change]) -> dict[str, list[Change]]:
    by_key: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_key[change.issue_key].append(change)
    return by_key


def _free(key: str, in_use: Collection[str]) -> str:
    """A key that nothing else has, for an issue of before that another one of now took the key of."""
    names = (f"{key} (before{f' {number}' if number else ''})" for number in range(len(in_use) + 1))
    return next(name for name in names if name not in in_use)


def _united(now: Sequence[Record], before: Sequence[Record], name_of: Callable[[Record], object]) -> tuple[Record, ...]:
    """What now is said wins; what only before was said comes first."""
    names = {name_of(each) for each in now}
    return (*(each for each in before if name_of(each) not in names), *now)
