"""A team on one PostgreSQL, as two new users meet it; and the program's main ways on either engine.

Left out where no PostgreSQL is on this computer (`tests.postgres` says which it takes).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.fake_jira import EMAIL, TOKEN, FakeJira, seeded_issues
from tests import postgres
from tests.e2e.place import Place, Running, wait_until, watched_page
from tests.e2e.test_jira import connect
from tests.postgres import Server

# Somebody else's change may renew the page in between; then it is typed again.
_SOON = 20_000


@pytest.fixture
def server() -> Iterator[Server]:
    database = postgres.new_server("15", "-c", "fsync=off")
    yield database
    postgres.drop(database)


@pytest.fixture
def jira() -> Iterator[FakeJira]:
    with FakeJira("cloud", seeded_issues(240, 1, datetime.now(UTC))) as cloud:
        yield cloud


@contextmanager
def member(built: Path, folder: Path) -> Iterator[Place]:
    """One of the team: an executable of their own, alone in a folder."""
    for name in ("app", "home", "temp"):
        (folder / name).mkdir(parents=True)
    place = Place(folder / "app", Path(shutil.copy2(built, folder / "app")), folder / "home", folder / "temp")
    try:
        yield place
    finally:
        place.stop_all()


# -- as two new users -----------------------------------------------------------------------------------


def test_two_who_join_see_one_truth_and_go_on_through_a_stop_of_the_server(
    built: Path, browser: Browser, server: Server, jira: FakeJira, tmp_path: Path
) -> None:
    with member(built, tmp_path / "ann") as ann, member(built, tmp_path / "ben") as ben:
        file = tmp_path / "begin.csv"
        file.write_text(export(8))
        call(ann, "import", str(file), "--profile", "Team", "--query", "Begun")
        for place, what, agreed in ((ann, "Share this folder's projects …", "Share now"), (ben, "Join …", "Join now")):
            with watched_page(browser) as page:
                running = place.start()
                page.goto(running.url)
                in_the_gear(page, server, what, agreed)
                assert running.wait() == 0
        with watched_page(browser) as anns, watched_page(browser) as bens:
            one_connects_jira(ann.start(), anns, jira)
            bens.goto(ben.start().url)
            for place, page in ((ann, anns), (ben, bens)):
                page.goto(f"http://127.0.0.1:{urlsplit(page.url).port}/{address_of(place, 'Demo')}")
                expect(page.locator("#answer")).to_contain_text("sure by")
            one_syncs_and_the_other_sees_it(jira, anns, bens)
            one_sets_the_deadline_and_both_say_the_same(bens, anns, "24 Dec 2031")
        with watched_page(browser) as anns, watched_page(browser) as bens:
            # Their copies are of when they last ended, at most half an hour old.
            for place, page in ((ann, anns), (ben, bens)):
                end(place)
                page.goto(place.start().url)
                page.goto(f"http://127.0.0.1:{urlsplit(page.url).port}/{address_of(place, 'Demo')}")
                expect(page.locator("#answer")).to_contain_text("sure by")
            server.stop()
            for page in (anns, bens):
                expect(page.locator("#page")).to_contain_text("for reading only")
                expect(page.locator("#answer")).to_contain_text("sure by")
            server.start()
            for page in (anns, bens):
                expect(page.locator("#page")).not_to_contain_text("for reading only")
            one_sets_the_deadline_and_both_say_the_same(anns, bens, "1 Nov 2031")


def end(place: Place) -> None:
    """The last one started, as somebody who shuts the computer down does."""
    place.started[-1].terminate()
    place.started[-1].wait(30)


def in_the_gear(page: Page, server: Server, what: str, agreed: str) -> None:
    """The page Team, filled in, and the answer to what it asks."""
    page.locator("summary", has_text="⚙").click()
    page.get_by_role("link", name="Team").click()
    page.get_by_label("Server", exact=True).fill("127.0.0.1")
    page.get_by_label("Port").fill(str(server.port))
    page.get_by_label("User").fill("owner")
    page.get_by_label("Database").fill("team")
    page.get_by_role("button", name=what).click()
    page.get_by_role("button", name=agreed).click()
    expect(page.get_by_text("Burndown has ended")).to_be_visible()


def one_connects_jira(running: Running, page: Page, jira: FakeJira) -> None:
    page.goto(running.url)
    expect(page.locator("#about")).to_be_attached()
    page.goto(f"{running.origin}/data/sources/jira")
    page.get_by_label("Name of the work list").fill("Demo")
    connect(page, jira)


def address_of(place: Place, name: str) -> str:
    """Of the work list of that name, as every member's store has it."""
    query = next(query for query in call(place, "status")["queries"] if query["query"] == name)
    return f"?profile={query['profile_id']}&query={query['query_id']}"


def one_syncs_and_the_other_sees_it(jira: FakeJira, page: Page, other: Page) -> None:
    remaining = other.locator(".foot a").first
    before = int(remaining.inner_text().split()[0])
    for issue in [issue for issue in jira.issues.values() if issue["fields"]["status"]["name"] == "Done"][:3]:
        jira.set_status(issue["id"], "In Progress")
    page.get_by_role("button", name="Sync", exact=True).click()
    expect(page.get_by_text("Jira sync is done.")).to_be_visible()
    expect(remaining).to_have_text(f"{before + 3}")


def set_deadline(page: Page, day: str) -> None:
    """Typed once more where the page renewed itself in between, which takes what was typed away."""
    field, bar = page.locator("#deadline-day"), page.locator("#undo-bar")

    def is_set() -> bool:
        field.fill(day)
        field.press("Enter")
        with suppress(AssertionError):
            expect(bar).to_contain_text(f"The deadline is {day}.", timeout=_SOON)
        return f"The deadline is {day}." in bar.inner_text()

    wait_until(is_set, 60)


def one_sets_the_deadline_and_both_say_the_same(page: Page, other: Page, day: str) -> None:
    set_deadline(page, day)
    expect(other.locator("#deadline-day")).to_have_value(day)
    wait_until(lambda: answer_of(page) == answer_of(other))


def answer_of(page: Page) -> list[str]:
    return [page.locator(part).inner_text() for part in ("#answer", ".deadline-chance")]


# -- on either engine -----------------------------------------------------------------------------------


@pytest.fixture(params=["folder", "server"])
def begun(request: pytest.FixtureRequest, built: Path, tmp_path: Path) -> Iterator[Place]:
    """A folder with a little in it: by itself, or as a member of a team."""
    with member(built, tmp_path / "ann") as place:
        file = tmp_path / "begin.csv"
        file.write_text(export(40))
        imported = call(place, "import", str(file), "--profile", "Team", "--query", "All")
        assert imported["kept"] == 40
        if request.param == "server":
            database: Server = request.getfixturevalue("server")
            assert call(place, "team", "share", str(database.address))["copied"]["issues"] == 40
        yield place


def export(count: int, first: int = 1) -> str:
    lines = ["Issue key,Summary,Status,Status Category,Created,Resolved"]
    for n in range(first, first + count):
        week, is_done = n % 12, n % 4 > 0
        resolved = f"2026-{1 + week // 4:02}-{8 + 7 * (week % 3):02} 10:00" if is_done else ""
        status = "Done,Done" if is_done else "Open,To Do"
        lines.append(f"T-{n},Step {n},{status},2026-01-05 10:00,{resolved}")
    return "\n".join(lines) + "\n"


def call(place: Place, *words: str, code: int = 0, **environment: str) -> dict[str, Any]:
    done = subprocess.run(
        [str(place.program), *words, "--json", "--profiles", str(place.profiles)],
        env=place.environment(**environment), capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == code, done.stderr.decode()
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_every_command_does_the_same_on_either_engine(begun: Place, jira: FakeJira, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text(export(3, first=41))
    assert call(begun, "import", str(more), "--profile", "Team", "--query", "All")["new"] == 3
    (undoable, *_) = call(begun, "undo")["can_be_undone"]
    assert call(begun, "undo", undoable["id"])["counts"]["issues"] == 40
    connected = call(begun, "connect", "--url", jira.url, "--profile", "Jira", "--query", "Demo", "--jql",
                     "project = DEMO", "--email", EMAIL, BURNDOWN_JIRA_TOKEN=TOKEN)  # fmt: skip
    assert connected["matches"] == 240
    assert call(begun, "sync", BURNDOWN_JIRA_TOKEN=TOKEN)["queries"][0]["fetched"] == 240
    assert call(begun, "status")["counts"]["issues"] == 280
    of_jira = ("--project", "Jira", "--work", "Demo")
    assert call(begun, "forecast", *of_jira, "--seed", "1")["percentiles"]["85"]["date"]
    assert call(begun, "metrics", *of_jira)["scope"]["total"] > 0
    assert call(begun, "report", *of_jira, "--out", str(tmp_path / "report.html"))["bytes"] > 10_000
    assert call(begun, "data", *of_jira, "--panel", "throughput.weeks", "--out", str(tmp_path / "rows.csv"))["rows"] > 0
    assert call(begun, "export", "--bundle", str(tmp_path / "all.zip"))["counts"]["issues"] == 280
    assert call(begun, "check")["ok"]


def test_the_pages_work_on_either_engine(begun: Place, page: Page) -> None:
    running: Running = begun.start()
    page.goto(running.url)
    set_deadline(page, "24 Dec 2031")
    pages = page.get_by_role("navigation", name="Pages").get_by_role("link").all()
    addresses = [link.get_attribute("href") for link in pages]
    for address in filter(None, addresses):
        page.goto(running.origin + address)
        expect(page.locator("#page h1, #page h2").first).to_be_attached()
    page.goto(running.origin + "/settings/project")
    window = page.get_by_label("Weeks to learn from")
    expect(window).to_be_visible()
    window.fill("9")
    window.press("Tab")
    expect(page.locator("#undo-bar")).to_contain_text("Saved: Weeks to learn from.")
    page.get_by_role("button", name="Undo").click()
    expect(window).to_have_value("12")
    assert call(begun, "status")["counts"]["issues"] == 40
