"""Sprints by their id: what was promised, what came and went, what was finished; frozen at their start and close.

Everything follows from dated events, so that nothing that happens after a sprint changes it: what counts is the
estimate at that moment, work that enters at the instant of the start or later is added, and work re-estimated after
it was finished stays what it was. `committed` + `added` + `reestimated` - `removed` - `completed` is what remains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import accumulate, pairwise
from math import fsum
from operator import attrgetter
from typing import Any, NamedTuple

from app.domain import ranks
from app.domain.burndown import ideal_line
from app.domain.calendar import ONE_DAY, ONE_WEEK
from app.domain.history import points_of
from app.domain.items import Item, Unit
from app.domain.known import Known, rules
from app.domain.missing import NotEnoughData
from app.words import N_, Nn_
from store.records import Category, Change, Sprint

# Velocity is that of the last closed sprints: a year ago it was another team.
_VELOCITY_SPRINTS = 10
_LONGEST = 26 * ONE_WEEK


class State(StrEnum):
    FUTURE = "future"
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SprintDay:
    """At the end of `day`, in the unit; `ideal` None without an end, `unestimated` open items without points."""

    day: date
    scope: float
    done: float
    remaining: float
    unestimated: int
    ideal: float | None


@dataclass(frozen=True, slots=True)
class SprintResult:
    """One sprint, amounts in the unit with the keys behind them.

    `committed`: open work in it just before its start. `added` and `removed` are gross; `reestimated` is the sum with
    its sign, made of `reestimated_up` and `reestimated_down`. `carried_over`: what was open at the close, None until
    then. `end` is the planned one, `closed` the day on which it was closed. `days` begin on the evening before and go
    to the last one known; `ideal`, the even pace from then on, goes to `end` (empty without one).
    """

    id: str
    name: str
    state: State
    start: date
    end: date | None
    closed: date | None
    committed: float
    committed_keys: tuple[str, ...]
    added: float
    added_keys: tuple[str, ...]
    removed: float
    removed_keys: tuple[str, ...]
    reestimated: float
    reestimated_up: float
    reestimated_down: float
    reestimated_keys: tuple[str, ...]
    completed: float
    completed_keys: tuple[str, ...]
    remaining: float
    remaining_keys: tuple[str, ...]
    carried_over: float | None
    carried_over_keys: tuple[str, ...]
    done_before_keys: tuple[str, ...]
    unestimated_keys: tuple[str, ...]
    days: tuple[SprintDay, ...]
    ideal: tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class Velocity:
    """Completed per sprint over the last `n` closed ones: the middle, and what 15 and 85 % of them did not exceed."""

    n: int
    median: float | None
    low: float | None
    high: float | None

    def recorded(self, known: Known) -> dict[str, dict[str, Any]]:
        """All that is kept of the sprints each week: what each of them was can be worked out anew."""
        return {"sprints": {"unit": known.unit.value, "velocity": asdict(self)}}


@dataclass(frozen=True, slots=True)
class Sprints:
    """`sprints` that had started, newest first. `without_dates`: names of sprints of which nothing else is known."""

    sprints: tuple[SprintResult, ...]
    velocity: Velocity
    without_dates: tuple[str, ...]

    @property
    def current(self) -> SprintResult | None:
        """The one under way; of several the one that started last."""
        return next((sprint for sprint in self.sprints if sprint.state is State.ACTIVE), None)


def sprints(known: Known) -> Sprints | NotEnoughData:
    dated = _dated(known)
    if isinstance(dated, NotEnoughData):
        return dated
    results = _results(known, dated)
    without = tuple(sorted(sprint.name for sprint in known.facts.sprints if sprint.name and sprint.start is None))
    return Sprints(tuple(results), velocity(results), without)


def last_velocity(known: Known) -> Velocity | NotEnoughData:
    """That of `sprints`, from no more sprints than it is made of: of hundreds that is a tenth of the work."""
    dated = _dated(known)
    if isinstance(dated, NotEnoughData):
        return dated
    until = known.known_until
    closed = [sprint for sprint in dated if _closed(sprint, until) is not None]
    return velocity(_results(known, closed[:_VELOCITY_SPRINTS]))


def _dated(known: Known) -> list[Sprint] | NotEnoughData:
    """Those that had begun, newest first."""
    if known.missing_issues is not None:
        return known.missing_issues
    named, until = [sprint for sprint in known.facts.sprints if sprint.name], known.known_until
    dated = [sprint for sprint in named if sprint.start is not None and sprint.start < until]
    if not dated:
        return NotEnoughData(_missing(len(named), sum(sprint.start is None for sprint in named)))
    day_of = known.calendar.day_of
    return sorted(dated, key=lambda sprint: (day_of(sprint.start or _EARLY), _id(sprint)), reverse=True)


def _id(sprint: Sprint) -> str:
    return sprint.source_id or sprint.name


def _results(known: Known, sprints: Sequence[Sprint]) -> list[SprintResult]:
    courses = _courses(known, frozenset(sprint.name for sprint in sprints))
    return [_result(known, sprint, courses.get(sprint.name, ())) for sprint in sprints]


def _missing(named: int, without: int) -> str:
    if not named:
        return N_("None of the items names a sprint. Fetch them from Jira, or import a file with a column for sprints.")
    if without == named:
        return Nn_(
            "{count} sprint is named, but nothing tells when they began and ended. A connection to Jira brings "
            "their dates.",
            "{count} sprints are named, but nothing tells when they began and ended. A connection to Jira brings "
            "their dates.",
            named,
        )
    return N_("No sprint had begun by then.")


def velocity(newest_first: Iterable[SprintResult]) -> Velocity:
    amounts = [sprint.completed for sprint in newest_first if sprint.state is State.CLOSED][:_VELOCITY_SPRINTS]
    if not amounts:
        return Velocity(0, None, None, None)
    low, high = ranks.percentile(amounts, 15), ranks.percentile(amounts, 85)
    return Velocity(len(amounts), ranks.median(amounts), low, high)


# -- what happened to the items ---------------------------------------------------------------------------


class _Moment(NamedTuple):
    """An item's state in one sprint from `at` on."""

    at: datetime
    inside: bool
    done: bool
    size: float
    estimated: bool


class _Course(NamedTuple):
    """One item in one sprint: its states, oldest first."""

    key: str
    moments: tuple[_Moment, ...]


def _courses(known: Known, wanted: frozenset[str]) -> Mapping[str, Sequence[_Course]]:
    """By name of the sprint the items that ever were in it, of the `wanted` sprints."""
    points_fields = rules(known.facts, known.params).points_fields
    moves = _by_issue(known, {"sprint"})
    estimates = _by_issue(known, points_fields) if known.unit is Unit.POINTS else {}
    names = _Names([sprint.name for sprint in known.facts.sprints])
    courses: dict[str, list[_Course]] = {}
    until = known.known_until
    for item in known.items if known.selection.sprint is None else known.team_items:
        issue = item.issue
        moved = moves.get(issue.key, ())
        # Of tens of thousands of items most never were in any of them.
        if not moved and wanted.isdisjoint(issue.sprints):
            continue
        stays = _memberships(item, moved, names, until)
        inside = wanted & stays.keys()
        if not inside:
            continue
        sizes, dones = _sizes(item, estimates.get(issue.key, ()), known.unit), _dones(item)
        for name in inside:
            courses.setdefault(name, []).append(_Course(issue.key, _moments(stays[name], dones, sizes)))
    return courses


def _by_issue(known: Known, fields: Iterable[str]) -> dict[str, list[Change]]:
    wanted, until = frozenset(fields), known.known_until
    by_key: dict[str, list[Change]] = {}
    for change in known.facts.changes:
        if change.field in wanted and change.at < until:
            by_key.setdefault(change.issue_key, []).append(change)
    for changes in by_key.values():
        changes.sort(key=attrgetter("at"))
    return by_key


class _Names(dict[str | None, frozenset[str]]):
    """The known sprints that a list such as "Sprint 1, Sprint 2" names, each list read once.

    Names may contain commas themselves: a list that is more than its parts is searched for each name.
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = frozenset(names)

    def __missing__(self, listed: str | None) -> frozenset[str]:
        parts = frozenset(part.strip() for part in (listed or "").split(",") if part.strip())
        names = parts & self._names
        if names != parts:
            padded = f", {', '.join(part.strip() for part in (listed or '').split(','))}, "
            names = frozenset(name for name in self._names if f", {name}, " in padded)
        self[listed] = names
        return names


# (instant, value from then on), oldest first.
_Steps = list[tuple[datetime, bool]]
_Sizes = list[tuple[datetime, float | None]]


def _memberships(item: Item, moves: Sequence[Change], names: _Names, until: datetime) -> dict[str, _Steps]:
    """When it was in which sprint; without changes of the sprint, in those it names now, since its creation."""
    created = _created(item)
    first = names[moves[0].from_value] if moves else frozenset(item.issue.sprints)
    stays: dict[str, _Steps] = {name: [(created, True)] for name in first}
    inside = first
    for move in moves:
        now = names[move.to_value]
        for name in now ^ inside:
            stays.setdefault(name, []).append((move.at, name in now))
        inside = now
    gone = item.issue.left_query or _given_up(item)
    if gone is not None and gone < until:
        for name in inside:
            stays[name].append((gone, False))
    return stays


def _given_up(item: Item) -> datetime | None:
    """When it was closed without being done; that takes it out of the sprint instead of completing it."""
    is_closed = bool(item.stays) and item.stays[-1].category is Category.DONE
    return item.stays[-1].since if is_closed and item.done_at is None else None


def _created(item: Item) -> datetime:
    """The beginning of what is known of it."""
    if item.stays:
        return item.stays[0].since
    return item.issue.created or item.started or item.done_at or item.issue.updated or _EARLY


_EARLY = datetime.fromisoformat("1970-01-02T00:00:00+00:00")


def _dones(item: Item) -> _Steps:
    """When it became done and stopped being so."""
    if not item.stays:
        return [(item.done_at, True)] if item.done_at is not None else []
    steps: _Steps = []
    for stay in item.stays:
        if (stay.category is Category.DONE) != (bool(steps) and steps[-1][1]):
            steps.append((stay.since, stay.category is Category.DONE))
    return steps[:-1] if _given_up(item) is not None else steps


def _sizes(item: Item, changes: Sequence[Change], unit: Unit) -> _Sizes:
    if unit is Unit.ITEMS:
        return [(_EARLY, 1.0)]
    if not changes:
        return [(_EARLY, item.points)]
    return [
        (_EARLY, points_of(changes[0].from_value)),
        *((change.at, points_of(change.to_value)) for change in changes),
    ]


def _moments(inside: _Steps, dones: _Steps, sizes: _Sizes) -> tuple[_Moment, ...]:
    moments = []
    is_inside = is_done = False
    size: float | None = None
    events: list[tuple[datetime, int, float | bool | None]] = [
        *((at, 0, value) for at, value in sizes),
        *((at, 1, value) for at, value in dones),
        *((at, 2, value) for at, value in inside),
    ]
    for at, kind, value in sorted(events, key=lambda event: event[:2]):
        if kind == 0:
            size = None if value is None else float(value)
        elif kind == 1:
            is_done = bool(value)
        else:
            is_inside = bool(value)
        moments.append(_Moment(at, is_inside, is_done, max(0.0, size or 0.0), size is not None))
    return tuple(moments)


# -- one sprint ------------------------------------------------------------------------------------------


class _Standing(NamedTuple):
    """An item in the sprint. `finished`: its size when it was finished there; None while it is not."""

    at: datetime
    inside: bool
    is_open: bool
    size: float
    estimated: bool
    finished: float | None

    @property
    def scope(self) -> float:
        return self.finished if self.finished is not None else self.size if self.is_open else 0.0


def _standings(moments: Iterable[_Moment], start: datetime, close: datetime) -> list[_Standing]:
    """First what it was just before the start, then what it became by every event up to the close."""
    standings = [_Standing(start, inside=False, is_open=False, size=0.0, estimated=True, finished=None)]
    for moment in moments:
        if moment.at >= close:
            break
        before = standings[-1]
        finished = None
        if moment.at >= start and moment.inside and moment.done:
            finished = before.size if before.is_open else before.finished
        is_open = moment.inside and not moment.done
        after = _Standing(moment.at, moment.inside, is_open, moment.size, moment.estimated, finished)
        if moment.at < start:
            standings = [after]
        else:
            standings.append(after)
    return standings


class _Sum:
    """An amount and the issues that it is made of."""

    def __init__(self) -> None:
        self._parts: list[float] = []
        self._keys: set[str] = set()

    def add(self, key: str, amount: float) -> None:
        self._parts.append(amount)
        self._keys.add(key)

    @property
    def amount(self) -> float:
        return fsum(self._parts)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(sorted(self._keys))


class _Tally:
    """What happened in one sprint, added up item by item."""

    def __init__(self) -> None:
        self.committed, self.added, self.removed = _Sum(), _Sum(), _Sum()
        self.up, self.down, self.completed, self.remaining = _Sum(), _Sum(), _Sum(), _Sum()
        self.done_before, self.unestimated = _Sum(), _Sum()

    def add(self, key: str, standings: Sequence[_Standing]) -> None:
        first, last = standings[0], standings[-1]
        if first.is_open:
            self.committed.add(key, first.size)
        elif first.inside:
            self.done_before.add(key, first.size)
        for before, after in pairwise(standings):
            self._note(key, before, after)
        if last.finished is not None:
            self.completed.add(key, last.finished)
        elif last.is_open:
            self.remaining.add(key, last.size)
            if not last.estimated:
                self.unestimated.add(key, 0.0)

    def _note(self, key: str, before: _Standing, after: _Standing) -> None:
        if before.inside and not after.inside:
            if before.is_open or before.finished is not None:
                self.removed.add(key, before.scope)
        elif after.is_open:
            if before.is_open or before.finished is not None:
                difference = after.size - before.scope
                if difference:
                    (self.up if difference > 0 else self.down).add(key, difference)
            else:
                # It came in, or what was done before the sprint was reopened in it.
                self.added.add(key, after.size)


def _result(known: Known, sprint: Sprint, courses: Sequence[_Course]) -> SprintResult:
    start = sprint.start or _EARLY
    closed = _closed(sprint, known.known_until)
    close = closed or known.known_until
    standings = [(course.key, _standings(course.moments, start, close)) for course in courses]
    tally = _Tally()
    for key, each in standings:
        tally.add(key, each)
    up, down = tally.up.amount, tally.down.amount
    day_of = known.calendar.day_of
    days, ideal = _days(known, sprint, [each for _, each in standings], closed)
    return SprintResult(
        id=_id(sprint),
        name=sprint.name,
        state=State.ACTIVE if closed is None else State.CLOSED,
        start=day_of(start),
        end=day_of(sprint.end) if sprint.end is not None else None,
        closed=day_of(closed) if closed is not None else None,
        committed=tally.committed.amount,
        committed_keys=tally.committed.keys,
        added=tally.added.amount,
        added_keys=tally.added.keys,
        removed=tally.removed.amount,
        removed_keys=tally.removed.keys,
        reestimated=up + down,
        reestimated_up=up,
        reestimated_down=down,
        reestimated_keys=tuple(sorted({*tally.up.keys, *tally.down.keys})),
        completed=tally.completed.amount,
        completed_keys=tally.completed.keys,
        remaining=tally.remaining.amount,
        remaining_keys=tally.remaining.keys,
        carried_over=tally.remaining.amount if closed is not None else None,
        carried_over_keys=tally.remaining.keys if closed is not None else (),
        done_before_keys=tally.done_before.keys,
        unestimated_keys=tally.unestimated.keys,
        days=days,
        ideal=ideal,
    )


def _closed(sprint: Sprint, until: datetime) -> datetime | None:
    """When it was closed, as known then; one that the tracker calls closed without saying when, as it was to end."""
    closed = sprint.completed
    if closed is None and sprint.state.casefold() == State.CLOSED:
        closed = sprint.end
    return closed if closed is not None and closed < until else None


def _days(
    known: Known, sprint: Sprint, standings: Iterable[Sequence[_Standing]], closed: datetime | None
) -> tuple[tuple[SprintDay, ...], tuple[tuple[date, float], ...]]:
    """The evening before the start, then every day up to the last one known, as nothing changes after the close.

    Beside them the even pace, from that evening to the planned end.
    """
    day_of = known.calendar.day_of
    evening = day_of(sprint.start or _EARLY) - ONE_DAY
    end = day_of(sprint.end) if sprint.end is not None else None
    last = day_of(closed) if closed is not None else known.last_day
    # A sprint that nobody closes goes on for ever; its picture need not.
    length = (min(last, max(end or evening, evening) + _LONGEST) - evening).days + 1
    scope, done, unestimated = ([0.0] * (length + 1) for _ in range(3))
    for each in standings:
        for before, after in zip([None, *each], each, strict=False):
            at = 0 if before is None else min((day_of(after.at) - evening).days, length)
            scope[at] += after.scope - (before.scope if before else 0.0)
            done[at] += (after.finished or 0.0) - (before.finished or 0.0 if before else 0.0)
            unestimated[at] += _unestimated(after) - (_unestimated(before) if before else 0)
    sums = list(zip(accumulate(scope), accumulate(done), accumulate(unestimated), strict=True))[:length]
    ideal = ideal_line(known.calendar, evening, sums[0][0], end) if end is not None else ()
    pace = dict(ideal)
    days = (
        SprintDay(day, total, finished, total - finished, round(missing), pace.get(day))
        for number, (total, finished, missing) in enumerate(sums)
        for day in [evening + number * ONE_DAY]
    )
    return tuple(days), ideal


def _unestimated(standing: _Standing) -> int:
    return int(standing.is_open and not standing.estimated)
