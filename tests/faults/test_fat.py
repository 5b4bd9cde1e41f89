"""A FAT stick: no links, no modes, times to two seconds, a folder that cannot be synced; as Linux reports it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clicking import Clicks
from tests.faults.test_kills import serving, table
from tests.running import ROOT, started

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Stick:
    """A folder that behaves as FAT to whoever is started with `environment`."""

    program: Sequence[str]
    folder: Path
    environment: dict[str, str]

    @property
    def profiles(self) -> Path:
        return self.folder / "profiles"

    def ask(self, *arguments: str) -> Any:
        command = [*self.program, "--profiles", str(self.profiles), *arguments, "--json"]
        environment = os.environ | self.environment
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "disk" not in done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def stick(program: Sequence[str], fat: Path, tmp_path: Path) -> Stick:
    folder = tmp_path / "STICK"
    folder.mkdir()
    return Stick(program, folder, {"LD_PRELOAD": str(fat), "FAT_FOLDER": str(folder)})


def test_the_folder_behaves_as_fat(stick: Stick) -> None:
    program = (
        "import os\n"
        "for act in (os.link, os.symlink):\n"
        "    try: act('a', os.path.abspath('b'))\n"
        "    except PermissionError: print('refused')\n"
        "try: os.chmod(os.path.abspath('a'), 0o600)\n"
        "except PermissionError: print('refused')\n"
        "seen = os.stat(os.path.abspath('a'))\n"
        "print(seen.st_mtime % 2, oct(seen.st_mode))\n"
        "try: os.fsync(os.open(os.path.abspath('.'), os.O_RDONLY))\n"
        "except OSError: print('refused')\n"
    )
    (stick.folder / "a").touch()
    command = ["python3", "-c", program]
    environment = os.environ | stick.environment
    done = subprocess.run(command, cwd=stick.folder, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["refused", "refused", "refused", "0.0", "0o100755", "refused"], done


def test_everything_works_on_a_fat_stick(stick: Stick, tmp_path: Path) -> None:
    stick.ask("import", str(table(tmp_path, 1)))
    plain = Stick(stick.program, tmp_path / "plain", {})
    plain.ask("import", str(table(tmp_path, 1)))
    assert stick.ask("status")["counts"] == plain.ask("status")["counts"]
    with started(serving(stick.program, stick.profiles), **stick.environment) as running:
        browser = running.browser()
        browser.wait_for("ready")
        clicks = Clicks(browser)
        clicks.add_milestone("Fair", "2099-01-02")
        assert "Fair" in clicks.open("/plan/milestones")
        browser.post("/_quit")
        assert running.end() == 0
        assert "Traceback" not in running.errors()
    backup = stick.ask("backup")
    assert stick.ask("check") == {"ok": True, "problems": []}
    stick.ask("export", "--bundle", str(stick.folder / "bundle.zip"))
    stick.ask("export", "--csv", str(stick.folder / "tables"))
    assert (stick.folder / "bundle.zip").stat().st_size > 1_000
    (undoable,) = stick.ask("undo")["can_be_undone"]
    stick.ask("undo", undoable["id"])
    assert stick.ask("status")["counts"]["issues"] == 0
    stick.ask("restore", backup["file"])
    assert stick.ask("status")["counts"]["issues"] == plain.ask("status")["counts"]["issues"] > 0


def test_a_file_system_that_does_not_tell_its_size_is_not_full(stick: Stick, tmp_path: Path) -> None:
    stick.environment["FAT_TELLS_NO_ROOM"] = "1"
    stick.ask("import", str(table(tmp_path, 1)))
    assert Path(stick.ask("backup")["file"]).exists()
    assert stick.ask("check") == {"ok": True, "problems": []}
