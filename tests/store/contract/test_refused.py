"""What no backend takes: text that cannot be stored, and data of a query that is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from store.backend import PersistenceBackend
from store.errors import Refused, UnknownQuery
from store.records import (
    CachedChangelog,
    CachedPage,
    Issue,
    MigrationEntry,
    Milestone,
    ProjectData,
    Snapshot,
    Sprint,
    Task,
    Week,
)
from tests.store.contract.filling import (
    LATER,
    NOW,
    NOWHERE,
    REF,
    change,
    everything_of,
    fill,
    forecast_of,
    profile,
    query,
)

NUL = "a\0b"


# Everything with a text of its own. What lies in a nested object is spelled out in JSON, where it does no harm.
WITH_NUL: dict[str, Callable[[PersistenceBackend], None]] = {
    "profile": lambda backend: backend.save_profile(replace(profile(), description=NUL)),
    "profile's name": lambda backend: backend.save_profile(profile("other", NUL)),
    "query": lambda backend: backend.save_query(replace(query(), jql=NUL)),
    "state": lambda backend: backend.set_state("theme", NUL),
    "key of a state": lambda backend: backend.set_state(NUL, "dark"),
    "note": lambda backend: backend.set_note(REF, "sync", NUL),
    "issue": lambda backend: backend.upsert_issues(REF, [Issue("T-1"), Issue("T-2", assignee=NUL)]),
    "issue's key": lambda backend: backend.upsert_issues(REF, [Issue(NUL)]),
    "change": lambda backend: backend.upsert_issues(REF, [Issue("T-1")], [change("T-1", NOW, NUL)]),
    "sprint": lambda backend: backend.save_sprints(REF, [Sprint("One", goal=NUL)]),
    "week": lambda backend: backend.replace_weeks(REF, [Week(date(2026, 3, 2), source=NUL)]),
    "milestone": lambda backend: backend.replace_milestones("p", [Milestone(NUL, date(2026, 5, 1))]),
    "snapshot": lambda backend: backend.save_snapshots(REF, [Snapshot("2026-W10", NUL, {}, NOW)]),
    "forecast": lambda backend: backend.save_forecast(REF, forecast_of(date(2026, 3, 2), unit=NUL)),
    "page": lambda backend: backend.save_pages(REF, [CachedPage(NUL, b"{}", NOW, LATER)]),
    "changelog": lambda backend: backend.save_changelogs(REF, [CachedChangelog(NUL, b"{}", NOW, LATER)]),
    "task": lambda backend: backend.save_task(Task("Sync", "running", 0.0, NOW, NUL)),
    "migration": lambda backend: backend.add_migration(MigrationEntry(NUL, "", NOW, NOW, "migrated", {})),
}


@pytest.mark.parametrize("what", WITH_NUL)
def test_a_nul_character_is_refused_with_the_text_that_holds_it(backend: PersistenceBackend, what: str) -> None:
    fill(backend, REF)
    before = everything_of(backend, REF), backend.list_milestones("p"), backend.list_profiles()
    with pytest.raises(Refused, match=r"NUL character.*'a\\x00b'"):
        WITH_NUL[what](backend)
    assert (everything_of(backend, REF), backend.list_milestones("p"), backend.list_profiles()) == before


UNKNOWN: dict[str, Callable[[PersistenceBackend], None]] = {
    "issues": lambda backend: backend.upsert_issues(NOWHERE, [Issue("T-1")]),
    "deleted issues": lambda backend: backend.delete_issues(NOWHERE, ["T-1"]),
    "sprints": lambda backend: backend.save_sprints(NOWHERE, [Sprint("One")]),
    "deleted sprints": lambda backend: backend.delete_sprints(NOWHERE, ["One"]),
    "weeks": lambda backend: backend.replace_weeks(NOWHERE, []),
    "corrections": lambda backend: backend.replace_corrections(NOWHERE, []),
    "project data": lambda backend: backend.save_project_data(NOWHERE, ProjectData({}, NOW)),
    "milestones": lambda backend: backend.replace_milestones("nobody", []),
    "snapshots": lambda backend: backend.save_snapshots(NOWHERE, []),
    "forecast": lambda backend: backend.save_forecast(NOWHERE, forecast_of(date(2026, 3, 2))),
    "pages": lambda backend: backend.save_pages(NOWHERE, []),
    "changelogs": lambda backend: backend.save_changelogs(NOWHERE, []),
}


@pytest.mark.parametrize("written", UNKNOWN)
def test_data_of_an_unknown_query_are_refused(backend: PersistenceBackend, written: str) -> None:
    with pytest.raises(UnknownQuery):
        UNKNOWN[written](backend)
