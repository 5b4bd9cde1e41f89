"""What is put together: each file is there once, in its order; the starting page loads the same."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pytest

from app.early import BUNDLES, CHANGES, OURS, STYLES, bundle, changed, original, tags
from app.factory import create_app
from app.web.bundled import Bundles
from tests.pages.sample import sample_context

HTML = (
    '<script src="/_dash-component-suites/a/one.v1_2m345.min.js?m=1"></script>\n'
    '<script src="/_dash-component-suites/a/two.js"></script>\n'
    '<script src="/assets/ours.js?m=2"></script>\n<script src="/_dash-component-suites/b/three.js"></script>'
)
FILES = {"/a.js": ("a/one.min.js", "a/two.js"), "/b.js": ("b/three.js",)}


def sources(html: str) -> list[str]:
    return re.findall(r'<script src="([^"]+)"', html)


def page_of_the_app() -> str:
    html: str = create_app(sample_context()).server.test_client().get("/").get_data(as_text=True)
    return html


def test_each_run_of_libraries_that_is_known_is_one_script_and_ours_stay_between() -> None:
    addresses = sources(Bundles(FILES).tags(HTML))
    assert [source.partition("?m=")[0] for source in addresses] == ["/a.js", "/assets/ours.js", "/b.js"]


def test_what_is_no_list_of_scripts_is_left_alone() -> None:
    other = HTML + "<script>let a;</script>"
    assert Bundles(FILES).tags(other) == other


def test_libraries_that_are_not_known_are_loaded_their_own_way() -> None:
    assert Bundles().tags(HTML) == HTML


def test_the_page_asks_for_few_scripts_and_gets_all_of_their_content() -> None:
    client = create_app(sample_context()).server.test_client()
    addresses = sources(client.get("/").get_data(as_text=True))
    bundles = [source for source in addresses if "/all.js" in source]
    assert len(bundles) == 3
    assert not [source for source in addresses if "_dash-component-suites" in source and "/all.js" not in source]
    packed, plain = (client.get(bundles[0], headers={"Accept-Encoding": kind}) for kind in ("gzip", "identity"))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert b"dash_mantine_components" in plain.data
    assert "immutable" in packed.headers["Cache-Control"]
    last = client.get(bundles[-1], headers={"Accept-Encoding": "gzip"})
    assert b"dash_html_components" in gzip.decompress(last.data)
    assert len(packed.data) + len(last.data) < 900_000


def test_our_style_sheets_are_one_in_their_order_and_sent_small() -> None:
    client = create_app(sample_context()).server.test_client()
    page = client.get("/").get_data(as_text=True)
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    packed, plain = (client.get(address, headers={"Accept-Encoding": kind}) for kind in ("gzip", "identity"))
    assert plain.mimetype == "text/css"
    assert gzip.decompress(packed.data) == plain.data
    # The frame's come last: they go before the others where both say something.
    assert 0 < plain.data.index(b".text-button") < plain.data.index(b".below-table")
    assert "immutable" in packed.headers["Cache-Control"]


def test_a_style_sheet_that_is_not_ours_leaves_all_of_them_alone() -> None:
    other = '<link rel="stylesheet" href="/assets/a.css?m=1">\n<link rel="stylesheet" href="/elsewhere/b.css">'
    assert Bundles().style_tags(other) == other


def test_what_the_starting_page_loads_is_what_the_page_names() -> None:
    page = page_of_the_app()
    early = [unescape(address) for address in re.findall(r'(?:src|href)="([^"]+)"', tags())]
    assert len(early) == 6
    assert set(early) <= set(re.findall(r'(?:src|href)="([^"]+)"', page))
    # What it does not load early it need not wait for either.
    assert len(re.findall(r"<script[^>]* src=", page)) + page.count('rel="stylesheet"') == 6


def test_every_script_and_style_sheet_of_ours_is_in_its_bundle_once() -> None:
    scripts, styles = (gzip.decompress(bundle(path)) for path in (OURS, STYLES))
    assert scripts.count(b"window.burndownWords = ") == 1
    assert scripts.index(b"/_alive?page=") < scripts.index(b"window.burndownWords = ")
    assert set(BUNDLES[STYLES]) == {"burndown.css", "chart.css", "frame.css"}
    assert styles.index(b".text-button") < styles.index(b".below-table")


def test_the_part_that_draws_a_chart_comes_along() -> None:
    dash = next(path for path in BUNDLES if path.endswith("/dcc/all.js"))
    assert b"webpackChunkdash_core_components" in gzip.decompress(bundle(dash)).rpartition(b"\n;\n")[2]


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_library_is_to_say_otherwise_stands_in_this_version_of_it_and_is_sent(name: str) -> None:
    path = next(path for path, names in BUNDLES.items() if name in names)
    there, sent = original(name), gzip.decompress(bundle(path))
    for old, new in CHANGES[name]:
        assert there.count(old) == 1
        assert sent.count(new) == 1
    assert there not in sent


def test_a_library_of_another_form_stays_as_it_is() -> None:
    pairs = ((b"a", b"(a"), (b"z", b"z)"))
    assert changed(b"a..z", pairs) == b"(a..z)"
    assert changed(b"a..y", pairs) == b"a..y"
    assert changed(b"a..zz", pairs) == b"a..zz"
