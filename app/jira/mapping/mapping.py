"""Jira's JSON to records, purely: the same answer and the same mapping always give the same records."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple

from app.domain.extras import BLOCKED_BY, HISTORY_CUT, HISTORY_WHOLE, RELEASES
from app.domain.own_fields import plain
from app.domain.statuses import guessed
from app.domain.statuses import named as named_status
from app.jira.client import FieldInfo, parse_instant
from app.jira.mapping.links import blockers, release_days
from app.jira.mapping.own import own_values, own_with_history
from app.jira.shape import NAME, SUMMARY, WORDS, Json, an_object, cut, objects, text, word
from store.documents import connection_of
from store.records import Category, Change, Issue, Profile, Sprint, thawed
from store.settings import FieldMapping

_CATEGORIES = {"new": Category.TODO, "indeterminate": Category.IN_PROGRESS, "done": Category.DONE}
# The same on every Jira; 1 is the one that says nothing.
_CATEGORY_IDS = {"2": Category.TODO, "4": Category.IN_PROGRESS, "3": Category.DONE}
# Jira's names of fields in histories; the English ones stand there whatever the user's language.
_CHANGED = {
    "status": "status",
    "resolution": "resolution",
    "issuetype": "type",
    "fix version": "fix version",
    "fixversions": "fix version",
}


def changed_fields(mapping: FieldMapping, points: str | None = None) -> dict[str, str]:
    """What a history may call a kept field, in lower case, to what we call its changes.

    `points`: the field that the issue has its points from; None: the first.
    """
    kept = dict(_CHANGED)
    points = mapping.points if points is None else points
    for field_id, noun in ((points, "points"), (mapping.sprint, "sprint"), (mapping.flagged, "flagged")):
        if field_id:
            kept[field_id.casefold()] = noun
            name = mapping.names.get(field_id, "").casefold()
            if name:
                kept.setdefault(name, noun)
    # By the name that conditions go by; a field of the same name that is kept otherwise goes before.
    for field_id, name in own_with_history(mapping.own or {}).items():
        kept.setdefault(field_id.casefold(), plain(name))
        kept.setdefault(plain(name), plain(name))
    return kept


def with_legacy_points(mapping: FieldMapping, profile: Profile, known: Sequence[FieldInfo]) -> FieldMapping:
    """The field that was chosen in the old app, where the server still has it, wins over what was found."""
    chosen = connection_of(profile).points_field
    name = next((each.name for each in known if each.id == chosen), None)
    return replace(mapping.with_points(chosen), names={**mapping.names, chosen: name}) if name is not None else mapping


class SprintMove(NamedTuple):
    """The ids of the sprints before and after the change at `place`: their names may have become others."""

    place: int
    before: tuple[str, ...]
    after: tuple[str, ...]


class Course(NamedTuple):
    """An issue's history: changes oldest first, and of those between sprints the ids, where Jira gives them."""

    changes: tuple[Change, ...] = ()
    moves: tuple[SprintMove, ...] = ()


class Doubt(StrEnum):
    """Its status had no category; two of its fields hold points, and different ones."""

    CATEGORY = "category"
    POINTS = "points"


class Mapped(NamedTuple):
    """One issue as records: itself, its history oldest first, and the sprints that it names.

    Sprints have the names that Jira uses; `app.jira.sprints` settles them. `points_field`: where its points are from.
    `doubts`: what had to be guessed about it, see `Doubt`.
    """

    issue: Issue
    changes: tuple[Change, ...]
    sprints: tuple[Sprint, ...]
    moves: tuple[SprintMove, ...] = ()
    points_field: str | None = None
    doubts: tuple[Doubt, ...] = ()


_ThawedIssue = thawed(Issue)


def map_issue(
    raw: Json, history: Sequence[Json] | None, mapping: FieldMapping, base_url: str, is_whole: bool = True
) -> Mapped | None:
    """None for something without a key, or with a text for one. `history`: None where nobody asked for it, of which
    nothing is missing where it `is_whole`."""
    key = text(raw.get("key"))
    if not key or len(key) > NAME:
        return None
    value = an_object(raw.get("fields")).get
    in_sprints = value(mapping.sprint) if mapping.sprint else None
    sprints = sprints_of(in_sprints) if in_sprints else ()
    new = _filled(raw, key, value, mapping)
    # Without a server there is nothing to lead to.
    new.url = f"{base_url}/browse/{key}" if base_url else ""
    new.sprints = tuple(dict.fromkeys([sprint.name for sprint in sprints])) if sprints else ()
    doubts: tuple[Doubt, ...] = ()
    if new.category is None:
        new.category = _category_guessed(new.status, new.resolved is not None)
        doubts = (Doubt.CATEGORY,)
    if new.resolved is None and new.category is Category.DONE and (moved := value("statuscategorychangedate")):
        # Of what is done without a resolution that is the day it was done.
        new.resolved = _instant(moved)
    points_field: str | None = None
    if mapping.more_points:
        new.points, points_field, is_twice = _completed_points(value, new.points, mapping)
        doubts = (*doubts, Doubt.POINTS) if is_twice else doubts
    new.__class__ = Issue
    mapped = Mapped(new, (), sprints, (), points_field, doubts)
    return mapped if history is None else with_history(mapped, history, mapping, is_whole)


def _filled(raw: Json, key: str, value: Callable[[str], Any], mapping: FieldMapping) -> Any:
    """The thawed issue with all that one field tells; its category is None where the status does not tell it."""
    status, project, summary = an_object(value("status")), an_object(value("project")).get("key"), value("summary")
    status_name = status.get("name")
    # Without the frozen record's call per field: there are two dozen of them in tens of thousands of issues. For the
    # same reason nothing is called for the many that are empty.
    new = _ThawedIssue()
    new.key = key
    is_plain = type(summary) is str and len(summary) <= SUMMARY and summary.isascii() and "\0" not in summary
    new.summary = summary if is_plain else cut(text(summary), SUMMARY)
    new.type = _name(value("issuetype"))
    new.status = WORDS[status_name] if type(status_name) is str else word(status_name)
    new.category = _category_told(status)
    new.created = _instant(value("created"))
    new.updated = _instant(value("updated"))
    new.started = None
    new.resolved = _instant(ended) if (ended := value("resolutiondate")) else None
    new.points = None
    if mapping.points and (points := value(mapping.points)) is not None:
        new.points = points_of(points)
    new.source_id = text(raw.get("id"))
    new.project = (WORDS[project] if type(project) is str else word(project)) or word(key.rpartition("-")[0])
    new.priority = _name(value("priority"))
    new.resolution = _name(value("resolution"))
    parent, epic = value("parent"), value(mapping.epic) if mapping.epic else None
    new.parent = _parent(parent, epic) if parent or epic else ""
    new.assignee = _person(value("assignee"))
    new.labels = _names(named) if (named := value("labels")) else ()
    new.components = _names(named) if (named := value("components")) else ()
    new.fix_versions, days = _versions(versions) if (versions := value("fixVersions")) else _NO_VERSIONS
    new.in_query = True
    new.left_query = None
    new.extras = {"flagged": True} if mapping.flagged and value(mapping.flagged) else {}
    if mapping.own:
        new.extras.update(own_values(value, mapping.own))
    if days:
        new.extras[RELEASES] = days
    if (links := value("issuelinks")) and (waits_for := blockers(links)):
        new.extras[BLOCKED_BY] = waits_for
    return new


def with_history(mapped: Mapped, history: Sequence[Json], mapping: FieldMapping, is_whole: bool = True) -> Mapped:
    """With its history; of which the beginning is missing unless it `is_whole`. The issue comes of `map_issue` just now
    and stays the same, finished."""
    issue = mapped.issue
    if history:
        course = map_history(issue.key, history, mapping, mapped.points_field)
        mapped = mapped._replace(changes=course.changes, moves=course.moves)
    if not is_whole:
        _set(issue, "extras", {**issue.extras, HISTORY_CUT: True})
    elif not mapped.changes or not any(change.field == "status" for change in mapped.changes):
        _never_moved(issue)
    return mapped


def _never_moved(issue: Issue) -> None:
    """As its whole history says that it never was in another status. What is done was so when it came; where it is said
    to have been resolved later, its history has lost that."""
    if issue.category is Category.DONE:
        resolved, created = issue.resolved, issue.created
        if resolved is not None and resolved != created:
            return
        _set(issue, "resolved", created)
    # One for all that have nothing else, which are most: nobody writes into it.
    _set(issue, "extras", {**issue.extras, HISTORY_WHOLE: True} if issue.extras else _WHOLE)


_WHOLE = {HISTORY_WHOLE: True}
# Of a record that is still being made. Another one in its place took three times as long.
_set = object.__setattr__


def _category_told(status: Json) -> Category | None:
    """By the category's key, else its name or id, as trimmed answers and older servers give; None for none of them."""
    category = status.get("statusCategory")
    if type(category) is not dict:
        return _CATEGORIES.get(category.casefold()) or named_status(category) if type(category) is str else None
    key = category.get("key")
    by_key = _CATEGORIES.get(key) if type(key) is str else None
    if by_key is not None:
        return by_key
    return named_status(text(category.get("name"))) or _CATEGORY_IDS.get(text(category.get("id")))


def _category_guessed(status: str, is_resolved: bool) -> Category:
    """As of a status in a file without categories: a usual name decides, then the resolution, then a telling word."""
    category = named_status(status)
    if category is not None:
        return category
    return Category.DONE if is_resolved else guessed(status) or Category.TODO


def is_done(status: Any, is_resolved: bool = False) -> bool:
    """Whether a status as Jira answers it counts as done."""
    status = an_object(status)
    category = _category_told(status) or _category_guessed(text(status.get("name")), is_resolved)
    return category is Category.DONE


def _completed_points(
    value: Callable[[str], Any], points: float | None, mapping: FieldMapping
) -> tuple[float | None, str, bool]:
    """The points, from the first of the fields that has any; which one that is; whether another says otherwise."""
    others = [(each, points_of(value(each))) for each in mapping.more_points]
    if points is None:
        other_field = next(((each, amount) for each, amount in others if amount is not None), None)
        return (other_field[1], other_field[0], False) if other_field else (None, mapping.points, False)
    return points, mapping.points, any(amount is not None and amount != points for _, amount in others)


def map_history(key: str, history: Sequence[Json], mapping: FieldMapping, points_field: str | None = None) -> Course:
    """The changes of kept fields, oldest first; of equal instants in Jira's order of ids."""
    kept = changed_fields(mapping, points_field)
    entries: dict[str, tuple[datetime, int, list[Change]]] = {}
    of_sprints: dict[int, tuple[Change, Json]] = {}
    for place, entry in enumerate(objects(list(history))):
        at = _instant(entry.get("created"))
        if at is None:
            continue
        author = _person(entry.get("author")) if mapping.authors else ""
        changes = []
        for item in objects(entry.get("items")):
            noun = kept.get(_field_key(item, kept))
            if noun is None:
                continue
            change = Change(key, at, noun, _optional(item.get("fromString")), _optional(item.get("toString")), author)
            changes.append(change)
            if noun == "sprint":
                of_sprints[id(change)] = change, item
        number = text(entry.get("id"))
        # Entries can come twice when pages overlap.
        entries[number or f"place {place}"] = (
            at,
            int(number) if number.isdecimal() and len(number) < 20 else place,
            changes,
        )
    ordered = sorted(entries.values(), key=lambda each: each[:2])
    changed = tuple(change for _, _, changes in ordered for change in changes)
    return Course(changed, _moves(changed, of_sprints) if of_sprints else ())


def _moves(changed: Sequence[Change], of_sprints: Mapping[int, tuple[Change, Json]]) -> tuple[SprintMove, ...]:
    items = ((place, of_sprints[id(change)][1]) for place, change in enumerate(changed) if id(change) in of_sprints)
    moves = (SprintMove(place, _ids(item.get("from")), _ids(item.get("to"))) for place, item in items)
    return tuple(move for move in moves if move.before or move.after)


def _ids(listed: Any) -> tuple[str, ...]:
    return tuple(each.strip() for each in text(listed).split(",") if each.strip())


def trimmed_history(history: Sequence[Json], keep: frozenset[str], authors: bool = False) -> list[dict[str, Any]]:
    """A raw history with what a later mapping can need: no long texts, and of people at most the authors' names.

    `keep`: ids and names of fields in lower case; entries without any of them are dropped.
    """
    trimmed: list[dict[str, Any]] = []
    if not history:
        return trimmed
    for entry in objects(list(history)):
        items = [
            {name: item.get(name) for name in (_WITH_IDS if item.get("field") == "Sprint" else _TEXTS)}
            for item in objects(entry.get("items"))
            if text(item.get("fieldId")).casefold() in keep or text(item.get("field")).casefold() in keep
        ]
        if items:
            author = {"author": {"displayName": _person(entry.get("author"))}} if authors else {}
            trimmed.append({"id": entry.get("id"), "created": entry.get("created"), "items": items, **author})
    return trimmed


_TEXTS = ("field", "fieldId", "fromString", "toString")
# Sprints are renamed; of everything else the text says enough.
_WITH_IDS = (*_TEXTS, "from", "to")


def _field_key(item: Json, kept: Mapping[str, str]) -> str:
    """The id decides where there is one: two fields may have the same name."""
    field_id = text(item.get("fieldId")).casefold()
    if field_id in kept or field_id.startswith("customfield_"):
        return field_id
    return text(item.get("field")).casefold()


# -- single values --------------------------------------------------------------------------------------


# As in any file; an endless number and none at all are beyond it too.
_MOST_POINTS = 1e9


def points_of(value: Any) -> float | None:
    """A number, a numeric text, or an object with one inside; None for anything else, and for no amount of work."""
    if isinstance(value, Mapping):
        value = value.get("value")
    if isinstance(value, bool) or value is None:
        return None
    try:
        points = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return points if 0 <= points <= _MOST_POINTS else None


# The text form of older servers: Sprint@1f[id=5,rapidViewId=2,state=CLOSED,name=A, with comma,goal=<null>,…]
_OLD_SPRINT = re.compile(r"\[(.*)\]\s*$", re.DOTALL)
_OLD_PART = re.compile(
    r"(?:^|,)(id|rapidViewId|state|name|goal|startDate|endDate|completeDate|activatedDate|sequence|autoStartStop"
    r"|incompleteIssuesDestinationId|synced)="
)


def sprints_of(value: Any) -> tuple[Sprint, ...]:
    """The sprints of a sprint field, in both of its forms; what is neither is left out."""
    if not value:
        return ()
    values = value if isinstance(value, list) else [value]
    sprints = [_old_sprint(each) if type(each) is str else sprint_of(an_object(each)) for each in values]
    return tuple([sprint for sprint in sprints if sprint is not None])


# A few hundred sprints stand in tens of thousands of issues.
@lru_cache(maxsize=2048)
def _old_sprint(written: str) -> Sprint | None:
    inside = _OLD_SPRINT.search(written)
    if inside is None:
        return Sprint(word(written.strip())) if written.strip() and "[" not in written else None
    pieces = _OLD_PART.split(inside.group(1))
    # The first of each name counts: a goal may contain anything that looks like a further part.
    parts: dict[str, str] = {}
    for name, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        parts.setdefault(name, piece)
    return sprint_of({name: None if piece == "<null>" else piece for name, piece in parts.items()})


def sprint_of(parts: Json) -> Sprint | None:
    """One sprint as a JSON object; None without a name."""
    part = parts.get
    times = part("startDate"), part("endDate"), part("completeDate")
    answered = part("name"), part("id"), part("state"), part("goal"), *times
    try:
        return _made_sprint(*answered)
    except TypeError:
        # A list or an object where a text should be.
        return _made_sprint(*map(text, answered))


# By what was answered: to look at each part before takes as long as the rest. A number is another one than its text.
@lru_cache(maxsize=2048, typed=True)
def _made_sprint(name: Any, source_id: Any, state: Any, goal: Any, *times: Any) -> Sprint | None:
    called = word(name)
    if not called:
        return None
    start, end, completed = (_instant(text(each)) for each in times)
    return Sprint(called, text(source_id), text(state).casefold(), start, end, completed, text(goal))


def _parent(parent: Any, epic: Any) -> str:
    return (parent and word(an_object(parent).get("key"))) or (epic and word(epic)) or ""


def _instant(value: Any) -> datetime | None:
    if type(value) is str and value[23:] == "+0000":
        # As nearly all of them are; the general way takes four times as long.
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return None
        return at.replace(microsecond=0) if at.microsecond else at
    instant = parse_instant(value) if value else None
    try:
        return instant.astimezone(UTC).replace(microsecond=0) if instant is not None else None
    except OverflowError:
        return None


def _optional(value: Any) -> str | None:
    if value in (None, ""):
        return None
    return WORDS[value] if type(value) is str and len(value) <= NAME else intern(cut(text(value), SUMMARY))


def _name(value: Any) -> str:
    if not value:
        return ""
    # Nearly all have a text there: to ask first takes as long as to look it up.
    try:
        return WORDS[value["name"]]
    except (TypeError, KeyError):
        return word(value.get("name")) if type(value) is dict else ""


def _names(value: Any) -> tuple[str, ...]:
    """Of a list of texts, or of what has a name."""
    if type(value) is not list:
        return ()
    try:
        if len(value) == 1:
            (each,) = value
            name = WORDS[each["name"] if type(each) is dict else each]
            return (name,) if name else ()
        return tuple(filter(None, [WORDS[each["name"] if type(each) is dict else each] for each in value]))
    except (TypeError, KeyError):
        return tuple(filter(None, [_name(each) if type(each) is dict else word(each) for each in value]))


_Versions = tuple[tuple[str, ...], Mapping[str, str]]
_NO_VERSIONS: _Versions = (), {}


def _versions(value: Any) -> _Versions:
    """Their names, and the days of their releases."""
    try:
        return _made_versions(*[part for each in value for part in (each["name"], each.get("releaseDate"))])
    except (TypeError, KeyError, AttributeError):
        return _names(value), release_days(value)


# By what was answered, as sprints are: hundreds of issues have the same versions. Nobody writes into the days.
@lru_cache(maxsize=4096, typed=True)
def _made_versions(*parts: Any) -> _Versions:
    names, days = parts[::2], parts[1::2]
    listed = [{"name": name, "releaseDate": day} for name, day in zip(names, days, strict=True)]
    return _names(listed), release_days(listed)


def _person(value: Any) -> str:
    if type(value) is not dict:
        return ""
    name = value.get("displayName")
    return (WORDS[name] if type(name) is str else word(name)) or _name(value)
