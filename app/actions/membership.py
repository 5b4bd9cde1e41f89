"""The running program and a team's store: what the page Team asks for, on top of what the commands do.

Nothing here loads the driver before a server is really asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app import logs
from app.actions import tokens
from app.context import Context
from app.errors import BadInput
from app.words import N_
from store import team as kept
from store.errors import NoKeyring, StoreError
from store.paths import DataFolder
from store.postgres.address import Address, parsed, require_host
from store.records import Counts
from store.team import SECRET
from store.team import Membership as Place

if TYPE_CHECKING:
    from app.actions.team import Standing
    from store.postgres.team import Copy

__all__ = [
    "KEYRING",
    "SEALED",
    "Keeping",
    "Place",
    "counts_there",
    "is_locked",
    "join",
    "leave",
    "look",
    "newest",
    "note_connections",
    "of",
    "place",
    "renew",
    "share",
    "test",
    "unlock",
    "where_kept",
]
_NO_SERVER = N_("Say which server: its name, such as db.example.com.")
_NO_DATABASE = N_("Say which database on the server; the administrator knows its name.")
_NO_USER = N_("Say as which user of the server you work.")
_NO_PORT = N_("The port is a number between 1 and 65535. Leave it empty for 5432.")
_NO_PASSWORD = N_("Type the password that the server knows now.")
_ELSEWHERE = N_(
    "The password that is sealed in this folder belongs to another server, port, user or database than the folder "
    "works with. Type it once more below, and have it sealed for this one."
)
_WHY = N_("The team's data")
# Where the password may be kept.
KEYRING, SEALED = "computer", "stick"
_NOWHERE = N_(
    "This computer has no keyring to keep the password in. Have it sealed in this folder with a passphrase; or put it "
    "into a password file of PostgreSQL (PGPASSFILE) or into PGPASSWORD, and leave the field empty. Nothing was "
    "changed."
)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where a password is kept (KEYRING or SEALED), and the passphrase that it is sealed with."""

    where: str
    passphrase: str = field(default="", repr=False)


IN_THE_KEYRING = Keeping(KEYRING)


def of(ctx: Context) -> Place | None:
    """The team's store that the folder works with; None where it works by itself. Raises Refused."""
    return kept.membership(ctx.profiles_dir)


def place(
    host: str | None,
    port: str | None = "",
    user: str | None = "",
    database: str | None = "",
    certificates: str | None = "",
) -> Address:
    """What was typed, as an address; a whole address may stand in the field of the server.

    Raises BadInput for what is missing, BadAddress for what cannot be used, such as one with a password in it.
    """
    server = (host or "").strip()
    if "://" in server:
        return parsed(server)
    if not server:
        raise BadInput(_NO_SERVER)
    if not (database or "").strip():
        raise BadInput(_NO_DATABASE)
    if not (user or "").strip():
        raise BadInput(_NO_USER)
    require_host(server)
    more = (("sslrootcert", certificates.strip()),) if certificates and certificates.strip() else ()
    return Address(server, _port(port), (user or "").strip(), (database or "").strip(), more)


def _port(text: str | None) -> int | None:
    plain = (text or "").strip()
    if not plain:
        return None
    if not plain.isascii() or not plain.isdigit() or len(plain) > 5 or not 0 < int(plain) < 65_536:
        raise BadInput(_NO_PORT)
    return int(plain)


def test(ctx: Context, *typed: str | None) -> str:
    """Whether the store can be used, in words. Raises Unreachable, Refused."""
    from app.actions import team  # noqa: PLC0415 it brings the driver along

    return team.test(_folder(ctx, *typed), place(*typed[:-1]))


def counts_there(ctx: Context, *typed: str | None) -> Counts:
    """What is in a team's store. Raises Unreachable, Refused."""
    from app.actions import team  # noqa: PLC0415 it brings the driver along

    address = place(*typed[:-1])
    standing = team.status(_folder(ctx, *typed), address)
    if standing.problem:
        from store.errors import Unreachable  # noqa: PLC0415

        raise Unreachable(standing.problem)
    return standing.counts


def share(ctx: Context, *typed: str | None, keeping: Keeping = IN_THE_KEYRING) -> Standing:
    """See `app.actions.team`. The program has to end afterwards."""
    from app.actions import team  # noqa: PLC0415 it brings the driver along

    address = place(*typed[:-1])
    with _kept(ctx, address, typed[-1], keeping):
        return team.share(_folder(ctx, *typed), address)


def join(ctx: Context, *typed: str | None, keeping: Keeping = IN_THE_KEYRING) -> Standing:
    """The same of joining."""
    from app.actions import team  # noqa: PLC0415 it brings the driver along

    address = place(*typed[:-1])
    with _kept(ctx, address, typed[-1], keeping):
        return team.join(_folder(ctx, *typed), address)


def leave(ctx: Context) -> Standing:
    """The same of leaving. Nothing of ours is open in the folder while its database is exchanged."""
    from app.actions import team  # noqa: PLC0415 it brings the driver along

    with _suspended(ctx):
        return team.leave(_folder(ctx))


def look(ctx: Context) -> Standing:
    """How it stands at this moment. Raises BadInput for a folder that works by itself."""
    from app.actions import team  # noqa: PLC0415 it brings the driver along

    return team.status(_folder(ctx))


def newest(ctx: Context) -> Copy | None:
    """The newest copy of the team's data in the folder."""
    from store.postgres.team import newest_copy  # noqa: PLC0415 it brings the driver along

    membership = of(ctx)
    return newest_copy(ctx.profiles_dir, membership.address) if membership else None


def note_connections(ctx: Context, address: Address) -> None:
    """From now on among what goes out, beside what Jira is asked. How much went over the line, the driver does not say:
    each connection is noted once."""
    server = getattr(getattr(ctx.backend, "sessions", None), "server", None)
    if server is None:
        return

    def note(outcome: str) -> None:
        ctx.network.note(address.origin, "PostgreSQL", _WHY, (0, 0), outcome)

    server.on_connect = note


def _folder(ctx: Context, *typed: Any) -> DataFolder:
    membership = of(ctx)
    password = typed[-1] if typed else ""
    if not password and membership is not None and ctx.secrets.is_in_memory(SECRET, str(membership.address)):
        # Unlocked in this program alone.
        password = ctx.secrets.get(SECRET, str(membership.address))
    store = membership.address if membership else None
    return DataFolder(
        ctx.profiles_dir, "argument", True, store=store, is_store_named=bool(password), password=password or ""
    )


# -- where its password is kept ---------------------------------------------------------------------------


def where_kept(ctx: Context) -> str:
    """Of the password that is sealed in the folder: "locked" or "open"; empty where none is. Raises WrongPassphrase
    where what is sealed cannot be read."""
    membership = of(ctx)
    if membership is None or SECRET not in ctx.secrets.sealed_profiles():
        return ""
    return "open" if ctx.secrets.is_in_memory(SECRET, str(membership.address)) else "locked"


def is_locked(ctx: Context) -> bool:
    """Whether the server may want a password that is sealed in the folder, and nobody has given the passphrase."""
    try:
        return where_kept(ctx) == "locked"
    except StoreError:
        return False


def unlock(ctx: Context, passphrase: str) -> None:
    """What is sealed in the folder, Jira's tokens too, until Burndown ends. The server is asked again by itself.

    Raises WrongPassphrase, and BadInput where what is sealed belongs to another server, user or database.
    """
    tokens.unlock(ctx, passphrase)
    if is_locked(ctx):
        raise BadInput(_ELSEWHERE)


def renew(ctx: Context, password: str | None, keeping: Keeping) -> None:
    """Another password in place of the one before. Raises BadInput, WrongPassphrase."""
    membership = of(ctx)
    if membership is None or not password:
        raise BadInput(_NO_PASSWORD)
    if keeping.where == SEALED:
        tokens.check_place(ctx, "stick", keeping.passphrase)
    elif not ctx.secrets.has_keyring():
        raise BadInput(_NOWHERE)
    # One of before would be asked first, or stay where nobody looks for it.
    ctx.secrets.forget(SECRET, str(membership.address))
    _keep(ctx, membership.address, password, keeping)


@contextmanager
def _kept(ctx: Context, address: Address, password: str | None, keeping: Keeping) -> Iterator[None]:
    """While something is done with it, and after it; where that fails it is nowhere, unless it was there before."""
    before = ctx.secrets.get(SECRET, str(address)) if password else None
    _keep(ctx, address, password, keeping)
    try:
        yield
    except BaseException:
        if password and before is None:
            ctx.secrets.forget(SECRET, str(address))
        raise


def _keep(ctx: Context, address: Address, password: str | None, keeping: Keeping) -> None:
    """Where the next start finds it. Raises BadInput where there is no keyring, or no passphrase; WrongPassphrase."""
    if not password:
        return
    logs.hide(password)
    if keeping.where == SEALED:
        tokens.check_place(ctx, "stick", keeping.passphrase)
        ctx.secrets.remember_on_stick(SECRET, str(address), password, keeping.passphrase)
        return
    try:
        ctx.secrets.remember_on_computer(SECRET, str(address), password)
    except NoKeyring as exc:
        raise BadInput(_NOWHERE) from exc


def _suspended(ctx: Context) -> AbstractContextManager[None]:
    own = getattr(ctx.backend, "own", None)
    return own.connections.suspended() if own is not None else nullcontext()
