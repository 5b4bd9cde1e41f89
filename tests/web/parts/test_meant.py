"""What a team says of its work is saved as soon as its field is left, and refused where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.context import Context
from app.errors import BadInput
from app.pages import mapping, settings
from app.web.page import visit_of
from app.web.parts import meant
from app.words.formats import formats_for
from store import documents
from store.records import Profile
from store.settings import BudgetTerms, CycleTimeRule
from tests.pages.reading import components
from tests.pages.sample import sample_context

FORMATS = formats_for(["en-GB"])
HERE = "?profile=p&query=q"


@pytest.fixture(autouse=True)
def request_of_a_browser() -> Iterator[None]:
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


def profile_of(ctx: Context) -> Profile:
    profile = ctx.backend.get_profile("p")
    assert profile is not None
    return profile


def test_statuses_that_wait_are_those_that_are_chosen_and_undo_gives_back_their_names() -> None:
    ctx = sample_context()
    done = meant.saved(ctx, "waiting", "", ["To Do"], HERE)
    assert documents.meaning_of(profile_of(ctx)).waiting == ("To Do",)
    assert done.undo is not None
    done.undo()
    assert documents.meaning_of(profile_of(ctx)).waiting is None


def test_a_cycle_time_of_the_teams_own_is_typed_in_a_line_and_counts() -> None:
    ctx = sample_context()
    meant.saved(ctx, "cycle_times", "", "Whole: To Do > Done\nOut: > Done", HERE)
    rules = documents.cycle_time_rules_of(profile_of(ctx))
    assert rules == (
        CycleTimeRule("Whole", frozenset({"to do"}), frozenset({"done"})),
        CycleTimeRule("Out", frozenset(), frozenset({"done"})),
    )
    text = meant.cycle_times_text(rules, ["To Do", "Done"])
    assert text == "Whole: To Do > Done\nOut:  > Done"
    assert meant.saved(ctx, "cycle_times", "", text, HERE).undo is None


@pytest.mark.parametrize(
    ("piece", "field", "value", "text"),
    [
        ("cycle_times", "", "Review", "Write it like"),
        ("cycle_times", "", "Review: Nowhere > Done", "no status “Nowhere”"),
        ("budget", "total", 1e300, "cannot be an amount"),
        ("budget", "end", "gibberish", "is not understood as a day"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_saved(piece: str, field: str, value: Any, text: str) -> None:
    ctx = sample_context()
    before = profile_of(ctx)
    with pytest.raises(BadInput, match=text):
        meant.saved(ctx, piece, field, value, HERE)
    assert profile_of(ctx) == before


def test_the_budget_is_entered_field_by_field() -> None:
    ctx = sample_context()
    meant.saved(ctx, "budget", "total", 50_000, HERE)
    meant.saved(ctx, "budget", "rate_per_week", 1200.5, HERE)
    meant.saved(ctx, "budget", "start", "1 Jan 2026", HERE)
    meant.saved(ctx, "budget", "currency", "CHF", HERE)
    assert documents.budget_of(profile_of(ctx)) == BudgetTerms(50_000, 1200.5, date(2026, 1, 1), None, "CHF")
    with pytest.raises(BadInput, match="before the start"):
        meant.saved(ctx, "budget", "end", "1 Jan 2025", HERE)


def test_fields_that_a_page_brings_along_save_nothing() -> None:
    ctx = sample_context()
    pages = [
        mapping.layout(visit_of(ctx, HERE, FORMATS, "/data/meaning")),
        settings.layout(visit_of(ctx, HERE, FORMATS)),
    ]
    fields = [
        component
        for component in components(pages)
        if isinstance(getattr(component, "id", None), dict) and component.id.get("type") == "meant"
    ]
    assert {field.id["piece"] for field in fields} == {"waiting", "cycle_times", "budget"}
    for field in fields:
        done = meant.saved(ctx, field.id["piece"], field.id["field"], getattr(field, "value", None), HERE)
        assert done.undo is None, field.id


@pytest.mark.parametrize(("piece", "field"), [("window", "start"), ("budget", "no such"), ("0", "")])
def test_a_field_that_no_form_has_is_refused_in_words(piece: str, field: str) -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        meant.saved(sample_context(), piece, field, "x", HERE)
