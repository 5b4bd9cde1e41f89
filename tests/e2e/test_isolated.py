"""On a machine without network and without Python: a network namespace that holds nothing but its loopback."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.place import Place, chromium_flags, launch, watched_page


@pytest.fixture
def namespace() -> Iterator[int]:
    """The process that holds a new network namespace, its loopback up."""
    tools = [shutil.which(name) for name in ("unshare", "nsenter", "ip")]
    if None in tools:
        pytest.skip("needs unshare, nsenter and ip")
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system does not let us make a network namespace")
    holder = subprocess.Popen(
        ["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec sleep 600"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "up\n"
    yield holder.pid
    holder.kill()
    holder.communicate()


def within(namespace: int) -> list[str]:
    nsenter = shutil.which("nsenter")
    assert nsenter is not None
    return [nsenter, "--net", "--target", str(namespace), "--"]


def test_without_network_and_python_it_starts_shows_the_sample_quits_and_leaves_nothing(
    place: Place, namespace: int, driver: Playwright, chromium: Path, tmp_path: Path
) -> None:
    inside = tmp_path / "chromium-inside"
    inside.write_text(f'#!/bin/sh\nexec {" ".join(within(namespace))} {chromium} "$@"\n', encoding="utf-8")
    inside.chmod(0o755)
    running = place.start(prefix=within(namespace))
    browser = launch(driver, inside, chromium_flags())
    with watched_page(browser) as page:
        page.goto(running.url)
        page.get_by_role("button", name="Open the sample project").click()
        expect(page.locator("#answer")).to_contain_text("sure by")
        expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
        page.locator("summary", has_text="⚙").click()
        page.get_by_role("banner").get_by_role("button", name="Quit").click()
        page.get_by_role("dialog").get_by_role("button", name="Quit").click()
        expect(page.get_by_text("Burndown has stopped.")).to_be_visible()
    browser.close()
    assert running.wait() == 0
    assert list(place.home.iterdir()) == []
    assert list(place.temp.iterdir()) == []
    assert not list(place.profiles.glob("*-wal"))
    assert not list(place.profiles.glob("*-shm"))
