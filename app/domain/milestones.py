"""Milestones: the days that matter, each with the work that has to be done by then, in the order it is worked on.

Work above goes first: what has to be done for a milestone is its own work and that of those before it, once each. All
of it has the pace that the forecast draws on. Where several are worked on together, they share that pace evenly, and
what is done for the others until one is done counts as before it. A milestone of all work holds nothing up, since
everything is part of it. What is expected of an epic that is not broken down is work of whatever milestone the epic
belongs to. Where several teams are needed, each finishes its own part at its own pace, and the chance is
the product of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar

from app.domain.calendar import written_day
from app.domain.epics import not_broken_down
from app.domain.extras import RELEASES
from app.domain.forecast import LEVELS, Distribution, Forecast
from app.domain.items import Item
from app.domain.known import Known
from app.domain.missing import NotEnoughData
from app.domain.reached import Dates
from app.domain.scope import Scope
from app.domain.selection import EPIC, NotACondition, Selection, Values, belongs, select, selection
from app.domain.sharing import done_when, with_shared
from app.domain.waiting import Links, held_up_by, open_links
from app.words import N_
from store.records import Milestone, Snapshot

DEADLINE = N_("Deadline")
# Where releases stand in the list, so that none has the place of a milestone that the project keeps.
_RELEASES_FROM = 1_000


@dataclass(frozen=True, slots=True)
class Team:
    """One of several teams that a milestone needs: what it has left until then, and its own chance."""

    name: str
    left: float
    chance: float | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A milestone as it stands. `left` is its own work, `ahead` that and what is done before it is, both in the unit.

    `chance` None where the day is past or cannot be told (`missing` says why); dates None beyond the horizon.
    `place` is where it stands in the list that the project keeps; -1 for the deadline. `waits_for`: open work that its
    own waits for and that is no part of `ahead`; `dates_waiting` and `chance_waiting`: with that work before it, as
    without where there is none. `expected`: what of its own work has no issue yet.
    """

    name: str
    day: date
    work: tuple[str, ...]
    place: int
    left: float
    keys: tuple[str, ...]
    ahead: float
    dates: Mapping[int, date | None]
    chance: float | None
    teams: tuple[Team, ...] = ()
    closed: date | None = None
    notes: tuple[str, ...] = ()
    missing: str = ""
    waits_for: tuple[str, ...] = ()
    dates_waiting: Mapping[int, date | None] = field(default_factory=dict)
    chance_waiting: float | None = None
    expected: float = 0.0

    DOCUMENT: ClassVar[Mapping[str, str]] = {
        name: name
        for name in (
            *(
                "name",
                "day",
                "work",
                "place",
                "left",
                "keys",
                "ahead",
                "dates",
                "chance",
                "late_days",
                "teams",
                "closed",
            ),
            *("notes", "missing", "waits_for", "dates_waiting", "chance_waiting", "expected"),
        )
    }

    @property
    def late_days(self) -> int | None:
        """By how many days the date that is 85 % sure lies after its own; below 0: so many before. None without one."""
        sure = self.dates.get(85)
        return None if sure is None else (sure - self.day).days

    @property
    def is_deadline(self) -> bool:
        return self.place < 0

    @property
    def name_in_record(self) -> str:
        return self.name if not self.is_deadline else f"★ {self.name}"


@dataclass(frozen=True, slots=True)
class Milestones:
    """Open ones in the order in which they are worked on, equal ones by their days; then closed ones."""

    milestones: tuple[Dated, ...]

    def recorded(self, known: Known) -> dict[str, dict[str, Any]]:
        values = {each.name_in_record: _record(each) for each in self.milestones if each.closed is None}
        return {"milestones": {"unit": known.unit.value, "as_of": known.as_of.isoformat(), **values}} if values else {}


def _record(each: Dated) -> dict[str, Any]:
    even, sure = each.dates.get(50), each.dates.get(85)
    return {
        "day": each.day.isoformat(),
        "left": each.left,
        "chance": each.chance,
        "date_50": even.isoformat() if even else None,
        "date_85": sure.isoformat() if sure else None,
    }


@dataclass(frozen=True, slots=True)
class Tools:
    """What the forecast gives: `dates` of other amounts of work, `team` for a part of the work at its own pace.

    `expected`: by its key, what is missing to the usual size of each epic that is not broken down.
    """

    forecast: Forecast | NotEnoughData
    dates: Callable[[], Dates | NotEnoughData]
    team: Callable[[Selection, float], Forecast | NotEnoughData]
    expected: Mapping[str, float] = field(default_factory=dict)


def milestones(known: Known, scope: Scope | NotEnoughData, tools: Tools) -> Milestones | NotEnoughData:
    """Every milestone of the project, the deadline among them."""
    deadline = known.params.deadline
    kept = [(place, each) for place, each in enumerate(known.facts.milestones)]
    if deadline is not None:
        last = max((each.rank for _, each in kept), default=0)
        kept.append((-1, Milestone(DEADLINE, deadline, rank=last)))
    if not kept:
        return NotEnoughData(N_("No milestone and no deadline is set."))
    if isinstance(scope, NotEnoughData):
        return scope
    order = sorted(kept, key=lambda pair: (pair[1].closed is not None, pair[1].rank, pair[1].day, pair[1].name))
    return Milestones(_Line(known, scope, tools).dated(order))


def releases(known: Known, scope: Scope | NotEnoughData, tools: Tools) -> Milestones | NotEnoughData:
    """Every version with open work and a day of release, the next first, as if the work were done in that order."""
    if isinstance(scope, NotEnoughData):
        return scope
    days = release_days(known.items)
    wanted = set(scope.remaining_keys)
    names = {name for item in known.items if item.issue.key in wanted for name in item.issue.fix_versions}
    order = sorted((days[name], name) for name in names & days.keys())
    if not order:
        return NotEnoughData(N_("No version with open work has a day of release. It comes with the issues from Jira."))
    kept = (Milestone(name, day, work=(f"version={name}",)) for day, name in order)
    return Milestones(_Line(known, scope, tools).dated(tuple(enumerate(kept, _RELEASES_FROM))))


def release_days(items: Iterable[Item]) -> dict[str, date]:
    """The day of release of each version that has one, by its name."""
    days: dict[str, date] = {}
    for item in items:
        extras = item.issue.extras
        if not extras or RELEASES not in extras:
            continue
        releases = extras[RELEASES]
        for name, day in releases.items() if isinstance(releases, Mapping) else ():
            if name not in days and (released := _day(day)) is not None:
                days[str(name)] = released
    return days


def _day(text: object) -> date | None:
    try:
        return written_day(str(text))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Part:
    """A milestone of a part of the work: the amounts that are its own, by issue, and those of them that no milestone
    above has. Of an epic it is what is expected of it."""

    place: int
    milestone: Milestone
    own: Mapping[str, float]
    first_here: Mapping[str, float]


class _Line:
    """The open work, taken milestone by milestone."""

    def __init__(self, known: Known, scope: Scope, tools: Tools) -> None:
        self._known, self._scope, self._tools = known, scope, tools
        self._open = {item.issue.key: item for item in known.open_items}

    @cached_property
    def _links(self) -> Links:
        return open_links(self._known.all_open_items)

    @cached_property
    def _all(self) -> Mapping[str, Item]:
        return {item.issue.key: item for item in self._known.all_items}

    def dated(self, order: Sequence[tuple[int, Milestone]]) -> tuple[Dated, ...]:
        """All of them in this order."""
        parts, whole = list[_Part](), dict[int, Dated]()
        for place, each in order:
            dated = self._other(place, each)
            if dated is not None:
                whole[place] = dated
                continue
            own = self._of(selection(each.work))
            earlier_keys = {key for part in parts for key in part.own}
            first_here = {key: amount for key, amount in own.items() if key not in earlier_keys}
            parts.append(_Part(place, each, own, first_here))
        ahead = self._ahead(parts)
        for at, part in enumerate(parts):
            whole[part.place] = self._of_part(parts, at, ahead[at])
        return tuple(whole[place] for place, _ in order)

    def _other(self, place: int, each: Milestone) -> Dated | None:
        """One that is of no part of the work: closed, of all of it, or of what cannot be told; else None."""
        if each.closed is not None:
            return _dated(place, each)
        if not each.work:
            return self._of_all_work(place, each)
        if not self._known.has_items:
            return replace(_dated(place, each), missing=N_("Weekly numbers are of all work. Import the issues."))
        try:
            selection(each.work)
        except NotACondition as exc:
            return replace(_dated(place, each), missing=str(exc))
        return None

    def _ahead(self, parts: Sequence[_Part], only: Container[str] | None = None) -> tuple[float, ...]:
        """What is done of all when each part is; with `only` as if there were no other items."""
        sizes = [
            sum(amount for key, amount in part.first_here.items() if only is None or key in only) for part in parts
        ]
        needs = {
            at: [before for before in range(at) if not part.own.keys().isdisjoint(parts[before].first_here)]
            for at, part in enumerate(parts)
            if len(part.own) > len(part.first_here)
        }
        return with_shared(done_when(sizes, self._known.params.together), needs)

    def _of(self, chosen: Selection) -> dict[str, float]:
        known = self._known
        values = Values(known.hierarchy, known.facts.changes, chosen)
        items = select(tuple(self._open.values()), values, chosen, known.calendar, known.known_until)
        amounts = {item.issue.key: item.size(known.unit) for item in items if item.in_scope}
        for key, amount in self._tools.expected.items():
            if key in self._all and belongs(self._all[key], values, chosen):
                # One without parts may count as an item itself, and only the rest is expected of it.
                own = {key: self._open[key].size(known.unit)} if key in self._open else {key: 0.0}
                amounts = own | amounts
                amounts[key] += amount
        return amounts

    def _size(self, items: Iterable[Item]) -> float:
        return sum(item.size(self._known.unit) for item in items)

    def _of_all_work(self, place: int, each: Milestone) -> Dated:
        """The forecast's own dates."""
        forecast = self._tools.forecast
        left = forecast.remaining if isinstance(forecast, Forecast) else self._scope.remaining + self._scope.expected
        milestone = replace(_dated(place, each, self._open, left), ahead=left, expected=self._scope.expected)
        if isinstance(forecast, NotEnoughData):
            return replace(milestone, missing=forecast.reason)
        if each.teams:
            lefts = {name: self._size(items) for name, items in self._parts(each.teams, self._open.values()).items()}
            return self._by_teams(milestone, each.teams, lefts)
        chance = self._chance(forecast.distribution, each.day, left)
        return replace(milestone, dates=forecast.dates, chance=chance)

    def _of_part(self, parts: Sequence[_Part], at: int, ahead: float) -> Dated:
        """Own work and what is done before it is, as if nothing else remained."""
        part = parts[at]
        keys = [key for key in part.own if key in self._open]
        milestone = _dated(part.place, part.milestone, keys, sum(part.own.values()))
        expected = sum(amount for key, amount in self._tools.expected.items() if key in part.own)
        milestone = replace(milestone, ahead=ahead, expected=expected)
        if not part.own:
            return replace(milestone, missing=self._why_nothing(part.milestone))
        if part.milestone.teams:
            return self._by_teams(milestone, part.milestone.teams, self._teams_of(parts, at, part.milestone.teams))
        dates = self._tools.dates()
        if isinstance(dates, NotEnoughData):
            return replace(milestone, missing=dates.reason)
        chance = dates.chance(ahead, milestone.day) if milestone.day >= self._known.as_of else None
        above = {key for part in parts[: at + 1] for key in part.own}
        return self._held_up(replace(milestone, dates=dates.dates(ahead), chance=chance), above, dates)

    def _why_nothing(self, each: Milestone) -> str:
        """An epic that nothing is a part of yet has no work of its own that could be counted, and is not done."""
        chosen, values = selection(each.work), Values(self._known.hierarchy)
        is_ahead = EPIC in chosen.by_field and any(
            belongs(item, values, chosen) for item in not_broken_down(self._known)
        )
        return N_("Not broken down yet.") if is_ahead else N_("Nothing is left of it.")

    def _held_up(self, dated: Dated, above: Container[str], dates: Dates) -> Dated:
        """With the work that it waits for, wherever that is below."""
        before = [key for key in held_up_by(self._links, dated.keys) if key not in above]
        more = self._size(self._all[key] for key in before)
        if not more:
            return replace(dated, dates_waiting=dated.dates, chance_waiting=dated.chance)
        ahead = dated.ahead + more
        chance = None if dated.chance is None else dates.chance(ahead, dated.day)
        return replace(dated, waits_for=tuple(before), dates_waiting=dates.dates(ahead), chance_waiting=chance)

    def _chance(self, distribution: Distribution, day: date, left: float) -> float | None:
        if day < self._known.as_of:
            return None
        return 1.0 if left <= 0 else distribution.chance((day - self._known.as_of).days / 7)

    def _teams_of(self, parts: Sequence[_Part], at: int, field: str) -> dict[str, float]:
        """What each team that it needs has done, of its own work, when its part of the milestone is done."""
        above = {key: self._open[key] for part in parts[: at + 1] for key in part.own if key in self._open}
        works = self._parts(field, self._open.values())
        names = self._parts(field, above.values())
        return {name: self._ahead(parts, {item.issue.key for item in works[name]})[at] for name in names}

    def _by_teams(self, dated: Dated, field: str, lefts: Mapping[str, float]) -> Dated:
        """All of them have to be done: the share of futures in which each is, one team's luck being nobody else's.

        `lefts`: what each of them has left until then.
        """
        teams, together = [], [1.0]
        for name, left in lefts.items():
            forecast = self._tools.team(selection((f"{field}={name}",)), left)
            if isinstance(forecast, NotEnoughData):
                teams.append(Team(name, left, None, forecast.reason))
                continue
            teams.append(Team(name, left, self._chance(forecast.distribution, dated.day, left)))
            together = _product(together, forecast.distribution.cdf)
        missing = next((f"{team.name or 'Without ' + field}: {team.missing}" for team in teams if team.missing), "")
        dated = replace(dated, teams=tuple(teams), missing=missing)
        if missing or not teams:
            return dated
        distribution = Distribution(tuple(together))
        weeks = {level: distribution.weeks(level) for level in LEVELS}
        as_of = self._known.as_of
        dates = {level: None if count is None else as_of + timedelta(weeks=count) for level, count in weeks.items()}
        return replace(dated, dates=dates, chance=self._chance(distribution, dated.day, dated.ahead))

    def _parts(self, field: str, work: Iterable[Item]) -> dict[str, list[Item]]:
        """The work by the team that does it; several teams of one item each have it."""
        values = Values(self._known.hierarchy)
        parts: dict[str, list[Item]] = {}
        for item in work:
            for name in dict.fromkeys(values.now(item, field) or ("",)):
                parts.setdefault(name, []).append(item)
        return dict(sorted(parts.items()))


def _dated(place: int, each: Milestone, own: Iterable[str] = (), left: float = 0.0) -> Dated:
    """Before anything is forecast. `own`: the keys of its issues."""
    nothing: dict[int, date | None] = dict.fromkeys(LEVELS)
    return Dated(
        each.name, each.day, each.work, place, left, tuple(own), 0.0, nothing, None, closed=each.closed,
        notes=each.notes,
    )  # fmt: skip


def _product(left: Sequence[float], other: Sequence[float]) -> list[float]:
    """Of two distributions; one that ends stays where it ended."""
    length = max(len(left), len(other))
    return [left[min(at, len(left) - 1)] * other[min(at, len(other) - 1)] for at in range(length)]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was written down of a milestone in one week. `moved`: its own day was another one the week before."""

    as_of: date
    day: date
    left: float
    chance: float | None
    sure: date | None
    moved: bool = False


def remembered(snapshots: Iterable[Snapshot], name: str, unit: str) -> tuple[Remembered, ...]:
    """The weekly record of a milestone, oldest first; `name` as `Dated.name_in_record` gives it."""
    days = [
        day
        for each in snapshots
        if each.metric == "milestones" and each.values.get("unit") == unit
        for day in [_remembered(each, name)]
        if day is not None
    ]
    days.sort(key=lambda day: day.as_of)
    return tuple(replace(day, moved=at > 0 and days[at - 1].day != day.day) for at, day in enumerate(days))


def _remembered(snapshot: Snapshot, name: str) -> Remembered | None:
    """None for a week that says nothing of it, or that cannot be read."""
    values = snapshot.values.get(name)
    if not isinstance(values, Mapping):
        return None
    try:
        sure = values.get("date_85")
        return Remembered(
            as_of=date.fromisoformat(snapshot.values["as_of"]),
            day=date.fromisoformat(values["day"]),
            left=float(values["left"]),
            chance=None if values.get("chance") is None else float(values["chance"]),
            sure=date.fromisoformat(sure) if sure else None,
        )
    except (KeyError, TypeError, ValueError):
        return None
