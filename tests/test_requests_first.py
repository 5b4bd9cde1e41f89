"""Who reckons in the background lets go first what a page asks for."""

from __future__ import annotations

import threading

from app.factory import create_app
from app.jobs import Requests
from tests.pages.sample import sample_context

_LONG = 60.0


def test_who_lets_go_first_goes_on_once_nothing_is_asked_any_more() -> None:
    requests = Requests()
    requests.began()
    requests.began()
    behind = threading.Thread(target=lambda: requests.go_first(_LONG))
    behind.start()
    requests.ended()
    assert behind.is_alive()
    requests.ended()
    behind.join(_LONG)
    assert not behind.is_alive()


def test_who_waits_for_a_rest_waits_until_nothing_was_asked_for_so_long() -> None:
    requests, steps = Requests(), []

    def wait() -> None:
        requests.go_first(_LONG, rest=0.5)
        steps.append("rested")

    requests.began()
    behind = threading.Thread(target=wait)
    behind.start()
    for step in ("first", "second"):
        steps.append(step)
        requests.ended()
        requests.began()
    requests.ended()
    behind.join(_LONG)
    assert steps == ["first", "second", "rested"]


def test_a_rest_that_never_comes_is_not_waited_for_for_ever() -> None:
    requests = Requests()
    requests.go_first(0.01, rest=_LONG)
    assert requests.under_way == 0


def test_it_does_not_wait_for_ever() -> None:
    requests = Requests()
    requests.began()
    requests.go_first(0.0)
    assert requests.under_way == 1


def test_each_question_counts_while_it_is_answered_also_one_that_fails() -> None:
    ctx = sample_context()
    app = create_app(ctx)
    seen: list[int] = []

    def look() -> str:
        seen.append(ctx.requests.under_way)
        return ""

    app.server.add_url_rule("/_seen", "seen", look)
    app.server.add_url_rule("/_fails", "fails", lambda: 1 // 0)
    client = app.server.test_client()
    client.get("/_seen")
    app.server.testing = False
    client.get("/_fails")
    client.get("/no-such-address")
    assert seen == [1]
    assert ctx.requests.under_way == 0
