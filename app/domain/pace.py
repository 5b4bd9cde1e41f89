"""Whose pace a forecast draws on when only a part of the work is asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.calendar import Calendar
from app.domain.items import Item, Unit
from app.domain.known import Known, Pace
from app.domain.missing import NotEnoughData
from app.domain.selection import EPIC, Values
from app.domain.throughput import Throughput, WeekCount
from app.words import N_, Nn_

# Parts that begin and end, so that a share of all weeks says little about them.
_PASSING = (EPIC, "version", "parent")
# Fewer finished items of a part tell no share of its own.
_FEW = 3


@dataclass(frozen=True, slots=True)
class PaceSource:
    """`share` of what all work finishes goes to the part, `created_share` of what comes in. `whole`: pace of all work.

    `why` says in plain words where the share comes from; empty for all of the work.
    """

    kind: Pace
    whole: float
    share: float = 1.0
    created_share: float = 1.0
    why: str = ""

    @property
    def per_week(self) -> float:
        return self.whole * self.share


def pace_source(
    known: Known, team: Throughput | NotEnoughData, part: Throughput | NotEnoughData
) -> PaceSource | NotEnoughData:
    """`team`: weeks of all work; `part`: of what is asked about."""
    if isinstance(team, NotEnoughData):
        return team
    chosen = known.selection
    if not chosen:
        return PaceSource(Pace.WHOLE, team.pace)
    kind = known.params.pace or (Pace.WHOLE if chosen.sprint else Pace.SHARE)
    if kind is Pace.WHOLE:
        return PaceSource(kind, team.pace, why=N_("as if all of the team worked on it"))
    if kind is Pace.OWN:
        return part if isinstance(part, NotEnoughData) else PaceSource(kind, part.pace, why=N_("its own weeks alone"))
    passing = next((field for field in _PASSING if field in chosen.by_field), None)
    return _share(known, team, part) if passing is None else _passing_share(known, team, part, passing)


def _share(known: Known, team: Throughput, part: Throughput | NotEnoughData) -> PaceSource | NotEnoughData:
    weeks = () if isinstance(part, NotEnoughData) else part.weeks
    for all_weeks, since in ((team.window, _last_weeks(len(team.window))), (team.weeks, N_("all weeks"))):
        ours, all_work = _sums(_same(weeks, all_weeks)), _sums(all_weeks)
        if ours[0] > 0:
            share, created = _ratio(ours[0], all_work[0]), _ratio(ours[1], all_work[1])
            return PaceSource(Pace.SHARE, team.pace, share, created, N_("its share in {since}", since=since))
    return NotEnoughData(
        N_(
            "Nothing that is {selection} was ever finished, so it has no share in the pace of all "
            "work. Take the pace of all work, or choose more.",
            selection=known.selection,
        )
    )


def _last_weeks(count: int) -> str:
    return Nn_("the last week", "the last {count} weeks", count)


def _same(weeks: Iterable[WeekCount], others: Sequence[WeekCount]) -> list[WeekCount]:
    starts = {week.start for week in others}
    return [week for week in weeks if week.start in starts]


def _sums(weeks: Iterable[WeekCount]) -> tuple[float, float]:
    pairs = [(week.done, week.created) for week in weeks]
    return sum(done for done, _ in pairs), sum(created for _, created in pairs)


def _ratio(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole else 0.0


def _passing_share(
    known: Known, team: Throughput, part: Throughput | NotEnoughData, field: str
) -> PaceSource | NotEnoughData:
    """Its share since it began, where that says enough; else the one that such parts had while they were worked on."""
    began = _began(part)
    if began is not None and not isinstance(part, NotEnoughData):
        weeks = [week for week in team.window if week.start >= began] or list(team.window)
        ours, all_work = _sums(_same(part.weeks, weeks)), _sums(weeks)
        if ours[0] > 0:
            share, created = _ratio(ours[0], all_work[0]), _ratio(ours[1], all_work[1])
            return PaceSource(Pace.SHARE, team.pace, share, created, N_("its share since it began"))
    usual = share_of_parts(known, team, field)
    if usual is None:
        return PaceSource(
            Pace.WHOLE, team.pace, why=N_("no {field} was finished yet to tell the share that one has", field=field)
        )
    return PaceSource(
        Pace.SHARE, team.pace, usual, usual, N_("the share that each {field} had while it was worked on", field=field)
    )


def _began(part: Throughput | NotEnoughData) -> date | None:
    """The week of its first finish; None where too little was finished to tell a share from."""
    weeks = [] if isinstance(part, NotEnoughData) else [week for week in part.weeks if week.done]
    return weeks[0].start if sum(len(week.done_keys) for week in weeks) >= _FEW else None


def share_of_parts(known: Known, team: Throughput, field: str) -> float | None:
    """Of what was finished in the weeks between a part's first and last finish, how much was its own; all parts
    together. None where no part was ever worked on."""
    values = Values(known.hierarchy)
    by_part = _finished_by_part(known.team_items, values, field, known.calendar, known.unit)
    all_work = {week.start: week.done for week in team.weeks}
    own = whole = 0.0
    for weeks in by_part.values():
        first, last = min(weeks), max(weeks)
        own += sum(weeks.values())
        whole += sum(done for start, done in all_work.items() if first <= start <= last)
    return min(1.0, own / whole) if own and whole else None


def _finished_by_part(
    items: Iterable[Item], values: Values, field: str, calendar: Calendar, unit: Unit
) -> Mapping[str, Mapping[date, float]]:
    amounts: defaultdict[str, defaultdict[date, float]] = defaultdict(lambda: defaultdict(float))
    for item in items:
        if item.done is not None and item.counted_on(item.done):
            # Of an epic the key stands for its name too.
            for part in [name for name in values.now(item, field) if name][:1]:
                amounts[part][calendar.week_of(item.done)] += item.size_on(item.done, unit)
    return amounts


def learned(
    team: Throughput | NotEnoughData, part: Throughput | NotEnoughData, source: PaceSource | NotEnoughData
) -> Throughput | NotEnoughData:
    """The weeks that a forecast draws on: those of all work, each with the part's share of it, or the part's own."""
    if isinstance(source, NotEnoughData):
        return source
    if source.kind is Pace.OWN:
        return part
    if isinstance(team, NotEnoughData) or (source.share == 1.0 and source.created_share == 1.0):
        return team
    weeks = tuple(
        replace(week, done=week.done * source.share, created=week.created * source.created_share) for week in team.weeks
    )
    return replace(
        team,
        weeks=weeks,
        window=weeks[len(weeks) - len(team.window) :],
        pace=team.pace * source.share,
        created_pace=team.created_pace * source.created_share,
    )
