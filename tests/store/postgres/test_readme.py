"""What README gives the administrator, run as it stands there: it is enough, and no more than its own schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from store.postgres.address import Address
from tests import postgres
from tests.postgres import Server
from tests.store.postgres.member import begin, step, steps_of, store

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow

README = Path(__file__).resolve().parents[3] / "README.md"


def lines() -> list[str]:
    text = README.read_text(encoding="utf-8").partition("\n## A team")[2]
    match = re.search(r"```sql\n(.+?)```", text, re.DOTALL)
    assert match, "README gives no SQL under A team"
    return match[1].strip().splitlines()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    result = postgres.new_server("15", "-c", "fsync=off")
    result.admin("DROP DATABASE team", database="postgres")
    database = "postgres"
    for line in lines():
        if line.startswith("\\connect "):
            database = line.split()[1]
        else:
            result.admin(line, database=database)
    yield result
    postgres.drop(result)


def of_the_app(server: Server) -> Address:
    return Address("127.0.0.1", server.port, "team", "team")


def connected(server: Server) -> psycopg.Connection:
    return psycopg.connect(host="127.0.0.1", port=server.port, user="team", dbname="team", autocommit=True)


def test_there_are_four_lines() -> None:
    assert len(lines()) == 4


def test_with_these_lines_a_team_can_make_its_store_and_work(server: Server, tmp_path: Path) -> None:
    with store(of_the_app(server), "burndown", tmp_path) as backend:
        begin(backend)
        step(backend, "a", 0)
        assert steps_of(backend, "a") == {0}
        backend.delete_profile("p")


def test_the_role_has_its_schema_and_nothing_else(server: Server) -> None:
    with connected(server) as connection:
        (may,) = connection.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls "
            "FROM pg_roles WHERE rolname = current_user"
        ).fetchone() or (True,)
        assert may is False
        owned = [name for (name,) in connection.execute(
            "SELECT nspname FROM pg_namespace WHERE pg_get_userbyid(nspowner) = current_user"
        )]  # fmt: skip
        assert owned == ["burndown"]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE SCHEMA elsewhere",
        "CREATE TABLE public.mine (x int)",
        "CREATE EXTENSION pg_trgm",
        "CREATE DATABASE more",
        "CREATE ROLE more",
    ],
)
def test_the_role_can_do_nothing_outside_of_it(server: Server, statement: str) -> None:
    with connected(server) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())
