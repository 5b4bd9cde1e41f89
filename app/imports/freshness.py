"""How far the knowledge of a file reaches, which says whether it is older than another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from store.records import Issue


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far a file's knowledge reaches: its latest update, and the latest day that anything in it has."""

    updated: datetime | None = None
    dated: datetime | None = None

    @classmethod
    def of(cls, issues: Iterable[Issue], days: Iterable[str] = ("created", "resolved", "started")) -> Freshness:
        """`days`: the kinds of days that are looked at beside the updates."""
        listed = list(issues)
        updated, *dated = (latest(map(attrgetter(name), listed)) for name in ("updated", *days))
        return cls(updated, latest(dated))

    def joined(self, other: Freshness) -> Freshness:
        """The later of both, each by its own kind."""
        return Freshness(later(self.updated, other.updated), later(self.dated, other.dated))

    def is_older_than(self, other: Freshness) -> bool:
        """Compared like with like; a file without dates is as new as its import. Where only this one has updates, they
        tell as well as any other day that it knows what was then."""
        if self.updated is not None and other.updated is not None:
            return self.updated < other.updated
        reached = later(self.updated, self.dated)
        return reached is not None and other.dated is not None and reached < other.dated


def latest(instants: Iterable[datetime | None]) -> datetime | None:
    return max(filter(None, instants), default=None)


def later(first: datetime | None, other: datetime | None) -> datetime | None:
    return latest((first, other))
