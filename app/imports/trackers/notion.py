"""Notion: a database as CSV, whose relations carry the address of the page behind them, or as its interface answers."""

from __future__ import annotations

import re
from typing import Any

from app.imports.column_names import ISSUE_NAMES
from app.imports.plans import LIKE_A_PLAN
from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, entries_of, object_in, row_of, text
from app.imports.trackers.tool import Form, Tool, changed, names_of, with_several

_ADDRESS = re.compile(r"\s*\((?:https://(?:www\.)?notion\.so/|\.\./|[^()]*%20)[^()]*\)")


_NEXT_PAGE = re.compile(r"(?<=\S)\),\s+(?=\S)")
_SPRINTS = ("sprint", "sprints", "iteration")


def _prepare(table: Table) -> Table:
    # A relation to several pages.
    sprints = [place for place, name in enumerate(table.columns) if name.casefold() in _SPRINTS]
    table = with_several(changed(table, sprints, lambda cell: _NEXT_PAGE.sub(")\n", cell)), sprints, "\n")
    every = [*range(len(table.columns))]
    return changed(table, every, lambda cell: _ADDRESS.sub("", cell) if "(" in cell else cell)


def _tells(entry: Json) -> bool:
    return entry.get("object") == "page" and isinstance(entry.get("properties"), dict)


def _cells(entry: Json) -> Cells:
    """A page as its interface answers: each property is wrapped in its kind; that of the title has any name."""
    values: dict[str, Any] = {
        "ID": entry.get("id"),
        "Created time": entry.get("created_time"),
        "Last edited time": entry.get("last_edited_time"),
        "Archived": entry.get("archived") is True or entry.get("in_trash") is True,
        "URL": entry.get("url"),
    }
    for name, wrapped in object_in(entry.get("properties")).items():
        kind = text(object_in(wrapped).get("type"))
        values["Name" if kind == "title" else name] = _value_in(object_in(wrapped), kind)
    return row_of(values)


def _value_in(wrapped: Json, kind: str) -> str:
    value = wrapped.get(kind)
    if kind in ("formula", "rollup"):
        return _value_in(object_in(value), text(object_in(value).get("type")))
    if isinstance(value, list):
        return ", ".join(filter(None, (text(part.get("plain_text")) or text(part) for part in entries_of(value))))
    if kind == "unique_id":
        parts = object_in(value)
        return "-".join(filter(None, (text(parts.get("prefix")), text(parts.get("number")))))
    return text(object_in(value).get("start")) or text(value)


def _holds_addresses(table: Table) -> bool:
    return any(_ADDRESS.search(cell) for row in table.rows[:20] for cell in row if "notion.so/" in cell)


NOTION = Tool(
    "Notion",
    (
        names_of("created time", "last edited time"),
        names_of("name", "created time"),
        names_of("name", "last edited time"),
    ),
    {
        "key": ("id", "task id", "key"),
        "summary": ("name", "task name", "task", "title", *ISSUE_NAMES["summary"]),
        "created": ("created time", "created", "created on", "created at", *ISSUE_NAMES["created"]),
        "updated": ("last edited time", "last edited", *ISSUE_NAMES["updated"]),
        # A date called so is a plan there; a property of the day of completion is named after that.
        "resolved": (
            "completed on",
            "completed at",
            "completed",
            "done on",
            "done at",
            "completed time",
            "completion date",
            "date completed",
            "finished",
            "finished on",
            "closed",
            "closed on",
            # Properties are named by whoever makes them.
            *(name for name in ISSUE_NAMES["resolved"] if name not in LIKE_A_PLAN),
        ),
        "started": ("started", "started on", "started at"),
        "points": ("story points", "points", "estimate", "effort", *ISSUE_NAMES["points"]),
        "sprints": (*_SPRINTS, *ISSUE_NAMES["sprints"]),
        "assignee": ("assignee", "assign", "assigned to", "owner", "person"),
        "priority": ("priority",),
    },
    prepare=_prepare,
    forms=(Form(_tells, _cells),),
    tells=_holds_addresses,
)
