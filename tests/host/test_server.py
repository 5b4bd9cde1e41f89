"""The server and its stack, over real sockets."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from app.early import ANNOUNCED, BUNDLES, CHARTS, OURS, STYLES
from app.errors import Cancelled
from app.host.idle import Presence
from app.host.instance import LOOPBACK
from app.host.security import Guard, LaunchCodes
from app.host.server import Front, Hooks, Server, Switch, listen
from app.host.starting import Starting, script_hash
from tests.running import Browser


class Stack:
    """The whole stack as the launcher puts it together, with a starting page in front."""

    def __init__(self) -> None:
        self.starting = Starting()
        self.codes = LaunchCodes()
        self.presence = Presence()
        self.asked_to_stop = threading.Event()
        self.data_closed = threading.Event()
        self.is_stopping = False
        self.switch = Switch(self.starting)
        sock = listen(0)
        self.port = sock.getsockname()[1]
        hooks = Hooks(
            self.starting,
            self.presence,
            self.codes,
            "the nonce",
            self.asked_to_stop.set,
            self.data_closed,
            lambda: self.is_stopping,
        )
        guard = Guard(
            Front(self.switch, hooks),
            self.port,
            self.codes,
            ("/_instance/ping", "/_instance/launch"),
            (script_hash(),),
        )
        self.server = Server(guard, sock)
        self.server.start()

    def browser(self) -> Browser:
        return Browser(f"http://127.0.0.1:{self.port}/?code={self.codes.issue(30)}")


@pytest.fixture
def stack() -> Iterator[Stack]:
    stack = Stack()
    yield stack
    stack.server.stop()


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"the app"]


def slow_app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    time.sleep(0.3)
    return app(environ, start_response)


def failing_app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    raise ZeroDivisionError


def test_a_taken_port_means_the_next_one() -> None:
    with listen(0) as first:
        port = first.getsockname()[1]
        with listen(port) as second:
            assert second.getsockname()[1] > port


def test_the_server_listens_on_the_loopback_address_only() -> None:
    with listen(0) as sock:
        assert sock.getsockname()[0] == LOOPBACK == "127.0.0.1"


def test_a_port_that_was_just_closed_can_be_had_again() -> None:
    with listen(0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            first.accept()[0].close()
    with listen(port) as again:
        assert again.getsockname()[1] == port


def test_the_last_port_is_followed_by_any_free_one() -> None:
    with listen(65535) as first, listen(65535) as second:
        assert first.getsockname()[1] != second.getsockname()[1]


def test_the_starting_page_has_its_script_allowed_and_loads_only_the_libraries(stack: Stack) -> None:
    page = stack.browser().get("/")
    assert page.status == 200
    assert "Burndown is starting" in page.text
    assert script_hash() in page.headers["Content-Security-Policy"]
    libraries = [path for path in BUNDLES if path not in (OURS, STYLES)]
    # The last two one after the other, by the page's own script.
    loaded = re.findall(r'(?:src|data-next="script" href)="([^"?]+)', page.text)
    assert loaded == [ANNOUNCED, *libraries, CHARTS]
    # Ours are only fetched: they run on the page itself.
    assert re.findall(r'rel="preload" as="\w+" href="([^"?]+)', page.text) == [OURS, STYLES]
    assert page.text.count('href="/') == 4
    assert "http:" not in page.text


def test_the_libraries_are_there_before_the_app_and_only_for_who_was_let_in(stack: Stack) -> None:
    browser = stack.browser()
    addresses = re.findall(r'(?:src|href)="(/[^"]+)', browser.get("/").text)
    replies = [browser.ask("GET", unescape(address)) for address in addresses]
    assert [reply.status for reply in replies] == 6 * [200]
    kinds = [reply.headers["Content-Type"] for reply in replies]
    assert kinds == [*5 * ["text/javascript; charset=utf-8"], "text/css; charset=utf-8"]
    assert "DashRenderer" in replies[2].text
    with pytest.raises(HTTPError):
        urlopen(f"http://127.0.0.1:{stack.port}{CHARTS}")


def test_while_starting_other_requests_are_told_to_come_back(stack: Stack) -> None:
    reply = stack.browser().ask("GET", "/_dash-layout", Accept="application/json")
    assert (reply.status, reply.headers["Retry-After"]) == (503, "1")


def test_the_page_sees_progress_then_ready(stack: Stack) -> None:
    browser = stack.browser()
    stack.starting.step(3, 7, "Taking over your data")
    progress = {"state": "starting", "text": "Taking over your data", "done": 3, "total": 7, "offer": ""}
    assert browser.status() == {**progress, "at": 1}
    stack.starting.step(4, 7)
    assert browser.status()["text"] == "Taking over your data"
    stack.switch.turn_to(app)
    stack.starting.ready()
    assert browser.status()["state"] == "ready"
    assert browser.get("/").text == "the app"


def test_a_page_that_knows_how_it_stands_hears_at_once_when_that_changes(stack: Stack) -> None:
    browser = stack.browser()
    known = browser.status()["at"]
    threading.Timer(0.05, stack.starting.ready).start()
    answer = json.loads(browser.get(f"/_start/status?page=test&after={known}").text)
    assert (answer["state"], answer["at"]) == ("ready", 1)
    assert json.loads(browser.get("/_start/status?page=test&after=1").text)["state"] == "ready"


def test_what_changed_nothing_is_no_news_and_who_quits_is_not_waited_for() -> None:
    has_quit: list[bool] = []
    starting = Starting(lambda: bool(has_quit))
    starting.step(0, 0)
    assert starting.status()["at"] == 0
    has_quit.append(True)
    starting.wait_beyond(0)  # returns


def test_a_failed_start_is_told(stack: Stack) -> None:
    stack.starting.fail("The database is newer than this Burndown.")
    status = stack.browser().status()
    assert (status["state"], status["text"]) == ("failed", "The database is newer than this Burndown.")


def test_a_long_step_ends_when_the_user_has_quit() -> None:
    starting = Starting(lambda: True)
    with pytest.raises(Cancelled):
        starting.step(1, 2)


def test_signs_of_life_and_goodbyes_reach_the_presence(stack: Stack) -> None:
    browser = stack.browser()
    assert stack.presence.seconds_left() is None
    assert browser.post("/_alive?page=a").status == 204
    left = stack.presence.seconds_left()
    assert left is not None
    assert left > 60
    assert browser.post("/_alive?page=a&hidden=1").status == 204
    hidden_left = stack.presence.seconds_left()
    assert hidden_left is not None
    assert hidden_left > left + 30
    assert browser.post("/_bye?page=a").status == 204
    left = stack.presence.seconds_left()
    assert left is not None
    assert left <= 60


def test_quit_answers_when_the_data_is_closed(stack: Stack) -> None:
    browser = stack.browser()
    replies: list[str] = []
    asking = threading.Thread(target=lambda: replies.append(browser.post("/_quit").text))
    asking.start()
    assert stack.asked_to_stop.wait(10)
    assert replies == []
    stack.data_closed.set()
    asking.join(10)
    assert "Burndown has stopped" in replies[0]
    assert (
        "Sie können diesen Tab jetzt schließen." in browser.ask("POST", "/_quit", **{"Accept-Language": "de-AT"}).text
    )


def test_quit_needs_the_cookie_and_a_post(stack: Stack) -> None:
    browser = stack.browser()
    assert browser.get("/_quit").status == 405
    browser.cookie = ""
    assert browser.post("/_quit").status == 403
    assert not stack.asked_to_stop.is_set()


@pytest.mark.parametrize(("nonce", "status"), [("the nonce", 204), ("another", 403), ("", 403)])
def test_the_ping_answers_who_knows_the_nonce(stack: Stack, nonce: str, status: int) -> None:
    browser = stack.browser()
    browser.cookie = ""
    assert browser.ask("GET", "/_instance/ping", **{"X-Burndown-Nonce": nonce}).status == status


def test_a_launch_code_is_given_only_to_who_knows_the_nonce(stack: Stack) -> None:
    browser = stack.browser()
    assert browser.ask("POST", "/_instance/launch").status == 403
    reply = browser.ask("POST", "/_instance/launch?for=print", **{"X-Burndown-Nonce": "the nonce"})
    code = reply.text.split('"')[3]
    assert Browser(f"http://127.0.0.1:{stack.port}/?code={code}").first.status == 303


@pytest.mark.parametrize(("method", "path"), [("GET", "/_instance/ping"), ("POST", "/_instance/launch")])
def test_a_second_start_is_not_sent_to_an_app_that_is_stopping(stack: Stack, method: str, path: str) -> None:
    browser = stack.browser()
    stack.is_stopping = True
    assert browser.ask(method, path, **{"X-Burndown-Nonce": "the nonce"}).status == 503
    assert browser.ask(method, path).status == 403


def test_a_page_of_another_site_cannot_ask_for_a_launch_code(stack: Stack) -> None:
    headers = {"X-Burndown-Nonce": "the nonce", "Origin": "http://evil.example"}
    assert stack.browser().ask("POST", "/_instance/launch", **headers).status == 403


def test_the_switch_waits_for_requests_under_way(stack: Stack) -> None:
    stack.switch.turn_to(slow_app)
    browser = stack.browser()
    replies: list[str] = []
    asking = threading.Thread(target=lambda: replies.append(browser.get("/").text))
    asking.start()
    while stack.switch.wait_until_idle(0):
        time.sleep(0.005)
    assert stack.switch.wait_until_idle(10)
    asking.join(10)
    assert replies == ["the app"]


def test_a_failing_request_is_no_longer_under_way() -> None:
    switch = Switch(failing_app)
    with pytest.raises(ZeroDivisionError):
        switch({}, lambda status, headers, exc_info=None: None)  # type: ignore[arg-type]
    assert switch.wait_until_idle(0)


def test_stopping_lets_an_answer_under_way_arrive(stack: Stack) -> None:
    stack.switch.turn_to(slow_app)
    browser = stack.browser()
    replies: list[str] = []
    asking = threading.Thread(target=lambda: replies.append(browser.get("/").text))
    asking.start()
    while stack.switch.wait_until_idle(0):
        time.sleep(0.005)
    stack.server.stop()
    asking.join(10)
    assert replies == ["the app"]


def test_after_stopping_nobody_answers(stack: Stack) -> None:
    stack.server.stop()
    with pytest.raises(ConnectionRefusedError):
        stack.browser()


def test_the_server_does_not_say_what_it_is(stack: Stack) -> None:
    assert "Server" not in stack.browser().get("/").headers


def test_a_body_over_the_limit_is_refused_over_the_wire(stack: Stack) -> None:
    with socket.create_connection(("127.0.0.1", stack.port)) as sock:
        head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{stack.port}\r\nContent-Length: 999999999999\r\n\r\n"
        sock.sendall(head.encode())
        assert b" 413 " in sock.recv(1000)


def test_two_host_headers_are_misdirected(stack: Stack) -> None:
    with socket.create_connection(("127.0.0.1", stack.port)) as sock:
        ours = f"127.0.0.1:{stack.port}"
        sock.sendall(f"GET / HTTP/1.1\r\nHost: {ours}\r\nHost: evil.example\r\n\r\n".encode())
        answer = sock.recv(1000)
        assert b" 421 " in answer or b" 400 " in answer
