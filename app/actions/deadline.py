"""The deadline of a work list; without one of its own the project's holds for it."""

from __future__ import annotations

from datetime import date

from app.context import Context
from app.words import N_
from store.documents import own_deadline, with_own_deadline
from store.errors import UnknownQuery
from store.records import Query, QueryRef


def set_day(ctx: Context, ref: QueryRef, day: date | None) -> Query:
    """From now on this is the list's deadline, None: it has none, whatever the project's is; the list as it was.

    Raises UnknownQuery.
    """
    return _save(ctx, ref, (True, day))


def put_back(ctx: Context, before: Query) -> None:
    """As it was. Raises UnknownQuery."""
    _save(ctx, before.ref, own_deadline(before))


def _query(ctx: Context, ref: QueryRef) -> Query:
    query = ctx.backend.get_query(ref)
    if query is None:
        raise UnknownQuery(N_("This work list is not here any more. Choose another one."))
    return query


def _save(ctx: Context, ref: QueryRef, own: tuple[bool, date | None]) -> Query:
    """The list as it was: read and written in one, so that what somebody else changed of it meanwhile stays."""
    with ctx.backend.transaction():
        query = _query(ctx, ref)
        ctx.backend.save_query(with_own_deadline(query, own))
    ctx.record(ref)
    return query
