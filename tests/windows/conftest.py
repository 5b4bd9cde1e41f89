"""The executable for Windows: run by Windows itself, or by Wine. scripts/windows.py builds it and says where it is."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.e2e.place import chromium_flags, launch, watched_page
from tests.windows.machine import SECONDS, WINDOWS, Machine, Spot

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


@pytest.fixture(scope="session")
def machine() -> Machine:
    """What was built. Everything here is left out where nothing was."""
    built, python = os.environ.get("BURNDOWN_WINDOWS"), os.environ.get("BURNDOWN_WINDOWS_PYTHON")
    if not built or not python:
        pytest.skip("needs the executable for Windows: python3 scripts/windows.py")
    return Machine(Path(built), Path(python))


@pytest.fixture(params=["single", "folder"])
def form(request: pytest.FixtureRequest) -> str:
    """For what must hold of both forms."""
    return str(request.param)


@pytest.fixture
def spot(machine: Machine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Spot]:
    """The executable in a folder of its own, with blank and umlaut in its name; the single one unless `form` says."""
    folder = tmp_path / "Bürn down"
    form = request.getfixturevalue("form") if "form" in request.fixturenames else "single"
    yield from _at(machine, form, folder)


@pytest.fixture
def on_drive(machine: Machine, request: pytest.FixtureRequest) -> Iterator[Spot]:
    """The single executable on a drive of its own, as on a stick."""
    with machine.drive() as drive:
        folder = drive / request.node.name
        shutil.rmtree(folder, ignore_errors=True)
        yield from _at(machine, "single", folder, letter=True)
        shutil.rmtree(folder, ignore_errors=True)


def _at(machine: Machine, form: str, folder: Path, *, letter: bool = False) -> Iterator[Spot]:
    if form == "single":
        folder.mkdir(parents=True)
        shutil.copy2(machine.built / "burndown.exe", folder)
    else:
        shutil.copytree(machine.built / "burndown-folder", folder)
    spot = Spot(machine, folder, on_drive=letter)
    yield spot
    spot.stop_all()


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if named is None:
        pytest.fail("Chromium was not found: install it, or set CHROMIUM to its path.")
    opened = launch(driver, Path(named), chromium_flags())
    yield opened
    opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched_page(browser) as opened:
        opened.set_default_timeout(SECONDS * 1000)
        yield opened


@pytest.fixture(scope="session", autouse=True)
def _warm(machine: Machine) -> None:
    """Once, so that no test pays for a file that was never read."""
    if not WINDOWS:
        subprocess.run(
            [*machine.starter, str(machine.built / "burndown.exe"), "--version"], capture_output=True, check=True
        )
