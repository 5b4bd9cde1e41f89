"""GitHub's answers, and those of servers that write alike: requests to merge code beside issues are no issues."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.imports.columns import mapping_of
from app.imports.reading import read_file

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_requests_in_the_answers_of_gitea_are_left_out_though_only_some_entries_have_an_address() -> None:
    entry: dict[str, object] = {
        "title": "Entry",
        "state": "open",
        "created_at": "2026-04-06T09:00:00Z",
        "closed_at": None,
        "labels": [],
    }
    entries = [
        {**entry, "id": 31, "number": 1, "pull_request": None, "html_url": "https://git.example/shop/web/issues/1"},
        {**entry, "id": 32, "number": 2, "pull_request": None},
        {**entry, "id": 33, "number": 3, "pull_request": {"merged": False}},
    ]
    result = read_file(json.dumps(entries).encode(), mapping_of(None), ZoneInfo("UTC"), NOW)
    assert [issue.key.rpartition("#")[2] for issue in result.issues] == ["1", "2"]
    assert any("pull request" in sentence for sentence in result.warnings)
