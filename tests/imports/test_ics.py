"""Days off from a calendar file."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInput
from app.imports.ics import days_off

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)


def calendar(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("\n"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def days(*events: str) -> list[str]:
    return [day.isoformat() for day in days_off(calendar(*events), FIRST, LAST).days]


def test_a_whole_day_is_a_day_off() -> None:
    assert days("DTSTART;VALUE=DATE:20261224\nSUMMARY:Christmas Eve") == ["2026-12-24"]


def test_the_end_of_several_days_is_the_day_after_the_last() -> None:
    assert days("DTSTART;VALUE=DATE:20261230\nDTEND;VALUE=DATE:20270102") == ["2026-12-30", "2026-12-31", "2027-01-01"]
    assert days("DTSTART;VALUE=DATE:20261230\nDURATION:P2D") == ["2026-12-30", "2026-12-31"]


@pytest.mark.parametrize(
    ("end", "count"),
    [
        ("DTEND:20261226T235959", 3),
        ("DTEND:20261226T225959Z", 3),
        ("DTEND;TZID=Europe/Berlin:20261226T170000", 3),
        ("DTEND:20261226T090000", 2),
        ("DTEND:20261224T120000", 1),
        ("DURATION:PT72H", 3),
        ("DURATION:P2DT24H", 3),
        ("DURATION:P1W", 7),
        ("DURATION:PT60H", 2),
        ("DURATION:PT8H", 1),
    ],
)
def test_an_end_with_a_time_of_day_and_a_length_in_hours_make_whole_days_of_a_whole_first_day(
    end: str, count: int
) -> None:
    whole = days(f"DTSTART;VALUE=DATE:20261224\n{end}")
    assert (whole[0], len(whole)) == ("2026-12-24", count)


@pytest.mark.parametrize("end", ["DTEND:20261225T235900", "DTEND:20261225T235959", "DURATION:PT48H", "DURATION:P2D"])
def test_from_midnight_to_the_last_minute_or_for_full_days_is_whole(end: str) -> None:
    assert days(f"DTSTART:20261224T000000\n{end}") == ["2026-12-24", "2026-12-25"]


def test_what_returns_each_year_is_off_in_each_of_these_years() -> None:
    assert days("DTSTART;VALUE=DATE:20151225\nRRULE:FREQ=YEARLY") == ["2026-12-25", "2027-12-25", "2028-12-25"]
    assert days("DTSTART;VALUE=DATE:20151225\nRRULE:FREQ=YEARLY;UNTIL=20271231") == ["2026-12-25", "2027-12-25"]
    assert days("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;COUNT=2") == ["2026-12-25", "2027-12-25"]
    assert days("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;INTERVAL=2") == ["2026-12-25", "2028-12-25"]
    assert days("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20271225") == [
        "2026-12-25",
        "2028-12-25",
    ]


def test_a_day_that_was_moved_or_cancelled_is_off_no_more() -> None:
    each_year = "UID:a\nDTSTART;VALUE=DATE:20261228\nRRULE:FREQ=YEARLY"
    moved = "UID:a\nRECURRENCE-ID;VALUE=DATE:20271228\nDTSTART;VALUE=DATE:20271229"
    cancelled = "UID:a\nRECURRENCE-ID;VALUE=DATE:20281228\nDTSTART;VALUE=DATE:20281228\nSTATUS:CANCELLED"
    of_another = "UID:b\nRECURRENCE-ID;VALUE=DATE:20261228\nDTSTART;VALUE=DATE:20261229"
    assert days(each_year, moved, cancelled) == ["2026-12-28", "2027-12-29"]
    assert days(of_another, each_year) == ["2026-12-28", "2026-12-29", "2027-12-28", "2028-12-28"]


def test_a_midnight_told_in_utc_is_that_of_the_day_it_begins() -> None:
    berlin = "DTSTART;TZID=Europe/Berlin:20260105T000000\nDTEND;TZID=Europe/Berlin:20260106T000000\nRRULE:FREQ=YEARLY"
    assert days(f"{berlin}\nEXDATE:20270104T230000Z") == ["2026-01-05", "2028-01-05"]
    assert days(f"{berlin};UNTIL=20270104T230000Z") == ["2026-01-05", "2027-01-05"]
    assert days(f"{berlin};UNTIL=20270104T225959Z") == ["2026-01-05"]
    denver = "DTSTART;TZID=America/Denver:20260105T000000\nDTEND;TZID=America/Denver:20260106T000000\nRRULE:FREQ=YEARLY"
    assert days(f"{denver}\nEXDATE:20270105T070000Z") == ["2026-01-05", "2028-01-05"]
    assert days(f"{denver};UNTIL=20270105T065959Z") == ["2026-01-05"]


def test_the_fourth_thursday_and_the_last_monday_of_a_month_are_found() -> None:
    thanksgiving = "DTSTART;VALUE=DATE:20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"
    assert days(thanksgiving) == ["2026-11-26", "2027-11-25", "2028-11-23"]
    memorial = "DTSTART;VALUE=DATE:20200525\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"
    assert days(memorial) == ["2026-05-25", "2027-05-31", "2028-05-29"]


def test_the_29_of_february_comes_in_leap_years_only() -> None:
    assert days("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY") == ["2028-02-29"]


def test_from_midnight_to_midnight_is_a_whole_day_and_an_hour_is_none() -> None:
    result = days_off(
        calendar(
            "DTSTART:20261224T000000\nDTEND:20261225T000000",
            "DTSTART:20261201T090000Z\nDTEND:20261201T100000Z\nSUMMARY:Stand-up",
        ),
        FIRST,
        LAST,
    )
    assert (result.days, result.timed) == ((date(2026, 12, 24),), 1)


def test_a_folded_line_is_one_and_an_alarm_does_not_disturb() -> None:
    assert days("DTSTART;VALUE\n =DATE:2026\n 1224\nBEGIN:VALARM\nDTSTART:20260101T000000\nEND:VALARM") == [
        "2026-12-24"
    ]


def test_what_is_cancelled_is_no_day_off() -> None:
    with pytest.raises(BadInput, match="None of the events"):
        days("DTSTART;VALUE=DATE:20261224\nSTATUS:CANCELLED")


def test_what_returns_in_another_way_is_named_and_the_rest_is_read() -> None:
    weekly = "DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=WEEKLY\nSUMMARY:Free Friday"
    result = days_off(calendar(weekly, "DTSTART;VALUE=DATE:20261224"), FIRST, LAST)
    assert (len(result.days), result.unread) == (1, ("Free Friday",))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Key,Created\nA-1,2026-01-01\n", "no calendar file"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "has no events"),
        (calendar("DTSTART:20261201T090000Z"), "a time of day"),
        (calendar("DTSTART;VALUE=DATE:20101224"), "in these years"),
    ],
)
def test_a_file_that_brings_nothing_says_why(data: bytes, text: str) -> None:
    with pytest.raises(BadInput, match=text):
        days_off(data, FIRST, LAST)


_LONG = ",".join(f"2026{month:02}{day:02}" for month in range(1, 13) for day in range(1, 29))


@pytest.mark.slow
@pytest.mark.parametrize(
    "event",
    [
        "DTSTART:20260101\nDURATION:P700D\nRDATE:" + ",".join([_LONG] * 3_000),
        "DTSTART:20260101\n" + f"EXDATE:{_LONG}\n" * 3_000,
        "DTSTART:20260101\nSUMMARY:" + "x" * 20_000_000,
        '"' * 20_000_000,
    ],
)
def test_what_names_more_days_than_any_calendar_is_refused_before_it_fills_memory_or_time(event: str) -> None:
    with pytest.raises(BadInput, match="too many events"):
        days(event)


def test_a_rule_that_names_the_same_days_over_and_over_is_worked_out_once() -> None:
    rule = f"FREQ=YEARLY;BYMONTH={','.join(['1'] * 2_000)};BYMONTHDAY={','.join(['6'] * 500)}"
    assert days(f"DTSTART:00010106\nRRULE:{rule}") == ["2026-01-06", "2027-01-06", "2028-01-06"]
    assert days(f"DTSTART:00010106\nRRULE:FREQ=YEARLY;BYMONTH=1;BYDAY={','.join(['1MO'] * 5_000)}")[0] == "2026-01-05"


def test_what_returns_since_the_year_1_and_lasts_for_two_years_is_worked_out_for_these_years_only() -> None:
    assert len(days(*["DTSTART:00010101\nDURATION:P732D\nRRULE:FREQ=YEARLY"] * 2_000)) == 1_096


def test_what_is_counted_is_counted_from_its_beginning() -> None:
    assert days("DTSTART:19000101\nRRULE:FREQ=YEARLY;COUNT=127") == ["2026-01-01"]
    assert days("DTSTART:20010101\nRRULE:FREQ=YEARLY;INTERVAL=5") == ["2026-01-01"]


def test_a_day_at_the_end_of_all_days_is_no_unexpected_error() -> None:
    assert days("DTSTART:99991230\nDURATION:P700D", "DTSTART:20261224") == ["2026-12-24"]


def test_a_calendar_in_utf_16_is_read() -> None:
    result = days_off(calendar("DTSTART;VALUE=DATE:20261224").decode().encode("utf-16"), FIRST, LAST)
    assert result.days == (date(2026, 12, 24),)


def test_a_calendar_of_which_nothing_can_be_read_names_what_it_holds() -> None:
    with pytest.raises(BadInput, match="Free Friday"):
        days("DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=WEEKLY\nSUMMARY:Free Friday")


@given(st.text(alphabet="BEGINVTDSRUL:;=0123456789-,TZ\n ", max_size=200), st.text(max_size=40))
def test_no_event_whatever_is_in_it_is_an_unexpected_error(text: str, name: str) -> None:
    try:
        result = days_off(calendar(text, f"DTSTART;VALUE=DATE:20261224\nSUMMARY:{name}"), FIRST, LAST)
    except BadInput:
        return
    assert all(FIRST <= day <= LAST for day in result.days)
