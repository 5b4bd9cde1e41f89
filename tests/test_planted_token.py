"""A token that lies in an old installation, through the whole program: it is nowhere but in the original file."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.host.instance import read_instance
from app.pages import PAGES
from store.opening import open_store
from store.records import Profile, Query
from tests.clicking import Clicks
from tests.running import LAUNCHER, ROOT, started
from tests.store.legacy.old_folder import write_folder

pytestmark = pytest.mark.slow
TOKEN = "planted-Token-5b77"
_FORMS = (TOKEN.encode(), TOKEN.encode("utf-16-le"), base64.b64encode(TOKEN.encode())[:-2])


def says(content: bytes) -> bool:
    return any(form in content for form in _FORMS)


def said_by(*arguments: str) -> bytes:
    done = subprocess.run([*LAUNCHER, *arguments], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def holding(folder: Path) -> list[str]:
    """Files below with the token in them, in whatever form; zip files are looked into."""
    holders = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                contents = [archive.read(name) for name in archive.namelist()]
        else:
            contents = [path.read_bytes()]
        if any(map(says, contents)):
            holders.append(path.relative_to(folder).as_posix())
    return holders


def test_no_file_page_answer_export_or_process_list_has_it(tmp_path: Path) -> None:
    root = tmp_path / "old"
    write_folder(root, 12)
    profile = root / "profiles" / "p_0123456789ab" / "profile.json"
    profile.write_text(profile.read_text(encoding="utf-8").replace('"dummy"', f'"{TOKEN}"'), encoding="utf-8")
    folder, out = root / "profiles", tmp_path / "out"
    out.mkdir()
    with started([*LAUNCHER, "--profiles", str(folder), "--no-browser", "--print-url", "--port", "0"]) as running:
        browser = running.browser()
        browser.wait_for("ready")
        clicks = Clicks(browser)
        seen = [browser.get("/").text, *(clicks.open(page.path) for page in PAGES)]
        there = read_instance(folder)
        assert there is not None
        if sys.platform == "linux":
            seen.append((Path("/proc") / str(there.pid) / "cmdline").read_text())
        browser.post("/_quit")
        assert running.end() == 0
        seen.append(running.errors())
    data = ("--profiles", str(folder))
    answers = [
        said_by(*arguments, *data)
        for arguments in (
            ("status", "--json"),
            ("check",),
            ("backup", "--to", str(out / "backup.db")),
            ("export", "--bundle", str(out / "all.zip")),
            ("export", "--json-tree", str(out / "tree")),
            ("export", "--csv", str(out / "tables")),
        )
    ]
    assert len(seen) >= len(PAGES)
    assert not any(says(text.encode()) for text in seen)
    assert not any(map(says, answers))
    assert holding(out) == []
    assert len(holding(tmp_path)) == 1
    assert holding(tmp_path)[0].startswith("old/profiles/legacy/")


@pytest.mark.parametrize("token", ["tok\nSECRET-8876", "SECRET-8876\u2013x", "SECRET-8876\x07x"])
def test_a_token_that_cannot_be_one_is_refused_and_lands_in_no_file_or_message(tmp_path: Path, token: str) -> None:
    folder = tmp_path / "data"
    connect = ("connect", "--url", "http://127.0.0.1:9", "--profile", "T", "--query", "Q", "--jql", "project = A")
    for arguments in (connect, ("sync",)):
        if arguments == ("sync",):
            store_connected(folder)
        done = subprocess.run(
            [*LAUNCHER, *arguments, "--profiles", str(folder)],
            cwd=ROOT,
            env={**os.environ, "BURNDOWN_JIRA_TOKEN": token},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 3
        assert done.stderr.startswith("The token holds a")
        assert "SECRET" not in done.stdout + done.stderr
    assert not any(b"SECRET" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def store_connected(folder: Path) -> None:
    """A profile that is connected to nowhere."""
    backend, now = open_store(folder, mode="write").backend, datetime(2026, 3, 2, tzinfo=UTC)
    backend.save_profile(Profile("p", "T", now, now, jira_config={"base_url": "http://127.0.0.1:9"}))
    backend.save_query(Query("p", "q", "Q", now, now, jql="project = A"))
    backend.close()
