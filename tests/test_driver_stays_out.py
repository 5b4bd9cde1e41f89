"""The driver of PostgreSQL is loaded where a team's store is named, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.running import ROOT

LAUNCHER = [sys.executable, "-X", "importtime", "launcher.py"]


@pytest.mark.slow
@pytest.mark.parametrize("command", [["status"], ["check"], ["--version"], ["forecast", "--help"]], ids=" ".join)
def test_a_command_on_a_folder_loads_no_driver(command: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [*LAUNCHER, *command, "--profiles", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "import time:" in done.stderr
    assert "psycopg" not in done.stderr


@pytest.mark.slow
def test_the_app_on_a_folder_loads_no_driver_up_to_its_first_page(tmp_path: Path) -> None:
    command = [*LAUNCHER, "--profiles", str(tmp_path), "--port", "0", "--no-browser", "--print-url", "--json"]
    log = tmp_path / "imports"
    with log.open("w") as errors, subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors) as app:
        try:
            assert app.stdout is not None
            url = app.stdout.readline().split(b'"url": "')[1].split(b'"')[0].decode()
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            with browser.open(url, timeout=60) as page:
                assert page.status == 200
            _until_pages_are_made(log)
        finally:
            app.terminate()
            app.wait(30)
    loaded = log.read_text()
    assert "app.pages" in loaded
    assert "psycopg" not in loaded


def _until_pages_are_made(log: Path) -> None:
    import time

    end = time.monotonic() + 60
    while "app.factory" not in log.read_text():
        assert time.monotonic() < end, "the pages were not loaded"
        time.sleep(0.2)


@pytest.mark.slow
def test_a_store_that_is_named_loads_it(tmp_path: Path) -> None:
    store = ["--store", "postgresql://nobody@127.0.0.1:1/none"]
    done = subprocess.run(
        [*LAUNCHER, "status", "--profiles", str(tmp_path), *store],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "psycopg" in done.stderr
