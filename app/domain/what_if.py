"""What if: the same futures lived once more with another pace, amount of work, start, or more that comes in.

The weeks of every future are drawn once (`Drawn`). Whatever is tried out walks the same weeks, so that a difference
comes from what was changed and from nothing else: more work is never done earlier, and a faster pace never later.
"""

from __future__ import annotations

from array import array
from bisect import bisect, bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from app.domain.calendar import ONE_WEEK
from app.domain.forecast import (
    LEVELS,
    PROMISED,
    Distribution,
    FanWeek,
    Forecast,
    ForecastSettings,
    crowds_of,
    learned_drift,
    urns_of,
)
from app.domain.futures import FAN_LEVELS, NOTHING, Urn
from app.domain.known import Growth, Method
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from app.domain.work_ahead import EVERY_WEEK, WorkAhead

# Enough for dates that stand still while something is tried out, and few enough to answer while dragging.
TRIALS = 2_000
_FAN_FUTURES = 400
# Futures that share one sequence of weeks and differ in their drift.
_SHARING = 4


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What differs from how it is; the defaults differ in nothing.

    `pace`: times the pace of the past. `new_work`: times what came in in the past, None: as the forecast counts it.
    `away`: full weeks in which nobody works. `start`: the day on which work goes on, None: now. `left`: the work that
    remains, None: what does. `deadline`: None for the one that is set. `split`: into how much each item of that turns
    when it is begun.
    """

    pace: float = 1.0
    away: int = 0
    new_work: float | None = None
    left: float | None = None
    start: date | None = None
    deadline: date | None = None
    split: float = 1.0

    @property
    def changes_nothing(self) -> bool:
        return replace(self, deadline=None) == WhatIf()

    def standstill(self, as_of: date, ahead: WorkAhead = EVERY_WEEK) -> int:
        """Full weeks of work before the first one that is worked in; one that has begun counts. Days off before the
        start cost nothing more; who is away is so for as many weeks that would have been worked."""
        later = 0 if self.start is None else max(0, -((as_of - self.start) // ONE_WEEK))
        return ahead.worked(later) + self.away


@dataclass(frozen=True, slots=True)
class _Path:
    """One sequence of weeks: sums of what was done and of what came in after 0, 1, 2 … weeks; rising factors on it.

    Arrays, since an analysis keeps two thousand of these for as long as it is kept: 4 MB instead of 20.
    """

    done: array[float]
    created: array[float]
    factors: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The futures of one forecast, in weeks of work; `ahead` makes weeks of the calendar of them. `left` and `new_work`
    are those of the forecast itself."""

    as_of: date
    left: float
    new_work: float
    horizon: int
    paths: tuple[_Path, ...]
    ahead: WorkAhead = EVERY_WEEK

    @property
    def trials(self) -> int:
        return sum(len(path.factors) for path in self.paths)


@dataclass(frozen=True, slots=True)
class TriedOut:
    """`dates` None beyond the horizon. `moved`: by how many weeks each date moved, None where either is not known."""

    what: WhatIf
    left: float
    distribution: Distribution
    dates: dict[int, date | None]
    moved: dict[int, int | None]
    fan: tuple[FanWeek, ...]
    chance: float | None
    deadline: date | None


def drawn(forecast: Forecast, weeks: Throughput, settings: ForecastSettings) -> Drawn:
    """The futures of a forecast to walk again, drawn as that draws them."""
    window, history = weeks.pairs, weeks.history
    drift = None
    if settings.method is Method.CALIBRATED and forecast.remaining > 0:
        drift = learned_drift(window, history)
    rng = Random(settings.seed)
    paths: list[_Path] = []
    for crowd in crowds_of(urns_of(window, history, Growth.PAST, drift), drift, min(TRIALS, settings.trials)):
        urn = crowd.urn
        sequences = len(crowd.factors) if drift is None else -(-len(crowd.factors) // _SHARING)
        for first in range(sequences):
            chosen = _weeks(urn, settings.horizon, rng)
            done = array("d", accumulate((urn.weeks[at][0] for at in chosen), initial=0.0))
            created = array("d", accumulate((urn.weeks[at][1] for at in chosen), initial=0.0))
            paths.append(_Path(done, created, tuple(crowd.factors[first::sequences])))
    new_work = 1.0 if settings.growth is Growth.PAST else 0.0
    return Drawn(forecast.as_of, forecast.remaining, new_work, settings.horizon, tuple(paths), settings.ahead)


def _weeks(urn: Urn, count: int, rng: Random) -> list[int]:
    """So many weeks of an urn, stage by stage; with `learning` each one drawn is put back twice."""
    chosen: list[int] = []
    for weeks, weights in urn.stages(count):
        bounds = list(accumulate(weights))
        mass = bounds[-1]
        for week in range(weeks):
            ball = rng.random() * (mass + week * urn.learning)
            at = bisect(bounds, ball) if ball < mass else chosen[int(ball - mass) - week]
            chosen.append(min(at, len(bounds) - 1))
    return chosen


def tried(futures: Drawn, forecast: Forecast, what: WhatIf, deadline: date | None) -> TriedOut:
    """What comes out of it. Dates and chance are the forecast's own, moved by what the change does to its futures.

    `deadline`: the one that is set.
    """
    left = max(0.0, futures.left if what.left is None else what.left) * what.split
    to_nearest = forecast.distribution.to_nearest
    now = Distribution(_cdf(futures, WhatIf(), futures.left), to_nearest)
    then = now if what.changes_nothing else Distribution(_cdf(futures, what, left), to_nearest)
    weeks = _rising({level: _moved_to(forecast.weeks[level], now.weeks(level), then.weeks(level)) for level in LEVELS})
    wanted = what.deadline or deadline
    chance = _chance(forecast, now, then, left, wanted)
    if wanted is not None and chance is not None and not what.changes_nothing:
        chance = _agreeing(chance, weeks, (wanted - forecast.as_of).days // 7)
    return TriedOut(
        what,
        left,
        then,
        {level: None if count is None else forecast.as_of + timedelta(weeks=count) for level, count in weeks.items()},
        {level: _difference(forecast.weeks[level], count) for level, count in weeks.items()},
        forecast.fan if what.changes_nothing else _fan(futures, what, left, then),
        chance,
        wanted,
    )


def weeks_until(futures: Drawn, left: float, level: int) -> float | None:
    """When so many per cent of the futures have done this much work, in weeks and parts of them; None: never.

    Between two weeks the share that is done is taken to rise evenly, so that small changes show too.
    """
    distribution = Distribution(_cdf(futures, WhatIf(), max(0.0, left)))
    week = distribution.weeks(level)
    if not week:
        return week
    low, high = distribution.cdf[week - 1], distribution.cdf[week]
    return week - 1 + (level / 100 - low) / (high - low) if high > low else float(week)


def sure_amount(futures: Drawn, day: date, level: int) -> float:
    """The most work that so many per cent of the futures have done by that day."""
    weeks = min((day - futures.as_of).days // 7, futures.horizon)
    return sure_within(futures, futures.ahead.worked(weeks), level)


def sure_within(futures: Drawn, weeks: int, level: int) -> float:
    """As `sure_amount`, within so many weeks of work."""
    if weeks < 1:
        return 0.0
    amounts = sorted(
        factor * path.done[weeks] - futures.new_work * path.created[weeks]
        for path in futures.paths
        for factor in path.factors
    )
    return max(0.0, amounts[min(len(amounts) - 1, int((1 - level / 100) * len(amounts) + NOTHING))])


def _moved_to(base: int | None, now: int | None, then: int | None) -> int | None:
    if base is None or now is None or not then:
        return then
    # Some noise lies between the many futures of the forecast and the few that are walked again: it is taken out.
    return max(1, base + then - now)


def _rising(weeks: Mapping[int, int | None]) -> dict[int, int | None]:
    """What is surer is never earlier, whatever noise was taken out of each level."""
    levels: dict[int, int | None] = {}
    latest: int | None = 0
    for level in sorted(weeks):
        here = weeks[level]
        latest = None if latest is None or here is None else max(latest, here)
        levels[level] = latest
    return levels


def _difference(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


def _chance(
    forecast: Forecast, now: Distribution, then: Distribution, left: float, deadline: date | None
) -> float | None:
    if deadline is None:
        return None
    if left <= 0:
        return 1.0
    weeks = (deadline - forecast.as_of).days / 7
    return min(1.0, max(0.0, forecast.chance_by(deadline) + then.chance(weeks) - now.chance(weeks)))


def _agreeing(chance: float, weeks: Mapping[int, int | None], until: int) -> float:
    """The chance by then within what the promised dates say: noise is taken out of both, each on its own way."""
    for level, week in sorted(weeks.items()):
        if level < PROMISED:
            continue
        is_reached = week is not None and week <= until
        chance = max(chance, level / 100) if is_reached else min(chance, (level - 1) / 100)
    return chance


def _new_work(futures: Drawn, what: WhatIf) -> float:
    return futures.new_work if what.new_work is None else what.new_work


def _cdf(futures: Drawn, what: WhatIf, left: float) -> tuple[float, ...]:
    """The share of futures that are done within 0, 1, 2 … weeks."""
    counts = [0] * (futures.horizon + 1)
    stands, growth = what.standstill(futures.as_of, futures.ahead), _new_work(futures, what)
    for path in futures.paths:
        for factor in path.factors:
            week = _finish(path, factor * what.pace, left, stands, growth, futures.horizon)
            if week is not None:
                counts[week] += 1
    trials = futures.trials
    return futures.ahead.by_week([count / trials for count in accumulate(counts)])


def _finish(path: _Path, pace: float, left: float, stands: int, growth: float, horizon: int) -> int | None:
    """The first week after which nothing is left; None beyond the horizon."""
    if left <= NOTHING:
        return 0
    if pace <= 0:
        return None
    if not growth:
        worked = bisect_left(path.done, (left - NOTHING) / pace)
        return worked + stands if worked + stands <= horizon else None
    for week in range(stands + 1, horizon + 1):
        if pace * path.done[week - stands] >= left + growth * path.created[week] - NOTHING:
            return week
    return None


def _fan(futures: Drawn, what: WhatIf, left: float, then: Distribution) -> tuple[FanWeek, ...]:
    """What is left after each week in the best 15 %, the middle and the worst 15 % of some of the futures."""
    stands, growth = what.standstill(futures.as_of, futures.ahead), _new_work(futures, what)
    every = max(1, len(futures.paths) * _SHARING // _FAN_FUTURES)
    some = [(path, factor * what.pace) for path in futures.paths[::every] for factor in path.factors]
    last = then.reached(85)
    bands = [(left, left, left)]
    ended = [False] * len(some)
    for week in range(1, futures.ahead.worked(futures.horizon if last is None else last) + 1):
        amounts = []
        for at, (path, pace) in enumerate(some):
            open_work = left + growth * path.created[week] - pace * path.done[max(0, week - stands)]
            ended[at] = ended[at] or open_work <= NOTHING
            amounts.append(0.0 if ended[at] else open_work)
        amounts.sort()
        low, middle, high = (amounts[min(len(amounts) - 1, int(level * len(amounts)))] for level in FAN_LEVELS)
        bands.append((low, middle, high))
    by_week = futures.ahead.until_worked(bands)
    return tuple(FanWeek(futures.as_of + timedelta(weeks=week), *band) for week, band in enumerate(by_week))


def what_of(
    forecast: Forecast | NotEnoughData, weeks: Throughput | NotEnoughData, settings: ForecastSettings
) -> Drawn | NotEnoughData:
    """The futures to try things out on."""
    if isinstance(forecast, NotEnoughData):
        return forecast
    if isinstance(weeks, NotEnoughData):
        return weeks
    return drawn(forecast, weeks, settings)
