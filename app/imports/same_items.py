"""Items that the next file knows under other keys: written otherwise, made of other cells, or of another project."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.extras import BLOCKED_BY
from app.imports.results import Imported
from app.words import N_, Nn_
from store.records import Issue

_OF_ROW = re.compile(r"row-[0-9a-f]{10}(?:-\d+)?")
# The share of a file's items that must be unknown before any of them is looked for under another key.
_UNKNOWN = 0.5
_LEAST_OTHERS = 3
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SameItems:
    """The file with the keys by which its items are known, and what is to be said about it."""

    imported: Imported
    notes: tuple[str, ...] = ()


def mostly_unknown(keys: set[str], present: Iterable[Issue]) -> bool:
    """Whether so few keys of a file are known that it may have them from elsewhere."""
    return len(keys.difference(issue.key for issue in present)) >= _UNKNOWN * len(keys) > 0


def with_known_keys(imported: Imported, present: Sequence[Issue]) -> SameItems:
    """Its items under the keys that they have here, where nothing but the writing of the key differs, or a key that was
    made of a row; and a word about those that have another key of the same kind."""
    again = _finished_again(imported, present) if is_of_finishes(imported) else {}
    known = {issue.key for issue in present}
    new = [issue for issue in imported.issues if issue.key not in known and issue.key not in again]
    in_file = {issue.key for issue in imported.issues} | {*again.values()}
    left = [issue for issue in present if issue.key not in in_file]
    written = _pairs(new, left, lambda issue: _plain_key(issue.key))
    new = [issue for issue in new if issue.key not in written]
    matched = set(written.values())
    left = [issue for issue in left if issue.key not in matched]
    alike = _pairs(new, left, lambda issue: issue.summary.casefold() or None, _came_together)
    bare = [issue for issue in left if not issue.summary and _OF_ROW.fullmatch(issue.key)]
    alike |= _pairs([issue for issue in new if issue.key not in alike], bare, lambda issue: issue.created)
    remade = {key: other for key, other in alike.items() if _OF_ROW.fullmatch(key) or _OF_ROW.fullmatch(other)}
    moved = {key: other for key, other in alike.items() if key not in remade}
    same = {**written, **remade}
    renamed = {**same, **again}
    notes = (*_same_note(same), *_twice_note(moved), *_again_note(len({*again.values()} - known)))
    return SameItems(_renamed(imported, renamed) if renamed else imported, notes)


def is_of_finishes(imported: Imported) -> bool:
    """Whether it lists what was finished, and tells nothing else: one title may stand there time and again."""
    used = imported.used or {}
    return "resolved" in used and not {"key", "created", "status", "updated"} & used.keys()


def _finished_again(imported: Imported, present: Sequence[Issue]) -> dict[str, str]:
    """Key -> key of its own for what was finished under the same title on a day before this file begins; and the key
    that it has, where it is known."""
    begins = min((issue.resolved for issue in imported.issues if issue.resolved is not None), default=None)
    if begins is None:
        return {}
    known: dict[str, dict[datetime | None, str]] = {}
    for issue in present:
        known.setdefault(_of_title(issue.key), {})[issue.resolved] = issue.key
    keys: dict[str, str] = {}
    for issue in imported.issues:
        same = known.get(_of_title(issue.key), {})
        if not _OF_ROW.fullmatch(issue.key) or not same or issue.resolved is None:
            continue
        if issue.resolved not in same and any(at is not None and at < begins for at in same):
            same[issue.resolved] = f"{_of_title(issue.key)}-{len(same) + 1}"
        keys[issue.key] = same.get(issue.resolved, issue.key)
    return {key: other for key, other in keys.items() if key != other}


def _of_title(key: str) -> str:
    """The key without the number of a title that stands there several times."""
    return "-".join(key.split("-")[:2]) if _OF_ROW.fullmatch(key) else key


def _again_note(count: int) -> list[str]:
    if not count:
        return []
    return [
        Nn_(
            "1 item was finished under the same title before this file begins: it counts once more.",
            "{count:,} items were finished under the same titles before this file begins: they count once more.",
            count,
        )
    ]


def other_items(imported: Imported, present: Iterable[Issue]) -> list[str]:
    """Said where most keys are those of things with another title that came on another day: as when a list that counts
    its rows from 1 goes to the work list of another one."""
    known = {issue.key: issue for issue in present}
    pairs = [(issue, known[issue.key]) for issue in imported.issues if issue.key in known]
    others = [pair for pair in pairs if _are_others(*pair)]
    if len(others) < _LEAST_OTHERS or 2 * len(others) < len(pairs):
        return []
    issue, other = others[0]
    return [
        N_(
            "{count:,} items have another title and another day of creation than what was known under their keys "
            "({key} was “{before}” and is now “{now}”). If this is another list, take this import back and import it "
            "into a work list of its own.",
            count=len(others),
            key=issue.key,
            before=other.summary,
            now=issue.summary,
        )
    ]


def _are_others(issue: Issue, other: Issue) -> bool:
    if not (issue.summary and other.summary and issue.created and other.created):
        return False
    return issue.summary.casefold() != other.summary.casefold() and not _came_together(issue, other)


def _plain_key(key: str) -> str:
    """A key without what people and spreadsheets add or take: case, blanks, #, zeros in front, .0 behind."""
    plain = key.casefold().strip("'\" #").removesuffix(".0")
    return re.sub(r"(^|\D)0+(?=\d)", r"\1", "".join(plain.split()))


def _pairs(
    new: Sequence[Issue],
    left: Sequence[Issue],
    sign: Callable[[Issue], Hashable],
    fits: Callable[[Issue, Issue], bool] = lambda issue, other: True,
) -> dict[str, str]:
    """Key -> key of the known item with the same sign, where no other one has it on either side."""
    here, there = _alone(new, sign), _alone(left, sign)
    return {
        issue.key: other.key
        for name, issue in here.items()
        if (other := there.get(name)) is not None and fits(issue, other)
    }


def _alone(issues: Sequence[Issue], sign: Callable[[Issue], Hashable]) -> dict[Hashable, Issue]:
    by_sign: dict[Hashable, list[Issue]] = {}
    for issue in issues:
        by_sign.setdefault(sign(issue), []).append(issue)
    return {name: each[0] for name, each in by_sign.items() if name is not None and len(each) == 1}


def _came_together(issue: Issue, other: Issue) -> bool:
    """On one day, as far as both say; a time of day may be missing in one of them."""
    if issue.created is None or other.created is None:
        return issue.created is other.created
    return abs(issue.created - other.created) < _ONE_DAY


def _renamed(imported: Imported, keys: Mapping[str, str]) -> Imported:
    def own(key: str) -> str:
        return keys.get(key, key)

    def issue_of(issue: Issue) -> Issue:
        waits = issue.extras.get(BLOCKED_BY)
        extras = {**issue.extras, BLOCKED_BY: [own(key) for key in waits]} if isinstance(waits, list) else issue.extras
        return replace(issue, key=own(issue.key), parent=own(issue.parent), extras=extras)

    return replace(
        imported,
        issues=tuple(map(issue_of, imported.issues)),
        changes=tuple(replace(change, issue_key=own(change.issue_key)) for change in imported.changes),
        undated={own(key): number for key, number in imported.undated.items()},
    )


def _same_note(keys: Mapping[str, str]) -> list[str]:
    if not keys:
        return []
    key, other = next(iter(keys.items()))
    return [
        Nn_(
            "1 item is known here under a key that is written otherwise ({other}, in this file {key}); it stays one.",
            "{count} items are known here under keys that are written otherwise ({other}, in this file {key}); each "
            "stays one.",
            len(keys),
            other=other,
            key=key,
        )
    ]


def _twice_note(keys: Mapping[str, str]) -> list[str]:
    if not keys:
        return []
    key, other = next(iter(keys.items()))
    return [
        Nn_(
            "1 item has the title and the day of one that is known here under another key ({other}, in this file "
            "{key}), so it counts twice. If it is the same, take this import back and import into a new work list.",
            "{count} items have the title and the day of others that are known here under other keys ({other}, in "
            "this file {key}), so they count twice. If they are the same, take this import back and import into a "
            "new work list.",
            len(keys),
            other=other,
            key=key,
        )
    ]
