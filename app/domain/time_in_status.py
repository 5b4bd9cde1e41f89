"""Where the time goes: days in each status, time waiting, flow efficiency."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum

from app.domain import ranks
from app.domain.items import IN_PROGRESS, Item, Stay
from store.records import Category

_ONE_DAY = timedelta(days=1)
# In-progress statuses in which nobody works, by parts of their names.
WAITING_NAMES = ("block", "wait", "hold", "impeded", "impediment", "paused", "ready for", "queue", "pending")


@dataclass(frozen=True, slots=True)
class StatusTime:
    """Visits to one status of finished items, in elapsed days, and of `open_visits` of items under way so far.

    Of a finished item every day counts but those in the done status it rests in, so that the totals of all statuses
    add up to the lead times. `is_waiting`: an in-progress status in which nobody works.
    """

    status: str
    category: Category
    visits: int
    median_days: float | None
    mean_days: float | None
    total_days: float
    is_waiting: bool
    open_visits: int
    open_days: float
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Efficiency:
    """Active time ÷ all time in in-progress statuses: `median` over `n` items, `overall` of all of them together.

    `keys`: of these items, where they are issues that can be looked at.
    """

    n: int
    median: float | None
    overall: float | None
    waiting_days: float
    keys: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    category: Category
    days: list[float]
    open_days: list[float]
    keys: dict[str, None]


def time_in_status(item: Item, now: datetime) -> dict[str, float]:
    """Days in each status up to `now`, without the done status it rests in; empty without a history."""
    days: dict[str, float] = {}
    for stay, spent in _visits(item, now):
        days[stay.status] = days.get(stay.status, 0.0) + spent
    return days


def status_times(
    finished: Iterable[Item], under_way: Iterable[Item], now: datetime, waiting_statuses: Collection[str] | None = None
) -> tuple[StatusTime, ...]:
    """Of the finished items, and apart from them of those under way; most time first. For `waiting_statuses` see
    `efficiency`."""
    tallies: dict[str, _Tally] = {}
    for item in finished:
        key = item.issue.key
        for stay, spent in _visits(item, now):
            tally = tallies.get(stay[1]) or tallies.setdefault(stay[1], _Tally(stay[2], [], [], {}))
            tally.keys[key] = None
            tally.days.append(spent)
    for item in under_way:
        key, last, began = item.issue.key, None, now
        for since, status, category in item.stays:
            if since < now:
                last = tallies.get(status) or tallies.setdefault(status, _Tally(category, [], [], {}))
                last.keys[key] = None
                began = since
        if last is not None:
            last.open_days.append((now - began) / _ONE_DAY)
    times = [_status_time(status, tally, waiting_statuses) for status, tally in tallies.items()]
    return tuple(sorted(times, key=lambda each: (-each.total_days, -each.open_days, each.status)))


def _status_time(status: str, tally: _Tally, waiting: Collection[str] | None) -> StatusTime:
    return StatusTime(
        status,
        tally.category,
        len(tally.days),
        ranks.median(tally.days),
        ranks.mean(tally.days),
        fsum(tally.days),
        tally.category is IN_PROGRESS and Waiting(waiting)[status],
        len(tally.open_days),
        fsum(tally.open_days),
        tuple(sorted(tally.keys)),
    )


def efficiency(item: Item, waiting_statuses: Collection[str] | None = None) -> float | None:
    """Active time ÷ all time in in-progress statuses of a finished item; None where it spent none there.

    `waiting_statuses`: in-progress statuses in which nobody works, in lower case; None: by their names.
    """
    active, total = _active(item, Waiting(waiting_statuses))
    return active / total if total else None


def active_days(
    finished: Iterable[Item], waiting_statuses: Collection[str] | None = None
) -> dict[str, tuple[float, float]]:
    """(active, all) days in in-progress statuses by key, of the items that spent any there."""
    is_waiting = Waiting(waiting_statuses)
    spent = ((item.issue.key, _active(item, is_waiting)) for item in finished)
    return {key: days for key, days in spent if days[1] > 0}


def efficiency_of(spent: Sequence[tuple[float, float]]) -> Efficiency:
    """Of items with so many (active, all) days."""
    shares = [active / total for active, total in spent]
    active, total = fsum(each for each, _ in spent), fsum(each for _, each in spent)
    return Efficiency(len(spent), ranks.median(shares), active / total if total else None, total - active)


def _active(item: Item, is_waiting: Waiting) -> tuple[float, float]:
    """(active, all) days in in-progress statuses; nothing for an item that is not done."""
    if item.done_at is None:
        return 0.0, 0.0
    active = total = 0.0
    for stay, spent in _visits(item, item.done_at):
        if stay.category is IN_PROGRESS:
            total += spent
            active += 0.0 if is_waiting[stay.status] else spent
    return active, total


class Waiting(dict[str, bool]):
    """Whether nobody works in a status, each name looked at once: by the names given (in lower case), else by its
    parts."""

    def __init__(self, names: Collection[str] | None) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, status: str) -> bool:
        name = status.casefold()
        waits = name in self._names if self._names is not None else any(part in name for part in WAITING_NAMES)
        self[status] = waits
        return waits


def _visits(item: Item, now: datetime) -> list[tuple[Stay, float]]:
    """Each stay with its elapsed days; a done item's last one ends when it was last finished."""
    end = item.done_at if item.done_at is not None else now
    visits = []
    before: Stay | None = None
    for stay in item.stays:
        since = stay[0]
        if since >= end:
            break
        if before is not None:
            visits.append((before, (since - before[0]) / _ONE_DAY))
        before = stay
    return [*visits, (before, (end - before.since) / _ONE_DAY)] if before is not None else []
