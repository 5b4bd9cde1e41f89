"""Which layouts of the old app lie in a folder. Folders are enumerated; the registry is never believed."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from store.errors import Refused, StoreError
from store.sqlite.reading import reading
from store.texts import N_

DATABASE = "burndown.db"
# The old app's own database, moved out of our database's way until the takeover is complete.
OLD_DATABASE = "old-app.db"
# Where a command that needed the name for ours moved it, under a folder of its own, unread.
ASIDE = "legacy"
# Its own tables; ours has other names and another application id.
_TABLES = frozenset({"profiles", "queries", "jira_issues", "project_statistics"})
_ANY_PROFILE = "SELECT 1 FROM profiles LIMIT 1"
SIDECARS = ("", "-wal", "-shm", "-journal")
_REMNANTS = (".backup", ".tmp")
OURS = frozenset({"backups", "legacy", "logs", "set-aside", "readme.txt", "instance.json", "secrets.json"})
_OURS = re.compile(r"(burndown\.|\.|old-app\.db).*|.*\.lock$", re.IGNORECASE)
REGISTRY = "profiles.json"
PROFILE = "profile.json"
QUERIES = "queries"
SETTINGS = "app_settings.json"
QUERY = "query.json"
PROJECT_DATA = "project_data.json"
CACHE = "jira_cache.json"
CHANGELOG = "jira_changelog_cache.json"
SNAPSHOTS = "metrics_snapshots.json"
SAVED_JQL = "jira_query_profiles.json"
FORECAST_SETTINGS = "forecast_settings.json"
FORECAST_CSV = "forecast_statistics.csv"
DATA_FILES = (PROJECT_DATA, CACHE, CHANGELOG, SNAPSHOTS)
ROOT_DATA = (*DATA_FILES, SETTINGS, FORECAST_SETTINGS, FORECAST_CSV)
REGENERABLE = ("task_progress.json", "metrics_cache.json")
ROOT_FILES = (*ROOT_DATA, SAVED_JQL, *REGENERABLE)
BACKUP_FOLDER = "_migrated_backup"
_COPIES = re.compile(r"[0-9a-f]{32}\.json")
_LEFT_OVER = re.compile(
    r"backup_forecast_statistics_.*\.csv|project_data_.*\.tmp|metrics_snapshots_.*\.json|\.task_progress\.json\..*\.tmp"
)


class NotReadable(Refused):
    """What may be the old app's lies where this user has no right to look."""


@dataclass(frozen=True, slots=True)
class QueryFolder:
    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class ProfileFolder:
    id: str
    path: Path
    queries: tuple[QueryFolder, ...] = ()


@dataclass(frozen=True, slots=True)
class Installation:
    """What lies in a folder. `layouts`: profiles, migrated, root, csv, database; empty when there is nothing.

    `root_files` are the old app's files beside `profiles/` (data, settings and what can be made again),
    `copies` its `cache/<hash>.json` files, `old_database` the SQLite file of its last versions.
    """

    root: Path
    profiles_dir: Path
    layouts: tuple[str, ...] = ()
    profiles: tuple[ProfileFolder, ...] = ()
    registry: Path | None = None
    root_files: tuple[Path, ...] = ()
    copies: tuple[Path, ...] = ()
    old_database: Path | None = None
    left_over: tuple[Path, ...] = field(default=())

    def root_file(self, name: str) -> Path | None:
        """The root-level file of that name; its `.backup` where only that was left and no profile was made."""
        for path in self.root_files:
            if path.name == name:
                return path
        if self.profiles:
            return None
        return next((path for path in self.left_over if path.name == f"{name}.backup"), None)


def is_ours(name: str) -> bool:
    """Whether a name in the data folder belongs to this product, not to the old app."""
    return name.lower() in OURS or _OURS.fullmatch(name) is not None


def plain_name(name: object) -> bool:
    """Whether an id can be a folder's name: never join another one to a path."""
    return isinstance(name, str) and bool(name) and name not in (".", "..") and not re.search(r"[/\\:\x00]", name)


@contextmanager
def _looking() -> Iterator[None]:
    """What nobody may look into is not passed over, else a takeover would leave it behind without a word. Raises
    NotReadable."""
    try:
        yield
    except PermissionError as exc:
        raise NotReadable(
            N_(
                "{path} cannot be looked into: this user has no right to. Give yourself the right to read it, or "
                "move it elsewhere. Nothing was changed.",
                path=exc.filename,
            )
        ) from exc


def root_of(profiles_dir: Path) -> Path:
    """The old app's root folder: the parent, when the data folder is its `profiles/`, else the folder itself."""
    return profiles_dir.parent if profiles_dir.name.lower() == "profiles" else profiles_dir


def legacy_lies_in(profiles_dir: Path) -> bool:
    """Whether the old app's data lie in the data folder or beside it, or what nobody may look into. Changes nothing."""
    try:
        return bool(find(root_of(profiles_dir), profiles_dir).layouts)
    except NotReadable:
        return True


@_looking()
def places(folder: Path) -> tuple[Path, Path]:
    """Root and profiles folder for a folder that a user named, who may have named either."""
    inside = folder / "profiles"
    if inside.is_dir():
        return folder, inside
    if (
        (folder / REGISTRY).is_file()
        or recognised(folder / DATABASE)
        or set_aside_databases(folder)
        or any(_is_profile(path) for path in _folders(folder))
    ):
        return root_of(folder), folder
    return folder, inside


@_looking()
def installations_below(folder: Path) -> list[Path]:
    """The folders right below one that are old installations by themselves; none where the folder is one itself.

    A root of the old app holds `app_settings.json` as a profile does: beside others it would pass for a profile.
    """
    names = (*ROOT_FILES, REGISTRY, DATABASE, "profiles")
    if _is_profile(folder) or any(os.path.lexists(folder / name) for name in names):
        return []
    below = _folders(folder)
    roots = [path for path in below if _is_root(path)]
    return [] if any(_is_profile(path) for path in below if path not in roots) else roots


def _is_root(path: Path) -> bool:
    """Whether the old app was installed in that folder, and it is none of its profiles and queries."""
    if (path / QUERIES).is_dir() or readable(path, PROFILE) is not None or readable(path, QUERY) is not None:
        return False
    return bool(set(find(*places(path)).layouts) - {"root"}) or any(readable(path, name) for name in DATA_FILES)


@_looking()
def find(root: Path, profiles_dir: Path) -> Installation:
    """Look; change nothing. Folders that cannot be listed count as empty. Raises NotReadable."""
    # Whatever its name: users typed ids such as "legacy", and our own folders hold nothing that makes a profile.
    profiles = tuple(_profile(path) for path in _folders(profiles_dir) if _is_profile(path))
    registry = profiles_dir / REGISTRY
    files = tuple(root / name for name in ROOT_FILES if (root / name).is_file())
    database = _old_database(profiles_dir)
    installation = Installation(
        root,
        profiles_dir,
        profiles=profiles,
        registry=registry if registry.is_file() else None,
        root_files=files,
        copies=tuple(path for path in entries(root / "cache") if is_copy(path.name) and path.is_file()),
        old_database=database,
        left_over=tuple(path for path in entries(root) if _is_left_over(path)),
    )
    return Installation(
        **{name: getattr(installation, name) for name in installation.__slots__} | {"layouts": _layouts(installation)}
    )


def _layouts(installation: Installation) -> tuple[str, ...]:
    names = []
    if any((profile.path / PROFILE).is_file() for profile in installation.profiles):
        names.append("profiles")
    if any(not (profile.path / PROFILE).is_file() for profile in installation.profiles):
        names.append("migrated")
    if any(installation.root_file(name) for name in (*DATA_FILES, SETTINGS)):
        names.append("root")
    if any(installation.root_file(name) for name in (FORECAST_SETTINGS, FORECAST_CSV)):
        names.append("csv")
    if installation.old_database and recognised(installation.old_database):
        names.append("database")
    return tuple(names)


def _profile(path: Path) -> ProfileFolder:
    queries = tuple(QueryFolder(folder.name, folder) for folder in _folders(path / QUERIES) if _is_query(folder))
    return ProfileFolder(path.name, path, queries)


def _is_profile(path: Path) -> bool:
    return (path / QUERIES).is_dir() or readable(path, PROFILE) is not None or (path / SETTINGS).is_file()


def _is_query(path: Path) -> bool:
    return any(os.path.lexists(path / name) for name in (QUERY, SETTINGS, *DATA_FILES)) or (
        not entries(path) or any(original_of(entry) is not None for entry in entries(path))
    )


def _is_left_over(path: Path) -> bool:
    return path.name == BACKUP_FOLDER if path.is_dir() else _names_left_over(path.name) and path.is_file()


def _names_left_over(name: str) -> bool:
    known = (name.removesuffix(".backup") in ROOT_FILES and name.endswith(".backup")) or _LEFT_OVER.fullmatch(name)
    return bool(known)


def stood_beside(parts: tuple[str, ...]) -> bool:
    """Whether these are the folders and the name of a file that the old app kept beside `profiles/`."""
    if len(parts) == 1:
        return parts[0] in (*ROOT_FILES, BACKUP_FOLDER) or _names_left_over(parts[0])
    return len(parts) == 2 and parts[0] == "cache" and is_copy(parts[1])


def stood_inside(parts: tuple[str, ...]) -> bool:
    """Whether these can be the folders and the name of a file of the old app in the data folder: none of ours."""
    if not parts:
        return False
    if not is_ours(parts[0]) or parts[0].startswith(OLD_DATABASE):
        return True
    return len(parts) == 2 and parts[1] in (PROFILE, SETTINGS, QUERIES)


def is_copy(name: str) -> bool:
    """Whether it is the name of one of the old app's temporary copies of issues."""
    return _COPIES.fullmatch(name) is not None


def is_remnant(name: str) -> bool:
    """Whether a file below `profiles/` is what an interrupted write or somebody's backup left."""
    return name.endswith(_REMNANTS) or _LEFT_OVER.fullmatch(name) is not None


def original_of(path: Path) -> Path | None:
    """The file whose place a remnant can take; None where its name does not tell."""
    name = next((path.name.removesuffix(end) for end in _REMNANTS if path.name.endswith(end)), "")
    if name in (PROFILE, REGISTRY, QUERY, SETTINGS, *DATA_FILES):
        return path.with_name(name)
    return path.with_name(SNAPSHOTS) if path.name.startswith("metrics_snapshots_") else None


def readable(folder: Path, name: str) -> Path | None:
    """The file of that name in a folder of the old app; where it is missing, what an interrupted write left of it."""
    path = folder / name
    if os.path.lexists(path):
        return path if path.is_file() else None
    remnants = (
        entry for entry in entries(folder) if is_remnant(entry.name) and original_of(entry) == path and entry.is_file()
    )
    return next(remnants, None)


def _old_database(profiles_dir: Path) -> Path | None:
    path = profiles_dir / OLD_DATABASE
    if path.is_file() and path.stat().st_size:
        return path
    other = profiles_dir / DATABASE
    if is_foreign(other) and other.stat().st_size:
        return other
    return next(iter(set_aside_databases(profiles_dir)), None)


def set_aside_databases(profiles_dir: Path) -> list[Path]:
    """Databases of the old app that a command moved out of the way and nobody has read yet, the latest first."""
    places = (folder / DATABASE for folder in reversed(_folders(profiles_dir / ASIDE)))
    return [path for path in places if path.is_file() and recognised(path)]


def is_foreign(database: Path, application_id: int = 0) -> bool:
    """Whether the file is there and not a database of ours: empty, no SQLite, or with another application id.

    With `application_id` 0 a file counts as ours when it carries any id: the old app set none.
    """
    if not database.is_file():
        return False
    try:
        with database.open("rb") as file:
            head = file.read(72)
    except OSError:
        return False
    stamp = int.from_bytes(head[68:72], "big")
    return stamp == 0 if application_id == 0 else stamp != application_id


def recognised(path: Path) -> bool:
    """Whether the file is a database of the old app with at least one profile in it."""
    if not is_foreign(path) or not path.stat().st_size:
        return False
    try:
        with reading(path) as connection:
            tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            return {name for (name,) in tables} >= _TABLES and bool(connection.execute(_ANY_PROFILE).fetchone())
    except (sqlite3.Error, OSError, StoreError):
        return False


def entries(folder: Path) -> list[Path]:
    try:
        return sorted((Path(entry.path) for entry in os.scandir(folder)), key=lambda path: path.name)
    except OSError:
        return []


def _folders(folder: Path) -> list[Path]:
    # Where a link leads is not looked at: it may be where nobody may look.
    return [path for path in entries(folder) if not path.is_symlink() and path.is_dir()]
