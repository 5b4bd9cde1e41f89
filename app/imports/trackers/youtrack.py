"""YouTrack: its CSV of issues, and the answers of its interface, whose fields each come with their name."""

from __future__ import annotations

from typing import Any

from app.domain.statuses import guessed
from app.imports.dates import names_no_day
from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, entries_of, object_in, row_of, text, texts
from app.imports.trackers.tool import Form, Tool, names_of, place_of, with_column, with_several
from store.records import Category


def _tells(entry: Json) -> bool:
    return "idReadable" in entry


def _cells(entry: Json) -> Cells:
    fields = {
        text(custom_field.get("name")): custom_field.get("value")
        for custom_field in entries_of(entry.get("customFields"))
    }
    state = object_in(fields.get("State") or fields.get("Status") or fields.get("Stage"))
    values = {
        **{name: _value_text(value) for name, value in fields.items()},
        "Issue Id": entry.get("idReadable"),
        "Summary": entry.get("summary"),
        "Project": object_in(entry.get("project")).get("shortName") or entry.get("project"),
        "Created": entry.get("created"),
        "Updated": entry.get("updated"),
        "Resolved": entry.get("resolved"),
        "State": text(state),
        "Status Category": "done" if _is_over(entry, state) else "",
        "Parent": next(iter(texts(object_in(entry.get("parent")).get("issues"))), ""),
    }
    return row_of(values | {"Tags": ",".join(texts(entry.get("tags")))})


def _is_over(entry: Json, state: Json) -> bool:
    """As the state says; where it does not, what has a day of resolution is."""
    says = state.get("isResolved")
    return says is True or (says is None and bool(entry.get("resolved")))


def _value_text(value: Any) -> str:
    """One value, or the names of several; people go by their full name."""
    if isinstance(value, list):
        return ", ".join(texts(value))
    return text(object_in(value).get("fullName")) or text(value)


def _prepare(table: Table) -> Table:
    table = _with_category(table)
    sprints = place_of(table, "sprints")
    return table if sprints is None else with_several(table, [sprints], ", ")


def _with_category(table: Table) -> Table:
    """What has a day of resolution is over, also in the state "Incomplete", which is called like work to come."""
    state, resolved = place_of(table, "state"), place_of(table, "resolved", "resolved date")
    if state is None or resolved is None or place_of(table, "status category") is not None:
        return table
    is_over = [not names_no_day(row[resolved].strip()) for row in table.rows]
    if not any(over and guessed(row[state]) is Category.TODO for over, row in zip(is_over, table.rows, strict=True)):
        return table
    return with_column(table, "Status Category", ["done" if over else "" for over in is_over])


YOUTRACK = Tool(
    "YouTrack",
    (
        names_of("issue id", "reporter", "state", "subsystem"),
        names_of("issue id", "state", "fix versions"),
        names_of("issue id", "state", "resolved", "updated"),
    ),
    {
        "key": ("issue id", "id"),
        "source_id": (),
        "status": ("state", "stage", "status"),
        "resolved": ("resolved", "resolved date"),
        "points": ("story points", "estimation points"),
        "sprints": ("sprints", "sprint"),
        # One list of states says how far it is and why it ended, such as "Can't Reproduce" and "Incomplete".
        "resolution": ("state",),
        "components": ("subsystem",),
        "fix_versions": ("fix versions",),
        # Planned, not begun.
        "started": (),
    },
    prepare=_prepare,
    forms=(Form(_tells, _cells),),
)
