"""Putting a snapshot back: checked first, the present files moved aside together, the copy renamed into place.

A kill at any moment leaves the old database or the new one. The copy is finished and checked under a name of
its own, `burndown.restored-<stamp>.db`; that this name exists is the decision. From then on the files that lie
under the database's name are the old ones: they move to `set-aside/<stamp>/`, and the next opening goes on with
it where a kill interrupted. A stale log beside another database is damage, so they never part.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from store import files
from store.errors import Damaged, DamagedBackup, NewerDatabase, NotWritable, Refused, StoreError, not_writable
from store.paths import DATABASE
from store.sql import schema
from store.sql.profiles import continue_revisions, last_revision
from store.sqlite import backup
from store.sqlite.backup import OpenDatabase
from store.sqlite.connections import Source, connect, translated
from store.sqlite.reading import SIDECARS, reading, sidecar, sidecars, user_version
from store.sqlite.shape import foreign_in
from store.sqlite.upgrade import migrate
from store.texts import N_
from store.upkeep import Clock, Restored, SnapshotFile

_log = logging.getLogger(__name__)

FOLDER = "set-aside"
_STAMP = "%Y%m%dT%H%M%SZ"
_DECIDED = re.compile(r"burndown\.restored-(?P<stamp>\d{8}T\d{6}Z(?:-\d+)?)\.db")
_UNFINISHED = "burndown.restoring.db"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Contents:
    """How much a snapshot holds."""

    profiles: int
    queries: int
    issues: int


# -- looking --------------------------------------------------------------------------------------------


def contents(snapshot: Path) -> Contents | None:
    """What is in a snapshot, read without a trace; None when it cannot be told."""
    try:
        with reading(snapshot) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            # What waits to be taken back is no part of what is there; earlier schemas kept nothing so.
            hidden = "SELECT id FROM profiles WHERE hidden_by IS NOT NULL" if version > 3 else "SELECT NULL LIMIT 0"
            seen = f"SELECT no FROM queries WHERE profile_id NOT IN ({hidden})"
            counted = [
                connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
                for what in (f"profiles WHERE id NOT IN ({hidden})", f"({seen})", f"issues WHERE query_no IN ({seen})")
            ]
    except (StoreError, sqlite3.Error, OSError):
        return None
    return Contents(*counted)


def newest_good(profiles_dir: Path) -> tuple[SnapshotFile, Contents] | None:
    """The newest snapshot that can be put back, and what it holds."""
    for snapshot_file in backup.by_content(profiles_dir):
        try:
            verify(snapshot_file.file)
        except (StoreError, OSError):
            continue
        kept = contents(snapshot_file.file)
        if kept is not None:
            return snapshot_file, kept
    return None


def newest_with_data(profiles_dir: Path) -> tuple[SnapshotFile, Contents] | None:
    """As `newest_good`, passing over snapshots without a profile."""
    for snapshot_file in backup.by_content(profiles_dir):
        kept = contents(snapshot_file.file)
        if kept is None or not kept.profiles:
            continue
        with suppress(StoreError, OSError):
            verify(snapshot_file.file)
            return snapshot_file, kept
    return None


def verify(snapshot: Path) -> None:
    """That the file is a whole database of ours which this version can read.

    Raises Refused, NewerDatabase, Damaged; changes nothing.
    """
    try:
        if not snapshot.exists():
            raise Refused(N_("There is no file {file}. Nothing was changed.", file=snapshot))
        if snapshot.is_dir() or not backup.is_ours(snapshot):
            raise Refused(N_("{file} is not a backup made by Burndown. Nothing was changed.", file=snapshot))
        version = user_version(snapshot)
        damage = backup.content_damage(snapshot) if version <= schema.SCHEMA_VERSION else []
    except OSError as exc:
        raise Refused(
            N_("{file} cannot be read: {reason}. Nothing was changed.", file=snapshot, reason=exc.strerror or exc)
        ) from exc
    except (Damaged, sqlite3.DatabaseError) as exc:
        raise _damaged(snapshot) from exc
    if version > schema.SCHEMA_VERSION:
        raise NewerDatabase(backup.newer(snapshot))
    if damage:
        _log.error("%s: %s", snapshot.name, "; ".join(damage))
        raise _damaged(snapshot)


def _damaged(snapshot: Path) -> DamagedBackup:
    return DamagedBackup(
        N_("The backup {file} is damaged itself. Nothing was changed; choose another one.", file=snapshot.name)
    )


# -- putting back ---------------------------------------------------------------------------------------


def restore(profiles_dir: Path, snapshot: Path, clock: Clock = _now) -> Restored:
    """Into a folder that nobody has open. Raises Refused, NewerDatabase, Damaged, NotWritable: nothing changed."""
    with _explained(profiles_dir):
        files.refuse_links(profiles_dir)
        files.make_folder(profiles_dir)
        resume(profiles_dir)
        stamp = _prepare(profiles_dir, snapshot, clock)
        with _or_as_before(profiles_dir):
            _save_present(lambda: backup.snapshot_file(profiles_dir, reason="before-restore", clock=clock))
            _continue_revisions(profiles_dir / _UNFINISHED, profiles_dir / DATABASE)
            decided = _decide(profiles_dir, stamp)
            return _exchange(profiles_dir, decided)


def restore_into_new(folder: Path, snapshot: Path, clock: Clock = _now) -> Restored:
    """Into a folder that is empty or not there yet. Raises as `restore` does."""
    with _explained(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Refused(N_("{folder} is not empty. Name a new folder, so that nothing is mixed up.", folder=folder))
    return restore(folder, snapshot, clock)


def restore_open(backend: OpenDatabase, profiles_dir: Path, snapshot: Path, clock: Clock = _now) -> Restored:
    """Into the folder of the running app, which goes on with what is put back. Raises as `restore` does."""
    if backend.read_only:
        raise NotWritable(N_("This folder is open for reading only. Nothing was changed."))
    with _explained(profiles_dir):
        stamp = _prepare(profiles_dir, snapshot, clock)
        with _or_as_before(profiles_dir):
            _save_present(lambda: backup.snapshot(backend, profiles_dir, reason="before-restore", clock=clock))
            with backend.connections.suspended():
                # What was seen of a revision may be remembered by its number: the numbers must go on from here.
                _continue_revisions(profiles_dir / _UNFINISHED, profiles_dir / DATABASE)
                restored = _exchange(profiles_dir, _decide(profiles_dir, stamp))
    _interrupt_tasks(backend, clock)
    return restored


def exchange(profiles_dir: Path, make: Callable[[Path], None], clock: Clock = _now) -> Restored:
    """Put what `make` writes to the path it is given in the database's place, as a restore does: a kill leaves the old
    one or the new one, and the next opening goes on. Raises what `make` does, and OSError: nothing changed then."""
    unfinished = profiles_dir / _UNFINISHED
    _drop(unfinished)
    with _or_as_before(profiles_dir):
        make(unfinished)
        return _exchange(profiles_dir, _decide(profiles_dir, _free_stamp(profiles_dir, f"{clock():{_STAMP}}")))


def _interrupt_tasks(backend: OpenDatabase, clock: Clock) -> None:
    try:
        backend.interrupt_tasks(clock())
    except NotWritable:
        # The backup is back, and a full disk does not undo that; the next start does this again.
        _log.warning("tasks of the backup were not marked as ended", exc_info=True)


def _prepare(profiles_dir: Path, snapshot: Path, clock: Clock) -> str:
    """A checked copy of the snapshot, of our schema, under the unfinished name; the stamp of this restore."""
    live = profiles_dir / DATABASE
    if snapshot.resolve() == live.resolve():
        raise Refused(N_("That is the database itself. Choose one from the folder backups."))
    verify(snapshot)
    _require_our_tables(snapshot)
    unfinished = profiles_dir / _UNFINISHED
    backup.require_room(profiles_dir, files.size(snapshot))
    try:
        with translated(), reading(snapshot) as source:
            backup.copy_database(source, unfinished)
        _bring_up_to_date(unfinished)
        if backup.content_damage(unfinished):
            raise DamagedBackup(N_("The copy did not come out whole. Nothing was changed; is the disk in order?"))
    except BaseException:
        _drop(unfinished)
        raise
    return _free_stamp(profiles_dir, f"{clock().astimezone(UTC):{_STAMP}}")


def _bring_up_to_date(path: Path) -> None:
    with translated(), closing(connect(Source(str(path)))) as connection:
        migrate(connection)


def _require_our_tables(snapshot: Path) -> None:
    """A file may carry our mark and something else inside, such as a trigger that would run in our name."""
    with reading(snapshot) as connection:
        if foreign_in(connection):
            raise Refused(N_("{file} is not a backup made by Burndown. Nothing was changed.", file=snapshot))


def _continue_revisions(copy: Path, present: Path) -> None:
    """Above all that was given out here: by the numbers it is told which of the backups holds the newest."""
    last = backup.highest_revision(present.parent)
    try:
        if present.exists():
            with reading(present) as connection:
                last = max(last, last_revision(connection))
    except (StoreError, sqlite3.Error, OSError):
        _log.warning("the present database does not tell its revisions", exc_info=True)
    with translated(), closing(connect(Source(str(copy)))) as connection:
        connection.execute("BEGIN IMMEDIATE")
        continue_revisions(connection, last)
        connection.execute("COMMIT")


def _save_present(make: Callable[[], SnapshotFile]) -> None:
    """The files from before are kept anyhow; a snapshot of them is the easier way back where it can be made."""
    try:
        make()
    except (StoreError, sqlite3.Error, OSError):
        _log.warning("no snapshot before the restore", exc_info=True)


def _free_stamp(profiles_dir: Path, stamp: str) -> str:
    number, free = 1, stamp
    while (profiles_dir / FOLDER / free).exists():
        number += 1
        free = f"{stamp}-{number}"
    return free


def _decide(profiles_dir: Path, stamp: str) -> Path:
    """From the rename on the copy is the database."""
    unfinished = profiles_dir / _UNFINISHED
    files.sync(unfinished)
    decided = profiles_dir / f"burndown.restored-{stamp}.db"
    files.replace(unfinished, decided)
    return decided


def _exchange(profiles_dir: Path, decided: Path) -> Restored:
    """Move what lies under the database's name aside, all of it or, with an OSError, nothing; put the copy there."""
    live = profiles_dir / DATABASE
    aside = profiles_dir / FOLDER / _stamp_of(decided)
    present = [file for file in (live, *sidecars(live)) if file.exists()]
    moved: list[Path] = []
    try:
        if present:
            files.own_folder(aside.parent)
            files.make_folder(aside)
        # The sidecars first: a kill must not leave a log behind that the next database would be mixed with.
        for file in reversed(present):
            files.replace(file, aside / file.name)
            moved.append(file)
        files.replace(decided, live)
    except OSError:
        _move_back(moved, aside, decided)
        raise
    return Restored(live, aside if aside.is_dir() else None)


def _stamp_of(decided: Path) -> str:
    match = _DECIDED.fullmatch(decided.name)
    if match is None:
        raise ValueError(decided.name)
    return match["stamp"]


def _move_back(moved: Sequence[Path], aside: Path, decided: Path) -> None:
    """As it was before. Where even that fails, the decided copy stays, and the next opening goes on with it."""
    try:
        for file in reversed(moved):
            files.replace(aside / file.name, file)
    except OSError:
        _log.exception("a restore could not be taken back")
        return
    _drop(decided)
    for folder in (aside, aside.parent):
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def _or_as_before(profiles_dir: Path) -> Iterator[None]:
    """An unfinished copy does not stay behind."""
    try:
        yield
    finally:
        _drop(profiles_dir / _UNFINISHED)


def _drop(path: Path) -> None:
    for file in (path, *(sidecar(path, suffix) for suffix in SIDECARS)):
        with suppress(OSError):
            file.unlink(missing_ok=True)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise not_writable(
            N_("The backup could not be put into {folder}, and what was there is kept", folder=folder), exc
        ) from exc


# -- after a kill ---------------------------------------------------------------------------------------


def resume(profiles_dir: Path) -> Restored | None:
    """Finish a restore that was decided when the process ended; forget one that was not. Raises OSError."""
    _drop(profiles_dir / _UNFINISHED)
    decided = _pending(profiles_dir)
    return None if decided is None else _exchange(profiles_dir, decided)


def current_database(profiles_dir: Path) -> Path:
    """The file to read: the decided copy where a kill kept it from its place, else the database."""
    return _pending(profiles_dir) or profiles_dir / DATABASE


def _pending(profiles_dir: Path) -> Path | None:
    if not profiles_dir.is_dir():
        return None
    return max(filter(_is_decided, profiles_dir.iterdir()), default=None)


def _is_decided(path: Path) -> bool:
    """Made by a restore. Whatever else goes by such a name must not take the place of the database."""
    return bool(_DECIDED.fullmatch(path.name)) and backup.is_plain_file_of_ours(path)
