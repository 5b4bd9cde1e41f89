"""Opening the data folder: what lies there is looked at, saved and brought up to date before anyone may write."""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

from store import files
from store import readme as readme_file
from store.backend import PersistenceBackend
from store.errors import NotWritable, StoreError, not_writable
from store.legacy import moves
from store.legacy.find import NotReadable, legacy_lies_in, recognised, set_aside_databases
from store.paths import DATABASE, can_write
from store.sql import schema
from store.sql.backend import SQLBackend
from store.sql.profiles import continue_revisions
from store.sqlite import backup, locks, restore
from store.sqlite.backend import NewDatabase, SQLiteBackend, create_database, in_memory
from store.sqlite.checks import (
    check_before_opening,
    damaged,
    header_of,
    known_version,
    ours,
    refuse_in_our_place,
    require_fitting,
    require_whole,
    rows_out_of,
)
from store.sqlite.connections import Source, connect, detail, translated
from store.sqlite.reading import has_hot_journal, reading, sidecars, source_for_reading
from store.sqlite.shape import foreign_in
from store.texts import N_
from store.upkeep import Clock, Tell, utc_now

_log = logging.getLogger(__name__)

Mode = Literal["serve", "write", "read"]
_READ_ONLY = N_("This folder cannot be written, so everything is open for reading only: changes are not kept.")
_UNPROTECT = N_("Take the write protection off this file in the file manager, under its properties, and start again.")
_STRANGE = N_(
    "The database holds what Burndown did not make. Nothing of that is run, and only your data "
    "in it are read; the next start of Burndown without a command sets the file aside and goes "
    "on with them."
)
_OLD_FOLDER = N_(
    "There are data of an older installation here. Start Burndown without a command to take them "
    "over by itself, or call it with: migrate FOLDER."
)


class Progress(Protocol):
    """Told how far a long opening is."""

    def step(self, done: int, total: int, text: str = "") -> None: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """An open store. `notices` are sentences that the user should see."""

    backend: SQLBackend
    read_only: bool
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedFolder(Opened):
    """That of a database in the folder itself."""

    backend: SQLiteBackend


def open_store(
    profiles_dir: Path,
    *,
    mode: Mode,
    progress: Progress | None = None,
    clock: Clock = utc_now,
    tell: Tell = lambda text: None,
    at_once: bool = False,
) -> OpenedFolder:
    """Open the folder; "serve" also takes over an old one lying there, "read" changes nothing at all.

    `at_once`: what is written is written now and closed; where there is no database yet, one is there afterwards, with
    a snapshot of it.
    `tell` hears, at the first change, when no backup could be made before it.
    Raises NewerDatabase, Damaged, and for "write" NotWritable; "serve" opens such a folder for reading.
    """
    if mode == "read":
        return _open_for_reading(profiles_dir)
    if not can_write(profiles_dir):
        if mode == "write":
            raise NotWritable(
                N_("{folder} cannot be written. Choose another folder with --profiles.", folder=profiles_dir)
            )
        return _read_only(profiles_dir, _READ_ONLY)
    if _is_write_protected(profiles_dir / DATABASE):
        if mode == "write":
            raise NotWritable(
                N_("{folder} is write-protected. {unprotect}", folder=profiles_dir / DATABASE, unprotect=_UNPROTECT)
            )
        return _read_only(
            profiles_dir,
            N_(
                "{database} is write-protected, so everything is for reading only. {unprotect}",
                database=DATABASE,
                unprotect=_UNPROTECT,
            ),
        )
    try:
        return _open_for_writing(profiles_dir, mode, progress, clock, tell, at_once=at_once)
    except OSError as exc:
        raise not_writable(N_("{folder} cannot be used", folder=profiles_dir), exc) from exc


def _read_only(profiles_dir: Path, why: str) -> OpenedFolder:
    opened = _open_for_reading(profiles_dir)
    return OpenedFolder(opened.backend, True, (why, *opened.notices))


def _is_write_protected(path: Path) -> bool:
    """As a file is that was copied from a disc or out of some archives. Found out without changing it."""
    if locks.is_open(path):
        return not os.access(path, os.W_OK)
    try:
        path.open("rb+").close()
    except PermissionError:
        # On Windows a scanner that holds the file for a moment gives this error too.
        return path.is_file() and not os.access(path, os.W_OK)
    except OSError:
        return False
    return False


# -- reading --------------------------------------------------------------------------------------------


def _open_for_reading(profiles_dir: Path) -> OpenedFolder:
    path = restore.current_database(profiles_dir)
    if ours(path) is None:
        return OpenedFolder(in_memory(), True, _notices_without_data(profiles_dir))
    require_whole(path)
    if has_hot_journal(path):
        require_fitting(path)
    with translated():
        source, clean_up = source_for_reading(path)
    backend = SQLiteBackend(path, source=source)
    backend.on_close(clean_up)
    opened: OpenedFolder | None = None
    try:
        opened = _as_it_is_read(backend, path, profiles_dir)
    finally:
        if opened is None or opened.backend is not backend:
            backend.close()
    return opened


def _as_it_is_read(backend: SQLiteBackend, path: Path, profiles_dir: Path) -> OpenedFolder:
    """The database, or what of it can be read. Its one connection tells: to open the file costs more than to look."""
    try:
        connection = backend.connections.get()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        known_version(version, path)
        foreign = foreign_in(connection)
    except sqlite3.DatabaseError as exc:
        raise damaged(path, detail(exc)) from exc
    refuse_in_our_place(foreign, path)
    notices = () if _holds_profile(connection) else _notices_without_data(profiles_dir)
    if foreign:
        # Only what our own tables hold is looked at.
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as plain:
            rows_out_of(path, connection, plain)
            return OpenedFolder(in_memory(plain), True, (*notices, _STRANGE))
    if version < schema.SCHEMA_VERSION:
        # Read as if it were of our schema; the file stays as it is until somebody opens it for writing.
        return OpenedFolder(in_memory(connection), True, notices)
    return OpenedFolder(backend, True, notices)


def _notices_without_data(profiles_dir: Path) -> tuple[str, ...]:
    return (_OLD_FOLDER,) if legacy_lies_in(profiles_dir) else _only_backups(profiles_dir)


def _old_folder_lies_there(profiles_dir: Path) -> bool:
    """Only while there is nothing of ours: later, what lies there has been seen to."""
    if holds_data(restore.current_database(profiles_dir)):
        return False
    return legacy_lies_in(profiles_dir)


@dataclass(frozen=True, slots=True)
class OldFolder:
    """An installation of the earlier app that lies beside data of ours, and that nobody has taken over.

    `set_aside`: it is only a database that a command moved away; the next start of the app adds what it holds.
    """

    folder: Path
    layouts: tuple[str, ...]
    set_aside: bool = False

    def __str__(self) -> str:
        if self.set_aside:
            return N_(
                "The database of the earlier burndown app was set aside here and not taken over yet. The "
                "next start of Burndown without a command adds it to what is here. By hand: migrate "
                '"{folder}" --merge.',
                folder=self.folder,
            )
        return N_(
            "There is also an installation of the earlier burndown app in {folder}, which was not taken "
            'over. To add it to what is here: migrate "{folder}" --merge. To keep it apart, as new '
            'projects: migrate "{folder}" --as-new-profile. Nothing happens to it by itself.',
            folder=self.folder,
        )


def old_folder(profiles_dir: Path, backend: PersistenceBackend) -> OldFolder | None:
    """What lies in the data folder or beside it of the earlier app, while there are data of ours. Changes nothing."""
    if not legacy_lies_in(profiles_dir) or not holds_data(restore.current_database(profiles_dir)):
        return None
    from store.legacy import migrate as legacy  # noqa: PLC0415 few folders have one

    try:
        installation = legacy.waiting(backend, profiles_dir)
    except NotReadable:
        return None
    if installation is None:
        return None
    aside = installation.layouts == ("database",) and installation.old_database in set_aside_databases(profiles_dir)
    return OldFolder(installation.root, installation.layouts, aside)


def _only_backups(profiles_dir: Path) -> tuple[str, ...]:
    """A notice where no data lie but backups of some do: the file may have been lost on the way."""
    newest = None if holds_data(restore.current_database(profiles_dir)) else restore.newest_with_data(profiles_dir)
    if newest is None:
        return ()
    snapshot, contents = newest
    return (
        N_(
            "There is no data here, but there is a backup from {made_at:%Y-%m-%d %H:%M} UTC with "
            "{profiles} and {issues}. Put it back on the Settings page, or with: burndown restore "
            "{folder}/{name}.",
            made_at=snapshot.made_at,
            profiles=_counted(contents.profiles, "profile"),
            issues=_counted(contents.issues, "issue"),
            folder=backup.FOLDER,
            name=snapshot.file.name,
        ),
    )


def _counted(number: int, what: str) -> str:
    singular, many = _COUNTED[what]
    return singular if number == 1 else N_(many, count=number)


_COUNTED = {
    "profile": (N_("1 project"), N_("{count:,} projects")),
    "issue": (N_("1 issue"), N_("{count:,} issues")),
}


# -- writing --------------------------------------------------------------------------------------------


def _open_for_writing(
    profiles_dir: Path, mode: Mode, progress: Progress | None, clock: Clock, tell: Tell, *, at_once: bool
) -> OpenedFolder:
    path = profiles_dir / DATABASE
    files.refuse_links(profiles_dir)
    files.make_folder(profiles_dir)
    files.remove_unfinished(profiles_dir)
    _write_readme(profiles_dir)
    # A restore that a kill interrupted goes first: until then the files under the database's name are the old ones.
    restore.resume(profiles_dir)
    notices = [_taken_over(profiles_dir, progress, clock)] if mode == "serve" else []
    notices.append(_set_foreign_aside(path, clock))
    if mode == "write" and _old_folder_lies_there(profiles_dir):
        notices.append(_OLD_FOLDER)
    if ours(path) is not None:
        notices.append(check_before_opening(path, clock))
    elif highest := backup.highest_revision(profiles_dir):
        # Which backup holds the newest is told by these numbers: what begins anew here goes on behind the old ones.
        _begin_behind(path, highest)
    notices += _only_backups(profiles_dir)
    backend = _new_database(path, profiles_dir, clock, tell) if at_once else None
    backend = backend or SQLiteBackend(path)
    backend.interrupt_tasks(clock())
    backend.connections.before_first_write = partial(backup.before_first_write, backend, profiles_dir, clock, tell)
    backend.connections.on_replaced = partial(backup.keep_replaced, backend, profiles_dir, clock)
    backend.connections.on_overwritten = partial(backup.keep_overwritten, backend, profiles_dir, clock)
    if mode == "serve":
        notices.append(_set_aside_taken_over(backend, profiles_dir, progress, clock))
    return OpenedFolder(backend, False, tuple(notice for notice in notices if notice))


def _new_database(path: Path, profiles_dir: Path, clock: Clock, tell: Tell) -> SQLiteBackend | None:
    """None where a database lies there, or what belonged to one: SQLite would take it for a part of this one."""
    if os.path.lexists(path) or sidecars(path):
        return None
    return NewDatabase(path, partial(backup.of_new, profiles_dir, clock, tell))


def _write_readme(profiles_dir: Path) -> None:
    readme = profiles_dir / readme_file.NAME
    if readme.exists():
        return
    with files.replacing(readme) as stream:
        stream.write(readme_file.TEXT.encode())


class _Heard:
    """Passes progress on, and remembers when the listener asked to stop, which is no failure of the takeover."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.stop: BaseException | None = None

    def step(self, done: int, total: int, text: str = "") -> None:
        if self._progress is None:
            return
        try:
            self._progress.step(done, total, text)
        except BaseException as exc:
            self.stop = exc
            raise


def _taken_over(profiles_dir: Path, progress: Progress | None, clock: Clock) -> str:
    """A notice, or nothing. Whatever goes wrong, the old data stay where they are and the app starts without them."""
    heard = _Heard(progress)
    try:
        if not moves.pending(profiles_dir) and not _old_folder_lies_there(profiles_dir):
            return ""
        from store.legacy import migrate as legacy  # noqa: PLC0415 a start without an old folder does without

        stuck = legacy.resume_moves(profiles_dir, heard)
        if _old_folder_lies_there(profiles_dir):
            _remove_empty(profiles_dir / DATABASE)
            legacy.take_over(profiles_dir, heard, clock)
    except Exception as exc:
        if exc is heard.stop:
            raise
        # An unforeseen file must not keep the user from starting; what was foreseen says all there is to say.
        _log.warning("takeover failed", exc_info=not isinstance(exc, StoreError))
        reason = str(exc) if isinstance(exc, StoreError | OSError) else N_("the log says why.")
        return N_(
            "The data of the old installation could not be taken over: {reason} The next start tries again.",
            reason=reason,
        )
    if stuck:
        return f"These old files could not be set aside yet: {', '.join(stuck)}. The next start tries again."
    return ""


def _set_aside_taken_over(backend: SQLiteBackend, profiles_dir: Path, progress: Progress | None, clock: Clock) -> str:
    """The old app's database that a command had to move away; a notice, or nothing."""
    if not set_aside_databases(profiles_dir):
        return ""
    from store.legacy import migrate as legacy  # noqa: PLC0415 only the app itself takes over

    heard = _Heard(progress)
    try:
        legacy.take_over_set_aside(backend, profiles_dir, heard, clock)
    except Exception as exc:
        if exc is heard.stop:
            raise
        _log.exception("takeover of the database that was set aside failed")
        reason = str(exc) if isinstance(exc, StoreError | OSError) else N_("the log says why.")
        return N_(
            "The earlier app's database in legacy could not be taken over: {reason} The next start tries again.",
            reason=reason,
        )
    return ""


def holds_data(path: Path) -> bool:
    """Whether a database of ours with at least one profile lies there; also when that cannot be told."""
    if not backup.is_ours(path):
        return False
    try:
        with reading(path) as connection:
            return _holds_profile(connection)
    except sqlite3.Error:
        return True


def _holds_profile(connection: sqlite3.Connection) -> bool:
    """Also when that cannot be told."""
    try:
        return connection.execute("SELECT 1 FROM profiles LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return True


def _remove_empty(path: Path) -> None:
    """A database made by a start whose takeover failed makes room for the next attempt. It holds no profile."""
    if backup.is_ours(path) and not holds_data(path):
        for file in (path, *sidecars(path)):
            file.unlink(missing_ok=True)


def _set_foreign_aside(path: Path, clock: Clock) -> str:
    """Move what is not ours, and sidecars without a database, into `legacy/<time>/`; a notice, or nothing."""
    header = header_of(path)
    if header is not None and header.ours:
        return ""
    is_old_app = header is not None and recognised(path)
    strays = [path] if header is not None else []
    strays += [file for file in sidecars(path) if files.size(file)]
    if strays:
        folder = _new_folder(path.parent / "legacy", f"{clock():%Y%m%dT%H%M%SZ}")
        for file in strays:
            files.replace(file, folder / file.name)
    for left in sidecars(path):
        left.unlink()
    if not strays:
        return ""
    place = f"legacy/{folder.name}"
    if header is None:
        return N_("Files of a database that is no longer here were set aside in {place}.", place=place)
    maker = "the earlier burndown app" if is_old_app else "another program"
    return N_(
        "The {path} that lay here was made by {maker}. It was set aside in {place}, as it was.",
        path=path.name,
        maker=maker,
        place=place,
    )


def _new_folder(parent: Path, name: str) -> Path:
    number, folder = 1, parent / name
    while folder.exists():
        number += 1
        folder = parent / f"{name}-{number}"
    files.make_folder(folder)
    return folder


def _begin_behind(path: Path, highest: int) -> None:
    create_database(path)
    with translated(), closing(connect(Source(str(path)))) as connection:
        connection.execute("BEGIN IMMEDIATE")
        continue_revisions(connection, highest)
        connection.execute("COMMIT")
