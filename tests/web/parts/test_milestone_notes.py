"""Dated notes of milestones: entered on their page, shown with their day, removed, and each taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.actions import milestones
from app.context import Context
from app.errors import BadInput
from app.views import view
from app.web import view_page
from app.web.page import Visit, visit_of
from app.web.parts import milestone_notes
from app.web.parts.milestone_form import as_shown
from app.words.formats import formats_for
from tests.pages.reading import put, texts
from tests.pages.sample import NOW, REF, sample_context

HERE, PATH = "?profile=p&query=q", "/plan/milestones"
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def request_of_a_browser() -> Iterator[None]:
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


@pytest.fixture
def ctx() -> Context:
    return sample_context()


def looked_at(ctx: Context) -> Visit:
    return visit_of(ctx, HERE, formats_for(["en-GB"]), PATH)


def seen(ctx: Context) -> Any:
    return as_shown(ctx.backend.list_milestones("p"))


def notes(ctx: Context) -> tuple[str, ...]:
    return ctx.backend.list_milestones("p")[0].notes


def page(ctx: Context) -> str:
    return " ".join(texts(view_page.layout(looked_at(ctx), view("milestones"))))


def test_a_note_is_kept_with_its_day_and_shown_on_the_page_and_in_the_panel(ctx: Context) -> None:
    assert "Add note" in page(ctx)
    effects = milestone_notes.add(ctx, "0", " Hall  is booked ", PATH, HERE, seen(ctx))
    assert notes(ctx) == (f"{TODAY.isoformat()} Hall is booked",)
    shown = f"{formats_for(['en-GB']).short(TODAY)} · Hall is booked"
    assert shown in page(ctx)
    visit = looked_at(ctx)
    behind = visit.behind(visit.scene(), "milestone:0")
    assert behind is not None
    assert ("Note", shown) in behind.inputs
    assert effects.undo is not None
    effects.undo()
    assert notes(ctx) == ()


def test_it_is_dated_by_the_day_where_the_work_is_counted() -> None:
    ctx = sample_context(time_zone="Pacific/Kiritimati")
    milestone_notes.add(ctx, "0", "Late", PATH, HERE, seen(ctx))
    assert notes(ctx) == (f"{(TODAY + timedelta(days=1)).isoformat()} Late",)


def test_one_of_several_is_removed_and_comes_back(ctx: Context) -> None:
    for text in ("One", "Two", "Three"):
        milestones.note(ctx, REF, 0, text, TODAY)
    before = notes(ctx)
    which = {"type": "remove-note", "at": 0, "number": 1}
    effects = milestone_notes.remove(ctx, which, PATH, HERE, seen(ctx))
    assert notes(ctx) == (before[0], before[2])
    assert effects.undo is not None
    effects.undo()
    assert notes(ctx) == before


@pytest.mark.parametrize(
    ("text", "wrong"), [(None, "needs a text"), (" \n", "needs a text"), ("x" * 301, "300 characters at most")]
)
def test_a_text_that_is_none_or_too_long_is_refused_at_its_field(ctx: Context, text: str | None, wrong: str) -> None:
    effects = milestone_notes.add(ctx, "0", text, PATH, HERE, seen(ctx))
    assert wrong in put(effects, "note-text", "error")
    assert effects.toast == ""
    assert notes(ctx) == ()
    milestone_notes.add(ctx, "0", "x" * 300, PATH, HERE, seen(ctx))
    assert len(notes(ctx)) == 1


def test_on_a_page_that_is_older_than_the_milestone_nothing_is_noted_or_removed(ctx: Context) -> None:
    milestones.note(ctx, REF, 0, "One", TODAY)
    old = seen(ctx)
    milestones.note(ctx, REF, 0, "Two", TODAY)
    before = notes(ctx)
    added = milestone_notes.add(ctx, "0", "Mine", PATH, HERE, old)
    assert "was changed meanwhile" in put(added, "note-text", "error")
    removed = milestone_notes.remove(ctx, {"at": 0, "number": 0}, PATH, HERE, old)
    assert "was changed meanwhile" in removed.toast
    assert removed.undo is None
    assert notes(ctx) == before


def test_a_note_goes_to_the_milestone_that_the_page_shows_there_wherever_it_stands_by_now(ctx: Context) -> None:
    milestones.add(ctx, REF, "Gala", (NOW + timedelta(days=60)).date())
    old = seen(ctx)
    milestones.remove(ctx, REF, 0)
    milestone_notes.add(ctx, "1", "Booked", PATH, HERE, old)
    (gala,) = ctx.backend.list_milestones("p")
    assert (gala.name, gala.notes) == ("Gala", (f"{TODAY.isoformat()} Booked",))


@pytest.mark.parametrize("at", [None, "x", "-1", {}, "²"])
def test_what_no_page_sends_is_refused_in_words(ctx: Context, at: Any) -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        milestone_notes.add(ctx, at, "Text", PATH, HERE, seen(ctx))
    with pytest.raises(BadInput, match="cannot be used"):
        milestone_notes.remove(ctx, {"at": 0, "number": at}, PATH, HERE, seen(ctx))


def test_without_a_milestone_there_is_nothing_to_note_on(ctx: Context) -> None:
    ctx.backend.replace_milestones("p", [])
    assert "Add note" not in page(ctx)
