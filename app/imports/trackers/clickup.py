"""ClickUp: its CSV, whose days are milliseconds or words, and the answers of its interface."""

from __future__ import annotations

from dataclasses import replace

from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, object_in, row_of, text, texts
from app.imports.trackers.tool import Form, Tool, changed, names_of, place_of

# By the kind of a status, which spaces cannot rename.
_CATEGORY_OF = {
    "open": "to do",
    "unstarted": "to do",
    "active": "doing",
    "custom": "doing",
    "done": "done",
    "closed": "done",
}


def _prepare(table: Table) -> Table:
    """Nothing is written as "null" there."""
    every = range(len(table.columns))
    return _with_closing_days(changed(table, [*every], lambda cell: "" if cell == "null" else cell))


def _with_closing_days(table: Table) -> Table:
    """What was closed without being done first has only the day of its closing."""
    done, closed = place_of(table, "date done"), place_of(table, "date closed")
    if done is None or closed is None:
        return table
    rows = [list(row) for row in table.rows]
    for row in rows:
        row[done] = row[done].strip() or row[closed]
    return replace(table, rows=rows)


def _tells(entry: Json) -> bool:
    return "date_created" in entry and "status" in entry and "name" in entry


def _cells(entry: Json) -> Cells:
    status = entry.get("status")
    kind = text(object_in(status).get("type"))
    label = text(object_in(status).get("status")) or text(status)
    people = entry.get("assignees")
    values = {
        "Task ID": entry.get("id"),
        "Task Custom ID": entry.get("custom_id"),
        "Task Name": entry.get("name"),
        "Status": label,
        "Status Category": _CATEGORY_OF.get(kind, ""),
        "Date Created": entry.get("date_created"),
        "Date Updated": entry.get("date_updated"),
        "Date Done": entry.get("date_done") or entry.get("date_closed"),
        "Archived": entry.get("archived") if isinstance(entry.get("archived"), bool) else None,
        "Parent ID": entry.get("parent"),
        "Priority": object_in(entry.get("priority")).get("priority"),
        "Sprint Points": entry.get("points"),
        "List Name": entry.get("list"),
        "Space Name": entry.get("space"),
        "Assignee": object_in(people[0]).get("username") if isinstance(people, list) and people else "",
        "Link": entry.get("url"),
    }
    return row_of(values | {"Tags": ",".join(texts(entry.get("tags")))})


# Other trackers have the first three of its columns as well, and none of these.
_OWN = ("date updated", "date done", "date closed", "list name", "assignees", "task content", "sprint points",
        "date created text")  # fmt: skip

CLICKUP = Tool(
    "ClickUp",
    (
        *(names_of("task id", "task name", "date created", name) for name in _OWN),
        names_of("task id", "task custom id"),
        names_of("task id", "space name", "list name"),
    ),
    {
        "key": ("task id",),
        "source_id": ("task custom id",),
        "summary": ("task name",),
        "type": ("task type",),
        "status": ("status",),
        "created": ("date created", "date created text"),
        "updated": ("date updated", "date updated text"),
        "resolved": ("date done", "date closed", "date done text", "date closed text", "date completed"),
        # Planned, not begun.
        "started": (),
        "parent": ("parent id",),
        "project": ("space name", "folder name"),
        "points": ("sprint points", "points", "story points"),
        "sprints": ("sprint", "sprints", "sprint name"),
        "assignee": ("assignees", "assignee"),
    },
    prepare=_prepare,
    forms=(Form(_tells, _cells),),
)
