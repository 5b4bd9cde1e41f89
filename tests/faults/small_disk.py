"""A real small disk, and filling it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE = 2 * 1024 * 1024


@contextmanager
def mounted(size: int = SIZE) -> Iterator[Path]:
    """A disk of so many bytes; the test is skipped where none can be had."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs Linux and root")
    with tempfile.TemporaryDirectory() as place:
        outcome = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], check=False)
        if outcome.returncode != 0:
            pytest.skip("this machine does not let us mount")
        try:
            yield Path(place)
        finally:
            subprocess.run(["umount", place], check=True)


def fill(disk: Path, left: int) -> Path:
    """A file that leaves so many bytes free."""
    filler = disk / "filler"
    room = os.statvfs(disk)
    filler.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - left)))
    return filler
