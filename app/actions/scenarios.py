"""Scenarios of a work list: kept by name, and removed; each gives back what was before."""

from __future__ import annotations

from dataclasses import replace

from app.context import Context
from app.domain.scenarios import KEPT_IN, MOST, Kept, as_json, kept
from app.domain.what_if import WhatIf
from app.errors import BadInput
from app.words import N_
from store.errors import UnknownQuery
from store.records import JsonObject, Query, QueryRef


def keep(ctx: Context, ref: QueryRef, name: str, what: WhatIf) -> JsonObject:
    """Raises BadInput for one without a name, one that changes nothing, a name that is taken, and the eleventh."""
    query = _query(ctx, ref)
    there, named = kept(query.extras), name.strip()
    if not named:
        raise BadInput(N_("A scenario needs a name, such as: two people away in July."))
    if what == WhatIf():
        raise BadInput(N_("Nothing differs from how it is. Change something first, then keep it."))
    if any(each.name == named for each in there):
        raise BadInput(N_("There is a scenario {name} already. Choose another name.", name=named))
    if len(there) >= MOST:
        raise BadInput(N_("There are {count} scenarios already. Remove one first.", count=MOST))
    return _save(ctx, query, [*there, Kept(named, what)])


def remove(ctx: Context, ref: QueryRef, name: str) -> JsonObject:
    query = _query(ctx, ref)
    return _save(ctx, query, [each for each in kept(query.extras) if each.name != name])


def put_back(ctx: Context, ref: QueryRef, before: JsonObject) -> None:
    query = _query(ctx, ref)
    _save(ctx, query, list(kept(before)))


def _query(ctx: Context, ref: QueryRef) -> Query:
    query = ctx.backend.get_query(ref)
    if query is None:
        raise UnknownQuery(N_("This work list is not here any more. Choose another one."))
    return query


def _save(ctx: Context, query: Query, scenarios: list[Kept]) -> JsonObject:
    rest = {name: value for name, value in query.extras.items() if name != KEPT_IN}
    own = {KEPT_IN: as_json(scenarios)} if scenarios else {}
    ctx.backend.save_query(replace(query, extras=rest | own))
    return query.extras
