"""All of it by the keyboard alone: every part is reached, seen where it is, and leads back to where one was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.place import opening, sample_opened

Open = Callable[[str], Page]
_MOST = 250

# How everything looks that the keyboard may come to, and what lies beside and around it, before it is there.
_BEFORE = """() => {
    const look = part => [part, part.nextElementSibling, part.parentElement].filter(Boolean).map(each => {
        const style = getComputedStyle(each)
        const frame = [style.outlineStyle, style.outlineColor, style.boxShadow, style.borderColor]
        return [...frame, style.backgroundColor].join()
    }).join()
    window.lookOf = look
    document.querySelectorAll('a, button, summary, input, select, textarea, [tabindex]').forEach(part => {
        part.before = look(part)
    })
}"""
# Where the keyboard is: whether that is seen, and whether it is on the screen.
_NOW = """() => new Promise(done => setTimeout(() => {
    const part = document.activeElement
    if (!part || part === document.body) return done(null)
    const box = (part.type === 'radio' ? part.nextElementSibling || part : part).getBoundingClientRect()
    part.place = part.place || Math.random()
    part.was = true
    const isThere = box.width > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    const isMarked = part.before === undefined || part.before !== lookOf(part)
    done({place: part.place, html: part.outerHTML.slice(0, 150), isSeen: isMarked && isThere})
}, 30))"""
_PASSED_OVER = """() => Array.from(document.querySelectorAll(
    'a[href], button, summary, input, select, textarea, [tabindex="0"]'
)).filter(part => !part.was && !part.disabled && part.tabIndex >= 0 && part.getClientRects().length
    && getComputedStyle(part).visibility !== 'hidden' && !part.closest('details:not([open]) > :not(summary)')
    && !(part.type === 'radio' && !part.checked)).map(part => part.outerHTML.slice(0, 150))"""


@pytest.fixture(scope="module")
def opened(built: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens an address of the sample project, always in the same browser tab of the same program."""
    with sample_opened(built, browser, tmp_path_factory.mktemp("keyboard")) as (page, address):
        page.emulate_media(reduced_motion="reduce")
        yield opening(page, address)


def walked(page: Page) -> tuple[list[Any], list[str]]:
    """Every step of Tab through the page; and what it came to twice."""
    page.evaluate(_BEFORE)
    steps: list[Any] = []
    for _ in range(_MOST):
        page.keyboard.press("Tab")
        step = page.evaluate(_NOW)
        if step is None or (steps and step["place"] == steps[0]["place"]):
            return steps, []
        # A field of a day has three parts.
        if steps and step["place"] == steps[-1]["place"]:
            continue
        if step["place"] in [each["place"] for each in steps]:
            return steps, [step["html"]]
        steps.append(step)
    return steps, ["no end"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/plan/milestones",
        "/flow/throughput",
        "/sprints/this-sprint",
        "/issues?group=type",
        "/data/meaning",
        "/data/weeks",
        "/projects",
        "/settings/project",
    ],
)
def test_tab_comes_to_every_part_of_a_page_once_and_is_seen_there(opened: Open, path: str) -> None:
    page = opened(path)
    steps, twice = walked(page)
    assert not twice
    assert len(steps) > 10
    assert [step["html"] for step in steps if not step["isSeen"]] == []
    assert page.evaluate(_PASSED_OVER) == []


def reach(page: Page, part: Locator) -> None:
    """By Tab, from where the keyboard is."""
    expect(part.first).to_be_visible()
    for _ in range(_MOST):
        if part.first.evaluate("part => part === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not come to {part}")


def is_somewhere(page: Page) -> bool:
    """Whether the keyboard is at a part of the page, and not back at its beginning."""
    return bool(page.evaluate("document.activeElement !== document.body"))


def test_a_choice_of_the_bar_is_made_with_the_arrows(opened: Open) -> None:
    page = opened("/flow/throughput")
    field = page.locator("#bar input[aria-label=Counted], #bar input[aria-label^='Counted']")
    reach(page, field)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    points = page.locator("[data-combobox-selected]", has_text="Points")
    while not points.count():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("unit=points"))
    assert is_somewhere(page)


@pytest.mark.parametrize(("path", "number"), [("/", "#answer .number"), ("/flow/throughput", "main .finding .number")])
def test_a_number_opens_its_panel_and_escape_leads_back_to_it(opened: Open, path: str, number: str) -> None:
    page = opened(path)
    part = page.locator(number).first
    reach(page, part)
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    expect(page.locator("[role=dialog] :focus, [role=dialog]:focus")).to_have_count(1)
    for _ in range(30):
        page.keyboard.press("Tab")
        assert panel.evaluate("part => part.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator(number).first).to_be_focused()


def test_a_tab_and_the_rows_of_a_chart_are_opened_with_enter(opened: Open) -> None:
    page = opened("/flow/age")
    reach(page, page.locator(".tabs a", has_text="Throughput"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/flow/throughput"))
    expect(page.locator("main summary", has_text="The numbers")).to_be_visible()
    assert is_somewhere(page)
    reach(page, page.locator("main summary", has_text="The numbers"))
    page.keyboard.press("Enter")
    reach(page, page.locator("main .table.long td a"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert is_somewhere(page)


@pytest.mark.parametrize(
    ("path", "first", "last"),
    [("/flow/throughput", "Home", "End"), ("/flow/age", "ArrowRight", "End"), ("/flow/cycle-time", "Home", "End")],
)
def test_the_points_of_a_chart_are_gone_through_with_the_arrows_and_opened_with_enter(
    opened: Open, path: str, first: str, last: str
) -> None:
    page = opened(path)
    points, line = page.locator("main .chart-points").first, page.locator("main .chart-point").first
    expect(page.locator("main .js-plotly-plot").first).to_be_visible()
    reach(page, points)
    page.keyboard.press(first)
    expect(line).not_to_be_empty()
    before = line.inner_text()
    page.keyboard.press(last)
    expect(line).not_to_have_text(before)
    before = line.inner_text()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(line).to_have_text(before)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert "show=" in page.url
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("main .chart-points").first).to_be_focused()


def test_a_list_is_sorted_grouped_and_left_for_an_issue(opened: Open) -> None:
    page = opened("/issues?list=scope")
    reach(page, page.locator("main th a", has_text="Summary"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("sort=summary"))
    expect(page.locator("main th a", has_text="Summary ▴")).to_be_focused()
    menu = page.locator("main .issue-tools summary", has_text="Group")
    menu.focus()
    page.keyboard.press("Enter")
    reach(page, page.locator("main .menu[open] a", has_text="Type"))
    page.keyboard.press("Enter")
    expect(page.locator("main tr.over").first).to_be_visible()
    assert is_somewhere(page)
    reach(page, page.locator("main .table.issues td a"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/issues/SHOP-"))


@pytest.mark.parametrize("name", ["Share", "⚙"])
def test_a_menu_opens_with_enter_and_escape_leads_back_to_it(opened: Open, name: str) -> None:
    page = opened("/plan/progress")
    summary = page.locator(".tools summary", has_text=name).first
    reach(page, summary)
    page.keyboard.press("Enter")
    expect(page.locator(".menu[open]")).to_have_count(1)
    page.keyboard.press("Tab")
    assert page.locator(".menu[open]").evaluate("part => part.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(page.locator(".menu[open]")).to_have_count(0)
    expect(summary).to_be_focused()


def test_the_keys_are_shown_and_closed_by_keys(opened: Open) -> None:
    page = opened("/plan/progress")
    before = page.locator("main summary").first
    reach(page, before)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_have_count(0)
    expect(before).to_be_focused()


def test_a_slider_of_what_if_is_moved_with_the_arrows(opened: Open) -> None:
    page = opened("/plan/what-if")
    slider = page.locator("main .range-field input[type=range]").first
    reach(page, slider)
    was = slider.input_value()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("link", name="Back to as it is")).to_be_visible()
    assert slider.input_value() != was
    expect(slider).to_be_focused()


def test_what_was_done_is_taken_back_by_keys(opened: Open) -> None:
    page = opened("/projects?do=archive-project")
    reach(page, page.locator("#archive-project"))
    page.keyboard.press("Enter")
    undo = page.get_by_role("button", name="Undo")
    reach(page, undo)
    page.keyboard.press("Enter")
    expect(undo).to_have_count(0)
    # The page is built anew first, and its focus comes then.
    expect(page.locator(":focus")).to_have_count(1)
