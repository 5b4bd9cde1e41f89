"""Sharing a folder with a team, joining, leaving and how it stands, as commands of a user."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

import launcher
from app.actions import team
from scripts.fake_jira import EMAIL, TOKEN, FakeJira, seeded_issues
from store.data import open_data
from store.errors import Damaged, NothingShared
from store.opening import open_store
from store.paths import resolve
from store.postgres.backend import open_sessions, take_away
from store.records import Change, Issue, Milestone, Profile, Query, QueryRef
from store.sql.schema import SCHEMA_VERSION
from store.sqlite import backup
from store.team import membership
from tests.postgres import Server, new_server, shared_server
from tests.store.contract.filling import NOW, fill

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow

REF = QueryRef("p", "q")


@dataclass
class Member:
    """One folder, asked as from a command line."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def ask(self, *words: str, code: int = 0) -> dict[str, Any]:
        assert launcher.main(["--profiles", str(self.folder), "--json", *words]) == code
        printed = self.capsys.readouterr()
        self.heard = printed.err
        document: dict[str, Any] = json.loads(printed.out)
        return document


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An empty database on a running server."""
    monkeypatch.delenv("PGPASSWORD", raising=False)
    database = shared_server("15")
    database.admin("DROP SCHEMA IF EXISTS burndown CASCADE")
    yield database
    database.admin("DROP SCHEMA IF EXISTS burndown CASCADE")


@pytest.fixture
def ann(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Member:
    folder = tmp_path / "ann"
    backend = open_store(folder, mode="write").backend
    backend.save_profile(Profile("p", "Team", NOW, NOW, forecast_settings={"deadline": "2026-12-24"}))
    backend.save_query(Query("p", "q", "All", NOW, NOW))
    backend.save_query(Query("p", "empty", "Nothing yet", NOW, NOW))
    fill(backend, REF)
    items = [Issue(f"A-{number}", summary=f"Größe {number}", points=number / 2) for number in range(50)]
    backend.upsert_issues(REF, items, [Change(item.key, NOW, "status", None, "Doing") for item in items])
    backend.replace_milestones("p", [Milestone("Beta", date(2026, 5, 1))])
    backend.set_note(REF, "jira_sync", "page 3")
    backend.set_note(QueryRef("p", ""), "chosen", "who chose what, and when")
    backend.set_state("theme", "dark")
    backend.set_state("token_place/p", "computer https://jira.example.com")
    backend.remember_import(REF, "import of a.csv", NOW, NOW)
    backend.switch_query(REF, NOW)
    backend.close()
    return Member(folder, capsys)


@pytest.fixture
def ben(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Member:
    return Member(tmp_path / "ben", capsys)


def rows_of(member: Member) -> list[object]:
    opened = open_data(member.folder, mode="read", store=(membership(member.folder) or NoMember).address)
    backend = opened.backend
    try:
        facts = backend.load_facts(REF)
        return [
            facts, backend.counts(), backend.list_pages(REF), backend.list_changelogs(REF), backend.list_snapshots(REF),
            backend.list_undoable(), backend.get_note(REF, "jira_sync"), backend.list_migrations(),
            backend.get_note(QueryRef("p", ""), "chosen"),
        ]  # fmt: skip
    finally:
        backend.close()


class NoMember:
    address = None


def test_what_is_shared_is_what_the_next_member_sees(server: Server, ann: Member, ben: Member) -> None:
    before, url = rows_of(ann), str(server.address)
    counts = ann.ask("status")["counts"]
    shared = ann.ask("team", "share", url)
    assert shared["copied"] == shared["counts"] == counts
    assert (shared["store"], shared["role"], shared["schema_version"]) == (url, "owner", SCHEMA_VERSION)
    assert shared["server"].startswith("15.")
    assert rows_of(ann) == before
    joined = ben.ask("team", "join", url)
    assert (joined["counts"], joined["copied"]) == (counts, None)
    assert Path(joined["snapshot"]["file"]).parent == ben.folder / "backups"
    assert rows_of(ben) == before
    for member in (ann, ben):
        status = member.ask("status")
        assert (status["store"], status["counts"], status["journal_mode"]) == (url, counts, "server")
        # The copies of the team's data are none of the folder's own database.
        assert member.ask("check") == {"ok": True, "problems": []}


def test_what_belongs_to_a_person_or_a_computer_is_not_shared(server: Server, ann: Member, ben: Member) -> None:
    ann.ask("team", "share", str(server.address))
    ben.ask("team", "join", str(server.address))
    keys = rows_on(server, "SELECT key FROM burndown.app_state")
    assert sorted(keys) == [("chosen/p/",), ("jira_sync/p/q",), ("last_revision",), ("last_written",)]
    opened = open_data(ben.folder, mode="read", store=server.address)
    assert (opened.backend.get_state("theme"), opened.backend.active_query()) == (None, None)
    opened.backend.close()
    opened = open_data(ann.folder, mode="read", store=server.address)
    assert (opened.backend.get_state("theme"), opened.backend.active_query()) == ("dark", REF)
    opened.backend.close()


def rows_on(server: Server, statement: str) -> list[tuple[Any, ...]]:
    address = server.address
    with psycopg.connect(host=address.host, port=address.port, user=address.user, dbname="team") as connection:
        return connection.execute(statement.encode()).fetchall()


def test_every_command_works_with_a_store_that_is_named(
    server: Server, ann: Member, ben: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.ask("team", "share", str(server.address))
    export = tmp_path / "more.csv"
    export.write_text("Issue key,Summary,Status,Status Category,Created\nB-1,New,Open,To Do,2026-01-05 10:00\n")
    named = ("--store", str(server.address))
    imported = ben.ask(*named, "import", str(export), "--project", "Team", "--work", "Nothing yet")
    assert (imported["kept"], imported["profile_id"], imported["query_id"]) == (1, "p", "empty")
    assert not (ben.folder / "team.json").exists()
    assert ann.ask("status")["counts"]["issues"] == 52
    monkeypatch.setenv("BURNDOWN_STORE", str(server.address))
    for words in (["forecast"], ["metrics"], ["calibration"], ["check"], ["undo"], ["status"]):
        ben.ask(*words)
    ben.ask("export", "--csv", str(tmp_path / "csv"))
    ben.ask("export", "--bundle", str(tmp_path / "all.zip"))
    ben.ask("report", "--out", str(tmp_path / "report.html"), "--work", "All")
    assert ben.ask("backup", "--to", str(tmp_path / "team.db"))["bytes"] > 0
    assert "Leave the team first" in ben.ask("restore", str(tmp_path / "team.db"), code=3)["error"]
    monkeypatch.delenv("BURNDOWN_STORE")
    assert ben.ask("status")["counts"]["issues"] == 0


def test_who_leaves_takes_everything_along_and_the_team_goes_on(server: Server, ann: Member, ben: Member) -> None:
    ann.ask("team", "share", str(server.address))
    ben.ask("team", "join", str(server.address))
    before = rows_of(ben)
    left = ben.ask("team", "leave")
    assert left["counts"]["issues"] == 51
    assert not (ben.folder / "team.json").exists()
    after = rows_of(ben)
    assert after[1:] == before[1:]
    assert after[0].issues == before[0].issues  # type: ignore[attr-defined]
    assert backup.check(ben.folder) == []
    opened = open_store(ben.folder, mode="write")
    opened.backend.upsert_issues(REF, [Issue("B-1")])
    opened.backend.close()
    assert ann.ask("status")["counts"]["issues"] == 51
    assert "does not work with a team" in ben.ask("team", "leave", code=3)["error"]


def test_what_a_folder_held_before_it_joined_stays_in_a_backup(server: Server, ann: Member, ben: Member) -> None:
    ann.ask("team", "share", str(server.address))
    backend = open_store(ben.folder, mode="write").backend
    backend.save_profile(Profile("own", "Ben's own", NOW, NOW))
    backend.close()
    ben.ask("team", "join", str(server.address))
    assert "What was in this folder is kept in backups/" in ben.heard
    (kept,) = [snapshot for snapshot in backup.snapshots(ben.folder) if snapshot.kind == "before-team"]
    ben.ask("team", "leave")
    ben.ask("restore", str(kept.file))
    opened = open_store(ben.folder, mode="read")
    assert [profile.name for profile in opened.backend.list_profiles()] == ["Ben's own"]
    opened.backend.close()


def test_a_folder_is_not_shared_into_the_data_of_others(server: Server, ann: Member, ben: Member) -> None:
    ann.ask("team", "share", str(server.address))
    backend = open_store(ben.folder, mode="write").backend
    backend.save_profile(Profile("own", "Ben's own", NOW, NOW))
    backend.close()
    before = ann.ask("status")["counts"]
    refused = ben.ask("team", "share", str(server.address), code=3)["error"]
    assert "There are data of a team in that store already" in refused
    assert not (ben.folder / "team.json").exists()
    assert ann.ask("status")["counts"] == before
    assert backup.snapshots(ben.folder) == []
    assert "works with" in ann.ask("team", "join", str(server.address), code=3)["error"]


def test_a_share_that_breaks_off_in_the_middle_leaves_folder_and_server_as_they_were(
    server: Server, ann: Member
) -> None:
    before = rows_of(ann)

    def break_off(done: int, total: int, text: str) -> None:
        if done == 4:
            raise Damaged("It broke off here.")

    with pytest.raises(Damaged, match="broke off"):
        team.share(resolve(str(ann.folder)), server.address, break_off)
    assert (rows_of(ann), backup.snapshots(ann.folder), membership(ann.folder)) == (before, [], None)
    with pytest.raises(NothingShared):
        open_sessions(server.address, read_only=True)
    # What is in the way of nobody: the next try goes through.
    assert ann.ask("team", "share", str(server.address))["counts"]["issues"] > 0


def test_an_empty_store_in_which_somebody_begins_meanwhile_is_not_taken_away(server: Server) -> None:
    sessions = open_sessions(server.address, make=True)
    with sessions.writing() as session:
        session.execute(
            "INSERT INTO profiles (id, name, description, created_at, last_used, jira_config, field_mappings, "
            "forecast_settings, project_classification, flow_type_mappings, show_milestone, show_points) "
            "VALUES ('p', 'Hers', '', ?, ?, '{}', '{}', '{}', '{}', '{}', 0, 0)",
            ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"),
        )
    take_away(sessions)
    assert sessions.rows("SELECT name FROM profiles") == [("Hers",)]
    sessions.close()


def test_a_password_in_the_address_is_wrong_usage(ann: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (["team", "share", "postgresql://ann:hunter2@db.example.com/team"], ["team", "status", "nothing"]):
        assert "hunter2" not in ann.ask(*words, code=2)["error"]
    monkeypatch.setenv("BURNDOWN_STORE", "postgresql://ann:hunter2@db.example.com/team")
    assert "PGPASSWORD" in ann.ask("status", code=2)["error"]


def test_nothing_is_shared_and_nothing_joined_where_no_store_is_named(ann: Member) -> None:
    assert "Say which store" in ann.ask("team", "share", code=2)["error"]
    assert "does not work with a team" in ann.ask("team", "status", code=3)["error"]


def test_a_server_that_stops_leaves_the_copy_for_reading_and_the_rest_when_it_is_back(
    ann: Member, ben: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    server = new_server("15", "-c", "fsync=off")
    url = str(server.address)
    ann.ask("team", "share", url)
    ben.ask("team", "join", url)
    forecast = ben.ask("forecast", "--seed", "1")
    server.stop(signal.SIGQUIT)
    try:
        assert ben.ask("forecast", "--seed", "1") == forecast
        assert "Nothing answers on 127.0.0.1" in ben.heard
        assert "These are the data of 2" in ben.heard
        assert "for reading only" in ben.heard
        standing = ben.ask("team", "status")
        assert (standing["server"], standing["counts"]["issues"]) == (None, 0)
        assert "Nothing answers" in standing["problem"]
        assert "Nothing answers" in ben.ask("undo", "x", code=3)["error"]
        stranger = Member(ben.folder.parent / "stranger", ben.capsys)
        assert "Nothing answers" in stranger.ask("team", "join", url, code=3)["error"]
        assert [path.name for path in stranger.folder.iterdir()] == ["logs"]
        left = ann.ask("team", "leave")
        assert "The folder goes on with the copy of" in ann.heard
        assert left["counts"]["issues"] == 51
    finally:
        server.start()
    assert ben.ask("forecast", "--seed", "1") == forecast
    assert "answers" not in ben.heard
    server.stop()


def test_a_sync_that_another_member_is_at_is_refused_with_who_and_since_when(
    server: Server, ann: Member, ben: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
    with FakeJira("cloud", seeded_issues(20, 7, datetime.now(UTC))) as jira:
        ann.ask("connect", "--url", jira.url, "--profile", "Jira", "--query", "All of it", "--jql", "project = DEMO",
                "--email", EMAIL)  # fmt: skip
        ann.ask("team", "share", str(server.address))
        ben.ask("team", "join", str(server.address))
        # Where a token goes says who holds it, and not what a team's database says.
        monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
        assert "Nobody has said here with this token" in ben.ask("sync", "--query", "All of it", code=3)["error"]
        monkeypatch.setenv("BURNDOWN_JIRA_URL", jira.url)
        profile = next(query for query in ben.ask("status")["queries"] if query["query"] == "All of it")
        sessions = open_sessions(server.address)
        try:
            with sessions.alone(f"sync/{profile['profile_id']}/{profile['query_id']}", "Ann"):
                monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
                refused = ben.ask("sync", "--query", "All of it", code=3)["error"]
        finally:
            sessions.close()
        assert refused.startswith("Ann is syncing this work list since ")
        monkeypatch.setenv("BURNDOWN_JIRA_TOKEN", TOKEN)
        assert ben.ask("sync", "--query", "All of it")["queries"][0]["fetched"] > 0
        # What one member fetched the other has.
        assert ann.ask("status")["counts"] == ben.ask("status")["counts"]
