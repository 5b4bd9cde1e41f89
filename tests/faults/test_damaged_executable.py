"""Flipped, cut and exchanged files under the executable: its check tells the truth, its start offers the way back and
takes it, and nothing is ever "unexpected"."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.pages import PAGES, system
from app.web.address import Choice
from store.opening import open_store
from tests.clicking import Clicks
from tests.faults.damaging import REF, WAYS, another_database, flipped, whole_folder
from tests.running import ROOT, Browser, Started, started

pytestmark = [pytest.mark.slow, pytest.mark.e2e]
_PROGRAM = ROOT / "dist" / "burndown"
_READING = (["status"], ["check"], ["undo"], ["forecast", "--remaining", "20", "--trials", "50"])
# The page of the system shows the log, tracebacks and all.
_PATHS = [page.path for page in PAGES if page.path and page.path != system.PAGE.path]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_folder(tmp_path_factory.mktemp("whole") / "profiles")


@pytest.fixture(scope="module")
def issues(whole: Path) -> object:
    return issues_in(whole)


@pytest.fixture(scope="module")
def executable() -> Sequence[str]:
    if not os.access(_PROGRAM, os.X_OK):
        pytest.skip("the executable is not built")
    return (str(_PROGRAM),)


def issues_in(folder: Path) -> object:
    with closing(open_store(folder, mode="read").backend) as backend:
        facts = backend.load_facts(REF)
        return facts.issues, facts.changes, facts.weeks, facts.sprints, facts.milestones


@dataclass(frozen=True)
class Case:
    """A damaged folder, the program, what was acknowledged before it was damaged, and the pages to look at."""

    program: Sequence[str]
    folder: Path
    issues: object
    paths: Sequence[str]

    def command(self, *words: str) -> tuple[int, dict[str, Any]]:
        done = subprocess.run(
            [*self.program, *words, "--json", "--profiles", str(self.folder)],
            cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode in (0, 3), f"{words}: {done.stderr}"
        assert not is_unforeseen(done.stdout + done.stderr), done.stderr
        return done.returncode, json.loads(done.stdout)

    def holds_everything(self) -> bool:
        """By our own reading, on a copy: nothing that the program does is believed."""
        copy = self.folder.parent / "read"
        shutil.copytree(self.folder, copy)
        try:
            return issues_in(copy) == self.issues
        except Exception:  # noqa: BLE001 whatever it is, it cannot be read
            return False
        finally:
            shutil.rmtree(copy)


def is_unforeseen(text: str) -> bool:
    return "unexpected" in text.casefold() or "Traceback" in text


# -- what must hold ---------------------------------------------------------------------------------------


def judged(case: Case) -> bool:
    """Whether the check found it in order; everything else that must hold is asserted."""
    answers = {words[0]: case.command(*words) for words in _READING}
    in_order = answers["check"][1].get("ok", False)
    assert not in_order or case.holds_everything(), "in order, and yet something is missing"
    if not in_order:
        assert "backups/" in json.dumps(answers["check"][1]) or "Move it out" in json.dumps(answers["check"][1])
    starts_or_offers(case, in_order)
    puts_back(case)
    return bool(in_order)


def starts_or_offers(case: Case, in_order: bool) -> None:
    """It starts and every page answers, or what stands in the way is told, with a button that brings all back."""
    copy = replace(case, folder=case.folder.parent / "started")
    shutil.copytree(case.folder, copy.folder)
    command = [*case.program, "--no-browser", "--print-url", "--port", "0", "--profiles", str(copy.folder)]
    with started(command) as running:
        browser = running.browser()
        state = ended_start(browser)
        if state["state"] == "failed":
            assert not in_order
            assert state["offer"], state
            assert not is_unforeseen(json.dumps(state))
            browser.post("/_restore")
            state = ended_start(browser)
        assert state["state"] == "ready", state
        looked_at(browser, case.paths, in_order)
        leave(running, browser)
    shutil.rmtree(copy.folder)


def ended_start(browser: Browser) -> dict[str, Any]:
    while (now := browser.status())["state"] == "starting":
        pass
    return now


def looked_at(browser: Browser, paths: Sequence[str], in_order: bool) -> None:
    clicks = Clicks(browser)
    search = Choice(profile=REF.profile_id, query=REF.query_id).search()
    pages = [clicks.open(path, search) for path in paths]
    assert not any(map(is_unforeseen, pages))
    damaged = [text for text in pages if "The database is damaged" in text]
    assert all("put-back-newest" in text or "backups" in text for text in damaged)
    assert not (in_order and damaged)


def leave(running: Started, browser: Browser) -> None:
    browser.post("/_quit")
    assert running.end() == 0
    assert not is_unforeseen(running.errors())


def puts_back(case: Case) -> None:
    """The backup of that moment, by the command: everything is there again, and what lay there is kept."""
    live = case.folder / "burndown.db"
    before = live.read_bytes() if live.exists() else None
    good = min((case.folder / "backups").glob("*.db"))
    code, output = case.command("restore", f"backups/{good.name}")
    assert code == 0, output
    assert issues_in(case.folder) == case.issues
    assert case.command("check")[1]["ok"]
    if before is not None:
        assert before in [file.read_bytes() for file in (case.folder / "set-aside").rglob("burndown.db")]


def fresh(program: Sequence[str], whole: Path, issues: object, place: Path, soak: bool) -> Case:
    """Of the pages all in a soak, else a third, in turn."""
    shutil.copytree(whole, place / "profiles")
    paths = _PATHS if soak else _PATHS[int(place.name) % 3 :: 3]
    return Case(program, place / "profiles", issues, paths)


# -- the damage -------------------------------------------------------------------------------------------


def test_the_executable_tells_a_flipped_bit_or_comes_to_no_harm(
    executable: Sequence[str], whole: Path, issues: object, quick_folder: Path, soak: bool
) -> None:
    rng = random.Random(11)
    for number in range(200 if soak else 3):
        case = fresh(executable, whole, issues, quick_folder / str(number), soak)
        flipped(case.folder / "burndown.db", rng, 12_288 if number % 3 == 0 else None)
        judged(case)
        shutil.rmtree(case.folder.parent)


def test_the_executable_tells_a_cut_or_exchanged_file_and_takes_the_way_back(
    executable: Sequence[str], whole: Path, issues: object, quick_folder: Path, soak: bool
) -> None:
    rng = random.Random(12)
    for number in range(100 if soak else len(WAYS)):
        case = fresh(executable, whole, issues, quick_folder / str(number), soak)
        way = WAYS[number % len(WAYS)]
        way(case.folder / "burndown.db", rng)
        if way is another_database:
            assert "not made by Burndown" in json.dumps(case.command("check")[1])
        else:
            judged(case)
        shutil.rmtree(case.folder.parent)
