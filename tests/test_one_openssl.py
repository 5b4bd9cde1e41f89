"""The build leaves out a second OpenSSL only where the first has all that is asked of it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_scripts import SCRIPTS

BROUGHT = {"libssl.so.3": "libssl-6a9b88ec.so.3", "libcrypto.so.3": "libcrypto-3a0647ea.so.3"}
ASKING = b"\x7fELF libssl-6a9b88ec.so.3\0libcrypto-3a0647ea.so.3\0libm.so.6\0 OPENSSL_3.0.0\0 rest"


@pytest.fixture(scope="module")
def spec() -> Iterator[ModuleType]:
    folder = str(SCRIPTS / "frozen")
    sys.path.insert(0, folder)
    yield importlib.import_module("one_openssl")
    sys.path.remove(folder)


def bundle(folder: Path, own: bytes, plain: tuple[str, ...] = tuple(BROUGHT)) -> list[tuple[str, str, str]]:
    """What PyInstaller collected: Python's libraries, psycopg's, and one that has nothing to do with them."""
    contents = dict.fromkeys(plain, own)
    contents |= {f"psycopg_binary.libs/{name}": b"OPENSSL_3.5.0\0" for name in BROUGHT.values()}
    contents |= {"psycopg_binary.libs/libpq-e9b5c9ac.so.5.18": ASKING, "libffi.so.8": b"ffi"}
    for name, content in contents.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return [(name, str(folder / name), "BINARY") for name in contents]


def test_one_is_left_and_the_library_asks_for_it(spec: ModuleType, tmp_path: Path) -> None:
    before = bundle(tmp_path, b"OPENSSL_3.0.0\0")
    after = {name: Path(file) for name, file, _ in spec.one_openssl(before, tmp_path / "work")}
    assert sorted(after) == [
        "libcrypto.so.3",
        "libffi.so.8",
        "libssl.so.3",
        "psycopg_binary.libs/libpq-e9b5c9ac.so.5.18",
    ]
    written = after["psycopg_binary.libs/libpq-e9b5c9ac.so.5.18"].read_bytes()
    assert len(written) == len(ASKING)
    assert b" libssl.so.3\0" in written
    assert b"libcrypto.so.3\0" in written
    assert not [name for name in BROUGHT.values() if name.encode() in written]
    assert (tmp_path / "psycopg_binary.libs" / "libpq-e9b5c9ac.so.5.18").read_bytes() == ASKING


def test_an_older_one_that_lacks_something_is_not_enough(spec: ModuleType, tmp_path: Path) -> None:
    before = bundle(tmp_path, b"OPENSSL_1.1.1\0")
    assert spec.one_openssl(before, tmp_path / "work") == before


@pytest.mark.parametrize("plain", [(), ("libcrypto.so.3",), ("libssl.3.dylib", "libcrypto.3.dylib")])
def test_a_python_without_one_in_files_keeps_both(plain: tuple[str, ...], spec: ModuleType, tmp_path: Path) -> None:
    before = bundle(tmp_path, b"OPENSSL_3.0.0\0", plain)
    assert spec.one_openssl(before, tmp_path / "work") == before


def test_second_names_of_the_libraries_are_left_out(spec: ModuleType) -> None:
    file = ("psycopg_binary.libs/libpq-e9b5c9ac.so.5.18", "/somewhere/libpq-e9b5c9ac.so.5.18", "BINARY")
    link = ("libpq-e9b5c9ac.so.5.18", file[0], "SYMLINK")
    other = ("libffi.so", "libffi.so.8", "SYMLINK")
    assert spec.without_links([file, link, other]) == [file, other]
