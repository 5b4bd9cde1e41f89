from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import ONE_DAY, Calendar

BERLIN = Calendar(ZoneInfo("Europe/Berlin"))
MONDAY = Calendar(UTC)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_evening_in_utc_is_the_next_day_in_berlin() -> None:
    assert BERLIN.day_of(instant("2026-01-10T22:59:59")) == date(2026, 1, 10)
    assert BERLIN.day_of(instant("2026-01-10T23:00:00")) == date(2026, 1, 11)
    assert BERLIN.day_of(instant("2026-07-10T22:00:00")) == date(2026, 7, 11)


def test_on_the_day_of_the_clock_change_the_offset_of_the_hour_counts() -> None:
    # Berlin goes to +02:00 on 2026-03-29 at 01:00 UTC: midnight before is at 23:00, midnight after at 22:00.
    assert BERLIN.day_of(instant("2026-03-28T23:00:00")) == date(2026, 3, 29)
    assert BERLIN.day_of(instant("2026-03-29T21:59:59")) == date(2026, 3, 29)
    assert BERLIN.day_of(instant("2026-03-29T22:00:00")) == date(2026, 3, 30)


def test_a_day_starts_at_its_local_midnight() -> None:
    assert BERLIN.start_of(date(2026, 7, 1)) == instant("2026-06-30T22:00:00")


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_the_day_of_an_instant_is_what_the_zone_says(moment: datetime, zone: str) -> None:
    assert Calendar(ZoneInfo(zone)).day_of(moment) == moment.astimezone(ZoneInfo(zone)).date()


def test_a_week_may_start_on_any_day() -> None:
    assert MONDAY.week_of(date(2026, 3, 8)) == date(2026, 3, 2)
    assert MONDAY.week_of(date(2026, 3, 2)) == date(2026, 3, 2)
    assert Calendar(UTC, week_start=6).week_of(date(2026, 3, 8)) == date(2026, 3, 8)
    assert Calendar(UTC, week_start=6).week_of(date(2026, 3, 7)) == date(2026, 3, 1)


def test_holidays_and_weekends_are_not_worked() -> None:
    holidays = frozenset({date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)})
    calendar = Calendar(UTC, holidays=holidays)
    assert calendar.working_days_between(date(2025, 12, 22), date(2026, 1, 4)) == 7


def test_no_working_days_lie_between_a_day_and_the_one_before() -> None:
    assert MONDAY.working_days_between(date(2026, 3, 3), date(2026, 3, 2)) == 0


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 200),
    st.frozensets(st.integers(0, 6)),
    st.frozensets(st.dates(date(2020, 1, 1), date(2020, 12, 31)), max_size=5),
)
def test_working_days_between_are_counted_as_if_one_by_one(
    first: date, length: int, working: frozenset[int], holidays: frozenset[date]
) -> None:
    calendar = Calendar(UTC, working_days=working, holidays=holidays)
    days = [first + timedelta(days=step) for step in range(length)]
    counted = calendar.working_days_between(first, first + timedelta(days=length - 1))
    assert counted == sum(calendar.is_working(day) for day in days)


@given(
    st.integers(-2_500_000_000, 3_700_000_000),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Africa/Monrovia"]),
)
def test_the_day_is_the_one_that_the_zone_itself_names(seconds: int, name: str) -> None:
    """From 1890 to 2087: odd seconds, days that a clock change cuts, and one that was left out are among them."""
    moment, zone = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds), ZoneInfo(name)
    assert Calendar(zone).day_of(moment) == moment.astimezone(zone).date()


@pytest.mark.parametrize(
    "name",
    ["Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza"],
)
def test_around_every_change_of_the_clocks_each_half_hour_belongs_to_the_day_that_the_zone_names(name: str) -> None:
    zone = ZoneInfo(name)
    calendar, first = Calendar(zone), datetime(2010, 1, 1, tzinfo=UTC)
    days = [first + timedelta(days=ahead) for ahead in range(17 * 365)]
    cut = [day for day in days if day.astimezone(zone).utcoffset() != (day + ONE_DAY).astimezone(zone).utcoffset()]
    assert cut
    for day in cut:
        for half_hours in range(-48, 96):
            moment = day + timedelta(minutes=30 * half_hours)
            assert calendar.day_of(moment) == moment.astimezone(zone).date()
            assert calendar.start_of(calendar.day_of(moment)) <= moment
