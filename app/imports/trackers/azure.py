"""Azure DevOps: work items from a query as CSV, also as a tree, and from the REST interface and Analytics."""

from __future__ import annotations

import re

from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, object_in, row_of
from app.imports.trackers.tool import Form, Tool, changed, names_of, place_of, with_column
from app.words import N_
from store.records import Category


def _prepare(table: Table) -> Table:
    """Trees of work items have the title in the column of their depth, the parent being the row above."""
    titles = [place for place, name in enumerate(table.columns) if re.fullmatch(r"(?i)title \d+", name)]
    iteration = place_of(table, "iteration path")
    if iteration is not None:
        # The first part is the project; work that is planned for no iteration has nothing else.
        table = changed(table, [iteration], lambda path: path.rpartition("\\")[2] if "\\" in path else "")
    if not titles:
        return table
    key = place_of(table, "id")
    named, parents, trail = [], [], [""] * len(titles)
    for row in table.rows:
        depth = next((depth for depth, place in enumerate(titles) if row[place].strip()), 0)
        named.append(row[titles[depth]])
        parents.append(trail[depth - 1] if depth else "")
        trail[depth] = row[key] if key is not None else ""
    table = with_column(table, "Title", named)
    return table if place_of(table, "parent") is not None else with_column(table, "Parent", parents)


_AZURE_COLUMNS = {
    "ID": ("System.Id",),
    "Work Item Type": ("System.WorkItemType",),
    "Title": ("System.Title",),
    "State": ("System.State",),
    "Resolved Reason": ("System.Reason",),
    "Created Date": ("System.CreatedDate",),
    "Changed Date": ("System.ChangedDate",),
    "Activated Date": ("Microsoft.VSTS.Common.ActivatedDate",),
    "Closed Date": ("Microsoft.VSTS.Common.ClosedDate",),
    "State Change Date": ("Microsoft.VSTS.Common.StateChangeDate",),
    "Story Points": ("Microsoft.VSTS.Scheduling.StoryPoints", "Microsoft.VSTS.Scheduling.Effort",
                     "Microsoft.VSTS.Scheduling.Size"),
    "Iteration Path": ("System.IterationPath",),
    "Area Path": ("System.AreaPath",),
    "Team Project": ("System.TeamProject",),
    "Priority": ("Microsoft.VSTS.Common.Priority",),
    "Parent": ("System.Parent",),
    "Tags": ("System.Tags",),
}  # fmt: skip


def _tells(entry: Json) -> bool:
    return "System.WorkItemType" in object_in(entry.get("fields"))


def _cells(entry: Json) -> Cells:
    fields = object_in(entry.get("fields"))
    values = {
        column: next((fields[name] for name in names if fields.get(name) is not None), None)
        for column, names in _AZURE_COLUMNS.items()
    }
    assigned = fields.get("System.AssignedTo")
    assignee = assigned.get("displayName") if isinstance(assigned, dict) else assigned
    return row_of({**values, "ID": values["ID"] or entry.get("id"), "Assigned To": assignee})


# What a state means in Analytics, whatever it is called. Resolved waits for somebody to check it.
_STATE_CATEGORIES = {"Proposed": "to do", "InProgress": "in progress", "Resolved": "in progress", "Completed": "done",
                     "Removed": "done"}  # fmt: skip
_ANALYTICS_COLUMNS = {
    "ID": ("WorkItemId",),
    "Work Item Type": ("WorkItemType",),
    "Title": ("Title",),
    "State": ("State",),
    "Resolved Reason": ("Reason",),
    "Created Date": ("CreatedDate",),
    "Changed Date": ("ChangedDate",),
    "Activated Date": ("InProgressDate", "ActivatedDate"),
    "Closed Date": ("CompletedDate", "ClosedDate"),
    "State Change Date": ("StateChangeDate",),
    "Story Points": ("StoryPoints", "Effort", "Size"),
    "Priority": ("Priority",),
    "Parent": ("ParentWorkItemId",),
    "Tags": ("TagNames",),
}


def _is_of_analytics(entry: Json) -> bool:
    """As OData answers, from which Power BI reads."""
    return "WorkItemId" in entry and ("State" in entry or "StateCategory" in entry)


def _analytics_cells(entry: Json) -> Cells:
    values = {
        column: next((entry[name] for name in names if entry.get(name) is not None), None)
        for column, names in _ANALYTICS_COLUMNS.items()
    }
    category = str(entry.get("StateCategory") or "")
    more = {
        "Status Category": _STATE_CATEGORIES.get(category, ""),
        "Resolved Reason": "Removed" if category == "Removed" else values["Resolved Reason"],
        "Iteration Path": object_in(entry.get("Iteration")).get("IterationPath") or entry.get("IterationPath"),
        "Area Path": object_in(entry.get("Area")).get("AreaPath"),
        "Team Project": object_in(entry.get("Project")).get("ProjectName"),
        "Assigned To": object_in(entry.get("AssignedTo")).get("UserName"),
    }
    return row_of({**values, **more})


AZURE = Tool(
    "Azure DevOps",
    (names_of("work item type", "state"), names_of("work item type", "title 1")),
    {
        "key": ("id",),
        "started": ("activated date",),
        "resolved": ("closed date", "completed date", "done date"),
        "category_changed": ("state change date",),
        "sprints": ("iteration path",),
        "components": ("area path",),
        "fix_versions": (),
        "resolution": ("resolved reason", "reason"),
    },
    # Resolved is waiting for somebody to check it, and Closed comes after.
    statuses={"resolved": Category.IN_PROGRESS},
    prepare=_prepare,
    advice=N_("In the query's column options add Created Date, Closed Date and Changed Date, and export again."),
    forms=(Form(_tells, _cells), Form(_is_of_analytics, _analytics_cells)),
)
