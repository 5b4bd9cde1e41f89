"""A server that never gets to the end of anything holds nobody: not past the time for an answer, nor past a Stop."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from app.errors import Cancelled
from app.jira.errors import BrokenOff, TimedOut
from app.jira.http.transport import Connection, Transport
from app.jira.http.waits import Interrupted, Waits
from tests.jira.world import QUICK, TESTING

_JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED = _JSON + b"Transfer-Encoding: chunked\r\n"
# Longer than any limit here, and than the patience of whoever listens.
_HELD_SECONDS = 20.0
_LIMITS = replace(QUICK, answer_seconds=1.2, tries=1)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


# What comes first, what comes for ever, and the seconds between.
_ENDLESS = {
    "goes on": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.02),
    "goes on at full speed": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 300, 0.0),
    "first line": (b"HTTP/1.1 200 ", b"O", 0.02),
    "header": (_JSON + b"X-A: ", b"a", 0.02),
    "trailers": (_CHUNKED + b"\r\n" + _chunk(b"{}") + b"0\r\n", b"X: y\r\n", 0.02),
    "trailers at full speed": (_CHUNKED + b"\r\n" + _chunk(b"{}") + b"0\r\n", b"X: y\r\n" * 2000, 0.0),
    "extension of a chunk": (_CHUNKED + b"\r\n1;", b"a", 0.02),
    "length of a chunk": (_CHUNKED + b"\r\n", b"0", 0.02),
    "body": (_CHUNKED + b"\r\n", _chunk(b" "), 0.02),
    "empty members": (_CHUNKED + b"Content-Encoding: gzip\r\n\r\n", _chunk(gzip.compress(b"")), 0.02),
    "empty members at full speed": (
        _CHUNKED + b"Content-Encoding: gzip\r\n\r\n",
        _chunk(gzip.compress(b"") * 10_000),
        0.0,
    ),
    "empty blocks": (
        _CHUNKED + b"Content-Encoding: deflate\r\n\r\n" + _chunk(b"\x78\x9c"),
        _chunk(b"\0\0\0\xff\xff"),
        0.02,
    ),
    "silence": (b"", b"", 0.02),
}
pytestmark = pytest.mark.slow
ENDLESS = pytest.mark.parametrize("what", _ENDLESS)


@contextmanager
def _server(first: bytes, always: bytes, pause: float) -> Iterator[int]:
    """Its port. Says the one and then the other for ever, to everybody."""
    ended = threading.Event()

    def talk(sock: socket.socket) -> None:
        with sock, suppress(OSError):
            sock.recv(65536)
            sock.sendall(first)
            while not ended.wait(pause):
                sock.sendall(always)

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            ended.set()


def _failure(work: Callable[[], object]) -> BaseException | None:
    """What it raises; AssertionError where it is held."""
    failures: list[BaseException | None] = []

    def run() -> None:
        try:
            work()
        except BaseException as exc:  # noqa: BLE001 handed on
            failures.append(exc)
        else:
            failures.append(None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(_HELD_SECONDS / 2)
    assert failures, "it is held for ever"
    return failures[0]


def _stopped(transport: Transport) -> BaseException | None:
    def stop() -> None:
        raise Cancelled("stopped")

    def ask() -> None:
        with transport.heard_by(stop):
            transport.get("/x")

    return _failure(ask)


@ENDLESS
def test_what_never_ends_is_given_up_in_time(what: str) -> None:
    with _server(*_ENDLESS[what]) as port:
        transport = Transport(Connection(f"http://127.0.0.1:{port}", token="secret"), TESTING, _LIMITS)
        failure = _failure(lambda: transport.get("/x"))
        assert isinstance(failure, TimedOut)
        assert "did not answer in time" in str(failure)


@ENDLESS
def test_a_stop_is_heard_in_what_never_ends(what: str) -> None:
    with _server(*_ENDLESS[what]) as port:
        transport = Transport(Connection(f"http://127.0.0.1:{port}", token="secret"), TESTING, QUICK)
        assert isinstance(_stopped(transport), Cancelled)


# Nothing, and a record of TLS that never gets whole.
@pytest.mark.parametrize(("first", "always"), [(b"", b""), (b"\x16\x03\x03\x40\x00", b"\0")])
def test_a_greeting_of_tls_that_never_ends(first: bytes, always: bytes) -> None:
    with _server(first, always, 0.02) as port:
        address = Connection(f"https://127.0.0.1:{port}", token="secret")
        assert isinstance(_failure(lambda: Transport(address, TESTING, _LIMITS).get("/x")), TimedOut)
        assert isinstance(_stopped(Transport(address, TESTING, QUICK)), Cancelled)


@pytest.mark.parametrize("first", [b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\nX-A: "])
def test_a_proxy_whose_greeting_never_ends(first: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with _server(first, b"2", 0.02) as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "")
        address = Connection("https://jira.example.test", token="secret")
        assert isinstance(_failure(lambda: Transport(address, TESTING, _LIMITS).get("/x")), TimedOut)
        assert isinstance(_stopped(Transport(address, TESTING, QUICK)), Cancelled)


def test_a_name_that_is_looked_up_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = threading.Event()

    def look_up(*_: object) -> list[object]:
        looked_up.wait(_HELD_SECONDS)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    address = Connection("https://jira.example.test", token="secret")
    assert isinstance(_failure(lambda: Transport(address, TESTING, _LIMITS).get("/x")), TimedOut)
    assert isinstance(_stopped(Transport(address, TESTING, QUICK)), Cancelled)
    looked_up.set()


def test_who_still_asks_when_nobody_listens_any_more_gives_up() -> None:
    """Several threads ask, one of them hears the Stop: the others would go on until their time is over."""
    with _server(*_ENDLESS["header"]) as port:
        transport = Transport(Connection(f"http://127.0.0.1:{port}", token="secret"), TESTING, QUICK)
        failures: list[BaseException] = []

        def ask() -> None:
            try:
                transport.get("/x")
            except BaseException as exc:  # noqa: BLE001 looked at below
                failures.append(exc)

        with transport.heard_by(lambda: None):
            thread = threading.Thread(target=ask, daemon=True)
            thread.start()
            time.sleep(0.3)
        thread.join(_HELD_SECONDS / 2)
        assert [type(each) for each in failures] == [Cancelled]


def test_what_was_opened_after_it_was_given_up_is_closed() -> None:
    """Closed at once it would be under a thread that uses it."""
    ticks, at_work, goes_on, closed = iter([0.0, 9.0]), threading.Event(), threading.Event(), threading.Event()
    events: list[str] = []

    def work() -> None:
        at_work.set()
        goes_on.wait(_HELD_SECONDS)
        events.append("opened")

    def undo() -> None:
        events.append("closed")
        closed.set()

    waits = Waits(ticks=lambda: next(ticks))
    opening = waits.aside(work, undo)
    with waits.within(1.0), pytest.raises(Interrupted):
        opening.wait(waits.listen)
    assert at_work.is_set()
    assert opening.leave()
    assert events == []
    goes_on.set()
    assert closed.wait(_HELD_SECONDS)
    assert events == ["opened", "closed"]


@pytest.mark.parametrize(
    "answer",
    [
        _JSON + b"Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + b"this is not a gzip.."[:20],
        _CHUNKED + b"\r\nzz\r\n{}\r\n",
    ],
    ids=["damaged gzip", "a length that is none"],
)
def test_an_answer_that_is_damaged_is_called_so_and_no_connection_that_is_missing(answer: bytes) -> None:
    with _server(answer, b"", 0.02) as port:
        failure = _failure(lambda: Transport(Connection(f"http://127.0.0.1:{port}"), TESTING, _LIMITS).get("/x"))
    assert isinstance(failure, BrokenOff)
