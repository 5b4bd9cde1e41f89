"""A quiet line for pages that show numbers from Jira: when they were fetched, and a button that fetches anew."""

from __future__ import annotations

from typing import Any

from dash import Input, Output, State, html, no_update

from app.actions import jira, tokens
from app.context import Context
from app.web.page import Page, View, view_of
from app.web.shell import TICK, URL, WATCHED, browser_formats


def line(view: View) -> list[Any]:
    """Nothing for a query that does not come from Jira."""
    if view.query is None or not view.query.jql or not jira.is_connected(view.profile):
        return []
    last = jira.last_sync(view.analysis.facts.project_data, view.query)
    when = "Not synced yet" if last is None else f"Last synced {view.formats.instant(last.at.astimezone())}"
    busy = jira.under_way(view.ctx, jira.SYNC_JOB)
    button = html.Button("Sync", id="sync-now", className="text-button", n_clicks=0, disabled=busy)
    return [html.Div([when, " ", button], className="quiet synced")]


PART = Page("", "", lambda view: None)


@PART.callback(
    Output("sync-now", "disabled"),
    Output(TICK, "disabled", allow_duplicate=True),
    Output(WATCHED, "data", allow_duplicate=True),
    Output(URL, "href", allow_duplicate=True),
    Input("sync-now", "n_clicks"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def sync_now(ctx: Context, clicks: int | None, search: str) -> Any:
    """Fetch what changed; where the token is not at hand, go to the page that asks for it."""
    view = view_of(ctx, search, browser_formats())
    if not clicks or view.profile is None or view.query is None:
        return (no_update,) * 4
    if tokens.missing(ctx, view.profile):
        return no_update, no_update, no_update, "/data/jira" + view.choice.search()
    jira.sync(ctx, [view.query.ref])
    return True, False, jira.SYNC_JOB, no_update
