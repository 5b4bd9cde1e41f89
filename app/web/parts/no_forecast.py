"""Where there is no forecast: why not, and for data that end long ago the way to the last day that had one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.domain.by_day import FEWEST_DAYS
from app.domain.calendar import ONE_WEEK
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.throughput import WeekCount
from app.web.components import empty_state, link_button
from app.web.page import Visit
from app.words import _

# Weeks that a forecast usually learns from.
_STRETCH = 12


def state(visit: Visit, title: str, reason: str) -> Any:
    if _is_told_in_items(visit):
        # Nothing is lacking but estimates: what is counted is changed, and no data are added.
        return empty_state(title, _(reason), link_button(_("Count in items"), visit.here(unit=Unit.ITEMS)))
    weeks = _weeks(visit)
    last = next((week for week in reversed(weeks) if week.done), None)
    # Of an old export the way on is the day of its end; it lacks nothing.
    add = link_button(_("Add data"), visit.href("/data/sources"), quiet=last is not None)
    if last is None:
        return empty_state(title, f"{_(reason)} ", add)
    when = _("The last finish is in the week from {day}.", day=visit.formats.day(last.start))
    told_week = last_told(weeks) or last
    if told_week is not last:
        told_on = visit.formats.day(told_week.start)
        when = _("{last} The last week with enough before it for a date is that from {day}.", last=when, day=told_on)
    # At the beginning of the day after that week its last finish is known.
    then = link_button(_("Look at it as of then"), visit.here(as_of=told_week.start + ONE_WEEK))
    return empty_state(title, f"{_(reason)} {when}", then, add)


def _is_told_in_items(visit: Visit) -> bool:
    """Whether there is no forecast only because points are counted."""
    if visit.analysis.params.unit is not Unit.POINTS or visit.query is None:
        return False
    overrides = replace(visit.choice.overrides, unit=Unit.ITEMS)
    return not isinstance(visit.ctx.analysis(visit.query.ref, overrides).forecast, NotEnoughData)


def _weeks(visit: Visit) -> Sequence[WeekCount]:
    throughput = visit.analysis.throughput
    return () if isinstance(throughput, NotEnoughData) else throughput.weeks


def last_told(weeks: Sequence[WeekCount]) -> WeekCount | None:
    """The last week with a finish that ends a stretch in which enough weeks have one for a date to be given."""
    finished = [week.done > 0 for week in weeks]
    for at in range(len(weeks) - 1, -1, -1):
        if finished[at] and sum(finished[max(0, at - _STRETCH + 1) : at + 1]) >= FEWEST_DAYS:
            return weeks[at]
    return None
