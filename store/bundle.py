"""One profile, or all, as a zip file to hand on: checked on the way in, never with a secret in it.

Layout: `bundle.json` (format, version, the SHA-256 of every other entry), and per profile a folder with
`profile.json`, `milestones.0000.jsonl` and a folder per query: `query.json`, `issues.0000.jsonl`, `issues.0001.jsonl` …
Entries are capped in number, size and compression, on the way out as on the way in, and read by name only: nothing is
ever unpacked to disk.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import math
import struct
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, TypeVar

from store import files, redaction
from store.backend import PersistenceBackend
from store.codec import UnreadableRecord, decode, encode
from store.documents import connection_of, has_later_weeks, with_connection_of, with_imports_of, without_rings
from store.errors import BadBundle, StoreError, not_writable
from store.names import free_name
from store.records import (
    CachedChangelog,
    CachedPage,
    Change,
    Correction,
    ForecastMade,
    Issue,
    Milestone,
    Profile,
    ProjectData,
    Query,
    QueryRef,
    Snapshot,
    Sprint,
    Week,
)
from store.texts import N_

FORMAT = "burndown-bundle"
VERSION = 1
CUT_OFF = N_("This bundle is cut off: its end is missing. Copy or download it once more. Nothing was imported.")
_MANIFEST = "bundle.json"
_MAX_ENTRIES, _MAX_ENTRY, _MAX_TOTAL, _MAX_RATIO = 1_000, 50_000_000, 200_000_000, 200
# An entry is begun anew at this size; only a single record that is larger makes a larger one.
_ENTRY = 16_000_000
# The first bytes of a bundle: an entry of a zip file, and after its 30 bytes of facts the name.
_ZIP_ENTRY, _NAME_AT = b"PK\x03\x04", 30
# What zipfile and json raise for damaged input, encrypted entries and unknown compressions among it.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    RuntimeError,
    OSError,
)
Record = TypeVar("Record")
OfDay = TypeVar("OfDay", bound=Week | Correction)
_NEVER = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


class Conflict(StrEnum):
    """What to do with a profile whose id is there already."""

    MERGE = "merge"
    REPLACE = "replace"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class BundleWritten:
    file: Path
    bytes: int
    profiles: int
    queries: int


@dataclass(frozen=True, slots=True)
class BundleRead:
    """`profiles`: names as they are called now. `notes`: sentences about what was not taken from the bundle."""

    profiles: tuple[str, ...]
    queries: int
    issues: int
    notes: tuple[str, ...] = ()


# -- out --------------------------------------------------------------------------------------------------


def write(backend: PersistenceBackend, file: Path, profile_ids: Sequence[str] | None = None) -> BundleWritten:
    """The named profiles, or all of them, in one zip file; an older bundle there is replaced when all is written.

    Raises BadBundle when there is nothing to export, when it would be more than can be read back, or when the file is
    none of ours; NotWritable.
    """
    if file.exists() and not is_bundle(file):
        raise BadBundle(N_("{file} is not a bundle, so it was left as it is. Choose another name.", file=file))
    try:
        # Made to be handed on: who may read it is for its folder to say.
        with files.replacing(file, private=False) as stream:
            profiles, queries = write_to(stream, backend, profile_ids)
    except OSError as exc:
        raise not_writable(N_("The bundle could not be written to {folder}", folder=file.parent), exc) from exc
    return BundleWritten(file, file.stat().st_size, profiles, queries)


def is_bundle(file: Path) -> bool:
    """Whether the file looks like a bundle of ours; it may still be damaged."""
    # The end of a device is looked for without end.
    if not file.is_file():
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return _MANIFEST in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def is_cut_off(start: bytes) -> bool:
    """Whether a file that is no whole zip file begins (its first 64 bytes) as a bundle does."""
    return start.startswith(_ZIP_ENTRY) and start[_NAME_AT:].startswith((b"profiles/", b"bundle.json"))


def write_to(
    stream: IO[bytes], backend: PersistenceBackend, profile_ids: Sequence[str] | None = None
) -> tuple[int, int]:
    """As `write`, into an open file; how many profiles and queries went in."""
    profiles = [each for each in backend.list_profiles() if profile_ids is None or each.id in profile_ids]
    if not profiles:
        raise BadBundle(N_("There is no project to export."))
    digests: dict[str, str] = {}
    queries = 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, text: str) -> None:
            data = text.encode()
            digests[name] = hashlib.sha256(data).hexdigest()
            files.add_to_zip(archive, name, data)
            # One more is to come, with the digests.
            if _is_too_much(archive.infolist(), more=1):
                raise _too_large(len(profiles))

        for number, profile in enumerate(profiles):
            queries += _put_profile(backend, profile, f"profiles/{number}/", put)
        files.add_to_zip(
            archive, _MANIFEST, json.dumps({"format": FORMAT, "version": VERSION, "sha256": digests}, indent=1)
        )
        if _is_too_much(archive.infolist()) or _swells(archive.infolist()):
            raise _too_large(len(profiles))
    return len(profiles), queries


def _put_profile(backend: PersistenceBackend, profile: Profile, at: str, put: Callable[[str, str], None]) -> int:
    put(f"{at}profile.json", _line(_without_secrets(profile)))
    _put_lines(f"{at}milestones", backend.list_milestones(profile.id), put)
    queries = backend.list_queries(profile.id)
    for number, query in enumerate(queries):
        folder = f"{at}queries/{number}/"
        ref = query.ref
        put(f"{folder}query.json", _line(_query_in_clear(query)))
        data = backend.get_project_data(ref)
        _put_lines(f"{folder}project_data", [_data_in_clear(data)] if data else [], put)
        # One kind after the other: of a large query each of them takes a good part of the memory.
        for name, listed in _kinds(backend):
            _put_lines(folder + name, listed(ref), put)
    return len(queries)


def _kinds(backend: PersistenceBackend) -> tuple[tuple[str, Callable[[QueryRef], Sequence[Any]]], ...]:
    return (
        ("issues", lambda ref: list(_issues_in_clear(backend.list_issues(ref)))),
        ("changes", backend.list_changes),
        ("sprints", backend.list_sprints),
        ("weeks", backend.list_weeks),
        ("corrections", backend.list_corrections),
        ("snapshots", backend.list_snapshots),
        ("forecasts", backend.list_forecasts),
        ("pages", backend.list_pages),
        ("changelogs", backend.list_changelogs),
    )


def _too_large(profiles: int) -> BadBundle:
    most = f"{_MAX_TOTAL / 1e6:.0f} MB when unpacked and {_MAX_ENTRIES:,} parts"
    if profiles > 1:
        return BadBundle(
            N_(
                "These projects are too much for one bundle, which holds at most {most}. Nothing was "
                "exported; export fewer at a time: this project alone, or on the command line one with "
                "--profile.",
                most=most,
            )
        )
    return BadBundle(
        N_(
            "This project is too much for a bundle, which holds at most {most}. Nothing was exported; "
            "hand on a backup instead, which is one file with everything: burndown backup --to FILE, or "
            "one from the folder backups.",
            most=most,
        )
    )


def _put_lines(name: str, records: Iterable[Any], put: Callable[[str, str], None]) -> None:
    """One line each, in as many entries as their size asks for."""
    number, size, lines = 0, 0, list[str]()
    for line in map(_line, records):
        # No letter takes more than four bytes; most take one.
        length = len(line) if line.isascii() else len(line.encode())
        if lines and size + length > _ENTRY:
            put(f"{name}.{number:04d}.jsonl", "\n".join(lines))
            number, size, lines = number + 1, 0, []
        lines.append(line)
        size += length + 1
    if lines:
        put(f"{name}.{number:04d}.jsonl", "\n".join(lines))


def _line(record: Any) -> str:
    document = encode(record)
    try:
        return _json(document)
    except ValueError:
        # An edited database holds what is no number, and no reader takes it.
        return _json(_finite_only(document))


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _finite_only(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _finite_only(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_finite_only(member) for member in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _without_secrets(profile: Profile) -> Profile:
    clean = redaction.without_secrets
    return replace(
        profile,
        description=redaction.in_clear(profile.description),
        jira_config=clean(profile.jira_config),
        field_mappings=clean(profile.field_mappings),
        forecast_settings=clean(profile.forecast_settings),
        project_classification=clean(profile.project_classification),
        flow_type_mappings=clean(profile.flow_type_mappings),
        extras=clean(profile.extras),
    )


def _query_in_clear(query: Query) -> Query:
    return replace(
        query, description=redaction.in_clear(query.description), extras=redaction.without_secrets(query.extras)
    )


def _data_in_clear(data: ProjectData) -> ProjectData:
    return replace(data, data=redaction.without_secrets(data.data))


def _issues_in_clear(issues: Iterable[Issue]) -> Iterator[Issue]:
    """Their addresses were made from Jira's, and their extras are whatever a file held."""
    for issue in issues:
        url, extras = redaction.in_clear(issue.url), redaction.without_secrets(issue.extras) if issue.extras else {}
        yield issue if url == issue.url and extras == issue.extras else replace(issue, url=url, extras=extras)


# -- in ---------------------------------------------------------------------------------------------------


def read(
    backend: PersistenceBackend, data: bytes, conflict: Conflict | None, now: datetime, until: datetime | None = None
) -> BundleRead:
    """Put the bundle's profiles into the store: all of it or, with BadBundle, nothing. It can be taken back `until`
    then, query by query, and a profile that was replaced be put back; None: it cannot.

    A profile whose id is there already is merged into, replaced, or put beside as a copy under a new id and name;
    without a `conflict` that is refused. Others are simply added. Merging leaves of each issue the newer state, of each
    week what the bundle says of it, what only one of both has, and the connection as it is here.
    """
    entries = _checked_entries(data)
    with _crafted():
        return _read(backend, entries, conflict, _Times(now, until))


@contextmanager
def _crafted() -> Iterator[None]:
    """What no Burndown writes, although every digest fits: records that do not go together, numbers beyond reason."""
    try:
        yield
    except StoreError:
        raise
    except (*_UNREADABLE, ArithmeticError) as exc:
        _log.warning("a bundle could not be taken in", exc_info=True)
        raise BadBundle(N_("The bundle holds what does not go together. Nothing was imported.")) from exc


@dataclass(frozen=True, slots=True)
class _Times:
    """When it is, and until when what is done can be taken back; None: it cannot."""

    now: datetime
    until: datetime | None

    def remember(self, backend: PersistenceBackend, ref: QueryRef, created: str) -> None:
        """Before what is there changes, or after it was `created`."""
        if self.until is not None:
            backend.remember_import(ref, "import of a bundle", self.now, self.until, created)

    def remove(self, backend: PersistenceBackend, profile_id: str) -> None:
        if self.until is not None:
            backend.discard_profile(profile_id, self.now, self.until)
        else:
            backend.delete_profile(profile_id)


def _read(
    backend: PersistenceBackend, entries: Mapping[str, bytes], conflict: Conflict | None, times: _Times
) -> BundleRead:
    folders = sorted({name.split("/")[1] for name in entries if name.startswith("profiles/")}, key=_number)
    names, queries, issues, notes = [], 0, 0, list[str]()
    with backend.transaction():
        for folder in folders:
            name, refs = _take_profile(backend, entries, f"profiles/{folder}/", conflict, times, notes)
            names.append(name)
            queries += len(refs)
            issues += sum(backend.counts(ref).issues for ref in refs)
    return BundleRead(tuple(names), queries, issues, tuple(notes))


def check(data: bytes) -> None:
    """Raises BadBundle for what is no bundle, without a store."""
    _checked_entries(data)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise BadBundle(
            N_("The bundle holds an entry that does not belong there ({text!r}). Nothing was imported.", text=text)
        )
    return int(text)


class _Entries(Mapping[str, bytes]):
    """The contents by name, unpacked one at a time when they are asked for: together they would fill the memory."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}

    def __getitem__(self, name: str) -> bytes:
        return _bounded(self._archive, self._infos[name])

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._infos if name != _MANIFEST)

    def __len__(self) -> int:
        return len(self._infos) - 1


def _checked_entries(data: bytes) -> Mapping[str, bytes]:
    if is_cut_off(data[:64]) and not zipfile.is_zipfile(io.BytesIO(data)):
        raise BadBundle(CUT_OFF)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_caps(archive.infolist())
        if any(map(_packed_oddly, archive.infolist())):
            raise BadBundle(N_("The bundle is packed in a way that Burndown does not use. Nothing was imported."))
        entries = _Entries(archive)
        manifest = json.loads(entries[_MANIFEST])
        if manifest["format"] != FORMAT:
            raise KeyError
        version, digests = int(manifest["version"]), dict(manifest["sha256"])
        present = {name: hashlib.sha256(entries[name]).hexdigest() for name in entries}
    except (*_UNREADABLE, ArithmeticError) as exc:
        raise BadBundle(N_("This is not a Burndown bundle, or it is damaged. Nothing was imported.")) from exc
    if version > VERSION:
        raise BadBundle(N_("The bundle was made by a newer Burndown. Get that version to read it."))
    if digests != present:
        raise BadBundle(N_("The bundle was changed or damaged after it was made. Nothing was imported."))
    return entries


def _check_caps(infos: Sequence[zipfile.ZipInfo]) -> None:
    if _is_too_much(infos) or _swells(infos):
        raise BadBundle(N_("The bundle unpacks to more than Burndown accepts. Nothing was imported."))


def _packed_oddly(info: zipfile.ZipInfo) -> bool:
    return info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _is_too_much(infos: Sequence[zipfile.ZipInfo], more: int = 0) -> bool:
    """Too many entries, with so many `more`, or too large ones."""
    return (
        len(infos) + more > _MAX_ENTRIES
        or sum(info.file_size for info in infos) > _MAX_TOTAL
        or any(info.file_size > _MAX_ENTRY for info in infos)
    )


def _swells(infos: Sequence[zipfile.ZipInfo]) -> bool:
    packed = max(1, sum(info.compress_size for info in infos))
    return sum(info.file_size for info in infos) > _MAX_RATIO * packed + 1_000_000


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as stream:
        content = stream.read(_MAX_ENTRY + 1)
    if len(content) > info.file_size:
        raise BadBundle(N_("The bundle lies about its size. Nothing was imported."))
    return content


def _take_profile(
    backend: PersistenceBackend,
    entries: Mapping[str, bytes],
    at: str,
    conflict: Conflict | None,
    times: _Times,
    notes: list[str],
) -> tuple[str, list[QueryRef]]:
    profile = _without_secrets(_record_of(entries, f"{at}profile.json", Profile))
    here = backend.get_profile(profile.id)
    if here is not None and conflict is None:
        raise BadBundle(
            N_(
                "The project {name} is here already. Choose to merge, to replace it or to keep a copy beside "
                "it (on the command line: --conflict merge, replace or copy). Nothing was imported.",
                name=here.name,
            )
        )
    if here is not None and conflict is Conflict.MERGE:
        profile, note = _connected_as_here(profile, here)
        notes += filter(None, [note])
    if here is not None and conflict is Conflict.REPLACE:
        times.remove(backend, profile.id)
    if here is not None and conflict is Conflict.COPY:
        profile = replace(profile, id=f"p_{uuid.uuid4().hex[:12]}")
    names = [each.name for each in backend.list_profiles() if each.id != profile.id]
    profile = replace(profile, name=free_name(profile.name, names), last_used=times.now)
    new_part = "query" if backend.get_profile(profile.id) is not None else "profile"
    backend.save_profile(profile)
    brought = _lines(entries, f"{at}milestones", Milestone)
    here_only = [each for each in backend.list_milestones(profile.id) if each not in brought]
    backend.replace_milestones(profile.id, [*brought, *here_only])
    prefix = f"{at}queries/"
    folders = sorted({name[len(prefix) :].split("/")[0] for name in entries if name.startswith(prefix)}, key=_number)
    refs = [
        _take_query(backend, entries, f"{prefix}{folder}/", profile.id, times, new_part, notes) for folder in folders
    ]
    notes += _without_rings(backend, profile.id, refs)
    return profile.name, refs


def _without_rings(backend: PersistenceBackend, profile_id: str, refs: Iterable[QueryRef]) -> list[str]:
    """Lists of the bundle that go on in themselves, or are parts of parts, stand by themselves; what to say of them."""
    lists = {each.id: each for each in backend.list_queries(profile_id)}
    brought = {lists[each.query_id].id: lists[each.query_id] for each in refs}
    odd = {each.id: each for each in brought.values() if without_rings(each, lists) != each}
    for each in odd.values():
        backend.save_query(without_rings(each, lists))
    return [
        N_(
            "{name} goes on in itself or is a part of itself, by what the bundle says of it and other work lists. "
            "It was taken in as a work list of its own.",
            name=each.name,
        )
        for each in odd.values()
    ]


def _connected_as_here(brought: Profile, here: Profile) -> tuple[Profile, str]:
    """The profile with the connection of the one that is here, and what to say where the bundle names another address.

    Whoever made the bundle must not say where the token that is kept here goes.
    """
    address, other = connection_of(here).base_url, connection_of(brought).base_url
    if not address:
        return brought, ""
    differs = N_(
        "The bundle names another address of Jira for {name} ({other}); the one that is here was kept.",
        name=here.name,
        other=other,
    )
    return with_connection_of(brought, here), differs if other not in ("", address) else ""


def _take_query(
    backend: PersistenceBackend,
    entries: Mapping[str, bytes],
    at: str,
    profile_id: str,
    times: _Times,
    new_part: str,
    notes: list[str],
) -> QueryRef:
    """`new_part`: what a query that is not here yet is made with, as `remember_import` wants it."""
    query = replace(_query_in_clear(_record_of(entries, f"{at}query.json", Query)), profile_id=profile_id)
    names = [each.name for each in backend.list_queries(profile_id) if each.id != query.id]
    ref = query.ref
    is_here = backend.get_query(ref) is not None
    if is_here:
        times.remember(backend, ref, "")
    backend.save_query(replace(query, name=free_name(query.name, names)))
    if not is_here:
        times.remember(backend, ref, new_part)
    issues = _issues_in_clear(_each(entries, f"{at}issues", Issue))
    changes = _lines(entries, f"{at}changes", Change)
    if is_here:
        issues, changes = _no_older(backend, ref, list(issues), changes, notes)
    backend.upsert_issues(ref, issues, changes)
    backend.save_sprints(ref, _lines(entries, f"{at}sprints", Sprint))
    facts = _lines(entries, f"{at}project_data", ProjectData)
    here = backend.get_project_data(ref)
    is_newer = has_later_weeks(here, facts[-1] if facts else None)
    weeks = _lines(entries, f"{at}weeks", Week)
    if weeks:
        backend.replace_weeks(ref, _joined_weeks(weeks, backend.list_weeks(ref), is_newer, notes))
    corrections = _lines(entries, f"{at}corrections", Correction)
    if corrections:
        backend.replace_corrections(ref, _and_only_here(corrections, backend.list_corrections(ref)))
    for data in facts:
        known = with_imports_of(data, here) if here is not None and is_newer else data
        backend.save_project_data(ref, _data_in_clear(known))
    backend.save_snapshots(ref, _lines(entries, f"{at}snapshots", Snapshot))
    for forecast in _lines(entries, f"{at}forecasts", ForecastMade):
        backend.save_forecast(ref, forecast)
    backend.save_pages(ref, _each(entries, f"{at}pages", CachedPage))
    backend.save_changelogs(ref, _each(entries, f"{at}changelogs", CachedChangelog))
    return ref


def _no_older(
    backend: PersistenceBackend, ref: QueryRef, issues: list[Issue], changes: list[Change], notes: list[str]
) -> tuple[Iterator[Issue], list[Change]]:
    """Without the issues of which something newer is known here; how many they are is noted."""
    known = _latest_days(backend.list_issues(ref), backend.list_changes(ref))
    brought = _latest_days(issues, changes)
    older = {key for key, at in known.items() if key in brought and brought[key] < at}
    if older:
        notes.append(
            N_(
                "Issues that are known here in a newer state than in the bundle, and were kept so: {count}.",
                count=len(older),
            )
        )
    kept = (issue for issue in issues if issue.key not in older)
    return kept, [change for change in changes if change.issue_key not in older]


def _latest_days(issues: Iterable[Issue], changes: Iterable[Change]) -> dict[str, datetime]:
    """The last instant that is known of each, by key; one without any is older than every other."""
    latest = {
        issue.key: max(filter(None, (issue.created, issue.started, issue.resolved, issue.updated)), default=_NEVER)
        for issue in issues
    }
    for change in changes:
        latest[change.issue_key] = max(latest.get(change.issue_key, _NEVER), change.at)
    return latest


def _joined_weeks(brought: list[Week], here: list[Week], is_newer: bool, notes: list[str]) -> list[Week]:
    """The weeks of both; where they differ, those of the bundle, unless others were imported here since."""
    if not is_newer:
        return _and_only_here(brought, here)
    joined = _and_only_here(here, brought)
    older = sum(week not in joined for week in brought)
    if older:
        notes.append(
            N_("Weeks that are known here in a newer state than in the bundle, and were kept so: {count}.", count=older)
        )
    return joined


def _and_only_here(brought: Sequence[OfDay], here: Sequence[OfDay]) -> list[OfDay]:
    """What a bundle brings for days, and after it came what is here for others."""
    known = {_week_of(each) for each in brought if each.day} if _is_weekly(brought) and _is_weekly(here) else set()
    days = {each.day for each in brought if each.day is not None}
    rest = [each for each in here if each not in brought and each.day not in days and _week_of(each) not in known]
    if not rest:
        return list(brought)
    return sorted((*brought, *rest), key=lambda each: (each.day is None, str(each.day)))


def _is_weekly(rows: Sequence[Week | Correction]) -> bool:
    """Whether none of their weeks has two days: then another day of the same week is that week once more."""
    days = {each.day for each in rows if each.day is not None}
    return len(days) == len({day.isocalendar()[:2] for day in days})


def _week_of(row: Week | Correction) -> tuple[int, int] | None:
    return row.day.isocalendar()[:2] if row.day is not None else None


def _record_of(entries: Mapping[str, bytes], name: str, kind: type[Record]) -> Record:
    if name not in entries:
        raise BadBundle(N_("The bundle lacks {name}. Nothing was imported.", name=name))
    return next(_decoded([entries[name]], name, kind))


def _lines(entries: Mapping[str, bytes], name: str, kind: type[Record]) -> list[Record]:
    return list(_each(entries, name, kind))


def _each(entries: Mapping[str, bytes], name: str, kind: type[Record]) -> Iterator[Record]:
    parts = sorted(each for each in entries if each.startswith(f"{name}."))
    return _decoded((line for file in parts for line in entries[file].split(b"\n")), name, kind)


def _decoded(lines: Iterable[bytes], name: str, kind: type[Record]) -> Iterator[Record]:
    for number, line in enumerate(lines, start=1):
        try:
            document = json.loads(line, parse_constant=_no_number, parse_float=_finite)
            if b"\\ud" in line or b"\\uD" in line:
                # Half a character: no column holds it.
                json.dumps(document, ensure_ascii=False).encode()
            yield decode(kind, document)
        except (UnreadableRecord, ValueError, RecursionError) as exc:
            raise BadBundle(
                N_(
                    "{name}, line {number}, cannot be read: {reason}. Nothing was imported.",
                    name=name,
                    number=number,
                    reason=exc,
                )
            ) from exc


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _no_number(text: str) -> float:
    raise ValueError(f"{text:.20} is no number")
