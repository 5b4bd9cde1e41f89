"""A small query with known numbers, and jobs that run at once, for tests of what is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.context import Context
from app.jobs import Jobs, JobState, NoProgress, Progress, Requests
from store.records import Category, Change, Issue, Milestone, Profile, Query, QueryRef
from tests.memory_backend import MemoryBackend

# A Monday noon, so that the week under way is nearly empty.
NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
REF = QueryRef("p", "q")
WEEKS = 14


class ImmediateJobs(Jobs):
    """Runs a job when it is submitted, in the caller's thread."""

    def __init__(self) -> None:
        self.states: dict[str, JobState] = {}

    def submit(self, name: str, job: Callable[[Progress], Any], about: str = "", *, kept: bool = True) -> None:
        self.states[name] = JobState(name, "completed", 100.0, "", job(NoProgress()), about=about, at=NOW)

    def state(self, name: str) -> JobState | None:
        return self.states.get(name)

    def running(self) -> JobState | None:
        return None

    def cancel(self, name: str) -> None:
        self.states.pop(name, None)

    def close(self) -> None:
        return None


class NobodyWaits(Requests):
    """A job that runs in the caller's thread would wait for the request that it is a part of."""

    def go_first(self, longest: float = 0.0, rest: float = 0.0) -> None:
        return None


def empty_context() -> Context:
    ctx = Context(MemoryBackend(), ImmediateJobs(), Path("data folder"), lambda: NOW)
    ctx.requests = NobodyWaits()
    return ctx


def sample_context(**settings: Any) -> Context:
    """Two issues finished in each of 14 full weeks, ten open, one of them with a hostile name."""
    ctx = empty_context()
    ctx.backend.save_profile(Profile("p", "Team <b>", NOW, NOW, forecast_settings={"time_zone": "UTC"} | settings))
    ctx.backend.save_query(Query("p", "q", "All & more", NOW, NOW))
    issues, changes = _finished()
    issues += [_open(at) for at in range(10)]
    ctx.backend.upsert_issues(REF, issues, changes)
    ctx.backend.replace_milestones("p", [Milestone("Beta <script>", (NOW + timedelta(days=40)).date())])
    ctx.backend.switch_query(REF, NOW)
    return ctx


def _finished() -> tuple[list[Issue], list[Change]]:
    begin = NOW - timedelta(weeks=WEEKS + 1)
    issues, changes = [], []
    for at in range(2 * WEEKS):
        done = NOW - timedelta(weeks=at // 2, days=4)
        issues.append(
            Issue(f"S-{at}", f"Done {at}", "Story", "Done", Category.DONE, begin, done, resolved=done, points=3.0)
        )
        changes.append(Change(f"S-{at}", done, "status", "To Do", "Done"))
    return issues, changes


def _open(at: int) -> Issue:
    created = NOW - timedelta(weeks=WEEKS + 1)
    return Issue(f"S-{100 + at}", "<img src=x>", "Story", "To Do", Category.TODO, created, created,
                 url="javascript:alert(1)" if at == 0 else f"https://jira.example/browse/S-{100 + at}")  # fmt: skip
