"""Asana: a project as CSV and as JSON."""

from __future__ import annotations

from typing import Any

from app.domain.statuses import guessed
from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, entries_of, first_of, object_in, row_of, text, texts
from app.imports.trackers.tool import Form, Tool, changed, names_of, place_of, with_column
from app.words import Nn_
from store.records import Category


def _prepare(table: Table) -> Table:
    """Parents are given by their names, which count where only one task is called so."""
    table = _with_category(table)
    key, name, parent = place_of(table, "task id"), place_of(table, "name"), place_of(table, "parent task")
    if key is None or name is None or parent is None:
        return table
    named: dict[str, set[str]] = {}
    for row in table.rows:
        named.setdefault(row[name].strip(), set()).add(row[key].strip())
    known = {title: next(iter(keys)) for title, keys in named.items() if len(keys) == 1}
    return changed(table, [parent], lambda cell: known.get(cell.strip(), cell))


def _with_category(table: Table) -> Table:
    """A section for what is done holds tasks that are not completed as well."""
    completed, section = place_of(table, "completed at"), place_of(table, "section/column", "section")
    if completed is None or section is None or place_of(table, "status category") is not None:
        return table
    return with_column(table, "Status Category", [_category(bool(row[completed]), row[section]) for row in table.rows])


def _category(is_completed: bool, section: str) -> str:
    """What Asana says itself, whatever the section is called."""
    if is_completed:
        return "done"
    return "doing" if guessed(section) is Category.DONE else ""


def _tells(entry: Json) -> bool:
    return "gid" in entry and ("completed" in entry or "completed_at" in entry)


def _cells(entry: Json) -> Cells | None:
    # The head of a section is in lists of tasks as well.
    if entry.get("resource_subtype") == "section" or entry.get("is_rendered_as_separator") is True:
        return None
    membership = first_of(entry.get("memberships"))
    custom = {
        name: _asana_value(custom_field)
        for custom_field in entries_of(entry.get("custom_fields"))
        if (name := text(custom_field))
    }
    values = {
        "Task ID": entry.get("gid"),
        "Created At": entry.get("created_at"),
        "Completed At": entry.get("completed_at") if entry.get("completed") is not False else None,
        "Last Modified": entry.get("modified_at"),
        "Name": entry.get("name"),
        "Section/Column": membership.get("section"),
        "Assignee": entry.get("assignee"),
        "Projects": membership.get("project") or first_of(entry.get("projects")),
        "Parent task": object_in(entry.get("parent")).get("gid"),
        "Link": entry.get("permalink_url"),
    }
    if "completed" in entry:
        values["Status Category"] = _category(entry["completed"] is True, text(membership.get("section")))
    return row_of({**custom, **values}, Tags=texts(entry.get("tags")))


def _asana_value(custom: Json) -> Any:
    number = custom.get("number_value")
    return custom.get("display_value") or object_in(custom.get("enum_value")).get("name") if number is None else number


def _sections_left_out(count: int) -> str:
    return Nn_(
        "1 section among the tasks was left out: it is no work.",
        "{count:,} sections among the tasks were left out: they are no work.",
        count,
    )


ASANA = Tool(
    "Asana",
    (names_of("task id", "section column"), names_of("task id", "completed at", "last modified")),
    {
        "key": ("task id",),
        "summary": ("name",),
        "status": ("section column", "section"),
        "parent": ("parent task",),
        "project": ("projects", "project"),
        # Planned, not done.
        "started": (),
        "resolved": ("completed at",),
    },
    done_by_date=True,
    prepare=_prepare,
    forms=(Form(_tells, _cells),),
    left_out=_sections_left_out,
)
