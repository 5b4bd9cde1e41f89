"""Deleting so that it can be put back, and taking back: deleted projects and work lists for 30 days, the last import
of each work list. A backup is made before each of these, whichever face asks."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from app.context import Context, later_list
from app.errors import BadInput
from app.words import N_
from store.backend import PersistenceBackend
from store.documents import (
    archived,
    earlier_of,
    joined_into,
    move_of,
    typed_totals_of,
    with_earlier,
    with_joined_into,
    with_move,
    with_typed_totals,
)
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
    later = later_list(ctx.backend, query)
    if later is not None:
        raise BadInput(
            N_(
                "The history of {name} goes on in {later}, and would be lost there. Keep them apart again first, under "
                "Data › Sources.",
                name=query.name,
                later=later.name,
            )
        )
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
    ref, later = _undo(ctx, undo_id)
    if later is not None:
        # Its revision counted the other one's as well; what is made of both must not be taken for a later one.
        ctx.forget_analyses()
    for each in filter(None, (ref, later)):
        ctx.record(each)
    return ref


def _undo(ctx: Context, undo_id: str) -> tuple[QueryRef | None, QueryRef | None]:
    """What somebody typed as remaining since an import is no part of the file: it stays when that is taken back.

    The query to look at, and the one whose history began in that one until now.
    """
    now, backend = ctx.clock(), ctx.backend
    about = next(entry for entry in backend.list_undoable() if entry.id == undo_id)
    with backend.transaction():
        typed = typed_totals_of(backend.get_project_data(about.ref)) if about.kind == "import" else None
        ref = backend.undo(undo_id, now, now + KEPT)
        if typed is not None and ref is not None:
            backend.save_project_data(ref, with_typed_totals(backend.get_project_data(ref), typed, now))
        later = separate(backend, ref, now) if ref is not None and _is_taken_back(backend, ref) else None
    return ref, later


def _is_taken_back(backend: PersistenceBackend, ref: QueryRef) -> bool:
    """Whether it was joined with another list, and what was put back knows nothing of that."""
    query = backend.get_query(ref)
    return query is not None and bool(joined_into(query)) and move_of(backend.get_project_data(ref)) is None


def remember_join(backend: PersistenceBackend, earlier: Query, later: Query, now: datetime) -> None:
    """Before the history of `earlier` goes on in `later`, in the same transaction."""
    what = N_("joining of {earlier} with {later}", earlier=earlier.name, later=later.name)
    backend.remember_import(earlier.ref, what, now, now + KEPT)


def separate(backend: PersistenceBackend, ref: QueryRef, now: datetime) -> QueryRef | None:
    """A list whose history went on in another one stands by itself again; that other one, where it is still there."""
    query = backend.get_query(ref)
    if query is None:
        return None
    later = later_list(backend, query)
    backend.save_query(archived(with_joined_into(query, ""), False))
    backend.save_project_data(ref, with_move(backend.get_project_data(ref), None, now))
    if later is not None:
        backend.save_query(with_earlier(later, (each for each in earlier_of(later) if each != query.id)))
    return later.ref if later is not None else None


def _back_up(ctx: Context, reason: str) -> None:
    ctx.upkeep.snapshot(reason)
