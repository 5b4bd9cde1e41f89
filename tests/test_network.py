"""What goes out is noted, and nothing goes out while the user wants nothing to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.errors import Offline
from app.jira import errors
from app.jira.http.transport import Connection, Transport
from app.network import LISTED, Network
from scripts.fake_jira import EMAIL, TOKEN, FakeJira
from tests.jira.world import QUICK, issues

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)


class Switch:
    def __init__(self) -> None:
        self.is_on = False

    def __call__(self) -> bool:
        return self.is_on


def transport(jira: FakeJira, network: Network) -> Transport:
    return Transport(Connection(jira.url, EMAIL, TOKEN), network.asking("Jira sync"), QUICK, lambda seconds: None)


def test_each_request_is_noted_with_its_host_its_bytes_and_its_reason() -> None:
    network = Network(clock=lambda: NOW)
    with FakeJira("cloud", issues(3)) as jira:
        connection = transport(jira, network)
        connection.get("/rest/api/2/serverInfo", secret="not to be shown")
        connection.close()
    (sent,) = network.listed
    assert (sent.at, sent.why, sent.outcome) == (NOW, "Jira sync", "200")
    assert sent.host == jira.url.removesuffix("/jira")
    assert sent.what.startswith("GET /")
    assert sent.what.endswith("/rest/api/2/serverInfo")
    assert sent.bytes_out > 100
    assert sent.bytes_in > 20
    (total,) = network.sums
    assert (total.requests, total.bytes_out, total.bytes_in) == (1, sent.bytes_out, sent.bytes_in)


def test_a_request_without_an_answer_is_noted_too() -> None:
    network = Network(clock=lambda: NOW)
    with FakeJira("cloud", issues(1)) as jira:
        connection = transport(jira, network)
    with pytest.raises(errors.Unreachable):
        connection.get("/rest/api/2/serverInfo")
    assert [(sent.outcome, sent.bytes_in) for sent in network.listed] == [("no answer", 0)]


def test_offline_nothing_is_asked_and_nothing_noted() -> None:
    switch = Switch()
    network = Network(switch, lambda: NOW)
    with FakeJira("cloud", issues(1)) as jira:
        connection, switch.is_on = transport(jira, network), True
        with pytest.raises(Offline, match="Work offline"):
            connection.get("/rest/api/2/serverInfo")
        assert jira.requests == 0
    assert network.listed == []
    assert network.sums == []


def test_a_connection_that_is_kept_open_is_not_used_once_it_is_offline() -> None:
    switch = Switch()
    network = Network(switch, lambda: NOW)
    with FakeJira("cloud", issues(1)) as jira:
        connection = transport(jira, network)
        connection.get("/rest/api/2/serverInfo")
        switch.is_on = True
        with pytest.raises(Offline):
            connection.get("/rest/api/2/serverInfo")
        assert jira.requests == 1
        connection.close()


def test_no_connection_is_opened_offline_even_by_who_forgets_to_ask() -> None:
    """The library's own connections ask, whoever uses them."""
    switch = Switch()
    with FakeJira("cloud", issues(1)) as jira:
        connection, switch.is_on = transport(jira, Network(switch, lambda: NOW)), True
        with pytest.raises(Offline):
            connection._session.get(jira.url)
        assert jira.requests == 0


def test_a_long_sync_keeps_the_newest_requests_and_the_sums_of_all() -> None:
    network = Network(clock=lambda: NOW)
    purpose = network.asking("Jira sync")
    for number in range(LISTED + 5):
        purpose.note("https://jira.example", f"GET /{number}", (1, 2), "200")
    assert len(network.listed) == LISTED
    assert network.listed[0].what == f"GET /{LISTED + 4}"
    assert network.sums[0].requests == LISTED + 5
    assert network.sums[0].bytes_in == 2 * (LISTED + 5)
