"""An old history in a second list: offered on Sources, joined, kept apart, and found by its old key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.actions import joins as joining
from app.actions.files import import_file
from app.context import Context
from app.errors import BadInput
from app.pages import data, issues
from app.web.page import visit_of
from app.web.parts import joins
from store.records import Profile, QueryRef
from tests.actions.test_joins import OLD, new_file
from tests.pages.reading import texts
from tests.pages.sample import NOW, empty_context
from tests.web.parts.test_sources import FORMATS, of_kind, search


@pytest.fixture(autouse=True)
def request_of_a_browser() -> Iterator[None]:
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield


@pytest.fixture
def ctx() -> Context:
    result = empty_context()
    result.backend.save_profile(Profile("p", "Team", NOW, NOW, forecast_settings={"time_zone": "UTC"}))
    return result


@pytest.fixture
def lists(ctx: Context) -> tuple[QueryRef, QueryRef]:
    # Two of the new tracker have the title of the same two old ones, and nothing that tells them apart.
    doubtful = "OLD-9,Twin,Open,2025-09-01,\nOLD-10,Twin,Open,2025-09-02,\n"
    twins = b"LIN-30,Twin,Todo,2026-03-02,,\nLIN-31,Twin,Todo,2026-03-02,,\n"
    old = import_file(ctx, (OLD + doubtful).encode(), "old.csv", profile_id="p", query_name="Before").ref
    return old, import_file(ctx, new_file() + twins, "new.csv", profile_id="p", query_name="Now").ref


def test_it_is_offered_with_what_it_would_do(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    page = data.layout(visit_of(ctx, search(lists[1]), FORMATS, "/data/sources"))
    words = " ".join(texts(page))
    assert "7 issues of “Before” are in “Now” as well" in words
    assert "the new issue names the old key 7" in words
    assert "only in Before 1" in words
    assert "in doubt, kept apart 1" in words
    assert "OLD-9, OLD-10 ↔ LIN-30, LIN-31: Twin" in words
    assert "3 open issues did not come along: they leave the scope on 2 Mar" in words


def test_joined_by_its_button_and_undone(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    visit = visit_of(ctx, search(lists[0]), FORMATS, "/data/sources")
    (button,) = of_kind(joins.section(visit), "join-lists")
    done = joins.join(ctx, button.id, search(lists[0]))
    assert done.go == "/data/sources" + search(lists[1])
    page = joins.section(visit_of(ctx, search(lists[1]), FORMATS, "/data/sources"))
    assert "“Before” goes on in “Now”." in texts(page)
    assert not of_kind(page, "join-lists")
    assert done.undo is not None
    done.undo()
    assert of_kind(joins.section(visit), "join-lists")


def test_kept_apart_by_its_button_and_offered_again_by_undo(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    visit = visit_of(ctx, search(lists[1]), FORMATS, "/data/sources")
    (button,) = of_kind(joins.section(visit), "keep-apart")
    done = joins.keep_apart(ctx, button.id, search(lists[1]))
    assert joins.section(visit) == []
    assert done.undo is not None
    done.undo()
    assert len(of_kind(joins.section(visit), "keep-apart")) == 1


def test_what_is_joined_can_be_parted_on_the_page(ctx: Context, lists: tuple[QueryRef, QueryRef]) -> None:
    joining.join(ctx, *lists)
    (button,) = of_kind(joins.section(visit_of(ctx, search(lists[1]), FORMATS, "/data/sources")), "part-lists")
    joins.part(ctx, button.id, search(lists[1]))
    assert joining.joined_lists(ctx, "p") == []


def test_the_page_of_an_issue_shows_its_old_key_and_opens_under_it(
    ctx: Context, lists: tuple[QueryRef, QueryRef]
) -> None:
    joining.join(ctx, *lists)
    for key in ("LIN-13", "OLD-3"):
        words = texts(issues.issue(visit_of(ctx, search(lists[1]), FORMATS, f"/issues/{key}")))
        assert "LIN-13" in words
        assert "Earlier key" in " ".join(words)


@pytest.mark.parametrize("which", ["", "0", "a/b/c", "/"])
def test_a_click_that_no_page_of_ours_sends_is_refused_in_words(
    ctx: Context, lists: tuple[QueryRef, QueryRef], which: str
) -> None:
    for act in (joins.join, joins.keep_apart, joins.part):
        with pytest.raises(BadInput):
            act(ctx, {"which": which}, search(lists[1]))
