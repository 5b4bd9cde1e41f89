"""When work is done that nobody has counted: a guess from so many to so many items, what each of them splits into, and
what may come on top. Magennis' model of the scope, worked out exactly instead of drawn.

scope = ceil(items × split) + every risk that comes true, where items is any whole number from `low` to `high`, split
any number within its range, and a risk comes true with its likelihood and then is any whole number within its own. How
complex the work is moves the guess; the share of the time that goes into it (`focus`) is a share of the pace.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from app.domain.forecast import LEVELS, Distribution, Forecast
from app.domain.futures import NOTHING
from app.domain.reached import Dates

# Of a wider guess so many numbers stand for all; as many amounts are asked for their dates.
_NUMBERS, _AMOUNTS = 100, 400
MOST = 20_000
# Less is what a running sum leaves over.
_ROUNDED = 1e-12
# By how much the ends of the guess move: clear and known, some unknowns, many, hardly understood.
COMPLEXITIES = ((1.0, 1.0), (1.0, 1.5), (1.5, 2.0), (1.75, 3.0))

# (amount, chance of exactly it), rising.
Chances = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Risk:
    """With this likelihood it comes true, and is then any number of items from `low` to `high`."""

    likelihood: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ScopeGuess:
    """`split`: into how many each item turns, from and to. `complexity`: 1 to 4. Raises ValueError for what is none."""

    low: float
    high: float
    split: tuple[float, float] = (1.0, 1.0)
    risks: tuple[Risk, ...] = ()
    complexity: int = 1
    focus: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high or not 0 < self.split[0] <= self.split[1]:
            raise ValueError("a guess goes from a smaller to a larger number, and so does a split, above 0")
        if not 1 <= self.complexity <= len(COMPLEXITIES) or not 0 < self.focus <= 1:
            raise ValueError("complexity is a number from 1 to 4, and focus a share above 0 up to 1")
        if any(not 0 <= each.likelihood <= 1 or not 0 <= each.low <= each.high for each in self.risks):
            raise ValueError("a risk has a likelihood up to 100 % and goes from a smaller to a larger number")
        if self.most > MOST:
            raise ValueError(f"a guess of more than {MOST:,} items is none; count in larger units")

    @property
    def most(self) -> int:
        top = math.ceil(self.high * COMPLEXITIES[self.complexity - 1][1] * self.split[1])
        return top + sum(risk.high for risk in self.risks)


@dataclass(frozen=True, slots=True)
class Guessed:
    """`scope`: what it comes to in that share of the cases at most; `weeks` and `dates` by level, None beyond the
    horizon; `not_finished`: the share of the futures that are not done then."""

    scope: Mapping[int, int]
    mean: float
    weeks: Mapping[int, int | None]
    dates: Mapping[int, date | None]
    not_finished: float


def chances(guess: ScopeGuess) -> Chances:
    """How likely each amount of work is."""
    shares: dict[int, float] = {}
    numbers = _numbers(guess)
    for number in numbers:
        for amount, share in _split(number, guess.split):
            shares[amount] = shares.get(amount, 0.0) + share / len(numbers)
    for risk in guess.risks:
        shares = _with_risk(shares, risk)
    return sorted(shares.items())


def _numbers(guess: ScopeGuess) -> Sequence[int]:
    """The whole numbers of the guess, evenly thinned where there are many."""
    less, more = COMPLEXITIES[guess.complexity - 1]
    low = math.ceil(guess.low * less - NOTHING)
    high = max(low, math.floor(guess.high * more + NOTHING))
    count = high - low + 1
    if count <= _NUMBERS:
        return range(low, high + 1)
    return [low + int((at + 0.5) * count / _NUMBERS) for at in range(_NUMBERS)]


def _split(number: int, split: tuple[float, float]) -> Chances:
    """Rounded up, as half an item is one."""
    low, high = number * split[0], number * split[1]
    if high - low <= NOTHING:
        return [(math.ceil(low - NOTHING), 1.0)]
    first, last = math.floor(low + NOTHING) + 1, math.ceil(high - NOTHING)
    return [(amount, (min(amount, high) - max(amount - 1, low)) / (high - low)) for amount in range(first, last + 1)]


def _with_risk(shares: Mapping[int, float], risk: Risk) -> dict[int, float]:
    """Each amount spreads evenly over as many as the risk has: by where that begins and ends, and a running sum."""
    top = max(shares) + risk.high
    spread, each = [0.0] * (top + 2), risk.likelihood / (risk.high - risk.low + 1)
    for amount, share in shares.items():
        spread[amount + risk.low] += share * each
        spread[amount + risk.high + 1] -= share * each
    likelihoods = dict(enumerate(accumulate(spread[: top + 1])))
    for amount, share in shares.items():
        likelihoods[amount] += share * (1 - risk.likelihood)
    return {amount: share for amount, share in likelihoods.items() if share > _ROUNDED}


def guessed(guess: ScopeGuess, forecast: Forecast, dates: Dates) -> Guessed:
    """By the futures of the forecast `forecast`; `dates` reach as far as the most that the guess may come to."""
    of = chances(guess)
    cdf = [0.0] * len(forecast.distribution.cdf)
    for amount, share in _few(of):
        for week, done in enumerate(dates.cdf(amount / guess.focus)):
            cdf[week] += share * done
    distribution = Distribution(tuple(min(1.0, round(done, 12)) for done in cdf), forecast.distribution.to_nearest)
    weeks = {level: distribution.weeks(level) for level in LEVELS}
    return Guessed(
        {level: _at_most(of, level) for level in LEVELS},
        math.fsum(amount * share for amount, share in of),
        weeks,
        {level: None if count is None else forecast.as_of + timedelta(weeks=count) for level, count in weeks.items()},
        distribution.not_finished,
    )


def _few(of: Chances) -> list[tuple[int, float]]:
    """Of many amounts those that stand in the middle of as many equal shares."""
    if len(of) <= _AMOUNTS:
        return list(of)
    return [(_at_most(of, 100 * (step + 0.5) / _AMOUNTS), 1 / _AMOUNTS) for step in range(_AMOUNTS)]


def _at_most(of: Chances, level: float) -> int:
    running = accumulate(share for _, share in of)
    wanted = level / 100 - NOTHING
    return next((amount for (amount, _), share in zip(of, running, strict=True) if share >= wanted), of[-1][0])
