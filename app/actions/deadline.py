"""The deadline of a work list; without one of its own the project's holds for it."""

from __future__ import annotations

from datetime import date

from app.context import Context
from store.documents import own_deadline, with_own_deadline
from store.errors import UnknownQuery
from store.records import Query, QueryRef


def set_day(ctx: Context, ref: QueryRef, day: date | None) -> Query:
    """From now on this is the list's deadline, None: it has none, whatever the project's is; the list as it was.

    Raises UnknownQuery.
    """
    query = _query(ctx, ref)
    _save(ctx, with_own_deadline(query, (True, day)))
    return query


def put_back(ctx: Context, before: Query) -> None:
    """As it was. Raises UnknownQuery."""
    _save(ctx, with_own_deadline(_query(ctx, before.ref), own_deadline(before)))


def _query(ctx: Context, ref: QueryRef) -> Query:
    query = ctx.backend.get_query(ref)
    if query is None:
        raise UnknownQuery("This work list is not here any more. Choose another one.")
    return query


def _save(ctx: Context, query: Query) -> None:
    ctx.backend.save_query(query)
    ctx.record(query.ref)
