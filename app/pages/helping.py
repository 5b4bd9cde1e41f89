"""Help: what each view shows, and the words that are used."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from app.views import VIEWS
from app.web.components import card
from app.web.page import Page, Visit
from app.words import N_, _

_WORDS = (
    (
        N_("Project"),
        N_("A team or a product: its settings and its work lists. In files and on the command line a profile."),
    ),
    (N_("Work list"), N_("A body of work that is forecast, done and open. In files and on the command line a query.")),
    (
        N_("85 % sure"),
        N_("In 85 of 100 simulated futures it is done by then: a promise that is kept six times in seven."),
    ),
    (N_("Even odds"), N_("Half of the simulated futures are done by then, half are not.")),
    (N_("Scope"), N_("The amount of work, done and open.")),
    (N_("Pace"), N_("Throughput in plain words: how much is finished in a week.")),
)


def layout(visit: Visit) -> Any:
    words = [html.Div([html.Dt(name), html.Dd(meaning)]) for name, meaning in _WORDS]
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
