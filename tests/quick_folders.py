"""Folders in memory, where there is one: what is synced there costs no wear and no wait."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

_MEMORY = Path("/dev/shm")


def quick_folder() -> TemporaryDirectory[str]:
    """To be used as `with`; gone afterwards."""
    place = _MEMORY if _MEMORY.is_dir() else None
    return TemporaryDirectory(dir=place, prefix="burndown-tests-", ignore_cleanup_errors=True)
