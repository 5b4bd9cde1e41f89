"""The milestones' own form, below their table: one more, and what can be done with those that are there."""

from __future__ import annotations

from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, State, html

from app.actions import milestones
from app.context import Context
from app.domain.milestones import Dated
from app.errors import BadInput
from app.views.milestones import name_of, rows_of, state_of, which_work
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts.day_field import calendar_part, day_field, typed_day
from app.web.sent import UNUSABLE
from app.words import N_, _

_DONE = {"up": N_("Worked on earlier."), "down": N_("Worked on later."), "close": N_("Closed; its numbers are kept."),
         "open": N_("Open again."), "remove": N_("Removed.")}  # fmt: skip
_ACTIONS = {"up": N_("Up"), "down": N_("Down"), "close": N_("Close"), "open": N_("Open"), "remove": N_("Remove")}


def form(visit: Visit) -> Any:
    rows = [each for each in rows_of(visit.scene()) if not each.is_deadline]
    new = html.Div(
        [
            dmc.TextInput(id="dated-name", label=_("Name")),
            day_field("dated", None, visit.formats, id="dated-day", label=_("Date"), placeholder=""),
            dmc.TextInput(id="dated-work", label=_("Which work"), placeholder=_("version=1.4 (empty: all work)")),
            dmc.TextInput(
                id="dated-teams", label=_("Teams needed, by field"), placeholder=_("component (empty: one team)")
            ),
            dmc.Button(_("Add"), id="add-dated", variant="default"),
        ],
        className="inline-form",
    )
    listed = [html.Ul([_row(visit, each) for each in rows], className="rows")] if rows else []
    return card(*listed, new, title=_("Order and settings"))


def _row(visit: Visit, each: Dated) -> Any:
    actions = ("up", "down", "close", "remove") if each.closed is None else ("open", "remove")
    return html.Li(
        [
            html.Span(name_of(each)),
            html.Span(f"{visit.formats.short(each.day)} · {which_work(each)} · {state_of(each, visit.formats)}",
                      className="quiet"),
            *(_button(what, each) for what in actions),
        ]
    )  # fmt: skip


def _button(what: str, each: Dated) -> Any:
    text = _(_ACTIONS[what])
    part = {"type": "milestone-do", "what": what, "at": each.place}
    return html.Button(text, id=part, className="text-button", n_clicks=0, **{"aria-label": f"{text}: {each.name}"})


PART = Page("", "", lambda visit: None)
PARTS = (PART, calendar_part("dated", "dated-day"))


@PART.click(
    "add-dated",
    State("dated-name", "value"),
    State("dated-day", "value"),
    State("dated-work", "value"),
    State("dated-teams", "value"),
    State(URL, "pathname"),
    State(URL, "search"),
)
def add(
    ctx: Context, name: str | None, day: str | None, work: str | None, teams: str | None, path: str, search: str
) -> Effects:
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    on = typed_day(day, visit.formats, _("Date"))
    before = milestones.add(ctx, visit.ref, name or "", on, work or "", teams or "")
    return Effects(toast=_("Milestone added."), changed=True, undo=partial(milestones.put_back, ctx, visit.ref, before))


@PART.click({"type": "milestone-do", "what": ALL, "at": ALL}, State(URL, "pathname"), State(URL, "search"))
def do(ctx: Context, which: dict[str, Any], path: str, search: str) -> Effects:
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    ref, at, what = visit.ref, which["at"], which["what"]
    if not isinstance(at, int) or what not in _DONE:
        raise BadInput(UNUSABLE)
    if what in ("up", "down"):
        before = milestones.move(ctx, ref, at, -1 if what == "up" else 1)
    elif what == "remove":
        before = milestones.remove(ctx, ref, at)
    else:
        before = milestones.close(ctx, ref, at, visit.analysis.as_of if what == "close" else None)
    return Effects(toast=_(_DONE[what]), changed=True, undo=partial(milestones.put_back, ctx, ref, before))
