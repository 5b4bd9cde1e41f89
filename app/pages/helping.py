"""Help: what each view shows, and the words that are used."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from app.views import VIEWS
from app.web.components import card
from app.web.page import Page, Visit

_WORDS = (
    ("Project", "A team or a product: its settings and its work lists. In files and on the command line a profile."),
    ("Work list", "A body of work that is forecast, done and open. In files and on the command line a query."),
    ("85 % sure", "In 85 of 100 simulated futures it is done by then: a promise that is kept six times in seven."),
    ("Even odds", "Half of the simulated futures are done by then, half are not."),
    ("Scope", "The amount of work, done and open."),
    ("Pace", "Throughput in plain words: how much is finished in a week."),
)


def layout(visit: Visit) -> Any:
    words = [html.Div([html.Dt(name), html.Dd(meaning)]) for name, meaning in _WORDS]
    views = [
        html.Div([html.Dt(_name(visit, view.path, view.heading)), html.Dd(view.help)]) for view in VIEWS if view.page
    ]
    return html.Div(
        [
            html.H1("Help"),
            card(html.Dl(words, className="glossary"), title="Words"),
            card(html.Dl(views, className="glossary"), title="What the pages show"),
        ],
        className="page narrow",
    )


def _name(visit: Visit, path: str, heading: str) -> Any:
    return dcc.Link(heading, href=visit.href(path))


PAGE = Page("/help", "Help", layout, needs_data=False)
