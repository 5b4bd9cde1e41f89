"""Parts of the work that are worked on in order, some of them together: how much is done in all when each is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.futures import NOTHING


def done_when(sizes: Sequence[float], together: int) -> tuple[float, ...]:
    """Of parts of these sizes in their order, of which the first `together` that are not done share the pace evenly,
    how much all of them have done when each is done. 1: one after the other, so the running sums.

    A larger part makes none of them done earlier; when the last one is done, all of it is. Raises ValueError for
    `together` < 1.
    """
    if together < 1:
        raise ValueError("at least one part is worked on at a time")
    ends, active, total, begun = [0.0] * len(sizes), dict[int, float](), 0.0, 0
    while begun < len(sizes) or active:
        while begun < len(sizes) and len(active) < together:
            active[begun] = sizes[begun]
            begun += 1
        least = min(active.values())
        total += least * len(active)
        for at, left in list(active.items()):
            active[at] = left - least
            if active[at] <= NOTHING:
                ends[at] = total
                del active[at]
    return tuple(ends)


def with_shared(done: Sequence[float], needs: Mapping[int, Sequence[int]]) -> tuple[float, ...]:
    """As `done`, for parts that are not done before the others that they need are (`needs`, by their places)."""
    return tuple(max([amount, *(done[other] for other in needs.get(at, ()))]) for at, amount in enumerate(done))
