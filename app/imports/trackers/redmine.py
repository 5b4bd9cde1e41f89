"""Redmine: its list of issues as CSV, in all its languages, and the answers of its interface."""

from __future__ import annotations

from typing import Any

from app.domain.statuses import guessed
from app.imports.plain_names import plain_name
from app.imports.redmine_names import COLUMNS, FEEDBACK, RESOLVED
from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, object_in, row_of, text
from app.imports.trackers.tool import Form, Tool, names_of, place_of, with_column
from store.records import Category

MADE_WAITING = "Not closed yet"


def _tells(entry: Json) -> bool:
    return "tracker" in entry and "subject" in entry


def _cells(entry: Json) -> Cells:
    status = object_in(entry.get("status"))
    values = {
        "#": entry.get("id"),
        "Project": entry.get("project"),
        "Tracker": entry.get("tracker"),
        "Parent task": object_in(entry.get("parent")).get("id"),
        "Status": status,
        "Status Category": _category(text(status), status.get("is_closed")),
        "Priority": entry.get("priority"),
        "Subject": entry.get("subject"),
        "Assignee": entry.get("assigned_to"),
        "Updated": entry.get("updated_on"),
        "Component": entry.get("category"),
        "Target version": entry.get("fixed_version"),
        "% Done": entry.get("done_ratio"),
        "Story points": entry.get("story_points"),
        "Created": entry.get("created_on"),
        "Closed": entry.get("closed_on"),
    }
    custom = {
        text(custom_field): custom_field.get("value")
        for custom_field in entry.get("custom_fields") or ()
        if isinstance(custom_field, dict)
    }
    # A plug-in's own field of points goes before one that somebody made.
    own = {name: value for name, value in values.items() if value is not None or name not in custom}
    return row_of({**custom, **own})


def _category(status: str, is_closed: Any) -> str:
    """What it says itself: resolved work is still open there until it is closed."""
    if is_closed is True:
        return "done"
    return "doing" if is_closed is False and guessed(status) is Category.DONE else ""


def _prepare(table: Table) -> Table:
    """What is resolved and has no day of closing waits for that, where the table has that column at all."""
    closed, status = place_of(table, *COLUMNS["resolved"]), place_of(table, *COLUMNS["status"])
    if closed is None or status is None:
        return table
    waiting = [row[status].strip().casefold() in RESOLVED and not row[closed].strip() for row in table.rows]
    return with_column(table, MADE_WAITING, ["doing" if waits else "" for waits in waiting])


def _telling() -> tuple[frozenset[str], ...]:
    """The first column is "#" in every language; beside it stand tracker and subject."""
    return tuple(
        names_of("#", kind, summary) for kind, summary in zip(COLUMNS["type"], COLUMNS["summary"], strict=True)
    )


REDMINE = Tool(
    "Redmine",
    (
        *_telling(),
        names_of("tracker", "% done"),
        names_of("tracker", "thema", "priorität"),
        names_of("tracker", "% erledigt"),
        names_of("tracker", "sujet", "statut"),
        names_of("tipo", "asunto", "% realizado"),
    ),
    {
        "key": ("#",),
        "type": COLUMNS["type"],
        "summary": COLUMNS["summary"],
        "status": COLUMNS["status"],
        "category": (plain_name(MADE_WAITING), "status category"),
        "resolved": (*COLUMNS["resolved"], "geschlossen"),
        "created": COLUMNS["created"],
        "updated": COLUMNS["updated"],
        "parent": (*COLUMNS["parent"], "übergeordnete aufgabe"),
        "components": ("component", *COLUMNS["components"]),
        "fix_versions": COLUMNS["fix_versions"],
        "priority": COLUMNS["priority"],
        "assignee": COLUMNS["assignee"],
        "percent": COLUMNS["percent"],
        "sprints": ("sprint",),
        # Hours, and days that are planned.
        "points": ("story points", "storypoints"),
        "started": (),
    },
    prepare=_prepare,
    statuses=dict.fromkeys(FEEDBACK, Category.IN_PROGRESS),
    forms=(Form(_tells, _cells),),
)
