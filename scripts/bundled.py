"""The libraries in C that psycopg's wheel brings along: what each is, in which version, under which licence.

The wheel itself names only its own licence. A library that this does not know stops the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).with_name("licences")
# Where the wheel keeps them on Linux, on macOS and on Windows.
_FOLDER = re.compile(r"^psycopg_binary(\.libs|/\.dylibs)/")
_LIBRARY = re.compile(r"\.(so|dylib|dll)\b")


@dataclass(frozen=True, slots=True)
class Library:
    """`licence` as an SPDX expression, `text` the file with it. `version_pattern` finds its version, if it tells."""

    name: str
    licence: str
    text: str
    version_pattern: str = ""

    def licence_text(self) -> str:
        return (TEXTS / self.text).read_text(encoding="utf-8").strip("\n")


# What it tells by a function alone: its number is that of the interface.
_POSTGRESQL = Library("PostgreSQL (libpq)", "PostgreSQL", "postgresql.txt")
_KERBEROS = Library("MIT Kerberos", "MIT", "krb5.txt", r"KRB5_BRAND: krb5-([\d.]+)")
_LDAP = Library("OpenLDAP", "OLDAP-2.8", "openldap.txt")
_SASL = Library("Cyrus SASL", "BSD-4-Clause", "sasl.txt", r"\0(2\.1\.\d+)\0")
_OPENSSL = Library("OpenSSL, of psycopg", "Apache-2.0", "apache-2.0.txt", r"OpenSSL (\d+\.\d+\.\d+) ")
_KEYUTILS = Library("keyutils", "LGPL-2.1-or-later", "lgpl-2.1.txt", r"keyutils-([\d.]+)")
_COM_ERR = Library("libcom_err of e2fsprogs", "MIT", "com_err.txt")
_CRYPT = Library("libxcrypt", "LGPL-2.1-or-later", "lgpl-2.1.txt")
# By how a file's name begins, the first that fits. Kerberos has a com_err of its own, whose number is 3.
_BEGIN: tuple[tuple[str, Library], ...] = (
    (r"libpq", _POSTGRESQL),
    (r"libcom_err\S*\.(so\.3|3)", _KERBEROS),
    (r"libcom_err", _COM_ERR),
    (r"libgssapi_krb5|libk5crypto|libkrb5", _KERBEROS),
    (r"liblber|libldap", _LDAP),
    (r"libsasl2", _SASL),
    (r"libssl|libcrypto", _OPENSSL),
    (r"libkeyutils", _KEYUTILS),
    (r"libcrypt\b", _CRYPT),
)


@dataclass(frozen=True, slots=True)
class BundledLibrary:
    library: Library
    version: str


def is_bundled(name: str) -> bool:
    """Whether a file of the wheel, or of an executable, is one of them."""
    return bool(_FOLDER.match(name) and _LIBRARY.search(name))


def found_in(files: Mapping[str, bytes], libpq: str = "") -> list[BundledLibrary]:
    """Each library once, by name; `libpq` is the version that it tells itself.

    Raises ValueError for a file that is none of those that are known.
    """
    contents_of: dict[Library, dict[str, bytes]] = {}
    for name, content in sorted(files.items()):
        contents_of.setdefault(_known(name), {})[name] = content
    versions = {_POSTGRESQL: libpq}
    libraries = (
        BundledLibrary(library, versions.get(library) or _version(library, contents))
        for library, contents in contents_of.items()
    )
    return sorted(libraries, key=lambda bundled: bundled.library.name.casefold())


def _known(name: str) -> Library:
    file = name.rpartition("/")[2].lower()
    library = next((library_there for begin, library_there in _BEGIN if re.match(begin, file)), None)
    if library is None:
        raise ValueError(f"psycopg brings {name} along, of which nobody knows the licence. See scripts/bundled.py.")
    return library


def _version(library: Library, contents: Mapping[str, bytes]) -> str:
    """What its files say, else the number of the interface in their names, which is all that some tell."""
    pattern = re.compile(library.version_pattern.encode()) if library.version_pattern else None
    hits = (pattern.search(content) for content in contents.values()) if pattern else iter(())
    version = next((hit[1].decode() for hit in hits if hit is not None), "")
    return version or _numbered(contents)


def _numbered(names: Iterable[str]) -> str:
    numbers = (re.search(r"\.so\.([\d.]+)$|[.-]([\d.]+)\.dylib$", name) for name in names)
    return next((hit[1] or hit[2] for hit in numbers if hit is not None), "0")
