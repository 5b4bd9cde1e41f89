"""Requests to merge code: what was closed without being merged was given up, in whatever way the list tells it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.statuses import given_up
from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported
from store.records import Category

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAYS = {"createdAt": "2026-05-04T10:00:00Z", "closedAt": "2026-05-08T10:00:00Z"}
REST = {"node_id": "PR_1", "labels": [], "created_at": "2026-05-04T10:00:00Z", "closed_at": "2026-05-08T10:00:00Z"}
GITLAB = {"created_at": "2026-05-04T10:00:00Z", "updated_at": "2026-05-08T10:00:00Z"}


def imported(content: str | list[dict[str, Any]]) -> Imported:
    text = content if isinstance(content, str) else json.dumps(content)
    return read_file(text.encode(), mapping_of(None), ZoneInfo("UTC"), NOW)


def ends(result: Imported) -> dict[str, str]:
    return {
        issue.summary: "given up" if given_up(issue.status, issue.resolution) else str(issue.category)
        for issue in result.issues
    }


def pulls(address: str, *more: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"number": n, "title": f"T{n}", "url": f"{address}/{n}", **each} for n, each in enumerate(more, 1)]


@pytest.mark.parametrize(
    "entries",
    [
        pulls(
            "https://github.com/acme/shop/pull",
            {"state": "MERGED", "mergedAt": DAYS["closedAt"], **DAYS},
            {"state": "CLOSED", "mergedAt": None, **DAYS},
        ),
        pulls(
            "https://github.com/acme/shop/pull",
            {"state": "closed", "merged_at": REST["closed_at"], **REST},
            {"state": "closed", "merged_at": None, **REST},
        ),
        # Without the day of a merge the state says it.
        pulls("https://github.com/acme/shop/pull", {"state": "MERGED", **DAYS}, {"state": "CLOSED", **DAYS}),
        [
            {"iid": n, "title": f"T{n}", "state": state, "merged_at": at, "closed_at": None, **GITLAB,
             "web_url": f"https://gitlab.example.org/acme/shop/-/merge_requests/{n}"}
            for n, state, at in ((1, "merged", "2026-05-08T10:00:00Z"), (2, "closed", None))
        ],
        "Title,MR IID,URL,State,Author Username,Merged User,Merged Username,Created At (UTC),Updated At (UTC)\n"
        "T1,1,https://x.example.org/a/b/-/merge_requests/1,merged,bo,Ada,ada,2026-05-04 10:00,2026-05-08 10:00\n"
        "T2,2,https://x.example.org/a/b/-/merge_requests/2,closed,bo,,,2026-05-04 10:00,2026-05-08 10:00\n",
        "number,title,state,createdAt,closedAt,mergedAt\n"
        "1,T1,closed,2026-05-04,2026-05-08,2026-05-08\n2,T2,closed,2026-05-04,2026-05-08,\n",
    ],
)  # fmt: skip
def test_what_was_closed_and_not_merged_was_given_up(entries: str | list[dict[str, Any]]) -> None:
    result = imported(entries)
    assert ends(result) == {"T1": "done", "T2": "given up"}
    assert result.guesses.given_up == {"Not merged": 1}


def test_issues_beside_requests_are_done_when_they_are_closed() -> None:
    issue = {"number": 9, "title": "T9", "state": "CLOSED", "url": "https://github.com/acme/shop/issues/9", **DAYS}
    merged = {"state": "MERGED", "mergedAt": DAYS["closedAt"], **DAYS}
    assert ends(imported([issue, *pulls("https://github.com/acme/shop/pull", merged)])) == {"T9": "done", "T1": "done"}


def test_where_nothing_says_whether_they_were_merged_that_is_said() -> None:
    rows = "".join(f"{n},T{n},closed,2026-05-04,https://github.com/acme/shop/pull/{n}\n" for n in (1, 2))
    result = imported(f"number,title,state,created_at,html_url\n{rows}")
    assert {issue.category for issue in result.issues} == {Category.DONE}
    assert "2 requests to merge are closed, and nothing says whether they were merged" in " ".join(result.warnings)


def test_a_list_of_issues_has_no_merges() -> None:
    result = imported("Key,Title,Status,Created,Closed,Merged at\nA-1,T1,Closed,2026-05-04,2026-05-08,\n")
    assert ends(result) == {"T1": "done"}
