"""Shortcut: its CSV of stories, and the answers of its interface."""

from __future__ import annotations

from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, object_in, row_of, text, texts
from app.imports.trackers.tool import MADE_CATEGORY, Form, Tool, names_of, place_of, with_column


def _prepare(table: Table) -> Table:
    """Its own word for done, and stories that were put away without it."""
    completed, archived = place_of(table, "is_completed"), place_of(table, "is_archived")
    state, started = place_of(table, "state"), place_of(table, "started_at")

    def says(row: list[str], place: int | None) -> bool:
        return place is not None and row[place].strip().casefold() == "true"

    done = [says(row, completed) for row in table.rows]
    begun = [started is not None and bool(row[started].strip()) for row in table.rows]
    categories = [
        "done" if is_done else "doing" if is_begun else "" for is_done, is_begun in zip(done, begun, strict=True)
    ]
    away = [says(row, archived) and not is_done for row, is_done in zip(table.rows, done, strict=True)]
    named = [row[state] if state is not None else "" for row in table.rows]
    states = ["Archived" if is_away else name for is_away, name in zip(away, named, strict=True)]
    return with_column(with_column(table, "Status", states), MADE_CATEGORY, categories)


def _tells(entry: Json) -> bool:
    return "story_type" in entry and "workflow_state_id" in entry


def _cells(entry: Json) -> Cells:
    state = object_in(entry.get("workflow_state"))
    values = {
        "id": entry.get("id"),
        "name": entry.get("name"),
        "type": text(entry.get("story_type")).capitalize(),
        "state": text(state) or ("Completed" if entry.get("completed") else "Started" if entry.get("started") else ""),
        "created_at": entry.get("created_at"),
        "updated_at": entry.get("updated_at"),
        "started_at": entry.get("started_at"),
        "completed_at": entry.get("completed_at"),
        "is_completed": entry.get("completed"),
        "is_archived": entry.get("archived"),
        "estimate": entry.get("estimate"),
        "iteration": object_in(entry.get("iteration")).get("name") or entry.get("iteration_id"),
        "epic_id": entry.get("epic_id"),
        "project": entry.get("project"),
        "url": entry.get("app_url"),
    }
    return row_of(values | {"labels": ",".join(texts(entry.get("labels")))})


SHORTCUT = Tool(
    "Shortcut",
    (names_of("is completed", "is archived", "state"), names_of("is completed", "completed at", "requestor")),
    {
        "key": ("id",),
        "summary": ("name",),
        "status": ("status",),
        "category": ("category",),
        "created": ("created at",),
        "updated": ("updated at",),
        "started": ("started at",),
        "resolved": ("completed at",),
        "points": ("estimate",),
        "sprints": ("iteration",),
        "epic": ("epic id",),
        "parent": (),
        "assignee": ("owners",),
        "fix_versions": ("milestone",),
    },
    gone=names_of("archived"),
    prepare=_prepare,
    forms=(Form(_tells, _cells),),
)
