"""Syncing with Jira: a real server on this machine, and a loop of the same requests that does nothing with the answers.

Each run is a process of its own, as the command `sync` is: `python -m scripts.measure.tracker sync|bare FILE`.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from app.jira.client import JiraClient
from app.jira.http.transport import Answer, Connection, Transport
from app.jira.sync.sync import sync as sync_query
from app.network import Network
from scripts.fake_jira import EMAIL, TOKEN, FakeJira, log, read_json_lines, seeded_issues
from scripts.measure.data import ROOT
from scripts.measure.rows import Row
from scripts.measure.starts import EXECUTABLE
from store.opening import open_store
from store.records import Profile, Query

_REAL = ROOT / ".." / "shared" / "real-data" / "titanium-issues.jsonl.gz"
_ISSUES, _CHANGED = 23_870, 50
_RUNS = 5
_WAY_SECONDS = 0.1


def sync() -> Iterator[Row]:
    for flavour in ("cloud", "data-center"):
        issues = read_json_lines(_REAL) if _REAL.exists() else seeded_issues(_ISSUES, 1, datetime.now(UTC))
        with FakeJira(flavour, issues) as jira, tempfile.TemporaryDirectory() as folder:
            name = f"{len(issues):,} issues from the fake {flavour}"
            yield from _full(jira, Path(folder) / "asked.json", name, _RUNS, limit=2)
            jira.faults.slow_seconds = _WAY_SECONDS
            yield from _full(jira, Path(folder) / "asked.json", f"{name}, 100 ms a request", 1, limit=0.6)
            jira.faults.slow_seconds = 0
            yield from _delta(jira, Path(folder) / "profiles", flavour)


def _full(jira: FakeJira, log: Path, name: str, number: int, limit: float) -> Iterator[Row]:
    about = {"url": jira.url, "email": EMAIL if jira.cloud else "", "jql": _jql(jira)}
    log.write_text(json.dumps({"about": about, "requests": []}), encoding="utf-8")
    # The first fills the server's own memory and notes what is asked.
    _child("sync", log)
    runs = [(_child("bare", log), _child("sync", log)) for _ in range(number)]
    floor = min(bare["seconds"] for bare, _ in runs)
    best = min(run["seconds"] for _, run in runs)
    yield Row("sync", f"{name}, against a bare loop of the same requests", best, "s", floor, limit=limit)
    peak = max(run["peak_mb"] for _, run in runs)
    yield Row("sync", f"{name}, peak memory", peak, "MB", limit=250)


def _jql(jira: FakeJira) -> str:
    projects = sorted({issue["fields"]["project"]["key"] for issue in jira.issues.values()})
    return f"project in ({', '.join(projects)})"


def _child(what: str, log: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "scripts.measure.tracker", what, str(log)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _delta(jira: FakeJira, profiles: Path, flavour: str) -> Iterator[Row]:
    """The whole command, on a folder that has all issues."""
    email = ["--email", EMAIL] if jira.cloud else []
    _command(profiles, "connect", "--url", jira.url, "--profile", "B", "--query", "All", "--jql", _jql(jira), *email)
    _command(profiles, "sync")
    runs = []
    for _ in range(_RUNS):
        for issue in list(jira.issues.values())[:_CHANGED]:
            log(issue, datetime.now(UTC), "status", "Open", "Closed")
        jira.forget_answers()
        began = time.perf_counter()
        _command(profiles, "sync")
        runs.append(time.perf_counter() - began)
    yield Row("sync", f"{_CHANGED} changes from the fake {flavour}, whole command", min(runs), "s", limit=2)


def _command(profiles: Path, *arguments: str) -> None:
    program = [str(EXECUTABLE)] if EXECUTABLE.exists() else [sys.executable, "launcher.py"]
    environment = {**os.environ, "BURNDOWN_JIRA_TOKEN": TOKEN}
    command = [*program, *arguments, "--profiles", str(profiles), "--json"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


# -- in a process of its own ------------------------------------------------------------------------------


class _Noting(Transport):
    """Notes what it asks, to be asked again without us."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, Network().asking("measuring"))
        self.log: list[tuple[str, str, Any]] = []

    def get(self, path: str, **parameters: Any) -> Answer:
        self.log.append(("GET", path, parameters))
        return super().get(path, **parameters)

    def post(self, path: str, document: Any) -> Answer:
        self.log.append(("POST", path, document))
        return super().post(path, document)


def _sync(log: Path, about: Mapping[str, str]) -> float:
    now = datetime.now(UTC).replace(microsecond=0)
    transport = _Noting(Connection(about["url"], about["email"], TOKEN))
    with tempfile.TemporaryDirectory() as folder, JiraClient(transport, has_token=True) as client:
        backend = open_store(Path(folder), mode="write").backend
        query = Query("p_1", "q_1", "All", now, now, jql=about["jql"])
        backend.save_profile(Profile("p_1", "Bench", now, now))
        backend.save_query(query)
        began = time.perf_counter()
        sync_query(client, backend, query.ref)
        elapsed = time.perf_counter() - began
        backend.close()
    log.write_text(json.dumps({"about": about, "requests": transport.log}), encoding="utf-8")
    return elapsed


def _bare(about: Mapping[str, str], noted: list[tuple[str, str, Any]]) -> float:
    session = requests.Session()
    if about["email"]:
        session.auth = (about["email"], TOKEN)
    else:
        session.headers["Authorization"] = f"Bearer {TOKEN}"
    began = time.perf_counter()
    for method, path, content in noted:
        how = {"params": content} if method == "GET" else {"json": content}
        session.request(method, about["url"] + path, **how).json()
    return time.perf_counter() - began


def _peak_mb() -> float:
    """Of this process alone; where the system does not tell, 0. (`getrusage` would count the parent's as well.)"""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM")), 0.0)


def main() -> None:
    # As the command does: a sync makes no cycles.
    gc.disable()
    what, file = sys.argv[1], Path(sys.argv[2])
    log = json.loads(file.read_text(encoding="utf-8"))
    elapsed = _sync(file, log["about"]) if what == "sync" else _bare(log["about"], log["requests"])
    print(json.dumps({"seconds": elapsed, "peak_mb": _peak_mb()}))


if __name__ == "__main__":
    main()
