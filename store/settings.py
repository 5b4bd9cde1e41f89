"""What a profile says beside its name, and a work list of where its facts came from, as typed records.

A profile keeps them as JSON under the names that the earlier app gave them, with whatever else was there;
`store.documents` reads and writes that, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class JiraConnection:
    """Where a profile's Jira is and how it is asked. An empty `base_url`: it is not connected.

    `deployment` is empty where a takeover did not tell it. `ca_file`: a name in the data folder.
    `points_field`: the field that the earlier app read points from. `token_in_old_files`: they hold it in clear text.
    """

    base_url: str = ""
    deployment: str = ""
    email: str = ""
    ca_file: str = ""
    needs_token: bool = True
    points_field: str = ""
    token_in_old_files: bool = False

    @property
    def is_cloud(self) -> bool:
        return self.deployment == "cloud"


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Ids of the fields of Jira that hold points, sprint, epic and flag; empty: there is none.

    `own`: names by id of the fields that only this server has and that are kept; None: nobody looked.
    `more_points`: further fields of points, for issues in which `points` is empty: projects of one Jira differ.
    `filled`: number fields in which values were found, the likeliest to hold points first; None: nobody looked.
    `names`: their names by id, because histories of older servers name fields instead of giving ids.
    `authors`: whether changes keep who made them; that is a setting and not saved with the mapping.
    """

    points: str = ""
    sprint: str = ""
    epic: str = ""
    flagged: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    authors: bool = False
    filled: tuple[str, ...] | None = None
    more_points: tuple[str, ...] = ()
    own: Mapping[str, str] | None = None

    def with_points(self, chosen: str) -> FieldMapping:
        """With the points from `chosen`: completed by the others if it is one of those that complete each other."""
        together = (self.points, *self.more_points)
        others = tuple(each for each in together if each and each != chosen) if chosen in together else ()
        return replace(self, points=chosen, more_points=others)

    def with_filled(self, mapping: FieldMapping) -> FieldMapping:
        """With the number fields in which `found` says that values are now, and those that complete its points;
        itself where it knows them all."""
        known, new = self.filled or (), mapping.filled or ()
        completed = self if set(mapping.own or ()) <= set(self.own or ()) else self._with_own(mapping.own or {})
        if not self.more_points and self.points in (mapping.points, *mapping.more_points):
            more = mapping.with_points(self.points).more_points
            more_names = {**mapping.names, **self.names}
            completed = replace(completed, more_points=more, names=more_names) if more else completed
        if self.filled is not None and set(new) <= set(known):
            return completed
        return replace(completed, filled=tuple(dict.fromkeys((*new, *known))))

    def _with_own(self, own: Mapping[str, str]) -> FieldMapping:
        """With fields of the server's own that have values now; what is mapped otherwise is none of them."""
        mapped = {self.points, *self.more_points, self.sprint, self.epic, self.flagged}
        return replace(self, own={**{each: own[each] for each in own if each not in mapped}, **(self.own or {})})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What statuses, types and projects mean, by name. `waiting` None: by the words in their names.

    `wip`: the earlier app's second list of statuses in progress. `classes`: types by class of work; `defects`: types
    that are defects whatever their class; `unclassed`: types that the user put into no class. `deployments`: types
    of issues that record a deployment, in `operations`, the projects that do not count as work.
    """

    done: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    wip: tuple[str, ...] = ()
    todo: tuple[str, ...] = ()
    waiting: tuple[str, ...] | None = None
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defects: tuple[str, ...] = ()
    unclassed: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    deployments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartOf:
    """A work list that is a part of another one of its project: that one's id, and the conditions, such as type=Bug."""

    query_id: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """What a work list keeps of how its work goes on in another one, `into`, in another tracker.

    `pairs`: the key here, the key there, and the number that the tracker there has for it (a key may change), where it
    has one. `moved`: when; `sweeps`: days on which the move changed statuses, and no work did.
    """

    into: str
    pairs: tuple[tuple[str, ...], ...] = ()
    moved: datetime | None = None
    sweeps: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueRule:
    """Which issues are meant: all lists that are not empty must hold."""

    types: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CycleTimeRule:
    """A cycle time of the team's own: from one of the statuses `start` to one of `done`, in lower case.

    Empty `start`: from creation; empty `done`: to the last entry into done. `from_last`: from the last entry into
    the start statuses before the end, instead of the first.
    """

    name: str
    start: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    from_last: bool = False


@dataclass(frozen=True, slots=True)
class BudgetTerms:
    """What the work may cost: `total`, and what the team costs a week, from the start and from later days on."""

    total: float | None = None
    rate_per_week: float | None = None
    start: date | None = None
    end: date | None = None
    currency: str = ""
    rates: tuple[tuple[date, float], ...] = ()


@dataclass(frozen=True, slots=True)
class TypedTotals:
    """What somebody typed in that remains, `as_of` a day of the last week that it takes into account."""

    items: float | None = None
    points: float | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class SyncNote:
    """The last complete sync: when it was, what it asked of whom, and how many issues matched.

    `brought`: how many issues were new, changed and removed; None where an earlier version kept no count.
    """

    at: datetime
    jql: str
    issues: int
    base_url: str = ""
    brought: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """One import. `new` and `changed` count issues, `changes` what happened to issues since the export before.

    `updated` and `dated`: how far the file's knowledge reaches, its latest update and the latest day that anything in
    it has; `content` tells it from other files; `was_older` than one imported before. `file` is its name alone, never
    where it lay. `warnings`: what was said about it. `unused`: the columns from which nothing was taken.
    """

    at: datetime
    file: str = ""
    recognised_as: str = ""
    kind: str = ""
    rows: int = 0
    kept: int = 0
    rejected: int = 0
    new: int = 0
    changed: int = 0
    changes: int = 0
    updated: datetime | None = None
    dated: datetime | None = None
    content: str = ""
    was_older: bool = False
    warnings: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
