"""The menu to pass something on: the answer as text, a report as a file, the page on paper."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from dash import State, dcc, html

from app.context import Context
from app.output.answer_text import answer_text
from app.output.csv import to_csv
from app.output.sections import USUAL, sections
from app.views import VIEWS
from app.views.view import Rows
from app.web import fetched
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts import bundle_forms
from app.words import Reader, _, read_by
from store import files


def menu(visit: Visit) -> list[Any]:
    if visit.query is None:
        return []
    answer = answer_text(visit.query.name, visit.scene())
    copy = html.Button(_("Copy the answer as text"), className="text-button", **{"data-copy": answer})
    on_paper = html.Button(_("Print or PDF"), className="text-button", **{"data-do": "print"})
    bundle = html.Button(_("A bundle for another Burndown"), id="share-bundle", className="text-button", n_clicks=0)
    tables = html.Button(_("The data behind: CSV tables"), id="share-tables", className="text-button", n_clicks=0)
    # Which charts the page has, our script sees when the menu is opened: some come after the page.
    charts = html.Div(className="share-charts")
    body = html.Div(
        [copy, _report(visit), on_paper, charts, tables, bundle, dcc.Download(id="share-download")],
        className="menu-body",
    )
    return [html.Details([html.Summary(_("Share")), body], className="menu")]


def _report(visit: Visit) -> Any:
    """The sections to be ticked; our script draws them, since no component of the library is a plain form."""
    offered = [[section.name, _(section.title), section.name in USUAL] for section in sections().values()]
    data = {
        "address": visit.href("/_report"),
        "name": f"{visit.query.name if visit.query else ''}",
        "sections": offered,
    }
    return html.Details(
        [
            html.Summary(_("Report: one HTML file …")),
            html.Div(className="report-field", **{"data-report": json.dumps(data)}),
        ]
    )


# -- what is saved --------------------------------------------------------------------------------------

PART = Page("", "", lambda visit: None)


@PART.click("share-bundle", State(URL, "search"))
def save_bundle(ctx: Context, search: str) -> Effects | None:
    """The project as one file."""
    profile = visit_of(ctx, search, browser_formats()).profile
    if profile is None:
        return None
    return _download(ctx, "burndown-" + bundle_forms.plain_name(profile.name), bundle_forms.packed(ctx, [profile.id]))


@PART.click("share-tables", State(URL, "search"))
def save_tables(ctx: Context, search: str) -> Effects | None:
    """Every table behind what the address looks at."""
    visit = visit_of(ctx, search, browser_formats())
    if visit.query is None:
        return None
    return _download(ctx, bundle_forms.plain_name(visit.query.name), tables_of(visit), kind="-csv")


def _download(ctx: Context, name: str, data: bytes, kind: str = "") -> Effects:
    sent = dcc.send_bytes(data, f"{name}-{ctx.clock():%Y-%m-%d}{kind}.zip")
    return Effects(put={"share-download": {"data": sent}})


def tables_of(visit: Visit) -> bytes:
    """A zip of CSV files: the issues, and the numbers behind each view that has something to say.

    In English, and the same as the command line gives.
    """
    stream = io.BytesIO()
    with read_by(Reader()), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        scene = visit.scene()
        files.add_to_zip(archive, "issues.csv", _csv(fetched.issues_of(scene, "scope")))
        for view in VIEWS:
            if view.rows is not None and view.needs(scene.analysis) is None:
                files.add_to_zip(archive, f"{view.id}.csv", _csv(view.rows(scene)))
    return stream.getvalue()


def _csv(rows: Rows) -> bytes:
    return to_csv(rows.header, rows.cells).encode("utf-8-sig")
