"""Syncs that nobody presses a button for: at the start and while a page is open, for projects whose user wants that.

Off by default. The open page's question for news is what asks here, so that nothing goes out while nobody looks.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta

from app.actions import jira, tokens
from app.context import Context
from app.errors import AppError
from store.errors import StoreError

# How old data may be before they are fetched anew by themselves.
EVERY = timedelta(hours=1)


def _key(profile_id: str) -> str:
    return f"sync-by-itself/{profile_id}"


def is_wanted(ctx: Context, profile_id: str) -> bool:
    return ctx.backend.get_state(_key(profile_id)) == "on"


def want(ctx: Context, profile_id: str, is_wanted: bool) -> None:
    """Raises NotWritable."""
    ctx.backend.set_state(_key(profile_id), "on" if is_wanted else None)


def ask(ctx: Context, profile_id: str | None) -> bool:
    """Fetch what changed for this project in the background, where that is wanted and it is time; whether it began.

    Nothing is asked of the user here, and nothing said: not where the token is not at hand, nor offline, nor while
    something else runs. It is tried again when as much time has passed.
    """
    if profile_id is None or not is_wanted(ctx, profile_id) or not _is_time(ctx, profile_id):
        return False
    profile = ctx.backend.get_profile(profile_id)
    if profile is None or not jira.is_connected(profile) or ctx.network.is_offline or ctx.jobs.running() is not None:
        return False
    ctx.synced_by_itself[profile_id] = ctx.clock()
    refs = jira.sync_refs(ctx, profile_id)
    with contextlib.suppress(AppError, StoreError):
        if refs and not tokens.missing(ctx, profile):
            jira.sync(ctx, refs)
            return True
    return False


def _is_time(ctx: Context, profile_id: str) -> bool:
    last = ctx.synced_by_itself.get(profile_id)
    return last is None or ctx.clock() - last >= EVERY
