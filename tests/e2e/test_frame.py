"""The frame of the pages, as a user meets it: numbers lead to issues, Back closes, keys, other windows, the end."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.place import Place, Running, settle


def sample(place: Place, page: Page) -> Running:
    running = place.start()
    page.goto(running.url)
    page.get_by_role("button", name="Open the sample project").click()
    expect(page.locator("#answer")).to_contain_text("sure by")
    expect(page).to_have_url(re.compile("profile=.*query="))
    return running


def test_a_bar_of_a_chart_opens_its_issues_and_back_closes_them(place: Place, page: Page) -> None:
    sample(place, page)
    page.keyboard.press("3")
    page.get_by_role("navigation", name="Tabs").get_by_role("link", name="Throughput").click()
    bars = page.locator(".js-plotly-plot .bars .point")
    expect(bars.nth(8)).to_be_visible()
    page.wait_for_timeout(500)
    box = bars.nth(8).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", name=re.compile(r"Issues \(\d+\)"))).to_be_visible()
    expect(page).to_have_url(re.compile("show=week"))
    rows = panel.locator(".table.issues tbody tr")
    heading = panel.get_by_role("heading", name="Issues").inner_text()
    expect(rows).to_have_count(int(re.findall(r"\d+", heading)[0]))
    page.go_back()
    expect(panel).to_be_hidden()
    expect(page).to_have_url(re.compile("/flow/"))


def test_three_steps_lead_from_a_number_to_an_issue(place: Place, page: Page) -> None:
    sample(place, page)
    page.locator(".foot a").first.click()
    page.get_by_role("dialog").get_by_role("link", name=re.compile("in Issues")).click()
    expect(page.get_by_role("heading", name="Issues", level=1)).to_be_visible()
    page.locator("main .table.issues td a").first.click()
    expect(page.get_by_role("heading", name="Way through the statuses")).to_be_visible()
    expect(page).to_have_title(re.compile(r"^SHOP-\d+ · "))


def test_the_keyboard_leads_to_every_page_and_to_the_search(place: Place, page: Page) -> None:
    sample(place, page)
    for key, path in zip("1234567", ("/", "/plan", "/flow", "/sprints", "/quality", "/issues", "/data"), strict=True):
        # A page that is still on its way answers to no key: nobody types before it is there.
        settle(page, 1)
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(rf"\d{path}[/?]?.*profile="))
    settle(page, 1)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search key or words")).to_be_focused()
    page.keyboard.type("invoice")
    expect(page).to_have_url(re.compile("q=invoice"))
    settle(page, 1)
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("Control+k")
    page.keyboard.type("progress")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/plan/progress"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_a_filter_is_in_the_address_and_goes_with_its_cross(place: Place, page: Page) -> None:
    sample(place, page)
    page.locator("summary", has_text="Filter").click()
    page.locator(".filter").get_by_role("link", name=re.compile("Bug")).click()
    expect(page.locator(".bar-note")).to_contain_text("Seen through a filter")
    expect(page).to_have_url(re.compile("where=type%3DBug"))
    page.reload()
    expect(page.locator(".chip")).to_contain_text("Type: Bug")
    page.locator(".chip").click()
    expect(page.locator(".all-work")).to_be_visible()


def test_what_this_window_changed_is_no_news_while_its_page_is_on_its_way(place: Place, page: Page) -> None:
    sample(place, page)

    def answer_late(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    page.route("**/_dash-update-component", answer_late)
    field = page.locator("#deadline-day")
    field.fill("2031-05-01")
    field.press("Enter")
    for _each in range(10):
        page.wait_for_timeout(500)
        assert page.get_by_text("Something was changed in another window.").count() == 0
    page.unroute("**/_dash-update-component")
    expect(field).to_have_value(re.compile("May 2031"))


def test_an_empty_field_for_a_day_opens_its_calendar_which_goes_when_a_day_is_typed(place: Place, page: Page) -> None:
    sample(place, page)
    field = page.locator("#deadline-day")
    field.fill("")
    field.press("Enter")
    expect(page.get_by_text("No deadline is set.")).to_be_visible()
    field.click()
    calendar = page.locator(".mantine-Popover-dropdown")
    expect(calendar).to_be_visible()
    page.keyboard.type("1 May 2031")
    expect(calendar).to_have_count(0)
    page.keyboard.press("Enter")
    expect(field).to_have_value(re.compile("May 2031"))


def test_a_change_in_another_window_is_seen_and_a_page_goes_on_after_a_restart(place: Place, browser: Browser) -> None:
    # Not a watched page: what it asks while nobody answers, or another run does, is logged by the browser.
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    running = sample(place, page)
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("#answer")).to_contain_text("sure by")
    # The page's parts answer to keys a moment after they are seen.
    other.wait_for_timeout(2_500)
    field = other.locator("#deadline-day")
    field.fill("2031-05-01")
    field.press("Enter")
    here = page.locator("#deadline-day")
    expect(here).to_have_value(re.compile("May 2031"))
    # What was typed, be it refused, is not taken away by it.
    here.fill("the end of June")
    here.press("Enter")
    expect(page.get_by_text("is not understood as a day")).to_be_visible()
    expect(field).to_have_value(re.compile("May 2031"))
    field.fill("2031-06-30")
    field.press("Enter")
    expect(page.get_by_text("Something was changed in another window.")).to_be_visible()
    expect(here).to_have_value("the end of June")
    page.get_by_role("button", name="Show it").click()
    expect(here).to_have_value(re.compile("Jun.* 2031"))
    running.terminate()
    expect(page.get_by_text("Burndown is not running.")).to_be_visible(timeout=6_000)
    again = place.start("--port", str(running.port))
    # Whatever the page of before asks of the new run, it waits.
    for event in ("pagehide", "pageshow"):
        page.evaluate(f"window.dispatchEvent(new Event('{event}'))")
    page.evaluate("fetch('/_news').then(() => 0)")
    page.wait_for_timeout(3_000)
    expect(page.get_by_text("Burndown is not running.")).to_be_visible()
    other.goto(again.url)
    expect(other.locator("#answer")).to_contain_text("sure by")
    expect(page.get_by_text("Burndown is not running.")).to_be_hidden()
    expect(page.locator("#answer")).to_contain_text("sure by")
    context.close()
