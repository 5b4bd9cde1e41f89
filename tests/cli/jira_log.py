"""Issues in the shape of Jira's answer, built from what became of them; and a team's log that has something of all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

STATUSES = {
    "Backlog": "new", "Committed": "indeterminate", "In Progress": "indeterminate", "Build": "indeterminate",
    "Review": "indeterminate", "Test": "indeterminate", "Done": "done",
}  # fmt: skip
FIELDS = {"customfield_1": "Story Points", "customfield_2": "Sprint", "customfield_3": "Flagged"}
MONDAY = date(2026, 1, 5)

Move = tuple[str, str, str, str]


def issue(key: str, created: str, stays: Sequence[tuple[str, str]], *moves: Move, **fields: Any) -> dict[str, Any]:
    """`stays`: since when in which status, the first one its creation; `moves`: other changes, as (day, field, from,
    to)."""
    status = stays[-1][1]
    changes = [(at, "status", before, now) for (_, before), (at, now) in pairwise([(created, stays[0][1]), *stays[1:]])]
    histories = [
        {"id": str(at), "created": instant(day), "items": [{"field": field, "fromString": before, "toString": now}]}
        for at, (day, field, before, now) in enumerate(sorted([*changes, *moves], key=lambda each: instant(each[0])), 1)
    ]
    document = {
        "issuetype": {"name": "Story"},
        "status": {"name": status, "statusCategory": {"key": STATUSES[status]}},
        "created": instant(created),
        "updated": max([instant(created), *(str(each["created"]) for each in histories)]),
        **fields,
    }
    return {
        "id": key, "key": key, "names": FIELDS, "fields": document,
        "changelog": {"startAt": 0, "total": len(histories), "histories": histories},
    }  # fmt: skip


def instant(text: str) -> str:
    at = datetime.fromisoformat(text)
    return f"{at:%Y-%m-%dT%H:%M:%S}.000{at.strftime('%z') or '+0000'}"


def on(number: int) -> str:
    """The day so many days after the first Monday."""
    return str(MONDAY + timedelta(days=number))


def team_log() -> dict[str, Any]:
    """Twelve weeks: sprints, versions with a day of release, epics, links, flags, bugs, deployments and incidents."""
    issues = [_item(number) for number in range(72)]
    issues += [
        issue(f"E-{at}", on(0), [(on(0), "Backlog")], issuetype={"name": "Epic"}, summary=f"Epic {at}")
        for at in range(3)
    ]
    issues += [
        issue(f"D-{at}", on(5 * at), [(on(5 * at), "Backlog"), (on(5 * at + 1), "Done")],
              issuetype={"name": "Deployment"}, summary=f"Deployment {at}")
        for at in range(12)
    ]  # fmt: skip
    issues += [
        issue(f"I-{at}", on(20 * at + 2), [(on(20 * at + 2), "Backlog"), (on(20 * at + 3), "Done")],
              issuetype={"name": "Incident"}, summary=f"Incident {at}")
        for at in range(3)
    ]  # fmt: skip
    return {"names": FIELDS, "issues": issues}


def _item(number: int) -> dict[str, Any]:
    came = number
    stays = [(on(came), "Backlog")]
    if number % 4 != 3:
        stays += [(on(came + 2), "In Progress"), (on(came + 4 + number % 5), "Review")]
    if number % 4 in (0, 1) and number < 66:
        stays.append((on(came + 7 + number % 5), "Done"))
    at = number % 4
    flags: list[Move] = []
    if number % 9 == 1:
        flags = [(on(came + 3), "Flagged", "", "Impediment"), (on(came + 4), "Flagged", "Impediment", "")]
    moves = [*flags, (on(came + 1), "Sprint", "", f"Sprint {at}")]
    return issue(
        f"A-{number}", on(came), stays, *moves,
        issuetype={"name": ("Bug", "Story", "Task")[number % 3]},
        summary=f"Item {number}",
        parent={"key": f"E-{number % 3}", "fields": {"issuetype": {"name": "Epic"}}},
        fixVersions=[{"name": f"1.{number % 2}", "releaseDate": on(100 + 30 * (number % 2))}],
        components=[{"name": ("Core", "Web")[number % 2]}],
        priority={"name": ("High", "Low")[number % 2]},
        customfield_1=float(1 + number % 5),
        customfield_2=[_sprint(at)],
        issuelinks=_links(number),
    )  # fmt: skip


def _sprint(at: int) -> dict[str, Any]:
    start, end = 21 * at, 21 * at + 20
    closed = {"completeDate": instant(on(end))} if at < 3 else {}
    state = "closed" if at < 3 else "active"
    dates = {"startDate": instant(on(start)), "endDate": instant(on(end))}
    return {"id": 10 + at, "name": f"Sprint {at}", "state": state, "boardId": 1, **dates, **closed}


def _links(number: int) -> list[dict[str, Any]]:
    if number % 8 != 3:
        return []
    kind = {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
    return [{"type": kind, "inwardIssue": {"key": f"A-{number - 1}"}}]
