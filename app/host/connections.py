"""The connections of our web server: whom it listens to, for how long, and how much of what it says is read.

Waitress reads a whole request before anybody sees it, stops accepting at a number of connections, and waits minutes
for those that say nothing. On a shared computer each of the three lets another user stop the app. So: the guard looks
as soon as the head is complete, and of a refused request nothing more is kept; who has not shown the cookie within a
few seconds is put out, or at once when the room is needed; whoever finds no room is sent away instead of left waiting.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import Error

from app.host.wsgi import Answer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

CONNECTION_LIMIT = 1000
# A browser opens another connection when it needs one again.
SILENT_SECONDS = 15.0
# How often silent connections are looked for while there are any.
LOOK_SECONDS = 5.0
# What is still sent after a refusal is thrown away for so long: closed at once, its sender would not get the answer.
_LINGER_SECONDS = 5.0
_LINGER_BYTES = 512 * 1024 * 1024
_CHUNK = 1 << 18
# Connections accepted before anybody is listened to again.
_AT_ONCE = 256


class Gate(Protocol):
    """The guard, as the connections ask it. `refusal` and `is_entered` see the head of a request, as WSGI gives it."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse, /) -> Any: ...
    def refusal(self, environ: Mapping[str, Any]) -> Answer | None: ...
    def is_entered(self, environ: Mapping[str, Any]) -> bool: ...
    def headers(self) -> list[tuple[str, str]]: ...


class _Refusal(Error):  # type: ignore[misc]  # waitress has no types
    """The guard's answer in the form of waitress' own errors."""

    def __init__(self, answer: Answer, headers: list[tuple[str, str]]) -> None:
        super().__init__("")
        self.code = answer.status.value
        self._answer = answer
        self._headers = headers

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        answer = self._answer
        headers = [("Content-Type", answer.content_type), *answer.headers, *self._headers]
        return f"{answer.status.value} {answer.status.phrase}", headers, answer.body


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Asks the gate when the head is complete, before anything of the body is kept."""

    def __init__(self, gate: Gate, on_judged: Callable[[bool, bool], None], adj: Adjustments) -> None:
        super().__init__(adj)
        self._gate = gate
        self._on_judged = on_judged

    def parse_header(self, header_plus: bytes) -> None:
        try:
            super().parse_header(header_plus)
        except ValueError as exc:
            # A length of thousands of digits is no number to Python.
            raise ParsingError("Content-Length is invalid") from exc
        head = self._head()
        answer = _LENGTH_WANTED if self.chunked else self._gate.refusal(head)
        if answer is not None:
            self._refuse(answer)
        self._on_judged(answer is None and self._gate.is_entered(head), answer is not None)

    def _head(self) -> dict[str, Any]:
        fixed = {
            "REQUEST_METHOD": self.command,
            "PATH_INFO": "/" + self.path.lstrip("/"),
            "QUERY_STRING": self.query,
            "CONTENT_LENGTH": self.headers.get("CONTENT_LENGTH", ""),
        }
        return fixed | {f"HTTP_{name}": value for name, value in self.headers.items()}

    def _refuse(self, answer: Answer) -> None:
        self.error = _Refusal(answer, self._gate.headers())
        self.completed = True
        # Neither kept nor asked for: nothing of the body is wanted any more.
        self.body_rcv = None
        self.content_length = 0
        self.expect_continue = False


_LENGTH_WANTED = Answer(HTTPStatus.LENGTH_REQUIRED, b"Say how long the body is.")


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection. `is_entered`: somebody with the cookie is at its other end."""

    is_entered = False
    _is_refused = False
    _lingers_until = 0.0
    _thrown_away = 0

    def __init__(self, server: Listener, sock: socket.socket, addr: Any, adj: Adjustments, map: Any = None) -> None:  # noqa: A002 the name is waitress'
        super().__init__(server, sock, addr, adj, map)
        self.parser_class = partial(_Parser, server.gate, self._judge)

    def _judge(self, is_entered: bool, is_refused: bool) -> None:
        self.is_entered = self.is_entered or is_entered
        self._is_refused = self._is_refused or is_refused

    def is_silent(self, now: float) -> bool:
        """Whether it had its time: from the beginning for who never showed the cookie, else since the last word."""
        if self._lingers_until:
            return now > self._lingers_until
        since = self.last_activity if self.is_entered else self.creation_time
        return not self.requests and now - since > SILENT_SECONDS

    def readable(self) -> bool:
        return bool(self._lingers_until) or bool(super().readable())

    def writable(self) -> bool:
        return bool(self.will_close or (not self._lingers_until and super().writable()))

    def handle_read(self) -> None:
        try:
            data = self.recv(_CHUNK if self._lingers_until else self.adj.recv_bytes)
        except BlockingIOError:
            # Meant for the connection that had this number before.
            return
        except OSError:
            self.handle_close()
            return
        if self._lingers_until:
            self._throw_away(data)
        elif data:
            self.last_activity = time.time()
            self.received(data)
        else:
            self.connected = False

    def _throw_away(self, data: bytes) -> None:
        self._thrown_away += len(data)
        if self._thrown_away > _LINGER_BYTES or time.time() > self._lingers_until:
            self.handle_close()

    def handle_close(self) -> None:
        if self._is_refused and not self._lingers_until and self.connected:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
                self._lingers_until = time.time() + _LINGER_SECONDS
                self.will_close = False
                return
        super().handle_close()


class Listener(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """Waitress on a socket that listens already."""

    channel_class = _Channel

    def __init__(
        self, gate: Gate, sock: socket.socket, channels: dict[int, Any], limit: int, **adjustments: Any
    ) -> None:
        adj = Adjustments(sockets=[sock], channel_timeout=int(SILENT_SECONDS), **adjustments)
        self.gate = gate
        self._limit = limit
        self._looked = 0.0
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(adj.threads)
        sockinfo = (sock.family, sock.type, sock.proto, sock.getsockname())
        super().__init__(
            gate, channels, True, sock, dispatcher=dispatcher, adj=adj, bind_socket=False, sockinfo=sockinfo
        )

    def readable(self) -> bool:
        now = time.time()
        if now - self._looked >= LOOK_SECONDS or now < self._looked:
            self._looked = now
            self.maintenance(now)
        return bool(self.accepting)

    def maintenance(self, now: float) -> None:
        for channel in list(self.active_channels.values()):
            if channel.is_silent(now):
                channel.will_close = True

    def handle_accept(self) -> None:
        """All that wait: behind a thousand that say nothing may be the page that keeps the app open."""
        for _ in range(_AT_ONCE):
            try:
                accepted = self.accept()
            except OSError:
                # No descriptor left, or the caller is gone already.
                self._put_out_one()
                return
            if accepted is None:
                return
            self._take(*accepted)

    def _take(self, sock: socket.socket, addr: Any) -> None:
        """Whoever comes last gets the room of the one that has said nothing for longest."""
        if len(self.active_channels) >= self._limit and not self._put_out_one():
            sock.close()
            return
        try:
            self.set_socket_options(sock)
        except OSError:
            sock.close()
            return
        self.channel_class(self, sock, self.fix_addr(addr), self.adj, map=self._map)

    def _put_out_one(self) -> bool:
        """The connection that has been without the cookie, or without a word, for longest; whether there was one."""
        idle = [channel for channel in self.active_channels.values() if not channel.requests]
        if not idle:
            return False
        oldest = min(idle, key=lambda channel: (channel.is_entered, channel.last_activity))
        HTTPChannel.handle_close(oldest)
        return True
