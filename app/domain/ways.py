"""What it would take to make a deadline: less work, a faster pace, or a later day; each of them alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.calendar import ONE_WEEK
from app.domain.forecast import Forecast, ForecastSettings, HowMany, forecast, how_many
from app.domain.known import Growth, Known
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput

# As sure as the later date of the answer: a promise that is kept about six times in seven.
LEVEL = 85
# Faster than this many times the present pace is no plan but a wish.
_FASTEST = 10
# Half of the smallest share that any number of trials in use can tell apart.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Ways:
    """Each way alone brings the chance of `deadline` to `LEVEL` in 100. None: this way cannot.

    `drop` is work to leave out so that `keep` remains; `pace` is per week, instead of `pace_now`; `later` is
    the day to which the deadline would move.
    """

    deadline: date
    remaining: float
    keep: float
    drop: float | None
    pace_now: float
    pace: float | None
    later: date | None


@dataclass(frozen=True, slots=True)
class _Case:
    """What the forecast was made from, and the weeks left until the deadline."""

    window: Sequence[tuple[float, float]]
    history: Sequence[tuple[float, float]]
    as_of: date
    settings: ForecastSettings
    weeks: int

    def holds(self, remaining: float, faster: float = 1.0) -> bool:
        """Whether this much work is done in time surely enough, at `faster` times the pace."""
        window, history = (tuple((done * faster, new) for done, new in rows) for rows in (self.window, self.history))
        result = forecast(remaining, window, history, self.as_of, self.settings)
        return isinstance(result, Forecast) and result.distribution.chance(self.weeks) >= LEVEL / 100 - _ROUNDING


def ways_of(known: Known, forecast: Forecast | NotEnoughData, throughput: Throughput | NotEnoughData) -> Ways | None:
    """What would make the deadline as sure as 85 in 100; None without one, or when it is already."""
    deadline = known.params.deadline
    if deadline is None or isinstance(forecast, NotEnoughData) or isinstance(throughput, NotEnoughData):
        return None
    return ways(forecast, throughput.pairs, throughput.history, deadline)


def ways(
    forecast: Forecast, window: Sequence[tuple[float, float]], history: Sequence[tuple[float, float]], deadline: date
) -> Ways | None:
    """How `deadline` could be met as surely as `LEVEL` in 100; None when it already is, or nothing remains.

    `window` and `history` as `forecast` was given them. Amounts to keep are whole, paces in tenths, both to the
    safe side.
    """
    if forecast.remaining <= 0 or forecast.chance_by(deadline) >= LEVEL / 100 - _ROUNDING:
        return None
    pace_now = sum(done for done, _ in window) / len(window)
    case = _Case(window, history, forecast.as_of, forecast.settings, (deadline - forecast.as_of) // ONE_WEEK)
    keep = _keep(case, forecast.remaining) if case.weeks >= 1 else 0
    return Ways(
        deadline=deadline,
        remaining=forecast.remaining,
        keep=keep,
        drop=forecast.remaining - keep if keep else None,
        pace_now=pace_now,
        pace=_pace(case, forecast.remaining, keep, pace_now) if case.weeks >= 1 else None,
        later=_sure_day(forecast),
    )


def _sure_day(forecast: Forecast) -> date | None:
    """The end of the first week by which it is sure enough; None beyond the horizon."""
    week = forecast.distribution.reached(LEVEL)
    return None if week is None else forecast.as_of + week * ONE_WEEK


def _keep(case: _Case, remaining: float) -> int:
    """The most of the remaining work, in whole units, that is done in time surely enough."""
    most = math.ceil(remaining)
    fits = how_many(case.weeks, case.window, case.history, case.settings)
    guess = int(fits.amounts[LEVEL]) if isinstance(fits, HowMany) else most // 2
    return _last(case.holds, most, guess)


def _pace(case: _Case, remaining: float, keep: int, pace_now: float) -> float | None:
    """The least pace, in tenths, at which all that remains is done in time surely enough."""
    if case.settings.growth is Growth.NONE:
        # Twice the pace does twice the work in every future, so what fits tells the pace without a search.
        pace = math.ceil(10 * pace_now * remaining / keep - _ROUNDING) / 10 if keep else math.inf
        return pace if pace <= _FASTEST * pace_now else None
    fastest = math.ceil(10 * pace_now * _FASTEST)
    if not case.holds(remaining, _FASTEST):
        return None
    too_slow = _last(lambda tenths: not case.holds(remaining, tenths / 10 / pace_now), fastest, round(10 * pace_now))
    return (too_slow + 1) / 10


def _last(true_for: Callable[[int], bool], beyond: int, guess: int) -> int:
    """The largest number below `beyond` for which it is true, 0 at least; true numbers come before false ones.

    Looks around `guess` in growing steps: each look costs a forecast, and the guess is nearly always close.
    """
    low, high, step = 0, beyond, 1
    while high - low > 1:
        at = guess if low < guess < high else (low + high) // 2
        if true_for(at):
            low, guess = at, at + step
        else:
            high, guess = at, at - step
        step *= 2
    return low
