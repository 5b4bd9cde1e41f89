"""What an issue waits for: from Jira's links, and from columns of files."""

from __future__ import annotations

from typing import Any

import pytest

from app.jira.mapping.links import blockers, names_blockers, release_days, waits


def link(kind: str, text: str, turned: str, **sides: str) -> dict[str, Any]:
    """`said` from the side of the inward issue."""
    return {
        "type": {"name": kind, "inward": text, "outward": turned},
        **{f"{side}Issue": {"key": key} for side, key in sides.items()},
    }


def test_what_blocks_an_issue_is_told_by_the_words_of_its_own_side() -> None:
    assert blockers([
        link("Blocks", "is blocked by", "blocks", inward="A-1"),
        link("Blocks", "is blocked by", "blocks", outward="A-2"),
        link("Dependency", "is depended on by", "depends on", outward="A-3"),
        link("Dependency", "is depended on by", "depends on", inward="A-4"),
        link("Relates", "relates to", "relates to", inward="A-5"),
        link("Gantt End to Start", "has to be done after", "has to be done before", inward="A-6"),
        link("Blocks", "is blocked by", "blocks", inward="A-1"),
    ]) == ["A-1", "A-3", "A-6"]  # fmt: skip


@pytest.mark.parametrize(
    "links", [None, "A-1", [None, 7, {}, {"type": None, "inwardIssue": {"key": "A"}}], [{"type": {}}]]
)
def test_links_that_cannot_be_read_are_none(links: Any) -> None:
    assert blockers(links) == []


@pytest.mark.parametrize("phrase", ["is blocked by", "Depends on", "wird blockiert von", "est bloqué par", "requires"])
def test_these_words_say_that_an_issue_waits(phrase: str) -> None:
    assert waits(phrase)


@pytest.mark.parametrize("phrase", ["blocks", "is depended on by", "relates to", "clones", "is required by", ""])
def test_these_words_do_not(phrase: str) -> None:
    assert not waits(phrase)


@pytest.mark.parametrize(("column", "is_one"), [
    ("Inward issue link (Blocks)", True), ("Outward issue link (Blocks)", False),
    ("Outward issue link (Dependency)", True), ("Inward issue link (Depends)", False),
    ("Inward issue link (Cloners)", False), ("Blocked by", True), ("Vorgänger", True), ("Blocked", False),
])  # fmt: skip
def test_columns_that_name_what_an_issue_waits_for(column: str, is_one: bool) -> None:
    assert names_blockers(column) is is_one


def test_versions_have_a_day_of_release_where_they_say_one() -> None:
    versions = [{"name": "1.0", "releaseDate": "2026-02-01"}, {"name": "2.0"}, "3.0", {"releaseDate": "2026-02-01"}]
    assert release_days(versions) == {"1.0": "2026-02-01"}
    assert release_days(None) == {}


def test_issues_of_the_same_versions_share_their_days_of_release() -> None:
    """Thousands of issues name the same few versions."""
    first, second = (
        release_days([{"name": "1.0", "releaseDate": "2026-02-01"}, {"name": "1.1", "releaseDate": "2026-03-01"}])
        for _ in range(2)
    )
    assert first is second
    assert first == {"1.0": "2026-02-01", "1.1": "2026-03-01"}
    odd = [{"name": {"of": 1}, "releaseDate": ["2026-02-01"]}, {"name": 7, "releaseDate": "2026-02-01T00:00:00"}]
    assert release_days(odd) == {"": "", "7": "2026-02-01"}
