"""The scripts that make environments, and the stand-ins that the executable carries."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from dash import html
from plotly.io.json import to_json_plotly

from app import __version__

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "scripts"


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def setup() -> ModuleType:
    return load("_setup", SCRIPTS / "_setup.py")


def test_the_sections_of_the_lock_are_complete_and_apart(setup: ModuleType) -> None:
    run, dev, build = (setup.locked_section(name) for name in ("run", "dev", "build"))
    assert "\ndash==" in run
    assert "pytest==" in dev
    assert "pyinstaller==" in build
    assert "pytest==" not in run + build
    assert "# [" not in run + dev + build


def test_every_direct_dependency_is_in_its_section_of_the_lock(setup: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {"run": project["dependencies"], **project["optional-dependencies"]}
    for section, names in wanted.items():
        locked = setup.locked_section(section) + setup.locked_section("run")
        missing = [name for name in names if f"{name.split('==')[0].split('[')[0].lower()}==" not in locked]
        assert missing == [], section


def test_an_unknown_section_ends_with_words(setup: ModuleType) -> None:
    with pytest.raises(SystemExit, match="no section"):
        setup.locked_section("nothing")


def test_an_environment_is_current_only_with_its_python_and_all_its_sections(setup: ModuleType, tmp_path: Path) -> None:
    python = setup.python_of(tmp_path)
    wanted = setup._wanted(["run", "dev"])
    assert not setup._is_current(tmp_path, python, wanted)
    python.parent.mkdir()
    python.touch()
    marker = tmp_path / "burndown-environment.txt"
    marker.write_text("\n".join(wanted[:2]), encoding="utf-8")
    assert setup._is_current(tmp_path, python, setup._wanted(["run"]))
    assert not setup._is_current(tmp_path, python, wanted)
    marker.write_text("\n".join(wanted), encoding="utf-8")
    assert setup._is_current(tmp_path, python, wanted)
    python.unlink()
    assert not setup._is_current(tmp_path, python, wanted)


def test_a_changed_lock_makes_the_environment_stale(setup: Any, tmp_path: Path) -> None:
    before = setup._wanted(["run"])
    changed = tmp_path / "requirements.lock"
    text = setup.LOCK.read_text(encoding="utf-8")
    changed.write_text(text.replace("\ndash==", "\nextra==1\ndash==", 1), encoding="utf-8")
    setup.LOCK = changed
    assert setup._wanted(["run"]) != before


@pytest.mark.parametrize("script", ["run.py", "test.py", "build.py"])
def test_an_old_python_gets_a_sentence_and_no_traceback(script: str) -> None:
    """The script's own check is run as an older Python would run it: only the version it sees is another."""
    source = (SCRIPTS / script).read_text(encoding="utf-8")
    pretend = f"import sys; sys.version_info = (3, 8, 10); exec(compile({source!r}, {script!r}, 'exec'))"
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "3.11" in done.stderr
    assert "this is 3.8" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__


def test_the_executables_json_is_what_plotlys_own_would_be() -> None:
    stand_in = load("frozen_json", SCRIPTS / "frozen" / "plotly" / "io" / "json.py")
    answer = {
        "layout": html.Div([html.P("</script> \u2028 Größe 小"), None, 1.5], id={"type": "a", "index": 1}),
        "figure": {"data": [{"y": [1, float("nan"), float("inf"), None]}]},
        "numbers": {1: (True, 2)},
    }
    assert stand_in.to_json_plotly(answer) == to_json_plotly(answer)
    assert json.loads(stand_in.to_json_plotly(answer))["figure"]["data"][0]["y"] == [1, None, None, None]


def test_the_executables_json_refuses_what_has_no_json_form() -> None:
    stand_in = load("frozen_json", SCRIPTS / "frozen" / "plotly" / "io" / "json.py")
    with pytest.raises(TypeError, match="object"):
        stand_in.to_json_plotly({"what": object()})
