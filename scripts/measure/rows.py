"""One measured thing, and the measuring of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


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
    """The shortest of so many runs: what else the machine does meanwhile only ever adds."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def each_ms(work: Callable[[], object], times: int = 200, repeats: int = 5) -> float:
    """Milliseconds of one call, from the shortest of the repeats of so many calls."""

    def many() -> None:
        for _ in range(times):
            work()

    return seconds(many, repeats) / times * 1000


def cpu_ms(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and the milliseconds of processor it took: other programs disturb the clock more."""
    began = time.process_time()
    result = work()
    return result, (time.process_time() - began) * 1000
