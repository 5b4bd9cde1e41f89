"""Weeks typed and pasted where there is no tracker, and corrections that outlive the next import."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.e2e.place import Place
from tests.e2e.test_first_minute import import_list, list_of_items


def open_weeks(page: Page) -> Locator:
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Data").click()
    link = page.get_by_role("link", name="Weeks by hand")
    ways = page.locator("#add-source > summary")
    expect(link.or_(ways).first).to_be_visible()
    if not link.is_visible():  # where there are data already, the ways in are behind a line
        ways.click()
    link.click()
    return page.locator("#weeks-table")


def cells(table: Locator, column: str) -> Locator:
    return table.get_by_role("textbox", name=f"{column}, week from")


def paste(cell: Locator, text: str) -> None:
    """As a spreadsheet hands it over: Chromium gives tests no clipboard without asking."""
    cell.evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def begin_table(place: Place, page: Page) -> Locator:
    page.goto(place.start().url)
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    table = open_weeks(page)
    page.get_by_role("button", name="Begin the table").click()
    expect(cells(table, "Finished items")).to_have_count(13)
    return table


def test_weeks_typed_with_the_keyboard_alone_become_a_forecast(place: Place, page: Page) -> None:
    table = begin_table(place, page)
    finished = cells(table, "Finished items")
    finished.nth(6).focus()
    for number in (3, 4, 0, 5, 2, 4):
        page.keyboard.type(str(number))
        page.keyboard.press("Enter")
    expect(finished.last).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("many")
    page.keyboard.press("Tab")
    expect(table).to_contain_text("many is not a number.")
    expect(table.get_by_role("status")).to_contain_text("not saved")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    expect(table.get_by_role("status")).to_have_text("Saved.")
    expect(page.locator("#weeks-answer")).to_contain_text("how much is left")
    page.get_by_label("Remaining items").fill("20")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#weeks-answer")).to_contain_text("even odds")
    finished.last.focus()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Remaining items")).to_have_value("17")
    # The forecast, with its link, is built anew after the amount.
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="See the forecast").click()
    expect(page.locator("#answer")).to_contain_text("sure by")
    expect(page.locator(".foot")).to_contain_text("17 left of")


def test_what_was_typed_an_instant_before_save_is_what_is_saved(place: Place, page: Page) -> None:
    begin_table(place, page)
    page.evaluate(
        """() => {
            const field = document.getElementById("left-items");
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, "20");
            field.dispatchEvent(new Event("input", {bubbles: true}));
            document.getElementById("save-left").click();
        }"""
    )
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_label("Remaining items")).to_have_value("20")


def hold_answers(page: Page, about: str) -> None:
    """Requests with this text in them wait until the page's `letThemGo` is called."""
    page.evaluate(
        """(about) => {
            const ask = window.fetch;
            const held = new Promise((done) => (window.letThemGo = done));
            window.fetch = (address, options) =>
                String(options && options.body).includes(about)
                    ? held.then(() => ask(address, options))
                    : ask(address, options);
        }""",
        about,
    )


def test_what_is_typed_below_stays_when_the_answer_about_a_week_comes_late(place: Place, page: Page) -> None:
    table = begin_table(place, page)
    hold_answers(page, "weeks-edit")
    cells(table, "Finished items").nth(10).fill("4")
    cells(table, "Finished items").nth(10).press("Enter")
    left = page.get_by_label("Remaining items")
    left.fill("20")
    expect(table.get_by_role("status")).to_have_text("Saving …")
    page.evaluate("window.letThemGo()")
    expect(table.get_by_role("status")).to_have_text("Saved.")
    page.wait_for_timeout(300)
    expect(left).to_have_value("20")


def test_a_pasted_block_is_saved_whole_or_not_at_all_and_undone_in_one_step(place: Place, page: Page) -> None:
    table = begin_table(place, page)
    finished, new = cells(table, "Finished items"), cells(table, "New items")
    paste(finished.first, "Finished\tNew\n3\t9\n4\t1\nfew\t0\n")
    expect(table).to_contain_text("few is not a number.")
    expect(new.nth(9)).to_have_value("9")
    page.reload()
    expect(finished).to_have_count(13)
    expect(finished.nth(9)).to_have_value("")
    paste(finished.first, "Finished\tNew\n3\t9\n4\t1\n5\t0\n")
    expect(finished.nth(11)).to_have_value("5")
    expect(table.get_by_role("status")).to_have_text("Saved.")
    table.get_by_role("button", name="Undo").click()
    expect(finished.nth(11)).to_have_value("")
    last = date.today() - timedelta(days=date.today().weekday(), weeks=1)  # noqa: DTZ011 the user's day
    paste(new.first, f"{last:%d/%m/%Y}\t7\n{last - timedelta(weeks=40):%d/%m/%Y}\t2\n")
    expect(new).to_have_count(42)
    expect(new.nth(40)).to_have_value("7")
    page.reload()
    expect(new.first).to_have_value("2")


def test_a_corrected_week_is_marked_and_outlives_the_next_import(place: Place, page: Page) -> None:
    page.goto(place.start().url)
    import_list(page)
    table = open_weeks(page)
    finished = cells(table, "Finished items")
    expect(finished.last).to_have_value("2")
    finished.last.focus()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(table).to_contain_text("2 counted")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Data").click()
    content = list_of_items(date.today(), 21).encode()  # noqa: DTZ011 the user's day
    page.locator("#upload input[type=file]").set_input_files(
        {"name": "plan.csv", "mimeType": "text/csv", "buffer": content}
    )
    expect(page.locator("main")).to_contain_text("63 of 63 rows kept")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Flow").click()
    page.get_by_role("navigation", name="Tabs").get_by_role("link", name="Throughput").click()
    expect(page.get_by_text("1 week was corrected by hand")).to_be_visible()
    open_weeks(page)
    expect(finished.last).to_have_value("9")
    page.get_by_role("button", name="Take back the week from").click()
    expect(finished.last).to_have_value("2")
    assert place.call("check", "--profiles", str(place.profiles))["ok"] is True


def test_issues_pasted_from_a_spreadsheet_become_a_dashboard(place: Place, page: Page) -> None:
    page.goto(place.start().url)
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    text = list_of_items(date.today(), 20).replace(",", "\t")  # noqa: DTZ011 the user's day
    page.get_by_label("Cells from a spreadsheet").fill(text)
    page.get_by_role("region", name="Paste from a spreadsheet").get_by_role("button", name="Import").click()
    expect(page.locator("#answer")).to_contain_text("sure by")
