"""The settings form is the settings table."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import BadInput
from app.formats import formats_for
from app.pages import settings
from app.settings import SETTINGS, changed, settings_of
from app.web.page import visit_of
from store.records import Profile
from tests.pages.reading import components, properties, texts
from tests.pages.sample import empty_context, sample_context

FORMATS = formats_for(["en-GB"])


def fields(**values: Any) -> dict[str, Any]:
    page = settings.layout(visit_of(sample_context(**values), "", FORMATS))
    found = [one for one in components(page) if isinstance(getattr(one, "id", None), dict)]
    return {one.id["name"]: one for one in found if one.id["type"] == "setting"}


def test_every_setting_has_a_field_with_its_label_and_help() -> None:
    made = fields()
    assert set(made) == {setting.name for setting in SETTINGS}
    assert all(made[setting.name].label == setting.label for setting in SETTINGS)
    assert all(made[setting.name].description == setting.help for setting in SETTINGS)


def test_what_the_fields_hold_saves_to_the_same_settings() -> None:
    given = {"deadline": "2026-06-30", "working_days": [0, 1, 3], "holidays": ["2026-12-25"], "week_start": 6}
    values = {name: field.value for name, field in fields(**given).items()}
    profile = visit_of(sample_context(**given), "", FORMATS).profile
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
    assert next(one.checked for one in components(page) if getattr(one, "id", "") == "exit-when-idle") is False
