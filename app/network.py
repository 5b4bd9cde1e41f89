"""Network: the one door to the outside. It notes every request since the start, and can be shut.

Whoever opens a connection is handed a `Purpose`, and asks it first; `tests/test_architecture.py` holds who may.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.errors import Offline
from app.words import N_

# Of a long sync the newest are listed; the sums are of all.
LISTED = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """One request: to which origin, what was asked (without parameters), why; bytes out and in, as on the line.

    `outcome` is the status of the answer, or why there was none.
    """

    at: datetime
    host: str
    what: str
    why: str
    bytes_out: int
    bytes_in: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Traffic:
    """All requests to one origin for one reason."""

    host: str
    why: str
    requests: int = 0
    bytes_out: int = 0
    bytes_in: int = 0
    last: datetime | None = None


class Network:
    """`is_offline` is asked before every request, so that a switch counts at once, in every thread and process."""

    def __init__(
        self,
        is_offline: Callable[[], bool] = lambda: False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC).replace(microsecond=0),
    ) -> None:
        self.since = clock()
        self._is_offline, self._clock = is_offline, clock
        self._listed: deque[Sent] = deque(maxlen=LISTED)
        self._sums: dict[tuple[str, str], Traffic] = {}
        self._lock = threading.Lock()

    @property
    def is_offline(self) -> bool:
        return self._is_offline()

    def permit(self) -> None:
        """Raises Offline where nothing may go out."""
        if self.is_offline:
            raise Offline(
                N_(
                    "Burndown works offline: nothing was sent. To go on, switch Work offline off on the page System in "
                    "the gear."
                )
            )

    def asking(self, why: str) -> Purpose:
        """For whoever opens a connection, with the reason that is shown to the user."""
        return Purpose(self, why)

    @property
    def listed(self) -> list[Sent]:
        """The newest first."""
        with self._lock:
            return list(reversed(self._listed))

    @property
    def sums(self) -> list[Traffic]:
        """In the order in which the servers were first asked."""
        with self._lock:
            return list(self._sums.values())

    def note(self, host: str, what: str, why: str, sizes: tuple[int, int], outcome: str) -> None:
        """A request that went out; `sizes` are bytes out and in."""
        sent = Sent(self._clock(), host, what, why, *sizes, outcome)
        with self._lock:
            self._listed.append(sent)
            before = self._sums.get((host, why), Traffic(host, why))
            self._sums[host, why] = replace(
                before,
                requests=before.requests + 1,
                bytes_out=before.bytes_out + sizes[0],
                bytes_in=before.bytes_in + sizes[1],
                last=sent.at,
            )


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why connections are opened: what every one of them is noted under."""

    network: Network
    why: str

    def permit(self) -> None:
        """Raises Offline."""
        self.network.permit()

    def note(self, host: str, what: str, sizes: tuple[int, int], outcome: str) -> None:
        self.network.note(host, what, self.why, sizes, outcome)
