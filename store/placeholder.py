"""The empty work list that a new project begins with: what comes in first takes its place.

It is one only where it is noted so, and the note stays where it was made. What nobody noted, such as a list of a
bundle, a copy, or what was deleted and put back, may be somebody's: nothing tells any more who chose its name.
"""

from __future__ import annotations

from dataclasses import replace

from store.backend import PersistenceBackend
from store.documents import is_archived, part_of
from store.records import Query, QueryRef
from store.state import CHOSEN

_NOTE = "placeholder"


def note_placeholder(backend: PersistenceBackend, ref: QueryRef) -> None:
    """Within the transaction that makes the list, to which nobody gave a name."""
    backend.set_note(ref, _NOTE, "1")


def taken_placeholder(backend: PersistenceBackend, profile_id: str, name: str) -> Query | None:
    """The placeholder of the project by the name of what takes its place, to be saved; None where there is none. It is
    no placeholder from then on, also where what came in is taken back."""
    empty = _placeholder(backend, profile_id)
    if empty is None:
        return None
    backend.set_note(empty.ref, _NOTE, None)
    return replace(empty, name=name)


def _placeholder(backend: PersistenceBackend, profile_id: str) -> Query | None:
    """The only work list of the project, where nothing is in it and nobody chose anything of it, such as its name."""
    queries = backend.list_queries(profile_id)
    if len(queries) != 1 or queries[0].jql or part_of(queries[0]) is not None or is_archived(queries[0]):
        return None
    ref, counts = queries[0].ref, backend.counts(queries[0].ref)
    is_filled = counts.issues or counts.statistics or backend.get_project_data(ref) is not None
    is_one = backend.get_note(ref, _NOTE) and not backend.get_note(ref, CHOSEN)
    return queries[0] if is_one and not is_filled else None
