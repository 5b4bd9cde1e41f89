"""The revision of a query: what raises it, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from store.backend import PersistenceBackend
from store.records import CachedChangelog, CachedPage, Issue, ProjectData, QueryRef, Snapshot, Sprint, Task
from tests.store.contract.filling import LATER, NOW, REF, forecast_of, profile, query

RAISING: dict[str, Callable[[PersistenceBackend], None]] = {
    "issues": lambda backend: backend.upsert_issues(REF, [Issue("T-1")]),
    "deleted issues": lambda backend: backend.delete_issues(REF, ["T-1"]),
    "sprints": lambda backend: backend.save_sprints(REF, [Sprint("One")]),
    "deleted sprints": lambda backend: backend.delete_sprints(REF, ["One"]),
    "weeks": lambda backend: backend.replace_weeks(REF, []),
    "corrections": lambda backend: backend.replace_corrections(REF, []),
    "project data": lambda backend: backend.save_project_data(REF, ProjectData({}, NOW)),
    "profile": lambda backend: backend.save_profile(replace(profile(), show_points=True)),
    "query": lambda backend: backend.save_query(replace(query(), jql="project = X")),
    "milestones": lambda backend: backend.replace_milestones("p", []),
}


@pytest.mark.parametrize("changed", RAISING)
def test_every_change_of_facts_raises_the_revision(backend: PersistenceBackend, changed: str) -> None:
    before = backend.revision(REF)
    RAISING[changed](backend)
    assert backend.revision(REF) > before
    assert backend.load_facts(REF).query.revision == backend.revision(REF)


RECORDING: dict[str, Callable[[PersistenceBackend], None]] = {
    "snapshots": lambda backend: backend.save_snapshots(REF, [Snapshot("2026-W10", "velocity", {}, NOW)]),
    "forecast": lambda backend: backend.save_forecast(REF, forecast_of(date(2026, 3, 2))),
    "pages": lambda backend: backend.save_pages(REF, [CachedPage("k", b"", NOW, LATER)]),
    "changelogs": lambda backend: backend.save_changelogs(REF, [CachedChangelog("T-1", b"", NOW, LATER)]),
    "task": lambda backend: backend.save_task(Task("sync", "running", 0.0, NOW)),
    "state": lambda backend: backend.set_state("theme", "dark"),
    "switch": lambda backend: backend.switch_query(REF, LATER),
}


@pytest.mark.parametrize("recorded", RECORDING)
def test_what_is_only_recorded_leaves_the_revision(backend: PersistenceBackend, recorded: str) -> None:
    before = backend.revision(REF)
    RECORDING[recorded](backend)
    assert backend.revision(REF) == before


def test_a_change_leaves_the_revisions_of_other_queries(backend: PersistenceBackend) -> None:
    backend.save_query(query("other", "Other"))
    before = backend.revision(REF)
    backend.upsert_issues(QueryRef("p", "other"), [Issue("T-1")])
    assert backend.revision(REF) == before


def test_a_query_made_again_never_repeats_a_revision(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1")])
    seen = backend.revision(REF)
    backend.delete_query(REF)
    backend.save_query(query())
    assert backend.revision(REF) > seen


def test_the_revision_of_a_saved_record_is_not_taken_over(backend: PersistenceBackend) -> None:
    backend.save_query(replace(query(), revision=1_000_000))
    assert backend.revision(REF) < 1_000_000
