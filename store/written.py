"""What an export left behind; apart from those that write, which a start does without."""

from __future__ import annotations

from dataclasses import dataclass

from store.records import Counts


@dataclass(frozen=True, slots=True)
class ExportResult:
    """`files`: paths within the folder, forward slashes."""

    files: tuple[str, ...]
    counts: Counts
