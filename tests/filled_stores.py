"""Whole stores as hypothesis makes them: one profile and query with a few of every kind of record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from store.backend import PersistenceBackend
from store.records import QueryRef
from tests import record_strategies as any_of


def contents(backend: PersistenceBackend, ref: QueryRef) -> tuple[object, ...]:
    """All that is stored about a work list, but the work list itself."""
    facts = backend.load_facts(ref)
    return (
        facts.issues,
        facts.changes,
        facts.sprints,
        facts.weeks,
        facts.corrections,
        facts.milestones,
        facts.project_data,
        backend.list_snapshots(ref),
        backend.list_forecasts(ref),
        backend.list_pages(ref),
        backend.list_changelogs(ref),
    )


def _few(*kinds: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[list[Any], ...]]:
    return st.tuples(*(st.lists(kind, max_size=3) for kind in kinds))


@st.composite
def stores(draw: st.DrawFn) -> Callable[[PersistenceBackend], None]:
    """Fills a store with any records."""
    profile = replace(draw(any_of.profiles), jira_config={})
    query = replace(draw(any_of.queries), profile_id=profile.id)
    issues = {issue.key: issue for issue in draw(st.lists(any_of.issues, max_size=4))}
    changes = draw(any_of.changes_of(list(issues)))
    sprints, weeks, milestones = draw(_few(any_of.sprints, any_of.weeks, any_of.milestones))
    snapshots, forecasts, corrections = draw(_few(any_of.snapshots, any_of.forecasts, any_of.corrections))
    pages, changelogs = draw(_few(any_of.pages, any_of.changelogs))
    data = draw(st.none() | any_of.project_data)

    def fill(backend: PersistenceBackend) -> None:
        ref = query.ref
        with backend.transaction():
            backend.save_profile(profile)
            backend.save_query(query)
            backend.upsert_issues(ref, issues.values(), changes)
            backend.save_sprints(ref, sprints)
            backend.replace_weeks(ref, weeks)
            backend.replace_corrections(ref, corrections)
            backend.replace_milestones(profile.id, milestones)
            backend.save_snapshots(ref, snapshots)
            for forecast in forecasts:
                backend.save_forecast(ref, forecast)
            backend.save_pages(ref, pages)
            backend.save_changelogs(ref, changelogs)
            if data:
                backend.save_project_data(ref, data)

    return fill
