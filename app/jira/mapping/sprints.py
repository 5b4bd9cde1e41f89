"""Sprints by their id: each is kept under one name of its own, whatever it was called on the way.

Records name sprints. Jira may call those of two boards alike, and renames one without touching its issues; histories
keep the name of that day. So names are settled by id, for all sprints of a query at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

from app.jira.mapping.mapping import Mapped, SprintMove
from store.backend import PersistenceBackend
from store.records import Change, QueryRef, Sprint

Names = Mapping[str, str]


def names_of(known: Iterable[Sprint]) -> dict[str, str]:
    """The name of each sprint that has an id, by id; of several called alike the later ids get a number.

    `known`: of several that have the same id the last says how it is called.
    """
    called = {each.source_id: each.name for each in known if each.source_id}
    names: dict[str, str] = {}
    used: set[str] = set()
    for source_id in sorted(called, key=_order):
        names[source_id] = _free(called[source_id], used)
        used.add(names[source_id])
    return names


def _order(source_id: str) -> tuple[int, str]:
    return (int(source_id) if source_id.isdecimal() and len(source_id) < 20 else 0, source_id)


def _free(called: str, used: Collection[str]) -> str:
    numbered = (f"{called} ({number})" for number in count(2))
    return next(name for name in chain([called], numbered) if name not in used)


def mentioned(mapped: Iterable[Mapped]) -> list[Sprint]:
    """The sprints that only histories tell of, as they were called then; a list of several does not say who is who."""
    texts = [
        (ids[0], text)
        for each in mapped
        for move in each.moves
        for ids, text in (
            (move.before, each.changes[move.place].from_value),
            (move.after, each.changes[move.place].to_value),
        )
        if len(ids) == 1 and text
    ]
    return [Sprint(text, source_id) for source_id, text in texts]


def named_sprint(sprint: Sprint, names: Names) -> Sprint:
    name = names.get(sprint.source_id, sprint.name)
    return sprint if name == sprint.name else replace(sprint, name=name)


def named(mapped: Mapped, names: Names) -> Mapped:
    """The issue and its history with the settled names."""
    if not mapped.moves and not (mapped.sprints and _are_renamed(mapped.sprints, names)):
        return mapped
    issue = mapped.issue
    sprints = tuple(dict.fromkeys(names.get(sprint.source_id, sprint.name) for sprint in mapped.sprints))
    if sprints != issue.sprints:
        issue = replace(issue, sprints=sprints)
    return mapped._replace(issue=issue, changes=_named_changes(mapped.changes, mapped.moves, names))


def _are_renamed(sprints: Iterable[Sprint], names: Names) -> bool:
    return any(names.get(each.source_id, each.name) != each.name for each in sprints)


def _named_changes(changes: tuple[Change, ...], moves: Sequence[SprintMove], names: Names) -> tuple[Change, ...]:
    if not moves:
        return changes
    settled = list(changes)
    for move in moves:
        change = settled[move.place]
        before = _named_text(change.from_value, move.before, names)
        after = _named_text(change.to_value, move.after, names)
        if (before, after) != (change.from_value, change.to_value):
            settled[move.place] = replace(change, from_value=before, to_value=after)
    return tuple(settled)


def _named_text(text: str | None, ids: tuple[str, ...], names: Names) -> str | None:
    """The list of names; as Jira wrote it where one of the sprints is not known."""
    sprint_names = [names.get(each) for each in ids]
    return ", ".join(filter(None, sprint_names)) if sprint_names and all(sprint_names) else text


def renamed(stored: Iterable[Sprint], names: Names) -> dict[str, str]:
    """The new name by the old one, for the kept sprints that are called otherwise from now on."""
    return {
        each.name: names[each.source_id]
        for each in stored
        if each.source_id in names and names[each.source_id] != each.name
    }


class Renaming:
    """Brings records that were kept under old names to the new ones."""

    def __init__(self, renames: Mapping[str, str]) -> None:
        self._renames = renames
        longest_first = sorted(renames, key=len, reverse=True)
        self._old = re.compile(f"(?:^|(?<=, ))(?:{'|'.join(map(re.escape, longest_first))})(?=, |$)")

    def text(self, text: str | None) -> str | None:
        """A list of names such as a history's; names may hold commas themselves."""
        return None if text is None else self._old.sub(lambda match: self._renames[match[0]], text)

    def change(self, change: Change) -> Change:
        if change.field != "sprint":
            return change
        return replace(change, from_value=self.text(change.from_value), to_value=self.text(change.to_value))

    def sprints(self, sprints: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._renames.get(each, each) for each in sprints)


def settle_sprints(
    backend: PersistenceBackend, ref: QueryRef, sprints: Sequence[Sprint], mapped: Iterable[Mapped], same_server: bool
) -> dict[str, str]:
    """Save what Jira told of the sprints, and bring what is stored to their names; these, by id.

    `mapped`: what came, whose histories may tell of further ones. To be used inside a transaction.
    """
    # Ids of another server mean other sprints.
    stored = backend.list_sprints(ref) if same_server else []
    names = names_of([*mentioned(mapped), *stored, *sprints])
    renames = renamed(stored, names)
    if renames:
        _rename(backend, ref, Renaming(renames))
        backend.delete_sprints(ref, renames)
    known = {each.name: each for each in stored if each.name not in renames}
    moved = (replace(each, name=renames[each.name]) for each in stored if each.name in renames)
    last = {each.name: each for each in (*moved, *(named_sprint(each, names) for each in sprints))}
    fresh = [each for name, each in last.items() if known.get(name) != each]
    if fresh:
        backend.save_sprints(ref, fresh)
    return names


def _rename(backend: PersistenceBackend, ref: QueryRef, renaming: Renaming) -> None:
    """Issues and histories that were kept under the old names."""
    issues, changes = backend.list_issues(ref), backend.list_changes(ref)
    new_changes = [renaming.change(each) for each in changes]
    new_issues = [replace(each, sprints=renaming.sprints(each.sprints)) for each in issues]
    touched = {new.key for new, old in zip(new_issues, issues, strict=True) if new.sprints != old.sprints}
    touched |= {new.issue_key for new, old in zip(new_changes, changes, strict=True) if new != old}
    backend.upsert_issues(
        ref,
        [each for each in new_issues if each.key in touched],
        [each for each in new_changes if each.issue_key in touched],
    )
