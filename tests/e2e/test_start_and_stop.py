"""Starting, starting again, and leaving nothing behind."""

from __future__ import annotations

import signal
import stat
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.place import PATIENCE, Place, names_below, wait_until


def load_sample(page: Page, url: str, milliseconds: float = PATIENCE) -> str:
    """The sample project's answer."""
    page.goto(url)
    page.get_by_role("button", name="Open the sample project").click()
    expect(page.locator("#answer")).to_be_visible(timeout=milliseconds)
    return page.locator("#answer").inner_text()


def is_left_after_quit(name: str) -> bool:
    return name in (
        "burndown",
        "profiles/burndown.db",
        "profiles/burndown.numbers.json",
        "profiles/README.txt",
    ) or name.startswith(("profiles/backups/", "profiles/logs/"))


def test_quit_from_the_page_leaves_the_database_alone_and_nothing_on_the_host(place: Place, page: Page) -> None:
    running = place.start()
    load_sample(page, running.url)
    page.locator("summary", has_text="⚙").click()
    page.get_by_role("banner").get_by_role("button", name="Quit").click()
    page.get_by_role("dialog").get_by_role("button", name="Quit").click()
    expect(page.get_by_text("Burndown has stopped.")).to_be_visible()
    assert running.wait() == 0
    assert [name for name in place.files() if not is_left_after_quit(name)] == []
    assert "profiles/burndown.db" in place.files()
    assert names_below(place.home) == set()
    assert list(place.temp.iterdir()) == []


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_stop_signal_takes_the_same_clean_path(place: Place, name: str) -> None:
    running = place.start()
    running.process.send_signal(signal.Signals[name])
    assert running.wait() == 0
    assert [name for name in place.files() if not is_left_after_quit(name)] == []
    assert list(place.temp.iterdir()) == []


def test_quit_and_restart_shows_the_same_state(place: Place, page: Page) -> None:
    first = place.start()
    before = load_sample(page, first.url)
    counts = place.call("status", "--profiles", str(place.profiles))["counts"]
    page.goto("about:blank")
    assert first.terminate() == 0
    second = place.start()
    page.goto(second.url)
    expect(page.locator("#answer")).to_have_text(before)
    assert place.call("status", "--profiles", str(place.profiles))["counts"] == counts


def test_a_second_start_opens_the_browser_at_the_running_one_and_exits_with_0(place: Place, page: Page) -> None:
    running = place.start()
    opened = place.home.parent / "opened-address"
    opener = place.home.parent / "browser"
    opener.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n', encoding="utf-8")
    opener.chmod(opener.stat().st_mode | stat.S_IXUSR)
    second = place.popen([str(place.program)], place.environment(BROWSER=str(opener)))
    assert second.wait(timeout=30) == 0
    wait_until(opened.exists)
    address = opened.read_text(encoding="utf-8").strip()
    # No address with a code: other users of the machine read command lines. A private page hands it over.
    assert address.startswith("file:")
    assert "code=" not in address
    page.goto(address)
    page.wait_for_url(f"{running.origin}/**")
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()


def test_a_killed_run_does_not_block_the_next_and_its_data_is_there(place: Place, page: Page) -> None:
    running = place.start()
    before = load_sample(page, running.url)
    page.goto("about:blank")
    running.kill()
    again = place.start()
    page.goto(again.url)
    expect(page.locator("#answer")).to_have_text(before)


def test_the_folder_can_be_moved(place: Place, page: Page, tmp_path: Path) -> None:
    running = place.start()
    before = load_sample(page, running.url)
    page.goto("about:blank")
    assert running.terminate() == 0
    moved = place.folder.rename(tmp_path / "another # place %41 é")
    elsewhere = Place(moved, moved / place.program.name, place.home, place.temp, place.started)
    page.goto(elsewhere.start().url)
    expect(page.locator("#answer")).to_have_text(before)


def test_the_starting_page_becomes_the_page_without_being_loaded_again(place: Place, page: Page) -> None:
    early = page.locator("head script[src*='/all.js']")
    # On a busy computer the app may be there before the browser has asked: then the page itself is loaded.
    for _ in range(5):
        running = place.start()
        page.goto(running.url)
        expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
        # Where the page itself is loaded they stand at its foot.
        if early.count():
            break
        running.terminate()
    assert early.count() == 2
    sent = "performance.getEntriesByType('resource').filter((part) => part.transferSize).map((part) => part.name)"
    loaded = page.evaluate(sent)
    for part in ("dcc/all.js", "assets/all.js", "plotly.min.js"):
        assert sum(part in name for name in loaded) == 1
    expect(page).to_have_title("Sources · Burndown")
    # Our styles stand where they do on a page that is loaded: before some of the libraries', or after them.
    styles = "[...document.styleSheets].map((sheet) => sheet.href ? 'ours' : sheet.cssRules[0]?.cssText.slice(0, 60))"
    became = page.evaluate(styles)
    page.reload()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert early.count() == 0
    assert page.evaluate(styles) == became
