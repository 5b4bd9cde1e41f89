"""Our web server: one socket and one WSGI stack from the first moment to the last.

Guard (app.host.security) -> Front (our own few routes) -> Switch -> the starting page, then the Dash app.
"""

from __future__ import annotations

import hmac
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from waitress import wasyncore

from app.host import process
from app.host.connections import CONNECTION_LIMIT, LOOK_SECONDS, Gate, Listener
from app.host.idle import Presence
from app.host.instance import LAUNCH_PATH, LOOPBACK, NONCE_HEADER, PING_PATH
from app.host.security import BYE_PATH, PRINTED_CODE_SECONDS, UPLOAD_LIMIT_BYTES, LaunchCodes
from app.host.starting import STOPPING, Starting
from app.host.wsgi import Answer, json_answer, message_page, query_value, send
from app.words import N_

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

DEFAULT_PORT = 8050
# How many ports above the wanted one are tried before any free one is taken.
_PORTS_TRIED = 50

# A browser opens six connections; one more thread waits in Quit and one serves the second start.
_THREADS = 8
# Wakes the server without any connection; nothing in it needs the clock then.
_IDLE_TICK_SECONDS = 30
_HEADER_LIMIT_BYTES = 32 * 1024
_DRAIN_SECONDS = 0.5
# How long Quit's answer waits for the data to be closed, the final snapshot included.
_QUIT_SECONDS = 60.0


def listen(port: int | None) -> socket.socket:
    """A listening socket on the loopback address: `port` (default 8050), else the next free; 0 is any free."""
    wanted = DEFAULT_PORT if port is None else port
    candidates = [0] if wanted == 0 else [*range(wanted, min(wanted + _PORTS_TRIED, 65536)), 0]
    for candidate in candidates:
        sock = _listen_at(candidate)
        if sock is not None:
            return sock
    raise OSError("no port of this computer can be used")


def _listen_at(port: int) -> socket.socket | None:
    """None when the port cannot be had, for whatever reason: systems reserve, block and hide ports differently."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # Without it another program could listen on the same port and take our requests.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # Else the connections of the last run block its port for a minute.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((LOOPBACK, port))
        sock.listen(128)
    except OSError:
        sock.close()
        return None
    return sock


class Switch:
    """Passes requests to the app of the moment, and knows when the last one is answered."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._under_way = 0
        self._changed = threading.Condition()

    def turn_to(self, app: WSGIApplication) -> None:
        with self._changed:
            self._app = app

    def wait_until_idle(self, seconds: float) -> bool:
        """Whether every request was answered within the time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, seconds)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._changed:
            app = self._app
            self._under_way += 1
        try:
            body = app(environ, start_response)
        except BaseException:
            self._leave()
            raise
        return _Body(body, self._leave)

    def _leave(self) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()


class _Body:
    """A response body that tells when the server is done with it."""

    def __init__(self, body: Iterable[bytes], on_close: Callable[[], None]) -> None:
        self._body = body
        self._on_close = on_close

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._on_close()


@dataclass(frozen=True, slots=True)
class Hooks:
    """What Front's routes act on. `data_closed` is set once nothing of ours is open in the data folder.

    `is_stopping`: a second start must not be sent here any more; it waits for the folder instead.
    `hand_over` makes a page with a launch code for a browser, and gives its address; nothing when it cannot.
    """

    starting: Starting
    presence: Presence
    codes: LaunchCodes
    nonce: str
    ask_to_stop: Callable[[], None]
    data_closed: threading.Event
    is_stopping: Callable[[], bool]
    hand_over: Callable[[], str] = lambda: ""


class Front:
    """The few routes that are there from start to stop; everything else goes on to the app."""

    def __init__(self, app: WSGIApplication, hooks: Hooks) -> None:
        self._app = app
        self._hooks = hooks
        self._routes: dict[tuple[str, str], Callable[[WSGIEnvironment], Answer]] = {
            ("GET", "/_start/status"): self._status,
            ("GET", "/_alive"): self._alive,
            ("POST", "/_alive"): self._alive,
            ("POST", BYE_PATH): self._bye,
            ("POST", "/_quit"): self._quit,
            ("POST", "/_restore"): self._restore,
            ("GET", PING_PATH): self._ping,
            ("POST", LAUNCH_PATH): self._launch,
        }
        self._paths = {path for _, path in self._routes}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        route = self._routes.get((environ["REQUEST_METHOD"], path))
        if route is not None:
            return send(route(environ), start_response)
        if path in self._paths:
            return send(Answer(HTTPStatus.METHOD_NOT_ALLOWED, b"Method not allowed."), start_response)
        return self._app(environ, start_response)

    def _status(self, environ: WSGIEnvironment) -> Answer:
        self._hooks.presence.alive(query_value(environ, "page"))
        known = query_value(environ, "after")
        if known.isdecimal():
            self._hooks.starting.wait_beyond(int(known[:18]))
        return json_answer(self._hooks.starting.status(environ.get("HTTP_ACCEPT_LANGUAGE", "")))

    def _alive(self, environ: WSGIEnvironment) -> Answer:
        self._hooks.presence.alive(query_value(environ, "page"), hidden=query_value(environ, "hidden") == "1")
        return Answer(HTTPStatus.NO_CONTENT)

    def _bye(self, environ: WSGIEnvironment) -> Answer:
        self._hooks.presence.bye(query_value(environ, "page"))
        return Answer(HTTPStatus.NO_CONTENT)

    def _quit(self, environ: WSGIEnvironment) -> Answer:
        """Answers when the data is closed, so that what the page then says is true."""
        self._hooks.ask_to_stop()
        languages = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        if self._hooks.data_closed.wait(_QUIT_SECONDS):
            text = N_("You can close this tab now. If Burndown is on a stick, you can remove the stick.")
            return message_page(N_("Burndown has stopped"), text, languages=languages)
        text = N_("It is still saving a last copy of your data. Wait a minute before you remove the stick.")
        return message_page(N_("Burndown is stopping"), text, languages=languages)

    def _restore(self, environ: WSGIEnvironment) -> Answer:
        """Leads back to the starting page, which tells how it goes on."""
        self._hooks.starting.accept()
        return Answer(HTTPStatus.SEE_OTHER, headers=(("Location", "/"),))

    def _ping(self, environ: WSGIEnvironment) -> Answer:
        return self._refusal(environ) or Answer(HTTPStatus.NO_CONTENT)

    def _launch(self, environ: WSGIEnvironment) -> Answer:
        refusal = self._refusal(environ)
        if refusal is not None:
            return refusal
        if query_value(environ, "for") == "print":
            return json_answer({"code": self._hooks.codes.issue(PRINTED_CODE_SECONDS)})
        return json_answer({"page": self._hooks.hand_over()})

    def _refusal(self, environ: WSGIEnvironment) -> Answer | None:
        """Of a second start; None when it may come."""
        nonce = environ.get("HTTP_" + NONCE_HEADER.upper().replace("-", "_"), "")
        if not hmac.compare_digest(nonce.encode(), self._hooks.nonce.encode()):
            return _UNKNOWN_CALLER
        return STOPPING if self._hooks.is_stopping() else None


_UNKNOWN_CALLER = Answer(HTTPStatus.FORBIDDEN, b"Unknown caller.")


class Server:
    """Waitress in a thread of its own, which can be stopped so that answers under way still arrive."""

    def __init__(self, guard: Gate, sock: socket.socket, connection_limit: int = CONNECTION_LIMIT) -> None:
        self._channels: dict[int, wasyncore.dispatcher] = {}
        self._server = Listener(
            guard,
            sock,
            self._channels,
            min(connection_limit, process.spare_descriptors()),
            threads=_THREADS,
            ident="",
            max_request_header_size=_HEADER_LIMIT_BYTES,
            max_request_body_size=UPLOAD_LIMIT_BYTES + 1,
            # Bodies stay in memory: past these sizes they would go to a file in the host's temporary folder.
            inbuf_overflow=UPLOAD_LIMIT_BYTES + 1,
            outbuf_overflow=UPLOAD_LIMIT_BYTES + 1,
        )
        self._stopping = False
        # Held while the loop is woken: its end must not close the trigger that is just being pulled.
        self._waking = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Accept nothing more, let answers under way arrive, close everything. Again: does nothing."""
        with self._waking:
            if self._stopping:
                return
            self._stopping = True
            self._server.pull_trigger()
        self._thread.join(_DRAIN_SECONDS + 2.0)

    def _run(self) -> None:
        while not self._stopping:
            patience = LOOK_SECONDS if self._server.active_channels else _IDLE_TICK_SECONDS
            wasyncore.loop(patience, use_poll=True, map=self._channels, count=1)
        self._server.accepting = False
        until = time.monotonic() + _DRAIN_SECONDS
        while self._has_answers_under_way() and time.monotonic() < until:
            wasyncore.loop(0.02, use_poll=True, map=self._channels, count=1)
        dispatcher = self._server.task_dispatcher
        dispatcher.shutdown(timeout=_DRAIN_SECONDS)
        if dispatcher.threads:
            # A late answer still pulls the trigger: its descriptor must not come to mean another file meanwhile.
            self._server.trigger.del_channel()
        with self._waking:
            wasyncore.close_all(self._channels, ignore_all=True)

    def _has_answers_under_way(self) -> bool:
        return any(
            channel.requests or channel.total_outbufs_len for channel in list(self._server.active_channels.values())
        )
