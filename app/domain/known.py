"""What is known of a query on one day: facts, parameters and the items that follow; all that a subject reads."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from app.domain.blocked import STALLED_DAYS, BlockedRule
from app.domain.calendar import ONE_DAY, ONE_WEEK, Calendar
from app.domain.hierarchy import Counting, EpicSize, Hierarchy, Level, counted_once, left_out
from app.domain.history import (
    POINTS_FIELDS,
    HistoryRules,
    build_items,
    earlier_items,
    placed_statuses,
    project_of,
    status_categories,
)
from app.domain.items import Item, Unit
from app.domain.missing import NotEnoughData
from app.domain.own_fields import own_fields
from app.domain.placing import Placement
from app.domain.selection import ALL_WORK, FIELDS, SPRINT, Condition, Operator, Selection, Values, select
from app.domain.status_order import StatusOrder
from app.words import N_
from store.documents import board_order_of, connection_of, days_off_before
from store.records import Category, QueryFacts, Sprint

Rows = tuple[tuple[float, ...], ...]
# Of a name, all that its numbers are made of, and what makes them: the rows, which may have been made before. The last
# says whether rows can be what was asked for.
Keep = Callable[[str, object, Callable[[], Rows], Callable[[Rows], bool]], Rows]


def derived_anew(name: str, inputs: object, derive: Callable[[], Rows], fits: Callable[[Rows], bool]) -> Rows:
    """For who keeps nothing."""
    return derive()


@dataclass(slots=True)
class Built:
    """What is expensive to work out and the same for many analyses of the same facts at one moment.

    `keep` is asked for the numbers that take longest, and may know them from before.
    """

    items: tuple[Item, ...] | None = None
    hierarchy: Hierarchy | None = None
    keep: Keep = derived_anew


class Method(StrEnum):
    CALIBRATED = "calibrated"
    PLAIN = "plain"


class Pace(StrEnum):
    """Whose pace a part of the work has: its share of all work's, all of it, or that of its own weeks."""

    SHARE = "share"
    WHOLE = "whole"
    OWN = "own"


class Growth(StrEnum):
    NONE = "none"
    PAST = "past"


class GivenUp(StrEnum):
    """What work that was given up counts as: it leaves the scope, or it was done."""

    LEAVES = "leaves"
    DONE = "done"


class Sweeps(StrEnum):
    """Whether days on which implausibly many items were finished at once count for the pace."""

    COUNT = "count"
    LEAVE_OUT = "leave-out"


@dataclass(frozen=True, slots=True)
class Params:
    """Everything an analysis depends on beside the facts. Hashable: it is part of the cache key.

    `as_of` D: only what was known when that day began (00:00 in the calendar's zone). None: all that is
    known at `now`. `window`: weeks that are learned from, None for all. `period`: first and last day of what
    is told of the past where that differs from the window; None for an open end. `remaining` overrides the
    derived remaining work. `selection` and `sprint` narrow to a part of the work; `pace`: whose it is then,
    None for the usual. `by`: the field that groups go by, empty for the usual. `together`: how many milestones or epics
    are worked on at the same time. `counting`: what counts where a whole and its
    parts are there; `epic_size`: what an open epic comes to, None: what its parts say. `sle_days`: within
    how many days `sle_level` per cent of the items should be done, None: what was kept before. Status names are
    compared case-insensitively; empty sets mean "go by the status category".
    """

    now: datetime
    calendar: Calendar
    as_of: date | None = None
    unit: Unit = Unit.ITEMS
    window: int | None = 12
    method: Method = Method.CALIBRATED
    growth: Growth = Growth.NONE
    trials: int = 10_000
    seed: int | None = None
    remaining: float | None = None
    deadline: date | None = None
    sprint: str | None = None
    done_statuses: frozenset[str] = frozenset()
    in_progress_statuses: frozenset[str] = frozenset()
    todo_statuses: frozenset[str] = frozenset()
    excluded_projects: frozenset[str] = frozenset()
    period: tuple[date | None, date | None] | None = None
    selection: Selection = ALL_WORK
    # What the work list itself is of the facts, where it is a part of another one.
    part: Selection = ALL_WORK
    pace: Pace | None = None
    by: str = ""
    together: int = 1
    counting: Counting = Counting.USUAL
    epic_size: EpicSize | None = None
    given_up: GivenUp = GivenUp.LEAVES
    sweeps: Sweeps = Sweeps.COUNT
    sle_days: int | None = None
    wip_limit: int | None = None
    blocked_by: BlockedRule | None = None
    stale_days: int = STALLED_DAYS
    sle_level: int = 85
    baseline: tuple[date, date] | None = None


@dataclass(frozen=True)
class Known:
    """Facts, parameters, and the items as known on one day.

    `items`: those that are asked about; empty for a query of weekly numbers. `team_items`: those whose pace a
    forecast of `items` draws on, all of the query. Excluded projects are in neither, nor is work that its parts
    stand for; that is in `all_items` only.
    """

    facts: QueryFacts
    params: Params
    items: tuple[Item, ...]
    team_items: tuple[Item, ...]
    all_items: tuple[Item, ...]
    hierarchy: Hierarchy

    @property
    def calendar(self) -> Calendar:
        return self.params.calendar

    @property
    def unit(self) -> Unit:
        return self.params.unit

    @property
    def as_of(self) -> date:
        """The day whose beginning bounds what is known; for "now", today in the calendar's zone."""
        return as_of_day(self.params)

    @property
    def is_live(self) -> bool:
        """Whether it is about now, today included."""
        return self.params.as_of is None

    @property
    def last_day(self) -> date:
        """The last day of which anything is known: today, or the day before `as_of`."""
        return last_day(self.params)

    @property
    def known_until(self) -> datetime:
        """The instant at which knowledge ends. All of the last day counts, so that the hour makes no difference."""
        return known_until(self.params)

    @property
    def is_now(self) -> bool:
        """Whether what an issue says at present holds at that moment."""
        return is_now(self.params)

    @property
    def has_items(self) -> bool:
        """Whether the numbers come from issues; where there are both, issues win over weekly numbers."""
        return bool(self.facts.issues)

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of what is told of the past: the window's weeks up to the last day, or all there is."""
        period = self.params.period
        if period is not None:
            first, last = period
            return first or self.first_day, min(last or self.last_day, self.last_day)
        weeks = self.params.window
        return self.first_day if weeks is None else self.last_day - weeks * ONE_WEEK + ONE_DAY, self.last_day

    @cached_property
    def status_order(self) -> StatusOrder:
        return StatusOrder(board_order_of(self.facts.project_data))

    @cached_property
    def open_items(self) -> tuple[Item, ...]:
        """Those of `items` that are in scope and not done, in their order."""
        return tuple(item for item in self.items if item.done_at is None and item.in_scope)

    @cached_property
    def all_open_items(self) -> tuple[Item, ...]:
        """As `open_items`, of `all_items`."""
        if self.items is self.all_items:
            return self.open_items
        return tuple(item for item in self.all_items if item.done_at is None and item.in_scope)

    @cached_property
    def first_day(self) -> date:
        """The first day on which anything happened to the team's items; without items the last day."""
        days = [item.entered[0] for item in self.team_items if item.entered]
        days += [item.finished[0] for item in self.team_items if item.finished]
        return min(days, default=self.last_day)

    @cached_property
    def done_items(self) -> tuple[Item, ...]:
        """Those of `items` that are done, in their order, whether they counted on that day or not."""
        return tuple(item for item in self.items if item.done_at is not None)

    @cached_property
    def _done_by_day(self) -> tuple[Sequence[date], Sequence[int]]:
        """The days on which `done_items` were done, rising, and the places of these among them."""
        days = [item.finished[-1] for item in self.done_items]
        places = sorted(range(len(days)), key=days.__getitem__)
        return [days[place] for place in places], places

    def done_in(self, first: date, last: date) -> list[Item]:
        """The `done_items` of the days in [first, last], in their order."""
        days, places = self._done_by_day
        inside = places[bisect_left(days, first) : bisect_right(days, last)]
        return [self.done_items[place] for place in sorted(inside)]

    def finished_in(self, first: date, last: date) -> list[Item]:
        """Those of `done_in` that were in scope on the day they were done."""
        return [item for item in self.done_in(first, last) if not item.left or item.counted_on(item.finished[-1])]

    @property
    def missing(self) -> NotEnoughData | None:
        """Why nothing counts; None where some issues do, and for weekly numbers, of which no part can be asked for."""
        if self.has_items:
            return None if self.items else NotEnoughData(self._no_items())
        if not self.selection:
            return None
        return NotEnoughData(
            N_(
                "Weekly numbers are of all work, so they cannot tell what is {selection}. Import the issues.",
                selection=self.selection,
            )
        )

    @property
    def missing_issues(self) -> NotEnoughData | None:
        """Why there is nothing to say about single items; None where there are some."""
        if not self.has_items and self.missing is None:
            return NotEnoughData(N_("Weekly numbers do not tell when single items were started. Import the issues."))
        return self.missing

    def _no_items(self) -> str:
        if self.selection and self.team_items:
            return self._nothing_selected()
        if self.params.as_of is not None:
            return N_(
                "Nothing was known on {as_of}: all items came later, or none counts. Choose a later day.",
                as_of=self.as_of,
            )
        return N_("None of the items counts: all have left the work list or belong to excluded projects.")

    def _nothing_selected(self) -> str:
        sprint = self.selection.sprint
        if sprint is not None:
            return N_("No item was in {sprint} by then. Choose another sprint, or all items.", sprint=sprint)
        counts: Counter[str] = Counter()
        field = self.selection.conditions[0].field
        values = Values(self.hierarchy)
        for item in self.team_items:
            counts.update(value for value in values.now(item, field) if value)
        there = ", ".join(name for name, _ in counts.most_common(8))
        which = (
            N_(" There are, for {field}: {there}.", field=field, there=there)
            if there
            else N_(" No item has a {field}.", field=field)
        )
        return N_("No item known by then is {selection}.{which}", selection=self.selection, which=which)

    @property
    def selection(self) -> Selection:
        """Which part of the work is asked about; false for all of it."""
        return chosen(self.params)

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """Fields that are asked for and that no issue has."""
        return self.without_values(condition.field for condition in self.selection.conditions)

    def without_values(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Those of the fields that no issue has."""
        own = set(fields) - set(FIELDS)
        return tuple(sorted(own - self.own_fields.keys())) if own else ()

    @property
    def own_fields(self) -> Mapping[str, str]:
        """The fields that only this source has: as it writes them, by the names that conditions go by."""
        return own_fields(self.facts.issues)

    @property
    def sprint(self) -> Sprint | None:
        """The sprint that is asked about; None also where nobody told its dates."""
        name = self.selection.sprint
        return next((sprint for sprint in self.facts.sprints if sprint.name == name), None) if name else None

    @property
    def has_membership(self) -> bool:
        """Whether anything tells when items came into scope and left it, beside their creation."""
        return bool(self.facts.changes) or any(item.left for item in self.items)

    @property
    def left_out_levels(self) -> Mapping[Level, int]:
        """How many items of each level do not count, because their parts or their wholes do."""
        if self.team_items is self.all_items:
            return {}
        return left_out(self.all_items, self.team_items, self.hierarchy)

    @property
    def left_out(self) -> int:
        """How many issues of the query count nowhere, because their project is an excluded one."""
        excluded = rules(self.facts, self.params).excluded_projects
        return sum(project_of(issue) in excluded for issue in self.facts.issues if issue.in_query) if excluded else 0

    @property
    def status_categories(self) -> dict[str, Category]:
        """What each status counts as that the query's issues have or had, by its name."""
        return categories_of(self.facts, self.params)

    @property
    def placed_statuses(self) -> Mapping[str, Placement]:
        """Statuses whose meaning was told by the way items go through them, by their names in lower case."""
        return placed_statuses(self.facts.issues, self.facts.changes, rules(self.facts, self.params))


def as_of_day(params: Params) -> date:
    return params.as_of or params.calendar.day_of(params.now)


def last_day(params: Params) -> date:
    return as_of_day(params) if params.as_of is None else as_of_day(params) - ONE_DAY


def known_until(params: Params) -> datetime:
    return params.calendar.start_of(last_day(params) + ONE_DAY)


def is_now(params: Params) -> bool:
    return known_until(params) > params.now


def chosen(params: Params) -> Selection:
    wanted = params.selection
    if params.sprint is not None:
        wanted = Selection((*wanted.conditions, Condition(SPRINT, Operator.IS, params.sprint)))
    return wanted.within(params.part) if params.part else wanted


def known(facts: QueryFacts, params: Params, built: Built) -> Known:
    """What is known by `params`. `built` holds what is worked out already, and takes the rest in."""
    hierarchy = built.hierarchy = built.hierarchy or Hierarchy(facts.issues)
    if built.items is None:
        built.items = build_items(facts.issues, facts.changes, *_made_by(facts, params))
    team = counted_once(built.items, hierarchy, params.counting.levels)
    items, selection = team, chosen(params)
    if selection:
        values = Values(hierarchy, facts.changes, selection)
        items = select(team, values, selection, params.calendar, known_until(params))
    return Known(facts, params, items, team, built.items, hierarchy)


def makes_same_items(facts: QueryFacts, params: Params, others: Params) -> bool:
    """Whether what is built under `params` of these facts is the same as under the others, and so can be shared."""
    return _made_by(facts, params) == _made_by(facts, others)


def _made_by(facts: QueryFacts, params: Params) -> tuple[HistoryRules, Calendar, datetime, bool]:
    return rules(facts, params), params.calendar, known_until(params), is_now(params)


def built_before(facts: QueryFacts, later: Params, params: Params, built: Built) -> Built:
    """What is worked out at an earlier moment, as far as it follows from what is at a later one."""
    if built.items is None or is_now(params) != is_now(later):
        return Built(hierarchy=built.hierarchy, keep=built.keep)
    items = earlier_items(
        built.items,
        known_until(later),
        facts.issues,
        facts.changes,
        rules(facts, params),
        params.calendar,
        known_until(params),
        is_now(later),
    )
    return Built(items, built.hierarchy, built.keep)


def calendar_before(facts: QueryFacts, params: Params, day: date) -> Calendar:
    """With the days off that there were on that day, as far as they were changed between it and the day known."""
    changes = days_off_before(facts.profile)
    first = min((on for on in changes if day < on <= as_of_day(params)), default=None)
    return params.calendar if first is None else replace(params.calendar, holidays=changes[first])


def categories_of(facts: QueryFacts, params: Params) -> dict[str, Category]:
    """What each status counts as that the query's issues have or had, by its name. Asks for no items."""
    return status_categories(facts.issues, facts.changes, rules(facts, params))


def rules(facts: QueryFacts, params: Params) -> HistoryRules:
    """How the histories of this query are read."""
    mapped = connection_of(facts.profile).points_field.casefold()
    return HistoryRules(
        done_statuses=frozenset(name.casefold() for name in params.done_statuses),
        in_progress_statuses=frozenset(name.casefold() for name in params.in_progress_statuses),
        todo_statuses=frozenset(name.casefold() for name in params.todo_statuses),
        excluded_projects=frozenset(name.casefold() for name in params.excluded_projects),
        points_fields=POINTS_FIELDS | {mapped} if mapped else POINTS_FIELDS,
        imported=facts.query.created_at,
        given_up_is_done=params.given_up is GivenUp.DONE,
        before=facts.statuses,
    )
