"""Every page as a picture, in each theme, size and language."""

from __future__ import annotations

import argparse
import html
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from app.pages import PAGES
from scripts.measure.browser import FLAGS, browser_path

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
THEMES = ("light", "dark")
LANGUAGES = {"en": "en-GB", "de": "de-DE"}
_READY = "main h1, main .finding, main .reason, main .headline"
_LONG = 60_000


@dataclass(frozen=True, slots=True)
class Shot:
    language: str
    size: str
    theme: str
    path: str

    @property
    def file(self) -> str:
        name = self.path.strip("/").replace("/", "-") or "answer"
        return f"{self.language}-{self.size}-{self.theme}/{name}.png"


def main() -> None:
    options = _arguments()
    folder = Path(options.outdir or tempfile.mkdtemp(prefix="screens-"))
    with (
        tempfile.TemporaryDirectory() as empty,
        sync_playwright() as driver,
        _app(options.program, options.profiles or empty) as url,
    ):
        opened = driver.chromium.launch(executable_path=browser_path(), args=FLAGS)
        shots = list(_shots(opened, url, options, folder))
        opened.close()
    (folder / "index.html").write_text(_sheet(shots), encoding="utf-8")
    print(folder / "index.html")


def _arguments() -> Any:
    parser = argparse.ArgumentParser("screens.py")
    parser.add_argument("outdir", nargs="?")
    parser.add_argument("--profiles")
    parser.add_argument("--address", default="")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--language", action="append", choices=list(LANGUAGES))
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--size", action="append", choices=list(SIZES))
    parser.add_argument("--program")
    return parser.parse_args()


@contextmanager
def _app(program: str | None, profiles: str) -> Iterator[str]:
    command = [program] if program else [sys.executable, "launcher.py"]
    options = ["serve", "--no-browser", "--print-url", "--port", "0", "--profiles", profiles]
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.terminate()
        process.wait(timeout=30)


def _shots(opened: Any, url: str, options: Any, folder: Path) -> Iterator[Shot]:
    state = None
    for language in options.language or LANGUAGES:
        context = opened.new_context(locale=LANGUAGES[language], reduced_motion="reduce", storage_state=state)
        page = context.new_page()
        if state is None:
            page.goto(url)
            page.locator("main").first.wait_for(timeout=_LONG)
            page.locator(_READY).first.wait_for(timeout=_LONG)
            _with_sample(page)
            state = context.storage_state()
            here = urlsplit(page.url)
            origin, query = f"{here.scheme}://{here.netloc}", options.address or here.query
        for path in options.only or paths(page, origin, query):
            page.goto(f"{origin}{path}?{query}")
            yield from _in_each_look(page, language, path, options, folder)
        context.close()


def paths(page: Page, origin: str, query: str) -> list[str]:
    """Every page; of an issue's own page the first issue of the list."""
    page.goto(f"{origin}/issues?{query}")
    first = page.locator('.table.issues a[href*="/issues/"]').first
    first.wait_for(timeout=_LONG, state="attached")
    issue = urlsplit(first.get_attribute("href") or "").path
    return [issue if page_of.path == "/issues/" else page_of.path for page_of in PAGES]


def _with_sample(page: Page) -> None:
    """In an empty folder the sample project is opened, else what is there stays."""
    page.wait_for_load_state("networkidle", timeout=3 * _LONG)
    # By its id: the first language asked for may be any.
    sample = page.locator("#load-sample")
    if sample.count():
        sample.click()
        page.locator("#answer").wait_for(timeout=_LONG)
    page.wait_for_url(re.compile("query="), timeout=_LONG)


def _in_each_look(page: Page, language: str, path: str, options: Any, folder: Path) -> Iterator[Shot]:
    for size in options.size or SIZES:
        for theme in options.theme or THEMES:
            shot = Shot(language, size, theme, path)
            page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
            page.emulate_media(color_scheme="light" if theme == "light" else "dark", reduced_motion="reduce")
            page.locator(_READY).first.wait_for(timeout=_LONG, state="attached")
            # While a job runs the page goes on asking how far it is.
            page.wait_for_load_state("networkidle", timeout=3 * _LONG)
            page.wait_for_timeout(400)
            (folder / shot.file).parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / shot.file, full_page=True)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                print(f"wider than the screen: {shot.file}", file=sys.stderr)
            if path == "/" and size == "desk" and page.evaluate("document.documentElement.scrollHeight > innerHeight"):
                print(f"the answer is higher than the screen: {shot.file}", file=sys.stderr)
            yield shot


def _sheet(shots: list[Shot]) -> str:
    """One page with all of them: a row a page, its looks beside each other."""
    by_path: dict[str, list[Shot]] = {}
    for shot in shots:
        by_path.setdefault(shot.path if "/issues/" not in shot.path else "/issues/…", []).append(shot)
    rows = (
        f"<h2>{html.escape(path)}</h2><div>"
        + "".join(
            f'<a href="{image.file}"><img loading="lazy" src="{image.file}" alt="{image.file}"></a>'
            for image in shots_there
        )
        + "</div>"
        for path, shots_there in by_path.items()
    )
    style = "body{font:14px sans-serif;margin:1rem}div{display:flex;gap:.5rem;overflow-x:auto}img{height:420px}"
    return f'<!doctype html><meta charset="utf-8"><title>Every page</title><style>{style}</style>{"".join(rows)}'


if __name__ == "__main__":
    main()
