"""What it means that two members work on one store at once: each test runs real processes on a real server."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from scripts.fake_jira import FakeJira, seeded_issues
from store.errors import NewerDatabase, Occupied, Refused
from store.postgres import naming
from store.postgres.address import Address
from store.postgres.backend import open_sessions
from store.postgres.dialect import POSTGRES
from store.records import QueryFacts, QueryRef
from store.sql.schema import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION
from tests import postgres
from tests.postgres import Server
from tests.store.postgres.member import REF, Plain, begin, steps_of, store
from tests.store.postgres.members import Member, team

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow

NEWEST_LAST = [*postgres.VERSIONS[:-1], pytest.param(postgres.VERSIONS[-1], marks=pytest.mark.slow)]


@pytest.fixture(params=NEWEST_LAST)
def server(request: pytest.FixtureRequest) -> Server:
    return postgres.shared_server(request.param)


@pytest.fixture
def schema(server: Server) -> Iterator[str]:
    with postgres.own_schema(server) as name:
        yield name


@pytest.fixture
def backend(server: Server, schema: str, tmp_path: Path) -> Iterator[Plain]:
    with store(server.address, schema, tmp_path / "looking") as plain:
        begin(plain)
        yield plain


@pytest.fixture
def members(server: Server, schema: str, backend: Plain, tmp_path: Path) -> Iterator[list[Member]]:
    with team(server.address, schema, tmp_path) as both:
        yield both


def answers(*members: Member) -> list[dict[str, object]]:
    return [member.answer() for member in members]


def a_file(path: Path, name: str, rows: int) -> Path:
    with path.open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["Issue key", "Summary", "Status", "Created", "Resolved"])
        for number in range(1, rows + 1):
            out.writerow([f"{name}-{number}", f"Work {number}", "Done", "2026-01-05", f"2026-01-{number % 20 + 6:02}"])
    return path


def until(is_so: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.002)


def facts_without_moments(facts: QueryFacts) -> tuple[object, ...]:
    return ({issue.key: issue for issue in facts.issues}, sorted(facts.changes, key=repr), facts.sprints)


# -- both write -----------------------------------------------------------------------------------------


def test_steps_of_two_at_once_are_all_there_and_whole(backend: Plain, members: list[Member]) -> None:
    first, second = members
    first.ask("steps", name="a", first=0, count=15)
    second.ask("steps", name="b", first=0, count=15)
    assert answers(first, second) == [{"done": 15}, {"done": 15}]
    assert steps_of(backend, "a") == steps_of(backend, "b") == set(range(15))


def test_two_imports_at_once_leave_each_file_whole(backend: Plain, members: list[Member], tmp_path: Path) -> None:
    for member, name in zip(members, "AB", strict=True):
        member.ask("import_csv", path=str(a_file(tmp_path / f"{name}.csv", name, 120)), query=f"File {name}")
    assert answers(*members) == [{"done": {"kept": 120, "new": 120}}] * 2
    kept = {query.name: backend.counts(query.ref).issues for query in backend.list_queries("p")}
    assert kept == {"All": 0, "File A": 120, "File B": 120}


def test_two_imports_of_one_file_into_one_work_list_count_each_issue_once(
    backend: Plain, members: list[Member], tmp_path: Path
) -> None:
    path = a_file(tmp_path / "same.csv", "S", 100)
    for member in members:
        member.ask("import_csv", path=str(path), query="Same")
    done = [answer["done"]["new"] for answer in answers(*members)]  # type: ignore[index]
    assert sorted(done) == [0, 100]
    (query,) = (query for query in backend.list_queries("p") if query.name == "Same")
    assert backend.counts(query.ref).issues == 100


def test_two_syncs_at_once_leave_what_one_leaves(backend: Plain, members: list[Member]) -> None:
    with FakeJira("cloud", seeded_issues(60, 7, datetime.now(UTC)), page_size=10) as jira:
        jira.faults.slow_seconds = 0.01
        for member in members:
            member.ask("sync", url=jira.url, full=True)
        for answer in answers(*members):
            assert "done" in answer or answer["error"], answer
        members[0].do("sync", url=jira.url, full=False)
        both = facts_without_moments(backend.load_facts(REF))
        assert len(both[0]) == 60  # type: ignore[arg-type]
        members[0].do("sync", url=jira.url, full=True)
    assert facts_without_moments(backend.load_facts(REF)) == both


def test_a_second_sync_is_told_who_is_at_it_since_when_and_asks_nothing(members: list[Member]) -> None:
    first, second = members
    with FakeJira("cloud", seeded_issues(60, 7, datetime.now(UTC)), page_size=10) as jira:
        jira.faults.slow_seconds = 0.3
        first.ask("sync", url=jira.url, full=True)
        until(lambda: jira.requests > 1)
        document = second.ask("sync", url=jira.url, full=False).answer()
        assert document["error"] == "Busy"
        assert re.match(r"\S+ @ \S+ is syncing this work list since \d\d:\d\d\. ", document["text"])
        assert "done" in first.answer()
        jira.faults.slow_seconds = 0.0
        assert second.do("sync", url=jira.url, full=False)["fetched"] < 60


def test_a_sync_whose_member_is_killed_keeps_nobody_out(members: list[Member]) -> None:
    first, second = members
    with FakeJira("cloud", seeded_issues(60, 7, datetime.now(UTC)), page_size=10) as jira:
        jira.faults.slow_seconds = 0.3
        first.ask("sync", url=jira.url, full=True)
        until(lambda: jira.requests > 1)
        first.kill()
        jira.faults.slow_seconds = 0.0
        # The server sees the end of the connection at once.
        until(lambda: "done" in second.ask("sync", url=jira.url, full=True).answer(), 5)


def test_an_import_waits_for_another_into_the_same_project_and_not_for_one_elsewhere(
    backend: Plain, members: list[Member], tmp_path: Path
) -> None:
    path = a_file(tmp_path / "one.csv", "A", 5)
    with backend.alone("import/other", "Ann"):
        assert members[0].do("import_csv", path=str(path), query="One")["kept"] == 5
    with backend.alone("import/team", "Ann"):
        members[0].ask("import_csv", path=str(path), query="Two")
        time.sleep(1.5)
        assert {query.name for query in backend.list_queries("p")} == {"One", "All"}
    assert members[0].answer()["done"]["kept"] == 5


def test_who_holds_a_lock_is_told_with_the_letters_of_the_name(backend: Plain, members: list[Member]) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    members[0].ask("be_alone", name="sync/p/q", seconds=1)
    members[0].wait_for(1)
    with pytest.raises(Occupied, match="Änne @ büro is at it") as result, backend.alone("sync/p/q", "Ben"):
        pass
    assert result.value.since is not None
    assert began <= result.value.since <= datetime.now(UTC)
    with backend.alone("sync/p/other", "Ben"):
        pass
    members[0].answer()
    # The server lets the lock go when it looks at the connection next.
    until(lambda: not _writes(backend))
    with backend.alone("sync/p/q", "Ben"):
        pass


@pytest.mark.parametrize("who", ["Ann", "", "Größe Test 小 " * 9, "a" * 200, "100 % sure"])
def test_a_name_is_cut_to_what_the_server_keeps_and_read_back(who: str) -> None:
    written = naming.label(who, datetime(2026, 11, 29, 10, 2, tzinfo=UTC))
    assert written.isascii()
    assert len(written) <= 63
    read = naming.read(written)
    assert who.startswith(read.who.removesuffix("Somebody") if not who else read.who)
    assert read.since == datetime(2026, 11, 29, 10, 2, tzinfo=UTC)
    assert naming.read("psql") == naming.Holder("Somebody", None)


@pytest.mark.parametrize("moment", ["99999999999999999999", "253402300799", "-1", "²", "1e9", "nan", ""])
def test_a_moment_that_another_program_wrote_and_no_clock_has_is_none(moment: str) -> None:
    assert naming.read(f"burndown {moment} Ann") == naming.Holder("Somebody", None)


def test_a_name_that_another_program_wrote_hides_nothing_of_a_line() -> None:
    assert naming.read("burndown 1 %0a%1b[2J%e2%80%aeAnn").who == "[2JAnn"
    assert naming.read("burndown 1 %0a%e2%80%ae").who == "Somebody"


def test_settings_changed_by_two_lose_neither_change(backend: Plain, members: list[Member]) -> None:
    for letter, member in zip("ab", members, strict=True):
        for _ in range(8):
            member.ask("set_description", text=letter)
    for _ in range(8):
        assert answers(*members) == [{"done": None}] * 2
    query = backend.get_query(REF)
    assert query is not None
    assert sorted(query.description) == [*"a" * 8, *"b" * 8]


def test_snapshots_of_one_week_by_two_leave_one_of_them(backend: Plain, members: list[Member]) -> None:
    for value, member in enumerate(members):
        member.ask("snapshots", times=15, value=value)
    assert answers(*members) == [{"done": 15}] * 2
    (kept,) = backend.list_snapshots(REF)
    assert kept.values in ({"value": 0, "n": 14}, {"value": 1, "n": 14})


def test_the_revision_is_never_given_out_twice(backend: Plain, members: list[Member]) -> None:
    before = backend.revision(REF)
    for name, member in zip("ab", members, strict=True):
        member.ask("steps", name=name, first=0, count=10)
    answers(*members)
    assert backend.revision(REF) - before == 2 * 2 * 10


# -- one reads ------------------------------------------------------------------------------------------


def test_a_reader_sees_whole_steps_and_never_fewer_than_before(members: list[Member]) -> None:
    writer, reader = members
    writer.ask("steps", name="a", first=0, count=20)
    seen = reader.do("read", name="a", times=20)
    assert writer.answer() == {"done": 20}
    assert seen == sorted(seen)


def test_a_view_stays_as_it_was_while_somebody_writes(members: list[Member]) -> None:
    writer, reader = members
    reader.ask("hold", seconds=1.0).wait_for(1)
    writer.do("steps", name="a", first=0, count=2)
    assert reader.answer() == {"done": [0, 0]}


def test_a_deletion_under_a_reader_is_seen_whole_or_not_at_all(backend: Plain, members: list[Member]) -> None:
    deleter, reader = members
    deleter.do("steps", name="a", first=0, count=3)
    reader.ask("read_until_gone").wait_for(2)
    deleter.do("delete")
    assert reader.answer()["done"] >= 2
    assert backend.get_query(REF) is None


def test_who_writes_into_a_work_list_that_is_deleted_is_told(members: list[Member]) -> None:
    deleter, writer = members
    writer.ask("steps", name="a", first=0, count=10_000).wait_for(2)
    deleter.do("delete")
    answer = writer.answer()
    assert answer == {"error": "UnknownQuery", "text": "This work list no longer exists. Choose another one."}


# -- bringing the schema up to date -----------------------------------------------------------------------


def version(backend: Plain) -> int:
    (result,) = backend.sessions.first_row("SELECT version FROM about") or (0,)
    return int(result)


def test_two_newer_ones_that_open_the_store_at_once_bring_it_up_to_date_once(
    server: Server, schema: str, backend: Plain, tmp_path: Path
) -> None:
    with team(server.address, schema, tmp_path, 3, "newer") as members:
        assert [member.do("counted")["queries"] for member in members] == [1, 1, 1]
    assert version(backend) == SCHEMA_VERSION + 1


def test_a_migration_under_a_writer_waits_for_its_turn_and_the_writer_is_told_to_get_the_newer_version(
    server: Server, schema: str, backend: Plain, members: list[Member], tmp_path: Path
) -> None:
    writer = members[0].ask("steps", name="a", first=0, count=10_000)
    writer.wait_for(3)
    with team(server.address, schema, tmp_path / "more", 1, "newer") as (newcomer,):
        newcomer.do("steps", name="b", first=0, count=2)
    answer = writer.answer()
    assert answer["error"] == "NewerDatabase"
    assert "Get that version; nothing was changed" in answer["text"]
    assert steps_of(backend, "a") == set(writer.acknowledged)
    assert members[1].do("read", name="b", times=1) == [2]


def test_an_older_one_that_opens_a_newer_store_is_refused(
    server: Server, schema: str, backend: Plain, tmp_path: Path
) -> None:
    with team(server.address, schema, tmp_path, 1, "newer"):
        pass
    with pytest.raises(NewerDatabase, match="Get that version"):
        open_sessions(server.address, schema=schema)


def made_yesterday(address: Address, schema: str, version: int) -> None:
    """The store as it was after so many of its steps, with a project and a milestone in it."""
    with psycopg.connect(**address.parameters(), autocommit=True) as connection:  # type: ignore[arg-type]
        connection.execute(f'CREATE SCHEMA "{schema}"'.encode())
        connection.execute(f'SET search_path TO "{schema}"'.encode())
        connection.execute('CREATE TABLE about (application_id bigint, version bigint, made_by text COLLATE "C")')
        connection.execute("INSERT INTO about VALUES (%s, %s, current_user)", (APPLICATION_ID, version))
        for statement in (text for step in MIGRATIONS[:version] for text in step):
            if not statement.lstrip().startswith("UPDATE"):
                connection.execute(POSTGRES.defined(statement).encode())
        at = "2026-03-02T09:00:00Z"
        connection.execute(
            "INSERT INTO profiles (id, name, description, created_at, last_used, jira_config, field_mappings, "
            "forecast_settings, project_classification, flow_type_mappings, show_milestone, show_points) "
            "VALUES ('p', 'Team', '', %s, %s, '{}', '{}', '{}', '{}', '{}', 0, 0)",
            (at, at),
        )
        connection.execute(
            "INSERT INTO milestones (profile_id, day, name, position) VALUES ('p', '2026-05-01', 'Beta', 0)"
        )


def test_two_who_start_at_once_on_a_store_of_yesterday_bring_it_up_to_date_once(server: Server, tmp_path: Path) -> None:
    with postgres.own_schema(server) as schema:
        made_yesterday(server.address, schema, SCHEMA_VERSION - 1)
        with pytest.raises(Refused, match="Open them once for writing"):
            open_sessions(server.address, schema=schema, read_only=True)
        with team(server.address, schema, tmp_path, 2) as (ann, ben):
            assert ann.do("plan", name="Gala") == ["Gala", "Beta"]
            assert ben.do("plan", name="Fair") == ["Fair", "Gala", "Beta"]
        sessions = open_sessions(server.address, schema=schema)
        assert sessions.rows("SELECT version FROM about") == [(SCHEMA_VERSION,)]
        # The step of today ran once: its columns are there with what they stand for.
        assert sessions.rows("SELECT name, rank, teams, closed FROM milestones WHERE name = 'Beta'") == [
            ("Beta", 0, "", None)
        ]
        sessions.close()


def test_the_program_of_yesterday_is_refused_in_words_once_the_store_is_of_today(
    server: Server, tmp_path: Path
) -> None:
    with postgres.own_schema(server) as schema:
        made_yesterday(server.address, schema, SCHEMA_VERSION - 1)
        with team(server.address, schema, tmp_path, 1, "older") as (old,):
            assert old.do("counted") == {"profiles": 1, "queries": 0, "issues": 0}
            with team(server.address, schema, tmp_path / "new", 1) as (new,):
                assert new.do("counted") == {"profiles": 1, "queries": 0, "issues": 0}
            # It was open while somebody else brought the store up to date.
            answer = old.ask("begin").answer()
            assert answer["error"] == "NewerDatabase"
            assert "Get that version; nothing was changed" in answer["text"]
        late = Member(server.address, schema, tmp_path / "late", "older")
        try:
            refused = late.answer()
        finally:
            late.end()
        assert refused["error"] == "NewerDatabase"
        assert "brought up to date by a newer version of Burndown" in refused["text"]


def test_two_who_make_the_store_at_once_make_one(server: Server, schema: str, tmp_path: Path) -> None:
    with team(server.address, schema, tmp_path, 3) as members:
        members[0].do("begin")
        assert members[1].do("counted") == {"profiles": 1, "queries": 1, "issues": 0}


# -- one of them dies -------------------------------------------------------------------------------------


def test_who_is_killed_while_writing_leaves_whole_steps_and_holds_nobody_up(
    backend: Plain, members: list[Member]
) -> None:
    victim, other = members
    victim.ask("steps", name="a", first=0, count=10_000).wait_for(5)
    other.ask("steps", name="b", first=0, count=10).wait_for(1)
    victim.kill()
    assert other.answer() == {"done": 10}
    there = steps_of(backend, "a")
    assert set(victim.acknowledged) <= there
    assert len(there) <= len(victim.acknowledged) + 1


def test_an_import_that_is_killed_leaves_all_of_the_file_or_nothing(
    backend: Plain, members: list[Member], tmp_path: Path
) -> None:
    victim, other = members
    victim.ask("import_csv", path=str(a_file(tmp_path / "large.csv", "L", 4_000)), query="Large")
    until(lambda: _writes(backend))
    victim.kill()
    assert other.do("import_csv", path=str(a_file(tmp_path / "small.csv", "T", 5)), query="Small")["new"] == 5
    kept = {query.name: backend.counts(query.ref).issues for query in backend.list_queries("p")}
    assert kept["Small"] == 5
    assert kept.get("Large", 0) in (0, 4_000)


def _writes(backend: Plain) -> bool:
    """Whether somebody else is in the middle of a change."""
    row = backend.sessions.first_row("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted")
    return row is not None and row[0] > 0


def test_a_sync_that_is_killed_is_finished_by_somebody_else(backend: Plain, members: list[Member]) -> None:
    victim, other = members
    with FakeJira("cloud", seeded_issues(60, 7, datetime.now(UTC)), page_size=5) as jira:
        jira.faults.slow_seconds = 0.05
        victim.ask("sync", url=jira.url, full=True)
        until(lambda: jira.requests >= 6)
        victim.kill()
        # The server sees that a member is gone when it looks at the connection next.
        until(lambda: not _writes(backend))
        other.do("sync", url=jira.url, full=False)
    assert backend.counts(QueryRef(*REF)).issues == 60


def test_a_migration_whose_member_is_killed_is_made_by_the_next(
    server: Server, schema: str, backend: Plain, tmp_path: Path
) -> None:
    with backend.sessions.reading() as view:
        # Who looks at the work lists keeps the table from being changed, so that the kill finds the step begun.
        view.execute("SELECT count(*) FROM queries")
        # Open before there is somebody to wait for.
        with store(server.address, schema, tmp_path / "other") as other:
            victim = Member(server.address, schema, tmp_path / "victim", "newer")
            until(lambda: _writes(other))
        victim.end()
    assert version(backend) == SCHEMA_VERSION
    with team(server.address, schema, tmp_path, 1, "newer") as (next_one,):
        assert next_one.do("counted")["queries"] == 1
    assert version(backend) == SCHEMA_VERSION + 1
