"""The milestones' own form, below their table: one more, and what can be done with those that are there."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, State, dcc, html

from app.actions import milestones
from app.context import Context
from app.domain.hierarchy import Hierarchy
from app.domain.milestones import Dated
from app.domain.selection import Values
from app.views.milestones import name_of, rows_of, state_of, which_work
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts.day_field import calendar_part, day_field, typed_day
from app.words import N_, _

_DRAGGED = "milestone-dragged"
# What is offered of the work; any other field can be typed.
_FIELDS = {"version": N_("Version"), "epic": N_("Epic"), "label": N_("Label")}
_MOST = 40
_TEAM_FIELDS = ("component", "label", "project", "assignee")
_DONE = {"up": N_("Worked on earlier."), "down": N_("Worked on later."), "close": N_("Closed; its numbers are kept."),
         "open": N_("Open again."), "remove": N_("Removed.")}  # fmt: skip
_ACTIONS = {"up": N_("Up"), "down": N_("Down"), "close": N_("Close"), "open": N_("Open"), "remove": N_("Remove")}


def form(visit: Visit) -> Any:
    rows = [each for each in rows_of(visit.scene()) if not each.is_deadline]
    new = html.Div(
        [
            dmc.TextInput(id="dated-name", label=_("Name")),
            day_field("dated", None, visit.formats, id="dated-day", label=_("Date"), placeholder=""),
            dmc.Autocomplete(
                id="dated-work", label=_("Which work"), placeholder=_("All work"), data=_parts_of_work(visit), limit=60
            ),
            dmc.Autocomplete(
                id="dated-teams", label=_("Several teams, by field"), placeholder=_("One team"), data=list(_TEAM_FIELDS)
            ),
            dmc.Button(_("Add"), id="add-dated", variant="default"),
        ],
        className="inline-form",
    )
    if not rows:
        return card(new, title=_("Add a milestone"))
    listed = html.Ul([_row(visit, each) for each in rows], className="rows", **{"data-sortable": _DRAGGED})
    hint = html.P(_("What stands above goes first: drag a line, or move it with Up and Down."), className="quiet")
    return card(hint if len(rows) > 1 else None, listed, dcc.Store(id=_DRAGGED), new, title=_("Order and settings"))


def _parts_of_work(visit: Visit) -> list[dict[str, Any]]:
    """The versions, epics and labels that open work has, as conditions, those with most of it first."""
    values = Values(Hierarchy(visit.analysis.facts.issues))
    opened = [item for item in visit.analysis.known.items if item.in_scope and item.done is None]
    counts = {name: Counter(text for item in opened for text in values.now(item, name) if text) for name in _FIELDS}
    return [
        {"group": _(label), "items": [f"{name}={text}" for text, _count in counts[name].most_common(_MOST)]}
        for name, label in _FIELDS.items()
        if counts[name]
    ]


def _row(visit: Visit, each: Dated) -> Any:
    actions = ("up", "down", "close", "remove") if each.closed is None else ("open", "remove")
    return html.Li(
        draggable=str(each.closed is None).lower(),
        **{"data-at": str(each.place)},
        children=[
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


@PART.on(Input(_DRAGGED, "data"), State(URL, "pathname"), State(URL, "search"))
def drag(ctx: Context, moved: dict[str, Any] | None, path: str, search: str) -> Effects | None:
    """A line was let go so many places further down, above for less than 0."""
    if not isinstance(moved, dict) or not moved.get("by"):
        return None
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    before = milestones.move(ctx, visit.ref, int(moved["at"]), int(moved["by"]))
    words = _(_DONE["up" if moved["by"] < 0 else "down"])
    return Effects(toast=words, changed=True, undo=partial(milestones.put_back, ctx, visit.ref, before))


@PART.click({"type": "milestone-do", "what": ALL, "at": ALL}, State(URL, "pathname"), State(URL, "search"))
def do(ctx: Context, which: dict[str, Any], path: str, search: str) -> Effects:
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    ref, at, what = visit.ref, int(which["at"]), str(which["what"])
    if what in ("up", "down"):
        before = milestones.move(ctx, ref, at, -1 if what == "up" else 1)
    elif what == "remove":
        before = milestones.remove(ctx, ref, at)
    else:
        before = milestones.close(ctx, ref, at, visit.analysis.as_of if what == "close" else None)
    return Effects(toast=_(_DONE[what]), changed=True, undo=partial(milestones.put_back, ctx, ref, before))
