"""Columns that no rule knows: fields of this source alone, kept to filter, group and split by, and to show.

What is no property of an item stays out: long texts, remarks, and what is another in every row, such as an address.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any

from app.domain.extras import INTERNAL
from app.domain.order import RANK_NAMES
from app.domain.selection import FIELDS, named
from app.imports.column_names import ISSUE_NAMES
from app.imports.columns import Layout
from app.imports.plain_names import CUSTOM_FIELD, plain_name
from app.imports.tables import Table

# A longer cell is a text to read, no value; so is a column of which most are.
LONGEST = 100
MOST_FIELDS = 40
_PROBED = 500
_REMEMBERED = 10_000
# So many cells that are all different and as long as these are numbers or addresses of the row itself.
_ALL_DIFFERENT, _LONG = 30, 12
_REMARKS = frozenset(
    {"comment", "comments", "kommentar", "kommentare", "description", "beschreibung", "attachment", "attachments",
     "anhang", "anhänge", "log work", "worklog", "arbeitsprotokoll", "notes", "notizen", "acceptance criteria",
     "environment", "umgebung"}
)  # fmt: skip
# Of these one column is enough: what is called so beside it says the same once more.
_ENOUGH = frozenset(
    {"key", "source_id", "summary", "url", "parent", "parent_id", "epic", "percent", "is_done", "created", "updated",
     "resolved", "started", "category", "category_changed", "points"}
)  # fmt: skip

OwnFields = Mapping[str, tuple[int, ...]]


def own_fields(table: Table, layout: Layout, elsewhere: Collection[int]) -> OwnFields:
    """The places of each such column by its name, those of repeated ones together; `elsewhere` is used otherwise."""
    if table.form != "CSV":
        # What JSON names is the tracker's affair and not the team's.
        return {}
    used = {*layout.single.values(), *layout.points, *layout.blockers, *elsewhere}
    used.update(place for places in (*layout.several.values(), *layout.further.values()) for place in places)
    known = {name for field in _ENOUGH if field in layout.single for name in ISSUE_NAMES.get(field, ())}
    places_of: dict[str, list[int]] = {}
    for place, column in enumerate(table.columns):
        name = _name(column)
        if name and place not in used and not _has_a_rule(name, column, known):
            places_of.setdefault(name, []).append(place)
    chosen = [name for name, places in places_of.items() if _is_property(table, name, places)]
    return {name: tuple(places_of[name]) for name in chosen[:MOST_FIELDS]}


def _name(column: str) -> str:
    """As it is called in the source, without what makes a condition of it."""
    custom = CUSTOM_FIELD.fullmatch(column)
    return " ".join(re.sub(r"[=!~]+", " ", custom[1] if custom else column).split())


def _has_a_rule(name: str, column: str, known: Collection[str]) -> bool:
    plain = plain_name(column)
    return named(name) in FIELDS or named(name) in INTERNAL or plain in _REMARKS or plain in known


def _is_property(table: Table, name: str, places: Sequence[int]) -> bool:
    cells = [cell for place in places for cell in table.filled(place, _PROBED)]
    if not cells or 2 * sum(len(cell) > LONGEST for cell in cells) > len(cells):
        return False
    are_different = len(cells) >= _ALL_DIFFERENT and len(set(cells)) == len(cells)
    is_long = sum(map(len, cells)) > _LONG * len(cells)
    return name.casefold() in RANK_NAMES or not (are_different and is_long)


def alone(fields: OwnFields) -> list[int]:
    """The places of those that are one column."""
    return [place for places in fields.values() if len(places) == 1 for place in places]


def values(table: Table, fields: OwnFields, cells: Mapping[int, Sequence[str]]) -> Iterator[dict[str, Any]]:
    """What each row says in these fields, a dictionary of its own; `cells`: the columns that are a field alone."""
    if not fields:
        return ({} for _ in range(len(table.rows)))
    columns = [
        _short(cells[places[0]]) if len(places) == 1 else [_together(row, places) for row in table.rows]
        for places in fields.values()
    ]
    names, rows = tuple(fields), zip(*columns, strict=True)
    if any(len(places) > 1 for places in fields.values()):
        return (dict(compress(zip(names, row, strict=True), row)) for row in rows)
    return _copied(names, rows)


def _copied(names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """Rows say the same over and over: to copy what was made for one before takes half as long."""
    known: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        value = known.get(row)
        if value is None:
            value = dict(compress(zip(names, row, strict=True), row))
            if len(known) < _REMEMBERED:
                known[row] = value
        yield value.copy()


def _short(texts: Sequence[str]) -> Sequence[str]:
    if max(map(len, texts), default=0) <= LONGEST:
        return texts
    return [text if len(text) <= LONGEST else "" for text in texts]


def _together(row: Sequence[str], places: Sequence[int]) -> str | list[str]:
    """What stands in repeated columns: one text alone, several as a list without repetition."""
    texts = list(dict.fromkeys(text for place in places if 0 < len(text := row[place].strip()) <= LONGEST))
    return texts if len(texts) > 1 else "".join(texts)
