"""Large files part by part: what decides about a whole column is gathered first, then some thousand rows at a time."""

from __future__ import annotations

import csv
import io
import json
from array import array
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from app.errors import UnreadableFile
from app.imports.columns import ISSUE_DATES, ISSUES, ColumnMapping, Layout, recognise
from app.imports.dates import DateReader, Writing, writings
from app.imports.freshness import Freshness, latest
from app.imports.issues import read_issues
from app.imports.reading import Recall, broken_rows, meant, nothing_recalled, read_document
from app.imports.report import reported
from app.imports.results import Recognised, RejectedRow
from app.imports.source import HEAD_BYTES, LARGEST, Source, decode, encoding_of, head_of, read_as, size_of
from app.imports.tables import CsvStart, Document, Table, csv_start, even_rows
from app.imports.trackers.known import content_of, tool_of
from app.imports.trackers.tool import Tool
from app.jobs import NoProgress, Progress

# One JSON value has to be in memory whole; JSON lines have not.
_LARGEST_JSON = 250_000_000
CHUNK = 10_000
_END = "\x1e"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read: as `reading.read_file` is asked."""

    mapping: ColumnMapping
    zone: tzinfo
    now: datetime
    kind: str | None = None
    recall: Recall = nothing_recalled


def parts_of(source: Source, asked: Asked, progress: Progress, chunk: int = CHUNK) -> Iterator[Recognised] | None:
    """The issues of a large file, part by part; None for what is not a list of items or must be read whole.

    Nothing is read before the first part is asked for, but the beginning. Raises UnreadableFile as read_file does.
    """
    head = decode(head_of(source, HEAD_BYTES))
    if head.lstrip()[:1] in ("[", "{"):
        if not _is_json_lines(head):
            if size_of(source) > _LARGEST_JSON:
                raise UnreadableFile(
                    "The JSON is too large to be read in one piece. Export CSV instead, or JSON with one item a line."
                )
            return None
        return _json_parts(source, asked, progress, chunk)
    table = _CsvFile(source, csv_start(head), encoding_of(source), progress)
    asked = replace(asked, mapping=meant(asked.mapping, table.start.columns, asked.recall))
    layout = table.layout(asked)
    return _csv_parts(table, layout, asked, chunk) if layout.kind == ISSUES else None


def beginning(source: Source, rows: int) -> Table | Document | None:
    """The first rows of a large file, to look at; None for JSON in one piece, which has no beginning."""
    head = decode(head_of(source, HEAD_BYTES))
    if head.lstrip()[:1] not in ("[", "{"):
        table = _CsvFile(source, csv_start(head), encoding_of(source), NoProgress())
        # The last row of a chunk is kept back.
        with closing(table.chunks(rows + 1, 0, 0, "")) as chunks:
            return table.table(next(chunks))
    if not _is_json_lines(head):
        return None
    with read_as(source, "utf-8-sig", "replace") as (lines, _, _):
        first = enumerate(islice(lines, rows), 1)
        return Document([_json_line(line, number) for number, line in first if line.strip()])


# -- CSV ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some rows of the file, as `tables.Table` has them. `unclosed`: see there."""

    rows: list[list[str]]
    numbers: list[int]
    overlong: tuple[tuple[int, int], ...] = ()
    unclosed: int | None = None


@dataclass(slots=True)
class _Surveyed:
    """What the whole file says: the days in each field, and the last row of each key that stands there twice."""

    days: dict[str, set[str]] = field(default_factory=dict)
    keys: array[int] = field(default_factory=lambda: array("q"))
    last: dict[int, int] = field(default_factory=dict)

    def find_repeated(self) -> None:
        """Fill `last`: place of the last row by the key's hash, for keys that repeat."""
        before, repeated = None, set()
        for one in sorted(self.keys):
            if one == before:
                repeated.add(one)
            before = one
        if repeated:
            self.last = {one: place for place, one in enumerate(self.keys) if one in repeated}


class _CsvFile:
    """A CSV file that is read from the beginning as often as needed."""

    def __init__(self, source: Source, start: CsvStart, encoding: tuple[str, str], progress: Progress) -> None:
        self.start = start
        self._source = source
        self._encoding = encoding
        self._progress = progress
        self._tool: Tool | None = None

    def layout(self, asked: Asked) -> Layout:
        """By the first rows, prepared as the tool asks whose export it is."""
        with closing(self.chunks(CHUNK, 0, 0, "")) as chunks:
            table = self.table(next(chunks))
        self._tool = tool_of(content_of(table))
        return recognise(self.prepared(table), asked.mapping, asked.kind, self._tool)

    def table(self, rows: _Rows) -> Table:
        start = self.start
        return Table(start.columns, rows.rows, rows.numbers, "CSV", start.delimiter, rows.overlong, rows.unclosed)

    def prepared(self, table: Table) -> Table:
        return self._tool.prepare(table) if self._tool is not None else table

    def chunks(self, size: int, done: int, share: int, text: str) -> Generator[_Rows]:
        """All rows, some at a time; the progress goes from `done` on by `share` of a hundred."""
        most = max(1, size_of(self._source))
        csv.field_size_limit(64 * 1024 * 1024)
        with read_as(self._source, *self._encoding) as (lines, stream, raw):
            lines.read(self.start.skipped)
            reader = csv.reader(_clean(lines), delimiter=self.start.delimiter)
            place, records = 0, []
            try:
                for record in reader:
                    place += 1
                    if place <= self.start.header + 1:
                        continue
                    records.append(record)
                    if len(records) == size:
                        # The last one may be the end mark: kept back until what follows is known.
                        yield self._even(records[:-1], place - size + 1)
                        records = records[-1:]
                        self._step(done + round(share * min(1.0, raw.tell() / most)), text, stream.tell())
            except csv.Error as exc:
                raise UnreadableFile(f"The table cannot be read beyond line {reader.line_num}: {exc}.") from exc
            yield self._last(records, place)

    def _step(self, done: int, text: str, read: int) -> None:
        if read > LARGEST:
            raise UnreadableFile("The file is larger than 1 GB. Export fewer columns, or split it.")
        if text:
            self._progress.step(done, 100, text)

    def _last(self, records: list[list[str]], place: int) -> _Rows:
        closed = bool(records) and records[-1] == [_END]
        return replace(
            self._even(records[:-1], place - len(records) + 1), unclosed=None if closed or not records else place
        )

    def _even(self, records: list[list[str]], first: int) -> _Rows:
        rows, numbers, overlong = even_rows(records, len(self.start.columns), first)
        return _Rows(rows, numbers, overlong)


def _clean(lines: io.TextIOWrapper) -> Iterator[str]:
    """The lines without NUL, and a last one of our own, which an open quote would swallow."""
    last = "\n"
    for line in lines:
        last = line.replace("\0", "") if "\0" in line else line
        yield last
    if not last.endswith(("\n", "\r")):
        yield "\n"
    yield _END


def _csv_parts(table: _CsvFile, layout: Layout, asked: Asked, chunk: int) -> Iterator[Recognised]:
    surveyed = _surveyed(table, layout, chunk)
    known = _writings(surveyed, layout, asked, table.start.columns)
    if asked.mapping.time_zone is not None:
        asked = replace(asked, zone=ZoneInfo(asked.mapping.time_zone))
    reaches = _reaches(surveyed, known, asked.zone)
    seen: Counter[str] = Counter()
    place = 0
    for rows in table.chunks(chunk, 25, 65, "Reading and saving"):
        part, repeated, place = _once_each(table.prepared(table.table(rows)), layout, surveyed, place)
        found = read_issues(part, layout, asked.mapping, asked.zone, asked.now, known=known, seen=seen)
        found = reported(found, asked.mapping)
        rejected = (*repeated, *found.rejected)
        yield broken_rows(replace(found, rows=found.rows + len(repeated), rejected=rejected, reaches=reaches), part)


def _surveyed(table: _CsvFile, layout: Layout, chunk: int) -> _Surveyed:
    found = _Surveyed({name: set() for name in ISSUE_DATES if name in layout.single})
    key = layout.single.get("key")
    for rows in table.chunks(chunk, 0, 25, "Looking through the file"):
        part = table.prepared(table.table(rows)).rows
        for name, days in found.days.items():
            place = layout.single[name]
            # Days repeat; instants in one piece, such as 2026-01-31T10:00:00Z, would be a million different ones.
            days.update(row[place].strip().partition(" ")[0].partition("T")[0] for row in part)
        if key is not None:
            found.keys.extend(hash(row[key].strip()) if row[key].strip() else 0 for row in part)
    found.find_repeated()
    found.last.pop(0, None)
    return found


def _writings(surveyed: _Surveyed, layout: Layout, asked: Asked, columns: tuple[str, ...]) -> Mapping[str, Writing]:
    days = surveyed.days

    def named(name: str) -> str:
        place = layout.single[name]
        return columns[place] if place < len(columns) else name

    latest = asked.now.astimezone(UTC).date() + timedelta(days=1)
    texts = {named(name): sorted(texts) for name, texts in days.items()}
    found = writings(texts, latest, asked.mapping.date_order, asked.mapping.months)
    return {name: found[named(name)] for name in days}


def _reaches(surveyed: _Surveyed, known: Mapping[str, Writing], zone: tzinfo) -> Freshness:
    """To the end of the latest day in each column; columns with dates in several words are not looked at."""

    def last(name: str) -> datetime | None:
        reader = DateReader(zone, known[name].order, known[name].months)
        return latest(reader.instant(day) for day in surveyed.days.get(name, ()))

    end = timedelta(days=1) - timedelta(seconds=1)
    updated, dated = (
        last("updated") if "updated" in known else None,
        latest(last(name) for name in ("created", "started", "resolved") if name in known),
    )
    return Freshness(updated and updated + end, dated and dated + end)


def _once_each(part: Table, layout: Layout, surveyed: _Surveyed, place: int) -> tuple[Table, list[RejectedRow], int]:
    """The part without rows whose key stands again further down; and the place of the next part's first row."""
    key, end = layout.single.get("key"), place + len(part.rows)
    if key is None or not surveyed.last:
        return part, [], end
    kept, repeated = [], []
    for offset, row in enumerate(part.rows):
        last = surveyed.last.get(hash(row[key].strip()), place + offset)
        if last == place + offset:
            kept.append(offset)
        else:
            reason = "stands again further down, which was kept"
            repeated.append(RejectedRow(part.numbers[offset], part.columns[key], row[key].strip(), reason))
    rows, numbers = [part.rows[offset] for offset in kept], [part.numbers[offset] for offset in kept]
    return replace(part, rows=rows, numbers=numbers), repeated, end


# -- JSON lines -----------------------------------------------------------------------------------------


def _is_json_lines(head: str) -> bool:
    line = head.lstrip().partition("\n")[0]
    try:
        return isinstance(json.loads(line), dict) and "\n" in head
    except ValueError:
        return False


def _json_parts(source: Source, asked: Asked, progress: Progress, chunk: int) -> Iterator[Recognised]:
    most, entries, number = max(1, size_of(source)), [], 0
    with read_as(source, "utf-8-sig", "replace") as (lines, stream, raw):
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            entries.append(_json_line(line, number))
            if len(entries) == chunk:
                found = _json_part(entries, asked, number)
                yield found
                entries, asked = [], _settled(asked, found)
                progress.step(round(90 * min(1.0, raw.tell() / most)), 100, "Reading and saving")
                if stream.tell() > LARGEST:
                    raise UnreadableFile("The file is larger than 1 GB. Export fewer fields, or split it.")
    if entries:
        yield _json_part(entries, asked, number)


def _json_line(line: str, number: int) -> object:
    try:
        return json.loads(line, parse_constant=_refused)
    except (ValueError, RecursionError) as exc:
        raise UnreadableFile(f"Line {number} looks like JSON but is damaged: {exc}. Export it again.") from exc


def _json_part(entries: list[object], asked: Asked, last: int) -> Recognised:
    found = read_document(Document(entries), asked.mapping, asked.zone, asked.now, ISSUES, is_part=True)
    moved = tuple(replace(row, row=row.row + last - len(entries)) for row in found.rejected)
    return replace(found, rejected=moved)


def _settled(asked: Asked, found: Recognised) -> Asked:
    """Fields of Jira's that one part found are the same in the others, whatever these would tell by themselves."""
    used = found.used or {}
    chosen = {noun: used[noun] for noun in ("points", "sprints", "epic", "flagged") if noun in used}
    if found.recognised_as != "Jira JSON export" or chosen.keys() <= asked.mapping.columns.keys():
        return asked
    return replace(asked, mapping=replace(asked.mapping, columns={**chosen, **asked.mapping.columns}))


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")
