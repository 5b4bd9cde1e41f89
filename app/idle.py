"""Presence: whether a page is open somewhere, told by the pages' signs of life.

An open page gives one every 30 s and says goodbye when it closes. Browsers slow the timers of hidden tabs down to
one a minute and computers sleep, so silence alone counts as gone only after a while; a goodbye counts at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

EMPTY_SECONDS = 60.0
SILENT_SECONDS = 150.0


class Presence:
    """Thread-safe. Pages that give no name of their own share the empty one.

    `on_change` is called when the first page opens and when the last one says goodbye: `seconds_left` is another then.
    """

    def __init__(
        self,
        ticks: Callable[[], float] = time.monotonic,
        empty_seconds: float = EMPTY_SECONDS,
        silent_seconds: float = SILENT_SECONDS,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._ticks = ticks
        self._empty_seconds = empty_seconds
        self._silent_seconds = silent_seconds
        self._on_change = on_change
        self._last_sign: dict[str, float] = {}
        self._empty_since: float | None = None
        self._lock = threading.Lock()

    def alive(self, page: str) -> None:
        with self._lock:
            is_first = not self._last_sign
            self._last_sign[page] = self._ticks()
            self._empty_since = None
        if is_first:
            self._on_change()

    def bye(self, page: str) -> None:
        """The page closes or is left. Another one under the same name comes back with its next sign."""
        with self._lock:
            now = self._ticks()
            known = self._last_sign.pop(page, None) is not None
            self._last_sign = {name: at for name, at in self._last_sign.items() if now < at + self._silent_seconds}
            was_last = known and not self._last_sign
            if was_last:
                self._empty_since = now
        if was_last:
            self._on_change()

    def slept(self) -> None:
        """The computer slept: no page could give a sign, so all of them get their time again."""
        with self._lock:
            now = self._ticks()
            self._last_sign = dict.fromkeys(self._last_sign, now)
            if self._empty_since is not None:
                self._empty_since = now

    def seconds_left(self) -> float | None:
        """Seconds until nobody has been there for long enough if no sign comes; None while no page was open yet."""
        with self._lock:
            now = self._ticks()
            if self._last_sign:
                return max(0.0, max(self._last_sign.values()) + self._silent_seconds - now)
            if self._empty_since is None:
                return None
            return max(0.0, self._empty_since + self._empty_seconds - now)
