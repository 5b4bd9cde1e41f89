"""Exports in the shape of trackers' own, each with what a user of it expects: category, days, points, sprints.

`samples/expected.json`: file -> as what it is recognised, what the report says, and by key (by title, where the export
has none) category, created, started, finished, points, sprints. "gone" is no work any more, "given up" ended without
being done, "open" is not done.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.statuses import given_up
from app.imports.columns import mapping_of
from app.imports.reading import read_file
from store.records import Category, Issue

FOLDER = Path(__file__).parent / "samples"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)


def as_expected(issue: Issue, category: str) -> list[Any]:
    days = [f"{at:%Y-%m-%d}" if at else "" for at in (issue.created, issue.started, issue.resolved)]
    is_open = issue.in_query and issue.category is not Category.DONE
    text = "gone" if not issue.in_query else "open" if category == "open" and is_open else str(issue.category)
    if issue.category is Category.DONE and given_up(issue.status, issue.resolution):
        text = "given up"
    return [text, *days, issue.points, list(issue.sprints)]


@pytest.mark.parametrize("name", EXPECTED)
def test_an_export_says_what_a_user_of_its_tracker_expects(name: str) -> None:
    expected = EXPECTED[name]
    imported = read_file((FOLDER / name).read_bytes(), mapping_of(None), ZoneInfo("UTC"), NOW)
    items = {issue.summary if issue.key.startswith("row-") else issue.key: issue for issue in imported.issues}
    assert (imported.recognised_as, imported.rejected) == (expected["as"], ())
    read = {key: as_expected(issue, expected["items"].get(key, [""])[0]) for key, issue in items.items()}
    assert read == expected["items"]
    for words in expected.get("warn", ()):
        assert any(words in warning for warning in imported.warnings), imported.warnings


def test_every_sample_is_expected_to_be_something() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*EXPECTED, "expected.json"}
