"""One instance per data folder: a lock held for life, and a file that says where the holder can be reached.

Only the lock decides. The system frees it when its process ends in whatever way, so that a crash never blocks the
next start; the file may be left over and is believed only when who it names answers.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.words import N_
from store import files
from store.codec import parsed_json
from store.errors import FolderInUse, NotWritable, is_full, not_writable

if TYPE_CHECKING:
    from filelock import BaseFileLock

LOOPBACK = "127.0.0.1"
PING_PATH = "/_instance/ping"
LAUNCH_PATH = "/_instance/launch"
ENTER_PATH = "/_enter"
NONCE_HEADER = "X-Burndown-Nonce"

LOCK_NAME = "burndown.lock"
INSTANCE_NAME = "burndown.instance.json"

# The holder may still be on its way from the lock to the socket, from a slow stick; or just leaving.
_PATIENCE_SECONDS = 8.0
_RETRY_SECONDS = 0.05
_ANSWER_SECONDS = 2.0
_INSTANCE_BYTES = 10_000
# As `LaunchCodes` makes them. Whoever else listens at the port must not have us print, or open, what he likes.
_CODE = re.compile(r"[\w-]{16,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Instance:
    """Where a running app answers. `nonce` proves to it that the caller can read the data folder."""

    pid: int
    host: str
    port: int
    nonce: str

    def url(self, code: str) -> str:
        return f"http://{self.host}:{self.port}/?code={code}"

    @property
    def enter_url(self) -> str:
        """Where a form hands in a code."""
        return f"http://{self.host}:{self.port}{ENTER_PATH}"


class FolderLock:
    """The held lock of a data folder."""

    def __init__(self, profiles_dir: Path, lock: BaseFileLock) -> None:
        self._profiles_dir = profiles_dir
        self._lock = lock

    def publish(self, instance: Instance) -> None:
        """Tell later starts where this one can be reached."""
        # Only the owner may read the nonce, where the file system knows owners.
        with files.replacing(self._profiles_dir / INSTANCE_NAME) as stream:
            stream.write(json.dumps(asdict(instance)).encode())

    def release(self) -> None:
        """Remove the instance file and the lock file, and let go."""
        with contextlib.suppress(OSError):
            (self._profiles_dir / INSTANCE_NAME).unlink(missing_ok=True)
        if os.name == "posix" and self._is_native():
            # While it is held: who opened it meanwhile sees that it is gone from the folder and starts over.
            with contextlib.suppress(OSError):
                (self._profiles_dir / LOCK_NAME).unlink(missing_ok=True)
        self._lock.release()

    def _is_native(self) -> bool:
        from filelock import FileLock  # noqa: PLC0415 not needed before the first lock: 70 ms

        return isinstance(self._lock, FileLock)


class Clock(Protocol):
    """`time.monotonic` and `time.sleep`."""

    def monotonic(self) -> float: ...
    def sleep(self, seconds: float, /) -> None: ...


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


def claim(profiles_dir: Path, patience: float = _PATIENCE_SECONDS, clock: Clock = time) -> FolderLock | Instance:
    """The folder's lock, or the running instance that holds it.

    Raises FolderInUse when somebody holds the lock and does not answer: it is never stolen. Raises NotWritable.
    """
    until = clock.monotonic() + patience
    while True:
        lock = _try_lock(profiles_dir)
        if lock is not None:
            return lock
        running = find_running(profiles_dir)
        if running is not None:
            return running
        if clock.monotonic() >= until:
            raise FolderInUse(
                N_(
                    "Another Burndown, or one of its commands, is using {folder} and does not answer. Wait until "
                    "it is done, or end it in the task manager, and try again. Nothing was changed.",
                    folder=profiles_dir,
                )
            )
        clock.sleep(_RETRY_SECONDS)


@contextlib.contextmanager
def hold_folder(profiles_dir: Path) -> Iterator[None]:
    """For commands that write: holds the folder, or raises FolderInUse at once. Raises NotWritable."""
    lock = _try_lock(profiles_dir)
    if lock is None:
        raise FolderInUse(
            N_(
                "Burndown is running with {folder}. Quit it first, or do this in the app. Nothing was changed.",
                folder=profiles_dir,
            )
        )
    try:
        yield
    finally:
        lock.release()


def find_running(profiles_dir: Path) -> Instance | None:
    """The instance named in the folder, if it answers."""
    instance = read_instance(profiles_dir)
    if instance is None or _ask(instance, "GET", PING_PATH) is None:
        return None
    return instance


def read_instance(profiles_dir: Path) -> Instance | None:
    """What the instance file says; None when there is none or it is no such file."""
    try:
        values = parsed_json(files.read_small(profiles_dir / INSTANCE_NAME, _INSTANCE_BYTES))
        # The file could name any machine; we talk to this one only.
        return Instance(int(values["pid"]), LOOPBACK, int(values["port"]), str(values["nonce"]))
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        return None


def fresh_url(instance: Instance) -> str | None:
    """An address that opens the running app once, to be printed; None when it no longer answers as it would."""
    code = _answered(instance, "print", "code")
    return instance.url(code) if code is not None and _CODE.fullmatch(code) else None


def fresh_page(instance: Instance, profiles_dir: Path) -> str | None:
    """The address of a private page that opens the running app once, for a browser; nothing when there is none that is
    ours, None when it no longer answers."""
    from app.host.handover import known_page  # noqa: PLC0415 only a second start needs it

    page = _answered(instance, "browser", "page")
    return None if page is None else known_page(page, profiles_dir)


def _answered(instance: Instance, purpose: str, name: str) -> str | None:
    answer = _ask(instance, "POST", f"{LAUNCH_PATH}?for={purpose}")
    if answer is None:
        return None
    try:
        return str(parsed_json(answer)[name])
    except (ValueError, TypeError, KeyError):
        return None


def _ask(instance: Instance, method: str, path: str) -> bytes | None:
    from http.client import HTTPConnection, HTTPException  # noqa: PLC0415 only a second start needs it: 30 ms

    connection = HTTPConnection(LOOPBACK, instance.port, timeout=_ANSWER_SECONDS)
    headers = {NONCE_HEADER: instance.nonce, "Origin": f"http://{LOOPBACK}:{instance.port}"}
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        body = response.read(10_000)
        return body if response.status in (200, 204) else None
    except (OSError, HTTPException, ValueError, OverflowError):
        return None
    finally:
        connection.close()


def _try_lock(profiles_dir: Path) -> FolderLock | None:
    from filelock import FileLock, Timeout  # noqa: PLC0415 commands that only read never need it: 70 ms

    try:
        files.make_folder(profiles_dir)
        files.refuse_links(profiles_dir)
        # Another user who can open the file can lock it: earlier versions made it readable for all.
        files.make_private(profiles_dir)
        # The library would set the rights of one that it makes, which not every file system can.
        with contextlib.suppress(FileExistsError):
            files.new_file(profiles_dir / LOCK_NAME).close()
        # Not bound to a thread: the one that closes the app need not be the one that started it.
        lock = FileLock(profiles_dir / LOCK_NAME, timeout=0, mode=0o600, thread_local=False)
        lock.acquire()
    except Timeout:
        return None
    except OSError as exc:
        if is_full(exc):
            raise not_writable(N_("{folder} cannot be used", folder=profiles_dir), exc) from exc
        raise NotWritable(
            N_(
                "{folder} cannot be written ({reason}). Choose another folder with --profiles, or make this "
                "one writable.",
                folder=profiles_dir,
                reason=exc.strerror or exc,
            )
        ) from exc
    return FolderLock(profiles_dir, lock)
