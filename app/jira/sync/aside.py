"""What came from a server of before, kept when a work list asks another one from now on.

A new server of the same Jira (an address of its own, a move of the machine) has the same records; another Jira numbers
its issues anew, and may tell less of their past. Then the list stays as it was under a name of its own, without a
query, and both can be joined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from secrets import token_hex

from app.words import N_, _
from store.backend import PersistenceBackend
from store.documents import came_from
from store.names import free_name
from store.records import Issue, Query, QueryRef


def keep_aside(
    backend: PersistenceBackend, ref: QueryRef, stored: Sequence[Issue], refs: Mapping[str, str], base_url: str,
    now: datetime,
) -> str:  # fmt: skip
    """Within the transaction of a sync: `stored` is all that came from `base_url`, `refs` the key by id of what the
    query matches now. A sentence for the user; empty where nothing had to be kept."""
    query = backend.get_query(ref)
    if query is None or not stored or not _are_other_records(stored, refs):
        return ""
    names = (each.name for each in backend.list_queries(ref.profile_id))
    name = free_name(_("{name}, before the move", name=query.name), names)
    copy = Query(ref.profile_id, f"q_{token_hex(6)}", name, now, now)
    backend.save_query(copy)
    backend.upsert_issues(copy.ref, stored, backend.list_changes(ref))
    backend.save_sprints(copy.ref, backend.list_sprints(ref))
    backend.save_project_data(copy.ref, came_from(base_url, now))
    # What the other Jira does not have under this key was never part of the query there.
    backend.delete_issues(ref, {issue.key for issue in stored} - set(refs.values()))
    return N_(
        "Another Jira answers now. What was known from {base_url} is kept as the work list “{name}”; under Data › "
        "Sources both can be joined.",
        base_url=base_url,
        name=name,
    )


def _are_other_records(stored: Sequence[Issue], refs: Mapping[str, str]) -> bool:
    """Whether most issues that are in both have another number there, or none is in both."""
    numbers = {key: number for number, key in refs.items()}
    both = [issue for issue in stored if issue.key in numbers and issue.source_id]
    return 2 * sum(issue.source_id != numbers[issue.key] for issue in both) >= len(both)
