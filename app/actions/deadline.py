"""The deadline of a work list; without one of its own the project's holds for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.context import Context
from app.settings import OWN_DEADLINE
from store.errors import UnknownQuery
from store.records import JsonObject, Query, QueryRef


def set_day(ctx: Context, ref: QueryRef, day: date | None) -> JsonObject:
    """From now on this is the list's deadline, None: it has none, whatever the project's is; what was before.

    Raises UnknownQuery.
    """
    query = _query(ctx, ref)
    _save(ctx, query, {**query.extras, OWN_DEADLINE: day.isoformat() if day is not None else ""})
    return query.extras


def put_back(ctx: Context, ref: QueryRef, before: JsonObject) -> None:
    """As it was. Raises UnknownQuery."""
    query = _query(ctx, ref)
    kept = {name: value for name, value in query.extras.items() if name != OWN_DEADLINE}
    own = {OWN_DEADLINE: before[OWN_DEADLINE]} if OWN_DEADLINE in before else {}
    _save(ctx, query, kept | own)


def _query(ctx: Context, ref: QueryRef) -> Query:
    query = ctx.backend.get_query(ref)
    if query is None:
        raise UnknownQuery("This work list is not here any more. Choose another one.")
    return query


def _save(ctx: Context, query: Query, extras: JsonObject) -> None:
    ctx.backend.save_query(replace(query, extras=extras))
    ctx.record(query.ref)
