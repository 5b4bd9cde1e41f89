"""A second opinion beside the forecast: a three-point estimate (PERT) of how long what remains takes.

From the best, the usual and the worst week of the window, never from one of them times a factor. Its limits: that the
usual counts four times is a convention; nothing is worse than the worst case; weeks are taken for independent of each
other; and of two that have to be done in parallel it knows nothing. Malcolm et al. 1959; the distribution is Beta-PERT.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain import ranks
from app.domain.forecast import LEVELS, Forecast
from app.domain.missing import NotEnoughData
from app.words import N_

# The best and the worst tenth of the weeks.
_TENTH = 10
_STEPS, _EXACT = 200, 1e-12


@dataclass(frozen=True, slots=True)
class ThreePoints:
    """Weeks (or whatever is estimated) at best, usually and at worst; rising."""

    best: float
    usual: float
    worst: float

    @property
    def mean(self) -> float:
        return (self.best + 4 * self.usual + self.worst) / 6

    @property
    def deviation(self) -> float:
        """As it is usually told, a sixth of the span; that of the distribution is a little larger."""
        return (self.worst - self.best) / 6

    def quantile(self, share: float) -> float:
        """Within how much it is done in that share of the cases, by the Beta-PERT distribution."""
        span = self.worst - self.best
        if span <= 0:
            return self.usual
        alpha, beta = 1 + 4 * (self.usual - self.best) / span, 1 + 4 * (self.worst - self.usual) / span
        low, high = 0.0, 1.0
        while high - low > _EXACT:
            middle = (low + high) / 2
            low, high = (middle, high) if _beta_share(middle, alpha, beta) < share else (low, middle)
        return self.best + span * high


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """`rates`: a week's work in the best, the usual and the worst tenth of the window; `weeks` (of
    work) and `dates` by level."""

    rates: ThreePoints
    estimate: ThreePoints
    mean: float
    deviation: float
    weeks: Mapping[int, float]
    dates: Mapping[int, date]


def second_opinion(forecast: Forecast | NotEnoughData) -> SecondOpinion | NotEnoughData:
    """By the weeks that the forecast was made of."""
    if isinstance(forecast, NotEnoughData):
        return forecast
    if not forecast.samples:
        return NotEnoughData(N_("There is no full week of history yet, so there is no pace to forecast from."))
    worst, usual, best = (float(ranks.percentile(forecast.samples, level)) for level in (_TENTH, 50, 100 - _TENTH))
    if worst <= 0:
        return NotEnoughData(
            N_("In a tenth of the weeks nothing was finished: an estimate by three points then has no worst case.")
        )
    estimate = ThreePoints(forecast.remaining / best, forecast.remaining / usual, forecast.remaining / worst)
    weeks = {level: estimate.quantile(level / 100) for level in LEVELS}
    week_of = forecast.settings.ahead.week_of
    dates = {
        level: forecast.as_of + timedelta(weeks=week_of(math.ceil(count - _EXACT))) for level, count in weeks.items()
    }
    return SecondOpinion(ThreePoints(best, usual, worst), estimate, estimate.mean, estimate.deviation, weeks, dates)


def _beta_share(at: float, alpha: float, beta: float) -> float:
    """The regularized incomplete beta function, by its continued fraction."""
    if at > (alpha + 1) / (alpha + beta + 2):
        return 1 - _beta_share(1 - at, beta, alpha)
    if at <= 0:
        return 0.0
    log = math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
    front = math.exp(log + alpha * math.log(at) + beta * math.log1p(-at)) / alpha
    return front * _fraction(at, alpha, beta)


def _fraction(at: float, alpha: float, beta: float) -> float:
    """Lentz' way, as in Press et al., Numerical Recipes, section 6.4."""
    above, below = 1.0, 1 / (1 - (alpha + beta) * at / (alpha + 1))
    fraction = below
    for step in range(1, _STEPS):
        twice = alpha + 2 * step
        even = step * (beta - step) * at / ((twice - 1) * twice)
        odd = -(alpha + step) * (alpha + beta + step) * at / (twice * (twice + 1))
        for part in (even, odd):
            below, above = 1 / (1 + part * below), 1 + part / above
            fraction *= below * above
        if abs(below * above - 1) < _EXACT:
            break
    return fraction
