"""Doubts about the data: what in it contradicts itself or is missing, how often, and what that does to the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.domain.items import Item, Unit
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from store.records import Category


@dataclass(frozen=True, slots=True)
class Doubt:
    """`n` of the `of` items that the rule is about; `effect`: what that does to the numbers, a plain sentence."""

    rule: str
    n: int
    of: int
    text: str
    effect: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """`about`: which items it looks at; `doubtful`: which of them are. `text` follows the number of items."""

    name: str
    about: Callable[[Item], bool]
    doubtful: Callable[[Item], bool]
    text: str
    effect: str


def _is_done(item: Item) -> bool:
    return item.done_at is not None


def _any(_: Item) -> bool:
    return True


def _is_open(item: Item) -> bool:
    return item.done_at is None and item.in_scope


_RULES = (
    _Rule(
        "finished_before_created",
        _is_done,
        lambda item: item.done_at is not None and item.issue.created is not None and item.done_at < item.issue.created,
        "finished before they were created",
        "They have no lead time, and come into the scope on the day they were finished.",
    ),
    _Rule(
        "started_after_finished",
        lambda item: item.done_at is not None and item.started is not None,
        lambda item: item.done_at is not None and item.started is not None and item.started > item.done_at,
        "finished before they were started",
        "They count as if they had taken one day.",
    ),
    _Rule(
        "done_without_a_day",
        _is_done,
        lambda item: not item.stays and item.issue.resolved is None and item.issue.category is Category.DONE,
        "done without a day on which they were finished",
        "They count as finished when they were last updated, so weeks of tidying up look like weeks of work.",
    ),
    _Rule(
        "created_without_a_day",
        _any,
        lambda item: item.issue.created is None,
        "without a day on which they were created",
        "They count from the first day on which anything is known of them, so growth looks smaller than it was.",
    ),
    _Rule(
        "straight_to_done",
        lambda item: item.done_at is not None and bool(item.stays),
        lambda item: all(stay.category is not Category.IN_PROGRESS for stay in item.stays),
        "went straight to done",
        "They have a cycle time of one day, which makes the others look slow and the service level easy.",
    ),
    _Rule(
        "open_with_a_finish",
        _is_open,
        lambda item: not item.stays and item.issue.resolved is not None and not item.finished,
        "open, with a day of finish that is out of date",
        "They count as open; the old day is left out.",
    ),
    _Rule(
        "without_a_type",
        _any,
        lambda item: not item.issue.type,
        "without a type",
        "They are in no class of work, and no bug.",
    ),
)


def data_quality(known: Known, throughput: Throughput | NotEnoughData) -> tuple[Doubt, ...] | NotEnoughData:
    """Every rule that has items to look at, those with most doubtful ones first; n = 0 is the good answer."""
    if known.missing_issues is not None:
        return known.missing_issues
    items = known.items
    found = [*(_doubt(rule, items) for rule in _RULES), _without_points(known), _without_start(items)]
    found += [_swept(throughput), _undecided(known), _left_out(known)]
    doubts = [doubt for doubt in found if doubt is not None and doubt.of]
    return tuple(sorted(doubts, key=lambda doubt: (-doubt.n, doubt.rule)))


def _doubt(rule: _Rule, items: Iterable[Item]) -> Doubt:
    about = [item for item in items if rule.about(item)]
    return _made(rule.name, [item for item in about if rule.doubtful(item)], len(about), rule.text, rule.effect)


def _made(rule: str, doubtful: Sequence[Item], of: int, text: str, effect: str) -> Doubt:
    return Doubt(rule, len(doubtful), of, text, effect, tuple(sorted(item.issue.key for item in doubtful)))


def _without_points(known: Known) -> Doubt | None:
    """Where points are counted, or some open item has them."""
    opened = [item for item in known.items if _is_open(item)]
    without = [item for item in opened if item.points is None]
    if known.unit is not Unit.POINTS and len(without) == len(opened):
        return None
    effect = "Counted in points they are no work at all, so the date comes too early."
    return _made("without_points", without, len(opened), "open without points", effect)


def _without_start(items: Iterable[Item]) -> Doubt | None:
    """Only where the start of others is known: else all times count from creation, and say so."""
    done = [item for item in items if _is_done(item)]
    without = [item for item in done if item.started is None]
    if len(without) == len(done):
        return None
    return _made("without_a_start", without, len(done), "finished, with no known start", "They have no cycle time.")


def _swept(throughput: Throughput | NotEnoughData) -> Doubt | None:
    if isinstance(throughput, NotEnoughData):
        return None
    keys = sorted({key for sweep in throughput.sweeps for key in sweep.keys})
    of = round(sum(len(week.done_keys) for week in throughput.window))
    days = ", ".join(str(sweep.day) for sweep in throughput.sweeps)
    return Doubt(
        "closed_in_bulk",
        len(keys),
        of,
        f"closed in bulk on {days}" if days else "closed in bulk",
        "Those days count as pace. If they were tidied up rather than finished, the date is too early.",
        tuple(keys),
    )


def _undecided(known: Known) -> Doubt | None:
    """Items in a status of which neither mapping nor tracker says what it means."""
    placed = known.placed_statuses
    if not placed:
        return None
    inside = [item for item in known.items if any(stay.status.casefold() in placed for stay in item.stays)]
    names = ", ".join(placement.status for placement in placed.values())
    return _made(
        "status_without_a_meaning",
        inside,
        len(known.items),
        f"that were in statuses placed by the way items go through them ({names})",
        "If one of them means something else, what is done, under way and remains changes.",
    )


def _left_out(known: Known) -> Doubt | None:
    count = known.left_out
    if not count:
        return None
    effect = "They count nowhere. Which projects are left out is a setting."
    return Doubt("left_out", count, count + len(known.items), "of projects that are left out", effect, ())
