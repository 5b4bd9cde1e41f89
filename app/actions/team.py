"""A folder and a team's store: sharing what is in the folder, joining, leaving, and how it stands.

Each is all or nothing. A folder that is refused goes on as it was, and so does the team.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from app import logs
from app.actions.recording import catch_up
from app.context import Context, utc_now
from app.errors import BadInput
from app.jobs import Jobs
from app.words import N_
from store import team
from store.errors import NoKeyring, NothingShared, Refused, StoreError, Unreachable, WrongPassphrase, reason
from store.opening import open_store
from store.paths import DataFolder
from store.postgres.address import Address
from store.postgres.backend import open_sessions, take_away
from store.postgres.connections import PostgresSessions
from store.postgres.copying import Copied, into_server
from store.postgres.opening import open_team, permit_of
from store.postgres.shape import foreign_in
from store.postgres.team import Copy, TeamBackend, description, newest_copy
from store.records import Counts
from store.secrets import Secrets
from store.sqlite import backup, restore
from store.sqlite.backend import SQLiteBackend
from store.state import ORIGIN
from store.team import SECRET

_log = logging.getLogger(__name__)
Tell = Callable[[str], None]
OnProgress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the folder stands with a team. `server` is PostgreSQL's version, empty where it does not answer (`problem`).

    `copied`: what was shared just now. `copy`: the newest copy of the team's data in the folder.
    """

    address: Address
    server: str
    schema_version: int
    role: str
    counts: Counts
    copied: Counts | None = None
    copy: Copy | None = None
    problem: str = ""
    notices: tuple[str, ...] = ()


def password_for(folder: DataFolder, address: Address, secrets: Secrets | None = None) -> Callable[[], str | None]:
    """Asked where PostgreSQL's own means give none: the environment's, the keyring's, or the sealed one, which
    `secrets` of the running program have once it was unlocked."""
    kept, passphrase = secrets or Secrets(folder.path), folder.passphrase

    def password() -> str | None:
        if folder.password and _is_for(folder, address):
            return folder.password
        otherwise = elsewhere()
        if folder.password and not otherwise:
            raise Unreachable(
                N_(
                    "Nobody has said here that the password in PGPASSWORD is for {address}, which the data folder "
                    "names. It was not sent there. If that is right, call this again with --store {address}; once "
                    "is enough.",
                    address=address,
                )
            )
        return otherwise

    def elsewhere() -> str | None:
        nonlocal passphrase
        try:
            if passphrase and SECRET in kept.sealed_profiles() and not kept.is_in_memory(SECRET, str(address)):
                # Once: a wrong one becomes no better, and each try takes half a second.
                tried, passphrase = passphrase, ""
                kept.unlock(tried)
            return kept.get(SECRET, str(address))
        except (NoKeyring, WrongPassphrase):
            _log.warning("the team's password could not be read", exc_info=True)
            return None

    def in_no_entry() -> str | None:
        # Some servers say in an error what they were asked with.
        secret = password()
        logs.hide(secret)
        return secret

    return in_no_entry


def _is_for(folder: DataFolder, address: Address) -> bool:
    """Whether the environment's password may go there: the folder may come from somebody who put another server into
    it, and the user has named this one, or said so with this password before."""
    if folder.is_store_named:
        team.note_password(folder.path, address, folder.password)
        return True
    kept = team.membership(folder.path)
    return kept is not None and kept.address == address and kept.is_for(folder.password)


def test(folder: DataFolder, address: Address) -> str:
    """Whether the store can be used, and for what, in words. Raises Unreachable, Refused: what is wrong."""
    try:
        sessions = _reached(folder, address, read_only=True)
    except NothingShared:
        return f"{address.place} answers, and there are no data of a team in it yet: this folder can be shared there."
    try:
        server = description(sessions)
    finally:
        sessions.close()
    return f"{address.place} answers (PostgreSQL {server.server}) and has a team's data: this folder can join."


def share(folder: DataFolder, address: Address, progress: OnProgress = lambda done, total, text: None) -> Standing:
    """Copy everything of the folder to the store, read it back, and work with that from now on.

    Raises Refused where there are data already, or nothing to share; Unreachable. Nothing was changed then.
    """
    _require_alone(folder.path)
    backend = _own_to_leave(folder.path)
    try:
        if not backend.list_profiles():
            raise BadInput(
                N_("There is nothing in {path} to share. To work with a team's data: team join URL.", path=folder.path)
            )
        with _backed_up(backend, folder.path):
            _send(folder, address, backend, progress)
        counts = backend.counts()
    finally:
        backend.close()
    return replace(_member_now(folder, address), copied=counts)


@contextmanager
def _backed_up(backend: SQLiteBackend, profiles_dir: Path) -> Iterator[None]:
    """A backup that nobody needs where it came to nothing: the folder goes on as it was."""
    saved = backup.snapshot(backend, profiles_dir, reason=team.BEFORE)
    try:
        yield
    except BaseException:
        if saved is not None:
            saved.file.unlink(missing_ok=True)
        raise


def _send(folder: DataFolder, address: Address, backend: SQLiteBackend, on_progress: OnProgress) -> None:
    """All of it, or the server is as before."""
    is_new = not _has_store(folder, address)
    sessions = _reached(folder, address, make=True)
    try:
        with backend.connections.reading() as source:
            _log.info("shared: %s", into_server(source, sessions, on_progress))
    except BaseException:
        if is_new:
            with suppress(StoreError, OSError):
                take_away(sessions)
        raise
    finally:
        sessions.close()


def _has_store(folder: DataFolder, address: Address) -> bool:
    """Raises Unreachable, and Refused for what cannot be one of ours."""
    try:
        _reached(folder, address, read_only=True).close()
    except NothingShared:
        return False
    except Unreachable:
        raise
    except Refused:
        # What is wrong with it is said when it is opened for writing, which may bring it up to date.
        pass
    return True


def join(folder: DataFolder, address: Address) -> Standing:
    """Work with what is in the store. What the folder held stays in a backup. Raises Refused, Unreachable."""
    _require_alone(folder.path)
    _reached(folder, address).close()
    backend = _own_to_leave(folder.path)
    try:
        has_data = bool(backend.list_profiles())
        kept = backup.snapshot(backend, folder.path, reason=team.BEFORE) if has_data else None
    finally:
        backend.close()
    standing = _member_now(folder, address)
    if kept is None:
        return standing
    sentence = N_("What was in this folder is kept in {folder}/{name}.", folder=backup.FOLDER, name=kept.file.name)
    return replace(standing, notices=(*standing.notices, sentence))


def leave(folder: DataFolder) -> Standing:
    """The newest copy of the team's data becomes the folder's own. The team goes on as before.

    Raises Refused where there is neither the server nor a copy: nothing was changed then.
    """
    kept = team.membership(folder.path)
    if kept is None:
        raise BadInput(N_("This folder does not work with a team's store, so there is nothing to leave."))
    standing = status(folder, kept.address)
    notices = list(standing.notices)
    own = _own_state(folder.path)
    if standing.problem:
        notices.append(
            N_(
                "{problem} The folder goes on with the copy of {made}.",
                problem=standing.problem,
                made=_of(standing.copy),
            )
        )
    else:
        standing = replace(standing, copy=_fresh_copy(folder, kept.address))
    if standing.copy is None:
        raise Refused(
            N_(
                "{problem} There is no copy of the team's data here either. Nothing was changed.",
                problem=standing.problem,
            )
        )
    restored = restore.restore(folder.path, standing.copy.file)
    backend = _folders_own(folder.path)
    try:
        with backend.transaction():
            for key, value in own:
                backend.set_state(key, value)
            backend.set_state(ORIGIN, None)
        counts = backend.counts()
    finally:
        backend.close()
    team.forget(folder.path)
    _forget_sealed(folder)
    if restored.set_aside:
        notices.append(N_("What this folder held before it joined lies in {place}.", place=restored.set_aside))
    return replace(standing, counts=counts, notices=tuple(notices))


def _forget_sealed(folder: DataFolder) -> None:
    """The password in this folder, which nobody needs any more; the keyring's may be needed by other folders."""
    try:
        secrets = Secrets(folder.path)
        if SECRET in secrets.sealed_profiles():
            secrets.forget(SECRET)
    except (StoreError, OSError):
        _log.warning("the sealed password of the team stays in the folder", exc_info=True)


def status(folder: DataFolder, address: Address | None = None) -> Standing:
    """Of the store that is meant. Raises BadInput for a folder that works by itself."""
    place = address or folder.store
    if place is None:
        raise BadInput(N_("This folder does not work with a team's store. To do so: team share URL, or team join URL."))
    copy = newest_copy(folder.path, place)
    try:
        sessions = _reached(folder, place, read_only=True)
    except Unreachable as exc:
        return Standing(place, "", 0, place.user, Counts(), copy=copy, problem=str(exc))
    sessions.close()
    opened = open_team(folder.path, place, mode="read", clock=utc_now, password=password_for(folder, place))
    try:
        server = opened.backend.upkeep(folder.path).describe()
        role, counts = _role(opened.backend), opened.backend.counts()
        notices = tuple(_foreign_in(opened.backend))
        return Standing(place, server.server, server.schema_version, role, counts, copy=copy, notices=notices)
    finally:
        opened.backend.close()


def _reached(folder: DataFolder, address: Address, *, read_only: bool = False, make: bool = False) -> PostgresSessions:
    password, permit = password_for(folder, address), partial(permit_of, folder.path)
    return open_sessions(address, password=password, permit=permit, read_only=read_only, make=make)


def _role(backend: object) -> str:
    if not isinstance(backend, TeamBackend):
        return ""
    return str((backend.sessions.server.first_row("SELECT current_user") or ("",))[0])


def _foreign_in(backend: object) -> list[str]:
    """What somebody else put into the team's schema."""
    return foreign_in(backend.sessions.server) if isinstance(backend, TeamBackend) else []


def _require_alone(profiles_dir: Path) -> None:
    kept = team.membership(profiles_dir)
    if kept is not None:
        raise Refused(
            N_(
                "This folder works with {address} already. Leave that first, with: burndown team leave. "
                "Nothing was changed.",
                address=kept.address,
            )
        )


def _folders_own(profiles_dir: Path) -> SQLiteBackend:
    return open_store(profiles_dir, mode="write").backend


def _own_to_leave(profiles_dir: Path) -> SQLiteBackend:
    """With all that was put off: from now on nobody changes it."""
    backend = _folders_own(profiles_dir)
    catch_up(Context(backend, Jobs(backend), profiles_dir))
    return backend


def _own_state(profiles_dir: Path) -> list[tuple[str, str]]:
    """What the member chose while working with the team, which lies beside the data from before."""
    backend = _folders_own(profiles_dir)
    try:
        return list(backend.connections.rows("SELECT key, value FROM app_state WHERE key NOT LIKE 'last%'"))
    finally:
        backend.close()


def _member_now(folder: DataFolder, address: Address) -> Standing:
    """Remember it, and make the first copy."""
    team.remember(folder.path, address, utc_now(), folder.password)
    standing = status(folder, address)
    try:
        return replace(standing, copy=_fresh_copy(folder, address))
    except (StoreError, OSError) as exc:
        _log.exception("no first copy of the team's data")
        why = N_("No copy of the team's data could be made here yet: {reason}.", reason=reason(exc))
        return replace(standing, notices=(*standing.notices, why))


def _fresh_copy(folder: DataFolder, address: Address) -> Copy | None:
    opened = open_team(folder.path, address, mode="read", clock=utc_now, password=password_for(folder, address))
    try:
        opened.backend.upkeep(folder.path).snapshot("exit")
    finally:
        opened.backend.close()
    return newest_copy(folder.path, address)


def _of(copy: Copy | None) -> str:
    return f"{copy.made_at:%Y-%m-%d %H:%M} UTC" if copy else "no day"


def made_at(standing: Standing) -> datetime | None:
    return standing.copy.made_at if standing.copy else None


__all__ = ["Copied", "Standing", "join", "leave", "made_at", "password_for", "share", "status", "test"]
