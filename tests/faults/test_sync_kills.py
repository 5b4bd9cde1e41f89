"""The real program, killed at any moment of a sync while people go on working in Jira; then one sync to its end."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scripts.fake_jira import EMAIL, TOKEN, FakeJira, seeded_issues, sprint_json
from store.opening import open_store
from store.sqlite import backup
from tests.running import LAUNCHER, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="SIGKILL")]
ISSUES = 300


@pytest.fixture
def jira(program: Sequence[str]) -> Iterator[FakeJira]:
    """Each program against one of the two: how a sync is cut and resumed is the same in both."""
    flavour = "data-center" if program is LAUNCHER else "cloud"
    with FakeJira(flavour, seeded_issues(ISSUES, 7, datetime.now(UTC)), page_size=20) as server:
        server.faults.slow_seconds = 0.01
        yield server


@dataclass(frozen=True)
class Team:
    """A data folder connected to the fake Jira, and how its program is run."""

    program: Sequence[str]
    jira: FakeJira
    profiles: Path
    temp: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        self.temp.mkdir(exist_ok=True)
        return subprocess.Popen(
            [*self.program, *arguments, "--profiles", str(self.profiles), "--json"],
            cwd=ROOT,
            env={**os.environ, "BURNDOWN_JIRA_TOKEN": TOKEN, "TMPDIR": str(self.temp)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # The executable of one file works in a child: the power switch ends both.
            start_new_session=True,
        )

    def run(self, *arguments: str) -> Any:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return json.loads(out)

    def connected(self) -> Team:
        email = ["--email", EMAIL] if self.jira.cloud else []
        place = ["--profile", "Team", "--query", "All", "--jql", "project in (DEMO, ELSE)"]
        self.run("connect", "--url", self.jira.url, *place, *email)
        return self

    def sync_killed(self, after: float, *options: str) -> bool:
        """Start a sync and end it so many seconds after its first request; false when it was done by then."""
        requests_before = self.jira.requests
        process = self.start("sync", *options)
        while self.jira.requests == requests_before:
            assert process.poll() is None, process.communicate()
            time.sleep(0.002)
        with suppress(subprocess.TimeoutExpired):
            process.wait(after)
        killed = process.poll() is None
        if killed:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        # What the executable unpacked is left behind by a kill.
        shutil.rmtree(self.temp)
        return killed

    def rows(self) -> dict[str, Any]:
        """What the charts read, from the next start, which must find all in order."""
        opened = open_store(self.profiles, mode="write")
        backend = opened.backend
        assert opened.notices == ()
        (profile,) = backend.list_profiles()
        (query,) = backend.list_queries(profile.id)
        facts = backend.load_facts(query.ref)
        backend.close()
        assert backup.content_damage(self.profiles / "burndown.db") == []
        return {
            "issues": {issue.key: issue for issue in facts.issues if issue.in_query},
            "changes": facts.changes,
            "sprints": {sprint.name: sprint for sprint in facts.sprints},
        }


def _work(jira: FakeJira, rng: random.Random) -> None:
    """What people do in Jira meanwhile. They delete nothing: of that a clean sync would know no history."""
    for issue_id in rng.sample(sorted(jira.issues), 3):
        rng.choice(
            (
                lambda issue=issue_id: jira.set_status(issue, rng.choice(("In Progress", "In Review", "Done"))),
                lambda issue=issue_id: jira.set_points(issue, float(rng.randrange(1, 9))),
                lambda issue=issue_id: jira.set_sprint(issue, sprint_json(rng.randrange(18, 22), datetime.now(UTC))),
                lambda issue=issue_id: jira.move(
                    issue, f"{rng.choice(('DEMO', 'ELSE'))}-{rng.randrange(1_000, 99_999)}"
                ),
            )
        )()


def test_after_twenty_kills_during_syncs_the_rows_are_those_of_a_clean_sync(
    program: Sequence[str], jira: FakeJira, tmp_path: Path, soak: bool
) -> None:
    rng = random.Random(20)
    clean = Team(program, jira, tmp_path / "clean", tmp_path / "temp").connected()
    seconds = clean.run("sync")["queries"][0]["seconds"]
    team = Team(program, jira, tmp_path / "profiles", tmp_path / "temp").connected()
    kills = 0
    for number in range(100 if soak else 20):
        # A full sync goes on where it was cut; so that this does not come to an end, every fifth asks for all again.
        killed = team.sync_killed(rng.uniform(0.0, seconds), *(["--full"] if number % 5 == 0 else []))
        kills += killed
        # It was measured while the machine did more than now.
        seconds *= 1.0 if killed else 0.8
        _work(jira, rng)
    assert kills >= 10
    team.run("sync")
    clean.run("sync", "--full")
    assert len(team.rows()["issues"]) == ISSUES
    assert team.rows() == clean.rows()
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in data for data in written)
