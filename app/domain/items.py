"""Work items: what an issue and its change history say about scope, start, done and size, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from store.records import Issue


class Unit(StrEnum):
    ITEMS = "items"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Item:
    """One issue as events in local days, oldest first. Built by `history.build_items`.

    `entered`/`left`: when it came into and went out of scope (several times possible).
    `finished`/`reopened`: when it entered done and left it again. `sizes`: points valid from that day on.
    `started`: first entry to an in-progress status, as an instant.
    """

    issue: Issue
    entered: tuple[date, ...]
    left: tuple[date, ...]
    finished: tuple[date, ...]
    reopened: tuple[date, ...]
    sizes: tuple[tuple[date, float | None], ...]
    started: datetime | None
    done_at: datetime | None

    @property
    def done(self) -> date | None:
        """Day of the last entry into done when not left since; None while open."""
        raise NotImplementedError
