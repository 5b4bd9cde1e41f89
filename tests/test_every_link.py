"""Every link and every number of every page leads somewhere true, with the project and the work list it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.actions import sample
from app.context import Context
from app.factory import build, create_app
from app.pages import PAGES
from app.web import fetched, former, panel
from app.web.address import choice_of
from app.web.page import visit_of
from tests.pages.reading import components, links, texts
from tests.pages.sample import empty_context, sample_context

# Hundreds of pages are built.
pytestmark = pytest.mark.slow

LOST = {"Not found", "This project is not here", "Not in this work list", "Nothing by this name"}


@pytest.fixture(scope="module", params=["sample project", "a few issues"])
def ctx(request: pytest.FixtureRequest) -> Context:
    if request.param == "a few issues":
        return sample_context(deadline="2026-04-20")
    context = empty_context()
    sample.load_sample(context)
    return context


@pytest.fixture(scope="module")
def app(ctx: Context) -> Any:
    return create_app(ctx)


@pytest.fixture(scope="module")
def seen(ctx: Context) -> set[str]:
    """Addresses that were opened: most stand on many pages, and show the same from each."""
    return set()


@pytest.fixture(scope="module")
def page_at(app: Any, ctx: Context) -> Callable[[str], Any]:
    """A page as its own address shows it, built once for all that look at it."""
    return cache(lambda path: opened(app, ctx, path))


def opened(app: Any, ctx: Context, address: str) -> Any:
    """All that an address shows, the panel too."""
    parts = urlsplit(address)
    path, search = former.leads_to(parts.path, parts.query)
    with app.server.test_request_context(path, headers={"Accept-Language": "en-GB"}):
        built = build(ctx, path, search)
        visit = visit_of(ctx, search, _formats(), path)
        return [built.page, built.nav, built.pickers, built.bar, built.gear, built.share, *panel.build(visit)]


def _formats() -> Any:
    from app.words.formats import formats_for

    return formats_for(["en-GB"])


def test_the_list_of_a_number_at_full_size_needs_no_panel(app: Any, ctx: Context) -> None:
    visit = visit_of(ctx, "?show=open", _formats(), "/issues")
    assert panel.build(visit)[0] is False


def ours(addresses: list[str]) -> Iterator[str]:
    """Addresses within the app; tables to download and links to a tracker are looked at by others."""
    return (address for address in addresses if address.startswith("/") and not address.startswith("/_"))


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_every_link_opens_something_true_of_the_same_work(
    app: Any, ctx: Context, page_at: Callable[[str], Any], seen: set[str], path: str
) -> None:
    here = page_at(path)
    for address in sorted(set(ours(links(here))) - seen):
        choice = choice_of(urlsplit(address).query)
        assert choice.ref is not None, f"{address} on {path} names no work"
        there = opened(app, ctx, address)
        assert not LOST & set(texts(there)), f"{address} on {path}"
        if show := choice.option("show"):
            scene = visit_of(ctx, urlsplit(address).query, _formats(), "/").scene()
            assert fetched.issues_of(scene, show).header
        seen.add(address)


@pytest.mark.parametrize("path", [page.path for page in PAGES])
def test_no_two_parts_of_a_page_share_an_id(page_at: Callable[[str], Any], path: str) -> None:
    ids = Counter(str(part.id) for part in components(page_at(path)) if getattr(part, "id", None) is not None)
    assert [name for name, count in ids.items() if count > 1] == []
