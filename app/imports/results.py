"""What reading a file gives: records, and every row that gave none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.domain.guesses import Guesses
from app.imports.freshness import Freshness
from app.words import N_
from store.records import Change, Issue, Sprint, Week


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was left out. `row` counts as `tables.Table.numbers` does; `reason` continues "row 7, Created: …"."""

    row: int
    column: str
    value: str
    reason: str


def unread_cells(count: int, column: str) -> str:
    """What is said about cells that hold no amount of work, or whatever the column should."""
    if count == 1:
        return N_("1 cell in {column} could not be read and was left empty; its row was kept.", column=column)
    return N_(
        "{count} cells in {column} could not be read and were left empty; their rows were kept.",
        count=count,
        column=column,
    )


@dataclass(frozen=True, slots=True)
class Totals:
    """A column of running totals: the first one, its day, how large a step from it can be, and what was made of it,
    with the sentence about it."""

    field: str
    day: date
    first: float
    largest: float
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """The records of one file. `kind` is "issues" or "weeks"; `rows` counts the filled rows.

    `used` maps our field names to the columns they were read from, `fields` are the columns that were kept by their own
    names, `columns` are all of the file's. `warnings` are
    plain sentences about what was kept but looks odd. Kept and rejected rows add up to `rows`.
    `history`: "whole" when `changes` are all that ever happened to the issues, "part" when they may reach back only
    so far, "" when the file has no history. `undated`: row numbers by key where the file has no dates at all.
    `guesses`: what had to be guessed about the issues.
    In the parts of a large file: `reaches` tells what the whole of it reaches, and `superseded` counts the issues of
    earlier parts that stand again in this one. `numbers` are the row numbers of the issues.
    `former_keys`: some keys that earlier versions gave, each with where they were from, see `Request.key_as_before`.
    `late`: how much later than the file names them its weeks are kept.
    `adopts`: the own keys of rows by those under which they may be known without them. `totals`: with which running
    totals the file begins. `is_log`: each week is one task, whose name is in its extras.
    `other_keys`: some keys that the issues would have with or without their project, see `whole_keys`.
    """

    kind: str
    recognised_as: str
    rows: int
    issues: tuple[Issue, ...] = ()
    sprints: tuple[Sprint, ...] = ()
    weeks: tuple[Week, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    warnings: tuple[str, ...] = ()
    used: Mapping[str, str] | None = None
    columns: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    history: str = ""
    undated: Mapping[str, int] = field(default_factory=dict)
    reaches: Callable[[], Freshness] | None = None
    superseded: int = 0
    numbers: Sequence[int] = ()
    guesses: Guesses = field(default_factory=Guesses)
    other_keys: tuple[str, ...] = ()
    late: timedelta = timedelta()
    former_keys: tuple[tuple[tuple[str | None, bool], tuple[str, ...]], ...] = ()
    adopts: Mapping[str, str] = field(default_factory=dict)
    totals: tuple[Totals, ...] = ()
    is_log: bool = False
