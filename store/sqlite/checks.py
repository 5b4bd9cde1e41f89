"""Looking at the folder's database before it is opened: what is newer, damaged or of another program is refused.

Nothing here opens a store; whoever opens one, keeps one safe or describes one asks this first.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from store import files
from store.errors import Damaged, NewerDatabase, Refused
from store.paths import DATABASE
from store.sql import schema
from store.sqlite import backup, restore
from store.sqlite.connections import Connections, Source, connect, detail, not_its_journal, translated
from store.sqlite.reading import (
    SIDECARS,
    Header,
    has_foreign_journal,
    header,
    reading,
    sidecar,
    sidecars,
    user_version,
)
from store.sqlite.shape import Foreign, copy_rows, foreign_in
from store.sqlite.upgrade import migrate
from store.texts import N_
from store.upkeep import Clock, Description, utc_now

_log = logging.getLogger(__name__)


def describe(profiles_dir: Path) -> Description:
    """See Description. Raises Damaged, NewerDatabase."""
    path = restore.current_database(profiles_dir)
    head = ours(path)
    if head is None:
        return Description(0, sqlite3.sqlite_version, "", 0)
    journal = "wal" if head.in_wal_mode else "rollback"
    # What was changed last may still lie in the log alone.
    require_whole(path)
    has_log = any(files.size(file) for file in sidecars(path))
    version = _checked_version(path) if has_log else known_version(head.version, path)
    return Description(version, sqlite3.sqlite_version, journal, files.size(path))


def reload(connections: Connections, profiles_dir: Path, clock: Clock = utc_now) -> str:
    """Go on with the file that another program put in the place of the open one; a notice, or nothing.

    Raises what opening the folder would raise; everything is refused on then, as before.
    """
    path = profiles_dir / DATABASE
    with connections.suspended():
        if ours(path) is None:
            raise Refused(
                N_(
                    "{path} is not a database of Burndown's any more. Put a backup back, or start again.",
                    path=path.name,
                )
            )
        notice = check_before_opening(path, clock)
        with translated(), closing(connect(Source(str(path)))) as connection:
            migrate(connection)
    return notice


def check_before_opening(path: Path, clock: Clock) -> str:
    """Refuse what is newer or damaged before anything can change the file; save what will be migrated. A notice."""
    version = _checked_version(path)
    if has_foreign_journal(path):
        # SQLite would bring it in, and say that it had mended the database.
        raise Damaged(not_its_journal(path))
    # A clean end leaves neither. An empty one is not harmless: a copy made while the log was just being folded in
    # has it, and a database whose pages are of different moments.
    if sidecar(path, "-wal").exists() or sidecar(path, "-journal").exists():
        require_fitting(path)
    foreign = _foreign(path)
    notice = _without_foreign(path, foreign, clock) if foreign else ""
    if version < schema.SCHEMA_VERSION:
        backup.snapshot_file(path.parent, reason="before-upgrade", clock=clock)
    return notice


def require_fitting(path: Path) -> None:
    """That the database is in order with what lies beside it. Raises Damaged."""
    damage = backup.content_damage(path)
    if damage:
        _log.error("%s: %s", path.name, "; ".join(damage))
        raise damaged(path, "its parts do not fit together")


def _foreign(path: Path) -> Foreign:
    """What another program left in the database, if it can be left out. Raises Damaged for what is in our place."""
    try:
        with reading(path) as connection:
            foreign = foreign_in(connection)
    except sqlite3.DatabaseError as exc:
        raise damaged(path, detail(exc)) from exc
    refuse_in_our_place(foreign, path)
    return foreign


def refuse_in_our_place(foreign: Foreign, path: Path) -> None:
    if foreign.changed:
        raise damaged(path, backup.misshapen(foreign))


def rows_out_of(path: Path, strange: sqlite3.Connection, plain: sqlite3.Connection) -> None:
    """As `copy_rows`. Raises Damaged for a value that our tables do not take, such as another program writes."""
    try:
        copy_rows(strange, plain)
    except sqlite3.IntegrityError as exc:
        raise damaged(path, "what is in its tables cannot be read") from exc


def _without_foreign(path: Path, foreign: Foreign, clock: Clock) -> str:
    """The rows of our tables in a database that we made; what lay there is set aside whole. A notice."""

    def copy(unfinished: Path) -> None:
        files.new_file(unfinished).close()
        with translated(), reading(path) as strange, closing(connect(Source(str(unfinished)))) as plain:
            rows_out_of(path, strange, plain)
        if backup.content_damage(unfinished):
            raise damaged(path, "what is in its tables cannot be read")

    backup.require_room(path.parent, files.size(path))
    done = restore.exchange(path.parent, copy, clock)
    place = f"set-aside/{done.set_aside.name}" if done.set_aside else "set-aside"
    return N_(
        "{path} held what Burndown did not make ({names}). Nothing of that was run. The file was set "
        "aside in {place}, as it was, and your data were taken out of it.",
        path=path.name,
        names=", ".join(foreign.added),
        place=place,
    )


def header_of(path: Path) -> Header | None:
    try:
        head = header(path)
    except Damaged as exc:
        raise damaged(path, "it does not begin as a database does") from exc
    if head is None and path.exists() and restore.newest_with_data(path.parent):
        # Ours are never empty: they are made under another name and renamed when they are whole.
        raise damaged(path, "it is empty")
    return head


def ours(path: Path) -> Header | None:
    head = header_of(path)
    return head if head is not None and head.ours else None


def _checked_version(path: Path) -> int:
    """The schema number of a database of ours. Raises NewerDatabase, Damaged."""
    require_whole(path)
    try:
        version = user_version(path)
    except sqlite3.DatabaseError as exc:
        raise damaged(path, detail(exc)) from exc
    return known_version(version, path)


def require_whole(path: Path) -> None:
    head = header_of(path)
    shortened = head is not None and files.size(path) < head.pages * head.page_bytes
    if shortened and not files.size(sidecar(path, SIDECARS[0])):
        raise damaged(path, "its end is missing")


def known_version(version: int, path: Path) -> int:
    if version > schema.SCHEMA_VERSION:
        raise NewerDatabase(backup.newer(path))
    return version


def damaged(path: Path, detail: str) -> Damaged:
    return Damaged(backup.told_damaged(path, detail))
