"""One export after another: what changed between them becomes history, and nothing newer is turned back.

Most exports say only how things stand. Two of them say what changed in between, and the second one when: not later
than it was last updated, or finished, or, where it says neither, imported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.extras import HISTORY_CUT, INTERNAL
from app.domain.guesses import Guesses
from app.domain.statuses import given_up
from app.imports.freshness import later
from app.imports.results import Imported, RejectedRow
from store.records import Category, Change, Issue

# Fields that keep what is known when the file has no column for them.
_KEPT = (
    "summary", "type", "status", "created", "updated", "started", "resolved", "points", "source_id", "project",
    "priority", "resolution", "assignee", "labels", "components", "fix_versions", "sprints", "url",
)  # fmt: skip
# Other columns than the status that tell what is done.
_TELL_DONE = frozenset({"category", "is_done", "percent", "resolved"})
_USUAL = {Category.TODO: "To do", Category.IN_PROGRESS: "In progress", Category.DONE: "Done"}
_PARENTS = frozenset({"parent", "parent_id", "epic"})


@dataclass(frozen=True, slots=True)
class Merged:
    """What is to be saved: `plain` leaves histories alone, `with_history` comes with the whole histories in `changes`.

    `new` and `changed` count issues, `change_count` the changes that the file or the comparison brought. `passed_over`
    counts issues of which something newer is known.
    """

    plain: tuple[Issue, ...] = ()
    with_history: tuple[Issue, ...] = ()
    changes: tuple[Change, ...] = ()
    new: int = 0
    changed: int = 0
    change_count: int = 0
    passed_over: int = 0
    rejected: tuple[RejectedRow, ...] = ()


@dataclass(slots=True)
class _Tally:
    """The result while it grows."""

    plain: list[Issue] = field(default_factory=list)
    with_history: list[Issue] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    change_count: int = 0
    passed_over: int = 0

    def result(self) -> Merged:
        return Merged(
            tuple(self.plain), tuple(self.with_history), tuple(self.changes), self.new, self.changed, self.change_count,
            self.passed_over, tuple(self.rejected),
        )  # fmt: skip


class Successor:
    """The present state of a query, to which files or parts of a file are compared.

    `is_older`: the file as a whole is older than one imported before. `as_of`: the file's latest update, else now.
    """

    def __init__(
        self,
        present: Sequence[Issue],
        changes: Iterable[Change],
        *,
        is_older: bool,
        as_of: datetime | None,
        now: datetime,
    ) -> None:
        self._present = {issue.key: issue for issue in present}
        self._histories: dict[str, list[Change]] = {}
        for change in changes:
            self._histories.setdefault(change.issue_key, []).append(change)
        self._is_older = is_older
        self._as_of = as_of or now
        self._now = now

    def end_of(self, issue: Issue) -> str:
        """Of a done item without a day of finish: "known" where that is known here, "since" where it was open."""
        present = self._present.get(issue.key)
        if present is None:
            return ""
        if present.category is not Category.DONE:
            return "since"
        moved = any(change.field == "status" for change in self._histories.get(issue.key, ()))
        return "known" if present.resolved is not None or moved else ""

    def merge(self, imported: Imported) -> Merged:
        """What the file's issues bring beside what is present."""
        if not self._present and not imported.changes and not imported.undated:
            return Merged(plain=imported.issues, new=len(imported.issues))
        histories: dict[str, list[Change]] = {}
        for change in imported.changes:
            histories.setdefault(change.issue_key, []).append(change)
        missing = _missing(imported.used or {})
        tells_end = not _TELL_DONE.isdisjoint(imported.used or {})
        tally = _Tally()
        for issue in imported.issues:
            history = histories.get(issue.key, []) if imported.history else None
            present = self._present.get(issue.key)
            if issue == present and self._is_known(issue.key, history, imported.history == "whole"):
                # Of an export that is imported again that is nearly all: to compare no further takes 0.08 s of 1.1 off.
                continue
            if present is None:
                self._arrive(issue, history, imported.undated, tally)
            else:
                whole = _with_extras(self._completed(issue, present, missing, tells_end), present, imported)
                self._succeed(present, whole, history, imported.history == "whole", tally)
        return tally.result()

    def _completed(self, issue: Issue, present: Issue, missing: Sequence[str], tells_end: bool) -> Issue:
        """The issue with what the file has no columns for taken from what is known; and a day of creation stays."""
        known = {name: value for name in missing if (value := getattr(present, name)) != getattr(issue, name)}
        if issue.created is None and present.created is not None:
            known["created"] = present.created
        if "status" in known:
            ends_otherwise = tells_end and _ends_otherwise(issue, present)
            known["category"] = issue.category if ends_otherwise else present.category
            known["status"] = self._usual_status(issue.category) if ends_otherwise else present.status
        if "resolved" in known and (
            # Read from something else than a column, such as the actions of a board.
            issue.resolved is not None
            or (
                issue.category is not Category.DONE
                and ("status" not in known or known["category"] is not Category.DONE)
            )
        ):
            del known["resolved"]
        return replace(issue, **known) if known else issue

    def _usual_status(self, category: Category) -> str:
        """What most items of that category are called here."""
        names = Counter(issue.status for issue in self._present.values() if issue.category is category and issue.status)
        return names.most_common(1)[0][0] if names else _USUAL[category]

    def _is_known(self, key: str, told_history: list[Change] | None, is_whole: bool) -> bool:
        """Whether a history says nothing new, so that there is nothing to compare it with."""
        known = self._histories.get(key, [])
        return not known if told_history is None else is_whole and told_history == known

    def _arrive(self, issue: Issue, history: list[Change] | None, undated: Mapping[str, int], tally: _Tally) -> None:
        """An issue that no file named before."""
        if issue.key in undated:
            if issue.category is Category.DONE:
                reason = "is done, but neither this file nor an earlier one says since when"
                tally.rejected.append(RejectedRow(undated[issue.key], "", issue.key, reason))
                return
            issue = replace(issue, created=self._now)
        tally.new += 1
        if history:
            tally.with_history.append(issue)
            tally.changes += history
            tally.change_count += len(history)
        else:
            tally.plain.append(issue)

    def _succeed(
        self, present: Issue, issue: Issue, told_history: list[Change] | None, is_whole: bool, tally: _Tally
    ) -> None:
        """An issue that is known already."""
        known = self._histories.get(present.key, [])
        is_older = self._is_passed_over(present, issue)
        if told_history is not None and not (is_whole and is_older):
            history = told_history if is_whole else _united(known, told_history)
        else:
            history = list(known)
        if is_older:
            tally.passed_over += issue != present
            issue = present
        else:
            differences = self._differences(present, issue, history, is_told=told_history is not None and is_whole)
            if not history and _begins_late(present, issue, differences):
                issue = replace(issue, extras={**issue.extras, HISTORY_CUT: True})
            history += differences
        if history != known:
            tally.with_history.append(issue)
            tally.changes += sorted(history, key=lambda change: change.at)
            tally.change_count += max(0, len(history) - len(known))
        elif issue != present:
            tally.plain.append(issue)
        tally.changed += issue != present or history != known

    def _is_passed_over(self, present: Issue, issue: Issue) -> bool:
        if present.updated is not None and issue.updated is not None and present.updated != issue.updated:
            return issue.updated < present.updated
        return self._is_older

    def _differences(self, present: Issue, issue: Issue, history: Sequence[Change], is_told: bool) -> list[Change]:
        """The changes that must have happened between what is present and the file; the history tells the rest."""
        if is_told:
            return []
        changes: list[Change] = []
        latest = history[-1].at if history else None
        status = next((entry.to_value or "" for entry in reversed(history) if entry.field == "status"), present.status)
        if issue.status.casefold() != status.casefold():
            moved = any(change.field == "status" for change in history)
            arrival = None if moved else _arrival(present)
            changes += [arrival] if arrival is not None else []
            at = self._moved_at(issue, later(latest, arrival.at if arrival else None))
            changes.append(Change(issue.key, at, "status", status or None, issue.status or None))
        at = self._touched_at(issue, latest)
        if issue.points != present.points:
            changes.append(Change(issue.key, at, "points", _points_text(present.points), _points_text(issue.points)))
        if set(issue.sprints) != set(present.sprints):
            changes.append(Change(issue.key, at, "sprint", _sprints_text(present), _sprints_text(issue)))
        return changes

    def _moved_at(self, issue: Issue, floor: datetime | None) -> datetime:
        """When it came into its status: the date that the file has for it, unless it was elsewhere after that."""
        own = {Category.DONE: issue.resolved, Category.IN_PROGRESS: issue.started, Category.TODO: None}[issue.category]
        if own is not None and (floor is None or own > floor):
            return own
        return self._touched_at(issue, floor)

    def _touched_at(self, issue: Issue, floor: datetime | None) -> datetime:
        at = issue.updated or self._as_of
        if floor is not None and at <= floor:
            return max(floor, self._as_of)
        return at


def with_known_ends(imported: Imported, successor: Successor) -> Imported:
    """What is said of finishes that the file lacks, less those that are known here; and of those that came to be done
    since the file before, that the day of this one was taken."""
    if not imported.guesses.done_on_creation and not imported.guesses.done_on_update:
        return imported
    moved = {change.issue_key for change in imported.changes if change.field == "status"} | {*imported.undated}
    lacking = [
        issue
        for issue in imported.issues
        if issue.category is Category.DONE
        and issue.resolved is None
        and issue.key not in moved
        and not given_up(issue.status, issue.resolution)
    ]
    known = Counter((successor.end_of(issue), issue.updated is not None) for issue in lacking)
    less = Guesses(
        done_on_update=-known["known", True],
        done_on_creation=-known["known", False] - known["since", False],
        done_on_import=known["since", False],
    )
    return replace(imported, guesses=imported.guesses.plus(less))


def _missing(used: Collection[str]) -> tuple[str, ...]:
    missing = tuple(name for name in _KEPT if name not in used)
    return missing if _PARENTS & set(used) else (*missing, "parent")


def _ends_otherwise(issue: Issue, present: Issue) -> bool:
    """Whether a file without a status says that an item is done that was open, or open that was done by its day."""
    if issue.category is Category.DONE:
        return present.category is not Category.DONE
    return present.category is Category.DONE and present.resolved is not None


def _with_extras(issue: Issue, present: Issue, imported: Imported) -> Issue:
    """With the fields of the source's own that this file does not have and an earlier one had, and so for what is kept
    beside them: all of that is told anew by a file that tells any of it."""
    if not present.extras:
        return issue
    tells_flags = {"flagged", "blocked_by"} & (imported.used or {}).keys() or not INTERNAL.isdisjoint(issue.extras)
    gone = {*imported.fields, *(INTERNAL - {HISTORY_CUT} if tells_flags else ())}
    if imported.history == "whole":
        gone.add(HISTORY_CUT)
    kept = {name: value for name, value in present.extras.items() if name not in gone}
    extras = {**kept, **issue.extras}
    return replace(issue, extras=extras) if extras != issue.extras else issue


def _begins_late(present: Issue, issue: Issue, differences: Sequence[Change]) -> bool:
    """Whether what two exports tell of an issue's statuses begins when it had been started already, or tells nothing of
    a start in between: one in progress, or done, was seen in it first, and one to do was seen done next."""
    if not any(change.field == "status" for change in differences):
        return False
    return present.category is not Category.TODO or (issue.category is Category.DONE and issue.started is None)


def _arrival(present: Issue) -> Change | None:
    """When an issue came into the status it was first seen in, as far as that can be told; None: with its creation."""
    at = {Category.DONE: present.resolved, Category.IN_PROGRESS: present.started, Category.TODO: None}[present.category]
    if at is None and present.category is not Category.TODO:
        at = present.updated
    if at is None or not present.status or (present.created is not None and at <= present.created):
        return None
    return Change(present.key, at, "status", None, present.status)


def _united(known: Sequence[Change], history: Sequence[Change]) -> list[Change]:
    """Both histories: an export may reach back less far than an earlier one did."""
    return sorted(dict.fromkeys((*known, *history)), key=lambda change: change.at)


def _points_text(points: float | None) -> str | None:
    return None if points is None else f"{points:g}"


def _sprints_text(issue: Issue) -> str | None:
    return ", ".join(issue.sprints) or None
