"""Commands: what they print, on what, and that the numbers are those of every other system."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app import __version__
from tests.e2e.test_old_folder import write_old_folder
from tests.windows.machine import ROOT, SECONDS, Machine, Spot, copied, from_sources, wait_until

_EXPORT = ROOT.parent / "shared" / "real-data" / "ALOY-jira-export.csv"
_ROWS = "Created,Finished,Title\n2026-01-05,2026-01-09,größer\n2026-01-06,2026-01-12,日本\n2026-01-07,,offen\n"
# What tells of this run, not of the data.
_OF_THE_RUN = {"file", "folder", "path", "profiles", "free_bytes"}


def items(folder: Path) -> Path:
    file = folder / "Liste größer.csv"
    file.write_text(_ROWS, encoding="utf-8")
    return file


def facts(value: Any) -> Any:
    """Without what must differ between two folders and two runs."""
    if isinstance(value, dict):
        kept = {name: inner for name, inner in value.items() if name not in _OF_THE_RUN and not name.endswith("_id")}
        return {name: facts(inner) for name, inner in kept.items()}
    return [facts(inner) for inner in value] if isinstance(value, list) else value


def test_it_says_its_version_and_wrong_usage_is_2(spot: Spot, form: str) -> None:
    assert spot.call("--version").out.strip() == f"Burndown {__version__}"
    wrong = spot.call("forecast", "--no-such-option")
    assert (wrong.code, wrong.out) == (2, "")
    assert "usage: burndown" in wrong.err


def test_a_drive_letter_a_blank_and_an_umlaut_are_ordinary(on_drive: Spot, machine: Machine, tmp_path: Path) -> None:
    report = on_drive.ask("import", machine.path(items(tmp_path)))
    assert (report["rows"], report["kept"]) == (3, 3)
    assert on_drive.ask("status")["counts"]["issues"] == 3
    outcome = on_drive.call("backup")
    assert outcome.code == 0
    assert "E:\\" in outcome.out or "R:\\" in outcome.out
    assert len(on_drive.backups()) >= 1
    assert on_drive.call("check").code == 0
    assert on_drive.is_clean()


def test_what_cmd_redirects_is_utf_8(spot: Spot, machine: Machine, tmp_path: Path) -> None:
    spot.ask("import", machine.path(items(tmp_path)), "--profile", "Größe 小")
    line = "burndown.exe status --json > told.json"
    subprocess.run(
        [*machine.starter, "cmd", "/c", line], cwd=spot.folder, check=True, capture_output=True, timeout=SECONDS
    )
    document = json.loads((spot.folder / "told.json").read_text(encoding="utf-8"))
    assert [query["profile"] for query in document["queries"]] == ["Größe 小"]


def test_cmd_waits_and_gets_the_exit_code(spot: Spot, machine: Machine) -> None:
    line = "burndown.exe restore nothing.db & call echo code %^errorlevel%"
    done = subprocess.run([*machine.starter, "cmd", "/c", line], cwd=spot.folder, capture_output=True, check=False)
    assert "code 3" in done.stdout.decode("utf-8", errors="replace")


def test_zones_are_in_it(spot: Spot, machine: Machine, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text(
        '{"created": "Created", "resolved": "Finished", "time_zone": "Asia/Kathmandu"}', encoding="utf-8"
    )
    report = spot.ask("import", machine.path(items(tmp_path)), "--mapping", machine.path(mapping), PYTHONTZPATH="")
    assert report["kept"] == 3
    mapping.write_text('{"created": "Created", "resolved": "Finished", "time_zone": "Asia/Nowhere"}', encoding="utf-8")
    assert spot.call("import", machine.path(items(tmp_path)), "--mapping", machine.path(mapping)).code != 0


@pytest.mark.skipif(not _EXPORT.exists(), reason="needs the export in shared/real-data")
def test_a_real_export_gives_the_same_numbers_as_everywhere(spot: Spot, machine: Machine, tmp_path: Path) -> None:
    export = Path(shutil.copy2(_EXPORT, tmp_path))
    other = tmp_path / "other"
    assert facts(spot.ask("import", machine.path(export))) == facts(from_sources(other, "import", str(export)))
    calibration = ["calibration", "--trials", "100"]
    for command in (["forecast"], ["forecast", "--as-of", "2025-06-30"], calibration, ["metrics"], ["check"]):
        assert facts(spot.ask(*command)) == facts(from_sources(other, *command)), command
    here, there = tmp_path / "here", tmp_path / "there"
    spot.ask("export", "--csv", machine.path(here))
    from_sources(other, "export", "--csv", str(there))
    written = below(there)
    assert written
    assert below(here) == written


def below(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of every table in the folder and the folders within, but for the moment at which each was recorded."""
    tables = {}
    for path in folder.rglob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(text.splitlines(keepends=True)))
        kept = [{name: cell for name, cell in row.items() if name != "created_at"} for row in rows]
        tables[path.relative_to(folder).as_posix()] = kept
    return tables


def test_an_old_folder_is_taken_over(spot: Spot, form: str, tmp_path: Path) -> None:
    write_old_folder(spot.folder, datetime.date(2026, 11, 27))
    app = spot.start()
    wait_until(lambda: list(spot.profiles.glob("legacy/*/**/project_data.json")))
    app.kill_visible()
    assert spot.ask("status")["counts"]["statistics"] == 12


def test_the_agreed_old_folder_is_copied_with_the_same_result(spot: Spot, machine: Machine, tmp_path: Path) -> None:
    old = ROOT.parent / "shared" / "legacy" / "tiny"
    if not old.exists():
        pytest.skip("needs shared/legacy")
    source = copied(old, tmp_path / "old")
    here = spot.ask("migrate", machine.path(source))
    there = from_sources(tmp_path / "other", "migrate", str(source))
    assert facts(here)["counts"] == facts(there)["counts"] if "counts" in here else facts(here) == facts(there)
