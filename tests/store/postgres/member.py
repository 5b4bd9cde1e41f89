"""One member of a team as a process of its own: `python -m tests.store.postgres.member ADDRESS SCHEMA FOLDER`, with
`newer` or `older` behind it for one who has another version of Burndown.

It reads one JSON line per task and answers each with one; what it has acknowledged meanwhile comes in lines of its
own. It says `{"open": true}` when its store is open. Work is numbered: step n puts in the issues `<name>A-n` and
`<name>B-n` with n changes, and nothing of it, so that a store tells by itself which steps it has and whether one is
there in part.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.errors import AppError
from store.backend import PersistenceBackend
from store.errors import StoreError, UnknownQuery, Unreachable
from store.postgres.address import Address, parsed
from store.postgres.backend import open_sessions
from store.postgres.connections import PostgresSessions
from store.records import Category, Change, Issue, Milestone, Profile, Query, QueryRef, Snapshot
from store.sql.backend import SQLBackend
from store.sql.profiles import mark_written
from store.sqlite.backend import SQLiteBackend
from store.upkeep import Clock, Upkeep, utc_now

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")
JQL = "project in (DEMO, ELSE)"


def say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Plain(SQLBackend):
    """The repository on a server and nothing else: no copy to go on with, so what it does is what shows."""

    is_shared = True
    sessions: PostgresSessions

    def __init__(self, sessions: PostgresSessions, local: SQLiteBackend) -> None:
        super().__init__(sessions, local.connections)
        self.sessions, self._own = sessions, local
        sessions.on_change = mark_written

    def upkeep(self, profiles_dir: Path, clock: Clock = utc_now) -> Upkeep:
        return self._own.upkeep(profiles_dir, clock)

    def close(self) -> None:
        self.sessions.close()
        self._own.close()


@contextmanager
def store(address: Address, schema: str, folder: Path) -> Iterator[Plain]:
    """A member's: the data on the server, the state in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    local = SQLiteBackend(folder / "burndown.db")
    try:
        backend = Plain(open_sessions(address, schema=schema, make=True), local)
        try:
            yield backend
        finally:
            backend.close()
    finally:
        local.close()


def begin(backend: PersistenceBackend) -> None:
    """The project and the work list that the work goes into."""
    with backend.transaction():
        backend.save_profile(Profile(id="p", name="Team", created_at=NOW, last_used=NOW))
        backend.save_query(Query(profile_id="p", id="q", name="All", created_at=NOW, last_used=NOW, jql=JQL))


def _issue(name: str, letter: str, number: int) -> Issue:
    return Issue(f"{name}{letter}-{number}", f"Step {number}", "Task", "Done", category=Category.DONE, created=NOW)


def step(backend: PersistenceBackend, name: str, number: int, changes: int = 3) -> None:
    a, b = _issue(name, "A", number), _issue(name, "B", number)
    history = [Change(a.key, NOW + timedelta(minutes=n), "status", None, f"s{n}") for n in range(changes)]
    with backend.transaction():
        backend.upsert_issues(REF, [a], history)
        backend.upsert_issues(REF, [b], [])


def steps_of(backend: PersistenceBackend, name: str, ref: QueryRef = REF) -> set[int]:
    """The numbers of the steps that are there. Raises AssertionError for one that is there in part."""
    facts = backend.load_facts(ref)
    keys = {issue.key for issue in facts.issues}
    numbers, others = ({int(key.rpartition("-")[2]) for key in keys if key.startswith(name + part)} for part in "AB")
    assert numbers == others, "a step is there in part"
    changed = {change.issue_key for change in facts.changes if change.issue_key.startswith(f"{name}A")}
    assert changed == {key for key in keys if key.startswith(f"{name}A")}, "an issue is there without its changes"
    return numbers


class Tasks:
    """What a member can be asked to do. Each returns what its answer holds."""

    def __init__(self, backend: Plain, folder: Path) -> None:
        self.backend = backend
        self.folder = folder

    def begin(self) -> None:
        begin(self.backend)

    def steps(self, name: str, first: int, count: int, *, again: bool = False, seconds: float = 60.0) -> int:
        """`again`: a step that fails because the server is away is looked for, and done again where it is not there."""
        until = time.monotonic() + seconds
        for number in range(first, first + count):
            while True:
                try:
                    step(self.backend, name, number)
                    break
                except Unreachable as exc:
                    if not again or time.monotonic() > until:
                        raise
                    say(lost=type(exc).__name__, text=str(exc))
                    if self._is_there(name, number, until):
                        break
            say(acknowledged=number)
        return count

    def _is_there(self, name: str, number: int, until: float) -> bool:
        while True:
            try:
                return number in steps_of(self.backend, name)
            except Unreachable:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def read(self, name: str, times: int) -> list[int]:
        """How many steps each reading saw: whole ones only, and never fewer than before."""
        seen = []
        for _ in range(times):
            seen.append(len(steps_of(self.backend, name)))
            say(acknowledged=seen[-1])
        return seen

    def read_until_gone(self) -> int:
        """Reads until the work list is deleted: whole each time."""
        count = 0
        while True:
            try:
                steps_of(self.backend, "a")
            except UnknownQuery:
                return count
            count += 1
            say(acknowledged=count)

    def hold(self, seconds: float) -> list[int]:
        """Look twice within one view, with a pause between."""
        with self.backend.sessions.reading() as view:
            counts: list[int] = [count for (count,) in view.execute("SELECT count(*) FROM issues")]
            say(acknowledged=counts[0])
            time.sleep(seconds)
            counts += [count for (count,) in view.execute("SELECT count(*) FROM issues")]
        return counts

    def import_csv(self, path: str, query: str) -> dict[str, int]:
        from app.actions.files import import_file

        with self._context() as ctx:
            result = import_file(ctx, Path(path).read_bytes(), Path(path).name, profile_name="Team", query_name=query)
            return {"kept": result.kept, "new": result.new}

    def sync(self, url: str, full: bool) -> dict[str, int]:
        from app.jira.client import JiraClient
        from app.jira.http.transport import Connection, Transport
        from app.jira.sync.sync import sync
        from app.network import Network
        from scripts.fake_jira import EMAIL, TOKEN

        transport = Transport(Connection(url, EMAIL, TOKEN), Network().asking("a test"))
        with JiraClient(transport, has_token=True) as client:
            result = sync(client, self.backend, REF, full=full)
        return {"fetched": result.fetched, "changed": result.changed}

    def be_alone(self, name: str, seconds: float) -> None:
        with self.backend.alone(name, "Änne @ büro"):
            say(acknowledged=0)
            time.sleep(seconds)

    def delete(self) -> str:
        return self.backend.discard_query(REF, NOW, NOW + timedelta(days=30))

    def snapshots(self, times: int, value: int) -> int:
        """This week's numbers, over and over."""
        for n in range(times):
            self.backend.save_snapshots(REF, [Snapshot("2026-W10", "scope", {"value": value, "n": n}, NOW)])
        return times

    def set_description(self, text: str) -> None:
        with self.backend.transaction():
            query = self.backend.get_query(REF)
            assert query is not None
            self.backend.save_query(replace(query, description=f"{query.description}{text}"))

    def choose(self, setting: str, value: str) -> None:
        """One of the things that two people may set, as the pages set it."""
        from app.actions import deadline, mapping, milestones
        from app.settings import with_value

        with self._context() as ctx:
            if setting == "deadline":
                deadline.write(ctx, REF, (True, date.fromisoformat(value)))
            elif setting == "name":
                ctx.change_query(REF, lambda query: replace(query, name=value), "work-name")
            elif setting == "close":
                names = [milestone.name for milestone in ctx.backend.list_milestones("p")]
                milestones.close(ctx, REF, names.index(value), NOW.date())
            elif setting.startswith("status/"):
                result = mapping.save_picked(ctx, REF, {setting: value}, None)
                assert isinstance(result, int)
            else:
                ctx.change_profile(REF, lambda each: with_value(each, setting, json.loads(value)), setting)

    def plan(self, name: str) -> list[str]:
        """One milestone more; the names of all."""
        self.backend.replace_milestones("p", [*self.backend.list_milestones("p"), Milestone(name, NOW.date())])
        return [milestone.name for milestone in self.backend.list_milestones("p")]

    def counted(self) -> dict[str, int]:
        counts = self.backend.counts()
        return {"profiles": counts.profiles, "queries": counts.queries, "issues": counts.issues}

    @contextmanager
    def _context(self) -> Iterator[Any]:
        from app.context import Context
        from app.jobs import Jobs

        jobs = Jobs(self.backend)
        try:
            yield Context(self.backend, jobs, self.folder, lambda: NOW)
        finally:
            jobs.close()


def answer(task: Callable[..., Any], arguments: dict[str, Any]) -> None:
    try:
        done = task(**arguments)
    except (StoreError, AppError) as exc:
        say(error=type(exc).__name__, text=str(exc))
    except Exception as exc:  # noqa: BLE001 told to the test, which expects none
        say(error="", text=f"{type(exc).__name__}: {exc}")
    else:
        say(done=done)


def become_newer() -> None:
    """This member has the Burndown of tomorrow, whose schema has one step more."""
    from store.sql import schema

    schema.MIGRATIONS = (*schema.MIGRATIONS, ("ALTER TABLE queries ADD COLUMN tomorrow TEXT",))
    schema.SCHEMA_VERSION += 1


def become_older() -> None:
    """This member has the Burndown of yesterday, whose schema has one step less."""
    from store.sql import schema

    schema.MIGRATIONS = schema.MIGRATIONS[:-1]
    schema.SCHEMA_VERSION -= 1


def main(address: str, schema: str, folder: str, *, other: str = "") -> None:
    if other:
        {"newer": become_newer, "older": become_older}[other]()
    try:
        with store(parsed(address), schema, Path(folder)) as backend:
            say(open=True)
            tasks = Tasks(backend, Path(folder))
            for line in sys.stdin:
                wish = json.loads(line)
                answer(getattr(tasks, wish.pop("do")), wish)
    except StoreError as exc:
        say(error=type(exc).__name__, text=str(exc))


if __name__ == "__main__":
    main(*sys.argv[1:4], other=" ".join(sys.argv[4:]))
