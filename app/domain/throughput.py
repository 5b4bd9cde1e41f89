"""Weekly throughput: every full week from the first to the last, zeros in, the running week out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class WeekCount:
    """One week from `start` (its first local day). `done` and `created` in the analysis' unit."""

    start: date
    done: float
    created: float
    done_keys: tuple[str, ...] = ()
    created_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sweep:
    """A day on which implausibly many items were finished at once (an import or a clean-up)."""

    day: date
    finished: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Throughput:
    """`weeks`: all full weeks, oldest first. `window`: the last ones that the forecast samples.

    `running` is the week under way, never a sample. `pace` is the window's mean per week.
    """

    weeks: tuple[WeekCount, ...]
    window: tuple[WeekCount, ...]
    running: WeekCount | None
    pace: float
    created_pace: float
    sweeps: tuple[Sweep, ...] = ()

    @property
    def samples(self) -> tuple[float, ...]:
        """What was done in each week of the window, oldest first."""
        return tuple(week.done for week in self.window)

    @property
    def pairs(self) -> tuple[tuple[float, float], ...]:
        """(done, created) of each week of the window, oldest first."""
        return tuple((week.done, week.created) for week in self.window)
