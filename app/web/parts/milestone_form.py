"""The milestones' own form, below their table: one more, and what can be done with those that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, State, dcc, html

from app.actions import milestones
from app.context import Context
from app.domain.hierarchy import Hierarchy
from app.domain.milestones import Dated
from app.domain.selection import Values
from app.errors import BadInput
from app.views.milestones import name_of, rows_of, state_of, which_work
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.web.parts.day_field import calendar_part, day_field, typed_day
from app.web.sent import UNUSABLE, fits
from app.words import N_, _

_DRAGGED = "milestone-dragged"
# What is offered of the work; any other field can be typed.
_FIELDS = {"version": N_("Version"), "epic": N_("Epic"), "label": N_("Label")}
_MOST = 40
_TEAM_FIELDS = {
    "component": N_("Component"),
    "label": N_("Label"),
    "project": N_("Project"),
    "assignee": N_("Assignee"),
}
_DONE = {"up": N_("Worked on earlier."), "down": N_("Worked on later."), "close": N_("Closed; its numbers are kept."),
         "open": N_("Open again."), "remove": N_("Removed.")}  # fmt: skip
_ACTIONS = {"up": N_("Up"), "down": N_("Down"), "close": N_("Close"), "open": N_("Open"), "remove": N_("Remove")}


def form(visit: Visit) -> Any:
    rows = [each for each in rows_of(visit.scene()) if not each.is_deadline]
    new = html.Div(
        [
            dmc.TextInput(id="dated-name", label=_("Name")),
            day_field("dated", None, visit.formats, id="dated-day", label=_("Date"), placeholder=""),
            _choice("dated-work", _("Which work"), _("All work"), _parts_of_work(visit)),
            _choice("dated-teams", _("Several teams, by field"), _("One team"), _labelled(_TEAM_FIELDS)),
            dmc.Button(_("Add"), id="add-dated", variant="default"),
        ],
        className="inline-form",
    )
    if not rows:
        return card(new, title=_("Add a milestone"))
    listed = html.Ul([_row(visit, each) for each in rows], className="rows", **{"data-sortable": _DRAGGED})
    hint = html.P(_("What stands above goes first: drag a line, or move it with Up and Down."), className="quiet")
    return card(hint if len(rows) > 1 else None, listed, dcc.Store(id=_DRAGGED), new, title=_("Order and settings"))


def _choice(name: str, label: str, nothing: str, data: list[Any]) -> Any:
    return dmc.Select(
        id=name,
        label=label,
        placeholder=nothing,
        data=data,
        searchable=True,
        clearable=True,
        limit=60,
        nothingFoundMessage=_("Nothing to choose from"),
    )


def _labelled(names: Mapping[str, str]) -> list[Any]:
    return [{"value": name, "label": _(label)} for name, label in names.items()]


def _parts_of_work(visit: Visit) -> list[Any]:
    """What is seen through the filter; and the versions, epics and labels of open work, the largest first."""
    values = Values(Hierarchy(visit.analysis.facts.issues))
    opened = [item for item in visit.analysis.known.items if item.in_scope and item.done is None]
    counts = {name: Counter(text for item in opened for text in values.now(item, name) if text) for name in _FIELDS}
    where = visit.choice.where
    seen = [{"group": _("Seen through the filter"), "items": [{"value": "; ".join(where), "label": ", ".join(where)}]}]
    return [*(seen if where else []), *(_group(name, counts[name]) for name in _FIELDS if counts[name])]


def _group(name: str, counts: Counter[str]) -> dict[str, Any]:
    items = [{"value": f"{name}={text}", "label": text} for text, _count in counts.most_common(_MOST)]
    return {"group": _(_FIELDS[name]), "items": items}


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


@PART.changed(Input(_DRAGGED, "data"), State(URL, "pathname"), State(URL, "search"))
def drag(ctx: Context, moved: dict[str, Any] | None, path: str, search: str) -> Effects | None:
    """A line was let go so many places further down, above for less than 0."""
    if not isinstance(moved, dict) or not moved.get("by"):
        return None
    at: Any = moved.get("at")
    by: Any = moved["by"]
    if not fits([at, by], list[int]):
        raise BadInput(UNUSABLE)
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    before = milestones.move(ctx, visit.ref, at, by)
    words = _(_DONE["up" if by < 0 else "down"])
    return Effects(toast=words, changed=True, undo=partial(milestones.put_back, ctx, visit.ref, before))


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
