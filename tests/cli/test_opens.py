"""A command that only reads opens the database once: on a stick or a share each time costs as much as the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.paths import DATABASE
from tests.cli.test_cli import Burndown, burndown, weekly

pytestmark = pytest.mark.slow

__all__ = ["burndown", "weekly"]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What SQLite is asked to open, as far as it is the database of the folder."""
    addresses: list[str] = []
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    def counting(database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
        if DATABASE in str(database):
            addresses.append(str(database))
        return connect(database, *arguments, **options)

    monkeypatch.setattr(sqlite3, "connect", counting)
    return addresses


COMMANDS = ("status", "forecast", "calibration", "metrics", "undo", "data --panel throughput --out rows.csv",
            "export --csv tables", "report --out report.html")  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reading_command_opens_the_database_once(
    burndown: Burndown, weekly: Path, opened: list[str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    burndown("import", str(weekly))
    monkeypatch.chdir(weekly.parent)
    opened.clear()
    burndown(*command.split())
    assert len(opened) == 1


def test_a_check_opens_it_to_examine_it_and_as_readers_do(burndown: Burndown, weekly: Path, opened: list[str]) -> None:
    """However many backups it is compared with."""
    for _ in range(2):
        burndown("import", str(weekly))
        burndown("backup")
    opened.clear()
    burndown("check")
    assert len(opened) == 2
