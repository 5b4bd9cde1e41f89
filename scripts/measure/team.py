"""A team's PostgreSQL against SQLite, near and 20 ms away; sharing; a busy minute; what one server carries."""

from __future__ import annotations

import json
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.analysis import Analysis
from app.settings import Overrides, params_for
from scripts.measure.data import ROOT
from scripts.measure.numbers import made_facts
from scripts.measure.rows import Row, seconds
from scripts.road import Road
from store.backend import PersistenceBackend
from store.postgres.copying import into_server
from store.records import Issue, QueryFacts, QueryRef
from store.sqlite.backend import SQLiteBackend
from tests.postgres import Server, drop, new_server
from tests.store.postgres.member import NOW, Plain, steps_of, store
from tests.store.postgres.members import team as team_of

_ISSUES = 22_000
_REF = QueryRef("p", "q")
_AWAY = 0.02
_READERS, _WRITERS, _MINUTE = 20, 4, 60.0
# Until all have started: what starting costs a computer that plays a whole team is not what a page costs.
_ASSEMBLE_SECONDS = 30.0
_KILLS, _KILL_SECONDS = 100, 0.5
# Somebody at work changes something every five minutes; a server has two processors, which are seven tenths at work.
_CHANGE_SECONDS, _PROCESSORS, _FULL = 300.0, 2, 0.7
# The first journey of a change asks for the lock, and comes back with it.
_BEFORE_THE_LOCK = 1


def team() -> Iterator[Row]:
    """On this computer's own server. `tests.postgres` has what it takes."""
    server = new_server("15")
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield from _pages(server, Path(folder))
            yield from _busy(server, Path(folder))
            yield from _killed(server, Path(folder))
            yield from _carried(server, Path(folder))
    finally:
        drop(server)


def _pages(server: Server, folder: Path) -> Iterator[Row]:
    facts = made_facts(_ISSUES)
    local = SQLiteBackend(folder / "burndown.db")
    _fill(local, facts)
    floor = seconds(lambda: _page(local), 3)
    with store(server.address, "burndown", folder / "near") as near:
        with local.connections.reading() as source:
            shared = seconds(lambda: into_server(source, near.sessions), 1)
        local.close()
        what = f"sharing {_ISSUES:,} issues and {len(facts.changes):,} changes"
        yield Row("team", f"{what}, against COPY", shared, "s", _copied(server, near), limit=3)
        value = seconds(lambda: _page(near), 3)
        yield Row("team", f"page of {_ISSUES:,} issues from a server, against SQLite", value, "s", floor, limit=1.5)
    yield from _away(server, folder)


def _away(server: Server, folder: Path) -> Iterator[Row]:
    """The same over a road: without delay and with it, so that what the road itself costs is in both."""
    road = Road(server.port)
    try:
        with store(replace(server.address, port=road.port), "burndown", folder / "away") as away:
            _page(away)
            near = seconds(lambda: _page(away), 3)
            road.delay, before = _AWAY, road.journeys
            more = seconds(lambda: _page(away), 3) - near
            yield Row("team", "the same with 20 ms more for each journey, longer by", more, "s", limit=1)
            yield Row("team", "journeys to the server of such a page", (road.journeys - before) / 3, "", limit=6)
    finally:
        road.close()


def _fill(backend: PersistenceBackend, facts: QueryFacts) -> None:
    with backend.transaction():
        backend.save_profile(facts.profile)
        backend.save_query(facts.query)
        backend.upsert_issues(_REF, facts.issues, facts.changes)


def _page(backend: PersistenceBackend) -> None:
    """What a page that nobody looked at yet asks the store, and its main number."""
    profile, query = backend.work(_REF)
    facts = backend.load_facts(_REF)
    _ = Analysis(facts, params_for(profile, Overrides(), NOW, query)).forecast


def _copied(server: Server, backend: Plain) -> float:
    """Seconds of COPY for the rows of the two large tables, into tables of the same columns and keys."""
    tables = ("issues", "issue_changes")
    rows = {name: backend.sessions.rows(f"SELECT * FROM {name}") for name in tables}
    for name in tables:
        server.admin(f"CREATE TABLE public.{name} (LIKE burndown.{name} INCLUDING ALL)")
    with backend.sessions.connect() as connection:

        def copy() -> None:
            with connection.transaction():
                for name in tables:
                    with connection.cursor().copy(f"COPY public.{name} FROM STDIN".encode()) as out:
                        for row in rows[name]:
                            out.write_row(row)

        return seconds(copy, 1)


# -- a busy minute --------------------------------------------------------------------------------------


def _busy(server: Server, folder: Path) -> Iterator[Row]:
    """Twenty who look and four who change, each a process: a work list of a thousand issues."""
    with store(server.address, "busy", folder / "busy") as backend:
        _fill(backend, made_facts(1_000))
        kinds = ["reader"] * _READERS + ["writer"] * _WRITERS
        began = time.time() + _ASSEMBLE_SECONDS
        members = [_member(server, folder, kind, name, began) for kind, name in _named(kinds)]
        outputs = [member.communicate(timeout=600)[0] for member in members]
        reports = [json.loads(text) for text in outputs]
        errors = [error for each in reports for error in each["errors"]]
        there = {issue.key for issue in backend.list_issues(_REF)}
    pages = sorted(elapsed for each in reports for elapsed in each["pages"])
    kept = [key for each in reports for key in each["kept"]]
    name = f"{_READERS} readers and {_WRITERS} writers for a minute"
    yield Row("team", f"{name}: errors", float(len(errors)), "", limit=0)
    yield Row("team", f"{name}: acknowledged and lost", float(len(set(kept) - there)), "", limit=0)
    yield Row("team", f"{name}: 99 of 100 pages of 1,000 issues", _nearly_all(pages), "s", limit=2)
    answers = sorted(elapsed for each in reports for elapsed in each["answers"])
    yield Row("team", "of that, all facts from the server", _nearly_all(answers), "s")
    # Where this is much less than the page, the members waited for a processor that others had.
    worked = sorted(elapsed for each in reports for elapsed in each["worked"])
    yield Row("team", "of that, processor of the member", _nearly_all(worked), "s")
    yield Row("team", "pages with new facts in a second, all readers together", len(answers) / _MINUTE, "")
    yield Row("team", "changes in a second, all writers together", len(kept) / _MINUTE, "")


# -- the server killed ----------------------------------------------------------------------------------


def _killed(server: Server, folder: Path) -> Iterator[Row]:
    """While one imports without a pause the server is killed as by a power cut, at random moments, and started again.

    A step is an import of two issues and a history: it is there whole, or it is half an import.
    """
    rng, halves = random.Random(7), 0
    with team_of(server.address, "killed", folder / "killed", 1) as (writer,):
        writer.do("begin")
        writer.ask("steps", name="a", first=0, count=1_000_000, again=True, seconds=900.0)
        for _ in range(_KILLS):
            time.sleep(rng.uniform(0.0, _KILL_SECONDS))
            server.stop(signal.SIGQUIT)
            server.start()
            writer.catch_up()
        writer.wait_for(len(writer.acknowledged) + 1)
        writer.kill()
    with store(server.address, "killed", folder / "after") as backend:
        try:
            there = steps_of(backend, "a")
        except AssertionError:
            halves, there = 1, set()
    name = f"server killed at {_KILLS} random moments"
    yield Row("team", f"{name}: half imports", float(halves), "", limit=0)
    lost = set(writer.acknowledged) - there
    yield Row("team", f"{name}: lost of {len(writer.acknowledged):,} acknowledged", float(len(lost)), "", limit=0)


def _named(kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((kind, f"{kind}-{number}") for number, kind in enumerate(kinds))


def _member(server: Server, folder: Path, kind: str, name: str, began: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "scripts.measure.busy", str(server.address), "busy", str(folder / name), kind]
    return subprocess.Popen([*command, name, str(began), str(_MINUTE)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _nearly_all(ordered: Sequence[float]) -> float:
    return ordered[int(len(ordered) * 0.99)] if ordered else float("inf")


# -- what one server carries ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carries:
    """What one server costs, in seconds: `page`, of its processor, for all facts of a work list; `change`, for which a
    small change keeps all others waiting, without the road; `journeys` to the server within that time."""

    page: float
    change: float
    journeys: float

    def readers(self, processors: int, change_seconds: float) -> float:
        """Members who all look at one work list, each of whom changes something every so many seconds: each change is a
        page for everybody. At seven tenths of the processors, beyond which answers wait for one another."""
        return math.sqrt(_FULL * processors * change_seconds / self.page)

    def writers(self, road_seconds: float, change_seconds: float) -> float:
        """Members whose changes go one after the other, at seven tenths of the time there is."""
        return _FULL * change_seconds / (self.change + self.journeys * road_seconds)


def _carried(server: Server, folder: Path) -> Iterator[Row]:
    small = _costs(server, folder, 1_000)
    large = _costs(server, folder, _ISSUES)
    for issues, cost in ((1_000, small), (_ISSUES, large)):
        yield Row("team", f"processor of the server for all facts of {issues:,} issues", cost.page * 1000, "ms")
    yield Row("team", "a small change keeps the others waiting for", small.change * 1000, "ms")
    yield Row("team", "journeys within that time", small.journeys, "")
    every = f"each changing something every {_CHANGE_SECONDS:.0f} s"
    for issues, cost in ((1_000, small), (_ISSUES, large)):
        what = f"members at one list of {issues:,} issues, {every}, on {_PROCESSORS} processors"
        yield Row("team", what, cost.readers(_PROCESSORS, _CHANGE_SECONDS), "")
    for road in (0.0, _AWAY):
        what = f"members whose changes fit one after the other, {every}, {road * 1000:.0f} ms away"
        yield Row("team", what, small.writers(road, _CHANGE_SECONDS), "")


def _costs(server: Server, folder: Path, issues: int) -> Carries:
    times = 20 if issues < _ISSUES else 4
    road = Road(server.port)
    name = f"carried_{issues}"
    try:
        with store(replace(server.address, port=road.port), name, folder / name) as backend:
            _fill(backend, made_facts(issues))
            ((process,),) = backend.sessions.rows("SELECT pg_backend_pid()")
            began = _processor_of(process)
            for _ in range(times):
                backend.load_facts(_REF)
            page = (_processor_of(process) - began) / times
            before = road.journeys
            change = seconds(lambda: backend.upsert_issues(_REF, [Issue("X-1", created=NOW)]), times)
            return Carries(page, change, (road.journeys - before) / times - _BEFORE_THE_LOCK)
    finally:
        road.close()


def _processor_of(process: int) -> float:
    """Seconds that it has had, as Linux tells."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
