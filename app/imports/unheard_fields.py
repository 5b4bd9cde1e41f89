"""What stands in the entries of a tracker's answer and no reader takes, held against what it made of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from app.domain.guesses import NOS, TICKS, Guesses
from app.domain.statuses import given_up, guessed
from app.imports.columns import ISSUES, Layout
from app.imports.dates import DateReader
from app.imports.plain_names import plain_name
from app.imports.results import Imported
from app.imports.tables import Table
from app.imports.trackers.answers import Json, pages_of
from app.imports.trackers.tool import Tool
from app.imports.unheard import Hearing, unheard
from store.records import Category, Issue

# Where a value has its words, a field its name, and an entry the fields that its users made.
_WORDED = ("name", "value", "displayName", "title", "display_value")
_VALUES = ("value", "number_value", "text_value", "enum_value", "date_value", "display_value")
_WITHIN = ("fields", "attributes", "properties", "custom_fields", "customFields")
# Nearly all cells of a field that is heard stand among those that were made of its entry.
_HEARD = 0.9
_MOST_FIELDS, _PROBED = 300, 500
# A longer value is a text to read.
_LONGEST = 100


def with_unheard(
    imported: Imported,
    entries: Mapping[int, Json],
    cells_made: Mapping[int, Collection[str]],
    tool: Tool | None,
    zone: tzinfo,
    now: datetime,
) -> Imported:
    """With what the fields could change that nothing was taken from. `entries` and `cells_made`: of each row number
    the entry and the texts that its reader made of it."""
    numbered = zip(imported.issues, imported.numbers, strict=True)
    pairs = [(issue, number) for issue, number in numbered if number in entries]
    rows = [_cells(entries[number]) for _, number in pairs]
    names = list(dict.fromkeys(name for row in rows for name in row))[:_MOST_FIELDS]
    heard = [{text.casefold() for text in cells_made[number]} for _, number in pairs[:_PROBED]]
    columns = [name for name in names if not _is_heard(name, rows[:_PROBED], heard)]
    if not columns:
        return imported
    table = Table(tuple(columns), [[row.get(name, "") for name in columns] for row in rows], range(len(rows)), "JSON")
    return _held_against(imported, table, [issue for issue, _ in pairs], tool, zone, now)


def own_names(answer: Any) -> dict[str, str]:
    """What Jira's own answer calls the fields that its users made, by their ids, where it was asked to."""
    pages = [names for page in pages_of(answer) if isinstance(names := page.get("names"), dict)]
    return {str(key): str(name) for names in pages for key, name in names.items()}


def own_values(entry: Json) -> dict[str, Any]:
    """What an issue of such an answer has in these fields."""
    fields = entry.get("fields")
    there = fields if isinstance(fields, dict) else {}
    return {name: value for name, value in there.items() if name.startswith("customfield") and value is not None}


def _held_against(
    imported: Imported, table: Table, issues: Sequence[Issue], tool: Tool | None, zone: tzinfo, now: datetime
) -> Imported:
    has_points = any(issue.points is not None for issue in issues)
    layout = Layout(ISSUES, "", dict.fromkeys(imported.used or {}, -1), tool=tool, points=(-1,) if has_points else ())
    kinds = {
        place: kind
        for place, kind in unheard(table, layout).items()
        if kind not in (TICKS, NOS) or _says_end(plain_name(table.columns[place]))
    }
    layout = replace(layout, unheard=kinds)
    today = now.astimezone(zone).date() + timedelta(days=1)
    counts = Hearing(table, layout, issues, DateReader(zone), zone, today).counts(imported.warnings)
    return replace(imported, guesses=imported.guesses.plus(Guesses(unheard=counts))) if counts else imported


def _says_end(name: str) -> bool:
    """Programs have many answers of yes and no: whether this one is about the end."""
    bare = name.removeprefix("is ")
    return bool(given_up(bare)) or guessed(bare) is Category.DONE


def _is_heard(name: str, rows: Sequence[Mapping[str, str]], heard: Sequence[Collection[str]]) -> bool:
    filled = [(text.casefold(), known) for row, known in zip(rows, heard, strict=True) if (text := row.get(name))]
    return bool(filled) and sum(text in known for text, known in filled) >= _HEARD * len(filled)


def _cells(entry: Json) -> dict[str, str]:
    """The fields of an entry that hold one value, those that its users made included."""
    cells: dict[str, str] = {}
    for name, value in entry.items():
        if name in _WITHIN and isinstance(value, dict):
            cells |= {key: text for key, each in value.items() if (text := _text(each))}
        elif isinstance(value, list):
            cells |= _listed(value)
        elif text := _text(value):
            cells[name] = text
    return cells


def _listed(fields: Sequence[Any]) -> dict[str, str]:
    """Fields as lists name them: [{"name": "Outcome", "value": {"name": "Duplicate"}}]."""
    named = [field for field in fields if isinstance(field, dict) and isinstance(field.get("name"), str)]
    cells = ((field["name"], next((text for key in _VALUES if (text := _text(field.get(key)))), "")) for field in named)
    return {name: text for name, text in cells if text}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = next((value[key] for key in _WORDED if value.get(key)), None)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip() if len(value) <= _LONGEST else ""
    return str(value) if isinstance(value, int | float) else ""
