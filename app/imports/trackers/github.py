"""GitHub: issues as `gh` and both interfaces give them, and the items of a project."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.domain.statuses import guessed
from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, entries_of, first_of, object_in, row_of, text, texts
from app.imports.trackers.tool import (
    Form,
    Tool,
    issue_reference,
    kind_by_labels,
    names_of,
    place_of,
    with_kind_by_labels,
    with_reference,
)
from store.records import Category

_ESTIMATES = ("story points", "points", "estimate", "size")


def _is_issue(entry: Json) -> bool:
    """`gh issue list --json …` writes createdAt, the REST interface created_at beside node_id; and Gitea pull_request,
    empty for an issue."""
    rest = "node_id" in entry or "repository_url" in entry
    dated = "createdAt" in entry or "closedAt" in entry or "html_url" in entry or "pull_request" in entry
    return rest or ("number" in entry and "title" in entry and dated)


def _issue(entry: Json) -> Cells | None:
    if entry.get("pull_request"):
        return None
    labels = texts(entry.get("labels"))
    address = text(entry.get("html_url") or entry.get("url"))
    column = next(
        (column_name for item in entries_of(entry.get("projectItems")) if (column_name := _board_column(item))), ""
    )
    state = _state(entry)
    kind = text(entry.get("type")) or text(entry.get("issueType")) or kind_by_labels(labels)
    values = {
        # Without an address the number must do; a draft has neither.
        "Reference": issue_reference(address) or (f"#{number}" if (number := text(entry.get("number"))) else ""),
        "Node id": entry.get("node_id") or entry.get("id"),
        "Title": entry.get("title"),
        "Type": kind,
        "Status": state if state == "Closed" else column or state,
        "Status Category": _category(state, column),
        "State reason": entry.get("state_reason") or entry.get("stateReason"),
        "Created at": entry.get("created_at") or entry.get("createdAt"),
        "Updated at": entry.get("updated_at") or entry.get("updatedAt"),
        # An issue that was opened again may keep the day on which it was closed.
        "Closed at": None if state == "Open" else entry.get("closed_at") or entry.get("closedAt"),
        "Milestone": entry.get("milestone"),
        "Repository": text(entry.get("repository_url")).rpartition("/repos/")[2],
        "Assignee": first_of(entry.get("assignees")).get("login"),
        "Parent": issue_reference(text(object_in(entry.get("parent")).get("url"))),
        "Link": address,
    }
    return row_of(_with_merge({**values, **_of_zenhub(entry)}, entry), Labels=labels)


def _of_zenhub(entry: Json) -> dict[str, Any]:
    """What ZenHub's interface adds to an issue of GitHub's: its pipeline, an estimate, and the last of its sprints."""
    pipeline = text(object_in(entry.get("pipelineIssue")).get("pipeline"))
    if not pipeline:
        return {}
    own = {
        "Estimate": object_in(entry.get("estimate")).get("value"),
        "Sprint": next(iter(reversed(texts(entry.get("sprints")))), None),
    }
    if _state(entry) != "Open":
        return own
    return own | {"Status": pipeline, "Status Category": _category("Open", pipeline)}


def _with_merge(values: dict[str, Any], entry: Json) -> dict[str, Any]:
    """With the day of the merge where the answer was asked for it: without one it says that there was none."""
    if not {"merged_at", "mergedAt"} & entry.keys():
        return values
    return values | {"Merged at": entry.get("merged_at") or entry.get("mergedAt")}


def _state(entry: Json) -> str:
    """Open or closed; whoever asks `gh` for `closed` instead of `state` gets true or false."""
    closed = entry.get("closed")
    from_flag = ("Closed" if closed else "Open") if isinstance(closed, bool) else ""
    return text(entry.get("state")).capitalize() or from_flag


def _category(state: str, column: str) -> str:
    """What it says itself: closed is done, and a column for what is done holds open issues as well."""
    if state == "Closed":
        return "done"
    return "doing" if state == "Open" and guessed(column) is Category.DONE else ""


def _board_column(item: Json) -> str:
    """Where an item of a project is, as the command line and GraphQL say it."""
    status = text(item.get("status")) or text(item.get("fieldValueByName"))
    return status or text(_board_fields(item).get("status"))


def _board_fields(item: Json) -> Json:
    """The fields of an item of a project that GraphQL lists, by their names in lower case."""
    listed = entries_of(item["fieldValues"]) if isinstance(item.get("fieldValues"), dict) else []
    return {
        text(object_in(value.get("field"))).casefold(): next(
            (value[kind] for kind in ("name", "number", "title", "text", "date") if value.get(kind) is not None), None
        )
        for value in listed
    }


def _is_board_item(entry: Json) -> bool:
    """An item of a project as GraphQL answers: the issue is inside."""
    return "title" not in entry and "title" in object_in(entry.get("content"))


def _board_item(entry: Json) -> Cells | None:
    """A draft has no number yet; a pull request is no item of work."""
    content = object_in(entry.get("content"))
    is_pull = "/pull/" in text(content.get("url")) or "PullRequest" in (content.get("__typename"), content.get("type"))
    if is_pull or entry.get("type") == "PULL_REQUEST":
        return None
    fields = _board_fields(entry)
    more = {
        "Estimate": next((fields[name] for name in _ESTIMATES if fields.get(name) is not None), None),
        "Iteration": fields.get("iteration") or fields.get("sprint"),
    }
    cells = _issue({**content, "projectItems": [entry]})
    return None if cells is None else cells | row_of({name: value for name, value in more.items() if value is not None})


def _is_item(entry: Json) -> bool:
    """As `gh project item-list --format json` writes the items of a project."""
    content = object_in(entry.get("content"))
    return "title" in entry and ("repository" in content or content.get("type") == "DraftIssue")


def _item(entry: Json) -> Cells | None:
    content = object_in(entry.get("content"))
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
    return row_of(values | {"Labels": ",".join(texts(entry.get("labels")))})


def _on_github(table: Table) -> bool:
    """A view of a project may show nothing but titles, addresses and statuses."""
    place = place_of(table, "url")
    if place_of(table, "title") is None or place_of(table, "status") is None:
        return False
    return place is not None and any(row[place].startswith("https://github.") for row in table.rows[:50])


GITHUB = Tool(
    "GitHub",
    (),
    {
        "key": ("reference", "number"),
        "source_id": ("node id", "id"),
        "started": (),
        "resolved": ("closed at", "closed"),
        "fix_versions": ("milestone",),
        "resolution": ("state reason",),
        "parent": ("parent issue", "parent"),
        "type": ("type",),
    },
    done_by_date=True,
    prepare=lambda table: with_kind_by_labels(with_reference(table)),
    forms=(Form(_is_board_item, _board_item), Form(_is_issue, _issue)),
)
GITHUB_PROJECT = replace(
    GITHUB,
    name="GitHub project",
    telling=(
        names_of("title", "linked pull requests"),
        names_of("title", "sub issues progress"),
        names_of("title", "assignees", "repository"),
    ),
    done_by_date=False,
    forms=(Form(_is_item, _item),),
    tells=_on_github,
    advice="In the project's table view show the fields Created and Closed, and export the view again.",
)
