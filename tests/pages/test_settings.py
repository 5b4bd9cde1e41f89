"""The settings form is the settings table."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from dash import ctx as call
from flask import Flask

from app.actions import deadline
from app.context import Context
from app.domain.review import WeekReview
from app.errors import BadInput
from app.pages import settings
from app.settings import SETTINGS, Settings, changed, settings_of
from app.web.page import visit_of
from app.words.formats import formats_for
from store.records import Profile
from tests.pages.reading import components, links, properties, texts
from tests.pages.sample import NOW, REF, empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def fields(**values: Any) -> dict[str, Any]:
    page = settings.layout(visit_of(sample_context(**values), "", FORMATS))
    parts = [part for part in components(page) if isinstance(getattr(part, "id", None), dict)]
    return {part.id["name"]: part for part in parts if part.id["type"] == "setting"}


def test_every_setting_has_a_field_with_its_label_and_help() -> None:
    by_name = fields()
    assert set(by_name) == {setting.name for setting in SETTINGS}
    assert all(by_name[setting.name].label == setting.label for setting in SETTINGS)
    assert all(by_name[setting.name].description == setting.help for setting in SETTINGS)


def test_a_deadline_that_a_work_list_has_of_its_own_is_told_beside_the_projects() -> None:
    ctx = sample_context(deadline="2026-06-30")
    page = settings.layout(visit_of(ctx, "?profile=p&query=q", FORMATS))
    assert "a deadline of its own" not in " ".join(texts(page))
    deadline.write(ctx, REF, (True, date(2026, 9, 1)))
    page = settings.layout(visit_of(ctx, "?profile=p&query=q", FORMATS))
    assert "All & more has a deadline of its own: 1 Sep 2026." in texts(page)
    assert "/?profile=p&query=q" in links(page)
    deadline.write(ctx, REF, (True, None))
    page = settings.layout(visit_of(ctx, "?profile=p&query=q", FORMATS))
    assert "All & more has none, whatever stands here." in texts(page)


def test_what_the_fields_hold_saves_to_the_same_settings() -> None:
    entered = {"deadline": "2026-06-30", "working_days": [0, 1, 3], "holidays": ["2026-12-25"], "week_start": 6}
    values = {name: field.value for name, field in fields(**entered).items()}
    profile = visit_of(sample_context(**entered), "", FORMATS).profile
    assert isinstance(profile, Profile)
    saved = changed(profile, settings.from_fields(values, FORMATS))
    assert settings_of(saved) == settings_of(profile)


def test_days_off_may_be_separated_as_people_do() -> None:
    assert settings.from_fields({"holidays": " 2026-12-25, 2026-12-26\n2027-01-01 "}, FORMATS) == {
        "holidays": ["2026-12-25", "2026-12-26", "2027-01-01"]
    }
    assert settings.from_fields({"holidays": "  "}, FORMATS) == {"holidays": []}


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en-GB", "25 Dec 2026\n26 Dec 2026"),
        ("en-GB", "25/12/2026; 26/12/2026"),
        ("en-US", "Dec 25, 2026\nDec 26, 2026"),
        ("en-US", "12/25/2026, 12/26/2026"),
        ("de", "25.12.2026, 26.12.2026"),
        ("en-GB", "2026-12-25 2026-12-26"),
    ],
)
def test_days_off_are_read_as_the_user_writes_days(language: str, typed: str) -> None:
    days = settings.from_fields({"holidays": typed}, formats_for([language]))["holidays"]
    assert days == ["2026-12-25", "2026-12-26"]


def test_a_day_off_that_is_no_day_is_named() -> None:
    with pytest.raises(BadInput, match="Days off: 'Easter' is not understood"):
        settings.from_fields({"holidays": "25 Dec 2026\nEaster"}, FORMATS)


def test_days_off_are_shown_as_the_user_writes_days() -> None:
    assert fields(holidays=["2026-12-25"])["holidays"].value == "25 Dec 2026"


@pytest.mark.parametrize(
    ("language", "typed", "day"),
    [
        ("en-GB", "21/06/2027", "2027-06-21"),
        ("en-GB", "04/06/2027", "2027-06-04"),
        ("en-US", "04/06/2027", "2027-04-06"),
        ("de", "4.6.2027", "2027-06-04"),
        ("en-GB", "21 Jun 2027", "2027-06-21"),
        ("en-US", "Jun 21, 2027", "2027-06-21"),
        ("en-GB", " 2027-06-21 ", "2027-06-21"),
        ("en-GB", "", None),
    ],
)
def test_a_typed_deadline_is_read_in_the_order_of_the_user(language: str, typed: str, day: str | None) -> None:
    assert settings.from_fields({"deadline": typed}, formats_for([language])) == {"deadline": day}


@pytest.mark.parametrize("typed", ["31/02/2027", "next summer", "21/06", "21/06/2027 or so"])
def test_a_deadline_that_is_no_day_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(BadInput, match=f"Deadline: '{typed}' is not understood.* like 21 Jun 2027"):
        settings.from_fields({"deadline": typed}, FORMATS)


def test_the_page_says_where_the_data_lies_even_before_there_is_any() -> None:
    visit = visit_of(empty_context(), "", FORMATS)
    assert "data folder" in texts(settings.program_layout(visit))
    assert "back-up" in properties(settings.backups_layout(visit), "id")


def test_the_exit_switch_shows_what_is_kept() -> None:
    ctx = empty_context()
    ctx.backend.set_state(settings.EXIT_STATE, "off")
    page = settings.program_layout(visit_of(ctx, "", FORMATS))
    assert next(part.checked for part in components(page) if getattr(part, "id", "") == "exit-when-idle") is False


# -- saved at once --------------------------------------------------------------------------------------


@pytest.fixture
def browser_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What the browser is told to change, while a field reports its value."""
    changes: dict[str, Any] = {}
    monkeypatch.setattr(type(call), "set_props", lambda self, part, values: changes.update({part: values}))
    with Flask("test").test_request_context(headers={"Accept-Language": "en-GB"}):
        yield changes


def leave(ctx: Context, name: str, value: Any) -> None:
    """A field is left with this value."""
    settings.save_setting(ctx, {"type": "setting", "name": name}, value, "?profile=p&query=q").apply(ctx)


def kept(ctx: Context) -> Settings:
    profile = ctx.backend.get_profile("p")
    assert profile is not None
    return settings_of(profile)


def test_a_setting_is_saved_when_its_field_is_left_and_undo_brings_it_back(browser_of: dict[str, Any]) -> None:
    ctx = sample_context(data_points_count=9)
    leave(ctx, "window", 20)
    assert kept(ctx).window == 20
    assert "Saved: Weeks to learn from." in str(browser_of["undo-bar"])
    assert ctx.undo is not None
    ctx.undo()
    assert kept(ctx).window == 9


def test_days_off_that_are_saved_are_why_the_date_moved_and_undo_takes_that_back(browser_of: dict[str, Any]) -> None:
    ctx = sample_context()
    off = "\n".join(str(NOW.date() + timedelta(days=at)) for at in range(7, 28))
    leave(ctx, "holidays", off)
    entered = ctx.analysis(REF).last_week
    assert isinstance(entered, WeekReview)
    assert entered.why == "The date moved out by 3 weeks, mostly because 15 days off were entered."
    assert ctx.undo is not None
    ctx.undo()
    before = ctx.analysis(REF).last_week
    assert isinstance(before, WeekReview)
    assert "days off" not in {part.kind for part in before.moved_by}


def test_undo_of_one_setting_leaves_the_others_as_they_are_by_then(browser_of: dict[str, Any]) -> None:
    ctx = sample_context(data_points_count=9)
    leave(ctx, "window", 20)
    undo = ctx.undo
    leave(ctx, "unit", "points")
    assert undo is not None
    undo()
    assert (kept(ctx).window, str(kept(ctx).unit)) == (9, "points")


def test_what_cannot_be_used_is_refused_at_its_field_and_the_next_outcome_takes_that_away(
    browser_of: dict[str, Any],
) -> None:
    ctx = sample_context(data_points_count=9)
    leave(ctx, "window", 1_000_000_000)
    field = '{"name":"window","type":"setting"}'
    assert "a whole number from 1 to 104" in browser_of[field]["error"]
    assert kept(ctx).window == 9
    leave(ctx, "window", 10)
    assert browser_of[field]["error"] is None


def test_fields_that_a_page_brings_along_save_nothing(browser_of: dict[str, Any]) -> None:
    ctx = sample_context(deadline="2026-06-30")
    for name, field in fields(deadline="2026-06-30").items():
        leave(ctx, name, field.value)
    assert "undo-bar" not in browser_of
    assert ctx.undo is None


def test_a_deadline_in_the_past_is_asked_about_first(browser_of: dict[str, Any]) -> None:
    ctx = sample_context(deadline="2026-06-30")
    leave(ctx, "deadline", "1 Jan 2020")
    assert kept(ctx).deadline == date(2026, 6, 30)
    assert "1 Jan 2020 is past. Is that the deadline?" in str(browser_of["undo-bar"])
    assert ctx.undo is not None
    ctx.undo()
    assert kept(ctx).deadline == date(2020, 1, 1)


def test_a_deadline_can_be_taken_away(browser_of: dict[str, Any]) -> None:
    ctx = sample_context(deadline="2026-06-30")
    leave(ctx, "deadline", "")
    assert kept(ctx).deadline is None


def test_the_calendar_beside_a_day_reports_nothing_when_the_page_brings_it_along() -> None:
    """Its day of before would overwrite what somebody types into the field meanwhile."""
    beside = fields(deadline="2026-06-30")["deadline"].rightSection
    (calendar,) = [part for part in components(beside) if getattr(part, "id", None) == "deadline-calendar"]
    assert getattr(calendar, "value", None) is None


@pytest.mark.usefixtures("browser_of")
def test_days_off_from_one_day_to_another_and_from_a_calendar_file() -> None:
    ctx = sample_context(holidays=["2026-05-01"])
    settings.add_days(ctx, "30 Dec 2026", "1 Jan 2027", "?profile=p&query=q").apply(ctx)
    assert [day.isoformat() for day in kept(ctx).holidays] == ["2026-05-01", "2026-12-30", "2026-12-31", "2027-01-01"]
    event = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260501\r\nRRULE:FREQ=YEARLY;UNTIL=20270601\r\n"
    sent = "data:text/calendar;base64," + base64.b64encode(event + b"END:VEVENT\r\nEND:VCALENDAR\r\n").decode()
    done = settings.add_calendar(ctx, sent, "?profile=p&query=q")
    assert "1 day off added." in done.put["days-said"]["children"]
    assert date(2027, 5, 1) in kept(ctx).holidays


@pytest.mark.usefixtures("browser_of")
def test_a_calendar_that_is_none_says_so_beside_its_button() -> None:
    done = settings.add_calendar(sample_context(), "data:text/calendar;base64,QUJD", "?profile=p&query=q")
    assert "no calendar file" in done.put["days-said"]["children"]
