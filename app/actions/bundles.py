"""Bundles from elsewhere: taken into the store, and what is derived from them recorded."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from app.actions.deleted import KEPT
from app.actions.token_places import brought_key, server_key, server_of
from app.context import Context
from app.errors import Cancelled
from app.jobs import NoProgress, Progress
from app.words import N_, Nn_
from store import bundle
from store.bundle import BundleRead, Conflict
from store.records import Query

# A bundle may bring hundreds of work lists, and each takes a good part of a second.
_RECORDING_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class ImportedBundle:
    """What a bundle brought; `first` is the query to look at."""

    read: BundleRead
    first: Query | None
    warnings: tuple[str, ...] = ()

    def to_text(self) -> str:
        done = N_(
            "Imported {profiles}: {queries}, {issues}.",
            profiles=", ".join(self.read.profiles),
            queries=Nn_("{count} work list", "{count} work lists", self.read.queries),
            issues=Nn_("{count:,} issue", "{count:,} issues", self.read.issues),
        )
        return " ".join((done, *self.warnings))


def looks_like_bundle(data: bytes | Path) -> bool:
    """Any zip file, and a bundle whose end is missing: what is wrong with it is for the import to say."""
    return zipfile.is_zipfile(data if isinstance(data, Path) else BytesIO(data)) or bundle.is_cut_off(_start(data))


def _start(data: bytes | Path) -> bytes:
    if isinstance(data, bytes):
        return data[:64]
    with data.open("rb") as file:
        return file.read(64)


def import_bundle(
    ctx: Context,
    data: bytes,
    conflict: Conflict | None,
    progress: Progress | None = None,
    ticks: Callable[[], float] = time.monotonic,
) -> ImportedBundle:
    """All of it or, with BadBundle, nothing; `conflict` as in `store.bundle.read`."""
    progress = progress or NoProgress()
    progress.step(0, 100, N_("Reading the bundle"))
    with ctx.backend.transaction():
        now = ctx.clock()
        read = bundle.read(ctx.backend, data, conflict, now, now + KEPT)
        owners = [profile for profile in ctx.backend.list_profiles() if profile.name in read.profiles]
        queries = [query for owner in owners for query in ctx.backend.list_queries(owner.id)]
        for owner in owners:
            # Nobody here has confirmed the server that it names; the environment's token waits until somebody does.
            if (server := server_of(ctx, owner)) and ctx.backend.get_state(server_key(owner.id)) != server:
                ctx.backend.set_state(brought_key(owner.id), server)
        if queries:
            ctx.backend.switch_query(queries[0].ref, ctx.clock())
    warnings = _recorded(ctx, queries, progress, ticks)
    return ImportedBundle(read, queries[0] if queries else None, (*read.notes, *warnings))


def _recorded(
    ctx: Context, queries: Sequence[Query], progress: Progress, ticks: Callable[[], float]
) -> dict[str, None]:
    """Record what came for the forecast, as far as there is time; the rest is recorded when it is opened. What went
    wrong with it, each sentence once."""
    warnings: dict[str, None] = {}
    until = ticks() + _RECORDING_SECONDS
    for number, query in enumerate(queries):
        if ticks() >= until:
            break
        try:
            progress.step(number, len(queries), N_("Computing the forecast of {name}", name=query.name))
        except Cancelled:
            # What came is saved by now.
            break
        if warning := ctx.record(query.ref):
            warnings[warning] = None
    return warnings
