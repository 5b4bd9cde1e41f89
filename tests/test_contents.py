"""What the scripts tell about an executable: its parts, their licences, and what nobody expected in it."""

from __future__ import annotations

import importlib
import json
import marshal
import os
import struct
import sys
import zlib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from tests.test_scripts import SCRIPTS

_COOKIE = struct.Struct("!8sIIII64s")
_ENTRY = struct.Struct("!IIIIBc")


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, ModuleType]]:
    """The scripts import one another as programs do: by their folder."""
    sys.path.insert(0, str(SCRIPTS))
    names = ("_archive", "bundled", "contents", "oldest", "sbom", "_setup")
    yield {name: importlib.import_module(name) for name in names}
    sys.path.remove(str(SCRIPTS))


def modules_archive(modules: dict[str, bytes]) -> bytes:
    """As PyInstaller packs the modules of Python."""
    body, table = b"", []
    for name, code in modules.items():
        packed = zlib.compress(code)
        table.append((name, (0, 17 + len(body), len(packed))))
        body += packed
    return b"PYZ\0" + b"\0" * 4 + struct.pack("!i", 17 + len(body)) + b"\0" * 5 + body + marshal.dumps(table)


def executable(tmp_path: Path, modules: dict[str, bytes], files: dict[str, bytes]) -> Path:
    """An executable as PyInstaller writes one: a starter, the packed entries, their table, a cookie."""
    listed = [
        ("PYZ", b"z", modules_archive(modules)),
        *((name, b"x", zlib.compress(data)) for name, data in files.items()),
    ]
    body, table = b"", b""
    for name, kind, packed in listed:
        size = len(files.get(name, packed))
        named = name.encode() + b"\0" * (16 - len(name.encode()) % 16)
        table += _ENTRY.pack(_ENTRY.size + len(named), len(body), len(packed), size, kind == b"x", kind) + named
        body += packed
    length = len(body) + len(table) + _COOKIE.size
    cookie = _COOKIE.pack(b"MEI\014\013\012\013\016", length, len(body), len(table), 313, b"libpython3.13.so")
    path = tmp_path / "program"
    path.write_bytes(b"starter" * 100 + body + table + cookie)
    return path


def test_an_archive_is_read_as_it_was_packed(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    program = executable(
        tmp_path, {"app.jobs": b"code", "json": b"more code"}, {"app\\assets\\a.css": b"p {}", "zones.zip": b"z"}
    )
    entries = {entry.name: (entry.kind, entry.content) for entry in scripts["_archive"].entries(program)}
    assert entries == {
        "app.jobs": ("m", b"code"),
        "json": ("m", b"more code"),
        "app/assets/a.css": ("x", b"p {}"),
        "zones.zip": ("x", b"z"),
    }


def test_any_other_file_is_no_executable_of_pyinstallers(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"MZ" * 1000)
    with pytest.raises(ValueError, match="no archive"):
        scripts["_archive"].entries(other)


def test_an_unexpected_module_and_an_unexpected_library_are_named(
    scripts: dict[str, ModuleType], tmp_path: Path
) -> None:
    program = executable(tmp_path, {"json": b"", "numpy.core": b"x", "app.jobs": b"x"}, {"libstrange.so.1": b"x"})
    assert scripts["contents"].unexpected(scripts["_archive"].entries(program)) == ["libstrange.so.1", "numpy.core"]


def test_a_stand_in_is_expected_and_the_package_that_it_stands_for_is_not(
    scripts: dict[str, ModuleType], tmp_path: Path
) -> None:
    program = executable(tmp_path, {"click": b"x", "certifi": b"x", "click.core": b"x"}, {"certifi/cacert.pem": b"x"})
    assert scripts["contents"].unexpected(scripts["_archive"].entries(program)) == ["certifi/cacert.pem", "click.core"]


def test_what_only_a_library_in_c_asks_for_is_missed_when_it_is_not_there(
    scripts: dict[str, ModuleType], tmp_path: Path
) -> None:
    program = executable(tmp_path, {"nacl.secret": b"x"}, {"nacl/_sodium.abi3.so": b"x"})
    assert scripts["contents"].missing(scripts["_archive"].entries(program)) == ["_cffi_backend"]


def test_the_table_adds_up_to_the_executable(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    program = executable(tmp_path, {"json": b"1" * 5_000_000, "requests.api": b"x"}, {"app/assets/a.css": b"p {}"})
    total = program.stat().st_size
    lines = scripts["contents"].table(scripts["_archive"].entries(program), total)
    assert [line.split("  ")[0] for line in lines[:3]] == ["Python's own library", "Burndown itself", "requests"]
    assert lines[-1].split()[-2] == f"{total / 1e6:.2f}"


def test_the_parts_list_is_the_same_each_time_and_names_every_part_with_its_licence(
    scripts: dict[str, ModuleType],
) -> None:
    sbom = scripts["sbom"]
    parts = [
        sbom.Part("Python", "3.13.11", "PSF-2.0"),
        sbom.Part("dash", "4.4.1", "MIT", "Permission is granted", "pkg:pypi/dash@4.4.1", "ab" * 32),
        sbom.Part("odd", "1", "Some licence of their own"),
    ]
    bill = json.loads(sbom._bill(parts, "0.1.0"))
    assert sbom._bill(parts, "0.1.0") == sbom._bill(parts, "0.1.0")
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert [component["name"] for component in bill["components"]] == ["Python", "dash", "odd"]
    assert bill["components"][1]["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    assert bill["components"][1]["licenses"] == [{"expression": "MIT"}]
    assert bill["components"][2]["licenses"] == [{"license": {"name": "Some licence of their own"}}]
    assert bill["dependencies"][0]["dependsOn"] == [component["bom-ref"] for component in bill["components"]]
    assert "Permission is granted" in sbom._licences(parts)


def wheel() -> dict[str, bytes]:
    """The libraries in C that psycopg's wheel brings along, as it is installed here."""
    files = metadata.distribution("psycopg-binary").files or []
    return {str(file): Path(str(file.locate())).read_bytes() for file in files if ".libs/" in str(file)}


@pytest.mark.skipif(sys.platform != "linux", reason="the wheel of Linux names its libraries like this")
def test_every_library_that_comes_with_psycopg_has_a_version_and_its_licence(scripts: dict[str, ModuleType]) -> None:
    files = wheel()
    assert any("libpq" in name for name in files)
    assert all(scripts["bundled"].is_bundled(name) for name in files)
    parts = {part.name: part for part in scripts["sbom"]._bundled(Path(sys.executable), files)}
    assert {"PostgreSQL (libpq)", "MIT Kerberos", "OpenLDAP", "Cyrus SASL", "OpenSSL, of psycopg"} <= parts.keys()
    assert parts["PostgreSQL (libpq)"].version == psycopg.pq.version_pretty(psycopg.pq.version())
    for part in parts.values():
        assert part.version[0].isdigit(), part.name
        assert len(part.text) > 300, part.name
    assert parts["OpenSSL, of psycopg"].version.startswith("3.")
    bill = json.loads(scripts["sbom"]._bill(list(parts.values()), "0.1.0"))
    assert {"expression": "OLDAP-2.8"} in [component["licenses"][0] for component in bill["components"]]
    licences = scripts["sbom"]._licences(list(parts.values()))
    for sentence in (
        "The OpenLDAP Public License",
        "Massachusetts Institute of Technology",
        "Computing Services\n    at Carnegie Mellon University",
        "GNU LESSER GENERAL PUBLIC LICENSE",
        "PostgreSQL Global Development Group",
    ):
        assert sentence in licences


def test_the_list_that_an_executable_brings_along_names_them_too(scripts: dict[str, ModuleType]) -> None:
    if not wheel():
        pytest.skip("this wheel of psycopg lists no libraries")
    carried = {part["name"]: part for part in json.loads(scripts["sbom"].carried(Path(sys.executable)))}
    if os.name != "nt":  # where the driver goes without it
        assert "The OpenLDAP Public License" in carried["OpenLDAP"]["text"]
    assert "Apache License" in carried["OpenSSL"]["text"]


def test_a_library_whose_licence_nobody_knows_stops_the_build(scripts: dict[str, ModuleType]) -> None:
    with pytest.raises(ValueError, match=r"libnew-0a1b\.so\.1 along, of which nobody knows the licence"):
        scripts["bundled"].found_in({"psycopg_binary.libs/libnew-0a1b.so.1": b""})


@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("psycopg_binary/.dylibs/libpq.5.dylib", "PostgreSQL (libpq)"),
        ("psycopg_binary.libs/libcrypto-3-x64-0ab1.dll", "OpenSSL, of psycopg"),
        ("psycopg_binary.libs/libcom_err-2abe824b.so.2.1", "libcom_err of e2fsprogs"),
        ("psycopg_binary.libs/libcom_err-55c5739a.so.3.0", "MIT Kerberos"),
        ("psycopg_binary/.dylibs/libcom_err.3.0.dylib", "MIT Kerberos"),
        ("psycopg_binary.libs/libcrypt-bc2db45e.so.1", "libxcrypt"),
    ],
)
def test_a_library_is_known_by_its_file_on_every_system(
    scripts: dict[str, ModuleType], name: str, library: str
) -> None:
    assert scripts["bundled"].is_bundled(name)
    assert [known.library.name for known in scripts["bundled"].found_in({name: b""})] == [library]


def test_a_release_of_more_than_a_year_ago_is_old(scripts: dict[str, ModuleType]) -> None:
    sbom = scripts["sbom"]
    assert sbom.Part("SQLite", "3.40.1", "blessing", released=sbom._day("2022-12-28")).is_old()
    assert not sbom.Part("Python", "9.9", "PSF-2.0", released=sbom._day("Jan 1 2999")).is_old()
    assert not sbom.Part("Python", "9.9", "PSF-2.0", released=sbom._day(None)).is_old()


def test_the_newest_source_of_a_branch_comes_first(scripts: dict[str, ModuleType]) -> None:
    known = {"3.5.9-1~deb13u1", "3.6.5-1", "3.5.10-1", "1.1.1w-0+deb11u1", "3.5.9-1~deb13u2"}
    assert scripts["oldest"].newest_first(known, "3.5.") == ["3.5.10-1", "3.5.9-1~deb13u2", "3.5.9-1~deb13u1"]


def test_every_package_that_may_be_inside_is_locked(scripts: dict[str, ModuleType]) -> None:
    locked = scripts["_setup"].locked_section("run") + scripts["_setup"].locked_section("build")
    stand_ins = {"jaraco", "backports", "_plotly_utils"}
    for name in sorted(scripts["contents"].PACKAGES - stand_ins):
        package = scripts["sbom"]._PACKAGE_OF.get(name, name).replace("_", "-").lower()
        assert f"\n{package}==" in locked, name
