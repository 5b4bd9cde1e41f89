"""What is known of one tracker's exports, and what preparing them needs: columns made of others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.errors import OnlyPullRequests
from app.imports.tables import Table, flat_table
from app.imports.trackers.answers import Cells, Json
from app.words import N_
from store.records import Category

# Columns that are made while a table is prepared; no tracker writes names like these.
REFERENCE, MADE_CREATED, MADE_CATEGORY, MADE_BY_SCHEDULE = (
    "Reference (from the address)",
    "Created (from the id)",
    "Category (from the card)",
    "Category (from the schedule)",
)
_ISSUE_ADDRESS = re.compile(r"https?://[^/]+/(?P<project>[^?#]+?)/(?:-/)?(?:issues|work_items|pull)/(?P<number>\d+)")
_KINDS_BY_LABEL: Mapping[str, str] = {"bug": "Bug", "defect": "Bug", "feature": "Feature", "enhancement": "Feature"}


@dataclass(frozen=True, slots=True)
class Content:
    """What tells whose export a file is: its table with the plain names of the columns, or the entries of its JSON."""

    table: Table | None = None
    names: frozenset[str] = frozenset()
    entries: Sequence[Json] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a tracker's interfaces answer: how an entry of it is told, and the cells it gives.

    No cells: the entry is no item of work, such as a pull request.
    """

    tells: Callable[[Json], bool]
    cells: Callable[[Json], Cells | None]


@dataclass(frozen=True, slots=True)
class Extract:
    """A tracker's items as a table. `left_out`: entries that are no items of work. `columns`: before any were made.
    `entries`: those of an answer, row by row."""

    table: Table
    tool: Tool | None
    left_out: int = 0
    columns: tuple[str, ...] = ()
    entries: Sequence[Json] = ()


def pull_requests_left_out(count: int) -> str:
    return N_("{count} pull requests were left out.", count=count) if count > 1 else N_("1 pull request was left out.")


@dataclass(frozen=True, slots=True)
class Tool:
    """One tracker's export. Names are compared as `columns.plain_name` makes them.

    `telling`: the columns of any of these sets are found in no other tracker's export. `columns` goes before the
    usual names of our fields; an empty tuple says that what is called so there means something else. `statuses`
    goes before what their names usually mean. `gone`: statuses of what is no work any more. `done_by_date`: done is
    what has a finish date, whatever its status is called. `prepare` gives a table that needs no further knowledge.
    `plans`: our fields whose columns tell plans; of `resolved` the finish of what is done is taken all the same.
    `plans_note`: what the report says where the tracker plans and tells in the same columns.
    `forms`: its JSON. `tells`: by what the cells hold, where the names of the columns could be anybody's.
    `left_out`: says how many entries of its answers were no items of work. `has_types`: its "Type" is one of work.
    `has_milestones`: a type of that name is a day of its plan.
    """

    name: str
    telling: tuple[frozenset[str], ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: Mapping[str, Category] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    done_by_date: bool = False
    prepare: Callable[[Table], Table] = lambda table: table
    advice: str = ""
    plans: frozenset[str] = frozenset()
    plans_note: str = ""
    forms: tuple[Form, ...] = ()
    tells: Callable[[Table], bool] = lambda table: False
    left_out: Callable[[int], str] = pull_requests_left_out
    has_types: bool = True
    has_milestones: bool = False

    def identify(self, content: Content) -> bool:
        """Whether the file is this tracker's export."""
        if content.table is None:
            return self._form(content.entries) is not None
        return any(telling <= content.names for telling in self.telling) or self.tells(content.table)

    def extract(self, content: Content) -> Extract:
        """The items as a table that needs no further knowledge. Only for what was identified."""
        if content.table is not None:
            return Extract(self.prepare(content.table), self, columns=content.table.columns)
        form = self._form(content.entries)
        both = [(entry, row) for entry in content.entries if form and (row := form.cells(entry)) is not None]
        rows = [row for _, row in both]
        if not rows:
            count = len(content.entries)
            raise OnlyPullRequests(
                N_("The file holds no items of work, only {count} pull requests.", count=count), count
            )
        table = flat_table(rows)
        left_out = len(content.entries) - len(rows)
        return Extract(self.prepare(table), self, left_out, table.columns, [entry for entry, _ in both])

    def _form(self, entries: Sequence[Json]) -> Form | None:
        return next((form for form in self.forms if entries and all(map(form.tells, entries[:5]))), None)


def export_name(tool: Tool, table: Table) -> str:
    """Such as "Linear CSV export"."""
    return f"{tool.name} {'TSV' if table.delimiter == chr(9) and table.form == 'CSV' else table.form} export"


# -- columns made of others -----------------------------------------------------------------------------


def place_of(table: Table, *names: str) -> int | None:
    """The column of the first of these names that is there, in whatever case."""
    lowered = [column.casefold() for column in table.columns]
    return next((lowered.index(name) for name in names if name in lowered), None)


def with_column(table: Table, name: str, cells: Sequence[str]) -> Table:
    rows = [[*row, cell] for row, cell in zip(table.rows, cells, strict=True)]
    return replace(table, columns=(*table.columns, name), rows=rows)


def changed(table: Table, places: Sequence[int], change: Callable[[str], str]) -> Table:
    rows = [list(row) for row in table.rows]
    for row in rows:
        for place in places:
            row[place] = change(row[place])
    return replace(table, rows=rows)


def with_several(table: Table, places: Sequence[int], separator: str) -> Table:
    """Cells that hold several things as so many columns of the same name."""
    for place in places:
        parts = [[part.strip() for part in row[place].split(separator)] for row in table.rows]
        table = changed(table, [place], lambda cell: cell.split(separator)[0].strip())
        for more in range(1, max(map(len, parts), default=0)):
            added = [values[more] if more < len(values) else "" for values in parts]
            table = with_column(table, table.columns[place], added)
    return table


def issue_reference(address: str) -> str:
    """`group/project#12` from an issue's address, the same in every form of export; "" for any other address."""
    match = _ISSUE_ADDRESS.match(address.strip())
    return f"{match['project']}#{match['number']}" if match else ""


def with_reference(table: Table) -> Table:
    place = place_of(table, "url", "web url", "web_url", "html_url")
    if place is None:
        return table
    return with_column(table, REFERENCE, [issue_reference(row[place]) for row in table.rows])


_SCOPE = re.compile(r"^(?:type|kind|issue[ -]?type|typ|t)\s*(?:::|[/:])\s*")


def kind_by_labels(labels: Sequence[str]) -> str:
    """The work type that a label names where the tracker has no types; "" when none does."""
    return next((kind for label in labels if (kind := _KINDS_BY_LABEL.get(_without_scope(label), ""))), "")


def _without_scope(label: str) -> str:
    """A label's own word: "bug" of GitLab's "type::bug", Gitea's "Kind/Bug" and the like."""
    return _SCOPE.sub("", label.strip().casefold())


def with_kind_by_labels(table: Table) -> Table:
    place = place_of(table, "labels")
    if place is None or place_of(table, "type", "issue type") is not None:
        return table
    return with_column(table, "Type", [kind_by_labels(row[place].split(",")) for row in table.rows])


def names_of(*names: str) -> frozenset[str]:
    return frozenset(names)
