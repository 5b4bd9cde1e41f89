"""The stored facts as CSV files, a folder per query: for spreadsheets, and for leaving."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.errors import BadInput
from app.output.csv import to_csv
from app.words import N_
from store import files
from store.backend import PersistenceBackend
from store.documents import imports_of
from store.errors import not_writable
from store.names import free_name
from store.records import Query, QueryRef
from store.written import ExportResult

_ISSUE = ("key", "summary", "type", "status", "category", "created", "updated", "started", "resolved", "points",
          "project", "priority", "resolution", "parent", "assignee", "labels", "components", "fix_versions", "sprints",
          "url", "in_query", "left_query")  # fmt: skip
_CHANGE = ("issue_key", "at", "field", "from_value", "to_value")
_WEEK = ("day", "completed_items", "completed_points", "created_items", "created_points", "source")
_CORRECTION = ("day", "completed_items", "completed_points", "created_items", "created_points")
_SNAPSHOT = ("week", "metric", "values", "forecast", "created_at")
_FORECAST = ("as_of", "unit", "method", "remaining", "weeks", "deadline", "chance", "window", "trials", "seed",
             "made_at")  # fmt: skip
_IMPORT = ("at", "file", "recognised_as", "kind", "rows", "kept", "rejected", "new", "changed", "changes", "warnings")
# What no file system takes, or a shell or Windows reads as something else.
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class _Table:
    """One file: its name, the fields that are its columns, and where the records come from."""

    name: str
    columns: Sequence[str]
    records: Callable[[QueryRef], Sequence[Any]]


def export_csv(backend: PersistenceBackend, folder: Path) -> ExportResult:
    """Six CSV files per query, in UTF-8 with a mark so that spreadsheets see it, and text disarmed as formulas.

    Needs a new or empty folder and raises BadInput for another one; NotWritable, and has left nothing there then.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(N_("{folder} is not empty. Name a folder that is empty or does not exist yet.", folder=folder))
    try:
        with files.all_or_nothing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            written = _write(backend, folder)
    except OSError as exc:
        raise not_writable(N_("The tables could not be written to {folder}", folder=folder), exc) from exc
    return ExportResult(tuple(sorted(written)), backend.counts())


def _write(backend: PersistenceBackend, folder: Path) -> list[str]:
    """The names of the files."""
    tables = (
        _Table("issues.csv", _ISSUE, backend.list_issues),
        _Table("changes.csv", _CHANGE, backend.list_changes),
        _Table("weeks.csv", _WEEK, backend.list_weeks),
        _Table("corrections.csv", _CORRECTION, backend.list_corrections),
        _Table("snapshots.csv", _SNAPSHOT, backend.list_snapshots),
        _Table("forecasts.csv", _FORECAST, backend.list_forecasts),
    )
    written: list[str] = []
    for place, query in _places(backend):
        (folder / place).mkdir(parents=True)
        for table in tables:
            records = table.records(query.ref)
            columns = (
                (*table.columns, "author") if any(getattr(each, "author", "") for each in records) else table.columns
            )
            text = to_csv(columns, _rows(records, columns))
            with files.new_file(folder / place / table.name, private=False) as stream:
                stream.write(text.encode("utf-8-sig"))
            written.append((place / table.name).as_posix())
    return written


def records_of(backend: PersistenceBackend, ref: QueryRef, name: str) -> tuple[Sequence[str], list[list[object]]]:
    """Column names and rows of what is recorded of a work list, the oldest first. `name` is one of RECORDS."""
    columns, records = RECORDS[name]
    return columns, list(_rows(records(backend, ref), columns))


# What is recorded beside the work itself: columns, and where the records come from.
RECORDS: Mapping[str, tuple[Sequence[str], Callable[[PersistenceBackend, QueryRef], Sequence[Any]]]] = {
    "record": (_SNAPSHOT, lambda backend, ref: backend.list_snapshots(ref)),
    "forecasts": (_FORECAST, lambda backend, ref: backend.list_forecasts(ref)),
    "imports": (_IMPORT, lambda backend, ref: imports_of(backend.get_project_data(ref))),
}


def _places(backend: PersistenceBackend) -> list[tuple[Path, Query]]:
    """A folder for each query, named after its profile and itself."""
    places: list[tuple[Path, Query]] = []
    profiles: list[str] = []
    for profile in backend.list_profiles():
        profiles.append(free_name(_fit(profile.name), profiles))
        names: list[str] = []
        for query in backend.list_queries(profile.id):
            names.append(free_name(_fit(query.name), names))
            places.append((Path(profiles[-1]) / names[-1], query))
    return places


def _fit(name: str) -> str:
    """The name as a folder name; Windows takes none that ends in a dot or names a device."""
    plain = _UNFIT.sub("_", name)[:_LONGEST].strip(". ")
    reserved = re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", plain, re.IGNORECASE)
    return f"_{plain}" if reserved or not plain else plain


def _rows(records: Iterable[Any], columns: Sequence[str]) -> Iterable[list[object]]:
    return ([_cell(getattr(record, name)) for name in columns] for record in records)


def _cell(value: Any) -> object:
    """Instants in UTC, days as ISO, lists with semicolons between, objects as JSON, yes and no as such."""
    if isinstance(value, datetime):
        return f"{value.isoformat()[:19]}Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value
