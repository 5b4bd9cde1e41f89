"""Links that block: which open work waits for which, where that goes in circles or against the order of the work.

A link is what the issue says at present (`BLOCKED_BY` among its extras); when it came is not known. What waits is done
after all that it waits for, so the longest chain of open work takes as long as its items do one after the other. The
work is done when all of it is done and the chain is, too: the chance of a day is the product of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import mul
from random import Random

from app.domain.calendar import ONE_WEEK
from app.domain.extras import BLOCKED_BY
from app.domain.flow import Flow
from app.domain.forecast import LEVELS, Distribution, Forecast
from app.domain.items import Item
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.order import By, Order
from app.words import N_

TRIALS = 2_000

Links = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Waits:
    """Open work, the open work it waits for, and what it waits for that is not among these issues."""

    key: str
    waits_for: tuple[str, ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """`key` stands above `waits_for` in the order of the work, and cannot be done before it."""

    key: str
    waits_for: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """`loops`: work of which each waits for the next and the last for the first, so that none can be begun.

    `chain`: the longest row of open work of which each waits for the one before. `dates`: of all that remains when
    nothing waits, and `dates_waiting` when the chain is done one after the other; None where either is not known.
    """

    waiting: tuple[Waits, ...]
    loops: tuple[tuple[str, ...], ...]
    against_order: tuple[Against, ...]
    chain: tuple[str, ...]
    dates: Mapping[int, date | None] | None
    dates_waiting: Mapping[int, date | None] | None

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(each.key for each in self.waiting)


def named(item: Item) -> tuple[str, ...]:
    """The keys of what an item says that it waits for."""
    extras = item.issue.extras
    keys = extras.get(BLOCKED_BY) if extras else None
    return tuple(str(key) for key in keys if key) if isinstance(keys, list | tuple) else ()


def open_links(opened: Iterable[Item]) -> Links:
    """What each of the open items waits for that is one of them, by its key."""
    links = {item.issue.key: named(item) for item in opened}
    return {key: tuple(each for each in waits if each in links) for key, waits in links.items()}


def held_up_by(links: Links, keys: Iterable[str]) -> tuple[str, ...]:
    """All open work that has to be done before these can be, themselves left out, in the order of their keys."""
    own = set(keys)
    blockers: set[str] = set()
    open_ends = list(own)
    while open_ends:
        new = [each for each in links.get(open_ends.pop(), ()) if each not in blockers]
        blockers.update(new)
        open_ends += new
    return tuple(sorted(blockers - own))


def waiting(
    known: Known, order: Order | NotEnoughData, forecast: Forecast | NotEnoughData, flow: Flow | NotEnoughData
) -> Waiting | NotEnoughData:
    """Of the part that is asked about; what it waits for may be anywhere among the issues."""
    if known.missing_issues is not None:
        return known.missing_issues
    if not any(named(item) for item in known.all_items):
        return NotEnoughData(N_("No issue says what it waits for. Links such as “is blocked by” come with the issues."))
    links = open_links(known.all_open_items)
    there = {item.issue.key for item in known.all_items}
    items = [item for item in known.open_items if named(item)]
    waits = [
        Waits(item.issue.key, links[item.issue.key], tuple(key for key in named(item) if key not in there))
        for item in items
    ]
    waits = [each for each in waits if each.waits_for or each.elsewhere]
    circles = loops(links)
    chain = _longest(links, (item.issue.key for item in known.open_items), circles)
    dates = None if isinstance(forecast, NotEnoughData) else forecast.dates
    return Waiting(
        tuple(waits), circles, against(links, order, circles), chain, dates, _dates_waiting(chain, forecast, flow)
    )


def loops(links: Links) -> tuple[tuple[str, ...], ...]:
    """Tarjan's strongly connected components of more than one, without recursion: chains may be long."""
    circles: list[tuple[str, ...]] = []
    place: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for start, waits in links.items():
        # What waits for nothing is in no loop, and that is nearly all work.
        if start in place or not waits:
            continue
        walk = [(start, iter(waits))]
        place[start] = lowest[start] = len(place)
        stack.append(start)
        on_stack.add(start)
        while walk:
            key, rest = walk[-1]
            following = next(rest, None)
            if following is None:
                walk.pop()
                if walk:
                    lowest[walk[-1][0]] = min(lowest[walk[-1][0]], lowest[key])
                if lowest[key] == place[key]:
                    circles += _taken_off(stack, on_stack, key, links)
            elif following not in place:
                place[following] = lowest[following] = len(place)
                stack.append(following)
                on_stack.add(following)
                walk.append((following, iter(links[following])))
            elif following in on_stack:
                lowest[key] = min(lowest[key], place[following])
    return tuple(sorted(circles))


def _taken_off(stack: list[str], on_stack: set[str], key: str, links: Links) -> list[tuple[str, ...]]:
    """The component that ends with `key`, if it is a loop."""
    at = stack.index(key)
    part = stack[at:]
    del stack[at:]
    on_stack.difference_update(part)
    return [tuple(sorted(part))] if len(part) > 1 or key in links[key] else []


def _longest(links: Links, keys: Iterable[str], circles: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """What is done first in front. Work in a loop can never be begun, and is in no chain."""
    endless = {key for loop in circles for key in loop}
    best: dict[str, tuple[str, ...]] = {}
    for key in sorted(keys):
        walk = [key] if key not in endless else []
        while walk:
            here = walk[-1]
            before = [each for each in links.get(here, ()) if each not in endless]
            unknown = [each for each in before if each not in best]
            if unknown:
                walk += unknown
                continue
            walk.pop()
            longest = max((best[each] for each in before), key=lambda chain: (len(chain), chain), default=())
            best[here] = (*longest, here)
    path = max((best[key] for key in best), key=lambda chain: (len(chain), chain), default=())
    return path if len(path) > 1 else ()


def against(links: Links, order: Order | NotEnoughData, circles: Sequence[tuple[str, ...]]) -> tuple[Against, ...]:
    """What stands above something that it waits for; nobody has put work in the order of its age."""
    if isinstance(order, NotEnoughData) or order.by is By.AGE:
        return ()
    places = {item.issue.key: place for place, item in enumerate(order.items)}
    together = {key: at for at, loop in enumerate(circles) for key in loop}
    return tuple(
        Against(key, before)
        for key in places
        for before in links.get(key, ())
        if before in places
        and places[before] > places[key]
        # Of a loop no order is right.
        and not (key in together and together.get(before) == together[key])
    )


def _dates_waiting(
    chain: Sequence[str], forecast: Forecast | NotEnoughData, flow: Flow | NotEnoughData
) -> Mapping[int, date | None] | None:
    if isinstance(forecast, NotEnoughData) or isinstance(flow, NotEnoughData) or not flow.cycle_time.items:
        return None
    if not chain:
        return forecast.dates
    cdf = forecast.distribution.cdf
    took = chain_cdf([item.days for item in flow.cycle_time.items], len(chain), len(cdf) - 1, forecast.settings.seed)
    took_ahead = forecast.settings.ahead.by_week(took)
    together = Distribution(tuple(map(mul, cdf, took_ahead)), forecast.distribution.to_nearest)
    weeks = {level: together.weeks(level) for level in LEVELS}
    return {level: None if count is None else forecast.as_of + timedelta(weeks=count) for level, count in weeks.items()}


def chain_cdf(days: Sequence[int], length: int, horizon: int, seed: int) -> list[float]:
    """The chance that so many items are done one after the other within 0, 1, 2 … weeks, each in one of `days`."""
    rng = Random(seed)
    finished = [0] * (horizon + 1)
    for _ in range(TRIALS):
        weeks = -(-sum(rng.choices(days, k=length)) // ONE_WEEK.days)
        if weeks <= horizon:
            finished[weeks] += 1
    running, shares = 0, []
    for count in finished:
        running += count
        shares.append(running / TRIALS)
    return shares
