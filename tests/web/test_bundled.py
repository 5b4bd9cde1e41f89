"""The scripts of the libraries, put together: each is there once, in its order, around our own."""

from __future__ import annotations

import gzip
import re

from app.factory import create_app
from app.web.bundled import Bundles
from tests.pages.sample import sample_context

HTML = (
    '<script src="/_dash-component-suites/a/one.js"></script>\n'
    '<script src="/_dash-component-suites/a/two.js"></script>\n'
    '<script src="/assets/ours.js"></script>\n<script src="/_dash-component-suites/b/three.js"></script>'
)


def sources(html: str) -> list[str]:
    return re.findall(r'<script src="([^"]+)"', html)


def test_each_run_of_libraries_is_one_script_and_ours_stay_between() -> None:
    found = sources(Bundles(lambda package, path: b"").tags(HTML))
    assert [source.partition("?")[0] for source in found] == [
        "/_dash-component-suites/dash_mantine_components/all.js",
        "/assets/ours.js",
        "/_dash-component-suites/dash/dcc/all.js",
    ]


def test_what_is_no_list_of_scripts_is_left_alone() -> None:
    other = HTML + "<script>let a;</script>"
    assert Bundles(lambda package, path: b"").tags(other) == other


def test_the_page_asks_for_few_scripts_and_gets_all_of_their_content() -> None:
    client = create_app(sample_context()).server.test_client()
    page = client.get("/").get_data(as_text=True)
    bundles = [source for source in sources(page) if "/all.js" in source]
    assert len(bundles) == 2
    assert not [source for source in sources(page) if "_dash-component-suites" in source and "/all.js" not in source]
    packed, plain = (client.get(bundles[0], headers={"Accept-Encoding": kind}) for kind in ("gzip", "identity"))
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert b"dash_mantine_components" in plain.data
    assert "immutable" in packed.headers["Cache-Control"]
    last = client.get(bundles[1], headers={"Accept-Encoding": "gzip"})
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
    assert Bundles(lambda package, path: b"").style_tags(other) == other


def test_without_a_page_before_it_a_bundle_is_not_there() -> None:
    client = create_app(sample_context()).server.test_client()
    assert client.get("/_dash-component-suites/dash/dcc/all.js").status_code == 404
