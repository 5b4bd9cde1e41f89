"""A quiet line for pages that show numbers from Jira: when they were fetched, and a button that fetches anew."""

from __future__ import annotations

from typing import Any

from dash import Input, Output, State, html, no_update

from app.actions import jira, tokens
from app.context import Context
from app.web.page import Page, Visit, visit_of
from app.web.shell import TICK, URL, WATCHED, browser_formats


def line(visit: Visit) -> list[Any]:
    """Nothing for a query that does not come from Jira."""
    if visit.query is None or not visit.query.jql or not jira.is_connected(visit.profile):
        return []
    last = jira.last_sync(visit.analysis.facts.project_data, visit.query)
    when = "Not synced yet" if last is None else f"Last synced {visit.formats.instant(last.at.astimezone())}"
    busy = jira.under_way(visit.ctx, jira.SYNC_JOB)
    button = html.Button("Sync", id="sync-now", className="text-button", n_clicks=0, disabled=busy)
    return [html.Div([when, " ", button], className="quiet synced")]


PART = Page("", "", lambda visit: None)


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
    visit = visit_of(ctx, search, browser_formats())
    if not clicks or visit.profile is None or visit.query is None:
        return (no_update,) * 4
    if tokens.missing(ctx, visit.profile):
        return no_update, no_update, no_update, "/data/jira" + visit.choice.search()
    jira.sync(ctx, [visit.query.ref])
    return True, False, jira.SYNC_JOB, no_update
