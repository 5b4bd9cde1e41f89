"""The forecast's track record: the past replayed, and the forecasts that were really made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.forecast import Method
from app.domain.missing import NotEnoughData


@dataclass(frozen=True, slots=True)
class LevelRecord:
    """How often the dates of one level held. `wilson90` is the Wilson 90 % interval of the rate."""

    hit_rate: float
    n: int
    wilson90: tuple[float, float]
    pinball: float


@dataclass(frozen=True, slots=True)
class ReplayedForecast:
    """One replayed forecast: made at the start of week `week`, size in items; `actual` weeks or None."""

    week: int
    as_of: date | None
    backlog: int
    horizon: int
    weeks: Mapping[int, int | None]
    actual: int | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """`origins` counts replayed forecasts. `verdict` (of the 85 % line): honest, overconfident or cautious."""

    method: Method
    origins: int
    unresolved: int
    levels: Mapping[int, LevelRecord]
    pinball: float
    sharpness_weeks: float
    relative_p85: float
    verdict: str
    replayed: tuple[ReplayedForecast, ...] = ()


def replay(
    done_per_week: Sequence[float],
    method: Method,
    every: int = 2,
    trials: int = 1000,
    seed: int = 0,
    first_week: date | None = None,
    step: Callable[[int, int], None] | None = None,
) -> Calibration | NotEnoughData:
    """Replay the past by the protocol in the documentation. `done_per_week`: all full weeks, oldest first.

    `step(done, total)` is called between origins so that a caller can show progress or stop by raising.
    """
    raise NotImplementedError


def wilson(hits: int, n: int, z: float = 1.6449) -> tuple[float, float]:
    """Wilson score interval of a rate; (0, 1) for n = 0."""
    raise NotImplementedError
