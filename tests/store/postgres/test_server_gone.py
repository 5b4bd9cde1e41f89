"""A server that is restarted, killed, full or read-only, and a road to it that breaks or falls silent.

What was acknowledged is there, nothing is there in part, and each error is a sentence that says what to do.
"""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from scripts.road import Road
from store.errors import DiskFull, NotWritable, StoreError, Unreachable, Unsettled
from store.postgres.address import Address
from tests import postgres
from tests.faults.small_disk import fill, mounted
from tests.postgres import Server
from tests.store.postgres.member import Plain, begin, step, steps_of, store
from tests.store.postgres.members import team

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow

MANY = 100_000


@pytest.fixture(scope="module", params=postgres.VERSIONS[:1])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """One of this module's own, whose disk is as lasting as a server's should be."""
    result = postgres.new_server(request.param)
    yield result
    postgres.drop(result)


@pytest.fixture
def schema(server: Server) -> Iterator[str]:
    with postgres.own_schema(server) as name:
        yield name


@pytest.fixture
def backend(server: Server, schema: str, tmp_path: Path) -> Iterator[Plain]:
    with store(server.address, schema, tmp_path) as plain:
        begin(plain)
        yield plain


@pytest.fixture
def road(server: Server) -> Iterator[Road]:
    result = Road(server.port)
    yield result
    result.close()


def restarted(server: Server, how: int) -> None:
    server.stop(how)
    for _ in range(50):
        try:
            server.start()
            return
        except psycopg.OperationalError:
            # Those that a killed one leaves behind end by themselves, but not at once.
            time.sleep(0.2)
    server.start()


def kills(server: Server, schema: str, folder: Path, count: int, seed: int) -> None:
    """While two members work the server is ended so often, at random moments: nothing acknowledged is lost."""
    rng = random.Random(seed)
    with team(server.address, schema, folder) as members:
        members[0].do("begin")
        for name, member in zip("ab", members, strict=True):
            member.ask("steps", name=name, first=0, count=MANY, again=True, seconds=1_000.0)
        for _ in range(count):
            time.sleep(rng.uniform(0.05, 0.8))
            restarted(server, rng.choice((signal.SIGQUIT, signal.SIGKILL, signal.SIGINT)))
        for member in members:
            member.catch_up()
            # They go on by themselves.
            member.wait_for(len(member.acknowledged) + 2)
            member.kill()
            assert member.answers, "no kill was noticed"
    with store(server.address, schema, folder / "looking") as backend:
        for name, member in zip("ab", members, strict=True):
            there = steps_of(backend, name)
            assert set(member.acknowledged) <= there, "what was acknowledged is lost"
            assert there == set(range(len(there)))
            assert len(there) <= len(member.acknowledged) + 1


def test_two_go_on_by_themselves_when_the_server_is_killed_and_lose_nothing(
    server: Server, schema: str, tmp_path: Path
) -> None:
    kills(server, schema, tmp_path, 2, 1)


@pytest.mark.slow
def test_a_hundred_kills_at_random_moments_lose_nothing_that_was_acknowledged(
    server: Server, schema: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    if not pytestconfig.getoption("soak", default=False):
        pytest.skip("a quarter of an hour: pytest --soak tests/faults tests/store/postgres/test_server_gone.py")
    kills(server, schema, tmp_path, 100, 2)


def test_a_server_that_is_stopped_is_named_and_after_its_start_the_same_store_goes_on(
    server: Server, backend: Plain
) -> None:
    step(backend, "a", 0)
    server.stop()
    with pytest.raises(Unreachable, match="Look whether the port is right and the server runs"):
        step(backend, "a", 1)
    with pytest.raises(Unreachable):
        steps_of(backend, "a")
    server.start()
    assert steps_of(backend, "a") == {0}
    step(backend, "a", 1)
    assert steps_of(backend, "a") == {0, 1}


def test_a_server_that_ends_in_the_middle_of_a_change_leaves_nothing_of_it(server: Server, backend: Plain) -> None:
    def change() -> None:
        with backend.transaction():
            step(backend, "a", 0)
            restarted(server, signal.SIGQUIT)
            step(backend, "a", 1)

    with pytest.raises(Unreachable) as failure:
        change()
    assert not isinstance(failure.value, Unsettled)
    assert steps_of(backend, "a") == set()


def test_a_server_that_ends_between_two_looks_is_found_again_by_a_reader(server: Server, backend: Plain) -> None:
    step(backend, "a", 0)
    restarted(server, signal.SIGINT)
    assert backend.get_query(backend.list_queries("p")[0].ref) is not None
    assert steps_of(backend, "a") == {0}


# -- full, and read only ----------------------------------------------------------------------------------


def test_a_full_disk_is_named_and_what_was_saved_before_is_there(server: Server, schema: str, tmp_path: Path) -> None:
    with mounted(24 * 1024 * 1024) as disk:
        place = disk / "data"
        place.mkdir(mode=0o700)
        shutil.chown(disk, "nobody", "nogroup")
        shutil.chown(place, "nobody", "nogroup")
        server.admin(f"CREATE TABLESPACE small LOCATION '{place}'")
        server.admin("CREATE DATABASE small TABLESPACE small")
        address = replace(server.address, database="small")
        try:
            _fills_up(address, schema, tmp_path, disk)
        finally:
            server.admin("DROP DATABASE small WITH (FORCE)")
            server.admin("DROP TABLESPACE small")


def _steps(backend: Plain, count: int) -> None:
    for number in range(1, count):
        step(backend, "a", number, changes=100)


def _fills_up(address: Address, schema: str, folder: Path, disk: Path) -> None:
    with store(address, schema, folder) as backend:
        begin(backend)
        step(backend, "a", 0)
        filler = fill(disk, 200_000)
        with pytest.raises(DiskFull, match="Nothing was changed; ask the administrator to make room"):
            _steps(backend, 400)
        there = steps_of(backend, "a")
        assert there == set(range(len(there)))
        assert there
        filler.unlink()
        step(backend, "a", len(there), changes=100)
        assert len(steps_of(backend, "a")) == len(there) + 1


def test_too_little_of_something_is_named_with_what_the_server_says(server: Server, backend: Plain) -> None:
    def sort() -> None:
        with backend.sessions.transaction() as session:
            session.execute("SET LOCAL temp_file_limit = 100")
            session.execute("SET LOCAL work_mem = 64")
            session.execute("SELECT count(*) FROM (SELECT n FROM generate_series(1, 300000) AS n ORDER BY -n) AS s")

    with pytest.raises(NotWritable, match=r"too little of something: .*temp_file_limit") as failure:
        sort()
    assert "Nothing was changed; ask the administrator" in str(failure.value)


def test_a_server_that_takes_no_changes_is_read_and_says_so_when_written(
    server: Server, schema: str, backend: Plain, tmp_path: Path
) -> None:
    step(backend, "a", 0)
    server.admin("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    try:
        time.sleep(0.3)
        with store(server.address, schema, tmp_path / "other") as other:
            assert steps_of(other, "a") == {0}
            with pytest.raises(NotWritable, match=r"takes no changes now.*Nothing was changed"):
                step(other, "a", 1)
    finally:
        with psycopg.connect(
            host="127.0.0.1", port=server.port, user="owner", dbname="team", autocommit=True,
            options="-c default_transaction_read_only=off",
        ) as admin:  # fmt: skip
            admin.execute("ALTER SYSTEM RESET default_transaction_read_only")
            admin.execute("SELECT pg_reload_conf()")
    assert steps_of(backend, "a") == {0}


# -- the road -------------------------------------------------------------------------------------------


def test_a_road_that_breaks_for_five_seconds_is_bridged_without_loss(
    server: Server, schema: str, road: Road, tmp_path: Path
) -> None:
    address = replace(server.address, port=road.port)
    with team(address, schema, tmp_path) as (member, other):
        member.do("begin")
        member.ask("steps", name="a", first=0, count=MANY, again=True)
        member.wait_for(3)
        road.cut()
        time.sleep(5)
        # Nobody sees another answer in the meantime than that the server is away.
        document = other.ask("counted").answer()
        assert document["error"] == "Unreachable"
        road.mend()
        member.catch_up()
        member.wait_for(len(member.acknowledged) + 3)
        member.kill()
    with store(server.address, schema, tmp_path / "member-1") as looking:
        there = steps_of(looking, "a")
        assert set(member.acknowledged) <= there
        assert there == set(range(len(there)))


def test_a_road_that_breaks_for_ever_is_said_by_each_write_and_keeps_nobody_waiting(
    server: Server, schema: str, road: Road, tmp_path: Path
) -> None:
    address = replace(server.address, port=road.port)
    with store(address, schema, tmp_path) as backend:
        begin(backend)
        step(backend, "a", 0)
        road.close()
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises(Unreachable):
                step(backend, "a", 1)
            assert time.monotonic() - began < 5


def test_a_change_whose_end_is_not_answered_says_to_look_before_doing_it_again(
    server: Server, schema: str, road: Road, tmp_path: Path
) -> None:
    address = replace(server.address, port=road.port)
    with store(address, schema, tmp_path) as backend:
        begin(backend)
        backend.sessions.on_change = lambda _: road.cut()
        with pytest.raises(StoreError, match="Look whether it is there before you do it again") as failure:
            step(backend, "a", 0)
        assert isinstance(failure.value, Unsettled)
        road.mend()
        assert steps_of(backend, "a") in (set(), {0})
