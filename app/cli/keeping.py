"""What is in the folder and how it is kept: status, check, backup, restore, undo."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app import __version__
from app.cli.answer import Answer
from app.cli.folder import locked, reading, writing
from app.context import utc_now
from app.errors import BadInput
from store.backend import PersistenceBackend
from store.codec import instant_text
from store.documents import without_rings
from store.errors import Refused
from store.opening import OldFolder, old_folder
from store.paths import DataFolder
from store.records import Counts, Query, Undoable
from store.sqlite import backup, restore
from store.team import LEAVE_FIRST
from store.upkeep import SnapshotFile


def status(arguments: Namespace, folder: DataFolder) -> Answer:
    with reading(folder) as ctx:
        backend = ctx.backend
        facts = ctx.upkeep.describe()
        queries = [
            _query_status(profile.name, query, backend.counts(query.ref))
            for profile in backend.list_profiles()
            for query in backend.list_queries(profile.id)
        ]
        journal = backend.list_migrations()
        counts = asdict(backend.counts())
        lying = old_folder(folder.path, backend)
    document = {
        "version": __version__,
        "schema_version": facts.schema_version,
        "sqlite_version": facts.sqlite_version,
        "journal_mode": facts.journal_mode,
        "profiles_dir": str(folder.path),
        "database_bytes": facts.database_bytes,
        "counts": counts,
        "queries": queries,
        "migration": dict(journal[-1].report) if journal else None,
        "old_folder": _old_folder(lying),
    }
    if facts.store:
        document |= {"store": facts.store, "server_version": facts.server}
    return Answer(document, _status_text(document))


def _query_status(profile: str, query: Query, counts: Counts) -> dict[str, Any]:
    return {
        "profile": profile,
        "profile_id": query.profile_id,
        "query": query.name,
        "query_id": query.id,
        "jql": query.jql,
        "issues": counts.issues,
        "issue_changes": counts.issue_changes,
        "statistics": counts.statistics,
        "snapshot_weeks": counts.snapshot_weeks,
    }


def _status_text(document: dict[str, Any]) -> str:
    lines = [
        f"Burndown {document['version']}",
        f"Data folder: {document['profiles_dir']} ({document['database_bytes'] / 1e6:.1f} MB)",
    ]
    lines += [
        f"{row['profile']} / {row['query']}: {_counted(row['issues'], 'issue')}, "
        f"{_counted(row['issue_changes'], 'change')}, {_counted(row['statistics'], 'weekly row')}, "
        f"{_counted(row['snapshot_weeks'], 'recorded week')}"
        for row in document["queries"]
    ]
    lines += [] if document["queries"] else ["Nothing in it yet."]
    lines += [document["old_folder"]["message"]] if document["old_folder"] else []
    return "\n".join(lines)


def _old_folder(lying: OldFolder | None) -> dict[str, Any] | None:
    """An installation of the earlier app that lies there, and what can be done with it."""
    if lying is None:
        return None
    return {"folder": str(lying.folder), "layouts": list(lying.layouts), "message": str(lying)}


def _counted(amount: int, what: str) -> str:
    return f"{amount} {what}" if amount == 1 else f"{amount} {what}s"


def check(arguments: Namespace, folder: DataFolder) -> Answer:
    problems = [*backup.check(folder.path), *_problems_of_the_team(folder)]
    lying = None
    if not problems:
        with reading(folder, recorded=False) as ctx:
            lying = old_folder(folder.path, ctx.backend)
            problems = _rings(ctx.backend)
    text = "\n".join([*(problems or ["Everything is in order."]), *([str(lying)] if lying else [])])
    document: dict[str, Any] = {"ok": not problems, "problems": problems}
    if lying:
        document["old_folder"] = _old_folder(lying)
    return Answer(document, text, 3 if problems else 0, "\n".join(problems))


def _rings(backend: PersistenceBackend) -> list[str]:
    """Work lists that go on in themselves, or are parts of themselves, as only an edited file says."""
    problems = []
    for profile in backend.list_profiles():
        lists = {each.id: each for each in backend.list_queries(profile.id)}
        odd = [each.name for each in lists.values() if without_rings(each, lists) != each]
        if odd:
            problems.append(
                f"In {profile.name} these work lists go on in each other or in themselves, or are parts of themselves: "
                f"{', '.join(odd)}. Somebody edited the file. Nothing of them is lost, and each is read by itself; "
                "put a backup from before back, or call join NAME --apart for each."
            )
    return problems


def _problems_of_the_team(folder: DataFolder) -> list[str]:
    """What is wrong with its data, or that they cannot be reached; nothing for a folder that works by itself."""
    if folder.store is None:
        return []
    with reading(folder) as ctx:
        return ctx.upkeep.check()


def back_up(arguments: Namespace, folder: DataFolder) -> Answer:
    started = utc_now()
    snapshot_file = _backed_up(folder, Path(arguments.to) if arguments.to else None)
    seconds = (utc_now() - started).total_seconds()
    document = {"file": str(snapshot_file.file), "bytes": snapshot_file.bytes, "seconds": seconds}
    return Answer(document, f"Backup made and checked: {snapshot_file.file} ({snapshot_file.bytes / 1e6:.1f} MB)")


def _backed_up(folder: DataFolder, to: Path | None) -> SnapshotFile:
    if folder.store is None:
        return backup.snapshot_file(folder.path, to)
    with reading(folder) as ctx:
        snapshot_file = ctx.upkeep.snapshot("", to)
    if snapshot_file is None:
        raise BadInput("There is nothing to back up.")
    return snapshot_file


def _named(folder: DataFolder, file: Path) -> Path:
    """The file as seen from here, else from the data folder: messages name snapshots as backups/NAME."""
    beside = folder.path / file
    return beside if not file.exists() and beside.exists() else file


def put_back(arguments: Namespace, folder: DataFolder) -> Answer:
    if folder.store is not None:
        raise Refused(LEAVE_FIRST)
    with locked(folder.path):
        done = restore.restore(folder.path, _named(folder, Path(arguments.file)))
    aside = str(done.set_aside) if done.set_aside else None
    text = f"Put back: {done.restored}."
    if aside:
        text += f" What was there before lies in {aside}."
    return Answer({"restored": str(done.restored), "set_aside": aside}, text)


def undo(arguments: Namespace, folder: DataFolder) -> Answer:
    """What can be taken back; with an id, that is taken back."""
    # Only here: it brings along what keeps tokens.
    from app.actions import deleted  # noqa: PLC0415

    if arguments.id is None:
        with reading(folder, recorded=False) as ctx:
            listed = [_undoable(undoable) for undoable in deleted.undoable(ctx)]
        lines = [f"{entry['id']}  {_undo_line(entry)}" for entry in listed] or ["There is nothing to take back."]
        return Answer({"can_be_undone": listed}, "\n".join(lines))
    with writing(folder) as ctx:
        deleted.take_back(ctx, arguments.id)
        counts = asdict(ctx.backend.counts())
    return Answer({"undone": arguments.id, "counts": counts}, "Taken back. A backup from before is in the backups.")


def _undoable(undoable: Undoable) -> dict[str, Any]:
    return {
        "id": undoable.id,
        "what": undoable.what,
        "profile": undoable.profile,
        "query": undoable.query or None,
        "at": instant_text(undoable.at),
        "until": instant_text(undoable.until),
    }


def _undo_line(entry: dict[str, Any]) -> str:
    place = " / ".join(filter(None, (entry["profile"], entry["query"])))
    return f"{entry['what']}: {place} ({entry['at'][:10]}; until {entry['until'][:10]})"
