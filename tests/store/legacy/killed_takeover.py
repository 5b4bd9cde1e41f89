"""Runs a takeover in a child that kills itself at its n-th touch of the file system, for every n in turn.

Used by test_migrate.py as a program of its own, since it forks. Prints one line per round that failed, then
the number of rounds.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from store.legacy import find, migrate, moves
from store.records import Counts
from store.sqlite.backend import SQLiteBackend

TOUCHES = frozenset({"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", "sqlite3.connect"})


def contents(root: Path) -> dict[str, bytes]:
    """Every file of the old app, wherever it lies now, under its old place."""
    result = {}
    for path in root.rglob("*"):
        parts = path.relative_to(root).parts
        if "legacy" in parts:
            parts = parts[parts.index("legacy") + 2 :]
        if path.is_file() and not path.name.startswith(("burndown.", "moves.json")):
            result["/".join(parts)] = path.read_bytes()
    return result


def killed_at(root: Path, touch: int) -> bool:
    """Run the takeover in a child, killed at that touch. False when it ended before."""
    child = os.fork()
    if child == 0:
        left = [touch]

        def count(event: str, _: tuple[object, ...]) -> None:
            if event in TOUCHES:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        migrate.resume_moves(root / "profiles")
        migrate.take_over(root / "profiles")
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def judge(root: Path, before: dict[str, bytes], expected: Counts) -> str:
    """What is wrong after a kill and the next start; "" when nothing is."""
    if contents(root) != before:
        return "an old file is lost, doubled or changed by the kill"
    database = root / "profiles" / "burndown.db"
    if not database.exists() and not find.legacy_lies_in(root / "profiles"):
        return "neither the old state nor the new one"
    migrate.resume_moves(root / "profiles")
    migrate.take_over(root / "profiles")
    if contents(root) != before:
        return "an old file is lost, doubled or changed by the next start"
    if find.legacy_lies_in(root / "profiles") or moves.pending(root / "profiles"):
        return "old files were not set aside by the next start"
    backend = SQLiteBackend(database)
    try:
        return "" if backend.counts() == expected else f"the database holds {backend.counts()}"
    finally:
        backend.close()


def main(source: Path, scratch: Path) -> None:
    root = scratch / "untouched"
    shutil.copytree(source, root)
    before = contents(root)
    report = migrate.take_over(root / "profiles")
    if report is None:
        raise SystemExit("there was nothing to take over")
    touch = 0
    while True:
        touch += 1
        root = scratch / str(touch)
        shutil.copytree(source, root)
        killed = killed_at(root, touch)
        wrong = judge(root, before, report.counts)
        if wrong:
            sys.stdout.write(f"touch {touch}: {wrong}\n")
        shutil.rmtree(root)
        if not killed:
            break
    sys.stdout.write(f"{touch}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
