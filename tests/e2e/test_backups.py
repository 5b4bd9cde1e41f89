"""A backup put back: from the Settings page while the app runs, and from the starting page when it cannot start."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.place import Place, Running


def sample(place: Place, page: Page) -> Running:
    """The app, started and with the sample project open."""
    running = place.start()
    page.goto(running.url)
    page.get_by_role("button", name="Open the sample project").click()
    expect(page.locator("#answer")).to_contain_text("sure by")
    return running


def test_a_deleted_project_comes_back_from_the_list_of_backups(place: Place, page: Page) -> None:
    address = sample(place, page).origin
    page.goto(f"{address}/projects")
    page.get_by_role("link", name="Delete").first.click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    page.goto(f"{address}/settings/backups")
    backups = page.get_by_role("region", name="Backups")
    expect(backups.get_by_text("before something was deleted")).to_be_visible()
    backups.get_by_role("button", name="Put back the backup").first.click()
    page.get_by_role("button", name="Put it back", exact=True).click()
    expect(page.locator("#answer")).to_contain_text("sure by")
    (aside,) = (place.profiles / "set-aside").iterdir()
    assert (aside / "burndown.db").is_file()


def test_a_torn_database_is_put_back_from_the_starting_page(place: Place, page: Page) -> None:
    running = sample(place, page)
    # A page left open would log that nobody answers it any more.
    page.goto("about:blank")
    running.terminate()
    database = place.profiles / "burndown.db"
    database.write_bytes(database.read_bytes()[:20_000])
    page.goto(place.start().url)
    offer = page.get_by_role("button", name="Put back the backup")
    expect(offer).to_contain_text("1 project")
    offer.click()
    expect(page.locator("#answer")).to_contain_text("sure by")
