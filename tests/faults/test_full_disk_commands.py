"""Commands on a disk with little room: what they say is what is in the database afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from store.paths import DataFolder
from tests.faults.small_disk import fill
from tests.running import LAUNCHER, started

_PAGE = 4096
_ISSUES = 1_500


class Outcome:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.err = code, err
        self.document: dict[str, Any] = json.loads(out) if out else {}


@pytest.fixture
def run(small_disk: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*argv: str) -> Outcome:
        code = main.main([*argv, "--json"], DataFolder(small_disk / "profiles", "argument", writable=True))
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def issues(tmp_path: Path) -> Path:
    file = tmp_path / "issues.csv"
    rows = [f"K-{n},{'s' * 40},Bug,Done,2025-01-{n % 28 + 1:02},2025-02-{n % 28 + 1:02}" for n in range(_ISSUES)]
    file.write_text("Key,Summary,Type,Status,Created,Finished\n" + "\n".join(rows), encoding="utf-8")
    return file


@pytest.mark.slow
def test_an_import_that_is_in_the_database_is_never_called_refused(run: Any, issues: Path, small_disk: Path) -> None:
    """What fails for want of room after the import is saved is told as such, and the import as done."""
    weeks = small_disk / "weeks.csv"
    weeks.write_text("date,completed_items\n2025-01-06,3\n2025-01-13,4\n", encoding="utf-8")
    run("import", str(weeks), "--profile", "Team", "--query", "Weeks")
    for pages in range(0, 330, 4):
        filler = fill(small_disk, pages * _PAGE)
        outcome = run("import", str(issues), "--profile", "Team", "--query", f"At {pages}")
        filler.unlink()
        rows = run("status").document["queries"]
        here = {row["query"]: row["issues"] for row in rows if row["query"].startswith("At")}
        assert here.get(f"At {pages}", 0) == (_ISSUES if outcome.code == 0 else 0), outcome.err
        if outcome.code == 0:
            break
        assert "Nothing was changed" in outcome.err
    assert "The changes are saved, but no backup could be made of them: the disk is too full" in outcome.err
    # The week's record waits for whoever looks next, and needs no room until somebody writes.
    assert outcome.document["warnings"] == []
    fill(small_disk, _PAGE)
    assert run("forecast", "--query", "Weeks").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "json-tree", "bundle"])
def test_an_export_to_a_full_disk_says_so_and_leaves_no_half_file(
    issues: Path, small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    other = DataFolder(tmp_path / "profiles", "argument", writable=True)
    assert main.main(["import", str(issues), "--profile", "Team", "--query", "All"], other) == 0
    fill(small_disk, _PAGE)
    before = sorted(small_disk.iterdir())
    capsys.readouterr()
    assert main.main(["export", f"--{kind}", str(small_disk / "out")], other) == 3
    refusal = capsys.readouterr().err
    assert "the disk is full. Make room and try again." in refusal
    assert sorted(small_disk.iterdir()) == before


@pytest.mark.slow
@pytest.mark.parametrize("left", [0, 20 * _PAGE])
def test_a_start_on_a_full_disk_ends_with_3_and_plain_words(small_disk: Path, left: int) -> None:
    folder = small_disk / "profiles"
    folder.mkdir()
    fill(small_disk, left)
    with started([*LAUNCHER, "--profiles", str(folder), "--no-browser", "--print-url", "--port", "0"]) as run:
        browser = run.browser()
        browser.wait_for("failed")
        browser.post("/_quit")
        refusal = run.errors()
        assert run.end() == 3
    assert "disk is full" in refusal
    assert "ake room and try again." in refusal
    assert "Traceback" not in refusal
    assert [path.name for path in folder.iterdir() if path.name not in ("logs", "README.txt")] == []
