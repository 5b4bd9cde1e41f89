"""Of many issues what stands beside the answer comes after it, and is what it would have been at once."""

from __future__ import annotations

import json

import pytest
from dash.development.base_component import Component

from app.context import Context
from app.factory import build, create_app
from app.pages import answer
from app.web import awaited
from tests.pages.reading import components, texts
from tests.pages.sample import REF, sample_context


@pytest.fixture
def ctx(monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setattr(awaited, "MANY", 0)
    return sample_context()


def page_of(ctx: Context) -> list[Component]:
    """The first page, built before anything is derived."""
    with create_app(sample_context()).server.test_request_context("/"):
        return list(components(build(ctx, "/", "").page))


def part_of(page: list[Component], name: str) -> str:
    (part,) = [each for each in page if getattr(each, "id", "") == name]
    return _written(part.children)


def _written(part: object) -> str:
    return json.dumps(part, default=lambda inside: inside.to_plotly_json())


def test_the_answer_and_its_chart_stand_there_before_what_stands_beside_them_is_derived(ctx: Context) -> None:
    page = page_of(ctx)
    words = " ".join(text for part in page for text in texts(part))
    assert "sure by" in words
    assert [each for each in page if type(each).__name__ == "Graph"]
    assert not ctx.analysis(REF).has("last_week")
    assert not ctx.analysis(REF).has("insights")
    assert "Moved since" not in words
    assert words.count("One moment.") >= 2


def test_what_comes_after_is_what_would_have_come_at_once(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    page_of(ctx)
    with create_app(sample_context()).server.test_request_context("/"):
        effects = answer.show_beside(ctx, "")
    monkeypatch.setattr(awaited, "MANY", 1_000_000)
    page = page_of(sample_context())
    assert effects is not None
    later = {part: _written(put["children"]) for part, put in effects.put.items()}
    assert "Moved since" in later["what-moved"]
    assert later == {part: part_of(page, part) for part in ("what-moved", "what-stands-out")}


def test_a_deadline_tells_of_last_week_so_that_what_moved_stands_there_at_once(ctx: Context) -> None:
    with_deadline = sample_context(deadline="2026-06-30")
    page = page_of(with_deadline)
    assert "Moved since" in part_of(page, "what-moved")
    assert "One moment." in part_of(page, "what-stands-out")


def test_what_is_derived_already_is_waited_for_by_no_page(ctx: Context) -> None:
    awaited.derive_beside(ctx.analysis(REF))
    assert "awaited" not in [getattr(each, "id", "") for each in page_of(ctx)]


def test_few_issues_are_shown_in_one_go() -> None:
    page = page_of(sample_context())
    assert "Moved since" in part_of(page, "what-moved")
    assert "One moment." not in part_of(page, "what-stands-out")
