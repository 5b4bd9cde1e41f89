"""Reading what PyInstaller wrote: the entries of an executable, and of the archive of modules within it.

Formats as in PyInstaller 6: an executable ends with an archive, which ends with a cookie that says where its table is.
"""

from __future__ import annotations

import marshal
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

_COOKIE = struct.Struct("!8sIIII64s")
_MAGIC = b"MEI\014\013\012\013\016"
_ENTRY = struct.Struct("!IIIIBc")
_MODULES = "z"
_OPTIONS = ("o", "d")


@dataclass(frozen=True, slots=True)
class Entry:
    """`packed` and `size` in bytes. `kind`: b a library, x a data file, s a script, m a module of Python."""

    name: str
    kind: str
    packed: int
    size: int
    content: bytes


def entries(program: Path) -> list[Entry]:
    """All of an executable, modules included. Raises ValueError for a file that PyInstaller did not make."""
    data = program.read_bytes()
    at = data.rfind(_MAGIC)
    if at < 0:
        raise ValueError(f"{program} holds no archive of PyInstaller's.")
    _, length, table, table_length, _, _ = _COOKIE.unpack_from(data, at)
    archive = data[at + _COOKIE.size - length : at + _COOKIE.size]
    result: list[Entry] = []
    position = table
    while position < table + table_length:
        step, start, packed, size, compressed, kind = _ENTRY.unpack_from(archive, position)
        name = archive[position + _ENTRY.size : position + step].rstrip(b"\0").decode("utf-8").replace("\\", "/")
        position += step
        content = archive[start : start + packed]
        if kind.decode() == _MODULES:
            result += _modules(content)
        elif kind.decode() not in _OPTIONS:
            result.append(Entry(name, kind.decode(), packed, size, zlib.decompress(content) if compressed else content))
    return result


def _modules(archive: bytes) -> list[Entry]:
    (table,) = struct.unpack_from("!i", archive, 8)
    listed = marshal.loads(archive[table:])
    result = []
    for name, (_kind, start, packed) in sorted(dict(listed).items()):
        content = zlib.decompress(archive[start : start + packed]) if packed else b""
        result.append(Entry(name, "m", packed, len(content), content))
    return result
