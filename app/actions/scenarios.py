"""Scenarios of a work list: kept by name, and removed; each gives back what was before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.context import Context
from app.domain.scenarios import KEPT_IN, MOST, Kept, as_json, kept
from app.domain.what_if import WhatIf
from app.errors import BadInput
from app.words import N_
from store.records import JsonObject, Query, QueryRef

Scenarios = tuple[Kept, ...]


def keep(ctx: Context, ref: QueryRef, name: str, what: WhatIf) -> JsonObject:
    """Raises BadInput for one without a name, one that changes nothing, a name that is taken, and the eleventh."""
    named = name.strip()
    if not named:
        raise BadInput(N_("A scenario needs a name, such as: two people away in July."))
    if what == WhatIf():
        raise BadInput(N_("Nothing differs from how it is. Change something first, then keep it."))

    def one_more(there: Scenarios) -> Scenarios:
        if any(each.name == named for each in there):
            raise BadInput(N_("There is a scenario {name} already. Choose another name.", name=named))
        if len(there) >= MOST:
            raise BadInput(N_("There are {count} scenarios already. Remove one first.", count=MOST))
        return (*there, Kept(named, what))

    return _change(ctx, ref, one_more)


def remove(ctx: Context, ref: QueryRef, name: str) -> JsonObject:
    return _change(ctx, ref, lambda there: tuple(each for each in there if each.name != name))


def put_back(ctx: Context, ref: QueryRef, before: JsonObject, name: str) -> None:
    """The one of that name as it was, or as it was not there; what others kept or removed meanwhile stays so."""
    was = tuple(each for each in kept(before) if each.name == name.strip())
    _change(ctx, ref, lambda there: (*(each for each in there if each.name != name.strip()), *was))


def _change(ctx: Context, ref: QueryRef, change: Callable[[Scenarios], Scenarios]) -> JsonObject:
    """What the work list said besides before; read and written in one. Raises UnknownQuery."""
    return ctx.change_query(ref, lambda query: _with(query, change(kept(query.extras)))).extras


def _with(query: Query, scenarios: Scenarios) -> Query:
    rest = {name: value for name, value in query.extras.items() if name != KEPT_IN}
    own = {KEPT_IN: as_json(scenarios)} if scenarios else {}
    return replace(query, extras=rest | own)
