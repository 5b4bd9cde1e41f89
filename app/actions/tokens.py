"""A profile's Jira token: taken over from old files, kept where the user wants it, blanked, forgotten. Never shown."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from app import logs
from app.actions.token_places import (
    address_of,
    is_unbound,
    kept_for,
    kept_place,
    note_server,
    place_key,
    server_at,
    server_of,
)
from app.context import Context
from app.errors import BadInput
from app.jira.form import MissingLogin
from app.jira.http.login import clean_token
from app.words import N_
from app.words.formats import Formats
from store import files
from store.codec import parsed_json
from store.documents import connection_of, without_old_token
from store.errors import NoKeyring, WrongPassphrase
from store.legacy import blank
from store.records import Profile

WHERE = (
    ("memory", N_("Only until Burndown ends")),
    ("computer", N_("In this computer's keyring")),
    ("stick", N_("In this data folder, sealed with a passphrase")),
)
_SHORTEST_PASSPHRASE = 8
# A profile's mark that the old files hold its token, as the takeover sets it.
_FLAG = "token_in_legacy"
_BLANKED = "legacy_tokens_blanked"


def set_aside_folder(ctx: Context) -> Path | None:
    """Where the originals of the last takeover lie that set any aside; None when all copied, or they were removed."""
    return next(iter(_set_aside(ctx)), None)


def _set_aside(ctx: Context) -> list[Path]:
    """The same of all takeovers, the last one first."""
    places = [str(entry.report.get("set_aside") or "") for entry in reversed(ctx.backend.list_migrations())]
    inside = [ctx.profiles_dir / place for place in dict.fromkeys(places) if place.startswith("legacy/")]
    # What is written there is written in the data folder, whatever the database says.
    return [folder for folder in inside if not files.is_linked(folder, ctx.profiles_dir) and folder.is_dir()]


def in_old_files(profile: Profile) -> bool:
    """Whether the old files hold the profile's token in clear text, as the takeover noted."""
    return connection_of(profile).token_in_old_files


def take_over(ctx: Context, profile: Profile, where: str, passphrase: str) -> None:
    """Keep the token that the originals hold for this profile. Raises BadInput, NoKeyring, WrongPassphrase."""
    folder = set_aside_folder(ctx)
    token = blank.token_of(folder, profile.id) if folder is not None else None
    if token is None:
        raise BadInput(N_("The old files hold no token for this project any more. Enter it when you connect to Jira."))
    origin = server_of(ctx, profile)
    if token.address and server_at(token.address) != address_of(origin):
        raise BadInput(
            N_(
                "The old token belongs to {address}, and this project asks {origin}. It was not taken "
                "over; enter the token of the present address instead.",
                address=server_at(token.address) or "another address",
                origin=address_of(origin) or "no Jira",
            )
        )
    keep(ctx, profile.id, origin, token.token, where, passphrase)


def keep(ctx: Context, profile_id: str, origin: str, token: str, where: str, passphrase: str) -> None:
    """Keep a token for this server where the user wants it. Raises BadInput, NoKeyring, WrongPassphrase."""
    token = known(token)
    logs.hide(passphrase)
    if where == "stick":
        _require_passphrase(passphrase)
        ctx.secrets.remember_on_stick(profile_id, origin, token, passphrase)
    elif where == "computer":
        ctx.secrets.remember_on_computer(profile_id, origin, token)
    else:
        ctx.secrets.keep_in_memory(profile_id, origin, token)
    ctx.backend.set_state(place_key(profile_id), f"{where} {origin}" if where == "computer" else None)
    note_server(ctx, profile_id, origin, token)


def known(token: str) -> str:
    """The token as it can be used; from now on the log knows what to leave out. Raises BadLogin."""
    logs.hide(token)
    return clean_token(token)


def place_of(ctx: Context, profile_id: str) -> str:
    """Where the profile's token is kept: a value of WHERE; "memory" also where there is none yet.

    Raises WrongPassphrase where the sealed tokens cannot be read.
    """
    return kept_in(ctx, profile_id, profile_id in ctx.secrets.sealed_profiles()) or "memory"


def move(ctx: Context, profile_id: str, origin: str, token: str, where: str, passphrase: str) -> None:
    """Keep the token there and nowhere else. Raises as `keep`; it is at hand until Burndown ends in any case."""
    try:
        forget(ctx, profile_id)
        keep(ctx, profile_id, origin, token, where, passphrase)
    except (BadInput, NoKeyring, WrongPassphrase):
        ctx.secrets.keep_in_memory(profile_id, origin, token)
        raise


def check_place(ctx: Context, where: str, passphrase: str) -> None:
    """Raises what `keep` would raise about a passphrase, before anything else is done with the token."""
    if where == "stick":
        _require_passphrase(passphrase)
        unlock(ctx, passphrase)


def unlock(ctx: Context, passphrase: str) -> None:
    """Open the sealed tokens until Burndown ends. Raises WrongPassphrase."""
    logs.hide(passphrase)
    ctx.secrets.unlock(passphrase)


def missing(ctx: Context, profile: Profile) -> str:
    """Why the profile's token is not at hand: "locked", "gone", "elsewhere" for one of another server, or of none
    that is known; empty when it is, needs none, or the keyring has it."""
    origin = server_of(ctx, profile)
    if not connection_of(profile).needs_token or ctx.secrets.is_in_memory(profile.id, origin):
        return ""
    try:
        sealed = profile.id in ctx.secrets.sealed_profiles()
        server = kept_for(ctx, profile.id, ctx.secrets)
        unbound = is_unbound(ctx, profile.id, ctx.secrets)
    except WrongPassphrase:
        return "gone"
    if unbound or (server and server != origin):
        return "elsewhere"
    if sealed:
        return "locked"
    return "" if kept_place(ctx, profile.id)[0] == "computer" else "gone"


def renew(ctx: Context, profile: Profile, token: str) -> None:
    """Another token in place of one that is not accepted or not at hand: in the keyring where that one was, else
    until Burndown ends. Raises BadLogin, NoKeyring."""
    place, _ = kept_place(ctx, profile.id)
    keep(ctx, profile.id, server_of(ctx, profile), token, "computer" if place == "computer" else "memory", "")


def change_passphrase(ctx: Context, old: str, new: str) -> None:
    """For all tokens that are sealed in the folder. Raises BadInput, WrongPassphrase."""
    _require_passphrase(new)
    logs.hide(old)
    logs.hide(new)
    ctx.secrets.change_passphrase(old, new)


def _require_passphrase(passphrase: str) -> None:
    if len(passphrase) < _SHORTEST_PASSPHRASE:
        text = N_(
            "The passphrase needs {least} characters or more; a few words are best.",
            least=_SHORTEST_PASSPHRASE,
        )
        raise MissingLogin(text, "passphrase")


def forget(ctx: Context, profile_id: str) -> None:
    """In memory, in the keyring and in the folder."""
    profile = ctx.backend.get_profile(profile_id)
    ctx.secrets.forget(profile_id, kept_place(ctx, profile_id)[1], server_of(ctx, profile) if profile else "")
    ctx.backend.set_state(place_key(profile_id), None)


def blank_originals(ctx: Context) -> blank.Blanked:
    """Blank every secret in the originals that were set aside, and note it. Raises BadInput when they are gone."""
    folders = _set_aside(ctx)
    if not folders:
        raise BadInput(N_("The old files are not in the data folder any more: there is nothing to blank."))
    each = [blank.blank(folder) for folder in folders]
    done = blank.Blanked(
        tuple(name for blanked in each for name in blanked.done),
        tuple(name for blanked in each for name in blanked.left),
    )
    note = {"at": ctx.clock().isoformat(), "files": list(done.done), "left": list(done.left)}
    with ctx.backend.transaction():
        ctx.backend.set_state(_BLANKED, json.dumps(note))
        if not done.left:
            _unmark(ctx)
    return done


def blanked_since(ctx: Context, formats: Formats) -> str:
    """What was blanked in the old files, in a sentence; empty when nothing was."""
    try:
        note = parsed_json(ctx.backend.get_state(_BLANKED) or "{}")
        at, count = datetime.fromisoformat(note["at"]), len(note["files"])
    except (ValueError, KeyError, TypeError):
        return ""
    return (
        N_("On {date} the token was blanked in {count} of them.", date=formats.day(at.date()), count=count)
        if count
        else ""
    )


def _unmark(ctx: Context) -> None:
    for profile in ctx.backend.list_profiles():
        if in_old_files(profile):
            ctx.backend.save_profile(without_old_token(profile))


def kept_in(ctx: Context, profile_id: str, sealed: bool) -> str:
    """A value of WHERE, empty where there is no token; `sealed`: whether the folder holds it."""
    if sealed:
        return "stick"
    kept, _ = kept_place(ctx, profile_id)
    return kept if kept in dict(WHERE) else "memory" if ctx.secrets.entered_for(profile_id) else ""
