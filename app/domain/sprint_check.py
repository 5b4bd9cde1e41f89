"""Is it too much? A handful of issues against what is finished in so many weeks, and which two to leave out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.forecast import Amounts
from app.domain.items import Item, Unit
from app.domain.missing import NotEnoughData
from app.words import N_


@dataclass(frozen=True, slots=True)
class SprintCheck:
    """`size` in the unit. `leave_out`: of the issues whose going helps most, the ones that are taken last.

    `done`: keys that are finished already, `unknown`: keys that no issue has; neither is in the size.
    """

    weeks: int
    size: float
    chance: float
    leave_out: tuple[str, ...]
    chance_without: float
    keys: tuple[str, ...]
    done: tuple[str, ...]
    unknown: tuple[str, ...]
    unestimated: tuple[str, ...]


_LEFT_OUT = 2


def sprint_check(
    keys: Sequence[str], in_order: Iterable[Item], items: Iterable[Item], amounts: Amounts | NotEnoughData, unit: Unit
) -> SprintCheck | NotEnoughData:
    """`in_order`: open items as they are taken. Keys are compared without regard to case, each counts once."""
    wanted = dict.fromkeys(key.strip().upper() for key in keys if key.strip())
    if isinstance(amounts, NotEnoughData):
        return amounts
    if not wanted:
        return NotEnoughData(N_("No key is given. Paste the keys of the issues, such as A-1, A-2."))
    there = {item.issue.key.upper(): item for item in items}
    planned = [item for item in in_order if item.issue.key.upper() in wanted]
    size = sum(item.size(unit) for item in planned)
    # The largest first; of equal ones those that are taken last.
    places = {item.issue.key: place for place, item in enumerate(planned)}
    gone = sorted(planned, key=lambda item: (-item.size(unit), -places[item.issue.key]))[:_LEFT_OUT]
    rest = size - sum(item.size(unit) for item in gone)
    open_keys = {item.issue.key for item in planned}
    return SprintCheck(
        amounts.weeks,
        size,
        amounts.chance(size),
        tuple(item.issue.key for item in gone),
        amounts.chance(rest),
        tuple(item.issue.key for item in planned),
        tuple(there[key].issue.key for key in wanted if key in there and there[key].issue.key not in open_keys),
        tuple(key for key in wanted if key not in there),
        tuple(item.issue.key for item in planned if unit is Unit.POINTS and item.points is None),
    )
