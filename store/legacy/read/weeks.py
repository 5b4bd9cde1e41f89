"""Weekly numbers and scope: `project_data.json` in its three shapes, and the CSV of the first versions."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from store.legacy.findings import FileNote
from store.legacy.read import values
from store.legacy.read.text import Readable, read_text
from store.records import ProjectData, Week

_ITEMS = ("completed_items", "created_items")
_POINTS = ("completed_points", "created_points")
_OLD_COLUMNS = {"no_items": "completed_items", "no_points": "completed_points"}
TOTALS = ("total_items", "total_points", "estimated_items", "estimated_points")

PARTS = frozenset({"statistics", "project_scope", "metadata", "metrics_history", *TOTALS})


def weeks_of(document: Mapping[str, Any], note: FileNote) -> list[Week]:
    """The rows of `statistics`, one for one in their order."""
    rows = document.get("statistics")
    if rows is None:
        return []
    if isinstance(rows, dict) and all(isinstance(row, dict) for row in rows.values()):
        note.find("statistics", "an object instead of a list", "its rows were read in their order")
        rows = list(rows.values())
    if not isinstance(rows, list):
        note.skip("statistics", "not a list")
        return []
    source = values.text(values.mapping(document.get("metadata")).get("source"))
    read = [_week(f"statistics[{index}]", row, source, note) for index, row in enumerate(rows)]
    return [week for week in read if week]


def _week(where: str, row: Any, source: str, note: FileNote) -> Week | None:
    if not isinstance(row, dict):
        note.skip(where, "not a row")
        return None
    note.kept += 1
    day = values.day(row.get("date"))
    extras = values.clean({name: value for name, value in row.items() if name not in (*_ITEMS, *_POINTS, "date")})
    if day is None or row.get("date") != day.isoformat():
        extras["date"] = values.clean(row.get("date"))
    if day is None:
        note.find(f"{where}.date", f"no usable date: {row.get('date')!r:.60}", "row kept without its day")
    items = {name: values.whole(row.get(name)) for name in _ITEMS}
    points = {name: _float(row.get(name)) for name in _POINTS}
    for name, value in (items | points).items():
        raw = row.get(name)
        if raw is not None and raw != "" and (value is None or not _same(raw, value)):
            extras[name] = values.clean(raw)
            action = "taken as not known" if value is None else f"taken as {value:g}"
            note.find(f"{where}.{name}", f"not a usable number: {raw!r:.60}", action)
    return Week(
        day,
        items["completed_items"],
        points["completed_points"],
        items["created_items"],
        points["created_points"],
        source,
        extras,
    )


def _same(raw: Any, value: float) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool) and raw == value


def _float(raw: Any) -> float | None:
    amount = values.number(raw)
    return None if amount is None else float(amount)


def project_data_of(document: Mapping[str, Any], now: datetime, zone: tzinfo, note: FileNote) -> ProjectData:
    """All of the file but its rows, in the 2.0 shape. Totals of the first version count what remains."""
    data = values.clean({name: value for name, value in document.items() if name not in ("statistics", *TOTALS)})
    if any(name in document for name in TOTALS):
        data["project_scope"] = _scope_of_totals(document) | values.mapping(data.get("project_scope"))
        data["totals_mean_remaining"] = True
    for name in ("project_scope", "metadata", "metrics_history"):
        if name in data and not isinstance(data[name], dict):
            note.find(name, "not an object", "left out")
            del data[name]
    metadata = values.mapping(data.get("metadata"))
    for stamp in (metadata.get("last_updated"), data.get("last_updated"), metadata.get("migration_date")):
        if updated := values.instant(stamp, zone):
            return ProjectData(data, updated)
    return ProjectData(data, now)


def _scope_of_totals(document: Mapping[str, Any]) -> dict[str, Any]:
    scope = {name: values.number(document.get(name)) for name in TOTALS}
    return scope | {"remaining_items": scope["total_items"], "remaining_points": scope["total_points"]}


def weeks_of_csv(path: Readable, note: FileNote) -> list[Week]:
    """Rows of `forecast_statistics.csv`: commas or semicolons, old or new column names."""
    try:
        text, stray = read_text(path)
    except OSError as exc:
        note.find("", f"cannot be read: {exc.strerror}", "skipped")
        return []
    if stray:
        note.find("", "not written as UTF-8", "read as Windows-1252")
    lines = text.lstrip("\ufeff").replace("\x00", "").splitlines()
    head = lines[0] if lines else ""
    delimiter = max(";,\t", key=head.count)
    columns = [name.strip().lower() for name in next(csv.reader([head.replace('"', "")], delimiter=delimiter), ())]
    if "date" not in columns:
        note.find("line 1", "no column named date", "skipped")
        return []
    names = [_OLD_COLUMNS.get(name, name) for name in columns]
    read = [
        _week(f"line {number}", _numbers(_by_name(names, cells)), "csv_import", note)
        for number, cells in _rows(lines, delimiter, len(names), note)
        if cells
    ]
    return [week for week in read if week]


def _rows(lines: list[str], delimiter: str, width: int, note: FileNote) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row. A quote that does not close costs its row only, and not what follows."""
    number = 1
    while number < len(lines):
        text, last = lines[number], number
        if text.count('"') % 2:
            last = _closing(lines, number, delimiter)
            text = "\n".join(lines[number : last + 1])
        if last == number and text.count('"') % 2:
            cells = _cells(text.replace('"', ""), delimiter)
            if len(cells) == width:
                note.find(f"line {number + 1}", "a quote that does not close", "read without it")
                yield number + 1, cells
            else:
                note.skip(f"line {number + 1}", "a quote that does not close")
        else:
            yield number + 1, _cells(text, delimiter)
        number = last + 1


def _closing(lines: list[str], number: int, delimiter: str) -> int:
    """The line where the quote closes that is open at the end of this one; this one where rows come before that."""
    for last in range(number + 1, len(lines)):
        if values.day(_cells(lines[last].replace('"', ""), delimiter)[0] if lines[last] else None):
            return number
        if lines[last].count('"') % 2:
            return last
    return number


def _cells(text: str, delimiter: str) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter), [])


def _by_name(names: list[str], cells: list[str]) -> dict[str, Any]:
    """As much as there are names; further cells go by the name of "more"."""
    row: dict[str, Any] = dict(zip(names, cells, strict=False))
    return row | {"more": cells[len(names) :]} if len(cells) > len(names) else row


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    """A CSV row with its number columns as numbers, as far as they are."""
    numbers: dict[str, Any] = {}
    for name, value in row.items():
        number = values.number(value) if name in (*_ITEMS, *_POINTS) and value else None
        if number is not None:
            numbers[name] = number
        elif value not in (None, ""):
            numbers[name] = value
    return numbers
