"""Text to a table of cells: encodings, delimiters, quotes, ragged rows. Columns have no meaning here."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from operator import itemgetter
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson

from app.errors import UnreadableFile
from app.imports.json_lists import items_of
from app.imports.other_tables import rows_below, width_without_beside
from app.imports.plain_names import known_among
from app.imports.source import decode, unpacked
from app.words import N_

# What Jira, spreadsheets and databases write between cells; the caret is one of four that Jira offers.
_DELIMITERS = ",;\t|^~"
_SAMPLE_ROWS = 25
_LINE_ENDS = ("\n", "\r")
_LAST_LINE = "\x1e"
# Where `splitlines` cuts as well, and a table does not; beside the one above.
_NO_LINE_ENDS = "\v\f\x1c\x1d\x85\u2028\u2029"
# Characters.
_PIECE = 100_000
_JSON_BLANK = re.compile(r"[ \t\r\n]*")
# Long descriptions are normal in "all fields" exports; the module's own limit is 128 KiB a cell.
_LONGEST_CELL = 64 * 1024 * 1024
_NEAR_ROWS = 500
# A title or an address may stand above the header line.
_HEADER_WITHIN, _HEADER_CHARACTERS = 10, 1_000_000
_KNOWN_NAMES = 3
# So many rows of one width tell that a shorter last one was cut off.
_WHOLE_ROWS = 3
# Where an object says in JSON what it is called.
_NAMED_BY = ("name", "value", "key", "displayName", "Name")
# The same of a day or an instant.
_INSTANT_BY = ("date", "$date", "dateTime", "datetime", "timestamp", "iso", "_seconds", "seconds")
_MARKUP = re.compile(r"<(?:[?!]|html|rss|table|[a-z][\w-]*[ >])", re.IGNORECASE)


# Exports with every field of a large server have about two thousand; and what a table may hold at once, empty or not.
_MOST_COLUMNS, _MOST_CELLS = 10_000, 12_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """Text cells under column names, which may repeat; names and cells keep their place.

    Every row has `len(columns)` cells. `numbers[i]` is the row number of `rows[i]` as a spreadsheet shows it:
    the header is 1, empty rows count; in JSON the first object is 1. `overlong` are the rows that had more cells
    than the header, as (number, cells). `unclosed` is the number of the row whose quote is never closed, so that it
    swallowed the rest of the file. Neither kind is among `rows`. `beside` are the names of the columns of another table
    to the right, and `below` the row numbers of those below it; neither is among `columns` or `rows`.
    """

    columns: tuple[str, ...]
    rows: list[list[str]]
    numbers: Sequence[int]
    form: str
    delimiter: str = ","
    overlong: tuple[tuple[int, int], ...] = ()
    unclosed: int | None = None
    cut: int | None = None
    beside: tuple[str, ...] = ()
    below: tuple[int, ...] = ()
    # Columns that were asked for: those of dates are, before all others are read; and first cells of others.
    _known: dict[int, list[str]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _first: dict[int, tuple[int, list[str]]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def texts(self, place: int) -> list[str]:
        """The cells of a column without blanks around them; the loop runs in C, half the time of a comprehension."""
        if place not in self._known:
            self._known[place] = list(map(str.strip, map(itemgetter(place), self.rows)))
        return self._known[place]

    def by_column(
        self, places: Iterable[int], runs: Iterable[tuple[int, int]] = ()
    ) -> tuple[dict[int, list[str]], dict[tuple[int, int], list[tuple[str, ...]]]]:
        """`texts` of these columns; and of each run of neighbouring columns, from one up to another, the filled cells
        of every row.

        Some rows at a time: those of a wide file lie far apart in memory, and are visited several times while they are
        near. That halves the time.
        """
        wanted = list(dict.fromkeys(places))
        texts: dict[int, list[str]] = {place: [] for place in wanted if place not in self._known}
        filled: dict[tuple[int, int], list[tuple[str, ...]]] = {run: [] for run in runs}
        # Of one column alone it would give the cells by themselves.
        several = itemgetter(*texts, 0, 0)
        for start in range(0, len(self.rows), _NEAR_ROWS):
            rows = self.rows[start : start + _NEAR_ROWS]
            for cells, more in zip(texts.values(), zip(*map(several, rows), strict=True), strict=False):
                cells.extend(map(str.strip, more))
            for run, lists in filled.items():
                lists += _filled_cells(rows, *run)
        self._known.update(texts)
        return {place: self._known[place] for place in wanted}, filled

    def filled(self, place: int, most: int) -> list[str]:
        """The first cells of a column that hold something. Several ask for them, and a column that is nearly empty is
        read to its end for them: they are kept."""
        limit, cells = self._first.get(place, (0, []))
        # Fewer than were asked for are all.
        if limit < most and len(cells) == limit:
            cells = list(islice(self.each_filled(place), most))
            self._first[place] = most, cells
        return cells[:most]

    def each_filled(self, place: int) -> Iterator[str]:
        """All of them, one by one, for who may know enough after the first: a column that is nearly empty has its next
        one thousands of rows later."""
        return filter(None, map(str.strip, filter(None, map(itemgetter(place), self.rows))))


def _filled_cells(rows: Iterable[list[str]], first: int, end: int) -> list[tuple[str, ...]]:
    """Of each row from one column up to another. Nearly all have none or one, the first: the others take twice as
    long."""
    behind, whole, empty = slice(first + 1, end), slice(first, end), [""] * (end - first - 1)
    return [
        ((row[first],) if row[first] else ()) if row[behind] == empty else tuple(filter(None, row[whole]))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Document:
    """What a JSON file holds; of several values one after the other, as in JSON lines, the list of them."""

    value: Any


def read_table(data: bytes) -> Table:
    """The table in a CSV file or JSON array. Raises UnreadableFile saying what was found and what is needed."""
    content = read_content(data)
    return content if isinstance(content, Table) else table_of(content)


def read_content(data: bytes) -> Table | Document:
    """The table in a CSV file, or a JSON file's document as it is. Raises UnreadableFile."""
    text = decode(unpacked(data))
    opening = text.lstrip()[:1]
    if not opening:
        raise UnreadableFile(N_("The file is empty. Choose a CSV file with a header line, or a JSON array of objects."))
    if opening == "<" and _MARKUP.match(text.lstrip()):
        raise UnreadableFile(
            N_(
                "It is XML or a web page, and no table. Export CSV or JSON; a page that a tracker calls an Excel file "
                "can be opened in Excel and saved as CSV."
            )
        )
    return Document(_parsed(text)) if opening in "[{" else _read_csv(text)


# -- CSV ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CsvStart:
    """How a CSV file begins. `columns` stand in the record at `header`, counted from 0 after `skipped` characters."""

    delimiter: str
    skipped: int
    header: int
    columns: tuple[str, ...]


def csv_start(text: str) -> CsvStart:
    """What the beginning of a CSV file says, or the whole of it. Raises UnreadableFile without a header line."""
    rest, delimiter = _announced_delimiter(text)
    delimiter = delimiter or _guess_delimiter(rest)
    records = _records(rest[:_HEADER_CHARACTERS], delimiter, _HEADER_WITHIN + _SAMPLE_ROWS)
    at = _header_place(records)
    if at is None:
        records = _records(rest, delimiter)
        at = _header_place(records)
    if at is None:
        raise UnreadableFile(N_("The file has no header line. The first line must name the columns."))
    return CsvStart(delimiter, len(text) - len(rest), at, _column_names(records[at]))


def _read_csv(text: str) -> Table:
    start = csv_start(text)
    records, closed = _all_records(text[start.skipped :], start.delimiter)
    at = start.header
    if not closed and len(records) == at + 1:
        raise UnreadableFile(N_("A quote in the header line is never closed, so the columns cannot be told apart."))
    unclosed = None if closed else len(records)
    cut = (
        len(records)
        if closed and not text.endswith(_LINE_ENDS) and breaks_off(records[at + 1 :], len(records[at]))
        else None
    )
    end = unclosed or cut
    rows, numbers, overlong = even_rows(records[at + 1 : end and end - 1], len(start.columns), at + 2)
    table = Table(start.columns, rows, numbers, "CSV", start.delimiter, overlong, unclosed, cut)
    return _without_others(table)


def _without_others(table: Table) -> Table:
    """The list alone where other tables stand beside or below it, and what was left out."""
    width = width_without_beside(table.columns, table.rows)
    if width < len(table.columns):
        beside = tuple(filter(None, table.columns[width:]))
        kept = [
            (row[:width], number) for row, number in zip(table.rows, table.numbers, strict=True) if any(row[:width])
        ]
        rows, numbers = [row for row, _ in kept], [number for _, number in kept]
        table = replace(table, columns=table.columns[:width], rows=rows, numbers=numbers, beside=beside)
    gone = {number for number, _ in table.overlong}
    below = rows_below(table.columns, table.rows, table.numbers, gone)
    if not below:
        return table
    kept_places = [place for place in range(len(table.rows)) if place not in below]
    return replace(
        table,
        rows=[table.rows[place] for place in kept_places],
        numbers=[table.numbers[place] for place in kept_places],
        below=tuple(table.numbers[place] for place in sorted(below)),
    )


def breaks_off(records: list[list[str]], width: int, before: int = 0) -> bool:
    """Whether the last of these, without a line end, is the only one that has fewer cells than the header. `before`: so
    many rows in front of them had as many."""
    widths = [len(record) for record in records]
    return len(widths) + before > _WHOLE_ROWS and widths.pop() < width and set(widths) <= {width}


def _header_place(records: list[list[str]]) -> int | None:
    """The first line with text. Where that names no column that is known, the first of the next few that names three;
    where it is one cell alone, else the first of those that has three cells or more."""
    first = next((place for place, record in enumerate(records) if _filled(record)), None)
    if first is None or known_among(records[first]):
        return first
    near = range(first + 1, min(first + _HEADER_WITHIN, len(records)))
    known = next((place for place in near if len(known_among(records[place])) >= _KNOWN_NAMES), None)
    if known is not None or _filled(records[first]) > 1:
        return first if known is None else known
    return next((place for place in near if _filled(records[place]) > 2), first)


def _filled(record: list[str]) -> int:
    return sum(1 for cell in record if cell.strip())


def _announced_delimiter(text: str) -> tuple[str, str]:
    """Excel writes `sep=;` as a first line of its own and hides it again."""
    match = re.match(r'"?sep=([^\w\s"]|\t)"?\r?\n', text, re.IGNORECASE)
    return (text[match.end() :], match[1]) if match else (text, "")


def _guess_delimiter(text: str) -> str:
    """The delimiter that gives the header, and the rows that follow, the most columns."""

    def width(delimiter: str) -> tuple[int, int]:
        records = [record for record in _records(text[:65536], delimiter, _SAMPLE_ROWS) if record]
        header = _header_place(records)
        if header is None:
            return (0, 0)
        usual = Counter(len(record) for record in records).most_common(1)[0][0]
        return (min(len(records[header]), usual), len(records[header]))

    return max(_DELIMITERS, key=width)


def _records(text: str, delimiter: str, limit: int | None = None) -> list[list[str]]:
    return list(islice(Records(_lines(text), delimiter), limit))


class Records:
    """The rows of a table, as `csv.reader` gives them. It is asked only for those with a quote: of 22,000 rows of an
    export with 76 columns, a tenth of them with one, that takes 50 ms instead of 82.

    Raises UnreadableFile.
    """

    def __init__(self, lines: Iterable[str], delimiter: str) -> None:
        self._lines = iter(lines)
        self._delimiter = delimiter
        # How many were read.
        self._line = 0
        # A process-wide limit, the same at each call, so that it does not matter who sets it first.
        csv.field_size_limit(_LONGEST_CELL)

    def __iter__(self) -> Iterator[list[str]]:
        delimiter = self._delimiter
        for line in self._lines:
            self._line += 1
            if '"' in line or len(line) > _LONGEST_CELL:
                yield self._quoted(line)
            else:
                cells = line.rstrip("\r\n")
                yield cells.split(delimiter) if cells else []

    def _quoted(self, line: str) -> list[str]:
        """The row that begins with this line; it takes as many more as its quotes hold."""
        reader = csv.reader(chain((line,), self._lines), delimiter=self._delimiter)
        try:
            return next(reader)
        except csv.Error as exc:
            number = self._line + reader.line_num - 1
            raise UnreadableFile(
                N_("The table cannot be read beyond line {line_num}: {exc}.", line_num=number, exc=exc)
            ) from exc
        finally:
            self._line += reader.line_num - 1


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends, of a piece of the text at a time: of all at once they are as large as it is."""
    return chain.from_iterable(map(_lines_of, _pieces(text)))


def _pieces(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        end = text.find("\n", at + _PIECE) + 1 or len(text)
        yield text[at:end]
        at = end


def _lines_of(text: str) -> Iterable[str]:
    """A file object of the text would take four bytes a character and a tenth longer."""
    if any(mark in text for mark in _NO_LINE_ENDS) or text.find(_LAST_LINE) not in (-1, len(text) - 1):
        return io.StringIO(text, newline="")
    return text.splitlines(keepends=True)


def _all_records(text: str, delimiter: str) -> tuple[list[list[str]], bool]:
    """All records, and whether the last one's quotes are closed."""
    # A last line of our own comes back as a record of its own, unless an open quote swallows it.
    ended = text if text.endswith(_LINE_ENDS) else f"{text}\n"
    records = list(Records(chain(_lines(ended), (_LAST_LINE,)), delimiter))
    closed = records[-1] == [_LAST_LINE]
    return records[:-1] if closed else records, closed


def _column_names(header: list[str]) -> tuple[str, ...]:
    names = [" ".join(name.split()) for name in header]
    while names and not names[-1]:
        names.pop()
    require_size(0, len(names))
    return tuple(names)


def require_size(rows: int, columns: int) -> None:
    """Raises UnreadableFile for a table that is no export, and would fill the memory."""
    if columns > _MOST_COLUMNS:
        raise UnreadableFile(
            N_("The file has {columns:,} columns, and no export has so many. Export fewer columns.", columns=columns)
        )
    if rows * columns > _MOST_CELLS:
        raise UnreadableFile(
            N_(
                "The file has {rows:,} rows in {columns:,} columns, nearly all of them empty. Export fewer columns.",
                rows=rows,
                columns=columns,
            )
        )


def even_rows(
    records: list[list[str]], width: int, first_number: int
) -> tuple[list[list[str]], list[int], tuple[tuple[int, int], ...]]:
    """Rows of `width` cells with their numbers, without the empty ones; and those that are too long.

    Missing cells at the end are empty. Filled cells beyond the header mean that an unquoted delimiter shifted
    the row, so it cannot be trusted.
    """
    require_size(len(records), width)
    rows, numbers, overlong = [], [], []
    for number, record in enumerate(records, first_number):
        if len(record) != width:
            while len(record) > width and not record[-1].strip():
                record.pop()
            if len(record) > width:
                overlong.append((number, len(record)))
                continue
            record.extend([""] * (width - len(record)))
        # The first cell is nearly always filled.
        if record[0].strip() or "".join(record).strip():
            rows.append(record)
            numbers.append(number)
    return rows, numbers, tuple(overlong)


# -- JSON -----------------------------------------------------------------------------------------------


def table_of(document: Document) -> Table:
    """One row for each object of a JSON array, or row of a table in arrays. Raises UnreadableFile for none."""
    return flat_table(_rows(document.value) or [_flat(entry) for entry in items_of(document.value)])


def _rows(value: Any) -> list[dict[str, tuple[str, ...]]]:
    """A table as an array of rows, the first of which names the columns; none for anything else."""
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(row, list) for row in value):
        return []
    names, *rows = value
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        return []
    return [_named_cells(names, row) for row in rows]


def _named_cells(names: Sequence[str], row: Sequence[Any]) -> dict[str, tuple[str, ...]]:
    cells: dict[str, tuple[str, ...]] = {}
    for name, value in zip(names, row, strict=False):
        cells[_whole_text(name)] = (*cells.get(_whole_text(name), ()), _cell(value))
    return cells


def flat_table(objects: list[dict[str, tuple[str, ...]]]) -> Table:
    """One row for each object, given as cells by column name; a name with several cells becomes several columns."""
    widths: dict[str, int] = {}
    for entry in objects:
        for name, cells in entry.items():
            widths[name] = max(widths.get(name, 1), len(cells))
    columns = tuple(name for name, width in widths.items() for _ in range(width))
    if not columns:
        raise UnreadableFile(N_("The JSON array holds no objects. Needed is an array of objects with named values."))
    require_size(len(objects), len(columns))
    empty: tuple[str, ...] = ()
    rows = [
        [cell for name, width in widths.items() for cell in _padded(entry.get(name, empty), width)] for entry in objects
    ]
    filled = [place for place, row in enumerate(rows) if any(row)]
    return Table(columns, [rows[place] for place in filled], [place + 1 for place in filled], "JSON")


def json_value(text: str) -> Any:
    """One JSON value. Raises ValueError for what is none, or has more behind it, and RecursionError for the deepest.

    The fast reader takes neither half characters nor the largest numbers; what it refuses the other one decides.
    """
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text, parse_constant=refused_constant)


def why_no_json(exc: Exception) -> str:
    """What is wrong, in words for people where Python speaks about itself."""
    if isinstance(exc, RecursionError):
        return "its lists and objects lie deeper in each other than in any export"
    if isinstance(exc, ValueError) and "digits" in str(exc):
        return "it holds a number of thousands of digits"
    return str(exc)


def refused_constant(constant: str) -> NoReturn:
    """NaN and infinity are no JSON. Raises ValueError."""
    raise ValueError(f"{constant} is not a number")


def _parsed(text: str) -> Any:
    lines = _values_of_lines(text)
    if lines is not None:
        return lines
    try:
        return json_value(text)
    except (ValueError, RecursionError) as exc:
        following = _following(text, json.JSONDecoder(parse_constant=refused_constant))
        if following is None:
            raise UnreadableFile(
                N_("The file looks like JSON but is damaged: {exc}. Export it again.", exc=why_no_json(exc))
            ) from exc
        return following


def _values_of_lines(text: str) -> list[Any] | None:
    """The values of JSON lines; None for anything else."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return None
    values: list[Any] = []
    try:
        for line in lines:
            value = orjson.loads(line)
            values.extend(value if isinstance(value, list) else [value])
    except ValueError:
        return None
    return values


def _following(text: str, decoder: json.JSONDecoder) -> list[Any] | None:
    """The values of JSON lines, or of arrays one after the other as paged answers are saved; None for anything else."""
    values: list[Any] = []
    at = _JSON_BLANK.match(text, 0).end()  # type: ignore[union-attr]  # it matches nothing too
    try:
        while at < len(text):
            value, end = decoder.raw_decode(text, at)
            values.extend(value if isinstance(value, list) else [value])
            at = _JSON_BLANK.match(text, end).end()  # type: ignore[union-attr]
    except (ValueError, RecursionError):
        return None
    return values


def _flat(entry: Any) -> dict[str, tuple[str, ...]]:
    """One object's values as cells by column name; Jira's answers keep theirs inside `fields`."""
    if not isinstance(entry, dict):
        return {}
    nested = entry.get("fields")
    values = {**entry, **nested} if isinstance(nested, dict) else entry
    return {_whole_text(str(name)): _cells(value) for name, value in values.items() if name != "fields"}


def _cells(value: Any) -> tuple[str, ...]:
    """One cell for each entry of a list. Deeper nesting has no place in a table and is left out."""
    if isinstance(value, list):
        return tuple(cell for each in value if (cell := _cell(each)))
    return (_cell(value),)


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        value = next((value[name] for name in _NAMED_BY if name in value), None) or _instant_in(value)
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _whole_text(str(value))


def _instant_in(entry: dict[str, Any]) -> Any:
    """What an object that stands for an instant says, as databases and programs write it; None for any other."""
    if "seconds" in entry and not {"nanos", "nanoseconds"} & entry.keys():
        return None  # a duration
    value = next((entry[name] for name in _INSTANT_BY if name in entry), None)
    if isinstance(value, dict):
        return value.get("$numberLong")
    zone = entry.get("timezone") or entry.get("timeZone")
    return _with_zone(value, zone) if isinstance(value, str) and isinstance(zone, str) else value


def _with_zone(text: str, zone: str) -> str:
    """A time of day with what its clock is from UTC, named beside it by a place or as +02:00; else as it is."""
    if ":" not in text or not text[-1].isdigit():
        return text
    if re.fullmatch(r"[+-]\d\d:?\d\d", zone):
        return f"{text}{zone}"
    try:
        at = datetime.fromisoformat(text)
        return text if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone)).isoformat()
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return text


def _whole_text(text: str) -> str:
    """JSON escapes can spell half a character, which no file or database takes."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells + ("",) * (width - len(cells))
