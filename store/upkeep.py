"""What an engine offers beside its data: whether it may be changed, snapshots, a check, facts about it, a way back.

Whoever needs one of these asks the backend's `upkeep`, never what kind of backend it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from store.errors import NotWritable, Refused, StoreError, reason
from store.texts import N_

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
# Hears a sentence that the user should see.
Tell = Callable[[str], None]
SAVED_ALL_THE_SAME = N_("The changes are saved, but no backup could be made of them")


def utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """A finished snapshot. `reason` is a word or nothing, such as "exit"."""

    file: Path
    bytes: int
    made_at: datetime
    reason: str = ""

    @property
    def kind(self) -> str:
        """The reason, without the number that a second one of the same second has."""
        word, _, number = self.reason.rpartition("-")
        return word if number.isdigit() else self.reason


@dataclass(frozen=True, slots=True)
class Restored:
    """`set_aside`: the folder that now holds the database from before; None where there was none."""

    restored: Path
    set_aside: Path | None


@dataclass(frozen=True, slots=True)
class Description:
    """Facts about the store; zero and empty where there is none. `journal_mode`: wal, rollback, server.

    `store`: the address of a team's store and `server` its version; empty for a database in the folder.
    """

    schema_version: int
    sqlite_version: str
    journal_mode: str
    database_bytes: int
    store: str = ""
    server: str = ""


class Upkeep(Protocol):
    """Of one open store in one data folder. Raises `store.errors`."""

    @property
    def read_only(self) -> bool: ...

    @property
    def notice(self) -> str:
        """What every page says of the store at present, such as that its server does not answer; empty as a rule."""

    @property
    def changed(self) -> bool:
        """Whether anything was written since the store was opened or last snapshot."""

    @property
    def is_behind(self) -> bool:
        """Whether the newest copy lacks a project or work list, so that it is to be made anew at once. Asked often."""

    def snapshot(self, reason: str = "", to: Path | None = None) -> SnapshotFile | None:
        """A checked copy of the whole, in the folder's backups or `to`; None where nothing could be copied."""

    def check(self) -> list[str]:
        """What a quick look at the whole finds wrong, a sentence each; empty when all is in order."""

    def describe(self) -> Description: ...

    def restore(self, snapshot: Path) -> Restored:
        """Put a snapshot in the store's place; the open store goes on with it."""

    def renew(self) -> str:
        """Go on with what another program put in the store's place; a notice, or nothing."""


class NoUpkeep:
    """Of a store that nothing is kept of: one in memory."""

    read_only = False
    changed = False
    is_behind = False
    notice = ""

    def snapshot(self, reason: str = "", to: Path | None = None) -> SnapshotFile | None:
        return None

    def check(self) -> list[str]:
        return []

    def describe(self) -> Description:
        return Description(0, "", "", 0)

    def restore(self, snapshot: Path) -> Restored:
        raise NotWritable(N_("This store has no file that a backup could be put into. Nothing was changed."))

    def renew(self) -> str:
        raise Refused(N_("This store has no file that could be exchanged."))


def snapshot_if_changed(upkeep: Upkeep, is_empty: Callable[[], bool], why: str, tell: Tell) -> SnapshotFile | None:
    """None when nothing changed, when nothing is worth keeping, or when it cannot be made, which is told.

    It must not stop the user's work: what was changed is saved all the same.
    """
    if upkeep.read_only or not upkeep.changed:
        return None
    with only_told(tell, SAVED_ALL_THE_SAME):
        # A store without a profile is not worth keeping, and in time would push out what is.
        return None if is_empty() else upkeep.snapshot(why)
    return None


@contextmanager
def only_told(tell: Tell, what: str) -> Iterator[None]:
    try:
        yield
    except (StoreError, OSError) as exc:
        _log.error("no snapshot was made: %s", exc)
        tell(N_("{what}: {reason}.", what=what, reason=reason(exc)))
