"""What each request says, the first and those that follow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.jira.http.transport import Connection, Transport
from tests.jira.world import QUICK, TESTING

TOKEN = "a-token-of-the-tests"


class _Notes(BaseHTTPRequestHandler):
    """Answers everything, gives out another cookie each time, and notes what it was asked."""

    protocol_version = "HTTP/1.1"
    notes: list[tuple[str, str, dict[str, str], bytes]]

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.notes.append((self.command, self.path, dict(self.headers), body))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Set-Cookie", f"node={len(self.notes)}; Path=/")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = _answer  # noqa: N815 the library's names

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    handler = type("Handler", (_Notes,), {"notes": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def _requests(server: ThreadingHTTPServer) -> list[tuple[str, str, dict[str, str], bytes]]:
    transport = Transport(Connection(f"http://127.0.0.1:{server.server_port}", "", TOKEN), TESTING, QUICK)
    transport.get("/first", jql="id in (1,2) AND a = ü&b#c", startAt=0)
    transport.post("/second", {"a": 1})
    transport.get("/third")
    transport.post("/fourth", {"bb": 22})
    transport.close()
    return server.RequestHandlerClass.notes  # type: ignore[attr-defined, no-any-return]


def test_each_request_has_its_own_address_cookie_and_body_and_the_same_login(server: ThreadingHTTPServer) -> None:
    requests = _requests(server)
    assert [(method, path.partition("?")[0], body) for method, path, _, body in requests] == [
        ("GET", "/first", b""),
        ("POST", "/second", b'{"a":1}'),
        ("GET", "/third", b""),
        ("POST", "/fourth", b'{"bb":22}'),
    ]
    headers = [each for _, _, each, _ in requests]
    assert [each["Authorization"] for each in headers] == [f"Bearer {TOKEN}"] * 4
    assert [each.get("Cookie") for each in headers] == [None, "node=1", "node=2", "node=3"]
    assert [each.get("Content-Type") for each in headers] == [None, "application/json"] * 2
    assert [each.get("Content-Length") for each in headers] == [None, "7", None, "9"]
    assert {each["Accept"] for each in headers} == {"application/json"}


def test_in_an_address_commas_and_brackets_stand_for_themselves(server: ThreadingHTTPServer) -> None:
    assert _requests(server)[0][1] == "/first?jql=id+in+(1,2)+AND+a+%3D+%C3%BC%26b%23c&startAt=0"
