"""All projects: one line for each work list, the least sure first."""

from __future__ import annotations

from typing import Any

from dash import html

from app.domain.forecast import Forecast
from app.web.address import Choice
from app.web.bar import data_of
from app.web.components import data_table
from app.web.page import Page, Visit, visit_of
from store.records import Profile, Query

_HEAD = ("Project", "Work list", "85 % sure", "Deadline", "Chance", "Left", "Data of")


def layout(visit: Visit) -> Any:
    backend = visit.ctx.backend
    lines = [
        _line(visit, profile, query)
        for profile in backend.list_profiles()
        for query in backend.list_queries(profile.id)
    ]
    lines.sort(key=lambda line: line[0])
    table = data_table(_HEAD, [cells for _, cells in lines], (5,))
    return html.Div([html.H1("All projects"), html.Section(table, className="card")], className="page")


def _line(visit: Visit, profile: Profile, query: Query) -> tuple[float, list[Any]]:
    """Where it stands among the others, and its cells."""
    search = Choice(profile.id, query.id).search()
    there = visit_of(visit.ctx, search, visit.formats)
    analysis, formats = there.analysis, visit.formats
    result, chance, deadline = analysis.forecast, analysis.chance, analysis.params.deadline
    sure = result.dates.get(85) if isinstance(result, Forecast) else None
    at = data_of(there)
    cells = [
        profile.name,
        [query.name, f"/{search}"],
        formats.short(sure),
        formats.short(deadline),
        "–" if chance is None else formats.share(chance),
        formats.number(result.remaining) if isinstance(result, Forecast) else "–",
        formats.short(at.date() if at else None),
    ]
    return (2.0 if chance is None else chance), cells


PAGE = Page("/projects", "All projects", layout)
