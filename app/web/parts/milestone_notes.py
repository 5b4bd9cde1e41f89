"""Dated notes of the milestones, below their form: one more, and those that are there."""

from __future__ import annotations

from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, State, dcc, html

from app.actions import milestones
from app.context import Context
from app.errors import BadInput
from app.views.milestones import note_said
from app.web.components import card
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, today, visit_of
from app.web.parts.milestone_form import as_shown, shown_then, taken_back
from app.web.sent import UNUSABLE, fits
from app.words import N_, _
from store.records import Milestone

# What the form shows, in a store of its own; and its fields.
_SEEN, _OF, _TEXT = "notes-seen", "note-of", "note-text"
_REMOVE = "remove-note"
_CHANGED = N_(
    "{name} was changed meanwhile, in another window or by somebody else. Nothing was noted or removed. Reload the "
    "page, and do it again."
)
PART = Page("", "", lambda visit: None)


def form(visit: Visit) -> list[Any]:
    """Nothing where there is no milestone."""
    kept = visit.analysis.facts.milestones
    if not kept:
        return []
    choices = [{"value": str(at), "label": f"{each.name} · {visit.formats.short(each.day)}"}
               for at, each in enumerate(kept)]  # fmt: skip
    new = html.Div(
        [
            dmc.Select(id=_OF, label=_("Milestone"), data=choices, value="0", allowDeselect=False),
            dmc.TextInput(id=_TEXT, label=_("Note"), className="sentence-field"),
            dmc.Button(_("Add note"), id="add-note", variant="default"),
        ],
        className="inline-form",
    )
    lines = [_line(visit, at, each, number) for at, each in enumerate(kept) for number in range(len(each.notes))]
    shown = dcc.Store(id=_SEEN, data=as_shown(kept))
    return [card(shown, html.Ul(lines, className="rows") if lines else None, new, title=_("Notes"))]


def _line(visit: Visit, at: int, each: Milestone, number: int) -> Any:
    note = note_said(each.notes[number], visit.formats)
    part = {"type": _REMOVE, "at": at, "number": number}
    words = {"aria-label": f"{_('Remove')}: {note}"}
    remove = html.Button(_("Remove"), id=part, className="text-button", n_clicks=0, **words)
    return html.Li([html.Span(each.name), html.Span(note, className="quiet"), remove])


@PART.click(
    "add-note",
    State(_OF, "value"),
    State(_TEXT, "value"),
    State(URL, "pathname"),
    State(URL, "search"),
    State(_SEEN, "data"),
)
def add(ctx: Context, of: str | None, text: str | None, path: str, search: str, seen: Any) -> Effects:
    """Of the day that it is where the work is counted."""
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    if not isinstance(of, str) or not of.isdecimal() or not isinstance(text, str | None):
        raise BadInput(UNUSABLE)
    shown, day = shown_then(seen), date.fromisoformat(today(visit))
    try:
        before = milestones.note(ctx, visit.ref, int(of), text or "", day, shown)
    except milestones.ChangedMeanwhile as other:
        return _refused(_(_CHANGED, name=other.name))
    except BadInput as exc:
        return _refused(_(str(exc)))
    return taken_back(ctx, visit.ref, before, _("Note added."))


def _refused(problem: str) -> Effects:
    """At the field, which keeps what was typed."""
    return Effects(put={_TEXT: {"error": problem}}, settles=True)


@PART.click(
    {"type": _REMOVE, "at": ALL, "number": ALL}, State(URL, "pathname"), State(URL, "search"), State(_SEEN, "data")
)
def remove(ctx: Context, which: dict[str, Any], path: str, search: str, seen: Any) -> Effects:
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    at, number = which["at"], which["number"]
    if not fits([at, number], list[int]):
        raise BadInput(UNUSABLE)
    try:
        before = milestones.remove_note(ctx, visit.ref, at, number, shown_then(seen))
    except milestones.ChangedMeanwhile as other:
        return Effects(toast=_(_CHANGED, name=other.name), is_problem=True, changed=True)
    return taken_back(ctx, visit.ref, before, _("Note removed."))
