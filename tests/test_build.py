"""What a build tells of the parts that users get with it, and which it refuses."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from tests.running import ROOT
from tests.test_scripts import SCRIPTS

_RELEASE = ROOT / ".github" / "workflows" / "release.yml"


@pytest.fixture(scope="module")
def build() -> Iterator[ModuleType]:
    """The scripts import one another as programs do: by their folder."""
    sys.path.insert(0, str(SCRIPTS))
    yield importlib.import_module("build")
    sys.path.remove(str(SCRIPTS))


@pytest.fixture
def parts(build: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, date]]:
    """Those that a build finds, by name, version and day of release; the test says which."""
    present: list[tuple[str, str, date]] = []
    part = build.sbom.Part
    listed = lambda python: [part(name, version, "", released=day) for name, version, day in present]  # noqa: E731
    monkeypatch.setattr(build.sbom, "system_parts", listed)
    monkeypatch.setattr(sys, "argv", ["build.py"])
    return present


def test_every_part_is_told_and_an_old_one_is_warned_of(
    build: ModuleType, parts: list[tuple[str, str, date]], capsys: pytest.CaptureFixture[str]
) -> None:
    parts += [("Python", "3.11.7", date(2023, 12, 4)), ("SQLite", "9.1.0", date(2999, 1, 2))]
    build._tell_parts(Path(sys.executable))
    printed = capsys.readouterr()
    assert printed.out.splitlines() == ["Python 3.11.7, released 2023-12-04", "SQLite 9.1.0, released 2999-01-02"]
    assert "Older than a year: Python 3.11.7." in printed.err


def test_of_parts_that_are_all_new_no_warning_is_given(
    build: ModuleType, parts: list[tuple[str, str, date]], capsys: pytest.CaptureFixture[str]
) -> None:
    parts += [("Python", "9.9.9", date(2999, 1, 2))]
    build._tell_parts(Path(sys.executable))
    assert capsys.readouterr().err == ""


def test_a_release_of_an_old_part_is_refused(
    build: ModuleType, parts: list[tuple[str, str, date]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["build.py", "--strict"])
    parts += [("Python", "9.9.9", date(2999, 1, 2)), ("SQLite", "3.40.1", date(2022, 12, 28))]
    with pytest.raises(SystemExit, match="current parts only"):
        build._tell_parts(Path(sys.executable))
    parts.pop()
    build._tell_parts(Path(sys.executable))


def test_the_release_is_built_so_that_old_parts_are_refused() -> None:
    runs = [line.strip() for line in _RELEASE.read_text(encoding="utf-8").splitlines() if "scripts/build.py" in line]
    assert runs == ["run: python scripts/build.py --strict"]


def test_the_build_goes_on_with_the_newest_python_once(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, started = tmp_path / "python3.13", []
    newest.touch()
    monkeypatch.setattr(build, "newest_python", lambda: newest)
    monkeypatch.setattr(build, "replace_process", lambda python, words: started.append(python))
    monkeypatch.setattr(sys, "argv", ["build.py", "--strict"])
    monkeypatch.setenv("BURNDOWN_BUILD_AGAIN", "")
    monkeypatch.delenv("BURNDOWN_BUILD_AGAIN")
    build._continue_with_newest()
    build._continue_with_newest()
    assert started == [newest]


def test_what_a_build_finds_here_has_the_versions_and_days_of_this_python(build: ModuleType) -> None:
    import sqlite3

    python, sqlite, _ = build.sbom.system_parts(Path(sys.executable))
    assert python.version == ".".join(map(str, sys.version_info[:3]))
    assert sqlite.version in (sqlite3.sqlite_version, _carried_sqlite())
    assert None not in (python.released, sqlite.released)


def _carried_sqlite() -> str:
    """Of the package that the executable carries for its newer SQLite, where it is installed."""
    try:
        return str(importlib.import_module("pysqlite3.dbapi2").sqlite_version)
    except ImportError:
        return ""
