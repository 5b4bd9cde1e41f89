"""connect and sync against a Jira that behaves like Cloud and like Data Center."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import certifi
import pytest

from app.actions.token_places import server_key
from app.cli import main
from app.settings import changed
from scripts.fake_jira import EMAIL, TOKEN, FakeJira, seeded_issues
from store.opening import open_store
from store.paths import DataFolder
from store.secrets import Cost, Secrets

pytestmark = pytest.mark.slow

Run = Any


@pytest.fixture(params=["cloud", "data-center"])
def jira(request: pytest.FixtureRequest) -> Any:
    server = FakeJira(request.param, seeded_issues(60, 7, datetime.now(UTC)))
    with server:
        yield server


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*argv: str, code: int = 0) -> Any:
        folder, variables = DataFolder(tmp_path / "profiles", "argument", writable=True), dict(os.environ)
        assert main.main([*argv, "--json"], folder) == code
        if argv[0] in ("connect", "sync"):
            assert not {"BURNDOWN_JIRA_TOKEN", "BURNDOWN_PASSPHRASE"} & set(os.environ)
        # The next command is another process, with the environment of the shell.
        os.environ.update(variables)
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


def test_a_sync_keeps_who_changed_something_once_that_was_chosen(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    connected(run, jira)

    def authors(choice: str) -> set[str]:
        with closing(open_store(tmp_path / "profiles", mode="write").backend) as backend:
            (profile,) = backend.list_profiles()
            backend.save_profile(changed(profile, {"authors": choice}))
        run("sync")
        with closing(open_store(tmp_path / "profiles", mode="read").backend) as backend:
            (query,) = backend.list_queries(profile.id)
            return {change.author for change in backend.list_changes(query.ref)}

    assert [authors("drop"), authors("keep")] == [{""}, {"Ann Author"}]


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


def test_a_query_that_jira_refuses_does_not_keep_the_others_from_being_synced(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    connected(run, jira)
    opened = open_store(tmp_path / "profiles", mode="write")
    (profile,) = opened.backend.list_profiles()
    (query,) = opened.backend.list_queries(profile.id)
    opened.backend.save_query(replace(query, id="q_other", name="Odd", jql="projekt = DEMO"))
    opened.backend.close()
    assert "Odd: Jira does not understand the query" in run("sync", code=3)
    assert run("status")["counts"]["issues"] == 60


def test_the_authorities_of_a_company_are_copied_into_the_data_folder(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    email = ["--email", EMAIL] if jira.cloud else []
    place = ["connect", "--url", jira.url, "--profile", "Team", "--query", "All", "--jql", "project = DEMO", *email]
    (tmp_path / "no.pem").write_text("hello")
    assert "holds no certificates" in run(*place, "--ca-file", str(tmp_path / "no.pem"), code=3)
    assert "cannot be read" in run(*place, "--ca-file", str(tmp_path / "absent.pem"), code=3)
    authorities = Path(certifi.where()).read_bytes()
    (tmp_path / "ca.pem").write_bytes(authorities)
    run(*place, "--ca-file", str(tmp_path / "ca.pem"))
    (tmp_path / "ca.pem").unlink()
    (kept,) = (tmp_path / "profiles").glob("*.pem")
    assert kept.read_bytes() == authorities
    assert run("sync")["queries"][0]["fetched"] == 60


def test_a_token_from_the_environment_is_for_the_authorities_that_it_was_used_with(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    connected(run, jira)
    other, folder = tmp_path / "other.pem", tmp_path / "profiles"
    other.write_bytes(Path(certifi.where()).read_bytes())
    planted = f"jira-ca-{hashlib.sha256(other.read_bytes()).hexdigest()[:12]}.pem"
    shutil.copy(other, folder / planted)
    with closing(open_store(folder, mode="write").backend) as backend:
        (profile,) = backend.list_profiles()
        backend.save_profile(replace(profile, jira_config={**profile.jira_config, "ca_file": planted}))
    count = jira.requests
    assert "--ca-file FILE" in run("sync", code=3)
    # Neither does the address that is said beside it say which certificates are right, nor what the folder notes.
    monkeypatch.setenv("BURNDOWN_JIRA_URL", jira.url)
    with closing(open_store(folder, mode="write").backend) as backend:
        backend.set_state(server_key(profile.id), None)
    assert "the certificates which Team now trusts" in run("sync", code=3)
    assert jira.requests == count
    email = ["--email", EMAIL] if jira.cloud else []
    place = ["connect", "--url", jira.url, "--profile", "Team", "--query", "All", "--jql", "project = DEMO", *email]
    run(*place, "--ca-file", str(other))
    assert run("sync")["queries"][0]["fetched"] == 60


def edited_address(folder: Path, url: str) -> None:
    opened = open_store(folder, mode="write")
    (profile,) = opened.backend.list_profiles()
    opened.backend.save_profile(replace(profile, jira_config={**profile.jira_config, "base_url": url}))
    opened.backend.close()


def test_a_token_from_the_environment_goes_to_no_other_server_than_before(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    connected(run, jira)
    run("sync")
    with FakeJira("cloud" if jira.cloud else "data-center", seeded_issues(3, 7, datetime.now(UTC))) as other:
        edited_address(tmp_path / "profiles", other.url)
        refused = run("sync", code=3)
        assert f"went to {jira.url} until now" in refused
        assert f"burndown connect --url {other.url}" in refused
        assert other.requests == 0
        connected(run, other)
        assert run("sync")["queries"][0]["fetched"] == 3


def test_who_has_the_folder_in_hand_cannot_say_in_a_users_name_which_server_a_token_is_for(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    profile_id = connected(run, jira)["profile_id"]
    with FakeJira("cloud" if jira.cloud else "data-center", seeded_issues(3, 7, datetime.now(UTC))) as other:
        edited_address(tmp_path / "profiles", other.url)
        for noted in (other.url, None):
            with closing(open_store(tmp_path / "profiles", mode="write").backend) as backend:
                backend.set_state(server_key(profile_id), noted)
            refused = run("sync", code=3)
            assert f"BURNDOWN_JIRA_URL={other.url}" in refused
        assert other.requests == 0
    edited_address(tmp_path / "profiles", jira.url)
    with closing(open_store(tmp_path / "profiles", mode="write").backend) as backend:
        backend.set_state(server_key(profile_id), jira.url)
    assert run("sync")["queries"][0]["fetched"] == 60


def test_a_token_from_the_environment_goes_to_no_new_server_that_another_profile_names(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    connected(run, jira)
    with FakeJira("cloud" if jira.cloud else "data-center", seeded_issues(3, 7, datetime.now(UTC))) as other:
        beside_it(tmp_path / "profiles", other.url)
        refused = run("sync", code=3)
        assert f"went to {jira.url} until now" in refused
        assert f"burndown connect --url {other.url}" in refused
        assert other.requests == 0
        assert run("status")["counts"]["issues"] == 60
        monkeypatch.setenv("BURNDOWN_JIRA_URL", other.url)
        assert run("sync", "--profile", "Sent by somebody", "--query", "All")["queries"][0]["fetched"] == 3


def test_a_token_from_the_environment_waits_until_the_server_of_a_bundle_is_confirmed(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also on a machine where the token never went anywhere: whoever made the bundle chose the address."""
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    connected(run, jira)
    run("export", "--bundle", str(tmp_path / "team.zip"))
    shutil.rmtree(tmp_path / "profiles")
    run("import", str(tmp_path / "team.zip"))
    requests_before = jira.requests
    refused = run("sync", code=3)
    assert "came with a bundle" in refused
    assert f"BURNDOWN_JIRA_URL={jira.url}" in refused
    assert jira.requests == requests_before
    syncs_once_confirmed(run, jira, monkeypatch)


def syncs_once_confirmed(run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is said once, and need not be again."""
    with monkeypatch.context() as patch:
        patch.setenv("BURNDOWN_JIRA_URL", jira.url)
        assert run("sync")["queries"][0]["fetched"] == 60
    assert run("sync")["queries"][0]["mode"] == "delta"


def test_a_folder_of_an_earlier_version_asks_once_and_says_exactly_for_what(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    connected(run, jira)
    with closing(sqlite3.connect(tmp_path / "profiles/burndown.db")) as connection:
        connection.execute("DELETE FROM app_state WHERE key LIKE 'token%'")
        connection.commit()
    requests_before = jira.requests
    refused = run("sync", code=3)
    assert (
        f"call this again with BURNDOWN_JIRA_URL={jira.url} set beside BURNDOWN_JIRA_TOKEN; once is enough" in refused
    )
    assert f'burndown connect --url {jira.url} --profile "Team" --query … --jql …' in refused
    assert jira.requests == requests_before
    syncs_once_confirmed(run, jira, monkeypatch)


def test_connecting_confirms_the_server_of_a_bundle(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    connected(run, jira)
    run("export", "--bundle", str(tmp_path / "team.zip"))
    shutil.rmtree(tmp_path / "profiles")
    run("import", str(tmp_path / "team.zip"))
    connected(run, jira)
    assert run("sync")["queries"][0]["fetched"] == 60


def beside_it(folder: Path, url: str) -> None:
    """A copy of the only profile and its query that names another server, as one from a bundle may."""
    opened = open_store(folder, mode="write")
    (profile,) = opened.backend.list_profiles()
    (query,) = opened.backend.list_queries(profile.id)
    config = {**profile.jira_config, "base_url": url}
    opened.backend.save_profile(replace(profile, id="p_sent", name="Sent by somebody", jira_config=config))
    opened.backend.save_query(replace(query, profile_id="p_sent"))
    opened.backend.close()


def test_a_token_whose_server_is_said_goes_to_that_one_only(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    monkeypatch.setenv("BURNDOWN_JIRA_URL", "https://jira.example.com")
    email = ["--email", EMAIL] if jira.cloud else []
    wanted = ["--profile", "Team", "--query", "All", "--jql", "project = DEMO", *email]
    assert "the token is for https://jira.example.com" in run("connect", "--url", jira.url, *wanted, code=3)
    assert jira.requests == 0
    monkeypatch.setenv("BURNDOWN_JIRA_URL", f"{jira.url}/browse/DEMO-1")
    run("connect", "--url", jira.url, *wanted)
    assert run("sync")["queries"][0]["fetched"] == 60


def test_a_sealed_token_of_an_earlier_version_is_sent_nowhere(
    run: Run, jira: FakeJira, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    profile_id = connected(run, jira)["profile_id"]
    monkeypatch.delenv("BURNDOWN_JIRA_TOKEN")
    Secrets(tmp_path / "profiles", cost=Cost(1, 8192)).remember_on_stick(profile_id, "", TOKEN, "four words of mine")
    monkeypatch.setenv("BURNDOWN_PASSPHRASE", "four words of mine")
    with FakeJira("cloud" if jira.cloud else "data-center", seeded_issues(3, 7, datetime.now(UTC))) as other:
        edited_address(tmp_path / "profiles", other.url)
        assert "of an earlier version" in run("sync", code=3)
        assert other.requests == 0
