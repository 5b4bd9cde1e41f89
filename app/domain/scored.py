"""Forecasts as they were made and written down, and whether their dates held.

A date held when as much work as was left then was finished on or before it, whatever came in since. One forecast a week
counts, the last of it: who looks every day is not surer than who looks once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from app.domain.accuracy import JUDGED_LEVEL, LevelRecord, pinball, verdict, wilson
from app.domain.forecast import LEVELS
from app.domain.futures import NOTHING
from app.domain.items import Item, Unit
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.throughput import Throughput
from app.words import N_
from store.records import ForecastMade


@dataclass(frozen=True, slots=True)
class Scored:
    """One forecast that was made. `actual`: the day on which what was left then was finished, None while it is not.

    `held` per level: None while the date is still to come, or where none was given.
    """

    as_of: date
    method: str
    remaining: float
    dates: dict[int, date | None]
    actual: date | None
    held: dict[int, bool | None]


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """How often the dates held that were written down. `levels` as in a replay, losses in weeks."""

    n: int
    unresolved: int
    levels: dict[int, LevelRecord]
    verdict: str
    forecasts: tuple[Scored, ...]


def stored_record(
    known: Known, throughput: Throughput | NotEnoughData, forecasts: Iterable[ForecastMade]
) -> StoredRecord | NotEnoughData:
    """The record of the forecasts in the unit at hand that were made before the last day known."""
    if known.selection:
        return NotEnoughData(N_("Only forecasts of all of the work are written down."))
    days = _done_by_day(known, throughput)
    chosen = [each for each in _one_a_week(forecasts) if each.unit == known.unit and each.as_of < known.last_day]
    scored = tuple(_scored(each, days, known.last_day) for each in chosen if each.remaining > 0)
    if not scored:
        return NotEnoughData(N_("No forecast was written down before today. One is kept for every week from now on."))
    levels = {level: _level(scored, level, known.last_day) for level in LEVELS}
    judged = levels[JUDGED_LEVEL]
    return StoredRecord(len(scored), len(scored) - judged.n, levels, verdict(judged), scored)


def _one_a_week(forecasts: Iterable[ForecastMade]) -> Sequence[ForecastMade]:
    last = {}
    for each in sorted(forecasts, key=lambda each: each.made_at):
        last[each.as_of.isocalendar()[:2], each.unit, each.method] = each
    return sorted(last.values(), key=lambda each: (each.as_of, each.method))


@dataclass(frozen=True, slots=True)
class _Done:
    """Days on which work was finished, and the sums of it up to and with each of them."""

    days: Sequence[date]
    sums: Sequence[float]

    def day_of(self, since: date, amount: float) -> date | None:
        """The day by which so much was done after `since`; None while it is not."""
        first = bisect_left(self.days, since + timedelta(days=1))
        before = self.sums[first - 1] if first else 0.0
        at = bisect_left(self.sums, before + amount - NOTHING, lo=first)
        return self.days[at] if at < len(self.days) else None


def _done_by_day(known: Known, throughput: Throughput | NotEnoughData) -> _Done:
    amounts: defaultdict[date, float] = defaultdict(float)
    if known.has_items:
        for item in known.items:
            _add(amounts, item, known.unit)
    elif isinstance(throughput, Throughput):
        for week in throughput.weeks:
            amounts[week.start + timedelta(days=6)] += week.done
    days = sorted(amounts)
    return _Done(days, list(accumulate(amounts[day] for day in days)))


def _add(amounts: defaultdict[date, float], item: Item, unit: Unit) -> None:
    if item.done is not None and item.counted_on(item.done):
        amounts[item.done] += item.size_on(item.done, unit)


def _scored(forecast: ForecastMade, done: _Done, last: date) -> Scored:
    dates = {
        level: None if (weeks := forecast.weeks.get(level)) is None else forecast.as_of + timedelta(weeks=weeks)
        for level in LEVELS
    }
    actual = done.day_of(forecast.as_of, forecast.remaining)
    hits = {level: _is_hit(day, actual, last) for level, day in dates.items()}
    return Scored(forecast.as_of, forecast.method, forecast.remaining, dates, actual, hits)


def _is_hit(promised: date | None, actual: date | None, last: date) -> bool | None:
    if promised is None:
        return None
    if actual is not None:
        return actual <= promised
    return False if promised < last else None


def _level(scored: Sequence[Scored], level: int, last: date) -> LevelRecord:
    known = [each for each in scored if each.held[level] is not None]
    hits, n = sum(each.held[level] is True for each in known), len(known)
    losses = []
    for each in known:
        promised = each.dates[level]
        # Still open: it takes at least one day more than have passed.
        actual = each.actual or last + timedelta(days=1)
        if promised is not None:
            losses.append(pinball(level, (actual - each.as_of).days / 7, (promised - each.as_of).days / 7))
    no_date = sum(each.dates[level] is None for each in scored)
    return LevelRecord(hits / n if n else 0.0, n, wilson(hits, n), sum(losses) / n if n else 0.0, no_date)
