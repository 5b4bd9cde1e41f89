"""The time between a request and its answer, put to use in the same thread.

Threads would do as well, but not as fast: those who read answers and those who work would take the interpreter from
each other a dozen times in each page.
"""

from __future__ import annotations

import io
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import client as http
from typing import Any, Protocol

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse
from urllib3.util.wait import wait_for_read

from app.jobs import Progress

# How soon somebody who waits for a silent server learns that this is no longer wanted.
_PATIENCE_SECONDS = 1.0


class Meanwhile(Protocol):
    """What is done while the server works. Both may raise; the request is given up then."""

    def work(self) -> bool:
        """Do a small part of it; false when there is nothing to be done."""

    def wait(self) -> None:
        """Called about every second of waiting without work."""


class Attentive:
    """Progress that is also heard while a server is silent: nothing is done meanwhile, but a Stop ends the request."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._last = (0, 1)

    def step(self, done: int, total: int, text: str = "") -> None:
        self._last = (done, total)
        self._progress.step(done, total, text)

    def work(self) -> bool:
        return False

    def wait(self) -> None:
        self._progress.step(*self._last)


class Interrupted(Exception):
    """What was done meanwhile raised `error`, which says nothing about the connection."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


class _Heard(io.RawIOBase):
    """What a socket brings, waited for by `hold`: an answer may also stop in its middle."""

    def __init__(self, raw: Any, hold: Callable[[], None]) -> None:
        self._raw, self._hold = raw, hold

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._hold()
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


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


class Waits:
    """The waits of the connections that are made from `pools`."""

    def __init__(self) -> None:
        self._meanwhile: Meanwhile | None = None
        self._heard = time.monotonic()

    @contextmanager
    def used_for(self, meanwhile: Meanwhile) -> Iterator[None]:
        before, self._meanwhile = self._meanwhile, meanwhile
        try:
            yield
        finally:
            self._meanwhile = before

    def listen(self) -> None:
        """While an answer drips in: whether it is still wanted. Raises Interrupted when it is not."""
        now = time.monotonic()
        if now - self._heard >= _PATIENCE_SECONDS:
            self._heard = now
            self._waited()

    def use_up(self) -> None:
        """Before a pause, which may be long: do all there is to be done."""
        while self._meanwhile is not None and self._meanwhile.work():
            pass

    def pools(self) -> dict[str, type[HTTPConnectionPool]]:
        """Classes by scheme, as urllib3's managers of pools take them."""
        spend, hold = self._spend, self._hold

        class Answer(http.HTTPResponse):
            def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
                super().__init__(sock, *args, **kwargs)
                self.fp.close()
                self.fp = io.BufferedReader(_Heard(sock.makefile("rb", buffering=0), lambda: hold(sock)))

        class Plain(_InOnePiece):
            response_class = Answer

            def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3 itself
                self.send(b"")
                spend(self.sock, self.timeout)
                return super().getresponse()

        class Secure(_InOnePiece, HTTPSConnection):
            response_class = Answer

            def getresponse(self) -> HTTPResponse:  # type: ignore[override]
                self.send(b"")
                spend(self.sock, self.timeout)
                return super().getresponse()

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        return {"http": PlainPool, "https": SecurePool}

    def _spend(self, sock: Any, seconds: float | None) -> None:
        """Until the answer begins. Raises TimeoutError after so many seconds, as the socket itself would."""
        if self._meanwhile is None or (isinstance(sock, ssl.SSLSocket) and sock.pending()):
            return
        end = time.monotonic() + seconds if seconds is not None else float("inf")
        while not wait_for_read(sock, 0):
            if self._worked():
                continue
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if not wait_for_read(sock, min(left, _PATIENCE_SECONDS)):
                self._waited()

    def _hold(self, sock: Any) -> None:
        """Until more of the answer comes. Raises TimeoutError as above."""
        if self._meanwhile is None or (isinstance(sock, ssl.SSLSocket) and sock.pending()):
            return
        seconds = sock.gettimeout()
        end = time.monotonic() + seconds if seconds is not None else float("inf")
        while not wait_for_read(sock, max(0.0, min(end - time.monotonic(), _PATIENCE_SECONDS))):
            if time.monotonic() >= end:
                raise TimeoutError
            self._waited()

    def _worked(self) -> bool:
        try:
            return self._meanwhile is not None and self._meanwhile.work()
        except BaseException as exc:
            # As itself it might be taken for an error of the connection, and the request repeated.
            raise Interrupted(exc) from exc

    def _waited(self) -> None:
        try:
            if self._meanwhile is not None:
                self._meanwhile.wait()
        except BaseException as exc:
            raise Interrupted(exc) from exc
