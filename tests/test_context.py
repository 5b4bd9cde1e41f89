"""Context: analyses are reused exactly while nothing they depend on has changed."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.context import Context
from app.domain.forecast import Forecast
from app.domain.items import Unit
from app.jobs import Jobs
from app.settings import Overrides, changed
from store.errors import DiskFull, UnknownQuery
from store.records import Category, Issue, MigrationEntry, Profile, Query, QueryRef, Snapshot
from tests.memory_backend import MemoryBackend

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")


def finished(number: int, weeks_ago: int) -> Issue:
    done = NOW - timedelta(weeks=weeks_ago, days=-1)
    return Issue(
        key=f"T-{number}", category=Category.DONE, created=NOW - timedelta(weeks=30), updated=done, resolved=done
    )


def open_item(number: int) -> Issue:
    return Issue(key=f"O-{number}", created=NOW - timedelta(weeks=30))


@pytest.fixture
def backend() -> MemoryBackend:
    backend = MemoryBackend()
    backend.save_profile(Profile(id="p", name="Team", created_at=NOW, last_used=NOW))
    backend.save_query(Query(profile_id="p", id="q", name="All", created_at=NOW, last_used=NOW))
    done = [finished(number, 1 + number % 20) for number in range(60)]
    backend.upsert_issues(REF, done + [open_item(number) for number in range(12)])
    return backend


def context(backend: MemoryBackend, clock: Callable[[], datetime] = lambda: NOW) -> Context:
    return Context(backend, Jobs(backend), Path("unused"), clock)


def test_the_same_question_gets_the_same_analysis(backend: MemoryBackend) -> None:
    ctx = context(backend)
    assert ctx.analysis(REF) is ctx.analysis(REF, Overrides())


def test_another_choice_gets_another_analysis(backend: MemoryBackend) -> None:
    ctx = context(backend)
    assert ctx.analysis(REF) is not ctx.analysis(REF, Overrides(unit=Unit.POINTS))


def test_changed_data_gets_a_new_analysis(backend: MemoryBackend) -> None:
    ctx = context(backend)
    before = ctx.analysis(REF)
    backend.upsert_issues(REF, [open_item(99)])
    after = ctx.analysis(REF)
    assert after is not before
    assert len(after.facts.issues) == len(before.facts.issues) + 1


def test_a_changed_deadline_gets_a_new_analysis(backend: MemoryBackend) -> None:
    ctx = context(backend)
    before = ctx.analysis(REF)
    team = backend.get_profile("p")
    assert team is not None
    backend.save_profile(changed(team, {"deadline": "2026-06-30"}))
    assert before.params.deadline is None
    assert ctx.analysis(REF).params.deadline == date(2026, 6, 30)


def test_a_new_day_gets_a_new_analysis_and_an_hour_does_not(backend: MemoryBackend) -> None:
    now = [NOW]
    ctx = context(backend, lambda: now[0])
    morning = ctx.analysis(REF)
    now[0] = NOW + timedelta(hours=3)
    assert ctx.analysis(REF) is morning
    now[0] = NOW + timedelta(days=1)
    assert ctx.analysis(REF) is not morning


def test_an_unknown_query_is_refused_in_plain_words(backend: MemoryBackend) -> None:
    with pytest.raises(UnknownQuery, match="no longer exists"):
        context(backend).analysis(QueryRef("gone", "q"))


def test_recording_keeps_the_forecast_that_was_shown(backend: MemoryBackend) -> None:
    ctx = context(backend)
    ctx.record(REF)
    (forecast,) = backend.list_forecasts(REF)
    shown = ctx.analysis(REF).forecast
    assert isinstance(shown, Forecast)
    assert forecast.weeks == shown.weeks
    assert forecast.remaining == 12
    assert forecast.made_at == NOW
    assert {row.metric for row in backend.list_snapshots(REF)} >= {"scope", "throughput", "forecast"}


def test_recording_does_not_itself_count_as_a_change(backend: MemoryBackend) -> None:
    ctx = context(backend)
    before = ctx.analysis(REF)
    ctx.record(REF)
    assert ctx.analysis(REF) is before


def test_a_day_of_use_is_recorded_once(backend: MemoryBackend) -> None:
    ctx = context(backend)
    assert ctx.record_day_of_use(REF)
    assert not ctx.record_day_of_use(REF)
    later = context(backend, lambda: NOW + timedelta(days=1))
    assert later.record_day_of_use(REF)
    assert len(backend.list_forecasts(REF)) == 2


def test_the_day_of_a_takeover_is_not_recorded(backend: MemoryBackend) -> None:
    entry = MigrationEntry(
        source="old", fingerprint="f", started_at=NOW, finished_at=NOW, outcome="migrated", report={}
    )
    backend.add_migration(entry)
    assert not context(backend).record_day_of_use(REF)
    assert backend.list_snapshots(REF) == []
    assert context(backend, lambda: NOW + timedelta(days=1)).record_day_of_use(REF)


def test_without_a_forecast_the_rest_is_recorded(backend: MemoryBackend) -> None:
    backend.save_query(Query(profile_id="p", id="new", name="New", created_at=NOW, last_used=NOW))
    ref = QueryRef("p", "new")
    backend.upsert_issues(ref, [replace(open_item(1), created=NOW - timedelta(days=2))])
    context(backend).record(ref)
    assert backend.list_forecasts(ref) == []
    assert {row.metric for row in backend.list_snapshots(ref)} >= {"scope"}


class FullDisk(MemoryBackend):
    def save_snapshots(self, ref: QueryRef, snapshots: Iterable[Snapshot]) -> None:
        raise DiskFull("The disk is full. Nothing was changed; make room and try again.")


def test_a_full_disk_after_a_change_does_not_deny_the_change(backend: MemoryBackend) -> None:
    full = FullDisk()
    full.save_profile(Profile(id="p", name="Team", created_at=NOW, last_used=NOW))
    full.save_query(Query(profile_id="p", id="q", name="All", created_at=NOW, last_used=NOW))
    full.upsert_issues(REF, backend.list_issues(REF))
    warning = context(full).record(REF)
    assert warning.startswith(
        "The data are saved, but this week's forecast could not be recorded: the disk is too full"
    )
    assert not context(full).record_day_of_use(REF)
    assert context(backend).record(REF) == ""


@pytest.mark.slow
def test_of_a_large_query_only_the_last_analyses_are_kept(backend: MemoryBackend) -> None:
    backend.upsert_issues(REF, [open_item(number) for number in range(30_000)])
    ctx = context(backend)
    first = ctx.analysis(REF, Overrides(window=8))
    for window in range(9, 14):
        ctx.analysis(REF, Overrides(window=window))
    assert ctx.analysis(REF, Overrides(window=13)) is ctx.analysis(REF, Overrides(window=13))
    assert ctx.analysis(REF, Overrides(window=12)) is ctx.analysis(REF, Overrides(window=12))
    assert ctx.analysis(REF, Overrides(window=8)) is not first
    assert len(ctx._analyses) == 2


def test_analyses_of_one_state_of_the_data_share_its_facts(backend: MemoryBackend) -> None:
    ctx = context(backend)
    assert ctx.analysis(REF).facts.issues is ctx.analysis(REF, Overrides(unit=Unit.POINTS)).facts.issues
    backend.upsert_issues(REF, [open_item(99)])
    assert "O-99" in {issue.key for issue in ctx.analysis(REF).facts.issues}


def test_a_changed_setting_takes_over_facts_and_items_and_leaves_nothing_behind(backend: MemoryBackend) -> None:
    ctx = context(backend)
    before = ctx.analysis(REF)
    in_points = weakref.ref(ctx.analysis(REF, Overrides(unit=Unit.POINTS)))
    items = before.known.all_items
    ctx.change_profile(REF, lambda profile: changed(profile, {"deadline": "2026-06-30"}), "deadline")
    after = ctx.analysis(REF)
    assert after.params.deadline == date(2026, 6, 30)
    assert after.facts.issues is before.facts.issues
    assert after.known.all_items is items
    assert not {"known", "forecast", "throughput"} & before.__dict__.keys()
    assert in_points() is None


def test_a_setting_by_which_items_are_others_makes_them_anew(backend: MemoryBackend) -> None:
    ctx = context(backend)
    items = ctx.analysis(REF).known.all_items
    assert ctx.analysis(REF, Overrides(as_of=date(2026, 2, 2))).known.all_items is not items
    ctx.change_profile(REF, lambda profile: changed(profile, {"time_zone": "Pacific/Auckland"}))
    assert ctx.analysis(REF).known.all_items is not items
