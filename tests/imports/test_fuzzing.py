"""Damaged files of every known kind: refused in words or read, never anything else, and quickly.

`BURNDOWN_FUZZED=2000` tries so many; a few are tried always.
"""

from __future__ import annotations

import contextlib
import os
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.actions.files import import_bytes
from app.errors import AppError
from app.imports.columns import ColumnMapping
from app.imports.inspection import inspect
from app.imports.request import Request
from app.imports.streaming import parts_of
from app.jobs import NoProgress
from store.errors import StoreError
from tests.imports.fuzzing import damaged
from tests.memory_backend import MemoryBackend

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
BATCH = 50
REQUEST = Request(ColumnMapping(), ZoneInfo("Europe/Berlin"), NOW)


def in_parts(data: bytes) -> None:
    for _ in parts_of(data, REQUEST, NoProgress(), 7) or ():
        pass


def looked_into(data: bytes) -> None:
    inspection = inspect(data)
    inspection.proposed(REQUEST.mapping)
    inspection.outcome(REQUEST.mapping, REQUEST.zone, NOW)
    inspection.statuses(REQUEST.mapping, REQUEST.zone, NOW)
    inspection.question(REQUEST.mapping, REQUEST.zone, NOW)
    inspection.unclear_date(REQUEST.mapping, NOW)
    inspection.needs_zone(REQUEST.mapping)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, int(os.environ.get("BURNDOWN_FUZZED", "200")), BATCH))
def test_a_damaged_file_is_read_or_refused_in_words(first: int) -> None:
    for seed in range(first, first + BATCH):
        name, data = damaged(seed)
        began = time.monotonic()
        with contextlib.suppress(AppError, StoreError):
            import_bytes(MemoryBackend(), data, name, now=NOW, zone_name=lambda: "UTC")
        for way in (in_parts, looked_into):
            with contextlib.suppress(AppError):
                way(data)
        assert time.monotonic() - began < 20, name
