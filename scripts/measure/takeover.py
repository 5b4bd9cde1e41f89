"""One takeover in a program of its own: `python -m scripts.measure.takeover OLD NEW`.

Prints seconds, MB of the log at the end, and MB of memory at most (0 where the system does not say).
"""

from __future__ import annotations

import gc
import re
import sys
from pathlib import Path

from scripts.measure.rows import seconds
from store.legacy.migrate import migrate_folder
from store.opening import open_store
from store.paths import DATABASE


def main() -> None:
    # As the command does.
    gc.disable()
    old, new = map(Path, sys.argv[1:])
    backend = open_store(new, mode="write").backend
    elapsed = seconds(lambda: migrate_folder(backend, old), 1)
    log = (new / f"{DATABASE}-wal").stat().st_size / 1e6
    backend.close()
    print(elapsed, log, _most_memory())


def _most_memory() -> float:
    """From the process itself: what a parent reads of a child may be what the parent had when it made it."""
    status = Path("/proc/self/status")
    match = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8")) if status.exists() else None
    return int(match[1]) / 1000 if match else 0.0


if __name__ == "__main__":
    main()
