"""A day on which far more was closed than usual: the answer without it is one click away, and can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.context import Context
from app.domain.forecast import Forecast
from app.domain.known import Sweeps
from app.pages import answer
from app.views import view
from app.web import bar, view_page
from app.web.page import Visit, visit_of
from app.web.parts import sweep_days
from app.words.formats import formats_for
from store.records import Category, Change, Issue
from tests.pages.reading import links, texts
from tests.pages.sample import NOW, REF, sample_context

FORMATS = formats_for(["en-GB"])
HERE = "?profile=p&query=q"


@pytest.fixture
def request_of_a_browser() -> Iterator[None]:
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


def swept_context() -> Context:
    """The sample of two a week, and sixty that were closed on one day five weeks ago."""
    ctx = sample_context()
    begin, day = NOW - timedelta(weeks=14), NOW - timedelta(weeks=5, days=4)
    keys = [f"T-{at}" for at in range(60)]
    issues = [Issue(key, "Old", "Story", "Done", Category.DONE, begin, day, resolved=day) for key in keys]
    ctx.backend.upsert_issues(REF, issues, [Change(key, day, "status", "To Do", "Done") for key in keys])
    return ctx


def looked_at(ctx: Context, more: str = "", path: str = "/") -> Visit:
    return visit_of(ctx, HERE + more, FORMATS, path)


def sure(visit: Visit) -> str:
    result = visit.analysis.forecast
    assert isinstance(result, Forecast)
    return FORMATS.short(result.dates[85])


def test_where_no_day_stands_out_nothing_is_said() -> None:
    assert sweep_days.line(looked_at(sample_context())) == []


@pytest.mark.slow
def test_the_answer_offers_itself_without_the_day_and_says_what_it_would_be() -> None:
    visit = looked_at(swept_context())
    page = answer.layout(visit)
    without = sure(looked_at(visit.ctx, "&sweeps=leave-out"))
    assert without != sure(visit)
    assert f": 85 % sure by {without}. " in [text.replace("\u202f", " ") for text in texts(page)]
    assert f"/{HERE}&sweeps=leave-out" in links(page)


def test_throughput_offers_the_same() -> None:
    visit = looked_at(swept_context(), path="/flow/throughput")
    page = view_page.layout(visit, view("throughput"))
    assert f"/flow/throughput{HERE}&sweeps=leave-out" in links(page)
    assert "Always leave it out" in texts(page)


def test_what_is_left_out_is_no_more_said_to_raise_the_pace() -> None:
    def notes(more: str = "") -> str:
        return " ".join(view("throughput").notes(looked_at(swept_context(), more).scene()))

    assert "the pace looks higher than it is" in notes()
    assert "the pace looks higher than it is" not in notes("&sweeps=leave-out")
    assert "They are left out of the pace" in notes("&sweeps=leave-out")


def test_seen_without_the_day_the_way_back_is_beside_it_and_in_the_bar() -> None:
    visit = looked_at(swept_context(), "&sweeps=leave-out")
    assert f"/{HERE}" in links(sweep_days.line(visit))
    assert "Keep it so" in texts(sweep_days.line(visit))
    assert "Without days of tidying up" in texts(bar.build(visit))
    assert "sweeps=leave-out" in visit.href("/plan/progress")


@pytest.mark.usefixtures("request_of_a_browser")
def test_what_is_kept_is_the_projects_setting_until_it_is_undone() -> None:
    ctx = swept_context()
    before, without = sure(looked_at(ctx)), sure(looked_at(ctx, "&sweeps=leave-out"))
    effects = sweep_days.keep(ctx, {"value": "leave-out"}, "/", HERE + "&sweeps=leave-out")
    assert effects.go == f"/{HERE}"
    assert sure(looked_at(ctx)) == without
    assert looked_at(ctx).analysis.params.sweeps is Sweeps.LEAVE_OUT
    assert f"/{HERE}&sweeps=count" in links(sweep_days.line(looked_at(ctx)))
    assert effects.undo is not None
    effects.undo()
    assert sure(looked_at(ctx)) == before
