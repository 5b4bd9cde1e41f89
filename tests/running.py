"""Programs under test as real processes, and a small browser to talk to them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

ROOT = Path(__file__).parents[1]
TINY = (sys.executable, "-m", "tests.tiny_app")
LAUNCHER = (sys.executable, str(ROOT / "launcher.py"))
SECONDS = 90.0


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    text: str


class Browser:
    """Keeps the cookie and the key and follows the one redirect, as the real one does."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.port = parts.port or 80
        self.cookie = self.key = ""
        first = self.ask("GET", f"{parts.path}?{parts.query}")
        self.first = first
        if first.status == 303:
            self.cookie = first.headers["Set-Cookie"].partition(";")[0]
            self.key = first.headers["Location"].partition("#key=")[2]

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        sent = {"Accept": "text/html", "Cookie": self.cookie, "X-Burndown-Key": self.key, **headers}
        if method == "POST":
            sent.setdefault("Sec-Fetch-Site", "same-origin")
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            return Reply(response.status, dict(response.getheaders()), response.read().decode())
        finally:
            connection.close()

    @classmethod
    def handed(cls, page: str) -> Browser:
        """One that was opened at a handed over page and sends its form."""
        action, code = (re.findall(f'{name}="([^"]+)"', page)[0] for name in ("action", "value"))
        browser = cls.__new__(cls)
        browser.port, browser.cookie, browser.key = urlsplit(action).port or 80, "", ""
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "null", "Sec-Fetch-Site": "cross-site"}
        browser.first = browser.ask("POST", urlsplit(action).path, f"code={code}", **form)
        if browser.first.status == 200:
            browser.cookie = browser.first.headers["Set-Cookie"].partition(";")[0]
            browser.key = browser.first.text.partition("#key=")[2].partition('"')[0]
        return browser

    def get(self, path: str) -> Reply:
        return self.ask("GET", path)

    def post(self, path: str) -> Reply:
        return self.ask("POST", path)

    def ask_json(self, path: str, body: object) -> Reply:
        """A POST as the page's scripts send it."""
        return self.ask("POST", path, body=json.dumps(body), **{"Content-Type": "application/json"})

    def status(self) -> dict[str, object]:
        answer: dict[str, object] = json.loads(self.get("/_start/status?page=test").text)
        return answer

    def wait_for(self, state: str) -> dict[str, object]:
        """Poll as the starting page does, until that state. An app that never gets there fails by the time limit."""
        import time

        until = time.monotonic() + SECONDS
        while True:
            now = self.status()
            if now["state"] == state:
                return now
            assert now["state"] == "starting", now
            assert time.monotonic() < until, now
            time.sleep(0.02)


@dataclass
class Started:
    process: subprocess.Popen[str]

    def address(self) -> dict[str, object]:
        """The line of `--print-url`; fails with what the program said when there is none."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.errors()
        address: dict[str, object] = json.loads(line)
        return address

    def browser(self) -> Browser:
        return Browser(str(self.address()["url"]))

    def errors(self) -> str:
        """Everything it said on standard error; waits for its end."""
        return self.process.communicate(timeout=SECONDS)[1]

    def end(self) -> int:
        return self.process.wait(SECONDS)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)


@contextmanager
def started(command: Sequence[str], **environment: str) -> Iterator[Started]:
    """A running program; killed if the test leaves it behind."""
    process = subprocess.Popen(
        list(command),
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield Started(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=SECONDS)


@dataclass(frozen=True)
class Program:
    """A browser that only notes how it was called. `command`: for the variable BROWSER."""

    folder: Path

    @property
    def command(self) -> str:
        script = self.folder / "browser.py"
        if not script.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            script.write_text(
                "import os, sys\n"
                f"noted = {str(self.folder / 'noted')!r}\n"
                "environment = '\\0'.join(f'{name}={value}' for name, value in os.environ.items())\n"
                "with open(noted + '.part', 'w') as file: file.write(sys.argv[1] + '\\n' + environment)\n"
                "os.replace(noted + '.part', noted)\n"
            )
        # With "/" on Windows too: `webbrowser` takes "\\" for an escape.
        return f"{Path(sys.executable).as_posix()} {script.as_posix()} %s"

    def noted(self) -> tuple[str, str]:
        """The address it was called with and its environment; waits until it was called."""
        import time

        until = time.monotonic() + SECONDS
        while not (self.folder / "noted").exists():
            assert time.monotonic() < until, "no browser was called"
            time.sleep(0.01)
        address, _, environment = (self.folder / "noted").read_text().partition("\n")
        return address, environment


def page_at(address: str) -> Path:
    """The file of a `file:` address."""
    parts = urlsplit(address)
    assert parts.scheme == "file", address
    return Path(url2pathname(parts.path))


def tiny(folder: Path, *options: str) -> list[str]:
    return [*TINY, str(folder), *(options or ("--no-browser", "--print-url", "--port", "0"))]
