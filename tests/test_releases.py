"""Releases: the workflow's steps are scripts that are there, and the sums are those of the files."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_scripts import ROOT, SCRIPTS

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    sys.path.insert(0, str(SCRIPTS))
    module = importlib.import_module("release")
    monkeypatch.setattr(module, "_RELEASE", tmp_path)
    yield module
    sys.path.remove(str(SCRIPTS))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_step_of_a_workflow_is_one_line_that_calls_a_script_or_a_tool_of_the_machine(workflow: Path) -> None:
    steps = re.findall(r"^ +run: (.*)$", workflow.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert steps
    for step in steps:
        script = re.match(r"python3? (scripts/\S+\.py)", step)
        assert script or step.startswith(("apt-get ", "gh release create ")), step
        assert script is None or (ROOT / script[1]).exists(), step


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_step_of_the_release_script_that_a_workflow_names_is_one(workflow: Path) -> None:
    known = re.findall(r"^(\w+) +\S", (SCRIPTS / "release.py").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for step in re.findall(r"scripts/release\.py (\w+)", workflow.read_text(encoding="utf-8")):
        assert step in known


def test_the_sums_tell_a_file_that_was_changed_or_added(release: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "burndown").write_bytes(b"a program")
    release._sums()
    release._verify()
    (tmp_path / "burndown").write_bytes(b"another program")
    (tmp_path / "more").write_bytes(b"")
    with pytest.raises(SystemExit, match="burndown, more"):
        release._verify()


def test_a_tag_of_another_version_is_refused(release: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["release.py", "check", f"v{release.version()}"])
    release._check()
    monkeypatch.setattr(sys, "argv", ["release.py", "check", "v99.0.0"])
    with pytest.raises(SystemExit, match=r"the tag 99\.0\.0"):
        release._check()
