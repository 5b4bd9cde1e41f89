"""Small things with files."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import files


def test_a_file_can_be_read_while_it_is_synced(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"content")
    with files.syncing(file):
        assert file.read_bytes() == b"content"


def test_a_sync_that_fails_is_told_once_the_block_is_done(tmp_path: Path) -> None:
    done = []
    with pytest.raises(FileNotFoundError), files.syncing(tmp_path / "absent"):
        done.append("block")
    assert done == ["block"]


def test_what_the_block_raises_comes_first(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="damaged"), files.syncing(tmp_path / "absent"):
        raise ValueError("damaged")
