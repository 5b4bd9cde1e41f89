"""Futures of the remaining work, week by week: all of them counted exactly, or some of them drawn.

A week takes its done items off the remaining work and adds its created ones; work is finished at the first
moment nothing remains. Both ways give `Futures`, so that whoever reads them need not know which one ran.
"""

from __future__ import annotations

import math
from bisect import bisect, bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from statistics import NormalDist

# Amounts closer to zero than this are zero: sums of fractional points carry rounding.
NOTHING = 1e-9
GRIDS = (1, 2, 4, 5, 10, 20, 100)
# Beyond this many (amount, week) cells counting exactly is slower than drawing.
EXACT_CELLS = 300_000
FAN_LEVELS = (0.15, 0.50, 0.85)

Week = tuple[float, float]
Band = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Futures:
    """`cdf[t]` = share finished within t weeks; `bands[t]` = remaining work (15, 50, 85 %) after t weeks.

    Bands end with the first week in which 85 % of the futures are finished, or with the horizon.
    """

    cdf: tuple[float, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Urn:
    """Past weeks to draw from. `weights[i]` belongs to `weeks[i]`.

    With `learning` each week drawn is put back twice (Pólya's urn). The sequences that come out are those of
    weights drawn from a Dirichlet distribution with `weights` as its parameters: the Bayesian bootstrap, at
    the price of one random number a week.
    """

    weeks: tuple[Week, ...]
    weights: tuple[float, ...]
    learning: bool


def grid_of(amounts: Sequence[float]) -> int | None:
    """The number of parts in which a unit must be cut for all amounts to be whole; None when none will do."""
    for parts in GRIDS:
        if all(abs(amount * parts - round(amount * parts)) < NOTHING for amount in amounts):
            return parts
    return None


def exact(remaining: float, weeks: Sequence[Week], horizon: int) -> Futures | None:
    """All equally likely sequences of `weeks`, counted. None when amounts have no common grid or are too many."""
    parts = grid_of([created - done for done, created in weeks])
    if parts is None:
        return None
    start = math.ceil(remaining * parts - NOTHING)
    steps = [round((created - done) * parts) for done, created in weeks]
    if (start + max(0, *steps) * horizon) * horizon > EXACT_CELLS:
        return None
    return _count(start, steps, parts, horizon)


def _count(start: int, steps: Sequence[int], parts: int, horizon: int) -> Futures:
    """One long integer holds, in fields of equal width, how many sequences leave 0, 1, 2 … to do.

    Moving all sequences by one week is then a shift, done at the speed of long integers; fields are wide
    enough for every sequence of the horizon, so none can run over into the next.
    """
    width = math.ceil(horizon * math.log2(len(steps)) / 8) + 1 if len(steps) > 1 else 1
    state = 1 << (8 * width * start)
    cdf, bands, total = [0.0], [(start / parts,) * 3], 1
    for _ in range(horizon):
        total *= len(steps)
        state = sum(_shifted(state, step * 8 * width) for step in steps)
        state = state >> (8 * width) << (8 * width)
        fields = _fields(state, width)
        unfinished = sum(fields)
        cdf.append((total - unfinished) / total)
        if bands[-1][-1] > 0:
            bands.append(_exact_band(fields, total, total - unfinished, parts))
        if not unfinished:
            break
    cdf += [cdf[-1]] * (horizon + 1 - len(cdf))
    return Futures(tuple(cdf), tuple((low, middle, high) for low, middle, high in bands))


def _shifted(state: int, bits: int) -> int:
    return state << bits if bits >= 0 else state >> -bits


def _fields(state: int, width: int) -> list[int]:
    fields = -(-state.bit_length() // (8 * width))
    raw = state.to_bytes(fields * width, "little")
    return [int.from_bytes(raw[at : at + width], "little") for at in range(0, len(raw), width)]


def _exact_band(fields: Sequence[int], total: int, finished: int, parts: int) -> Band:
    """Remaining work at the fan's levels. Nothing is in field 0: what was finished counts as nothing to do."""
    running = [finished + count for count in accumulate(fields)]
    low, middle, high = (
        bisect_left(running, math.ceil(level * total - NOTHING)) / parts if level * total > finished else 0.0
        for level in FAN_LEVELS
    )
    return low, middle, high


def exact_sums(done: Sequence[float], weeks: int) -> tuple[tuple[float, float], ...] | None:
    """(amount, share of sequences that finish exactly it in `weeks` weeks), rising; None without a grid."""
    parts = grid_of(done)
    if parts is None:
        return None
    steps = [round(amount * parts) for amount in done]
    if max(steps) * weeks * weeks > EXACT_CELLS:
        return None
    width = math.ceil(weeks * math.log2(len(steps)) / 8) + 1 if len(steps) > 1 else 1
    state = 1
    for _ in range(weeks):
        state = sum(state << (step * 8 * width) for step in steps)
    total = len(steps) ** weeks
    return tuple((at / parts, count / total) for at, count in enumerate(_fields(state, width)) if count)


def drift_factors(drift: float, trials: int) -> list[float]:
    """Factors on the pace, log-normal, one per trial; taken at even steps of probability to save noise."""
    if drift == 0:
        return [1.0] * trials
    quantile = NormalDist(0, drift).inv_cdf
    return [math.exp(quantile((trial + 0.5) / trials)) for trial in range(trials)]


def drawn(remaining: float, urn: Urn, factors: Sequence[float], horizon: int, rng: Random) -> Futures:
    """One future per factor, each followed until nothing remains or the horizon is reached."""
    left_after: list[list[float]] = [[] for _ in range(horizon)]
    finished = _draw(remaining, urn, factors, horizon, rng, left_after)
    cdf = tuple(count / len(factors) for count in accumulate(finished))
    bands = [(remaining, remaining, remaining)]
    for left in left_after:
        if bands[-1][-1] == 0:
            break
        bands.append(_drawn_band(left, len(factors)))
    return Futures(cdf, tuple(bands))


def drawn_cdf(remaining: float, urn: Urn, factors: Sequence[float], horizon: int, rng: Random) -> tuple[float, ...]:
    """As `drawn`, without the bands: the same futures at less cost."""
    finished = _draw(remaining, urn, factors, horizon, rng, None)
    return tuple(count / len(factors) for count in accumulate(finished))


def _draw(
    remaining: float,
    urn: Urn,
    factors: Sequence[float],
    horizon: int,
    rng: Random,
    left_after: list[list[float]] | None,
) -> list[int]:
    """How many futures finish in week 0, 1 … `horizon`. The innermost loop of the product: kept flat for speed."""
    bounds, mass, growth_of_urn = list(accumulate(urn.weights)), sum(urn.weights), int(urn.learning)
    bounds[-1] = mass
    done, created = [week[0] for week in urn.weeks], [week[1] for week in urn.weeks]
    finished, uniform = [0] * (horizon + 1), rng.random
    path: list[int]
    for factor in factors:
        left, path = remaining, []
        for week in range(horizon):
            ball = uniform() * (mass + week * growth_of_urn)
            # The index runs from -1: every earlier week once, and safe when rounding reaches the upper end.
            drawn_week = bisect(bounds, ball) if ball < mass else path[int(ball - mass) - 1]
            path.append(drawn_week)
            left += created[drawn_week] - factor * done[drawn_week]
            if left <= NOTHING:
                finished[week + 1] += 1
                break
            if left_after is not None:
                left_after[week].append(left)
    return finished


def _drawn_band(left: list[float], trials: int) -> Band:
    left.sort()
    finished = trials - len(left)
    ranks = [math.ceil(level * trials - NOTHING) - finished - 1 for level in FAN_LEVELS]
    low, middle, high = (left[rank] if rank >= 0 else 0.0 for rank in ranks)
    return low, middle, high


def drawn_sums(urn: Urn, factors: Sequence[float], weeks: int, rng: Random) -> list[float]:
    """What is done in `weeks` weeks, one amount per factor, rising."""
    bounds, mass, growth_of_urn = list(accumulate(urn.weights)), sum(urn.weights), int(urn.learning)
    bounds[-1] = mass
    sums = []
    for factor in factors:
        path: list[int] = []
        for week in range(weeks):
            ball = rng.random() * (mass + week * growth_of_urn)
            path.append(bisect(bounds, ball) if ball < mass else path[int(ball - mass) - 1])
        sums.append(factor * sum(urn.weeks[at][0] for at in path))
    return sorted(sums)
