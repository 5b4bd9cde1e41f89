"""Tokens in clear text in originals that were set aside: found for taking over, and blanked on the user's wish.

Only the value goes; every other byte stays. Text files are searched as bytes, so that damaged ones are served
as well. In the old app's database the value becomes as many spaces: its pages keep their lengths.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from store import files
from store.legacy import find
from store.legacy.values import SECRETS

_NAMES = b"|".join(re.escape(name.encode()) for name in sorted(SECRETS))
_SECRET = re.compile(rb'"(?:' + _NAMES + rb')"\s*:\s*"((?:[^"\\\x00-\x1f]|\\.)+)"')
_SETTINGS = (find.PROFILE, find.REGISTRY, find.SETTINGS)
_DATABASES = (find.DATABASE, find.OLD_DATABASE)


@dataclass(frozen=True, slots=True)
class Blanked:
    """Names relative to the folder: files whose secrets were blanked, and those that could not be written."""

    done: tuple[str, ...]
    left: tuple[str, ...]


def token_of(folder: Path, profile_id: str) -> str | None:
    """The token that the originals in `folder` hold for a profile; its own files come before the root's."""
    for path in _settings_files(folder):
        if path.parent.name == profile_id or path.parent == folder:
            found = _values(path.read_bytes())
            if found:
                return found[0]
    return None


def _values(content: bytes) -> list[str]:
    values = []
    for match in _SECRET.finditer(content):
        try:
            value = json.loads(b'"' + match[1] + b'"', strict=False)
        except ValueError:
            # Bytes that are no text: nothing that could be sent to a server.
            continue
        if value.strip():
            values.append(value)
    return values


def holding(folder: Path) -> list[str]:
    """Files in `folder` that hold a secret in clear text; names relative to it."""
    return [
        path.relative_to(folder).as_posix()
        for path in (*_settings_files(folder), *_databases(folder))
        if _blanked(path, path.read_bytes()) is not None
    ]


def blank(folder: Path) -> Blanked:
    """Blank every secret in the originals of `folder`, each file whole or not at all."""
    done, left = [], []
    for path in (*_settings_files(folder), *_databases(folder)):
        name = path.relative_to(folder).as_posix()
        try:
            content = _blanked(path, path.read_bytes())
            if content is None:
                continue
            _write(path, content)
        except OSError:
            left.append(name)
        else:
            done.append(name)
    # The log of a database carries checksums: changed, it would lose what else it holds.
    left += [path.relative_to(folder).as_posix() for path in _logs(folder) if _SECRET.search(path.read_bytes())]
    return Blanked(tuple(done), tuple(left))


def _settings_files(folder: Path) -> list[Path]:
    """Nearest to a profile first: a profile's own file wins over a query's, and both over the root's."""
    found = [path for path in folder.rglob("*") if path.is_file() and _is_settings(path.name)]
    return sorted(found, key=lambda path: (path.parent == folder, path.name != find.PROFILE, path.as_posix()))


def _is_settings(name: str) -> bool:
    return any(name == known or name.startswith(f"{known}.") for known in _SETTINGS)


def _databases(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.db") if path.name in _DATABASES)


def _logs(folder: Path) -> list[Path]:
    names = {f"{name}{suffix}" for name in _DATABASES for suffix in find.SIDECARS if suffix}
    return sorted(path for path in folder.rglob("*.db-*") if path.name in names)


def _blanked(path: Path, content: bytes) -> bytes | None:
    """The content without its secrets; None when it holds none."""
    same_length = path.name in _DATABASES

    def without(match: re.Match[bytes]) -> bytes:
        begin, end = match.span(1)
        put = b" " * (end - begin) if same_length else b""
        return content[match.start() : begin] + put + content[end : match.end()]

    changed = _SECRET.sub(without, content)
    return None if changed == content else changed


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f"{path.name}.blanked")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    files.replace(temporary, path)
