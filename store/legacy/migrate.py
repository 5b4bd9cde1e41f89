"""Taking over an old installation: all or nothing, checked, journalled, and only once.

`take_over` is for the first start beside old files: a new database is built under a temporary name, checked
by reading it back, and put in place by one rename; then the originals are moved aside. A kill at any moment
leaves the old state or the new one. `migrate_folder` copies from any folder and leaves it as it is.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from store import files
from store.backend import PersistenceBackend
from store.errors import BadLegacyFolder
from store.legacy import find, moves
from store.legacy import write as writing
from store.legacy.findings import Notes
from store.legacy.plan import plan
from store.legacy.read import values
from store.legacy.read.profiles import Machine
from store.legacy.report import MIGRATED, NOTHING, REFUSED, MigrationReport, file_reports
from store.legacy.tree import extras
from store.legacy.write import Progress, Silent, Written
from store.records import JsonObject, MigrationEntry
from store.sql.schema import APPLICATION_ID
from store.sqlite.backend import SQLiteBackend
from store.state import CHOICES
from store.texts import N_

# The new database until it is whole.
NEW = "burndown.takeover.db"
Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def take_over(profiles_dir: Path, progress: Progress | None = None, clock: Clock = _now) -> MigrationReport | None:
    """First start: take over what the old app left here. None when there is nothing, or a database of ours.

    Raises StoreError (nothing changed, to be tried again) when the new database does not hold what was read.
    """
    progress = progress or Silent()
    database = profiles_dir / find.DATABASE
    foreign = find.is_foreign(database, APPLICATION_ID)
    if (database.exists() and not foreign) or not find.legacy_lies_in(profiles_dir):
        return None
    files.make_folder(profiles_dir)
    if foreign or (profiles_dir / f"{find.DATABASE}-wal").exists():
        moves.step_aside(profiles_dir)
    moves.fetch_back(profiles_dir)
    installation = find.find(find.root_of(profiles_dir), profiles_dir)
    stamp = clock().strftime("%Y%m%dT%H%M%SZ")
    report = _build(installation, stamp, progress, clock)
    moves.write_list(profiles_dir, stamp, moves.planned(installation))
    progress.step(1, 3, "Putting the new database in place")
    files.replace(profiles_dir / NEW, database)
    progress.step(2, 3, "Setting the old files aside")
    resume_moves(profiles_dir, progress)
    return report


def _build(installation: find.Installation, stamp: str, progress: Progress, clock: Clock) -> MigrationReport:
    """The whole new database under its temporary name, checked, closed and on disk."""
    path = installation.profiles_dir / NEW
    _remove_new(installation.profiles_dir)
    backend = SQLiteBackend(path)
    try:
        with backend.transaction():
            report, written = _write(backend, installation, progress, clock, set_aside=stamp)
            backend.set_state(moves.STATE, stamp)
        backend.analyze()
    finally:
        backend.close()
    progress.step(0, 3, "Checking the new database")
    _check(path, written)
    files.sync(path)
    return report


def _remove_new(profiles_dir: Path) -> None:
    for suffix in find.SIDECARS:
        (profiles_dir / f"{NEW}{suffix}").unlink(missing_ok=True)


def _check(path: Path, written: Written) -> None:
    """Open the new database afresh and read every query back."""
    backend = SQLiteBackend(path)
    try:
        for ref, expected in written.expected.items():
            writing.check(backend, ref, expected)
            writing.check_raw(backend, ref, written.raw_bytes[ref])
    finally:
        backend.close()


def _write(
    backend: PersistenceBackend,
    installation: find.Installation,
    progress: Progress,
    clock: Clock,
    set_aside: str = "",
    as_new: bool = False,
) -> tuple[MigrationReport, Written]:
    """Data and journal entry in one transaction."""
    began, started = time.monotonic(), clock()
    zone, zone_name = values.local_zone()
    machine = Machine(installation.root, started, zone, zone_name)
    notes = Notes()
    mark = fingerprint(installation)
    with backend.transaction():
        written = writing.write(backend, plan(installation, machine, notes), machine, notes, progress, as_new)
        _take_choices(backend, installation, machine, notes)
        report = MigrationReport(
            MIGRATED,
            installation.layouts,
            file_reports(notes.all()),
            backend.counts(),
            time.monotonic() - began,
            N_("The data of the old app were taken over from {name}.", name=installation.root.name),
            f"{moves.FOLDER}/{set_aside}" if set_aside else "",
            written.left,
            tuple(written.profiles),
        )
        backend.add_migration(
            MigrationEntry(installation.root.name, mark, started, clock(), report.outcome, report.to_json())
        )
    return report, written


def _take_choices(backend: PersistenceBackend, installation: find.Installation, machine: Machine, notes: Notes) -> None:
    """What the user had chosen in the store that the folder was exported from; choices made here stay."""
    path = installation.profiles_dir / extras.NAME
    if not path.is_file():
        return
    note = notes.file(machine.name_of(path), "extras")
    document = extras.load(path.parent, note)
    kept = extras.store_extras(document, note).state.app_state if document else {}
    for key in CHOICES:
        if key in kept and backend.get_state(key) is None:
            backend.set_state(key, kept[key])
            note.kept += 1


def resume_moves(profiles_dir: Path, progress: Progress | None = None) -> list[str]:
    """Finish setting originals aside that an earlier start did not; the names that still cannot be moved.

    Costs one look into a folder when there is nothing to do.
    """
    progress = progress or Silent()
    stamps = moves.pending(profiles_dir)
    if not stamps:
        return []
    known = _known_stamp(profiles_dir)
    stuck: list[str] = []
    for stamp in stamps:
        if stamp == known:
            stuck += moves.finish(profiles_dir, stamp, lambda: progress.step(2, 3, "Setting the old files aside"))
        else:
            moves.drop(profiles_dir, stamp)
    return stuck


def _known_stamp(profiles_dir: Path) -> str | None:
    database = profiles_dir / find.DATABASE
    if not database.exists() or find.is_foreign(database, APPLICATION_ID):
        return None
    backend = SQLiteBackend(database)
    try:
        return backend.get_state(moves.STATE)
    finally:
        backend.close()


def take_over_set_aside(
    backend: PersistenceBackend, profiles_dir: Path, progress: Progress | None = None, clock: Clock = _now
) -> list[MigrationReport]:
    """Add what the old app's databases hold that a command set aside here before anybody could read them.

    Each lies in the same place afterwards, under a name that says that it was read. Nothing here is overwritten.
    """
    reports = []
    for path in find.set_aside_databases(profiles_dir):
        installation = find.Installation(find.root_of(profiles_dir), profiles_dir, ("database",), old_database=path)
        if not _was_read(backend, installation, path):
            reports.append(_write(backend, installation, progress or Silent(), clock, set_aside=path.parent.name)[0])
        moves.mark_read(path)
    return reports


def _was_read(backend: PersistenceBackend, installation: find.Installation, path: Path) -> bool:
    """Whether a takeover brought this database before, by itself or with other files."""
    mark, name = fingerprint(installation), path.relative_to(installation.root).as_posix()
    return any(
        entry.fingerprint == mark or any(file.get("path") == name for file in entry.report.get("files", ()))
        for entry in backend.list_migrations()
    )


def waiting(backend: PersistenceBackend, profiles_dir: Path) -> find.Installation | None:
    """What lies in the data folder or beside it and was never taken over, in any way. Changes nothing."""
    installation = find.find(find.root_of(profiles_dir), profiles_dir)
    # Those whose moving aside was interrupted were taken over: the next start goes on with it.
    if not installation.layouts or moves.pending(profiles_dir):
        return None
    mark = fingerprint(installation)
    return None if any(entry.fingerprint == mark for entry in backend.list_migrations()) else installation


def migrate_folder(
    backend: PersistenceBackend,
    folder: Path,
    merge: bool = False,
    as_new_profile: bool = False,
    progress: Progress | None = None,
    clock: Clock = _now,
) -> MigrationReport:
    """Copy an old installation's data into the store; `folder` stays as it is.

    The same content again gives "nothing to do"; data in the store and neither flag gives "refused".
    A folder that is none itself but holds one is as good as that one.
    Raises BadLegacyFolder when nothing of the old app lies there, or several installations side by side.
    """
    installation = find.find(*find.places(_only_one(folder)))
    if not installation.layouts:
        raise BadLegacyFolder(
            N_(
                "{folder} holds nothing of the old app. Name the folder that holds its profiles/ or project_data.json.",
                folder=folder,
            )
        )
    mark = fingerprint(installation)
    if _is_done(backend, mark, as_new_profile):
        message = N_("This folder was taken over before and has not changed since. Nothing to do.")
        return MigrationReport(NOTHING, installation.layouts, counts=backend.counts(), message=message)
    if backend.counts().profiles and not (merge or as_new_profile):
        message = N_(
            "There are data here already. Say --merge to add to profiles of the same id, or "
            "--as-new-profile to keep them apart. Nothing was changed."
        )
        return MigrationReport(REFUSED, installation.layouts, counts=backend.counts(), message=message)
    began = time.monotonic()
    report, _ = _write(backend, installation, progress or Silent(), clock, as_new=as_new_profile)
    return replace(report, seconds=time.monotonic() - began)


def _only_one(folder: Path) -> Path:
    """The installation that is meant by a folder: itself, or the only one in it."""
    below = find.installations_below(folder)
    if len(below) > 1:
        raise BadLegacyFolder(
            N_(
                "{folder} holds {count} installations of the old app: {names}. "
                "Name the one you want; each of them can be taken over by itself.",
                folder=folder,
                count=len(below),
                names=", ".join(path.name for path in below),
            )
        )
    return below[0] if below else folder


def _is_done(backend: PersistenceBackend, mark: str, as_new: bool) -> bool:
    """Whether the same content was taken, its profiles are still there, and another way would bring no more."""
    there = {profile.id for profile in backend.list_profiles()}
    reports = [
        migration.report
        for migration in backend.list_migrations()
        if migration.fingerprint == mark and migration.outcome == MIGRATED
    ]
    return bool(there) and any(
        there.issuperset(report.get("profiles", ())) and not _brings_more(report, as_new) for report in reports
    )


def _brings_more(report: JsonObject, as_new: bool) -> bool:
    """Whether that takeover left records out which this way of taking it would bring.

    Merges of earlier versions left out more than today's, and their reports say so in words only.
    """
    if "left_out" in report:
        return as_new and bool(report["left_out"])
    findings = [finding for file in report.get("files", ()) for finding in file.get("findings", ())]
    return any(finding.get("action") == "left as they are" for finding in findings)


def fingerprint(installation: find.Installation) -> str:
    """SHA-256 over names and contents of the files that hold data, wherever the folder lies."""
    digest = hashlib.sha256()
    for path in _data_files(installation):
        content = ""
        # What cannot be read now may be read another time: it is then another content.
        with suppress(OSError), path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(installation.root).as_posix()}\0{content}\n".encode(errors="surrogatepass"))
    return digest.hexdigest()


def _data_files(installation: find.Installation) -> list[Path]:
    inside = [path for profile in installation.profiles for path in profile.path.rglob("*") if path.is_file()]
    beside = [path for path in installation.root_files if path.name not in find.REGENERABLE]
    more = [path for path in (installation.registry, installation.old_database) if path]
    if installation.old_database:
        log = installation.old_database.with_name(f"{installation.old_database.name}-wal")
        more += [log] if log.is_file() and log.stat().st_size else []
    return sorted({*inside, *beside, *more})
