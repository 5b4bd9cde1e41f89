"""Syncs that nobody presses a button for: off by default, in the background, never offline."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.actions import jira, sync_by_itself
from app.actions.sync_by_itself import EVERY
from app.context import Context
from store.records import QueryRef
from tests.pages.sample import NOW, REF, sample_context


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> list[list[QueryRef]]:
    """What was synced."""
    noted: list[list[QueryRef]] = []
    monkeypatch.setattr(jira, "sync", lambda ctx, refs: noted.append(list(refs)))
    return noted


@pytest.fixture
def ctx() -> Context:
    result = sample_context()
    profile, query = result.backend.get_profile("p"), result.backend.get_query(REF)
    assert profile is not None
    assert query is not None
    result.backend.save_profile(
        replace(profile, jira_config={"base_url": "https://jira.example", "needs_token": False})
    )
    result.backend.save_query(replace(query, jql="project = A"))
    return result


def test_nothing_is_fetched_unless_somebody_wants_it(ctx: Context, syncs: list[list[QueryRef]]) -> None:
    assert not sync_by_itself.ask(ctx, "p")
    assert syncs == []


def test_it_fetches_at_the_start_and_then_once_an_hour(ctx: Context, syncs: list[list[QueryRef]]) -> None:
    sync_by_itself.want(ctx, "p", True)
    assert sync_by_itself.ask(ctx, "p")
    assert not sync_by_itself.ask(ctx, "p")
    ctx.clock = lambda: NOW + EVERY - timedelta(seconds=1)
    assert not sync_by_itself.ask(ctx, "p")
    ctx.clock = lambda: NOW + EVERY
    assert sync_by_itself.ask(ctx, "p")
    assert syncs == [[REF], [REF]]


def test_offline_nothing_is_fetched_and_it_goes_on_afterwards(ctx: Context, syncs: list[list[QueryRef]]) -> None:
    sync_by_itself.want(ctx, "p", True)
    ctx.backend.set_state("offline", "on")
    assert not sync_by_itself.ask(ctx, "p")
    ctx.backend.set_state("offline", None)
    assert sync_by_itself.ask(ctx, "p")
    assert syncs == [[REF]]


def test_a_project_without_jira_is_left_alone(syncs: list[list[QueryRef]]) -> None:
    ctx = sample_context()
    sync_by_itself.want(ctx, "p", True)
    assert not sync_by_itself.ask(ctx, "p")
    assert not sync_by_itself.ask(ctx, None)
    assert syncs == []


def test_it_can_be_switched_off_again(ctx: Context, syncs: list[list[QueryRef]]) -> None:
    sync_by_itself.want(ctx, "p", True)
    sync_by_itself.want(ctx, "p", False)
    assert not sync_by_itself.ask(ctx, "p")
    assert syncs == []
