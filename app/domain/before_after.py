"""Did it help? The weeks after a change against those before it, and whether luck alone would do as much.

The weeks are dealt out anew in all ways, or in many thousand of them: how often do two groups of these sizes differ by
at least as much as the weeks really did? Weeks that lie close are alike, so that luck does rather more than is told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from random import Random

from app.domain.missing import NotEnoughData
from app.domain.throughput import WeekCount
from app.words import N_

# Fewer weeks on one side tell nothing, more than these are of another time.
FEWEST, MOST = 4, 26
_DEALS = 20_000
# Luck does as much in fewer than so many cases of a hundred: then it is called a difference.
NOISE = 0.05


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Mean done a week before and after `day`, of so many full weeks. `p`: the share of deals that differ as much."""

    day: date
    before: float
    after: float
    weeks_before: int
    weeks_after: int
    p: float
    keys_before: tuple[str, ...] = ()
    keys_after: tuple[str, ...] = ()

    @property
    def is_noise(self) -> bool:
        return self.p >= NOISE


def before_after(weeks: Sequence[WeekCount], day: date, seed: int = 0) -> BeforeAfter | NotEnoughData:
    """The week that holds `day` belongs to neither side, unless the day is its first."""
    before = [week for week in weeks if (day - week.start).days >= 7][-MOST:]
    after = [week for week in weeks if week.start >= day][:MOST]
    if len(before) < FEWEST or len(after) < FEWEST:
        return NotEnoughData(
            N_(
                "There are {before} full weeks before that day and {after} after it. Each side needs {fewest}.",
                before=len(before),
                after=len(after),
                fewest=FEWEST,
            )
        )
    first, second = [week.done for week in before], [week.done for week in after]
    return BeforeAfter(
        day,
        math.fsum(first) / len(first),
        math.fsum(second) / len(second),
        len(first),
        len(second),
        permutation_p(first, second, seed),
        tuple(key for week in before for key in week.done_keys),
        tuple(key for week in after for key in week.done_keys),
    )


def permutation_p(first: Sequence[float], second: Sequence[float], seed: int = 0) -> float:
    """Two-sided; counted exactly where there are few deals, the deal that came about among them in any case."""
    values = [*first, *second]
    size, total = len(first), math.fsum(values)
    expected = total * size / len(values)
    seen = abs(math.fsum(first) - expected) - 1e-9
    ways = math.comb(len(values), size)
    if ways <= _DEALS:
        as_far = sum(abs(math.fsum(chosen) - expected) >= seen for chosen in combinations(values, size))
        return as_far / ways
    as_far = sum(abs(amount - expected) >= seen for amount in _dealt(values, size, Random(seed)))
    return (as_far + 1) / (_DEALS + 1)


def _dealt(values: Sequence[float], size: int, rng: Random) -> Iterator[float]:
    for _ in range(_DEALS):
        yield math.fsum(rng.sample(values, size))
