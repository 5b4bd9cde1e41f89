"""The sample project: the same for the same day, alive on any day, and never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.actions.sample import load_sample, sample_project
from app.context import Context
from app.domain.analysis import Analysis
from app.domain.forecast import Forecast
from app.domain.items import Unit
from app.jobs import Jobs
from app.settings import Overrides, params_for
from store.records import Category, Profile
from tests.examples import examples
from tests.memory_backend import MemoryBackend

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def analysis(now: datetime, unit: Unit = Unit.ITEMS) -> Analysis:
    facts = sample_project(now)
    return Analysis(facts, params_for(facts.profile, Overrides(unit=unit, trials=500), now))


def test_the_same_day_gives_the_same_project() -> None:
    assert sample_project(NOW) == sample_project(NOW)


@settings(max_examples=examples(20), deadline=None)
@given(st.integers(0, 3650))
def test_on_any_day_there_is_a_forecast_with_an_open_outcome(days: int) -> None:
    shown = analysis(NOW + timedelta(days=days))
    assert isinstance(shown.forecast, Forecast)
    assert shown.forecast.remaining >= 10
    assert shown.chance is not None
    assert 0.1 < shown.chance < 0.95
    assert not shown.forecast.warnings


@pytest.mark.parametrize("unit", list(Unit))
def test_it_forecasts_in_items_and_in_points(unit: Unit) -> None:
    assert isinstance(analysis(NOW, unit).forecast, Forecast)


def test_every_issue_ends_where_its_history_leads() -> None:
    facts = sample_project(NOW)
    last = {change.issue_key: change.to_value for change in facts.changes if change.field == "status"}
    assert {issue.key: issue.status for issue in facts.issues if issue.key in last} == last
    assert all((issue.resolved is not None) == (issue.category is Category.DONE) for issue in facts.issues)


def test_nothing_in_it_lies_in_the_future() -> None:
    facts = sample_project(NOW)
    assert all(change.at <= NOW for change in facts.changes)
    assert all(issue.created is not None and issue.created <= NOW for issue in facts.issues)


def test_loading_it_twice_does_not_double_it() -> None:
    ctx = Context(backend := MemoryBackend(), Jobs(backend), Path("unused"), lambda: NOW)
    ref = load_sample(ctx)
    once = backend.counts()
    assert backend.active_query() == ref
    load_sample(ctx)
    assert backend.counts() == once
    assert once.forecasts == 1


def test_a_profile_of_that_name_that_is_the_users_own_stays() -> None:
    ctx = Context(backend := MemoryBackend(), Jobs(backend), Path("unused"), lambda: NOW)
    backend.save_profile(Profile(id="p_own", name="Sample project", created_at=NOW, last_used=NOW))
    load_sample(ctx)
    assert backend.counts().profiles == 2
    own = backend.get_profile("p_own")
    assert own is not None
    assert own.name == "Sample project"
