"""Settings: defaults, strict saving, tolerant reading."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.items import Unit
from app.errors import BadInput
from app.settings import (
    BY_NAME,
    SETTINGS,
    Authors,
    Overrides,
    Settings,
    cache_lifetime,
    calendar_of,
    changed,
    keeps_authors,
    params_for,
    settings_of,
)
from store.records import Profile

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def profile(**settings: object) -> Profile:
    return Profile(id="p", name="Team", created_at=NOW, last_used=NOW, forecast_settings=settings)


def test_every_setting_has_its_entry_and_every_entry_its_setting() -> None:
    assert sorted(setting.name for setting in SETTINGS) == sorted(field.name for field in fields(Settings))


def test_every_setting_has_a_default_that_its_own_check_accepts() -> None:
    for setting in SETTINGS:
        assert setting.parse(setting.default) == setting.default


def test_a_new_profile_reads_as_the_defaults() -> None:
    assert settings_of(profile()) == Settings()


def test_a_value_that_cannot_be_used_reads_as_the_default() -> None:
    damaged = profile(deadline="soon", data_points_count="many", time_zone="Mars/Base", working_days=[])
    assert settings_of(damaged) == Settings()
    kept = settings_of(profile(deadline="soon", data_points_count=20))
    assert (kept.deadline, kept.window) == (None, 20)


def test_saved_settings_come_back_and_the_rest_is_kept() -> None:
    before = profile(pert_factor=6, deadline="2026-03-31")
    after = changed(before, {"deadline": "2026-06-30", "holidays": ["2026-12-25"], "unit": "points"})
    assert after.forecast_settings["pert_factor"] == 6
    kept = settings_of(after)
    assert (kept.deadline, kept.holidays, kept.unit) == (date(2026, 6, 30), (date(2026, 12, 25),), Unit.POINTS)


def test_an_emptied_deadline_is_no_deadline() -> None:
    assert settings_of(changed(profile(deadline="2026-03-31"), {"deadline": ""})).deadline is None


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("deadline", "31.02.2026", "a date such as 2026-03-31"),
        ("window", 0, "from 1 to 104"),
        ("window", 2.5, "from 1 to 104"),
        ("window", True, "from 1 to 104"),
        ("time_zone", "Mars/Base", "Europe/Berlin"),
        ("time_zone", "../../etc/passwd", "Europe/Berlin"),
        ("working_days", [], "at least one weekday"),
        ("working_days", [7], "at least one weekday"),
        ("unit", "hours", "items or points"),
    ],
)
def test_a_bad_value_is_refused_with_its_name_and_what_would_do(name: str, value: object, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        changed(profile(), {name: value})
    assert BY_NAME[name].label in str(caught.value)
    assert says in str(caught.value)


def test_the_calendar_is_the_profiles_own() -> None:
    calendar = calendar_of(
        profile(time_zone="Europe/Berlin", week_start=6, working_days=[6, 0], holidays=["2026-05-01"])
    )
    assert str(calendar.zone) == "Europe/Berlin"
    assert calendar.week_start == 6
    assert calendar.working_days == {6, 0}
    assert calendar.holidays == {date(2026, 5, 1)}


def test_a_selection_goes_before_the_profiles_settings() -> None:
    team = profile(unit="points", data_points_count=20)
    assert params_for(team, Overrides(), NOW).unit is Unit.POINTS
    assert params_for(team, Overrides(), NOW).window == 20
    chosen = params_for(team, Overrides(unit=Unit.ITEMS, window=6), NOW)
    assert (chosen.unit, chosen.window) == (Unit.ITEMS, 6)


def test_status_names_are_compared_without_case() -> None:
    team = Profile(
        id="p",
        name="Team",
        created_at=NOW,
        last_used=NOW,
        project_classification={
            "flow_end_statuses": ["Done", "CLOSED"],
            "active_statuses": ["In Progress"],
            "wip_statuses": ["Blocked"],
            "devops_projects": "not a list",
        },
    )
    params = params_for(team, Overrides(), NOW)
    assert params.done_statuses == {"done", "closed"}
    assert params.in_progress_statuses == {"in progress", "blocked"}
    assert params.excluded_projects == frozenset()


def test_who_changed_something_is_not_kept_before_that_was_chosen() -> None:
    assert not keeps_authors(profile())
    assert [keeps_authors(profile(authors=choice)) for choice in Authors] == [False, True]


def test_answers_of_the_tracker_are_fresh_for_a_day_unless_set_otherwise() -> None:
    assert cache_lifetime(profile()) == timedelta(hours=24)
    assert cache_lifetime(profile(cache_hours=1)) == timedelta(hours=1)
    assert cache_lifetime(profile(cache_hours=0)) == timedelta(hours=24)
    with pytest.raises(BadInput, match="1 to 8760"):
        changed(profile(), {"cache_hours": 0})
