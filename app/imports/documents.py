"""JSON of known trackers, as the table that the same tracker's CSV would be. Entries are told by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.imports.tools import ASANA, AZURE, GITHUB, GITHUB_PROJECT, GITLAB, Tool, issue_reference, kind_by_labels
from app.tables import Document, Table, flat_table

Json = Mapping[str, Any]
Cells = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Adapted:
    """`left_out`: entries that are no items of work, such as pull requests."""

    table: Table
    tool: Tool
    left_out: int = 0


def adapted(document: Document) -> Adapted | None:
    """The document as its tool's table; None when it is of no tool known here."""
    for tells, tool, cells in _FORMS:
        entries = entries_of(document.value)
        if entries and all(tells(entry) for entry in entries[:5]):
            rows = [row for entry in entries if (row := cells(entry)) is not None]
            if not rows:
                return None
            return Adapted(flat_table(rows), tool, len(entries) - len(rows))
    return None


def entries_of(value: Any) -> list[Json]:
    """The objects of an array: the document itself, or one under the names that answers are wrapped in."""
    if isinstance(value, dict):
        inside = next((value[name] for name in _WRAPPED if isinstance(value.get(name), list)), None)
        value = [value] if inside is None else inside
    entries: list[Json] = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    if entries and all(set(entry) <= _PAGE and isinstance(entry.get("data"), list) for entry in entries):
        # Paged answers one after the other.
        return [one for entry in entries for one in entry["data"] if isinstance(one, dict)]
    return entries


_WRAPPED = ("data", "value", "items", "issues")
_PAGE = frozenset({"data", "next_page", "meta"})


# -- values ---------------------------------------------------------------------------------------------


def text(value: Any) -> str:
    """A cell: text and numbers as they are, an object by its name."""
    if isinstance(value, dict):
        value = next((value[name] for name in ("name", "title", "display_value") if value.get(name)), None)
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def texts(value: Any) -> list[str]:
    """The cells of an array."""
    return [cell for each in value if (cell := text(each))] if isinstance(value, list) else []


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _first(value: Any) -> Json:
    """The first object of an array."""
    return next(iter(entries_of(value)), {})


def _row(values: Mapping[str, Any], **several: Sequence[str]) -> Cells:
    cells: Cells = {name: (text(value),) for name, value in values.items()}
    return cells | {name: tuple(found) for name, found in several.items()}


# -- GitHub ---------------------------------------------------------------------------------------------


def _is_github(entry: Json) -> bool:
    """`gh issue list --json …` writes createdAt, the REST interface created_at beside node_id."""
    rest = "node_id" in entry or "repository_url" in entry
    return rest or ("number" in entry and "title" in entry and ("createdAt" in entry or "closedAt" in entry))


def _github(entry: Json) -> Cells | None:
    if entry.get("pull_request"):
        return None
    labels = texts(entry.get("labels"))
    address = text(entry.get("html_url") or entry.get("url"))
    project = next((one for one in entries_of(entry.get("projectItems")) if one.get("status")), {})
    state = text(entry.get("state")).capitalize()
    kind = text(entry.get("type")) or text(entry.get("issueType")) or kind_by_labels(labels)
    values = {
        # Without an address the number must do.
        "Reference": issue_reference(address) or f"#{text(entry.get('number'))}",
        "Node id": entry.get("node_id") or entry.get("id"),
        "Title": entry.get("title"),
        "Type": kind,
        "Status": state if state == "Closed" else text(project.get("status")) or state,
        "State reason": entry.get("state_reason") or entry.get("stateReason"),
        "Created at": entry.get("created_at") or entry.get("createdAt"),
        "Updated at": entry.get("updated_at") or entry.get("updatedAt"),
        "Closed at": entry.get("closed_at") or entry.get("closedAt"),
        "Milestone": entry.get("milestone"),
        "Repository": text(entry.get("repository_url")).rpartition("/repos/")[2],
        "Assignee": _first(entry.get("assignees")).get("login"),
        "Parent": issue_reference(text(_object(entry.get("parent")).get("url"))),
        "Link": address,
    }
    return _row(values, Labels=labels)


def _is_github_item(entry: Json) -> bool:
    """As `gh project item-list --format json` writes the items of a project."""
    content = _object(entry.get("content"))
    return "title" in entry and ("repository" in content or content.get("type") == "DraftIssue")


def _github_item(entry: Json) -> Cells | None:
    content = _object(entry.get("content"))
    if content.get("type") == "PullRequest":
        return None
    values = {
        "Title": entry.get("title") or content.get("title"),
        "URL": content.get("url"),
        "Status": entry.get("status"),
        "Milestone": entry.get("milestone"),
        "Iteration": entry.get("iteration") or entry.get("sprint"),
        "Repository": content.get("repository"),
        "Estimate": next((entry[name] for name in _ESTIMATES if entry.get(name) is not None), None),
        "Assignee": next(iter(texts(entry.get("assignees"))), None),
        "Node id": entry.get("id"),
    }
    return _row(values | {"Labels": ",".join(texts(entry.get("labels")))})


_ESTIMATES = ("story points", "points", "estimate", "size")


# -- GitLab ---------------------------------------------------------------------------------------------


def _is_gitlab(entry: Json) -> bool:
    return "iid" in entry and "web_url" in entry


def _gitlab(entry: Json) -> Cells:
    iteration = _object(entry.get("iteration"))
    values = {
        "IID": entry.get("iid"),
        "Title": entry.get("title"),
        "State": text(entry.get("state")).capitalize(),
        "Type": _gitlab_type(entry),
        "Created At": entry.get("created_at"),
        "Updated At": entry.get("updated_at"),
        "Closed At": entry.get("closed_at"),
        "Milestone": entry.get("milestone"),
        "Weight": entry.get("weight"),
        "Iteration": iteration.get("title") or iteration.get("start_date"),
        "Epic Title": entry.get("epic"),
        "Assignee": _object(entry.get("assignee")).get("username"),
        "URL": entry.get("web_url"),
        "Severity": "" if entry.get("severity") == "UNKNOWN" else entry.get("severity"),
    }
    # In one cell, as in GitLab's CSV.
    return _row(values | {"Labels": ",".join(texts(entry.get("labels")))})


def _gitlab_type(entry: Json) -> str:
    """Nearly everything is an "issue" there: a label that names a kind of work says more, as in GitLab's CSV."""
    kind = text(entry.get("issue_type") or entry.get("type")).replace("_", " ").capitalize()
    return kind_by_labels(texts(entry.get("labels"))) or kind if kind in ("", "Issue") else kind


# -- Asana ----------------------------------------------------------------------------------------------


def _is_asana(entry: Json) -> bool:
    return "gid" in entry and ("completed" in entry or "completed_at" in entry)


def _asana(entry: Json) -> Cells:
    membership = _first(entry.get("memberships"))
    custom = {name: _asana_value(one) for one in entries_of(entry.get("custom_fields")) if (name := text(one))}
    values = {
        "Task ID": entry.get("gid"),
        "Created At": entry.get("created_at"),
        "Completed At": entry.get("completed_at") if entry.get("completed") is not False else None,
        "Last Modified": entry.get("modified_at"),
        "Name": entry.get("name"),
        "Section/Column": membership.get("section"),
        "Assignee": entry.get("assignee"),
        "Projects": membership.get("project") or _first(entry.get("projects")),
        "Parent task": _object(entry.get("parent")).get("gid"),
        "Link": entry.get("permalink_url"),
    }
    return _row({**custom, **values}, Tags=texts(entry.get("tags")))


def _asana_value(custom: Json) -> Any:
    number = custom.get("number_value")
    return custom.get("display_value") or _object(custom.get("enum_value")).get("name") if number is None else number


# -- Azure DevOps ---------------------------------------------------------------------------------------

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


def _is_azure(entry: Json) -> bool:
    return "System.WorkItemType" in _object(entry.get("fields"))


def _azure(entry: Json) -> Cells:
    fields = _object(entry.get("fields"))
    values = {
        column: next((fields[name] for name in names if fields.get(name) is not None), None)
        for column, names in _AZURE_COLUMNS.items()
    }
    assigned = fields.get("System.AssignedTo")
    assignee = assigned.get("displayName") if isinstance(assigned, dict) else assigned
    return _row({**values, "ID": values["ID"] or entry.get("id"), "Assigned To": assignee})


_FORMS: tuple[tuple[Callable[[Json], bool], Tool, Callable[[Json], Cells | None]], ...] = (
    (_is_gitlab, GITLAB, _gitlab),
    (_is_github, GITHUB, _github),
    (_is_github_item, GITHUB_PROJECT, _github_item),
    (_is_asana, ASANA, _asana),
    (_is_azure, AZURE, _azure),
)
