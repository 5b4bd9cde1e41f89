"""The Share menu and what it fetches."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from app.factory import build, create_app
from app.output.answer_text import answer_text
from app.output.report_scripts import script_hashes
from app.output.sections import USUAL, sections
from app.web import share
from app.web.page import Visit, visit_of
from app.words.formats import formats_for
from tests.pages.reading import properties, texts
from tests.pages.sample import empty_context, sample_context

pytestmark = pytest.mark.slow

FORMATS = formats_for(["en-GB"])


def visit(search: str = "") -> Visit:
    return visit_of(sample_context(deadline="2026-05-31"), search, formats_for(["en-GB"]))


def fetched(address: str) -> Any:
    return create_app(sample_context(deadline="2026-05-31")).server.test_client().get(address)


def test_the_answer_is_copied_as_it_stands_on_top_of_a_report() -> None:
    here = visit()
    assert properties(share.menu(here), "data-copy") == [answer_text("All & more", here.scene())]


def test_a_report_of_what_is_looked_at_offers_all_sections_with_the_usual_ones_ticked() -> None:
    (text,) = properties(share.menu(visit("?profile=p&query=q&as-of=2026-03-16")), "data-report")
    offered = json.loads(text)
    assert [name for name, _, _ in offered["sections"]] == list(sections())
    assert [name for name, _, is_ticked in offered["sections"] if is_ticked] == list(USUAL)
    assert offered["address"] == "/_report?profile=p&query=q&as-of=2026-03-16"


def test_nothing_is_shared_where_there_is_nothing() -> None:
    assert share.menu(visit_of(empty_context(), "", formats_for([]))) == []


def test_the_report_has_the_ticked_sections_of_the_day_looked_at() -> None:
    answer = fetched("/_report?profile=p&query=q&as-of=2026-03-16&section=signals&section=progress&summaries=no")
    text = answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report.html"'
    assert re.findall(r'data-section="([^"]+)"', text) == ["signals", "progress"]
    assert "As of 16 Mar 2026" in text
    assert "&lt;img src=x&gt;" not in text


def test_a_report_of_what_is_not_there_is_not_found() -> None:
    assert fetched("/_report?section=wether").status_code == 404
    assert fetched("/_report?profile=gone&query=gone").status_code == 404


def test_a_preview_may_run_the_scripts_of_a_report_and_no_other() -> None:
    hashes = create_app(sample_context()).csp_hashes()
    assert set(script_hashes()) <= set(hashes)


def test_paper_carries_project_work_list_and_day() -> None:
    ctx = sample_context()
    with create_app(ctx).server.test_request_context("/", headers={"Accept-Language": "en-GB"}):
        page = build(ctx, "/", "?profile=p&query=q&as-of=2026-03-16").page
    assert properties(page, "data-paper") == ["Team <b> › All & more · As of 16 Mar 2026"]


def test_a_picture_carries_from_when_its_data_are_too() -> None:
    ctx = sample_context()
    with create_app(ctx).server.test_request_context("/", headers={"Accept-Language": "en-GB"}):
        page = build(ctx, "/", "?profile=p&query=q&as-of=2026-03-16").page
    assert properties(page, "data-source") == ["Team <b> › All & more · As of 16 Mar 2026 · Data of 30 Mar 2026"]


@pytest.mark.parametrize(
    ("path", "charts"), [("/", ["progress"]), ("/flow/throughput", ["throughput"]), ("/issues", [])]
)
def test_each_chart_of_a_page_says_what_it_is_to_the_menu_that_passes_it_on(path: str, charts: list[str]) -> None:
    ctx = sample_context()
    with create_app(ctx).server.test_request_context(path, headers={"Accept-Language": "en-GB"}):
        page = build(ctx, path, "?profile=p&query=q&days=all").page
    assert properties(page, "data-chart") == charts
    assert properties(page, "data-csv") == [f"/_csv/{name}?profile=p&query=q&days=all" for name in charts]


def test_the_data_behind_are_tables_of_the_issues_and_of_every_view_that_says_something() -> None:
    import csv
    import io
    import zipfile

    visit = visit_of(sample_context(), "?profile=p&query=q", FORMATS)
    with zipfile.ZipFile(io.BytesIO(share.tables_of(visit))) as archive:
        names = set(archive.namelist())
        rows = list(csv.reader(io.StringIO(archive.read("issues.csv").decode("utf-8-sig"))))
    assert {"issues.csv", "throughput.csv", "progress.csv"} <= names
    assert len(rows) == 1 + len(visit.analysis.items)


def test_the_menu_offers_a_bundle_and_the_data_behind() -> None:
    text = texts(share.menu(visit_of(sample_context(), "?profile=p&query=q", FORMATS)))
    assert {"A bundle for another Burndown", "The data behind: CSV tables", "Print or PDF"} <= set(text)
