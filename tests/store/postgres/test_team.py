"""A member's store while the server is there, while it is not, and when it is back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from app.host.upkeep import Upkeep
from scripts.road import Road
from store.errors import Refused, Unreachable
from store.opening import open_store
from store.postgres.backend import open_sessions
from store.postgres.opening import open_team
from store.postgres.team import TeamBackend, newest_copy
from store.records import Issue, Query, QueryRef
from store.sqlite import backup
from store.sqlite.reading import reading
from store.state import OFFLINE
from store.upkeep import snapshot_if_changed, utc_now
from tests.postgres import Server, new_server
from tests.store.contract.filling import fill, profile, query

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow

REF = QueryRef("p", "q")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    result = new_server("15", "-c", "fsync=off")
    yield result
    result.stop()


@contextmanager
def member(server: Server, folder: Path, schema: str, mode: str = "serve") -> Iterator[TeamBackend]:
    opened = open_team(folder, server.address, mode=mode, clock=utc_now, schema=schema)  # type: ignore[arg-type]
    assert isinstance(opened.backend, TeamBackend)
    try:
        yield opened.backend
    finally:
        opened.backend.close()


@pytest.fixture
def schema(server: Server, tmp_path: Path) -> str:
    """A team's store with one work list, shared from nowhere."""
    name = "burndown"
    server.admin(f"DROP SCHEMA IF EXISTS {name} CASCADE")
    open_sessions(server.address, schema=name, make=True).close()
    with member(server, tmp_path / "first", name, "write") as backend:
        backend.save_profile(profile())
        backend.save_query(query())
        fill(backend, REF)
    return name


def soon(happened: Callable[[], object], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.05)
    return bool(happened())


def test_what_somebody_changes_is_seen_by_the_others_and_they_hear_of_it(
    server: Server, schema: str, tmp_path: Path
) -> None:
    with member(server, tmp_path / "ann", schema) as ann, member(server, tmp_path / "ben", schema) as ben:
        before, heard = ben.work(REF)[1].revision, ben.sessions.changes
        began = time.monotonic()

        # Whoever has just begun may still be on the way to listening.
        def is_heard() -> bool:
            ann.upsert_issues(REF, [Issue("A-9")])
            return ben.sessions.changes > heard

        assert soon(is_heard, 5)
        assert time.monotonic() - began < 5
        assert ben.work(REF)[1].revision > before
        assert "A-9" in {issue.key for issue in ben.list_issues(REF)}


def test_a_copy_is_made_when_somebody_changed_something_and_only_then(
    server: Server, schema: str, tmp_path: Path
) -> None:
    folder = tmp_path / "ben"
    with member(server, folder, schema) as ben, member(server, tmp_path / "ann", schema) as ann:
        upkeep = ben.upkeep(folder)
        assert snapshot_if_changed(upkeep, lambda: False, "half-hour", print) is not None
        assert snapshot_if_changed(upkeep, lambda: False, "half-hour", print) is None
        ann.upsert_issues(REF, [Issue("A-7")])
        snapshot = snapshot_if_changed(upkeep, lambda: False, "exit", print)
    assert snapshot is not None
    assert (snapshot.kind, backup.content_damage(snapshot.file)) == ("team", [])
    restored = open_store(tmp_path / "other", mode="write").backend
    restored.upkeep(tmp_path / "other").restore(snapshot.file)
    assert "A-7" in {issue.key for issue in restored.list_issues(REF)}
    restored.close()


def test_a_work_list_that_is_new_is_in_the_copy_soon_and_a_change_of_issues_makes_none(
    server: Server, schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ben"
    # However busy the machine is, this copy is a small one.
    monkeypatch.setattr("store.postgres.team._QUICK_SECONDS", 600.0)

    def copied() -> list[str]:
        copy = newest_copy(folder, server.address)
        if copy is None:
            return []
        with reading(copy.file) as connection:
            return sorted(name for (name,) in connection.execute("SELECT id FROM queries"))

    with member(server, folder, schema) as ben, member(server, tmp_path / "ann", schema) as ann:
        watching = Upkeep(ben, folder, print, soon=0.05)
        watching.start()
        try:
            assert soon(lambda: copied() == ["q"])
            ben.save_query(Query("p", "own", "Own", utc_now(), utc_now()))
            assert soon(lambda: copied() == ["own", "q"])
            ann.save_query(Query("p", "hers", "Hers", utc_now(), utc_now()))
            assert soon(lambda: copied() == ["hers", "own", "q"])
            before = newest_copy(folder, server.address)
            ben.upsert_issues(REF, [Issue("A-70")])
            ben.delete_query(QueryRef("p", "own"))
            assert soon(lambda: copied() == ["hers", "q"])
            after = newest_copy(folder, server.address)
            ben.upsert_issues(REF, [Issue("A-71")])
            assert not ben.upkeep(folder).is_behind
        finally:
            watching.stop()
        assert newest_copy(folder, server.address) == after != before
        assert ben.upkeep(folder).changed


def test_the_copy_is_read_while_the_server_is_away_and_the_data_when_it_is_back(
    server: Server, schema: str, tmp_path: Path
) -> None:
    folder = tmp_path / "ben"
    with member(server, folder, schema) as ben:
        upkeep = ben.upkeep(folder)
        assert (upkeep.read_only, upkeep.notice) == (False, "")
        upkeep.snapshot("half-hour")
        ben.set_state("theme", "dark")
        before = ben.load_facts(REF)
        server.stop(signal.SIGQUIT)
        try:
            assert soon(lambda: upkeep.notice)
            assert ben.load_facts(REF) == before
            assert (ben.list_profiles()[0].id, ben.get_state("theme")) == ("p", "dark")
            copy = newest_copy(folder, server.address)
            assert copy is not None
            assert f"These are the data of {copy.made_at:%Y-%m-%d %H:%M} UTC." in upkeep.notice
            assert upkeep.read_only
            with pytest.raises(Unreachable, match="Nothing can be changed until it answers"):
                ben.upsert_issues(REF, [Issue("A-8")])
            ben.set_state("theme", "light")
            assert (upkeep.changed, ben.get_state("theme")) == (False, "light")
        finally:
            server.start()
        assert soon(lambda: not upkeep.notice)
        ben.upsert_issues(REF, [Issue("A-8")])
        assert "A-8" in {issue.key for issue in ben.list_issues(REF)}
        assert not upkeep.read_only


def test_a_start_without_the_server_shows_the_copy_and_goes_on_by_itself(
    server: Server, schema: str, tmp_path: Path
) -> None:
    folder = tmp_path / "ben"
    with member(server, folder, schema) as ben:
        ben.upkeep(folder).snapshot("exit")
        before = ben.load_facts(REF)
    server.stop(signal.SIGQUIT)
    try:
        with pytest.raises(Unreachable):
            open_team(tmp_path / "new", server.address, mode="serve", clock=utc_now)
        with pytest.raises(Unreachable):
            open_team(folder, server.address, mode="write", clock=utc_now)
        with member(server, folder, schema) as ben:
            assert ben.load_facts(REF) == before
            assert "for reading only" in ben.upkeep(folder).notice
            server.start()
            assert soon(lambda: not ben.upkeep(folder).notice)
            ben.upsert_issues(REF, [Issue("A-6")])
    finally:
        if server.process is None or server.process.poll() is not None:
            server.start()


def test_a_backup_cannot_take_the_place_of_everybodys_data(server: Server, schema: str, tmp_path: Path) -> None:
    folder = tmp_path / "ben"
    with member(server, folder, schema) as ben:
        snapshot = ben.upkeep(folder).snapshot("")
        assert snapshot is not None
        with pytest.raises(Refused, match="Leave the team first"):
            ben.upkeep(folder).restore(snapshot.file)
        assert ben.upkeep(folder).check() == []
        assert (ben.upkeep(folder).describe().store, ben.upkeep(folder).describe().journal_mode) == (
            str(server.address),
            "server",
        )


# -- a server that hangs --------------------------------------------------------------------------------


@contextmanager
def hanging(server: Server) -> Iterator[None]:
    """Every process of it stands still: the network takes what is sent, and nothing answers."""
    halted: set[int] = set()
    # The first one begins others, and some end by themselves: once it stands, no more come.
    while counts := processes(server) - halted:
        halted |= counts
        for count in sorted(counts):
            with suppress(ProcessLookupError):
                os.kill(count, signal.SIGSTOP)
    try:
        yield
    finally:
        for count in processes(server) | halted:
            with suppress(ProcessLookupError):
                os.kill(count, signal.SIGCONT)


def processes(server: Server) -> set[int]:
    assert server.process is not None
    main = server.process.pid
    listed = [path.parent for path in Path("/proc").glob("[0-9]*/stat")]
    return {main, *(int(path.name) for path in listed if parent(path) == main)}


def parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


needs_processes = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")


@needs_processes
def test_a_server_that_hangs_is_given_up_the_copy_is_read_and_it_goes_on_by_itself(
    server: Server, schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.postgres.team.LISTENING", 2.0)
    monkeypatch.setattr("store.postgres.connections.CONNECT_SECONDS", 3)
    folder = tmp_path / "ben"
    with member(server, folder, schema) as ben:
        upkeep = ben.upkeep(folder)
        upkeep.snapshot("half-hour")
        before = ben.load_facts(REF)
        with hanging(server):
            began = time.monotonic()
            with pytest.raises(Unreachable):
                ben.upsert_issues(REF, [Issue("A-8")])
            # Two seconds until it is asked for a sign of life, and two for that: long before a change's own time is up.
            assert time.monotonic() - began < 10
            assert "does not answer" in upkeep.notice
            began = time.monotonic()
            assert ben.load_facts(REF) == before
            assert time.monotonic() - began < 1
        assert soon(lambda: not upkeep.notice)
        ben.upsert_issues(REF, [Issue("A-9")])
        assert "A-9" in {issue.key for issue in ben.list_issues(REF)}


@needs_processes
@pytest.mark.parametrize("patience", ["READING", "WRITING"])
def test_a_command_does_not_wait_for_ever_for_a_server_that_hangs(
    server: Server, schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: str
) -> None:
    monkeypatch.setattr(f"store.postgres.connections.{patience}", 1.5)
    monkeypatch.setattr("store.postgres.connections.CONNECT_SECONDS", 2)
    sessions = open_sessions(server.address, schema=schema)

    def ask() -> None:
        if patience == "READING":
            sessions.rows("SELECT key FROM issues")
        else:
            with sessions.transaction() as session:
                session.execute("DELETE FROM issues")

    try:
        assert sessions.rows("SELECT key FROM issues")
        with hanging(server):
            began = time.monotonic()
            with pytest.raises(Unreachable, match="does not answer any more, though the connection to it stands"):
                ask()
            assert time.monotonic() - began < 6
            # What comes next finds no connection that was left over from before.
            began = time.monotonic()
            with pytest.raises(Unreachable):
                sessions.rows("SELECT key FROM issues")
            assert time.monotonic() - began < 6
        assert sessions.rows("SELECT count(*) FROM issues")[0][0] > 0
    finally:
        sessions.close()


def test_a_road_that_swallows_everything_ends_in_words(
    server: Server, schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.postgres.connections.READING", 1.5)
    road = Road(server.port)
    sessions = open_sessions(replace(server.address, port=road.port), schema=schema)
    try:
        assert sessions.rows("SELECT key FROM issues")
        road.swallow()
        began = time.monotonic()
        with pytest.raises(Unreachable, match="does not answer any more"), sessions.reading() as session:
            session.together(("SELECT key FROM issues", ()), ("SELECT name FROM queries", ()))
        assert time.monotonic() - began < 4
    finally:
        sessions.close()
        road.close()


# -- not to be asked ------------------------------------------------------------------------------------


def test_who_works_offline_opens_no_connection_and_has_the_copy(server: Server, schema: str, tmp_path: Path) -> None:
    folder = tmp_path / "ben"
    with member(server, folder, schema) as ben:
        ben.upkeep(folder).snapshot("exit")
        before, opened = ben.load_facts(REF), list[str]()
        ben.sessions.server.on_connect = opened.append
        ben.set_state(OFFLINE, "on")
        assert soon(lambda: "works offline" in ben.upkeep(folder).notice, 5)
        assert (ben.load_facts(REF), opened) == (before, [])
        with pytest.raises(Unreachable, match="switch Work offline off"):
            ben.upsert_issues(REF, [Issue("A-8")])
        assert connections(server) == 0
    with member(server, folder, schema) as ben:
        assert "works offline" in ben.upkeep(folder).notice
        assert ben.load_facts(REF) == before
        assert connections(server) == 0
        ben.set_state(OFFLINE, None)
        assert soon(lambda: not ben.upkeep(folder).notice, 10)
        ben.upsert_issues(REF, [Issue("A-8")])
    with member(server, folder, schema) as ben:
        ben.set_state(OFFLINE, "on")
    with pytest.raises(Unreachable, match="works offline"):
        open_team(folder, server.address, mode="write", clock=utc_now, schema=schema)


def connections(server: Server) -> int:
    with psycopg.connect(host="127.0.0.1", port=server.port, user="owner", dbname="team", autocommit=True) as admin:
        (count,) = admin.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'burndown'"
        ).fetchone() or (None,)
    assert count is not None
    return int(count)
