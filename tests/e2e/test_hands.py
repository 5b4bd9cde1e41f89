"""What hands do on a page: choose what is looked at, take a table along, go on by keys, wait, look closely."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.place import sample_opened, until

Open = Callable[[str], Page]


@pytest.fixture(scope="module")
def opened(built: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens an address of the sample project, always in the same browser tab of the same program."""
    with sample_opened(built, browser, tmp_path_factory.mktemp("hands")) as (page, address):

        def go(path: str) -> Page:
            page.goto(address(path))
            expect(page.locator("main h1, main .finding, main .reason").first).to_be_visible()
            page.wait_for_load_state("networkidle")
            return page

        yield go


def column(page: Page, name: str) -> list[str]:
    """What stands in a column of the list of issues."""
    heads = page.locator("main .table.issues thead th").all_inner_texts()
    at = next(at for at, head in enumerate(heads) if head.startswith(name))
    return page.locator(f"main .table.issues tbody tr td:nth-child({at + 1})").all_inner_texts()


def choose(page: Page, field: str, how: str, value: str, words: str = "") -> None:
    """As a hand does it: field, how it is compared, then what is offered."""
    page.locator("summary", has_text="Filter").click()
    menu = page.locator(".filter .menu-body")
    menu.get_by_label("Field").select_option(label=field)
    menu.get_by_label("How it is compared").select_option(label=how)
    if words:
        menu.get_by_label("Value, or words to look for").fill(words)
    menu.get_by_role("link", name=re.compile(rf"^(✓ )?{re.escape(value)}(\s|$)")).first.click()
    expect(page.locator(".bar-note").first).to_contain_text("Seen through a filter")


class TestTheFilter:
    def test_leaves_out_what_is_not_wanted(self, opened: Open) -> None:
        page = opened("/issues")
        everything = column(page, "Type")
        assert {"Bug", "Story"} <= set(everything)
        choose(page, "Type", "is not", "Bug")
        expect(page.locator(".chip")).to_contain_text("Type: not Bug")
        kept = [each for each in everything if each != "Bug"]
        expect(page.locator("main .table.issues tbody tr")).to_have_count(len(kept))
        assert sorted(column(page, "Type")) == sorted(kept)

    def test_finds_words_within_a_field(self, opened: Open) -> None:
        page = opened("/issues")
        everything = column(page, "Status")
        choose(page, "Status", "contains", "prog", words="prog")
        expect(page.locator(".chip")).to_contain_text("Status: with prog")
        expect(page.locator("main .table.issues tbody tr")).to_have_count(everything.count("In Progress"))
        assert set(column(page, "Status")) == {"In Progress"}

    def test_leaves_out_words_within_a_field(self, opened: Open) -> None:
        page = opened("/issues")
        everything = column(page, "Status")
        choose(page, "Status", "does not contain", "prog", words="prog")
        expect(page.locator(".chip")).to_contain_text("Status: without prog")
        left = len(everything) - everything.count("In Progress")
        expect(page.locator("main .table.issues tbody tr")).to_have_count(left)

    def test_finds_what_has_no_value(self, opened: Open) -> None:
        page = opened("/issues")
        rows = page.locator("main .table.issues tbody tr")
        all_open = rows.count()
        choose(page, "Sprint", "is", "empty")
        expect(page.locator(".chip")).to_contain_text("Sprint: none")
        expect(rows).not_to_have_count(all_open)
        without = rows.count()
        assert 0 < without < all_open
        page.locator(".chip").click()
        expect(page.locator(".all-work")).to_be_visible()
        page.wait_for_load_state("networkidle")
        choose(page, "Sprint", "is not", "empty")
        expect(rows).to_have_count(all_open - without)


def test_a_table_goes_to_the_clipboard_as_cells(opened: Open) -> None:
    page = opened("/flow/age")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    rows = page.locator("main .first-issues .table tbody tr")
    page.locator("main .first-issues").get_by_role("button", name="Copy this table").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    head, *lines = str(page.evaluate("navigator.clipboard.readText()")).split("\n")
    assert head.split("\t")[:2] == ["Key", "Summary"]
    assert len(lines) == rows.count()
    assert [line.split("\t")[0] for line in lines] == rows.locator("td:first-child").all_inner_texts()
    # What a spreadsheet would run goes as a text, an amount as an amount.
    cells = ["=HYPERLINK(1)", "@SUM(A1)", "-1+cmd|'/c calc'!A1", "＝1", "-5", "+3.7", "- 2 weeks", "–"]
    page.evaluate(
        "texts => document.querySelectorAll('main .first-issues .table tbody tr:first-child td')"
        ".forEach((cell, at) => { cell.textContent = texts[at]; })",
        cells,
    )
    page.locator("main .first-issues").get_by_role("button", name="Copy this table").click()
    until(page, "navigator.clipboard.readText().then((text) => text.includes('HYPERLINK'))")
    first = str(page.evaluate("navigator.clipboard.readText()")).split("\n")[1].split("\t")
    assert first == [*(f"'{cell}" for cell in cells[:4]), *cells[4:]][: len(first)]
    assert len(first) == len(cells)
    # The numbers of the chart are another table, and have their own button.
    numbers = page.locator("main details", has_text="The numbers").first
    numbers.locator("summary").click()
    numbers.get_by_role("button", name="Copy this table").click()
    copied = "navigator.clipboard.readText()"
    until(page, f"{copied}.then((text) => text.includes('Chance of sle'))")
    _, *lines = str(page.evaluate(copied)).split("\n")
    assert len(lines) == numbers.locator("tbody tr").count()


def test_what_is_in_progress_is_gone_through_as_at_a_stand_up(opened: Open) -> None:
    page = opened("/flow/age")
    page.locator("main .lists").get_by_role("link", name="Stand-up").click()
    expect(page.locator("main .lists a.here", has_text="Stand-up")).to_be_visible()
    expect(page.locator("main .table.issues thead")).to_contain_text("Why here")
    reasons = column(page, "Why here")
    assert reasons
    assert all(re.match(r"finished|started|came from|sent back|no move|blocked", each) for each in reasons)
    statuses = [each for each in column(page, "Status") if each != "Done"]
    assert statuses == sorted(statuses, key=["In Review", "In Progress"].index)


def test_dots_are_parted_by_any_field(opened: Open) -> None:
    page = opened("/flow/cycle-time")
    expect(page.locator(".legend").first).to_contain_text("a finished item")
    page.locator("summary", has_text="Part by a field").click()
    page.locator(".menu[open] .menu-body").get_by_role("link", name="Type", exact=True).click()
    expect(page).to_have_url(re.compile("by=type"))
    for name in ("Bug", "Story", "Task"):
        expect(page.locator(".legend").first).to_contain_text(name)


class TestFocus:
    """It is where a person goes on."""

    def test_is_on_the_page_after_a_change_of_page(self, opened: Open) -> None:
        page = opened("/")
        page.get_by_role("link", name="Flow", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.locator("main .finding").first).to_be_visible()
        expect(page.locator("#page")).to_be_focused()
        # The next Tab is the first thing of the page, not the header again.
        page.keyboard.press("Tab")
        until(page, "document.getElementById('page').contains(document.activeElement)")
        expect(page.locator("#page")).not_to_be_focused()

    def test_is_in_the_panel_and_back_at_the_number(self, opened: Open) -> None:
        page = opened("/plan/progress")
        number = page.locator("main .finding a.number").first
        number.focus()
        page.keyboard.press("Enter")
        panel = page.get_by_role("dialog")
        expect(panel).to_be_visible()
        until(page, "document.querySelector('[role=dialog]').contains(document.activeElement)")
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        until(page, "document.activeElement.classList.contains('number')")

    def test_is_at_the_button_again_when_a_dialog_is_closed(self, opened: Open) -> None:
        page = opened("/")
        page.get_by_label("Settings and help").click()
        page.get_by_role("button", name="Quit").click()
        dialog = page.get_by_role("dialog", name="Quit Burndown?")
        expect(dialog).to_be_visible()
        until(page, "document.querySelector('[role=dialog]').contains(document.activeElement)")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()

    def test_is_where_it_was_once_something_is_taken_back(self, opened: Open) -> None:
        page = opened("/")
        field = page.locator("#deadline-day")
        for way_out in ("#undo", "[data-close-offer]"):
            before = field.input_value()
            field.fill("2033-05-02" if way_out == "#undo" else "")
            field.press("Enter")
            expect(page.locator("#undo")).to_be_visible()
            page.locator(way_out).focus()
            page.keyboard.press("Enter")
            expect(page.locator("#undo")).to_be_hidden()
            expect(field).to_have_value(before if way_out == "#undo" else "")
            expect(field).to_be_focused()

    def test_is_on_the_page_when_what_had_it_is_gone(self, opened: Open) -> None:
        page = opened("/plan/milestones")
        page.locator("#dated-name").fill("Soon gone")
        page.locator("#dated-day").fill("2031-06-30")
        page.locator("#add-dated").click()
        page.get_by_role("button", name="Remove: Soon gone").focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-sortable] li", has_text="Soon gone")).to_have_count(0)
        expect(page.locator("#page")).to_be_focused()


def test_what_takes_its_time_says_that_it_is_on_its_way(opened: Open) -> None:
    page = opened("/")

    def slowly(route: Route) -> None:
        time.sleep(1.0)
        route.continue_()

    page.route("**/_dash-update-component*", slowly)
    page.get_by_role("link", name="Plan", exact=True).click()
    page.wait_for_selector("html[data-busy]", state="attached")
    # The frame stands there meanwhile.
    expect(page.get_by_role("navigation").first).to_be_visible()
    page.unroute("**/_dash-update-component*")
    page.wait_for_selector("html:not([data-busy])", state="attached")
    expect(page).to_have_url(re.compile("/plan/progress"))


def test_new_work_as_in_the_past_is_told_on_the_answer_at_once(opened: Open) -> None:
    page = opened("/settings/project")
    field = page.get_by_role("textbox", name=re.compile("^New work"))
    field.click()
    page.get_by_role("option", name="Past", exact=True).click()
    expect(field).to_have_value("Past")
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    page.get_by_role("link", name="Answer", exact=True).click()
    # With the work that keeps coming in, 85 % may lie beyond what is looked at, by the day of the week.
    expect(page.locator("#answer")).to_contain_text(re.compile("sure by|Even odds by"))


def test_the_answer_is_seen_whole_on_a_desk(opened: Open) -> None:
    page = opened("/")
    until(page, "document.documentElement.scrollHeight <= innerHeight")
    # Also with a third signal, of two lines.
    more = "const last = document.querySelector('.signals li:last-child'); last.after(last.cloneNode(true));"
    page.evaluate(f"() => {{ {more} }}")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    # However long one of them is.
    long = (
        "document.querySelectorAll('.signals li span *').forEach((part) => { part.textContent += ' word'.repeat(99); })"
    )
    page.evaluate(f"() => {{ {long} }}")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    # With the work that keeps coming in, 85 % may lie beyond what is looked at, by the day of the week.
    title = r"^(?:\d+\s%(?: sure)? by|Even odds by) \d+ \w+ \d{4} · City theatre ticket shop · Burndown$"
    expect(page).to_have_title(re.compile(title))


def test_what_was_refused_last_stands_alone_and_goes_with_what_is_done_next(opened: Open) -> None:
    page = opened("/settings/project")
    first, add = page.locator("#days-first"), page.locator("#add-days")
    page.get_by_text("Several days at once").click()
    add.click()
    expect(page.get_by_text("Enter the first and the last day off.")).to_be_visible()
    first.fill("rubbish")
    add.click()
    expect(page.get_by_text("'rubbish' is not understood as a day")).to_be_visible()
    expect(page.get_by_text("That did not work")).to_have_count(1)
    first.fill("2031-12-24")
    add.click()
    expect(page.locator("#undo-bar")).to_contain_text("1 day off added.")
    expect(page.get_by_text("That did not work")).to_have_count(0)
    page.locator("#undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()


# Whether all of a part is seen without scrolling it.
_IS_WHOLE = "part => part.scrollHeight <= part.clientHeight"


def test_the_sections_of_the_report_are_seen_whole_on_a_desk(opened: Open) -> None:
    page = opened("/")
    page.locator(".menu > summary", has_text="Share").click()
    page.get_by_text("Report: one HTML file").click()
    sections = page.locator(".report-sections")
    expect(sections).to_be_visible()
    assert sections.evaluate(_IS_WHOLE)
    assert page.locator(".menu[open] > .menu-body").evaluate(_IS_WHOLE)


# Whether what is on a phone's page, drawn anew, stands one below the other in the order of these selectors.
_IN_THIS_ORDER = """(parts) => {
  const tops = parts.map((part) => document.querySelector(`main ${part}`)?.getBoundingClientRect().top);
  return innerWidth === 390 && tops.every((top, at) => top !== undefined && (at === 0 || top >= tops[at - 1]));
}"""


def test_on_a_phone_what_a_person_looks_for_first_comes_first(opened: Open) -> None:
    page = opened("/")
    page.set_viewport_size({"width": 390, "height": 844})
    try:
        parts = ["#answer", "#deadline-day", ".moved", ".signals", ".milestones", ".progress"]
        until(page, _IN_THIS_ORDER, parts)
        bar = page.locator(".nav")
        shown = [name.split("\n")[0] for name in bar.locator("a:visible, summary:visible").all_inner_texts()]
        assert shown == ["Answer", "Plan", "Flow", "Issues", "More"]
        bar.get_by_text("More").click()
        bar.get_by_role("link", name="Quality").click()
        expect(page).to_have_url(re.compile("/quality/"))
    finally:
        page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize(
    ("part", "leads_to"),
    [
        ('#nav a[href^="/data"]', re.compile(r"\d/data")),
        (".tabs a:nth-child(3)", re.compile("/flow/throughput")),
        ("main .finding a.number", re.compile("show=")),
    ],
)
def test_a_click_on_what_is_built_anew_under_the_hand_leads_on(
    opened: Open, part: str, leads_to: re.Pattern[str]
) -> None:
    page = opened("/flow/age")
    link = page.locator(part).first
    box = link.bounding_box()
    assert box is not None
    link.evaluate("part => { part.isOfBefore = true; }")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.evaluate("window.dash_clientside.set_props('changed', { data: 'anew' + Date.now() })")
    until(page, f"!document.querySelector('{part}').isOfBefore")
    page.mouse.up()
    expect(page).to_have_url(leads_to)


class TestWhatIsBuiltAnewWhileAHandIsAtIt:
    """Each answer of the program builds the page anew, fields and all."""

    def test_a_search_is_typed_on_with_pauses(self, opened: Open) -> None:
        page = opened("/issues")
        field = page.get_by_role("searchbox", name="Search key or words")
        field.click()
        for letter in "invoice":
            page.keyboard.type(letter)
            page.wait_for_timeout(330)
        expect(page).to_have_url(re.compile("q=invoice"))
        expect(field).to_have_value("invoice")
        expect(field).to_be_focused()

    def test_a_slider_is_dragged_as_far_as_the_hand_goes(self, opened: Open) -> None:
        page = opened("/plan/what-if")
        slider = page.get_by_role("slider", name=re.compile("^Pace, %"))
        box = slider.bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] * 0.3, middle)
        page.mouse.down()
        for step in range(10):
            page.mouse.move(box["x"] + box["width"] * (0.3 + 0.05 * step), middle)
            page.wait_for_timeout(100)
        page.mouse.up()
        # 75 in 100 of the way from 25 to 300, but for the width of the handle.
        expect(page).to_have_url(re.compile(r"speed=2(30|35|40)"))
        expect(page.locator("main .finding")).to_contain_text("What if (not saved)")
        expect(slider).to_have_value(re.compile("2(30|35|40)"))
        # All of it is one step back.
        page.go_back()
        expect(page).not_to_have_url(re.compile("speed="))
        expect(slider).to_have_value("100")

    def test_a_slider_goes_on_by_keys(self, opened: Open) -> None:
        page = opened("/plan/what-if")
        slider = page.get_by_role("slider", name=re.compile("^Pace, %"))
        slider.focus()
        for _each in range(6):
            page.keyboard.press("ArrowLeft")
            page.wait_for_timeout(200)
        expect(page).to_have_url(re.compile("speed=70"))
        expect(slider).to_be_focused()

    def test_a_milestone_is_moved_on_by_keys(self, opened: Open) -> None:
        page = opened("/plan/milestones")
        for name in ("First", "Second"):
            page.locator("#dated-name").fill(name)
            page.locator("#dated-day").fill("2031-06-30")
            page.locator("#add-dated").click()
            expect(page.locator("[data-sortable] li", has_text=name)).to_be_visible()
        lines = page.locator("[data-sortable] li")
        last = lines.count() - 1
        move = page.get_by_role("button", name="Up: Second")
        move.focus()
        for at in range(last, last - 2, -1):
            expect(lines.nth(at)).to_contain_text("Second")
            expect(move).to_be_focused()
            page.keyboard.press("Enter")
        expect(lines.nth(last - 2)).to_contain_text("Second")
        # And by the hand that drags it.
        lines.filter(has_text="Second").drag_to(
            lines.nth(last), source_position={"x": 20, "y": 10}, target_position={"x": 20, "y": 25}
        )
        expect(lines.nth(last)).to_contain_text("Second")
        for name in ("First", "Second"):
            page.get_by_role("button", name=f"Remove: {name}").click()
            expect(page.locator("[data-sortable] li", has_text=name)).to_have_count(0)


def test_the_palette_is_gone_through_with_the_arrows(opened: Open) -> None:
    page = opened("/flow/age")
    page.keyboard.press("Control+k")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Go to")
    expect(palette).to_have_count(1)
    field = palette.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("nothing of this name")
    expect(palette.get_by_text("Nothing has this name.")).to_be_visible()
    field.fill("plan")
    first, second = palette.get_by_role("option").nth(0), palette.get_by_role("option").nth(1)
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    there = second.get_attribute("href") or ""
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(there)))
    expect(page.locator("#page")).to_be_focused()


def test_f_opens_the_filter_at_its_field(opened: Open) -> None:
    page = opened("/flow/age")
    page.keyboard.press("f")
    expect(page.locator(".filter").get_by_label("Field")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".filter > summary")).to_be_focused()


def test_an_address_without_a_page_says_so_and_leads_on(opened: Open) -> None:
    page = opened("/flow/nothing-of-this-name")
    expect(page.get_by_role("heading", name="Not found")).to_be_visible()
    page.get_by_role("link", name="To the answer").click()
    # With the work that keeps coming in, 85 % may lie beyond what is looked at, by the day of the week.
    expect(page.locator("#answer")).to_contain_text(re.compile("sure by|Even odds by"))


def test_paper_is_light_and_says_of_what_and_when_it_is(opened: Open) -> None:
    page = opened("/plan/progress")
    html = page.locator("html")
    page.emulate_media(color_scheme="dark")
    expect(html).to_have_attribute("data-mantine-color-scheme", "dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    try:
        # It stays light when the system's evening comes meanwhile.
        page.evaluate("document.documentElement.setAttribute('data-mantine-color-scheme', 'dark')")
        assert html.get_attribute("data-mantine-color-scheme") == "light"
        feet = _feet(page)
        assert len(feet) == 1
        assert "City theatre ticket shop" in feet[0]
        assert "As of" in feet[0]
        assert page.pdf(format="A4").startswith(b"%PDF")
    finally:
        page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(html).to_have_attribute("data-mantine-color-scheme", "dark")
    assert _feet(page) == []


def _feet(page: Page) -> list[str]:
    """What is told to stand at the foot of each printed page."""
    styles: list[str] = page.evaluate("Array.from(document.querySelectorAll('head style'), (one) => one.textContent)")
    return [text for text in styles if "@bottom-left" in text]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_chart_is_saved_as_a_picture_that_is_light(opened: Open, kind: str) -> None:
    page = opened("/flow/throughput")
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    with page.expect_download() as download:
        page.locator(".export").get_by_role("button", name=kind.upper()).click()
    assert download.value.suggested_filename.endswith(f".{kind}")
    data = Path(download.value.path()).read_bytes()
    if kind == "png":
        assert data.startswith(b"\x89PNG\r\n")
        width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
        assert width >= 1200
        assert height >= 630
    else:
        text = data.decode("utf-8")
        assert text.lstrip().startswith("<svg")
        assert "rgb(255, 255, 255)" in text
        # Of what and when it is stands below the picture.
        assert "City theatre ticket shop" in text


# Whether the first issue, drawn anew for a phone, has its key and three more beside each other, its summary below.
_TWO_LINES = """() => {
  const cells = Array.from(document.querySelectorAll("main .table.issues tbody tr:first-child td"));
  const [key, summary, ...rest] = cells.map((cell) => cell.getBoundingClientRect()).filter((box) => box.width > 0);
  return innerWidth === 390 && rest.length === 3
    && rest.every((box) => Math.abs(box.y - key.y) < 6) && summary.y >= key.bottom - 2;
}"""


def test_an_issue_is_two_lines_on_a_phone(opened: Open) -> None:
    page = opened("/issues")
    page.set_viewport_size({"width": 390, "height": 844})
    try:
        # Key, type, status and age beside each other; the summary below all of them.
        until(page, _TWO_LINES)
    finally:
        page.set_viewport_size({"width": 1440, "height": 900})


def test_a_long_list_of_values_breaks_its_line_in_a_table_of_issues(opened: Open) -> None:
    """So that the columns beside it stay on the screen."""
    page = opened("/issues")
    page.goto(f"{page.url}&columns=type+status+age+sprint+why")
    long = page.locator(".table.issues td.long", has_text="Sprint 12, Sprint 14").first
    assert long.evaluate("cell => getComputedStyle(cell).whiteSpace") == "normal"
    assert page.locator(".table.issues").evaluate("table => table.scrollWidth <= table.clientWidth")


def test_a_name_is_typed_over_the_one_in_the_picker_and_enter_takes_the_first(opened: Open) -> None:
    # Few projects are looked through: the list is searched from nine on.
    for at in range(8):
        page = opened("/projects")
        page.goto(f"{page.url}&do=new-project")
        page.locator("#new-name").fill(f"Further {at}")
        page.locator("#new-project").click()
        expect(page).to_have_url(re.compile("/data/sources"))
    page = opened("/")
    picker = page.locator("#pickers").get_by_role("textbox", name="Project")
    picker.click()
    page.keyboard.type("ther 5")
    expect(page.get_by_role("option")).to_have_text(["Further 5"])
    page.keyboard.press("Enter")
    expect(picker).to_have_value("Further 5")
    expect(page.locator("#page")).to_be_focused()
    picker.click()
    page.keyboard.type("New")
    page.keyboard.press("Enter")
    expect(page.locator("#new-name")).to_be_focused()
