"""Dates of parts of the work: when so much of it is done, by the futures of the forecast of all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random

from app.domain import futures
from app.domain.forecast import LEVELS, Distribution, Forecast, ForecastSettings, crowds_of, learned_drift, urns_of
from app.domain.known import Method
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput


class Dates:
    """Of any amount up to what remains, which has the dates of the forecast itself. More work is never done earlier."""

    def __init__(self, forecast: Forecast, weeks: Throughput, settings: ForecastSettings, most: float) -> None:
        self.as_of, self._horizon, self._forecast = forecast.as_of, settings.horizon, forecast
        most = max(most, forecast.remaining)
        drawn = cache(lambda: _drawn(most, weeks, settings))
        of_work, by_week = _counted(most, weeks, settings, drawn) or drawn(), settings.ahead.by_week
        self._reached = cache(lambda amount: by_week(of_work(amount)))

    def dates(self, amount: float) -> dict[int, date | None]:
        """By level; None beyond the horizon."""
        distribution = Distribution(self.cdf(amount), self._forecast.distribution.to_nearest)
        weeks = {level: distribution.weeks(level) for level in LEVELS}
        return {level: None if count is None else self.as_of + timedelta(weeks=count) for level, count in weeks.items()}

    def chance(self, amount: float, day: date) -> float:
        """That so much is done on or before the day; 0 for one that is past."""
        weeks = (day - self.as_of).days // 7
        return 0.0 if weeks < 0 else 1.0 if amount <= 0 else self._cdf(amount)[min(weeks, self._horizon)]

    def cdf(self, amount: float) -> tuple[float, ...]:
        """The shares of the futures that have done so much within 0, 1, 2 … weeks."""
        return (1.0,) * (self._horizon + 1) if amount <= 0 else self._cdf(amount)

    def _cdf(self, amount: float) -> tuple[float, ...]:
        """Of what remains that of the forecast, and of no part later, of no more earlier than that."""
        whole = self._forecast.distribution.cdf
        if amount == self._forecast.remaining:
            return whole
        bound = max if amount < self._forecast.remaining else min
        return tuple(map(bound, self._reached(amount), whole))


_Distribution = Callable[[float], tuple[float, ...]]


def _counted(
    most: float, weeks: Throughput, settings: ForecastSettings, drawn: Callable[[], _Distribution]
) -> _Distribution | None:
    """Plain futures, counted exactly; None where they have to be drawn. What is too much to be counted is `drawn`."""
    if settings.method is Method.CALIBRATED:
        return None
    urn = urns_of(weeks.pairs, weeks.history, settings.growth, None)[None]
    table = futures.counted(most, urn.weeks, settings.horizon)
    return None if table is None else lambda amount: table.cdf(amount) or drawn()(amount)


def _drawn(most: float, weeks: Throughput, settings: ForecastSettings) -> _Distribution:
    drift = learned_drift(weeks.pairs, weeks.history) if settings.method is Method.CALIBRATED else None
    crowds = crowds_of(urns_of(weeks.pairs, weeks.history, settings.growth, drift), drift, settings.trials)
    return futures.Reached(most, crowds, settings.horizon, Random(settings.seed)).cdf


def dates_of(
    forecast: Forecast | NotEnoughData, weeks: Throughput | NotEnoughData, settings: ForecastSettings, most: float
) -> Dates | NotEnoughData:
    """`most`: the largest amount that is asked about where that is more than what remains."""
    if isinstance(forecast, NotEnoughData):
        return forecast
    if isinstance(weeks, NotEnoughData):
        return weeks
    return Dates(forecast, weeks, settings, most)
