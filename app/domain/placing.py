"""What a status means that neither mapping, tracker nor name tells: told by the way the items go through it.

A status in which most items come to rest is done; one in which most begin is to do; what lies between is in
progress, but for the last queue before work, from which most go straight on to work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from app.words import N_, Nn_
from store.records import Category, Change, Issue

_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Placement:
    """`evidence`: why, in one sentence with numbers. `keys`: the issues that were in it."""

    status: str
    category: Category
    visits: int
    evidence: str
    keys: tuple[str, ...]


@dataclass(slots=True)
class _Visits:
    """What is counted of one status: visits, and how many of them were the first or the last of an issue."""

    name: str
    keys: list[str]
    firsts: int = 0
    rests: int = 0
    finished_rests: int = 0
    from_work: int = 0
    to_work: int = 0

    @property
    def count(self) -> int:
        return len(self.keys)


def placements(
    issues: Iterable[Issue], changes: Sequence[Change], meaning: Callable[[str], Category | None]
) -> Mapping[str, Placement]:
    """By name in lower case, every status that issues were in and `meaning` (asked in lower case) does not know."""
    moves = {(change.from_value, change.to_value) for change in changes if change.field == "status"}
    meanings = {name: meaning(name.casefold()) for move in moves for name in move if name}
    if None not in meanings.values():
        return {}
    resolved = {issue.key: issue.resolved is not None for issue in issues}
    tallies: dict[str, _Visits] = {}
    for key, way in _ways(changes).items():
        if key in resolved:
            _count(key, way, resolved[key], meanings, tallies)
    has_finishes = any(resolved.values())
    return {name: _placement(visits, has_finishes) for name, visits in sorted(tallies.items())}


def _ways(changes: Iterable[Change]) -> Mapping[str, Sequence[str]]:
    """The statuses of each issue, one after the other."""
    histories: dict[str, list[Change]] = {}
    for change in changes:
        if change.field == "status":
            histories.setdefault(change.issue_key, []).append(change)
    ways = {}
    for key, moves in histories.items():
        moves.sort(key=attrgetter("at"))
        ways[key] = [moves[0].from_value or "", *(move.to_value or "" for move in moves)]
    return ways


def _count(
    key: str,
    way: Sequence[str],
    is_resolved: bool,
    meanings: Mapping[str, Category | None],
    tallies: dict[str, _Visits],
) -> None:
    categories = [meanings.get(status) for status in way]
    before = _latest(categories)
    after = _latest(categories[::-1])[::-1]
    for place, (status, category) in enumerate(zip(way, categories, strict=True)):
        if category is not None or not status:
            continue
        visits = tallies.setdefault(status.casefold(), _Visits(status, []))
        visits.keys.append(key)
        visits.firsts += place == 0
        if place == len(way) - 1:
            visits.rests += 1
            visits.finished_rests += is_resolved
        visits.from_work += before[place] not in (None, Category.TODO)
        visits.to_work += after[place] is Category.IN_PROGRESS


def _latest(categories: Iterable[Category | None]) -> list[Category | None]:
    """For each place the last category that is known there or before it; in one pass, as ways can be long."""
    latest: list[Category | None] = []
    known: Category | None = None
    for category in categories:
        known = known if category is None else category
        latest.append(known)
    return latest


def _placement(visits: _Visits, has_finishes: bool) -> Placement:
    category, evidence = _meaning(visits, has_finishes)
    return Placement(visits.name, category, visits.count, evidence, tuple(sorted(set(visits.keys))))


def _meaning(visits: _Visits, has_finishes: bool) -> tuple[Category, str]:
    count = visits.count
    if visits.firsts > _MOST * count:
        return Category.TODO, N_(
            "{firsts} of {count} items that were in it began there.", firsts=visits.firsts, count=count
        )
    is_end = not has_finishes or visits.finished_rests > _MOST * visits.rests
    if visits.rests > _MOST * count and is_end:
        return Category.DONE, N_(
            "{rests} of {count} items that came to it stayed there.", rests=visits.rests, count=count
        )
    if visits.from_work > _MOST * count:
        return Category.IN_PROGRESS, N_(
            "{from_work} of {count} items came to it from work or from done.", from_work=visits.from_work, count=count
        )
    if visits.to_work > _MOST * count:
        return Category.TODO, N_(
            "{to_work} of {count} items went on from it to work, and had not begun before.",
            to_work=visits.to_work,
            count=count,
        )
    return Category.IN_PROGRESS, Nn_(
        "{count} item went through it between its beginning and its end.",
        "{count} items went through it between their beginning and their end.",
        count,
    )
