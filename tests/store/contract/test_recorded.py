"""What is recorded, and the answers of trackers that are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from store.backend import PersistenceBackend
from store.records import (
    CachedChangelog,
    CachedPage,
    Counts,
    ForecastMade,
    Issue,
    MigrationEntry,
    QueryRef,
    Snapshot,
    Task,
)
from tests import record_strategies as any_of
from tests.store.contract.engines import Making, any_records, one_query
from tests.store.contract.filling import LATER, NOW, REF, change, fill, forecast_of, query


@any_records
@given(
    snapshots=st.lists(any_of.snapshots, max_size=4, unique_by=lambda each: (each.week, each.metric)),
    forecasts=st.lists(any_of.forecasts, max_size=3, unique_by=lambda each: (each.as_of, each.unit, each.method)),
    pages=st.lists(any_of.pages, max_size=3, unique_by=lambda each: each.cache_key),
    changelogs=st.lists(any_of.changelogs, max_size=3, unique_by=lambda each: each.issue_key),
    tasks=st.lists(any_of.tasks, max_size=3, unique_by=lambda each: each.name),
    migrations=st.lists(any_of.migrations, max_size=3),
)
def test_any_records_of_the_past_come_back_as_they_were_saved(
    making: Making,
    snapshots: list[Snapshot],
    forecasts: list[ForecastMade],
    pages: list[CachedPage],
    changelogs: list[CachedChangelog],
    tasks: list[Task],
    migrations: list[MigrationEntry],
) -> None:
    with one_query(making) as backend:
        backend.save_snapshots(REF, snapshots)
        for forecast in forecasts:
            backend.save_forecast(REF, forecast)
        backend.save_pages(REF, pages)
        backend.save_changelogs(REF, changelogs)
        for task in tasks:
            backend.save_task(task)
        for migration in migrations:
            backend.add_migration(migration)
        assert backend.list_snapshots(REF) == sorted(snapshots, key=lambda each: (each.week, each.metric))
        assert backend.list_forecasts(REF) == sorted(forecasts, key=lambda each: (each.as_of, each.unit, each.method))
        assert backend.list_pages(REF) == pages
        assert backend.list_changelogs(REF) == sorted(changelogs, key=lambda each: each.issue_key)
        assert backend.list_tasks() == sorted(tasks, key=lambda each: each.name)
        assert backend.list_migrations() == migrations


def test_a_snapshot_is_overwritten_by_week_and_metric(backend: PersistenceBackend) -> None:
    backend.save_snapshots(REF, [Snapshot("2026-W10", "velocity", {"v": 1}, NOW, {"f": 1})])
    backend.save_snapshots(REF, [Snapshot("2026-W10", "velocity", {"v": 2}, LATER)])
    assert backend.list_snapshots(REF) == [Snapshot("2026-W10", "velocity", {"v": 2}, LATER)]


def test_the_last_forecast_of_a_day_unit_and_method_stays(backend: PersistenceBackend) -> None:
    for each in (
        forecast_of(date(2026, 3, 3)),
        forecast_of(date(2026, 3, 2), "points"),
        forecast_of(date(2026, 3, 2), seed=1),
        forecast_of(date(2026, 3, 2), seed=2),
    ):
        backend.save_forecast(REF, each)
    assert [(each.as_of.day, each.unit, each.seed) for each in backend.list_forecasts(REF)] == [
        (2, "items", 2),
        (2, "points", 0),
        (3, "items", 0),
    ]


def test_a_cached_page_is_valid_until_the_second_it_expires(backend: PersistenceBackend) -> None:
    page = CachedPage("k", b'{"issues": []}', NOW, LATER)
    backend.save_pages(REF, [page])
    assert backend.get_page(REF, "k", LATER - timedelta(seconds=1)) == page
    assert backend.get_page(REF, "k", LATER) is None
    assert backend.list_pages(REF) == [page]


def test_a_page_that_expired_this_morning_is_not_valid_until_midnight(backend: PersistenceBackend) -> None:
    backend.save_pages(REF, [CachedPage("k", b"{}", NOW - timedelta(days=1), NOW)])
    assert backend.get_page(REF, "k", NOW.replace(hour=17)) is None


def test_expiry_compares_instants_whatever_their_zone(backend: PersistenceBackend) -> None:
    summer = datetime.fromisoformat("2026-03-02T11:30:00+02:00")
    backend.save_pages(REF, [CachedPage("k", b"{}", NOW, summer)])
    assert backend.get_page(REF, "k", datetime(2026, 3, 2, 9, 29, 59, tzinfo=UTC)) is not None
    assert backend.get_page(REF, "k", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)) is None


def test_a_page_is_overwritten_by_key_and_keeps_its_place(backend: PersistenceBackend) -> None:
    backend.save_pages(REF, [CachedPage("b", b"1", NOW, LATER), CachedPage("a", b"2", NOW, LATER)])
    backend.save_pages(REF, [CachedPage("b", b"3", NOW, LATER)])
    assert [(page.cache_key, page.response) for page in backend.list_pages(REF)] == [("b", b"3"), ("a", b"2")]


def test_cleaning_up_deletes_what_expired_and_no_history(backend: PersistenceBackend) -> None:
    backend.upsert_issues(REF, [Issue("T-1")], [change("T-1", NOW, "Done")])
    backend.save_pages(REF, [CachedPage("old", b"", NOW, NOW), CachedPage("new", b"", NOW, LATER)])
    backend.save_changelogs(REF, [CachedChangelog("T-1", b"", NOW, NOW), CachedChangelog("T-2", b"", NOW, LATER)])
    assert backend.cleanup_expired(NOW) == 2
    assert [page.cache_key for page in backend.list_pages(REF)] == ["new"]
    assert [each.issue_key for each in backend.list_changelogs(REF)] == ["T-2"]
    assert len(backend.list_changes(REF)) == 1


def test_counts_are_per_query_and_in_all_and_leave_trends_out(backend: PersistenceBackend) -> None:
    other = QueryRef("p", "other")
    backend.save_query(query("other", "Other"))
    for ref in (REF, other):
        fill(backend, ref)
    backend.save_snapshots(
        REF,
        [
            Snapshot("2026-W10", "trends", {}, NOW),
            Snapshot("2026-W10", "wip", {}, NOW),
            Snapshot("2026-W11", "trends", {}, NOW),
        ],
    )
    counts = Counts(
        profiles=1,
        queries=1,
        issues=1,
        issue_changes=1,
        statistics=1,
        snapshot_weeks=1,
        snapshot_records=2,
        forecasts=1,
    )
    assert backend.counts(REF) == counts
    assert backend.counts(other) == replace(counts, snapshot_records=1)
    assert backend.counts() == Counts(
        profiles=1,
        queries=2,
        issues=2,
        issue_changes=2,
        statistics=2,
        snapshot_weeks=2,
        snapshot_records=3,
        forecasts=2,
    )
