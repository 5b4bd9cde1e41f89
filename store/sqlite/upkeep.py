"""Upkeep of a database in the data folder: its snapshots and the way back, behind the face that all engines have."""

from __future__ import annotations

from pathlib import Path

from store.sqlite import backup, restore
from store.sqlite.backup import OpenDatabase
from store.sqlite.checks import describe, reload
from store.upkeep import Clock, Description, Restored, SnapshotFile


class SQLiteUpkeep:
    """See `store.upkeep.Upkeep`. What it remembers is the open database's."""

    # Nobody goes on with a copy while there is the database itself.
    is_behind = False

    def __init__(self, backend: OpenDatabase, profiles_dir: Path, clock: Clock) -> None:
        self._backend, self._folder, self._clock = backend, profiles_dir, clock

    @property
    def read_only(self) -> bool:
        return self._backend.read_only

    @property
    def notice(self) -> str:
        return ""

    @property
    def changed(self) -> bool:
        return self._backend.changed_since_snapshot

    def snapshot(self, reason: str = "", to: Path | None = None) -> SnapshotFile | None:
        if self._backend.read_only:
            return backup.snapshot_file(self._folder, to, reason, self._clock)
        if reason == "exit":
            # Closing would do it after the snapshot, and the next start take the two for different.
            self._backend.optimize()
        return backup.snapshot(self._backend, self._folder, to, reason, self._clock)

    def check(self) -> list[str]:
        problems = backup.quick_check(self._backend)
        return [f"The database is damaged. {backup.advice(self._folder)}"] if problems else []

    def describe(self) -> Description:
        return describe(self._folder)

    def restore(self, snapshot: Path) -> Restored:
        return restore.restore_open(self._backend, self._folder, snapshot, self._clock)

    def renew(self) -> str:
        return reload(self._backend.connections, self._folder, self._clock)
