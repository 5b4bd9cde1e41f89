"""A team's password through the whole program: it is nowhere but where it was put."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.clicking import Clicks
from tests.postgres import Server, drop, new_server
from tests.running import LAUNCHER, ROOT, started

# They start a server of PostgreSQL.
pytestmark = pytest.mark.slow

PASSWORD = "planted-Team-9c41"
_HBA = "host all member 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"
_ROWS = "Issue key,Summary,Status,Status Category,Created\nA-1,New,Open,To Do,2026-01-05 10:00\n"


@pytest.fixture
def server() -> Iterator[Server]:
    """One that asks its member for a password, and logs what it is asked."""
    result = new_server("15", "-c", "fsync=off", "-c", "log_statement=all", "-c", "log_connections=on")
    with psycopg.connect(host="127.0.0.1", port=result.port, user="owner", dbname="team", autocommit=True) as admin:
        # In a form that the log may have: the test is about what we send.
        hashed = admin.pgconn.encrypt_password(PASSWORD.encode(), b"member", b"scram-sha-256").decode()
        admin.execute(f"CREATE ROLE member LOGIN PASSWORD '{hashed}'".encode())
        admin.execute("CREATE SCHEMA burndown AUTHORIZATION member")
    (result.folder / "data" / "pg_hba.conf").write_text(_HBA)
    result.admin("SELECT pg_reload_conf()")
    yield result
    drop(result)


class Listed:
    """What the list of processes says of those that we start, while they run."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.02):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.seen.add(path.read_bytes())
                except OSError:
                    continue

    def end(self) -> set[bytes]:
        self._ended.set()
        self._thread.join()
        return self.seen


def test_no_log_argument_file_database_bundle_or_diagnosis_has_it(server: Server, tmp_path: Path) -> None:
    url = str(replace(server.address, user="member"))
    folder, out = tmp_path / "data", tmp_path / "out"
    out.mkdir()
    (tmp_path / "a.csv").write_text(_ROWS)
    contents, listed = [], Listed()
    for words, password, code in (
        (("import", str(tmp_path / "a.csv"), "--profile", "P", "--query", "Q"), "", 0),
        (("team", "share", url), "", 3),
        (("team", "share", url), f"{PASSWORD}-wrong", 3),
        (("team", "share", url), PASSWORD, 0),
        (("team", "status"), PASSWORD, 0),
        (("status",), PASSWORD, 0),
        (("check",), PASSWORD, 0),
        (("backup", "--to", str(out / "all.db")), PASSWORD, 0),
        (("export", "--bundle", str(out / "all.zip")), PASSWORD, 0),
        (("export", "--json-tree", str(out / "tree")), PASSWORD, 0),
    ):
        contents.append(ask(folder, words, password, code))
    contents += through_the_app(folder, out)
    contents += [ask(folder, ("team", "leave"), PASSWORD, 0)]
    assert all(PASSWORD.encode() not in text for text in (*contents, *listed.end()))
    logs = [path for path in folder.rglob("*.log*") if path.is_file()]
    assert logs
    assert holding(tmp_path) == []
    assert PASSWORD.encode() not in (server.folder / "log").read_bytes()
    with psycopg.connect(host="127.0.0.1", port=server.port, user="owner", dbname="team") as admin:
        rows = admin.execute("SELECT key, value FROM burndown.app_state").fetchall()
    assert rows
    assert PASSWORD not in str(rows)


def ask(folder: Path, words: tuple[str, ...], password: str, code: int) -> bytes:
    done = subprocess.run(
        [*LAUNCHER, *words, "--profiles", str(folder)], cwd=ROOT, env=surroundings(password), capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def surroundings(password: str) -> dict[str, str]:
    """libpq's own means; no keyring answers."""
    texts = {"PGPASSWORD": password} if password else {}
    return {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", **texts}


def through_the_app(folder: Path, out: Path) -> list[bytes]:
    """The pages, the diagnostics file, and what the running program says of itself."""
    command = [*LAUNCHER, "--profiles", str(folder), "--no-browser", "--print-url", "--port", "0"]
    with started(command, PGPASSWORD=PASSWORD) as running:
        browser = running.browser()
        browser.wait_for("ready")
        clicks = Clicks(browser)
        seen = [clicks.open(path) for path in ("/", "/settings/team", "/settings/system")]
        assert "This folder works with a team" in seen[1]
        diagnosis = re.search(r'"content":\s*("[^"]+")', clicks.press("save-diagnostics"))
        assert diagnosis is not None
        (out / "diagnosis.zip").write_bytes(base64.b64decode(json.loads(diagnosis[1])))
        browser.post("/_quit")
        assert running.end() == 0
        seen.append(running.errors())
    return [text.encode() for text in seen]


def holding(folder: Path) -> list[str]:
    """Files below with the password in them, in clear or as UTF-16."""
    forms = (PASSWORD.encode(), PASSWORD.encode("utf-16-le"))
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path.name for path in files if any(form in content for form in forms for content in contents(path))]


def contents(path: Path) -> list[bytes]:
    """Of a file; of a zip file what is in it, unpacked."""
    if not zipfile.is_zipfile(path):
        return [path.read_bytes()]
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]
