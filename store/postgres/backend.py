"""PostgresBackend: the repository of a team on a PostgreSQL, with one member's state in a store of their own."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from store.errors import Refused
from store.postgres import upgrade
from store.postgres.address import SCHEMA, Address
from store.postgres.connections import Password, PostgresSession, PostgresSessions
from store.postgres.problems import translated
from store.sql.backend import SQLBackend
from store.sql.profiles import mark_written
from store.sql.schema import SCHEMA_VERSION
from store.sql.session import Sessions

CHANNEL = "burndown"
_OTHER_TEXT = (
    "The team's database keeps text as {found} instead of UTF8, so not every name can be stored. Ask the administrator "
    "for a database made with ENCODING 'UTF8'. Nothing was changed."
)


class PostgresBackend(SQLBackend):
    """See PersistenceBackend. `local` keeps the state; the store on the server must be there and of our version."""

    def __init__(self, sessions: PostgresSessions, local: Sessions) -> None:
        super().__init__(sessions, local)
        self.sessions = sessions
        sessions.on_change = _tell_others
        self._on_close: list[Callable[[], None]] = []

    def on_close(self, action: Callable[[], None]) -> None:
        """Run `action` after closing, such as closing the store of the state."""
        self._on_close.append(action)

    def close(self) -> None:
        self.sessions.close()
        while self._on_close:
            self._on_close.pop()()


def _tell_others(session: PostgresSession) -> None:
    """Whoever listens hears of the change when it is kept."""
    mark_written(session)
    session.connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))


def open_sessions(
    address: Address,
    *,
    schema: str = SCHEMA,
    password: Password = lambda: None,
    read_only: bool = False,
    make: bool = False,
) -> PostgresSessions:
    """Sessions on a store of our version, brought up to date where they may write. `make`: also where there is none.

    Raises Unreachable, Refused, NewerDatabase, each with what to do; nothing was changed then.
    """
    sessions = PostgresSessions(address, schema, password=password, read_only=read_only)
    try:
        with translated(address), sessions.connect() as connection:
            _require_utf8(connection)
            version = upgrade.version_of(connection, schema)
            if version is None and not make:
                raise Refused(
                    f"There are no data of a team in {address.place} yet. Share a folder there first: "
                    "burndown team share URL. Nothing was changed."
                )
            if version is not None:
                upgrade.require_known(version)
            if not read_only:
                upgrade.migrate(connection, schema)
            elif version != SCHEMA_VERSION:
                raise Refused(
                    "The team's data are of an older version of Burndown. Open them once for writing, which brings "
                    "them up to date. Nothing was changed."
                )
    except BaseException:
        sessions.close()
        raise
    return sessions


def _require_utf8(connection: psycopg.Connection) -> None:
    found = connection.info.parameter_status("server_encoding")
    if found != "UTF8":
        raise Refused(_OTHER_TEXT.format(found=found))
