"""Two people at one setting: the later one is told what the other chose, and decides; nothing goes unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from dash import ctx as call
from dash import dcc
from flask import Flask

from app.actions import deadline
from app.context import Context
from app.pages import answer, mapping, settings
from app.settings import settings_of, with_value
from app.web.page import visit_of
from app.web.parts import deadline_form, meant
from app.words.formats import formats_for
from store import documents
from store.records import Profile, QueryRef
from tests.pages.reading import components
from tests.pages.sample import sample_context

REF = QueryRef("p", "q")
SEARCH = "?profile=p&query=q"
FORMATS = formats_for(["en-GB"])


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the browser is told to change."""
    changed: dict[str, Any] = {}
    monkeypatch.setattr(type(call), "set_props", lambda self, part, values: changed.update({str(part): values}))
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield changed


@pytest.fixture
def ctx() -> Context:
    return sample_context(data_points_count=9)


def shown(ctx: Context, layout: Callable[[Any], Any], path: str, store: str) -> dict[str, str]:
    """What a form that is open now keeps of what it shows."""
    page = layout(visit_of(ctx, SEARCH, FORMATS, path))
    (kept,) = (one for one in components(page) if isinstance(one, dcc.Store) and one.id == store)
    data: dict[str, str] = kept.data
    return data


def profile(ctx: Context) -> Profile:
    found = ctx.backend.get_profile("p")
    assert found is not None
    return found


def leave(ctx: Context, name: str, value: Any, seen: dict[str, str]) -> None:
    settings.save_setting(ctx, {"type": "setting", "name": name}, value, SEARCH, seen).apply(ctx)


def by_another(ctx: Context, name: str, value: Any) -> None:
    ctx.change_profile(REF, lambda one: with_value(one, name, value))


def test_the_later_of_two_about_one_setting_is_told_the_others_choice_and_may_put_in_the_own(
    ctx: Context, told: dict[str, Any]
) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "settings-seen")
    by_another(ctx, "window", 20)
    leave(ctx, "window", 30, seen)
    assert settings_of(profile(ctx)).window == 20
    question = str(told["undo-bar"])
    assert "Weeks to learn from: meanwhile somebody else, or another window of yours, chose “20”" in question
    assert "Put “30” in its place?" in question
    # The page is made anew, with the other's choice.
    assert "data" in told["changed"]
    assert ctx.undo is not None
    ctx.undo()
    assert settings_of(profile(ctx)).window == 30


def test_settings_that_nobody_else_touched_are_saved_without_a_word(ctx: Context, told: dict[str, Any]) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "settings-seen")
    by_another(ctx, "stale_days", 3)
    leave(ctx, "window", 30, seen)
    kept = settings_of(profile(ctx))
    assert (kept.window, kept.stale_days) == (30, 3)
    assert "meanwhile" not in str(told["undo-bar"])
    # The form knows its own change: the next one is no surprise.
    leave(ctx, "window", 31, told["settings-seen"]["data"])
    assert settings_of(profile(ctx)).window == 31
    # But the other's it does not show yet.
    leave(ctx, "stale_days", 9, told["settings-seen"]["data"])
    assert settings_of(profile(ctx)).stale_days == 3


def test_who_chose_the_same_is_asked_nothing(ctx: Context, told: dict[str, Any]) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "settings-seen")
    by_another(ctx, "window", 20)
    leave(ctx, "window", 20, seen)
    assert settings_of(profile(ctx)).window == 20
    assert "undo-bar" not in told


def test_a_deadline_that_another_set_meanwhile_is_not_overwritten_unseen(ctx: Context) -> None:
    seen = shown(ctx, answer.layout, "/", "deadline-seen")
    deadline.set_day(ctx, REF, date(2031, 12, 24))
    effects = deadline_form.set_deadline(ctx, "1 Nov 2031", SEARCH, seen)
    assert effects is not None
    assert effects.ask is not None
    assert "chose “24 Dec 2031”" in effects.toast
    assert "Put “1 Nov 2031” in its place?" in effects.toast
    assert "2031-12-24" in str(ctx.backend.get_query(REF))
    effects.ask()
    assert "2031-11-01" in str(ctx.backend.get_query(REF))


def test_what_is_said_of_the_work_is_compared_field_by_field(ctx: Context) -> None:
    seen = shown(ctx, settings.layout, "/settings/project", "meant-seen")
    terms = documents.budget_of(profile(ctx))
    ctx.change_profile(REF, lambda one: documents.with_budget(one, replace(terms, total=500.0)))
    other_field = meant.saved(ctx, "budget", "currency", "CHF", SEARCH, seen)
    assert other_field.ask is None
    same_field = meant.saved(ctx, "budget", "total", 900, SEARCH, seen)
    assert same_field.ask is not None
    assert "Budget: meanwhile" in same_field.toast
    kept = documents.budget_of(profile(ctx))
    assert (kept.total, kept.currency) == (500.0, "CHF")
    same_field.ask()
    assert documents.budget_of(profile(ctx)).total == 900.0


def test_the_page_of_meanings_keeps_what_it_shows_too(ctx: Context) -> None:
    seen = shown(ctx, mapping.layout, "/data/meaning", "meant-seen")
    ctx.change_profile(REF, lambda one: documents.with_waiting(one, ("Blocked",)))
    effects = meant.saved(ctx, "waiting", "", ["On hold"], SEARCH, seen)
    assert effects.ask is not None
    assert documents.meaning_of(profile(ctx)).waiting == ("Blocked",)
