"""What is in a file, before it is imported: its columns, what they are taken for, its statuses, some rows as read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from app.errors import AppError, BadInput, UnclearDates
from app.imports.columns import (
    ISSUE_DATES,
    ISSUES,
    WEEKS,
    ColumnMapping,
    Layout,
    recognise,
)
from app.imports.dates import DateReader, day_orders, unknown_month
from app.imports.months import Months
from app.imports.plain_names import names_utc
from app.imports.reading import document_names, has_own_shape, is_jira, read
from app.imports.report import sentences
from app.imports.request import Request
from app.imports.results import Imported
from app.imports.source import Source, is_large, whole
from app.imports.streaming import beginning
from app.imports.survey import survey_prepared
from app.imports.tables import Document, Table, read_content
from app.imports.trackers.known import extracted
from app.imports.trackers.tool import Extract
from app.imports.weeks import read_weeks
from app.words import N_
from store.records import Category, Issue, Week

# Enough to judge by; a file may have a million.
_LOOKED_AT = 20_000
_SAMPLES, _SHOWN = 3, 5
_STATUSES = 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name (repeated ones are one), with some different values from it.

    `label`: what it is shown as, where the name alone says little; `evidence`: what speaks for its being meant.
    """

    name: str
    samples: tuple[str, ...]
    label: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class FoundStatus:
    """A status in the file: how many rows are in it, and what it is taken for."""

    name: str
    rows: int
    category: Category


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the file would be read. `problem`: why it could not be; all else is then empty.

    `rows` and `kept` count what was looked at, `is_part` when the file has more.
    """

    recognised_as: str = ""
    rows: int = 0
    kept: int = 0
    issues: tuple[Issue, ...] = ()
    weeks: tuple[Week, ...] = ()
    rejected: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    problem: str = ""
    is_part: bool = False


class Inspection:
    """A file that was looked into. What has columns can be told what they are; a board has none. Of Jira's own JSON
    the fields can be chosen whose meaning differs from server to server.

    `is_part`: only the beginning of a large file was looked at.
    """

    def __init__(self, content: Table | Document, is_part: bool) -> None:
        self._content = content
        self.is_part = is_part
        export = None if has_own_shape(content) else extracted(content)
        self._tool = export.tool if export else None
        self._table = export.table if export else None
        self._names = export.columns if export else ()
        self._statuses: tuple[tuple[str, str], tuple[FoundStatus, ...]] | None = None
        self.is_jira = isinstance(content, Document) and is_jira(content)
        self._chosen: dict[str, str] = {}
        self.columns = _columns(self._table) if self._table is not None else ()
        if isinstance(content, Document) and self.is_jira:
            self.columns, self._chosen = _jira_fields(content)

    @property
    def names(self) -> tuple[str, ...]:
        """What makes the next file one of the same kind, for remembering what was said about this one."""
        if self._table is None and isinstance(self._content, Document):
            return document_names(self._content)
        return self._names

    def proposed(self, mapping: ColumnMapping) -> tuple[str, dict[str, str]]:
        """Kind of file, and our field -> name of the column it is taken from, as far as that can be told."""
        if self.is_jira:
            columns = {**self._chosen, **mapping.columns}
            return ISSUES, {noun: name for noun, name in columns.items() if name}
        layout = self._layout(mapping)
        if layout is None or self._table is None:
            return mapping.kind or ISSUES, {}
        return layout.kind, layout.used(self._table)

    def statuses(self, mapping: ColumnMapping, zone: tzinfo, now: datetime) -> tuple[FoundStatus, ...]:
        """The statuses in the file, the most frequent first; none while it cannot be read."""
        question = (repr(mapping), str(zone))
        if self._statuses is None or self._statuses[0] != question:
            self._statuses = (question, self._found_statuses(mapping, zone, now))
        return self._statuses[1]

    def _found_statuses(self, mapping: ColumnMapping, zone: tzinfo, now: datetime) -> tuple[FoundStatus, ...]:
        try:
            imported = self._read(mapping, zone, now)
        except AppError:
            return ()
        by_name: dict[str, Counter[Category]] = {}
        for issue in imported.issues:
            if issue.status:
                by_name.setdefault(issue.status, Counter())[issue.category] += 1
        named = (FoundStatus(name, sum(met.values()), met.most_common(1)[0][0]) for name, met in by_name.items())
        return tuple(sorted(named, key=lambda status: -status.rows)[:_STATUSES])

    def outcome(self, mapping: ColumnMapping, zone: tzinfo, now: datetime) -> Outcome:
        """How the file would be read, with the first rows as they would be kept."""
        try:
            imported = self._read(mapping, zone, now)
        except AppError as exc:
            return Outcome(problem=str(exc), is_part=self.is_part)
        return Outcome(
            recognised_as=imported.recognised_as,
            rows=imported.rows,
            kept=len(imported.issues) + len(imported.weeks),
            issues=imported.issues[:_SHOWN],
            weeks=imported.weeks[:_SHOWN],
            rejected=tuple(_rejections(imported)),
            warnings=(*imported.warnings, *sentences(imported.guesses, imported.recognised_as)),
            is_part=self.is_part,
        )

    def unclear_date(self, mapping: ColumnMapping, now: datetime) -> bool:
        """Whether dates can be read in two ways and nothing in the file decides, or it contradicts itself."""
        try:
            day_orders(self._dates(mapping), now.astimezone(UTC).date() + timedelta(days=1))
        except BadInput:
            return True
        return False

    def needs_zone(self, mapping: ColumnMapping) -> bool:
        """Whether times of day stand there without saying in which zone they are meant."""
        utc, other = DateReader(UTC), DateReader(timezone(timedelta(hours=5)))
        return any(
            ":" in text and utc.instant(text) != other.instant(text)
            for name, texts in self._dates(mapping).items()
            if not names_utc(name)
            for text in texts[:200]
        )

    def unknown_months(self, mapping: ColumnMapping) -> tuple[str, ...]:
        """Words in its dates that stand for months in no language known here."""
        months = Months.of((), mapping.months)
        texts = (text for column in self._dates(mapping).values() for text in column[:_LOOKED_AT])
        return tuple(dict.fromkeys(word for text in texts if (word := unknown_month(text, months))))

    def may_be_totals(self, mapping: ColumnMapping, now: datetime) -> bool:
        """Whether its weekly numbers may be running totals, and nothing in the file decides it."""
        layout = self._layout(mapping)
        if layout is None or layout.kind != WEEKS or self._table is None:
            return False
        try:
            read_weeks(self._table, layout, mapping, now)
        except UnclearDates:
            return False
        except AppError:
            return True
        return False

    def question(self, mapping: ColumnMapping, zone: tzinfo, now: datetime) -> str:
        """What keeps the columns from being understood, and must be said; "" where it is only the dates, or nothing."""
        if self._table is None:
            return ""
        try:
            survey_prepared(Extract(self._table, self._tool), Request(mapping, zone, now), is_part=self.is_part)
        except UnclearDates:
            return ""
        except AppError as exc:
            return str(exc)
        words = self.unknown_months(mapping)
        return N_("It names months that are not known here: {words}.", words=", ".join(words[:3])) if words else ""

    def _layout(self, mapping: ColumnMapping) -> Layout | None:
        try:
            if self._table is None:
                return None
            return recognise(self._table, mapping, mapping.kind, self._tool)
        except AppError:
            return None

    def _read(self, mapping: ColumnMapping, zone: tzinfo, now: datetime) -> Imported:
        return read(self._content, Request(mapping, zone, now))

    def _dates(self, mapping: ColumnMapping) -> dict[str, list[str]]:
        """The cells of the columns that dates are read from."""
        layout = self._layout(mapping)
        if layout is None or self._table is None:
            return {}
        names = ("date",) if layout.kind == WEEKS else ISSUE_DATES
        places = [layout.single[name] for name in names if name in layout.single]
        rows = self._table.rows
        return {self._table.columns[place]: [cell for row in rows if (cell := row[place].strip())] for place in places}


def inspect(source: Source) -> Inspection:
    """Look into a file, of a large one into its beginning. Raises UnreadableFile for what is no table."""
    first = beginning(source, _LOOKED_AT) if is_large(source) else None
    if first is not None:
        return Inspection(first, is_part=True)
    return Inspection(read_content(whole(source)), is_part=False)


def _jira_fields(document: Document) -> tuple[tuple[Column, ...], dict[str, str]]:
    # Brings the whole Jira client along.
    from app.imports.trackers.jira_json import fields_to_choose  # noqa: PLC0415

    fields, chosen = fields_to_choose(document.value)
    return tuple(Column(field.id, field.samples, field.label, field.evidence) for field in fields), chosen


def _columns(table: Table) -> tuple[Column, ...]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(table.columns):
        if name:
            places.setdefault(name, []).append(place)
    return tuple(Column(name, _samples(table, field_places)) for name, field_places in places.items())


def _samples(table: Table, places: Sequence[int]) -> tuple[str, ...]:
    samples: dict[str, None] = {}
    for row in table.rows[:_LOOKED_AT]:
        for place in places:
            if cell := row[place].strip():
                samples[cell] = None
        if len(samples) >= _SAMPLES:
            break
    return tuple(samples)[:_SAMPLES]


def _rejections(imported: Imported) -> list[str]:
    return [
        f"Row {row.row}{f', {row.column}' if row.column else ''}: {f'{row.value!r} ' if row.value else ''}{row.reason}"
        for row in imported.rejected[:_SHOWN]
    ]
