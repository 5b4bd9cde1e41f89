"""Notion: a database as CSV, whose relations carry the address of the page behind them."""

from __future__ import annotations

import re

from app.imports.column_names import ISSUE_NAMES
from app.imports.plans import LIKE_A_PLAN
from app.imports.tables import Table
from app.imports.trackers.tool import Tool, changed, names_of, with_several

_ADDRESS = re.compile(r"\s*\((?:https://(?:www\.)?notion\.so/|\.\./|[^()]*%20)[^()]*\)")


_NEXT_PAGE = re.compile(r"(?<=\S)\),\s+(?=\S)")
_SPRINTS = ("sprint", "sprints", "iteration")


def _prepare(table: Table) -> Table:
    # A relation to several pages.
    sprints = [place for place, name in enumerate(table.columns) if name.casefold() in _SPRINTS]
    table = with_several(changed(table, sprints, lambda cell: _NEXT_PAGE.sub(")\n", cell)), sprints, "\n")
    every = [*range(len(table.columns))]
    return changed(table, every, lambda cell: _ADDRESS.sub("", cell) if "(" in cell else cell)


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
    tells=_holds_addresses,
)
