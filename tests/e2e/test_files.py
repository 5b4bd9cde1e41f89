"""Files of any kind in the browser: choosing the columns, the next export, the path of a large file."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.place import Place, settle

_ODD = (
    "nr;what;begun;over;where;size\n"
    "A-1;Log in;03/04/2025 10:00;05/04/2025 11:00;Shipped;3\n"
    "A-2;Sign out;06/04/2025 09:00;;Parked;\n"
    "A-3;Pay;07/04/2025 09:00;09/04/2025 09:00;Shipped;5\n"
)


def upload(page: Page, text: str, name: str = "odd.csv") -> None:
    page.locator("#upload input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )


def choose(page: Page, field: str, column: str) -> None:
    page.get_by_role("textbox", name=field, exact=True).click()
    page.get_by_role("option", name=column, exact=True).click()


def issues(place: Place) -> int:
    return int(place.call("status", "--profiles", str(place.profiles))["counts"]["issues"])


def test_a_file_nobody_knows_is_read_once_its_columns_are_chosen(place: Place, page: Page) -> None:
    page.goto(place.start().url)
    upload(page, _ODD)
    preview = page.locator("#file-preview")
    expect(preview).to_contain_text("Choose at least one column of days")
    for field, column in (
        ("Key", "nr"),
        ("Created", "begun"),
        ("Done", "over"),
        ("Status", "where"),
        ("Points", "size"),
    ):
        choose(page, field, column)
    expect(preview).to_contain_text("can be read in two ways")
    assert issues(place) == 0
    choose(page, "Dates such as 03/04/2026", "Day first: 24/04/2026")
    expect(preview).to_contain_text("3 of 3 rows would be kept")
    expect(preview).to_contain_text("3 April 2025")
    page.get_by_role("radiogroup", name="What Parked means").get_by_text("In progress").click()
    expect(preview).to_contain_text("Parked (in progress)")

    with page.expect_download() as saved:
        page.get_by_role("button", name="Save these choices").click()
    mapping = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert (mapping["created"], mapping["date_order"], mapping["statuses"]["parked"]) == ("begun", "dmy", "in_progress")

    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".outcome")).to_contain_text("3 of 3 rows kept")
    assert issues(place) == 3


def test_the_next_file_with_these_columns_needs_no_choice_and_becomes_history(place: Place, page: Page) -> None:
    test_a_file_nobody_knows_is_read_once_its_columns_are_chosen(place, page)
    # What an import brought builds the page anew; a file chosen in that moment would go to fields that are gone.
    settle(page)
    upload(page, _ODD.replace("Parked;", "Shipped;8"), "odd (1).csv")
    expect(page.locator(".outcome")).to_contain_text("2 changes of status, points or sprint noted")
    assert issues(place) == 3
    page.get_by_role("navigation", name="Tabs").get_by_role("link", name="Record").click()
    imports = page.get_by_role("region", name="Imports", exact=True)
    expect(imports).to_contain_text("odd (1).csv")
    expect(imports.locator("tbody tr")).to_have_count(2)


def test_a_file_is_taken_from_its_path_and_never_leaves_the_computer(place: Place, page: Page) -> None:
    export = place.folder.parent / "my export.csv"
    export.write_text("key,status,created\n" + "".join(f"A-{n},Open,2026-01-05\n" for n in range(40)), encoding="utf-8")
    page.goto(place.start().url)
    page.get_by_label("Or its path").fill(f'"{export}"')
    page.get_by_role("button", name="Import", exact=True).first.click()
    expect(page.locator(".foot")).to_contain_text("40 left of")
    assert issues(place) == 40


def test_a_path_without_a_file_is_refused_in_words(place: Place, page: Page) -> None:
    page.goto(place.start().url)
    page.get_by_label("Or its path").fill("/no/such/export.csv")
    page.get_by_role("button", name="Import", exact=True).first.click()
    expect(page.get_by_text("There is no file /no/such/export.csv")).to_be_visible()


def test_columns_can_be_chosen_although_they_are_known(place: Place, page: Page) -> None:
    page.goto(place.start().url)
    page.get_by_role("switch", name="Let me choose the columns").check()
    upload(page, "key,status,created\nA-1,Open,2026-01-05\n", "plain.csv")
    expect(page.locator("#file-preview")).to_contain_text("1 of 1 row would be kept")
    page.get_by_role("button", name="Another file").click()
    expect(page.get_by_role("heading", name="Which file?")).to_be_visible()
    upload(page, _ODD)
    expect(page.get_by_role("heading", name="odd.csv")).to_be_visible()
