"""When will it be done, and how sure is that: Monte Carlo over the team's own weeks.

`plain` is what the tools ship: every future draws its weeks from the window, each equally likely. It is
counted exactly where amounts lie on a grid, and drawn otherwise.

`calibrated` adds what plain leaves out. The weeks before the window have a say too; how little a few weeks tell is
drawn with them (Bayesian bootstrap, as Pólya's urn); and each future's pace is multiplied by a drift. How far back
the weeks tell of the next ones, and how large the drift is, if there is any, is weighed by this team's own past:
some futures take the pace for one that holds, others for one that changes (`drift.py`, with the measurements). Its
dates and amounts below a promise are the nearest whole ones, plain's the first and the largest that reach the level.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import accumulate, pairwise
from random import Random
from typing import Any, ClassVar

from app.domain import drift as drifting
from app.domain import futures
from app.domain.calendar import ONE_WEEK
from app.domain.drift import Drift, Memory
from app.domain.futures import FAN_LEVELS, Crowd, Futures, Urn
from app.domain.items import Unit
from app.domain.known import Growth, Keep, Known, Method, Rows, derived_anew
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope
from app.domain.throughput import Throughput
from app.domain.work_ahead import EVERY_WEEK, WorkAhead, work_ahead
from app.words import N_, Nn_

LEVELS = (50, 70, 85, 95)
# From here on a level is a promise: its date is rounded up and its amount down.
PROMISED = 85
HORIZON_WEEKS = 104
FEW_ITEMS = 20
FEW_WEEKS = 6
# An 85 % date this many times as far away as the even-odds date says little.
WIDE_RANGE = 2.5
# Shares that differ by rounding only are equal.
SHARE_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class ForecastSettings:
    """How to forecast. `seed` None: derived with a stable hash by whoever knows profile, query and day. `ahead`: how
    much of the weeks to come is worked."""

    method: Method = Method.CALIBRATED
    growth: Growth = Growth.NONE
    trials: int = 10_000
    seed: int = 0
    horizon: int = HORIZON_WEEKS
    ahead: WorkAhead = EVERY_WEEK

    DOCUMENT: ClassVar[Mapping[str, str]] = {name: name for name in ("method", "growth", "trials", "seed", "horizon")}

    @property
    def of_work(self) -> ForecastSettings:
        """What the futures depend on: they know weeks of work, and no calendar."""
        return replace(self, ahead=EVERY_WEEK)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Weeks until done. `cdf[t]` = share of futures finished within t weeks, t = 0 … horizon.

    A date is a whole week: the first by whose end the level is reached. `to_nearest`: below a promise (`PROMISED`) the
    one whose end is nearest to when it is reached, if what a week finishes is spread over it; rounded up, even odds
    hold too often.
    """

    cdf: tuple[float, ...]
    to_nearest: bool = False

    def weeks(self, level: float) -> int | None:
        """After how many weeks the level is reached; None beyond the horizon."""
        week = self.reached(level)
        if not self.to_nearest or level >= PROMISED or week is None or week < 2:
            return week
        halfway = (self.cdf[week - 1] + self.cdf[week]) / 2
        return week - 1 if level / 100 < halfway - SHARE_ROUNDING else week

    def reached(self, level: float) -> int | None:
        """Smallest t with P(T <= t) >= level / 100 (inverted CDF); None beyond the horizon."""
        wanted = level / 100 - SHARE_ROUNDING
        return next((week for week, share in enumerate(self.cdf) if share >= wanted), None)

    def chance(self, weeks: float) -> float:
        """P(T <= floor(weeks)); 0.0 for negative weeks."""
        if weeks < 0:
            return 0.0
        return self.cdf[min(math.floor(weeks), len(self.cdf) - 1)]

    @property
    def not_finished(self) -> float:
        """Share of futures beyond the horizon."""
        return 1 - self.cdf[-1]


@dataclass(frozen=True, slots=True)
class FanWeek:
    """Remaining work at the end of `day` in the best 15 %, the middle and the worst 15 % of futures."""

    day: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """A result of t weeks is the date `as_of` + 7 t days; of the calendar, days off are in them (`WorkAhead`). `weeks`
    and `dates` are None beyond the horizon.

    `samples`: what was done in each week of the window. `earlier_weeks` before it are drawn from too, and
    `earlier_share` of all draws is theirs. `drift`: the expected standard deviation of the log of the pace's
    drift, None for plain. `net_per_week`: mean done minus mean created in the window, whatever the growth.
    """

    as_of: date
    remaining: float
    samples: tuple[float, ...]
    settings: ForecastSettings
    distribution: Distribution
    weeks: Mapping[int, int | None]
    dates: Mapping[int, date | None]
    fan: tuple[FanWeek, ...]
    drift: float | None
    net_per_week: float
    warnings: tuple[str, ...]
    earlier_weeks: int = 0
    earlier_share: float = 0.0

    DOCUMENT: ClassVar[Mapping[str, str]] = {
        name: name
        for name in ("as_of", "remaining", "samples", "settings", "weeks", "dates", "drift", "net_per_week", "warnings")
    }

    def chance_by(self, day: date) -> float:
        """Share of futures finished on or before `day`."""
        return self.distribution.chance((day - self.as_of).days / 7)

    @property
    def until(self) -> date:
        """The day of the latest promise; the end of the horizon where none can be given."""
        return self.dates.get(PROMISED) or self.dates.get(50) or self.as_of + self.settings.horizon * ONE_WEEK

    @property
    def days_off(self) -> int:
        """How many working days until then nobody works."""
        return self.settings.ahead.days_off_before(self.until)

    @property
    def weeks_off(self) -> int:
        """How many weeks later the date is by them."""
        return self.settings.ahead.off.weeks(self.days_off)

    def recorded(self, known: Known) -> dict[str, dict[str, Any]]:
        deadline = known.params.deadline
        values: dict[str, Any] = {
            "as_of": self.as_of.isoformat(),
            "unit": known.unit.value,
            "method": self.settings.method.value,
            "growth": self.settings.growth.value,
            "remaining": self.remaining,
            "trials": self.settings.trials,
            "seed": self.settings.seed,
            "deadline": deadline.isoformat() if deadline is not None else None,
            "chance_of_deadline": chance(self, deadline),
        }
        for level in LEVELS:
            day = self.dates[level]
            values[f"weeks_{level}"] = self.weeks[level]
            values[f"date_{level}"] = day.isoformat() if day is not None else None
        return {"forecast": values}


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much the futures do in `weeks` weeks: (amount, share of them that does exactly it), rising.

    `is_whole`: only whole amounts come about, so what a drifting pace makes of them is made whole: to the nearest
    with `to_nearest` below a promise, as for dates (`Distribution`), else down.
    """

    weeks: int
    shares: tuple[tuple[float, float], ...]
    is_whole: bool
    to_nearest: bool = False

    def at_least(self, level: float) -> float:
        """The amount up to which that level of confidence reaches."""
        amount = _at_least(self.shares, level)
        if not self.is_whole:
            return amount
        down = float(math.floor(amount + futures.NOTHING))
        if not self.to_nearest or level >= PROMISED:
            return down
        halfway = (self.chance(down) + self.chance(down + 1)) / 2
        return down + 1 if level / 100 < halfway - futures.NOTHING else down

    def chance(self, amount: float) -> float:
        """The share of futures that do at least so much."""
        first = bisect_left(self.shares, (amount - futures.NOTHING, 0.0))
        return min(1.0, math.fsum(share for _, share in self.shares[first:]))


@dataclass(frozen=True, slots=True)
class HowMany:
    """At least `amounts[level]` in `weeks` weeks, with that level of confidence."""

    weeks: int
    amounts: Mapping[int, float]


def settings(known: Known) -> ForecastSettings:
    """The forecast's settings; a seed that was not given comes from what the forecast depends on, but for how much
    remains: the same futures then finish more work later."""
    params = known.params
    seed = params.seed
    if seed is None:
        ref = known.facts.query.ref
        seed = stable_seed(
            *(ref.profile_id, ref.query_id, known.as_of, params.unit, params.window, params.method, params.growth),
            params.trials,
        )
    ahead = work_ahead(known.calendar, known.as_of)
    return ForecastSettings(params.method, params.growth, params.trials, seed, ahead=ahead)


def forecast_of(
    known: Known,
    remaining: float | NotEnoughData,
    scope: Scope | NotEnoughData,
    throughput: Throughput | NotEnoughData,
    settings: ForecastSettings,
    keep: Keep = derived_anew,
) -> Forecast | NotEnoughData:
    """When the remaining work will be done, with what the reader should know of weeks and estimates."""
    if isinstance(remaining, NotEnoughData):
        return remaining
    if isinstance(throughput, NotEnoughData):
        return throughput
    # A remaining amount that was given leaves nothing out.
    is_typed = known.params.remaining is not None
    unestimated = 0 if is_typed or isinstance(scope, NotEnoughData) else scope.unestimated
    if unestimated and remaining <= 0:
        return NotEnoughData(
            Nn_(
                "No open item has points, and {count} is open. Estimate them, or count in items.",
                "No open item has points, and {count} are open. Estimate them, or count in items.",
                unestimated,
            )
        )
    result = forecast(remaining, throughput.pairs, throughput.history, known.as_of, settings, keep)
    if isinstance(result, NotEnoughData):
        return result
    expected = () if is_typed or isinstance(scope, NotEnoughData) else _expected_warning(scope, known)
    more = (*throughput.warnings, *unestimated_warning(unestimated), *expected)
    return replace(result, warnings=(*result.warnings, *more))


def unestimated_warning(count: int) -> tuple[str, ...]:
    """That open items count as nothing, as they have no points; none where all have."""
    if not count:
        return ()
    return (
        Nn_(
            "{count} open item has no points and counts as 0.",
            "{count} open items have no points and count as 0.",
            count,
        ),
    )


def _expected_warning(scope: Scope, known: Known) -> tuple[str, ...]:
    count = len(scope.expected_keys)
    if not scope.expected:
        return ()
    if known.unit is Unit.POINTS:
        text = Nn_(
            "{expected:g} points of it are expected of an epic that is not broken down yet.",
            "{expected:g} points of it are expected of {count} epics that are not broken down yet.",
            count,
            expected=scope.expected,
        )
    else:
        text = Nn_(
            "{expected:g} items of it are expected of an epic that is not broken down yet.",
            "{expected:g} items of it are expected of {count} epics that are not broken down yet.",
            count,
            expected=scope.expected,
        )
    return (text,)


def chance(forecast: Forecast | NotEnoughData, day: date | None) -> float | None:
    """Chance that all work is done on or before `day`; None without a forecast or a day."""
    if day is None or isinstance(forecast, NotEnoughData):
        return None
    return 1.0 if forecast.remaining <= 0 else forecast.chance_by(day)


def required_pace(known: Known, remaining: float | NotEnoughData) -> float | None:
    """Per week from now to finish what remains by the deadline; None without one or when it is past."""
    deadline = known.params.deadline
    if deadline is None or deadline <= known.as_of or isinstance(remaining, NotEnoughData):
        return None
    weeks = work_ahead(known.calendar, known.as_of).weeks_until(deadline) if known.calendar.holidays else 0.0
    return max(0.0, remaining) / (weeks if weeks > 0 else (deadline - known.as_of) / ONE_WEEK)


def forecast(
    remaining: float,
    window: Sequence[tuple[float, float]],
    history: Sequence[tuple[float, float]],
    as_of: date,
    settings: ForecastSettings,
    keep: Keep = derived_anew,
) -> Forecast | NotEnoughData:
    """When `remaining` will be done, as known at the start of `as_of`.

    `window`: the (done, created) pairs that are sampled; `history`: all full weeks up to `as_of`, oldest
    first, from which the drift is learned (ends with `window`). Nothing remaining is done already, at every
    level in 0 weeks. Raises ValueError for settings without trials or horizon, and for negative work done.
    """
    _check(window, settings)
    missing = _missing(window)
    if remaining <= 0:
        return _finished_already(remaining, window, as_of, settings)
    if missing is not None:
        return missing
    drift = None
    if settings.method is Method.CALIBRATED:
        drift = learned_drift(window, history)
    crowds = crowds_of(urns_of(window, history, settings.growth, drift), drift, settings.trials)
    rows = keep(
        "futures",
        (remaining, tuple(window), tuple(history), settings.of_work),
        lambda: _rows(_futures(remaining, crowds, settings, drift)),
        partial(_is_futures, settings.horizon),
    )
    result = _result(remaining, window, as_of, settings, _futures_of(rows))
    return replace(
        result,
        drift=None if drift is None else drift.typical,
        earlier_weeks=max(len(crowd.urn.weeks) for crowd in crowds) - len(window),
        earlier_share=sum(_earlier_share(crowd, len(window)) for crowd in crowds) / settings.trials,
    )


def how_many(
    weeks: int,
    window: Sequence[tuple[float, float]],
    history: Sequence[tuple[float, float]],
    settings: ForecastSettings,
) -> HowMany | NotEnoughData:
    """How much will be done in `weeks` weeks with each level of confidence (`Amounts.at_least`).

    Same futures as `forecast`; what is created meanwhile does not count. Raises ValueError for `weeks` < 0.
    """
    result = amounts(weeks, window, history, settings)
    if isinstance(result, NotEnoughData):
        return result
    return HowMany(weeks, {level: result.at_least(level) for level in LEVELS})


def amounts(
    weeks: int,
    window: Sequence[tuple[float, float]],
    history: Sequence[tuple[float, float]],
    settings: ForecastSettings,
) -> Amounts | NotEnoughData:
    """As `how_many`, with the chance of every amount."""
    _check(window, settings)
    if weeks < 0:
        raise ValueError("the number of weeks must not be negative")
    missing = _missing(window)
    if missing is not None:
        return missing
    samples = [done for done, _ in window]
    worked = settings.ahead.worked(weeks)
    known = futures.exact_sums(samples, worked) if settings.method is Method.PLAIN else None
    if known is None:
        known = _drawn_sums(worked, window, history, settings)
    return Amounts(weeks, known, futures.grid_of(samples) == 1, settings.method is Method.CALIBRATED)


def whole(amounts: HowMany | NotEnoughData) -> HowMany | NotEnoughData:
    """Amounts of things that are finished or not, rounded to the safe side."""
    if isinstance(amounts, NotEnoughData):
        return amounts
    floors = {level: float(math.floor(amount + futures.NOTHING)) for level, amount in amounts.amounts.items()}
    return replace(amounts, amounts=floors)


def stable_seed(*parts: object) -> int:
    """The same number for the same parts on every machine and in every run, 0 … 2**32 - 1."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def urns_of(
    window: Sequence[tuple[float, float]],
    history: Sequence[tuple[float, float]],
    growth: Growth,
    drift: Drift | None,
) -> Mapping[Memory | None, Urn]:
    """The weeks to draw from: without a drift those of the window alike, else the latest as each memory weighs them.

    A window longer than a memory is drawn from whole.
    """
    if drift is None:
        return {None: _urn(window, (1.0,) * len(window), growth, learning=False)}
    known = (*history[: max(0, len(history) - len(window))], *window)
    return {memory: _urn_of(memory, known, len(window), growth) for memory in drifting.MEMORIES}


def _urn_of(memory: Memory, known: Sequence[tuple[float, float]], window: int, growth: Growth) -> Urn:
    """What follows a memory weighs the same weeks: those that it alone does not reach weigh nothing before."""
    after = drifting.LATER.get(memory)
    weeks = known[-max(each.weeks(window) for each in (memory, after) if each is not None) :]
    urn = _urn(weeks, _weights(memory, len(weeks), window), growth, learning=True)
    if after is None:
        return urn
    return replace(urn, lasts=memory.weeks(window), later=_weights(after, len(weeks), window))


def _weights(memory: Memory, weeks: int, window: int) -> tuple[float, ...]:
    """As `Memory.weights`, with nothing for weeks that are out of its reach."""
    reached = min(weeks, memory.weeks(window))
    return (*(0.0,) * (weeks - reached), *memory.weights(reached, window))


def _urn(weeks: Sequence[tuple[float, float]], weights: tuple[float, ...], growth: Growth, learning: bool) -> Urn:
    if growth is Growth.NONE:
        weeks = [(done, 0.0) for done, _ in weeks]
    return Urn(tuple(weeks), weights, learning)


def crowds_of(urns: Mapping[Memory | None, Urn], drift: Drift | None, trials: int) -> tuple[Crowd, ...]:
    """`trials` futures, shared out by the odds of the memories and drifting by those of the sizes."""
    if drift is None:
        return (Crowd(urns[None], (1.0,) * trials),)
    crowds, running, dealt = [], 0.0, 0
    for memory in drifting.MEMORIES:
        sizes = drift.sizes(memory)
        chance = math.fsum(sizes.values())
        running += chance
        count = round(running * trials) - dealt
        dealt += count
        if count:
            odds = {(size.slower, size.faster): share / chance for size, share in sizes.items()}
            crowds.append(Crowd(urns[memory], futures.mixed_factors(odds, count)))
    return tuple(crowds)


def _earlier_share(crowd: Crowd, window: int) -> float:
    """How many of the crowd's futures draw from weeks before the window, when each draws once."""
    weights = crowd.urn.weights
    return len(crowd.factors) * math.fsum(weights[: len(weights) - window]) / math.fsum(weights)


def learned_drift(window: Sequence[tuple[float, float]], history: Sequence[tuple[float, float]]) -> Drift:
    """Drift of the pace over the coming weeks, from all weeks known; see `drift.PastErrors`."""
    return _drift(tuple(done for done, _ in history), len(window))


# Dates of parts, amounts and what-ifs ask for that of the forecast again.
@lru_cache(maxsize=8)
def _drift(done: tuple[float, ...], window: int) -> Drift:
    return drifting.PastErrors(done, window).drift(len(done))


def _check(window: Sequence[tuple[float, float]], settings: ForecastSettings) -> None:
    if settings.trials < 1 or settings.horizon < 1:
        raise ValueError("a forecast needs at least one trial and a horizon of at least one week")
    if any(done < 0 or created < 0 for done, created in window):
        raise ValueError("weeks with negative numbers cannot be sampled; correct them first")


def _missing(window: Sequence[tuple[float, float]]) -> NotEnoughData | None:
    if not window:
        return NotEnoughData(N_("There is no full week of history yet, so there is no pace to forecast from."))
    if sum(done for done, _ in window) <= 0:
        return NotEnoughData(
            Nn_(
                "Nothing was finished in the last week, so there is no pace to forecast from.",
                "Nothing was finished in the last {count} weeks, so there is no pace to forecast from.",
                len(window),
            )
        )
    return None


def _futures(remaining: float, crowds: Sequence[Crowd], settings: ForecastSettings, drift: Drift | None) -> Futures:
    if drift is None:
        counted = futures.exact(remaining, crowds[0].urn.weeks, settings.horizon)
        if counted is not None:
            return counted
    return futures.drawn(remaining, crowds, settings.horizon, Random(settings.seed))


def _rows(futures: Futures) -> Rows:
    """The chances by week, and the three lines of the fan."""
    return futures.cdf, *zip(*futures.bands, strict=True)


def _futures_of(rows: Rows) -> Futures:
    cdf, low, middle, high = rows
    return Futures(cdf, tuple(zip(low, middle, high, strict=True)))


def _is_futures(horizon: int, rows: Rows) -> bool:
    if len(rows) != 1 + len(FAN_LEVELS) or len({len(row) for row in rows[1:]}) != 1 or not rows[1]:
        return False
    is_rising = all(before <= after for before, after in pairwise((0.0, *rows[0], 1.0)))
    return is_rising and len(rows[0]) == horizon + 1 and all(left >= 0 for row in rows[1:] for left in row)


def _result(
    remaining: float,
    window: Sequence[tuple[float, float]],
    as_of: date,
    settings: ForecastSettings,
    futures: Futures,
) -> Forecast:
    distribution = Distribution(settings.ahead.by_week(futures.cdf), settings.method is Method.CALIBRATED)
    weeks = {level: distribution.weeks(level) for level in LEVELS}
    return Forecast(
        as_of=as_of,
        remaining=remaining,
        samples=tuple(done for done, _ in window),
        settings=settings,
        distribution=distribution,
        weeks=weeks,
        dates={level: None if count is None else as_of + timedelta(weeks=count) for level, count in weeks.items()},
        fan=tuple(
            FanWeek(as_of + timedelta(weeks=week), *band)
            for week, band in enumerate(settings.ahead.until_worked(futures.bands)[: settings.horizon + 1])
        ),
        drift=None,
        net_per_week=_net_per_week(window),
        warnings=_warnings(window, settings, distribution, weeks),
    )


def _finished_already(
    remaining: float, window: Sequence[tuple[float, float]], as_of: date, settings: ForecastSettings
) -> Forecast:
    done = Futures((1.0,) * (settings.horizon + 1), ((0.0, 0.0, 0.0),))
    result = _result(max(0.0, remaining), window, as_of, settings, done)
    return replace(result, warnings=())


def _net_per_week(window: Sequence[tuple[float, float]]) -> float:
    return sum(done - created for done, created in window) / len(window) if window else 0.0


def _warnings(
    window: Sequence[tuple[float, float]],
    settings: ForecastSettings,
    distribution: Distribution,
    weeks: Mapping[int, int | None],
) -> tuple[str, ...]:
    """What the reader should know before trusting the dates, in plain words."""
    return (*_history_warnings(window), *_growth_warnings(window, settings), *_range_warnings(distribution, weeks))


def _history_warnings(window: Sequence[tuple[float, float]]) -> list[str]:
    finished, empty = sum(done for done, _ in window), sum(1 for done, _ in window if done == 0)
    warnings: list[str] = []
    if len(window) < FEW_WEEKS:
        warnings.append(
            Nn_(
                "Only {count} full week of history: from {few} weeks on the range can be trusted more.",
                "Only {count} full weeks of history: from {few} weeks on the range can be trusted more.",
                len(window),
                few=FEW_WEEKS,
            )
        )
    if finished < FEW_ITEMS:
        warnings.append(
            N_(
                "Only {finished:g} finished in the weeks used: below {few} chance decides a lot.",
                finished=round(finished, 1),
                few=FEW_ITEMS,
            )
        )
    if 2 * empty >= len(window) > 0:
        warnings.append(
            N_(
                "Nothing was finished in {empty} of {all} weeks: the work comes in bursts.",
                empty=empty,
                all=len(window),
            )
        )
    return warnings


def _growth_warnings(window: Sequence[tuple[float, float]], settings: ForecastSettings) -> list[str]:
    net = _net_per_week(window)
    return [] if net > 0 or not any(created for _, created in window) else [growth_warning(net, settings.growth)]


def growth_warning(net: float, growth: Growth) -> str:
    """Where as much is added as finished, or more: `net` (finished less added a week) is 0 or below."""
    if growth is Growth.NONE:
        if net == 0:
            return N_("In the weeks used as much is added as finished: the dates hold only if nothing more is added.")
        return N_(
            "In the weeks used {net:.1f} more is added each week than finished: the dates hold only if nothing "
            "more is added.",
            net=-net,
        )
    if net == 0:
        return N_("In the weeks used as much is added as finished: at this rate the work does not come to an end.")
    return N_(
        "In the weeks used {net:.1f} more is added each week than finished: at this rate the work does not come "
        "to an end.",
        net=-net,
    )


def late_warning(late: float, horizon: int) -> str:
    """Where a share of the futures lies beyond so many weeks."""
    return N_(
        "The chance that the work is not done within {horizon} weeks is {late:.0f} %.", late=100 * late, horizon=horizon
    )


def _range_warnings(distribution: Distribution, weeks: Mapping[int, int | None]) -> list[str]:
    horizon, late = len(distribution.cdf) - 1, distribution.not_finished
    warnings: list[str] = []
    if late >= 0.005:
        warnings.append(late_warning(late, horizon))
    even, likely = weeks[50], weeks[85]
    if even is not None and likely is not None and likely > max(WIDE_RANGE * even, even + 4):
        warnings.append(
            N_("A very wide range: even odds after {even} weeks, 85 % only after {likely}.", even=even, likely=likely)
        )
    return warnings


def _drawn_sums(
    weeks: int,
    window: Sequence[tuple[float, float]],
    history: Sequence[tuple[float, float]],
    settings: ForecastSettings,
) -> tuple[tuple[float, float], ...]:
    drift = None
    if settings.method is Method.CALIBRATED:
        drift = learned_drift(window, history)
    crowds = crowds_of(urns_of(window, history, Growth.NONE, drift), drift, settings.trials)
    sums = futures.drawn_sums(crowds, weeks, Random(settings.seed))
    return tuple((amount, 1 / settings.trials) for amount in sums)


def _at_least(shares: Sequence[tuple[float, float]], level: float) -> float:
    """The largest amount that is reached in at least `level` percent; `shares` rise in amount."""
    falling = list(reversed(shares))
    reached = accumulate(share for _, share in falling)
    wanted = level / 100 - futures.NOTHING
    return next((amount for (amount, _), share in zip(falling, reached, strict=True) if share >= wanted), 0.0)
