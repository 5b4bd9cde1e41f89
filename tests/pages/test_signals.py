"""Signals: what needs a look stands first, each with its threshold and its issues; health has its parts."""

from __future__ import annotations

from datetime import timedelta

from app.domain.insights import State
from app.pages import answer, signals
from app.views import behind
from app.views.signals import in_state
from app.web.page import visit_of
from app.words.formats import formats_for
from store.records import Category, Issue
from tests.pages.reading import links, texts
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def page_of(path: str = "/signals") -> tuple[str, list[str]]:
    ctx = sample_context()
    born = NOW - timedelta(weeks=20)
    bugs = [Issue(f"B-{at}", "Broken", "Bug", "To Do", Category.TODO, NOW - timedelta(days=3), NOW) for at in range(5)]
    old = [Issue("B-9", "Old", "Bug", "To Do", Category.TODO, born, born)]
    ctx.backend.upsert_issues(REF, [*bugs, *old])
    layout = signals.layout if path == "/signals" else answer.layout
    page = layout(visit_of(ctx, "?profile=p&query=q", FORMATS, path))
    return " ".join(" ".join(texts(page)).split()), links(page)


def test_a_check_that_needs_a_look_says_what_it_found_from_where_on_and_leads_to_its_issues() -> None:
    text, addresses = page_of()
    assert "Open bugs: 6, a quarter ago 1." in text
    assert "Needs a look above 0 bugs." in text
    assert any("show=check%3Abugs" in link for link in addresses)


def test_the_answer_shows_three_at_most_and_leads_to_all_checks() -> None:
    text, addresses = page_of("/")
    assert "Open bugs: 6, a quarter ago 1." in text
    assert "/signals?profile=p&query=q" in addresses
    assert 1 <= sum("show=check" in link for link in addresses) <= 3


def test_health_stands_there_with_its_parts_and_what_is_not_known() -> None:
    text, _addresses = page_of()
    assert "of 100: each part weighed, as below." in text
    assert "no data" in text


def test_the_issues_of_a_check_are_those_it_counted() -> None:
    scene = visit_of(sample_context(), "?profile=p&query=q", FORMATS, "/signals").scene()
    for check in in_state(scene.analysis, State.OPEN):
        explanation = behind(scene, f"check:{check.rule}")
        assert explanation is not None
        assert (explanation.keys or ()) == check.keys


def test_a_check_without_data_is_neither_fine_nor_open() -> None:
    text, _addresses = page_of()
    assert "checks without data" in text
    assert "There is no deadline." in text


def test_without_data_the_page_says_so_and_how_to_bring_them() -> None:
    ctx = empty_context()
    ctx.backend.save_profile(sample_context().backend.list_profiles()[0])
    ctx.backend.save_query(sample_context().backend.list_queries("p")[0])
    assert "Add data" in texts(signals.layout(visit_of(ctx, "?profile=p&query=q", FORMATS, "/signals")))
