"""From the first start to an answer, in the ways a new user takes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.place import Place

_CHART = ".js-plotly-plot .main-svg"


def list_of_items(today: date, weeks: int) -> str:
    """A tracker's list as CSV: three items created a week, two finished a week later, for so many past weeks."""
    rows = ["Key,Created,Finished"]
    for week in range(weeks):
        created = today - timedelta(weeks=weeks - week)
        finished = created + timedelta(days=7)
        rows += [f"W-{3 * week + at},{created},{finished if at < 2 else ''}" for at in range(3)]
    return "\n".join(rows) + "\n"


def import_list(page: Page, weeks: int = 20) -> None:
    """Upload such a list on the Data page; its dashboard opens by itself."""
    content = list_of_items(date.today(), weeks).encode()  # noqa: DTZ011 the app's day is the user's day
    page.locator("#upload input[type=file]").set_input_files(
        {"name": "plan.csv", "mimeType": "text/csv", "buffer": content}
    )
    expect(page.locator("#answer")).to_contain_text("sure by")


def test_the_sample_project_shows_an_answer_and_a_chart_after_one_click(place: Place, page: Page) -> None:
    page.goto(place.start().url)
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    page.get_by_role("button", name="Open the sample project").click()
    expect(page.locator("#answer")).to_contain_text("sure by")
    expect(page.locator(_CHART).first).to_be_visible()


def test_every_page_opens_from_the_navigation(place: Place, page: Page) -> None:
    page.goto(place.start().url)
    page.get_by_role("button", name="Open the sample project").click()
    expect(page.locator("#answer")).to_be_visible()
    navigation = page.get_by_role("navigation", name="Pages")
    for label, seen in (
        ("Plan", _CHART),
        ("Flow", _CHART),
        ("Issues", ".table.issues td"),
        ("Data", "#add-source"),
        ("Answer", "#answer"),
    ):
        navigation.get_by_role("link", name=label).click()
        expect(page.locator(seen).first).to_be_visible()


def test_a_csv_file_becomes_a_dashboard(place: Place, page: Page) -> None:
    page.goto(place.start().url)
    import_list(page)
    expect(page.locator(".foot")).to_contain_text("20 left of")
    assert place.call("status", "--profiles", str(place.profiles))["counts"]["issues"] == 60


def test_a_file_that_cannot_be_understood_is_refused_in_words_and_changes_nothing(place: Place, page: Page) -> None:
    page.goto(place.start().url)
    page.locator("#upload input[type=file]").set_input_files(
        {"name": "notes.csv", "mimeType": "text/csv", "buffer": b"shopping,list\nmilk,2\n"}
    )
    expect(page.locator("main")).to_contain_text(re.compile("column", re.IGNORECASE))
    assert place.call("status", "--profiles", str(place.profiles))["counts"]["issues"] == 0


def test_a_deadline_that_was_set_shows_its_chance(place: Place, page: Page) -> None:
    page.goto(place.start().url)
    import_list(page)
    expect(page.get_by_text("No deadline is set")).to_be_visible()
    field = page.locator("#deadline-day")
    day = date.today() + timedelta(weeks=30)  # noqa: DTZ011 as above
    field.fill("the end of June")
    field.press("Enter")
    expect(page.get_by_text("is not understood as a day")).to_be_visible()
    expect(field).to_have_value("the end of June")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".deadline-chance")).to_be_hidden()
    field.fill("2020-01-05")
    field.press("Enter")
    expect(page.locator("#undo-bar")).to_contain_text("Is that the deadline?")
    field.fill("rubbish")
    field.press("Enter")
    expect(page.get_by_text("is not understood as a day")).to_have_count(1)
    expect(page.locator("#undo-bar")).to_be_empty()
    field.fill(f"{day:%Y-%m-%d}")
    field.press("Enter")
    expect(page.get_by_text("is not understood as a day")).to_be_hidden()
    expect(page.locator(".chance")).to_contain_text(re.compile(r"\d+\s?%"))
    expect(field).to_have_value(re.compile(f"{day:%b}.*{day:%Y}"))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("No deadline is set")).to_be_visible()


def test_reloading_the_page_keeps_the_place_and_needs_no_new_link(place: Place, page: Page) -> None:
    running = place.start()
    page.goto(running.url)
    import_list(page)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Plan").click()
    expect(page.locator(f".page {_CHART}").first).to_be_visible()
    page.reload()
    expect(page.locator(_CHART).first).to_be_visible()
    assert "code=" not in page.url
    assert Path(page.url.partition("?")[0]).name == "progress"
