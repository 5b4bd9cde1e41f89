"""The weeks that the forecast learns from: tried out beside the throughput, and kept there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.context import Context
from app.settings import settings_of
from app.views import view
from app.web import bar, panel, view_page
from app.web.page import Visit, visit_of
from app.web.parts import learns_from
from app.words.formats import formats_for
from tests.pages.reading import components, links, texts
from tests.pages.sample import sample_context

FORMATS = formats_for(["en-GB"])
PATH = "/flow/throughput"
SEARCH = "?profile=p&query=q"


@pytest.fixture(autouse=True)
def request_of_a_browser() -> Iterator[None]:
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


def visit(ctx: Context, more: str = "") -> Visit:
    return visit_of(ctx, SEARCH + more, FORMATS, PATH)


def kept(ctx: Context) -> int:
    profile = ctx.backend.get_profile("p")
    assert profile is not None
    return settings_of(profile).window


def test_they_are_chosen_beside_the_throughput_and_offered_to_be_kept_while_tried() -> None:
    ctx = sample_context()
    page = view_page.layout(visit(ctx), view("throughput"))
    (chosen,) = [
        component
        for component in components(page)
        if getattr(component, "id", None) == {"type": "choice", "name": "window"}
    ]
    assert chosen.value == "12"
    assert "Keep it so" not in texts(page)
    assert "Keep it so" in texts(view_page.layout(visit(ctx, "&window=8"), view("throughput")))


def test_what_is_tried_is_a_chip_and_what_is_kept_is_none() -> None:
    ctx = sample_context()
    assert "Learns from 8 weeks" in " ".join(texts(bar.build(visit(ctx, "&window=8"))))
    assert "Learns from" not in " ".join(texts(bar.build(visit(ctx, "&window=12"))))


def test_kept_they_are_the_projects_setting_until_it_is_undone() -> None:
    ctx = sample_context()
    done = learns_from.keep(ctx, PATH, SEARCH + "&window=8")
    assert kept(ctx) == 8
    assert "window" not in done.go
    assert done.undo is not None
    done.undo()
    assert kept(ctx) == 12


def test_a_week_leads_to_where_it_is_corrected() -> None:
    ctx = sample_context()
    throughput = visit(ctx).analysis.throughput
    start = throughput.weeks[0].start.isoformat()  # type: ignore[union-attr]
    opened, _title, content = panel.build(visit(ctx, f"&show=week%3A{start}"))
    assert opened
    assert any(link.startswith("/data/weeks?") for link in links(content))


def test_natural_limits_are_a_switch() -> None:
    ctx = sample_context()
    figure = view("throughput").figure
    assert figure is not None
    names = [
        {trace.get("name") for trace in (figure(visit(ctx, more).scene()) or {})["data"]}
        for more in ("", "&limits=shown")
    ]
    assert "mean" not in names[0]
    assert {"mean", "upper limit"} <= names[1]
