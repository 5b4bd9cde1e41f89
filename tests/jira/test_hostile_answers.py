"""Whatever stands in an answer of Jira: it is read, or refused in words, and what was stored stays."""

from __future__ import annotations

import contextlib
import copy
import json
import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import AppError
from app.jira.client import Server
from app.jira.connect import Request, connect
from app.jira.errors import BadAnswer, RateLimited
from app.jira.http import transport as http
from app.jira.http.transport import Connection, Transport
from app.jira.sync.sync import sync
from scripts.fake_jira import BOARD, EMAIL, FIELDS, TOKEN, FakeJira
from store.sqlite.backend import SQLiteBackend
from tests.examples import examples
from tests.jira.world import NOON, REF, TESTING, client, issues, world
from tests.memory_backend import MemoryBackend

_ODD: tuple[Any, ...] = (
    None, True, -1, 2**70, float("nan"), float("inf"), 1e308, "", "\0", "\ud800", "<b>x</b>", "x" * 3000,
    "0001-01-01T00:00:00.000+2359", "9999-12-31T23:59:59.999-1200", [], {}, [None], [[]], ["x"], {"a": {}}, {"id": {}},
)  # fmt: skip
_REQUEST = (
    "/serverInfo", "/myself", "/field", "/status", "/search", "/changelog", "/board/", "/sprint/", "/jql/parse",
    "/approximate-count",
)  # fmt: skip


def _places(document: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    inside = document.items() if isinstance(document, dict) else enumerate(document[:3])
    for name, part in inside:
        if isinstance(part, dict | list):
            yield from _places(part, (*place, name))
        else:
            yield (*place, name)


class _Hostile(FakeJira):
    """Puts an odd value somewhere into each answer of the path that is `aimed` at."""

    aimed, dice = "none", random.Random(0)

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        status, document = super().answer(method, path, query, body)
        if self.aimed not in path or not isinstance(document, dict | list):
            return status, document
        document, place = copy.deepcopy(document), self.dice.choice([*_places(document)])
        if not place:
            return status, self.dice.choice(_ODD)
        part = document
        for name in place[:-1]:
            part = part[name]
        part[place[-1]] = self.dice.choice(_ODD)
        return status, document


@pytest.mark.slow
@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
@pytest.mark.parametrize("aimed", _REQUEST)
def test_odd_values_anywhere_in_an_answer_are_no_surprise(flavour: str, aimed: str) -> None:
    request = Request("", "Team", "All", f"board {BOARD}", EMAIL if flavour == "cloud" else "", TOKEN)
    for seed in range(examples(8)):
        jira = _Hostile(flavour, issues(5), clock=lambda: NOON)
        with jira:
            jira.aimed, jira.dice = aimed, random.Random(seed)
            backend = MemoryBackend()
            with client(jira) as result:
                try:
                    connect(result, backend, request, now=NOON)
                except AppError:
                    assert not backend.list_profiles()


@pytest.mark.slow
@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
@pytest.mark.parametrize("aimed", ["/search", "/changelog", "/field", "/myself"])
def test_a_refused_sync_leaves_what_is_stored(flavour: str, aimed: str) -> None:
    for seed in range(examples(12)):
        with world(flavour) as result:
            result.sync()
            before = result.backend.list_issues(REF)
            result.jira.__class__ = _Hostile
            result.jira.aimed, result.jira.dice = aimed, random.Random(seed)  # type: ignore[attr-defined]
            result.jira.set_status("10001", "Done")
            try:
                result.sync(full=bool(seed % 2))
            except AppError:
                assert result.backend.list_issues(REF) == before


@pytest.mark.parametrize("odd", [None, 5, ["x"], {"id": "1"}, {"id": "1", "key": None}, {"key": "ABC-1"}])
def test_a_listing_that_cannot_be_read_removes_no_issue(odd: Any) -> None:
    with world("cloud") as result:
        result.sync()
        listed = {"issues": [{"id": "10001", "key": "ABC-1"}, odd], "isLast": True}
        result.jira._cloud_search = lambda wanted: (200, copy.deepcopy(listed))  # type: ignore[method-assign]
        with pytest.raises(BadAnswer):
            result.sync()
        assert len([each for each in result.backend.list_issues(REF) if each.in_query]) == 7


@pytest.mark.parametrize("histories", [5, "x", {"a": 1}, [None], ["x"]])
def test_a_history_that_cannot_be_read_is_not_taken_for_none(histories: Any) -> None:
    with world("cloud") as result:
        logs = {"issueChangeLogs": [{"issueId": "10001", "changeHistories": histories}]}
        result.jira._bulk = lambda wanted: (200, copy.deepcopy(logs))  # type: ignore[method-assign]
        with pytest.raises(BadAnswer):
            result.sync()


@pytest.mark.parametrize("after", ["inf", "1e400", "9" * 30, "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_a_pause_without_an_end_is_refused_in_words(after: str) -> None:
    with world("cloud") as result:
        result.jira.faults.busy, result.jira.faults.retry_after = 100, after
        with pytest.raises(RateLimited):
            result.sync()


@pytest.mark.parametrize(
    "text",
    ["Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 30 Nov 2026 09:00:00 +99999999999999",
     "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"],
)  # fmt: skip
def test_a_date_that_no_clock_shows_is_none(text: str) -> None:
    assert http._instant(text) is None
    assert http._asked_wait({"Retry-After": text}, NOON) is None


@pytest.mark.parametrize("shown", ["0001-01-01T00:00:00.000+2359", "9999-12-31T23:59:59.999-2359", -6e13, [], "x"])
def test_a_clock_at_the_ends_of_the_calendar_is_not_reckoned_with(shown: Any) -> None:
    with world("data-center") as result:
        about = result.jira._server_info()
        result.jira._server_info = lambda: {**about, "serverTime": shown}  # type: ignore[method-assign]
        assert result.sync().fetched == 7
        assert isinstance(_server_of(result.jira).clock, type(NOON))


def _server_of(jira: FakeJira) -> Server:
    with client(jira) as result:
        return result.server()


@pytest.mark.parametrize("odd", ["\ud800 half", "nul \0 nul"])
def test_what_no_text_can_hold_stops_neither_a_connection_nor_a_sync(odd: str, tmp_path: Path) -> None:
    """One issue of thousands would keep all others from coming."""
    with contextlib.closing(SQLiteBackend(tmp_path / "burndown.db")) as backend, world("data-center") as result:
        result.backend = backend  # type: ignore[assignment]
        for issue in result.jira.issues.values():
            issue["fields"] |= {"summary": odd, "labels": [odd], "issuetype": {"name": odd}, "customfield_9": odd}
            issue["fields"]["fixVersions"] = [{"name": odd, "releaseDate": odd}]
        fields = [("customfield_9", odd, "string", "x:textfield"), *FIELDS]
        result.jira._known_fields = fields
        with client(result.jira) as jira:
            connected = connect(jira, backend, Request(result.jira.url, "T", "A", "project = ABC", "", TOKEN), now=NOON)
            sync(jira, backend, connected.ref, now=result.clock)
        (issue_kept, *_) = backend.list_issues(connected.ref)
        assert odd[-3:] in issue_kept.summary


@pytest.mark.parametrize("odd", ["\ud800", "\0", "a b", "x) OR (", 7])
def test_an_issue_of_an_odd_number_or_key_is_taken_as_far_as_it_can_be(odd: Any, tmp_path: Path) -> None:
    with contextlib.closing(SQLiteBackend(tmp_path / "burndown.db")) as backend, world("data-center") as here:
        documents = [{**issue, "id": odd, "key": f"ABC-{odd}"} for issue in (*here.jira.issues.values(),)[:1]]
        answer = {"startAt": 0, "maxResults": 50, "total": 1, "issues": documents}
        here.jira._data_center_search = lambda wanted: (200, copy.deepcopy(answer))  # type: ignore[method-assign]
        with client(here.jira) as jira:
            connected = connect(jira, backend, Request(here.jira.url, "T", "A", "project = ABC", "", TOKEN), now=NOON)
            assert sync(jira, backend, connected.ref, now=here.clock).fetched == 1


class _Echo(FakeJira):
    """Says what it was asked with, as some proxies do in their errors."""

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        if "/search" in path or "/jql" in path:
            basic = b64encode(f"{EMAIL}:{TOKEN}".encode()).decode()
            return 400, {"errorMessages": [f"bad Bearer {TOKEN} or Basic {basic}"], "errors": {}}
        return super().answer(method, path, query, body)


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_a_login_that_comes_back_in_an_answer_is_not_shown(flavour: str) -> None:
    request = Request("", "Team", "All", "project = ABC", EMAIL if flavour == "cloud" else "", TOKEN)
    with _Echo(flavour, issues(1), clock=lambda: NOON) as jira, client(jira) as server:
        with pytest.raises(AppError, match=r"bad Bearer \*\*\*") as failure:
            connect(server, MemoryBackend(), request, now=NOON)
        assert TOKEN not in str(failure.value)
        assert flavour != "cloud" or "Basic ***" in str(failure.value)


_WRITTEN: dict[str, Callable[[str], str]] = {
    "escapes of JSON": lambda token: "".join(f"\\u{ord(each):04x}" for each in token),
    "escapes in the text": lambda token: "".join(f"\\\\u{ord(each):04x}" for each in token),
    "an address": lambda token: "".join(f"%{ord(each):02X}" for each in token),
    "Base64": lambda token: b64encode(f"somebody@else:{token}".encode()).decode(),
    "its beginning": lambda token: f"{token[:10]}...",
    "capitals of hex": lambda token: token.encode().hex().upper(),
}


@pytest.mark.parametrize(
    ("way", "status"),
    [(way, status) for way in _WRITTEN for status in (200, 400) if way != "its beginning" or status > 200],
)
def test_nor_is_it_in_any_way_of_writing_it(way: str, status: int) -> None:
    written = _WRITTEN[way](TOKEN)
    body = bytearray(f'{{"errorMessages": ["bad {written} here"], "errors": {{"{written}": 1}}}}'.encode())
    transport = Transport(Connection("https://jira.example", "", TOKEN), TESTING)
    clean = transport._clean(status, body, json.loads(body))
    assert clean["errorMessages"][0].startswith("bad ")
    text = json.dumps(clean)
    assert "***" in text
    assert written.replace("...", "") not in text


def test_a_page_of_issues_is_looked_through_where_letters_of_it_are_escaped() -> None:
    escaped = "".join(f"\\u{ord(each):04x}" for each in TOKEN)
    body = bytearray(f'{{"issues": ["{escaped}", "{"x" * 100_000}"]}}'.encode())
    transport = Transport(Connection("https://jira.example", "", TOKEN), TESTING)
    assert transport._clean(200, body, json.loads(body))["issues"][0] == "***"


def test_a_redirect_that_names_a_part_of_it_is_not_told() -> None:
    with FakeJira("data-center", issues(1)) as jira:
        jira.faults.redirect_to = f"http://{TOKEN[:12].lower()}.example.com"
        with client(jira) as server, pytest.raises(AppError, match="cannot be used") as failure:
            server.server()
        assert TOKEN[:8].lower() not in str(failure.value).lower()
