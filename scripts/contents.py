"""What is inside an executable: `python3 scripts/contents.py [EXECUTABLE]`.

Prints a table of its parts with their sizes as packed, and fails when something is in it that nobody expected: a
library that a new version of another one began to import, or a tool of the machine on which it was built.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from _archive import Entry, entries
from _setup import ROOT, WINDOWS

_LIBRARY = "Python's own library"
_OWN = "Burndown itself"
_INTERPRETER = "Python"

# Packages that belong there; what each is for is in pyproject.toml or in the package that needs it.
_NAMES = """
    _cffi_backend _plotly_utils backports blinker cryptography dash
    dash_mantine_components filelock flask idna itsdangerous janus jaraco jeepney jinja2 keyring
    markupsafe more_itertools nacl orjson packaging platformdirs plotly psycopg psycopg_binary
    pydantic pydantic_core pysqlite3 requests secretstorage truststore typing_extensions tzdata tzlocal urllib3
    waitress werkzeug win32ctypes
"""
PACKAGES = frozenset(_NAMES.split())
# nacl's library asks for it when a token is sealed.
_UNSEEN = ("_cffi_backend",)
# Modules of ours that take the place of packages: see scripts/frozen. The packages themselves are not expected.
_STAND_INS = frozenset(("certifi", "charset_normalizer", "click", "importlib_metadata"))
_OWN_PACKAGES = frozenset(("app", "store", "launcher", "records", "zones"))
# The system libraries of Linux that Python's modules need, by how their names begin, and Windows' run-time library.
_SYSTEM = ("libbz2", "libcrypto", "libffi", "liblzma", "libssl", "libz", "vcruntime140", "zlib1", "libexpat", "libuuid")
# What psycopg's library asks for, named once more at the top on Linux.
_OF_PSYCOPG = (
    "libcom_err", "libcrypt-", "libgssapi_krb5", "libk5crypto", "libkeyutils", "libkrb5", "liblber", "libldap", "libpq",
    "libsasl2",
)  # fmt: skip
# Of Python's library in versions newer than the one that may run this.
_NEWER = (
    "_android_support",
    "_apple_support",
    "_colorize",
    "_ios_support",
    "_opcode_metadata",
    "_pydatetime",
    "_pylong",
)
_PYTHON = ("libpython3", "python3", "base_library.zip", "pyi", "struct", "_pyi")


def main() -> None:
    program = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / ("burndown.exe" if WINDOWS else "burndown")
    inside = entries(program)
    for line in table(inside, program.stat().st_size):
        print(line)
    needed = needed_glibc(inside)
    if needed[0]:
        print("needs glibc {}.{} or newer".format(*needed))
    foreign = unexpected(inside)
    if foreign:
        sys.exit(
            f"Not expected in it: {', '.join(foreign)}. See build.spec, or scripts/contents.py if it belongs there."
        )


def part(entry: Entry) -> str:
    """What an entry belongs to: a package's name, one of ours, Python's, or the entry's own name."""
    name: str = entry.name
    if name.startswith(_PYTHON):
        return _INTERPRETER
    if name.startswith(_OF_PSYCOPG):
        return "psycopg_binary"
    if name.lower().startswith(_SYSTEM):
        return f"{_INTERPRETER}: {name.split('.')[0].split('-')[0].lower()}"
    if name == "zones.zip":
        return "tzdata"
    if name == "records.bin" or (entry.kind == "m" and name in _STAND_INS):
        return _OWN
    top = name.split("/")[0] if "/" in name else name.split(".")[0]
    top = top.partition("-")[0] if ".dist-info" in name else top
    # The system libraries that a package brings along lie beside it.
    top = top.removesuffix(".libs")
    if top in _OWN_PACKAGES:
        return _OWN
    if top in PACKAGES:
        return top
    return _LIBRARY if _of_python(top) else top


def _of_python(top: str) -> bool:
    # Extension modules lie in a folder of their own on Linux; some names differ between versions and systems.
    return (
        top in sys.stdlib_module_names
        or top in _NEWER
        or top in ("lib-dynload", "python3", "sqlite3")
        or top.startswith("_sysconfig")
    )


def unexpected(inside: Iterable[Entry]) -> list[str]:
    known = {_LIBRARY, _OWN, _INTERPRETER, *PACKAGES}
    return sorted({entry.name for entry in inside if part(entry) not in known and ": " not in part(entry)})


def missing(inside: Iterable[Entry]) -> list[str]:
    """What must be there although nobody who reads Python sees that it is asked for: by libraries in C."""
    names = [entry.name for entry in inside]
    return [wanted for wanted in _UNSEEN if not any(wanted in name for name in names)]


def needed_glibc(inside: Iterable[Entry]) -> tuple[int, int]:
    """The version of Linux' C library without which it cannot start; (0, 0) on other systems."""
    versions = (re.findall(rb"GLIBC_(\d+)\.(\d+)", entry.content) for entry in inside if entry.kind == "b")
    return max(((int(major), int(minor)) for version in versions for major, minor in version), default=(0, 0))


def table(inside: Iterable[Entry], total: int) -> list[str]:
    """Lines with part, packed bytes and number of files, the largest first; `total`: the executable's bytes."""
    packed: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    for entry in inside:
        packed[part(entry)] += entry.packed
        count[part(entry)] += 1
    lines = [
        f"{name:32} {size / 1e6:7.2f} MB {count[name]:5} entries"
        for name, size in sorted(packed.items(), key=lambda entry: -entry[1])
    ]
    rest = total - sum(packed.values())
    return [
        *lines,
        f"{'the starter, and the tables':32} {rest / 1e6:7.2f} MB",
        f"{'together':32} {total / 1e6:7.2f} MB",
    ]


if __name__ == "__main__":
    main()
