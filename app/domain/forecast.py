"""When will it be done, and how sure is that: Monte Carlo over the team's own weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.missing import NotEnoughData

LEVELS = (50, 70, 85, 95)
HORIZON_WEEKS = 104


class Method(StrEnum):
    CALIBRATED = "calibrated"
    PLAIN = "plain"


class Growth(StrEnum):
    NONE = "none"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class ForecastSettings:
    """How to forecast. `seed` None: derived with a stable hash by whoever knows profile, query and day."""

    method: Method = Method.CALIBRATED
    growth: Growth = Growth.NONE
    trials: int = 10_000
    seed: int = 0
    horizon: int = HORIZON_WEEKS


@dataclass(frozen=True, slots=True)
class Distribution:
    """Weeks until done. `cdf[t]` = share of futures finished within t weeks, t = 0 … horizon."""

    cdf: tuple[float, ...]

    def weeks(self, level: float) -> int | None:
        """Smallest t with P(T <= t) >= level / 100 (inverted CDF); None beyond the horizon."""
        raise NotImplementedError

    def chance(self, weeks: float) -> float:
        """P(T <= floor(weeks)); 0.0 for negative weeks."""
        raise NotImplementedError

    @property
    def not_finished(self) -> float:
        """Share of futures beyond the horizon."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class FanWeek:
    """Remaining work at the end of `day` in the best 15 %, the middle and the worst 15 % of futures."""

    day: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """A result of t weeks is the date `as_of` + 7 t days. `weeks` and `dates` are None beyond the horizon."""

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

    def chance_by(self, day: date) -> float:
        """Share of futures finished on or before `day`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class HowMany:
    """At least `amounts[level]` in `weeks` weeks, with that level of confidence."""

    weeks: int
    amounts: Mapping[int, float]


def forecast(
    remaining: float,
    window: Sequence[tuple[float, float]],
    history: Sequence[tuple[float, float]],
    as_of: date,
    settings: ForecastSettings,
) -> Forecast | NotEnoughData:
    """`window`: the (done, created) pairs that are sampled; `history`: all full weeks up to `as_of`, from
    which the drift is learned (ends with `window`)."""
    raise NotImplementedError


def how_many(
    weeks: int,
    window: Sequence[tuple[float, float]],
    history: Sequence[tuple[float, float]],
    settings: ForecastSettings,
) -> HowMany | NotEnoughData:
    raise NotImplementedError


def stable_seed(*parts: object) -> int:
    """The same number for the same parts on every machine and in every run."""
    raise NotImplementedError
