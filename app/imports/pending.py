"""The file that somebody is about to import: kept in memory until its columns are chosen, then let go."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.imports.columns import ColumnMapping
    from app.imports.inspection import Inspection


@dataclass(eq=False)
class PendingFile:
    """`source`: its bytes as uploaded, or where it lies on this computer. Empty names: found out later. `profile_id`:
    of the project that it is meant for, whatever that is called; "" where it is named. `mapping`: what was said about
    it when it was last tried."""

    token: str
    name: str
    source: bytes | Path
    profile_name: str = ""
    query_name: str = ""
    profile_id: str = ""
    mapping: ColumnMapping | None = None

    @cached_property
    def inspection(self) -> Inspection:
        """What is in it. Raises AppError for what is no table."""
        # Files are looked into on one page only; commands need none of it.
        from app.imports.inspection import inspect  # noqa: PLC0415

        return inspect(self.source)


class PendingFiles:
    """The one file at hand. A newer one takes its place: what is chosen for it must name its token."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file: PendingFile | None = None

    def hold(
        self, name: str, source: bytes | Path, profile_name: str = "", query_name: str = "", profile_id: str = ""
    ) -> PendingFile:
        file = PendingFile(token_hex(8), name, source, profile_name.strip(), query_name.strip(), profile_id)
        with self._lock:
            self._file = file
        return file

    def current(self) -> PendingFile | None:
        return self._file

    def get(self, token: str | None) -> PendingFile | None:
        """The file of this token; None when another one has taken its place or it was let go."""
        file = self._file
        return file if file is not None and file.token == token else None

    def release(self, token: str) -> None:
        with self._lock:
            if self._file is not None and self._file.token == token:
                self._file = None
