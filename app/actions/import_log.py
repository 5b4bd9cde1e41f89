"""What was imported into a query, file by file, and what was said about files with the same columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from app.errors import BadInput
from app.imports.columns import ColumnMapping, plain_name
from app.imports.freshness import Freshness
from store.backend import PersistenceBackend
from store.records import ProjectData

# In `ProjectData.data`, so that it goes with the query into backups, bundles and exported folders.
_KEY = "imports"
_MOST = 200
_MOST_COLUMNS = 200
_STATE = "file-mapping/"
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """One import. `new` and `changed` count issues, `changes` what happened to issues since the export before.

    `reaches`: how far the file's knowledge goes; `content` tells it from other files; `was_older` than one imported
    before. `file` is its name alone, never where it lay. `warnings`: what was said about it. `unused`: the names of
    columns from which nothing was taken.
    """

    file: str
    at: datetime
    recognised_as: str
    kind: str
    rows: int
    kept: int
    rejected: int
    new: int = 0
    changed: int = 0
    changes: int = 0
    reaches: Freshness = field(default_factory=Freshness)
    content: str = ""
    was_older: bool = False
    warnings: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "file": self.file,
            "at": _text(self.at),
            "recognised_as": self.recognised_as,
            "kind": self.kind,
            "rows": self.rows,
            "kept": self.kept,
            "rejected": self.rejected,
            "new": self.new,
            "changed": self.changed,
            "changes": self.changes,
            "updated": _text(self.reaches.updated),
            "dated": _text(self.reaches.dated),
            "content": self.content,
            "was_older": self.was_older,
            "warnings": list(self.warnings),
            "unused": list(self.unused[:_MOST_COLUMNS]),
        }

    @classmethod
    def from_json(cls, document: Any) -> ImportEntry | None:
        """None for what was not written by us, as in an edited folder."""
        if not isinstance(document, Mapping) or (at := _instant(document.get("at"))) is None:
            return None
        numbers = {
            name: _count(document.get(name)) for name in ("rows", "kept", "rejected", "new", "changed", "changes")
        }
        return cls(
            file=str(document.get("file") or ""),
            at=at,
            recognised_as=str(document.get("recognised_as") or ""),
            kind=str(document.get("kind") or ""),
            content=str(document.get("content") or ""),
            was_older=document.get("was_older") is True,
            warnings=_texts(document.get("warnings")),
            unused=_texts(document.get("unused")),
            reaches=Freshness(_instant(document.get("updated")), _instant(document.get("dated"))),
            **numbers,
        )


def imports_of(data: ProjectData | None) -> tuple[ImportEntry, ...]:
    """The imports of a query, oldest first."""
    kept = data.data.get(_KEY) if data is not None else None
    entries = kept if isinstance(kept, list) else []
    return tuple(entry for each in entries if (entry := ImportEntry.from_json(each)) is not None)


def with_import(data: Mapping[str, Any], entry: ImportEntry) -> dict[str, Any]:
    """A query's facts with one more import noted; of very many the oldest are forgotten."""
    kept = data.get(_KEY)
    entries = [*(kept if isinstance(kept, list) else []), entry.to_json()]
    return {**data, _KEY: entries[-_MOST:]}


def furthest(entries: Sequence[ImportEntry]) -> Freshness:
    """How far all of them together reach."""
    reached = Freshness()
    for entry in entries:
        reached = reached.joined(entry.reaches)
    return reached


def was_followed(entries: Sequence[ImportEntry], content: str) -> bool:
    """Whether this very file was imported before, and another one after it: then it is an older one."""
    newer = [entry.content for entry in entries if not entry.was_older]
    return content in newer[:-1] and newer[-1] != content


# -- what was said about columns ------------------------------------------------------------------------


def remembered_mapping(backend: PersistenceBackend, columns: Sequence[str]) -> ColumnMapping | None:
    """What the user said about the last file with these columns; None where nothing was, or it cannot be used."""
    text = backend.get_state(_STATE + _fingerprint(columns))
    if text is None:
        return None
    try:
        return ColumnMapping.from_json(json.loads(text))
    except (ValueError, BadInput):
        return None


def remember_mapping(backend: PersistenceBackend, columns: Sequence[str], mapping: ColumnMapping | None) -> None:
    """None forgets."""
    text = None if mapping is None else json.dumps(mapping.to_json(), ensure_ascii=False)
    backend.set_state(_STATE + _fingerprint(columns), text)


def _fingerprint(columns: Sequence[str]) -> str:
    """The same for the same names in any order: exports add and move columns that nobody asked for."""
    names = "\n".join(sorted({plain_name(column) for column in columns}))
    return blake2b(names.encode(), digest_size=12).hexdigest()


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime(_INSTANT)


def _instant(value: Any) -> datetime | None:
    try:
        return datetime.strptime(value, _INSTANT).replace(tzinfo=UTC) if isinstance(value, str) else None
    except ValueError:
        return None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
