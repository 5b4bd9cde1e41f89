"""Epics and versions with their progress, and the work expected of epics that are not broken down yet.

An epic that is open counts with a usual size until its children exceed it: what is missing is expected work, beside the
items that are there. The size is a number, a percentile of what finished epics came to, or each epic's own estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.domain.hierarchy import EpicSize, Level, SizeFrom
from app.domain.items import Item, Unit
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.ranks import percentile
from app.domain.selection import Values, select
from app.words import N_, Nn_
from store.records import Category

# Fewer finished epics tell no usual size.
_FEW = 3


@dataclass(frozen=True, slots=True)
class Whole:
    """An epic or a version, amounts in the unit of the items that count. `parent`: the key of the epic above it.

    `key` of a version is its name. `size` is what it is taken to come to, None where no such size is set; `expected`
    is what is missing to it. `is_done` of a version: all that it holds is done.
    """

    key: str
    name: str
    parent: str
    is_done: bool
    total: float
    done: float
    in_progress: float
    remaining: float
    remaining_keys: tuple[str, ...]
    size: float | None = None
    expected: float = 0.0


@dataclass(frozen=True, slots=True)
class Epics:
    """`expected`: the sum over all open epics, with their keys. `usual_size`: None where each has its own or none.

    `missing`: why the size that was asked for cannot be told; empty else.
    """

    epics: tuple[Whole, ...]
    versions: tuple[Whole, ...]
    expected: float = 0.0
    expected_keys: tuple[str, ...] = ()
    usual_size: float | None = None
    missing: str = ""


@dataclass(slots=True)
class _Sum:
    total: float = 0.0
    done: float = 0.0
    in_progress: float = 0.0
    open_keys: list[str] = field(default_factory=list)

    def add(self, item: Item, unit: Unit) -> None:
        size = item.size(unit)
        self.total += size
        if item.done is not None:
            self.done += size
            return
        self.open_keys.append(item.issue.key)
        if item.category is Category.IN_PROGRESS:
            self.in_progress += size

    def whole(self, key: str, name: str, parent: str, is_done: bool) -> Whole:
        left = self.total - self.done
        return Whole(key, name, parent, is_done, self.total, self.done, self.in_progress, left, tuple(self.open_keys))


def epics(known: Known) -> Epics | NotEnoughData:
    """Of the part that is asked about; an epic's sums are of all that lies below it."""
    if known.missing_issues is not None and not known.all_items:
        return known.missing_issues
    wholes = _epics(known)
    versions = _versions(known.items, known.unit)
    if not wholes and not versions:
        return NotEnoughData(N_("No issue is an epic or names a version."))
    usual, missing = _usual_size(wholes, known.params.epic_size)
    sized = [_sized(epic, known.params.epic_size, usual, own) for epic, own in wholes]
    open_ones = [epic for epic in sized if epic.expected]
    return Epics(
        epics=tuple(sized),
        versions=versions,
        expected=sum(epic.expected for epic in open_ones),
        expected_keys=tuple(epic.key for epic in open_ones),
        usual_size=usual,
        missing=missing,
    )


def _epics(known: Known) -> list[tuple[Whole, float | None]]:
    """Each epic of the part that is asked about, with its own estimate."""
    hierarchy = known.hierarchy
    found = [item for item in known.all_items if hierarchy.level(item.issue) is Level.EPIC and item.in_scope]
    if known.selection:
        values = Values(hierarchy, known.facts.changes, known.selection)
        found = list(select(found, values, known.selection, known.calendar, known.known_until))
    sums: dict[str, _Sum] = {item.issue.key: _Sum() for item in found}
    for item in known.team_items:
        if item.in_scope:
            for above in (item.issue, *hierarchy.ancestors(item.issue)):
                if above.key in sums:
                    sums[above.key].add(item, known.unit)
    return [
        (
            sums[item.issue.key].whole(
                item.issue.key, item.issue.summary, item.issue.parent, is_done=item.done is not None
            ),
            item.points,
        )
        for item in found
    ]


def _versions(items: Iterable[Item], unit: Unit) -> tuple[Whole, ...]:
    sums: dict[str, _Sum] = {}
    for item in items:
        if item.in_scope:
            for name in item.issue.fix_versions:
                sums.setdefault(name, _Sum()).add(item, unit)
    return tuple(found.whole(name, name, "", is_done=not found.open_keys) for name, found in sorted(sums.items()))


def _usual_size(wholes: Sequence[tuple[Whole, float | None]], size: EpicSize | None) -> tuple[float | None, str]:
    """And why there is none, where one was asked for."""
    if size is None or size.source is SizeFrom.ESTIMATE:
        return None, ""
    if size.source is SizeFrom.FIXED:
        return size.value, ""
    finished = [epic.total for epic, _ in wholes if epic.is_done and epic.total]
    if len(finished) < _FEW:
        return None, Nn_(
            "Only 1 finished epic tells how large one is: at least {few} are needed.",
            "Only {count} finished epics tell how large one is: at least {few} are needed.",
            len(finished),
            few=_FEW,
        )
    return percentile(finished, size.value), ""


def _sized(epic: Whole, size: EpicSize | None, usual: float | None, estimate: float | None) -> Whole:
    wanted = estimate if size is not None and size.source is SizeFrom.ESTIMATE else usual
    if wanted is None or epic.is_done:
        return epic
    return replace(epic, size=wanted, expected=max(0.0, wanted - epic.total))
