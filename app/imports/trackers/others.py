"""Trackers whose exports are tables with names of columns or statuses that mean something of their own there."""

from __future__ import annotations

from app.imports.trackers.answers import Cells, Json, entries_of, row_of, text, texts
from app.imports.trackers.tool import Form, Tool, names_of
from store.records import Category

# Accepted is done there; what is finished or delivered still waits for it, and what was rejected comes back.
PIVOTAL = Tool(
    "Pivotal Tracker",
    (
        names_of("current state", "accepted at", "requested by"),
        names_of("current state", "estimate", "created at", "owned by"),
        names_of("current state", "story type", "created at"),
    ),
    {
        "key": ("id",),
        "status": ("current state",),
        "created": ("created at",),
        "resolved": ("accepted at",),
        "points": ("estimate",),
        "sprints": ("iteration",),
        "type": ("type", "story type"),
        "assignee": ("owned by",),
        "started": (),
    },
    statuses={
        "finished": Category.IN_PROGRESS,
        "delivered": Category.IN_PROGRESS,
        "rejected": Category.IN_PROGRESS,
        "accepted": Category.DONE,
        "planned": Category.TODO,
        "unstarted": Category.TODO,
        "unscheduled": Category.TODO,
    },
)
# Completed work waits for being accepted.
RALLY = Tool(
    "Rally",
    (names_of("formatted id", "schedule state"), names_of("formatted id", "plan estimate")),
    {
        "key": ("formatted id",),
        "status": ("schedule state", "flow state", "state"),
        "created": ("creation date",),
        "started": ("in progress date",),
        "resolved": ("accepted date",),
        "points": ("plan estimate",),
        "updated": ("last update date",),
    },
    statuses={
        "idea": Category.TODO,
        "defined": Category.TODO,
        "completed": Category.IN_PROGRESS,
        "accepted": Category.DONE,
    },
)
# Who accepts a ticket there begins with it.
TRAC = Tool(
    "Trac",
    (
        names_of("id", "summary", "status", "changetime"),
        names_of("ticket", "summary", "status", "changetime"),
        names_of("id", "summary", "status", "owner", "milestone", "component", "priority"),
    ),
    {
        "key": ("id", "ticket"),
        "created": ("time", "created"),
        "updated": ("changetime", "modified"),
        "resolved": (),
        "started": (),
        "points": ("story points", "storypoints", "points"),
        "fix_versions": ("milestone",),
    },
    statuses={"accepted": Category.IN_PROGRESS},
)


def _is_of_backlog(entry: Json) -> bool:
    return {"issueKey", "keyId", "issueType"} <= entry.keys()


def _of_backlog(entry: Json) -> Cells:
    """An issue as Backlog's interface answers; custom fields by their names."""
    own = {text(each): each.get("value") for each in entries_of(entry.get("customFields")) if text(each)}
    values = {
        "ID": entry.get("id"),
        "Key": entry.get("issueKey"),
        "Subject": entry.get("summary"),
        "Issue Type": entry.get("issueType"),
        "Status": entry.get("status"),
        "Created": entry.get("created"),
        "Updated": entry.get("updated"),
        "Resolution": entry.get("resolution"),
        "Priority": entry.get("priority"),
        "Assignee": entry.get("assignee"),
        "Parent ID": entry.get("parentIssueId"),
        "Start Date": entry.get("startDate"),
        "Due Date": entry.get("dueDate"),
        "Estimated Hours": entry.get("estimatedHours"),
    }
    several = {
        "Milestone": texts(entry.get("milestone")),
        "Version": texts(entry.get("versions")),
        "Category Name": texts(entry.get("category")),
    }
    return row_of({**own, **values}, **several)


# Of Nulab. What is resolved there waits for being closed; days of starting are planned.
BACKLOG = Tool(
    "Backlog",
    (
        names_of("キーid", "キー", "件名", "状態"),
        names_of("key id", "key", "subject", "status id"),
    ),
    {
        "key": ("キー", "key"),
        "source_id": ("id",),
        "summary": ("件名", "subject"),
        "type": ("種別", "issue type"),
        "status": ("状態", "status"),
        "created": ("登録日", "created"),
        "updated": ("更新日", "updated"),
        "resolved": (),
        "started": (),
        "resolution": ("完了理由", "resolution"),
        "parent": ("親課題キー", "parent issue key"),
        "fix_versions": ("バージョン", "version"),
        "sprints": ("マイルストーン", "milestone"),
        "components": ("カテゴリー名", "category name"),
        "points": ("story points", "ストーリーポイント"),
    },
    statuses={"処理済み": Category.IN_PROGRESS, "resolved": Category.IN_PROGRESS},
    forms=(Form(_is_of_backlog, _of_backlog),),
)
