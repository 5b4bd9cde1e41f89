"""The frame of every page: navigation, pickers, job strip, messages, the drawer; and the ids they share."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Input, Output, State, dcc, html, no_update
from dash import ctx as call
from flask import request

from app.actions.track_record import JOB_PREFIX
from app.context import Context
from app.domain.items import Unit
from app.errors import AppError, UnclearDates
from app.formats import Formats, formats_for
from app.jobs import JobState
from app.web.components import issue_table, notice, picker, table
from app.web.explain import Explanation, explain
from app.web.page import Choice, Page, Visit, visit_of
from app.web.parts import takeover_report
from app.web.theme import mantine_theme
from store.errors import Damaged, StoreError
from store.records import QueryRef

# Shared ids. `changed` holds a token that is new after every change of data and makes the page build itself anew.
URL, PAGE, CHANGED, TOASTS, TICK, WATCHED = "url", "page", "changed", "toasts", "tick", "watched"

THEME_STATE = "theme"
# Runs at start without being shown: a page that needs its numbers waits for them anyway.
PREPARE_JOB = "Getting ready"
_SCHEMES = {"system": None, "light": "light", "dark": "dark"}
_PAGE_OF_ISSUES = 50
# The end of a job does not build these pages anew: they may be half filled in.
_FORMS = ("/settings", "/data/jira", "/data/mapping", "/data/weeks", "/data/file")
# This job leaves the page it is started on, whose address may still stand there when a short one ends.
_LEAVING = {"/data/file": "Import"}
# These say themselves what became of a job, where it was asked for.
_TELLING = ("/data/jira",)

_log = logging.getLogger(__name__)


def browser_formats() -> Formats:
    """The locale that the browser asks for in this request."""
    return formats_for([language for language, _ in request.accept_languages])


def layout(ctx: Context) -> Any:
    """The frame, made anew for each visit: what it holds beside the page is the same everywhere."""
    scheme = chosen_scheme(ctx) or "system"
    return dmc.MantineProvider(
        id="theme",
        theme=mantine_theme(),
        defaultColorScheme="auto",
        forceColorScheme=_SCHEMES.get(scheme),
        children=[
            dcc.Location(id=URL, refresh="callback-nav"),
            dcc.Store(id=CHANGED),
            dcc.Store(id=WATCHED),
            dcc.Store(id="explained"),
            dcc.Interval(id=TICK, interval=500, disabled=True),
            dmc.NotificationContainer(id=TOASTS, position="bottom-right", autoClose=5000),
            html.A("Skip to the content", href="#page", className="skip"),
            _header(scheme),
            html.Div(id="strip", role="status", **{"aria-live": "polite"}),
            html.Main(html.Div(className="waiting"), id=PAGE, tabIndex=-1),
            _drawer(),
            _quit_question(),
        ],
    )


def chosen_scheme(ctx: Context) -> str | None:
    """None as long as nobody chose; a damaged database is told by the page, which needs a frame."""
    try:
        return ctx.backend.get_state(THEME_STATE)
    except Damaged:
        return None


def _header(scheme: str) -> Any:
    return html.Header(
        [
            html.Div("Burndown", className="brand"),
            html.Div(id="pickers", className="pickers"),
            html.Nav(id="nav", className="nav", **{"aria-label": "Pages"}),
            html.Div(
                [
                    dmc.Select(
                        id="scheme",
                        value=scheme,
                        data=[{"value": key, "label": key.capitalize()} for key in _SCHEMES],
                        allowDeselect=False,
                        size="xs",
                        w=100,
                        **{"aria-label": "Light or dark"},
                    ),
                    html.Button("Quit", id="quit", className="text-button", n_clicks=0),
                ],
                className="tools",
            ),
        ],
        className="top",
    )


def _drawer() -> Any:
    return dmc.Drawer(
        id="drawer",
        position="right",
        size="min(760px, 100vw)",
        padding="lg",
        closeButtonProps={"aria-label": "Close"},
        children=html.Div(
            [
                html.Div(id="explanation"),
                html.Div(id="issues"),
                dmc.Pagination(id="issue-page", total=1, value=1, size="sm", hideWithOnePage=True, mt="md"),
            ]
        ),
    )


def _quit_question() -> Any:
    return dmc.Modal(
        id="quit-question",
        title="Quit Burndown?",
        centered=True,
        closeButtonProps={"aria-label": "Close"},
        children=[
            html.P("Everything is saved. After quitting you can close this tab, and remove the stick if you use one."),
            dmc.Group(
                [
                    dmc.Button("Stay", id="quit-no", variant="default"),
                    dmc.Button("Quit", id="quit-yes"),
                ],
                justify="flex-end",
            ),
        ],
    )


# -- parts that depend on what is being looked at -------------------------------------------------------


def navigation(pages: Sequence[Page], path: str, visit: Visit) -> list[Any]:
    """The links carry along what every page shows, so that two tabs with different queries do not mix.

    A page that is reached from another one is not listed; while it is shown, that other one is marked.
    """
    kept = replace(visit.choice, chart=None, span=None, sprint=None).search()
    parents = {page.path: page.under for page in pages if page.under}
    marked = parents.get(path, path)
    return [
        dcc.Link(
            # The link component knows no aria-current, so a screen reader is told in words.
            [page.label, html.Span(", this page", className="unseen")] if page.path == path else page.label,
            href=page.path + kept,
            className="here" if page.path == marked else "",
        )
        for page in pages
        if not page.under
    ]


def pickers(visit: Visit) -> list[Any]:
    """Profile and query; nothing while there is only an empty folder."""
    if visit.query is None or visit.profile is None:
        return []
    profiles = [profile for profile in visit.ctx.backend.list_profiles() if visit.ctx.backend.list_queries(profile.id)]
    queries = visit.ctx.backend.list_queries(visit.query.profile_id)
    return [
        picker("profile", visit.profile.id, [(one.id, one.name) for one in profiles], "Profile"),
        picker("query", visit.query.id, [(one.id, one.name) for one in queries], "Query"),
    ]


def notices(ctx: Context, path: str, visit: Visit) -> list[Any]:
    """What every page says at its top; a takeover nobody has read about is announced where its report is not."""
    report = [] if path == "/data" else takeover_report.told(ctx, "/data" + visit.choice.search())
    return [*(notice(one.kind, one.text) for one in ctx.notices), *report]


def under_way(ctx: Context, name: str | None) -> JobState | None:
    """The job that runs now, else the one of that name when it still waits for its turn."""
    running = ctx.jobs.running()
    if running is not None and running.name != PREPARE_JOB:
        return running
    if name is None:
        return None
    state = ctx.jobs.state(name)
    return state if state is not None and state.status in ("waiting", "running") else None


def job_strip(state: JobState | None) -> Any:
    """What the worker does now, with a way to stop it; empty when it rests."""
    if state is None:
        return []
    stop = html.Button("Stop", id={"type": "stop", "job": state.name}, className="text-button", n_clicks=0)
    words = f"{state.name}: {state.message}" if state.message else state.name
    return [
        html.Div([html.Span(words), html.Span(f"{state.percent:.0f}\u202f%", className="num")], className="job-words"),
        dmc.Progress(value=state.percent, size="sm", **{"aria-label": words}),
        None if _is_quiet(state) else stop,
    ]


def _is_quiet(state: JobState) -> bool:
    """Nobody asked for it: it needs no end announced and no way to stop it, since it gives way by itself."""
    return state.name.startswith(JOB_PREFIX)


# -- messages -------------------------------------------------------------------------------------------


def toast(text: str, problem: bool = False) -> list[dict[str, Any]]:
    """A message for `toasts.sendNotifications`. Problems stay until they are closed."""
    kind = {"color": "orange", "autoClose": False, "title": "That did not work"} if problem else {"color": "accent"}
    return [{"action": "show", "message": text, "id": f"{datetime.now().timestamp()}"} | kind]  # noqa: DTZ005 an id


def on_error(problem: Exception) -> None:
    """What goes wrong in a callback is said in plain words; nothing on the page changes."""
    if isinstance(problem, AppError | StoreError):
        text = str(problem)
    else:
        _log.error("unexpected error in a callback", exc_info=problem)
        text = "Something unexpected happened; details are in the log."
    call.set_props(TOASTS, {"sendNotifications": toast(text, problem=True)})


def changed_token(ctx: Context) -> str:
    """A value that `changed` has not had before."""
    return f"{ctx.clock().isoformat()}/{datetime.now().timestamp()}"  # noqa: DTZ005 only has to differ


# -- callbacks of the frame -----------------------------------------------------------------------------

FRAME = Page("", "", lambda visit: None)

FRAME.clientside(
    ClientsideFunction("burndown", "choose"),
    Output(URL, "search"),
    Input({"type": "choice", "name": ALL}, "value"),
    State({"type": "choice", "name": ALL}, "id"),
    State(URL, "search"),
    prevent_initial_call=True,
)

FRAME.clientside(
    ClientsideFunction("burndown", "askToQuit"),
    Output("quit-question", "opened"),
    Input("quit", "n_clicks"),
    Input("quit-no", "n_clicks"),
    prevent_initial_call=True,
)

FRAME.clientside(
    ClientsideFunction("burndown", "quit"),
    Output("quit-yes", "disabled"),
    Input("quit-yes", "n_clicks"),
    prevent_initial_call=True,
)


@FRAME.callback(Output("theme", "forceColorScheme"), Input("scheme", "value"), prevent_initial_call=True)
def choose_scheme(ctx: Context, scheme: str) -> Any:
    """Kept with the data, not in the browser: it travels with the stick."""
    ctx.backend.set_state(THEME_STATE, scheme if scheme in _SCHEMES else None)
    return _SCHEMES.get(scheme)


@FRAME.callback(
    Output("strip", "children"),
    Output(TICK, "disabled"),
    Output(WATCHED, "data"),
    Output(CHANGED, "data", allow_duplicate=True),
    Output(TOASTS, "sendNotifications", allow_duplicate=True),
    Output(URL, "search", allow_duplicate=True),
    Input(TICK, "n_intervals"),
    State(WATCHED, "data"),
    State(URL, "pathname"),
    prevent_initial_call=True,
)
def follow_jobs(ctx: Context, beats: int, watched: str | None, path: str) -> Any:
    """While a job runs show how far it is; when it ends say so and build the page anew."""
    state = under_way(ctx, watched)
    if state is not None:
        return job_strip(state), False, followed(ctx, state, watched), no_update, no_update, no_update
    ended = ctx.jobs.state(watched) if watched else None
    token = no_update if path in _FORMS and _LEAVING.get(path) != watched else changed_token(ctx)
    return [], True, None, token, no_update if path in _TELLING else _told(ended), _leads_to(ended, path)


def followed(ctx: Context, state: JobState, watched: str | None) -> Any:
    """The job whose end is to be told. One that waits for a quiet job to give way is what somebody asked for."""
    asked = ctx.jobs.state(watched) if watched is not None and _is_quiet(state) else None
    waits = asked is not None and asked.status == "waiting"
    # An answer that says nothing new must not overwrite what a click has said meanwhile.
    return no_update if waits or state.name == watched else state.name


def _leads_to(ended: JobState | None, path: str) -> Any:
    """On the page where data came in, what came is looked at from now on; elsewhere nothing moves underfoot."""
    ref = getattr(ended.result, "ref", None) if ended is not None and path in ("/data", *_LEAVING) else None
    return Choice(profile=ref.profile_id, query=ref.query_id).search() if isinstance(ref, QueryRef) else no_update


def _told(ended: JobState | None) -> Any:
    if ended is None or _is_quiet(ended):
        return no_update
    if isinstance(ended.problem, UnclearDates):
        return toast("The file leaves one question open. It stands on the Data page.")
    if ended.status == "failed":
        return toast(ended.message, problem=True)
    if ended.status == "cancelled":
        return toast(f"{ended.name} was stopped.")
    return toast(f"{ended.name} is done.")


@FRAME.callback(
    Output("strip", "children", allow_duplicate=True),
    Input({"type": "stop", "job": ALL}, "n_clicks"),
    prevent_initial_call=True,
)
def stop_job(ctx: Context, clicks: list[int]) -> Any:
    if not any(clicks):
        return no_update
    ctx.jobs.cancel(call.triggered_id["job"])
    return [html.Div("Stopping …", className="job-words")]


@FRAME.callback(
    Output("drawer", "opened"),
    Output("drawer", "title"),
    Output("explanation", "children"),
    Output("issues", "children"),
    Output("issue-page", "total"),
    Output("issue-page", "value"),
    Output("explained", "data"),
    Input({"type": "explain", "what": ALL}, "n_clicks"),
    Input("issue-page", "value"),
    State("explained", "data"),
    State(URL, "search"),
    prevent_initial_call=True,
)
def open_explanation(ctx: Context, clicks: list[int], page: int, shown: str | None, search: str) -> Any:
    """A number was clicked, or a page of its issues turned: how it is computed, and the issues behind it."""
    visit = visit_of(ctx, search, browser_formats())
    if call.triggered_id == "issue-page":
        if not shown:
            return (no_update,) * 7
        issues = _issues(visit, explain(visit.analysis, shown, visit.formats), page)
        return no_update, no_update, no_update, issues, no_update, no_update, no_update
    # Buttons that a page brings along trigger this as well, without having been clicked.
    if not call.triggered or not call.triggered[0]["value"]:
        return (no_update,) * 7
    what = call.triggered_id["what"]
    found = explain(visit.analysis, what, visit.formats)
    pages = max(1, -(-len(found.keys or ()) // _PAGE_OF_ISSUES))
    return True, found.title, _explained(found), _issues(visit, found, 1), pages, 1, what


def _explained(found: Explanation) -> list[Any]:
    how = [html.P(sentence) for sentence in found.how]
    if not found.inputs:
        return how
    inputs = table(("", ""), found.inputs, name="facts")
    return [*how, html.Details([html.Summary("The numbers it is made of"), inputs], open=True)]


def _issues(visit: Visit, found: Explanation, page: int) -> Any:
    if found.keys is None:
        return []
    by_key = {item.issue.key: item.issue for item in visit.analysis.items}
    first = (page - 1) * _PAGE_OF_ISSUES
    issues = [by_key[key] for key in found.keys[first : first + _PAGE_OF_ISSUES] if key in by_key]
    if not issues:
        return html.P("No issues.", className="quiet")
    return [html.H3(f"Issues ({visit.formats.number(len(found.keys))})"), issue_table(issues, visit.formats)]


def unit_choice(visit: Visit, unit: Unit) -> Any:
    """Items or points; on every page that shows amounts."""
    return picker("unit", str(unit), [("items", "Items"), ("points", "Points")], "Count in", w=110)
