"""A fake Jira, a store in memory and a client between them, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.errors import Cancelled
from app.jira.client import JiraClient
from app.jira.http.transport import Connection, Limits, Transport
from app.jira.sync.sync import LIFETIME, SyncResult, sync
from app.jobs import Progress
from app.network import Network
from scripts.fake_jira import EMAIL, TOKEN, FakeJira, new_issue, sprint_json
from store.records import Profile, Query, QueryRef
from tests.memory_backend import MemoryBackend

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REF = QueryRef("p_1", "q_1")
TESTING = Network().asking("a test")
# Of a server that never counts as one that answers at once: whether it does so depends on how busy the computer is.
QUICK = Limits(
    connect_seconds=20.0,
    silence_seconds=20.0,
    answer_seconds=20.0,
    answer_bytes=300_000,
    tries=3,
    at_once_seconds=0.0,
)


class Clock:
    """Stands still until told to go on."""

    def __init__(self, start: datetime = NOON) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def on(self, **much: float) -> None:
        self.time += timedelta(**much)


class Steps:
    """Progress that notes what it is told, cancels at a step, or lets something happen there."""

    def __init__(self, cancel_at: int | None = None, at: dict[int, Callable[[], None]] | None = None) -> None:
        self.texts: list[str] = []
        self._cancel_at, self._at = cancel_at, at or {}

    def step(self, done: int, total: int, text: str = "") -> None:
        self.texts.append(text)
        self._at.get(len(self.texts), lambda: None)()
        if len(self.texts) == self._cancel_at:
            raise Cancelled("stopped")


def transport(
    jira: FakeJira, *, limits: Limits = QUICK, token: str = TOKEN, waits: list[float] | None = None
) -> Transport:
    """To the fake server; pauses are noted and not made."""
    noted = waits if waits is not None else []
    connection = Connection(jira.url, EMAIL if jira.cloud and token else "", token)
    return Transport(connection, TESTING, limits, noted.append)


@contextmanager
def client(jira: FakeJira, **options: object) -> Iterator[JiraClient]:
    with JiraClient(transport(jira, **options), has_token=options.get("token", TOKEN) != "") as result:  # type: ignore[arg-type]
        yield result


def store(jql: str = "project = ABC", ref: QueryRef = REF) -> MemoryBackend:
    backend = MemoryBackend()
    backend.save_profile(Profile(ref.profile_id, "Team", NOON, NOON))
    backend.save_query(Query(ref.profile_id, ref.query_id, "All", NOON, NOON, jql=jql))
    return backend


def issues(count: int, start: datetime = NOON - timedelta(days=30)) -> list[dict[str, object]]:
    """ABC-1 and on, ids from 10001, created an hour apart, in a sprint, the odd ones with points."""
    documents = []
    for number in range(1, count + 1):
        issue = new_issue(
            10_000 + number, f"ABC-{number}", start + timedelta(hours=number), points=float(number % 2) or None
        )
        issue["fields"]["customfield_10020"] = [sprint_json(20, NOON)]
        documents.append(issue)
    return documents


@dataclass
class World:
    """Everything together, with one clock."""

    jira: FakeJira
    clock: Clock
    backend: MemoryBackend = field(default_factory=store)
    authors: bool = False

    def sync(
        self,
        *,
        full: bool = False,
        progress: Progress | None = None,
        limits: Limits = QUICK,
        token: str = TOKEN,
        lifetime: timedelta = LIFETIME,
    ) -> SyncResult:
        with client(self.jira, limits=limits, token=token) as result:
            return sync(
                result,
                self.backend,
                REF,
                full=full,
                progress=progress,
                lifetime=lifetime,
                authors=self.authors,
                page=3,
                now=self.clock,
            )


@contextmanager
def world(flavour: str = "cloud", count: int = 7, **options: object) -> Iterator[World]:
    """Three issues a page, so that a few issues make several pages."""
    clock = Clock()
    with FakeJira(flavour, issues(count), clock=clock, page_size=3, **options) as jira:  # type: ignore[arg-type]
        yield World(jira, clock)
