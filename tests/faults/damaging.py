"""A folder as a clean end leaves it, and what a stick, a synchroniser or a cosmic ray makes of its database."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from store.opening import open_store
from store.records import Change, Issue, Milestone, Profile, ProjectData, Query, QueryRef, Snapshot, Sprint, Week
from store.sqlite import backup

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")


def whole_folder(folder: Path) -> Path:
    """The database with something of everything, and a backup of that moment."""
    backend = open_store(folder, mode="write", clock=lambda: NOW).backend
    backend.save_profile(Profile("p", "Team", NOW, NOW))
    backend.save_query(Query("p", "q", "All", NOW, NOW, jql="project = A"))
    issues = [
        Issue(f"A-{n}", summary=f"Work number {n}", created=NOW - timedelta(days=n), points=n / 2, labels=("x", "y"))
        for n in range(300)
    ]
    changes = [Change(f"A-{n}", NOW + timedelta(hours=h), "status", "a", f"b{h}") for n in range(300) for h in (1, 2)]
    backend.upsert_issues(REF, issues, changes)
    backend.save_sprints(REF, [Sprint("One", start=NOW)])
    backend.replace_weeks(REF, [Week(date(2025, 6, 2) + timedelta(weeks=n), 4 + n % 3) for n in range(38)])
    backend.replace_milestones("p", [Milestone("Beta", date(2026, 5, 1))])
    backend.save_project_data(REF, ProjectData({"metadata": {"source": "x"}}, NOW))
    backend.save_snapshots(REF, [Snapshot("2026-W09", "scope", {"remaining": 5}, NOW)])
    backend.switch_query(REF, NOW)
    backup.at_exit(backend, folder, lambda: NOW)
    backend.close()
    return folder


def flipped(path: Path, rng: random.Random, first: int | None = None) -> None:
    """One bit, anywhere or within the `first` bytes."""
    place = rng.randrange(first or path.stat().st_size)
    with path.open("rb+") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1 << rng.randrange(8)]))


def cut(path: Path, rng: random.Random) -> None:
    os.truncate(path, rng.randrange(path.stat().st_size))


def emptied(path: Path, rng: random.Random) -> None:
    path.write_bytes(b"")


def zeroed(path: Path, rng: random.Random) -> None:
    content = bytearray(path.read_bytes())
    begin = rng.randrange(len(content))
    content[begin : begin + 4096] = bytes(min(4096, len(content) - begin))
    path.write_bytes(bytes(content))


def noise(path: Path, rng: random.Random) -> None:
    path.write_bytes(rng.randbytes(rng.randrange(1, 20_000)))


def text(path: Path, rng: random.Random) -> None:
    path.write_text("Your files are synchronised.", encoding="utf-8")


def gone(path: Path, rng: random.Random) -> None:
    path.unlink()


def another_database(path: Path, rng: random.Random) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.commit()


def halves_exchanged(path: Path, rng: random.Random) -> None:
    content = path.read_bytes()
    middle = len(content) // 8192 * 4096
    path.write_bytes(content[:4096] + content[middle:] + content[4096:middle])


def doubled(path: Path, rng: random.Random) -> None:
    path.write_bytes(path.read_bytes() * 2)


def stray_log(path: Path, rng: random.Random) -> None:
    path.with_name("burndown.db-wal").write_bytes(rng.randbytes(5000))


def stray_journal(path: Path, rng: random.Random) -> None:
    path.with_name("burndown.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + rng.randbytes(3000))


WAYS: tuple[Callable[[Path, random.Random], None], ...] = (
    cut, emptied, zeroed, noise, text, gone, another_database, halves_exchanged, doubled, stray_log, stray_journal,
)  # fmt: skip
