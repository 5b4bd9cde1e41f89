"""The part of the Jira page about a profile's saved queries: fetch, add, change, remove; and what a sync did."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Input, State, dcc, html

from app.actions import jira, tokens
from app.actions.jira import Fetched, LastSync
from app.actions.projects import WORK_NAME
from app.actions.token_places import why_elsewhere
from app.context import Context
from app.errors import BadInput
from app.jira.errors import WrongToken
from app.jira.form import Checked, Saved, field_of
from app.jira.http.login import stripped
from app.jobs import JobState
from app.turns import chosen
from app.web.address import Choice, choice_of
from app.web.components import card, link_button, notice, secret_field
from app.web.effects import URL, Effects, Put
from app.web.page import Page, Visit, browser_formats, job_news, visit_of
from app.web.parts import meanwhile, taking_back
from app.words import _, n_
from app.words.formats import Formats
from store.records import Profile, Query, QueryRef

_SHOWN, _NOTED = "editor-shown", (WORK_NAME, jira.JQL)

_FOLLOWED = (jira.SYNC_JOB, jira.QUERY_JOB, jira.CHECK_JOB)


def section(visit: Visit) -> Any:
    """Of the profile looked at, which is connected."""
    if visit.profile is None:
        return None
    job = next((name for name in _FOLLOWED if jira.under_way(visit.ctx, name)), None)
    return html.Div(
        [
            html.Div(outcome(job_news(visit.ctx, jira.SYNC_JOB, visit.profile), visit.formats), id="sync-outcome"),
            card(
                html.Div(listed(visit.ctx, visit.profile, visit.formats), id="queries"),
                title=_("Work lists of “{name}”", name=visit.profile.name),
                beside=dmc.Button(
                    _("Add a work list"), id={"type": "query-edit", "query": ""}, variant="default", size="xs"
                ),
            ),
            _editor(),
            _remove_question(),
            dcc.Store(id="query-job", data=job),
            dcc.Interval(id="query-tick", interval=400, disabled=job is None),
        ],
        className="stack",
    )


# -- the list -------------------------------------------------------------------------------------------


def listed(ctx: Context, profile: Profile, formats: Formats) -> list[Any]:
    """The queries with what can be done to them; before them what stands in the way, if anything does."""
    queries = sorted(
        (query for query in ctx.backend.list_queries(profile.id) if query.jql), key=lambda query: query.name.casefold()
    )
    if not queries:
        return [html.P(_("There is no work list yet. Add one to fetch issues."), className="quiet")]
    busy = jira.under_way(ctx, jira.SYNC_JOB)
    rows = [_row(query, jira.last_sync(ctx.backend.get_project_data(query.ref), query), formats, busy)
            for query in queries]  # fmt: skip
    every = dmc.Button(_("Sync all"), id={"type": "query-sync", "query": "", "full": ""}, disabled=busy)
    return [*_token_needed(ctx, profile), html.Ul(rows, className="rows queries"),
            *([html.Div(every, className="actions")] if len(queries) > 1 else [])]  # fmt: skip


def _row(query: Query, last: LastSync | None, formats: Formats, busy: bool) -> Any:
    words = [
        html.Strong(query.name),
        html.Div(html.Code(query.jql)),
        html.Div(_standing(last, formats), className="quiet"),
    ]
    sync = dmc.Button(_("Sync"), id={"type": "query-sync", "query": query.id, "full": ""}, variant="default", size="xs",
                      disabled=busy, **{"aria-label": _("Sync {name}", name=query.name)})  # fmt: skip
    more = [
        _text_button(
            _("Fetch everything again"), {"type": "query-sync", "query": query.id, "full": "full"}, query.name, busy
        ),
        _text_button(_("Change …"), {"type": "query-edit", "query": query.id}, query.name),
        _text_button(_("Remove …"), {"type": "query-remove", "query": query.id}, query.name),
    ]
    return html.Li([html.Div(words), html.Div([sync, *more], className="actions")])


def _text_button(words: str, name: dict[str, str], query: str, disabled: bool = False) -> Any:
    return html.Button(words, id=name, className="text-button", n_clicks=0, disabled=disabled,
                       **{"aria-label": f"{words.removesuffix(' …')}: {query}"})  # fmt: skip


def _standing(last: LastSync | None, formats: Formats) -> str:
    if last is None:
        return _("Not synced yet.")
    issues = n_("{count} issue", "{count} issues", last.issues, count=formats.number(last.issues))
    words = _("{issues}, last synced {when}.", issues=issues, when=formats.instant(last.at.astimezone()))
    return (
        words
        if last.is_current
        else _("{told} The query was changed since: sync to fetch what it finds now.", told=words)
    )


def _token_needed(ctx: Context, profile: Profile) -> list[Any]:
    """In place of a sync that could not work: what is missing, and a field for it."""
    lacks = tokens.missing(ctx, profile)
    state = job_news(ctx, jira.SYNC_JOB, profile)
    problem = state.problem if state is not None else None
    if lacks == "locked":
        text = _("The token is sealed in this folder. Give its passphrase once, and it is open until Burndown ends.")
        field = secret_field("query-token", _("Passphrase"), autoComplete="off", w=280)
        button = dmc.Button(_("Unlock and sync"), id="query-token-use", variant="default")
    elif lacks or isinstance(problem, WrongToken | BadInput):
        refused = _("Jira does not accept the token any more. Enter a new one.")
        old = _(", or take over the one of the old files below") if tokens.in_old_files(profile) else ""
        gone = _(
            "The token is not at hand. Enter it to sync{old}. To keep it for longer, change the connection below.",
            old=old,
        )
        gone = why_elsewhere(ctx, profile, ctx.secrets) or gone
        text = refused if isinstance(problem, WrongToken) and not lacks else gone
        field = secret_field("query-token", _("Token"), autoComplete="off", w=280)
        button = dmc.Button(_("Use it and sync"), id="query-token-use", variant="default")
    else:
        return []
    return [notice("warning", html.P(text), html.Div([field, button], className="inline-form"))]


# -- what a sync did ------------------------------------------------------------------------------------


def outcome(state: JobState | None, formats: Formats) -> Any:
    """Of the last sync of this start; nothing while one waits or runs."""
    if state is None or state.status in ("waiting", "running"):
        return None
    if isinstance(state.result, Fetched):
        return _fetched(state.result, formats)
    if state.status == "failed":
        return notice(
            "problem",
            html.Strong(_("The sync did not work.")),
            _(" {said} What was there before stays.", said=state.message),
        )
    if state.status in ("cancelled", "interrupted"):
        return notice(
            "info", _("The sync was stopped. What was fetched is kept: the next sync goes on where this one stopped.")
        )
    return None


def _fetched(fetched: Fetched, formats: Formats) -> Any:
    lines: list[Any] = [
        html.P([html.Strong(f"{result.query}: "), _counts(result, formats)]) for result in fetched.results
    ]
    warnings = [*(warning for result in fetched.results for warning in result.warnings),
                *(_("{name} was not synced. {why}", name=name, why=why) for name, why in fetched.failed)]  # fmt: skip
    lines += [html.P(warning, className="warning") for warning in warnings]
    links = []
    if fetched.results:
        ref = fetched.results[0].ref
        search = Choice(profile=ref.profile_id, query=ref.query_id).search()
        links = [link_button(_("See the forecast"), "/" + search),
                 link_button(_("Check the mapping"), "/data/meaning" + search, quiet=True)]  # fmt: skip
    return card(*lines, html.Div(links, className="actions"), title=_("Synced"), name="outcome")


def _counts(result: Any, formats: Formats) -> str:
    """One query's part of a sync in a sentence."""
    if not (result.changed or result.removed or result.issue_changes):
        words = _("nothing has changed since the last sync")
    else:
        fetched = n_(
            "{count} issue fetched", "{count} issues fetched", result.fetched, count=formats.number(result.fetched)
        )
        words = n_(
            "{fetched}, {changed} new or changed, {removed} removed, {count} entry of history learned",
            "{fetched}, {changed} new or changed, {removed} removed, {count} entries of history learned",
            result.issue_changes,
            fetched=fetched,
            changed=formats.number(result.changed),
            removed=formats.number(result.removed),
            count=formats.number(result.issue_changes),
        )
    seconds = formats.number(result.seconds, 1)
    return n_(
        "{words}; {requests} request in {seconds} s.",
        "{words}; {requests} requests in {seconds} s.",
        result.requests,
        words=words,
        requests=formats.number(result.requests),
        seconds=seconds,
    )


# -- dialogs --------------------------------------------------------------------------------------------


def _editor() -> Any:
    fields = [
        dmc.TextInput(id="editor-name", label=_("Name"), placeholder=_("Release 2")),
        dmc.Textarea(id="editor-jql", label=_("Query (JQL)"), placeholder=_("project = ABC"), autosize=True, minRows=3,
                     description=_("As in Jira's advanced search, or a board: its address, or “board 12” for its "
                                   "number. Checked by Jira before it is saved.")),
        html.Div(id="editor-said", **{"aria-live": "polite"}),
        dmc.Group(
            [
                dmc.Button(_("Cancel"), id="editor-no", variant="subtle"),
                dmc.Button(_("Check"), id="editor-check", variant="default"),
                dmc.Button(_("Save and fetch"), id="editor-save"),
            ],
            justify="flex-end",
        ),
        dcc.Store(id="editor-query"),
        dcc.Store(id=_SHOWN),
    ]  # fmt: skip
    return dmc.Modal(id="editor", title=_("Work list"), centered=True, size="lg", children=dmc.Stack(fields, gap="md"),
                     closeButtonProps={"aria-label": _("Close")})  # fmt: skip


def _remove_question() -> Any:
    buttons = [dmc.Button(_("Keep it"), id="remove-no", variant="default"),
               dmc.Button(_("Remove"), id="remove-yes", color="red.9")]  # fmt: skip
    words = _(
        "Its issues and records go with it; in Jira nothing changes. It can be put back for "
        "30 days: with Undo at once, later under All projects › Deleted."
    )
    return dmc.Modal(
        id="remove-question",
        title=_("Remove this work list?"),
        centered=True,
        closeButtonProps={"aria-label": _("Close")},
        children=[html.P(words), dcc.Store(id="remove-query"), dmc.Group(buttons, justify="flex-end", mt="md")],
    )


# -- callbacks ------------------------------------------------------------------------------------------

PART = Page("", "", lambda visit: None)


def _profile(ctx: Context, search: str | None) -> Profile:
    visit = visit_of(ctx, search, browser_formats())
    # Only of the project that the address names.
    profile = visit.profile if choice_of(search).profile else None
    if profile is None or not jira.is_connected(profile):
        raise BadInput(_("This project is not connected to Jira. Connect it first."))
    return profile


@PART.click({"type": "query-sync", "query": ALL, "full": ALL}, State(URL, "search"))
def sync(ctx: Context, which: dict[str, str], search: str) -> Effects:
    profile = _profile(ctx, search)
    refs = [QueryRef(profile.id, which["query"])] if which["query"] else jira.sync_refs(ctx, profile.id)
    return _start(ctx, profile, refs, full=which["full"] == "full")


def _start(ctx: Context, profile: Profile, refs: list[QueryRef], full: bool = False) -> Effects:
    jira.sync(ctx, refs, full)
    shown: Put = {"queries": {"children": listed(ctx, profile, browser_formats())}, "sync-outcome": {"children": None}}
    return _followed(jira.SYNC_JOB, shown)


def _followed(job: str, shown: Put) -> Effects:
    """By this part, which says what came of it, and by the frame, which shows how far it is."""
    return Effects(follow=job, put={"query-job": {"data": job}, "query-tick": {"disabled": False}, **shown})


@PART.on(Input("query-tick", "n_intervals"), State("query-job", "data"), State(URL, "search"))
def follow(ctx: Context, job: str | None, search: str) -> Effects | None:
    """Until the job ends; then what came of it, where it was asked for."""
    state = ctx.jobs.state(job) if job in _FOLLOWED else None
    if state is not None and state.status in ("waiting", "running"):
        return None
    rest = {"query-tick": {"disabled": True}}
    if state is None:
        return Effects(put=rest)
    if isinstance(state.result, Saved):
        return Effects(look_at=state.result.leads_to, changed=True, put=rest)
    formats = browser_formats()
    if job == jira.SYNC_JOB:
        queries = {"children": listed(ctx, _profile(ctx, search), formats)}
        news = job_news(ctx, job, _profile(ctx, search))
        return Effects(put={**rest, "queries": queries, "sync-outcome": {"children": outcome(news, formats)}})
    answer, error = checked(state, formats)
    return Effects(put={**rest, "editor-said": {"children": answer}, "editor-jql": {"error": error}})


def checked(state: JobState, formats: Formats) -> tuple[Any, str | None]:
    """What the editor says of a check or of a query that was not saved: below its fields, and beside the JQL."""
    if isinstance(state.result, Checked):
        count = state.result.matches
        return html.P(
            n_(
                "Jira understands it. It matches {count} issue.",
                "Jira understands it. It matches {count} issues.",
                count,
                count=formats.number(count),
            )
        ), None
    if state.status == "cancelled":
        return html.P(_("Stopped. Nothing was saved.")), None
    if field_of(state.problem) == "jql":
        return None, state.message
    return notice("problem", state.message), None


@PART.click({"type": "query-edit", "query": ALL}, State(URL, "search"))
def open_editor(ctx: Context, which: dict[str, str], search: str) -> Effects:
    query = ctx.backend.get_query(QueryRef(_profile(ctx, search).id, which["query"])) if which["query"] else None
    title = _("Add a work list") if query is None else _("Change “{name}”", name=query.name)
    return Effects(
        put={
            "editor": {"opened": True, "title": title},
            "editor-query": {"data": query.id if query else None},
            _SHOWN: {"data": [query.name, query.jql] if query else None},
            "editor-name": {"value": query.name if query else ""},
            "editor-jql": {"value": query.jql if query else "", "error": None},
            "editor-said": {"children": None},
        }
    )


@PART.click("editor-no")
def close_editor(ctx: Context) -> Effects:
    return Effects(put={"editor": {"opened": False}})


@PART.click("editor-check", State("editor-jql", "value"), State(URL, "search"))
def check(ctx: Context, jql: str | None, search: str) -> Effects:
    jira.check_query(ctx, _profile(ctx, search).id, jql or "")
    return _asking(jira.CHECK_JOB)


@PART.click(
    "editor-save",
    State("editor-query", "data"),
    State("editor-name", "value"),
    State("editor-jql", "value"),
    State(URL, "search"),
    State(_SHOWN, "data"),
)
def save(
    ctx: Context, query: str | None, name: str | None, jql: str | None, search: str, shown: list[str] | None = None
) -> Effects:
    """What was not changed in the editor stays as somebody else may have set it since."""
    profile_id, typed = _profile(ctx, search).id, (name or "", jql or "")
    present = ctx.backend.get_query(QueryRef(profile_id, query)) if query and shown else None
    if present is None or shown is None:
        jira.save_query(ctx, profile_id, query, *typed)
        return _asking(jira.QUERY_JOB)
    now = (present.name, present.jql)
    wanted = [there if mine == seen else mine for mine, seen, there in zip(typed, shown, now, strict=True)]
    act = partial(jira.save_query, ctx, profile_id, query, *wanted)
    contested = [
        meanwhile.Choice(label, there, mine, chosen(ctx.backend, present.ref, note)).question(act, browser_formats())
        for label, note, mine, seen, there in zip(_edited(), _NOTED, wanted, shown, now, strict=True)
        if there not in (mine, seen)
    ]
    if contested:
        return replace(contested[0], toast=" ".join(effects.toast for effects in contested))
    act()
    return _asking(jira.QUERY_JOB)


def _edited() -> tuple[str, str]:
    return _("Work list"), _("Query (JQL)")


def _asking(job: str) -> Effects:
    words = html.P(_("Asking Jira …"), className="quiet")
    return _followed(job, {"editor-said": {"children": words}, "editor-jql": {"error": None}})


@PART.click({"type": "query-remove", "query": ALL}, State(URL, "search"))
def ask_to_remove(ctx: Context, which: dict[str, str], search: str) -> Effects:
    query = ctx.backend.get_query(QueryRef(_profile(ctx, search).id, which["query"]))
    if query is None:
        raise BadInput(_("This work list no longer exists. Reload the page."))
    question = {"opened": True, "title": _("Remove “{name}”?", name=query.name)}
    return Effects(put={"remove-question": question, "remove-query": {"data": query.id}})


@PART.click("remove-no")
def keep(ctx: Context) -> Effects:
    return Effects(put={"remove-question": {"opened": False}})


@PART.click("remove-yes", State("remove-query", "data"), State(URL, "search"))
def remove(ctx: Context, query_id: str | None, search: str) -> Effects | None:
    if not query_id:
        return None
    gone = jira.remove_query(ctx, QueryRef(_profile(ctx, search).id, query_id))
    there = "/data/sources/jira" + Choice(profile=gone.profile_id).search()
    effects = taking_back.gone_for_now(ctx, gone.ref, gone.name, there)
    return replace(effects, put={"remove-question": {"opened": False}})


@PART.click("query-token-use", State("query-token", "value"), State(URL, "search"))
def use_token(ctx: Context, token: str | None, search: str) -> Effects:
    """The passphrase of a sealed token, or the token itself; either is entered in order to sync."""
    profile = _profile(ctx, search)
    if not stripped(token or ""):
        raise BadInput(_("The field is empty."))
    if tokens.missing(ctx, profile) == "locked":
        tokens.unlock(ctx, token or "")
    else:
        tokens.renew(ctx, profile, str(token))
    return _start(ctx, profile, jira.sync_refs(ctx, profile.id))
