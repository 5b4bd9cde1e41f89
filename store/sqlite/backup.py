"""Snapshots of the database: made by SQLite itself, checked, put in place whole; the old ones thinned out.

A snapshot is one file that needs no other beside it. It is never made by copying the live file: 193 of 200
such copies were broken at a USB stick's speed.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import islice, zip_longest
from pathlib import Path
from typing import Protocol

from store import files
from store.backend import PersistenceBackend
from store.errors import Damaged, DiskFull, NewerDatabase, Refused, StoreError, not_writable, reason
from store.paths import DATABASE
from store.records import Profile
from store.sql import schema
from store.sql.profiles import COUNTER, WRITTEN, written_mark
from store.sql.rows import unreadable_rows
from store.sqlite import locks
from store.sqlite.connections import Connections, SQLiteSession, detail, not_its_journal, translated
from store.sqlite.pages import Pages
from store.sqlite.reading import (
    SIDECARS,
    Header,
    glance,
    has_hot_journal,
    header,
    profile_ids,
    reading,
    reading_alone,
    sidecar,
)
from store.sqlite.shape import Foreign, all_rows, foreign_in, lacks_columns, tables
from store.texts import N_
from store.upkeep import SAVED_ALL_THE_SAME, Clock, SnapshotFile, Tell, only_told, snapshot_if_changed

_log = logging.getLogger(__name__)

FOLDER = "backups"
_STAMP = "%Y%m%dT%H%M%SZ"
_NUMBER = re.compile(r"-(\d+)\.db$")
_NAME = re.compile(r"burndown-(?P<stamp>\d{8}T\d{6}Z)(?:-(?P<reason>[a-z0-9-]+))?\.db")
_SPARE_BYTES = 50_000_000
# Kept of those that nobody asked for: the last few of each reason, then the newest of each of so many days, weeks and
# months.
_LAST, _DAYS, _WEEKS, _MONTHS = 5, 7, 4, 12
# By hand, before a deletion or a restore that somebody wished, and what another program's file took the place of.
_ASKED_FOR = frozenset({"", "before-team", "delete", "undo", "join", "before-restore", "replaced"})
# With so many of the same moment the database is compared row by row, each of which takes as long as to read it.
_COMPARED = 3
# The first 100 bytes hold change counters and the journal mode, which differ between equal databases.
_HEADER_BYTES = 100
_CHUNK = 1 << 20


def _now() -> datetime:
    return datetime.now(UTC)


class OpenDatabase(Protocol):
    """What keeping a store safe needs of the open one: `SQLiteBackend` is one."""

    path: Path
    connections: Connections

    @property
    def read_only(self) -> bool: ...

    @property
    def changed_since_snapshot(self) -> bool: ...

    def snapshot_made(self) -> None: ...

    def optimize(self) -> None: ...

    def list_profiles(self) -> Sequence[Profile]: ...

    def interrupt_tasks(self, at: datetime) -> int: ...


# -- making ---------------------------------------------------------------------------------------------


def snapshot(
    backend: OpenDatabase, profiles_dir: Path, to: Path | None = None, reason: str = "", clock: Clock = _now
) -> SnapshotFile:
    """Of an open store; its writers wait meanwhile. Raises NotWritable, Damaged."""
    size = files.size(backend.path)
    with backend.connections.exclusive() as connection:
        backup = _make(connection, size, profiles_dir, to, reason, clock)
        backend.snapshot_made()
        if to is None:
            _begin_from(backend, backup.file)
    return backup


def _begin_from(backend: OpenDatabase, saved: Path) -> None:
    """What is changed from now on, and this, are the database, should its own file be written over."""
    if backend.connections.pages is not None:
        backend.connections.pages.begin(saved)


def snapshot_file(profiles_dir: Path, to: Path | None = None, reason: str = "", clock: Clock = _now) -> SnapshotFile:
    """Of the database in the folder, whoever has it open.

    Raises Refused when there is none of ours, NewerDatabase, NotWritable, Damaged.
    """
    path = profiles_dir / DATABASE
    if to is None:
        files.refuse_links(profiles_dir)
    if files.size(path) == 0:
        raise Refused(N_("There is no database in {folder} yet, so there is nothing to back up.", folder=profiles_dir))
    size = files.size(path) + files.size(sidecar(path, "-wal"))
    try:
        with translated(), reading(path) as connection:
            _require_restorable(path, connection)
            return _make(connection, size, profiles_dir, to, reason, clock)
    except Damaged as exc:
        if _is_whole_without_journal(path):
            raise Damaged(told_damaged(path, "")) from exc
        raise Damaged(N_("{reason} {advice}", reason=exc, advice=advice(profiles_dir))) from exc


def _require_restorable(path: Path, connection: sqlite3.Connection) -> None:
    """A backup that this version would refuse to put back is none: it would only stand before the good ones."""
    if not is_ours(path):
        raise Refused(
            N_(
                "{path} was not made by Burndown, so no backup of it was made. Start Burndown without a "
                "command: it sets that file aside, and takes its data over where they are those of the "
                "earlier app.",
                path=path.name,
            )
        )
    if _version(connection) > schema.SCHEMA_VERSION:
        raise NewerDatabase(newer(path))
    foreign = foreign_in(connection)
    if foreign.changed:
        raise Refused(told_damaged(path, misshapen(foreign)))


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def before_first_write(
    backend: OpenDatabase, profiles_dir: Path, clock: Clock = _now, tell: Tell = lambda text: None
) -> None:
    """What the store was when this run began to change it. A failure is told: it must not stop the user's work."""
    with only_told(tell, N_("No backup could be made before the changes")):
        newest = next(iter(snapshots(profiles_dir)), None)
        if newest and _same(backend.path, newest.file):
            _begin_from(backend, newest.file)
        elif backend.list_profiles():
            snapshot(backend, profiles_dir, reason="start", clock=clock)


def keep_replaced(backend: OpenDatabase, profiles_dir: Path, clock: Clock, old: sqlite3.Connection) -> str:
    """A snapshot of what `old` still leads to, after another file took its name; where it is, in a sentence."""
    try:
        backup = _make(old, files.size(backend.path), profiles_dir, None, "replaced", clock)
    except (StoreError, sqlite3.Error, OSError) as exc:
        _log.exception("what was replaced could not be kept")
        return N_("What was saved until then could not be kept in a backup: {reason}.", reason=reason(exc))
    backend.snapshot_made()
    return N_("What was saved until then is in {folder}/{name}.", folder=FOLDER, name=backup.file.name)


def keep_overwritten(backend: OpenDatabase, profiles_dir: Path, clock: Clock, known: Pages) -> str:
    """A snapshot of what is known of a database whose file was written over; where it is, in a sentence."""

    def write(unfinished: Path) -> None:
        known.write_all(unfinished)
        files.sync(unfinished)
        _require_readable(unfinished)

    try:
        backup = made_by(write, files.size(backend.path), profiles_dir, None, "replaced", clock)
    except (StoreError, sqlite3.Error, OSError) as exc:
        _log.error("what was written over could not be kept: %s", exc)
        return _what_is_left(profiles_dir)
    backend.snapshot_made()
    return N_("What was saved until then is in {folder}/{name}.", folder=FOLDER, name=backup.file.name)


def _what_is_left(profiles_dir: Path) -> str:
    newest = next(iter(snapshots(profiles_dir)), None)
    if newest is None:
        return N_("What was saved until then could not be kept, and there is no backup.")
    return N_(
        "What was saved after the newest backup could not be kept. That backup is {folder}/{name}.",
        folder=FOLDER,
        name=newest.file.name,
    )


def at_exit(
    backend: PersistenceBackend, profiles_dir: Path, clock: Clock = _now, tell: Tell = lambda text: None
) -> SnapshotFile | None:
    """Of a store that changed since its last snapshot; None when it did not, or when it cannot be made (told)."""
    return snapshot_if_changed(backend.upkeep(profiles_dir, clock), lambda: not backend.list_profiles(), "exit", tell)


def of_new(profiles_dir: Path, clock: Clock, tell: Tell, new: Path, place: Callable[[], None]) -> None:
    """As `at_exit`, of a new database that nobody has open. `place` puts it in its place: when a copy of it is there,
    but before the copy has its name. One wait for the disk is enough for both: 12 ms of an import less."""

    def write(unfinished: Path) -> None:
        with translated(), reading(new) as connection:
            copy_database(connection, unfinished)
        place()

    with only_told(tell, SAVED_ALL_THE_SAME):
        made_by(write, files.size(new), profiles_dir, None, "exit", clock)
    place()


def _make(
    source: sqlite3.Connection, size: int, profiles_dir: Path, to: Path | None, reason: str, clock: Clock
) -> SnapshotFile:
    return made_by(lambda unfinished: copy_database(source, unfinished), size, profiles_dir, to, reason, clock)


def made_by(
    write: Callable[[Path], object], size: int, profiles_dir: Path, to: Path | None, reason: str, clock: Clock
) -> SnapshotFile:
    """A snapshot of what `write` puts under the name that it is given, about `size` bytes. Raises what `write` does."""
    made_at = clock().astimezone(UTC).replace(microsecond=0)
    target = _target(profiles_dir, to, made_at, reason)
    unfinished = files.temporary_name(target)
    try:
        # Where the data folder itself is gone, a stick was pulled: its place on the host stays empty.
        if to is None:
            files.refuse_link(target.parent)
        target.parent.mkdir(mode=0o700 if to is None else 0o777, parents=to is not None, exist_ok=True)
        require_room(target.parent, size)
        write(unfinished)
        if not reason:
            _require_readable(unfinished)
        if to is not None:
            _refuse_others(target, unfinished)
        files.replace(unfinished, target)
    except OSError as exc:
        raise not_writable(N_("No backup could be written to {folder}", folder=target.parent), exc) from exc
    finally:
        with suppress(OSError):
            for left_over in (unfinished, *(sidecar(unfinished, suffix) for suffix in SIDECARS)):
                left_over.unlink(missing_ok=True)
    if to is None:
        _thin(profiles_dir, made_at)
    return SnapshotFile(target, files.size(target), made_at, reason)


def _refuse_others(old: Path, new: Path) -> None:
    """A backup of other projects may be the only copy of them. Of what cannot be read nobody can tell whose it is, and
    one without projects is no loss. Raises Refused."""
    with suppress(FileNotFoundError, sqlite3.Error):
        if (there := profile_ids(old)) and there.isdisjoint(profile_ids(new)):
            raise Refused(
                N_(
                    "{file} is a backup of other projects, none of which are in this data folder, so it was left as it "
                    "is. Choose another name, or move that file away first.",
                    file=old,
                )
            )


def _require_readable(path: Path) -> None:
    """A backup that was asked for is read whole, for whoever asked relies on it. Raises Damaged."""
    problems = content_damage(path)
    if problems:
        _log.error("a fresh snapshot cannot be read: %s", problems)
        listed = "; ".join(problems)
        raise Damaged(
            N_("The database is damaged ({told}); no backup was made, and the earlier ones were kept.", told=listed)
        )


def _target(profiles_dir: Path, to: Path | None, made_at: datetime, reason: str) -> Path:
    folder = to if to is not None and to.is_dir() else profiles_dir / FOLDER
    if to is None or to.is_dir():
        return _free_name(folder, f"burndown-{made_at:{_STAMP}}", reason)
    if to.exists() and (to.resolve() == (profiles_dir / DATABASE).resolve() or not is_ours(to)):
        raise Refused(N_("{file} is not a backup, so it was left as it is. Choose another name.", file=to))
    files.refuse_kept(to)
    named = _described(to)
    files.refuse_cleared_away(to, is_thinned=named is not None and named.kind not in _ASKED_FOR)
    return to


def _free_name(folder: Path, stem: str, reason: str) -> Path:
    """Two snapshots of one second get a number."""
    number, suffix = 1, f"-{reason}" if reason else ""
    while (path := folder / f"{stem}{suffix}.db").exists():
        number += 1
        suffix = f"-{reason}-{number}" if reason else f"-{number}"
    return path


def is_ours(path: Path) -> bool:
    """Whether the file is a database that Burndown made, of whatever version."""
    try:
        head = header(path)
    except Damaged:
        return False
    return head is not None and head.ours


def is_plain_file_of_ours(path: Path) -> bool:
    """As `is_ours`, and no link, folder or pipe of such a name, which would take the place of a database."""
    try:
        return not files.is_link(path) and path.is_file() and is_ours(path)
    except (StoreError, OSError):
        return False


def require_room(folder: Path, size: int) -> None:
    """Raises DiskFull when there is too little room for a copy of `size` bytes."""
    wanted, free = room_wanted(size), files.free_bytes(folder)
    if free is not None and free < wanted:
        raise DiskFull(
            N_(
                "A backup needs {wanted:,.0f} MB of free space, there are {free:,.0f} MB. Make room and try again.",
                wanted=wanted / 1000000.0,
                free=free / 1000000.0,
            )
        )


def room_wanted(size: int) -> int:
    """Free bytes that must be there before a snapshot of `size` bytes is begun."""
    return 2 * size + _SPARE_BYTES


def copy_database(source: sqlite3.Connection, path: Path) -> None:
    """Write to `path` a copy that needs no sidecar, passed a check and is on the medium. Raises Damaged, OSError."""
    path.unlink(missing_ok=True)
    # Also because what SQLite says of a folder that cannot be written could be anything.
    files.new_file(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        # Nothing is worth keeping of a copy that was interrupted; it is synced as a whole below.
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        # The constraints were checked when the rows were written, and are not when a file is opened for reading, as all
        # other checks do: without them a snapshot takes half the time.
        copy.execute("PRAGMA ignore_check_constraints = ON")
        with files.syncing(path):
            problems = [text for (text,) in copy.execute("PRAGMA quick_check") if text != "ok"]
    if problems:
        _log.error("quick_check of a fresh snapshot: %s", problems)
        raise Damaged(N_("The database is damaged; no backup was made, and the earlier ones were kept."))


def _same(live: Path, saved: Path) -> bool:
    """Whether the snapshot holds just what the database at rest does."""
    if files.size(sidecar(live, "-wal")) or files.size(live) != files.size(saved):
        return False
    with locks.looking(live) as ours, saved.open("rb") as other:
        ours.seek(_HEADER_BYTES)
        other.seek(_HEADER_BYTES)
        while chunk := ours.read(_CHUNK):
            if chunk != other.read(_CHUNK):
                return False
    return True


# -- keeping --------------------------------------------------------------------------------------------


def snapshots(profiles_dir: Path) -> list[SnapshotFile]:
    """Those in the backups folder by the time in their names, newest first."""
    folder = profiles_dir / FOLDER
    described = [snapshot for path in folder.iterdir() if (snapshot := _described(path))] if folder.is_dir() else []
    # Of one second, that of a run's start is the oldest.
    return sorted(
        described,
        key=lambda snapshot: (snapshot.made_at, snapshot.reason != "start", *_in_its_second(snapshot)),
        reverse=True,
    )


def _in_its_second(snapshot: SnapshotFile) -> tuple[int, str]:
    """The second of a second is called -2, which by the alphabet would come before the one without a number."""
    number = _NUMBER.search(snapshot.file.name)
    return int(number[1]) if number else 1, snapshot.file.name


def by_content(profiles_dir: Path) -> list[SnapshotFile]:
    """Those whose content is the newest first: a clock that was ahead for a day must not decide it for ever."""
    backups = snapshots(profiles_dir)
    revisions = {backup: _revision(backup.file) for backup in backups}
    # `snapshots` has the newest of one revision first, and sorting keeps that.
    return sorted(backups, key=lambda each: -revisions[each])


def highest_revision(profiles_dir: Path) -> int:
    """Of all that the folder's backups hold; 0 without any."""
    return max((_revision(backup.file) for backup in snapshots(profiles_dir)), default=0)


def _revision(path: Path) -> int:
    """How far the changes in it go; -1 for what does not tell."""
    revision = _told_by(path, COUNTER)
    return int(revision or "0") if revision is not None and re.fullmatch(r"[0-9]{0,19}", revision) else -1


def _told_by(path: Path, key: str) -> str | None:
    """What a backup says under this key, "" where nothing; None for what is no database of ours, or tells nothing."""
    try:
        return glance(path, key)
    except (sqlite3.Error, OSError):
        return None


def newest_good(profiles_dir: Path) -> SnapshotFile | None:
    """The snapshot with the newest content that is ours, of a version that we can read, and can be read whole."""
    return next((backup for backup in by_content(profiles_dir) if _is_good(backup.file)), None)


def _is_good(path: Path) -> bool:
    try:
        head = header(path)
        return head is not None and head.ours and not content_damage(path) and _is_known(path)
    except (StoreError, sqlite3.Error, OSError):
        return False


def _is_known(path: Path) -> bool:
    with reading(path) as connection:
        return _version(connection) <= schema.SCHEMA_VERSION


def _described(path: Path) -> SnapshotFile | None:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    try:
        made_at = datetime.fromisoformat(match["stamp"])
    except ValueError:
        return None
    return SnapshotFile(path, files.size(path), made_at, match["reason"] or "")


def _thin(profiles_dir: Path, now: datetime) -> None:
    """Only called after a snapshot passed its check: as long as the store is damaged, none is given up."""
    present = snapshots(profiles_dir)
    # Those of a clock that was ahead are counted apart: else they would push out each new one as soon as it is made.
    kept = kept_snapshots(backup for backup in present if backup.made_at <= now)
    kept |= kept_snapshots(backup for backup in present if backup.made_at > now)
    for backup in present:
        if backup not in kept:
            with suppress(OSError):
                backup.file.unlink()


def kept_snapshots(newest_first: Iterable[SnapshotFile]) -> set[SnapshotFile]:
    """All that somebody asked for; of the others the last few of each reason, and the newest of each day, week and
    month with one, so many of each."""
    made_at_all = list(newest_first)
    kept = {backup for backup in made_at_all if backup.kind in _ASKED_FOR}
    present = [backup for backup in made_at_all if backup.kind not in _ASKED_FOR]
    of_reason: dict[str, list[SnapshotFile]] = {}
    for backup in present:
        of_reason.setdefault(backup.kind, []).append(backup)
    kept.update(backup for listed in of_reason.values() for backup in listed[:_LAST])
    for amount, period in ((_DAYS, "%Y-%m-%d"), (_WEEKS, "%G-W%V"), (_MONTHS, "%Y-%m")):
        newest_of: dict[str, SnapshotFile] = {}
        for backup in present:
            newest_of.setdefault(backup.made_at.strftime(period), backup)
        kept.update(list(newest_of.values())[:amount])
    return kept


# -- checking -------------------------------------------------------------------------------------------


def check(profiles_dir: Path) -> list[str]:
    """What is wrong in the data folder, a sentence each; empty when all is in order. Changes nothing."""
    path = profiles_dir / DATABASE
    try:
        head = header(path)
    except Damaged as exc:
        return [f"{exc} {advice(profiles_dir)}"]
    except Refused as exc:
        return [str(exc)]
    if head is None:
        return [*_lost(path), *_stray_sidecars(path)]
    if not head.ours:
        return [f"{path.name} was not made by Burndown; the next start sets it aside in the folder legacy."]
    return [*_content_problems(path), *_leftovers(path, head), *_room_problems(path)]


def _lost(path: Path) -> list[str]:
    """Where there are backups there has been a database."""
    decided = _interrupted_restores(path.parent)
    if decided or not newest_good(path.parent):
        return decided
    return [f"{path.name} is {'empty' if path.exists() else 'missing'}. {advice(path.parent)}"]


def advice(profiles_dir: Path) -> str:
    """What to do about a damaged database."""
    good = newest_good(profiles_dir)
    if good is None:
        return N_("There is no good backup in the folder backups. Put back a copy of the data folder that you made.")
    return N_(
        "The newest good backup is {folder}/{name} ({made_at:%Y-%m-%d %H:%M} UTC); put it back on "
        "the Settings page, with the button that Burndown offers where it cannot start, or with: "
        "burndown restore {folder}/{name}. README.txt in the data folder says how to do it by hand.",
        folder=FOLDER,
        name=good.file.name,
        made_at=good.made_at,
    )


def told_damaged(path: Path, detail: str) -> str:
    """What is wrong with the database, and what to do. Where it is in order without the journal beside it, that is no
    backup: the journal may be another database's, or this one's from before it was replaced by a copy."""
    if _is_whole_without_journal(path):
        return N_(
            "{name} does not fit this database: with it the database would be damaged, and without it all is in order. "
            "Move it out of the folder, and keep it until you have seen that nothing is missing.",
            name=sidecar(path, "-journal").name,
        )
    return N_(
        "{path} is damaged ({detail}). It was left as it is. {advice}",
        path=path.name,
        detail=detail,
        advice=advice(path.parent),
    )


def _is_whole_without_journal(path: Path) -> bool:
    """Asked of a damaged one without a log, whose journal SQLite brings in whatever it is."""
    try:
        if not has_hot_journal(path):
            return False
        with reading_alone(path) as connection:
            return not damage_in(connection) and not foreign_in(connection)
    except (StoreError, sqlite3.Error, OSError):
        return False


def quick_check(backend: OpenDatabase) -> list[str]:
    """What a quick look at the whole of an open database finds (1 to 2 ms a MB); empty when all is in order."""
    try:
        with backend.connections.reading() as connection:
            texts = [text for (text,) in connection.execute("PRAGMA quick_check(10)") if text != "ok"]
            return texts or unreadable_rows(connection, _tables_in(connection))
    except Damaged as exc:
        return [str(exc)]


def content_damage(path: Path) -> list[str]:
    """What SQLite's full check, the foreign keys and reading every row find; empty when all is in order."""
    try:
        with reading(path) as connection:
            return damage_in(connection)
    except (sqlite3.DatabaseError, Damaged) as exc:
        return [detail(exc)]


def damage_behind(profiles_dir: Path) -> Damaged | None:
    """Asked when something went wrong that nobody foresaw: whether the database is why. None when it is in order."""
    path = profiles_dir / DATABASE
    try:
        problems = content_damage(path) if is_ours(path) else []
    except (StoreError, sqlite3.Error, OSError):
        _log.exception("the database could not be looked at")
        return None
    return Damaged(told_damaged(path, "; ".join(problems))) if problems else None


def damage_in(connection: SQLiteSession) -> list[str]:
    """The same of an open one. What is of another shape than ours is not read row by row."""
    broken = [text for (text,) in connection.execute("PRAGMA integrity_check(10)") if text != "ok"]
    orphans = sorted({table for table, *_ in connection.execute("PRAGMA foreign_key_check")})
    problems = broken + [f"rows of {table} belong to nothing" for table in orphans]
    if problems or foreign_in(connection).changed:
        return problems
    return unreadable_rows(connection, _tables_in(connection))


def _tables_in(connection: SQLiteSession) -> set[str]:
    """What can be read row by row; a table of an older form is, once it has been brought up to date."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    return there - lacks_columns(connection)


def _content_problems(path: Path) -> list[str]:
    """All of one connection: on a stick to open the file takes as long as to look into it."""
    try:
        with reading(path) as connection:
            damage = damage_in(connection)
            if not damage:
                return _shape_problems(path, connection) or _twin_problems(path, connection)
    except (sqlite3.DatabaseError, Damaged) as exc:
        damage = [detail(exc)]
    return [told_damaged(path, "; ".join(damage))]


def _shape_problems(path: Path, connection: SQLiteSession) -> list[str]:
    foreign = foreign_in(connection)
    if _version(connection) > schema.SCHEMA_VERSION:
        return [newer(path)]
    if foreign.changed:
        return [told_damaged(path, misshapen(foreign))]
    if foreign.added:
        return [
            f"{path.name} holds what Burndown did not make: {', '.join(foreign.added)}. The next start sets the file "
            "aside and goes on with the data in it."
        ]
    return []


def misshapen(foreign: Foreign) -> str:
    return f"not as Burndown makes it: {', '.join(foreign.changed)}"


def _twin_problems(path: Path, ours: SQLiteSession) -> list[str]:
    """A backup of the very same moment holds the same, or one of the two was changed on the medium: a letter in a text
    that is another one now breaks no rule and is found by nothing else. Of several the newest are compared."""
    mark = written_mark(ours)
    same = (snapshot for snapshot in snapshots(path.parent) if mark and _told_by(snapshot.file, WRITTEN) == mark)
    for snapshot in islice(same, _COMPARED):
        with suppress(StoreError, sqlite3.Error, OSError):
            if _differ(ours, snapshot.file):
                return [
                    N_(
                        "{path} and {folder}/{name} were the same, and are not any more: one of them was changed on "
                        "the drive, not by Burndown. {advice}",
                        path=path.name,
                        folder=FOLDER,
                        name=snapshot.file.name,
                        advice=advice(path.parent),
                    )
                ]
    return []


def _differ(ours: SQLiteSession, saved: Path) -> bool:
    """Whether two of the same moment hold different rows; also when only one of them can be read."""
    if not is_ours(saved):
        return False
    with reading(saved) as other:
        if _version(ours) != _version(other) or foreign_in(other):
            return False
        return any(
            row != there
            for table in tables(_version(ours))
            for row, there in zip_longest(ours.execute(all_rows(table)), other.execute(all_rows(table)))
        )


def newer(path: Path) -> str:
    return N_("{path} was made by a newer version of Burndown. Get that version; nothing was changed.", path=path.name)


def _stray_sidecars(path: Path) -> list[str]:
    return [
        f"{file.name} lies here without its database. If {path.name} was moved away, move this file along with it."
        for suffix in SIDECARS
        if (file := sidecar(path, suffix)).exists()
    ]


def _leftovers(path: Path, header: Header) -> list[str]:
    # What an interrupted run left half written is none: the next start removes it, and the running app writes so too.
    problems = _interrupted_restores(path.parent)
    if header.in_wal_mode and files.size(sidecar(path, "-journal")):
        problems.append(not_its_journal(path))
    return problems


def _interrupted_restores(profiles_dir: Path) -> list[str]:
    return [
        f"{file.name} tells of a restore that was interrupted; the next start of Burndown finishes it."
        if is_plain_file_of_ours(file)
        else f"{file.name} is nothing that Burndown made. Move it out of the folder."
        for file in profiles_dir.glob("burndown.restored-*.db")
    ]


def _room_problems(path: Path) -> list[str]:
    wanted, free = room_wanted(files.size(path)), files.free_bytes(path.parent)
    if free is None or free >= wanted:
        return []
    return [f"Only {free / 1e6:,.0f} MB are free; {wanted / 1e6:,.0f} MB are needed to go on making backups."]
