"""From how many weeks the forecast learns: tried out in the address, and kept as the project's setting with Undo."""

from __future__ import annotations

from typing import Any

from dash import State, html

from app.context import Context
from app.errors import BadInput
from app.settings import changed, settings_of
from app.web.components import picker
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.words import N_, _, n_

_WEEKS = (4, 6, 8, 12, 16, 26, 52)


def line(visit: Visit) -> list[Any]:
    """The weeks that are learned from, to be tried out; whoever tries others may keep them."""
    if visit.profile is None:
        return []
    kept = settings_of(visit.profile).window
    present = visit.choice.window or kept
    options = [(str(weeks), n_("last {count} week", "last {count} weeks", weeks))
               for weeks in sorted({*_WEEKS, kept, present})]  # fmt: skip
    weeks = picker("window", str(present), options, _("Weeks learned from"), w=210, size="xs", searchable=False)
    keep = html.Button(_("Keep it so"), id="keep-window", className="text-button", n_clicks=0)
    parts = [html.Span(_("Learns from")), weeks, *([keep] if present != kept else [])]
    return [html.Div(parts, className="inline-line")]


PART = Page("", "", lambda visit: None)


@PART.click("keep-window", State(URL, "pathname"), State(URL, "search"))
def keep(ctx: Context, path: str, search: str) -> Effects:
    """As the project's setting, from now on; the address needs to say it no more."""
    visit = visit_of(ctx, search, browser_formats(), path).for_writing()
    if visit.profile is None or visit.choice.window is None:
        raise BadInput(N_("This project is not here any more. Reload the page."))
    before = settings_of(visit.profile).window

    def save(weeks: int) -> None:
        ctx.change_profile(visit.ref, lambda profile: changed(profile, {"window": weeks}), "window")

    save(visit.choice.window)
    words = _("From now on it learns from these weeks.")
    return Effects(toast=words, go=visit.here(window=None), changed=True, undo=lambda: save(before))
