"""The frozen executable and a server that asks for encryption: PostgreSQL's library in it shares Python's OpenSSL."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.place import Place
from tests.postgres import Server, encrypt, new_server


@pytest.fixture(scope="module")
def with_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    server = new_server("15", "-c", "fsync=off")
    yield server, encrypt(server, tmp_path_factory.mktemp("tls") / "ca.pem")
    server.stop()


def test_an_encrypted_server_whose_certificate_is_known_is_used(place: Place, with_tls: tuple[Server, Path]) -> None:
    server, known = with_tls
    address = f"postgresql://owner@localhost:{server.port}/team?sslmode=verify-full&sslrootcert={known}"
    _one_project(place)
    shared = place.call("team", "share", address)
    assert (shared["role"], shared["server"].split(".")[0]) == ("owner", "15")
    assert place.call("team", "status")["store"]


def test_one_whose_certificate_nobody_signed_is_not(place: Place, with_tls: tuple[Server, Path]) -> None:
    server, _ = with_tls
    address = f"postgresql://owner@localhost:{server.port}/team?sslmode=verify-full"
    _one_project(place)
    command = [str(place.program), "team", "share", address]
    done = subprocess.run(command, env=place.environment(), capture_output=True, check=False, timeout=120)
    assert done.returncode != 0
    assert "is not signed by anybody whom this computer trusts" in done.stderr.decode()


def _one_project(place: Place) -> None:
    export = place.home / "work.csv"
    export.write_text("Key,Status,Created,Resolved\nA-1,Done,2026-01-05,2026-01-09\nA-2,To Do,2026-01-06,\n")
    place.call("import", str(export))
