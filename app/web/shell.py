"""The frame of every page: navigation, pickers, job strip, messages, the drawer; and the ids they share."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Input, Output, State, dcc, html
from dash import ctx as call

from app.actions import membership
from app.actions.track_record import JOB_PREFIX
from app.context import Context
from app.errors import AppError, BadInput, UnclearDates
from app.jobs import JobState
from app.web.bar import data_of
from app.web.components import notice, picker
from app.web.effects import CHANGED, PAGE, READY, TICK, TOASTS, UNDO, URL, WATCHED, Effects, changed_token, refusal
from app.web.page import LANGUAGE_STATE, Page, Visit, browser_formats, chosen_language, revision, today
from app.web.parts import takeover_report
from app.web.theme import mantine_theme
from app.words import LANGUAGES, N_, _, n_
from store.documents import is_archived
from store.errors import Damaged, StoreError
from store.records import Query, QueryRef

__all__ = ["CHANGED", "PAGE", "TICK", "TOASTS", "URL", "WATCHED", "browser_formats", "changed_token"]

BUILT, BAR, PANEL, PANEL_BODY = "built", "bar", "panel", "panel-body"
THEME_STATE = "theme"
# The value of the choice that is none: the language that the browser asks for.
_BROWSERS = "browser"
# Runs at start without being shown: a page that needs its numbers waits for them anyway.
PREPARE_JOB = "Getting ready"
_SCHEMES = {"system": None, "light": "light", "dark": "dark"}
_SCHEME_NAMES = {"system": N_("System"), "light": N_("Light"), "dark": N_("Dark")}
# Of the navigation's entries those that a phone's bar has no room for.
_REST = (3, 4, 6)
_GEAR = (
    ("/projects", N_("All projects")),
    ("/settings/project", N_("Project")),
    ("/settings/backups", N_("Backups")),
    ("/settings/team", N_("Team")),
    ("/settings/program", N_("Program")),
    ("/settings/system", N_("System")),
    ("/help", N_("Help")),
)
# The end of a job does not build these pages anew: they may be half filled in.
_FORMS = (
    "/settings/project",
    "/settings/backups",
    "/settings/team",
    "/data/sources/jira",
    "/data/meaning",
    "/data/weeks",
    "/data/sources/file",
)
# This job leaves the page it is started on, whose address may still stand there when a short one ends.
_LEAVING = {"/data/sources/file": N_("Import")}
# These say themselves what became of a job, where it was asked for.
# Shows what a quiet job brings.
_RECORD = "/plan/track-record"
_TELLING = ("/data/sources/jira",)

# What can be done with a project or a work list as a whole, on the page of all of them.
DOING = (
    ("new", N_("New …")),
    ("rename", N_("Rename")),
    ("copy", N_("Copy")),
    ("archive", N_("Archive")),
    ("delete", N_("Delete")),
)
_NAMED = ("new", "rename")
# What waits there to be put back, of all projects.
DELETED = "deleted"

_log = logging.getLogger(__name__)


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
            dcc.Store(id=BUILT),
            dcc.Store(id=READY),
            dcc.Store(id="spoken"),
            dcc.Interval(id=TICK, interval=500, disabled=True),
            dmc.NotificationContainer(id=TOASTS, position="bottom-right", autoClose=5000),
            html.A(_("Skip to the content"), href="#page", className="skip"),
            _header(scheme, chosen_language(ctx)),
            html.Div(id=BAR, className="bar", role="region", **{"aria-label": _("What is looked at")}),
            html.Div(id="strip", role="status", **{"aria-live": "polite"}),
            html.Main(html.Div(className="waiting"), id=PAGE, tabIndex=-1),
            html.Div(id=UNDO, role="status"),
            _panel(),
            _quit_question(),
        ],
    )


def chosen_scheme(ctx: Context) -> str | None:
    """None as long as nobody chose; a damaged database is told by the page, which needs a frame."""
    try:
        return ctx.backend.get_state(THEME_STATE)
    except Damaged:
        return None


def _header(scheme: str, language: str | None) -> Any:
    return html.Header(
        [
            html.Div("Burndown", className="brand"),
            html.Div(id="pickers", className="pickers"),
            html.Nav(id="nav", className="nav", **{"aria-label": _("Pages")}),
            html.Div([html.Div(id="share"), _gear(scheme, language)], className="tools"),
        ],
        className="top",
    )


def _gear(scheme: str, language: str | None) -> Any:
    """What concerns the program and not the work. The links are filled in by the page, whose project they name."""
    appearance = dmc.Select(
        id="scheme",
        value=scheme,
        data=[{"value": key, "label": label} for key, label in _SCHEME_NAMES.items()],
        allowDeselect=False,
        size="xs",
        label=_("Appearance"),
        comboboxProps={"withinPortal": False},
    )
    words = dmc.Select(
        id="language",
        value=language or _BROWSERS,
        data=[{"value": _BROWSERS, "label": _("As the browser")}]
        + [{"value": key, "label": name} for key, name in LANGUAGES.items()],
        allowDeselect=False,
        size="xs",
        label=_("Language"),
        comboboxProps={"withinPortal": False},
    )
    keys = html.Button(_("Keys"), className="text-button", **{"data-do": "keys"})
    leave = html.Button(_("Quit"), id="quit", className="text-button", n_clicks=0)
    return html.Details(
        [
            html.Summary("⚙", **{"aria-label": _("Settings and help")}),
            html.Div([html.Div(id="gear"), appearance, words, keys, leave], className="menu-body"),
        ],
        className="menu",
    )


def _panel() -> Any:
    return dmc.Drawer(
        id=PANEL,
        position="right",
        size="min(720px, 100vw)",
        padding="lg",
        closeButtonProps={"aria-label": _("Close")},
        children=html.Div(id=PANEL_BODY, className="panel"),
    )


def _quit_question() -> Any:
    return dmc.Modal(
        id="quit-question",
        title=_("Quit Burndown?"),
        centered=True,
        closeButtonProps={"aria-label": _("Close")},
        children=[
            html.P(
                _("Everything is saved. After quitting you can close this tab, and remove the stick if you use one.")
            ),
            dmc.Group(
                [
                    dmc.Button(_("Stay"), id="quit-no", variant="default"),
                    dmc.Button(_("Quit"), id="quit-yes"),
                ],
                justify="flex-end",
            ),
        ],
    )


# -- parts that depend on what is being looked at -------------------------------------------------------


def navigation(sections: Sequence[tuple[str, str]], path: str, visit: Visit) -> list[Any]:
    """The entries, always the same in the same order. The links carry along what every page shows."""
    # The signals are the answer's.
    here = "/" if path == "/signals" else "/" + path.split("/")[1]
    links = [_entry(visit, at, href, label, is_here=href == here) for at, (href, label) in enumerate(sections)]
    beyond = [
        _entry(visit, at, *section, is_here=section[0] == here) for at, section in enumerate(sections) if at in _REST
    ]
    rest = html.Details([html.Summary(_("More")), html.Div(beyond, className="menu-body")], className="menu more-pages")
    return [*links, rest]


def _entry(visit: Visit, at: int, href: str, label: str, is_here: bool) -> Any:
    # The link component knows no aria-current, so a screen reader is told in words.
    text = [label, html.Span(_(", this page"), className="unseen")] if is_here else label
    names = ["here" if is_here else "", "rest" if at in _REST else ""]
    return dcc.Link(text, href=visit.href(href), className=" ".join(filter(None, names)))


def tabs(pages: Sequence[Page], page: Page, visit: Visit) -> list[Any]:
    """The second level: the pages of this section that are no sub-pages, this one marked."""
    beside = [
        tab for tab in pages if tab.section == page.section and not tab.under and (tab is page or tab.is_offered(visit))
    ]
    if len(beside) < 2:
        return []
    marked = page.under or page.path
    links = [
        dcc.Link(
            [tab.label, html.Span(_(", this page"), className="unseen")] if tab.path == marked else tab.label,
            href=visit.href(tab.path),
            className="here" if tab.path == marked else "",
        )
        for tab in beside
    ]
    return [html.Nav(links, className="tabs", **{"aria-label": _("Tabs")})]


def pickers(visit: Visit) -> list[Any]:
    """Project and work list; nothing while there is only an empty folder."""
    if visit.query is None or visit.profile is None:
        return []
    backend = visit.ctx.backend
    here = visit.profile.id
    profiles = [
        profile
        for profile in backend.list_profiles()
        if (profile.id == here or not is_archived(profile)) and backend.list_queries(profile.id)
    ]
    queries = [entry for entry in backend.list_queries(visit.query.profile_id) if _is_offered(entry, visit.query)]
    return [
        _picker(
            visit, "profile", here, [("/projects", _("All projects")), *((entry.id, entry.name) for entry in profiles)]
        ),
        html.Span("›", **{"aria-hidden": "true"}),
        _picker(visit, "query", visit.query.id, [(entry.id, entry.name) for entry in queries]),
    ]


def _picker(visit: Visit, name: str, value: str, options: list[tuple[str, str]]) -> Any:
    """What can be looked at, and below it what can be done with the one that is: an address in place of a value."""
    is_project = name == "profile"
    kind = "project" if is_project else "work"
    known = [{"value": visit.href(key) if key.startswith("/") else key, "label": text} for key, text in options]
    doing = [{"value": to_do(visit, what, kind), "label": _(text)} for what, text in DOING]
    gone = {"value": visit.href("/projects", do=DELETED) + "#to-do", "label": _("Deleted (30 days)")}
    groups = [{"group": "", "items": known}, {"group": _("This project") if is_project else _("This work list"),
                                              "items": [*doing, gone]}]  # fmt: skip
    return picker(name, value, [], _("Project") if is_project else _("Work list"), data=groups,
                  searchable=len(options) > 8)  # fmt: skip


def to_do(visit: Visit, what: str, kind: str) -> str:
    """Where that is done with a project or a work list; where a name is typed, at its field."""
    return visit.href("/projects", do=f"{what}-{kind}") + ("#to-do" if what in _NAMED else "")


def _is_offered(query: Query, present: Query) -> bool:
    return query.id == present.id or not is_archived(query)


def gear(visit: Visit) -> list[Any]:
    """Where the settings and the help are."""
    return [dcc.Link(label, href=visit.href(path)) for path, label in _GEAR]


def about(visit: Visit, title: str, address: str, commands: Sequence[tuple[str, str]]) -> Any:
    """What the page tells our script of itself: its title, its whole address with project and work list, what it was
    made of (another window's change or midnight makes it stale), and where the command palette leads."""
    data = {"data-title": title, "data-address": address, "data-revision": revision(visit)}
    more = {
        "data-made": changed_token(visit.ctx),
        "data-day": today(visit),
        "data-commands": json.dumps(commands),
        "data-form": str(visit.path in _FORMS),
        "data-paper": _paper(visit),
        "data-source": _source(visit),
    }
    return html.Div(id="about", hidden=True, **data, **more)


def _paper(visit: Visit) -> str:
    """What stands at the foot of each printed page: project, work list, and as of when."""
    if visit.query is None or visit.profile is None:
        return "Burndown"
    return _(
        "{project} › {work} · As of {day}",
        project=visit.profile.name,
        work=visit.query.name,
        day=visit.formats.short(visit.analysis.as_of),
    )


def _source(visit: Visit) -> str:
    """What stands on a picture that is saved: the same, and from when its data are. It may be looked at on any day."""
    at = data_of(visit)
    if at is None:
        return _paper(visit)
    return _("{paper} · Data of {day}", paper=_paper(visit), day=visit.formats.short(at.astimezone().date()))


def notices(ctx: Context, path: str, visit: Visit) -> list[Any]:
    """What every page says at its top; a takeover nobody has read about is announced where its report is not."""
    address = "/data/sources" + visit.choice.search()
    report = [] if path == "/data/sources" else takeover_report.takeover_notice(ctx, address)
    of_store = [notice("warning", problem, *_unlock(ctx, path))] if (problem := ctx.upkeep.notice) else []
    return [*(notice(message.kind, message.text) for message in ctx.notices), *of_store, *report]


def _unlock(ctx: Context, path: str) -> list[Any]:
    """The way to where the passphrase is given, where the team's password is sealed in the folder."""
    if path == "/settings/team" or not membership.is_locked(ctx):
        return []
    words = _("Its password is sealed in this folder: give the passphrase.")
    return [" ", dcc.Link(words, href="/settings/team")]


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
    stop = html.Button(_("Stop"), id={"type": "stop", "job": state.name}, className="text-button", n_clicks=0)
    words = f"{_(state.name)}: {_(state.message)}" if state.message else _(state.name)
    far = f"{state.percent:.0f}\u202f%"
    if state.seconds_left is not None:
        far = f"{far} · {_time_left(state.seconds_left)}"
    return [
        html.Div([html.Span(words), html.Span(far, className="num")], className="job-words"),
        dmc.Progress(value=state.percent, size="sm", **{"aria-label": words}),
        None if _is_quiet(state) else stop,
    ]


def _time_left(seconds: float) -> str:
    """Roughly: nobody is helped by a number that jumps."""
    if seconds < 10:
        return _("a few seconds left")
    if seconds < 60:
        return _("less than a minute left")
    minutes = math.ceil(seconds / 60)
    return n_("about {count} minute left", "about {count} minutes left", minutes, count=minutes)


def _is_quiet(state: JobState) -> bool:
    """Nobody asked for it: it needs no end announced and no way to stop it, since it gives way by itself."""
    return state.name.startswith(JOB_PREFIX)


# -- messages -------------------------------------------------------------------------------------------


def on_error(problem: Exception) -> None:
    """What goes wrong in a callback is said in plain words; nothing on the page changes."""
    if isinstance(problem, AppError | StoreError):
        text = _(str(problem))
    else:
        _log.error("unexpected error in a callback", exc_info=problem)
        text = _("Something unexpected happened; details are in the log.")
    call.set_props(TOASTS, {"sendNotifications": refusal(text)})


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
    ClientsideFunction("burndown", "openPoint"),
    Output(URL, "search", allow_duplicate=True),
    Output({"type": "chart", "view": ALL, "place": ALL}, "clickData"),
    Input({"type": "chart", "view": ALL, "place": ALL}, "clickData"),
    State({"type": "chart", "view": ALL, "place": ALL}, "id"),
    State(URL, "search"),
    prevent_initial_call=True,
)

FRAME.clientside(
    ClientsideFunction("burndown", "closePanel"),
    Output(URL, "search", allow_duplicate=True),
    Input(PANEL, "opened"),
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


@FRAME.changed(Input("scheme", "value"))
def choose_scheme(ctx: Context, scheme: str) -> Effects:
    """Kept with the data, not in the browser: it travels with the stick."""
    ctx.backend.set_state(THEME_STATE, scheme if scheme in _SCHEMES else None)
    return Effects(put={"theme": {"forceColorScheme": _SCHEMES.get(scheme)}})


@FRAME.changed(Input("language", "value"))
def choose_language(ctx: Context, language: str) -> Effects:
    """Kept with the data as the colours are. The page is then loaded anew, its frame and scripts with it."""
    ctx.backend.set_state(LANGUAGE_STATE, language if language in LANGUAGES else None)
    return Effects(put={"spoken": {"data": language}})


FRAME.clientside(
    ClientsideFunction("burndown", "loadAnew"),
    Output("spoken", "clear_data"),
    Input("spoken", "data"),
    prevent_initial_call=True,
)


@FRAME.on(Input(TICK, "n_intervals"), State(WATCHED, "data"), State(URL, "pathname"))
def follow_jobs(ctx: Context, watched: str | None, path: str) -> Effects:
    """While a job runs show how far it is; when it ends say so and build the page anew."""
    state, over = under_way(ctx, watched), ended_untold(ctx, watched)
    if state is not None and over is None:
        followed = {WATCHED: {"data": state.name}} if is_followed(ctx, state, watched) else {}
        return Effects(put={"strip": {"children": job_strip(state)}, TICK: {"disabled": False}, **followed})
    ended = over or (ctx.jobs.state(watched) if watched else None)
    # Another one may have begun since, and is followed from now on.
    rest: dict[str, dict[str, Any]] = {
        "strip": {"children": job_strip(state)},
        TICK: {"disabled": state is None},
        WATCHED: {"data": state.name if state is not None else None},
    }
    if ended is not None and _is_quiet(ended):
        return Effects(changed=path == _RECORD, put={**rest, READY: {"data": changed_token(ctx)}})
    is_anew = path not in _FORMS or _LEAVING.get(path) == watched
    notice = Effects() if path in _TELLING else _notice_of(ended)
    return replace(notice, changed=is_anew and watched is not None, look_at=_leads_to(ended, path), put=rest)


def ended_untold(ctx: Context, watched: str | None) -> JobState | None:
    """The job that is watched, where somebody asked for it and it has come to its end: that is told before anything
    else is followed. None while it waits or runs."""
    state = ctx.jobs.state(watched) if watched else None
    is_over = state is not None and state.status not in ("waiting", "running")
    return state if state is not None and is_over and not _is_quiet(state) else None


def is_followed(ctx: Context, state: JobState, watched: str | None) -> bool:
    """Whether it is this job whose end is to be told. One that waits for a quiet one to give way is what somebody asked
    for."""
    job = ctx.jobs.state(watched) if watched is not None and _is_quiet(state) else None
    waits = job is not None and job.status == "waiting"
    # An answer that says nothing new must not overwrite what a click has said meanwhile.
    return not waits and state.name != watched


def _leads_to(ended: JobState | None, path: str) -> QueryRef | None:
    """On the page where data came in, what came is looked at from now on; elsewhere nothing moves underfoot."""
    ref = getattr(ended.result, "ref", None) if ended is not None and path in ("/data/sources", *_LEAVING) else None
    return ref if isinstance(ref, QueryRef) else None


def _notice_of(ended: JobState | None) -> Effects:
    """Where the machine is busy several ticks are answered before a page knows of the end: it is told once."""
    if ended is None or _is_quiet(ended):
        return Effects()
    return replace(_end_notice(ended), once=f"{ended.name} {ended.at}")


def _end_notice(ended: JobState) -> Effects:
    if isinstance(ended.problem, UnclearDates):
        return Effects(toast=_("The file leaves one question open. It stands on the Data page."))
    if ended.status == "failed":
        return Effects(toast=ended.message, is_problem=True)
    if ended.status == "cancelled":
        return Effects(toast=_("{name} was stopped.", name=ended.name))
    return Effects(toast=_("{name} is done.", name=ended.name))


@FRAME.click({"type": "stop", "job": ALL})
def stop_job(ctx: Context, which: dict[str, str]) -> Effects:
    ctx.jobs.cancel(which["job"])
    return Effects(put={"strip": {"children": [html.Div(_("Stopping …"), className="job-words")]}})


@FRAME.click("undo")
def take_back(ctx: Context) -> Effects:
    """What was done last, once."""
    undo, ctx.undo = ctx.undo, None
    if undo is None:
        raise BadInput(N_("This cannot be taken back any more."))
    go = undo() or ""
    return Effects(toast=ctx.undone, go=go, changed=True, put={UNDO: {"children": []}})
