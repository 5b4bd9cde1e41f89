"""Large files part by part: the first rows say how all are read, then some thousand at a time are read once."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any, BinaryIO

from app.errors import UnclearDates, UnreadableFile
from app.imports.columns import ISSUES
from app.imports.dates import DateReader, require_order
from app.imports.freshness import Freshness, latest
from app.imports.json_pieces import Pieces, has_pieces
from app.imports.reading import read
from app.imports.request import Request
from app.imports.results import Imported, RejectedRow
from app.imports.shortened import shortened
from app.imports.source import HEAD_BYTES, LARGEST, Source, decode, encoding_of, head_of, read_as, size_of
from app.imports.survey import Survey, survey
from app.imports.tables import (
    CsvStart,
    Document,
    Records,
    Table,
    breaks_off,
    csv_start,
    even_rows,
    json_value,
    why_no_json,
)
from app.imports.trackers.cut import cut_warnings
from app.jobs import NoProgress, Progress
from app.words import N_

# A document in a shape of its own, such as a board, has to be in memory whole; a list of entries has not.
_LARGEST_JSON = 24_000_000
CHUNK = 10_000
# Of a part, in bytes: what is read of it takes many times as much.
_PART = 6_000_000
_CELLS = 4_000_000
# Rows that say what the file is; all others are read once.
_LOOKED_AT = 2_000
_END = "\x1e"
# Of a part, until what follows is known.
_KEPT_BACK = 2
# Rows whose days are remembered, and how long a cell with a day is, where dates can be meant in two ways.
_DAYS_SEEN, _LONGEST_DAY = 20_000, 40


def parts_of(source: Source, request: Request, progress: Progress, chunk: int = CHUNK) -> Iterator[Imported] | None:
    """The issues of a large file, part by part; None for what is not a list of items or must be read whole.

    Nothing is read before the first part is asked for, but the beginning. Raises UnreadableFile as read_file does.
    """
    head = decode(head_of(source, HEAD_BYTES))
    if head.lstrip()[:1] in ("[", "{"):
        if _is_json_lines(head):
            parts = _json_parts(source, request, progress, chunk)
            return _at_once_or(parts, lambda: _lines_as_pieces(source), request)
        if has_pieces(head):
            parts = _document_parts(source, request, progress, chunk)
            return _at_once_or(parts, lambda: _document_as_pieces(source), request)
        _require_small(source)
        return None
    table = _CsvFile(source, csv_start(head), encoding_of(source), progress)
    known = table.survey(request)
    return _csv_parts(table, known, chunk) if known.layout.kind == ISSUES else None


def beginning(source: Source, rows: int) -> Table | Document | None:
    """The first rows of a large file, to look at; None for JSON in one piece, which has no beginning."""
    head = decode(head_of(source, HEAD_BYTES))
    if head.lstrip()[:1] not in ("[", "{"):
        table = _CsvFile(source, csv_start(head), encoding_of(source), NoProgress())
        # The last row of a chunk is kept back.
        with closing(table.chunks(rows + 1, 0, 0, "")) as chunks:
            return table.table(next(chunks))
    if _is_json_lines(head):
        with read_as(source, "utf-8-sig", "replace") as (lines, _, _):
            first = enumerate(islice(lines, rows), 1)
            return Document([_json_line(line, number) for number, line in first if line.strip()])
    if not has_pieces(head):
        _require_small(source)
        return None
    with read_as(source, *encoding_of(source)) as (text, _, _):
        piece = next(Pieces().of(text, rows, _PART), None)
        return Document(piece.value if piece is not None else [])


def _require_small(source: Source) -> None:
    if len(head_of(source, _LARGEST_JSON + 1)) > _LARGEST_JSON:
        raise UnreadableFile(
            N_("The JSON is too large to be read in one piece. Export CSV instead, or JSON with one item a line.")
        )


# -- CSV ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some rows of the file, as `tables.Table` has them. `unclosed` and `cut`: see there."""

    rows: list[list[str]]
    numbers: list[int]
    overlong: tuple[tuple[int, int], ...] = ()
    unclosed: int | None = None
    cut: int | None = None


class _CsvFile:
    """A CSV file that is read from the beginning as often as needed."""

    def __init__(self, source: Source, start: CsvStart, encoding: tuple[str, str], progress: Progress) -> None:
        self.start = start
        self._source = source
        self._encoding = encoding
        self._progress = progress

    def survey(self, request: Request) -> Survey:
        """What the first rows say about all of them; where these leave open how dates are meant, those that do not."""
        with closing(self.chunks(_LOOKED_AT, 0, 0, "")) as chunks:
            first = next(chunks)
            try:
                return survey(self.table(first), request, is_part=True)
            except UnclearDates:
                more = _Rows(list(first.rows), list(first.numbers))
                for rows in chunks:
                    _keep_new_days(more, rows)
        return survey(self.table(more), request, is_part=True)

    def reaches(self, known: Survey) -> Freshness:
        """How far the whole file reaches: to the end of the latest day in each column of dates in one word."""
        dates = {**known.layout.single, **known.layout.dates}
        places = {name: place for name, place in dates.items() if name in known.known}
        days: dict[str, set[str]] = {name: set() for name in places}
        for rows in self.chunks(CHUNK, 0, 0, ""):
            part = known.prepared(self.table(rows)).rows
            for name, place in places.items():
                # Instants in one piece, such as 2026-01-31T10:00:00Z, would be a million different ones.
                days[name].update(row[place].strip().partition(" ")[0].partition("T")[0] for row in part)
        return _latest_days(days, known)

    def table(self, rows: _Rows) -> Table:
        start = self.start
        return Table(
            start.columns, rows.rows, rows.numbers, "CSV", start.delimiter, rows.overlong, rows.unclosed, rows.cut
        )

    def chunks(self, size: int, done: int, share: int, text: str) -> Generator[_Rows]:
        """All rows, some at a time; the progress goes from `done` on by `share` of a hundred."""
        most = max(1, size_of(self._source))
        size = max(_KEPT_BACK + 1, min(size, _CELLS // len(self.start.columns)))
        with read_as(self._source, *self._encoding) as (lines, stream, raw):
            lines.read(self.start.skipped)
            place, records, begun, ends = 0, list[list[str]](), stream.tell(), _Ends()
            for record in Records(_clean(lines, ends), self.start.delimiter):
                place += 1
                if place <= self.start.header + 1:
                    continue
                records.append(record)
                if len(records) >= size or (len(records) > _KEPT_BACK and stream.tell() - begun > _PART):
                    # The last one may be the end mark, and that before it cut off: kept back until what follows is
                    # known.
                    yield self._even(records[:-_KEPT_BACK], place - len(records) + 1, ends)
                    records, begun = records[-_KEPT_BACK:], stream.tell()
                    self._step(done + round(share * min(1.0, raw.tell() / most)), text, stream.tell())
            yield self._last(records, place, ends)

    def _step(self, done: int, text: str, read: int) -> None:
        if read > LARGEST:
            raise UnreadableFile(N_("The file is larger than 1 GB. Export fewer columns, or split it."))
        if text:
            self._progress.step(done, 100, text)

    def _last(self, records: list[list[str]], place: int, ends: _Ends) -> _Rows:
        closed = bool(records) and records[-1] == [_END]
        first, whole = place - len(records) + 1, records[:-1]
        is_cut = (
            closed
            and ends.is_open
            and ends.even_rows >= 0
            and breaks_off(whole, len(self.start.columns), ends.even_rows)
        )
        rows = self._even(whole[:-1] if is_cut else whole, first, ends)
        return replace(rows, unclosed=None if closed or not records else place, cut=place - 1 if is_cut else None)

    def _even(self, records: list[list[str]], first: int, ends: _Ends) -> _Rows:
        width = len(self.start.columns)
        ends.add(records, width)
        rows, numbers, overlong = even_rows(records, width, first)
        return _Rows(rows, numbers, overlong)


@dataclass(slots=True)
class _Ends:
    """What was seen of a file on the way: how many rows had as many cells as the header, -1 where some had not; and,
    at last, whether the last line has no end."""

    even_rows: int = 0
    is_open: bool = False
    _are_uneven: bool = False

    def add(self, records: Sequence[Sequence[str]], width: int) -> None:
        self._are_uneven = self._are_uneven or any(len(record) != width for record in records)
        self.even_rows = -1 if self._are_uneven else self.even_rows + len(records)


def _clean(lines: io.TextIOWrapper, ends: _Ends) -> Iterator[str]:
    """The lines without NUL, and a last one of our own, which an open quote would swallow."""
    last = ""
    for line in lines:
        if last:
            yield last
        last = line.replace("\0", "") if "\0" in line else line
    ends.is_open = not last.endswith(("\n", "\r"))
    yield f"{last}\n" if ends.is_open else last
    yield _END


def _keep_new_days(kept: _Rows, rows: _Rows) -> None:
    """Add the rows that name a day which none of those named that are kept."""
    seen = {cell.strip().partition(" ")[0] for row in kept.rows[-_DAYS_SEEN:] for cell in row if _is_day(cell)}
    for row, number in zip(rows.rows, rows.numbers, strict=True):
        days = {cell.strip().partition(" ")[0] for cell in row if _is_day(cell)}
        if not days <= seen:
            seen |= days
            kept.rows.append(row)
            kept.numbers.append(number)


def _is_day(cell: str) -> bool:
    return cell[:1].isdigit() and len(cell) <= _LONGEST_DAY


def _csv_parts(table: _CsvFile, known: Survey, chunk: int) -> Iterator[Imported]:
    keys = _KeysSeen()
    reaches = cache(lambda: table.reaches(known))
    for rows in table.chunks(chunk, 5, 85, "Reading and saving"):
        part = table.table(rows)
        imported = known.read(part, keys.made_keys)
        _require_one_order(imported, known)
        yield replace(keys.without_repeated(imported, imported.numbers or part.numbers), reaches=reaches)


def _require_one_order(imported: Imported, known: Survey) -> None:
    """Raises UnclearDates for a date that can only be meant in the other order than all before it were."""
    for row in imported.rejected:
        if row.value and known.known:
            require_order(row.column, row.value, next(iter(known.known.values())).order)


class _KeysSeen:
    """The keys of all parts so far, as numbers: a file may have a million. `made_keys`: how often each came that was
    made of what a row says."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}
        self.made_keys: Counter[str] = Counter()

    def without_repeated(self, imported: Imported, numbers: Sequence[int]) -> Imported:
        """The part, with the rows of earlier ones whose key stands again in it, which is kept, as left out.

        `numbers`: of its issues.
        """
        again = self._repeated(imported, numbers)
        return replace(imported, rejected=(*again, *imported.rejected), superseded=len(again))

    def _repeated(self, imported: Imported, numbers: Sequence[int]) -> list[RejectedRow]:
        used = imported.used or {}
        column = used.get("key", "")
        again: list[RejectedRow] = []
        for issue, number in zip(imported.issues, numbers, strict=False):
            mark = hash(issue.key)
            before = self._places.get(mark)
            if before is not None:
                again.append(RejectedRow(before, column, issue.key, N_("stands again further down, which was kept")))
            self._places[mark] = number
        return again


def _latest_days(days: Mapping[str, set[str]], known: Survey) -> Freshness:
    def last(name: str) -> datetime | None:
        writing = known.known[name]
        reader = DateReader(known.request.zone, writing.order, writing.months)
        return latest(reader.instant(day) for day in days.get(name, ()))

    end = timedelta(days=1) - timedelta(seconds=1)
    updated = last("updated") if "updated" in days else None
    dated = latest(last(name) for name in days if name.split()[0] in ("created", "started", "resolved"))
    return Freshness(updated and updated + end, dated and dated + end)


# -- JSON of nobody in particular -----------------------------------------------------------------------


def _at_once_or(parts: Iterator[Imported], pieces: Callable[[], Iterator[Any]], request: Request) -> Iterator[Imported]:
    """The items of a list in one part, without its long texts; Jira's own answers, and what is too much for that, in
    `parts`. Whose list it is, what a column means there and how its days are written only all of it can tell: one part
    alone may have none that are done, or no day beyond the twelfth."""
    value = shortened(pieces())
    if value is None:
        yield from parts
    else:
        yield read(Document(value), request)


def _lines_as_pieces(source: Source) -> Iterator[Any]:
    with read_as(source, "utf-8-sig", "replace") as (lines, _, _):
        for entries, _ in _lines_in_parts(lines, _LOOKED_AT):
            yield entries


def _document_as_pieces(source: Source) -> Iterator[Any]:
    with read_as(source, *encoding_of(source)) as (text, _, _):
        for piece in Pieces().of(text, _LOOKED_AT, _PART):
            yield piece.value


# -- JSON lines -----------------------------------------------------------------------------------------


def _is_json_lines(head: str) -> bool:
    line, _, following = head.lstrip().partition("\n")
    try:
        return bool(following.strip()) and isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _json_parts(source: Source, request: Request, progress: Progress, chunk: int) -> Iterator[Imported]:
    keys = _KeysSeen()
    with read_as(source, "utf-8-sig", "replace") as (lines, stream, raw):
        for entries, number in _lines_in_parts(lines, chunk):
            imported = _json_part(entries, len(entries), request, number, keys)
            yield imported
            request = _settled(request, imported)
            _step(source, progress, stream, raw)


def _lines_in_parts(lines: Iterable[str], chunk: int) -> Iterator[tuple[list[object], int]]:
    """Some lines' values at a time, with the number of the last line."""
    entries, size, number = list[object](), 0, 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        entries.append(_json_line(line, number))
        size += len(line)
        if len(entries) == chunk or size > _PART:
            yield entries, number
            entries, size = [], 0
    if entries:
        yield entries, number


def _document_parts(source: Source, request: Request, progress: Progress, chunk: int) -> Iterator[Imported]:
    """The same of a document in one piece; what its answers say of themselves is known when all are read."""
    pieces, waiting, keys = Pieces(), None, _KeysSeen()
    with read_as(source, *encoding_of(source)) as (text, stream, raw):
        for piece in pieces.of(text, chunk, _PART):
            if waiting is not None:
                yield waiting
            waiting = _json_part(piece.value, piece.count, request, piece.last, keys)
            request = _settled(request, waiting)
            _step(source, progress, stream, raw)
    if waiting is None:
        raise UnreadableFile(N_("The JSON holds no array of objects. Needed is one object per item or week."))
    value = pieces.outline[0] if len(pieces.outline) == 1 else pieces.outline
    yield replace(waiting, warnings=(*waiting.warnings, *cut_warnings(value)))


def _step(source: Source, progress: Progress, stream: BinaryIO, raw: BinaryIO) -> None:
    progress.step(round(90 * min(1.0, raw.tell() / max(1, size_of(source)))), 100, N_("Reading and saving"))
    if stream.tell() > LARGEST:
        raise UnreadableFile(N_("The file is larger than 1 GB. Export fewer fields, or split it."))


def _json_line(line: str, number: int) -> object:
    try:
        return json_value(line)
    except (ValueError, RecursionError) as exc:
        raise UnreadableFile(
            N_(
                "Line {number} looks like JSON but is damaged: {exc}. Export it again.",
                number=number,
                exc=why_no_json(exc),
            )
        ) from exc


def _json_part(value: object, count: int, request: Request, last: int, keys: _KeysSeen) -> Imported:
    imported = read(Document(value), replace(request, kind=ISSUES), is_part=True, seen=keys.made_keys)
    before = last - count
    moved = tuple(replace(row, row=row.row + before) for row in imported.rejected)
    numbers = [number + before for number in imported.numbers or range(1, len(imported.issues) + 1)]
    return keys.without_repeated(replace(imported, rejected=moved), numbers)


def _settled(request: Request, imported: Imported) -> Request:
    """Fields of Jira's that one part found are the same in the others, whatever these would tell by themselves."""
    used = imported.used or {}
    chosen = {noun: used[noun] for noun in ("points", "sprints", "epic", "flagged") if noun in used}
    if imported.recognised_as != "Jira JSON export" or chosen.keys() <= request.mapping.columns.keys():
        return request
    return replace(request, mapping=replace(request.mapping, columns={**chosen, **request.mapping.columns}))
