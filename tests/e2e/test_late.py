"""An answer that arrives when its page is gone fills no page of another project that has parts of the same names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import APIResponse, Dialog, Locator, Page, Route, expect

from tests.e2e.place import Place, settle
from tests.e2e.test_weeks import begin_table

# More than of which the answer comes before what stands beside it.
_MANY = 5_200


def csv_of(count: int, per_day: int) -> str:
    """A list of so many items as CSV, some finished each day."""
    today = date.today()  # noqa: DTZ011 the app's day is the user's day
    days = [today - timedelta(days=1 + at // per_day) for at in range(count)]
    rows = [f"W-{at},{day - timedelta(days=9)},{day if at % 3 else ''}" for at, day in enumerate(days)]
    return "\n".join(["Key,Created,Finished", *rows]) + "\n"


class LateAnswers:
    """What the app answers to requests with this text in them; the browser gets it when `let_go` is called."""

    def __init__(self, page: Page, about: str) -> None:
        self._page, self._about = page, about
        self._answers: list[tuple[Route, APIResponse]] = []
        page.route("**/_dash-update-component*", self._take)

    def _take(self, route: Route) -> None:
        if self._about in (route.request.post_data or ""):
            self._answers.append((route, route.fetch()))
        else:
            route.continue_()

    def wait(self) -> None:
        while not self._answers:
            self._page.wait_for_timeout(50)

    def let_go(self) -> None:
        answers, self._answers, self._about = self._answers, [], "nothing else"
        assert answers
        for route, answer in answers:
            route.fulfill(response=answer)
        # The app is asked for nothing and draws nothing any more.
        settle(self._page, seconds=1)


def texts(page: Page, parts: Sequence[str]) -> list[str]:
    return [page.locator(f"#{part}").inner_text() for part in parts]


def pick(page: Page, label: str, name: str) -> None:
    page.locator("#pickers").get_by_role("textbox", name=label, exact=True).click()
    page.get_by_role("option", name=name, exact=True).click()


def test_what_stands_beside_the_answer_of_one_project_never_fills_the_page_of_another(
    place: Place, page: Page, tmp_path: Path
) -> None:
    for name, count, per_day in (("Small", 120, 2), ("Large", _MANY, 40)):
        file = Path(tmp_path, f"{name}.csv")
        file.write_text(csv_of(count, per_day), encoding="utf-8")
        place.call("import", str(file), "--project", name, "--work", f"{name} work")
    beside = ("what-moved", "what-stands-out")
    # What each project says of itself, and Back to where the question was asked: there its answer is welcome.
    late = LateAnswers(page, '"awaited"')
    page.goto(place.start().url)
    expect(page.locator("#what-moved")).to_contain_text("One moment.")
    late.wait()
    pick(page, "Project", "Small")
    expect(page.locator("#what-moved")).not_to_contain_text("One moment.")
    alone = texts(page, beside)
    late.let_go()
    assert texts(page, beside) == alone
    page.go_back()
    expect(page.locator("#pickers").get_by_role("textbox", name="Project", exact=True)).to_have_value("Large")
    expect(page.locator("#what-moved")).to_contain_text("Moved since")
    assert texts(page, beside) != alone
    # Of the same work seen in another way all is asked for anew.
    page.evaluate("window.burndownFrame.go(location.pathname + location.search + '&window=5')")
    expect(page.locator("#what-stands-out")).not_to_contain_text("One moment.")


def test_what_is_left_of_one_work_list_never_fills_the_fields_of_another(place: Place, page: Page) -> None:
    picker = two_lists(place, page)
    late = LateAnswers(page, '"save-left"')
    left = page.get_by_label("Remaining items")
    left.fill("20")
    page.get_by_role("button", name="Save", exact=True).click()
    late.wait()
    pick(page, "Work list", "Other work")
    expect(picker).to_have_value("Other work")
    expect(left).to_have_value("")
    late.let_go()
    # It is saved where it was typed, and says so; the fields of the other list stay as they are.
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(left).to_have_value("")
    pick(page, "Work list", "My work")
    expect(left).to_have_value("20")


def two_lists(place: Place, page: Page) -> Locator:
    """With a table of weeks each; the first is open. The picker of work lists."""
    begin_table(place, page)
    page.get_by_text("Begin another table").click()
    page.get_by_label("Work list").last.fill("Other work")
    page.get_by_role("button", name="Begin the table").click()
    picker = page.locator("#pickers").get_by_role("textbox", name="Work list", exact=True)
    expect(picker).to_have_value("Other work")
    pick(page, "Work list", "My work")
    expect(picker).to_have_value("My work")
    settle(page, seconds=1)
    return picker


def test_what_was_typed_into_a_cell_that_was_left_by_going_back_is_saved_where_it_was_typed(
    place: Place, page: Page
) -> None:
    picker = two_lists(place, page)
    cell = page.get_by_label(re.compile("^Finished items")).nth(6)
    cell.click()
    page.keyboard.type("27")
    page.go_back()
    expect(picker).to_have_value("Other work")
    expect(page.get_by_text("Saved in My project › My work.", exact=True)).to_be_visible()
    expect(cell).to_have_value("")
    pick(page, "Work list", "My work")
    expect(picker).to_have_value("My work")
    expect(cell).to_have_value("27")


def test_what_was_typed_while_an_answer_was_awaited_is_saved_whoever_leaves_meanwhile(place: Place, page: Page) -> None:
    picker = two_lists(place, page)
    numbers = page.get_by_label(re.compile("^Finished items"))
    late = LateAnswers(page, '"weeks-edit"')
    numbers.nth(5).click()
    # The second is entered and the third is not, before the app has said anything of the first.
    page.keyboard.type("21")
    page.keyboard.press("Enter")
    late.wait()
    page.keyboard.type("22")
    page.keyboard.press("Enter")
    page.keyboard.type("23")
    page.go_back()
    expect(picker).to_have_value("Other work")
    late.let_go()
    expect(numbers.nth(5)).to_have_value("")
    pick(page, "Work list", "My work")
    expect(picker).to_have_value("My work")
    for at, text in enumerate(("21", "22", "23"), 5):
        expect(numbers.nth(at)).to_have_value(text)


def test_what_is_pasted_while_an_answer_is_awaited_is_taken_in_after_it(place: Place, page: Page) -> None:
    two_lists(place, page)
    numbers = page.get_by_label(re.compile("^Finished items"))
    late = LateAnswers(page, '"weeks-edit"')
    numbers.nth(5).fill("21")
    numbers.nth(5).press("Enter")
    late.wait()
    numbers.nth(7).evaluate(
        """cell => { const data = new DataTransfer(); data.setData("text/plain", "31\\n32");
        cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }"""
    )
    late.let_go()
    for at, text in ((5, "21"), (7, "31"), (8, "32")):
        expect(numbers.nth(at)).to_have_value(text)


def test_numbers_that_were_refused_are_asked_about_before_they_are_left(place: Place, page: Page) -> None:
    two_lists(place, page)
    cell = page.get_by_label(re.compile("^Finished items")).nth(5)
    cell.fill("many")
    cell.press("Enter")
    expect(page.get_by_text("cannot be used: not saved")).to_be_visible()
    questions: list[str] = []

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Answer", exact=True).first.click()
    assert questions == ["What you entered here is not saved. Leave all the same?"]
    expect(cell).to_have_value("many")


def test_what_is_done_while_the_next_page_is_on_its_way_is_done_to_the_page_that_is_shown(
    place: Place, page: Page
) -> None:
    picker = two_lists(place, page)
    left = page.get_by_label("Remaining items")
    left.fill("31")
    late = LateAnswers(page, "nav.children")
    pick(page, "Work list", "Other work")
    late.wait()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    late.let_go()
    expect(picker).to_have_value("Other work")
    expect(left).to_have_value("")
    pick(page, "Work list", "My work")
    expect(picker).to_have_value("My work")
    expect(left).to_have_value("31")
