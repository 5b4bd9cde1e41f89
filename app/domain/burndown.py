"""Burndown and burnup series at the end of each day, with the true scope line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.scope import ScopeChange


@dataclass(frozen=True, slots=True)
class BurndownDay:
    """State at the end of `day`; `remaining` = `scope` - `done`."""

    day: date
    scope: float
    done: float
    remaining: float
    unestimated: int


@dataclass(frozen=True, slots=True)
class Burndown:
    """`days` holds every calendar day from the first event to the as-of day (for weeks: one per week end).

    `ideal`: straight over working days from the scope at the start to 0 on the deadline; empty without one.
    """

    days: tuple[BurndownDay, ...]
    ideal: tuple[tuple[date, float], ...]
    changes: tuple[ScopeChange, ...]
    scope_membership_known: bool
