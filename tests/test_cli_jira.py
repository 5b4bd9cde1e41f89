"""connect and sync against a Jira that behaves like Cloud and like Data Center."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import cli
from scripts.fake_jira import EMAIL, TOKEN, FakeJira, seeded_issues
from store.paths import DataFolder

Run = Any


@pytest.fixture(params=["cloud", "data-center"])
def jira(request: pytest.FixtureRequest) -> Any:
    server = FakeJira(request.param, seeded_issues(60, 7, datetime.now(UTC)))
    with server:
        yield server


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*argv: str, code: int = 0) -> Any:
        folder = DataFolder(tmp_path / "profiles", "argument", writable=True)
        assert cli.main([*argv, "--json"], folder) == code
        captured = capsys.readouterr()
        return json.loads(captured.out) if code == 0 else captured.err

    return run


def connected(run: Run, jira: FakeJira) -> Any:
    email = ["--email", EMAIL] if jira.cloud else []
    return run("connect", "--url", jira.url, "--profile", "Team", "--query", "All", "--jql", "project = DEMO", *email)


def test_connecting_says_which_jira_it_is_and_what_matches(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    document = connected(run, jira)
    assert document["deployment"] == ("cloud" if jira.cloud else "data center")
    assert document["matches"] == 60


def test_a_sync_fetches_everything_and_the_next_one_only_what_changed(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    connected(run, jira)
    (first,) = run("sync")["queries"]
    assert (first["mode"], first["fetched"]) == ("full", 60)
    (second,) = run("sync")["queries"]
    assert (second["mode"], second["changed"], second["removed"]) == ("delta", 0, 0)
    status = run("status")
    assert status["counts"]["issues"] == 60
    assert status["counts"]["issue_changes"] == first["issue_changes"] > 0
    assert status["counts"]["snapshot_weeks"] == 1
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert TOKEN.encode() not in written


def test_without_the_token_the_message_says_where_it_is_looked_for(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    connected(run, jira)
    monkeypatch.delenv("BURNDOWN_JIRA_TOKEN")
    assert "BURNDOWN_JIRA_TOKEN" in run("sync", code=3)


def test_a_wrong_token_is_refused_and_nothing_is_saved(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", "wrong")
    email = ["--email", EMAIL] if jira.cloud else []
    message = run(
        "connect", "--url", jira.url, "--profile", "Team", "--query", "All", "--jql", "project = DEMO", *email, code=3
    )
    assert "token" in message
    assert run("status")["counts"]["profiles"] == 0


def test_a_sync_without_a_connected_profile_says_what_to_do(run: Run) -> None:
    assert "Connect one first" in run("sync", code=3)
