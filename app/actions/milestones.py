"""Milestones of a project: made, put in order, closed, noted on and removed; each gives back what was before.

Each reads and writes in one transaction. Who acts on one as a page shows it (`seen`) acts on that one wherever it
stands by now, and on none that somebody else changed since: then ChangedMeanwhile is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from app.context import Context
from app.domain.selection import NotACondition, named, selection, texts
from app.errors import BadInput
from app.turns import Chosen, chosen, note_chosen, of_project
from app.words import N_
from store.records import Milestone, QueryRef

Kept = Sequence[Milestone]
# Under which it is noted who changed their order, and who any of them.
_ORDER, _ALL = "milestone order", "milestones"
# What a line of a panel and of a report can show.
LONGEST_NOTE = 300


class ChangedMeanwhile(Exception):
    """What a page shows of the milestone `name` is not so any more. `now`: it, or the names in their order where it is
    the order that changed; None: it is not there. `place`: where it stands in the list `present`."""

    def __init__(self, name: str, now: Milestone | tuple[str, ...] | None, present: Kept, by: Chosen | None) -> None:
        super().__init__(name)
        self.name, self.now, self.present, self.by = name, now, present, by
        self.place = next((place for place, each in enumerate(present) if each.name == name), -1)


class NameTaken(BadInput):
    """Another milestone that is open has it."""


def add(ctx: Context, ref: QueryRef, name: str, day: date | None, work: str = "", teams: str = "") -> Kept:
    """One more, worked on after those that are there. `work`: conditions with a semicolon between them.

    Raises BadInput for a name or a day that is missing, and for what is no condition or a field that no issue has;
    NameTaken.
    """
    if not name.strip() or day is None:
        raise BadInput(N_("A milestone needs a name and a date."))
    chosen_work = _work(ctx, ref, work, teams)

    def one_more(before: Kept) -> Kept:
        if any(each.name == name.strip() and each.closed is None for each in before):
            raise NameTaken(N_("There is a milestone {name} already. Choose another name.", name=name.strip()))
        last = max((each.rank for each in before), default=0)
        # Without an order all have the same rank, and their days decide; the first that is put in order changes that.
        return [*before, Milestone(name.strip(), day, chosen_work, last, named(teams) if teams.strip() else "")]

    return _save(ctx, ref, one_more, name.strip())


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
    conditions = [*chosen.by_field, *([named(teams)] if teams.strip() else [])]
    unknown = ctx.analysis(ref).known.without_values(conditions)
    if unknown:
        raise BadInput(
            N_("No issue has a field “{field}”. Name one such as version, epic, label or component.", field=unknown[0])
        )
    return texts(chosen)


def move(ctx: Context, ref: QueryRef, at: int, by: int, seen: Kept | None = None) -> Kept:
    """Worked on so many places later (earlier below 0); the places of all are written down from then on."""

    def moved(before: Kept) -> Kept:
        order = in_order(before)
        names = _names(before, order)
        if seen is not None and names != _names(seen, in_order(seen)):
            name = seen[_place(range(len(seen)), at)].name
            raise ChangedMeanwhile(name, names, before, chosen(ctx.backend, of_project(ref), _ORDER))
        here = order.index(_place(order, at if seen is None else _place_now(ctx, ref, before, at, seen)))
        there = min(len(order) - 1, max(0, here + by))
        order.insert(there, order.pop(here))
        ranks = {place: rank for rank, place in enumerate(order, 1)}
        return [replace(each, rank=ranks.get(place, each.rank)) for place, each in enumerate(before)]

    return _save(ctx, ref, moved, _ORDER)


def in_order(kept: Kept) -> list[int]:
    """Where those that are open stand in the list, in the order in which they are worked on."""
    return sorted(_open(kept), key=lambda place: (kept[place].rank, kept[place].day, kept[place].name))


def _names(kept: Kept, order: Sequence[int]) -> tuple[str, ...]:
    return tuple(kept[place].name for place in order)


def close(ctx: Context, ref: QueryRef, at: int, day: date | None, seen: Kept | None = None) -> Kept:
    """Kept with its numbers from that day on; None: it is open again."""
    return _changed(ctx, ref, at, lambda each: replace(each, closed=day), seen)


def remove(ctx: Context, ref: QueryRef, at: int, seen: Kept | None = None) -> Kept:
    return _changed(ctx, ref, at, lambda each: None, seen)


def note(ctx: Context, ref: QueryRef, at: int, text: str, day: date, seen: Kept | None = None) -> Kept:
    """One note more, of that day. Raises BadInput for a text that is empty or longer than LONGEST_NOTE characters."""
    dated = f"{day.isoformat()} {_text_of_note(text)}"
    return _changed(ctx, ref, at, lambda each: replace(each, notes=(*each.notes, dated)), seen)


def remove_note(ctx: Context, ref: QueryRef, at: int, number: int, seen: Kept | None = None) -> Kept:
    """`number`: which of its notes, from 0."""

    def without(milestone: Milestone) -> Milestone:
        if number not in range(len(milestone.notes)):
            raise BadInput(N_("This note is not here any more. Reload the page."))
        return replace(milestone, notes=milestone.notes[:number] + milestone.notes[number + 1 :])

    return _changed(ctx, ref, at, without, seen)


def _text_of_note(text: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        raise BadInput(N_("A note needs a text."))
    if len(plain) > LONGEST_NOTE:
        raise BadInput(N_("A note has {most} characters at most; this one has {count}.",
                          most=LONGEST_NOTE, count=len(plain)))  # fmt: skip
    return plain


def put_back(ctx: Context, ref: QueryRef, before: Kept, left: Kept | None = None) -> None:
    """As they were. `left`: as they were then; raises BadInput where somebody changed them since."""

    def back(present: Kept) -> Kept:
        if left is not None and list(present) != list(left):
            raise BadInput(
                N_(
                    "The milestones were changed once more since, in another window or by somebody else, so this "
                    "cannot be taken back. Look at them, and change what is to be different."
                )
            )
        return before

    _save(ctx, ref, back)


def _open(kept: Kept) -> list[int]:
    return [place for place, each in enumerate(kept) if each.closed is None]


def _changed(
    ctx: Context, ref: QueryRef, at: int, change: Callable[[Milestone], Milestone | None], seen: Kept | None = None
) -> Kept:
    """None takes it away."""

    def changed(before: Kept) -> Kept:
        here = _place(range(len(before)), at) if seen is None else _place_now(ctx, ref, before, at, seen)
        after = [change(each) if place == here else each for place, each in enumerate(before)]
        return [each for each in after if each is not None]

    shown = ctx.backend.list_milestones(ref.profile_id) if seen is None else seen
    return _save(ctx, ref, changed, *(each.name for each in shown[at : at + 1] if at >= 0))


def _place_now(ctx: Context, ref: QueryRef, before: Kept, at: int, seen: Kept) -> int:
    """Where the one that the page shows at that place stands by now. Raises ChangedMeanwhile."""
    shown_there = seen[_place(range(len(seen)), at)]
    same = [place for place, each in enumerate(before) if replace(each, rank=shown_there.rank) == shown_there]
    if same:
        return min(same, key=lambda place: abs(place - at))
    now = next((each for each in before if each.name == shown_there.name), None)
    raise ChangedMeanwhile(
        shown_there.name, now, before, chosen(ctx.backend, of_project(ref), _noted(shown_there.name))
    )


def _place(places: Sequence[int], at: int) -> int:
    """Another window may have removed it meanwhile."""
    if at not in places:
        raise BadInput(N_("This milestone is not here any more. Reload the page."))
    return at


def _noted(name: str) -> str:
    return name if name in (_ORDER, _ALL) else f"milestone/{name}"


def _save(ctx: Context, ref: QueryRef, change: Callable[[Kept], Kept], *names: str) -> Kept:
    """As they were."""
    with ctx.backend.transaction():
        before = ctx.backend.list_milestones(ref.profile_id)
        ctx.backend.replace_milestones(ref.profile_id, change(before))
        note_chosen(ctx.backend, of_project(ref), map(_noted, (*names, _ALL)), ctx.clock())
    ctx.record(ref)
    return before
