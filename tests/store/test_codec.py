"""Records as JSON and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.codec import UnreadableRecord, decode, encode
from store.records import Category, Issue
from tests.record_strategies import EVERY_KIND

any_record = st.sampled_from(sorted(EVERY_KIND, key=lambda kind: kind.__name__)).flatmap(EVERY_KIND.__getitem__)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@given(any_record)
def test_every_record_comes_back_unchanged(record: Any) -> None:
    text = json.dumps(encode(record), ensure_ascii=False)
    assert decode(type(record), json.loads(text)) == record


def test_fields_at_their_default_are_left_out() -> None:
    issue = Issue(key="A-1", created=NOON, category=Category.DONE, labels=("x",))
    assert encode(issue) == {"key": "A-1", "category": "done", "created": "2026-03-02T12:00:00Z", "labels": ["x"]}


def test_unknown_keys_are_ignored() -> None:
    assert decode(Issue, {"key": "A-1", "invented_later": 5}) == Issue(key="A-1")


@pytest.mark.parametrize(
    ("document", "names"),
    [
        ([], "Issue"),
        ({}, "Issue"),
        ({"key": 5}, "Issue.key"),
        ({"key": "A", "created": "yesterday"}, "Issue.created"),
        ({"key": "A", "created": "2026-03-02T12:00:00"}, "Issue.created"),
        ({"key": "A", "points": "5"}, "Issue.points"),
        ({"key": "A", "points": True}, "Issue.points"),
        ({"key": "A", "labels": "x"}, "Issue.labels"),
        ({"key": "A", "labels": [1]}, "Issue.labels"),
        ({"key": "A", "category": "doing"}, "Issue.category"),
        ({"key": "A", "in_query": 1}, "Issue.in_query"),
        ({"key": "A", "extras": []}, "Issue.extras"),
    ],
)
def test_what_cannot_be_read_is_named(document: Any, names: str) -> None:
    with pytest.raises(UnreadableRecord, match=names):
        decode(Issue, document)
