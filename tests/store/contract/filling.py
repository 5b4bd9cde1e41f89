"""What the tests of the contract put into a store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from store.backend import PersistenceBackend
from store.records import (
    CachedChangelog,
    CachedPage,
    Change,
    Correction,
    ForecastMade,
    Issue,
    Profile,
    ProjectData,
    Query,
    QueryRef,
    Snapshot,
    Sprint,
    Week,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MONTH = NOW + timedelta(days=30)
REF = QueryRef("p", "q")
NOWHERE = QueryRef("p", "no such query")


def profile(profile_id: str = "p", name: str = "Team") -> Profile:
    return Profile(id=profile_id, name=name, created_at=NOW, last_used=NOW)


def query(query_id: str = "q", name: str = "All", profile_id: str = "p") -> Query:
    return Query(profile_id=profile_id, id=query_id, name=name, created_at=NOW, last_used=NOW)


def change(key: str, at: datetime, to: str) -> Change:
    return Change(key, at, "status", None, to)


def fill(backend: PersistenceBackend, ref: QueryRef) -> None:
    backend.upsert_issues(ref, [Issue("T-1")], [change("T-1", NOW, "Done")])
    backend.save_sprints(ref, [Sprint("One")])
    backend.replace_weeks(ref, [Week(date(2026, 3, 2))])
    backend.replace_corrections(ref, [Correction(date(2026, 3, 2), completed_items=12)])
    backend.save_project_data(ref, ProjectData({"a": 1}, NOW))
    backend.save_snapshots(ref, [Snapshot("2026-W10", "velocity", {"v": 1}, NOW)])
    backend.save_forecast(ref, forecast_of(date(2026, 3, 2)))
    backend.save_pages(ref, [CachedPage("k", b"{}", NOW, LATER)])
    backend.save_changelogs(ref, [CachedChangelog("T-1", b"{}", NOW, LATER)])


def forecast_of(day: date, unit: str = "items", seed: int = 0) -> ForecastMade:
    return ForecastMade(NOW, day, unit, "plain", 40.0, {50: 12, 95: None}, 12, 10_000, seed)


def everything_of(backend: PersistenceBackend, ref: QueryRef) -> list[object]:
    return [
        *backend.list_issues(ref),
        *backend.list_changes(ref),
        *backend.list_sprints(ref),
        *backend.list_weeks(ref),
        *backend.list_corrections(ref),
        *([data] if (data := backend.get_project_data(ref)) else []),
        *backend.list_snapshots(ref),
        *backend.list_forecasts(ref),
        *backend.list_pages(ref),
        *backend.list_changelogs(ref),
    ]
