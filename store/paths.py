"""Where the data folder is: decided once at start, from outside to inside, never from the current directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataFolder:
    """`source`: argument, environment, beside, fallback. `notice` says on screen why it is not beside us.

    `other` is a second folder that also holds a database (beside and fallback), never merged or picked silently.
    """

    path: Path
    source: str
    writable: bool
    notice: str = ""
    other: Path | None = None


def resolve(argument: str | None = None) -> DataFolder:
    """`--profiles`, else BURNDOWN_PROFILES, else `profiles/` beside the executable, else the user's data folder.

    Creates nothing that stays behind.
    """
    raise NotImplementedError
