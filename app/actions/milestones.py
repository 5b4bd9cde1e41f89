"""Milestones of a project: made, put in order, closed, noted on and removed; each gives back what was before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from app.context import Context
from app.domain.selection import NotACondition, named, selection, texts
from app.errors import BadInput
from app.words import N_
from store.records import Milestone, QueryRef

Kept = Sequence[Milestone]


def add(ctx: Context, ref: QueryRef, name: str, day: date | None, work: str = "", teams: str = "") -> Kept:
    """One more, worked on after those that are there. `work`: conditions with a semicolon between them.

    Raises BadInput for a name or a day that is missing, and for what is no condition or a field that no issue has.
    """
    if not name.strip() or day is None:
        raise BadInput(N_("A milestone needs a name and a date."))
    before = ctx.backend.list_milestones(ref.profile_id)
    if any(each.name == name.strip() and each.closed is None for each in before):
        raise BadInput(N_("There is a milestone {name} already. Choose another name.", name=name.strip()))
    chosen = _work(ctx, ref, work, teams)
    last = max((each.rank for each in before), default=0)
    # Without an order all have the same rank, and their days decide; the first that is put in order changes that.
    milestone = Milestone(name.strip(), day, chosen, last, named(teams) if teams.strip() else "")
    return _save(ctx, ref, [*before, milestone])


def _work(ctx: Context, ref: QueryRef, work: str, teams: str) -> tuple[str, ...]:
    try:
        chosen = selection([part for part in work.split(";") if part.strip()])
    except NotACondition as exc:
        raise BadInput(
            N_(
                "Which work: {problem} Several are parted by a semicolon, such as version=1.4; type=Bug.",
                problem=str(exc),
            )
        ) from exc
    asked = [*chosen.by_field, *([named(teams)] if teams.strip() else [])]
    unknown = ctx.analysis(ref).known.without_values(asked)
    if unknown:
        raise BadInput(
            N_("No issue has a field “{field}”. Name one such as version, epic, label or component.", field=unknown[0])
        )
    return texts(chosen)


def move(ctx: Context, ref: QueryRef, at: int, by: int) -> Kept:
    """Worked on so many places later (earlier below 0); the places of all are written down from then on."""
    before = ctx.backend.list_milestones(ref.profile_id)
    order = sorted(_open(before), key=lambda place: (before[place].rank, before[place].day, before[place].name))
    here = order.index(_place(order, at))
    there = min(len(order) - 1, max(0, here + by))
    order.insert(there, order.pop(here))
    ranks = {place: rank for rank, place in enumerate(order, 1)}
    return _save(ctx, ref, [replace(each, rank=ranks.get(place, each.rank)) for place, each in enumerate(before)])


def close(ctx: Context, ref: QueryRef, at: int, day: date | None) -> Kept:
    """Kept with its numbers from that day on; None: it is open again."""
    return _changed(ctx, ref, at, lambda each: replace(each, closed=day))


def change_day(ctx: Context, ref: QueryRef, at: int, day: date, today: date) -> Kept:
    """Its own day is another one from now on, and a note says which it was."""
    note = f"{today.isoformat()} moved from {{}} to {day.isoformat()}"
    return _changed(
        ctx, ref, at, lambda each: replace(each, day=day, notes=(*each.notes, note.format(each.day.isoformat())))
    )


def add_note(ctx: Context, ref: QueryRef, at: int, text: str, today: date) -> Kept:
    """Raises BadInput for an empty one."""
    if not text.strip():
        raise BadInput(N_("The note is empty. Write what is to be remembered."))
    return _changed(
        ctx, ref, at, lambda each: replace(each, notes=(*each.notes, f"{today.isoformat()} {text.strip()}"))
    )


def remove(ctx: Context, ref: QueryRef, at: int) -> Kept:
    before = ctx.backend.list_milestones(ref.profile_id)
    _place(range(len(before)), at)
    return _save(ctx, ref, [each for place, each in enumerate(before) if place != at])


def put_back(ctx: Context, ref: QueryRef, before: Kept) -> None:
    _save(ctx, ref, before)


def _open(kept: Kept) -> list[int]:
    return [place for place, each in enumerate(kept) if each.closed is None]


def _changed(ctx: Context, ref: QueryRef, at: int, change: Callable[[Milestone], Milestone]) -> Kept:
    before = ctx.backend.list_milestones(ref.profile_id)
    _place(range(len(before)), at)
    return _save(ctx, ref, [change(each) if place == at else each for place, each in enumerate(before)])


def _place(places: Sequence[int], at: int) -> int:
    """Another window may have removed it meanwhile."""
    if at not in places:
        raise BadInput(N_("This milestone is not here any more. Reload the page."))
    return at


def _save(ctx: Context, ref: QueryRef, kept: Kept) -> Kept:
    before = ctx.backend.list_milestones(ref.profile_id)
    ctx.backend.replace_milestones(ref.profile_id, kept)
    ctx.record(ref)
    return before
