"""One OpenSSL in the executable: PostgreSQL's library uses the one that Python has.

psycopg's wheels bring an OpenSSL of their own, 2.4 MB packed, under names that nobody else uses (libssl-6a9b88ec.so.3,
libssl-3-x64-4e7c….dll). Python's `ssl` has brought the same library under its plain name. What asks for the first is
copied, and the name that it asks for is changed where it stands: the plain one is shorter, zeros fill the rest. That is
what the tools that made the wheels did, the other way round.

All stays as it was where Python has no OpenSSL of this kind in a file of its own (macOS, Pythons that hold it inside),
or an older one that lacks something that is asked for.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

# A name in the bundle, a file, PyInstaller's kind.
Binary = tuple[str, str, str]

_BROUGHT = re.compile(r"psycopg_binary\.libs/lib(ssl|crypto)-(?:[0-9a-f]{8}\.so\.3|3-x64-[0-9a-f]{32}\.dll)$")
_PLAIN = re.compile(r"lib(ssl|crypto)(?:\.so\.3|-3(?:-x64)?\.dll)$")
_VERSION = re.compile(rb"OPENSSL_3\.\d+\.\d+\0")
_LINK = "SYMLINK"


def one_openssl(binaries: list[Binary], work: Path) -> list[Binary]:
    """The binaries with Python's OpenSSL alone, if it has all that is asked of it. Copies are written to `work`."""
    own = {kind[1]: (name, Path(file)) for name, file, _ in binaries if (kind := _PLAIN.match(name))}
    brought = {kind[1]: _base(name) for name, _, link in binaries if link != _LINK and (kind := _brought(name))}
    if not brought or own.keys() != brought.keys():
        return binaries
    names = {brought[which].encode(): own[which][0].encode() for which in own}
    kept = [binary for binary in binaries if not _brought(binary[0]) and _base(binary[0]) not in brought.values()]
    asking = [binary for binary in kept if binary[2] != _LINK and _asks(binary, names)]
    if not all(_serves(Path(file), [library for _, library in own.values()]) for _, file, _ in asking):
        return binaries
    copies = {binary[0]: (binary[0], _renamed(Path(binary[1]), names, work), binary[2]) for binary in asking}
    return [copies.get(binary[0], binary) for binary in kept]


def without_links(binaries: list[Binary]) -> list[Binary]:
    """Without second names of psycopg's libraries, which find each other without: a zip would hold them twice."""
    return [binary for binary in binaries if binary[2] != _LINK or "psycopg_binary.libs" not in binary[1]]


def _brought(name: str) -> re.Match[str] | None:
    return _BROUGHT.match(name.replace("\\", "/"))


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _asks(binary: Binary, names: dict[bytes, bytes]) -> bool:
    if "psycopg_binary" not in binary[0]:
        return False
    content = Path(binary[1]).read_bytes()
    return any(name + b"\0" in content for name in names)


def _serves(asking: Path, own: list[Path]) -> bool:
    """Whether these libraries have all versions of symbols (Linux) or all functions (Windows) that one asks for."""
    offered = [library.read_bytes() for library in own]
    if asking.suffix == ".dll":
        return _imported(asking) <= {name for library in own for name in _exported(library)}
    return all(any(version in library for library in offered) for version in _VERSION.findall(asking.read_bytes()))


def _imported(asking: Path) -> set[bytes]:
    tables = _opened(asking).DIRECTORY_ENTRY_IMPORT
    openssl = [table for table in tables if table.dll.startswith((b"libssl", b"libcrypto"))]
    return {symbol.name for table in openssl for symbol in table.imports}


def _exported(library: Path) -> set[bytes]:
    return {symbol.name for symbol in _opened(library).DIRECTORY_ENTRY_EXPORT.symbols}


def _opened(library: Path) -> Any:
    return import_module("pefile").PE(str(library))  # comes with PyInstaller on Windows


def _renamed(asking: Path, names: dict[bytes, bytes], work: Path) -> str:
    content = asking.read_bytes()
    for old, new in names.items():
        content = content.replace(old + b"\0", new.ljust(len(old), b"\0") + b"\0")
    work.mkdir(parents=True, exist_ok=True)
    copy = work / asking.name
    copy.write_bytes(content)
    copy.chmod(0o755)
    return str(copy)
