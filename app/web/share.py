"""The menu to pass something on: the answer as text, a report as a file, the page on paper."""

from __future__ import annotations

import json
from typing import Any

from dash import html

from app.output.answer_text import answer_text
from app.output.sections import USUAL, sections
from app.web.page import Visit
from app.words import _


def menu(visit: Visit) -> list[Any]:
    if visit.query is None:
        return []
    said = answer_text(visit.query.name, visit.scene())
    copy = html.Button(_("Copy the answer as text"), className="text-button", **{"data-copy": said})
    on_paper = html.Button(_("Print or PDF"), className="text-button", **{"data-do": "print"})
    body = html.Div([copy, _report(visit), on_paper], className="menu-body")
    return [html.Details([html.Summary(_("Share")), body], className="menu")]


def _report(visit: Visit) -> Any:
    """The sections to be ticked; our script draws them, since no component of the library is a plain form."""
    offered = [[one.name, _(one.title), one.name in USUAL] for one in sections().values()]
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
