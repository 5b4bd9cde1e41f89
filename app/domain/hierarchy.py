"""Epics, stories and sub-tasks: which issue is part of which, and how the same work is counted once.

An epic counts until it is broken down: from the day on which its first child came, its children stand for it. Stories
and their sub-tasks both count. `Counting` says otherwise; what nobody stands for is never left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from app.domain.items import Item
from store.records import Issue


class Level(StrEnum):
    EPIC = "epics"
    STORY = "stories"
    SUB_TASK = "sub-tasks"


class Counting(StrEnum):
    """Which levels count where both a whole and its parts are there."""

    USUAL = "epics by their parts"
    ALL = "everything"
    LEAVES = "smallest parts only"
    WHOLES = "without sub-tasks"

    @property
    def levels(self) -> frozenset[Level]:
        """What counts beside its own parts or its own whole."""
        return _COUNTED[self]


_COUNTED = {
    Counting.USUAL: frozenset({Level.STORY, Level.SUB_TASK}),
    Counting.ALL: frozenset(Level),
    Counting.LEAVES: frozenset({Level.SUB_TASK}),
    Counting.WHOLES: frozenset({Level.STORY}),
}

# The type of a row in a plan that sums up those below it.
SUMMARY_TASK = "Summary task"
_EPICS = (SUMMARY_TASK.casefold(), "epic", "epik", "epos", "épopée", "epopee", "épica", "epica", "initiative", "theme",
          "saga", "capability", "эпик", "эпос", "epopeja", "épico", "eepos", "エピック", "史诗", "長篇故事",
          "에픽")  # fmt: skip
# What is nothing but a whole, by all of its name.
_WHOLES = frozenset(
    {"folder", "ordner", "dossier", "carpeta", "cartella", "pasta", "portfolio", "portfolio item", "phase", "fase",
     "summary", "sammelvorgang", "section", "task list", "tasklist"}
)  # fmt: skip
_SUB_TASKS = ("sub-task", "subtask", "sub task", "unteraufgabe", "sous-tâche", "subtarea", "subtarefa",
              "sottoattività", "subtaak", "podzadanie", "подзадача", "サブタスク", "子任务", "子任務", "하위 작업",
              "underuppgift", "deluppgift", "underoppgave", "deloppgave", "underopgave", "delopgave", "alitehtävä",
              "dílčí úkol", "podúkol", "čiastková úloha", "alt görev", "підзавдання", "подзадание")  # fmt: skip
_STORIES = ("story", "user story", "userstory", "product backlog item", "requirement", "historia", "história", "récit",
            "historia de usuario", "récit utilisateur", "история", "ストーリー", "用户故事", "스토리")  # fmt: skip
# Deeper than any tracker's; a circle of parents ends here too.
_DEEPEST = 8


class SizeFrom(StrEnum):
    FIXED = "fixed"
    PERCENTILE = "percentile"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class EpicSize:
    """What an open epic is taken to come to: `value` items or points, or the percentile of finished epics."""

    source: SizeFrom
    value: float = 0.0

    @classmethod
    def of(cls, text: str) -> EpicSize | None:
        """From "12", "70 %" or "estimate"; None for an empty text. Raises ValueError for any other."""
        size = text.strip().casefold()
        if not size:
            return None
        if size == SizeFrom.ESTIMATE:
            return cls(SizeFrom.ESTIMATE)
        is_percentile = size.endswith("%")
        try:
            value = float(size.removesuffix("%"))
        except ValueError:
            value = 0.0
        if not 0 < value <= (100 if is_percentile else 1e6):
            raise ValueError(f"{text!r} is no size of an epic")
        return cls(SizeFrom.PERCENTILE if is_percentile else SizeFrom.FIXED, value)


def level_named(kind: str) -> Level | None:
    """What the name of a type says by itself."""
    name = kind.casefold()
    epic, part = (any(word in name for word in words) for words in (_EPICS, _SUB_TASKS))
    return Level.EPIC if epic or name in _WHOLES else Level.SUB_TASK if part else None


class Hierarchy:
    """The parts of a query's issues; a parent that is not among them has no say."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self._levels: dict[str, Level | None] = {}
        self.issues = {issue.key: issue for issue in issues}
        self.children: dict[str, list[Issue]] = {}
        self._types = {issue.type for issue in self.issues.values()}
        for issue in self.issues.values():
            if issue.parent and issue.parent != issue.key and issue.parent in self.issues:
                self.children.setdefault(issue.parent, []).append(issue)

    @property
    def has_epics(self) -> bool:
        """Whether any issue may be one: by its type's name or by what is below it."""
        return bool(self.children) or any(self._named(kind) is Level.EPIC for kind in self._types)

    def ancestors(self, issue: Issue) -> list[Issue]:
        """Its parent first."""
        issues: list[Issue] = []
        at = issue
        while at.parent in self.issues and len(issues) < _DEEPEST:
            at = self.issues[at.parent]
            if at.key == issue.key or at in issues:
                break
            issues.append(at)
        return issues

    def level(self, issue: Issue) -> Level:
        """By its type's name, else by what lies above and below it."""
        named = self._named(issue.type)
        if named is not None:
            return named
        if self._is_above_stories(issue):
            return Level.EPIC
        parent = self.issues.get(issue.parent)
        if parent is not None and parent.key != issue.key and self.level_of_parent(parent) is not Level.EPIC:
            return Level.SUB_TASK
        return Level.STORY

    def are_epics(self, items: Iterable[Item]) -> list[Item]:
        """Those whose `level` that is: by what is the same for all of a type, since most of many items are none."""
        named = {kind: self._named(kind) for kind in self._types}
        by_name = {kind for kind, level in named.items() if level is Level.EPIC}
        unnamed = {kind for kind, level in named.items() if level is None}
        above = self._above_stories
        return [
            item
            for item in items
            if (issue := item.issue).type in by_name or (issue.key in above and issue.type in unnamed)
        ]

    def _named(self, kind: str) -> Level | None:
        """What a type's name says, looked up once a name."""
        if kind not in self._levels:
            self._levels[kind] = level_named(kind)
        return self._levels[kind]

    def level_of_parent(self, issue: Issue) -> Level:
        """As `level`, without a look further up: whatever has children is no sub-task."""
        is_epic = self._named(issue.type) is Level.EPIC or self._is_above_stories(issue)
        return Level.EPIC if is_epic else Level.STORY

    def _is_above_stories(self, issue: Issue) -> bool:
        """A feature of stories, or a parent of parents."""
        return issue.key in self._above_stories

    @cached_property
    def _above_stories(self) -> frozenset[str]:
        """Looked up for each child again: an epic of thousands is gone through once."""
        return frozenset(
            key
            for key, children in self.children.items()
            if any(child.type.casefold() in _STORIES or child.key in self.children for child in children)
        )


def counted_once(items: Sequence[Item], hierarchy: Hierarchy, counted: frozenset[Level]) -> tuple[Item, ...]:
    """The items without those for which others stand, from the day on which these came."""
    if not hierarchy.children or counted == frozenset(Level):
        return items if isinstance(items, tuple) else tuple(items)
    came = {item.issue.key: item.entered[0] for item in items}
    counted_items = (_counted(item, hierarchy, counted, came) for item in items)
    return tuple(item for item in counted_items if item is not None)


def _counted(item: Item, hierarchy: Hierarchy, counted: frozenset[Level], came: Mapping[str, date]) -> Item | None:
    issue = item.issue
    level = hierarchy.level(issue) if issue.key in hierarchy.children or issue.parent in hierarchy.issues else None
    if level is None or level in counted:
        return item
    if level is Level.SUB_TASK:
        return None if any(parent.key in came for parent in hierarchy.ancestors(issue)) else item
    children = [came[child.key] for child in hierarchy.children.get(issue.key, ()) if child.key in came]
    return _until(item, min(children)) if children else item


def _until(item: Item, day: date) -> Item | None:
    """The item as if it left the scope on that day; None where it never was in it for a whole day."""
    entered = tuple(on for on in item.entered if on < day)
    left = tuple(on for on in item.left if on < day)
    if not entered:
        return None
    return replace(item, entered=entered, left=left if len(left) == len(entered) else (*left, day))


def left_out(items: Sequence[Item], counted: Sequence[Item], hierarchy: Hierarchy) -> dict[Level, int]:
    """How many items of each level would count in full and do not."""
    kept = {item.issue.key for item in counted if item.in_scope}
    counts: dict[Level, int] = {}
    for item in items:
        key, parent = item.issue.key, item.issue.parent
        if key not in kept and (key in hierarchy.children or parent in hierarchy.issues) and item.in_scope:
            level = hierarchy.level(item.issue)
            counts[level] = counts.get(level, 0) + 1
    return counts
