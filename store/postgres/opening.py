"""Opening a data folder that works with a team's store, or another store that is named for once."""

from __future__ import annotations

import logging
from contextlib import closing
from functools import partial
from pathlib import Path

from store.errors import NotWritable, Unreachable
from store.opening import Mode, Opened, OpenedFolder, open_store
from store.postgres.address import SCHEMA, Address
from store.postgres.backend import open_sessions, prepare
from store.postgres.connections import Password, Permit, PostgresSessions
from store.postgres.team import TeamBackend, TeamSessions, newest_copy
from store.sql.backend import SQLBackend
from store.state import OFFLINE
from store.texts import N_
from store.upkeep import Clock, Tell

_log = logging.getLogger(__name__)
_OFFLINE = N_(
    "Burndown works offline, so the team's server is not asked. To go on with it, switch Work "
    "offline off on the page System in the gear."
)


def open_team(
    profiles_dir: Path,
    address: Address,
    *,
    mode: Mode,
    clock: Clock,
    password: Password = lambda: None,
    tell: Tell = lambda text: None,
    schema: str = SCHEMA,
) -> Opened:
    """The team's data, with the state of this folder. Where the server does not answer, its newest copy for reading.

    Raises what `open_store` and `open_sessions` do; Unreachable for "write", and where there is no copy.
    """
    local = _own_state(profiles_dir, mode, clock, tell)
    try:
        reach = partial(_reached, profiles_dir, address, mode, password, schema)
        sessions, problem = reach(partial(_permit, local.backend))
    except BaseException:
        local.backend.close()
        raise
    backend = TeamBackend(sessions, local.backend, local.backend.connections)
    if mode == "serve":
        sessions.start()
    # What is said of the folder's own data is not about those that are shown.
    notices = local.notices if local.read_only and mode != "read" else ()
    if problem and mode == "read":
        # The app asks anew for each page, for the server may come back.
        notices = (*notices, sessions.notice)
    return Opened(backend, local.read_only or mode == "read", notices)


def _own_state(profiles_dir: Path, mode: Mode, clock: Clock, tell: Tell) -> OpenedFolder:
    """The folder's own database. What it holds beside the state is of before the team, and not looked at."""
    try:
        opened = open_store(profiles_dir, mode="read" if mode == "read" else "write", clock=clock, tell=tell)
    except NotWritable:
        if mode == "write":
            raise
        opened = open_store(profiles_dir, mode="read", clock=clock, tell=tell)
    # A backup before its first change would be one of nothing.
    opened.backend.connections.before_first_write = None
    return opened


def _permit(own: SQLBackend) -> None:
    if own.get_state(OFFLINE) == "on":
        raise Unreachable(_OFFLINE)


def permit_of(profiles_dir: Path) -> None:
    """Raises Unreachable where the folder's user wants no connection to be opened."""
    with closing(open_store(profiles_dir, mode="read").backend) as own:
        _permit(own)


def _reached(
    profiles_dir: Path, address: Address, mode: Mode, password: Password, schema: str, permit: Permit
) -> tuple[TeamSessions, bool]:
    """Sessions, and whether they are those of a copy."""
    read_only = mode == "read"
    try:
        server = open_sessions(address, schema=schema, password=password, permit=permit, read_only=read_only)
        return TeamSessions(server, profiles_dir, watch=mode == "serve"), False
    except Unreachable as exc:
        if mode == "write" or newest_copy(profiles_dir, address) is None:
            raise
        _log.warning("the team's server does not answer at the start: %s", exc)
        away = PostgresSessions(address, schema, password=password, permit=permit, read_only=read_only)
        sessions = TeamSessions(away, profiles_dir, watch=mode == "serve")
        sessions.prepare = partial(prepare, address=address, schema=schema, read_only=read_only, make=False)
        sessions.lose(exc)
        return sessions, True
