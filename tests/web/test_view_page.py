"""A view as a page of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.context import Context
from app.pages import answer
from app.views import view
from app.web import panel, view_page
from app.web.page import visit_of
from app.words.formats import formats_for
from tests.pages.reading import components, links, properties, texts
from tests.pages.sample import REF, sample_context


def test_a_view_without_a_picture_has_its_numbers_its_file_and_its_help_all_the_same() -> None:
    visit = visit_of(sample_context(), "?profile=p&query=q", formats_for(["en-GB"]), "/flow/throughput")
    text = texts(view_page.layout(visit, replace(view("throughput"), figure=None, notes=lambda scene: ())))
    assert {"CSV", "The numbers", "What this shows"} <= set(text)
    assert "PNG" not in text


@pytest.mark.parametrize("name", ["what-if", "how-much", "milestones"])
def test_a_view_of_the_forecast_offers_old_data_as_they_were_at_their_last_finish(name: str) -> None:
    ctx = sample_context()
    later = Context(ctx.backend, ctx.jobs, ctx.profiles_dir, lambda: ctx.clock().replace(year=2027))
    visit = visit_of(later, "?profile=p&query=q", formats_for(["en-GB"]), view(name).path)
    assert f"{view(name).path}?profile=p&query=q&as-of=2026-03-30" in links(view_page.layout(visit, view(name)))


@pytest.mark.parametrize("name", ["progress", "scope", "groups", "throughput", "track-record"])
def test_what_is_counted_in_points_says_where_nothing_is_estimated_and_leads_to_items(name: str) -> None:
    ctx = sample_context()
    ctx.backend.upsert_issues(REF, [replace(issue, points=None) for issue in ctx.backend.list_issues(REF)])
    visit = visit_of(ctx, "?profile=p&query=q&unit=points", formats_for(["en-GB"]), view(name).path)
    page = view_page.layout(visit, view(name))
    assert "Nothing is estimated, so there is nothing to count in points." in texts(page)
    assert properties(page, "figure") == []
    assert f"{view(name).path}?profile=p&query=q&unit=items" in links(page)
    items = visit_of(ctx, "?profile=p&query=q", formats_for(["en-GB"]), view(name).path)
    assert view(name).needs(items.analysis) is None


def test_the_answer_draws_no_points_where_nothing_is_estimated() -> None:
    ctx = sample_context()
    ctx.backend.upsert_issues(REF, [replace(issue, points=None) for issue in ctx.backend.list_issues(REF)])
    pages = (
        answer.layout(visit_of(ctx, f"?profile=p&query=q&unit={unit}", formats_for(["en-GB"])))
        for unit in ("points", "items")
    )
    in_points, in_items = pages
    assert "Nothing is estimated, so there is nothing to count in points." in texts(in_points)
    # Nor does it tell of nothing that all of it is done.
    assert "Everything is done." not in texts(in_points)
    assert (len(properties(in_points, "figure")), len(properties(in_items, "figure"))) == (0, 1)


@pytest.mark.parametrize("choice", ["releases", "epics", "versions"])
def test_a_choice_that_has_nothing_to_show_leads_back_to_the_others(choice: str) -> None:
    search = f"?profile=p&query=q&of={choice}"
    visit = visit_of(sample_context(), search, formats_for(["en-GB"]), view("milestones").path)
    shown = links(view_page.layout(visit, view("milestones")))
    assert "/plan/milestones?profile=p&query=q&of=milestones" in shown


def test_a_list_in_the_panel_is_named_apart_from_that_of_the_page() -> None:
    visit = visit_of(sample_context(), "?profile=p&query=q&show=finished", formats_for(["en-GB"]), "/flow/throughput")
    _is_open, _title, content = panel.build(visit)
    (inside,), (below,) = (
        [part for part in components(each) if "issues" in str(getattr(part, "className", "")).split()]
        for each in (content, view_page.layout(visit, view("throughput")))
    )
    names = [getattr(part, "aria-label") for part in (inside, below)]
    assert names[0].startswith("Issues (")
    assert names[0] != names[1]
