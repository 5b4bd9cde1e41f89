"""The frozen executable, alone in a folder of its own, and a browser that tells on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.e2e.place import Place, chromium_flags, launch, watched_page

ROOT = Path(__file__).parents[2]
# Blanks, umlauts, characters beyond the basic plane's Latin: paths of real users.
ODD_NAME = "Größe Test 小"
# What takes minutes begins first: begun last, it would keep one process busy after the others ended.
_LONG = ("test_every_page.py", "test_team.py", "test_hands.py", "test_jira.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
    items.sort(key=lambda item: _LONG.index(item.path.name) if _is_long(item.path) else len(_LONG))


def _is_long(path: Path) -> bool:
    return path.parent == Path(__file__).parent and path.name in _LONG


@pytest.fixture(scope="session")
def built() -> Path:
    """dist/burndown. Left out by --quick; missing is a failure where the executable was asked for, as in CI."""
    if os.environ.get("BURNDOWN_QUICK"):
        pytest.skip("left out by --quick")
    path = ROOT / "dist" / ("burndown.exe" if os.name == "nt" else "burndown")
    if not path.exists():
        missing = "There is no dist/burndown: run python3 scripts/build.py first."
        if os.environ.get("BURNDOWN_E2E") or os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Iterator[Place]:
    """The executable copied alone into an empty folder, with an empty home, an empty temp and no Python on PATH."""
    folder = tmp_path / ODD_NAME
    folder.mkdir()
    home, temp = tmp_path / "home", tmp_path / "temp"
    home.mkdir()
    temp.mkdir()
    where = Place(folder, Path(shutil.copy2(built, folder)), home, temp)
    yield where
    where.stop_all()


@pytest.fixture(scope="session")
def chromium() -> Path:
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.fail("Chromium was not found: install it, or set CHROMIUM to its path.")
    return Path(browser)


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright, chromium: Path) -> Iterator[Browser]:
    opened = launch(driver, chromium, chromium_flags())
    yield opened
    opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with a fresh profile. At the end: no console error, and no request off the loopback address."""
    with watched_page(browser) as opened:
        yield opened
