"""Statuses in the order of the work, where a board of the tracker tells it.

What is on no board comes after, in the order that it would have anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Each = TypeVar("Each")


class StatusOrder:
    """The names as the board's columns have them, the first one first; upper and lower case are the same."""

    def __init__(self, names: Sequence[str]) -> None:
        self._places = {name.casefold(): at for at, name in reversed(list(enumerate(names)))}

    def place(self, status: str) -> int:
        """The same for all that is on no board."""
        return self._places.get(status.casefold(), len(self._places))

    def of(self, listed: Iterable[Each], status: Callable[[Each], str]) -> list[Each]:
        """What belongs to a status each, by the board; the rest, and what is of one status, stays as it was."""
        return sorted(listed, key=lambda each: self.place(status(each)))


NO_ORDER = StatusOrder(())
