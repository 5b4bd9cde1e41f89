"""Team: the data of this folder on a server that a team shares, or in the folder alone; and the way between the two."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import State, html

from app.actions import membership
from app.actions.membership import KEYRING, SEALED, Keeping, Place
from app.context import Context
from app.web.components import card, notice, page_title, secret_field, table
from app.web.effects import Effects
from app.web.page import Page, Visit, browser_formats
from app.web.worker import done_by_worker
from app.words import N_, _
from app.words.formats import Formats
from store.errors import WrongPassphrase
from store.records import Counts

if TYPE_CHECKING:
    from app.actions.team import Standing

_OUTCOME, _QUESTION = "team-outcome", "team-question"
_FIELDS = ("team-host", "team-port", "team-user", "team-database", "team-certificates", "team-password")
_JOB = N_("Team")
_KEPT_IN = ("team-where", "team-passphrase")
_PASSPHRASE = "team-unlock-with"  # noqa: S105 a field's name
_TYPED = [State(name, "value") for name in _FIELDS]
_KEEPING = [State(name, "value") for name in _KEPT_IN]


def layout(visit: Visit) -> Any:
    kept = membership.of(visit.ctx)
    return html.Div(
        [
            page_title(_("Team")),
            *(_alone(visit.ctx.secrets.has_keyring()) if kept is None else _in_a_team(visit, kept)),
            html.Div(id=_OUTCOME, **{"aria-live": "polite"}),
            html.Div(id=_QUESTION, **{"aria-live": "polite"}),
        ],
        className="page narrow",
    )


# -- a folder by itself ---------------------------------------------------------------------------------


def _alone(has_keyring: bool) -> list[Any]:
    buttons = [
        dmc.Button(_("Test"), id="team-test", variant="default"),
        dmc.Button(_("Share this folder's projects …"), id="team-share"),
        dmc.Button(_("Join …"), id="team-join", variant="default"),
    ]
    return [
        card(
            html.P(
                _(
                    "The data lie in this folder. When one folder is not enough for a team, they can lie on a "
                    "PostgreSQL server that the team has: everybody keeps their own Burndown, and sees the same. One "
                    "of you shares the projects of a folder, the others join."
                )
            ),
            title=_("This folder works by itself"),
        ),
        card(*_form(has_keyring), html.Div(buttons, className="actions"), title=_("The team's server"), name="guarded"),
    ]


def _form(has_keyring: bool) -> list[Any]:
    host, port, user, database, certificates, password = _FIELDS
    text = partial(dmc.TextInput, value="")
    hint = _(
        "Leave it empty where PostgreSQL's own means have it: PGPASSWORD, a password file (PGPASSFILE), a service. "
        "What you type here is never part of an address or the log, and in no file that can be read; when you share or "
        "join, it is kept as you choose below."
    )
    return [
        text(id=host, label=_("Server"), placeholder="db.example.com"),
        text(id=port, label=_("Port"), placeholder="5432"),
        text(id=user, label=_("User"), description=_("Yours on that server; it needs its own schema and no more.")),
        text(id=database, label=_("Database"), placeholder="team"),
        text(
            id=certificates,
            label=_("File with the team's certificates"),
            description=_("Only where the server's certificate is not known to this computer anyway."),
        ),
        secret_field(password, _("Password"), value="", description=hint, autoComplete="off"),
        *_keeping(has_keyring),
    ]


def _keeping(has_keyring: bool) -> list[Any]:
    """Where a password that is typed is kept."""
    places = [(SEALED, _("In this data folder, sealed with a passphrase"))]
    if has_keyring:
        places.insert(0, (KEYRING, _("In this computer's keyring")))
    where, passphrase = _KEPT_IN
    return [
        dmc.Select(
            id=where,
            label=_("Where the password is kept"),
            value=places[0][0],
            allowDeselect=False,
            data=[{"value": value, "label": label} for value, label in places],
            comboboxProps={"withinPortal": True},
        ),
        secret_field(
            passphrase,
            _("Passphrase"),
            value="",
            autoComplete="new-password",
            description=_("Only for sealing. Where Jira's tokens are sealed in this folder already, it is theirs. "
                          "Eight characters or more; it cannot be recovered."),
        ),
    ]  # fmt: skip


# -- in a team ------------------------------------------------------------------------------------------


def _in_a_team(visit: Visit, kept: Place) -> list[Any]:
    ctx, formats = visit.ctx, visit.formats
    copy = membership.newest(ctx)
    at = "" if copy is None else formats.instant(copy.made_at.astimezone())
    rows = [
        (_("Server"), kept.address.place),
        (_("Address"), str(kept.address)),
        (_("Since"), formats.instant(kept.since.astimezone())),
        (_("Newest copy in this folder"), at or _("none yet")),
    ]
    buttons = [
        dmc.Button(_("Look now"), id="team-look", variant="default"),
        dmc.Button(_("Leave the team …"), id="team-leave", variant="default"),
    ]
    return [
        card(
            table(("", ""), [list(row) for row in rows], name="facts"),
            html.P(
                _(
                    "A copy of the team's data is made here every half hour and when Burndown ends. Without the server "
                    "that copy is shown, for reading only, and Burndown goes on by itself when the server is back."
                ),
                className="quiet",
            ),
            html.Div(buttons, className="actions"),
            title=_("This folder works with a team's data"),
        ),
        _password(ctx),
    ]


def _password(ctx: Context) -> Any:
    """What is sealed is unlocked here at the start; and another password is kept when the server's was changed."""
    try:
        kept = membership.where_kept(ctx)
    except WrongPassphrase as problem:
        return card(html.P(str(problem), className="warning"), title=_("Password"))
    words = {
        "": _("It comes from PostgreSQL's own means or from this computer's keyring, where the server asks for one."),
        "open": _("It is sealed in this folder, and unlocked until Burndown ends."),
        "locked": _("It is sealed in this folder, and locked until the passphrase is given."),
    }
    unlock = html.Div(
        [
            secret_field(_PASSPHRASE, _("Passphrase"), value="", autoComplete="off"),
            dmc.Button(_("Unlock"), id="team-unlock"),
        ],
        className="inline-form",
    )
    new = [
        secret_field("team-password", _("New password"), value="", autoComplete="off"),
        *_keeping(ctx.secrets.has_keyring()),
        html.Div(dmc.Button(_("Keep it"), id="team-renew", variant="default"), className="actions"),
    ]
    changed = html.Details([html.Summary(_("The server has another password for me")), *new])
    return card(html.P(words[kept]), *([unlock] if kept == "locked" else []), changed, title=_("Password"))


def standing(state: Standing, formats: Formats) -> Any:
    """How it stands, after looking."""
    if state.problem:
        return notice("warning", state.problem)
    words = _(
        "{place} answers: PostgreSQL {version}, as {role}.",
        place=state.address.place,
        version=state.server,
        role=state.role,
    )
    good = notice("good", html.P(words), counted(state.counts, formats))
    return html.Div([good, *(notice("warning", each) for each in state.notices)])


def counted(counts: Counts, formats: Formats) -> Any:
    """What there is, in numbers."""
    rows = [
        (_("Projects"), counts.profiles),
        (_("Work lists"), counts.queries),
        (_("Issues"), counts.issues),
        (_("Changes in their history"), counts.issue_changes),
    ]
    return table(("", ""), [[name, formats.number(count)] for name, count in rows], numeric=(1,), name="facts")


# -- callbacks ------------------------------------------------------------------------------------------

PAGE = Page("/settings/team", N_("Team"), layout, needs_data=False)


def _out(*children: Any, part: str = _OUTCOME) -> Effects:
    other = _QUESTION if part == _OUTCOME else _OUTCOME
    return Effects(put={part: {"children": list(children)}, other: {"children": []}})


@PAGE.click("team-test", *_TYPED)
def test(ctx: Context, *typed: str | None) -> Effects:
    words = done_by_worker(ctx, _JOB, lambda: membership.test(ctx, *typed))
    return _out(notice("good", words))


@PAGE.click("team-look")
def look(ctx: Context) -> Effects:
    return _out(standing(done_by_worker(ctx, _JOB, lambda: membership.look(ctx)), browser_formats()))


@PAGE.click("team-share", *_TYPED)
def ask_to_share(ctx: Context, *typed: str | None) -> Effects:
    place = membership.place(*typed[:-1])
    formats = browser_formats()
    return _question(
        _("Share with {place}?", place=place.place),
        _("This is copied there, counted and read back:"),
        counted(ctx.backend.counts(), formats),
        _("A backup of this folder is made first. When anything fails, the folder and the server are as before."),
        _("Share now"),
        "team-share-now",
    )


@PAGE.click("team-join", *_TYPED)
def ask_to_join(ctx: Context, *typed: str | None) -> Effects:
    there = done_by_worker(ctx, _JOB, lambda: membership.counts_there(ctx, *typed))
    formats = browser_formats()
    return _question(
        _("Join {place}?", place=membership.place(*typed[:-1]).place),
        _("There is in the team's data:"),
        counted(there, formats),
        _("What this folder holds now stays in a backup of it, and is not mixed in."),
        _("Join now"),
        "team-join-now",
    )


@PAGE.click("team-leave")
def ask_to_leave(ctx: Context) -> Effects:
    return _question(
        _("Leave the team?"),
        _("This folder keeps a copy of all that the team has, and works by itself from then on:"),
        counted(ctx.backend.counts(), browser_formats()),
        _("The team and its server go on as before. What this folder held before it joined stays in a backup."),
        _("Leave now"),
        "team-leave-now",
    )


def _question(title: str, before: str, counts: Any, after: str, button: str, name: str) -> Effects:
    agree = dmc.Button(button, id=name)
    content = [html.P(before), counts, html.P(after, className="quiet"), html.Div(agree, className="actions")]
    return _out(card(*content, title=title), part=_QUESTION)


@PAGE.click("team-share-now", *_TYPED, *_KEEPING)
def share(ctx: Context, *sent: str | None) -> Effects:
    typed, keeping = _sent(*sent)
    standing = done_by_worker(ctx, _JOB, lambda: membership.share(ctx, *typed, keeping=keeping))
    words = _("Everything was copied to {place}, and read back.", place=standing.address.place)
    return _ended(ctx, words, standing)


@PAGE.click("team-join-now", *_TYPED, *_KEEPING)
def join(ctx: Context, *sent: str | None) -> Effects:
    typed, keeping = _sent(*sent)
    standing = done_by_worker(ctx, _JOB, lambda: membership.join(ctx, *typed, keeping=keeping))
    return _ended(ctx, _("This folder works with {place} now.", place=standing.address.place), standing)


def _sent(*sent: str | None) -> tuple[tuple[str | None, ...], Keeping]:
    """What was typed, and where its password is kept."""
    where, passphrase = sent[len(_FIELDS) :] or (KEYRING, "")
    return sent[: len(_FIELDS)], Keeping(where or KEYRING, passphrase or "")


@PAGE.click("team-unlock", State(_PASSPHRASE, "value"))
def unlock(ctx: Context, passphrase: str | None) -> Effects:
    done_by_worker(ctx, _JOB, lambda: membership.unlock(ctx, passphrase or ""))
    return Effects(toast=_("Unlocked until Burndown ends. The server is asked again by itself."), changed=True)


@PAGE.click("team-renew", State("team-password", "value"), *_KEEPING)
def renew(ctx: Context, password: str | None, where: str | None, passphrase: str | None) -> Effects:
    keeping = Keeping(where or KEYRING, passphrase or "")
    done_by_worker(ctx, _JOB, lambda: membership.renew(ctx, password, keeping))
    return Effects(toast=_("The password is kept. The server is asked again by itself."), changed=True)


@PAGE.click("team-leave-now")
def leave(ctx: Context) -> Effects:
    standing = done_by_worker(ctx, _JOB, lambda: membership.leave(ctx))
    return _ended(ctx, _("This folder works by itself again, with all that the team had."), standing)


def _ended(ctx: Context, words: str, standing: Standing) -> Effects:
    """Which data are shown is settled when the program starts: it ends here, so that nothing is changed in between."""
    ctx.request_quit()
    formats = browser_formats()
    counts = standing.copied or standing.counts
    return _out(
        notice(
            "good",
            html.P(words),
            counted(counts, formats),
            *[html.P(text) for text in standing.notices],
            html.P(html.Strong(_("Burndown has ended. Start it again to go on."))),
        )
    )
