"""Jira: connect a profile step by step, each step tried before anything is saved; then its queries."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html

from app.actions import files, jira, sample, tokens
from app.context import Context
from app.errors import BadInput
from app.jira.form import Attempt, Examined, Saved, Wish, field_of
from app.jira.http.address import is_atlassian
from app.jobs import JobState
from app.web.address import choice_of
from app.web.components import card, notice, page_title, secret_field, table
from app.web.effects import URL, Effects, Put
from app.web.page import Page, Visit, browser_formats, job_news, project_meant
from app.web.parts import queries, token_form
from app.web.sent import UNUSABLE, fits
from app.words import N_, _
from app.words.formats import Formats
from store.documents import connection_of
from store.records import Profile
from store.settings import JiraConnection

_PRIVACY = N_(
    "Burndown contacts this address and no other, and only when you press a button: Test, "
    "Connect, Check, Sync. Everything that comes back stays in your data folder."
)
_MAKE_ON_CLOUD = N_(
    "Make an API token in your Atlassian account: picture at the top right, Manage account, Security, API tokens."
)
_MAKE_ON_OWN = N_("Make a personal access token in Jira: picture at the top right, Profile, Personal Access Tokens.")
_MAKE = N_(
    "For Cloud an API token, for Data Center and Server a personal access token; the test "
    "says which one this Jira wants. Leave it empty for a Jira that everybody may read."
)
_KEEP = N_(" Leave it empty to keep the present one.")
_FOR_NOW = tuple(place for place in tokens.WHERE if place[0] != "computer")


def layout(visit: Visit) -> Any:
    connected = jira.is_connected(visit.profile)
    parts = [queries.section(visit), _connection(visit)] if connected else [_first_time(visit)]
    job = next((name for name in (jira.TEST_JOB, jira.CONNECT_JOB) if jira.under_way(visit.ctx, name)), None)
    return html.Div(
        [
            page_title(_("Jira"), *_mapping_link(visit)),
            *_offline(visit),
            *_news(visit, [job_news(visit.ctx, job, visit.profile) for job in (jira.CONNECT_JOB, jira.QUERY_JOB)]),
            *parts,
            dcc.Store(id="jira-job", data=job),
            dcc.Interval(id="jira-tick", interval=400, disabled=job is None),
        ],
        className="page narrow",
    )


def _mapping_link(visit: Visit) -> list[Any]:
    if visit.query is None or not jira.is_connected(visit.profile):
        return []
    return [html.A(_("Mapping of fields and statuses"), href="/data/meaning" + visit.choice.search())]


def _news(visit: Visit, states: list[JobState | None]) -> list[Any]:
    """What should be known of a connection or query of this project that was saved in this start of the app."""
    saved = [state.result for state in states if state is not None and isinstance(state.result, Saved)]
    here = [
        outcome for outcome in saved if visit.profile is not None and outcome.leads_to.profile_id == visit.profile.id
    ]
    return [notice("warning", connection.warning) for connection in here if connection.warning]


def _offline(visit: Visit) -> list[Any]:
    if not visit.ctx.network.is_offline:
        return []
    there = dcc.Link(_("Change that"), href=visit.href("/settings/system"))
    words = _("Burndown works offline: no connection is opened, so nothing can be tested or synced.")
    return [notice("warning", words, " ", there)]


def _first_time(visit: Visit) -> Any:
    text = _(
        "Three steps: say where Jira is, sign in with a token, name the work with a query. "
        "Test as often as you like; nothing is saved before you connect."
    )
    return card(html.P(text), _form(visit, None), html.P(_PRIVACY, className="quiet"), title=_("Connect"))


def _connection(visit: Visit) -> Any:
    profile = visit.profile
    kept = connection_of(profile) if profile is not None else JiraConnection()
    # A connection taken over from the old app does not say which kind it is; the next connecting does.
    kind = {"cloud": "Jira Cloud", "data center": "Jira Data Center"}.get(kept.deployment)
    facts = [
        (_("Address"), kept.base_url),
        *([(_("Kind"), kind)] if kind else []),
        *([(_("E-mail"), kept.email)] if kept.email else []),
    ]
    form = html.Details([html.Summary(_("Change the connection, or connect another project")), _form(visit, profile)])
    locked = profile is not None and tokens.missing(visit.ctx, profile) == "locked"
    return html.Div(
        [
            card(
                table(("", ""), facts, name="facts"), form, html.P(_PRIVACY, className="quiet"), title=_("Connection")
            ),
            # A locked token is asked for where it is needed, at the queries.
            *([] if locked else token_form.section(visit)),
        ],
        className="stack",
    )


# -- the form -------------------------------------------------------------------------------------------


def _form(visit: Visit, profile: Profile | None) -> Any:
    kept = connection_of(profile) if profile is not None else JiraConnection()
    is_cloud = kept.is_cloud or is_atlassian(kept.base_url)
    return html.Div(
        [
            _step(_("1. Where Jira is"), _address(visit, kept.base_url, kept.ca_file)),
            _step(_("2. Who you are"), _login(visit, kept.email, is_cloud, profile)),
            _step(_("3. Which work"), _work(visit, profile)),
            html.Div(id="jira-tested", role="status", **{"aria-live": "polite"}),
            html.Div(
                [
                    dmc.Button(_("Test the connection"), id="jira-test", variant="default"),
                    dmc.Button(_("Connect and fetch"), id="jira-connect"),
                ],
                className="actions",
            ),
        ],
        className="steps",
    )


def _step(title: str, fields: list[Any]) -> Any:
    return html.Fieldset([html.Legend(title), *fields], className="step")


def _kept(visit: Visit) -> dict[str, str]:
    """Typed texts outlive a look at another page; they are gone with the next start or reload, and secrets at once."""
    return {"persistence": visit.profile.id if visit.profile else "new", "persistence_type": "memory"}


def _address(visit: Visit, url: str, ca_file: str) -> list[Any]:
    upload = dcc.Upload(
        [
            html.Span(_("Choose a file"), className="button quiet"),
            html.Span(f" {ca_file}", id="jira-ca-name", className="quiet"),
        ],
        id="jira-ca-upload",
        max_size=1_000_000,
    )
    more = [
        html.Summary(_("My company signs its own certificates")),
        html.P(
            _("Ask the IT department for the authority's file (PEM). It is kept in the data folder."), className="quiet"
        ),
        upload,
        dcc.Store(id="jira-ca", data=ca_file or None),
    ]
    return [
        dmc.TextInput(
            id="jira-url",
            label=_("Address"),
            description=_("As in the browser's address line while Jira is open"),
            placeholder="https://yourteam.atlassian.net",
            value=url,
            debounce=True,
            **_kept(visit),
        ),
        html.Details(more, id="jira-more"),
    ]


def _login(visit: Visit, email: str, is_cloud: bool, profile: Profile | None) -> list[Any]:
    keep = _(_KEEP) if profile is not None else ""
    # Of a locked or lost token nothing can be moved: it has to be entered anyway.
    is_at_hand = profile is not None and not tokens.missing(visit.ctx, profile)
    where = tokens.place_of(visit.ctx, profile.id) if profile is not None and is_at_hand else "memory"
    places = tokens.WHERE if where == "computer" else _FOR_NOW
    return [
        html.Div(
            dmc.TextInput(
                id="jira-email",
                label=_("E-mail"),
                description=_("With which you sign in to Jira"),
                value=email,
                autoComplete="email",
                **_kept(visit),
            ),
            id="jira-email-row",
            hidden=not is_cloud,
        ),
        secret_field(
            "jira-token", _("Token"), description=token_help(is_cloud if profile else None) + keep, autoComplete="off"
        ),
        dmc.Select(
            id="jira-where",
            label=_("Where the token is kept"),
            value=where,
            allowDeselect=False,
            data=_places(places),
            comboboxProps={"withinPortal": True},
        ),
        html.Div(
            secret_field(
                "jira-passphrase",
                _("Passphrase"),
                autoComplete="new-password",
                description=_("Eight characters or more; a few words are best. It cannot be recovered."),
            ),
            id="jira-passphrase-row",
            hidden=where != "stick",
        ),
    ]


def token_help(is_cloud: bool | None) -> str:
    """What a token is and where it is made; None: not known yet for which Jira."""
    return _(_MAKE if is_cloud is None else _MAKE_ON_CLOUD if is_cloud else _MAKE_ON_OWN)


def _places(places: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in places]


def _work(visit: Visit, profile: Profile | None) -> list[Any]:
    query = visit.query if profile is not None and visit.query is not None and visit.query.jql else None
    name = query.name if query is not None else "" if profile is not None else _("All issues")
    names = [
        dmc.TextInput(
            id="jira-profile",
            label=_("Project"),
            value=_profile_name(visit),
            description=_("The team or project; made if it is new"),
            **_kept(visit),
        ),
        dmc.TextInput(
            id="jira-query",
            label=_("Name of the work list"),
            value=name,
            placeholder=_("Release 2"),
            description=_("How it is called here"),
            **_kept(visit),
        ),
    ]
    return [
        dcc.Store(id="jira-about", data=_profile_name(visit) if visit.profile is not None else ""),
        html.Div(names, className="fields"),
        dmc.Textarea(
            id="jira-jql",
            label=_("Query (JQL)"),
            value=query.jql if query is not None else "",
            description=_(
                "As in Jira's advanced search, or the address of a board. "
                "It should find all of the work, done and open."
            ),
            placeholder=_("project = ABC"),
            autosize=True,
            minRows=2,
            maxRows=8,
            **_kept(visit),
        ),
    ]


def _profile_name(visit: Visit) -> str:
    """The profile looked at, but not the made-up one."""
    return visit.own_project or _(files.FIRST_PROFILE)


# -- what the test says ---------------------------------------------------------------------------------


def tested(examined: Examined, formats: Formats) -> Any:
    """Which Jira it is, who we are, how much matches; or what is missing."""
    product = "Jira Cloud" if examined.is_cloud else "Jira Data Center"
    kind = _("{product}, version {version}", product=product, version=examined.version)
    if examined.asks_for:
        lacks = _("e-mail address and an API token") if examined.asks_for == "email" else _("API token")
        return notice("info", _("This is {kind}. Enter your {lacks}, then test again.", kind=kind, lacks=lacks))
    if not examined.user and examined.matches is None and not examined.query_problem:
        # It answered with its version only, which a Jira gives to everybody.
        return notice(
            "info",
            _(
                "There is {kind}, at this address. Sign in next; one that everybody may read needs only a query.",
                kind=kind,
            ),
        )
    who = _("signed in as {user}", user=examined.user) if examined.user else _("not signed in, which it allows")
    words = [html.Strong(_("The connection works.")), f" {kind}, {who}."]
    if examined.query_problem:
        return notice("warning", *words, _(" The query needs a change."))
    if examined.matches is None:
        return notice("good", *words, _(" Enter a query next."))
    about = "about " if examined.is_cloud else ""
    evidence = html.Details(
        [html.Summary(_("What Burndown found in it")), html.Ul([html.Li(line) for line in examined.evidence])]
    )
    return notice(
        "good",
        *words,
        _(" The query matches {about}{matches}.", about=about, matches=_issues(examined.matches, formats)),
        evidence,
    )


def _issues(count: int, formats: Formats) -> str:
    return f"{formats.number(count)} {'issue' if count == 1 else 'issues'}"


@dataclass(frozen=True, slots=True)
class Messages:
    """What is said beside which field; None clears it."""

    url: str | None = None
    email: str | None = None
    token: str | None = None
    passphrase: str | None = None
    jql: str | None = None


def messages(problem: Exception | None, examined: Examined | None = None) -> Messages:
    """The message of a failed job beside the field that it is about."""
    if examined is not None:
        return Messages(jql=examined.query_problem or None)
    name = field_of(problem)
    if not name:
        return Messages()
    return Messages(**{"url" if name == "ca" else name: str(problem)})


# -- callbacks ------------------------------------------------------------------------------------------

PAGE = Page("/data/sources/jira", N_("Jira"), layout, parts=(queries.PART,), under="/data/sources", needs_data=False)

_FIELDS = tuple(
    State(name, "value")
    for name in (
        "jira-url",
        "jira-email",
        "jira-token",
        "jira-where",
        "jira-passphrase",
        "jira-profile",
        "jira-query",
        "jira-jql",
    )
)

_ABOUT = (State("jira-about", "data"), State(URL, "search"))


def wish_of(fields: tuple[str | None, ...], ca_file: str | None) -> Wish:
    """What the form holds, in the order of its fields."""
    url, email, token, where, passphrase, profile, query, jql = ((field or "").strip() for field in fields)
    return Wish(url, profile, query, jql, email, token, ca_file or "", where or "memory", passphrase)


@PAGE.click("jira-test", *_FIELDS, State("jira-ca", "data"), *_ABOUT)
def test(ctx: Context, *fields: str | None) -> Effects:
    """In the worker: a Jira that never answers holds up no page."""
    jira.test(ctx, _wish_of(ctx, fields))
    return _followed(jira.TEST_JOB, _("Asking Jira …"))


@PAGE.click("jira-connect", *_FIELDS, State("jira-ca", "data"), *_ABOUT)
def connect(ctx: Context, *fields: str | None) -> Effects:
    jira.connect(ctx, _wish_of(ctx, fields))
    return _followed(jira.CONNECT_JOB, _("Connecting …"))


def _wish_of(ctx: Context, entries: tuple[str | None, ...]) -> Wish:
    """What the form holds, about the project that the address names; its last three values are of `jira-ca` and
    `_ABOUT`. Raises BadInput."""
    # At once: what follows is used in a job, where a value of another kind would be nobody's mistake but ours.
    if not fits(entries, Sequence[str | None]):
        raise BadInput(UNUSABLE)
    *fields, ca_file, about, search = entries
    wish = wish_of(tuple(fields), ca_file)
    # The made-up project is never connected: the form names another one then.
    is_sample = choice_of(search).profile == sample.REF.profile_id
    profile_id = "" if is_sample else project_meant(ctx, search, wish.profile, about)
    return replace(wish, profile_id=profile_id)


def _followed(job: str, words: str) -> Effects:
    started: Put = {
        "jira-job": {"data": job},
        "jira-tick": {"disabled": False},
        "jira-tested": {"children": _asking(words)},
    }
    return Effects(follow=job, put={**started, **_errors(Messages())})


def _asking(words: str) -> Any:
    return html.P(words, className="quiet")


def _errors(beside: Messages) -> dict[str, Mapping[str, Any]]:
    return {f"jira-{name}": {"error": message} for name, message in asdict(beside).items()}


@PAGE.fills(
    Output("jira-where", "data"),
    Input("jira-test", "id"),
    *_FIELDS,
    State("jira-ca", "data"),
    State("jira-token", "description"),
)
def complete(ctx: Context, there: str, *entries: str | None) -> Effects:
    """After the page, in one request, what it had to leave open: whether there is a keyring takes a moment to find out;
    what was typed before a look at another page is back only now; and what came of the last attempt, while the form
    still holds what was tried."""
    *fields, ca_file, shown = entries
    wish = wish_of(tuple(fields), ca_file)
    places = tokens.WHERE if ctx.secrets.has_keyring() else _FOR_NOW
    kept: Put = {"jira-where": {"data": _places(places)}}
    adapted, recalled = _adapted(wish.url, wish.email, shown or ""), _recalled(ctx, wish)
    both: Put = {part: {**adapted.get(part, {}), **recalled.get(part, {})} for part in {**adapted, **recalled}}
    return Effects(put={**kept, **both})


def _recalled(ctx: Context, wish: Wish) -> Put:
    attempt = ctx.attempt
    state = ctx.jobs.state(attempt.job) if attempt is not None else None
    if attempt is None or state is None or wish.without_secrets() != attempt.wish:
        return {}
    if state.status in ("waiting", "running"):
        return {"jira-tested": {"children": _asking(_("Asking Jira …"))}}
    return {} if isinstance(state.result, Saved) else outcome_of(state, attempt, browser_formats())


@PAGE.on(Input("jira-tick", "n_intervals"), State("jira-job", "data"))
def follow(ctx: Context, job: str | None) -> Effects | None:
    """Until the test or the connecting ends; then what came of it, each message beside its field."""
    state = ctx.jobs.state(job) if job in (jira.TEST_JOB, jira.CONNECT_JOB) else None
    if state is not None and state.status in ("waiting", "running"):
        return None
    rest = {"jira-tick": {"disabled": True}}
    if state is None:
        return Effects(put=rest)
    if isinstance(state.result, Saved):
        return Effects(look_at=state.result.leads_to, changed=True, put=rest)
    return Effects(put={**outcome_of(state, ctx.attempt, browser_formats()), **rest})


def outcome_of(state: JobState, attempt: Attempt | None, formats: Formats) -> Put:
    """What is said of a test or a connecting that ended, and what the form shows because of it."""
    examined = state.result if isinstance(state.result, Examined) else None
    beside = messages(state.problem, examined)
    missing = examined.asks_for if examined else field_of(state.problem)
    is_cloud = examined.is_cloud if examined else True if missing == "email" else None
    put = _errors(beside)
    put["jira-tested"] = {"children": [outcome(state, formats), *_attempted(attempt, formats)]}
    if is_cloud is not None:
        put["jira-email-row"] = {"hidden": not is_cloud}
        put["jira-token"] = {**put["jira-token"], "description": token_help(is_cloud)}
    if field_of(state.problem) == "ca":
        put["jira-more"] = {"open": True}
    return put


def _attempted(attempt: Attempt | None, formats: Formats) -> list[Any]:
    """Which address that was about, and when: it may be seen a while later."""
    if attempt is None:
        return []
    when = formats.instant(attempt.at.astimezone())
    return [
        html.P(_("Tried with {url}, {when}.", url=attempt.wish.url or _("no address"), when=when), className="quiet")
    ]


def outcome(state: JobState, formats: Formats) -> Any:
    """Below the form, in words; what is said beside a field is not said twice."""
    if isinstance(state.result, Examined):
        return tested(state.result, formats)
    if state.status == "cancelled":
        return notice("info", _("Stopped. Nothing was saved."))
    if field_of(state.problem):
        return notice("problem", _("It did not work; what to change is said above. Nothing was saved."))
    return notice("problem", state.message, _(" Nothing was saved."))


@PAGE.changed(Input("jira-url", "value"), State("jira-email", "value"), State("jira-token", "description"))
def adapt_login(ctx: Context, url: str | None, email: str | None, shown: str) -> Effects:
    return Effects(put=_adapted(url or "", email or "", shown))


def _adapted(url: str, email: str, shown: str) -> Put:
    """Atlassian's own addresses are Cloud; of others the test says what they are. An e-mail typed before is shown."""
    keep = _(_KEEP) if shown.endswith(_(_KEEP)) else ""
    if is_atlassian(url):
        words = token_help(is_cloud=True) + keep
        return {"jira-email-row": {"hidden": False}, "jira-token": {"description": words}}
    email_row = {"jira-email-row": {"hidden": False}} if email else {}
    # No other server has accounts of Atlassian.
    is_wrong = shown.startswith(token_help(is_cloud=True))
    return {**email_row, **({"jira-token": {"description": token_help(None) + keep}} if is_wrong else {})}


@PAGE.changed(Input("jira-where", "value"))
def ask_passphrase(ctx: Context, where: str) -> Effects:
    return Effects(put={"jira-passphrase-row": {"hidden": where != "stick"}})


@PAGE.on(Input("jira-ca-upload", "contents"), State("jira-ca-upload", "contents"), State("jira-ca-upload", "filename"))
def take_ca_file(ctx: Context, contents: str, name: str) -> Effects:
    try:
        data = base64.b64decode(contents.partition(",")[2], validate=True)
    except (binascii.Error, ValueError) as exc:
        raise BadInput(_("The browser did not send the file whole. Choose it again.")) from exc
    file = {"jira-ca": {"data": jira.save_ca_file(ctx, data)}, "jira-ca-name": {"children": f" {name}"}}
    return Effects(toast=_("The certificates will be used from now on. Test again."), put=file)
