"""What was entered and not saved is not lost without a word: by a link, a key, Back, another project, or closing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.e2e.place import sample_opened


class Dialogs:
    """What the page asks, and what is answered."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.leaves = False

    def __call__(self, dialog: Dialog) -> None:
        self.questions.append(f"{dialog.type}: {dialog.message}")
        if self.leaves:
            dialog.accept()
        else:
            dialog.dismiss()

    def wait(self, page: Page) -> None:
        """For the first question: a page beside another one takes its time."""
        for _ in range(200):
            if self.questions:
                break
            page.wait_for_timeout(50)


QUESTION = "confirm: What you entered here is not saved. Leave all the same?"
Open = Callable[[str], tuple[Page, Dialogs]]


@pytest.fixture(scope="module")
def opened(built: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    with sample_opened(built, browser, tmp_path_factory.mktemp("unsaved")) as (page, address):
        dialogs = Dialogs()
        page.on("dialog", dialogs)

        def go(path: str) -> tuple[Page, Dialogs]:
            dialogs.leaves = True
            page.goto(address(path))
            page.wait_for_load_state("networkidle")
            dialogs.questions.clear()
            dialogs.leaves = False
            return page, dialogs

        yield go


def pick(page: Page) -> None:
    """Another meaning for a status than what is saved."""
    row = page.locator(".map-rows li", has_text="In Review")
    row.get_by_text("Done", exact=True).click()
    expect(page.locator("#map-preview")).to_contain_text("This is what saving would change.")


def is_picked(page: Page) -> bool:
    row = page.locator(".map-rows li", has_text="In Review")
    return row.get_by_role("radio", name="Done").is_checked()


def by_link(page: Page) -> None:
    page.get_by_role("link", name="Plan", exact=True).first.click()


def by_key(page: Page) -> None:
    # In a field a number is typed.
    page.get_by_role("heading", name="Meaning", exact=True).click()
    page.keyboard.press("2")


def by_back(page: Page) -> None:
    page.evaluate("history.back()")


WAYS = [by_link, by_key, by_back]


class TestWhatWasPicked:
    @pytest.mark.parametrize("leave", WAYS, ids=lambda way: way.__name__)
    def test_is_asked_about_and_stays(self, opened: Open, leave: Callable[[Page], None]) -> None:
        page, dialogs = opened("/data/sources")
        page.get_by_role("link", name="Meaning", exact=True).click()
        expect(page.locator("#map-preview")).to_be_visible()
        pick(page)
        leave(page)
        dialogs.wait(page)
        assert dialogs.questions == [QUESTION]
        assert "/data/meaning" in page.url
        assert is_picked(page)

    @pytest.mark.parametrize("leave", WAYS[:2], ids=lambda way: way.__name__)
    def test_is_left_behind_once_that_is_agreed_to(self, opened: Open, leave: Callable[[Page], None]) -> None:
        page, dialogs = opened("/data/meaning")
        pick(page)
        dialogs.leaves = True
        leave(page)
        page.wait_for_url("**/plan/**")
        assert dialogs.questions == [QUESTION]

    def test_is_asked_about_before_another_project_is_looked_at(self, opened: Open) -> None:
        page, dialogs = opened("/data/meaning")
        pick(page)
        page.locator(".pickers input, .top input").first.click()
        page.get_by_role("option", name="All projects").click()
        dialogs.wait(page)
        assert dialogs.questions == [QUESTION]
        assert is_picked(page)

    def test_is_asked_about_before_the_window_closes(self, opened: Open) -> None:
        page, dialogs = opened("/data/meaning")
        pick(page)
        page.evaluate("setTimeout(() => location.reload())")
        page.wait_for_timeout(500)
        assert dialogs.questions == ["beforeunload: "]
        assert is_picked(page)

    def test_is_no_question_once_it_is_put_back(self, opened: Open) -> None:
        page, dialogs = opened("/data/meaning")
        pick(page)
        page.locator("#map-back").click()
        expect(page.locator("#map-preview")).to_contain_text("Nothing yet.")
        by_link(page)
        page.wait_for_url("**/plan/**")
        assert dialogs.questions == []

    def test_is_no_question_once_it_is_saved(self, opened: Open) -> None:
        page, dialogs = opened("/data/meaning")
        pick(page)
        page.locator("#save-mapping").click()
        expect(page.locator("#map-preview")).to_contain_text("Nothing yet.")
        by_link(page)
        page.wait_for_url("**/plan/**")
        assert dialogs.questions == []
        page, dialogs = opened("/data/meaning")
        page.locator("#map-back").click()
        page.locator("#save-mapping").click()
        expect(page.locator("#map-preview")).to_contain_text("Nothing yet.")


def test_a_name_that_is_typed_is_asked_about(opened: Open) -> None:
    page, dialogs = opened("/plan/milestones")
    page.locator("#dated-name").fill("Beta")
    page.get_by_role("link", name="Flow", exact=True).first.click()
    dialogs.wait(page)
    assert dialogs.questions == [QUESTION]
    assert page.locator("#dated-name").input_value() == "Beta"


def test_a_setting_that_is_saved_by_itself_is_asked_about_only_while_it_is_typed(opened: Open) -> None:
    page, dialogs = opened("/settings/project")
    field = page.locator("#page input[type=text]").nth(1)
    field.fill("8")
    page.evaluate("setTimeout(() => location.reload())")
    page.wait_for_timeout(500)
    assert dialogs.questions == ["beforeunload: "]
    dialogs.questions.clear()
    by_link(page)
    page.wait_for_url("**/plan/**")
    assert dialogs.questions == []
