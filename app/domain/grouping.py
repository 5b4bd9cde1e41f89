"""The work by the values of any field: how much there is of each, and how much of it was finished week by week.

An item with several values, such as labels, counts once, for the first of them; one without any under an empty name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from app.domain.items import Item, Unit
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.selection import FIELDS, STATUS, Condition, Operator, Selection, Values, named
from app.domain.throughput import WeekCount
from app.words import N_
from store.records import Category

_Placed = TypeVar("_Placed", "Group", "Part", "Portion")

# More colours than these nobody tells apart; what is left stands together.
MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class Group:
    """The items of one value, amounts in the unit; `finished` in the window. Items that left the scope are in none."""

    value: str
    items: int
    total: float
    done: float
    in_progress: float
    remaining: float
    finished: float
    remaining_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """`field` by its one name. The largest remaining first; the sums over all groups are those of all work."""

    field: str
    groups: tuple[Group, ...]


def grouped(known: Known, by: str) -> Groups | NotEnoughData:
    """By any field; by type where none is named."""
    if known.missing_issues is not None:
        return known.missing_issues
    field = named(by or "type")
    if field not in FIELDS and field not in known.own_fields:
        return NotEnoughData(N_("No issue has a field {field}.", field=field))
    value_of, by_value = values_by(known, field), dict[str, list[Item]]()
    for item in known.items:
        if item.in_scope:
            by_value.setdefault(value_of(item), []).append(item)
    groups = [_group(value, items, known) for value, items in by_value.items()]
    ordered = sorted(groups, key=lambda group: (-group.remaining, -group.total, group.value))
    return Groups(field, tuple(_placed(ordered, known, field)))


def values_by(known: Known, field: str) -> Callable[[Item], str]:
    """The one value that an item counts for; of an epic its name where it has one."""
    # Of a past day what was known then; of now a history tells nothing that the issue does not.
    changes = () if known.is_live else known.facts.changes
    values = Values(known.hierarchy, changes, Selection((Condition(field, Operator.IS, ""),)))

    def value_of(item: Item) -> str:
        names = [value for value in values.known(item, field, known.known_until) if value]
        return "" if not names else names[1] if field == "epic" and len(names) > 1 else names[0]

    return value_of


def _placed(parts: Sequence[_Placed], known: Known, field: str) -> list[_Placed]:
    """Statuses as the board has them, where there is one; all else as it is."""
    return known.status_order.of(parts, lambda part: part.value or "") if field == STATUS else list(parts)


def _group(value: str, items: Sequence[Item], known: Known) -> Group:
    unit, (first, last) = known.unit, known.window
    still_open = [item for item in items if item.done is None]
    total, left = _size(items, unit), _size(still_open, unit)
    in_progress = _size((item for item in still_open if item.category is Category.IN_PROGRESS), unit)
    finished = _size((item for item in items if item.done is not None and first <= item.done <= last), unit)
    keys = tuple(item.issue.key for item in still_open)
    return Group(value, len(items), total, total - left, in_progress, left, finished, keys)


def _size(items: Iterable[Item], unit: Unit) -> float:
    return sum(item.size(unit) for item in items)


@dataclass(frozen=True, slots=True)
class Part:
    """What was finished of one value in each of some weeks. `value` None: all values for which there is no part."""

    value: str | None
    done: tuple[float, ...]


def split_weeks(known: Known, weeks: Sequence[WeekCount], field: str) -> tuple[Part, ...]:
    """The weeks' finished work by value, the most in all first; what was corrected by hand is in none of them."""
    value_of, unit = values_by(known, field), known.unit
    items = {item.issue.key: item for item in known.team_items}
    sums: dict[str, list[float]] = {}
    for at, week in enumerate(weeks):
        for item in (items[key] for key in week.done_keys if key in items):
            row = sums.setdefault(value_of(item), [0.0] * len(weeks))
            row[at] += item.size_on(item.done, unit) if item.done is not None else item.size(unit)
    ordered = sorted(sums.items(), key=lambda pair: (-sum(pair[1]), pair[0]))
    parts = _placed([Part(value, tuple(row)) for value, row in ordered[:MOST_PARTS]], known, field)
    rest = [row for _, row in ordered[MOST_PARTS:]]
    return (*parts, *([Part(None, tuple(map(sum, zip(*rest, strict=True))))] if rest else []))


class Portion(NamedTuple):
    """The issues of one value. `value` None: those of all values for which there is no portion."""

    value: str | None
    keys: frozenset[str]


def portions(known: Known, keys: Iterable[str], field: str) -> tuple[Portion, ...]:
    """These issues by the one value that each counts for, the value of most of them first; six values at the most."""
    value_of = values_by(known, field)
    items = {item.issue.key: item for item in known.team_items}
    keys_of: dict[str, set[str]] = {}
    for key in (key for key in keys if key in items):
        keys_of.setdefault(value_of(items[key]), set()).add(key)
    ordered = sorted(keys_of.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    parts = _placed([Portion(value, frozenset(mine)) for value, mine in ordered[:MOST_PARTS]], known, field)
    rest = frozenset().union(*(mine for _, mine in ordered[MOST_PARTS:]))
    return (*parts, *([Portion(None, rest)] if rest else []))
