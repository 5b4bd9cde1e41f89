"""Whoever asks is told the same: the file of a page, that of the command line, and the report, view by view."""

from __future__ import annotations

import csv
import html
import io
from pathlib import Path

from app.cli.folder import reading
from app.domain.analysis import SUBJECTS
from app.factory import create_app
from app.output.csv import to_csv
from app.output.sections import _written
from app.views import VIEWS
from app.web.page import visit_of
from app.words.formats import Formats
from store.paths import DataFolder
from tests.cli.test_cli import Burndown
from tests.cli.test_metrics import burndown, varied  # noqa: F401 fixtures

AS_OF = "2026-03-23"


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_a_view_s_rows_are_the_same_on_its_page_on_the_command_line_and_in_the_report(varied: Burndown) -> None:  # noqa: F811
    compared = set()
    with reading(DataFolder(Path(varied.folder), "argument", writable=True)) as ctx:
        query = ctx.backend.list_queries(ctx.backend.list_profiles()[0].id)[0]
        address = f"profile={query.profile_id}&query={query.id}&as-of={AS_OF}&days=all"
        browser = create_app(ctx).server.test_client()
        scene = visit_of(ctx, f"?{address}", Formats()).scene()
        for view in VIEWS:
            if view.rows is None or view.needs(scene.analysis) is not None:
                continue
            rows = view.rows(scene)
            page = table(browser.get(f"/_csv/{view.id}?{address}").get_data().decode("utf-8-sig"))
            assert page == table(to_csv(rows.header, rows.cells)), view.id
            # A subject of the same name is told with all its parts instead.
            if view.id not in SUBJECTS:
                assert page == table(varied("data", "--panel", view.id, "--out", "-", "--as-of", AS_OF)["csv"]), view.id
            report = html.unescape(browser.get(f"/_report?{address}&section={view.id}").get_data(as_text=True))
            lacking = [cell for cells in rows.cells[-20:] for cell in cells if _written(cell, scene) not in report]
            assert lacking == [], view.id
            compared.add(view.id)
    assert compared >= {"progress", "how-much", "what-if", "scope", "age", "cycle-time", "throughput", "bugs"}
