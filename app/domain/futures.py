"""Futures of the remaining work, week by week: all of them counted exactly, or some of them drawn.

A week takes its done items off the remaining work and adds its created ones; work is finished at the first
moment nothing remains. Both ways give `Futures`, so that whoever reads them need not know which one ran.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, repeat
from operator import add
from random import Random
from statistics import NormalDist

# Amounts closer to zero than this are zero: sums of fractional points carry rounding.
NOTHING = 1e-9
GRIDS = (1, 2, 4, 5, 10, 20, 100)
# Beyond this many (amount, week) cells counting exactly is slower than drawing.
EXACT_CELLS = 300_000
FAN_LEVELS = (0.15, 0.50, 0.85)
# Futures that share one sequence of weeks and differ in their drift.
SHARING = 4
# As many as a chart can tell apart; following all of them for it costs more than drawing them.
FAN_FUTURES = 1_000
# As many sequences as 10,000 futures have where four share one; each date is then known to less than a percent.
_SEQUENCES = 2_500
# Beyond so many amounts it pays to put what the futures have done by each week in order.
_FEW_AMOUNTS = 20
# So many weeks are drawn before one asks whether a future can still finish: of a list that no pace of the past would
# finish within the horizon, a forecast takes a third of the time.
_BLOCK = 13
# Out of reach by more than a sum of many weeks is rounded, as a share of what remains.
_CLEARLY = 1e-6
_NORMAL = NormalDist()

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

    Where there are weights for `later`, they count from week `lasts` on, and what was learned before is forgotten.
    """

    weeks: tuple[Week, ...]
    weights: tuple[float, ...]
    learning: bool
    lasts: int = 0
    later: tuple[float, ...] = ()

    def stages(self, horizon: int) -> tuple[tuple[int, tuple[float, ...]], ...]:
        """For how many weeks each of the weights count, up to the horizon."""
        if not self.later or self.lasts >= horizon:
            return ((horizon, self.weights),)
        return (self.lasts, self.weights), (horizon - self.lasts, self.later)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Futures that draw from the same urn: one per factor on the pace, and the factors rise."""

    urn: Urn
    factors: Sequence[float]


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
    width = _width(len(steps), horizon)
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


def _width(many: int, horizon: int) -> int:
    """The bytes of a field that has room for all sequences of so many weeks."""
    return math.ceil(horizon * math.log2(many) / 8) + 1 if many > 1 else 1


def _shifted(state: int, bits: int) -> int:
    return state << bits if bits >= 0 else state >> -bits


def _fields(state: int, width: int) -> list[int]:
    fields = -(-state.bit_length() // (8 * width))
    raw = state.to_bytes(fields * width, "little")
    return [int.from_bytes(raw[at : at + width], "little") for at in range(0, len(raw), width)]


class Counted:
    """What `exact` says of every amount of up to `most` parts of a unit, in about the time that one of them takes.

    Counted from the end: of the sequences of one week more, those leave something of an amount that leave something of
    what their first week makes of it.
    """

    def __init__(self, most: int, steps: Sequence[int], parts: int, horizon: int) -> None:
        self._parts, self._most = parts, most
        width = _width(len(steps), horizon)
        # What lies higher cannot come down to any of these amounts.
        kept = (1 << (8 * width * (most + max(0, *steps) * horizon + 1))) - 1
        # One sequence of no weeks, which leaves something of every amount but of none.
        state = kept // ((1 << (8 * width)) - 1) - 1
        self._finished, total = [array("d", [0.0]) * (most + 1)], 1
        for _ in range(horizon):
            total *= len(steps)
            state = sum(_shifted(state, -step * 8 * width) for step in steps)
            state = state >> (8 * width) << (8 * width) & kept
            left = _fields(state & ((1 << (8 * width * (most + 1))) - 1), width)
            left += [0] * (most + 1 - len(left))
            self._finished.append(array("d", [(total - count) / total for count in left]))

    def cdf(self, amount: float) -> tuple[float, ...] | None:
        """The shares finished within 0, 1, 2 … weeks, up to the horizon; None of more than is counted."""
        at = math.ceil(amount * self._parts - NOTHING)
        return None if at > self._most else tuple(finished[at] for finished in self._finished)


def counted(most: float, weeks: Sequence[Week], horizon: int) -> Counted | None:
    """Of amounts up to `most`, as far as `exact` goes; None where that tells nothing of 1."""
    parts = grid_of([created - done for done, created in weeks])
    if parts is None:
        return None
    steps = [round((created - done) * parts) for done, created in weeks]
    limit = EXACT_CELLS // horizon - max(0, *steps) * horizon
    return Counted(min(math.ceil(most * parts - NOTHING), limit), steps, parts, horizon) if limit >= parts else None


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
    width = _width(len(steps), weeks)
    state = 1
    for _ in range(weeks):
        state = sum(state << (step * 8 * width) for step in steps)
    total = len(steps) ** weeks
    return tuple((at / parts, count / total) for at, count in enumerate(_fields(state, width)) if count)


def drift_factors(slower: float, faster: float, trials: int) -> list[float]:
    """Factors on the pace, one per trial, rising; taken at even steps of probability to save noise.

    Their log is normal with the deviation `slower` below 0 and `faster` above, each side as likely as it is wide.
    """
    if slower + faster == 0:
        return [1.0] * trials
    below = slower / (slower + faster)
    return [math.exp(_two_sided((trial + 0.5) / trials, slower, faster, below)) for trial in range(trials)]


def _two_sided(share: float, slower: float, faster: float, below: float) -> float:
    """The quantile at `share`; `below`: the share of the lower side."""
    if share < below:
        return slower * _NORMAL.inv_cdf(share / (2 * below))
    return faster * _NORMAL.inv_cdf(0.5 + (share - below) / (2 * (1 - below)))


def mixed_factors(odds: Mapping[tuple[float, float], float], trials: int) -> list[float]:
    """As `drift_factors`, rising, when the drift has each of these sizes with these odds, which sum to 1."""
    factors: list[float] = []
    for (slower, faster), running in zip(odds, accumulate(odds.values()), strict=True):
        factors += drift_factors(slower, faster, round(running * trials) - len(factors))
    return sorted(factors)


def drawn(remaining: float, crowds: Sequence[Crowd], horizon: int, rng: Random) -> Futures:
    """One future per factor of each crowd, followed until nothing remains or the horizon is reached."""
    trials = sum(len(crowd.factors) for crowd in crowds)
    every = max(1, trials // FAN_FUTURES)
    grouped = [(crowd.urn, _groups(crowd.factors)) for crowd in crowds]
    if all(_is_out_of_reach(remaining, crowd.urn, crowd.factors[-1], horizon) for crowd in crowds):
        # What no future finishes leaves only the fan to be drawn.
        grouped, every = [(urn, groups[::every]) for urn, groups in grouped], 1
    finished, left_after = [0] * (horizon + 1), [list[float]() for _ in range(horizon)]
    for urn, groups in grouped:
        counts, paths = _draw(remaining, urn, groups, horizon, rng, every)
        finished = list(map(add, finished, counts))
        _follow(left_after, remaining, urn, groups[::every], paths[::every])
    running = list(accumulate(finished))
    bands = [(remaining, remaining, remaining)]
    for count, left in zip(running[1:], left_after, strict=True):
        if bands[-1][-1] == 0:
            break
        bands.append(_drawn_band(left, count, trials, bands[-1]))
    return Futures(tuple(count / trials for count in running), tuple(bands))


def drawn_cdf(remaining: float, crowds: Sequence[Crowd], horizon: int, rng: Random) -> tuple[float, ...]:
    """As `drawn`, without the bands: the same futures at less cost."""
    finished, trials = [0] * (horizon + 1), sum(len(crowd.factors) for crowd in crowds)
    for crowd in crowds:
        groups = _groups(crowd.factors)
        counts, _ = _draw(remaining, crowd.urn, groups, horizon, rng, len(groups))
        finished = list(map(add, finished, counts))
    return tuple(count / trials for count in accumulate(finished))


def walks(remaining: float, crowds: Sequence[Crowd], horizon: int, rng: Random) -> list[list[float]]:
    """What each future of `drawn` has done on balance after 0, 1, 2 … weeks, until its group is done or the horizon."""
    result = []
    for crowd in crowds:
        groups = _groups(crowd.factors)
        _, paths = _draw(remaining, crowd.urn, groups, horizon, rng, every=1)
        for group, path in zip(groups, paths, strict=True):
            weeks = [crowd.urn.weeks[at] for at in path]
            done = list(accumulate((week[0] for week in weeks), initial=0.0))
            created = list(accumulate((week[1] for week in weeks), initial=0.0))
            result += [[factor * work - more for work, more in zip(done, created, strict=True)] for factor in group]
    return result


class Reached:
    """When each amount of work is reached by the futures that `drawn` draws for `most`, which no amount exceeds.

    The futures are the same for every amount, so that a larger one is never reached earlier. They are those of `drawn`,
    or where each has a sequence of weeks of its own, so many of them as there are sequences where four share one.
    """

    def __init__(self, most: float, crowds: Sequence[Crowd], horizon: int, rng: Random) -> None:
        self._horizon, self._amounts = horizon, 0
        self._weeks: dict[int, array[float]] = {}
        # How much each future has done up to week 0, 1, 2 …, with the factor that it goes with.
        self._ways: list[tuple[float, array[float]]] = []
        grouped = [(crowd.urn, _groups(crowd.factors)) for crowd in crowds]
        every = max(1, sum(len(groups) for _, groups in grouped) // _SEQUENCES)
        for urn, groups in grouped:
            chosen = groups[::every]
            _, paths = _draw(most, urn, chosen, horizon, rng, every=1)
            done, created = [week[0] for week in urn.weeks], [week[1] for week in urn.weeks]
            grows = any(created)
            for group, path in zip(chosen, paths, strict=True):
                work = array("d", [*accumulate(map(done.__getitem__, path), initial=0.0)])
                if not grows:
                    self._ways += [(factor, work) for factor in group]
                    continue
                more = array("d", accumulate(map(created.__getitem__, path), initial=0.0))
                self._ways += [(1.0, _farthest(factor, work, more)) for factor in group]

    def cdf(self, amount: float) -> tuple[float, ...]:
        """Of the futures, how many have done so much within 0, 1, 2 … weeks, up to the horizon."""
        self._amounts += 1
        return self._by_way(amount) if self._amounts <= _FEW_AMOUNTS else self._by_week(amount)

    def _by_week(self, amount: float) -> tuple[float, ...]:
        """As `_by_way`, for a tenth of its cost once the weeks are in order: 1,533 epics took 25 s, and take 2 s."""
        wanted, cdf = amount - NOTHING, list[float]()
        for week in range(self._horizon + 1):
            done = self._in_order(week)
            cdf.append((len(done) - bisect_left(done, wanted)) / len(done))
            if cdf[-1] == 1:
                break
        return (*cdf, *repeat(1.0, self._horizon + 1 - len(cdf)))

    def _in_order(self, week: int) -> array[float]:
        """What the futures have done by then, rising; a way that has ended has done all that is asked about."""
        if week not in self._weeks:
            done = (factor * way[week] if week < len(way) else math.inf for factor, way in self._ways)
            self._weeks[week] = array("d", sorted(done))
        return self._weeks[week]

    def _by_way(self, amount: float) -> tuple[float, ...]:
        wanted, reached = amount - NOTHING, [0] * (self._horizon + 2)
        for factor, way in self._ways:
            reached[bisect_left(way, wanted / factor)] += 1
        return tuple(count / len(self._ways) for count in accumulate(reached[:-1]))


def _farthest(factor: float, work: Iterable[float], more: Iterable[float]) -> array[float]:
    """The most that a future had done on balance up to each week: it counts, even if more comes in later."""
    return array("d", accumulate((factor * done - created for done, created in zip(work, more, strict=True)), max))


def _is_out_of_reach(remaining: float, urn: Urn, fastest: float, horizon: int) -> bool:
    """Whether even the fastest future does not finish when each of its weeks is the best one."""
    best = max(fastest * done - created for done, created in urn.weeks)
    return remaining - horizon * best > _CLEARLY * remaining


def _groups(factors: Sequence[float]) -> list[Sequence[float]]:
    """The factors of the futures that share one sequence of weeks, the fastest last.

    Drawing weeks is nearly all of the cost. Futures of one sequence still end far apart as long as their
    factors do, so the members of a group lie a quarter of all factors apart, and farther where more than a
    quarter are equal: equal factors are never shared.
    """
    most_equal = max(sum(1 for _ in equal) for _, equal in groupby(factors))
    sequences = max(math.ceil(len(factors) / SHARING), most_equal)
    return [factors[first::sequences] for first in range(sequences)]


def _bounds(weights: Sequence[float]) -> tuple[list[float], float]:
    """The running sums of weights, and their whole, which is the last of them."""
    bounds, mass = list(accumulate(weights)), math.fsum(weights)
    bounds[-1] = mass
    return bounds, mass


def _draw(
    remaining: float, urn: Urn, groups: Sequence[Sequence[float]], horizon: int, rng: Random, every: int
) -> tuple[list[int], list[list[int]]]:
    """How many futures finish in week 0, 1 … `horizon`, and which weeks of the urn each group drew until all had.

    Of each `every`-th group, that is: the others stop drawing once none of them can finish any more.
    The innermost loop of the product: kept flat for speed.
    """
    blocks = list(_blocks(urn, horizon))
    done, created = [week[0] for week in urn.weeks], [week[1] for week in urn.weeks]
    finished, paths = [0] * (horizon + 1), list[list[int]]()
    most, least, clearly, grows = max(done), min(created), _CLEARLY * remaining, any(created)
    # Each group has a stream of its own: how long one is followed leaves the others as they are.
    stream, source = rng.getrandbits(64), Random()
    seed, uniform = source.seed, source.random
    for number, group in enumerate(groups):
        seed(stream + number)
        work, left, path, slower = 0.0, remaining - NOTHING, list[int](), list(group)
        factor = slower.pop()
        for start, wholes, bounds, mass in blocks:
            ahead = horizon - len(path)
            if number % every and left + ahead * least - factor * (work + ahead * most) > clearly:
                break
            for whole in wholes:
                ball = uniform() * whole
                # Beyond the mass lie the weeks of this stage that were drawn and put back.
                drawn_week = bisect(bounds, ball) if ball < mass else path[start + int(ball - mass)]
                path.append(drawn_week)
                work += done[drawn_week]
                if grows:
                    left += created[drawn_week]
                if factor * work < left:
                    continue
                finished[len(path)] += 1
                while slower and slower[-1] * work >= left:
                    slower.pop()
                    finished[len(path)] += 1
                if not slower:
                    break
                factor = slower.pop()
            else:
                continue
            break
        paths.append(path)
    return finished, paths


def _blocks(urn: Urn, horizon: int) -> Iterator[tuple[int, list[float], list[float], float]]:
    """The weeks up to the horizon, a quarter of a year at a time: where their stage begins, how much the urn holds in
    each of them, and the bounds and the mass of the stage."""
    start = 0
    for weeks, weights in urn.stages(horizon):
        bounds, mass = _bounds(weights)
        wholes = [mass + week * urn.learning for week in range(weeks)]
        yield from ((start, wholes[first : first + _BLOCK], bounds, mass) for first in range(0, weeks, _BLOCK))
        start += weeks


def _follow(
    left_after: Sequence[list[float]],
    remaining: float,
    urn: Urn,
    groups: Sequence[Sequence[float]],
    paths: Sequence[Sequence[int]],
) -> None:
    """Add to `left_after` what each unfinished future of these groups has left after week 1, 2 …"""
    for group, path in zip(groups, paths, strict=True):
        for factor in group:
            left = remaining
            for week, drawn_week in enumerate(path):
                done, created = urn.weeks[drawn_week]
                left += created - factor * done
                if left <= NOTHING:
                    break
                left_after[week].append(left)


def _drawn_band(left: list[float], finished: int, trials: int, before: Band) -> Band:
    """Remaining work at the fan's levels, by the share of all futures that is finished and some that are not.

    So the fan reaches zero in the week of the date. `before` stands in where none of those followed is left.
    """
    left.sort()
    band = []
    for level, last in zip(FAN_LEVELS, before, strict=True):
        beyond = math.ceil(level * trials - NOTHING) - finished
        if beyond <= 0:
            band.append(0.0)
        else:
            band.append(left[-(-len(left) * beyond // (trials - finished)) - 1] if left else last)
    low, middle, high = band
    return low, middle, high


def drawn_sums(crowds: Sequence[Crowd], weeks: int, rng: Random) -> list[float]:
    """What is done in `weeks` weeks, one amount per factor, rising."""
    sums: list[float] = []
    for crowd in crowds:
        groups = _groups(crowd.factors)
        done = [week[0] for week in crowd.urn.weeks]
        # Nothing is ever enough: every group draws all of its weeks.
        _, paths = _draw(math.inf, crowd.urn, groups, weeks, rng, every=1)
        for group, path in zip(groups, paths, strict=True):
            work = sum(done[week] for week in path)
            sums += [factor * work for factor in group]
    return sorted(sums)
