"""Work that does not move: spells in which items were blocked, and items that nothing happened to for days.

An item is blocked while it is flagged or in a status that says so, or by a rule of the team's own; and only while it is
in progress: what is blocked in the backlog holds up nobody. A spell ends when it is cleared, at the finish, or is still
going on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import fsum
from operator import attrgetter
from typing import ClassVar

from app.domain.items import IN_PROGRESS, Item
from app.domain.selection import STATUS, Condition, Selection, Values, condition
from store.records import Category, Change, thawed

_ONE_DAY = timedelta(days=1)
BLOCKED_NAMES = ("block", "imped", "hold", "stuck")
# Without any change for so many days an item in progress counts as stalled.
STALLED_DAYS = 5

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class BlockedSpell:
    """`to` is None while it is going on; `days` elapsed, up to the last moment known. `why`: "flag" or a status."""

    DOCUMENT: ClassVar[Mapping[str, str]] = {"key": "key", "from": "from_", "to": "to", "days": "days", "why": "why"}

    key: str
    from_: datetime
    to: datetime | None
    days: float
    why: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """`items` that were blocked in the window and the elapsed `days` of it they were; `now_keys` still are."""

    items: int
    days: float
    keys: tuple[str, ...]
    now_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stalled:
    """An item in progress, not blocked, to which nothing happened for whole `days`."""

    key: str
    status: str
    since: datetime
    days: int


_ThawedStalled = thawed(Stalled)


@dataclass(frozen=True, slots=True)
class BlockedRule:
    """Any of the conditions, or the flag where `by_flag`."""

    conditions: tuple[Condition, ...]
    by_flag: bool

    @property
    def selection(self) -> Selection:
        return Selection(self.conditions)


def blocked_rule(text: str) -> BlockedRule | None:
    """From "flagged; label=blocked; status=On hold"; None for an empty text: the usual rule. Raises NotACondition."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not parts:
        return None
    conditions = [condition(part) for part in parts if part.casefold() not in _FLAG_WORDS]
    return BlockedRule(tuple(conditions), len(conditions) < len(parts))


_FLAG_WORDS = ("flag", "flagged")


def flag_changes(changes: Iterable[Change]) -> Mapping[str, Sequence[Change]]:
    """Changes of the flag by issue, oldest first."""
    by_issue: dict[str, list[Change]] = {}
    for change in changes:
        if change.field == "flagged":
            by_issue.setdefault(change.issue_key, []).append(change)
    for each in by_issue.values():
        each.sort(key=lambda change: change.at)
    return by_issue


def blocked_spells(
    items: Iterable[Item],
    flags: Mapping[str, Sequence[Change]],
    since: datetime,
    until: datetime,
    rule: BlockedRule | None = None,
    values: Values | None = None,
) -> tuple[BlockedSpell, ...]:
    """Spells that reach into [since, until), whole, oldest first. `until`: where knowledge ends. `values`: those of the
    fields of the `rule`, where there is one."""
    if rule is not None and values is not None:
        return _by_rule(items, flags, since, until, rule, values)
    spells: list[BlockedSpell] = []
    # Most of a long history ended before.
    items = [item for item in items if (item.done_at or until) > since]
    halted = {status for status in {stay.status for item in items for stay in item.stays} if names_blocked(status)}
    if not halted and not flags:
        return ()
    for item in items:
        end = item.done_at or until
        changes = flags.get(item.issue.key) if flags else None
        spans = [(start, stop, "flag") for start, stop in _flagged(item, changes, end)] if changes else []
        if halted and any(stay.status in halted for stay in item.stays):
            spans += _blocked_stays(item, end)
        spells += [_spell(item, *span, until) for span in spans if span[1] > since]
    return tuple(sorted(spells, key=lambda spell: (spell.from_, spell.key, spell.why)))


def _by_rule(
    items: Iterable[Item],
    flags: Mapping[str, Sequence[Change]],
    since: datetime,
    until: datetime,
    rule: BlockedRule,
    values: Values,
) -> tuple[BlockedSpell, ...]:
    """Of one item the spells never overlap: what holds at once is one spell, named by what began it."""
    conditions = [each for each in rule.conditions if each.field == STATUS or values.has_history(each.field)]
    spells: list[BlockedSpell] = []
    for item in items:
        end = item.done_at or until
        if end <= since:
            continue
        flagged = _flag_spans(item, flags.get(item.issue.key, ()), end) if rule.by_flag else []
        spans = [(start, stop, "flag") for start, stop in flagged]
        spans += [(*span, str(each)) for each in conditions for span in _spans_of(item, each, values, end)]
        active = [(start, stop) for start, stop, category, _ in _stays(item, end) if category is IN_PROGRESS]
        working = [
            (*both, why)
            for start, stop, why in spans
            for stay in active
            if (both := _overlap((start, stop), stay)) is not None
        ]
        spells += [_spell(item, *span, until) for span in _joined_whys(working) if span[1] > since]
    return tuple(sorted(spells, key=lambda spell: (spell.from_, spell.key, spell.why)))


def _spans_of(item: Item, wanted: Condition, values: Values, end: datetime) -> list[Span]:
    """While the condition held, as far as its history tells."""
    if wanted.field == STATUS:
        return [(start, stop) for start, stop, _, status in _stays(item, end) if wanted.meets((status,))]
    states = values.over_time(item, wanted.field)
    first = item.issue.created or (item.stays[0].since if item.stays else item.started)
    starts = [first if state.since is None else state.since for state in states]
    stops = [*starts[1:], end]
    return [
        (start, min(stop or end, end))
        for state, start, stop in zip(states, starts, stops, strict=True)
        if start is not None and start < end and wanted.meets(state.values)
    ]


def held_now(item: Item, rule: BlockedRule, values: Values) -> bool:
    """Whether a condition holds at present of a field whose past nobody tells."""
    untold = (each for each in rule.conditions if each.field != STATUS and not values.has_history(each.field))
    return any(each.meets(values.now(item, each.field)) for each in untold)


def _joined_whys(spans: Sequence[tuple[datetime, datetime, str]]) -> list[tuple[datetime, datetime, str]]:
    joined: list[tuple[datetime, datetime, str]] = []
    for start, stop, why in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop), joined[-1][2])
        else:
            joined.append((start, stop, why))
    return joined


def _spell(item: Item, start: datetime, stop: datetime, why: str, until: datetime) -> BlockedSpell:
    is_over = stop < until or item.done_at is not None
    return BlockedSpell(item.issue.key, start, stop if is_over else None, (stop - start) / _ONE_DAY, why)


def _blocked_stays(item: Item, end: datetime) -> list[tuple[datetime, datetime, str]]:
    return [
        (start, stop, status)
        for start, stop, category, status in _stays(item, end)
        if category is IN_PROGRESS and names_blocked(status)
    ]


@lru_cache(maxsize=4096)
def names_blocked(status: str) -> bool:
    name = status.casefold()
    return any(part in name for part in BLOCKED_NAMES)


def _stays(item: Item, end: datetime) -> list[tuple[datetime, datetime, Category, str]]:
    ends = [*(stay.since for stay in item.stays[1:]), end]
    return [
        (stay.since, min(stop, end), stay.category, stay.status)
        for stay, stop in zip(item.stays, ends, strict=False)
        if stay.since < end
    ]


def _flagged(item: Item, changes: Sequence[Change], end: datetime) -> list[Span]:
    """While it was flagged and in progress, in a status that does not say so itself."""
    flagged = _flag_spans(item, changes, end)
    if not flagged:
        return []
    if item.stays:
        active = [
            (start, stop)
            for start, stop, category, status in _stays(item, end)
            if category is IN_PROGRESS and not names_blocked(status)
        ]
    else:
        active = [(item.started, end)] if item.started is not None and item.started < end else []
    return _joined([both for span in flagged for stay in active if (both := _overlap(span, stay)) is not None])


def _flag_spans(item: Item, changes: Sequence[Change], end: datetime) -> list[Span]:
    spans: list[Span] = []
    # A history that begins with a cleared flag had it from the beginning.
    since = item.issue.created if changes and changes[0].from_value and not changes[0].to_value else None
    for change in changes:
        if change.at >= end:
            break
        if change.to_value and since is None:
            since = change.at
        elif not change.to_value and since is not None:
            spans.append((since, change.at))
            since = None
    return [*spans, (since, end)] if since is not None else spans


def _overlap(span: Span, other: Span) -> Span | None:
    start, stop = max(span[0], other[0]), min(span[1], other[1])
    return (start, stop) if start < stop else None


def _joined(spans: Sequence[Span]) -> list[Span]:
    """A flag that stays while the item moves from one status to the next is one spell."""
    joined: list[Span] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined


def blocked(spells: Iterable[BlockedSpell], since: datetime, until: datetime) -> Blocked:
    """What of the spells lies in [since, until)."""
    parts: list[float] = []
    keys: dict[str, None] = {}
    now: dict[str, None] = {}
    for spell in spells:
        stop = spell.to if spell.to is not None else until
        parts.append((min(stop, until) - max(spell.from_, since)) / _ONE_DAY)
        keys[spell.key] = None
        if spell.to is None:
            now[spell.key] = None
    return Blocked(len(keys), fsum(parts), tuple(sorted(keys)), tuple(sorted(now)))


def stalled(
    in_progress: Iterable[Item],
    blocked_keys: Iterable[str],
    now: datetime,
    threshold: int = STALLED_DAYS,
) -> tuple[Stalled, ...]:
    """Items in progress that nothing happened to for at least `threshold` whole days; the longest first."""
    shut = set(blocked_keys)
    watched = [item for item in in_progress if item.issue.key not in shut]
    still = [(item, at, (now - at).days) for item in watched if (at := _last_move(item, now)) is not None]
    result = [_stalled(item, at, days) for item, at, days in still if days >= threshold]
    # Twice by one value each is quicker than once by two.
    result.sort(key=attrgetter("key"))
    result.sort(key=attrgetter("days"), reverse=True)
    return tuple(result)


def _stalled(item: Item, since: datetime, days: int) -> Stalled:
    new = _ThawedStalled()
    new.key, new.status, new.since, new.days = item.issue.key, item.status, since, days
    new.__class__ = Stalled
    stalled_item: Stalled = new
    return stalled_item


def _last_move(item: Item, now: datetime) -> datetime | None:
    """The last instant of which anything tells."""
    issue = item.issue
    own = (issue.created, issue.updated, item.started, item.stays[-1].since if item.stays else None, item.changed)
    last: datetime | None = None
    for at in own:
        if at is not None and at < now and (last is None or at > last):
            last = at
    return last
