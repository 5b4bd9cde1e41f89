"""Operations of the store against the same through bare sqlite3, and the takeover of old folders against json.load."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from app.domain.analysis import Analysis
from app.host.process import calm_collector
from app.settings import Overrides, params_for
from scripts.measure.data import made_issues, old_folder
from scripts.measure.rows import Row, cpu_ms, each_ms, seconds
from store.opening import open_store
from store.paths import DATABASE
from store.records import Profile, Query, Snapshot
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend

_NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
_QUERIES = 100
# Beyond the processor's caches each issue costs a little more, however it is stored.
_LINEAR = 1.5


def store() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _operations(Path(folder))
    for issues, limit in ((1_000, 0.7), (20_000, None)):
        with tempfile.TemporaryDirectory() as folder:
            yield from _takeover(Path(folder), issues, limit)
    yield from _growth()


def _operations(folder: Path) -> Iterator[Row]:
    backend = open_store(folder, mode="write").backend
    profile = Profile("p_00000000000b", "Bench", _NOW, _NOW, forecast_settings={"deadline": "2026-12-24"})
    backend.save_profile(profile)
    queries = [Query(profile.id, f"q_{at:012x}", f"Query {at}", _NOW, _NOW) for at in range(_QUERIES)]
    for query in queries:
        backend.save_query(query)
    bare = _bare(folder / DATABASE)
    floor = each_ms(lambda: bare.execute("SELECT * FROM profiles WHERE id = ?", (profile.id,)).fetchone())
    many = each_ms(lambda: bare.execute("SELECT * FROM queries WHERE profile_id = ?", (profile.id,)).fetchall(), 50)
    yield Row("store", "get_profile", each_ms(lambda: backend.get_profile(profile.id)), "ms", floor, limit=4)
    yield Row("store", "list 100 queries", each_ms(lambda: backend.list_queries(profile.id), 50), "ms", many, limit=3)
    # Each write stores something new: SQLite does not write a page that would stay the same.
    number = count()
    write = each_ms(lambda: _bare_write(bare, profile.id, f"as {next(number)}"), 50)
    switch = each_ms(lambda: backend.switch_query(queries[next(number) % 9].ref, _NOW), 50)
    save = each_ms(lambda: backend.save_profile(replace(profile, description=f"as {next(number)}")), 50)
    yield Row("store", "switch query, against a committed write", switch, "ms", write, limit=2)
    yield Row("store", "save settings, against a committed write", save, "ms", write, limit=2)
    bare.close()
    backend.close()


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _bare_write(connection: sqlite3.Connection, profile_id: str, text: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE profiles SET description = ? WHERE id = ?", (text, profile_id))
    connection.execute("COMMIT")


def _takeover(folder: Path, issues: int, limit: float | None) -> Iterator[Row]:
    large = old_folder(folder / "old", issues)
    megabytes = sum(path.stat().st_size for path in large) / 1e6
    floor = seconds(lambda: [json.loads(path.read_bytes()) for path in large], 3)
    # In a program of its own each time, as it happens: what this one has in memory already would not count.
    runs = [_taken_over(folder / "old", folder / f"new-{number}") for number in range(3)]
    elapsed, peak = min(run.seconds for run in runs), max(run.peak for run in runs)
    name = f"takeover of {issues:,} issues, {megabytes:.0f} MB"
    yield Row("store", f"{name}, against json.load", elapsed, "s", floor, limit=None if limit else 5)
    if limit:
        yield Row("store", name, elapsed, "s", limit=limit)
    if peak:
        yield Row("store", "most memory of it", peak, "MB", limit=300)
    new = folder / "new-0"
    size = (new / DATABASE).stat().st_size / 1e6
    yield Row("store", "log beside the database while it runs", runs[0].log, "MB", limit=max(4.0, size / 10))
    backend = open_store(new, mode="write").backend
    if limit:
        _add_snapshots(backend)
    yield from _snapshot(backend, new, issues)
    backend.close()
    size = (new / DATABASE).stat().st_size / 1e6
    yield Row("store", f"on disk, {issues:,} issues", size, "MB", limit=1.5 if limit else None)


@dataclass(frozen=True, slots=True)
class _Run:
    """Seconds of a takeover, MB of its log at the end and of its memory at most (0: the system does not say)."""

    seconds: float
    log: float
    peak: float


def _taken_over(old: Path, new: Path) -> _Run:
    command = [sys.executable, "-m", "scripts.measure.takeover", str(old), str(new)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return _Run(*map(float, output.split()))


def _growth() -> Iterator[Row]:
    """What a thousand issues cost when there are ever more of them, against the cost when there are only those."""
    calm_collector()  # as the app does
    costs = {issues: _cost(issues) for issues in (1_000, 3_000, 10_000, 30_000, 100_000)}
    for name in ("save", "load", "forecast"):
        floor = getattr(costs[1_000], name)
        for issues, cost in costs.items():
            thousand = getattr(cost, name) / (issues / 1_000)
            yield Row("store", f"{name}, a thousand of {issues:,} issues (CPU)", thousand, "ms", floor, limit=_LINEAR)


@dataclass(frozen=True, slots=True)
class _Cost:
    """CPU milliseconds to save issues with their changes, to load them, and to compute what is kept each week."""

    save: float
    load: float
    forecast: float


def _cost(issues: int) -> _Cost:
    # The small steps are repeated: a millisecond is easily disturbed.
    runs = [_one_cost(issues) for _ in range(5 if issues <= 10_000 else 2)]
    return _Cost(min(run.save for run in runs), min(run.load for run in runs), min(run.forecast for run in runs))


def _one_cost(number: int) -> _Cost:
    issues, changes = made_issues(number, _NOW)
    profile = Profile("p_00000000000b", "Bench", _NOW, _NOW)
    query = Query(profile.id, "q_00000000000b", "All", _NOW, _NOW)
    params = params_for(profile, Overrides(), _NOW)
    with tempfile.TemporaryDirectory() as folder:
        backend = open_store(Path(folder), mode="write").backend
        backend.save_profile(profile)
        backend.save_query(query)
        _, save = cpu_ms(lambda: backend.upsert_issues(query.ref, issues, changes))
        facts, load = cpu_ms(lambda: backend.load_facts(query.ref))
        _, forecast = cpu_ms(lambda: Analysis(facts, params).snapshot())
        backend.close()
    return _Cost(save, load, forecast)


def _add_snapshots(backend: SQLiteBackend) -> None:
    """A hundred weeks of eight numbers each, so that the size on disk is that of a used folder."""
    query = backend.list_queries(backend.list_profiles()[0].id)[0]
    weeks = [_NOW - timedelta(weeks=week) for week in range(100)]
    rows = [_weekly(at, f"metric {number}") for at in weeks for number in range(8)]
    backend.save_snapshots(query.ref, rows)


def _weekly(at: datetime, metric: str) -> Snapshot:
    year, week, _ = at.isocalendar()
    return Snapshot(f"{year}-W{week:02}", metric, {"value": 12.5, "n": 14, "p85": 21.0}, at)


def _snapshot(backend: SQLiteBackend, folder: Path, issues: int) -> Iterator[Row]:
    def bare_copy() -> None:
        source, target = sqlite3.connect(folder / DATABASE), sqlite3.connect(folder / "bare.db")
        source.backup(target)
        target.close()
        source.close()
        (folder / "bare.db").unlink()

    floor = seconds(bare_copy)
    elapsed = seconds(lambda: backup.snapshot(backend, folder, reason="exit"))
    yield Row("store", f"snapshot, {issues:,} issues, against the bare backup API", elapsed, "s", floor, limit=1.5)
    # Each of its rows is read, for whoever asked relies on it.
    asked_for = seconds(lambda: backup.snapshot(backend, folder), 1)
    yield Row("store", f"backup that was asked for, {issues:,} issues, against the same", asked_for, "s", floor)
