"""What is stored: frozen records, the same for every backend.

Instants are aware `datetime` in UTC with whole seconds; days are `date`. Text becomes either only
at a border (a backend's row mapping, an importer). `JsonObject` is kept for what is nested and never
charted. Sizes and counts are numbers, never text; `None` always means "not known", never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

# JSON as `json.loads` gives it: a recursive alias helps neither reader nor checker here.

JsonObject = Mapping[str, Any]


def thawed(kind: type[Any]) -> Any:
    """A plain class with the slots of a frozen record: fill its objects, then set their `__class__` to `kind`.

    A frozen dataclass sets each field through a call: 4.7 microseconds an issue against 0.6. For loops over
    all issues only; 22,000 of them stand between a click and a chart.
    """
    return type(f"Thawed{kind.__name__}", (), {"__slots__": kind.__slots__})


class QueryRef(NamedTuple):
    """Names one query. Query ids are unique within a profile only: a copied folder repeats them."""

    profile_id: str
    query_id: str


class Category(StrEnum):
    """Jira's three status categories; every tracker's statuses are mapped to one of them."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Profile:
    """A team or project. The nested objects are documents as they are kept, with whatever the earlier app had there.

    `store.documents` reads them as the records of `store.settings` and writes those; nobody else looks inside.
    """

    id: str
    name: str
    created_at: datetime
    last_used: datetime
    description: str = ""
    jira_config: JsonObject = field(default_factory=dict)
    field_mappings: JsonObject = field(default_factory=dict)
    forecast_settings: JsonObject = field(default_factory=dict)
    project_classification: JsonObject = field(default_factory=dict)
    flow_type_mappings: JsonObject = field(default_factory=dict)
    show_milestone: bool = False
    show_points: bool = False
    extras: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """One body of work within a profile. `revision` rises with every change of its data or its profile."""

    profile_id: str
    id: str
    name: str
    created_at: datetime
    last_used: datetime
    jql: str = ""
    description: str = ""
    updated_at: datetime | None = None
    revision: int = 0
    extras: JsonObject = field(default_factory=dict)

    @property
    def ref(self) -> QueryRef:
        return QueryRef(self.profile_id, self.id)


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as it stands now. Its past is in `Change`.

    `started` is only set where a file names a start and there is no change history. `in_query` is false
    for an issue that the query no longer finds (since `left_query`, when that is known) or never found.
    """

    key: str
    summary: str = ""
    type: str = ""
    status: str = ""
    category: Category = Category.TODO
    created: datetime | None = None
    updated: datetime | None = None
    started: datetime | None = None
    resolved: datetime | None = None
    points: float | None = None
    source_id: str = ""
    project: str = ""
    priority: str = ""
    resolution: str = ""
    parent: str = ""
    assignee: str = ""
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    fix_versions: tuple[str, ...] = ()
    sprints: tuple[str, ...] = ()
    url: str = ""
    in_query: bool = True
    left_query: datetime | None = None
    extras: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one issue changing once. `field` is lower case: status, points, sprint, fix version …

    `author`: who did it, where the user wants such names kept; else empty.
    """

    issue_key: str
    at: datetime
    field: str
    from_value: str | None
    to_value: str | None
    author: str = ""


class IssueKey(NamedTuple):
    """What tells which issue it is, and whether it is in the query now."""

    key: str
    source_id: str = ""
    in_query: bool = True


@dataclass(frozen=True, slots=True)
class Sprint:
    """A sprint by name; dates are None where the source names sprints without them (CSV)."""

    name: str
    source_id: str = ""
    state: str = ""
    start: datetime | None = None
    end: datetime | None = None
    completed: datetime | None = None
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """One row of weekly (or irregular) numbers, kept one for one, whatever day it carries.

    `day` is None for a row whose date could not be read; its text is then in `extras["date"]`.
    """

    day: date | None
    completed_items: int | None = None
    completed_points: float | None = None
    created_items: int | None = None
    created_points: float | None = None
    source: str = ""
    extras: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody says of one week, whatever the data say; None leaves a number as it is counted.

    `day` lies in the week that is meant, as a rule its first day: where a week begins is a setting.
    """

    day: date
    completed_items: int | None = None
    completed_points: float | None = None
    created_items: int | None = None
    created_points: float | None = None


@dataclass(frozen=True, slots=True)
class ProjectData:
    """What is fact about a query beside its issues and weeks (source, imports, typed-in totals), as a document.

    See `store.documents`; it keeps the legacy 2.0 shape without `statistics`.
    """

    data: JsonObject
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Milestone:
    """A named date of a profile. The deadline is not one of them: it is the profile's setting.

    `work`: the conditions of what has to be done by then, such as "version=1.4"; empty: all of it. `rank`: its place in
    the order in which milestones are worked on, equal ones by their days. `teams`: the field whose values are the teams
    that are needed; empty: one team. `closed`: the day on which it was closed. `notes`: each begins with its day.
    """

    name: str
    day: date
    work: tuple[str, ...] = ()
    rank: int = 0
    teams: str = ""
    closed: date | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One metric of one week, as it was recorded then and never recomputed. `week` is "2025-W44" (ISO)."""

    week: str
    metric: str
    values: JsonObject
    created_at: datetime
    forecast: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class ForecastMade:
    """A forecast as it was shown. One per query, day, unit and method; the day's last one stays.

    `weeks` maps the level in percent to whole weeks after `as_of`, None for "beyond the horizon".
    """

    made_at: datetime
    as_of: date
    unit: str
    method: str
    remaining: float
    weeks: Mapping[int, int | None]
    window: int
    trials: int
    seed: int
    deadline: date | None = None
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A tracker's answer as it came, one fetched page. `response` is the JSON text in UTF-8, inflated."""

    cache_key: str
    response: bytes
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CachedChangelog:
    """One issue's change history as it came; `changelog` is the JSON text in UTF-8, inflated."""

    issue_key: str
    changelog: bytes
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """State of the last run of a named background job: running, completed, failed, cancelled, interrupted."""

    name: str
    status: str
    percent: float
    updated_at: datetime
    message: str = ""


@dataclass(frozen=True, slots=True)
class MigrationEntry:
    """One line of the migration journal. `source` is a folder's name, never a path of the machine."""

    source: str
    fingerprint: str
    started_at: datetime
    finished_at: datetime
    outcome: str
    report: JsonObject


@dataclass(frozen=True, slots=True)
class Undoable:
    """What can be taken back until then. `kind`: profile, query, import; `what` in words. Names as they were.

    `made`: what an import had to make first (profile, query); empty where the query held something before it.
    """

    id: str
    kind: str
    what: str
    profile_id: str
    profile: str
    query_id: str
    query: str
    at: datetime
    until: datetime
    made: str = ""

    @property
    def ref(self) -> QueryRef:
        return QueryRef(self.profile_id, self.query_id)


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows in the store, or in one query. `snapshot_records` and `snapshot_weeks` leave `trends` out."""

    profiles: int = 0
    queries: int = 0
    issues: int = 0
    issue_changes: int = 0
    statistics: int = 0
    snapshot_weeks: int = 0
    snapshot_records: int = 0
    forecasts: int = 0


@dataclass(frozen=True, slots=True)
class QueryFacts:
    """All that an analysis reads about one query, from one consistent view at `query.revision`.

    `statuses`: what a tracker of before counted statuses as, in lower case, that no issue may have any more.
    """

    profile: Profile
    query: Query
    issues: tuple[Issue, ...]
    changes: tuple[Change, ...]
    sprints: tuple[Sprint, ...]
    weeks: tuple[Week, ...]
    milestones: tuple[Milestone, ...]
    project_data: ProjectData | None
    corrections: tuple[Correction, ...] = ()
    forecasts: tuple[ForecastMade, ...] = ()
    statuses: Mapping[str, Category] = field(default_factory=dict)
