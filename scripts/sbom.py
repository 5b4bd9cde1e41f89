"""The parts list (CycloneDX 1.6) and the licences of what is inside an executable. Used by scripts/build.py."""

from __future__ import annotations

import json
import subprocess
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import bundled
import contents
from _archive import Entry
from _setup import ROOT, locked_section

_OLD = timedelta(days=365)
# Packages whose modules go by another name than they do.
_PACKAGE_OF = {"nacl": "pynacl", "win32ctypes": "pywin32-ctypes", "_cffi_backend": "cffi", "_plotly_utils": "plotly"}
# Packages that tell no licence but by its text.
_LICENCE_OF = {"pysqlite3": "Zlib"}
_PLOTLY_JS = ROOT / "app" / "assets" / "vendor"


@dataclass(frozen=True, slots=True)
class Part:
    """`licence` as an SPDX expression where one is told, else its name; `text` is the licence itself."""

    name: str
    version: str
    licence: str
    text: str = ""
    purl: str = ""
    sha256: str = ""
    released: date | None = None

    def is_old(self) -> bool:
        return self.released is not None and datetime.now(UTC).date() - self.released > _OLD


def system_parts(python: Path) -> list[Part]:
    """Python, the SQLite that the executable carries, and OpenSSL, with the days of their releases where they tell."""
    about = json.loads(_output_of(python, _SYSTEM_PARTS))
    return [
        Part("Python", about["python"], "PSF-2.0", about["licence"], released=_day(about["python_day"])),
        Part("SQLite", about["sqlite"], "blessing", "Public domain.", released=_day(about["sqlite_day"])),
        Part("OpenSSL", about["openssl"], "Apache-2.0", _text("apache-2.0.txt"), released=_day(about["openssl_day"])),
    ]


def _text(name: str) -> str:
    text: str = (bundled.TEXTS / name).read_text(encoding="utf-8")
    return text.strip("\n")


def bill_and_licences(python: Path, inside: Iterable[Entry], version: str) -> tuple[str, str]:
    """The parts list as JSON, and the licences as text; both the same for the same executable."""
    brought = {entry.name: entry.content for entry in inside if bundled.is_bundled(entry.name)}
    parts = [*system_parts(python), *_packages(python, inside), *_bundled(python, brought), *_vendored()]
    return _bill(parts, version), _licences(parts)


def carried(python: Path) -> str:
    """All parts that may be in an executable, as JSON: known before it is made, so that it can bring them along."""
    brought = {name: Path(file).read_bytes() for name, file in json.loads(_output_of(python, _BROUGHT)).items()}
    packages = [*_named_packages(python, contents.PACKAGES), *_bundled(python, brought)]
    parts = [*system_parts(python), _bootloader(), *packages, *_vendored()]
    documents = [
        {"name": part.name, "version": part.version, "licence": part.licence, "text": part.text} for part in parts
    ]
    return json.dumps(documents, ensure_ascii=False)


def _bootloader() -> Part:
    text = (
        "The starter of the executable is PyInstaller's bootloader: GPL-2.0-or-later with an exception that lets it\n"
        "start programs of any licence."
    )
    return Part("PyInstaller's bootloader", "", "GPL-2.0-or-later with an exception", text)


def _packages(python: Path, inside: Iterable[Entry]) -> list[Part]:
    return _named_packages(python, {contents.part(entry) for entry in inside} & contents.PACKAGES)


def _bundled(python: Path, brought: Mapping[str, bytes]) -> list[Part]:
    """What psycopg's wheel brings along. Raises ValueError for a library of which nobody knows the licence."""
    libpq = (
        _output_of(python, "from psycopg import pq; print(pq.version_pretty(pq.version()))").strip() if brought else ""
    )
    return [
        Part(
            bundled_library.library.name,
            bundled_library.version,
            bundled_library.library.licence,
            bundled_library.library.licence_text(),
        )
        for bundled_library in bundled.found_in(brought, libpq)
    ]


def _named_packages(python: Path, names: Collection[str]) -> list[Part]:
    packages = json.loads(_output_of(python, _DISTRIBUTIONS, json.dumps(sorted(names)), json.dumps(_PACKAGE_OF)))
    hashes = _locked_hashes()
    return [
        Part(
            package["name"], package["version"], _LICENCE_OF.get(package["name"], package["licence"]), package["text"],
            purl=f"pkg:pypi/{package['name'].lower()}@{package['version']}",
            sha256=hashes.get(package["name"].lower(), ""),
        )
        for package in packages
    ]  # fmt: skip


def _vendored() -> list[Part]:
    """The chart library in app/assets/vendor; its first lines tell its version."""
    head = (_PLOTLY_JS / "plotly.min.js").read_text(encoding="utf-8")[:400]
    version = next((word[1:] for word in head.split() if word[:1] == "v" and word[1:2].isdigit()), "unknown")
    text = (_PLOTLY_JS / "plotly-LICENSE.txt").read_text(encoding="utf-8")
    return [Part("plotly.js", version, "MIT", text, purl=f"pkg:npm/plotly.js@{version}")]


def _locked_hashes() -> dict[str, str]:
    """A SHA-256 of a package only where the lock knows one file of it."""
    by_name = {}
    for section in ("run", "build"):
        for entry in locked_section(section).replace("\\\n", " ").splitlines():
            name, _, rest = entry.partition("==")
            hashes = [word.removeprefix("--hash=sha256:") for word in rest.split() if word.startswith("--hash=")]
            if len(hashes) == 1:
                by_name[name.lower()] = hashes[0]
    return by_name


def _bill(parts: Sequence[Part], version: str) -> str:
    components = [_component(part) for part in parts]
    inner = json.dumps(components, sort_keys=True)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, inner)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "burndown",
                "name": "burndown",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": "burndown", "dependsOn": [component["bom-ref"] for component in components]}],
    }
    return json.dumps(bill, indent=1, ensure_ascii=False) + "\n"


def _component(part: Part) -> dict[str, object]:
    component: dict[str, object] = {
        "type": "library",
        "bom-ref": part.purl or f"{part.name}@{part.version}",
        "name": part.name,
        "version": part.version,
        "licenses": [{"expression": part.licence}]
        if _is_expression(part.licence)
        else [{"license": {"name": part.licence}}],
    }
    if part.purl:
        component["purl"] = part.purl
    if part.sha256:
        component["hashes"] = [{"alg": "SHA-256", "content": part.sha256}]
    return component


def _is_expression(licence: str) -> bool:
    return all(
        word in ("AND", "OR", "WITH") or "-" in word or word in ("MIT", "ISC", "Zlib", "blessing", "PostgreSQL")
        for word in licence.split()
    )


def _licences(parts: Sequence[Part]) -> str:
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    texts = [f"Burndown\n\n{own}", _bootloader().text]
    texts += [f"{part.name} {part.version}\n{part.licence}\n\n{part.text}".strip() for part in parts]
    return ("\n\n" + "-" * 100 + "\n\n").join(texts) + "\n"


def _day(text: str | None) -> date | None:
    """Of "2024-10-07" or of "Oct 7 2024"; None where nothing is told."""
    for form in ("%Y-%m-%d", "%b %d %Y", "%d %b %Y"):
        try:
            return datetime.strptime(text or "", form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def _output_of(python: Path, program: str, *arguments: str) -> str:
    return subprocess.run(
        [str(python), "-X", "utf8", "-c", program, *arguments], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    ).stdout


# Run by the Python of the build. A release of Python tells its day in one place only: where its help was made.
_SYSTEM_PARTS = """
import json, pathlib, platform, re, ssl, sys, sysconfig
try:
    from pysqlite3 import dbapi2
except ImportError:
    import sqlite3 as dbapi2
library = pathlib.Path(sysconfig.get_path("stdlib"))
topics = library / "pydoc_data" / "topics.py"
head = topics.read_text(encoding="utf-8")[:300] if topics.exists() else ""
made = re.search(r"on \\w{3} (\\w{3}) +(\\d+) [\\d:]+ (\\d{4})", head)
source = dbapi2.connect(":memory:").execute("SELECT sqlite_source_id()").fetchone()[0]
openssl = ssl.OPENSSL_VERSION.split(maxsplit=2)
texts = [file for file in (library / "LICENSE.txt", library.parent / "LICENSE.txt") if file.exists()]
print(json.dumps({
    "python": platform.python_version(), "python_day": " ".join(made.groups()) if made else None,
    "licence": texts[0].read_text(encoding="utf-8") if texts else "",
    "sqlite": dbapi2.sqlite_version, "sqlite_day": source[:10],
    "openssl": openssl[1], "openssl_day": openssl[2] if len(openssl) > 2 else None,
}))
"""
_BROUGHT = """
import json
from importlib import metadata
wheel = metadata.distribution("psycopg-binary")
folders = ("psycopg_binary.libs/", "psycopg_binary/.dylibs/")
listed = [file for file in wheel.files or [] if file.as_posix().startswith(folders)]
print(json.dumps({file.as_posix(): str(file.locate()) for file in listed}))
"""
_DISTRIBUTIONS = """
import csv, json, re, sys
from importlib import metadata
# What importlib tells of files looks for each on the disk: minutes where a disk is slow, for a package of 15,000.
def paths(one):
    return [row[0] for row in csv.reader((one.read_text("RECORD") or "").splitlines()) if row]
wanted, named = (json.loads(argument) for argument in sys.argv[1:])
known = {}
for one in metadata.distributions():
    for top in {re.split(r"[/.]", path)[0] for path in paths(one) if ".dist-info" not in path}:
        known.setdefault(top, []).append(one.name)
names = {named.get(name) or (known.get(name) or [name])[0] for name in wanted}
names |= set(known.get("jaraco", []) if "jaraco" in wanted else [])
found = []
for name in sorted(names, key=str.lower):
    try:
        one = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        continue
    told = one.metadata
    texts = [one.locate_file(path) for path in paths(one)
             if re.search(r"(LICEN[CS]E|COPYING|NOTICE)[^/]*$", path, re.I) and ".dist-info" in path]
    lines = [line for line in told.get_all("Classifier") or [] if line.startswith("License")]
    classifiers = [line.rpartition(" :: ")[2] for line in lines]
    short = (told.get("License") or "").strip()
    licence = told.get("License-Expression") or (short if short and "\\n" not in short and len(short) < 60 else "")
    found.append({
        "name": told["Name"], "version": told["Version"], "licence": licence or " ".join(classifiers) or "see its text",
        "text": "\\n\\n".join(file.read_text(encoding="utf-8").strip() for file in texts),
    })
print(json.dumps(found))
"""
