"""Which server a profile's token is for, and what is noted of where it is kept. Light: a sync by command needs it.

A server is an origin and, where the connection trusts authorities of its own, their hash after a blank: who can put
others in the folder and stands in the way to the server would else get the token.
"""

from __future__ import annotations

import hashlib

from app.context import Context
from app.jira.errors import NotTrusted, WrongAddress
from app.jira.http.address import plain_base_url
from app.jira.http.authorities import hash_of
from app.jira.http.login import clean_token
from app.words import N_
from store.documents import connection_of
from store.errors import WrongPassphrase
from store.origins import origin_of
from store.records import Profile
from store.secrets import Secrets

# In place of a hash, where the file of authorities is gone or was changed: no token was ever entered for it.
_GONE = "gone"


def server_of(ctx: Context, profile: Profile) -> str:
    """The server that the profile's token may be sent to; empty where its address cannot be one."""
    connection = connection_of(profile)
    return server_with(ctx, connection.base_url, connection.ca_file)


def server_with(ctx: Context, address: str, ca_file: str) -> str:
    """The server at an address with the authorities of that file of the data folder; empty for no address."""
    origin = server_at(address)
    if not origin or not ca_file:
        return origin
    try:
        return f"{origin} {hash_of(ctx.profiles_dir, ca_file)}"
    except NotTrusted:
        return f"{origin} {_GONE}"


def address_of(server: str) -> str:
    """Its origin, to be shown, or to be compared where the authorities are not known."""
    return server.partition(" ")[0]


def server_at(address: str) -> str:
    """The server of an address as it is entered or kept, without authorities of its own; empty for none."""
    try:
        return origin_of(plain_base_url(address)) if address else ""
    except (WrongAddress, ValueError):
        return ""


def server_key(profile_id: str) -> str:
    """Of the app's state: the server that a user has entered for this profile, or first fetched from."""
    return f"token_server/{profile_id}"


def note_server(ctx: Context, profile_id: str, origin: str, token: str) -> None:
    """A user of this machine says that this token is for this server; empty: that none is. Raises BadLogin."""
    ctx.backend.set_state(server_key(profile_id), origin or None)
    if origin and token:
        ctx.backend.set_state(_mark_key(profile_id, origin, token), origin)


def is_noted(ctx: Context, profile_id: str, origin: str, token: str) -> bool:
    """Whether that was said. Who only has the data folder cannot say it in a user's name: the mark needs the token.
    Raises BadLogin."""
    return ctx.backend.get_state(_mark_key(profile_id, origin, token)) == origin


def _mark_key(profile_id: str, origin: str, token: str) -> str:
    """Of the app's state, one for each token: those who share a store have tokens of their own."""
    # Slow on purpose, about 50 ms: a mark must not help to guess a token that is a password.
    salt = f"{profile_id} {origin}".encode()
    mark = hashlib.scrypt(clean_token(token).encode(), salt=salt, n=1 << 14, r=8, p=1, dklen=16).hex()
    return f"token_mark/{profile_id}/{mark}"


def brought_key(profile_id: str) -> str:
    """Of the app's state: that the profile came with a bundle, whose maker chose its server."""
    return f"brought/{profile_id}"


def place_key(profile_id: str) -> str:
    """Of the app's state: that the token is in the keyring, and for which server."""
    return f"token_place/{profile_id}"


def kept_place(ctx: Context, profile_id: str) -> tuple[str, str]:
    """What was noted of the place, and the origin; an earlier version noted none."""
    place, _, origin = (ctx.backend.get_state(place_key(profile_id)) or "").partition(" ")
    return place, origin


def kept_for(ctx: Context, profile_id: str, secrets: Secrets) -> str:
    """The origin of the token that is kept, wherever; empty for none, and for an earlier version's.

    Raises WrongPassphrase where the sealed tokens cannot be read.
    """
    return secrets.entered_for(profile_id) or kept_place(ctx, profile_id)[1]


def is_unbound(ctx: Context, profile_id: str, secrets: Secrets) -> bool:
    """Whether the token that is kept is an earlier version's, which noted no server. Raises as `kept_for`."""
    if secrets.entered_for(profile_id):
        return False
    return secrets.is_unbound(profile_id) or kept_place(ctx, profile_id) == ("computer", "")


def why_elsewhere(ctx: Context, profile: Profile, secrets: Secrets) -> str:
    """A sentence about a token that is kept for another server, or for none that is known; empty where there is none
    such."""
    try:
        server = kept_for(ctx, profile.id, secrets)
        unbound = is_unbound(ctx, profile.id, secrets)
    except WrongPassphrase:
        return ""
    profile_server = server_of(ctx, profile)
    if unbound:
        return N_(
            "The token kept for {name} is of an earlier version, which did not note its server, and the project asks "
            "{asked}. It was not sent there. If this address is right, enter the token again.",
            name=profile.name,
            asked=address_of(profile_server) or "an address that cannot be used",
        )
    if not server or server == profile_server:
        return ""
    if address_of(server) == address_of(profile_server):
        return N_(
            "The token kept for {name} was not entered with the certificates that its connection to {server} trusts "
            "now. It was not sent there. If you chose these certificates, enter the token again; if not, choose the "
            "right ones in the connection.",
            name=profile.name,
            server=address_of(server),
        )
    return N_(
        "The token kept for {name} was entered for {server}, and the project now asks "
        "{asked}. It was not sent there. If the new address is right, enter the token again; "
        "if not, change the address back.",
        name=profile.name,
        server=address_of(server),
        asked=address_of(profile_server) or "an address that cannot be used",
    )
