"""In which order open work is taken: by rank where the tracker gives one, else by priority, else the oldest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Any

from app.domain.items import Item, Unit

# Names under which trackers give the place in the backlog; a smaller one comes first.
RANK_NAMES = frozenset({"rank", "rang", "lexorank", "backlog rank", "stack rank", "board position", "backlog order"})
_LEVELS = (
    ("blocker", "highest", "urgent", "immediate", "showstopper", "emergency", "höchste", "dringend", "bloquant"),
    ("critical", "very high", "kritisch", "sehr hoch", "critique", "crítico", "crítica"),
    ("high", "major", "important", "hoch", "wichtig", "haute", "élevée", "alta", "alto"),
    ("medium", "normal", "moderate", "default", "mittel", "moyenne", "media", "médio"),
    ("low", "minor", "niedrig", "gering", "basse", "faible", "baja", "bassa", "baixa"),
    ("lowest", "trivial", "very low", "niedrigste", "sehr niedrig", "plus basse", "muy baja"),
)
_PRIORITIES = {name: at for at, names in enumerate(_LEVELS) for name in names}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class By(StrEnum):
    """What an order goes by."""

    RANK = "rank"
    PRIORITY = "priority"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Order:
    """Open items, what is taken first in front, and what they are ordered by."""

    items: tuple[Item, ...]
    by: By

    def fits(self, amount: float, unit: Unit) -> int:
        """How many of the first items weigh no more than `amount` together."""
        sums = accumulate(item.size(unit) for item in self.items)
        return sum(1 for total in sums if total <= amount + 1e-9)


def in_order(items: Sequence[Item]) -> Order:
    """Open items as they are taken.

    Items without a rank (or a priority that is known) come after those with one; what is equal, oldest first.
    """
    oldest = _oldest_first(items)
    levels = {_level(priority) for priority in {item.issue.priority for item in oldest}} - {None}
    # Where all are of one, it says no more than the age.
    by_priority = priority_level if len(levels) > 1 else None
    for by, place in ((By.RANK, _ranks(oldest)), (By.PRIORITY, by_priority)):
        placed: list[tuple[Any, Item]] = [(place(item), item) for item in oldest] if place is not None else []
        known = [(rank, item) for rank, item in placed if rank is not None]
        if len({rank for rank, _ in known}) > 1:
            known.sort(key=lambda pair: pair[0])
            return Order((*(item for _, item in known), *(item for rank, item in placed if rank is None)), by)
    return Order(tuple(oldest), By.AGE)


def _oldest_first(items: Iterable[Item]) -> list[Item]:
    """Keys are only looked into where several came at the same instant: that took most of the time."""
    all_items = list(items)
    created = [item.issue.created or _LONG_AGO for item in all_items]
    ordered = [all_items[at] for at in sorted(range(len(created)), key=created.__getitem__)]
    if len(set(created)) == len(created):
        return ordered
    by_instant = groupby(ordered, _created)
    return [item for _, alike in by_instant for item in _by_key(list(alike))]


def _created(item: Item) -> datetime:
    return item.issue.created or _LONG_AGO


def _by_key(items: list[Item]) -> list[Item]:
    return sorted(items, key=_natural) if len(items) > 1 else items


def _natural(item: Item) -> list[tuple[int, str]]:
    """So that A-9 stands before A-10: of two numbers, the one of more digits is larger, however many there are."""
    parts = re.split(r"([0-9]+)", item.issue.key)
    numbers = [part.lstrip("0") for part in parts[1::2]]
    parts[1::2] = numbers
    return [(len(part) if at % 2 else 0, part) for at, part in enumerate(parts)]


def _ranks(items: Sequence[Item]) -> Callable[[Item], Any] | None:
    """How to read a rank: as numbers where all are, as text (Jira's rank sorts as such) elsewhere; None without any."""
    texts = [text for item in items if (text := _rank_text(item)) is not None]
    if not texts:
        return None
    if all(_number(text) is not None for text in texts):
        return lambda item: _number(_rank_text(item) or "")
    return _rank_text


def _rank_text(item: Item) -> str | None:
    if not item.issue.extras:
        return None
    values = (value for name, value in item.issue.extras.items() if name.strip().casefold() in RANK_NAMES)
    return next((str(value) for value in values if value not in (None, "") and not isinstance(value, bool)), None)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,9})?", text) else None


def priority_level(item: Item) -> int | None:
    """0 the most urgent; None for a priority that says nothing by its name. A number in it (P1, 2 - High) decides."""
    return _level(item.issue.priority)


@lru_cache(maxsize=256)
def _level(priority: str) -> int | None:
    name = priority.strip().casefold()
    if name in _PRIORITIES:
        return _PRIORITIES[name]
    match = re.match(r"p?\s*-?([0-9])\b", name)
    return int(match.group(1)) if match else None
