"""SQLiteBackend: the repository in one SQLite file, its SQL in parts by what is stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from store import files
from store.backend import PersistenceBackend
from store.errors import StoreError, not_writable
from store.records import (
    CachedChangelog,
    CachedPage,
    Change,
    Correction,
    Counts,
    ForecastMade,
    Issue,
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
from store.sql import schema
from store.sql.books import Bookkeeping
from store.sql.facts import Facts
from store.sql.profiles import Profiles, mark_written
from store.sql.recorded import Answers, Recorded
from store.sql.undo import Undoing
from store.sqlite.connections import (
    IDLE_SECONDS,
    Connections,
    Journal,
    Source,
    choose_journal,
    connect,
    file_uri,
    translated,
)


def create_database(path: Path) -> None:
    """An empty database of our schema at `path`, whole from the first moment it has that name.

    Made under another name first: were the schema still only in a write-ahead log when the power goes, the
    file would lie there without our application id and be taken for somebody else's.
    """
    unfinished = path.with_name(path.name + ".new")
    journal = path.with_name(unfinished.name + "-journal")
    unfinished.unlink(missing_ok=True)
    try:
        # SQLite gives its other files the mode of this one.
        files.new_file(unfinished).close()
    except OSError as exc:
        raise not_writable(f"No database can be made in {path.parent}", exc) from exc
    try:
        with translated(), closing(connect(Source(str(unfinished), journal=Journal.TRUNCATE))) as connection:
            schema.migrate(connection)
        journal.unlink(missing_ok=True)
        files.sync(unfinished)
        files.replace(unfinished, path)
    except (StoreError, OSError):
        # On a full disk it would take the room that there still is.
        for left_over in (unfinished, journal):
            with suppress(OSError):
                left_over.unlink(missing_ok=True)
        raise


class SQLiteBackend(PersistenceBackend):
    """See PersistenceBackend. Closing leaves the database file alone, without sidecar files.

    Opening makes the file where it is absent or empty and brings an older schema up to date; what must be
    checked and saved before that is `store.opening`'s matter. `source` is given where the file is only read.
    """

    def __init__(
        self,
        path: Path,
        *,
        source: Source | None = None,
        journal: Journal | None = None,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.path = path
        self.connections = Connections(source or _writable(path, journal), idle_seconds)
        self.connections.on_change = mark_written
        self._snapshot_commits = 0
        self._on_close: list[Callable[[], None]] = []
        self._profiles = Profiles(self.connections)
        self._facts = Facts(self.connections)
        self._recorded = Recorded(self.connections)
        self._answers = Answers(self.connections)
        self._books = Bookkeeping(self.connections)
        self._undoing = Undoing(self.connections)

    # -- particular to SQLite -----------------------------------------------------------------------

    @property
    def read_only(self) -> bool:
        return self.connections.source.read_only

    @property
    def changed_since_snapshot(self) -> bool:
        """Whether anything was written since this backend was opened or last snapshot."""
        return self.connections.commits != self._snapshot_commits

    def snapshot_made(self) -> None:
        """Told by `store.backup` while it holds the writers off."""
        self._snapshot_commits = self.connections.commits

    def on_close(self, action: Callable[[], None]) -> None:
        """Run `action` after closing, such as removing a temporary copy."""
        self._on_close.append(action)

    def analyze(self) -> None:
        """Renew the planner's statistics; worth it after bulk loads."""
        with self.connections.exclusive() as connection:
            connection.execute("ANALYZE")

    def optimize(self) -> None:
        """Let SQLite renew the statistics that it finds stale."""
        with self.connections.exclusive() as connection:
            connection.execute("PRAGMA optimize")

    def interrupt_tasks(self, at: datetime) -> int:
        """Mark tasks that a crash left waiting or running; their number."""
        return self._books.interrupt_tasks(at)

    @contextmanager
    def transaction(self, *, lasting: bool = True) -> Iterator[None]:
        with self.connections.transaction(lasting=lasting):
            yield

    def close(self) -> None:
        self.connections.close()
        while self._on_close:
            self._on_close.pop()()

    # -- profiles and queries -------------------------------------------------------------------------

    def get_profile(self, profile_id: str) -> Profile | None:
        return self._profiles.get_profile(profile_id)

    def list_profiles(self) -> list[Profile]:
        return self._profiles.list_profiles()

    def save_profile(self, profile: Profile) -> None:
        self._profiles.save_profile(profile)

    def delete_profile(self, profile_id: str) -> None:
        self._profiles.delete_profile(profile_id)

    def get_query(self, ref: QueryRef) -> Query | None:
        return self._profiles.get_query(ref)

    def list_queries(self, profile_id: str) -> list[Query]:
        return self._profiles.list_queries(profile_id)

    def save_query(self, query: Query) -> None:
        self._profiles.save_query(query)

    def delete_query(self, ref: QueryRef) -> None:
        self._profiles.delete_query(ref)

    def active_query(self) -> QueryRef | None:
        return self._profiles.active_query()

    def switch_query(self, ref: QueryRef, at: datetime) -> None:
        self._profiles.switch_query(ref, at)

    # -- what can be taken back -----------------------------------------------------------------------

    def discard_profile(self, profile_id: str, at: datetime, until: datetime) -> str:
        return self._undoing.discard_profile(profile_id, at, until)

    def discard_query(self, ref: QueryRef, at: datetime, until: datetime) -> str:
        return self._undoing.discard_query(ref, at, until)

    def remember_import(self, ref: QueryRef, what: str, at: datetime, until: datetime, made: str = "") -> str:
        return self._undoing.remember_import(ref, what, at, until, made)

    def list_undoable(self) -> list[Undoable]:
        return self._undoing.list_undoable()

    def undo(self, undo_id: str, at: datetime, until: datetime) -> QueryRef | None:
        return self._undoing.undo(undo_id, at, until)

    def purge_undoable(self, now: datetime) -> int:
        return self._undoing.purge_undoable(now)

    # -- app state ------------------------------------------------------------------------------------

    def get_state(self, key: str) -> str | None:
        return self._books.get_state(key)

    def set_state(self, key: str, value: str | None) -> None:
        self._books.set_state(key, value)

    # -- facts of a query -----------------------------------------------------------------------------

    def revision(self, ref: QueryRef) -> int:
        return self._profiles.revision(ref)

    def load_facts(self, ref: QueryRef) -> QueryFacts:
        return self._facts.load_facts(ref)

    def list_issues(self, ref: QueryRef, keys: Collection[str] | None = None) -> list[Issue]:
        return self._facts.list_issues(ref, keys)

    def upsert_issues(self, ref: QueryRef, issues: Iterable[Issue], changes: Iterable[Change] | None = None) -> None:
        self._facts.upsert_issues(ref, issues, changes)

    def delete_issues(self, ref: QueryRef, keys: Iterable[str]) -> None:
        self._facts.delete_issues(ref, keys)

    def list_changes(self, ref: QueryRef, keys: Collection[str] | None = None) -> list[Change]:
        return self._facts.list_changes(ref, keys)

    def save_sprints(self, ref: QueryRef, sprints: Iterable[Sprint]) -> None:
        self._facts.save_sprints(ref, sprints)

    def delete_sprints(self, ref: QueryRef, names: Iterable[str]) -> None:
        self._facts.delete_sprints(ref, names)

    def list_sprints(self, ref: QueryRef) -> list[Sprint]:
        return self._facts.list_sprints(ref)

    def replace_weeks(self, ref: QueryRef, weeks: Sequence[Week]) -> None:
        self._facts.replace_weeks(ref, weeks)

    def list_weeks(self, ref: QueryRef) -> list[Week]:
        return self._facts.list_weeks(ref)

    def replace_corrections(self, ref: QueryRef, corrections: Iterable[Correction]) -> None:
        self._facts.replace_corrections(ref, corrections)

    def list_corrections(self, ref: QueryRef) -> list[Correction]:
        return self._facts.list_corrections(ref)

    def get_project_data(self, ref: QueryRef) -> ProjectData | None:
        return self._facts.get_project_data(ref)

    def save_project_data(self, ref: QueryRef, data: ProjectData) -> None:
        self._facts.save_project_data(ref, data)

    def list_milestones(self, profile_id: str) -> list[Milestone]:
        return self._facts.list_milestones(profile_id)

    def replace_milestones(self, profile_id: str, milestones: Iterable[Milestone]) -> None:
        self._facts.replace_milestones(profile_id, milestones)

    # -- what was recorded ----------------------------------------------------------------------------

    def save_snapshots(self, ref: QueryRef, snapshots: Iterable[Snapshot]) -> None:
        self._recorded.save_snapshots(ref, snapshots)

    def list_snapshots(self, ref: QueryRef) -> list[Snapshot]:
        return self._recorded.list_snapshots(ref)

    def save_forecast(self, ref: QueryRef, forecast: ForecastMade) -> None:
        self._recorded.save_forecast(ref, forecast)

    def list_forecasts(self, ref: QueryRef) -> list[ForecastMade]:
        return self._recorded.list_forecasts(ref)

    # -- tracker answers ------------------------------------------------------------------------------

    def save_pages(self, ref: QueryRef, pages: Iterable[CachedPage]) -> None:
        self._answers.save_pages(ref, pages)

    def get_page(self, ref: QueryRef, cache_key: str, now: datetime) -> CachedPage | None:
        return self._answers.get_page(ref, cache_key, now)

    def list_pages(self, ref: QueryRef) -> list[CachedPage]:
        return self._answers.list_pages(ref)

    def save_changelogs(self, ref: QueryRef, changelogs: Iterable[CachedChangelog]) -> None:
        self._answers.save_changelogs(ref, changelogs)

    def list_changelogs(self, ref: QueryRef) -> list[CachedChangelog]:
        return self._answers.list_changelogs(ref)

    def cleanup_expired(self, now: datetime, named: Mapping[QueryRef, Collection[str]] | None = None) -> int:
        return self._answers.cleanup_expired(now, named or {})

    # -- jobs, journal, the whole ---------------------------------------------------------------------

    def save_task(self, task: Task) -> None:
        self._books.save_task(task)

    def list_tasks(self) -> list[Task]:
        return self._books.list_tasks()

    def add_migration(self, entry: MigrationEntry) -> None:
        self._books.add_migration(entry)

    def list_migrations(self) -> list[MigrationEntry]:
        return self._books.list_migrations()

    def counts(self, ref: QueryRef | None = None) -> Counts:
        return self._books.counts(ref)


def _writable(path: Path, journal: Journal | None) -> Source:
    if files.size(path) == 0:
        create_database(path)
    with translated():
        chosen = journal or choose_journal(path)
        # `rw`: a file that is gone must not be made anew, empty, by whoever asks next.
        source = Source(
            file_uri(path, mode="rw"), uri=True, journal=chosen, shared=chosen is Journal.WAL_EXCLUSIVE, file=path
        )
        connection = connect(source)
        try:
            schema.migrate(connection)
        finally:
            connection.close()
    return source


def in_memory(content: sqlite3.Connection | None = None) -> SQLiteBackend:
    """A store for reading that no file belongs to: empty, or with what `content` holds brought up to our schema."""
    backend = SQLiteBackend(Path(":memory:"), source=Source(":memory:", shared=True, read_only=True))
    with backend.connections.exclusive() as connection:
        connection.execute("PRAGMA query_only = OFF")
        if content is not None:
            content.backup(connection)
        schema.migrate(connection)
        connection.execute("PRAGMA query_only = ON")
    return backend
