"""How much work there is: total, done, remaining, and what changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Scope:
    """In the analysis' unit. `remaining` = `total` - `done`. Keys name the issues behind each number.

    `unestimated` counts open items without points (0 in items). `source` is "issues", "weeks" or "typed".
    """

    total: float
    done: float
    remaining: float
    in_progress: float
    todo: float
    unestimated: int
    remaining_keys: tuple[str, ...] = ()
    unestimated_keys: tuple[str, ...] = ()
    source: str = "issues"


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """One step of the scope line. `kind`: added, removed, re-estimated, reopened. `amount` carries its sign."""

    day: date
    kind: str
    amount: float
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeekReview:
    """What happened in the seven days before `until` (exclusive), and what it did to the forecast.

    Amounts in the unit, all >= 0. Forecast dates are None where either forecast is missing.
    `why` is one plain sentence: the main reason the date moved, or that it did not.
    """

    since: date
    until: date
    finished: float
    added: float
    removed: float
    re_estimated: float
    reopened: float
    remaining_before: float
    remaining_now: float
    finished_keys: tuple[str, ...]
    added_keys: tuple[str, ...]
    removed_keys: tuple[str, ...]
    date_85_before: date | None
    date_85_now: date | None
    chance_before: float | None
    chance_now: float | None
    why: str
