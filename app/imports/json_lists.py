"""Which lists of a JSON document hold the items, where several lie beside each other or within entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.statuses import guessed
from app.errors import UnreadableFile
from app.imports.plain_names import plain_name
from app.words import N_, Nn_

# So many objects may stand around the array that matters.
_DEEPEST_ARRAY, _PROBED, _LEAST_LISTS = 5, 5, 2
_TITLES = frozenset({"name", "title", "summary", "subject"})
_HOW_FAR = frozenset({"status", "state", "completed", "closed", "done", "is_done", "is_closed", "completed_at"})
# What says how far an item is; the share of names that two kinds of entries must have in common to be one; and how many
# of them an item within another one has at least.
_STATES, _ALIKE, _LEAST_OF_CHILD = ("status", "state", "stage", "column", "list"), 0.6, 3
# Lists of other things that have titles and dates as well. Those that items belong to may be a word before theirs, as
# in user stories, and have a name of their own, as sprint 1 has.
_AROUND = re.compile(
    r"milestone|sprint|version|project|user|member|people|release|iteration|board|column|team|epic|change"
)
_BESIDE_ITEMS = re.compile(
    r"label|\btags?\b|comment|attachment|event|activit|field|component|link|\b(?:work|change|audit)?logs?\b|histor"
    r"|\bnotes?\b|archive|deleted|trash"
)
# Those that are no items themselves; an epic is.
_GROUPS = re.compile(r"milestone|sprint|version|project|release|iteration|board|column|team")
_OF_ITEMS = re.compile(
    r"\b(?:tasks?|stor(?:y|ies)|items?|issues?|bugs?|defects?|features?|cards?|tickets?|todos?|requests?|backlog"
    r"|aufgaben?)$"
)
_OF_ONE = re.compile(r"(?:sprint|iteration|team|board|project|release|version|milestone) \S*[^s\W]|(?:current )?sprint")
# Lists within an item of what it is made of, and of others that it only knows.
_INNER = re.compile(r"child|sub|task|stor|item|issue|bug|feature|card|step|todo|teil|aufgabe")
_BESIDE = re.compile(r"link|relat|block|depend|duplic|parent|similar|prev|next|mention|clone|changelog|histor|comment")


def items_of(document: Any) -> list[Any]:
    """The entries of a document that are items, and behind each those that lie in it. Raises UnreadableFile."""
    return list(_with_children(_choice(document).items()))


def lists_left_out(document: Any) -> tuple[str, ...]:
    """What the report says of lists that could hold items and were not read."""
    lists = _lists(document) if isinstance(document, dict) else {}
    lists = {name: entries for name, entries in lists.items() if all(isinstance(entry, dict) for entry in entries)}
    if len(lists) < _LEAST_LISTS:
        return ()
    read = _choice(document).names
    return tuple(
        Nn_(
            "The list {name} with 1 entry was left out. If it holds items, import it as a file of its own.",
            "The list {name} with {count:,} entries was left out. If it holds items, import it as a file of its own.",
            len(entries),
            name=name,
        )
        for name, entries in lists.items()
        if read and name not in read and _may_hold_items(name, entries)
    )


def _may_hold_items(name: str, entries: list[Any]) -> bool:
    is_other = _is_of_others(name) and "archive" not in plain_name(name)
    return not is_other and _are_items(entries)


@dataclass(frozen=True, slots=True)
class _Choice:
    """The entries that are read, and what their lists are called where these lie directly in the document."""

    entries: list[Any]
    names: tuple[str, ...] = ()

    def items(self) -> list[Any]:
        """Of sprints, projects or columns of a board with the items in them, these; all other entries as they are."""
        groups = [(entry, _items_in(entry) if isinstance(entry, dict) else None) for entry in self.entries]
        inner = [(group, items) for group, items in groups if items is not None]
        is_named = bool(self.names) and all(_GROUPS.search(plain_name(name)) for name in self.names)
        if len(inner) < len(groups) or not any(items for _, items in inner):
            return self.entries
        if not is_named and any(_names(group) & _HOW_FAR for group, _ in inner):
            return self.entries
        return _of_groups(inner)


def _items_in(group: Mapping[str, Any]) -> list[Any] | None:
    """The items in one of them; None where it has no list for any."""
    lists = [
        each
        for name, each in group.items()
        if isinstance(each, list)
        and _OF_ITEMS.search(plain_name(name))
        and not _BESIDE.search(plain_name(name))
        and all(isinstance(entry, dict) and len(entry) >= _LEAST_OF_CHILD for entry in each)
        and _has_titles(each)
    ]
    return [entry for each in lists for entry in each] if lists else None


def _of_groups(groups: list[tuple[dict[str, Any], list[Any]]]) -> list[Any]:
    """Their items; what a group is called is their status, where they have none and it is called like one."""
    titles = [str(next((group[name] for name in group if name.casefold() in _TITLES), "")) for group, _ in groups]
    return _with_states(zip(titles, [items for _, items in groups], strict=True))


def _choice(document: Any) -> _Choice:
    """The lists of items beside each other; else the document itself, or the longest array directly inside it; deeper
    in it the only one of things with a title."""
    joined = _lists_alike(document) if isinstance(document, dict) else {}
    if joined:
        return _Choice(_with_states(joined.items()), tuple(joined))
    named = dict(document) if isinstance(document, dict) else {}
    others = {id(each) for name, each in named.items() if _is_of_others(name)}
    inside = named.values() if isinstance(document, dict) else [document]
    arrays = _arrays_of_objects(inside)
    for _ in range(_DEEPEST_ARRAY):
        if arrays:
            break
        inside = [value for each in inside if isinstance(each, dict) for value in each.values()]
        arrays = _arrays_of_objects(inside)
        arrays = arrays if len(arrays) == 1 and _has_titles(arrays[0]) else []
    if not arrays:
        raise UnreadableFile(N_("The JSON holds no array of objects. Needed is one object per item or week."))
    chosen = max(arrays, key=lambda entries: (_are_items(entries), id(entries) not in others, len(entries)))
    return _Choice(chosen, tuple(name for name, each in named.items() if each is chosen))


def _lists(document: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {str(name): each for name, each in document.items() if isinstance(each, list) and each}


def _is_of_others(name: str) -> bool:
    """Whether a list of that name holds other things than items; the stories of users are stories."""
    plain = plain_name(name)
    is_around = _AROUND.search(plain) and not _OF_ITEMS.search(plain) and not _OF_ONE.fullmatch(plain)
    return bool(is_around or _BESIDE_ITEMS.search(plain))


def _are_items(entries: list[Any]) -> bool:
    """Whether they have a title and say how far they are; comments and milestones beside them may be more."""
    return all(each & _TITLES and each & _HOW_FAR for each in map(_names, entries[:_PROBED]))


def _lists_alike(document: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Several lists of items beside each other, such as one for each status; none where they hold different things."""
    lists = {name: each for name, each in _lists(document).items() if not _is_of_others(name)}
    if not all(isinstance(entry, dict) for each in lists.values() for entry in each):
        return {}
    plain = [name for name in lists if not _OF_ONE.fullmatch(plain_name(name))]
    first = lists[next(iter(plain or lists))][0] if lists else {}
    lists = {name: each for name, each in lists.items() if name in plain or _is_alike(first, each[0])}
    is_one = len(lists) > 1 and _is_alike(first, first) and all(_is_alike(each[0], first) for each in lists.values())
    return lists if is_one else {}


def _with_states(lists: Iterable[tuple[str, list[Any]]]) -> list[Any]:
    """The entries of all; what a list is called is the status of its items, where these have none and it is called like
    one."""
    lists = list(lists)
    entries = [entry for _, each in lists for entry in each]
    if any(name.casefold() in _STATES for entry in entries for name in entry) or not all(
        guessed(name) for name, _ in lists
    ):
        return entries
    return [{**entry, "status": name} for name, each in lists for entry in each]


def _is_alike(entry: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether it is a thing with a title, and most of what it has the other one has as well."""
    names = {str(name).casefold() for name in entry}
    return not names.isdisjoint(_TITLES) and len(names & {str(name).casefold() for name in other}) >= _ALIKE * len(
        names
    )


def _with_children(entries: Iterable[Any], level: int = 0) -> Iterator[Any]:
    """The entries, and behind each those that lie in it and are items like it; with the key of the one around them."""
    for entry in entries:
        inner = _children(entry) if isinstance(entry, dict) and level < _DEEPEST_ARRAY else {}
        if not inner:
            yield entry
            continue
        yield {name: value for name, value in entry.items() if name not in inner}
        around = next((entry[name] for name in ("key", "Key", "id", "ID") if name in entry), None)
        for each in inner.values():
            yield from _with_children(({"parent": around, **child} for child in each), level + 1)


def _children(entry: dict[str, Any]) -> dict[str, list[Any]]:
    return {
        name: value
        for name, value in entry.items()
        if isinstance(value, list)
        and value
        and _INNER.search(name.casefold())
        and not _BESIDE.search(name.casefold())
        and all(isinstance(each, dict) and _is_alike(each, entry) for each in value)
        and len(value[0]) >= _LEAST_OF_CHILD
    }


def _arrays_of_objects(values: Iterable[Any]) -> list[list[Any]]:
    return [each for each in values if isinstance(each, list) and any(isinstance(entry, dict) for entry in each)]


def _has_titles(entries: list[Any]) -> bool:
    return all(each & _TITLES for each in map(_names, entries[:_PROBED]))


def _names(entry: Any) -> set[str]:
    """What an object has, without case; Jira's answers keep theirs inside `fields`."""
    if not isinstance(entry, dict):
        return set()
    nested = entry.get("fields")
    return {str(name).casefold() for name in (*entry, *(nested if isinstance(nested, dict) else ()))} - {"fields"}
