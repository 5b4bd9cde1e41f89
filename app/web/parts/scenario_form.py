"""Keeping what is tried out, below the chart of What if, and the way back to what was kept."""

from __future__ import annotations

from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, State, dcc, html

from app.actions import scenarios
from app.context import Context
from app.domain.missing import NotEnoughData
from app.domain.scenarios import kept
from app.domain.ways import LEVEL
from app.domain.what_if import WhatIf
from app.views.what_if import options_of, what_if
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.words import _


def form(visit: Visit) -> list[Any]:
    """Nothing while nothing is tried out and nothing was kept."""
    there = kept(visit.analysis.facts.query.extras)
    is_tried = what_if(visit.scene()) != WhatIf()
    if not there and not is_tried:
        return []
    rows = [html.Ul([_row(visit, each.name, each.what) for each in there], className="rows")] if there else []
    new = [
        html.Div(
            [
                dmc.TextInput(id="scenario-name", label=_("Keep as scenario"), placeholder=_("its name")),
                dmc.Button(_("Keep"), id="keep-scenario", variant="default"),
            ],
            className="inline-form",
        )
    ]
    return [card(*rows, *(new if is_tried else []), title=_("Scenarios"))]


def _row(visit: Visit, name: str, what: WhatIf) -> Any:
    remove = html.Button(_("Remove"), id={"type": "remove-scenario", "name": name}, className="text-button", n_clicks=0,
                         **{"aria-label": _("Remove {name}", name=name)})  # fmt: skip
    outcome = html.Span(_outcome(visit, what), className="quiet")
    return html.Li([dcc.Link(name, href=visit.here(**options_of(what))), outcome, remove])


def _outcome(visit: Visit, what: WhatIf) -> str:
    """Its date today, and the chance of the deadline where there is one."""
    outcome, formats = visit.analysis.tried(what), visit.formats
    if isinstance(outcome, NotEnoughData):
        return _(outcome.reason)
    sure = _("{level} sure {day}", level=formats.rate(LEVEL / 100), day=formats.short(outcome.dates[LEVEL]))
    return sure if outcome.chance is None else f"{sure} · {formats.share(outcome.chance)}"


PART = Page("", "", lambda visit: None)


@PART.click("keep-scenario", State("scenario-name", "value"), State(URL, "pathname"), State(URL, "search"))
def keep(ctx: Context, name: str | None, path: str, search: str) -> Effects:
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    before = scenarios.keep(ctx, visit.ref, name or "", what_if(visit.scene()))
    return Effects(
        toast=_("Scenario kept."), changed=True, undo=partial(scenarios.put_back, ctx, visit.ref, before, name or "")
    )


@PART.click({"type": "remove-scenario", "name": ALL}, State(URL, "pathname"), State(URL, "search"))
def remove(ctx: Context, which: dict[str, str], path: str, search: str) -> Effects:
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    before = scenarios.remove(ctx, visit.ref, which["name"])
    return Effects(toast=_("Scenario removed."), changed=True,
                   undo=partial(scenarios.put_back, ctx, visit.ref, before, which["name"]))  # fmt: skip
