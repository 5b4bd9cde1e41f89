"""What keeps the data safe while the app runs: one look at the whole database, and a snapshot every half hour.

Of a team's data also soon after there is a new work list: without the server it would be missing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from store.backend import PersistenceBackend
from store.errors import StoreError
from store.upkeep import snapshot_if_changed

_log = logging.getLogger(__name__)

HALF_AN_HOUR = 1800.0
# How soon a copy that lacks a work list is made anew. Nothing outside of this process is asked while nothing changed.
_SOON = 5.0


class Upkeep:
    """A thread of its own, so that neither waits for a job nor holds one up. `warn` shows a sentence on every page;
    `tell` does so for what has nothing to do with damage.

    The check runs once, `calm` seconds after the app is up: it reads the whole file, which neither a start nor the
    first page must wait for.
    """

    def __init__(
        self,
        backend: PersistenceBackend,
        profiles_dir: Path,
        warn: Callable[[str], None],
        every: float = HALF_AN_HOUR,
        tell: Callable[[str], None] = lambda text: None,
        soon: float = _SOON,
        calm: float = 0.0,
    ) -> None:
        self._calm = calm
        self._soon = soon
        self._backend = backend
        self._upkeep = backend.upkeep(profiles_dir)
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
        if self._stopping.wait(self._calm):
            return
        self._check()
        self._purge()
        due = time.monotonic() + self._every
        while not self._stopping.wait(min(self._soon, self._every)):
            if time.monotonic() >= due:
                due = time.monotonic() + self._every
                self._purge()
                self._snapshot()
            elif self._upkeep.is_behind:
                self._snapshot()

    def _purge(self) -> None:
        """What could be taken back for its time goes for good. Nothing is written while there is nothing of that."""
        now = datetime.now(UTC)
        try:
            if not self._upkeep.read_only and any(undoable.until <= now for undoable in self._backend.list_undoable()):
                self._backend.purge_undoable(now)
        except StoreError:
            # The list leaves it out all the same, and the next time tries again.
            _log.exception("what can no longer be taken back was not deleted")

    def _check(self) -> None:
        try:
            problems = self._upkeep.check()
        except StoreError:
            _log.exception("the check after the start failed")
            return
        if problems and not self._stopping.is_set():
            _log.error("check after the start: %s", problems)
            self._warn(" ".join(problems))

    def _snapshot(self) -> None:
        snapshot_if_changed(self._upkeep, lambda: not self._backend.list_profiles(), "half-hour", self._tell)
