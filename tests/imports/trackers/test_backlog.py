"""Nulab's Backlog: its interface's answers are its own, and not Jira's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.imports.columns import mapping_of
from app.imports.reading import read_file
from store.records import Category

Json = dict[str, Any]


def issue(number: int, status: str, **more: Any) -> Json:
    return {
        "id": 500 + number, "projectId": 1, "issueKey": f"GARDEN-{number}", "keyId": number,
        "issueType": {"id": 2, "name": "Task", "color": "#7ea800"}, "summary": f"Bed {number}", "resolution": None,
        "priority": {"id": 3, "name": "Normal"}, "status": {"id": 1, "name": status}, "assignee": {"name": "Ada"},
        "category": [{"id": 1, "name": "North"}], "versions": [{"id": 1, "name": "1.0"}],
        "milestone": [{"id": 1, "name": "Sprint 3"}], "startDate": "2026-04-07T00:00:00Z", "estimatedHours": 8,
        "parentIssueId": None, "created": "2026-04-06T09:00:00Z", "updated": "2026-04-10T09:00:00Z", **more,
    }  # fmt: skip


def test_its_answers_have_their_own_names() -> None:
    entries = [
        issue(1, "Open", customFields=[{"id": 9, "name": "Story Points", "value": 5}]),
        issue(2, "Closed", resolution={"id": 0, "name": "Fixed"}, parentIssueId=501),
        issue(3, "Closed", resolution={"id": 3, "name": "Duplication"}),
        issue(4, "Resolved"),
    ]
    result = read_file(
        json.dumps(entries).encode(), mapping_of(None), ZoneInfo("UTC"), datetime(2026, 6, 1, tzinfo=UTC)
    )
    assert result.recognised_as == "Backlog JSON export"
    first, second, _, fourth = result.issues
    assert (first.key, first.points, first.sprints, first.fix_versions) == ("GARDEN-1", 5, ("Sprint 3",), ("1.0",))
    assert (second.parent, second.category, fourth.category) == ("GARDEN-1", Category.DONE, Category.IN_PROGRESS)
    # A start is planned there, and hours are no points.
    assert first.started is None
    assert second.points is None
    assert dict(result.guesses.given_up) == {"Duplication": 1}
