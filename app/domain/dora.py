"""The five delivery figures of DORA over the last 90 days: each with its n, its interval and where it comes from.

No grade: since 2025 there are none, and those of earlier years were centres of clusters of answers, in which high
performers failed more often than medium ones. So each figure says beside which cluster of which year it lies, and
nothing at all below eight observations. Medians, not means.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain import ranks
from app.domain.accuracy import wilson
from app.domain.calendar import ONE_DAY, ONE_WEEK, Calendar
from app.domain.history import build_items
from app.domain.items import Item
from app.domain.known import Known, rules
from app.domain.missing import NotEnoughData
from app.words import N_
from store.documents import issue_rule_of, meaning_of
from store.records import Category, Issue, Profile
from store.settings import IssueRule

WINDOW_DAYS = 90
# Fewer observations than these get no position beside a cluster.
ENOUGH = 8
_HOUR = timedelta(hours=1)
_Z90 = 1.6449

# Clusters of the yearly reports: from, to (hours, or days between deployments); shares are centres. The State of
# DevOps report of 2024 is the last one that has them.
YEAR = 2024
_RANGES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "frequency": {"elite": (0, 1), "high": (1, 7), "medium": (7, 30.4), "low": (30.4, 182.5)},
    "lead": {"elite": (0, 24), "high": (24, 168), "medium": (168, 730), "low": (730, 4380)},
    "recovery": {"elite": (0, 1), "high": (1, 24), "medium": (1, 24), "low": (168, 730)},
}
_FAIL_RATES = {"elite": 0.05, "medium": 0.10, "high": 0.20, "low": 0.40}


@dataclass(frozen=True, slots=True)
class Position:
    """The `cluster` of that year's answers that the value lies in or nearest to; several where they overlap."""

    year: int
    cluster: str


@dataclass(frozen=True, slots=True)
class Figure:
    """`interval90` None where too few observations give any. `position` None below eight, or where no year has one.

    `bucket` is that of the Four Keys project. `source` says in words what was measured. `before`: the value of the 90
    days before, None where none is known.
    """

    value: float
    unit: str
    n: int
    interval90: tuple[float, float] | None
    source: str
    position: Position | None
    bucket: str | None
    is_too_few: bool
    keys: tuple[str, ...]
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Dora:
    """Figures of the days from `start` to `end`."""

    start: date
    end: date
    deployment_frequency: Figure | NotEnoughData
    change_lead_time: Figure | NotEnoughData
    change_fail_rate: Figure | NotEnoughData
    recovery_time: Figure | NotEnoughData
    recovery_time_from_incident: Figure | NotEnoughData
    rework_rate: Figure | NotEnoughData


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment to production. `failed`: it needed a fix, that is what `restored` ended.

    `incident`: when what it broke was noticed. `changes`: (key, instant it was ready) of what it carried.
    """

    key: str
    at: datetime
    failed: bool = False
    restored: datetime | None = None
    incident: datetime | None = None
    unplanned: bool = False
    changes: tuple[tuple[str, datetime], ...] = ()


# -- the figures ------------------------------------------------------------------------------------------


def figures(
    deployments: Iterable[Deployment], calendar: Calendar, start: date, end: date, change_source: str, fail_source: str
) -> Dora:
    """Of the deployments in [start, end]."""
    first, until = calendar.start_of(start), calendar.start_of(end + ONE_DAY)
    inside = sorted((each for each in deployments if first <= each.at < until), key=lambda each: (each.at, each.key))
    if not inside:
        reason = NotEnoughData(N_("No deployment is known from {start} to {end}.", start=start, end=end))
        return Dora(start, end, reason, reason, reason, reason, reason, reason)
    failed = [each for each in inside if each.failed]
    return Dora(
        start,
        end,
        _frequency(inside, calendar, start, end),
        _lead_time(inside, change_source),
        _share(inside, failed, fail_source, "needed a fix"),
        _recovery(failed, "deployment", fail_source),
        _recovery(failed, "incident", fail_source),
        _rework(inside),
    )


def _frequency(deployments: Sequence[Deployment], calendar: Calendar, start: date, end: date) -> Figure:
    weeks = ((end - start).days + 1) / 7
    count = len(deployments)
    low, high = _poisson90(count)
    days = [calendar.day_of(each.at) for each in deployments]
    return Figure(
        count / weeks,
        N_("deployments per week"),
        count,
        (low / weeks, high / weeks),
        N_("deployments that were finished"),
        _within("frequency", 7 * weeks / count) if count >= ENOUGH else None,
        frequency_bucket(days, calendar, start, end),
        count < ENOUGH,
        _keys(deployments),
    )


def frequency_bucket(days: Iterable[date], calendar: Calendar, start: date, end: date) -> str:
    """Daily: on three days of the middle week; weekly: on one; monthly: once in the middle month; else yearly."""
    distinct = sorted(set(days))
    weeks: dict[date, int] = {}
    week = calendar.week_of(start)
    while week <= end:
        weeks[week] = 0
        week += ONE_WEEK
    for day in distinct:
        weeks[calendar.week_of(day)] += 1
    middle = ranks.median(list(weeks.values())) or 0
    if middle >= 3:
        return "daily"
    if middle >= 1:
        return "weekly"
    months = [0] * max(1, round(((end - start).days + 1) / 30))
    for day in distinct:
        months[min((day - start).days // 30, len(months) - 1)] += 1
    return "monthly" if (ranks.median(months) or 0) >= 1 else "yearly"


def _lead_time(deployments: Sequence[Deployment], source: str) -> Figure | NotEnoughData:
    spans = [
        (key, (each.at - ready) / _HOUR) for each in deployments for key, ready in each.changes if ready <= each.at
    ]
    if not spans:
        return NotEnoughData(
            N_("Nothing tells which changes a deployment carried: no finished item was waiting for one.")
        )
    return _hours(spans, "lead", source)


def _recovery(failed: Sequence[Deployment], since: str, source: str) -> Figure | NotEnoughData:
    if not failed:
        return NotEnoughData(N_("No deployment failed, so there was nothing to recover from."))
    begins = [(each.key, each.at if since == "deployment" else each.incident, each.restored) for each in failed]
    spans = [
        (key, (restored - begin) / _HOUR)
        for key, begin, restored in begins
        if begin is not None and restored is not None and begin <= restored
    ]
    if not spans:
        return NotEnoughData(
            N_("{count} deployments failed, but nothing tells when what they broke was mended.", count=len(failed))
        )
    if since == "deployment":
        explanation = N_("from the deployment until it was mended; {source}", source=source)
    else:
        explanation = N_("from the incident until it was mended; {source}", source=source)
    return _hours(spans, "recovery", explanation)


def _hours(spans: Sequence[tuple[str, float]], kind: str, source: str) -> Figure:
    hours = [span for _, span in spans]
    value = ranks.median(hours) or 0.0
    enough = len(hours) >= ENOUGH
    return Figure(
        value,
        "hours",
        len(hours),
        ranks.median_interval(hours),
        source,
        _within(kind, value) if enough else None,
        _hours_bucket(value),
        not enough,
        tuple(sorted({key for key, _ in spans})),
    )


def _hours_bucket(hours: float) -> str:
    for bound, name in ((24, "day"), (168, "week"), (730, "month"), (4380, "six months")):
        if hours < bound:
            return name
    return "longer"


def _share(deployments: Sequence[Deployment], part: Sequence[Deployment], source: str, what: str) -> Figure:
    value, count = len(part) / len(deployments), len(deployments)
    return Figure(
        value,
        N_("share of deployments that needed a fix") if what == "needed a fix" else f"share of deployments that {what}",
        count,
        wilson(len(part), count, _Z90),
        source,
        nearest_fail_rate(value) if count >= ENOUGH else None,
        "up to 15 %" if value <= 0.15 else "up to 45 %" if value < 0.46 else "more",
        count < ENOUGH,
        _keys(part),
    )


def _rework(deployments: Sequence[Deployment]) -> Figure:
    """No year has clusters of it."""
    part = [each for each in deployments if each.unplanned]
    value, count = len(part) / len(deployments), len(deployments)
    source = N_("deployments called hotfix, rollback, emergency or unplanned")
    interval = wilson(len(part), count, _Z90)
    return Figure(
        value,
        N_("share of deployments that were unplanned"),
        count,
        interval,
        source,
        None,
        None,
        count < ENOUGH,
        _keys(part),
    )


def _keys(deployments: Iterable[Deployment]) -> tuple[str, ...]:
    return tuple(sorted(each.key for each in deployments))


def _within(kind: str, value: float) -> Position:
    """Of ranges that overlap all are named; between two of them, the nearer."""
    ranges = _RANGES[kind]
    inside = [name for name, (low, high) in ranges.items() if low <= value < high]
    if not inside:
        inside = [min(ranges, key=lambda name: _distance(value, *ranges[name]))]
    return Position(YEAR, " or ".join(inside))


def _distance(value: float, low: float, high: float) -> float:
    return math.log(low / value) if value < low else math.log(value / high)


def nearest_fail_rate(value: float) -> Position:
    """By the centre that is nearest: in 2024 those who failed in 20 % were called high, in 10 % medium."""
    nearest = min(abs(value - centre) for centre in _FAIL_RATES.values())
    names = [name for name, centre in _FAIL_RATES.items() if abs(value - centre) <= nearest + 1e-9]
    return Position(YEAR, " or ".join(names))


def _poisson90(count: int) -> tuple[float, float]:
    """Byar's approximation of the interval of a count that comes by chance (`count` > 0)."""
    low = count * (1 - 1 / (9 * count) - _Z90 / (3 * math.sqrt(count))) ** 3
    more = count + 1
    return max(0.0, low), more * (1 - 1 / (9 * more) + _Z90 / (3 * math.sqrt(more))) ** 3


# -- where they come from ---------------------------------------------------------------------------------

_DEPLOYMENT_WORDS = ("deploy", "rollout", "release")
_INCIDENT_WORDS = ("incident", "outage", "störung")
_UNPLANNED_WORDS = ("hotfix", "rollback", "roll back", "emergency", "unplanned")
_FAILED_WORDS = ("fail", "rolled back", "rollback", "roll back")
_READY_WORDS = ("ready to release", "ready for release", "ready to deploy", "ready for deploy", "to be released")


@dataclass(frozen=True, slots=True)
class Rule:
    """Which issues are meant, by lists in lower case; all that are given must hold. Empty: by the type's name."""

    types: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def chosen(self, issues: Iterable[Issue]) -> list[Issue]:
        """Those that are meant. There are few types, so that each name is looked at once."""
        if self.types or self.projects or self.labels:
            return [issue for issue in issues if self._matches(issue)]
        kinds = {issue.type for issue in issues}
        matching = {kind for kind in kinds if any(word in kind.casefold() for word in self.words)}
        return [issue for issue in issues if issue.type in matching] if matching else []

    def _matches(self, issue: Issue) -> bool:
        return (
            (not self.types or issue.type.casefold() in self.types)
            and (not self.projects or (issue.project or issue.key.rpartition("-")[0]).casefold() in self.projects)
            and (not self.labels or any(label.casefold() in self.labels for label in issue.labels))
        )


def rule_of(profile: Profile, name: str) -> Rule:
    """As the profile says, else by the lists of the earlier app, else by words."""
    words = _DEPLOYMENT_WORDS if name == "deployments" else _INCIDENT_WORDS
    chosen = issue_rule_of(profile, name)
    if chosen is None and name == "deployments" and (types := (meaning := meaning_of(profile)).deployments):
        chosen = IssueRule(types, meaning.operations)
    if chosen is None:
        return Rule(words=words)
    return Rule(_casefolded(chosen.types), _casefolded(chosen.projects), _casefolded(chosen.labels), words)


def _casefolded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(str.casefold, names))


def dora(known: Known) -> Dora | NotEnoughData:
    """From issues alone, so two of the five are stand-ins: commits are not known, and the source says so."""
    if known.missing_issues is not None:
        return known.missing_issues
    end = known.last_day
    start = end - timedelta(days=WINDOW_DAYS - 1)
    deployed = _items(known, rule_of(known.facts.profile, "deployments"))
    if not deployed:
        reason = NotEnoughData(
            N_("No issue is a deployment. Say under Data, Meaning, which type, project or label means one.")
        )
        return Dora(start, end, reason, reason, reason, reason, reason, reason)
    # Where deployments are recorded only lately, the days before would count as days without any.
    oldest = min(known.calendar.day_of(_instant(item)) for item in deployed)
    earlier = max(start - timedelta(days=WINDOW_DAYS), oldest), start - ONE_DAY
    start = max(start, oldest)
    deployments, fail_source = _deployments(known, deployed)
    now = figures(deployments, known.calendar, start, end, _CARRIED, fail_source)
    if earlier[0] > earlier[1]:
        return now
    return _with_before(now, figures(deployments, known.calendar, *earlier, _CARRIED, fail_source))


_CARRIED = N_("from ready or done to the next deployment, or that of its version: commits are not known")


def over_time(known: Known) -> tuple[Dora, ...]:
    """At the end of each week of the window the figures of the 90 days up to then, as far as deployments are known.

    The last one ends on the window's last day, so that of a window up to now it is what `dora` says.
    """
    deployed = [] if known.missing_issues is not None else _items(known, rule_of(known.facts.profile, "deployments"))
    if not deployed:
        return ()
    deployments, fail_source = _deployments(known, deployed)
    oldest = min(known.calendar.day_of(each.at) for each in deployments)
    first, last = known.window
    week, results = known.calendar.week_of(max(first, oldest)), []
    while week <= last:
        end = min(week + ONE_WEEK - ONE_DAY, last)
        start = max(end - timedelta(days=WINDOW_DAYS - 1), oldest)
        results.append(figures(deployments, known.calendar, start, end, _CARRIED, fail_source))
        week += ONE_WEEK
    return tuple(results)


def counted_issues_of(known: Known, name: str) -> tuple[str, ...]:
    """The keys of all "deployments" or "incidents", of any time, the oldest first."""
    items = _items(known, rule_of(known.facts.profile, name))
    return tuple(item.issue.key for item in sorted(items, key=lambda item: (_instant(item), item.issue.key)))


@dataclass(frozen=True, slots=True)
class DeploymentWeek:
    """The deployments of the week from `start`: the keys of those that held, and of those that needed a fix."""

    start: date
    successful: tuple[str, ...]
    failed: tuple[str, ...]


def deployment_weeks(known: Known) -> tuple[DeploymentWeek, ...]:
    """Every week of the window from the first deployment in it on, also those without any; empty without one."""
    first, last = known.window
    deployments, _source = _deployments(known, _items(known, rule_of(known.facts.profile, "deployments")))
    inside = [(known.calendar.day_of(each.at), each) for each in deployments]
    inside = [(day, each) for day, each in inside if first <= day <= last]
    if not inside:
        return ()
    successful: dict[date, list[str]] = {}
    failed: dict[date, list[str]] = {}
    for day, each in inside:
        (failed if each.failed else successful).setdefault(known.calendar.week_of(day), []).append(each.key)
    start = known.calendar.week_of(min(day for day, _ in inside))
    weeks = [start + at * ONE_WEEK for at in range((known.calendar.week_of(last) - start) // ONE_WEEK + 1)]
    return tuple(DeploymentWeek(week, tuple(successful.get(week, ())), tuple(failed.get(week, ()))) for week in weeks)


def _with_before(now: Dora, then: Dora) -> Dora:
    return Dora(
        now.start,
        now.end,
        _beside(now.deployment_frequency, then.deployment_frequency),
        _beside(now.change_lead_time, then.change_lead_time),
        _beside(now.change_fail_rate, then.change_fail_rate),
        _beside(now.recovery_time, then.recovery_time),
        _beside(now.recovery_time_from_incident, then.recovery_time_from_incident),
        _beside(now.rework_rate, then.rework_rate),
    )


def _beside(now: Figure | NotEnoughData, then: Figure | NotEnoughData) -> Figure | NotEnoughData:
    if isinstance(now, NotEnoughData) or isinstance(then, NotEnoughData):
        return now
    return replace(now, before=then.value)


def _items(known: Known, rule: Rule) -> list[Item]:
    """Finished ones, also of projects that are excluded from the work: those often hold the deployments."""
    issues = rule.chosen(known.facts.issues)
    if not issues:
        return []
    keys = {issue.key for issue in issues}
    reading = rules(known.facts, known.params)
    built = build_items(
        issues,
        [change for change in known.facts.changes if change.issue_key in keys],
        type(reading)(reading.done_statuses, reading.in_progress_statuses, reading.todo_statuses),
        known.calendar,
        known.known_until,
        known.is_now,
    )
    return [item for item in built if item.done_at is not None or rule.words == _INCIDENT_WORDS]


def _instant(item: Item) -> datetime:
    """When it was finished; of an open incident, when it came."""
    return item.done_at or item.issue.created or _EARLY


_EARLY = datetime.fromisoformat("1970-01-02T00:00:00+00:00")


def _deployments(known: Known, deployed: Sequence[Item]) -> tuple[list[Deployment], str]:
    ordered = sorted(deployed, key=lambda item: (_instant(item), item.issue.key))
    incidents = [item for item in _items(known, rule_of(known.facts.profile, "incidents")) if item.issue.created]
    broken, source = _blamed(ordered, incidents)
    carried = _carried(known, ordered, {item.issue.key for item in [*ordered, *incidents]})
    deployments = []
    for item in ordered:
        causes = broken.get(item.issue.key, [])
        mended = [cause.done_at for cause in causes]
        deployments.append(
            Deployment(
                item.issue.key,
                _instant(item),
                bool(causes) or _says(item, _FAILED_WORDS, ""),
                max((each for each in mended if each is not None), default=None) if None not in mended else None,
                min((cause.issue.created for cause in causes if cause.issue.created), default=None),
                _says(item, _UNPLANNED_WORDS, item.issue.summary),
                tuple(carried.get(item.issue.key, ())),
            )
        )
    return deployments, source


def _says(item: Item, words: Sequence[str], summary: str) -> bool:
    """By what was set, and not by a title for a failure: "Mend the failed payments" may have gone well."""
    issue = item.issue
    texts = (issue.type, issue.status, issue.resolution, summary, *issue.labels)
    return any(word in text.casefold() for text in texts for word in words)


def _blamed(ordered: Sequence[Item], incidents: Sequence[Item]) -> tuple[dict[str, list[Item]], str]:
    """Incidents by the deployment that they are held against, and in words how."""
    by_key = {item.issue.key: item for item in ordered}
    by_version = {version: item.issue.key for item in ordered for version in item.issue.fix_versions}
    linked: dict[str, list[Item]] = {}
    for incident in incidents:
        issue = incident.issue
        named = issue.parent if issue.parent in by_key else None
        named = named or next((by_version[version] for version in issue.fix_versions if version in by_version), None)
        if named is not None:
            linked.setdefault(named, []).append(incident)
    if linked or not incidents:
        return linked, N_("a deployment failed when an incident belongs to it by parent or version, or it is called so")
    times = [_instant(item) for item in ordered]
    for incident in incidents:
        place = bisect_right(times, incident.issue.created or _EARLY)
        if place:
            linked.setdefault(ordered[place - 1].issue.key, []).append(incident)
    return linked, N_("no incident names a deployment, so each is held against the last one before it")


def _carried(known: Known, ordered: Sequence[Item], own: set[str]) -> dict[str, list[tuple[str, datetime]]]:
    """Finished items by the deployment of their version, else by the next one after they were ready."""
    times = [_instant(item) for item in ordered]
    by_version = {version: item for item in reversed(ordered) for version in item.issue.fix_versions}
    carried: dict[str, list[tuple[str, datetime]]] = {}
    for item in known.items:
        if item.done_at is None or item.issue.key in own:
            continue
        ready = _ready(item, item.done_at)
        by_name = next((by_version[version] for version in item.issue.fix_versions if version in by_version), None)
        place = bisect_right(times, ready)
        # What was ready before the first deployment known may have gone out with one that is not.
        target = by_name or (ordered[place] if 0 < place < len(ordered) else None)
        if target is not None:
            carried.setdefault(target.issue.key, []).append((item.issue.key, ready))
    return carried


def _ready(item: Item, done: datetime) -> datetime:
    """When it came into a status such as "Ready to release" for the last time, else when it was done."""
    waits = [
        stay.since
        for stay in item.stays
        if stay.category is not Category.TODO and any(word in stay.status.casefold() for word in _READY_WORDS)
    ]
    return min(waits[-1], done) if waits else done
