"""Operations of the store against the same through bare sqlite3, and the takeover of old folders against json.load."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from scripts.measure.data import old_folder
from scripts.measure.rows import Row, each_ms, seconds
from store import backup
from store.legacy.migrate import migrate_folder
from store.opening import open_store
from store.paths import DATABASE
from store.records import Profile, Query, Snapshot
from store.sqlite import SQLiteBackend

_NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
_QUERIES = 100


def store() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _operations(Path(folder))
    for issues, limit in ((1_000, 0.7), (20_000, None)):
        with tempfile.TemporaryDirectory() as folder:
            yield from _takeover(Path(folder), issues, limit)


def _operations(folder: Path) -> Iterator[Row]:
    backend = open_store(folder, mode="write").backend
    profile = Profile("p_00000000000b", "Bench", _NOW, _NOW, forecast_settings={"deadline": "2026-12-24"})
    backend.save_profile(profile)
    queries = [Query(profile.id, f"q_{at:012x}", f"Query {at}", _NOW, _NOW) for at in range(_QUERIES)]
    for query in queries:
        backend.save_query(query)
    bare = _bare(folder / DATABASE)
    one = each_ms(lambda: bare.execute("SELECT * FROM profiles WHERE id = ?", (profile.id,)).fetchone())
    many = each_ms(lambda: bare.execute("SELECT * FROM queries WHERE profile_id = ?", (profile.id,)).fetchall(), 50)
    yield Row("store", "get_profile", each_ms(lambda: backend.get_profile(profile.id)), "ms", one, limit=4)
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
    backend = open_store(folder / "new", mode="write").backend
    taken = seconds(lambda: migrate_folder(backend, folder / "old"), 1)
    name = f"takeover of {issues:,} issues, {megabytes:.0f} MB"
    yield Row("store", f"{name}, against json.load", taken, "s", floor, limit=None if limit else 5)
    if limit:
        yield Row("store", name, taken, "s", limit=limit)
        _add_snapshots(backend)
    yield from _snapshot(backend, folder / "new", issues)
    wal = (folder / "new" / f"{DATABASE}-wal").stat().st_size / 1e6
    backend.close()
    held = (folder / "new" / DATABASE).stat().st_size / 1e6
    yield Row("store", f"on disk, {issues:,} issues", held, "MB", limit=1.5 if limit else None)
    yield Row("store", f"WAL after the takeover, {issues:,} issues", wal, "MB", limit=max(4.0, held / 10))


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
    taken = seconds(lambda: backup.snapshot(backend, folder))
    yield Row("store", f"snapshot, {issues:,} issues, against the bare backup API", taken, "s", floor, limit=1.5)
