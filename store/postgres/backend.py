"""Sessions on a team's store: reached, known as ours, and brought up to our version."""

from __future__ import annotations

import psycopg

from store.errors import NothingShared, Refused
from store.postgres import upgrade
from store.postgres.address import SCHEMA, Address
from store.postgres.connections import Password, Permit, PostgresSessions, allowed
from store.postgres.patience import WHOLE
from store.postgres.problems import translated
from store.sql.schema import SCHEMA_VERSION
from store.texts import N_

_OTHER_TEXT = N_(
    "The team's database keeps text as {found} instead of UTF8, so not every name can be stored. "
    "Ask the administrator for a database made with ENCODING 'UTF8'. Nothing was changed."
)
_OLDEST = 15
_TOO_OLD = N_(
    "Burndown needs PostgreSQL {oldest} or newer, and it is {found} that answers for {place}. "
    "Ask the administrator for a newer server. Nothing was changed."
)
_NOTHING_THERE = N_(
    "There are no data of a team in {place} yet. Share a folder there first, with: burndown team "
    "share URL. Nothing was changed."
)
_OLDER = N_(
    "The team's data are of an older version of Burndown. Open them once for writing, which "
    "brings them up to date for everybody. Nothing was changed."
)


def open_sessions(
    address: Address,
    *,
    schema: str = SCHEMA,
    password: Password = lambda: None,
    permit: Permit = allowed,
    read_only: bool = False,
    make: bool = False,
) -> PostgresSessions:
    """Sessions on a store of our version, brought up to date where they may write. `make`: also where there is none.

    Raises Unreachable, Refused, NewerDatabase, each with what to do; nothing was changed then.
    """
    sessions = PostgresSessions(address, schema, password=password, permit=permit, read_only=read_only)
    try:
        with translated(address), sessions.connect(WHOLE) as connection:
            prepare(connection, address, schema, read_only=read_only, make=make)
    except BaseException:
        sessions.close()
        raise
    return sessions


def take_away(sessions: PostgresSessions) -> None:
    """An empty store that was made for nothing. Raises Unreachable."""
    with translated(sessions.address), sessions.connect() as connection:
        upgrade.unmake(connection, sessions.schema)


def prepare(connection: psycopg.Connection, address: Address, schema: str, *, read_only: bool, make: bool) -> None:
    """As `open_sessions` does. Raises Refused, NewerDatabase."""
    _require_new_enough(connection, address)
    _require_utf8(connection)
    version = upgrade.version_of(connection, schema)
    if version is None and not make:
        raise NothingShared(N_(_NOTHING_THERE, place=address.place))
    if not read_only:
        upgrade.migrate(connection, schema)
    elif version != SCHEMA_VERSION:
        raise Refused(_OLDER)


def _require_new_enough(connection: psycopg.Connection, address: Address) -> None:
    if connection.info.server_version < _OLDEST * 10_000:
        version = connection.info.parameter_status("server_version") or "before 10"
        raise Refused(N_(_TOO_OLD, place=address.place, found=version, oldest=_OLDEST))


def _require_utf8(connection: psycopg.Connection) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Refused(N_(_OTHER_TEXT, found=encoding))
