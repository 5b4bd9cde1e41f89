"""What the futures say about deciding: on which days to look, and how long a decision can wait.

A checkpoint says how much has to be finished by a day for the deadline to stay at even odds. Waiting says how much has
to be left out for it to be 85 % sure if that is decided only then, and the weeks until then go no better than promised:
what is put off costs more, because fewer weeks can make up for a bad one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.calendar import ONE_WEEK
from app.domain.futures import NOTHING
from app.domain.missing import NotEnoughData
from app.domain.what_if import Drawn, sure_within
from app.words import N_

EVEN, SURE = 50, 85
_MOST_CHECKPOINTS = 8
_WAITS = (0, 4, 8, 12)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """At least `finished` from now on by the end of `day`, or the chance of the deadline falls below even odds."""

    day: date
    finished: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """`drop`: the work to leave out if that is decided in so many `weeks`; 0: none is needed."""

    weeks: int
    day: date
    drop: float


@dataclass(frozen=True, slots=True)
class Decisions:
    deadline: date
    left: float
    checkpoints: tuple[Checkpoint, ...]
    waiting: tuple[Waiting, ...]


def decisions(futures: Drawn | NotEnoughData, deadline: date | None) -> Decisions | NotEnoughData:
    if isinstance(futures, NotEnoughData):
        return futures
    if deadline is None:
        return NotEnoughData(N_("No deadline is set, so there is nothing to decide by."))
    weeks = min((deadline - futures.as_of).days // 7, futures.horizon)
    if weeks < 1:
        return NotEnoughData(
            N_("The deadline is less than a week away or past: what is to be decided is decided today.")
        )
    return Decisions(deadline, futures.left, _checkpoints(futures, weeks), _waiting(futures, weeks))


def _checkpoints(futures: Drawn, weeks: int) -> tuple[Checkpoint, ...]:
    checkpoints, worked = [], futures.ahead.worked
    for week in _spread(weeks):
        needed = futures.left - sure_within(futures, worked(weeks) - worked(week), EVEN)
        if needed > NOTHING:
            checkpoints.append(Checkpoint(futures.as_of + week * ONE_WEEK, float(math.ceil(needed - NOTHING))))
    return tuple(checkpoints)


def _spread(weeks: int) -> Sequence[int]:
    """Weeks at even distances, the last one included."""
    step = -(-weeks // _MOST_CHECKPOINTS)
    return range(weeks - (weeks - 1) // step * step, weeks + 1, step)


def _waiting(futures: Drawn, weeks: int) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(wait, futures.as_of + wait * ONE_WEEK, _to_drop(futures, weeks, wait))
        for wait in _WAITS
        if wait < weeks
    )


def _to_drop(futures: Drawn, weeks: int, wait: int) -> float:
    before = futures.ahead.worked(wait)
    after = futures.ahead.worked(weeks) - before
    done = sure_within(futures, before, SURE) + sure_within(futures, after, SURE)
    return float(math.ceil(max(0.0, futures.left - done) - NOTHING))
