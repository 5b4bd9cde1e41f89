"""Why did the date move: the days between two dates, split among what happened in between, so that they add up.

Every way to get from the state before to the state now is walked: what was finished while time went on, what came in,
what went out, days off that were entered, and the weeks that are learned from, in every order. What one of them moves
the date by, on average over all orders, is its part (Shapley's value). Whatever the parts are, together they are the
whole move, to the day.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import combinations

from app.domain.what_if import Drawn, weeks_until

LEVEL = 85
FINISHED, PACE, DAYS_OFF = "finished", "pace", "days off"
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Part:
    """`days` by which it moved the date, above 0 later. `amount` in the unit, as it changed what remains; 0 of the
    pace, and of days off how many more there are. `finished` is what was finished while a week went by: as much as
    usual moves nothing."""

    kind: str
    days: int
    amount: float


def parts(
    before: Drawn, now: Drawn, date_before: date, date_now: date, amounts: Mapping[str, float], level: int = LEVEL
) -> tuple[Part, ...]:
    """The parts of the move from one date to the other, the largest first; their days sum to it exactly.

    `level`: that of the dates. `amounts`: by kind how it changed what remains, `finished` below 0. Kinds that changed
    nothing have no part.
    """
    moved = {kind: amount for kind, amount in amounts.items() if amount and kind != FINISHED}
    ahead = {False: before.ahead, True: now.ahead}
    more = {DAYS_OFF: _more_days_off(before, now)} if _ahead_of(before, now) != _ahead_of(now, now) else {}
    kinds = (FINISHED, *moved, *more, *([] if before.paths == now.paths else [PACE]))
    total = (date_now - date_before).days

    def until(chosen: frozenset[str]) -> Fraction:
        """Days from the date before to the date when only these have changed."""
        if not chosen or len(chosen) == len(kinds):
            return Fraction(total if chosen else 0)
        since = now.as_of if FINISHED in chosen else before.as_of
        drawn = now if PACE in chosen else before
        drawn = replace(drawn, ahead=replace(ahead[DAYS_OFF in chosen or not more], since=since))
        left = before.left + sum(amounts.get(kind, 0.0) for kind in chosen)
        weeks = weeks_until(drawn, left, level)
        days = _DAYS * (drawn.horizon if weeks is None else weeks)
        return Fraction((since - date_before).days) + Fraction(days)

    shares = _shapley(kinds, until)
    whole = _in_whole_days(shares, total)
    moved_by = [Part(kind, whole[kind], {**amounts, **more}.get(kind, 0.0)) for kind in kinds]
    return tuple(sorted(moved_by, key=lambda part: -abs(part.days)))


def _ahead_of(drawn: Drawn, now: Drawn) -> Sequence[date]:
    """The days off that lie ahead now, as they are known to those futures."""
    return [day for day in drawn.ahead.off.days if day >= now.as_of]


def _more_days_off(before: Drawn, now: Drawn) -> float:
    return float(len(_ahead_of(now, now)) - len(_ahead_of(before, now)))


def _shapley(kinds: Sequence[str], worth: Callable[[frozenset[str]], Fraction]) -> dict[str, Fraction]:
    """Each one's mean marginal worth over all orders."""
    known = {
        frozenset(chosen): worth(frozenset(chosen))
        for size in range(len(kinds) + 1)
        for chosen in combinations(kinds, size)
    }
    orders = math.factorial(len(kinds))
    values = dict.fromkeys(kinds, Fraction(0))
    for chosen, before in known.items():
        for kind in (kind for kind in kinds if kind not in chosen):
            ways = math.factorial(len(chosen)) * math.factorial(len(kinds) - len(chosen) - 1)
            values[kind] += Fraction(ways, orders) * (known[chosen | {kind}] - before)
    return values


def _in_whole_days(shares: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """Rounded so that they still sum to `total`: who loses most by rounding down is rounded up."""
    floors = {kind: math.floor(share) for kind, share in shares.items()}
    missing = total - sum(floors.values())
    by_loss = sorted(shares, key=lambda kind: floors[kind] - shares[kind])
    return {kind: floors[kind] + (kind in by_loss[:missing]) for kind in shares}
