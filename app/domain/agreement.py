"""Agrees with the tracker? For each sprint and version the issues in which its numbers and ours differ, and the rule.

The tracker counts what is in a sprint or version at present, and done by its own category of the status. We count what
was in it then, by the meaning that the project gives a status, and no work twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.sprints import SprintResult, Sprints
from app.domain.statuses import given_up
from app.words import N_
from store.records import Category, Issue


@dataclass(frozen=True, slots=True)
class Difference:
    key: str
    rule: str


@dataclass(frozen=True, slots=True)
class Compared:
    """`kind`: sprint or version. Items: all of it, and what is done, as we count and as the tracker does."""

    kind: str
    name: str
    ours: int
    ours_done: int
    theirs: int
    theirs_done: int
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class Agreement:
    """Sprints first, the newest in front, then versions by name."""

    compared: tuple[Compared, ...]


def agreement(known: Known, sprints: Sprints | NotEnoughData) -> Agreement | NotEnoughData:
    if known.missing_issues is not None:
        return known.missing_issues
    if not known.is_now:
        return NotEnoughData(N_("What the tracker counts is known of the present only. Look at today."))
    teller = _Teller(known)
    closed = () if isinstance(sprints, NotEnoughData) else sprints.sprints
    comparisons = [teller.sprint(each) for each in closed]
    versions = sorted({name for item in known.items for name in item.issue.fix_versions})
    comparisons += [teller.version(name) for name in versions]
    return (
        Agreement(tuple(comparisons))
        if comparisons
        else NotEnoughData(N_("No issue is in a sprint or names a version."))
    )


# Key, whether it is done by us (None: not counted), whether the tracker has it there; the rule.
Why = Callable[[str, bool | None, bool], str]


def _by_name(issues: Iterable[Issue], names: Callable[[Issue], Iterable[str]]) -> Mapping[str, Mapping[str, Issue]]:
    """By version or sprint the issues in it by key, in the order of the issues."""
    named: dict[str, dict[str, Issue]] = {}
    for issue in issues:
        for name in names(issue):
            named.setdefault(name, {})[issue.key] = issue
    return named


class _Teller:
    def __init__(self, known: Known) -> None:
        self._known = known
        self._issues = {issue.key: issue for issue in known.facts.issues if issue.in_query}
        self._items = {item.issue.key: item for item in known.items}
        self._all = {item.issue.key: item for item in known.all_items}
        self._in_version = _by_name(self._issues.values(), lambda issue: issue.fix_versions)
        self._in_sprint = _by_name(self._issues.values(), lambda issue: issue.sprints)
        inside = (item.issue for item in known.items if item.in_scope)
        self._ours_in_version = _by_name(inside, lambda issue: issue.fix_versions)

    def version(self, name: str) -> Compared:
        ours = {key: self._items[key].done is not None for key in self._ours_in_version.get(name, {})}
        return self._compared("version", name, ours, self._in_version.get(name, {}), self._why_of_version)

    def sprint(self, result: SprintResult) -> Compared:
        theirs = self._in_sprint.get(result.name, {})
        ours = dict.fromkeys((*result.remaining_keys, *result.carried_over_keys), False)
        ours |= dict.fromkeys((*result.completed_keys, *result.done_before_keys), True)
        return self._compared("sprint", result.name, ours, theirs, self._why_of_sprint)

    def _compared(
        self, kind: str, name: str, ours: Mapping[str, bool], theirs: Mapping[str, Issue], why: Why
    ) -> Compared:
        done = {key for key, issue in theirs.items() if issue.category is Category.DONE}
        keys = (key for key in (*ours, *(key for key in theirs if key not in ours)) if key not in ours
                or key not in theirs or ours[key] != (key in done))  # fmt: skip
        differences = tuple(Difference(key, why(key, ours.get(key), key in theirs)) for key in sorted(keys))
        return Compared(kind, name, len(ours), sum(ours.values()), len(theirs), len(done), differences)

    def _why_of_version(self, key: str, ours: bool | None, is_theirs: bool) -> str:
        if not is_theirs:
            return N_("is no longer found by the query")
        return self._absent(key) if ours is None else self._by_status(key, ours)

    def _why_of_sprint(self, key: str, ours: bool | None, is_theirs: bool) -> str:
        if not is_theirs:
            return N_("was taken out of the sprint after it closed")
        if ours is None:
            item = self._items.get(key)
            return self._absent(key) if item is None or not item.in_scope else N_("was not in the sprint at its close")
        item = self._items.get(key)
        if item is not None and (item.done is not None) != ours:
            return N_("was reopened after the close") if ours else N_("was finished after the close")
        return self._by_status(key, ours)

    def _absent(self, key: str) -> str:
        """Why it counts nowhere."""
        item = self._all.get(key)
        if item is None:
            return N_("belongs to an excluded project, or is not known yet")
        if key not in self._items:
            return N_("counts by its parts, or as part of its whole")
        if given_up(item.status, item.issue.resolution):
            return N_("was given up, and so left the work")
        return N_("left the work list")

    def _by_status(self, key: str, ours: bool) -> str:
        status = self._items[key].status or self._items[key].issue.status
        if ours:
            return N_("“{status}” counts as done here, and not in the tracker", status=status)
        return N_("“{status}” counts as done in the tracker, and not here", status=status)
