"""How much remains where only weekly numbers are kept: typed totals, else created less done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from app.domain.calendar import ONE_WEEK, Calendar
from app.domain.items import Unit
from app.domain.missing import NotEnoughData
from app.domain.throughput import amounts
from app.domain.weeks import NUMBERS
from app.words import N_
from store.documents import typed_totals_of
from store.records import Correction, ProjectData, Week
from store.settings import TypedTotals


class Left(NamedTuple):
    """In the unit. `source` is "typed" for what somebody entered, "weeks" for what the weekly numbers add up to."""

    done: float
    remaining: float
    source: str

    @property
    def total(self) -> float:
        return self.done + self.remaining


def left_of_weeks(
    weeks: Sequence[Week],
    project_data: ProjectData | None,
    calendar: Calendar,
    unit: Unit,
    as_of: date,
    today_included: bool,
    remaining: float | None = None,
) -> Left | NotEnoughData:
    """`remaining` given by the user wins, then the typed total, then created less done where both are numbered.

    A typed total is what remained when it was typed (after the last row, where that day is not known). Rows of later
    weeks count against it; for an earlier day it is told back over the rows since: more by what they finished, less
    by what they brought.
    """
    known, later = _split(weeks, calendar, as_of, today_included)
    done, created = _sums(known, unit)
    if remaining is not None:
        return Left(done, remaining, "typed")
    totals = typed_totals_of(project_data)
    typed = remaining_of(totals, unit)
    if typed is not None:
        unseen = _rows_after(weeks, totals.as_of if totals is not None else None, calendar)
        return Left(done, max(0.0, typed + _net(later, unit) - _net(unseen, unit)), "typed")
    if created >= done and created > 0:
        return Left(done, created - done, "weeks")
    return NotEnoughData(_reason(unit, done, created))


def corrected_rows(weeks: Sequence[Week], corrections: Sequence[Correction], calendar: Calendar) -> Sequence[Week]:
    """The rows, with the numbers of corrected weeks replaced by a row of their own on the week's first day."""
    if not corrections:
        return weeks
    by_week = {calendar.week_of(correction.day): correction for correction in corrections}
    kept = [_without(row, by_week.get(calendar.week_of(row.day))) if row.day is not None else row for row in weeks]
    return [
        *kept,
        *(
            Week(start, fixed.completed_items, fixed.completed_points, fixed.created_items, fixed.created_points)
            for start, fixed in by_week.items()
        ),
    ]


def _without(row: Week, correction: Correction | None) -> Week:
    if correction is None:
        return row
    gone: dict[str, Any] = {name: None for name in NUMBERS if getattr(correction, name) is not None}
    return replace(row, **gone)


def _rows_after(weeks: Iterable[Week], day: date | None, calendar: Calendar) -> list[Week]:
    if day is None:
        return []
    start = calendar.week_of(day)
    return [row for row in weeks if row.day is not None and calendar.week_of(row.day) > start]


def remaining_of(totals: TypedTotals | None, unit: Unit) -> float | None:
    """The remaining work that was typed in, in the unit; None when it was not."""
    return None if totals is None else totals.items if unit is Unit.ITEMS else totals.points


def _split(
    weeks: Iterable[Week], calendar: Calendar, as_of: date, today_included: bool
) -> tuple[list[Week], list[Week]]:
    """Rows known on `as_of`, and those not known yet: a week is known when it ends, the running one if today is."""
    known: list[Week] = []
    later: list[Week] = []
    for row in weeks:
        if row.day is None:
            continue
        start = calendar.week_of(row.day)
        is_known = start + ONE_WEEK <= as_of or (today_included and start <= as_of)
        (known if is_known else later).append(row)
    return known, later


def _sums(weeks: Iterable[Week], unit: Unit) -> tuple[float, float]:
    pairs = [amounts(row, unit) for row in weeks]
    return sum(max(0.0, done or 0.0) for done, _ in pairs), sum(max(0.0, new or 0.0) for _, new in pairs)


def _net(weeks: Iterable[Week], unit: Unit) -> float:
    """By how much these weeks lessened what remains."""
    done, created = _sums(weeks, unit)
    return done - created


def _reason(unit: Unit, done: float, created: float) -> str:
    name = N_("points") if unit is Unit.POINTS else N_("items")
    enter = N_("Enter the remaining {unit} under Data, “Weeks by hand”.", unit=name)
    if created > 0:
        return N_(
            "The weekly numbers have {done:g} {unit} finished but only {created:g} created, so "
            "what remains cannot be told from them. {enter}",
            done=done,
            unit=name,
            created=created,
            enter=enter,
        )
    return N_("The weekly numbers do not say how much is left. {enter}", enter=enter)
