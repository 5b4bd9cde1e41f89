"""Looking at a database without leaving a trace: nothing is created, changed or folded in beside it."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import stat
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from store import files
from store.errors import IN_USE, Damaged, Refused, is_held
from store.sql import schema
from store.sqlite import locks
from store.sqlite.connections import Source, SQLiteSession, connect, file_uri
from store.texts import N_

SIDECARS = ("-wal", "-shm", "-journal")
_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
# Logs of either order of bytes, and a journal.
_COMPANIONS = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7")
_WAL_FORMAT = 2
_ODD_KINDS = (
    (stat.S_ISFIFO, "pipe"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISCHR, "device"),
    (stat.S_ISBLK, "device"),
)


def sidecar(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def sidecars(path: Path) -> list[Path]:
    """Those of the database's companions that exist."""
    return [file for suffix in SIDECARS if (file := sidecar(path, suffix)).exists()]


@dataclass(frozen=True, slots=True)
class Header:
    """The first 100 bytes of a database file (https://www.sqlite.org/fileformat.html, section 1.3)."""

    in_wal_mode: bool
    pages: int
    page_bytes: int
    application_id: int
    version: int

    @property
    def ours(self) -> bool:
        return self.application_id == schema.APPLICATION_ID


def header(path: Path) -> Header | None:
    """None for an absent or empty file. Raises Damaged when it is not an SQLite database, Refused when unreadable."""
    try:
        start = files.patiently(lambda: _start(path))
    except FileNotFoundError as exc:
        if path.parent.is_file():  # which only Windows calls "not found"
            raise Refused(_why_unreadable(path, exc)) from exc
        return None
    except OSError as exc:
        raise Refused(_why_unreadable(path, exc)) from exc
    if not start:
        return None
    if len(start) < _HEADER_BYTES or not start.startswith(_MAGIC):
        raise Damaged(N_("{path} is not a database.", path=path.name))
    (page_bytes,) = struct.unpack_from(">H", start, 16)
    (pages,) = struct.unpack_from(">I", start, 28)
    (version,) = struct.unpack_from(">i", start, 60)
    (application_id,) = struct.unpack_from(">I", start, 68)
    return Header(start[18] == _WAL_FORMAT, pages, 65_536 if page_bytes == 1 else page_bytes, application_id, version)


def _start(path: Path) -> bytes:
    for place in (path, *sidecars(path)):
        if kind := _odd_kind(place):
            # Opening a pipe would wait for somebody who writes, reading a device might have no end, and what is
            # written into one is gone.
            raise OSError(errno.EINVAL, f"{place.name} is a {kind} and not a file", str(path))
    for place in sidecars(path):
        if place.is_dir():
            raise Refused(_in_the_way(place))
    with locks.looking(path) as file:
        return file.read(_HEADER_BYTES)


def _odd_kind(place: Path) -> str:
    try:
        mode = place.stat().st_mode
    except (OSError, ValueError):
        return ""
    return next((name for is_one, name in _ODD_KINDS if is_one(mode)), "")


def _in_the_way(folder: Path) -> str:
    return N_(
        "{path} is a folder, where the database should be. Give that folder another name. Nothing was changed.",
        path=folder,
    )


def _why_unreadable(path: Path, error: OSError) -> str:
    if path.parent.is_file():
        return N_(
            "{folder} is a file, not a folder. Choose another folder with --profiles. Nothing was changed.",
            folder=path.parent,
        )
    if path.is_dir():
        return _in_the_way(path)
    if is_held(error):
        return N_("{path} cannot be read: {in_use} Nothing was changed.", path=path, in_use=IN_USE)
    return N_(
        "{path} cannot be read: {reason}. Nothing was changed; is the stick still there?",
        path=path,
        reason=error.strerror or error,
    )


def user_version(path: Path) -> int:
    """The schema number, also when its change still lies in the write-ahead log."""
    with reading(path) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return int(version)


@contextmanager
def reading(path: Path) -> Iterator[SQLiteSession]:
    """A connection that only reads, for a short look."""
    source, clean_up = source_for_reading(path)
    try:
        connection = connect(source)
        try:
            yield connection
        finally:
            connection.close()
    finally:
        clean_up()


@contextmanager
def reading_alone(path: Path) -> Iterator[SQLiteSession]:
    """A connection to a copy of the database without what lies beside it, for a short look."""
    source, clean_up = _copied(path, ())
    try:
        with closing(connect(source)) as connection:
            yield connection
    finally:
        clean_up()


def has_hot_journal(path: Path) -> bool:
    """Whether a journal beside a database without a log waits to be brought in; not one that is just being written."""
    head = header(path)
    if head is None or head.in_wal_mode or not files.size(sidecar(path, "-journal")):
        return False
    try:
        _look(Source(file_uri(path, mode="ro"), uri=True, read_only=True, waits=False))
    except sqlite3.OperationalError as exc:
        # For reading only SQLite cannot bring it in, and says so; who writes has the database locked.
        return exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
    return False


# What one look-up of a key takes is in the hundreds; of the projects, 10 each.
_GLANCE_STEPS, _LISTING_STEPS = 50_000, 5_000_000


def glance(path: Path, key: str) -> str | None:
    """What a finished database of ours says under this key in `app_state`, "" where nothing; None for what is none.

    A tenth of what `reading` takes, so that thousands of backups can be asked. Nothing in the file is run, and it is
    taken for what lies there, without companions. Raises sqlite3.Error, OSError.
    """
    rows = _glance_at(path, "SELECT value FROM app_state WHERE key = ?", (key,), _GLANCE_STEPS)
    return rows if rows is None else str(rows[0][0]) if rows else ""


def profile_ids(path: Path) -> set[str]:
    """Those of a finished database of ours, of whatever version, also of what is deleted and can be taken back; looked
    up as in `glance`. Empty for what is none. Raises sqlite3.Error, OSError."""
    return {str(each) for (each,) in _glance_at(path, "SELECT id FROM profiles", (), _LISTING_STEPS) or ()}


def _glance_at(path: Path, question: str, values: Sequence[str], steps: int) -> list[tuple[object, ...]] | None:
    if not stat.S_ISREG(path.stat().st_mode):
        return None
    uri = file_uri(path, mode="ro", immutable="1")
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        # A view could be endless.
        connection.set_progress_handler(lambda: 1, steps)
        connection.execute("PRAGMA trusted_schema = OFF")
        if connection.execute("PRAGMA application_id").fetchone() != (schema.APPLICATION_ID,):
            return None
        return connection.execute(question, values).fetchall()


def has_foreign_journal(path: Path) -> bool:
    """Whether what lies beside a database with a log would undo something that it never did.

    SQLite writes such a journal only to change the kind of journal, which is said on the first page: one that changes
    others was left by another database, or by this one as it was before it was replaced by a copy.
    """
    head = header(path)
    if head is None or not head.in_wal_mode or not files.size(sidecar(path, "-journal")):
        return False
    copied, clean_up = _copied(path, ("-journal",))
    try:
        copy = Path(copied.name)
        with suppress(sqlite3.DatabaseError):
            _look(copied)
        return not _same_behind(head.page_bytes, path, copy)
    finally:
        clean_up()


def _same_behind(start: int, path: Path, copy: Path) -> bool:
    with locks.looking(path) as ours, copy.open("rb") as other:
        ours.seek(start)
        other.seek(start)
        while True:
            piece = ours.read(1 << 20)
            if piece != other.read(1 << 20):
                return False
            if not piece:
                return True


def source_for_reading(path: Path) -> tuple[Source, Callable[[], None]]:
    """How to read the database as it lies there, and what to call when done.

    A WAL database opened for reading would get fresh sidecar files that a reader cannot remove again. Without
    a log nobody has it open, and `immutable` does without them; with both sidecars there, they are shared with
    whoever writes; anything else is read from a temporary copy.
    """
    head = header(path)
    log, index, journal = (sidecar(path, suffix) for suffix in SIDECARS)
    if head is not None and head.in_wal_mode and not log.exists():
        return Source(file_uri(path, mode="ro", immutable="1"), uri=True, read_only=True), _nothing
    plain = Source(file_uri(path, mode="ro"), uri=True, read_only=True)
    calm = index.exists() if log.exists() else files.size(journal) == 0
    if calm and _opens(plain):
        return plain, _nothing
    return _copied(path)


def _nothing() -> None:
    return None


def _opens(source: Source) -> bool:
    try:
        _look(source)
    except sqlite3.OperationalError:
        return False
    return True


def _look(source: Source) -> None:
    with closing(connect(source)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def _says_something(companion: Path) -> bool:
    """Of what does not begin as SQLite begins it nothing is brought in, however large it is."""
    with locks.looking(companion) as file:
        return file.read(8).startswith(_COMPANIONS)


def _copied(path: Path, companions: Sequence[str] = ("-wal", "-journal")) -> tuple[Source, Callable[[], None]]:
    # Who is killed cannot clean up: the next run removes what is marked and no longer in use.
    folder, mark = files.scratch()

    def clean_up() -> None:
        mark.release()
        shutil.rmtree(folder, ignore_errors=True)

    try:
        for file in (path, *(sidecar(path, suffix) for suffix in companions)):
            if file.exists() and (file == path or _says_something(file)):
                with locks.looking(file) as old, files.new_file(folder / file.name) as new:
                    shutil.copyfileobj(old, new, 1 << 20)
    except BaseException:
        clean_up()
        raise
    # Opened for writing, so that a log or an unfinished change is brought in; `query_only` guards the rest.
    return Source(str(folder / path.name), read_only=True, waits=False), clean_up
