"""What a user is told when a team's server does not do as wished: each a sentence that says what to do."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from store.errors import Damaged, DiskFull, NewerDatabase, NotWritable, Refused, StoreError, Unreachable
from store.postgres.address import Address
from store.postgres.backend import open_sessions
from store.postgres.problems import in_plain_words
from store.records import Profile
from store.sql.schema import SCHEMA_VERSION
from tests.postgres import Server, encrypt, free_port, new_server, opened, own_schema, shared_server
from tests.store.contract.filling import NOW, profile

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow

_HBA = """
host all ann 127.0.0.1/32 scram-sha-256
host all ben 127.0.0.1/32 reject
host all all 127.0.0.1/32 trust
"""


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """A server with users who have a password, are kept out, have no rights, and have those that README names."""
    server = new_server("15", "-c", "fsync=off")
    server.admin(
        "CREATE ROLE ann LOGIN PASSWORD 'right'",
        "CREATE ROLE ben LOGIN",
        "CREATE ROLE cleo LOGIN",
        "CREATE ROLE dora LOGIN",
        "CREATE SCHEMA burndown AUTHORIZATION dora",
        "CREATE DATABASE plain TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'",
    )
    (server.folder / "data" / "pg_hba.conf").write_text(_HBA)
    server.admin("SELECT pg_reload_conf()")
    yield server
    server.stop()


def refusal(address: Address, password: str = "", **options: object) -> StoreError:
    with pytest.raises(StoreError) as refused:
        open_sessions(address, password=lambda: password or None, make=True, **options).close()  # type: ignore[arg-type]
    return refused.value


def test_a_wrong_port(strict: Server) -> None:
    error = refusal(replace(strict.address, port=free_port()))
    assert isinstance(error, Unreachable)
    assert "Nothing answers on 127.0.0.1 at port" in str(error)
    assert "port is right" in str(error)


def test_a_host_that_does_not_exist(strict: Server) -> None:
    error = refusal(replace(strict.address, host="no-such-host.invalid", more=(("sslmode", "disable"),)))
    assert "There is no computer called no-such-host.invalid. Look at the address" in str(error)


def test_a_server_that_never_answers() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = Address("127.0.0.1", silent.getsockname()[1], "ann", "team")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("store.postgres.connections.CONNECT_SECONDS", 2)
            error = refusal(address)
    assert isinstance(error, Unreachable)
    assert "whether the server runs" in str(error) or "does not answer" in str(error)


@pytest.mark.parametrize("version", ["9.6.24", "14.13 (Ubuntu 14.13-1)"])
def test_a_server_that_is_too_old_is_named_with_its_version(version: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_let_in, args=(listener, version), daemon=True).start()
        port = listener.getsockname()[1]
        error = refusal(Address("127.0.0.1", port, "ann", "team"))
    assert str(error) == (
        f"Burndown needs PostgreSQL 15 or newer, and it is {version} that answers for team on 127.0.0.1:{port}. Ask "
        "the administrator for a newer server. Nothing was changed."
    )


def _let_in(listener: socket.socket, version: str) -> None:
    """Greets one client as a server of that version does (its protocol is the same since 7.4)."""
    client, _ = listener.accept()
    with client:
        (length,) = struct.unpack("!i", client.recv(4))
        if client.recv(length - 4)[:4] == struct.pack("!i", 80877103):
            client.sendall(b"N")
            client.recv(10_000)
        texts = {"server_version": version, "server_encoding": "UTF8", "client_encoding": "UTF8"}
        pairs = [f"{name}\0{value}\0".encode() for name, value in texts.items()]
        parts = [(b"R", struct.pack("!i", 0)), *((b"S", pair) for pair in pairs), (b"Z", b"I")]
        client.sendall(b"".join(kind + struct.pack("!i", len(rest) + 4) + rest for kind, rest in parts))
        client.recv(10_000)


def test_a_database_that_does_not_exist(strict: Server) -> None:
    error = refusal(replace(strict.address, database="nothing"))
    assert "no database of that name on the server: nothing on 127.0.0.1" in str(error)


def test_a_user_that_the_server_does_not_know(strict: Server) -> None:
    assert "knows no user zoe. Look at the name before the @" in str(refusal(replace(strict.address, user="zoe")))


def test_a_password_that_is_missing_or_wrong_is_asked_for_and_never_repeated(strict: Server) -> None:
    address = replace(strict.address, user="ann")
    assert "wants a password for ann, and none was found. Give it in PGPASSWORD" in str(refusal(address))
    wrong = refusal(address, password="hunter2")
    assert "does not know this password for ann" in str(wrong)
    assert "hunter2" not in str(wrong)


def test_a_user_whom_the_server_keeps_out(strict: Server) -> None:
    assert "does not let ben in from this computer. Ask the administrator" in str(
        refusal(replace(strict.address, user="ben"))
    )


def test_a_role_without_rights_gets_the_way_to_them(strict: Server) -> None:
    error = refusal(replace(strict.address, user="cleo"))
    assert isinstance(error, Refused)
    assert "cleo may not do this in team on 127.0.0.1" in str(error)
    assert "four lines of SQL in the README" in str(error)


def test_a_role_with_no_more_than_its_own_schema_is_enough(strict: Server, tmp_path: Path) -> None:
    server = replace(strict, process=None)
    sessions = open_sessions(replace(server.address, user="dora"), make=True)
    sessions.close()
    postgres_sessions = open_sessions(replace(server.address, user="dora"))
    assert postgres_sessions.rows("SELECT count(*) FROM profiles") == [(0,)]
    postgres_sessions.close()


def test_a_server_without_tls_is_not_trusted_over_a_network(strict: Server) -> None:
    error = refusal(replace(strict.address, more=(("sslmode", "verify-full"),)))
    assert "offers no TLS, so anybody on the way could read the data" in str(error)


@pytest.fixture(scope="module")
def with_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    server = new_server("15", "-c", "fsync=off")
    yield server, encrypt(server, tmp_path_factory.mktemp("tls") / "ca.pem")
    server.stop()


def test_a_certificate_that_nobody_signed_is_not_taken(with_tls: tuple[Server, Path]) -> None:
    server, _ = with_tls
    error = refusal(replace(server.address, host="localhost", more=(("sslmode", "verify-full"),)))
    assert isinstance(error, Unreachable)
    assert "is not signed by anybody whom this computer trusts" in str(error)


def test_a_certificate_for_another_name_is_not_taken(with_tls: tuple[Server, Path]) -> None:
    server, known = with_tls
    more = (("sslmode", "verify-full"), ("sslrootcert", str(known)))
    assert "is not that of 127.0.0.1" in str(refusal(replace(server.address, more=more)))


def test_the_teams_own_certificate_can_be_named(with_tls: tuple[Server, Path]) -> None:
    server, known = with_tls
    more = (("sslmode", "verify-full"), ("sslrootcert", str(known)))
    with own_schema(server) as schema:
        open_sessions(replace(server.address, host="localhost", more=more), schema=schema, make=True).close()


def test_a_file_of_certificates_that_is_not_there_is_named(with_tls: tuple[Server, Path]) -> None:
    server, _ = with_tls
    more = (("sslmode", "verify-full"), ("sslrootcert", "/no/such/file"))
    assert "Look at sslrootcert in the address" in str(refusal(replace(server.address, host="localhost", more=more)))


def test_a_database_of_another_encoding(strict: Server) -> None:
    error = refusal(replace(strict.address, database="plain"))
    assert "keeps text as SQL_ASCII instead of UTF8" in str(error)


def test_tables_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    server = shared_server("15")
    with own_schema(server) as schema:
        server.admin(f'CREATE SCHEMA "{schema}"', f'CREATE TABLE "{schema}".invoices (id int)')
        error = refusal(server.address, schema=schema)
        assert "holds what Burndown did not make (invoices). Nothing was changed" in str(error)
        server.admin(f'CREATE TABLE "{schema}".about (version int)')
        assert "did not make" in str(refusal(server.address, schema=schema))
        server.admin(f'INSERT INTO "{schema}".invoices VALUES (1)')


def test_tables_of_somebody_else_beside_ours_stay(tmp_path: Path) -> None:
    server = shared_server("15")
    with own_schema(server) as schema:
        with opened(server, tmp_path, schema):
            pass
        server.admin(f'CREATE TABLE "{schema}".invoices AS SELECT 1 AS id')
        with opened(server, tmp_path, schema) as backend:
            backend.save_profile(profile())
            assert backend.sessions.rows("SELECT id FROM invoices") == [(1,)]


def test_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    server = shared_server("15")
    with own_schema(server) as schema:
        with opened(server, tmp_path, schema):
            pass
        server.admin(f'UPDATE "{schema}".about SET version = {SCHEMA_VERSION + 1}')
        error = refusal(server.address, schema=schema)
        assert isinstance(error, NewerDatabase)
        assert "Get that version; nothing was changed" in str(error)


def test_a_store_that_is_not_there_is_not_made_by_whoever_only_opens(tmp_path: Path) -> None:
    server = shared_server("15")
    with own_schema(server) as schema:
        with pytest.raises(Refused, match=r"no data of a team .* yet\. Share a folder there first"):
            open_sessions(server.address, schema=schema)
        with pytest.raises(Refused, match="no data of a team"):
            open_sessions(server.address, schema=schema, read_only=True)


def test_a_server_that_takes_no_changes_is_read(tmp_path: Path) -> None:
    server = shared_server("15")
    with own_schema(server) as schema, opened(server, tmp_path, schema) as backend:
        backend.save_profile(profile())
        with backend.sessions.server.connect() as connection:
            connection.execute("ALTER ROLE owner SET default_transaction_read_only = on")
        try:
            (tmp_path / "other").mkdir()
            with opened(server, tmp_path / "other", schema, make=False) as other:
                assert [each.id for each in other.list_profiles()] == ["p"]
                with pytest.raises(NotWritable, match="takes no changes now"):
                    other.save_profile(profile("other", "Other"))
        finally:
            server.admin(
                "SET default_transaction_read_only = off", "ALTER ROLE owner RESET default_transaction_read_only"
            )


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (psycopg.errors.DiskFull("no space left"), DiskFull, "The disk of the team's server is full"),
        (psycopg.errors.TooManyConnections("too many"), Unreachable, "has no connection left"),
        (psycopg.errors.AdminShutdown("stopping"), Unreachable, "was stopped"),
        (psycopg.errors.LockNotAvailable("lock"), NotWritable, "Somebody else is changing"),
        (psycopg.errors.DeadlockDetected("deadlock"), NotWritable, "try again"),
        (psycopg.errors.DataCorrupted("page 7"), Damaged, "are damaged"),
        (psycopg.errors.ProgramLimitExceeded("index row size 9000"), Refused, "longer than the team's server can keep"),
        (psycopg.errors.NumericValueOutOfRange("bigint out of range"), Refused, "cannot be stored"),
        (psycopg.errors.SyntaxError("syntax"), Refused, "refused this: syntax"),
        (psycopg.OperationalError("the connection is closed"), Unreachable, "It goes on by itself"),
    ],
)
def test_what_a_server_says_later(error: psycopg.Error, kind: type[StoreError], text: str) -> None:
    result = in_plain_words(error, Address("db.example.com", None, "ann", "team"))
    assert type(result) is kind
    assert text in str(result)
    assert str(result)[0].isupper()


def test_a_number_or_text_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    server = shared_server("15")
    with own_schema(server) as schema, opened(server, tmp_path, schema) as backend:
        with pytest.raises(Refused, match=r"half a character cannot be stored: '.*ud800"):
            backend.save_profile(Profile("p", "\ud800", NOW, NOW))
        assert backend.list_profiles() == []


def test_what_a_server_says_loses_tokens_of_a_known_shape() -> None:
    token = "ATATT3xFfGF0" + "b7Q" * 8
    error = psycopg.errors.RaiseException(f"the row came with {token} in it")
    sentence = str(in_plain_words(error, Address("db", None, "ann", "team")))
    assert "the row came with" in sentence
    assert token not in sentence
