"""The deadline of a work list; without one of its own the project's holds for it."""

from __future__ import annotations

from datetime import date

from app.context import Context
from store.documents import own_deadline, with_own_deadline
from store.records import Query, QueryRef

# Under which it is noted who chose it: of the list, and of the project whose it may be.
NAME = "deadline"


def put_back(ctx: Context, before: Query) -> None:
    """As it was. Raises UnknownQuery."""
    write(ctx, before.ref, own_deadline(before))
    ctx.record(before.ref)


def write(ctx: Context, ref: QueryRef, own: tuple[bool, date | None]) -> Query:
    """As `own_deadline` gives it; the list as it was. What somebody else changed of it meanwhile stays, and nothing is
    recorded yet. Raises UnknownQuery."""
    return ctx.change_query(ref, lambda query: with_own_deadline(query, own), NAME)
