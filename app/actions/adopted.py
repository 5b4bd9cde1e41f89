"""Keys that a list has got since: items that were known by their titles are known by them from now on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.domain.extras import BLOCKED_BY
from app.imports.results import Imported
from app.words import Nn_
from store.backend import PersistenceBackend
from store.records import Issue, QueryRef


def with_adopted_keys(own: Imported, former: Imported) -> Imported:
    """The file as it is read by its own keys, and under which key each row was known without them."""
    before = {row: issue.key for row, issue in zip(former.numbers, former.issues, strict=True)}
    pairs = ((before.get(row), issue.key) for row, issue in zip(own.numbers, own.issues, strict=True))
    return replace(own, adopts={known: key for known, key in pairs if known is not None and known != key})


def adopt(backend: PersistenceBackend, ref: QueryRef, keys: Mapping[str, str]) -> list[str]:
    """Give known items the keys that a file has for them, with all that is known of them; what is to be said of it."""
    present = backend.list_issues(ref)
    known = {issue.key for issue in present}
    keys = {old: new for old, new in keys.items() if old in known and new not in known}
    if not keys:
        return []
    changes = [replace(each, issue_key=keys[each.issue_key]) for each in backend.list_changes(ref, keys)]
    issues = [_renamed(issue, keys) for issue in present]
    backend.upsert_issues(ref, [new for new, old in zip(issues, present, strict=True) if new != old], None)
    moved = [issue for issue in issues if issue.key not in known]
    backend.upsert_issues(ref, moved, changes)
    backend.delete_issues(ref, keys)
    old, new = next(iter(keys.items()))
    return [
        Nn_(
            "1 item was known by its title, and is known by its key from now on ({old} is {new}).",
            "{count:,} items were known by their titles, and are known by their keys from now on ({old} is {new}).",
            len(keys),
            old=old,
            new=new,
        )
    ]


def _renamed(issue: Issue, keys: Mapping[str, str]) -> Issue:
    waits = issue.extras.get(BLOCKED_BY)
    if issue.key not in keys and issue.parent not in keys and not waits:
        return issue
    extras = issue.extras
    if isinstance(waits, list):
        extras = {**extras, BLOCKED_BY: [keys.get(each, each) for each in waits]}
    parent = keys.get(issue.parent, issue.parent)
    return replace(issue, key=keys.get(issue.key, issue.key), parent=parent, extras=extras)
