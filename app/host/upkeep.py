"""What keeps the data safe while the app runs: one look at the whole database, and a snapshot every half hour."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from store.errors import StoreError, reason
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend

_log = logging.getLogger(__name__)

HALF_AN_HOUR = 1800.0


class Upkeep:
    """A thread of its own, so that neither waits for a job nor holds one up. `warn` shows a sentence on every page;
    `tell` does so for what has nothing to do with damage.

    The check runs once, after the app is up: it reads the whole file, which a start must not wait for.
    """

    def __init__(
        self,
        backend: SQLiteBackend,
        profiles_dir: Path,
        warn: Callable[[str], None],
        every: float = HALF_AN_HOUR,
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._backend = backend
        self._profiles_dir = profiles_dir
        self._warn = warn
        self._every = every
        self._tell = tell
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when nothing of it touches the database any more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        self._check()
        self._purge()
        while not self._stopping.wait(self._every):
            self._purge()
            self._snapshot()

    def _purge(self) -> None:
        """What could be taken back for its time goes for good. Nothing is written while there is nothing of that."""
        now = datetime.now(UTC)
        try:
            if not self._backend.read_only and any(one.until <= now for one in self._backend.list_undoable()):
                self._backend.purge_undoable(now)
        except StoreError:
            # The list leaves it out all the same, and the next time tries again.
            _log.exception("what can no longer be taken back was not deleted")

    def _check(self) -> None:
        try:
            problems = backup.quick_check(self._backend)
        except StoreError:
            _log.exception("the check after the start failed")
            return
        if problems and not self._stopping.is_set():
            _log.error("quick_check: %s", problems)
            self._warn(f"The database is damaged. {backup.advice(self._profiles_dir)}")

    def _snapshot(self) -> None:
        if self._backend.read_only or not self._backend.changed_since_snapshot:
            return
        try:
            # A store without a profile is not worth keeping, and in time would push out what is.
            if self._backend.list_profiles():
                backup.snapshot(self._backend, self._profiles_dir, reason="half-hour")
        except (StoreError, OSError) as exc:
            # It must not stop the user's work; the next one, or the one at exit, is tried all the same.
            _log.exception("no snapshot was made")
            self._tell(f"The changes are saved, but no backup could be made of them: {reason(exc)}.")
