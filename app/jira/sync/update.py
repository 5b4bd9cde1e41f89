"""Turning what is stored of a query into what Jira says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from operator import attrgetter

from app.domain.extras import HISTORY_CUT
from app.jira.mapping.mapping import Mapped
from app.jira.shape import NAME, SUMMARY, has_cut, is_cut
from app.words import Nn_
from store.backend import PersistenceBackend
from store.records import Change, Issue, IssueKey, QueryRef

# Looking each of them up by its key costs as much as reading so many in order.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the issues that came: numbers and sentences for the user."""

    fetched: int
    changed: int
    removed: int
    issue_changes: int
    warnings: tuple[str, ...]
    # How many of those that changed were not known before.
    new: int = 0


class Update:
    """Turns what is stored into what Jira says. To be used inside one transaction.

    `left_at`: since when issues that are gone count as gone; None where the query itself became another one, so
    that they never belonged to it.
    """

    def __init__(
        self,
        backend: PersistenceBackend,
        ref: QueryRef,
        stored: Iterable[IssueKey],
        same_server: bool,
        left_at: datetime | None,
    ) -> None:
        self._backend, self._ref, self._left_at = backend, ref, left_at
        self._keys = {each.key: each for each in stored}
        # Ids of another server mean other issues.
        self._ids = by_id(self._keys.values()) if same_server else {}
        self._stored: Mapping[str, Issue] = {}
        self._changes = _by_key(backend.list_changes(ref))

    def apply(self, mapped: Mapping[str, Mapped], incomplete: Collection[str], refs: Mapping[str, str]) -> Saved:
        """`mapped` by issue id, `incomplete`: ids of those of which part of the history is missing; `refs`: the key
        by id of everything that the query matches."""
        present = mapped if mapped.keys() <= refs.keys() else {each: mapped[each] for each in mapped if each in refs}
        before = [self._ids[issue_id].key for issue_id in present if issue_id in self._ids]
        self._stored = self._read({*before, *(each.issue.key for each in present.values())})
        cut = [issue_id for issue_id in incomplete if issue_id in present]
        if cut:
            present = {**present, **{each: self._completed(each, present[each]) for each in cut}}
        moved = self._moved(present)
        fresh = [each for each in present.values() if self._differs(each)] if self._keys else list(present.values())
        gone = self._gone(mapped, refs, frozenset(moved))
        if moved:
            self._backend.delete_issues(self._ref, moved)
        if fresh:
            changes = [change for each in fresh for change in each.changes]
            # Where no history was and none came there is none to be replaced.
            replacing = changes if changes or self._changes else None
            self._backend.upsert_issues(self._ref, [each.issue for each in fresh], replacing)
        if gone:
            self._backend.upsert_issues(self._ref, gone)
        learned = sum(len(each.changes) for each in present.values()) - self._known_changes(present)
        new = sum(each.issue.key not in self._keys for each in fresh) - len(moved)
        return Saved(len(mapped), len(fresh), len(gone), max(0, learned), _warnings(len(cut)), max(0, new))

    def _read(self, keys: Set[str]) -> dict[str, Issue]:
        """Those of them that are stored. After most syncs they are a few of all, and only these are read."""
        known = keys & self._keys.keys()
        if not known:
            return {}
        are_few = len(known) * _FEW < len(self._keys)
        issues = self._backend.list_issues(self._ref, known if are_few else None)
        return {issue.key: issue for issue in issues}

    def forget_authors(self) -> bool:
        """Take their names out of the histories of issues that are gone; whether any were stored before.

        What is in the query has just been saved without them, because a full sync comes first.
        """
        if not any(change.author for history in self._changes.values() for change in history):
            return False
        changes = self._backend.list_changes(self._ref)
        keys = {change.issue_key for change in changes if change.author}
        issues = [issue for issue in self._backend.list_issues(self._ref) if issue.key in keys]
        nameless = [replace(change, author="") for change in changes if change.issue_key in keys]
        self._backend.upsert_issues(self._ref, issues, nameless)
        return True

    def _completed(self, issue_id: str, each: Mapped) -> Mapped:
        """An issue of which Jira gave only part of the history, with what was stored of that before."""
        key = each.issue.key
        known = self._ids.get(issue_id)
        if known is not None and HISTORY_CUT not in self._stored[known.key].extras and self._changes.get(known.key):
            # Its beginning was stored when it was still given.
            extras = {name: value for name, value in each.issue.extras.items() if name != HISTORY_CUT}
            each = each._replace(issue=replace(each.issue, extras=extras))
        both = {_what(change): replace(change, issue_key=key) for change in self._stored_changes(issue_id, each)}
        both |= {_what(change): change for change in each.changes}
        return each._replace(changes=tuple(sorted(both.values(), key=lambda change: change.at)))

    def _stored_changes(self, issue_id: str, each: Mapped) -> tuple[Change, ...]:
        known = self._ids.get(issue_id)
        return self._changes.get(known.key if known else each.issue.key, ())

    def _moved(self, present: Mapping[str, Mapped]) -> list[str]:
        """The stored keys of issues that have another one now."""
        return [
            known.key
            for issue_id, each in (present.items() if self._ids else ())
            if (known := self._ids.get(issue_id)) is not None and known.key != each.issue.key
        ]

    def _differs(self, each: Mapped) -> bool:
        key = each.issue.key
        return self._stored.get(key) != each.issue or self._changes.get(key, ()) != each.changes

    def _gone(self, mapped: Mapping[str, Mapped], refs: Mapping[str, str], moved: frozenset[str]) -> list[Issue]:
        """What was in the query and is not any more, as last seen; histories stay."""
        if not self._keys:
            return []
        keys = moved.union(refs.values())
        gone = [key for key, each in self._keys.items() if each.in_query and key not in keys]
        last = {each.issue.key: each.issue for issue_id, each in mapped.items() if issue_id not in refs}
        issues = {**self._read({key for key in gone if key not in last}), **last}
        return [replace(issues[key], in_query=False, left_query=self._left_at) for key in gone]

    def _known_changes(self, present: Mapping[str, Mapped]) -> int:
        if not self._changes:
            return 0
        return sum(len(self._stored_changes(issue_id, each)) for issue_id, each in present.items())


def cut_texts(issues: Iterable[Issue]) -> list[str]:
    """A sentence where texts of some are longer than there is room for."""
    if not has_cut():
        return []
    issues = list(issues)
    names = {name for name in _all_names(issues) if is_cut(name, NAME)}
    if not names and not any(is_cut(issue.summary, SUMMARY) for issue in issues):
        return []
    count = sum(is_cut(issue.summary, SUMMARY) or not names.isdisjoint(_names_of(issue)) for issue in issues)
    if not count:
        return []
    text = Nn_(
        "Texts of 1 issue were too long and were cut: titles at {title:,} characters, names at {name}.",
        "Texts of {count:,} issues were too long and were cut: titles at {title:,} characters, names at {name}.",
        count,
        title=SUMMARY,
        name=NAME,
    )
    return [text]


def _all_names(issues: Sequence[Issue]) -> set[str]:
    """Each once: many issues say the same."""
    lists = set(chain.from_iterable(map(_LISTS, issues)))
    return set(chain.from_iterable(map(_NAMES, issues))).union(*lists)


def _names_of(issue: Issue) -> tuple[str, ...]:
    return tuple(chain(_NAMES(issue), *_LISTS(issue)))


_NAMES = attrgetter("status", "type", "priority", "resolution", "assignee")
_LISTS = attrgetter("labels", "components", "fix_versions", "sprints")


def _warnings(cut: int) -> tuple[str, ...]:
    if not cut:
        return ()
    text = Nn_(
        "Jira gave only part of the history of 1 issue. Its early days may be missing in the charts, and a start that "
        "is not in it is not known.",
        "Jira gave only part of the history of {count:,} issues. Their early days may be missing in the charts, and a "
        "start that is not in it is not known.",
        cut,
    )
    return (text,)


def _what(change: Change) -> tuple[datetime, str, str | None, str | None]:
    """The change itself: an issue that moved has it under another key, and who made it may not have been wanted."""
    return change.at, change.field, change.from_value, change.to_value


def by_id(issues: Iterable[IssueKey]) -> dict[str, IssueKey]:
    return {issue.source_id: issue for issue in issues if issue.source_id}


def _by_key(changes: Iterable[Change]) -> dict[str, tuple[Change, ...]]:
    by_key: dict[str, list[Change]] = {}
    for change in changes:
        by_key.setdefault(change.issue_key, []).append(change)
    return {key: tuple(history) for key, history in by_key.items()}
