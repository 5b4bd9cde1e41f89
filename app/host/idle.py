"""Presence: whether a page is open somewhere, told by the pages' signs of life.

An open page gives one every 30 s and says goodbye when it closes; a goodbye counts at once. A browser that crashed
or was killed says none, so silence counts as gone too, after a while: browsers slow the timers of hidden tabs down
to one a minute, hence these have longer than a page in view.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

EMPTY_SECONDS = 60.0
# Two signs missed, and some more.
SILENT_SECONDS = 75.0
HIDDEN_SILENT_SECONDS = 150.0


class Presence:
    """Thread-safe. Pages that give no name of their own share the empty one.

    `on_change` is called when the first page opens and when the last one says goodbye: `seconds_left` is another then.
    """

    def __init__(
        self,
        ticks: Callable[[], float] = time.monotonic,
        empty_seconds: float = EMPTY_SECONDS,
        silent_seconds: float = SILENT_SECONDS,
        hidden_silent_seconds: float = HIDDEN_SILENT_SECONDS,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._ticks = ticks
        self._empty_seconds = empty_seconds
        self._silent_seconds = silent_seconds
        self._hidden_silent_seconds = hidden_silent_seconds
        self._on_change = on_change
        # When silence of each page counts as gone, and how long it may be silent.
        self._pages: dict[str, tuple[float, float]] = {}
        self._empty_since: float | None = None
        self._lock = threading.Lock()

    def alive(self, page: str, *, hidden: bool = False) -> None:
        """A sign of life. `hidden`: the page is in a tab behind others or in a minimised window."""
        patience = self._hidden_silent_seconds if hidden else self._silent_seconds
        with self._lock:
            is_first = not self._pages
            self._pages[page] = (self._ticks() + patience, patience)
            self._empty_since = None
        if is_first:
            self._on_change()

    def bye(self, page: str) -> None:
        """The page closes or is left. Another one under the same name comes back with its next sign."""
        with self._lock:
            now = self._ticks()
            known = self._pages.pop(page, None) is not None
            self._pages = {name: (until, patience) for name, (until, patience) in self._pages.items() if now < until}
            was_last = known and not self._pages
            if was_last:
                self._empty_since = now
        if was_last:
            self._on_change()

    def slept(self) -> None:
        """The computer slept: no page could give a sign, so all of them get their time again."""
        with self._lock:
            now = self._ticks()
            self._pages = {name: (now + patience, patience) for name, (_, patience) in self._pages.items()}
            if self._empty_since is not None:
                self._empty_since = now

    def seconds_left(self) -> float | None:
        """Seconds until nobody has been there for long enough if no sign comes; None while no page was open yet."""
        with self._lock:
            now = self._ticks()
            if self._pages:
                return max(0.0, max(until for until, _ in self._pages.values()) - now)
            if self._empty_since is None:
                return None
            return max(0.0, self._empty_since + self._empty_seconds - now)
