"""Linear: its CSV and its GraphQL answers."""

from __future__ import annotations

import re

from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, object_in, row_of, text, texts
from app.imports.trackers.tool import Form, Tool, changed, names_of, place_of, with_column, with_kind_by_labels


def _prepare(table: Table) -> Table:
    # Text that a spreadsheet might run was disarmed with an apostrophe.
    title = place_of(table, "title")
    if title is not None:
        table = changed(table, [title], lambda cell: cell[1:] if re.match(r"'[=+\-@]", cell) else cell)
    done, given_up = place_of(table, "completed"), place_of(table, "canceled")
    number, name = place_of(table, "cycle number"), place_of(table, "cycle name")

    def cell(row: list[str], place: int | None) -> str:
        return row[place].strip() if place is not None else ""

    finished = [cell(row, done) or cell(row, given_up) for row in table.rows]
    resolution = place_of(table, "resolution")
    ended = [
        cell(row, resolution) or ("Canceled" if not cell(row, done) and cell(row, given_up) else "")
        for row in table.rows
    ]
    cycles = [cell(row, name) or (f"Cycle {cell(row, number)}" if cell(row, number) else "") for row in table.rows]
    table = with_column(with_column(table, "Finished", finished), "Resolution", ended)
    return with_kind_by_labels(with_column(table, "Sprint", cycles))


# By the kind of a state, which teams cannot rename.
_LINEAR_MEANT = {"triage": "to do", "backlog": "to do", "unstarted": "to do", "started": "doing",
                 "completed": "done", "canceled": "done", "duplicate": "done"}  # fmt: skip


def _tells(entry: Json) -> bool:
    return "identifier" in entry and ("createdAt" in entry or "completedAt" in entry or "state" in entry)


def _cells(entry: Json) -> Cells:
    state, cycle, team = (object_in(entry.get(name)) for name in ("state", "cycle", "team"))
    values = {
        "ID": entry.get("identifier"),
        "UUID": entry.get("id"),
        "Team": text(team) or team.get("key"),
        "Title": entry.get("title"),
        "Status": text(state) or text(entry.get("state")),
        "Status Category": _LINEAR_MEANT.get(text(state.get("type")), ""),
        "Resolution": {"canceled": "Canceled", "duplicate": "Duplicate"}.get(text(state.get("type")), ""),
        "Estimate": entry.get("estimate"),
        "Priority": entry.get("priorityLabel"),
        "Project": entry.get("project"),
        "Project Milestone": entry.get("projectMilestone"),
        "Assignee": entry.get("assignee"),
        "Cycle Number": cycle.get("number"),
        "Cycle Name": cycle.get("name"),
        "Created": entry.get("createdAt"),
        "Updated": entry.get("updatedAt"),
        "Started": entry.get("startedAt"),
        "Completed": entry.get("completedAt"),
        "Canceled": entry.get("canceledAt"),
        "Archived": entry.get("archivedAt"),
        "Parent issue": object_in(entry.get("parent")).get("identifier"),
        "Link": entry.get("url"),
    }
    # In one cell, as in Linear's CSV.
    return row_of(values | {"Labels": ",".join(texts(entry.get("labels")))})


LINEAR = Tool(
    "Linear",
    (names_of("team", "cycle number", "canceled"), names_of("parent issue", "sla status", "canceled")),
    {
        "key": ("id",),
        "source_id": ("uuid",),
        "resolved": ("finished",),
        "resolution": ("resolution",),
        "sprints": ("sprint",),
        "parent": ("parent issue",),
        "project": ("project", "team"),
        "fix_versions": ("project milestone",),
    },
    prepare=_prepare,
    forms=(Form(_tells, _cells),),
)
