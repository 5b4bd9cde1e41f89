"""A team's server, over an encrypted connection: PostgreSQL's library in the executable uses Python's OpenSSL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Server, encrypt, new_server
from tests.windows.machine import WINDOWS, Machine, Spot
from tests.windows.test_commands import items


@pytest.fixture(scope="module")
def with_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    server = new_server("15", "-c", "fsync=off")
    yield server, encrypt(server, tmp_path_factory.mktemp("tls") / "ca.pem")
    server.stop()


def test_a_folder_is_shared_over_an_encrypted_connection(
    spot: Spot, machine: Machine, with_tls: tuple[Server, Path], tmp_path: Path
) -> None:
    server, _ = with_tls
    spot.ask("import", machine.path(items(tmp_path)))
    address = f"postgresql://owner@localhost:{server.port}/team?sslmode=require"
    # Without looking for a certificate of the user's: see scripts/_wine.py.
    assert spot.ask("team", "share", address, PGSSLCERTMODE="disable")["server"].startswith("15")
    assert spot.ask("status", PGSSLCERTMODE="disable")["counts"]["issues"] == 3
    with psycopg.connect(host="127.0.0.1", port=server.port, user="owner", dbname="team") as connection:
        assert connection.execute("SELECT count(*) FROM burndown.issues").fetchone() == (3,)


@pytest.mark.skipif(not WINDOWS, reason="PostgreSQL's library cannot look for files under this Wine")
def test_a_certificate_counts_when_it_is_known(
    spot: Spot, machine: Machine, with_tls: tuple[Server, Path], tmp_path: Path
) -> None:
    server, known = with_tls
    spot.ask("import", machine.path(items(tmp_path)))
    address = f"postgresql://owner@localhost:{server.port}/team?sslmode=verify-full"
    refused = spot.call("team", "share", address)
    assert refused.code == 3
    assert "is not signed by anybody whom this computer trusts" in refused.err
    assert spot.ask("team", "share", f"{address}&sslrootcert={machine.path(known)}")["server"].startswith("15")
