"""Running totals, as burnups and cumulative flow have them: told from the numbers of single weeks, and differenced."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from app.domain.statuses import guessed
from app.errors import UnreadableFile
from app.imports.columns import WEEK_AMOUNTS, ColumnMapping, Layout
from app.imports.number_signs import Signs, signs_of
from app.imports.plain_names import plain_name
from app.imports.results import Imported, Totals
from app.imports.tables import Table
from app.words import N_
from store.records import Week

# Fewer numbers that never fall say nothing; so many can only be totals.
_FEWEST, _CERTAIN = 4, 10
# Of the way up, what may be taken back where items are reopened or put away: where nothing else says that they are
# totals; where their name does, or stages beside them; up to the last share it is asked then. Weekly numbers fall as
# much as they rise.
_FALLS, _DOUBTFUL_FALLS, _FALLS_OF_TOTALS = 0.05, 0.25, 0.6
# Of so many rows more falls are doubtful: numbers of that many weeks that only grow fall more often.
_MANY, _DOUBTFUL_FALLS_OF_MANY = 20, 0.4
_LARGEST_WEEK = 1e6
# A first total more than so many times the largest step is what was there before, and no week's work; in a cumulative
# flow, which counts all that there is, any that is larger.
_OUTSIZED, _OUTSIZED_IN_FLOW = 3, 1
_TOTAL = re.compile(r"total|cumul|kumul|running|so far|to date|acumul|cumulé")
_SCOPE = re.compile(r"scope|total|backlog|to ?do|in progress|progress|remaining|planned|umfang|offen|open")
Amounts = Sequence[float | None]


def are_totals(table: Table, layout: Layout, days: Sequence[date | None], mapping: ColumnMapping) -> bool:
    """Whether what was completed is counted from the beginning in each row. Raises UnreadableFile where the numbers
    never fall, but are too few to tell, and nothing is said."""
    if mapping.totals is not None:
        return mapping.totals
    place = layout.single[_completed(layout)]
    signs = week_signs(table, layout)
    values = [amount for amount in _by_day(days, _amounts(table, place, signs)) if amount is not None]
    if len(values) < _FEWEST or not _climbs(values, _FALLS_OF_TOTALS):
        return False
    if _are_weekly(table, layout, days):
        return False
    is_called_total = _TOTAL.search(plain_name(table.columns[place])) is not None
    if is_called_total or _is_of_a_whole(table, layout):
        # Beside one amount, a few numbers that fall may as well be those of single weeks.
        is_clear = is_called_total or len(values) >= _CERTAIN or is_flow(table, layout)
        if _climbs(values, _DOUBTFUL_FALLS if is_clear else _FALLS):
            return True
        raise _unclear(_seldom_falls(table.columns[place], values))
    is_sure = len(values) >= _CERTAIN
    if _climbs(values, _FALLS if is_sure else 0):
        if is_sure:
            return True
        raise _unclear(_never_falls(table.columns[place], values))
    if is_sure and _climbs(values, _DOUBTFUL_FALLS_OF_MANY if len(values) >= _MANY else _DOUBTFUL_FALLS):
        raise _unclear(_seldom_falls(table.columns[place], values))
    return False


def _are_weekly(table: Table, layout: Layout, days: Sequence[date | None]) -> bool:
    """Whether a column beside them falls or grows by just these numbers from row to row: what is left, or the sum."""
    signs = week_signs(table, layout)
    done = _by_day(days, _amounts(table, layout.single[_completed(layout)], signs))
    others = (_by_day(days, _amounts(table, place, signs)) for place, _ in _others(table, layout))
    return any(_is_left_or_sum(other, done) for other in others)


def _is_left_or_sum(other: Amounts, done: Amounts) -> bool:
    """Whether each step of one column is what was done in its row; or, of what was left before, in the row above."""
    pairs = list(zip(other, done, strict=True))
    known = [(amount, number) for amount, number in pairs if amount is not None and number is not None]
    if len(known) < _FEWEST or len(known) < len(pairs):
        return False
    steps = [after - before for (before, _), (after, _) in pairwise(known)]
    numbers = [number for _, number in known]
    left = [-number for number in numbers]
    return steps in (numbers[1:], left[1:], left[:-1])


def _unclear(text: str) -> UnreadableFile:
    return UnreadableFile(text, 'Say it with "totals": true or false in a mapping (--mapping FILE).')


def _never_falls(name: str, values: Sequence[float]) -> str:
    return N_(
        "The numbers in {name} never fall ({names}{value}): they may be what was done in each "
        "row, or all that was done until then. Say which it is.",
        name=name,
        names=", ".join(f"{value:g}" for value in values[:6]),
        value=" …" * (len(values) > 6),
    )


def _seldom_falls(name: str, values: Sequence[float]) -> str:
    return N_(
        "The numbers in {name} rise and seldom fall ({first:g} … {last:g}): they may be what was done in each row, or "
        "all that was done until then. Say which it is.",
        name=name,
        first=values[0],
        last=values[-1],
    )


def _climbs(values: Sequence[float], falls: float) -> bool:
    """Whether they go up, and down by no more than that share of it."""
    steps = [after - before for before, after in pairwise(values)]
    up, down = sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0)
    return up > 0 and down <= falls * up


def _is_of_a_whole(table: Table, layout: Layout) -> bool:
    """Whether columns of other stages stand beside it, or the amount of which it is a part."""
    signs = week_signs(table, layout)
    done = _amounts(table, layout.single[_completed(layout)], signs)
    return is_flow(table, layout) or any(
        _SCOPE.search(plain_name(name)) and _is_never_smaller(_amounts(table, place, signs), done)
        for place, name in _others(table, layout)
    )


def is_flow(table: Table, layout: Layout) -> bool:
    """Whether it is a cumulative flow: columns of other stages are there."""
    signs = week_signs(table, layout)
    stages = [
        place
        for place, name in _others(table, layout)
        if name and guessed(name) and _are_numbers(_amounts(table, place, signs))
    ]
    return len(stages) > 1


def _completed(layout: Layout) -> str:
    return next(name for name in ("completed_items", "completed_points") if name in layout.single)


def _others(table: Table, layout: Layout) -> list[tuple[int, str]]:
    return [(place, name) for place, name in enumerate(table.columns) if place not in layout.single.values()]


def _are_numbers(values: Amounts) -> bool:
    return bool(values) and all(value is not None for value in values)


def _is_never_smaller(whole: Amounts, part: Amounts) -> bool:
    pairs = [
        (larger, smaller)
        for larger, smaller in zip(whole, part, strict=True)
        if larger is not None and smaller is not None
    ]
    return len(pairs) >= _FEWEST and all(larger >= smaller for larger, smaller in pairs)


def week_signs(table: Table, layout: Layout) -> Signs:
    """What points and commas in weekly numbers mean."""
    places = [layout.single[name] for name in WEEK_AMOUNTS if name in layout.single]
    return signs_of(table, places, _LARGEST_WEEK)


def _amounts(table: Table, place: int, signs: Signs) -> Amounts:
    return [signs.number(text) if text else None for text in table.texts(place)]


def _by_day(days: Sequence[date | None], values: Amounts) -> Amounts:
    dated = [(day, value) for day, value in zip(days, values, strict=True) if day is not None]
    return [value for _, value in sorted(dated, key=lambda pair: pair[0])]


@dataclass(slots=True)
class _Total:
    """One column on its way: the last total, and what is to be taken off where it fell."""

    last: float | None = None
    owed: float = 0.0

    def step(self, value: float) -> float:
        before, self.last = self.last, value
        done = value - (before or 0.0) - self.owed
        self.owed = max(0.0, -done)
        return max(0.0, done)


def differenced(
    weeks: Sequence[Week], *, is_of_flow: bool = False
) -> tuple[tuple[Week, ...], tuple[str, ...], tuple[Totals, ...]]:
    """What was done from row to row, by day; what the report says about it; and with which totals the rows begin.
    Columns that do not climb stay.

    The first total counts for its own row, unless it is so large that it must be what was there before. `is_of_flow`:
    it stands beside the other stages of a cumulative flow.
    """
    ordered = sorted(weeks, key=lambda week: week.day or date.min)
    amounts = {name: [getattr(row, name) for row in ordered] for name in WEEK_AMOUNTS}
    done = next((name for name in WEEK_AMOUNTS if any(value is not None for value in amounts[name])), "")
    outsized = _OUTSIZED_IN_FLOW if is_of_flow else _OUTSIZED
    steps = {name: _steps(values, name == done, outsized) for name, values in amounts.items()}
    kept = [
        replace(
            week,
            completed_items=_item_count(steps["completed_items"][place]),
            completed_points=steps["completed_points"][place],
            created_items=_item_count(steps["created_items"][place]),
            created_points=steps["created_points"][place],
        )
        for place, week in enumerate(ordered)
        if any(steps[name][place] is not None for name in WEEK_AMOUNTS)
    ]
    sentence = N_("The numbers are running totals: what was done is the difference from row to row.")
    of_first = _of_first_total(amounts[done], steps[done]) if done else ()
    begun = (
        _begun(name, ordered, values, steps[name], of_first if name == done else ()) for name, values in amounts.items()
    )
    return tuple(kept), (sentence, *of_first), tuple(each for each in begun if each is not None)


def _begun(
    name: str, ordered: Sequence[Week], totals: Amounts, steps: Amounts, sentences: tuple[str, ...]
) -> Totals | None:
    """With which total a column begins; None for one of no totals."""
    first = next((place for place, total in enumerate(totals) if total is not None), None)
    later = [step for step in steps[(first or 0) + 1 :] if step is not None]
    day = None if first is None else ordered[first].day
    if first is None or day is None or not later or steps == totals:
        return None
    return Totals(name, day, totals[first] or 0.0, _OUTSIZED * max(later), sentences)


def continued(part: Imported, known: Sequence[Week]) -> Imported:
    """Running totals that go on where those of an earlier file ended: the first step is what came since then."""
    for totals in part.totals:
        before = [week for week in known if week.day is not None and week.day < totals.day]
        numbers = [value for week in before if (value := getattr(week, totals.field)) is not None]
        step = totals.first - sum(numbers)
        if numbers and 0 <= step <= totals.largest:
            part = _with_first_step(part, totals, step)
    return part


def _with_first_step(part: Imported, totals: Totals, step: float) -> Imported:
    number: dict[str, Any] = {totals.field: _item_count(step) if totals.field.endswith("items") else step}
    weeks = [replace(week, **number) if week.day == totals.day else week for week in part.weeks]
    if totals.day not in {week.day for week in weeks}:
        weeks.insert(0, Week(totals.day, source=part.weeks[0].source, **number))
    sentence = N_(
        "The first total, {total:g}, goes on from what is known of the weeks before: {step:g} count in its own week.",
        total=totals.first,
        step=step,
    )
    warnings = [each for each in part.warnings if each not in totals.sentences]
    return replace(part, weeks=tuple(weeks), warnings=(*warnings, sentence) if totals.sentences else tuple(warnings))


def _of_first_total(totals: Amounts, steps: Amounts) -> tuple[str, ...]:
    """What was made of the total with which the file begins."""
    first = next((place for place, total in enumerate(totals) if total is not None), None)
    total = 0.0 if first is None else totals[first]
    if first is None or not total:
        return ()
    if steps[first] is None:
        return (N_("The first total, {total:g}, was there before the file begins: it counts in no week.", total=total),)
    return (
        N_(
            "The first total, {total:g}, counts in its own week. If it was there before, take it off every row and "
            "import again.",
            total=total,
        ),
    )


def _steps(values: Amounts, are_totals: bool, outsized: float) -> list[float | None]:
    known = [value for value in values if value is not None]
    if not are_totals and not _climbs(known, _DOUBTFUL_FALLS if len(known) >= _CERTAIN else 0):
        return list(values)
    total = _Total()
    steps = [None if value is None else total.step(value) for value in values]
    first = next((place for place, step in enumerate(steps) if step is not None), None)
    later = [step for place, step in enumerate(steps) if step is not None and place != first]
    if first is not None and later and (steps[first] or 0.0) > outsized * max(later):
        steps[first] = None
    return steps


def _item_count(value: float | None) -> int | None:
    return None if value is None else int(value)
