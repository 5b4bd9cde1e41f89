"""PersistenceBackend: the repository that every storage must implement, records in and records out.

It is five small ones together, by who shares what: `Projects`, `Facts`, `Recorded` and `Answers` are the same for all
who work with the data; `State` belongs to one person on one machine, and stays there when the others are shared.

The contract tests (`tests/store/contract/`) say what each method means. Particulars of a storage
(pragmas, files, threads) stay out of here. Methods raise `store.errors` and nothing else on purpose.
Every method is safe to call from any thread. Each write is durable when it returns, or, inside
`transaction()`, when that block ends (or later, where that is asked for).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from store.records import (
    CachedChangelog,
    CachedPage,
    Change,
    Correction,
    Counts,
    ForecastMade,
    Issue,
    IssueKey,
    MigrationEntry,
    Milestone,
    Profile,
    ProjectData,
    Query,
    QueryFacts,
    QueryRef,
    Snapshot,
    Sprint,
    Task,
    Undoable,
    Week,
)
from store.upkeep import Clock, Upkeep, utc_now


class Projects(ABC):
    """Profiles, their queries, and what was deleted of them and can be put back."""

    @abstractmethod
    def get_profile(self, profile_id: str) -> Profile | None: ...

    @abstractmethod
    def list_profiles(self) -> list[Profile]:
        """All profiles, last used first."""

    @abstractmethod
    def save_profile(self, profile: Profile) -> None:
        """Insert or update; its queries and data stay, their revisions rise. Raises DuplicateName."""

    @abstractmethod
    def delete_profile(self, profile_id: str) -> None:
        """Delete it with all its queries and data; unknown ids are ignored."""

    @abstractmethod
    def get_query(self, ref: QueryRef) -> Query | None: ...

    @abstractmethod
    def list_queries(self, profile_id: str) -> list[Query]:
        """The profile's queries, last used first."""

    @abstractmethod
    def save_query(self, query: Query) -> None:
        """Insert or update; `revision` is the backend's own and not taken from the record.

        Raises DuplicateName within the profile, UnknownQuery when the profile does not exist.
        """

    @abstractmethod
    def delete_query(self, ref: QueryRef) -> None:
        """Delete it with all its data; unknown ids are ignored."""

    @abstractmethod
    def work(self, ref: QueryRef) -> tuple[Profile, Query]:
        """A query with its profile, both of one moment. Raises UnknownQuery."""

    # -- what can be taken back: in no list and no count until it is, or until its time is over ---------

    @abstractmethod
    def discard_profile(self, profile_id: str, at: datetime, until: datetime) -> str:
        """Delete it with all its data so that it can be put back; the id for that. Raises UnknownQuery."""

    @abstractmethod
    def discard_query(self, ref: QueryRef, at: datetime, until: datetime) -> str:
        """The same of a query. Raises UnknownQuery."""

    @abstractmethod
    def remember_import(self, ref: QueryRef, what: str, at: datetime, until: datetime, created: str = "") -> str:
        """Before an import changes the query: keep what it may change, in place of what was kept for the one before.

        `created`: "query" or "profile" where these were made for it, and there is nothing to keep. Raises UnknownQuery.
        """

    @abstractmethod
    def list_undoable(self) -> list[Undoable]:
        """Newest first."""

    @abstractmethod
    def undo(self, undo_id: str, at: datetime, until: datetime) -> QueryRef | None:
        """Take it back; the query to look at, if any. Something else that took its id or name meanwhile stays.

        What an import had made is itself discarded then, with `at` and `until`. Raises Refused.
        """

    @abstractmethod
    def purge_undoable(self, now: datetime) -> int:
        """Delete for good what waits until `now` or less; how many."""


class Facts(ABC):
    """What an analysis reads of a query.

    Each write raises the query's revision and raises UnknownQuery when there is no such query.
    """

    @abstractmethod
    def revision(self, ref: QueryRef) -> int:
        """Rises with every change of the query's facts or its profile; 0 for an unknown query."""

    @abstractmethod
    def load_facts(self, ref: QueryRef) -> QueryFacts:
        """Everything an analysis reads, from one consistent view. Raises UnknownQuery."""

    @abstractmethod
    def list_issues(self, ref: QueryRef, keys: Collection[str] | None = None) -> list[Issue]:
        """In the order of insertion; with `keys` those of them that are there, in any order."""

    @abstractmethod
    def list_keys(self, ref: QueryRef) -> list[IssueKey]:
        """Of all issues, in the order of insertion: a tenth of the work of reading them."""

    @abstractmethod
    def upsert_issues(self, ref: QueryRef, issues: Iterable[Issue], changes: Iterable[Change] | None = None) -> None:
        """Insert or overwrite by key. With `changes`, the histories of exactly these issues are replaced
        by them (order of equal instants is kept); with None, histories stay as they are."""

    @abstractmethod
    def delete_issues(self, ref: QueryRef, keys: Iterable[str]) -> None:
        """Forget issues and their histories; unknown keys are ignored."""

    @abstractmethod
    def list_changes(self, ref: QueryRef, keys: Collection[str] | None = None) -> list[Change]:
        """Ordered by issue key, then time; equal instants in the order they were saved. With `keys` only of these
        issues, each issue's together."""

    @abstractmethod
    def save_sprints(self, ref: QueryRef, sprints: Iterable[Sprint]) -> None:
        """Insert or overwrite by name."""

    @abstractmethod
    def delete_sprints(self, ref: QueryRef, names: Iterable[str]) -> None:
        """Forget sprints by name; unknown names are ignored. What issues and histories say of them stays."""

    @abstractmethod
    def list_sprints(self, ref: QueryRef) -> list[Sprint]:
        """By start, those without one last, then by name."""

    @abstractmethod
    def replace_weeks(self, ref: QueryRef, weeks: Sequence[Week]) -> None:
        """Replace all rows; order and duplicates are kept."""

    @abstractmethod
    def list_weeks(self, ref: QueryRef) -> list[Week]:
        """In the order they were saved."""

    @abstractmethod
    def replace_corrections(self, ref: QueryRef, corrections: Iterable[Correction]) -> None:
        """Replace all; of two for the same day the later one stays. No import and no sync touches them."""

    @abstractmethod
    def list_corrections(self, ref: QueryRef) -> list[Correction]:
        """By day."""

    @abstractmethod
    def get_project_data(self, ref: QueryRef) -> ProjectData | None: ...

    @abstractmethod
    def save_project_data(self, ref: QueryRef, data: ProjectData) -> None: ...

    @abstractmethod
    def list_milestones(self, profile_id: str) -> list[Milestone]:
        """By day, then name."""

    @abstractmethod
    def replace_milestones(self, profile_id: str, milestones: Iterable[Milestone]) -> None:
        """Raises the revisions of the profile's queries. Raises UnknownQuery for an unknown profile."""


class Recorded(ABC):
    """What was noted along the way. Nothing of it raises the revision."""

    @abstractmethod
    def save_snapshots(self, ref: QueryRef, snapshots: Iterable[Snapshot]) -> None:
        """Insert or overwrite by week and metric."""

    @abstractmethod
    def list_snapshots(self, ref: QueryRef) -> list[Snapshot]:
        """By week, then metric."""

    @abstractmethod
    def save_forecast(self, ref: QueryRef, forecast: ForecastMade) -> None:
        """Insert or overwrite by as-of day, unit and method."""

    @abstractmethod
    def list_forecasts(self, ref: QueryRef) -> list[ForecastMade]:
        """By as-of day, then unit, then method."""

    @abstractmethod
    def get_note(self, ref: QueryRef, name: str) -> str | None:
        """What was noted of the query under that name, such as how far its sync came; whoever goes on reads it."""

    @abstractmethod
    def set_note(self, ref: QueryRef, name: str, text: str | None) -> None:
        """None removes the note. It is deleted with the query."""

    @abstractmethod
    def add_migration(self, entry: MigrationEntry) -> None: ...

    @abstractmethod
    def list_migrations(self) -> list[MigrationEntry]:
        """Oldest first."""


class Answers(ABC):
    """The tracker's answers as they came."""

    @abstractmethod
    def save_pages(self, ref: QueryRef, pages: Iterable[CachedPage]) -> None:
        """Insert or overwrite by cache key."""

    @abstractmethod
    def get_page(self, ref: QueryRef, cache_key: str, now: datetime) -> CachedPage | None:
        """None when absent or expired: an entry is valid while `now < expires_at`."""

    @abstractmethod
    def list_pages(self, ref: QueryRef) -> list[CachedPage]:
        """All, expired ones too, in the order of insertion: the raw material of a new mapping."""

    @abstractmethod
    def save_changelogs(self, ref: QueryRef, changelogs: Iterable[CachedChangelog]) -> None:
        """Insert or overwrite by issue key."""

    @abstractmethod
    def list_changelogs(self, ref: QueryRef) -> list[CachedChangelog]:
        """All, expired ones too, by issue key."""

    @abstractmethod
    def cleanup_expired(self, now: datetime, named: Mapping[QueryRef, Collection[str]] | None = None) -> int:
        """Delete cache entries with `expires_at <= now`; the number deleted. Histories stay.

        `named`: by query the cache keys that are still needed as raw material, though they answer no question any
        more. They stay, and so do the changelogs of these queries.
        """


class State(ABC):
    """What one person chose on one machine, and what runs there.

    A key of the form name/<profile id>/<query id> belongs to that query and is deleted with it.
    """

    @abstractmethod
    def active_query(self) -> QueryRef | None:
        """The query last switched to, if it still exists."""

    @abstractmethod
    def switch_query(self, ref: QueryRef, at: datetime) -> None:
        """Make it active and stamp it and its profile as last used. Raises UnknownQuery."""

    @abstractmethod
    def get_state(self, key: str) -> str | None: ...

    @abstractmethod
    def set_state(self, key: str, value: str | None) -> None:
        """None removes the key."""

    @abstractmethod
    def save_task(self, task: Task) -> None:
        """Insert or overwrite by name."""

    @abstractmethod
    def list_tasks(self) -> list[Task]:
        """By name."""


class PersistenceBackend(Projects, Facts, Recorded, Answers, State):
    """All of it. `is_shared`: whether others work with the same data."""

    is_shared = False

    @abstractmethod
    def transaction(self, *, lasting: bool = True) -> AbstractContextManager[None]:
        """All writes of this thread inside the block become one: kept together, or none on an exception.

        Nests: an inner block joins the outer one. No network and no long computation inside.
        Without `lasting` the next lasting write makes them durable: until then a power cut, but no crash of the
        program, may take them back, whole and the last first. For what can be fetched again.
        """

    @contextmanager
    def alone(self, what: str, who: str) -> Iterator[None]:
        """Within it nobody else who shares the data does what bears that name; `who` the others are told of.

        It is over with the program that does it, however that ends. Where the data are of one program alone there is
        nobody else. Raises Occupied.
        """
        yield

    @abstractmethod
    def counts(self, ref: QueryRef | None = None) -> Counts:
        """Of one query (profiles and queries are then 1), or of everything."""

    @abstractmethod
    def upkeep(self, profiles_dir: Path, clock: Clock = utc_now) -> Upkeep:
        """What the engine offers beside its data; snapshots go to that folder."""

    @abstractmethod
    def close(self) -> None:
        """Release everything; calling it again does nothing. Later calls of other methods are errors."""
