"""Lists of several projects or repositories, each numbered from 1: keys are made of project and number there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.imports.columns import Layout
from app.imports.plain_names import plain_name
from app.imports.tables import Table
from app.imports.trackers.tool import with_column
from app.words import N_

MADE_OF_BOTH = "Key (project and number)"
_PARENT_OF_BOTH, _BLOCKERS_OF_BOTH = "Parent (project and number)", "Blocked by (project and number)"
_REPOSITORIES = ("repository", "repo", "repository name", "repo name", "repo full name", "full name", "repositorium")
# Whose items are numbered by no one of these.
_NO_NUMBERING = frozenset({"team", "teams"})
# So many of the numbers may stand twice in one project as well, as rows that are there twice.
_TWICE = 0.1
_ASKED_FOR = 200


@dataclass(frozen=True, slots=True)
class WholeKeys:
    """A table, its layout, what is said about its keys, and some keys that its items would have otherwise."""

    table: Table
    layout: Layout
    notes: tuple[str, ...] = ()
    other_keys: tuple[str, ...] = ()


def with_whole_keys(table: Table, layout: Layout, wanted: bool | None, is_part: bool) -> WholeKeys:
    """The table with keys of project and number where its numbers repeat, and those of both do not.

    `wanted`: whether they are to be made; None: where they are needed. `is_part`: other rows follow, which have to get
    keys of the same kind.
    """
    plain = WholeKeys(table, layout)
    place = layout.single.get("key")
    if place is None or not table.rows or not is_number(table.rows[0][place].strip()):
        return plain
    numbers = [row[place].strip() for row in table.rows]
    project = _project(table, layout, numbers)
    if project is None:
        return plain
    both = [_joined(row[project], number) for row, number in zip(table.rows, numbers, strict=True)]
    repeats = len(numbers) - len(set(numbers))
    is_needed = repeats > 0 and len(both) - len(set(both)) <= _TWICE * repeats
    names = table.columns[project], table.columns[place]
    if wanted or (wanted is None and is_needed and not is_part):
        return replace(
            _keyed(table, layout, project, both), notes=(_joined_note(*names, both[0]),), other_keys=_some(numbers)
        )
    notes = (_left_out_note(*names),) if is_needed else ()
    return replace(plain, notes=notes, other_keys=() if is_part else _some(both))


def is_number(key: str) -> bool:
    return key.lstrip("#!").isdecimal()


def _some(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(keys[:: -(-len(keys) // _ASKED_FOR)])


def _joined(project: str, number: str) -> str:
    return f"{project.strip()}-{number.lstrip('#!')}"


def _project(table: Table, layout: Layout, numbers: Sequence[str]) -> int | None:
    """The column of projects or repositories, of which every row with a number names one; None where there is none."""
    if not all(map(is_number, numbers)):
        return None
    names = [plain_name(name) for name in table.columns]
    known = [layout.single["project"]] if "project" in layout.single else []
    places = [*known, *(names.index(name) for name in _REPOSITORIES if name in names)]
    named = (place for place in places if names[place] not in _NO_NUMBERING)
    return next((place for place in named if all(row[place].strip() for row in table.rows)), None)


def _keyed(table: Table, layout: Layout, project: int, both: Sequence[str]) -> WholeKeys:
    """With the keys, and what names other items by their numbers, in columns of their own."""
    known = {*both}
    single = {**layout.single, "key": len(table.columns)}
    number = table.columns[layout.single["key"]]
    fields = {**layout.fields, number: (layout.single["key"],)}
    whole = with_column(table, MADE_OF_BOTH, both)
    if "parent" in layout.single:
        single["parent"] = len(whole.columns)
        whole = with_column(whole, _PARENT_OF_BOTH, _renamed(table, layout.single["parent"], project, known))
    blockers = []
    for place in layout.blockers:
        blockers.append(len(whole.columns))
        whole = with_column(whole, _BLOCKERS_OF_BOTH, _renamed(table, place, project, known))
    return WholeKeys(whole, replace(layout, single=single, fields=fields, blockers=tuple(blockers)))


def _renamed(table: Table, place: int, project: int, known: set[str]) -> list[str]:
    """The items that a column names: those of the row's own project by the keys that they have now."""
    cells = []
    for row in table.rows:
        parts = [part.strip() for part in row[place].replace(";", ",").split(",")]
        joined = [_joined(row[project], part) for part in parts]
        whole = [both if both in known else part for both, part in zip(joined, parts, strict=True)]
        cells.append(", ".join(whole))
    return cells


def _joined_note(project: str, number: str, example: str) -> str:
    return N_(
        "The numbers in {number} stand again under another name in {project}, so the keys are made of both: {example}.",
        number=number,
        project=project,
        example=example,
    )


def _left_out_note(project: str, number: str) -> str:
    return N_(
        "The numbers in {number} stand again under another name in {project}, and of each only the last row was kept. "
        "To keep all, import the file into a new work list, or add a column of both and say that it is the key.",
        number=number,
        project=project,
    )
