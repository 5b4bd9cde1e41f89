"""What a look at a table says about every row of it: whose export it is, which column is which, how dates are meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta
from operator import attrgetter

from app.imports.columns import ISSUES, WEEKS, Layout, item_layout, recognise, require_certain
from app.imports.dates import DateReader, Writing, may_begin_with_years, writings
from app.imports.day_numbers import may_count_from_1904
from app.imports.issues import Readers, former_keys, read_issues
from app.imports.merged import noting_merged_tickets, with_merged_given_up
from app.imports.number_signs import signs_of
from app.imports.other_ends import other_ends
from app.imports.outlines import find_outline
from app.imports.own_fields import own_fields
from app.imports.periods import require_items
from app.imports.plans import (
    board_beside,
    planned_columns,
    plans_left_out,
    with_category_by_flag,
    with_category_by_percent,
    with_status_by_board,
)
from app.imports.reopened import without_reopened
from app.imports.report import reported
from app.imports.request import Request
from app.imports.results import Imported, RejectedRow
from app.imports.sprint_days import day_columns, with_days
from app.imports.stages import Ends, Stages, find_ends, find_stages, histories, with_stages
from app.imports.tables import Table
from app.imports.ticks import tick_columns, with_status_by_ticks
from app.imports.trackers.known import content_of, tool_of
from app.imports.trackers.tool import Extract, Tool
from app.imports.unheard import unheard
from app.imports.unmerged import with_unmerged_given_up
from app.imports.weeks import read_weeks
from app.imports.whole_keys import with_whole_keys
from app.words import N_, Nn_

# More points are no estimate of one item.
_LIKELY_ESTIMATE = 100


@dataclass(frozen=True, slots=True)
class Survey:
    """How the rows of one table are read, be it whole or part by part.

    `known`: how each column writes its dates. `notes`: what the report says about it. `finish`: the
    column that was taken for the day of the finish although its name does not say so.
    """

    request: Request
    tool: Tool | None
    layout: Layout
    stages: Stages | None
    known: Mapping[str, Writing]
    notes: tuple[str, ...] = ()
    finish: str = ""
    # They remember the days that they have read, from part to part.
    readers: Readers = field(default_factory=dict, compare=False, repr=False)

    def prepared(self, table: Table) -> Table:
        """Some rows with the columns that are made of others."""
        if self.tool is not None:
            table = self.tool.prepare(table)
        return self._completed(table)[0]

    def read(self, table: Table, seen: Counter[str] | None = None) -> Imported:
        """The records in some rows, as they are in the file. `seen`: made keys so far, of a table read in parts."""
        if self.tool is not None:
            table = self.tool.prepare(table)
        return self.read_prepared(table, seen)

    def read_prepared(self, table: Table, seen: Counter[str] | None = None) -> Imported:
        """As `read`, of rows that are as the tracker's reader asks."""
        request = self.request
        if self.layout.kind != ISSUES:
            return broken_rows(read_weeks(table, self.layout, request.mapping, request.now), table)
        table, reopened = self._without_reopened(table)
        completed, layout, unmerged = with_unmerged_given_up(*self._completed(table))
        keyed = with_whole_keys(completed, layout, request.with_project, is_part=seen is not None)
        whole, layout = keyed.table, keyed.layout
        if request.key_as_before == (None, False):
            layout = replace(layout, without_titles=True)
        imported = read_issues(
            whole, layout, request.mapping, request.zone, request.now, self.known, seen, self.readers
        )
        imported = with_days(imported, whole, layout, request, self.known)
        if self.stages is not None:
            imported = histories(imported, whole, layout, self.stages)
        warnings = (*keyed.notes, *reopened, *unmerged, *imported.warnings, *self.notes)
        former = former_keys(table, self.layout, request.mapping)
        imported = replace(imported, warnings=warnings, other_keys=keyed.other_keys, former_keys=former)
        imported = reported(imported, request.mapping, self.finish, is_anybodys=self.tool is None)
        return broken_rows(imported, table)

    def _without_reopened(self, table: Table) -> tuple[Table, tuple[str, ...]]:
        single = self.layout.single
        if self.tool is not None:
            return table, ()
        staged = [] if self.stages is None else self.stages.ends
        first = [single["resolved"]] if "resolved" in single else []
        finishes = dict.fromkeys([*staged, *first, *self.layout.further.get("resolved", ())])
        stages = () if self.stages is None else self.stages.places
        return without_reopened(table, [*finishes], single.get("status"), self.known.get("resolved"), stages)

    def _completed(self, table: Table) -> tuple[Table, Layout]:
        layout = self.layout
        if self.stages is not None:
            table, layout = with_stages(table, layout, self.stages)
        table, layout = with_status_by_ticks(table, layout)
        whole = with_category_by_flag(*with_category_by_percent(*with_status_by_board(table, layout)))
        return with_merged_given_up(*whole)


def survey(table: Table, request: Request, is_part: bool = False) -> Survey:
    """Look at a table, or at the first rows of a long one. Raises UnreadableFile, or BadInput for what must be said."""
    request = request.about(table.columns)
    tool = tool_of(content_of(table))
    return survey_prepared(Extract(tool.prepare(table) if tool else table, tool), request, is_part)


def survey_prepared(extract: Extract, request: Request, is_part: bool = False) -> Survey:
    """As `survey`, of a table that is as the tracker's reader asks."""
    table, tool = extract.table, extract.tool
    staged = _with_stages(table, tool, request)
    if staged is not None:
        return staged
    ends = _ends(table, tool, request)
    if ends is not None:
        mapping = replace(request.mapping, columns={**request.mapping.columns, **ends.columns})
        request = replace(request, mapping=mapping)
    layout = recognise(table, request.mapping, request.kind, tool, is_part=is_part)
    if layout.kind != ISSUES:
        return Survey(request, tool, layout, None, {})
    require_certain(layout, table, request.mapping)
    if request.kind is None:
        require_items(layout, table, request.mapping)
    if "status" not in request.mapping.columns:
        layout = board_beside(table, layout)
    layout = noting_merged_tickets(table, layout)
    layout = replace(layout, ticks=tick_columns(table, layout, request.mapping))
    layout = replace(layout, other_ends=other_ends(table, layout, request.mapping))
    known = _known(table, layout, request)
    plans = planned_columns(*with_status_by_board(table, layout), request.mapping, known, request.zone, request.now)
    notes = plans_left_out(table, layout)
    if table.form == "CSV" and not is_part:
        # The first rows of a long table may all be old.
        notes = (*notes, *may_count_from_1904(table, layout.dates.values(), latest_day(request)))
    layout = _with_a_look_at_cells(table, replace(layout, plans=plans), (*layout.ticks, *day_columns(table, layout)))
    notes = (*notes, *_of_signs(layout, table), *_of_years(table, layout, request, known))
    if ends is None:
        return Survey(request, tool, layout, None, known, notes)
    finish = ends.columns.get("resolved", "")
    return Survey(request, tool, layout, None, known, (*notes, *_stamps_left_out(ends.stamps)), finish)


def _ends(table: Table, tool: Tool | None, request: Request) -> Ends | None:
    if tool is not None or WEEKS in (request.kind, request.mapping.kind):
        return None
    layout = item_layout(table, request.mapping, tool)
    return find_ends(table, layout, request.mapping, request.zone, request.now)


def _stamps_left_out(names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        return ()
    return (
        N_(
            "Nothing was taken from {names}: nearly every row has a day there, as in a column of last changes.",
            names=", ".join(names),
        ),
    )


def _with_stages(table: Table, tool: Tool | None, request: Request) -> Survey | None:
    """Of a table with one column of dates a stage; None for any other."""
    if tool is not None or WEEKS in (request.kind, request.mapping.kind):
        return None
    layout = item_layout(table, request.mapping, tool)
    stages = find_stages(table, layout, request.mapping, request.zone, request.now)
    if stages is None:
        return None
    # Made columns hold cells of the stages, which decide together how they are written.
    layout = _with_a_look_at_cells(table, layout, stages.places)
    staged, completed = with_stages(table, layout, stages)
    finish = stages.names[-1] if stages.is_guess else ""
    known = _known(staged, completed, request)
    notes = (*_of_signs(layout, table), *_stamps_left_out(stages.stamps), *_of_unknown_stages(table, stages))
    return Survey(request, tool, layout, stages, known, notes, finish)


def _of_unknown_stages(table: Table, stages: Stages) -> tuple[str, ...]:
    """Said where no stage between the first and the last is called like a status, and items are in progress by them."""
    between = stages.unknown_between(table)
    if not between:
        return ()
    return (
        N_(
            "Days in {names} were taken for stages of work: an item with a day there, and none behind it, is in "
            "progress since then. If they tell something else, say which columns tell creation, start and finish "
            "where the columns are chosen.",
            names=", ".join(between),
        ),
    )


def _of_years(table: Table, layout: Layout, request: Request, known: Mapping[str, Writing]) -> tuple[str, ...]:
    """Said where days of two-digit years can be meant in two ways, and nothing says which."""
    if request.mapping.date_order is not None or not known:
        return ()
    columns = {name: table.texts(place) for name, place in layout.dates.items()}
    count, example = may_begin_with_years(columns, latest_day(request))
    if not count:
        return ()
    order = next(iter(known.values())).order
    day = DateReader(UTC, order).day(example)
    return (
        Nn_(
            "1 day such as {example} can be meant with the year first or last: it was read as {day}. If that is wrong, "
            "say how dates are meant where the columns are chosen.",
            "{count:,} days such as {example} can be meant with the year first or last: that was read as {day}. If "
            "that is wrong, say how dates are meant where the columns are chosen.",
            count,
            example=example,
            day=str(day),
        ),
    )


def _with_a_look_at_cells(table: Table, layout: Layout, elsewhere: Collection[int]) -> Layout:
    """With the columns that are kept by their own names and those that nothing is taken from, how rows lie in each
    other and how numbers are written."""
    return replace(
        layout,
        fields=own_fields(table, layout, elsewhere),
        unheard=unheard(table, layout, elsewhere),
        outline=find_outline(table, layout.single),
        signs=signs_of(table, _estimates(layout), _LIKELY_ESTIMATE),
    )


def _estimates(layout: Layout) -> Sequence[int]:
    return layout.points or [place for name, place in layout.single.items() if name == "points"]


def _of_signs(layout: Layout, table: Table) -> tuple[str, ...]:
    places = _estimates(layout)
    return layout.signs.notes(table.columns[places[0]]) if layout.signs and places else ()


def _known(table: Table, layout: Layout, request: Request) -> Mapping[str, Writing]:
    """How each of our dates is written, decided by all rows that are looked at."""
    dates = layout.dates
    named = {name: table.columns[place] for name, place in dates.items()}
    cells, _ = table.by_column(dates.values())
    texts: dict[str, list[str]] = {}
    for place in dates.values():
        # Two columns may have one name.
        column = table.columns[place]
        texts[column] = [*texts[column], *cells[place]] if column in texts else cells[place]
    by_column = writings(texts, latest_day(request), request.mapping.date_order, request.mapping.months)
    return {name: by_column[column] for name, column in named.items()}


def latest_day(request: Request) -> date:
    """The last day that can be meant, with a day's grace: the file may come from a place where it is tomorrow."""
    return request.now.astimezone(UTC).date() + timedelta(days=1)


def broken_rows(imported: Imported, table: Table) -> Imported:
    """The result together with the rows that the table itself could not make sense of."""
    width = len(table.columns)
    broken = [
        RejectedRow(
            row,
            "",
            "",
            N_(
                "has {cells} cells, the header {width}; put text that holds {table} in quotes",
                cells=cells,
                width=width,
                table=_named(table),
            ),
        )
        for row, cells in table.overlong
    ]
    if table.unclosed is not None:
        broken.append(
            RejectedRow(
                table.unclosed, "", "", N_("has a quote that is never closed; the rest of the file was lost in it")
            )
        )
    if table.cut is not None:
        broken.append(RejectedRow(table.cut, "", "", N_("breaks off: the file was cut there; fetch it whole")))
    broken += [RejectedRow(row, "", "", N_("belongs to another table below the list")) for row in table.below]
    if table.beside:
        imported = replace(imported, warnings=(*imported.warnings, _left_beside(table.beside)))
    if not broken:
        return imported

    rejected = tuple(sorted((*imported.rejected, *broken), key=attrgetter("row")))
    return replace(imported, rows=imported.rows + len(broken), rejected=rejected)


def _left_beside(columns: Sequence[str]) -> str:
    return N_(
        "Behind an empty column stands another table ({columns}), and nothing was taken from it. Delete the empty "
        "column if these say something about the items.",
        columns=", ".join(columns),
    )


def _named(table: Table) -> str:
    return {",": "commas", ";": "semicolons", "\t": "tabs"}.get(table.delimiter, "the delimiter")
