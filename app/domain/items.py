"""Work items: what an issue and its change history say about scope, start, done and size, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from store.records import Category, Issue


class Unit(StrEnum):
    ITEMS = "items"
    POINTS = "points"


# For loops over all items: before Python 3.12 to ask an enumeration for its member takes ten times as long.
TODO: Final = Category.TODO
IN_PROGRESS: Final = Category.IN_PROGRESS
DONE: Final = Category.DONE
ITEMS: Final = Unit.ITEMS
POINTS: Final = Unit.POINTS


class Stay(NamedTuple):
    """From `since` on, until the next one, the item was in this status."""

    since: datetime
    status: str
    category: Category


@dataclass(frozen=True, slots=True)
class Item:
    """One issue as events in local days, oldest first. Built by `history.build_items`.

    `entered`/`left`: when it came into and went out of scope (several times possible).
    `finished`/`reopened`: when it entered done and left it again. `sizes`: points valid from that day on.
    `started`: first entry to an in-progress status, as an instant; for an item that went straight to done, the
    instant of that; None when it has not started or its start is not known.
    `stays`: every status it was in, oldest first; empty without a change history. `status` and `category` are
    the last ones known. `changed`: the last instant of its history that is known, whatever changed; None without one.
    """

    issue: Issue
    entered: tuple[date, ...]
    left: tuple[date, ...]
    finished: tuple[date, ...]
    reopened: tuple[date, ...]
    sizes: tuple[tuple[date, float | None], ...]
    started: datetime | None
    done_at: datetime | None
    status: str = ""
    category: Category = TODO
    stays: tuple[Stay, ...] = ()
    changed: datetime | None = None

    @property
    def done(self) -> date | None:
        """Day of the last entry into done when not left since; None while open."""
        return self.finished[-1] if self.done_at is not None else None

    @property
    def in_scope(self) -> bool:
        """Whether it counts at the end of what is known."""
        return not self.left or len(self.entered) > len(self.left)

    def counted_on(self, day: date) -> bool:
        """Whether it was in scope at some moment of `day`: what leaves on the day it is finished was finished."""
        if not self.left:
            return True
        return sum(entry <= day for entry in self.entered) > sum(leave < day for leave in self.left)

    @property
    def points(self) -> float | None:
        """The last known estimate; None when there is none."""
        return self.sizes[-1][1] if self.sizes else None

    def points_on(self, day: date) -> float | None:
        """The estimate at the end of `day`."""
        known: float | None = None
        for since, points in self.sizes:
            if since > day:
                break
            known = points
        return known

    def size(self, unit: Unit) -> float:
        """The last known amount of work in `unit`; without points, or with fewer than none, it counts 0."""
        return 1.0 if unit is ITEMS else max(0.0, self.points or 0.0)

    def size_on(self, day: date, unit: Unit) -> float:
        """The amount of work at the end of `day`, in or out of scope."""
        return 1.0 if unit is ITEMS else max(0.0, self.points_on(day) or 0.0)
