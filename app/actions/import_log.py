"""What was imported into a query, file by file, and what was said about files with the same columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b

from app.errors import BadInput
from app.imports.columns import ColumnMapping
from app.imports.freshness import Freshness
from app.imports.plain_names import plain_name
from store.backend import PersistenceBackend
from store.codec import parsed_json
from store.settings import ImportEntry

_STATE = "file-mapping/"


def furthest(entries: Sequence[ImportEntry]) -> Freshness:
    """How far all of them together reach."""
    reached = Freshness()
    for entry in entries:
        reached = reached.joined(Freshness(entry.updated, entry.dated))
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
        return ColumnMapping.from_json(parsed_json(text))
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
