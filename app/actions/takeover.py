"""Which takeover of an old folder was the last, and whether somebody has read what became of it."""

from __future__ import annotations

import contextlib

from app.context import Context
from store.errors import NotWritable
from store.legacy.report import MIGRATED
from store.records import MigrationEntry

# In the app's state: which takeover's report has been on screen.
_SEEN = "takeover_seen"


def last_takeover(ctx: Context) -> MigrationEntry | None:
    """The newest takeover that brought data."""
    return next(
        (migration for migration in reversed(ctx.backend.list_migrations()) if migration.outcome == MIGRATED), None
    )


def is_news(ctx: Context, entry: MigrationEntry) -> bool:
    """Whether its report has not been on screen yet."""
    return ctx.backend.get_state(_SEEN) != _mark(entry)


def mark_seen(ctx: Context, entry: MigrationEntry) -> None:
    with contextlib.suppress(NotWritable):
        ctx.backend.set_state(_SEEN, _mark(entry))


def _mark(entry: MigrationEntry) -> str:
    return f"{entry.fingerprint}/{entry.finished_at.isoformat()}"
