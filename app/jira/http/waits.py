"""The time between a request and its answer: a Stop is heard in it, wherever the answer has got to."""

from __future__ import annotations

import io
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import client as http
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse
from urllib3.util.wait import wait_for_read

from app.jobs import Progress

# How soon somebody who waits for a silent server learns that this is no longer wanted.
_PATIENCE_SECONDS = 1.0


class Attentive:
    """Progress that is also heard while a server is silent: a Stop ends every request that is under way."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._last = (0, 1)

    def step(self, done: int, total: int, text: str = "") -> None:
        self._last = (done, total)
        self._progress.step(done, total, text)

    def wait(self) -> None:
        """Nothing new is to be said; raises Cancelled where it is not wanted any more."""
        self._progress.step(*self._last)


class Interrupted(Exception):
    """It is not wanted any more: `error` says so, and nothing about the connection."""

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
    """The waits of the connections that are made from `pools`, in whichever thread.

    `permit` is called before one is opened, and raises where none may be.
    """

    def __init__(self, permit: Callable[[], None] = lambda: None) -> None:
        self._permit = permit
        self._wait: Callable[[], None] | None = None
        self._heard = time.monotonic()

    @contextmanager
    def heard_by(self, wait: Callable[[], None]) -> Iterator[None]:
        """Within it `wait` is called about every second of waiting; what it raises gives the request up."""
        before, self._wait = self._wait, wait
        try:
            yield
        finally:
            self._wait = before

    def listen(self) -> None:
        """While an answer drips in: whether it is still wanted. Raises Interrupted when it is not."""
        now = time.monotonic()
        if now - self._heard >= _PATIENCE_SECONDS:
            self._heard = now
            self._waited()

    def pools(self) -> dict[str, type[HTTPConnectionPool]]:
        """Classes by scheme, as urllib3's managers of pools take them."""
        until_read, permit = self._until_read, self._permit

        class Answer(http.HTTPResponse):
            def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
                super().__init__(sock, *args, **kwargs)
                self.fp.close()
                self.fp = io.BufferedReader(
                    _Heard(sock.makefile("rb", buffering=0), lambda: until_read(sock, sock.gettimeout()))
                )

        class Plain(_InOnePiece):
            response_class = Answer

            def _new_conn(self) -> Any:
                permit()
                return super()._new_conn()

            def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3 itself
                self.send(b"")
                until_read(self.sock, self.timeout)
                return super().getresponse()

        class Secure(_InOnePiece, HTTPSConnection):
            response_class = Answer

            def _new_conn(self) -> Any:
                permit()
                return super()._new_conn()

            def getresponse(self) -> HTTPResponse:  # type: ignore[override]
                self.send(b"")
                until_read(self.sock, self.timeout)
                return super().getresponse()

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        return {"http": PlainPool, "https": SecurePool}

    def _until_read(self, sock: Any, seconds: float | None) -> None:
        """Until something of the answer is there. Raises TimeoutError after so many seconds, as the socket would."""
        if self._wait is None or (isinstance(sock, ssl.SSLSocket) and sock.pending()):
            return
        end = time.monotonic() + seconds if seconds is not None else float("inf")
        while not wait_for_read(sock, max(0.0, min(end - time.monotonic(), _PATIENCE_SECONDS))):
            if time.monotonic() >= end:
                raise TimeoutError
            self._waited()

    def _waited(self) -> None:
        try:
            if self._wait is not None:
                self._wait()
        except BaseException as exc:
            # As itself it might be taken for an error of the connection, and the request repeated.
            raise Interrupted(exc) from exc
