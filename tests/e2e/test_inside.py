"""What is in the executable: nothing that nobody expected, and no more than its size allows."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.e2e.place import Place

_SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def contents() -> Iterator[ModuleType]:
    sys.path.insert(0, str(_SCRIPTS))
    yield importlib.import_module("contents")
    sys.path.remove(str(_SCRIPTS))


def test_nothing_unexpected_is_inside_and_it_is_small(built: Path, contents: ModuleType) -> None:
    inside = contents.entries(built)
    assert contents.unexpected(inside) == []
    assert contents.missing(inside) == []
    assert built.stat().st_size <= 20_000_000
    names = {entry.name for entry in inside}
    assert "zones.zip" in names
    assert not [name for name in names if name.startswith("tzdata/zoneinfo/")]
    assert not [name for name in names if name.startswith(("libsqlite3", "_sqlite3"))]


def test_every_part_is_listed_with_a_version_and_a_licence(built: Path) -> None:
    bill = json.loads((built.parent / "burndown-sbom.json").read_text(encoding="utf-8"))
    licences = (built.parent / "burndown-licences.txt").read_text(encoding="utf-8")
    names = {component["name"].lower() for component in bill["components"]}
    assert {"python", "sqlite", "openssl", "plotly.js", "dash", "keyring", "pysqlite3", "tzdata"} <= names
    if sys.platform == "linux":
        assert {"postgresql (libpq)", "mit kerberos", "openldap", "cyrus sasl", "libxcrypt", "keyutils"} <= names
    for component in bill["components"]:
        assert component["version"][0].isdigit(), component
        assert component["licenses"], component
        assert f"{component['name']} {component['version']}" in licences


def test_the_sqlite_inside_is_the_current_one(place: Place) -> None:
    version = place.call("status")["sqlite_version"]
    assert tuple(int(part) for part in version.split(".")) > (3, 51, 2)
