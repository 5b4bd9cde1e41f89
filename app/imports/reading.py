"""One file's content to records: whose export it is, what each column is, and every row by that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from app.errors import BadInput, OnlyPullRequests, UnreadableFile
from app.imports.columns import ISSUES, ColumnMapping
from app.imports.json_lists import lists_left_out
from app.imports.report import reported
from app.imports.request import Recall, Request, nothing_recalled
from app.imports.results import Imported
from app.imports.survey import survey, survey_prepared
from app.imports.tables import Document, Table, read_content
from app.imports.trackers import trello
from app.imports.trackers.answers import entries_of, text
from app.imports.trackers.cut import cut_warnings, full_export
from app.imports.trackers.known import extracted
from app.imports.trackers.tool import pull_requests_left_out
from app.imports.unheard_fields import own_names, own_values, with_unheard
from app.words import N_


def read_file(
    data: bytes,
    mapping: ColumnMapping,
    zone: tzinfo,
    now: datetime,
    kind: str | None = None,
    recall: Recall = nothing_recalled,
) -> Imported:
    """The records in a CSV or JSON file, asked as `Request` says.

    Raises UnreadableFile when the columns make no sense, BadInput when something must be said in a mapping.
    """
    return read(read_content(data), Request(mapping, zone, now, kind, recall))


def read(
    content: Table | Document, request: Request, is_part: bool = False, seen: Counter[str] | None = None
) -> Imported:
    """The records in a file's content, by the tracker that it was exported from where that can be told. `is_part`: of
    a larger document, and `seen` how often each made key came in its parts so far."""
    if isinstance(content, Table):
        known = survey(content, request).read(content)
        return replace(known, warnings=(*known.warnings, *full_export(known.recognised_as, known.rows)))
    document = _read_document(content, request, is_part, seen)
    cut = () if is_part else cut_warnings(content.value)
    return replace(document, warnings=(*document.warnings, *cut)) if cut else document


def _read_document(content: Document, request: Request, is_part: bool, seen: Counter[str] | None) -> Imported:
    _require_items(content)
    if has_own_shape(content):
        request = request.about(document_names(content))
        own = _with_unheard_fields(_read_own_shape(content, request, is_part), content, request)
        return reported(own, request.mapping)
    try:
        export = extracted(content)
    except OnlyPullRequests as exc:
        if not is_part:
            raise
        return Imported(ISSUES, "", 0, warnings=(pull_requests_left_out(exc.count),))
    request = request.about(export.columns)
    known = survey_prepared(export, request).read_prepared(export.table, seen)
    if export.entries:
        cells_made = dict(zip(export.table.numbers, export.table.rows, strict=True))
        entries = dict(enumerate(export.entries, 1))
        known = with_unheard(known, entries, cells_made, export.tool, request.zone, request.now)
    elif not is_part and (left_out := lists_left_out(content.value)):
        known = replace(known, warnings=(*known.warnings, *left_out))
    if not export.left_out:
        return known
    says = export.tool.left_out if export.tool is not None else pull_requests_left_out
    return replace(known, warnings=(*known.warnings, says(export.left_out)))


def _require_items(content: Document) -> None:
    """Raises UnreadableFile for an answer about milestones, which have titles, states and days as their issues have."""
    entries = entries_of(content.value)
    if entries and all({"open_issues", "closed_issues"} <= entry.keys() or _is_milestone(entry) for entry in entries):
        raise UnreadableFile(
            N_("The file lists milestones, not the items in them. Export the items with their milestones.")
        )


def _is_milestone(entry: Mapping[str, Any]) -> bool:
    return "/milestones/" in str(entry.get("web_url") or "") and "labels" not in entry


def _read_own_shape(document: Document, request: Request, is_part: bool) -> Imported:
    if trello.identify(document):
        return trello.extract(document, request.mapping)
    # Brings the whole Jira client along: a third of a second that only such files are worth.
    from app.imports.trackers import jira_json  # noqa: PLC0415

    return jira_json.extract(document.value, request.mapping, request.zone, is_part)


def _with_unheard_fields(imported: Imported, document: Document, request: Request) -> Imported:
    """Of Jira's answers and Trello's boards: what its users' own fields say and nothing was taken from."""
    if trello.identify(document):
        own = trello.own_values(document)
    else:
        names, used = own_names(document.value), {*(imported.used or {}).values()}
        own = {
            text(entry.get("key")): {
                names.get(name, name): value for name, value in own_values(entry).items() if name not in used
            }
            for entry in entries_of(document.value)
        }
    entries = {number: own[issue.key] for number, issue in enumerate(imported.issues, 1) if issue.key in own}
    numbered = replace(imported, numbers=range(1, len(imported.issues) + 1))
    heard = with_unheard(numbered, entries, dict.fromkeys(entries, ()), None, request.zone, request.now)
    return replace(imported, guesses=heard.guesses)


def is_jira(document: Document) -> bool:
    """Whether it is as Jira's REST interface answers."""
    entries = entries_of(document.value)
    return bool(entries) and all(_is_jira(entry) for entry in entries[:5])


def has_own_shape(content: Table | Document) -> bool:
    """Whether it is read for what it is, and is no table: a board, or Jira's own JSON."""
    return isinstance(content, Document) and (trello.identify(content) or is_jira(content))


def document_names(document: Document) -> tuple[str, ...]:
    """What makes two documents of a shape of their own alike."""
    if trello.identify(document):
        return trello.columns(document)
    from app.imports.trackers import jira_json  # noqa: PLC0415

    return jira_json.names(document.value)


def _is_jira(entry: Mapping[str, Any]) -> bool:
    """As Jira's REST interface answers, not a flat list that somebody made of it."""
    fields = entry.get("fields")
    return "key" in entry and isinstance(fields, dict) and isinstance(fields.get("status"), dict)


def require_records(imported: Imported) -> None:
    """Raises BadInput when no row could be used, quoting the first problem."""
    if imported.issues or imported.weeks:
        return
    if not imported.rejected:
        raise BadInput(N_("The file has column names but no rows, so there is nothing to import."))
    first = imported.rejected[0]
    where = f"Row {first.row}, {first.column}: {first.value!r}" if first.column else f"Row {first.row}"
    raise BadInput(
        N_(
            "None of the {rows} rows could be used. {where} {reason}.",
            rows=imported.rows,
            where=where,
            reason=first.reason,
        )
    )
