"""Locks with a name, which a team's members take for what must not be done twice at once, such as a sync.

A lock belongs to a connection of its own: it is gone with whoever held it, however that ended. Who holds it, and since
when, stands in the name that the connection has on the server, which every user of it may read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

import psycopg

from store.errors import Occupied
from store.sql.schema import APPLICATION_ID

# The one number beside the name's own; the order of changes has APPLICATION_ID.
_KIND = APPLICATION_ID ^ 1
_APPLICATION = "burndown"
# The server cuts what is longer, and takes ASCII only.
_LONGEST = 63
_SOMEBODY = "Somebody"
# Whoever had it may end between the two questions.
_TRIES = 3
# Until the year 2286: what lies far beyond is no time that a computer can say by its own clock.
_MOMENT = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock; None: since when is not known."""

    who: str
    since: datetime | None


def take(connection: psycopg.Connection, name: str, who: str, now: datetime) -> None:
    """From now on the connection holds the lock of that name, until it is closed. Raises Occupied."""
    connection.execute("SELECT set_config('application_name', %s, false)", (label(who, now),))
    for _ in range(_TRIES):
        if _is_free(connection, name):
            return
        if (there := _holder(connection, name)) is not None:
            raise Occupied(there.who, there.since)
    raise Occupied(_SOMEBODY, None)


def _is_free(connection: psycopg.Connection, name: str) -> bool:
    """Whether it is ours now."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", (_KIND, name)).fetchone()
    return row is not None and bool(row[0])


def _holder(connection: psycopg.Connection, name: str) -> Holder | None:
    row = connection.execute(
        "SELECT a.application_name "
        "FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid "
        "WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() AND l.objsubid = 2 "
        "AND CAST(l.classid AS BIGINT) = %s AND CAST(l.objid AS BIGINT) = CAST(hashtext(%s) AS BIGINT) & 4294967295",
        (_KIND & 0xFFFFFFFF, name),
    ).fetchone()
    return None if row is None else read(str(row[0]))


def label(who: str, now: datetime) -> str:
    """As the server can keep it; a long name is cut."""
    begin = f"{_APPLICATION} {int(now.timestamp())} "
    for length in range(len(who), -1, -1):
        written = begin + quote(who[:length], safe=" @.-_()'")
        if len(written) <= _LONGEST:
            return written
    return begin


def read(written: str) -> Holder:
    """What `label` wrote; somebody, where another program did, which may have written anything."""
    application, _, rest = written.partition(" ")
    moment, _, who = rest.partition(" ")
    if application != _APPLICATION or not _MOMENT.fullmatch(moment):
        return Holder(_SOMEBODY, None)
    # What nobody sees could hide the rest of a line, or command a terminal.
    seen = "".join(sign for sign in unquote(who) if sign.isprintable()).strip()
    return Holder(seen or _SOMEBODY, datetime.fromtimestamp(int(moment), UTC))
