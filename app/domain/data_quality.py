"""Doubts about the data: what in it contradicts itself or is missing, how often, and what that does to the numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from app.domain.extras import BLOCKED_BY
from app.domain.items import DONE, IN_PROGRESS, POINTS, Item
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.order import Order
from app.domain.throughput import Throughput
from app.domain.waiting import against, loops, named, open_links
from app.words import N_, Several


@dataclass(frozen=True, slots=True)
class Doubt:
    """`n` of the `of` items that the rule is about; `effect`: what that does to the numbers, a plain sentence."""

    rule: str
    n: int
    of: int
    text: str
    effect: str
    keys: tuple[str, ...]


_CATEGORY = attrgetter("category")


class _About(StrEnum):
    """Which items a rule looks at."""

    ALL = "all"
    DONE = "done"
    OPEN = "open"
    TIMED = "done, with a known start"
    WITH_HISTORY = "done, with a history"


@dataclass(frozen=True, slots=True)
class _Rule:
    """`doubtful`: those of the items it is `about` that are, by what is known until then. `text` follows their number.

    All at once, so that 22,000 items are no 22,000 calls.
    """

    name: str
    about: _About
    doubtful: Callable[[Sequence[Item], datetime], list[Item]]
    text: str
    effect: str


def _may_have_jumped(item: Item) -> bool:
    """Not where it was started by a status before it was finished, which spares a look at its history."""
    return item.started is None or item.started == item.done_at or item.issue.started is not None


def _was_never_begun(item: Item) -> bool:
    return IN_PROGRESS not in map(_CATEGORY, item.stays)


_RULES = (
    _Rule(
        "finished_before_created",
        _About.DONE,
        lambda items, _: [
            item for item in items if item.done_at and (came := item.issue.created) and item.done_at < came
        ],
        N_("finished before being created"),
        N_("Such issues have no lead time, and come into the scope on the day they were finished."),
    ),
    _Rule(
        "started_after_finished",
        _About.TIMED,
        lambda items, _: [item for item in items if item.done_at and item.started and item.started > item.done_at],
        N_("finished before being started"),
        N_("Such issues count as if they had taken one day."),
    ),
    _Rule(
        "done_without_a_day",
        _About.DONE,
        lambda items, _: [
            item for item in items if not item.stays and item.issue.resolved is None and item.issue.category is DONE
        ],
        N_("done without a day of finish"),
        N_(
            "Such issues count as finished when they were last updated, so weeks of tidying up look like weeks of work."
        ),
    ),
    _Rule(
        "created_without_a_day",
        _About.ALL,
        lambda items, _: [item for item in items if item.issue.created is None],
        N_("without a day of creation"),
        N_(
            "Such issues count from the first day on which anything is known of them, "
            "so growth looks smaller than it was."
        ),
    ),
    _Rule(
        "straight_to_done",
        _About.WITH_HISTORY,
        lambda items, _: [item for item in items if _may_have_jumped(item) and _was_never_begun(item)],
        N_("went straight to done"),
        N_("Such issues have a cycle time of one day, which makes the others look slow and the service level easy."),
    ),
    _Rule(
        "open_with_a_finish",
        _About.OPEN,
        lambda items, until: [
            item
            for item in items
            if not item.stays and not item.finished and (at := item.issue.resolved) is not None and at < until
        ],
        N_("open, with a day of finish that is out of date"),
        N_("Such issues count as open; the old day is left out."),
    ),
    _Rule(
        "without_a_type",
        _About.ALL,
        lambda items, _: [item for item in items if not item.issue.type],
        N_("without a type"),
        N_("Such issues are in no class of work, and no bug."),
    ),
)


def data_quality(
    known: Known, throughput: Throughput | NotEnoughData, order: Order | NotEnoughData
) -> tuple[Doubt, ...] | NotEnoughData:
    """Every rule that has items to look at, those with most doubtful ones first; n = 0 is the good answer."""
    if known.missing_issues is not None:
        return known.missing_issues
    done = known.done_items
    items = {
        _About.ALL: known.items,
        _About.DONE: done,
        _About.TIMED: [item for item in done if item.started is not None],
        _About.WITH_HISTORY: [item for item in done if item.stays],
        _About.OPEN: known.open_items,
    }
    candidates = [_doubt(rule, items[rule.about], known.known_until) for rule in _RULES]
    candidates += [_without_points(known, items[_About.OPEN]), _without_start(done)]
    candidates += [_swept(throughput), _undecided(known), _left_out(known), *_links(known, order)]
    doubts = [doubt for doubt in candidates if doubt is not None and doubt.of]
    return tuple(sorted(doubts, key=lambda doubt: (-doubt.n, doubt.rule)))


def _doubt(rule: _Rule, about: Sequence[Item], until: datetime) -> Doubt | None:
    return _doubt_about(rule.name, rule.doubtful(about, until), len(about), rule.text, rule.effect)


def _doubt_about(rule: str, doubtful: Sequence[Item], of: int, text: str, effect: str) -> Doubt:
    return Doubt(rule, len(doubtful), of, text, effect, tuple(sorted(item.issue.key for item in doubtful)))


def _without_points(known: Known, opened: Sequence[Item]) -> Doubt | None:
    """Where points are counted, or some open item has them."""
    without = [item for item in opened if item.points is None]
    if known.unit is not POINTS and len(without) == len(opened):
        return None
    effect = N_("Counted in points they are no work at all, so the date comes too early.")
    return _doubt_about("without_points", without, len(opened), N_("open without points"), effect)


def _without_start(done: Sequence[Item]) -> Doubt | None:
    """Only where the start of others is known: else all times count from creation, and say so."""
    without = [item for item in done if item.started is None]
    if len(without) == len(done):
        return None
    return _doubt_about(
        "without_a_start",
        without,
        len(done),
        N_("finished, with no known start"),
        N_("Such issues have no cycle time."),
    )


def _swept(throughput: Throughput | NotEnoughData) -> Doubt | None:
    if isinstance(throughput, NotEnoughData):
        return None
    keys = sorted({key for sweep in throughput.sweeps for key in sweep.keys})
    of = round(sum(len(week.done_keys) for week in throughput.window))
    days = Several(sweep.day for sweep in throughput.sweeps)
    return Doubt(
        "closed_in_bulk",
        len(keys),
        of,
        N_("closed in bulk on {days}", days=days) if days else N_("closed in bulk"),
        N_("Those days count as pace. If they were tidied up rather than finished, the date is too early."),
        tuple(keys),
    )


def _undecided(known: Known) -> Doubt | None:
    """Items in a status of which neither mapping nor tracker says what it means."""
    placed = known.placed_statuses
    if not placed:
        return None
    inside = [item for item in known.items if any(stay.status.casefold() in placed for stay in item.stays)]
    names = ", ".join(placement.status for placement in placed.values())
    return _doubt_about(
        "status_without_a_meaning",
        inside,
        len(known.items),
        N_("that were in statuses placed by the way items go through them ({names})", names=names),
        N_("If one of them means something else, what is done, under way and remains changes."),
    )


def _links(known: Known, order: Order | NotEnoughData) -> list[Doubt]:
    """Only where some issue says what it waits for."""
    linked = sum(1 for item in known.all_items if BLOCKED_BY in item.issue.extras and named(item))
    if not linked:
        return []
    links = open_links(known.all_open_items)
    circles = loops(links)
    in_loops = tuple(sorted({key for loop in circles for key in loop}))
    wrong = tuple(sorted({each.key for each in against(links, order, circles)}))
    effect = N_("None of them can be begun. Take out the link that does not hold.")
    late = N_("Such issues cannot be done before it, so the work that is on top of the list has to wait.")
    return [
        Doubt("waits_in_a_circle", len(in_loops), linked, N_("that wait for each other in a circle"), effect, in_loops),
        Doubt("waits_for_later_work", len(wrong), linked, N_("that wait for work further down the list"), late, wrong),
    ]


def _left_out(known: Known) -> Doubt | None:
    count = known.left_out
    if not count:
        return None
    effect = N_("Such issues count nowhere. Which projects are left out is a setting.")
    return Doubt("left_out", count, count + len(known.items), N_("of projects that are left out"), effect, ())
