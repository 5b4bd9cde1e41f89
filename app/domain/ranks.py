"""Numbers by rank: percentiles without interpolation, the median with its interval, rank correlation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TypeVar

_Number = TypeVar("_Number", int, float)

LEVELS = (50, 70, 85, 95)


def percentile(values: Sequence[_Number], level: float) -> _Number:
    """The smallest value that at least `level` % of the values do not exceed (nearest rank).

    Raises ValueError without values.
    """
    if not values:
        raise ValueError("a percentile needs at least one value")
    return sorted(values)[_rank(len(values), level) - 1]


def percentiles(values: Sequence[_Number], levels: Sequence[int] = LEVELS) -> Mapping[int, _Number]:
    """`percentile` at each level; empty without values."""
    ordered = sorted(values)
    return {level: ordered[_rank(len(ordered), level) - 1] for level in levels} if ordered else {}


def _rank(count: int, level: float) -> int:
    # The division is last: 0.07 * 100 is a little over 7 and would give the wrong rank.
    return max(1, math.ceil(count * level / 100))


def mean(values: Sequence[float]) -> float | None:
    """None without values. The sum is exact, so that the order of the values does not show."""
    return math.fsum(values) / len(values) if values else None


def median(values: Sequence[float]) -> float | None:
    """The middle one, or halfway between the two in the middle; None without values."""
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def median_interval(values: Sequence[float], confidence: float = 0.90) -> tuple[float, float] | None:
    """Between which two of the values the median of what they were drawn from lies, at least that surely.

    By counting alone (how often a fair coin shows so few heads): no assumption about the shape. None where there
    are too few values for that confidence (fewer than five at 90 %).
    """
    ordered, count = sorted(values), len(values)
    total, tail, low = 2**count, 0, 0
    for rank in range(count // 2):
        tail += math.comb(count, rank)
        if tail / total > (1 - confidence) / 2:
            break
        low = rank + 1
    return (ordered[low - 1], ordered[count - low]) if low else None


def average_ranks(values: Sequence[float]) -> list[float]:
    """The rank of each value from 1 on; equal values share the mean of their ranks, in whatever order they come."""
    ranks = [0.0] * len(values)
    before = 0
    for _, tied in groupby(sorted(range(len(values)), key=values.__getitem__), key=values.__getitem__):
        places = list(tied)
        for place in places:
            ranks[place] = before + (len(places) + 1) / 2
        before += len(places)
    return ranks


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Rank correlation, -1 to 1; None below two pairs or where one side is all alike."""
    left, right = average_ranks([rank for rank, _ in pairs]), average_ranks([other for _, other in pairs])
    middle = (len(pairs) + 1) / 2
    over = math.fsum((rank - middle) * (other - middle) for rank, other in zip(left, right, strict=True))
    spread = math.fsum((rank - middle) ** 2 for rank in left) * math.fsum((rank - middle) ** 2 for rank in right)
    return over / math.sqrt(spread) if spread > 0 else None
