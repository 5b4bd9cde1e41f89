"""The dashboard in Chromium, against an empty Dash page with the same component libraries and one chart.

Each kind of visit is compared to the same kind: the first one from the start of the program to the chart, of both in a
browser that is open and knows nothing of the page, for one program says where it is before it has imported anything
and the other only afterwards; later ones from the address to the chart, of both with the app up and the browser new.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page, sync_playwright

from scripts.measure.data import recent_export
from scripts.measure.program import import_export
from scripts.measure.rows import Row
from scripts.measure.starts import Started, running, running_as

_REPEATS, _STARTS = 5, 5
_CHART = ".js-plotly-plot .main-svg"
_PAGES = (
    ("Plan", f".page {_CHART}"),
    ("Flow", f".page {_CHART}"),
    ("Issues", ".table.issues td"),
    ("Data", "main .rows.sources"),
    ("Answer", "#answer"),
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

# The floor: what any Dash app with these libraries costs before it does anything.
# What a first load may cost, in requests and in megabytes on the wire.
_MOST_REQUESTS, _MOST_MEGABYTES = 15, 2.5
_EMPTY_APP = """
import json, socket
import dash
import dash_mantine_components as dmc
from dash import dcc, html
from waitress.server import create_server
app = dash.Dash("empty", serve_locally=True, update_title="")
app.layout = dmc.MantineProvider([
    html.P("ready", id="answer"),
    dcc.Graph(figure={"data": [{"y": [3, 1, 2]}], "layout": {}}),
])
sock = socket.create_server(("127.0.0.1", 0))
print(json.dumps({"url": f"http://127.0.0.1:{sock.getsockname()[1]}/"}), flush=True)
create_server(app.server, sockets=[sock], threads=8).run()
"""


def page() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        profiles = Path(folder) / "profiles"
        import_export(recent_export(Path(folder)), profiles)
        floor, first_floor = _empty_page(driver.chromium)
        yield Row("page", "empty Dash page, ready", floor, "s")
        yield Row("page", "empty Dash page, from its start in an open browser", first_floor, "s")
        elapsed = median(_from_start(driver.chromium, running(profiles)) for _ in range(_STARTS))
        yield Row("page", "dashboard of 22,000 issues, the same", elapsed, "s", first_floor, limit=0.8)
        with running(profiles) as app:
            _, opened = first_visit(driver.chromium, app.url, Path(folder) / "first")
            first = opened.pages[0]
            cookies = opened.cookies()
            # As the launch link gives it: a fresh browser has no storage to keep it in yet.
            key = first.evaluate("localStorage.getItem('burndown-key')")
            origin = f"{first.url.partition('?')[0]}#key={key}"
            changes = [_change(first, label, seen) for _ in range(3) for label, seen in _PAGES]
            steps = [*_switched(first), *_drilled(first)]
            opened.close()
            yield from _loaded(driver.chromium, origin, cookies)
            visits = [_cold_visit(driver.chromium, origin, cookies) for _ in range(_REPEATS)]
            yield Row("page", "its later visits in a fresh browser", median(visits), "s", floor, limit=0.8)
            for label, _ in _PAGES:
                elapsed = median(each for name, each in changes if name == label)
                yield Row("page", f"changing to {label}", elapsed, "s", limit=0.3)
            yield from steps


def _loaded(chromium: BrowserType, url: str, cookies: Any) -> Iterator[Row]:
    """What a browser that knows nothing of the app yet asks for until the answer and its chart stand there."""
    with tempfile.TemporaryDirectory() as profile:
        opened = chromium.launch_persistent_context(profile, executable_path=browser_path(), args=FLAGS)
        opened.add_cookies(cookies)
        tab = opened.pages[0]
        watch = opened.new_cdp_session(tab)
        watch.send("Network.enable")
        addresses: list[str] = []
        sizes: list[float] = []
        tab.on("request", lambda request: addresses.append(request.url) if request.url.startswith("http") else None)
        watch.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        _until_ready(tab, url)
        # Afterwards the page asks how far the track record is, and whether it is still true.
        requests, megabytes = len(addresses), sum(sizes) / 1e6
        opened.close()
    yield Row("page", "requests of a first load", requests, "", limit=_MOST_REQUESTS)
    yield Row("page", "sent to the browser in a first load", megabytes, "MB", limit=_MOST_MEGABYTES)


def _switched(page: Page) -> Iterator[Row]:
    """From one chart of a view to the other."""
    _change(page, "Plan", ".js-plotly-plot")
    times = []
    for name in ("Burndown", "Burnup") * 3:
        link = page.locator("main .lists").get_by_role("link", name=name)
        page.wait_for_timeout(300)
        began = time.perf_counter()
        link.click()
        page.locator("main .lists a.here", has_text=name).first.wait_for()
        times.append(time.perf_counter() - began)
    yield Row("page", "switching between burndown and burnup", median(times), "s", limit=0.3)


def _drilled(page: Page) -> Iterator[Row]:
    """From a number to its issues."""
    times = []
    for _ in range(5):
        page.wait_for_timeout(300)
        began = time.perf_counter()
        page.locator("main .finding a.number").last.click()
        page.get_by_role("dialog").locator(".table.issues tbody tr").first.wait_for()
        times.append(time.perf_counter() - began)
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
    yield Row("page", "from a number to its issues", median(times), "s", limit=0.2)


def first_visit(chromium: BrowserType, url: str, folder: Path) -> tuple[float, BrowserContext]:
    """Seconds until the answer stands there with its chart, and the browser that shows it."""
    opened = chromium.launch_persistent_context(folder, executable_path=browser_path(), args=FLAGS)
    return _until_ready(opened.pages[0], url), opened


def visit_again(opened: BrowserContext) -> float:
    """Seconds until the same browser shows the page anew."""
    page = opened.pages[0]
    return _until_ready(page, page.url)


def _empty_page(chromium: BrowserType) -> tuple[float, float]:
    """Seconds of a later visit, and of a first one from the start of the program."""
    first = median(_from_start(chromium, _empty_app()) for _ in range(_STARTS))
    with _empty_app() as app:
        _cold_visit(chromium, app.url, [])  # the first request builds the app
        return median(_cold_visit(chromium, app.url, []) for _ in range(_REPEATS)), first


def _empty_app() -> AbstractContextManager[Started]:
    return running_as([sys.executable, "-c", _EMPTY_APP])


def _from_start(chromium: BrowserType, starting: AbstractContextManager[Started]) -> float:
    """Seconds from the start of the program to its chart, in a browser that is open already."""
    with tempfile.TemporaryDirectory() as profile:
        opened = chromium.launch_persistent_context(profile, executable_path=browser_path(), args=FLAGS)
        with starting as app:
            _until_ready(opened.pages[0], app.url)
            elapsed = time.perf_counter() - app.began
            opened.close()
        return elapsed


def _cold_visit(chromium: BrowserType, url: str, cookies: Any) -> float:
    with tempfile.TemporaryDirectory() as profile:
        opened = chromium.launch_persistent_context(profile, executable_path=browser_path(), args=FLAGS)
        opened.add_cookies(cookies)
        elapsed = _until_ready(opened.pages[0], url)
        opened.close()
        return elapsed


def _until_ready(page: Page, url: str) -> float:
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator("#answer").wait_for(timeout=120_000)
    page.locator(_CHART).first.wait_for(timeout=120_000)
    return time.perf_counter() - began


def _change(page: Page, label: str, seen: str) -> tuple[str, float]:
    page.wait_for_timeout(300)
    began = time.perf_counter()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name=label).click()
    page.locator(seen).first.wait_for()
    return label, time.perf_counter() - began


def browser_path() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        sys.exit("The page is measured in Chromium: install it, or set CHROMIUM to its path.")
    return path
