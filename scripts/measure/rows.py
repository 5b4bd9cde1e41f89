"""One measured thing, and the measuring of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """`value` and `floor` in `unit`; `limit` is for the ratio of the two, or for the value where there is no floor."""

    part: str
    name: str
    value: float
    unit: str
    floor: float | None = None
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.floor is None else self.value / self.floor

    @property
    def holds(self) -> bool | None:
        """Whether the limit is kept; None where none is set."""
        if self.limit is None:
            return None
        return (self.value if self.floor is None else self.value / self.floor) <= self.limit


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """The median of so many runs."""
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def each_ms(work: Callable[[], object], times: int = 200, repeats: int = 5) -> float:
    """Milliseconds of one call, the median over repeats of so many calls."""

    def many() -> None:
        for _ in range(times):
            work()

    return seconds(many, repeats) / times * 1000
