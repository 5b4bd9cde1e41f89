"""Files that another program holds: Windows' own errors, told in words; elsewhere they are raised here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store import files
from store.errors import Refused, is_held, not_writable, reason
from store.sqlite import reading


def held_error(number: int = 32) -> PermissionError:
    """As Windows raises it: the number is its own, the rest is what Python makes of it."""
    error = PermissionError(13, "Permission denied")
    error.winerror = number  # type: ignore[attr-defined,unused-ignore]
    return error


@pytest.mark.parametrize("number", [32, 33])
def test_a_held_file_is_not_called_write_protected(number: int) -> None:
    text = str(not_writable("No backup could be written", held_error(number)))
    assert text.startswith("No backup could be written: another program has it open")
    assert "write-protected" not in text
    assert reason(held_error(number)) == "another program has a file open that it needs"


def test_a_protected_file_is_not_called_held() -> None:
    assert not is_held(held_error(5))
    assert "write-protected" in str(not_writable("No backup could be written", PermissionError(13, "no")))


def test_a_file_held_for_a_moment_is_waited_for() -> None:
    tries = []

    def act() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise held_error()
        return "read"

    assert files.patiently(act) == "read"
    assert len(tries) == 3


def test_a_file_held_for_good_is_told_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PATIENCE_SECONDS", 0.1)
    with pytest.raises(PermissionError):
        files.patiently(lambda: (_ for _ in ()).throw(held_error()))


def test_another_refusal_is_told_at_once() -> None:
    tries = []

    def act() -> None:
        tries.append(1)
        raise held_error(5)

    with pytest.raises(PermissionError):
        files.patiently(act)
    assert tries == [1]


def test_a_database_that_is_held_is_said_to_be_and_not_to_be_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(self: Path, *_arguments: object) -> None:
        raise held_error()

    monkeypatch.setattr(files, "_PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Refused, match="another program has it open") as caught:
        reading.header(tmp_path / "burndown.db")
    assert "stick" not in str(caught.value)


def test_a_file_in_the_folders_place_is_told_also_where_the_system_calls_it_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Windows says "not found" of a file below a file, where other systems say "not a folder"."""
    file = tmp_path / "data"
    file.write_text("a file")

    def missing(self: Path, *_arguments: object) -> None:
        raise FileNotFoundError(2, os.strerror(2))

    monkeypatch.setattr(Path, "open", missing)
    with pytest.raises(Refused, match="is a file, not a folder"):
        reading.header(file / "burndown.db")
