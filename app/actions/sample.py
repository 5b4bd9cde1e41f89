"""A seeded sample project, so that the first start shows something true: a small team builds a ticket shop.

Work is simulated day by day over thirty weeks that end today: planning every other Monday, pulling, review, bugs
coming in, a few reopened items, one week of holidays. What lies after `now` is cut off, so the same day of the week
always gives the same project.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter

from app.actions.files import local_zone_name
from app.actions.sample_items import ADDED, PLANNED
from app.actions.target import SAMPLE_PROFILE
from app.context import Context
from app.settings import changed
from store.backend import PersistenceBackend
from store.documents import sample_source, settings_of, with_settings
from store.names import free_name
from store.records import Category, Change, Issue, Milestone, Profile, ProjectData, Query, QueryFacts, QueryRef, Sprint

NAME = "Sample project"
QUERY_NAME = "City theatre ticket shop"
REF = QueryRef(SAMPLE_PROFILE, "q_73616d706c65")

WEEKS = 30
HOLIDAY_WEEK = 24
DEADLINE_DAYS = 7 * 8 + 4
OPENING_DAYS = 7 * 13 + 5

_SEED = 20
_TEAM = ("Aylin", "Ben", "Chiara", "Jonas", "Mira")
_TYPES = {"S": "Story", "T": "Task", "B": "Bug"}
_TO_DO, _IN_PROGRESS, _IN_REVIEW, _DONE = "To Do", "In Progress", "In Review", "Done"
_CATEGORIES = {
    _TO_DO: Category.TODO,
    _IN_PROGRESS: Category.IN_PROGRESS,
    _IN_REVIEW: Category.IN_PROGRESS,
    _DONE: Category.DONE,
}
# How many items are planned for a sprint, and how much slower than ideal work goes.
_PLANNED_PER_SPRINT = 10
_SHARE_REOPENED = 0.06
_SHARE_SENT_BACK = 0.12
_SHARE_RE_ESTIMATED = 0.08
# A few wishes were put off to a later season: they leave the scope on one day.
_PUT_OFF = (
    "Statistics of visitors by postcode",
    "Show what is left on a voucher",
    "Print gift vouchers at the counter",
)
_PUT_OFF_WEEK = 19


def sample_project(now: datetime, zone_name: str = "UTC") -> QueryFacts:
    """Everything about the sample project as of `now`; the same for the same day."""
    monday = (now - timedelta(days=now.weekday())).date()
    first = monday - timedelta(weeks=WEEKS)
    simulated = _Simulation(first).run()
    issues = tuple(work.issue(now) for work in simulated.works if work.created <= now)
    known = {issue.key for issue in issues}
    changes = sorted(
        (change for work in simulated.works for change in work.changes if change.at <= now and work.key in known),
        key=attrgetter("issue_key", "at"),
    )
    return QueryFacts(
        profile=_profile(now, monday, first, zone_name),
        query=Query(*REF, QUERY_NAME, created_at=now, last_used=now, description="Made-up data to look around with"),
        issues=issues,
        changes=tuple(changes),
        sprints=tuple(_sprints(first, now)),
        weeks=(),
        milestones=(Milestone("Opening night", monday + timedelta(days=OPENING_DAYS)),),
        project_data=ProjectData(sample_source(), now),
    )


def load_sample(ctx: Context) -> QueryRef:
    """Put the sample project into the store, or bring the one that is there up to date, and switch to it.

    Queries that the user added to its profile, and the profile's name, stay.
    """
    now = ctx.clock()
    facts = sample_project(now, local_zone_name())
    backend = ctx.backend
    with backend.transaction():
        backend.save_profile(_kept_or_new(backend, facts.profile))
        backend.delete_query(REF)
        backend.save_query(facts.query)
        backend.upsert_issues(REF, facts.issues, facts.changes)
        backend.save_sprints(REF, facts.sprints)
        backend.replace_milestones(REF.profile_id, facts.milestones)
        if facts.project_data is not None:
            backend.save_project_data(REF, facts.project_data)
        backend.switch_query(REF, now)
    ctx.record(REF)
    return REF


def _kept_or_new(backend: PersistenceBackend, profile: Profile) -> Profile:
    present = backend.get_profile(profile.id)
    if present is not None:
        return with_settings(present, settings_of(profile))
    return replace(profile, name=free_name(NAME, (each.name for each in backend.list_profiles())))


def _profile(now: datetime, monday: date, first: date, zone_name: str) -> Profile:
    holidays = [first + timedelta(weeks=HOLIDAY_WEEK, days=day) for day in range(5)]
    profile = Profile(
        id=REF.profile_id,
        name=NAME,
        created_at=now,
        last_used=now,
        description="A made-up team builds a ticket shop for a city theatre.",
        show_points=True,
    )
    deadline = monday + timedelta(days=DEADLINE_DAYS)
    return changed(profile, {"deadline": deadline, "time_zone": zone_name, "holidays": holidays})


def _sprints(first: date, now: datetime) -> Iterable[Sprint]:
    for number in range(1, WEEKS // 2 + 2):
        start, end = _sprint_span(first, number)
        if start > now:
            return
        over = end <= now
        state = "closed" if over else "active"
        yield Sprint(_sprint_name(number), str(number), state, start, end, end if over else None)


def _sprint_span(first: date, number: int) -> tuple[datetime, datetime]:
    monday = first + timedelta(weeks=2 * (number - 1))
    return _at(monday, 8.5), _at(monday + timedelta(days=11), 15)


def _sprint_name(number: int) -> str:
    return f"Sprint {number}"


def _at(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(minutes=round(hour * 60))


# -- the simulation -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Work:
    """One item on its way. `left` is the work still to be put in, in days; `review` the day its review ends."""

    key: str
    kind: str
    summary: str
    created: datetime
    estimate: float | None
    left: float
    status: str = _TO_DO
    points: float | None = None
    assignee: str = ""
    review: date | None = None
    reopen: date | None = None
    put_off: datetime | None = None
    sprints: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def move(self, at: datetime, status: str) -> None:
        self._note(at, "status", self.status, status)
        self.status = status

    def size(self, at: datetime, points: float | None) -> None:
        before = None if self.points is None else f"{self.points:g}"
        self._note(at, "points", before, None if points is None else f"{points:g}")
        self.points = points

    def plan(self, at: datetime, sprint: str) -> None:
        """Jira keeps the sprints an item was carried through, so the value grows."""
        before = ", ".join(self.sprints) or None
        self.sprints.append(sprint)
        self._note(at, "sprint", before, ", ".join(self.sprints))

    def _note(self, at: datetime, what: str, before: str | None, after: str | None) -> None:
        self.changes.append(Change(self.key, at, what, before, after))

    def issue(self, now: datetime) -> Issue:
        """The item as it stands at `now`, from its changes until then."""
        until = [change for change in self.changes if change.at <= now]
        last = {change.field: change for change in until}
        status = last["status"].to_value or _TO_DO if "status" in last else _TO_DO
        points = last["points"].to_value if "points" in last else None
        sprints = last["sprint"].to_value if "sprint" in last else None
        gone = self.put_off if self.put_off and self.put_off <= now else None
        return Issue(
            key=self.key,
            summary=self.summary,
            type=_TYPES[self.kind],
            status=status,
            category=_CATEGORIES[status],
            created=self.created,
            updated=max((change.at for change in until), default=self.created),
            resolved=last["status"].at if status == _DONE else None,
            points=float(points) if points else None,
            project="SHOP",
            priority="High" if self.kind == "B" and (self.estimate or 0) >= 3 else "Medium",
            resolution="Done" if status == _DONE else "",
            assignee=self.assignee if status != _TO_DO else "",
            sprints=tuple(sprints.split(", ")) if sprints else (),
            in_query=gone is None,
            left_query=gone,
        )


class _Simulation:
    """Thirty-one weeks from `first`; days are working days but for the holiday week."""

    def __init__(self, first: date) -> None:
        self.first = first
        self.works: list[_Work] = []
        self._random = random.Random(_SEED)
        self._desks: dict[str, _Work | None] = dict.fromkeys(_TEAM)
        self._sprint = ""

    def run(self) -> _Simulation:
        arrivals = self._arrivals()
        for week in range(WEEKS + 1):
            for weekday in range(5):
                day = self.first + timedelta(weeks=week, days=weekday)
                for line in arrivals.get(day, ()):
                    self._arrive(day, line)
                if week == HOLIDAY_WEEK:
                    continue
                if weekday == 0 and week % 2 == 0:
                    self._plan_sprint(week // 2 + 1)
                if (week, weekday) == (_PUT_OFF_WEEK, 2):
                    self._put_off(day)
                self._work(day, week)
        return self

    # -- arrivals and planning ----------------------------------------------------------------------

    def _arrivals(self) -> dict[date, list[str]]:
        """The planned items in the first two days; the others come in over the weeks, some weeks bring more."""
        arrivals: dict[date, list[str]] = {}
        planned = PLANNED.strip().splitlines()
        for place, line in enumerate(planned):
            arrivals.setdefault(self.first + timedelta(days=2 * place // len(planned)), []).append(line)
        added = ADDED.strip().splitlines()
        span = WEEKS - 2.5
        for place, line in enumerate(added):
            week = 2 + span * (place + self._random.uniform(-1.5, 1.5)) / len(added)
            week = max(2.0, min(week, WEEKS + 0.4))
            day = self.first + timedelta(weeks=int(week), days=int(week % 1 * 5))
            arrivals.setdefault(day, []).append(line)
        return arrivals

    def _arrive(self, day: date, line: str) -> None:
        size, _, summary = line.partition(" ")
        estimate = None if size[1:] == "-" else float(size[1:])
        work = _Work(
            key=f"SHOP-{len(self.works) + 1}",
            kind=size[0],
            summary=summary,
            created=_at(day, self._random.uniform(7, 8)),
            estimate=estimate,
            left=self._effort(estimate or 2),
        )
        self.works.append(work)
        if day < self.first + timedelta(days=7):
            work.size(work.created, estimate)  # the first backlog was estimated in one go

    def _effort(self, estimate: float) -> float:
        """Days of one person; estimates say little about single items, so the spread is wide."""
        return (1.8 + 0.8 * estimate) * self._random.lognormvariate(0, 0.45)

    def _plan_sprint(self, number: int) -> None:
        """Unfinished work is carried over; the next items of the backlog are estimated and join it."""
        self._sprint = _sprint_name(number)
        # Planned in the meeting before it is started.
        start = _sprint_span(self.first, number)[0] - timedelta(hours=1)
        carried = [work for work in self.works if work.sprints and work.status != _DONE and not work.put_off]
        for work in carried:
            work.plan(start, self._sprint)
        backlog = self._backlog()
        for work in backlog[: _PLANNED_PER_SPRINT + 8]:
            if work.points is None and work.estimate is not None:
                work.size(start - timedelta(minutes=20), work.estimate)
        for work in backlog[: max(0, _PLANNED_PER_SPRINT - len(carried))]:
            work.plan(start, self._sprint)

    def _backlog(self) -> list[_Work]:
        """What waits unplanned: bugs of weight first, then in the order of arrival."""
        waiting = [work for work in self.works if work.status == _TO_DO and not work.sprints and not work.put_off]
        return sorted(waiting, key=lambda work: not (work.kind == "B" and (work.estimate or 0) >= 2))

    def _put_off(self, day: date) -> None:
        for work in self.works:
            if work.summary in _PUT_OFF and work.status == _TO_DO:
                work.put_off = _at(day, 14)

    # -- a day of work ------------------------------------------------------------------------------

    def _work(self, day: date, week: int) -> None:
        self._finish_reviews(day)
        self._reopen(day)
        pace = 0.55 + 0.15 * week if week < 3 else self._random.uniform(0.75, 1.25)
        for name, work in self._desks.items():
            if work is None:
                work = self._desks[name] = self._pull(day, name)
            if work is None:
                continue
            work.left -= pace
            if self._random.random() < _SHARE_RE_ESTIMATED / 5 and work.points is not None:
                work.size(_at(day, 11), {1: 2, 2: 3, 3: 5, 5: 8, 8: 5}.get(int(work.points), 3))
            if work.left <= 0:
                work.move(_at(day, self._random.uniform(13, 16.5)), _IN_REVIEW)
                work.review = day + timedelta(days=self._random.choice((1, 1, 1, 2, 2, 3)))
                self._desks[name] = None

    def _pull(self, day: date, name: str) -> _Work | None:
        """The next item: of the sprint if there is one, else of the backlog, which then joins the sprint."""
        planned = [work for work in self.works if work.status == _TO_DO and work.sprints and not work.put_off]
        work = next(iter(planned or self._backlog()), None)
        if work is None:
            return None
        at = _at(day, self._random.uniform(8.7, 10.5))
        if not work.sprints:
            work.plan(at - timedelta(minutes=5), self._sprint)
            if work.points is None and work.estimate is not None:
                work.size(at - timedelta(minutes=3), work.estimate)
        work.move(at, _IN_PROGRESS)
        work.assignee = name
        return work

    def _finish_reviews(self, day: date) -> None:
        for work in self.works:
            if work.status != _IN_REVIEW or work.review is None or work.review > day:
                continue
            if self._random.random() < _SHARE_SENT_BACK and self._desks[work.assignee] is None:
                work.move(_at(day, self._random.uniform(8.6, 8.69)), _IN_PROGRESS)
                work.left = self._random.uniform(0.5, 1.5)
                self._desks[work.assignee] = work
                continue
            work.move(_at(day, self._random.uniform(8.7, 12.5)), _DONE)
            if work.reopen is None and self._random.random() < _SHARE_REOPENED:
                work.reopen = day + timedelta(days=self._random.randint(4, 15))

    def _reopen(self, day: date) -> None:
        for work in self.works:
            if work.reopen is None or work.reopen > day or work.status != _DONE or self._desks[work.assignee]:
                continue
            work.reopen = date.max
            work.move(_at(day, self._random.uniform(12.6, 12.9)), _IN_PROGRESS)
            work.left = self._random.uniform(0.8, 2)
            self._desks[work.assignee] = work
