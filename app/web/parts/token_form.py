"""The card about a profile's Jira token: where it is kept, and what can be done about it. Never the token itself."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from app.actions import tokens
from app.context import Context
from app.web.components import card, secret_field
from app.web.page import Visit
from app.words import N_, _
from store.errors import WrongPassphrase
from store.records import Profile

_PLACES = {
    "memory": N_("It is kept in memory until Burndown ends."),
    "computer": N_("It is kept in the keyring of the computer on which it was entered."),
    "stick": N_("It is kept in this data folder, sealed with a passphrase."),
}


def section(visit: Visit) -> list[Any]:
    """The card about the profile's token; nothing where there is none and never was."""
    if visit.profile is None:
        return []
    try:
        sealed = visit.profile.id in visit.ctx.secrets.sealed_profiles()
    except WrongPassphrase as problem:
        return [card(html.P(str(problem), className="warning"), title=_("Jira token"))]
    place = tokens.kept_in(visit.ctx, visit.profile.id, sealed)
    parts = [
        *_legacy(visit.ctx, visit.profile),
        *_kept(place, locked=sealed and tokens.missing(visit.ctx, visit.profile) == "locked"),
        *(_passphrases() if sealed else []),
    ]
    return [card(*parts, title=_("Jira token of “{name}”", name=visit.profile.name), name="tokens")] if parts else []


def _legacy(ctx: Context, profile: Profile) -> list[Any]:
    if not tokens.in_old_files(profile):
        return []
    if tokens.set_aside_folder(ctx) is None:
        text = _(
            "The old folder holds a Jira token in clear text. It was not copied. Delete it there, "
            "or have Jira revoke it, once you no longer use the old app."
        )
        return [html.P(text, className="warning")]
    text = _(
        "The old files, set aside in the data folder, hold a Jira token in clear text. It was "
        "not copied. You can take it over, and blank it in the old files so that nobody who "
        "finds this folder can use it."
    )
    return [html.P(text, className="warning"), _take_form(), *_blank_button()]


def _take_form() -> Any:
    fields = [
        dmc.Select(
            id="token-where",
            label=_("Where it is kept from now on"),
            value="memory",
            allowDeselect=False,
            w=330,
            data=[{"value": value, "label": label} for value, label in tokens.WHERE],
        ),
        secret_field("token-passphrase", _("Passphrase"), description=_("Only for sealing it in the folder")),
        dmc.Button(_("Take the token over"), id="token-take", variant="default"),
    ]
    return html.Div(fields, className="inline-form")


def _blank_button() -> list[Any]:
    return [
        html.Div(dmc.Button(_("Blank it in the old files"), id="token-blank", variant="default"), className="actions")
    ]


def _kept(place: str, locked: bool) -> list[Any]:
    if not place:
        return []
    words = _PLACES[place] + (_(" It is locked until the passphrase is given.") if locked else "")
    button = html.Button(_("Forget it"), id="token-forget", className="text-button", n_clicks=0)
    return [html.P([words, " ", button])]


def _passphrases() -> list[Any]:
    fields = [
        secret_field("token-old", _("Passphrase")),
        dmc.Button(_("Unlock"), id="token-unlock", variant="default"),
        secret_field("token-new", _("New passphrase")),
        dmc.Button(_("Change passphrase"), id="token-change", variant="default"),
    ]
    return [html.Div(fields, className="inline-form")]
