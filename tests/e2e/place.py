"""Running the executable as a user would, and watching what the browser sees."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, expect

_END_SECONDS = 60
# Milliseconds after which a page has had time enough, however busy the computer.
PATIENCE = 60_000
# What is expected is waited for as long as a click is: two browsers and two programs may share two busy cores.
expect.set_options(timeout=PATIENCE)


@dataclass(slots=True)
class Running:
    """One started app. `url` logs a browser in once."""

    process: subprocess.Popen[str]
    url: str
    port: int
    profiles: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> int:
        """The exit code, once it has ended by itself."""
        return self.process.wait(timeout=_END_SECONDS)

    def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """The end without a chance to do anything about it."""
        kill_group(self.process)


@dataclass(slots=True)
class Place:
    """A folder with the executable alone in it, and an otherwise empty host."""

    folder: Path
    program: Path
    home: Path
    temp: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def profiles(self) -> Path:
        return self.folder / "profiles"

    def environment(self, **more: str) -> dict[str, str]:
        """No PATH to speak of: no Python, no tools."""
        nothing = self.home.parent / "no-programs"
        nothing.mkdir(exist_ok=True)
        return {"PATH": str(nothing), "HOME": str(self.home), "TMPDIR": str(self.temp), "LANG": "C.UTF-8", **more}

    def start(self, *arguments: str, prefix: Sequence[str] = (), **environment: str) -> Running:
        """Start the app without a browser of its own; returns as soon as it listens."""
        options = ["--no-browser", "--print-url", "--port", "0", *arguments]
        process = self.popen([*prefix, str(self.program), *options], self.environment(**environment))
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate(timeout=_END_SECONDS)
        greeting = json.loads(line)
        return Running(process, greeting["url"], greeting["port"], Path(greeting["profiles"]))

    def popen(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            list(command),
            env=dict(environment),
            cwd=self.home.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def call(self, *arguments: str) -> Any:
        """A command's JSON."""
        done = subprocess.run(
            [str(self.program), *arguments, "--json"],
            env=self.environment(),
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    def stop_all(self) -> None:
        for process in self.started:
            if process.poll() is None:
                kill_group(process)
            process.communicate()

    def files(self) -> set[str]:
        """Every file in the folder, relative to it."""
        return names_below(self.folder)


def kill_group(process: subprocess.Popen[str]) -> None:
    """The single executable is two processes, of which the one that unpacks is the one we started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def names_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# The address bar's list of proposals, which nobody here sees, is a page of its own: drawn for each window anew, it took
# more of the processor than the window.
_UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
# What Playwright turns off by itself: the browser minds only the last list.
_TURNED_OFF_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying",
    "AimEnabled", "PreconnectToSearch", "msForceBrowserSignIn", "msEdgeUpdateLaunchServicesPreferredVersion",
)  # fmt: skip


def chromium_flags() -> list[str]:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    features = "--disable-features=" + ",".join((*_TURNED_OFF_BY_PLAYWRIGHT, *_UNSEEN))
    return [*(["--no-sandbox"] if root else []), *quiet, "--disable-component-update", "--disable-sync", features]


def launch(driver: Playwright, chromium: Path, flags: list[str]) -> Browser:
    return driver.chromium.launch(executable_path=str(chromium), args=flags)


# What a page may say that is still asking when the app has just been quit.
_SERVER_IS_GONE = (
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_CONNECTION_RESET",
    "net::ERR_EMPTY_RESPONSE",
    "the server did not respond",
    "503 (Service Unavailable)",
    "Burndown is stopping.",
)


@contextlib.contextmanager
def watched_page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile that must neither log an error nor ask anything off this machine."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    errors: list[str] = []
    outside: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(text in message.text for text in _SERVER_IS_GONE):
            errors.append(message.text)

    def on_request(request: Request) -> None:
        if urlsplit(request.url).scheme in ("http", "https", "ws", "wss") and not _is_local(request.url):
            outside.append(request.url)

    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("console", on_console)
    page.on("pageerror", lambda error: errors.append(str(error)))
    context.on("request", on_request)
    yield page
    context.close()
    assert outside == []
    assert errors == [], errors


@contextlib.contextmanager
def sample_opened(built: Path, browser: Browser, folder: Path) -> Iterator[tuple[Page, Callable[[str], str]]]:
    """The program over a folder of its own, with a page at the sample project, and the address of a path of it."""
    where = Place(folder, Path(shutil.copy2(built, folder)), folder / "home", folder / "temp")
    where.home.mkdir()
    where.temp.mkdir()
    try:
        with watched_page(browser) as page:
            page.goto(where.start().url)
            page.get_by_role("button", name="Open the sample project").click()
            expect(page).to_have_url(re.compile("profile=.*query="))
            at = urlsplit(page.url)
            yield page, lambda path: f"{at.scheme}://{at.netloc}{path}?{at.query}"
    finally:
        where.stop_all()


def opening(page: Page, address: Callable[[str], str]) -> Callable[[str], Page]:
    """Opens a path of the sample project in this tab, and waits until it is there and at rest."""

    def go(path: str) -> Page:
        plain, _, options = path.partition("?")
        page.goto(address(plain) + (f"&{options}" if options else ""))
        expect(page.locator("main h1").first).to_be_attached()
        page.wait_for_load_state("networkidle")
        return page

    return go


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname == "127.0.0.1"


def wait_until(holds: Any, seconds: float = 60) -> None:
    """Wait for something that no browser event tells about."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def until(page: Page, script: str, arg: Any = None) -> None:
    """Wait for a script of the page to tell of something true. Playwright's own wait asks again by `eval`, which the
    pages do not allow."""
    wait_until(lambda: page.evaluate(script, arg), seconds=PATIENCE / 1000)


_BUILT = "document.querySelector('html:not([data-busy]) #about')?.dataset.made"


def settle(page: Page, seconds: float = 5) -> None:
    """Wait until nothing has built the page anew for longer than it takes to ask for news."""
    built, since = None, time.monotonic()

    def is_quiet() -> bool:
        nonlocal built, since
        now = page.evaluate(_BUILT)
        if now is None or now != built:
            built, since = now, time.monotonic()
        return built is not None and time.monotonic() - since > seconds

    wait_until(is_quiet)
