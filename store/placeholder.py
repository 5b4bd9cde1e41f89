"""The empty work list that a new project begins with: what comes in first takes its place."""

from __future__ import annotations

from store.backend import PersistenceBackend
from store.documents import is_archived, part_of
from store.records import Query
from store.state import CHOSEN


def placeholder(backend: PersistenceBackend, profile_id: str) -> Query | None:
    """The only work list of the project, where nothing is in it and nobody chose anything of it, such as its name."""
    queries = backend.list_queries(profile_id)
    if len(queries) != 1 or queries[0].jql or part_of(queries[0]) is not None or is_archived(queries[0]):
        return None
    ref, counts = queries[0].ref, backend.counts(queries[0].ref)
    is_filled = counts.issues or counts.statistics or backend.get_project_data(ref) is not None
    return None if is_filled or backend.get_note(ref, CHOSEN) else queries[0]
