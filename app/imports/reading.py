"""One file's bytes to records: read the table, find out what it is, map it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo
from operator import attrgetter
from zoneinfo import ZoneInfo

from app.errors import BadInput
from app.imports.columns import ISSUES, ColumnMapping, recognise
from app.imports.issues import read_issues
from app.imports.results import Recognised, RejectedRow
from app.imports.weeks import read_weeks
from app.tables import Table, read_table


def read_file(data: bytes, mapping: ColumnMapping, zone: tzinfo, now: datetime, kind: str | None = None) -> Recognised:
    """The records in a CSV or JSON file. Dates without a zone are in the mapping's time zone, else in `zone`.

    `now` helps to tell day and month apart: what was created or finished does not lie in the future.

    Raises UnreadableFile when the columns make no sense, BadInput when something must be said in a mapping.
    """
    table = read_table(data)
    layout = recognise(table, mapping, kind)
    if mapping.time_zone is not None:
        zone = ZoneInfo(mapping.time_zone)
    if layout.kind == ISSUES:
        found = read_issues(table, layout, mapping, zone, now)
    else:
        found = read_weeks(table, layout, mapping, now)
    return _with_broken_rows(found, table)


def _with_broken_rows(found: Recognised, table: Table) -> Recognised:
    """The result with the rows that the table itself could not make sense of."""
    width = len(table.columns)
    broken = [
        RejectedRow(
            row, "", "", f"has {cells} cells, the header {width}; put text that holds {_named(table)} in quotes"
        )
        for row, cells in table.overlong
    ]
    if table.unclosed is not None:
        broken.append(
            RejectedRow(table.unclosed, "", "", "has a quote that is never closed; the rest of the file was lost in it")
        )
    if not broken:
        return found

    rejected = tuple(sorted((*found.rejected, *broken), key=attrgetter("row")))
    return replace(found, rows=found.rows + len(broken), rejected=rejected)


def _named(table: Table) -> str:
    return {",": "commas", ";": "semicolons", "\t": "tabs"}.get(table.delimiter, "the delimiter")


def require_records(found: Recognised) -> None:
    """Raises BadInput when no row could be used, quoting the first problem."""
    if found.issues or found.weeks:
        return
    if not found.rejected:
        raise BadInput("The file has column names but no rows, so there is nothing to import.")
    first = found.rejected[0]
    where = f"Row {first.row}, {first.column}: {first.value!r}" if first.column else f"Row {first.row}"
    raise BadInput(f"None of the {found.rows} rows could be used. {where} {first.reason}.")
