"""The track record of "how many": at past weeks, how much was promised for the next 4, 8 and 12, and how much was done.

The replay of `accuracy`, asked the other way round. An amount held when at least so much was done in those weeks; an
origin whose weeks are not all over says nothing yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import fsum
from random import Random

from app.domain import drift as drifting
from app.domain import futures
from app.domain.accuracy import (
    JUDGED_LEVEL,
    SIZES_IN_WEEKS,
    WINDOW_WEEKS,
    LevelRecord,
    pinball,
    verdict,
    wilson,
)
from app.domain.forecast import LEVELS, Amounts, crowds_of, stable_seed, urns_of
from app.domain.futures import NOTHING
from app.domain.known import Growth, Method
from app.domain.missing import NotEnoughData
from app.words import N_


@dataclass(frozen=True, slots=True)
class ReplayedAmount:
    """What was promised for `weeks` weeks when `week` weeks were known; `actual` None while they are not over."""

    week: int
    weeks: int
    amounts: Mapping[int, float]
    actual: float | None


@dataclass(frozen=True, slots=True)
class AmountRecord:
    """As `accuracy.Calibration`, of amounts: losses and `sharpness` (mean distance from the 50 to the 85 % amount) are
    in the unit of the work."""

    method: Method
    origins: int
    unresolved: int
    levels: Mapping[int, LevelRecord]
    pinball: float
    sharpness: float
    verdict: str


def replay_amounts(
    done_per_week: Sequence[float],
    method: Method,
    every: int = 2,
    trials: int = 1000,
    seed: int = 0,
    step: Callable[[int, int], None] | None = None,
    sizes: Sequence[int] = SIZES_IN_WEEKS,
) -> AmountRecord | NotEnoughData:
    """Replay the past. `done_per_week`: all full weeks, oldest first; `step(done, total)`, `sizes`: as for
    `accuracy.replay`."""
    past = _Past(done_per_week, method, trials, seed)
    origins = range(WINDOW_WEEKS, len(done_per_week), every)
    replayed: list[ReplayedAmount] = []
    for number, origin in enumerate(origins):
        if step is not None:
            step(number, len(origins))
        replayed += past.promises(origin, sizes)
    if not replayed:
        return NotEnoughData(
            N_(
                "How much was promised can be judged from {least} full weeks on, of which some finished work.",
                least=WINDOW_WEEKS + 1,
            )
        )
    return record_of(replayed, method)


def record_of(replayed: Sequence[ReplayedAmount], method: Method) -> AmountRecord:
    """The record of promises (at least one)."""
    levels = {level: _record(replayed, level) for level in LEVELS}
    widths = [origin.amounts[50] - origin.amounts[85] for origin in replayed]
    return AmountRecord(
        method=method,
        origins=len(replayed),
        unresolved=sum(origin.actual is None for origin in replayed),
        levels=levels,
        pinball=fsum(level.pinball for level in levels.values()) / len(levels),
        sharpness=fsum(widths) / len(widths),
        verdict=verdict(levels[JUDGED_LEVEL]),
    )


def _record(replayed: Sequence[ReplayedAmount], level: int) -> LevelRecord:
    known = [(origin.actual, origin.amounts[level]) for origin in replayed if origin.actual is not None]
    hits = sum(actual >= amount - NOTHING for actual, amount in known)
    n = len(known)
    # "At least" promises the lower end, so it is the level on the other side of 100 that is missed by too much.
    losses = [pinball(100 - level, actual, amount) for actual, amount in known]
    return LevelRecord(hits / n if n else 0.0, n, wilson(hits, n), fsum(losses) / n if n else 0.0)


class _Past:
    """One series, asked at any of its weeks from what was known then."""

    def __init__(self, done: Sequence[float], method: Method, trials: int, seed: int) -> None:
        self._weeks = [(float(amount), 0.0) for amount in done]
        self._sums = [0.0, *accumulate(float(amount) for amount in done)]
        self._method, self._trials, self._seed = method, trials, seed
        self._errors = drifting.PastErrors([float(amount) for amount in done], WINDOW_WEEKS)

    def promises(self, origin: int, sizes: Sequence[int]) -> list[ReplayedAmount]:
        """One for each number of weeks; none when nothing was finished in the window."""
        if self._sums[origin] - self._sums[origin - WINDOW_WEEKS] <= 0:
            return []
        return [self._promise(origin, weeks) for weeks in sizes]

    def _promise(self, origin: int, weeks: int) -> ReplayedAmount:
        samples = [done for done, _ in self._weeks[origin - WINDOW_WEEKS : origin]]
        known = futures.exact_sums(samples, weeks) if self._method is Method.PLAIN else None
        shares = self._drawn(origin, weeks) if known is None else known
        amounts = Amounts(weeks, shares, futures.grid_of(samples) == 1, self._method is Method.CALIBRATED)
        is_over = origin + weeks < len(self._sums)
        actual = self._sums[origin + weeks] - self._sums[origin] if is_over else None
        return ReplayedAmount(origin, weeks, {level: amounts.at_least(level) for level in LEVELS}, actual)

    def _drawn(self, origin: int, weeks: int) -> tuple[tuple[float, float], ...]:
        window, history = self._weeks[origin - WINDOW_WEEKS : origin], self._weeks[:origin]
        drift = self._errors.drift(origin) if self._method is Method.CALIBRATED else None
        crowds = crowds_of(urns_of(window, history, Growth.NONE, drift), drift, self._trials)
        sums = futures.drawn_sums(crowds, weeks, Random(stable_seed(self._seed, origin, weeks, "amount")))
        return tuple((amount, 1 / self._trials) for amount in sums)
