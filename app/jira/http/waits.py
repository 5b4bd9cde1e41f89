"""The time between a request and its answer: it has an end, and a Stop is heard in it, wherever the answer has got to.

Whatever is read of an answer, be it its first line, a header, the length of a part, a trailer or its body, is read
here, a piece at a time, and both are looked at before each. So a server that drips, or sends for ever what nobody gets
to see, holds nobody. What cannot be read in pieces (a name that is looked up, a connection that is opened, the greeting
of TLS and of a proxy) runs in a thread of its own, which is left behind. Nothing here needs signals or a Unix.
"""

from __future__ import annotations

import io
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import client as http
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse

from app.errors import Cancelled
from app.jira.errors import TimedOut
from app.jobs import Progress
from app.words import N_

# How soon somebody who waits for a silent server learns that this is no longer wanted.
_PATIENCE_SECONDS = 1.0
TIMED_OUT = N_(
    "Jira accepted the connection but did not answer in time. Try again later; what was fetched so far is kept."
)


class Attentive:
    """Progress that is also heard while a server is silent: a Stop ends every request that is under way."""

    def __init__(self, progress: Progress, doing: Callable[[], str] = str) -> None:
        """`doing`: what is to be told while nothing else is; empty: nothing."""
        self._progress, self._doing = progress, doing
        self._last = (0, 1)

    def step(self, done: int, total: int, text: str = "") -> None:
        self._last = (done, total)
        self._progress.step(done, total, text)

    def wait(self) -> None:
        """What is waited for; raises Cancelled where it is not wanted any more."""
        self._progress.step(*self._last, self._doing())


# A cancelled job stops within this time even while it waits for a busy server.
_SLICE_SECONDS = 0.5


class Pausing:
    """The wait between a request and the next try: it says why and lets the job be cancelled meanwhile."""

    def __init__(self, progress: Progress, sleep: Callable[[float], None] = time.sleep) -> None:
        self._progress, self._sleep = progress, sleep

    def __call__(self, seconds: float, why: str = "") -> None:
        """`why`: where it is not that Jira is busy."""
        left = seconds
        while left > 0:
            self._progress.step(0, 0, why or N_("Jira is busy; going on in {left:.0f} s", left=left))
            self._sleep(min(left, _SLICE_SECONDS))
            left -= _SLICE_SECONDS


class Interrupted(Exception):
    """It is not wanted any more: `error` says so, and nothing about the connection."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


class _Heard(io.RawIOBase):
    """What a socket brings, in slices of time: `listen` is called before each, and ends the answer by raising."""

    def __init__(self, sock: Any, listen: Callable[[], None]) -> None:
        self._sock, self._listen = sock, listen
        # Keeps the socket open until the answer is read, as in the standard library.
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises TimeoutError after a silence as long as the socket's own time, and what `listen` raises."""
        before = self._sock.gettimeout()
        end = time.monotonic() + before if before is not None else float("inf")
        try:
            while True:
                self._listen()
                left = max(0.001, min(end - time.monotonic(), _PATIENCE_SECONDS))
                self._sock.settimeout(left)
                try:
                    return int(self._sock.recv_into(buffer))
                except (TimeoutError, ssl.SSLWantReadError):
                    if time.monotonic() >= end:
                        raise TimeoutError("nothing came") from None
        finally:
            self._sock.settimeout(before)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Aside:
    """Work that cannot be interrupted, in a thread of its own. Whoever gives it up goes on without it."""

    def __init__(self, work: Callable[[], None], undo: Callable[[], None]) -> None:
        self._work, self._undo = work, undo
        self._error: BaseException | None = None
        self._changing = threading.Lock()
        self._over = self._left = False

    def wait(self, listen: Callable[[], None]) -> None:
        """Until it is done. Raises what it raises, or what `listen` raises meanwhile, about every second."""
        thread = threading.Thread(target=self._run, name="jira-connect", daemon=True)
        thread.start()
        while True:
            thread.join(_PATIENCE_SECONDS)
            if not thread.is_alive():
                break
            listen()
        if self._error is not None:
            raise self._error

    def leave(self) -> bool:
        """Whether it was still at work: then it undoes itself at its end."""
        with self._changing:
            self._left = not self._over
            return self._left

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as exc:  # noqa: BLE001 raised again for whoever waits
            self._error = exc
        with self._changing:
            self._over = True
        if self._left:
            self._undo()


class _InOnePiece(HTTPConnection):
    """Sends what a POST says together with its headers: a server that is woken for each of them takes longer."""

    _head = b""
    _holds = False

    def putrequest(self, method: str, *args: Any, **kwargs: Any) -> None:
        self._head, self._holds = b"", method == "POST"
        super().putrequest(method, *args, **kwargs)

    def send(self, data: Any) -> None:
        """The first piece of a POST, its headers, waits for the next one. Nothing is for what still waits."""
        if self._holds:
            self._head, self._holds = data, False
            return
        head, self._head = self._head, b""
        if isinstance(data, bytes):
            data = head + data
        elif head:
            super().send(head)
        if data:
            super().send(data)


class _Attended(_InOnePiece):
    """Is opened beside who waits for it, from the look-up of its name to the greeting of a proxy and of TLS."""

    waits: Waits
    _opening: _Aside | None = None

    def connect(self) -> None:
        self.waits.permit()
        self._opening = self.waits.aside(super().connect, super().close)
        self._opening.wait(self.waits.listen)
        self._opening = None

    def close(self) -> None:
        # Closed under a thread that still uses it, its number could soon be that of another connection.
        if self._opening is None or not self._opening.leave():
            super().close()

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3 itself
        self.send(b"")
        self.waits.spend()
        return super().getresponse()


class _Own(threading.local):
    """Of the request that a thread is at: when it has to be over, and what it belongs to. What is to be done while the
    server works, and how many seconds that took in all."""

    end = float("inf")
    turn = 0
    meanwhile: Callable[[], object] | None = None
    spent = 0.0


class Waits:
    """The waits of the connections that are made from `pools`, in whichever thread.

    `permit` is called before one is opened, and raises where none may be. `ticks`: a clock's seconds.
    """

    def __init__(self, permit: Callable[[], None] = lambda: None, ticks: Callable[[], float] = time.monotonic) -> None:
        self.permit, self._ticks = permit, ticks
        self._wait: Callable[[], None] | None = None
        self._heard = time.monotonic()
        self._own = _Own()
        self._turn = 0

    @contextmanager
    def heard_by(self, wait: Callable[[], None]) -> Iterator[None]:
        """Within it `wait` is called about every second of waiting; what it raises gives the request up.

        At its end the requests that are still under way in other threads are given up too.
        """
        before, self._wait = self._wait, wait
        try:
            yield
        finally:
            self._wait = before
            self._turn += 1

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What this thread asks within it has so much time in all: after it Interrupted is raised, with a TimedOut."""
        own = self._own
        own.end, own.turn = self._ticks() + seconds, self._turn
        try:
            yield
        finally:
            own.end = float("inf")

    @contextmanager
    def used_for(self, meanwhile: Callable[[], object]) -> Iterator[None]:
        """Within it `meanwhile` is called in this thread once each of its requests is sent, while the server works on
        it; what it raises gives the request up."""
        before, self._own.meanwhile = self._own.meanwhile, meanwhile
        try:
            yield
        finally:
            self._own.meanwhile = before

    @property
    def spent(self) -> float:
        """Seconds that this thread did something else in while a server worked."""
        return self._own.spent

    def spend(self) -> None:
        """A request is sent: its answer is not there yet."""
        own = self._own
        if own.meanwhile is None:
            return
        began = time.perf_counter()
        _uninterrupted(own.meanwhile)
        own.spent += time.perf_counter() - began

    def listen(self) -> None:
        """While an answer is on its way: whether there is time left and it is still wanted. Else raises Interrupted."""
        own = self._own
        if own.end < float("inf"):
            if self._ticks() > own.end:
                raise Interrupted(TimedOut(TIMED_OUT))
            if own.turn != self._turn:
                raise Interrupted(Cancelled(TIMED_OUT))
        now = time.monotonic()
        if now - self._heard >= _PATIENCE_SECONDS:
            self._heard = now
            if self._wait is not None:
                _uninterrupted(self._wait)

    def pools(self) -> dict[str, type[HTTPConnectionPool]]:
        """Classes by scheme, as urllib3's managers of pools take them."""
        waits = self

        class Answer(http.HTTPResponse):
            def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
                super().__init__(sock, *args, **kwargs)
                self.fp.close()
                self.fp = io.BufferedReader(_Heard(sock, waits.listen))

        class Plain(_Attended):
            response_class = Answer

        class Secure(_Attended, HTTPSConnection):
            response_class = Answer

        Plain.waits = Secure.waits = self

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        return {"http": PlainPool, "https": SecurePool}

    def aside(self, work: Callable[[], None], undo: Callable[[], None]) -> _Aside:
        """Work in a thread of its own, in which the request has the same end as here."""
        end, turn = self._own.end, self._own.turn

        def within() -> None:
            self._own.end, self._own.turn = end, turn
            work()

        return _Aside(within, undo)


def _uninterrupted(call: Callable[[], object]) -> None:
    """Raises Interrupted for what it raises: as itself that might be taken for an error of the connection, and the
    request repeated."""
    try:
        call()
    except BaseException as exc:
        raise Interrupted(exc) from exc
