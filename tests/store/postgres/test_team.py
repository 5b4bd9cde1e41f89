"""A member's store while the server is there, while it is not, and when it is back."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.errors import Refused, Unreachable
from store.opening import open_store
from store.postgres.backend import open_sessions
from store.postgres.opening import open_team
from store.postgres.team import TeamBackend, newest_copy
from store.records import Issue, QueryRef
from store.sqlite import backup
from store.upkeep import snapshot_if_changed, utc_now
from tests.postgres import Server, new_server
from tests.store.test_backend import fill, profile, query

REF = QueryRef("p", "q")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = new_server("15", "-c", "fsync=off")
    yield found
    found.stop()


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
        made = snapshot_if_changed(upkeep, lambda: False, "exit", print)
    assert made is not None
    assert (made.kind, backup.content_damage(made.file)) == ("team", [])
    restored = open_store(tmp_path / "other", mode="write").backend
    restored.upkeep(tmp_path / "other").restore(made.file)
    assert "A-7" in {issue.key for issue in restored.list_issues(REF)}
    restored.close()


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
            made = newest_copy(folder, server.address)
            assert made is not None
            assert f"These are the data of {made.made_at:%Y-%m-%d %H:%M} UTC." in upkeep.notice
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
        made = ben.upkeep(folder).snapshot("")
        assert made is not None
        with pytest.raises(Refused, match="Leave the team first"):
            ben.upkeep(folder).restore(made.file)
        assert ben.upkeep(folder).check() == []
        assert (ben.upkeep(folder).describe().store, ben.upkeep(folder).describe().journal_mode) == (
            str(server.address),
            "server",
        )
