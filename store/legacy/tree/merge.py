"""What a hand changed in the old app's files, brought into the records that were written there.

Three readings meet: the records kept beside the files, the files as they were written from these (`base`), and
the files as they are (`now`). Where base and now agree, nobody touched it and the kept record stays, with all
that the files have no place for; where they differ, the files are believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from store.records import Change, Milestone, Week

Record = TypeVar("Record")
Key = TypeVar("Key", bound=Hashable)


def record(kept: Record, base: Record, now: Record) -> Record:
    """The kept record with each field that differs between base and now taken from now."""
    if base == now:
        return kept
    changed = {
        field.name: value(getattr(kept, field.name), getattr(base, field.name), getattr(now, field.name))
        for field in fields(now)  # type: ignore[arg-type]  # records are dataclasses
    }
    return replace(kept, **changed)  # type: ignore[type-var]


def value(kept: Any, base: Any, now: Any) -> Any:
    """One field; objects are merged name by name."""
    if base == now:
        return kept
    if not (isinstance(kept, Mapping) and isinstance(base, Mapping) and isinstance(now, Mapping)):
        return now
    merged = {name: member for name, member in kept.items() if name in now or name not in base}
    for name, member in now.items():
        if name not in base:
            merged[name] = member
        elif base[name] != member:
            merged[name] = value(kept[name], base[name], member) if name in kept else member
    return merged


def keyed(
    kept: Mapping[Key, Record], base: Mapping[Key, Record], now: Mapping[Key, Record], whole: bool, gone: bool = True
) -> dict[Key, Record]:
    """Records by key, in the kept order, new ones last.

    Without `whole` the file is broken: known records stay as they were kept, and new ones are still taken.
    With `gone`, a record that a whole file lacks was taken out of it.
    """
    merged: dict[Key, Record] = {}
    for key, other in kept.items():
        if not whole:
            merged[key] = other
        elif key in now and key in base:
            merged[key] = record(other, base[key], now[key])
        elif key in now:
            merged[key] = now[key]
        elif key not in base or not gone:
            merged[key] = other
    for key, new in now.items():
        if key not in merged and base.get(key) != new:
            merged[key] = new
    return merged


def histories(
    kept: Mapping[str, Sequence[Change]],
    base: Mapping[str, Sequence[Change]],
    now: Mapping[str, Sequence[Change]],
    whole: bool,
) -> dict[str, list[Change]]:
    """Changes by issue. The files hold those of status only; the others always stay."""
    merged: dict[str, list[Change]] = {}
    for key in [*kept, *(key for key in now if key not in kept)]:
        mine, before, after = kept.get(key, ()), base.get(key, ()), now.get(key, ())
        if list(before) == list(after) or (key in kept and not whole):
            merged[key] = list(mine)
        else:
            others = [moved for moved in mine if moved.field != "status"]
            merged[key] = sorted([*after, *others], key=lambda change: change.at)
    return merged


def weeks(kept: Sequence[Week], base: Sequence[Week], now: Sequence[Week], whole: bool) -> list[Week]:
    """Rows go by their day, and by their number among several of one day, in the order of the file."""
    if list(base) == list(now):
        return list(kept)
    order = numbered(now)
    merged = keyed(numbered(kept), numbered(base), order, whole)
    return [merged.pop(place) for place in order if place in merged] + list(merged.values())


def numbered(rows: Sequence[Week]) -> dict[tuple[str, int], Week]:
    seen: Counter[str] = Counter()
    by_place = {}
    for row in rows:
        day = row.day.isoformat() if row.day else ""
        by_place[day, seen[day]] = row
        seen[day] += 1
    return by_place


def milestones(
    kept: Sequence[Milestone], base: Sequence[Milestone], now: Sequence[Milestone], shown: Milestone | None
) -> tuple[Milestone, ...]:
    """The one that the files show is `shown`; it moves, goes or comes as they say."""
    if list(base) == list(now):
        return tuple(kept)
    if shown is None:
        return (*kept, *now)
    moved = [replace(shown, day=milestone.day) for milestone in now]
    return (*(milestone for milestone in kept if milestone != shown), *moved)
