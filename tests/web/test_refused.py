"""What is refused leaves the place as it was: no new data folder, and nothing taken from one that is there."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from app.cli import main
from store.opening import open_store
from store.paths import DataFolder

BROKEN = '{"id": "p", "name": "Team", "created_at": "yesterday"}'


def refused(folder: Path, *argv: str) -> bool:
    return main.main(argv, DataFolder(folder, "argument", writable=True)) == 3


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Whole as a zip file, with a profile that cannot be read."""
    digests = {"profiles/0/profile.json": hashlib.sha256(BROKEN.encode()).hexdigest()}
    file = tmp_path / "bundle.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("profiles/0/profile.json", BROKEN)
        archive.writestr("bundle.json", json.dumps({"format": "burndown-bundle", "version": 1, "sha256": digests}))
    return file


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder that is nobody's installation."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("mine", encoding="utf-8")
    return tmp_path / "letters"


def test_a_bundle_with_a_broken_profile_leaves_no_folder(tmp_path: Path, bundle: Path) -> None:
    assert refused(tmp_path / "a" / "b" / "profiles", "import", str(bundle))
    assert not (tmp_path / "a").exists()


def test_a_folder_of_something_else_leaves_no_folder(tmp_path: Path, letters: Path) -> None:
    assert refused(tmp_path / "profiles", "migrate", str(letters))
    assert not (tmp_path / "profiles").exists()


def test_a_backup_that_is_not_there_leaves_no_folder(tmp_path: Path) -> None:
    assert refused(tmp_path / "profiles", "restore", str(tmp_path / "nothing.db"))
    assert not (tmp_path / "profiles").exists()


def test_an_empty_folder_stays_and_stays_empty(tmp_path: Path, bundle: Path) -> None:
    (tmp_path / "profiles").mkdir()
    assert refused(tmp_path / "profiles", "import", str(bundle))
    assert list((tmp_path / "profiles").iterdir()) == []


def test_a_users_other_things_stay(letters: Path, bundle: Path) -> None:
    assert refused(letters, "import", str(bundle))
    assert (letters / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_a_database_without_a_profile_that_was_there_stays(tmp_path: Path, bundle: Path) -> None:
    open_store(tmp_path / "profiles", mode="write").backend.close()
    assert refused(tmp_path / "profiles", "import", str(bundle))
    assert (tmp_path / "profiles" / "burndown.db").is_file()
