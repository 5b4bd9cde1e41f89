"""What an address shows that names a project, a work list or a page which is not here."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from app.web.address import Choice
from app.web.components import card, link_button
from app.web.page import Visit


def layout(visit: Visit) -> list[Any]:
    """The project or work list is gone or never was: say so, and offer what is there."""
    profile = visit.ctx.backend.get_profile(visit.choice.profile) if visit.choice.profile else None
    what = "This project is not here" if profile is None else f"This work list is not in {profile.name}"
    text = "The address names one that was deleted, or that belongs to another data folder. Here are:"
    return [_page(what, text, _places(visit))]


def _places(visit: Visit) -> list[Any]:
    backend = visit.ctx.backend
    return [
        html.Li(dcc.Link(f"{profile.name} › {query.name}", href="/" + Choice(profile.id, query.id).search()))
        for profile in backend.list_profiles()
        for query in backend.list_queries(profile.id)
    ]


def no_page(visit: Visit) -> list[Any]:
    text = "There is no page at this address. The navigation leads to all there are."
    return [_page("Not found", text, [])]


def _page(title: str, text: str, places: list[Any]) -> Any:
    more = [html.Ul(places, className="rows")] if places else []
    go = html.Div(link_button("To the answer", "/"), className="actions")
    return html.Div([html.H1(title), card(html.P(text), *more, go)], className="page narrow")
