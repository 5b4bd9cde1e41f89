"""What lies among the old app's files and is not read: each thing gets its line in the report."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from store.legacy import find
from store.legacy.findings import Notes
from store.legacy.read.profiles import Machine

_IN_PROFILE = (find.PROFILE, find.SETTINGS)
_IN_QUERY = (find.QUERY, find.SETTINGS, *find.DATA_FILES)


def note(installation: find.Installation, machine: Machine, notes: Notes) -> None:
    """Links, things of another kind under the name of a file, and what the old app left over below `profiles/`."""
    for path, problem in _odd(installation):
        file_note = notes.file(machine.name_of(path), "not read")
        file_note.skip("", problem)
    for path in _left_over(installation):
        original = find.original_of(path)
        file_note = notes.file(machine.name_of(path), "left over")
        if original is not None and not os.path.lexists(original):
            file_note.find("", f"left over by the old app, and {original.name} is missing", "read in its place")
        else:
            file_note.find("", "left over by the old app", "not taken over")


def _odd(installation: find.Installation) -> Iterator[tuple[Path, str]]:
    for folder in (installation.profiles_dir, *(profile.path / find.QUERIES for profile in installation.profiles)):
        for path in find.entries(folder):
            if path.is_symlink() and not path.is_file() and not find.is_ours(path.name):
                yield path, "a link to another folder, which was not followed"
    places = [installation.root / name for name in find.ROOT_FILES]
    places += [installation.profiles_dir / find.REGISTRY]
    for profile in installation.profiles:
        places += [profile.path / name for name in _IN_PROFILE]
        places += [query.path / name for query in profile.queries for name in _IN_QUERY]
    places += [path for path in find.entries(installation.root / "cache") if find.is_copy(path.name)]
    for path in dict.fromkeys(places):
        if os.path.lexists(path) and not path.is_file():
            yield path, _kind(path)


def _kind(path: Path) -> str:
    if path.is_dir():
        return "a folder, where the old app has a file"
    return "a link that leads nowhere" if path.is_symlink() else "no ordinary file, so it was not opened"


def _left_over(installation: find.Installation) -> Iterator[Path]:
    folders = [installation.profiles_dir] + [profile.path for profile in installation.profiles]
    folders += [query.path for profile in installation.profiles for query in profile.queries]
    for folder in folders:
        for path in find.entries(folder):
            if path.is_file() and find.is_remnant(path.name) and not find.is_ours(path.name):
                yield path
