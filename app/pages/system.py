"""System: what the program is and where it lies, whether all is in order, what it sent and logged, its parts."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html

from app.actions import licences, system
from app.actions.system import Checked, Program
from app.context import Context
from app.network import LISTED, Sent, Traffic
from app.web.components import card, data_table, notice, page_title, table
from app.web.effects import Effects
from app.web.page import Page, Visit, browser_formats
from app.web.parts import backups, diagnostics
from app.words import N_, _, n_
from app.words.formats import Formats
from store.upkeep import Description

_CHECK, _NET, _LOG, _TICK = "system-check", "system-network", "system-log", "system-tick"
_FOLLOW_MS = 2000


def layout(visit: Visit) -> Any:
    return html.Div(
        [
            page_title(_("System")),
            _about(visit),
            _network_card(visit),
            _log_card(visit),
            diagnostics.section(),
            _licences(),
        ],
        className="page narrow",
    )


# -- what it is -----------------------------------------------------------------------------------------


def _about(visit: Visit) -> Any:
    formats = visit.formats
    facts = _facts(system.program(visit.ctx), visit.ctx.upkeep.describe(), formats)
    button = dmc.Button(_("Check now"), id="check-now", variant="default")
    return card(
        html.Div(table(("", ""), [list(row) for row in facts], name="facts"), className="paths"),
        html.P([_("Last backup: "), _last_backup(visit), "."]),
        html.Div(button, className="actions"),
        html.Div(_outcome(visit.ctx, formats), id=_CHECK, **{"aria-live": "polite"}),
        title=_("Program and data"),
    )


def _facts(about: Program, database: Description, formats: Formats) -> list[tuple[str, str]]:
    megabytes = _("{size} MB", size=formats.number(database.database_bytes / 1000000.0, 1))
    with_parts = _(
        "{version}, with Python {python} and SQLite {sqlite}",
        version=about.version,
        python=about.python,
        sqlite=database.sqlite_version,
    )
    form = _(
        "{size}, form {version}, journal {journal}",
        size=megabytes,
        version=database.schema_version,
        journal=database.journal_mode or "–",
    )
    folder = str(about.data_folder)
    return [
        ("Burndown", with_parts),
        (_("Computer"), about.system),
        (_("Program"), str(about.program)),
        (_("Data folder"), _("{folder} (read-only)", folder=folder) if about.is_read_only else folder),
        (_("Database"), form),
        (_("Log"), str(about.log)),
    ]


def _last_backup(visit: Visit) -> Any:
    snapshot = system.last_backup(visit.ctx)
    at = "" if snapshot is None else backups.instant(snapshot, visit.formats)
    words = _("none yet") if snapshot is None else _("{at}, checked when it was made", at=at)
    return dcc.Link(words, href=visit.href("/settings/backups"))


def _outcome(ctx: Context, formats: Formats) -> Any:
    """Of the last check since the start."""
    state = ctx.jobs.state(system.CHECK_JOB)
    return checked(state.result, formats) if state is not None and isinstance(state.result, Checked) else None


def checked(check: Checked, formats: Formats) -> Any:
    """What a check came to, in words."""
    at = formats.instant(check.at.astimezone())
    if not check.problems:
        return notice("good", _("Everything is in order: every page and every row was read on {at}.", at=at))
    return notice(
        "problem", html.P(_("Checked on {at}:", at=at)), html.Ul([html.Li(_(each)) for each in check.problems])
    )


# -- what it sends --------------------------------------------------------------------------------------


def _network_card(visit: Visit) -> Any:
    switch = dmc.Switch(
        id="work-offline",
        checked=visit.ctx.network.is_offline,
        label=_("Work offline"),
        description=_(
            "No connection is opened by anything, until you switch this off; the next start keeps to it too."
        ),
    )
    return card(switch, html.Div(requests(visit.ctx, visit.formats), id=_NET), title=_("Network"))


def requests(ctx: Context, formats: Formats) -> list[Any]:
    """The sums of what was asked since the start, and each of the last requests."""
    network = ctx.network
    since = formats.instant(network.since.astimezone())
    sums, listed = network.sums, network.listed
    if not sums:
        return [html.P(_("Nothing was sent since the start on {since}.", since=since), className="quiet")]
    count = sum(request.requests for request in sums)
    words = n_(
        "{count} request since the start on {since}.",
        "{count} requests since the start on {since}.",
        count,
        since=since,
    )
    shown = _("Each of them") if count <= LISTED else _("The last {count}", count=LISTED)
    head = (_("When"), _("Server"), _("Asked"), _("Why"), _("Answer"), _("Sent"), _("Received"))
    each = data_table(head, [_sent(request, formats) for request in listed], (5, 6), "long")
    return [
        html.P(words, className="quiet"),
        table(
            (_("Server"), _("Why"), _("Requests"), _("Sent"), _("Received")),
            [_sum(request, formats) for request in sums],
            numeric=(2, 3, 4),
        ),
        html.Details([html.Summary(shown), each]),
    ]


def _sum(request: Traffic, formats: Formats) -> list[str]:
    sizes = [_size(amount, formats) for amount in (request.bytes_out, request.bytes_in)]
    return [request.host, _(request.why), formats.number(request.requests), *sizes]


def _sent(request: Sent, formats: Formats) -> list[str]:
    at = request.at.astimezone()
    sizes = [_size(amount, formats) for amount in (request.bytes_out, request.bytes_in)]
    return [
        f"{formats.short(at.date())} {at:%H:%M:%S}",
        request.host,
        request.what,
        _(request.why),
        request.outcome,
        *sizes,
    ]


def _size(amount: int, formats: Formats) -> str:
    return (
        f"{formats.number(amount)} B"
        if amount < 10_000
        else _("{amount} kB", amount=formats.number(round(amount / 1000)))
    )


# -- what it logged -------------------------------------------------------------------------------------


def _log_card(visit: Visit) -> Any:
    follow = dmc.Switch(id="follow-log", checked=False, label=_("Follow"), size="sm")
    return card(
        html.P(_(
            "The last lines, without secrets. Follow renews them, and the requests above, every two seconds."
        ),
               className="quiet"),
        html.Div(log_lines(visit.ctx), id=_LOG),
        dcc.Interval(id=_TICK, interval=_FOLLOW_MS, disabled=True),
        title=_("Log"),
        beside=follow,
    )  # fmt: skip


def log_lines(ctx: Context) -> Any:
    """The newest at the bottom, where the text begins to be seen."""
    lines = system.log_tail(ctx)
    if not lines:
        return html.P(_("Nothing was logged yet."), className="quiet")
    return html.Div(
        html.Pre("\n".join(lines)), className="log", tabIndex=0, role="region", **{"aria-label": _("Lines of the log")}
    )


# -- what it is made of ---------------------------------------------------------------------------------


def _licences() -> Any:
    rows = [[part.name, part.version, part.licence] for part in licences.parts()]
    save = html.Button(_("All licences in full"), id="save-licences", className="text-button", n_clicks=0)
    return card(
        html.P(_("Burndown is under the MIT licence. It carries these parts of others:"), className="quiet"),
        table((_("Part"), _("Version"), _("Licence")), rows, name="long"),
        html.Div(save, className="actions"),
        dcc.Download(id="licences-download"),
        title=_("Licences"),
    )


# -- callbacks ------------------------------------------------------------------------------------------

PAGE = Page("/settings/system", N_("System"), layout, needs_data=False)


@PAGE.click("check-now", running=[(Output("check-now", "loading"), True, False)])
def check_now(ctx: Context) -> Effects:
    result = diagnostics.check(ctx)
    return Effects(put={_CHECK: {"children": checked(result, browser_formats())}})


@PAGE.changed(Input("work-offline", "checked"))
def switch_offline(ctx: Context, is_offline: bool) -> Effects | None:
    if ctx.network.is_offline == is_offline:
        return None
    system.work_offline(ctx, is_offline)
    words = _("Burndown works offline from now on.") if is_offline else _("Connections may be opened again.")
    return Effects(toast=words, put={_NET: {"children": requests(ctx, browser_formats())}})


@PAGE.changed(Input("follow-log", "checked"))
def follow(ctx: Context, is_followed: bool) -> Effects:
    return Effects(put={_TICK: {"disabled": not is_followed}})


@PAGE.on(Input(_TICK, "n_intervals"), State("follow-log", "checked"))
def renew(ctx: Context, is_followed: bool) -> Effects | None:
    if not is_followed:
        return None
    return Effects(put={_LOG: {"children": log_lines(ctx)}, _NET: {"children": requests(ctx, browser_formats())}})


@PAGE.click("save-licences")
def save_licences(ctx: Context) -> Effects:
    return Effects(put={"licences-download": {"data": dcc.send_string(licences.as_text(), "burndown-licences.txt")}})
