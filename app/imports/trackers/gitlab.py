"""GitLab: issues as CSV, from the REST interface and from GraphQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.statuses import is_reason_to_give_up
from app.imports.plain_names import plain_name
from app.imports.tables import Table
from app.imports.trackers.answers import Cells, Json, entries_of, first_of, object_in, row_of, text, texts
from app.imports.trackers.tool import (
    Form,
    Tool,
    kind_by_labels,
    names_of,
    place_of,
    with_column,
    with_kind_by_labels,
    with_reference,
)

# The status that a work item has beside being open or closed, and what it says about that.
_OWN_STATUS, _STATUS_KIND = "own status", "status kind"
_ENDED, _ENDED_AT = ("closed", "merged"), "Ended (closed or merged)"
_FIRST_LISTS = ("doing", "to do")
_SCOPES = ("workflow", "status", "stage", "state")
# Labels of its own that say why an issue was closed; "rejected" alone may be left over from a test on the way.
_NOTHING_DONE = re.compile(
    r"won'?t ?(?:fix|do|be (?:fixed|done))|will not (?:fix|do)|duplicated?|duplikat|doublon|duplicad[oa]|invalid"
    r"|ungültig|not (?:a bug|planned|reproducible)|kein fehler|works ?for ?me|can(?:not|'?t) reproduce"
    r"|nicht reproduzierbar|obsolete|obsolet|cancell?ed|abandoned|verworfen|out of scope"
)
_KINDS = {"triage": "to do", "to_do": "to do", "in_progress": "in progress", "done": "done"}


def status_by_label(labels: Sequence[str]) -> str:
    """The column of an issue board: a scoped label such as `workflow::in review`, or one that GitLab itself offers for
    a new board's lists; else ""."""
    for label in labels:
        scope, colons, value = label.strip().partition("::")
        if colons and scope.strip().casefold() in _SCOPES:
            return value.strip()
    return next((label.strip() for label in labels if label.strip().casefold() in _FIRST_LISTS), "")


def reason_by_label(labels: Sequence[str]) -> str:
    """Why nothing was done about a closed issue, where GitLab has no field for it: `wontfix`, `duplicate`, or a scoped
    label such as `resolution::rejected`; else ""."""
    return next((label.rpartition("::")[2].strip() for label in labels if _is_reason(label)), "")


def _is_reason(label: str) -> bool:
    scope, colons, value = label.strip().casefold().rpartition("::")
    plain = re.sub(r"[-_ ]+", " ", value).strip().replace("’", "'")
    is_known = _NOTHING_DONE.fullmatch(plain) is not None
    return (not colons and is_known) or (scope in (*_SCOPES, "resolution", "reason") and is_reason_to_give_up(value))


def _with_reasons(table: Table) -> Table:
    """With the labels that say why closed issues came to nothing; what was merged was done, whatever its labels."""
    labels, state, own = place_of(table, "labels"), place_of(table, "state"), place_of(table, "resolution")
    if labels is None or state is None:
        return table
    by_label = [
        reason_by_label(row[labels].split(",")) if row[state].strip().casefold() == _ENDED[0] else ""
        for row in table.rows
    ]
    if own is None:
        return with_column(table, "Resolution (by label)", by_label)
    rows = [list(row) for row in table.rows]
    for row, reason in zip(rows, by_label, strict=True):
        row[own] = row[own].strip() or reason
    return replace(table, rows=rows)


def _prepare(table: Table) -> Table:
    """A board's columns are labels there; they tell more than that an issue is open. That it is closed it says itself,
    also of issues that were closed before it kept the day."""
    table = _with_reasons(_with_day_of_merge(with_kind_by_labels(with_reference(table))))
    labels, state = place_of(table, "labels"), place_of(table, "state")
    if state is not None:
        kind_place = place_of(table, _STATUS_KIND)
        kinds = ["" if kind_place is None else row[kind_place] for row in table.rows]
        closed = [
            "done" if row[state].strip().casefold() in _ENDED else kind
            for row, kind in zip(table.rows, kinds, strict=True)
        ]
        table = with_column(table, "Status Category", closed)
    if labels is None or state is None:
        return table
    own = place_of(table, _OWN_STATUS)
    statuses = [
        ("" if own is None else row[own]) or status_by_label(row[labels].split(",")) or row[state]
        if row[state].strip().casefold() in ("open", "opened")
        else row[state]
        for row in table.rows
    ]
    return with_column(table, "Status", statuses)


def _with_day_of_merge(table: Table) -> Table:
    """A merge request that was merged has that day, and none of being closed."""
    merged, closed = place_of(table, "merged_at", "merged at"), place_of(table, "closed_at", "closed at")
    if merged is None:
        return table
    ends = [("" if closed is None else row[closed].strip()) or row[merged] for row in table.rows]
    return with_column(table, _ENDED_AT, ends)


def _tells(entry: Json) -> bool:
    """The REST interface writes web_url, GraphQL webUrl."""
    return "iid" in entry and ("web_url" in entry or "webUrl" in entry or "createdAt" in entry)


def _cells(entry: Json) -> Cells:
    entry = _with_widgets(entry)
    iteration = object_in(entry.get("iteration"))
    assignee = object_in(entry.get("assignee")) or first_of(entry.get("assignees"))
    state = text(entry.get("state")).capitalize()
    status, kind = text(entry.get("status")), text(object_in(entry.get("status")).get("category")).casefold()
    values = {
        "IID": entry.get("iid"),
        "Title": entry.get("title"),
        "State": state,
        _OWN_STATUS: status,
        _STATUS_KIND: _KINDS.get(kind, ""),
        "Resolution": status if kind == "canceled" else _without_result(entry),
        "Type": _gitlab_type(entry),
        "Created At": entry.get("created_at") or entry.get("createdAt"),
        "Updated At": entry.get("updated_at") or entry.get("updatedAt"),
        # An issue that was opened again may keep the day on which it was closed.
        "Closed At": None if state.startswith("Open") else _ended_at(entry),
        "Milestone": entry.get("milestone"),
        "Weight": entry.get("weight"),
        "Iteration": iteration.get("title") or iteration.get("start_date") or iteration.get("startDate"),
        "Epic Title": entry.get("epic"),
        "Assignee": assignee.get("username"),
        "URL": entry.get("web_url") or entry.get("webUrl"),
        "Severity": "" if entry.get("severity") == "UNKNOWN" else entry.get("severity"),
    }
    merged = next((name for name in ("merged_at", "mergedAt") if name in entry), None)
    if merged is not None:
        values["Merged At"] = entry[merged]
    # In one cell, as in GitLab's CSV.
    return row_of(values | {"Labels": ",".join(texts(entry.get("labels")))})


def _without_result(entry: Json) -> str:
    """Why nothing was done: the work goes on elsewhere, or is another issue's."""
    links = object_in(entry.get("_links"))
    if links.get("closed_as_duplicate_of") or entry.get("duplicatedTo") or entry.get("duplicated_to_id"):
        return "Duplicate"
    return "Moved" if entry.get("moved_to_id") or entry.get("movedTo") or entry.get("moved") is True else ""


def _ended_at(entry: Json) -> object:
    return next(
        (day for name in ("closed", "merged") if (day := entry.get(f"{name}_at") or entry.get(f"{name}At"))), None
    )


def _with_widgets(entry: Json) -> Json:
    """Work items of GraphQL have labels, weight and the like in parts of their own, beside an empty rest."""
    parts = [widget for widget in entries_of(entry.get("widgets")) if widget] if "widgets" in entry else []
    values = {name: value for part in parts for name, value in part.items() if name != "type"}
    return {**values, "type": text(entry.get("workItemType")), **entry} if parts else entry


def _gitlab_type(entry: Json) -> str:
    """Nearly everything is an "issue" there: a label that names a kind of work says more, as in GitLab's CSV."""
    kind = text(entry.get("issue_type") or entry.get("type")).replace("_", " ").capitalize()
    return kind_by_labels(texts(entry.get("labels"))) or kind if kind in ("", "Issue") else kind


GITLAB = Tool(
    "GitLab",
    (names_of("url", "state", "author username"), names_of("web url", "iid")),
    {
        "key": ("reference", "iid", "issue id", "mr iid"),
        "source_id": ("iid", "issue id"),
        "parent_id": ("parent iid",),
        "started": (),
        "resolved": (plain_name(_ENDED_AT), "closed at"),
        "fix_versions": ("milestone",),
        "epic": ("epic title",),
        "points": ("weight",),
        "sprints": ("iteration",),
        "priority": ("severity",),
    },
    done_by_date=True,
    prepare=_prepare,
    forms=(Form(_tells, _cells),),
)
