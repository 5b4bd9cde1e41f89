"""Setting the originals aside: moved whole into `legacy/<stamp>/`, resumable after a kill at any moment.

A list of the moves is written before the new database takes its place. It counts only when that database
knows the stamp; a list without its database is from a takeover that did not happen, and is dropped.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from store import files
from store.codec import parsed_json
from store.legacy import find

LIST = "moves.json"
_LONGEST = 64 << 20
_log = logging.getLogger(__name__)
STATE = "legacy_set_aside"
FOLDER = find.ASIDE


def planned(installation: find.Installation) -> list[tuple[str, str]]:
    """What to move: (path relative to the root, place relative to the stamp's folder)."""
    root, inside = installation.root, installation.profiles_dir
    beside = [*installation.root_files, *installation.left_over, *installation.copies]
    if root != inside:
        own = [path for path in _top_level(inside) if not find.is_ours(path.name) or _is_old_database(path)]
        own += _inside_ours(installation)
    else:
        # A data folder with a name of its own may hold a user's other things: only what is known moves.
        own = [profile.path for profile in installation.profiles if not find.is_ours(profile.id)]
        own += [*_inside_ours(installation), *([installation.registry] if installation.registry else [])]
        own += [path for path in _top_level(inside) if _is_old_database(path)]
    moves = [(_relative(path, root), f"profiles/{_relative(path, inside)}") for path in own]
    moves += [(_relative(path, root), _relative(path, root)) for path in beside]
    return moves


def _inside_ours(installation: find.Installation) -> list[Path]:
    """What lies in a profile's folder that has the name of one of ours, such as `legacy`: the folder itself stays."""
    named = [profile.path for profile in installation.profiles if find.is_ours(profile.id)]
    return [
        path for file in named for name in (find.PROFILE, find.SETTINGS, find.QUERIES) if (path := file / name).exists()
    ]


def _is_old_database(path: Path) -> bool:
    return path.name.startswith(find.OLD_DATABASE)


def _top_level(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def write_list(profiles_dir: Path, stamp: str, moves: list[tuple[str, str]]) -> None:
    folder = profiles_dir / FOLDER / stamp
    files.own_folder(folder.parent)
    files.make_folder(folder)
    with files.replacing(folder / LIST) as stream:
        stream.write(json.dumps(moves).encode())


def pending(profiles_dir: Path) -> list[str]:
    """Stamps whose moves are not finished."""
    return sorted(path.parent.name for path in (profiles_dir / FOLDER).glob(f"*/{LIST}"))


def drop(profiles_dir: Path, stamp: str) -> None:
    """Forget the list of a takeover that did not happen."""
    folder = profiles_dir / FOLDER / stamp
    (folder / LIST).unlink(missing_ok=True)
    for path in (folder, folder.parent):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def finish(profiles_dir: Path, stamp: str, step: Callable[[], None]) -> list[str]:
    """Move what is still in its old place; the names of what could not be moved, to be tried again next time.

    The list lies in the folder, which may come from anybody: what no takeover moves stays, and so does what is linked.
    """
    root = find.root_of(profiles_dir)
    folder = profiles_dir / FOLDER / stamp
    try:
        content = files.read_small(folder / LIST, _LONGEST)
    except OSError:
        return [LIST]
    stuck = []
    for source, target in _listed(content):
        if not _is_of_the_old_app(root / source, profiles_dir) or files.is_linked(
            (folder / target).parent, profiles_dir
        ):
            _log.warning("what a takeover would not move stays where it is")
            continue
        try:
            _move(root / source, folder / target)
        except OSError:
            stuck.append(source)
        step()
    if not stuck:
        _tidy(root)
        (folder / LIST).unlink()
    return stuck


def _listed(content: bytes) -> list[tuple[str, str]]:
    """The moves of a list, each of two paths that stay below where they begin; nothing of what is no list."""
    try:
        entries = parsed_json(content.decode())
    except ValueError:
        return []
    pairs = [entry for entry in entries if isinstance(entry, list)] if isinstance(entries, list) else []
    return [
        (pair[0], pair[1])
        for pair in pairs
        if len(pair) == 2 and all(isinstance(path, str) and _is_below(path) for path in pair)
    ]


def _is_below(text: str) -> bool:
    path = Path(text)
    return bool(path.parts) and not path.anchor and ".." not in path.parts and "\0" not in text


def _is_of_the_old_app(source: Path, profiles_dir: Path) -> bool:
    """Whether this may be moved: a name that the old app used, beside the data folder or in it, not behind a link."""
    inside = source.is_relative_to(profiles_dir)
    start = profiles_dir if inside else find.root_of(profiles_dir)
    if source == start or files.is_linked(source.parent, start):
        return False
    stood = find.stood_inside if inside else find.stood_beside
    return stood(source.relative_to(start).parts)


def _tidy(root: Path) -> None:
    cache = root / "cache"
    if cache.is_dir() and not any(cache.iterdir()):
        cache.rmdir()


def _move(source: Path, target: Path) -> None:
    if not source.exists():
        return
    files.make_folder(target.parent)
    try:
        files.replace(source, target)
        files.close_to_others(target)
    except OSError:
        if source.is_dir() or files.is_link(source):
            raise
        # Another file system: copy whole first, so that a kill leaves the original.
        with source.open("rb") as old, files.replacing(target) as new:
            shutil.copyfileobj(old, new)
        with suppress(OSError):
            # Times tell which of two old files is the later one.
            os.utime(target, ns=(source.stat().st_atime_ns, source.stat().st_mtime_ns))
        source.unlink()


def step_aside(profiles_dir: Path) -> None:
    """Rename a `burndown.db` of the old app, sidecars first, so that ours can take the name.

    A stale `-wal` beside our new database would corrupt it. Killed in between, the next call goes on.
    """
    _rename(profiles_dir / find.DATABASE, profiles_dir / find.OLD_DATABASE)


def fetch_back(profiles_dir: Path) -> None:
    """Put the old app's database that a command set aside among what is to be taken over now."""
    for path in find.set_aside_databases(profiles_dir)[:1]:
        if not (profiles_dir / find.OLD_DATABASE).exists():
            _rename(path, profiles_dir / find.OLD_DATABASE)
            with suppress(OSError):
                path.parent.rmdir()


def mark_read(database: Path) -> None:
    """Give a database that was set aside and taken over since the name by which nobody looks for it again."""
    _rename(database, database.with_name(find.OLD_DATABASE))


def _rename(database: Path, target: Path) -> None:
    for suffix in reversed(find.SIDECARS):
        path = database.with_name(f"{database.name}{suffix}")
        if path.exists():
            files.replace(path, target.with_name(f"{target.name}{suffix}"))
