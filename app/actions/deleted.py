"""Deleting so that it can be put back, and taking back: deleted projects and work lists for 30 days, the last import
of each work list. A backup is made before each of these, whichever face asks."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from app.context import Context
from app.errors import BadInput
from app.words import N_
from store.backend import PersistenceBackend
from store.documents import typed_totals_of, with_typed_totals
from store.errors import NoKeyring, WrongPassphrase
from store.records import Profile, Query, QueryRef, Undoable

KEPT = timedelta(days=30)


def delete_project(ctx: Context, profile_id: str) -> Profile:
    """With all its work lists; its token is forgotten for good. Raises BadInput."""
    # Only here: it brings along what reads old folders, which an import has no use for.
    from app.actions import tokens  # noqa: PLC0415

    profile = ctx.backend.get_profile(profile_id)
    if profile is None:
        raise BadInput(N_("This project no longer exists. Reload the page."))
    _back_up(ctx, "delete")
    # Before it is gone: the address of its server tells under which name a keyring has the token. A keyring that does
    # not answer must not keep anybody from deleting.
    with contextlib.suppress(NoKeyring, WrongPassphrase):
        tokens.forget(ctx, profile.id)
    now = ctx.clock()
    ctx.backend.discard_profile(profile.id, now, now + KEPT)
    return profile


def delete_work(ctx: Context, ref: QueryRef) -> Query:
    """Raises BadInput."""
    query = ctx.backend.get_query(ref)
    if query is None:
        raise BadInput(N_("This work list no longer exists. Reload the page."))
    _back_up(ctx, "delete")
    now = ctx.clock()
    ctx.backend.discard_query(ref, now, now + KEPT)
    return query


def remember_import(backend: PersistenceBackend, ref: QueryRef, file: str, now: datetime, created: str) -> None:
    """Before a file changes the query, in the same transaction. `created`: what the import has just made for it."""
    backend.remember_import(ref, N_("import of {file}", file=file), now, now + KEPT, created)


def undoable(ctx: Context) -> list[Undoable]:
    """What can be taken back now, newest first. What belongs to something deleted waits for that."""
    now = ctx.clock()
    return [entry for entry in ctx.backend.list_undoable() if entry.until > now and _is_in_reach(ctx, entry)]


def _is_in_reach(ctx: Context, undoable: Undoable) -> bool:
    if undoable.kind == "profile":
        return True
    if undoable.kind == "query":
        return ctx.backend.get_profile(undoable.profile_id) is not None
    return ctx.backend.get_query(undoable.ref) is not None


def take_back(ctx: Context, undo_id: str) -> QueryRef | None:
    """The query to look at afterwards, if any. Raises BadInput, Refused."""
    if undo_id not in {entry.id for entry in undoable(ctx)}:
        raise BadInput(
            N_("There is nothing called {undo_id} that can be taken back. The list says what can.", undo_id=undo_id)
        )
    _back_up(ctx, "undo")
    ref = _undo(ctx, undo_id)
    if ref is not None:
        ctx.record(ref)
    return ref


def _undo(ctx: Context, undo_id: str) -> QueryRef | None:
    """What somebody typed as remaining since an import is no part of the file: it stays when that is taken back."""
    now, backend = ctx.clock(), ctx.backend
    about = next(entry for entry in backend.list_undoable() if entry.id == undo_id)
    with backend.transaction():
        typed = typed_totals_of(backend.get_project_data(about.ref)) if about.kind == "import" else None
        ref = backend.undo(undo_id, now, now + KEPT)
        if typed is not None and ref is not None:
            backend.save_project_data(ref, with_typed_totals(backend.get_project_data(ref), typed, now))
    return ref


def _back_up(ctx: Context, reason: str) -> None:
    ctx.upkeep.snapshot(reason)
