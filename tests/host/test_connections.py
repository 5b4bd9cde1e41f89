"""Whom the server listens to, for how long, and how much of it, over real sockets."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from typing import Any

import pytest

from app.host import connections
from app.host.security import Guard, LaunchCodes
from app.host.server import Server, listen
from tests.running import Browser

MEGABYTE = b"x" * 1_000_000


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    length = str(len(environ["wsgi.input"].read()))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [length.encode()]


class Served:
    """A guarded server with room for so many connections."""

    def __init__(self, limit: int) -> None:
        self.codes = LaunchCodes()
        sock = listen(0)
        self.port = int(sock.getsockname()[1])
        self.server = Server(Guard(app, self.port, self.codes), sock, limit)
        self.server.start()
        self._opened: list[socket.socket] = []

    def browser(self) -> Browser:
        return Browser(f"http://127.0.0.1:{self.port}/?code={self.codes.issue(30)}")

    def connect(self, text: str = "") -> socket.socket:
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self._opened.append(sock)
        sock.sendall(text.replace("HOST", f"Host: 127.0.0.1:{self.port}").encode())
        return sock

    def stop(self) -> None:
        for sock in self._opened:
            sock.close()
        self.server.stop()


@pytest.fixture
def served() -> Iterator[Served]:
    served = Served(limit=20)
    yield served
    served.stop()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """One whose patience is tenths of seconds."""
    monkeypatch.setattr(connections, "SILENT_SECONDS", 0.5)
    monkeypatch.setattr(connections, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr("app.host.server.LOOK_SECONDS", 0.1)
    served = Served(limit=20)
    yield served
    served.stop()


def is_closed(sock: socket.socket, seconds: float = 10) -> bool:
    sock.settimeout(seconds)
    try:
        while sock.recv(1 << 16):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("POST /_dash-update-component HTTP/1.1\r\nHOST\r\nSec-Fetch-Site: same-origin", b"403"),
        ("POST /_dash-update-component HTTP/1.1\r\nHost: evil.example", b"421"),
        ("POST /_dash-update-component HTTP/1.1\r\nHOST\r\nOrigin: http://evil.example", b"403"),
        ("POST /_enter HTTP/1.1\r\nHOST", b"413"),
        ("GET /?code=guessed HTTP/1.1\r\nHOST", b"413"),
        ("PUT / HTTP/1.1\r\nHOST", b"405"),
    ],
)
def test_a_refusal_comes_before_the_body(served: Served, head: str, status: bytes) -> None:
    sock = served.connect(f"{head}\r\nContent-Length: 200000000\r\n\r\n")
    assert sock.recv(1000).split()[1] == status


def test_who_sends_a_refused_body_all_the_same_gets_the_answer(served: Served) -> None:
    sock = served.connect("POST /x HTTP/1.1\r\nHOST\r\nOrigin: null\r\nContent-Length: 30000000\r\n\r\n")
    for _ in range(30):
        sock.sendall(MEGABYTE)
    assert sock.recv(1000).split()[1] == b"413"


@pytest.mark.skipif(os.name != "posix", reason="asks the system for the most memory that a process had")
def test_bodies_of_strangers_are_not_kept(served: Served) -> None:
    tracked = max_rss()
    socks = [
        served.connect("POST /_dash-update-component HTTP/1.1\r\nHOST\r\nContent-Length: 150000000\r\n\r\n")
        for _ in range(4)
    ]
    # On a busy computer some are hung up on meanwhile: nobody is listened to for ever.
    with suppress(ConnectionError):
        for _ in range(50):
            for sock in socks:
                sock.sendall(MEGABYTE)
    assert max_rss() - tracked < 60_000_000


def max_rss() -> int:
    """The most memory that this process ever had, in bytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_nobody_is_asked_to_go_on_with_a_refused_body(served: Served) -> None:
    sock = served.connect("POST /x HTTP/1.1\r\nHOST\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
    assert sock.recv(1000).split()[1] == b"403"


def test_a_body_without_a_length_is_refused(served: Served) -> None:
    sock = served.connect("POST /x HTTP/1.1\r\nHOST\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
    assert sock.recv(1000).split()[1] == b"411"


def test_what_follows_a_refused_head_is_no_request(served: Served) -> None:
    inner = "GET /?code=guessed HTTP/1.1\r\nHOST\r\n\r\n"
    sock = served.connect(f"POST /x HTTP/1.1\r\nHOST\r\nContent-Length: 9999\r\n\r\n{inner}{inner}")
    answer = b""
    while part := sock.recv(1 << 16):
        answer += part
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_body_of_our_page_arrives_whole(served: Served) -> None:
    browser = served.browser()
    assert browser.ask("POST", "/_dash-update-component", "y" * 3_000_000).text == "3000000"


def test_a_head_without_end_is_refused(served: Served) -> None:
    sock = served.connect("GET / HTTP/1.1\r\nHOST\r\nX-Long: ")
    for _ in range(20):
        try:
            sock.sendall(b"x" * 10_000)
        except OSError:
            break
    assert is_closed(sock)


def test_the_page_gets_in_however_many_connections_say_nothing(served: Served) -> None:
    browser = served.browser()
    silent = [served.connect() for _ in range(100)]
    assert browser.get("/").status == 200
    assert sum(is_closed(sock, 0.01) for sock in silent) >= 80


def test_those_without_the_cookie_make_room_first(served: Served) -> None:
    cookie = {"Cookie": served.browser().cookie}
    page = HTTPConnection("127.0.0.1", served.port, timeout=20)
    page.request("GET", "/", headers=cookie)
    assert page.getresponse().read() == b"0"
    kept = page.sock
    for _ in range(60):
        served.connect("GET / HTTP/1.1\r\n")
    page.request("GET", "/", headers=cookie)
    assert page.getresponse().read() == b"0"
    assert page.sock is kept
    page.close()


def test_a_connection_that_says_nothing_is_closed(hurried: Served) -> None:
    assert is_closed(hurried.connect())


def test_a_stranger_that_speaks_slowly_is_closed(hurried: Served) -> None:
    sock = hurried.connect("GET / HTTP/1.1\r\n")
    began = time.monotonic()
    assert not went_on(sock, until=began + 10)
    assert time.monotonic() - began < 5


def went_on(sock: socket.socket, until: float) -> bool:
    """Whether one header line after the other could be sent until then."""
    try:
        while time.monotonic() < until:
            sock.sendall(b"X-A: b\r\n")
            time.sleep(0.1)
    except OSError:
        return False
    return True


def test_a_page_that_waits_for_its_answer_is_not_closed(hurried: Served) -> None:
    browser = hurried.browser()
    sock = hurried.connect(f"GET / HTTP/1.1\r\nHOST\r\nCookie: {browser.cookie}\r\n\r\n")
    assert b" 200 " in sock.recv(1000)
    assert is_closed(sock)
    assert browser.get("/").status == 200


def test_a_length_of_thousands_of_digits_is_answered_and_not_logged_as_an_error(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    sock = served.connect(f"POST / HTTP/1.1\r\nHOST\r\nContent-Length: {'9' * 5000}\r\n\r\n")
    sock.settimeout(10)
    assert sock.recv(1 << 16).startswith(b"HTTP/1.1 400 ")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
