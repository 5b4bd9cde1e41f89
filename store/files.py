"""Small things with files that must hold on every system: sizes, private and durable writes, stubborn renames.

A data folder may have been handed on by somebody else, with links in it that lead to files of its new user. Hence
nothing is opened for writing that could be a link: what is new is made under a random name, where nothing may lie yet,
and renamed; and the folders and files that are gone on with are refused when they are links.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from store.errors import Refused, is_held
from store.texts import N_

T = TypeVar("T")

# Virus scanners and sync clients hold a fresh file for a moment on Windows.
_PATIENCE_SECONDS = 5.0


_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
# What another user of the machine may do with it.
_OTHERS = 0o077
_NOT_INHERITED = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0) | getattr(os, "O_BINARY", 0)
# A pipe in the place of a file would be waited for.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | _NOT_INHERITED
# What Burndown writes into the data folder begins so, or is one of these.
_UNFINISHED = re.compile(r"(?:burndown|secrets|README|jira-ca).*(?:\.part|\.db\.new)(?:-wal|-shm|-journal)?")
_OURS = ("burndown", "logs", "backups", "legacy", "set-aside", "secrets.json", "README.txt")
DATABASE = "burndown.db"
_WRITTEN_IN_PLACE = (DATABASE, "burndown.lock")
# In lower case: not every file system tells the two apart.
_KEPT = frozenset(
    {
        *("secrets.json", "team.json", "burndown.lock", "burndown.instance.json", "burndown.numbers.json"),
        *("readme.txt", "backups", "logs", "legacy", "set-aside"),
    }
)
_SQLITE = b"SQLite format 3\0"
# PDF, ZIP (also of documents and tables), gzip, pictures.
_NO_TEXTS = (b"%PDF", b"PK\3\4", b"PK\5\6", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def new_file(path: Path, *, private: bool = True) -> BinaryIO:
    """A file that was not there before, for writing; `private`: for nobody but its owner. Raises FileExistsError."""
    mode = _PRIVATE_FILE if private else 0o666
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, mode), "wb")


def temporary_name(path: Path) -> Path:
    """A name in the same folder that nobody can have foreseen, for what takes the place of `path` once it is whole."""
    return path.with_name(f"{path.name}.{os.urandom(6).hex()}.part")


@contextmanager
def replacing(path: Path, *, private: bool = True, is_text: bool = False) -> Iterator[BinaryIO]:
    """A stream for the content that `path` has afterwards; what fails leaves the file as it was. Raises OSError.

    `private`: for the data folder itself. What is not is made to be handed on, and takes the place of nothing that is
    kept: raises Refused as `refuse_kept`, for a link, and where it `is_text` for a file of another kind.
    """
    if not private:
        refuse_kept(path)
        _refuse_among_kept(path)
        _refuse_named_link(path)
    _require_file_or_nothing(path)
    if not private:
        _refuse_database(path)
    if is_text:
        _refuse_other_kind(path)
    temporary = temporary_name(path)
    try:
        with new_file(temporary, private=private) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _require_file_or_nothing(path: Path) -> None:
    """Raises OSError for a device or a pipe: put in its place, a file would take /dev/null from the whole computer."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "it is a device or a pipe and not a file", str(path))


def refuse_kept(path: Path) -> None:
    """Raises Refused where a file that somebody asked for would take the place of what Burndown keeps in a data folder,
    its own or another one, or stand beside a database as if it were a part of it. Raises OSError for a path without a
    name, as of a folder."""
    if not path.name:
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    # Windows leaves out what stands at the end of a name; a team's folder has no database.
    name = path.name.rstrip(". ").casefold()
    is_beside_data = _is_data_folder(path.parent)
    kept = _KEPT | {f"{DATABASE}{end}" for end in ("-wal", "-shm", "-journal")}
    if is_beside_data and (name in kept or name.startswith("jira-ca-")):
        raise _kept(path)
    if path.parent.name == "logs" and name.startswith("burndown") and _is_data_folder(path.parent.parent):
        raise _kept(path)
    if is_beside_data and name == DATABASE and any(path.with_name(each).exists() for each in ("backups", "logs")):
        raise _kept(path)


def _refuse_among_kept(path: Path) -> None:
    """What lies among the backups passes for one, and is thinned with them; what has the name of something unfinished
    is tidied away. Raises Refused."""
    with suppress(OSError, RuntimeError):
        folder = path.parent.resolve()
        if _is_data_folder(folder) and _UNFINISHED.fullmatch(path.name):
            raise _kept(path)
        among = zip((folder, *folder.parents), folder.parents, strict=False)
        if any(each.name.casefold() in _KEPT and _is_data_folder(above) for each, above in among):
            raise _kept(path)


def refuse_cleared_away(path: Path, is_thinned: bool) -> None:
    """Raises Refused for a backup that somebody asked for in a data folder, or among its backups, under a name by which
    it goes again: that of something unfinished, or one by which backups `is_thinned`."""
    with suppress(OSError, RuntimeError):
        folder = path.parent.resolve()
        is_among_backups = folder.name.casefold() == "backups" and _is_data_folder(folder.parent)
        is_unfinished = _UNFINISHED.fullmatch(path.name) and (is_among_backups or _is_data_folder(folder))
        if is_unfinished or (is_among_backups and is_thinned):
            raise _kept(path)


def _refuse_named_link(path: Path) -> None:
    """Raises Refused for a link: whoever made it wants what it leads to written, or nothing in its place."""
    if is_link(path):
        raise Refused(
            N_(
                "{path} is a link to another place, and was left as it is. Name the file that it leads to, or another.",
                path=path,
            )
        )


def _refuse_other_kind(path: Path) -> None:
    """Raises Refused for what is there already and no text: a table or a report takes the place of its own kind."""
    with suppress(OSError), path.open("rb") as stream:
        if b"\0" in (start := stream.read(8192)) or start.startswith(_NO_TEXTS):
            raise Refused(
                N_("{path} is a file of another kind, so it was left as it is. Choose another name.", path=path)
            )


def _is_data_folder(folder: Path) -> bool:
    return any((folder / each).exists() for each in (DATABASE, "team.json", "secrets.json"))


def _kept(path: Path) -> Refused:
    return Refused(
        N_(
            "{path} is, or has the name of, data that Burndown keeps. Nothing was changed: choose another name.",
            path=path,
        )
    )


def _refuse_database(path: Path) -> None:
    with suppress(OSError), path.open("rb") as stream:
        if stream.read(len(_SQLITE)) == _SQLITE:
            raise _kept(path)


def add_to_zip(archive: zipfile.ZipFile, name: str, content: str | bytes, now: time.struct_time | None = None) -> None:
    """An entry of this moment, or of the nearest that the format knows: a computer whose clock has no battery any more
    wakes up in 1970. For nobody but its owner, once it is unpacked."""
    year, *rest = (now or time.localtime())[:6]
    moment = (year, *rest) if 1980 <= year <= 2107 else (min(max(year, 1980), 2107), 1, 1, 0, 0, 0)
    entry = zipfile.ZipInfo(name, (moment[0], moment[1], moment[2], moment[3], moment[4], moment[5]))
    entry.compress_type, entry.external_attr = archive.compression, _PRIVATE_FILE << 16
    archive.writestr(entry, content)


def copy(source: Path, target: Path) -> None:
    """The content alone, into a private file that was not there before."""
    with source.open("rb") as old, new_file(target) as new:
        shutil.copyfileobj(old, new, 1 << 20)


def make_folder(path: Path) -> None:
    """Make it, with those above it that are missing, for nobody but its owner. What is there already stays as it is."""
    for folder in [path, *path.parents]:
        if folder.is_dir():
            break
        if not folder.parent.is_dir():
            make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=_PRIVATE_FOLDER)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))


def own_folder(path: Path) -> None:
    """`make_folder` for one inside the data folder. Raises Refused when a link lies in its place."""
    refuse_link(path)
    make_folder(path)


def read_small(path: Path, at_most: int = 1 << 20) -> bytes:
    """The content of an ordinary file. Raises OSError, also for a link, a pipe or a device, and for what is larger."""
    with os.fdopen(os.open(path, os.O_RDONLY | _NO_LINK), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not an ordinary file", str(path))
        content = stream.read(at_most + 1)
    if len(content) > at_most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


def appending(path: Path) -> BinaryIO:
    """For writing at the end of a private file. Raises OSError for a link, also one that shares the content, and for a
    pipe."""
    way = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NO_LINK
    return _of_one_name(os.fdopen(os.open(path, way, _PRIVATE_FILE), "ab"), path)


def reading_own(path: Path) -> BinaryIO:
    """For reading what `appending` wrote. Raises OSError as that does."""
    return _of_one_name(os.fdopen(os.open(path, os.O_RDONLY | _NO_LINK), "rb"), path)


def _of_one_name(stream: BinaryIO, path: Path) -> BinaryIO:
    facts = os.fstat(stream.fileno())
    if not stat.S_ISREG(facts.st_mode) or facts.st_nlink > 1:
        stream.close()
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return stream


def is_link(path: Path) -> bool:
    """Whether the name leads elsewhere: a symbolic link, or a junction of Windows."""
    try:
        facts = path.lstat()
    except OSError:
        return False
    junction = getattr(facts, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return stat.S_ISLNK(facts.st_mode) or junction


def is_linked(path: Path, folder: Path) -> bool:
    """Whether the way from `folder` (not looked at itself) to `path` goes through a link, or leads out of it."""
    try:
        parts = path.relative_to(folder).parts
    except ValueError:
        return True
    return ".." in parts or any(is_link(folder.joinpath(*parts[:at])) for at in range(1, len(parts) + 1))


def refuse_link(path: Path) -> None:
    """Raises Refused when the name leads elsewhere."""
    if is_link(path):
        raise Refused(
            N_(
                "{path} is a link to another place. Burndown writes only inside its data folder and never "
                "through a link: put the file or folder itself there, or remove the link, and try again. "
                "Nothing was changed.",
                path=path,
            )
        )


def refuse_folder(path: Path) -> None:
    """Raises Refused when a folder has the name of a file that is written."""
    if path.is_dir():
        raise Refused(
            N_(
                "{path} is a folder, and Burndown writes a file of that name. Give that folder another name. "
                "Nothing was changed.",
                path=path,
            )
        )


def refuse_shared(path: Path) -> None:
    """Raises Refused where another name has the same content: what is written here would change it there too, and a
    database under two names is damaged by it (https://www.sqlite.org/howtocorrupt.html, section 2.5)."""
    try:
        facts = path.lstat()
    except OSError:
        return
    if stat.S_ISREG(facts.st_mode) and facts.st_nlink > 1:
        raise Refused(
            N_(
                "{path} shares its content with another file, as some programs that save space arrange it (a hard "
                "link). Nothing was changed. Copy it, put the copy in its place, and try again.",
                path=path,
            )
        )


def refuse_links(profiles_dir: Path) -> None:
    """Raises Refused when something that would be written in the data folder leads elsewhere, or is a folder."""
    for folder in (profiles_dir, profiles_dir / "logs", profiles_dir / "backups"):
        for path in _entries(folder):
            if path.name.startswith(_OURS):
                refuse_link(path)
            # Of the files that are written where they lie; all others are exchanged as a whole.
            if folder == profiles_dir and path.name.startswith(_WRITTEN_IN_PLACE):
                refuse_shared(path)
    refuse_folder(profiles_dir / "burndown.lock")
    if not (profiles_dir / DATABASE).exists():
        for path in profiles_dir.glob(f"{DATABASE}.new*"):
            refuse_folder(path)


def make_private(profiles_dir: Path) -> None:
    """Take from other users what earlier versions, or a copy, left open to them in the data folder."""
    if os.name != "posix" or is_link(profiles_dir):
        return
    close_to_others(profiles_dir)
    for folder in (profiles_dir, profiles_dir / "logs", profiles_dir / "backups"):
        for path in _entries(folder):
            close_to_others(path)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def remove_unfinished(profiles_dir: Path) -> None:
    """What runs that were killed left half written in the data folder. Only for who holds the folder."""
    for folder in (profiles_dir, profiles_dir / "backups"):
        for path in _entries(folder):
            if _UNFINISHED.fullmatch(path.name):
                with suppress(OSError):
                    path.unlink()


def close_to_others(path: Path) -> None:
    """Where the system knows owners, and we are it."""
    if os.name != "posix":
        return
    with suppress(OSError):
        facts = path.lstat()
        # What goes by another name, too, may be somebody's outside of the data folder.
        is_plain = (stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1) or stat.S_ISDIR(facts.st_mode)
        if is_plain and facts.st_uid == os.getuid() and facts.st_mode & _OTHERS:
            path.chmod(stat.S_IMODE(facts.st_mode) & ~_OTHERS)


# Of the temporary folders that copies are made in.
SCRATCH = "burndown-"
_MARK = "burndown.in-use"
_SCRATCH_TRIES = 5


class Mark:
    """Says that a temporary folder is in use, until it is released or the process ends in whatever way."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def release(self) -> None:
        os.close(self._handle)

    def is_in(self, folder: Path) -> bool:
        """Whether that folder is still there with this very mark."""
        try:
            return os.path.samestat(os.fstat(self._handle), (folder / _MARK).lstat())
        except FileNotFoundError:
            return False


def mark(folder: Path, patience_seconds: float = 0.0) -> Mark:
    """Mark a temporary folder. Raises OSError, also when another process has it marked all that time.

    Who looks whether a folder is in use has it marked for a moment, which its owner has to wait for.
    """
    handle = os.open(folder / _MARK, os.O_RDWR | os.O_CREAT | _NO_LINK, _PRIVATE_FILE)
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            _lock(handle)
        except OSError:
            if time.monotonic() >= deadline:
                os.close(handle)
                raise
        else:
            return Mark(handle)
        time.sleep(0.005)


def mark_own(folder: Path) -> Mark:
    """`mark` for the folder of this process."""
    return mark(folder, _PATIENCE_SECONDS)


def scratch() -> tuple[Path, Mark]:
    """A new temporary folder of this process, and its mark. Raises OSError.

    Who tidies up may come just before the mark is held, and take it for one that is left over: then another is made.
    """
    for _ in range(_SCRATCH_TRIES):
        folder = Path(tempfile.mkdtemp(prefix=SCRATCH))
        with suppress(FileNotFoundError):
            in_use = mark_own(folder)
            if in_use.is_in(folder):
                return folder, in_use
            in_use.release()
    raise OSError(errno.EBUSY, "temporary folders are taken away as soon as they are made", tempfile.gettempdir())


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 Windows only

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 not there on Windows

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_marked(folder: Path) -> bool:
    """Whether it is a folder, of this user, that a run of ours has marked; it may have ended since."""
    try:
        facts, around = (folder / _MARK).lstat(), folder.lstat()
    except OSError:
        return False
    ours = os.name != "posix" or (facts.st_uid == os.getuid() == around.st_uid)
    return ours and stat.S_ISREG(facts.st_mode) and not is_link(folder)


def remove_marked(folder: Path) -> None:
    """Delete a marked folder, its mark last: where this is cut short, the rest is known by it. Raises OSError."""
    for each in folder.iterdir():
        if each.name == _MARK:
            continue
        if each.is_dir() and not is_link(each):
            shutil.rmtree(each)
        else:
            each.unlink()
    (folder / _MARK).unlink()
    folder.rmdir()


def size(path: Path) -> int:
    """In bytes; 0 when there is no file, such as behind links that lead to each other."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except OSError as exc:
        if exc.errno == errno.ELOOP:
            return 0
        raise


def free_bytes(folder: Path) -> int | None:
    """None where the file system does not tell, as some over a network or through FUSE do not. Raises OSError."""
    usage = shutil.disk_usage(folder)
    return usage.free if usage.total else None


def sync(path: Path) -> None:
    """Wait until the file's content is on the medium."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def patiently(act: Callable[[], T]) -> T:
    """What `act` returns, tried again for a while when another program holds the file it opens."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return act()
        except PermissionError as exc:
            if time.monotonic() > deadline or not is_held(exc):
                raise
        time.sleep(0.05)


@contextmanager
def syncing(path: Path) -> Iterator[None]:
    """`sync` of a file that the block only reads; the disk writes meanwhile. Raises what `sync` does, at the end."""
    wait = begin_sync(path)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            wait()
        raise
    wait()


def begin_sync(path: Path) -> Callable[[], None]:
    """`sync` of a file that is only read from now on. What it gives waits for its end, and raises what it does."""
    failures: list[OSError] = []

    def work() -> None:
        try:
            sync(path)
        except OSError as exc:
            failures.append(exc)

    thread = threading.Thread(target=work, name="sync")
    thread.start()

    def wait() -> None:
        thread.join()
        if failures:
            raise failures[0]

    return wait


@contextmanager
def all_or_nothing(folder: Path) -> Iterator[None]:
    """Around writing into a folder that is empty or not there: what fails leaves it as it was. Raises Refused for the
    name of what Burndown keeps: a folder called burndown.db-wal would keep its database from being opened."""
    if folder.name:
        refuse_kept(folder)
        _refuse_among_kept(folder)
    was_there = folder.exists()
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for each in folder.iterdir():
                shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink(missing_ok=True)
            if not was_there:
                folder.rmdir()
        raise


def replace(source: Path, target: Path) -> None:
    """Rename over whatever is at `target`, and make the name durable where the system can."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            source.replace(target)
        except PermissionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            break
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        # FAT on some systems: the rename itself is all there is.
        pass
    finally:
        os.close(handle)
