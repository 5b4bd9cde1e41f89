"""Who may talk to the running executable."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import pytest

from tests.e2e.place import Place


def ask(port: int, path: str, headers: dict[str, str], method: str = "GET", body: bytes | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_a_request_without_the_launch_code_is_refused(place: Place) -> None:
    running = place.start()
    assert ask(running.port, "/", {}) == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example"])
def test_a_foreign_host_is_refused_even_with_the_launch_code(place: Place, host: str) -> None:
    running = place.start()
    parts = urlsplit(running.url)
    assert ask(running.port, f"{parts.path}?{parts.query}", {"Host": host}) == 421


def test_a_launch_code_is_good_once(place: Place) -> None:
    running = place.start()
    parts = urlsplit(running.url)
    target = f"{parts.path}?{parts.query}"
    assert ask(running.port, target, {}) in (302, 303)
    assert ask(running.port, target, {}) == 403


def test_a_callback_from_another_site_is_refused(place: Place) -> None:
    running = place.start()
    headers = {"Origin": "http://evil.example", "Content-Type": "application/json"}
    assert ask(running.port, "/_dash-update-component", headers, "POST", json.dumps({}).encode()) == 403


def test_assets_are_guarded_too(place: Place) -> None:
    running = place.start()
    assert ask(running.port, "/assets/vendor/plotly.min.js", {}) == 403
