"""Taiga: its CSV of user stories, tasks and issues, the answers of its interface and the stories
in the dump of a project. It says itself what is closed."""

from __future__ import annotations

from app.imports.numbers import number
from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, entries_of, object_in, row_of, text
from app.imports.trackers.tool import MADE_CATEGORY, Form, Tool, names_of, place_of, with_column


def _prepare(table: Table) -> Table:
    closed = place_of(table, "is_closed")
    if closed is None:
        return table
    done = ["done" if row[closed].strip().casefold() == "true" else "" for row in table.rows]
    return with_column(table, MADE_CATEGORY, done)


def _tells(entry: Json) -> bool:
    return "ref" in entry and "subject" in entry and ("is_closed" in entry or "status_extra_info" in entry)


def _cells(entry: Json) -> Cells:
    status, project = (object_in(entry.get(name)) for name in ("status_extra_info", "project_extra_info"))
    tags = entry.get("tags")
    labels = [text(tag[0] if isinstance(tag, list) and tag else tag) for tag in tags] if isinstance(tags, list) else []
    closed = entry.get("is_closed") is True or status.get("is_closed") is True
    values = {
        "ref": entry.get("ref"),
        "id": entry.get("id"),
        "subject": entry.get("subject"),
        "status": text(status) or text(entry.get("status")),
        "is_closed": closed,
        "created_date": entry.get("created_date"),
        "modified_date": entry.get("modified_date"),
        "finish_date": entry.get("finish_date") or entry.get("finished_date"),
        "sprint": entry.get("milestone_name") or entry.get("milestone_slug") or _named(entry.get("milestone")),
        "total-points": _points(entry),
        "project": project,
        "assigned_to": object_in(entry.get("assigned_to_extra_info")).get("full_name_display"),
    }
    return row_of(values | {"tags": ",".join(filter(None, labels))})


def _named(milestone: object) -> str:
    """A project's dump names it, the interface numbers it."""
    return milestone if isinstance(milestone, str) else ""


def _points(entry: Json) -> object:
    """A project's dump has them by role, and a question mark for what nobody estimated."""
    if "role_points" not in entry:
        return entry.get("total_points")
    numbers = [number(text(role.get("points"))) for role in entries_of(entry["role_points"])]
    known = [points for points in numbers if points is not None]
    return sum(known) if known else None


TAIGA = Tool(
    "Taiga",
    (
        names_of("ref", "subject", "is closed"),
        names_of("ref", "subject", "sprint estimated start"),
    ),
    {
        "key": ("ref",),
        "source_id": ("id",),
        "summary": ("subject",),
        "category": ("category",),
        "created": ("created date",),
        "updated": ("modified date",),
        "resolved": ("finish date", "finished date"),
        "points": ("total points", "points"),
        "sprints": ("sprint", "milestone"),
        "fix_versions": (),
        "parent": ("user story",),
        "assignee": ("assigned to full name", "assigned to"),
        "labels": ("tags",),
        "started": (),
    },
    prepare=_prepare,
    forms=(Form(_tells, _cells),),
)
