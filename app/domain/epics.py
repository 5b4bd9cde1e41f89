"""Epics and versions with their progress, and the work expected of epics that are not broken down yet.

An epic that is open counts with a usual size until its children exceed it: what is missing is expected work, beside the
items that are there. The size is a number, a percentile of what finished epics came to, or each epic's own estimate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.hierarchy import EpicSize, Hierarchy, SizeFrom
from app.domain.items import IN_PROGRESS, ITEMS, Item, Unit
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.ranks import percentile
from app.domain.selection import Values, select
from app.words import N_, Nn_

# Fewer finished epics tell no usual size.
_FEW = 3


@dataclass(frozen=True, slots=True)
class Whole:
    """An epic or a version, amounts in the unit of the items that count. `parent`: the key of the epic above it.

    `key` of a version is its name. `size` is what it is taken to come to, None where no such size is set; `expected`
    is what is missing to it. `is_done` of a version: all that it holds is done. `odd`: what does not fit, in sentences.
    `ahead`: what all work has done when it is done, in the order in which they are worked on; `dates` by level, None
    beyond the horizon, none without a forecast and for what is done.
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
    odd: tuple[str, ...] = ()
    ahead: float | None = None
    dates: Mapping[int, date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Epics:
    """`expected`: the sum over all open epics, with their keys. `usual_size`: None where each has its own or none.

    `missing`: why the size that was asked for cannot be told; empty else. `together`: how many are worked on at once.
    `share`, `versions_share`: of what was finished in the window, how much belonged to an epic, a version; None where
    nothing did, and their work is then taken to have all of the pace.
    """

    epics: tuple[Whole, ...]
    versions: tuple[Whole, ...]
    expected: float = 0.0
    expected_keys: tuple[str, ...] = ()
    usual_size: float | None = None
    missing: str = ""
    together: int = 1
    share: float | None = None
    versions_share: float | None = None


@dataclass(slots=True)
class _Sum:
    total: float = 0.0
    done: float = 0.0
    in_progress: float = 0.0
    open_keys: list[str] = field(default_factory=list)

    def whole(self, key: str, name: str, parent: str, is_done: bool) -> Whole:
        left = self.total - self.done
        return Whole(key, name, parent, is_done, self.total, self.done, self.in_progress, left, tuple(self.open_keys))


def _summed(items: Sequence[Item], unit: Unit) -> _Sum:
    sums = _Sum()
    if unit is ITEMS:
        still_open = [item for item in items if item.done_at is None]
        sums.open_keys = [item.issue.key for item in still_open]
        sums.total, sums.done = float(len(items)), float(len(items) - len(still_open))
        sums.in_progress = float(sum(item.category is IN_PROGRESS for item in still_open))
        return sums
    for item in items:
        size = item.size(unit)
        sums.total += size
        if item.done_at is not None:
            sums.done += size
            continue
        sums.open_keys.append(item.issue.key)
        if item.category is IN_PROGRESS:
            sums.in_progress += size
    return sums


def epics(known: Known) -> Epics | NotEnoughData:
    """Of the part that is asked about; an epic's sums are of all that lies below it."""
    if known.missing_issues is not None and not known.all_items:
        return known.missing_issues
    wholes = _epics(known)
    versions = _versions(known.items, known.unit)
    if not wholes and not versions:
        return NotEnoughData(N_("No issue is an epic or names a version."))
    usual, missing = _usual_size(wholes, known.params.epic_size)
    sized = [
        replace(_sized(epic, known.params.epic_size, usual, own), odd=_odd(epic, known.hierarchy))
        for epic, own in wholes
    ]
    open_ones = [epic for epic in sized if epic.expected]
    return Epics(
        epics=tuple(sized),
        versions=versions,
        expected=sum(epic.expected for epic in open_ones),
        expected_keys=tuple(epic.key for epic in open_ones),
        usual_size=usual,
        missing=missing,
    )


def not_broken_down(known: Known) -> list[Item]:
    """Open epics that nothing is a part of yet."""
    hierarchy = known.hierarchy
    return [
        item
        for item in hierarchy.are_epics(known.all_open_items if hierarchy.has_epics else ())
        if item.issue.key not in hierarchy.children
    ]


def _epics(known: Known) -> list[tuple[Whole, float | None]]:
    """Each epic of the part that is asked about, with its own estimate."""
    hierarchy = known.hierarchy
    may_be = known.all_items if hierarchy.has_epics else ()
    epics = [item for item in hierarchy.are_epics(may_be) if item.in_scope]
    if known.selection:
        values = Values(hierarchy, known.facts.changes, known.selection)
        epics = list(select(epics, values, known.selection, known.calendar, known.known_until))
    below: dict[str, list[Item]] = {item.issue.key: [] for item in epics}
    parents = hierarchy.issues.keys()
    for item in known.team_items if epics else ():
        # What is below nothing and no epic itself is most of it.
        if (item.issue.parent in parents or item.issue.key in below) and item.in_scope:
            for above in (item.issue, *hierarchy.ancestors(item.issue)):
                if above.key in below:
                    below[above.key].append(item)
    sums = {key: _summed(items, known.unit) for key, items in below.items()}
    return [
        (
            sums[item.issue.key].whole(
                item.issue.key, item.issue.summary, item.issue.parent, is_done=item.done is not None
            ),
            item.points,
        )
        for item in epics
    ]


def _versions(items: Iterable[Item], unit: Unit) -> tuple[Whole, ...]:
    of_version: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        if not item.left or item.in_scope:
            for name in item.issue.fix_versions:
                of_version[name].append(item)
    sums = {name: _summed(items, unit) for name, items in of_version.items()}
    return tuple(
        version_sum.whole(name, name, "", is_done=not version_sum.open_keys)
        for name, version_sum in sorted(sums.items())
    )


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


def _odd(epic: Whole, hierarchy: Hierarchy) -> tuple[str, ...]:
    """What does not fit between an epic and its parts."""
    parts = hierarchy.children.get(epic.key, ())
    if epic.is_done and epic.remaining_keys:
        sentence = Nn_("Done, and 1 of it is open.", "Done, and {count} of it are open.", len(epic.remaining_keys))
        return (sentence,)
    if epic.is_done:
        return ()
    if not parts:
        return (N_("Not broken down yet."),)
    return () if epic.remaining_keys else (N_("All of it is done, and it is open."),)


def _sized(epic: Whole, size: EpicSize | None, usual: float | None, estimate: float | None) -> Whole:
    wanted = estimate if size is not None and size.source is SizeFrom.ESTIMATE else usual
    if wanted is None or epic.is_done:
        return epic
    return replace(epic, size=wanted, expected=max(0.0, wanted - epic.total))
