"""What a person takes along, brings in and switches, each by hand on the sample project of one running program."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Download, FilePayload, Locator, Page, expect

from scripts.fake_jira import TOKEN, FakeJira, seeded_issues
from tests.actions.test_joins import OLD, new_file
from tests.e2e.place import Place, opening, sample_opened

Open = Callable[[str], Page]
# The work list of the sample, and its project.
_SAMPLE, _PROJECT = "City theatre ticket shop", "Sample project"


@pytest.fixture(scope="module")
def opened(built: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens an address of the sample project, always in the same browser tab of the same program."""
    with sample_opened(built, browser, tmp_path_factory.mktemp("interactions")) as (page, address):
        yield opening(page, address)


def content(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def fetched(page: Page, link: Locator) -> bytes:
    """What a click on it brings as a file."""
    with page.expect_download() as download:
        link.click()
    return content(download.value)


def share(page: Page) -> Locator:
    """The opened menu."""
    page.locator(".menu > summary", has_text="Share").click()
    return page.locator(".menu[open] > .menu-body")


def chart_in_menu(page: Page) -> Locator:
    """The ways out of the page's only chart; the menu closes after each."""
    expect(page.locator(".menu[open]")).to_have_count(0)
    return share(page).get_by_role("group", name="This chart")


def today() -> date:
    return datetime.now(UTC).date()


# -- taken along ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/plan/progress", "/flow/cycle-time", "/sprints/velocity"])
def test_a_chart_is_taken_along_as_a_picture_and_as_numbers(opened: Open, path: str) -> None:
    page = opened(path)
    expect(page.locator("main .js-plotly-plot .main-svg").first).to_be_visible()
    export = page.locator("main .export").first
    picture = fetched(page, export.get_by_role("button", name="PNG"))
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert [int.from_bytes(picture[at : at + 4], "big") for at in (16, 20)] == [2400, 1260]
    assert len(picture) > 20_000
    drawing = ElementTree.fromstring(fetched(page, export.get_by_role("button", name="SVG")))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert _SAMPLE in "".join(drawing.itertext())
    rows = numbers(page)
    assert len(rows) > 2
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize(
    ("path", "name"),
    [("/", "progress"), ("/plan/milestones", "milestones"), ("/flow/age", "age"), ("/quality/bugs", "bugs")],
)
def test_the_chart_of_a_page_is_passed_on_by_the_menu_and_tells_its_work_and_days(
    opened: Open, path: str, name: str
) -> None:
    page = opened(path)
    expect(page.locator("main figure .main-svg").first).to_be_visible()
    page.emulate_media(color_scheme="dark")
    assert fetched(page, chart_in_menu(page).get_by_role("button", name="PNG")).startswith(b"\x89PNG\r\n\x1a\n")
    with page.expect_download() as download:
        chart_in_menu(page).get_by_role("button", name="SVG").click()
    assert download.value.suggested_filename == f"{name}.svg"
    drawing = content(download.value).decode()
    assert "rgb(255, 255, 255)" in drawing
    words = " ".join(ElementTree.fromstring(drawing).itertext())
    day = f"{today().day} {today():%b %Y}"
    assert f"{_PROJECT} › {_SAMPLE} · As of {day} · Data of {day}" in words.replace("Sept", "Sep")
    assert len(fetched(page, chart_in_menu(page).get_by_role("link", name="CSV")).splitlines()) > 1
    page.emulate_media(color_scheme="light")


def test_a_page_without_a_chart_has_none_to_pass_on(opened: Open) -> None:
    menu = share(opened("/issues"))
    expect(menu.get_by_role("button", name="Print or PDF")).to_be_visible()
    expect(menu.locator(".share-chart")).to_have_count(0)


def numbers(page: Page) -> list[list[str]]:
    text = fetched(page, page.locator("main .export").first.get_by_role("link", name="CSV")).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_bundle_is_handed_on_and_taken_in(opened: Open) -> None:
    page = opened("/")
    bundle = fetched(page, share(page).get_by_role("button", name="A bundle for another Burndown"))
    assert bundle.startswith(b"PK")
    file = FilePayload(name="handed-on.zip", mimeType="application/zip", buffer=bundle)
    page = opened("/settings/backups")
    chosen = page.locator("#bundle-upload input[type=file]")
    chosen.set_input_files(file)
    expect(page.get_by_text(f"The project {_PROJECT} is here already.")).to_be_visible()
    page.get_by_role("textbox", name="When a project is here already").click()
    page.get_by_role("option", name=re.compile("^Keep both")).click()
    chosen.set_input_files(FilePayload(name="again.zip", mimeType="application/zip", buffer=bundle))
    expect(page.get_by_text(re.compile(r"Imported .*: 1 work list, \d+ issues"))).to_be_visible()
    expect(page.locator("#answer")).to_contain_text(re.compile("sure by|Even odds by"))
    page = opened("/projects")
    expect(page.locator("main .table tbody tr", has_text=_SAMPLE)).to_have_count(2)


def test_checkpoints_go_to_a_calendar(opened: Open) -> None:
    page = opened("/plan/milestones?show=checkpoints")
    text = fetched(page, page.get_by_role("dialog").get_by_role("link", name=re.compile(r"\.ics"))).decode()
    lines = text.split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    days = [line.partition(":")[2] for line in lines if line.startswith("DTSTART;VALUE=DATE:")]
    assert len(days) >= 2
    assert days == sorted(days)
    assert days[0] > f"{today():%Y%m%d}"
    assert sum(line.startswith("SUMMARY:") and "finished?" in line for line in lines) == len(days)


def test_each_printed_page_has_its_number(opened: Open) -> None:
    page = opened("/issues?list=scope")
    expect(page.locator("main .table.issues tbody tr").nth(60)).to_be_attached()
    printed = page.pdf(format="A4")
    count = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert count > 1
    words = printed_words(printed)
    for number in range(1, count + 1):
        assert f"{number}/{count}" in words


def printed_words(pdf: bytes) -> str:
    """What the fonts of a printed file say, without blanks: each text's letters are numbers in a font of its own."""
    objects = dict(re.findall(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL))
    fonts = dict(re.findall(rb"/(F\d+) (\d+) 0 R", b" ".join(objects.values())))
    letters = {name: _letters(objects, objects[number]) for name, number in fonts.items()}
    shown = []
    for body in map(_unpacked, objects.values()):
        font: dict[int, str] = {}
        for name, _plain, text in re.findall(rb"/(F\d+) [\d.]+ Tf|(\[)|<([0-9A-Fa-f]+)>", body):
            if name:
                font = letters.get(name, {})
            elif text:
                codes = (int(text[at : at + 4], 16) for at in range(0, len(text), 4))
                shown += [font.get(code, "") for code in codes]
        shown.append("\n")
    return "".join(shown).replace(" ", "")


def _unpacked(body: bytes) -> bytes:
    _, mark, stream = body.partition(b"stream\n")
    if not mark or b"/FlateDecode" not in body.partition(b"stream")[0]:
        return stream
    return zlib.decompressobj().decompress(stream)


def _letters(objects: dict[bytes, bytes], font: bytes) -> dict[int, str]:
    """Of a font's numbers the letters that they stand for."""
    table = re.search(rb"/ToUnicode (\d+) 0 R", font)
    if table is None:
        return {}
    letters: dict[int, str] = {}
    text = _unpacked(objects[table[1]])
    for first, last, letter in re.findall(rb"<(\w{4})> <(\w{4})> <(\w{4})>", text):
        for at in range(int(last, 16) - int(first, 16) + 1):
            letters[int(first, 16) + at] = chr(int(letter, 16) + at)
    for code, letter in re.findall(rb"\n<(\w{4})> <(\w{4})>(?=\n)", text):
        letters[int(code, 16)] = chr(int(letter, 16))
    return letters


# -- tried out ------------------------------------------------------------------------------------------


def test_a_scenario_is_kept_and_stands_in_the_report(opened: Open) -> None:
    page = opened("/plan/what-if?speed=150")
    page.get_by_label("Keep as scenario").fill("Half as fast again")
    page.get_by_role("button", name="Keep", exact=True).click()
    row = page.locator("main .rows li", has_text="Half as fast again")
    expect(row).to_contain_text("sure")
    body = share(page)
    body.get_by_text("Report: one HTML file").click()
    body.get_by_label("What if", exact=True).check()
    text = fetched(page, body.get_by_role("button", name="Save")).decode()
    section = text.partition('data-section="what-if"')[2].partition("</section>")[0]
    assert "Half as fast again" in section
    row.get_by_role("button", name="Remove Half as fast again").click()
    expect(row).to_have_count(0)


def test_a_sprint_is_checked_for_being_too_much(opened: Open) -> None:
    page = opened("/issues")
    keys = page.locator("main .table.issues tbody tr td:first-child").all_inner_texts()[:6]
    page = opened("/sprints/this-sprint")
    page.get_by_role("searchbox", name="Keys, such as A-1, A-2").fill(" ".join([*keys, "NO-1"]))
    check = page.get_by_role("region", name="Is it too much?")
    expect(check).to_contain_text(re.compile(rf"All {len(keys)} items finished in 2 weeks: (over |under )?\d+\s?%"))
    expect(check).to_contain_text(re.compile(r"Without \S+, \S+: (over |under )?\d+\s?%"))
    expect(check).to_contain_text("Not found: NO-1.")
    check.locator("a.number").click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading", name=f"Issues ({len(keys)})")).to_be_visible()
    expect(panel.locator(".table.issues tbody tr")).to_have_count(len(keys))


# -- brought in -----------------------------------------------------------------------------------------


def test_days_off_come_from_a_calendar_file_and_are_no_working_days(opened: Open) -> None:
    page = opened("/flow/cycle-time")
    before = working_days(page)
    first, last = today() - timedelta(days=70), today() - timedelta(days=42)
    page = opened("/settings/project")
    page.get_by_text("Several days at once").click()
    page.locator("#days-file input[type=file]").set_input_files(
        {"name": "away.ics", "mimeType": "text/calendar", "buffer": leave(first, last)}
    )
    message = page.locator("#days-said")
    expect(message).to_contain_text(re.compile(r"\d+ days off added\."))
    expect(message).to_contain_text("1 event with a time of day was left out.")
    page = opened("/flow/cycle-time")
    after = working_days(page)
    assert after.keys() == before.keys()
    assert sum(after.values()) < sum(before.values())
    assert all(after[key] <= days for key, days in before.items())


def working_days(page: Page) -> dict[str, int]:
    """Of each finished issue how many it took."""
    header, *rows = numbers(page)
    key, days = (header.index(name) for name in ("key", "working_days"))
    return {row[key]: int(row[days]) for row in rows}


def leave(first: date, last: date) -> bytes:
    """A calendar of a long leave, and of a meeting in it."""
    events = (
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}\r\nDTEND;VALUE=DATE:{last:%Y%m%d}\r\nSUMMARY:Away",
        f"DTSTART:{first:%Y%m%d}T090000Z\r\nDTEND:{first:%Y%m%d}T100000Z\r\nSUMMARY:Meeting",
    )
    parts = (f"BEGIN:VEVENT\r\nUID:{at}\r\n{event}\r\nEND:VEVENT\r\n" for at, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(parts)}END:VCALENDAR\r\n".encode()


def test_what_a_deployment_is_can_be_said_and_is_seen_before_it_is_saved(opened: Open) -> None:
    page = opened("/quality/delivery")
    expect(page.locator("main")).to_contain_text("No issue is a deployment.")
    page = opened("/data/meaning")
    page.get_by_role("group", name="Deployments").get_by_label("Types").first.click()
    page.get_by_role("option", name="Task", exact=True).click()
    preview = page.locator("#delivery-preview")
    expect(preview).to_contain_text("This is what saving would change.")
    expect(preview).to_contain_text(re.compile(r"\d+, such as SHOP-\d+"))
    page.locator("#save-delivery").click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    page = opened("/quality/delivery")
    expect(page.locator("main")).not_to_contain_text("No issue is a deployment.")
    expect(page.locator("main .finding").first).to_contain_text(re.compile(r"\d"))


def test_the_history_of_the_tracker_before_is_joined(opened: Open) -> None:
    page = opened("/projects?do=new-project")
    page.locator("#new-name").fill("Moved team")
    page.locator("#new-project").click()
    expect(page).to_have_url(re.compile("/data/sources"))
    take_list(page, "Before", OLD.encode())
    page.goto(page.url.replace("/?", "/data/sources?"))
    page.get_by_text("Add a source").click()
    take_list(page, "Now", new_file())
    page.goto(page.url.replace("/?", "/data/sources?"))
    offer = page.locator(".join-offer")
    expect(offer).to_contain_text("7 issues of “Before” are in “Now” as well")
    offer.get_by_role("button", name="Join", exact=True).click()
    expect(page.locator(".joined")).to_contain_text("“Before” goes on in “Now”.")
    page.goto(page.url.replace("/data/sources?", "/issues/LIN-12?"))
    # Created in the old tracker.
    expect(page.locator("main")).to_contain_text("5 Feb 2025")


def take_list(page: Page, name: str, data: bytes) -> None:
    """A file as a work list of that name; what came is looked at then."""
    card = page.locator(".file-card")
    card.get_by_text("Where it goes, and dates").click()
    card.get_by_label("Work list").fill(name)
    page.locator("#upload input[type=file]").set_input_files(
        {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": data}
    )
    expect(page.locator("#pickers").get_by_role("textbox", name="Work list")).to_have_value(name)


# -- switched -------------------------------------------------------------------------------------------


def switch_offline(page: Page, is_offline: bool) -> None:
    page.get_by_role("switch", name="Work offline").set_checked(is_offline, force=True)
    words = "Burndown works offline from now on." if is_offline else "Connections may be opened again."
    expect(page.get_by_text(words)).to_be_visible()


def try_connection(page: Page, jira: FakeJira) -> None:
    page.get_by_label("Address").fill(jira.url)
    page.get_by_label("Token", exact=True).fill(TOKEN)
    page.get_by_label("Query (JQL)").fill("project = DEMO")
    page.get_by_role("button", name="Test the connection").click()


def test_offline_nothing_is_asked_until_it_is_switched_back(opened: Open) -> None:
    with FakeJira("data-center", seeded_issues(12, 1, datetime.now(UTC))) as jira:
        switch_offline(opened("/settings/system"), is_offline=True)
        page = opened("/data/sources/jira")
        expect(page.locator("main")).to_contain_text("Burndown works offline: no connection is opened")
        try_connection(page, jira)
        expect(page.get_by_text("Burndown works offline: nothing was sent.")).to_be_visible()
        assert jira.requests == 0
        page = opened("/settings/system")
        expect(page.get_by_text("Nothing was sent since the start")).to_be_visible()
        switch_offline(page, is_offline=False)
        page = opened("/data/sources/jira")
        try_connection(page, jira)
        expect(page.get_by_text("The connection works.")).to_be_visible()
        assert jira.requests > 0
        page = opened("/settings/system")
        expect(page.locator("#system-network")).to_contain_text("127.0.0.1")


# -- the one list ---------------------------------------------------------------------------------------


def chosen_in(page: Page, menu: str, entry: str) -> None:
    """What is chosen in a menu above the list."""
    page.locator("main .menu > summary", has_text=menu).click()
    page.locator("main .menu[open] a", has_text=entry).click()


def test_the_list_is_grouped_and_each_line_says_what_its_issues_come_to(opened: Open) -> None:
    page = opened("/issues?list=scope&sort=key")
    chosen_in(page, "Group", "Type")
    lines = page.locator("main .table.issues tr.over")
    expect(lines.first).to_be_visible()
    assert "group=type" in page.url
    bodies = page.locator("main .table.issues tbody")
    sums = []
    for at in range(bodies.count()):
        words = bodies.nth(at).locator("tr.over").inner_text()
        keys = bodies.nth(at).locator("tr:not(.over) td:first-child").all_inner_texts()
        sums.append((int(re.findall(r"· ([\d,]+) issues?", words)[0].replace(",", "")), len(keys)))
        assert keys == sorted(keys)
    assert len(sums) > 1
    assert all(count == listed for count, listed in sums)
    page.get_by_role("link", name="Summary").click()
    expect(page.locator("main .table.issues th[aria-sort] a", has_text="Summary")).to_be_visible()
    expect(lines.first).to_be_visible()
    assert {"group=type", "sort=summary"} <= set(page.url.partition("?")[2].split("&"))
    chosen_in(page, "By Type", "Not grouped")
    expect(lines).to_have_count(0)


def test_a_group_is_folded_by_key_and_focus_stays_at_it(opened: Open) -> None:
    page = opened("/issues?list=scope&sort=key&group=type")
    bodies = page.locator("main .table.issues tbody")
    expect(bodies.nth(1)).to_be_visible()
    counts = [bodies.nth(at).locator("tr:not(.over)").count() for at in range(bodies.count())]
    fold = bodies.first.locator("a.fold")
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.focus()
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(fold).to_be_focused()
    expect(bodies.first.locator("tr:not(.over)")).to_have_count(0)
    expect(bodies.nth(1).locator("tr:not(.over)")).to_have_count(counts[1])
    page.keyboard.press("Enter")
    expect(bodies.first.locator("tr:not(.over)")).to_have_count(counts[0])
    expect(fold).to_be_focused()
    page.get_by_role("link", name="Fold all groups").click()
    expect(page.locator("main .table.issues tr:not(.over) td")).to_have_count(0)
    page.get_by_role("link", name="Open all groups").click()
    expect(bodies.last.locator("tr:not(.over)")).to_have_count(counts[-1])


@pytest.mark.parametrize("picker", ["Project", "Work list"])
def test_what_was_deleted_is_reached_from_either_picker(opened: Open, picker: str) -> None:
    page = opened("/")
    page.locator(".pickers").get_by_role("combobox", name=picker).or_(
        page.locator(".pickers").get_by_role("textbox", name=picker)
    ).click()
    page.get_by_role("option", name="Deleted (30 days)").click()
    expect(page.locator("#to-do").get_by_text("Nothing was deleted in the last 30 days.")).to_be_visible()
    assert "do=deleted" in page.url


def long_names() -> str:
    """Issues whose versions, types and statuses have long names, with blanks and without any."""
    lines = ["Issue key,Summary,Issue Type,Status,Created,Updated,Story Points,Fix Version/s"]
    for at in range(30):
        version = "SUBSCRIPTIONS_RELEASE_2026_Q4" if at % 2 else "Second stage of the booking office"
        lines.append(
            f"BOX-{at},Seats of the balcony can be chosen on the plan {at},Technical improvement,"
            f"Waiting for the customer,2026-0{at % 9 + 1}-05,2026-10-0{at % 9 + 1},{at % 8},{version}"
        )
    return "\n".join(lines)


def test_the_usual_columns_fit_a_small_screen_however_long_the_names_in_them_are(place: Place, page: Page) -> None:
    file = place.home / "long names.csv"
    file.write_text(long_names(), "utf-8")
    place.call("import", str(file))
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(place.start().url)
    page.get_by_role("link", name="Issues", exact=True).click()
    table = page.locator("main .table.issues")
    expect(table.locator("tbody tr")).to_have_count(30)
    assert {"Type", "Status", "Version", "Points"} <= set(table.locator("th").all_inner_texts())
    assert table.evaluate("part => part.scrollWidth - part.clientWidth") == 0
    assert table.locator("tbody tr").first.evaluate("part => part.offsetHeight") < 120
