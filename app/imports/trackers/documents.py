"""JSON of known trackers, as the table that the same tracker's CSV would be. Entries are told by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import UnreadableFile
from app.imports.tables import Document, Table, flat_table, table_of
from app.imports.trackers.tools import (
    ASANA,
    AZURE,
    GITHUB,
    GITHUB_PROJECT,
    GITLAB,
    LINEAR,
    Tool,
    issue_reference,
    kind_by_labels,
)

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
    """The objects of an array: the document itself, or one under the names that answers are wrapped in; of several
    answers one after the other, all of theirs."""
    if isinstance(value, dict):
        inside = _inside(value)
        value = [value] if inside is None else inside
    entries: list[Json] = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    if entries and all(_is_page(entry) for entry in entries):
        return [one for entry in entries for one in entries_of(entry)]
    return [_bare(entry) for entry in entries]


def _bare(entry: Json) -> Json:
    """GraphQL may wrap each of them once more."""
    node = entry.get("node")
    return node if isinstance(node, dict) and entry.keys() <= {"node", "cursor"} else entry


def pages_of(value: Any) -> list[Json]:
    """The answers of which a file consists: itself, or several one after the other."""
    if isinstance(value, dict):
        return [value]
    pages: list[Json] = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    return pages if pages and all(_is_page(entry) for entry in pages) else []


def plain_table(document: Document) -> Table:
    """The table of a document that is of no tool known here. Raises UnreadableFile where it has no array of objects."""
    if len(pages_of(document.value)) > 1:
        return table_of(Document(entries_of(document.value)))
    try:
        return table_of(document)
    except UnreadableFile:
        # Inside an answer's answer.
        if not isinstance(document.value, dict) or not _inside(document.value):
            raise
        return table_of(Document(entries_of(document.value)))


_WRAPPED = ("data", "value", "items", "issues", "nodes", "edges", "workItems")
# What stands beside the entries in an answer, and never in an entry alone.
_PAGE = frozenset(
    {*_WRAPPED, "next_page", "meta", "errors", "extensions", "count", "expand", "startAt", "maxResults", "total",
     "names", "schema", "nextPageToken", "isLast", "warningMessages", "pageInfo"}
)  # fmt: skip
# GraphQL names as many levels as were asked for, such as data.organization.repository.issues.nodes.
_DEEPEST = 8


def _inside(value: Json, is_answer: bool = False, depth: int = 0) -> list[Any] | None:
    """The first array under one of the names; inside an answer's `data` anything may stand around it."""
    found = next((value[name] for name in _WRAPPED if isinstance(value.get(name), list)), None)
    if found is not None or depth == _DEEPEST:
        return found
    for name in value if is_answer else _WRAPPED:
        child = value.get(name)
        if isinstance(child, dict) and (inside := _inside(child, is_answer or name == "data", depth + 1)) is not None:
            return inside
    return None


def _is_page(entry: Json) -> bool:
    return entry.keys() <= _PAGE and _inside(entry) is not None


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
    """The cells of an array, also of one that GraphQL wraps."""
    if isinstance(value, dict):
        value = value.get("nodes")
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
    dated = "createdAt" in entry or "closedAt" in entry or "html_url" in entry
    return rest or ("number" in entry and "title" in entry and dated)


def _github(entry: Json) -> Cells | None:
    if entry.get("pull_request"):
        return None
    labels = texts(entry.get("labels"))
    address = text(entry.get("html_url") or entry.get("url"))
    column = next((found for one in entries_of(entry.get("projectItems")) if (found := _board_column(one))), "")
    state = text(entry.get("state")).capitalize()
    kind = text(entry.get("type")) or text(entry.get("issueType")) or kind_by_labels(labels)
    values = {
        # Without an address the number must do.
        "Reference": issue_reference(address) or f"#{text(entry.get('number'))}",
        "Node id": entry.get("node_id") or entry.get("id"),
        "Title": entry.get("title"),
        "Type": kind,
        "Status": state if state == "Closed" else column or state,
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


def _board_column(item: Json) -> str:
    """Where an item of a project is, as the command line and GraphQL say it."""
    asked = text(item.get("status")) or text(item.get("fieldValueByName"))
    return asked or text(_board_fields(item).get("status"))


def _board_fields(item: Json) -> Json:
    """The fields of an item of a project that GraphQL lists, by their names in lower case."""
    listed = entries_of(item["fieldValues"]) if isinstance(item.get("fieldValues"), dict) else []
    return {
        text(_object(one.get("field"))).casefold(): next(
            (one[kind] for kind in ("name", "number", "title", "text", "date") if one.get(kind) is not None), None
        )
        for one in listed
    }


def _is_board_item(entry: Json) -> bool:
    """An item of a project as GraphQL answers: the issue is inside."""
    return "title" not in entry and "title" in _object(entry.get("content"))


def _board_item(entry: Json) -> Cells | None:
    """A draft has neither number nor days; a pull request is no item of work."""
    content = _object(entry.get("content"))
    if "number" not in content or "/pull/" in text(content.get("url")) or content.get("__typename") == "PullRequest":
        return None
    fields = _board_fields(entry)
    more = {
        "Estimate": next((fields[name] for name in _ESTIMATES if fields.get(name) is not None), None),
        "Iteration": fields.get("iteration") or fields.get("sprint"),
    }
    cells = _github({**content, "projectItems": [entry]})
    return None if cells is None else cells | _row({name: value for name, value in more.items() if value is not None})


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
    """The REST interface writes web_url, GraphQL webUrl."""
    return "iid" in entry and ("web_url" in entry or "webUrl" in entry or "createdAt" in entry)


def _gitlab(entry: Json) -> Cells:
    entry = _with_widgets(entry)
    iteration = _object(entry.get("iteration"))
    assignee = _object(entry.get("assignee")) or _first(entry.get("assignees"))
    values = {
        "IID": entry.get("iid"),
        "Title": entry.get("title"),
        "State": text(entry.get("state")).capitalize(),
        "Type": _gitlab_type(entry),
        "Created At": entry.get("created_at") or entry.get("createdAt"),
        "Updated At": entry.get("updated_at") or entry.get("updatedAt"),
        "Closed At": entry.get("closed_at") or entry.get("closedAt"),
        "Milestone": entry.get("milestone"),
        "Weight": entry.get("weight"),
        "Iteration": iteration.get("title") or iteration.get("start_date") or iteration.get("startDate"),
        "Epic Title": entry.get("epic"),
        "Assignee": assignee.get("username"),
        "URL": entry.get("web_url") or entry.get("webUrl"),
        "Severity": "" if entry.get("severity") == "UNKNOWN" else entry.get("severity"),
    }
    # In one cell, as in GitLab's CSV.
    return _row(values | {"Labels": ",".join(texts(entry.get("labels")))})


def _with_widgets(entry: Json) -> Json:
    """Work items of GraphQL have labels, weight and the like in parts of their own, beside an empty rest."""
    parts = [one for one in entries_of(entry.get("widgets")) if one] if "widgets" in entry else []
    values = {name: value for part in parts for name, value in part.items() if name != "type"}
    return {**values, "type": text(entry.get("workItemType")), **entry} if parts else entry


def _gitlab_type(entry: Json) -> str:
    """Nearly everything is an "issue" there: a label that names a kind of work says more, as in GitLab's CSV."""
    kind = text(entry.get("issue_type") or entry.get("type")).replace("_", " ").capitalize()
    return kind_by_labels(texts(entry.get("labels"))) or kind if kind in ("", "Issue") else kind


# -- Linear ---------------------------------------------------------------------------------------------

# By the kind of a state, which teams cannot rename.
_LINEAR_MEANT = {"triage": "to do", "backlog": "to do", "unstarted": "to do", "started": "doing",
                 "completed": "done", "canceled": "done", "duplicate": "done"}  # fmt: skip


def _is_linear(entry: Json) -> bool:
    return "identifier" in entry and ("createdAt" in entry or "completedAt" in entry or "state" in entry)


def _linear(entry: Json) -> Cells:
    state, cycle, team = (_object(entry.get(name)) for name in ("state", "cycle", "team"))
    values = {
        "ID": entry.get("identifier"),
        "UUID": entry.get("id"),
        "Team": text(team) or team.get("key"),
        "Title": entry.get("title"),
        "Status": text(state) or text(entry.get("state")),
        "Status Category": _LINEAR_MEANT.get(text(state.get("type")), ""),
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
        "Parent issue": _object(entry.get("parent")).get("identifier"),
        "Link": entry.get("url"),
    }
    # In one cell, as in Linear's CSV.
    return _row(values | {"Labels": ",".join(texts(entry.get("labels")))})


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
    (_is_linear, LINEAR, _linear),
    (_is_gitlab, GITLAB, _gitlab),
    (_is_board_item, GITHUB, _board_item),
    (_is_github, GITHUB, _github),
    (_is_github_item, GITHUB_PROJECT, _github_item),
    (_is_asana, ASANA, _asana),
    (_is_azure, AZURE, _azure),
)
