"""Redmine: its list of issues as CSV, in all its languages, and the answers of its interface."""

from __future__ import annotations

from app.imports.redmine_names import COLUMNS, FEEDBACK
from app.imports.trackers.answers import Cells, Json, object_in, row_of, text
from app.imports.trackers.tool import Form, Tool, names_of
from store.records import Category


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
        "Status Category": "done" if status.get("is_closed") is True else "",
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
    return row_of({**custom, **values})


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
    statuses=dict.fromkeys(FEEDBACK, Category.IN_PROGRESS),
    forms=(Form(_tells, _cells),),
)
