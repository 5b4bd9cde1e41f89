"""One `Analysis` per query derives every number once; pages, report, command line and snapshots read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from app.domain.burndown import Burndown
from app.domain.calendar import Calendar
from app.domain.forecast import Forecast, Growth, HowMany, Method
from app.domain.items import Item, Unit
from app.domain.missing import NotEnoughData
from app.domain.scope import Scope, WeekReview
from app.domain.throughput import Throughput
from store.records import QueryFacts, Snapshot


@dataclass(frozen=True, slots=True)
class Params:
    """Everything an analysis depends on beside the facts. Hashable: it is part of the cache key.

    `as_of` D: only what was known when that day began (00:00 in the calendar's zone). None: all that is
    known at `now`. `remaining` overrides the derived remaining work. `sprint` narrows to one sprint's items.
    Status names are compared case-insensitively; empty sets mean "go by the status category".
    """

    now: datetime
    calendar: Calendar
    as_of: date | None = None
    unit: Unit = Unit.ITEMS
    window: int = 12
    method: Method = Method.CALIBRATED
    growth: Growth = Growth.NONE
    trials: int = 10_000
    seed: int | None = None
    remaining: float | None = None
    deadline: date | None = None
    sprint: str | None = None
    done_statuses: frozenset[str] = frozenset()
    in_progress_statuses: frozenset[str] = frozenset()
    excluded_projects: frozenset[str] = frozenset()


class Analysis:
    """Lazy: each number is derived when first read, once. Reading from two threads is safe."""

    def __init__(self, facts: QueryFacts, params: Params) -> None:
        self.facts = facts
        self.params = params

    @property
    def as_of(self) -> date:
        """The day whose beginning bounds what is known; for "now", today in the calendar's zone."""
        raise NotImplementedError

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Items of the query (excluded projects left out), as known; empty for a query of weekly numbers."""
        raise NotImplementedError

    @cached_property
    def scope(self) -> Scope | NotEnoughData: raise NotImplementedError

    @cached_property
    def throughput(self) -> Throughput | NotEnoughData: raise NotImplementedError

    @cached_property
    def burndown(self) -> Burndown | NotEnoughData: raise NotImplementedError

    @cached_property
    def forecast(self) -> Forecast | NotEnoughData: raise NotImplementedError

    @cached_property
    def baseline(self) -> Forecast | NotEnoughData:
        """The plain bootstrap on the same input, for comparison."""
        raise NotImplementedError

    @cached_property
    def chance(self) -> float | None:
        """Chance of the deadline; None without a deadline or forecast."""
        raise NotImplementedError

    @cached_property
    def required_pace(self) -> float | None:
        """Per week from now to finish what remains by the deadline; None without one or when it is past."""
        raise NotImplementedError

    @cached_property
    def milestone_chances(self) -> tuple[tuple[str, date, float | None], ...]:
        """(name, day, chance that all work is done by then) of each milestone."""
        raise NotImplementedError

    @cached_property
    def last_week(self) -> WeekReview | NotEnoughData:
        """The last seven days against the state a week earlier, forecast included."""
        raise NotImplementedError

    def how_many(self, weeks: int) -> HowMany | NotEnoughData: raise NotImplementedError

    def at(self, as_of: date) -> Analysis:
        """The same query and parameters as known when that day began."""
        raise NotImplementedError

    def snapshot(self) -> tuple[Snapshot, ...]:
        """This week's record: metrics scope, throughput, forecast, flow_load, flow_time; created at `params.now`."""
        raise NotImplementedError
