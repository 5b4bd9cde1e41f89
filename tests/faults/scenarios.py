"""Short pieces of a user's work, done to a data folder while something fails; and what must hold afterwards.

The work is numbered: step n puts in the issues A-n and B-n, n changes of A-n's status, and the number itself,
in one transaction. So a store tells by itself how far the work came, and whether a step is there in part.
Before it, something is written that need not last: it may be missing, but never what was written before it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store.opening import open_store
from store.paths import DATABASE
from store.records import CachedPage, Change, Issue, Profile, Query, QueryRef
from store.sql import schema
from store.sqlite import backup
from store.sqlite.backend import SQLiteBackend
from store.sqlite.connections import translated

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REF = QueryRef("p", "q")
# Up to the third, after which the log is folded in, and one more.
STEPS = 4
TINY = Path(__file__).parents[2] / ".." / "shared" / "legacy" / "tiny"
TINY_ISSUES, TINY_CHANGES = 48, 135
Acknowledge = Callable[[int], None]


def step(backend: SQLiteBackend, number: int) -> None:
    key = f"A-{number}"
    changes = [Change(key, NOW + timedelta(hours=hour), "status", None, "Done") for hour in range(number)]
    with backend.transaction(lasting=False):
        backend.save_pages(REF, [CachedPage("page", os.urandom(9_000), NOW, NOW + timedelta(days=1))])
        backend.set_state("fetched", str(number))
    with backend.transaction():
        # Long enough to spread over several pages.
        backend.upsert_issues(REF, [Issue(key, summary="long " * 1_500)], changes)
        backend.upsert_issues(REF, [Issue(f"B-{number}")])
        backend.set_state("number", str(number))


def reached(backend: SQLiteBackend) -> int:
    """The last step, after a look whether all steps are there as a whole and nothing besides."""
    number, fetched = (int(backend.get_state(name) or 0) for name in ("number", "fetched"))
    if fetched not in (number, number + 1):
        raise AssertionError(f"at step {number} what was fetched before it is of step {fetched}")
    keys = {issue.key for issue in backend.list_issues(REF)} if number else set()
    expected = {f"{letter}-{each}" for letter in "AB" for each in range(1, number + 1)}
    if keys != expected:
        raise AssertionError(f"at step {number} these issues differ: {sorted(keys ^ expected)}")
    changes = len(backend.list_changes(REF)) if number else 0
    if changes != number * (number + 1) // 2:
        raise AssertionError(f"at step {number} there are {changes} changes")
    return number


# -- the work -------------------------------------------------------------------------------------------


def edits(folder: Path, acknowledge: Acknowledge) -> None:
    """Open, make steps with the log folded in between, take a snapshot, close."""
    opened = open_store(folder, mode="write", clock=lambda: NOW)
    backend = opened.backend
    try:
        if backend.get_profile("p") is None:
            with backend.transaction():
                backend.save_profile(Profile("p", "Team", NOW, NOW))
                backend.save_query(Query("p", "q", "All", NOW, NOW))
        before = reached(backend)
        for number in range(before + 1, before + STEPS + 1):
            step(backend, number)
            acknowledge(number)
            if number % 3 == 0:
                with translated():
                    backend.connections.fold_log()
        backup.at_exit(backend, folder, clock=lambda: NOW + timedelta(hours=1))
    finally:
        backend.close()


def first(folder: Path, acknowledge: Acknowledge) -> None:
    """As a command fills a folder that holds nothing: all steps at once, and done when it is closed."""
    opened = open_store(folder, mode="write", clock=lambda: NOW, at_once=True)
    backend = opened.backend
    try:
        with backend.transaction():
            backend.save_profile(Profile("p", "Team", NOW, NOW))
            backend.save_query(Query("p", "q", "All", NOW, NOW))
            for number in range(1, STEPS + 1):
                step(backend, number)
    finally:
        backend.close()
    acknowledge(STEPS)


def takeover(folder: Path, acknowledge: Acknowledge) -> None:
    """The first start beside an old installation, whose files lie in `folder` and its `profiles`."""
    opened = open_store(folder / "profiles", mode="serve", clock=lambda: NOW)
    issues = opened.backend.counts().issues
    notices = opened.notices
    opened.backend.close()
    if issues:
        acknowledge(1)
    elif not notices:
        raise AssertionError("nothing was taken over, and nobody said so")


def upgrade(folder: Path, acknowledge: Acknowledge) -> None:
    """The first start with a database that an earlier version made."""
    _older_by_a_step()
    opened = open_store(folder, mode="write", clock=lambda: NOW)
    acknowledge(reached(opened.backend))
    opened.backend.close()


def _older_by_a_step() -> None:
    """From here on this process is a program that knows one schema step more."""
    steps = ("CREATE TABLE later (x TEXT) STRICT", "ALTER TABLE issues ADD COLUMN later TEXT")
    schema.MIGRATIONS = (*schema.MIGRATIONS[: len(_SHIPPED)], steps)
    schema.SCHEMA_VERSION = len(schema.MIGRATIONS)


_SHIPPED = schema.MIGRATIONS


# -- what lies there before, and what must lie there afterwards -------------------------------------------


def nothing(folder: Path) -> None:
    folder.mkdir(parents=True)


def some_steps(folder: Path) -> None:
    folder.mkdir(parents=True)
    edits(folder, lambda _: None)


def old_installation(folder: Path) -> None:
    shutil.copytree(TINY, folder)


def check_steps(folder: Path, acknowledged: int) -> int:
    """The next start works, everything is whole, what was acknowledged is there and at most one step above.

    Makes one step more to see whether that works; gives how many are there then.
    """
    path = folder / DATABASE
    if not acknowledged and not path.exists():
        return 0
    opened = open_store(folder, mode="write", clock=lambda: NOW + timedelta(hours=2))
    try:
        number = reached(opened.backend)
        if not acknowledged <= number <= acknowledged + 1:
            raise AssertionError(f"{acknowledged} steps were acknowledged, {number} are there")
        if opened.notices:
            raise AssertionError(f"the start says {opened.notices}")
        if opened.backend.get_profile("p") is not None:
            number += 1
            step(opened.backend, number)
    finally:
        opened.backend.close()
    _check_file(path)
    return number


def check_first(folder: Path, acknowledged: int) -> None:
    """All of it is there or nothing, and then the next one fills the folder."""
    path = folder / DATABASE
    if path.exists():
        check_steps(folder, STEPS)
        return
    if acknowledged:
        raise AssertionError("what was acknowledged is not there")
    first(folder, lambda _: None)
    check_steps(folder, STEPS)
    left = [file.name for file in folder.iterdir() if ".new" in file.name]
    if left:
        raise AssertionError(f"left of the first: {left}")


def check_upgrade(folder: Path, acknowledged: int) -> None:
    _older_by_a_step()
    check_steps(folder, acknowledged)


def check_takeover(folder: Path, acknowledged: int) -> None:
    opened = open_store(folder / "profiles", mode="serve", clock=lambda: NOW + timedelta(hours=2))
    try:
        counts = opened.backend.counts()
        if (counts.issues, counts.issue_changes, opened.notices) != (TINY_ISSUES, TINY_CHANGES, ()):
            raise AssertionError(f"{counts}, {opened.notices}")
    finally:
        opened.backend.close()
    _check_file(folder / "profiles" / DATABASE)
    kept = {file.name for file in (folder / "profiles" / "legacy").rglob("*.json")}
    lost = {file.name for file in TINY.rglob("*.json")} - kept - {"manifest.json"}
    lost = {name for name in lost if not list(folder.rglob(name))}
    if lost:
        raise AssertionError(f"original files are gone: {lost}")


def _check_file(path: Path) -> None:
    damage = backup.content_damage(path)
    if damage:
        raise AssertionError(f"damaged: {damage}")
    beside = [file.name for file in path.parent.glob(f"{path.name}-*")]
    if beside:
        raise AssertionError(f"left beside the database: {beside}")
