"""The dates of a forecast to the working day, where little is left.

A week that finishes the work seldom needs all of its days. What a week does is spread evenly over its working days, so
that the futures of the forecast tell on which of them the work is done; at the end of each week the shares are those of
the forecast itself. More work is never done earlier, and a pace without doubt leaves none about the day either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from random import Random

from app.domain import futures
from app.domain.calendar import ONE_DAY, ONE_WEEK, Calendar
from app.domain.forecast import (
    LEVELS,
    SHARE_ROUNDING,
    Forecast,
    ForecastSettings,
    crowds_of,
    learned_drift,
    urns_of,
)
from app.domain.known import Growth, Keep, Known, Method, derived_anew
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput

# Up to so many weeks the grain is working days; beyond, it would tell more than anybody knows.
WEEKS = 8
# With fewer days on which anything was finished a date says more than is known.
FEWEST_DAYS = 5

# Of the futures, how many are done when that share of that week (1 the first) is over.
_Shares = Callable[[int, float], float]


def by_day(
    forecast: Forecast | NotEnoughData,
    weeks: Throughput | NotEnoughData,
    settings: ForecastSettings,
    calendar: Calendar,
    keep: Keep = derived_anew,
) -> Mapping[int, date]:
    """By level, the first working day at whose end that share of the futures is done, as far as it lies within `WEEKS`
    weeks. Nothing where the 85 % date does not, or nothing is left."""
    if isinstance(forecast, NotEnoughData) or isinstance(weeks, NotEnoughData) or forecast.remaining <= 0:
        return {}
    sure = forecast.distribution.reached(85)
    if sure is None or sure > WEEKS:
        return {}
    weeks_of = {
        level: settings.ahead.worked(week)
        for level in LEVELS
        if (week := forecast.distribution.reached(level)) and week <= WEEKS
    }
    # Where no weekday is worked the forecast knows nothing of days: any will do.
    count = len(calendar.working_days) or 7
    rows = keep(
        "days",
        (forecast.remaining, weeks.pairs, weeks.history, settings.of_work, tuple(weeks_of.items()), count),
        lambda: (_places(weeks_of, count, _shares(forecast.remaining, weeks, settings)),),
        lambda rows: len(rows) == 1 and _are_places(rows[0], count, len(weeks_of)),
    )
    return {
        level: working_day(forecast.as_of, (week - 1) * count + int(place) + 1, calendar)
        for (level, week), place in zip(weeks_of.items(), rows[0], strict=True)
    }


def working_day(as_of: date, number: int, calendar: Calendar) -> date:
    """The so-manieth working day from then on, 1 the first; days off are none."""
    day = as_of
    while (number := number - (calendar.is_working(day) or not calendar.working_days)) > 0:
        day += ONE_DAY
    return day


def _places(weeks_of: Mapping[int, int], count: int, shares: _Shares) -> tuple[int, ...]:
    """For each level, which of the days of its week of work it is."""
    return tuple(_place(level, week, count, shares) for level, week in weeks_of.items())


def _place(level: int, week: int, count: int, shares: _Shares) -> int:
    wanted = level / 100 - SHARE_ROUNDING
    return next((at for at in range(count) if shares(week, (at + 1) / count) >= wanted), count - 1)


def _are_places(row: Sequence[float], count: int, levels: int) -> bool:
    return len(row) == levels and all(place in range(count) for place in row)


def _shares(left: float, weeks: Throughput, settings: ForecastSettings) -> _Shares:
    window = weeks.pairs
    if settings.method is Method.PLAIN and settings.growth is Growth.NONE:
        counted = _counted(left, [done for done, _ in window])
        if counted is not None:
            return counted
    drift = learned_drift(window, weeks.history) if settings.method is Method.CALIBRATED else None
    crowds = crowds_of(urns_of(window, weeks.history, settings.growth, drift), drift, settings.trials)
    walks = futures.walks(left, crowds, WEEKS, Random(settings.seed))
    begun = cache(lambda week: open_in(walks, left - futures.NOTHING, week))

    def shares(week: int, part: float) -> float:
        still_open = begun(week)
        ahead = sum(before + part * (after - before) < left - futures.NOTHING for before, after in still_open)
        return 1 - ahead / len(walks)

    return shares


def open_in(walks: Iterable[Sequence[float]], left: float, week: int) -> list[tuple[float, float]]:
    """Of the futures that are not done when that week begins, what they have done before and after it.

    `walks`: what each has done after 0, 1, 2 … weeks, up to the one in which it is done.
    """
    return [(walk[week - 1], walk[week]) for walk in walks if len(walk) > week and max(walk[:week]) < left]


def _counted(left: float, samples: Sequence[float]) -> _Shares | None:
    """All sequences of weeks, each equally likely; None where they cannot be counted."""
    if any(futures.exact_sums(samples, week) is None for week in range(1, WEEKS)):
        return None

    def shares(week: int, part: float) -> float:
        sums = futures.exact_sums(samples, week - 1) or ((0.0, 1.0),)
        return sum(
            share
            for amount, share in sums
            for done in samples
            if amount + part * done >= left - futures.NOTHING
        ) / len(samples)  # fmt: skip

    return shares


def days_with_a_finish(known: Known, weeks: Throughput | NotEnoughData) -> int | None:
    """On how many days of the weeks learned from anything was finished; None where only weeks are known."""
    if not known.has_items or isinstance(weeks, NotEnoughData) or not weeks.window:
        return None
    first, last = weeks.window[0].start, weeks.window[-1].start + ONE_WEEK
    done = (item.done for item in known.team_items)
    return len({day for day in done if day is not None and first <= day < last})
