"""Natural process limits of a series (XmR chart) and the four usual signals that a process is not what it was.

Limits are the mean ± 2.66 times the mean moving range of the baseline; sigma is the mean moving range ÷ 1.128. A
lower limit below 0 is 0 and silent: what is counted cannot fall below it. A point on the mean breaks a run.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.domain.calendar import written_day

BEYOND_LIMIT = "beyond limit"
TWO_OF_THREE = "2 of 3 beyond 2 sigma"
FOUR_OF_FIVE = "4 of 5 beyond 1 sigma"
EIGHT = "8 on one side"
_LIMIT, _SIGMA = 2.66, 1.128


@dataclass(frozen=True, slots=True)
class Signal:
    """One point of the series (the week from `start`) that a rule speaks of."""

    start: date
    rule: str


@dataclass(frozen=True, slots=True)
class Limits:
    """`sigma` is that of the baseline; 0 for a baseline that never moves or has one point."""

    mean: float
    lower: float
    upper: float
    sigma: float
    signals: tuple[Signal, ...] = ()

    def times(self, factor: float) -> Limits:
        """Of the same series in another unit."""
        return Limits(factor * self.mean, factor * self.lower, factor * self.upper, factor * self.sigma, self.signals)


def limits(series: Sequence[tuple[date, float]], baseline: tuple[date, date] | None = None) -> Limits | None:
    """Limits from the points of `baseline` (first and last start; None: all), signals of the whole series.

    None where the baseline holds no point.
    """
    known = [value for start, value in series if baseline is None or baseline[0] <= start <= baseline[1]]
    if not known:
        return None
    bare = limits_of(known)
    values = [value for _, value in series]
    exceeded = tuple(
        Signal(series[place][0], rule) for place, rules in enumerate(signals(values, bare)) for rule in rules
    )
    return Limits(bare.mean, bare.lower, bare.upper, bare.sigma, exceeded)


def baseline_of(text: str) -> tuple[date, date] | None:
    """From "2026-01-05..2026-03-29": first and last day. None for an empty text. Raises ValueError."""
    if not text:
        return None
    first, _, last = text.partition("..")
    span = written_day(first.strip()), written_day(last.strip())
    if span[0] > span[1]:
        raise ValueError(text)
    return span


def limits_of(baseline: Sequence[float]) -> Limits:
    """Without signals. Raises ValueError without values."""
    if not baseline:
        raise ValueError("process limits need at least one value")
    middle = math.fsum(baseline) / len(baseline)
    moves = [abs(after - before) for before, after in pairwise(baseline)]
    moving = math.fsum(moves) / len(moves) if moves else 0.0
    return Limits(middle, max(0.0, middle - _LIMIT * moving), middle + _LIMIT * moving, moving / _SIGMA)


def signals(values: Sequence[float], known: Limits) -> list[tuple[str, ...]]:
    """For each value the rules that speak of it, in the order: 8, 4 of 5, 2 of 3, beyond."""
    rules_of: list[list[str]] = [[] for _ in values]
    rules = ((EIGHT, _runs(values, known.mean)), (FOUR_OF_FIVE, _crowded(values, known, 5, 4, 1)))
    for rule, places in (
        *rules,
        (TWO_OF_THREE, _crowded(values, known, 3, 2, 2)),
        (BEYOND_LIMIT, _beyond(values, known)),
    ):
        for place in sorted(set(places)):
            rules_of[place].append(rule)
    return [tuple(rules) for rules in rules_of]


def _beyond(values: Sequence[float], known: Limits) -> Iterator[int]:
    for place, value in enumerate(values):
        if value > known.upper or (known.lower > 0 and value < known.lower):
            yield place


def _crowded(values: Sequence[float], known: Limits, span: int, least: int, sigmas: int) -> Iterator[int]:
    """Points beyond so many sigmas of which `least` among `span` in a row lie on the same side."""
    low, high = known.mean - sigmas * known.sigma, known.mean + sigmas * known.sigma
    above = [value > high for value in values]
    # Where the lower line would lie below 0 nothing can be beyond it.
    below = [low > 0 and value < low for value in values]
    for side in (above, below):
        for end in range(span, len(values) + 1):
            if sum(side[end - span : end]) >= least:
                yield from (place for place in range(end - span, end) if side[place])


def _runs(values: Sequence[float], middle: float, length: int = 8) -> Iterator[int]:
    start = 0
    for place in range(1, len(values) + 1):
        if place < len(values) and _side(values[place], middle) == _side(values[start], middle):
            continue
        if place - start >= length and _side(values[start], middle):
            yield from range(start, place)
        start = place


def _side(value: float, middle: float) -> int:
    return (value > middle) - (value < middle)
