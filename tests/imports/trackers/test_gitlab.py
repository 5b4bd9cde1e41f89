"""GitLab: closed issues whose labels say that nothing was done about them were given up."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.statuses import given_up
from app.imports.columns import mapping_of
from app.imports.reading import read_file
from app.imports.results import Imported

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEADER = "Title,Issue ID,URL,State,Author Username,Created At (UTC),Closed At (UTC),Labels\n"


def issue(number: int, labels: str, state: str = "Closed", kind: str = "issues") -> str:
    closed = "2026-05-04 09:00:00" if state == "Closed" else ""
    address = f"https://gitlab.example/shop/web/-/{kind}/{number}"
    return f'Entry {number},{number},{address},{state},ann,2026-04-01 09:00:00,{closed},"{labels}"\n'


def imported(content: str) -> Imported:
    return read_file(content.encode(), mapping_of(None), ZoneInfo("UTC"), NOW)


def reasons(result: Imported) -> list[str]:
    return [given_up(issue.status, issue.resolution) for issue in result.issues]


@pytest.mark.parametrize(
    "label",
    [
        "wontfix",
        "Won't fix",
        "won’t-do",
        "duplicate",
        "invalid",
        "not a bug",
        "resolution::rejected",
        "status::dropped",
    ],
)
def test_a_closed_issue_with_such_a_label_was_given_up_and_not_finished(label: str) -> None:
    reason = label.rpartition("::")[2]
    assert reasons(imported(HEADER + issue(1, f"backend,{label}") + issue(2, "backend"))) == [reason, ""]


@pytest.mark.parametrize("label", ["deprecated", "cancel button", "rejected", "type::duplicate", "stale", "moved"])
def test_a_label_that_may_speak_of_its_subject_is_no_reason(label: str) -> None:
    assert reasons(imported(HEADER + issue(1, label))) == [""]


def test_an_open_issue_with_such_a_label_is_open() -> None:
    result = imported(HEADER + issue(1, "duplicate", state="Open") + issue(2, ""))
    assert [entry.resolution for entry in result.issues] == ["", ""]


def test_the_answers_of_its_interface_say_the_same() -> None:
    entry = {"iid": 7, "title": "Entry", "state": "closed", "created_at": "2026-04-01T09:00:00Z",
             "closed_at": "2026-05-04T09:00:00Z", "web_url": "https://gitlab.example/shop/web/-/issues/7"}  # fmt: skip
    other = {**entry, "iid": 8, "web_url": "https://gitlab.example/shop/web/-/issues/8", "labels": ["ui"]}
    assert reasons(imported(json.dumps([{**entry, "labels": ["ui", "wontfix"]}, other]))) == ["wontfix", ""]
