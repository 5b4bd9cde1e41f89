"""The process of a sync is killed for good, on the real store; the next sync completes it."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scripts.fake_jira import EMAIL, TOKEN, FakeJira, seeded_issues
from store.opening import open_store
from store.records import Profile, Query
from tests.jira.world import NOON, REF

ROOT = Path(__file__).parents[3]
SYNC = """
import sys
from pathlib import Path
from app.jira.connect import open_client
from app.jira.sync.sync import sync
from app.jira.http.transport import Connection
from app.network import Network
from store.opening import open_store
from store.records import QueryRef
url, email, token, folder = sys.argv[1:]
opened = open_store(Path(folder), mode="write")
with open_client(Connection(url, email, token), Network().asking("a test")) as client:
    print("ready", flush=True)
    print(sync(client, opened.backend, QueryRef("p_1", "q_1")).mode)
opened.backend.close()
"""


@pytest.fixture
def jira() -> Iterator[FakeJira]:
    with FakeJira("cloud", seeded_issues(300, 7, datetime.now(UTC)), page_size=20) as result:
        result.faults.slow_seconds = 0.01
        yield result


def _folder(at: Path) -> Path:
    opened = open_store(at, mode="write")
    opened.backend.save_profile(Profile(REF.profile_id, "Team", NOON, NOON))
    opened.backend.save_query(Query(REF.profile_id, REF.query_id, "All", NOON, NOON, jql="project = DEMO"))
    opened.backend.close()
    return at


def _start(jira: FakeJira, folder: Path) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", SYNC, jira.url, EMAIL, TOKEN, str(folder)]
    running = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    return running


def _rows(folder: Path) -> dict[str, Any]:
    opened = open_store(folder, mode="read")
    issues = sorted(opened.backend.list_issues(REF), key=lambda issue: issue.key)
    rows = {"issues": issues, "changes": opened.backend.list_changes(REF), "sprints": opened.backend.list_sprints(REF)}
    opened.backend.close()
    return rows


@pytest.mark.slow
def test_after_six_kills_at_random_moments_the_rows_are_those_of_a_clean_sync(jira: FakeJira, tmp_path: Path) -> None:
    rng = random.Random(4)
    killed = _folder(tmp_path / "killed")
    for _ in range(6):
        running = _start(jira, killed)
        time.sleep(rng.uniform(0.0, 0.35))
        running.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        running.communicate()
        jira.set_status(str(10_000 + rng.randrange(1, 300)), "Done")
    assert _start(jira, killed).communicate()[0].strip() in ("full", "delta")
    clean = _folder(tmp_path / "clean")
    _start(jira, clean).communicate()
    assert len(_rows(clean)["issues"]) == 300
    assert _rows(killed) == _rows(clean)
    files = [path.read_bytes() for path in (*killed.rglob("*"), *clean.rglob("*")) if path.is_file()]
    assert not any(TOKEN.encode() in data for data in files)


def test_the_fake_server_runs_as_a_program() -> None:
    script = [sys.executable, "scripts/fake_jira.py", "--flavour", "data-center", "--issues", "3"]
    running = subprocess.Popen(script, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    about = json.loads(running.stdout.readline())
    running.terminate()
    running.communicate()
    assert (about["issues"], about["projects"], about["email"]) == (3, ["DEMO"], "")
    assert about["url"].startswith("http://127.0.0.1:")
