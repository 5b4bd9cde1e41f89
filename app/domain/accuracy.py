"""The forecast's track record: the past replayed week by week with the forecast that is shown today.

Each origin is a week of the past: its forecast knows nothing later, and is asked about 4, 8 and 12 weeks of
work at that day's pace. An outcome counts once it is known: finished on or before the date is a hit, a date
that passed unfinished is a miss, and what is neither yet is unresolved. A level beyond the horizon gave no
date to hold or to pass: an early finish would always be a hit and a late one never a miss, so counting it would
reward withholding dates. It counts neither way, and how many there were is told. Origins overlap, so the Wilson
interval is narrower than the truth.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import fsum
from random import Random
from typing import ClassVar

from app.domain import drift as drifting
from app.domain import futures
from app.domain.forecast import HORIZON_WEEKS, LEVELS, Distribution, crowds_of, stable_seed, urns_of
from app.domain.futures import Crowd
from app.domain.known import Growth, Method
from app.domain.missing import NotEnoughData
from app.words import N_

WINDOW_WEEKS = 12
SIZES_IN_WEEKS = (4, 8, 12)
JUDGED_LEVEL = 85


@dataclass(frozen=True, slots=True)
class LevelRecord:
    """How often the dates of one level held. `wilson90` is the Wilson 90 % interval of the rate.

    `pinball`: mean loss in weeks over the `n` known outcomes; 0 when there is none. Where a date passed and
    the work is still open, one week more than have passed stands for the true duration, the least it can be.
    `no_date`: forecasts that gave none at this level, because it lay beyond their horizon.
    """

    hit_rate: float
    n: int
    wilson90: tuple[float, float]
    pinball: float
    no_date: int = 0

    DOCUMENT: ClassVar[Mapping[str, str]] = {
        "hit_rate": "rate",
        "n": "n",
        "wilson90": "wilson90",
        "pinball": "loss",
        "no_date": "no_date",
    }

    @property
    def rate(self) -> float | None:
        """Without a known outcome there is no rate, which is not the same as 0."""
        return self.hit_rate if self.n else None

    @property
    def loss(self) -> float | None:
        return self.pinball if self.n else None


@dataclass(frozen=True, slots=True)
class ReplayedForecast:
    """One replayed forecast, made when `week` weeks were known.

    `backlog` in items; `horizon`: its length in weeks at the pace of the window; `weeks` per level, None
    beyond the forecast's horizon; `actual`: weeks it really took, None when it was not finished yet.
    """

    week: int
    as_of: date | None
    backlog: int
    horizon: int
    weeks: Mapping[int, int | None]
    actual: int | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """`origins` counts replayed forecasts; `unresolved` those whose 85 % date is still open or was
    not given.

    `pinball`: mean of the levels' losses. `sharpness_weeks`: mean distance from the 50 % to the 85 % date.
    `relative_p85`: mean 85 % duration in multiples of the backlog's duration at the window's pace.
    `verdict` (of the 85 % line): honest, overconfident or cautious; "unknown" without a known outcome.
    """

    method: Method
    origins: int
    unresolved: int
    levels: Mapping[int, LevelRecord]
    pinball: float
    sharpness_weeks: float
    relative_p85: float
    verdict: str
    replayed: tuple[ReplayedForecast, ...] = ()

    DOCUMENT: ClassVar[Mapping[str, str]] = {
        name: name
        for name in (
            "method",
            "origins",
            "unresolved",
            "levels",
            "pinball",
            "sharpness_weeks",
            "relative_p85",
            "verdict",
        )
    }


def replay(
    done_per_week: Sequence[float],
    method: Method,
    every: int = 2,
    trials: int = 1000,
    seed: int = 0,
    starts: Sequence[date] = (),
    step: Callable[[int, int], None] | None = None,
    sizes: Sequence[int] = SIZES_IN_WEEKS,
) -> Calibration | NotEnoughData:
    """Replay the past by the protocol in the documentation. `done_per_week`: all full weeks, oldest first; `starts`:
    their first days; `sizes`: of the work that is asked about, in weeks at the pace.

    `step(done, total)` is called between origins so that a caller can show progress or stop by raising.
    Raises ValueError when `every` or `trials` is below 1.
    """
    if every < 1 or trials < 1:
        raise ValueError("a replay needs at least one week between origins and at least one trial")
    origins = range(WINDOW_WEEKS, len(done_per_week), every)
    past = _Past(done_per_week, method, trials, seed)
    replayed: list[ReplayedForecast] = []
    for number, origin in enumerate(origins):
        if step is not None:
            step(number, len(origins))
        as_of = starts[origin] if starts else None
        replayed += past.forecasts(origin, as_of, sizes)
    if step is not None:
        step(len(origins), len(origins))
    if not replayed:
        return NotEnoughData(_too_short(len(done_per_week)))
    return calibration_of(replayed, method, len(done_per_week))


def calibration_of(replayed: Sequence[ReplayedForecast], method: Method, known_weeks: int) -> Calibration:
    """The record of forecasts (at least one) when `known_weeks` weeks of the series are known."""
    levels = {level: _record(replayed, level, known_weeks) for level in LEVELS}
    judged = levels[JUDGED_LEVEL]
    spans = [(f.weeks[50], f.weeks[85], f.horizon) for f in replayed]
    widths = [likely - even for even, likely, _ in spans if even is not None and likely is not None]
    relative = [likely / length for _, likely, length in spans if likely is not None]
    return Calibration(
        method=method,
        origins=len(replayed),
        unresolved=len(replayed) - judged.n,
        levels=levels,
        pinball=_mean([record.pinball for record in levels.values()]),
        sharpness_weeks=_mean(widths),
        relative_p85=_mean(relative),
        verdict=verdict(judged),
        replayed=tuple(replayed),
    )


def verdict(record: LevelRecord, level: int = JUDGED_LEVEL) -> str:
    """honest when the level lies within the interval of what held, overconfident below it, cautious above."""
    if record.n == 0:
        return "unknown"
    low, high = record.wilson90
    if high < level / 100:
        return "overconfident"
    return "cautious" if low > level / 100 else "honest"


def is_hit(forecast_weeks: int | None, actual: int | None, weeks_since: int) -> bool | None:
    """Whether a date of `forecast_weeks` weeks held, `weeks_since` weeks later; None while that is open."""
    if forecast_weeks is None:
        return None
    if actual is not None:
        return actual <= forecast_weeks
    return False if forecast_weeks <= weeks_since else None


def pinball(level: int, actual: float, forecast_weeks: float) -> float:
    """Loss of a date at `level` percent, in weeks: late costs `level`, early what is left to 100."""
    late = actual - forecast_weeks
    return max(level / 100 * late, (level / 100 - 1) * late)


def wilson(hits: int, n: int, z: float = 1.6449) -> tuple[float, float]:
    """Wilson score interval of a rate; (0, 1) for n = 0."""
    if n == 0:
        return 0.0, 1.0
    rate, extra = hits / n, z * z / n
    centre = (rate + extra / 2) / (1 + extra)
    half = z * math.sqrt(rate * (1 - rate) / n + extra / (4 * n)) / (1 + extra)
    # Rounding must not put the rate itself a hair outside.
    return min(rate, max(0.0, centre - half)), max(rate, min(1.0, centre + half))


class _Past:
    """One series, forecast at any of its weeks from what was known then."""

    def __init__(self, done: Sequence[float], method: Method, trials: int, seed: int) -> None:
        self._weeks = [(float(amount), 0.0) for amount in done]
        self._sums = [0.0, *accumulate(float(amount) for amount in done)]
        self._method, self._trials, self._seed = method, trials, seed
        self._errors = drifting.PastErrors([float(amount) for amount in done], WINDOW_WEEKS)

    def forecasts(self, origin: int, as_of: date | None, sizes: Sequence[int]) -> list[ReplayedForecast]:
        """One forecast per size; none when nothing was finished in the window."""
        pace = (self._sums[origin] - self._sums[origin - WINDOW_WEEKS]) / WINDOW_WEEKS
        if pace <= 0:
            return []
        drift = self._errors.drift(origin) if self._method is Method.CALIBRATED else None
        urns = urns_of(self._weeks[origin - WINDOW_WEEKS : origin], self._weeks[:origin], Growth.NONE, drift)
        crowds = crowds_of(urns, drift, self._trials)
        return [self._forecast(origin, as_of, size, _backlog(size, pace), crowds) for size in sizes]

    def _forecast(
        self, origin: int, as_of: date | None, size: int, backlog: int, crowds: Sequence[Crowd]
    ) -> ReplayedForecast:
        rng = Random(stable_seed(self._seed, origin, size))
        cdf = futures.drawn_cdf(backlog, crowds, HORIZON_WEEKS, rng)
        distribution = Distribution(cdf, self._method is Method.CALIBRATED)
        weeks = {level: distribution.weeks(level) for level in LEVELS}
        return ReplayedForecast(origin, as_of, backlog, size, weeks, self._actual(origin, backlog))

    def _actual(self, origin: int, backlog: int) -> int | None:
        """Weeks until `backlog` more was done; None when the series ends before."""
        finished = bisect_left(self._sums, self._sums[origin] + backlog - futures.NOTHING)
        return None if finished == len(self._sums) else finished - origin


def _backlog(size: int, pace: float) -> int:
    return max(1, round(size * pace))


def _record(replayed: Sequence[ReplayedForecast], level: int, known_weeks: int) -> LevelRecord:
    outcomes, losses = [], []
    for origin in replayed:
        weeks, since = origin.weeks[level], known_weeks - origin.week
        outcome = is_hit(weeks, origin.actual, since)
        if outcome is None or weeks is None:
            continue
        outcomes.append(outcome)
        # Still open: it takes at least one week more than have passed.
        losses.append(pinball(level, since + 1 if origin.actual is None else origin.actual, weeks))
    hits, n = sum(outcomes), len(outcomes)
    no_date = sum(1 for origin in replayed if origin.weeks[level] is None)
    return LevelRecord(hits / n if n else 0.0, n, wilson(hits, n), _mean(losses), no_date)


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values) if values else 0.0


def _too_short(weeks: int) -> str:
    if weeks <= WINDOW_WEEKS:
        return N_(
            "The past can be replayed from {least} full weeks on; there are {weeks}.",
            least=WINDOW_WEEKS + 1,
            weeks=weeks,
        )
    return N_(
        "Nothing was finished in any {least} weeks before a replayed week, so there is nothing to judge.",
        least=WINDOW_WEEKS,
    )
