"""Data in: an old folder, a file of issues or weeks, a bundle."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.actions import files
from app.cli import progress
from app.cli.answer import Answer
from app.cli.folder import writing
from app.cli.named_file import ordinary
from app.context import utc_now
from app.errors import BadInput
from app.imports.results import Imported
from app.imports.source import Source, is_large, whole
from store.paths import DATABASE, DataFolder
from store.records import JsonObject

_LARGEST_MAPPING = 1_000_000
_A_MAPPING = 'Name a JSON file such as {"created": "Opened on", "date_order": "dmy"}, saved as UTF-8.'


def migrate(arguments: Namespace, folder: DataFolder) -> Answer:
    # Reading old folders takes longer to import than a small file takes to be read.
    from store.legacy import migrate as legacy  # noqa: PLC0415

    source = Path(arguments.folder)
    if not source.is_dir():
        raise BadInput(f"{source} is not a folder. Name the old app's folder, the one that holds profiles/.")
    with writing(folder) as ctx:
        report = legacy.migrate_folder(
            ctx.backend, source, merge=arguments.merge, as_new_profile=arguments.as_new_profile
        )
    document = report.to_json()
    if document["outcome"] == "refused":
        return Answer(document, "", 3, report.message)
    return Answer(document, report.to_text())


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How a file is to be read and where it goes; None: found out from the file."""

    name: str
    profile: str | None
    query: str | None
    kind: str | None
    mapping: JsonObject | None

    def understood(self, data: Source) -> Iterator[Imported]:
        return files.understand(
            data,
            self.name,
            now=utc_now(),
            profile_name=self.profile,
            query_name=self.query,
            kind=self.kind,
            mapping=self.mapping,
        )


def _mapping(file: Path) -> JsonObject:
    try:
        if file.stat().st_size > _LARGEST_MAPPING:
            raise BadInput(f"{file} is too large for a mapping. Name the JSON file that says which column is which.")
        # As bytes: an editor or a shell may have written a mark in front, or UTF-16.
        mapping: JsonObject = json.loads(file.read_bytes())
    except OSError as exc:
        raise BadInput(f"The mapping {file} cannot be read: {exc.strerror or exc}") from exc
    except (ValueError, RecursionError) as exc:
        raise BadInput(f"The mapping {file} cannot be read: {_what_is_wrong(exc)}") from exc
    return mapping


def _what_is_wrong(error: ValueError | RecursionError) -> str:
    match error:
        case json.JSONDecodeError():
            what = f"it is no JSON from line {error.lineno}, column {error.colno} on."
        case UnicodeDecodeError():
            what = "it is not written as UTF-8."
        case RecursionError():
            what = "it is nested too deeply."
        case _:
            what = "it holds a number that is too large."
    return f"{what} {_A_MAPPING}"


def _legible(file: Path) -> str:
    """Its name, with a question mark for each byte that is no UTF-8: old sticks have those, and no store takes them."""
    return file.name.encode(errors="replace").decode()


def import_file(arguments: Namespace, folder: DataFolder) -> Answer:
    source = ordinary(arguments.file)
    mapping = _mapping(ordinary(arguments.mapping)) if arguments.mapping else None
    try:
        # A large file is read part by part, straight from where it lies.
        data: Source = source if is_large(source) else source.read_bytes()
    except (OSError, ValueError) as exc:
        raise BadInput(f"{source} cannot be read: {exc}") from exc
    if _is_bundle(data):
        return _import_bundle(whole(data), arguments, folder)
    if arguments.conflict:
        raise BadInput(f"--conflict is for bundles, and {source} is none.")
    wanted = _Wanted(_legible(source), arguments.profile, arguments.query, arguments.kind, mapping)
    # A file that makes no sense must not leave a new data folder behind.
    understood = None if (folder.path / DATABASE).exists() else wanted.understood(data)
    # Of a team somebody else may look next.
    is_recorded_later = folder.store is None
    with writing(folder, recorded=not is_recorded_later, at_once=True) as ctx:
        result = files.import_file(
            ctx,
            data,
            wanted.name,
            profile_name=wanted.profile,
            query_name=wanted.query,
            kind=wanted.kind,
            mapping=wanted.mapping,
            understood=understood,
            record_later=is_recorded_later,
            progress=progress.of(arguments),
        )
    document = result.to_json()
    lines = [f"{document['kept']} of {document['rows']} rows kept ({document['recognised_as']})."]
    lines += [_rejected_line(row) for row in document["rejected"]]
    if result.changes:
        since = "came with them" if result.new == result.kept else "since the import before"
        lines.append(f"{result.changes} changes of issues {since}.")
    lines += result.warnings
    return Answer(document, "\n".join(lines))


def _rejected_line(row: JsonObject) -> str:
    """A row can be wrong as a whole; then it has neither a column nor a value."""
    if not row["column"]:
        return f"row {row['row']}: {row['reason']}"
    return f"row {row['row']}, {row['column']}: {row['value']!r} {row['reason']}"


def _is_bundle(data: Source) -> bool:
    """Any zip file, whole or cut off."""
    if _first_bytes(data) != b"PK":
        return False
    from app.actions import bundles  # noqa: PLC0415 as above: only a bundle needs it

    return bundles.looks_like_bundle(data)


def _first_bytes(data: Source) -> bytes:
    if isinstance(data, bytes):
        return data[:2]
    with data.open("rb") as file:
        return file.read(2)


def _import_bundle(data: bytes, arguments: Namespace, folder: DataFolder) -> Answer:
    from app.actions import bundles  # noqa: PLC0415 as above: only a bundle needs it
    from store.bundle import Conflict, check  # noqa: PLC0415

    options = [f"--{name}" for name in ("profile", "query", "kind", "mapping") if getattr(arguments, name)]
    if options:
        raise BadInput(f"A bundle says itself what goes where. Leave out {', '.join(options)}.")
    check(data)
    with writing(folder) as ctx:
        conflict = Conflict(arguments.conflict) if arguments.conflict else None
        result = bundles.import_bundle(ctx, data, conflict, progress.of(arguments))
    document = {
        "kind": "bundle",
        "recognised_as": "bundle",
        "rows": result.read.issues,
        "kept": result.read.issues,
        "rejected": [],
        "profile_id": result.first.profile_id if result.first else None,
        "query_id": result.first.id if result.first else None,
        "profiles": list(result.read.profiles),
        "queries": result.read.queries,
        "warnings": list(result.warnings),
    }
    return Answer(document, result.to_text())
