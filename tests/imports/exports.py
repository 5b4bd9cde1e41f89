"""Small exports in the shape of each tracker's own: invented work, real column names and ways of writing."""

from __future__ import annotations

import json
from typing import Any

AZURE_CSV = """\
"ID","Work Item Type","Title","Assigned To","State","Tags","Story Points","Iteration Path","Area Path","Parent",\
"Created Date","Activated Date","Closed Date","Changed Date"
"201","User Story","Order by phone","Ada Byron <ada@example.org>","Closed","phone; orders","5","Shop\\2026\\Sprint 7",\
"Shop\\Web","198","2/13/2026 9:05:00 AM","2/16/2026 8:00:00 AM","2/20/2026 4:30:12 PM","2/20/2026 4:30:12 PM"
"202","Bug","Basket forgets","","Resolved","","","Shop","Shop\\Web","","2/14/2026 10:00:00 AM",\
"2/17/2026 10:00:00 AM","","2/18/2026 11:00:00 AM"
"203","User Story","Gift wrap","","Removed","","3","Shop","Shop","","2/14/2026 10:00:00 AM","","","3/1/2026 10:00:00 AM"
"204","Task","Clean up","","New","","","Shop\\2026\\Sprint 8","Shop","201","3/2/2026 10:00:00 AM","","",\
"3/2/2026 10:00:00 AM"
"""
AZURE_TREE_CSV = """\
ID,Work Item Type,Title 1,Title 2,Title 3,Assigned To,State,Tags
11,Epic,Shop,,,,In Progress,
12,Feature,,Basket,,,New,
13,User Story,,,Add an item,,Closed,
14,User Story,,,Remove an item,,New,
15,Epic,Office,,,,New,
"""
AZURE_JSON: list[dict[str, Any]] = [
    {
        "id": 201,
        "rev": 4,
        "fields": {
            "System.Id": 201,
            "System.WorkItemType": "User Story",
            "System.Title": "Order by phone",
            "System.State": "Closed",
            "System.Reason": "Acceptance tests pass",
            "System.AssignedTo": {"displayName": "Ada Byron", "uniqueName": "ada@example.org"},
            "System.CreatedDate": "2026-02-13T09:05:00.123Z",
            "System.ChangedDate": "2026-02-20T16:30:12.88Z",
            "System.IterationPath": "Shop\\2026\\Sprint 7",
            "System.Tags": "phone; orders",
            "System.Parent": 198,
            "Microsoft.VSTS.Common.ClosedDate": "2026-02-20T16:30:12.88Z",
            "Microsoft.VSTS.Common.ActivatedDate": "2026-02-16T08:00:00Z",
            "Microsoft.VSTS.Scheduling.StoryPoints": 5.0,
        },
        "url": "https://dev.example.org/_apis/wit/workItems/201",
    },
    {
        "id": 202,
        "fields": {
            "System.WorkItemType": "Bug",
            "System.Title": "Basket forgets",
            "System.State": "Resolved",
            "System.CreatedDate": "2026-02-14T10:00:00Z",
        },
    },
]

GH_JSON: list[dict[str, Any]] = [
    {
        "assignees": [{"id": "U_1", "login": "ada", "name": "Ada"}],
        "closed": True,
        "closedAt": "2026-02-20T16:30:12Z",
        "createdAt": "2026-02-13T09:05:00Z",
        "id": "I_kw1",
        "labels": [{"id": "LA_1", "name": "bug", "description": "", "color": "d73a4a"}, {"id": "LA_2", "name": "ui"}],
        "milestone": {"number": 2, "title": "v1.2", "description": "", "dueOn": None},
        "number": 12,
        "projectItems": [{"status": {"optionId": "98236657", "name": "Done"}, "title": "Roadmap"}],
        "state": "CLOSED",
        "stateReason": "COMPLETED",
        "title": "Login fails",
        "updatedAt": "2026-02-21T08:00:00Z",
        "url": "https://github.com/acme/shop/issues/12",
    },
    {
        "closedAt": None,
        "createdAt": "2026-02-15T09:05:00Z",
        "id": "I_kw2",
        "labels": [{"id": "LA_3", "name": "enhancement"}],
        "milestone": None,
        "number": 13,
        "projectItems": [{"status": {"optionId": "47fc9ee4", "name": "In progress"}, "title": "Roadmap"}],
        "state": "OPEN",
        "stateReason": "",
        "title": "Dark colours",
        "updatedAt": "2026-02-21T08:00:00Z",
        "url": "https://github.com/acme/shop/issues/13",
    },
]
GITHUB_REST: list[dict[str, Any]] = [
    {
        "url": "https://api.github.com/repos/acme/shop/issues/12",
        "repository_url": "https://api.github.com/repos/acme/shop",
        "html_url": "https://github.com/acme/shop/issues/12",
        "id": 1,
        "node_id": "I_kw1",
        "number": 12,
        "title": "Login fails",
        "user": {"login": "bo", "id": 7},
        "labels": [{"id": 5, "node_id": "LA_1", "name": "bug", "color": "d73a4a", "default": True}, {"name": "ui"}],
        "state": "closed",
        "locked": False,
        "assignee": {"login": "ada"},
        "assignees": [{"login": "ada"}],
        "milestone": {"id": 9, "number": 2, "title": "v1.2", "state": "open"},
        "comments": 3,
        "created_at": "2026-02-13T09:05:00Z",
        "updated_at": "2026-02-21T08:00:00Z",
        "closed_at": "2026-02-20T16:30:12Z",
        "type": {"id": 3, "name": "Bug", "color": "red"},
        "sub_issues_summary": {"total": 0, "completed": 0, "percent_completed": 0},
        "state_reason": "completed",
        "reactions": {"total_count": 0},
    },
    {
        "html_url": "https://github.com/acme/shop/pull/14",
        "node_id": "PR_1",
        "number": 14,
        "title": "Fix the login",
        "labels": [],
        "state": "closed",
        "created_at": "2026-02-19T09:05:00Z",
        "closed_at": "2026-02-20T16:30:12Z",
        "pull_request": {"url": "https://api.github.com/repos/acme/shop/pulls/14", "merged_at": "2026-02-20T16:30:12Z"},
    },
]
GITHUB_PROJECT_TSV = (
    "Title\tURL\tAssignees\tStatus\tLinked pull requests\tSub-issues progress\tLabels\tMilestone\tEstimate\tIteration\n"
    "Login fails\thttps://github.com/acme/shop/issues/12\tada\tDone\thttps://github.com/acme/shop/pull/14\t\tbug, ui\t"
    "v1.2\t3\tIteration 4\n"
    "Dark colours\thttps://github.com/acme/shop/issues/13\t\tIn progress\t\t\tenhancement\t\t5\tIteration 5\n"
    "A draft\t\t\tTodo\t\t\t\t\t\t\n"
)
GITHUB_PROJECT_JSON: dict[str, Any] = {
    "items": [
        {
            "assignees": ["ada"],
            "content": {
                "body": "",
                "number": 12,
                "repository": "acme/shop",
                "title": "Login fails",
                "type": "Issue",
                "url": "https://github.com/acme/shop/issues/12",
            },
            "estimate": 3,
            "id": "PVTI_1",
            "iteration": {"title": "Iteration 4", "startDate": "2026-02-16", "duration": 14},
            "labels": ["bug", "ui"],
            "milestone": {"title": "v1.2", "description": "", "dueOn": ""},
            "repository": "https://github.com/acme/shop",
            "status": "In progress",
            "title": "Login fails",
        },
        {"content": {"body": "", "title": "A draft", "type": "DraftIssue"}, "id": "PVTI_2", "status": "Todo",
         "title": "A draft"},
        {"content": {"number": 14, "repository": "acme/shop", "title": "Fix", "type": "PullRequest",
                     "url": "https://github.com/acme/shop/pull/14"}, "id": "PVTI_3", "status": "Done", "title": "Fix"},
    ],
    "totalCount": 3,
}  # fmt: skip

GITLAB_CSV = """\
Title,Description,Issue ID,URL,State,Author,Author Username,Assignee,Assignee Username,Confidential,Locked,Due Date,\
Created At (UTC),Updated At (UTC),Closed At (UTC),Milestone,Weight,Labels,Time Estimate,Time Spent,Epic ID,Epic Title
Login fails,"Steps:
1. log in",12,https://gitlab.example.org/acme/web/shop/-/issues/12,Closed,Bo,bo,Ada,ada,No,No,,2026-02-13 09:05:00,\
2026-02-21 08:00:00,2026-02-20 23:30:12,v1.2,3,"bug,workflow::complete",0,0,7,Accounts
Dark colours,,13,https://gitlab.example.org/acme/web/shop/-/issues/13,Open,Bo,bo,,,No,No,,2026-02-15 09:05:00,\
2026-02-21 08:00:00,,,,"feature,workflow::in review",0,0,,
"""
GITLAB_JSON: list[dict[str, Any]] = [
    {
        "id": 9012,
        "iid": 12,
        "project_id": 4,
        "title": "Login fails",
        "state": "closed",
        "created_at": "2026-02-13T09:05:00.000Z",
        "updated_at": "2026-02-21T08:00:00.000Z",
        "closed_at": "2026-02-20T23:30:12.000Z",
        "labels": ["bug", "workflow::complete"],
        "milestone": {"id": 1, "iid": 1, "title": "v1.2"},
        "assignees": [{"username": "ada"}],
        "assignee": {"username": "ada"},
        "type": "ISSUE",
        "issue_type": "issue",
        "web_url": "https://gitlab.example.org/acme/web/shop/-/issues/12",
        "references": {"short": "#12", "relative": "#12", "full": "acme/web/shop#12"},
        "severity": "UNKNOWN",
        "weight": 3,
        "epic": {"id": 7, "iid": 2, "title": "Accounts"},
        "iteration": {"id": 5, "iid": 5, "title": "Iteration 4", "start_date": "2026-02-16"},
    }
]

# 0x698eea0c is 2026-02-13 09:08:28 UTC.
CARD, OTHER_CARD, PUT_AWAY = "698eea0c1f2e3d4c5b6a7980", "698eea0d1f2e3d4c5b6a7981", "698eea0e1f2e3d4c5b6a7982"
TRELLO_CSV = f"""\
Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,Attachment Count,Attachment Links,\
Checklist Item Total Count,Checklist Item Completed Count,Vote Count,Comment Count,Last Activity Date,List ID,\
List Name,Board ID,Board Name,Archived,Start Date,Due Complete
{CARD},Order tiles,https://trello.com/c/aB3xYz9Q/1-order-tiles,,"Design (green),Urgent (red_dark)",,,0,,0,0,0,0,\
2026-02-20T16:30:12.000Z,l3,Done,b1,House,false,2026-02-10T08:00:00.000Z,false
{OTHER_CARD},Paint,https://trello.com/c/cD4xYz9Q/2-paint,,,,,0,,0,0,0,0,2026-02-18T10:00:00.000Z,l1,Ideas,b1,House,false,,true
{PUT_AWAY},Pool,https://trello.com/c/eF5xYz9Q/3-pool,,,,,0,,0,0,0,0,2026-02-19T10:00:00.000Z,l1,Ideas,b1,House,true,,false
"""


def _moved(card: str, at: str, before: str, after: str) -> dict[str, Any]:
    lists = {"l1": "Ideas", "l2": "Doing", "l3": "Done"}
    return {
        "id": f"a{at}",
        "type": "updateCard",
        "date": at,
        "data": {
            "old": {"idList": before},
            "card": {"idList": after, "id": card, "name": "x"},
            "board": {"id": "b1", "name": "House"},
            "listBefore": {"id": before, "name": lists[before]},
            "listAfter": {"id": after, "name": lists[after]},
        },
    }


TRELLO_JSON: dict[str, Any] = {
    "id": "b1",
    "name": "House",
    "closed": False,
    "lists": [
        {"id": "l1", "name": "Ideas", "closed": False, "pos": 1},
        {"id": "l2", "name": "Doing", "closed": False, "pos": 2},
        {"id": "l3", "name": "Done", "closed": False, "pos": 3},
    ],
    "customFields": [{"id": "f1", "name": "Points", "type": "number"}],
    "cards": [
        {
            "id": CARD,
            "idShort": 1,
            "shortLink": "aB3xYz9Q",
            "name": "Order tiles",
            "idList": "l3",
            "closed": False,
            "dateLastActivity": "2026-02-21T08:00:00.000Z",
            "dueComplete": False,
            "labels": [{"id": "x", "name": "Design", "color": "green"}, {"id": "y", "name": "", "color": "red"}],
            "shortUrl": "https://trello.com/c/aB3xYz9Q",
            "url": "https://trello.com/c/aB3xYz9Q/1-order-tiles",
            "customFieldItems": [{"idCustomField": "f1", "value": {"number": "3"}}],
        },
        {
            "id": OTHER_CARD,
            "shortLink": "cD4xYz9Q",
            "name": "(5) Paint",
            "idList": "l1",
            "closed": False,
            "dateLastActivity": "2026-02-18T10:00:00.000Z",
            "labels": [],
        },
        {
            "id": PUT_AWAY,
            "shortLink": "eF5xYz9Q",
            "name": "Pool",
            "idList": "l1",
            "closed": True,
            "dateLastActivity": "2026-02-19T10:00:00.000Z",
            "labels": [],
        },
    ],
    # Newest first, as Trello writes them.
    "actions": [
        _moved(CARD, "2026-02-20T16:30:12.000Z", "l2", "l3"),
        {"id": "c", "type": "commentCard", "date": "2026-02-17T10:00:00.000Z",
         "data": {"text": "soon", "card": {"id": CARD}}},
        _moved(CARD, "2026-02-16T08:00:00.000Z", "l1", "l2"),
        {"id": "a0", "type": "createCard", "date": "2026-02-13T09:08:28.511Z",
         "data": {"card": {"id": CARD, "name": "Order tiles"}, "list": {"id": "l1", "name": "Ideas"}}},
    ],
}  # fmt: skip

LINEAR_CSV = """\
"ID","Team","Title","Description","Status","Estimate","Priority","Project ID","Project","Creator","Assignee","Labels",\
"Cycle Number","Cycle Name","Cycle Start","Cycle End","Created","Updated","Started","Triaged","Completed","Canceled",\
"Archived","Due Date","Parent issue","Initiatives","Project Milestone ID","Project Milestone","SLA Status","UUID",\
"Time in status (minutes)","Related to","Blocked by","Duplicate of"
"ENG-12","ENG","'=total is wrong","","Done","3","High","p1","Shop","bo@example.org","ada@example.org","Bug, ui","4","",\
"2026-02-16T00:00:00.000Z","2026-03-02T00:00:00.000Z","Fri Feb 13 2026 09:05:00 GMT+0000 (GMT+00:00)",\
"Sat Feb 21 2026 08:00:00 GMT+0000 (GMT+00:00)","Mon Feb 16 2026 09:00:00 GMT+0100 (Central European Standard Time)",\
"","Fri Feb 20 2026 16:30:12 GMT+0000 (GMT+00:00)","","","","ENG-7","","","v1.2","","u-12","","","",""
"ENG-13","ENG","Dark colours","","Canceled","","Low","","","","","","","","","","2026-02-15T09:05:00.000Z",\
"2026-02-21T08:00:00.000Z","","","","2026-02-19T10:00:00.000Z","","","","","","","","u-13","","","",""
"ENG-14","ENG","Search","","In Review","","Low","","","","","","5","Winter","","","2026-02-15T09:05:00.000Z",\
"2026-02-21T08:00:00.000Z","2026-02-18T09:00:00.000Z","","","","","","","","","","","u-14","","","",""
"""

ASANA_CSV = """\
Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,Tags,\
Notes,Projects,Parent task,Blocked By (Dependencies),Blocking (Dependencies),Story points
120001,2026-02-13,2026-02-20,2026-02-21,Write the brief,Doing,Ada,ada@example.org,2026-02-10,2026-02-28,\
"Client,Urgent",Two pages,Launch,,,,3
120002,2026-02-15,,2026-02-21,Draft outline,To do,,,,,,,Launch,Write the brief,,,
120003,2026-02-15,,2026-02-21,Ask the lawyer,Done,,,,,,,Launch,,,,
"""
ASANA_JSON: dict[str, Any] = {
    "data": [
        {
            "gid": "120001",
            "assignee": {"gid": "1", "name": "Ada"},
            "completed": True,
            "completed_at": "2026-02-20T16:30:12.000Z",
            "created_at": "2026-02-13T09:05:00.000Z",
            "modified_at": "2026-02-21T08:00:00.000Z",
            "start_on": "2026-02-10",
            "memberships": [{"project": {"gid": "9", "name": "Launch"}, "section": {"gid": "8", "name": "Doing"}}],
            "name": "Write the brief",
            "parent": None,
            "projects": [{"gid": "9", "name": "Launch"}],
            "tags": [{"gid": "3", "name": "Client"}, {"gid": "4", "name": "Urgent"}],
            "custom_fields": [
                {"gid": "5", "name": "Story points", "type": "number", "number_value": 3, "display_value": "3"}
            ],
            "resource_subtype": "default_task",
        },
        {
            "gid": "120002",
            "assignee": None,
            "completed": False,
            "completed_at": None,
            "created_at": "2026-02-15T09:05:00.000Z",
            "modified_at": "2026-02-21T08:00:00.000Z",
            "memberships": [],
            "name": "Draft outline",
            "parent": {"gid": "120001", "name": "Write the brief", "resource_type": "task"},
            "tags": [],
            "custom_fields": [],
        },
    ]
}

JIRA_JSON: dict[str, Any] = {
    "expand": "names,schema",
    "startAt": 0,
    "total": 2,
    "names": {"customfield_10030": "Story Points", "customfield_10020": "Sprint", "customfield_10031": "Cost"},
    "issues": [
        {
            "id": "10012",
            "key": "AB-12",
            "self": "https://acme.example.org/rest/api/2/issue/10012",
            "fields": {
                "summary": "Login fails",
                "issuetype": {"name": "Bug", "subtask": False},
                "status": {"name": "Shipped", "statusCategory": {"key": "done"}},
                "project": {"key": "AB"},
                "created": "2026-02-13T09:05:00.000+0000",
                "updated": "2026-02-21T08:00:00.000+0000",
                "resolutiondate": "2026-02-20T16:30:12.000+0000",
                "resolution": {"name": "Done"},
                "labels": ["ui"],
                "parent": {"key": "AB-7"},
                "customfield_10030": 3.0,
                "customfield_10031": 900,
                "customfield_10020": [
                    {"id": 4, "name": "Sprint 4", "state": "closed", "startDate": "2026-02-16T00:00:00.000Z"}
                ],
            },
            "changelog": {
                "startAt": 0,
                "maxResults": 2,
                "total": 2,
                "histories": [
                    {"id": "2", "created": "2026-02-20T16:30:12.000+0000",
                     "items": [{"field": "status", "fromString": "Doing", "toString": "Shipped"}]},
                    {"id": "1", "created": "2026-02-16T08:00:00.000+0000",
                     "items": [{"field": "status", "fromString": "Open", "toString": "Doing"},
                               {"field": "assignee", "fromString": None, "toString": "Ada"}]},
                ],
            },
        },
        {
            "id": "10013",
            "key": "AB-13",
            "fields": {
                "summary": "Dark colours",
                "issuetype": {"name": "Story"},
                "status": {"name": "Open", "statusCategory": {"key": "new"}},
                "created": "2026-02-15T09:05:00.000+0000",
                "labels": [],
            },
            "changelog": {"histories": []},
        },
    ],
}  # fmt: skip


def as_json(document: Any) -> str:
    return json.dumps(document)
