"""The app: its pages in a browser, a second start, and every way to end it."""

from __future__ import annotations

import datetime

from playwright.sync_api import Page, expect

from scripts.fake_jira import TOKEN, FakeJira, seeded_issues
from tests.e2e.test_jira import fill_in
from tests.e2e.test_old_folder import write_old_folder
from tests.e2e.test_start_and_stop import load_sample
from tests.windows.machine import SECONDS, Machine, Spot, wait_until

_LONG = SECONDS * 1000

_FIND_AND_SEND = """
import ctypes, sys, time
from ctypes import wintypes
user = ctypes.WinDLL("user32")
found = []
kind = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.HWND, wintypes.LPARAM)
def look(window, _):
    name = ctypes.create_unicode_buffer(100)
    user.GetClassNameW(window, name, 100)
    if name.value == "BurndownSession":
        found.append(window)
    return True
for _ in range(600):  # the window is made behind the first page
    user.EnumWindows(kind(look), 0)
    if found:
        break
    time.sleep(0.1)
assert len(found) == 1, found
user.SendMessageW.argtypes = [wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM]
for message in sys.argv[1:]:
    print(user.SendMessageW(found[0], int(message, 16), 1, 0))
"""
_CLOSE, _QUERY_END_SESSION, _END_SESSION = "10", "11", "16"


def test_from_the_first_start_to_an_answer_and_quit(spot: Spot, form: str, page: Page) -> None:
    app = spot.start()
    load_sample(page, app.url, _LONG)
    navigation = page.get_by_role("navigation", name="Pages")
    for name in navigation.get_by_role("link").all_inner_texts():
        navigation.get_by_role("link", name=name).click()
        expect(page.locator("main h1, main h2").first).to_be_visible(timeout=_LONG)
    page.locator("summary", has_text="⚙").click()
    page.get_by_role("banner").get_by_role("button", name="Quit").click()
    page.get_by_role("dialog").get_by_role("button", name="Quit").click()
    expect(page.get_by_text("Burndown has stopped.")).to_be_visible(timeout=_LONG)
    assert app.wait() == 0
    assert spot.is_clean()
    assert spot.backups()


def test_an_old_folder_becomes_an_answer(spot: Spot, page: Page) -> None:
    write_old_folder(spot.folder, datetime.date.today())  # noqa: DTZ011 the app's day is the user's day
    page.goto(spot.start().url)
    expect(page.locator("#answer")).to_contain_text("sure by", timeout=_LONG)
    assert len(list(spot.profiles.glob("legacy/*/**/project_data.json"))) == 1


def test_a_second_start_finds_the_first(spot: Spot, page: Page) -> None:
    first = spot.start()
    second = spot.call("serve", "--no-browser")
    assert second.code == 0
    assert first.origin in second.err


def test_a_backup_is_made_while_it_runs(spot: Spot, page: Page) -> None:
    spot.stays_without_a_page()
    app = spot.start()
    load_sample(page, app.url, _LONG)
    before = spot.backups()
    assert spot.call("backup").code == 0
    new_backups = spot.backups() - before
    assert len(new_backups) == 1
    page.goto("about:blank")
    app.kill_visible()
    assert spot.ask("check")["problems"] == []


def test_who_ends_the_visible_process_ends_the_app_cleanly(spot: Spot, page: Page) -> None:
    spot.stays_without_a_page()
    app = spot.start()
    load_sample(page, app.url, _LONG)
    page.goto("about:blank")
    app.kill_visible()
    wait_until(spot.is_clean)
    assert spot.backups()
    again = spot.start()
    page.goto(again.url)
    expect(page.locator("#answer")).to_be_visible(timeout=_LONG)


def test_log_off_waits_for_the_last_backup(spot: Spot, form: str, machine: Machine, page: Page) -> None:
    spot.stays_without_a_page()
    app = spot.start()
    load_sample(page, app.url, _LONG)
    page.goto("about:blank")
    before = spot.backups()
    assert machine.ask_python(_FIND_AND_SEND, _QUERY_END_SESSION, _END_SESSION).split()[0] == "1"
    # The system ends a process as soon as it has answered: by then all must be done.
    assert spot.is_clean()
    assert spot.backups() - before
    assert app.wait() == 0


def test_a_polite_taskkill_is_a_clean_end(spot: Spot, machine: Machine) -> None:
    app = spot.start()
    machine.ask_python(_FIND_AND_SEND, _CLOSE)
    assert app.wait() == 0
    assert spot.is_clean()


def test_the_keyring_of_windows_keeps_a_token(spot: Spot, machine: Machine, page: Page) -> None:
    with FakeJira("cloud", seeded_issues(40, 1, datetime.datetime.now(datetime.UTC))) as jira:
        page.goto(spot.start().url)
        page.get_by_role("link", name="Connect Jira").click(timeout=_LONG)
        fill_in(page, jira)
        page.get_by_role("textbox", name="Where the token is kept").click()
        page.get_by_role("option", name="In this computer's keyring").click()
        page.get_by_role("button", name="Connect and fetch").click()
        wait_until(lambda: spot.ask("status")["counts"]["issues"] == 40)
        (query,) = spot.ask("status")["queries"]
        assert machine.ask_python(_KEPT, f"Burndown {jira.url}", query["profile_id"]) == TOKEN
        page.goto("about:blank")


_KEPT = """
import keyring, sys
print(keyring.get_password(sys.argv[1], sys.argv[2]))
"""


def test_what_a_killed_run_left_unpacked_is_removed_by_the_next(spot: Spot, machine: Machine) -> None:
    temporary = machine.temporary()
    before = set(temporary.glob("_MEI*"))
    app = spot.start()
    (left,) = set(temporary.glob("_MEI*")) - before
    app.kill_visible()
    wait_until(spot.is_clean)
    assert left.exists()
    again = spot.start()
    wait_until(lambda: not left.exists() and not set(temporary.glob("_MEI-going*")) - before)
    machine.ask_python(_FIND_AND_SEND, _CLOSE)
    assert again.wait() == 0
    assert set(temporary.glob("_MEI*")) <= before
