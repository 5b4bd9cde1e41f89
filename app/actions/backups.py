"""The way back from a damaged database: the newest backup that is whole, in the words of a button."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.words import N_, Nn_
from app.words.formats import Formats
from store.sqlite import restore
from store.sqlite.restore import Contents
from store.upkeep import SnapshotFile


@dataclass(frozen=True, slots=True)
class GoodBackup:
    snapshot: SnapshotFile
    contents: Contents

    @property
    def label(self) -> str:
        """By the clock on the wall: a backup belongs to no profile, so no profile's zone applies."""
        moment = self.snapshot.made_at.astimezone()
        return N_(
            "Put back the backup of {made} ({profiles}, {issues})",
            made=Formats().instant(moment),
            profiles=Nn_("{count} project", "{count} projects", self.contents.profiles),
            issues=Nn_("{count:,} issue", "{count:,} issues", self.contents.issues),
        )


def newest_good(profiles_dir: Path) -> GoodBackup | None:
    """None when no backup in the folder can be put back."""
    backup = restore.newest_good(profiles_dir)
    return GoodBackup(*backup) if backup else None
