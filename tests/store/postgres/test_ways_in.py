"""The ways in: IPv6, a socket, a service, passwords with odd signs; and a store that somebody else owns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from store.errors import NotWritable, Refused, StoreError
from store.postgres.address import Address, parsed
from store.postgres.backend import open_sessions
from tests.postgres import Server, drop, new_server

pytestmark = pytest.mark.slow  # it starts a server

# What breaks a connection string, a password file, a shell, an address or a table of signs when nobody takes care.
ODD = [
    "it's",
    'a "b" c',
    "back\\slash",
    "a:b@c/d?e#f&g=h%20",
    "smile ☺ 小 ü",
    " ends with a blank ",
    "$(id);`id`",
    "'; --",
]
_HBA = """
local all all trust
host all odd 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
host all all ::1/128 trust
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    result = new_server("15", "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1,::1")
    result.admin("CREATE ROLE odd LOGIN", "CREATE ROLE guest LOGIN", "GRANT CREATE ON DATABASE team TO odd")
    (result.folder / "data" / "pg_hba.conf").write_text(_HBA)
    result.admin("SELECT pg_reload_conf()")
    yield result
    drop(result)


@pytest.fixture(autouse=True)
def clean(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGPASSWORD", "PGPASSFILE", "PGSERVICE", "PGSERVICEFILE", "PGHOST", "PGUSER", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    server.admin("DROP SCHEMA IF EXISTS burndown CASCADE")


def goes_through(address: Address, **more: object) -> None:
    """A store is made, written into and found again."""
    sessions = open_sessions(address, make=True, **more)  # type: ignore[arg-type]
    with sessions.writing() as session:
        session.execute("INSERT INTO app_state (key, value) VALUES ('last_written', 'ours')")
    sessions.close()
    again = open_sessions(parsed(str(address)), **more)  # type: ignore[arg-type]
    assert again.rows("SELECT value FROM app_state") == [("ours",)]
    again.close()


def test_a_host_of_ipv6(server: Server) -> None:
    address = parsed(f"postgresql://owner@[::1]:{server.port}/team")
    assert (address.host, address.is_here) == ("::1", True)
    goes_through(address)


def test_a_socket_of_unix(server: Server) -> None:
    address = parsed(f"postgresql://owner@:{server.port}/team?host={server.folder}")
    assert (address.host, address.port, address.is_here) == (str(server.folder), server.port, True)
    goes_through(address)


def test_a_socket_that_is_not_there_is_said(server: Server) -> None:
    # The system takes no path of more than a hundred letters for a socket.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, pytest.raises(StoreError) as refused:
        open_sessions(parsed(f"postgresql://owner@:{server.port}/team?host={folder}"))
    assert f"There is no server at the socket in {folder}" in str(refused.value)


def test_a_service_of_libpq_says_host_user_and_database(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = tmp_path / "services.conf"
    services.write_text(f"[crew]\nhost=127.0.0.1\nport={server.port}\nuser=owner\ndbname=team\n")
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    goes_through(parsed("postgresql:///?service=crew&sslmode=disable"))
    with pytest.raises(StoreError) as refused:
        open_sessions(parsed("postgresql:///?service=nobody&sslmode=disable"))
    assert "service" in str(refused.value)


def encoded(server: Server, password: str) -> None:
    with psycopg.connect(host="127.0.0.1", port=server.port, user="owner", dbname="team", autocommit=True) as admin:
        hashed = admin.pgconn.encrypt_password(password.encode(), b"odd", b"scram-sha-256").decode()
        admin.execute(f"ALTER ROLE odd PASSWORD '{hashed}'".encode())


@pytest.mark.parametrize("password", ODD)
def test_a_password_may_hold_any_sign_whichever_way_it_comes(
    server: Server, password: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded(server, password)
    address = replace(server.address, user="odd")
    # As the keyring and what is sealed give it.
    goes_through(address, password=lambda: password)
    kept = tmp_path / "passwords"
    written = password.replace("\\", "\\\\").replace(":", "\\:")
    kept.write_text(f"127.0.0.1:{server.port}:team:odd:{written}\n", encoding="utf-8")
    kept.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(kept))
    open_sessions(address).close()
    monkeypatch.delenv("PGPASSFILE")
    monkeypatch.setenv("PGPASSWORD", password)
    open_sessions(address).close()
    monkeypatch.delenv("PGPASSWORD")
    with pytest.raises(StoreError) as refused:
        open_sessions(address, password=lambda: password + "x").close()
    assert password.strip() not in str(refused.value)


def test_a_store_that_another_role_owns_is_named_with_what_the_administrator_does(server: Server) -> None:
    open_sessions(server.address, make=True).close()
    with pytest.raises(Refused) as refused:
        open_sessions(replace(server.address, user="guest"))
    text = str(refused.value)
    assert "belongs to owner, and guest may not look into it" in text
    assert "GRANT owner TO guest" in text


def test_the_schema_of_another_role_is_left_alone(server: Server) -> None:
    server.admin("CREATE SCHEMA burndown AUTHORIZATION owner")
    with pytest.raises(Refused, match=r"guest may not do this in team on 127\.0\.0\.1"):
        open_sessions(replace(server.address, user="guest"), make=True)


def test_who_may_only_look_reads_and_is_told_when_changing_something(server: Server) -> None:
    open_sessions(server.address, make=True).close()
    server.admin("GRANT USAGE ON SCHEMA burndown TO guest", "GRANT SELECT ON ALL TABLES IN SCHEMA burndown TO guest")
    sessions = open_sessions(replace(server.address, user="guest"))
    assert sessions.rows("SELECT count(*) FROM profiles") == [(0,)]
    with pytest.raises((Refused, NotWritable), match="guest may not do this"), sessions.writing() as session:
        session.execute("INSERT INTO app_state (key, value) VALUES ('a', 'b')")
    sessions.close()
