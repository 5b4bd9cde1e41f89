"""The menu to pass something on: the answer as text, the page on paper."""

from __future__ import annotations

from typing import Any

from dash import html

from app.domain.forecast import Forecast
from app.formats import Formats
from app.web.page import Visit


def menu(visit: Visit) -> list[Any]:
    if visit.query is None:
        return []
    copy = html.Button("Copy the answer as text", className="text-button", **{"data-copy": answer(visit)})
    on_paper = html.Button("Print or PDF", className="text-button", **{"data-do": "print"})
    return [html.Details([html.Summary("Share"), html.Div([copy, on_paper], className="menu-body")], className="menu")]


def answer(visit: Visit) -> str:
    """The answer in a line, to be pasted anywhere."""
    analysis, formats = visit.analysis, visit.formats
    name = visit.query.name if visit.query else ""
    result = analysis.forecast
    if not isinstance(result, Forecast):
        return f"{name}: {result.reason} As of {formats.short(analysis.as_of)}."
    sure = result.dates.get(85)
    said = f"{formats.rate(0.85)} sure by {formats.short(sure)}" if sure else "no date can be given"
    return f"{name}: {said}{_deadline(visit, formats)}. As of {formats.short(analysis.as_of)}."


def _deadline(visit: Visit, formats: Formats) -> str:
    analysis = visit.analysis
    if analysis.params.deadline is None or analysis.chance is None:
        return ""
    return f"; deadline {formats.short(analysis.params.deadline)}: {formats.share(analysis.chance)}"
