"""An answer of few bytes on the way takes no more memory than there is room for, whatever it is made of."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from app.jira.client import JiraClient
from app.jira.errors import BadAnswer, TooLarge
from app.jira.http import transport as transport_module
from app.jira.http.text import parse, parts_of, short_of_texts, without_long_texts
from app.jira.http.transport import _BYTES_A_PART as _BYTES_LOOKED_THROUGH
from app.jira.http.transport import Limits
from app.jira.sync import sweep as sweeping
from scripts.fake_jira import FakeJira
from tests.jira.world import QUICK, REF, client, issues, transport, world

_PARTS = 50_000
# What a value or name takes at most beside its text, and a text where one of its characters is a wide one.
_BYTES_A_PART, _BYTES_A_BYTE = 160, 5


def _nothing() -> None:
    return None


def _list(part: bytes) -> Callable[[int], bytes]:
    return lambda count: b"[" + b",".join([part] * count) + b"]"


def _numbered(start: bytes, part: bytes, end: bytes) -> Callable[[int], bytes]:
    return lambda count: start + b",".join(part.replace(b"@", b"%x" % at) for at in range(count)) + end


_KINDS: dict[str, Callable[[int], bytes]] = {
    "empty objects": _list(b"{}"),
    "empty lists": _list(b"[]"),
    "lists in lists": _list(b"[[]]"),
    "lists in lists of many": _list(b"[[],[]]"),
    "small objects": _list(b'{"a":0}'),
    "objects of six": _list(b'{"a":0,"b":0,"c":0,"d":0,"e":0,"f":0}'),
    "other names in each": _numbered(b"[", b'{"@":0}', b"]"),
    "one object of many names": _numbered(b"{", b'"@":"@"', b"}"),
    "texts": _numbered(b"[", b'"@"', b"]"),
    "wide texts": _numbered(b"[", '"\N{GRINNING FACE}@"'.encode(), b"]"),
    "fractions": _list(b"1.5"),
    "large numbers": _numbered(b"[", b"18446744073709551615", b"]"),
}


@pytest.mark.parametrize("kind", _KINDS)
def test_what_is_let_through_takes_little_memory_and_more_is_not(kind: str) -> None:
    count = 1
    while parts_of(_KINDS[kind](count * 2)) <= _PARTS:
        count *= 2
    text = _KINDS[kind](count)
    tracemalloc.start()
    try:
        document = parse(text)
        _, highest = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert document
    assert highest <= _PARTS * _BYTES_A_PART + len(text) * _BYTES_A_BYTE
    # Not refused long before there is something to fear.
    assert count >= _PARTS / 32


def test_all_that_may_come_together_takes_less_than_there_is_room_for() -> None:
    limits = Limits()
    assert limits.answer_parts * _BYTES_A_PART <= 200_000_000
    assert limits.answer_bytes * _BYTES_A_BYTE <= 200_000_000


def _page(count: int, changes: int, fields: int) -> bytes:
    """Of Data Center, with everything that it says about an issue, its changes and who made them."""
    author = {
        "self": "https://jira.example.com/rest/api/2/user?username=ann", "name": "ann", "key": "JIRAUSER10100",
        "emailAddress": "ann@example.com", "displayName": "Ann", "active": True, "timeZone": "Europe/Berlin",
        "avatarUrls": {size: f"https://jira.example.com/avatar?size={size}" for size in ("48", "24", "16", "32")},
    }  # fmt: skip
    item = {"field": "status", "fieldtype": "jira", "from": "1", "fromString": "Open", "to": "3", "toString": "Done"}
    change = {"id": "1", "author": author, "created": "2026-11-01T00:00:00.000+0000", "items": [item, item]}
    own = {f"customfield_{at}": {"self": "https://jira/1", "value": "V", "id": "1"} for at in range(fields)}
    log = {"startAt": 0, "maxResults": changes, "total": changes, "histories": [change] * changes}
    issue = {"expand": "", "id": "1", "self": "https://jira/1", "key": "A-1", "fields": own, "changelog": log}
    return json.dumps({"issues": [issue] * count}, separators=(",", ":")).encode()


def test_a_full_page_of_an_honest_jira_is_far_from_the_limits() -> None:
    page, limits = _page(100, changes=20, fields=10), Limits()
    assert len(page) * 10 < limits.answer_bytes
    assert parts_of(page) * 6 < limits.answer_parts
    # Every issue changed 100 times, and 100 fields asked for.
    assert parts_of(_page(100, changes=100, fields=100)) < limits.answer_parts
    # And has no long texts, for which it would be looked through.
    assert len(page) * 1.5 < _BYTES_LOOKED_THROUGH * parts_of(page)


def test_long_texts_are_cut_in_place_and_weighed_by_what_they_take() -> None:
    wide, deep = "\N{GRINNING FACE}" + "x" * 99_999, ["y" * 5_000]
    for _ in range(3_000):
        deep = [deep]  # type: ignore[list-item]
    document = {"a": ["short", wide, {"b": wide}], "c": deep, "n" * 5_000: 1}
    size = without_long_texts(document)
    assert document["a"] == ["short", wide[:4_000], {"b": wide[:4_000]}]
    assert list(document) == ["a", "c"]
    assert 2 * 4 * 4_000 + 4_000 < size < 2 * 4 * 4_000 + 4_500
    assert without_long_texts("x" * 5_000) == 0


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("shift", range(13))
@pytest.mark.parametrize(
    "piece", ["x", "ü", "€", "\N{GRINNING FACE}", '\\"', "\\", "\n", "\\u00e4", "[1,{2:", "\ud83d"]
)
def test_long_texts_are_cut_before_they_are_read(piece: str, shift: int, ascii_only: bool) -> None:
    long = "a" * shift + piece * 20_000
    if "\ud83d" in long and not ascii_only:
        long = long.replace("\ud83d", "ä")
    numbers = list(range(20_000))
    written = json.dumps({"a": long, "b": [numbers, "c", long], "d": {"\\": '"'}}, ensure_ascii=ascii_only).encode()
    short = short_of_texts(bytearray(written))
    document = parse(short)
    assert (document["b"][0], document["b"][1], document["d"]) == (numbers, "c", {"\\": '"'})
    for text in (document["a"], document["b"][2]):
        # Half of a pair may be left at its end, as it may come from a server.
        assert 1_300 < len(text) <= 16_000
        assert long.startswith((text, text[:-1]))
    assert short_of_texts(b'{"a":"\\\\","b":["",1]}') == b'{"a":"\\\\","b":["",1]}'


def test_a_text_that_nothing_closes_is_passed_over_once() -> None:
    """A million quotation marks in it, each looked at to the end, would take hours."""
    for broken in (b'{"a":"' + b'\\"' * 1_000_000, b'{"a":' + b'"\\' * 1_000_001):
        with pytest.raises(json.JSONDecodeError):
            parse(short_of_texts(broken))


def _with_summaries(text: str, count: int) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = issues(count)
    for document in documents:
        document["fields"]["summary"] = text
    return documents


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_long_texts_are_let_go_at_once_and_read_one_answer_at_a_time(
    flavour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading: list[int] = []
    most = [0]

    def noted(body: bytes) -> Any:
        reading.append(len(body))
        most[0] = max(most[0], len(reading))
        time.sleep(0.02)
        document = parse(body)
        reading.pop()
        return document

    with (
        FakeJira(flavour, _with_summaries("\N{GRINNING FACE}" + "x" * 50_000, 40)) as jira,
        client(jira, limits=Limits()) as result,
    ):
        result.server()
        ids = [ref.id for page in result.refs("project = ABC ORDER BY key ASC") for ref in page.refs]
        monkeypatch.setattr(transport_module, "parse", noted)
        pages = list(result.by_ids(ids, ("summary",), (), _nothing, page=4))
    assert [len(issue["fields"]["summary"]) for page in pages for issue in page.issues] == [4_000] * 40
    assert most[0] == 1


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_texts_that_are_kept_together_have_a_limit_by_their_bytes(flavour: str) -> None:
    with FakeJira(flavour, _with_summaries("\N{GRINNING FACE}" + "x" * 3_900, 20)) as jira:
        # 312,000 bytes are 15,600 parts, and without its texts the answer has not 2,000.
        narrow = JiraClient(transport(jira, limits=replace(QUICK, gathered_parts=8_000)), has_token=True)
        with narrow:
            narrow.server()
            ids = [ref.id for page in narrow.refs("project = ABC ORDER BY key ASC") for ref in page.refs]
            pages = list(narrow.by_ids(ids, ("summary",), ("status",), _nothing))
    assert [len(page.issues) for page in pages] == [2] * 10
    assert sorted(issue["id"] for page in pages for issue in page.issues) == sorted(ids)


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_of_a_jira_that_says_much_fewer_issues_are_asked_for_at_once(flavour: str) -> None:
    with FakeJira(flavour, issues(60)) as jira, client(jira) as result:
        result.server()
        ids = [ref.id for page in result.refs("project = ABC ORDER BY key ASC") for ref in page.refs]
        whole = next(result.by_ids(ids, ("status",), ("status",), _nothing))
    text = json.dumps(whole.issues)
    parts = sum(map(text.count, "{[,:")) // 4
    with FakeJira(flavour, issues(60)) as jira:
        narrow = JiraClient(transport(jira, limits=replace(QUICK, answer_parts=parts)), has_token=True)
        with narrow:
            narrow.server()
            pages = list(narrow.by_ids(ids, ("status",), ("status",), _nothing))
    assert len(pages) > 1
    assert sorted(issue["id"] for page in pages for issue in page.issues) == sorted(ids)


def _with_long_history(changes: int, count: int = 3, places: Sequence[int] = (0,)) -> list[dict[str, Any]]:
    """Issues, of which those at these places changed so many times."""
    documents: list[dict[str, Any]] = issues(count)
    item = {"field": "status", "fieldId": "status", "from": "1", "fromString": "Open", "to": "3", "toString": "Done"}
    for place in places:
        documents[place]["histories"] = [
            {"id": str(number), "created": "2026-02-01T00:00:00.000+0000", "items": [item]} for number in range(changes)
        ]
    return documents


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_a_history_that_is_too_large_for_one_answer_comes_in_smaller_ones(flavour: str) -> None:
    with FakeJira(flavour, _with_long_history(1_000)) as jira:
        # A page of a hundred changes has 2,000 parts, and all of them 20,000.
        narrow = JiraClient(transport(jira, limits=replace(QUICK, answer_parts=8_000)), has_token=True)
        with narrow:
            narrow.server()
            ids = [ref.id for page in narrow.refs("project = ABC ORDER BY key ASC") for ref in page.refs]
            pages = list(narrow.by_ids(ids, ("status",), ("status",), _nothing))
    histories = {issue: log for page in pages for issue, log in (page.histories or {}).items()}
    assert sorted(issue["id"] for page in pages for issue in page.issues) == sorted(ids)
    assert len(histories[ids[0]]) == 1_000
    assert not any(page.incomplete for page in pages)


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_what_is_too_much_together_comes_of_fewer_issues_at_a_time(flavour: str) -> None:
    with FakeJira(flavour, _with_long_history(400, 20, (0, 10, 19))) as jira:
        # A history has about 8,000 parts: there is room for one of them, and every answer may be as large as all three.
        narrow = JiraClient(transport(jira, limits=replace(QUICK, gathered_parts=14_000)), has_token=True)
        with narrow:
            narrow.server()
            ids = [ref.id for page in narrow.refs("project = ABC ORDER BY key ASC") for ref in page.refs]
            before = jira.requests
            pages = list(narrow.by_ids(ids, ("status",), ("status",), _nothing))
    histories = {issue: log for page in pages for issue, log in (page.histories or {}).items()}
    assert sorted(issue["id"] for page in pages for issue in page.issues) == sorted(ids)
    assert [len(histories[ids[place]]) for place in (0, 10, 19)] == [400] * 3
    # Ten shares of two issues each, of which Cloud tells the histories by another question, and what was too much.
    assert jira.requests - before <= 24


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_what_stays_too_much_is_refused_without_asking_again_and_again(flavour: str) -> None:
    """However few changes an answer has, those of one issue are as many."""
    with FakeJira(flavour, _with_long_history(3_000)) as jira:
        narrow = JiraClient(transport(jira, limits=replace(Limits(), gathered_parts=28_000)), has_token=True)
        with narrow:
            narrow.server()
            ids = [ref.id for page in narrow.refs("project = ABC ORDER BY key ASC") for ref in page.refs]
            before = jira.requests
            with pytest.raises(TooLarge, match="narrow the query"):
                list(narrow.by_ids(ids, ("status",), ("status",), _nothing))
    assert jira.requests - before <= 8


def test_a_jira_without_pages_of_histories_is_told_that_the_answer_is_too_large() -> None:
    with FakeJira("data-center", _with_long_history(1_000)) as jira:
        jira.faults.no_history_pages = True
        narrow = JiraClient(transport(jira, limits=replace(QUICK, answer_parts=8_000)), has_token=True)
        with narrow:
            narrow.server()
            with pytest.raises(TooLarge, match="narrow the query"):
                list(narrow.by_ids(["10001"], ("status",), ("status",), _nothing))


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_an_answer_that_stays_too_large_is_refused_with_what_to_do_and_what_is_stored_stays(flavour: str) -> None:
    with world(flavour, count=30) as here:
        here.sync()
        before = here.backend.list_issues(REF)
        for limits in (replace(QUICK, answer_parts=20), replace(QUICK, answer_bytes=200)):
            with pytest.raises(TooLarge, match="narrow the query") as failure:
                here.sync(full=True, limits=limits)
            assert isinstance(failure.value, BadAnswer)
            assert here.backend.list_issues(REF) == before
        assert here.sync(full=True).fetched == 30


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_pages_that_are_kept_together_have_a_limit_too(flavour: str) -> None:
    """However small each is: a history of as many pages as somebody likes to give."""
    with FakeJira(flavour, issues(30)) as jira, client(jira) as result:
        result.server()
        ids = [ref.id for page in result.refs("project = ABC ORDER BY key ASC") for ref in page.refs]
    with FakeJira(flavour, issues(30)) as jira:
        for most, is_too_much in ((400_000, False), (40, True)):
            narrow = JiraClient(transport(jira, limits=replace(QUICK, gathered_parts=most)), has_token=True)
            with narrow, pytest.raises(TooLarge) if is_too_much else nullcontext():
                narrow.server()
                assert len(list(narrow.by_ids(ids, ("status",), ("status",), _nothing))) >= 1


@pytest.mark.parametrize("flavour", ["cloud", "data-center"])
def test_a_list_of_more_issues_than_there_is_room_for_is_refused_at_once(
    flavour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(flavour, count=30) as here:
        here.sync()
        monkeypatch.setattr(sweeping, "_MOST_ISSUES", 10)
        before, count = here.backend.list_issues(REF), here.jira.requests
        with pytest.raises(TooLarge, match="more than 10 issues"):
            here.sync(full=True)
        assert here.backend.list_issues(REF) == before
        assert here.jira.requests - count < 15
        monkeypatch.setattr(sweeping, "_MOST_ISSUES", 30)
        assert here.sync(full=True).fetched == 30
