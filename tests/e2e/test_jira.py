"""Jira as a new user meets it: connected, fetched, mapped and synced from the pages, against one on this computer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Error, Page, Response, expect

from scripts.fake_jira import EMAIL, TOKEN, FakeJira, seeded_issues
from tests.e2e.place import Place, Running

# A screen reader reads the message with the field.
_SAID_BESIDE = re.compile("jira-token-error")


@pytest.fixture(params=["cloud", "data-center"])
def jira(request: pytest.FixtureRequest) -> Iterator[FakeJira]:
    with FakeJira(request.param, seeded_issues(240, 1, datetime.now(UTC))) as server:
        yield server


@pytest.fixture
def cloud() -> Iterator[FakeJira]:
    with FakeJira("cloud", seeded_issues(240, 1, datetime.now(UTC)), page_size=20) as server:
        yield server


def opened(place: Place, page: Page) -> Running:
    """The app, just started, at the page that connects Jira."""
    running = place.start()
    page.goto(running.url)
    page.get_by_role("link", name="Connect Jira").click()
    expect(page.get_by_label("Address")).to_be_visible()
    return running


def fill_in(page: Page, jira: FakeJira, *, token: str = TOKEN, jql: str = "project = DEMO") -> None:
    """As the page leads: address and token, a test that says which Jira it is, then what that one needs."""
    page.get_by_label("Address").fill(jira.url)
    page.get_by_label("Token", exact=True).fill(token)
    page.get_by_label("Query (JQL)").fill(jql)
    if jira.cloud:
        try_out(page)
        expect(page.get_by_text("This is Jira Cloud")).to_be_visible()
        page.get_by_label("E-mail").fill(EMAIL)


def try_out(page: Page) -> None:
    page.get_by_role("button", name="Test the connection").click()


def connect(page: Page, jira: FakeJira) -> None:
    """Connected, and everything fetched."""
    fill_in(page, jira)
    page.get_by_role("button", name="Connect and fetch").click()
    expect(page.get_by_role("heading", name="Synced")).to_be_visible()


def sync_button(page: Page) -> None:
    page.get_by_role("button", name="Sync All issues").click()


# -- the way of a new user ------------------------------------------------------------------------------


def to_program(page: Page) -> None:
    page.locator("summary", has_text="⚙").click()
    page.get_by_role("link", name="Program").click()


def test_from_the_first_start_to_an_answer_from_jira(place: Place, page: Page, jira: FakeJira) -> None:
    opened(place, page)
    fill_in(page, jira)
    try_out(page)
    expect(page.get_by_text("The connection works.")).to_be_visible()
    expect(page.get_by_text("240 issues", exact=False)).to_be_visible()
    assert place.call("status", "--profiles", str(place.profiles))["counts"]["profiles"] == 0
    page.get_by_role("button", name="Connect and fetch").click()
    expect(page.get_by_text("240 issues fetched, 240 new or changed")).to_be_visible()
    page.get_by_role("link", name="See the forecast").click()
    expect(page.locator("#answer")).to_contain_text("sure by")
    assert place.call("status", "--profiles", str(place.profiles))["counts"]["issues"] == 240


def test_what_was_typed_is_still_there_after_a_look_at_another_page(place: Place, page: Page, cloud: FakeJira) -> None:
    opened(place, page)
    fill_in(page, cloud)
    to_program(page)
    expect(page.get_by_role("heading", name="Program")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Address")).to_have_value(cloud.url)
    expect(page.get_by_label("E-mail")).to_have_value(EMAIL)
    expect(page.get_by_label("Query (JQL)")).to_have_value("project = DEMO")
    expect(page.get_by_label("Token", exact=True)).to_have_value("")


def test_what_a_test_said_is_still_there_after_a_look_at_another_page(
    place: Place, page: Page, cloud: FakeJira
) -> None:
    opened(place, page)
    fill_in(page, cloud)
    cloud.faults.down = True
    try_out(page)
    expect(page.get_by_text("Jira is not working at the moment")).to_be_visible()
    to_program(page)
    expect(page.get_by_role("heading", name="Program")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Jira is not working at the moment")).to_be_visible()
    expect(page.get_by_text(f"Tried with {cloud.url}")).to_be_visible()


def test_a_change_in_jira_arrives_with_one_click_on_the_dashboard(place: Place, page: Page, cloud: FakeJira) -> None:
    opened(place, page)
    connect(page, cloud)
    page.get_by_role("link", name="See the forecast").click()
    remaining = page.locator(".foot a").first
    before = int(remaining.inner_text().split()[0])
    for issue in [issue for issue in cloud.issues.values() if issue["fields"]["status"]["name"] == "Done"][:3]:
        cloud.set_status(issue["id"], "In Progress")
    page.get_by_role("button", name="Sync", exact=True).click()
    expect(page.get_by_text("Jira sync is done.")).to_be_visible()
    expect(remaining).to_have_text(f"{before + 3}")


def test_a_second_query_is_checked_added_and_removed(place: Place, page: Page, cloud: FakeJira) -> None:
    opened(place, page)
    connect(page, cloud)
    bugs = sum(issue["fields"]["issuetype"]["name"] == "Bug" for issue in cloud.issues.values())
    page.get_by_role("button", name="Add a work list").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Bugs")
    dialog.get_by_label("Query (JQL)").fill("type = ")
    dialog.get_by_role("button", name="Check", exact=True).click()
    expect(dialog.get_by_text("reached the end of the query")).to_be_visible()
    dialog.get_by_label("Query (JQL)").fill("type = Bug")
    dialog.get_by_role("button", name="Check", exact=True).click()
    expect(dialog.get_by_text(f"It matches {bugs} issues.")).to_be_visible()
    dialog.get_by_role("button", name="Save and fetch").click()
    expect(page.get_by_text(f"{bugs} issues fetched")).to_be_visible()
    page.get_by_role("button", name="Remove: Bugs").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Bugs was deleted.")).to_be_visible()
    expect(page.locator(".queries li")).to_have_count(1)


def test_another_mapping_shows_what_it_changes_and_is_applied_without_jira(
    place: Place, page: Page, cloud: FakeJira
) -> None:
    opened(place, page)
    connect(page, cloud)
    requests_before = cloud.requests
    page.get_by_role("link", name="Check the mapping").click()
    expect(page.get_by_text("Story Points: in", exact=False)).to_be_visible()
    page.get_by_role("radiogroup", name="In Review counts as").get_by_text("Done").click()
    cycle = page.locator(".effect tr", has_text="Median cycle time").locator("td")
    expect(cycle).to_have_count(3)
    before, after = cycle.nth(1).inner_text(), cycle.nth(2).inner_text()
    assert int(after.split()[0]) < int(before.split()[0])
    page.get_by_role("textbox", name="Points").click()
    page.get_by_role("option", name="None").click()
    expect(page.locator(".effect tr", has_text="Points a week").locator("td").nth(2)).to_have_text("0")
    page.locator("#save-mapping").click()
    expect(page.get_by_text("240 issues read anew", exact=False)).to_be_visible()
    expect(cycle).to_have_count(2)
    expect(cycle.nth(1)).to_have_text(after)
    assert cloud.requests == requests_before


# -- what goes wrong ------------------------------------------------------------------------------------


def test_a_wrong_token_is_told_beside_the_token(place: Place, page: Page, jira: FakeJira) -> None:
    opened(place, page)
    fill_in(page, jira, token="mistyped")
    page.get_by_role("button", name="Connect and fetch").click()
    expect(page.get_by_text("Jira does not accept the token.", exact=False)).to_be_visible()
    expect(page.get_by_label("Token", exact=True)).to_have_attribute("aria-describedby", _SAID_BESIDE)
    assert place.call("status", "--profiles", str(place.profiles))["counts"]["profiles"] == 0
    page.get_by_label("Token", exact=True).fill(TOKEN)
    try_out(page)
    expect(page.get_by_text("The connection works.")).to_be_visible()
    expect(page.get_by_label("Token", exact=True)).not_to_have_attribute("aria-describedby", _SAID_BESIDE)


def test_a_query_that_matches_nothing_is_no_success(place: Place, page: Page, cloud: FakeJira) -> None:
    opened(place, page)
    fill_in(page, cloud, jql="project = NOWHERE")
    page.get_by_role("button", name="Connect and fetch").click()
    expect(page.get_by_text("it matches nothing", exact=False)).to_be_visible()
    expect(page.get_by_role("heading", name="Synced")).to_have_count(0)


def test_a_jira_that_never_answers_holds_up_no_page_and_can_be_stopped(
    place: Place, page: Page, cloud: FakeJira
) -> None:
    opened(place, page)
    cloud.faults.silent = True
    page.get_by_label("Address").fill(cloud.url)
    try_out(page)
    stop = page.locator("#strip").get_by_role("button", name="Stop")
    expect(stop).to_be_visible()
    to_program(page)
    expect(page.get_by_text("Where the data lies")).to_be_visible(timeout=5_000)
    stop.click()
    expect(page.get_by_text("Testing the connection was stopped.")).to_be_visible(timeout=5_000)


def test_a_sync_goes_on_without_its_page_and_a_stopped_one_goes_on_where_it_stopped(
    place: Place, page: Page, cloud: FakeJira
) -> None:
    running = opened(place, page)
    fill_in(page, cloud)
    cloud.faults.slow_seconds = 0.3
    page.get_by_role("button", name="Connect and fetch").click()
    strip = page.locator("#strip")
    expect(strip).to_contain_text("of 240 issues")
    strip.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("the next sync goes on where this one stopped", exact=False)).to_be_visible()
    sync_button(page)
    expect(strip).to_contain_text("of 240 issues")
    page.goto("about:blank")
    cloud.faults.slow_seconds = 0
    page.goto(f"{running.origin}/data/sources/jira")
    expect(page.get_by_text("240 issues, last synced", exact=False)).to_be_visible()


# -- the token ------------------------------------------------------------------------------------------


def test_the_token_is_in_no_answer_to_the_page_and_in_no_file(place: Place, page: Page, cloud: FakeJira) -> None:
    leaks: list[str] = []

    def look(response: Response) -> None:
        try:
            if TOKEN in response.text():
                leaks.append(response.url)
        except (Error, UnicodeDecodeError):
            return

    page.on("response", look)
    running = opened(place, page)
    connect(page, cloud)
    page.reload()
    expect(page.get_by_text("240 issues, last synced", exact=False)).to_be_visible()
    assert TOKEN not in page.content()
    page.goto("about:blank")
    page.remove_listener("response", look)
    running.terminate()
    holding = [file for file in place.folder.rglob("*") if file.is_file() and TOKEN.encode() in file.read_bytes()]
    assert (leaks, holding) == ([], [])


def test_a_sealed_token_asks_for_its_passphrase_after_the_next_start(place: Place, page: Page, cloud: FakeJira) -> None:
    running = opened(place, page)
    page.get_by_role("textbox", name="Where the token is kept").click()
    page.get_by_role("option", name="In this data folder").click()
    page.get_by_label("Passphrase").fill("four words of mine")
    connect(page, cloud)
    page.goto("about:blank")
    running.terminate()
    again = place.start()
    page.goto(again.url)
    expect(page.locator("#answer")).to_contain_text("sure by")
    page.get_by_role("button", name="Sync", exact=True).click()
    page.get_by_role("textbox", name="Passphrase").fill("four words of mine")
    page.get_by_role("button", name="Unlock and sync").click()
    expect(page.get_by_text("nothing has changed since the last sync", exact=False)).to_be_visible()
    sealed = place.profiles / "secrets.json"
    assert TOKEN.encode() not in sealed.read_bytes()
