"""Twelve tasks of a new user, each in few steps and without reading, on a desk and on a phone.

A step is what a hand does: a click, a field filled in, a key. Who needs more of them than is budgeted has lost the way.
How long a person takes is measured, and not tested, with a pause before each step:
`BURNDOWN_HAND_SECONDS=1.5 python3 -m pytest tests/e2e/test_twelve_tasks.py --durations=0`.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.place import Place, until, watched_page

_SIZES = {"desk": (1440, 900), "phone": (390, 844)}
# On a phone four pages have a place of their own in the bar; the others are behind More.
_BEHIND_MORE = ("Sprints", "Quality", "Data")
# Between typing and Enter: nobody is faster.
_A_BREATH = 300
# What a person needs to find the next place and to get there.
_HAND_MS = float(os.environ.get("BURNDOWN_HAND_SECONDS") or 0) * 1000
_TEAM = ("Ada", "Ben", "Cleo", "Dan", "Eve")


@dataclass
class User:
    """Somebody at the page, who counts every step."""

    page: Page
    is_phone: bool
    steps: int = 0

    def _step(self) -> None:
        self.steps += 1
        if _HAND_MS:
            self.page.wait_for_timeout(_HAND_MS)

    def click(self, what: Locator) -> None:
        self._step()
        what.click()

    def fill(self, what: Locator, text: str) -> None:
        self._step()
        what.fill(text)

    def press(self, key: str) -> None:
        self._step()
        self.page.keyboard.press(key)

    def go_to(self, name: str, tab: str = "") -> None:
        """By the navigation, and then by the tab."""
        entries = self.page.get_by_role("navigation", name="Pages")
        if self.is_phone and name in _BEHIND_MORE:
            self.click(entries.get_by_text("More", exact=True))
            self.click(entries.locator(".more-pages").get_by_role("link", name=name))
        else:
            self.click(entries.get_by_role("link", name=name).first)
        if tab:
            self.click(self.page.get_by_role("navigation", name="Tabs").get_by_role("link", name=tab))
            expect(self.page).to_have_title(re.compile(re.escape(tab)))

    def may_take(self, steps: int) -> None:
        assert self.steps <= steps, f"{self.steps} steps for a task of {steps}"


@dataclass
class Desk:
    """A running program with the work imported, and a page on its answer."""

    page: Page
    answer: str
    exports: Path
    is_phone: bool

    def sit_down(self) -> User:
        """At the answer, as somebody who just came."""
        self.page.goto(self.answer)
        expect(self.page.locator("#answer")).to_contain_text("sure by")
        self.page.wait_for_load_state("networkidle")
        return User(self.page, self.is_phone)


def today() -> date:
    return datetime.now(UTC).date()


def export(path: Path, key: str, day: date) -> Path:
    """Sixty finished at four a week by five people, twenty four open of two versions; the oldest is number 60."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Key", "Summary", "Type", "Status", "Created", "Started", "Finished", "Fix Version", "Assignee"])
        for at in range(60):
            done = day - timedelta(days=3 + 7 * (at // 4) + at % 4)
            start, born = done - timedelta(days=2 + at % 9), done - timedelta(days=40)
            who = _TEAM[at % len(_TEAM)]
            rows.writerow([f"{key}-{at}", f"Finished {at}", "Story", "Done", born, start, done, "1.0", who])
        for at in range(60, 84):
            born = day - timedelta(days=140 - at)
            rows.writerow([f"{key}-{at}", f"Open {at}", "Story", "To Do", born, "", "", "1.1" if at % 2 else "1.2", ""])
    return path


@pytest.fixture(scope="module", params=list(_SIZES))
def desk(
    built: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("tasks")
    where = Place(folder, Path(shutil.copy2(built, folder)), folder / "home", folder / "temp")
    where.home.mkdir()
    where.temp.mkdir()
    width, height = _SIZES[request.param]
    try:
        with watched_page(browser) as page:
            page.set_viewport_size({"width": width, "height": height})
            page.add_init_script("window.print = () => { window.hasPrinted = true; };")
            page.goto(where.start("--profiles", str(where.profiles)).url)
            user = User(page, request.param == "phone")
            _chart_from_a_csv(user, export(folder / "work.csv", "WORK", today()))
            yield Desk(page, page.url, folder, user.is_phone)
    finally:
        where.stop_all()


def _chart_from_a_csv(user: User, file: Path) -> None:
    """The first task: from nothing to a chart."""
    with user.page.expect_file_chooser() as chosen:
        user.click(
            user.page.get_by_role("button", name="Choose a file").or_(user.page.get_by_text("Choose a file")).first
        )
    chosen.value.set_files(file)
    user.steps += 1
    expect(user.page.locator("#answer")).to_contain_text("sure by")
    expect(user.page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    user.may_take(2)


def test_when_will_it_be_done_and_how_sure_is_that(desk: Desk) -> None:
    user = desk.sit_down()
    expect(user.page.locator("#answer")).to_contain_text(re.compile(r"85\s%\ssure by \d+ \w+\.? \d{4}"))
    expect(user.page.locator(".odds")).to_contain_text("Even odds")
    user.may_take(0)


def test_a_deadline_and_a_milestone_for_a_version(desk: Desk) -> None:
    user, page = desk.sit_down(), desk.page
    deadline, beta = today() + timedelta(days=70), today() + timedelta(days=40)
    user.fill(page.locator("#deadline-day"), deadline.isoformat())
    page.wait_for_timeout(_A_BREATH)
    user.press("Enter")
    expect(page.locator(".deadline .chance")).to_contain_text("%")
    user.click(page.get_by_role("region", name="Milestones").get_by_role("link", name="+ Add"))
    user.fill(page.get_by_label("Name", exact=True), "Beta")
    user.fill(page.get_by_label("Date", exact=True), beta.isoformat())
    user.click(page.get_by_role("textbox", name="Which work"))
    user.click(page.get_by_role("option", name="1.1", exact=True))
    user.click(page.get_by_role("button", name="Add", exact=True))
    row = page.locator("[data-sortable] li", has_text="Beta")
    expect(row).to_contain_text("Version: 1.1")
    expect(row).to_contain_text("%")
    user.may_take(9)


def test_why_did_the_date_move(desk: Desk) -> None:
    user, page = desk.sit_down(), desk.page
    moved = page.get_by_role("region", name=re.compile("Moved since"))
    expect(moved.locator(".why")).to_contain_text(re.compile("date|finished|added"))
    user.click(moved.locator(".changes a.number").first)
    expect(page.get_by_role("dialog").get_by_role("heading").first).to_be_visible()
    user.may_take(1)


def test_what_is_the_oldest_unfinished_item(desk: Desk) -> None:
    user = desk.sit_down()
    user.go_to("Issues")
    first = user.page.locator(".table.issues tbody tr").first
    expect(first).to_contain_text("WORK-60")
    expect(first).to_contain_text(re.compile(r"8[01]\sd"))
    user.may_take(1)


def test_which_issues_are_behind_any_five_numbers(desk: Desk) -> None:
    for at in range(5):
        user, page = desk.sit_down(), desk.page
        # A date and a chance lead to how they came about, which no list of issues is.
        number = page.locator(
            ':is(.foot, .changes) a.number:not([href*="show=answer"]):not([href*="show=chance"])'
        ).nth(at)
        user.click(number)
        panel = page.get_by_role("dialog")
        heading = panel.get_by_role("heading", name=re.compile("Issues"))
        expect(heading.or_(panel.get_by_text("No issue")).first).to_be_visible()
        user.press("Escape")
        expect(panel).to_have_count(0)
        user.may_take(2)


def test_a_report_to_the_boss(desk: Desk) -> None:
    user, page = desk.sit_down(), desk.page
    user.click(page.locator("summary", has_text="Share"))
    user.click(page.locator("summary", has_text="Report"))
    with page.expect_download() as kept:
        user.click(page.get_by_role("button", name="Save"))
    text = Path(kept.value.path()).read_text(encoding="utf-8")
    assert "sure by" in text
    assert re.findall(r'(?:src|href|action)="(?!data:|#)[^"]*"', text) == []
    user.may_take(3)


def test_what_if_two_people_leave(desk: Desk) -> None:
    user, page = desk.sit_down(), desk.page
    user.go_to("Plan", "What if")
    slider = page.get_by_role("slider", name=re.compile("People who stay"))
    slider.focus()
    user.press("ArrowLeft")
    user.press("ArrowLeft")
    expect(page.locator(".finding")).to_contain_text(re.compile(r"not saved.*later"))
    user.may_take(4)


def test_which_items_to_drop_for_a_date(desk: Desk) -> None:
    user, page = desk.sit_down(), desk.page
    before = page.locator("#ways").inner_text()
    user.fill(page.locator("#deadline-day"), (today() + timedelta(days=28)).isoformat())
    page.wait_for_timeout(_A_BREATH)
    user.press("Enter")
    expect(page.locator("#ways")).not_to_have_text(before)
    drop = page.locator("#ways a.number").first
    expect(drop).to_contain_text("item")
    count = int(re.findall(r"\d+", drop.inner_text())[0])
    user.click(drop)
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", name=f"Issues ({count})")).to_be_visible()
    expect(panel.locator(".table.issues tbody tr")).to_have_count(min(count, 20))
    user.may_take(3)


def test_is_the_service_level_met(desk: Desk) -> None:
    user, page = desk.sit_down(), desk.page
    user.go_to("Flow", "Cycle time")
    user.fill(page.get_by_label("Days from start to finish"), "20")
    user.click(page.get_by_role("button", name="Set"))
    expect(page.locator(".finding")).to_contain_text("within 20 days: met")
    user.may_take(4)


def test_a_wrong_import_is_taken_back(desk: Desk) -> None:
    user, page = desk.sit_down(), desk.page
    work = page.url
    page.goto(work.replace("/?", "/data/sources?"))
    expect(page.get_by_text("Add a source")).to_be_visible()
    page.get_by_text("Add a source").click()
    page.locator("input[type=file]").first.set_input_files(export(desk.exports / "wrong.csv", "OTHER", today()))
    expect(page.get_by_text("File · wrong.csv")).to_be_visible()
    user.steps = 0
    user.go_to("Data")
    user.click(page.get_by_role("button", name="Take this import back").first)
    expect(page.get_by_text("File · wrong.csv")).to_have_count(0)
    expect(page.get_by_text("File · work.csv")).to_be_visible()
    user.may_take(3)


def test_a_page_is_printed(desk: Desk) -> None:
    user, page = desk.sit_down(), desk.page
    user.click(page.locator("summary", has_text="Share"))
    user.click(page.get_by_role("button", name="Print or PDF"))
    until(page, "window.hasPrinted === true")
    page.emulate_media(media="print")
    try:
        expect(page.locator("#answer")).to_be_visible()
        expect(page.locator("#nav")).to_be_hidden()
    finally:
        page.emulate_media(media="screen")
    user.may_take(2)
