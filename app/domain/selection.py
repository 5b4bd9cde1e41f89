"""Which part of the work is asked about: conditions on the issues' fields, as the fields were known on one day.

Within a field any of the wanted values will do and none of the unwanted ones; between fields all must hold. Type,
version, sprint, epic, label and the like say what an item belongs to: it comes into the selection and leaves it when
its history says so. Status, assignee, resolution and free text say how it is: the last value known decides for all its
past. Where nothing tells the past of a field, what the issue says now holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from app.domain.calendar import Calendar
from app.domain.hierarchy import Hierarchy
from app.domain.items import Item
from app.domain.own_fields import own_values, plain
from store.records import Change, Issue


class Operator(StrEnum):
    """As written between field and value; beside nothing `IS` means empty and `IS_NOT` filled."""

    IS = "="
    IS_NOT = "!="
    CONTAINS = "~"
    LACKS = "!~"

    @property
    def is_wanted(self) -> bool:
        return self in (Operator.IS, Operator.CONTAINS)


class NotACondition(ValueError):
    """A text that is no condition; says how one is written."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`field` by its one name, see `named`; values are compared whatever their case."""

    field: str
    operator: Operator
    value: str

    def meets(self, values: Iterable[str]) -> bool:
        """Whether one of the values is the one named; for unwanted ones, whether none is."""
        wanted = self.value.casefold()
        texts = [text.casefold() for text in values if text]
        if not wanted:
            is_met = not texts
        elif self.field == TEXT or self.operator in (Operator.CONTAINS, Operator.LACKS):
            is_met = any(wanted in text for text in texts)
        else:
            is_met = wanted in texts
        return is_met is self.operator.is_wanted

    def __str__(self) -> str:
        return f"{self.field}{self.operator}{self.value}"


@dataclass(frozen=True, slots=True)
class Selection:
    """Without conditions it is all of the work.

    `own`: so many of the first conditions are those of the work list itself; they hold whatever else is asked of the
    same field.
    """

    conditions: tuple[Condition, ...] = ()
    own: int = 0

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def __str__(self) -> str:
        return " and ".join(map(str, self.conditions))

    @property
    def by_field(self) -> Mapping[str, tuple[Condition, ...]]:
        by_name: dict[str, list[Condition]] = {}
        for condition in self.conditions:
            by_name.setdefault(condition.field, []).append(condition)
        return {name: tuple(conditions) for name, conditions in by_name.items()}

    @property
    def tests(self) -> Mapping[str, tuple[Condition, ...]]:
        """What must all hold: the conditions by field, those of the work list itself apart, see `field_of`."""
        by_name: dict[str, list[Condition]] = {}
        for at, condition in enumerate(self.conditions):
            by_name.setdefault(condition.field + (_OWN if at < self.own else ""), []).append(condition)
        return {name: tuple(conditions) for name, conditions in by_name.items()}

    def within(self, outer: Selection) -> Selection:
        """Of a work list that is itself a part of the work."""
        return Selection((*outer.conditions, *self.conditions), len(outer.conditions))

    @property
    def sprint(self) -> str | None:
        """The name of the sprint where a sprint is all that is asked for."""
        if len(self.conditions) != 1 or self.conditions[0].field != SPRINT:
            return None
        condition = self.conditions[0]
        return condition.value or None if condition.operator is Operator.IS else None


ALL_WORK = Selection()
_OWN = "\0"
TEXT, SPRINT, EPIC, STATUS, CATEGORY = "text", "sprint", "epic", "status", "category"
# Other words for a field, as sources and people name it.
_ALIASES = {
    "issuetype": "type", "issue type": "type", "fixversion": "version", "fix version": "version",
    "fixversions": "version", "fix versions": "version", "fix_version": "version", "fix_versions": "version",
    "release": "version", "milestone": "version", "iteration": SPRINT, "cycle": SPRINT, "sprints": SPRINT,
    "versions": "version", "labels": "label", "tag": "label", "tags": "label", "components": "component",
    "epic link": EPIC, "state": STATUS, "column": STATUS, "search": TEXT, "issue": "key", "title": "summary",
    "owner": "assignee", "estimate": "points", "story points": "points",
}  # fmt: skip
_SINGLE = {
    "type": "type", "priority": "priority", "project": "project", "parent": "parent", "assignee": "assignee",
    "resolution": "resolution", "key": "key", "summary": "summary",
}  # fmt: skip
_LISTS = {"version": "fix_versions", SPRINT: "sprints", "label": "labels", "component": "components"}
FIELDS = ("type", STATUS, CATEGORY, "version", EPIC, SPRINT, "label", "component", "priority", "assignee", TEXT,
          "key", "summary", "parent", "project", "resolution", "points", "flagged")  # fmt: skip
# What an item belongs to, so that it comes and goes with it.
_BELONGS = frozenset({"type", "version", EPIC, SPRINT, "label", "component", "priority", "parent", "project"})
# What a history calls the field.
_CHANGED = {
    "version": ("fix version",),
    "label": ("labels", "label"),
    "component": ("component", "components"),
    EPIC: ("epic link", "parent"),
}
CHANGED_NAMES = frozenset(name for names in _CHANGED.values() for name in names)
_WRITTEN = re.compile(r"([^=!~]+)(!=|!~|=|~)(.*)", re.DOTALL)


def named(field: str) -> str:
    """The one name of a field; of one that only this source has, the name as it is."""
    name = plain(field)
    return _ALIASES.get(name, name)


def condition(text: str) -> Condition:
    """From "type=Bug", "status!=Done", "summary~login", "version=" (empty). Raises NotACondition."""
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise NotACondition(
            f"{text!r} is no condition. Write FIELD=VALUE, FIELD!=VALUE or FIELD~PART; nothing after = means empty."
        )
    field, operator, value = written.groups()
    return Condition(named(field.strip()), Operator(operator), value.strip())


def selection(texts: Iterable[str]) -> Selection:
    """From conditions as texts, such as an address or a command holds. Raises NotACondition."""
    return Selection(tuple(dict.fromkeys(map(condition, texts))))


def texts(chosen: Selection) -> tuple[str, ...]:
    """The inverse of `selection`."""
    return tuple(map(str, chosen.conditions))


class _State(NamedTuple):
    """The values of a field from an instant on; None: from the beginning."""

    since: datetime | None
    values: tuple[str, ...]


class Values:
    """The values of any field of an item, now and over its history."""

    def __init__(self, hierarchy: Hierarchy, changes: Iterable[Change] = (), chosen: Selection = ALL_WORK) -> None:
        self._hierarchy = hierarchy
        names = {name: field for field in chosen.by_field for name in _CHANGED.get(field, (field,))}
        self._histories: dict[str, dict[str, list[Change]]] = {}
        for change in changes:
            if change.field in names:
                of_issue = self._histories.setdefault(change.issue_key, {})
                of_issue.setdefault(names[change.field], []).append(change)
        for of_issue in self._histories.values():
            for history in of_issue.values():
                history.sort(key=attrgetter("at"))
        self._with_commas = self._names_with_commas(chosen) if self._histories else ()
        # Fields of this source alone that hold several values at once: a history writes them one after the other.
        self._several = self._lists_among(chosen.by_field) if self._histories else frozenset[str]()

    def _names_with_commas(self, chosen: Selection) -> tuple[str, ...]:
        """Longest first; a list in a history does not quote them."""
        issues = self._hierarchy.issues.values()
        named = (name for issue in issues for field in _LISTS.values() for name in getattr(issue, field))
        values = (condition.value for condition in chosen.conditions)
        return tuple(sorted({name for name in (*named, *values) if "," in name}, key=lambda name: (-len(name), name)))

    def _lists_among(self, fields: Iterable[str]) -> frozenset[str]:
        own = [field for field in fields if field not in FIELDS]
        issues = self._hierarchy.issues.values() if own else ()
        return frozenset(field for field in own if any(len(own_values(issue, field)) > 1 for issue in issues))

    def now(self, item: Item, field: str) -> tuple[str, ...]:
        """As the issue says at present; its status as last known. A list for what may hold several values."""
        issue = item.issue
        if field in _SINGLE:
            return (getattr(issue, _SINGLE[field]),)
        if field in _LISTS:
            return tuple(getattr(issue, _LISTS[field]))
        match field:
            case "status":
                return (item.status,)
            case "category":
                return (item.category.value,)
            case "text":
                return (issue.key, issue.summary)
            case "points":
                return () if item.points is None else (f"{item.points:g}",)
            case "epic":
                return self._epics(issue)
        return own_values(issue, field)

    def _epics(self, issue: Issue) -> tuple[str, ...]:
        """Keys and names of all that it is part of; of a whole, its own too."""
        above = self._hierarchy.ancestors(issue)
        if not above and issue.parent:
            # Some trackers name the whole and do not list it.
            return (issue.parent,)
        own = [issue] if issue.key in self._hierarchy.children else []
        return tuple(text for part in (*own, *above) for text in (part.key, part.summary))

    def has_history(self, field: str) -> bool:
        """Whether anything tells how the field changed, of any issue."""
        return any(field in of_issue for of_issue in self._histories.values())

    def known(self, item: Item, field: str, until: datetime) -> tuple[str, ...]:
        """The last values that were known before that instant, where a history tells them; else those of now."""
        if not self._histories:
            return self.now(item, field)
        states = [state for state in self.over_time(item, field) if state.since is None or state.since < until]
        return states[-1].values

    def over_time(self, item: Item, field: str) -> list[_State]:
        """Oldest first; one state where the field has no history."""
        present = self.now(item, field)
        history = self._histories.get(item.issue.key, {}).get(field)
        if not history or field == STATUS:
            return [_State(None, present)]
        if field in ("version", "component"):
            return _told_back(present, history)
        states = [_State(None, self._split(field, history[0].from_value))]
        states += [_State(change.at, self._split(field, change.to_value)) for change in history]
        if field != SPRINT and present != states[-1].values:
            # The history stops short of what the issue says, or a value has another name by now.
            states[-1] = _State(states[-1].since, present)
        return states

    def _split(self, field: str, text: str | None) -> tuple[str, ...]:
        if not text:
            return ()
        if field == "label" and "," not in text:
            return tuple(text.split())
        if field not in _LISTS and field not in self._several:
            return (text,)
        spaced = f", {text.replace(', ', ',').replace(',', ', ')}, "
        for name in self._with_commas:
            if f", {name}, " in spaced:
                rest = spaced.replace(f", {name}, ", ", ", 1).strip(", ")
                return (name, *self._split(field, rest))
        return tuple(part.strip() for part in text.split(",") if part.strip())


def _told_back(present: tuple[str, ...], history: Sequence[Change]) -> list[_State]:
    """Of a field whose history names what was put in and what was taken out, one at a time."""
    values = list(present)
    states: list[_State] = []
    for change in reversed(history):
        states.append(_State(change.at, tuple(values)))
        if change.to_value and change.to_value in values:
            values.remove(change.to_value)
        if change.from_value and change.from_value not in values:
            values.append(change.from_value)
    return [_State(None, tuple(values)), *reversed(states)]


def select(
    items: Sequence[Item], values: Values, chosen: Selection, calendar: Calendar, known_until: datetime
) -> tuple[Item, ...]:
    """The items that are or were in the selection, each in scope only while it is in both."""
    tests = chosen.tests
    selected = (_selected(item, values, tests, calendar, known_until) for item in items)
    return tuple(item for item in selected if item is not None)


def _selected(
    item: Item, values: Values, tests: Mapping[str, tuple[Condition, ...]], calendar: Calendar, known_until: datetime
) -> Item | None:
    belongs: dict[str, list[_State]] = {}
    for test, conditions in tests.items():
        field = field_of(test)
        states = [state for state in values.over_time(item, field) if state.since is None or state.since < known_until]
        if field not in _BELONGS or len(states) == 1:
            if not _holds(conditions, states[-1].values):
                return None
        else:
            belongs[test] = states
    if not belongs:
        return item
    turns = [(calendar.day_of(at) if at else None, inside) for at, inside in _turns(belongs, tests)]
    return _within(item, turns, moves_back=SPRINT not in map(field_of, tests))


def belongs(item: Item, values: Values, chosen: Selection) -> bool:
    """Whether it is in the selection at present; an epic is one with what lies below it, be that nothing yet."""
    itself = (item.issue.key, item.issue.summary)
    return all(
        _holds(conditions, values.now(item, field) + (itself if field == EPIC else ()))
        for test, conditions in chosen.tests.items()
        for field in (field_of(test),)
    )


def field_of(test: str) -> str:
    """The field that a test of `Selection.tests` is about."""
    return test.removesuffix(_OWN)


def _holds(conditions: Sequence[Condition], values: tuple[str, ...]) -> bool:
    wanted = [condition for condition in conditions if condition.operator.is_wanted]
    unwanted = (condition for condition in conditions if not condition.operator.is_wanted)
    return (not wanted or any(each.meets(values) for each in wanted)) and all(each.meets(values) for each in unwanted)


def _turns(
    belongs: Mapping[str, Sequence[_State]], tests: Mapping[str, tuple[Condition, ...]]
) -> Iterator[tuple[datetime | None, bool]]:
    """Whether it is inside in the beginning, and each instant at which that changes."""
    holds = {field: _holds(tests[field], states[0].values) for field, states in belongs.items()}
    inside = all(holds.values())
    yield None, inside
    later = sorted(
        (state.since, field, state.values) for field, states in belongs.items() for state in states if state.since
    )
    for at, field, values in later:
        holds[field] = _holds(tests[field], values)
        if all(holds.values()) != inside:
            inside = not inside
            yield at, inside


def _within(item: Item, turns: Sequence[tuple[date | None, bool]], moves_back: bool) -> Item | None:
    """The item in scope only while inside. `moves_back`: what is put in after it was finished belongs there from its
    finish on: a version is often named when the work is done."""
    first, gone = item.entered[0], item.left[0] if item.left else None
    entered: list[date] = []
    left: list[date] = []
    for day, inside in turns:
        on = first if day is None or day < first else day
        if gone is not None and on > gone:
            break
        if inside:
            entered.append(on)
        elif entered:
            left.append(on)
    if not entered:
        return None
    if gone is not None and len(entered) > len(left):
        left.append(max(gone, entered[-1]))
    done = item.done
    if moves_back and done is not None and len(entered) > len(left) and done < entered[-1]:
        entered[-1] = max(done, left[-1]) if left else done
    return replace(item, entered=tuple(entered), left=tuple(left))
