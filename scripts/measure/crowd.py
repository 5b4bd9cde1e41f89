"""Many at once: tabs of a browser, and clients that go from page to page while they open."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

from app.pages import PAGES
from scripts.measure.browser import first_visit
from scripts.measure.data import recent_export
from scripts.measure.program import import_export
from scripts.measure.rows import Row
from scripts.measure.starts import running
from tests.clicking import Clicks
from tests.running import Browser

_TABS, _CLIENTS = 8, 32
# Between two pages of somebody who reads them.
_PAUSE, _SECONDS = 3.0, 45


@dataclass(slots=True)
class _Seen:
    """Seconds of each page that a client opened, and what went wrong."""

    pages: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def crowd() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        profiles = Path(folder) / "profiles"
        import_export(recent_export(Path(folder)), profiles)
        with running(profiles) as app:
            _, opened = first_visit(driver.chromium, app.url, Path(folder) / "browser")
            first = opened.pages[0]
            cookie = "; ".join(f"{each['name']}={each['value']}" for each in opened.cookies())
            key = first.evaluate("localStorage.getItem('burndown-key')")
            seen = _Seen()
            stop = threading.Event()
            port = int(first.url.split(":")[2].partition("/")[0])
            clients = [
                threading.Thread(target=_client, args=(_browser(port, cookie, key), number, seen, stop))
                for number in range(_CLIENTS)
            ]
            for client in clients:
                client.start()
            tabs = _open_tabs(opened, first.url.partition("?")[0].rstrip("/"), seen)
            stop.wait(_SECONDS)
            stop.set()
            for client in clients:
                client.join()
            opened.close()
    at_once = f"{_TABS} tabs and {_CLIENTS} clients at once"
    yield Row("crowd", f"{at_once}: a page, the slowest of a hundred", _slowest_of_a_hundred(seen.pages), "s", limit=2)
    yield Row("crowd", f"{at_once}: the last tab to show its page", tabs, "s")
    yield Row("crowd", f"{at_once}: errors", float(len(seen.errors)), "", limit=0)


def _browser(port: int, cookie: str, key: str) -> Browser:
    """A client that shares the login of the browser: a printed address is good once."""
    browser = Browser.__new__(Browser)
    browser.port, browser.cookie, browser.key = port, cookie, key
    return browser


def _client(browser: Browser, number: int, seen: _Seen, stop: threading.Event) -> None:
    chance = random.Random(number)
    clicks = Clicks(browser)
    stop.wait(chance.uniform(0, _PAUSE))
    while not stop.is_set():
        page = chance.choice(PAGES)
        began = time.perf_counter()
        try:
            shown = clicks.open(page.path)
            if "That did not work" in shown:
                seen.errors.append(page.path)
        except (AssertionError, OSError) as exc:
            seen.errors.append(f"{page.path}: {exc}")
        seen.pages.append(time.perf_counter() - began)
        stop.wait(chance.uniform(0.5, 1.5) * _PAUSE)


def _open_tabs(opened: BrowserContext, address: str, seen: _Seen) -> float:
    """Seconds until all of them show their page."""
    began = time.perf_counter()
    tabs: list[Any] = []
    for page in PAGES[:_TABS]:
        tab = opened.new_page()
        tab.on("pageerror", lambda error: seen.errors.append(str(error)))
        tab.goto(f"{address}{page.path}", wait_until="commit")
        tabs.append(tab)
    for tab in tabs:
        tab.locator("main h1, main h2").first.wait_for(timeout=120_000)
    return time.perf_counter() - began


def _slowest_of_a_hundred(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]
