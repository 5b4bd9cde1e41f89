"""One file's bytes to records: read the table, find out what it is, map it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from app.errors import BadInput
from app.imports.columns import ISSUES, ColumnMapping, recognise
from app.imports.issues import read_issues
from app.imports.report import reported
from app.imports.results import Recognised, RejectedRow
from app.imports.tables import Document, Table, read_content
from app.imports.trackers.answers import entries_of
from app.imports.trackers.cut import cut_warnings
from app.imports.trackers.known import extracted
from app.imports.trackers.tool import Tool
from app.imports.trackers.trello import board_columns, is_board, read_board
from app.imports.weeks import read_weeks

Recall = Callable[[tuple[str, ...]], ColumnMapping | None]


def nothing_recalled(columns: tuple[str, ...]) -> None:
    """For who remembers no mappings."""


def meant(mapping: ColumnMapping, columns: tuple[str, ...], recall: Recall) -> ColumnMapping:
    """What was said about these columns before, where nothing is said about them now."""
    if mapping.columns or mapping.statuses or (known := recall(columns)) is None:
        return mapping
    return replace(
        known,
        date_order=mapping.date_order or known.date_order,
        time_zone=mapping.time_zone or known.time_zone,
        kind=mapping.kind or known.kind,
        months=mapping.months or known.months,
    )


def read_file(
    data: bytes,
    mapping: ColumnMapping,
    zone: tzinfo,
    now: datetime,
    kind: str | None = None,
    recall: Recall = nothing_recalled,
) -> Recognised:
    """The records in a CSV or JSON file. Dates without a zone are in the mapping's time zone, else in `zone`.

    `now` helps to tell day and month apart: what was created or finished does not lie in the future. `recall` gives
    the mapping that was used for a file with the same columns.

    Raises UnreadableFile when the columns make no sense, BadInput when something must be said in a mapping.
    """
    content = read_content(data)
    if isinstance(content, Document):
        return read_document(content, mapping, zone, now, kind, recall)
    return read_rows(content, meant(mapping, content.columns, recall), zone, now, kind)


def read_rows(table: Table, mapping: ColumnMapping, zone: tzinfo, now: datetime, kind: str | None = None) -> Recognised:
    """The records in a table, by the tracker that it was exported from where that can be told."""
    found = extracted(table)
    return _read(found.table, mapping, zone, now, kind, found.tool)


def read_document(
    document: Document,
    mapping: ColumnMapping,
    zone: tzinfo,
    now: datetime,
    kind: str | None = None,
    recall: Recall = nothing_recalled,
    is_part: bool = False,
) -> Recognised:
    """The records in a JSON document, by the tracker that it was exported from where that can be told. `is_part`: of
    a larger one."""
    if is_board(document):
        mapping = meant(mapping, board_columns(document), recall)
        return reported(read_board(document, mapping), mapping)
    cut = () if is_part else cut_warnings(document.value)
    if is_jira(document):
        # Brings the whole Jira client along: a third of a second that only such files are worth.
        from app.imports.trackers.jira_json import read_jira  # noqa: PLC0415

        mapping = meant(mapping, document_names(document), recall)
        zone = ZoneInfo(mapping.time_zone) if mapping.time_zone is not None else zone
        read = read_jira(document.value, mapping, zone, is_part)
        return reported(replace(read, warnings=(*read.warnings, *cut)), mapping)
    found = extracted(document)
    read = _read(found.table, meant(mapping, found.columns, recall), zone, now, kind, found.tool)
    if found.left_out:
        left_out = (
            f"{found.left_out} pull requests were left out." if found.left_out > 1 else "1 pull request was left out."
        )
        read = replace(read, warnings=(*read.warnings, left_out))
    return replace(read, warnings=(*read.warnings, *cut)) if cut else read


def is_jira(document: Document) -> bool:
    """Whether it is as Jira's REST interface answers."""
    entries = entries_of(document.value)
    return bool(entries) and all(_is_jira(entry) for entry in entries[:5])


def has_own_shape(content: Table | Document) -> bool:
    """Whether it is read for what it is, and is no table: a board, or Jira's own JSON."""
    return isinstance(content, Document) and (is_board(content) or is_jira(content))


def document_names(document: Document) -> tuple[str, ...]:
    """What makes two documents of a shape of their own alike."""
    if is_board(document):
        return board_columns(document)
    from app.imports.trackers.jira_json import jira_names  # noqa: PLC0415

    return jira_names(document.value)


def _is_jira(entry: Mapping[str, Any]) -> bool:
    """As Jira's REST interface answers, not a flat list that somebody made of it."""
    fields = entry.get("fields")
    return "key" in entry and isinstance(fields, dict) and isinstance(fields.get("status"), dict)


def _read(
    table: Table, mapping: ColumnMapping, zone: tzinfo, now: datetime, kind: str | None, tool: Tool | None
) -> Recognised:
    layout = recognise(table, mapping, kind, tool)
    if mapping.time_zone is not None:
        zone = ZoneInfo(mapping.time_zone)
    if layout.kind == ISSUES:
        found = reported(read_issues(table, layout, mapping, zone, now), mapping)
    else:
        found = read_weeks(table, layout, mapping, now)
    return broken_rows(found, table)


def broken_rows(found: Recognised, table: Table) -> Recognised:
    """The result together with the rows that the table itself could not make sense of."""
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
