"""A Stop is heard wherever Jira's answer has got to, and what came before a fault is kept."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from http.client import HTTPConnection

import pytest

from app.errors import Cancelled
from app.jira.client import JiraClient
from app.jira.errors import TimedOut, Unreachable
from app.jira.http.transport import Connection, Transport
from app.jira.sync.staging import load_cursor
from app.jira.sync.sync import sync
from scripts.fake_jira import EMAIL, TOKEN, FakeJira
from store.errors import DiskFull, NotWritable
from store.memory import MemoryBackend
from store.records import CachedPage, QueryRef
from tests.jira.world import QUICK, REF, TESTING, Steps, World, client, issues, transport, world

FLAVOURS = pytest.mark.parametrize("flavour", ["cloud", "data-center"])


def _nothing() -> None:
    return None


def test_a_question_goes_to_jira_in_one_piece_with_its_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []

    def noted(connection: HTTPConnection, data: bytes) -> None:
        sent.append(data)
        really(connection, data)

    really = HTTPConnection.send
    with FakeJira("cloud", issues(3)) as jira, client(jira) as result:
        result.server()
        monkeypatch.setattr(HTTPConnection, "send", noted)
        assert result.count("project = ABC") == 3
        assert result.server().title == "Fake Jira"
    assert [(each.split()[0], each.count(b"\r\n\r\n")) for each in sent] == [(b"POST", 1), (b"GET", 1)]
    assert sent[0].endswith(b'{"jql":"project = ABC"}')


@pytest.mark.slow
@pytest.mark.parametrize("error", [OSError("the disk"), TimeoutError("the disk"), Cancelled("stopped")])
def test_what_is_not_wanted_any_more_is_no_error_of_the_connection_and_not_repeated(error: Exception) -> None:
    def stop() -> None:
        raise error

    with FakeJira("cloud", issues(3)) as jira, client(jira) as result:
        result.server()
        jira.faults.slow_seconds = 1.5
        with pytest.raises(type(error)) as failure, result.heard_by(stop):
            result.server()
        assert failure.value is error
        jira.faults.slow_seconds = 0.0
        assert result.server().title == "Fake Jira"
        assert result.requests == 3
        # The server may notice late that nobody waits for the one that was left.
        until = time.monotonic() + 5
        while jira.requests < 3 and time.monotonic() < until:
            time.sleep(0.05)
        assert jira.requests == 3


@pytest.mark.slow
def test_outside_of_it_nobody_is_asked() -> None:
    def stop() -> None:
        raise Cancelled("stopped")

    with FakeJira("cloud", issues(3)) as jira, client(jira) as result:
        with result.heard_by(stop):
            pass
        jira.faults.slow_seconds = 1.2
        assert result.server().title == "Fake Jira"


def test_a_silent_server_is_given_up_after_its_time_also_when_somebody_listens() -> None:
    with FakeJira("cloud", issues(3)) as jira:
        jira.faults.silent = True
        client = JiraClient(transport(jira, limits=replace(QUICK, silence_seconds=0.3)), has_token=True)
        began = time.monotonic()
        with pytest.raises(TimedOut, match="did not answer in time"), client, client.heard_by(_nothing):
            client.server()
        assert time.monotonic() - began < 5


@FLAVOURS
def test_a_sync_of_a_jira_that_falls_silent_is_cancelled_within_seconds(flavour: str) -> None:
    class Stopped(Steps):
        """Asked to stop once the third page is kept, which is when Jira falls silent."""

        def step(self, done: int, total: int, text: str = "") -> None:
            if here.jira.faults.silent:
                raise Cancelled("stopped")
            super().step(done, total, text)

    with world(flavour, count=30) as here:
        began = time.monotonic()
        with pytest.raises(Cancelled):
            here.sync(progress=Stopped(at={5: lambda: setattr(here.jira.faults, "silent", True)}))
        assert time.monotonic() - began < 10
        here.jira.faults.silent = False
        assert here.sync().mode == "full"
        assert len(here.backend.list_issues(REF)) == 30


class StoppedWhenSilent(Steps):
    """Asked to stop from the moment at which the sync waits for Jira without anything to do."""

    def step(self, done: int, total: int, text: str = "") -> None:
        super().step(done, total, text)
        if not text:
            raise Cancelled("stopped")


STAGES = [
    ("cloud", "serverInfo"),
    ("cloud", "myself"),
    ("cloud", "/field"),
    ("cloud", "approximate-count"),
    ("cloud", "search/jql"),
    ("cloud", "bulkfetch"),
    ("cloud", "agile"),
    ("data-center", "myself"),
    ("data-center", "/search"),
    ("data-center", "agile"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("flavour", "stage"), STAGES)
def test_whatever_a_sync_waits_for_it_is_stopped_within_seconds(flavour: str, stage: str) -> None:
    with world(flavour) as here:
        here.jira.faults.silent_at = stage
        began = time.monotonic()
        with pytest.raises(Cancelled):
            here.sync(progress=StoppedWhenSilent())
        assert time.monotonic() - began < 5
        assert here.backend.list_issues(REF) == []


@pytest.mark.slow
@pytest.mark.parametrize(("flavour", "stage"), STAGES[1:6])
def test_an_answer_that_stops_in_its_middle_is_stopped_within_seconds(flavour: str, stage: str) -> None:
    with world(flavour) as here:
        here.jira.faults.half_at = stage
        began = time.monotonic()
        with pytest.raises(Cancelled):
            here.sync(progress=StoppedWhenSilent())
        assert time.monotonic() - began < 5


def test_an_answer_that_stops_in_its_middle_is_given_up_in_time() -> None:
    with FakeJira("cloud", issues(3)) as jira:
        client = JiraClient(transport(jira, limits=replace(QUICK, silence_seconds=0.3)), has_token=True)
        client.server()
        jira.faults.half_at = "/field"
        began = time.monotonic()
        with pytest.raises(TimedOut, match="did not answer in time"), client, client.heard_by(_nothing):
            client.fields()
        assert time.monotonic() - began < 5


@pytest.mark.slow
def test_an_answer_that_drips_is_stopped_within_seconds() -> None:
    with world() as here:
        here.jira.faults.dripping = True
        began = time.monotonic()
        with pytest.raises(Cancelled):
            here.sync(progress=StoppedWhenSilent())
        assert time.monotonic() - began < 5


@FLAVOURS
@pytest.mark.parametrize("at", [3, 4, 8])
def test_a_busy_server_in_the_middle_is_waited_for_and_nothing_is_kept_twice(flavour: str, at: int) -> None:
    with world(flavour, count=30) as here:
        result = here.sync(progress=Steps(at={at: lambda: setattr(here.jira.faults, "busy", 2)}))
        assert (result.fetched, result.changed) == (30, 30)
        assert here.jira.faults.busy == 0
        kept = [len(json.loads(page.response)["issues"]) for page in here.backend.list_pages(REF)]
        assert kept == [3] * 10


@FLAVOURS
def test_pages_that_came_are_kept_before_a_pause_that_jira_asks_for(flavour: str) -> None:
    kept: list[int] = []

    def pause(seconds: float) -> None:
        kept.append(len(here.backend.list_pages(REF)))

    with world(flavour, count=30) as here:
        waiting = Transport(Connection(here.jira.url, EMAIL if here.jira.cloud else "", TOKEN), TESTING, QUICK, pause)
        with JiraClient(waiting, has_token=True) as client:
            # The second page is kept then.
            steps = Steps(at={5: lambda: setattr(here.jira.faults, "busy", 1)})
            sync(client, here.backend, REF, progress=steps, now=here.clock)
    assert len(kept) == 1
    assert kept[0] >= 2


@FLAVOURS
def test_pages_that_came_before_a_lost_connection_are_kept(flavour: str) -> None:
    with world(flavour, count=30) as here:
        # After six questions about the server pages come, several side by side: one of them breaks.
        here.jira.faults.fail_at = 6 + 5
        with pytest.raises(Unreachable):
            here.sync(limits=replace(QUICK, tries=1))
        cursor = load_cursor(here.backend, REF)
        assert cursor is not None
        assert 0 < cursor.run.pages < 10
        here.sync()
        assert len(here.backend.list_issues(REF)) == 30
        assert len(here.backend.list_pages(REF)) == 10


class _FullDisk(MemoryBackend):
    """Takes so many pages."""

    room = 3

    def save_pages(self, ref: QueryRef, pages: list[CachedPage]) -> None:  # type: ignore[override]
        if not self.room:
            raise NotWritable("The disk is full.")
        self.room -= 1
        super().save_pages(ref, pages)


@FLAVOURS
def test_a_disk_that_is_full_in_the_middle_is_told_and_the_next_sync_goes_on(flavour: str) -> None:
    with world(flavour, count=30) as here:
        disk = _FullDisk(here.backend._state)
        full = World(here.jira, here.clock, disk)
        with pytest.raises(NotWritable, match="disk is full"):
            full.sync()
        cursor = load_cursor(disk, REF)
        assert cursor is not None
        assert cursor.run.pages == 3
        disk.room = 100
        full.sync()
        assert len(disk.list_issues(REF)) == 30


def test_once_a_request_is_sent_its_thread_does_what_else_there_is_to_do() -> None:
    calls = list[str]()
    with FakeJira("cloud", issues(3)) as jira, client(jira) as asking:
        with asking.used_for(lambda: calls.append("done")):
            asking.server()
            asking.count("project = ABC")
        assert calls == ["done", "done"]
        asking.server()
        assert calls == ["done", "done"]


def test_what_goes_wrong_while_the_server_works_is_told_as_itself_and_nothing_is_asked_again() -> None:
    def fails() -> None:
        raise DiskFull("disk is full")

    with FakeJira("cloud", issues(3)) as jira, client(jira) as asking:
        asking.server()
        count = asking.requests
        with pytest.raises(DiskFull), asking.used_for(fails):
            asking.count("project = ABC")
        assert asking.requests == count + 1
        assert asking.count("project = ABC") == 3


@pytest.mark.slow
@FLAVOURS
def test_a_server_that_takes_too_long_is_asked_for_fewer_at_once_from_then_on(flavour: str) -> None:
    with FakeJira(flavour, issues(90)) as jira, client(jira, limits=replace(QUICK, silence_seconds=0.6)) as result:
        result.server()
        ids = [ref.id for page in result.refs("project = ABC ORDER BY key ASC") for ref in page.refs]
        jira.faults.most_at_once = 30
        pages = list(result.by_ids(ids, ("status",), ("status",), _nothing))
        assert sorted(issue["id"] for page in pages for issue in page.issues) == sorted(ids)
        count = jira.requests
        again = list(result.by_ids(ids, ("status",), ("status",), _nothing))
        # None went unanswered; Cloud's histories are a question of their own.
        assert jira.requests - count == len(again) + (flavour == "cloud")


@pytest.mark.slow
@FLAVOURS
def test_a_server_that_answers_no_search_at_all_is_told_so(flavour: str) -> None:
    with FakeJira(flavour, issues(60)) as jira, client(jira, limits=replace(QUICK, silence_seconds=0.3)) as result:
        result.server()
        ids = [ref.id for page in result.refs("project = ABC ORDER BY key ASC") for ref in page.refs]
        jira.faults.most_at_once = 1
        with pytest.raises(TimedOut):
            list(result.by_ids(ids, ("status",), ("status",), _nothing))
