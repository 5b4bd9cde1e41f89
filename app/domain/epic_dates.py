"""When epics and versions are done: in the order in which their work is taken, some of them together.

Work of theirs that is under way goes first, then by the place of their first open item; a version with a day of release
by that day. An epic's own work is what no epic below it has, and it is done when those are, too. They have the share of
the pace that work in epics (in versions) has had; what is left outside of them is done beside them, so that the last of
them is never later than all work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.epics import Epics, Whole
from app.domain.items import Item
from app.domain.known import Known
from app.domain.milestones import release_days
from app.domain.order import Order
from app.domain.reached import Dates
from app.domain.sharing import done_when, with_shared
from app.words import Nn_

Named = Callable[[Item], Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Line:
    """Wholes in their order. `first_here`: by its place, the open work of one that is no other's. `needs`: those that
    are done before it is, by their places."""

    wholes: Sequence[Whole]
    first_here: Sequence[float]
    needs: Mapping[int, Sequence[int]]


def dated(known: Known, undated: Epics, order: Order, left: float, dates: Dates) -> Epics:
    """With the dates of what is not done. `left`: all that remains."""
    days = release_days(known.items)
    odd = {whole.key: _too_late(whole, days.get(whole.key), known.as_of) for whole in undated.versions}
    undated = replace(
        undated, versions=tuple(replace(each, odd=(*each.odd, *odd[each.key])) for each in undated.versions),
        together=known.params.together,
    )  # fmt: skip
    epics_of, versions_of = _epics_of(known, undated.epics), _versions_of
    epics = _line_of_epics(known, undated.epics, order, epics_of)
    versions = _line_of_versions(known, undated.versions, order, days)
    share, versions_share = _share(known, epics_of), _share(known, versions_of)
    return replace(
        undated,
        epics=_with_dates(undated.epics, epics, share, known, left, dates),
        versions=_with_dates(undated.versions, versions, versions_share, known, left, dates),
        share=share,
        versions_share=versions_share,
    )


def _with_dates(
    wholes: Iterable[Whole], line: _Line, share: float | None, known: Known, left: float, dates: Dates
) -> tuple[Whole, ...]:
    done = with_shared(done_when(line.first_here, known.params.together), line.needs)
    beside = max(0.0, left - sum(line.first_here))
    ahead = {
        whole.key: min(amount / (share or 1.0), amount + beside)
        for whole, amount in zip(line.wholes, done, strict=True)
    }
    return tuple(
        replace(each, ahead=ahead[each.key], dates=dates.dates(ahead[each.key])) if each.key in ahead else each
        for each in wholes
    )


def _in_order(wholes: Iterable[Whole], order: Order, days: Mapping[str, date]) -> list[Whole]:
    unfinished = [each for each in wholes if each.remaining > 0 or each.expected > 0]
    if not unfinished:
        return []
    places = {item.issue.key: at for at, item in enumerate(order.items)}
    last = len(places)

    def place(whole: Whole) -> tuple[date, bool, int]:
        first = min([places.get(key, last) for key in whole.remaining_keys], default=last)
        return days.get(whole.key, date.max), not whole.in_progress, first

    return sorted(unfinished, key=place)


def _line_of_epics(known: Known, wholes: Iterable[Whole], order: Order, epics_of: Named) -> _Line:
    chosen = _in_order(wholes, order, {})
    if not chosen:
        return _Line((), (), {})
    places = {whole.key: at for at, whole in enumerate(chosen)}
    first_here = [whole.expected for whole in chosen]
    for item in order.items:
        nearest = next((key for key in epics_of(item) if key in places), None)
        if nearest is not None:
            first_here[places[nearest]] += item.size(known.unit)
    needs: dict[int, list[int]] = {}
    for key, at in places.items():
        for above in known.hierarchy.ancestors(known.hierarchy.issues[key]):
            if above.key in places:
                needs.setdefault(places[above.key], []).append(at)
    return _Line(chosen, first_here, needs)


def _line_of_versions(known: Known, wholes: Iterable[Whole], order: Order, days: Mapping[str, date]) -> _Line:
    chosen = _in_order(wholes, order, days)
    places = {whole.key: at for at, whole in enumerate(chosen)}
    first_here, needs, unit = [0.0] * len(chosen), dict[int, set[int]](), known.unit
    for item in order.items:
        names = item.issue.fix_versions
        of = [places[name] for name in names if name in places] if names else None
        if not of:
            continue
        first = of[0] if len(of) == 1 else min(of)
        first_here[first] += item.size(unit)
        for later in of if len(of) > 1 else ():
            if later != first:
                needs.setdefault(later, set()).add(first)
    return _Line(chosen, first_here, {at: sorted(others) for at, others in needs.items()})


def _epics_of(known: Known, wholes: Iterable[Whole]) -> Named:
    """The epics that an item is part of, the nearest first; one that is not broken down is part of itself."""
    keys = {whole.key for whole in wholes}
    if not keys:
        return lambda item: ()

    def epics_of(item: Item) -> Sequence[str]:
        return [issue.key for issue in (item.issue, *known.hierarchy.ancestors(item.issue)) if issue.key in keys]

    return epics_of


def _versions_of(item: Item) -> Sequence[str]:
    return item.issue.fix_versions


def _share(known: Known, parts_of: Named) -> float | None:
    """Of what was finished in the window, how much is part of any; None where nothing was."""
    done = known.done_in(*known.window)
    whole = sum(item.size(known.unit) for item in done)
    inside = sum(item.size(known.unit) for item in done if parts_of(item))
    return inside / whole if inside else None


def _too_late(version: Whole, day: date | None, as_of: date) -> tuple[str, ...]:
    if version.is_done or day is None or day >= as_of:
        return ()
    return (
        Nn_(
            "Released on {day}, and 1 of it is open.",
            "Released on {day}, and {count} of it are open.",
            len(version.remaining_keys),
            day=day.isoformat(),
        ),
    )
