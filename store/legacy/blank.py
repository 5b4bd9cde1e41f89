"""Tokens in clear text in originals that were set aside: found for taking over, and blanked on the user's wish.

Only the value goes; every other byte stays. Settings files and databases tell what the secrets are; then every
file is searched for them, and searched again when they are gone. Of a database a new copy is made, in which no
free page holds what a row held once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from store import files, redaction
from store.errors import StoreError
from store.legacy import clear_text, find
from store.sqlite.reading import header, reading, sidecar, sidecars

_SETTINGS = (find.PROFILE, find.REGISTRY, find.SETTINGS)
_SUFFIX = ".blanked"
_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%VIRTUAL%'"
)
_TRIGGERS = "SELECT 1 FROM sqlite_schema WHERE type = 'trigger' LIMIT 1"
_CONFIG = "SELECT jira_config FROM profiles WHERE id = ?"
_UNREADABLE = (sqlite3.Error, OSError, StoreError)


@dataclass(frozen=True, slots=True)
class Blanked:
    """Names relative to the folder: files whose secrets were blanked, and those that could not be written."""

    done: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OldToken:
    """A token, and the address that stands beside it; empty where none does."""

    token: str = field(repr=False)
    address: str = ""


def token_of(folder: Path, profile_id: str) -> OldToken | None:
    """The token that the originals in `folder` hold for a profile; its own files come before the root's."""
    for path in _settings_files(folder):
        if path.parent.name == profile_id or path.parent == folder:
            old_token = _token_in(clear_text.text_of(path.read_bytes()))
            if old_token is not None:
                return old_token
    return next((token for path in _databases(folder) for token in _tokens_in(path, profile_id)), None)


def _token_in(text: str) -> OldToken | None:
    tokens = clear_text.named_in(text)
    # Its own server's: that name and password stand in an address is no part of which server that is.
    return OldToken(tokens[0], redaction.in_clear(clear_text.address_in(text))) if tokens else None


def _tokens_in(path: Path, profile_id: str) -> list[OldToken]:
    try:
        with reading(path) as connection:
            rows = connection.execute(_CONFIG, (profile_id,)).fetchall()
    except _UNREADABLE:
        return []
    return [token for (text,) in rows if isinstance(text, str) and (token := _token_in(text)) is not None]


def holding(folder: Path) -> list[str]:
    """Files in `folder` that hold a secret in clear text; names relative to it."""
    secrets = _secrets(folder)
    return [_name(folder, path) for path in _files(folder) if _holds(path, secrets)]


def blank(folder: Path) -> Blanked:
    """Blank every secret in the originals of `folder`, each file whole or not at all, and look again."""
    secrets = _secrets(folder)
    done, left = [], []
    databases = _databases(folder)
    for path in databases:
        try:
            if _blank_database(path, secrets):
                done.append(path)
        except _UNREADABLE:
            left.append(path)
    for path in _files(folder):
        try:
            if path not in databases and not _is_log(path) and _blank_file(path, secrets):
                done.append(path)
        except OSError:
            left.append(path)
    left += [path for path in _files(folder) if path not in left and _holds(path, secrets)]
    return Blanked(
        tuple(_name(folder, path) for path in done if path not in left), tuple(_name(folder, path) for path in left)
    )


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


# -- which files --------------------------------------------------------------------------------------------


def _files(folder: Path) -> list[Path]:
    """Settings first, nearest to a profile first; then all others. No links: what they lead to is elsewhere."""
    settings = _settings_files(folder)
    known = set(settings)
    return settings + sorted(path for path in _here(folder) if path not in known)


def _here(folder: Path) -> Iterator[Path]:
    """Every file, but none that lies elsewhere, behind a link or in a linked folder."""
    return (path for path in folder.rglob("*") if path.is_file() and not files.is_linked(path, folder))


def _settings_files(folder: Path) -> list[Path]:
    """A profile's own file wins over a query's, and both over the root's."""
    paths = [path for path in _here(folder) if _is_settings(path)]
    return sorted(paths, key=lambda path: (path.parent == folder, path.name != find.PROFILE, path.as_posix()))


def _is_settings(path: Path) -> bool:
    return any(path.name == known or path.name.startswith(f"{known}.") for known in _SETTINGS)


def _databases(folder: Path) -> list[Path]:
    return [path for path in _files(folder) if _is_database(path)]


def _is_database(path: Path) -> bool:
    try:
        return path.suffix == ".db" and header(path) is not None
    except StoreError:
        return False


def _is_log(path: Path) -> bool:
    """A database's companion carries checksums: changed, it would lose what else it holds."""
    return path.name.endswith((".db-wal", ".db-journal", ".db-shm"))


# -- what the secrets are -----------------------------------------------------------------------------------


def _secrets(folder: Path) -> list[str]:
    secrets: dict[str, None] = {}
    for path in _files(folder):
        if _is_settings(path) or _is_log(path) or path.suffix == ".db":
            with suppress(OSError):
                secrets |= dict.fromkeys(clear_text.named_in(clear_text.text_of(path.read_bytes())))
        if _is_database(path):
            secrets |= dict.fromkeys(_secrets_in_rows(path))
    # A longer one first: it may have a shorter one in it.
    return sorted(secrets, key=len, reverse=True)


def _secrets_in_rows(path: Path) -> Iterator[str]:
    """Read from the rows: a text that goes over several pages is in pieces in the file."""
    try:
        with reading(path) as connection:
            for table, columns in _text_columns(connection):
                for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table}"):
                    yield from (secret for cell in row if isinstance(cell, str) for secret in clear_text.named_in(cell))
    except _UNREADABLE:
        return


def _text_columns(connection: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Each table and its columns, as a statement names them."""
    for (table,) in connection.execute(_TABLES).fetchall():
        quoted = _quoted(table)
        rows = connection.execute(f"PRAGMA table_info({quoted})").fetchall()
        yield quoted, [_quoted(row[1]) for row in rows]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _holds(path: Path, secrets: list[str]) -> bool:
    """In bytes, under a name, or in a row; also when that cannot be found out."""
    try:
        if clear_text.holds(path, secrets):
            return True
        if _is_settings(path) or _is_log(path) or path.suffix == ".db":
            named = clear_text.named_in(clear_text.text_of(path.read_bytes()))
            return bool(named) or (_is_database(path) and any(_secrets_in_rows(path)))
    except OSError:
        return True
    return False


# -- files --------------------------------------------------------------------------------------------------


def _blank_file(path: Path, secrets: list[str]) -> bool:
    """Whether there was anything to blank. Raises OSError, and then the file is as it was."""
    if not _is_settings(path) and path.suffix != ".db" and not clear_text.holds(path, secrets):
        return False
    content = path.read_bytes()
    is_database = path.suffix == ".db"
    changed = clear_text.without(content, secrets, named=is_database or _is_settings(path), keep_length=is_database)
    if changed == content:
        return False
    with files.replacing(path) as stream:
        stream.write(changed)
    return True


# -- databases ----------------------------------------------------------------------------------------------


def _blank_database(path: Path, secrets: list[str]) -> bool:
    """Whether there was anything to blank. Raises sqlite3.Error, OSError, and then it is as it was."""
    log = sidecar(path, "-wal")
    in_log = log.exists() and _holds(log, secrets)
    if not (in_log or _holds(path, secrets)):
        return False
    copy = files.temporary_name(path)
    try:
        _copy_with_log(path, copy)
        try:
            _blank_rows(copy, secrets)
        except sqlite3.Error:
            if in_log:
                raise
            # Broken pages: the bytes in their places, as many blanks.
            return _blank_file(path, secrets)
        files.sync(copy)
        files.replace(copy, path)
    finally:
        for left in (copy, *sidecars(copy)):
            left.unlink(missing_ok=True)
    # Their content is in the new file; beside it they would spoil it.
    for old in sidecars(path):
        old.unlink()
    return True


def _copy_with_log(path: Path, copy: Path) -> None:
    files.copy(path, copy)
    for suffix in ("-wal", "-journal"):
        if sidecar(path, suffix).exists():
            files.copy(sidecar(path, suffix), sidecar(copy, suffix))


def _blank_rows(copy: Path, secrets: list[str]) -> None:
    """Every text of every row, and then the whole file anew. Raises sqlite3.Error."""

    def blanked(cell: str) -> str:
        return clear_text.without_text(cell, secrets, keep_length=True)

    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.create_function("blanked", 1, blanked, deterministic=True)
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA journal_mode = DELETE")
        if connection.execute(_TRIGGERS).fetchone():
            raise sqlite3.DatabaseError("a trigger could do anything")
        for table, columns in list(_text_columns(connection)):
            for column in columns:
                connection.execute(
                    f"UPDATE {table} SET {column} = blanked({column})"
                    f" WHERE CASE typeof({column}) WHEN 'text' THEN blanked({column}) IS NOT {column} ELSE 0 END"
                )
        connection.execute("VACUUM")
