"""Where the data folder is, for every way of being started and every kind of place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from store.paths import DataFolder, Surroundings, can_write, resolve, typed_path


def around(
    tmp_path: Path,
    executable: str = "stick/burndown",
    frozen: bool = True,
    environ: Mapping[str, str] | None = None,
) -> Surroundings:
    place = tmp_path / executable
    place.parent.mkdir(parents=True, exist_ok=True)
    return Surroundings(
        environ=environ or {},
        executable=place,
        frozen=frozen,
        source_folder=tmp_path / "source",
        user_data_folder=lambda: tmp_path / "home" / "Burndown" / "profiles",
    )


def database_in(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "burndown.db").write_bytes(b"x")
    return folder


def everything_below(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def test_the_argument_wins_over_everything(tmp_path: Path) -> None:
    surroundings = around(tmp_path, environ={"BURNDOWN_PROFILES": str(tmp_path / "variable")})
    assert resolve(str(tmp_path / "wish"), surroundings) == DataFolder(tmp_path / "wish", "argument", True)


def test_the_environment_wins_over_the_place(tmp_path: Path) -> None:
    surroundings = around(tmp_path, environ={"BURNDOWN_PROFILES": str(tmp_path / "variable")})
    assert resolve(None, surroundings) == DataFolder(tmp_path / "variable", "environment", True)


@pytest.mark.parametrize(
    "executable", ["stick/burndown", f"my stick #1/50 % ü{'' if os.name == 'nt' else '?'}/burndown.exe"]
)
def test_the_folder_lies_beside_the_executable(tmp_path: Path, executable: str) -> None:
    folder = resolve(None, around(tmp_path, executable))
    assert folder == DataFolder((tmp_path / executable).parent / "profiles", "beside", True)


def test_the_folder_lies_beside_the_appimage_and_not_in_its_mount(tmp_path: Path) -> None:
    (tmp_path / "apps").mkdir()
    image = tmp_path / "apps" / "Burndown.AppImage"
    folder = resolve(None, around(tmp_path, "mount/usr/bin/burndown", environ={"APPIMAGE": str(image)}))
    assert folder.path == tmp_path / "apps" / "profiles"


def test_the_folder_lies_beside_the_app_bundle_and_not_within(tmp_path: Path) -> None:
    folder = resolve(None, around(tmp_path, "Stick/Burndown.app/Contents/MacOS/burndown"))
    assert folder.path == tmp_path / "Stick" / "profiles"


def test_from_source_the_folder_lies_beside_the_launcher(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    folder = resolve(None, around(tmp_path, "venv/bin/python", frozen=False, environ={"APPIMAGE": "/other.AppImage"}))
    assert folder.path == tmp_path / "source" / "profiles"


def test_the_source_folder_is_the_one_with_the_launcher_in_it() -> None:
    assert Surroundings().source_folder == Path(__file__).resolve().parents[2]


def test_the_current_folder_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    surroundings = around(tmp_path)
    before = resolve(None, surroundings)
    (tmp_path / "somewhere").mkdir()
    monkeypatch.chdir(tmp_path / "somewhere")
    assert resolve(None, surroundings) == before


def test_resolving_leaves_nothing_behind(tmp_path: Path) -> None:
    surroundings = around(tmp_path)
    before = everything_below(tmp_path)
    resolve(None, surroundings)
    resolve(str(tmp_path / "deep" / "deeper"), surroundings)
    assert everything_below(tmp_path) == before


def test_a_translocated_app_keeps_its_data_with_the_user_and_says_why(tmp_path: Path) -> None:
    folder = resolve(None, around(tmp_path, "AppTranslocation/1234/d/Burndown.app/Contents/MacOS/burndown"))
    assert folder.source == "fallback"
    assert folder.path == tmp_path / "home" / "Burndown" / "profiles"
    assert "Finder" in folder.notice
    assert str(folder.path) in folder.notice


# A file where a folder should be makes a place that nobody can write to, whatever their rights.


def blocked(tmp_path: Path) -> Surroundings:
    surroundings = around(tmp_path)
    (tmp_path / "stick" / "profiles").write_text("", encoding="utf-8")
    return surroundings


def test_a_place_that_cannot_be_written_gives_way_and_both_are_named(tmp_path: Path) -> None:
    folder = resolve(None, blocked(tmp_path))
    fallback = tmp_path / "home" / "Burndown" / "profiles"
    assert (folder.path, folder.source, folder.writable) == (fallback, "fallback", True)
    assert str(tmp_path / "stick" / "profiles") in folder.notice
    assert str(fallback) in folder.notice


def test_a_wished_place_that_cannot_be_written_is_not_replaced(tmp_path: Path) -> None:
    wish = tmp_path / "file"
    wish.write_text("", encoding="utf-8")
    assert resolve(str(wish), around(tmp_path)) == DataFolder(wish, "argument", False)


def test_databases_in_both_places_are_both_shown_with_their_dates(tmp_path: Path) -> None:
    surroundings = around(tmp_path)
    beside = database_in(tmp_path / "stick" / "profiles")
    fallback = database_in(tmp_path / "home" / "Burndown" / "profiles")
    os.utime(beside / "burndown.db", (1_772_442_000, 1_772_442_000))
    os.utime(fallback / "burndown.db", (1_772_355_600, 1_772_355_600))
    folder = resolve(None, surroundings)
    assert (folder.path, folder.other) == (beside, fallback)
    assert "2026-03-02 09:00 UTC" in folder.notice
    assert "2026-03-01 09:00 UTC" in folder.notice
    assert str(fallback) in folder.notice


def test_data_on_a_read_only_stick_are_shown_from_there(tmp_path: Path) -> None:
    beside = database_in(tmp_path / "stick" / "profiles")
    result = resolve(None, replace(around(tmp_path), can_write=lambda folder: folder != beside))
    assert (result.path, result.writable) == (beside, False)
    assert "reading only" in result.notice


def test_where_both_have_data_and_the_stick_is_read_only_the_writable_one_is_used(tmp_path: Path) -> None:
    beside = database_in(tmp_path / "stick" / "profiles")
    fallback = database_in(tmp_path / "home" / "Burndown" / "profiles")
    result = resolve(None, replace(around(tmp_path), can_write=lambda folder: folder != beside))
    assert (result.path, result.writable, result.other) == (fallback, True, beside)
    assert str(beside) in result.notice


def test_whether_a_folder_can_be_written_is_tried_where_it_would_be_made(tmp_path: Path) -> None:
    assert can_write(tmp_path / "a" / "b" / "c")
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert not can_write(tmp_path / "file" / "profiles")
    assert everything_below(tmp_path) == [tmp_path / "file"]


def test_a_folder_of_a_user_whom_nobody_knows_is_a_folder_of_that_name() -> None:
    if os.name != "nt":  # which takes any name for that of a neighbour
        assert typed_path("~nobody-of-this-name/data") == Path("~nobody-of-this-name/data")
    assert typed_path("~") == Path.home()
