"""MemoryBackend: the whole repository in dictionaries, for tests and for stores that are files as a whole."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from operator import itemgetter
from pathlib import Path
from secrets import token_hex

from store import records
from store.backend import PersistenceBackend
from store.errors import DuplicateName, Refused, UnknownQuery
from store.names import free_name
from store.storable import refuse_nul, refuse_nul_in_texts
from store.texts import N_
from store.upkeep import Clock, NoUpkeep, Upkeep, utc_now

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass
class QueryData:
    """One query with everything stored about it."""

    query: records.Query
    issues: dict[str, records.Issue] = field(default_factory=dict)
    changes: dict[str, tuple[records.Change, ...]] = field(default_factory=dict)
    sprints: dict[str, records.Sprint] = field(default_factory=dict)
    weeks: tuple[records.Week, ...] = ()
    corrections: tuple[records.Correction, ...] = ()
    project_data: records.ProjectData | None = None
    snapshots: dict[tuple[str, str], records.Snapshot] = field(default_factory=dict)
    forecasts: dict[tuple[date, str, str], records.ForecastMade] = field(default_factory=dict)
    pages: dict[str, records.CachedPage] = field(default_factory=dict)
    changelogs: dict[str, records.CachedChangelog] = field(default_factory=dict)

    def copied(self) -> QueryData:
        """A copy that shares the (frozen) records but none of the dictionaries."""
        values = {name: copy.copy(getattr(self, name)) for name in self.__dataclass_fields__}
        return QueryData(**values)


@dataclass
class Waiting:
    """What can be taken back, with all that it needs: of an import, the query as it was before."""

    about: records.Undoable
    profile: records.Profile | None = None
    milestones: tuple[records.Milestone, ...] = ()
    queries: tuple[QueryData, ...] = ()


@dataclass
class State:
    """The whole store. `revision` is the highest that any query ever had."""

    profiles: dict[str, records.Profile] = field(default_factory=dict)
    queries: dict[records.QueryRef, QueryData] = field(default_factory=dict)
    milestones: dict[str, tuple[records.Milestone, ...]] = field(default_factory=dict)
    app_state: dict[str, str] = field(default_factory=dict)
    active: records.QueryRef | None = None
    tasks: dict[str, records.Task] = field(default_factory=dict)
    migrations: tuple[records.MigrationEntry, ...] = ()
    revision: int = 0
    waiting: dict[str, Waiting] = field(default_factory=dict)

    def copied(self) -> State:
        return replace(
            self,
            profiles=dict(self.profiles),
            queries={ref: data.copied() for ref, data in self.queries.items()},
            milestones=dict(self.milestones),
            app_state=dict(self.app_state),
            tasks=dict(self.tasks),
            waiting=dict(self.waiting),
        )


def _is_before(moment: datetime, other: datetime) -> bool:
    """Compared in UTC: Python compares two times of one zone by the wall, wrong in the hour that comes twice."""
    return moment.astimezone(UTC) < other.astimezone(UTC)


class MemoryBackend(PersistenceBackend):
    """Every method holds one lock; a transaction holds it throughout and puts the old state back on failure."""

    def __init__(self, state: State | None = None) -> None:
        self._state = state or State()
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self, *, lasting: bool = True) -> Iterator[None]:
        with self._lock:
            before = self._state.copied()
            try:
                yield
            except BaseException:
                self._state = before
                raise

    def _writing(self) -> AbstractContextManager[None]:
        """Around each method that writes. A store on disk makes it a transaction of its own."""
        return self._locked()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock:
            yield

    # -- profiles and queries -----------------------------------------------------------------------

    def get_profile(self, profile_id: str) -> records.Profile | None:
        return self._state.profiles.get(profile_id)

    def list_profiles(self) -> list[records.Profile]:
        with self._lock:
            return sorted(
                self._state.profiles.values(), key=lambda profile: (-profile.last_used.timestamp(), profile.id)
            )

    def save_profile(self, profile: records.Profile) -> None:
        refuse_nul([profile])
        with self._writing():
            if any(other.name == profile.name and other.id != profile.id for other in self._state.profiles.values()):
                raise DuplicateName(
                    N_("There is a project called {name!r} already. Choose another name.", name=profile.name)
                )
            self._state.profiles[profile.id] = profile
            self._raise_profile(profile.id)

    def delete_profile(self, profile_id: str) -> None:
        with self._writing():
            self._state.profiles.pop(profile_id, None)
            self._state.milestones.pop(profile_id, None)
            for ref in [ref for ref in self._state.queries if ref.profile_id == profile_id]:
                del self._state.queries[ref]
            self._forget_state(lambda owner: owner.startswith(f"{profile_id}/"))

    def get_query(self, ref: records.QueryRef) -> records.Query | None:
        data = self._state.queries.get(ref)
        return data.query if data else None

    def list_queries(self, profile_id: str) -> list[records.Query]:
        with self._lock:
            mine = [data.query for ref, data in self._state.queries.items() if ref.profile_id == profile_id]
        return sorted(mine, key=lambda query: (-query.last_used.timestamp(), query.id))

    def save_query(self, query: records.Query) -> None:
        refuse_nul([query])
        with self._writing():
            self._profile(query.profile_id)
            if any(other.name == query.name and other.id != query.id for other in self.list_queries(query.profile_id)):
                raise DuplicateName(
                    N_("There is a work list called {name!r} already. Choose another name.", name=query.name)
                )
            self._state.queries.setdefault(query.ref, QueryData(query)).query = query
            self._raise(query.ref)

    def delete_query(self, ref: records.QueryRef) -> None:
        with self._writing():
            self._state.queries.pop(ref, None)
            self._forget_state(lambda owner: owner == "/".join(ref))

    def work(self, ref: records.QueryRef) -> tuple[records.Profile, records.Query]:
        with self._lock:
            return self._profile(ref.profile_id), self._data(ref).query

    def _forget_state(self, belongs: Callable[[str], bool]) -> None:
        """The keys whose owner, what follows their first slash, belongs to what is deleted."""
        for key in [key for key in self._state.app_state if belongs(key.partition("/")[2])]:
            del self._state.app_state[key]

    def active_query(self) -> records.QueryRef | None:
        with self._lock:
            return self._state.active if self._state.active in self._state.queries else None

    def switch_query(self, ref: records.QueryRef, at: datetime) -> None:
        with self._writing():
            data = self._data(ref)
            data.query = replace(data.query, last_used=at)
            self._state.profiles[ref.profile_id] = replace(self._state.profiles[ref.profile_id], last_used=at)
            self._state.active = ref

    # -- what can be taken back: as long as this object lives -----------------------------------------

    def discard_profile(self, profile_id: str, at: datetime, until: datetime) -> str:
        with self._writing():
            profile = self._profile(profile_id)
            queries = tuple(data for ref, data in self._state.queries.items() if ref.profile_id == profile_id)
            about = records.Undoable(
                token_hex(5), "profile", "deleted project", profile_id, profile.name, "", "", at, until
            )
            milestones = self._state.milestones.get(profile_id, ())
            self._state.waiting[about.id] = Waiting(about, profile, milestones, queries)
            self.delete_profile(profile_id)
            return about.id

    def discard_query(self, ref: records.QueryRef, at: datetime, until: datetime) -> str:
        with self._writing():
            return self._keep(ref, "query", "deleted work list", at, until, then=self.delete_query)

    def remember_import(
        self, ref: records.QueryRef, what: str, at: datetime, until: datetime, created: str = ""
    ) -> str:
        with self._writing():
            same = [name for name, kept in self._state.waiting.items()
                    if kept.about.kind == "import" and kept.about.ref == ref]  # fmt: skip
            for name in same:
                del self._state.waiting[name]
            return self._keep(ref, "import", what, at, until, created)

    def _keep(
        self,
        ref: records.QueryRef,
        kind: str,
        what: str,
        at: datetime,
        until: datetime,
        made: str = "",
        then: Callable[[records.QueryRef], None] = lambda ref: None,
    ) -> str:
        data, profile = self._data(ref), self._profile(ref.profile_id)
        about = records.Undoable(
            token_hex(5), kind, what, ref.profile_id, profile.name, ref.query_id, data.query.name, at, until, made
        )
        self._state.waiting[about.id] = Waiting(about, queries=(data.copied(),))
        then(ref)
        return about.id

    def list_undoable(self) -> list[records.Undoable]:
        with self._lock:
            kept = [waiting.about for waiting in self._state.waiting.values()]
        # Of one second, the later one is the newer.
        return sorted(kept, key=lambda entry: entry.at)[::-1]

    def undo(self, undo_id: str, at: datetime, until: datetime) -> records.QueryRef | None:
        with self._writing():
            waiting = self._state.waiting.get(undo_id)
            if waiting is None:
                raise Refused(
                    N_("There is nothing called {undo_id} to take back. It may be too long ago.", undo_id=undo_id)
                )
            ref = self._take_back(waiting, at, until)
            del self._state.waiting[undo_id]
            return ref

    def _take_back(self, waiting: Waiting, at: datetime, until: datetime) -> records.QueryRef | None:
        about = waiting.about
        if waiting.profile is not None:
            return self._put_profile_back(waiting, waiting.profile)
        if about.kind == "query":
            return self._put_query_back(about, waiting.queries[0].copied())
        if about.ref not in self._state.queries:
            raise Refused(
                N_("The work list {query} is deleted. Take that back first, then its import.", query=about.query)
            )
        if about.made:
            alone = len(self.list_queries(about.profile_id)) == 1
            if about.made == "profile" and alone:
                self.discard_profile(about.profile_id, at, until)
            else:
                self.discard_query(about.ref, at, until)
            return None
        data, before = self._state.queries[about.ref], waiting.queries[0].copied()
        data.issues, data.changes = before.issues, before.changes
        data.sprints, data.weeks, data.project_data = before.sprints, before.weeks, before.project_data
        earlier = {key: each for key, each in data.forecasts.items() if each.made_at < about.at}
        data.forecasts = earlier | before.forecasts
        self._raise(about.ref)
        return about.ref

    def _put_profile_back(self, waiting: Waiting, profile: records.Profile) -> records.QueryRef | None:
        id_ = f"p_{token_hex(6)}" if profile.id in self._state.profiles else profile.id
        name = free_name(profile.name, [other.name for other in self._state.profiles.values()])
        self._state.profiles[id_] = replace(profile, id=id_, name=name)
        self._state.milestones[id_] = waiting.milestones
        for data in (kept.copied() for kept in waiting.queries):
            data.query = replace(data.query, profile_id=id_)
            self._state.queries[data.query.ref] = data
        self._raise_profile(id_)
        return next((query.ref for query in self.list_queries(id_)), None)

    def _put_query_back(self, about: records.Undoable, data: QueryData) -> records.QueryRef:
        if about.profile_id not in self._state.profiles:
            raise Refused(
                N_(
                    "The project {profile} that it belongs to is deleted too. Take that back first.",
                    profile=about.profile,
                )
            )
        id_ = f"q_{token_hex(6)}" if about.ref in self._state.queries else about.query_id
        name = free_name(about.query, [query.name for query in self.list_queries(about.profile_id)])
        data.query = replace(data.query, id=id_, name=name)
        self._state.queries[data.query.ref] = data
        self._raise(data.query.ref)
        return data.query.ref

    def purge_undoable(self, now: datetime) -> int:
        with self._writing():
            over = [name for name, waiting in self._state.waiting.items() if waiting.about.until <= now]
            for name in over:
                del self._state.waiting[name]
            return len(over)

    # -- app state ----------------------------------------------------------------------------------

    def get_state(self, key: str) -> str | None:
        return self._state.app_state.get(key)

    def set_state(self, key: str, value: str | None) -> None:
        refuse_nul_in_texts(key, value)
        with self._writing():
            if value is None:
                self._state.app_state.pop(key, None)
            else:
                self._state.app_state[key] = value

    # -- facts --------------------------------------------------------------------------------------

    def revision(self, ref: records.QueryRef) -> int:
        data = self._state.queries.get(ref)
        return data.query.revision if data else 0

    def load_facts(self, ref: records.QueryRef) -> records.QueryFacts:
        with self._lock:
            data = self._data(ref)
            return records.QueryFacts(
                profile=self._state.profiles[ref.profile_id],
                query=data.query,
                issues=tuple(self.list_issues(ref)),
                changes=tuple(self.list_changes(ref)),
                sprints=tuple(self.list_sprints(ref)),
                weeks=data.weeks,
                milestones=tuple(self.list_milestones(ref.profile_id)),
                project_data=data.project_data,
                corrections=data.corrections,
                forecasts=tuple(self.list_forecasts(ref)),
            )

    def list_issues(self, ref: records.QueryRef, keys: Collection[str] | None = None) -> list[records.Issue]:
        with self._lock:
            data = self._state.queries.get(ref)
            issues = list(data.issues.values()) if data else []
        return issues if keys is None else [issue for issue in issues if issue.key in keys]

    def list_keys(self, ref: records.QueryRef) -> list[records.IssueKey]:
        with self._lock:
            data = self._state.queries.get(ref)
            stored = data.issues.values() if data else ()
            return [records.IssueKey(issue.key, issue.source_id, issue.in_query) for issue in stored]

    def upsert_issues(
        self, ref: records.QueryRef, issues: Iterable[records.Issue], changes: Iterable[records.Change] | None = None
    ) -> None:
        new = {issue.key: issue for issue in issues}
        refuse_nul(list(new.values()))
        histories: dict[str, list[records.Change]] = {key: [] for key in new}
        for change in changes or ():
            if change.issue_key not in histories:
                raise ValueError(f"a change of {change.issue_key!r}, which is not among the issues saved")
            histories[change.issue_key].append(change)
            refuse_nul([change])
        with self._writing():
            data = self._data(ref)
            data.issues.update(new)
            if changes is not None:
                data.changes.update({key: tuple(history) for key, history in histories.items()})
            self._raise(ref)

    def delete_issues(self, ref: records.QueryRef, keys: Iterable[str]) -> None:
        gone = set(keys)
        with self._writing():
            data = self._data(ref)
            data.issues = {key: issue for key, issue in data.issues.items() if key not in gone}
            data.changes = {key: history for key, history in data.changes.items() if key not in gone}
            self._raise(ref)

    def list_changes(self, ref: records.QueryRef, keys: Collection[str] | None = None) -> list[records.Change]:
        with self._lock:
            data = self._state.queries.get(ref)
            histories = data.changes if data else {}
            listed = [entry for key, history in histories.items() if keys is None or key in keys for entry in history]
        return sorted(listed, key=lambda change: (change.issue_key, change.at))

    def save_sprints(self, ref: records.QueryRef, sprints: Iterable[records.Sprint]) -> None:
        new = {sprint.name: sprint for sprint in sprints}
        refuse_nul(list(new.values()))
        with self._writing():
            self._data(ref).sprints.update(new)
            self._raise(ref)

    def delete_sprints(self, ref: records.QueryRef, names: Iterable[str]) -> None:
        with self._writing():
            sprints = self._data(ref).sprints
            for name in names:
                sprints.pop(name, None)
            self._raise(ref)

    def list_sprints(self, ref: records.QueryRef) -> list[records.Sprint]:
        with self._lock:
            data = self._state.queries.get(ref)
            sprints = list(data.sprints.values()) if data else []
        return sorted(sprints, key=lambda sprint: (sprint.start is None, sprint.start or _LAST, sprint.name))

    def replace_weeks(self, ref: records.QueryRef, weeks: Sequence[records.Week]) -> None:
        refuse_nul(weeks)
        with self._writing():
            self._data(ref).weeks = tuple(weeks)
            self._raise(ref)

    def list_weeks(self, ref: records.QueryRef) -> list[records.Week]:
        data = self._state.queries.get(ref)
        return list(data.weeks) if data else []

    def replace_corrections(self, ref: records.QueryRef, corrections: Iterable[records.Correction]) -> None:
        by_day = {correction.day: correction for correction in corrections}
        with self._writing():
            self._data(ref).corrections = tuple(by_day[day] for day in sorted(by_day))
            self._raise(ref)

    def list_corrections(self, ref: records.QueryRef) -> list[records.Correction]:
        data = self._state.queries.get(ref)
        return list(data.corrections) if data else []

    def get_project_data(self, ref: records.QueryRef) -> records.ProjectData | None:
        data = self._state.queries.get(ref)
        return data.project_data if data else None

    def save_project_data(self, ref: records.QueryRef, data: records.ProjectData) -> None:
        with self._writing():
            self._data(ref).project_data = data
            self._raise(ref)

    def list_milestones(self, profile_id: str) -> list[records.Milestone]:
        return sorted(self._state.milestones.get(profile_id, ()), key=lambda milestone: (milestone.day, milestone.name))

    def replace_milestones(self, profile_id: str, milestones: Iterable[records.Milestone]) -> None:
        new = tuple(milestones)
        refuse_nul(new)
        with self._writing():
            self._profile(profile_id)
            self._state.milestones[profile_id] = new
            self._raise_profile(profile_id)

    # -- recorded -----------------------------------------------------------------------------------

    def save_snapshots(self, ref: records.QueryRef, snapshots: Iterable[records.Snapshot]) -> None:
        new = {(snapshot.week, snapshot.metric): snapshot for snapshot in snapshots}
        refuse_nul(list(new.values()))
        with self._writing():
            self._data(ref).snapshots.update(new)

    def list_snapshots(self, ref: records.QueryRef) -> list[records.Snapshot]:
        with self._lock:
            data = self._state.queries.get(ref)
            return [snapshot for _, snapshot in sorted(data.snapshots.items(), key=itemgetter(0))] if data else []

    def save_forecast(self, ref: records.QueryRef, forecast: records.ForecastMade) -> None:
        refuse_nul([forecast])
        with self._writing():
            key = (forecast.as_of, str(forecast.unit), str(forecast.method))
            self._data(ref).forecasts[key] = forecast

    def list_forecasts(self, ref: records.QueryRef) -> list[records.ForecastMade]:
        with self._lock:
            data = self._state.queries.get(ref)
            return [forecast for _, forecast in sorted(data.forecasts.items(), key=itemgetter(0))] if data else []

    def get_note(self, ref: records.QueryRef, name: str) -> str | None:
        return self.get_state("/".join((name, *ref)))

    def set_note(self, ref: records.QueryRef, name: str, text: str | None) -> None:
        self.set_state("/".join((name, *ref)), text)

    # -- tracker answers ----------------------------------------------------------------------------

    def save_pages(self, ref: records.QueryRef, pages: Iterable[records.CachedPage]) -> None:
        new = {page.cache_key: page for page in pages}
        refuse_nul(list(new.values()))
        with self._writing():
            self._data(ref).pages.update(new)

    def get_page(self, ref: records.QueryRef, cache_key: str, now: datetime) -> records.CachedPage | None:
        with self._lock:
            data = self._state.queries.get(ref)
            page = data.pages.get(cache_key) if data else None
        return page if page is not None and _is_before(now, page.expires_at) else None

    def list_pages(self, ref: records.QueryRef) -> list[records.CachedPage]:
        with self._lock:
            data = self._state.queries.get(ref)
            return list(data.pages.values()) if data else []

    def save_changelogs(self, ref: records.QueryRef, changelogs: Iterable[records.CachedChangelog]) -> None:
        new = {changelog.issue_key: changelog for changelog in changelogs}
        refuse_nul(list(new.values()))
        with self._writing():
            self._data(ref).changelogs.update(new)

    def list_changelogs(self, ref: records.QueryRef) -> list[records.CachedChangelog]:
        with self._lock:
            data = self._state.queries.get(ref)
            return [changelog for _, changelog in sorted(data.changelogs.items(), key=itemgetter(0))] if data else []

    def cleanup_expired(self, now: datetime, named: Mapping[records.QueryRef, Collection[str]] | None = None) -> int:
        named = named or {}
        with self._writing():
            before = self._cached()
            for ref, data in self._state.queries.items():
                data.pages = {
                    key: page
                    for key, page in data.pages.items()
                    if key in named.get(ref, ()) or _is_before(now, page.expires_at)
                }
                if ref not in named:
                    data.changelogs = {
                        key: entry for key, entry in data.changelogs.items() if _is_before(now, entry.expires_at)
                    }
            return before - self._cached()

    # -- jobs and journal ---------------------------------------------------------------------------

    def save_task(self, task: records.Task) -> None:
        refuse_nul([task])
        with self._writing():
            self._state.tasks[task.name] = task

    def list_tasks(self) -> list[records.Task]:
        with self._lock:
            return [task for _, task in sorted(self._state.tasks.items(), key=itemgetter(0))]

    def add_migration(self, entry: records.MigrationEntry) -> None:
        refuse_nul([entry])
        with self._writing():
            self._state.migrations += (entry,)

    def list_migrations(self) -> list[records.MigrationEntry]:
        return list(self._state.migrations)

    # -- the whole ----------------------------------------------------------------------------------

    def counts(self, ref: records.QueryRef | None = None) -> records.Counts:
        with self._lock:
            if ref is None:
                chosen = list(self._state.queries.values())
                profiles = len(self._state.profiles)
            else:
                chosen = [self._state.queries[ref]] if ref in self._state.queries else []
                profiles = len(chosen)
            recorded = [[key for key in data.snapshots if key[1] != "trends"] for data in chosen]
            return records.Counts(
                profiles=profiles,
                queries=len(chosen),
                issues=sum(len(data.issues) for data in chosen),
                issue_changes=sum(len(history) for data in chosen for history in data.changes.values()),
                statistics=sum(len(data.weeks) for data in chosen),
                snapshot_weeks=sum(len({week for week, _ in keys}) for keys in recorded),
                snapshot_records=sum(len(keys) for keys in recorded),
                forecasts=sum(len(data.forecasts) for data in chosen),
            )

    def upkeep(self, profiles_dir: Path, clock: Clock = utc_now) -> Upkeep:
        return NoUpkeep()

    def close(self) -> None:
        return None

    # -- within -------------------------------------------------------------------------------------

    def _data(self, ref: records.QueryRef) -> QueryData:
        data = self._state.queries.get(ref)
        if data is None:
            raise UnknownQuery(N_("This work list no longer exists. Choose another one."))
        return data

    def _profile(self, profile_id: str) -> records.Profile:
        profile = self._state.profiles.get(profile_id)
        if profile is None:
            raise UnknownQuery(N_("This project no longer exists. Choose another one."))
        return profile

    def _raise(self, ref: records.QueryRef) -> None:
        """The counter is the store's own, so that a query made again never repeats an old revision."""
        self._state.revision += 1
        data = self._data(ref)
        data.query = replace(data.query, revision=self._state.revision)

    def _raise_profile(self, profile_id: str) -> None:
        for ref in self._state.queries:
            if ref.profile_id == profile_id:
                self._raise(ref)

    def _cached(self) -> int:
        return sum(len(data.pages) + len(data.changelogs) for data in self._state.queries.values())
