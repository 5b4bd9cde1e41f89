"""Help: what each view shows, and the words that are used."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from app.views import VIEWS
from app.web.components import card
from app.web.glossary import terms
from app.web.page import Page, Visit
from app.words import N_, _


def layout(visit: Visit) -> Any:
    words = [html.Div([html.Dt(name), html.Dd(meaning)]) for name, meaning in terms()]
    views = [
        html.Div([html.Dt(_name(visit, view.path, view.heading)), html.Dd(view.help)]) for view in VIEWS if view.page
    ]
    return html.Div(
        [
            html.H1(_("Help")),
            card(html.Dl(words, className="glossary"), title=_("Words")),
            card(html.Dl(views, className="glossary"), title=_("What the pages show")),
        ],
        className="page narrow",
    )


def _name(visit: Visit, path: str, heading: str) -> Any:
    return dcc.Link(heading, href=visit.href(path))


PAGE = Page("/help", N_("Help"), layout, needs_data=False)
