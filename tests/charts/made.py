"""Domain results made by hand for the charts' tests."""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.burndown import Burndown, BurndownDay
from app.domain.forecast import LEVELS, Distribution, FanWeek, Forecast, ForecastSettings

MONDAY = date(2026, 3, 2)


def day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def burndown(count: int = 5, ideal: bool = False) -> Burndown:
    """Scope 16 throughout, two done each day."""
    days = tuple(BurndownDay(day(at), 16.0, 2.0 * at, 16.0 - 2.0 * at, 0) for at in range(count))
    line = ((day(0), 16.0), (day(10), 0.0)) if ideal else ()
    return Burndown(days, line, (), True)


def forecast(remaining: float = 8.0) -> Forecast:
    """Even odds after one week, 85 % sure after two, 95 beyond the horizon."""
    fan = (
        FanWeek(day(4), remaining, remaining, remaining),
        FanWeek(day(11), 0.0, 0.0, 4.0),
        FanWeek(day(18), 0.0, 0.0, 0.0),
    )
    weeks = dict(zip(LEVELS, (1, 2, 2, None), strict=True))
    dates = {level: day(4 + 7 * week) if week else None for level, week in weeks.items()}
    return Forecast(
        day(4),
        remaining,
        (4.0, 4.0),
        ForecastSettings(),
        Distribution((0.0, 0.5, 0.9)),
        weeks,
        dates,
        fan,
        None,
        -4.0,
        (),
    )
