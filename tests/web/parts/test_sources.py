"""Sources: each row brings newer data itself; the ways in stand behind one button once anything is there."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from dash import html
from flask import Flask

from app.actions import jira, sample
from app.actions.files import import_file
from app.context import Context
from app.jobs import JobState
from app.pages import data
from app.web.page import visit_of
from app.web.parts import files, sources
from app.words.formats import formats_for
from store.records import ProjectData, QueryRef
from tests.pages.reading import components, links, texts
from tests.pages.sample import REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])
FIRST = b"Key,Created,Finished\nA-1,2026-03-02,2026-03-10\nA-2,2026-03-02,\n"
NEXT = b"Key,Created,Finished\nA-1,2026-03-02,2026-03-10\nA-2,2026-03-02,2026-03-12\n"


@pytest.fixture(autouse=True)
def request_of_a_browser() -> Iterator[None]:
    """Clicks ask which language the browser wants."""
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


def search(ref: QueryRef) -> str:
    return f"?profile={ref.profile_id}&query={ref.query_id}"


def of_kind(page: Any, kind: str) -> list[Any]:
    return [
        component
        for component in components(page)
        if isinstance(getattr(component, "id", None), dict) and component.id["type"] == kind
    ]


def test_an_empty_folder_shows_the_ways_in_at_once() -> None:
    page = data.layout(visit_of(empty_context(), "", FORMATS, "/data/sources"))
    assert not [component for component in components(page) if getattr(component, "id", "") == "add-source"]
    assert "Sample project" in texts(page)


def test_where_data_came_in_the_sources_come_first_and_the_ways_in_behind_a_button() -> None:
    ctx = empty_context()
    ref = import_file(ctx, FIRST, "team.csv", query_name="Team").ref
    page = data.layout(visit_of(ctx, search(ref), FORMATS, "/data/sources"))
    (ways,) = [component for component in components(page) if getattr(component, "id", "") == "add-source"]
    assert isinstance(ways, html.Details)
    text = texts(page)
    assert text.index("Next export") < text.index("+ Add a source")
    assert "Take this import back" in text


def test_the_next_export_goes_into_the_list_of_its_row_whatever_the_file_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "snapshot_before", lambda ctx, reason: None)  # a folder of this test has no file
    ctx = empty_context()
    ref = import_file(ctx, FIRST, "team.csv", query_name="Team").ref
    visit = visit_of(ctx, search(ref), FORMATS, "/data/sources")
    (upload,) = of_kind(sources.section(visit), "next-export")
    content = "data:text/csv;base64," + base64.b64encode(NEXT).decode()
    done = sources.take_next_export(ctx, upload.id, [content], ["other name.csv"], [upload.id], search(ref))
    assert done.follow == "Import"
    assert [query.name for query in ctx.backend.list_queries(ref.profile_id)] == ["Team"]
    assert {issue.key: issue.resolved is not None for issue in ctx.backend.list_issues(ref)} == {
        "A-1": True,
        "A-2": True,
    }


def connected() -> Context:
    ctx = sample_context()
    profile, query = ctx.backend.get_profile("p"), ctx.backend.get_query(REF)
    assert profile is not None
    assert query is not None
    ctx.backend.save_profile(replace(profile, jira_config={"base_url": "https://jira.example", "needs_token": False}))
    ctx.backend.save_query(replace(query, jql="project = A"))
    return ctx


def test_a_source_of_jira_is_synced_from_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = connected()
    visit = visit_of(ctx, search(REF), FORMATS, "/data/sources")
    (button,) = of_kind(sources.section(visit), "sync-source")
    result: list[list[QueryRef]] = []
    monkeypatch.setattr(jira, "sync", lambda ctx, refs: result.append(refs))
    done = sources.sync(ctx, button.id, search(REF))
    assert result == [[REF]]
    assert done.follow == jira.SYNC_JOB


def test_offline_a_source_says_so_in_place_of_its_button() -> None:
    ctx = connected()
    ctx.backend.set_state("offline", "on")
    page = sources.section(visit_of(ctx, search(REF), FORMATS, "/data/sources"))
    assert of_kind(page, "sync-source") == []
    assert "Offline" in texts(page)


def test_the_made_up_data_have_their_row_and_the_way_to_be_rid_of_them() -> None:
    ctx = empty_context()
    ref = sample.load_sample(ctx)
    visit = visit_of(ctx, search(ref), FORMATS, "/data/sources")
    page = data.layout(visit)
    assert "Sample" in texts(sources.section(visit))
    assert any("162 issues, made up on 30 Mar 2026" in text for text in texts(page))
    assert any("do=delete-project" in link for link in links(page))


def test_what_is_to_be_said_of_an_import_stands_on_the_page_once() -> None:
    ctx = empty_context()
    result = import_file(ctx, b"Key,Status,Created\nA-1,Done,2026-03-02\nA-2,Open,2026-03-02\n", "team.csv")
    (warning, *_others) = result.warnings
    unreported = data.layout(visit_of(ctx, search(result.ref), FORMATS, "/data/sources"))
    assert texts(unreported).count(str(warning)) == 1
    ctx.jobs.states[data.IMPORT_JOB] = JobState(data.IMPORT_JOB, "done", 1.0, "", result)  # type: ignore[attr-defined]
    reported = texts(data.layout(visit_of(ctx, search(result.ref), FORMATS, "/data/sources")))
    assert "Imported" in reported
    assert reported.count(str(warning)) == 1


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"new": 3, "changed": 7, "removed": 1}, "473 issues, synced today 09:12: 3 new, 7 changed, 1 removed"),
        ({"new": 0, "changed": 7, "removed": 0}, "473 issues, synced today 09:12: 7 changed"),
        ({"new": 0, "changed": 0, "removed": 0}, "473 issues, synced today 09:12: nothing changed"),
        ({}, "473 issues, synced today 09:12"),
    ],
)
def test_the_row_of_jira_says_what_the_last_sync_brought(counts: dict[str, int], words: str) -> None:
    ctx = connected()
    at = ctx.clock().astimezone().replace(hour=9, minute=12).astimezone(UTC)
    note = {"base_url": "https://jira.example", "synced_at": at.isoformat(), "jql": "project = A", **counts}
    ctx.backend.save_project_data(REF, ProjectData({"metadata": {"kept": 473}, "jira_sync": note}, at))
    row = texts(sources.section(visit_of(ctx, search(REF), FORMATS, "/data/sources")))
    assert f": {words}" in row
