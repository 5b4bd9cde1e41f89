"""A button that fetches what changed in Jira, on every page that shows its numbers."""

from __future__ import annotations

from typing import Any

from dash import State, dcc, html

from app.actions import jira, tokens
from app.context import Context
from app.web.effects import URL, Effects
from app.web.page import Page, Visit, browser_formats, visit_of
from app.words import N_, _

OFFLINE = N_("Burndown works offline: nothing is sent. The page System has the switch.")


def button(visit: Visit) -> list[Any]:
    """Nothing for a query that does not come from Jira; offline, where that can be changed."""
    if visit.query is None or not visit.query.jql or not jira.is_connected(visit.profile):
        return []
    if visit.ctx.network.is_offline:
        return [dcc.Link(_("Offline"), href=visit.href("/settings/system"), title=_(OFFLINE))]
    busy = jira.under_way(visit.ctx, jira.SYNC_JOB)
    return [html.Button(_("Sync"), id="sync-now", className="text-button", n_clicks=0, disabled=busy)]


PART = Page("", "", lambda visit: None)


@PART.click("sync-now", State(URL, "search"))
def sync_now(ctx: Context, search: str) -> Effects | None:
    """Fetch what changed; where the token is not at hand, go to the page that asks for it."""
    visit = visit_of(ctx, search, browser_formats()).for_writing()
    if visit.profile is None or visit.query is None:
        return None
    if tokens.missing(ctx, visit.profile):
        return Effects(go=visit.href("/data/sources/jira"))
    jira.sync(ctx, [visit.query.ref])
    return Effects(follow=jira.SYNC_JOB, put={"sync-now": {"disabled": True}})
